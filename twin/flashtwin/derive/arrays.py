"""The arrays of a derived site: volumes, copies, hosts."""

from __future__ import annotations

from dataclasses import replace

from flashtwin.derive.needs import ArrayNeed, CloneNeed, SiteNeeds, keys_of, secrets_of
from flashtwin.site import ArraySite, ArrayUser, CopySite, GroupSite, HostSite, SetSite, VolumeSite

VOLUMES_A_SYSTEM = 4
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
            if named:
                volumes += [VolumeSite(name=name) for name in named]
            sources[system.name] = named or _volumes(volumes, system.name, thin=False)
            hosts.append(_host(system.name, system.lpar_id, sources[system.name]))
    for clone in needs.clones:
        if any(copy.array == array.name for copy in clone.copies):
            made = _copies(clone, array, sources[clone.system])
            known = {volume.name for volume in volumes}
            own = list(dict.fromkeys(target for copy in made for _, target in copy.pairs))
            volumes += [
                VolumeSite(name=name, thin=True, used_percent=12) for name in own if name not in known
            ]
            copies += made
            sets += _sets(made, sets)
            mapped = [] if len(made) > 1 else own
            if mapped and not clone.vios:
                hosts.append(_host(clone.partition, clone.lpar_id, mapped))
            for name in clone.vios:
                servers.setdefault(name, []).extend(mapped)
            continue
        for generations, places in _entries(clone, array.name):
            disks = [sources[clone.system][place] for place in places]
            for days, name in enumerate(reversed(generations)):
                prefix = _targets(clone, array.name) if len(generations) == 1 else f"{name}_T"
                targets = _volumes(volumes, prefix, thin=True, places=places)
                pairs = tuple(zip(disks, targets, strict=True))
                start = f"2611{17 - days}204027"
                groups.append(GroupSite(name=name, maps=pairs, status="copying", start_time=start))
        mapped = mapped_to(clone, array.name)
        if mapped and not clone.vios:
            hosts.append(_host(clone.partition, clone.lpar_id, mapped))
        for name in clone.vios:
            servers.setdefault(name, []).extend(mapped)
    hosts += [_host(name, 0xF000 + n, seen) for n, (name, seen) in enumerate(servers.items())]
    taken = {group.name for group in groups}
    for need in needs.requires:
        if need.array == array.name and need.group not in taken:
            taken.add(need.group)
            disks = next(iter(sources.values()), [])
            targets = _volumes(volumes, f"{need.group}_T", thin=True) if disks else []
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
    site = ArraySite(
        name=array.name,
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


def is_mapped(clone: CloneNeed) -> bool:
    """Whether the clone's partition has disks: generations are copies that nothing is started from."""
    return any(len(groups) == 1 for _, groups in clone.groups)


def _entries(clone: CloneNeed, array: str) -> list[tuple[tuple[str, ...], range]]:
    """The clone's groups on an array, by generations, and which of the system's volumes there each copies.

    Several entries share the volumes out between them; each generation copies all of its entry's.
    """
    own = [generations for name, generations in clone.groups if name == array]
    return [(one, range(place, VOLUMES_A_SYSTEM, len(own))) for place, one in enumerate(own)]


def mapped_to(clone: CloneNeed, *arrays: str) -> list[str]:
    """The names of the clone's own volumes on these arrays, or on all; generations have none."""
    return sorted(
        name
        for array in arrays or dict.fromkeys(array for array, _ in clone.groups)
        for generations, places in _entries(clone, array)
        if len(generations) == 1
        for name in _names(_targets(clone, array), places)
    )


def _named_sources(needs: SiteNeeds, system: str, array: str) -> list[str]:
    """The volumes of a system that the pairs of its clones' copies name."""
    copies = [copy for clone in needs.clones if clone.system == system for copy in clone.copies]
    return list(dict.fromkeys(s for copy in copies if copy.array == array for s, _ in copy.pairs))


def _copies(clone: CloneNeed, array: ArrayNeed, sources: list[str]) -> list[CopySite]:
    """The clone's copies on an array, each taken on an evening before: the last generation first.

    Without pairs of its own a copy has the volumes of the system and targets called after it.
    """
    own = [copy for copy in clone.copies if copy.array == array.name]
    made = []
    for days, copy in enumerate(reversed(own)):
        prefix = _targets(clone, array.name) if len(own) == 1 else f"{copy.name}_T"
        targets = _names(prefix)
        if array.family == "powervs":
            # New volumes each night, which the service names after the copy.
            targets = [f"clone-{copy.name}-40711-{place}" for place in range(1, len(sources) + 1)]
        pairs = copy.pairs or tuple(zip(sources, targets, strict=True))
        made.append(
            CopySite(
                name=copy.name,
                kind=copy.kind,
                parts=dict(copy.parts),
                pairs=pairs,
                state="active",
                taken=f"2611{17 - days}204027",
            )
        )
    return made


def _sets(copies: list[CopySite], there: list[SetSite]) -> list[SetSite]:
    """The groups of volumes that the copies name: that of the sources, and that of the targets."""
    known = {one.name for one in there}
    made: dict[str, SetSite] = {}
    for copy in copies:
        ends = {"source": 0, "group": 0, "instance": 0, "target": 1}
        for key, name in copy.parts.items():
            if key in ends and name not in known:
                members = tuple(pair[ends[key]] for pair in copy.pairs)
                made.setdefault(name, SetSite(name=name, volumes=members))
    return list(made.values())


def _targets(clone: CloneNeed, array: str) -> str:
    """How the clone's volumes are called; those on a further array differ, for a VIOS knows them by name."""
    return f"{clone.partition}_T" if array == clone.groups[0][0] else f"{clone.partition}_{array}_T"


def _names(prefix: str, places: range = range(VOLUMES_A_SYSTEM)) -> list[str]:
    return [f"{prefix}_D{place + 1}" for place in places]


def _volumes(
    volumes: list[VolumeSite], prefix: str, *, thin: bool, places: range = range(VOLUMES_A_SYSTEM)
) -> list[str]:
    names = _names(prefix, places)
    volumes += [VolumeSite(name=name, thin=thin, used_percent=12 if thin else 0) for name in names]
    return names


def _host(name: str, lpar_id: int, volumes: list[str]) -> HostSite:
    wwpns = tuple(f"C050760{lpar_id:06X}{n:03X}" for n in (0, 1))
    return HostSite(name=name, wwpns=wwpns, volumes=tuple(volumes))
