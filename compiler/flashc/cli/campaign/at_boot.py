"""What a fault in the IPL of the clone does, when it shows a reference code."""

from __future__ import annotations

from collections.abc import Callable

from flashtwin.scheduler import sleep
from flashtwin.world import Partition, Profile

from flashc.cli.campaign.scene import Scene, Steps

NO_BOOT = "B6005120"
"""Licensed internal code failed."""

CONSOLE = "A6005008"
"""It waits for its console."""

DAY_S = 86400.0
ELSEWHERE, ELSEWHERE_ID = "ELSEWHERE", 77


def strike_boot(kind: str, scene: Scene, partition: Partition) -> Steps | None:
    """What takes the place of the rest of the IPL; None where it goes on."""
    if kind in _CLOCKS:
        before = partition.clock_offset
        partition.set_clock(before + _CLOCKS[kind])
        scene.undo.append(lambda: partition.set_clock(before))
        return None
    return _INSTEAD[kind](scene, partition)


_CLOCKS = {"boots with its clock a day ahead": DAY_S, "boots with its clock a day back": -DAY_S}


def _fails(_scene: Scene, partition: Partition) -> Steps:
    partition.fail(NO_BOOT)
    yield from ()


def _loops(_scene: Scene, partition: Partition) -> Steps:
    """The codes go by again and again; the console shows Running from the licensed internal code on."""
    while True:
        for phase in partition.ipl_phases:
            partition.show(phase.code)
            if phase.code.startswith("C6"):
                partition.enter("Running")
            yield from sleep(partition.world.scheduler, phase.lasts)


def _waits(_scene: Scene, partition: Partition) -> Steps:
    partition.show(CONSOLE)
    yield from ()


def _goes_off(_scene: Scene, partition: Partition) -> Steps:
    partition.show("00000000")
    partition.enter("Not Activated")
    yield from ()


def _elsewhere(scene: Scene, partition: Partition) -> Steps:
    """The disks start in a partition of another machine, with the network of the clone's profile.

    As by a host mapping that was changed, or a partition that was moved; here no disk is found.
    """
    world = partition.world
    machine = world.managed_systems.get(ELSEWHERE) or world.add_system(ELSEWHERE, "9009-42A", "78FFFFF")
    other = machine.partitions.get(ELSEWHERE_ID) or world.add_partition(machine, ELSEWHERE_ID, ELSEWHERE)
    profile = partition.profiles.get(partition.curr_profile)
    other.profiles["other"] = Profile("other", profile.vlans if profile is not None else ())
    other.volumes = partition.volumes
    partition.fail("B2003110")
    other.power_on("other")

    def back() -> None:
        other.pull_power()
        other.enter("Not Activated")
        other.volumes = []

    scene.undo.append(back)
    yield from ()


_INSTEAD: dict[str, Callable[[Scene, Partition], Steps]] = {
    "does not boot": _fails,
    "loops in its IPL": _loops,
    "waits at its console": _waits,
    "loses power in its IPL": _goes_off,
    "boots elsewhere": _elsewhere,
}
