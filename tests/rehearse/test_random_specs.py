"""Random specs of the whole language are right, can be built, and what they say can be done.

A few of those that `make specs` makes; it makes as many as one likes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
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
