"""Work management of a running system: subsystems, job queues, the life of jobs, restricted state.

Routing, the controlling subsystem, the start-up program and the end of all subsystems:
docs/platform-facts.md#work-management.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from flashtwin.errors import Escape
from flashtwin.image import JobRecord
from flashtwin.job import AUTOSTART, BATCH, MONITOR, Job
from flashtwin.objects import JobDescription, JobQueue, QueuedJob, SubsystemDescription
from flashtwin.scheduler import Body, Signal, Timer, Wait, sleep

if TYPE_CHECKING:
    from flashtwin.os400 import OperatingSystem

ACTIVE, ENDING = "ACTIVE", "ENDING"
START_UP_JOB, START_UP_USER = "QSTRUPJD", "QPGMR"
JOB_RECORDS_KEPT = 2000


def qualified_value(text: str) -> tuple[str, str]:
    """The object and library in a system value: ten characters each, or parted by a blank."""
    if "/" in text:
        library, _, name = text.strip().partition("/")
        return name, library
    parts = text.split()
    if len(parts) == 1 and len(text.rstrip()) > 10:
        parts = [text[:10], text[10:].strip()]
    return parts[0], parts[1] if len(parts) > 1 else "QSYS"


def _routed(description: SubsystemDescription, data: str) -> bool:
    """Whether a routing entry takes jobs with this routing data."""
    return any(
        entry.compare == "*ANY" or data.startswith(entry.compare)
        for entry in sorted(description.routing, key=lambda e: e.sequence)
    )


class Subsystem:
    """An active subsystem: its description, its jobs in the order of their start."""

    def __init__(self, description: SubsystemDescription, monitor: Job) -> None:
        self.description = description
        self.name = description.name
        self.monitor = monitor
        self.state = ACTIVE
        self.jobs: list[Job] = []
        self.ended = Signal(f"end of subsystem {description.name}")


class Work:
    """Subsystems by name, in the order of their start."""

    def __init__(self, system: OperatingSystem) -> None:
        self._os = system
        self.subsystems: dict[str, Subsystem] = {}
        self.restricted = False
        self.restricting: Job | None = None
        self.changed = Signal("work")
        self._limit: Timer | None = None
        self._starting_up: Job | None = None

    # -- job queues ------------------------------------------------------------------------------

    def submit(
        self,
        command: str,
        name: str,
        user: str,
        queue: tuple[str, str],
        attributes: dict[str, Any],
        *,
        held: bool = False,
        at: float | None = None,
        submitter: str = "",
    ) -> QueuedJob:
        """Put a job on a job queue; CPF1338-like escape when the queue does not exist.

        `submitter` is the job that submits it; "" for the job scheduler.
        """
        found = self._os.find_object(None, *queue, "*JOBQ")
        if not isinstance(found, JobQueue):
            raise Escape(
                "CPF1338", f"{queue[0]:<10}{queue[1]:<10}", f"Job queue {queue[0]} in {queue[1]} not found."
            )
        number = self._os.next_number()
        entry = QueuedJob(name, user, number, command, self._os.clock(), attributes, held, at)
        found.entries.append(entry)
        self.wake_for(entry)
        self._os.log(
            "job_submitted",
            job=entry.qualified,
            queue=f"{found.library}/{found.name}",
            command=command,
            submitter=submitter,
        )
        self.dispatch()
        return entry

    def wake_for(self, entry: QueuedJob) -> None:
        """A job that is not to start before its time is looked at again then."""
        if entry.schedule_time is not None:
            self._os.at(entry.schedule_time, self.dispatch)

    def queue_of(self, number: str) -> tuple[JobQueue, QueuedJob] | None:
        """The queue and entry of a waiting job."""
        for queue in self.queues():
            for entry in queue.entries:
                if entry.number == number:
                    return queue, entry
        return None

    def queues(self) -> list[JobQueue]:
        """All job queues."""
        return [
            obj
            for library in self._os.image.libraries.values()
            for obj in library.objects.values()
            if isinstance(obj, JobQueue)
        ]

    def dispatch(self) -> None:
        """Start what can start: each active subsystem takes from its queues by sequence number."""
        if self._os.ending or self.restricting is not None:
            return
        for subsystem in list(self.subsystems.values()):
            if subsystem.state != ACTIVE:
                continue
            for entry in sorted(subsystem.description.job_queues, key=lambda e: e.sequence):
                queue = self._os.find_object(None, *entry.queue, "*JOBQ")
                if not isinstance(queue, JobQueue) or queue.held or self._owner(entry.queue) is not subsystem:
                    continue
                self._take(subsystem, queue, entry.max_active)

    def _owner(self, queue: tuple[str, str]) -> Subsystem | None:
        """A job queue belongs to the first active subsystem that has an entry for it."""
        for subsystem in self.subsystems.values():
            if any(entry.queue == queue for entry in subsystem.description.job_queues):
                return subsystem
        return None

    def _take(self, subsystem: Subsystem, queue: JobQueue, most: int | None) -> None:
        total = subsystem.description.max_jobs
        for waiting in list(queue.entries):
            from_queue = sum(1 for j in subsystem.jobs if j.queue == (queue.name, queue.library))
            if (most is not None and from_queue >= most) or (
                total is not None and len(subsystem.jobs) >= total
            ):
                return
            if waiting.held or (
                waiting.schedule_time is not None and waiting.schedule_time > self._os.clock()
            ):
                continue
            queue.entries.remove(waiting)
            self.start(waiting, subsystem, (queue.name, queue.library))

    # -- jobs ------------------------------------------------------------------------------------

    def start(
        self, entry: QueuedJob, subsystem: Subsystem, queue: tuple[str, str], type_: str = BATCH
    ) -> Job:
        """Start a job in a subsystem."""
        job = Job(self._os, entry.name, entry.user, entry.number, type_)
        job.subsystem, job.queue, job.submitted = subsystem.name, queue, entry.submitted
        job.request = entry.command
        self._equip(job, entry.attributes)
        self._os.jobs[job.number] = job
        subsystem.jobs.append(job)
        if not _routed(subsystem.description, str(entry.attributes.get("routing_data", "QCMDB"))):
            text = f"Job {job.qualified} ended: no routing entry of subsystem {subsystem.name} fits it."
            self._os.tell_operator("CPF1303", text, job=job)
            self.finish(job, 40)
            return job
        job.task = self._os.spawn(f"job {job.qualified}", self._run(job, entry.command))
        return job

    def _equip(self, job: Job, attributes: dict[str, Any]) -> None:
        described = attributes.get("job_description")
        if described is not None:
            found = self._os.find_object(None, described[0], described[1], "*JOBD")
            if isinstance(found, JobDescription):
                job.take(found)
        for name in (
            "inquiry_reply",
            "multithread",
            "logging",
            "current_library",
            "switches",
            "message_queue_full",
            "ccsid",
        ):
            if name in attributes:
                setattr(job, name, attributes[name])
        if "library_list" in attributes:
            job.library_list = list(attributes["library_list"])
        job.environment = {**self._os.image.environment, **attributes.get("environment", {})}
        if "lda" in attributes:
            job.lda.put(attributes["lda"])

    def _run(self, job: Job, command: str) -> Generator[Wait, Signal | None, None]:
        yield from self._os.change(job, "job start")
        yield from sleep(self._os.world.scheduler, self._os.world.costs.submit)
        yield from self._os.change(job, "job start")
        if job.held:
            yield from job.wait_while_held()
        self.record_start(job)
        ok = yield from job.perform(command)
        yield from self._os.change(job, "job end")
        self.finish(job, 0 if ok and not job.ending else 10 if ok else 20)

    def record_start(self, job: Job) -> None:
        """The job is active: QHST and the event."""
        job.started = self._os.clock()
        text = f"Job {job.qualified} started in subsystem {job.subsystem}."
        self._os.history("CPF1124", text, job.qualified)
        self._os.log("job_started", job=job.qualified, subsystem=job.subsystem, user=job.user)

    def finish(self, job: Job, code: int) -> None:
        """The job is gone: its locks, QTEMP and outside processes with it.  `code` as in CPF1164."""
        if job.end_code is not None or self._os.destroyed:
            return
        job.end_code, job.status = code, "END"
        job.end_outside()
        self._os.jobs.pop(job.number, None)
        self._os.locks.end_of(job)
        subsystem = self.subsystems.get(job.subsystem)
        if subsystem is not None and job in subsystem.jobs:
            subsystem.jobs.remove(job)
        clock = self._os.clock()
        image = self._os.image
        self._os.history("CPF1164", f"Job {job.qualified} ended; end code {code}.", job.qualified)
        image.job_records.append(
            JobRecord(job.name, job.user, job.number, clock, code, tuple(m.line() for m in job.log))
        )
        del image.job_records[:-JOB_RECORDS_KEPT]
        self._os.log("job_ended", job=job.qualified, code=code)
        job.ended.fire(code)
        self.changed.fire()
        if self.restricted and job is self.restricting:
            self.leave_restricted()
        else:
            self.dispatch()

    def end_job(self, job: Job, *, immediately: bool, delay: float = 30.0) -> None:
        """ENDJOB: at once, or when `delay` is over unless the job has ended itself."""
        if immediately:
            self.kill(job, 50)
            return
        job.ending = True
        scheduler = self._os.world.scheduler
        scheduler.at(scheduler.now + delay, lambda: self.kill(job, 50))

    def kill(self, job: Job, code: int) -> None:
        """The job runs no further step."""
        if job.end_code is not None or self._os.destroyed:
            return
        if job.task is not None:
            job.task.kill()
        self.finish(job, code)

    def end_all_jobs(self, why: str, spare: Job | None = None) -> None:
        """Kill every job but one."""
        for job in list(self._os.jobs.values()):
            if job is not spare and job.type != MONITOR:
                self._os.log("job_killed", job=job.qualified, why=why)
                self.kill(job, 50)

    def hold(self, job: Job) -> None:
        """HLDJOB of an active job: it stands still before its next command."""
        job.held = True
        job.status = "HLD"
        self._os.log("job_held", job=job.qualified)

    def release(self, job: Job) -> None:
        """RLSJOB of an active job."""
        job.held = False
        self._os.log("job_released", job=job.qualified)
        job.released.fire()

    # -- subsystems ------------------------------------------------------------------------------

    def start_subsystem(self, description: SubsystemDescription, by: str = "") -> Subsystem:
        """Make a subsystem active; its autostart jobs and waiting jobs start.  `by`: the job that asked."""
        if description.name in self.subsystems:
            raise Escape("CPF1010", description.name, f"Subsystem name {description.name} active.")
        monitor = self._os.new_job(description.name, "QSYS", MONITOR)
        monitor.subsystem = description.name
        subsystem = self.subsystems[description.name] = Subsystem(description, monitor)
        self._os.log("subsystem_started", subsystem=description.name, by=by)
        for auto in description.autostart:
            self._autostart(subsystem, auto.job, auto.job_description)
        self.dispatch()
        return subsystem

    def _autostart(self, subsystem: Subsystem, name: str, described: tuple[str, str]) -> None:
        found = self._os.find_object(None, *described, "*JOBD")
        if not isinstance(found, JobDescription):
            self._os.tell_operator(
                "CPF1164", f"Autostart job {name}: job description {described[0]} not found."
            )
            return
        user = found.user if found.user != "*RQD" else "QUSER"
        entry = QueuedJob(name, user, self._os.next_number(), found.request, self._os.clock())
        entry.attributes["job_description"] = described
        self.start(entry, subsystem, ("", ""), AUTOSTART)

    def start_by_name(self, name: str, library: str = "QSYS") -> Subsystem | None:
        """Start a subsystem if it is described and not active."""
        found = self._os.image.find(library, name, "*SBSD")
        if isinstance(found, SubsystemDescription) and name not in self.subsystems:
            return self.start_subsystem(found)
        return None

    def end_subsystem(
        self, subsystem: Subsystem, *, immediately: bool, delay: float | None, by: str = ""
    ) -> Generator[Wait, Signal | None, None]:
        """End a subsystem: *IMMED kills its jobs, *CNTRLD lets them end until the delay is over."""
        subsystem.state = ENDING
        scheduler = self._os.world.scheduler
        if immediately:
            # The command is over, its jobs are not: docs/platform-facts.md#jobs
            yield from sleep(scheduler, self._os.world.durations.end_subsystem)
        else:
            deadline = None if delay is None else scheduler.now + delay
            for job in subsystem.jobs:
                job.ending = True
            while subsystem.jobs and (deadline is None or scheduler.now < deadline):
                yield Wait((self.changed,), deadline)
        for job in list(subsystem.jobs):
            self.kill(job, 50)
        self._close(subsystem, by)

    def _close(self, subsystem: Subsystem, by: str = "") -> None:
        if self.subsystems.pop(subsystem.name, None) is None:
            return
        self._os.jobs.pop(subsystem.monitor.number, None)
        self._os.log("subsystem_ended", subsystem=subsystem.name, by=by)
        subsystem.ended.fire()
        self.changed.fire()

    # -- the controlling subsystem and restricted state ------------------------------------------

    @property
    def controlling(self) -> str:
        """The name of the controlling subsystem (QCTLSBSD)."""
        return qualified_value(self._os.image.system_values.get("QCTLSBSD", "QCTL"))[0]

    def start_controlling(self, *, ipl: bool) -> None:
        """Start the controlling subsystem: the start-up program, and beside it QSYSWRK and STRTCP.

        On the milder side of their readings these two start behind the start-up program.
        """
        values = qualified_value(self._os.image.system_values.get("QCTLSBSD", "QCTL"))
        description = self._os.image.find(values[1], values[0], "*SBSD")
        if not isinstance(description, SubsystemDescription):
            self._os.partition.show("A9002000")
            self._os.log("startup_failed", why=f"controlling subsystem {values[0]} not found")
            return
        subsystem = self.subsystems.get(description.name) or self.start_subsystem(description)
        self._os.partition.show("00000000")
        if ipl:
            self._os.history("CPF0901", "IPL completed.")
            self._os.log("ipl_done")
        readings = self._os.world.readings
        again = ipl or readings.startup_again_after_restricted
        self._starting_up = self._start_up(subsystem) if again else None
        self._start_beside(readings.qsyswrk_beside_startup, "QSYSWRK", self._start_qsyswrk)
        if self._os.image.ipl_attributes.get("STRTCP", "*YES") == "*YES":
            self._start_beside(readings.strtcp_beside_startup, "STRTCP", self._os.network.start)

    def _start_qsyswrk(self) -> Body:
        """QSYSWRK, and BRMS's network beside it (docs/platform-facts.md#brms-in-use)."""
        self.start_by_name("QSYSWRK")
        self.start_by_name("Q1ABRMNET", "QBRM")
        yield from ()

    def _start_beside(self, beside: bool, name: str, start: Callable[[], Body]) -> None:
        """Start something with the start-up job, or behind it."""
        job = None if beside else self._starting_up
        self._os.spawn(name, start() if job is None else self._behind(job, start))

    def _behind(self, job: Job, start: Callable[[], Body]) -> Body:
        """What starts when the start-up job has ended, unless a restricted state ended it."""
        while job.end_code is None:
            yield Wait((job.ended,))
        if self._starting_up is job and self.restricting is None and not self._os.ending:
            yield from start()

    def _start_up(self, subsystem: Subsystem) -> Job | None:
        """The start-up job: QSTRUPPGM under QPGMR, with no other authorities than its own."""
        name, library = qualified_value(self._os.image.system_values.get("QSTRUPPGM", "QSTRUP"))
        if name == "*NONE":
            return None
        user = START_UP_USER if self._os.world.readings.startup_authorities_only else "QSECOFR"
        entry = QueuedJob(
            START_UP_JOB, user, self._os.next_number(), f"CALL PGM({library}/{name})", self._os.clock()
        )
        entry.attributes["inquiry_reply"] = "*RQD"
        if not self._os.has_program(name, library):
            text = f"Start-up program {name} in library {library} not found."
            self._os.tell_operator("CPF1870", text)
            self._os.history("CPF1870", text)
            self._os.log("startup_failed", why=text)
        return self.start(entry, subsystem, ("", ""), AUTOSTART)

    def may_restrict(self, job: Job) -> bool:
        """Only a job of the controlling subsystem may end all subsystems."""
        return job.subsystem == self.controlling

    def restrict(self, owner: Job, *, immediately: bool, delay: float, limit: float | None) -> None:
        """ENDSBS SBS(*ALL): goes on behind the command; the owner must wait for restricted state.

        `limit` (BCHTIMLMT, seconds) ends the restricted state by ending its owner.
        """
        if self.restricting is not None:
            raise Escape("CPF1035" if immediately else "CPF1034", "", "All subsystems are ending already.")
        self.restricting = owner
        for subsystem in self.subsystems.values():
            subsystem.state = ENDING
        self._os.log("restricted_requested", job=owner.qualified)
        self._os.spawn("ENDSBS *ALL", self._restrict(owner, immediately, delay, limit))

    def _restrict(
        self, owner: Job, immediately: bool, delay: float, limit: float | None
    ) -> Generator[Wait, Signal | None, None]:
        scheduler = self._os.world.scheduler
        if not immediately:
            deadline = scheduler.now + delay
            for job in self._os.jobs.values():
                if job is not owner:
                    job.ending = True
            while self._others(owner) and scheduler.now < deadline:
                yield Wait((self.changed,), deadline)
        yield from sleep(scheduler, self._os.world.durations.end_subsystems)
        if owner.end_code is not None:
            # The job that wanted restricted state is gone: the system comes up again.
            self.end_all_jobs("ENDSBS *ALL")
            self._all_ended()
            self.restricting = None
            self.start_controlling(ipl=False)
            return
        if self._os.world.readings.endsbs_kills_all_jobs:
            self.end_all_jobs("ENDSBS *ALL", owner)
        else:
            for subsystem in self.subsystems.values():
                for job in [j for j in subsystem.jobs if j is not owner]:
                    self.kill(job, 50)
        self._all_ended(spare=owner)
        self._os.network.stop()
        self.restricted = True
        self._os.partition.show("A9003C70")
        self._os.history("CPF0968", "System ended to restricted condition.")
        self._os.log("restricted_entered", job=owner.qualified)
        self.changed.fire()
        if limit is not None:
            self._limit = scheduler.at(scheduler.now + limit, lambda: self.kill(owner, 50))

    def _others(self, owner: Job) -> list[Job]:
        return [j for j in self._os.jobs.values() if j is not owner and j.type not in (MONITOR, "S")]

    def _all_ended(self, spare: Job | None = None) -> None:
        for subsystem in list(self.subsystems.values()):
            if spare is None or subsystem.name != spare.subsystem:
                self._close(subsystem)
            else:
                subsystem.state = ACTIVE

    def leave_restricted(self) -> None:
        """The controlling subsystem starts again; so does everything that its start starts."""
        if not self.restricted or self._os.ending:
            return
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
        self.restricted = False
        owner, self.restricting = self.restricting, None
        for subsystem in list(self.subsystems.values()):
            if owner is None or owner not in subsystem.jobs:
                self._close(subsystem)
        self._os.log("restricted_left")
        self._os.schedule.catch_up()
        self.start_controlling(ipl=False)
        self.dispatch()
