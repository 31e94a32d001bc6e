"""A command of a run goes on when nobody waits for it any more: it is ended before it is undone, and an undo
of the site that hangs keeps nothing else of production held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.events import Event
from flashtwin.installed import installed
from flashtwin.job import INTERACTIVE
from nights import HELD_JOB, Change, Edit, Played, is_row, kill_at, played
from test_around_the_flash import around, broken, text_of
from test_commands_without_undo import INVOICES, SPEC, site

PLACES = ("its own name", "its command", "its environment")
QUIET = 'run "CALL APPLIB/QUIET" undo "CALL APPLIB/LOUD" within '
FAILURE = (
    "             /* The end of the run is no reason to end it */\n"
    "             CHGVAR     VAR(&OUTCOME) VALUE('STAYS')\n"
)


def programs(**lasts: str) -> tuple[Change, ...]:
    """The site with the programs that quiet its application, and how long each takes."""
    text = "".join(
        f'    {{ library = "APPLIB", name = "{name}", lasts = "{lasts.get(name, "1s")}" }},\n'
        for name in ("QUIET", "LOUD")
    )
    return ((INVOICES, INVOICES + text),)


def started(night: Played, program: str) -> list[Event]:
    """Each start of a program of the site on production."""
    events = night.stage.world.events.of("program_started", system=night.stage.production.name)
    return [event for event in events if event["program"] == f"APPLIB/{program}"]


def ended(night: Played, job: str) -> float:
    """When a job of production ended."""
    events = night.stage.world.events.of("job_ended", system=night.stage.production.name)
    return next(event.time for event in events if event["job"] == job)


def kill_a_minute_into(stage: Stage, program: str) -> None:
    """The driver is killed while a program of the site has been at work for a minute."""

    def die() -> None:
        driver = next(job for job in stage.system.jobs.values() if job.name == "FLDDAILY")
        stage.system.work.kill(driver, 50)

    def look(event: Event) -> None:
        if event.kind == "program_started" and event["program"] == f"APPLIB/{program}":
            stage.world.scheduler.at(stage.world.now + 60, die)

    stage.world.events.listeners.append(look)


def test_what_a_dead_run_has_begun_is_ended_before_it_is_undone() -> None:
    """Else it would be done once more behind its undo, and nobody would take that back."""
    with played(
        (),
        programs(QUIET="15m"),
        spec=around(f"{QUIET}20m"),
        prepare=lambda stage: kill_a_minute_into(stage, "QUIET"),
    ) as night:
        run = night.judged()
        assert (run.result, broken(run)) == ("failed", [])
        assert night.history() == ("CLOSED", "FAILED")
        (quiet,), (loud,) = started(night, "QUIET"), started(night, "LOUD")
        assert ended(night, str(quiet["job"])) < loud.time
        assert not night.stage.system.jobs[HELD_JOB].held


def test_what_waits_on_its_job_queue_is_not_done_behind_its_undo() -> None:
    """The job of the command starts when the run is over: there is nothing left for it to do."""

    def prepare(stage: Stage) -> None:
        def look(event: Event) -> None:
            if event.kind == "job_submitted" and "FLCMD" in str(event["command"]):
                assert stage.command("QSECOFR", "HLDJOBQ JOBQ(BCKFLASHP/FLWORK)").ok
                driver = next(job for job in stage.system.jobs.values() if job.name == "FLDDAILY")
                stage.system.work.kill(driver, 50)
                stage.world.events.listeners.remove(look)

        stage.world.events.listeners.append(look)

    with played((), programs(), spec=around(f"{QUIET}20m"), prepare=prepare) as night:
        assert night.judged().result == "failed"
        assert night.history() == ("CLOSED", "FAILED")
        assert night.stage.command("QSECOFR", "RLSJOBQ JOBQ(BCKFLASHP/FLWORK)").ok
        night.stage.world.scheduler.run(until=night.stage.world.now + 600)
        assert started(night, "QUIET") == []
        assert started(night, "LOUD") == []


def test_a_command_whose_job_is_ended_is_not_waited_for() -> None:
    """Somebody ends it; nobody answers any more, and the job held for the flash is released."""

    def prepare(stage: Stage) -> None:
        def end() -> None:
            work = next(job for job in stage.system.jobs.values() if job.name == "FLCMD")
            stage.system.work.kill(work, 50)

        def look(event: Event) -> None:
            if event.kind == "program_started" and event["program"] == "APPLIB/QUIET":
                stage.world.scheduler.at(stage.world.now + 60, end)

        stage.world.events.listeners.append(look)

    with played((), programs(QUIET="15m"), spec=around(f"{QUIET}20m"), prepare=prepare) as night:
        assert "CALL APPLIB/QUIET UNKNOWN" in text_of(night.run, "O38")
        assert night.history() == ("CLOSED", "FAILED")
        events = night.stage.world.events
        (released,) = events.of("job_released", system=night.stage.production.name)
        (quiet,) = started(night, "QUIET")
        assert released.time - quiet.time < 240


def test_what_was_not_begun_is_not_undone() -> None:
    """The driver dies when it has noted the undo: the server runs, and its start would be refused for a
    quarter of an hour, with all that was held before it still held."""
    with played(
        prepare=lambda stage: kill_at(stage, ["driver"], lambda c: is_row(c, "A", "O75")) and None
    ) as night:
        run = night.judged()
        assert (run.result, broken(run)) == ("failed", [])
        assert night.history() == ("CLOSED", "FAILED")
        events = night.stage.world.events
        (released,) = events.of("job_released", system=night.stage.production.name)
        (held,) = events.of("job_held", system=night.stage.production.name)
        assert released.time - held.time < 180
        assert not list(events.of("domino_started"))


def test_what_was_begun_is_undone_although_its_answer_never_came() -> None:
    """The driver dies while the server is ending."""

    def prepare(stage: Stage) -> None:
        kill_at(stage, ["driver"], lambda c: c.command.name == "ENDDOMSVR")

    with played(prepare=prepare) as night:
        assert night.history() == ("CLOSED", "FAILED")
        assert "DOMINO02" in installed(night.stage.system).domino
        assert len(list(night.stage.world.events.of("domino_started"))) == 1


@pytest.mark.parametrize("dead", [[], ["driver"]], ids=["the driver", "guard A"])
def test_what_is_undone_is_not_undone_again_where_its_mark_waits(dead: list[str]) -> None:
    """The journal can be read, and not written: the mark waits, and the run is closed behind it."""
    refused: list[str] = []

    def prepare(stage: Stage) -> None:
        kill_at(stage, dead, lambda c: is_row(c, "R", "O38"))
        before = stage.world.around_command
        assert before is not None

        def around_it(context: Any, go: Callable[[], Any]) -> Any:
            started = stage.world.events.of("program_started", system=stage.production.name)
            if is_journal(context) and any(e["program"] == "APPLIB/LOUD" for e in started):
                refused.append(context.text("SQL"))
                raise Escape("SQL0913", "", "Row or object in use.")
            return before(context, go)

        stage.world.around_command = around_it

    with played((), programs(), spec=around(f"{QUIET}5m"), prepare=prepare) as night:
        assert len(started(night, "LOUD")) == 1
        assert refused
        night.stage.world.around_command = None
        night.recover("*UNDO")
        assert len(started(night, "LOUD")) == 1
        assert night.record == "CLOSED"
        assert not night.stage.system.jobs[HELD_JOB].held


def is_journal(context: Any) -> bool:
    """Whether a command writes a row of production's journal."""
    return context.command.name == "RUNSQL" and context.text("SQL").startswith("INSERT INTO BCKFLASHP.FLJRN ")


