"""A deployment's session, pinned keys, and the lines for authorized_keys, at a real OpenSSH server.

The twin's server reads a line by `flashtwin.sims.authorized_keys`, which must find in it what this one finds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import paramiko
import pytest
from flashc.bundle import Bundle
from flashc.bundle.context import PYTHON
from flashc.deploy import DeployError
from flashc.deploy.hostkeys import HostKey, parse
from flashc.deploy.session import Entry, Reply
from flashc.deploy.ssh import SshSession, Target, connect, open_transport, shown_key
from flashc.deploy.trust import authorisations
from flashtwin.sims.authorized_keys import let_in
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import FILES_ONLY
from runtime.openssh_server import OpenSshServer, public

pytestmark = pytest.mark.systems

TARGET = Target("sistprod.example.net", 22)

Make = Callable[..., OpenSshServer]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Servers that are ended with the test."""
    made: list[OpenSshServer] = []

    def one(**words: Any) -> OpenSshServer:
        made.append(OpenSshServer(tmp_path / str(len(made)), **words))
        return made[-1]

    yield one
    for server in made:
        server.close()


def places(server: OpenSshServer) -> dict[str, str]:
    return {str(TARGET): f"127.0.0.1:{server.port}"}


def logged_in(server: OpenSshServer, pinned: str = "ed25519") -> SshSession:
    known = parse(f"{TARGET.label} {server.host_keys[pinned]}\n")
    return connect(TARGET, server.user, known, key_file=str(server.key), places=places(server))


@pytest.mark.parametrize("pinned", OpenSshServer.KINDS)
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_keys_of_every_kind(make: Make, kind: str, pinned: str) -> None:
    session = logged_in(make(kind=kind), pinned)
    assert session.run("echo first", 30) == Reply(0, "first\n")
    session.close()


def test_the_key_that_trust_shows_is_the_server_s(make: Make) -> None:
    server = make()
    transport = open_transport(TARGET, places(server))
    shown = shown_key(transport)
    transport.close()
    offered = [key for line in server.host_keys.values() for key in parse(f"host {line}")["host"]]
    assert shown in offered


def test_a_changed_host_key_is_refused(make: Make) -> None:
    server = make()
    server.host_keys["ed25519"] = make(fresh=True).host_keys["ed25519"]
    with pytest.raises(DeployError, match="somebody may be in between") as caught:
        logged_in(server)
    assert caught.value.status == 4


def test_commands(make: Make) -> None:
    session = logged_in(make())
    lines: list[str] = []
    assert session.run("echo out; echo wrong >&2; exit 3", 30, lines.append) == Reply(3, "out\nwrong\n")
    assert lines == ["out", "wrong"]
    assert session.run("head -c 1 | wc -c", 30).out.strip() == "0"
    assert session.run("kill -9 $$", 30).status is None
    session.close()


def test_files(make: Make, tmp_path: Path) -> None:
    session = logged_in(make())
    folder = tmp_path / "product"
    assert session.stat(str(folder)) is None
    session.make_folder(str(folder), 0o770)
    assert session.stat(str(folder)) == Entry(0o770, folder.stat().st_size, True)
    data = bytes(range(256)) * 4000
    for content in (b"an older one", data):
        session.write(f"{folder}/flashrt.pyz", content, 0o640)
    assert session.read(f"{folder}/flashrt.pyz", 2_000_000) == data
    assert session.stat(f"{folder}/flashrt.pyz") == Entry(0o640, len(data), False)
    assert [one.name for one in folder.iterdir()] == ["flashrt.pyz"]
    session.set_mode(f"{folder}/flashrt.pyz", 0o600)
    assert session.stat(f"{folder}/flashrt.pyz") == Entry(0o600, len(data), False)
    assert session.read(f"{folder}/nothing", 100) is None
    with pytest.raises(DeployError, match="larger than 10 bytes"):
        session.read(f"{folder}/flashrt.pyz", 10)
    session.close()


def test_the_connection_is_ended_at_the_limit(make: Make) -> None:
    session = logged_in(make())
    with pytest.raises(DeployError, match="did not answer within"):
        session.run("exec sleep 60", 0.5)
    session.close()


# ---- lines for authorized_keys that flashc trust prints ---------------------------------------------------


PRODUCT = "/flashc/BCKFLASHP"


