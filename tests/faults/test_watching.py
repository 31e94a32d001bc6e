"""The clone's start as its reference codes tell it: codes that stay, go on, want somebody, fail."""

from __future__ import annotations

from flashc.cli.playing import rows
from flashc.cli.runs import Run
from nights import Change, Played, played

IPL = '    { code = "C9002AA1", lasts = "10m" },\n'


def ipl(*phases: tuple[str, str]) -> Change:
    """These codes in the place of C9002AA1."""
    return IPL, "".join(f'    {{ code = "{code}", lasts = "{lasts}" }},\n' for code, lasts in phases)


def watched(night: Played, *codes: str) -> list[tuple[str, str]]:
    """Message id and text of the rows of these steps."""
    found = [tuple(str(x).strip() for x in row) for row in rows(night.stage, "FLJRN", "TS, SEQ")]
    return [(row[6], row[7]) for row in found if row[0] == night.started.run and row[5] in codes]


def told(night: Played) -> list[str]:
    """What the operator of production was told of the clone's progress."""
    messages = night.stage.system.operator_queue().messages
    return [m.text for m in messages if m.msgid == "FLO0182"]


def broken(run: Run) -> list[str]:
    return [f"{one.id}: {one.detail}" for one in run.invariants if not one.held]


def test_a_start_that_hangs_goes_on_and_fails() -> None:
    """The code that stays is told once and does not end the run; the B code does."""
    with played(
        changes=(ipl(("C9002AA1", "40m"), ("C90029B0", "20m"), ("B6000103", "5h")),),
    ) as night:
        assert night.run.result == "failed", night.run.detail
        assert broken(night.run) == []
        assert night.run.detail.startswith("it needs you: O82 FLE0028")
        seen = watched(night, "O82")
        assert [msgid for msgid, _ in seen].count("FLO0182") == len(told(night)) == 1
        assert "more than 30 min: " in told(night)[0]
        assert "src=C9002AA1" in told(night)[0]
        hangs = [msgid for msgid, _ in seen].index("FLO0182")
        assert "src=C9002AA1" in seen[hangs - 1][1]
        assert "src=C90029B0" in seen[hangs + 1][1]
        assert seen[-1][0] == "FLE0028"
        assert "src=B6000103" in seen[-1][1]


def test_somebody_is_wanted_and_comes() -> None:
    """An A code is told within minutes; what the operator then does lets the run complete."""
    with played(changes=(ipl(("A6005008", "25m")),)) as night:
        assert (night.run.result, broken(night.run)) == ("completed", []), night.run.detail
        (text,) = told(night)
        assert "more than 5 min: " in text
        assert "src=A6005008" in text


def test_a_usual_night_tells_nobody() -> None:
    with played() as night:
        assert (night.run.result, broken(night.run)) == ("completed", []), night.run.detail
        assert told(night) == []
