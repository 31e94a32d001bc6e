"""The sidecar's console and array verbs against the simulators: a night's requests, and its refusals.

The simulators are written without looking at the drivers; here the two meet, without SSH between them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flashrt.edges import Credentials, Edges, Endpoint, Reply
from flashrt.main import main
from flashrt.programs import SitePrograms
from flashrt.status import TIMEOUT, UNREACHABLE, SidecarError
from flashtwin.build import build_world
from flashtwin.sims.outcome import Outcome
from flashtwin.site import Site
from flashtwin.site_load import load_site, read_site
from flashtwin.world import World
from vios_site import through_vios

RUN = "20261118203500"


class WorldClock:
    def __init__(self, world: World) -> None:
        self.world = world

    def now(self) -> float:
        return self.world.now

    def sleep(self, seconds: float) -> None:
        self.world.scheduler.run(until=self.world.now + seconds)

    def wait(self, pollable: Any, deadline: float) -> bool:
        del deadline
        return bool(pollable.poll(0.0))

    def wait_any(self, pollables: Sequence[Any], deadline: float) -> int | None:
        del deadline
        return next((place for place, one in enumerate(pollables) if one.poll(0.0)), None)


class Order:
    """A channel: its command is run when it is sent."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.given: Reply | None = None

    def send(self, command: str) -> None:
        self.given = self.line.run(command, self.line.world.now + 8.0)

    def poll(self, seconds: float) -> bool:
        del seconds
        return self.given is not None

    def reply(self) -> Reply:
        assert self.given is not None
        return self.given


class Line:
    """A session: each command runs its outcome on the world's clock."""

    def __init__(self, world: World, system: Any, user: str) -> None:
        self.world, self.system, self.user = world, system, user

    def run(self, command: str, deadline: float) -> Reply:
        outcome = self.system.handle(self.user, command)
        assert isinstance(outcome, Outcome)
        if outcome.hang:
            self.world.scheduler.run(until=deadline)
            raise SidecarError(TIMEOUT, f"no answer to {command}")
        self.world.scheduler.run(until=self.world.now + outcome.duration_s)
        changed = outcome.effect() if outcome.effect is not None else None
        said = changed or outcome
        return Reply(said.status, said.out, said.err)

    def open_command(self, deadline: float) -> Order:
        del deadline
        return Order(self)

    def close(self) -> None:
        pass


class Wires:
    def __init__(self, world: World) -> None:
        self.world = world
        site: Site = world.site
        self.systems: dict[str, Any] = {}
        for one in (*site.consoles, *site.arrays):
            for address in one.addresses:
                self.systems[f"{address}:22"] = {**world.consoles, **world.arrays}[one.name]

    def connect(self, endpoint: Endpoint, credentials: Credentials, known_hosts: str, deadline: float) -> Any:
        del known_hosts, deadline
        if str(endpoint) not in self.systems:
            raise SidecarError(UNREACHABLE, f"{endpoint} cannot be reached.")
        return Line(self.world, self.systems[str(endpoint)], credentials.user)


class IdentityOnly:
    """A database that tells which partition this is, and nothing else."""

    def query(self, sql: str, parameters: Sequence[object] = (), *, limit_s: float) -> list[Any]:
        if sql == "SELECT SERIAL_NUMBER, PARTITION_ID FROM QSYS2.SYSTEM_STATUS_INFO":
            return [("78ABC12", 24)]
        raise SidecarError(UNREACHABLE, f"no database for {sql} {parameters} {limit_s}")


class Said:
    def __init__(self, status: int, record: str) -> None:
        self.status, self.word, self.refcode = status, record[2:12].strip(), record[12:20].strip()
        self.extra1, self.extra2, self.text = (
            record[20:30].strip(),
            record[30:40].strip(),
            record[40:].strip(),
        )


