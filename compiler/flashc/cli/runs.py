"""What a rehearsed run was: result, suspended window, steps and invariants, in one clock; and its JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from flashc.records.history import StepView, stamp

Result = Literal["completed", "failed", "refused"]


@dataclass(frozen=True, slots=True)
class Suspended:
    """The window by what happened, seconds: reaching the state, holding it, resuming; `by` is who resumed.

    A window that was given up was never held; one that nobody ended lasts until the rehearsal's end.
    """

    requested: dt.datetime
    quiesce: float
    hold: float
    resume: float
    by: str
    ending: str

    @property
    def seconds(self) -> float:
        """From the request to suspend to the return of the resume."""
        return round(self.quiesce + self.hold + self.resume, 3)


@dataclass(frozen=True, slots=True)
class Invariant:
    """A verdict of a checker on this run."""

    id: str
    held: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What the spec expects of the run, whether it was so, and what it was."""

    text: str
    held: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run.  `run` is its id, "" where FLSTRENV refused it; `detail` is why it did not complete.

    `end` is None for a run that was still open when its limit had passed.
    """

    environment: str
    operation: str
    run: str
    result: Result
    detail: str
    start: dt.datetime
    end: dt.datetime | None
    windows: tuple[Suspended, ...]
    steps: tuple[StepView, ...]
    invariants: tuple[Invariant, ...]
    sidecar_calls: int
    expectations: tuple[Expected, ...] = ()

    @property
    def suspended_seconds(self) -> float:
        """How long production was held, in all tries together."""
        return round(sum(window.seconds for window in self.windows), 3)

    @property
    def broken(self) -> tuple[Invariant, ...]:
        """The invariants that did not hold."""
        return tuple(one for one in self.invariants if not one.held)

    @property
    def good(self) -> bool:
        """Whether it completed, every invariant held, and it was as the spec expects."""
        return self.result == "completed" and not self.broken and all(e.held for e in self.expectations)

    def as_json(self) -> dict[str, Any]:
        """The run in the words of the stable interface, and more."""
        windows = self.windows
        return {
            "environment": self.environment,
            "operation": self.operation,
            "run": self.run,
            "result": self.result,
            "detail": self.detail,
            "start": stamp(self.start),
            "end": stamp(self.end),
            "suspended_seconds": self.suspended_seconds,
            "suspended": {
                "quiesce": round(sum(w.quiesce for w in windows), 3),
                "hold": round(sum(w.hold for w in windows), 3),
                "resume": round(sum(w.resume for w in windows), 3),
                "by": windows[-1].by if windows else "",
            },
            "sidecar_calls": self.sidecar_calls,
            "steps": [step.as_json() for step in self.steps],
            "invariants": [{"id": i.id, "held": i.held, "detail": i.detail} for i in self.invariants],
            "expectations": [{"text": e.text, "held": e.held, "detail": e.detail} for e in self.expectations],
        }
