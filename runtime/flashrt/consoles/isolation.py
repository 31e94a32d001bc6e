"""Whether what a console shows of a profile leaves the clone without a network (`network isolated`).

The console's driver reads; here is judged, for every console in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from flashrt.config import CloneConf
from flashrt.consoles.base import Finding
from flashrt.status import MISMATCH

_STORAGE = re.compile(r"fibre channel|\bsas\b|\bscsi\b|\braid\b|nvme", re.IGNORECASE)


def is_storage(description: str) -> bool:
    """Whether the adapter in a physical slot is known to be no network."""
    return bool(_STORAGE.search(description)) and "ethernet" not in description.lower()


def judge_network(
    clone: CloneConf, found: list[int] | None, other: list[str], production: Callable[[], set[int] | None]
) -> Finding:
    """No VLAN but the link's, and nothing else that could be a network.

    `found` are the profile's VLANs, None where the console does not show them; `other` what else may be a
    network.  A clone that lives on may have VLANs of its own, which `production` (asked only then) has in no
    profile; None: the console does not show those.
    """
    if found is None:
        text = (
            f"The console does not show the network of profile {clone.profile}. It cannot be proven isolated."
        )
        return Finding("console.network", False, text, MISMATCH)
    allowed = clone.link.vlan if clone.link is not None else None
    strange = [vlan for vlan in found if vlan != allowed]
    taken = production() if strange and clone.own_network else None
    if taken is not None:
        strange = [vlan for vlan in strange if vlan in taken]
    if strange:
        names = ", ".join(str(vlan) for vlan in strange)
        text = (
            f"Profile {clone.profile} has VLAN {names}; isolated allows only the link's "
            f"({allowed if allowed is not None else 'none'})"
            f"{' and what production has not' if taken is not None else ''}. "
            "Take the adapter out of the profile."
        )
    elif other:
        names = ", ".join(other)
        text = f"Profile {clone.profile} has {names}, which may be a network. Take it out of the profile."
    else:
        shown = ", ".join(str(vlan) for vlan in found) or "none"
        text = f"Profile {clone.profile} has VLAN {shown} and no other network."
        return Finding("console.network", True, text)
    return Finding("console.network", False, text, MISMATCH)
