"""Pure FlashArray: what a run has written down of its copy, and what that says of it."""

from __future__ import annotations

from typing import NamedTuple

from flashrt.arrays.base import ACTIVE, FREE, MIXED, PREPARED, TAKEN
from flashrt.arrays.pure_parse import Snapshot
from flashrt.ownership import Claim

SHOWN, ASKED = "shown", "asked"
IDLE = "idle"


class Record(NamedTuple):
    """What a run has written down of its copy: the snapshot, when it was taken (0: not proven), the targets.

    Of each target that was asked for or shown: which, and the creation time of the newest snapshot that an
    overwriting had left on it then.
    """

    snapshot: str
    created: int
    targets: dict[str, tuple[str, int]]

    @property
    def shown(self) -> list[str]:
        """The targets that surely show the copy."""
        return [target for target, (state, _) in self.targets.items() if state == SHOWN]


NOTHING = Record("", 0, {})
"""Of a group that no run has a copy of, or whose run has given up what there was."""


def record_of(claim: Claim) -> Record:
    """What a claim says of a copy."""
    names = list(claim.start_times)
    if len(names) != 1:
        return NOTHING
    targets: dict[str, tuple[str, int]] = {}
    for target, said in claim.copy.items():
        state, _, mark = said.partition(" ")
        if state in (SHOWN, ASKED) and mark.isdigit():
            targets[target] = (state, int(mark))
    created = claim.copy.get(names[0], "0")
    return Record(names[0], int(created) if created.isdigit() else 0, targets)


def state_of(record: Record, taken: Snapshot | None, targets: int) -> tuple[str, str]:
    """Word and state of a copy from its record and its snapshot on the array.

    A copy counts as long as its snapshot is there, though the targets do not need it.
    """
    if not record.snapshot:
        return FREE, IDLE
    if taken is None and not record.targets and not record.created:
        return PREPARED, "prepared"
    if record.targets and len(record.shown) < targets:
        return MIXED, "half presented"
    if taken is None or taken.destroyed:
        return FREE, IDLE
    return (ACTIVE, "presented") if record.targets else (TAKEN, "taken")
