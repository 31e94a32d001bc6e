"""What a simulated FlashArray holds beside volumes and hosts: protection groups, snapshots, and their ends.

Rules: docs/platform-facts.md#pure.  Where a rule is not known the harsher one is taken: a volume shows from
which volume it was copied last, never from which snapshot, and its creation time never changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from flashtwin.events import Event
from flashtwin.image import SystemImage
from flashtwin.sims.volumes import Volume

ERADICATE_S = 86400.0
"""How long what is destroyed can be taken back."""

CHANGE = 0.05
"""The part of a volume that is written anew in a day: what a snapshot comes to hold alone."""


class PureError(Exception):
    """The array refuses: HTTP status, the message, the name that it is about."""

    def __init__(self, message: str, context: str = "", status: int = 400) -> None:
        self.status = status
        self.context = context
        super().__init__(message)


class Perishable(Protocol):
    """What can be destroyed, taken back for a time, and eradicated."""

    destroyed: float | None


One = TypeVar("One", bound=Perishable)


@dataclass(slots=True, eq=False)
class Disk:
    """What a FlashArray knows of a volume beside what every array does; `source`: what it is a copy of."""

    volume: Volume
    id: str
    created: float
    source: Disk | None = None
    destroyed: float | None = None

    @property
    def name(self) -> str:
        """The volume's name."""
        return self.volume.name

    @property
    def serial(self) -> str:
        """The serial number: the end of what a host sees the volume by."""
        return self.volume.uid[8:]


@dataclass(slots=True, eq=False)
class Snapshot:
    """A volume's contents at an instant; never changed.  `uid` is that of the volume."""

    id: str
    name: str
    suffix: str
    uid: str
    disk: Disk
    size: int
    created: float
    group: GroupSnapshot | None = None
    destroyed: float | None = None
    image: SystemImage | None = None

    def held(self, now: float) -> int:
        """The bytes that it keeps because its volume was written to since."""
        share = min(1.0, max(0.0, now - self.created) / 86400.0)
        return int(self.size * CHANGE * share)


@dataclass(slots=True, eq=False)
class GroupSnapshot:
    """Snapshots of all members of a protection group at one instant."""

    name: str
    suffix: str
    group: Group
    created: float
    parts: list[Snapshot] = field(default_factory=list)
    destroyed: float | None = None
    told: list[Event] = field(default_factory=list)
    """The events of its instant, until it is known for which copy it was taken."""


@dataclass(slots=True, eq=False)
class Group:
    """A protection group: volumes, and how many hosts, whose volumes it means as well, are its members."""

    name: str
    disks: list[Disk]
    hosts: int = 0
    destroyed: float | None = None


def lasts(one: Perishable, now: float) -> bool:
    """Whether it is there still, maybe waiting for its eradication."""
    return one.destroyed is None or now < one.destroyed + ERADICATE_S


def lasting(ones: Iterable[One], now: float) -> list[One]:
    """Those that are there still."""
    return [one for one in ones if lasts(one, now)]
