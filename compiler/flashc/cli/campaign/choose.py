"""Which faults a campaign plays."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from flashc.cli.campaign.kinds import Fault, faults_at
from flashc.cli.campaign.points import Point
from flashc.cli.stage import StageError

Night = tuple[str, tuple[Fault, ...]]
"""An environment, and the faults of one of its nights."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which faults: `sample` of all (0: every one), `pairs` of two, those of step `only`, or the `named`."""

    sample: int = 0
    pairs: int = 0
    seed: int = 0
    only: str = ""
    named: tuple[str, ...] = ()


def faults_of(points: Sequence[Point], driver: str, choice: Choice) -> list[tuple[Fault, ...]]:
    wanted = [point for point in points if choice.only in ("", point.step)]
    singles = [fault for point in wanted for fault in faults_at(point, driver)]
    if choice.named:
        known = {str(fault): fault for point in points for fault in faults_at(point, driver)}
        missing = [name for name in choice.named if name not in known]
        if missing:
            raise StageError(f"the night has no such fault: {missing[0]}", 64)
        return [tuple(known[name] for name in choice.named)]
    made: list[tuple[Fault, ...]] = [(fault,) for fault in singles]
    chance = random.Random(choice.seed)
    for _ in range(choice.pairs if len(singles) > 1 else 0):
        one, other = chance.sample(singles, 2)
        made.append((one, other))
    return made


def sampled(nights: list[Night], choice: Choice) -> list[Night]:
    """So many nights, as evenly over all kinds as there are nights of them; all pairs stay."""
    singles = [night for night in nights if len(night[1]) == 1]
    others = [night for night in nights if len(night[1]) > 1]
    if not choice.sample or choice.sample >= len(singles) or choice.named:
        return nights
    chance = random.Random(choice.seed)
    by_kind: dict[str, list[Night]] = {}
    for night in singles:
        by_kind.setdefault(night[1][0].kind, []).append(night)
    for of_kind in by_kind.values():
        chance.shuffle(of_kind)
    taken: list[Night] = []
    while len(taken) < choice.sample:
        for kind in sorted(by_kind):
            if by_kind[kind] and len(taken) < choice.sample:
                taken.append(by_kind[kind].pop())
    return taken + others
