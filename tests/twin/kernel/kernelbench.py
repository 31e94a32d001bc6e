"""A small world for the kernel's tests: one running partition, CL programs from inline text."""

from __future__ import annotations

import textwrap
from pathlib import Path

from flashtwin.baseline import add_library, add_user, grant_commands, new_image
from flashtwin.job import Job
from flashtwin.objects import Code, JobQueue, JobQueueEntry, Program, SubsystemDescription
from flashtwin.os400 import OperatingSystem
from flashtwin.sourcecheck import compile_text
from flashtwin.world import MemoryVolume, Partition, World

# 2026-11-18 20:30 in a time zone one hour east of Greenwich.
START = 1795030200.0


class Machine:
    """One partition and what tests do with it."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder, start=START)
        machine = self.world.add_system("Server-9009-42A-SN78ABC12", "9009-42A", "78ABC12")
        self.partition: Partition = self.world.add_partition(machine, 24, "SISTPROD")
        image = new_image("SISTPROD", folder / "source")
        add_library(image, "APP")
        add_user(image, "OPER", "*JOBCTL", "*ALLOBJ", "*SECADM")
        add_user(image, "PLAIN")
        grant_commands(image, "PLAIN")
        self.image = image
        self.partition.volumes = [MemoryVolume("1", image)]
        self.os: OperatingSystem = self.partition.boot(image, at_once=True)
        for name in ("QCTL", "QBATCH", "QUSRWRK", "QSYSWRK"):
            self.os.work.start_by_name(name)
        self.many()

    def many(self) -> None:
        """A queue that starts any number of jobs at once: APP/FREE in QBATCH."""
        self.image.add(JobQueue("APP", "FREE", "*JOBQ"))
        described = self.image.find("QSYS", "QBATCH", "*SBSD")
        assert isinstance(described, SubsystemDescription)
        described.job_queues.append(JobQueueEntry(("FREE", "APP"), None, 99))

    def program(self, name: str, text: str, *, owner: str = "OPER", adopts: bool = False) -> Program:
        """Compile a CL program into APP; the source must pass the strict check."""
        source_text = textwrap.dedent(text)
        problems, compiled = compile_text(source_text, name, self.os.image)
        assert not problems, problems
        made = Program("APP", name, "*PGM", "CLLE", owner=owner, code=Code(compiled), adopts=adopts)
        made.public = "*USE"
        self.os.image.add(made)
        return made

    def submit(self, command: str, *, name: str = "TEST", user: str = "OPER", **attributes: object) -> str:
        """Submit a job to APP/FREE; its qualified name."""
        attributes.setdefault("inquiry_reply", "*DFT")
        attributes.setdefault("library_list", ["QGPL", "QTEMP", "APP"])
        return self.os.submit(command, name=name, user=user, queue=("FREE", "APP"), **attributes)

    def job(self, qualified: str) -> Job:
        """An active job."""
        return self.os.jobs[qualified[:6]]

    def run(self, seconds: float | None = None) -> None:
        """Let the world run, for so long or until nothing is left to do."""
        self.world.scheduler.run(None if seconds is None else self.world.now + seconds)

    def call(self, text: str, *, seconds: float = 600.0, user: str = "OPER", name: str = "MAIN") -> list[str]:
        """Compile and run one program in a job of its own; the job log's lines."""
        self.program(name, text)
        job = self.submit(f"CALL PGM(APP/{name})", user=user)
        self.run(seconds)
        return self.log(job)

    def log(self, qualified: str) -> list[str]:
        """The job log of an ended or active job."""
        number = qualified[:6]
        if number in self.os.jobs:
            return [m.line() for m in self.os.jobs[number].log]
        return next(r.log for r in self.os.image.job_records if r.number == number)

    def end_code(self, qualified: str) -> int:
        """The end code of an ended job."""
        return next(r.end_code for r in self.os.image.job_records if r.number == qualified[:6])
