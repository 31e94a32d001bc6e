"""Clients that know nothing of the world's clock: the deployment, `flashc plan`, an interactive client.

A guest is a thread of this process.  While it computes it holds the baton, as a sidecar does.  It makes no
clock calls, so the twin sees only its requests: when one arrives, virtual time runs until it is answered,
and then the guest has the baton again.  A guest that waits in vain is cut off after `PATIENCE_S` of
virtual time, because it could not tell us its own limit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from flashtwin.errors import TwinError
from flashtwin.externals import Steps
from flashtwin.gate import Gate
from flashtwin.scheduler import Wait
from flashtwin.sims.server import Connection

T = TypeVar("T")

PATIENCE_S = 900.0
"""Virtual seconds without any answer after which a guest's connections are broken."""

LIMIT_S = 120.0
"""Real seconds that a guest may compute without a request."""

GRACE_S = 0.05
"""Real seconds in which a guest may go on after one answer while another is still due."""


def run_guest(gate: Gate, name: str, function: Callable[[], T]) -> T:
    """Run a function that speaks to the world's systems over its own connections; its result or exception.

    Called from outside of the scheduler: virtual time runs as far as the answers need it.
    """
    task = gate.scheduler.spawn(name, guest(gate, name, function))
    gate.scheduler.run(stop=lambda: task.ended)
    if not task.ended:
        raise TwinError(f"{name} waits for an answer that never comes, and nothing else will happen")
    result: T = task.result
    return result


def guest(gate: Gate, name: str, function: Callable[[], Any]) -> Steps:
    """The body of a task that lets a guest run; its result is the function's."""
    thread = _Guest(gate, name, function)
    connections: list[Connection] = []
    thread.start()
    while True:
        owed = any(connection.owes for connection in connections)
        if not gate.await_report(lambda: thread.ended, GRACE_S if owed else LIMIT_S) and not owed:
            raise TwinError(f"{name} sent no request for {LIMIT_S:.0f} s of real time")
        connections += gate.take()
        if thread.ended:
            return thread.result()
        if any(connection.owes for connection in connections):
            fired = yield Wait((gate.answered,), gate.scheduler.now + PATIENCE_S)
            if fired is None:
                for connection in connections:
                    gate.close_connection(connection)


class _Guest(threading.Thread):
    """Runs the function and keeps what became of it."""

    def __init__(self, gate: Gate, name: str, function: Callable[[], Any]) -> None:
        super().__init__(name=name, daemon=True)
        self.ended = False
        self._gate = gate
        self._function = function
        self._value: Any = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """Call the function."""
        try:
            self._value = self._function()
        except BaseException as error:  # noqa: BLE001 - raised again by `result`, on the scheduler's thread
            self._error = error
        self.ended = True
        self._gate.wake_reports()

    def result(self) -> Any:
        """What the function returned; what it raised is raised here."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._value
