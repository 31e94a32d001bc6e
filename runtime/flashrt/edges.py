"""The sidecar's edges: clock, network, database and programs, as interfaces and as the real things.

Everything the sidecar learns from outside comes through one `Edges`.  A rehearsal replaces the parts; the
rest of the sidecar cannot tell.  Times are epoch seconds in UTC, limits are seconds.

How a request is awaited, everywhere: send it, then `clock.wait(pollable, deadline)` once, then read the
answer by `pollable.poll()` within `SETTLE_S`.  A clock that is not the machine's own may thus let its time
pass in `wait`, knowing that a request is on its way to `peer_port`.
"""

from __future__ import annotations

import contextlib
import math
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from flashrt.status import TIMEOUT, UNREACHABLE, SidecarError

if TYPE_CHECKING:
    from flashrt.https import RestSession

SETTLE_S = 10.0
"""How long the rest of an answer may take once its beginning has been announced by the clock."""

LOG_IN_S = 60.0
"""How long a server that has greeted may take to let us in.  Many look up the name of our address first, and
wait for name servers that do not answer (docs/platform-facts.md#slow-log-ins)."""

TURN_S = 0.02
"""How long one of several answers is waited for before the next is looked at."""

OUTPUT_LIMIT = 16 * 1024 * 1024
"""Bytes of one stream of one answer; more is an error, not a longer wait."""


class Endpoint(NamedTuple):
    """A management address as the spec gives it: host name or address, and TCP port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Credentials(NamedTuple):
    """Who logs in: the user and the path of the private key file."""

    user: str
    key_file: str


class Reply(NamedTuple):
    """The answer to one command: exit status (None: none was sent), standard output, standard error."""

    status: int | None
    out: str
    err: str


class Pollable(Protocol):
    """A thing with input: a socket, a listening socket, an answer to come."""

    @property
    def local_port(self) -> int:
        """Our TCP port of the connection; 0 if there is none."""

    @property
    def peer_port(self) -> int:
        """The other side's TCP port; 0 for a listening socket."""

    def poll(self, seconds: float) -> bool:
        """Wait really, up to `seconds`, for input; True if there is some (or the end of the connection)."""


class Clock(Protocol):
    """The time, and the only way to let it pass."""

    def now(self) -> float:
        """Epoch seconds, UTC."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""

    def wait(self, pollable: Pollable, deadline: float) -> bool:
        """Wait for input up to `deadline` (epoch seconds). True: input is there. False: it has passed."""

    def wait_any(self, pollables: Sequence[Pollable], deadline: float) -> int | None:
        """Wait until one of them has input, and say which by its place; None when the deadline passed."""


class OpenCommand(Pollable, Protocol):
    """A session channel that is open already, for one command that must go out without delay."""

    def send(self, command: str) -> None:
        """Send the command, without waiting for anything.  OSError or SidecarError: nothing is known."""

    def reply(self) -> Reply:
        """The answer, once `poll` was True.  Status None: the connection ended without one."""

    def close(self) -> None:
        """Give the channel up."""


class RemoteFiles(Protocol):
    """Files of the other side, by SFTP.  Paths are absolute; errors are `SidecarError`."""

    def size(self, path: str) -> int | None:
        """Size in bytes, None if there is no such file."""

    def modified(self, path: str) -> int:
        """When a file that is there was last written, by the other side's own clock: epoch seconds."""

    def read(self, path: str, limit: int) -> bytes | None:
        """The first bytes of a file, `limit` at most; None if there is no such file."""

    def make_folder(self, path: str) -> None:
        """Make a folder (mode 0700); an existing one is fine."""

    def write(self, local: str, remote: str, start: int) -> None:
        """Send the local file's bytes from offset `start` on, to the same offset of the remote file."""

    def rename(self, old: str, new: str) -> None:
        """Rename, replacing what stands at the new name."""

    def close(self) -> None:
        """End the transfer session."""