def delivery_line(bundle: Bundle, clone: str, folder: Path) -> str:
    """The line for the delivery's key: for a clone elsewhere, and a sidecar that is not packed."""
    (step,) = [one for one in authorisations(bundle, {}) if one.where.startswith("partition ")]
    line = step.commands[0].partition(" <contents")[0]
    runs = f"env PYTHONPATH={os.pathsep.join(path for path in sys.path if path)} {sys.executable} -m flashrt"
    for ours, here in (
        ('from="192.168.99.16",', f'from="{clone}",'),
        (f"{PYTHON} {PRODUCT}/bin/flashrt.pyz", runs),
        (f"{PRODUCT}/conf", f"{folder}/conf"),
    ):
        assert line.count(ours) == 1, ours
        line = line.replace(ours, here)
    return line


@pytest.fixture
def product(bundle: Bundle, tmp_path: Path) -> Path:
    """The product's folder of a partition, with what the bundle brings into it."""
    folder = tmp_path / "product"
    (folder / "conf").mkdir(parents=True)
    (folder / "inbox").mkdir()
    conf = bundle.files["conf/sidecar.json"].decode("utf-8").replace(PRODUCT, str(folder))
    (folder / "conf" / "sidecar.json").write_text(conf, encoding="utf-8")
    return folder


def test_the_delivery_s_key_opens_the_inbox_and_runs_nothing(
    make: Make, bundle: Bundle, product: Path
) -> None:
    (product / "runs/20261118203500").mkdir(parents=True)
    session = logged_in(make(line=delivery_line(bundle, "127.0.0.1", product)))
    session.make_folder(f"{product}/inbox/20261118203500", 0o700)
    session.write(f"{product}/inbox/20261118203500/data", b"delivered", 0o600)
    assert (product / "inbox/20261118203500/data").read_bytes() == b"delivered"
    for path in (f"{product}/conf/sidecar.json", f"{product}/flashrt.pyz"):
        with pytest.raises(DeployError, match="may not be used by this profile"):
            session.write(path, b"other", 0o600)
    with pytest.raises(DeployError, match="may not be used by this profile"):
        session.read(f"{product}/conf/sidecar.json", 10000)
    session.run(f"touch {product}/by_command", 30)
    assert sorted(path.name for path in product.iterdir()) == ["conf", "inbox", "runs"]
    session.close()


def test_the_delivery_s_key_forwards_no_port(make: Make, bundle: Bundle, product: Path) -> None:
    server = make(line=delivery_line(bundle, "127.0.0.1", product))
    transport = open_transport(TARGET, places(server))
    transport.auth_publickey(server.user, paramiko.PKey.from_path(server.key))
    with pytest.raises(paramiko.ChannelException, match="prohibited"):
        transport.open_channel("direct-tcpip", ("127.0.0.1", server.port), ("127.0.0.1", 1), timeout=30)
    channel = transport.open_session(timeout=30)
    with pytest.raises(paramiko.SSHException):
        channel.get_pty()
    transport.close()


def test_the_delivery_s_key_is_refused_from_elsewhere(make: Make, bundle: Bundle, product: Path) -> None:
    server = make(line=delivery_line(bundle, "192.168.99.16", product))
    with pytest.raises(DeployError, match="refuses the log-in"):
        logged_in(server)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "restrict",
        'from="127.0.0.1"',
        'from="127.0.0.2"',
        'from="10.1.0.5,127.0.0.*"',
        'from="127.0.0.?,!127.0.0.1"',
        'from="!127.0.0.2"',
        'from="127.0.0.0/8"',
        'FROM="127.0.0.1",NO-PTY',
        'no-pty,command="echo \\"a, b\\" c",from="127.0.0.1"',
        'command="internal-sftp"',
        "no-such-option",
        "from=127.0.0.1",
        'from="127.0.0.1',
        'no-pty="yes"',
        'from="127.0.0.1", no-pty',
        "no-pty no-user-rc",
        "# no-pty",
    ],
)
def test_the_twin_finds_in_a_line_what_this_server_finds(make: Make, line: str) -> None:
    server = make(line=line)
    rule = let_in([f"{line} {public(server.key)}"], public(server.key).split()[1], "127.0.0.1")
    try:
        session = logged_in(server)
    except DeployError:
        assert rule is None
        return
    assert rule is not None
    refused = Outcome(1, FILES_ONLY)
    wanted = {"": Outcome(0, "asked\n"), "internal-sftp": refused}.get(rule.command, Outcome(0, "a, b c\n"))
    assert session.run("echo asked", 30) == Reply(wanted.status, wanted.out)
    session.close()


def test_a_known_host_line_of_ssh_keyscan_is_read(make: Make) -> None:
    server = make()
    for kind, line in server.host_keys.items():
        (key,) = parse(f"{TARGET.label} {line}\n")[TARGET.label]
        assert isinstance(key, HostKey)
        assert kind in key.kind
