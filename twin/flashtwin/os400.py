"""A running IBM i: everything that is in memory, between the start of an IPL and the end of the power.

What is on disk is in `image`; jobs, locks, active interfaces and the suspended state are here.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from flashtwin import commands
from flashtwin.context import ProgramCall
from flashtwin.errors import Escape, TwinError
from flashtwin.image import HistoryEntry, SystemImage
from flashtwin.installed import vary_on_asps
from flashtwin.interp import Activation, call_program
from flashtwin.job import SYSTEM, Job
from flashtwin.jobschedule import JobSchedule
from flashtwin.locks import Locks
from flashtwin.national import as_stored
from flashtwin.network import Network
from flashtwin.objects import MessageQueue, Object, Program, QueuedMessage
from flashtwin.scheduler import Body, Signal, Task, Wait, sleep
from flashtwin.security import require_authority
from flashtwin.suspend import SYSBAS, Suspension
from flashtwin.values import Cell
from flashtwin.work import Work

if TYPE_CHECKING:
    from flashtwin.installed import Installed
    from flashtwin.world import Partition


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What the `system` utility knows of a command: whether it ended well, and its messages (id, text)."""

    ok: bool
    messages: list[tuple[str, str]] = field(default_factory=list)


UP_FOR_S = 7 * 86400.0
"""How long a system that is up when the world begins has been up."""


