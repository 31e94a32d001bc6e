# ruff: noqa: F401, F403 - the tests of the command line are collected here once more
"""Storage Virtualize by REST: all that holds by SSH, and what is its own: tokens, statuses, documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flashrt import status
from flashrt.arrays.svc_rest import judge_rest
from flashrt.edges import Reply
from flashrt.status import SidecarError

from .fakes import HANG as HANG_BEFORE
from .fakes import HANG_AFTER, LOST_AFTER, LOST_BEFORE, RUN, FakeSvc, World
from .rest_server import HANG, LOST, Answer, Asked, FakeRest
from .test_array import *
from .test_array import tasks

# Bytes of a terminal that REST does not have: banners, tables and details that break the form.
del test_a_banner_in_front_of_every_answer, test_hostile_group_detail, test_hostile_maps  # noqa: F821
del test_status_text_with_exit_status_0, test_an_error_is_never_a_flash_whatever_the_exit_status  # noqa: F821

PASSWORD = "Pa55 wörd"


class Front:
    """The REST server in front of an array that knows command lines."""

    def __init__(self, svc: FakeSvc) -> None:
        self.svc = svc
        self.server = FakeRest(self.answer)
        self.tokens: list[str] = []
        self.valid: set[str] = set()
        self.roots = ["/rest/v1/", "/rest/"]
        self.says: dict[str, list[Answer | str]] = {}

    def answer(self, asked: Asked) -> Answer | str:
        root = next((one for one in self.roots if asked.path.startswith(one)), None)
        if root is None:
            return Answer(404, "Not Found")
        command = asked.path[len(root) :].replace("/", " ")
        for beginning, answers in self.says.items():
            if command.startswith(beginning) and answers:
                return answers.pop(0)
        if command == "auth":
            return self._log_in(asked)
        if command.startswith("v1"):
            return Answer(404, "Not Found")
        if asked.headers.get("x-auth-token") not in self.valid:
            return Answer(401, "The token has expired")
        if command == "lssystem":
            return Answer(200, {"name": "V7000", "code_level": "8.6.0.3"})
        verb, _, name = command.partition(" ")
        options = " -delim !" if verb.startswith("ls") else ""  # as the command line is asked
        options += "".join(f" -{key} {value}" for key, value in (asked.document or {}).items())
        said = self.svc.answer(f"{verb}{options}{' ' if name else ''}{name}")
        if isinstance(said, str):
            return LOST if said in (LOST_BEFORE, LOST_AFTER) else HANG
        if said.status != 0 or said.err:
            return Answer(500, f"{said.err}{said.out}".strip())
        return Answer(200, _document(verb, bool(name), said.out))

    def _log_in(self, asked: Asked) -> Answer:
        headers = asked.headers
        if (headers["x-auth-username"], headers["x-auth-password"]) != ("flashc", "Pa55"):
            return Answer(403, "Authentication failed")
        self.tokens.append(f"token{len(self.tokens) + 1}")
        self.valid.add(self.tokens[-1])
        return Answer(200, {"token": self.tokens[-1]})


def _document(verb: str, detail: bool, out: str) -> Any:
    if not verb.startswith("ls"):
        return out.strip() or None
    lines = [line.split("!") for line in out.splitlines()]
    if not detail:
        return [dict(zip(lines[0], line)) for line in lines[1:]]  # noqa: B905 - Python 3.9
    parts: list[dict[str, str]] = [{}]
    for key, value in lines:
        if key in parts[-1] or key in ("FC_mapping_id", "WWPN"):
            parts.append({})
        parts[-1][key] = value
    if verb == "lshost":
        return {**parts[0], "nodes": parts[1:]}
    return parts if len(parts) > 1 else parts[0]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The usual devices, with the array asked by REST."""
    made = World(tmp_path)
    made.data["arrays"]["V7000"].update(way="rest", addresses=["10.1.0.20:7443"], key="v7000_password")
    made.save()
    (tmp_path / "keys").chmod(0o700)
    (tmp_path / "keys" / "v7000_password").write_text("Pa55\n")
    (tmp_path / "keys" / "v7000_password").chmod(0o600)
    front = Front(made.svc)
    made.front = front  # type: ignore[attr-defined]
    made.network.rests["10.1.0.20:7443"] = front.server
    return made


