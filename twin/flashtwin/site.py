"""The site: everything that a rehearsal needs to know of machines, arrays, systems and durations.

A site file (TOML) fills these dataclasses (`flashtwin.site_load.load_site`); a spec without one gets a site
derived from its needs (`flashtwin.derive.site.derive_site`).  Every field has a default that
makes an ordinary evening, so that a small file suffices.  A duration is written with its unit in a site
file ("4h50m", "300ms") and is a float in seconds here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from flashtwin.site_system import (
    BrmsSite,
    CommandSite,
    Duration,
    InterfaceSite,
    JobSite,
    LineSite,
    Offset,
    ProgramSite,
    RouteSite,
    ScheduleSite,
    Seconds,
    SignedDuration,
    SubsystemSite,
    SystemSite,
    UserSite,
)

__all__ = [
    "ARRAY_FAMILIES",
    "DEFAULT_IPL",
    "AdapterSite",
    "ArraySite",
    "ArrayUser",
    "BrmsSite",
    "CategorySite",
    "ClockSite",
    "CommandSite",
    "ConsoleFamily",
    "ConsoleSite",
    "ConsoleUser",
    "CopySite",
    "Costs",
    "Duration",
    "Durations",
    "GroupSite",
    "HostSite",
    "InterfaceSite",
    "IplPhase",
    "JobSite",
    "LineSite",
    "MailSite",
    "ManagedSystemSite",
    "MapSite",
    "Officer",
    "Offset",
    "PartitionSite",
    "PoolSite",
    "ProfileSite",
    "ProgramSite",
    "Readings",
    "RouteSite",
    "ScheduleSite",
    "Seconds",
    "SetSite",
    "SignedDuration",
    "Site",
    "SubsystemSite",
    "SystemSite",
    "TapeHardware",
    "TargetSite",
    "UserSite",
    "ViosUser",
    "VolumeSite",
]

Role = Literal[
    "hmcsuperadmin",
    "hmcoperator",
    "hmcviewer",
    "hmcpe",
    "hmcservicerep",
]
SvcRole = Literal[
    "Monitor",
    "CopyOperator",
    "Service",
    "FlashCopyAdmin",
    "Administrator",
    "SecurityAdmin",
    "RestrictedAdmin",
]
PartitionState = Literal[
    "Running", "Starting", "Not Activated", "Not Available", "Shutting Down", "Error", "Hardware Discovery"
]
Keylock = Literal["norm", "manual"]
IplSource = Literal["a", "b", "c", "d"]
Reach = Literal["ok", "hang", "down"]
ConsoleFamily = Literal["hmc", "fsm", "novalink", "powervs"]
GroupStatus = Literal["idle_or_copied", "copying", "stopped", "prepared", "preparing", "suspended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSite:
    """Where virtual time starts: local time of the source, its offset from UTC."""

    start: str = "2026-11-18T20:30:00"
    utc_offset: str = "+01:00"
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Virtual time that a call costs beside what it does."""

    python: Seconds = 4.0
    ssh_login: Seconds = 1.0
    system: Seconds = 0.5
    qsh: Seconds = 1.0
    odbc: Seconds = 1.0
    submit: Seconds = 0.1
    command: Seconds = 0.001
    smtp: Seconds = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class IplPhase:
    """A reference code that is shown for a time while a partition starts."""

    code: str
    lasts: Seconds


ARRAY_FAMILIES: dict[str, str] = {
    "svc": "600507680",
    "ds8000": "600507630",
    "powermax": "600009700",
    "pure": "624A93700",
    "hitachi": "60060E800",
    "powervs": "600507681",
    "custom": "600000000",
}
"""The families of storage systems; how the NAA identifiers of their volumes begin (the IEEE company id)."""

