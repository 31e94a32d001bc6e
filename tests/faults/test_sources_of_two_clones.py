"""Two clones copy the same sources: an instant that is on no targets yet is that of the run that took it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flashc.cli.stage import Stage
from flashtwin.gate import gate_of
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import Change, played

PURE: Change = (
    "[[arrays.copies]]                   # what",
    """[[arrays.copies]]
name = "OTHER"
kind = "protection group"
parts = { group = "SISTPROD" }
taken = "261101204027"
pairs = [
    ["SISTPROD-D1", "OTHER1"],
    ["SISTPROD-D2", "OTHER2"],
    ["SISTPROD-D3", "OTHER3"],
    ["SISTPROD-D4", "OTHER4"],
]

[[arrays.copies]]                   # what""",
)
PURE_VOLUMES: Change = (
    '{ name = "SISTP24-D",',
    '{ name = "OTHER", count = 4, size_gib = 300, pool = "array", thin = true },\n    { name = "SISTP24-D",',
)
POWERMAX: Change = (
    "[[arrays.copies]]",
    """[[arrays.copies]]
name = "OTHER"
parts = { source = "SISTPROD", snapshot = "FLASHC", target = "OTHER" }
pairs = [["00101", "00301"], ["00102", "00302"], ["00103", "00303"], ["00104", "00304"]]

[[arrays.copies]]""",
)
POWERMAX_SETS: Change = (
    '    { name = "SISTPROD_24", volumes = ["00201"',
    '    { name = "OTHER", volumes = ["00301", "00302", "00303", "00304"] },\n'
    '    { name = "SISTPROD_24", volumes = ["00201"',
)
POWERMAX_VOLUMES: Change = (
    '    { name = "00101" },\n',
    '    { name = "00301" },\n    { name = "00302" },\n    { name = "00303" },\n    { name = "00304" },\n'
    '    { name = "00101" },\n',
)
SVC: Change = (
    "[[arrays.copies]]",
    """[[arrays.copies]]
name = "OTHER"
kind = "volume group"
parts = { source = "SISTPROD", target = "OTHER" }
pairs = [
    ["SISTPROD_D1", "OTHER1"],
    ["SISTPROD_D2", "OTHER2"],
    ["SISTPROD_D3", "OTHER3"],
    ["SISTPROD_D4", "OTHER4"],
]
state = "active"
taken = "261101204027"

[[arrays.copies]]""",
)
SVC_SETS: Change = (
    '    { name = "SISTPROD_24", volumes = ["SISTP24_D1"',
    '    { name = "OTHER", volumes = ["OTHER1", "OTHER2", "OTHER3", "OTHER4"] },\n'
    '    { name = "SISTPROD_24", volumes = ["SISTP24_D1"',
)
SVC_VOLUMES: Change = (
    '    { name = "SISTP24_D", count',
    '    { name = "OTHER", count = 4, size_gib = 300, thin = true },\n    { name = "SISTP24_D", count',
)


@pytest.mark.parametrize(
    ("name", "changes", "puts_on_targets"),
    [
        ("nightly_pure", (PURE, PURE_VOLUMES), "POST /api/2.26/volumes?"),
        ("nightly_powermax", (POWERMAX, POWERMAX_SETS, POWERMAX_VOLUMES), "PUT /univmax/"),
        ("nightly_svc_snapshot", (SVC, SVC_SETS, SVC_VOLUMES), "refreshfromsnapshot"),
    ],
)
def test_a_flash_that_was_never_presented_is_that_of_its_own_clone(
    name: str, changes: tuple[Change, ...], puts_on_targets: str
) -> None:
    """The other clone shows the older copy, so that the snapshot could have been meant for it."""

    def change(request: Request, outcome: Outcome) -> Outcome:
        return replace(outcome, lost="before") if request.command.startswith(puts_on_targets) else outcome

    def prepare(stage: Stage) -> None:
        gate_of(stage.world.scheduler).alter.append(change)

    with played(name=name, changes=changes, prepare=prepare) as night:
        run = night.run
        assert (run.result, "Flash taken" in " ".join(step.text for step in run.steps)) == ("failed", True)
        assert run.broken == ()
        assert not list(night.stage.world.events.of("presented"))
