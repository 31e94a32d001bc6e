"""The SSH server of simulated systems, on loopback: real handshake, keys, exec channels and SFTP.

Its threads decide nothing: a connection and each command line are reported to the gate, which says when to
greet and what to reply.  A command is reported when the transport reads again, that is after the
acknowledgement of the exec request has gone out, so no reply can overtake it.

Cheap to connect to: Ed25519 host keys made from a text, curve25519, no compression, TCP_NODELAY.
"""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import threading
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import paramiko
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_UNKNOWN_CHANNEL_TYPE,
    OPEN_SUCCEEDED,
)

from flashtwin.keys import private_key
from flashtwin.sims.door import Door, DoorWire
from flashtwin.sims.outcome import Outcome, wire_bytes
from flashtwin.sims.server import Connection, Request, Server
from flashtwin.sims.sftp import FileSession

if TYPE_CHECKING:
    from flashtwin.gate import Gate

LOG = logging.getLogger("flashtwin.ssh")
LOG.addHandler(logging.NullHandler())
LOG.propagate = False

WRITE_LIMIT_S = 30.0
"""Real seconds that a client may take to read a reply."""

KEY_EXCHANGES = ("curve25519-sha256@libssh.org", "ecdh-sha2-nistp256")


def listen(gate: Gate, server: Server) -> int:
    """Listen on a free loopback port for this server; the port.  Ends when the gate is closed."""
    door = Door(server, lambda sock: SshWire(gate, sock), gate)
    gate.listening(server, door.port, door.close)
    return door.port


def listen_for_strangers(gate: Gate) -> None:
    """Make the two ports where nobody is: one that refuses, one that accepts and never says a word."""
    shut = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    shut.bind(("127.0.0.1", 0))
    gate.refused_port = shut.getsockname()[1]
    silence = Server("no answer", lambda _user, _command: Outcome(hang=True), lambda _user, _key: False)
    silence.mode = "silent"
    gate.silent_port = listen(gate, silence)
    gate.on_close(shut.close)


class SshWire:
    """One accepted connection: the socket as paramiko sees it, and the transport once it has been greeted."""

    connection: Connection

    def __init__(self, gate: Gate, sock: socket.socket) -> None:
        self.gate = gate
        self.over: Callable[[DoorWire], None] = lambda _wire: None
        self._sock = sock
        self._pending: deque[Request] = deque()

    def greet(self) -> None:
        """Start the protocol: the version line goes out, the handshake runs in real time."""
        server = self.connection.server
        transport = paramiko.Transport(_Tap(self, self._sock))  # type: ignore[arg-type]
        transport.daemon = True
        transport.set_log_channel(LOG.name)
        options = transport.get_security_options()
        options.kex = KEY_EXCHANGES
        transport.add_server_key(_host_key(server.host_key))
        transport.set_subsystem_handler("sftp", FileSession, self.connection, self.gate)
        with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
            # With an event given, this only starts the thread; a client that has gone is seen there.
            transport.start_server(event=threading.Event(), server=_Session(self))

    def close(self) -> None:
        """Break the connection: both sides see its end."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()

    def expect(self, command: str, channel: paramiko.Channel) -> None:
        """A command was accepted; it is reported when its acknowledgement is out."""
        self._pending.append(Request(self.connection, command, _SshReply(channel)))

    def report(self) -> None:
        """Report what was accepted."""
        while self._pending:
            self.gate.arrived(self._pending.popleft())

    def ended(self) -> None:
        """The transport has ended."""
        self.over(self)
        self.gate.ended(self.connection)


class _Tap:
    """The socket that paramiko reads: each read says that everything before it has been written."""

    def __init__(self, wire: SshWire, sock: socket.socket) -> None:
        self._wire = wire
        self._sock = sock
        self.send = sock.send
        self.settimeout = sock.settimeout
        self.getpeername = sock.getpeername

    def recv(self, count: int) -> bytes:
        """Read; EOF when the twin has broken the connection."""
        self._wire.report()
        try:
            return self._sock.recv(count)
        except TimeoutError:
            raise
        except OSError:
            return b""

    def close(self) -> None:
        """Called by paramiko when the transport ends, for whatever reason."""
        self._sock.close()
        self._wire.ended()


class _Session(paramiko.ServerInterface):
    """What a client may ask for: a public key log-in, exec, and SFTP where there are files."""

    def __init__(self, wire: SshWire) -> None:
        self._wire = wire

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002
        """Keys only."""
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        """Whether the key is authorised; runs while the client holds the baton."""
        connection = self._wire.connection
        let_in = connection.server.lets_in(connection, username, key.get_base64())
        return AUTH_SUCCESSFUL if let_in else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002
        """Sessions only."""
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_UNKNOWN_CHANNEL_TYPE

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        """Take a command line."""
        self._wire.expect(command.decode("utf-8", "surrogateescape"), channel)
        return True

    def check_channel_subsystem_request(self, channel: paramiko.Channel, name: str) -> bool:
        """SFTP where the system has files to show to this client."""
        if self._wire.connection.files is None:
            return False
        return super().check_channel_subsystem_request(channel, name)


class _SshReply:
    """Writes a reply into its channel, in a thread: a slow reader must not hold the scheduler."""

    def __init__(self, channel: paramiko.Channel) -> None:
        self._channel = channel

    def reply(self, outcome: Outcome) -> None:
        """Send output, exit status and end of the channel."""
        threading.Thread(target=self._write, args=(outcome,), daemon=True).start()

    def _write(self, outcome: Outcome) -> None:
        # The client may be gone: its connection's end is reported by the transport.
        with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
            self._channel.settimeout(WRITE_LIMIT_S)
            if outcome.out:
                self._channel.sendall(wire_bytes(outcome.out))
            if outcome.err:
                self._channel.sendall_stderr(wire_bytes(outcome.err))
            if outcome.status is not None:
                self._channel.send_exit_status(outcome.status)
        with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
            self._channel.close()


@lru_cache(maxsize=64)
def _host_key(seed: str) -> paramiko.PKey:
    return paramiko.Ed25519Key.from_private_key(io.StringIO(private_key(seed)))
