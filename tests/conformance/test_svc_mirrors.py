"""Storage Virtualize: volumes of a copy that are in remote copy or HyperSwap."""

from __future__ import annotations

from typing import Any

import pytest
from flashrt import status
from flashtwin.sims.svc_model import Relationship

from bench import Bench, Make


def first(bench: Bench) -> tuple[str, str]:
    """Source and target of the first pair."""
    source, target = bench.array.members(bench.group)[0]
    return source.name, target.name


@pytest.mark.parametrize("example", ["nightly_brms.flash", "nightly_svc_snapshot.flash"])
@pytest.mark.parametrize(
    ("of", "says"),
    [
        ({}, ""),
        ({"state": "idling", "primary": "master"}, ""),
        ({"copy_type": "global"}, ""),
        ({"copy_type": "activeactive", "local": True, "primary": "aux"}, ""),
        ({"primary": "aux"}, ""),
        ({"primary": "aux", "copy_type": "global"}, "may be older than production's"),
        ({"primary": "aux", "state": "consistent_stopped"}, "may be older than production's"),
        ({"primary": "", "state": "idling"}, ""),
        ({"primary": "", "state": "consistent_disconnected"}, "whose primary is neither"),
        (
            {"copy_type": "activeactive", "local": True, "primary": "aux", "state": "inconsistent_copying"},
            "Copy the primary side",
        ),
    ],
)
def test_the_side_that_is_copied_is_the_one_that_production_writes_to(
    example: str, of: dict[str, Any], says: str, make: Make
) -> None:
    bench = make(example)
    source, _ = first(bench)
    bench.array.model.relationships.append(Relationship("rcrel0", source, f"{source}_far", **of))
    said = bench("check")
    assert said.status == (status.MISMATCH if says else 0), said
    assert says in said.text


@pytest.mark.parametrize("example", ["nightly_brms.flash", "nightly_svc_snapshot.flash"])
def test_a_source_that_was_expanded_wants_a_target_of_its_size(example: str, make: Make) -> None:
    bench = make(example)
    assert bench("check").status == 0
    source, target = bench.array.members(bench.group)[0]
    source.size += 50 * 2**30
    said = bench("check")
    assert said.status == status.MISMATCH, said
    assert f"no target is as large as source {source.name} (350.00GB)" in said.text
    target.size = source.size
    assert bench("check").status == 0


def test_a_target_in_remote_copy_is_not_overwritten(make: Make) -> None:
    bench = make("nightly_brms.flash")
    _, target = first(bench)
    bench.array.model.relationships.append(Relationship("rcrel0", target, "far"))
    said = bench("check")
    assert (said.status, f"Target {target}" in said.text) == (status.FOREIGN, True), said


def test_remote_copy_of_other_volumes_is_none_of_ours(make: Make) -> None:
    bench = make("nightly_brms.flash")
    bench.array.model.relationships.append(Relationship("rcrel0", "ELSE", "far", primary="aux"))
    assert bench("check").status == 0
    assert not any("lsrcrelationship" in one.request for one in bench.asked())
