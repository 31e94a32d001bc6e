"""A world: managed systems with their partitions, arrays, consoles, one clock, one record of events.

Built from a site file by `flashtwin.site`; run by `world.scheduler.run(...)`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from flashtwin.copies import Copies
from flashtwin.events import EventLog
from flashtwin.image import SystemImage
from flashtwin.scheduler import Body, Scheduler, Signal, Task, Wait, sleep
from flashtwin.site import Costs, Durations, IplPhase, Readings

if TYPE_CHECKING:
    from flashtwin.os400 import OperatingSystem


class DiskServer(Protocol):
    """A VIOS: what it presents to its client partitions, and what it has open."""

    def serves(self, lpar_id: int) -> bool:
        """Whether a partition is its client."""

    def offered(self, lpar_id: int) -> list[Volume]:
        """The volumes that a client sees through it now."""

    def open_volumes(self) -> list[Volume]:
        """The volumes that it polls."""


class Volume(Protocol):
    """A disk unit as a partition sees it: a volume of an array that holds (a part of) an image."""

    uid: str
    image: SystemImage | None


@dataclass(slots=True)
class Profile:
    """A partition profile of the console; `vlans` are those of its virtual Ethernet adapters."""

    name: str
    vlans: tuple[int, ...] = ()


class Partition:
    """A logical partition: its state as the console shows it, its disks, and its running system."""

    def __init__(self, world: World, managed_system: ManagedSystem, lpar_id: int, name: str) -> None:
        self.world = world
        self.managed_system = managed_system
        self.lpar_id = lpar_id
        self.name = name
        self.env = "os400"
        self.virtual_serial = ""
        self.state = "Not Activated"
        self.keylock = "norm"
        # From where it is started; stays what a start has said.  c and d are other media than its disks.
        self.ipl_source = "b"
        self.auto_start = False
        self.profiles: dict[str, Profile] = {}
        self.curr_profile = ""
        self.refcodes: list[tuple[float, str]] = []
        self.host = ""
        self.wwpns: tuple[str, ...] = ()
        # All that the site gives it; through VIOS it may see less for a time (`seen`).
        self.volumes: list[Volume] = []
        self.behind_vios: frozenset[str] = frozenset()
        self.vios: DiskServer | None = None
        self.ipl_phases: tuple[IplPhase, ...] = world.durations.ipl
        # Added to every end in order, seconds: a system with much to end.
        self.slow_end = 0.0
        # Difference of the partition's clock to the world's, seconds: what its system reads as "now".
        self.clock_offset = 0.0
        self.os: OperatingSystem | None = None
        self.changed = Signal(f"state of {name}")
        self._task: Task | None = None

    @property
    def serial(self) -> str:
        """The serial number that its system shows: its own virtual one, else the machine's."""
        return self.virtual_serial or self.managed_system.serial

    @property
    def refcode(self) -> str:
        """The reference code shown last, empty when there was none."""
        return self.refcodes[-1][1] if self.refcodes else ""

    def show(self, code: str) -> None:
        """Put up a reference code."""
        self.refcodes.append((self.world.scheduler.now, code))

    def set_clock(self, offset: float) -> None:
        """Put the partition's clock to this difference from the world's, seconds."""
        before, self.clock_offset = self.shown_offset, offset
        self.clock_changed(before)

    @property
    def shown_offset(self) -> float:
        """What its system shows as local time is so much later than the world's in the site's time zone."""
        return self.clock_offset + self.world.summer

    def clock_changed(self, before: float) -> None:
        """Its system shows another time; `before` is what `shown_offset` was."""
        self.world.events.log("clock_changed", self.name, offset=self.shown_offset, before=before)
        if self.os is not None:
            self.os.schedule.clock_changed()

    def enter(self, state: str) -> None:
        """Change the state that the console shows."""
        if state == self.state:
            return
        self.state = state
        self.world.events.log("partition_power", self.name, partition=self.name, state=state)
        self.changed.fire(state)
        if self.vios is not None:
            self.world.disks_changed()

    def power_on(self, profile: str, keylock: str = "norm", ipl_source: str = "") -> None:
        """Activate the partition.  The console has already refused what cannot be activated."""
        if self.state != "Not Activated":
            raise ValueError(
                f"partition {self.name} is {self.state}: only a partition that is off is activated"
            )
        self.curr_profile, self.keylock = profile, keylock
        self.ipl_source = ipl_source or self.ipl_source
        self.enter("Starting")
        self._start(self._ipl())

    def power_off(self, how: str) -> None:
        """End the partition: osshutdown, osshutdown-immed (by its system), shutdown (delayed) or
        shutdown-immed (at once, whatever its system does)."""
        if self.state == "Not Activated":
            return
        durations = self.world.durations
        system = self.os
        if how.startswith("osshutdown"):
            if system is not None:
                immediately = how.endswith("-immed")
                seconds = durations.osshutdown_immed if immediately else durations.osshutdown + self.slow_end
                system.power_down("*IMMED" if immediately else "*CNTRLD", seconds)
            return
        self.enter("Shutting Down")
        self.show("D6000298")
        self.pull_power()
        seconds = durations.shutdown_immed if how == "shutdown-immed" else durations.shutdown + self.slow_end
        self._start(self._go_off(seconds))

    def pull_power(self) -> None:
        """Everything in the memory of the partition is gone, now."""
        if self._task is not None:
            self._task.kill()
            self._task = None
        system, self.os = self.os, None
        if system is not None:
            system.destroy()

    def lose_power(self) -> None:
        """Nobody has asked for it: it is off, at once."""
        self.world.events.log("power_lost", self.name)
        self.pull_power()
        self.enter("Not Activated")

    def shut_down(self, seconds: float, restart: bool = False) -> None:
        """Called by the system when it ends: after `seconds` the partition is off, or starts again."""
        self.enter("Shutting Down")
        self.show("D6000298")
        self._start(self._go_off(seconds, restart))

    def fail(self, code: str) -> None:
        """The partition stops with this reference code."""
        self.pull_power()
        self.show(code)
        self.enter("Error")

    def _start(self, body: Generator[Wait, Signal | None, None]) -> None:
        if self._task is not None and self._task is not self.world.scheduler.current:
            self._task.kill()
        self._task = self.world.scheduler.spawn(f"partition {self.name}", body)

    def _go_off(self, seconds: float, restart: bool = False) -> Generator[Wait, Signal | None, None]:
        yield from sleep(self.world.scheduler, seconds)
        system, self.os = self.os, None
        if system is not None:
            planned = system.planned_start()
            if planned is not None:
                self.world.scheduler.at(self.world.scheduler.now + planned, self._start_by_itself)
            system.destroy()
        self.show("00000000")
        self.enter("Not Activated")
        if restart:
            self.world.events.log("starts_by_itself", self.name)
            self.enter("Starting")
            yield from self._ipl()

    def _start_by_itself(self) -> None:
        """The time of QIPLDATTIM, as the system that was on it last had it; one that is on is left alone."""
        if self.state == "Not Activated":
            self.world.events.log("starts_by_itself", self.name)
            self.enter("Starting")
            self._start(self._ipl())

    def _ipl(self) -> Generator[Wait, Signal | None, None]:
        scheduler = self.world.scheduler
        yield from sleep(scheduler, self.world.durations.power_on)
        if self.ipl_source not in "ab":
            # Nothing lies in the drive that it was installed from.
            self.fail("B2003110")
            return
        for phase in self.ipl_phases:
            self.show(phase.code)
            around = self.world.around_phase
            instead = around(self, phase.code) if around is not None else None
            if instead is not None:
                yield from instead
                return
            if phase.code.startswith("C6"):
                if self.keylock == "manual":
                    # A manual IPL waits at the console, and there is nobody there.
                    self.show("A6005008")
                    return
                if self.boot_image() is None:
                    self.fail("B6000255" if any(v.image for v in self.seen()) else "B2003110")
                    return
                self.enter("Running")
            yield from sleep(scheduler, phase.lasts)
        image = self.boot_image()
        if image is None:
            self.fail("B6000255")
            return
        self.boot(image)

    def boot_image(self) -> SystemImage | None:
        """The image on the volumes that are seen, if all of them belong to one and the same copy.

        Through VIOS none of the partition's volumes may be missing.
        """
        seen = self.seen()
        images = [volume.image for volume in seen]
        first = images[0] if images else None
        if len(seen) < len(self.volumes):
            return None
        return first if first is not None and all(image is first for image in images) else None

    def seen(self) -> list[Volume]:
        """The volumes that the partition sees now: for a client of VIOS what they present to it."""
        found = {volume.uid: volume for volume in self.volumes if volume.uid not in self.behind_vios}
        for server in self.servers():
            found.update({volume.uid: volume for volume in server.offered(self.lpar_id)})
        return list(found.values())

    def servers(self) -> list[DiskServer]:
        """The VIOS whose client it is."""
        known = [one.vios for one in self.managed_system.partitions.values() if one.vios is not None]
        return [server for server in known if server.serves(self.lpar_id)]

    def boot(self, image: SystemImage, *, at_once: bool = False) -> OperatingSystem:
        """Start the operating system from an image; `at_once`: as if it had been running for long."""
        from flashtwin.os400 import OperatingSystem

        self.os = OperatingSystem(self, image)
        if at_once:
            self.enter("Running")
        self.os.ipl(at_once=at_once)
        return self.os


