"""Runs that may meet: what each has for itself, from its start on for as long as its limits allow.

Starts are minutes of the week.  A start once a month or on one date may fall into any week that has its day,
so two of them count as meeting unless their dates tell otherwise: better one warning too many.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

from flashc.check import model
from flashc.check.findings import Findings
from flashc.check.schedules import ALL_DAYS

RUN_MARGIN_S = 1800
"""Added to the limits of a run: what it does besides, with every limit used up."""

DAY_MIN, WEEK_MIN = 1440, 10080


@dataclass(frozen=True, slots=True)
class _Claim:
    """A start (minute of the week) and how long from then on a run has something for itself, minutes."""

    minute: int
    lasts: int
    environment: model.Environment
    schedule: model.Schedule


def check_overlaps(spec: model.Spec, found: Findings) -> None:
    """Note starts at the same minute, and runs that may still have what a later one needs."""
    claims: dict[tuple[str, ...], list[_Claim]] = defaultdict(list)
    for environment in spec.environments:
        needs = resources(environment)
        for minute, schedule in starts(environment):
            for resource, seconds in needs.items():
                claims[resource].append(_Claim(minute, -(-seconds // 60), environment, schedule))
    shared: dict[tuple[int, int], tuple[_Claim, _Claim, list[str]]] = {}
    for resource, all_of in claims.items():
        for earlier, later in _meetings(all_of):
            pair = (id(earlier.schedule), id(later.schedule))
            shared.setdefault(pair, (earlier, later, []))[2].append(" ".join(resource))
    told: set[frozenset[int]] = set()
    for (first, second), (earlier, later, what) in shared.items():
        gap = WEEK_MIN if later is earlier else (later.minute - earlier.minute) % WEEK_MIN
        if gap:
            _may_last(found, earlier, later, gap, what)
        elif frozenset((first, second)) not in told:
            told.add(frozenset((first, second)))
            _same_start(found, earlier, later)


def _same_start(found: Findings, one: _Claim, other: _Claim) -> None:
    first, second = sorted((one, other), key=_place)
    a, b, at = second.environment, first.environment, _when(one.minute)
    if a is b:
        message = f"{a.name} is started twice at {at}"
        found.both("FL3031", second.schedule.span, message, first.schedule.span, "the first schedule")
        return
    shared = a.clone.name if a.clone is b.clone else a.clone.source.name
    message = f"{a.name} and {b.name} both start at {at} on {shared}"
    found.both("FL3030", second.schedule.span, message, first.schedule.span, f"environment {b.name}")


def _place(claim: _Claim) -> tuple[int, int]:
    span = claim.schedule.span
    return span.line, span.column


def _may_last(found: Findings, earlier: _Claim, later: _Claim, gap: int, what: list[str]) -> None:
    name, follower = earlier.environment.name, later.environment.name
    message = (
        f"{name} of {_when(earlier.minute)} may have {', '.join(sorted(what))} for itself for "
        f"{_hours(longest_run_s(earlier.environment) // 60)} by its limits, "
        f"but {follower} starts {_hours(gap)} later"
    )
    found.both("FL3033", earlier.schedule.span, message, later.schedule.span, f"start of {follower}")


def _meetings(claims: list[_Claim]) -> list[tuple[_Claim, _Claim]]:
    """Pairs of which the later one starts while the earlier one may still last, the first of each pair of
    schedules.
    """
    ordered = sorted(claims, key=lambda claim: claim.minute)
    met: dict[tuple[int, int], tuple[_Claim, _Claim]] = {}
    for index, earlier in enumerate(ordered):
        for step in range(1, len(ordered) + 1):
            later = ordered[(index + step) % len(ordered)]
            gap = (later.minute - earlier.minute) % WEEK_MIN
            if later is earlier:
                gap = WEEK_MIN
            if gap >= earlier.lasts and gap:
                break
            if _can_meet(earlier, later):
                met.setdefault((id(earlier.schedule), id(later.schedule)), (earlier, later))
    return list(met.values())


def _can_meet(one: _Claim, other: _Claim) -> bool:
    a, b = one.schedule, other.schedule
    if a is b:
        return a.which is None and a.date is None
    if a.date and b.date:
        days = abs((datetime.date.fromisoformat(a.date) - datetime.date.fromisoformat(b.date)).days)
        return days * DAY_MIN <= max(one.lasts, other.lasts) + DAY_MIN
    if (a.date and a.date in other.environment.omit_dates) or (
        b.date and b.date in one.environment.omit_dates
    ):
        return False
    same_day = one.minute // DAY_MIN == other.minute // DAY_MIN
    if a.which and b.which and same_day:
        return bool(_WEEKS[a.which] & _WEEKS[b.which])
    return True


_WEEKS = {
    "first": {1},
    "second": {2},
    "third": {3},
    "fourth": {4},
    "last": {4, 5},
}
"""In which weeks of a month (days 1 to 7 are the first) a monthly start can lie."""


def starts(environment: model.Environment) -> list[tuple[int, model.Schedule]]:
    """The minutes of the week (from Monday 0:00) at which the environment may start."""
    found = []
    for schedule in environment.schedules:
        minute = int(schedule.time[:2]) * 60 + int(schedule.time[2:4])
        if schedule.date:
            days: tuple[model.Day, ...] = (ALL_DAYS[datetime.date.fromisoformat(schedule.date).weekday()],)
        else:
            days = schedule.days or ALL_DAYS  # the first or last day of a month is any day of the week
        found += [(ALL_DAYS.index(day) * DAY_MIN + minute, schedule) for day in days]
    return found


def resources(environment: model.Environment) -> dict[tuple[str, ...], int]:
    """What a run has for itself, and for how long from its start on, in seconds."""
    e = environment
    clone, system = e.clone, e.clone.source.name
    whole = longest_run_s(e)
    held: dict[tuple[str, ...], int] = {
        ("the suspend window of", system): window_end_s(e),
        ("partition", f"{clone.lpar_id} {clone.partition}"): whole,  # which two clones may share
    }
    if e.brms:
        held["the BRMS state of", system] = whole
    for disks in clone.disks:
        for group in disks.groups:
            held["group", group, "on", disks.array.name] = whole
    if clone.link and e.starts_clone:
        held["link", clone.link.source, "of", system] = whole
    for device in e.operation.devices:
        held[device.kind, device.resource, "of", system] = whole  # a device description is the system's own
    return held


def window_end_s(environment: model.Environment) -> int:
    """How long after its start production may still be held for a run, with every limit used up."""
    e = environment
    around = sum(getattr(item, "within_s", 0) for item in e.around)
    window = e.quiesce.within_s * (e.quiesce.retries + 1) + e.resume_within_s
    return e.clone.end_within_s + around + window + sum(run.within_s for run in e.runs.before) + RUN_MARGIN_S


def longest_run_s(environment: model.Environment) -> int:
    """How long a run lasts with every limit of the spec used up, in seconds."""
    e = environment
    behind = sum(run.within_s for run in (*e.runs.after_flash, *e.runs.afterwards))
    clone = e.boot_within_s + e.operation.within_s if e.starts_clone else 0
    return window_end_s(e) + clone + behind


def _when(minute: int) -> str:
    return f"{ALL_DAYS[minute // DAY_MIN].capitalize()} {minute % DAY_MIN // 60:02}:{minute % 60:02}"


def _hours(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60:02} min"
