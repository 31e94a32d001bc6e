"""Quick fixes: what the help of a problem proposes, if the compiler then has no more to say than before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flashc.check.load import Reader, read_file
from flashc.diag import Diagnostic, Span
from flashc.lsp.document import Document, analyse

_PROPOSED = re.compile(
    r"(?:Did you mean|Names are written in capitals:|Give the unit:|Write it in quotes:|Write it as|"
    r"A limit has one unit:|A text stands in straight quotes:|A name of IBM i stands without quotes:)"
    r" `([^`]+)`"
)


@dataclass(frozen=True, slots=True)
class Repair:
    """The text to put in the place of a span."""

    span: Span
    text: str


def repair(document: Document, problem: Diagnostic, reader: Reader = read_file) -> Repair | None:
    """The repair that the help of a problem proposes; None if there is none, or it repairs nothing."""
    match = _PROPOSED.match(problem.help or "")
    span = problem.span
    if span.file != document.file:
        return None
    if match is None or span.line != span.end_line or span.line > len(document.lines):
        return None
    lines = list(document.lines)
    line = lines[span.line - 1]
    if not line[span.column - 1 : span.end_column - 1].strip():
        return None  # a word is missing there: nothing can be put in its place
    lines[span.line - 1] = line[: span.column - 1] + match[1] + line[span.end_column - 1 :]
    after = analyse(document.file, "\n".join(lines), reader).problems
    same = any((p.code, p.span.line, p.span.column) == (problem.code, span.line, span.column) for p in after)
    # Only a part of what is wrong, such as the `1` of `1,5h`: then the rest of the line is wrong now.
    worse = _syntax_errors(after, span.line) - _syntax_errors(document.problems, span.line)
    return None if same or worse else Repair(span, match[1])


def _syntax_errors(problems: Sequence[Diagnostic], line: int) -> set[str]:
    return {p.message for p in problems if p.span.line == line and p.code.startswith("FL1")}
