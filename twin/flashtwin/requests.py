"""Commands given as text: by SBMJOB, QCMDEXC, the `system` utility and the job scheduler."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flashc.cl import ast
from flashc.cl.catalogue import catalogue
from flashc.cl.parser import parse
from flashc.diag import Diagnostic

from flashtwin.errors import Escape
from flashtwin.objects import CommandObject
from flashtwin.statement import Statement

if TYPE_CHECKING:
    from flashc.cl.catalogue import CommandDef

    from flashtwin.definition import UserCommand
    from flashtwin.job import Job

LONGEST = 32702


@lru_cache(maxsize=2000)
def _parsed(text: str) -> tuple[tuple[Statement, ...], tuple[Diagnostic, ...]]:
    source, diagnostics = parse(text, "<request>")
    found = tuple(Statement(s.command) for s in source.statements if s.command is not None)
    return found, tuple(diagnostics)


def parse_request(job: Job, text: str) -> Statement:
    """The one command in the text; CPF0006 with its diagnostics when it is not one."""
    if len(text) > LONGEST:
        raise Escape("CPF0006", "", "Command is longer than 32702 characters.")
    # A line end in a request is a blank: a request is one command, however it was wrapped.
    found, diagnostics = _parsed(" ".join(text.split("\n")).strip())
    if diagnostics or len(found) != 1:
        for one in diagnostics:
            msgid = one.code if one.code.startswith("CPD") else "CPD0018"
            job.send(job.stack[-1], "*DIAG", msgid, one.message, severity=30)
        name = found[0].command.name if found else ""
        raise Escape("CPF0006", name, "Errors occurred in command.")
    _allowed(job, found[0].command)
    return found[0]


def _allowed(job: Job, command: ast.Command) -> None:
    """CPD0031 for a command that does not run where it is entered, e.g. only in a compiled program."""
    found = catalogue().get(command.name) or _own(job, command)
    here = "*INTERACT" if job.type == "I" else "*BATCH"
    if found is not None and not found.allowed & {"*ALL", "*EXEC", here}:
        escape = Escape("CPF0006", command.name, "Errors occurred in command.")
        escape.problems.append(("CPD0031", f"Command {command.name} not allowed in this setting."))
        raise escape


def _own(job: Job, command: ast.Command) -> CommandDef | None:
    """The definition of a command made by CRTCMD."""
    found = job.os.find_object(job, command.name, command.library or "*LIBL", "*CMD")
    if not isinstance(found, CommandObject) or found.definition is None:
        return None
    made: UserCommand = found.definition.value
    return made.definition
