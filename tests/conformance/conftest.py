"""The benches of a test, closed at its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench import Bench, Make


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes a bench of an example.  A file with benches of one kind has a `make` of its own that calls it."""
    made: list[Bench] = []

    def new(example: str, **changes: Any) -> Bench:
        made.append(Bench(example, tmp_path / f"bench{len(made)}", **changes))
        return made[-1]

    yield new
    for bench in made:
        bench.close()
