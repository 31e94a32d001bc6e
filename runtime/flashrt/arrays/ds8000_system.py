"""DS8000: what the driver and its checks ask of a system, whichever way it is asked.

By REST it is `flashrt.arrays.ds8000_rest.Console`, by the command line `flashrt.arrays.ds8000_script.Dscli`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from flashrt.arrays.base import Shot
from flashrt.arrays.ds8000_parse import Relation
from flashrt.localtime import Look


class Volume(NamedTuple):
    """A volume as listed: what must be alike in a pair, its state in the system's words, where it lies.

    `full`: it found no room, and what was on it is lost.
    """

    size: str
    model: str
    format: str
    state: str
    good: bool
    full: bool
    thin: bool
    pool: str


class Space(NamedTuple):
    """Of a volume: its size, and the bytes that it takes of its pool."""

    size: float
    used: float


class System(Protocol):
    """A connection to one storage image, logged in."""

    image: str
    """Its id without the manufacturer's part."""
    clock: tuple[str, str]
    """The clock by which it tells when a relation was synced: `Cycle.CLOCK` and `SHOWN_BY`."""
    wwnn: str
    release: str

    def close(self) -> None:
        """End the connection."""

    def again(self) -> None:
        """Connect and log in anew, after an answer that did not come."""

    def look(self) -> Look | None:
        """A look at the clock by which it tells when a relation was synced; None where none is shown."""

    def relations(self, volumes: Sequence[str], sources: Sequence[str]) -> dict[str, list[Relation]]:
        """The relations that each of these volumes is in, as source or target.

        `sources` are those that they are expected to have: a system may list relations by them alone.
        """

    def end(self, ids: Sequence[str], release: bool) -> None:
        """End relations, and with `release` give back the space of thin targets.

        NOTFOUND where none of them is there.
        """

    def thaw(self, lss: Sequence[str]) -> None:
        """Let go of held writes; a system that holds none does nothing."""

    def volumes(self, names: Sequence[str]) -> dict[str, Volume]:
        """These volumes; NOTFOUND (or SYSTEM) if one is not shown."""

    def space(self, names: Sequence[str]) -> dict[str, Space]:
        """What these volumes take."""

    def free_percent(self, pool: str) -> float:
        """What a pool has left."""

    def mirrored(self, targets: set[str]) -> list[str]:
        """Those of the targets that are in remote copy, as either side."""

    def lagging(self, sources: set[str]) -> list[str]:
        """Those of the sources that are a secondary side which is not surely the same as its primary."""

    def mapped(self, volumes: set[str]) -> dict[str, set[str]]:
        """The volumes that each host sees, of all hosts that see one of these."""

    def ports(self) -> dict[str, list[str]]:
        """The WWPNs of each host."""

    def shot(self, pairs: Sequence[tuple[str, str]], lss: Sequence[str], again: bool, run: str) -> Shot:
        """All pairs at one instant, each with a relation anew, or with `again` refreshed by the one it has.

        Where relations have numbers they get one that tells this run's from others'.

        Writes to the sources wait until the thaw, which is part of it.
        """
