"""HTTP/1.1 as a simulated system reads and writes it (RFC 9112): requests out of bytes, replies into bytes.

No sockets here.  A simulator that is asked by HTTPS is a function ``answer(call) -> HttpOutcome`` (or a
generator that takes virtual time); `https_server` makes a server of it.  Its faults are those of
`flashtwin.sims.outcome`, and:

============================  ==================================================================
busy                          ``HttpOutcome(429, headers={"Retry-After": "2"})``, or 503
garbage                       a plain ``Outcome``: its ``out`` is all that goes over the line,
                              without a head, and the connection ends
``close=True``                the server ends the connection behind the reply
``server.idle_s``             it ends connections that were idle for so long
``server.host_key``           another text is another certificate
============================  ==================================================================
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote

from flashtwin.errors import TwinError
from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.outcome import Outcome, wire_bytes
from flashtwin.sims.server import Connection, Mode, Request, Server, Work

HttpHandler: TypeAlias = "Callable[[HttpCall], Outcome | Generator[Wait, Signal | None, Outcome]]"

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 4 * 1024 * 1024
CHUNKED_FROM = 8192
"""A body of as many bytes is sent in chunks, as servers send what they make on the way."""

CHUNK = 4096

_SECRET = "password|passwd|pwd|pw|token|secret|apikey|api_key|api-key|authorization|cookie|session_?key"
_IN_JSON = re.compile(rf'("[^"]*(?:{_SECRET})[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE)
_IN_FORM = re.compile(rf"(?:(?<=[?&])|^)([^=&\s]*(?:{_SECRET})[^=&\s]*=)[^&\s]*", re.IGNORECASE)
_IN_XML = re.compile(rf"(<[\w:]*(?:{_SECRET}|X-API-Session)[^<>]*>)[^<]*", re.IGNORECASE)
_CREDENTIAL = re.compile(f"{_SECRET}|session", re.IGNORECASE)
_TOKENS = ("x-auth-token", "x-api-session")
"""Fields in which systems want the token of a session (docs/platform-facts.md: hmc rest, pure-rest, svc rest,
ds8000-rest); others want it as an authorization."""

_REQUEST_LINE = re.compile(rb"([A-Z]{1,16}) (/[\x21-\x7e]*) HTTP/1\.1\Z")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class HttpOutcome(Outcome):
    """The reply to one HTTP request: `status`, `headers` and the body `out`.

    `close` ends the connection behind it.  Content-Type is JSON where `headers` says nothing else.
    """

    status: int | None = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    close: bool = False


def json_outcome(document: object, status: int = 200, **more: Any) -> HttpOutcome:
    """A reply with a JSON document as its body; `more` are fields of `HttpOutcome`."""
    return HttpOutcome(status, json.dumps(document, separators=(",", ":")), **more)


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A request as a simulator sees it.

    `path` is as sent (quoted), `segments` are its parts unquoted; names of `headers` are in lower case.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    connection: Connection

    @property
    def segments(self) -> tuple[str, ...]:
        """The path's parts, unquoted."""
        return tuple(unquote(part) for part in self.path.strip("/").split("/") if part)

    @property
    def refused(self) -> bool:
        """Whether every log-in is to be refused now (the server's mode `unauthorised`)."""
        return self.connection.server.mode == "unauthorised"

    @property
    def in_session(self) -> bool:
        """Whether it bears a token that a log-in gave; user and password in each request are no session."""
        kind = self.headers.get("authorization", "").partition(" ")[0].lower()
        return kind not in ("", "basic") or any(name in self.headers for name in _TOKENS)

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def log_in(self, user: str) -> None:
        """This request is this user's; the transcript shows it."""
        self.connection.user = user


@dataclass(slots=True)
class HttpRequest(Request):
    """An HTTP request on its way through the gate."""

    call: HttpCall

    def work(self) -> Work:
        """Ask the simulator; who logs in is known only to it."""
        self.call.connection.user = ""
        answer: HttpHandler | None = self.connection.server.answer
        if answer is None:
            raise TwinError(f"{self.connection.server.name} does not speak HTTPS")
        return answer(self.call)

    @property
    def in_session(self) -> bool:
        """Whether it bears the token of a session."""
        return self.call.in_session

    def credentials(self) -> Iterator[tuple[str, str]]:
        """Of header fields and of the body, by their names; of user and password the password as well."""
        for name, value in self.call.headers.items():
            if _CREDENTIAL.search(name):
                text = value.rpartition(" ")[2]
                yield f"field {name}", text
                if value.lower().startswith("basic "):
                    with contextlib.suppress(ValueError):
                        yield "password", base64.b64decode(text).decode("utf-8").partition(":")[2]
        body = self.call.body.decode("utf-8", "surrogateescape")
        for pattern in (_IN_JSON, _IN_XML, _IN_FORM):
            for found in pattern.finditer(body):
                yield "part of a body", found.group(0)[len(found.group(1)) :].strip('"')

    def shown(self, outcome: Outcome) -> str:
        """The body without tokens, and without what it quotes of the request's."""
        text = masked(outcome.out)
        for _, secret in self.credentials():
            text = text.replace(secret, "***") if secret else text
        return text


