"""Schedules: on which days and at which times an environment starts, and on which dates it does not."""

from __future__ import annotations

import datetime
from typing import Literal, cast

from flashc.check import model, values
from flashc.check.findings import Findings
from flashc.check.names import Block
from flashc.syntax import ast

ALL_DAYS: tuple[model.Day, ...] = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")

OMIT_MAX = 20
"""Dates that one schedule entry can leave out: docs/platform-facts.md#job-scheduler."""


def resolve_schedules(
    found: Findings, block: Block, node: ast.Environment
) -> tuple[tuple[model.Schedule, ...], tuple[str, ...], str | None]:
    """The schedules, the omitted dates, and who starts the environment where it has no schedule."""
    started = block.one(ast.Started, "started", required=False)
    starts = [s for s in node.body if isinstance(s, ast.Every | ast.OnDate)]
    schedules: list[model.Schedule] = []
    for statement in starts:
        schedules += (
            _every(found, statement) if isinstance(statement, ast.Every) else _on_date(found, statement)
        )
    omitted = [d for s in node.body if isinstance(s, ast.ExceptOn) for d in _omitted(found, s)]
    exceptions = [s for s in node.body if isinstance(s, ast.ExceptOn)]
    if len(omitted) > OMIT_MAX:
        message = f"{len(omitted)} dates are left out; a schedule entry takes {OMIT_MAX}"
        found.add("FL3035", exceptions[-1].span, message)
    if started and starts:
        message = f"{node.name.text} has a schedule and is also `started by` somebody else"
        found.both("FL3036", started.span, message, starts[0].span, "its schedule")
    if started and exceptions:
        found.both("FL3036", exceptions[0].span, "there is no schedule to leave dates out of", started.span,
                   "because of this")  # fmt: skip
    if not starts and not started:
        block.missing("every")
    by = None
    if started:
        by = started.scheduler.text if started.scheduler else "hand"
    return tuple(schedules), tuple(sorted(omitted)), by


def _every(found: Findings, node: ast.Every) -> list[model.Schedule]:
    days: list[model.Day] = []
    for word in node.days:
        group = {"day": ALL_DAYS, "weekday": ALL_DAYS[:5]}.get(word.text)
        these = group or tuple(d for d in ALL_DAYS if d == word.text.upper())
        if node.which and group:
            these = ()  # the first or last day of the month, whichever day of the week
        for day in these:
            if day in days:
                found.add("FL3031", word.span, f"{word.text} stands twice in one schedule")
            else:
                days.append(day)
    days.sort(key=ALL_DAYS.index)
    if node.which and not days and node.which.text not in ("first", "last"):
        found.add("FL3037", node.which.span, f"the {node.which.text} day of a month cannot be scheduled")
        return []
    which = cast(
        'Literal["first", "second", "third", "fourth", "last"] | None',
        node.which.text if node.which else None,
    )
    return [
        model.Schedule(tuple(days), hhmmss, span, which) for hhmmss, span in values.times(found, node.times)
    ]


def _on_date(found: Findings, node: ast.OnDate) -> list[model.Schedule]:
    date = _date(found, node.date)
    times = values.times(found, node.times)
    return [model.Schedule((), hhmmss, span, None, date) for hhmmss, span in times] if date else []


def _omitted(found: Findings, node: ast.ExceptOn) -> list[str]:
    dates: list[str] = []
    for written in node.dates:
        date = _date(found, written)
        if date in dates:
            found.add("FL3031", written.span, f"{date} stands twice")
        elif date:
            dates.append(date)
    return dates


def _date(found: Findings, written: ast.Date) -> str | None:
    try:
        return datetime.date(written.year, written.month, written.day).isoformat()
    except ValueError:
        found.add("FL3034", written.span, f"{written.text} is no date")
        return None