def front_of(world: World) -> Front:
    found: Front = world.front  # type: ignore[attr-defined]
    return found


def test_one_token_serves_all_calls(world: World) -> None:
    for _ in range(3):
        assert world.array("status").status == 0
    front = front_of(world)
    assert front.tokens == ["token1"]
    kept = world.folder / "keys" / "v7000_password.token"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text())["token"] == "token1"


def test_an_expired_token_is_renewed_and_the_command_sent_again(world: World) -> None:
    world.array("status")
    front_of(world).valid.clear()
    world.svc.set("stopped")
    assert world.array("prepare").status in (0, status.PENDING)
    assert front_of(world).tokens == ["token1", "token2"]
    assert tasks(world) == ["prestartfcconsistgrp SISTPROD_24"]


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "[1]", '{"of": "flashc@10.1.0.99:7443", "token": "x", "root": "rest/v1", "since": 1.0}'],
)
def test_a_kept_token_that_is_none_of_ours_is_not_used(world: World, text: str) -> None:
    kept = world.folder / "keys" / "v7000_password.token"
    kept.write_text(text)
    kept.chmod(0o600)
    assert world.array("status").status == 0
    assert front_of(world).tokens == ["token1"]
    assert all(asked.headers.get("x-auth-token") in (None, "token1") for asked in front_of(world).server.log)


def test_a_kept_token_that_others_can_read_is_refused(world: World) -> None:
    kept = world.folder / "keys" / "v7000_password.token"
    kept.write_text("{}")
    kept.chmod(0o644)
    assert world.array("status").status == status.KEY


def test_a_code_level_that_knows_no_v1(world: World) -> None:
    front_of(world).roots = ["/rest/"]
    assert world.array("status").status == 0
    assert world.array("status").status == 0
    asked = [asked.path.split("/")[2] for asked in front_of(world).server.log]
    assert asked == ["v1", "auth", "lsfcconsistgrp", "lsfcmap", "lsfcconsistgrp", "lsfcmap"]


def test_a_wrong_password_is_tried_once(world: World) -> None:
    (world.folder / "keys" / "v7000_password").write_text("Wr0ng")
    called = world.array("status")
    assert called.status == status.AUTH
    assert "Wr0ng" not in called.text
    assert len(front_of(world).server.log) == 1


@pytest.mark.parametrize(("mode", "data"), [(0o644, "Pa55"), (0o600, "")])
def test_a_password_file_that_is_not_right(world: World, mode: int, data: str) -> None:
    (world.folder / "keys" / "v7000_password").write_text(data)
    (world.folder / "keys" / "v7000_password").chmod(mode)
    assert world.array("status").status == status.KEY


@pytest.mark.parametrize(
    "given", [Answer(200, {}), Answer(200, {"token": 5}), Answer(200, "<html>"), Answer(502, "Bad Gateway")]
)
def test_an_array_that_gives_no_token(world: World, given: Answer) -> None:
    front_of(world).says["auth"] = [given]
    assert world.array("status").status == status.SYSTEM


def test_too_many_tokens_are_waited_for(world: World) -> None:
    front_of(world).says["auth"] = [Answer(429, "Too many", (("Retry-After", "3"),))]
    before = world.clock.time
    assert world.array("status").status == 0
    assert world.clock.time >= before + 3


@pytest.mark.parametrize(
    "given", [Answer(502, "Bad Gateway"), Answer(500, "Internal error"), Answer(503, "")]
)
def test_a_status_of_the_servers_own_leaves_a_change_unknown(world: World, given: Answer) -> None:
    world.svc.set("stopped")
    front_of(world).says["prestart"] = [given]
    assert world.array("prepare").status == status.UNKNOWN
    assert tasks(world) == []


