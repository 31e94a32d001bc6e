"""VMAX and PowerMax by SYMCLI beyond the suite: names, generations that move, lists of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flashrt import status
from flashtwin.sims.outcome import Outcome

from bench import NEXT, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """The example's site."""
    made = Bench("nightly_symcli.flash", tmp_path / "bench")
    made.changing = ("/symsnapvx .* -nop$",)
    yield made
    made.close()


def test_a_night_relinks_and_the_next_one_terminates_what_nobody_shows(bench: Bench) -> None:
    bench.flash()
    bench.run = NEXT
    bench.flash()
    verbs = [line.split()[-2] for line in bench.changes()]
    assert verbs == ["establish", "relink", "establish", "relink"]
    bench.run = "20261120203500"
    bench.ready()
    assert [line.split()[-2] for line in bench.changes()][4:] == ["terminate"]
    assert len(bench.array.snapshots["SISTPROD"]) == 2


def test_a_generation_that_moved_is_looked_up_anew(bench: Bench) -> None:
    bench.ready()
    assert bench("trigger").word == "FIRED"
    assert bench("prove").word == "PROVEN"
    bench.array.take_snapshot("SISTPROD", "FLASHC", "somebody")  # ours is generation 1 from now on
    assert bench.until("present").word == "PRESENT"
    linked = [line for line in bench.changes() if "relink" in line]
    assert "-generation 1 relink" in linked[0]


def test_two_snapshots_of_the_name_since_the_prepare_prove_nothing(bench: Bench) -> None:
    bench.ready()
    assert bench("trigger").word == "FIRED"
    bench.world.scheduler.run(until=bench.world.now + 5.0)
    bench.array.take_snapshot("SISTPROD", "FLASHC", "somebody")
    assert bench("prove").status == status.FOREIGN


def test_a_failure_is_not_taken_for_a_list_of_nothing(bench: Bench) -> None:
    assert bench("status").word == "ACTIVE"
    bench.answer("/symsnapvx .* list -detail ", Outcome(1, err="The database is unusable\n"), times=9)
    said = bench("status")
    assert (said.status, said.word == "FREE") == (status.SYSTEM, False), said


def test_no_snapshot_and_nothing_linked_is_free(bench: Bench) -> None:
    bench.array.snapshots["SISTPROD"].clear()
    assert bench("status").word == "FREE"
    bench.flash()
    assert bench("holds").word == "HELD"


def test_a_link_that_is_not_defined_yet_is_waited_for(bench: Bench) -> None:
    bench.array.define = 300.0
    bench.ready()
    bench("trigger")
    bench("prove")
    assert bench("present").word == "PENDING"
    assert bench.until("present").word == "PRESENT"
