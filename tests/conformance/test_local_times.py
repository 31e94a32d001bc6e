"""Arrays that tell copies apart by local time: strangers' copies, clocks that cannot be seen, hourly runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import summer
from flashrt import status
from flashtwin.sims.outcome import Outcome

from bench import NEXT, Bench

REFRESH = ('    release   "space"\n', "")
"""DSCLI: the relations stay and are refreshed."""
THIRD = "20261120203500"


class Family:
    """An example, what moves the time that its array shows of a copy, and what hides its clock."""

    def __init__(self, example: str, move: Callable[[Bench, float], None], *, clock: bool = True) -> None:
        self.example = example
        self.move = move
        self.clock = clock
        self.spec = REFRESH if "dscli" in example else ("", "")
        self.later_s = 7200.0 if "dscli" in example else 1800.0
        """How long the background copy of a refresh takes."""


def _maps(bench: Bench, seconds: float) -> None:
    model = bench.array.model
    for one in model.maps_of(model.group(bench.group)):
        one.start_time = model.stamp(model.time_of(one.start_time) + seconds)


def _relations(bench: Bench, seconds: float) -> None:
    for one in bench.array.relations.values():
        one.since += seconds


def _relations_of_others(bench: Bench, seconds: float) -> None:
    _relations(bench, seconds)
    for one in bench.array.relations.values():
        one.sequence = 0


def _snapshot(bench: Bench, seconds: float) -> None:
    max(bench.array.snapshots["SISTPROD"], key=lambda one: one.at).at += seconds


def _pairs(bench: Bench, seconds: float) -> None:
    (group,) = bench.array.groups.values()
    for one in group.pairs:
        one.split += seconds


FAMILIES = {
    "svc": Family("nightly_brms.flash", _maps),
    "dscli": Family("nightly_dscli.flash", _relations),
    "symcli": Family("nightly_symcli.flash", _snapshot),
    "hitachi": Family("nightly_hitachi.flash", _pairs, clock=False),
}
Make = Callable[[], Bench]


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest) -> Family:
    """Each family with local times."""
    return FAMILIES[request.param]


@pytest.fixture
def bench(family: Family, tmp_path: Path) -> Iterator[Bench]:
    """Its example's site."""
    made = Bench(family.example, tmp_path / "bench", spec=family.spec)
    yield made
    made.close()


def hide_clock(bench: Bench) -> None:
    """Nothing that the array says shows a clock any more."""

    def alter(request: Any, outcome: Any) -> Any:
        if request.command.startswith(("date ", "svqueryclock")):
            return Outcome(1, err="not allowed\n")
        if isinstance(outcome, Outcome) and outcome.out.startswith("Date/Time: "):
            return Outcome(outcome.status, "", duration_s=outcome.duration_s)
        return outcome

    bench.gate.alter.append(alter)


@pytest.mark.parametrize("seconds", [1800.0, 3600.0, -3600.0, 7200.0, 4000.0])
def test_a_copy_by_a_stranger(family: Family, bench: Bench, seconds: float) -> None:
    """To the second so much later, while nobody's zone has changed: not ours.

    Hitachi's REST interface shows no clock: there, and only there, a copy at exactly such a distance is taken
    for ours (docs/safety.md).
    """
    bench.flash()
    family.move(bench, seconds)
    said = bench("holds")
    if not family.clock and seconds != 4000.0:
        assert said.word == "HELD"
        return
    assert said.status == status.FOREIGN, said


@pytest.mark.parametrize("seconds", [3600.0, -3600.0])
def test_a_strangers_copy_after_summer_time(family: Family, bench: Bench, seconds: float) -> None:
    bench.flash()
    bench.world.set_summer(seconds)
    family.move(bench, 4000.0)
    assert bench("holds").status == status.FOREIGN


@pytest.mark.parametrize("seconds", [3600.0, -3600.0])
def test_the_life_of_a_copy(family: Family, tmp_path: Path, seconds: float) -> None:
    """Also where the array's clock cannot be seen."""
    plays = (summer.after_the_copy, summer.after_the_prepare, summer.after_the_flash)
    for hidden in (False, True):
        for number, play in enumerate(plays):
            bench = Bench(family.example, tmp_path / f"bench{hidden}{number}", spec=family.spec)
            bench.changing = (r"^(mk|resync|rm)flash ", r"-nop$", "^(pre)?start|^stop", "invoke$")
            if hidden:
                hide_clock(bench)
            play(bench, seconds)
            bench.close()


