"""The stage of a rehearsal: a world in which the product is installed, and who watches what happens in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from flashtwin.gate import Gate
from flashtwin.image import SystemImage
from flashtwin.invariants.history import image_of
from flashtwin.os400 import CommandResult, OperatingSystem
from flashtwin.site import Site
from flashtwin.world import Partition, World

from flashc.bundle import Bundle
from flashc.check.model import Spec

COMMAND_LIMIT_S = 900.0
"""Virtual seconds that a command of the officer may take."""


class Observer:
    """Hears how a rehearsal goes on.  This one does nothing; views override what they show."""

    def begin(self, what: str) -> None:
        """A part of the rehearsal begins.

        These are "world", "trust", "deploy", "officer", "schedule", "night", "over".
        """

    def built(self, stage: Stage) -> None:
        """The world stands, and nothing is deployed yet."""

    def deployed(self, done: int, total: int, text: str) -> None:
        """So much of the deployment is done; `text` names what was done last."""

    def waiting(self, entries: tuple[str, ...]) -> None:
        """These schedule entries follow by the next deployment."""

    def officer(self, command: str, ok: bool, said: str) -> None:
        """The security officer has entered a command; what the system said."""

    def reported(self, text: str) -> None:
        """What the report-only run of the start-up guard wrote; "" when it wrote nothing."""

    def tick(self, stage: Stage) -> None:
        """Called between any two steps of the world, many thousand times: be quick."""


@dataclass(slots=True)
class Stage:
    """A world in which the product is installed, ready for its night."""

    spec: Spec
    bundle: Bundle
    site: Site
    world: World
    gate: Gate
    keys: dict[str, str] = field(default_factory=dict)
    """Key files that were placed on production, by name."""
    refused: str = ""
    """Why a deployment was not done, and what is missing therefore; then there is no night."""
    officer_todo: tuple[str, ...] = ()
    """What the last deployment printed for the security officer."""
    waiting: tuple[str, ...] = ()
    """The schedule entries that the last deployment left to the next one."""
    officer: list[tuple[str, bool]] = field(default_factory=list)
    """What the security officer entered, and whether it ended well."""
    documents: dict[str, str] = field(init=False)
    """What leaves the compiler, as text; the zipapp is packed, its sources are looked at byte for byte."""

    def __post_init__(self) -> None:
        files = self.bundle.files.items()
        self.documents = {f"{name} of the bundle": data.decode("latin-1") for name, data in files}
        self.documents["the spec"] = self.spec.text

    @property
    def production(self) -> Partition:
        """The partition that the bundle is for; KeyError when the site has none of its identity."""
        return production_of(self.world, self.bundle)

    @property
    def system(self) -> OperatingSystem:
        """Its running system."""
        running = self.production.os
        if running is None:
            raise StageError(f"partition {self.production.name} of the site does not run")
        return running

    @property
    def image(self) -> SystemImage:
        """What is on production's disks, whether it runs or not."""
        found = image_of(self.world, self.production.name)
        if found is None:
            raise StageError(f"the disks of partition {self.production.name} hold no system")
        return found

    @property
    def utc_offset(self) -> float:
        """What production's ordinary local time is ahead of UTC, seconds: without summer time that begins."""
        text = self.image.system_values.get("QUTCOFFSET", "+0000")
        seconds = int(text[1:3]) * 3600 + int(text[3:5]) * 60
        return float(-seconds if text.startswith("-") else seconds)

    def local(self, time: float) -> dt.datetime:
        """A time of the world as the clock of production shows it."""
        own = dt.datetime.fromtimestamp(time + self.production.shown_offset, dt.UTC)
        return own.astimezone(dt.timezone(dt.timedelta(seconds=self.utc_offset)))

    def command(self, user: str, text: str) -> CommandResult:
        """Run one CL command on production in a job of its own; the world's clock goes on meanwhile."""
        return run_command(self.world, self.system, user, text)

    def close(self) -> None:
        """End servers and whatever still runs outside of the world."""
        self.gate.close()


class StageError(Exception):
    """The rehearsal cannot be set up: the site has no such system, or the deployment failed (exit status)."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


def production_of(world: World, bundle: Bundle) -> Partition:
    """The partition on which the bundle is installed: the one that answers at the spec's host."""
    host = f"{bundle.system.host}:{bundle.system.port}"
    for one in world.site.partitions:
        if host in one.addresses or bundle.system.host in one.addresses:
            return world.partition(one.name)
    for partition in world.partitions():
        if partition.name == bundle.system.name:
            return partition
    raise StageError(
        f"the site has no partition that answers at {host}; give the production partition "
        f'addresses = ["{host}"]'
    )


def run_command(world: World, system: OperatingSystem, user: str, text: str) -> CommandResult:
    """Run one CL command in a job of its own; StageError when it does not end."""
    task = world.scheduler.spawn("somebody's command", system.run_command(user, text))
    world.scheduler.run(until=world.now + COMMAND_LIMIT_S, stop=lambda: task.ended)
    if not task.ended:
        raise StageError(f"this command did not end within {COMMAND_LIMIT_S:.0f} s: {text}")
    result: CommandResult | None = task.result
    return result or CommandResult(False, [])  # its job was ended
