"""What carries the run is neither held nor ended by it, be it by a statement or by a command of the site."""

from __future__ import annotations

from collections.abc import Iterator

from flashc.check import model
from flashc.check.findings import Findings, head
from flashc.cl.ast import ListValue, Qualified, Quoted, Value, Word
from flashc.cl.bind import Bound, bind
from flashc.cl.catalogue import catalogue
from flashc.cl.checker import commands
from flashc.cl.parser import parse
from flashc.diag import Span

GUARD_QUEUE = "QUSRNOMAX"
"""The job queue of guard B, and of the job schedule entries."""

NEEDED_SUBSYSTEMS = ("QCTL", "QBASE", "QSYSWRK", "QUSRWRK", "QSERVER", "Q1ABRMNET", "FLASHC", "FLGUARD")
"""Controlling subsystem, the system's own, guard B's, that of the database server, BRMS's, the product's."""

Statement = model.HoldQueue | model.HoldEntry | model.EndSubsystem | model.VaryOff
"""What takes something away from others."""


def check_needed(environment: model.Environment, own_entries: set[str], found: Findings) -> None:
    """Note what the environment holds or ends though its run needs it.

    `own_entries` are the names of the product's entries of the job scheduler.
    """
    system = environment.clone.source
    for item in _quieted(environment):
        if isinstance(item, model.VaryOff):
            if item.device in system.independent_asps:
                message = (
                    f"independent ASP {item.device} is varied off here and suspended by system {system.name}"
                )
                found.both("FL3045", item.span, message, head(system.span), f"system {system.name}")
            continue
        needed = _needed(item, system.library, own_entries)
        if needed:
            found.add("FL3044", item.span, f"the run itself needs {needed}")


def _needed(item: Statement, library: str, own_entries: set[str]) -> str:
    """What an item takes from the run; "" for nothing."""
    if isinstance(item, model.HoldQueue) and (item.library == library or item.queue == GUARD_QUEUE):
        return f"job queue {item.library}/{item.queue}"
    if isinstance(item, model.HoldEntry):
        covered = sorted(name for name in own_entries if _covers(item.name, name))
        return f"schedule entry {', '.join(covered)}" if covered else ""
    if isinstance(item, model.EndSubsystem) and (item.name in NEEDED_SUBSYSTEMS or item.library == library):
        return f"subsystem {item.name}"
    return ""


def _covers(given: str, name: str) -> bool:
    """Whether a name as commands take it, a generic one or *ALL too, means this one."""
    generic = given.endswith("*") and name.startswith(given[:-1])
    return given in (name, "*ALL") or generic


def _quieted(environment: model.Environment) -> Iterator[Statement]:
    """What is held, ended or varied off, with what the site's commands on production do of that kind."""
    runs = environment.runs
    for item in environment.around:
        if isinstance(item, model.RunCommand):
            yield from _meant(item.command, item.span)
        elif isinstance(item, Statement):
            yield item
    for hook in environment.hooks:
        for meant in _meant(hook.command, hook.span):
            if "start" in hook.phases or not isinstance(meant, model.VaryOff):
                yield meant
    for run in (*runs.before, *runs.after_flash, *runs.afterwards, *runs.on_failure):
        for meant in _meant(run.command, run.span):
            # Behind the flash an independent ASP is the site's again.
            if run in runs.before or not isinstance(meant, model.VaryOff):
                yield meant


def _meant(text: str, span: Span) -> Iterator[Statement]:
    """The statements that do the same as a CL command."""
    source, _ = parse(f"PGM\n{text}\nENDPGM")
    for command in commands(source):
        definition = catalogue().get(command.name)
        if definition is not None and not command.broken:
            yield from _statements(bind(command, definition), span)


def _statements(bound: Bound, span: Span) -> Iterator[Statement]:
    name = bound.definition.name
    if name == "HLDJOBQ":
        for library, queue in _names(bound, "JOBQ"):
            yield model.HoldQueue(library, queue, span)
    elif name == "HLDJOBSCDE":
        for _, entry in _names(bound, "JOB"):
            yield model.HoldEntry(entry, span)
    elif name == "ENDSBS":
        for _, subsystem in _names(bound, "SBS"):
            yield model.EndSubsystem("", subsystem, 0, span)
    elif name == "VRYCFG" and ("", "*OFF") in _names(bound, "STATUS"):
        for _, device in _names(bound, "CFGOBJ"):
            yield model.VaryOff(device, span)


def _names(bound: Bound, keyword: str) -> list[tuple[str, str]]:
    """Library ("" without one) and name of what is written for a parameter."""
    value = bound.values.get(keyword)
    values = value.items if isinstance(value, ListValue) else [value]
    return [_name(one) for one in values if one is not None]


def _name(value: Value) -> tuple[str, str]:
    if isinstance(value, Qualified):
        # Three parts are a job's name, which none of these commands takes: their own check says so.
        if len(value.parts) != 2:
            return "", ""
        library, name = value.parts
        return _name(library)[1], _name(name)[1]
    return "", value.text if isinstance(value, Word | Quoted) else ""
