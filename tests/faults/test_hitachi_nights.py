"""Nights on a Hitachi VSP: a split that nobody can tell of, a lock of somebody else's, a missing pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flashc.cli.stage import Stage
from flashtwin.gate import gate_of
from flashtwin.sims.hitachi import Hitachi
from flashtwin.sims.http import json_outcome
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


def test_a_session_that_has_ended_costs_no_copy() -> None:
    """Whenever the session is proven it has ended: the request that waits bears the next one's token."""
    met: list[str] = []

    def prepare(stage: Stage) -> None:
        vsp = array(stage)

        def change(request: Request, outcome: Outcome) -> Outcome:
            if not request.command.endswith(f"/storages/{vsp.serial}/snapshot-groups/SISTPROD_24"):
                return outcome
            met.append(request.command)
            if len(met) % 2 == 0:  # behind the new log-in
                return outcome
            vsp.sessions.clear()
            return json_outcome({"messageId": "KART40046-E"}, 401, duration_s=outcome.duration_s)

        gate_of(stage.world.scheduler).alter.append(change)

    with played(name=NAME, prepare=prepare) as night:
        assert night.run.good, (night.run.detail, night.run.broken)
        assert len(met) >= 6  # the check, the trigger that is armed, and right before the window


@pytest.mark.parametrize("look", ["armed", "first", "last"])
def test_somebody_splits_the_group_behind_the_arming(look: str) -> None:
    """Our own split would be answered well then, though the copy is one of before the suspension."""
    looks: list[str] = []

    def prepare(stage: Stage) -> None:
        group = array(stage).groups["SISTPROD_24"]

        def change(request: Request, outcome: Outcome) -> Outcome:
            if request.command.endswith("/actions/resync/invoke"):
                looks.clear()
            elif request.command.endswith("/snapshot-groups/SISTPROD_24"):
                looks.append(request.command)
                # two of the prepare, the one of arming, the first use of each part, CL's, one in the window
                if len(looks) == {"armed": 4, "first": 5, "last": 6}[look]:
                    for one in group.pairs:
                        one.status, one.split = "PSUS", stage.world.now
            return outcome

        gate_of(stage.world.scheduler).alter.append(change)

    with played(name=NAME, prepare=prepare) as night:
        assert (night.run.result, night.run.broken) == ("failed", ()), night.run.detail
        assert not was_started(night)
        assert not list(night.stage.world.events.of("suspended"))


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
