"""Questions to the database: what could not be asked is unknown, and no row of another one is its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.bundle import build
from flashc.check import load
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.installed import conditions
from nights import EXAMPLES, played
from test_control_groups import GROUPS, SEQUENCE, on_clone, rows
from test_user_nights import SITE
from works import notes, user, worked

CLEAR, FILL = "DELETE FROM QTEMP.FLRSLT", "INSERT INTO QTEMP.FLRSLT"


def stays_behind(stage: Stage, question: str) -> list[str]:
    """The table of results cannot be cleared behind a question with these words, three times."""
    asked: list[str] = []

    def around(context: Any, go: Callable[[], Any]) -> Any:
        text = context.text("SQL", "") if context.command.name == "RUNSQL" else ""
        if text.startswith(FILL) and question in text:
            asked.append(context.act.name)
        elif text == CLEAR and 0 < len(asked) <= 3:
            asked.append("refused")
            raise Escape("SQL0913", "", "Row or object in use.")
        return go()

    stage.world.around_command = around
    return asked


def test_the_verdict_of_another_group_is_none() -> None:
    """The second group's save fails, and what BRMS says of it cannot be read."""

    def prepare(stage: Stage) -> None:
        conditions(stage.world).save_fails_at = "QUSRSYS"
        stays_behind(stage, "'APPS'")

    with played(changes=GROUPS, spec=on_clone(SEQUENCE), prepare=prepare) as night:
        assert rows(night, "C36") == ["C36 Verdict of the work: APPS COMPLETE"]
        (told,) = rows(night, "C36", kind="note")
        assert "BRMS's log could not be read" in told
        assert (night.run.result, night.run.broken) == ("failed", ())


def test_a_message_that_nobody_could_look_for_is_not_there() -> None:
    """The first message that the command must send is there, the second is not."""
    work = user('run "CALL APPLIB/LONG" within 1h expect CPF9897, CPF9898')
    with worked(work, [SITE], prepare=lambda stage: stays_behind(stage, "'CPF9897'") and None) as night:
        assert night.run.result == "failed"
        assert "CALL APPLIB/LONG CPF9898 not known" in "\n".join(notes(night))


@pytest.mark.parametrize("name", ["nightly_brms", "week"])
def test_one_program_asks(name: str) -> None:
    """No other fills the table of results, but the displays, which make it anew each time."""
    spec, _ = load(str(EXAMPLES / f"{name}.flash"))
    assert spec is not None
    for file, data in build(spec)[0].files.items():
        if file.endswith(".clle") and any(text in data.decode("ascii") for text in (CLEAR, FILL)):
            assert file == "FLASK.clle" or file.startswith("FLDSP"), file
