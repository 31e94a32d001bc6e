"""Reading CL files in any encoding, and the command `flashc cl check`."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest
from flashc.cl.parser import parse
from flashc.cl.reading import LIMIT, Unreadable, decode, read_source, without_sequence_numbers
from flashc.cli.main import run

PROGRAM = (
    "             PGM\n             DCL        VAR(&A) TYPE(*CHAR) LEN(10)\n"
    "             SNDPGMMSG  MSG('Über Straße') TOPGMQ(*EXT)\n             ENDPGM\n"
)

ENCODINGS = ["utf8", "mark", "cp1252", "utf16", "utf16be", "crlf", "cr", "ebcdic", "ebcdic-nl"]
ENCODINGS += ["ebcdic-80", "ebcdic-92", "ascii-112"]


def records(width: int) -> str:
    """The program as records of a source file: sequence number, date, data."""
    return "".join(f"{n:06}261121" + line.ljust(width) for n, line in enumerate(PROGRAM.splitlines()))


def names(text: str) -> list[str]:
    source, problems = parse(text)
    assert not problems
    return [s.command.name for s in source.statements if s.command]


@pytest.mark.parametrize(
    "data",
    [
        PROGRAM.encode("utf-8"),
        codecs.BOM_UTF8 + PROGRAM.encode("utf-8"),
        PROGRAM.encode("cp1252"),
        PROGRAM.encode("utf-16"),
        codecs.BOM_UTF16_BE + PROGRAM.encode("utf-16-be"),
        PROGRAM.replace("\n", "\r\n").encode("utf-8"),
        PROGRAM.replace("\n", "\r").encode("utf-8"),
        PROGRAM.encode("cp037"),
        PROGRAM.replace("\n", "\x85").encode("cp037"),
        "".join(line.ljust(80) for line in PROGRAM.splitlines()).encode("cp037"),
        "".join(f"{n:06}261121" + line.ljust(80) for n, line in enumerate(PROGRAM.splitlines())).encode(
            "cp037"
        ),
        "".join(f"{n:06}261121" + line.ljust(100) for n, line in enumerate(PROGRAM.splitlines())).encode(
            "utf-8"
        ),
    ],
    ids=[
        "utf8",
        "bom",
        "cp1252",
        "utf16le",
        "utf16be",
        "crlf",
        "cr",
        "ebcdic-lf",
        "ebcdic-nl",
        "ebcdic-80",
        "ebcdic-92",
        "ascii-112",
    ],
)
def test_encodings(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.clle"
    file.write_bytes(data)
    assert names(read_source(file)) == ["PGM", "DCL", "SNDPGMMSG", "ENDPGM"]


def test_umlauts_survive() -> None:
    for encoding in ("utf-8", "cp1252", "cp037", "utf-16"):
        assert "Über Straße" in decode(PROGRAM.encode(encoding)), encoding


def test_sequence_numbers_become_blanks() -> None:
    text = "0001.00 PGM\n0002.00 ENDPGM\n"
    assert without_sequence_numbers(text) == "        PGM\n        ENDPGM\n"
    seu = "000100041201     Pgm\n000200021010\n000300041211     /*-- x --*/\n001600021010     EndPgm\n"
    assert names(without_sequence_numbers(seu)) == ["PGM", "ENDPGM"]
    assert without_sequence_numbers(PROGRAM) == PROGRAM


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="folder"):
        read_source(tmp_path)
    with pytest.raises(Unreadable, match="check the name"):
        read_source(tmp_path / "missing.clle")
    (tmp_path / "binary").write_bytes(bytes(range(4)) * 1000 + b"\0" * 4000)
    with pytest.raises(Unreadable, match="binary"):
        read_source(tmp_path / "binary")
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(LIMIT + 1)
    with pytest.raises(Unreadable, match="limit"):
        read_source(tmp_path / "huge")


def test_an_empty_file_is_no_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "empty.clle"
    file.write_bytes(b"")
    assert run(["cl", "check", str(file)]) == 0
    assert "no problems" in capsys.readouterr().out


def test_the_command_gives_one_document_and_an_exit_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.clle", tmp_path / "bad.clle"
    good.write_text("PGM\nOWN A(1)\nENDPGM\n", encoding="utf-8")
    bad.write_text("PGM\nDLYJOB DLI(5)\nENDPGM\n", encoding="utf-8")
    assert run(["cl", "check", str(good), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [d["severity"] for d in document["diagnostics"]] == ["note"]
    assert run(["cl", "check", str(good), "--strict"]) == 1
    capsys.readouterr()
    assert run(["cl", "check", str(good), str(bad), str(tmp_path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert [(d["code"], Path(d["file"]).name, d["line"]) for d in found if d["severity"] == "error"] == [
        ("CPD0043", "bad.clle", 2),
        ("CL0001", tmp_path.name, 1),
    ]


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cl", "check"]) == 64
    assert run(["cl", "check", "x", "--tgtrls", "7.3"]) == 64
    assert "V7R3M0" in capsys.readouterr().err
