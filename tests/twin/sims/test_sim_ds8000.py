"""The simulated DS8000: what its REST interface answers, and what lies on the targets over virtual time."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flashtwin.build import build_machines
from flashtwin.image import SystemImage
from flashtwin.keys import secret_text
from flashtwin.scheduler import Scheduler
from flashtwin.sims.ds8000 import Ds8000
from flashtwin.sims.ds8000_flash import Mirror, Relation
from flashtwin.sims.http import HttpCall, HttpOutcome, https_server
from flashtwin.sims.server import Connection
from flashtwin.site import ArrayUser, Site
from flashtwin.site_load import read_site
from flashtwin.world import World

SITE = Path("examples/nightly_ds8000.site.toml")
PAIRS = (("1000", "1100"), ("1001", "1101"), ("1200", "1300"), ("1201", "1301"))
FLASH = "/api/v1/cs/flashcopies"
OPTIONS = ("persistent", "no_background_copy", "permit_space_efficient_target")


class Nobody:
    """A wire that goes nowhere."""

    def greet(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Client:
    """Asks the simulator and lets the clock run to each reply."""

    def __init__(self, world: World, array: Ds8000) -> None:
        self.world = world
        self.array = array
        self.connection = Connection(https_server(array.name, array.answer), 1, Nobody())
        self.token = ""

    def __call__(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, dict[str, Any]]:
        headers = {"x-auth-token": self.token} if self.token else {}
        data = json.dumps({"request": {"params": body}}).encode() if body is not None else b""
        outcome = self.array.answer(HttpCall(method, path, query, headers, data, self.connection))
        scheduler: Scheduler = self.world.scheduler
        scheduler.run(until=scheduler.now + outcome.duration_s)
        outcome = (outcome.effect() if outcome.effect else None) or outcome
        assert isinstance(outcome, HttpOutcome)
        assert outcome.status is not None
        return outcome.status, json.loads(outcome.out or "{}")

    def log_in(self, user: str = "flashc", secret: str = "ds8900") -> tuple[int, dict[str, Any]]:
        status, found = self("POST", "/api/v1/tokens", {"username": user, "password": secret_text(secret)})
        self.token = found.get("token", {}).get("token", "")
        return status, found

    def flash(self, *pairs: tuple[str, str], freeze: bool = True) -> tuple[int, dict[str, Any]]:
        wanted = [{"source_volume": source, "target_volume": target} for source, target in pairs]
        options = [*OPTIONS, *(["freeze_consistency"] if freeze else [])]
        return self("POST", FLASH, {"volume_pairs": wanted, "options": options})

    def relations(self, volume: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self("GET", f"/api/v1/volumes/{volume}/flashcopy")[1]["data"][
            "flashcopy"
        ]
        return found

    def clear(self) -> None:
        """End last night's relations."""
        self("DELETE", FLASH, ids=",".join(":".join(pair) for pair in PAIRS))


@pytest.fixture
def site() -> Site:
    return read_site(SITE)


@pytest.fixture
def world(site: Site, tmp_path: Path) -> World:
    return build_machines(site, tmp_path / "world")


@pytest.fixture
def array(world: World) -> Ds8000:
    found = world.arrays["DS8900"]
    assert isinstance(found, Ds8000)
    return found


@pytest.fixture
def ask(world: World, array: Ds8000) -> Client:
    client = Client(world, array)
    assert client.log_in()[0] == 200
    return client


@pytest.fixture
def image(world: World, tmp_path: Path) -> SystemImage:
    made = SystemImage("SISTPROD", tmp_path / "ifs")
    made.ifs.mkdir()
    for volume in world.partition("SISTPROD").volumes:
        volume.image = made
    return made


def test_a_token_opens_and_dies_of_idleness(ask: Client, world: World) -> None:
    token = ask.token
    ask.token = ""
    assert ask("GET", "/api/v1/systems")[1]["server"]["code"] == "BE7A001A"
    ask.token = token
    status, found = ask("GET", "/api/v1/systems")
    assert (status, found["data"]["systems"][0]["id"]) == (200, "2107-75ABC11")
    world.scheduler.run(until=world.now + ask.array.config.token_life - 2)
    assert ask("GET", "/api/v1/systems")[0] == 200
    world.scheduler.run(until=world.now + ask.array.config.token_life + 1)
    assert ask("GET", "/api/v1/systems")[1]["server"]["code"] == "BE7A001B"