class Session(Protocol):
    """One authenticated connection to a console, an array or a partition."""

    def run(self, command: str, deadline: float) -> Reply:
        """Run one command.  TIMEOUT: no answer by the deadline; UNKNOWN: the connection was lost."""

    def open_command(self, deadline: float) -> OpenCommand:
        """Open a session channel now for a command to be sent later."""

    def files(self, deadline: float) -> RemoteFiles:
        """Start SFTP on this connection."""

    def close(self) -> None:
        """End the connection; never raises."""


class Stream(Pollable, Protocol):
    """A byte stream that is connected already (a socket)."""

    def receive(self, count: int) -> bytes:
        """Up to `count` bytes that are there; b"" at the end of the connection."""

    def send(self, data: bytes) -> None:
        """Send all of it."""

    def close(self) -> None:
        """End the connection; never raises."""


class ByteConnection(Pollable, Protocol):
    """A connection to an HTTPS server: encrypted, and the server is the pinned one."""

    def send(self, data: bytes) -> int:
        """Send a whole request; its number on this connection, from 1.  OSError: it broke meanwhile."""

    def receive(self) -> bytes | None:
        """What is there; None: nothing yet; b"": the other side has ended it.  OSError: it broke."""

    def has_ended(self) -> bool:
        """Whether it has ended; asked while no reply is due."""

    def close(self) -> None:
        """End the connection; never raises."""


class Listener(Pollable, Protocol):
    """A listening socket on the loopback address."""

    def accept(self) -> Stream:
        """The connection that `poll` announced."""

    def close(self) -> None:
        """Stop listening; never raises."""


class Network(Protocol):
    """The way to other systems."""

    def connect(
        self, endpoint: Endpoint, credentials: Credentials, known_hosts: str, deadline: float
    ) -> Session:
        """Log in by SSH.  `known_hosts` is the path of the file of pinned host keys.

        The deadline is that of connection and greeting; who has greeted has LOG_IN_S for the rest.
        UNREACHABLE: no connection; TIMEOUT: no banner or log-in in time; AUTH, HOSTKEY, KEY, CONFIG.
        """

    def https(self, endpoint: Endpoint, known_hosts: str, deadline: float) -> RestSession:
        """Connect by HTTPS; `known_hosts` has the pinned certificates too.  Nobody is logged in yet.

        UNREACHABLE: no connection, or no TLS by the deadline; HOSTKEY.
        """

    def dial(self, endpoint: Endpoint, deadline: float) -> socket.socket:
        """Open a plain TCP connection to a server that speaks first, and wait for its first bytes.

        UNREACHABLE if there are none by the deadline.
        """

    def limited(self, limit_s: float, cut: Callable[[], None]) -> AbstractContextManager[None]:
        """Call `cut`, from elsewhere, when what stands inside takes really longer than this."""

    def listen(self) -> Listener:
        """Listen on a free port of 127.0.0.1."""


class Database(Protocol):
    """SQL on this partition; the sidecar only reads."""

    def query(self, sql: str, parameters: Sequence[object] = (), *, limit_s: float) -> list[tuple]:  # type: ignore[type-arg]
        """All rows of a SELECT.  UNREACHABLE: no connection; SYSTEM: the statement failed; TIMEOUT."""


class StartedProgram(OpenCommand, Protocol):
    """A program that was started and answers each line, the first one unasked.

    Several lines may be sent at once; the answer is whole when the last of them is answered.
    """

    def has_ended(self) -> bool:
        """Whether it runs no more; asked while no answer is due."""


class Programs(Protocol):
    """Programs of the site on this partition, run without a shell."""

    def look(self, path: str) -> str:
        """Why one may not be run, or could be changed by others than its owner; "" where all is well."""

    def run(self, argv: Sequence[str], limit_s: float) -> Reply:
        """Run one to its end.  CONFIG: it cannot be run; TIMEOUT: it was killed at the limit.

        Status None: a signal has ended it.
        """

    def start(self, argv: Sequence[str], prompt: str = "") -> StartedProgram:
        """Start one that waits for lines on its standard input.  CONFIG: it cannot be run.

        An answer is one line; with a prompt, all that is written up to it, on either output.  One that
        ended says its exit status then, beside what it wrote last.
        """


