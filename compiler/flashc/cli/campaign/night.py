"""One night with faults: played, judged, recovered, and the night after it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from flashtwin.errors import TwinError
from flashtwin.objects import DataArea

from flashc.check.model import EndDomino, EndServer, EndSubsystem, Environment
from flashc.cli.campaign.forked import Branch
from flashc.cli.campaign.inject import Injection
from flashc.cli.campaign.kinds import Fault
from flashc.cli.campaign.oracle import judged
from flashc.cli.campaign.points import Point, chosen, record
from flashc.cli.judging import report_of
from flashc.cli.playing import REST_S, Night, Started, rows
from flashc.cli.run_facts import Ipl, clone_partition, journal_of
from flashc.cli.runs import Run
from flashc.cli.stage import Observer, Stage, StageError

IPL_JOBS = ("SCPF", "QSTRUPJD")
"""Jobs of an IPL: what dies there is the IPL, not the recovery."""

CLONE_OFF_S = 900.0
"""Virtual seconds in which a clone is off that was ended at the console."""

DOWN_S = 86400.0
"""Virtual seconds in which production runs again, whatever has happened to it."""

RESTS_S = 7200.0
"""Virtual seconds in which everything comes to rest once its cause is gone."""

BRIEFLY_S = 3600.0
"""The same where a fault strikes the recovery: the next night has not begun when it is entered again."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What did not hold: an invariant, or one of "outcome", "history", "recovery", "next night", "twin"."""

    invariant: str
    detail: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a night: the faults that fired, the run's result and why it did not complete, what was
    broken, nights it took."""

    fired: tuple[str, ...]
    result: str
    broken: tuple[Broken, ...]
    nights: int
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the way from process to process."""
        return asdict(self)


def undisturbed(stage: Stage, environment: str, ipl: Ipl) -> tuple[list[Point], str, Ending]:
    """A night without a fault: its points, the name of its driver's job, and how it ended."""
    passed, end = record(stage)
    night = Night(stage, environment)
    runs = _play(stage, night, ipl)
    end()
    run = runs[-1]
    broken = tuple(Broken(one.id, one.detail) for one in run.broken)
    driver = night.runs[-1].driver.rpartition("/")[2]
    return chosen(passed), driver, Ending((), run.result, broken, 1, run.detail)


def recovery(stage: Stage, environment: str, ipl: Ipl, behind: Fault) -> list[Point]:
    """The points of production behind a fault: what guards, an operator and a run that goes on do."""
    night = Night(stage, environment)
    injection = Injection(stage, night.runs[0].environment, (), _never, behind)
    _play(stage, night, ipl)
    injection.mend()
    _recovered(stage, night, ipl, BRIEFLY_S)
    injection.remove()
    return [
        point
        for point in chosen(injection.passed)
        if point.place.side in ("source", "request") and point.job not in IPL_JOBS
    ]


def _never(_number: int) -> bool:
    return False


def disturbed(
    stage: Stage,
    environment: str,
    ipl: Ipl,
    nights: Sequence[tuple[Fault, ...]],
    branch: Branch,
    behind: Fault | None = None,
) -> Ending:
    """A night with the faults for which this process is forked, if any; its recovery, and the next night.

    An environment that starts on a date alone has no next night.

    With `behind` that fault strikes first, and the others may strike the recovery, which is entered again.
    """
    night = Night(stage, environment)
    injection = Injection(stage, night.runs[0].environment, nights, branch, behind)
    try:
        first = _play(stage, night, ipl)[0]
        broken = [*_broken(first, ""), *_outcome(injection.fired, first)] if behind is None else []
        if behind is not None:
            injection.mend()
            with suppress(StageError):  # a command that hangs is ended below
                _recovered(stage, night, ipl, BRIEFLY_S)
            _until_up(stage)
        injection.remove()
        fired = tuple(str(fault) for fault in injection.fired)
        broken += _recovered(stage, night, ipl)
        _start_what_is_down(stage, night.runs[0].environment)
        _end_what_failed(stage, night.runs[0].environment)
        _while_the_copy_is_kept(stage, night.runs[0].environment)
        _given_back(stage, night.runs[0].environment)
        following = Night(stage, environment)
        if not following.runs:  # the schedule has no further date
            return Ending(fired, first.result, tuple(broken), 1, first.detail)
        following_run = _play(stage, following, ipl, [*night.runs, *night.meanwhile])[0]
        broken += _broken(following_run, "next night: ")
        if following_run.result != "completed":
            broken.append(Broken("next night", f"{following_run.result}: {following_run.detail}"))
    except (TwinError, StageError) as error:
        fired = tuple(str(fault) for fault in injection.fired)
        return Ending(fired, "unknown", (Broken("twin", str(error)[:300]),), 1)
    return Ending(fired, first.result, tuple(broken), 2, first.detail)


