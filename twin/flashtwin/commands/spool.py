"""Printed output: the history log, job logs, and spooled files copied and deleted."""

from __future__ import annotations

from flashtwin.commands import command
from flashtwin.commands.files import store
from flashtwin.context import Context
from flashtwin.db2 import session
from flashtwin.errors import Escape, TwinError
from flashtwin.image import JobRecord, SpooledFile
from flashtwin.job import INTERACTIVE, Job
from flashtwin.national import as_stored, date_read
from flashtwin.objects import PhysicalFile, SourceMember
from flashtwin.open_files import lines_of, member_name
from flashtwin.spooled import spool

# A listing that is printed and copied; the oldest lines beyond it are left out.
LONGEST_LISTING = 20_000

DISPLAYED = "displayed"
"""What a job keeps of DSPSPLF: the lines of each listing that was shown, in order."""


@command("DSPLOG", effect="disk")
def dsplog(ctx: Context) -> None:
    """QHST as spooled file QPDSPLOG, from the start time of PERIOD on."""
    if ctx.text("OUTPUT", "*") != "*PRINT":
        raise Escape("CPF2442", "", "DSPLOG without OUTPUT(*PRINT) needs a display.")
    start, end = _period(ctx)
    wanted = [str(one) for one in ctx.items("MSGID")] or ["*ALL"]
    lines = [
        f"{ctx.os.local(one.time):%Y-%m-%d %H:%M:%S} {one.msgid:<7} {one.severity:02d} {one.text} ({one.job})"
        for one in ctx.image.history
        # A clock shows whole microseconds; what is a fraction below a second is shown as that second.
        if start <= ctx.os.local(one.time).timestamp() <= end and ("*ALL" in wanted or one.msgid in wanted)
    ]
    spool(ctx, "QPDSPLOG", lines[-LONGEST_LISTING:])


def _period(ctx: Context) -> tuple[float, float]:
    """The period on the system's own clock; *AVAIL is the beginning of the log, *CURRENT today."""
    period = ctx.items("PERIOD")
    first = period[0] if period and isinstance(period[0], list) else period
    second = period[1] if len(period) > 1 and isinstance(period[1], list) else []
    if not first:
        return 0.0, ctx.now
    return _moment(ctx, first, 0.0, "000000"), _moment(ctx, second, ctx.now, "235959") if second else ctx.now


def _moment(ctx: Context, parts: list[object], available: float, open_time: str) -> float:
    time = str(parts[0])
    date = str(parts[1]) if len(parts) > 1 else "*CURRENT"
    if time == "*AVAIL" and date in ("*BEGIN", "*CURRENT", "*END"):
        if date == "*CURRENT" and len(parts) > 1:
            today = ctx.os.local().replace(hour=0, minute=0, second=0, microsecond=0)
            return today.timestamp() if open_time == "000000" else available
        return available
    clock = (open_time if time == "*AVAIL" else time.replace(":", "")).ljust(6, "0")
    day = ctx.os.local()
    try:
        if not date.startswith("*"):
            found = date_read(date, ctx.job.date_format)
            day = day.replace(year=found.year, month=found.month, day=found.day)
        return day.replace(
            hour=int(clock[:2]), minute=int(clock[2:4]), second=int(clock[4:6]), microsecond=0
        ).timestamp()
    except ValueError:
        raise Escape(
            "CPF0006", "DSPLOG", f"Value '{time} {date}' for parameter PERIOD is not valid."
        ) from None


@command("DSPJOBLOG", effect="disk")
def dspjoblog(ctx: Context) -> None:
    """A job log as spooled file QPJOBLOG; CPF1070 when the job is unknown, CPF2443 when its log is gone."""
    if ctx.text("OUTPUT", "*") != "*PRINT":
        raise Escape("CPF2442", "", "DSPJOBLOG without OUTPUT(*PRINT) needs a display.")
    wanted = ctx.value("JOB", "*")
    lines = [message.line() for message in ctx.job.log] if wanted == "*" else _log_of(ctx, wanted)
    spool(ctx, "QPJOBLOG", lines[-LONGEST_LISTING:])


def _log_of(ctx: Context, wanted: object) -> list[str]:
    name, user, number = _job_name(wanted)
    known: list[Job | JobRecord] = [*ctx.os.jobs.values(), *ctx.image.job_records]
    found = [one for one in known if _is(one, name, user, number)]
    if not found:
        raise Escape("CPF1070", f"{name:<10}{user:<10}{number:<6}", f"Job {number}/{user}/{name} not found.")
    if len(found) > 1 and not number:
        raise Escape("CPF1069", f"{name:<10}", f"More than one job is named {name}.")
    one = found[-1]
    if isinstance(one, Job):
        if one.user != ctx.job.user:
            ctx.needs("*JOBCTL")
        return [message.line() for message in one.log]
    if not one.log:
        raise Escape(
            "CPF2443", f"{name:<10}", f"Job log of {number}/{user}/{name} not displayed: not available."
        )
    return list(one.log)


