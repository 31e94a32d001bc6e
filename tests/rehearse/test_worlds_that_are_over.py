"""A process may rehearse many nights: nothing of a world stays behind when its rehearsal is over."""

from __future__ import annotations

import gc
from typing import Literal

import pytest
from flashtwin.world import World
from rehearsed import night, only


def worlds() -> int:
    """How many worlds this process has, behind a look for what nobody holds any more."""
    gc.collect()
    return sum(isinstance(one, World) for one in gc.get_objects())


@pytest.mark.parametrize("mode", ["memory", "thread"])
def test_a_world_goes_with_its_rehearsal(mode: Literal["memory", "thread"]) -> None:
    before = worlds()
    assert only(night(mode=mode)).result == "completed"
    assert worlds() == before
