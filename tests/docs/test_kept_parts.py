"""A campaign that was interrupted goes on behind its last part, and only with the same sources."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "measure_faults.py"
SPEC, OTHER = Path("examples/nightly.flash"), Path("examples/other.flash")
FOUND = {
    "points": 9,
    "injected": 3,
    "by_kind": {"refused": 3},
    "completed_though_disturbed": 1,
    "outcomes": {"completed": 1, "failed": 2},
    "promised": {"completed": 1},
    "survived": 2,
    "not_fired": 0,
    "nights": 6,
    "violations": [{"fault": "refused@x", "invariant": "S5", "detail": "", "environment": "DAILY"}],
    "seconds": 2.0,
    "parts": 1,
}


@pytest.fixture
def measure(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, as a module."""
    found = importlib.util.spec_from_file_location("measure_faults", SCRIPT)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    monkeypatch.setitem(sys.modules, "measure_faults", module)
    found.loader.exec_module(module)
    return module


class Plays:
    """Stands for the command line; breaks off at one part."""

    def __init__(self, breaks_at: str = "") -> None:
        self.breaks_at = breaks_at
        self.parts: list[str] = []

    def __call__(self, wanted: list[str]) -> dict[str, Any]:
        part = f"{Path(wanted[1]).stem} {wanted[wanted.index('--part') + 1]}"
        if part == self.breaks_at:
            raise KeyboardInterrupt
        self.parts.append(part)
        return dict(FOUND)


def test_what_was_played_is_not_played_again(
    measure: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = measure.Ledger(tmp_path / "kept", "sources")
    monkeypatch.setattr(measure, "_played", first := Plays("nightly 3/4"))
    with pytest.raises(KeyboardInterrupt):
        measure.campaigns({SPEC: []}, 4, ledger, so_far=False)
    assert first.parts == ["nightly 1/4", "nightly 2/4"]
    assert measure.campaigns({SPEC: []}, 4, ledger, so_far=True)[SPEC]["injected"] == 6

    monkeypatch.setattr(measure, "_played", rest := Plays())
    whole = measure.campaigns({SPEC: []}, 4, ledger, so_far=False)[SPEC]
    assert rest.parts == ["nightly 3/4", "nightly 4/4"]
    assert (whole["points"], whole["injected"], whole["nights"], whole["parts"]) == (9, 12, 24, 4)
    assert (whole["outcomes"], whole["seconds"]) == ({"completed": 4, "failed": 8}, 8.0)
    assert len(whole["violations"]) == 4


def test_an_interruption_leaves_something_of_each_example(
    measure: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = measure.Ledger(tmp_path / "kept", "sources")
    monkeypatch.setattr(measure, "_played", plays := Plays("other 2/2"))
    with pytest.raises(KeyboardInterrupt):
        measure.campaigns({SPEC: [], OTHER: []}, 2, ledger, so_far=False)
    assert plays.parts == ["nightly 1/2", "other 1/2", "nightly 2/2"]
    kept = measure.campaigns({SPEC: [], OTHER: []}, 2, ledger, so_far=True)
    assert {spec.stem: one["parts"] for spec, one in kept.items()} == {"nightly": 2, "other": 1}


def test_other_options_and_other_sources_begin_anew(
    measure: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "_played", Plays())
    measure.campaigns({SPEC: []}, 2, measure.Ledger(tmp_path, "sources"), so_far=False)
    for options, sources in ((["--seed", "2"], "sources"), ([], "changed")):
        monkeypatch.setattr(measure, "_played", again := Plays())
        ledger = measure.Ledger(tmp_path, sources)
        assert measure.campaigns({SPEC: options}, 2, ledger, so_far=True) == {}
        measure.campaigns({SPEC: options}, 2, ledger, so_far=False)
        assert again.parts == ["nightly 1/2", "nightly 2/2"]
