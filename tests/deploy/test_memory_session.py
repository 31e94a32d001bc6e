"""A deployment's session in memory does what one over SSH does, and leaves the same behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flashc.cli.memory_session import MemorySession, open_door
from flashc.deploy import DeployError
from flashc.deploy.hostkeys import parse
from flashc.deploy.session import Session
from flashc.deploy.ssh import Target, connect
from flashtwin.build import build_world
from flashtwin.gate import Gate, Mode
from flashtwin.guest import run_guest
from flashtwin.keys import private_key
from flashtwin.memory_guest import run_memory_guest
from flashtwin.site_load import load_site
from flashtwin.site_network import open_network, pinned_keys
from flashtwin.world import World

TARGET, USER, KEY = Target("sistprod.example.net", 22), "FLASHC", "deploy_ed25519"


def opened(root: Path, folder: Path, mode: Mode) -> tuple[World, Gate]:
    """The nightly example's site with its network open."""
    world = build_world(load_site((root / "examples/nightly_brms.site.toml").read_text()), folder)
    return world, open_network(world, mode)


def in_memory(gate: Gate, world: World, act: Any) -> Any:
    """Act with a session in memory."""
    door = open_door(gate, TARGET, USER, parse(pinned_keys(world.site)), KEY)
    assert door is not None
    return run_memory_guest(gate, "flashc", lambda: act(MemorySession(gate, door, USER, str(TARGET))))


def acts(session: Session) -> list[object]:
    """What a deployment does, and what it gets."""
    lines: list[str] = []
    found: list[object] = [
        session.run('system "CRTLIB LIB(BCKFLASHP)" && echo done', 60, lines.append),
        session.run("system 'DLTLIB LIB(NOSUCHLIB)'", 60, lines.append),
        session.stat("/flashc/new"),
        session.make_folder("/flashc", 0o755),
        session.write("/flashc/new", b"text", 0o640),
        session.write("/flashc/new", b"other text", 0o640),
        session.set_mode("/flashc/new", 0o600),
        session.stat("/flashc/new"),
        session.read("/flashc/new", 100),
        session.read("/flashc/none", 100),
        lines,
    ]
    for forbidden in (lambda: session.read("/flashc/new", 3), lambda: session.make_folder("/no/way", 0o755)):
        with pytest.raises(DeployError) as refused:
            forbidden()
        found.append((refused.value.text.split(":")[0], refused.value.status))
    return found


def test_both_get_the_same_answers_and_leave_the_same_history(root: Path, tmp_path: Path) -> None:
    world, gate = opened(root, tmp_path / "memory", "memory")
    answers = in_memory(gate, world, acts)
    other, line = opened(root, tmp_path / "thread", "thread")
    key = tmp_path / KEY
    key.write_text(private_key(KEY))

    def by_ssh() -> list[object]:
        known = parse(pinned_keys(other.site))
        session = connect(TARGET, USER, known, key_file=str(key), places=_places(other))
        try:
            return acts(session)
        finally:
            session.close()

    assert answers == run_guest(line, "flashc", by_ssh)
    line.close()
    assert world.events.lines() == other.events.lines()
    assert gate.transcript == line.transcript
    assert world.now == other.now


def _places(world: World) -> dict[str, str]:
    return {address: f"127.0.0.1:{port}" for address, port in world.addresses.items()}


def test_a_connection_that_was_cut_is_of_no_use_any_more(root: Path, tmp_path: Path) -> None:
    world, gate = opened(root, tmp_path / "world", "memory")

    def act(session: Session) -> None:
        gate.cut(gate.routes[str(TARGET)].server)
        assert session.run("echo", 60).status is None
        with pytest.raises(DeployError, match=r"/flashc: the connection has ended"):
            session.stat("/flashc")

    in_memory(gate, world, act)


def test_only_who_would_be_let_in_gets_a_session(root: Path, tmp_path: Path) -> None:
    world, gate = opened(root, tmp_path / "world", "memory")
    pinned, server = parse(pinned_keys(world.site)), gate.routes[str(TARGET)].server
    assert open_door(gate, TARGET, USER, pinned, KEY) is server
    assert open_door(gate, TARGET, USER, pinned, "another key") is None
    assert open_door(gate, TARGET, "NOBODY", pinned, KEY) is None
    assert open_door(gate, TARGET, USER, {}, KEY) is None
    server.mode = "refused"
    assert open_door(gate, TARGET, USER, pinned, KEY) is None
