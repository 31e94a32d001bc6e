"""A mail relay on loopback: takes mails by SMTP and tells the world of each.

The greeting costs virtual time through the gate; the dialogue runs in real time while the client holds the
baton.  A mail is told on the scheduler's thread before its sender learns that it was taken.
"""

from __future__ import annotations

import contextlib
import email.policy
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesParser
from typing import IO, TYPE_CHECKING

from flashtwin.errors import TwinError
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Connection, Server

if TYPE_CHECKING:
    from flashtwin.gate import Gate

LINE_LIMIT = 4096
SIZE_LIMIT = 1024 * 1024
DIALOGUE_S = 30.0
"""Real seconds that a client may take for its next line."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was taken: the envelope, the subject in plain text, the text."""

    at: float
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    headers: tuple[tuple[str, str], ...]


class MailRelay:
    """The relay; `mails` has what it took.  It refuses recipients in `unknown`, and all when `full`."""

    def __init__(
        self, gate: Gate, name: str, cost_s: float, told: Callable[[Mail], None] = lambda _mail: None
    ) -> None:
        self.mails: list[Mail] = []
        self.unknown: set[str] = set()
        self.full = False
        self.server = Server(name, _no_commands, lambda _user, _key: False, login_s=cost_s)
        self._gate = gate
        self._told = told
        self._open: set[_SmtpWire] = set()
        self.listen()

    def listen(self) -> None:
        """Listen on a free port of loopback; again in a process that was forked off."""
        self._sock = socket.create_server(("127.0.0.1", 0), backlog=16)
        self._gate.listening(self.server, self._sock.getsockname()[1], self.close)
        name = f"{self.server.name} accepts"
        self._thread = threading.Thread(target=self._accept, name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()
        self._thread.join(DIALOGUE_S)
        for wire in tuple(self._open):
            wire.close()

    def take(self, sender: str, recipients: tuple[str, ...], data: bytes) -> None:
        """Called by a dialogue: a whole mail has come."""
        message = BytesParser(policy=email.policy.default).parsebytes(data)
        body = message.get_body(("plain",))
        headers = tuple((name, str(value)) for name, value in message.items())
        text = body.get_content() if body is not None else ""

        def tell() -> None:
            now = self._gate.scheduler.now
            mail = Mail(now, sender, recipients, str(message["subject"] or ""), text, headers)
            self.mails.append(mail)
            self._told(mail)

        self._gate.note(tell)

    def _accept(self) -> None:
        while True:
            try:
                sock, address = self._sock.accept()
            except OSError:
                return
            wire = _SmtpWire(self, self._gate, sock, self._open.discard)
            self._open.add(wire)
            self._gate.accepted(self.server, address[1], wire)


def _no_commands(_user: str, command: str) -> Outcome:
    raise TwinError(f"a mail relay takes no command lines: {command[:60]}")


class _SmtpWire:
    """One connection and its dialogue (RFC 5321, the commands that a client needs)."""

    connection: Connection

    def __init__(
        self, relay: MailRelay, gate: Gate, sock: socket.socket, over: Callable[[_SmtpWire], None]
    ) -> None:
        self._relay = relay
        self._gate = gate
        self._sock = sock
        self._over = over
        self._sender = ""
        self._recipients: list[str] = []

    def greet(self) -> None:
        """Start the dialogue."""
        threading.Thread(target=self._talk, name="smtp dialogue", daemon=True).start()

    def close(self) -> None:
        """Break the connection."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()

    def _talk(self) -> None:
        self._sock.settimeout(DIALOGUE_S)
        with contextlib.suppress(OSError), self._sock.makefile("rb") as lines:
            self._say("220 relay ESMTP")
            while line := lines.readline(LINE_LIMIT):
                words = line.decode("latin-1").strip()
                if words.upper() == "QUIT":
                    self._say("221 2.0.0 Bye")
                    break
                self._say(self._data(lines) if words.upper() == "DATA" else self._answer(words))
        self._sock.close()
        self._over(self)
        self._gate.ended(self.connection)

    def _answer(self, line: str) -> str:
        verb = line.upper()
        if verb.startswith("EHLO"):
            return "250-relay\r\n250-SIZE 1048576\r\n250 8BITMIME"
        if verb.startswith(("HELO", "NOOP")):
            return "250 OK"
        if verb.startswith("RSET"):
            self._sender, self._recipients = "", []
            return "250 OK"
        if verb.startswith("MAIL FROM:"):
            self._sender, self._recipients = _address(line), []
            return "452 4.3.1 Mail system full" if self._relay.full else "250 2.1.0 OK"
        if verb.startswith("RCPT TO:"):
            if _address(line) in self._relay.unknown:
                return "550 5.1.1 User unknown"
            self._recipients.append(_address(line))
            return "250 2.1.5 OK"
        return "502 5.5.1 Command not recognized"

    def _data(self, lines: IO[bytes]) -> str:
        if not self._recipients:
            return "503 5.5.1 No recipients"
        self._say("354 End data with <CRLF>.<CRLF>")
        data = bytearray()
        while line := lines.readline(LINE_LIMIT):
            if line in (b".\r\n", b".\n"):
                break
            data += line[1:] if line.startswith(b".") else line
            if len(data) > SIZE_LIMIT:
                return "552 5.3.4 Message too big"
        self._relay.take(self._sender, tuple(self._recipients), bytes(data))
        self._sender, self._recipients = "", []
        return "250 2.0.0 Queued"

    def _say(self, line: str) -> None:
        self._sock.sendall(line.encode("latin-1") + b"\r\n")


def _address(line: str) -> str:
    """The address between the angle brackets of a MAIL or RCPT line."""
    return line.partition("<")[2].partition(">")[0] or line.partition(":")[2].split()[0]
