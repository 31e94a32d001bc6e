"""SSH against a real OpenSSH server, by paramiko and by the OpenSSH client.

The other tests' server and the twin's are made with paramiko, so they believe of the protocol what paramiko
believes.  This one does not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flashrt import ssh_openssh, status
from flashrt.edges import OUTPUT_LIMIT, Reply
from flashrt.status import SidecarError

from .fakes import RUN, World
from .openssh_server import OpenSshSite

pytestmark = pytest.mark.systems

Make = Callable[..., OpenSshSite]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Sites, each with a server of its own, ended with the test."""
    made: list[OpenSshSite] = []

    def one(**words: Any) -> OpenSshSite:
        made.append(OpenSshSite(tmp_path / str(len(made)), **words))
        return made[-1]

    yield one
    for site in made:
        site.server.close()


def error_of(act: Callable[[], object]) -> SidecarError:
    with pytest.raises(SidecarError) as caught:
        act()
    return caught.value


CLIENTS = ("paramiko", "OpenSSH")


def connected(site: OpenSshSite, client: str) -> Any:
    if client == "paramiko":
        return site.connect()
    return ssh_openssh.connect(
        site.clock, site.ARRAY, site.place, site.credentials, str(site.known_hosts), site.soon()
    )


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
@pytest.mark.parametrize("pinned", ["ed25519", "ecdsa", "rsa"])
def test_every_kind_of_key_logs_in_at_a_server_that_has_host_keys_of_all_kinds(
    make: Make, kind: str, pinned: str
) -> None:
    site = make(kind=kind, pinned=(pinned,))
    session = site.connect()
    assert session.run("echo first", site.soon()) == Reply(0, "first\n", "")
    session.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_status_output_and_errors_of_a_command(make: Make, client: str) -> None:
    site = make()
    session = connected(site, client)
    assert session.run("echo out; echo wrong >&2; exit 3", site.soon()) == Reply(3, "out\n", "wrong\n")
    assert session.run("exit 0", site.soon()) == Reply(0, "", "")
    assert session.run("nosuchcommand", site.soon()).status == 127
    assert len(session.run("head -c 3000000 /dev/zero", site.soon()).out) == 3_000_000
    # The same for a listing of which the end comes behind the exit status of the shell.
    assert session.run("(echo late) & exit 0", site.soon()).status == 0
    session.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_no_command_gets_input(make: Make, client: str) -> None:
    """A command that reads must see the end at once, or hang to its limit."""
    site = make()
    session = connected(site, client)
    reply = session.run("head -c 1 | wc -c", site.clock.now() + 20.0)
    assert (reply.status, reply.out.strip()) == (0, "0")
    session.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_a_command_that_is_killed_has_no_status(make: Make, client: str) -> None:
    site = make()
    session = connected(site, client)
    error = error_of(lambda: session.run("kill -9 $$", site.soon()))
    assert error.status == status.UNKNOWN
    session.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_a_server_that_dies_under_a_command_leaves_it_unknown(make: Make, client: str) -> None:
    site = make()
    session = connected(site, client)
    error = error_of(lambda: session.run("kill -9 $PPID; exec sleep 60", site.soon()))
    assert error.status == status.UNKNOWN
    session.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_a_limit_that_passes_is_a_timeout(make: Make, client: str) -> None:
    site = make()
    session = connected(site, client)
    error = error_of(lambda: session.run("exec sleep 60", site.clock.now() + 0.5))
    assert error.status == status.TIMEOUT
    session.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_an_answer_without_end_is_cut_off(make: Make, client: str) -> None:
    site = make()
    session = connected(site, client)
    error = error_of(lambda: session.run(f"head -c {OUTPUT_LIMIT + 3_000_000} /dev/zero", site.soon()))
    assert error.status == status.SYSTEM
    session.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_a_foreign_host_key_is_refused(make: Make, client: str) -> None:
    site, other = make(), make(fresh=True)
    site.pin(other.server.host_keys["ed25519"])
    error = error_of(lambda: connected(site, client))
    assert error.status == status.HOSTKEY


@pytest.mark.parametrize("client", CLIENTS)
def test_a_key_that_is_not_authorised_is_refused(make: Make, client: str) -> None:
    site = make()
    (site.server.folder / "authorized_keys").write_text("")
    assert error_of(lambda: connected(site, client)).status == status.AUTH


@pytest.mark.parametrize("client", CLIENTS)
def test_a_key_is_not_enough_where_two_factors_are_asked_for(make: Make, client: str) -> None:
    site = make(options="AuthenticationMethods publickey,publickey")
    assert error_of(lambda: connected(site, client)).status == status.AUTH


@pytest.mark.parametrize("client", CLIENTS)
def test_a_long_banner_is_passed_over(make: Make, tmp_path: Path, client: str) -> None:
    (tmp_path / "banner").write_text("Authorised users only! Ångström\r\n" * 200, encoding="latin-1")
    site = make(options=f"Banner {tmp_path}/banner\nPrintMotd yes")
    session = connected(site, client)
    assert session.run("echo first", site.soon()) == Reply(0, "first\n", "")
    session.close()


def test_the_armed_command_goes_over_a_channel_that_saw_new_session_keys(make: Make) -> None:
    """An armed connection is held for minutes; a server may agree on new keys meanwhile."""
    site = make(options="RekeyLimit 100K")
    session = site.connect()
    armed = session.open_command(site.soon())
    assert len(session.run("head -c 3000000 /dev/zero", site.soon()).out) == 3_000_000
    armed.send("echo flash")
    assert armed.poll(site.LIMIT_S)
    assert armed.reply() == Reply(0, "flash\n", "")
    armed.close()
    session.close()


