"""What holds for each command of a generated program by itself: libraries, GOTO, MONMSG, limits of waits."""

from __future__ import annotations

from collections.abc import Iterator

from flashc.bundle.proofs.known import Facts, called, parameter, passed
from flashc.bundle.proofs.rules import Finding
from flashc.cl.ast import Command, Qualified
from flashc.cl.catalogue import Catalogue
from flashc.cl.checker import CONTROL
from flashc.cl.flow import Node, argument
from flashc.cl.monitors import escape_prefix

UNQUALIFIED = CONTROL | {"CALL", "CALLPRC", "DCLPRCOPT", "COPYRIGHT", "RCVF", "SNDRCVF", "ENDRCV"}
"""Commands that are the language itself, or that a compiler makes something of its own of."""

PREFIXES = {"RUNSQL": ("SQL",), "QSH": ("QSH",), "CALLPRC": ("CEE",)}
"""Beside CPF, and beside what the catalogue says of a command: docs/platform-facts.md#cl-monmsg."""

OF_LIBRARIES = {"QBRM": ("BRM",)}


def form(facts: Facts, declared: dict[str, str], catalogue: Catalogue) -> Iterator[Finding]:
    """Findings about single commands."""
    assigned: dict[str, list[str]] = {name: [value] for name, value in declared.items()}
    waits: list[Command] = []
    for node, fact in facts.items():
        command, name = fact.command, fact.name
        if fact.sets:
            if fact.value is not None:
                assigned.setdefault(fact.sets, []).append(fact.value)
            continue
        if command.library is None and command.name not in UNQUALIFIED:
            yield Finding("FL9002", command.name, command)
        if name in _WAITING:
            waits.append(command)
        elif name == "GOTO":
            yield Finding("FL9003", "GOTO", command)
        elif name == "DLYJOB" and node.loops and not any(_counts(loop, facts) for loop in node.loops):
            yield Finding("FL9005", "DLYJOB in a loop that does not count", command)
        if node.monitors:
            yield from _monitored(node, command, catalogue)
        calls = argument(command, "CMD", 0) if name == "SBMJOB" else command
        if isinstance(calls, Command) and calls.name == "CALL" and not _qualified(calls):
            yield Finding("FL9002", f"the program {parameter(calls, 'PGM', 0)}", calls)
    for command in waits:
        yield from _limited(command, assigned)


def _qualified(call: Command) -> bool:
    return isinstance(argument(call, "PGM", 0), Qualified)


def _monitored(node: Node, command: Command, catalogue: Catalogue) -> Iterator[Finding]:
    """Who gets all CPF messages means all errors: then every prefix of the command belongs there."""
    ids = {one for monitor in node.monitors for one in monitor.ids}
    if "CPF0000" not in ids:
        return
    wanted = [*PREFIXES.get(command.name, ()), *OF_LIBRARIES.get(command.library or "", ())]
    definition = catalogue.get(command.name)
    if definition is not None and command.library in ("QSYS", None):
        wanted.append(escape_prefix(definition))
    for prefix in dict.fromkeys(wanted):
        if prefix and not any(one.startswith(prefix) for one in ids):
            yield Finding("FL9004", f"{command.name} escapes with {prefix} as well", command)


_PLACES = {"QRCVDTAQ": 4, "poll": 2}
"""Programs and procedures that wait, and which of their parameters says how long."""

_WAITING = frozenset({*_PLACES, "RCVMSG", "ALCOBJ", "CHGASPACT", "SNDUSRMSG", "DSPMSG", "SNDPGMMSG"})


def _limited(command: Command, assigned: dict[str, list[str]]) -> Iterator[Finding]:
    """Waits for ever: a negative time, *MAX, or none where the default is not to end."""
    name = called(command)
    wait = _PLACES.get(name)
    if wait is not None:
        given = ([*passed(command), *[""] * 9])[wait].split(" ")[0]
        if given.startswith("-") or any(value.startswith("-") for value in assigned.get(given, ())):
            yield Finding("FL9005", f"{name} waits for ever where {given} is negative", command)
        if given not in assigned and not given.isdecimal():
            yield Finding("FL9005", f"nothing says how long {name} waits", command)
    if command.name == "RCVMSG" and parameter(command, "WAIT") == "*MAX":
        yield Finding("FL9005", "RCVMSG WAIT(*MAX)", command)
    if command.name == "ALCOBJ" and not parameter(command, "WAIT"):
        yield Finding("FL9005", "ALCOBJ waits as long as the job's class says", command)
    if parameter(command, "OPTION") == "*SUSPEND" and not (
        parameter(command, "SSPTIMO") and parameter(command, "SSPTIMOACN")
    ):
        yield Finding("FL9005", "SUSPEND without SSPTIMO and SSPTIMOACN", command)
    if command.name in ("SNDUSRMSG", "DSPMSG") or parameter(command, "MSGTYPE") == "*INQ":
        yield Finding("FL9005", f"{command.name} waits for somebody", command)


def _counts(loop: Node, facts: Facts) -> bool:
    """Whether a loop ends by a number: DOFOR, or a condition on a variable that CHGVAR counts."""
    fact = facts.get(loop)
    if fact is None or fact.name == "DOFOR":
        return fact is not None
    condition = parameter(fact.command, "COND", 0)
    for one in facts.values():
        if one.name == "CHGVAR" and one.sets in condition:
            value = parameter(one.command, "VALUE", 1)
            if value.startswith((f"{one.sets} -", f"{one.sets} +")):
                return True
    return False
