"""The invariants S1 to S13 as checkers of what happened in a world: one file each.

`judge(world, facts)` gives a verdict for each.  Checkers read the world (its events, its transcript, its
disks) and the declared facts of the run (`flashtwin.invariants.facts`), never a variable of the product; S9
compares the product's journal with what happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flashtwin.invariants import (
    s01_resume,
    s02_trigger,
    s03_clone_start,
    s04_isolation,
    s05_undone,
    s06_brms,
    s07_completed,
    s08_overlap,
    s09_journal,
    s10_secrets,
    s11_ipl,
    s12_off_production,
    s13_only_named,
)
from flashtwin.invariants.facts import RunFacts, Verdict
from flashtwin.world import World

__all__ = ["CHECKERS", "Checker", "RunFacts", "Verdict", "judge"]

Checker = Callable[[World, RunFacts], Verdict]

CHECKERS: Mapping[str, Checker] = MappingProxyType(
    {
        module.ID: module.check
        for module in (
            s01_resume,
            s02_trigger,
            s03_clone_start,
            s04_isolation,
            s05_undone,
            s06_brms,
            s07_completed,
            s08_overlap,
            s09_journal,
            s10_secrets,
            s11_ipl,
            s12_off_production,
            s13_only_named,
        )
    }
)


def judge(world: World, facts: RunFacts) -> list[Verdict]:
    """The verdicts on one run, in the order of the invariants."""
    return [check(world, facts) for check in CHECKERS.values()]
