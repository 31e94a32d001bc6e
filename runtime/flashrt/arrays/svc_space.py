"""Storage Virtualize: is there room left for what the targets will have to keep?

A thin target grows with each write to its source; when its pool is full, the target goes offline and the copy
is lost (docs/platform-facts.md#svc-space).
"""

from __future__ import annotations

from flashrt.arrays.base import GroupState
from flashrt.arrays.svc_check import Asked
from flashrt.arrays.svc_parse import DELIMITER, capacity, check_reply, detail, every, safe_name, table
from flashrt.result import Result
from flashrt.status import SPACE, SYSTEM, SidecarError

MANY = "many"
"""The pool's name of a volume that has copies in several pools."""


def usage(array: Asked, state: GroupState, group: str, floor_percent: float, every_pool: bool) -> Result:
    """Free capacity of the pools that hold targets of the group: thin ones, or with `every_pool` all."""
    reply = array.ask(f"lssevdiskcopy -delim {DELIMITER}")
    check_reply(reply, "thin volumes")
    rows = table(reply.out, ("vdisk_name", "mdisk_grp_name", "used_capacity", "capacity"))
    thin = [row for row in rows if row["vdisk_name"] in state.targets]
    used = sum(capacity(row["used_capacity"]) or 0.0 for row in thin)
    whole = sum(capacity(row["capacity"]) or 0.0 for row in thin)
    percent = 100.0 * used / whole if whole else 0.0
    pools = sorted({row["mdisk_grp_name"] for row in thin} | (_pools(array, state) if every_pool else set()))
    if not pools:
        return Result(
            f"The targets of {group} are fully allocated: they cannot run out of space.", "OK", extra1="0"
        )
    worst, free = _worst_pool(array, pools)
    what = (
        f"The thin targets of {group} use {percent:.0f} percent" if thin else f"Targets of {group} are full"
    )
    text = f"{what}; pool {worst} has {free:.0f} percent free"
    if free < floor_percent:
        raise SidecarError(
            SPACE, f"{text}, the limit is {floor_percent:g}. Add capacity or remove data.", "SPACE"
        )
    return Result(f"{text}.", "OK", extra1=f"{percent:.0f}", extra2=f"{free:.0f}")


def _pools(array: Asked, state: GroupState) -> set[str]:
    """The pools of all targets; a mirrored volume has one for each of its copies."""
    reply = array.ask(f"lsvdisk -delim {DELIMITER}")
    check_reply(reply, "volumes")
    pools = {
        row["name"]: row["mdisk_grp_name"]
        for row in table(reply.out, ("name", "mdisk_grp_name"))
        if row["name"] in state.targets
    }
    if missing := sorted(set(state.targets) - set(pools)):
        raise SidecarError(SYSTEM, f"The array does not list volume {missing[0]}.")
    found = set(pools.values()) - {MANY}
    for volume in sorted(name for name, pool in pools.items() if pool == MANY):
        reply = array.ask(f"lsvdisk -delim {DELIMITER} {safe_name(volume)}")
        check_reply(reply, f"volume {volume}")
        found |= {pool for pool in every(detail(reply.out), "mdisk_grp_name") if pool != MANY}
    return found


def _worst_pool(array: Asked, pools: list[str]) -> tuple[str, float]:
    reply = array.ask(f"lsmdiskgrp -delim {DELIMITER}")
    check_reply(reply, "pools")
    free: list[tuple[float, str]] = []
    for row in table(reply.out, ("name", "capacity", "free_capacity")):
        whole, left = capacity(row["capacity"]), capacity(row["free_capacity"])
        if row["name"] in pools and whole and left is not None:
            free.append((100.0 * left / whole, row["name"]))
    if len(free) != len(pools):
        raise SidecarError(SYSTEM, f"The array does not show the capacity of pool {', '.join(pools)[:80]}.")
    percent, name = min(free)
    return name, percent
