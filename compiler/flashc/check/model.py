"""The resolved spec: what the runbook is made from.

Every name is a reference to the thing it names, every quantity is in seconds, every default is filled
in.  Made by `flashc.check`; read by `flashc.runbook`.  Each part keeps the span it was written at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from flashc.check.families import Family, Phrase, Way
from flashc.diag import Span

Day = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
Phase = Literal["start", "flash", "boot", "save", "end", "completed", "failure", "refused", "attention"]
Language = Literal["english", "spanish", "french"]


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
    language: Language = "english"
    independent_asps: tuple[str, ...] = ()
    """Suspended, copied and resumed beside *SYSBAS."""

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
    family: Family
    way: Way
    addresses: tuple[Endpoint, ...]
    user: str
    key: str
    span: Span
    standby: Console | None = None
    """Used when no address of this one can be reached."""
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def with_standby(self) -> tuple[Console, ...]:
        """This console and the one that stands in for it."""
        return (self, self.standby) if self.standby else (self,)


@dataclass(frozen=True, slots=True)
class Array:
    """A storage system.  `key` is the file of its credential: key, password or token, as its way takes it."""

    name: str
    family: Family
    way: Way
    addresses: tuple[Endpoint, ...]
    user: str
    key: str
    span: Span
    facts: tuple[tuple[str, str], ...] = ()
    """What the family needs to know beside that, by its key."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of some volumes of the source on those of the clone, by the name it goes by everywhere.

    `parts` are the names of its phrase by their keys, `pairs` the volumes, source and target, where the
    phrase has them.
    """

    name: str
    parts: tuple[tuple[str, str], ...]
    pairs: tuple[tuple[str, str], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Disks:
    """What copies volumes of the source to those of the clone on one array: a consistency group, say.

    Several copies are generations: a run uses the one whose copy is the oldest.
    """

    copies: tuple[Copy, ...]
    phrase: Phrase
    array: Array
    span: Span

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the copies; "group" stands for the copy of every family."""
        return tuple(copy.name for copy in self.copies)

    @property
    def group(self) -> str:
        """The group, or the first generation."""
        return self.groups[0]


@dataclass(frozen=True, slots=True)
class Link:
    """The private network between source and clone, up only while a run needs it."""

    source: str
    clone: str
    line: str
    vlan: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class ViosAccess:
    """How a VIOS is asked by SSH: where it answers, who logs in, the file of the key."""

    name: str
    address: Endpoint
    user: str
    key: str
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
    vios: tuple[str, ...] = ()
    """VIOS partitions through which the clone sees its volumes; none with NPIV."""
    vios_access: tuple[ViosAccess, ...] = ()
    """Those among them that are asked by SSH; the others are asked through the console."""
    free_percent: int | None = None
    """What must remain free of the capacity of the targets' pool; None for the sidecar's default."""

    @property
    def arrays(self) -> tuple[str, ...]:
        """The names of the arrays of its disks, each once, in the order of the disks."""
        return tuple(dict.fromkeys(d.array.name for d in self.disks))

    @property
    def groups(self) -> str:
        """Its groups, in words."""
        return " and ".join(" or ".join(d.groups) for d in self.disks)

    @property
    def presents(self) -> bool:
        """Whether a copy of its disks is put on the targets by a step of its own, after the flash."""
        return any(d.phrase.presents for d in self.disks)

    @property
    def has_generations(self) -> bool:
        """Whether a run has to choose between groups."""
        return any(len(d.groups) > 1 for d in self.disks)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the native job scheduler starts the environment; `time` is HHMMSS of the source's clock.

    Weekly on `days`; or, with `which`, once a month on the first … last one of the day (`days` is empty
    for the first or last day of the month); or, with `date` (YYYY-MM-DD), once.
    """

    days: tuple[Day, ...]
    time: str
    span: Span
    which: Literal["first", "second", "third", "fourth", "last"] | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class HoldJob:
    """Hold one job for the flash, release exactly that job afterwards."""

    user: str
    job: str
    span: Span


@dataclass(frozen=True, slots=True)
class HoldQueue:
    """Hold a job queue, release it afterwards if this run held it."""

    library: str
    queue: str
    span: Span


@dataclass(frozen=True, slots=True)
class HoldEntry:
    """Hold an entry of the native job scheduler, release it afterwards if this run held it."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class EndSubsystem:
    """End a subsystem in order within a limit, start it again afterwards."""

    library: str
    name: str
    within_s: int
    span: Span


