"""The sidecar's side of the gate, and the program that a child process of the twin runs.

As a program it gets one line of JSON on standard input, connects to the twin, and when its turn comes runs
the `main` of the zipapp that it was told, with the edges of the twin in place of its own.  It stands alone:
a child has only the standard library, the zipapp and the folders of the libraries on its path, as a
partition has.  The twin's own process uses the same edges for sidecars that run in a thread.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import json
import os
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn, Protocol

REAL_S = 30.0
"""Real seconds within which bytes that the twin has announced must be there."""

LINE_LIMIT = 64 * 1024 * 1024


GROWS = os.O_CREAT | os.O_TRUNC | os.O_APPEND
"""To open a file so is to write something new into it."""


class _NoSpace:
    """The folder in which nothing can be written now, "" for none; the interpreter asks before it opens."""

    folder = ""
    asked = False


def _before(event: str, arguments: tuple[Any, ...]) -> None:
    if not _NoSpace.folder or event not in ("open", "os.mkdir"):
        return
    path = arguments[0]
    text = os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else ""
    if not text.startswith(_NoSpace.folder + os.sep):
        return
    flags = arguments[2] if event == "open" else GROWS
    if not flags & GROWS:
        return
    if flags & os.O_TRUNC and os.path.isfile(text):
        os.truncate(text, 0)  # what was there goes first, then there is no room for what comes
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), text)


@contextlib.contextmanager
def no_space(folder: str) -> Iterator[None]:
    """Meanwhile this process, and only while it is the sidecar, can write nothing in this folder; "": all."""
    if folder and not _NoSpace.asked:
        sys.addaudithook(_before)
        _NoSpace.asked = True
    before, _NoSpace.folder = _NoSpace.folder, folder
    try:
        yield
    finally:
        _NoSpace.folder = before


class Calls(Protocol):
    """The way to the twin; `notes` go with the next call, and the ports of connections that we have ended."""

    notes: list[list[Any]]
    hung_up: list[int]

    def call(self, op: str, **facts: Any) -> dict[str, Any]:
        """Make a clock call and hold the baton again when this returns."""


class TwinClock:
    """The world's clock as the partition sees it (`flashrt.edges.Clock`)."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.sessions: dict[int, Any] = {}

    def now(self) -> float:
        """Epoch seconds, UTC."""
        return float(self._call("now")["now"])

    def sleep(self, seconds: float) -> None:
        """Let virtual time pass."""
        self._call("sleep", seconds=seconds)

    def wait(self, pollable: Any, deadline: float) -> bool:
        """Let virtual time pass until the twin says that there is input; then see that there really is."""
        answer = self._call(
            "wait",
            local=pollable.local_port,
            peer=pollable.peer_port,
            number=getattr(pollable, "request_number", 0),
            accepted=getattr(pollable, "accepted", 0),
            received=getattr(pollable, "received", 0),
            deadline=deadline,
        )
        if answer["ready"] and not pollable.poll(REAL_S):
            self._calls.call("fault", text=f"input announced on port {pollable.local_port} did not come")
        return bool(answer["ready"])

    def wait_any(self, pollables: Sequence[Any], deadline: float) -> int | None:
        """Let virtual time pass until there is input on one of several connections; which one."""
        parts = [[one.local_port, one.peer_port, one.request_number] for one in pollables]
        place = self._call("wait_any", parts=parts, deadline=deadline)["place"]
        if place is None:
            return None
        if not pollables[place].poll(REAL_S):
            port = pollables[place].local_port
            self._calls.call("fault", text=f"input announced on port {port} did not come")
        return int(place)

    def _call(self, op: str, **facts: Any) -> dict[str, Any]:
        answer = self._calls.call(op, **facts)
        for port in answer.get("cut", ()):
            self._see_end(port)
        return answer

    def _see_end(self, port: int) -> None:
        """The twin broke this connection: go on only when our side has seen it, too."""
        session = self.sessions.get(port)
        end = time.monotonic() + REAL_S
        while session is not None and not _has_ended(session):
            if time.monotonic() > end:
                self._calls.call("fault", text=f"the end of the connection from port {port} was not seen")


