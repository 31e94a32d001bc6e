"""Storage Virtualize: how long after its last use a thin clone may not be refreshed.

Volume protection (docs/platform-facts.md#volume-protection).  A clone that a run ends itself was used minutes
before its disks are to show the new copy, so the run waits; only a time that is longer than that is told.
"""

from __future__ import annotations

from flashrt.arrays.svc_check import Asked
from flashrt.arrays.svc_parse import DELIMITER, check_reply, detail, first
from flashrt.consoles.base import Finding

LONGEST_MIN = 25
"""Minutes that fit into the half an hour for which a run asks for the refresh (O63)."""


def look(name: str, array: Asked) -> Finding:
    """What the array says of its volume protection; attention where a run may not wait so long."""
    reply = array.ask(f"lssystem -delim {DELIMITER}")
    check_reply(reply, "system")
    fields = detail(reply.out)
    if first(fields, "vdisk_protection_enabled").lower() != "yes":
        return Finding("array.protection", True, f"{name} does not protect volumes that were just used.")
    minutes = first(fields, "vdisk_protection_time")
    text = (
        f"{name} refreshes no thin clone within {minutes or 'an unknown number of'} minutes of its last use"
    )
    if minutes.isdigit() and int(minutes) <= LONGEST_MIN:
        return Finding("array.protection", True, f"{text}; a run waits for that.")
    return Finding(
        "array.protection",
        True,
        f"{text}; a run waits half an hour. End the clone long before the next run, or take the protection "
        "from the pool of the thin clones.",
        attention=True,
    )
