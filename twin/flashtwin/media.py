"""Tape as a system uses it: the media library behind a device, a reserved drive, its volumes, writing.

A drive stays reserved for the port of the system that reserved it until that system gives it back; a system
that loses its power does not (docs/platform-facts.md#tape).  Which volumes a save uses and where it goes on:
docs/platform-facts.md#tape-volumes.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from flashtwin.errors import Escape
from flashtwin.image import VIRTUAL, DeviceDescription
from flashtwin.installed import installed, is_on
from flashtwin.records import TapeLibrary
from flashtwin.scheduler import Signal, Wait, sleep
from flashtwin.sims.tape import Cartridge, MediaLibrary

if TYPE_CHECKING:
    from flashtwin.job import Job
    from flashtwin.os400 import OperatingSystem

TAPE = ("*TAPMLB", "*TAP", "*OPT")
MOUNTED = "*MOUNTED"
CATEGORY = "tape category"
"""What a job keeps of the category it has mounted: (device, category)."""

Waiting = Generator[Wait, Signal | None, None]


def device(system: OperatingSystem, name: str) -> DeviceDescription:
    """A tape or optical device description; CPF9814 when there is none."""
    found = system.image.devices.get(name)
    if found is None or found.category not in TAPE:
        raise Escape("CPF9814", f"{name:<10}", f"Device {name} not found.")
    return found


def hardware(system: OperatingSystem, described: DeviceDescription) -> MediaLibrary | None:
    """The library in the machine room, or the image catalog in a virtual device; None where there is none."""
    if described.resource == VIRTUAL:
        return installed(system).loaded.get(described.name)
    found = system.world.devices.get(described.resource)
    return found if isinstance(found, MediaLibrary) else None


def reserve(system: OperatingSystem, name: str) -> MediaLibrary:
    """Reserve a drive for a save behind a device that is varied on: CPF3767 not usable, CPF415E none is free.

    A drive that this system has reserved before its last IPL is its own.
    """
    described = device(system, name)
    library = hardware(system, described)
    if not is_on(system, name) or library is None:
        raise Escape("CPF3767", f"{name:<10}", f"Device {name} not found or not varied on.")
    owner = system.partition.name
    for other in _who_has_it_alone(system, described):
        raise Escape("CPF415E", f"{name:<10}", f"Device {name} is reserved by {other}.")
    if not library.reserve(owner):
        holder = library.reservations[0] if library.reservations else "another system"
        raise Escape("CPF415E", f"{name:<10}", f"Device {name} is reserved by {holder}.")
    return library


def _who_has_it_alone(system: OperatingSystem, described: DeviceDescription) -> Iterator[str]:
    """Other systems that have the drives of the library ALLOCATED: docs/platform-facts.md#tape."""
    for machine in system.world.managed_systems.values():
        for partition in machine.partitions.values():
            other = partition.os
            if other is None or other is system:
                continue
            for one in other.image.devices.values():
                same = one.resource == described.resource and one.allocation == "ALLOCATED"
                if same and is_on(other, one.name):
                    yield partition.name


def give_back(system: OperatingSystem, library: MediaLibrary) -> None:
    """The end of a save: its drive is given back, unless the power is gone."""
    if system.destroyed:
        library.stop(system.partition.name)
    else:
        library.release(system.partition.name)


def volumes_for(job: Job, name: str, library: MediaLibrary, wanted: list[str]) -> list[Cartridge]:
    """The cartridges that a save may use, in their order: those of VOL, or those that are mounted.

    CPF6772 for a volume that is not there.  VOL(*MOUNTED) of a library wants a category that this job has
    mounted, or its sequential mode; it begins with what lies in the drive.
    """
    system = job.os
    if wanted != [MOUNTED]:
        for volume in wanted:
            if volume not in library.cartridges:
                raise Escape(
                    "CPF6772", f"{volume:<6}", f"Volume {volume} on device {name} cannot be processed."
                )
        return [library.cartridges[volume] for volume in wanted]
    found = list(library.cartridges)
    if device(system, name).category == "*TAPMLB":
        described = system.image.products["tape"].get(name)
        mounted = job.resources.get(CATEGORY)
        if mounted is not None and mounted[0] == name:
            found = list(library.categories.get(mounted[1], ()))
        elif not (isinstance(described, TapeLibrary) and described.sequential):
            raise Escape("CPF6772", f"{name:<10}", f"No category is mounted on device {name}.")
    current = library.mounted.get(system.partition.name, "")
    if current in found:
        found = found[found.index(current) :]
    if not found:
        raise Escape("CPF3767", f"{name:<10}", f"Device {name}: no volume is mounted.")
    return [library.cartridges[volume] for volume in found]


def write_through(
    system: OperatingSystem,
    library: MediaLibrary,
    cartridges: list[Cartridge],
    what: str,
    seconds: float,
    clear: str,
) -> Waiting:
    """Save for a time, cartridge by cartridge; CPF6772 when the first is full, or the last one gets full.

    `clear` is CLEAR: *ALL empties each cartridge that is reached, *AFTER each behind the first.
    """
    left, owner = seconds, system.partition.name
    for number, cartridge in enumerate(cartridges):
        if clear == "*ALL" or (clear == "*AFTER" and number):
            cartridge.used_s = 0.0
        room = library.holds_s - cartridge.used_s if library.holds_s else left
        if room <= 0:
            raise Escape("CPF6772", f"{cartridge.id:<6}", f"Volume {cartridge.id} is full.")
        library.mounted[owner] = cartridge.id
        write(system, library, cartridge.id, what)
        part = min(left, room)
        yield from sleep(system.world.scheduler, part)
        cartridge.used_s += part
        left -= part
        if left <= 0:
            return
    raise Escape("CPF6772", "", f"No volume is left behind {cartridges[-1].id}.")


def write(system: OperatingSystem, library: MediaLibrary, volume: str, what: str) -> None:
    """A volume gets data."""
    cartridge = library.cartridges.get(volume)
    if cartridge is None:
        cartridge = library.cartridges[volume] = Cartridge(volume)
    cartridge.written.append((system.partition.name, what, system.world.now))
    system.log("tape_written", volume=volume, what=what)
