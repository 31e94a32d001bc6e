"""Whether the MONMSG commands behind a command can catch what it ends with.

CPF0000 catches the messages of CPF and nothing of TCP, BRM, QSH or SQL: a command whose escapes come under
such a prefix goes on to end the program.  docs/platform-facts.md#cl-monmsg
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flashc.cl.ast import Command, ListValue, Source, Value, Word
from flashc.cl.catalogue import Catalogue, CommandDef
from flashc.cl.problems import Problem

_COMMON = "CPF"


def monitor_problems(source: Source, catalogue: Catalogue) -> Iterator[Problem]:
    """A warning for each command whose own MONMSGs miss the prefix of its escapes."""
    everywhere: set[str] = set()  # prefixes that the whole program watches
    watched: Command | None = None
    monitors: list[Command] = []
    executable = False
    depth = 0  # DO groups of MONMSGs that are open
    for statement in source.statements:
        command = statement.command
        if command is None:
            continue
        if command.name == "MONMSG" and depth == 0:
            if executable:
                monitors.append(command)
            else:
                everywhere |= _prefixes(command)
            depth = int(_opens_group(command))
            continue
        if depth:
            depth += _change(command)
            continue
        if watched is not None and monitors:
            yield from _missed(watched, monitors, everywhere, catalogue)
        watched, monitors = command, []
        executable = executable or command.name not in ("PGM", "DCL", "DCLF", "COPYRIGHT", "DCLPRCOPT")
    if watched is not None and monitors:
        yield from _missed(watched, monitors, everywhere, catalogue)


def escape_prefix(definition: CommandDef) -> str:
    """What the message identifiers of most escapes of a command begin with, or an empty text."""
    if definition.prefix:
        return definition.prefix
    counts = Counter(message[:3] for message in definition.messages)
    return max(counts, key=lambda p: (counts[p], p)) if counts else ""


def _missed(
    watched: Command, monitors: list[Command], everywhere: set[str], catalogue: Catalogue
) -> Iterator[Problem]:
    definition = catalogue.get(watched.name)
    prefix = escape_prefix(definition) if definition is not None else ""
    if not prefix or prefix == _COMMON or prefix in everywhere:
        return
    caught = set().union(*(_prefixes(m) for m in monitors))
    if prefix in caught or any(not _prefixes(m) for m in monitors):
        return
    first = monitors[0]
    message = f"no MONMSG here catches what {watched.name} ends with: its escapes begin with {prefix}"
    help = f"add {prefix}0000: CPF0000 does not catch it"
    yield Problem("CL0320", "warning", message, first.pos, first.name_end, help)


def _prefixes(monitor: Command) -> set[str]:
    """The first three characters of the message identifiers of a MONMSG."""
    value: Value | None = monitor.arg("MSGID")
    if value is None and monitor.args and monitor.args[0].keyword is None:
        value = monitor.args[0].value
    items = value.items if isinstance(value, ListValue) else [value]
    return {item.text[:3] for item in items if isinstance(item, Word)}


def _opens_group(command: Command) -> bool:
    """Whether a command ends with a group that is closed further on: MONMSG ... EXEC(DO)."""
    while command.args and isinstance(command.args[-1].value, Command):
        command = command.args[-1].value
    return command.name in ("DO", "DOWHILE", "DOUNTIL", "DOFOR", "SELECT")


def _change(command: Command) -> int:
    """How a command inside a group changes the number of open groups."""
    if command.name in ("ENDDO", "ENDSELECT"):
        return -1
    return int(_opens_group(command))
