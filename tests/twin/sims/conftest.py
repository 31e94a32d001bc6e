"""Consoles and arrays of the example's site, with nothing on the disks, and a way to send them commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flashtwin.build import build_machines
from flashtwin.image import SystemImage
from flashtwin.sims.outcome import Outcome
from flashtwin.site import Site
from flashtwin.site_load import read_site
from flashtwin.world import World

Send = Callable[..., Outcome]
MACHINE = "Server-9009-42A-SN78ABC12"


class RunningSystem:
    """As much of an operating system as a console can tell: it can be ended in order."""

    def __init__(self, partition: Any) -> None:
        self.partition = partition
        self.ended_by = ""
        self.image = None  # what lies on its disks, no console tells

    def power_down(self, option: str, seconds: float) -> None:
        self.ended_by = option
        self.partition.shut_down(seconds)

    def planned_start(self) -> float | None:
        return None

    def destroy(self) -> None:
        self.ended_by = self.ended_by or "power"


@pytest.fixture
def site(root: Path) -> Site:
    return read_site(root / "examples" / "nightly_brms.site.toml")


@pytest.fixture
def world(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The machines of the site: production runs, the clone is off, its IPL brings a `RunningSystem`."""
    world = build_machines(site, tmp_path)

    def boot(self: Any, image: SystemImage, *, at_once: bool = False) -> Any:
        del image, at_once
        self.os = RunningSystem(self)
        self.show("00000000")
        return self.os

    monkeypatch.setattr("flashtwin.world.Partition.boot", boot)
    source = world.partition("SISTPROD")
    source.curr_profile, source.state = "default", "Running"
    source.os = RunningSystem(source)  # type: ignore[assignment]
    source.show("00000000")
    return world


@pytest.fixture
def image(world: World, tmp_path: Path) -> SystemImage:
    """An image on the volumes of production."""
    made = SystemImage("SISTPROD", tmp_path / "ifs")
    made.ifs.mkdir()
    for volume in world.partition("SISTPROD").volumes:
        volume.image = made
    return made


@pytest.fixture
def send(world: World) -> Send:
    """Sends a command line and lets the clock run to its reply; the outcome that is replied."""

    def run(system: Any, line: str, user: str = "flashc") -> Outcome:
        answer = system.handle(user, line)
        scheduler = world.scheduler
        if not isinstance(answer, Outcome):
            task = scheduler.spawn(line, answer)
            scheduler.run(stop=lambda: task.ended)
            answer = task.result
        assert isinstance(answer, Outcome)
        scheduler.run(until=scheduler.now + answer.duration_s)
        changed = answer.effect() if answer.effect is not None else None
        return changed or answer

    return run


@pytest.fixture
def hmc(world: World, send: Send) -> Send:
    """Sends a line to the console."""
    return lambda line, user="flashc": send(world.consoles["HMC1"], line, user)


@pytest.fixture
def svc(world: World, send: Send) -> Send:
    """Sends a line to the array."""
    return lambda line, user="flashc": send(world.arrays["V7000"], line, user)
