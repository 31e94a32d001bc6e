"""Random specs of the whole language are right, can be built, and what they say can be done.

A few of those that `make specs` makes; it makes as many as one likes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flashc.cli.campaign.campaign import Tally, Violation
from rehearse_specs import main, rehearsed, written


@pytest.mark.parametrize("number", range(1, 7))
def test_a_random_spec_completes(number: int, tmp_path: Path) -> None:
    outcome = rehearsed(written(tmp_path, 1, number))
    assert outcome.findings == ()
    assert outcome.runs


def test_a_seed_and_a_number_are_one_spec(tmp_path: Path) -> None:
    texts = {written(tmp_path / name, 7, 3).read_text(encoding="utf-8") for name in ("one", "other")}
    assert len(texts) == 1


def test_what_is_found_is_told_with_the_command_that_plays_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("rehearse_specs.random_spec", lambda _: {"any.flash": "system"})
    assert main(["--count", "1", "--jobs", "1", "--keep", str(tmp_path)]) == 5
    told = capsys.readouterr().out
    assert "check: FL" in told
    assert f"again: flashc rehearse {tmp_path}/1-1/any.flash --mode memory" in told
    assert (tmp_path / "1-1" / "any.flash").read_text(encoding="utf-8") == "system"


def test_random_faults_strike_a_random_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "1", "--faults", "1", "--jobs", "1", "--keep", str(tmp_path)]) == 0
    assert "nights with faults; 0 specs with findings" in capsys.readouterr().out


def test_a_fault_that_is_not_survived_is_told_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def one(_world: object, environments: list[str], _choice: object, tally: Tally, **_: int) -> None:
        tally.violations.append(Violation(environments[0], ("refused@source:FLX:1:CALL#1",), "S5", "left"))

    monkeypatch.setattr("rehearse_specs.campaign", one)
    assert main(["--count", "1", "--faults", "1", "--jobs", "1", "--keep", str(tmp_path)]) == 5
    told = capsys.readouterr().out
    assert "--fault 'refused@source:FLX:1:CALL#1': S5 left" in told
    assert " --faults --fault 'refused@source:FLX:1:CALL#1'\n" in told
