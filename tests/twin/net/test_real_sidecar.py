"""The real sidecar in the three modes, on the example's site: console, array, mail, armed trigger."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import flashrt
import pytest
from flashtwin import pase
from flashtwin.build import build_world
from flashtwin.externals import Mode
from flashtwin.gate import Gate
from flashtwin.keys import private_key
from flashtwin.odbc import DATABASE_SERVER
from flashtwin.os400 import OperatingSystem
from flashtwin.scheduler import Signal, Wait
from flashtwin.site_load import load_site
from flashtwin.site_network import open_network, pinned_keys
from flashtwin.world import World
from netbench import MODES

Steps = Generator[Wait, Signal | None, Any]
RUN = "20261118203500"

CONF = {
    "version": 1,
    "system": {"name": "SISTPROD", "library": "BCKFLASHP", "identities": [{"serial": "78ABC12", "lpar": 24}]},
    "consoles": {
        "HMC1": {
            "family": "hmc",
            "addresses": ["10.1.0.10", "10.1.0.11"],
            "user": "flashc",
            "key": "hmc1_ed25519",
        }
    },
    "arrays": {
        "V7000": {"family": "svc", "addresses": ["10.1.0.20"], "user": "flashc", "key": "v7000_ed25519"}
    },
    "clones": {
        "SISTPROD_24": {
            "partition": "SISTPROD_24",
            "lpar_id": 56,
            "managed_system": "Server-9009-42A-SN78ABC12",
            "console": "HMC1",
            "profile": "clone",
            "network_isolated": True,
            "disks": [{"group": "SISTPROD_24", "array": "V7000"}],
        }
    },
    "mail": {
        "server": "10.1.0.25:25",
        "from": "flashc@example.net",
        "to": {"DAILY": {"end": ["ops@example.net"]}},
    },
}


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's folder as a deployment leaves it, without the CL."""
    folder = tmp_path_factory.mktemp("bundle")
    for name, mode in (("bin", 0o755), ("conf", 0o755), ("keys", 0o700), ("runs", 0o755)):
        (folder / name).mkdir()
        (folder / name).chmod(mode)
    package = Path(flashrt.__file__).parent
    with zipfile.ZipFile(folder / "bin/flashrt.pyz", "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(package.rglob("*.py")):
            packed.write(file, f"flashrt/{file.relative_to(package)}")
    (folder / "conf/sidecar.json").write_text(json.dumps(CONF))
    for name in ("hmc1_ed25519", "v7000_ed25519"):
        (folder / "keys" / name).write_text(private_key(name))
        (folder / "keys" / name).chmod(0o600)
    return folder


class Site:
    """A world with the product's folder on production."""

    def __init__(self, root: Path, folder: Path, bundle: Path, mode: Mode, *changes: tuple[str, str]) -> None:
        text = (root / "examples/nightly_brms.site.toml").read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        site = load_site(text)
        self.world: World = build_world(site, folder)
        self.gate: Gate = open_network(self.world, mode)
        system = self.world.partition("SISTPROD").os
        assert system is not None
        self.source: OperatingSystem = system
        self.product = system.image.ifs / "flashc/L"
        shutil.copytree(bundle, self.product)
        (self.product / "conf/known_hosts").write_text(pinned_keys(site))
        self.job = system.system_job("FLDRV", "FLASHC")
        # As the runbook has the security officer grant it: without, no partition id is shown.
        guarded = system.find_object(self.job, "QPMLPMGT", "QSYS", "*SRVPGM")
        assert guarded is not None
        guarded.private["FLASHC"] = "*USE"

    def call(self, *words: str) -> Steps:
        """A sidecar call, as the driver's QSH makes it."""
        argv = [
            "/QOpenSys/pkgs/bin/python3.9",
            "/flashc/L/bin/flashrt.pyz",
            *words,
            "--config",
            "/flashc/L/conf",
        ]
        return pase.run_captured(self.source, self.job, argv, {})

    def run(self, *words: str) -> tuple[int, str]:
        """Run one call; status and output."""
        task = self.world.scheduler.spawn("call", self.call(*words))
        self.world.scheduler.run(stop=lambda: task.ended)
        return task.result.status, task.result.out + task.result.err

    def transcript(self) -> list[tuple[Any, ...]]:
        """What was asked and answered, with the times."""
        return [(e.at, e.answered_at, e.system, e.request, e.out, e.ending) for e in self.gate.transcript]


@pytest.fixture
def sites(root: Path, tmp_path: Path, bundle: Path) -> Iterator[list[Site]]:
    """The same site three times, once for each mode."""
    made = [Site(root, tmp_path / mode, bundle, mode) for mode in MODES]  # type: ignore[arg-type]
    yield made
    for site in made:
        site.gate.close()


def test_one_night_of_calls_is_the_same_in_all_modes(sites: list[Site]) -> None:
    seen = []
    for site in sites:
        texts = [
            site.run("console", "state", "--clone", "SISTPROD_24"),
            site.run("array", "V7000", "status", "--clone", "SISTPROD_24"),
            site.run("console", "state", "--clone", "NONE"),
            site.run("mail", "--environment", "DAILY", "--phase", "end", "--run", RUN, "--text", "done"),
        ]
        seen.append(
            (texts, site.transcript(), site.world.now, [e.facts for e in site.world.events.of("mail")])
        )
    assert seen[0] == seen[1] == seen[2]
    statuses = [status for status, _ in seen[0][0]]
    assert statuses[:2] == [0, 0]
    assert statuses[2] != 0
    assert seen[0][3][0]["phase"] == "end"
    assert any("lssyscfg" in entry[3] for entry in seen[0][1])


def test_a_result_record_names_no_folder_of_this_machine(sites: list[Site]) -> None:
    for site in sites:
        (site.product / "keys/hmc1_ed25519").unlink()
        status, _ = site.run(
            "console", "state", "--clone", "SISTPROD_24", "--result", "/flashc/L/runs/result"
        )
        record = (site.product / "runs/result").read_bytes()
        assert status == 29
        assert len(record) == 513
        assert b" /flashc/L/keys/hmc1_ed25519 " in record
        assert record.endswith(b" \n")


def _prepare(site: Site) -> None:
    for verb in ("release", "prepare"):
        for _ in range(40):
            status, text = site.run("array", "ALL", verb, "--clone", "SISTPROD_24", "--run", RUN)
            if status != 30:
                break
            wait = site.world.scheduler.spawn("wait", _pause(site.world, 10.0))
            site.world.scheduler.run(stop=lambda task=wait: task.ended)  # type: ignore[misc]
        assert status == 0, text


HALF = """\
    ["SISTPROD_D3", "SISTP24_D3"],
    ["SISTPROD_D4", "SISTP24_D4"],
]

[[arrays.groups]]
name = "SISTPROD_1"
"""
SECOND = """\
]

[[arrays.groups]]
name = "SISTPROD_24B"
status = "copying"
start_time = "261117204027"
maps = [
"""


def test_two_requests_are_under_way_together_in_every_mode(root: Path, tmp_path: Path, bundle: Path) -> None:
    held = []
    for mode in MODES:
        site = Site(root, tmp_path / mode, bundle, mode, (HALF, SECOND + HALF))  # type: ignore[arg-type]
        conf = json.loads((site.product / "conf/sidecar.json").read_text())
        conf["clones"]["SISTPROD_24"]["disks"].append({"group": "SISTPROD_24B", "array": "V7000"})
        (site.product / "conf/sidecar.json").write_text(json.dumps(conf))
        try:
            _prepare(site)
            held.append(_fire(site))
            clone = site.world.partition("SISTPROD_24")
            # Both groups took their copy at one instant: together they are a system.
            assert clone.boot_image() is not None
        finally:
            site.gate.close()
    assert held[0] == held[1] == held[2]
    assert held[0][1:] == (1.0, ["READY", "FIRED", "BYE"], 2)


def test_the_armed_trigger_flashes_in_one_second(sites: list[Site]) -> None:
    held = []
    for site in sites:
        _prepare(site)
        held.append(_fire(site))
    assert held[0] == held[1] == held[2]
    pinged, fired, words, flashes = held[0]
    assert words == ["READY", "FIRED", "BYE"]
    # A ping asks the array something, the request itself takes its second and nothing else.
    assert pinged >= 0.0
    assert fired == 1.0
    assert flashes == 1


def _pause(world: World, seconds: float) -> Steps:
    yield Wait((), world.now + seconds)


def _fire(site: Site) -> tuple[float, float, list[str], int]:
    world = site.world
    armed = world.scheduler.spawn(
        "armed", site.call("arm", "--clone", "SISTPROD_24", "--run", RUN, "--deadline", "600")
    )
    file = site.product / "runs" / RUN / "armed"
    while not file.exists():
        pause = world.scheduler.spawn("wait", _pause(world, 2.0))
        world.scheduler.run(stop=lambda task=pause: task.ended)  # type: ignore[misc]
    port, token = file.read_text().split()[:2]
    plug = site.gate.loopback.connect(int(port), site.source)
    assert plug is not None

    def ask(verb: str) -> Steps:
        start = world.now
        assert plug.send(f"{token:<32}{verb:<32}".encode("cp037"))
        while len(plug.buffer) < 128:
            yield Wait((plug.readable,), start + 30.0)
            assert world.now < start + 30.0
        answer = plug.receive(128).decode("cp037")
        assert answer.startswith(token)
        return world.now - start, answer[34:44].strip()

    def talk() -> Steps:
        ping = yield from ask("PING")
        fire = yield from ask("FIRE")
        bye = yield from ask("QUIT")
        return ping[0], fire[0], [ping[1], fire[1], bye[1]]

    driver = world.scheduler.spawn("driver", talk())
    world.scheduler.run(stop=lambda: driver.ended and armed.ended)
    assert armed.result.status == 0
    return (*driver.result, len(list(world.events.of("flash"))))


def refused(site: Site, why: str) -> None:
    """Everything that acts is refused for this reason, and nothing was sent anywhere."""
    for words in (
        ("array", "V7000", "release"),
        ("array", "V7000", "abort"),
        ("console", "off", "--immediate"),
        ("console", "on"),
        ("arm", "--deadline", "60"),
    ):
        status, text = site.run(*words, "--clone", "SISTPROD_24", "--run", RUN)
        assert status == 20
        assert text.startswith("Nothing was sent")
        assert why in text
    assert site.transcript() == []


def test_what_acts_is_refused_on_the_clone(sites: list[Site]) -> None:
    for site in sites:
        clone = site.world.partition("SISTPROD_24").os
        assert clone is not None
        shutil.copytree(site.product, clone.image.ifs / "flashc/L")
        # The worst case: the clone sees console and array as production does.
        clone.network = site.source.network
        source, site.source, site.job = site.source, clone, clone.system_job("FLDRV", "FLASHC")
        refused(site, "SQL did not answer")
        # Even where somebody started its host servers.
        clone.work.subsystems.update(source.work.subsystems)
        clone.network.servers.add(DATABASE_SERVER)
        refused(site, "SQL shows no partition id")
        clone.image.libraries["QSYS"].objects[("QPMLPMGT", "*SRVPGM")].private["FLASHC"] = "*USE"
        refused(site, "this is partition 56 of machine 78ABC12, which is not SISTPROD")
        # Looking is not forbidden.
        assert site.run("array", "V7000", "status", "--clone", "SISTPROD_24")[0] == 0
