"""Several environments: snapshots beside a save, runs started by hand, and what a spec expects of them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from flashc.bundle import build
from flashc.check import load
from flashc.cli.rehearsing import Rehearsal, rehearse
from flashc.cli.runs import Run
from flashc.cli.site_choice import choose_site
from rehearsed import EXAMPLES

SNAPS = """
clone SNAPS of SISTPROD {
    partition 57 "SISTPROD_57" on "Server-9009-42A-SN78ABC12" through HMC1 profile "clone"
    disks group "SNAP_1" on V7000
    network isolated
}

environment SNAP on SNAPS {
    every wed thu at 23:00
    except on 2026-11-19
    quiesce within 60s otherwise abort
    resume within 30s
    on clone none
    mail "snaps@example.net" on flash, completed, attention
}

environment BYHAND on SNAPS {
    started by hand
    quiesce within 60s otherwise abort
    resume within 30s
    on clone none
}
"""
EXPECTED = """every wed at 20:35
    expect suspended under 5s
    expect boot under 40m
    expect save under 5h
    expect run under 1h
"""


@pytest.fixture(scope="module", name="week")
def fixture_week(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    return _week(tmp_path_factory.mktemp("week"))


@lru_cache(maxsize=1)
def _week(folder: Path) -> Rehearsal:
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    assert "every day at 20:35" in text
    file = folder / "week.flash"
    file.write_text(text.replace("every day at 20:35", EXPECTED) + SNAPS, encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    return rehearse(spec, build(spec)[0], choose_site(spec).site, mode="memory")


def _named(week: Rehearsal, name: str) -> Run:
    (found,) = (run for run in week.runs if run.environment == name)
    return found


def test_each_starts_when_it_should(week: Rehearsal) -> None:
    assert [(run.environment, run.start.strftime("%a %H:%M")) for run in week.runs[:2]] == [
        ("DAILY", "Wed 20:35"),
        ("SNAP", "Wed 23:00"),
    ]
    assert [run.environment for run in week.runs] == ["DAILY", "SNAP", "BYHAND"]


def test_all_complete_and_every_invariant_holds(week: Rehearsal) -> None:
    for run in week.runs:
        assert run.result == "completed", (run.environment, run.detail)
        assert not run.broken, (run.environment, run.broken)


def test_a_snapshot_is_taken_while_the_clone_of_another_run_saves(week: Rehearsal) -> None:
    daily, snap = _named(week, "DAILY"), _named(week, "SNAP")
    assert daily.end is not None
    assert snap.start < daily.end
    assert [round(window.seconds, 1) for window in daily.windows] == [4.2]
    assert [round(window.seconds, 1) for window in snap.windows] == [4.2]


def test_a_snapshot_starts_no_clone_and_leaves_no_ticket(week: Rehearsal) -> None:
    snap = _named(week, "SNAP")
    codes = [step.code for step in snap.steps]
    assert "O41" in codes
    assert not {"O40", "O65", "O68", "O70", "O89"}.intersection(codes)
    assert not any(step.side == "clone" for step in snap.steps)


def test_what_a_spec_expects_is_judged(week: Rehearsal) -> None:
    daily = _named(week, "DAILY")
    assert [(one.text, one.held) for one in daily.expectations] == [
        ("suspended under 5s", True),
        ("boot under 40m", True),
        ("save under 5h", True),
        ("run under 1h", False),
    ]
    assert not daily.good
    assert not week.good
    document = daily.as_json()["expectations"]
    assert document[3]["detail"].startswith("it took 5:4")
