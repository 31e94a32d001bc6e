"""Storage Virtualize's volume groups: which snapshots a run removes, and what it leaves alone."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest
from flashrt import status
from flashtwin.site import Site

from bench import NEXT, RUN, Bench

THIRD = "20261120203500"
Make = Callable[..., Bench]


@pytest.fixture
def make(make: Callable[..., Bench]) -> Make:

    def new(**changes: Any) -> Bench:
        bench = make("nightly_svc_snapshot.flash", **changes)
        bench.changing = (r"^(add|rm|refreshfrom|restorefrom)",)
        return bench

    return new


def names(bench: Bench) -> list[str]:
    """The snapshots of production's volume group."""
    return [one.name for one in bench.array.model.snapshots.values()]


def snapshot(bench: Bench, run: str) -> Any:
    """The snapshot of a run."""
    return next(one for one in bench.array.model.snapshots.values() if one.name == f"FLC{run}")


def nights(bench: Bench, *runs: str) -> None:
    """Everything up to the refresh, run after run."""
    for run in runs:
        bench.run = run
        bench.flash()


def test_a_run_removes_what_ours_have_left_and_nothing_else(make: Make) -> None:
    """The last night's stays until the thin clones show the next; the administrator's stays for ever."""
    bench = make()
    (first,) = names(bench)
    nights(bench, RUN, NEXT)
    assert names(bench) == [first, f"FLC{RUN}", f"FLC{NEXT}"]
    nights(bench, THIRD)
    assert names(bench) == [first, f"FLC{NEXT}", f"FLC{THIRD}"]


def test_what_the_array_must_keep_is_kept_and_told(make: Make) -> None:
    bench = make()
    nights(bench, RUN, NEXT)
    snapshot(bench, RUN).safeguarded = True
    bench.run = THIRD
    said = bench("release")
    assert (said.status, f"The array keeps FLC{RUN}" in said.text) == (0, True), said
    assert f"FLC{RUN}" in names(bench)


def test_a_snapshot_of_the_same_name_taken_anew_is_somebody_elses(make: Make) -> None:
    bench = make()
    nights(bench, RUN, NEXT)
    snapshot(bench, RUN).at += 1.0
    bench.run = THIRD
    assert bench("release").status == 0
    assert f"FLC{RUN}" in names(bench)


def test_a_snapshot_of_a_run_that_is_not_closed_stops_the_next(make: Make) -> None:
    bench = make()
    bench.ready()
    bench.run = NEXT
    said = bench("release")
    assert (said.status, said.word) == (status.FOREIGN, "FOREIGN"), said
    bench.run = RUN
    assert bench.until("abort").status == 0
    nights(bench, NEXT)


def test_a_proven_snapshot_that_was_never_shown_gives_way_to_the_next(make: Make) -> None:
    """The run ended between the proof and the refresh."""
    bench = make()
    bench.ready()
    assert bench("trigger").word == "FIRED"
    assert bench("prove").word == "PROVEN"
    assert bench("check").word == "OK"
    nights(bench, NEXT)
    assert f"FLC{RUN}" not in names(bench)


def test_a_name_that_is_taken_is_not_used(make: Make) -> None:
    bench = make()
    source, _ = bench.array.snapshots.parts(bench.group)
    bench.array.model.snapshot_of(source, f"FLC{RUN}")
    said = bench("prepare")
    assert (said.status, bench.changes()) == (status.FOREIGN, []), said


def test_a_snapshot_without_a_volume_of_the_group_is_no_copy(make: Make) -> None:
    """The group was given a volume between the prepare and the instant."""
    bench = make()
    bench.ready()
    source, target = bench.array.snapshots.parts(bench.group)
    assert bench("trigger").word == "FIRED"
    del snapshot(bench, RUN).holders[source.volumes[0].name]
    said = bench("prove")
    assert (said.status, said.word) == (status.MISMATCH, "MIXED"), said
    assert bench("present").status not in (0, 30)
    assert target.shown[target.volumes[0].name].name != f"FLC{RUN}"


def test_thin_clones_of_several_snapshots_of_ours_are_refreshed_by_the_next_run(make: Make) -> None:
    """As after a refresh that was broken off: they are no copy, and nobody else's either."""
    bench = make()
    nights(bench, RUN, NEXT)
    _, target = bench.array.snapshots.parts(bench.group)
    target.shown[target.volumes[0].name] = snapshot(bench, RUN)
    bench.array.model.snapshots.pop(snapshot(bench, NEXT).id)
    bench.run = THIRD
    assert bench("status").word == "FREE"
    assert bench("holds").status != 0
    nights(bench, THIRD)


def test_a_user_that_may_start_copies_may_not_take_snapshots(make: Make) -> None:
    """The harsher reading of the roles: CopyOperator is not enough."""

    def weaker(site: Site) -> Site:
        (array,) = site.arrays
        users = tuple(dataclasses.replace(one, role="CopyOperator") for one in array.users)
        return dataclasses.replace(site, arrays=(dataclasses.replace(array, users=users),))

    bench = make(site=weaker)
    assert bench("release").status == 0
    said = bench("prepare")
    assert said.status == status.AUTH, said
    assert names(bench) == ["SISTPROD_24_first"]


def test_a_refresh_waits_until_the_array_no_longer_protects_the_thin_clones(make: Make) -> None:
    """The clone was ended a few minutes ago; new systems protect volumes for 15 minutes then."""
    bench = make()
    clone = bench.world.partition(bench.clone.partition)
    clone.power_on("clone")
    clone.lose_power()
    bench.ready()
    assert bench("trigger").word == "FIRED"
    assert bench("prove").word == "PROVEN"
    said = bench("present")
    assert (said.status, "CMMVC1035E" in said.text) == (status.PENDING, True), said
    assert bench.until("present").word == "PRESENT"


@pytest.mark.parametrize(("minutes", "told"), [("0", ""), ("15", ""), ("60", "array.protection")])
def test_a_protection_longer_than_a_run_waits_is_told(make: Make, minutes: str, told: str) -> None:
    def other(site: Site) -> Site:
        (array,) = site.arrays
        return dataclasses.replace(site, arrays=(dataclasses.replace(array, facts={"protection": minutes}),))

    said = make(site=other)("check", "--json")
    found = [one["id"] for one in json.loads(said.out)["details"]["findings"] if one["attention"]]
    assert (said.status, [one for one in found if one == "array.protection"]) == (0, [told] if told else [])
