"""An error of SQL whose id a MONMSG takes for "no row" (SQL01nn): what could not be asked or written is not
taken for none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.installed import installed
from nights import HELD_JOB, SignedOn, is_row, kill_at, played, rows
from test_kept_runs import KEEPS, OLD, before
from test_killed_jobs import at_rest
from test_undo_refused import _domino_does_not_start

WRONG = Escape("SQL0180", "", "Syntax of date, time, or timestamp value not valid.")


def refused(stage: Stage, words: str) -> list[str]:
    """Each statement of production with these words ends so; the list fills with them."""
    seen: list[str] = []
    outer = stage.world.around_command

    def around(context: Any, go: Callable[[], Any]) -> Any:
        sql = context.text("SQL", "") if context.command.name == "RUNSQL" else ""
        if words in sql and context.os is stage.system:
            seen.append(sql)
            raise WRONG
        return outer(context, go) if outer is not None else go()

    stage.world.around_command = around
    return seen


def test_what_is_to_undo_cannot_be_asked() -> None:
    """That nothing is left to undo has not been said."""
    with played(prepare=lambda stage: refused(stage, "SELECT U.CODE CONCAT") and None) as night:
        assert night.stage.system.jobs[HELD_JOB].held
        assert night.history() == ("OPEN", "")
        assert not night.recover("*UNDO").ok
        night.stage.world.around_command = None
        assert night.recover("*UNDO").ok
        assert not night.stage.system.jobs[HELD_JOB].held
        assert "DOMINO02" in installed(night.stage.system).domino
        at_rest(night)


@pytest.mark.parametrize(
    "words", ["DELETE FROM BCKFLASHP.FLJRN", "UPDATE BCKFLASHP.FLRUN SET", "DELETE FROM BCKFLASHP.FLLCK"]
)
def test_a_recovery_that_cannot_write_closes_nothing(words: str) -> None:
    """The marks of what was not undone, the row of the run, the rows of its locks."""
    with played(
        prepare=lambda stage: kill_at(stage, ["driver", "guard A"], lambda c: is_row(c, "R", "O22")) and None
    ) as night:
        asked = refused(night.stage, words)
        assert not night.recover("*UNDO").ok
        assert asked
        assert night.record != "CLOSED"
        night.stage.world.around_command = None
        assert not night.stage.system.locks.held
        assert night.recover("*UNDO").ok
        at_rest(night)


@pytest.mark.parametrize("words", ["KIND = 'X'", "UPDATE BCKFLASHP.FLRUN SET STATE = 'OPEN'"])
def test_nor_does_a_restart(words: str) -> None:
    with played(prepare=_domino_does_not_start) as night:
        assert night.history() == ("OPEN", "")
        night.stage.world.around_command = None
        asked = refused(night.stage, words)
        restart = "BCKFLASHP/FLSTRENV ENV(DAILY) RESTART(O96) WAIT(*YES)"
        assert not night.stage.command("FLASHC", restart).ok
        assert asked
        assert night.record != "CLOSED"
        night.stage.world.around_command = None
        assert night.recover("*UNDO").ok
        assert "DOMINO02" in installed(night.stage.system).domino
        at_rest(night)


def test_volumes_of_before_that_cannot_be_read_are_not_called_new() -> None:
    with played(prepare=lambda stage: refused(stage, "INSERT INTO QTEMP.FLVOLB") and None) as night:
        assert night.history() == ("CLOSED", "COMPLETED")
        assert "WRKMEDBRM" in " ".join(s.text for s in night.run.steps if s.msgid == "FLO0185")


def test_the_row_of_an_old_run_stays_as_long_as_its_journal() -> None:
    """By that row the next run finds what is to be removed."""

    def prepare(stage: Stage) -> None:
        before(stage)
        refused(stage, f"DELETE FROM BCKFLASHP.FLJRN WHERE RUN = '{OLD}'")

    with played(spec=KEEPS, prepare=prepare) as night:
        assert night.run.good
        assert OLD in [str(row[0]).strip() for row in rows(night.stage, "FLRUN", "RUN")]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("FLDSPLOG", "INSERT INTO QTEMP.FLRSLT SELECT R.RUN"),
        ("FLDSPLOG", "INSERT INTO QTEMP.FLRSLT SELECT CASE"),
        ("FLDSPHST", "INSERT INTO QTEMP.FLRSLT SELECT X.L"),
        ("FLDSPHST", "UPDATE QTEMP.FLQRUN"),
        ("FLDSPENV ENV(DAILY)", "INSERT INTO QTEMP.FLRSLT SELECT R.STARTED"),
        ("FLDSPSTS", "INSERT INTO QTEMP.FLRSLT SELECT K.JOB"),
    ],
)
def test_a_display_says_that_it_could_not_ask(command: str, words: str) -> None:
    with played() as night:
        asked = refused(night.stage, words)
        ok, said = SignedOn(night.stage, "FLASHC").enter(f"BCKFLASHP/{command}")
        assert asked
        assert not ok
        assert "SQL0180" in said


@pytest.mark.parametrize(
    "words",
    [
        "UPDATE BCKFLASHP.FLRUN SET RESULT",
        "DELETE FROM BCKFLASHP.FLLCK WHERE RUN IN",
        "UPDATE BCKFLASHP.FLRUN SET STATE = 'CLOSED' WHERE STATE",
    ],
)
def test_a_run_without_a_record_is_open_until_its_locks_are_away(words: str) -> None:
    """Its row is all that shows it: a recovery that ended between the two would leave locks nobody sees."""

    def takes_its_record(context: Any) -> bool:
        return bool(
            context.command.name == "CHGDTAARA"
            and context.job.name == "FLDDAILY"
            and "FLR0056" in context.text("DTAARA")
        )

    with played(prepare=lambda stage: kill_at(stage, ["driver"], takes_its_record) and None) as night:
        assert night.record == "CLOSED"
        assert night.history() == ("OPEN", "")
        assert rows(night.stage, "FLLCK", "NAME")
        asked = refused(night.stage, words)
        assert not night.recover("*UNDO").ok
        assert asked
        assert night.history()[0] == "OPEN"
        assert not night.stage.system.locks.held
        night.stage.world.around_command = None
        assert night.recover("*UNDO").ok
        assert night.history() == ("CLOSED", "FAILED")
        assert not rows(night.stage, "FLLCK", "NAME")
        assert night.next_night().result == "completed"
