"""Nights on a Hitachi VSP: a split that nobody can tell of, a lock of somebody else's, a missing pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flashc.cli.stage import Stage
from flashtwin.gate import gate_of
from flashtwin.sims.hitachi import Hitachi
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import Played, played

NAME = "nightly_hitachi"
SPLIT = "/snapshot-groups/SISTPROD_24/actions/split/invoke"
Alter = Callable[[Request, Outcome], Outcome]


def array(stage: Stage) -> Hitachi:
    """The simulated array."""
    found = stage.world.arrays["VSP"]
    assert isinstance(found, Hitachi)
    return found


def altered(change: Alter) -> Callable[[Stage], None]:
    """Change what becomes of requests, once the night has begun."""

    def prepare(stage: Stage) -> None:
        gate_of(stage.world.scheduler).alter.append(change)

    return prepare


def was_started(night: Played) -> bool:
    """Whether the clone was started."""
    events = night.stage.world.events.of("partition_power", system="SISTPROD_24")
    return any(event["state"] == "Starting" for event in events)


@pytest.mark.parametrize("lost", ["before", "after"])
def test_the_reply_to_the_split_is_lost(lost: str) -> None:
    def change(request: Request, outcome: Outcome) -> Outcome:
        return replace(outcome, lost=lost) if SPLIT in request.command else outcome

    with played(name=NAME, prepare=altered(change)) as night:
        assert (night.run.result, night.run.broken) == ("failed", ()), night.run.detail
        assert not was_started(night)
        # What was split is given up again: no pair holds a copy that nobody has proven.
        assert {one.status for one in array(night.stage).groups["SISTPROD_24"].pairs} == {"PAIR"}


def test_somebody_has_locked_the_resource_group() -> None:
    def lock(stage: Stage) -> None:
        array(stage).locked_by = "somebody"

    with played(name=NAME, prepare=lock) as night:
        assert (night.run.result, night.run.broken) == ("failed", ()), night.run.detail
        assert "O49" in night.run.detail
        assert not list(night.stage.world.events.of("suspended"))


def test_a_pair_that_is_missing_is_found_before_anything_is_done() -> None:
    def lose(stage: Stage) -> None:
        array(stage).groups["SISTPROD_24"].pairs.pop()

    with played(name=NAME, prepare=lose) as night:
        assert (night.run.result, night.run.broken) == ("refused", ()), night.run.detail