@pytest.mark.parametrize("place", PLACES)
def test_a_command_that_its_job_cannot_take_is_given_once_more_at_once(place: str) -> None:
    """Nobody waits for the whole limit to learn that nothing was done."""
    calls: list[str] = []

    def prepare(stage: Stage) -> None:
        def fail(context: Any, go: Callable[[], Any]) -> Any:
            flcmd = context.act.name == "FLCMD" and context.command.name == "CALL"
            # The third command of the night starts Domino again; before: BRMS's state, the end of Domino.
            if flcmd and context.qualified("PGM")[0] in ("QSNDDTAQ", "QRCVDTAQ"):
                calls.append(context.job.qualified)
                third = len(dict.fromkeys(calls)) == 3
                if third and calls.count(calls[-1]) == 1 + PLACES.index(place):
                    raise Escape("CPF9899", "", "Error occurred during processing of command.")
            return go()

        stage.world.around_command = fail

    with played((), (), prepare=prepare) as night:
        assert (night.run.result, broken(night.run)) == ("completed", [])
        (started,) = night.stage.world.events.of("domino_started", system=night.stage.production.name)
        (resumed,) = night.stage.world.events.of("resumed", system=night.stage.production.name)
        assert started.time - resumed.time < 200


def test_an_undo_that_hangs_has_the_limit_of_its_act() -> None:
    """What was changed before it is brought back all the same, and a recovery ends, too."""
    with played((), programs(LOUD="30h"), spec=around(f"{QUIET}5m")) as night:
        assert night.history() == ("OPEN", "")
        assert "CALL APPLIB/LOUD UNKNOWN" in text_of(night.run, "O76")
        assert not night.stage.system.jobs[HELD_JOB].held
        events = night.stage.world.events
        (resumed,) = events.of("resumed", system=night.stage.production.name)
        released = next(iter(events.of("job_released", system=night.stage.production.name)))
        assert released.time - resumed.time < 600
        entered = "BCKFLASHP/FLRCVENV ENV(DAILY) OPTION(*UNDO)"
        assert not night.stage.command("QSECOFR", entered).ok
        assert not night.stage.system.locks.held
        users = {str(event["job"]).split("/")[1] for event in started(night, "LOUD")}
        assert users == {"FLASHC"}  # whoever enters the recovery
        assert night.recover("*CLOSE").ok
        assert night.history() == ("CLOSED", "FAILED")


