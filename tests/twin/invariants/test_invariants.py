"""Each invariant holds in the good night and is broken in each of its broken nights, with the right words."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import flashtwin.invariants as package
import pytest
from flashtwin.invariants import CHECKERS, judge
from flashtwin.invariants.facts import row_of
from flashtwin.invariants.history import transcript
from invariant_broken import BROKEN, Broken
from invariant_excused import EXCUSED
from invariant_night import BEGIN, KEY, RUN, good_night


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bool, str]]:
    """The verdicts on the good night."""
    world, facts = good_night().play(tmp_path_factory.mktemp("good"))
    return {v.id: (v.held, v.detail) for v in judge(world, facts)}


@pytest.mark.parametrize("id", CHECKERS)
def test_good_night(id: str, good: dict[str, tuple[bool, str]]) -> None:
    held, detail = good[id]
    assert held, detail
    assert detail


def test_good_night_is_really_looked_at(good: dict[str, tuple[bool, str]]) -> None:
    says = {
        "S1": "held 4.3 s from 20:43:00, resumed",
        "S2": "SISTPROD_24: clone proven off",
        "S3": "started at 20:43:41",
        "S5": "3 changes on SISTPROD undone",
        "S6": "*ENDPRC at 01:56:50",
        "S7": "completed was said at",
        "S9": "20 things happened",
        "S10": "none of 1 secrets",
        "S11": "1 IPL of SISTPROD",
        "S12": "SISTPROD_24, TESTPART",
    }
    for id, part in says.items():
        assert part in good[id][1], (id, good[id][1])


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case.id}: {case.wrong}")
def test_broken_night(case: Broken, tmp_path: Path) -> None:
    night = good_night()
    case.edit(night)
    world, facts = night.play(tmp_path)
    verdict = CHECKERS[case.id](world, facts)
    assert verdict.id == case.id
    assert not verdict.held, verdict.detail
    assert re.search(case.says, verdict.detail), verdict.detail


@pytest.mark.parametrize("case", [one for one in BROKEN if one.id == "S10"], ids=lambda case: case.wrong)
def test_a_secret_that_comes_after_a_world_was_found_clean(case: Broken, tmp_path: Path) -> None:
    night, broken = good_night(), good_night()
    case.edit(broken)
    world, facts = night.play(tmp_path)
    assert CHECKERS["S10"](world, facts).held
    for step in [one for one in broken.script if one not in night.script]:
        world.events.log(step.kind, step.system, **step.facts)
    for request in [one for one in broken.requests if one not in night.requests]:
        transcript(world).append(request)
    for change in broken.prepare:
        change(world)
    assert not CHECKERS["S10"](world, dataclasses.replace(facts, **broken.facts)).held


def test_a_file_that_was_clean_is_searched_again_when_it_is_another(tmp_path: Path) -> None:
    world, facts = good_night().play(tmp_path)
    file = tmp_path / "SISTPROD" / "ifs" / "note"
    file.write_text("x" * len(KEY))
    assert CHECKERS["S10"](world, facts).held
    file.write_text(KEY)
    assert "file /note of SISTPROD" in CHECKERS["S10"](world, facts).detail


def test_a_history_that_begins_anew_is_searched_whole(tmp_path: Path) -> None:
    world, facts = good_night().play(tmp_path)
    assert CHECKERS["S10"](world, facts).held
    events = len(world.events.events)
    world.events.forget()
    for number in range(events + 1):
        world.events.log("message", "SISTPROD", text=KEY if number == 0 else "well")
    assert "the event message of SISTPROD" in CHECKERS["S10"](world, facts).detail


@pytest.mark.parametrize("case", EXCUSED, ids=lambda case: f"{case.id}: {case.wrong}")
def test_excused_night(case: Broken, tmp_path: Path) -> None:
    night = good_night()
    case.edit(night)
    world, facts = night.play(tmp_path)
    verdict = CHECKERS[case.id](world, facts)
    assert verdict.held, verdict.detail
    assert re.search(case.says, verdict.detail), verdict.detail


def test_a_row_of_the_journal() -> None:
    stamp = "2026-11-18-20.43.04.100000"
    row = row_of((RUN, "S", 7, stamp, "R", "O55", "FLO0055", "startfcconsistgrp SISTPROD_24   "), 3600.0)
    assert (row.time, row.seq, row.text) == (BEGIN + 484.1, 7, "startfcconsistgrp SISTPROD_24")
    with pytest.raises(ValueError, match="does not match format"):
        row_of((RUN, "S", 7, "now", "R", "O55", "FLO0055", ""), 3600.0)


def test_every_checker_file_has_broken_nights() -> None:
    folder = Path(package.__file__).parent
    files = {f"S{int(path.name[1:3])}" for path in folder.glob("s[0-9][0-9]_*.py")}
    assert files == set(CHECKERS) == {f"S{n}" for n in range(1, 14)}
    for id in files:
        assert sum(case.id == id for case in BROKEN) >= 2, f"{id} has no two broken nights: it proves nothing"


def test_checkers_know_only_the_world() -> None:
    folder = Path(package.__file__).parent
    for path in folder.glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(("import ", "from ")):
                assert not re.search(r"\bflashrt\b|\bflashc\b(?!\.cl)", line), f"{path.name}: {line}"