class Sidecar:
    """Runs a verb of the real sidecar in a world."""

    def __init__(self, site: Site, folder: Path, conf: dict[str, Any] | None = None) -> None:
        self.world = build_world(site, folder / "world")
        self.folder = folder
        self.run = RUN
        edges: Any = (WorldClock(self.world), Wires(self.world), IdentityOnly(), SitePrograms())
        self.edges = Edges(*edges)
        for name in ("conf", "runs", "inbox", "keys"):
            (folder / name).mkdir()
        (folder / "conf" / "sidecar.json").write_text(json.dumps(conf or configuration()), encoding="utf-8")

    def __call__(self, *words: str) -> Said:
        answer = self.folder / "answer"
        common = ("--clone", "SISTPROD_24", "--run", self.run, "--config", str(self.folder / "conf"))
        status = main([*words, *common, "--result", str(answer)], self.edges)
        return Said(status, answer.read_text("ascii"))

    def array(self, *words: str) -> Said:
        return self("array", "V7000", *words)

    def until(self, *words: str, limit: int = 60) -> Said:
        """Repeat a verb that is pending, as the CL does."""
        for _ in range(limit):
            said = self(*words)
            if said.status != 30:
                return said
            self.edges.clock.sleep(5.0)
        raise AssertionError(f"{words} is pending for ever")


def configuration() -> dict[str, Any]:
    """What the compiler writes for the example."""
    return {
        "version": 1,
        "system": {
            "name": "SISTPROD",
            "library": "BCKFLASHP",
            "identities": [{"serial": "78ABC12", "lpar": 24}],
        },
        "clones": {
            "SISTPROD_24": {
                "partition": "SISTPROD_24",
                "lpar_id": 56,
                "managed_system": "Server-9009-42A-SN78ABC12",
                "console": "HMC1",
                "profile": "clone",
                "disks": [{"group": "SISTPROD_24", "array": "V7000"}],
                "network_isolated": True,
                "link": {"source": "192.168.99.15", "clone": "192.168.99.16", "vlan": 99},
            }
        },
        "consoles": {"HMC1": device("hmc", "10.1.0.10:22", "10.1.0.11:22")},
        "arrays": {"V7000": device("svc", "10.1.0.20:22")},
        "limits": {"connect_s": 15, "request_s": 20, "trigger_s": 8},
        "checks": {"release": "7.4", "min_free_percent": 10, "window_s": 36000},
    }


def device(family: str, *addresses: str) -> dict[str, Any]:
    """A console or an array of the configuration."""
    return {"family": family, "addresses": list(addresses), "user": "flashc", "key": "a_key"}


@pytest.fixture
def night(root: Path) -> Site:
    return read_site(root / "examples" / "nightly_brms.site.toml")


@pytest.fixture
def sidecar(night: Site, tmp_path: Path) -> Sidecar:
    return Sidecar(night, tmp_path)


def test_the_requests_of_a_whole_night(sidecar: Sidecar) -> None:
    world = sidecar.world
    assert (sidecar("console", "state").word, sidecar.array("status").word) == ("RUNNING", "ACTIVE")
    assert sidecar.array("require", "--group", "SISTPROD_1", "--state", "idle_or_copied").status == 0
    assert sidecar("console", "off").status == 0
    assert sidecar("console", "state").word == "STOPPING"
    world.scheduler.run(until=world.now + 180)
    assert sidecar("console", "state").word == "OFF"
    assert sidecar.array("check").status == 0
    assert sidecar.until("array", "V7000", "release").status == 0
    assert sidecar.until("array", "V7000", "prepare").word == "PREPARED"
    assert sidecar.array("trigger").status == 0
    assert sidecar.array("prove").status == 0
    assert sidecar.array("usage").status == 0
    (flash,) = world.events.of("flash")
    assert (flash["group"], flash["whole"]) == ("SISTPROD_24", True)
    assert sidecar("console", "on").status == 0
    assert sidecar("console", "state").word == "STARTING"
    clone = world.partition("SISTPROD_24")
    world.scheduler.run(until=world.now + 2000, stop=lambda: clone.os is not None)
    state = sidecar("console", "state")
    assert (state.word, state.refcode) == ("RUNNING", "00000000")


def test_a_prepared_group_is_given_up_by_abort(sidecar: Sidecar) -> None:
    sidecar("console", "off", "--immediate")
    sidecar.world.scheduler.run(until=sidecar.world.now + 60)
    sidecar.until("array", "V7000", "release")
    assert sidecar.until("array", "V7000", "prepare").word == "PREPARED"
    assert sidecar.array("abort").status == 0
    states = [event["state"] for event in sidecar.world.events.of("group_state")]
    assert states == ["stopped", "preparing", "prepared", "stopped"]
    assert not list(sidecar.world.events.of("flash"))


