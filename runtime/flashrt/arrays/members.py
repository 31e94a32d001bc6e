"""Are the groups exactly the partition's disks, and do the targets belong to the clone?  For every family.

The host mappings are the truth about what a partition sees: the volumes of the source's host objects must
be the sources of its groups, no more and no fewer, and the targets must be mapped to the clone's host objects
and to nothing else (docs/platform-facts.md#svc-membership).  Of generations every one is looked at; their
targets may be mapped to nothing, since the clone is not started from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from flashrt.arrays.base import (
    ACTIVE,
    EMPTY,
    FREE,
    MIXED,
    PREPARED,
    PREPARING,
    RELEASING,
    TAKEN,
    Checked,
    GroupState,
    HostPorts,
    VolumeUids,
)
from flashrt.config import CloneConf, DisksConf
from flashrt.consoles.base import Finding
from flashrt.status import FOREIGN, MISMATCH, SYSTEM, SidecarError


class Masked(Protocol):
    """What a check asks of an array: its groups, and which volumes it shows to which host objects."""

    def title(self, group: str) -> str:
        """A group in words, as a sentence begins: its kind, its name, the array."""

    def read(self, group: str) -> GroupState:
        """The state of a group."""

    def hosts_of(self, volume: str) -> set[str]:
        """The host objects that a volume is mapped to."""

    def volumes_of(self, host: str) -> set[str]:
        """The volumes that are mapped to a host object."""

    def ports_of(self, host: str) -> list[str]:
        """The WWPNs of a host object."""

    def uids_of(self, volumes: Sequence[str]) -> dict[str, str]:
        """The UIDs of these volumes by name, and maybe of others."""


class Once:
    """The same of an array, each thing asked for once: a partition may have hundreds of disk units, and many
    an array tells one volume at a time (docs/platform-facts.md#one-volume-at-a-time).
    """

    def __init__(self, array: Masked) -> None:
        self._array = array
        self._states: dict[str, GroupState] = {}
        self._hosts: dict[str, set[str]] = {}
        self._volumes: dict[str, set[str]] = {}

    def title(self, group: str) -> str:
        """A group in words."""
        return self._array.title(group)

    def read(self, group: str) -> GroupState:
        """The state of a group as it was first read."""
        if group not in self._states:
            self._states[group] = self._array.read(group)
        return self._states[group]

    def hosts_of(self, volume: str) -> set[str]:
        """The host objects that a volume is mapped to."""
        if volume not in self._hosts:
            self._hosts[volume] = self._array.hosts_of(volume)
        return self._hosts[volume]

    def volumes_of(self, host: str) -> set[str]:
        """The volumes that are mapped to a host object."""
        if host not in self._volumes:
            self._volumes[host] = self._array.volumes_of(host)
        return self._volumes[host]

    def ports_of(self, host: str) -> list[str]:
        """The WWPNs of a host object."""
        return self._array.ports_of(host)

    def uids_of(self, volumes: Sequence[str]) -> dict[str, str]:
        """The UIDs of these volumes."""
        return self._array.uids_of(volumes)


class Mapping(NamedTuple):
    """What the array maps where: host names by volume, and volumes by host."""

    hosts: dict[str, set[str]]
    volumes: dict[str, set[str]]


class Seen(NamedTuple):
    """The clone's disks on an array: each entry with the states of its groups, in their order."""

    entries: tuple[tuple[DisksConf, tuple[GroupState, ...]], ...]

    @property
    def sources(self) -> list[str]:
        """The volumes that a run copies: those of the first generation of each entry."""
        return [volume for _, states in self.entries for volume in states[0].sources]

    @property
    def targets(self) -> list[str]:
        """The targets of every generation."""
        return [volume for _, states in self.entries for state in states for volume in state.targets]

    @property
    def mapped(self) -> list[str]:
        """The targets that must be mapped to the clone: all but those of generations."""
        return [v for _, states in self.entries if len(states) == 1 for v in states[0].targets]

    def hosts(self, side: str) -> list[str]:
        """The declared host objects of a side."""
        return [host for disks, _ in self.entries for host in getattr(disks, f"{side}_hosts")]


def check_clone(
    array: Masked,
    name: str,
    clone: CloneConf,
    seen_by_vios: bool = False,
    left: Callable[[str], bool] = lambda _group: False,
    own_check: Callable[[str], Finding] | None = None,
) -> Checked:
    """All findings about the clone's groups on this array.  NOTFOUND and the like are findings too.

    `own_check`: what the family looks at beside, for each group that can be read with its members.

    `left`: whether what a group holds, though its targets do not (all) show it, is what a run of ours has
    proven and left, or a prepare that came when its run was undone: the next release gives it up.
    """
    array = Once(array)
    found: list[Finding] = []
    states: dict[str, GroupState] = {}
    own = [disks for disks in clone.disks if disks.array == name]
    for group in (group for disks in own for group in disks.groups):
        try:
            states[group] = array.read(group)
        except SidecarError as error:
            found.append(Finding("array.group", False, error.text, error.status))
            continue
        leftover = states[group].word in (TAKEN, MIXED, PREPARING, PREPARED) and left(group)
        found.append(_check_state(array.title(group), states[group], leftover))
    if len(found) > len(states) or not all(state.sources for state in states.values()):
        return Checked(found, None)
    seen = Seen(tuple((disks, tuple(states[group] for group in disks.groups)) for disks in own))
    ports = None
    try:
        found += _check_members(array, name, clone, seen, seen_by_vios)
        ports = _ports_of(array, seen)
    except SidecarError as error:
        found.append(Finding("array.members", False, error.text, error.status))
    if own_check is not None:
        found += [own_check(group) for group in states]
    return Checked(found, len(seen.sources), ports)


def own_volumes(array: Masked, sources: Sequence[str], declared: Sequence[str]) -> set[str]:
    """The volumes that the source's host objects see, told by those of a group, or as declared."""
    mapping = _mapping_of(array, list(sources), list(declared))
    own = _own_hosts(mapping, list(sources), list(declared))
    return {volume for host in own for volume in mapping.volumes[host]}


def uids_of(array: Masked, name: str, group: str) -> VolumeUids:
    """The UIDs of a group's volumes, from the array's list of all."""
    state = array.read(group)
    volumes = (*state.sources, *state.targets)
    uids = array.uids_of(volumes)
    unknown = [volume for volume in volumes if not uids.get(volume)]
    if unknown or not state.targets:
        why = f"shows no UID of volume {unknown[0]}" if unknown else f"has no map in group {group}"
        raise SidecarError(SYSTEM, f"{name} {why}. See the array.")
    return VolumeUids(
        {uids[volume]: volume for volume in state.sources}, {uids[volume]: volume for volume in state.targets}
    )


def _ports_of(array: Masked, seen: Seen) -> HostPorts:
    """The ports of the host objects of source and clone."""
    mapping = _mapping_of(array, seen.sources, seen.hosts("source"))
    source_hosts = _own_hosts(mapping, seen.sources, seen.hosts("source"))
    clone_hosts = {host for volume in seen.targets for host in array.hosts_of(volume)}
    source, target = (
        {host: [port.upper() for port in array.ports_of(host)] for host in sorted(hosts)}
        for hosts in (source_hosts, clone_hosts)
    )
    return HostPorts(source, target)


def _check_state(title: str, state: GroupState, leftover: bool) -> Finding:
    if leftover:
        text = f"{title} is {state.state}: a run of ours left it so, and the next release gives it up."
        return Finding("array.group", True, text)
    if state.word in (FREE, ACTIVE, RELEASING):
        text = f"{title}: status {state.state}, {len(state.start_times)} maps."
        return Finding("array.group", True, text)
    if state.word == EMPTY:
        text = f"{title} has no maps. Add the disk units of the partition to it."
        return Finding("array.group", False, text, MISMATCH)
    text = (
        f"{title} is {state.state} ({state.word}: {', '.join(sorted(set(state.map_states)))}): it is used by "
        "something else, or left over. See whose it is; FLRCVENV closes an old run of ours."
    )
    return Finding("array.group", False, text, FOREIGN)


def _check_members(
    array: Masked, name: str, clone: CloneConf, seen: Seen, seen_by_vios: bool
) -> list[Finding]:
    sources = seen.sources
    mapping = _mapping_of(array, sources, seen.hosts("source"))
    # A VIOS has volumes of many partitions, maybe those of source and clone: its own mapping tells.
    own = set() if seen_by_vios else _own_hosts(mapping, sources, seen.hosts("source"))
    found = [] if seen_by_vios else [_check_sources(name, mapping, sources, own, bool(clone.vios))]
    return [
        *found,
        *_check_generations(name, seen),
        _check_twice(name, seen),
        _check_targets(array, name, seen, own, bool(clone.vios)),
    ]


def _check_generations(name: str, seen: Seen) -> list[Finding]:
    """Each generation copies the same volumes as the first."""
    found = []
    for disks, states in seen.entries:
        for number, group in enumerate(disks.groups):
            if different := sorted(set(states[0].sources) ^ set(states[number].sources)):
                text = (
                    f"Groups {disks.groups[0]} and {group} on {name} do not copy the same volumes: "
                    f"{_names(different)} {'is' if len(different) == 1 else 'are'} in one only. Correct the "
                    "maps."
                )
                found.append(Finding("array.generations", False, text, MISMATCH))
    return found


def _check_sources(name: str, mapping: Mapping, sources: list[str], own: set[str], by_vios: bool) -> Finding:
    """What the source's hosts see is what the group copies.

    `by_vios`: these may be VIOS of another machine than the clone's, which nobody has asked whose disks
    they give to whom.
    """
    seen = {volume for host in own for volume in mapping.volumes[host]}
    hosts = ", ".join(sorted(own)) or "no host"
    missing = sorted(seen - set(sources))
    extra = sorted(volume for volume in sources if volume not in seen)
    if missing:
        text = (
            f"{_names(missing)} on {name} {'is' if len(missing) == 1 else 'are'} mapped to the source "
            f"({hosts}) but missing in its consistency group: the clone would lack a disk unit. Add a map "
            "for each (flashc doctor shows how), and a pair to the spec where it lists them."
        )
        if by_vios:
            it = "its disk" if len(missing) == 1 else "their disks"
            text = (
                f"{_names(missing)} on {name} {'is' if len(missing) == 1 else 'are'} mapped to {hosts}, "
                "which has the volumes of the group, but missing in it. No VIOS of the clone's machine gives "
                f"production its disks, so it was not seen who gets {it}. Where {hosts} is a VIOS, it may be "
                "another partition: add no map for that; no run is possible until production and its clone "
                "are on one machine. Where it is production's own, add a map for each (flashc doctor shows "
                "how)."
            )
    elif extra:
        text = (
            f"{_names(extra)} on {name} {'is' if len(extra) == 1 else 'are'} an extra in the consistency "
            f"group: not mapped to the source ({hosts}). Take the map out of the group, or correct the host "
            "mapping."
        )
    else:
        return Finding(
            "array.members", True, f"The {len(sources)} volumes of {hosts} on {name} are all in the group."
        )
    return Finding("array.members", False, text, MISMATCH)


def _check_twice(name: str, seen: Seen) -> Finding:
    sources = seen.sources
    both = sorted(set(sources) & set(seen.targets))
    twice = sorted({volume for volume in sources if sources.count(volume) > 1})
    if both or twice:
        text = (
            f"{_names(both or twice)} on {name} is {'source and target' if both else 'source of two maps'} "
            "of the groups. Correct the maps."
        )
        return Finding("array.maps", False, text, MISMATCH)
    return Finding("array.maps", True, f"Each of the {len(sources)} maps has its own source and target.")


def _check_targets(array: Masked, name: str, seen: Seen, own: set[str], by_vios: bool) -> Finding:
    """Mapped to the clone's hosts only, and those hosts see nothing but targets, or are those of a VIOS."""
    targets, declared = seen.targets, seen.hosts("clone")
    hosts_of = {volume: array.hosts_of(volume) for volume in targets}
    every_host = {host for hosts in hosts_of.values() for host in hosts}
    problems = [f"{volume} is not mapped to the clone" for volume in seen.mapped if not hosts_of[volume]]
    problems += [
        f"{volume} is mapped to {host}, a host of the source"
        for volume in targets
        for host in sorted(hosts_of[volume] & own)
    ]
    allowed = set(declared) or _common(hosts_of)
    problems += [
        f"{volume} is also mapped to {host}, not a host of the clone"
        for volume in targets
        for host in sorted(hosts_of[volume] - own - allowed)
    ]
    for host in () if by_vios else sorted(every_host & allowed):
        strange = sorted(array.volumes_of(host) - set(targets))
        problems += [
            f"{volume}, no target of the group, is mapped to the clone's host {host}" for volume in strange
        ]
    if problems:
        more = f" ({len(problems)} problems)" if len(problems) > 1 else ""
        text = f"On {name} {problems[0]}{more}. Correct the host mapping before the clone is started."
        return Finding("array.targets", False, text, MISMATCH)
    shown = f"to {', '.join(sorted(every_host))} only" if every_host else "to no host"
    return Finding("array.targets", True, f"The {len(targets)} targets on {name} are mapped {shown}.")


def _common(hosts_of: dict[str, set[str]]) -> set[str]:
    """The hosts that most targets are mapped to: one odd mapping does not become the clone's."""
    counts: dict[str, int] = {}
    for hosts in hosts_of.values():
        for host in hosts:
            counts[host] = counts.get(host, 0) + 1
    most = max(counts.values(), default=0)
    return {host for host, count in counts.items() if 2 * count > most or count == most}


def _mapping_of(array: Masked, sources: list[str], declared: list[str]) -> Mapping:
    hosts = {volume: array.hosts_of(volume) for volume in sources}
    every_host = {host for names in hosts.values() for host in names} | set(declared)
    return Mapping(hosts, {host: array.volumes_of(host) for host in sorted(every_host)})


def _own_hosts(mapping: Mapping, sources: list[str], declared: list[str]) -> set[str]:
    """The source's host objects: those declared, or those whose volumes are mostly the group's.

    The host that sees most of the group always counts, so that a group which lacks half of the disks is not
    mistaken for a stranger's.
    """
    if declared:
        return set(declared)
    inside = {host: len(volumes & set(sources)) for host, volumes in mapping.volumes.items()}
    most = max(inside.values(), default=0)
    return {host for host, count in inside.items() if count == most or 2 * count > len(mapping.volumes[host])}


def _names(volumes: list[str]) -> str:
    shown = ", ".join(volumes[:3]) + (f" and {len(volumes) - 3} more" if len(volumes) > 3 else "")
    return f"Volume {shown}" if len(volumes) == 1 else f"Volumes {shown}"
