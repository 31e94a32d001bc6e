"""The simulated PowerMax: Unisphere's answers in both key styles, and what lies on the targets."""

from __future__ import annotations

import base64
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from flashtwin.build import build_machines
from flashtwin.image import SystemImage
from flashtwin.keys import secret_text
from flashtwin.sims.http import HttpCall, HttpOutcome, https_server
from flashtwin.sims.powermax import PowerMax
from flashtwin.sims.server import Connection
from flashtwin.site import ArrayUser
from flashtwin.site_load import read_site
from flashtwin.world import World

ROOT = "/univmax/restapi"
SERIAL = "000197900123"


class Nobody:
    """A wire that goes nowhere."""

    def greet(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Client:
    """Asks the simulator and lets the clock run to each reply."""

    def __init__(self, array: PowerMax, user: str = "flashc", secret: str = "unisphere") -> None:
        self.array = array
        self.connection = Connection(https_server(array.name, array.answer), 1, Nobody())
        self.given = base64.b64encode(f"{user}:{secret_text(secret)}".encode()).decode()

    def __call__(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, dict[str, Any]]:
        headers = {"authorization": f"Basic {self.given}"}
        data = json.dumps(body).encode() if body is not None else b""
        outcome = self.array.answer(HttpCall(method, ROOT + path, query, headers, data, self.connection))
        scheduler = self.array.world.scheduler
        scheduler.run(until=scheduler.now + outcome.duration_s)
        outcome = (outcome.effect() if outcome.effect else None) or outcome
        assert isinstance(outcome, HttpOutcome)
        assert outcome.status is not None
        return outcome.status, json.loads(outcome.out or "{}")

    def replication(self, method: str, rest: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        path = f"/{self.array.api}/replication/symmetrix/{SERIAL}/storagegroup/SISTPROD/snapshot{rest}"
        return self(method, path, body)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build_machines(read_site(Path("examples/nightly_powermax.site.toml")), tmp_path / "world")


@pytest.fixture
def array(world: World) -> PowerMax:
    found = world.arrays["PMAX"]
    assert isinstance(found, PowerMax)
    return found


@pytest.fixture
def ask(array: PowerMax) -> Client:
    return Client(array)


@pytest.fixture
def image(world: World, tmp_path: Path) -> SystemImage:
    made = SystemImage("SISTPROD", tmp_path / "ifs")
    made.ifs.mkdir()
    for volume in world.partition("SISTPROD").volumes:
        volume.image = made
    return made


def act(action: str, group: str = "SISTPROD_24", key: str = "storage_group_name") -> dict[str, Any]:
    return {"action": action, action.lower(): {key: group, "copy": False, "force": False}}


def test_who_may_ask(array: PowerMax) -> None:
    assert Client(array)("GET", "/version")[1]["version"] == "V10.0.0.5"
    assert Client(array, secret="other")("GET", "/version")[0] == 401
    array.users["eye"] = ArrayUser(name="eye", role="Monitor", secrets=("unisphere",))
    eye = Client(array, "eye")
    assert eye.replication("GET", "")[0] == 200
    assert eye.replication("POST", "", {"snapshotName": "FLASHC"})[0] == 403


def test_an_instant_is_shown_by_a_link(ask: Client, image: SystemImage, array: PowerMax) -> None:
    (image.ifs / "written").write_text("before")
    status, made = ask.replication("POST", "", {"snapshotName": "FLASHC"})
    (image.ifs / "written").write_text("after")
    assert (status, made["state"], len(made["source_volume"])) == (201, ["Established"], 4)
    (flash,) = array.world.events.of("flash")
    assert (flash["group"], flash["whole"]) == ("SISTPROD_24", True)
    numbers = ask.replication("GET", "/FLASHC/snapid")[1]["snapids"]
    assert numbers[0] == made["snapid"]
    assert ask.replication("PUT", f"/FLASHC/snapid/{numbers[0]}", act("Link"))[0] == 409
    assert ask.replication("PUT", f"/FLASHC/snapid/{numbers[0]}", act("Relink"))[0] == 200
    (copy,) = {id(one.image): one.image for one in array.groups["SISTPROD_24"]}.values()
    assert copy is not None
    assert (copy.ifs / "written").read_text() == "before"
    found = ask.replication("GET", f"/FLASHC/snapid/{numbers[0]}")[1]
    assert {one["defined"] for one in found["linked_storage_group"]} == {False}
    array.world.scheduler.run(until=array.world.now + 11)
    found = ask.replication("GET", f"/FLASHC/snapid/{numbers[0]}")[1]
    assert {one["defined"] for one in found["linked_storage_group"]} == {True}
    assert ask.replication("DELETE", f"/FLASHC/snapid/{numbers[0]}")[0] == 409
    assert ask.replication("PUT", f"/FLASHC/snapid/{numbers[0]}", act("Unlink"))[0] == 200
    assert all(one.image is None for one in array.groups["SISTPROD_24"])
    assert ask.replication("DELETE", f"/FLASHC/snapid/{numbers[0]}")[0] == 204


def test_volumes_are_linked_by_their_sizes_and_not_in_the_order_of_the_groups(
    ask: Client, image: SystemImage, array: PowerMax
) -> None:
    del image
    sources, targets = array.groups["SISTPROD"], array.groups["SISTPROD_24"]
    for one, size in zip((*sources, *targets), (1, 2, 2, 4, 4, 2, 1, 2), strict=True):
        one.size = size * 2**30
    number = ask.replication("POST", "", {"snapshotName": "FLASHC"})[1]["snapid"]
    assert ask.replication("PUT", f"/FLASHC/snapid/{number}", act("Relink"))[0] == 200
    pairs = array.snapshots["SISTPROD"][-1].links["SISTPROD_24"].pairs
    assert [(source.size, target.size) for source, target in pairs] == [
        (one.size, one.size) for one in sources
    ]
    assert {target.name for _, target in pairs} == {one.name for one in targets}
    targets[0].size = 2**30
    assert ask.replication("PUT", f"/FLASHC/snapid/{number}", act("Relink"))[0] == 409


def test_generations_move_with_each_new_snapshot(array: PowerMax, image: SystemImage) -> None:
    del image
    facts = {**array.config.facts, "version": "V9.1.0.12"}
    older = Client(PowerMax(array.world, dataclasses.replace(array.config, facts=facts)))
    assert older.replication("GET", "/FLASHC/snapid")[0] == 404
    first = older.replication("GET", "/FLASHC/generation/0")[1]
    assert (first["isLinked"], "snapid" in first) == (True, False)
    older.replication("POST", "", {"snapshotName": "FLASHC"})
    assert older.replication("GET", "/FLASHC/generation")[1]["generations"] == [0, 1]
    assert older.replication("GET", "/FLASHC/generation/0")[1]["isLinked"] is False
    assert older.replication("GET", "/FLASHC/generation/1")[1]["timestamp"] == first["timestamp"]
    assert older.replication("PUT", "/FLASHC/generation/0", act("Relink"))[0] == 400
    assert (
        older.replication("PUT", "/FLASHC/generation/0", act("Relink", key="relinkStorageGroupName"))[0]
        == 200
    )


def test_what_is_known_of_volumes_groups_and_hosts(ask: Client) -> None:
    base = f"/100/sloprovisioning/symmetrix/{SERIAL}"
    assert ask("GET", f"{base}/volume", storageGroupId="SISTPROD")[1]["count"] == 4
    volume = ask("GET", f"{base}/volume/00201")[1]
    assert (volume["snapvx_target"], volume["wwn"]) == ("true", f"60000970{SERIAL}533030323031")
    group = ask("GET", f"{base}/storagegroup/SISTPROD_24")[1]
    assert (group["num_of_vols"], group["maskingview"]) == (4, ["SISTPROD_24_SISTPROD_24_MV"])
    view = ask("GET", f"{base}/maskingview/SISTPROD_24_SISTPROD_24_MV")[1]
    assert (view["hostId"], view["storageGroupId"]) == ("SISTPROD_24", "SISTPROD_24")
    assert len(ask("GET", f"{base}/host/SISTPROD_24")[1]["initiator"]) == 2
    assert ask("GET", f"{base}/srp/SRP_1")[1]["srp_capacity"]["usable_total_tb"] == 40.0
    assert ask("GET", f"/100/system/symmetrix/{SERIAL}")[1]["ucode"] == "5978.711.711"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/92/system/symmetrix/000197900123", 404),
        ("GET", "/100/system/symmetrix/000000000000", 404),
        ("GET", "/100/sloprovisioning/symmetrix/000197900123/volume/99999", 404),
        ("GET", "/100/replication/symmetrix/000197900123/storagegroup/NONE/snapshot", 404),
        ("POST", "/100/replication/symmetrix/000197900123/storagegroup/SISTPROD/snapshot", 400),
        (
            "DELETE",
            "/100/replication/symmetrix/000197900123/storagegroup/SISTPROD/snapshot/FLASHC/snapid/1",
            404,
        ),
    ],
)
def test_other_requests_are_refused(ask: Client, method: str, path: str, status: int) -> None:
    before = len(ask.array.snapshots["SISTPROD"])
    found = ask(method, path, {} if method == "POST" else None)
    assert (found[0], "message" in found[1]) == (status, True)
    assert len(ask.array.snapshots["SISTPROD"]) == before
