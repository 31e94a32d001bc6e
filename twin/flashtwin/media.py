"""Tape as a system uses it: the media library behind a device, a reserved drive, writing a volume.

A drive stays reserved for the port of the system that reserved it until that system gives it back; a system
that loses its power does not (docs/platform-facts.md#tape).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flashtwin.errors import Escape
from flashtwin.image import DeviceDescription
from flashtwin.installed import installed
from flashtwin.sims.tape import Cartridge, MediaLibrary

if TYPE_CHECKING:
    from flashtwin.os400 import OperatingSystem

TAPE = ("*TAPMLB", "*TAP")


def device(system: OperatingSystem, name: str) -> DeviceDescription:
    """A tape device description; CPF9814 when there is none."""
    found = system.image.devices.get(name)
    if found is None or found.category not in TAPE:
        raise Escape("CPF9814", f"{name:<10}", f"Device {name} not found.")
    return found


def hardware(system: OperatingSystem, described: DeviceDescription) -> MediaLibrary | None:
    """The library in the machine room; None when the device's resource is not there."""
    found = system.world.devices.get(described.resource)
    return found if isinstance(found, MediaLibrary) else None


def reserve(system: OperatingSystem, name: str) -> MediaLibrary:
    """Reserve a drive behind a device that is varied on: CPF3767 not usable, CPF415E held by another system.

    A drive that this system has reserved before, even before its last IPL, is its own.
    """
    described = device(system, name)
    library = hardware(system, described)
    if name not in installed(system).varied_on or library is None:
        raise Escape("CPF3767", f"{name:<10}", f"Device {name} not found or not varied on.")
    owner = system.partition.name
    if owner not in library.reservations and not library.reserve(owner):
        holder = library.reservations[0] if library.reservations else "another system"
        raise Escape("CPF415E", f"{name:<10}", f"Device {name} is reserved by {holder}.")
    return library


def write(system: OperatingSystem, library: MediaLibrary, volume: str, what: str) -> None:
    """A volume gets data."""
    cartridge = library.cartridges.get(volume)
    if cartridge is None:
        cartridge = library.cartridges[volume] = Cartridge(volume)
    cartridge.written.append((system.partition.name, what, system.world.now))
    system.log("tape_written", volume=volume, what=what)
