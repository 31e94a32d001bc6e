"""The records of the product as plain data: runs, journal, locks, what is open, what was delivered.

Times are local times of production, without an offset: the tables hold none.  Rows of the clone are in its
own time in the table; `in_production_time` is where they are moved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from flashc.bundle.context import folder_of
from flashc.check.model import Spec, System
from flashc.runbook.steps import restart_points

Side = Literal["source", "clone"]

RUN_DIGITS = 14
BEHIND = ("O93", "O96")
"""The restart points behind everything else."""


@dataclass(frozen=True, slots=True)
class EnvironmentFacts:
    """What reading the records must know of an environment.

    `after_point` is the last restart point, "" where the environment has none.
    """

    name: str
    clone: str
    operation: str
    starts_clone: bool
    brms: bool
    after_point: str


@dataclass(frozen=True, slots=True)
class CloneFacts:
    """A declared clone and the ids that its data areas are named by."""

    name: str
    lpar_id: int

    @property
    def record(self) -> str:
        """The data area in the library that says where its run stands."""
        return f"FLR{self.lpar_id:04d}"

    @property
    def ticket(self) -> str:
        """The data area in the guard's library that travels in the copy."""
        return f"FLT{self.lpar_id:04d}"


@dataclass(frozen=True, slots=True)
class Product:
    """An installation: where it is and what it was made for."""

    system: str
    library: str
    guard_library: str
    folder: str
    identities: tuple[tuple[str, int], ...]
    clones: tuple[CloneFacts, ...]
    environments: tuple[EnvironmentFacts, ...]

    def environment(self, name: str) -> EnvironmentFacts | None:
        """The environment of this name, if the spec still has it."""
        return next((e for e in self.environments if e.name == name), None)


def product_of(spec: Spec, system: System) -> Product:
    """The installation of a spec on one of its systems."""
    found = [e for e in spec.environments if e.clone.source.name == system.name]
    return Product(
        system=system.name,
        library=system.library,
        guard_library=system.guard_library,
        folder=folder_of(system),
        identities=tuple((i.serial, i.lpar) for i in system.identities),
        clones=tuple(CloneFacts(c.name, c.lpar_id) for c in spec.clones if c.source.name == system.name),
        environments=tuple(
            EnvironmentFacts(
                name=e.name,
                clone=e.clone.name,
                operation=e.operation.kind,
                starts_clone=e.starts_clone,
                brms=e.brms is not None,
                after_point=next((s.code for s in restart_points(e) if s.code in BEHIND), ""),
            )
            for e in found
        ),
    )


@dataclass(frozen=True, slots=True)
class RunRow:
    """A row of FLRUN; seconds are None where nothing was suspended.

    `clock_offset_s` is what to add to the clone's clock for production's, None where it was not measured.
    """

    run: str
    environment: str
    state: str
    result: str
    started: dt.datetime | None
    ended: dt.datetime | None
    suspended: float | None
    quiesce: float | None
    hold: float | None
    resume: float | None
    clock_offset_s: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of FLJRN.

    `kind`: I begun, R result, N note, A and B an undo to do (A around the flash, B of the run), Z done,
    X not done.
    """

    run: str
    side: Side
    seq: int
    time: dt.datetime
    kind: str
    code: str
    msgid: str
    text: str


@dataclass(frozen=True, slots=True)
class Lock:
    """A row of FLLCK: what a run has for itself, and the run's job as NUMBER/USER/NAME."""

    name: str
    run: str
    job: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A job that holds an object lock on a data area of the product: it is alive."""

    area: str
    job: str


@dataclass(frozen=True, slots=True)
class CloneRecord:
    """Where the last run on a clone stands, by its data area; its columns: `flashc.runbook.areas.RECORD`."""

    clone: CloneFacts
    text: str
    ticket: str

    def _at(self, column: int, length: int = 1) -> str:
        return self.text[column - 1 : column - 1 + length].strip()

    def _set(self, column: int) -> bool:
        return self._at(column) not in ("", "0")

    @property
    def run(self) -> str:
        """The run's id."""
        return self._at(1, RUN_DIGITS)

    @property
    def environment(self) -> str:
        """Of which environment it is."""
        return self._at(15, 10)

    @property
    def phase(self) -> str:
        """The driver's phase; CLOSED when the run is."""
        return self._at(25, 10) or "CLOSED"

    @property
    def open(self) -> bool:
        """Whether the run is not closed."""
        return self.phase != "CLOSED"

    @property
    def strprc(self) -> bool:
        """BRMS on production is in *STRPRC because of this run, or may be (`strprc_refused`)."""
        return self._set(35)

    @property
    def strprc_refused(self) -> bool:
        """BRMS refused *STRPRC: nothing tells whether it is in force all the same, or somebody else's."""
        return self._at(35) == "R"

    @property
    def started(self) -> bool:
        """The clone was asked to start on this run's copy."""
        return self._set(36)

    @property
    def restored(self) -> bool:
        """The clone's QUSRBRM is restored here."""
        return self._set(38)

    @property
    def job(self) -> str:
        """The driver's job as NUMBER/USER/NAME."""
        name, user, number = self._at(41, 10), self._at(51, 10), self._at(61, 6)
        return f"{number}/{user}/{name}" if number else ""

    @property
    def proven(self) -> bool:
        """The flash is proven."""
        return self._set(105)

    @property
    def home(self) -> bool:
        """The delivery is here and verified."""
        return self._set(106)

    @property
    def completed(self) -> bool:
        """The run has completed."""
        return self._set(107)

    @property
    def handed_over(self) -> bool:
        """The clone was handed over; no run ends it."""
        return self._at(111) == "H"

    @property
    def may_act_since(self) -> str:
        """Since when the copy may act by its ticket (YYYYMMDDHHMMSS); "" when its work is over."""
        return self._at(141, 14) if self._at(140) == "W" else ""

    @property
    def ticket_stage(self) -> str:
        """The ticket's stage."""
        return self.ticket[:10].strip()

    @property
    def in_window(self) -> bool:
        """Production may be suspended by this run: behind a RESUME that was granted, its ticket is closed."""
        resumed = self.ticket_stage == "CLOSED" and self.ticket[10:24] == self.run
        return self.phase == "WINDOW" and not resumed

    @property
    def may_write(self) -> bool:
        """The clone was started on this copy and no end of its work is known."""
        return self.started and not self.home and not self.restored and not self.handed_over


