"""The SSH server of a partition: what a deployment and a clone's delivery meet."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import paramiko
import pytest
from flashtwin import pase
from flashtwin.build import build_world
from flashtwin.gate import Gate
from flashtwin.guest import run_guest
from flashtwin.keys import private_key, public_key
from flashtwin.os400 import OperatingSystem
from flashtwin.pase_services import PartitionServices
from flashtwin.scheduler import sleep
from flashtwin.sims.partition_ssh import authorise
from flashtwin.sims.server import FILES_ONLY
from flashtwin.site_load import load_site
from flashtwin.site_network import open_network, pinned_keys
from flashtwin.world import World

T = TypeVar("T")
NAME, LINK = "sistprod.example.net:22", "192.168.99.15:22"


@pytest.fixture
def world(root: Path, tmp_path: Path) -> Iterator[World]:
    """The nightly example's site, with its network open."""
    world = build_world(load_site((root / "examples/nightly_brms.site.toml").read_text()), tmp_path / "world")
    gate = open_network(world, "thread")
    yield world
    gate.close()


@pytest.fixture
def source(world: World) -> OperatingSystem:
    """The running production system."""
    system = world.partition("SISTPROD").os
    assert system is not None
    return system


def gate_of(world: World) -> Gate:
    """The world's gate."""
    assert isinstance(world.scheduler.external, Gate)
    return world.scheduler.external


def visit(world: World, act: Callable[[paramiko.Transport], T], user: str = "flashc") -> T:
    """Log in as a deployment does, and do something."""

    def guest() -> T:
        transport = paramiko.Transport(socket.create_connection(("127.0.0.1", world.addresses[NAME])))
        transport.start_client(timeout=20)
        transport.auth_publickey(user, key("deploy_ed25519"))
        try:
            return act(transport)
        finally:
            transport.close()

    return run_guest(gate_of(world), "deployment", guest)


def key(seed: str) -> paramiko.PKey:
    """A private key of the site."""
    return paramiko.Ed25519Key.from_private_key(io.StringIO(private_key(seed)))


def run(transport: paramiko.Transport, command: str) -> tuple[int, str, str]:
    """One command: exit status, output, errors."""
    channel = transport.open_session()
    channel.exec_command(command)
    out, err = channel.makefile("rb").read(), channel.makefile_stderr("rb").read()
    return channel.recv_exit_status(), out.decode(), err.decode()


def shell(world: World, command: str, user: str = "flashc") -> tuple[int, str, str]:
    """One command of one visit."""
    return visit(world, lambda transport: run(transport, command), user)


def test_a_cl_command_and_its_messages(world: World, source: OperatingSystem) -> None:
    before = world.now
    good = shell(world, 'system "CRTLIB LIB(BCKFLASHP)"')
    assert good[0] == 0
    assert "BCKFLASHP" in source.image.libraries
    # The log-in and the `system` utility take a second and a half; starting a program nearly nothing.
    assert 1.5 <= world.now - before < 1.6
    status, out, err = shell(world, "/QOpenSys/usr/bin/system 'DLTLIB LIB(NOSUCHLIB)'")
    assert (status, out) == (255, "")
    assert re.match(r"CPF[0-9A-F]{4}: .*NOSUCHLIB", err)


def test_what_is_not_7_bit_does_not_reach_a_command_as_it_is(world: World, source: OperatingSystem) -> None:
    assert shell(world, "system \"CRTLIB LIB(APPL) TEXT('señal')\"")[0] == 0
    assert source.image.libraries["APPL"].text == "seÃ±al"


