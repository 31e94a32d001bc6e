"""A driver that takes its time to end, and one that goes on before the guard has missed the last one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flashc.cli.stage import Stage
from flashtwin.job import INTERACTIVE, Job
from flashtwin.scheduler import Signal, Wait
from nights import JOBS, SignedOn, is_row, job_of, played, staged
from test_killed_jobs import at_rest, holds
from test_overlapping_runs import BESIDE, SNAP_SITE

ENDING_S = 120.0
"""QENDJOBLMT: what ENDJOB *IMMED may take (docs/platform-facts.md#jobs)."""


def test_a_driver_that_takes_minutes_to_end_is_recovered_as_any() -> None:
    """It hangs past the limit that guard A was told, and ENDJOB *IMMED takes as long as it may."""
    hung: list[str] = []

    def prepare(stage: Stage) -> None:
        work = stage.system.work
        at_once = work.end_job

        def end_job(job: Job, *, immediately: bool, delay: float = 30.0) -> None:
            if job.name == JOBS["driver"] and immediately:
                scheduler = stage.world.scheduler
                scheduler.at(scheduler.now + ENDING_S, lambda: work.kill(job, 50))
            else:
                at_once(job, immediately=immediately, delay=delay)

        work.end_job = end_job  # type: ignore[method-assign]

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if not hung and context.command.name == "HLDJOB":
                hung.append(context.command.name)
                return _for_ever()
            return go()

        stage.world.around_command = around

    with played(prepare=prepare) as night:
        assert hung
        assert night.history() == ("CLOSED", "FAILED")
        assert "FLE0120" not in [m.msgid for m in night.stage.system.operator_queue().messages]
        holds(night.judged())
        at_rest(night)


def _for_ever() -> Any:
    yield Wait((Signal("nothing"),))


def test_a_run_that_goes_on_at_once_has_one_guard() -> None:
    """The driver is ended by an operator, who restarts the run before guard A looks for it again."""
    guards: list[list[str]] = []

    def prepare(stage: Stage) -> None:
        operator = stage.system.new_job("QPADEV0001", "FLASHC", INTERACTIVE)
        restart = "BCKFLASHP/FLSTRENV ENV(DAILY) RESTART(O80)"
        ended: list[str] = []

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.os is stage.system and not ended and is_row(context, "R", "O84"):
                ended.append("driver")
                stage.world.scheduler.at(stage.world.now + 1.0, end_and_restart)
            if context.os is stage.system and is_row(context, "R", "O86"):
                window = ("BCKFLASHP", "FLKWINA", "*DTAARA")
                names = [job.name for job in stage.system.jobs.values() if job.name == JOBS["guard A"]]
                guards.append(names + [lock.state for lock in stage.system.locks.holders(window)])
            return go()

        def end_and_restart() -> None:
            driver = job_of(stage, "driver")
            assert driver is not None
            stage.system.work.kill(driver, 50)
            operator.task = stage.world.scheduler.spawn("a session", operator.perform(restart))

        stage.world.around_command = around

    with played(prepare=prepare) as night:
        assert guards[0] == [JOBS["guard A"]]
        assert night.history() == ("CLOSED", "COMPLETED"), night.run.detail
        assert night.run.good, (night.run.detail, night.run.broken)


def test_who_waits_for_a_run_knows_its_job_also_where_its_subsystem_was_down() -> None:
    """STRSBS says as well that it is done: that is not the message with the name of the submitted job."""
    with staged() as stage:
        assert "FLASHC" not in stage.system.work.subsystems
        session = SignedOn(stage)
        assert session.enter("ALCOBJ OBJ((BCKFLASHP/FLK001 *DTAARA *EXCL))")[0]
        since = stage.world.now
        ok, said = session.enter("BCKFLASHP/FLSTRENV DAILY WAIT(*YES)")
        assert not ok
        assert "REFUSED" in said
        assert stage.world.now - since < 40


def test_a_step_that_hangs_each_time_is_given_up() -> None:
    """Guard A ends the driver at the step's limit and goes on with the run, where the step hangs again."""
    hung: list[float] = []

    def prepare(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.act.name == "FLDDAILY" and context.command.name == "CPYFRMSTMF" and len(hung) < 9:
                hung.append(stage.world.now)
                return _for_ever()
            return go()

        stage.world.around_command = around

    with played(prepare=prepare) as night:
        assert len(hung) == 4
        assert night.history() == ("OPEN", "")
        told = [m.msgid for m in night.stage.system.operator_queue().messages]
        assert told.count("FLE0059") == 1
        night.stage.world.around_command = None
        done = night.stage.command("FLASHC", "BCKFLASHP/FLSTRENV ENV(DAILY) RESTART(O86) WAIT(*YES)")
        assert done.ok, done.messages
        assert night.history() == ("CLOSED", "COMPLETED")


def test_a_run_that_goes_on_beside_the_window_of_another_has_a_guard() -> None:
    """The other run's guards have the locks of the window all the while that it prepares its copy."""
    died: list[str] = []

    def prepare(stage: Stage) -> None:
        def die(when: str) -> None:
            driver = job_of(stage, "driver")
            assert driver is not None
            died.append(when)
            stage.system.work.kill(driver, 50)

        def slowly(go: Callable[[], Any]) -> Any:
            yield Wait(deadline=stage.world.now + 600.0)
            yield from go() or ()

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.os is not stage.system:
                return go()
            if context.job.name == "FLDSNAP" and context.act.name == "FLJRNL" and is_row(context, "I", "O49"):
                die("beside the other")
                return slowly(go)
            if len(died) == 1 and context.job.name == JOBS["driver"] and is_row(context, "R", "O85"):
                died.append("")
                stage.world.scheduler.at(stage.world.now + 1.0, lambda: die("again"))
            return go()

        stage.world.around_command = around

    with played(spec=BESIDE, changes=SNAP_SITE, prepare=prepare) as night:
        assert died == ["beside the other", "", "again"]
        assert [(run.environment, run.result) for run in night.runs] == [
            ("DAILY", "completed"),
            ("SNAP", "completed"),
        ]
        assert [f"{one.id} {one.detail}" for run in night.runs for one in run.broken] == []


def _ending(stage: Stage, delay: str) -> None:
    """Subsystem FLASHC is ended in order; a job of it takes its time."""
    for command in (
        "SBMJOB CMD(DLYJOB DLY(3600)) JOB(SLOW) JOBD(BCKFLASHP/FLASHC) JOBQ(BCKFLASHP/FLWORK)",
        f"ENDSBS SBS(FLASHC) OPTION(*CNTRLD) DELAY({delay})",
    ):
        assert stage.system.submit(command, user="QSECOFR", queue=("QUSRNOMAX", "QSYS"))


def test_a_run_begins_where_its_subsystem_is_still_ending() -> None:
    """STRSBS says of it that it is active, and the run would wait in its queue for ever."""
    with staged() as stage:
        session = SignedOn(stage)
        assert session.enter("STRSBS SBSD(BCKFLASHP/FLASHC)")[0]
        _ending(stage, "120")
        stage.world.scheduler.run(until=stage.world.now + 30)
        ok, said = session.enter("BCKFLASHP/FLSTRENV DAILY")
        assert ok, said
        stage.world.scheduler.run(until=stage.world.now + 30)
        assert job_of(stage, "driver") is not None


def test_one_that_does_not_end_is_told() -> None:
    with staged() as stage:
        session = SignedOn(stage)
        assert session.enter("STRSBS SBSD(BCKFLASHP/FLASHC)")[0]
        _ending(stage, "*NOLIMIT")
        stage.world.scheduler.run(until=stage.world.now + 30)
        ok, said = session.enter("BCKFLASHP/FLSTRENV DAILY")
        assert not ok
        assert "FLE0236" in said
        stage.world.scheduler.run(until=stage.world.now + 4000)
        assert job_of(stage, "driver") is None


def test_a_clone_is_watched_on_when_the_subsystem_of_its_run_has_ended() -> None:
    """Guard A finds the driver gone while the subsystem that it is to run in is still ending."""
    ended: list[str] = []

    def prepare(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.os is stage.system and not ended and is_row(context, "R", "O84"):
                ended.append("driver")
                _ending(stage, "200")
                stage.world.scheduler.at(stage.world.now + 20, die)
            return go()

        def die() -> None:
            driver = job_of(stage, "driver")
            assert driver is not None
            stage.system.work.kill(driver, 50)

        stage.world.around_command = around

    with played(prepare=prepare) as night:
        assert ended
        assert night.history() == ("CLOSED", "COMPLETED"), night.run.detail