def test_a_listing_is_asked_again_behind_such_a_status(world: World) -> None:
    """All commands go by POST; those that only list harm nobody."""
    front = front_of(world)
    usual, broken = front.answer, [True]

    def once(asked: Asked) -> Answer | str:
        given = usual(asked)
        return Answer(503, "Busy") if "lsfcmap" in asked.path and broken and broken.pop() else given

    front.server.handler = once
    assert world.array("status").status == 0


def test_a_change_that_was_done_behind_such_a_status_is_seen_in_the_state(world: World) -> None:
    world.svc.set("stopped")
    front = front_of(world)
    usual, broken = front.answer, [True]

    def once(asked: Asked) -> Answer | str:
        given = usual(asked)
        return Answer(502, "Bad Gateway") if "prestart" in asked.path and broken.pop() else given

    front.server.handler = once
    assert world.array("prepare").status in (0, status.PENDING)
    assert tasks(world) == ["prestartfcconsistgrp SISTPROD_24"]


def test_a_role_that_may_not(world: World) -> None:
    world.svc.set("stopped")
    world.svc.say("prestart", Reply(1, "", "CMMVC6253E The command failed because of the role.\n"))
    assert world.array("prepare").status == status.AUTH
    front_of(world).says["lsfcconsistgrp"] = [Answer(403, "Forbidden")]
    assert world.array("status").status == status.AUTH


@pytest.mark.parametrize("document", ["<html>", [1, 2], "just a text", 5])
def test_documents_that_are_none(world: World, document: Any) -> None:
    front_of(world).says["lsfcconsistgrp"] = [Answer(200, document)]
    assert world.array("status").status == status.SYSTEM


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (Reply(0, "", ""), None),
        (Reply(0, '""', ""), None),
        (Reply(500, "", "CMMVC5907E copying"), "REFUSED"),
        (Reply(401, "", "expired"), "REFUSED"),
        (Reply(429, "", "slow down"), "REFUSED"),
        (Reply(500, "", "Internal error"), "UNKNOWN"),
        (Reply(502, "", ""), "UNKNOWN"),
        (Reply(0, '{"message": "CMMVC5907E"}', ""), "UNKNOWN"),
    ],
)
def test_what_the_answer_to_the_trigger_means(reply: Reply, word: str | None) -> None:
    found = judge_rest(reply)
    assert (found.word if found else None) == word


def test_an_array_that_does_not_answer_is_not_armed_for(world: World) -> None:
    from flashrt.arrays.base import open_array

    world.svc.set("prepared")
    driver = open_array(world.config, "V7000", world.edges)
    shot = driver.arm("SISTPROD_24", RUN, True)
    shot.probe()
    front_of(world).valid.clear()
    front_of(world).says["auth"] = [Answer(403, "Authentication failed")]
    with pytest.raises(SidecarError) as caught:
        shot.probe()
    assert caught.value.status == status.AUTH
    driver.close()


def test_an_armed_request_bears_the_token_that_was_got_when_its_own_had_expired(world: World) -> None:
    from flashrt.arrays.base import open_array

    world.svc.set("prepared")
    driver = open_array(world.config, "V7000", world.edges)
    shot = driver.arm("SISTPROD_24", RUN, True)
    front_of(world).valid.clear()
    shot.probe()
    shot.channel.send(shot.request)
    assert front_of(world).server.log[-1].headers["x-auth-token"] == "token2"
    driver.close()


def test_arming_takes_a_token_that_lasts(world: World) -> None:
    from flashrt.arrays.base import open_array

    world.array("status")
    world.clock.sleep(300.0)
    driver = open_array(world.config, "V7000", world.edges)
    shot = driver.arm("SISTPROD_24", RUN, True)
    assert front_of(world).tokens == ["token1", "token2"]
    assert shot.request == "startfcconsistgrp SISTPROD_24"
    shot.channel.send(shot.request)
    assert front_of(world).server.log[-1].headers["x-auth-token"] == "token2"
    driver.close()
