"""Storage Virtualize: each target is as large as its source.

A source that was expanded has a target of another size, and is not copied then: that is told by the checks,
not by a flash that is refused (docs/platform-facts.md#svc-sizes).
"""

from __future__ import annotations

from collections import Counter

from flashrt.arrays.base import GroupState
from flashrt.arrays.svc_check import Asked
from flashrt.arrays.svc_parse import DELIMITER, check_reply, table
from flashrt.consoles.base import Finding
from flashrt.status import MISMATCH

Rows = dict[str, dict[str, str]]
"""What the list of all volumes says, by name."""


def volumes_of(array: Asked) -> Rows:
    """All volumes of a system."""
    reply = array.ask(f"lsvdisk -delim {DELIMITER}")
    check_reply(reply, "volumes")
    return {row["name"]: row for row in table(reply.out, ("name",))}


def look(title: str, volumes: Rows, state: GroupState) -> Finding:
    """As many volumes of each size on both sides of a group: thin clones have an order of their own."""
    sizes = {one: volumes.get(one, {}).get("capacity", "") for one in (*state.sources, *state.targets)}
    alone = Counter(sizes[one] for one in state.sources) - Counter(sizes[one] for one in state.targets)
    if not alone:
        return Finding("array.sizes", True, f"{title}: its targets are as large as its sources.")
    size = min(alone)
    source = min(one for one in state.sources if sizes[one] == size)
    text = (
        f"{title}: no target is as large as source {source} ({size or 'size not shown'}). Make its target "
        "anew with that size, or expand it, before the next run."
    )
    return Finding("array.sizes", False, text, MISMATCH)
