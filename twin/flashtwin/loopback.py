"""Connections of CL programs to a sidecar's listening port, true in virtual time.

The sockets are real (127.0.0.1), or where everything is in memory a `Door` of this module; both sides count
their bytes.  A sidecar's clock call says how much it has sent since the last one; that much is read here,
really, before any CL program goes on.  A sidecar says how much it has received when it waits; it is woken
when the CL program has sent more.  So neither side ever looks before the bytes are there, and none depends on
how fast the kernel is.
"""

from __future__ import annotations

import socket
from collections.abc import Generator
from typing import Any, Protocol

from flashtwin.errors import TwinError
from flashtwin.scheduler import Signal, Wait


class Line(Protocol):
    """What a CL program's end needs of a connected socket."""

    def getsockname(self) -> Any:
        """Address and port of this end."""

    def sendall(self, data: bytes, /) -> None:
        """Send all of it; OSError where the other side has gone."""

    def recv(self, count: int, /) -> bytes:
        """What is there; b"" at the end.  TimeoutError: nothing came."""

    def close(self) -> None:
        """End the connection."""


class End:
    """One end of a connection in memory: a `Line` of a CL program, and a stream of a sidecar."""

    def __init__(self, local_port: int, peer_port: int) -> None:
        self.local_port = local_port
        self.peer_port = peer_port
        self.other = self
        self._coming = bytearray()
        self._closed = False

    def getsockname(self) -> tuple[str, int]:
        """Address and port of this end."""
        return "127.0.0.1", self.local_port

    def poll(self, seconds: float) -> bool:  # noqa: ARG002
        """Whether bytes, or the end, can be read: what is to come comes in virtual time only."""
        return bool(self._coming) or self.other._closed

    def recv(self, count: int) -> bytes:
        """What is there; b"" at the end."""
        if not self.poll(0.0):
            raise TimeoutError(f"nothing is there to be received on port {self.local_port}")
        data = bytes(self._coming[:count])
        del self._coming[:count]
        return data

    receive = recv

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        if self.other._closed:
            raise BrokenPipeError(f"the other end of port {self.local_port} is closed")
        self.other._coming += data

    send = sendall

    def close(self) -> None:
        """End the connection."""
        self._closed = True


class Door:
    """A sidecar's listening port in memory."""

    peer_port = 0

    def __init__(self, port: int) -> None:
        self.local_port = port
        self._dialled = 0
        self._waiting: list[End] = []

    def dial(self) -> End:
        """A CL program connects: its end."""
        self._dialled += 1
        # ports of clients: above any of the doors', the same in every run
        ours = End(self.local_port, self.local_port * PORTS_OF_ONE + self._dialled)
        theirs = End(ours.peer_port, self.local_port)
        ours.other, theirs.other = theirs, ours
        self._waiting.append(ours)
        return theirs

    def poll(self, seconds: float) -> bool:  # noqa: ARG002
        """Whether somebody has connected."""
        return bool(self._waiting)

    def accept(self) -> End:
        """The first that waits."""
        return self._waiting.pop(0)

    def close(self) -> None:
        """Who waits has connected in vain."""
        while self._waiting:
            self._waiting.pop().close()


FIRST_DOOR = 49152
"""The first of the dynamic ports, which a sidecar in memory gets."""

PORTS_OF_ONE = 1000
"""A made-up port number of a client in memory: that of the door, and in the last three digits its place."""


class Plug:
    """The CL program's end of one connection.  `readable` fires when there is something to receive."""

    def __init__(self, sock: Line, owner: int, listener: int) -> None:
        self.owner = owner
        self.listener = listener
        self.port: int = sock.getsockname()[1]
        self.accepted = False
        self.sent = 0
        self.received = 0
        self.buffer = bytearray()
        self.peer_ended = False
        self.closed = False
        self.readable = Signal(f"input on port {self.port}")
        self.written = Signal(f"output on port {self.port}")
        self._sock = sock

    def send(self, data: bytes) -> bool:
        """Send all of it; False when the other side has gone."""
        if self.closed or self.peer_ended:
            return False
        try:
            self._sock.sendall(data)
        except OSError:
            return False
        self.sent += len(data)
        self.written.fire()
        return True

    def receive(self, count: int) -> bytes:
        """Up to `count` bytes of those that are there; empty at the end of the connection."""
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    @property
    def has_input(self) -> bool:
        """Whether a receive would return at once."""
        return bool(self.buffer) or self.peer_ended

    def close(self) -> None:
        """Close the CL program's end."""
        if not self.closed:
            self.closed = True
            self._sock.close()
            self.written.fire()

    def lose(self) -> None:
        """The sidecar is gone, and with it its end: read what it has sent."""
        if isinstance(self._sock, End):
            self._sock.other.close()
        self.pull(None)

    def pull(self, total: int | None) -> None:
        """Read really until `total` bytes have come since the beginning; None: until the end."""
        while not self.closed and not self.peer_ended and (total is None or self.received < total):
            try:
                data = self._sock.recv(65536)
            except TimeoutError as error:
                raise TwinError(
                    f"port {self.port}: the sidecar's bytes did not arrive ({self.received} of {total})"
                ) from error
            except OSError:
                data = b""
            self.received += len(data)
            self.buffer += data
            self.peer_ended = not data
        self.readable.fire()