@pytest.mark.parametrize(
    ("line", "status", "out", "err"),
    [
        ("mkdir -p /flashc/L/bin && test -d /flashc/L && echo yes", 0, "yes\n", ""),
        ("mkdir /flashc/x/y/z", 1, "", "mkdir: /flashc/x/y/z: No such file or directory\n"),
        ("test -e /nowhere || echo 'it is  not'", 0, "it is  not\n", ""),
        ("[ ! -e /nowhere ] && A='b c'; export A; echo \"$A ${A}\" '$A'", 0, "b c b c $A\n", ""),
        (
            "echo one > /tmp/f; echo two >> /tmp/f; cat /tmp/f; rm /tmp/f; cat /tmp/f 2>/dev/null",
            1,
            "one\ntwo\n",
            "",
        ),
        ("cd /tmp; pwd; false; exit 7; echo never", 7, "/tmp\n", ""),
        ("cat /no/such 2>&1", 1, "cat: /no/such: No such file or directory\n", ""),
        ("/usr/bin/perl -e 1", 127, "", "sh: /usr/bin/perl: not found\n"),
        ("echo a | cat", 2, "", "sh: '|' is not understood by the twin's shell\n"),
        ("echo $(date)", 2, "", "sh: '(' is not understood by the twin's shell\n"),
        ('echo "$(date)"', 2, "", "sh: command substitution is not understood by the twin's shell\n"),
        ("echo 'open", 2, "", "sh: syntax error: a quote is not closed\n"),
        ("rm -z /tmp", 1, "", "rm: illegal option -- z\n"),
        ("test -x /QOpenSys/pkgs/bin/python3.9 && /QOpenSys/pkgs/bin/python3.9 -V", 0, "Python 3.9.21\n", ""),
        ("setccsid 1208 /nowhere", 1, "", "setccsid: /nowhere: No such file or directory\n"),
        ("id", 127, "", "sh: id: not found\n"),
        ("whoami; uname", 0, "flashc\nOS400\n", ""),
        ("rm -rf /flashc/../../../../tmp/../flashc; ls /", 0, None, ""),
    ],
)
def test_the_shell(world: World, line: str, status: int, out: str | None, err: str) -> None:
    found = shell(world, line)
    assert (found[0], found[2]) == (status, err)
    assert out is None or found[1] == out


def test_modes_hashes_and_tags_of_files(world: World, source: OperatingSystem) -> None:
    key = "/flashc/L/keys/hmc1_ed25519"
    line = (
        f"umask 077; mkdir -p -m 700 /flashc/L/keys && ssh-keygen -q -t ed25519 -N '' -f {key} "
        f"&& chmod 600 {key} && chmod go-rwx {key}.pub && setccsid 819 {key}.pub && sha256sum {key}.pub"
    )
    status, out, err = shell(world, line)
    assert (status, err) == (0, "")
    folder = source.image.ifs / "flashc/L/keys"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "hmc1_ed25519").stat().st_mode & 0o777 == 0o600
    assert (folder / "hmc1_ed25519.pub").stat().st_mode & 0o777 == 0o600
    assert out.split()[1] == "/flashc/L/keys/hmc1_ed25519.pub"
    assert source.image.products["ccsid"] == {"/flashc/L/keys/hmc1_ed25519.pub": "819"}
    # The console accepts it: a key's name is its seed.
    assert world.consoles["HMC1"].accepts("flashc", public_key("hmc1_ed25519")[1])


def test_a_file_is_uploaded_and_renamed(world: World, source: OperatingSystem) -> None:
    (source.image.ifs / "flashc").mkdir(exist_ok=True)

    def act(transport: paramiko.Transport) -> list[str]:
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        with client.open("/flashc/x.tmp", "wb") as file:
            file.write(b"x" * 200_000)
        client.chmod("/flashc/x.tmp", 0o640)
        client.posix_rename("/flashc/x.tmp", "/flashc/x")
        with pytest.raises(OSError, match="No such file"):
            client.stat("/flashc/../../../../etc/passwd")
        with client.open("/flashc/x", "rb") as file:
            assert file.read(10) == b"x" * 10
        return client.listdir("/flashc")

    assert "x" in visit(world, act)
    assert (source.image.ifs / "flashc/x").stat().st_size == 200_000
    assert (source.image.ifs / "flashc/x").stat().st_mode & 0o777 == 0o640
    assert [event["act"] for event in world.events.of("file")] == ["write", "change", "rename"]


def test_who_may_log_in(world: World, source: OperatingSystem) -> None:
    with pytest.raises(paramiko.AuthenticationException):
        shell(world, "pwd", user="anna")
    authorise(source.image, "ANNA", " ".join(public_key("deploy_ed25519")))
    assert shell(world, "pwd", user="anna")[1] == "/home/ANNA\n"
    source.image.users["ANNA"].status = "*DISABLED"
    with pytest.raises(paramiko.AuthenticationException):
        shell(world, "pwd", user="anna")
    home = source.image.ifs / "home/FLASHC"
    for place, mode in ((home / ".ssh/authorized_keys", 0o666), (home / ".ssh", 0o777), (home, 0o775)):
        good = place.stat().st_mode
        place.chmod(mode)
        with pytest.raises(paramiko.AuthenticationException):
            shell(world, "pwd")
        place.chmod(good)
        assert shell(world, "pwd")[0] == 0


