"""SSH by paramiko against a real server on loopback: host keys, keys, limits, broken servers, SFTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flashrt import ssh, status
from flashrt.edges import OUTPUT_LIMIT, Credentials, Endpoint, Reply, SshNetwork, SystemClock
from flashrt.keyfiles import fingerprint, key_kind, pinned_keys
from flashrt.status import SidecarError

from .ssh_server import ENDLESS, SshServer, load_key, make_key, until

ARRAY = Endpoint("10.1.0.20", 22)
LIMIT_S = 20.0
LISTING = "Authorised users only!\r\n" + "".join(f"{n}!volume{n}!online\r\n" for n in range(10000))


def echo(command: str) -> tuple[int | None, bytes, bytes] | None:
    """What the server does with a command."""
    if command == "hang":
        return None
    if command == "fail":
        return 1, b"", b"CMMVC5907E no\n"
    if command == "gone":
        return None, b"half", b""
    if command == "binary":
        return 0, bytes(range(256)), b"\xff"
    if command == "endless":
        return 0, ENDLESS, b""
    if command == "listing":
        return 0, LISTING.encode(), b"CMMVC6372W Licence nearly used up.\n"
    if command.startswith("much "):
        return 0, b"x" * int(command.split()[1]), b""
    return 0, command.encode() + b"\n", b""


class Site:
    """A server and the files with which one logs in to it."""

    def __init__(self, folder: Path, kind: str = "ed25519", host_kind: str = "ed25519") -> None:
        self.folder = folder
        self.server = SshServer(folder, echo, host_kind)
        self.key = folder / "keys" / "array"
        make_key(self.key, kind)
        self.server.user_key = load_key(self.key)
        self.known_hosts = folder / "known_hosts"
        self.known_hosts.write_text("# pinned\n" + self.server.known_hosts_line(*ARRAY))
        self.clock = SystemClock()
        self.network = SshNetwork(self.clock, lambda _endpoint: Endpoint("127.0.0.1", self.server.port))

    def connect(self, user: str = "flashc", limit_s: float = LIMIT_S) -> Any:
        credentials = Credentials(user, str(self.key))
        return self.network.connect(ARRAY, credentials, str(self.known_hosts), self.clock.now() + limit_s)

    def error(self, **words: Any) -> SidecarError:
        with pytest.raises(SidecarError) as caught:
            self.connect(**words)
        assert len(caught.value.text) < 500
        return caught.value

    def soon(self, limit_s: float = LIMIT_S) -> float:
        return self.clock.now() + limit_s


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    found = Site(tmp_path)
    yield found
    found.server.close()


@pytest.mark.parametrize(
    ("kind", "host_kind"), [("ed25519", "ecdsa"), ("ecdsa", "rsa"), ("ecdsa", "ed25519")]
)
def test_key_types(tmp_path: Path, kind: str, host_kind: str) -> None:
    site = Site(tmp_path, kind, host_kind)
    session = site.connect()
    assert session.run("lssystem", site.soon()) == Reply(0, "lssystem\n", "")
    session.close()
    site.server.close()


def test_commands_on_one_connection(site: Site) -> None:
    session = site.connect()
    assert session.run("first", site.soon()) == Reply(0, "first\n", "")
    assert session.run("fail", site.soon()) == Reply(1, "", "CMMVC5907E no\n")
    reply = session.run("binary", site.soon())
    assert reply.status == 0
    assert reply.out[:128] == bytes(range(128)).decode()
    assert len(session.run("much 3000000", site.soon()).out) == 3_000_000
    session.close()


def test_too_much_output(site: Site) -> None:
    session = site.connect()
    with pytest.raises(SidecarError) as caught:
        session.run(f"much {OUTPUT_LIMIT + 3_000_000}", site.soon())
    assert caught.value.status == status.SYSTEM
    session.close()


@pytest.mark.parametrize("piece", [1000, 33])
def test_a_long_listing_that_trickles(site: Site, piece: int) -> None:
    site.server.piece = piece
    session = site.connect()
    assert session.run("listing", site.soon()) == Reply(0, LISTING, "CMMVC6372W Licence nearly used up.\n")
    session.close()


def test_output_without_end_is_cut_off_by_a_limit(site: Site) -> None:
    session = site.connect()
    with pytest.raises(SidecarError) as caught:
        session.run("endless", site.soon(0.3))
    assert caught.value.status in (status.TIMEOUT, status.SYSTEM)
    session.close()


def test_hang_is_a_timeout(site: Site) -> None:
    session = site.connect()
    with pytest.raises(SidecarError) as caught:
        session.run("hang", site.soon(0.2))
    assert caught.value.status == status.TIMEOUT
    assert "read the state" in caught.value.text
    session.close()


def test_lost_connection_is_unknown(site: Site) -> None:
    session = site.connect()
    with pytest.raises(SidecarError) as caught:
        session.run("gone", site.soon())
    assert caught.value.status == status.UNKNOWN
    command = session.open_command(site.soon())
    command.send("hang")
    until(lambda: "hang" in site.server.commands)
    site.server.drop()
    assert command.poll(LIMIT_S)
    assert command.reply().status is None
    with pytest.raises(SidecarError) as caught:
        session.open_command(site.soon())
    assert caught.value.status == status.UNREACHABLE
    session.close()


def test_nothing_is_sent_on_a_dead_connection(site: Site) -> None:
    session = site.connect()
    command = session.open_command(site.soon())
    site.server.drop()
    until(lambda: not session._transport.is_active())
    with pytest.raises(SidecarError) as caught:
        command.send("startfcconsistgrp X")
    assert caught.value.status == status.UNREACHABLE
    session.close()


def test_out_of_sessions(site: Site) -> None:
    session = site.connect()
    site.server.refuse_sessions = True
    with pytest.raises(SidecarError) as caught:
        session.run("lssystem", site.soon())
    assert caught.value.status == status.UNREACHABLE
    session.close()


def test_host_key_not_pinned(site: Site) -> None:
    site.known_hosts.write_text("other " + site.server.known_hosts_line(*ARRAY).split(" ", 1)[1])
    assert site.error().status == status.HOSTKEY
    site.known_hosts.unlink()
    assert site.error().status == status.HOSTKEY
    assert site.server.commands == []


def test_host_key_changed(site: Site, tmp_path: Path) -> None:
    make_key(tmp_path / "other" / "key")
    other = load_key(tmp_path / "other" / "key")
    site.known_hosts.write_text(f"{ARRAY.host} {other.get_name()} {other.get_base64()}\n")
    error = site.error()
    assert error.status == status.HOSTKEY
    assert fingerprint(site.server.host_key.asbytes()) in error.text


def test_several_pinned_keys_and_hashed_names(site: Site, tmp_path: Path) -> None:
    make_key(tmp_path / "other" / "key")
    other = load_key(tmp_path / "other" / "key")
    good = site.server.known_hosts_line(*ARRAY)
    salt = os.urandom(20)
    digest = hmac.new(salt, ARRAY.host.encode(), hashlib.sha1).digest()
    name = f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"
    lines = [
        f"{ARRAY.host},second.example.net {other.get_name()} {other.get_base64()}\n",
        f"{name} {good.split(' ', 1)[1]}",
        "broken line\n",
        f"{ARRAY.host} ssh-ed25519 notbase64!\n",
    ]
    site.known_hosts.write_text("".join(lines))
    site.connect().close()
    site.known_hosts.write_text("".join([*lines, "@revoked " + good]))
    assert site.error().status == status.HOSTKEY


def test_another_port_is_another_name(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text("host ssh-ed25519 AAAA\n[host]:2222 ssh-ed25519 BBBB\n")
    assert [key.blob for key in pinned_keys(str(path), "host", 2222)] == [base64.b64decode("BBBB")]


def test_log_in_refused(site: Site, tmp_path: Path) -> None:
    assert site.error(user="mallory").status == status.AUTH
    make_key(tmp_path / "other" / "key")
    site.server.user_key = load_key(tmp_path / "other" / "key")
    error = site.error()
    assert error.status == status.AUTH
    assert "do not repeat" in error.text


def test_key_file_must_be_private(site: Site) -> None:
    site.key.chmod(0o644)
    assert site.error().status == status.KEY
    site.key.chmod(0o600)
    site.key.parent.chmod(0o755)
    assert site.error().status == status.KEY
    site.key.parent.chmod(0o700)
    site.key.rename(site.key.with_name("real"))
    assert site.error().status == status.KEY
    site.key.symlink_to("real")
    assert site.error().status == status.KEY
    assert site.server.commands == []


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"hello",
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
        b"\xff" * 2_000_000,
    ],
)
def test_key_file_that_is_none(site: Site, text: bytes) -> None:
    site.key.write_bytes(text)
    assert site.error().status == status.KEY


def test_key_that_cannot_be_loaded(site: Site) -> None:
    data = site.key.read_text().splitlines()
    data[2] = data[2][::-1]
    site.key.write_text("\n".join(data) + "\n")
    assert site.error().status == status.KEY


def test_key_with_a_passphrase(site: Site) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    secret = serialization.BestAvailableEncryption(b"secret")
    site.key.write_bytes(
        ed25519.Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, secret
        )
    )
    error = site.error()
    assert error.status == status.KEY
    assert "passphrase" in error.text


def test_key_kinds(tmp_path: Path) -> None:
    for kind, name in (("ed25519", "ssh-ed25519"), ("rsa", "ssh-rsa"), ("ecdsa", "ecdsa-sha2-nistp256")):
        make_key(tmp_path / "keys" / kind, kind)
        assert key_kind(str(tmp_path / "keys" / kind)) == name


def test_nobody_listens(site: Site) -> None:
    site.server.close()
    error = site.error()
    assert error.status == status.UNREACHABLE
    assert "10.1.0.20" in error.text or "127.0.0.1" in error.text


def test_silent_server(site: Site) -> None:
    site.server.silent = True
    error = site.error(limit_s=0.2)
    assert error.status == status.UNREACHABLE
    assert "greet" in error.text


def test_a_server_that_looks_for_our_name_first_lets_us_in_late(site: Site) -> None:
    """It has greeted at once: whoever is there gets more time than the connection has."""
    deadline = site.soon(1.2)
    asked: list[bool] = []

    def look_up() -> None:
        while site.clock.now() <= deadline:
            threading.Event().wait(0.01)
        asked.append(True)

    site.server.look_up = look_up
    credentials = Credentials("flashc", str(site.key))
    session = site.network.connect(ARRAY, credentials, str(site.known_hosts), deadline)
    assert asked
    assert session.run("first", site.soon()).out == "first\n"
    session.close()


@pytest.mark.parametrize("greeting", [b"HTTP/1.0 400 Bad\r\n\r\n", b"SSH-2.0-x\r\n", b"\0" * 100])
def test_a_server_that_speaks_something_else(site: Site, greeting: bytes) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    site.network = SshNetwork(site.clock, lambda _endpoint: Endpoint(*listener.getsockname()))
    ours: list[socket.socket] = []

    def serve() -> None:
        sock, _ = listener.accept()
        sock.sendall(greeting)
        sock.shutdown(socket.SHUT_WR)
        ours.append(sock)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert site.error().status == status.UNREACHABLE
    thread.join(LIMIT_S)
    listener.close()
    ours[0].close()


def test_armed_command(site: Site) -> None:
    session = site.connect()
    command = session.open_command(site.soon())
    assert not command.poll(0.0)
    assert command.peer_port == site.server.port
    command.send("startfcconsistgrp SISTPROD_24")
    assert command.poll(LIMIT_S)
    assert command.reply() == Reply(0, "startfcconsistgrp SISTPROD_24\n", "")
    command.close()
    session.close()


def test_no_delay(site: Site) -> None:
    session = site.connect()
    assert session._sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    session.close()


def test_files(site: Site, tmp_path: Path) -> None:
    session = site.connect()
    files = session.files(site.soon())
    local = tmp_path / "data"
    local.write_bytes(bytes(range(256)) * 3000)
    assert files.size("/inbox/data") is None
    files.make_folder("/inbox")
    files.make_folder("/inbox")
    files.write(str(local), "/inbox/data.part", 0)
    assert files.size("/inbox/data.part") == 768_000
    os.utime(site.server.root / "inbox" / "data.part", (1_795_291_258, 1_795_291_258))
    assert files.modified("/inbox/data.part") == 1_795_291_258
    with open(site.server.root / "inbox" / "data.part", "r+b") as part:
        part.truncate(1000)
    files.write(str(local), "/inbox/data.part", 1000)
    (site.server.root / "inbox" / "data").write_bytes(b"old")
    files.rename("/inbox/data.part", "/inbox/data")
    assert (site.server.root / "inbox" / "data").read_bytes() == local.read_bytes()
    with pytest.raises(SidecarError) as caught:
        files.write(str(local), "/nowhere/data", 0)
    assert caught.value.status == status.SYSTEM
    site.server.drop()
    with pytest.raises(SidecarError) as caught:
        files.size("/inbox/data")
    assert caught.value.status == status.UNREACHABLE
    files.close()
    session.close()


def test_without_paramiko_the_openssh_client_is_taken(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Endpoint] = []

    def other(_clock: Any, endpoint: Endpoint, *_words: Any) -> Any:
        called.append(endpoint)
        return "session"

    monkeypatch.setattr("flashrt.ssh_openssh.connect", other)
    monkeypatch.setattr(ssh, "load_paramiko", lambda: None)
    assert site.connect() == "session"
    assert called == [ARRAY]


def test_an_rsa_key_needs_a_newer_paramiko(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(tmp_path, "rsa")
    monkeypatch.setattr("flashrt.ssh_openssh.connect", lambda *_words: "session")
    import paramiko

    monkeypatch.setattr(paramiko, "__version__", "2.7.2")
    assert site.connect() == "session"
    site.server.close()


def test_versions() -> None:
    class Library:
        __version__ = "2.10.1rc1"

    assert ssh.version_of(Library) == (2, 10)  # type: ignore[arg-type]


def test_a_server_with_two_host_keys_of_which_one_is_pinned(site: Site, tmp_path: Path) -> None:
    make_key(tmp_path / "second" / "key", "ecdsa")
    second = load_key(tmp_path / "second" / "key")
    site.server.more_host_keys.append(second)
    site.known_hosts.write_text(f"{ARRAY.host} {second.get_name()} {second.get_base64()}\n")
    site.connect().close()


HUNG_UP = """
import sys
from flashrt.edges import Credentials, Endpoint, SshNetwork, SystemClock
from flashrt.status import SidecarError
port, key, known_hosts = sys.argv[1:]
clock = SystemClock()
network = SshNetwork(clock, lambda _endpoint: Endpoint("127.0.0.1", int(port)))
try:
    network.connect(Endpoint("10.1.0.20", 22), Credentials("flashc", key), known_hosts, clock.now() + 20)
except SidecarError as error:
    print(error.status, error.text)
"""


def test_a_peer_that_hangs_up_before_its_greeting_costs_one_message(site: Site) -> None:
    """In a process of its own: what the library logs is seen where nobody handles it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            listener.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        words = [str(listener.getsockname()[1]), str(site.key), str(site.known_hosts)]
        done = subprocess.run(
            [sys.executable, "-c", HUNG_UP, *words], capture_output=True, text=True, timeout=60, check=True
        )
        thread.join()
    assert done.stderr == ""
    assert done.stdout.startswith(str(status.UNREACHABLE)), done.stdout
