"""DS8000: volumes, hosts, remote copy and free space, as the checks of a clone ask for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flashrt.arrays.base import GroupState
from flashrt.arrays.ds8000_system import System, Volume
from flashrt.consoles.base import Finding
from flashrt.result import Result
from flashrt.status import FOREIGN, MISMATCH, SPACE, SYSTEM, SidecarError


class Ds8000Masked:
    """Volumes and hosts of one system; see `flashrt.arrays.members.Masked`."""

    def __init__(
        self,
        system: System,
        volumes: set[str],
        title: Callable[[str], str],
        read: Callable[[str], GroupState],
    ) -> None:
        self._system = system
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
            self._ports = self._system.ports()
        return self._ports.get(host, [])

    def uids_of(self, volumes: Sequence[str]) -> dict[str, str]:
        """The UIDs of the volumes that the spec names: NAA 6, the system's node name, the volume's number."""
        del volumes
        wwnn = self._system.wwnn
        if len(wwnn) != 16:
            raise SidecarError(SYSTEM, "The storage system does not tell its node name (wwnn).")
        return {volume: f"6{wwnn[1:]}{volume:0>16}" for volume in self._own}

    def _mapped(self) -> dict[str, set[str]]:
        if self._volumes is None:
            self._volumes = self._system.mapped(self._own)
        return self._volumes


def check_pairs(system: System, name: str, pairs: Sequence[tuple[str, str]]) -> list[Finding]:
    """Each pair fits, each volume can be used, no target is in remote copy, and no source lags behind."""
    try:
        seen = system.volumes([volume for pair in pairs for volume in pair])
        problems = [
            problem
            for source, target in pairs
            for problem in _fits(source, target, seen[source], seen[target])
        ]
        mirrored = system.mirrored({target for _, target in pairs})
        lagging = system.lagging({source for source, _ in pairs})
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
    if lagging:
        text = (
            f"Source {lagging[0]} on {name} is the secondary side of remote copy, and not in step with the "
            "primary: what it holds may be older than production's data. Copy the primary side."
        )
        found.append(Finding("array.mirrors", False, text, MISMATCH))
    return found


def check_sources(system: System, name: str, pairs: Sequence[tuple[str, str]]) -> Finding:
    """No source is in another relation that records changes (docs/platform-facts.md#ds8000)."""
    sources = list(dict.fromkeys(source for source, _ in pairs))
    try:
        seen = system.relations(sources, sources)
    except SidecarError as error:
        return Finding("array.sources", False, error.text, error.status)
    others = [
        one.id
        for source in sources
        for one in seen[source]
        if one.recording and one.source == source and (one.source, one.target) not in pairs
    ]
    if others:
        text = (
            f"On {name} relation {others[0]} records the changes of its source, which one relation of a "
            "volume may. End it, or leave `refresh` out of the spec."
        )
        return Finding("array.sources", False, text, FOREIGN)
    return Finding("array.sources", True, f"No other copy on {name} records what changes on the sources.")


def usage(
    system: System, targets: Sequence[str], group: str, floor_percent: float, every_pool: bool
) -> Result:
    """Free capacity of the pools that hold thin targets, or with `every_pool` any target."""
    seen = system.volumes(targets)
    full = [name for name, volume in seen.items() if volume.full]
    if full:
        text = f"Target {full[0]} of {group} has run out of space: its copy is lost. Add capacity."
        raise SidecarError(SPACE, text, "SPACE")
    thin = [name for name, volume in seen.items() if volume.thin]
    pools = sorted({seen[name].pool for name in (targets if every_pool else thin)})
    if not pools:
        text = f"The targets of {group} are fully allocated: they cannot run out of space."
        return Result(text, "OK", extra1="0")
    taken = system.space(thin).values()
    whole, used = sum(one.size for one in taken), sum(one.used for one in taken)
    percent = 100.0 * used / whole if whole else 0.0
    free, worst = min((system.free_percent(pool), pool) for pool in pools)
    what = (
        f"The thin targets of {group} use {percent:.0f} percent" if thin else f"Targets of {group} are full"
    )
    text = f"{what}; pool {worst} has {free:.0f} percent free"
    if free < floor_percent:
        raise SidecarError(
            SPACE, f"{text}, the limit is {floor_percent:g}. Add capacity or remove data.", "SPACE"
        )
    return Result(f"{text}.", "OK", extra1=f"{percent:.0f}", extra2=f"{free:.0f}")


def _fits(source: str, target: str, one: Volume, other: Volume) -> list[str]:
    """What keeps two volumes from being a pair: size, model (protected or not), format, state."""
    compared = (
        ("size", one.size, other.size),
        ("model", one.model, other.model),
        ("format", one.format, other.format),
    )
    found = [
        f"{source} and {target} differ in {what}: {mine} and {theirs}"
        for what, mine, theirs in compared
        if mine != theirs
    ]
    for name, volume in ((source, one), (target, other)):
        if not volume.good:
            found.append(f"volume {name} is {volume.state}, not normal")
    return found
