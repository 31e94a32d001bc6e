"""Where something can go wrong in a night: statements that ran, requests that were sent, phases of IPLs.

A place is a statement of a generated program on one side, a kind of request to one system, or a reference
code of a partition that starts.  It is passed once or often; faults strike at its first, its second and its
last passage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from flashtwin.context import Context
from flashtwin.gate import gate_of
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from flashtwin.statement import Statement
from flashtwin.world import Partition

from flashc.cli.stage import Stage

Side = Literal["source", "clone", "request", "boot"]
Phase = Literal["start", "before", "armed", "window", "copy", "clone", "sent", "home", "over"]
"""Parts of a night: until the run has its first row; until the trigger is armed; until the guards are asked;
until production goes on; the copy is proven and what stood around it undone; the clone works; its work is
over and it delivers; the delivery is at home; the verdict is said."""

BEGINS: dict[str, Phase] = {
    "O01": "before",
    "O52": "armed",
    "O50": "window",
    "O60": "copy",
    "O80": "clone",
    "C35": "sent",
    "O85": "home",
    "O99": "over",
}
"""The row of the journal with which a part begins; they follow each other in this order."""

PHASES: tuple[Phase, ...] = ("start", *BEGINS.values())

_ROW = re.compile(r"', '([A-Z])', '([A-Z][0-9A-Z]{2})', ")
"""The kind and the step in the INSERT of a row of the journal."""

BEHIND = frozenset({"O60"})
"""Steps with whose result a part begins: with independent ASPs the intent stands before the window."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A statement ("source", "clone": PROGRAM:LINE:COMMAND), a kind of request ("request": SYSTEM:WORD), or a
    phase of an IPL ("boot": PARTITION:CODE)."""

    side: Side
    what: str

    def __str__(self) -> str:
        return f"{self.side}:{self.what}"


@dataclass(frozen=True, slots=True)
class Point:
    """One passage of a place.  `number` counts from 1; `step` is the last that production's journal has then.

    `job` is the name of the job that runs the statement, of the call that sends the request, or of the
    partition that starts; `command` is the first word, or the reference code; `changes` tells whether it
    changes more than its own job, `in_session` whether a request bears the token of a session.
    """

    place: Place
    number: int
    step: str
    job: str
    command: str
    changes: bool = True
    phase: Phase = "start"
    in_session: bool = False

    def __str__(self) -> str:
        return f"{self.place}#{self.number}"


@dataclass(slots=True)
class Passages:
    """Counts the passages of each place, and knows the step and the part that the night is at."""

    stage: Stage
    step: str = "start"
    phase: Phase = "start"
    counts: dict[Place, int] = field(default_factory=dict)
    programs: frozenset[str] = field(init=False)
    production: Partition = field(init=False)
    places: dict[tuple[Statement, str, Side], Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        files = self.stage.bundle.files
        self.programs = frozenset(
            name.rpartition("/")[2].removesuffix(".clle") for name in files if name.endswith(".clle")
        )
        self.production = self.stage.production

    def statement(self, context: Context) -> Point | None:
        """The point that a command is; None for one that is no program's of ours."""
        act = context.act
        if act.name not in self.programs or act.compiled is None:
            return None
        side: Side = "source" if context.os.partition is self.production else "clone"
        command = context.command.name
        self._follow(context, command, side)
        key = (context.statement, act.name, side)
        place = self.places.get(key)
        if place is None:
            place = self.places[key] = Place(side, f"{act.name}:{act.place()}:{command}")
        changes = context.registered is not None and context.registered.effect != "none"
        return self._pass(place, context.job.name, command, changes)

    def request(self, request: Request, caller: str) -> Point:
        """The point that a request is."""
        words = request.command.split()
        short = words[:3] if words[1:2] and words[1].startswith("-") else words[:2]
        place = Place("request", f"{request.connection.server.name}:{' '.join(short)}")
        return replace(self._pass(place, caller, words[0]), in_session=request.in_session)

    def boot(self, partition: Partition, code: str) -> Point | None:
        """The point that a phase of an IPL is; None for one of production."""
        if partition is self.production:
            return None
        return self._pass(Place("boot", f"{partition.name}:{code}"), partition.name, code)

    def _pass(self, place: Place, job: str, command: str, changes: bool = True) -> Point:
        number = self.counts[place] = self.counts.get(place, 0) + 1
        return Point(place, number, self.step, job, command, changes, self.phase)

    def _follow(self, context: Context, command: str, side: Side) -> None:
        if command != "RUNSQL" or context.act.name != "FLJRNL":
            return
        found = _ROW.search(context.text("SQL"))
        if not found:
            return
        kind, code = found.groups()
        if side == "source":
            self.step = code
        begins = self.phase if kind == "I" and code in BEHIND else BEGINS.get(code, self.phase)
        self.phase = max(self.phase, begins, key=PHASES.index)


def watch(
    stage: Stage,
    at_statement: Callable[[Point, Context, Callable[[], Any]], Any],
    at_request: Callable[[Point, Request, Outcome], Outcome],
    at_boot: Callable[[Point, Partition], Any],
) -> Callable[[], None]:
    """Call these at every point from now on; what they return takes the place of what was to happen.

    The result ends it, however often it is called.
    """
    gate, passages = gate_of(stage.world.scheduler), Passages(stage)

    def around(context: Context, go: Callable[[], Any]) -> Any:
        point = passages.statement(context)
        return go() if point is None else at_statement(point, context, go)

    def alter(request: Request, outcome: Outcome) -> Outcome:
        return at_request(passages.request(request, caller_of(stage, request)), request, outcome)

    def phase(partition: Partition, code: str) -> Any:
        point = passages.boot(partition, code)
        return None if point is None else at_boot(point, partition)

    stage.world.around_command, stage.world.around_phase = around, phase
    gate.alter.append(alter)

    def end() -> None:
        stage.world.around_command = stage.world.around_phase = None
        gate.alter[:] = [one for one in gate.alter if one is not alter]

    return end


def caller_of(stage: Stage, request: Request) -> str:
    """The name of the sidecar's call whose connection this is; "" when it is none's."""
    for external in gate_of(stage.world.scheduler).externals:
        if external.owns(request.connection):
            return external.name
    return ""


def record(stage: Stage) -> tuple[list[Point], Callable[[], None]]:
    """Note every point that is passed from now on; the list fills meanwhile, the function ends it."""
    passed: list[Point] = []

    def at_statement(point: Point, _context: Context, go: Callable[[], Any]) -> Any:
        passed.append(point)
        return go()

    def at_request(point: Point, _request: Request, outcome: Outcome) -> Outcome:
        passed.append(point)
        return outcome

    def at_boot(point: Point, _partition: Partition) -> None:
        passed.append(point)

    return passed, watch(stage, at_statement, at_request, at_boot)


def chosen(passed: Iterable[Point]) -> list[Point]:
    """The first, the second and the last passage of each place, in the order of the night."""
    points = list(passed)
    last = {point.place: point.number for point in points}
    return [point for point in points if point.number in (1, 2, last[point.place])]