class Edges(NamedTuple):
    """All that the sidecar knows of the outside."""

    clock: Clock
    network: Network
    database: Database
    programs: Programs
    partition: bool = True
    """Whether this is an IBM i, and so may be a clone."""
    own_process: bool = True
    """Whether this process is the sidecar's alone, so that its signals are for us."""
    root: str = ""
    """The folder that is the root of the IFS here, where that is not the machine's own root."""
    until: float = math.inf
    """When a call that only looks stops looking (epoch seconds): no console or array is asked any more."""


SIGNAL_S = 0.5
"""The longest single wait.  A signal may be delivered to a thread of paramiko's; Python runs its handler only
when the main thread comes back from its wait, and ENDJOB *CNTRLD gives it seconds, not minutes."""


class SystemClock:
    """The time at which the call began, and the seconds since then: setting the clock moves no deadline."""

    def __init__(self) -> None:
        self._begun = time.time() - time.monotonic()

    def now(self) -> float:
        """Epoch seconds, UTC."""
        return self._begun + time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(max(0.0, seconds))

    def wait(self, pollable: Pollable, deadline: float) -> bool:
        """Wait for input."""
        while True:
            left = deadline - self.now()
            if pollable.poll(max(0.0, min(left, SIGNAL_S))):
                return True
            if left <= 0:
                return False

    def wait_any(self, pollables: Sequence[Pollable], deadline: float) -> int | None:
        """Wait for the first of several; looks at each in turn."""
        while True:
            left = deadline - self.now()
            for place, pollable in enumerate(pollables):
                if pollable.poll(max(0.0, min(left, TURN_S))):
                    return place
            if left <= 0:
                return None


class SocketStream:
    """A connected socket as a `Stream`."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._local = _port(sock.getsockname())
        self._peer = _port(sock.getpeername())

    @property
    def local_port(self) -> int:
        """Our TCP port."""
        return self._local

    @property
    def peer_port(self) -> int:
        """The other side's TCP port."""
        return self._peer

    def poll(self, seconds: float) -> bool:
        """True if bytes, or the end of the connection, can be read."""
        return readable(self._sock, seconds)

    def receive(self, count: int) -> bytes:
        """Up to `count` bytes; b"" at the end, also when the connection was reset."""
        try:
            return self._sock.recv(count)
        except OSError:
            return b""

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self._sock.sendall(data)

    def close(self) -> None:
        """End the connection."""
        self._sock.close()


class SocketListener:
    """A listening socket on a free port of 127.0.0.1."""

    def __init__(self) -> None:
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._sock.bind(("127.0.0.1", 0))
        self._sock.listen(4)
        self._local = _port(self._sock.getsockname())

    @property
    def local_port(self) -> int:
        """The port that was given."""
        return self._local

    @property
    def peer_port(self) -> int:
        """A listening socket has no peer."""
        return 0

    def poll(self, seconds: float) -> bool:
        """True if somebody connected."""
        return readable(self._sock, seconds)

    def accept(self) -> SocketStream:
        """The connection; answers go out at once and a peer that does not read cannot hold us."""
        sock, _ = self._sock.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(5.0)
        return SocketStream(sock)

    def close(self) -> None:
        """Stop listening."""
        self._sock.close()


def dial_tcp(endpoint: Endpoint, limit_s: float) -> socket.socket:
    """Open a TCP connection with TCP_NODELAY; UNREACHABLE with the system's reason otherwise.

    A name may have several addresses, of which the first answers nobody: each has its part of what is left of
    the limit, so that the next can still be tried and the log-in still has time.
    """
    if limit_s <= 0:
        raise SidecarError(TIMEOUT, f"No time was left to connect to {endpoint}.")
    try:
        sock = _connected(endpoint, time.monotonic() + limit_s)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise SidecarError(
            UNREACHABLE,
            f"{endpoint} cannot be reached: {reason}. Check the address, the network and the system itself.",
        ) from error
    return sock


