"""The specs to measure the compiler with are right, and the measuring runs; nothing looks at a clock."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest
from flashc.check import load

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from specs import CLONES, PER_SYSTEM, spec_text


@pytest.mark.parametrize("size", [1, 2, PER_SYSTEM, PER_SYSTEM + 1, 100, 1000])
def test_a_generated_spec_has_no_error_and_no_warning(size: int) -> None:
    spec, problems = load("bench.flash", lambda _: spec_text(size).encode("utf-8"))
    assert problems == []
    assert spec is not None
    assert len(spec.environments) == size
    assert len(spec.systems) == -(-size // PER_SYSTEM)


def test_no_two_environments_of_a_generated_spec_are_alike() -> None:
    spec, _ = load("bench.flash", lambda _: spec_text(PER_SYSTEM * 2).encode("utf-8"))
    assert spec is not None
    alike = {(e.clone.name, e.schedules[0].time, e.around, e.mails[0].address) for e in spec.environments}
    assert len(alike) == PER_SYSTEM * 2
    assert len({e.clone.name for e in spec.environments}) == CLONES * 2
    assert {type(a).__name__ for e in spec.environments for a in e.around} == {
        "HoldJob",
        "EndDomino",
        "RunCommand",
    }


def test_the_measuring_runs_and_prints_every_goal(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "bench" / "compiler.py"), "1", "2", "--runs", "1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    for size in (1, 2):
        for goal in ("Lark alone", "rendering + CL parser", "build again"):
            assert f"({size}) : {goal}" in done.stdout
    assert "flashc --help : import typer" in done.stdout


@pytest.mark.parametrize("on", [True, False])
def test_checking_leaves_the_collector_as_it_was(on: bool) -> None:
    def unreadable(_: str) -> bytes:
        raise OSError("gone")

    was_on = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        load("bench.flash", lambda _: spec_text(1).encode("utf-8"))
        load("bench.flash", lambda _: b"\xff { \n } environment")
        load("bench.flash", unreadable)
        assert gc.isenabled() is on
    finally:
        (gc.enable if was_on else gc.disable)()
