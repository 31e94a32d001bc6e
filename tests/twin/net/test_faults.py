"""What fault campaigns do to sidecars and their connections, the same in all modes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flashtwin.externals import Call, External
from flashtwin.links import ProcessLink
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from netbench import MODES, START, Bench

every_mode = pytest.mark.parametrize("mode", MODES)


@every_mode
def test_a_killed_program_leaves_its_job_alive(bench: Bench, mode: str) -> None:
    done: list[str] = []
    bench.answers["slow"] = Outcome(0, "", "", 10.0, effect=lambda: done.append("effect"))
    task = bench.start(mode, "ask", "slow", "second")

    def kill() -> None:
        bench.gate.externals[0].kill()

    bench.scheduler.at(START + 7.0, kill)
    bench.scheduler.run(stop=lambda: task.ended)
    assert (task.result["status"], bench.scheduler.now) == (137, START + 7.0)
    bench.scheduler.run()
    assert done == ["effect"]
    assert bench.said() == [(5.0, "slow", "", "lost after")]
    assert bench.gate.externals == []


@every_mode
@pytest.mark.parametrize(
    ("fatal", "expected"),
    [("one", [("one", "lost after")]), ("two", [("one", "reply"), ("two", "lost after")])],
)
def test_a_program_may_be_killed_between_request_and_reply(
    bench: Bench, mode: str, fatal: str, expected: list[tuple[str, str]]
) -> None:
    """Killed once the server has reported the request: any earlier, it is chance whether it was sent."""
    bench.answers[fatal] = Outcome(0, "", "", 10.0)

    def kill_soon(request: Request, outcome: Outcome) -> Outcome:
        if request.command == fatal:
            bench.scheduler.at(bench.scheduler.now + 1.0, bench.gate.externals[0].kill)
        return outcome

    bench.gate.alter.append(kill_soon)
    assert bench.run(mode, "ask", "one", "two", "three")["status"] == 137
    assert [(request, ending) for _at, request, _out, ending in bench.said()] == expected


@every_mode
def test_a_program_may_be_killed_at_a_call(bench: Bench, mode: str) -> None:
    """Killed at its first look at the clock once it is connected, before it sends anything."""
    calls: list[str] = []

    def look(external: External, call: Call) -> None:
        calls.append(call["op"])
        if bench.server.connections and call["op"] == "now":
            external.kill()

    bench.gate.on_call.append(look)
    assert bench.run(mode, "ask", "one", "two", "three")["status"] == 137
    assert calls[-1] == "now"
    assert bench.said() == []


@every_mode
def test_a_reply_may_be_altered_on_its_way(bench: Bench, mode: str) -> None:
    def alter(request: Request, outcome: Outcome) -> Outcome:
        return replace(outcome, out="\x00\x01<garbage>") if request.command == "two" else outcome

    bench.gate.alter.append(alter)
    out = bench.run(mode, "ask", "one", "two", "three")["out"]
    assert ["<garbage>" in line for line in out.splitlines()] == [False, True, False]


@every_mode
@pytest.mark.parametrize("budget", [0, 7000, 12000])
def test_a_line_that_breaks_in_a_transfer(bench: Bench, mode: str, budget: int) -> None:
    bench.server.file_budget = budget
    end = bench.run(mode, "push")
    assert end["status"] == 23
    # 10000 bytes are sent, then 5000 from the middle on: what arrived is there.
    size = (bench.folder / "remote/inbox/out.tmp").stat().st_size
    assert size == min(budget, 10000)
    assert not (bench.folder / "remote/inbox/out").exists()


@every_mode
def test_a_trigger_whose_connection_was_cut_sends_nothing(bench: Bench, mode: str) -> None:
    task = bench.start(mode, "arm", "start")
    bench.scheduler.run(until=START + 20.0)
    bench.gate.cut(bench.server)
    plug = bench.gate.loopback.connect(int((bench.folder / "armed").read_text()), bench.services.home)
    assert plug is not None
    assert plug.send(b"GO000000")
    bench.scheduler.run()
    assert task.result["status"] == 23
    assert bench.said() == []
    assert plug.peer_ended


@every_mode
def test_where_the_file_system_is_full_nothing_is_written_and_what_is_there_is_read(
    bench: Bench, mode: str
) -> None:
    (bench.folder / "old").write_bytes(b"before")
    (bench.folder / "log").write_bytes(b"")
    bench.full = True
    end = bench.run(mode, "write", "old", "young")
    reason = "No space left on device"
    assert end["out"].splitlines() == [
        f"old {reason}. Check its folder and authorities.",
        f"young {reason}. Check its folder and authorities.",
        "before",
        reason,
        reason,
    ]
    # this process is not the sidecar, and the next one finds room again
    (bench.folder / "other").write_bytes(b"x")
    bench.full = False
    assert bench.run(mode, "write", "old", "young")["out"].splitlines() == [
        "old written",
        "young written",
        "new",
    ]


@every_mode
def test_two_equal_runs_are_equal(bench: Bench, mode: str) -> None:
    bench.answers["hang"] = Outcome(hang=True)
    bench.answers["lose"] = Outcome(lost="before")
    seen: list[Any] = []
    for _ in range(2):
        before, begin = len(bench.gate.transcript), bench.scheduler.now
        for words in (("one", "lose"), ("hang",), ("two", "three")):
            bench.start(mode, "ask", *words)
        bench.scheduler.run()
        seen.append([(e.at - begin, e.request, e.ending) for e in bench.gate.transcript[before:]])
    assert seen[0] == seen[1]
    assert len(seen[0]) == 5


def test_a_process_does_not_outlive_its_world(bench: Bench) -> None:
    task = bench.start("process", "nap", "1000")
    bench.scheduler.run(until=START + 100.0)
    link = bench.gate.externals[0].link
    assert isinstance(link, ProcessLink)
    bench.gate.close()
    assert link.has_ended()
    task.kill()


def test_a_process_whose_twin_is_gone_ends_by_itself(bench: Bench) -> None:
    task = bench.start("process", "nap", "1000")
    bench.scheduler.run(until=START + 100.0)
    link = bench.gate.externals[0].link
    assert isinstance(link, ProcessLink)
    link.hang_up()
    link.await_end(30.0)
    assert link.has_ended()
    task.kill()


def test_a_stranger_on_the_childs_port_is_sent_away(bench: Bench) -> None:
    import socket

    link = bench.link("process", ["nap", "1", "--folder", str(bench.folder)])
    assert isinstance(link, ProcessLink)
    with socket.create_connection(("127.0.0.1", link.port)) as stranger:
        stranger.sendall(b'{"op": "hello", "token": "guess"}\n')
        call = link.receive(30.0)
        assert call is not None
        assert call["op"] == "now"
        assert stranger.recv(1) == b""
    link.kill()
