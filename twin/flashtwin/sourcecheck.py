"""The check that a compile makes of a CL source, by the checker of the CL toolkit.

Commands that the system has (made by CRTCMD, or the site's own) count as known.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from flashc.cl.catalogue import CommandDef, catalogue
from flashc.cl.checker import analysis, commands
from flashc.cl.parser import parse
from flashc.diag import Diagnostic

from flashtwin.definition import UserCommand
from flashtwin.errors import TwinError
from flashtwin.image import SystemImage
from flashtwin.objects import CommandObject
from flashtwin.program import Compiled, NotCompiled, compile_source


class Problem(NamedTuple):
    """What the compiler says of a source: message id, severity (0 to 99), line (from 1) and text."""

    msgid: str
    severity: int
    line: int
    text: str


UNDECLARED = "CPD0727"
"""The one error whose severity on a real system is known to be 40: docs/platform-facts.md#cl-diagnostics."""


def compile_text(
    text: str, origin: str, image: SystemImage, release: str = ""
) -> tuple[list[Problem], Compiled | None]:
    """The errors of a source for a release (VxRxMx, the system's own without); its program without any.

    The program is never changed by who gets it.
    """
    missing: tuple[str, ...] = image.products.get("missing_commands", ())
    own = tuple(own_commands(image))
    problems, made = _compiled(text, origin, own, missing, release or release_of(image))
    return list(problems), made


def release_of(image: SystemImage) -> str:
    """The release of a system as TGTRLS has it."""
    version, release = str(image.products.get("release", "7.4")).split(".")[:2]
    return f"V{version}R{release}M0"


# A world is built many times from the same sources: in a campaign of faults, and in tests.
@lru_cache(maxsize=500)
def _compiled(
    text: str, origin: str, own: tuple[CommandDef, ...], missing: tuple[str, ...], release: str
) -> tuple[tuple[Problem, ...], Compiled | None]:
    source, syntax = parse(text, origin)
    found, bound = analysis(source, catalogue=catalogue().with_commands(own), strict=True, release=release)
    problems = [_problem(d) for d in syntax + found if d.severity == "error"]
    if missing:
        for one in commands(source):
            if one.name in missing:
                line = text.count("\n", 0, one.pos) + 1
                library = one.library or "*LIBL"
                problems.append(
                    Problem("CPD0030", 30, line, f"Command {one.name} in library {library} not found.")
                )
    if problems:
        return tuple(sorted(problems, key=lambda problem: problem.line)), None
    made_here = {one.name for one in own}
    try:
        return (), compile_source(source, [one for one in bound if one.command.name not in made_here])
    except NotCompiled as error:
        line = text.count("\n", 0, error.pos) + 1
        return (Problem("CPD0000", 30, line, str(error)),), None
    except TwinError as error:
        raise TwinError(f"{origin}: {error}") from error


def _problem(found: Diagnostic) -> Problem:
    msgid = found.code if found.code.startswith("CPD") else "CPD0000"
    return Problem(msgid, 40 if msgid == UNDECLARED else 30, found.span.line, found.message)


def own_commands(image: SystemImage) -> list[CommandDef]:
    """The definitions of the commands in the system's libraries."""
    found: list[CommandDef] = []
    for library in image.libraries.values():
        for obj in library.objects.values():
            if isinstance(obj, CommandObject) and obj.definition is not None:
                made: UserCommand = obj.definition.value
                found.append(made.definition)
    return found
