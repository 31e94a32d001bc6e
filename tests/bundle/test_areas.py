"""The columns of the shared data areas in the generated CL are those of `flashc.runbook.areas`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flashc.bundle import build
from flashc.check.load import load
from flashc.runbook.areas import RECORD, TICKET, Field

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LENGTH = 256
_RECORD = re.compile(r"DTAARA\(\w+/(?:&REC|FLR\d{4}) \((\d+) (\d+)\)\)")
_TICKET = re.compile(r"DTAARA\(\w+/(?:&TKTDTA|&TICKET|FLT\d{4}) \((\d+) (\d+)\)\)|%SST\(&TKT (\d+) (\d+)\)")
_STATE = re.compile(r"%SST\(&STATE (\d+) (\d+)\)")
ALSO_AN_ENTRY = {"FLSTRENV.clle"}
"""There &STATE holds a schedule entry as well."""


@pytest.mark.parametrize("area", [RECORD, TICKET], ids=["record", "ticket"])
def test_fields_lie_side_by_side(area: tuple[Field, ...]) -> None:
    ends = [1, *(one.at + one.length for one in area)]
    assert [one.at for one in area] == ends[:-1]
    assert ends[-1] <= LENGTH + 1


def _used(text: str, name: str) -> Iterator[tuple[tuple[Field, ...], int, int]]:
    for found in _RECORD.finditer(text):
        yield RECORD, int(found[1]), int(found[2])
    for found in _TICKET.finditer(text):
        yield TICKET, int(found[1] or found[3]), int(found[2] or found[4])
    for found in _STATE.finditer(text if name not in ALSO_AN_ENTRY else ""):
        yield RECORD, int(found[1]), int(found[2])


def _is_known(area: tuple[Field, ...], at: int, length: int) -> bool:
    """Whether columns are a part of one field, or whole fields side by side."""
    touched = [one for one in area if one.at < at + length and at < one.at + one.length]
    if len(touched) == 1:
        return touched[0].what != "not used" and at + length <= touched[0].at + touched[0].length
    return bool(touched) and (at, length) == (touched[0].at, sum(one.length for one in touched))


@pytest.mark.parametrize("example", ["nightly_brms", "week", "anonymise", "quiet"])
def test_programs_use_known_columns(example: str) -> None:
    spec, _ = load(EXAMPLES / f"{example}.flash")
    assert spec is not None
    seen = 0
    for name, data in build(spec)[0].files.items():
        if name.endswith(".clle"):
            text = re.sub(r" ?\+\n +", " ", data.decode("ascii"))
            uses = list(_used(text, name.rsplit("/")[-1]))
            assert not [(at, length) for area, at, length in uses if not _is_known(area, at, length)], name
            seen += len(uses)
    assert seen > 100
