"""A served site answers clients that know nothing of its clock."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import paramiko
import pytest
from flashc.cli.main import run
from flashc.cli.serving import serve, with_officer, write_access
from flashtwin.build import build_world
from flashtwin.site_network import open_network
from rehearsed import site

SPEED = 100.0


def _ask(access: Path, answers: list[str]) -> None:
    """Log in to the console with the key that was written, ask one thing."""
    places = json.loads((access / "connect.json").read_text(encoding="ascii"))
    host, _, port = places["10.1.0.10:22"].rpartition(":")
    with paramiko.SSHClient() as client:
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect(
            host,
            int(port),
            "flashc",
            key_filename=str(access / "keys" / "hmc1_ed25519"),
            allow_agent=False,
            look_for_keys=False,
            timeout=20,
        )
        _, out, _ = client.exec_command("lssyscfg -r sys -F name,state", timeout=20)
        answers.append(out.read().decode("ascii"))


def test_a_client_of_another_thread_is_answered(tmp_path: Path) -> None:
    loaded = site()
    world = build_world(loaded, tmp_path / "world")
    gate = open_network(world, "thread")
    answers: list[str] = []
    try:
        write_access(loaded, gate, tmp_path / "access")
        client = threading.Thread(target=_ask, args=(tmp_path / "access", answers), daemon=True)
        client.start()
        serve(world, gate, lambda: not client.is_alive(), SPEED)
    finally:
        gate.close()
    assert answers == ["Server-9009-42A-SN78ABC12,Operating\n"]
    assert (tmp_path / "access" / "keys" / "hmc1_ed25519").stat().st_mode & 0o077 == 0
    assert "10.1.0.20 ssh-ed25519" in (tmp_path / "access" / "known_hosts").read_text(encoding="ascii")


def test_a_wrong_site_file_is_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "wrong.site.toml"
    file.write_text("nonsense = 1\n", encoding="utf-8")
    assert run(["twin", "serve", str(file)]) == 1
    assert "unknown key" in capsys.readouterr().err


def _as_officer(access: Path, commands: list[str], answers: list[str]) -> None:
    """Log in to production as its security officer and enter CL commands by the utility `system`."""
    places = json.loads((access / "connect.json").read_text(encoding="ascii"))
    host, _, port = places["sistprod.example.net:22"].rpartition(":")
    with paramiko.SSHClient() as client:
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        key = str(access / "keys" / "officer_ed25519")
        client.connect(
            host, int(port), "QSECOFR", key_filename=key, allow_agent=False, look_for_keys=False, timeout=20
        )
        for command in commands:
            _, out, err = client.exec_command(f'system "{command}"', timeout=20)
            answers.append(out.read().decode("ascii") + err.read().decode("ascii"))


def test_the_officer_types_and_what_the_twin_does_not_model_ends_nothing(tmp_path: Path) -> None:
    loaded = with_officer(site())
    world = build_world(loaded, tmp_path / "world")
    gate = open_network(world, "thread")
    answers: list[str] = []
    commands = ["DSPSYSVAL SYSVAL(QSRLNBR)", "CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('QSTRUP QSYS')"]
    try:
        write_access(loaded, gate, tmp_path / "access")
        client = threading.Thread(
            target=_as_officer, args=(tmp_path / "access", commands, answers), daemon=True
        )
        client.start()
        serve(world, gate, lambda: not client.is_alive(), SPEED)
    finally:
        gate.close()
    assert "the twin does not model the command DSPSYSVAL" in answers[0]
    assert answers[1].startswith("CPF1815: System value QSTRUPPGM changed")
