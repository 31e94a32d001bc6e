"""The arrays of a derived site: volumes, copies, hosts."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from flashtwin.derive.needs import ArrayNeed, CloneNeed, CopyNeed, SiteNeeds, keys_of, secrets_of
from flashtwin.site import ArraySite, ArrayUser, CopySite, GroupSite, HostSite, PoolSite, SetSite, VolumeSite

VOLUMES_A_SYSTEM = 4
ANSWER_S = 1.0
AGELESS = ("ds8000", "pure")
"""Families that do not tell of every copy when it was taken."""
NUMBERS = 0x1000
"""The first number of a target, where volumes have no names."""
SNAPSHOT_LEVEL = "8.7.0.3 (build 169.5.2502201040000)"
"""A code level of Storage Virtualize that refreshes thin clones."""


def array_of(needs: SiteNeeds, array: ArrayNeed, number: int) -> ArraySite:
    """The array with the volumes of each system, and targets for each group that copies them."""
    volumes: list[VolumeSite] = []
    hosts: list[HostSite] = []
    servers: dict[str, list[str]] = {}
    groups: list[GroupSite] = []
    copies: list[CopySite] = []
    sets: list[SetSite] = []
    sources: dict[str, list[str]] = {}
    for system in needs.systems:
        if array.name in arrays_of(needs, system.name):
            named = _named_sources(needs, system.name, array.name)
            volumes += [VolumeSite(name=name) for name in named]
            sources[system.name] = named or _volumes(volumes, _sources(needs, system.name, array.family))
            hosts.append(_host(system.name, system.lpar_id, sources[system.name]))
    for clone in needs.clones:
        here = [one for one in generations_of(needs, clone) if one.array == array.name]
        known = {volume.name for volume in volumes}
        own = dict.fromkeys(target for one in here for _, target in one.pairs)
        volumes += [VolumeSite(name=name, thin=True, used_percent=12) for name in own if name not in known]
        for one in here:
            # Where nobody tells how old a copy is, none that must be kept may be there before the first.
            unread = array.family in AGELESS and clone.keeps_s
            made = _copy(one, "" if unread else _taken(needs, clone, one))
            if isinstance(made, CopySite):
                copies.append(made)
                sets += _sets(made, sets)
            else:
                groups.append(made)
        mapped = mapped_to(needs, clone, array.name)
        if mapped and not clone.vios:
            hosts.append(_host(clone.partition, clone.lpar_id, mapped))
        for name in clone.vios if mapped else ():
            servers.setdefault(name, []).extend(mapped)
    hosts += [_host(name, 0xF000 + n, seen) for n, (name, seen) in enumerate(servers.items())]
    taken = {group.name for group in groups}
    for need in needs.requires:
        if need.array == array.name and need.group not in taken:
            taken.add(need.group)
            disks = next(iter(sources.values()), [])
            targets = _volumes(volumes, _names(f"{need.group}_T"), thin=True) if disks else []
            groups.append(
                GroupSite(
                    name=need.group,
                    maps=tuple(zip(disks, targets, strict=True)),
                    copy_rate=50,
                    progress=100,
                    status=need.status,
                )
            )
    snapshots = array.family == "svc" and bool(copies)
    user = ArrayUser(
        name=array.user or array.key,
        role="RestrictedAdmin" if snapshots else "CopyOperator",
        keys=keys_of(array),
        secrets=secrets_of(array),
    )
    needed = max((one.free_percent for one in needs.clones if array.name in dict(one.groups)), default=0)
    site = ArraySite(
        name=array.name,
        answer=min(ANSWER_S, dict(needs.at_most).get("answer", ANSWER_S)),
        pools=(_pool(volumes, needed),),
        family=array.family,
        addresses=array.addresses,
        facts=dict(array.facts),
        id=f"00000200A02{number:05X}",
        users=(user,),
        volumes=tuple(volumes),
        hosts=tuple(hosts),
        groups=tuple(groups),
        copies=tuple(copies),
        sets=tuple(sets),
    )
    return replace(site, code_level=SNAPSHOT_LEVEL) if snapshots else site


def arrays_of(needs: SiteNeeds, system: str) -> set[str]:
    """The arrays that a system's volumes are on: those of its clones' groups."""
    return {array for one in needs.clones if one.system == system for array, _ in one.groups}


@dataclass(frozen=True, slots=True)
class Generation:
    """A copy of a clone's disks on an array: one of those behind `or`, or the only one, which is `mapped`.

    `place` tells the clone's `disks` apart; `age` is 0 for the newest copy; `need` is what the spec says
    of one that is no consistency group.
    """

    array: str
    place: int
    name: str
    age: int
    pairs: tuple[tuple[str, str], ...]
    mapped: bool
    need: CopyNeed | None


def generations_of(needs: SiteNeeds, clone: CloneNeed) -> list[Generation]:
    """All copies of a clone's disks with their volumes; several `disks` on an array share its volumes out."""
    families = {array.name: array.family for array in needs.arrays}
    said = {(copy.array, copy.name): copy for copy in clone.copies}
    found = []
    for place, (array, names) in enumerate(clone.groups):
        beside = [n for n, (other, _) in enumerate(clone.groups) if other == array]
        places = range(beside.index(place), VOLUMES_A_SYSTEM, len(beside))
        named = _named_sources(needs, clone.system, array)
        family = families[array]
        there = named or _sources(needs, clone.system, family)
        disks = [there[n] for n in places if n < len(there)]
        for age, name in enumerate(reversed(names)):
            need = said.get((array, name))
            targets = _names(_targets(clone, array) if len(names) == 1 else f"{name}_T", places)
            if family == "powermax":
                first = NUMBERS + (needs.clones.index(clone) * 8 + place) * 1024 + age * VOLUMES_A_SYSTEM
                targets = _numbers(first, places)
            if family == "powervs":
                # New volumes each night, which the service names after the copy.
                targets = [f"clone-{name}-40711-{n}" for n in range(1, len(disks) + 1)]
            pairs = need.pairs if need and need.pairs else tuple(zip(disks, targets, strict=False))
            found.append(Generation(array, place, name, age, pairs, len(names) == 1, need))
    return found


