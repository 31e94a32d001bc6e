"""CL as it is written elsewhere: other styles, other files, nothing to complain of."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashc.cl.checker import check_text
from flashc.cl.reading import decode, without_sequence_numbers

WILD = sorted((Path(__file__).parent / "wild").iterdir())
TEXTS = {file.name: file.read_text(encoding="ascii") for file in WILD}


def complaints(text: str) -> list[tuple[int, str, str]]:
    found = check_text(text, "wild.clle")
    return [(d.span.line, d.code, d.message) for d in found if d.severity != "note"]


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_is_wrong_with_it(name: str) -> None:
    assert complaints(TEXTS[name]) == []


@pytest.mark.parametrize("name", TEXTS)
def test_nor_in_another_file(name: str) -> None:
    text = TEXTS[name]
    lines = text.splitlines()
    numbered = "".join(f"{n:04}.00 {line}\n" for n, line in enumerate(lines, 1))
    for data in (
        text.replace("\n", "\r\n").encode("ascii"),
        text.upper().encode("utf-16"),
        text.lower().encode("ascii"),
        text.expandtabs().replace("        ", "\t").encode("ascii"),
        text.encode("cp037"),
        numbered.encode("cp1252"),
    ):
        assert complaints(without_sequence_numbers(decode(data))) == []


def test_a_member_without_line_ends_is_read_as_records() -> None:
    lines = TEXTS["prompted.clp"].splitlines()
    records = "".join(f"{n:06}260101{line:<80}" for n, line in enumerate(lines, 1))
    for data in (records.encode("ascii"), records.encode("cp037")):
        assert complaints(without_sequence_numbers(decode(data))) == []
