"""Sockets of CL programs (CALLPRC): socket, qso_setsockopt98, connect, send, poll, recv, close.

IPv4 stream sockets to a sidecar or the SSH server on 127.0.0.1 only; a receive waits in virtual time until
the sidecar has written.  `sockaddr_in` is 16 bytes, big-endian: family (2), port (2), address (4), zeros.
The functions return -1 as they do on a partition; the reason is in no program's reach.  A new connection
waits while the system is suspended; what goes over an open one does not.
docs/platform-facts.md#sockets-from-cl
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flashtwin.commands import procedure
from flashtwin.errors import TwinError
from flashtwin.gate import gate_of
from flashtwin.loopback import Plug
from flashtwin.scheduler import Signal, Wait

if TYPE_CHECKING:
    from flashtwin.context import ProcedureCall
    from flashtwin.job import Job

Steps = Generator[Wait, Signal | None, int]

AF_INET, SOCK_STREAM = 2, 1
SOL_SOCKET, SO_RCVTIMEO = -1, 50
POLLIN, POLLOUT, POLLHUP, POLLNVAL = 0x0001, 0x0004, 0x0010, 0x0020
LOOPBACK = b"\x7f\x00\x00\x01"
POLL_LIMIT = 64
SSH_PORT = 22
GREETING = b"SSH-2.0-OpenSSH_8.0\r\n"


class Greeted:
    """A connection to the system's own SSH server, which greets at once and takes what it is sent."""

    def __init__(self) -> None:
        self.buffer = bytearray(GREETING)
        self.closed = False
        self.readable = Signal("the greeting of the SSH server")

    @property
    def has_input(self) -> bool:
        """Whether the greeting is still to be received."""
        return bool(self.buffer)

    def send(self, _data: bytes) -> bool:
        """It is taken."""
        return not self.closed

    def receive(self, count: int) -> bytes:
        """A piece of the greeting."""
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    def close(self) -> None:
        """The program's end is closed."""
        self.closed = True


@dataclass(slots=True)
class _Socket:
    plug: Plug | Greeted | None = None
    receive_limit_s: float | None = None


@dataclass(slots=True)
class _Table:
    """The descriptors of a job."""

    sockets: dict[int, _Socket] = field(default_factory=dict)

    def close(self) -> None:
        """The job has ended."""
        for one in self.sockets.values():
            if one.plug is not None:
                one.plug.close()
        self.sockets.clear()


def _table(job: Job) -> _Table:
    table = job.resources.get("sockets")
    if not isinstance(table, _Table):
        table = job.resources["sockets"] = _Table()
        job.on_end.append(table.close)
    return table


def _socket(call: ProcedureCall) -> _Socket | None:
    return _table(call.job).sockets.get(call.integer(0))


@procedure("socket")
def open_socket(call: ProcedureCall) -> int:
    """socket(AF_INET, SOCK_STREAM, 0): the lowest free descriptor."""
    if (call.integer(0), call.integer(1)) != (AF_INET, SOCK_STREAM):
        raise TwinError(f"job {call.job.qualified}: the twin has only sockets of AF_INET and SOCK_STREAM")
    sockets = _table(call.job).sockets
    descriptor = next(number for number in range(len(sockets) + 1) if number not in sockets)
    sockets[descriptor] = _Socket()
    return descriptor


@procedure("qso_setsockopt98")
def set_option(call: ProcedureCall) -> int:
    """The receive limit (SO_RCVTIMEO, a timeval of two 4-byte integers); others are refused."""
    one = _socket(call)
    if one is None or (call.integer(1), call.integer(2)) != (SOL_SOCKET, SO_RCVTIMEO) or call.integer(4) < 8:
        return -1
    timeval = call.buffer(3).raw()
    seconds = int.from_bytes(timeval[:4], "big") + int.from_bytes(timeval[4:8], "big") / 1e6
    one.receive_limit_s = seconds or None
    return 0


@procedure("connect")
def connect(call: ProcedureCall) -> Steps:
    """Connect to a sidecar that listens on the loopback address, or to the SSH server there."""
    one, address = _socket(call), call.buffer(1).raw()
    yield from call.change("connect")
    if one is None or one.plug is not None or call.integer(2) < 16 or len(address) < 16:
        return -1
    family, port = int.from_bytes(address[:2], "big"), int.from_bytes(address[2:4], "big")
    if family != AF_INET or address[4:8] != LOOPBACK:
        return -1
    if port == SSH_PORT:
        one.plug = Greeted()
        return 0
    one.plug = gate_of(call.world.scheduler).loopback.connect(port, call.os)
    return 0 if one.plug is not None else -1


@procedure("send")
def send(call: ProcedureCall) -> int:
    """Send bytes; all of them or -1."""
    one, size = _socket(call), call.integer(2)
    data = call.buffer(1).raw()
    if one is None or one.plug is None or not 0 <= size <= len(data):
        return -1
    return size if one.plug.send(data[:size]) else -1


@procedure("recv")
def receive(call: ProcedureCall) -> Steps:
    """Receive what is there, waiting for the first byte up to the socket's limit; 0 at the end."""
    one, size, buffer = _socket(call), call.integer(2), call.buffer(1)
    if call.integer(3) != 0:
        raise TwinError(f"job {call.job.qualified}: the twin knows recv without flags only")
    if one is None or one.plug is None or not 0 < size <= buffer.size:
        return -1
    plug, limit = one.plug, one.receive_limit_s
    deadline = None if limit is None else call.world.now + limit
    while not plug.has_input and not plug.closed:
        if (yield Wait((plug.readable,), deadline)) is None and not plug.has_input:
            return -1
    data = plug.receive(size)
    storage, offset = buffer.place()
    storage.data[offset : offset + len(data)] = data
    return len(data)


@procedure("poll")
def poll(call: ProcedureCall) -> Steps:
    """poll of {int fd; short events; short revents}, with milliseconds, negative for no limit."""
    cell, count, milliseconds = call.buffer(0), call.integer(1), call.integer(2)
    if not 0 < count <= min(POLL_LIMIT, cell.size // 8):
        return -1
    deadline = None if milliseconds < 0 else call.world.now + milliseconds / 1000
    while True:
        ready, signals = _look(call, count)
        if ready or (deadline is not None and call.world.now >= deadline):
            return ready
        yield Wait(signals, deadline)


def _look(call: ProcedureCall, count: int) -> tuple[int, tuple[Signal, ...]]:
    """Fill in the revents; how many descriptors have some, and what to wait for."""
    storage, offset = call.buffer(0).place()
    sockets, ready, signals = _table(call.job).sockets, 0, []
    for place in range(offset, offset + 8 * count, 8):
        descriptor = int.from_bytes(storage.data[place : place + 4], "big", signed=True)
        events = int.from_bytes(storage.data[place + 4 : place + 6], "big")
        one = sockets.get(descriptor)
        found = 0
        if descriptor >= 0 and (one is None or one.plug is None):
            found = POLLNVAL if one is None else POLLHUP
        elif one is not None and one.plug is not None:
            found = events & ((POLLIN if one.plug.has_input else 0) | POLLOUT)
            signals.append(one.plug.readable)
        storage.data[place + 6 : place + 8] = found.to_bytes(2, "big")
        ready += found != 0
    return ready, tuple(signals)


@procedure("close")
def close(call: ProcedureCall) -> int:
    """Close a descriptor."""
    one = _table(call.job).sockets.pop(call.integer(0), None)
    if one is None:
        return -1
    if one.plug is not None:
        one.plug.close()
    return 0
