"""A campaign: which faults, played how, and what came of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flashc.cli.campaign.choose import Choice, Night, chosen_nights, fault_of, faults_of
from flashc.cli.campaign.deployed import Deployed
from flashc.cli.campaign.kinds import KINDS, Fault, faults_at, faults_behind
from flashc.cli.campaign.oracle import row_of


@dataclass(frozen=True, slots=True)
class Violation:
    """A night after which something did not hold; `faults` are the fewest that show it."""

    environment: str
    faults: tuple[str, ...]
    invariant: str
    detail: str


@dataclass(slots=True)
class Tally:
    """What a campaign has found so far.  Only faults that fired are counted.

    `possible` are the kinds that have a point in one of the nights; `promised` counts nights with one fault
    by what they had to come to (`oracle.Must`).
    """

    points: int = 0
    possible: set[str] = field(default_factory=set)
    injected: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    promised: Counter[str] = field(default_factory=Counter)
    survived: int = 0
    unfired: int = 0
    nights: int = 0
    violations: list[Violation] = field(default_factory=list)

    @property
    def without_point(self) -> list[str]:
        """The kinds of faults that nothing in these nights can meet."""
        return [kind for kind in KINDS if kind not in self.possible]

    def as_json(self) -> dict[str, Any]:
        """The document of `flashc rehearse --faults --json`."""
        return {
            "points": self.points,
            "injected": self.injected,
            "by_kind": dict(sorted(self.by_kind.items())),
            "without_point": self.without_point,
            "outcomes": dict(sorted(self.outcomes.items())),
            "completed_though_disturbed": self.outcomes["completed"],
            "promised": dict(sorted(self.promised.items())),
            "survived": self.survived,
            "not_fired": self.unfired,
            "nights": self.nights,
            "violations": [
                {
                    "fault": " + ".join(one.faults),
                    "invariant": one.invariant,
                    "detail": one.detail,
                    "environment": one.environment,
                }
                for one in self.violations
            ],
        }


def campaign(
    world: Deployed,
    environments: Sequence[str],
    choice: Choice,
    tally: Tally,
    *,
    at_once: int = 0,
    progress: Callable[[Tally, int], None] = lambda _tally, _left: None,
) -> None:
    """Play them all and count; StageError when an undisturbed night is not good already.

    `at_once` nights are played side by side, one a processor for 0.  `progress` is called after each with
    the number of nights that are left.
    """
    nights: list[Night] = []
    behind: Fault | None = None
    for environment in environments:
        points, driver = world.points(environment)
        if choice.behind:
            every = [fault for point in points for fault in faults_at(point, driver)]
            behind = fault_of(every, choice.behind)
            points = world.recovery(environment, behind)
        tally.points += len(points)
        at = faults_behind if choice.behind else faults_at
        tally.possible.update(fault.kind for point in points for fault in at(point, driver))
        nights += [(environment, faults) for faults in faults_of(points, driver, choice)]
    nights = chosen_nights(nights, choice)
    left = len(nights)
    for (environment, faults), found in world.play(nights, at_once or os.cpu_count() or 1, behind):
        counted = _count(tally, faults, found)
        if counted and not choice.behind and len(faults) == 1:
            tally.promised[row_of(faults[0]).must] += 1
        if counted and is_bad(found):

            def alone(fault: Fault, of: str = environment) -> Any:
                return world.play_one((of, (fault,)), behind)

            _violate(tally, environment, *fewest(faults, found, alone))
        left -= 1
        progress(tally, left)


def _count(tally: Tally, faults: tuple[Fault, ...], found: Any) -> bool:
    """Count a night; False when a fault of it did not fire, so that it shows nothing."""
    tally.nights += int(found.get("nights", 1))
    if "error" not in found and len(found["fired"]) < len(faults):
        tally.unfired += 1
        return False
    tally.injected += 1
    tally.by_kind.update(" + ".join(sorted({fault.kind for fault in faults})).split(" + "))
    tally.outcomes[found.get("result", "unknown")] += 1
    tally.survived += not is_bad(found)
    return True


def is_bad(found: Any) -> bool:
    return "error" in found or bool(found["broken"])


def fewest(
    faults: tuple[Fault, ...], found: Any, play: Callable[[Fault], Any]
) -> tuple[tuple[Fault, ...], Any]:
    """The fewest of the faults after which something is broken, and what is; `play` plays one alone."""
    if len(faults) > 1:
        for fault in faults:
            again = play(fault)
            if is_bad(again):
                return (fault,), again
    return faults, found


def _violate(tally: Tally, environment: str, faults: tuple[Fault, ...], found: Any) -> None:
    names = tuple(str(fault) for fault in faults)
    if "error" in found:
        tally.violations.append(Violation(environment, names, "twin", str(found["error"])))
        return
    for one in found["broken"]:
        tally.violations.append(Violation(environment, names, one["invariant"], one["detail"]))
