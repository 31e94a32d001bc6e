"""FLENDENV: at each wait of a night it ends the run in order, with all undos, and the history tells so."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.job import INTERACTIVE
from nights import HELD_JOB, SignedOn, is_row, kill_at, played, staged
from test_killed_jobs import DRIVER_AND_A, at_rest, holds

FLENDENV = "BCKFLASHP/FLENDENV ENV(DAILY) REASON('it''s too late')"
_ROW = re.compile(r"'([A-Z])', '([A-Z0-9]{3})', '")
Place = Callable[[str, Any], None]

REFUSED = ("O01", "O02", "O05", "O06", "O30", "O15")
WATCHING = ("O80", "O82", "O84")
PLACES = (
    *REFUSED,
    *("O17", "O89", "O65", "O40", "O48", "O51", "O49", "O22", "O75", "O35", "O52", "O50", "O55"),
    *WATCHING,
    *("O88", "O41", "O96"),
)
"""The waits of the driver, each by the code of the last row that it has written before."""
NO_WAITS = ("FLTELL", "FLUNDO")
"""The first is for those who wait for the run; what the second waits for, an undo, nobody ends."""


def waits(stage: Stage, at: Callable[[str], Any]) -> None:
    """Call `at` whenever the driver is about to wait, or to look whether it is to end."""
    last = [""]  # before its first row it only asks who has started it

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if context.os is not stage.system or context.job.name != "FLDDAILY":
            return go()
        if context.command.name == "RUNSQL" and context.act.name == "FLJRNL":
            row = _ROW.search(context.text("SQL"))
            assert row is not None
            last[0] = row[2]
        waits = context.command.name == "CALL" and context.text("PGM").endswith("QRCVDTAQ")
        if waits and last[0] and not any(act.name in NO_WAITS for act in context.job.stack):
            before = at(last[0])
            if before is not None:
                return _both(before, go)
        return go()

    def _both(before: Any, go: Callable[[], Any]) -> Any:
        yield from before
        result = go()
        if result is not None:
            yield from result

    stage.world.around_command = around


def test_these_are_all_waits() -> None:
    seen: list[str] = []
    with played(prepare=lambda stage: waits(stage, seen.append)) as night:
        assert night.run.good
    assert tuple(dict.fromkeys(seen)) == PLACES


def end_at(stage: Stage, place: str, entered: list[str]) -> None:
    """Somebody who has signed on enters FLENDENV at the first wait behind this row, and again at the next."""
    job = stage.system.new_job("QPADEV0002", "FLASHC", INTERACTIVE)

    def at(code: str) -> Any:
        if (code == place and not entered) or len(entered) == 1:
            entered.append(code)
            return job.perform(FLENDENV)
        return None

    waits(stage, at)


@pytest.mark.parametrize("place", PLACES)
def test_ended_at(place: str) -> None:
    entered: list[str] = []
    with played(prepare=lambda stage: end_at(stage, place, entered)) as night:
        assert entered
        run = night.run
        holds(run)
        notes = [step.text for step in run.steps if step.kind == "note" and step.code == "O98"]
        assert notes, run.detail
        assert "DAILY FLASHC " in notes[0]
        assert notes[0].endswith("/FLASHC/QPADEV0002 it's too late")
        # No guard is blamed for not having answered until then.
        assert not {"FLE0006", "FLE0022", "FLE0233"} & {step.msgid for step in run.steps}
        system = night.stage.system
        assert not system.suspension.blocks
        assert not system.jobs[HELD_JOB].held
        # Nothing waits for a run that is over.
        queue = system.image.find("BCKFLASHP", "FLRUNQ", "*DTAQ")
        assert not getattr(queue, "entries", ["?"])
        if place in WATCHING:
            # The clone may write tapes: BRMS here must not go on, and the run says so.
            assert (night.history(), night.brms_state()) == (("OPEN", ""), "*STRPRC")
            assert "needs you" in run.detail
        else:
            at_rest(night)
            assert night.history() == ("CLOSED", "REFUSED" if place in REFUSED else "FAILED")
            assert ("M01" in [step.code for step in run.steps if step.kind == "result"]) is False


def test_the_night_after_an_ended_run_completes() -> None:
    with played(prepare=lambda stage: end_at(stage, "O52", [])) as night:
        night.stage.world.around_command = None
        run = night.next_night()
        assert run.good, (run.detail, run.broken)


def test_a_window_ends_first() -> None:
    """Asked for while production is held: nobody of the run looks before RESUME."""
    with played(prepare=_in_window) as night:
        run = night.run
        holds(run)
        at_rest(night)
        codes = [step.code for step in run.steps if step.kind == "result"]
        assert codes.index("O60") < codes.index("O51")
        assert "O61" not in codes
        assert "Ended by FLENDENV" in run.detail


def _in_window(stage: Stage) -> None:
    job = stage.system.new_job("QPADEV0002", "FLASHC", INTERACTIVE)

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if context.command.name == "CHGASPACT" and context.text("OPTION") == "*SUSPEND":
            stage.world.around_command = None
            job.task = stage.world.scheduler.spawn("somebody's session", job.perform(FLENDENV))
        return go()

    stage.world.around_command = around


def test_wait_until_all_is_undone() -> None:
    with staged() as stage:
        session = SignedOn(stage)
        assert session.enter("BCKFLASHP/FLSTRENV ENV(DAILY)")[0]
        stage.world.scheduler.run(until=stage.world.now + 400)
        ok, said = session.enter(f"{FLENDENV} WAIT(*YES)", 3600)
        assert ok, said
        assert "FLE0055" in said
        assert "FLE0056 Nothing is open for DAILY" in said
        assert not session.enter(FLENDENV)[0]  # FLE0054


def test_wait_says_that_something_was_not_undone() -> None:
    with staged() as stage:
        session = SignedOn(stage)
        assert session.enter("BCKFLASHP/FLSTRENV ENV(DAILY)")[0]
        stage.world.scheduler.run(until=stage.world.now + 2400)
        ok, said = session.enter(f"{FLENDENV} WAIT(*YES)", 3600)
        assert not ok
        assert "FLE0122 Run not completed: DAILY NEEDSYOU O98 FLE0038" in said


def test_without_a_driver_nobody_can_end_it() -> None:
    with played(
        prepare=lambda stage: kill_at(stage, DRIVER_AND_A, lambda c: is_row(c, "R", "O83")) and None
    ) as night:
        said = night.stage.command("FLASHC", FLENDENV).messages
        assert said[-1][0] == "FLE0163"
