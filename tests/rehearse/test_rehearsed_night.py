"""The night of the example: it completes, every invariant holds, and it is always the same night."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from flashc.cli.main import run as flashc
from flashc.cli.rehearsing import Rehearsal, rehearse
from flashc.cli.runs import Run
from rehearsed import example, night, only, site

BEFORE = ["O02", "O05", "O06", "O24", "O30", "O10", "O15", "O17", "O65", "O40", "O48", "O49", "O22", "O35"]
WINDOW = ["O52", "O50", "O55", "O60", "O61", "O75", "O77", "O68", "O70"]
CLONE = ["C00", "C05", "C10", "C15", "C20", "C25", "C30", "C36", "C40", "C45", "C46", "C50", "C60", "C70"]
HOME = ["O85", "O86", "O87", "O88", "O89", "O95", "O96", "M01", "O99", "999"]
MOST_CALLS = 80
RUN = "20261118203500"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the night is kept, one folder a mode."""
    return tmp_path_factory.mktemp("nights")


@pytest.fixture(scope="module")
def whole(folder: Path) -> Rehearsal:
    """The night over SSH, with the sidecar in threads; it is kept."""
    return rehearse(*example(), site(), mode="thread", keep=folder / "thread")


@pytest.fixture(scope="module")
def in_memory(folder: Path) -> Rehearsal:
    """The night without a network; it is kept."""
    return rehearse(*example(), site(), mode="memory", keep=folder / "memory")


@pytest.fixture(scope="module")
def run(whole: Rehearsal) -> Run:
    """Its one run."""
    return only(whole)


def test_completed_and_every_invariant_held(run: Run) -> None:
    assert (run.result, run.detail) == ("completed", "")
    assert [one.id for one in run.invariants] == [f"S{n}" for n in range(1, 14)]
    assert [f"{one.id} {one.detail}" for one in run.broken] == []


def test_steps_of_both_sides_in_one_clock(run: Run) -> None:
    codes = [step.code for step in run.steps if step.kind == "result"]
    for wanted in (BEFORE + WINDOW, CLONE, HOME):
        places = [codes.index(code) for code in wanted]
        assert places == sorted(places), [codes[place] for place in places]
    assert (
        codes.index("O70") < codes.index("C00") < codes.index("O83") < codes.index("C70") < codes.index("O85")
    )
    assert {step.side for step in run.steps if step.code in CLONE} == {"clone"}
    assert [step.time for step in run.steps] == sorted(step.time for step in run.steps)
    flash = next(step for step in run.steps if step.code == "O55")
    assert "startfcconsistgrp SISTPROD_24" in flash.text


def test_times_are_those_of_the_source(run: Run) -> None:
    document = run.as_json()
    assert document["start"] == "2026-11-18T20:35:00.000+01:00"
    assert {step["time"][-6:] for step in document["steps"]} == {"+01:00"}
    assert document["end"].startswith("2026-11-19T02:")
    # The clone's clock is 4 minutes slow; the save lasts from C25 to C30 on any.
    save = {step.code: step.time for step in run.steps if step.code in ("C25", "C30", "O83", "O85")}
    assert save["C25"] < save["O83"] < save["C30"] < save["O85"]


def test_the_stable_interface(whole: Rehearsal) -> None:
    (document,) = whole.as_json()["runs"]
    wanted = {
        "environment",
        "operation",
        "result",
        "start",
        "end",
        "suspended_seconds",
        "steps",
        "invariants",
    }
    assert wanted <= set(document)
    assert (document["environment"], document["operation"]) == ("DAILY", "brms")
    for step in document["steps"]:
        assert {"code", "side", "time", "text"} <= set(step)
    for one in document["invariants"]:
        assert {"id", "held", "detail"} <= set(one)


def test_few_calls_of_the_sidecar(run: Run) -> None:
    assert 20 < run.sidecar_calls <= MOST_CALLS


def test_two_rehearsals_are_byte_identical_in_any_mode(whole: Rehearsal, in_memory: Rehearsal) -> None:
    first = json.dumps(whole.as_json())
    assert json.dumps(night(mode="thread").as_json()) == first
    assert json.dumps(in_memory.as_json()) == first


def test_the_real_zipapp_in_processes_makes_the_same_night(whole: Rehearsal) -> None:
    assert json.dumps(night(mode="process").as_json()) == json.dumps(whole.as_json())


def test_a_seed_varies_the_durations_and_nothing_else() -> None:
    from flashc.cli.site_choice import varied

    spec, bundle = example()
    assert varied(site(), 0) == site()
    runs = [
        only(rehearse(spec, bundle, varied(site(), seed), mode="memory", seed=seed)) for seed in (7, 7, 8)
    ]
    assert all(run.good for run in runs), [run.detail for run in runs]
    assert runs[0] == runs[1]
    assert runs[0].suspended_seconds != runs[2].suspended_seconds


@pytest.mark.parametrize("name", ["transcript.jsonl", "events.jsonl"])
@pytest.mark.usefixtures("whole", "in_memory")
def test_events_and_transcripts_are_the_same_in_any_mode(folder: Path, name: str) -> None:
    assert (folder / "memory" / name).read_text() == (folder / "thread" / name).read_text()


@pytest.mark.usefixtures("in_memory")
def test_kept_records(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(folder / "memory", tmp_path / "night", symlinks=True)
    folder = tmp_path / "night"
    events = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    assert "flash" in {event["kind"] for event in events}
    transcript = (folder / "transcript.jsonl").read_text()
    assert "startfcconsistgrp SISTPROD_24" in transcript
    records = json.loads((folder / "records.json").read_text())
    assert records["tables"]["FLRUN"][0][3] == "COMPLETED"
    assert "FLO0055" in (folder / "joblogs" / "SISTPROD.txt").read_text()
    assert json.loads((folder / "rehearsal.json").read_text())["runs"][0]["result"] == "completed"
    for command in ("history", "log", "status", "report"):
        assert flashc([command, "--world", str(folder), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert command == "status" or (told.get("runs") or [told])[0]["result"] == "completed"
    assert {one["id"] for one in told["invariants"]} >= {"S1", "S13"}
    assert flashc(["log", "--world", str(folder), "--file", "qhst.txt"]) == 0
    assert "CPF1124" in capsys.readouterr().out
    assert flashc(["history", "--world", str(tmp_path), "--json"]) == 0  # the one that is in it
    assert flashc(["history", "--world", str(folder / "joblogs"), "--json"]) == 3
    for form, said in (
        ("csv", RUN),
        ("json", RUN),
        ("prometheus", "# TYPE"),
        ("prtg", "{"),
        ("nagios", "OK"),
    ):
        out = tmp_path / form
        assert flashc(["export", "--world", str(folder), "--format", form, "--out", str(out)]) == 0
        assert said in out.read_text()
    assert flashc(["export", "--world", str(tmp_path / "none"), "--format", "nagios"]) == 3
    assert "FLASHC UNKNOWN" in capsys.readouterr().out
    assert flashc(["export", "--world", str(folder), "--max-age", "soon"]) == 64
    assert flashc(["history"]) == 64
    assert flashc(["history", "x.flash", "--world", str(folder)]) == 64
