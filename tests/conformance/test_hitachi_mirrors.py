"""Hitachi VSP: sources in remote copy, as the side that is written to or as the other one."""

from __future__ import annotations

import pytest
from flashrt import status
from flashtwin.sims.hitachi import Mirror

from bench import Make


@pytest.mark.parametrize(
    ("kind", "side", "state", "good"),
    [
        ("UR", "P-VOL", "PAIR", True),
        ("UR", "P-VOL", "PSUE", True),
        ("TC", "S-VOL", "PAIR", True),
        ("GAD", "S-VOL", "PAIR", True),
        ("UR", "S-VOL", "SSWS", True),
        ("UR", "S-VOL", "PAIR", False),
        ("TC", "S-VOL", "COPY", False),
        ("TC", "S-VOL", "SSUS", False),
        ("GAD", "S-VOL", "PSUE", False),
    ],
)
def test_a_secondary_side_is_copied_only_in_step(
    kind: str, side: str, state: str, good: bool, make: Make
) -> None:
    bench = make("nightly_hitachi.flash")
    bench.array.mirrors.append(Mirror("1022", kind, side, state))
    said = bench("check")
    assert said.status == (0 if good else status.MISMATCH), said
    assert ("may be older than production's data" in said.text) is not good


def test_a_target_in_remote_copy_is_not_overwritten(make: Make) -> None:
    bench = make("nightly_hitachi.flash")
    bench.array.mirrors.append(Mirror("2042", "TC", "P-VOL"))
    said = bench("check")
    assert (said.status, "Target 2042" in said.text) == (status.FOREIGN, True), said


def test_a_source_that_no_list_tells_of_is_not_copied(make: Make) -> None:
    bench = make("nightly_hitachi.flash")
    bench.array.mirrors.append(Mirror("1022", "another"))
    said = bench("check")
    assert (said.status, "of a kind unknown" in said.text) == (status.MISMATCH, True), said


def test_remote_copy_of_other_devices_is_none_of_ours(make: Make) -> None:
    bench = make("nightly_hitachi.flash")
    bench.array.mirrors.append(Mirror("4711"))
    assert bench("check").status == 0
