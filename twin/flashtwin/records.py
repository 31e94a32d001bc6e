"""What licensed programs and the machine keep about themselves on disk: BRMS, Domino, PTFs, independent ASPs.

A site file fills these records; `SystemImage.products` holds them under the names below; a capture copies
them.  They are frozen: a CL command that changes one puts a changed copy in its place
(`dataclasses.replace`).  `BrmsData` is the exception, as BRMS writes to it all the time; it holds plain
values only, so that `copy.deepcopy` is a true copy.

=============  ==============================  =========================================
product        value                           meaning
=============  ==============================  =========================================
``"brms"``     ``BrmsData``                    library QUSRBRM
``"domino"``   ``dict[str, DominoServer]``     by server name
``"ptfs"``     ``list[PtfRecord]``             PTFs with their IPL action
``"iasps"``    ``dict[str, IndependentAsp]``   by device name
``"tape"``     ``dict[str, TapeLibrary]``      media libraries by device description
``"virtual"``  ``dict[str, VirtualDevice]``    virtual devices by device description
=============  ==============================  =========================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

BrmsState = Literal["*NONE", "*STRPRC", "*STRBKU", "*ENDBKU"]
SaveResult = Literal["", "completed", "exceptions", "failed", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskUnit:
    """A disk unit as the system sees it; `uid` is the volume's on the array, empty when internal."""

    unit: int
    asp: int = 1
    resource: str = "DMP001"
    serial: str = ""
    uid: str = ""
    internal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeLibrary:
    """What a media library's device description (*TAPMLB) stands for.

    `hardware` names the library in the machine room (several systems describe the same one), `drives` are
    the device descriptions of its drives (*TAP).  Whether it is varied on is the device description's.
    `sequential` says that it loads its cartridges one after the other by itself.  `allocation` is that of its
    drives while it is varied on: `ALLOCATED` are for this system alone, `UNPROTECTED` for who asks first.
    """

    name: str
    hardware: str
    drives: tuple[str, ...] = ("TAP01",)
    online: bool = False
    sequential: bool = False
    allocation: Literal["ALLOCATED", "UNPROTECTED"] = "ALLOCATED"


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualDevice:
    """A virtual tape or optical device and the image catalog whose volumes it can load."""

    name: str
    catalog: str
    volumes: tuple[str, ...] = ("VRT001",)
    optical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PtfRecord:
    """A PTF; `ipl_action` says that the next IPL would apply or remove it."""

    product: str
    id: str
    status: str = "TEMPORARILY APPLIED"
    ipl_action: Literal["NONE", "APPLY", "REMOVE"] = "NONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndependentAsp:
    """An independent auxiliary storage pool; `available`: varied on in the evening, and by the site's own
    start-up program."""

    name: str
    number: int = 33
    available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DominoServer:
    """A configured Domino server; `started` is what the site finds in the evening."""

    name: str
    subsystem: str = "DOMINO"
    started: bool = True
    autostart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BrmsAfterActions:
    """What a control group does on the saving system when its items are saved."""

    ipl: bool = False
    release_job_queues: bool = False
    start_subsystems: bool = True
    start_tcp_servers: bool = False
    start_domino: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BrmsControlGroup:
    """A backup control group; `items` are its backup items in order (*SAVSYS, *IBM, a library, *EXIT …).

    `exits` are the commands of its *EXIT items in order.  `restricted` marks a group that ends subsystems.
    """

    name: str
    items: tuple[str, ...] = ("*SAVSYS", "*IBM", "*ALLUSR", "*ALLDLO", "*LINK")
    media_class: str = "ULTRIUM7"
    volumes_needed: int = 2
    restricted: bool = True
    exits: tuple[str, ...] = ()
    after: BrmsAfterActions = BrmsAfterActions()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrmsVolume:
    """A tape volume in the BRMS media inventory."""

    id: str
    library: str
    media_class: str = "ULTRIUM7"
    status: Literal["*EXP", "*ACT"] = "*EXP"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrmsHistory:
    """One saved item in the BRMS history; times are the saving system's clock, epoch seconds.

    `counts_from` is the local time that the next incremental save of the item goes by, `data_of` that of the
    instant at which the disks were copied from which it was saved, "" of disks that are no copy.
    """

    item: str
    control_group: str
    volume: str
    saved_at: float
    result: SaveResult
    counts_from: str = ""
    data_of: str = ""


@dataclass(slots=True, kw_only=True)
class BrmsData:
    """Library QUSRBRM: the state of the FlashCopy process, media, history and log.

    `generation` counts the changes, so that a restore of an older copy can be told from a newer one.
    The figures of `batch_allowed` and `restricted_limit_min` are those of the BRMS system policy
    (docs/platform-facts.md, BRMS restricted state); `sql_services` says that the view of the log is there.
    `flash_times`: the user's time of a flash by name (*SYSBAS, an ASP) and type (*QSYS, *IFS), for which the
    Advanced Feature is asked (docs/platform-facts.md#brms-incremental).  `torn`: a restore was begun and not
    carried through, so that some files are of one system and some of the other.
    """

    state: BrmsState = "*NONE"
    control_groups: dict[str, BrmsControlGroup] = field(default_factory=dict)
    volumes: dict[str, BrmsVolume] = field(default_factory=dict)
    history: list[BrmsHistory] = field(default_factory=list)
    log: list[tuple[float, str, str]] = field(default_factory=list)
    batch_allowed: bool = True
    restricted_limit_min: int | None = 600
    sql_services: bool = True
    advanced_feature: bool = True
    flash_times: dict[tuple[str, str], str] = field(default_factory=dict)
    generation: int = 0
    torn: bool = False
