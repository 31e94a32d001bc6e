"""DS8000: volumes, hosts, remote copy and free space, as the checks of a clone ask for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flashrt.arrays.base import GroupState
from flashrt.arrays.ds8000_parse import id_in, number, rows, text_of
from flashrt.arrays.ds8000_rest import Console
from flashrt.consoles.base import Finding
from flashrt.result import Result
from flashrt.status import FOREIGN, MISMATCH, SPACE, SYSTEM, SidecarError

OUT_OF_SPACE = "virtual_space_fault"
"""The state of a thin volume that found no room."""


class Ds8000Masked:
    """Volumes and hosts of one system; see `flashrt.arrays.members.Masked`.

    The mappings of every host are read once: a volume does not say which hosts see it.
    """

    def __init__(
        self,
        console: Console,
        volumes: set[str],
        title: Callable[[str], str],
        read: Callable[[str], GroupState],
    ) -> None:
        self._console = console
        self._own = volumes
        self.title = title
        self.read = read
        self._volumes: dict[str, set[str]] | None = None
        self._ports: dict[str, list[str]] | None = None

    def hosts_of(self, volume: str) -> set[str]:
        """The hosts that a volume is mapped to."""
        return {host for host, volumes in self._mapped().items() if volume in volumes}

    def volumes_of(self, host: str) -> set[str]:
        """The volumes that are mapped to a host."""
        return self._mapped().get(host, set())

    def ports_of(self, host: str) -> list[str]:
        """The WWPNs of a host."""
        if self._ports is None:
            self._ports = {}
            for row in rows(self._console.get("host_ports"), "host_ports"):
                of = row.get("host")
                name = str(of.get("name", "")) if isinstance(of, dict) else ""
                self._ports.setdefault(name, []).append(text_of(row, "wwpn", "A host port"))
        return self._ports.get(host, [])

    def every_uid(self) -> dict[str, str]:
        """The UIDs of the volumes that the spec names: NAA 6, the system's node name, the volume's number."""
        wwnn = self._console.wwnn
        if len(wwnn) != 16:
            raise SidecarError(SYSTEM, "The storage system does not tell its node name (wwnn).")
        return {volume: f"6{wwnn[1:]}{volume:0>16}" for volume in self._own}

    def _mapped(self) -> dict[str, set[str]]:
        if self._volumes is None:
            hosts = [text_of(row, "name", "A host") for row in rows(self._console.get("hosts"), "hosts")]
            found = {host: rows(self._console.get("hosts", host, "mappings"), "mappings") for host in hosts}
            self._volumes = {
                host: {id_in(row, "volume") for row in mappings} for host, mappings in found.items()
            }
        return self._volumes


def check_pairs(console: Console, name: str, pairs: Sequence[tuple[str, str]]) -> list[Finding]:
    """Each pair fits, each volume can be used, and no target is in remote copy."""
    try:
        seen = {volume: _volume(console, volume) for pair in pairs for volume in pair}
        problems = [
            problem
            for source, target in pairs
            for problem in _fits(source, target, seen[source], seen[target])
        ]
        mirrored = _mirrored(console, {target for _, target in pairs})
    except SidecarError as error:
        return [Finding("array.pairs", False, error.text, error.status)]
    found = []
    if problems:
        more = f" ({len(problems)} problems)" if len(problems) > 1 else ""
        text = f"On {name} {problems[0]}{more}. Correct the pairs in the spec, or the volumes."
        found.append(Finding("array.pairs", False, text, MISMATCH))
    else:
        found.append(Finding("array.pairs", True, f"The volumes of the {len(pairs)} pairs on {name} fit."))
    if mirrored:
        text = f"Target {mirrored[0]} on {name} is in remote copy. Take it out, or choose another target."
        found.append(Finding("array.mirrors", False, text, FOREIGN))
    return found


def usage(
    console: Console, targets: Sequence[str], group: str, floor_percent: float, every_pool: bool
) -> Result:
    """Free capacity of the pools that hold thin targets, or with `every_pool` any target."""
    seen = [_volume(console, target) for target in targets]
    full = [str(row.get("id")) for row in seen if str(row.get("state", "")) == OUT_OF_SPACE]
    if full:
        text = f"Target {full[0]} of {group} has run out of space: its copy is lost. Add capacity."
        raise SidecarError(SPACE, text, "SPACE")
    thin = [row for row in seen if _thin(row)]
    pools = sorted({id_in(row, "pool") for row in (seen if every_pool else thin)})
    if not pools:
        text = f"The targets of {group} are fully allocated: they cannot run out of space."
        return Result(text, "OK", extra1="0")
    whole = sum(number(row, "cap") or 0.0 for row in thin)
    used = sum(number(row, "real_cap") or number(row, "capalloc") or 0.0 for row in thin)
    percent = 100.0 * used / whole if whole else 0.0
    free, worst = min((_free(console, pool), pool) for pool in pools)
    what = (
        f"The thin targets of {group} use {percent:.0f} percent" if thin else f"Targets of {group} are full"
    )
    text = f"{what}; pool {worst} has {free:.0f} percent free"
    if free < floor_percent:
        raise SidecarError(
            SPACE, f"{text}, the limit is {floor_percent:g}. Add capacity or remove data.", "SPACE"
        )
    return Result(f"{text}.", "OK", extra1=f"{percent:.0f}", extra2=f"{free:.0f}")


def _volume(console: Console, volume: str) -> dict[str, Any]:
    found = rows(console.get("volumes", volume), "volumes")
    if len(found) != 1 or str(found[0].get("id", "")).upper() != volume:
        raise SidecarError(SYSTEM, f"The storage system does not show volume {volume}.")
    return found[0]


def _fits(source: str, target: str, one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What keeps two volumes from being a pair: size, model (protected or not), format, state."""
    found = [
        f"{source} and {target} differ in {what}: {str(one.get(key))[:20]} and {str(other.get(key))[:20]}"
        for key, what in (("cap", "size"), ("MTM", "model"), ("datatype", "format"))
        if one.get(key) != other.get(key)
    ]
    for volume, row in ((source, one), (target, other)):
        state = str(row.get("state", "unknown"))
        if state != "normal":
            found.append(f"volume {volume} is {state[:30]}, not normal")
    return found


def _mirrored(console: Console, targets: set[str]) -> list[str]:
    """The targets that are in remote copy, as either side."""
    query = {"volume_id_from": min(targets), "volume_id_to": max(targets)}
    found: set[str] = set()
    for row in rows(console.get("cs", "pprcs", query=query), "pprcs"):
        for side in ("source", "target"):
            # The other half may have the same number on another system.
            if id_in(row, f"{side}_system") in ("", console.image):
                found |= {id_in(row, f"{side}_volume")} & targets
    return sorted(found)


def _thin(row: dict[str, Any]) -> bool:
    return str(row.get("tp", "none")).lower() not in ("none", "")


def _free(console: Console, pool: str) -> float:
    found = rows(console.get("pools", pool), "pools")
    whole, left = (number(found[0], key) if found else None for key in ("cap", "capavail"))
    if not whole or left is None:
        raise SidecarError(SYSTEM, f"The storage system does not show the capacity of pool {pool}.")
    return 100.0 * left / whole
