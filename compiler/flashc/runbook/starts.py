"""When the native job scheduler starts an environment, by its schedules and omitted dates.

All times are of the source's local clock, as the job scheduler's are; what happens to an entry in the hour
that a change of the clock leaves out or has twice is the system's business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from flashc.check.model import Environment, Schedule

SEARCH_DAYS = 400
"""How far ahead a next start is looked for; the last of each month with days left out is well within."""

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


@dataclass(frozen=True, slots=True)
class Start:
    """A planned start; `omitted`: an exception of the spec, on which nothing starts."""

    environment: Environment
    time: dt.datetime
    omitted: bool


def starts(environment: Environment, first: dt.datetime, last: dt.datetime) -> list[Start]:
    """All starts from `first` to before `last`, those that are left out among them, in their order."""
    found = [
        Start(environment, moment, omitted)
        for schedule in environment.schedules
        for moment, omitted in _moments(schedule, environment.omit_dates, first, last)
    ]
    return sorted(found, key=lambda start: start.time)


def next_start(environment: Environment, after: dt.datetime) -> dt.datetime | None:
    """When the schedule starts the environment next; None without a schedule, or where it never does."""
    found = [_next(schedule, environment.omit_dates, after) for schedule in environment.schedules]
    return min((moment for moment in found if moment is not None), default=None)


def _next(schedule: Schedule, omitted: tuple[str, ...], after: dt.datetime) -> dt.datetime | None:
    last = dt.datetime.max if schedule.date else after + dt.timedelta(days=SEARCH_DAYS)
    return next(
        (moment for moment, left_out in _moments(schedule, omitted, after, last) if not left_out), None
    )


def _moments(
    schedule: Schedule, omitted: tuple[str, ...], first: dt.datetime, last: dt.datetime
) -> Iterator[tuple[dt.datetime, bool]]:
    """Its moments from `first` to before `last`, each with whether its date is left out."""
    if schedule.date:
        moment = dt.datetime.combine(dt.date.fromisoformat(schedule.date), _time(schedule))
        if first <= moment < last:
            yield moment, False
        return
    day = first.date()
    while (moment := dt.datetime.combine(day, _time(schedule))) < last:
        if moment >= first and _is_on(schedule, moment):
            yield moment, day.isoformat() in omitted
        day += dt.timedelta(days=1)


def _is_on(schedule: Schedule, moment: dt.datetime) -> bool:
    last = (moment + dt.timedelta(days=7 if schedule.days else 1)).month != moment.month
    if schedule.days and DAYS[moment.weekday()] not in schedule.days:
        return False
    if schedule.which is None:
        return True
    if schedule.which == "last":
        return last
    number = ("first", "second", "third", "fourth").index(schedule.which)
    return (moment.day - 1) // 7 == number if schedule.days else moment.day == 1


def _time(schedule: Schedule) -> dt.time:
    hhmmss = schedule.time
    return dt.time(int(hhmmss[:2]), int(hhmmss[2:4]), int(hhmmss[4:]))
