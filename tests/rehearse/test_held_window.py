"""The window: production is held for seconds, and a driver that writes inside it is freed by a guard."""

from __future__ import annotations

import pytest
from rehearsed import night, only

TRIGGER = (
    "/* O55  The requests that take the copy, sent together                 */\n"
    "                CALLSUBR   SUBR(TALK)\n"
)
WRITES = TRIGGER.replace(
    "                CALLSUBR   SUBR(TALK)\n",
    "                CALLSUBR   SUBR(WRITE)\n                CALLSUBR   SUBR(TALK)\n",
)
TRIGGER_AND_RESUME_S = 1.2


@pytest.mark.parametrize("seconds", [3.0, 11.0])
def test_held_for_the_suspend_and_little_more(seconds: float) -> None:
    run = only(night(('suspend = "3s"', f'suspend = "{seconds:g}s"')))
    assert run.good, run.detail
    (window,) = run.windows
    assert window.quiesce == seconds
    assert seconds < run.suspended_seconds <= seconds + TRIGGER_AND_RESUME_S
    assert (window.by, window.ending) == ("driver", "resumed")


def test_a_driver_that_writes_to_the_journal_in_the_window_is_freed_by_a_guard() -> None:
    run = only(night(sources={"FLDDAILY.clle": (TRIGGER, WRITES)}))
    (window,) = run.windows
    assert window.by == "guard A"
    assert window.hold == pytest.approx(30, abs=1)
    assert run.result == "failed"
    assert "resumed by FLGRDA" in run.detail
    assert "O55" not in {step.code for step in run.steps if step.kind == "result"}
    assert "O70" not in {step.code for step in run.steps}
    assert {"O75", "O77", "O89"} <= {step.code for step in run.steps if step.kind == "result"}
    assert [f"{one.id} {one.detail}" for one in run.broken] == []


def test_a_state_that_cannot_be_reached_is_given_up() -> None:
    orders = '{ name = "ORDERS", user = "ANNA", number = 141377, subsystem = "QINTER"'
    run = only(night((orders, f'{orders}, long_transaction = "1h"')))
    assert run.result == "failed"
    assert "O50 FLE0023" in run.detail
    (window,) = run.windows
    assert (window.ending, window.hold) == ("given up", 0.0)
    # The journal's O60 tells of a resume where nothing was held (S9).
    assert {one.id for one in run.broken} <= {"S9"}
