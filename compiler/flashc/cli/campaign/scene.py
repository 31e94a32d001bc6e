"""What every fault needs: the world that it strikes, and the ways back that remove its cause afterwards."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from flashtwin.gate import gate_of
from flashtwin.job import Job
from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.server import Mode, Server
from flashtwin.world import Partition

from flashc.check.model import Environment
from flashc.cli.run_facts import clone_partition
from flashc.cli.stage import Stage

Steps = Generator[Wait, Signal | None, Any]

FOR_A_TIME_S = 600.0
"""Virtual seconds after which production has its power again, and what is away for a time is back."""


@dataclass(slots=True)
class Scene:
    """The night of one environment.  `undo` are the ways back, `hung` the jobs that somebody has to end."""

    stage: Stage
    environment: Environment
    undo: list[Callable[[], None]] = field(default_factory=list)
    hung: list[Job] = field(default_factory=list)

    @property
    def clone(self) -> Partition:
        """The partition of the environment's clone."""
        return clone_partition(self.stage, self.environment.clone)

    def restore(self) -> None:
        """What was away is there again; what hangs is ended as an operator would."""
        while self.undo:
            self.undo.pop()()
        for job in self.hung:
            if job.end_code is None and job.os is self.stage.production.os:
                job.os.work.end_job(job, immediately=True)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something so many virtual seconds from now."""
        scheduler = self.stage.world.scheduler
        scheduler.at(scheduler.now + seconds, act)

    def away(self, server: Server, seconds: float | None = None) -> None:
        """Nobody reaches this system any more: until the cause is removed, or for so long."""
        back = self.meet(server, "refused")
        self.later(0.0, lambda: gate_of(self.stage.world.scheduler).cut(server))
        if seconds is not None:
            self.later(seconds, back)

    def meet(self, server: Server, mode: Mode) -> Callable[[], None]:
        """New connections are met so from now on; the result puts it back, twice is as good as once."""
        before = server.mode
        server.mode = mode
        done = False

        def back() -> None:
            nonlocal done
            if not done:
                server.mode = before
            done = True

        self.undo.append(back)
        return back

    def make_room(self) -> None:
        """Somebody has deleted what was in the way, on every system."""
        for partition in self.stage.world.partitions():
            if partition.os is not None:
                partition.os.image.ifs_full = partition.os.image.tables_full = False
        self.stage.image.ifs_full = self.stage.image.tables_full = False

    def cut_link(self, seconds: float | None = None) -> None:
        """Nothing of the clone reaches production."""
        for server in self._link():
            self.away(server, seconds)

    def break_transfers(self, after: int, seconds: float) -> None:
        """The clone's link breaks when so many bytes of files have come; after a time it is sound."""
        for server in self._link():
            server.file_budget = after

            def sound(server: Server = server) -> None:
                server.file_budget = None

            self.later(seconds, sound)
            self.undo.append(sound)

    def _link(self) -> list[Server]:
        """Where production answers at the link's address."""
        link = self.environment.clone.link
        routes = gate_of(self.stage.world.scheduler).routes.items()
        return [
            route.server
            for address, route in routes
            if link is not None and address.rpartition(":")[0] == link.source
        ]


def for_ever() -> Wait:
    """A wait that nothing ends."""
    return Wait((Signal("nothing"),))


def going(go: Callable[[], Any]) -> Steps:
    """Run what the point was about to do."""
    result = go()
    if result is not None:
        yield from result


def so_long(seconds: float, now: float) -> Wait:
    """A wait of so many virtual seconds."""
    return Wait((), now + seconds)
