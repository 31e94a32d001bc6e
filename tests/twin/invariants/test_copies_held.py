"""Which copy the targets of a group hold, where an instant is put on them later, or never."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashtwin.build import build_world
from flashtwin.invariants.history import copy_at
from flashtwin.sims.array import Array
from flashtwin.site_load import read_site
from flashtwin.world import World

GROUP = "SISTPROD_24"


@pytest.fixture
def world(root: Path, tmp_path: Path) -> World:
    return build_world(read_site(root / "examples" / "nightly_powermax.site.toml"), tmp_path)


def taken(world: World) -> float:
    """An instant is taken, and waits."""
    world.scheduler.run(until=world.now + 60)
    pmax(world).world.events.log("flash", "PMAX", group=GROUP)
    pmax(world).show(GROUP, "established", "TAKEN")
    return world.now


def pmax(world: World) -> Array:
    array = world.arrays["PMAX"]
    assert isinstance(array, Array)
    return array


def held(world: World) -> float | None:
    """When the copy was taken that the targets hold a minute later."""
    world.scheduler.run(until=world.now + 60)
    return copy_at(world, "PMAX", GROUP, world.now)


def test_an_instant_that_was_never_put_on_the_targets_is_no_copy_of_theirs(world: World) -> None:
    last = held(world)
    assert last is not None
    taken(world)
    pmax(world).show(GROUP, "linked", "ACTIVE")  # terminated
    assert held(world) == last


def test_an_instant_that_was_put_on_the_targets_is_their_copy(world: World) -> None:
    at = taken(world)
    pmax(world).presented(GROUP, "linked")
    assert held(world) == at
    taken(world)
    pmax(world).show(GROUP, "linked", "ACTIVE")
    assert held(world) == at
