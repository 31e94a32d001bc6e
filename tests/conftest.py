"""Shared fixtures of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashc.check import semantics

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the repository."""
    return ROOT


@pytest.fixture
def whole_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """The language as it is, also where no programs are made of it yet (FL3099)."""
    monkeypatch.setattr(semantics, "not_yet", lambda *_: None)
