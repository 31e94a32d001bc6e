"""Storage Virtualize: is there room left for what the targets will have to keep?

A thin target grows with each write to its source; when its pool is full, the target goes offline and the copy
is lost.  When drives that compress are physically full, every volume on them goes offline, production's as
well (docs/platform-facts.md#svc-space).
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import NamedTuple, Protocol

from flashrt.arrays.svc_parse import DELIMITER, capacity, check_reply, detail, every, first, table, told_name
from flashrt.edges import Reply
from flashrt.result import Result
from flashrt.status import SPACE, SYSTEM, SidecarError

MANY = "many"
"""The pool's name of a volume that has copies in several pools."""


class Asked(Protocol):
    """What takes a command."""

    def ask(self, command: str) -> Reply:
        """The answer to a command."""


def usage(
    array: Asked, group: str, targets: Iterable[str], floor_percent: float, watched: Iterable[str]
) -> Result:
    """Free capacity of the pools that hold thin ones of the targets, or any of the volumes in `watched`.

    Where the drives of a pool compress, what fully allocated targets write takes physical capacity as well.
    """
    reply = array.ask(f"lssevdiskcopy -delim {DELIMITER}")
    check_reply(reply, "thin volumes")
    rows = table(reply.out, ("vdisk_name", "mdisk_grp_name", "used_capacity", "capacity"))
    own = set(targets)
    thin = [row for row in rows if row["vdisk_name"] in own]
    used = sum(capacity(row["used_capacity"]) or 0.0 for row in thin)
    whole = sum(capacity(row["capacity"]) or 0.0 for row in thin)
    percent = 100.0 * used / whole if whole else 0.0
    grow = {row["mdisk_grp_name"] for row in thin} | pools_of(array, watched)
    rooms = rooms_of(array, grow | pools_of(array, own))
    rooms = [room for room in rooms if room.pool in grow or room.compressed]
    if not rooms:
        return Result(
            f"The targets of {group} are fully allocated: they cannot run out of space.", "OK", extra1="0"
        )
    worst = min(rooms)
    what = (
        f"The thin targets of {group} use {percent:.0f} percent" if thin else f"Targets of {group} are full"
    )
    text = f"{what}; pool {worst.pool} has {worst.free:.0f} percent {worst.what}free"
    if worst.free < floor_percent:
        raise SidecarError(
            SPACE, f"{text}, the limit is {floor_percent:g}. Add capacity or remove data.", "SPACE"
        )
    return Result(f"{text}.", "OK", extra1=f"{percent:.0f}", extra2=f"{worst.free:.0f}")


FULL_PERCENT = 1.0
"""A pool with less than that free has no extent to give: capacities are rounded, and extents are large."""


def is_full(array: Asked, volumes: Iterable[str]) -> bool:
    """Whether a pool of these volumes has nothing left."""
    rooms = rooms_of(array, pools_of(array, volumes))
    return bool(rooms) and min(rooms).free < FULL_PERCENT


def pools_of(array: Asked, volumes: Iterable[str]) -> set[str]:
    """The pools of volumes; a mirrored one has one for each of its copies."""
    wanted = set(volumes)
    if not wanted:
        return set()
    reply = array.ask(f"lsvdisk -delim {DELIMITER}")
    check_reply(reply, "volumes")
    pools = {
        row["name"]: row["mdisk_grp_name"]
        for row in table(reply.out, ("name", "mdisk_grp_name"))
        if row["name"] in wanted
    }
    if missing := sorted(wanted - set(pools)):
        raise SidecarError(SYSTEM, f"The array does not list volume {missing[0]}.")
    found = set(pools.values()) - {MANY}
    for volume in sorted(name for name, pool in pools.items() if pool == MANY):
        reply = array.ask(f"lsvdisk -delim {DELIMITER} {told_name(volume)}")
        check_reply(reply, f"volume {volume}")
        found |= {pool for pool in every(detail(reply.out), "mdisk_grp_name") if pool != MANY}
    return found


class Room(NamedTuple):
    """What is left in a pool, of its capacity or of that of its drives."""

    free: float
    """Percent."""

    pool: str
    what: str
    """Word for a message, with a blank behind it."""

    compressed: bool
    """The drives compress: the pool shows more than they can hold."""


COMPRESSED = 0.9
"""Drives that hold less than this share of what their pool shows are drives that compress; the others lose
less than that to overhead, and their physical capacity says nothing that the pool's own does not."""


def rooms_of(array: Asked, pools: Set[str]) -> list[Room]:
    """What is left in each pool; where its drives compress, of their physical capacity as well.

    Of a child pool that is its parent's.  Levels that show no physical capacity have no such drives.
    """
    if not pools:
        return []
    reply = array.ask(f"lsmdiskgrp -delim {DELIMITER}")
    check_reply(reply, "pools")
    ids = {row["name"]: row["id"] for row in table(reply.out, ("id", "name"))}
    found = []
    for pool in sorted(pools):
        fields = _pool(array, ids.get(pool, ""), pool)
        free = _percent(fields, "free_capacity", "capacity")
        if free is None:
            raise SidecarError(SYSTEM, f"The array does not show the capacity of pool {pool[:80]}.")
        found.append(Room(free, pool, "", compressed=False))
        parent = first(fields, "parent_mdisk_grp_id")
        drives = _pool(array, parent, pool) if parent not in ("", ids[pool]) else fields
        whole, physical = capacity(first(drives, "capacity")), capacity(first(drives, "physical_capacity"))
        left = _percent(drives, "physical_free_capacity", "physical_capacity")
        if left is not None and whole and physical and physical < COMPRESSED * whole:
            found.append(Room(left, pool, "of its physical capacity ", compressed=True))
    return found


def _pool(array: Asked, number: str, pool: str) -> list[tuple[str, str]]:
    """The detail of a pool, asked for by its id, since its name may have blanks."""
    if not number.isdigit():
        raise SidecarError(SYSTEM, f"The array does not list pool {pool[:80]}.")
    reply = array.ask(f"lsmdiskgrp -delim {DELIMITER} {number}")
    check_reply(reply, f"pool {pool[:80]}")
    return detail(reply.out)


def _percent(fields: list[tuple[str, str]], left: str, whole: str) -> float | None:
    of, free = capacity(first(fields, whole)), capacity(first(fields, left))
    return None if not of or free is None else 100.0 * free / of
