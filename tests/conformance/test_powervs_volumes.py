"""Which volumes a release of Power Virtual Server deletes: only its own, and only where the spec says so."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from flashrt import status

from bench import NEXT, Bench

EXAMPLE = "nightly_powervs.flash"
Make = Callable[..., Bench]


@pytest.fixture
def make(make: Callable[..., Bench]) -> Make:

    def new(**changes: Any) -> Bench:
        return make(EXAMPLE, **changes)

    return new


def _unsaid(conf: dict[str, Any]) -> None:
    for one in conf["arrays"].values():
        one["facts"].pop("release")


def _clones(bench: Bench) -> list[Any]:
    return [target for _, target in bench.array.members(bench.group)]


def _deletions(bench: Bench) -> list[str]:
    return [one.request for one in bench.asked() if one.request.startswith("DELETE /pcloud/v1/")]


def test_what_no_record_has_is_detached_and_kept(make: Make) -> None:
    """The copy that the first night finds has our names, and nobody knows who made it."""
    bench = make()
    before = _clones(bench)
    said = bench.until("release")
    assert (said.status, "4 volumes of earlier copies are kept" in said.text) == (0, True), said
    assert bench.array.hosts["SISTPROD-24"].volumes == []
    assert [one for one in before if one not in bench.array.volumes.values()] == []
    assert _deletions(bench) == []


def test_the_last_run_s_own_volumes_are_deleted_and_no_others(make: Make) -> None:
    bench = make()
    bench.flash()
    first = _clones(bench)
    kept, moved = first[0], first[1]
    bench.run = NEXT
    assert bench("release").status in (0, status.PENDING)
    bench.world.scheduler.run(until=bench.world.now + 60)
    # One that somebody wants to keep, one that another instance has by now.
    bench.array.volumes[kept.name] = kept
    kept.name = "KEPT"
    other = dataclasses.replace(bench.array.hosts["SISTPROD-24"], name="OTHER", volumes=[moved])
    bench.array.hosts["OTHER"] = other
    bench.world.partition("SISTPROD").managed_system.partitions[99] = partition = bench.world.add_partition(
        bench.world.partition("SISTPROD").managed_system, 99, "OTHER"
    )
    partition.host = "OTHER"
    assert bench.until("release").status == 0
    assert bench.array.deleted == first[2:]
    assert len(_deletions(bench)) == 2


def test_without_the_word_nothing_is_deleted(make: Make) -> None:
    bench = make(conf=_unsaid)
    bench.flash()
    bench.run = NEXT
    said = bench.until("release")
    assert (said.status, "8 volumes of earlier copies are kept" in said.text) == (0, True), said
    assert (bench.array.deleted, _deletions(bench)) == ([], [])


def test_volumes_of_a_run_that_ended_before_it_wrote_them_down(make: Make) -> None:
    """Its request is recorded, and tells of its clones."""
    bench = make()
    bench.ready()
    assert bench("trigger").word == "FIRED"
    assert bench("prove").word == "PROVEN"
    assert bench("present").status == status.PENDING
    bench.world.scheduler.run(until=bench.world.now + 120)
    made = _clones(bench)
    bench.run = NEXT
    assert bench.until("release").status == 0
    assert bench.array.deleted == made


def test_nothing_is_taken_off_an_instance_that_is_not_off(make: Make) -> None:
    bench = make()
    bench.world.partition(bench.clone.partition).state = "Starting"
    said = bench("release")
    assert said.status == status.REFUSED, said
    assert [one for one in bench.asked() if one.request.startswith(("DELETE", "POST /pcloud"))] == []


def test_the_first_night_finds_an_instance_without_volumes(make: Make) -> None:
    bench = make()
    bench.array.hosts["SISTPROD-24"].volumes.clear()
    assert bench("check").word == "OK", bench("check")
    bench.flash()
    assert bench("status").word == "ACTIVE"