def https_server(name: str, answer: HttpHandler, *, login_s: float = 1.0) -> Server:
    """A server that is asked by HTTPS.  `login_s`: the virtual time from the connection to the handshake."""
    server = Server(name, _no_commands, lambda _user, _key: False, login_s=login_s)
    server.protocol, server.answer = "https", answer
    return server


def shared(*members: Server) -> Server:
    """A server for several systems at one address: each request is that one's whose key or token it bears.

    From then on its connection belongs to that system.  It shows the certificate of the first, or of the one
    whose certificate was changed.
    """

    def answer(call: HttpCall) -> Outcome | Generator[Wait, Signal | None, Outcome]:
        server = next((one for one in members if one.mine(call)), members[0])
        connection = call.connection
        if connection in made.connections:
            made.connections.remove(connection)
            server.connections.append(connection)
        connection.server = server
        assert server.answer is not None
        return server.answer(call)

    def meets() -> Mode:
        return next((one.mode for one in members if one.mode != "ok"), "ok")

    made = https_server(members[0].name, answer)
    made.meets = meets
    made.host_key = next((one.host_key for one in members if one.host_key != one.name), made.host_key)
    return made


def _no_commands(_user: str, command: str) -> Outcome:
    raise TwinError(f"a server that speaks HTTPS takes no command lines: {command[:60]}")


def masked(text: str) -> str:
    """A text of the transcript with the values of passwords, tokens and cookies left out."""
    text = _IN_JSON.sub(r'\1"***"', text)
    text = _IN_XML.sub(r"\1***", text)
    return _IN_FORM.sub(r"\1***", text)


class BadRequest(Exception):
    """What came is no HTTP request that this server takes."""


class RequestReader:
    """Reads requests from the bytes of one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._buffer = bytearray()

    def feed(self, data: bytes) -> HttpCall | None:
        """More bytes have come: the request when it is whole.  The next one comes after the reply."""
        self._buffer += data
        head, blank, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if len(head) > HEAD_LIMIT:
            raise BadRequest("head too long")
        if not blank:
            return None
        first, *lines = head.split(b"\r\n")
        start = _REQUEST_LINE.match(first)
        if start is None:
            raise BadRequest("no request line")
        headers = _headers(lines)
        size = headers.get("content-length", "0")
        if not size.isdigit() or int(size) > BODY_LIMIT or "transfer-encoding" in headers:
            raise BadRequest("no usable length")
        if "host" not in headers:
            raise BadRequest("no Host")
        if len(rest) < int(size):
            return None
        if len(rest) > int(size):
            raise BadRequest("a request before the reply to the one before")
        self._buffer.clear()
        path, _, query = start.group(2).decode("ascii").partition("?")
        asked = dict(parse_qsl(query, keep_blank_values=True))
        return HttpCall(start.group(1).decode("ascii"), path, asked, headers, rest, self._connection)


def _headers(lines: list[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        found = _FIELD.match(line)
        if found is None:
            raise BadRequest("no header field")
        name = found.group(1).decode("ascii").lower()
        if name in headers:
            raise BadRequest("a header field twice")
        headers[name] = found.group(2).decode("latin-1")
    return headers


def described(call: HttpCall) -> str:
    """A request as the transcript shows it: method, path with query, body; no headers, no secrets."""
    query = "&".join(f"{name}={value}" for name, value in call.query.items())
    target = call.path + (f"?{masked(query)}" if query else "")
    body = masked(call.body.decode("utf-8", "surrogateescape"))
    return f"{call.method} {target} {body}".rstrip()


def reply_bytes(outcome: Outcome) -> tuple[bytes, bool]:
    """A reply as it goes over the line, and whether the connection ends behind it."""
    body = wire_bytes(outcome.out)
    if not isinstance(outcome, HttpOutcome) or outcome.status is None:
        return body, True
    headers = {"Content-Type": "application/json", **outcome.headers}
    if outcome.close:
        headers["Connection"] = "close"
    if len(body) >= CHUNKED_FROM:
        headers["Transfer-Encoding"] = "chunked"
        parts = [body[place : place + CHUNK] for place in range(0, len(body), CHUNK)]
        body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [*parts, b""])
    elif outcome.status != HTTPStatus.NO_CONTENT:
        headers["Content-Length"] = str(len(body))
    reason = HTTPStatus(outcome.status).phrase if outcome.status in _KNOWN else "Status"
    lines = [f"HTTP/1.1 {outcome.status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body, outcome.close


_KNOWN = {int(status) for status in HTTPStatus}