def _play(stage: Stage, night: Night, ipl: Ipl, others: list[Started] | None = None) -> list[Run]:
    """Play the first run of a night; the runs of the nights before it are `others`."""
    found: list[Run] = []
    del night.runs[1:]

    def over(run: Started) -> None:
        _until_up(stage)
        known = [*(others or []), *night.runs, *night.meanwhile]
        found.append(report_of(stage, run, known, ipl))

    night.play(Observer(), over)
    return found


def _until_up(stage: Stage) -> None:
    """What a run has come to is read where its journal is: somebody starts production again."""
    scheduler = stage.world.scheduler
    if stage.production.os is None:
        scheduler.run(until=scheduler.now + DOWN_S, stop=lambda: stage.production.os is not None)
        scheduler.run(until=scheduler.now + REST_S)


def _broken(run: Run, where: str) -> list[Broken]:
    return [Broken(one.id, f"{where}{one.detail}") for one in run.broken]


def _outcome(fired: Sequence[Fault], run: Run) -> list[Broken]:
    """What the run came to against what is promised, which is for one fault at a time."""
    if len(fired) != 1:
        return []
    return [Broken("outcome", text) for text in judged(fired[0], run.result, run.detail)]


def _recovered(stage: Stage, night: Night, ipl: Ipl, rests_s: float = RESTS_S) -> list[Broken]:
    """Bring the site to rest as an operator does, and say what could not be brought.

    Runs that the schedule started besides the night's own are let to their end, and judged by themselves.
    """
    first = night.runs[0]
    with night.heard():
        broken = _at_rest(stage, first, rests_s)
        _come_to_their_end(stage, night.meanwhile)
    if stage.production.os is None:
        return broken
    known, others = [*night.runs, *night.meanwhile], [run for run in night.meanwhile if run.driver]
    if not others:  # else the clone's disks and devices are another run's by now
        broken += _broken(report_of(stage, first, known, ipl), "after recovery: ")
    for run in others:
        broken += _broken(report_of(stage, run, known, ipl), "started meanwhile: ")
    return broken


def _come_to_their_end(stage: Stage, runs: Sequence[Started]) -> None:
    """Each at rest or past its limit."""
    scheduler = stage.world.scheduler
    for run in runs:
        if not run.over:
            scheduler.run(until=run.limit, stop=lambda run=run: run.over)  # type: ignore[misc]
            scheduler.run(until=scheduler.now + REST_S)


def _at_rest(stage: Stage, started: Started, rests_s: float) -> list[Broken]:
    """Wait, and enter FLRCVENV as long as the run is open; what is not at rest then."""
    world = stage.world
    rest = world.now + rests_s
    world.scheduler.run(until=rest, stop=lambda: stage.production.os is not None and world.now >= rest)
    if stage.production.os is None:
        return [Broken("recovery", f"production is {stage.production.state}")]
    broken: list[Broken] = []
    if started.run and _state(stage, started) == "" and journal_of(stage, started.run):
        broken.append(Broken("history", f"table FLRUN has no row of run {started.run}"))
    broken += _entered(stage, started, rests_s)
    if _state(stage, started) == "OPEN":
        broken.append(Broken("recovery", "the run is still open"))
    if stage.system.suspension.blocks:
        broken.append(Broken("recovery", "production is still suspended"))
    return broken


def _end_what_failed(stage: Stage, environment: Environment) -> None:
    """A clone in state Error is ended at its console by a person, as FLE0009 asks for.

    So is one that no end in order reaches, where the spec does not let the next run end it at once.
    """
    clone = clone_partition(stage, environment.clone)
    hangs = clone.state != "Not Activated" and clone.os is None
    if clone.state == "Error" or (hangs and not environment.clone.end_then_immediately):
        clone.power_off("shutdown-immed")
        stage.world.scheduler.run(until=stage.world.now + CLONE_OFF_S)


