"""HTTPS to systems that are asked by REST: one kept connection, a pinned certificate, a limit on every step.

    session = edges.network.https(endpoint, config.known_hosts, deadline)
    reply = session.call("POST", path_of("rest", "v1", "lssystem"), deadline, headers={"X-Auth-Token": token})

Whoever the server is, is known by its certificate: the very one that is pinned in conf/known_hosts (a line
`[HOST]:PORT x509 BASE64`), compared before anything is sent.  Neither its name nor its dates are looked at
then: management systems make a certificate for themselves once, with a name of their own, and let it expire.
Pinned it says as much as an SSH host key does.  A line marked @cert-authority pins the authority of the site
instead: then chain, name and dates must be right, and the certificate may be renewed.

A reply of whatever status is a reply; `ask` takes none but a good one.  Of a request that was sent and not
answered nothing is known.  Repeated is what the server says it has not done (429) and, where it or what
stands before it has no answer for now (502, 503, 504), a request that only reads.  Redirects are not
followed.  Headers and bodies hold tokens and passwords: no text of an error shows them, not where the server
quotes them either.
"""

from __future__ import annotations

import contextlib
import math
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any

from flashrt.edges import SETTLE_S, ByteConnection, Clock, Endpoint, Reply, dial_tcp, readable
from flashrt.http1 import HttpReply, ReplyReader, render
from flashrt.keyfiles import PinnedCertificates, check_certificate, host_label, pinned_certificates
from flashrt.result import keep_secret, plain
from flashrt.ssh_errors import lost, no_answer, too_late
from flashrt.status import AUTH, HOSTKEY, NOTFOUND, SYSTEM, UNREACHABLE, SidecarError

SEND_S = 10.0
"""How long the other side may take to accept the bytes of a request."""

AGAIN_S = 5.0
"""How long a new connection may take in place of one that the server ended because it was idle."""

BUSY_S = 1.0
"""How long a server that is asked too often is left alone when it does not say for how long (429)."""

BUSY_MOST_S = 60.0

AWAY = (502, 503, 504)
"""Statuses of a server, or of what stands before it, that has no answer for now: whether the request was
carried out is not said (docs/platform-facts.md#servers-that-are-busy)."""

AWAY_S = 3.0
"""How long such a one is left alone when it does not say for how long."""

AWAY_TRIES = 3
"""How often a request that only reads is sent once more then."""

IGNORE_UNEXPECTED_EOF = 0x80
"""An option of OpenSSL 3 (named in the ssl module since 3.10) that Python 3.9 sets: a line that breaks would
pass for the end of a reply that does not say its length."""

PARTIAL_CHAIN = 0x80000
"""A flag of OpenSSL (named in the ssl module since 3.10): an authority that another one signed is an end of
the chain as well, once it is pinned.  Without it only a root is."""

_CREDENTIAL = re.compile("auth|cookie|key|password|secret|session|token", re.IGNORECASE)
"""Header fields by which a request proves whose it is."""

Dial = Callable[[float], ByteConnection]
"""A new connection by a deadline (epoch seconds), TLS and certificate done."""


