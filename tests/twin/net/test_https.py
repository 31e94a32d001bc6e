"""Systems that are asked by HTTPS: virtual time, faults and transcript, the same in all three modes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flashtwin.certificates import certificate, certificate_line
from flashtwin.sims.http import HttpCall, HttpOutcome, https_server, json_outcome, masked
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Mode, Server
from netbench import MODES, START, Bench

every_mode = pytest.mark.parametrize("mode", MODES)


class Toy:
    """A simulator that counts what it was asked; `answers` by method and path."""

    def __init__(self) -> None:
        self.answers: dict[str, Outcome] = {}
        self.tokens: list[str] = []
        self.count = 0

    def answer(self, call: HttpCall) -> Outcome:
        self.tokens.append(call.headers.get("x-auth-token", ""))
        document = call.json() or {}
        if document.get("user"):
            call.log_in(document["user"])
        given = self.answers.get(f"{call.method} {call.path}")
        if given is not None:
            return given
        self.count += 1
        return json_outcome({"count": self.count, "token": "s3cret"}, duration_s=0.5)


@pytest.fixture
def toy() -> Toy:
    return Toy()


@pytest.fixture(autouse=True)
def server(bench: Bench, toy: Toy) -> Server:
    """The simulator R at 10.1.0.30:7443, its certificate pinned."""
    made = https_server("R", toy.answer)
    bench.gate.publish("10.1.0.30:7443", made)
    with (bench.folder / "known_hosts").open("a") as file:
        file.write(certificate_line("10.1.0.30", 7443, "R"))
    return made


def lines(end: dict[str, Any]) -> list[str]:
    assert end["err"] == ""
    return [line.strip() for line in end["out"].splitlines()]


@every_mode
def test_requests_take_their_virtual_time_on_one_connection(
    bench: Bench, server: Server, toy: Toy, mode: str
) -> None:
    toy.answers["GET /busy"] = HttpOutcome(
        500, "later", headers={"Content-Type": "text/plain"}, duration_s=2.0
    )
    toy.answers["DELETE /x"] = HttpOutcome(204, duration_s=1.0)
    end = bench.run(mode, "rest", "POST:/auth", "GET:/busy", "DELETE:/x", "GET:/again")
    assert lines(end) == [
        '0.5 200 application/json {"count":1,"token":"s3cret"} 28',
        "2.5 500 text/plain later 5",
        "3.5 204 application/json  0",
        '4.0 200 application/json {"count":2,"token":"s3cret"} 28',
    ]
    # 4 s for Python, 1 s for the handshake.
    assert end["at"] == 9.0
    assert toy.tokens == ["t0k3n"] * 4
    # The session's end is seen by the server.
    assert server.connections == []


@every_mode
def test_the_transcript_has_no_secrets(bench: Bench, mode: str) -> None:
    bench.run(mode, "rest", "POST:/auth")
    (exchange,) = bench.gate.transcript
    assert exchange.request == 'POST /auth {"user":"flashc","password":"***"}'
    assert exchange.out == '{"count":1,"token":"***"}'
    assert (exchange.user, exchange.status, exchange.ending) == ("flashc", 200, "reply")
    assert exchange.at == START + 5.0


def test_the_three_modes_have_equal_transcripts(bench: Bench, toy: Toy) -> None:
    toy.answers["POST /lose"] = replace(json_outcome({}), lost="after")
    toy.answers["GET /hang"] = HttpOutcome(hang=True)
    toy.answers["GET /large"] = HttpOutcome(200, "0123456789" * 100_000)
    toy.answers["GET /bye"] = HttpOutcome(200, "bye", close=True)
    toy.answers["GET /garbage"] = Outcome(0, "\udcff<html>")
    words = [
        "GET:/a",
        "POST:/lose",
        "GET:/large",
        "GET:/hang",
        "GET:/b",
        "GET:/bye",
        "GET:/garbage",
        "GET:/c",
    ]
    seen: list[Any] = []
    for mode in MODES:
        before, begin, toy.count = len(bench.gate.transcript), bench.scheduler.now, 0
        end = bench.run(mode, "rest", *words)
        told = [(e.at - begin, e.user, e.request, e.out, e.ending) for e in bench.gate.transcript[before:]]
        seen.append((end["out"], told))
    assert seen[0] == seen[1] == seen[2]
    assert [told[4] for told in seen[0][1]] == [
        "reply",
        "lost after",
        "reply",
        "hang",
        "reply",
        "reply",
        "reply",
        "reply",
    ]


@every_mode
def test_a_request_without_a_reply_is_unknown_after_its_limit(bench: Bench, toy: Toy, mode: str) -> None:
    toy.answers["POST /start"] = HttpOutcome(hang=True)
    end = bench.run(mode, "rest", "POST:/start", "GET:/state")
    first, second = lines(end)
    assert first.startswith("20.0 26 10.1.0.30:7443 did not answer 'POST /start' within the limit.")
    # The connection with the late reply is given up; the next one costs a handshake.
    assert second.startswith("21.5 200")


@every_mode
@pytest.mark.parametrize(("lost", "effects"), [("before", 0), ("after", 1)])
def test_a_lost_reply_is_unknown(bench: Bench, toy: Toy, mode: str, lost: Any, effects: int) -> None:
    done: list[str] = []
    toy.answers["POST /start"] = HttpOutcome(effect=lambda: done.append("x"), lost=lost, duration_s=1.5)
    end = bench.run(mode, "rest", "POST:/start")
    assert lines(end)[0].startswith("1.5 35 The connection to 10.1.0.30:7443 was lost after 'POST /start'")
    assert len(done) == effects


@every_mode
def test_garbage_cannot_be_read_and_ends_the_connection(bench: Bench, toy: Toy, mode: str) -> None:
    toy.answers["GET /x"] = Outcome(0, "SSH-2.0-nonsense\r\n\r\n")
    first, second = lines(bench.run(mode, "rest", "GET:/x", "GET:/y"))
    assert first.startswith("1.0 27 10.1.0.30:7443: its answer is not HTTP/1.1 (GET /x).")
    assert second.startswith("2.5 200")


@every_mode
def test_asked_too_often_it_waits_as_told(bench: Bench, toy: Toy, mode: str) -> None:
    def relieved() -> None:
        del toy.answers["GET /x"]

    toy.answers["GET /x"] = HttpOutcome(429, "slow down", headers={"Retry-After": "3"}, effect=relieved)
    assert lines(bench.run(mode, "rest", "GET:/x"))[0].startswith("4.5 200")


@every_mode
def test_a_busy_server_is_left_alone_at_the_limit(bench: Bench, toy: Toy, mode: str) -> None:
    toy.answers["GET /x"] = HttpOutcome(429, "slow down", headers={"Retry-After": "30"})
    assert lines(bench.run(mode, "rest", "GET:/x"))[0].startswith("1.0 429")


@every_mode
def test_what_only_reads_is_asked_again_where_there_is_no_answer_for_now(
    bench: Bench, toy: Toy, mode: str
) -> None:
    def back() -> None:
        del toy.answers["GET /x"]

    toy.answers["GET /x"] = HttpOutcome(503, "restarting", effect=back)
    assert lines(bench.run(mode, "rest", "GET:/x"))[0].startswith("4.5 200")


@every_mode
def test_a_server_without_an_answer_is_asked_four_times(bench: Bench, toy: Toy, mode: str) -> None:
    asked: list[str] = []
    toy.answers["GET /x"] = HttpOutcome(504, "gateway", effect=lambda: asked.append("x"))
    assert lines(bench.run(mode, "rest", "GET:/x"))[0].startswith("13.0 504")
    assert len(asked) == 4


@every_mode
def test_what_may_have_been_done_is_not_sent_again(bench: Bench, toy: Toy, mode: str) -> None:
    asked: list[str] = []
    toy.answers["POST /start"] = HttpOutcome(503, "restarting", effect=lambda: asked.append("x"))
    assert lines(bench.run(mode, "rest", "POST:/start"))[0].startswith("1.0 503")
    assert len(asked) == 1


@every_mode
def test_a_connection_that_the_server_has_ended_is_made_anew(bench: Bench, server: Server, mode: str) -> None:
    server.idle_s = 60.0
    end = bench.run(mode, "rest", "GET:/a", "nap:59", "GET:/b", "nap:61", "GET:/c")
    assert [line.split()[:2] for line in lines(end)] == [["0.5", "200"], ["60.0", "200"], ["122.5", "200"]]


@every_mode
@pytest.mark.parametrize(
    ("server_mode", "status", "after", "words"),
    [
        ("refused", 23, 0.0, "cannot be reached: Connection refused"),
        ("silent", 23, 15.0, "did not shake hands within the limit"),
        ("dropped", 23, 1.0, "ended the connection before TLS came about"),
    ],
)
def test_a_server_that_does_not_let_us_in(
    bench: Bench, server: Server, mode: str, server_mode: Mode, status: int, after: float, words: str
) -> None:
    server.mode = server_mode
    end = bench.run(mode, "rest", "GET:/x")
    assert (end["status"], end["at"]) == (status, 4.0 + after)
    assert words in end["out"]


@every_mode
def test_a_changed_certificate_is_not_trusted(bench: Bench, server: Server, toy: Toy, mode: str) -> None:
    server.host_key = "R changed"
    end = bench.run(mode, "rest", "GET:/x")
    assert (end["status"], end["at"]) == (25, 5.0)
    assert "[10.1.0.30]:7443 shows the certificate " in end["out"]
    assert toy.tokens == []


@every_mode
def test_without_a_pin_nothing_is_tried(bench: Bench, mode: str) -> None:
    (bench.folder / "known_hosts").write_text("")
    end = bench.run(mode, "rest", "GET:/x")
    assert (end["status"], end["at"]) == (25, 4.0)


@every_mode
def test_opened_requests_go_out_together(bench: Bench, toy: Toy, mode: str) -> None:
    toy.answers["POST /slow"] = json_outcome({"ok": 1}, duration_s=3.0)
    toy.answers["POST /quick"] = HttpOutcome(500, "CMMVC5907E no", duration_s=1.0)
    end = bench.run(mode, "shoot", "30", "/slow", "/quick")
    assert lines(end) == ["POST /quick 500  CMMVC5907E no", 'POST /slow 0 {"ok":1}']
    # Three handshakes, the pause, and then both at the same moment.
    assert [e.at - START for e in bench.gate.transcript] == [37.0, 37.0]
    assert end["at"] == 40.0


@every_mode
def test_an_opened_request_is_sent_on_a_new_connection_when_it_was_idle_for_too_long(
    bench: Bench, server: Server, mode: str
) -> None:
    server.idle_s = 20.0
    end = bench.run(mode, "shoot", "30", "/start")
    assert lines(end) == ['POST /start 0 {"count":1,"token":"s3cret"}']
    # Two handshakes, the pause, and a third one.
    assert [e.at - START for e in bench.gate.transcript] == [37.0]


@every_mode
def test_an_opened_request_is_not_sent_where_nobody_is_any_more(
    bench: Bench, server: Server, toy: Toy, mode: str
) -> None:
    server.idle_s = 20.0
    bench.scheduler.at(START + 10.0, lambda: setattr(server, "mode", "refused"))
    end = bench.run(mode, "shoot", "30", "/start")
    assert end["status"] == 23
    assert toy.tokens == []


@every_mode
def test_a_cut_breaks_what_is_out(bench: Bench, server: Server, toy: Toy, mode: str) -> None:
    toy.answers["POST /start"] = json_outcome({}, duration_s=9.0)
    bench.scheduler.at(START + 8.0, lambda: bench.gate.cut(server))
    assert lines(bench.run(mode, "rest", "POST:/start"))[0].startswith("3.0 35")


def test_a_certificate_is_the_same_everywhere() -> None:
    certificate.cache_clear()
    first = certificate("R")
    certificate.cache_clear()
    assert certificate("R") == first != certificate("R changed")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            '{"request":{"params":{"username":"u","password":"p\\"w"}}}',
            '{"request":{"params":{"username":"u","password":"***"}}}',
        ),
        ('{"token":{"token":"abc","expired":"no"}}', '{"token":{"token":"***","expired":"no"}}'),
        ("user=u&pw=geheim&x=1", "user=u&pw=***&x=1"),
        (
            "<UserID>u</UserID><Password kb='CUR'>pw</Password>",
            "<UserID>u</UserID><Password kb='CUR'>***</Password>",
        ),
        (
            "<X-API-Session kxe='false'>abc==</X-API-Session>",
            "<X-API-Session kxe='false'>***</X-API-Session>",
        ),
        ('{"password":"never ends', '{"password":"***"'),
    ],
)
def test_secrets_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown
