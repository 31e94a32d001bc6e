"""The resolved spec: what the runbook is made from.

Every name is a reference to the thing it names, every quantity is in seconds, every default is filled
in.  Made by `flashc.check`; read by `flashc.runbook`.  Each part keeps the span it was written at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from flashc.diag import Span

Day = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
Phase = Literal["start", "flash", "failure", "end"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Machine serial number and partition id: the pair by which a program knows where it runs."""

    serial: str
    lpar: int


@dataclass(frozen=True, slots=True)
class System:
    """A production partition: where the bundle is deployed and the schedule runs."""

    name: str
    host: str
    port: int
    user: str
    identities: tuple[Identity, ...]
    library: str
    release: str
    span: Span

    @property
    def guard_library(self) -> str:
        """The small library of the start-up guard, which routine deploys never touch."""
        return self.library[:9] + "G"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A management address: host and TCP port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Console:
    """A hardware management console; further addresses are tried when the first cannot be reached."""

    name: str
    family: str
    addresses: tuple[Endpoint, ...]
    user: str
    key: str
    span: Span


@dataclass(frozen=True, slots=True)
class Array:
    """A storage system."""

    name: str
    family: str
    addresses: tuple[Endpoint, ...]
    user: str
    key: str
    span: Span


@dataclass(frozen=True, slots=True)
class Disks:
    """The consistency group that copies all volumes of the source to those of the clone."""

    group: str
    array: Array
    span: Span


@dataclass(frozen=True, slots=True)
class Link:
    """The private network between source and clone, up only while a run needs it."""

    source: str
    clone: str
    line: str
    vlan: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Clone:
    """The partition that starts from the copy."""

    name: str
    source: System
    lpar_id: int
    partition: str
    managed_system: str
    console: Console
    profile: str
    disks: tuple[Disks, ...]
    network_isolated: bool
    link: Link | None
    end_within_s: int
    end_then_immediately: bool
    span: Span
    network_reason: str | None = None
    """Why the network need not be isolated; None where it is."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the native job scheduler starts the environment; `time` is HHMMSS of the source's clock."""

    days: tuple[Day, ...]
    time: str
    span: Span


@dataclass(frozen=True, slots=True)
class HoldJob:
    """Hold one job for the flash, release exactly that job afterwards."""

    user: str
    job: str
    span: Span


@dataclass(frozen=True, slots=True)
class EndDomino:
    """End a Domino server in order within a limit, start it again afterwards."""

    server: str
    within_s: int
    span: Span


@dataclass(frozen=True, slots=True)
class RunCommand:
    """A user command with its undo."""

    command: str
    undo: str
    within_s: int
    span: Span


Around: TypeAlias = "HoldJob | EndDomino | RunCommand"


@dataclass(frozen=True, slots=True)
class RequireGroup:
    """A further consistency group that must be in a state before the run goes on."""

    group: str
    array: Array
    state: str
    span: Span


@dataclass(frozen=True, slots=True)
class Quiesce:
    """How the suspended state is reached: limit, tries, and what to do when it is not."""

    within_s: int
    retries: int
    otherwise: Literal["abort", "continue partial", "flush only"]
    span: Span


@dataclass(frozen=True, slots=True)
class BrmsOperation:
    """A BRMS control group saved on the clone."""

    group: str
    library: str
    restricted: bool
    within_s: int
    qinactitv_none: bool
    span: Span

    @property
    def kind(self) -> str:
        """The operation's word in `flashc rehearse --json`."""
        return "brms"


@dataclass(frozen=True, slots=True)
class Mail:
    """An address and the phases it is told of."""

    address: str
    phases: tuple[Phase, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Environment:
    """One kind of run: when, around what, how quiesced, and what the clone does."""

    name: str
    clone: Clone
    schedules: tuple[Schedule, ...]
    requires: tuple[RequireGroup, ...]
    around: tuple[Around, ...]
    quiesce: Quiesce
    resume_within_s: int
    operation: BrmsOperation
    maintenance: Literal["none", "with movement", "without movement"]
    leave_clone: Literal["running", "off"]
    boot_within_s: int
    mails: tuple[Mail, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class DeclaredCommand:
    """A command of the site that the catalogue does not know; `source` is its .cmd text if given."""

    name: str
    source: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class MailServer:
    """The SMTP relay that the sidecar hands mails to; `sender` is the From address."""

    host: str
    port: int
    sender: str
    span: Span


@dataclass(frozen=True, slots=True)
class Spec:
    """A whole spec, resolved; `file` is its name as given, `text` the main file's contents."""

    file: str
    text: str
    systems: tuple[System, ...]
    consoles: tuple[Console, ...]
    arrays: tuple[Array, ...]
    clones: tuple[Clone, ...]
    environments: tuple[Environment, ...]
    commands: tuple[DeclaredCommand, ...]
    mail_server: MailServer | None
