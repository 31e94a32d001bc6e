"""What a command of the product does not expect ends it with an escape, never with an inquiry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from nights import SignedOn, bundle_of, staged

LIBRARY = "BCKFLASHP"
RECORD = "CPF1015 Data area FLR0056 in BCKFLASHP not found."
CHECKER = "CPF0001 Error found on CALL command."
COMMANDS = {
    "FLSTRENV DAILY": ("FLR0056", "*DTAARA", RECORD),
    "FLENDENV DAILY": ("FLR0056", "*DTAARA", RECORD),
    "FLCHKENV DAILY": ("FLCHECK", "*PGM", CHECKER),
    "FLRCVENV DAILY OPTION(*CHECK)": ("FLR0056", "*DTAARA", RECORD),
    "FLENDCLN SISTPROD_24": ("FLR0056", "*DTAARA", RECORD),
    "FLSTRCLN SISTPROD_24": ("FLR0056", "*DTAARA", RECORD),
    "FLRLSCLN SISTPROD_24": ("FLR0056", "*DTAARA", RECORD),
    "FLGETCLN SISTPROD_24 LIB(APPLIB) TOLIB(APPOLD)": ("FLR0056", "*DTAARA", RECORD),
    "FLDSPSTS": ("FLR0056", "*DTAARA", RECORD),
    "FLDSPENV": ("FLTAKE", "*PGM", CHECKER),
    "FLDSPHST": ("FLTAKE", "*PGM", CHECKER),
    "FLDSPLOG DAILY": ("FLTAKE", "*PGM", CHECKER),
}
"""Each command, what is missing, and what is told."""


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged() as found:
        yield found


def test_every_command_is_tried() -> None:
    """One that is not would end a session in an inquiry of the system."""
    assert {command.split()[0] for command in COMMANDS} == {
        name.removesuffix(".cmd") for name in bundle_of().files if name.endswith(".cmd")
    }


def remove(stage: Stage, library: str, name: str, kind: str) -> None:
    del stage.system.image.libraries[library].objects[(name, kind)]


def refused(stage: Stage, msgid: str) -> None:
    """RTVDTAARA ends with a message of a product whose message file is gone."""

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if context.command.name == "RTVDTAARA":
            raise Escape(msgid, "", "Of a product that is gone.", ("QGONE", "QGONE"))
        return go()

    stage.world.around_command = around


def test_what_was_not_expected_goes_on_to_the_caller(stage: Stage) -> None:
    for name, kind, _ in COMMANDS.values():
        stage.system.image.libraries[LIBRARY].objects.pop((name, kind), None)
    for command, (_, _, told) in COMMANDS.items():
        assert SignedOn(stage).enter(f"{LIBRARY}/{command}") == (False, told), command
    assert "FLDDAILY" not in {job.name for job in stage.system.jobs.values()}


def test_what_no_monmsg_names_is_told_as_a_function_check(stage: Stage) -> None:
    refused(stage, "XYZ0001")
    told = "CPF9999 Function check. XYZ0001 unmonitored by FLENDENV."
    assert SignedOn(stage).enter(f"{LIBRARY}/FLENDENV DAILY") == (False, told)


def test_without_the_message_file_the_systems_message_is_told(stage: Stage) -> None:
    remove(stage, LIBRARY, "FLMSGEN", "*MSGF")
    ok, said = SignedOn(stage).enter(f"{LIBRARY}/FLENDENV DAILY")
    assert not ok
    assert said.startswith("CPF2469"), said


def test_a_message_that_cannot_be_sent_on_is_named(stage: Stage) -> None:
    refused(stage, "BRM1000")
    told = "FLE0040 Unexpected: FLENDENV BRM1000"
    assert SignedOn(stage).enter(f"{LIBRARY}/FLENDENV DAILY") == (False, told)


@pytest.mark.parametrize(("lost", "ends"), [("", True), ("FLT0056", False)])
def test_a_recovery_that_ends_holds_no_lock_of_the_run(stage: Stage, lost: str, ends: bool) -> None:
    """The session goes on, and a lock of its job would keep every later run from its start."""
    session = SignedOn(stage)
    record = "20261118203500DAILY     PREPARE"
    assert session.enter(f"CHGDTAARA DTAARA({LIBRARY}/FLR0056 (1 34)) VALUE('{record}')")[0]
    if lost:
        remove(stage, f"{LIBRARY}G", lost, "*DTAARA")
    ok, said = session.enter(f"{LIBRARY}/FLRCVENV DAILY OPTION(*UNDO)")
    assert ok is ends, said
    assert not stage.system.locks.held
