"""The runbook is what a night that goes well does: the same codes, in the same order."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from flashc.runbook.steps import steps
from living import TEST_NETWORK, spec_of
from nights import VIOS_SITE, VIOS_SPEC, Change, example, played
from test_around_the_flash import KINDS, SITE, around
from test_commands_without_undo import SPEC as RUNS
from test_commands_without_undo import site as with_programs
from test_control_groups import GROUPS, RESTRICTED, SEQUENCE, TOGETHER, on_clone
from works import BRMS, MAINTENANCE, program, programs, save21, user

NONE: tuple[Change, ...] = (
    (BRMS, "    on clone none\n"),
    MAINTENANCE,
    ("    boot within 90m\n", ""),
    ("    leave clone running\n", ""),
)
NIGHTS: dict[str, tuple[tuple[Change, ...], tuple[Change, ...]]] = {
    "brms": ((), ()),
    "groups in sequence": (on_clone(SEQUENCE), GROUPS),
    "groups together": (on_clone(f"{TOGETHER}\n        {RESTRICTED}"), GROUPS),
    "save21": (save21('library TAPMLB01 volumes "BRM001" and "BRM002" and "BRM003"'), ()),
    "user": (
        user('run "CALL APPLIB/ONE" within 1h', 'run "CALL APPLIB/TWO" within 1h'),
        (programs(program("ONE", "20m"), program("TWO", "20m")),),
    ),
    "none": (NONE, ()),
    "reconfigure": (spec_of(), TEST_NETWORK),
    "run blocks": (RUNS, with_programs()),
    "around the flash, VIOS": ((VIOS_SPEC, *around(*KINDS)), (*VIOS_SITE, *SITE)),
}
LOOKS = ("O83", "O84")
"""What the source sees at its next look at a clone that works meanwhile."""


def _first(codes: Iterable[str]) -> list[str]:
    """Each code once, where it comes first."""
    return list(dict.fromkeys(codes))


@pytest.mark.parametrize("name", NIGHTS)
def test_a_good_night_does_what_the_runbook_says(name: str) -> None:
    spec, site = NIGHTS[name]
    with played((), site, spec=spec) as night:
        run = night.run
    runbook = steps(example(spec)[0].environments[0])
    assert run.good, run.detail
    written = [step for step in run.steps if step.kind == "result"]
    for side in ("source", "clone"):
        there = _first(step.code for step in written if step.side == side)
        assert there == _first(step.code for step in runbook if step.side == side)
    together = _first(step.code for step in written if step.code not in LOOKS)
    assert together == _first(step.code for step in runbook if step.code not in LOOKS)


@pytest.mark.parametrize("name", [name for name in NIGHTS if name != "none"])
def test_the_last_sending_is_behind_what_the_clone_says_of_itself(name: str) -> None:
    codes = [step.code for step in steps(example(NIGHTS[name][0])[0].environments[0])]
    assert codes.count("C47") == 2
    assert codes[codes.index("C70") - 1] == "C47"
