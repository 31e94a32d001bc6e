"""Starts of a partition with the real start-up guard: images made for it, and what was seen of the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flashc.cl.parser import parse
from flashc.cli.stage import Stage
from flashtwin.events import Event
from flashtwin.image import SystemImage
from flashtwin.invariants.history import transcript
from flashtwin.objects import Code, DataArea, Program
from flashtwin.os400 import OperatingSystem
from flashtwin.program import compile_source
from flashtwin.world import ManagedSystem, MemoryVolume, Partition, Profile

LIB, GUARD = "BCKFLASHP", "BCKFLASHPG"
CLONE = "78ABC12 0056"
"""The pair of serial and partition id in a ticket."""

IDLE = "Not Activated"
IPL_S = 1800.0
HARMLESS = {"QCTL", "QSYSWRK", "Q1ABRMNET"}
"""Subsystems that an IPL starts by itself."""

ACTS = (
    *("suspend_requested", "resumed", "flush", "brms_state", "brms_save", "tape_save"),
    *("restricted_requested", "executed", "mail", "domino_started"),
)

START_UP = f"""
    PGM
    DCL VAR(&USER) TYPE(*CHAR) LEN(10)
    DCL VAR(&NOW) TYPE(*CHAR) LEN(10)
    DCL VAR(&OPEN) TYPE(*CHAR) LEN(10) VALUE('refused')
    DCL VAR(&TEXT) TYPE(*CHAR) LEN(60)
    RTVJOBA USER(&USER) CURUSER(&NOW)
    RTVDTAARA DTAARA({LIB}/FLR0056 (25 10)) RTNVAR(&OPEN)
    MONMSG MSGID(CPF0000 MCH0000)
    CHGVAR VAR(&TEXT) VALUE('start-up as' *BCAT &USER *BCAT &NOW *BCAT &OPEN)
    SNDMSG MSG(&TEXT) TOMSGQ(QSYS/QSYSOPR)
    ENDPGM
"""
"""A start-up program of the site: it tells as whom it runs, and whether it has the product's authority."""


@dataclass(slots=True)
class Boot:
    """A start of a partition and what came of it, as far as it has gone."""

    stage: Stage
    partition: Partition
    first: int

    @property
    def system(self) -> OperatingSystem:
        """What runs there."""
        assert self.partition.os is not None, self.partition.refcode
        return self.partition.os

    def events(self, *kinds: str) -> list[Event]:
        """What happened on the partition since its power came on."""
        events = self.stage.world.events.events[self.first :]
        return [e for e in events if e.system == self.partition.name and (not kinds or e.kind in kinds)]

    def programs(self) -> list[str]:
        """The programs that the start-up job called, the guard's own aside."""
        ran = [e for e in self.events("program_started") if str(e["job"]).endswith("/QSTRUPJD")]
        return [str(e["program"]) for e in ran if not str(e["program"]).startswith(f"{GUARD}/")]

    def submitted(self) -> list[str]:
        """What somebody put on a queue; what the job scheduler submits must not start (`nothing_acted`)."""
        return [str(e["command"]) for e in self.events("job_submitted") if e["submitter"]]

    def told(self) -> str:
        """What QSYSOPR was told."""
        return "\n".join(str(e["text"]) for e in self.events("message") if e["queue"] == "QSYS/QSYSOPR")

    def asked(self) -> list[str]:
        """What consoles and arrays were asked since; nobody else in the room asks anything."""
        world = self.stage.world
        devices, since = {*world.consoles, *world.arrays}, self.events()[0].time
        return [x.request for x in transcript(world) if x.at >= since and x.system in devices]

    def go(self, seconds: float) -> None:
        """Let time pass."""
        world = self.stage.world
        world.scheduler.run(until=world.now + seconds)

    def off(self) -> None:
        """Take the power away."""
        self.partition.power_off("shutdown-immed")
        world = self.stage.world
        world.scheduler.run(until=world.now + 600, stop=lambda: self.partition.state == IDLE)


def ticket(stage: str, *, pair: str = CLONE, hours: float = 0.0, of: Stage, living: int = 0) -> str:
    """A ticket of run 20261118203500, made `hours` ago by production's clock."""
    made = of.local(of.world.now) - timedelta(hours=hours)
    text = f"{stage:<10}20261118203500DAILY     {pair}{made:%Y%m%d%H%M%S000000}0006brms      00014"
    return f"{text:<110}{living:08d}{'':12}FLBDAILY  FLADAILY  "