@pytest.mark.parametrize("seconds", [3600.0, -3600.0, 1800.0, -1800.0, 19800.0])
def test_no_trigger(family: Family, tmp_path: Path, seconds: float) -> None:
    """Whatever the zone: half an hour, or somebody sets another one."""
    for hidden in (False, True):
        if hidden and abs(seconds) == 19800.0:
            continue  # a copy is not known again then, which is the safe side
        bench = Bench(family.example, tmp_path / f"bench{hidden}", spec=family.spec)
        if hidden:
            hide_clock(bench)
        if abs(seconds) == 19800.0 and not family.clock:
            bench.close()
            continue
        summer.without_a_trigger(bench, seconds, family.later_s)
        bench.close()


def _an_hour_after_the_last(family: Family, bench: Bench) -> None:
    """Up to the trigger of a copy that is shown to the second a whole number of hours after the last one."""
    bench.flash()
    first = max(event.time for event in bench.world.events.of("flash", system=bench.array.name))
    hours = 3.0 if family.later_s > 3600.0 else 1.0
    bench.world.scheduler.run(until=first + hours * 3600.0 - 300.0)
    bench.run = NEXT
    bench.ready()
    assert bench("trigger").word == "FIRED"
    second = max(event.time for event in bench.world.events.of("flash", system=bench.array.name))
    family.move(bench, first + hours * 3600.0 - second)


def test_hourly_runs(family: Family, bench: Bench) -> None:
    _an_hour_after_the_last(family, bench)
    assert bench("prove").word == "PROVEN"
    if bench.disks.phrase.presents:
        assert bench.until("present").word == "PRESENT"
    assert bench("holds").word == "HELD"


@pytest.mark.parametrize(("family", "word"), [("svc", "REFUSED"), ("dscli", "PROVEN"), ("symcli", "PROVEN")])
def test_hourly_runs_without_a_clock(family: str, word: str, tmp_path: Path) -> None:
    """Where neither a number nor a count tells it, such a copy may be the last one: the run has none."""
    one = FAMILIES[family]
    bench = Bench(one.example, tmp_path / "bench", spec=one.spec)
    hide_clock(bench)
    _an_hour_after_the_last(one, bench)
    said = bench("prove")
    if word == "REFUSED":
        assert said.status == status.REFUSED
    else:
        assert said.word == word, said
        if bench.disks.phrase.presents:
            assert bench.until("present").word == "PRESENT"
        assert bench("holds").word == "HELD"
    bench.close()


@pytest.mark.parametrize("seconds", [1800.0, 3600.0, -3600.0])
def test_dscli_knows_its_copies_by_their_number(seconds: float, tmp_path: Path) -> None:
    """Also without a clock: a stranger's copy, at whatever distance, is not the run's own."""
    bench = Bench("nightly_dscli.flash", tmp_path / "bench", spec=REFRESH)
    hide_clock(bench)
    bench.flash()
    assert bench("holds").word == "HELD"
    _relations_of_others(bench, seconds)
    assert bench("holds").status == status.FOREIGN
    bench.close()


def test_dscli_does_not_prove_what_shows_another_number_without_one(tmp_path: Path) -> None:
    """A relation whose number is gone, at the old time, was not copied anew."""
    bench = Bench("nightly_dscli.flash", tmp_path / "bench", spec=REFRESH)
    hide_clock(bench)
    bench.flash()
    bench.world.scheduler.run(until=bench.world.now + 10800.0)
    bench.run = NEXT
    bench.ready()
    _relations_of_others(bench, 3600.0)
    assert bench("prove").status == status.REFUSED
    bench.close()


def test_dscli_goes_on_with_records_that_have_no_number(tmp_path: Path) -> None:
    """As older releases wrote them."""
    bench = Bench("nightly_dscli.flash", tmp_path / "bench", spec=REFRESH)
    bench.flash()
    record = bench.product / f"runs/{bench.run}/array.json"
    text = record.read_text()
    record.write_text(re.sub(r" #[0-9A-F]+\"", '"', text))
    assert record.read_text() != text
    assert bench("holds").word == "HELD"
    bench.close()


def test_symcli_counts_no_snapshot_that_is_gone(tmp_path: Path) -> None:
    """One less and one more is as many: then only a time tells, and without a clock nothing is proven."""
    bench = Bench("nightly_symcli.flash", tmp_path / "bench")
    hide_clock(bench)
    bench.flash()
    bench.world.scheduler.run(until=bench.world.now + 3600.0)
    bench.run = NEXT
    bench.ready()
    held = bench.array.snapshots["SISTPROD"]
    old = max((one for one in held if one.name == "FLASHC"), key=lambda one: one.at)
    old.at += 3600.0
    assert bench("prove").status == status.REFUSED
    assert bench.until("abort").status == 0
    assert old in bench.array.snapshots["SISTPROD"]
    bench.close()


def test_records_of_older_releases(family: Family, bench: Bench) -> None:
    """They have no look at a clock."""
    bench.flash()
    record = bench.product / f"runs/{bench.run}/array.json"
    entries = json.loads(record.read_text())
    for entry in entries.values():
        assert entry.pop("look") is None or family.clock
        assert entry.pop("proof") is not None
    record.write_text(json.dumps(entries))
    assert bench("holds").word == "HELD"
    bench.world.set_summer(3600.0)
    assert bench("holds").word == "HELD"


