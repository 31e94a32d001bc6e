"""Storage Virtualize: volumes of a copy that are in remote copy or HyperSwap, as one of two sides.

A copy is of the volume that its map names, not of the side that production writes to.  Where these differ,
and the sides are not the same at any time, what is copied is not production's
(docs/platform-facts.md#svc-mirrors).
"""

from __future__ import annotations

from collections.abc import Iterable

from flashrt.arrays.svc_check import Asked
from flashrt.arrays.svc_parse import DELIMITER, check_reply, detail, first, table
from flashrt.arrays.svc_sizes import Rows
from flashrt.consoles.base import Finding
from flashrt.status import FOREIGN, MISMATCH

IN_STEP = "consistent_synchronized"
SAME_AT_ONCE = ("metro", "activeactive")
"""Kinds of relationships whose sides are alike at each write, as long as they are in step."""

IDLE = ("idling", "idling_disconnected")
"""Neither side is copied to the other: each is written by those who see it, and has no primary."""

COLUMNS = (
    "name",
    "master_cluster_id",
    "master_vdisk_name",
    "aux_cluster_id",
    "aux_vdisk_name",
    "primary",
    "state",
    "copy_type",
)


def look(
    name: str, array: Asked, volumes: Rows, sources: Iterable[str], targets: Iterable[str]
) -> list[Finding]:
    """What there is to say of volumes that are in a relationship; nothing where none is."""
    related = {volume for volume, row in volumes.items() if row.get("RC_name")}
    mirrored = sorted(related & set(sources)), sorted(related & set(targets))
    if not any(mirrored):
        return []
    reply = array.ask(f"lssystem -delim {DELIMITER}")
    check_reply(reply, "system")
    own = first(detail(reply.out), "id")
    reply = array.ask(f"lsrcrelationship -delim {DELIMITER}")
    check_reply(reply, "relationships")
    rows = table(reply.out, COLUMNS)
    found = [_source(name, one, _sides(rows, own, one)) for one in mirrored[0]]
    bad = [one for one in found if not one.ok]
    return [*(bad or found)[:1], *(_target(name, one, _sides(rows, own, one)) for one in mirrored[1][:1])]


def _sides(rows: list[dict[str, str]], own: str, volume: str) -> tuple[dict[str, str], str]:
    """The relationship of a volume of this system, and which side of it the volume is; "" for none shown."""
    for row in rows:
        for side in ("master", "aux"):
            if (row[f"{side}_cluster_id"], row[f"{side}_vdisk_name"]) == (own, volume):
                return row, side
    return dict.fromkeys(COLUMNS, ""), ""


def _source(name: str, volume: str, found: tuple[dict[str, str], str]) -> Finding:
    row, side = found
    what = f"Source {volume} on {name} is the {side or 'unknown'} side of remote copy {row['name'] or '?'}"
    state = f"whose primary is {row['primary'] or 'neither'}, state {row['state'] or 'not shown'}"
    alike = row["state"] == IN_STEP and row["copy_type"].lower() in SAME_AT_ONCE
    if side and (row["primary"] == side or alike or row["state"] in IDLE):
        return Finding("array.mirrors", True, f"{what}, {state}: it holds what production writes.")
    text = f"{what}, {state}: what it holds may be older than production's data. Copy the primary side."
    return Finding("array.mirrors", False, text, MISMATCH)


def _target(name: str, volume: str, found: tuple[dict[str, str], str]) -> Finding:
    row, side = found
    text = (
        f"Target {volume} on {name} is in remote copy {row['name'] or '?'}, as its {side or 'unknown'} side."
    )
    return Finding("array.mirrors", False, f"{text} Take it out, or choose another target.", FOREIGN)