@dataclass(frozen=True, slots=True)
class EndDomino:
    """End a Domino server in order within a limit, start it again afterwards."""

    server: str
    within_s: int
    span: Span


@dataclass(frozen=True, slots=True)
class EndServer:
    """End a TCP/IP server (*FTP, *HTTP …), start it again afterwards."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class VaryOff:
    """Vary a device off, on again afterwards."""

    device: str
    span: Span


@dataclass(frozen=True, slots=True)
class RunCommand:
    """A user command with its undo."""

    command: str
    undo: str
    within_s: int
    span: Span


Around: TypeAlias = (
    "HoldJob | HoldQueue | HoldEntry | EndSubsystem | EndDomino | EndServer | VaryOff | RunCommand"
)


@dataclass(frozen=True, slots=True)
class PlainRun:
    """A user command without undo, with its limit in seconds."""

    command: str
    within_s: int
    span: Span


@dataclass(frozen=True, slots=True)
class Runs:
    """User commands without undo, by when they run on production."""

    before: tuple[PlainRun, ...] = ()
    """After the checks, before anything is changed; a failure refuses the run."""
    after_flash: tuple[PlainRun, ...] = ()
    """After what stood around the flash is undone; a failure makes the run failed, the clone goes on."""
    afterwards: tuple[PlainRun, ...] = ()
    """At the end of a run that went well so far."""
    on_failure: tuple[PlainRun, ...] = ()
    """At the end of a run that did not complete, after everything is undone."""


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
class Device:
    """Where a save on the clone goes, and the media it uses there.

    `name` is a device description, for a save file the file; `qualifier` the image catalogue of a virtual
    device, or the save file's library.
    """

    kind: Literal["library", "drive", "virtual tape", "optical", "save file"]
    name: str
    qualifier: str | None
    sequential: bool
    """A tape library in sequential mode loads the next cartridge by itself."""
    volumes: tuple[str, ...]
    category: str | None
    span: Span

    @property
    def resource(self) -> str:
        """What two runs must not use at once."""
        return f"{self.qualifier}/{self.name}" if self.is_file else self.name

    @property
    def is_file(self) -> bool:
        """Whether it is a save file, which nobody varies on or off."""
        return self.kind == "save file"

    @property
    def is_of_the_clone(self) -> bool:
        """Whether it lies on the clone's own disks (docs/platform-facts.md#image-catalogs)."""
        return self.kind in ("virtual tape", "optical", "save file")


@dataclass(frozen=True, slots=True)
class NoOperation:
    """A safety snapshot: the clone is not started."""

    span: Span
    kind: ClassVar[str] = "none"
    within_s: ClassVar[int] = 0
    devices: ClassVar[tuple[Device, ...]] = ()
    restricted: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class BrmsGroup:
    """A BRMS control group saved on the clone; `device` is made ready for it, None where BRMS needs none."""

    name: str
    device: Device | None
    restricted: bool
    within_s: int
    span: Span


@dataclass(frozen=True, slots=True)
class BrmsOperation:
    """BRMS control groups saved on the clone: stages in sequence, the groups of a stage in parallel.

    `from_flash`: the next incremental save counts from the flash, not from the clone's save.
    """

    stages: tuple[tuple[BrmsGroup, ...], ...]
    qinactitv_none: bool
    from_flash: bool
    span: Span
    kind: ClassVar[str] = "brms"

    @property
    def groups(self) -> tuple[BrmsGroup, ...]:
        """All control groups in order."""
        return tuple(group for stage in self.stages for group in stage)

    @property
    def within_s(self) -> int:
        """The longest time that the saves may take together."""
        return sum(max(group.within_s for group in stage) for stage in self.stages)

    @property
    def restricted(self) -> bool:
        """Whether the last save runs in restricted state."""
        return self.stages[-1][-1].restricted

    @property
    def devices(self) -> tuple[Device, ...]:
        """The devices of all groups, each once."""
        found = {group.device.name: group.device for group in self.groups if group.device}
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Save21Operation:
    """The whole system saved as by option 21 of the menu SAVE, in batch restricted state."""

    device: Device
    within_s: int
    span: Span
    kind: ClassVar[str] = "save21"
    restricted: ClassVar[bool] = True

    @property
    def devices(self) -> tuple[Device, ...]:
        """The one device."""
        return (self.device,)


