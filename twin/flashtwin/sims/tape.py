"""A tape library in the machine room: cartridges, drives, and who has reserved a drive.

Each save takes a drive of its own.  A reservation belongs to the system that made it and outlives that
system's power (docs/platform-facts.md#tape).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Cartridge:
    """A tape volume; `written` are (system, what, epoch seconds) in the order of writing.

    `used_s` are the seconds of saving that lie on it since it was cleared last.
    """

    id: str
    written: list[tuple[str, str, float]] = field(default_factory=list)
    used_s: float = 0.0


@dataclass(slots=True)
class MediaLibrary:
    """A library that several systems may describe; one drive serves one save at a time.

    `reservations` and `working` name systems, once for each drive: who holds it, and whose save uses it now.
    `holds_s` seconds of saving fill a cartridge (0: none is ever full), `categories` are cartridges by the
    category they are in, `mounted` is the cartridge that lies in a system's drive.
    """

    name: str
    drives: int
    cartridges: dict[str, Cartridge]
    reservations: list[str] = field(default_factory=list)
    holds_s: float = 0.0
    categories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    mounted: dict[str, str] = field(default_factory=dict)
    working: list[str] = field(default_factory=list)

    def reserve(self, system: str) -> bool:
        """Reserve a drive for a save: one that the system holds and uses not, or a free one; else False."""
        if self.reservations.count(system) <= self.working.count(system):
            if len(self.reservations) >= self.drives:
                return False
            self.reservations.append(system)
        self.working.append(system)
        return True

    def release(self, system: str) -> None:
        """The end of a save: its drive is given back."""
        self.stop(system)
        self.reservations.remove(system)

    def stop(self, system: str) -> None:
        """The end of the power: the drive of a save stays reserved."""
        self.working.remove(system)

    def release_all(self, system: str) -> None:
        """Give back all drives of the system, which uses none; it may hold none."""
        self.reservations = [one for one in self.reservations if one != system]
