"""The ways to an external side: a child process over loopback, a thread over queues, a greenlet."""

from __future__ import annotations

import atexit
import contextlib
import hmac
import importlib.util
import io
import json
import os
import queue
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, TextIO, cast

from greenlet import getcurrent, greenlet

from flashtwin import pase_launch
from flashtwin.errors import TwinError

Call = dict[str, Any]

OUTPUT_LIMIT = 4 * 1024 * 1024


class ProcessLink:
    """A child process that runs a zipapp.  It starts at once, loads Python, and waits for its turn.

    The calls come over a loopback connection that the child opens and proves to be its own by a token,
    which it gets through its standard input: no argument and no variable shows it.
    """

    def __init__(
        self,
        zipapp: str,
        argv: Sequence[str],
        env: Mapping[str, str],
        cwd: str,
        root: str = "",
        full: str = "",
    ) -> None:
        self._token = secrets.token_hex(16)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._sock: socket.socket | None = None
        self._lines: IO[bytes] | None = None
        # Files, not pipes: nobody reads while the child writes.  `kill` closes them.
        self._out = tempfile.TemporaryFile()  # noqa: SIM115
        self._err = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", "-W", "ignore", str(Path(pase_launch.__file__).resolve())],
            stdin=subprocess.PIPE,
            stdout=self._out,
            stderr=self._err,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **env},
            cwd=cwd,
            start_new_session=True,
        )
        _alive.add(self)
        told = {
            "port": self.port,
            "token": self._token,
            "zipapp": zipapp,
            "argv": list(argv),
            "root": root,
            "full": full,
            "libraries": library_folders(),
        }
        assert self._process.stdin is not None
        # A child that died at once is seen when its greeting is awaited.
        with contextlib.suppress(BrokenPipeError), self._process.stdin as stdin:
            stdin.write(json.dumps(told).encode("ascii") + b"\n")

    def receive(self, limit_s: float) -> Call | None:
        """Its next call.  A child that ended without saying so is an `end` with `crashed`."""
        if self._lines is None and not self._greet(limit_s):
            return self._crash()
        assert self._sock is not None
        assert self._lines is not None
        self._sock.settimeout(limit_s)
        try:
            line = self._lines.readline(pase_launch.LINE_LIMIT)
        except TimeoutError:
            return None
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            return self._crash()
        call: Call = json.loads(line)
        if call["op"] == "end":
            # It has written everything before it said so; `kill` takes it away.
            call["out"], call["err"] = self._output()
        return call

    def answer(self, facts: Call) -> None:
        """Send the answer; a child that has died is seen at the next receive."""
        assert self._sock is not None
        with contextlib.suppress(OSError):
            self._sock.sendall(json.dumps(facts).encode("ascii") + b"\n")

    def kill(self) -> None:
        """Kill the child and everything that it started."""
        if self not in _alive:
            return
        _alive.discard(self)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for thing in (self._lines, self._sock, self._door, self._out, self._err):
            if thing is not None:
                thing.close()

    def has_ended(self) -> bool:
        """Whether the child is no more."""
        return self._process.poll() is not None

    def await_end(self, limit_s: float) -> None:
        """Wait really until the child has ended by itself."""
        self._process.wait(limit_s)

    def hang_up(self) -> None:
        """Close the connection, as it closes when the twin dies."""
        if self._sock is not None:
            self._sock.shutdown(socket.SHUT_RDWR)

    def _greet(self, limit_s: float) -> bool:
        """Accept the child's connection; False when the child has ended without one."""
        end = time.monotonic() + limit_s
        self._door.settimeout(0.05)
        while time.monotonic() < end:
            try:
                sock, _ = self._door.accept()
            except TimeoutError:
                if self._process.poll() is not None:
                    return False
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(limit_s)
            lines = sock.makefile("rb")
            if self._proves_itself(lines):
                self._sock, self._lines = sock, lines
                self.answer({})
                return True
            lines.close()
            sock.close()
        raise TwinError(f"the sidecar process did not start within {limit_s:.0f} s of real time")

    def _proves_itself(self, lines: IO[bytes]) -> bool:
        try:
            told = json.loads(lines.readline(1024))
        except (OSError, ValueError):
            return False
        return isinstance(told, dict) and hmac.compare_digest(str(told.get("token")), self._token)

    def _crash(self) -> Call:
        status = self._process.wait(pase_launch.REAL_S)
        out, err = self._output()
        return {"op": "end", "status": 128 - status if status < 0 else status, "out": out, "err": err}

    def _output(self) -> tuple[str, str]:
        texts = []
        for file in (self._out, self._err):
            file.seek(0)
            texts.append(file.read(OUTPUT_LIMIT).decode("utf-8", "replace"))
        return texts[0], texts[1]


