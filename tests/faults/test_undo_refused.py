"""FLUNDO that cannot do its work says so: a run with something still held is never called completed."""

from __future__ import annotations

import pytest
from nights import Edit, played

UNKNOWN = Edit("FLUNDO.clle", "IF         COND(&ROLE *NE 'P')", "IF         COND(&ROLE *EQ 'P')")
"""What a partition whose identity cannot be read looks like to the program."""
LIMIT = Edit("FLUNDO.clle", "FROM(1) TO(100)", "FROM(1) TO(1)")
"""More changes in the journal than FLUNDO takes at once."""


@pytest.mark.parametrize("edit", [UNKNOWN, LIMIT], ids=["identity not known", "more changes than the limit"])
def test_the_run_needs_somebody(edit: Edit) -> None:
    with played((edit,)) as night:
        assert night.history() == ("OPEN", "")  # FLRCVENV is to close it
        assert night.run.result == "failed"
        assert "could not be undone" in night.run.detail
