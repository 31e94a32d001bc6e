"""SUSPEND ends with an error although its state was reached: RESUME is asked for all the same, and told."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from nights import played
from test_killed_jobs import holds


def test_the_journal_tells_of_the_resume() -> None:
    with played(prepare=_fail_late) as night:
        holds(night.run)
        assert [event.kind for event in night.stage.world.events.of("suspended", "resumed")] == [
            "suspended",
            "resumed",
        ]
        assert [step.text for step in night.run.steps if step.code == "O60"] == [
            "Resumed all the same, whether it was suspended is not known: DAILY"
        ]
        assert night.run.result == "failed"
        assert not list(night.stage.world.events.of("flash"))


def _fail_late(stage: Stage) -> None:
    def around(context: Any, go: Callable[[], Any]) -> Any:
        asked = context.command.name == "CHGASPACT" and context.text("OPTION") == "*SUSPEND"
        return late(go) if asked and context.os is stage.system else go()

    def late(go: Callable[[], Any]) -> Generator[Any, Any, None]:
        yield from go()
        raise Escape("CPF9899", "", "Error occurred during processing of command.")

    stage.world.around_command = around