_alive: set[ProcessLink] = set()


@atexit.register
def _kill_all() -> None:
    for link in tuple(_alive):
        link.kill()


def library_folders() -> list[str]:
    """The folders of this Python's path that hold installed libraries, for a child started without `site`."""
    folders = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    found = importlib.util.find_spec("paramiko")
    if found is not None and found.origin is not None:
        folders.append(str(Path(found.origin).parent.parent))
    return list(dict.fromkeys(folders))


class _Killed(BaseException):
    """Raised in a sidecar whose job was killed; not an Exception, so that nothing takes it for an error."""


class LocalCalls:
    """The calls of a sidecar in this process; `switch` brings one to the twin and its answer back."""

    def __init__(self, switch: Callable[[Call], Call | None]) -> None:
        self.notes: list[list[Any]] = []
        self.hung_up: list[int] = []
        self.killed = False
        self._switch = switch

    def call(self, op: str, **facts: Any) -> dict[str, Any]:
        """Ask and wait for the answer."""
        if self.killed:
            raise _Killed
        facts["op"] = op
        if self.notes:
            facts["notes"], self.notes = self.notes, []
        if self.hung_up:
            facts["hung_up"], self.hung_up = self.hung_up, []
        answer = self._switch(facts)
        if answer is None:
            raise _Killed
        return answer


Full = Callable[[], str]
"""The folder in which a sidecar can write nothing now; "" for none."""


def nowhere() -> str:
    """There is room everywhere."""
    return ""


Entry = Callable[[list[str], Any], int]
MakeEdges = Callable[[LocalCalls], Any]


def _run(entry: Entry, argv: list[str], edges: MakeEdges, calls: LocalCalls, err: io.StringIO) -> Call:
    """The life of a sidecar in this process; its last call."""
    status = 1
    try:
        status = entry(argv, edges(calls))
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1 if end.code else 0
    except _Killed:
        status = 137
    except BaseException:  # noqa: BLE001 - a crash of the sidecar ends it as a process would end
        err.write(traceback.format_exc())
    return {"op": "end", "status": status, "notes": calls.notes}