def test_a_key_for_files_from_one_address_is_for_nothing_else(world: World, source: OperatingSystem) -> None:
    """As sshd limits a line: the address decides whether, the forced command what for."""
    blob = public_key("deploy_ed25519")[1]
    line = " ".join(public_key("deploy_ed25519"))
    door = gate_of(world).routes[LINK].server
    (source.image.ifs / "home/FLASHC/.ssh/authorized_keys").unlink()
    authorise(source.image, "FLASHC", f'from="192.168.99.16",command="internal-sftp" {line}')
    source.network.interfaces["192.168.99.15"] = replace(
        next(iter(source.network.interfaces.values())), address="192.168.99.15", autostart=False
    )
    admitted = [door.command_for("flashc", blob, origin) for origin in ("192.168.99.16", "10.0.0.1", "")]
    assert admitted == ["internal-sftp", None, None]
    with pytest.raises(paramiko.AuthenticationException):
        shell(world, "pwd")
    authorise(source.image, "FLASHC", f'command="internal-sftp" {line}')

    def act(transport: paramiko.Transport) -> list[str]:
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        names = client.listdir("/home")
        channel = transport.open_session()
        channel.exec_command("pwd")
        channel.settimeout(60)
        assert (channel.recv(100), channel.recv_exit_status()) == (FILES_ONLY.encode(), 1)
        return names

    assert "FLASHC" in visit(world, act)


def test_up_to_7_3_a_long_name_is_let_in_only_where_a_variable_says_so(
    world: World, source: OperatingSystem
) -> None:
    source.image.users["FLASHCPROD"] = source.image.users["FLASHC"]
    authorise(source.image, "FLASHCPROD", " ".join(public_key("deploy_ed25519")))
    assert shell(world, "true", user="flashcprod")[0] == 0
    source.image.products["release"] = "7.3"
    with pytest.raises(paramiko.AuthenticationException):
        shell(world, "true", user="flashcprod")
    assert shell(world, "true")[0] == 0
    source.image.environment["PASE_USRGRP_LIMITED"] = "N"
    assert shell(world, "true", user="flashcprod")[0] == 0


def test_a_server_that_is_ended_hangs_up(world: World, source: OperatingSystem) -> None:
    source.network.end_server("*SSHD")
    with pytest.raises((paramiko.SSHException, EOFError, OSError)):
        shell(world, "pwd")
    source.network.start_server("*SSHD")
    assert shell(world, "pwd")[0] == 0


def test_ending_tcp_breaks_what_is_connected(world: World, source: OperatingSystem) -> None:
    def end() -> None:
        source.network.stop()

    world.scheduler.at(world.now + 30.0, end)
    before = world.now
    with pytest.raises((paramiko.SSHException, EOFError, AssertionError)):
        assert shell(world, 'system "DLYJOB DLY(300)"')[0] == 0
    assert world.now == before + 30.0


def test_a_command_whose_job_is_killed_fails(world: World, source: OperatingSystem) -> None:
    def end() -> None:
        job = next(job for job in source.jobs.values() if job.name == "QP0ZSPWP")
        assert job.task is not None
        job.task.kill()

    world.scheduler.at(world.now + 30.0, end)
    status, _, err = shell(world, 'system "DLYJOB DLY(300)"')
    assert (status, err) == (255, "CPF1241: Job ended abnormally.\n")


def test_the_link_answers_only_while_its_interface_is_active(world: World, source: OperatingSystem) -> None:
    gate, clone = gate_of(world), world.partition("SISTPROD_24").os
    assert clone is not None
    clone_job, source_job = clone.system_job("X"), source.system_job("X")
    from_clone, from_source = PartitionServices(clone, clone_job), PartitionServices(source, source_job)

    def seen(services: Any) -> str:
        return gate.locate(LINK, services)[0]

    clone.network.started = True
    assert (seen(from_clone), seen(from_source)) == ("down", "hang")
    clone.network.activate(clone.image.interfaces["192.168.99.16"])
    assert (seen(from_clone), seen(from_source)) == ("hang", "hang")
    source.network.activate(source.image.interfaces["192.168.99.15"])
    assert (seen(from_clone), seen(from_source), seen(None)) == ("ok", "ok", "hang")
    assert gate.locate("10.1.0.10:22", from_clone)[0] == "down"
    assert gate.locate("10.1.0.10:22", from_source)[0] == "ok"
    source.network.deactivate("192.168.99.15")
    assert seen(from_clone) == "hang"
    clone.network.deactivate("192.168.99.16")
    assert seen(from_clone) == "down"


