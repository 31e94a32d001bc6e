"""The HTTPS client against real servers on loopback: pins, limits, lost replies, and what is never shown."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from flashrt.edges import Endpoint, SshNetwork, SystemClock
from flashrt.http1 import basic, path_of
from flashrt.https import RestSession
from flashrt.keyfiles import fingerprint_of_certificate, read_password
from flashrt.result import Result, document, keep_secret, record
from flashrt.status import (
    AUTH,
    CONFIG,
    HOSTKEY,
    KEY,
    NOTFOUND,
    SYSTEM,
    TIMEOUT,
    UNKNOWN,
    UNREACHABLE,
    SidecarError,
)

from .https_server import HttpsServer, der, make_certificate, pin
from .ssh_server import until

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n" + b'{"name": "V"}'


class Bench:
    """A server with its certificate, and the file that pins it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.certificate = der(make_certificate(folder, "array")[1])
        self.server = HttpsServer(folder / "array.pem", lambda _request: OK)
        self.servers = [self.server]
        self.known_hosts = folder / "known_hosts"
        self.known_hosts.write_text(pin(self.server.port, self.certificate))

    def another(self, name: str, **more: Any) -> HttpsServer:
        """A server with the certificate that NAME.pem has, in this one's place."""
        self.server = HttpsServer(self.folder / f"{name}.pem", lambda _request: OK, **more)
        self.servers.append(self.server)
        return self.server

    def connect(self, limit: float = 10.0) -> RestSession:
        clock = SystemClock()
        endpoint = Endpoint("127.0.0.1", self.server.port)
        return SshNetwork(clock).https(endpoint, str(self.known_hosts), clock.now() + limit)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    for server in made.servers:
        server.close()


def soon(limit: float = 10.0) -> float:
    return time.time() + limit


def failed(call: Any, *arguments: Any, **more: Any) -> SidecarError:
    with pytest.raises(SidecarError) as caught:
        call(*arguments, **more)
    return caught.value


def test_requests_go_over_one_connection(bench: Bench) -> None:
    session = bench.connect()
    session.headers["X-Auth-Token"] = "t0k3n"
    body = {"prep": True}
    reply = session.call("POST", path_of("rest", "v1", "start", "G/1"), soon(), body=body, query={"a": "b c"})
    assert (reply.status, reply.json(), reply.header("content-length")) == (200, {"name": "V"}, "13")
    session.call("GET", "/rest/v1/x", soon())
    session.close()
    first, second = bench.server.requests
    expected = (
        b"POST /rest/v1/start/G%2F1?a=b%20c HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nAccept: application/json\r\n"
        b"Accept-Encoding: identity\r\nContent-Type: application/json\r\nContent-Length: 13\r\n"
        b'X-Auth-Token: t0k3n\r\n\r\n{"prep":true}'
    )
    assert first == expected.replace(b":PORT", b":%d" % bench.server.port)
    assert second.startswith(b"GET /rest/v1/x HTTP/1.1\r\n")
    assert bench.server.connections == 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_from_1_2_on(bench: Bench, version: Any) -> None:
    bench.another("array", versions=version)
    bench.known_hosts.write_text(pin(bench.server.port, bench.certificate))
    assert bench.connect().call("GET", "/", soon()).status == 200


def test_an_expired_certificate_with_another_name_is_trusted_once_it_is_pinned(bench: Bench) -> None:
    made = der(make_certificate(bench.folder, "old", age=900, life=365)[1])
    bench.another("old")
    bench.known_hosts.write_text(pin(bench.server.port, made))
    assert bench.connect().call("GET", "/", soon()).status == 200


def test_another_certificate_is_not_trusted(bench: Bench) -> None:
    other = der(make_certificate(bench.folder, "other")[1])
    bench.another("other")
    bench.known_hosts.write_text(pin(bench.server.port, bench.certificate))
    error = failed(bench.connect)
    assert error.status == HOSTKEY
    assert fingerprint_of_certificate(other) in error.text
    assert fingerprint_of_certificate(bench.certificate) in error.text
    assert bench.server.requests == []


