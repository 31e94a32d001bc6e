"""The job schedule: entries of the bundle against those of the partition.

ADDJOBSCDE is not idempotent, so the entries are read first.  Ours are those whose text says so *and* whose
job has our job description; only these are changed or removed (docs/platform-facts.md#job-scheduler).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flashc.deploy.command import Command
from flashc.deploy.facts import Facts, ScheduleEntry, entry_facts, in_format
from flashc.deploy.operations import Operation

_MARK = re.compile(r"flashc (\S{1,10}) ([0-9a-f]{16})")


def schedule_operations(manifest: Mapping[str, Any], facts: Facts) -> tuple[list[Operation], list[str]]:
    """What has to be done, and what must be put right by hand before anything is.

    A single start whose time has passed is neither missing nor to be made: the scheduler removes its entry.
    """
    library, entries = manifest["library"], facts.entries
    ours = [e for e in entries if is_ours(e, library)]
    problems = [_unmarked(e) for e in entries if e not in ours and f"{library}/FLSTRENV" in e.command.upper()]
    operations: list[Operation] = []
    left = list(ours)
    wanted = [
        in_format(command, facts.date_format)
        for environment in manifest["environments"]
        for command in environment["schedule_commands"]
        if not _passed(command, facts.now)
    ]
    missing: list[str] = []
    for command in wanted:
        found = next((e for e in left if e.text == entry_facts(command)["text"]), None)
        if found is None:
            missing.append(command)
            continue
        left.remove(found)
        changed = differences(found, command)
        if changed:
            why = f"changed by hand: {', '.join(changed)}"
            operations.append(_change(found, command, why))
    for command in missing:
        # An entry of the same environment whose time changed keeps its number, and stays held if it was.
        asked = entry_facts(command)
        same = next((e for e in left if e.name == asked["name"]), None)
        if same is not None:
            left.remove(same)
            operations.append(
                _change(same, command, "; ".join(differences(same, command)) or "new definition")
            )
        else:
            name = f"{asked['name']} at {_clock(asked['time'])}"
            operations.append(Operation("schedule", name, "create", "missing", (Command(f"QSYS/{command}"),)))
    for entry in left:
        remove = Command(f"QSYS/RMVJOBSCDE JOB({entry.name}) ENTRYNBR({entry.number})")
        name = f"{entry.name} {entry.number}"
        operations.append(Operation("schedule", name, "remove", "no longer in the spec", (remove,)))
    return operations, problems


def over(manifest: Mapping[str, Any], now: str) -> list[str]:
    """Environments that start no more by themselves: every start of their schedule has passed."""
    return [
        environment["name"]
        for environment in manifest["environments"]
        if environment["schedule_commands"]
        and all(_passed(command, now) for command in environment["schedule_commands"])
    ]


def is_ours(entry: ScheduleEntry, library: str) -> bool:
    """Made by a deployment, and with our job description."""
    return _MARK.fullmatch(entry.text) is not None and entry.library == library


def _passed(command: str, now: str) -> bool:
    """Whether an entry is for one date that has passed; `now` is YYYYMMDDHHMM."""
    asked = entry_facts(command)
    due: str = asked["date"].replace("-", "") + asked["time"][:4]
    return asked["frequency"] == "ONCE" and due <= now


def differences(entry: ScheduleEntry, command: str) -> list[str]:
    """How an entry differs from what the bundle asks for; its command only as far as it can be read."""
    wanted = entry_facts(command)
    found = []
    if entry.time != wanted["time"]:
        found.append(f"time {_clock(entry.time)} instead of {_clock(wanted['time'])}")
    if _week(entry.days) != _week(wanted["days"]):
        found.append(f"days {_days(entry.days)} instead of {_days(wanted['days'])}")
    for what in ("frequency", "recovery"):
        there = getattr(entry, what)
        if there and there != wanted[what]:
            found.append(f"{what} *{there} instead of *{wanted[what]}")
    environment = wanted["text"].split()[1]
    if entry.command and not re.search(rf"FLSTRENV\b.*\b{re.escape(environment)}\b", entry.command.upper()):
        found.append(f"command {entry.command[:60]}")
    return found


def _change(entry: ScheduleEntry, command: str, why: str) -> Operation:
    add = f"ADDJOBSCDE JOB({entry.name})"
    text = command.replace(add, f"QSYS/CHGJOBSCDE JOB({entry.name}) ENTRYNBR({entry.number})", 1)
    if " OMITDATE(" not in text and " FRQ(*ONCE)" not in text:
        text = text.replace(" JOBD(", " OMITDATE(*NONE) JOBD(", 1)  # what was left out once is not for ever
    return Operation("schedule", f"{entry.name} {entry.number}", "change", why, (Command(text),))


def _unmarked(entry: ScheduleEntry) -> str:
    return (
        f"Schedule entry {entry.name} {entry.number} starts an environment and is not marked as made by "
        f"flashc (text: {entry.text or 'none'}). Remove it, so that no run starts twice: RMVJOBSCDE "
        f"JOB({entry.name}) ENTRYNBR({entry.number})."
    )


_ALL = frozenset(("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"))


def _week(days: frozenset[str]) -> frozenset[str]:
    return _ALL if "ALL" in days else days


def _days(days: frozenset[str]) -> str:
    week = _week(days)
    order = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
    return "every day" if week == _ALL else " ".join(d for d in order if d in week) or "none"


def _clock(time: str) -> str:
    return f"{time[:2]}:{time[2:4]}:{time[4:6]}"
