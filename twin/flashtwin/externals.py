"""What the gate knows of an external task: the way to it, what its partition does for it, its state."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from flashtwin.memory import MemoryTransport
from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Connection, Request, Server

Steps = Generator[Wait, Signal | None, Any]
Call = dict[str, Any]
Alter = Callable[[Request, Outcome], Outcome]
Reach = Literal["ok", "hang", "down"]
Mode = Literal["process", "thread", "memory"]

KILLED = 128 + 9
"""Exit status of a program that was killed."""

LIMIT_S = 120.0
"""Real seconds that an external side may hold the baton without a sign of life; a busy machine is slow."""


class Link(Protocol):
    """The way to one external side."""

    def receive(self, limit_s: float) -> Call | None:
        """Its next call; None when it made none within the real limit."""

    def answer(self, facts: Call) -> None:
        """Answer the call, which gives the baton back."""

    def kill(self) -> None:
        """End the external side now; return when it is gone.  Twice is as good as once."""


class Services(Protocol):
    """What a partition's system does for a sidecar.  Each is a task of the world and returns a dictionary."""

    @property
    def home(self) -> object:
        """The running system: listening ports of one cannot be reached from another."""

    def now(self) -> float:
        """The partition's own clock."""

    def sql(self, statement: str, parameters: list[Any], limit_s: float) -> Steps:
        """{"rows": [...]}, or {"failed": "unreachable" | "system" | "timeout", "text": ...}."""

    def reach(self, address: str) -> Reach:
        """How "host:port" answers as seen from this partition, by its interfaces."""

    def origin(self, host: str) -> str:
        """The address that a connection from this partition to a host comes from; "" for none."""


@dataclass(slots=True)
class Route:
    """A declared address: the server behind it, how it answers, and who may see it.

    `guard`, where given, is asked with the services of the caller (None: a guest) at each connection.
    """

    server: Server
    reach: Reach = "ok"
    guard: Callable[[Services | None], Reach] | None = None


@dataclass(slots=True)
class External:
    """One external task.

    `connections`: those it has waited on, by its local port.  `dialled`: how many connections had been
    accepted in this world when it last asked where to dial; `origin`: the address that it dials from.  `cut`:
    its ports whose connections were broken since its last call.
    """

    name: str
    link: Link
    services: Services
    number: int
    memory: MemoryTransport
    connections: dict[int, Connection] = field(default_factory=dict)
    dialled: int = 0
    origin: str = ""
    cut: list[int] = field(default_factory=list)
    last: str = "start"
    killed: Signal = field(default_factory=lambda: Signal("kill of an external task"))
    is_killed: bool = False

    def owns(self, connection: Connection) -> bool:
        """Whether this task opened the connection."""
        return connection in self.memory.connections.values() or connection in self.connections.values()

    def kill(self) -> None:
        """Kill the program as a signal does: its job goes on and sees status 137.  At once where it waits,
        else before its next call is answered."""
        self.is_killed = True
        self.killed.fire()
