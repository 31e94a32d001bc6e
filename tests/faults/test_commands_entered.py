"""The commands of the product as somebody enters them: through their definitions, and with their help."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flashc.cli.stage import Stage
from flashc.runbook.objects import programs
from flashtwin.objects import CommandObject, PanelGroup
from nights import SignedOn, staged

LIBRARY = "BCKFLASHP"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as found:
        yield found


@pytest.fixture
def session(stage: Stage) -> SignedOn:
    return SignedOn(stage)


@pytest.mark.parametrize(
    ("command", "msgid"),
    [
        ("FLSTRENV", "CPD0071"),
        ("FLSTRENV NOSUCH", "CPD0084"),
        ("FLSTRENV ENV(DAILY) ENVIRON(DAILY)", "CPD0043"),
        ("FLSTRENV DAILYDAILY12", "CPD0084"),
        ("FLSTRENV DAILY RESTART(O55)", "CPD0084"),
        ("FLSTRENV DAILY SKIP(*YES) WAIT(*YES)", "FLE0162"),
        ("FLENDENV ENV(*ALL)", "CPD0084"),
        ("FLCHKENV ENV(DAILY DAILY)", "CPD0000"),
        ("FLRCVENV DAILY *UNDO", "CPD0000"),
        ("FLRCVENV DAILY OPTION(*UND)", "CPD0084"),
    ],
)
def test_a_command_entered_wrongly_does_nothing(
    stage: Stage, session: SignedOn, command: str, msgid: str
) -> None:
    before = len(list(stage.world.events.of("program_started")))
    ok, said = session.enter(f"{LIBRARY}/{command}")
    assert not ok
    assert msgid in said
    assert "CPF0006" in said
    assert len(list(stage.world.events.of("program_started"))) == before


def test_defaults_and_positions_are_those_of_the_definition(session: SignedOn) -> None:
    ok, said = session.enter(f"{LIBRARY}/FLRCVENV DAILY")
    assert ok, said
    assert "CPF0006" not in said
    ok, said = session.enter(f"{LIBRARY}/FLENDENV DAILY")
    assert not ok  # no run is open
    assert "FLE0054" in said


def test_a_restart_point_of_another_environment_is_refused_by_the_checker(stage: Stage) -> None:
    """A call with what the prompter lets pass: a step that another environment has."""
    ok, said = SignedOn(stage).enter(f"CALL PGM({LIBRARY}/FLVLDSTR) PARM(DAILY O93 *NO ' ' *NO *NO)")
    assert not ok
    assert "FLE0190 Environment DAILY has no restart point O93" in said
    assert "CPF0002" in said
    for point in ("*NO", "O80"):
        ok, said = SignedOn(stage).enter(f"CALL PGM({LIBRARY}/FLVLDSTR) PARM(DAILY {point} *NO ' ' *NO *NO)")
        assert ok, said


def test_every_command_has_help_for_itself_and_each_parameter(stage: Stage) -> None:
    objects = stage.system.image.libraries[LIBRARY].objects
    found = [obj for obj in objects.values() if isinstance(obj, CommandObject)]
    assert {obj.name for obj in found} >= {"FLSTRENV", "FLENDENV", "FLCHKENV", "FLRCVENV"}
    for obj in found:
        assert obj.definition is not None
        panel = objects[(obj.help[0], "*PNLGRP")]
        assert isinstance(panel, PanelGroup)
        assert panel.code is not None
        assert panel.public == obj.public
        keywords = [p.keyword for p in obj.definition.value.definition.parameters]
        wanted = {obj.help_id, *(f"{obj.help_id}/{keyword}" for keyword in keywords)}
        assert wanted <= set(panel.code.value.modules)
        assert (obj.program[0], "*PGM") in objects
        assert obj.program[0] in programs({"lives": True, "gives": True})
        checker = objects.get((obj.checker[0], "*PGM"))
        assert (checker is None) == (not obj.checker[0])
        assert checker is None or checker.public == obj.public
