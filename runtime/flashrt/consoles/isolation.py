"""Whether what a console shows leaves the clone without a network (`network isolated`).

The console's driver reads; here is judged, for every console in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from flashrt.config import CloneConf
from flashrt.consoles.base import Finding, title
from flashrt.status import MISMATCH

_STORAGE = re.compile(r"fibre channel|\bsas\b|\bscsi\b|\braid\b|nvme", re.IGNORECASE)


def is_storage(description: str) -> bool:
    """Whether the adapter in a physical slot is known to be no network."""
    return bool(_STORAGE.search(description)) and "ethernet" not in description.lower()


def judge_network(
    clone: CloneConf, found: list[int] | None, other: list[str], production: Callable[[], set[int] | None]
) -> Finding:
    """No VLAN but the link's, and nothing else that could be a network.

    `found` are the VLANs of the profile, or of the partition where the console knows no profiles; None where
    it does not show them.  `other` is what else may be a network.  A clone that lives on may have VLANs of
    its own, which `production` (asked only then) has not; None: the console does not show those.
    """
    whose = f"profile {clone.profile}" if clone.profile else title(clone)
    place = "profile" if clone.profile else "partition"
    owner = whose[0].upper() + whose[1:]
    if found is None:
        text = f"The console does not show the network of {whose}. It cannot be proven isolated."
        return Finding("console.network", False, text, MISMATCH)
    allowed = clone.link.vlan if clone.link is not None else None
    strange = [vlan for vlan in found if vlan != allowed]
    asked = bool(strange) and clone.own_network
    taken = production() if asked else None
    if taken is not None:
        strange = [vlan for vlan in strange if vlan in taken]
    if strange:
        names = ", ".join(str(vlan) for vlan in strange)
        text = (
            f"{owner} has VLAN {names}; isolated allows only the link's "
            f"({allowed if allowed is not None else 'none'})"
            f"{' and what production has not' if taken is not None else ''}"
            f"{', as production is not shown here' if asked and taken is None else ''}. "
            f"Take the adapter out of the {place}."
        )
    elif other:
        names = ", ".join(other)
        text = f"{owner} has {names}, which may be a network. Take it out of the {place}."
    else:
        shown = ", ".join(str(vlan) for vlan in found) or "none"
        text = f"{owner} has VLAN {shown} and no other network."
        return Finding("console.network", True, text)
    return Finding("console.network", False, text, MISMATCH)