class GreenletLink:
    """A sidecar in a greenlet of this thread: giving the baton is a switch of stacks.

    It must never really wait for anything: nobody could interrupt it, so the limit of `receive` is not kept.
    """

    def __init__(self, entry: Entry, argv: Sequence[str], edges: MakeEdges, full: Full = nowhere) -> None:
        self._full = full
        self._calls = LocalCalls(lambda call: cast("Call | None", self._twin.switch(call)))
        self._out, self._err = io.StringIO(), io.StringIO()
        self._answer: Call | None = None
        words = list(argv)
        self._side = greenlet(lambda _: _run(entry, words, edges, self._calls, self._err))
        self._twin = getcurrent()

    def receive(self, limit_s: float) -> Call | None:  # noqa: ARG002
        """Switch to the sidecar until its next call.  What is printed meanwhile is its output."""
        answer, self._answer = self._answer, None
        call: Call = self._switch(self._side.switch, answer)
        if call["op"] == "end":
            call["out"], call["err"] = self._out.getvalue(), self._err.getvalue()
        return call

    def answer(self, facts: Call) -> None:
        """Keep the answer; the sidecar goes on when the next call is awaited."""
        self._answer = facts

    def kill(self) -> None:
        """Let the sidecar unwind: every call of it raises until it is gone."""
        self._calls.killed = True
        if self._side:  # it has begun and has not ended
            self._switch(self._side.throw, _Killed)
        if self._side:
            raise TwinError("a sidecar did not end when its job was killed")

    def _switch(self, switch: Callable[..., Any], given: object) -> Any:
        before = sys.stdout, sys.stderr
        self._side.parent = self._twin = getcurrent()
        sys.stdout, sys.stderr = self._out, self._err
        try:
            full = self._full()
            if not full:
                return switch(given)
            with pase_launch.no_space(full):
                return switch(given)
        finally:
            sys.stdout, sys.stderr = before


class ThreadLink:
    """A sidecar in a thread of this process: the same entry point, the same edges, no start of Python."""

    def __init__(self, entry: Entry, argv: Sequence[str], edges: MakeEdges, full: Full = nowhere) -> None:
        self._full = full
        self._calls = LocalCalls(self._switch)
        self._asked: queue.SimpleQueue[Call] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._out, self._err = io.StringIO(), io.StringIO()
        self._next: Call | None = None
        words = list(argv)
        self._thread = threading.Thread(
            target=lambda: self._asked.put(_run(entry, words, edges, self._calls, self._err)),
            name=f"sidecar {' '.join(argv[:2])}",
            daemon=True,
        )

    def receive(self, limit_s: float) -> Call | None:
        """Give the baton and wait for the next call.  What the thread prints meanwhile is its output."""
        with _captured(self._thread, self._out, self._err), pase_launch.no_space(self._full()):
            if not self._thread.ident:
                self._thread.start()
            elif self._next is not None:
                self._answers.put(self._next)
            self._next = None
            try:
                call = self._asked.get(timeout=limit_s)
            except queue.Empty:
                return None
        if call["op"] == "end":
            self._thread.join(limit_s)
            call["out"], call["err"] = self._out.getvalue(), self._err.getvalue()
        return call

    def answer(self, facts: Call) -> None:
        """Keep the answer; the thread goes on when the next call is awaited."""
        self._next = facts

    def kill(self) -> None:
        """Let the thread unwind: every call of it raises until it is gone."""
        self._calls.killed = True
        if not self._thread.ident or not self._thread.is_alive():
            return
        with _captured(self._thread, self._out, self._err), pase_launch.no_space(self._full()):
            self._answers.put(None)
            self._thread.join(pase_launch.REAL_S)
        if self._thread.is_alive():
            raise TwinError(f"{self._thread.name} did not end when its job was killed")

    def _switch(self, call: Call) -> Call | None:
        self._asked.put(call)
        return self._answers.get()


class _Split(io.TextIOBase):
    """Sends what one thread prints to its buffer, everything else where it went before."""

    def __init__(self, thread: threading.Thread, buffer: io.StringIO, other: TextIO) -> None:
        self._thread = thread
        self._buffer = buffer
        self._other = other

    def write(self, text: str) -> int:
        """Write for the thread that calls."""
        return (self._buffer if threading.current_thread() is self._thread else self._other).write(text)

    def flush(self) -> None:
        """Flush what may hold something back."""
        self._other.flush()

    def isatty(self) -> bool:
        """Never: a sidecar writes to a file."""
        return False


@contextlib.contextmanager
def _captured(thread: threading.Thread, out: io.StringIO, err: io.StringIO) -> Iterator[None]:
    before = sys.stdout, sys.stderr
    sys.stdout = cast(TextIO, _Split(thread, out, before[0]))
    sys.stderr = cast(TextIO, _Split(thread, err, before[1]))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