class RestSession:
    """Requests to one server, one after the other, on a connection that is kept.

    `headers` go with every request (a token, once there is one).  Nothing is asked after `until`
    (`Edges.until`).  The connection is made anew, before a
    request is sent, when the server has ended it since the last one.
    """

    def __init__(self, clock: Clock, endpoint: Endpoint, dial: Dial, connection: ByteConnection) -> None:
        self.endpoint = endpoint
        self.headers: dict[str, str] = {}
        self.until = math.inf
        self._clock = clock
        self._dial = dial
        self._connection: ByteConnection | None = connection

    def call(
        self,
        method: str,
        path: str,
        deadline: float,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: object = None,
        reads: bool | None = None,
    ) -> HttpReply:
        """Send one request and read its reply, whatever its status.  `body`: None, bytes, or for JSON.

        UNREACHABLE: nothing was sent.  TIMEOUT: no reply by the deadline; UNKNOWN: the connection was lost;
        SYSTEM: no HTTP.  Asked too often (429) it asks again when the server said, as long as there is time;
        so it does, a few times, where a server has no answer for now and the request only `reads`, which
        without a word of the caller is a GET.
        """
        if self._clock.now() >= self.until:
            raise too_late(self.endpoint)
        deadline = min(deadline, self.until)
        left = AWAY_TRIES if (method == "GET" if reads is None else reads) else 0
        while True:
            reply = self._once(self._prepared(method, path, headers, query, body), deadline)
            pause = None
            if reply.status == 429:
                pause = _pause(reply, BUSY_S)
            elif reply.status in AWAY and left:
                left -= 1
                pause = _pause(reply, AWAY_S)
            if pause is None or self._clock.now() + pause >= deadline:
                return reply
            self._clock.sleep(pause)

    def ask(
        self,
        method: str,
        path: str,
        deadline: float,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: object = None,
    ) -> HttpReply:
        """As `call`, and the reply is a good one (2xx); else AUTH (401, 403), NOTFOUND (404) or SYSTEM."""
        reply = self.call(method, path, deadline, headers=headers, query=query, body=body)
        if not reply.good:
            raise self.refused(method, path, reply)
        return reply

    def refused(self, method: str, path: str, reply: HttpReply) -> SidecarError:
        """What a reply that is no good one means, with what the server says of it."""
        what = f"{self.endpoint} answered {reply.status} to {method} {path[:60]}"
        said = plain(reply.words)[:160].rstrip(" .")
        if reply.status in (401, 403):
            return SidecarError(
                AUTH, f"{what}: {said or 'not authorised'}. Check the user, its role and the password file."
            )
        return SidecarError(NOTFOUND if reply.status == 404 else SYSTEM, f"{what}: {said or 'no reason'}.")

    def open_request(
        self,
        method: str,
        path: str,
        deadline: float,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: object = None,
    ) -> OpenRequest:
        """A request that is rendered now, on a connection of its own that is open now, to be sent later."""

        def render_now() -> _Prepared:
            return self._prepared(method, path, headers, query, body)

        return OpenRequest(self._dial(deadline), render_now(), self.endpoint, self._again, render_now)

    def close(self) -> None:
        """End the connection; never raises."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _again(self) -> ByteConnection:
        return self._dial(self._clock.now() + AGAIN_S)

    def _prepared(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None,
        query: Mapping[str, str] | None,
        body: object,
    ) -> _Prepared:
        every = {**self.headers, **(headers or {})}
        for name, value in every.items():
            if _CREDENTIAL.search(name):
                keep_secret(value.rpartition(" ")[2])
        host = self.endpoint.host if ":" not in self.endpoint.host else f"[{self.endpoint.host}]"
        data = render(method, path, f"{host}:{self.endpoint.port}", every, query or {}, body)
        return _Prepared(method, f"{method} {path}", data)

    def _once(self, prepared: _Prepared, deadline: float) -> HttpReply:
        if self._connection is not None and self._connection.has_ended():
            self.close()
        if self._connection is None:
            self._connection = self._dial(deadline)
        request = OpenRequest(self._connection, prepared, self.endpoint)
        # Unless the reply is read to its end, the next request needs another connection.
        self._connection = None
        try:
            try:
                request.send()
            except OSError as error:
                raise lost(self.endpoint, prepared.text) from error
            if not (self._clock.wait(request, deadline) and request.poll(SETTLE_S)):
                raise no_answer(self.endpoint, prepared.text)
            reply = request.answer()
        except BaseException:
            request.close()
            raise
        self._connection = request.give_back()
        return reply


class _Prepared:
    """A rendered request: its bytes hold tokens, its text does not."""

    def __init__(self, method: str, text: str, data: bytes) -> None:
        self.method = method
        self.text = text
        self.data = data


class OpenRequest:
    """A request that waits to be sent on an open connection, and its reply (`flashrt.edges.OpenCommand`).

    `request_number` counts the requests of its connection, for a clock that is not the machine's own.
    Servers end connections on which nothing is asked for a while, most of them sooner than a window may come:
    with `again`, such a one is made anew, before anything is sent on it.  So it is with sessions: with
    `rendered`, a request that is probed bears the token that its session has by then.
    """

    def __init__(
        self,
        connection: ByteConnection,
        prepared: _Prepared,
        endpoint: Endpoint,
        again: Callable[[], ByteConnection] | None = None,
        rendered: Callable[[], _Prepared] | None = None,
    ) -> None:
        self.text = prepared.text
        self.request_number = 0
        self._connection = connection
        self._data = prepared.data
        self._endpoint = endpoint
        self._again = again
        self._rendered = rendered
        self._reader = ReplyReader(prepared.method)

    @property
    def local_port(self) -> int:
        """Our TCP port."""
        return self._connection.local_port

    @property
    def peer_port(self) -> int:
        """The server's TCP port."""
        return self._connection.peer_port

    def probe(self) -> None:
        """UNREACHABLE when the server has ended the connection and takes no other; nothing is sent."""
        if self._rendered is not None:
            self._data = self._rendered().data
        self._connect()

    def _connect(self) -> None:
        if not self._connection.has_ended():
            return
        self._connection.close()
        if self._again is None:
            raise SidecarError(
                UNREACHABLE, f"{self._endpoint} has ended the connection; nothing was sent. Try again."
            )
        self._connection = self._again()

    def send(self, command: str = "") -> None:  # noqa: ARG002 - what is sent was settled when it was opened
        """Send the request, without waiting for its reply.

        UNREACHABLE: nothing was sent.  OSError: the connection broke meanwhile, and nothing is known.
        """
        self._connect()
        self.request_number = self._connection.send(self._data)

    def poll(self, seconds: float) -> bool:
        """Wait really: True once the reply is whole, or cannot be read, or the connection has ended."""
        end = time.monotonic() + seconds
        while not self._reader.done:
            read = self._read()
            left = end - time.monotonic()
            if left <= 0:
                break
            if not read:
                self._connection.poll(min(left, 1.0))
        return self._reader.done

    def answer(self) -> HttpReply:
        """The reply, once `poll` was True.  UNKNOWN: the connection ended without one; SYSTEM: unreadable."""
        if self._reader.reply is not None:
            return self._reader.reply
        if not self._reader.begun:
            raise lost(self._endpoint, self.text)
        raise SidecarError(
            SYSTEM,
            f"{self._endpoint}: {self._reader.error or 'half an answer came'} ({self.text[:60]}). Check that "
            "system.",
        )

    def reply(self) -> Reply:
        """As that of a command: status 0 for a good reply (2xx), else its HTTP status with the body as error.

        Status None if the connection ended without a reply; SYSTEM if it cannot be read.
        """
        if self._reader.done and not self._reader.begun:
            return Reply(None, "", "")
        found = self.answer()
        return Reply(0, found.text, "") if found.good else Reply(found.status, "", found.text)

    def give_back(self) -> ByteConnection | None:
        """The connection for another request; None, and closed, where no other may follow."""
        if self._reader.keeps:
            return self._connection
        self._connection.close()
        return None

    def close(self) -> None:
        """Give the connection up."""
        self._connection.close()

    def _read(self) -> bool:
        """Take a piece of what has come; False when there is nothing yet.  One piece, then the limit."""
        try:
            data = self._connection.receive()
        except OSError:
            self._reader.end(False)
            return True
        if data:
            self._reader.feed(data)
        elif data is not None:
            self._reader.end(True)
        return data is not None


