"""Reading CL files in any encoding."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from flashc.cl.parser import parse
from flashc.cl.reading import LIMIT, Unreadable, decode, read_source, without_sequence_numbers

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
