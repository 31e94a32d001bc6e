"""What a site file says of the contents of a system: users, jobs, subsystems, network, BRMS, Domino, tape.

Part of the site (`flashtwin.site`), kept apart from the machines that the systems run on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from flashtwin.records import (
    BrmsControlGroup,
    BrmsVolume,
    DominoServer,
    IndependentAsp,
    PtfRecord,
    TapeLibrary,
    VirtualDevice,
)


class Duration:
    """Marks a number of seconds that a site file writes as text with units."""


class SignedDuration:
    """Marks a number of seconds that may also be negative."""


Seconds = Annotated[float, Duration]
Offset = Annotated[float, SignedDuration]
Day = Literal["*MON", "*TUE", "*WED", "*THU", "*FRI", "*SAT", "*SUN"]
ALL_DAYS: tuple[Day, ...] = ("*MON", "*TUE", "*WED", "*THU", "*FRI", "*SAT", "*SUN")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSite:
    """An Ethernet line; it can be varied on only where the partition has an adapter on its VLAN.

    `online` is ONLINE(*YES): varied on by the IPL.
    """

    name: str
    vlan: int
    resource: str = "CMN01"
    online: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceSite:
    """A configured interface; `autostart` starts it with STRTCP, `active` is how the night finds it.

    `address` is one of IPv4, or what only stands in the configuration: one of IPv6, *IP4DHCP or *IP6SAC.
    """

    address: str
    line: str
    mask: str = "255.255.255.0"
    autostart: bool = True
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSite:
    """A configured route; without a destination the default route.  `bound` is its BINDIFC."""

    via: str
    destination: str = "*DFTROUTE"
    mask: str = "*NONE"
    bound: str = "*NONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSite:
    """A job schedule entry (ADDJOBSCDE); `time` is HHMMSS of the system's own clock, `recovery` is RCYACN."""

    name: str
    command: str
    time: str = "000000"
    days: tuple[Day, ...] = ALL_DAYS
    job_queue: str = "QGPL/QBATCH"
    user: str = "QSYSOPR"
    recovery: Literal["*SBMRLS", "*SBMHLD", "*NOSBM"] = "*SBMRLS"
    held: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSite:
    """A user profile; `keys` are public keys that its SSH server accepts, by name.

    `ccsid` is the code page of its jobs, a number or *SYSVAL, which is QCCSID.
    """

    name: str
    special: tuple[str, ...] = ()
    enabled: bool = True
    keys: tuple[str, ...] = ()
    ccsid: str = "*SYSVAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsystemSite:
    """A subsystem description: its job queues, whether it is active, its autostart jobs' commands.

    `held_queues` are those of its job queues that the evening finds held.
    """

    name: str
    library: str = "QSYS"
    active: bool = True
    job_queues: tuple[str, ...] = ()
    held_queues: tuple[str, ...] = ()
    autostart: tuple[str, ...] = ()
    max_jobs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSite:
    """A job that is active (or waits on `job_queue`) when the night begins.

    `uncommitted` means open changes under commitment control; `long_transaction` a transaction that stays
    open for that long, which a SUSPEND of its `asp` waits for.
    """

    name: str
    user: str
    number: int = 0
    subsystem: str = "QBATCH"
    job_queue: str = ""
    command: str = ""
    uncommitted: bool = False
    long_transaction: Seconds = 0.0
    asp: str = "*SYSBAS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramSite:
    """A program of the site that no source is at hand for: how long it runs and how it ends.

    `escape` is the id of the escape message that it ends with, empty for a good end; `commands` are the CL
    commands that it runs before that.
    """

    name: str
    library: str
    lasts: Seconds = 1.0
    escape: str = ""
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSite:
    """A command of the site that the catalogue does not know: its keywords, and what it does in the twin."""

    name: str
    library: str = "QGPL"
    keywords: tuple[str, ...] = ()
    lasts: Seconds = 1.0
    escape: str = ""
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrmsSite:
    """BRMS as the night finds it; `state` other than *NONE is left over from an earlier run.

    `sql_services`: INZBRM OPTION(*SQLSRVINZ) was entered once, so that the log can be read by SQL.
    `advanced_feature`: that option of BRMS is installed, which its times of a flash ask for.
    """

    state: Literal["*NONE", "*STRPRC"] = "*NONE"
    control_groups: tuple[BrmsControlGroup, ...] = ()
    volumes: tuple[BrmsVolume, ...] = ()
    maintenance_at: str = ""
    batch_allowed: bool = True
    restricted_limit_min: int = 600
    sql_services: bool = True
    advanced_feature: bool = True


