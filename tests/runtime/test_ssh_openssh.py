"""SSH by the OpenSSH client: with a stand-in for the client's program, and (systems) with the real one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flashrt import ssh_openssh, status
from flashrt.edges import OUTPUT_LIMIT, Credentials, Endpoint, Reply, SystemClock
from flashrt.status import SidecarError

from .test_ssh import ARRAY, Site

PLACE = Endpoint("127.0.0.1", 2222)

PROGRAM = '''#!{python}
"""A stand-in for ssh and sftp: a master makes its control socket, a client answers by the file `mode`."""
import os, sys, time
words = sys.argv[1:]
folder = {folder!r}
mode = open(os.path.join(folder, "mode")).read()
with open(os.path.join(folder, "calls"), "a") as calls:
    calls.write(" ".join(words) + "\\n")
if mode == "of 7.2":
    # OpenSSH 6.9: it ends at an option that it does not know, unless it was told before to pass over it
    ignored = []
    for option in [words[n + 1] for n, word in enumerate(words) if word == "-o"]:
        name, _, value = option.partition("=")
        if name == "IgnoreUnknown":
            ignored = value.split(",")
        elif name == "IdentityAgent" and name not in ignored:
            sys.stderr.write("command-line: line 0: Bad configuration option: identityagent\\n")
            sys.exit(255)
if "-M" in words:
    if mode.startswith("refuse "):
        sys.stderr.write(mode[7:])
        sys.exit(255)
    if mode == "silent":
        time.sleep(60)
    control = [word for word in words if word.startswith("ControlPath=")][0].split("=", 1)[1]
    open(control, "w").close()
    time.sleep(60)
if "-b" in words:
    for line in sys.stdin:
        if line.startswith("get -p "):
            copy = line.split()[-1].strip('"')
            open(copy, "w").close()
            os.utime(copy, (1795291258, 1795291258))
    sys.stdout.write("-rw-r--r--    1 0        0          4711 Nov 21 20:35 /inbox/data\\n")
    sys.exit(1 if mode == "nofile" else 0)
if mode == "hang":
    time.sleep(60)
if mode == "lost":
    sys.exit(255)
if mode == "much":
    sys.stdout.write("x" * {much})
sys.stdout.write("out of " + words[-1])
sys.stderr.write("err")
sys.exit(3)
'''


class StandIn:
    """A folder with `ssh` and `sftp` that answer by a mode."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        for name in ("ssh", "sftp"):
            path = folder / name
            path.write_text(PROGRAM.format(python=sys.executable, folder=str(folder), much=OUTPUT_LIMIT + 1))
            path.chmod(0o755)
        monkeypatch.setattr(ssh_openssh, "FOLDERS", (str(folder),))
        self.set("")
        self.clock = SystemClock()
        self.open: list[Any] = []

    def set(self, mode: str) -> None:
        (self.folder / "mode").write_text(mode)

    def connect(self, limit_s: float = 20.0) -> Any:
        credentials = Credentials("flashc", "/flashc/keys/v7000")
        session = ssh_openssh.connect(
            self.clock, ARRAY, PLACE, credentials, "/flashc/conf/known_hosts", self.clock.now() + limit_s
        )
        self.open.append(session)
        return session


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    found = StandIn(tmp_path, monkeypatch)
    yield found
    for session in found.open:
        session.close()


def test_commands_and_options(program: StandIn) -> None:
    session = program.connect()
    reply = session.run("lssystem -delim !", program.clock.now() + 20)
    assert reply == Reply(3, "out of lssystem -delim !", "err")
    master, client = (program.folder / "calls").read_text().splitlines()
    for word in (
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
        "IdentitiesOnly=yes",
        "UserKnownHostsFile=/flashc/conf/known_hosts",
        "IdentityFile=/flashc/keys/v7000",
        "HostKeyAlias=10.1.0.20",
        "-p 2222",
        "-l flashc",
    ):
        assert word in master
        assert word in client
    assert "-M -N" in master
    assert client.endswith("127.0.0.1 -- lssystem -delim !")


def test_a_client_of_before_an_option(program: StandIn) -> None:
    program.set("of 7.2")
    session = program.connect()
    assert session.run("lssystem", program.clock.now() + 20).out == "out of lssystem"