DEFAULT_IPL = (
    IplPhase(code="C200C1FF", lasts=20.0),
    IplPhase(code="C6004053", lasts=280.0),
    IplPhase(code="C90029B0", lasts=300.0),
    IplPhase(code="C9002AA1", lasts=600.0),
    IplPhase(code="C9002AC0", lasts=300.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """How long things take.

    `osshutdown` and its like run from the request to Not Activated.  `flush` is CHGASPACT *FRCWRT;
    `suspend` the time from the SUSPEND request until the state is reached.  `vary_settles` is how long a
    device is on its way behind the end of VRYCFG (docs/platform-facts.md#configuration-status).
    """

    suspend: Seconds = 3.0
    resume: Seconds = 0.2
    flush: Seconds = 8.0
    power_on: Seconds = 5.0
    ipl: tuple[IplPhase, ...] = DEFAULT_IPL
    osshutdown: Seconds = 180.0
    osshutdown_immed: Seconds = 62.0
    shutdown: Seconds = 120.0
    shutdown_immed: Seconds = 10.0
    domino_end: Seconds = 120.0
    domino_start: Seconds = 30.0
    brms_strprc: Seconds = 68.0
    brms_strbku: Seconds = 37.0
    brms_endbku: Seconds = 72.0
    brms_endprc: Seconds = 3.0
    brms_maintenance: Seconds = 300.0
    save: Seconds = 17400.0
    save_item: Seconds = 20.0
    save_qusrbrm: Seconds = 21.0
    restore_qusrbrm: Seconds = 9.0
    vary_on_library: Seconds = 3.0
    vary_settles: Seconds = 0.0
    vary_on_asp: Seconds = 240.0
    end_subsystem: Seconds = 30.0
    end_subsystems: Seconds = 25.0
    start_subsystems: Seconds = 40.0
    start_tcp: Seconds = 20.0
    start_interface: Seconds = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The harsher reading of open platform questions is taken unless a switch here says otherwise.

    The last one is the exception: under it no copy is ever taken, so a site has to ask for it.
    """

    startup_again_after_restricted: bool = True
    qsyswrk_beside_startup: bool = True
    strtcp_beside_startup: bool = True
    startup_authorities_only: bool = True
    resume_refused_while_suspending: bool = True
    late_trigger_flashes: bool = True
    endsbs_kills_all_jobs: bool = True
    runsql_needs_commit_none: bool = True
    runsql_ends_without_rows: bool = True
    ifs_blocks_while_suspended: bool = True
    clone_ssh_needs_tcp: bool = True
    clone_odbc_down: bool = True
    prepare_discards_target: bool = True
    other_partition_other_ports: bool = True
    data_queues_wait_while_suspended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """What the security officer does between deploy and the first night.

    `commands` are CL commands that somebody with all authority enters after that: what the night finds
    changed.
    """

    chgsysval: bool = True
    guard_run: bool = True
    authorise_keys: bool = True
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedSystemSite:
    """A server: its partitions' identity serial is `serial`, its type and model `type_model`."""

    name: str
    type_model: str
    serial: str
    state: str = "Operating"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSite:
    """A partition profile: the VLAN of each of its virtual Ethernet adapters."""

    name: str
    vlans: tuple[int, ...] = ()
    auto_start: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSite:
    """A virtual target device of a VIOS: its name, and the volume of the VIOS's host object behind it."""

    name: str
    volume: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterSite:
    """A virtual SCSI server adapter of a VIOS: name and slot, the client partition and its slot.

    `client_known` is false where the client was not started since the VIOS was.
    """

    name: str
    slot: int
    client: int
    client_slot: int = 10
    client_known: bool = True
    devices: tuple[TargetSite, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ViosUser:
    """A user of a VIOS who may log in by SSH, and the key files that are let in."""

    name: str = "padmin"
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionSite:
    """A partition as the HMC knows it.

    `host` is its host object on array `array`, or without one on every array that has a host of that name:
    the volumes mapped to it are its disks.  `copy_of` names the partition whose contents its disks hold from
    an earlier copy.  `clock_skew` is its clock against true time.  `addresses` are where its SSH server
    answers.  `internal_disks` counts units that are not on any array.  `ipl` overrides the site's phases;
    `ipl_source` is from where a start that does not say it starts; d, other media, after an installation.
    `slow_end` is added to every end in order.  `virtual_serial` is the serial number that its system shows
    in place of the machine's.

    A VIOS (`env` vioserver) has `adapters`, whose devices are the disks of their client partitions; a client
    names no array.  `rmc` is the VIOS's connection to the console; its `users` may log in by SSH.
    """

    id: int
    name: str
    managed_system: str
    env: Literal["os400", "aixlinux", "vioserver"] = "os400"
    virtual_serial: str = ""
    os_version: str = ""
    profiles: tuple[ProfileSite, ...] = (ProfileSite(name="default", vlans=(1,)),)
    default_profile: str = ""
    profile: str = ""
    auto_start: bool = False
    keylock: Keylock = "norm"
    ipl_source: IplSource = "b"
    state: PartitionState = "Running"
    refcode: str = "00000000"
    array: str = ""
    host: str = ""
    copy_of: str = ""
    clock_skew: Offset = 0.0
    internal_disks: int = 0
    addresses: tuple[str, ...] = ()
    ipl: tuple[IplPhase, ...] = ()
    slow_end: Seconds = 0.0
    adapters: tuple[AdapterSite, ...] = ()
    rmc: bool = True
    users: tuple[ViosUser, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleUser:
    """A user of a console: task role, and the key files (or `secrets`) of the source that it accepts.

    `partitions` limits the user to those partitions (a managed-resource role); empty means all.
    """

    name: str
    role: Role = "hmcoperator"
    keys: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    partitions: tuple[str, ...] = ()
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSite:
    """A console; one HMC may answer at several addresses.  `facts` as those of an array.

    `unreachable` are addresses that do not answer, `reach` is how the others do.  `host_key` "changed"
    gives it another key than the one that was pinned.  `connection` is the state in which it shows every
    machine while it has no connection to it (`No Connection`, `Version Mismatch`); "": it has one.
    """

    name: str
    family: ConsoleFamily = "hmc"
    addresses: tuple[str, ...]
    facts: dict[str, str] = field(default_factory=dict)
    version: str = "V10R3 M1060"
    locale: str = "en_US"
    users: tuple[ConsoleUser, ...]
    manages: tuple[str, ...] = ()
    answer: Seconds = 0.5
    utc_offset: str = ""
    reach: Reach = "ok"
    unreachable: tuple[str, ...] = ()
    host_key: Literal["pinned", "changed"] = "pinned"
    connection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayUser:
    """A user of an array: role, the key files that it accepts, the files of its password or token.

    Names of files stand for their contents: the twin makes both from the name.
    """

    name: str
    role: SvcRole = "CopyOperator"
    keys: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSite:
    """A storage pool with its capacity and what other volumes already use, in GiB.

    `physical_gib` is what its drives hold where they compress and the pool shows more; 0: as much as that.
    """

    name: str = "Pool0"
    capacity_gib: int = 40960
    physical_gib: int = 0
    other_used_gib: int = 8192
    warning: int = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeSite:
    """A volume; `count` makes NAME1 … NAMEn alike.  `used_percent` is what a thin volume has written."""

    name: str
    size_gib: int = 300
    count: int = 0
    uid: str = ""
    pool: str = "Pool0"
    thin: bool = False
    used_percent: int = 0
    autoexpand: bool = True
    status: Literal["online", "offline"] = "online"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSite:
    """A host object: the WWPNs of a partition and the volumes mapped to it, in SCSI id order."""

    name: str
    wwpns: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSite:
    """A FlashCopy mapping from `source` to `target`; `group` empty makes it stand-alone."""

    source: str
    target: str
    name: str = ""
    group: str = ""
    copy_rate: int = 0
    clean_rate: int = 50
    incremental: bool = False
    status: GroupStatus = "idle_or_copied"
    progress: int = 0
    start_time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSite:
    """A consistency group; `maps` are pairs [source, target] that share its rates and status."""

    name: str
    maps: tuple[tuple[str, ...], ...] = ()
    copy_rate: int = 0
    clean_rate: int = 50
    incremental: bool = False
    status: GroupStatus = "idle_or_copied"
    progress: int = 0
    start_time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSite:
    """A group of volumes, where the array has such: storage group, protection group, instance."""

    name: str
    volumes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySite:
    """A copy on an array that is no consistency group of the SVC kind.

    `name` is what the spec calls it, `kind` the words of its phrase, `parts` are the names in it by their
    keys, `pairs` the volumes [source, target].  `state` is what the evening finds of it ("" for none yet,
    "active"), `taken` when its instant was taken, YYMMDDhhmmss on the array's clock.
    """

    name: str
    kind: str = "group"
    parts: dict[str, str] = field(default_factory=dict)
    pairs: tuple[tuple[str, ...], ...] = ()
    state: str = ""
    taken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArraySite:
    """A storage system.

    `answer` is the time of any reply; `prepare` that of the cache flush, or of whatever precedes the instant;
    `clean` the time a stop needs when other maps depend on it; `copy` how long a full background copy runs.
    `flush_fails` ends each prepare in stopped.  Groups and maps are those of the family svc, `sets` and
    `copies` its volume groups and thin clones, and what the others have; `facts` are what the family tells of
    itself (serial, image, workspace).
    `token_life` is how long a log-in by REST lasts.
    """

    name: str
    family: str = "svc"
    addresses: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    id: str = "00000200A0201234"
    code_level: str = "8.6.0.3 (build 167.20.2403110921000)"
    utc_offset: str = ""
    users: tuple[ArrayUser, ...]
    pools: tuple[PoolSite, ...] = (PoolSite(),)
    volumes: tuple[VolumeSite, ...] = ()
    hosts: tuple[HostSite, ...] = ()
    groups: tuple[GroupSite, ...] = ()
    maps: tuple[MapSite, ...] = ()
    sets: tuple[SetSite, ...] = ()
    copies: tuple[CopySite, ...] = ()
    token_life: Seconds = 3600.0
    answer: Seconds = 1.0
    prepare: Seconds = 12.0
    clean: Seconds = 30.0
    copy: Seconds = 7200.0
    flush_fails: bool = False
    reach: Reach = "ok"
    unreachable: tuple[str, ...] = ()
    host_key: Literal["pinned", "changed"] = "pinned"

    def all_volumes(self) -> tuple[VolumeSite, ...]:
        """Every volume by itself, each with a UID; one without gets it from the array's id and its place."""
        volumes: list[VolumeSite] = []
        for volume in self.volumes:
            names = [f"{volume.name}{n}" for n in range(1, volume.count + 1)] or [volume.name]
            for name in names:
                begin = ARRAY_FAMILIES.get(self.family, "600000000")  # site_check tells of an unknown one
                made = f"{begin}{self.id[-11:]}{len(volumes):012X}"
                volumes.append(replace(volume, name=name, count=0, uid=volume.uid or made))
        return tuple(volumes)

    def all_maps(self) -> tuple[MapSite, ...]:
        """Every mapping by itself, those of the groups first; one without a name is called fcmapN."""
        maps = [
            MapSite(
                source=pair[0],
                target=pair[1],
                group=group.name,
                copy_rate=group.copy_rate,
                clean_rate=group.clean_rate,
                incremental=group.incremental,
                status=group.status,
                progress=group.progress,
                start_time=group.start_time,
            )
            for group in self.groups
            for pair in group.maps
            if len(pair) == 2
        ]
        return tuple(
            replace(one, name=one.name or f"fcmap{number}") for number, one in enumerate([*maps, *self.maps])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySite:
    """A cartridge category of a tape library and the cartridges in it, in the order of their mounting."""

    name: str
    volumes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeHardware:
    """A tape library in the machine room: its cartridges, and the system that holds a reservation.

    `holds` is how long a save fills one cartridge; 0: none is ever full.
    """

    name: str
    drives: int = 2
    volumes: tuple[str, ...] = ()
    reserved_by: str = ""
    holds: Seconds = 0.0
    categories: tuple[CategorySite, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSite:
    """The SMTP relay."""

    addresses: tuple[str, ...] = ()
    reach: Reach = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A whole site."""

    name: str = "site"
    clock: ClockSite = ClockSite()
    costs: Costs = Costs()
    durations: Durations = Durations()
    readings: Readings = Readings()
    officer: Officer = Officer()
    managed_systems: tuple[ManagedSystemSite, ...]
    partitions: tuple[PartitionSite, ...]
    consoles: tuple[ConsoleSite, ...]
    arrays: tuple[ArraySite, ...]
    systems: tuple[SystemSite, ...]
    tape: tuple[TapeHardware, ...] = ()
    mail: MailSite = MailSite()

    def partition(self, name: str) -> PartitionSite:
        """The partition of that name; KeyError when the site has none."""
        for partition in self.partitions:
            if partition.name == name:
                return partition
        raise KeyError(name)

    def system(self, partition: str) -> SystemSite | None:
        """What is on the disks of the partition, None where the site file does not say."""
        return next((one for one in self.systems if one.partition == partition), None)

    def managed_system(self, name: str) -> ManagedSystemSite:
        """The server of that name; KeyError when the site has none."""
        for managed in self.managed_systems:
            if managed.name == name:
                return managed
        raise KeyError(name)
