"""The command `flashc cl check`: what it reads, what it writes, its exit status."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from flashc.cli.main import run

FIELDS = {"code", "severity", "message", "file", "line", "column", "end_line", "end_column", "help"}
BAD = "PGM\nDLYJOB DLI(5)\nENDPGM\n"


def test_an_empty_file_is_no_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "empty.clle"
    file.write_bytes(b"")
    assert run(["cl", "check", str(file)]) == 0
    assert "no problems" in capsys.readouterr().out


def test_the_command_gives_one_document_and_an_exit_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad, missing = tmp_path / "good.clle", tmp_path / "bad.clle", tmp_path / "missing.clle"
    good.write_text("PGM\nOWN A(1)\nENDPGM\n", encoding="utf-8")
    bad.write_text(BAD, encoding="utf-8")
    assert run(["cl", "check", str(good), "--json"]) == 0
    (note,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert note.keys() >= FIELDS
    assert (note["severity"], note["line"], note["column"], note["end_column"]) == ("note", 2, 1, 4)
    assert run(["cl", "check", str(good), "--strict"]) == 1
    capsys.readouterr()
    assert run(["cl", "check", str(good), str(bad), str(missing), "--json"]) == 1
    written = capsys.readouterr()
    found = json.loads(written.out)["diagnostics"]
    errors = [(d["code"], Path(d["file"]).name, d["line"]) for d in found if d["severity"] == "error"]
    assert errors == [("CPD0043", "bad.clle", 2), ("CL0001", "missing.clle", 1)]
    assert written.err == ""


def test_a_folder_is_checked_with_all_below_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in {
        "qclsrc/A.CLLE": "PGM\nENDPGM\n",
        "qclsrc/b.clp": BAD,
        "qcmdsrc/own.cmd": "CMD PROMPT('Own')\nPARM KWD(A) TYPE(*CHARS)\n",
        "qrpgsrc/c.rpgle": "no CL",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert run(["cl", "check", str(tmp_path)]) == 1
    written = capsys.readouterr()
    assert written.out == "3 files: 2 errors\n"
    assert "b.clp:2:" in written.err
    assert "own.cmd:2:" in written.err
    assert run(["cl", "check", str(tmp_path / "qrpgsrc")]) == 1
    assert "CL0001" in capsys.readouterr().err


def test_a_source_comes_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode("cp037"))))
    assert run(["cl", "check", "-"]) == 1
    assert "-:2:8: error CPD0043" in capsys.readouterr().err


@pytest.mark.parametrize("release", ["7.3", "V7R3M0", "v7r3m0"])
def test_a_release_is_written_in_two_ways(
    tmp_path: Path, release: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.clle"
    file.write_text("PGM\nINCLUDE SRCSTMF('/a')\nENDPGM\n", encoding="utf-8")
    assert run(["cl", "check", str(file)]) == 0
    assert run(["cl", "check", str(file), "--release", release]) == 1
    assert run(["cl", "check", str(file), "--tgtrls", "7.4"]) == 0
    assert "CL0216" in capsys.readouterr().err


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cl", "check"]) == 64
    assert run(["cl", "check", "x", "--release", "7.x"]) == 64
    assert "V7R3M0" in capsys.readouterr().err
