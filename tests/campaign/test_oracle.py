"""What the night of a fault must come to: each kind has a row, and who does otherwise is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashc.cli.campaign.campaign import Tally
from flashc.cli.campaign.kinds import KINDS, Fault
from flashc.cli.campaign.oracle import ROWS, judged, row_of
from flashc.cli.campaign.points import PHASES, Phase, Place, Point, Side
from flashc.cli.campaign.view import show_tally

TEMPLATES = Path(__file__).resolve().parents[2] / "templates_cl"


def fault(
    kind: str, phase: Phase, side: Side = "source", what: str = "FLDDAILY:10:CALL", step: str = "O55"
) -> Fault:
    return Fault(kind, Point(Place(side, what), 1, step, "FLDDAILY", "CALL", True, phase))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_row_wherever_it_strikes(kind: str) -> None:
    for phase in PHASES:
        assert row_of(fault(kind, phase)).must in ("completed", "not completed", "either")


def test_every_row_is_about_kinds_that_there_are_and_fits_where_no_row_above_does() -> None:
    sides: tuple[Side, ...] = ("source", "clone", "request", "boot")
    programs = {program for row in ROWS for program in row.programs} | {"FLDDAILY"}
    met = {
        row_of(fault(kind, phase, side, f"{program}:{what}", step))
        for kind in KINDS
        for phase in PHASES
        for side in sides
        for program in programs
        for what in ("10:CALL", "POST /identity/token")
        for step in ("O06", "O50", "O55")
    }
    assert [row for row in ROWS if row not in met] == []
    assert {kind for row in ROWS for kind in row.kinds} <= set(KINDS)
    generated = {path.name.partition(".")[0].upper() for path in TEMPLATES.glob("*.j2")}
    assert programs - {"FLDDAILY"} <= generated


def test_a_run_that_gives_up_without_need_and_one_that_claims_too_much_are_found() -> None:
    ridden_out, lost = fault("mail relay silent", "before"), fault("driver killed", "before")
    assert list(judged(ridden_out, "completed", "")) == []
    assert list(judged(ridden_out, "failed", "O05 FLE0039 No mail")) == [
        "the run must complete (mail decides nothing), and it failed: O05 FLE0039 No mail"
    ]
    assert list(judged(ridden_out, "refused", "why")) != []
    assert list(judged(lost, "refused", "")) == list(judged(lost, "failed", "")) == []
    assert list(judged(lost, "completed", "")) == [
        "the run must not complete (nobody else takes the copy), and it did"
    ]
    for result in ("completed", "failed"):
        assert list(judged(fault("refused", "before"), result, "")) == []


def test_where_it_strikes_decides() -> None:
    assert row_of(fault("no answer", "window", "request")).must == "not completed"
    assert row_of(fault("no answer", "window", "request", step="O50")).must == "either"
    assert row_of(fault("guard A killed", "armed")).must == "completed"
    assert row_of(fault("guard A killed", "window")).must == "either"
    assert row_of(fault("driver ended in order", "armed")).must == "not completed"
    assert row_of(fault("driver ended in order", "window")).must == "either"
    assert row_of(fault("no answer", "clone", "request")).must == "completed"
    assert row_of(fault("refused", "before", what="FLNOTES:17:CRTPF")).must == "completed"
    assert row_of(fault("job stands still for ten minutes", "clone", "clone")).must == "completed"
    assert row_of(fault("job stands still for ten minutes", "clone")).must == "either"


def test_a_terminal_says_how_many_completed_though_disturbed(capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally(injected=3, survived=3)
    tally.outcomes.update(completed=2, failed=1)
    tally.promised.update({"completed": 2, "not completed": 1})
    show_tally(tally, "a.flash", "")
    assert "2 of 3 runs completed though disturbed; 2 had to, 1 must not" in capsys.readouterr().out
