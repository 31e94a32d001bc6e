"""Programs of the site as real processes: without a shell, within limits, whatever they write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flashrt.edges import Reply, SystemClock
from flashrt.programs import ANSWER_LIMIT, SiteProgram, SitePrograms
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


def test_a_look_tells_what_keeps_it_from_being_run(write: Write) -> None:
    look = SitePrograms().look
    path = Path(write("echo OK"))
    path.parent.chmod(0o755)
    assert look(str(path)) == ""
    path.chmod(0o600)
    assert "execute" in look(str(path))
    path.chmod(0o722)
    assert "others than its owner may change it" in look(str(path))
    path.chmod(0o755)
    path.parent.chmod(0o777)
    assert "the folder" in look(str(path))
    path.parent.chmod(0o1777)
    assert look(str(path)) == ""
    assert "execute" in look(str(path.parent))
    assert "No such file" in look(f"{path}.gone")


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


def talks(write: Write, body: str) -> SiteProgram:
    """One that writes a prompt; the answer to its start is taken."""
    program = SitePrograms().start([write(body)], "tool> ")
    assert _answer(program) == (0, "", "")
    return program


def _answer(program: SiteProgram) -> Reply:
    clock = SystemClock()
    assert clock.wait(program, clock.now() + LIMIT_S)
    return program.reply()


LOOP = """
printf "tool> "
while read a b; do
  case $a in
    say) echo "$b" ;;
    bad) echo "no $b" >&2 ;;
    end) exit 5 ;;
  esac
  printf "tool> "
done
"""


def test_with_a_prompt_an_answer_is_all_that_stands_before_it(write: Write) -> None:
    program = talks(write, LOOP)
    program.send("say a tool> b")
    assert _answer(program) == (0, "a tool> b\n", "")
    program.send("quiet")
    assert _answer(program) == (0, "", "")
    program.send("bad luck")
    assert _answer(program) == (0, "no luck\n", "")
    program.close()


def test_lines_that_are_sent_together_are_answered_together(write: Write) -> None:
    program = talks(write, LOOP)
    program.send("quiet\nsay 1\nquiet\nbad 2")
    assert _answer(program) == (0, "1\nno 2\n", "")
    program.send("say 3")
    assert _answer(program) == (0, "3\n", "")
    program.close()


def test_one_with_a_prompt_that_ends_says_how(write: Write) -> None:
    program = talks(write, LOOP)
    program.send("say 1\nend\nsay 2")
    assert _answer(program) == (5, "1\n", "")
    assert program.has_ended()
    program.close()
    program = talks(write, LOOP.replace("exit 5", "exit 0"))
    program.send("end")
    assert _answer(program).status is None
    program.close()
