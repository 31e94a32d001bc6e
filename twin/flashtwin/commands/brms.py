"""BRMS: INZBRM OPTION(*FLASHCOPY), STRBKUBRM, STRMNTBRM.

The states of the FlashCopy process and their order, the log and its messages: docs/platform-facts.md#brms.
No public page names the ids by which BRMS refuses; REFUSED is the twin's own, within the prefix BRM.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from flashtwin.brms_log import BrmsLogRow, log_rows
from flashtwin.brms_save import Save, run_save
from flashtwin.commands import command, program
from flashtwin.context import Context, ProgramCall
from flashtwin.errors import Escape, TwinError
from flashtwin.image import SystemImage
from flashtwin.objects import SubsystemDescription
from flashtwin.records import BrmsControlGroup, BrmsData
from flashtwin.scheduler import Signal, Wait

if TYPE_CHECKING:
    from flashtwin.job import Job
    from flashtwin.os400 import OperatingSystem

REFUSED = "BRM4001"
NOT_FOUND = "BRM1134"
STARTED_OK = "BRM1050"
NETWORK_SUBSYSTEM = "Q1ABRMNET"
_BRMS_FILE = ("Q1AMSGF", "QBRM")

# From which states a state can be asked for.  *ENDPRC is also right behind a restored QUSRBRM (*ENDBKU).
_FROM = {
    "*STRPRC": ("*NONE",),
    "*STRBKU": ("*STRPRC", "*NONE"),
    "*ENDBKU": ("*STRBKU",),
    "*ENDPRC": ("*STRPRC", "*ENDBKU"),
}

# How long a save keeps its volumes from being written again: until the maintenance of the next night.
RETAINED_S = 20 * 3600.0

Waiting = Generator[Wait, Signal | None, None]


def brms_error(msgid: str, text: str, data: str = "") -> Escape:
    """An escape of BRMS."""
    return Escape(msgid, data, text, _BRMS_FILE)


def brms_data(image: SystemImage) -> BrmsData:
    """The data of QUSRBRM."""
    found = image.products.get("brms")
    if not isinstance(found, BrmsData):
        raise brms_error(REFUSED, "BRMS is not installed on this system.")
    return found


def active(system: OperatingSystem, but: Job | None = None) -> list[Job]:
    """Jobs that BRMS is at work in: a save, maintenance, a change of the FlashCopy state."""
    return [job for job in system.jobs.values() if job is not but and "brms" in job.resources]


def _alone(ctx: Context, what: str) -> None:
    others = active(ctx.os, ctx.job)
    if others:
        raise brms_error(REFUSED, f"{what} refused: BRMS is active in job {others[0].qualified}.")


@command("INZBRM", effect="disk", library="QBRM")
def inzbrm(ctx: Context) -> Waiting:
    """Change the state of the FlashCopy process; refused in a wrong state and while BRMS is active."""
    if ctx.text("OPTION") != "*FLASHCOPY":
        raise TwinError(f"the twin does not model INZBRM OPTION({ctx.text('OPTION')})")
    state, data = ctx.text("STATE"), brms_data(ctx.image)
    if state not in _FROM:
        raise Escape("CPF0006", "INZBRM", f"Value {state} for parameter STATE is not valid.")
    _alone(ctx, f"STATE({state})")
    if data.state not in _FROM[state]:
        raise brms_error(REFUSED, f"STATE({state}) is not valid: the FlashCopy state is {data.state}.")
    durations = ctx.world.durations
    seconds = {
        "*STRPRC": durations.brms_strprc,
        "*STRBKU": durations.brms_strbku,
        "*ENDBKU": durations.brms_endbku,
        "*ENDPRC": durations.brms_endprc,
    }[state]
    ctx.job.resources["brms"] = "state"
    try:
        yield from ctx.sleep(seconds)
        yield from ctx.change("INZBRM")
    finally:
        ctx.job.resources.pop("brms", None)
    before = data.state
    # The data may have been restored meanwhile.
    data = brms_data(ctx.image)
    data.state = "*NONE" if state == "*ENDPRC" else state  # type: ignore[assignment]
    data.generation += 1
    ctx.os.log("brms_state", state=state, before=before, job=ctx.job.qualified, torn=data.torn)
    note(ctx.os, ctx.job, "BRM15A1", f"FlashCopy state changed from {before} to {state}.")
    if state == "*ENDPRC":
        start_network(ctx.os)
    ctx.completion("BRM1700", f"FlashCopy state {state} set.")


def start_network(system: OperatingSystem) -> None:
    """The BRMS network subsystem is started where it is described and not active."""
    for library in system.image.libraries.values():
        described = library.objects.get((NETWORK_SUBSYSTEM, "*SBSD"))
        if isinstance(described, SubsystemDescription) and NETWORK_SUBSYSTEM not in system.work.subsystems:
            system.work.start_subsystem(described)


def note(
    system: OperatingSystem, job: Job, msgid: str, text: str, group: str = "", severity: int = 0
) -> None:
    """Write to the BRMS log."""
    now = system.clock()
    brms_data(system.image).log.append((now, msgid, text))
    log_rows(system.image).append(
        BrmsLogRow(
            time=now,
            msgid=msgid,
            severity=severity,
            text=text,
            job=job.qualified,
            control_group=group,
        )
    )


# -- saves ---------------------------------------------------------------------------------------------


def _group(ctx_image: SystemImage, name: str) -> BrmsControlGroup:
    found = brms_data(ctx_image).control_groups.get(name)
    if found is None:
        raise brms_error(NOT_FOUND, f"Control group {name} not found.", name)
    return found


@command("STRBKUBRM", effect="disk", library="QBRM")
def strbkubrm(ctx: Context) -> Waiting:
    """Run a control group in this job, in a submitted one, or in restricted state (*CTLSBS)."""
    name, how = ctx.text("CTLGRP"), ctx.text("SBMJOB", "*YES")
    group = _group(ctx.image, name)
    data = brms_data(ctx.image)
    if data.state in ("*STRPRC", "*ENDBKU"):
        raise brms_error(REFUSED, f"Backup refused: the FlashCopy state is {data.state}.")
    if how in ("*CTLSBS", "*CONSOLE"):
        if how == "*CONSOLE":
            raise TwinError("the twin does not model the BRMS console monitor: STRBKUBRM SBMJOB(*CONSOLE)")
        if not data.batch_allowed:
            raise brms_error(REFUSED, "Backup refused: the system policy does not allow backups in batch.")
    elif group.restricted:
        raise brms_error(REFUSED, f"Control group {name} needs restricted state: SBMJOB(*CTLSBS).")
    if how == "*NO":
        yield from _save(ctx.os, ctx.job, group, restrict=False)
        return
    queue = _controlling_queue(ctx.os) if how == "*CTLSBS" else ctx.qualified("JOBQ", "QBATCH", "QGPL")
    entry = ctx.os.work.submit(
        f"CALL PGM(QBRM/Q1ACSBK) PARM('{name}' '{how}')", name, ctx.job.user, queue, {}
    )
    ctx.completion(
        "CPC1221",
        f"Job {entry.qualified} submitted to job queue {queue[0]} in library {queue[1]}.",
        f"{entry.name:<10}{entry.user:<10}{entry.number}{queue[0]:<10}{queue[1]:<10}",
    )


def _controlling_queue(system: OperatingSystem) -> tuple[str, str]:
    """The first job queue of the controlling subsystem."""
    subsystem = system.work.subsystems.get(system.work.controlling)
    if subsystem is None or not subsystem.description.job_queues:
        raise brms_error(REFUSED, f"Subsystem {system.work.controlling} has no job queue for the backup.")
    return min(subsystem.description.job_queues, key=lambda one: one.sequence).queue


@program("Q1ACSBK", "QBRM")
def backup_job(call: ProgramCall) -> Waiting:
    """The job that STRBKUBRM submits."""
    name, how = call.view(0, "*CHAR", 10).text(), call.view(1, "*CHAR", 10).text()
    yield from _save(call.os, call.job, _group(call.image, name), restrict=how == "*CTLSBS")


def _save(system: OperatingSystem, job: Job, group: BrmsControlGroup, *, restrict: bool) -> Waiting:
    others = active(system, job)
    if any(other.resources.get("brms") == "maintenance" for other in others):
        raise brms_error(REFUSED, "Backup refused: BRMS maintenance is running.")
    job.resources["brms"] = "save"
    save = Save(system, job, group, restrict, lambda *words: note(system, job, *words))
    try:
        yield from run_save(save)
    finally:
        job.resources.pop("brms", None)
        save.close()
    if save.result == "failed":
        raise brms_error("BRM1820", f"Control group {group.name} type *BKU ended abnormally: {save.reason}")
    if save.result == "exceptions":
        raise brms_error("BRM10A1", f"Control group {group.name} type *BKU completed with errors.")


# -- the time of a flash -------------------------------------------------------------------------------


@program("Q1AOLD", "QBRM")
def q1aold(call: ProgramCall) -> Waiting:
    """FLASHTIME: a user's time for the saves of a copy, or none any more.

    Parameters, what it asks for: docs/platform-facts.md#brms-incremental.  It is kept in QUSRBRM, and asked
    to take back what is not there it refuses: the harsher reading of what no page says.
    """
    what, act = call.view(0, "*CHAR", 10).text(), call.view(1, "*CHAR", 10).text()
    if what != "FLASHTIME" or act not in ("*ENABLE", "*DISABLE"):
        raise TwinError(f"the twin does not model Q1AOLD {what} {act}")
    data = brms_data(call.image)
    if not data.advanced_feature:
        raise brms_error(REFUSED, "FLASHTIME refused: the Advanced Feature of BRMS is not installed.")
    name = call.view(2, "*CHAR", 10).text()
    if act == "*ENABLE":
        given = _flash_time(call, name)
        yield from call.change("FLASHTIME")
        brms_data(call.image).flash_times[given[:2]] = given[2]
    elif name != "*ALL CLEAR":
        raise TwinError(f"the twin does not model Q1AOLD FLASHTIME *DISABLE {name}")
    elif not data.flash_times:
        raise brms_error(REFUSED, "FLASHTIME refused: there is no time to disable.")
    else:
        yield from call.change("FLASHTIME")
        brms_data(call.image).flash_times.clear()
    brms_data(call.image).generation += 1


def _flash_time(call: ProgramCall, name: str) -> tuple[str, str, str]:
    """Name, type and YYMMDDhhmmss; not later than the system's clock."""
    kind, time = call.view(3, "*CHAR", 5).text(), call.view(4, "*CHAR", 13).text()
    known = name == "*SYSBAS" or name in call.image.products["iasps"]
    if not known or kind not in ("*QSYS", "*IFS") or len(time) != 13 or not time.isdigit():
        raise brms_error(REFUSED, f"FLASHTIME refused: {name} {kind} {time} is not valid.")
    if time[:1] != "1" or time[1:] > f"{call.os.local():%y%m%d%H%M%S}":
        raise brms_error(REFUSED, f"FLASHTIME refused: {time} is later than the system's time.")
    return name, kind, time[1:]


