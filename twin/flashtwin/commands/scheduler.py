"""Job schedule entries: ADDJOBSCDE, CHGJOBSCDE, RMVJOBSCDE, HLDJOBSCDE, RLSJOBSCDE."""

from __future__ import annotations

from flashtwin.commands import command
from flashtwin.context import Context
from flashtwin.errors import Escape
from flashtwin.image import ScheduleEntry
from flashtwin.jobschedule import DAYS, next_run
from flashtwin.national import date_read
from flashtwin.security import has_special


@command("ADDJOBSCDE", effect="disk")
def addjobscde(ctx: Context) -> None:
    """Add an entry; several of one name are possible, each gets its number."""
    date, days = ctx.text("SCDDATE", "*CURRENT"), tuple(str(item) for item in ctx.items("SCDDAY"))
    if (date == "*NONE") == (not days or days == ("*NONE",)):
        ctx.diagnostic("CPD1631", "Exactly one of SCDDATE and SCDDAY must be given.")
        raise Escape("CPF1633", ctx.text("JOB"), "Job schedule entry not added.")
    entry = ScheduleEntry(
        name=ctx.text("JOB"),
        number=ctx.image.next_schedule,
        command=ctx.command_string("CMD"),
        frequency=ctx.text("FRQ"),
        date=_date(ctx, date, days),
        days=() if days == ("*NONE",) else days,
        time=_time(ctx, ctx.text("SCDTIME", "*CURRENT")),
        recovery=ctx.text("RCYACN", "*SBMRLS"),
        job_description=ctx.qualified("JOBD", "*USRPRF"),
        job_queue=ctx.qualified("JOBQ", "*JOBD"),
        user=_user(ctx),
        message_queue=ctx.qualified("MSGQ", "*USRPRF"),
        scheduled_by=ctx.job.user,
        text="" if ctx.text("TEXT", "*BLANK").startswith("*") else ctx.text("TEXT"),
        omit=_omitted(ctx),
        relative=_relative(ctx),
    )
    if next_run(entry, ctx.os.local()) is None:
        ctx.diagnostic("CPD1632", "The date or time of the entry has passed.")
        raise Escape("CPF1633", ctx.text("JOB"), "Job schedule entry not added.")
    ctx.image.next_schedule += 1
    ctx.image.schedule.append(entry)
    ctx.os.schedule.plan(entry)
    ctx.completion(
        "CPC1238",
        f"Job schedule entry {entry.name} number {entry.number:06d} added.",
        f"{entry.name:<10}{entry.number:06d}",
    )


def _user(ctx: Context) -> str:
    user = ctx.text("USER", "*CURRENT")
    if user == "*CURRENT":
        return ctx.job.user
    if user != "*JOBD" and user not in ctx.image.users:
        ctx.diagnostic("CPF2204", f"User profile {user} not found.", user)
        raise Escape("CPF1633", user, "Job schedule entry not added.")
    return user


def _date(ctx: Context, date: str, days: tuple[str, ...]) -> str:
    if date == "*NONE" or (days and days != ("*NONE",)):
        return "*NONE"
    if date == "*CURRENT":
        return ctx.os.local().strftime("%Y%m%d")
    if date in ("*MONTHSTR", "*MONTHEND"):
        if ctx.text("FRQ") != "*MONTHLY":
            raise Escape("CPF1642", date, f"Date {date} is for monthly entries only.")
        return date
    return _day(ctx, date)


def _day(ctx: Context, date: str) -> str:
    """A date as YYYYMMDD; it is written in the date format of the job."""
    try:
        return date_read(date, ctx.job.date_format).strftime("%Y%m%d")
    except ValueError:
        raise Escape("CPF1642", date, f"Date {date} is not valid.") from None


def _omitted(ctx: Context) -> tuple[str, ...]:
    dates = [str(item) for item in ctx.items("OMITDATE")]
    if dates in ([], ["*NONE"]):
        return ()
    if ctx.text("FRQ") == "*ONCE":
        raise Escape("CPF1642", dates[0], "Dates cannot be left out of a single start.")
    return tuple(_day(ctx, date) for date in dates)


