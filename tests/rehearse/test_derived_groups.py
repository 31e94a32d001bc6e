"""A spec with control groups on every kind of device, on the site that is derived from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flashc.bundle import build
from flashc.check import load
from flashc.cli.rehearsing import rehearse
from flashc.cli.site_choice import choose_site
from rehearsed import EXAMPLES

ONE_GROUP = "group SAV21 library TAPMLB01 restricted within 8h"
GROUPS = """\
        together {
            group LIBS1 library TAPMLB01 within 1h
            group LIBS2 library TAPMLB01 within 1h
            group LIBS3 library TAPMLB01 within 1h
        }
        group APPS drive TAP09 within 1h
        together {
            group IFS virtual tape TAPVRT01 catalog NIGHT within 1h
            group MAIL optical OPTVRT01 catalog DISKS within 1h
        }
        group FILES within 1h
        group SAV21 library TAPMLB01 restricted within 8h"""


@pytest.mark.parametrize("groups", [GROUPS, "group FILES within 1h"], ids=["every device", "no device"])
def test_a_derived_night_has_what_its_groups_need(tmp_path: Path, groups: str) -> None:
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    assert ONE_GROUP in text
    file = tmp_path / "groups.flash"
    file.write_text(text.replace(ONE_GROUP, groups.strip()), encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    bundle, *_ = build(spec)
    rehearsal = rehearse(spec, bundle, choose_site(spec).site, mode="memory")
    (run,) = rehearsal.runs
    assert run.result == "completed", [run.detail, *(s.text for s in run.steps if s.kind == "note")]
    assert [one for one in run.invariants if not one.held] == []
    devices = [s.text.split()[-1] for s in run.steps if s.code in ("C10", "C46")]
    wanted = [] if groups.startswith("group FILES") else ["TAPMLB01", "TAP09", "TAPVRT01", "OPTVRT01"]
    assert devices == wanted * 2