def test_a_suspended_system_takes_no_files(world: World, source: OperatingSystem) -> None:
    source.suspension.state = "suspended"

    def act(transport: paramiko.Transport) -> None:
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        with pytest.raises(OSError, match="Failure"):
            client.open("/tmp/x", "wb")

    visit(world, act)


def test_a_sidecar_of_the_partition_reaches_console_array_and_itself(
    world: World, source: OperatingSystem, zipapp: Path
) -> None:
    folder = source.image.ifs / "flashc/L"
    (folder / "keys").mkdir(parents=True, mode=0o700)
    (folder / "keys").chmod(0o700)
    (folder / "flashrt.pyz").write_bytes(zipapp.read_bytes())
    (folder / "keys/v").write_text(private_key("v7000_ed25519"))
    (folder / "keys/v").chmod(0o600)
    (folder / "known_hosts").write_text(pinned_keys(world.site))
    gate = gate_of(world)
    job = source.system_job("FLDRV", "FLASHC")
    words = ["/QOpenSys/pkgs/bin/python3.9", "/flashc/L/flashrt.pyz", "ask", "lsfcconsistgrp -delim :"]
    words += ["--folder", "/flashc/L"]
    seen = []
    for mode in ("process", "thread", "memory"):
        gate.mode = mode
        if mode != "process":
            from tests_sidecar import main

            gate.entry = main
        body = pase.run_captured(
            source,
            job,
            words,
            {},
        )
        before = world.now
        task = world.scheduler.spawn("driver", body)
        world.scheduler.run(stop=lambda task=task: task.ended)  # type: ignore[misc]
        assert task.result.status == 0, task.result
        seen.append((world.now - before, task.result.out))
    assert "SISTPROD_24" in seen[0][1]
    assert seen[0] == seen[1] == seen[2]
    # Python, log-in, the array's second.
    assert seen[0][0] == 6.0
    assert all(str(source.image.ifs) not in text for _, text in seen)


def test_a_zipapp_that_is_not_there(world: World) -> None:
    status, _, err = shell(world, "/QOpenSys/pkgs/bin/python3.9 /flashc/none.pyz check")
    assert status == 2
    assert err.endswith("can't open file '/flashc/none.pyz': [Errno 2] No such file or directory\n")


def test_a_guest_that_waits_in_vain_is_cut_off(world: World) -> None:
    gate_of(world).alter.append(lambda _request, outcome: type(outcome)(hang=True))
    with pytest.raises((paramiko.SSHException, EOFError, AssertionError)):
        assert shell(world, "pwd")[0] == 0
    assert sleep is not None


def test_the_objects_of_a_library_and_sql_by_qshell(world: World) -> None:
    serial = "SELECT '\\''FL>'\\'' CONCAT CURRENT_CHARACTER_VALUE FROM QSYS2.SYSTEM_VALUE_INFO WHERE "
    serial += "SYSTEM_VALUE_NAME = '\\''QSRLNBR'\\''"
    line = (
        "system 'CRTLIB LIB(L1)' >/dev/null; "
        "system 'CRTDTAARA DTAARA(L1/A1) TYPE(*CHAR) LEN(5) VALUE(X)' 2>&1; "
        "/QOpenSys/usr/bin/ls /QSYS.LIB/L1.LIB; ls /QSYS.LIB/NONE.LIB; "
        f'/QOpenSys/usr/bin/qsh -c \'db2 "{serial}"; db2 "SELECT * FROM L1.NONE"\''
    )
    status, out, err = shell(world, line)
    assert "\nA1.DTAARA\n" in out
    assert "\nFL>78ABC12" in out
    assert "1 RECORD(S) SELECTED." in out
    assert "CLI ERROR" in out
    assert err == "ls: /QSYS.LIB/NONE.LIB: No such file or directory\n"
    assert status == 1
