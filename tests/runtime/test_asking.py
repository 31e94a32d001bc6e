"""One object back from a clone that is still on: the request, and what either side refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flashrt import status
from flashrt.asking import ASK_LIMIT

from .fakes import RUN, World
from .test_delivery import Clone

REQUEST = "20261119101500"


def facts(**more: Any) -> dict[str, Any]:
    """A request as production writes it."""
    names = {"library": "PAYROLL", "object": "*ALL", "type": "*ALL", "path": ""}
    return {"version": 1, "request": REQUEST, "copy": RUN, "room": 1000, **names, **more}


@pytest.fixture(name="clone")
def fixture_clone(world: World) -> Clone:
    return Clone(world)


def put(clone: Clone, content: bytes) -> None:
    place = clone.files.folder / "flashc/BCKFLASHP/inbox/ask-SISTPROD_24"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def asked(world: World) -> tuple[int, str, str]:
    found = world.call("deliver", "asked", "--clone", "SISTPROD_24", "--run", RUN)
    return found.status, found.word, found.text


@pytest.mark.parametrize(
    ("more", "word", "text"),
    [
        ({}, "LIBRARY", "PAYROLL *ALL *ALL"),
        ({"object": "CUST", "type": "*FILE"}, "OBJECT", "PAYROLL CUST *FILE"),
        ({"library": "", "path": "/home/anna/list.csv"}, "STREAM", "/home/anna/list.csv"),
    ],
)
def test_the_clone_reads_what_is_asked_for_once(
    world: World, clone: Clone, more: dict[str, Any], word: str, text: str
) -> None:
    assert asked(world) == (status.OK, "NONE", "Nothing is asked for.")
    put(clone, json.dumps(facts(**more)).encode())
    found = world.call("deliver", "asked", "--clone", "SISTPROD_24", "--run", RUN)
    assert (found.status, found.word, found.text) == (status.OK, word, text)
    assert found.extra1 + found.extra2 == REQUEST
    assert asked(world)[1] == "NONE"


def test_a_request_of_another_version_names_both(world: World, clone: Clone) -> None:
    put(clone, json.dumps(facts(version=2)).encode())
    found, _, text = asked(world)
    assert found == status.REFUSED
    assert "has format 2, and this clone reads 1" in text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[1]",
        b"[" * 4000,
        json.dumps(facts(request="now")).encode(),
        json.dumps(facts(room="much")).encode(),
        json.dumps({**facts(), "type": "*ALL" + " " * ASK_LIMIT}).encode(),
        json.dumps(facts(library="QSYS")).encode(),
        json.dumps(facts(library="#LIBRARY")).encode(),
        json.dumps(facts(library="BCKFLASHP")).encode(),
        json.dumps(facts(library="BCKFLASHPG")).encode(),
        json.dumps(facts(library="A'B")).encode(),
        json.dumps(facts(object="*LIBL")).encode(),
        json.dumps(facts(type="*USRPRF")).encode(),
        json.dumps(facts(type="*FILE')")).encode(),
        *(
            json.dumps(facts(path=path)).encode()
            for path in (
                "/QSYS.LIB/PAYROLL.LIB",
                "/flashc/BCKFLASHP/keys/home",
                "/home/../flashc/keys/home",
                "/home/an'na",
                "/file",
                "home/anna",
                "/home/" + "a" * 120,
            )
        ),
    ],
)
def test_the_clone_refuses_what_is_no_request(world: World, clone: Clone, content: bytes) -> None:
    put(clone, content)
    assert asked(world)[0] in (status.SYSTEM, status.REFUSED)
    assert not (world.folder / "runs" / REQUEST).exists()


def test_a_request_about_another_copy_is_left_alone(world: World, clone: Clone) -> None:
    put(clone, json.dumps(facts(copy="20260101000000")).encode())
    assert asked(world)[:2] == (status.OK, "NONE")


def test_an_answer_that_is_too_large_for_production_is_not_sent(world: World, clone: Clone) -> None:
    put(clone, json.dumps(facts()).encode())
    assert asked(world)[1] == "LIBRARY"
    (world.folder / "runs" / REQUEST / "out" / "object.savf").write_bytes(bytes(1001))
    found = world.call("deliver", "pack", "--run", REQUEST)
    assert (found.status, found.word) == (status.REFUSED, "TOOLARGE")


def test_an_answer_to_a_request_that_was_ended_is_not_sent(world: World, clone: Clone) -> None:
    put(clone, json.dumps(facts()).encode())
    assert asked(world)[1] == "LIBRARY"
    (world.folder / "runs" / REQUEST / "out" / "object.savf").write_bytes(bytes(1000))
    assert world.call("deliver", "pack", "--run", REQUEST).word == "PACKED"
    inbox = clone.files.folder / "flashc/BCKFLASHP/inbox"
    for now in (None, facts(request="20261119111500")):
        (inbox / "ask-SISTPROD_24").unlink(missing_ok=True)
        if now:
            put(clone, json.dumps(now).encode())
        found = world.call("deliver", "send", "--run", REQUEST)
        assert (found.status, found.word) == (status.NOTFOUND, "WITHDRAWN"), found.text
        assert not (inbox / REQUEST).exists()
    put(clone, json.dumps(facts()).encode())
    assert world.call("deliver", "send", "--run", REQUEST).word == "SENT"


def test_production_leaves_a_request_with_the_room_that_it_has(world: World) -> None:
    (world.folder / "inbox").mkdir(exist_ok=True)
    what = ("--library", "PAYROLL", "--object", "CUST", "--type", "*FILE", "--copy", RUN)
    found = world.call("deliver", "ask", "--clone", "SISTPROD_24", "--run", REQUEST, *what)
    assert (found.status, found.word) == (status.OK, "ASKED"), found.text
    request = json.loads((world.folder / "inbox" / "ask-SISTPROD_24").read_text())
    assert (world.folder / "runs" / REQUEST).is_dir(), "the inbox takes answers of what has a folder"
    assert request == facts(object="CUST", type="*FILE", room=request["room"])
    assert request["room"] > 0


@pytest.mark.parametrize("what", [("--library", "QGPL"), ("--library", "BCKFLASHP"), ("--stream", "etc/x")])
def test_production_does_not_ask_for_what_is_the_systems(world: World, what: tuple[str, str]) -> None:
    found = world.call("deliver", "ask", "--clone", "SISTPROD_24", "--run", REQUEST, "--copy", RUN, *what)
    assert found.status == status.REFUSED


def test_a_place_that_is_taken_is_refused(world: World, tmp_path: Path) -> None:
    def target(path: Path) -> tuple[int, str]:
        found = world.call("deliver", "target", "--run", REQUEST, "--path", str(path))
        return found.status, found.word

    assert target(tmp_path / "new.csv") == (status.OK, "FREE")
    (tmp_path / "new.csv").write_text("x")
    assert target(tmp_path / "new.csv") == (status.REFUSED, "THERE")
    assert target(tmp_path / "nowhere" / "new.csv") == (status.REFUSED, "NOFOLDER")
    (tmp_path / "link").symlink_to(tmp_path)
    assert target(tmp_path / "link" / "other.csv") == (status.REFUSED, "NOFOLDER")
