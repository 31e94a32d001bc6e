"""The rules of generated CL, each with its code and one plain sentence.

A finding is a defect of flashc, never of a spec: it stops the build.  docs/safety.md#proven-at-every-build
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeVar

from flashc.cl.ast import Command
from flashc.cl.flow import Flow, Point, way
from flashc.diag import Diagnostic, Span

S = TypeVar("S", bound=Hashable)

RULES: dict[str, str] = {
    "FL9001": "a line has more than 80 columns or what its source file cannot hold",
    "FL9002": "a command, program or object is named without its library",
    "FL9003": "a GOTO stands elsewhere than in a MONMSG of the whole program",
    "FL9004": "a MONMSG for all errors of a command leaves out a prefix with which that command escapes",
    "FL9005": "a wait has no limit",
    "FL9010": "production may stay suspended: there is a way from SUSPEND on which RESUME is not asked for",
    "FL9011": "something that may block stands between SUSPEND and RESUME",
    "FL9012": "a call in the window has no MONMSG of its own that gets all of its errors",
    "FL9013": "production would be suspended before everything that must be proven is proven",
    "FL9014": "a guard gives up its watch without DONE and without RESUME, or has never taken it up",
    "FL9015": "an ASP is suspended and not resumed, or the other way round, or a guard has not flushed it",
    "FL9020": "something is done before the program knows on which partition it runs",
    "FL9021": "a command of the other side: what belongs to production on the clone, or the reverse",
    "FL9022": "a program that does not ask where it runs can be reached without one that does",
    "FL9030": "a step of the runbook is done at no place, or at more places than the runbook says",
    "FL9031": "steps do not stand in the runbook's order",
    "FL9032": "a step has an intent that gets no result, or a result without its act",
    "FL9033": "something is changed on production before its undo is in the journal",
    "FL9034": "an undo is not the inverse of what is done",
    "FL9035": "two undos of one program have the same number, or one is not of the form that FLUNDO reads",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a program breaks: where, and how that place is reached."""

    code: str
    message: str
    command: Command
    way: str = ""


def found(code: str, message: str, program: Flow, at: Point[S]) -> Finding:
    """A finding at a point of a walk."""
    command = at.node.command
    assert command is not None
    return Finding(code, message, command, way(program, at))


def diagnostic(finding: Finding, program: Flow) -> Diagnostic:
    """A finding as the build reports it."""
    command = finding.command
    span: Span = program.source.span(command.pos, command.name_end or command.end)
    text = f"{finding.message}: {RULES[finding.code]}"
    return Diagnostic(finding.code, "error", text, span, finding.way and f"the way there: {finding.way}")
