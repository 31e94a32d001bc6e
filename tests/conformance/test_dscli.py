"""DS8000 by DSCLI beyond the suite: refreshing, giving space back, and a thaw whatever happens."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flashrt import status
from flashtwin.sims.ds8000_flash import Relation
from flashtwin.site import Site

from bench import NEXT, Bench

EXAMPLE = "nightly_dscli.flash"
REFRESH, RELEASE = '    refresh   "incremental"\n', '    release   "space"\n'
Make = Callable[..., Bench]


@pytest.fixture
def make(make: Callable[..., Bench]) -> Make:
    """Makes a bench of the example, without one of its lines."""

    def new(without: str = "", **changes: Any) -> Bench:
        bench = make(EXAMPLE, spec=(without, ""), **changes)
        bench.changing = ("^(mk|resync|rm|unfreeze)flash ",)
        return bench

    return new


def verbs(bench: Bench) -> list[str]:
    """What was changed, each word once in a row."""
    words = [line.split()[0] for line in bench.changes()]
    return [one for n, one in enumerate(words) if n == 0 or words[n - 1] != one]


def test_a_relation_that_records_is_refreshed(make: Make) -> None:
    bench = make(RELEASE)
    bench.flash()
    assert verbs(bench) == ["rmflash", "mkflash", "unfreezeflash"]
    (flash,) = [line for line in bench.changes() if line.startswith("mkflash")]
    assert "-freeze -record -persist -cp -tgtse -seqnum 81FC 1000:1100 1001:1101 1200:1300 1201:1301" in flash
    before = bench.images()
    bench.run = NEXT
    assert bench.until("release").status == 0
    assert bench("prepare").word == "PENDING"  # the first copy is still at work
    bench.world.scheduler.run(until=bench.world.now + 7200.0)
    bench.flash()
    assert verbs(bench)[3:] == ["resyncflash", "unfreezeflash"]
    refreshed = [line for line in bench.changes() if line.startswith("resyncflash")]
    assert "-freeze -record -persist -cp" in refreshed[0]
    assert bench.has_new_copy(before)
    assert bench("holds").word == "HELD"


def test_relations_that_are_listed_by_their_sources_only(make: Make) -> None:
    """What lsflash does with the number of a target is not documented."""

    def by_source(site: Site) -> Site:
        return replace(
            site, arrays=tuple(replace(o, facts={**o.facts, "lsflash": "source"}) for o in site.arrays)
        )

    bench = make(site=by_source)
    bench.flash()
    assert bench("holds").word == "HELD"
    bench.run = NEXT
    assert bench("check").status == 0


def test_a_refresh_that_was_not_taken_proves_nothing(make: Make) -> None:
    bench = make(RELEASE)
    bench.flash()
    bench.world.scheduler.run(until=bench.world.now + 7200.0)
    bench.run = NEXT
    bench.ready()
    bench.fault("^resyncflash ", lost="before")
    assert bench("trigger").status == status.UNKNOWN
    assert bench("prove").status not in (0, 30)
    held = bench.images()
    assert bench("abort").status == 0
    assert bench.images() == held
    assert bench("holds").word == "HELD"


def test_a_refresh_by_somebody_else_is_not_ours(make: Make) -> None:
    bench = make(RELEASE)
    bench.flash()
    for one in bench.array.relations.values():
        one.since += 3600.0
    assert bench("holds").status == status.FOREIGN


@pytest.mark.parametrize(
    ("without", "records", "told"),
    [(RELEASE, True, "1000:1900"), (RELEASE, False, ""), (REFRESH, True, "")],
    ids=["refresh", "not recording", "no refresh"],
)
def test_a_source_that_another_copy_records_is_told_by_the_check(
    make: Make, without: str, records: bool, told: str
) -> None:
    bench = make(without)
    source, like = bench.array.volumes["1000"], bench.array.volumes["1100"]
    other = Relation(source, replace(like, name="1900"), "OTHERS", True, records, True, 0.0)
    bench.array.relations[other.id] = other
    said = bench("check", "--json")
    (found,) = [
        one for one in json.loads(said.out)["details"]["findings"] if one["id"] == "array.sources"
    ] or [{"ok": True, "text": ""}]
    assert (found["ok"], told in found["text"]) == (not told, True), found
    assert (said.status == 0) == (not told)


def test_a_copy_that_is_not_proven_is_ended(make: Make) -> None:
    bench = make(RELEASE)
    bench.ready()
    assert bench("trigger").word == "FIRED"
    assert bench.until("abort").status == 0
    assert bench("status").word == "FREE"


def test_space_goes_with_the_relation_of_a_thin_target(make: Make) -> None:
    bench = make(REFRESH)
    thick = bench.array.volumes["1100"]
    thick.thin = False
    said = bench("release")
    assert (said.status, said.word) == (status.PENDING, "PENDING"), said
    assert "still holds space" in said.text
    assert bench.until("release").status == 0
    removed = [line.split(" ", 3)[3] for line in bench.changes()]
    assert removed == ["-quiet 1000:1100", "-quiet -tgtreleasespace 1001:1101 1200:1300 1201:1301"]
    assert [one.used(bench.world.now) for one in bench.array.volumes.values() if one.thin] == [0, 0, 0]
    bench.flash()


def _change(bench: Bench, pattern: str, **changes: Any) -> None:
    def alter(request: Any, outcome: Any) -> Any:
        return replace(outcome, **changes) if re.search(pattern, request.command) else outcome

    bench.gate.alter.append(alter)


@pytest.mark.parametrize(
    ("pattern", "changes"),
    [
        ("^mkflash ", {"hang": True}),
        ("^mkflash ", {"lost": "after"}),
        ("^mkflash ", {"duration_s": 4.0}),
    ],
    ids=["hangs", "dies", "slow"],
)
def test_writes_are_let_go_whatever_the_flash_comes_to(
    make: Make, pattern: str, changes: dict[str, Any]
) -> None:
    """The session of the flash thaws, or where it cannot, the other one does."""
    bench = make(REFRESH + RELEASE)
    bench.ready()
    _change(bench, pattern, **changes)
    bench("trigger")
    assert bench.array.held == {}
    released = list(bench.world.events.of("writes_released", system=bench.array.name))
    assert {one["how"] for one in released} == {"thaw"}
    assert {one["lss"] for one in released} == {"10", "12"}


def test_a_thaw_that_is_not_confirmed_is_no_good_end(make: Make) -> None:
    bench = make(REFRESH + RELEASE)
    bench.ready()
    _change(bench, "^unfreezeflash ", effect=None, out="CMUN00000E unfreezeflash: no\n")
    assert bench("trigger").status == status.UNKNOWN


def test_an_armed_session_that_died_fires_nothing(make: Make) -> None:
    bench = make(REFRESH + RELEASE)
    bench.ready()
    _change(bench, "^setoutput ", lost="after")
    said = bench("trigger")
    assert said.status not in (0, 30)
    assert bench.flashes() == 0
    assert not [line for line in bench.changes() if "mkflash" in line]
