"""flashc calendar: starts and left out dates, JSON, iCalendar."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flashc.cli.main import run


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    assert run(["calendar", *words, "--json"]) == 0
    runs: list[dict[str, object]] = json.loads(capsys.readouterr().out)["runs"]
    return runs


@pytest.fixture
def allday(root: Path) -> str:
    """A spec with exceptions and schedules of several kinds."""
    return str(root / "examples/allday.flash")


def test_every_night_of_a_month(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = str(root / "examples/nightly_brms.flash")
    runs = told(capsys, spec, "--from", "2026-11-18", "--days", "30")
    assert len(runs) == 30
    assert runs[0] == {
        "time": "2026-11-18T20:35:00",
        "environment": "DAILY",
        "system": "SISTPROD",
        "clone": "SISTPROD_24",
        "operation": "brms",
        "omitted": False,
    }


def test_exceptions_are_shown_and_not_started(allday: str, capsys: pytest.CaptureFixture[str]) -> None:
    runs = told(capsys, allday, "--from", "2026-12-20", "--days", "14")
    left_out = {(str(one["time"])[:10], one["environment"]) for one in runs if one["omitted"]}
    assert {day for day, _ in left_out} == {"2026-12-25", "2026-12-26", "2027-01-01"}
    assert [one["time"] for one in runs] == sorted(str(one["time"]) for one in runs)
    assert run(["calendar", allday, "--from", "2026-12-25", "--days", "1"]) == 0
    assert "left out, as the spec says" in capsys.readouterr().out


def test_an_icalendar_file(allday: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "runs.ics"
    words = [allday, "--from", "2026-12-20", "--days", "14"]
    planned = [one for one in told(capsys, *words) if not one["omitted"]]
    assert run(["calendar", *words, "--ical", str(path)]) == 0
    data = path.read_bytes()
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.decode().split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = data.decode().replace("\r\n ", "").split("\r\n")
    starts = [line.removeprefix("DTSTART:") for line in whole if line.startswith("DTSTART:")]
    assert starts == [str(one["time"]).replace("-", "").replace(":", "") for one in planned]
    ids = [line for line in whole if line.startswith("UID:")]
    assert len(set(ids)) == len(planned)


def test_what_is_started_by_others_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in sorted((root / "examples").glob("*.flash")):
        assert run(["calendar", str(path), "--days", "366", "--json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["runs"] or document["not_scheduled"], path.name


@pytest.mark.parametrize(
    "words", [["--from", "tomorrow"], ["--environment", "NONE"], ["--days", "0"], ["--days", "99999"]]
)
def test_wrong_usage(allday: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["calendar", allday, *words]) == 64
    assert capsys.readouterr().err
