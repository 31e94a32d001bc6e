"""Fixtures of the commands' tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandbench import Bench, make_bench


@pytest.fixture(scope="session")
def site_text(root: Path) -> str:
    """The example's site file."""
    return (root / "examples" / "nightly_brms.site.toml").read_text(encoding="utf-8")


@pytest.fixture
def bench(tmp_path: Path, site_text: str) -> Bench:
    """The example's evening."""
    return make_bench(tmp_path / "world", site_text)