def put(image: SystemImage, area: str, text: str, library: str = GUARD) -> None:
    """Change a data area on the disks."""
    found = image.find(library, area, "*DTAARA")
    assert isinstance(found, DataArea)
    found.value = text.ljust(found.length).encode("cp037")


def stage_of(image: SystemImage) -> str:
    """The stage of the ticket on the disks."""
    found = image.find(GUARD, "FLT0056", "*DTAARA")
    assert isinstance(found, DataArea)
    assert isinstance(found.value, bytes)
    return found.value.decode("cp037")[:10].strip()


def program(image: SystemImage, library: str, name: str, text: str) -> None:
    """Put a program there, in the place of one that may be there."""
    source, problems = parse(text, name)
    assert not problems, problems
    code = Code(compile_source(source))
    image.add(Program(library, name, "*PGM", "CLLE", owner="QPGMR", code=code, public="*USE"))


def start_up(image: SystemImage, name: str = "STARTUP", text: str = START_UP) -> None:
    """The site has a start-up program of its own, which the guard is to call."""
    program(image, "APPLIB", name, text)
    put(image, "FLPRVSTR", f"{name:<10}APPLIB    ")


class Room:
    """The machine room for starts: production's disks with all deployed, and partitions to start them on."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage = stage
        self._folder = folder
        self._count = 0
        self._base = self._copy(stage.system.image)
        # Nothing but what a start starts: production's own night is not played here.
        for entry in stage.system.image.schedule:
            entry.held = True
        for partition in (stage.production, stage.world.partition("SISTPROD_24")):
            partition.pull_power()
            partition.enter(IDLE)

    def _copy(self, image: SystemImage) -> SystemImage:
        self._count += 1
        return image.copy_to(self._folder / f"disks-{self._count}", self.stage.world.now)

    def image(self, *changes: Callable[[SystemImage], Any]) -> SystemImage:
        """A copy of production's disks, changed."""
        made = self._copy(self._base)
        for change in changes:
            change(made)
        return made

    def partition(self, lpar: int, serial: str = "78ABC12", vlans: tuple[int, ...] = (99,)) -> Partition:
        """A partition by its identity; one that the site does not have is added."""
        world = self.stage.world
        machine = next((m for m in world.managed_systems.values() if m.serial == serial), None)
        if machine is None:
            machine = world.add_system(f"Server-{serial}", "9009-42A", serial)
        found = machine.partitions.get(lpar) or self._added(machine, lpar)
        found.profiles["start"] = Profile("start", vlans)
        return found

    def _added(self, machine: ManagedSystem, lpar: int) -> Partition:
        return self.stage.world.add_partition(machine, lpar, f"{machine.serial}_{lpar}")

    def start(
        self,
        partition: Partition,
        image: SystemImage | None = None,
        *,
        stop: Callable[[Boot], bool] | None = None,
    ) -> Boot:
        """Power on (with these disks) until half an hour after the IPL, or until `stop`."""
        world = self.stage.world
        if partition.state != IDLE:
            Boot(self.stage, partition, 0).off()
        if image is not None:
            partition.volumes = [MemoryVolume(f"{partition.name}-{self._count}", image)]
            partition.behind_vios = frozenset()
        boot = Boot(self.stage, partition, len(world.events.events))
        partition.power_on("start")
        world.scheduler.run(until=world.now + 2 * IPL_S, stop=lambda: stop is not None and stop(boot))
        return boot


def is_safe(boot: Boot) -> None:
    """Safe mode: nothing of anybody runs, nothing answers, and the operator is told."""
    assert "Safe mode" in boot.told(), boot.told()
    assert (boot.programs(), boot.submitted()) == ([], [])
    assert set(boot.system.work.subsystems) <= HARMLESS
    assert (boot.system.network.started, boot.system.network.interfaces) == (False, {})
    nothing_acted(boot)


def nothing_acted(boot: Boot) -> None:
    """Neither console, array nor BRMS was asked for anything, and nothing started but the start-up job."""
    assert boot.asked() == []
    started = {str(e["job"]).rpartition("/")[2] for e in boot.events("job_started")}
    assert started <= {"QSTRUPJD"}, started
    assert [f"{e.kind} {e.facts}" for e in boot.events(*ACTS)] == []