# -- maintenance ---------------------------------------------------------------------------------------


@command("STRMNTBRM", effect="disk", library="QBRM")
def strmntbrm(ctx: Context) -> Waiting:
    """Maintenance: refused in FlashCopy state and beside other BRMS work; MOVMED says whether media move."""
    data = brms_data(ctx.image)
    if data.state != "*NONE":
        ctx.os.log("maintenance_refused", state=data.state, job=ctx.job.qualified)
        raise brms_error(REFUSED, f"Maintenance refused: the FlashCopy state is {data.state}.")
    _alone(ctx, "Maintenance")
    movement = ctx.text("MOVMED", "*YES") == "*YES"
    ctx.os.log("maintenance_started", movement=movement, job=ctx.job.qualified)
    ctx.job.resources["brms"] = "maintenance"
    try:
        yield from ctx.sleep(ctx.world.durations.brms_maintenance)
        yield from ctx.change("STRMNTBRM")
    finally:
        ctx.job.resources.pop("brms", None)
    data = brms_data(ctx.image)
    data.generation += 1
    expired = _expire(data, ctx.now) if ctx.text("EXPMED", "*YES") == "*YES" else []
    if ctx.text("RMVHST", "*YES") != "*NO":
        data.history = [entry for entry in data.history if entry.volume not in expired]
    ctx.os.log("maintenance_run", movement=movement, job=ctx.job.qualified, expired=tuple(expired))
    note(ctx.os, ctx.job, "BRM1650", "Maintenance completed.")
    ctx.completion(STARTED_OK, "Maintenance completed.")


def _expire(data: BrmsData, now: float) -> list[str]:
    """Volumes whose saves are past their retention, or of which no save is known, can be written again."""
    newest = {entry.volume: entry.saved_at for entry in data.history}
    expired = [
        one.id
        for one in data.volumes.values()
        if one.status == "*ACT" and now - newest.get(one.id, 0.0) > RETAINED_S
    ]
    for name in expired:
        data.volumes[name] = replace(data.volumes[name], status="*EXP")
    return expired
