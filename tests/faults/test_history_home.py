"""QUSRBRM comes home in a job of its own: what hangs or dies there leaves nothing half and unsaid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.commands.jobs import one_job
from flashtwin.job import INTERACTIVE, Job
from nights import Played, is_row, job_of, kill_at, played
from test_brms_recovery import (
    known,
    notes,
    on_command,
    operator,
    own_back,
    proposed,
    restores,
    states,
    written,
)
from test_killed_jobs import at_rest, clone_off, holds, tells_the_truth
from test_starts import goes_on
from test_undos_that_hang import for_ever

Here = Callable[[Any], bool]


def brings(context: Any) -> bool:
    """The clone's history is restored."""
    return context.command.name == "RSTLIB" and context.qualified("SAVF")[0] == "FLQBRM"


def keeps(context: Any) -> bool:
    """Production's own is saved."""
    return context.command.name == "SAVLIB" and context.qualified("SAVF")[0] == "FLQBRMP"


def ends_brms(context: Any) -> bool:
    """*ENDPRC."""
    return context.command.name == "INZBRM" and context.text("STATE") == "*ENDPRC"


def hangs_once(stage: Stage, here: Here, *, ends: bool = True) -> list[Job]:
    """The first such command of production never comes back, behind half of what it does.

    `ends`: ENDJOB ends its job; else that is left as it is until somebody kills it.
    """
    hung: list[Job] = []

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if context.os is not stage.system:
            return go()
        if not ends and hung and context.command.name == "ENDJOB" and one_job(context) is hung[0]:
            return None
        if hung or not here(context):
            return go()
        hung.append(context.job)
        return half(go)

    def half(go: Callable[[], Any]) -> Any:
        steps = go()
        if steps is not None:
            next(steps, None)
        yield from for_ever()

    stage.world.around_command = around
    return hung


def torn(night: Played) -> bool:
    """Production's QUSRBRM is a part of each."""
    return night.brms().torn


def goes_on_well(night: Played) -> None:
    """The run goes on where its history comes home, and everything is as it is to be."""
    goes_on(night, "O86")
    run = night.judged()
    tells_the_truth(night, run, "COMPLETED")
    holds(run)
    at_rest(night)
    assert written(night) <= known(night)


def test_a_restore_that_hangs_is_ended_and_productions_own_is_back() -> None:
    jobs: list[list[Job]] = []
    with played(prepare=lambda stage: jobs.append(hangs_once(stage, brings))) as night:
        assert [job.name for job in jobs[0]] == ["FLCMD"]
        assert "FLE0036" in notes(night.run, "O88")
        assert "UNKNOWN" in notes(night.run, "O88")
        assert own_back(night) == 1
        assert not torn(night)
        assert states(night) == ["*STRPRC"]
        assert "NEEDSYOU" in operator(night)
        assert night.history() == ("OPEN", "")
        holds(night.run)
        goes_on_well(night)


def test_a_save_of_the_own_that_hangs_restores_nothing() -> None:
    with played(prepare=lambda stage: hangs_once(stage, keeps) and None) as night:
        assert "FLE0035" in notes(night.run, "O88")
        assert "UNKNOWN" in notes(night.run, "O88")
        assert restores(night) == []
        assert states(night) == ["*STRPRC"]
        holds(night.run)
        goes_on_well(night)


def test_what_cannot_be_ended_has_nothing_done_beside_it() -> None:
    """A second restore, or *ENDPRC, while the first may go on: neither, whoever asks for it."""
    jobs: list[list[Job]] = []
    with played(prepare=lambda stage: jobs.append(hangs_once(stage, brings, ends=False))) as night:
        ((hung,),) = jobs
        assert hung.number in night.stage.system.jobs
        assert "FLE0047" in notes(night.run, "O88")
        assert "FLE0251" in notes(night.run, "O88")
        assert len(list(night.stage.world.events.of("qusrbrm_restore_began"))) == 1
        assert torn(night)
        clone_off(night.stage)
        assert "FLL0110" in proposed(night)
        assert not night.recover("*UNDO").ok
        assert states(night) == ["*STRPRC"]
        night.stage.world.around_command = None
        night.stage.system.work.kill(hung, 50)
        assert night.recover("*UNDO").ok
        assert own_back(night) == 1
        run = night.judged()
        tells_the_truth(night, run, "FAILED")
        holds(run)
        at_rest(night)


