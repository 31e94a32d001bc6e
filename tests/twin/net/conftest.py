"""Fixtures of the network tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flashtwin.gate import Gate
from flashtwin.keys import known_hosts_line, private_key, public_key
from flashtwin.scheduler import Scheduler
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Server
from flashtwin.sims.ssh import listen, listen_for_strangers
from netbench import START, Bench, FakeServices, Files, make_zipapp


@pytest.fixture(scope="session")
def zipapp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zipapp, packed once."""
    return make_zipapp(tmp_path_factory.mktemp("zipapp"))


@pytest.fixture
def bench(tmp_path: Path, zipapp: Path) -> Iterator[Bench]:
    """A fresh bench; its servers and processes end with the test."""
    scheduler = Scheduler(START)
    gate = Gate(scheduler)
    answers: dict[str, Outcome] = {}

    def handle(user: str, command: str) -> Outcome:
        return answers.get(command) or Outcome(0, f"{user}: {command}\n")

    key = public_key("user key")[1]
    server = Server("V", handle, lambda user, blob: user == "flashc" and blob == key, login_s=1.0)
    acts: list[tuple[str, str]] = []
    (tmp_path / "remote" / "locked").mkdir(parents=True)
    server.files = Files(tmp_path / "remote", acts)
    listen_for_strangers(gate)
    listen(gate, server)
    gate.publish("10.1.0.20:22", server)
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys" / "v").write_text(private_key("user key"))
    (tmp_path / "keys" / "v").chmod(0o600)
    (tmp_path / "known_hosts").write_text(known_hosts_line("10.1.0.20", 22, "V"))
    yield Bench(tmp_path, gate, FakeServices(scheduler), server, answers, zipapp=zipapp)
    gate.close()
