"""DS8000: sources in remote copy, as the side that is written to or as the other one."""

from __future__ import annotations

from typing import Any

import pytest
from flashrt import status
from flashtwin.sims.ds8000_flash import Mirror

from bench import Make


@pytest.mark.parametrize("example", ["nightly_ds8000.flash", "nightly_dscli.flash"])
@pytest.mark.parametrize(
    ("of", "good"),
    [
        ({"primary": True, "state": "full_duplex"}, True),
        ({"primary": True, "state": "suspended"}, True),
        ({"primary": True, "state": "copy_pending", "kind": "globalcopy"}, True),
        ({"primary": False, "state": "target_full_duplex"}, True),
        ({"primary": False, "state": "target_suspended"}, False),
        ({"primary": False, "state": "target_copy_pending", "kind": "globalcopy"}, False),
    ],
)
def test_a_secondary_side_is_copied_only_in_step(
    example: str, of: dict[str, Any], good: bool, make: Make
) -> None:
    bench = make(example)
    source = bench.array.members(bench.group)[0][0]
    bench.array.mirrors.append(Mirror(source, "2000", **of))
    said = bench("check")
    assert said.status == (0 if good else status.MISMATCH), said
    assert ("secondary side" in said.text) is not good
