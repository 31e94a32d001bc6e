"""The example's site as a bench for commands: run CL in a job of production, look at what became of it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from flashc.cl.parser import parse
from flashtwin.baseline import grant_commands
from flashtwin.build import build_world
from flashtwin.events import Event
from flashtwin.image import SystemImage
from flashtwin.job import Job
from flashtwin.objects import Code, JobQueue, JobQueueEntry, Library, Program, SubsystemDescription
from flashtwin.os400 import OperatingSystem
from flashtwin.program import compile_source
from flashtwin.records import BrmsData
from flashtwin.site_load import load_site
from flashtwin.world import World

USER = "FLASHC"
LIBRARY = "BCKFLASHP"


@dataclass(slots=True)
class Done:
    """How a job went: its job log as (id, type, text), and its end code (None: it still runs)."""

    job: str
    messages: list[tuple[str, str, str]]
    end_code: int | None

    def ids(self, *types: str) -> list[str]:
        """The ids of the messages, of these types only where some are named."""
        return [msgid for msgid, type_, _ in self.messages if not types or type_ in types]

    @property
    def escape(self) -> str:
        """The id of the last escape message, empty without one."""
        return (self.ids("*ESCAPE") or [""])[-1]

    def text_of(self, wanted: str) -> str:
        """The text of the last message with this id."""
        return [text for msgid, _, text in self.messages if msgid == wanted][-1]


@dataclass(slots=True)
class Bench:
    """A world and its production system."""

    world: World
    jobs: dict[str, Job] = field(default_factory=dict)

    @property
    def os(self) -> OperatingSystem:
        """Production."""
        system = self.world.partition("SISTPROD").os
        assert system is not None
        return system

    @property
    def image(self) -> SystemImage:
        """Production's disks."""
        return self.os.image

    @property
    def brms(self) -> BrmsData:
        """Production's QUSRBRM."""
        found = self.image.products["brms"]
        assert isinstance(found, BrmsData)
        return found

    def start(self, command: str, *, queue: str = "FREE", user: str = USER) -> str:
        """Submit a command; the job's number."""
        qualified = self.os.submit(
            command,
            name="TEST",
            user=user,
            queue=(queue, LIBRARY if queue == "FREE" else "QSYS"),
            inquiry_reply="*DFT",
            library_list=["QGPL", "QTEMP", LIBRARY],
        )
        number = qualified[:6]
        self.jobs[number] = self.os.jobs[number]
        return number

    def go(self, seconds: float) -> None:
        """Let the world run."""
        self.world.scheduler.run(self.world.now + seconds)

    def done(self, number: str) -> Done:
        """How a job went so far."""
        job = self.jobs[number]
        messages = [(one.msgid, one.type, one.text) for one in job.log]
        return Done(job.qualified, messages, job.end_code)

    def run(self, command: str, *, seconds: float = 600.0, queue: str = "FREE", user: str = USER) -> Done:
        """Run one command in a job of its own, for at most so long."""
        number = self.start(command, queue=queue, user=user)
        self.go(seconds)
        return self.done(number)

    def program(self, name: str, text: str) -> None:
        """Compile a CL program into the product's library."""
        source, problems = parse(textwrap.dedent(text), name)
        assert not problems, problems
        made = Program(LIBRARY, name, "*PGM", "CLLE", public="*USE", code=Code(compile_source(source)))
        self.image.add(made)

    def call(self, text: str, *, seconds: float = 600.0) -> Done:
        """Compile and run a program."""
        self.program("MAIN", text)
        return self.run(f"CALL PGM({LIBRARY}/MAIN)", seconds=seconds)

    def said(self, text: str) -> list[str]:
        """The texts that a program sent with SNDPGMMSG MSG()."""
        done = self.call(text)
        assert done.end_code == 0, done.messages
        return [line for msgid, type_, line in done.messages if not msgid and type_ == "*INFO"]

    def events(self, *kinds: str, system: str = "SISTPROD") -> list[Event]:
        """The events of production."""
        return list(self.world.events.of(*kinds, system=system))

    def suspend(self) -> None:
        """Suspend production."""
        self.run("CHGASPACT ASPDEV(*SYSBAS) OPTION(*SUSPEND) SSPTIMO(30) SSPTIMOACN(*END)", seconds=10)
        assert self.os.suspension.blocks

    def resume(self) -> None:
        """Let production go on."""
        job = self.os.new_job("GUARD", USER)
        # A job cannot start on a suspended system: this one is there already.
        self.os.spawn("guard", job.perform("CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME)"))
        self.go(10)
        assert not self.os.suspension.blocks


def make_bench(folder: Path, site: str) -> Bench:
    """The world of a site file's text."""
    bench = Bench(build_world(load_site(site), folder))
    image = bench.image
    image.libraries[LIBRARY] = Library("QSYS", LIBRARY, "*LIB", owner=USER, public="*USE")
    grant_commands(image, USER)
    image.add(JobQueue(LIBRARY, "FREE", "*JOBQ"))
    described = image.find("QSYS", "QBATCH", "*SBSD")
    assert isinstance(described, SubsystemDescription)
    described.job_queues.append(JobQueueEntry(("FREE", LIBRARY), None, 99))
    (image.ifs / "flashc" / LIBRARY / "runs").mkdir(parents=True)
    return bench
