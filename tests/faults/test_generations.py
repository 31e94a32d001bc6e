"""Generations of a copy, copies that are kept, and free capacity: what a run uses, and what it refuses.

The night of the example as a safety snapshot, with its two groups as generations of one copy.
"""

from __future__ import annotations

import pytest
from nights import Change, Played, played

GENERATIONS: tuple[Change, ...] = (
    ('disks     group "SISTPROD_24" on V7000', 'disks     group "SISTPROD_1" or "SISTPROD_24" on V7000'),
    ('    require group "SISTPROD_1" on V7000 idle_or_copied\n', ""),
    (
        """    on clone brms {
        group SAV21 library TAPMLB01 restricted within 8h
        set QINACTITV *NONE
    }
    boot within 90m
    afterwards maintenance brms without movement
    leave clone running
""",
        "    on clone none\n",
    ),
)
NEWER: tuple[Change, ...] = (('start_time = "261115060000"', 'start_time = "261118060000"'),)
"""The copy on SISTPROD_1 is of this morning, that on SISTPROD_24 of last night."""


def flashed(night: Played) -> list[str]:
    """The groups of which a copy was taken."""
    return [str(event["group"]) for event in night.stage.world.events.of("flash")]


def test_the_run_uses_the_oldest_copy_and_names_it() -> None:
    with played(changes=NEWER, spec=GENERATIONS) as night:
        run = night.run
        assert run.result == "completed", run.detail
        assert [verdict for verdict in run.invariants if not verdict.held] == []
        assert flashed(night) == ["SISTPROD_24"]
        texts = {step.code: step.text for step in run.steps if step.kind == "result"}
        for code in ("O48", "O49", "O55", "O61"):
            assert "SISTPROD_24" in texts[code]
            assert "SISTPROD_1 " not in texts[code]
        # The other copy is as it was.
        model = night.stage.world.arrays["V7000"].model
        assert model.status(model.group("SISTPROD_1")) == "idle_or_copied"
        # Now the other one is the oldest, and then the first again.
        assert night.next_night().result == "completed"
        assert night.next_night().result == "completed"
        assert flashed(night) == ["SISTPROD_24", "SISTPROD_1", "SISTPROD_24"]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            ("resume within 30s", "resume within 30s\n    keep snapshot 36h"),
            "the spec keeps each for 36 h 00 min",
        ),
        (("network   isolated", "free capacity 80%\n    network   isolated"), "the limit is 80"),
    ],
)
def test_a_run_that_must_not_give_up_or_fill_is_refused_at_once(statement: Change, says: str) -> None:
    with played(changes=NEWER, spec=(*GENERATIONS, statement)) as night:
        run = night.run
        assert run.result == "refused"
        assert "O06" in run.detail
        assert says in run.detail
        assert [verdict for verdict in run.invariants if not verdict.held] == []
        assert flashed(night) == []
        assert night.stage.world.partition("SISTPROD_24").state == "Running"  # nothing was touched


def test_a_copy_that_is_old_enough_is_given_up() -> None:
    keep: Change = ("resume within 30s", "resume within 30s\n    keep snapshot 23h")
    with played(changes=NEWER, spec=(*GENERATIONS, keep)) as night:
        assert night.run.result == "completed", night.run.detail
        assert [verdict for verdict in night.run.invariants if not verdict.held] == []
        assert flashed(night) == ["SISTPROD_24"]
