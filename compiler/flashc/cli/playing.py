"""Playing the night: the job scheduler starts the runs, the clock goes on until each of them is at rest."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flashtwin.events import Event

from flashc.check.model import Environment
from flashc.cli.stage import Observer, Stage
from flashc.runbook.starts import next_start
from flashc.runbook.steps import run_limit_s

WEEK = dt.timedelta(days=7)
BY_HAND_S = 1800
"""How long after everything else a run is started that has no schedule, virtual seconds."""

REST_S = 900
"""Virtual seconds that the world goes on after the last run: guards end, subsystems come to rest."""

LIVING_S = 2 * 3600
"""The same behind a run whose clone lives on: it starts again, and what comes up on it is judged."""

_RUN = re.compile(r"\bPARM\('?([0-9]{14})\b")


@dataclass(slots=True)
class Started:
    """A run that the schedule is to start: when, and what became of it.

    `submitted` is the job that the schedule entry submitted (it runs FLSTRENV), `driver` the one that
    FLSTRENV submitted, "" where it refused; `jobs` are all that were submitted for the run, `active` those
    that have not ended; `ended` is when the last of them ended (world's clock).
    """

    environment: Environment
    due: float
    limit: float
    submitted: str = ""
    driver: str = ""
    run: str = ""
    jobs: list[str] = field(default_factory=list)
    active: set[str] = field(default_factory=set)
    ended: float | None = None

    @property
    def over(self) -> bool:
        """Whether nothing of the run works any more."""
        return self.ended is not None


class Night:
    """Follows the runs of one rehearsal by the events of the world.

    `runs` are those that are due; `meanwhile` gets what the schedule starts besides, as where a clock was put
    back.
    """

    def __init__(self, stage: Stage, environment: str = "") -> None:
        self._stage = stage
        self._here = stage.production.name
        manifest = stage.bundle.manifest
        self._programs = {e["name"]: str(e["program"]) for e in manifest["environments"]}
        self._library = str(manifest["library"])
        self.runs = self._due(environment)
        self.meanwhile: list[Started] = []

    def play(self, observer: Observer, closed: Callable[[Started], None]) -> None:
        """Let the clock go on until all runs are at rest or their limits have passed.

        `closed` is called with each run when it is, and before the next one begins.
        """
        world, stage = self._stage.world, self._stage
        self._hold_others()

        def until(time: float, run: Started | None = None) -> None:
            def stop() -> bool:
                observer.tick(stage)
                return run is not None and run.ended is not None

            world.scheduler.run(until=time, stop=stop)

        try:
            with self.heard():
                for number, run in enumerate(self.runs, 1):
                    if run.environment.started_by:
                        until(run.due)
                        self._start(run.environment)
                    until(run.limit, run)
                    rest = LIVING_S if run.environment.reconfigure else REST_S
                    following = self.runs[number].due if number < len(self.runs) else float("inf")
                    until(max(world.now, min(world.now + rest, following - 1)))
                    closed(run)
        finally:
            observer.tick(stage)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Follow the runs as long as somebody else lets the clock go on."""
        listeners = self._stage.world.events.listeners
        listeners.append(self._hear)
        try:
            yield
        finally:
            listeners.remove(self._hear)

    def _start(self, environment: Environment) -> None:
        """As another scheduler, or an operator, starts it: FLSTRENV in a job of the product's profile."""
        program, library = self._programs[environment.name], self._library
        self._stage.command(
            self._stage.bundle.system.user,
            f"SBMJOB CMD({library}/FLSTRENV ENV({environment.name})) JOB({program}) "
            f"JOBD({library}/FLASHC) JOBQ(QSYS/QUSRNOMAX)",
        )

    # -- which runs there will be

    def _due(self, name: str) -> list[Started]:
        """The first run of the one environment; of several, all runs of one week."""
        stage = self._stage
        system = stage.bundle.system.name
        wanted = [
            e for e in stage.spec.environments if e.clone.source.name == system and name in ("", e.name)
        ]
        now = stage.local(stage.world.now).replace(tzinfo=None)
        found: list[Started] = []
        for environment in wanted:
            moment = next_start(environment, now)
            while moment is not None and (len(wanted) == 1 or moment < now + WEEK):
                due = stage.world.now + (moment - now).total_seconds()
                found.append(Started(environment, due, due + run_limit_s(environment)))
                after = moment + dt.timedelta(seconds=1)
                moment = next_start(environment, after) if len(wanted) > 1 else None
        for environment in wanted:
            if environment.started_by:  # behind all others, so that none meets another by chance
                due = max((run.limit for run in found), default=stage.world.now) + BY_HAND_S
                found.append(Started(environment, due, due + run_limit_s(environment)))
        return sorted(found, key=lambda run: run.due)

    def _hold_others(self) -> None:
        """Schedule entries of environments that are not rehearsed do not start."""
        rehearsed = {self._programs[run.environment.name] for run in self.runs}
        for name in sorted(set(self._programs.values()) - rehearsed):
            self._stage.command("QSECOFR", f"HLDJOBSCDE JOB({name}) ENTRYNBR(*ALL)")

    # -- what becomes of them

    def _hear(self, event: Event) -> None:
        if event.system != self._here:
            return
        if event.kind == "job_submitted":
            self._submitted(event)
        elif event.kind == "job_ended":
            self._ended(str(event["job"]), event.time)
        elif event.kind == "partition_power" and event["state"] in ("Not Activated", "Error"):
            # With the power every job is gone, and nothing tells of its end.
            for run in (*self.runs, *self.meanwhile):
                run.active.clear()
                if run.submitted and not run.over:
                    run.ended = event.time

    def _submitted(self, event: Event) -> None:
        job, command = str(event["job"]), str(event["command"])
        found = _RUN.search(command)
        open_runs = [
            run for run in (*self.runs, *self.meanwhile) if not run.over and event.time >= run.due - 1
        ]
        for run in open_runs:
            program = self._programs[run.environment.name]
            if not run.submitted and "FLSTRENV" in command and job.endswith(f"/{program}"):
                run.submitted = job
                return
            if run.submitted and not run.driver and found and f"{self._library}/{program})" in command:
                run.driver, run.run = job, found[1]
                run.jobs.append(job)
                run.active.add(job)
                return
        submitter = str(event["submitter"])
        for run in open_runs:
            # A guard, the armed sidecar, a command with a limit, or recovery: they may end after the driver.
            if run.run and (run.run in command or submitter in run.jobs):
                run.jobs.append(job)
                run.active.add(job)
                return
        for environment in {run.environment.name: run.environment for run in self.runs}.values():
            if "FLSTRENV" in command and job.endswith(f"/{self._programs[environment.name]}"):
                limit = event.time + run_limit_s(environment)
                self.meanwhile.append(Started(environment, event.time, limit, job))

    def _ended(self, job: str, time: float) -> None:
        for run in (*self.runs, *self.meanwhile):
            run.active.discard(job)
            if run.over or not run.submitted:
                continue
            if (job == run.submitted and not run.driver) or (run.driver and not run.active):
                run.ended = time


def rows(stage: Stage, table: str, order: str) -> list[tuple[object, ...]]:
    """All rows of one of the product's tables; none where the table is missing."""
    name = f"{stage.bundle.manifest['library']}.{table}"
    connection = stage.image.database.connection
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    if known is None:
        return []
    found: list[tuple[object, ...]] = connection.execute(
        f'SELECT * FROM "{name}" ORDER BY {order}'
    ).fetchall()
    return found