def connect(
    clock: Clock,
    endpoint: Endpoint,
    place: Callable[[], Endpoint],
    known_hosts: str,
    deadline: float,
    known: Callable[[ByteConnection], ByteConnection] = lambda connection: connection,
) -> RestSession:
    """Connect to where `place` says that `endpoint` is; see `flashrt.edges.Network.https`.

    `known` is told of each connection, and what it gives back is used.
    """
    pinned = pinned_certificates(known_hosts, endpoint.host, endpoint.port)
    context = _context(pinned)
    found: list[Endpoint] = []

    def dial(until: float) -> ByteConnection:
        where = place()
        # A name is looked up once: later, while production is suspended, no file may be opened for it.
        connection = TlsConnection.open(
            clock, endpoint, found[0] if found and where == endpoint else where, context, pinned, until
        )
        found[:] = [connection.peer]
        return known(connection)

    return RestSession(clock, endpoint, dial, dial(deadline))


def _context(pinned: PinnedCertificates) -> ssl.SSLContext:
    """TLS 1.2 or later.  Without an authority nothing is accepted here that is not compared afterwards."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options &= ~IGNORE_UNEXPECTED_EOF
    if pinned.exact:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    context.verify_flags |= PARTIAL_CHAIN
    try:
        for authority in pinned.authorities:
            context.load_verify_locations(cadata=authority)
    except ssl.SSLError as error:
        raise SidecarError(
            HOSTKEY, f"A pinned authority is no certificate ({_reason(error)}). Pin it again: flashc trust."
        ) from error
    return context


class TlsConnection:
    """One TLS connection over a plain socket (`flashrt.edges.ByteConnection`)."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, host: str) -> None:
        self._sock = sock
        self._coming = ssl.MemoryBIO()
        self._going = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._coming, self._going, server_hostname=host)
        self._requests = 0
        self.peer = Endpoint(*sock.getpeername()[:2])
        self.local_port = int(sock.getsockname()[1])
        self.peer_port = self.peer.port
        sock.settimeout(SEND_S)

    @classmethod
    def open(
        cls,
        clock: Clock,
        endpoint: Endpoint,
        place: Endpoint,
        context: ssl.SSLContext,
        pinned: PinnedCertificates,
        deadline: float,
    ) -> TlsConnection:
        """Connect, shake hands, compare the certificate; UNREACHABLE, HOSTKEY.  Nothing was asked yet."""
        sock = dial_tcp(place, deadline - clock.now())
        try:
            connection = cls(sock, context, endpoint.host)
            connection._shake_hands(clock, endpoint, deadline)
            if pinned.exact:
                label = host_label(endpoint.host, endpoint.port)
                check_certificate(label, pinned, connection._tls.getpeercert(binary_form=True) or b"")
        except ssl.SSLCertVerificationError as error:
            sock.close()
            raise SidecarError(
                HOSTKEY,
                f"{endpoint} shows a certificate that the pinned authority does not answer for: "
                f"{error.verify_message}. If it was changed on purpose, run flashc trust; if not, somebody "
                "may be in between.",
            ) from error
        except (OSError, ValueError) as error:
            sock.close()
            raise SidecarError(
                UNREACHABLE, f"{endpoint} ended the connection before TLS came about ({_reason(error)})."
            ) from error
        except BaseException:
            sock.close()
            raise
        return connection

    def _shake_hands(self, clock: Clock, endpoint: Endpoint, deadline: float) -> None:
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
            else:
                self._flush()
                return
            if not (clock.wait(self, deadline) and self.poll(SETTLE_S)):
                raise SidecarError(
                    UNREACHABLE,
                    f"{endpoint} accepted the connection but did not shake hands within the limit. Check the "
                    "system itself.",
                )
            self._fetch()

    def poll(self, seconds: float) -> bool:
        """Wait really for bytes or the end."""
        return readable(self._sock, seconds)

    def send(self, data: bytes) -> int:
        """Send all of it: a whole request.  Its number on this connection, from 1."""
        self._requests += 1
        view = memoryview(data)
        while view:
            view = view[self._tls.write(view) :]
        self._flush()
        return self._requests

    def receive(self) -> bytes | None:
        """What is there; None: nothing yet; b"": the other side has ended it.  OSError: it broke."""
        while True:
            try:
                return self._tls.read(65536)
            except ssl.SSLWantReadError:
                self._flush()
                if not readable(self._sock, 0.0):
                    return None
                self._fetch()

    def has_ended(self) -> bool:
        """Whether the other side has ended it, or sent what nobody has asked for."""
        try:
            return self._sock.fileno() < 0 or self.receive() is not None
        except OSError:
            return True

    def close(self) -> None:
        """End it; never raises."""
        with contextlib.suppress(OSError, ValueError):
            self._tls.unwrap()
        with contextlib.suppress(OSError):
            self._flush()
        self._sock.close()

    def _flush(self) -> None:
        data = self._going.read()
        if data:
            self._sock.sendall(data)

    def _fetch(self) -> None:
        data = self._sock.recv(65536)
        if data:
            self._coming.write(data)
        else:
            self._coming.write_eof()


def _pause(reply: HttpReply, otherwise: float) -> float:
    """Seconds that a server wants to be left alone (Retry-After, as a number)."""
    said = reply.header("retry-after")
    return min(float(said), BUSY_MOST_S) if said.isascii() and said.isdigit() and said != "0" else otherwise


def _reason(error: Exception) -> str:
    text: Any = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return " ".join(str(text).split())[:120] or type(error).__name__