@pytest.mark.parametrize("dead", [("driver",), ("driver", "guard A")], ids=["driver", "driver and guard A"])
def test_a_restore_outlives_its_driver(dead: tuple[str, ...]) -> None:
    """It is carried through by its own job, and not begun again beside it."""

    def prepare(stage: Stage) -> None:
        kill_at(stage, dead, brings, before=True)

    with played(prepare=prepare) as night:
        if "guard A" in dead:
            assert night.recover("*UNATTEND").ok
            world = night.stage.world
            world.scheduler.run(until=world.now + 6 * 3600)
        assert restores(night) == [0]
        run = night.judged()
        tells_the_truth(night, run, "COMPLETED")
        holds(run)
        at_rest(night)


def test_nor_is_it_left_half_by_a_recovery_that_comes_while_it_works() -> None:
    """Somebody undoes a run whose driver is gone: its restore is ended, then production's own is back."""

    def prepare(stage: Stage) -> None:
        hangs_once(stage, brings)
        before = stage.world.around_command
        assert before is not None
        begun: list[str] = []

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if brings(context) and not begun:
                begun.append("restore")
                for part in ("driver", "guard A"):
                    job = job_of(stage, part)
                    assert job is not None
                    stage.world.scheduler.at(
                        stage.world.now + 1, lambda job=job: stage.system.work.kill(job, 50)
                    )
            return before(context, go)

        stage.world.around_command = around

    with played(prepare=prepare) as night:
        assert torn(night)
        assert night.history() == ("OPEN", "")
        clone_off(night.stage)
        assert night.recover("*UNDO").ok
        assert own_back(night) == 1
        assert not torn(night)
        run = night.judged()
        tells_the_truth(night, run, "FAILED")
        holds(run)
        at_rest(night)


def test_endprc_that_hangs_once_is_asked_for_once_more() -> None:
    with played(prepare=lambda stage: hangs_once(stage, ends_brms) and None) as night:
        run = night.run
        assert "FLE0037" in notes(run, "O89")
        tells_the_truth(night, run, "COMPLETED")
        holds(run)
        at_rest(night)


# -- somebody has files of it -----------------------------------------------------------------------


def reads(stage: Stage, for_s: float) -> None:
    """Somebody displays media from the last steps of the run on, for so long."""
    reader = stage.system.new_job("QPADEV0007", "QPGMR", INTERACTIVE)
    key = ("QUSRBRM", "QA1AMM", "*FILE")

    def begin(_context: Any) -> None:
        if not stage.system.locks.holders(key):
            stage.system.locks.take(reader, key, "*SHRRD")
            stage.world.scheduler.at(stage.world.now + for_s, lambda: stage.system.locks.end_of(reader))

    on_command(stage, lambda c: c.os is stage.system and is_row(c, "R", "O86"), begin)


def test_who_reads_it_for_minutes_is_waited_for() -> None:
    with played(prepare=lambda stage: reads(stage, 240)) as night:
        tells_the_truth(night, night.run, "COMPLETED")
        assert restores(night) == [0]
        holds(night.run)
        at_rest(night)


def test_beside_who_reads_it_for_hours_nothing_of_it_is_replaced() -> None:
    """He is named; production's own is whole, and the run goes on when he is gone."""
    with played(prepare=lambda stage: reads(stage, 6 * 3600)) as night:
        said = notes(night.run, "O88")
        assert "FLE0250" in said
        assert "/QPGMR/QPADEV0007" in said
        assert restores(night) == []
        assert not torn(night)
        assert "FLL0110" not in proposed(night)
        assert states(night) == ["*STRPRC"]
        assert night.history() == ("OPEN", "")
        holds(night.run)
        night.stage.world.scheduler.run(until=night.stage.world.now + 7 * 3600)
        goes_on_well(night)


def test_flendenv_waits_for_the_restore() -> None:
    """Asked for while it works: QUSRBRM is whole, and then the run ends."""

    def prepare(stage: Stage) -> None:
        session = stage.system.new_job("QPADEV0001", "FLASHC", INTERACTIVE)
        asked: list[str] = []

        def look(_context: Any) -> None:
            if not asked:
                asked.append("FLENDENV")
                session.task = stage.world.scheduler.spawn(
                    "a session", session.perform("BCKFLASHP/FLENDENV ENV(DAILY)")
                )

        on_command(stage, brings, look)

    with played(prepare=prepare) as night:
        assert restores(night) == [0]
        assert not torn(night)
        holds(night.judged())
        at_rest(night)
