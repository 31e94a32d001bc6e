"""Programs of the site as real processes: without a shell, within limits, whatever they write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flashrt.edges import SystemClock
from flashrt.programs import ANSWER_LIMIT, SitePrograms
from flashrt.status import CONFIG, SYSTEM, TIMEOUT, UNREACHABLE, SidecarError

Write = Callable[..., str]
LIMIT_S = 20.0


def test_one_that_never_stops_writing_is_killed_at_the_limit_of_an_answer(write: Write) -> None:
    with pytest.raises(SidecarError, match="was killed"):
        SitePrograms().run([write("exec yes")], 600.0)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Makes a program of shell lines; its path."""

    def made(text: str, mode: int = 0o755) -> str:
        file = tmp_path / "sitecopy"
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(mode)
        return str(file)

    return made


def test_arguments_reach_it_as_they_are(write: Write) -> None:
    path = write('printf "%s|" "$@"; echo no >&2; exit 3')
    reply = SitePrograms().run([path, "state", "$(id)", "a b; c"], LIMIT_S)
    assert (reply.status, reply.out, reply.err) == (3, "state|$(id)|a b; c|", "no\n")


def test_a_signal_is_no_status(write: Write) -> None:
    assert SitePrograms().run([write("kill -9 $$")], LIMIT_S).status is None


def test_it_is_killed_at_its_limit(write: Write) -> None:
    # it reads from a pipe that only it writes to
    path = write("mkfifo $0.pipe; exec 3<>$0.pipe; read x <&3")
    with pytest.raises(SidecarError) as raised:
        SitePrograms().run([path], 0.1)
    assert raised.value.status == TIMEOUT


def test_too_long_an_answer_is_none(write: Write) -> None:
    with pytest.raises(SidecarError) as raised:
        SitePrograms().run([write(f"head -c {ANSWER_LIMIT + 1} /dev/zero")], LIMIT_S)
    assert raised.value.status == SYSTEM


@pytest.mark.parametrize("mode", [0o644, 0o775, 0o757])
def test_what_others_may_change_is_not_run(write: Write, mode: int) -> None:
    path = write("echo OK", mode)
    for call in (lambda: SitePrograms().run([path], LIMIT_S), lambda: SitePrograms().start([path])):
        with pytest.raises(SidecarError) as raised:
            call()
        assert raised.value.status == CONFIG


def test_one_that_is_not_there() -> None:
    with pytest.raises(SidecarError) as raised:
        SitePrograms().run(["/nowhere/sitecopy"], LIMIT_S)
    assert raised.value.status == CONFIG


def test_an_armed_one_answers_line_by_line(write: Write) -> None:
    clock = SystemClock()
    program = SitePrograms().start([write('echo READY; read line; echo "FIRED text=$line"')])
    assert clock.wait(program, clock.now() + LIMIT_S)
    assert program.reply().out == "READY"
    assert not program.has_ended()
    program.send("FIRE A")
    assert clock.wait(program, clock.now() + LIMIT_S)
    assert program.reply() == (0, "FIRED text=FIRE A", "")
    program.close()


def test_an_armed_one_that_ends_has_no_answer(write: Write) -> None:
    clock = SystemClock()
    program = SitePrograms().start([write("exit 0")])
    assert clock.wait(program, clock.now() + LIMIT_S)
    assert program.reply().status is None
    assert program.has_ended()
    with pytest.raises(SidecarError) as raised:
        program.send("FIRE A")
    assert raised.value.status == UNREACHABLE
    program.close()
