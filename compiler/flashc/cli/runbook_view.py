"""The runbook as people read it: order, undo, limits, who does it, what happens when a step fails."""

from __future__ import annotations

import re
from collections.abc import Collection
from textwrap import wrap
from typing import Any

from flashc.bundle.context import summary
from flashc.check.model import Environment, Schedule, Spec
from flashc.runbook.limits import (
    GUARD_B_MARGIN_S,
    GUARD_TRIES,
    WindowLimits,
    window_limits,
)
from flashc.runbook.messages import ERRORS, STEPS, step_message_id
from flashc.runbook.messages import text_of as step_text
from flashc.runbook.refcodes import classes_of
from flashc.runbook.steps import Step, failure_steps, hook_steps, restart_points, steps


def document(spec: Spec, environment: str = "") -> dict[str, Any]:
    """The runbooks of a spec's environments (or of the one named) as one JSON document."""
    wanted = [e for e in spec.environments if environment in ("", e.name)]
    return {"environments": [_environment(e) for e in wanted]}


def _environment(e: Environment) -> dict[str, Any]:
    window = _window(e)
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
            "guard_a_acts_after_seconds": _guard_a(window),
            "guard_b_acts_after_seconds": _guard_b(window),
            "guard_tries": GUARD_TRIES,
        },
        "reference_codes": [
            {
                "class": one.name,
                "codes": one.shown,
                "meaning": one.meaning,
                "told_after_seconds": one.still_s or None,
            }
            for one in (classes_of(restricted=e.operation.restricted) if e.starts_clone else ())
        ],
        "steps": [_step(s) for s in steps(e)],
        "failure_steps": [_step(s) for s in failure_steps(e)],
        "hook_steps": [_step(s) for s in hook_steps(e)],
    }


def _window(e: Environment) -> WindowLimits:
    return window_limits(e.quiesce.within_s, e.resume_within_s, len(e.clone.source.independent_asps))


def _guard_a(window: WindowLimits) -> int:
    """When guard A acts at the latest, seconds after the request."""
    return window.request_s + window.hold_s


def _guard_b(window: WindowLimits) -> int:
    """When guard B acts at the latest: it waits longer both for the hold to begin and for its end."""
    return _guard_a(window) + 2 * GUARD_B_MARGIN_S


def _step(step: Step) -> dict[str, Any]:
    return {
        "code": step.code,
        "side": step.side,
        "actor": step.actor,
        "text": step.text,
        "limit_seconds": step.limit_s,
        "undo": step.undo,
        "on_failure": step.on_failure,
        "restart": step.restart,
    }


def text_of(spec: Spec, environment: str = "") -> str:
    """The same for people: a line a step, the clone's indented, the window framed."""
    lines: list[str] = []
    for e in spec.environments:
        if environment in ("", e.name):
            lines += _lines(e)
    return "\n".join(lines)


def _lines(e: Environment) -> list[str]:
    head = f"Environment {e.name}: {summary(e)}"
    lines = [head, "=" * len(head), ""]
    lines += starts(e)
    lines += [f"A rehearsal expects: {x.text}." for x in e.expectations]
    lines += ["", "     done by   limit    fails  step", ""]
    runbook = steps(e)
    ending = failure_steps(e)
    told = hook_steps(e)
    failures = list(dict.fromkeys(step.on_failure for step in (*runbook, *ending, *told)))
    codes = {step.code for step in runbook}
    inside = False
    for step in runbook:
        if step.code == "O50":
            lines.append("  +-- production waits from here " + "-" * 46)
            inside = True
        lines += _step_lines(step, inside, failures.index(step.on_failure) + 1, undo_of(step, codes))
        if step.code == "O60":
            lines.append("  +-- production goes on " + "-" * 54)
            inside = False
    if ending:
        lines += ["", "  Where the run does not complete, at its end:", ""]
    for step in ending:
        lines += _step_lines(step, False, failures.index(step.on_failure) + 1, "")
    if told:
        lines += ["", "  On these occasions, whenever they come:", ""]
    for step in told:
        lines += _step_lines(step, False, failures.index(step.on_failure) + 1, "")
    lines += ["", "If a step fails:"]
    lines += [f"{f'({number})':>6} {text}" for number, text in enumerate(failures, 1)]
    lines += restarts(e)
    if e.starts_clone:
        lines += ["", *wrap(" ".join(watch_told(e)), 80)]
    return [*lines, "", *wrap(" ".join(window_told(e)), 80), ""]


