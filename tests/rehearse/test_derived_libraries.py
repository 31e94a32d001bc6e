"""A derived site has the libraries of what the spec names in them."""

from __future__ import annotations

from pathlib import Path

from flashc.bundle import build
from flashc.check import load
from flashc.cli.rehearsing import rehearse
from flashc.cli.site_choice import choose_site
from rehearsed import EXAMPLES, only

AROUND = """    around flash {
        hold job queue ERPLIB/BATCHQ
        end subsystem ERPSBSLIB/ERPSBS within 5m
        run "CALL ERPPGM/QUIET" undo "CALL ERPPGM/UNQUIET"
"""


def test_a_subsystem_and_a_job_queue_in_libraries_of_their_own(tmp_path: Path) -> None:
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    assert "    around flash {\n" in text
    file = tmp_path / "erp.flash"
    file.write_text(text.replace("    around flash {\n", AROUND), encoding="utf-8")
    spec, problems = load(str(file))
    assert spec is not None, problems
    run = only(rehearse(spec, build(spec)[0], choose_site(spec).site, mode="memory"))
    assert run.result == "completed", run.detail
    assert run.broken == ()
