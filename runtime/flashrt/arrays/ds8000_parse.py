"""DS8000: what its REST interface answers, as records, and what the relations of a copy's volumes mean.

The forms are in docs/platform-facts.md#ds8000.  Whatever cannot be read is an error, and a state that is not
known is UNKNOWN: it is never taken for free.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from flashrt.arrays.base import ACTIVE, FAILED, FOREIGN, FREE, MIXED, UNKNOWN, GroupState
from flashrt.localtime import seconds_of
from flashrt.result import plain
from flashrt.status import AUTH, NOTFOUND, SYSTEM, SidecarError

GOOD_STATES = frozenset(("valid", "validation_required"))
"""States of a relation whose target can be used."""

BAD_STATES = frozenset(("invalid", "target_failed", "source_failed", "volume_inaccessible", "failed"))
"""States of a relation whose target has lost its contents."""

NONE = "no relation"
"""The state of a copy of which no pair has a relation."""

MADE = "made"
"""In place of the time of a relation, where none is shown."""

TOKEN_CODES = frozenset(("BE7A001A", "BE7A001B"))
"""The token is not valid (any more): nothing was done, and a new one may be got."""

AUTH_CODES = TOKEN_CODES | frozenset(
    ("BE7A0027", "BE7A0028", "BE7A0029", "BE7A002A", "BE7A002B", "BE7A002C", "BE7A002D")
)


_SEQUENCE = re.compile(r"[0-9A-F]{1,4}\Z")
_SYNCED = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{1,2}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) \S+ ([0-9]{4})\Z"
)
_GREETING = re.compile(
    r"Date/Time: ([A-Z][a-z]+) ([0-9]{1,2}), ([0-9]{4}),? (?:at )?"
    r"([0-9]{1,2}):([0-9]{2}):([0-9]{2})\s([AP])M (\S+)"
)


class Envelope(NamedTuple):
    """One answer: whether it says ok, its id and sentence, its data, and an answer for each part of it.

    `total`: how many objects of the kind there are, "" where that is not said.
    """

    good: bool
    code: str
    message: str
    data: dict[str, Any]
    parts: tuple[Envelope, ...]
    token: str
    total: str


class Relation(NamedTuple):
    """A FlashCopy relation as one of its volumes shows it.

    `stamp` tells this copy from the one before, where the system says when it was taken.  `copying`: the
    background copy is at work.
    """

    source: str
    target: str
    state: str
    recording: bool
    stamp: str = MADE
    copying: bool = False

    @property
    def id(self) -> str:
        """SSSS:TTTT"""
        return f"{self.source}:{self.target}"


def envelope(text: str) -> Envelope | None:
    """The answer in a body; None where it is none of this interface."""
    try:
        # Numbers stay texts: one of a million digits would take minutes to read.
        found = json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return _envelope(found)


def _envelope(found: object) -> Envelope | None:
    if not isinstance(found, dict) or not isinstance(found.get("server"), dict):
        return None
    server, data, token = found["server"], found.get("data", {}), found.get("token", {})
    listed, counts = found.get("responses", []), found.get("counts")
    if not isinstance(listed, list) or not isinstance(data, dict) or not isinstance(token, dict):
        return None
    parts = [_envelope(one) for one in listed]
    if any(one is None for one in parts):
        return None
    return Envelope(
        server.get("status") == "ok",
        plain(str(server.get("code", "")))[:20],
        plain(str(server.get("message", "")))[:160],
        data,
        tuple(one for one in parts if one is not None),
        str(token.get("token", "")),
        str(counts.get("total_counts", "")) if isinstance(counts, dict) else "",
    )


def rows(found: Envelope, kind: str) -> list[dict[str, Any]]:
    """The objects of a kind in an answer; SYSTEM where there is no list of them."""
    listed = found.data.get(kind)
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise SidecarError(
            SYSTEM, f"The answer has no list of {kind}. Check the release of the storage system."
        )
    return listed


def whole_rows(found: Envelope, kind: str) -> list[dict[str, Any]] | None:
    """The same of a long list; None where it does not say that it is all there is."""
    listed = rows(found, kind)
    return listed if found.total == str(len(listed)) else None


def text_of(row: dict[str, Any], key: str, what: str) -> str:
    """A text that an object must have."""
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise SidecarError(SYSTEM, f"{what} shows no {key}. Check the release of the storage system.")
    return value


def id_in(row: dict[str, Any], *keys: str) -> str:
    """The id of the object that one of these members points at; "" where none does.

    Releases differ in the member's name, and some say `name` where others say `id`.
    """
    for key in keys:
        value = row.get(key)
        if isinstance(value, dict):
            return str(value.get("id") or value.get("name") or "").upper()
    return ""


def relations(listed: Sequence[dict[str, Any]]) -> list[Relation]:
    """The relations of a list."""
    made = []
    for row in listed:
        source = id_in(row, "sourcevolume", "source_volume")
        target = id_in(row, "targetvolume", "target_volume")
        if not source or not target:
            raise SidecarError(SYSTEM, "A FlashCopy relation shows no volumes. Check the release.")
        recording = str(row.get("recording", "")).lower() == "enabled"
        made.append(Relation(source, target, str(row.get("state", "")).lower(), recording))
    return made


def number(row: dict[str, Any], key: str) -> float | None:
    """A count of bytes; None where it is not said."""
    value = row.get(key)
    if not isinstance(value, str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def stamped(synced: str, number: str) -> str:
    """What tells a copy from another: when it was taken, and the number that it was given; "" for unread."""
    return f"{synced} #{number.lstrip('0') or '0'}" if _SEQUENCE.match(number) else synced


def number_of(stamp: str) -> str:
    """The number in what tells a copy from another; "" where it has none."""
    return stamp.rpartition(" #")[2] if " #" in stamp else ""


def synced_at(stamp: str) -> float | None:
    """The seconds of a time such as Thu Sep 18 23:04:05 CEST 2014, as if it were UTC; None where it is none.

    The name of its zone is not looked at: names are not unique.
    """
    found = _SYNCED.match(stamp.partition(" #")[0])
    return seconds_of(found[6], *found.group(1, 2, 3, 4, 5)) if found is not None else None


def greeted_at(said: str) -> tuple[float, str] | None:
    """The time of a greeting, Date/Time: September 18, 2014 11:04:05 PM CEST ..., and the name of its zone.

    In seconds as if it were UTC.  None where DSCLI does not greet, or in the words of another country.
    """
    found = _GREETING.search(said)
    if found is None:
        return None
    hour = int(found[4]) % 12 + (12 if found[7] == "P" else 0)
    at = seconds_of(found[3], found[1], found[2], str(hour), found[5], found[6])
    return None if at is None else (at, found[8][:40])


def judge_pairs(pairs: Sequence[tuple[str, str]], seen: dict[str, list[Relation]]) -> GroupState:
    """The state of a copy by the relations that each of its targets is in (`seen`, by volume).

    The word of the whole is that of its pairs where they agree.  One pair that is used for something else
    makes the copy FOREIGN, one in a state that is not known UNKNOWN.
    """
    words = [_word(source, target, seen[target]) for source, target in pairs]
    found = [one for target in dict.fromkeys(target for _, target in pairs) for one in seen[target]]
    states = tuple(one.state for one in found)
    for word in (FOREIGN, UNKNOWN, FAILED):
        if word in words:
            whole = word
            break
    else:
        whole = words[0] if len(set(words)) == 1 else MIXED
    shown = ", ".join(sorted(set(states))) or NONE
    return GroupState(
        whole,
        shown if whole != MIXED else f"{words.count(ACTIVE)} of {len(words)} relations",
        {
            f"{s}:{t}": next((one.stamp for one in seen[t] if (one.source, one.target) == (s, t)), "")
            for s, t in pairs
        },
        tuple(source for source, _ in pairs),
        tuple(target for _, target in pairs),
        tuple(words),
    )


def _word(source: str, target: str, found: Sequence[Relation]) -> str:
    """One pair: its target is in no relation, in that with its source, or in another one."""
    if not found:
        return FREE
    if len(found) > 1 or (found[0].source, found[0].target) != (source, target):
        return FOREIGN
    state = found[0].state
    if state in GOOD_STATES:
        return ACTIVE
    return FAILED if state in BAD_STATES else UNKNOWN


def refused(status: int, found: Envelope | None, what: str, device: str) -> SidecarError:
    """An answer that is no good one."""
    if found is None:
        return SidecarError(SYSTEM, f"{device}: {what} was answered with status {status}, without a reason.")
    said = f"{device}: {what} was refused: {found.code} {found.message}".strip()
    if status in (401, 403) or found.code in AUTH_CODES:
        return SidecarError(AUTH, f"{said} Check the user, its role and the password file.")
    return SidecarError(NOTFOUND if status == 404 else SYSTEM, said)


def all_done(found: Envelope, count: int) -> str:
    """ "" when each of `count` pairs was done (0: what has no parts), else what is wrong."""
    if not found.good:
        return f"{found.code} {found.message}".strip() or "refused without a reason"
    bad = [one for one in found.parts if not one.good]
    if bad:
        return f"{len(bad)} of {count} failed: {bad[0].code} {bad[0].message}".strip()
    if count and len(found.parts) != count and (count, len(found.parts)) != (1, 0):
        return f"{len(found.parts)} answers to {count} pairs"
    return ""