def is_mapped(clone: CloneNeed) -> bool:
    """Whether the clone's partition has disks: generations are copies that nothing is started from."""
    return any(len(groups) == 1 for _, groups in clone.groups)


def mapped_to(needs: SiteNeeds, clone: CloneNeed, *arrays: str) -> list[str]:
    """The names of the clone's own volumes on these arrays, or on all; generations have none."""
    return sorted(
        {
            target
            for one in generations_of(needs, clone)
            if one.mapped and (not arrays or one.array in arrays)
            for _, target in one.pairs
        }
    )


def host_name(partition: str) -> str:
    """The host object of a partition: its name in the characters that every array takes."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", partition)


def _sources(needs: SiteNeeds, system: str, family: str) -> list[str]:
    """The volumes of a system that the spec does not name; those of a PowerMax have numbers for names."""
    if family == "powermax":
        place = [one.name for one in needs.systems].index(system)
        return _numbers(0x100 + 0x10 * place, range(VOLUMES_A_SYSTEM))
    return _names(system)


def _numbers(first: int, places: range) -> list[str]:
    return [f"{first + place:05X}" for place in places]


def _named_sources(needs: SiteNeeds, system: str, array: str) -> list[str]:
    """The volumes of a system that the pairs of its clones' copies name."""
    copies = [copy for clone in needs.clones if clone.system == system for copy in clone.copies]
    return list(dict.fromkeys(s for copy in copies if copy.array == array for s, _ in copy.pairs))


def _taken(needs: SiteNeeds, clone: CloneNeed, one: Generation) -> str:
    """When a copy was taken: on an evening before, and so long ago that none must be kept any more."""
    evening = dt.datetime(2026, 11, 17, 20, 40, 27)
    if clone.keeps_s:
        kept = dt.datetime.fromisoformat(needs.start) - dt.timedelta(days=1, seconds=clone.keeps_s)
        evening = min(evening, kept)
    return f"{evening - dt.timedelta(days=one.age):%y%m%d%H%M%S}"


def _copy(one: Generation, taken: str) -> GroupSite | CopySite:
    """The copy as its array has it on the evening."""
    if one.need is None:
        return GroupSite(name=one.name, maps=one.pairs, status="copying", start_time=taken)
    need = one.need
    return CopySite(
        name=one.name,
        kind=need.kind,
        parts=dict(need.parts),
        pairs=one.pairs,
        state="active" if taken else "",
        taken=taken,
    )


def _sets(copy: CopySite, there: list[SetSite]) -> list[SetSite]:
    """The groups of volumes that a copy names: that of the sources, and that of the targets."""
    known = {one.name for one in there}
    ends = {"source": 0, "group": 0, "instance": 0, "target": 1}
    return [
        SetSite(name=name, volumes=tuple(pair[ends[key]] for pair in copy.pairs))
        for key, name in copy.parts.items()
        if key in ends and name not in known
    ]


def _pool(volumes: list[VolumeSite], free_percent: int) -> PoolSite:
    """The usual pool, or one so large that this much is free of it with every volume full."""
    usual = PoolSite()
    # Copies that the array makes anew stand beside those of before for a while.
    used = usual.other_used_gib + 2 * sum(volume.size_gib for volume in volumes)
    large = -(-100 * used // (100 - free_percent)) if free_percent else 0
    return replace(usual, capacity_gib=max(usual.capacity_gib, large + 1024))


def _targets(clone: CloneNeed, array: str) -> str:
    """How the clone's volumes are called; those on a further array differ, for a VIOS knows them by name."""
    # By number, not by name: both together may be longer than an array takes.
    place = list(dict.fromkeys(name for name, _ in clone.groups)).index(array) + 1
    return f"{host_name(clone.partition)}_T" if place == 1 else f"{host_name(clone.partition)}_{place}_T"


def _names(prefix: str, places: range = range(VOLUMES_A_SYSTEM)) -> list[str]:
    return [f"{prefix}_D{place + 1}" for place in places]


def _volumes(volumes: list[VolumeSite], names: list[str], *, thin: bool = False) -> list[str]:
    volumes += [VolumeSite(name=name, thin=thin, used_percent=12 if thin else 0) for name in names]
    return names


def _host(name: str, lpar_id: int, volumes: list[str]) -> HostSite:
    wwpns = tuple(f"C050760{lpar_id:06X}{n:03X}" for n in (0, 1))
    return HostSite(name=host_name(name), wwpns=wwpns, volumes=tuple(volumes))
