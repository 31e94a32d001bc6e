"""CL programs talk to an armed sidecar by sockets, in virtual time."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from types import GeneratorType, SimpleNamespace
from typing import Any

import pytest
from flashtwin import sockets
from flashtwin.commands import PROCEDURES
from flashtwin.scheduler import Scheduler, Signal, Task, Wait
from flashtwin.sims.outcome import Outcome
from flashtwin.values import Cell
from netbench import MODES, START, Bench

every_mode = pytest.mark.parametrize("mode", MODES)
Steps = Generator[Wait, Signal | None, Any]


class Call:
    """What a procedure gets (`flashtwin.context.ProcedureCall`), over cells made from plain values."""

    def __init__(self, program: ClProgram, args: tuple[Any, ...]) -> None:
        self.job = program.job
        self.os = program.home
        self.world = program.world
        self.args = args

    def integer(self, number: int) -> int:
        return int(self.args[number])

    def buffer(self, number: int) -> Cell:
        cell: Cell = self.args[number]
        return cell

    def change(self, _what: str) -> Steps:
        yield from ()


@dataclass
class FakeWorld:
    """A clock."""

    scheduler: Scheduler

    @property
    def now(self) -> float:
        return self.scheduler.now


@dataclass
class ClProgram:
    """A job that calls procedures; `steps` is its program."""

    bench: Bench
    log: list[tuple[float, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        scheduler = self.bench.scheduler
        self.world = FakeWorld(scheduler)
        self.home = SimpleNamespace(world=self.world)
        self.bench.services.home = self.home
        self.job = SimpleNamespace(resources={}, on_end=[], qualified="000001/FLASHC/FLDRV")
        self.buffer = Cell("*CHAR", 128)

    @property
    def now(self) -> float:
        return self.bench.scheduler.now - START

    def call(self, name: str, *args: Any) -> Steps:
        """CALLPRC; each result goes into the log with its time."""
        result = PROCEDURES[name](Call(self, args))  # type: ignore[arg-type]
        if isinstance(result, GeneratorType):
            result = yield from result
        self.log.append((self.now, result))
        return result

    def cell(self, data: bytes) -> Cell:
        cell = Cell("*CHAR", len(data))
        cell.put(data)
        return cell

    def connect(self) -> Steps:
        """socket, connect to the port that the sidecar wrote."""
        port = int((self.bench.folder / "armed").read_text())
        fd = yield from self.call("socket", 2, 1, 0)
        address = self.cell(b"\0\2" + port.to_bytes(2, "big") + b"\x7f\0\0\1" + bytes(8))
        yield from self.call("connect", fd, address, 16)
        return fd

    def ask(self, fd: int, text: bytes, milliseconds: int) -> Steps:
        """send, poll, recv; the answer, None without one."""
        yield from self.call("send", fd, self.cell(text), len(text), 0)
        pollfd = self.cell(fd.to_bytes(4, "big") + b"\0\1\0\0")
        ready = yield from self.call("poll", pollfd, 1, milliseconds)
        if not ready:
            return None
        assert pollfd.raw()[6:] == b"\0\1"
        size = yield from self.call("recv", fd, self.buffer, 128, 0)
        return self.buffer.raw()[:size]

    def start(self, steps: Steps, at: float) -> Task:
        """Run the program from `at` seconds on."""

        def body() -> Steps:
            yield Wait((), START + at)
            return (yield from steps)

        return self.bench.scheduler.spawn("driver", body())


@every_mode
def test_the_armed_sidecar_fires_when_it_is_told(bench: Bench, mode: str) -> None:
    flashed: list[float] = []
    bench.answers["start"] = Outcome(0, "FIRED", "", 1.0, effect=lambda: flashed.append(bench.scheduler.now))
    program = ClProgram(bench)

    def steps() -> Steps:
        fd = yield from program.connect()
        first = yield from program.ask(fd, b"PING0000", 4000)
        answer = yield from program.ask(fd, b"GO000000", 4000)
        yield from program.call("close", fd)
        return first, answer

    armed = bench.start(mode, "arm", "start")
    driver = program.start(steps(), 60.0)
    bench.scheduler.run()
    assert driver.result == (b"WHAT".ljust(16), b"FIRED".ljust(16))
    assert flashed == [START + 61.0]
    # socket, connect; send, poll, recv of the ping; send; poll and recv a second later; close.
    assert program.log == [
        *[(60.0, result) for result in (0, 0, 8, 1, 16, 8)],
        *[(61.0, result) for result in (1, 16, 0)],
    ]
    assert armed.result["status"] == 0


@every_mode
def test_a_poll_ends_at_its_limit(bench: Bench, mode: str) -> None:
    bench.answers["start"] = Outcome(hang=True)
    program = ClProgram(bench)

    def steps() -> Steps:
        fd = yield from program.connect()
        early = yield from program.ask(fd, b"GO000000", 2500)
        size = yield from program.call("recv", fd, program.buffer, 128, 0)
        yield from program.call("close", fd)
        return early, program.buffer.raw()[:size]

    bench.start(mode, "arm", "start")
    driver = program.start(steps(), 60.0)
    bench.scheduler.run()
    assert driver.result == (None, b"UNKNOWN".ljust(16))
    assert [entry for entry in program.log if entry[0] > 60.0] == [(62.5, 0), (65.0, 16), (65.0, 0)]


@every_mode
def test_a_killed_sidecar_is_the_end_of_the_connection(bench: Bench, mode: str) -> None:
    program = ClProgram(bench)

    def steps() -> Steps:
        fd = yield from program.connect()
        data = yield from program.call("recv", fd, program.buffer, 128, 0)
        sent = yield from program.call("send", fd, program.cell(b"x"), 1, 0)
        return data, sent

    armed = bench.start(mode, "arm", "start")
    driver = program.start(steps(), 60.0)
    bench.scheduler.at(START + 70.0, armed.kill)
    bench.scheduler.run()
    assert driver.result == (0, -1)
    assert program.log[-2:] == [(70.0, 0), (70.0, -1)]


@every_mode
def test_a_job_that_ends_closes_its_sockets(bench: Bench, mode: str) -> None:
    program = ClProgram(bench)
    armed = bench.start(mode, "arm", "start")
    driver = program.start(program.connect(), 60.0)
    bench.scheduler.run(until=START + 65.0)
    assert driver.ended
    assert not armed.ended
    for end in program.job.on_end:
        end()
    bench.scheduler.run()
    assert armed.result["status"] == 0


@every_mode
def test_a_message_may_come_in_pieces(bench: Bench, mode: str) -> None:
    program = ClProgram(bench)

    def steps() -> Steps:
        fd = yield from program.connect()
        yield from program.call("send", fd, program.cell(b"PIN"), 3, 0)
        yield Wait((), START + 63.0)
        return (yield from program.ask(fd, b"G0000", 1000))

    bench.start(mode, "arm", "start")
    driver = program.start(steps(), 60.0)
    bench.scheduler.run(until=START + 80.0)
    assert driver.result == b"WHAT".ljust(16)
    assert program.log[-1] == (63.0, 16)


def test_the_receive_limit_of_a_socket(bench: Bench) -> None:
    program = ClProgram(bench)

    def steps() -> Steps:
        fd = yield from program.connect()
        timeval = program.cell((2).to_bytes(4, "big") + (500_000).to_bytes(4, "big"))
        yield from program.call("qso_setsockopt98", fd, -1, 50, timeval, 8)
        return (yield from program.call("recv", fd, program.buffer, 128, 0))

    bench.start("thread", "arm", "start")
    driver = program.start(steps(), 60.0)
    bench.scheduler.run(until=START + 80.0)
    assert driver.result == -1
    assert program.log[-2:] == [(60.0, 0), (62.5, -1)]


def test_wrong_calls_are_refused_as_on_a_partition(bench: Bench) -> None:
    program = ClProgram(bench)
    loopback = b"\x7f\0\0\1" + bytes(8)

    def steps() -> Steps:
        fd = yield from program.call("socket", 2, 1, 0)
        yield from program.call("connect", fd, program.cell(b"\0\2\0\1" + loopback), 16)
        yield from program.call("connect", fd, program.cell(b"\0\2\0\1\x0a\1\0\x14" + bytes(8)), 16)
        yield from program.call("connect", 7, program.cell(b"\0\2\0\1" + loopback), 16)
        yield from program.call("send", fd, program.cell(b"x"), 1, 0)
        yield from program.call("recv", fd, program.buffer, 128, 0)
        yield from program.call("qso_setsockopt98", fd, -1, 99, program.cell(bytes(8)), 8)
        yield from program.call("close", fd)
        yield from program.call("close", fd)

    program.start(steps(), 1.0)
    bench.scheduler.run()
    assert [result for _, result in program.log] == [0, -1, -1, -1, -1, -1, -1, 0, -1]


def test_a_listening_port_of_another_system_cannot_be_reached(bench: Bench) -> None:
    program = ClProgram(bench)
    bench.services.home = object()
    bench.start("thread", "arm", "start")
    program.start(program.connect(), 60.0)
    bench.scheduler.run(until=START + 80.0)
    assert [result for _, result in program.log] == [0, -1]


def test_the_procedures_are_those_that_cl_calls() -> None:
    names = {"socket", "connect", "send", "recv", "poll", "close", "qso_setsockopt98"}
    assert names <= set(PROCEDURES)
    assert sockets.POLLIN == 1
