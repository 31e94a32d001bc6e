"""The system as a whole: CHGASPACT, system values, network and IPL attributes, PWRDWNSYS."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime

from flashtwin.commands import command
from flashtwin.context import Context
from flashtwin.errors import Escape
from flashtwin.installed import installed
from flashtwin.scheduler import Signal, Wait
from flashtwin.security import has_special
from flashtwin.suspend import SYSBAS
from flashtwin.work import qualified_value

Waiting = Generator[Wait, Signal | None, None]
# The default of SSPTIMO is not documented; a program that leaves it out waits this long.
SUSPEND_LIMIT = 300


@command("CHGASPACT", effect="memory")
def chgaspact(ctx: Context) -> Waiting:
    """*FRCWRT flushes, *SUSPEND reaches the suspended state or fails, *RESUME ends it."""
    ctx.needs("*JOBCTL")
    device = ctx.text("ASPDEV")
    if device != SYSBAS:
        _available(ctx, device)
    option = ctx.text("OPTION")
    suspension = ctx.os.asp(device)
    if option == "*FRCWRT":
        yield from suspension.flush()
        ctx.completion("CPCB719", f"Force write for ASP {device} was successful.")
    elif option == "*RESUME":
        yield from suspension.resume(ctx.job)
        ctx.completion("CPCB718", f"Resume for ASP {device} was successful.")
    else:
        limit = float(ctx.integer("SSPTIMO", SUSPEND_LIMIT))
        go_on = ctx.text("SSPTIMOACN", "*CONT") == "*CONT"
        result = yield from suspension.suspend(ctx.job, limit, go_on)
        partly = "" if result == "full" else " with transactions open"
        ctx.completion("CPCB717", f"Suspend for ASP {device} was successful{partly}.")


def _available(ctx: Context, device: str) -> None:
    """An independent ASP must be there and available."""
    asp = ctx.image.products.get("iasps", {}).get(device)
    if asp is None:
        raise Escape("CPF9814", device, f"Device {device} not found.")
    if device not in installed(ctx.os).asps:
        raise Escape("CPFB717", device, f"ASP device {device} is not available.")


# -- system values -----------------------------------------------------------------------------------

# Lengths of the values that programs retrieve as characters; others are 10.
_LENGTHS = {
    "QSRLNBR": 8,
    "QMODEL": 4,
    "QSTRUPPGM": 20,
    "QCTLSBSD": 20,
    "QTIME": 9,
    "QDATE": 6,
    "QDATETIME": 20,
    "QDAYOFWEEK": 4,
    "QUTCOFFSET": 5,
    "QIPLDATTIM": 20,
    "QIPLTYPE": 1,
    "QINACTITV": 10,
    "QUPSMSGQ": 20,
}
_SECURITY = {"QSECURITY", "QPWDEXPITV", "QMAXSIGN", "QRETSVRSEC", "QALWOBJRST", "QAUDCTL", "QMLTTHDACN"}


def current_value(ctx: Context, name: str) -> str:
    """A system value as characters."""
    value = ctx.os.clock_values().get(name, ctx.image.system_values.get(name))
    if name == "QDATE":
        value = _date(ctx)
    if name == "QSRLNBR":
        value = ctx.os.partition.serial
    if value is None:
        raise Escape("CPF1028", name, f"SYSVAL({name}) is not a system value of this system.")
    return value.ljust(_LENGTHS.get(name, len(value)))


def _date(ctx: Context) -> str:
    return ctx.os.local().strftime(_date_form(ctx))


def _date_form(ctx: Context) -> str:
    return ctx.os.date_form()


@command("RTVSYSVAL", effect="none")
def rtvsysval(ctx: Context) -> None:
    """Retrieve a system value; CPF1095 when the variable is too short."""
    name = ctx.text("SYSVAL")
    value = current_value(ctx, name)
    cell = ctx.variable("RTNVAR")
    assert cell is not None
    if cell.type == "*CHAR" and cell.length < len(value.rstrip()):
        raise Escape("CPF1095", name, f"CL variable has not the length of system value {name}.")
    ctx.set_return("RTNVAR", value)


@command("CHGSYSVAL", effect="disk")
def chgsysval(ctx: Context) -> None:
    """Change a system value: start-up program and security values need *ALLOBJ and *SECADM."""
    name = ctx.text("SYSVAL")
    if name in ("QTIME", "QDATE"):
        _set_clock(ctx, name)
        return
    if name not in ctx.image.system_values:
        raise Escape("CPF1028", name, f"SYSVAL({name}) is not a system value of this system.")
    if name in _SECURITY or name in ("QSTRUPPGM", "QCTLSBSD"):
        allowed = has_special(ctx.job, "*ALLOBJ")
        if name in _SECURITY:
            allowed = allowed and has_special(ctx.job, "*SECADM")
    else:
        allowed = has_special(ctx.job, "*ALLOBJ") or has_special(ctx.job, "*JOBCTL")
    if not allowed:
        raise Escape("CPF1831", name, f"Not authorized to change system value {name}.")
    value = ctx.raw("VALUE").decode("cp037").rstrip()
    if name == "QIPLDATTIM" and value != "*NONE":
        try:
            planned = datetime.strptime(value, f"{_date_form(ctx)} %H%M%S")
        except ValueError:
            planned = datetime.min
        if planned <= ctx.os.local().replace(tzinfo=None):
            raise Escape("CPF1830", name, f"Value for system value {name} is not a time to come.")
    if name in ("QSTRUPPGM", "QCTLSBSD"):
        # A qualified value is kept as RTVSYSVAL gives it: object in 10 characters, library in 10.
        obj, library = qualified_value(value)
        value = f"{obj:<10}{library:<10}"
    ctx.image.system_values[name] = value
    ctx.completion("CPF1815", f"System value {name} changed to {value}.")
    ctx.os.history(
        "CPF1805", f"System value {name} changed to {value} by user {ctx.job.user}.", ctx.job.qualified
    )


def _set_clock(ctx: Context, name: str) -> None:
    """QTIME (HHMMSS) and QDATE (in the system's format) put the system's clock."""
    if not has_special(ctx.job, "*ALLOBJ"):
        raise Escape("CPF1831", name, f"Not authorized to change system value {name}.")
    digits = "".join(c for c in ctx.text("VALUE") if c.isdigit())
    now = ctx.os.local()
    try:
        if name == "QTIME":
            clock = datetime.strptime(digits[:6], "%H%M%S")
            new = now.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
        else:
            day = datetime.strptime(digits, _date_form(ctx))
            new = now.replace(year=day.year, month=day.month, day=day.day)
    except ValueError:
        raise Escape("CPF1058", name, f"VALUE({digits}) is not valid for system value {name}.") from None
    ctx.os.set_clock(ctx.os.partition.clock_offset + (new - now).total_seconds())
    ctx.completion("CPF1815", f"System value {name} changed to {digits}.")


# docs/platform-facts.md#system-name
_ALL_OBJECTS = {"JOBACN", "DDMACC", "PCSACC"}


@command("RTVNETA", effect="none")
def rtvneta(ctx: Context) -> None:
    """Retrieve network attributes."""
    for keyword in ctx.bound:
        value = ctx.image.network_attributes.get(keyword)
        if value is None:
            raise Escape("CPF0006", "RTVNETA", f"The twin does not keep the network attribute {keyword}.")
        ctx.set_return(keyword, value)


@command("CHGNETA", effect="disk")
def chgneta(ctx: Context) -> None:
    """Change network attributes; a new system name is pending until the next IPL."""
    ctx.needs("*IOSYSCFG")
    for keyword in ctx.bound:
        if keyword in _ALL_OBJECTS:
            ctx.needs("*ALLOBJ")
        value = ctx.text(keyword)
        if value != "*SAME":
            kept = "PNDSYSNAME" if keyword == "SYSNAME" else keyword
            ctx.image.network_attributes[kept] = value


@command("CHGIPLA", effect="disk")
def chgipla(ctx: Context) -> None:
    """Change IPL attributes."""
    ctx.needs("*ALLOBJ")
    for keyword in ctx.bound:
        value = ctx.text(keyword)
        if value != "*SAME":
            ctx.image.ipl_attributes[keyword] = value


@command("PWRDWNSYS", effect="memory")
def pwrdwnsys(ctx: Context) -> Waiting:
    """End the system: *CNTRLD after DELAY seconds, *IMMED at once; RESTART(*YES) starts it again."""
    ctx.needs("*JOBCTL", "CPF1038")
    option = ctx.text("OPTION", "*CNTRLD")
    restart = ctx.items("RESTART")
    durations = ctx.world.durations
    seconds = durations.osshutdown_immed if option == "*IMMED" else durations.osshutdown
    delay = 0.0 if option == "*IMMED" else float(ctx.integer("DELAY", 3600))
    if delay and not [j for j in ctx.os.jobs.values() if j.type == "B" and j is not ctx.job]:
        delay = 0.0
    ctx.os.power_down(
        option,
        seconds + ctx.os.partition.slow_end,
        restart=bool(restart) and restart[0] == "*YES",
        delay=delay,
    )
    yield from ctx.sleep(0)
