"""Subsystems: CRTSBSD, ADDJOBQE, ADDRTGE, ADDAJE, STRSBS, ENDSBS."""

from __future__ import annotations

from collections.abc import Generator

from flashtwin.commands import command
from flashtwin.commands.objects import create
from flashtwin.context import Context
from flashtwin.errors import Escape
from flashtwin.objects import (
    AutostartEntry,
    ClassObject,
    JobQueueEntry,
    RoutingEntry,
    SubsystemDescription,
)
from flashtwin.scheduler import Signal, Wait
from flashtwin.work import ENDING

Waiting = Generator[Wait, Signal | None, None]


@command("CRTSBSD", effect="disk")
def crtsbsd(ctx: Context) -> None:
    """Create a subsystem description."""
    name, library = ctx.qualified("SBSD", library="*CURLIB")
    most = ctx.text("MAXJOBS", "*NOMAX")
    described = SubsystemDescription(library, name, "*SBSD", max_jobs=None if most == "*NOMAX" else int(most))
    create(ctx, described, "CPC1602", f"Subsystem description {name} in library {library} created.")


def _described(ctx: Context, authority: str = "*OBJOPR *OBJMGT *READ") -> SubsystemDescription:
    """A subsystem description; to change one takes *OBJMGT (docs/platform-facts.md#authority)."""
    name, library = ctx.qualified("SBSD")
    try:
        return ctx.find_typed(SubsystemDescription, name, library, "*SBSD", authority)
    except Escape as error:
        if error.msgid == "CPF9802":
            raise Escape("CPF1012", name, f"Not authorized to subsystem description {name}.") from error
        if error.msgid == "CPF9810":
            raise Escape("CPF1080", library, f"Library {library} not found.") from error
        raise Escape("CPF1013", name, f"Subsystem description {name} in {library} not found.") from error


@command("CHGSBSD", effect="disk")
def chgsbsd(ctx: Context) -> None:
    """Change how many jobs a subsystem may have; with none its jobs stay where they wait."""
    described = _described(ctx)
    if ctx.given("MAXJOBS") and (most := ctx.text("MAXJOBS")) != "*SAME":
        described.max_jobs = None if most == "*NOMAX" else int(most)
    ctx.completion("CPC1602", f"Subsystem description {described.name} changed.")


@command("ADDJOBQE", effect="disk")
def addjobqe(ctx: Context) -> None:
    """Let a subsystem serve a job queue; CPF1697 when it does already."""
    described = _described(ctx)
    name, library = ctx.qualified("JOBQ")
    found = ctx.os.find_object(ctx.job, name, library, "*JOBQ")
    queue = (name, found.library if found is not None else library)
    sequence = ctx.integer("SEQNBR", 10)
    if any(entry.queue == queue or entry.sequence == sequence for entry in described.job_queues):
        raise Escape("CPF1697", described.name, f"Subsystem description {described.name} not changed.")
    most = ctx.text("MAXACT", "1")
    described.job_queues.append(JobQueueEntry(queue, None if most == "*NOMAX" else int(most), sequence))
    ctx.os.work.dispatch()
    ctx.completion("CPC1602", f"Job queue entry {name} added to subsystem description {described.name}.")


@command("RMVJOBQE", effect="disk")
def rmvjobqe(ctx: Context) -> None:
    """A subsystem serves a job queue no longer."""
    described = _described(ctx)
    name, _ = ctx.qualified("JOBQ")
    kept = [entry for entry in described.job_queues if entry.queue[0] != name]
    if len(kept) == len(described.job_queues):
        raise Escape("CPF1697", described.name, f"Subsystem description {described.name} not changed.")
    described.job_queues[:] = kept


@command("ADDRTGE", effect="disk")
def addrtge(ctx: Context) -> None:
    """Add a routing entry; CPF1697 for a sequence number that exists."""
    described = _described(ctx)
    sequence = ctx.integer("SEQNBR", 0)
    if any(entry.sequence == sequence for entry in described.routing):
        raise Escape("CPF1697", described.name, f"Subsystem description {described.name} not changed.")
    compare = ctx.items("CMPVAL")
    described.routing.append(
        RoutingEntry(sequence, str(compare[0]), ctx.qualified("PGM"), ctx.qualified("CLS", "*SBSD"))
    )


@command("ADDAJE", effect="disk")
def addaje(ctx: Context) -> None:
    """Add an autostart job."""
    described = _described(ctx)
    described.autostart.append(AutostartEntry(ctx.text("JOB"), ctx.qualified("JOBD")))


@command("CRTCLS", effect="disk")
def crtcls(ctx: Context) -> None:
    """Create a class."""
    name, library = ctx.qualified("CLS", library="*CURLIB")
    made = ClassObject(library, name, "*CLS", run_priority=ctx.integer("RUNPTY", 50))
    create(ctx, made, "CPC1065", f"Class {name} created in library {library}.")


@command("STRSBS", effect="memory")
def strsbs(ctx: Context) -> Waiting:
    """Start a subsystem; CPF1010 when it is active, CPF1080 without authority."""
    described = _described(ctx, "*USE")
    work = ctx.os.work
    yield from ctx.change("start of a subsystem")
    if work.restricted and described.name == work.controlling:
        work.leave_restricted()
        return
    if work.restricted or work.restricting is not None:
        raise Escape(
            "CPF1099", described.name, f"Subsystem {described.name} cannot start: the system is ending."
        )
    if described.name in work.subsystems:
        raise Escape("CPF1010", described.name, f"Subsystem name {described.name} active.")
    work.start_subsystem(described, ctx.job.qualified)
    ctx.completion("CPC1601", f"Subsystem {described.name} started.")


@command("ENDSBS", effect="memory")
def endsbs(ctx: Context) -> Waiting:
    """End a subsystem, or all (SBS(*ALL)): the latter only from a job of the controlling subsystem."""
    ctx.needs("*JOBCTL", "CPF1038")
    name = ctx.text("SBS")
    immediately = ctx.text("OPTION", "*CNTRLD") == "*IMMED"
    delay = ctx.integer("DELAY")
    work = ctx.os.work
    yield from ctx.change("end of a subsystem")
    if name == "*ALL":
        if not work.may_restrict(ctx.job):
            raise Escape("CPF1052", "", "ENDSBS *ALL not allowed in current environment.")
        minutes = ctx.integer("BCHTIMLMT")
        limit = None if minutes is None else minutes * 60.0
        work.restrict(ctx.job, immediately=immediately, delay=float(delay or 0), limit=limit)
        return
    subsystem = work.subsystems.get(name)
    if subsystem is None:
        raise Escape("CPF1054", name, f"No subsystem named {name} active.")
    if subsystem.state == ENDING:
        raise Escape("CPF1056" if immediately else "CPF1055", name, f"Subsystem {name} is ending already.")
    if name == work.controlling:
        raise Escape("CPF1053", name, f"Ending controlling subsystem {name} not allowed.")
    subsystem.state = ENDING
    body = work.end_subsystem(
        subsystem,
        immediately=immediately,
        delay=None if delay is None else float(delay),
        by=ctx.job.qualified,
    )
    ctx.os.spawn(f"ENDSBS {name}", body)
    ctx.completion("CPC1602", f"Subsystem {name} in process of ending.")
