"""Hitachi VSP: devices are asked for by their numbers, with the next ones."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flashrt.arrays.hitachi import LISTED, Hitachi


def test_devices_behind_the_end_of_the_longest_list_have_uids() -> None:
    """One request lists 16384 devices at most, and a VSP 5000 has up to 65280."""
    every = [
        {"ldevId": n, "blockCapacity": 8, "status": "NML", "naaId": f"60060e80{n:024x}"} for n in range(30000)
    ]
    asked: list[int] = []

    def listed(what: str, headLdevId: str = "0", count: str = "100", **_: str) -> list[dict[str, Any]]:
        assert what == "ldevs"
        asked.append(int(headLdevId))
        return every[int(headLdevId) :][: min(int(count), 16384)]

    class Told(Hitachi):
        """With a session that knows these devices."""

        def __init__(self) -> None:
            self._devices: dict[str, dict[str, Any]] = {}
            self._rest: Any = SimpleNamespace(listed=listed)

    found = Told().uids_of(["29000", "120", "29050", "29099", "119"])
    assert found["29000"] == f"60060E80{29000:024X}"
    assert {"119", "120", "29000", "29050", "29099"} <= set(found)
    assert asked == [119, 29000]
    assert LISTED == 100
