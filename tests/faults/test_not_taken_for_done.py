"""A program does nothing, or fails, while its caller works: nobody takes for done what was not done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashc.runbook.objects import BY_HAND
from flashtwin.errors import Escape
from flashtwin.objects import DataArea
from nights import Edit, Played, is_request, kill_at, played, staged

NOT_FLUSHED = Edit("FLDDAILY.clle", "VALUE('FLUSHED')", "VALUE('NOTHING')")
"""The guards' answer is not the one that is waited for: the run ends after the prepare, before the window."""


def unread(program: str, role: str = "P") -> Edit:
    """What a partition whose identity cannot be read looks like to the program that wants this role."""
    return Edit(f"{program}.clle", f"COND(&ROLE *NE '{role}'", f"COND(&ROLE *EQ '{role}'")


def ticket_stage(night: Played) -> str:
    """The stage of the ticket on the clone's disks."""
    clone = night.stage.world.partition("SISTPROD_24").os
    assert clone is not None
    area = clone.image.find("BCKFLASHPG", "FLT0056", "*DTAARA")
    assert isinstance(area, DataArea)
    assert isinstance(area.value, bytes)
    return area.value.decode("cp037")[:10].strip()


def notes(night: Played, code: str) -> str:
    """What the journal of the run notes under a code."""
    return " ".join(f"{step.msgid} {step.text}" for step in night.run.steps if step.code == code)


def said(night: Played) -> str:
    """Everything on QSYSOPR of production."""
    return "\n".join(message.text for message in night.stage.system.operator_queue().messages)


def test_brms_stays_in_its_state_and_somebody_is_needed() -> None:
    with played((unread("FLENDPRC"),)) as night:
        assert night.brms_state() == "*STRPRC"
        assert night.history() == ("OPEN", "")
        assert night.run.result == "failed"
        assert "could not be undone" in night.run.detail
        assert "FLE0037" in notes(night, "O89")
        assert "FLE0001" in notes(night, "O89")


def test_a_group_that_was_not_stopped_is_not_called_stopped() -> None:
    with played((unread("FLABORT"), NOT_FLUSHED)) as night:
        assert night.history() == ("OPEN", "")
        assert "could not be undone" in night.run.detail
        assert [step.kind for step in night.run.steps if step.code == "O51"] == ["note"]
        assert "FLE0001" in notes(night, "O51")


def test_a_verdict_that_was_not_taken_over_is_unknown() -> None:
    with played((unread("FLIMPORT"),)) as night:
        assert night.history() == ("CLOSED", "FAILED")
        assert "FLE0033" in notes(night, "O85")
        assert "UNKNOWN" in notes(night, "O85")


def test_steps_that_cannot_be_written_do_not_keep_the_run_from_its_end() -> None:
    damaged = Edit(
        "FLIMPORT.clle", "CHGVAR     VAR(&SQL) VALUE('INSERT INTO'", "CHGVAR     VAR(&SQL) VALUE('INSRT INTO'"
    )
    with played((damaged,)) as night:
        assert night.history() == ("OPEN", "")
        assert "Result: NEEDSYOU" in notes(night, "O99")
        assert "recovered" not in notes(night, "O99")  # the driver came to its end


def test_what_was_not_sent_is_not_delivered() -> None:
    with played((unread("FLSEND", "C"),)) as night:
        assert ticket_stage(night) == "SAVED"
        assert night.run.result == "failed"


def test_a_clone_whose_programs_do_not_start_is_in_safe_mode() -> None:
    with played((unread("FLBOOTA", "C"),)) as night:
        clone = night.stage.world.partition("SISTPROD_24").os
        assert clone is not None
        assert "flashc: Safe mode" in "\n".join(m.text for m in clone.operator_queue().messages)
        assert night.run.result == "failed"


REFUSED = Edit("FLRCVENV.clle", "COND(*NOT &SAFE) THEN(DO)", "COND(&SAFE) THEN(DO)")
"""RESUME was asked for in vain, and FLRCVENV says so by FLE0011."""


@pytest.mark.parametrize("edit", [unread("FLRCVENV"), REFUSED], ids=["identity not known", "not resumed"])
def test_a_recovery_that_failed_is_said(edit: Edit) -> None:
    def prepare(stage: Stage) -> None:
        kill_at(stage, ("driver",), lambda context: is_request(context, "*SUSPEND"))

    with played((edit,), prepare=prepare) as night:
        assert "The recovery of DAILY failed" in said(night)
        assert night.history() == ("OPEN", "")


COMMANDS = ("FLSTRENV", "FLENDENV", "FLCHKENV", "FLRCVENV", *BY_HAND)


def test_a_command_off_production_ends_with_an_error() -> None:
    with staged([unread(command) for command in COMMANDS]) as stage:
        for command in COMMANDS:
            what = "" if command in BY_HAND else "ENV(DAILY)"
            if command == "FLGETCLN":
                what = "CLONE(SISTPROD_24) LIB(APPLIB) TOLIB(APPOLD)"
            option = " OPTION(*CHECK)" if command == "FLRCVENV" else ""
            result = stage.command("FLASHC", f"BCKFLASHP/{command} {what}{option}")
            assert not result.ok, command
            assert "FLE0001" in [msgid for msgid, _ in result.messages]


def test_what_only_counts_ends_no_night() -> None:
    """Seconds of the window, objects of a save file: without them the copy and the save are as good."""
    refused: list[str] = []

    def refuse(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            program = context.text("PGM").rpartition("/")[2] if context.command.name == "CALL" else ""
            window = (
                program == "FLSECS" and refused.count(program) < 4 and any(stage.world.events.of("resumed"))
            )
            if window or (program == "QUSCRTUS" and context.act.name == "FLCOUNT"):
                refused.append(program)
                raise Escape("CPF9999", "", "Function check.")
            return go()

        stage.world.around_command = around

    with played(prepare=refuse) as night:
        assert night.run.result == "completed", night.run.detail
        assert not night.run.broken
        assert "suspended for seconds: *N" in notes(night, "O60")
    assert refused == ["FLSECS"] * 4 + ["QUSCRTUS"] * 2
