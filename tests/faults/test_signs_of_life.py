"""Signs of life of a clone that works outside restricted state: shown, missed, and harmless when absent."""

from __future__ import annotations

import pytest
from flashc.cli.stage import Stage
from flashtwin.objects import DataArea
from nights import Edit, Played
from works import program, programs, user, worked

SITE = programs(program("LONG", "2h"), program("SHORT", "20m"))
WORK = user('run "CALL APPLIB/LONG" within 4h', 'run "CALL APPLIB/SHORT" within 1h')
ONE_ONLY = Edit(
    "FLBDAILY.clle",
    "CHGVAR     VAR(&BEATAT) VALUE(&SPENT)",
    "IF         COND(&BEATAT *GT 0) THEN(RTNSUBR)\n                CHGVAR     VAR(&BEATAT) VALUE(&SPENT)",
)
NONE = Edit("FLBDAILY.clle", "deliver beat --clone", "deliver beet --clone")
ENDED = Edit("FLBDAILY.clle", "CALL       PGM(BCKFLASHP/FLPASE)", "CALL       PGM(BCKFLASHP/FLNONE)")


def said(night: Played, msgid: str) -> list[str]:
    """The variable part of what the driver has said by a message."""
    return [step.text.rpartition(": ")[2] for step in night.run.steps if step.msgid == msgid]


def sign(stage: Stage) -> str:
    """Columns 170 to 199 of the record: when, number, what is done."""
    area = stage.system.image.find("BCKFLASHP", "FLR0056", "*DTAARA")
    assert isinstance(area, DataArea)
    assert isinstance(area.value, bytes)
    return area.value.decode("cp037")[169:199].strip()


def held(night: Played) -> None:
    assert (night.run.result, night.run.detail) == ("completed", "")
    assert [f"{one.id} {one.detail}" for one in night.run.broken] == []


def test_what_is_done_is_said_once_and_the_last_sign_is_in_the_record() -> None:
    with worked(WORK, [SITE]) as night:
        held(night)
        assert said(night, "FLO0197") == ["0/2", "1/2"]
        assert said(night, "FLO0198") == []
        assert sign(night.stage)[:8] == night.started.run[:8]
        assert sign(night.stage).endswith("1/2")


def test_signs_that_stay_away_are_told_once_and_decide_nothing() -> None:
    with worked(WORK, [SITE], [ONE_ONLY]) as night:
        held(night)
        assert said(night, "FLO0197") == ["0/2"]
        assert len(said(night, "FLO0198")) == 1
        told = [m.msgid for m in night.stage.system.operator_queue().messages]
        assert told.count("FLO0198") == 1


@pytest.mark.parametrize("edit", [NONE, ENDED], ids=["refused", "escapes"])
def test_a_clone_without_signs_is_no_matter(edit: Edit) -> None:
    with worked(WORK, [SITE], [edit]) as night:
        held(night)
        assert said(night, "FLO0197") + said(night, "FLO0198") == []
        assert sign(night.stage) == ""