def test_files_at_an_address_of_ipv6(program: StandIn) -> None:
    """Between a name and a path stands a colon, so the address stands in brackets."""
    credentials = Credentials("flashc", "/flashc/keys/delivery")
    place = Endpoint("2001:db8::15", 22)
    session = ssh_openssh.connect(
        program.clock, place, place, credentials, "/flashc/conf/known_hosts", program.clock.now() + 20
    )
    program.open.append(session)
    assert session.files(program.clock.now() + 20).size("/inbox/data") == 4711
    master, sftp = (program.folder / "calls").read_text().splitlines()
    assert master.endswith(" -l flashc 2001:db8::15")
    assert sftp.endswith(" flashc@[2001:db8::15]")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("flashc@host: Permission denied (publickey).", status.AUTH),
        ("Received disconnect: Too many authentication failures", status.AUTH),
        ("Host key verification failed.", status.HOSTKEY),
        ("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!", status.HOSTKEY),
        ("ssh: connect to host x port 22: Connection refused", status.UNREACHABLE),
        ("", status.UNREACHABLE),
    ],
)
def test_connections_that_fail(program: StandIn, said: str, expected: int) -> None:
    program.set("refuse " + said)
    with pytest.raises(SidecarError) as caught:
        program.connect()
    assert caught.value.status == expected


def test_a_silent_master(program: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_openssh, "LOG_IN_S", 0.0)
    program.set("silent")
    with pytest.raises(SidecarError) as caught:
        program.connect(limit_s=0.3)
    assert caught.value.status == status.UNREACHABLE


def test_commands_that_fail(program: StandIn) -> None:
    session = program.connect()
    for mode, expected in (("lost", status.UNKNOWN), ("much", status.SYSTEM), ("hang", status.TIMEOUT)):
        program.set(mode)
        with pytest.raises(SidecarError) as caught:
            session.run("lssystem", program.clock.now() + (0.3 if mode == "hang" else 20.0))
        assert caught.value.status == expected


def test_nothing_can_be_armed(program: StandIn) -> None:
    with pytest.raises(SidecarError) as caught:
        program.connect().open_command(program.clock.now() + 20)
    assert caught.value.status == status.CONFIG
    # One of several systems; a paramiko that is there may not fit it.
    assert "a paramiko that fits 10.1.0.20" in caught.value.text


def test_files(program: StandIn) -> None:
    files = program.connect().files(program.clock.now() + 20)
    assert files.size("/inbox/data") == 4711
    assert files.modified("/inbox/data") == 1_795_291_258
    program.set("nofile")
    assert files.size("/inbox/data") is None
    with pytest.raises(SidecarError) as caught:
        files.rename("/a", "/b")
    assert caught.value.status == status.SYSTEM


def test_no_client_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_openssh, "FOLDERS", ())
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SidecarError) as caught:
        ssh_openssh.find_program("ssh")
    assert caught.value.status == status.CONFIG
    assert "python39-paramiko" in caught.value.text


def test_nothing_is_left_behind(program: StandIn) -> None:
    session = program.connect()
    folder = session.folder
    assert os.path.isdir(folder)
    session.close()
    assert not os.path.exists(folder)
    assert session._master.poll() is not None
    program.open.clear()


@pytest.mark.systems
def test_the_real_client(tmp_path: Path) -> None:
    assert shutil.which("ssh"), "install openssh-client"
    site = Site(tmp_path)
    place = Endpoint("127.0.0.1", site.server.port)
    credentials = Credentials("flashc", str(site.key))

    def connect() -> Any:
        return ssh_openssh.connect(site.clock, ARRAY, place, credentials, str(site.known_hosts), site.soon())

    session = connect()
    assert session.run("first", site.soon()) == Reply(0, "first\n", "")
    assert session.run("fail", site.soon()) == Reply(1, "", "CMMVC5907E no\n")
    files = session.files(site.soon())
    local = tmp_path / "data"
    local.write_bytes(bytes(range(256)) * 2000)
    files.make_folder("/inbox")
    files.write(str(local), "/inbox/data.part", 0)
    with open(site.server.root / "inbox" / "data.part", "r+b") as part:
        part.truncate(1000)
    files.write(str(local), "/inbox/data.part", 1000)
    files.rename("/inbox/data.part", "/inbox/data")
    assert (site.server.root / "inbox" / "data").read_bytes() == local.read_bytes()
    session.close()
    site.known_hosts.write_text("other ssh-ed25519 AAAA\n")
    with pytest.raises(SidecarError) as caught:
        connect()
    assert caught.value.status == status.HOSTKEY
    site.server.close()
