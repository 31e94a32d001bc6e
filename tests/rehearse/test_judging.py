"""A report is no better than what happened: a product that lies is caught, one without end is told."""

from __future__ import annotations

from flashc.cli.stage import Stage
from rehearsed import night, only

FAILED = "THEN(CHGVAR VAR(&RESULT) +\n                          VALUE('FAILED'))"
LIE = FAILED.replace("FAILED", "COMPLETED")


def test_completed_is_not_believed_when_it_is_not_true() -> None:
    too_slow = ('suspend = "3s"', 'suspend = "90s"')
    run = only(night(too_slow, sources={"FLDDAILY.clle": (FAILED, LIE)}))
    assert run.result == "failed"
    assert "it says completed, but" in run.detail
    assert "S7" in {one.id for one in run.broken}


def test_a_run_that_does_not_end_is_failed_and_open() -> None:
    def hold(stage: Stage) -> None:
        assert stage.command("QSECOFR", "HLDJOBQ JOBQ(BCKFLASHP/FLASHC)").ok

    run = only(night(before_night=hold))
    assert (run.result, run.end, run.steps) == ("failed", None, ())
    assert "still open when its limit had passed" in run.detail


def test_a_production_that_loses_its_power_leaves_an_open_run() -> None:
    def power_off(stage: Stage) -> None:
        clock = stage.local(stage.world.now)
        seconds = (clock.replace(hour=21, minute=30, second=0) - clock).total_seconds()
        stage.world.scheduler.at(
            stage.world.now + seconds, lambda: stage.production.power_off("shutdown-immed")
        )

    run = only(night(before_night=power_off))
    assert run.result == "failed"
    assert "was not closed" in run.detail
    assert run.end is not None
    assert (run.end.hour, run.end.minute) == (21, 30)
    assert [f"{one.id} {one.detail}" for one in run.broken] == []


def test_a_scheduler_that_does_not_start_the_run() -> None:
    def hold(stage: Stage) -> None:
        assert stage.command("QSECOFR", "HLDJOBSCDE JOB(FLDDAILY)").ok

    run = only(night(before_night=hold))
    assert (run.result, run.end) == ("failed", None)
    assert "did not start" in run.detail
    assert run.steps == ()
