"""PowerMax: sources in SRDF, as the side that is written to or as the other one."""

from __future__ import annotations

from typing import Any

import pytest
from flashrt import status
from flashtwin.sims.powermax import Srdf

from bench import Make

EXAMPLES = ["nightly_powermax.flash", "nightly_symcli.flash"]


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize(
    ("of", "good"),
    [
        ({"side": "R1"}, True),
        ({"side": "R1", "state": "Consistent", "mode": "Asynchronous"}, True),
        ({"side": "R1", "state": "Suspended"}, True),
        ({"side": "R1", "state": "Failed Over", "status": "Write Disabled"}, False),
        ({"side": "R2", "status": "Write Disabled"}, True),
        ({"side": "R2", "state": "ActiveActive", "mode": "Active"}, True),
        ({"side": "R2", "state": "Failed Over", "mode": "Asynchronous"}, True),
        ({"side": "R2", "state": "Consistent", "mode": "Asynchronous", "status": "Write Disabled"}, False),
        ({"side": "R2", "state": "Suspended", "status": "Write Disabled"}, False),
        ({"side": "R2", "state": "SyncInProg"}, False),
        ({"side": "R2", "state": "Synchronized", "mode": "Adaptive Copy"}, False),
    ],
)
def test_a_secondary_side_is_copied_only_in_step(
    example: str, of: dict[str, Any], good: bool, make: Make
) -> None:
    bench = make(example)
    bench.array.mirrored = {name: Srdf(**of) for name in ("00101", "00102", "00103", "00104")}
    said = bench("check")
    assert said.status == (0 if good else status.MISMATCH), said
    assert ("may be older than production's data" in said.text) is not good


@pytest.mark.parametrize("example", EXAMPLES)
def test_one_volume_that_lags_is_enough(example: str, make: Make) -> None:
    bench = make(example)
    bench.array.mirrored = {
        "00101": Srdf("R1"),
        "00102": Srdf("R2", "Consistent", "Asynchronous"),
    }
    said = bench("check")
    assert said.status == status.MISMATCH, said
