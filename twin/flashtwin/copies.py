"""What point-in-time copies put on their targets: whole systems, or pieces that do not belong together.

A system can be started from copies of all its disk units, taken while nothing was written to any of them.
Where its units are spread over several consistency groups or arrays, each group takes its copy at an instant
of its own.  Taken within one full suspension these copies are equal; if the system could write between two of
them they are not, and an IPL finds units that do not fit together (docs/platform-facts.md#several-groups).

Some arrays hold an instant first and put it on the targets later, maybe one by one: `take` is given holders
in place of targets then, and `put` gives a target what a holder holds.  A holder's contents never change.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flashtwin.image import SystemImage

if TYPE_CHECKING:
    from flashtwin.world import Volume, World


@dataclass(slots=True)
class _Piece:
    """A target and what was put on it; it is a piece as long as that lies there."""

    target: Volume
    contents: SystemImage


@dataclass(slots=True)
class _Copy:
    """A copy of a system that is not whole yet: its pieces by the UID of the unit that was copied."""

    source: SystemImage
    image: SystemImage
    at: float
    pieces: dict[str, _Piece] = field(default_factory=dict)


@dataclass(slots=True)
class _Put:
    """What targets got of one held system: all of them one image, until somebody starts from it."""

    held: SystemImage
    image: SystemImage
    at: float
    targets: dict[str, Volume] = field(default_factory=dict)


class Copies:
    """The copies of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._last: _Copy | None = None
        self._puts: dict[int, _Put] = {}
        self._whole_at: dict[int, float] = {}
        """When the last piece of a copy came, by the image that all of its targets hold."""

    def put(self, holder: Volume, target: Volume) -> None:
        """Put on a target what a holder holds.  Once for each holder and target they make one system."""
        held = holder.image
        if held is None:
            target.image = None
            return
        if self._beside(held):
            target.image = held
            return
        put = self._puts.get(id(held))
        if put is None or put.targets.get(holder.uid, target) is not target or self._started(put):
            image = self._world.capture([holder])
            assert image is not None
            put = self._puts[id(held)] = _Put(held, image, self._world.now)
        put.targets[holder.uid] = target
        target.image = put.image

    def _beside(self, held: SystemImage) -> bool:
        """Whether targets of other arrays, which hold no instant first, have the rest of this very copy."""
        direct = [
            volume
            for one in self._world.arrays.values()
            if hasattr(one, "disks")
            for volume in one.disks()
            if volume.image is held
        ]
        return bool(direct) and not self._runs({volume.uid for volume in direct}, self._whole_at[id(held)])

    def _started(self, put: _Put) -> bool:
        """Whether a partition has started from these targets since: it writes on them."""
        return self._runs({target.uid for target in put.targets.values()}, put.at)

    def _runs(self, uids: set[str], since: float) -> bool:
        return any(
            event.time >= since
            and event["state"] == "Running"
            and any(volume.uid in uids for volume in self._world.partition(str(event["partition"])).volumes)
            for event in self._world.events.of("partition_power")
        )

    def take(self, pairs: Sequence[tuple[Volume, Volume]]) -> bool:
        """Put on each target what its source holds now; whether every system among it is whole now."""
        whole = bool(pairs)
        for key in dict.fromkeys(id(source.image) for source, _ in pairs):
            part = [(source, target) for source, target in pairs if id(source.image) == key]
            image = part[0][0].image
            if image is None:
                for _, target in part:
                    target.image = None
                whole = False
            else:
                whole = self._take(image, part, self.units(image)) and whole
        return whole

    def _take(
        self, image: SystemImage, part: Sequence[tuple[Volume, Volume]], units: frozenset[str] | None
    ) -> bool:
        taken = self._going_on(image, {source.uid for source, _ in part})
        if taken is None:
            captured = self._world.capture([source for source, _ in part])
            assert captured is not None
            taken = self._last = _Copy(image, captured, self._world.now)
        for source, target in part:
            # Until the rest is there, pieces are things of their own: nothing starts from them.
            target.image = copy.copy(taken.image)
            taken.pieces[source.uid] = _Piece(target, target.image)
        there = {uid for uid, piece in taken.pieces.items() if piece.target.image is piece.contents}
        if units is None or not units <= there:
            return False
        for piece in taken.pieces.values():
            if piece.target.image is piece.contents:
                piece.target.image = taken.image
        self._whole_at[id(taken.image)] = self._world.now
        self._last = None
        return True

    def units(self, image: SystemImage) -> frozenset[str] | None:
        """The UIDs of all disk units that a system has, on any array; None when it has internal ones."""
        arrays = [one.disks() for one in self._world.arrays.values() if hasattr(one, "disks")]
        internal = any(
            one.volumes and one.volumes[0].image is image and self._internal_disks(one.name)
            for one in self._world.partitions()
        )
        if internal:
            return None
        return frozenset(volume.uid for volumes in arrays for volume in volumes if volume.image is image)

    def _internal_disks(self, partition: str) -> int:
        known = getattr(self._world.site, "partitions", ())
        return next((one.internal_disks for one in known if one.name == partition), 0)

    def _going_on(self, image: SystemImage, uids: set[str]) -> _Copy | None:
        """The copy that this part belongs to: of the same system, which has written nothing since."""
        last = self._last
        if last is None or last.source is not image or uids & set(last.pieces):
            return None
        if last.at == self._world.now:
            return last
        for partition in self._world.partitions():
            if partition.os is not None and partition.boot_image() is image:
                return last if partition.os.suspension.holds_since(last.at) else None
        return None