@dataclass(frozen=True, slots=True)
class Now:
    """What the partition says of this moment."""

    clock: dt.datetime
    records: tuple[CloneRecord, ...]
    locks: tuple[Lock, ...]
    holders: tuple[Holder, ...]
    identity_told: bool = True
    """Whether the partition told its id; without it nobody knows that this is not a copy."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file that a clone has delivered; `stage` is early or final."""

    name: str
    size: int
    sha256: str
    stage: str

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        return {"name": self.name, "size": self.size, "sha256": self.sha256, "stage": self.stage}


class Place(Protocol):
    """Where records are read.  All raise DeployError when they cannot be."""

    product: Product

    def runs(self) -> tuple[RunRow, ...]:
        """All runs, the newest first."""

    def journal(self, runs: Sequence[str]) -> tuple[Row, ...]:
        """The rows of these runs in production's time, by run, time, side and number."""

    def notable(self, since: str) -> tuple[Row, ...]:
        """Of all runs since this id the rows that a history shows: verdicts, volumes, first errors."""

    def now(self) -> Now:
        """What is open now."""

    def delivered(self, run: str) -> tuple[Delivered, ...]:
        """What the inbox has of a run, by its manifests."""

    def read(self, run: str, name: str) -> bytes | None:
        """A delivered file; None where it is not there."""


NOTABLE_CODES = ("O05", "O99", "C36")
"""The steps whose rows a history shows: what the run is, the result, the verdict of each work."""

WRITTEN, MAY_BE_WRITTEN, OUT, LEFT = "FLO0185", "FLE0021", "FLO0187", "FLO0186"
"""The messages that name volumes: written, perhaps written, to go out; how many expired ones are left."""

SPACE = "FLO0196"
"""The message that says what the copies take on the storage system, before the run takes its own."""

MOVEMENT = ("FLO0189", "FLO0190")
"""The messages that say where to see which media must go out or come in."""


NOTABLE_MESSAGES = (WRITTEN, OUT, LEFT, SPACE, *MOVEMENT)


def in_production_time(rows: Iterable[Row], runs: Mapping[str, int | None]) -> tuple[Row, ...]:
    """The rows in their order, the clone's by production's clock; `runs`: what to add to the clone's."""
    found = []
    for row in rows:
        offset = runs.get(row.run) if row.side == "clone" else None
        found.append(replace(row, time=row.time + dt.timedelta(seconds=offset)) if offset else row)
    return tuple(sorted(found, key=order))


def order(row: Row) -> tuple[str, dt.datetime, bool, int]:
    """Rows in the order in which they are shown: of one instant, what the source did stands first."""
    return (row.run, row.time, row.side == "clone", row.seq)


def is_notable(row: Row) -> bool:
    """Whether a history shows something of it."""
    return row.code in NOTABLE_CODES or row.msgid.startswith("FLE") or row.msgid in NOTABLE_MESSAGES
