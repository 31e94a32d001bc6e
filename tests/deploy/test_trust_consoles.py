"""How a console is told to let the product's key in."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashc.bundle import build
from flashc.check import load
from flashc.deploy.trust import authorisations

KEY = "ssh-ed25519 AAAA flashc"


@pytest.mark.parametrize(
    ("name", "key", "command"),
    [
        ("nightly_brms", "hmc1_ed25519", f'mkauthkeys -a "{KEY}"'),
        ("nightly_novalink", "nova1_ed25519", f"let in for SSH: {KEY}"),
        ("nightly_fsm", "fsm1_ed25519", f"let in for SSH: {KEY}"),
    ],
)
def test_only_a_command_that_the_console_is_known_to_have(
    root: Path, name: str, key: str, command: str
) -> None:
    spec, problems = load(str(root / "examples" / f"{name}.flash"))
    assert spec is not None, problems
    steps = authorisations(build(spec)[0], {key: KEY})
    told = {one for step in steps if step.where.startswith("console ") for one in step.commands}
    assert told == {command}


def test_a_console_by_rest_has_a_user_with_a_password(root: Path) -> None:
    """And its user powers a partition, which is more than seeing and copying."""
    spec, problems = load(str(root / "examples/nightly_hmc_rest.flash"))
    assert spec is not None, problems
    (step,) = (one for one in authorisations(build(spec)[0]) if one.where.startswith("console "))
    assert "by HTTPS" in step.where
    assert "see the clone's partition and power it on and off, nothing else" in step.commands[0]
    assert "keys/hmc1_password" in step.commands[1]
