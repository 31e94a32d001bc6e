"""Everything that a system keeps on disk: what a point-in-time copy holds and an IPL starts from.

Plain data, deep-copyable; what is gone with the power (jobs, locks, active interfaces) lives in
`flashtwin.os400`.
"""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flashtwin.database import Database
from flashtwin.objects import Library, Object, Unchanging


@dataclass(slots=True)
class UserProfile:
    """A user profile; `authorities` are its special authorities (*ALLOBJ, *JOBCTL ...)."""

    name: str
    authorities: tuple[str, ...] = ()
    group: str = ""
    more_groups: tuple[str, ...] = ()
    """Supplemental groups (SUPGRPPRF), which only who has a group has."""
    status: str = "*ENABLED"
    password: str | None = None
    job_description: tuple[str, str] = ("QDFTJOBD", "QGPL")
    message_queue: tuple[str, str] = ("", "QUSRSYS")
    initial_program: str = "*NONE"
    home: str = ""
    text: str = ""
    ccsid: str = "*SYSVAL"
    owner: str = "QSECOFR"
    private: dict[str, str] = field(default_factory=dict)
    public: str = "*EXCLUDE"


@dataclass(slots=True)
class TcpInterface:
    """A configured TCP/IP interface; whether it is active is known by the running system only.

    `address` is one of IPv4 or IPv6, *IP4DHCP or *IP6SAC; only those of IPv4 lead anywhere in the twin.
    """

    address: str
    line: str
    mask: str = "255.255.255.0"
    autostart: bool = True
    alias: str = ""
    vlan: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class TcpRoute:
    """A configured route; `destination` is *DFTROUTE or a network, `mask` *NONE for the default route.

    `bound` is the address of its preferred binding interface (BINDIFC), or *NONE.
    """

    destination: str
    mask: str
    via: str
    bound: str = "*NONE"


@dataclass(slots=True)
class LineDescription:
    """An Ethernet line description; `vlan` is that of the adapter for which it was made, its `resource`."""

    name: str
    resource: str
    vlan: int | None = None
    adapter_address: str = ""
    online: bool = True
    text: str = ""


VIRTUAL = "*VRT"
"""The resource of a virtual device: its media are stream files of the system itself."""


@dataclass(slots=True)
class DeviceDescription:
    """A device description: tape, media library, optical ..."""

    name: str
    category: str
    resource: str = ""
    serial: str = ""
    online: bool = False
    status: str = "VARIED OFF"
    text: str = ""
    allocation: str = ""


@dataclass(slots=True)
class ScheduleEntry:
    """A job schedule entry (ADDJOBSCDE).  `days` are *MON..*SUN, `time` is HHMMSS of the local clock.

    `date` is *NONE, YYYYMMDD, *MONTHSTR or *MONTHEND.
    """

    name: str
    number: int
    command: str
    frequency: str = "*WEEKLY"
    date: str = "*NONE"
    days: tuple[str, ...] = ()
    time: str = "000000"
    recovery: str = "*SBMRLS"
    job_description: tuple[str, str] = ("*USRPRF", "")
    job_queue: tuple[str, str] = ("*JOBD", "")
    user: str = "*CURRENT"
    message_queue: tuple[str, str] = ("*USRPRF", "")
    scheduled_by: str = ""
    text: str = ""
    held: bool = False
    next_run: float | None = None
    last_run: float | None = None
    omit: tuple[str, ...] = ()
    """Dates (YYYYMMDD) on which it is not submitted."""
    relative: tuple[str, ...] = ()
    """RELDAYMON of a monthly entry by day of the week: 1 to 5, *LAST."""


@dataclass(frozen=True, slots=True)
class HistoryEntry(Unchanging):
    """A line of QHST; `time` is epoch seconds of the system's own clock."""

    time: float
    msgid: str
    text: str
    job: str
    severity: int = 0


@dataclass(slots=True)
class SpooledFile:
    """A spooled file."""

    name: str
    number: int
    job: str
    user: str
    time: float
    lines: list[str] = field(default_factory=list)
    held: bool = False


@dataclass(frozen=True, slots=True)
class JobRecord(Unchanging):
    """What is known of an ended job: its job log and how it ended."""

    name: str
    user: str
    number: str
    ended: float
    end_code: int
    log: tuple[str, ...] = ()


@dataclass(slots=True)
class SystemImage:
    """The disks of one system.

    `ifs` is the folder that holds the root of the integrated file system, `database` its SQL
    tables.  `products` holds the data of licensed programs by their name (`brms`,
    `domino`, ...), each deep-copyable; their commands own its form.  `ports` are the Ethernet ports that the
    system has ever seen: machine's serial, partition id and VLAN, and the resource name that it gave them
    (docs/platform-facts.md#resource-names).  `ifs_full`: no stream file can grow,
    `tables_full`: no row of a table outside QTEMP can be written (docs/platform-facts.md#storage-used-up).
    `captured_local` is when it was copied, YYMMDDhhmmss on the clock of the system that ran from these disks,
    "" where none did.
    """

    name: str
    ifs: Path
    database: Database = field(default_factory=Database)
    libraries: dict[str, Library] = field(default_factory=dict)
    users: dict[str, UserProfile] = field(default_factory=dict)
    system_values: dict[str, str] = field(default_factory=dict)
    network_attributes: dict[str, str] = field(default_factory=dict)
    ipl_attributes: dict[str, str] = field(default_factory=dict)
    interfaces: dict[str, TcpInterface] = field(default_factory=dict)
    routes: list[TcpRoute] = field(default_factory=list)
    lines: dict[str, LineDescription] = field(default_factory=dict)
    ports: dict[tuple[str, int, int], str] = field(default_factory=dict)
    devices: dict[str, DeviceDescription] = field(default_factory=dict)
    schedule: list[ScheduleEntry] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    history: list[HistoryEntry] = field(default_factory=list)
    spooled: list[SpooledFile] = field(default_factory=list)
    job_records: list[JobRecord] = field(default_factory=list)
    reply_list: dict[str, str] = field(default_factory=dict)
    tcp: dict[str, Any] = field(default_factory=dict)
    products: dict[str, Any] = field(default_factory=dict)
    next_job: int = 100001
    next_schedule: int = 1
    captured_at: float | None = None
    captured_local: str = ""
    ifs_full: bool = False
    tables_full: bool = False

    def add(self, obj: Object) -> Object:
        """Put an object into its library (which must exist), in place of one of the same name and type."""
        self.libraries[obj.library].objects[(obj.name, obj.type)] = obj
        return obj

    def find(self, library: str, name: str, type_: str) -> Object | None:
        """The object of exactly this library, name and type, or None."""
        if type_ == "*LIB":
            return self.libraries.get(name)
        lib = self.libraries.get(library)
        return None if lib is None else lib.objects.get((name, type_))

    def copy_to(self, folder: Path, at: float) -> SystemImage:
        """A copy of the whole image whose IFS lies under `folder` (which must not exist)."""
        folder.mkdir(parents=True)
        ifs = folder / "ifs"
        shutil.copytree(self.ifs, ifs, symlinks=True)
        twin = copy.deepcopy(self)
        twin.ifs, twin.captured_at = ifs, at
        return twin
