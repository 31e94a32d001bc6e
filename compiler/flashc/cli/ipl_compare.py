"""A normal IPL of production without the product and with it, each in a world of its own, to be compared."""

from __future__ import annotations

from pathlib import Path

from flashtwin.build import build_world
from flashtwin.events import Event
from flashtwin.image import SystemImage
from flashtwin.invariants.s11_ipl import SETTLED_S
from flashtwin.site_network import open_network
from flashtwin.world import Partition, World

from flashc.cli.run_facts import Ipl
from flashc.cli.stage import Stage, StageError
from flashc.collector import collector_paused

IPL_LIMIT_S = 4 * 3600.0


def compare_ipl(stage: Stage, folder: Path) -> Ipl:
    """Start production from its disks as the site has them, and from a copy with the product on it.

    What the job scheduler starts meanwhile is no part of an IPL: all its entries are held.
    """
    with collector_paused():
        installed = stage.system.image.copy_to(folder / "installed", stage.world.now)
        return Ipl(_fresh(stage, folder / "before", None), _fresh(stage, folder / "after", installed))


def _fresh(stage: Stage, folder: Path, image: SystemImage | None) -> tuple[Event, ...]:
    """An IPL of production in a new world of the same site."""
    world = build_world(stage.site, folder)
    gate = open_network(world, "memory")
    try:
        return _ipl(world, world.partition(stage.production.name), image)
    finally:
        gate.close()


def _ipl(world: World, partition: Partition, image: SystemImage | None) -> tuple[Event, ...]:
    """Power off and on; the events from the power on until what an IPL starts has settled."""
    profile = partition.curr_profile or next(iter(partition.profiles))
    partition.power_off("shutdown-immed")
    world.scheduler.run(until=world.now + IPL_LIMIT_S, stop=lambda: partition.state == "Not Activated")
    if image is not None:
        for volume in partition.volumes:
            volume.image = image
    booted = partition.boot_image()
    for entry in booted.schedule if booted is not None else ():
        entry.held = True
    first = len(world.events.events)
    partition.power_on(profile)
    world.scheduler.run(until=world.now + IPL_LIMIT_S, stop=lambda: _done(world, partition, first))
    if not _done(world, partition, first):
        raise StageError(f"partition {partition.name} of the site does not come up: {partition.refcode}")
    world.scheduler.run(until=world.now + SETTLED_S)
    return tuple(event for event in world.events.events[first:] if event.system == partition.name)


def _done(world: World, partition: Partition, first: int) -> bool:
    return any(
        event.kind == "ipl_done" and event.system == partition.name for event in world.events.events[first:]
    )
