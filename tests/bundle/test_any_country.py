"""Generated sources mean the same whatever the country of the partition.

docs/platform-facts.md#job-code-pages, docs/platform-facts.md#decimal-comma
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flashc.bundle import build
from flashc.check import load

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.flash"))


def statements(path: Path, *kinds: str) -> list[tuple[str, str]]:
    """The lines of an example's sources with the name of each, continued ones joined, without comments."""
    spec, problems = load(str(path))
    assert spec is not None, problems
    found = []
    for name, data in build(spec)[0].files.items():
        if name.endswith(kinds):
            comment = r"--[^\n]*" if name.endswith(".sql") else r"/\*.*?\*/"
            text = re.sub(comment, "", data.decode("utf-8"), flags=re.DOTALL)
            found += [(name, line) for line in re.sub(r" \+\n\s*", " ", text).splitlines()]
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_job_takes_over_the_code_page_of_who_submits_it(path: Path) -> None:
    submits = [(name, line) for name, line in statements(path, ".clle") if " QSYS/SBMJOB" in line]
    assert submits
    assert [one for one in submits if "CCSID(37)" not in one[1]] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_comma_is_taken_for_a_decimal_point(path: Path) -> None:
    assert [one for one in statements(path, ".clle", ".sql") if re.search(r"\d,(?! |'|$)", one[1])] == []
