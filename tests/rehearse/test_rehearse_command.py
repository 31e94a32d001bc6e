"""The commands `flashc rehearse` and `flashc demo`: exit status, JSON, text, derived sites."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flashc.cli.main import run
from rehearsed import EXAMPLES

SPEC = str(EXAMPLES / "nightly_brms.flash")
NAMES = {
    "SISTPROD_24": "ERPCLONE",
    "SISTPROD_1": "ERPSAFE",
    "SISTPROD": "ERPPROD",
    "sistprod": "erpprod",
    "78ABC12": "21F00D7",
    "BCKFLASHP": "FLASHERP",
    "DAILY": "NIGHT",
    "lpar 24": "lpar 3",
    "partition 56": "partition 9",
    "20:35": "01:15",
    "SAV21": "FULLSAVE",
    "TAPMLB01": "TAPLIB7",
    "QUSRSSH/CPY": "MIRROR/SENDER",
    "DOMINO02": "NOTES1",
    "192.168.99": "172.16.7",
    "10.1.0": "10.44.3",
    "vlan 99": "vlan 777",
    "V7000": "FS9200",
}


def _other(folder: Path) -> Path:
    """The example's spec with every name another one, and no site beside it."""
    text = Path(SPEC).read_text(encoding="utf-8")
    for old, new in NAMES.items():
        text = text.replace(old, new)
    file = folder / "erp.flash"
    file.write_text(text, encoding="utf-8")
    return file


def test_json_of_a_good_night(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rehearse", SPEC, "--mode", "memory", "--json"]) == 0
    out = capsys.readouterr()
    (one,) = json.loads(out.out)["runs"]
    assert (one["environment"], one["result"], one["suspended_seconds"]) == ("DAILY", "completed", 4.2)
    assert all(verdict["held"] for verdict in one["invariants"])
    assert out.err == ""


def test_text_has_two_columns_and_no_colour(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rehearse", SPEC, "--mode", "memory"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "nightly_brms.site.toml" in out
    lines = out.splitlines()
    flash = next(line for line in lines if " O55 " in line and "Flash taken" in line)
    save = next(line for line in lines if " C30 " in line and "Save ended" in line)
    assert flash.index("O55") < save.index("C30")
    assert flash.index("Flash") < save.index("Save")
    assert "quiesce 3.0 s | hold 1.0 s | resume 0.2 s; resumed by driver" in out
    assert "COMPLETED" in out
    assert "S13 held" in out


def test_a_spec_with_other_names_on_a_derived_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = _other(tmp_path)
    assert run(["rehearse", str(file), "--mode", "memory"]) == 0
    out = capsys.readouterr().out
    assert "site derived from the spec" in out
    assert "01:15 |" in out
    assert "startfcconsistgrp ERPCLONE" in out
    assert "SISTPROD" not in out


def test_vios_and_standby_on_a_derived_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _other(tmp_path)
    text = file.read_text(encoding="utf-8")
    for old, new in (
        ("    network   isolated", '    volumes   vios "VIOSA" and "VIOSB"\n    network   isolated'),
        ("\nmail server", '\nconsole HMC2 is hmc { address "10.7.0.9" user "two" key "two" }\nmail server'),
        ('user "flashc"  key "hmc1_ed25519" }', 'user "flashc"  key "hmc1_ed25519"  standby HMC2 }'),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    assert run(["rehearse", str(file), "--mode", "memory", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["runs"]
    assert one["result"] == "completed"
    texts = {step["code"]: step["text"] for step in one["steps"]}
    assert "unmapped on VIOSA, VIOSB, 8 devices removed" in texts["O18"]
    assert "mapped on VIOSA, VIOSB, 8 devices made" in texts["O67"]


def test_only_the_environment_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _week(tmp_path)
    assert run(["rehearse", str(file), "--environment", "WEEKLY", "--mode", "memory", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["runs"]
    assert (one["environment"], one["start"][:16]) == ("WEEKLY", "2026-11-22T03:00")


def test_a_refused_run_is_status_5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = (EXAMPLES / "nightly_brms.site.toml").read_text(encoding="utf-8")
    other = tmp_path / "other.site.toml"
    other.write_text(site.replace("id = 56\n", "id = 57\n"), encoding="utf-8")
    assert run(["rehearse", SPEC, "--site", str(other), "--mode", "memory", "--json"]) == 5
    (one,) = json.loads(capsys.readouterr().out)["runs"]
    assert one["result"] == "refused"
    assert not [step for step in one["steps"] if step["code"].startswith("O5") and step["code"] != "O05"]


def test_all_runs_of_a_week_when_there_are_several_environments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = _week(tmp_path)
    assert run(["rehearse", str(file), "--mode", "memory", "--json"]) == 0
    runs = json.loads(capsys.readouterr().out)["runs"]
    assert [(one["environment"], one["start"][:16]) for one in runs] == [
        ("DAILY", "2026-11-19T20:35"),
        ("WEEKLY", "2026-11-22T03:00"),
    ]


def _week(folder: Path) -> Path:
    """Two environments on one clone, and no site beside the spec."""
    text = Path(SPEC).read_text(encoding="utf-8")
    text = text.replace("every day at 20:35", "every thu at 20:35")
    text += """
environment WEEKLY on SISTPROD_24 {
    every sun at 03:00
    quiesce within 60s otherwise abort
    resume within 30s
    on clone brms { group SAV21 library TAPMLB01 restricted within 8h }
    leave clone off
}
"""
    file = folder / "week.flash"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["missing.flash"], 1, "missing.flash"),
        ([SPEC, "--site", "missing.toml"], 1, "missing.toml: cannot be read"),
        ([SPEC, "--environment", "NONE"], 64, "no environment NONE"),
        ([SPEC, "--keep", str(EXAMPLES)], 64, "is not empty"),
        ([SPEC, "--mode", "magic"], 64, "magic"),
        ([SPEC, "--seed", "-1"], 64, "--seed"),
    ],
)
def test_wrong_calls(
    arguments: list[str], status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rehearse", *arguments]) == status
    out = capsys.readouterr()
    assert says in out.err
    assert out.out == ""
    assert run(["rehearse", *arguments, "--json"]) == status
    assert isinstance(json.loads(capsys.readouterr().out), dict)


def test_a_clone_that_is_the_source_does_not_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(SPEC).read_text(encoding="utf-8")
    file = tmp_path / "same.flash"
    file.write_text(text.replace('partition 56 "SISTPROD_24"', 'partition 24 "SISTPROD"'), encoding="utf-8")
    assert run(["rehearse", str(file)]) == 1
    assert "FL3011" in capsys.readouterr().err


def test_demo_shows_the_whole_way(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--mode", "memory"]) == 0
    out = capsys.readouterr().out
    parts = ["Build:", "Trust:", "Deploy over SSH", "CHGSYSVAL SYSVAL(QSTRUPPGM)", "Night:"]
    parts += ["Log of DAILY", "Timeline", "Verdict    COMPLETED", "Invariants", "calls of the sidecar"]
    places = [out.index(part) for part in parts]
    assert places == sorted(places)
    assert "the guard's report: P" in out
    # Into a pipe the night goes once, as the log of its run.
    assert len(re.findall(r"O50 .*\*SYSBAS suspended", out)) == 1
    assert "BROKEN" not in out