class ManagedSystem:
    """A machine as the console knows it."""

    def __init__(self, name: str, type_model: str, serial: str) -> None:
        self.name = name
        self.type_model = type_model
        self.serial = serial
        self.state = "Operating"
        self.partitions: dict[int, Partition] = {}


class World:
    """All of it.  `addresses` maps the site's "host:port" to the loopback port that serves it."""

    def __init__(
        self,
        folder: Path,
        *,
        start: float,
        durations: Durations | None = None,
        costs: Costs | None = None,
        readings: Readings | None = None,
        site: Any = None,
    ) -> None:
        self.folder = folder
        self.site = site
        self.durations = durations or Durations()
        self.costs = costs or Costs()
        self.readings = readings or Readings()
        self.scheduler = Scheduler(start)
        self.events = EventLog(lambda: self.scheduler.now)
        self.managed_systems: dict[str, ManagedSystem] = {}
        self.arrays: dict[str, Any] = {}
        self.consoles: dict[str, Any] = {}
        self.devices: dict[str, Any] = {}
        self.servers: dict[str, Any] = {}
        self.addresses: dict[str, int] = {}
        # Faults: called for each CL command with its context and the function that runs it (which returns
        # None or a generator); what it does or returns takes the place of the command.
        self.around_command: Callable[[Any, Callable[[], Any]], Any] | None = None
        # Faults: called for each reference code of an IPL with the partition and the code; a generator takes
        # the place of the rest of the IPL.
        self.around_phase: Callable[[Partition, str], Body | None] | None = None
        # Somebody types: a command that the twin does not model is told to him, and the world goes on.
        self.by_hand = False
        self.copies = Copies(self)
        # Summer time: everything that shows local time shows it so many seconds later; UTC goes on.
        self.summer = 0.0
        # Consoles and arrays whose clock goes wrong, by name: so many seconds fast.
        self.leaps: dict[str, float] = {}
        self._captures = 0

    @property
    def now(self) -> float:
        """The world's clock, epoch seconds UTC."""
        return self.scheduler.now

    def set_summer(self, seconds: float) -> None:
        """Summer time begins (3600) or ends (-3600): docs/platform-facts.md#summer-time."""
        before = {partition.name: partition.shown_offset for partition in self.partitions()}
        self.summer = seconds
        for partition in self.partitions():
            partition.clock_changed(before[partition.name])

    def shown_late(self, name: str) -> timedelta:
        """What the clock of this console or array shows beyond its time zone's ordinary time."""
        return timedelta(seconds=self.summer + self.leaps.get(name, 0.0))

    def zone_name(self, utc_offset: str) -> str:
        """The name of a time zone, +01:00 without summer time, as programs show it now."""
        minutes = (int(utc_offset[1:3]) * 60 + int(utc_offset[4:6])) * (-1 if utc_offset[0] == "-" else 1)
        minutes += round(self.summer / 60)
        hours, rest = divmod(abs(minutes), 60)
        return {0: "UTC", 60: "CET", 120: "CEST"}.get(
            minutes, f"{'-' if minutes < 0 else '+'}{hours:02d}{rest:02d}"
        )

    def add_system(self, name: str, type_model: str, serial: str) -> ManagedSystem:
        """Add a machine."""
        machine = self.managed_systems[name] = ManagedSystem(name, type_model, serial)
        return machine

    def add_partition(self, machine: ManagedSystem, lpar_id: int, name: str) -> Partition:
        """Add a partition, not activated."""
        partition = machine.partitions[lpar_id] = Partition(self, machine, lpar_id, name)
        return partition

    def partitions(self) -> list[Partition]:
        """All partitions, in the order of machines and ids."""
        return [p for m in self.managed_systems.values() for _, p in sorted(m.partitions.items())]

    def partition(self, name: str) -> Partition:
        """A partition by its name."""
        for partition in self.partitions():
            if partition.name == name:
                return partition
        raise KeyError(f"the site has no partition {name}")

    def capture(self, sources: Sequence[Volume]) -> SystemImage | None:
        """A copy, as of now, of the image that these volumes hold; None when they hold none or parts of
        several.  An array calls it at the instant a copy is taken and puts it on the target volumes."""
        images = [volume.image for volume in sources]
        first = images[0] if images else None
        if first is None or any(image is not first for image in images):
            return None
        self._captures += 1
        copied = first.copy_to(self.folder / f"capture-{self._captures}", self.now)
        running = [p.os for p in self.partitions() if p.os is not None and p.os.image is first]
        copied.captured_local = f"{running[0].local():%y%m%d%H%M%S}" if running else ""
        return copied

    def overwritten(self, targets: Sequence[Volume]) -> None:
        """Volumes have new contents: a partition that runs from them loses its disks and stops.

        A VIOS that has them open fills its error log (docs/platform-facts.md#vios-mapping).
        """
        uids = {volume.uid for volume in targets}
        for partition in self.partitions():
            if partition.os is not None and any(volume.uid in uids for volume in partition.seen()):
                partition.fail("B6000103")
            if partition.vios is not None:
                hit = sorted({v.uid for v in partition.vios.open_volumes()} & uids)
                if hit:
                    self.events.log("vios_disk_errors", partition.name, volumes=tuple(hit))

    def disks_changed(self) -> None:
        """A VIOS presents less than before: a client that runs without one of its disks stops."""
        for partition in self.partitions():
            if partition.os is not None and len(partition.seen()) < len(partition.volumes):
                partition.fail("B6000103")


@dataclass(slots=True)
class MemoryVolume:
    """A volume without an array, for systems that are never copied and for tests."""

    uid: str
    image: SystemImage | None = field(default=None)
