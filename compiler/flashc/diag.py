"""Diagnostics: where something is wrong, what, and what to do about it.

One type for every message of the compiler and of the CL toolkit; one renderer for the terminal, one
JSON form for tools.  Nothing here reads files: texts are handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a source text.  Lines and columns count from 1; the end column is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that belongs to a problem, e.g. where a name was first defined."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: its code, one plain sentence, its place, and the likely fix (`help`)."""

    code: str
    severity: Severity
    message: str
    span: Span
    help: str | None = None
    related: tuple[Related, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The stable JSON form of `flashc check --json` (fields may be added, none removed)."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "file": self.span.file,
            "line": self.span.line,
            "column": self.span.column,
            "end_line": self.span.end_line,
            "end_column": self.span.end_column,
            "help": self.help,
            "related": [
                {
                    "file": r.span.file,
                    "line": r.span.line,
                    "column": r.span.column,
                    "end_line": r.span.end_line,
                    "end_column": r.span.end_column,
                    "message": r.message,
                }
                for r in self.related
            ],
        }


def has_errors(diagnostics: list[Diagnostic]) -> bool:
    """Whether at least one of the diagnostics is an error."""
    return any(d.severity == "error" for d in diagnostics)


def render(diagnostic: Diagnostic, texts: dict[str, str]) -> str:
    """The diagnostic as people read it: message, source line with the place underlined, help.

    `texts` maps file names to their contents; a file that is not in it is shown without its line.
    """
    span = diagnostic.span
    where = f"{span.file}:{span.line}:{span.column}"
    lines = [f"{where}: {diagnostic.severity} {diagnostic.code}: {diagnostic.message}"]
    lines += _excerpt(span, texts)
    for related in diagnostic.related:
        r = related.span
        lines.append(f"  {r.file}:{r.line}:{r.column}: {related.message}")
        lines += _excerpt(r, texts)
    if diagnostic.help:
        lines.append(f"  help: {diagnostic.help}")
    return "\n".join(lines)


def _excerpt(span: Span, texts: dict[str, str]) -> list[str]:
    text = texts.get(span.file)
    if text is None:
        return []
    source = text.splitlines()
    if not 1 <= span.line <= len(source):
        return []
    line = source[span.line - 1].replace("\t", " ")[:400]
    end = span.end_column if span.end_line == span.line else len(line) + 1
    width = max(1, min(end, len(line) + 1) - span.column)
    number = str(span.line)
    pad = " " * len(number)
    return [f"  {number} | {line}", f"  {pad} | {' ' * (span.column - 1)}{'^' * width}"]
