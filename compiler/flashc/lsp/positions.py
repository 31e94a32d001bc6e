"""Places as the protocol counts them: from 0, in the units that client and server agreed on."""

from __future__ import annotations

from collections.abc import Sequence

from flashc.diag import Span


def units(text: str, encoding: str) -> int:
    """The length of a text in code units of utf-8, utf-16 or utf-32."""
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    if encoding == "utf-32":
        return len(text)
    return len(text) + sum(ord(c) > 0xFFFF for c in text)


def to_units(lines: Sequence[str], line: int, column: int, encoding: str) -> tuple[int, int]:
    """Line and character of the protocol for a line and column that count from 1."""
    text = lines[line - 1] if line <= len(lines) else ""
    return line - 1, units(text[: column - 1], encoding)


def from_units(lines: Sequence[str], line: int, character: int, encoding: str) -> tuple[int, int]:
    """Line and column that count from 1; a character behind the end of the line is its end."""
    text = lines[line] if line < len(lines) else ""
    left = character
    for column, letter in enumerate(text):
        left -= units(letter, encoding)
        if left < 0:
            return line + 1, column + 1
    return line + 1, len(text) + 1


def range_of(lines: Sequence[str], span: Span, encoding: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Start and end of a span as the protocol counts them."""
    return (
        to_units(lines, span.line, span.column, encoding),
        to_units(lines, span.end_line, span.end_column, encoding),
    )