def _start_what_is_down(stage: Stage, environment: Environment) -> None:
    """What runs on this partition and did not come up by itself behind a power failure: the site starts it.

    What runs already refuses to be started, which is as good.
    """
    for around in environment.around:
        if isinstance(around, EndDomino):
            stage.command("QSECOFR", f"STRDOMSVR SERVER({around.server})")
        elif isinstance(around, EndSubsystem):
            stage.command("QSECOFR", f"STRSBS SBSD({around.library}/{around.name})")
        elif isinstance(around, EndServer):
            stage.command("QSECOFR", f"STRTCPSVR SERVER({around.name})")


def _while_the_copy_is_kept(stage: Stage, environment: Environment) -> None:
    """Who starts runs himself waits until the copy may go (`keep snapshot`): the check asks that."""
    if environment.started_by:
        stage.world.scheduler.run(until=stage.world.now + environment.keep_s)


def _given_back(stage: Stage, environment: Environment) -> None:
    """Whose clone was handed over gives it back, as FLE0090 asks for: else no next run takes it."""
    if environment.leave_clone == "handed over":
        system = stage.bundle.system
        stage.command(system.user, f"{system.library}/FLRCVENV ENV({environment.name}) OPTION(*GIVENBACK)")


def _entered(stage: Stage, started: Started, rests_s: float) -> list[Broken]:
    """FLRCVENV as long as the run is open: what is safe unattended, the undo, the undo once the clone is off.

    A clone that may still write tapes is ended at the console by a person, as FLRCVENV asks (FLE0020); so is
    a *STRPRC that may be in force and is nobody else's (FLL0108).
    """
    world, name, library = stage.world, started.environment.name, stage.bundle.system.library
    said = ""
    for option in ("*UNATTEND", "*UNDO", "*UNDO"):
        if _state(stage, started) != "OPEN":
            return []
        if said:
            clone = clone_partition(stage, started.environment.clone)
            clone.power_off("shutdown-immed")
            world.scheduler.run(until=world.now + CLONE_OFF_S)
            looked = stage.command(stage.bundle.system.user, f"{library}/FLRCVENV ENV({name}) OPTION(*CHECK)")
            if any(msgid == "FLL0108" for msgid, _ in looked.messages):
                stage.command("QSECOFR", "INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC)")
        entered = stage.command(stage.bundle.system.user, f"{library}/FLRCVENV ENV({name}) OPTION({option})")
        world.scheduler.run(until=world.now + rests_s)
        if option == "*UNDO":
            said = " ".join(f"{msgid} {text}" for msgid, text in entered.messages[-2:]) or "nothing said"
    if _state(stage, started) == "OPEN" and _done_by_hand(stage, started):
        stage.command(stage.bundle.system.user, f"{library}/FLRCVENV ENV({name}) OPTION(*CLOSE)")
    return [] if _state(stage, started) != "OPEN" else [Broken("recovery", f"FLRCVENV ended with {said}")]


def _done_by_hand(stage: Stage, started: Started) -> bool:
    """Whether all that could not be undone is the start of Domino servers, which run now.

    No command tells whether one is active (docs/platform-facts.md#domino), so a person looks and says *CLOSE.
    """
    left = [row.text for row in journal_of(stage, started.run) if row.kind == "X"]
    starts = [command for command in left if "STRDOMSVR" in command]
    for command in starts:
        stage.command("QSECOFR", command)
    return bool(left) and starts == left


def _state(stage: Stage, started: Started) -> str:
    """The state of the run in table FLRUN, OPEN also where only the record of the clone says so (FLE0051); ""
    without a row."""
    if started.run and any(
        text[:14] == started.run and text[24:34].strip() != "CLOSED" for text in _records(stage)
    ):
        return "OPEN"
    for row in rows(stage, "FLRUN", "RUN"):
        if started.run and str(row[0]).strip() == started.run:
            return str(row[2]).strip()
    return ""


def _records(stage: Stage) -> list[str]:
    """The open-run records of all clones: run, environment, phase and more."""
    library = stage.image.libraries[stage.bundle.system.library]
    names = stage.bundle.manifest["run_records"]
    areas = [one for one in library.objects.values() if isinstance(one, DataArea) and one.name in names]
    return [one.value.decode("cp037") for one in areas if isinstance(one.value, bytes)]
