"""The lines of a CL source: statements and comments as rows, each comment put in its column.

A comment on a line of its own begins with the commands around it, or in column 1 where it is a heading; one
beside a statement stays there, or goes above it where it does not fit.
"""

from __future__ import annotations

from dataclasses import dataclass

HEADING = 5
"""A comment with fewer blanks before it, and fewer than the next command has, is a heading."""

_COMMAND = 13  # blanks in front of a command
_STEP = 3  # blanks more inside a group
_DEEPEST = 8  # groups that are indented; what is deeper stands where these do


@dataclass(slots=True)
class Row:
    """A statement, a label alone, or a comment on lines of its own (then `code` is empty).

    `depth` counts the groups around it.  `column` (from 0) is where a comment must begin, None where it
    begins with the commands around it.  `blank`: a blank line stands before it.
    """

    code: list[str]
    comment: str
    depth: int
    blank: bool
    column: int | None = None


_MARGINS = tuple(_COMMAND + _STEP * depth for depth in range(_DEEPEST + 1))


def margin_of(depth: int) -> int:
    """The blanks in front of a command inside `depth` groups."""
    return _MARGINS[depth] if 0 <= depth < _DEEPEST else _COMMAND + _STEP * min(depth, _DEEPEST)


def text_of(rows: list[Row], width: int) -> str:
    """The text of all rows."""
    rows = _long_comments_above(rows, width)
    _columns(rows, width)
    _beside(rows, width)
    out: list[str] = []
    for number, row in enumerate(rows):
        if row.blank and number:
            out.append("")
        out += row.code or [" " * (row.column or 0) + row.comment]
    return "".join(f"{line}\n" for line in out)


def _long_comments_above(rows: list[Row], width: int) -> list[Row]:
    """The rows, with comments that do not fit beside their statement on a line above it."""
    out: list[Row] = []
    for row in rows:
        if row.code and row.comment:
            first_line = row.comment.split("\n", 1)[0]
            fits = len(row.code[-1]) + 1 + len(first_line) <= width
            if not fits and not any("/*" in line for line in row.code):  # else their order would change
                column = margin_of(row.depth) if "\n" in row.comment else None
                out.append(Row([], row.comment, row.depth, row.blank, column))
                row = Row(row.code, "", row.depth, False)
        out.append(row)
    return out


def _columns(rows: list[Row], width: int) -> None:
    """Where comments on lines of their own begin: those that follow each other alike."""
    start = 0
    while start < len(rows):
        end = start + 1
        if not rows[start].code and rows[start].column is None:
            while end < len(rows) and not rows[end].code and rows[end].column is None and not rows[end].blank:
                end += 1
            longest = max(len(row.comment) for row in rows[start:end])
            column = min(margin_of(rows[start].depth), width - longest)
            for row in rows[start:end]:
                row.column = column if column >= HEADING else 0
        start = end


def _beside(rows: list[Row], width: int) -> None:
    """Put comments beside their statements, in one column where lines that follow each other have them."""
    start = 0
    while start < len(rows):
        end = start + 1
        if not (rows[start].comment and rows[start].code):
            start = end
            continue
        if _one_line(rows[start]):
            while end < len(rows) and _one_line(rows[end]) and not rows[end].blank:
                end += 1
        run = rows[start:end]
        column = max(len(row.code[-1]) for row in run)
        aligned = all(column + 1 + len(row.comment) <= width for row in run)
        for row in run:
            row.code[-1] = f"{row.code[-1]:<{column if aligned else 0}} {row.comment}"
        start = end


def _one_line(row: Row) -> bool:
    return len(row.code) == 1 and bool(row.comment)