def restarts(e: Environment) -> list[str]:
    """Where a run that failed may go on after a repair, and what each restart point proves anew."""
    points = restart_points(e)
    if not points:
        return []
    lines = ["", f"After a repair the last run goes on by FLSTRENV ENV({e.name}) RESTART(...):"]
    for point in points:
        lines += wrap(f"{point.code}  {point.restart}", 80, initial_indent="    ", subsequent_indent=" " * 9)
    return lines


def window_told(e: Environment) -> list[str]:
    """Sentences: how long production may be held, who ends that, and what the array has of it."""
    window = _window(e)
    tries = e.quiesce.retries + 1
    return [
        *(
            [f"The quiesce is tried up to {tries} times; these limits are those of each try."]
            if tries > 1
            else []
        ),
        f"Production waits at most {window.quiesce_s} s to be quiesced and {window.hold_s} s for the copy: "
        f"{window.quiesce_s + window.hold_s} s where the driver resumes.",
        f"The array has {window.trigger_s} s to answer; the driver waits {window.receive_s} s for that.",
        f"If the driver does not resume, guard A does: {window.request_s - window.quiesce_s} s after the "
        f"quiesce limit or {window.hold_s} s after the hold began, at the latest {_guard_a(window)} s after "
        f"the request.",
        f"Guard B acts {GUARD_B_MARGIN_S} s later than guard A; with guard A gone, at the latest "
        f"{_guard_b(window)} s after the request.",
        f"Each asks up to {GUARD_TRIES} times.",
    ]


def watch_told(e: Environment) -> list[str]:
    """Sentences: how long one reference code of the clone may stay before an operator is told."""
    classes = classes_of(restricted=e.operation.restricted)
    limits = ", ".join(f"{one.shown} {duration(one.still_s)}" for one in classes if one.still_s)
    failing = ", ".join(one.shown for one in classes if one.name == "FAILED")
    return [
        f"One reference code of the clone that stays is told to the operator, by its class: {limits}.",
        f"That ends nothing; a code of class {failing} does, and the limits of the steps.",
    ]


def held_at_most(e: Environment) -> list[tuple[str, int]]:
    """Who resumes production, and after how many seconds from the request at the latest."""
    window = _window(e)
    return [
        ("the driver", window.quiesce_s + window.hold_s),
        ("guard A, if the driver does not", _guard_a(window)),
        ("guard B, if guard A does not", _guard_b(window)),
    ]


def undo_of(step: Step, codes: Collection[str]) -> str:
    """The code of the step that undoes it; with its text where a run that goes well has no such step."""
    if step.undo is None or step.undo in codes:
        return step.undo or ""
    return f"{step.undo} ({step_text(step.undo).replace('&1', step.what)})"


def starts(e: Environment) -> list[str]:
    """When an environment starts, a sentence a schedule."""
    if e.started_by == "hand":
        return [f"Started by hand: FLSTRENV ENV({e.name})."]
    if e.started_by:
        entered = f"FLSTRENV ENV({e.name}) SCHEDULED(*YES) WAIT(*YES)"
        return [f"Started by scheduler {e.started_by}: {entered}."]
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


def _step_lines(step: Step, inside: bool, failure: int, undo: str) -> list[str]:
    edge = "  | " if inside else "    "
    indent = "      " if step.side == "clone" else ""
    limit, fails = duration(step.limit_s), f"({failure})"
    out = [f"{edge}{step.actor:<9} {limit:<8} {fails:<6} {indent}{step.code}  {step.text}".rstrip()]
    if undo:
        out.append(f"{edge}{'':<25} {indent}     undone by {undo}")
    return out


def duration(seconds: int | None) -> str:
    """A limit for people; nothing where a step has none."""
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
                "title": re.sub(r"&\d", "…", message.text),
                "severity": "error" if message.severity >= 40 else "step",
                "why": re.sub(r"&\d", "…", message.cause),
                "help": re.sub(r"&\d", "…", message.recovery),
                "wrong": "",
                "right": "",
            }
    return None
