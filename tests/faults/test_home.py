"""What comes home of a night: each file that the clone delivers, and what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flashtwin.events import Event
from flashtwin.ifs import host_path
from nights import Played, played

RUN = "20261118203500"
CLONE = "SISTPROD_24"


@pytest.fixture(scope="module")
def night() -> Iterator[Played]:
    with played() as night:
        assert night.run.good
        yield night


def delivered(night: Played) -> dict[str, str]:
    """The text files of the run in production's inbox."""
    folder: Path = host_path(night.stage.image, f"/flashc/BCKFLASHP/inbox/{RUN}")
    return {one.name: one.read_text() for one in folder.iterdir() if one.suffix == ".txt"}


def clone_time(night: Played, event: Event) -> str:
    """A time of the world by the clone's clock, as its logs show it."""
    skew = night.stage.world.partition(CLONE).clock_offset
    return f"{night.stage.local(event.time + skew):%Y-%m-%d %H:%M:%S}"


def started(night: Played) -> Event:
    (event,) = [
        e for e in night.stage.world.events.of("partition_power", system=CLONE) if e["state"] == "Starting"
    ]
    return event


def test_the_history_log_is_the_clones_since_its_ipl(night: Played) -> None:
    lines = delivered(night)["qhst.txt"].splitlines()
    assert "CPF0909 00 IPL started." in lines[0]
    assert lines[0][:19] >= clone_time(night, started(night))
    assert any("CPF0968" in line for line in lines)  # restricted for the save
    assert len(night.stage.image.history) > 0
    assert not [line for line in lines if "FLDDAILY" in line]


def test_the_brms_log_is_that_of_the_save(night: Played) -> None:
    lines = delivered(night)["brmslog.txt"].splitlines()
    assert [re.split(r"\s+", line)[1] for line in lines] == ["BRM15A1", "BRM1380", "BRM1049", "BRM15A1"]
    assert all(line.split()[2] == "SAV21" for line in lines[1:3])
    assert lines[0][:10] == clone_time(night, started(night))[:10]


def test_the_job_logs_are_those_of_save_and_delivery(night: Played) -> None:
    files = delivered(night)
    assert "FLC0030" in files["savejob.txt"]
    assert "FLC0035" in files["joblog.txt"]


def test_what_came_early_is_said_with_it(night: Played) -> None:
    (line,) = delivered(night)["transfer.txt"].splitlines()
    assert re.fullmatch(r"2026-11-18T\d\d:\d\d:\d\dZ early, \d+ s: sent \d+ files, \d+ bytes to .*", line)
