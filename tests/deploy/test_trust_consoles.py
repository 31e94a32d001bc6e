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
