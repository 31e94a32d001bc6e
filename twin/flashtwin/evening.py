"""What runs on a system when the world begins: subsystems, jobs, interfaces, and the site's own programs."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from flashc.cl.definition import definition_from_source
from flashc.cl.parser import parse

from flashtwin.base_image import qualified
from flashtwin.definition import UserCommand, forms_of
from flashtwin.errors import TwinError
from flashtwin.image import SystemImage
from flashtwin.job import BATCH, INTERACTIVE, Job
from flashtwin.objects import Code, CommandObject, JobQueue, Library, Program, QueuedJob
from flashtwin.program import NotCompiled, compile_source
from flashtwin.scheduler import Signal, Wait
from flashtwin.site import CommandSite, JobSite, ProgramSite, SystemSite

if TYPE_CHECKING:
    from flashtwin.os400 import OperatingSystem


def bring_up(system: OperatingSystem, site: SystemSite) -> None:
    """Everything that has been running for long: no command of it is run again."""
    for subsystem in site.all_subsystems():
        if subsystem.active:
            system.work.start_by_name(subsystem.name, subsystem.library)
    system.network.start_now(interfaces=False)
    for one in site.interfaces:
        configured = system.image.interfaces[one.address]
        line = system.image.lines.get(one.line)
        if one.active and (line is None or system.network.has_adapter(line)):
            system.network.activate(configured)
    for job in site.jobs:
        _job(system, job)
    numbers = [job.number for job in site.jobs]
    system.image.next_job = max([system.image.next_job, *(number + 1 for number in numbers)])


def after_a_run(system: OperatingSystem) -> None:
    """A clone that a run has left running: its schedule is held, only the first subsystems are up."""
    for entry in system.image.schedule:
        entry.held = True
    for queue in system.work.queues():
        queue.entries.clear()
    system.work.start_by_name(system.work.controlling)
    system.work.start_by_name("QSYSWRK")


def add_programs(image: SystemImage, site: SystemSite) -> None:
    """The programs and commands that the site says the effects of, as CL programs of these effects."""
    for program in site.programs:
        _library(image, program.library)
        image.add(_compiled(program))
    for command in site.commands:
        _library(image, command.library)
        name = f"{command.name[:8]}CP"
        image.add(_compiled(_as_program(command, name)))
        made = CommandObject(
            command.library, command.name, "*CMD", public="*USE", program=(name, command.library)
        )
        made.definition = Code(_definition(command))
        image.add(made)


def _definition(command: CommandSite) -> UserCommand:
    """Each keyword takes a text; what the command does is the same for all."""
    lines = ["CMD PROMPT('A command of the site')"]
    lines += [f"PARM KWD({keyword}) TYPE(*CHAR) LEN(32)" for keyword in command.keywords]
    source = "".join(f"             {line}\n" for line in lines)
    definition, problems = definition_from_source(source, command.name)
    if definition is None:
        raise TwinError(f"the site's command {command.name} is not valid: {problems[0].message}")
    return UserCommand(definition, forms_of(source))


def _as_program(command: CommandSite, name: str) -> ProgramSite:
    return ProgramSite(
        name=name,
        library=command.library,
        lasts=command.lasts,
        escape=command.escape,
        commands=command.commands,
    )


def _library(image: SystemImage, name: str) -> None:
    if name not in image.libraries:
        image.libraries[name] = Library("QSYS", name, "*LIB", public="*USE")


MOST_PARAMETERS = 20
"""A program whose source nobody has takes as many parameters, and does not look at them."""


def _compiled(program: ProgramSite) -> Program:
    taken = [f"&P{number}" for number in range(1, MOST_PARAMETERS + 1)]
    lines = [f"PGM PARM({' '.join(taken)})", *(f"DCL VAR({name}) TYPE(*CHAR) LEN(32)" for name in taken)]
    if program.lasts >= 1:
        lines.append(f"DLYJOB DLY({int(program.lasts)})")
    lines += program.commands
    if program.escape:
        text = f"{program.library}/{program.name} failed"
        lines.append(
            f"SNDPGMMSG MSGID({program.escape}) MSGF(QSYS/QCPFMSG) MSGDTA('{text}') MSGTYPE(*ESCAPE)"
        )
    lines.append("ENDPGM")
    source = "".join(f"             {line}\n" for line in lines)
    parsed, problems = parse(source, f"{program.library}/{program.name}")
    errors = [one.message for one in problems if one.severity == "error"]
    if errors:
        raise TwinError(f"the site's program {program.library}/{program.name} is not valid CL: {errors[0]}")
    try:
        code = Code(compile_source(parsed), source)
    except NotCompiled as error:
        raise TwinError(
            f"the site's program {program.library}/{program.name} does not compile: {error}"
        ) from error
    return Program(program.library, program.name, "*PGM", "CLLE", public="*USE", code=code)


def _job(system: OperatingSystem, site: JobSite) -> None:
    number = f"{site.number:06d}" if site.number else system.next_number()
    entry = QueuedJob(site.name, site.user, number, site.command or "DLYJOB DLY(1)", system.clock())
    if site.job_queue:
        name, library = qualified(site.job_queue)
        queue = system.image.find(library, name, "*JOBQ")
        if not isinstance(queue, JobQueue):
            queue = JobQueue(library, name, "*JOBQ")
            system.image.add(queue)
        queue.entries.append(entry)
        return
    subsystem = system.work.subsystems.get(site.subsystem)
    if subsystem is None:
        raise TwinError(f"the site's job {site.name} runs in {site.subsystem}, which is not active")
    if site.command:
        job = system.work.start(entry, subsystem, ("", ""))
    else:
        kind = INTERACTIVE if site.subsystem == "QINTER" else BATCH
        job = Job(system, site.name, site.user, number, kind)
        job.subsystem = site.subsystem
        system.jobs[number] = job
        subsystem.jobs.append(job)
        job.task = system.spawn(f"job {job.qualified}", _works(job))
    job.uncommitted = site.uncommitted
    if site.long_transaction:
        job.uncommitted = True
        job.transaction_until = system.world.now + site.long_transaction
        job.transaction_asp = site.asp


def _works(job: Job) -> Generator[Wait, Signal | None, None]:
    """A job of the site's own that goes on working until it is ended."""
    never = Signal(f"work of {job.qualified}")
    while True:
        yield Wait((never,))