def _job_name(wanted: object) -> tuple[str, str, str]:
    if isinstance(wanted, tuple):
        parts = [str(one) for one in wanted]
        return parts[0], parts[1] if len(parts) > 1 else "", parts[2] if len(parts) > 2 else ""
    return str(wanted), "", ""


def _is(one: Job | JobRecord, name: str, user: str, number: str) -> bool:
    return one.name == name and (not user or one.user == user) and (not number or one.number == number)


@command("CPYSPLF", effect="disk")
def cpysplf(ctx: Context) -> None:
    """A spooled file into a member; CPF3303 when it is not found, CPF3342 when its job is unknown."""
    found = _spooled(ctx)
    name, library = ctx.qualified("TOFILE")
    target = ctx.os.find_object(ctx.job, name, library, "*FILE")
    if not isinstance(target, PhysicalFile):
        raise Escape("CPF9812", f"{name:<10}{library:<10}", f"File {name} in library {library} not found.")
    ctx.find(name, library, "*FILE", "*CHANGE")
    wanted = ctx.text("TOMBR", "*FIRST")
    member = member_name(target, wanted)
    if not member:
        member = target.name if wanted.startswith("*") else wanted
        target.members[member] = SourceMember(member, changed=ctx.now)
        if target.attribute != "PF-SRC":
            session(ctx.job).create_flat(target.library, target.name, member, target.record_length)
    option = ctx.text("MBROPT", "*REPLACE")
    if option == "*NONE" and lines_of(session(ctx.job), target, member):
        raise Escape("CPF3330", name, f"Member {member} of file {name} is not empty.")
    # The records have the bytes that were printed, in the code page of the job
    printed = [as_stored(line, ctx.job.default_ccsid) for line in found.lines]
    store(ctx, target, member, printed, replace=option == "*REPLACE")
    ctx.completion("CPC3310", f"Spooled file {found.name} copied to {library}/{name}.")


def _spooled(ctx: Context) -> SpooledFile:
    name = ctx.text("FILE")
    wanted = ctx.value("JOB", "*")
    mine = ctx.image.spooled
    if wanted == "*":
        mine = [one for one in mine if one.job == ctx.job.qualified]
    else:
        job_name, user, number = _job_name(wanted)
        jobs = {one.job for one in mine if _matches(one.job, job_name, user, number)}
        if not jobs:
            known = [*(j.qualified for j in ctx.os.jobs.values())]
            known += [f"{r.number}/{r.user}/{r.name}" for r in ctx.image.job_records]
            if not any(_matches(one, job_name, user, number) for one in known):
                text = f"Job {number}/{user}/{job_name} not found."
                raise Escape("CPF3342", f"{job_name:<10}{user:<10}{number:<6}", text)
        if len(jobs) > 1:
            raise Escape("CPF3343", job_name, f"More than one job is named {job_name}.")
        mine = [one for one in mine if one.job in jobs]
    found = [one for one in mine if one.name == name]
    if not found:
        raise Escape("CPF3303", f"{name:<10}", f"File {name} not found in job.")
    which = ctx.text("SPLNBR", "*ONLY")
    if which == "*LAST":
        return found[-1]
    if which == "*ONLY":
        if len(found) > 1:
            raise Escape("CPF3340", f"{name:<10}", f"More than one file {name} found in job.")
        return found[0]
    for one in found:
        if str(one.number) == which.lstrip("0"):
            return one
    raise Escape("CPF3344", f"{name:<10}", f"File {name} number {which} no longer in job.")


def _matches(qualified: str, name: str, user: str, number: str) -> bool:
    own_number, own_user, own_name = qualified.split("/")
    return own_name == name and (not user or own_user == user) and (not number or own_number == number)


@command("DLTSPLF", effect="disk")
def dltsplf(ctx: Context) -> None:
    """Delete a spooled file of a job."""
    if ctx.text("FILE") == "*SELECT":
        raise TwinError("the twin deletes spooled files by name only: DLTSPLF FILE(*SELECT)")
    found = _spooled(ctx)
    ctx.image.spooled.remove(found)
    ctx.completion("CPC3305", f"Spooled file {found.name} deleted.")


@command("DSPSPLF", effect="none")
def dspsplf(ctx: Context) -> None:
    """Show a spooled file; what was shown is kept with the job, as a person would remember it."""
    if ctx.job.type != INTERACTIVE:
        raise TwinError("the twin shows spooled files in an interactive job only: DSPSPLF")
    found = _spooled(ctx)
    ctx.job.resources.setdefault(DISPLAYED, []).append(list(found.lines))
