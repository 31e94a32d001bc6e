"""VMAX and PowerMax: storage groups, masking views and free space, as the checks of a clone ask for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flashrt.arrays.base import GroupState
from flashrt.arrays.powermax_parse import texts
from flashrt.arrays.powermax_rest import Unisphere
from flashrt.consoles.base import Finding
from flashrt.result import Result
from flashrt.status import FOREIGN, MISMATCH, SPACE, SYSTEM, SidecarError

PROVISIONING = "sloprovisioning"


class PowerMaxMasked:
    """Volumes, storage groups and masking views; see `flashrt.arrays.members.Masked`."""

    def __init__(
        self, unisphere: Unisphere, title: Callable[[str], str], read: Callable[[str], GroupState]
    ) -> None:
        self._unisphere = unisphere
        self.title = title
        self.read = read
        self._views: dict[str, tuple[str, str]] = {}
        self._volumes: dict[str, dict[str, Any]] = {}
        self._members: dict[str, set[str]] = {}

    def hosts_of(self, volume: str) -> set[str]:
        """The hosts that see a volume: those of the masking views of its storage groups."""
        groups = texts(self._volume(volume).get("storageGroupId", []), "storage groups")
        return {self._view(view)[0] for group in groups for view in self._views_of(group)}

    def volumes_of(self, host: str) -> set[str]:
        """The volumes that a host sees."""
        found = self._unisphere.get(PROVISIONING, "host", host)
        groups = {self._view(view)[1] for view in texts(found.get("maskingview", []), "masking views")}
        return {volume for group in groups for volume in self._of_group(group)}

    def ports_of(self, host: str) -> list[str]:
        """The WWPNs of a host."""
        return texts(self._unisphere.get(PROVISIONING, "host", host).get("initiator", []), "initiators")

    def every_uid(self) -> dict[str, str]:
        """The UIDs of the volumes that were looked at and those of their groups."""
        names = {volume for members in self._members.values() for volume in members} | set(self._volumes)
        found = {volume: str(self._volume(volume).get("wwn", "")).upper() for volume in sorted(names)}
        return {volume: uid for volume, uid in found.items() if uid}

    def _volume(self, name: str) -> dict[str, Any]:
        if name not in self._volumes:
            self._volumes[name] = self._unisphere.get(PROVISIONING, "volume", name)
        return self._volumes[name]

    def _of_group(self, group: str) -> set[str]:
        if group not in self._members:
            self._members[group] = set(self._unisphere.volumes(group))
        return self._members[group]

    def _views_of(self, group: str) -> list[str]:
        self._of_group(group)
        found = self._unisphere.get(PROVISIONING, "storagegroup", group)
        return texts(found.get("maskingview", []), "masking views")

    def _view(self, name: str) -> tuple[str, str]:
        """Host (or host group) and storage group of a masking view."""
        if name not in self._views:
            found = self._unisphere.get(PROVISIONING, "maskingview", name)
            host = found.get("hostId") or found.get("hostGroupId")
            group = found.get("storageGroupId")
            if not host or not group:
                raise SidecarError(SYSTEM, f"Masking view {name[:40]} shows no host or no storage group.")
            self._views[name] = (str(host), str(group))
        return self._views[name]


def check_groups(unisphere: Unisphere, name: str, pairs: Sequence[tuple[str, str]]) -> list[Finding]:
    """Each pair of storage groups has as many volumes of the same sizes, and no target is in remote copy."""
    try:
        problems = [problem for source, target in pairs for problem in _fits(unisphere, source, target)]
    except SidecarError as error:
        return [Finding("array.pairs", False, error.text, error.status)]
    if problems:
        status, text = problems[0]
        more = f" ({len(problems)} problems)" if len(problems) > 1 else ""
        return [Finding("array.pairs", False, f"On {name} {text}{more}. Correct the storage groups.", status)]
    return [
        Finding("array.pairs", True, f"The volumes of {len(pairs)} pairs of storage groups on {name} fit.")
    ]


def usage(unisphere: Unisphere, group: str, floor_percent: float) -> Result:
    """Free capacity of the storage resource pool of a storage group."""
    pool = str(unisphere.get(PROVISIONING, "storagegroup", group).get("srp", ""))
    capacity = unisphere.get(PROVISIONING, "srp", pool).get("srp_capacity") if pool else None
    whole = capacity.get("usable_total_tb") if isinstance(capacity, dict) else None
    used = capacity.get("usable_used_tb") if isinstance(capacity, dict) else None
    if not isinstance(whole, (int, float)) or not isinstance(used, (int, float)) or not whole:
        raise SidecarError(SYSTEM, f"The array does not show the capacity of pool {pool[:40]} of {group}.")
    free = 100.0 * (whole - used) / whole
    volumes = [unisphere.get(PROVISIONING, "volume", name) for name in unisphere.volumes(group)]
    shares = [one.get("allocated_percent") for one in volumes]
    taken = [float(one) for one in shares if isinstance(one, (int, float))]
    percent = sum(taken) / len(taken) if taken else 0.0
    text = f"The volumes of {group} use {percent:.0f} percent; pool {pool} has {free:.0f} percent free"
    if free < floor_percent:
        raise SidecarError(
            SPACE, f"{text}, the limit is {floor_percent:g}. Add capacity or remove data.", "SPACE"
        )
    return Result(f"{text}.", "OK", extra1=f"{percent:.0f}", extra2=f"{free:.0f}")


def _fits(unisphere: Unisphere, source: str, target: str) -> list[tuple[int, str]]:
    """What keeps two storage groups from being linked."""
    sides = [
        [unisphere.get(PROVISIONING, "volume", name) for name in unisphere.volumes(group)]
        for group in (source, target)
    ]
    found: list[tuple[int, str]] = []
    for key, what in (("cap_cyl", "sizes"), ("emulation", "emulations")):
        one, other = (sorted(str(row.get(key)) for row in side) for side in sides)
        if one != other:
            found.append((MISMATCH, f"{source} and {target} differ in number or {what} of volumes"))
            break
    found += [
        (FOREIGN, f"volume {row.get('volumeId')} of {target} is in remote copy")
        for row in sides[1]
        if row.get("rdfGroupId")
    ]
    found += [
        (MISMATCH, f"volume {row.get('volumeId')} is {str(row.get('status'))[:20]}, not ready")
        for side in sides
        for row in side
        if str(row.get("status", "Ready")) != "Ready"
    ]
    return found
