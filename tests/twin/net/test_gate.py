"""Virtual time stays true while real processes and real SSH sessions run."""

from __future__ import annotations

import shutil
import socket
import threading
from typing import Any

import pytest
from flashtwin.errors import TwinError
from flashtwin.externals import Call, External
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Connection, Mode, Server, Wire
from netbench import MODES, START, Bench

every_mode = pytest.mark.parametrize("mode", MODES)


@every_mode
def test_requests_take_their_virtual_time(bench: Bench, mode: str) -> None:
    bench.answers["lsfcmap"] = Outcome(0, "id:name\n", "", 2.5)
    bench.answers["bad"] = Outcome(1, "", "CMMVC5753E no such object\n", 0.5)
    end = bench.run(mode, "ask", "lsfcmap", "bad")
    assert end["out"].splitlines() == ["2.5 0 id:name ", "3.0 1  CMMVC5753E no such object"]
    assert end["status"] == 0
    # 4 s for Python, 1 s for the log-in, then the two answers.
    assert end["at"] == 8.0
    assert bench.said() == [(5.0, "lsfcmap", "id:name\n", "reply"), (7.5, "bad", "", "reply")]


def test_the_three_modes_have_equal_transcripts(bench: Bench) -> None:
    bench.answers["lose"] = Outcome(0, "x", lost="after")
    seen: list[list[Any]] = []
    for mode in MODES:
        before, begin = len(bench.gate.transcript), bench.scheduler.now
        bench.run(mode, "push")
        shutil.rmtree(bench.folder / "remote" / "inbox")
        bench.run(mode, "ask", "one", "two", "lose")
        seen.append(
            [(e.at - begin, e.user, e.request, e.out, e.ending) for e in bench.gate.transcript[before:]]
        )
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == 7


@every_mode
def test_a_hang_ends_at_the_deadline(bench: Bench, mode: str) -> None:
    done: list[float] = []
    bench.answers["hang"] = Outcome(
        0, "", "", 3.0, effect=lambda: done.append(bench.scheduler.now), hang=True
    )
    end = bench.run(mode, "ask", "hang")
    assert end["status"] == 26
    assert end["at"] == 4.0 + 1.0 + 20.0
    # The effect of a command that never answers still happens.
    assert done == [START + 8.0]


@every_mode
@pytest.mark.parametrize(("lost", "effects"), [("before", 0), ("after", 1)])
def test_a_lost_reply_is_the_end_of_the_connection(bench: Bench, mode: str, lost: Any, effects: int) -> None:
    done: list[str] = []
    bench.answers["start"] = Outcome(0, "ok", "", 1.5, effect=lambda: done.append("x"), lost=lost)
    end = bench.run(mode, "ask", "start")
    assert end["status"] == 35
    assert "was lost after 'start'" in end["out"]
    assert end["at"] == 4.0 + 1.0 + 1.5
    assert len(done) == effects
    assert bench.said()[0][3] == f"lost {lost}"


@every_mode
def test_a_late_reply_does_not_answer_the_next_request(bench: Bench, mode: str) -> None:
    bench.answers["slow"] = Outcome(0, "late", "", 3.0)
    bench.answers["next"] = Outcome(0, "right", "", 4.0)
    end = bench.run(mode, "retry", "slow", "next")
    assert end["out"].split() == ["26", "right"]
    assert end["at"] == 4.0 + 1.0 + 2.0 + 4.0


@every_mode
def test_an_effect_may_change_the_reply(bench: Bench, mode: str) -> None:
    bench.answers["start"] = Outcome(0, "planned", "", 1.0, effect=lambda: Outcome(1, "", "too late"))
    assert "1  too late" in bench.run(mode, "ask", "start")["out"]


@every_mode
def test_garbage_arrives_as_garbage(bench: Bench, mode: str) -> None:
    bench.answers["x"] = Outcome(0, "\udcff\udcfe<html>\x00")
    assert "\ufffd\ufffd<html>\x00" in bench.run(mode, "ask", "x")["out"]


@every_mode
def test_a_large_answer_is_read_whole(bench: Bench, mode: str) -> None:
    bench.answers["x"] = Outcome(0, "0123456789" * 300_000)
    assert len(bench.run(mode, "ask", "x")["out"]) > 3_000_000


@every_mode
@pytest.mark.parametrize(
    ("server_mode", "status", "after", "words"),
    [
        ("refused", 23, 0.0, "cannot be reached: Connection refused"),
        ("silent", 23, 15.0, "did not greet within the limit"),
        ("unauthorised", 24, 1.0, "refused user flashc"),
    ],
)
def test_a_server_that_does_not_let_us_in(
    bench: Bench, mode: str, server_mode: Mode, status: int, after: float, words: str
) -> None:
    bench.server.mode = server_mode
    end = bench.run(mode, "ask", "x")
    assert (end["status"], end["at"]) == (status, 4.0 + after)
    assert words in end["out"]
    assert bench.said() == []


@every_mode
def test_a_server_that_hangs_up_at_once(bench: Bench, mode: str) -> None:
    bench.server.mode = "dropped"
    end = bench.run(mode, "ask", "x")
    assert (end["status"], end["at"]) == (23, 5.0)


@every_mode
@pytest.mark.parametrize(("reach", "after"), [("down", 0.0), ("hang", 15.0)])
def test_an_address_may_be_out_of_reach_of_the_partition(
    bench: Bench, mode: str, reach: Any, after: float
) -> None:
    bench.services.seen["10.1.0.20:22"] = reach
    end = bench.run(mode, "ask", "x")
    assert (end["status"], end["at"]) == (23, 4.0 + after)


