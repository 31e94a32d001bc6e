"""Names with several addresses, and a clock that is set while a call waits."""

from __future__ import annotations

import socket
from types import SimpleNamespace
from typing import Any

import pytest
from flashrt import edges
from flashrt.edges import Endpoint, SystemClock, dial_tcp
from flashrt.status import TIMEOUT, UNREACHABLE, SidecarError

SILENT, ABSENT, GOOD = "2001:db8::20", "2001:db8::21", "10.1.0.20"
ARRAY = Endpoint("array.example.net", 22)


class Machine:
    """The machine's clocks, which pass only while somebody waits, and its sockets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.epoch = 1_795_291_200.0
        self.uptime = 4711.0
        self.found: list[str] = []
        self.lookup_s = 0.0
        self.waits: list[tuple[str, float]] = []
        clocks = SimpleNamespace(
            monotonic=lambda: self.uptime, time=lambda: self.epoch + self.uptime, sleep=self.pass_by
        )
        monkeypatch.setattr(edges, "time", clocks)
        monkeypatch.setattr(edges.socket, "getaddrinfo", self.lookup)
        monkeypatch.setattr(edges.socket, "socket", lambda *_kind: FakeSocket(self))

    def pass_by(self, seconds: float) -> None:
        self.uptime += seconds

    def lookup(self, host: str, port: int, *_more: Any, **_options: Any) -> list[Any]:
        assert host == ARRAY.host
        self.pass_by(self.lookup_s)
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in self.found
        ]


class FakeSocket:
    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.limit_s = 0.0
        self.address = ""
        self.closed = False

    def settimeout(self, seconds: float) -> None:
        self.limit_s = seconds

    def setsockopt(self, *_words: Any) -> None:
        pass

    def connect(self, address: tuple[str, int]) -> None:
        self.address = address[0]
        self.machine.waits.append((self.address, self.limit_s))
        if self.address == SILENT:
            self.machine.pass_by(self.limit_s)
            raise TimeoutError("timed out")
        if self.address == ABSENT:
            raise OSError(101, "Network is unreachable")

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_an_address_that_never_answers_leaves_time_for_the_next(machine: Machine) -> None:
    """An AAAA record whose packets are dropped, first in the list: the log-in has its part of the limit."""
    machine.found = [SILENT, GOOD]
    begun = machine.uptime
    sock: Any = dial_tcp(ARRAY, 15.0)
    assert (sock.address, sock.limit_s) == (GOOD, 7.5)
    assert machine.uptime - begun == 7.5
    assert machine.waits[0] == (SILENT, 7.5)


def test_an_address_without_a_route_costs_nothing(machine: Machine) -> None:
    machine.found = [ABSENT, ABSENT, GOOD]
    sock: Any = dial_tcp(ARRAY, 15.0)
    assert (sock.address, sock.limit_s) == (GOOD, 15.0)


def test_where_none_answers_the_limit_is_that_of_all(machine: Machine) -> None:
    machine.found = [SILENT, SILENT, SILENT]
    begun = machine.uptime
    with pytest.raises(SidecarError, match="timed out") as caught:
        dial_tcp(ARRAY, 15.0)
    assert caught.value.status == UNREACHABLE
    assert machine.uptime - begun == pytest.approx(15.0)


def test_a_name_server_that_takes_all_the_time_is_named(machine: Machine) -> None:
    machine.found, machine.lookup_s = [GOOD], 40.0
    with pytest.raises(SidecarError, match="name") as caught:
        dial_tcp(ARRAY, 15.0)
    assert (caught.value.status, machine.waits) == (UNREACHABLE, [])


def test_without_time_nothing_is_looked_up(machine: Machine) -> None:
    machine.lookup_s = 40.0
    begun = machine.uptime
    with pytest.raises(SidecarError) as caught:
        dial_tcp(ARRAY, 0.0)
    assert (caught.value.status, machine.uptime) == (TIMEOUT, begun)


class Silent:
    """Never any input; waiting for it takes its time."""

    local_port = peer_port = 0

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def poll(self, seconds: float) -> bool:
        self.machine.pass_by(seconds)
        return False


@pytest.mark.parametrize("jump_s", [-7200.0, 7200.0])
def test_a_clock_that_is_set_neither_stretches_nor_cuts_a_limit(machine: Machine, jump_s: float) -> None:
    clock = SystemClock()
    begun, deadline = machine.uptime, clock.now() + 20.0
    machine.epoch += jump_s
    assert not clock.wait(Silent(machine), deadline)
    assert machine.uptime - begun == pytest.approx(20.0)
    assert clock.wait_any([Silent(machine), Silent(machine)], clock.now() + 20.0) is None
    assert machine.uptime - begun == pytest.approx(40.0)
    # A call that begins now has the new time.
    assert SystemClock().now() - clock.now() == pytest.approx(jump_s)
