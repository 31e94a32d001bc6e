"""VMAX and PowerMax: what the driver and its checks ask of an array, whichever way it is asked.

By REST it is `flashrt.arrays.powermax_rest.Unisphere`, by SYMCLI `flashrt.arrays.powermax_ssh.Symcli`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from flashrt.arrays.base import GroupState, Shot
from flashrt.arrays.members import Masked
from flashrt.arrays.powermax_parse import Snapshot
from flashrt.localtime import Look


class Volume(NamedTuple):
    """A volume of a storage group: what must be alike in a pair, its state, and what else uses it."""

    name: str
    size: str
    emulation: str
    status: str
    mirrored: bool


class Mirror(NamedTuple):
    """Volumes of a storage group in SRDF: which, their side (R1, R2 and so on), the states of their pairs
    and the mode, as the array says them; "" or none where it does not.
    """

    what: str
    side: str
    states: tuple[str, ...]
    mode: str


class Space(NamedTuple):
    """The pool of a storage group: its name, percent free, and how full its volumes are on average.

    `kept` percent of the pool, beside what is free, are for the writes of hosts: no snapshot gets of them.
    """

    pool: str
    free_percent: float
    used_percent: float
    kept: float = 0.0


class System(Protocol):
    """A connection to one array, logged in."""

    serial: str
    clock: tuple[str, str]
    """The clock by which it tells when a snapshot was taken: `Cycle.CLOCK` and `SHOWN_BY`."""

    def instant(self, ident: str) -> float | None:
        """The seconds of what tells a snapshot from another, where that is a local time; None for others."""

    def look(self) -> Look | None:
        """A look at the clock by which such times are told; None where it cannot be seen."""

    @property
    def generations(self) -> bool:
        """Whether the snapshots of a name are numbered from the newest, which is 0."""

    @property
    def level(self) -> str:
        """Its code level, and the version of what is between."""

    def close(self) -> None:
        """End the connection."""

    def again(self) -> None:
        """Connect anew, after an answer that did not come."""

    def has_group(self, group: str) -> bool:
        """Whether there is a storage group of that name."""

    def names(self, group: str) -> list[str]:
        """The numbers of the volumes of a storage group, in its order."""

    def volumes(self, group: str) -> list[Volume]:
        """The volumes of a storage group, in its order; what does not change while a call lasts."""

    def mirrors(self, group: str) -> list[Mirror]:
        """The volumes of a storage group that are in SRDF."""

    def busy(self, group: str, volumes: Sequence[str]) -> list[str]:
        """Those of these volumes of a storage group on which some snapshot is shown now."""

    def snapshots(self, group: str, name: str, target: str) -> list[Snapshot]:
        """The snapshots of a name that a storage group has, with what `target` shows of each."""

    def age(self, taken: int) -> float:
        """How old a snapshot is by the array's own clock, seconds; `taken` as the snapshot says it."""

    def link(self, action: str, group: str, name: str, number: str, target: str) -> None:
        """Link, Relink or Unlink a storage group.  Nothing is copied, and nothing forced."""

    def terminate(self, group: str, name: str, number: str) -> None:
        """Remove a snapshot; one that is linked is refused by the array."""

    def space(self, group: str) -> Space:
        """The pool that a storage group grows in."""

    def masked(self, title: Callable[[str], str], read: Callable[[str], GroupState]) -> Masked:
        """Volumes and hosts, as the checks of every family ask for them."""

    def shot(self, group: str, name: str) -> Shot:
        """The request that takes a snapshot, waiting on an open connection of its own."""
