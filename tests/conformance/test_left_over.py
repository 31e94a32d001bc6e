"""A run that ended between its proof and the clone's volumes: the next one finds that, and goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import NEXT, Bench


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
