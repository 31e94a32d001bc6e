"""PowerMax: pools of each generation, what hosts alone get of them, groups in groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flashrt import status
from flashtwin.site import Site

from bench import NEXT, Bench

V4 = {"ucode": "6079.125.0"}
Make = Callable[..., Bench]


@pytest.fixture
def make_symcli(make: Callable[..., Bench]) -> Make:
    return with_facts("nightly_symcli.flash", make)


@pytest.fixture
def make_rest(make: Callable[..., Bench]) -> Make:
    return with_facts("nightly_powermax.flash", make)


def with_facts(example: str, make: Callable[..., Bench]) -> Make:
    """The bench of an example, with other facts of its array."""

    def new(**facts: str) -> Bench:
        def change(site: Site) -> Site:
            arrays = tuple(replace(one, facts={**one.facts, **facts}) for one in site.arrays)
            return replace(site, arrays=arrays)

        return make(example, site=change)

    return new


def fill(bench: Bench, percent: float) -> None:
    """So much of the pool is used."""
    (pool,) = bench.array.pools.values()
    pool.other_used = 0
    used = sum(one.used(bench.world.now) for one in bench.array.volumes.values())
    pool.other_used = max(0, int(pool.capacity * percent / 100.0) - used)


@pytest.mark.parametrize("facts", [{}, V4], ids=["5978", "PowerMaxOS 10"])
def test_what_no_snapshot_gets_is_not_free(facts: dict[str, str], make_rest: Make) -> None:
    bench = make_rest(**facts)
    fill(bench, 75.0)
    said = bench("usage")
    assert (said.status, "15 percent free beside the 10 that it keeps for hosts" in said.text) == (0, True), (
        said
    )
    fill(bench, 85.0)
    said = bench("usage")
    assert (said.status, said.word) == (status.SPACE, "SPACE"), said
    assert "5 percent free" in said.text


@pytest.mark.parametrize(("told", "kept"), [("told", 10), ("told", 20), ("hidden", 10)])
def test_symcli_counts_what_no_snapshot_gets_as_well(told: str, kept: int, make_symcli: Make) -> None:
    """Where the list of pools does not say it, what arrays are shipped with counts."""
    bench = make_symcli(reserve=told)
    bench.array.reserved = kept
    fill(bench, 65.0)
    said = bench("usage")
    text = f"{35 - kept} percent free beside the {kept} that it keeps for hosts"
    assert (said.status, text in said.text) == (0, True), said
    fill(bench, 95.0 - kept)
    assert bench("usage").word == "SPACE"


@pytest.mark.parametrize("word", ["None", "NONE"])
def test_a_group_that_names_no_pool_is_in_that_of_the_array(word: str, make_rest: Make) -> None:
    bench = make_rest(srp=word)
    said = bench("usage")
    assert (said.status, "pool SRP_1 has" in said.text) == (0, True), said
    assert bench("check").status == 0


def test_a_snapshot_that_failed_for_want_of_space_is_told_so_and_given_up(make_rest: Make) -> None:
    bench = make_rest()
    bench.flash()
    array = bench.array
    fill(bench, 95.0)
    for one in array.snapshots["SISTPROD"]:
        one.state = ("Failed",)
    assert bench("status").word == "SPACE"
    fill(bench, 50.0)
    assert bench("status").word == "FAILED"
    bench.run = NEXT
    before = bench.images()
    bench.flash()
    assert bench.has_new_copy(before)


def test_the_proof_says_that_there_was_no_room(make_rest: Make) -> None:
    bench = make_rest()
    bench.ready()
    assert bench("trigger").word == "FIRED"
    bench.array.snapshots["SISTPROD"][-1].state = ("Failed",)
    fill(bench, 95.0)
    said = bench("prove")
    assert (said.status, said.word) == (status.SPACE, "SPACE"), said
    assert "ran out of space" in said.text


def test_volumes_are_masked_by_the_group_that_their_group_is_in(make_rest: Make) -> None:
    """A group with a service level of its own inside of one that hosts see."""
    bench = make_rest()
    bench.array.parents = {"SISTPROD": "SISTPROD_ALL", "SISTPROD_24": "CLONE_ALL"}
    said = bench("check")
    assert said.status == 0, said


def test_masking_views_may_have_host_groups(make_rest: Make) -> None:
    bench = make_rest()
    bench.array.host_groups = {"SOURCES": ["SISTPROD"], "CLONES": ["SISTPROD_24"]}
    said = bench("check")
    assert said.status == 0, said
    asked = " ".join(one.request for one in bench.asked())
    assert "/hostgroup/CLONES" in asked


@pytest.mark.parametrize("knows", ["404", "nothing", "list"])
def test_the_first_night_of_a_group_that_never_had_a_snapshot(knows: str, make_rest: Make) -> None:
    bench = make_rest()
    bench.array.knows = knows
    bench.array.snapshots.clear()
    assert bench("check").status == 0
    before = bench.images()
    bench.flash()
    assert bench.has_new_copy(before)


def test_a_group_that_is_not_there_is_not_one_without_snapshots(make_rest: Make) -> None:
    bench = make_rest()
    del bench.array.groups["SISTPROD"]
    assert bench("status").status == status.NOTFOUND


@pytest.mark.parametrize(
    "answer", [(504, "<html>Gateway Timeout</html>"), (503, '{"message":"busy"}'), (200, "")]
)
def test_a_relink_that_a_gateway_has_not_waited_for_is_no_refusal(
    answer: tuple[int, str], make_rest: Make
) -> None:
    """It was done: what is shown already is not taken away and linked once more."""
    bench = make_rest()
    bench.changing = ("^PUT ",)
    bench.ready()
    assert bench("trigger").word == "FIRED"
    assert bench("prove").word == "PROVEN"
    bench.fault("^PUT ", status=answer[0], out=answer[1])
    assert bench.until("present").word == "PRESENT"
    assert [one.partition('"action":"')[2].partition('"')[0] for one in bench.changes()] == ["Relink"]
