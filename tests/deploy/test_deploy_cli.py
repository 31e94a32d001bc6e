"""The dialogue of trust and deploy: who is asked, and what a terminal shows."""

from __future__ import annotations

import io
import sys

import pytest
from flashc.cli import deploy, partition
from flashc.deploy import Step


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "agreed"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_a_person_is_asked(typed: str, agreed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert partition.may("Pin these keys?", False) is agreed


def test_nobody_to_ask_is_no(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert not partition.may("Pin these keys?", False)
    assert "--yes" in capsys.readouterr().err
    assert partition.may("Pin these keys?", True)


def test_a_terminal_shows_the_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with deploy._progress(False) as report:
        report(Step(3, 9, "BCKFLASHP/FLJRNL *PGM [odd]"))
    assert "3/9" in screen.getvalue()
    assert "FLJRNL *PGM [odd]" in screen.getvalue()


def test_nothing_is_shown_to_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    with deploy._progress(False) as report:
        report(Step(1, 2, "X"))
    assert capsys.readouterr() == ("", "")


def test_the_pins_are_beside_the_spec() -> None:
    assert (
        str(partition.pins_path("specs/nightly.flash", None)).replace("\\", "/")
        == "specs/nightly.known_hosts"
    )
