"""A run that ended between its proof and the clone's volumes: the next one finds that, and goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashrt import status

from bench import NEXT, Bench

LAST = "20261120203500"


@pytest.mark.parametrize("presents", [0, 1])
@pytest.mark.parametrize("example", ["nightly_pure.flash", "nightly_powervs.flash"])
def test_what_a_proven_run_left_is_given_up(example: str, presents: int, tmp_path: Path) -> None:
    bench = Bench(example, tmp_path / "world")
    try:
        bench.ready()
        assert bench("trigger").word == "FIRED"
        assert bench("prove").word == "PROVEN"
        if presents:
            # the first volume, or the first step of many
            bench.fault(r"^(POST /api/2.*/volumes[?]|PUT .*/setboot)", lost="before")
            for _ in range(8):
                if bench("present").status != 30:
                    break
                bench.world.scheduler.run(until=bench.world.now + 60)
        bench.run = NEXT
        assert bench("check").word == "OK", bench("check")
        before = bench.images()
        bench.flash()
        assert bench.flashes() == 2
        assert bench.images()[0] not in before
    finally:
        bench.close()


def test_a_request_that_comes_behind_the_undo_of_its_run_is_given_up(tmp_path: Path) -> None:
    bench = Bench("nightly_powervs.flash", tmp_path / "world")
    try:
        bench.flash()
        bench.run = NEXT
        assert bench.until("release").status == 0
        assert bench.fault(r"^POST .*/volumes-clone\b", duration_s=120.0) == []
        assert bench("prepare").status == status.TIMEOUT
        assert bench("abort").word == "IDLE"
        bench.world.scheduler.run(until=bench.world.now + 300)
        bench.run = LAST
        assert bench("check").word == "OK", bench("check")
        bench.flash()
        assert bench.flashes() == 2
    finally:
        bench.close()


def test_a_request_that_its_run_has_seen_is_not_given_up_by_another(tmp_path: Path) -> None:
    bench = Bench("nightly_powervs.flash", tmp_path / "world")
    try:
        assert bench.until("release").status == 0
        bench.fault(r"^POST .*/volumes-clone\b", duration_s=120.0)
        assert bench("prepare").status == status.TIMEOUT
        bench.world.scheduler.run(until=bench.world.now + 300)
        assert bench("prepare").word == "PREPARED"
        bench.run = NEXT
        assert bench("check").word == "FINDINGS"
        assert bench("release").status == status.FOREIGN
    finally:
        bench.close()
