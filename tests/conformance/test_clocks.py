"""What is told of the clock that tells copies apart, for each array: by the sidecar, and by doctor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from adapters import ADAPTERS, Adapter
from flashc.deploy.doctor import Answer, told_clocks
from flashrt import status
from flashtwin.sims.http import HttpOutcome
from flashtwin.sims.outcome import Outcome

from bench import Bench

BY_LOCAL_TIME = {
    **dict.fromkeys(
        ("svc ssh", "svc rest", "svc ssh volume group", "svc rest volume group"), "The clock of "
    ),
    "ds8000 script": "The clock of dscli for ",
    "powermax ssh": "The clock of the host of ",
}
NEVER_SHOWN = ("hitachi rest",)
Make = Callable[[Adapter], Bench]


@pytest.fixture
def make(make: Callable[..., Bench]) -> Make:

    def new(adapter: Adapter) -> Bench:
        return make(adapter.example, site=adapter.site, spec=adapter.SPEC)

    return new


def asked(bench: Bench) -> Answer:
    """What doctor makes of the sidecar's answer."""
    (answer,) = told_clocks(bench.clone.arrays, bench.sidecar("array", "ALL", "clock", "--json").out)
    return answer


def hide(bench: Bench) -> None:
    """The clock is not shown any more."""

    def alter(request: Any, outcome: Any) -> Any:
        if "svqueryclock" in request.command or request.command.startswith("date "):
            refused = HttpOutcome(500, "CMMVC6253E The user is not authorized.")
            return refused if isinstance(outcome, HttpOutcome) else Outcome(1, err="not allowed\n")
        if isinstance(outcome, Outcome) and outcome.out.startswith("Date/Time: "):
            return Outcome(outcome.status, "", duration_s=outcome.duration_s)
        return outcome

    bench.gate.alter.append(alter)


@pytest.fixture(params=ADAPTERS, ids=lambda one: one.name)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    """Each way of each family."""
    return request.param  # type: ignore[no-any-return]


def test_a_clock_that_is_right(adapter: Adapter, make: Make) -> None:
    bench = make(adapter)
    answer = asked(bench)
    if adapter.name in NEVER_SHOWN:
        assert answer.outcome == "by hand"
        assert f"The clock of {bench.clone.arrays[0]}, " in answer.seen
        assert "two from it" in answer.as_json()["todo"]
        return
    assert answer.outcome == "yes"
    if adapter.name not in BY_LOCAL_TIME:
        assert "not told apart by the local time" in answer.seen
        return
    assert answer.seen.startswith(f"{BY_LOCAL_TIME[adapter.name]}{bench.clone.arrays[0]} shows ")
    assert "2026-11-18 20:" in answer.seen
    assert "19:" in answer.seen
    assert ": UTC+01:00, " in answer.seen


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(600.0, "UTC+01:15, -300 s"), (-200.0, "UTC+01:00, -20"), (5 * 86400.0, "121 hours ahead")],
)
def test_a_clock_that_is_wrong(adapter: Adapter, seconds: float, told: str, make: Make) -> None:
    if adapter.name not in BY_LOCAL_TIME:
        return
    bench = make(adapter)
    bench.world.leaps[bench.array.name] = seconds
    answer = asked(bench)
    assert answer.outcome == "no"
    assert told.partition(",")[0] in answer.seen
    assert "wrong" in answer.as_json()["todo"]
    said = bench("clock")
    assert (said.status, said.word) == (status.MISMATCH, "CLOCKS")


def test_summer_time_is_no_wrong_clock(adapter: Adapter, make: Make) -> None:
    bench = make(adapter)
    bench.world.set_summer(3600.0)
    answer = asked(bench)
    assert answer.outcome in ("yes", "by hand")
    assert adapter.name not in BY_LOCAL_TIME or "UTC+02:00" in answer.seen


def test_a_clock_that_is_not_shown(adapter: Adapter, make: Make) -> None:
    bench = make(adapter)
    hide(bench)
    answer = asked(bench)
    if adapter.name not in BY_LOCAL_TIME:
        assert answer.outcome in ("yes", "by hand")
        return
    assert answer.outcome == "unknown"
    assert "is not shown" in answer.seen
    assert answer.as_json()["todo"]


def test_nothing_is_changed(adapter: Adapter, make: Make) -> None:
    bench = make(adapter)
    bench.changing = tuple(adapter.CHANGES.values())
    assert bench("clock").status == 0
    assert bench.changes() == []


def test_before_the_sidecar_is_there_it_is_not_known() -> None:
    (answer,) = told_clocks(("V7000",), "python3.9: not found")
    assert (answer.outcome, answer.seen) == ("unknown", "python3.9: not found")
