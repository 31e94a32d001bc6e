"""Partitions with virtual serial numbers: their systems show those in place of the machine's."""

from __future__ import annotations

from flashc.bundle import build
from flashc.check import load
from flashc.cli.rehearsing import rehearse
from rehearsed import EXAMPLES, night, only, site, told

CLONE = ("id = 56\n", 'id = 56\nvirtual_serial = "VSN0056"\n')
PRODUCTION = ("id = 24\n", 'id = 24\nvirtual_serial = "VSN0024"\n')


def test_a_clone_with_a_number_of_its_own_is_known_by_its_ticket() -> None:
    run = only(night(CLONE))
    assert run.result == "completed", told(run)
    assert all(one.held for one in run.invariants)


def test_production_with_a_number_of_its_own_is_never_taken_for_the_clone() -> None:
    """The clone of the spec is production's partition: its id, its name."""
    text = (EXAMPLES / "nightly_brms.flash").read_text(encoding="utf-8")
    text = text.replace("serial 78ABC12 lpar 24", "serial VSN0024 lpar 24")

    def run_of(text: str) -> tuple[str, str]:
        spec, problems = load("nightly.flash", lambda _path: text.encode())
        assert spec is not None, problems
        run = only(rehearse(spec, build(spec)[0], site(PRODUCTION), mode="memory"))
        assert all(one.held for one in run.invariants)
        return run.result, told(run)

    assert run_of(text)[0] == "completed"
    result, why = run_of(text.replace('partition 56 "SISTPROD_24"', 'partition 24 "SISTPROD"'))
    assert (result, "is production itself, not a clone" in why) == ("refused", True), why