def _has_ended(session: Any) -> bool:
    """Whether our side of a connection has seen its end; waits a moment for it."""
    if isinstance(session, HttpsConnection):
        return session.has_ended() or (session.poll(0.001) and session.has_ended())
    transport = getattr(session, "_transport", None)
    if transport is not None and transport.is_active():
        transport.join(0.001)
        return not transport.is_active()
    return True


class TwinDatabase:
    """SQL, run by the partition's system (`flashrt.edges.Database`)."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def query(self, sql: str, parameters: Sequence[object] = (), *, limit_s: float) -> list[tuple[Any, ...]]:
        """All rows."""
        answer = self._calls.call("sql", sql=sql, parameters=list(parameters), limit_s=limit_s)
        _raise_failure(answer)
        return [tuple(row) for row in answer["rows"]]


class TwinPrograms:
    """Programs of the site, which the twin plays (`flashrt.edges.Programs`)."""

    def __init__(self, calls: Calls, clock: TwinClock) -> None:
        self._calls = calls
        self._clock = clock

    def look(self, path: str) -> str:
        """Whether one is there: nobody else may change it."""
        return str(self._calls.call("memory", act="look", program=path).get("failed", ""))

    def run(self, argv: Sequence[str], limit_s: float) -> Any:
        """Run one to its end, or kill it at the limit."""
        program = self.start(argv)
        try:
            if not self._clock.wait(program, self._clock.now() + limit_s):
                raise importlib.import_module("flashrt.programs").no_answer(argv, limit_s)
            return program.reply()
        finally:
            program.close()

    def start(self, argv: Sequence[str], prompt: str = "") -> TwinProgram:
        """Start one; what it answers has no prompts in it."""
        del prompt
        answer = self._calls.call("memory", act="start", program=argv[0])
        if "failed" in answer:
            raise importlib.import_module("flashrt.programs").not_run(argv, answer["failed"])
        program = TwinProgram(self._calls, argv[0], answer["port"])
        program.send(" ".join(argv[1:]))
        return program


class TwinProgram:
    """A program that runs (`flashrt.edges.StartedProgram`); its arguments are its first request."""

    peer_port = -1

    def __init__(self, calls: Calls, name: str, port: int) -> None:
        self._calls = calls
        self._name = name
        self.local_port = port
        self.request_number = 0
        self._asked: list[int] = []

    def send(self, command: str) -> None:
        """Write a line, or several at once: each is a request, the last one's answer is waited for."""
        self._asked = []
        for line in command.split("\n"):
            answer = self._ask("send", command=line)
            if answer.get("lost"):
                status = importlib.import_module("flashrt.status")
                raise status.SidecarError(status.UNREACHABLE, f"{self._name} has ended; nothing was sent.")
            self.request_number = int(answer["number"])
            self._asked.append(self.request_number)

    def poll(self, seconds: float) -> bool:  # noqa: ARG002
        """What the twin has announced is there."""
        return True

    def reply(self) -> Any:
        """The answers to all lines; status None where the program ended without one."""
        found = [self._ask("reply", number=number)["reply"] for number in self._asked]
        told = [one for one in found if one is not None]
        status = told[-1]["status"] if len(told) == len(found) else None
        out, err = ("".join(one[key] for one in told) for key in ("out", "err"))
        return importlib.import_module("flashrt.edges").Reply(status, out, err)

    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return bool(self._ask("alive").get("lost"))

    def close(self) -> None:
        """End it."""
        self._ask("close")

    def _ask(self, act: str, **facts: Any) -> dict[str, Any]:
        return self._calls.call("memory", act=act, port=self.local_port, **facts)


