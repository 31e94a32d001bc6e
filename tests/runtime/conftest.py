"""Fixtures of the sidecar's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from .fakes import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A fresh product folder with devices in their usual state."""
    return World(tmp_path)
