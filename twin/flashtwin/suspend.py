"""CHGASPACT: bringing the system to a stand for a point-in-time copy, and letting it go on.

A suspend request first makes new changes wait, then waits for open transactions to reach a commit
boundary, then flushes; the time limit (SSPTIMO) is for reaching that state, not for keeping it.  Nothing
resumes a suspended system but a RESUME.  Each independent ASP has a state of its own; what the twin's jobs
change is all in *SYSBAS.  docs/platform-facts.md#chgaspact
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from flashtwin.errors import Escape
from flashtwin.scheduler import Signal, Wait, sleep

if TYPE_CHECKING:
    from flashtwin.job import Job
    from flashtwin.os400 import OperatingSystem

SYSBAS = "*SYSBAS"
ACTIVE, SUSPENDING, SUSPENDED = "active", "suspending", "suspended"


class Suspension:
    """Whether changes to one ASP may go on.  `result` is full or partial while suspended."""

    def __init__(self, system: OperatingSystem, asp: str = SYSBAS) -> None:
        self._os = system
        self.asp = asp
        self.state = ACTIVE
        self.result = ""
        self.requested = 0.0
        self.reached = 0.0
        self._resumed = Signal("resume")
        self._outcome = Signal("suspend reached or failed")

    @property
    def blocks(self) -> bool:
        """Whether a change has to wait: from the request on, as new transactions do."""
        return self.state != ACTIVE

    def holds_since(self, time: float) -> bool:
        """Whether nothing at all was written since then: suspended in full, and for so long."""
        return self.state == SUSPENDED and self.result == "full" and self.reached <= time

    def wait(self, job: Job | None, what: str) -> Generator[Wait, Signal | None, None]:
        """Wait until changes may go on; the wait is recorded as an event."""
        if not self.blocks:
            return
        self._os.log("blocked", job=job.qualified if job else "", what=what)
        while self.blocks:
            yield Wait((self._resumed,))

    def flush(self) -> Generator[Wait, Signal | None, None]:
        """*FRCWRT: write changed pages to disk; blocks nobody."""
        yield from sleep(self._os.world.scheduler, self._os.world.durations.flush)
        self._os.log("flush", asp=self.asp)

    def suspend(self, job: Job, limit: float, continue_partial: bool) -> Generator[Wait, Signal | None, str]:
        """*SUSPEND: full or partial when reached; an escape when the limit passes and nothing is suspended.

        The system goes on with it even when the job that asked is ended meanwhile.
        """
        if self.state != ACTIVE:
            raise Escape("CPFB717", self.asp, f"Suspend for ASP {self.asp} failed: an action is in progress.")
        self.state = SUSPENDING
        self.requested = self._os.world.now
        self._os.log("suspend_requested", asp=self.asp, job=job.qualified, limit=limit)
        self._os.spawn(f"suspend of {self.asp}", self._reach(limit, continue_partial))
        yield Wait((self._outcome,))
        outcome = str(self._outcome.value)
        if outcome in ("full", "partial"):
            return outcome
        raise Escape("CPFB717", self.asp, f"Suspend for ASP {self.asp} failed: {outcome}.")

    def _reach(self, limit: float, continue_partial: bool) -> Generator[Wait, Signal | None, None]:
        scheduler = self._os.world.scheduler
        start = scheduler.now
        duration = self._os.world.durations.suspend
        open_ = [job for job in self._os.jobs.values() if job.transaction_asp == self.asp]
        boundary = max([job.transaction_until for job in open_], default=0.0)
        reached = max(start + duration, boundary)
        on_time = reached <= start + limit
        yield Wait((self._resumed,), reached if on_time else start + limit)
        if self.state != SUSPENDING:
            self._outcome.fire("it was resumed before the state was reached")
            return
        if on_time or continue_partial:
            self.state, self.result = SUSPENDED, "full" if on_time else "partial"
            self.reached = scheduler.now
            seconds = round(scheduler.now - start, 3)
            self._os.log("suspended", asp=self.asp, result=self.result, seconds=seconds)
            self._outcome.fire(self.result)
            return
        self._os.log("suspend_failed", asp=self.asp, seconds=round(scheduler.now - start, 3))
        self._release()
        self._outcome.fire("a commit boundary was not reached in time")

    def resume(self, job: Job) -> Generator[Wait, Signal | None, None]:
        """*RESUME: let everything go on; on a system that is not suspended it changes nothing."""
        world = self._os.world
        if self.state == SUSPENDING and world.readings.resume_refused_while_suspending:
            self._os.log("resume_refused", asp=self.asp, job=job.qualified)
            raise Escape("CPFB717", self.asp, f"Resume for ASP {self.asp} failed: a suspend is in progress.")
        yield from sleep(world.scheduler, world.durations.resume)
        if self.state == SUSPENDING and world.readings.resume_refused_while_suspending:
            self._os.log("resume_refused", asp=self.asp, job=job.qualified)
            raise Escape("CPFB717", self.asp, f"Resume for ASP {self.asp} failed: a suspend is in progress.")
        if self.state == ACTIVE:
            self._os.log("resume_idle", asp=self.asp, job=job.qualified)
            return
        self._os.log("resumed", asp=self.asp, job=job.qualified, was=self.state, seconds=self._held())
        self._release()

    def _held(self) -> float:
        return round(self._os.world.now - self.requested, 3)

    def _release(self) -> None:
        self.state, self.result = ACTIVE, ""
        self._resumed.fire()
