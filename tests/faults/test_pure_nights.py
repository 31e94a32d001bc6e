"""Nights on a FlashArray: a snapshot that nobody can tell of, and volumes that do not belong together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flashc.cli.stage import Stage
from flashtwin.gate import gate_of
from flashtwin.sims.http import json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.pure import Pure
from flashtwin.sims.server import Request
from nights import Change, Played, played

NAME = "nightly_pure"
TRIGGER = "POST /api/2.26/protection-group-snapshots"
OVERWRITE = "POST /api/2.26/volumes?names="
Alter = Callable[[Request, Outcome], Outcome]


def array(night: Played) -> Pure:
    """The simulated array."""
    found = night.stage.world.arrays["FA1"]
    assert isinstance(found, Pure)
    return found


def altered(change: Alter) -> Callable[[Stage], None]:
    """Change what becomes of requests, once the night has begun."""

    def prepare(stage: Stage) -> None:
        gate_of(stage.world.scheduler).alter.append(change)

    return prepare


def starts(night: Played) -> int:
    """How often the clone was started."""
    events = night.stage.world.events.of("partition_power", system="SISTPROD_24")
    return sum(event["state"] == "Starting" for event in events)


def codes(night: Played) -> set[str]:
    """The steps in the journal."""
    return {step.code for step in night.run.steps}


@pytest.mark.parametrize("lost", ["before", "after"])
def test_the_reply_to_the_trigger_is_lost(lost: str) -> None:
    def change(request: Request, outcome: Outcome) -> Outcome:
        return replace(outcome, lost=lost) if request.command.startswith(TRIGGER) else outcome

    with played(name=NAME, prepare=altered(change)) as night:
        assert (night.run.result, night.run.broken) == ("failed", ()), night.run.detail
        assert starts(night) == 0
        assert not list(night.stage.world.events.of("presented"))
        # What was taken is given up; nothing is left that counts as a copy.
        assert [one.destroyed is not None for one in array(night).group_snapshots] == (
            [True] if lost == "after" else []
        )


def test_a_volume_that_cannot_be_overwritten_keeps_the_clone_off() -> None:
    def change(request: Request, outcome: Outcome) -> Outcome:
        if not request.command.startswith(f"{OVERWRITE}SISTP24-D3"):
            return outcome
        errors = {"errors": [{"message": "Internal error.", "context": "SISTP24-D3"}]}
        return json_outcome(errors, 500)

    with played(name=NAME, prepare=altered(change)) as night:
        assert (night.run.result, night.run.broken) == ("failed", ())
        assert "FLE0230" in night.run.detail
        assert starts(night) == 0
        # The first two have the copy of tonight, the others what they had: nothing could start from them.
        assert night.stage.world.partition("SISTPROD_24").boot_image() is None
        assert "O63" in codes(night)


def test_a_reply_to_an_overwriting_that_is_lost_is_made_up_for() -> None:
    seen: list[str] = []

    def change(request: Request, outcome: Outcome) -> Outcome:
        if not request.command.startswith(OVERWRITE):
            return outcome
        seen.append(request.command)
        ends = {1: "after", 3: "before"}
        return replace(outcome, lost=ends[len(seen)]) if len(seen) in ends else outcome

    with played(name=NAME, prepare=altered(change)) as night:
        assert (night.run.result, night.run.broken) == ("completed", ()), night.run.detail
        # The first was done and is not repeated; the third was not.
        assert len(seen) == 5


def test_a_stranger_in_the_group_is_found_before_anything_is_done() -> None:
    stranger: Change = (
        'volumes = ["SISTPROD-D1", "SISTPROD-D2", "SISTPROD-D3", "SISTPROD-D4"]\n\n[[arrays.copies]]',
        'volumes = ["SISTPROD-D1", "SISTPROD-D2", "SISTPROD-D3", "SISTPROD-D4", "SISTP24-D1"]\n\n'
        "[[arrays.copies]]",
    )
    with played(name=NAME, changes=[stranger]) as night:
        assert (night.run.result, night.run.broken) == ("refused", ()), night.run.detail
        assert "O50" not in codes(night)


def test_a_session_that_is_over_when_the_window_comes_is_renewed_before_it() -> None:
    life: Change = ('answer = "500ms"', 'answer = "500ms"\ntoken_life = "10s"')
    with played(name=NAME, changes=[life]) as night:
        assert night.run.good, (night.run.detail, night.run.broken)
