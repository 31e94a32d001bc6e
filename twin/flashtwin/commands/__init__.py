"""The commands, programs and procedures of the simulated system: how to write one.

A command is a function in a module of this package, registered by its name:

    @command("HLDJOB", effect="memory")
    def hldjob(ctx: Context) -> None:
        job = ctx.active_job("JOB")
        ...
        ctx.completion("CPC1163", f"Job {job.qualified} held.")

It may be a generator; then it `yield`s `Wait`s (`flashtwin.scheduler`) and the job waits meanwhile:
`yield from ctx.sleep(seconds)`, `yield from ctx.wait_for(signal, deadline)`.

`effect` says what the command changes:
  "none"    reads, or changes its own job only: allowed at any time, not recorded;
  "memory"  changes something of the system that is not on disk, or that a suspended system still
            allows (data areas and data queues that are not forced, holding jobs): recorded;
  "disk"    changes a database file, a spooled file, starts a job ...: recorded, and it waits first
            while the system is suspended (`OperatingSystem.change`);
  "ifs"     changes the IFS: as "disk", unless the site reads the platform's documents so that a
            suspended system lets the IFS alone (`ifs_blocks_while_suspended`).
Recorded means an event `command` (system, text, job).

`Context` (`flashtwin.context`), the parameters as evaluated:
  ctx.value("KW", default)      a constant or a character variable as str, a numeric variable as int or
                                Decimal; several values as a list; a qualified value as a tuple in
                                definition order, (object, library) or (job, user, number); the default
                                of the handler, not of the catalogue, when it was not written
  ctx.text("KW", default)       the value as str
  ctx.integer("KW", default)    the value as int; a special value such as *NOMAX gives the default
  ctx.qualified("KW")           (object, library); library defaults to *LIBL
  ctx.items("KW")               always a list
  ctx.given("KW")               whether it was written
  ctx.set_return("KW", value)   put a value into the CL variable of a return parameter, converted as
                                its type demands; nothing happens when the parameter is not given
  ctx.command_string("CMD")     a command parameter as text, its variables replaced by constants
Around it:
  ctx.world, ctx.os, ctx.image, ctx.job, ctx.now (the system's own clock)
  ctx.needs("*JOBCTL")          escape CPF222E unless the job's user (or adoption) has it
  ctx.find(name, lib, type)     the object, authority *USE checked; escapes CPF9801, CPF9802, CPF9810
  raise Escape("CPF1321", data, "text")   the command ends with an escape message
  ctx.completion(id, text, data), ctx.diagnostic(id, text, data), ctx.information(...)
Files, IFS, SQL and tape handlers call `yield from ctx.change("what")` where only part of them changes
something and `effect="none"`.

Programs of the system called by CALL are registered with @program("QCMDEXC", "QSYS"): the function gets a
`ProgramCall` with `args` (list of `flashtwin.values.Cell`, by reference).  C functions and service program
exports called by CALLPRC are registered with @procedure("dlpar_get_info"); they get a `ProcedureCall` and
return the function's value.  Both may be generators.

A command that `flashc.cl` knows and that nobody registered ends the rehearsal with a TwinError.
Modules of this package are imported by `load()`; add a new module to MODULES.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from flashtwin.context import Context, ProcedureCall, ProgramCall

Effect = Literal["none", "memory", "disk", "ifs"]
F = TypeVar("F", bound=Callable[..., Any])

MODULES = (
    "apis",
    "brms",
    "control",
    "dataqueues",
    "devices",
    "domino",
    "files",
    "ifs",
    "jobs",
    "mail",
    "message_files",
    "messages",
    "objects",
    "qsh",
    "save",
    "scheduler",
    "schedulers",
    "security",
    "sources",
    "spool",
    "sql",
    "states",
    "subsystems",
    "system",
    "tcpconfig",
    "tcpip",
)


@dataclass(frozen=True, slots=True)
class Registered:
    """A command of the twin: its handler and what it changes."""

    name: str
    handler: Callable[[Context], Any]
    effect: Effect
    library: str


COMMANDS: dict[str, Registered] = {}
PROGRAMS: dict[tuple[str, str], Callable[[ProgramCall], Any]] = {}
PROCEDURES: dict[str, Callable[[ProcedureCall], Any]] = {}
_loaded = False


def command(*names: str, effect: Effect, library: str = "QSYS") -> Callable[[F], F]:
    """Register a command handler under one or more names."""

    def register(handler: F) -> F:
        for name in names:
            if name in COMMANDS:
                raise ValueError(f"command {name} is registered twice")
            COMMANDS[name] = Registered(name, handler, effect, library)
        return handler

    return register


def program(name: str, library: str = "QSYS") -> Callable[[F], F]:
    """Register a program that CALL finds in this library."""

    def register(handler: F) -> F:
        if (name, library) in PROGRAMS:
            raise ValueError(f"program {library}/{name} is registered twice")
        PROGRAMS[(name, library)] = handler
        return handler

    return register


def procedure(name: str) -> Callable[[F], F]:
    """Register a procedure that CALLPRC finds by its exact name."""

    def register(handler: F) -> F:
        if name in PROCEDURES:
            raise ValueError(f"procedure {name} is registered twice")
        PROCEDURES[name] = handler
        return handler

    return register


def load() -> None:
    """Import all modules of handlers, once."""
    global _loaded
    if not _loaded:
        _loaded = True
        for module in MODULES:
            import_module(f"flashtwin.commands.{module}")