def _raise_failure(answer: dict[str, Any]) -> None:
    failed = answer.get("failed")
    if failed:
        status = importlib.import_module("flashrt.status")
        raise status.SidecarError(getattr(status, failed.upper()), answer["text"])


class CountedStream:
    """A connection from a CL program; both directions are counted for the twin."""

    def __init__(self, calls: Calls, stream: Any) -> None:
        self._calls = calls
        self._stream = stream
        self._sent = 0
        self.received = 0
        self.local_port: int = stream.local_port
        self.peer_port: int = stream.peer_port

    def poll(self, seconds: float) -> bool:
        """Whether something can be read."""
        return bool(self._stream.poll(seconds))

    def receive(self, count: int) -> bytes:
        """Bytes that are there."""
        data: bytes = self._stream.receive(count)
        self.received += len(data)
        return data

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self._stream.send(data)
        self._sent += len(data)
        self._calls.notes.append(["sent", self.peer_port, self._sent])

    def close(self) -> None:
        """End the connection."""
        self._stream.close()
        self._calls.notes.append(["closed", self.peer_port])


class CountedListener:
    """A listening socket that the twin knows."""

    def __init__(self, calls: Calls, listener: Any) -> None:
        self._calls = calls
        self._listener = listener
        self.accepted = 0
        self.local_port: int = listener.local_port
        self.peer_port = 0

    def poll(self, seconds: float) -> bool:
        """Whether somebody has connected."""
        return bool(self._listener.poll(seconds))

    def accept(self) -> CountedStream:
        """The connection."""
        stream = self._listener.accept()
        self.accepted += 1
        self._calls.notes.append(["accepted", stream.peer_port])
        return CountedStream(self._calls, stream)

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
        self._calls.notes.append(["unlisten", self.local_port])


class HttpsConnection:
    """The sidecar's own connection by HTTPS; the twin learns when we end it."""

    def __init__(self, calls: Calls, clock: TwinClock, connection: Any) -> None:
        self._calls = calls
        self._connection = connection
        self._ended = False
        self.local_port: int = connection.local_port
        self.peer_port: int = connection.peer_port
        clock.sessions[self.local_port] = self

    def poll(self, seconds: float) -> bool:
        """Whether something can be read."""
        return bool(self._connection.poll(seconds))

    def send(self, data: bytes) -> int:
        """Send a request."""
        return int(self._connection.send(data))

    def receive(self) -> bytes | None:
        """What is there."""
        data: bytes | None = self._connection.receive()
        return data

    def has_ended(self) -> bool:
        """Whether the other side has ended it."""
        self._ended = self._ended or self._connection.has_ended()
        return self._ended

    def close(self) -> None:
        """End it."""
        self._connection.close()
        self._ended = True
        self._calls.hung_up.append(self.local_port)


class TwinNetwork:
    """The sidecar's own SSH and sockets; the twin says where an address leads, and counts requests."""

    def __init__(self, calls: Calls, clock: TwinClock) -> None:
        edges = importlib.import_module("flashrt.edges")
        self._calls = calls
        self._clock = clock
        self._edges = edges
        self._real = edges.SshNetwork(clock, self._locate)

    def connect(self, endpoint: Any, credentials: Any, known_hosts: str, deadline: float) -> Any:
        """Log in by SSH."""
        session = self._real.connect(endpoint, credentials, known_hosts, deadline)
        open_command, requests = session.open_command, [0]

        def counted(limit: float) -> Any:
            command = open_command(limit)
            send = command.send
            self._clock.sessions[command.local_port] = session

            def send_counted(text: str) -> None:
                send(text)
                requests[0] += 1
                command.request_number = requests[0]

            command.send = send_counted
            return command

        session.open_command = counted
        return session

    def https(self, endpoint: Any, known_hosts: str, deadline: float) -> Any:
        """Connect by HTTPS."""
        https = importlib.import_module("flashrt.https")

        def known(connection: Any) -> HttpsConnection:
            return HttpsConnection(self._calls, self._clock, connection)

        return https.connect(
            self._clock, endpoint, lambda: self._locate(endpoint), known_hosts, deadline, known
        )

    def dial(self, endpoint: Any, deadline: float) -> Any:
        """Open a plain TCP connection to a server that speaks first."""
        return self._real.dial(endpoint, deadline)

    def limited(self, limit_s: float, cut: Any) -> Any:
        """Cut what takes really too long."""
        return self._real.limited(limit_s, cut)

    def listen(self) -> CountedListener:
        """Listen on a free loopback port."""
        listener = self._edges.SocketListener()
        self._calls.call("listen", port=listener.local_port)
        return CountedListener(self._calls, listener)

    def _locate(self, endpoint: Any) -> Any:
        port = self._calls.call("locate", host=endpoint.host, port=endpoint.port)["port"]
        return self._edges.Endpoint("127.0.0.1", port)


