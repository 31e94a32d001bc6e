"""A mail relay, on loopback or in memory: takes mails by SMTP and tells the world of each.

The greeting costs virtual time through the gate; the dialogue runs in real time while the client holds the
baton.  A mail is told on the scheduler's thread as soon as its sender gives the baton back.
"""

from __future__ import annotations

import contextlib
import email.policy
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesParser
from typing import TYPE_CHECKING

from flashtwin.errors import TwinError
from flashtwin.sims.door import Door, DoorWire
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Connection, Dialogue, Server

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


def listen(gate: Gate, server: Server) -> int:
    """Listen on a free loopback port for a relay; the port.  Ends when the gate is closed."""
    begin = server.dialogue
    assert begin is not None
    door = Door(server, lambda sock: _SmtpWire(gate, sock, begin()), gate)
    gate.listening(server, door.port, door.close)
    return door.port


class MailRelay:
    """The relay; `mails` has what it took.  It refuses recipients in `unknown`, and all when `full`."""

    def __init__(
        self, gate: Gate, name: str, cost_s: float, told: Callable[[Mail], None] = lambda _mail: None
    ) -> None:
        self.mails: list[Mail] = []
        self.unknown: set[str] = set()
        self.full = False
        self.server = Server(name, _no_commands, lambda _user, _key: False, login_s=cost_s, protocol="smtp")
        self.server.dialogue = lambda: _Dialogue(self)
        self._gate = gate
        self._told = told

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


def _no_commands(_user: str, command: str) -> Outcome:
    raise TwinError(f"a mail relay takes no command lines: {command[:60]}")


class _Dialogue:
    """What the relay says to one client (RFC 5321, the commands that a client needs)."""

    greeting = b"220 relay ESMTP\r\n"

    def __init__(self, relay: MailRelay) -> None:
        self.over = False
        self._relay = relay
        self._sender = ""
        self._recipients: list[str] = []
        self._coming = b""
        self._mail: bytearray | None = None

    def take(self, data: bytes) -> bytes:
        """The client has sent this: the answers to all lines that are whole now."""
        self._coming += data
        said = ""
        while not self.over and (end := self._coming.find(b"\n") + 1):
            line, self._coming = self._coming[:end], self._coming[end:]
            said += self._line(line)
        self.over = self.over or len(self._coming) > LINE_LIMIT
        return said.encode("latin-1")

    def _line(self, line: bytes) -> str:
        if self._mail is not None:
            return self._data(self._mail, line)
        words = line.decode("latin-1").strip()
        self.over = words.upper() == "QUIT"
        return f"{self._answer(words)}\r\n"

    def _answer(self, line: str) -> str:
        verb = line.upper()
        if verb == "QUIT":
            return "221 2.0.0 Bye"
        if verb == "DATA":
            if not self._recipients:
                return "503 5.5.1 No recipients"
            self._mail = bytearray()
            return "354 End data with <CRLF>.<CRLF>"
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

    def _data(self, mail: bytearray, line: bytes) -> str:
        """A line of the mail; the answer behind the last one."""
        if line in (b".\r\n", b".\n"):
            self._relay.take(self._sender, tuple(self._recipients), bytes(mail))
            self._sender, self._recipients, self._mail = "", [], None
            return "250 2.0.0 Queued\r\n"
        mail += line[1:] if line.startswith(b".") else line
        self.over = len(mail) > SIZE_LIMIT
        return "552 5.3.4 Message too big\r\n" if self.over else ""


class _SmtpWire:
    """One connection on loopback, and the thread that talks on it."""

    connection: Connection

    def __init__(self, gate: Gate, sock: socket.socket, dialogue: Dialogue) -> None:
        self.over: Callable[[DoorWire], None] = lambda _wire: None
        self._gate = gate
        self._sock = sock
        self._dialogue = dialogue

    def greet(self) -> None:
        """Start the dialogue."""
        threading.Thread(target=self._talk, name="smtp dialogue", daemon=True).start()

    def close(self) -> None:
        """Break the connection."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()

    def _talk(self) -> None:
        dialogue = self._dialogue
        self._sock.settimeout(DIALOGUE_S)
        with contextlib.suppress(OSError):
            self._sock.sendall(dialogue.greeting)
            while not dialogue.over and (data := self._sock.recv(LINE_LIMIT)):
                self._sock.sendall(dialogue.take(data))
        self._sock.close()
        self.over(self)
        self._gate.ended(self.connection)


def _address(line: str) -> str:
    """The address between the angle brackets of a MAIL or RCPT line."""
    return line.partition("<")[2].partition(">")[0] or line.partition(":")[2].split()[0]
