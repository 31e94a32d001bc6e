"""Storage Virtualize: is there room left for what the targets will have to keep?

A thin target grows with each write to its source; when its pool is full, the target goes offline and the copy
is lost (docs/platform-facts.md#svc-space).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from flashrt.arrays.svc_parse import DELIMITER, capacity, check_reply, detail, every, safe_name, table
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
    """Free capacity of the pools that hold thin ones of the targets, or any of the volumes in `watched`."""
    reply = array.ask(f"lssevdiskcopy -delim {DELIMITER}")
    check_reply(reply, "thin volumes")
    rows = table(reply.out, ("vdisk_name", "mdisk_grp_name", "used_capacity", "capacity"))
    own = set(targets)
    thin = [row for row in rows if row["vdisk_name"] in own]
    used = sum(capacity(row["used_capacity"]) or 0.0 for row in thin)
    whole = sum(capacity(row["capacity"]) or 0.0 for row in thin)
    percent = 100.0 * used / whole if whole else 0.0
    pools = sorted({row["mdisk_grp_name"] for row in thin} | pools_of(array, watched))
    if not pools:
        return Result(
            f"The targets of {group} are fully allocated: they cannot run out of space.", "OK", extra1="0"
        )
    worst, free = worst_pool(array, pools)
    what = (
        f"The thin targets of {group} use {percent:.0f} percent" if thin else f"Targets of {group} are full"
    )
    text = f"{what}; pool {worst} has {free:.0f} percent free"
    if free < floor_percent:
        raise SidecarError(
            SPACE, f"{text}, the limit is {floor_percent:g}. Add capacity or remove data.", "SPACE"
        )
    return Result(f"{text}.", "OK", extra1=f"{percent:.0f}", extra2=f"{free:.0f}")


FULL_PERCENT = 1.0
"""A pool with less than that free has no extent to give: capacities are rounded, and extents are large."""


def is_full(array: Asked, volumes: Iterable[str]) -> bool:
    """Whether a pool of these volumes has nothing left."""
    pools = pools_of(array, volumes)
    return bool(pools) and worst_pool(array, pools)[1] < FULL_PERCENT


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
        reply = array.ask(f"lsvdisk -delim {DELIMITER} {safe_name(volume)}")
        check_reply(reply, f"volume {volume}")
        found |= {pool for pool in every(detail(reply.out), "mdisk_grp_name") if pool != MANY}
    return found


def worst_pool(array: Asked, pools: Iterable[str]) -> tuple[str, float]:
    """Of these pools the one with the least free capacity, and how much: percent."""
    wanted = sorted(pools)
    reply = array.ask(f"lsmdiskgrp -delim {DELIMITER}")
    check_reply(reply, "pools")
    free: list[tuple[float, str]] = []
    for row in table(reply.out, ("name", "capacity", "free_capacity")):
        whole, left = capacity(row["capacity"]), capacity(row["free_capacity"])
        if row["name"] in wanted and whole and left is not None:
            free.append((100.0 * left / whole, row["name"]))
    if len(free) != len(wanted):
        raise SidecarError(SYSTEM, f"The array does not show the capacity of pool {', '.join(wanted)[:80]}.")
    percent, name = min(free)
    return name, percent
