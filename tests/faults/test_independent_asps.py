"""Independent ASPs: suspended before *SYSBAS, resumed behind it: by the driver, a guard, the recovery."""

from __future__ import annotations

import pytest
from flashc.cli.runs import Run
from flashc.cli.stage import Stage
from flashtwin.installed import conditions
from nights import Change, Played, is_request, is_row, kill_at, played

NAMED: Change = (
    "    release   7.4",
    "    release   7.4\n    independent asp PAYIASP\n    independent asp HRIASP",
)
POOLS: Change = (
    "domino = [",
    'independent_asps = [{ name = "PAYIASP" }, { name = "HRIASP", number = 34 }]\ndomino = [',
)
ORDERS = '{ name = "ORDERS", user = "ANNA", number = 141377, subsystem = "QINTER" }'
ORDER = ["PAYIASP", "HRIASP", "*SYSBAS"]


def busy(asp: str) -> Change:
    """A transaction of an hour in an ASP."""
    return (ORDERS, ORDERS.replace(" }", f', long_transaction = "1h", asp = "{asp}" }}'))


def asps(night: Played, kind: str) -> list[str]:
    """The ASPs of these events, in order."""
    name = night.stage.production.name
    return [str(event["asp"]) for event in night.stage.world.events.of(kind, system=name)]


def broken(run: Run) -> list[str]:
    return [f"{one.id}: {one.detail}" for one in run.invariants if not one.held]


def texts(run: Run, code: str) -> str:
    return " / ".join(step.text for step in run.steps if step.code == code)


def test_all_are_suspended_and_resumed_in_reverse() -> None:
    with played((), (POOLS,), spec=(NAMED,)) as night:
        run = night.run
        assert (run.result, broken(run)) == ("completed", [])
        assert asps(night, "suspended") == ORDER
        assert asps(night, "resumed") == ORDER[::-1]
        assert sorted(asps(night, "flush")) == sorted(ORDER * 2)
        assert not night.stage.system.suspended_asps
        (window,) = run.windows
        # Each takes the site's 3 s to be reached.
        assert window.quiesce == 9.0


@pytest.mark.parametrize("asp", ORDER)
def test_one_that_is_not_reached_lets_all_go_on(asp: str) -> None:
    with played((), (POOLS, busy(asp)), spec=(NAMED,)) as night:
        run = night.run
        assert (run.result, broken(run)) == ("failed", [])
        assert texts(run, "O50").endswith(asp)
        assert asps(night, "suspend_failed") == [asp]
        assert asps(night, "suspended") == ORDER[: ORDER.index(asp)]
        assert not night.stage.system.suspended_asps
        # The limit of 60 s is for all together.
        (window,) = run.windows
        assert window.quiesce < 62
        assert "O55" not in [step.code for step in run.steps if "Flash taken" in step.text]


def test_continue_partial_goes_on_with_what_is_reached() -> None:
    partial: Change = ("quiesce within 60s otherwise abort", "quiesce within 60s otherwise continue partial")
    with played((), (POOLS, busy("HRIASP")), spec=(NAMED, partial)) as night:
        run = night.run
        assert (run.result, broken(run)) == ("completed", [])
        assert asps(night, "suspended") == ORDER


@pytest.mark.parametrize("part", ["driver", "guard A"])
def test_a_guard_resumes_every_asp(part: str) -> None:
    """The driver dies with everything held; so does guard A, where guard B is to show what it can."""

    def die(stage: Stage) -> None:
        parts = ["driver"] if part == "driver" else ["driver", "guard A"]
        kill_at(
            stage,
            parts,
            lambda context: is_request(context, "*SUSPEND") and context.text("ASPDEV") == "*SYSBAS",
        )

    with played((), (POOLS,), spec=(NAMED,), prepare=die) as night:
        assert sorted(set(asps(night, "resumed"))) == sorted(ORDER)
        assert not night.stage.system.suspended_asps
        run = night.judged()
        assert [one.detail for one in run.invariants if one.id == "S1" and not one.held] == []


def test_a_driver_that_dies_between_two_asps_leaves_none_suspended() -> None:
    def die(stage: Stage) -> None:
        kill_at(
            stage,
            ["driver"],
            lambda context: is_request(context, "*SUSPEND") and context.text("ASPDEV") == "PAYIASP",
        )

    with played((), (POOLS,), spec=(NAMED,), prepare=die) as night:
        run = night.judged()
        assert (run.result, broken(run)) == ("failed", [])
        assert asps(night, "suspended") == ["PAYIASP"]
        assert not night.stage.system.suspended_asps


def test_an_asp_that_the_spec_does_not_name_is_refused() -> None:
    with played((), (POOLS,)) as night:
        assert night.run.result == "refused"
        assert "not named by the spec" in texts(night.run, "O06")


def test_an_asp_that_is_not_available_is_refused() -> None:
    off: Change = (POOLS[0], POOLS[1].replace('"PAYIASP" }', '"PAYIASP", available = false }'))
    with played((), (off,), spec=(NAMED,)) as night:
        assert night.run.result == "refused"
        assert "PAYIASP, which the spec names, is not available" in texts(night.run, "O06")


def test_a_killed_driver_before_the_flash_is_undone_by_guard_a() -> None:
    def die(stage: Stage) -> None:
        kill_at(stage, ["driver"], lambda context: is_row(context, "I", "O50"))

    with played((), (POOLS,), spec=(NAMED,), prepare=die) as night:
        run = night.judged()
        assert (run.result, broken(run)) == ("failed", [])
        assert asps(night, "suspend_requested") == []


def test_the_clone_varies_on_every_asp_before_it_saves() -> None:
    """An IPL leaves them off, and a save of all that is available would leave them out without a word."""
    with played((), (POOLS,), spec=(NAMED,)) as night:
        assert (night.run.result, broken(night.run)) == ("completed", [])
        done = [step.text.split()[-1] for step in night.run.steps if step.code == "C12"]
        assert done == ORDER[:2]


def test_an_asp_that_does_not_come_up_on_the_clone_lets_nothing_be_saved() -> None:
    def stage_is_set(stage: Stage) -> None:
        conditions(stage.world).vary_fails.add("HRIASP")

    with played((), (POOLS,), spec=(NAMED,), prepare=stage_is_set) as night:
        assert (night.run.result, broken(night.run)) == ("failed", [])
        assert "HRIASP" in texts(night.run, "C12")
        clone = night.stage.world.partition("SISTPROD_24")
        assert not list(night.stage.world.events.of("brms_save", system=clone.name))
