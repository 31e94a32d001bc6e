"""Guests in memory: a client that speaks to a system by SSH without a socket and without a thread.

As those of `flashtwin.guest` it knows nothing of the world's clock.  It runs in a greenlet of its task: when
it has asked for something the task goes on, virtual time runs until that is answered, and it has its turn.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

from greenlet import getcurrent, greenlet

from flashtwin.errors import TwinError
from flashtwin.externals import Steps
from flashtwin.gate import Gate
from flashtwin.guest import PATIENCE_S
from flashtwin.memory import Kept, NoWire
from flashtwin.scheduler import Wait
from flashtwin.sims.server import Connection, FileService, Request, Server

T = TypeVar("T")


def run_memory_guest(gate: Gate, name: str, function: Callable[[], T]) -> T:
    """As `flashtwin.guest.run_guest`, for a function whose only connections are `MemoryGuest`s."""
    task = gate.scheduler.spawn(name, _guest(gate, function))
    gate.scheduler.run(stop=lambda: task.ended)
    if not task.ended:
        raise TwinError(f"{name} waits for an answer that never comes, and nothing else will happen")
    result: T = task.result
    return result


def _guest(gate: Gate, function: Callable[[], Any]) -> Steps:
    """The body of the task; a switch to the guest gives the connection on which it waits, or its result."""
    side = greenlet(function)
    try:
        found = side.switch()
        while not side.dead:
            connection: Connection = found
            while connection.owes:
                if (yield Wait((gate.answered,), gate.scheduler.now + PATIENCE_S)) is None:
                    gate.close_connection(connection)
            side.parent = getcurrent()
            found = side.switch()
        return found
    finally:
        if not side.dead:
            side.parent = getcurrent()
            side.throw()


class MemoryGuest:
    """One connection, logged in; commands, and files by what the server shows of its own by SFTP.

    File calls raise `OSError`.
    """

    def __init__(self, gate: Gate, server: Server, user: str) -> None:
        self._gate = gate
        self._server = server
        self._connection = Connection(server, 0, NoWire())
        gate.greet(self._connection)
        self._wait()
        self._connection.user = user

    def run(self, command: str) -> dict[str, Any] | None:
        """status, out and err of a command; None where the connection ended before its answer."""
        if self._connection.closed:
            return None
        kept = Kept()
        self._gate.begin(Request(self._connection, command, kept))
        self._wait()
        return kept.facts

    def stat(self, path: str) -> os.stat_result | None:
        """A file or folder; None where there is none."""
        try:
            return os.stat(self._place(path))
        except FileNotFoundError:
            return None

    def read(self, path: str, limit: int) -> bytes | None:
        """The first bytes of a file; None where there is none."""
        try:
            with open(self._place(path), "rb") as file:
                return file.read(limit)
        except FileNotFoundError:
            return None

    def write(self, path: str, data: bytes, mode: int) -> None:
        """Write a file of this mode, with the time of the system's clock."""
        place = self._place(path, write=True)
        with open(place, "wb") as file:
            os.chmod(place, mode)
            file.write(data)
        os.utime(place, (self._files.now(), self._files.now()))
        self._done("write", path)

    def rename(self, old: str, new: str) -> None:
        """Give a file another name, replacing."""
        os.replace(self._place(old, write=True), self._place(new, write=True))
        self._done("rename", f"{old} {new}")

    def make_folder(self, path: str, mode: int) -> None:
        """Make a folder."""
        os.mkdir(self._place(path, write=True), mode)
        self._done("make_folder", path)

    def set_mode(self, path: str, mode: int) -> None:
        """Change the permission bits."""
        os.chmod(self._place(path, write=True), mode)
        self._done("change", path)

    def close(self) -> None:
        """End the connection."""
        self._connection.end()
        if self._connection in self._server.connections:
            self._server.connections.remove(self._connection)

    @property
    def _files(self) -> FileService:
        if self._connection.closed or self._server.files is None:
            raise ConnectionResetError("the connection has ended")
        return self._server.files

    def _place(self, path: str, *, write: bool = False) -> str:
        return self._files.resolve(self._connection.user, path, write=write)

    def _done(self, act: str, path: str) -> None:
        self._gate.file_done(self._server, self._connection.user, act, path)

    def _wait(self) -> None:
        """Let virtual time run until what was asked is answered, or the connection has ended."""
        task = getcurrent().parent
        assert task is not None
        task.switch(self._connection)