@pytest.mark.parametrize("kind", ["nothing", "revoked", "other port", "key only"])
def test_without_a_pin_nothing_is_dialled(bench: Bench, kind: str) -> None:
    line = pin(bench.server.port, bench.certificate)
    text = {
        "nothing": "",
        "revoked": line + pin(bench.server.port, bench.certificate, "@revoked"),
        "other port": pin(bench.server.port + 1, bench.certificate),
        "key only": line.replace("x509", "ssh-ed25519"),
    }[kind]
    bench.known_hosts.write_text(text)
    assert failed(bench.connect).status == HOSTKEY
    assert bench.server.connections == 0


def test_an_authority_answers_for_a_certificate(bench: Bench) -> None:
    authority = make_certificate(bench.folder, "authority")
    make_certificate(bench.folder, "signed", authority)
    bench.another("signed")
    bench.known_hosts.write_text(pin(bench.server.port, der(authority[1]), "@cert-authority"))
    assert bench.connect().call("GET", "/", soon()).status == 200


@pytest.mark.parametrize("sent", ["the chain", "the certificate alone"])
def test_an_authority_that_another_one_signed_answers_as_well(bench: Bench, sent: str) -> None:
    """A company's issuing authority: it is the one that was pinned, and nobody has the root at hand."""
    root = make_certificate(bench.folder, "root")
    company = make_certificate(bench.folder, "company", root, authority=True)
    make_certificate(bench.folder, "signed", company)
    if sent == "the chain":
        file = bench.folder / "signed.pem"
        file.write_bytes(file.read_bytes() + company[1].public_bytes(Encoding.PEM))
    bench.another("signed")
    bench.known_hosts.write_text(pin(bench.server.port, der(company[1]), "@cert-authority"))
    assert bench.connect().call("GET", "/", soon()).status == 200


@pytest.mark.parametrize("kind", ["stranger", "expired", "itself"])
def test_what_the_authority_does_not_answer_for_is_not_trusted(bench: Bench, kind: str) -> None:
    authority = make_certificate(bench.folder, "authority")
    made = {
        "stranger": lambda: make_certificate(bench.folder, "x", make_certificate(bench.folder, "else")),
        "expired": lambda: make_certificate(bench.folder, "x", authority, age=900, life=365),
        "itself": lambda: make_certificate(bench.folder, "x"),
    }[kind]
    made()
    bench.another("x")
    bench.known_hosts.write_text(pin(bench.server.port, der(authority[1]), "@cert-authority"))
    error = failed(bench.connect)
    assert error.status == HOSTKEY
    assert "does not answer for" in error.text
    assert bench.server.requests == []


def test_a_server_without_tls_is_no_server(bench: Bench) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        bench.known_hosts.write_text(pin(port, bench.certificate))
        bench.server.port, kept = port, bench.server.port
        import threading

        def answer() -> None:
            sock, _ = listener.accept()
            sock.recv(1000)
            sock.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
            sock.close()

        threading.Thread(target=answer, daemon=True).start()
        error = failed(bench.connect)
        bench.server.port = kept
    assert error.status == UNREACHABLE
    assert "before TLS came about" in error.text


def test_a_server_that_says_nothing_ends_at_the_limit(bench: Bench) -> None:
    bench.server.silent = True
    error = failed(bench.connect, 0.3)
    assert (error.status, "did not shake hands" in error.text) == (UNREACHABLE, True)


def test_no_reply_is_unknown_and_the_next_request_goes_another_way(bench: Bench) -> None:
    session = bench.connect()
    bench.server.handler = lambda _request: None
    error = failed(session.call, "POST", "/start", soon(0.3), body={"password": "hunter2"})
    assert error.status == TIMEOUT
    assert "'POST /start'" in error.text
    bench.server.handler = lambda _request: OK
    assert session.call("GET", "/state", soon()).status == 200
    assert bench.server.connections == 2


@pytest.mark.parametrize("goodbye", [True, False])
def test_a_connection_that_ends_instead_of_a_reply_is_unknown(bench: Bench, goodbye: bool) -> None:
    session = bench.connect()
    bench.server.goodbye = goodbye
    bench.server.handler = lambda _request: b""
    assert failed(session.call, "POST", "/start", soon()).status == UNKNOWN
    assert len(bench.server.requests) == 1