def _connected(endpoint: Endpoint, end: float) -> socket.socket:
    """A socket to the first address that takes it; the error of the last one otherwise."""
    places = socket.getaddrinfo(endpoint.host, endpoint.port, 0, socket.SOCK_STREAM)
    error = OSError("the name has no address")
    for number, (family, kind, protocol, _, address) in enumerate(places):
        share = (end - time.monotonic()) / (len(places) - number)
        if share <= 0:
            # The system's own look-up knows no limit of ours.
            raise OSError("looking up the name took all the time")
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(share)
            sock.connect(address)
        except OSError as refused:
            sock.close()
            error = refused
        else:
            return sock
    raise error


def await_banner(clock: Clock, sock: socket.socket, endpoint: Endpoint, deadline: float) -> None:
    """Wait for the server's first bytes without reading them; closes the socket when none come."""
    try:
        stream = SocketStream(sock)
        heard = clock.wait(stream, deadline) and stream.poll(SETTLE_S)
    except OSError as error:
        sock.close()
        raise SidecarError(
            UNREACHABLE, f"{endpoint} closed the connection at once. Check the system itself."
        ) from error
    if not heard:
        sock.close()
        raise SidecarError(
            UNREACHABLE,
            f"{endpoint} took the connection but did not greet within the limit. Check the system itself.",
        )


class SshNetwork:
    """The real network.  `locate` says where a declared address really is; host keys go by the declared."""

    def __init__(
        self, clock: Clock, locate: Callable[[Endpoint], Endpoint] = lambda endpoint: endpoint
    ) -> None:
        self._clock = clock
        self._locate = locate

    def connect(
        self, endpoint: Endpoint, credentials: Credentials, known_hosts: str, deadline: float
    ) -> Session:
        """Log in by SSH; see `Network.connect`."""
        from flashrt.ssh import connect

        return connect(self._clock, endpoint, self._locate(endpoint), credentials, known_hosts, deadline)

    def https(self, endpoint: Endpoint, known_hosts: str, deadline: float) -> RestSession:
        """Connect by HTTPS; see `Network.https`."""
        from flashrt.https import connect

        return connect(self._clock, endpoint, lambda: self._locate(endpoint), known_hosts, deadline)

    def dial(self, endpoint: Endpoint, deadline: float) -> socket.socket:
        """Open a plain TCP connection to a server that speaks first."""
        sock = dial_tcp(self._locate(endpoint), deadline - self._clock.now())
        await_banner(self._clock, sock, endpoint, deadline)
        return sock

    @contextlib.contextmanager
    def limited(self, limit_s: float, cut: Callable[[], None]) -> Iterator[None]:
        """Call `cut` in a thread of its own when the limit has passed."""
        timer = threading.Timer(limit_s, cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def listen(self) -> Listener:
        """Listen on a free port of 127.0.0.1."""
        return SocketListener()


def real_edges() -> Edges:
    """The edges of a partition."""
    clock = SystemClock()
    dsn = os.environ.get("FLASHRT_DSN", "*LOCAL")
    # PASE calls itself OS400; elsewhere there is no partition that could be the clone
    partition = os.uname().sysname == "OS400" if hasattr(os, "uname") else False
    from flashrt.odbc import OdbcDatabase
    from flashrt.programs import SitePrograms

    return Edges(clock, SshNetwork(clock), OdbcDatabase(dsn), SitePrograms(), partition)


def _port(address: object) -> int:
    return int(address[1]) if isinstance(address, tuple) else 0


def readable(sock: socket.socket | int, seconds: float) -> bool:
    """Wait really for input of a socket or a descriptor (or its end), up to `seconds`."""
    # poll() has no limit on the descriptor's number, select() has.
    if hasattr(select, "poll"):
        poller = select.poll()
        poller.register(sock, select.POLLIN)
        return bool(poller.poll(max(0.0, seconds) * 1000.0))
    return bool(select.select([sock], [], [], max(0.0, seconds))[0])
