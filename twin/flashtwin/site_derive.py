"""A site made from what a spec needs, for specs that have no site file.

The caller hands over plain facts (`SiteNeeds`); the site that comes out has exactly the machines, volumes,
groups, jobs and tapes that the runs will look for, on an ordinary evening.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flashtwin.records import (
    BrmsControlGroup,
    BrmsVolume,
    DominoServer,
    IndependentAsp,
    TapeLibrary,
    VirtualDevice,
)
from flashtwin.site import (
    AdapterSite,
    ArraySite,
    ArrayUser,
    CategorySite,
    ClockSite,
    CommandSite,
    ConsoleFamily,
    ConsoleSite,
    ConsoleUser,
    CopySite,
    GroupSite,
    GroupStatus,
    HostSite,
    InterfaceSite,
    JobSite,
    LineSite,
    MailSite,
    ManagedSystemSite,
    PartitionSite,
    ProfileSite,
    ProgramSite,
    ScheduleSite,
    SetSite,
    Site,
    SubsystemSite,
    SystemSite,
    TapeHardware,
    TargetSite,
    UserSite,
    ViosUser,
    VolumeSite,
)
from flashtwin.site_system import DEFAULT_SUBSYSTEMS, USUAL_SERVERS

_BY_SERIAL = re.compile(r"([0-9A-Z]{4}-[0-9A-Z]{3})\*([0-9A-Z]{7})")

PRODUCTION_VLAN = 1
OWN_VLAN = 201
VOLUMES_A_SYSTEM = 4
CARTRIDGES = 12
# The product's *EXIT programs stand first and last, as its installation asks for.
ITEMS = ("*EXIT", "*SAVSYS", "*IBM", "*ALLUSR", "*ALLDLO", "*LINK", "*EXIT")
SMALL_ITEMS = ("*EXIT", "QGPL", "QUSRSYS", "*EXIT")
USUAL_DRIVES = 2
SNAPSHOT_LEVEL = "8.7.0.3 (build 169.5.2502201040000)"
"""A code level of Storage Virtualize that refreshes thin clones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemNeed:
    """A production partition: where it is, and who deploys and runs there."""

    name: str
    host: str
    port: int = 22
    user: str
    serial: str
    lpar_id: int
    library: str = ""
    release: str = "7.4"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleNeed:
    """A console: its family, its addresses ("host:port"), user and the file of its credential.

    `credential` says what that is: key, password, token or none; `facts` what the family has to know.
    """

    name: str
    addresses: tuple[str, ...]
    user: str
    key: str
    family: ConsoleFamily = "hmc"
    credential: str = "key"
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayNeed:
    """An array, with the same of it as of a console."""

    name: str
    addresses: tuple[str, ...]
    user: str
    key: str
    family: str = "svc"
    credential: str = "key"
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyNeed:
    """What a clone's copy is made of that is no consistency group; `name` is that of its group."""

    array: str
    name: str
    kind: str
    parts: tuple[tuple[str, str], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkNeed:
    """The private network between a source and its clone."""

    source: str
    clone: str
    line: str
    vlan: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ViosNeed:
    """How a VIOS is asked by SSH: its address, the user and the file of the key."""

    name: str
    address: str
    user: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneNeed:
    """A clone: its partition, the consistency groups (array, generations) that copy its source, its VIOS."""

    name: str
    system: str
    lpar_id: int
    partition: str
    managed_system: str
    console: str
    profile: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    link: LinkNeed | None = None
    vios: tuple[str, ...] = ()
    vios_access: tuple[ViosNeed, ...] = ()
    copies: tuple[CopyNeed, ...] = ()
    lines: tuple[str, ...] = ()
    """Line descriptions of the network that it has for itself when it lives on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupNeed:
    """A further group that a run requires in a state."""

    array: str
    group: str
    status: GroupStatus = "idle_or_copied"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobNeed:
    """A job that a run holds."""

    system: str
    user: str
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNeed:
    """A job queue that a run holds."""

    system: str
    library: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsystemNeed:
    """A subsystem that a run ends."""

    system: str
    library: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrmsNeed:
    """A BRMS control group that is saved on a clone of the system.

    `device` is that of its media class, "" where BRMS saves into save files; `restricted` a group of the
    whole system that ends all subsystems.
    """

    system: str
    group: str
    device: str
    restricted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceNeed:
    """A device that work on a clone of the system saves to.

    `kind` is library, drive, virtual tape or optical; `catalog` the image catalog of a virtual device.
    """

    system: str
    kind: str
    name: str
    catalog: str = ""
    sequential: bool = False
    volumes: tuple[str, ...] = ()
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNeeds:
    """All that a spec's runs look for.

    `domino` and `servers` (TCP/IP) are (system, server), `entries` (system, job schedule entry), `asps`
    (system, independent ASP), `devices` (system, device that is varied on); `programs` are (system, library,
    program) that user commands call, `commands` (system, library, command, keywords) those that the catalogue
    does not know; `says` are these and a message that is expected of them; `libraries` are
    (system, library); `files` are (system, path) that are brought home from a clone; `mail` is the relay's
    "host:port", empty for none; `start` the local time at which the clock starts.
    """

    systems: tuple[SystemNeed, ...]
    consoles: tuple[ConsoleNeed, ...]
    arrays: tuple[ArrayNeed, ...]
    clones: tuple[CloneNeed, ...]
    requires: tuple[GroupNeed, ...] = ()
    jobs: tuple[JobNeed, ...] = ()
    domino: tuple[tuple[str, str], ...] = ()
    queues: tuple[QueueNeed, ...] = ()
    entries: tuple[tuple[str, str], ...] = ()
    subsystems: tuple[SubsystemNeed, ...] = ()
    servers: tuple[tuple[str, str], ...] = ()
    devices: tuple[tuple[str, str], ...] = ()
    asps: tuple[tuple[str, str], ...] = ()
    programs: tuple[tuple[str, str, str], ...] = ()
    commands: tuple[tuple[str, str, str, tuple[str, ...]], ...] = ()
    says: tuple[tuple[str, str, str, str], ...] = ()
    libraries: tuple[tuple[str, str], ...] = ()
    brms: tuple[BrmsNeed, ...] = ()
    media: tuple[DeviceNeed, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    mail: str = ""
    start: str = "2026-11-18T20:30:00"
    utc_offset: str = "+01:00"


def derive_site(needs: SiteNeeds) -> Site:
    """The site of an ordinary evening for these needs; pass it to `check_site` before it is built."""
    site = Site(
        name="derived",
        clock=ClockSite(start=needs.start, utc_offset=needs.utc_offset),
        managed_systems=_managed_systems(needs),
        partitions=_partitions(needs),
        consoles=tuple(
            ConsoleSite(
                name=one.name,
                family=one.family,
                addresses=one.addresses,
                facts=dict(one.facts),
                users=(ConsoleUser(name=one.user or one.key, keys=_keys(one), secrets=_secrets(one)),),
            )
            for one in needs.consoles
        ),
        arrays=tuple(_array(needs, one, number) for number, one in enumerate(needs.arrays, 1)),
        systems=tuple(_system(needs, one) for one in needs.systems),
        tape=tuple(_tape(needs, name, number) for number, name in enumerate(_tape_libraries(needs))),
    )
    return replace(site, mail=MailSite(addresses=(needs.mail,))) if needs.mail else site


def _server_of(needs: SiteNeeds, system: SystemNeed) -> str:
    """The managed system of a production partition: that of its first clone, whose serial it then has.

    A machine that its name says to be another is not production's.
    """
    for clone in needs.clones:
        if clone.system == system.name and _serial_in(clone.managed_system) in ("", system.serial):
            return clone.managed_system
    return f"Server-{system.serial}"


def _managed_systems(needs: SiteNeeds) -> tuple[ManagedSystemSite, ...]:
    found: dict[str, str] = {}
    for system in needs.systems:
        found.setdefault(_server_of(needs, system), system.serial)
    for clone in needs.clones:
        if clone.managed_system not in found:
            found[clone.managed_system] = _serial_in(clone.managed_system) or f"78D{len(found):04d}"
    return tuple(
        ManagedSystemSite(name=name, type_model=_type_model(name), serial=serial)
        for name, serial in found.items()
    )


def _serial_in(name: str) -> str:
    """The serial number in TTTT-MMM*xxxxxxx, "" in any other name."""
    match = _BY_SERIAL.fullmatch(name)
    return match[2] if match else ""


def _type_model(name: str) -> str:
    """The type and model in TTTT-MMM*xxxxxxx, or an HMC's default name Server-TTTT-MMM-SNxxxxxxx."""
    if match := _BY_SERIAL.fullmatch(name):
        return match[1]
    parts = name.split("-")
    usual = len(parts) == 4 and len(parts[1]) == 4 and len(parts[2]) == 3
    return f"{parts[1]}-{parts[2]}" if usual else "9009-42A"


def _partitions(needs: SiteNeeds) -> tuple[PartitionSite, ...]:
    made: list[PartitionSite] = []
    for system in needs.systems:
        links = [one.link.vlan for one in needs.clones if one.system == system.name and one.link is not None]
        made.append(
            PartitionSite(
                id=system.lpar_id,
                name=system.name,
                managed_system=_server_of(needs, system),
                profiles=(ProfileSite(name="default", vlans=(PRODUCTION_VLAN, *dict.fromkeys(links))),),
                profile="default",
                host=system.name if _arrays_of(needs, system.name) else "",
                addresses=(f"{system.host}:{system.port}",),
            )
        )
    names = {one.name for one in made}
    # There the console tells nothing of the machine, and who is who by this number.
    cloud = {one.name for one in needs.consoles if one.family == "powervs"}
    for clone in needs.clones:
        if clone.partition in names:
            continue
        names.add(clone.partition)
        made.append(
            PartitionSite(
                id=clone.lpar_id,
                name=clone.partition,
                managed_system=clone.managed_system,
                profiles=(ProfileSite(name=clone.profile, vlans=_vlans(needs, clone)),),
                profile=clone.profile,
                host=clone.partition if _is_mapped(clone) and not clone.vios else "",
                copy_of=clone.system if _is_mapped(clone) else "",
                virtual_serial=f"7V{clone.lpar_id:05d}" if clone.console in cloud else "",
                state="Running" if _is_mapped(clone) else "Not Activated",
                clock_skew=-240.0,
            )
        )
    return (*made, *_servers(needs, made))


def _vlans(needs: SiteNeeds, clone: CloneNeed) -> tuple[int, ...]:
    own = _own_vlans(needs)
    return (*((clone.link.vlan,) if clone.link else ()), *(own[line] for line in clone.lines))


def _own_vlans(needs: SiteNeeds) -> dict[str, int]:
    """A VLAN for each line of a clone's own network, on which production is not at home."""
    lines = dict.fromkeys(line for clone in needs.clones for line in clone.lines)
    return {line: OWN_VLAN + number for number, line in enumerate(lines)}


def _servers(needs: SiteNeeds, made: list[PartitionSite]) -> list[PartitionSite]:
    """The VIOS of each machine, with an adapter for each of its clients."""
    found: dict[tuple[str, str], PartitionSite] = {}
    for clone in needs.clones:
        for name in clone.vios:
            machine = clone.managed_system
            access = next((one for one in clone.vios_access if one.name == name), None)
            taken = {one.id for one in (*made, *found.values()) if one.managed_system == machine}
            server = found.get((machine, name)) or PartitionSite(
                id=next(n for n in range(1, 65536) if n not in taken),
                name=name,
                managed_system=machine,
                env="vioserver",
                host=name if _is_mapped(clone) else "",
            )
            if access is not None:
                users = (ViosUser(name=access.user, keys=(access.key,)),)
                server = replace(server, addresses=(access.address,), users=users)
            at = len(server.adapters)
            devices = tuple(
                TargetSite(name=f"c{clone.lpar_id}_d{n}", volume=volume)
                for n, volume in enumerate(_mapped(clone), 1)
            )
            adapter = AdapterSite(
                name=f"vhost{at}",
                slot=10 + at,
                client=clone.lpar_id,
                client_slot=10 + clone.vios.index(name),
                devices=devices,
            )
            found[machine, name] = replace(server, adapters=(*server.adapters, adapter))
    return list(found.values())


def _arrays_of(needs: SiteNeeds, system: str) -> set[str]:
    """The arrays that a system's volumes are on: those of its clones' groups."""
    return {array for one in needs.clones if one.system == system for array, _ in one.groups}


def _is_mapped(clone: CloneNeed) -> bool:
    """Whether the clone's partition has disks: generations are copies that nothing is started from."""
    return any(len(groups) == 1 for _, groups in clone.groups)


def _entries(clone: CloneNeed, array: str) -> list[tuple[tuple[str, ...], range]]:
    """The clone's groups on an array, by generations, and which of the system's volumes there each copies.

    Several entries share the volumes out between them; each generation copies all of its entry's.
    """
    own = [generations for name, generations in clone.groups if name == array]
    return [(one, range(place, VOLUMES_A_SYSTEM, len(own))) for place, one in enumerate(own)]


def _mapped(clone: CloneNeed, *arrays: str) -> list[str]:
    """The names of the clone's own volumes on these arrays, or on all; generations have none."""
    return sorted(
        name
        for array in arrays or dict.fromkeys(array for array, _ in clone.groups)
        for generations, places in _entries(clone, array)
        if len(generations) == 1
        for name in _names(_targets(clone, array), places)
    )


def _array(needs: SiteNeeds, array: ArrayNeed, number: int) -> ArraySite:
    """The array with the volumes of each system, and targets for each group that copies them."""
    volumes: list[VolumeSite] = []
    hosts: list[HostSite] = []
    servers: dict[str, list[str]] = {}
    groups: list[GroupSite] = []
    copies: list[CopySite] = []
    sets: list[SetSite] = []
    sources: dict[str, list[str]] = {}
    for system in needs.systems:
        if array.name in _arrays_of(needs, system.name):
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
        mapped = _mapped(clone, array.name)
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
        keys=_keys(array),
        secrets=_secrets(array),
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


def _keys(one: ConsoleNeed | ArrayNeed) -> tuple[str, ...]:
    return (one.key,) if one.credential == "key" else ()


def _secrets(one: ConsoleNeed | ArrayNeed) -> tuple[str, ...]:
    return (one.key,) if one.credential in ("password", "token") else ()


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


def _system(needs: SiteNeeds, system: SystemNeed) -> SystemSite:
    links = {one.link.line: one.link for one in needs.clones if one.system == system.name and one.link}
    jobs = tuple(
        JobSite(name=one.job, user=one.user, number=141601 + n, subsystem="QUSRWRK")
        for n, one in enumerate(needs.jobs)
        if one.system == system.name
    )
    usual = {"QSECOFR", "QSYSOPR", "QPGMR", "QUSER", system.user}
    users = [
        UserSite(name=system.user, special=("*JOBCTL", "*SAVSYS", "*IOSYSCFG"), keys=("deploy_ed25519",))
    ]
    users += [UserSite(name=name) for name in dict.fromkeys(job.user for job in jobs) if name not in usual]
    brms = [one for one in needs.brms if one.system == system.name]
    tapes = [name for name in _tape_libraries(needs) if name in _tapes_of(needs, system.name)]
    devices = [name for where, name in needs.devices if where == system.name]
    asps = [name for where, name in needs.asps if where == system.name]
    made = SystemSite(
        partition=system.name,
        release=system.release,
        users=tuple(users),
        jobs=jobs,
        subsystems=_subsystems(needs, system),
        schedule=tuple(
            ScheduleSite(name=name, command="DLYJOB DLY(60)", time="030000")
            for where, name in needs.entries
            if where == system.name
        ),
        servers=tuple(
            dict.fromkeys([*USUAL_SERVERS, *(name for where, name in needs.servers if where == system.name)])
        ),
        devices=tuple(name for name in devices if name not in tapes),
        independent_asps=tuple(IndependentAsp(name=name, number=33 + n) for n, name in enumerate(asps)),
        programs=tuple(
            ProgramSite(library=library, name=name, commands=_says(needs, where, library, name))
            for where, library, name in needs.programs
            if where == system.name
        ),
        commands=tuple(
            CommandSite(library=library, name=name, keywords=keywords)
            for where, library, name, keywords in needs.commands
            if where == system.name
        ),
        lines=(
            LineSite(name="ETHLINE", vlan=PRODUCTION_VLAN),
            *(
                LineSite(name=name, vlan=link.vlan, resource=f"CMN{n:02d}")
                for n, (name, link) in enumerate(links.items(), 2)
                if name != "ETHLINE"
            ),
            *(
                LineSite(name=name, vlan=vlan, resource=f"CMN{n:02d}")
                for n, (name, vlan) in enumerate(_own_vlans(needs).items(), len(links) + 2)
                if any(name in one.lines for one in needs.clones if one.system == system.name)
            ),
        ),
        interfaces=_interfaces(needs, system),
        domino=tuple(DominoServer(name=name) for where, name in needs.domino if where == system.name),
        tape_libraries=tuple(_tape_library(needs, system, name) for name in tapes),
        virtual_devices=tuple(
            VirtualDevice(
                name=one.name,
                catalog=one.catalog,
                optical=one.kind == "optical",
                volumes=_media_of(needs, system.name, one.name),
            )
            for one in _virtual_devices(needs, system.name)
        ),
        libraries=tuple(library for where, library in needs.libraries if where == system.name),
        files=tuple(path for where, path in needs.files if where == system.name),
    )
    # BRMS finds the device by the volumes of a group's media class: one class a device.
    volumes = tuple(
        BrmsVolume(id=volume, library=name, media_class=name)
        for name in dict.fromkeys(one.device for one in brms if one.device)
        for volume in _media_of(needs, system.name, name)
    )
    # One that is saved beside others somewhere ends no subsystem.
    groups = {one.group: _control_group(system, one) for one in sorted(brms, key=lambda one: -one.restricted)}
    return replace(made, brms=replace(made.brms, control_groups=tuple(groups.values()), volumes=volumes))


def _control_group(system: SystemNeed, need: BrmsNeed) -> BrmsControlGroup:
    """A small one, or one of the whole system, which ends all subsystems."""
    return BrmsControlGroup(
        name=need.group,
        items=ITEMS if need.restricted else SMALL_ITEMS,
        media_class=need.device or "*SAVF",
        volumes_needed=(2 if need.restricted else 1) if need.device else 0,
        restricted=need.restricted,
        exits=tuple(f"CALL PGM({system.library}/FLEXIT) PARM({word})" for word in ("BEGIN", "END")),
    )


def _virtual_devices(needs: SiteNeeds, system: str) -> list[DeviceNeed]:
    own = {one.name: one for one in needs.media if one.system == system}
    return [one for one in own.values() if one.kind in ("virtual tape", "optical")]


def _media_of(needs: SiteNeeds, system: str, device: str) -> tuple[str, ...]:
    """The volumes that a device can load without a person."""
    virtual = [one.name for one in _virtual_devices(needs, system)]
    if device in virtual:
        return tuple(f"V{virtual.index(device):02d}{n:03d}" for n in range(1, CARTRIDGES + 1))
    libraries = _tape_libraries(needs)
    return _cartridges(libraries.index(device if device in libraries else _alone(device)))


def _subsystems(needs: SiteNeeds, system: SystemNeed) -> tuple[SubsystemSite, ...]:
    """Those that a run ends, and one that serves the queues that it holds."""
    usual = {one.name for one in DEFAULT_SUBSYSTEMS}
    served = {queue for one in DEFAULT_SUBSYSTEMS for queue in one.job_queues}
    made = {
        one.name: SubsystemSite(name=one.name, library=one.library)
        for one in needs.subsystems
        if one.system == system.name and one.name not in usual
    }
    queues = [f"{one.library}/{one.queue}" for one in needs.queues if one.system == system.name]
    if more := tuple(dict.fromkeys(queue for queue in queues if queue not in served)):
        made["SITEQUEUES"] = SubsystemSite(name="SITEQUEUES", library="QGPL", job_queues=more)
    return tuple(made.values())


def _says(needs: SiteNeeds, system: str, library: str, program: str) -> tuple[str, ...]:
    """The commands by which a program sends the messages that are expected of it."""
    return tuple(
        f"SNDPGMMSG MSGID({msgid}) MSGF(QSYS/QCPFMSG) MSGTYPE(*INFO)"
        for *of, msgid in needs.says
        if of == [system, library, program]
    )


def _interfaces(needs: SiteNeeds, system: SystemNeed) -> tuple[InterfaceSite, ...]:
    made = {"10.255.0.1": InterfaceSite(address="10.255.0.1", line="ETHLINE")}
    for clone in needs.clones:
        if clone.system == system.name and clone.link is not None:
            for address in (clone.link.source, clone.link.clone):
                made[address] = InterfaceSite(
                    address=address, line=clone.link.line, autostart=False, active=False
                )
    return tuple(made.values())


def _tape_libraries(needs: SiteNeeds) -> list[str]:
    """All libraries; a drive by itself is one with this drive."""
    return list(dict.fromkeys(name for system in needs.systems for name in _tapes_of(needs, system.name)))


def _tapes_of(needs: SiteNeeds, system: str) -> list[str]:
    own = [one for one in needs.media if one.system == system]
    libraries = [one.name for one in own if one.kind == "library"]
    drives = [_alone(one.name) for one in own if one.kind == "drive"]
    return list(dict.fromkeys([*libraries, *drives]))


def _alone(drive: str) -> str:
    """The name that a drive's library goes by where the spec names the drive only."""
    return f"L{drive}"[:10]


def _uses(needs: SiteNeeds, name: str) -> list[DeviceNeed]:
    return [one for one in needs.media if one.name == name or _alone(one.name) == name]


def _tape(needs: SiteNeeds, name: str, number: int) -> TapeHardware:
    """The machine behind a library: a drive for each control group, its usual cartridges, those that are
    named, and the categories.
    """
    uses = _uses(needs, name)
    named = tuple(dict.fromkeys(volume for one in uses for volume in one.volumes))
    usual = _cartridges(number)
    categories = tuple(dict.fromkeys(one.category for one in uses if one.category))
    return TapeHardware(
        name=f"{name}HW",
        drives=max(USUAL_DRIVES, sum(one.device == name for one in needs.brms)),
        volumes=(*named, *(volume for volume in usual if volume not in named)),
        categories=tuple(CategorySite(name=one, volumes=usual) for one in categories),
    )


def _tape_library(needs: SiteNeeds, system: SystemNeed, name: str) -> TapeLibrary:
    own = [one for one in needs.media if one.system == system.name]
    drives = tuple(one.name for one in own if one.kind == "drive" and _alone(one.name) == name)
    place = _tape_libraries(needs).index(name) + 1
    return TapeLibrary(
        name=name,
        hardware=f"{name}HW",
        drives=drives or (f"TAPX{place:02d}",),
        sequential=any(one.sequential for one in own if one.name == name),
        online=(system.name, name) in needs.devices,
    )


def _cartridges(library: int) -> tuple[str, ...]:
    return tuple(f"B{library:02d}{n:03d}" for n in range(1, CARTRIDGES + 1))
