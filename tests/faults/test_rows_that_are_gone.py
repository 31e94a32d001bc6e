"""Rows of the tables that are there already, are gone, or cannot be changed: a run comes to rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.installed import installed
from nights import is_row, kill_at, played
from test_killed_jobs import at_rest
from test_undo_refused import _domino_does_not_start


def test_a_run_whose_row_was_removed_is_closed() -> None:
    with played(
        prepare=lambda stage: kill_at(stage, ["driver", "guard A"], lambda c: is_row(c, "R", "O22")) and None
    ) as night:
        assert night.record != "CLOSED"
        removed = "RUNSQL SQL('DELETE FROM BCKFLASHP.FLRUN') COMMIT(*NONE) NAMING(*SQL)"
        assert night.stage.command("FLASHC", removed).ok
        recovered = night.recover("*UNDO")
        assert recovered.ok, recovered.messages
        at_rest(night)
        assert night.next_night().good


def test_a_restart_takes_over_steps_that_are_here_already() -> None:
    """The restore of QUSRBRM fails once: what the clone has sent is in the journal when the run goes on."""
    with played(prepare=_restore_is_refused_once) as night:
        assert night.history() == ("OPEN", "")
        night.stage.world.around_command = None
        done = night.stage.command("FLASHC", "BCKFLASHP/FLSTRENV ENV(DAILY) RESTART(O86) WAIT(*YES)")
        assert done.ok, done.messages
        assert night.history() == ("CLOSED", "COMPLETED")
        at_rest(night)


def _restore_is_refused_once(stage: Stage) -> None:
    refused: list[str] = []

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if context.command.name == "RSTLIB" and context.os is stage.system and not refused:
            refused.append(context.command.name)
            raise Escape("CPF3794", "", "Save or restore operation ended unsuccessfully.")
        return go()

    stage.world.around_command = around


def test_an_undo_that_is_marked_as_not_done_is_never_passed_over() -> None:
    """The marks cannot be removed, so that the recovery would find nothing to undo."""
    with played(prepare=_domino_does_not_start) as night:
        assert night.history() == ("OPEN", "")
        _marks_stay(night.stage)
        assert not night.recover("*UNDO").ok
        assert night.history() == ("OPEN", "")
        night.stage.world.around_command = None
        assert night.recover("*UNDO").ok
        assert night.history() == ("CLOSED", "FAILED")
        assert "DOMINO02" in installed(night.stage.system).domino


def test_nor_by_a_restart() -> None:
    with played(prepare=_domino_does_not_start) as night:
        _marks_stay(night.stage)
        done = night.stage.command("FLASHC", "BCKFLASHP/FLSTRENV ENV(DAILY) RESTART(O96) WAIT(*YES)")
        assert not done.ok
        assert night.history() == ("OPEN", "")
        night.stage.world.around_command = None
        assert night.recover("*UNDO").ok
        assert "DOMINO02" in installed(night.stage.system).domino


def _marks_stay(stage: Stage) -> None:
    def around(context: Any, go: Callable[[], Any]) -> Any:
        text = context.text("SQL", "") if context.command.name == "RUNSQL" else ""
        if text.startswith("DELETE FROM BCKFLASHP.FLJRN") and "KIND = 'X'" in text:
            raise Escape("SQL0913", "", "Row or object in use.")
        return go()

    stage.world.around_command = around
