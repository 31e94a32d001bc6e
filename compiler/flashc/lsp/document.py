"""A spec as an editor has it: its text, its syntax tree as far as there is one, its words and problems.

Lines and columns count from 1, in characters, as in `flashc.diag.Span`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lark import Token

from flashc.check.load import Reader, check_tree, read_file
from flashc.diag import Diagnostic, Span
from flashc.syntax import ast, parse
from flashc.syntax.parser import scan
from flashc.syntax.source import normalise


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a text and all that is known of it; `words` are its words with the comments."""

    file: str
    text: str
    tree: ast.File
    words: tuple[Token, ...]
    problems: tuple[Diagnostic, ...]

    @property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return normalise(self.text).split("\n")

    def word_at(self, line: int, column: int) -> Token | None:
        """The word at a place, or that ends there."""
        for word in self.words:
            start, end = (word.line or 1, word.column or 1), (word.end_line or 1, word.end_column or 1)
            if start <= (line, column) <= end and (word.type not in _PUNCTUATION or start == (line, column)):
                return word
        return None

    def words_of(self, span: Span) -> list[Token]:
        """The words in a span, without comments."""
        start, end = (span.line, span.column), (span.end_line, span.end_column)
        return [w for w in self.words if w.type != "COMMENT" and start <= (w.line or 1, w.column or 1) < end]


_PUNCTUATION = frozenset({"LBRACE", "RBRACE", "COMMA", "SLASH"})


def analyse(file: str, text: str, reader: Reader = read_file) -> Document:
    """What is known of a text; the reader reads only the files that it names."""
    tree, problems = parse(text, file)
    if tree is None:  # too large; nothing else is said of it
        return Document(file, "", ast.File(file, (), (), frozenset()), (), tuple(problems))
    checked = check_tree(tree, normalise(text), problems, reader)[1]
    return Document(file, text, tree, tuple(scan(text)), tuple(checked))


def contains(span: Span, line: int, column: int) -> bool:
    """Whether a place lies in a span or at its end."""
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def nodes_at(document: Document, line: int, column: int) -> list[Any]:
    """The definition, block and statement at a place, from the outside to the inside."""
    found: list[Any] = []
    nodes: tuple[Any, ...] = document.tree.items
    while True:
        inner = next((n for n in nodes if contains(n.span, line, column)), None)
        if inner is None:
            return found
        found.append(inner)
        nodes = getattr(inner, "body", ())
