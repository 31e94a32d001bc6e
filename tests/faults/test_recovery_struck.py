"""The recovery itself dies, of guard A and of an operator: who enters it again brings the site to rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flashc.cli.stage import Stage
from flashtwin.scheduler import Signal, Wait
from nights import is_request, played
from test_killed_jobs import at_rest, holds, tells_the_truth

Here = Callable[[Any], bool]


def test_a_recovery_that_dies_again_and_again_is_gone_on_with() -> None:
    """Behind the release of a job, whose undo is not marked, and behind *ENDPRC, which is not noted."""
    died: list[str] = []

    def prepare(stage: Stage) -> None:
        _die(stage, died, _driver_at_suspend, lambda c: c.act.name == "FLUNDO" and _releases_the_job(c))

    with played(prepare=prepare) as night:
        assert died == ["CHGASPACT", "RLSJOB"]
        assert night.history() == ("OPEN", "")
        world = night.stage.world
        _die(night.stage, died, lambda c: c.act.name == "FLIMPORT", _ends_brms)
        night.recover("*UNDO")
        world.scheduler.run(until=world.now + 600)
        night.recover("*UNDO")
        assert died[3:] == ["INZBRM"]
        assert (night.history(), night.brms_state()) == (("OPEN", ""), "*ENDPRC")
        world.around_command = None
        assert night.recover("*UNDO").ok
        run = night.judged()
        tells_the_truth(night, run, "FAILED")
        holds(run)
        at_rest(night)


def _driver_at_suspend(context: Any) -> bool:
    return is_request(context, "*SUSPEND")


def _ends_brms(context: Any) -> bool:
    return context.act.name == "FLENDPRC" and "*ENDPRC" in context.text("STATE")


def _releases_the_job(context: Any) -> bool:
    return bool(context.command.name == "RLSJOB")


def _die(stage: Stage, died: list[str], *places: Here) -> None:
    """The job of each of these commands is gone when the command is done, one after the other."""
    waiting = list(places)

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if not waiting or context.os is not stage.system or not waiting[0](context):
            return go()
        waiting.pop(0)
        return _gone(context, go)

    def _gone(context: Any, go: Callable[[], Any]) -> Any:
        result = go()
        if result is not None:
            yield from result
        died.append(context.command.name)
        stage.system.work.kill(context.job, 50)
        yield Wait((Signal("nothing"),))

    stage.world.around_command = around
