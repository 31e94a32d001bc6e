"""What the templates see of a clone, and of the program by which operators end, start and release it."""

from __future__ import annotations

from typing import Any

from flashc.bundle.context.locks import clone_thing, groups
from flashc.check.model import Clone, Environment
from flashc.runbook.limits import ASKED_S, BY_HAND_S, CHECKS_S, GIVE_S, RELEASE_S, VIOS_S


def clone_context(clone: Clone) -> dict[str, Any]:
    """One clone; `ticket` and `record` are its data areas."""
    return {
        "name": clone.name,
        "partition": clone.partition,
        "lpar_id": clone.lpar_id,
        "label": f"{clone.lpar_id} {clone.partition}",
        "ticket": f"FLT{clone.lpar_id:04d}",
        "record": f"FLR{clone.lpar_id:04d}",
        "vios": ", ".join(clone.vios),
        "end_within_s": clone.end_within_s,
        "end_then_immediately": clone.end_then_immediately,
        "ends_in_order": clone.console.family.ends_in_order,
    }


def link_context(clone: Clone) -> dict[str, str] | None:
    """The private link of a clone: both addresses and the line."""
    link = clone.link
    return {"source": link.source, "clone": link.clone, "line": link.line} if link else None


def gives(e: Environment) -> bool:
    """Whether its clone stays on as what it was, so that an object of it can be asked for."""
    return e.leave_clone == "running" and e.clone.link is not None and e.starts_clone and not e.reconfigure


def by_hand_context(clone: Clone, environments: list[Environment], locks: dict[str, str]) -> dict[str, Any]:
    """A clone that operators end, start and release: the `e` of that program, by the driver's names."""
    shared = groups(clone)
    if clone.link and any(gives(e) for e in environments):
        shared = [*shared, f"link {clone.link.source}"]
    devices = [device.resource for e in environments for device in e.operation.devices]
    return {
        "program": f"FLC{clone.lpar_id:04d}",
        "first_step": "O09",
        "supervised": False,
        "starts_clone": True,
        "lives": None,
        "clone": clone_context(clone),
        "groups": list(dict.fromkeys(group for disks in clone.disks for group in disks.groups)),
        "group": clone.groups,
        "generations": False,
        "several": clone.has_generations,
        "keep": " *BCAT &HOW",
        "keep_s": max(e.keep_s for e in environments),
        "isolated": clone.network_isolated,
        "devices": " ".join(dict.fromkeys(devices)) or clone.name,
        "lock": locks[clone_thing(clone)],
        "more_locks": [locks[thing] for thing in shared],
        "lock_rows": [clone_thing(clone), *shared],
        "release_s": RELEASE_S,
        "checks_s": CHECKS_S,
        "insist_s": ASKED_S,
        "vios_s": VIOS_S,
        "end_within_s": clone.end_within_s or 600,
        "link": link_context(clone),
        "gives": any(gives(e) for e in environments),
        "give_s": GIVE_S,
        "limit_s": BY_HAND_S,
    }
