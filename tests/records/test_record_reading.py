"""Records as they come over the line: rows, what was cut, what is missing; manifests of somebody else."""

from __future__ import annotations

import datetime as dt

import pytest
from flashc.deploy import sql as q
from flashc.deploy.errors import DeployError
from flashc.records.manifests import read_manifest
from flashc.records.partition import lock_of, moment, row_of, run_of, waiting_rows

KINDS = {"R": "the runs"}


def row(*fields: str, end: str = "<") -> str:
    return "FL>R>" + ">".join(f.encode("utf-8").hex().upper() for f in fields) + end


def printed(*lines: str) -> str:
    """What Qshell's db2 prints around them."""
    return "\n".join(
        ["", "00001 ", "------", *(f"{line}   " for line in lines), "", "  2 RECORD(S) SELECTED.", ""]
    )


def test_any_letter_comes_through() -> None:
    told = ("20261118203500", "Volúmenes: «é» > < \\ '", "", "雪")
    assert q.rows_of(printed(row(*told), "FL>R>"), KINDS) == {"R": [list(told)]}


def test_a_row_that_was_cut_is_never_shown() -> None:
    with pytest.raises(DeployError, match="was cut"):
        q.rows_of(printed(row("20261118203500", end=""), "FL>R>"), KINDS)


def test_a_query_that_did_not_end_says_what_it_said() -> None:
    with pytest.raises(DeployError, match=r"does not tell the runs: .*SQL0204"):
        q.rows_of(printed(row("x"), "**** CLI ERROR *****", "SQL0204 FLRUN not found"), KINDS)
    with pytest.raises(DeployError, match="no answer"):
        q.rows_of("", KINDS)


def test_where_nothing_is_deployed_only_the_reason_is_told_and_what_to_do() -> None:
    heading = "'FL>I>' || HEX(FL_VARCHAR(COAL"
    said = printed(heading, "FL>R>", "**** CLI ERROR *****", "SQL0204: BCKFLASHP in *N not found.")
    with pytest.raises(DeployError) as told:
        q.rows_of(said.replace("FL>R>", ""), KINDS)
    assert str(told.value) == (
        "SQL on the partition does not tell the runs: SQL0204: BCKFLASHP in *N not found. "
        "Is anything deployed there? See flashc plan."
    )


def test_queries_hold_nothing_that_a_shell_would_take() -> None:
    with pytest.raises(ValueError, match="a shell takes"):
        q.line_of(["SELECT '$HOME' FROM T"])
    line = q.line_of([q.select("R", ["RUN"], "FROM LIB.FLRUN")])
    assert line.startswith("/QOpenSys/usr/bin/qsh -c 'db2 \"SELECT ")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("20261118203500", dt.datetime(2026, 11, 18, 20, 35)),
        ("2026-11-18-20.35.00.200000", dt.datetime(2026, 11, 18, 20, 35, 0, 200000)),
        ("", None),
        ("20269918203500", None),
    ],
)
def test_times(text: str, wanted: dt.datetime | None) -> None:
    assert moment(text) == wanted


def test_rows_of_the_tables() -> None:
    told = ["20261118203500", "DAILY     ", "CLOSED", "COMPLETED", "20261118203500", ""]
    run = run_of([*told, "4,200", "3", "", "", "-240"])
    assert (run.environment, run.ended, run.suspended, run.quiesce) == ("DAILY", None, 4.2, 3.0)
    assert (run.hold, run.clock_offset_s) == (None, -240)
    journal = row_of(["20261118203500", "C", "7", "2026-11-18-21.06.44.000000", "R", "C05", "FLC0005", "x"])
    assert (journal.side, journal.seq, journal.code) == ("clone", 7, "C05")
    assert (
        lock_of(["clone A", "20261118203500", "FLDDAILY  FLASHC    142116"]).job == "142116/FLASHC/FLDDAILY"
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"files": [{"name": "../x", "size": 1, "sha256": "' + b"0" * 64 + b'"}]}',
        b'{"files": [{"name": "x", "size": -1, "sha256": "' + b"0" * 64 + b'"}]}',
        b'{"files": [{"name": "x", "size": 1, "sha256": "no"}]}',
        b'{"files": ' + b"[" * 100_000,
    ],
)
def test_a_manifest_that_no_delivery_may_have(data: bytes) -> None:
    with pytest.raises(DeployError, match="cannot be read"):
        read_manifest(data, "final")


def waiting(kind: str, seconds: str, text: str, run: str = "20261118203500") -> str:
    """A row as FLJRNL keeps it."""
    return f"{run}S2026-11-18-20.45.{seconds}.000000{kind}O77FLU0022{text}"


def test_rows_that_wait_to_be_written_come_behind_those_that_are() -> None:
    written = [row_of(["20261118203500", "S", "7", "2026-11-18-20.44.44.000000", "B", "O77", "FLU0022", "x"])]
    texts = [
        waiting("R", "12", "late"),
        waiting("Z", "11", "x"),
        waiting("B", "10", "an undo that was refused"),
        waiting("R", "10", "of another run", "20261117203500"),
        "nothing of ours",
    ]
    found = waiting_rows(texts, ["20261118203500"], written)
    assert [(row.seq, row.kind, row.side, row.msgid, row.text) for row in found] == [
        (8, "Z", "source", "FLU0022", "x"),
        (9, "R", "source", "FLU0022", "late"),
    ]