@pytest.mark.parametrize(
    ("user", "secret", "code"),
    [("flashc", "other", "BE7A0027"), ("nobody", "ds8900", "BE7A0027"), ("old", "ds8900", "BE7A0029")],
)
def test_log_ins_that_are_refused(array: Ds8000, world: World, user: str, secret: str, code: str) -> None:
    array.users["old"] = ArrayUser(name="old", secrets=("ds8900",), expired=True)
    status, found = Client(world, array).log_in(user, secret)
    assert (status, found["server"]["code"]) == (401, code)


def test_limits_of_sessions_and_requests(world: World, array: Ds8000) -> None:
    facts = {**array.config.facts, "sessions": "1", "per_second": "2"}
    limited = Ds8000(world, dataclasses.replace(array.config, facts=facts, answer=0.1))
    first, second = Client(world, limited), Client(world, limited)
    assert first.log_in()[0] == 200
    assert second.log_in()[1]["server"]["code"] == "BE7A002C"
    assert first("GET", "/api/v1/systems")[0] == 429
    world.scheduler.run(until=world.now + 1.1)
    assert first("GET", "/api/v1/systems")[0] == 200


def test_a_monitor_may_look_only(array: Ds8000, world: World) -> None:
    array.users["eye"] = ArrayUser(name="eye", role="Monitor", secrets=("ds8900",))
    client = Client(world, array)
    client.log_in("eye")
    assert client("GET", "/api/v1/volumes/1000")[0] == 200
    assert client.flash(PAIRS[0])[0] == 403


def test_one_frozen_copy_over_two_lss(ask: Client, world: World, image: SystemImage) -> None:
    ask.clear()
    (image.ifs / "written").write_text("before")
    status, found = ask.flash(*PAIRS)
    (image.ifs / "written").write_text("after")
    assert (status, [one["server"]["status"] for one in found["responses"]]) == (200, ["ok"] * 4)
    assert sorted(ask.array.held) == ["10", "12"]
    flash = next(iter(world.events.of("flash")))
    assert (flash["group"], flash["whole"], len(flash["targets"])) == ("1000:1100", True, 4)
    targets = {id(ask.array.volumes[target].image): ask.array.volumes[target].image for _, target in PAIRS}
    (copy,) = targets.values()
    assert copy is not None
    assert (copy.ifs / "written").read_text() == "before"
    shown = ask.relations("1300")
    assert [(one["sourcevolume"]["id"], one["state"]) for one in shown] == [("1200", "valid")]
    assert ask("POST", f"{FLASH}/unfreeze", {"lss_ids": ["10", "12", "44"]})[0] == 200
    assert not ask.array.held
    assert [event["how"] for event in world.events.of("writes_released")] == ["thaw", "thaw"]


def test_without_a_thaw_the_timer_lets_the_writes_go(ask: Client, world: World, image: SystemImage) -> None:
    del image
    ask.clear()
    ask.flash(*PAIRS)
    taken = world.now
    world.scheduler.run(until=taken + 61)
    assert {(event["how"], event.time - taken) for event in world.events.of("writes_released")} == {
        ("timer", 60.0)
    }


def test_without_a_freeze_the_lss_are_copied_one_after_the_other(
    ask: Client, world: World, image: SystemImage
) -> None:
    ask.clear()
    world.partition("SISTPROD").boot(image, at_once=True)
    ask.flash(*PAIRS, freeze=False)
    assert not ask.array.held
    assert len(ask.array.relations) == 2
    world.scheduler.run(until=world.now + 1)
    assert len(ask.array.relations) == 4
    assert [event["whole"] for event in world.events.of("flash")] == [False, False]


def existing(array: Ds8000) -> None:
    array.relations["1000:1100"] = Relation(
        array.volume("1000"), array.volume("1100"), "1000:1100", True, False, False, 0.0
    )


def smaller(array: Ds8000) -> None:
    array.volumes["1100"].size //= 2


def mirrored(array: Ds8000) -> None:
    array.mirrors.append(Mirror(array.volume("1100"), "2000", False, "full_duplex"))


