"""Fixtures of the tests of deployments."""

from __future__ import annotations

from pathlib import Path

import pytest
from deploybench import bundle_of
from flashc.bundle import Bundle


@pytest.fixture(scope="session")
def example(root: Path) -> str:
    """The text of the nightly example."""
    return (root / "examples/nightly_brms.flash").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def bundle(example: str) -> Bundle:
    """Its bundle."""
    return bundle_of(example)
