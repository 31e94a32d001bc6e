"""The objects of a system's libraries.  Plain data: a deep copy of them is the object on a clone."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self


class Unchanging:
    """What never changes, so that copies of an image share it."""

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


@dataclass(slots=True)
class Object:
    """What every object has.  `public` and the values of `private` are authorities as written in CL:
    *ALL, *CHANGE, *USE, *EXCLUDE; `public` may be *AUTL, that of the authorization list `secured_by`."""

    library: str
    name: str
    type: str
    attribute: str = ""
    text: str = ""
    owner: str = "QPGMR"
    public: str = "*CHANGE"
    private: dict[str, str] = field(default_factory=dict)
    secured_by: str = ""
    created: float = 0.0
    changed: float = 0.0
    saved: float | None = None
    restored: float | None = None


@dataclass(slots=True)
class Library(Object):
    """A library with its objects, keyed by (name, type); `for_new`: CRTAUT, the public's to new objects."""

    objects: dict[tuple[str, str], Object] = field(default_factory=dict)
    for_new: str = "*SYSVAL"


@dataclass(slots=True)
class AuthorizationList(Object):
    """*AUTL: what each member may do with every object that it secures; `general` is that of *PUBLIC."""

    members: dict[str, str] = field(default_factory=dict)
    general: str = "*CHANGE"


@dataclass(slots=True)
class DataArea(Object):
    """*DTAARA: EBCDIC bytes for *CHAR, a number for *DEC, True or False for *LGL."""

    kind: str = "*CHAR"
    length: int = 32
    decimals: int = 0
    value: bytes | Decimal | bool = b""


@dataclass(slots=True)
class QueueEntry:
    """One entry of a data queue, EBCDIC bytes."""

    key: bytes
    data: bytes
    sender: str = ""


@dataclass(slots=True)
class DataQueue(Object):
    """*DTAQ; `sequence` is *FIFO, *LIFO or *KEYED."""

    max_length: int = 0
    sequence: str = "*FIFO"
    key_length: int = 0
    force: bool = False
    sender_id: bool = False
    journaled: bool = False
    entries: list[QueueEntry] = field(default_factory=list)


@dataclass(slots=True)
class QueuedMessage:
    """A message on a message queue of the system; `reply` is set when an inquiry has been answered."""

    key: int
    msgid: str
    type: str
    text: str
    data: bytes
    severity: int
    time: float
    sender_job: str
    sender_user: str
    file: tuple[str, str] = ("", "")
    default_reply: str = ""
    reply: str | None = None
    old: bool = False


@dataclass(slots=True)
class MessageQueue(Object):
    """*MSGQ; `size` is the number of messages that fit, `when_full` *SNDMSG or *WRAP."""

    messages: list[QueuedMessage] = field(default_factory=list)
    size: int = 100_000
    when_full: str = "*SNDMSG"
    next_key: int = 1


@dataclass(frozen=True, slots=True)
class MessageField(Unchanging):
    """One substitution variable of a message description: type, length (bytes, 0: *VARY), decimals."""

    type: str
    length: int
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class MessageDescription(Unchanging):
    """A message of a message file."""

    msgid: str
    text: str
    second_level: str = ""
    severity: int = 0
    fields: tuple[MessageField, ...] = ()
    default_reply: str = ""


@dataclass(slots=True)
class MessageFile(Object):
    """*MSGF; `converts`: CCSID(*MSGD), a description is converted from its own CCSID when it is used."""

    converts: bool = False
    descriptions: dict[str, MessageDescription] = field(default_factory=dict)


class Code(Unchanging):
    """A compiled program or a parsed definition."""

    __slots__ = ("source", "value")

    def __init__(self, value: Any, source: str = "") -> None:
        self.value = value
        self.source = source


@dataclass(slots=True)
class Program(Object):
    """*PGM; `adopts` is USRPRF(*OWNER), `no_adopted` USEADPAUT(*NO); `code` is the source as it is run."""

    code: Code | None = None
    adopts: bool = False
    no_adopted: bool = False


