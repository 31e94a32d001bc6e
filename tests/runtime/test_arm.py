"""The armed trigger: fires once, in time, for its own CL program, and touches nothing while it waits."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flashrt import status
from flashrt.arm import ANSWER_LENGTH, REQUEST_LENGTH, decode_request, encode_answer
from flashrt.edges import SocketListener, SystemClock
from flashrt.main import main
from flashrt.volley import Answer

from .fakes import HANG, LOST_AFTER, RUN, FakeSvc, Reply, World

HERE = Path(__file__).resolve().parent
REAL_LIMIT_S = 20


class ArmedClock(SystemClock):
    """The time that is told can be moved; waits end by the real one, at whatever moment it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.real = SystemClock()
        self.ahead = 0.0

    def now(self) -> float:
        return self.real.now() + self.ahead

    def wait(self, pollable: Any, deadline: float) -> bool:
        if type(pollable).__name__ == "FakeCommand":
            return bool(pollable.poll(0.0))
        return self.real.wait(pollable, deadline)

    def wait_any(self, pollables: Sequence[Any], deadline: float) -> int | None:
        return self.real.wait_any(pollables, deadline)


class Armed:
    """An armed sidecar in a thread, and the CL side's socket."""

    def __init__(self, world: World, *words: str, deadline: str = "600") -> None:
        self.world = world
        self.clock = ArmedClock()
        world.network.listen = SocketListener  # type: ignore[method-assign]
        self.edges = world.edges._replace(clock=self.clock)
        self.file = world.folder / "runs" / RUN / "armed"
        self.status = -1
        self.ready = threading.Event()
        self.words = ["arm", "--clone", "SISTPROD_24", "--run", RUN, "--deadline", deadline, *words]
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.sock: socket.socket | None = None
        self.token = ""

    def _run(self) -> None:
        self.status = main([*self.words, "--config", str(self.world.folder / "conf")], self.edges)

    def start(self) -> Armed:
        self.thread.start()
        while not self.file.exists() and self.thread.is_alive():
            self.thread.join(0.01)
        if self.file.exists():
            port, self.token, self.request = self.file.read_text().rstrip("\n").split(" ", 2)
            self.sock = self.connect(int(port))
        return self

    def connect(self, port: int | None = None) -> socket.socket:
        number = port if port is not None else int(self.file.read_text().split()[0])
        return socket.create_connection(("127.0.0.1", number), timeout=REAL_LIMIT_S)

    def ask(self, verb: str, token: str = "", sock: socket.socket | None = None) -> Answer | None:
        sock = sock or self.sock
        assert sock is not None
        sock.sendall(f"{token or self.token:<32}{verb:<4}".ljust(REQUEST_LENGTH).encode("cp037"))
        return read_answer(sock)

    def quit(self) -> None:
        """End it in any case: a connection that never spoke does not."""
        if self.sock is not None:
            self.sock.close()
        with contextlib.suppress(OSError), self.connect() as sock:
            self.ask("QUIT", "", sock)
        self.thread.join(REAL_LIMIT_S)
        assert not self.thread.is_alive()

    def end(self) -> int:
        if self.sock is not None:
            self.sock.close()
        self.thread.join(REAL_LIMIT_S)
        assert not self.thread.is_alive()
        return self.status


def read_answer(sock: socket.socket) -> Answer | None:
    data = b""
    while len(data) < ANSWER_LENGTH:
        block = sock.recv(ANSWER_LENGTH - len(data))
        if not block:
            return None
        data += block
    text = data.decode("cp037")
    return Answer(int(text[32:34]), text[34:44].strip(), text[44:].strip())


@pytest.fixture
def armed(world: World) -> Iterator[Armed]:
    world.svc.set("stopped")
    world.array("prepare")
    found = Armed(world).start()
    yield found
    found.quit()


def fired(world: World) -> int:
    return sum(command.startswith("startfcconsistgrp") for command in world.svc.log)


def test_file_of_port_and_token(armed: Armed) -> None:
    text = armed.file.read_text()
    assert text[38:] == " startfcconsistgrp SISTPROD_24\n"
    assert text[5] == " "
    assert text[:5].isdigit()
    assert armed.file.stat().st_mode & 0o777 == 0o600


def test_ping_fire_quit(armed: Armed, world: World) -> None:
    answer = armed.ask("PING")
    assert answer is not None
    assert (answer.status, answer.word) == (0, "READY")
    answer = armed.ask("FIRE")
    assert answer == Answer(0, "FIRED", "startfcconsistgrp SISTPROD_24")
    assert world.svc.groups["SISTPROD_24"] == "copying"
    assert armed.ask("QUIT") == Answer(0, "BYE", "The trigger is disarmed.")
    assert armed.end() == 0
    assert world.array("prove").word == "PROVEN"