def make_edges(calls: Calls, root: str = "", own_process: bool = False) -> Any:
    """The edges of a sidecar in the twin (`flashrt.edges.Edges`); `root` is the folder of the IFS."""
    edges = importlib.import_module("flashrt.edges")
    clock = TwinClock(calls)
    return edges.Edges(
        clock,
        TwinNetwork(calls, clock),
        TwinDatabase(calls),
        TwinPrograms(calls, clock),
        own_process=own_process,
        root=root,
    )


class SocketCalls:
    """Clock calls as JSON lines over a loopback connection.  A child whose twin is gone ends at once."""

    def __init__(self, port: int, token: str) -> None:
        self.notes: list[list[Any]] = []
        self.hung_up: list[int] = []
        self._sock = socket.create_connection(("127.0.0.1", port), timeout=REAL_S)
        self._sock.settimeout(None)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines = self._sock.makefile("rb")
        self._send({"op": "hello", "token": token})

    def call(self, op: str, **facts: Any) -> dict[str, Any]:
        """Ask and wait for the answer."""
        facts["op"] = op
        if self.notes:
            facts["notes"], self.notes = self.notes, []
        if self.hung_up:
            facts["hung_up"], self.hung_up = self.hung_up, []
        self._send(facts)
        return self.receive()

    def end(self, status: int) -> None:
        """Say that the sidecar has ended; nothing comes back."""
        self._send({"op": "end", "status": status, "notes": self.notes})

    def receive(self) -> dict[str, Any]:
        """The next line from the twin."""
        try:
            line = self._lines.readline(LINE_LIMIT)
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            os._exit(143)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _send(self, facts: dict[str, Any]) -> None:
        try:
            self._sock.sendall(json.dumps(facts).encode("ascii") + b"\n")
        except OSError:
            os._exit(143)


def main() -> NoReturn:
    """Run the sidecar of a zipapp for the twin."""
    # A short life: nothing is gained by collecting garbage, a tenth of the start by not doing it.  paramiko
    # takes invoke only for "Match exec" in a client configuration, where it is missing on a partition too,
    # and loading it would be a third of the start.
    gc.disable()
    sys.modules["invoke"] = None  # type: ignore[assignment]
    told = json.loads(sys.stdin.readline())
    calls = SocketCalls(told["port"], told["token"])
    sys.path[:0] = [told["zipapp"]]
    sys.path += told["libraries"]
    sys.argv = [told["zipapp"], *told["argv"]]
    calls.receive()
    sidecar = importlib.import_module("flashrt.main")
    if not str(sidecar.__file__).startswith(told["zipapp"] + os.sep):
        calls.call("fault", text=f"flashrt was loaded from {sidecar.__file__}, not from {told['zipapp']}")
    try:
        with no_space(told["full"]):
            status = sidecar.main(told["argv"], make_edges(calls, told["root"], own_process=True))
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1 if end.code else 0
    sys.stdout.flush()
    sys.stderr.flush()
    calls.end(int(status))
    # All is written and said; taking the interpreter apart would only cost time.
    os._exit(int(status))


if __name__ == "__main__":
    main()
