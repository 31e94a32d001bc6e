"""The HTTPS server of simulated systems, on loopback: real TLS, HTTP/1.1 with kept connections.

Its threads decide nothing: a connection and each request are reported to the gate, which says when to shake
hands and what to reply.  One thread a connection does all that touches its TLS state; replies are handed to
it.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from flashtwin.certificates import server_context
from flashtwin.sims.door import Door, DoorWire
from flashtwin.sims.http import BadRequest, HttpOutcome, HttpRequest, RequestReader, described, reply_bytes
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Connection, Server

if TYPE_CHECKING:
    from flashtwin.gate import Gate

WRITE_LIMIT_S = 30.0
"""Real seconds that a client may take to read a reply."""


def listen(gate: Gate, server: Server) -> int:
    """Listen on a free loopback port for this server; the port.  Ends when the gate is closed."""
    door = Door(server, lambda sock: _HttpsWire(gate, sock), gate)
    gate.listening(server, door.port, door.close)
    return door.port


class _HttpsWire:
    """One accepted connection."""

    connection: Connection

    def __init__(self, gate: Gate, sock: socket.socket) -> None:
        self.over: Callable[[DoorWire], None] = lambda _wire: None
        self._gate = gate
        self._sock = sock
        self._wake, self._woken = socket.socketpair()
        self._replies: deque[Outcome] = deque()
        self._coming = ssl.MemoryBIO()
        self._going = ssl.MemoryBIO()
        self._thread = threading.Thread(target=self._talk, name="https", daemon=True)

    def greet(self) -> None:
        """Start the protocol: the handshake runs in real time."""
        self._thread.start()

    def close(self) -> None:
        """Break the connection: both sides see its end.  The thread, once there is one, takes it down."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        if not self._thread.ident:
            self._take_down()

    def reply(self, outcome: Outcome) -> None:
        """Hand a reply to the thread; a client that has gone is not an error."""
        self._replies.append(outcome)
        with contextlib.suppress(OSError):
            self._wake.send(b"x")

    def _talk(self) -> None:
        # A client that goes away in the middle ends the talk as one that is done.
        with contextlib.suppress(OSError):
            self._serve()
        self._take_down()
        self.over(self)
        self._gate.ended(self.connection)

    def _take_down(self) -> None:
        for sock in (self._sock, self._wake, self._woken):
            sock.close()

    def _serve(self) -> None:
        self._sock.settimeout(WRITE_LIMIT_S)
        context = server_context(self.connection.server.host_key)
        tls = context.wrap_bio(self._coming, self._going, server_side=True)
        while not self._try(tls.do_handshake):
            if not self._fetch():
                return
        reader = RequestReader(self.connection)
        while self._converse(tls, reader):
            self._await()

    def _try(self, step: Callable[[], None]) -> bool:
        """One step of the handshake; False when it needs more bytes."""
        try:
            step()
        except ssl.SSLWantReadError:
            return False
        finally:
            # An alert goes out as well.
            self._flush()
        return True

    def _await(self) -> None:
        """Wait for bytes of the client, or for a reply to it."""
        poller = select.poll()
        poller.register(self._sock, select.POLLIN)
        poller.register(self._woken, select.POLLIN)
        ready = {descriptor for descriptor, _ in poller.poll()}
        if self._woken.fileno() in ready:
            self._woken.recv(64)
        if self._sock.fileno() in ready and not self._fetch():
            self._coming.write_eof()

    def _converse(self, tls: ssl.SSLObject, reader: RequestReader) -> bool:
        """Send what is to be sent, take what has come; False at the end."""
        while self._replies:
            data, last = reply_bytes(self._replies.popleft())
            self._send(tls, data)
            if last:
                self._say_goodbye(tls)
                return False
        try:
            while data := tls.read(65536):
                call = reader.feed(data)
                if call is not None:
                    self._gate.arrived(HttpRequest(self.connection, described(call), self, call))
        except ssl.SSLWantReadError:
            self._flush()
            return True
        except BadRequest as problem:
            self._send(tls, reply_bytes(HttpOutcome(400, str(problem), close=True))[0])
        self._say_goodbye(tls)
        return False

    def _send(self, tls: ssl.SSLObject, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[tls.write(view) :]
        self._flush()

    def _say_goodbye(self, tls: ssl.SSLObject) -> None:
        """Tell that nothing more comes, so that it cannot be taken for a broken line."""
        with contextlib.suppress(ssl.SSLError):
            tls.unwrap()
        self._flush()

    def _fetch(self) -> bool:
        data = self._sock.recv(65536)
        self._coming.write(data)
        return bool(data)

    def _flush(self) -> None:
        data = self._going.read()
        if data:
            self._sock.sendall(data)
