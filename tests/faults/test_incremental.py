"""`incremental from flash`: what production changes behind the flash is in its next incremental save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from nights import Change, Edit, played
from test_brms_recovery import notes

ASKED: tuple[Change, ...] = (
    ("        set QINACTITV *NONE\n", "        set QINACTITV *NONE\n        incremental from flash\n"),
)


def disable_refused(stage: Stage) -> None:
    """BRMS takes no time back."""

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if context.command.name == "CALL" and "*DISABLE" in str(context.items("PARM")):
            raise Escape("BRM4001", "", "FLASHTIME refused.")
        return go()

    stage.world.around_command = around


def test_the_next_incremental_save_counts_from_before_the_flash() -> None:
    with played(spec=ASKED) as night:
        assert night.run.good, night.run.broken
        saved = [one for one in night.brms().history if one.data_of]
        assert {one.item for one in saved} >= {"*SAVSYS", "*LINK"}
        assert all(one.counts_from <= one.data_of for one in saved)
        # *LINK is listed behind the libraries.
        counts = {one.item: int(one.counts_from) for one in saved}
        assert counts["*LINK"] == counts["*SAVSYS"] + 1
        assert not night.brms().flash_times
        # Only without it somebody must be told that BRMS counts from the save.
        assert "FLO0194" in {step.msgid for step in night.run.steps}
        assert "FLO0188" not in {step.msgid for step in night.run.steps}


def test_without_it_brms_counts_from_the_save() -> None:
    with played() as night:
        assert night.run.good, night.run.broken
        assert any(one.counts_from > one.data_of for one in night.brms().history if one.data_of)
        assert "FLO0188" in {step.msgid for step in night.run.steps}


def test_without_the_feature_of_brms_nothing_is_saved() -> None:
    with played(
        spec=ASKED, changes=[("[systems.brms]\n", "[systems.brms]\nadvanced_feature = false\n")]
    ) as night:
        assert night.run.result == "failed"
        assert "FLE0240" in notes(night.run, "C16")
        assert not night.run.broken
        assert not [one for one in night.brms().history if one.data_of]


def test_a_time_that_brms_keeps_is_told() -> None:
    """It came home with the history, and production's saves would be recorded with it."""
    with played(spec=ASKED, prepare=disable_refused) as night:
        assert night.run.result == "failed"
        assert "FLE0241" in notes(night.run, "C41")
        assert not night.run.broken
        assert night.brms().flash_times


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (Edit("FLBDAILY.clle", "T - 1 HOUR,", "T + 5 MINUTES,"), "counts from"),
        (Edit("FLADAILY.clle", "                CALLSUBR   SUBR(C41)\n", ""), "has a time of a flash"),
    ],
)
def test_a_bundle_that_does_it_wrong_breaks_s6(edit: Edit, problem: str) -> None:
    with played([edit], spec=ASKED) as night:
        assert [one.id for one in night.run.broken] == ["S6"]
        assert problem in night.run.broken[0].detail


def test_summer_time_that_ends_between_ticket_and_flash() -> None:
    """The ticket's time is then an hour ahead of the clock of the flash."""

    def around_of(stage: Stage) -> None:
        done: list[bool] = []

        def around(context: Any, go: Callable[[], Any]) -> Any:
            suspends = context.command.name == "CHGASPACT" and context.os is stage.system
            if suspends and not done:
                done.append(True)
                stage.world.set_summer(-3600.0)
            return go()

        stage.world.around_command = around

    with played(spec=ASKED, prepare=around_of) as night:
        assert not night.run.broken
        saved = [one for one in night.brms().history if one.data_of]
        assert saved
        assert all(one.counts_from <= one.data_of for one in saved)
