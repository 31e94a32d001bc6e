"""Mail by SMTP over a real loopback connection."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from typing import Any

import pytest
from flashrt import status
from flashrt.edges import SystemClock
from flashrt.mail import _hand_over, _literal, compose, told
from flashrt.status import SidecarError

from .fakes import RUN, World

LIMIT_S = 20


class Relay:
    """A small SMTP server for one connection."""

    def __init__(
        self, banner: bytes = b"220 relay\r\n", refuse: str = "", data: bytes = b"250 taken\r\n"
    ) -> None:
        self.banner = banner
        self.refuse = refuse
        self.data = data
        self.lines: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        sock, _ = self._listener.accept()
        with sock, self._listener:
            sock.sendall(self.banner)
            lines = sock.makefile("rb")
            while True:
                line = lines.readline(2000).decode("ascii").strip()
                if not line:
                    return
                self.lines.append(line)
                self._answer(sock, lines, line.upper())
                if line.upper() == "QUIT":
                    return

    def _answer(self, sock: socket.socket, lines: Any, line: str) -> None:
        if line.startswith("EHLO"):
            sock.sendall(b"250-relay\r\n250 8BITMIME\r\n")
        elif line == "DATA":
            sock.sendall(b"354 go on\r\n")
            while (text := lines.readline(2000).decode("ascii").rstrip("\r\n")) != ".":
                self.lines.append(text)
            sock.sendall(self.data)
        elif self.refuse and self.refuse.upper() in line:
            sock.sendall(b"550 no such user\r\n")
        else:
            sock.sendall(b"250 ok\r\n")

    def end(self) -> None:
        self._thread.join(LIMIT_S)
        assert not self._thread.is_alive()


def send(world: World, relay: Relay, *words: str) -> Any:
    world.network.sockets = {
        "10.1.0.25:25": socket.create_connection(("127.0.0.1", relay.port), timeout=LIMIT_S)
    }
    world.edges = world.edges._replace(clock=SystemClock(), network=world.network)
    return world.call("mail", "--environment", "DAILY", "--phase", "end", "--run", RUN, *words)


def test_a_mail(world: World) -> None:
    relay = Relay()
    called = send(world, relay, "--text", "Completed: SAV21, 2 volumes")
    relay.end()
    assert (called.status, called.word) == (0, "SENT")
    assert "rcpt to:<dba@example.net>" in [line.lower() for line in relay.lines]
    assert "Subject: [flashc] SISTPROD: run ended" in relay.lines
    assert "Completed: SAV21, 2 volumes" in relay.lines
    assert "Auto-Submitted: auto-generated" in relay.lines


def test_no_name_server_is_asked_who_we_are(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_name: str) -> str:
        pytest.fail("a resolver without an answer would hold the call beyond every limit")

    for question in ("getfqdn", "gethostbyname", "gethostbyaddr"):
        monkeypatch.setattr(socket, question, asked)
    relay = Relay()
    assert send(world, relay).word == "SENT"
    relay.end()
    assert relay.lines[0].lower() == "ehlo [127.0.0.1]"


def test_a_connection_that_is_reset_before_the_first_word(world: World) -> None:
    class Reset(socket.socket):
        def getsockname(self) -> Any:
            raise OSError(22, "Invalid argument")

    conf = world.config.mail
    assert conf is not None
    gone = Reset()
    message = compose(world.config, conf, ("ops@example.net",), "end", RUN, "", 0.0)
    with pytest.raises(SidecarError) as caught:
        _hand_over(conf, world.network, gone, message, ("ops@example.net",), 5.0)
    assert caught.value.status == status.UNREACHABLE
    assert gone.fileno() == -1


@pytest.mark.parametrize(("address", "name"), [("10.1.0.5", "[10.1.0.5]"), ("fd00::5", "[IPv6:fd00::5]")])
def test_what_the_relay_is_told_of_us(address: str, name: str) -> None:
    assert _literal(address) == name


def test_what_the_run_has_noted_for_its_mails(world: World) -> None:
    conf = world.config.mail
    assert conf is not None
    folder = world.folder / "runs" / RUN
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_bytes("Volumes: A00001 A00002  \n\n  Cintas \u00e9\nx\xff\n".encode("utf-8"))
    message = compose(world.config, conf, ("ops@example.net",), "end", RUN, "DAILY ended", 0.0)
    lines = message.get_content().splitlines()
    assert lines[2:7] == ["DAILY ended", "", "Volumes: A00001 A00002", "Cintas \u00e9", "x\xff"]


def test_no_line_is_longer_than_a_relay_takes(world: World) -> None:
    """Of many volumes, or to many people."""
    conf = world.config.mail
    assert conf is not None
    folder = world.folder / "runs" / RUN
    folder.mkdir(parents=True)
    volumes = "Volumes: " + " ".join(f"A{number:05}" for number in range(300))
    (folder / "notes.txt").write_text(volumes + "\n")
    to = tuple(f"operator{number}@example.net" for number in range(60))
    message = compose(world.config, conf, to, "end", RUN, "DAILY ended", 0.0)
    assert max(map(len, message.as_bytes().splitlines())) <= 998  # RFC 5322, 2.1.1
    assert volumes in message.get_content().splitlines()


def test_one_mail_for_several_occasions(world: World) -> None:
    relay = Relay()
    world.network.sockets = {
        "10.1.0.25:25": socket.create_connection(("127.0.0.1", relay.port), timeout=LIMIT_S)
    }
    world.edges = world.edges._replace(clock=SystemClock(), network=world.network)
    words = ("mail", "--environment", "DAILY", "--phase", "end,failure,refused", "--run", RUN)
    assert world.call(*words).word == "SENT"
    relay.end()
    told = [line.lower() for line in relay.lines if line.lower().startswith("rcpt")]
    assert told == ["rcpt to:<ops@example.net>", "rcpt to:<dba@example.net>"]
    assert "Subject: [flashc] SISTPROD: run REFUSED" in relay.lines


def test_another_environment_has_its_own_people(world: World) -> None:
    words = ("mail", "--environment", "WEEKLY", "--phase", "end", "--run", RUN)
    assert world.call(*words).word == "NONE"


def test_no_header_can_be_put_in(world: World) -> None:
    relay = Relay()
    called = send(world, relay, "--text", "x\r\nBcc: evil@example.net\r\n.\r\nQUIT\u00e9")
    relay.end()
    assert called.status == 0
    assert not any(line.startswith("Bcc") for line in relay.lines)
    assert "x Bcc: evil@example.net . QUIT=C3=A9" in relay.lines


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (b"DAILY FAILED O55 plain", "DAILY FAILED O55 plain"),
        ('l"exécution échoue'.encode(), "l'exécution échoue"),
        ("ejecución, señal".encode("latin-1"), "ejecución, señal"),
        (b"two\nlines\x00", "two lines"),
    ],
)
def test_the_text_is_in_the_language_of_the_system(given: bytes, meant: str) -> None:
    assert told(os.fsdecode(given)) == meant


def test_one_address_refused(world: World) -> None:
    relay = Relay(refuse="dba@example.net")
    called = send(world, relay)
    relay.end()
    assert called.status == status.SYSTEM
    assert "dba@example.net" in called.text
    assert "1 were told" in called.text


def test_all_addresses_refused(world: World) -> None:
    relay = Relay(refuse="RCPT")
    called = send(world, relay)
    relay.end()
    assert called.status == status.SYSTEM


def test_relay_refuses(world: World) -> None:
    for relay in (Relay(banner=b"554 go away\r\n"), Relay(data=b"552 too large\r\n"), Relay(refuse="MAIL")):
        called = send(world, relay)
        relay.end()
        assert called.status == status.SYSTEM
        assert "relay" in called.text


def test_relay_breaks_off(world: World) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    ours = socket.create_connection(listener.getsockname(), timeout=LIMIT_S)
    theirs, _ = listener.accept()
    theirs.close()
    listener.close()
    world.network.sockets = {"10.1.0.25:25": ours}
    world.edges = world.edges._replace(clock=SystemClock(), network=world.network)
    assert (
        world.call("mail", "--environment", "DAILY", "--phase", "end", "--run", RUN).status
        == status.UNREACHABLE
    )


@pytest.mark.parametrize("said", [b"220-and so on\r\n", b"2"])
def test_a_relay_that_talks_for_ever(world: World, said: bytes) -> None:
    """Each piece comes in time, only the end does not."""
    listener = socket.create_server(("127.0.0.1", 0))
    ours = socket.create_connection(listener.getsockname(), timeout=LIMIT_S)
    theirs, _ = listener.accept()
    listener.close()
    left = threading.Event()

    def talk() -> None:
        with contextlib.suppress(OSError):
            while not left.wait(0.001):
                theirs.sendall(said)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    conf = world.config.mail
    assert conf is not None
    message = compose(world.config, conf, ("ops@example.net",), "end", RUN, "x", 0.0)
    with pytest.raises(SidecarError) as caught:
        _hand_over(conf, world.network, ours, message, conf.to["DAILY"]["end"], 0.2)
    left.set()
    thread.join(LIMIT_S)
    theirs.close()
    assert caught.value.status == status.UNREACHABLE
    assert "did not take the mail within 0.2 s" in caught.value.text
    assert ours.fileno() == -1


def test_relay_away(world: World) -> None:
    assert (
        world.call("mail", "--environment", "DAILY", "--phase", "end", "--run", RUN).status
        == status.UNREACHABLE
    )


def test_nobody_to_tell(world: World) -> None:
    for phase in ("start", "flash"):
        called = world.call("mail", "--environment", "DAILY", "--phase", phase, "--run", RUN)
        assert (called.status, called.word) == (0, "NONE")
    assert (
        world.call("mail", "--environment", "DAILY", "--phase", "lunch", "--run", RUN).status == status.CONFIG
    )
