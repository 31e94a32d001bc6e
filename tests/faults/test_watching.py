"""The clone's start as its reference codes tell it: codes that stay, go on, want somebody, fail."""

from __future__ import annotations

import re
from datetime import datetime

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


def usual(night: Played) -> list[tuple[str, int]]:
    """Step code and minutes of what the run said to be usual."""
    text = re.compile(r"Usually it takes (\d+) min from here")
    found = [
        (code, text.fullmatch(row[1]))
        for code in ("O05", "O80", "O84", "O86")
        for row in watched(night, code)
    ]
    return [(code, int(match.group(1))) for code, match in found if match]


def lengths(night: Played, run: str) -> dict[str, float]:
    """Minutes that a run took from a step to the next of which a length is said."""
    at = {
        row[5]: datetime.strptime(row[3], "%Y-%m-%d-%H.%M.%S.%f")
        for row in ([str(x).strip() for x in row] for row in rows(night.stage, "FLJRN", "TS, SEQ"))
        if row[0] == run and row[1] == "S" and row[4] == "R" and row[6] != "FLO0180"
    }
    ends = {"O05": "999", "O80": "O84", "O84": "O85", "O86": "999"}
    return {code: (at[end] - at[code]).total_seconds() / 60 for code, end in ends.items()}


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


def test_the_next_night_says_what_is_usual() -> None:
    """Nothing in the first; then what the completed run before took."""
    with played() as night:
        assert usual(night) == []
        first = night.started.run
        run = night.next_night()
        assert (run.result, broken(run)) == ("completed", []), run.detail
        said = dict(usual(night))
        assert set(said) == {"O05", "O80", "O84", "O86"}
        took = lengths(night, first)
        assert all(abs(said[code] - took[code]) <= 0.5 for code in said), (said, took)
        mails = [str(event["text"]) for event in night.stage.world.events.of("mail")]
        words = f"Usually it takes {said['O05']} min from here"
        assert [words in text for text in mails].count(True) == 1, mails
        assert sum("Usually" in text for text in mails) == 2, mails
