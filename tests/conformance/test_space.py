"""A copy that ran out of space is a state of its own, where the array shows it: in status and proof."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest
from flashrt import status
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request

from bench import Bench

Lose = Callable[[Bench], None]


def svc(bench: Bench) -> None:
    """A thin target found no room: its map is stopped, and then the others are."""
    model = bench.array.model
    for one in model.maps_of(model.group(bench.group)):
        one.status = "stopped"
    for pool in model.pools.values():
        pool.other_used = pool.capacity


def hitachi(bench: Bench) -> None:
    """The pool is full: the pairs are in PSUE."""
    for group in bench.array.groups.values():
        for one in group.pairs:
            one.status = "PSUE"
    for pool in bench.array.pools.values():
        pool.other_used = pool.capacity


def ds8000(bench: Bench) -> None:
    """A thin target says that it found no room, and its relation has failed."""
    targets = [target for _, target in bench.array.members(bench.group)]
    for one in bench.array.relations.values():
        if one.target is targets[0]:
            one.state = "invalid"

    def alter(request: Request, outcome: Outcome) -> Outcome:
        if re.search(rf"/volumes/{targets[0].name}\b(?!/flashcopy)", request.command):
            told = re.sub(r'("state": ?")normal"', r'\1virtual_space_fault"', outcome.out)
            return dataclasses.replace(outcome, out=told)
        return outcome

    bench.gate.alter.append(alter)


@pytest.mark.parametrize(
    ("example", "lose"),
    [("nightly_brms.flash", svc), ("nightly_hitachi.flash", hitachi), ("nightly_ds8000.flash", ds8000)],
    ids=["svc", "hitachi", "ds8000"],
)
def test_it_is_told_by_status_and_by_the_proof(
    example: str, lose: Lose, make: Callable[[str], Bench]
) -> None:
    bench = make(example)
    bench.ready()
    assert bench("trigger").word == "FIRED"
    lose(bench)
    assert bench("status").word == "SPACE"
    said = bench("prove")
    assert (said.status, said.word) == (status.SPACE, "SPACE"), said
    assert "ran out of space" in said.text


@pytest.mark.parametrize("example", ["nightly_brms.flash", "nightly_hitachi.flash"], ids=["svc", "hitachi"])
def test_a_copy_that_is_lost_otherwise_is_not_called_so(example: str, make: Callable[[str], Bench]) -> None:
    bench = make(example)
    {"nightly_brms.flash": svc, "nightly_hitachi.flash": hitachi}[example](bench)
    pools = bench.array.model.pools if example == "nightly_brms.flash" else bench.array.pools
    for pool in pools.values():
        pool.other_used = 0
    assert bench("status").word in ("FREE", "FAILED")
