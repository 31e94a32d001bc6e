"""The site's commands without undo: before the run, after the flash, at its end, on failure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from flashc.cli.runs import Run
from flashc.cli.stage import Stage
from nights import Change, SignedOn, is_row, kill_at, played

AFTERWARDS = "    afterwards maintenance"
INVOICES = '    { library = "APPLIB", name = "INVOICES", lasts = "20m" },\n'
BLOCKS = {"before": "B1", "after flash": "A1", "afterwards": "E1", "on failure": "F1"}
CODES = {"B1": "O07", "A1": "O62", "E1": "O93", "F1": "O94"}
SPEC: tuple[Change, ...] = (
    (
        AFTERWARDS,
        "".join(
            f'    {when} {{ run "CALL APPLIB/{program}" within 2m }}\n' for when, program in BLOCKS.items()
        )
        + AFTERWARDS,
    ),
)
TAKEN: Change = ('status = "idle_or_copied"', 'status = "stopped"')


def site(*, fails: str = "", hangs: str = "", more: Sequence[Change] = ()) -> tuple[Change, ...]:
    """The site with the four programs; one of them fails, one lasts longer than its limit."""
    programs = "".join(
        f'    {{ library = "APPLIB", name = "{name}"'
        + (', escape = "CPF9898"' if name == fails else "")
        + (', lasts = "10m"' if name == hangs else "")
        + " },\n"
        for name in BLOCKS.values()
    )
    return ((INVOICES, INVOICES + programs), *more)


def ran(run: Run) -> list[str]:
    """The site's programs in the order of their steps."""
    names = {code: name for name, code in CODES.items()}
    return [names[step.code] for step in run.steps if step.code in names]


def broken(run: Run) -> list[str]:
    return [f"{one.id}: {one.detail}" for one in run.invariants if not one.held]


def result_of(run: Run) -> str:
    """What O99 says."""
    return next(step.text for step in run.steps if step.code == "O99")


def started(stage: Stage, name: str) -> int:
    """How often a program of the site was started on production."""
    events = stage.world.events.of("program_started", system=stage.production.name)
    return sum(event["program"] == f"APPLIB/{name}" for event in events)


def test_a_night_that_goes_well_runs_three_of_the_four() -> None:
    with played((), site(), spec=SPEC) as night:
        run = night.run
        assert (run.result, broken(run)) == ("completed", [])
        assert ran(run) == ["B1", "A1", "E1"]
        assert started(night.stage, "F1") == 0
        steps = [step.code for step in run.steps]
        assert steps.index("O06") < steps.index("O30") < steps.index("O07") < steps.index("O10")
        assert steps.index("O77") < steps.index("O62") < steps.index("O68")
        assert steps.index("M01") < steps.index("O93") < steps.index("O99")


@pytest.mark.parametrize(("changes", "why"), [({"fails": "B1"}, "CPF9898"), ({"hangs": "B1"}, "UNKNOWN")])
def test_before_that_fails_refuses_the_run(changes: dict[str, str], why: str) -> None:
    with played((), site(**changes), spec=SPEC) as night:
        run = night.run
        assert (run.result, broken(run)) == ("refused", [])
        told = next(step.text for step in run.steps if step.code == "O07")
        assert told == f"A command before the run failed: CALL APPLIB/B1 {why}"
        assert ran(run) == ["B1", "F1"]
        assert "O65" not in [step.code for step in run.steps]


def test_before_does_not_run_where_a_check_refuses() -> None:
    with played((), site(more=[TAKEN]), spec=SPEC) as night:
        assert (night.run.result, ran(night.run)) == ("refused", ["F1"])
        assert broken(night.run) == []


def test_after_flash_that_fails_lets_the_clone_go_on_and_the_run_fail() -> None:
    with played((), site(fails="A1"), spec=SPEC) as night:
        run = night.run
        assert (run.result, broken(run)) == ("failed", [])
        assert {"C36", "O88", "O89"} <= {step.code for step in run.steps}
        assert ran(run) == ["B1", "A1", "F1"]
        assert "O62 FLE0081 A command of the site failed: CALL APPLIB/A1 CPF9898" in result_of(run)


def test_after_flash_that_failed_is_not_forgotten_by_a_restart() -> None:
    """The driver dies while it watches the clone and goes on: the run is not called completed."""

    def kill(stage: Stage) -> None:
        kill_at(stage, ["driver"], lambda context: is_row(context, "R", "O84"))

    with played((), site(fails="A1"), spec=SPEC, prepare=kill) as night:
        run = night.judged()
        assert (run.result, broken(run)) == ("failed", [])
        assert "O62 FLE0081" in result_of(run)


def test_afterwards_that_fails_fails_the_run() -> None:
    with played((), site(fails="E1"), spec=SPEC) as night:
        run = night.run
        assert (run.result, broken(run)) == ("failed", [])
        assert "O93 FLE0081 A command of the site failed: CALL APPLIB/E1 CPF9898" in result_of(run)
        assert ran(run) == ["B1", "A1", "E1", "F1"]


def test_on_failure_that_fails_is_noted() -> None:
    with played((), site(fails="F1", more=[('suspend = "3s"', 'suspend = "2m"')]), spec=SPEC) as night:
        run = night.run
        assert (run.result, broken(run)) == ("failed", [])
        assert "A command of the site failed: CALL APPLIB/F1 CPF9898" in [step.text for step in run.steps]
        steps = [step.code for step in run.steps]
        assert max(steps.index(code) for code in ("O77", "O89", "O51")) < steps.index("O94")


def test_on_failure_runs_once_where_guard_a_recovers() -> None:
    def kill(stage: Stage) -> None:
        kill_at(stage, ["driver"], lambda context: is_row(context, "R", "O22"))

    with played((), site(), spec=SPEC, prepare=kill) as night:
        run = night.judged()
        assert (run.result, broken(run)) == ("failed", [])
        assert ran(run) == ["B1", "F1"]
        night.recover("*UNDO")
        assert started(night.stage, "F1") == 1


def test_on_failure_does_not_run_beside_another_run() -> None:
    """The locks are another's: what runs on failure could take away what that run stands on."""

    def lock(stage: Stage) -> None:
        assert SignedOn(stage).enter("ALCOBJ OBJ((BCKFLASHP/FLKWIN *DTAARA *EXCL))")[0]

    with played((), site(), spec=SPEC, prepare=lock) as night:
        assert (
            result_of(night.run)
            == "Result: REFUSED O02 FLE0004 Another run holds what this run of DAILY needs"
        )
        assert started(night.stage, "F1") == 0


def test_flendenv_while_a_command_runs_after_the_flash_ends_the_run() -> None:
    def end(stage: Stage) -> None:
        def around(context: Any, go: Any) -> Any:
            if is_row(context, "I", "O62"):
                stage.world.around_command = None
                stage.world.scheduler.at(
                    stage.world.now + 30,
                    lambda: stage.system.submit(
                        "BCKFLASHP/FLENDENV ENV(DAILY)", user="FLASHC", queue=("QUSRNOMAX", "QSYS")
                    ),
                )
            return go()

        stage.world.around_command = around

    with played((), site(hangs="A1"), spec=SPEC, prepare=end) as night:
        run = night.run
        assert (run.result, broken(run)) == ("failed", [])
        steps = [step.code for step in run.steps]
        assert "O70" not in steps
        assert "Ended by FLENDENV" in next(step.text for step in run.steps if step.code == "O98")
