"""Generations on a DS8000 and a PowerMax: the copy that is given up is the oldest, and the others stay."""

from __future__ import annotations

import pytest
from nights import Change, Played, played

NO_CLONE: Change = (
    """    on clone brms {
        group SAV21 library TAPMLB01 restricted within 8h
        set QINACTITV *NONE
    }
    boot within 90m
    afterwards maintenance brms without movement
    leave clone running
""",
    "    on clone none\n",
)
DS_SPEC: Change = (
    " on DS8900",
    ' or pairs "1000-1001" to "1400-1401" and "1200-1201" to "1500-1501" on DS8900',
)
DS_VOLUMES: Change = (
    '    { name = "1000" },\n',
    """    { name = "1000" },
    { name = "1400", thin = true },
    { name = "1401", thin = true },
    { name = "1500", thin = true },
    { name = "1501", thin = true },
""",
)
DS_COPY: Change = (
    "[[tape]]",
    """[[arrays.copies]]
name = "1000:1400"
pairs = [["1000", "1400"], ["1001", "1401"], ["1200", "1500"], ["1201", "1501"]]

[[tape]]""",
)
PMAX_SPEC: Change = ('linked to "SISTPROD_24"', 'linked to "SISTPROD_24" or "SISTPROD_X"')
PMAX_VOLUMES: Change = (
    '    { name = "00101" },\n',
    '    { name = "00101" },\n    { name = "0030", count = 4, thin = true },\n',
)
PMAX_SETS: Change = (
    "sets = [\n",
    'sets = [\n    { name = "SISTPROD_X", volumes = ["00301", "00302", "00303", "00304"] },\n',
)
PMAX_COPY: Change = (
    "[[tape]]",
    """[[arrays.copies]]
name = "SISTPROD_X"
parts = { source = "SISTPROD", snapshot = "FLASHC", target = "SISTPROD_X" }
pairs = [["00101", "00301"], ["00102", "00302"], ["00103", "00303"], ["00104", "00304"]]

[[tape]]""",
)


def flashed(night: Played) -> list[str]:
    """The groups of which a copy was taken."""
    return [str(event["group"]) for event in night.stage.world.events.of("flash")]


@pytest.mark.parametrize(
    ("name", "spec", "site", "groups"),
    [
        ("nightly_ds8000", DS_SPEC, (DS_VOLUMES, DS_COPY), ["1000:1400", "1000:1100", "1000:1400"]),
        (
            "nightly_powermax",
            PMAX_SPEC,
            (PMAX_VOLUMES, PMAX_SETS, PMAX_COPY),
            ["SISTPROD_X", "SISTPROD_24", "SISTPROD_X"],
        ),
    ],
    ids=["ds8000", "powermax"],
)
def test_the_oldest_copy_is_used_night_by_night(
    name: str, spec: Change, site: tuple[Change, ...], groups: list[str]
) -> None:
    """The one that holds none comes first, then that of last evening, then the first again."""
    with played(changes=site, spec=(spec, NO_CLONE), name=name) as night:
        assert night.run.result == "completed", night.run.detail
        assert [verdict for verdict in night.run.invariants if not verdict.held] == []
        for _ in range(2):
            run = night.next_night()
            assert run.result == "completed", run.detail
            assert [verdict for verdict in run.invariants if not verdict.held] == []
        assert flashed(night) == groups
