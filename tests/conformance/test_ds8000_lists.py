"""DS8000 by REST with hundreds of pairs: what its console lists is not asked for volume by volume."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flashtwin.sims.http import HttpOutcome, json_outcome
from flashtwin.site import ArraySite, Site, VolumeSite

from bench import Bench

PAIRS = 'pairs "1000-1001" to "1100-1101" and "1200-1201" to "1300-1301"'
Make = Callable[[int], Bench]


def with_pairs(count: int) -> Callable[[Site], Site]:
    """A site whose copy has so many pairs, in one subsystem each side."""
    sources, targets = (tuple(f"{lss}{n:02X}" for n in range(count)) for lss in ("10", "11"))

    def change(one: ArraySite) -> ArraySite:
        volumes = [VolumeSite(name=name, size_gib=8) for name in sources]
        volumes += [VolumeSite(name=name, size_gib=8, thin=True) for name in targets]
        hosts = tuple(
            replace(host, volumes=volumes)
            for host, volumes in zip(one.hosts, (sources, targets), strict=True)
        )
        pairs = tuple(zip(sources, targets, strict=True))
        copies = (replace(one.copies[0], pairs=pairs),)
        return replace(one, volumes=tuple(volumes), hosts=hosts, copies=copies)

    return lambda site: replace(site, arrays=tuple(change(one) for one in site.arrays))


@pytest.fixture
def make(make: Callable[..., Bench]) -> Make:

    def new(count: int) -> Bench:
        spec = (PAIRS, f'pairs "1000-10{count - 1:02X}" to "1100-11{count - 1:02X}"')
        return make("nightly_ds8000.flash", site=with_pairs(count), spec=spec)

    return new


def test_two_hundred_pairs_take_no_minutes(make: Make) -> None:
    bench = make(200)
    begin = bench.world.now
    said = bench("check")
    assert said.status == 0, said
    bench.ready()
    assert bench("trigger").word == "FIRED"
    assert bench("prove").word == "PROVEN"
    assert bench("usage").status == 0
    assert bench.world.now - begin < 180
    assert bench.flashes() == 1


@pytest.mark.parametrize("how", ["refused", "not all of it", "less of each", "too slow"])
def test_where_there_is_no_such_list_each_volume_is_asked_for(how: str, make: Make) -> None:
    bench = make(12)
    refused = {"server": {"status": "failed", "code": "BE7A001D", "message": "was not found"}}
    part = {
        "server": {"status": "ok", "code": "", "message": ""},
        "counts": {"data_counts": 0, "total_counts": 2000 if how == "not all of it" else 1},
    }

    def reply(kind: str) -> HttpOutcome:
        listed = [{"id": "1000", "cap": "1"}] if (kind, how) == ("volumes", "less of each") else []
        shown = {**part, "data": {kind: listed}}
        return json_outcome(refused, 404) if how == "refused" else json_outcome(shown)

    if how == "too slow":
        bench.fault(r"^GET /api/v1/(cs/flashcopies|lss/)", times=99, duration_s=60.0)
    else:
        bench.answer(r"^GET /api/v1/cs/flashcopies", reply("flashcopy"), times=99)
        bench.answer(r"^GET /api/v1/lss/", reply("volumes"), times=99)
    said = bench("check")
    assert said.status == 0, said
    asked = [one.request for one in bench.asked()]
    assert sum(one.startswith("GET /api/v1/volumes/1100") for one in asked) >= 2
    assert bench("status").word == "ACTIVE"


def test_a_relation_of_others_is_seen_in_the_list(make: Make) -> None:
    bench = make(12)
    array = bench.array
    one = next(iter(array.relations.values()))
    array.relations["1005:1100"] = replace(one, source=array.volumes["1005"], target=array.volumes["1100"])
    assert bench("status").word == "FOREIGN"
