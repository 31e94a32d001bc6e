# ruff: noqa: ARG002 - the fakes keep the interfaces' forms
"""Systems that are asked by HTTPS, in memory: what `flashrt.edges.Network.https` gives, by a script."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from flashrt.edges import Clock, Endpoint
from flashrt.https import RestSession
from flashrt.status import UNREACHABLE, SidecarError


class Asked(NamedTuple):
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    document: Any


class Answer(NamedTuple):
    """A reply; `document` is JSON, but for a text."""

    status: int = 200
    document: Any = None
    headers: tuple[tuple[str, str], ...] = ()


LOST = "lost"
HANG = "hang"
Handler = Callable[[Asked], "Answer | str"]
"""LOST: the connection ends instead of a reply; HANG: there never is one."""


class FakeRest:
    """A server; `log` is what it was asked, `cut` ends its connections."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.log: list[Asked] = []
        self.connections: list[FakeConnection] = []
        self.refused = False

    def session(self, clock: Clock, endpoint: Endpoint, deadline: float) -> RestSession:
        """What the network gives."""

        def dial(_until: float) -> FakeConnection:
            if self.refused:
                raise SidecarError(UNREACHABLE, f"{endpoint} cannot be reached: Connection refused.")
            self.connections.append(FakeConnection(self))
            return self.connections[-1]

        return RestSession(clock, endpoint, dial, dial(deadline))

    def cut(self) -> None:
        """End every connection."""
        for connection in self.connections:
            connection.ended = True


class FakeConnection:
    """A connection to it (`flashrt.edges.ByteConnection`)."""

    local_port = 50001
    peer_port = 7443

    def __init__(self, server: FakeRest) -> None:
        self.server = server
        self.ended = False
        self.requests = 0
        self._coming = b""
        self._answered = False

    def poll(self, seconds: float) -> bool:
        return self.ended or bool(self._coming)

    def send(self, data: bytes) -> int:
        self.requests += 1
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        asked = Asked(method, path, headers, json.loads(body) if body else None)
        self.server.log.append(asked)
        given = self.server.handler(asked)
        if isinstance(given, str):
            self.ended = self.ended or given == LOST
            return self.requests
        text = given.document if isinstance(given.document, str) else json.dumps(given.document)
        content = b"" if given.document is None else text.encode()
        more = [*given.headers, ("Content-Length", str(len(content)))]
        told = "".join(f"{name}: {value}\r\n" for name, value in more)
        self._coming += f"HTTP/1.1 {given.status} X\r\n{told}\r\n".encode("latin-1") + content
        return self.requests

    def receive(self) -> bytes | None:
        if self._coming:
            data, self._coming = self._coming, b""
            return data
        return b"" if self.ended else None

    def has_ended(self) -> bool:
        return self.ended

    def close(self) -> None:
        self.ended = True
