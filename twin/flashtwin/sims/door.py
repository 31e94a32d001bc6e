"""The listening socket of a simulated system, and the thread that accepts its clients."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from flashtwin.sims.server import Server, Wire

if TYPE_CHECKING:
    from flashtwin.gate import Gate

JOIN_S = 30.0
"""Real seconds in which the accepting thread must see that its socket is closed."""


class DoorWire(Wire, Protocol):
    """The wire of an accepted connection."""

    over: Callable[[DoorWire], None]


class Door:
    """Accepts connections for a server and reports each to the gate; `wire` makes its transport."""

    def __init__(self, server: Server, wire: Callable[[socket.socket], DoorWire], gate: Gate) -> None:
        self._gate = gate
        self._server = server
        self._wire = wire
        self._sock = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._wires: set[DoorWire] = set()
        self.port: int = self._sock.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, name=f"{server.name} accepts", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and break what is connected."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()
        self._thread.join(JOIN_S)
        for wire in tuple(self._wires):
            wire.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, address = self._sock.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire = self._wire(sock)
            self._wires.add(wire)
            wire.over = self._wires.discard
            self._gate.accepted(self._server, address[1], wire)