def test_an_armed_connection_that_the_server_ended_says_that_nothing_was_sent(make: Make) -> None:
    site = make()
    session = site.connect()
    armed = session.open_command(site.soon())
    site.server.close()
    assert armed.poll(site.LIMIT_S)
    error = error_of(lambda: armed.send("echo flash"))
    assert error.status == status.UNREACHABLE
    session.close()


def test_a_server_without_a_free_session_is_said_to_be_out_of_sessions(make: Make) -> None:
    site = make(options="MaxSessions 1")
    session = site.connect()
    armed = session.open_command(site.soon())
    error = error_of(lambda: session.run("echo first", site.soon()))
    assert (error.status, "out of sessions" in error.text) == (status.UNREACHABLE, True)
    armed.close()
    session.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_files(make: Make, tmp_path: Path, client: str) -> None:
    site = make()
    session = connected(site, client)
    files = session.files(site.soon())
    inbox = tmp_path / "inbox"
    local = tmp_path / "data"
    local.write_bytes(bytes(range(256)) * 20000)
    assert files.size(str(inbox)) is None
    assert files.read(str(inbox / "manifest.json"), 100) is None
    files.make_folder(str(inbox))
    files.make_folder(str(inbox))
    assert inbox.stat().st_mode & 0o777 == 0o700
    files.write(str(local), f"{inbox}/data.part", 0)
    os.truncate(inbox / "data.part", 1000)
    assert files.size(f"{inbox}/data.part") == 1000
    files.write(str(local), f"{inbox}/data.part", 1000)
    (inbox / "data").write_text("of an earlier try")
    files.rename(f"{inbox}/data.part", f"{inbox}/data")
    assert (inbox / "data").read_bytes() == local.read_bytes()
    assert files.read(f"{inbox}/data", 3) == b"\0\1\2"
    assert files.modified(f"{inbox}/data") == int((inbox / "data").stat().st_mtime)
    error = error_of(lambda: files.write(str(local), f"{tmp_path}/nowhere/data", 0))
    assert error.status == status.SYSTEM
    files.close()
    session.close()


# ---- the inbox, as sshd starts it for the delivery's key -------------------------------------------------


@pytest.fixture
def inbox(world: World, make: Make) -> OpenSshSite:
    """A server whose key opens the inbox of the product folder, as the line of `flashc trust` does."""
    world.data["delivery"]["inbox"] = str(world.folder / "inbox")
    world.save()
    world.config.run_folder(RUN)
    folders = os.pathsep.join(path for path in sys.path if path)
    command = f"env PYTHONPATH={folders} {sys.executable} -m flashrt inbox --config {world.folder}/conf"
    options = "no-pty,no-port-forwarding,no-agent-forwarding,no-X11-forwarding"
    return make(line=f'from="127.0.0.1",command="{command}",{options}')


@pytest.mark.parametrize("client", CLIENTS)
def test_a_delivery_comes_into_the_inbox(
    inbox: OpenSshSite, world: World, tmp_path: Path, client: str
) -> None:
    folder = world.folder / "inbox"
    (folder / "ask-SISTPROD_24").write_bytes(b"{}\n")
    local = tmp_path / "data"
    local.write_bytes(bytes(range(256)) * 20000)
    session = connected(inbox, client)
    files = session.files(inbox.soon())
    assert files.size(f"{folder}/{RUN}") is None
    files.make_folder(f"{folder}/{RUN}")
    files.make_folder(f"{folder}/{RUN}")
    files.write(str(local), f"{folder}/{RUN}/data.part", 0)
    os.truncate(folder / RUN / "data.part", 1000)
    assert files.size(f"{folder}/{RUN}/data.part") == 1000
    files.write(str(local), f"{folder}/{RUN}/data.part", 1000)
    (folder / RUN / "data").write_text("of an earlier try")
    files.rename(f"{folder}/{RUN}/data.part", f"{folder}/{RUN}/data")
    assert (folder / RUN / "data").read_bytes() == local.read_bytes()
    assert files.modified(f"{folder}/{RUN}/data") == int((folder / RUN / "data").stat().st_mtime)
    assert files.read(f"{folder}/ask-SISTPROD_24", 100) == b"{}\n"
    assert files.read(f"{folder}/ask-OTHER", 100) is None
    files.close()
    session.close()


@pytest.mark.parametrize("client", CLIENTS)
def test_the_delivery_s_key_opens_nothing_else(
    inbox: OpenSshSite, world: World, tmp_path: Path, client: str
) -> None:
    (world.folder / "keys" / "hmc1_ed25519").write_text("a key")
    (world.folder / "flashrt.pyz").write_text("the sidecar")
    local = tmp_path / "data"
    local.write_text("another sidecar")
    session = connected(inbox, client)
    files = session.files(inbox.soon())
    for act in (
        lambda: files.write(str(local), f"{world.folder}/flashrt.pyz", 0),
        lambda: files.write(str(local), f"{world.folder}/inbox/ask-SISTPROD_24", 0),
        lambda: files.make_folder(f"{world.folder}/other"),
        lambda: files.rename(f"{world.folder}/flashrt.pyz", f"{world.folder}/inbox/{RUN}/data"),
    ):
        error_of(act)
    if client == "paramiko":
        error_of(lambda: files.read(f"{world.folder}/keys/hmc1_ed25519", 100))
    else:
        assert files.read(f"{world.folder}/keys/hmc1_ed25519", 100) is None
    files.close()
    session.close()
    assert (world.folder / "flashrt.pyz").read_text() == "the sidecar"
    assert not (world.folder / "other").exists()


def test_the_delivery_s_key_runs_no_command(inbox: OpenSshSite, tmp_path: Path) -> None:
    session = inbox.connect()
    session.run(f"touch {tmp_path}/by_command", inbox.soon())
    assert not (tmp_path / "by_command").exists()
    session.close()