def test_a_failed_flush_is_told(night: Site, tmp_path: Path) -> None:
    arrays = (replace(night.arrays[0], flush_fails=True),)
    sidecar = Sidecar(replace(night, arrays=arrays), tmp_path)
    sidecar("console", "off", "--immediate")
    sidecar.world.scheduler.run(until=sidecar.world.now + 60)
    sidecar.until("array", "V7000", "release")
    said = sidecar.until("array", "V7000", "prepare", limit=10)
    assert said.status not in (0, 30)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"id": 57}, 21),
        ({"name": "OTHER"}, 22),
    ],
)
def test_a_partition_that_is_not_the_declared_one_is_refused(
    night: Site, tmp_path: Path, changes: dict[str, Any], status: int
) -> None:
    parts = (night.partitions[0], replace(night.partitions[1], **changes))
    sidecar = Sidecar(replace(night, partitions=parts), tmp_path)
    for act in ("state", "off", "on"):
        assert sidecar("console", act).status == status
    assert not [event for event in sidecar.world.events.of("hmc_command") if "chsysstate" in event["text"]]


def test_a_group_that_lacks_a_disk_is_found(night: Site, tmp_path: Path) -> None:
    array = night.arrays[0]
    groups = (replace(array.groups[0], maps=array.groups[0].maps[:3]), array.groups[1])
    sidecar = Sidecar(replace(night, arrays=(replace(array, groups=groups),)), tmp_path)
    said = sidecar.array("check")
    assert said.status != 0
    assert "D4" in said.text


def test_a_console_that_hangs_is_a_time_out(night: Site, tmp_path: Path) -> None:
    site = replace(night, consoles=(replace(night.consoles[0], reach="hang"),))
    assert Sidecar(site, tmp_path)("console", "state").status == 26


def test_a_user_without_authority_is_told(night: Site, tmp_path: Path) -> None:
    watcher = replace(night.consoles[0].users[0], role="hmcviewer")
    sidecar = Sidecar(replace(night, consoles=(replace(night.consoles[0], users=(watcher,)),)), tmp_path)
    said = sidecar("console", "off")
    assert said.status not in (0, 30)
    assert "HSCL350B" in said.text


# through VIOS, and with a standby console


@pytest.fixture
def behind(night: Site, tmp_path: Path) -> Sidecar:
    """The sidecar of a clone whose disks come through VIOS1 and VIOS2, off, with HMC2 as standby."""
    conf = configuration()
    conf["clones"]["SISTPROD_24"]["vios"] = ["VIOS1", "VIOS2"]
    conf["consoles"]["HMC1"]["standby"] = "HMC2"
    conf["consoles"]["HMC2"] = device("hmc", "10.1.0.12:22")
    sidecar = Sidecar(through_vios(night), tmp_path, conf)
    sidecar("console", "off", "--immediate")
    sidecar.world.scheduler.run(until=sidecar.world.now + 60)
    return sidecar


def seen(sidecar: Sidecar) -> int:
    return len(sidecar.world.partition("SISTPROD_24").seen())


def test_the_requests_of_a_night_through_vios(behind: Sidecar) -> None:
    world = behind.world
    assert behind("vios", "status").word == "MAPPED"
    said = behind("vios", "unmap")
    assert (said.status, said.word, said.extra1, said.extra2) == (0, "UNMAPPED", "4", "8")
    assert seen(behind) == 0
    assert behind("vios", "status").word == "UNMAPPED"
    assert behind.until("array", "V7000", "release").status == 0
    assert behind.until("array", "V7000", "prepare").word == "PREPARED"
    assert behind.array("trigger").status == 0
    assert behind.array("prove").status == 0
    assert not list(world.events.of("vios_disk_errors"))
    said = behind("vios", "map")
    assert (said.status, said.word, said.extra2) == (0, "MAPPED", "8")
    assert seen(behind) == 4
    assert behind("console", "on").status == 0
    clone = world.partition("SISTPROD_24")
    world.scheduler.run(until=world.now + 2000, stop=lambda: clone.os is not None)
    assert behind("console", "state").word == "RUNNING"
    made = [(e.system, e["device"]) for e in world.events.of("vios_mapped")]
    assert made == [(vios, f"clone_d{n}") for vios in ("VIOS1", "VIOS2") for n in (1, 2, 3, 4)]


def test_a_running_clone_keeps_its_disks(behind: Sidecar) -> None:
    behind.world.partition("SISTPROD_24").state = "Running"
    assert behind("vios", "unmap").status == 20
    assert seen(behind) == 4


