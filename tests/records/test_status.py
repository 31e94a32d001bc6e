"""What is proposed for an open run: by its record alone, as FLRCVENV and FLRESTRT look at it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from flashc.records.history import steps, view
from flashc.records.model import CloneFacts, CloneRecord, EnvironmentFacts, Holder, Now, Product, Row, RunRow
from flashc.records.status import propose, restart_point, status

RUN = "20261118203500"
CLONE = CloneFacts("SISTPROD_24", 56)
BRMS = EnvironmentFacts("DAILY", CLONE.name, "brms", starts_clone=True, brms=True, after_point="O96")
USER = EnvironmentFacts("DAILY", CLONE.name, "user", starts_clone=True, brms=False, after_point="")
NONE = EnvironmentFacts("DAILY", CLONE.name, "none", starts_clone=False, brms=False, after_point="O93")
JOB = "142116/FLASHC/FLDDAILY"


def record(phase: str, *columns: int) -> CloneRecord:
    """A record in this phase, with '1' in these columns."""
    text = list(f"{RUN}{'DAILY':<10}{phase:<10}".ljust(256))
    text[40:66] = f"{'FLDDAILY':<10}{'FLASHC':<10}142116"
    for column in columns:
        text[column - 1] = "1"
    return CloneRecord(CLONE, "".join(text), "")


STRPRC, STARTED, RESTORED, PROVEN, HOME = 35, 36, 38, 105, 106


@pytest.mark.parametrize(
    ("environment", "columns", "point"),
    [
        (BRMS, (), ""),
        (BRMS, (STRPRC,), ""),
        (BRMS, (STRPRC, PROVEN), "O70"),
        (BRMS, (PROVEN,), ""),
        (BRMS, (STRPRC, PROVEN, STARTED), "O80"),
        (BRMS, (STRPRC, PROVEN, STARTED, HOME), "O86"),
        (BRMS, (STRPRC, PROVEN, STARTED, HOME, RESTORED), "O86"),
        (BRMS, (PROVEN, STARTED, HOME, RESTORED), "O96"),
        (BRMS, (PROVEN, STARTED), ""),
        (USER, (PROVEN, STARTED), "O80"),
        (USER, (PROVEN,), "O70"),
        (USER, (PROVEN, STARTED, HOME), ""),
        (NONE, (PROVEN,), "O93"),
        (NONE, (), ""),
    ],
)
def test_where_a_run_may_go_in_again(
    environment: EnvironmentFacts, columns: tuple[int, ...], point: str
) -> None:
    found, against = restart_point(record("CLOSE", *columns), environment)
    assert found == point
    assert bool(against) == (not point)


def test_proposals() -> None:
    def of(phase: str, *columns: int, alive: bool = False) -> tuple[str, str]:
        found = propose(record(phase, *columns), BRMS, alive=alive)
        return found.act, found.command

    undo = ("undo", "FLRCVENV ENV(DAILY) OPTION(*UNDO)")
    assert of("WATCH", STRPRC, PROVEN, STARTED, alive=True) == ("wait", "FLENDENV ENV(DAILY)")
    assert of("PREPARE") == undo
    assert of("WINDOW", STRPRC) == undo
    assert "may be suspended" in propose(record("WINDOW"), BRMS, alive=False).why
    # Behind a RESUME that was granted the ticket of the run is closed, another's says nothing.
    for ticket, why in (
        (f"CLOSED    {RUN}", "it cannot go on"),
        ("CLOSED    20261117203500", "may be suspended"),
    ):
        resumed = replace(record("WINDOW"), ticket=ticket)
        assert why in propose(resumed, BRMS, alive=False).why
    assert of("WATCH", STRPRC, PROVEN, STARTED)[1] == "FLRCVENV ENV(DAILY) OPTION(*CONTINUE)"
    assert of("HOME", STRPRC, PROVEN, STARTED, HOME)[1] == "FLSTRENV ENV(DAILY) RESTART(O86)"
    assert of("WATCH", PROVEN, STARTED) == undo
    assert "end the clone first" in propose(record("PROVE", STRPRC, STARTED), BRMS, alive=False).why
    text = record("CLOSE").text
    refused = replace(record("CLOSE"), text=f"{text[:34]}R{text[35:]}")
    found = propose(refused, BRMS, alive=False)
    assert (found.act, found.command) == undo
    assert "BRMS refused *STRPRC and may be in it" in found.why
    assert propose(record("PREPARE"), None, alive=False).act == "undo"
    assert propose(record("WINDOW"), BRMS, alive=False, guarded=True).act == "wait"
    assert propose(record("CHECK"), BRMS, alive=False, left=False).act == "close"
    assert propose(record("CHECK", STRPRC), BRMS, alive=False, left=False).act == "undo"


def row(seq: int, kind: str, code: str, text: str, msgid: str = "", side: str = "source") -> Row:
    time = dt.datetime(2026, 11, 18, 20, 35, seq)
    return Row(RUN, side, seq, time, kind, code, msgid or f"FLO00{code[1:]}", text)  # type: ignore[arg-type]


def test_what_is_not_undone_is_the_duty_without_its_end() -> None:
    rows = [
        row(1, "A", "O77", "QSYS/RLSJOB JOB(1/A/B)", "FLU1001"),
        row(2, "A", "O75", "STRDOMSVR SERVER(X)", "FLU1002"),
        row(3, "B", "O41", "CHGDTAARA", "FLU2001"),
        row(4, "Z", "O75", "STRDOMSVR SERVER(X)", "FLU1002"),
        row(5, "X", "O77", "QSYS/RLSJOB JOB(1/A/B)", "FLU1001"),
        row(6, "I", "O61", "group"),
    ]
    product = Product("S", "L", "LG", "/flashc/L", (("1", 24),), (CLONE,), (BRMS,))
    now = Now(dt.datetime(2026, 11, 18, 21), (record("WINDOW"),), (), (Holder("FLKWIN", JOB),))
    found = status(product, now, rows)
    (opened,) = found.open
    assert opened.not_undone == ("CHGDTAARA", "QSYS/RLSJOB JOB(1/A/B)")
    assert (opened.alive, found.suspended) == (True, True)
    assert opened.last is not None
    assert opened.last.kind == "unknown"


@pytest.mark.parametrize(
    ("state", "result", "rows", "outcome"),
    [
        ("OPEN", "", [], "open"),
        ("OPEN", "", [row(1, "R", "O99", "Result: NEEDSYOU O86 FLE0036")], "needs you"),
        ("CLOSED", "SKIPPED", [], "skipped"),
        ("CLOSED", "FAILED", [row(1, "N", "O55", "no answer", "FLE0024")], "failed"),
    ],
)
def test_the_true_outcome(state: str, result: str, rows: list[Row], outcome: str) -> None:
    found = view(RunRow(RUN, "DAILY", state, result, None, None, None, None, None, None), rows, BRMS)
    assert found.outcome == outcome
    assert found.detail == ("O55 FLE0024 no answer" if outcome == "failed" else rows[0].text if rows else "")


@pytest.mark.parametrize(
    "said",
    ["Space of the copies, before this one: 12 percent", "Espace des copies, avant celle-ci : 12 percent"],
)
def test_a_run_tells_what_the_copies_took_before_it(said: str) -> None:
    rows = [row(1, "R", "O06", "All checks passed", "FLO0006"), row(2, "R", "O06", said, "FLO0196")]
    run = RunRow(RUN, "DAILY", "CLOSED", "COMPLETED", None, None, None, None, None, None)
    found = view(run, rows, None)
    assert found.space == said
    assert found.as_json()["space"] == said
    assert view(run, rows[:1], None).as_json()["space"] is None


def test_volumes_and_operation_are_read_in_any_language() -> None:
    rows = [
        row(1, "R", "O05", "Entorno DAILY *BRMS SAV21 SISTPROD_24"),
        row(2, "N", "O89", "Volúmenes que el clon puede haber escrito: BRM001 BRM002", "FLE0021"),
    ]
    found = view(RunRow(RUN, "DAILY", "CLOSED", "FAILED", None, None, None, None, None, None), rows, None)
    assert (found.operation, found.volumes.may_be_written) == ("brms", ("BRM001", "BRM002"))
    rows = [
        row(1, "R", "O86", "Volumes of this save, to go out now: A00001 A00002", "FLO0187"),
        row(2, "R", "O88", "Volumes that the clone has written: BRM001 BRM002", "FLO0185"),
        row(3, "R", "O88", "Expired volumes left for the next save: 3", "FLO0186"),
        row(4, "R", "O88", "No media were moved: PRTMOVBRM shows which must go out or come in", "FLO0189"),
        row(5, "N", "O89", "Volumes that the clone may have written: WRKMEDBRM TYPE(*EXP)", "FLE0021"),
    ]
    run = RunRow(RUN, "DAILY", "CLOSED", "COMPLETED", None, None, None, None, None, None)
    volumes = view(run, rows, None).volumes
    assert (volumes.written, volumes.out, volumes.left) == (("BRM001", "BRM002"), ("A00001", "A00002"), 3)
    assert volumes.may_be_written == ()
    assert "PRTMOVBRM" in volumes.movement
    assert len(volumes.told()) == 4


def test_an_act_is_unknown_only_without_an_answer() -> None:
    rows = [row(1, "I", "O55", "flash"), row(2, "R", "O55", "taken"), row(3, "I", "O61", "group")]
    assert [(s.code, s.kind) for s in steps(rows)] == [("O55", "result"), ("O61", "unknown")]
