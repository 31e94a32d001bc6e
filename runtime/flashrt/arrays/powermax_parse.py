"""VMAX and PowerMax: what Unisphere's REST interface answers, as records (docs/platform-facts.md#powermax).

Newer and older releases call the same things differently: a snapshot is told by its id or by a generation,
and members are written with underscores or in one word.  Both forms are read; what cannot be is an error.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from flashrt.arrays.base import ACTIVE, EMPTY, FAILED, FOREIGN, FREE, MIXED, UNKNOWN, GroupState
from flashrt.status import SYSTEM, SidecarError

_STAMP = re.compile(r"(\d\d):(\d\d):(\d\d) \w+, (\d\d) (\w{3}) (\d{4}) .*?([+-]\d\d)(\d\d)\Z")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_GOOD = frozenset(("established", "linked", "defined", "copied", "copying"))
_BAD = frozenset(("failed", "expired"))


class Linked(NamedTuple):
    """A volume that shows a snapshot of another one; `defined`: it can be used."""

    group: str
    source: str
    target: str
    defined: bool


class Snapshot(NamedTuple):
    """One instant of a storage group.

    `number` names it in a path, by id or by generation; a generation moves with each new snapshot, so `ident`
    is what tells one from another: the id, or the time where there is none.
    """

    number: str
    ident: str
    taken: int
    states: tuple[str, ...]
    sources: tuple[str, ...]
    links: tuple[Linked, ...]


def either(row: dict[str, Any], *keys: str) -> Any:
    """The first of these members that is there; None where none is."""
    return next((row[key] for key in keys if row.get(key) is not None), None)


def texts(value: object, what: str) -> list[str]:
    """A list of texts or numbers, as texts."""
    if not isinstance(value, list) or not all(isinstance(one, (str, int)) for one in value):
        raise SidecarError(SYSTEM, f"The array does not list {what}. Check its release.")
    return [str(one) for one in value]


def free_percent(row: dict[str, Any]) -> float | None:
    """How much of a storage resource pool is free; None where it is not shown.

    From PowerMaxOS 10 on it has a capacity as data are written, which counts on their being reduced, and that
    of its drives: the lesser counts.
    """
    older, newer = row.get("srp_capacity"), row.get("fba_srp_capacity")
    if isinstance(older, dict):
        return _free(older.get("usable_total_tb"), older.get("usable_used_tb"))
    effective = newer.get("effective") if isinstance(newer, dict) else None
    physical = effective.get("physical_capacity") if isinstance(effective, dict) else None
    if not isinstance(effective, dict) or not isinstance(physical, dict):
        return None
    both = [_free(one.get("total_tb"), one.get("used_tb")) for one in (effective, physical)]
    return None if None in both else min(one for one in both if one is not None)


def _free(whole: object, used: object) -> float | None:
    if not isinstance(whole, (int, float)) or not isinstance(used, (int, float)) or whole <= 0:
        return None
    return 100.0 * max(0.0, whole - used) / whole


def seconds(stamp: str) -> int:
    """Epoch seconds of a time such as 10:58:56 Tue, 09 Jul 2024 +0000; 0 where it is none."""
    found = _STAMP.search(stamp)
    if found is None or found[5] not in _MONTHS:
        return 0
    hour, minute, second, day, year = (int(found[n]) for n in (1, 2, 3, 4, 6))
    at = calendar.timegm((year, _MONTHS.index(found[5]) + 1, day, hour, minute, second))
    ahead = int(found[7]) * 3600 + int(found[7][0] + found[8]) * 60
    return at - ahead


def snapshot(row: dict[str, Any], number: str) -> Snapshot:
    """A snapshot from its details."""
    stamp = str(row.get("timestamp", ""))
    utc = row.get("timestamp_utc")
    taken = utc // 1000 if isinstance(utc, int) and utc > 0 else seconds(stamp)
    ident = row.get("snapid")
    if not taken or (ident is None and not stamp):
        raise SidecarError(SYSTEM, f"Snapshot {number} shows no time. Check the release of the array.")
    listed = either(row, "linked_storage_group", "linkedStorageGroup") or []
    sources = either(row, "source_volume", "sourceVolume") or []
    if not isinstance(listed, list) or not isinstance(sources, list):
        raise SidecarError(SYSTEM, f"Snapshot {number} cannot be read. Check the release of the array.")
    return Snapshot(
        number,
        str(ident if ident is not None else taken),
        taken,
        tuple(one.lower() for one in texts(row.get("state"), "the states of a snapshot")),
        tuple(str(one.get("name", "")) for one in sources if isinstance(one, dict)),
        tuple(_linked(one) for one in listed if isinstance(one, dict)),
    )


def _linked(row: dict[str, Any]) -> Linked:
    defined = row.get("defined")
    return Linked(
        str(row.get("name", "")),
        str(either(row, "source_volume_name", "sourceVolumeName") or ""),
        str(either(row, "linked_volume_name", "linkedVolumeName") or ""),
        # Older releases do not tell: there a link that is listed can be used.
        defined is not False,
    )


def listed_volume(row: dict[str, Any], needed: Sequence[str]) -> dict[str, Any] | None:
    """A volume of one of the newer lists, as it tells it itself; None where the list does not tell all of it.

    Its groups and its SRDF groups are objects there, whose `id` is the name or the number.
    """
    groups = _ids(row.get("storage_groups"))
    pairs = row.get("rdf_infos") or []
    if any(row.get(key) is None for key in needed) or groups is None or not isinstance(pairs, list):
        return None
    remote = _ids([one.get("local_rdf_group") if isinstance(one, dict) else None for one in pairs])
    if remote is None or len(remote) != row["num_of_rdf_infos"] or not all(n.isdecimal() for n in remote):
        return None
    found = {key: row[key] for key in needed if not key.startswith(("storage_", "num_of_", "id"))}
    found |= {"volumeId": str(row["id"]), "storageGroupId": groups, "effective_wwn": row.get("effective_wwn")}
    if remote:
        found["rdfGroupId"] = [{"rdf_group_number": int(number)} for number in remote]
    used, whole = row.get("effective_used_capacity_gb"), row["cap_gb"]
    if isinstance(used, (int, float)) and isinstance(whole, (int, float)) and whole > 0:
        found["allocated_percent"] = min(100.0, 100.0 * used / whole)
    return found


def _ids(objects: object) -> list[str] | None:
    """The ids of objects in a list; None where one has none."""
    if not isinstance(objects, list):
        return None
    found = [one.get("id") if isinstance(one, dict) else None for one in objects]
    return [str(one) for one in found] if None not in found else None


def judge_group(
    sources: Sequence[str],
    targets: Sequence[str],
    target_group: str,
    snapshots: Sequence[Snapshot],
    busy: Sequence[str],
) -> GroupState:
    """The state of a copy: which snapshot its target group shows, and whether all of it does.

    `busy` are the targets that some snapshot or remote copy uses, as the array says of each volume.
    `start_times` are the times of the snapshots by what tells them apart.
    """
    shown = [(one, link) for one in snapshots for link in one.links if link.group == target_group]
    covered = {link.target for _, link in shown}
    states = tuple(sorted({state for one, _ in shown for state in one.states}))
    which = {one.ident for one, _ in shown}
    if not sources or not targets:
        word = EMPTY
    elif set(busy) - covered:
        word = FOREIGN
    elif not shown:
        word = FREE
    elif any(state in _BAD for state in states):
        word = FAILED
    elif "restored" in states:
        word = FOREIGN
    elif any(state not in _GOOD for state in states):
        word = UNKNOWN
    elif len(which) == 1 and covered == set(targets) and {link.source for _, link in shown} == set(sources):
        word = ACTIVE
    else:
        word = MIXED
    state = {FREE: "not linked", ACTIVE: "linked"}.get(word, ", ".join(states) or "in use")
    times = {one.ident: str(one.taken) for one in snapshots}
    return GroupState(word, state, times, tuple(sources), tuple(targets), states)


def shows(snapshots: Sequence[Snapshot], target_group: str) -> list[Snapshot]:
    """The snapshots that a target group shows (a part of)."""
    return [one for one in snapshots if any(link.group == target_group for link in one.links)]
