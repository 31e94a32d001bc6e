"""The dates of job schedule entries: weekly, monthly by day and by weekday, once, with dates left out."""

from __future__ import annotations

import datetime as dt

import pytest
from flashc.check import load
from flashc.check.model import Environment
from flashc.runbook.objects import schedule_commands
from flashc.runbook.starts import next_start
from flashtwin.image import ScheduleEntry
from flashtwin.jobschedule import next_run
from hypothesis import given, settings
from hypothesis import strategies as st

START = dt.datetime(2026, 11, 18, 12, 0)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (ScheduleEntry("A", 1, "", days=("*ALL",), time="110000"), "2026-11-19 11:00"),
        (ScheduleEntry("A", 1, "", days=("*ALL",), time="130000"), "2026-11-18 13:00"),
        (
            ScheduleEntry("A", 1, "", days=("*WED",), time="130000", omit=("20261118", "20261125")),
            "2026-12-02 13:00",
        ),
        (ScheduleEntry("A", 1, "", "*MONTHLY", "*MONTHSTR", time="010000"), "2026-12-01 01:00"),
        (ScheduleEntry("A", 1, "", "*MONTHLY", "*MONTHEND", time="010000"), "2026-11-30 01:00"),
        (
            ScheduleEntry("A", 1, "", "*MONTHLY", days=("*SUN",), time="010000", relative=("1",)),
            "2026-12-06 01:00",
        ),
        (
            ScheduleEntry("A", 1, "", "*MONTHLY", days=("*SUN",), time="010000", relative=("*LAST",)),
            "2026-11-29 01:00",
        ),
        (
            ScheduleEntry("A", 1, "", "*MONTHLY", days=("*SUN",), time="010000", relative=("4",)),
            "2026-11-22 01:00",
        ),
        (ScheduleEntry("A", 1, "", "*ONCE", "20261231", time="180000"), "2026-12-31 18:00"),
        (ScheduleEntry("A", 1, "", "*ONCE", "20261118", time="110000"), ""),
    ],
)
def test_the_next_date(entry: ScheduleEntry, expected: str) -> None:
    found = next_run(entry, START)
    assert (found.strftime("%Y-%m-%d %H:%M") if found else "") == expected


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_which = st.sampled_from(("", "first ", "second ", "third ", "fourth ", "last "))
_dates = st.dates(dt.date(2026, 11, 1), dt.date(2027, 3, 1))


@given(
    which=_which,
    day=st.sampled_from((*_WEEKDAYS, "day")),
    hour=st.integers(0, 23),
    omitted=st.lists(_dates, max_size=4, unique=True),
    after=st.datetimes(dt.datetime(2026, 11, 1), dt.datetime(2027, 2, 1)),
)
@settings(max_examples=80, deadline=None)
def test_the_rehearsal_and_the_partition_agree_on_the_next_start(
    which: str, day: str, hour: int, omitted: list[dt.date], after: dt.datetime
) -> None:
    if day == "day" and which not in ("", "first ", "last "):
        which = "first "
    days = f"{which}{day}{' of month' if which else ''}"
    lines = [f"every {days} at {hour}:30"]
    if omitted:
        lines.append("except on " + " and ".join(d.isoformat() for d in omitted))
    environment = _environment(lines)
    (command,) = schedule_commands(
        {"library": "L", "user": "U"},
        {
            "name": "E",
            "program": "P",
            "omit_dates": environment.omit_dates,
            "schedules": [
                {"days": list(s.days), "time": s.time, "which": s.which, "date": s.date}
                for s in environment.schedules
            ],
        },
    )
    after = after.replace(second=0, microsecond=0)
    theirs = next_run(_entry(command), after - dt.timedelta(seconds=1))
    assert next_start(environment, after) == theirs


def _environment(lines: list[str]) -> Environment:
    text = "\n".join(
        [
            "system S { identity serial 1234567 lpar 7 release 7.3 library FLASHLIB",
            'host "sys.example.net" user FLASHC }',
            'console H is hmc { key "k" user "u" address "10.0.0.1" }',
            'array A is svc { user "u" address "10.0.0.2" key "k" }',
            'clone C of S { network isolated disks group "G" on A',
            'partition 8 "P" on "M" through H profile "p" }',
            "environment E on C { quiesce within 60s otherwise abort resume within 30s on clone none",
            *lines,
            "}",
        ]
    )
    spec, problems = load("s.flash", lambda _path: text.encode())
    assert spec is not None, problems
    return spec.environments[0]


def _entry(command: str) -> ScheduleEntry:
    """The entry that an ADDJOBSCDE makes, read by hand."""

    def value(keyword: str) -> list[str]:
        start = command.find(f" {keyword}(")
        return [] if start < 0 else command[start:].split("(", 1)[1].split(")", 1)[0].replace("'", "").split()

    return ScheduleEntry(
        "P",
        1,
        command,
        value("FRQ")[0],
        value("SCDDATE")[0],
        tuple(v for v in value("SCDDAY") if v != "*NONE"),
        value("SCDTIME")[0],
        omit=tuple(v.replace("-", "") for v in value("OMITDATE")),
        relative=tuple(value("RELDAYMON")),
    )
