"""The output of Storage Virtualize commands, read: tables, details, states, messages.  Pure functions.

Asked with `-delim !` and a heading: columns come and go with the code level, so they are found by name.  A
detail view has one `key!value` a line, in which keys repeat: once for each member, or for each copy after an
empty line (docs/platform-facts.md#svc-output).  A banner may stand before either, and a client's or the
array's remarks on standard error: what decides is whether the answer itself can be read.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from flashrt.arrays.base import (
    ACTIVE,
    EMPTY,
    FAILED,
    FOREIGN,
    FREE,
    MIXED,
    PREPARED,
    PREPARING,
    RELEASING,
    UNKNOWN,
    GroupState,
)
from flashrt.edges import Reply
from flashrt.localtime import seconds_of
from flashrt.status import AUTH, CONFIG, NOTFOUND, PENDING, REFUSED, SYSTEM, SidecarError

DELIMITER = "!"
ROW_LIMIT = 20000
BANNER_LIMIT = 60
"""Lines of a banner before a heading."""

MAP_COLUMNS = ("name", "source_vdisk_name", "target_vdisk_name", "group_name", "status")

WORDS = {
    "idle_or_copied": FREE,
    "stopped": FREE,
    "copying": ACTIVE,
    "stopping": RELEASING,
    "preparing": PREPARING,
    "prepared": PREPARED,
    "suspended": FAILED,
    "empty": EMPTY,
}

NOT_FOUND = ("CMMVC5753E", "CMMVC5754E", "CMMVC5804E", "CMMVC8957E")
NOT_ALLOWED = ("CMMVC6253E",)
PROTECTED = ("CMMVC1035E",)
"""A volume was used a short while ago (docs/platform-facts.md#volume-protection)."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,63}\Z")
_TOLD_NAME = re.compile(r"[A-Za-z0-9_.]([A-Za-z0-9_. -]{0,61}[A-Za-z0-9_.-])?\Z")
_MESSAGE_ID = re.compile(r"\bCMMVC[0-9]{4,5}[EWI]\b")
_CONFLICT = re.compile(r"\bCMMVC(?:58|59)[0-9]{2}E\b")


class Map(NamedTuple):
    """One FlashCopy mapping."""

    name: str
    source: str
    target: str
    group: str
    status: str
    start_time: str
    restoring: bool
    remote_controlled: bool


def safe_name(name: str) -> str:
    """The name itself if it may stand in a command.  CONFIG if the shell could read something in it."""
    if not _NAME.match(name) or name.startswith("-"):
        allowed = "1 to 63 of A-Z a-z 0-9 _ . -"
        raise SidecarError(CONFIG, f"The name {name[:80]!r} may not be used in a command. Allowed: {allowed}")
    return name


def told_name(name: str) -> str:
    """A name that the array has told, as one word of a command: it may have blanks, and is quoted then.

    CONFIG as for `safe_name` (docs/platform-facts.md#array-families).
    """
    if " " not in name or not _TOLD_NAME.match(name):
        return safe_name(name)
    return f'"{name}"'


def lines_of(text: str) -> list[str]:
    """The lines of an answer, empty ones kept; SYSTEM if it is binary or endless."""
    if "\0" in text:
        raise SidecarError(SYSTEM, "The array answered with binary data. Check what listens at its address.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > ROW_LIMIT:
        raise SidecarError(SYSTEM, f"The array listed more than {ROW_LIMIT} rows.")
    return lines


def table(text: str, needed: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a listing with heading.  No line at all is an empty listing; a missing column is SYSTEM."""
    lines = [line for line in lines_of(text) if line.strip()]
    if not lines:
        return []
    start, heading = _heading(lines, needed)
    rows = []
    for line in lines[start + 1 :]:
        fields = line.split(DELIMITER)
        if len(fields) != len(heading):
            raise SidecarError(SYSTEM, f"The array's listing has a broken row: {line[:80]}.")
        rows.append({name: fields[at].strip() for at, name in enumerate(heading)})
    return rows


def _heading(lines: list[str], needed: tuple[str, ...]) -> tuple[int, list[str]]:
    """Where the heading stands, and its columns: the first line that has all that are needed."""
    nearest: list[str] = []
    for at, line in enumerate(lines[:BANNER_LIMIT]):
        columns = [column.strip() for column in line.split(DELIMITER)]
        missing = [name for name in needed if name not in columns]
        if not missing:
            return at, columns
        if not nearest or len(missing) < len(nearest):
            nearest = missing
    raise SidecarError(
        SYSTEM,
        f"The array's listing, asked for with -delim {DELIMITER}, lacks the column {nearest[0]}; it begins: "
        f"{lines[0][:80]}. Check its code level.",
    )


def lists_start_times(text: str) -> bool:
    """Whether an `lsfcmap` listing has the column, which older code levels do not have."""
    lines = [line for line in lines_of(text) if line.strip()]
    return not lines or "start_time" in _heading(lines, MAP_COLUMNS)[1]


def detail(text: str) -> list[tuple[str, str]]:
    """The `key!value` lines of a detail view, in order, repeated keys kept; SYSTEM if there are none."""
    found = []
    for line in lines_of(text):
        key, delimiter, value = line.partition(DELIMITER)
        if delimiter:
            found.append((key.strip(), value.strip()))
    if not found:
        raise SidecarError(SYSTEM, f"The array's answer has no fields: {text.strip()[:80] or 'it is empty'}.")
    return found


def first(fields: list[tuple[str, str]], key: str) -> str:
    """The first value of a key, "" if there is none."""
    return next((value for name, value in fields if name == key), "")


def every(fields: list[tuple[str, str]], key: str) -> list[str]:
    """All values of a key."""
    return [value for name, value in fields if name == key]


def maps_of(text: str) -> list[Map]:
    """The mappings of an `lsfcmap` listing; older code levels list no start time, which is "" then."""
    return [
        Map(
            row["name"],
            row["source_vdisk_name"],
            row["target_vdisk_name"],
            row["group_name"],
            row["status"].lower(),
            row.get("start_time", ""),
            row.get("restoring", "no").lower() == "yes",
            row.get("rc_controlled", "no").lower() == "yes",
        )
        for row in table(text, MAP_COLUMNS)
    ]


def group_state(fields: list[tuple[str, str]], maps: list[Map]) -> GroupState:
    """The state of a group from its own detail and its maps: they must agree.

    While a group starts, ends or completes, its maps may be a step apart: idle and copying, or stopped and
    stopping, go together; anything else is MIXED.
    """
    name = first(fields, "name")
    status = first(fields, "status").lower()
    if not status:
        raise SidecarError(
            SYSTEM, f"The array shows no status of consistency group {name}. Check its code level."
        )
    word = WORDS.get(status, UNKNOWN)
    members = sorted(every(fields, "FC_mapping_name"))
    listed = sorted(entry.name for entry in maps)
    if not listed:
        word = EMPTY
    elif any(entry.restoring or entry.remote_controlled for entry in maps):
        word = FOREIGN
    elif word != UNKNOWN and not _agree(word, [entry.status for entry in maps]):
        word = MIXED
    if members and members != listed and word != EMPTY:
        word = MIXED
    return GroupState(
        word,
        status,
        {entry.name: entry.start_time for entry in maps},
        tuple(entry.source for entry in maps),
        tuple(entry.target for entry in maps),
        tuple(entry.status for entry in maps),
    )


def _agree(word: str, statuses: list[str]) -> bool:
    """Whether every map's state is one that a map of such a group may have."""
    allowed = {
        FREE: {FREE},
        ACTIVE: {ACTIVE, FREE},
        RELEASING: {RELEASING, FREE},
        PREPARING: {PREPARING, PREPARED},
        PREPARED: {PREPARED},
        FAILED: {FAILED, ACTIVE, RELEASING},
        EMPTY: set(),
    }[word]
    # A stopped target is lost: in a copying group it is no copy, and the group is no copy either.
    if word == ACTIVE and "stopped" in statuses:
        return False
    return all(WORDS.get(status, UNKNOWN) in allowed for status in statuses)


def message_ids(reply: Reply) -> list[str]:
    """The message ids of an answer."""
    return _MESSAGE_ID.findall(f"{reply.err} {reply.out}"[:65536])


def is_conflict(reply: Reply) -> bool:
    """Whether the array says that the state forbids the request: the state decides then, not the id."""
    return bool(_CONFLICT.search(f"{reply.err} {reply.out}"[:65536]))


def has_error(reply: Reply) -> bool:
    """Whether an answer has the id of an error, whatever its exit status."""
    return any(found.endswith("E") for found in message_ids(reply))


def is_done(reply: Reply) -> bool:
    """Whether a task was surely done: exit status 0, nothing on standard error, no error on the other."""
    return reply.status == 0 and not reply.err.strip() and not has_error(reply)


def words_of(reply: Reply) -> str:
    """What the array said, on one line."""
    return " ".join(f"{reply.err} {reply.out}".split())[:200] or f"exit status {reply.status}"


def check_reply(reply: Reply, what: str) -> None:
    """An error for an answer that is not good, classified by the message id.

    Remarks on standard error do not spoil an answer; without an answer they are all that was said, and an
    empty listing is not believed then.
    """
    ids = message_ids(reply)
    if is_done(reply) or (reply.status == 0 and not has_error(reply) and (ids or reply.out.strip())):
        return
    if any(found in NOT_FOUND for found in ids):
        raise SidecarError(NOTFOUND, f"The array has no such {what}: {words_of(reply)}. Correct the spec.")
    if any(found in NOT_ALLOWED for found in ids):
        raise SidecarError(
            AUTH, f"The array's user may not do this to {what}: {words_of(reply)}. Give it CopyOperator."
        )
    if any(found in PROTECTED for found in ids):
        raise SidecarError(
            PENDING,
            f"The array protects a volume of {what} that was used within its vdisk_protection_time: "
            f"{words_of(reply)}. Ask again.",
        )
    if is_conflict(reply):
        raise SidecarError(REFUSED, f"The array refused this in the state of {what}: {words_of(reply)}.")
    raise SidecarError(
        SYSTEM, f"The array failed at {what}: {words_of(reply)}. Look the message up on the array."
    )


_CLOCK = re.compile(
    r"^[A-Z][a-z]{2} +([A-Z][a-z]{2}) +([0-9]{1,2}) ([0-9:]{8}) ([A-Za-z0-9+:_-]+) ([0-9]{4})$", re.MULTILINE
)


def age_s(stamp: str, clock: str) -> float:
    """Seconds from a start time (YYMMDDhhmmss) to what svqueryclock says; both are the array's local time.

    An unreadable one is an error: a copy of unknown age is not given up.
    """
    now, then = clock_at(clock), started_at(stamp)
    if now is None or then is None:
        said = " ".join(clock.split())[:60]
        raise SidecarError(
            SYSTEM, f"The age of a copy cannot be told from start time '{stamp[:20]}' and clock '{said}'."
        )
    return now[0] - then


def started_at(stamp: str) -> float | None:
    """The seconds of a start time (YYMMDDhhmmss), as if it were UTC; None where it is none."""
    if not re.match(r"[0-9]{12}\Z", stamp):
        return None
    year, *rest = (stamp[place : place + 2] for place in range(0, 12, 2))
    return seconds_of(f"20{year}", *rest)


def clock_at(said: str) -> tuple[float, str] | None:
    """What svqueryclock shows: seconds as if it were UTC, the name of the zone; None where it is no time."""
    found = _CLOCK.search(said.replace("\r", ""))
    clock = found[3].split(":") if found is not None else []
    if found is None or len(clock) != 3:
        return None
    at = seconds_of(found[5], found[1], found[2], *clock)
    return None if at is None else (at, found[4])


_CAPACITY = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([KMGTP]?)i?B?\Z")
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40, "P": 2**50}


def capacity(text: str) -> float | None:
    """Bytes of a capacity such as `1.50TB` or `1649267441664`; None for an empty or strange one."""
    match = _CAPACITY.match(text.strip())
    return float(match.group(1)) * _UNITS[match.group(2)] if match else None