def test_what_runs_on_failure_is_not_ended_by_who_ends_the_run() -> None:
    """FLENDENV is entered twice: the second is for nobody any more."""
    with played((), site_of_a_minute(), spec=SPEC, prepare=_ended_twice) as night:
        run = night.run
        assert run.result == "failed"
        assert [step.msgid for step in run.steps if step.code == "O94"] == ["FLO0094"]


def test_without_that_it_is_ended() -> None:
    edit = Edit("FLFDAILY.clle", FAILURE, "")
    with played((edit,), site_of_a_minute(), spec=SPEC, prepare=_ended_twice) as night:
        assert "CALL APPLIB/F1 END" in text_of(night.run, "O94")


def site_of_a_minute() -> tuple[Change, ...]:
    """The site's command on failure takes a minute."""
    ((old, new),) = site()
    return ((old, new.replace('name = "F1"', 'name = "F1", lasts = "1m"')),)


def _ended_twice(stage: Stage) -> None:
    operators = [stage.system.new_job(f"QPADEV000{n}", "FLASHC", INTERACTIVE) for n in (1, 2)]

    def look(event: Event) -> None:
        if event.kind == "job_held":
            for operator in operators:
                operator.task = stage.world.scheduler.spawn(
                    "a session", operator.perform("BCKFLASHP/FLENDENV ENV(DAILY)")
                )

    stage.world.events.listeners.append(look)


def test_a_domino_server_that_ends_long_past_its_limit_is_started_again() -> None:
    """While it is still ending it cannot be started, and nobody else would do that before the morning."""
    slow: Change = ('domino_end = "2m"', 'domino_end = "14m"')
    with played((), (slow,)) as night:
        run = night.run
        assert (run.result, broken(run)) == ("failed", [])
        assert night.history() == ("CLOSED", "FAILED")
        assert "DOMINO02" in installed(night.stage.system).domino