class OperatingSystem:
    """One system from its start to its end."""

    def __init__(self, partition: Partition, image: SystemImage) -> None:
        commands.load()
        self.partition = partition
        self.world = partition.world
        self.image = image
        self.jobs: dict[str, Job] = {}
        self.suspension = Suspension(self)
        self._asps = {SYSBAS: self.suspension}
        self.locks = Locks()
        self.work = Work(self)
        self.network = Network(self)
        self.schedule = JobSchedule(self)
        self.destroyed = False
        self.ending = False
        self.installed: Installed | None = None
        self._signals: dict[tuple[str, str, str], Signal] = {}
        self._tasks: list[Task] = []
        # When job SCPF, with which an IPL begins, entered the system.
        self.began = self.clock()

    # -- the clock and the record ----------------------------------------------------------------

    def clock(self) -> float:
        """The system's own clock, epoch seconds: it may differ from the world's."""
        return self.world.scheduler.now + self.partition.clock_offset

    def utc_offset(self) -> float:
        """QUTCOFFSET in seconds; the time zone (QTIMZON) moves it when summer time begins and ends."""
        text = self.image.system_values.get("QUTCOFFSET", "+0000")
        sign = -1 if text.startswith("-") else 1
        return sign * (int(text[1:3]) * 3600 + int(text[3:5]) * 60) + self.world.summer

    def clock_values(self) -> dict[str, str]:
        """The system values that the clock gives."""
        now = self.local()
        return {
            "QTIME": now.strftime("%H%M%S") + f"{now.microsecond // 1000:03d}",
            "QYEAR": now.strftime("%y"),
            "QMONTH": now.strftime("%m"),
            "QDAY": now.strftime("%d"),
            "QHOUR": now.strftime("%H"),
            "QMINUTE": now.strftime("%M"),
            "QSECOND": now.strftime("%S"),
            "QCENTURY": "1" if now.year >= 2000 else "0",
            "QDATETIME": now.strftime("%Y%m%d%H%M%S%f"),
            "QDAYOFWEEK": "*" + now.strftime("%a").upper(),
            "QUTCOFFSET": now.strftime("%z"),
        }

    def local(self, at: float | None = None) -> datetime:
        """Local time by the system's own clock and time zone (of `at`, which is on that clock)."""
        moment = datetime.fromtimestamp(self.clock() if at is None else at, UTC)
        return moment.astimezone(timezone(timedelta(seconds=self.utc_offset())))

    def date_form(self) -> str:
        """The date format of QDATFMT, without separators, for strftime."""
        forms = {"DMY": "%d%m%y", "MDY": "%m%d%y", "YMD": "%y%m%d", "JUL": "%y%j"}
        return forms.get(self.image.system_values.get("QDATFMT", "DMY"), "%d%m%y")

    def planned_start(self) -> float | None:
        """In how many seconds the partition starts by itself if it is off then (QIPLDATTIM); None: never."""
        text = self.image.system_values.get("QIPLDATTIM", "*NONE")
        if text == "*NONE":
            return None
        planned = datetime.strptime(text, f"{self.date_form()} %H%M%S")
        left = (planned - self.local().replace(tzinfo=None)).total_seconds()
        return left if left > 0 else None

    def set_clock(self, offset: float) -> None:
        """Put the system's clock to this difference from the world's, seconds; schedule entries follow."""
        self.partition.set_clock(offset)

    def log(self, kind: str, **facts: Any) -> None:
        """Record an event of this system."""
        self.world.events.log(kind, self.partition.name, **facts)

    def history(self, msgid: str, text: str, job: str = "", severity: int = 0) -> None:
        """Write to QHST."""
        self.image.history.append(HistoryEntry(self.clock(), msgid, text, job, severity))

    def spawn(self, name: str, body: Body) -> Task:
        """Start a task that ends with the system."""
        task = self.world.scheduler.spawn(f"{self.partition.name} {name}", body)
        self._tasks = [t for t in self._tasks if not t.ended]
        self._tasks.append(task)
        return task

    def at(self, moment: float, action: Callable[[], None]) -> None:
        """Do something at a time of the system's own clock, unless the system is gone by then."""
        self.world.scheduler.at(
            moment - self.partition.clock_offset, lambda: None if self.destroyed else action()
        )

    def signal(self, library: str, name: str, type_: str) -> Signal:
        """What fires when an object (a queue) changes."""
        key = (library, name, type_)
        if key not in self._signals:
            self._signals[key] = Signal(f"{library}/{name} {type_}")
        return self._signals[key]

    # -- start and end ---------------------------------------------------------------------------

    def ipl(self, *, at_once: bool = False) -> None:
        """The operating system's part of an IPL; `at_once` makes a system that has been up for long."""
        self.image.system_values["QSRLNBR"] = self.partition.serial
        if not at_once:
            self._pending_name()
        self.network.vary_on_at_ipl()
        self.schedule.start(after_ipl=not at_once)
        if at_once:
            self.began = self.clock() - UP_FOR_S
            vary_on_asps(self)
            self.partition.show("00000000")
            return
        self.history("CPF0909", "IPL started.")
        for queue in self.work.queues():
            if self.image.ipl_attributes.get("CLRJOBQ", "*NO") == "*YES":
                queue.entries.clear()
            for entry in queue.entries:
                self.work.wake_for(entry)
        self.work.start_controlling(ipl=True)

    def _pending_name(self) -> None:
        """A system name that CHGNETA left pending is in force from an IPL on."""
        attributes = self.image.network_attributes
        pending = attributes.get("PNDSYSNAME", "*NONE")
        if pending != "*NONE":
            attributes["SYSNAME"], attributes["PNDSYSNAME"] = pending, "*NONE"
            self.log("system_name", name=pending)

    def power_down(self, option: str, seconds: float, *, restart: bool = False, delay: float = 0.0) -> None:
        """PWRDWNSYS: end everything, then the partition; *CNTRLD lets jobs end by themselves for `delay`."""
        if self.ending:
            return
        self.ending = True
        self.history("CPF1815", f"System ended with PWRDWNSYS {option}.")
        self.log("power_down", option=option, restart=restart)
        self.world.scheduler.spawn(
            f"{self.partition.name} power down", self._power_down(option, seconds, restart, delay)
        )

    def _power_down(
        self, option: str, seconds: float, restart: bool, delay: float
    ) -> Generator[Wait, Signal | None, None]:
        if option == "*CNTRLD":
            for job in list(self.jobs.values()):
                job.ending = True
            if delay:
                yield from sleep(self.world.scheduler, delay)
        if self.destroyed:
            return
        self.partition.shut_down(seconds, restart)
        self.work.end_all_jobs("power down")
        self.network.stop()

    def destroy(self) -> None:
        """The power is gone: no job runs another step."""
        self.destroyed = True
        self.schedule.stop()
        for job in list(self.jobs.values()):
            if job.task is not None:
                job.task.kill()
            job.end_outside()
        self.jobs.clear()
        for task in self._tasks:
            task.kill()

    # -- objects ---------------------------------------------------------------------------------

    def find_object(self, job: Job | None, name: str, library: str, type_: str) -> Object | None:
        """An object by name; *LIBL and *CURLIB by the job, QTEMP is the job's own.  No authority check."""
        if type_ == "*LIB":
            if name == "QTEMP" and job is not None:
                return job.qtemp
            return self.image.libraries.get(name)
        if library == "*CURLIB":
            library = job.current_library if job is not None and job.current_library else "QGPL"
        libraries = [library]
        if library in ("*LIBL", ""):
            libraries = job.libraries() if job is not None else ["QSYS", "QGPL"]
        for where in libraries:
            if where == "QTEMP" and job is not None:
                found = job.qtemp.objects.get((name, type_))
            else:
                found = self.image.find(where, name, type_)
            if found is not None:
                return found
        return None

    def call(self, act: Activation, target: tuple[str, str], args: list[Cell]) -> Any:
        """CALL: run a program of a library or of the system; None, or a generator when it takes time."""
        name, library = target
        found = self.find_object(act.job, name, library, "*PGM")
        if isinstance(found, Program):
            require_authority(act.job, found, "*USE")
            self.log("program_started", program=f"{found.library}/{found.name}", job=act.job.qualified)
            return call_program(act, found, args)
        built_in = commands.PROGRAMS.get((name, library)) or self._system_program(name, library)
        if built_in is None:
            act.job.send(act, "*DIAG", "CPD0170", f"Program {name} in library {library} not found.")
            raise Escape("CPF0001", "CALL", "Error found on CALL command.")
        return built_in(ProgramCall(act, name, args))

    def has_program(self, name: str, library: str) -> bool:
        """Whether CALL would find a program."""
        found = self.find_object(None, name, library, "*PGM")
        return isinstance(found, Program) or (name, library) in commands.PROGRAMS

    def _system_program(self, name: str, library: str) -> Any:
        if library not in ("*LIBL", "*CURLIB", ""):
            return None
        return commands.PROGRAMS.get((name, "QSYS"))

    # -- work from outside -----------------------------------------------------------------------

    def change(self, job: Job | None, what: str) -> Generator[Wait, Signal | None, None]:
        """Wait while the system is suspended: before each change of database, IFS, spool, before a job
        starts and before a message that leaves the job."""
        return self.suspension.wait(job, what)

    def new_job(self, name: str, user: str, type_: str = "B") -> Job:
        """A job that starts now, without a job queue; the caller gives it a task and ends it."""
        job = Job(self, name, user, self.next_number(), type_)
        self.jobs[job.number] = job
        return job

    def next_number(self) -> str:
        """The next job number."""
        number = self.image.next_job
        self.image.next_job = number + 1 if number < 999_999 else 1
        return f"{number:06d}"

    def submit(
        self,
        command: str,
        *,
        name: str = "QDFTJOBD",
        user: str = "QSYSOPR",
        queue: tuple[str, str] = ("QBATCH", "QGPL"),
        **attributes: Any,
    ) -> str:
        """Put a job on a job queue; its qualified name."""
        return self.work.submit(command, name, user, queue, attributes).qualified

    def run_command(self, user: str, text: str) -> Generator[Wait, Signal | None, CommandResult]:
        """Run one CL command in a job of its own, as the PASE `system` utility does."""
        yield from self.change(None, f"job start for {text[:40]}")
        job = self.new_job("QP0ZSPWP", user, "BCI")
        job.subsystem = "QUSRWRK"
        job.task = self.world.scheduler.current
        self.work.record_start(job)
        ok, code = False, 50
        try:
            yield from sleep(self.world.scheduler, self.world.costs.system)
            ok = yield from job.perform(as_stored(text, job.default_ccsid))
            code = 0 if ok else 20
        except TwinError as error:
            if not self.world.by_hand:
                raise
            return CommandResult(False, [("", str(error))])
        finally:
            self.work.finish(job, code)
        kept = [m for m in job.root.queue if m.type in ("*COMP", "*DIAG", "*INFO", "*ESCAPE")]
        return CommandResult(ok, [(m.msgid, m.text) for m in kept])

    def call_program(
        self, user: str, library: str, name: str
    ) -> Generator[Wait, Signal | None, CommandResult]:
        """Call a program without parameters in a job of its own."""
        return (yield from self.run_command(user, f"CALL PGM({library}/{name})"))

    def system_job(self, name: str, user: str = "QSYS") -> Job:
        """A job of the system itself."""
        return self.new_job(name, user, SYSTEM)

    def asp(self, name: str) -> Suspension:
        """The state of *SYSBAS or of an independent ASP."""
        return self._asps.setdefault(name, Suspension(self, name))

    @property
    def suspended_asps(self) -> tuple[str, ...]:
        """The ASPs in which changes wait."""
        return tuple(name for name, one in self._asps.items() if one.blocks)

    # -- message queues --------------------------------------------------------------------------

    def queue_message(self, queue: MessageQueue, message: QueuedMessage) -> QueuedMessage:
        """Put a message on a message queue; CPF2460 when it is full and does not wrap."""
        if len(queue.messages) >= queue.size:
            if queue.when_full != "*WRAP":
                raise Escape(
                    "CPF2460",
                    f"{queue.name:<10}{queue.library:<10}",
                    f"Message queue {queue.name} could not be extended.",
                )
            del queue.messages[0]
        message.key = queue.next_key
        queue.next_key += 1
        queue.messages.append(message)
        self.log("message", queue=f"{queue.library}/{queue.name}", id=message.msgid, text=message.text)
        self.signal(queue.library, queue.name, "*MSGQ").fire()
        return message

    def operator_queue(self) -> MessageQueue:
        """QSYSOPR."""
        found = self.image.find("QSYS", "QSYSOPR", "*MSGQ")
        if not isinstance(found, MessageQueue):
            found = MessageQueue("QSYS", "QSYSOPR", "*MSGQ", when_full="*WRAP")
            self.image.add(found)
        return found

    def tell_operator(self, msgid: str, text: str, severity: int = 40, job: Job | None = None) -> None:
        """Send a message to QSYSOPR; one that does not fit is only in QHST."""
        sender = job.qualified if job else "000000/QSYS/SYSTEM"
        message = QueuedMessage(
            0, msgid, "*INFO", text, b"", severity, self.clock(), sender, sender.split("/")[1]
        )
        try:
            self.queue_message(self.operator_queue(), message)
        except Escape:
            self.history(msgid, text, sender, severity)

    def ask_operator(
        self, job: Job, msgid: str, text: str, data: bytes, default: str
    ) -> Generator[Wait, Signal | None, str]:
        """Send an inquiry to QSYSOPR and wait for its answer; for ever where the queue takes no message."""
        message = QueuedMessage(0, msgid, "*INQ", text, data, 99, self.clock(), job.qualified, job.user)
        message.default_reply = default
        queue = self.operator_queue()
        try:
            self.queue_message(queue, message)
        except Escape:
            self.history(msgid, text, job.qualified, 99)
        signal = self.signal(queue.library, queue.name, "*MSGQ")
        while message.reply is None:
            yield Wait((signal,))
        return message.reply

    def reply(self, queue: MessageQueue, message: QueuedMessage, text: str) -> None:
        """Answer an inquiry."""
        message.reply = text or message.default_reply
        self.signal(queue.library, queue.name, "*MSGQ").fire()
