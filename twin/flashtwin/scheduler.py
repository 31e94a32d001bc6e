"""The clock of a world: tasks are generators, virtual time moves only when none of them can run.

A task yields `Wait` objects and is resumed with the `Signal` that fired, or None when the deadline
came first.  Tasks that become runnable at the same instant run in the order in which they did so;
timers of the same instant fire in the order in which they were set.  Nothing depends on hashing, on
threads or on the real clock, so two runs with the same inputs take the same steps.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

# A step limit at one instant: a job that loops without waiting must not hang the twin for ever.
STEPS_AT_ONE_INSTANT = 1_000_000


class Signal:
    """Something that tasks wait for; `fire` wakes all present waiters, first come first served."""

    __slots__ = ("_waiters", "name", "value")

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.value: Any = None
        self._waiters: list[Task] = []

    def fire(self, value: Any = None) -> None:
        """Wake every task that waits now; `value` stays readable in `self.value`."""
        self.value = value
        waiters, self._waiters = self._waiters, []
        for task in waiters:
            task._wake(self)

    def __repr__(self) -> str:
        return f"Signal({self.name!r})"


@dataclass(frozen=True, slots=True)
class Wait:
    """What a task waits for: the first of these signals, or the deadline (epoch seconds, None: none)."""

    signals: tuple[Signal, ...] = ()
    deadline: float | None = None


Body: TypeAlias = "Generator[Wait, Signal | None, Any]"


class ExternalGate(Protocol):
    """Threads and processes that take part in the world (see `flashtwin.gate`)."""

    def settle(self) -> None:
        """Return when no request from outside is in flight and nobody outside holds the baton.

        Called before virtual time moves; may make tasks runnable.
        """


class Timer:
    """An action at a time; `cancel` makes it do nothing."""

    __slots__ = ("action", "time")

    def __init__(self, time: float, action: Callable[[], None]) -> None:
        self.time = time
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Forget the action."""
        self.action = None


class Task:
    """One running generator.  `done` fires when it has ended, however it ended."""

    __slots__ = ("_body", "_killed", "_scheduler", "_timer", "_waiting", "done", "error", "name", "result")

    def __init__(self, scheduler: Scheduler, name: str, body: Body) -> None:
        self.name = name
        self.done = Signal(f"end of {name}")
        self.result: Any = None
        self.error: BaseException | None = None
        self._scheduler = scheduler
        self._body: Body | None = body
        self._waiting: tuple[Signal, ...] = ()
        self._timer: Timer | None = None
        self._killed = False

    @property
    def ended(self) -> bool:
        """Whether the generator has returned, failed or been killed."""
        return self._body is None

    def kill(self) -> None:
        """Close the generator where it waits.  A task that kills itself ends at its next wait."""
        if self._body is None or self._killed:
            return
        self._killed = True
        self._forget_wait()
        if self._scheduler.current is not self:
            self._close()

    def _close(self) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.close()
            self.done.fire()

    def _wake(self, signal: Signal | None) -> None:
        self._forget_wait(signal)
        self._scheduler._ready.append((self, signal))

    def _forget_wait(self, fired: Signal | None = None) -> None:
        for signal in self._waiting:
            if signal is not fired and self in signal._waiters:
                signal._waiters.remove(self)
        self._waiting = ()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Scheduler:
    """Owns virtual time (`now`, epoch seconds UTC) and runs all tasks in one thread."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self.external: ExternalGate | None = None
        self.current: Task | None = None
        self._ready: deque[tuple[Task, Signal | None]] = deque()
        self._timers: list[tuple[float, int, Timer]] = []
        self._sequence = 0
        self._steps = 0

    def spawn(self, name: str, body: Body) -> Task:
        """Start a task; its first step runs after those that are runnable already."""
        task = Task(self, name, body)
        self._ready.append((task, None))
        return task

    def at(self, time: float, action: Callable[[], None]) -> Timer:
        """Run `action` at `time`, or as soon as possible when that is past."""
        timer = Timer(max(time, self.now), action)
        self._sequence += 1
        heapq.heappush(self._timers, (timer.time, self._sequence, timer))
        return timer

    def run(self, until: float | None = None, stop: Callable[[], bool] | None = None) -> None:
        """Run until nothing is left to do, `until` is reached, or `stop()` says so.

        An exception that leaves a task is raised here: a twin that went wrong must not go on quietly.
        """
        while not (stop is not None and stop()):
            if self._ready:
                self._step()
                continue
            if self.external is not None:
                self.external.settle()
                if self._ready:
                    continue
            if not self._advance(until):
                return

    def _step(self) -> None:
        task, signal = self._ready.popleft()
        body = task._body
        if body is None or task._killed:
            return
        self._steps += 1
        if self._steps > STEPS_AT_ONE_INSTANT:
            raise RuntimeError(f"task {task.name} and others run without ever waiting; clock at {self.now}")
        previous, self.current = self.current, task
        try:
            wait = body.send(signal)
        except StopIteration as end:
            task._body = None
            task.result = end.value
            task.done.fire(end.value)
            return
        except BaseException as error:
            task._body = None
            task.error = error
            task.done.fire()
            raise
        finally:
            self.current = previous
        if task._killed:
            task._close()
            return
        self._park(task, wait)

    def _park(self, task: Task, wait: Wait) -> None:
        task._waiting = wait.signals
        for signal in wait.signals:
            signal._waiters.append(task)
        if wait.deadline is not None:
            task._timer = self.at(wait.deadline, lambda: task._wake(None))

    def _advance(self, until: float | None) -> bool:
        while self._timers and self._timers[0][2].action is None:
            heapq.heappop(self._timers)
        if not self._timers or (until is not None and self._timers[0][0] > until):
            if until is not None and until > self.now:
                self.now = until
            return False
        time, _, timer = heapq.heappop(self._timers)
        if time > self.now:
            self.now = time
            self._steps = 0
        action, timer.action = timer.action, None
        if action is not None:
            action()
        return True


def sleep(scheduler: Scheduler, seconds: float) -> Generator[Wait, Signal | None, None]:
    """Wait for this long on the world's clock."""
    yield Wait((), scheduler.now + max(0.0, seconds))


def join(task: Task) -> Generator[Wait, Signal | None, Any]:
    """Wait until a task has ended; its result, None when it was killed."""
    if not task.ended:
        yield Wait((task.done,))
    return task.result
