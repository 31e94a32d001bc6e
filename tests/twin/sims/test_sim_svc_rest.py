"""The array's REST server: log-ins, limits, and what a command line becomes as a document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flashtwin.build import build_world
from flashtwin.keys import secret_text
from flashtwin.sims.http import HttpCall, HttpOutcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Connection
from flashtwin.site_load import load_site
from flashtwin.world import World


class NoWire:
    def greet(self) -> None:
        pass

    def close(self) -> None:
        pass


class Client:
    """Sends requests to V7000 and lets the world go on until each is answered."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.array = world.arrays["V7000"]
        self.connection = Connection(self.array.server(None), 1, NoWire())
        self.headers: dict[str, str] = {}

    def post(self, path: str, body: Any = None, **headers: str) -> HttpOutcome:
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {
            "host": "x",
            **self.headers,
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        done = self.array.rest.answer(HttpCall("POST", path, {}, sent, data, self.connection))
        assert isinstance(done, Outcome)
        self.world.scheduler.run(until=self.world.now + done.duration_s)
        said = (done.effect() if done.effect is not None else None) or done
        assert isinstance(said, HttpOutcome)
        return said

    def log_in(self, password: str = "") -> HttpOutcome:
        password = password or secret_text("v7000_password")
        said = self.post("/rest/v1/auth", x_auth_username="flashc", x_auth_password=password)
        if said.status == 200:
            self.headers["x-auth-token"] = json.loads(said.out)["token"]
        return said

    def document(self, path: str, body: Any = None) -> Any:
        said = self.post(f"/rest/v1/{path}", body)
        assert said.status == 200, said.out
        return json.loads(said.out)


@pytest.fixture
def client(root: Path, tmp_path: Path) -> Client:
    text = (root / "examples/nightly_brms.site.toml").read_text()
    old, new = 'keys = ["v7000_ed25519"]', 'secrets = ["v7000_password"]'
    assert old in text
    return Client(build_world(load_site(text.replace(old, new)), tmp_path / "world"))


def test_a_log_in_gives_a_token_for_a_time(client: Client) -> None:
    assert client.post("/rest/v1/lssystem").status == 403
    assert client.log_in("wrong").status == 403
    assert client.log_in().status == 200
    assert client.connection.user == "flashc"
    assert client.document("lssystem")["name"]
    client.world.scheduler.run(until=client.world.now + 3600.0)
    assert client.post("/rest/v1/lssystem").status == 401
    client.connection.server.mode = "unauthorised"
    assert client.log_in().status == 403


def test_four_tokens_are_all_there_are(client: Client) -> None:
    assert [client.log_in().status for _ in range(5)] == [200, 200, 200, 200, 429]
    client.world.scheduler.run(until=client.world.now + 3600.0)
    assert client.log_in().status == 200


def test_too_many_in_a_second(client: Client) -> None:
    client.log_in()
    call = HttpCall("POST", "/rest/v1/lssystem", {}, client.headers, b"", client.connection)
    said = [client.array.rest.answer(call).status for _ in range(11)]
    assert (said.count(200), said[-1]) == (10, 429)


def test_documents_of_listings_and_details(client: Client) -> None:
    client.log_in()
    maps = client.document("lsfcmap", {"filtervalue": "group_name=SISTPROD_24"})
    assert {row["group_name"] for row in maps} == {"SISTPROD_24"}
    group, *members = client.document("lsfcconsistgrp/SISTPROD_24")
    assert group["name"] == "SISTPROD_24"
    assert [sorted(member) for member in members] == [["FC_mapping_id", "FC_mapping_name"]] * len(maps)
    host = client.document("lshost/SISTPROD")
    assert [node["WWPN"] for node in host["nodes"]] == ["C05076082D180010", "C05076082D180011"]
    assert client.document("lsfcmap", {"filtervalue": "group_name=NONE"}) == []
    assert isinstance(client.document("svqueryclock"), str)


def test_changes_and_refusals(client: Client) -> None:
    client.log_in()
    said = client.post("/rest/v1/startfcconsistgrp/SISTPROD_24", {})
    assert (said.status, said.out[:10]) == (500, "CMMVC5907E")
    said = client.post("/rest/stopfcconsistgrp/SISTPROD_24", b"null")
    assert (said.status, said.out) == (200, "")
    assert client.array.model.status(client.array.model.group("SISTPROD_24")) == "stopped"
    assert client.post("/rest/v1/lsfcconsistgrp/NONE").out.startswith("CMMVC5754E")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/rest/v1/nosuchcommand", {}, 404),
        ("/rest/v1/lssystem;reboot", {}, 404),
        ("/rest/v1", {}, 404),
        ("/other", {}, 404),
        ("/rest/v1/lsfcmap", [1], 400),
        ("/rest/v1/lsfcmap", {"a b": "c"}, 400),
        ("/rest/v1/lsfcmap", {"filtervalue": {"x": 1}}, 400),
        ("/rest/v1/lsfcmap", b"{", 400),
        ("/rest/v1/lsvdisk/a%27%3Bls", {}, 500),
        ("/rest/v1/lsvdisk/a%0Ab", {}, 500),
    ],
)
def test_hostile_requests_are_refused(client: Client, path: str, body: Any, status: int) -> None:
    client.log_in()
    assert client.post(path, body).status == status


def test_with_keys_only_there_is_no_rest(root: Path, tmp_path: Path) -> None:
    site = load_site((root / "examples/nightly_brms.site.toml").read_text())
    assert build_world(site, tmp_path / "world").arrays["V7000"].server(None).protocol == "ssh"
