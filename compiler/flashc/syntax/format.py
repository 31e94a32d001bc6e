"""The canonical layout of a spec: the same words and comments, each in its place.

Four blanks an indent; statements of blocks that describe something stand in two columns; a blank line
around every block of several lines.  A block that was written on one line stays there if it fits.  The
layout follows from the words, the comments and these line breaks alone, so formatting twice is formatting
once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lark import Token

from flashc.diag import Diagnostic
from flashc.syntax import ast
from flashc.syntax.parser import parse, scan

WIDTH = 110
"""A statement that is longer keeps the line breaks that its author gave it; others lose them."""

COLUMN = 10
"""Where the second column begins, counted from the statement."""

_INDENT = "    "
_TWO_COLUMNS = frozenset({"system", "console", "array", "clone"})


def format_text(text: str, file: str) -> tuple[str | None, list[Diagnostic]]:
    """The text in canonical layout; None and the reasons if its syntax is wrong.

    Line ends stay those of the text (CRLF if its first line has one), a byte order mark stays.
    """
    tree, problems = parse(text, file)
    if tree is None or problems:
        return None, problems
    entries = _Reader(scan(text), _starts(tree)).entries()
    laid_out = _render(entries)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    first_end = text.find("\n")
    if first_end > 0 and text[first_end - 1] == "\r":
        laid_out = laid_out.replace("\n", "\r\n")
    return mark + laid_out, []


def _starts(tree: ast.File) -> frozenset[tuple[int, int]]:
    """Lines and columns at which a statement begins."""
    found = set()
    waiting: list[Any] = list(tree.items)
    while waiting:
        node = waiting.pop()
        found.add((node.span.line, node.span.column))
        waiting += getattr(node, "body", ())
    return frozenset(found)


# ---- reading: which words belong together ------------------------------------------------------------


@dataclass(slots=True)
class _Entry:
    """A statement, or a comment on lines of its own (then `words` holds just the comment).

    `words` are those of the statement, for a block up to its `{`, with the comments between them; `beside`
    is the comment behind them, `closing` the one behind a block's `}`.
    """

    words: list[Token]
    blank_before: bool
    beside: Token | None = None
    body: list[_Entry] | None = None
    closing: Token | None = None
    one_line: bool = False

    @property
    def is_comment(self) -> bool:
        return self.words[0].type == "COMMENT"


@dataclass(slots=True)
class _Reader:
    """The words of a correct spec, read from the first to the last."""

    tokens: list[Token]
    starts: frozenset[tuple[int, int]]
    at: int = 0

    def entries(self) -> list[_Entry]:
        """The statements and comments up to the `}` of the current block, or to the end."""
        found: list[_Entry] = []
        while self.at < len(self.tokens) and self.tokens[self.at].type != "RBRACE":
            token = self.tokens[self.at]
            before = self.tokens[self.at - 1] if self.at else None
            opens = before is None or (before.type == "LBRACE" and not found)
            blank = not opens and before is not None and _line(token) - _end_line(before) > 1
            self.at += 1
            found.append(_Entry([token], bool(found) and blank))
            if token.type != "COMMENT":
                self._statement(found[-1])
        return found

    def _statement(self, entry: _Entry) -> None:
        """The rest of a statement whose first word was read, and of its block."""
        while entry.words[-1].type != "LBRACE" and self._goes_on():
            entry.words.append(self.tokens[self.at])
            self.at += 1
        entry.beside = self._comment_beside()
        if entry.words[-1].type != "LBRACE":
            return
        entry.body = self.entries()
        brace = self.tokens[self.at]
        self.at += 1
        entry.one_line = _line(entry.words[0]) == _line(brace)
        entry.closing = self._comment_beside()

    def _goes_on(self) -> bool:
        """Whether the next word that is no comment belongs to the current statement."""
        at = self.at
        while at < len(self.tokens) and self.tokens[at].type == "COMMENT":
            at += 1
        if at == len(self.tokens) or self.tokens[at].type == "RBRACE":
            return False
        return (_line(self.tokens[at]), self.tokens[at].column) not in self.starts

    def _comment_beside(self) -> Token | None:
        """The comment on the line of the word that was read last, if there is one."""
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.type == "COMMENT" and _line(token) == _end_line(self.tokens[self.at - 1]):
                self.at += 1
                return token
        return None


def _line(token: Token) -> int:
    return token.line or 1


def _end_line(token: Token) -> int:
    return token.end_line or 1


# ---- writing -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Lines:
    """The lines written so far, each with the comment beside it ("" for none)."""

    rows: list[tuple[str, str]] = field(default_factory=list)

    def add(self, code: str, comment: Token | None = None) -> None:
        self.rows.append((code, _text(comment) if comment is not None else ""))

    def text(self) -> str:
        """All lines; comments beside lines that follow each other begin in one column."""
        out: list[str] = []
        start = 0
        while start < len(self.rows):
            end = start
            while end < len(self.rows) and self.rows[end][1]:
                end += 1
            width = max((len(code) for code, _ in self.rows[start:end]), default=0)
            out += [f"{code:<{width}}  {comment}" for code, comment in self.rows[start:end]]
            if end < len(self.rows):
                out.append(self.rows[end][0])
            start = end + 1
        return "".join(f"{line}\n" for line in out)


def _render(entries: list[_Entry]) -> str:
    lines = _Lines()
    apart = _stands_apart(entries)
    for number, entry in enumerate(entries):
        if number and (entry.blank_before or apart[number]):
            lines.add("")
        _write(lines, entry, "", 0)
    return lines.text()


def _stands_apart(entries: list[_Entry]) -> list[bool]:
    """Which entries of the file need a blank line before them, because of a block of several lines."""
    tall = [e.body is not None and _one_line(e, "") is None for e in entries]
    apart = [number > 0 and tall[number - 1] for number in range(len(entries))]
    for number in range(len(entries)):
        if tall[number]:
            first = number  # the comments directly above belong to the block
            while first and entries[first - 1].is_comment and not entries[first].blank_before:
                first -= 1
            apart[first] = True
    return apart


def _write(lines: _Lines, entry: _Entry, indent: str, column: int) -> None:
    """Write an entry; `column` is where the second column of its block begins, 0 for none."""
    if entry.body is None:
        _write_words(lines, entry, indent, column)
        return
    short = _one_line(entry, indent)
    if short is not None:
        lines.add(short, entry.closing)
        return
    _write_words(lines, entry, indent, 0)
    inner = 0
    if entry.words[0] in _TWO_COLUMNS:
        first_words = (len(e.words[0]) + 1 for e in entry.body if not e.is_comment)
        inner = max([COLUMN, *first_words])
    for statement in entry.body:
        if statement.blank_before:
            lines.add("")
        _write(lines, statement, indent + _INDENT, inner)
    lines.add(indent + "}", entry.closing)


def _one_line(entry: _Entry, indent: str) -> str | None:
    """The whole block on one line, if it was written so, fits, and holds only plain statements."""
    body = entry.body or []
    plain = all(e.body is None and e.beside is None and not _has_comment(e) for e in body)
    if not entry.one_line or not plain or entry.beside is not None or _has_comment(entry):
        return None
    inside = "  ".join(_joined(e.words, 0) for e in body)
    text = f"{indent}{_joined(entry.words, 0)} {inside}{' ' if inside else ''}}}"
    return text if len(text) <= WIDTH else None


def _has_comment(entry: _Entry) -> bool:
    return any(t.type == "COMMENT" for t in entry.words)


def _write_words(lines: _Lines, entry: _Entry, indent: str, column: int) -> None:
    """Write the words of a statement on one line, or on several where comments or its length ask for it."""
    words = [t for t in entry.words if t.type != "COMMENT" or entry.is_comment]
    long = len(indent) + len(_joined(words, column)) > WIDTH
    rows: list[list[Token]] = [[]]
    for number, token in enumerate(entry.words):
        before = entry.words[number - 1] if number else None
        if before is not None:
            own_line = token.type == "COMMENT" and _line(token) != _end_line(before)
            broken = long and _line(token) != _end_line(before)
            if before.type == "COMMENT" or own_line or broken:
                rows.append([])
        rows[-1].append(token)
    for number, row in enumerate(rows):
        comment = row.pop() if row[-1].type == "COMMENT" and len(row) > 1 else None
        if number == len(rows) - 1:
            comment = entry.beside
        margin = indent + _INDENT if number else indent
        lines.add(margin + _joined(row, 0 if number else column), comment)


def _joined(words: list[Token], column: int) -> str:
    """Words with one blank between them, none at `/` and before `,`; the second in its column."""
    text = ""
    for number, token in enumerate(words):
        before = words[number - 1].type if number else ""
        if number == 1 and column:
            text = text.ljust(column)
        elif number and token.type not in ("COMMA", "SLASH") and before != "SLASH":
            text += " "
        text += _text(token)
    return text


def _text(token: Token) -> str:
    return token.rstrip() if token.type == "COMMENT" else str(token)