class _Listener:
    def __init__(self, owner: int, port: int, home: object, door: Door | None) -> None:
        self.owner = owner
        self.home = home
        self.door = door
        self.connects = 0
        self.called = Signal(f"connection to port {port}")


class Loopback:
    """All listening ports of external tasks and the connections that CL programs made to them."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._listeners: dict[int, _Listener] = {}
        self._plugs: dict[int, Plug] = {}
        self._doors = 0

    def listen(self, owner: int, port: int, home: object) -> Door | None:
        """An external task listens on this port of the system `home`; for 0 it gets a door in memory."""
        door = None
        if not port:
            port = FIRST_DOOR + self._doors
            self._doors += 1
            door = Door(port)
        self._listeners[port] = _Listener(owner, port, home, door)
        return door

    def connect(self, port: int, home: object) -> Plug | None:
        """Connect a CL program of the system `home`; None when no sidecar listens there."""
        listener = self._listeners.get(port)
        if listener is None or listener.home is not home:
            return None
        line = listener.door.dial() if listener.door is not None else self._dial(port)
        if line is None:
            return None
        plug = Plug(line, listener.owner, port)
        self._plugs[plug.port] = plug
        listener.connects += 1
        listener.called.fire()
        return plug

    def _dial(self, port: int) -> Line | None:
        try:
            sock = socket.create_connection(("127.0.0.1", port), timeout=self._limit_s)
        except OSError:
            return None
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def take(self, owner: int, call: dict[str, Any]) -> None:
        """What an external task did to its sockets before this clock call."""
        for kind, port, *rest in call.get("notes", ()):
            plug = self._plugs.get(port)
            if kind == "unlisten":
                self._unlisten(owner, port)
            elif plug is None or plug.owner != owner:
                raise TwinError(f"a sidecar speaks of port {port}, which no CL program connected")
            elif kind == "accepted":
                plug.accepted = True
            else:
                plug.pull(int(rest[0]) if kind == "sent" else None)

    def _unlisten(self, owner: int, port: int) -> None:
        listener = self._listeners.get(port)
        if listener is None or listener.owner != owner:
            return
        del self._listeners[port]
        for plug in self._plugs.values():
            if plug.listener == port and plug.owner == owner and not plug.accepted:
                plug.pull(None)

    def leave(self, owner: int) -> None:
        """An external task is gone, and with it every socket that it had."""
        for port in [port for port, listener in self._listeners.items() if listener.owner == owner]:
            del self._listeners[port]
        for plug in [plug for plug in self._plugs.values() if plug.owner == owner]:
            plug.lose()
            del self._plugs[plug.port]

    def wait(self, owner: int, call: dict[str, Any], deadline: float) -> Generator[Wait, Signal | None, bool]:
        """An external task waits for a connection or for bytes; False when the deadline came first."""
        local, peer = int(call["local"]), int(call["peer"])
        listener, plug = self._listeners.get(local), self._plugs.get(peer)
        if peer == 0 and listener is not None and listener.owner == owner:
            if listener.connects <= int(call["accepted"]):
                yield Wait((listener.called,), deadline)
            return listener.connects > int(call["accepted"])
        if plug is not None and plug.owner == owner:
            if not (plug.closed or plug.sent > int(call["received"])):
                yield Wait((plug.written,), deadline)
            return plug.closed or plug.sent > int(call["received"])
        raise TwinError(
            f"a sidecar waits on ports {local} and {peer}, where nothing of the twin is connected"
        )

    def close(self) -> None:
        """Close everything."""
        for plug in self._plugs.values():
            plug.close()
        self._plugs.clear()
        self._listeners.clear()
