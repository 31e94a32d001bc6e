"""The runbook as people read it: order, undo, limits, who does it, what happens when a step fails."""

from __future__ import annotations

from typing import Any

from flashc.bundle.context import summary
from flashc.check.model import Environment, Schedule, Spec
from flashc.runbook.limits import GUARD_A_MARGIN_S, GUARD_B_MARGIN_S, GUARD_TRIES, window_limits
from flashc.runbook.messages import ERRORS, STEPS, step_message_id
from flashc.runbook.steps import UNDONE, Step, steps


def document(spec: Spec, environment: str = "") -> dict[str, Any]:
    """The runbooks of a spec's environments (or of the one named) as one JSON document."""
    wanted = [e for e in spec.environments if environment in ("", e.name)]
    return {"environments": [_environment(e) for e in wanted]}


def _environment(e: Environment) -> dict[str, Any]:
    window = window_limits(e.quiesce.within_s, e.resume_within_s)
    return {
        "name": e.name,
        "clone": e.clone.name,
        "operation": e.operation.kind,
        "schedule": [
            {"days": list(s.days), "time": s.time, "which": s.which, "date": s.date} for s in e.schedules
        ],
        "except_on": list(e.omit_dates),
        "started_by": e.started_by,
        "expect": [{"what": x.what, "under_seconds": x.under_s} for x in e.expectations],
        "window": {
            "quiesce_within_seconds": window.quiesce_s,
            "array_request_seconds": window.trigger_s,
            "driver_waits_seconds": window.receive_s,
            "resume_within_seconds": window.hold_s,
            "guard_a_acts_after_seconds": window.request_s + window.hold_s,
            "guard_b_acts_after_seconds": window.request_s + window.hold_s + 2 * GUARD_B_MARGIN_S,
            "guard_tries": GUARD_TRIES,
        },
        "steps": [_step(s) for s in steps(e)],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "code": step.code,
        "side": step.side,
        "actor": step.actor,
        "text": step.text,
        "limit_seconds": step.limit_s,
        "undo": step.undo,
        "on_failure": step.on_failure,
    }


def text_of(spec: Spec, environment: str = "") -> str:
    """The same for people: a line a step, the clone's indented, the window framed."""
    lines: list[str] = []
    for e in spec.environments:
        if environment in ("", e.name):
            lines += _lines(e)
    return "\n".join(lines)


def _lines(e: Environment) -> list[str]:
    window = window_limits(e.quiesce.within_s, e.resume_within_s)
    head = f"Environment {e.name}: {summary(e)}"
    lines = [head, "=" * len(head), ""]
    lines += starts(e)
    lines += [f"A rehearsal expects: {x.text}." for x in e.expectations]
    lines += ["", "     done by   limit     step", ""]
    inside = False
    said = UNDONE
    for step in steps(e):
        if step.code == "O50":
            lines.append("  +-- production waits from here " + "-" * 46)
            inside = True
        lines += _step_lines(step, inside, step.on_failure != said)
        said = step.on_failure
        if step.code == "O60":
            lines.append("  +-- production goes on " + "-" * 54)
            inside = False
    worst = window.request_s + window.hold_s
    lines += [
        "",
        f"Production waits at most {window.quiesce_s} s to be quiesced and {window.hold_s} s for the copy.",
        f"The array has {window.trigger_s} s to answer; the driver waits {window.receive_s} s for that.",
        f"If the driver does not resume, guard A does: {GUARD_A_MARGIN_S} s after the quiesce limit or",
        f"{window.hold_s} s after the hold began, at the latest {worst} s after the request; guard B acts",
        f"{GUARD_B_MARGIN_S} s later than guard A. Each asks up to {GUARD_TRIES} times.",
        "",
    ]
    return lines


def starts(e: Environment) -> list[str]:
    """When an environment starts, a sentence a schedule."""
    if e.started_by == "hand":
        return [f"Started by hand: FLSTRENV ENV({e.name})."]
    if e.started_by:
        return [f"Started by scheduler {e.started_by}: FLSTRENV ENV({e.name})."]
    lines = [
        f"Starts {_days(s)} at {s.time[:2]}:{s.time[2:4]}{':' + s.time[4:] if s.time[4:] != '00' else ''} "
        "by the native job scheduler."
        for s in e.schedules
    ]
    if e.omit_dates:
        lines.append(f"Not on {', '.join(e.omit_dates)}.")
    return lines


def _days(schedule: Schedule) -> str:
    if schedule.date:
        return f"on {schedule.date}"
    days = " ".join(schedule.days)
    if schedule.which:
        return f"on the {schedule.which} {days or 'day'} of each month"
    return "every day" if len(schedule.days) == 7 else days


def _step_lines(step: Step, inside: bool, say_failure: bool) -> list[str]:
    edge = "  | " if inside else "    "
    indent = "      " if step.side == "clone" else ""
    limit = _duration(step.limit_s)
    line = f"{edge}{step.actor:<9} {limit:<8} {indent}{step.code}  {step.text}".rstrip()
    more = f"{edge}{'':<18} {indent}     "
    out = [line]
    if step.undo:
        out.append(f"{more}undone by {step.undo}")
    if say_failure:  # said once for steps that follow each other
        out.append(f"{more}on failure: {step.on_failure}")
    return out


def _duration(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds % 3600 == 0:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min" if seconds % 60 == 0 and seconds >= 120 else f"{seconds} s"


def message_page(code: str) -> dict[str, Any] | None:
    """What a step code (O55) or a message id (FLE0023) of the product means."""
    wanted = code if code.startswith("FL") and len(code) == 7 else step_message_id(code)
    for message in (*STEPS, *ERRORS):
        if message.id == wanted:
            return {
                "code": code,
                "title": message.text.replace("&1", "…"),
                "severity": "error" if message.severity >= 40 else "step",
                "why": message.help if message.severity == 0 else "",
                "help": message.help if message.severity else "",
                "wrong": "",
                "right": "",
            }
    return None