def offline(array: Ds8000) -> None:
    array.volumes["1100"].online = False


def full(array: Ds8000) -> None:
    for pool in array.pools.values():
        pool.other_used = pool.capacity


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (existing, "in a relationship"),
        (smaller, "do not fit"),
        (mirrored, "in remote copy"),
        (offline, "not accessible"),
        (full, "no space"),
    ],
)
def test_a_pair_that_cannot_be_does_not_hinder_the_others(
    ask: Client, image: SystemImage, spoil: Callable[[Ds8000], None], says: str
) -> None:
    del image
    ask.clear()
    spoil(ask.array)
    status, found = ask.flash(PAIRS[0])
    assert (status, found["server"]["status"]) == (500, "failed")
    assert says in found["server"]["message"]
    status, found = ask.flash(PAIRS[0], PAIRS[1])
    if spoil is full:
        assert status == 500
        return
    assert (status, [one["server"]["status"] for one in found["responses"]]) == (200, ["failed", "ok"])
    assert "1001:1101" in ask.array.relations


def test_a_thin_target_needs_its_permission(ask: Client) -> None:
    ask.clear()
    pair = [{"source_volume": "1000", "target_volume": "1100"}]
    status, found = ask("POST", FLASH, {"volume_pairs": pair, "options": ["persistent"]})
    assert (status, "space efficient" in found["server"]["message"]) == (500, True)


def test_withdrawn_relations_take_the_contents_along(ask: Client, image: SystemImage) -> None:
    for _, target in PAIRS:
        ask.array.volumes[target].image = image
    assert ask("DELETE", f"{FLASH}/1000:1100")[0] == 200
    assert ask.array.volumes["1100"].image is None
    assert ask("DELETE", f"{FLASH}/1000:1100")[0] == 404
    assert ask("DELETE", FLASH, ids=",".join(["1001:1101"] * 33))[0] == 400
    ask.clear()
    assert not ask.array.relations
    (free,) = ask.array.world.events.of("group_state")
    assert (free["group"], free["word"]) == ("1000:1100", "FREE")


@pytest.mark.parametrize(
    ("path", "kind", "count"),
    [
        ("volumes", "volumes", 8),
        ("volumes/1300", "volumes", 1),
        ("lss", "lss", 4),
        ("lss/10/volumes", "volumes", 2),
        ("pools", "pools", 1),
        ("pools/P0", "pools", 1),
        ("pools/P0/eserep", "eserep", 1),
        ("hosts", "hosts", 2),
        ("hosts/SISTPROD_24", "hosts", 1),
        ("hosts/SISTPROD_24/mappings", "mappings", 4),
        ("host_ports", "host_ports", 4),
        ("cs/flashcopies", "flashcopy", 4),
        ("cs/flashcopies/1000:1100", "flashcopy", 1),
        ("cs/pprcs", "pprcs", 0),
    ],
)
def test_what_can_be_read(ask: Client, path: str, kind: str, count: int) -> None:
    status, found = ask("GET", f"/api/v1/{path}")
    assert (status, found["server"]["status"], len(found["data"][kind])) == (200, "ok", count)
    assert found["counts"]["total_counts"] == count


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/", None),
        ("GET", "/api/v1/volumes/9999", None),
        ("GET", "/api/v1/hosts/%2e%2e", None),
        ("GET", "/api/v1/pools/P9/eserep", None),
        ("PUT", "/api/v1/volumes/1000", {"name": "x"}),
        ("POST", FLASH, {}),
        ("POST", FLASH, {"volume_pairs": [{"source_volume": 1}], "options": []}),
        ("POST", FLASH, {"volume_pairs": [], "options": ["everything"]}),
        ("POST", f"{FLASH}/unfreeze", {"lss_ids": []}),
        ("POST", f"{FLASH}/unfreeze", {"lss_ids": [10]}),
        ("DELETE", FLASH, None),
    ],
)
def test_any_other_request_is_refused_and_changes_nothing(
    ask: Client, method: str, path: str, body: object
) -> None:
    before = dict(ask.array.relations)
    status, found = ask(method, path, body)
    assert status in (400, 404)
    assert found["server"]["status"] == "failed"
    assert ask.array.relations == before
