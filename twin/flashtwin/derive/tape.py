"""The tape libraries, drives and cartridges of a derived site."""

from __future__ import annotations

from flashtwin.derive.needs import DeviceNeed, SiteNeeds, SystemNeed
from flashtwin.records import TapeLibrary
from flashtwin.site import CategorySite, TapeHardware

CARTRIDGES = 12
USUAL_DRIVES = 2


def tape_of(needs: SiteNeeds, name: str, number: int) -> TapeHardware:
    """The machine behind a library: a drive for each control group, its usual cartridges, those that are
    named, and the categories.
    """
    uses = _uses(needs, name)
    named = tuple(dict.fromkeys(volume for one in uses for volume in one.volumes))
    usual = _cartridges(number)
    categories = tuple(dict.fromkeys(one.category for one in uses if one.category))
    return TapeHardware(
        name=f"{name}HW",
        drives=max(USUAL_DRIVES, sum(one.device == name for one in needs.brms)),
        volumes=(*named, *(volume for volume in usual if volume not in named)),
        categories=tuple(CategorySite(name=one, volumes=usual) for one in categories),
    )


def tape_library(needs: SiteNeeds, system: SystemNeed, name: str) -> TapeLibrary:
    own = [one for one in needs.media if one.system == system.name]
    drives = tuple(one.name for one in own if one.kind == "drive" and _alone(one.name) == name)
    place = tape_libraries(needs).index(name) + 1
    return TapeLibrary(
        name=name,
        hardware=f"{name}HW",
        drives=drives or (f"TAPX{place:02d}",),
        sequential=any(one.sequential for one in own if one.name == name),
        online=(system.name, name) in needs.devices,
    )


def tape_libraries(needs: SiteNeeds) -> list[str]:
    """All libraries; a drive by itself is one with this drive."""
    return list(dict.fromkeys(name for system in needs.systems for name in tapes_of(needs, system.name)))


def tapes_of(needs: SiteNeeds, system: str) -> list[str]:
    own = [one for one in needs.media if one.system == system]
    libraries = [one.name for one in own if one.kind == "library"]
    drives = [_alone(one.name) for one in own if one.kind == "drive"]
    return list(dict.fromkeys([*libraries, *drives]))


def virtual_devices(needs: SiteNeeds, system: str) -> list[DeviceNeed]:
    own = {one.name: one for one in needs.media if one.system == system}
    return [one for one in own.values() if one.kind in ("virtual tape", "optical")]


def media_of(needs: SiteNeeds, system: str, device: str) -> tuple[str, ...]:
    """The volumes that a device can load without a person."""
    virtual = [one.name for one in virtual_devices(needs, system)]
    if device in virtual:
        return tuple(f"V{virtual.index(device):02d}{n:03d}" for n in range(1, CARTRIDGES + 1))
    libraries = tape_libraries(needs)
    return _cartridges(libraries.index(device if device in libraries else _alone(device)))


def _uses(needs: SiteNeeds, name: str) -> list[DeviceNeed]:
    return [one for one in needs.media if one.name == name or _alone(one.name) == name]


def _alone(drive: str) -> str:
    """The name that a drive's library goes by where the spec names the drive only."""
    return f"L{drive}"[:10]


def _cartridges(library: int) -> tuple[str, ...]:
    return tuple(f"B{library:02d}{n:03d}" for n in range(1, CARTRIDGES + 1))
