"""Hitachi: what a pool has left for a copy, where it suspends pairs early and where its drives compress."""

from __future__ import annotations

import pytest
from flashrt import status

from bench import Bench, Make


@pytest.fixture
def bench(make: Make) -> Bench:
    """The example's site."""
    return make("nightly_hitachi.flash")


def fill(bench: Bench, percent: float) -> None:
    """So much of the pool is used."""
    (pool,) = bench.array.pools.values()
    used = sum(one.used(bench.world.now) for one in bench.array.volumes.values())
    pool.other_used = int(pool.capacity * percent / 100.0) - used


def test_a_pool_that_suspends_pairs_has_room_up_to_that_only(bench: Bench) -> None:
    fill(bench, 65.0)
    said = bench("usage")
    assert (said.status, "15 percent free below the 80 at which it suspends" in said.text) == (0, True)
    fill(bench, 75.0)
    assert (bench("usage").status, bench("usage").word) == (status.SPACE, "SPACE")
    bench.array.suspends = False
    assert "25 percent free" in bench("usage").text


def test_drives_that_compress_count_as_what_they_hold(bench: Bench) -> None:
    bench.array.suspends = False
    bench.array.compression = 2.0
    fill(bench, 30.0)
    said = bench("usage")
    assert (said.status, "40 percent of its physical capacity free" in said.text) == (0, True), said
    fill(bench, 48.0)
    assert bench("usage").word == "SPACE"


def test_pairs_that_are_suspended_at_the_threshold_ran_out_of_space(bench: Bench) -> None:
    bench.ready()
    fill(bench, 85.0)
    assert bench("trigger").word != "FIRED"
    assert bench("status").word == "SPACE"
    said = bench("prove")
    assert (said.status, said.word) == (status.SPACE, "SPACE"), said