@dataclass(frozen=True, slots=True)
class CloneCommand:
    """A command of the site on the clone.

    An escape that is not in `accept` is a failure, and so is the absence of one of the messages in
    `expect` from the job log of its job.
    """

    command: str
    within_s: int
    accept: tuple[str, ...]
    expect: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class UserOperation:
    """Commands of the site: stages in sequence, the commands of a stage in parallel; the first failure ends
    it.  `brings` are paths of stream files that are sent home behind the last one.
    """

    devices: tuple[Device, ...]
    stages: tuple[tuple[CloneCommand, ...], ...]
    brings: tuple[str, ...]
    span: Span
    kind: ClassVar[str] = "user"
    restricted: ClassVar[bool] = False

    @property
    def within_s(self) -> int:
        """The longest time that the commands may take together."""
        return sum(max(run.within_s for run in stage) for stage in self.stages)


Operation: TypeAlias = "NoOperation | BrmsOperation | Save21Operation | UserOperation"


@dataclass(frozen=True, slots=True)
class Interface:
    """An IPv4 interface of a clone that lives on."""

    address: str
    mask: str
    line: str
    span: Span


@dataclass(frozen=True, slots=True)
class Route:
    """A route of a clone that lives on; destination and mask are None for the default route."""

    destination: str | None
    mask: str | None
    via: str
    span: Span


@dataclass(frozen=True, slots=True)
class SchedulerHold:
    """A further scheduler product: the command that holds it, and the one that fails unless it is held."""

    product: str
    command: str
    proof: str
    span: Span


@dataclass(frozen=True, slots=True)
class Never:
    """What a clone that lives on must never start; `library` for subsystems only."""

    kind: Literal["subsystem", "domino", "server"]
    library: str | None
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Reconfigure:
    """What makes a clone that lives on another system, before its second IPL."""

    system_name: str
    host: str | None
    domain: str | None
    interfaces: tuple[Interface, ...]
    routes: tuple[Route, ...]
    startup: tuple[str, str] | None
    """Library and name of the start-up program of its second IPL; None for QSYS/QSTRUP."""
    hold_schedules: bool
    schedulers: tuple[SchedulerHold, ...]
    hold_queues: tuple[HoldQueue, ...]
    never: tuple[Never, ...]
    expires_s: int | None
    span: Span
    complete: bool = True
    """Whether every statement of its block could be read."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """An assertion about a rehearsed night: what takes less than `under_s` seconds."""

    what: Literal["suspended", "boot", "save", "run"]
    under_s: int
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Mail:
    """An address and the phases it is told of."""

    address: str
    phases: tuple[Phase, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Hook:
    """A user command that is told of some phases of a run, with its limit in seconds; it decides nothing."""

    command: str
    phases: tuple[Phase, ...]
    within_s: int
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
    operation: Operation
    maintenance: Literal["none", "with movement", "without movement"]
    leave_clone: Literal["running", "off", "handed over"]
    boot_within_s: int
    mails: tuple[Mail, ...]
    span: Span
    runs: Runs = Runs()
    reconfigure: Reconfigure | None = None
    keep_s: int = 0
    """How long a copy is not given up."""
    omit_dates: tuple[str, ...] = ()
    """Dates (YYYY-MM-DD) on which the schedules start nothing."""
    started_by: str | None = None
    """Who starts it where it has no schedule: "hand", or the name of a scheduler."""
    expectations: tuple[Expectation, ...] = ()
    keep_runs_s: int = 90 * 86400
    """How long the rows of its runs, and what their clones delivered, are kept."""
    hooks: tuple[Hook, ...] = ()
    places: tuple[tuple[str, Span], ...] = ()
    """Where statements stand the model has only a value of: by their first word, dates by themselves."""

    def place(self, word: str) -> Span:
        """Where such a statement stands, or the environment where it was left out."""
        return next((span for first, span in self.places if first == word), self.span)

    @property
    def brms(self) -> BrmsOperation | None:
        """The operation, if it is BRMS's."""
        return self.operation if isinstance(self.operation, BrmsOperation) else None

    @property
    def uses_brms(self) -> bool:
        """Whether the run has BRMS on production for itself."""
        return self.brms is not None or self.maintenance != "none"

    @property
    def starts_clone(self) -> bool:
        """Whether the clone is started."""
        return not isinstance(self.operation, NoOperation)


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
    """A whole spec, resolved; `file` is its name as given, `text` the main file's contents and behind it
    those of the files that it includes.
    """

    file: str
    text: str
    systems: tuple[System, ...]
    consoles: tuple[Console, ...]
    arrays: tuple[Array, ...]
    clones: tuple[Clone, ...]
    environments: tuple[Environment, ...]
    commands: tuple[DeclaredCommand, ...]
    mail_server: MailServer | None