def test_an_idle_connection_that_was_ended_is_made_anew(bench: Bench) -> None:
    session = bench.connect()
    bench.server.handler = lambda _request: OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
    assert session.call("GET", "/a", soon()).status == 200
    bench.server.handler = lambda _request: OK
    assert session.call("GET", "/b", soon()).status == 200
    bench.server.drop()
    assert session.call("GET", "/c", soon()).status == 200
    assert bench.server.connections == 3


@pytest.mark.parametrize(
    ("reply", "status", "words"),
    [
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 3\r\n\r\nbad", AUTH, "answered 401 to GET /x: bad"),
        (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", AUTH, "not authorised"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", NOTFOUND, "answered 404"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 10\r\n\r\nCMMVC5753E", SYSTEM, "CMMVC5753E"),
        (b"HTTP/1.1 302 Moved\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n", SYSTEM, "answered 302"),
        (b"SSH-2.0-nonsense\r\n\r\n", SYSTEM, "is not HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", SYSTEM, "more than 16 MB"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nabc", SYSTEM, "broke off"),
    ],
)
def test_what_a_reply_means(bench: Bench, reply: bytes, status: int, words: str) -> None:
    session = bench.connect()
    bench.server.handler = lambda _request: reply
    error = failed(session.ask, "GET", "/x", soon())
    assert (error.status, words in error.text) == (status, True), error.text
    assert len(bench.server.requests) == 1


def test_a_body_without_a_length_ends_with_the_connection_but_not_with_a_broken_line(bench: Bench) -> None:
    bench.server.handler = lambda _request: b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it"
    assert bench.connect().call("GET", "/x", soon()).text == "all of it"
    bench.server.goodbye = False
    error = failed(bench.connect().call, "GET", "/x", soon())
    assert (error.status, "broke off" in error.text) == (SYSTEM, True)


def test_a_reply_in_pieces_and_in_chunks(bench: Bench) -> None:
    body = b"0123456789" * 50_000
    parts = b"".join(b"%x;x=y\r\n%b\r\n" % (1000, body[at : at + 1000]) for at in range(0, len(body), 1000))
    parts = parts.replace(b"3e8", b"3E8")
    bench.server.handler = lambda _request: (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + parts
        + b"0\r\n\r\n"
    )
    session = bench.connect()
    assert session.call("GET", "/x", soon()).body == body
    assert session.call("GET", "/x", soon()).body == body
    assert bench.server.connections == 1


def test_an_opened_request_is_sent_later_and_answered_like_a_command(bench: Bench) -> None:
    session = bench.connect()
    request = session.open_request("POST", "/start", soon(), body={"x": 1})
    refused = session.open_request("POST", "/no", soon())
    assert bench.server.requests == []
    clock = SystemClock()
    bench.server.handler = lambda asked: (
        b"HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nbad" if b"/no" in asked else OK
    )
    for one in (request, refused):
        one.probe()
        one.send("what is sent was settled before")
    assert {clock.wait_any([request, refused], soon()), clock.wait_any([refused, request], soon())} <= {0, 1}
    assert request.poll(5.0)
    assert refused.poll(5.0)
    assert request.reply() == (0, '{"name": "V"}', "")
    assert refused.reply() == (500, "", "bad")
    assert sorted(asked.split()[1] for asked in bench.server.requests) == [b"/no", b"/start"]


def test_an_opened_request_whose_idle_connection_has_ended_gets_another(bench: Bench) -> None:
    request = bench.connect().open_request("POST", "/start", soon())
    bench.server.drop()
    until(request._connection.has_ended)
    request.probe()
    assert bench.server.connections == 3
    bench.server.drop()
    until(request._connection.has_ended)
    request.send()
    assert request.poll(5.0)
    assert request.reply().status == 0
    assert len(bench.server.requests) == 1


def test_an_opened_request_bears_the_token_that_its_session_has_when_it_is_probed(bench: Bench) -> None:
    session = bench.connect()
    session.headers["x-auth-token"] = "of-before"
    request = session.open_request("POST", "/start", soon())
    session.headers["x-auth-token"] = "renewed"
    request.probe()
    session.headers["x-auth-token"] = "too-late"
    request.send()
    assert request.poll(5.0)
    assert b"x-auth-token: renewed\r\n" in bench.server.requests[0]


def test_an_opened_request_is_not_sent_where_nobody_is_any_more(bench: Bench) -> None:
    request = bench.connect().open_request("POST", "/start", soon())
    bench.server.close()
    until(request._connection.has_ended)
    assert failed(request.probe).status == UNREACHABLE
    assert failed(request.send).status == UNREACHABLE
    request.close()
    assert bench.server.requests == []


def test_a_name_is_looked_up_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    clock, asked = SystemClock(), []
    lookup = socket.getaddrinfo

    def looked_up(host: str, *more: Any, **options: Any) -> Any:
        asked.append(host)
        return lookup("127.0.0.1" if host == "array" else host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    bench.known_hosts.write_text(pin(bench.server.port, bench.certificate).replace("127.0.0.1", "array"))
    endpoint = Endpoint("array", bench.server.port)
    session = SshNetwork(clock).https(endpoint, str(bench.known_hosts), soon())
    session.open_request("GET", "/", soon()).close()
    assert asked == ["array", "127.0.0.1"]


def test_an_opened_request_whose_connection_ends_after_it_has_no_status(bench: Bench) -> None:
    request = bench.connect().open_request("POST", "/start", soon())
    bench.server.handler = lambda _request: b""
    request.send()
    assert request.poll(5.0)
    assert request.reply().status is None


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/a b", {}),
        ("x", {}),
        ("/a\r\nX: y", {}),
        ("/", {"X": "a\r\nb"}),
        ("/", {"X\n": "a"}),
        ("/", {"X": "ż"}),
    ],
)
def test_a_name_cannot_become_another_request(bench: Bench, path: str, headers: dict[str, str]) -> None:
    error = failed(bench.connect().call, "GET", path, soon(), headers=headers)
    assert error.status == CONFIG
    assert bench.server.requests == []


def test_no_error_shows_a_secret(bench: Bench) -> None:
    session = bench.connect()
    session.headers["Authorization"] = basic("flashc", "hunter2")
    bench.server.handler = lambda _request: b""
    texts = [
        failed(session.call, "POST", "/auth", soon(), body={"password": "hunter2"}).text,
        failed(session.call, "POST", "/auth", soon(), headers={"X-Auth-Password": "hunter2\n"}).text,
    ]
    assert all("hunter2" not in text and "Basic" not in text for text in texts)


def test_no_text_shows_what_the_server_quotes_of_our_secrets(bench: Bench) -> None:
    session = bench.connect()
    session.headers["X-Auth-Token"] = "t0k3n-of-tonight"
    said = b"no such session: t0k3n-of-tonight; FlAsHc:hunter2hunter2"
    length = b"Content-Length: %d" % len(said)
    bench.server.handler = lambda _request: b"HTTP/1.1 500 No\r\n" + length + b"\r\n\r\n" + said
    keep_secret("hunter2hunter2")
    error = failed(session.ask, "GET", "/x", soon())
    assert error.text.endswith("no such session: ***; FlAsHc:***.")
    result = Result("t0k3n-of-tonight", details={"said": ["hunter2hunter2"]})
    assert "t0k3n" not in document(result) + record(result)
    assert "hunter2" not in document(result)


def write_password(folder: Path, data: bytes, mode: int = 0o600) -> str:
    place = folder / "keys"
    place.mkdir(mode=0o700, exist_ok=True)
    (place / "v").write_bytes(data)
    (place / "v").chmod(mode)
    return str(place / "v")


def test_a_password_is_one_line_of_a_file_that_nobody_else_reads(tmp_path: Path) -> None:
    assert read_password(write_password(tmp_path, "pässwörd \n".encode())) == "pässwörd "
    for data in (b"", b"\n", b"a\nb\n", b"\xff", b"x" * 1025, b"a\x00b"):
        error = failed(read_password, write_password(tmp_path, data))
        assert (error.status, error.__cause__) == (KEY, None)
    assert failed(read_password, write_password(tmp_path, b"x", 0o640)).status == KEY
    (tmp_path / "keys").chmod(0o750)
    assert failed(read_password, str(tmp_path / "keys" / "v")).status == KEY
    assert failed(read_password, str(tmp_path / "keys" / "none")).status == KEY