def test_fires_once(armed: Armed, world: World) -> None:
    armed.ask("FIRE")
    answer = armed.ask("FIRE")
    assert answer is not None
    assert (answer.status, answer.word) == (status.REFUSED, "REFUSED")
    answer = armed.ask("PING")
    assert answer is not None
    assert answer.word == "REFUSED"
    assert fired(world) == 1


def test_not_after_the_deadline(armed: Armed, world: World) -> None:
    armed.clock.ahead = 601.0
    answer = armed.ask("FIRE")
    assert answer is not None
    assert (answer.status, answer.word) == (status.REFUSED, "REFUSED")
    assert "deadline" in answer.text
    assert fired(world) == 0


def test_ends_at_the_deadline(world: World) -> None:
    world.svc.set("stopped")
    world.array("prepare")
    armed = Armed(world, deadline="0.2").start()
    armed.thread.join(REAL_LIMIT_S)
    assert armed.status == 0
    assert fired(world) == 0


def test_wrong_token_is_ignored_and_its_connection_closed(armed: Armed, world: World) -> None:
    other = armed.connect()
    assert armed.sock is not None
    armed.sock.close()  # the first connection, which never spoke, is not CL's yet
    assert armed.ask("FIRE", "0" * 32, other) is None
    with armed.connect() as third:
        answer = armed.ask("PING", "", third)
        assert answer is not None
        assert answer.word == "READY"
    assert armed.end() == 0
    assert fired(world) == 0


@pytest.mark.parametrize("junk", [b"", b"GET / HTTP/1.0\r\n\r\n", b"\xff" * 63, b"\x00" * 64, b"\xff" * 4096])
def test_junk_on_the_port(armed: Armed, world: World, junk: bytes) -> None:
    assert armed.sock is not None
    armed.sock.close()
    with armed.connect() as sock, contextlib.suppress(OSError):
        sock.sendall(junk)
        sock.shutdown(socket.SHUT_WR)
        assert sock.recv(1) == b""
    with armed.connect() as sock:
        answer = armed.ask("PING", "", sock)
        assert answer is not None
        assert answer.word == "READY"
    assert fired(world) == 0


def test_unknown_verb(armed: Armed, world: World) -> None:
    answer = armed.ask("WHAT")
    assert answer is not None
    assert answer.word == "REFUSED"
    assert fired(world) == 0


def test_end_of_the_connection_ends_it(armed: Armed, world: World) -> None:
    armed.ask("PING")
    assert armed.end() == 0
    assert fired(world) == 0


def test_a_caller_that_has_gone_gets_no_copy(armed: Armed, world: World) -> None:
    armed.ask("PING")
    assert armed.sock is not None
    request = f"{armed.token:<32}FIRE".ljust(REQUEST_LENGTH).encode("cp037")
    armed.world.svc.alive = True
    # FIRE and the end of the connection arrive together: the driver was killed behind its send.
    armed.sock.sendall(request + b"x")
    assert armed.end() == 0
    assert fired(world) == 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (HANG, (status.TIMEOUT, "UNKNOWN")),
        (LOST_AFTER, (status.UNKNOWN, "UNKNOWN")),
        (Reply(None, "", ""), (status.UNKNOWN, "UNKNOWN")),
        (Reply(1, "", "CMMVC5905E The group was not started.\n"), (status.REFUSED, "REFUSED")),
        (Reply(1, "", "CMMVC6372W Licence.\n"), (status.UNKNOWN, "UNKNOWN")),
        (Reply(0, "", "CMMVC6372W Licence.\n"), (status.UNKNOWN, "UNKNOWN")),
        (Reply(0, "", "warning\n"), (status.UNKNOWN, "UNKNOWN")),
        (Reply(1, "", ""), (status.UNKNOWN, "UNKNOWN")),
        (Reply(0, "CMMVC5905E The group was not started.\n", ""), (status.UNKNOWN, "UNKNOWN")),
        (Reply(0, "\x00\xff binary \u20ac", ""), (0, "FIRED")),
    ],
)
def test_only_a_good_answer_is_fired(armed: Armed, world: World, given: Any, expected: Any) -> None:
    world.svc.say("startfc", given)
    answer = armed.ask("FIRE")
    assert answer is not None
    assert (answer.status, answer.word) == expected
    assert fired(world) == 1


def test_a_dead_connection_is_told_by_ping_and_fire(armed: Armed, world: World) -> None:
    world.svc.alive = False
    for verb in ("PING", "FIRE"):
        answer = armed.ask(verb)
        assert answer is not None
        assert (answer.status, answer.word) == (status.UNREACHABLE, "REFUSED")
    assert fired(world) == 0


@pytest.mark.parametrize(
    ("state", "expected"),
    [("copying", status.REFUSED), ("stopped", status.REFUSED), ("prepared", status.FOREIGN)],
)
def test_arms_only_on_its_own_prepared_group(world: World, state: str, expected: int) -> None:
    world.svc.set(state)
    armed = Armed(world, "--result", str(world.folder / "answer")).start()
    assert armed.end() == expected
    assert (world.folder / "answer").read_text()[:2] == f"{expected:02d}"
    assert armed.file.with_name("armed.failed").read_text() == (world.folder / "answer").read_text()
    assert not armed.file.exists()


def test_for_a_test_it_never_fires(world: World) -> None:
    armed = Armed(world, "--test").start()
    answer = armed.ask("PING")
    assert answer is not None
    assert answer.word == "READY"
    answer = armed.ask("FIRE")
    assert answer is not None
    assert answer.word == "REFUSED"
    armed.end()
    assert fired(world) == 0


@pytest.fixture
def both(world: World) -> Iterator[tuple[Armed, FakeSvc]]:
    """Armed with a group on each of two arrays."""
    other = world.second_array()
    for svc in (world.svc, other):
        svc.set("stopped")
    world.call("array", "ALL", "prepare", "--run", RUN)
    found = Armed(world).start()
    yield found, other
    found.quit()


BOTH = "startfcconsistgrp SISTPROD_24; startfcconsistgrp SISTPROD_24"


def test_several_groups_are_fired_together(both: tuple[Armed, FakeSvc], world: World) -> None:
    armed, other = both
    assert armed.request == BOTH
    assert armed.ask("FIRE") == Answer(0, "FIRED", BOTH)
    assert (fired(world), other.log.count("startfcconsistgrp SISTPROD_24")) == (1, 1)
    assert world.call("array", "ALL", "prove", "--run", RUN).word == "PROVEN"


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("given", [HANG, LOST_AFTER, Reply(1, "", "CMMVC5905E Not started.\n")])
def test_one_bad_answer_of_several_leaves_the_copy_unknown(
    both: tuple[Armed, FakeSvc], world: World, given: Any, second: bool
) -> None:
    armed, other = both
    (other if second else world.svc).say("startfc", given)
    answer = armed.ask("FIRE")
    assert answer is not None
    assert answer.word == "UNKNOWN"
    assert (fired(world), other.log.count("startfcconsistgrp SISTPROD_24")) == (1, 1)
    armed.end()
    # Nothing is proven, so both are stopped: the one that took the copy, too.
    world.call("array", "ALL", "abort", "--run", RUN)
    assert {world.svc.groups["SISTPROD_24"], other.groups["SISTPROD_24"]} == {"stopped"}


def test_a_connection_that_has_ended_is_seen_by_the_ping(both: tuple[Armed, FakeSvc]) -> None:
    armed, other = both
    other.alive = False
    answer = armed.ask("PING")
    assert answer is not None
    assert answer.word == "REFUSED"


def test_a_second_request_that_cannot_go_out_leaves_the_copy_unknown(
    both: tuple[Armed, FakeSvc], world: World
) -> None:
    armed, other = both
    other.alive = False
    answer = armed.ask("FIRE")
    assert answer is not None
    assert answer.word == "UNKNOWN"
    assert fired(world) == 1


def test_answers_are_fixed_length_whatever_they_say() -> None:
    for text in ("", "x" * 500, "\u00e9\u20ac\n\0"):
        assert len(encode_answer("t" * 32, Answer(0, "FIRED", text))) == ANSWER_LENGTH
    assert decode_request(encode_answer("t" * 32, Answer(0, "FIRED", ""))[:REQUEST_LENGTH])[0] == "t" * 32


def test_nothing_is_opened_or_imported_after_ready(tmp_path: Path) -> None:
    """A real process with an audit hook: from the armed file's rename to the end no file is opened."""
    done = subprocess.run(
        [sys.executable, "-c", f"from tests.runtime.armed_process import run; run({str(tmp_path)!r})"],
        cwd=HERE.parent.parent,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["runtime", "."])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines == ["READY FIRED REFUSED BYE", "events after ready: []"]


def test_sigterm_ends_it_without_firing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", f"from tests.runtime.armed_process import wait; wait({str(tmp_path)!r})"],
        cwd=HERE.parent.parent,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["runtime", "."])},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "armed\n"
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out == "status 0, fired 0\n"


@pytest.mark.parametrize("deadline", ["0", "-1", "nan", "inf", "1e9"])
def test_deadlines_that_are_none(world: World, deadline: str) -> None:
    world.svc.set("stopped")
    world.array("prepare")
    assert Armed(world, deadline=deadline).start().end() == status.CONFIG
