"""What licensed programs and devices of a running system are doing: gone with the power.

What goes wrong with them in a rehearsal is in `Conditions`, one for the world.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flashtwin.sims.tape import MediaLibrary

if TYPE_CHECKING:
    from flashtwin.job import Job
    from flashtwin.os400 import OperatingSystem
    from flashtwin.world import World


@dataclass(slots=True)
class Conditions:
    """Faults of products and devices.

    `save_fails_at` is the backup item (*SAVSYS, a library …) at which a save breaks off; `save_exceptions`
    makes it end with errors; `hung_domino` names servers whose end never comes; `vary_fails` names
    configuration objects that cannot be varied on; `qusrbrm_in_use` keeps files of QUSRBRM allocated;
    `last_exit_after` is how many seconds after the start of the controlling subsystem the last *EXIT runs.
    """

    save_fails_at: str = ""
    save_exceptions: bool = False
    hung_domino: set[str] = field(default_factory=set)
    vary_fails: set[str] = field(default_factory=set)
    qusrbrm_in_use: bool = False
    mail_fails: bool = False
    last_exit_after: float = 5.0


@dataclass(slots=True)
class Installed:
    """Of one running system: devices that are varied on, image catalogs loaded into virtual devices, Domino
    servers and their jobs, independent ASPs that are available.

    `settles`: when a device that was varied on or off has come to its end; until then it is not to be used.
    """

    varied_on: set[str] = field(default_factory=set)
    asps: set[str] = field(default_factory=set)
    settles: dict[str, float] = field(default_factory=dict)
    loaded: dict[str, MediaLibrary] = field(default_factory=dict)
    domino: dict[str, Job] = field(default_factory=dict)
    domino_known: bool = False
    ending: set[str] = field(default_factory=set)
    ended_by: dict[str, str] = field(default_factory=dict)


def conditions(world: World) -> Conditions:
    """The world's conditions, to be changed by whoever injects faults."""
    known = world.devices.get("conditions")
    if not isinstance(known, Conditions):
        known = world.devices["conditions"] = Conditions()
    return known


def installed(system: OperatingSystem) -> Installed:
    """Of this system since its IPL: devices with ONLINE(*YES) are varied on by it."""
    if system.installed is None:
        online = {one.name for one in system.image.devices.values() if one.online}
        system.installed = Installed(varied_on=online)
    return system.installed


def vary_on_asps(system: OperatingSystem) -> None:
    """What a site's evening finds, or its own start-up program varies on; no IPL does.

    docs/platform-facts.md#independent-asps
    """
    for asp in system.image.products.get("iasps", {}).values():
        if asp.available:
            installed(system).asps.add(asp.name)


def on_its_way(system: OperatingSystem, device: str) -> bool:
    """Whether VRYCFG has ended and the device is not yet where it was sent."""
    return system.world.now < installed(system).settles.get(device, 0.0)


def is_on(system: OperatingSystem, device: str) -> bool:
    """Whether a device is varied on, and may be used."""
    return device in installed(system).varied_on and not on_its_way(system, device)


def has_booted(system: OperatingSystem) -> bool:
    """Whether the system came up in this rehearsal; otherwise it is as the evening found it."""
    return any(True for _ in system.world.events.of("ipl_done", system=system.partition.name))