@dataclass(slots=True)
class CommandObject(Object):
    """*CMD made by CRTCMD, with its names as (object, library).

    `program` processes it; `checker` ("" for none) is called before that; `messages` has the texts of its
    own DEP statements; `help` is its panel group ("" for none), `help_id` begins the names of its modules.
    """

    definition: Code | None = None
    program: tuple[str, str] = ("", "*LIBL")
    checker: tuple[str, str] = ("", "*LIBL")
    messages: tuple[str, str] = ("QCPFMSG", "*LIBL")
    help: tuple[str, str] = ("", "*LIBL")
    help_id: str = ""


@dataclass(slots=True)
class PanelGroup(Object):
    """*PNLGRP made by CRTPNLGRP; `code` holds its help modules (flashc.cl.uim.PanelGroup) and its source."""

    code: Code | None = None


@dataclass(slots=True)
class SourceMember:
    """A member of a source file: text lines without their sequence numbers and dates."""

    name: str
    source_type: str = ""
    text: str = ""
    lines: list[str] = field(default_factory=list)
    changed: float = 0.0


@dataclass(slots=True)
class PhysicalFile(Object):
    """*FILE: a source file (attribute PF-SRC) or a flat file whose records are its lines."""

    record_length: int = 92
    described: bool = True
    """Its fields are known to the system; else it is program-described, and has no CCSID but 65535."""
    most: int | None = None
    """How many records a member may have."""
    members: dict[str, SourceMember] = field(default_factory=dict)
    based_on: tuple[tuple[str, str], ...] = ()
    """Of a view: library and name of the tables and views that it reads."""


@dataclass(slots=True)
class SaveFile(Object):
    """A save file: what was saved into it, as copies of the objects."""

    saved_library: str = ""
    contents: list[Object] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class UserSpace(Object):
    """*USRSPC."""

    content: bytearray = field(default_factory=bytearray)


@dataclass(slots=True)
class JobDescription(Object):
    """*JOBD; names as in CL, USER(*RQD) or a profile."""

    job_queue: tuple[str, str] = ("QBATCH", "QGPL")
    user: str = "*RQD"
    job_priority: int = 5
    routing_data: str = "QCMDI"
    library_list: tuple[str, ...] = ("*SYSVAL",)
    inquiry_reply: str = "*RQD"
    log: tuple[int, int, str] = (4, 0, "*NOLIST")
    hold: bool = False
    multithread: bool = False
    request: str = ""
    message_queue_full: str = "*SYSVAL"


@dataclass(slots=True)
class ClassObject(Object):
    """*CLS: run priority and time slice."""

    run_priority: int = 50


@dataclass(slots=True)
class QueuedJob:
    """A job that waits on a job queue; everything that its start needs."""

    name: str
    user: str
    number: str
    command: str
    submitted: float
    attributes: dict[str, Any] = field(default_factory=dict)
    held: bool = False
    schedule_time: float | None = None

    @property
    def qualified(self) -> str:
        """NUMBER/USER/NAME."""
        return f"{self.number}/{self.user}/{self.name}"


@dataclass(slots=True)
class JobQueue(Object):
    """*JOBQ with the jobs that wait on it; `operator_controlled` is OPRCTL, `authority_to_check` AUTCHK."""

    held: bool = False
    entries: list[QueuedJob] = field(default_factory=list)
    operator_controlled: bool = True
    authority_to_check: str = "*OWNER"


@dataclass(slots=True)
class JobQueueEntry:
    """A job queue that a subsystem serves (ADDJOBQE); `max_active` None means *NOMAX."""

    queue: tuple[str, str]
    max_active: int | None = 1
    sequence: int = 10


@dataclass(slots=True)
class RoutingEntry:
    """A routing entry (ADDRTGE)."""

    sequence: int
    compare: str
    program: tuple[str, str] = ("QCMD", "QSYS")
    class_: tuple[str, str] = ("*SBSD", "*LIBL")


@dataclass(slots=True)
class AutostartEntry:
    """An autostart job (ADDAJE)."""

    job: str
    job_description: tuple[str, str]


@dataclass(slots=True)
class SubsystemDescription(Object):
    """*SBSD."""

    max_jobs: int | None = None
    job_queues: list[JobQueueEntry] = field(default_factory=list)
    routing: list[RoutingEntry] = field(default_factory=list)
    autostart: list[AutostartEntry] = field(default_factory=list)
    pools: tuple[str, ...] = ("*BASE",)


@dataclass(slots=True)
class OutputQueue(Object):
    """*OUTQ."""
