"""Fixtures of the kernel's tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from kernelbench import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A running system."""
    return Machine(tmp_path / "world")


@pytest.fixture
def texts(machine: Machine) -> Callable[[str], list[str]]:
    """Run a program; the texts that it sent with SNDPGMMSG, in order."""

    def run(text: str) -> list[str]:
        return [
            line[26:] for line in machine.call(text) if line.startswith("*NONE") and "Information" in line
        ]

    return run
