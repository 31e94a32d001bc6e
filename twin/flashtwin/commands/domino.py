"""Domino servers: STRDOMSVR, ENDDOMSVR.  A server is a job of its subsystem; it ends in its own time.

Its commands' escapes have no prefix of their own that a public page names; the twin sends CPF9898.
"""

from __future__ import annotations

from collections.abc import Generator

from flashtwin.commands import command
from flashtwin.context import Context
from flashtwin.errors import Escape
from flashtwin.installed import conditions, has_booted, installed
from flashtwin.job import Job
from flashtwin.os400 import OperatingSystem
from flashtwin.records import DominoServer
from flashtwin.scheduler import Signal, Wait, sleep

Waiting = Generator[Wait, Signal | None, None]
SERVER_USER = "QNOTES"
END_IMMEDIATELY_S = 10.0


def _servers(system: OperatingSystem) -> dict[str, DominoServer]:
    found: dict[str, DominoServer] = system.image.products.get("domino", {})
    return found


def running(system: OperatingSystem) -> dict[str, Job]:
    """The servers that run, with their jobs; on a system that has been up since before the rehearsal those
    that the site says."""
    state = installed(system)
    if not state.domino_known:
        state.domino_known = True
        if not has_booted(system) and system.image.captured_at is None:
            for server in _servers(system).values():
                if server.started:
                    _job(system, server)
    return state.domino


def _job(system: OperatingSystem, server: DominoServer) -> None:
    job = system.new_job("SERVER", SERVER_USER)
    job.subsystem = server.subsystem
    subsystem = system.work.subsystems.get(server.subsystem)
    if subsystem is not None:
        subsystem.jobs.append(job)
    state = installed(system)
    state.domino[server.name] = job

    def gone() -> None:
        if state.domino.get(server.name) is job:
            del state.domino[server.name]
            by = state.ended_by.pop(server.name, "")
            system.log("domino_ended", server=server.name, job=job.qualified, by=by)

    job.on_end.append(gone)


def _named(ctx: Context) -> list[DominoServer]:
    known, wanted = _servers(ctx.os), ctx.text("SERVER")
    if wanted == "*ALL":
        return list(known.values())
    if wanted not in known:
        raise Escape("CPF9898", "", f"Domino server {wanted} is not configured on this system.")
    return [known[wanted]]


@command("ENDDOMSVR", effect="memory")
def enddomsvr(ctx: Context) -> Waiting:
    """End servers and wait for their end; one that does not run is an error."""
    for server in _named(ctx):
        job = running(ctx.os).get(server.name)
        if job is None:
            if ctx.text("SERVER") == "*ALL":
                continue
            raise Escape("CPF9898", "", f"Domino server {server.name} is not active.")
        if ctx.text("OPTION", "*CNTRLD") == "*IMMED":
            yield from ctx.sleep(END_IMMEDIATELY_S)
            installed(ctx.os).ended_by[server.name] = ctx.job.qualified
            ctx.os.work.kill(job, 50)
        else:
            _begin_end(ctx.os, server.name, job, ctx.job.qualified)
            while job.end_code is None:
                yield Wait((job.ended,))
        ctx.completion("CPC9898", f"Domino server {server.name} ended.")


def _begin_end(system: OperatingSystem, name: str, job: Job, by: str) -> None:
    """The server ends by itself, whatever becomes of the job that asked for it."""
    state = installed(system)
    if name in state.ending:
        return

    def end() -> Waiting:
        try:
            if name in conditions(system.world).hung_domino:
                yield Wait((job.ended,))
            else:
                yield from sleep(system.world.scheduler, system.world.durations.domino_end)
                system.work.finish(job, 0)
        finally:
            state.ending.discard(name)

    state.ending.add(name)
    state.ended_by[name] = by
    system.spawn(f"end of Domino {name}", end())


@command("STRDOMSVR", effect="disk")
def strdomsvr(ctx: Context) -> Waiting:
    """Start servers; one that runs is an error."""
    for server in _named(ctx):
        if server.name in running(ctx.os):
            if ctx.text("SERVER") == "*ALL":
                continue
            raise Escape("CPF9898", "", f"Domino server {server.name} is already active.")
        if server.subsystem not in ctx.os.work.subsystems:
            ctx.os.work.start_by_name(server.subsystem, "QGPL")
        yield from ctx.sleep(ctx.world.durations.domino_start)
        if server.name not in running(ctx.os):
            _job(ctx.os, server)
            job = running(ctx.os)[server.name].qualified
            ctx.os.log("domino_started", server=server.name, job=job, by=ctx.job.qualified)
        ctx.completion("CPC9898", f"Domino server {server.name} started.")
