"""FLUNDO that cannot do its work says so: a run with something still held is never called completed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from nights import Edit, is_row, played

UNKNOWN = Edit("FLUNDO.clle", "IF         COND(&ROLE *NE 'P')", "IF         COND(&ROLE *EQ 'P')")
"""What a partition whose identity cannot be read looks like to the program."""
LIMIT = Edit("FLUNDO.clle", "FROM(1) TO(100)", "FROM(1) TO(1)")
"""More changes in the journal than FLUNDO takes at once."""
LINK = "192.168.99.15"


@pytest.mark.parametrize("edit", [UNKNOWN, LIMIT], ids=["identity not known", "more changes than the limit"])
def test_the_run_needs_somebody(edit: Edit) -> None:
    with played((edit,)) as night:
        assert night.history() == ("OPEN", "")  # FLRCVENV is to close it
        assert night.run.result == "failed"
        assert "could not be undone" in night.run.detail


def test_what_was_done_by_hand_is_closed_by_somebody() -> None:
    """The server is started by hand, so that the undo is refused for ever, by an id that nobody knows."""
    with played(prepare=_domino_does_not_start) as night:
        assert night.history() == ("OPEN", "")
        night.stage.world.around_command = None
        assert night.stage.command("QSECOFR", "STRDOMSVR SERVER(DOMINO02)").ok
        assert not night.recover("*UNDO").ok
        assert night.history() == ("OPEN", "")
        assert night.recover("*CLOSE").ok
        assert night.history() == ("CLOSED", "FAILED")
        closed = night.judged()
        assert "FLE0231" in [step.msgid for step in closed.steps]
        assert not closed.broken
        assert night.next_night().good


def test_the_row_of_another_change_is_no_undo() -> None:
    """The table of results stays as it was, once, behind the first change: that one is not undone twice."""
    asked: list[str] = []

    def locked(context: Any, go: Callable[[], Any]) -> Any:
        text = context.text("SQL", "") if context.command.name == "RUNSQL" else ""
        if text.startswith("INSERT INTO QTEMP.FLRSLT SELECT U.CODE"):
            asked.append(text)
        elif text.startswith("DELETE FROM QTEMP.FLRSLT") and len(asked) == 1:
            asked.append(text)
            raise Escape("SQL0913", "", "Row or object in use.")
        return go()

    def prepare(stage: Stage) -> None:
        stage.world.around_command = locked

    with played(prepare=prepare) as night:
        assert len(asked) > 2
        assert night.run.good, night.run.detail


def test_a_link_that_somebody_has_ended_is_down() -> None:
    """Which message ENDTCPIFC has for an interface that is not active is not known: its state decides."""
    ended: list[str] = []

    def prepare(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            if not ended and is_row(context, "R", "O88"):
                ended.extend(stage.system.network.interfaces.keys() & {LINK})
                stage.system.network.deactivate(LINK, "123456/OPERATOR/DSP01")
            return go()

        stage.world.around_command = around

    with played(prepare=prepare) as night:
        assert ended == [LINK]
        assert night.run.result == "completed", night.run.detail
        assert night.history() == ("CLOSED", "COMPLETED")
        assert [step.msgid for step in night.run.steps if step.code == "O95"] == ["FLO0095"]


def _domino_does_not_start(stage: Stage) -> None:
    def around(context: Any, go: Callable[[], Any]) -> Any:
        if context.command.name == "STRDOMSVR":
            raise Escape("CPF9899", "", "Error occurred during processing of command.")
        return go()

    stage.world.around_command = around
