"""What a spec expects of a rehearsed run (`expect suspended under 5s`), against what the run took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flashc.check.model import Expectation
from flashc.cli.runs import Expected, Run
from flashc.records.history import StepView

SAVE_BEGINS = ("C20", "C21", "C26")
SAVE_ENDS = ("C30", "C24", "C27")
"""The clone's steps at which the work of an operation begins, and those behind which it is done."""


def judge_expectations(expectations: Sequence[Expectation], run: Run) -> tuple[Expected, ...]:
    """One verdict for each; what cannot be told of the run is not as expected."""
    return tuple(_verdict(one, run) for one in expectations)


def _verdict(expectation: Expectation, run: Run) -> Expected:
    took = _seconds(expectation, run)
    if took is None:
        return Expected(expectation.text, False, f"the run has no end of its {expectation.what}")
    held = took < expectation.under_s
    return Expected(expectation.text, held, f"it took {_shown(took)}")


def _seconds(expectation: Expectation, run: Run) -> float | None:
    if expectation.what == "suspended":
        return run.suspended_seconds if run.windows else None
    if expectation.what == "run":
        return (run.end - run.start).total_seconds() if run.end else None
    if expectation.what == "boot":
        return _between(run.steps, ("O70",), ("C00",))
    return _between(run.steps, SAVE_BEGINS, SAVE_ENDS)


def _between(steps: Sequence[StepView], first: tuple[str, ...], last: tuple[str, ...]) -> float | None:
    """Seconds from the first good row of one of the codes to the last good row of one of the others."""
    began = [step.time for step in steps if step.kind == "result" and step.code in first]
    ended = [step.time for step in steps if step.kind == "result" and step.code in last]
    if not began or not ended:
        return None
    return (max(ended) - min(began)).total_seconds()


def _shown(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else str(dt.timedelta(seconds=round(seconds)))