def test_with_a_vios_away_nothing_is_removed_and_nothing_lost(behind: Sidecar) -> None:
    world = behind.world
    world.partition("VIOS2").state = "Not Activated"
    assert behind("vios", "unmap").status == 23
    assert seen(behind) == 4
    world.partition("VIOS2").state = "Running"
    assert behind("vios", "unmap").status == 0
    world.partition("VIOS2").state = "Not Activated"
    assert behind("vios", "map").status == 23
    world.partition("VIOS2").state = "Running"
    assert behind("vios", "map").word == "MAPPED"
    assert behind("vios", "status").word == "MAPPED"


def test_a_disk_that_was_deleted_is_configured_again(behind: Sidecar) -> None:
    behind("vios", "unmap")
    vios: Any = behind.world.partition("VIOS1").vios
    vios.handle("rmdev -dev hdisk2")()
    vios.handle("rmdev -dev hdisk1")()
    assert behind("vios", "map").word == "MAPPED"


def test_a_client_that_is_unknown_to_the_vios(behind: Sidecar) -> None:
    for name in ("VIOS1", "VIOS2"):
        server: Any = behind.world.partition(name).vios
        server.adapters[0].client_known = False
    assert behind("vios", "unmap").word == "UNMAPPED"
    assert behind("vios", "map").word == "MAPPED"


def test_everything_over_the_standby_console(behind: Sidecar) -> None:
    wires: Any = behind.edges.network
    del wires.systems["10.1.0.10:22"], wires.systems["10.1.0.11:22"]
    assert behind("console", "state").word == "OFF"
    assert behind("vios", "unmap").word == "UNMAPPED"
    assert behind("vios", "map").word == "MAPPED"
    assert {event.system for event in behind.world.events.of("hmc_command") if "dev -v" in event["text"]} == {
        "HMC2"
    }


def test_generations_take_turns(root: Path, tmp_path: Path) -> None:
    """Three groups over the same sources: each run gives up the oldest copy, and none that must be kept."""
    groups = ["SNAP_1", "SNAP_2", "SNAP_3"]
    text = (root / "examples" / "nightly_brms.site.toml").read_text(encoding="utf-8")
    volumes = "".join(
        f'    {{ name = "{group}_D", count = 4, size_gib = 300, thin = true }},\n' for group in groups
    )
    text = text.replace("volumes = [\n", "volumes = [\n" + volumes, 1)
    for group in groups:
        pairs = ", ".join(f'["SISTPROD_D{n}", "{group}_D{n}"]' for n in (1, 2, 3, 4))
        text = text.replace(
            "[[tape]]", f'[[arrays.groups]]\nname = "{group}"\nmaps = [{pairs}]\n\n[[tape]]', 1
        )
    conf = configuration()
    conf["clones"]["SISTPROD_24"]["disks"] = [{"groups": groups, "array": "V7000"}]
    sidecar = Sidecar(load_site(text), tmp_path, conf)
    world = sidecar.world
    assert sidecar("array", "ALL", "check").status == 0
    keep = ("--keep", "43200")
    used = []
    for number in range(7):
        sidecar.run = f"202611{18 + number}203500"
        said = sidecar.until("array", "ALL", "release", *keep)
        assert said.status == 0, said.text
        assert sidecar.until("array", "ALL", "prepare").word == "PREPARED"
        assert sidecar("array", "ALL", "trigger").status == 0
        assert sidecar("array", "ALL", "prove").status == 0
        used.append(str(list(world.events.of("flash"))[-1]["group"]))
        assert used[-1] in said.text
        world.scheduler.run(until=world.now + 6 * 3600)
    assert used == [*groups, *groups, "SNAP_1"]
    # The others keep their copies, and the clone its own.
    images = {
        group: [v.image for v in world.arrays["V7000"].model.volumes.values() if v.name.startswith(group)]
        for group in groups
    }
    assert all(
        image is not None and one is image
        for group in groups
        for image in images[group][:1]
        for one in images[group]
    )
    assert world.partition("SISTPROD_24").state == "Running"
    # Six hours between the runs: a third run within twelve would give up a copy that must be kept.
    sidecar.run = "20261128203500"
    conf["clones"]["SISTPROD_24"]["disks"] = [{"groups": groups[:1], "array": "V7000"}]
    (tmp_path / "conf" / "sidecar.json").write_text(json.dumps(conf), encoding="utf-8")
    said = sidecar("array", "ALL", "release", *keep)
    assert (said.status, said.word) == (36, "YOUNG")
    assert "SNAP_1" in said.text