@every_mode
def test_a_changed_host_key_is_not_trusted(bench: Bench, mode: str) -> None:
    bench.server.host_key = "another"
    end = bench.run(mode, "ask", "x")
    assert end["status"] == 25
    assert bench.said() == []


@every_mode
def test_the_clock_is_the_partitions(bench: Bench, mode: str) -> None:
    assert bench.run(mode, "nap", "60")["out"].split() == [f"{START + 304.0:.1f}", f"{START + 364.0:.1f}"]


@every_mode
def test_sql_of_the_partition(bench: Bench, mode: str) -> None:
    end = bench.run(mode, "partition", "x")
    assert end["out"].splitlines() == [
        "[('VALUES ?', 'x')]",
        "SQL0204 MISSING in QSYS2 type *FILE not found.",
    ]
    assert (end["status"], end["at"]) == (27, 6.0)


@every_mode
def test_two_sidecars_at_once_keep_their_times(bench: Bench, mode: str) -> None:
    bench.answers["a"] = Outcome(0, "", "", 3.0)
    bench.answers["b"] = Outcome(0, "", "", 1.0)
    first = bench.start(mode, "ask", "a", "a", name="first")
    second = bench.start(mode, "ask", "b", "b", "b", "b", name="second")
    bench.scheduler.run()
    assert [entry[:2] for entry in bench.said()] == [
        (5.0, "a"),
        (5.0, "b"),
        (6.0, "b"),
        (7.0, "b"),
        (8.0, "a"),
        (8.0, "b"),
    ]
    assert first.result["status"] == second.result["status"] == 0


@every_mode
def test_files_arrive_and_are_told(bench: Bench, mode: str) -> None:
    end = bench.run(mode, "push")
    assert end["out"].splitlines()[0] == "10000 None"
    assert end["status"] == 27
    assert "Permission denied" in end["out"]
    assert (bench.folder / "remote/inbox/out").read_bytes() == b"0123456789" * 1000
    assert [entry[1] for entry in bench.said()] == [
        "sftp make_folder /inbox",
        "sftp write /inbox/out.tmp",
        "sftp write /inbox/out.tmp",
        "sftp rename /inbox/out.tmp /inbox/out",
    ]


@every_mode
def test_a_crash_is_an_exit_status_and_a_traceback(bench: Bench, mode: str) -> None:
    end = bench.run(mode, "crash")
    assert end["status"] == 1
    assert "RuntimeError: no such luck" in end["err"]


@every_mode
def test_a_killed_job_takes_its_sidecar_with_it(bench: Bench, mode: str) -> None:
    done: list[str] = []
    bench.answers["slow"] = Outcome(0, "", "", 10.0, effect=lambda: done.append("effect"))
    task = bench.start(mode, "ask", "slow", "second")
    bench.scheduler.at(START + 7.0, task.kill)
    bench.scheduler.run()
    assert task.ended
    # What was sent takes effect; nothing more was sent.
    assert done == ["effect"]
    assert [entry[1] for entry in bench.said()] == ["slow"]


@every_mode
def test_a_job_killed_before_its_python_started(bench: Bench, mode: str) -> None:
    task = bench.start(mode, "ask", "x")
    bench.scheduler.at(START + 1.0, task.kill)
    bench.scheduler.run()
    assert task.ended
    assert bench.said() == []


def test_a_sidecar_that_makes_no_clock_call_fails_the_rehearsal(bench: Bench) -> None:
    def soon(_external: External, _call: Call) -> None:
        bench.gate.limit_s = 0.05

    bench.gate.on_call.append(soon)
    bench.start("process", "spin")
    with pytest.raises(TwinError, match="made no clock call for 0 s of real time after 'now'"):
        bench.scheduler.run()


@every_mode
def test_a_system_that_goes_away_takes_its_connections_with_it(bench: Bench, mode: str) -> None:
    bench.scheduler.at(START + 12.0, lambda: bench.gate.cut(bench.server))
    bench.answers["slow"] = Outcome(0, "", "", 20.0)
    task = bench.start(mode, "ask", "slow")
    bench.scheduler.run(stop=lambda: task.ended)
    assert (task.result["status"], bench.scheduler.now - START) == (35, 12.0)
    bench.scheduler.run()
    assert bench.said() == [(5.0, "slow", "", "lost after")]


def test_a_port_that_is_given_again_is_not_taken_for_its_last_connection(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    earlier = bench.gate.accepted(bench.server, port, GoneWire())
    bench.gate.ended(earlier)
    earlier.end()
    waits, accepted, dial = threading.Event(), bench.gate.accepted, socket.create_connection

    def late(server: Server, number: int, wire: Wire) -> Connection:
        if number == port:
            assert waits.wait(20.0)
        return accepted(server, number, wire)

    def from_the_port(address: Any, timeout: float) -> socket.socket:
        return dial(address, timeout, source_address=("127.0.0.1", port))

    def look(_external: External, call: Call) -> None:
        if call["op"] == "wait":
            waits.set()

    bench.gate.on_call.append(look)
    monkeypatch.setattr(bench.gate, "accepted", late)
    monkeypatch.setattr(socket, "create_connection", from_the_port)
    bench.answers["lsfcmap"] = Outcome(0, "id:name\n", "", 2.5)
    end = bench.run("thread", "ask", "lsfcmap")
    assert end["out"].splitlines() == ["2.5 0 id:name "]
    assert end["at"] == 4.0 + 1.0 + 2.5


class GoneWire:
    """The transport of a connection that has ended."""

    def greet(self) -> None:
        raise AssertionError("it was greeted again")

    def close(self) -> None:
        """Nothing is left to close."""
