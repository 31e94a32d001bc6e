"""Which faults a campaign plays."""

from __future__ import annotations

import difflib
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flashc.cli.campaign.kinds import KINDS, Fault, faults_at, faults_behind
from flashc.cli.campaign.points import Point
from flashc.cli.stage import StageError

PART = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,5})")

Night = tuple[str, tuple[Fault, ...]]
"""An environment, and the faults of one of its nights."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which faults: `sample` of all (0: every one), `pairs` of two, those of step `only`, or the `named`.

    `behind` names a fault that strikes first in each night; the others strike what comes behind it.  `part`
    is (K, N): of all these nights every Nth, from the Kth; the parts 1 to N together are all of them.
    """

    sample: int = 0
    pairs: int = 0
    seed: int = 0
    only: str = ""
    named: tuple[str, ...] = ()
    behind: str = ""
    part: tuple[int, int] = (1, 1)


def part_of(text: str) -> tuple[int, int]:
    """The part that "K/N" names; ValueError, with the text for the user, where it names none."""
    found = PART.fullmatch(text)
    number, parts = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= parts:
        raise ValueError(f"--part {text}: a part is K/N, the Kth of N, such as 1/20 to 20/20")
    return number, parts


def faults_of(points: Sequence[Point], driver: str, choice: Choice) -> list[tuple[Fault, ...]]:
    """All single faults that are asked for, then the pairs: two kinds by chance, at any of their points."""
    wanted = [point for point in points if choice.only in ("", point.step)]
    at = faults_behind if choice.behind else faults_at
    singles = [fault for point in wanted for fault in at(point, driver)]
    if choice.named:
        known = [fault for point in points for fault in at(point, driver)]
        return [tuple(fault_of(known, name) for name in choice.named)]
    made: list[tuple[Fault, ...]] = [(fault,) for fault in singles]
    chance = random.Random(choice.seed)
    by_kind: dict[str, list[Fault]] = {}
    for fault in singles:
        by_kind.setdefault(fault.kind, []).append(fault)
    for _ in range(choice.pairs if len(by_kind) > 1 else 0):
        one, other = chance.sample(sorted(by_kind), 2)
        made.append((chance.choice(by_kind[one]), chance.choice(by_kind[other])))
    return made


def fault_of(known: Sequence[Fault], name: str) -> Fault:
    """The fault of this name; StageError (64) where the night has none."""
    for fault in known:
        if str(fault) == name:
            return fault
    names = [str(fault) for fault in known]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else f"; one is written like {names[0]}" if names else ""
    raise StageError(f"the night has no such fault: {name}{hint}", 64)


def chosen_nights(nights: list[Night], choice: Choice) -> list[Night]:
    """The sample of all these nights, or all, and of it the part."""
    first, step = choice.part
    return _sampled(nights, choice)[first - 1 :: step]


def _sampled(nights: list[Night], choice: Choice) -> list[Night]:
    """So many nights, spread by chance over kinds, then sides, then steps; all pairs stay.

    As many as there are kinds have each kind once; fewer have other kinds with another seed.
    """
    singles = [night for night in nights if len(night[1]) == 1]
    others = [night for night in nights if len(night[1]) > 1]
    if not choice.sample or choice.sample >= len(singles) or choice.named:
        return nights
    chance = random.Random(choice.seed)
    chance.shuffle(singles)
    by_kind: dict[str, list[Night]] = {kind: [] for kind in chance.sample(list(KINDS), len(KINDS))}
    for night in singles:
        by_kind[night[1][0].kind].append(night)
    return _spread(by_kind, choice.sample) + others


def _spread(by_kind: dict[str, list[Night]], wanted: int) -> list[Night]:
    """So many: always the first one of the kind, side and step that were taken least often."""
    sides: Counter[str] = Counter()
    steps: Counter[tuple[str, str]] = Counter()

    def rarity(night: Night) -> tuple[int, int]:
        point = night[1][0].point
        return sides[point.place.side], steps[night[0], point.step]

    taken: list[Night] = []
    while len(taken) < wanted:
        round_ = [kind for kind, of_kind in by_kind.items() if of_kind]
        while round_ and len(taken) < wanted:
            night = min((one for kind in round_ for one in by_kind[kind]), key=rarity)
            point = night[1][0].point
            sides[point.place.side] += 1
            steps[night[0], point.step] += 1
            by_kind[night[1][0].kind].remove(night)
            round_.remove(night[1][0].kind)
            taken.append(night)
    return taken
