"""Storage Virtualize: volume groups, their snapshots and what thin clones show, read.  Pure functions.

A thin clone is a volume of its own that reads what it has not written itself from one part of a snapshot;
which snapshot that is, the population of the volume tells (docs/platform-facts.md#svc-snapshots).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flashrt.arrays.base import (
    ACTIVE,
    EMPTY,
    FAILED,
    FOREIGN,
    FREE,
    MIXED,
    PREPARED,
    TAKEN,
    UNKNOWN,
    GroupState,
)
from flashrt.arrays.svc_parse import first, table

READY, TRIGGERED = "ready", "active"
GOING = ("deleting", "dependent_deleting")
"""The array's states of a snapshot: prepared, taken, on its way out (a thin clone may still read from it)."""

CLONES = "thinclone"
UNLIKE, RESTORING, OFFLINE, TORN = "unlike", "restoring", "offline", "torn"
"""Our words: not a thin clone of each volume; overwritten on purpose; not readable; of several snapshots."""


class Snapshot(NamedTuple):
    """A snapshot of a volume group; `whole` if it has every volume that the group has now.

    `kept`: it has a time until which it may not be removed, or is safeguarded.
    """

    name: str
    time: str
    state: str
    whole: bool
    kept: bool


class Member(NamedTuple):
    """A volume of a volume group."""

    name: str
    online: bool


class Shown(NamedTuple):
    """A thin clone, its source volume, and the snapshot that it reads from."""

    volume: str
    source: str
    snapshot: str


def members_of(text: str, group: str) -> list[Member]:
    """The volumes of a volume group, from `lsvdisk`."""
    return [
        Member(row["name"], row["status"].lower() == "online")
        for row in table(text, ("name", "status", "volume_group_name"))
        if row["volume_group_name"] == group
    ]


def snapshots_of(text: str, group: str) -> dict[str, Snapshot]:
    """The snapshots of a volume group by name, from `lsvolumegroupsnapshot`."""
    needed = (
        "name",
        "volume_group_name",
        "time",
        "state",
        "matches_group",
        "safeguarded",
        "expiration_time",
    )
    return {
        row["name"]: Snapshot(
            row["name"],
            row["time"],
            row["state"].lower(),
            row["matches_group"].lower() == "yes",
            row["safeguarded"].lower() != "no" or bool(row["expiration_time"]),
        )
        for row in table(text, needed)
        if row["volume_group_name"] == group
    }


def shown_by(text: str, group: str) -> list[Shown]:
    """What the thin clones of a volume group show, from `lsvolumepopulation`."""
    needed = ("volume_name", "source_volume_name", "source_snapshot", "volume_group_name", "type")
    return [
        Shown(row["volume_name"], row["source_volume_name"], row["source_snapshot"])
        for row in table(text, needed)
        if row["volume_group_name"] == group and row["type"].lower() == CLONES
    ]


class Seen(NamedTuple):
    """A volume group and that of its thin clones, as read: details, volumes, snapshots, what is shown."""

    source: list[tuple[str, str]]
    target: list[tuple[str, str]]
    sources: list[Member]
    targets: list[Member]
    snapshots: dict[str, Snapshot]
    shown: list[Shown]


def judge(seen: Seen, own: str, ours: Sequence[str]) -> GroupState:
    """The state of a copy.  `own` is the snapshot of the last run of ours ("" for none), `ours` those of all.

    Snapshots of others are beside it: nothing is done with them.
    """
    pairs = {one.volume: one for one in seen.shown}
    names = {one.snapshot for one in seen.shown if one.snapshot}
    last = seen.snapshots.get(own)
    word, state = _judged(seen, pairs, names, last, ours)
    if last is not None and last.state == TRIGGERED and word in (TAKEN, ACTIVE):
        times = dict.fromkeys((one.name for one in seen.targets), last.time)
    else:
        known = {name: one.time for name, one in seen.snapshots.items()}
        times = {
            one.name: known.get(pairs[one.name].snapshot, "") if one.name in pairs else ""
            for one in seen.targets
        }
    return GroupState(
        word,
        state,
        times,
        tuple(one.name for one in seen.sources),
        tuple(one.name for one in seen.targets),
        tuple(sorted(names)) or (state,),
    )


def _judged(
    seen: Seen, pairs: dict[str, Shown], names: set[str], last: Snapshot | None, ours: Sequence[str]
) -> tuple[str, str]:
    if not seen.sources or not seen.targets:
        return EMPTY, "empty"
    if "yes" in (first(fields, "restore_in_progress").lower() for fields in (seen.source, seen.target)):
        return FOREIGN, RESTORING
    if set(pairs) != {one.name for one in seen.targets} or sorted(one.source for one in seen.shown) != sorted(
        one.name for one in seen.sources
    ):
        return FOREIGN, UNLIKE
    if not all(one.online for one in seen.targets):
        return FAILED, OFFLINE
    strange = [one.state for name, one in seen.snapshots.items() if name in names]
    if any(state not in (TRIGGERED, *GOING) for state in strange):
        return UNKNOWN, sorted(strange)[0]
    if last is not None and last.state not in GOING:
        if last.state == READY:
            return PREPARED, READY
        if last.state != TRIGGERED:
            return UNKNOWN, last.state
        return (ACTIVE, TRIGGERED) if names == {last.name} else (TAKEN, "taken")
    if len(names) > 1:
        return (FREE, TORN) if names <= set(ours) else (MIXED, "mixed")
    return (ACTIVE, TRIGGERED) if names else (FREE, "idle")