DEFAULT_SUBSYSTEMS = (
    SubsystemSite(name="QCTL", job_queues=("QSYS/QCTL",)),
    SubsystemSite(name="QINTER", job_queues=("QGPL/QINTER",)),
    SubsystemSite(name="QBATCH", job_queues=("QGPL/QBATCH",)),
    SubsystemSite(name="QCMN"),
    SubsystemSite(name="QSPL", job_queues=("QGPL/QSPL",)),
    SubsystemSite(name="QSERVER"),
    SubsystemSite(name="QUSRWRK", job_queues=("QSYS/QUSRNOMAX",)),
    SubsystemSite(name="QSYSWRK", job_queues=("QSYS/QSYSNOMAX",)),
    SubsystemSite(name="Q1ABRMNET", library="QBRM"),
)

USUAL_SERVERS = ("*SSHD", "*FTP", "*SMTP")

DEFAULT_USERS = (
    UserSite(name="QSECOFR", special=("*ALLOBJ", "*SECADM", "*JOBCTL", "*SAVSYS", "*IOSYSCFG", "*SERVICE")),
    UserSite(name="QSYSOPR", special=("*JOBCTL", "*SAVSYS")),
    UserSite(name="QPGMR", special=("*JOBCTL", "*SAVSYS")),
    UserSite(name="QUSER"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemSite:
    """What is on the disks of a partition, and which of it is active when the night begins.

    `users` and `subsystems` are added to the usual ones (`DEFAULT_USERS`, `DEFAULT_SUBSYSTEMS`); one of the
    same name takes the usual one's place.  `system_values`, `network_attributes` and `ipl_attributes`
    override the twin's defaults.  `servers` are the TCP/IP servers that start with TCP/IP, `devices` further
    device descriptions, varied on.  `files` are paths of stream files that are there.  `storage_free_gib` is
    what the system ASP has left.  `missing_commands` are those of licensed programs that are not
    installed: a compile of a program that has one of them finds CPD0030.
    """

    partition: str
    release: str = "7.4"
    controlling_subsystem: str = "QCTL"
    startup_program: str = "QSYS/QSTRUP"
    system_values: dict[str, str] = field(default_factory=dict)
    network_attributes: dict[str, str] = field(default_factory=dict)
    ipl_attributes: dict[str, str] = field(default_factory=dict)
    users: tuple[UserSite, ...] = ()
    libraries: tuple[str, ...] = ()
    subsystems: tuple[SubsystemSite, ...] = ()
    jobs: tuple[JobSite, ...] = ()
    schedule: tuple[ScheduleSite, ...] = ()
    programs: tuple[ProgramSite, ...] = ()
    commands: tuple[CommandSite, ...] = ()
    interfaces: tuple[InterfaceSite, ...] = ()
    routes: tuple[RouteSite, ...] = ()
    lines: tuple[LineSite, ...] = ()
    servers: tuple[str, ...] = USUAL_SERVERS
    devices: tuple[str, ...] = ()
    tape_libraries: tuple[TapeLibrary, ...] = ()
    virtual_devices: tuple[VirtualDevice, ...] = ()
    files: tuple[str, ...] = ()
    brms: BrmsSite = BrmsSite()
    domino: tuple[DominoServer, ...] = ()
    ptfs: tuple[PtfRecord, ...] = ()
    independent_asps: tuple[IndependentAsp, ...] = ()
    storage_free_gib: int = 500
    missing_commands: tuple[str, ...] = ()

    def all_users(self) -> tuple[UserSite, ...]:
        """The usual user profiles and the site's own."""
        own = {user.name for user in self.users}
        return tuple(user for user in DEFAULT_USERS if user.name not in own) + self.users

    def all_subsystems(self) -> tuple[SubsystemSite, ...]:
        """The usual subsystems and the site's own."""
        own = {subsystem.name for subsystem in self.subsystems}
        return tuple(one for one in DEFAULT_SUBSYSTEMS if one.name not in own) + self.subsystems
