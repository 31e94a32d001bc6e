"""A spec as an editor has it: its text, its syntax tree as far as there is one, its words and problems.

Lines and columns count from 1, in characters, as in `flashc.diag.Span`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from lark import Token

from flashc.check.load import Reader, Source, check_source, read_file
from flashc.diag import Diagnostic, Span
from flashc.syntax import ast, parse
from flashc.syntax.parser import scan
from flashc.syntax.source import normalise


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a text and all that is known of it.

    `words` are its words with the comments; `problems` also those of the files that it includes; `others`
    are these files, and those that include it as far as the editor knows them.
    """

    file: str
    text: str
    tree: ast.File
    words: tuple[Token, ...]
    problems: tuple[Diagnostic, ...]
    others: tuple[Source, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines, without their ends."""
        return _lines(self.text)

    @property
    def trees(self) -> Iterator[ast.File]:
        """The syntax trees of this file and of the others."""
        yield self.tree
        yield from (source.tree for source in self.others)

    @property
    def files(self) -> frozenset[str]:
        """The names of this file and of the others."""
        return frozenset(tree.name for tree in self.trees)

    def lines_of(self, file: str) -> tuple[str, ...]:
        """The lines of this file or of one of the others."""
        source = next((s for s in self.others if s.tree.name == file), None)
        return self.lines if source is None or file == self.file else _lines(source.text)

    def beside(self, specs: Iterable[Document]) -> Document:
        """This document with the files that specs have, which include it.

        They say what is wrong with it: by itself it may lack what they define.
        """
        specs = tuple(specs)
        if not specs:
            return self
        problems = (p for spec in specs for p in spec.problems if p.span.file == self.file)
        return replace(self.among(specs), problems=tuple(dict.fromkeys(problems)))

    def among(self, specs: Iterable[Document]) -> Document:
        """This document with the files that specs have, whether or not they include it."""
        known = {source.tree.name: source for source in self.others}
        for spec in specs:
            own = Source(spec.tree, normalise(spec.text))
            known.update((s.tree.name, s) for s in (own, *spec.others) if s.tree.name != self.file)
        return replace(self, others=tuple(known.values()))

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


@lru_cache(maxsize=128)
def _lines(text: str) -> tuple[str, ...]:
    """The lines of a text, without their ends; remembered, as each place that is told asks for them."""
    return tuple(normalise(text).split("\n"))


_PUNCTUATION = frozenset({"LBRACE", "RBRACE", "COMMA", "SLASH"})


def analyse(file: str, text: str, reader: Reader = read_file) -> Document:
    """What is known of a text; the reader reads only the files that it names."""
    tree, problems = parse(text, file)
    if tree is None:  # too large; nothing else is said of it
        return Document(file, "", ast.File(file, (), (), frozenset()), (), tuple(problems), ())
    _, checked, sources = check_source(Source(tree, normalise(text)), problems, reader)
    return Document(file, text, tree, tuple(scan(text)), tuple(checked), sources[1:])


def included(document: Document, node: ast.Include) -> str:
    """The name of the file that a statement of a document includes."""
    return str(PurePath(document.file).parent / node.file.text)


def contains(span: Span, line: int, column: int) -> bool:
    """Whether a place lies in a span or at its end."""
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def nodes_at(tree: ast.File, line: int, column: int) -> list[Any]:
    """The definition, block and statement at a place, from the outside to the inside."""
    found: list[Any] = []
    nodes: tuple[Any, ...] = tree.items
    while True:
        inner = next((n for n in nodes if contains(n.span, line, column)), None)
        if inner is None:
            return found
        found.append(inner)
        nodes = getattr(inner, "body", ())