def _relative(ctx: Context) -> tuple[str, ...]:
    """RELDAYMON; it is for monthly entries by day of the week only."""
    given = tuple(str(item) for item in ctx.items("RELDAYMON"))
    if ctx.text("FRQ") != "*MONTHLY" or ctx.text("SCDDATE", "*CURRENT") != "*NONE":
        if given:
            ctx.diagnostic("CPD1633", "RELDAYMON is for FRQ(*MONTHLY) with SCDDAY.")
            raise Escape("CPF1633", ctx.text("JOB"), "Job schedule entry not added.")
        return ()
    return given or ("1",)


def _time(ctx: Context, text: str) -> str:
    if text == "*CURRENT":
        return ctx.os.local().strftime("%H%M%S")
    digits = text.replace(":", "").replace(".", "").ljust(6, "0")
    if len(digits) != 6 or not digits.isdigit() or int(digits[:2]) > 23 or int(digits[2:4]) > 59:
        raise Escape("CPF1642", text, f"Time {text} is not valid.")
    return digits


def _entries(ctx: Context) -> list[ScheduleEntry]:
    """The entries that JOB and ENTRYNBR mean; CPF1645 for none, CPF1628 when *ONLY is not enough."""
    name, number = ctx.text("JOB"), ctx.text("ENTRYNBR", "*ONLY")
    generic = name.endswith("*") and name != "*ALL"
    found = [
        e
        for e in ctx.image.schedule
        if name == "*ALL" or e.name == name or (generic and e.name.startswith(name[:-1]))
    ]
    if number not in ("*ONLY", "*ALL"):
        found = [e for e in found if e.number == int(number)]
    if not has_special(ctx.job, "*JOBCTL"):
        found = [e for e in found if e.scheduled_by == ctx.job.user]
    if not found:
        raise Escape("CPF1645", name, f"No job schedule entries found for {name} number {number}.")
    if number == "*ONLY" and len(found) > 1:
        raise Escape("CPF1628", name, f"More than one job schedule entry {name}: give ENTRYNBR.")
    return found


@command("RMVJOBSCDE", effect="disk")
def rmvjobscde(ctx: Context) -> None:
    """Remove entries."""
    for entry in _entries(ctx):
        ctx.image.schedule.remove(entry)
        ctx.os.schedule.forget(entry)


@command("HLDJOBSCDE", effect="disk")
def hldjobscde(ctx: Context) -> None:
    """Hold entries: due dates pass without a submit."""
    for entry in _entries(ctx):
        entry.held = True
        ctx.os.log("schedule_held", entry=entry.name, number=entry.number, by=ctx.job.qualified)


@command("RLSJOBSCDE", effect="disk")
def rlsjobscde(ctx: Context) -> None:
    """Release entries: what was missed is not submitted."""
    for entry in _entries(ctx):
        entry.held = False
        ctx.os.log("schedule_released", entry=entry.name, number=entry.number, by=ctx.job.qualified)


@command("CHGJOBSCDE", effect="disk")
def chgjobscde(ctx: Context) -> None:
    """Change an entry."""
    for entry in _entries(ctx):
        if ctx.given("CMD"):
            entry.command = ctx.command_string("CMD")
        if ctx.given("SCDTIME"):
            entry.time = _time(ctx, ctx.text("SCDTIME"))
        days = tuple(str(item) for item in ctx.items("SCDDAY") if item in (*DAYS, "*ALL"))
        if days:
            entry.days, entry.date = days, "*NONE"
        entry.frequency = ctx.text("FRQ", entry.frequency)
        if ctx.given("SCDDATE") and ctx.text("SCDDATE") != "*NONE":
            entry.date, entry.days = _date(ctx, ctx.text("SCDDATE"), ()), ()
        if ctx.given("OMITDATE"):
            entry.omit = _omitted(ctx)
        entry.relative = _relative(ctx) if ctx.given("RELDAYMON") else entry.relative
        entry.recovery = ctx.text("RCYACN", entry.recovery)
        if ctx.given("JOBQ"):
            entry.job_queue = ctx.qualified("JOBQ")
        if ctx.given("TEXT"):
            entry.text = ctx.text("TEXT")
        ctx.os.schedule.plan(entry)
