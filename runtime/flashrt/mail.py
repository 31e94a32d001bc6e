"""Mail to the people that the spec names, by the relay that it names."""

from __future__ import annotations

import contextlib
import os
import smtplib
import socket
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

from flashrt import __version__
from flashrt.config import PHASES, Config, MailConf
from flashrt.edges import Edges, Network
from flashrt.result import Result, plain
from flashrt.status import CONFIG, SYSTEM, UNREACHABLE, SidecarError

SUBJECTS = {
    "start": "run started",
    "flash": "production was copied and goes on",
    "boot": "the clone is up",
    "save": "the clone has delivered",
    "completed": "run completed",
    "failure": "run FAILED",
    "refused": "run REFUSED",
    "attention": "run NEEDS YOU",
    "end": "run ended",
}


def mail(
    config: Config, environment: str, phases: tuple[str, ...], run: str, text: str, edges: Edges
) -> Result:
    """Send one mail to everybody who is to be told of at least one of the occasions `phases`.

    Nobody to tell is OK with the word NONE.
    """
    conf = config.mail
    for phase in phases:
        if phase not in PHASES:
            raise SidecarError(CONFIG, f"The phase {phase[:20]!r} is none of {', '.join(PHASES)}.")
    told = conf.to.get(environment, {}) if conf is not None else {}
    to = tuple(dict.fromkeys(address for phase in phases for address in told.get(phase, ())))
    phase = min(phases, key=PHASES.index)
    if conf is None or not to:
        return Result(f"Nobody is to be told of {phase}.", "NONE")
    message = compose(config, conf, to, phase, run, text, edges.clock.now())
    deadline = edges.clock.now() + config.limits.mail_s
    sock = edges.network.dial(conf.server, deadline)
    refused = _hand_over(conf, edges.network, sock, message, to, max(1.0, deadline - edges.clock.now()))
    sent = len(to) - len(refused)
    if refused:
        names = ", ".join(sorted(refused))
        raise SidecarError(
            SYSTEM,
            f"The mail relay {conf.server} refused {plain(names)[:120]}; {sent} were told. Correct the "
            "address.",
        )
    return Result(
        f"Mail about {phase} of run {run} was handed to {conf.server} for {sent} addresses.", "SENT"
    )


def compose(
    config: Config, conf: MailConf, to: tuple[str, ...], phase: str, run: str, text: str, now: float
) -> EmailMessage:
    """The message; its texts are on one line each and headers 7-bit, so that nothing can make a header."""
    system = config.system.name
    message = EmailMessage()
    message["From"] = conf.sender
    message["To"] = ", ".join(to)
    message["Subject"] = plain(f"[flashc] {system}: {SUBJECTS[phase]}")
    message["Date"] = formatdate(now)
    message["Message-ID"] = f"<{run}.{phase}.{int(now)}@{conf.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    body = [f"System {system}, run {run}, {phase}.", "", told(text), *_notes(config, run)]
    body += ["", f"flashrt {__version__}"]
    content = "\n".join(body) + "\n"
    as_it_is = content.isascii() and max(map(len, body)) <= MAX_LINE
    message.set_content(content, cte="7bit" if as_it_is else "quoted-printable")
    return message


def _notes(config: Config, run: str) -> list[str]:
    """What CL has written for the mails of a run besides, a line each: tapes, what the save does not do."""
    path = os.path.join(config.run_folder(run), "notes.txt")
    try:
        with open(path, "rb") as file:
            text = file.read(MAX_NOTES).decode("utf-8", "replace")
    except OSError:
        return []
    return ["", *(told(line) for line in text.splitlines() if line.strip())]


MAX_NOTES = 32 * 1024

MAX_LINE = 998
"""Characters of a line that every relay takes (RFC 5322, 2.1.1)."""


def told(text: str) -> str:
    """The text of an argument, which CL wrote in the language of its system, on one line.

    The shell hands it over in UTF-8, or before 7.4 in Latin-1, and takes quotation marks for apostrophes.
    docs/platform-facts.md#qsh
    """
    raw = os.fsencode(text)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split()).replace('"', "'")


class _Connected(smtplib.SMTP):
    """An SMTP client on a connection that is there already."""

    def __init__(self, sock: socket.socket, host: str, limit_s: float) -> None:
        self._given = sock
        self.was_cut = False
        # By itself the library asks the resolver who we are, which takes as long as name servers that do not
        # answer let it wait, and nothing limits that.
        super().__init__(local_hostname=_literal(str(sock.getsockname()[0])), timeout=limit_s)
        # The library names the server by it in the TLS handshake, and refuses an empty name.
        self._host = host

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:  # noqa: ARG002 - the library's form
        self._given.settimeout(timeout)
        return self._given

    def cut(self) -> None:
        """End the connection, from another thread, whatever is being waited for on it."""
        self.was_cut = True
        with contextlib.suppress(OSError):
            (self.sock or self._given).shutdown(socket.SHUT_RDWR)


def _literal(address: str) -> str:
    """Our address as a name for the relay: what a host without a name of its own says (RFC 5321, 4.1.3)."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _hand_over(
    conf: MailConf,
    network: Network,
    sock: socket.socket,
    message: EmailMessage,
    to: tuple[str, ...],
    limit_s: float,
) -> dict[str, Any]:
    """Give the message to the relay within the limit; the addresses that it refused.

    The library limits each wait, not all of them together: a relay that talks for ever is cut off.
    """
    try:
        client = _Connected(sock, conf.server.host, limit_s)
    except OSError as error:
        # A connection that was reset meanwhile has no address of ours on some systems.
        sock.close()
        raise _relay_error(conf, error, False, limit_s) from error
    try:
        with network.limited(limit_s, client.cut):
            return _talk(conf, client, message, to)
    except smtplib.SMTPRecipientsRefused as error:
        return error.recipients
    except (OSError, smtplib.SMTPException) as error:
        raise _relay_error(conf, error, client.was_cut, limit_s) from error
    finally:
        client.close()
        sock.close()


def _talk(conf: MailConf, client: smtplib.SMTP, message: EmailMessage, to: tuple[str, ...]) -> dict[str, Any]:
    code, said = client.connect(conf.server.host, conf.server.port)
    if code != 220:
        raise smtplib.SMTPConnectError(code, said)
    client.ehlo_or_helo_if_needed()
    if client.has_extn("starttls"):
        # A relay inside the site rarely has a certificate that can be checked, and without TLS the
        # mail would go in the clear: what is offered is taken.
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        client.starttls(context=context)
        client.ehlo()
    refused = client.send_message(message, conf.sender, list(to))
    with contextlib.suppress(OSError, smtplib.SMTPException):
        # The mail is taken; how the relay says good-bye changes nothing.
        client.quit()
    return refused


def _relay_error(conf: MailConf, error: Exception, was_cut: bool, limit_s: float) -> SidecarError:
    """What a failed talk means.  Half an answer, of which we cut the rest, is none."""
    if was_cut:
        return SidecarError(
            UNREACHABLE,
            f"The mail relay {conf.server} did not take the mail within {limit_s:g} s. See the relay.",
        )
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        text = words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)
        return SidecarError(
            SYSTEM,
            f"The mail relay {conf.server} answered {error.smtp_code} {plain(text)[:120]}. See the relay.",
        )
    return SidecarError(
        UNREACHABLE, f"The mail relay {conf.server} broke off: {plain(str(error))[:120]}. See the relay."
    )
