"""Nights that begin alike are played once up to where they part."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from flashc.cli.campaign import forked
from flashc.cli.campaign.forked import Branch, each


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "notes").write_text("begun")
    return tmp_path / "base"


@pytest.mark.parametrize("at_once", [1, 3])
def test_each_task_parts_where_it_is_forked_with_the_files_of_that_moment(base: Path, at_once: int) -> None:
    def play(branch: Branch) -> Any:
        notes, mine = Path("notes"), "trunk"
        for number in (2, 0):
            if branch(number):
                mine = f"child {number}"
                break
            notes.write_text(f"{notes.read_text()}, past {number}")
        return f"{mine}: {notes.read_text()}"

    found = dict(each(["a", "never", "c"], play, base, at_once))
    assert found == {
        "c": "child 2: begun",
        "a": "child 0: begun, past 2",
        "never": "trunk: begun, past 2, past 0",
    }
    assert (base / "notes").read_text() == "begun"


def test_the_trunk_ends_where_nothing_is_left(base: Path) -> None:
    def play(branch: Branch) -> Any:
        if not branch(0):
            (base / "notes").write_text("went on")
        return "over"

    assert list(each(["only"], play, base, 1)) == [("only", "over")]
    assert (base / "notes").read_text() == "begun"


def test_what_breaks_or_dies_is_the_result_of_its_own_task(base: Path) -> None:
    def play(branch: Branch) -> Any:
        if branch(0):
            raise ValueError("no such luck")
        if branch(1):
            os.kill(os.getpid(), signal.SIGKILL)
        if branch(2):
            os.kill(os.getpid(), signal.SIGALRM)  # as at its limit
        if branch(3):
            return "x" * 3_000_000
        raise KeyError("the trunk")

    found = dict(each([0, 1, 2, 3, 4], play, base, 2))
    assert found.pop(3) == "x" * 3_000_000
    assert found == {
        0: {"error": "ValueError: no such luck"},
        1: {"error": "the process of this night died"},
        2: {"error": "no end within 600 s of real time"},
        4: {"error": "KeyError: 'the trunk'"},
    }


def test_a_trunk_that_dies_is_the_end_of_all_that_is_left(base: Path) -> None:
    def play(_branch: Branch) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)

    assert dict(each([0, 1], play, base, 2)) == {0: forked.DIED, 1: forked.DIED}


def test_no_thread_is_lost_unseen(base: Path) -> None:
    def play(branch: Branch) -> Any:
        over = threading.Event()
        threading.Thread(target=over.wait, name="the other one", daemon=True).start()
        return branch(0)

    text = "TwinError: a thread would be lost by a fork: the other one"
    assert dict(each([0], play, base, 1)) == {0: {"error": text}}