@pytest.mark.parametrize("look", ["now", [1], [1, True], [1, "2"], {}])
def test_a_damaged_record(bench: Bench, look: object) -> None:
    bench.flash()
    record = bench.product / f"runs/{bench.run}/array.json"
    entries = json.loads(record.read_text())
    for entry in entries.values():
        entry["proof"] = look
    record.write_text(json.dumps(entries))
    assert bench("holds").status == status.CONFIG


def test_symcli_terminates_what_nobody_shows_in_any_zone(tmp_path: Path) -> None:
    bench = Bench("nightly_symcli.flash", tmp_path / "bench")
    theirs = list(bench.array.snapshots["SISTPROD"])
    for run in (bench.run, NEXT):
        bench.run = run
        bench.flash()
        bench.world.scheduler.run(until=bench.world.now + 80000.0)
    last = max(bench.array.snapshots["SISTPROD"], key=lambda one: one.at)
    bench.world.set_summer(-3600.0)
    bench.run = THIRD
    bench.ready()
    assert bench.array.snapshots["SISTPROD"] == [*theirs, last]
    bench.close()


def test_volume_groups_remove_what_nothing_shows_in_any_zone(tmp_path: Path) -> None:
    bench = Bench("nightly_svc_snapshot.flash", tmp_path / "bench")
    first = bench.run
    for run in (first, NEXT):
        bench.run = run
        bench.flash()
        bench.world.scheduler.run(until=bench.world.now + 80000.0)
    bench.world.set_summer(-3600.0)
    bench.run = THIRD
    assert bench.until("release").status == 0
    left = [one.name for one in bench.array.model.snapshots.values()]
    assert f"FLC{NEXT}" in left
    assert f"FLC{first}" not in left
    bench.close()


def test_volume_groups_prove_only_the_runs_own_snapshot(tmp_path: Path) -> None:
    """One that somebody removed before the flash leaves what an earlier run took."""
    bench = Bench("nightly_svc_snapshot.flash", tmp_path / "bench")
    bench.flash()
    bench.run = NEXT
    bench.ready()
    model = bench.array.model
    (own,) = (key for key, one in model.snapshots.items() if one.name == f"FLC{NEXT}")
    del model.snapshots[own]
    bench.world.set_summer(3600.0)
    assert bench("prove").status == status.REFUSED
    bench.close()


HOURS = 20


@pytest.mark.parametrize("summer_s", [3600.0, -3600.0])
@pytest.mark.parametrize("stays", [True, False], ids=["its time stays", "its time moves"])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_age_of_a_copy_across_summer_time(
    family: str, stays: bool, summer_s: float, tmp_path: Path
) -> None:
    """A copy that must be kept is given up neither an hour too soon nor an hour too late."""
    one = FAMILIES[family]
    bench = Bench(one.example, tmp_path / "bench", spec=one.spec)
    bench.flash()
    bench.world.scheduler.run(until=bench.world.now + HOURS * 3600.0)
    bench.world.set_summer(summer_s)
    moves = family != "svc"  # the twin of Storage Virtualize keeps the text
    if moves == stays:
        one.move(bench, -summer_s if stays else summer_s)
    bench.run = NEXT
    said = bench("release", "--keep", str(HOURS * 3600 + 1200))
    assert said.status == status.YOUNG, said
    assert bench.until("release", "--keep", str(HOURS * 3600 - 1200)).status == 0
    bench.close()


@pytest.mark.parametrize("seconds", [3600.0, -3600.0])
@pytest.mark.parametrize("family", ["svc", "dscli", "symcli"])
def test_productions_own_clock_is_set_with_the_zone(family: str, seconds: float, tmp_path: Path) -> None:
    """By hand, at the same time: the array's clock seems not to have moved, but its zone has another name."""
    one = FAMILIES[family]
    bench = Bench(one.example, tmp_path / "bench", spec=one.spec)
    bench.flash()
    bench.world.set_summer(seconds)
    if family == "svc":
        one.move(bench, seconds)
    partition = bench.world.partition(bench.spec.systems[0].name)
    partition.set_clock(seconds)
    assert bench("holds").word == "HELD"
    bench.close()


def test_a_failed_clock_is_no_failed_night(bench: Bench) -> None:
    """A gateway's page, or anything else, in place of a time."""

    def alter(request: Any, outcome: Any) -> Any:
        if request.command.startswith(("date ", "svqueryclock")):
            return Outcome(0, "<html>99999999999999</html>")
        return outcome

    bench.gate.alter.append(alter)
    bench.flash()
    assert bench("holds").word == "HELD"
