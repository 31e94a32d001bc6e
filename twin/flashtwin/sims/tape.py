"""A tape library in the machine room: cartridges, drives, and who has reserved a drive.

A reservation belongs to the system that made it and outlives that system's power
(docs/platform-facts.md#tape).
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
    """A library that several systems may describe; one drive serves one system at a time.

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

    def reserve(self, system: str) -> bool:
        """Reserve a drive for a system; False when none is free."""
        if len(self.reservations) >= self.drives:
            return False
        self.reservations.append(system)
        return True

    def release(self, system: str) -> None:
        """Give back the system's drives; it may have none."""
        self.reservations = [one for one in self.reservations if one != system]
