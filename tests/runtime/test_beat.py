"""Signs of life: sent by the clone, read by production; what is none of this run's is none."""

from __future__ import annotations

import pytest
from flashrt import status

from .fakes import RUN, World
from .test_delivery import Clone

NAME = "beat-SISTPROD_24"


def beat(world: World, done: str = "2/5") -> int:
    return world.call("deliver", "beat", "--clone", "SISTPROD_24", "--run", RUN, "--done", done).status


def seen(world: World) -> str:
    return world.call("watch", "--clone", "SISTPROD_24", "--run", RUN).extra2


def test_signs_are_numbered_and_the_last_one_is_seen(world: World) -> None:
    clone = Clone(world)
    (clone.files.folder / "flashc/BCKFLASHP/inbox").mkdir(parents=True)
    assert seen(world) == ""
    for number in (1, 2):
        assert beat(world) == status.OK
        sent = (clone.files.folder / "flashc/BCKFLASHP/inbox" / NAME).read_bytes()
        assert sent == f"{RUN} {number:04d} 2/5".encode()
    (world.folder / "inbox" / NAME).write_bytes(sent)
    world.network.connect = type(world.network).connect.__get__(world.network)  # type: ignore[method-assign]
    assert seen(world) == "0002 2/5"


@pytest.mark.parametrize("content", [b"", b"\xff" * 50, b"20200101000000 0001 1/2", b"x" * 500])
def test_what_is_no_sign_of_this_run_is_none(world: World, content: bytes) -> None:
    (world.folder / "inbox" / NAME).write_bytes(content)
    assert seen(world) == ""


@pytest.mark.parametrize("done", ["", "2", "2/5/7", "a/b", "2/5 ; x"])
def test_what_is_done_is_two_numbers(world: World, done: str) -> None:
    Clone(world)
    assert beat(world, done) == status.CONFIG
