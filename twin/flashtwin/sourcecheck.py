"""The check that a compile makes of a CL source, by the checker of the CL toolkit.

Commands that the system has (made by CRTCMD, or the site's own) count as known.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from flashc.cl.catalogue import CommandDef, catalogue
from flashc.cl.checker import check_text, commands
from flashc.cl.parser import parse
from flashc.diag import Diagnostic

from flashtwin.definition import UserCommand
from flashtwin.image import SystemImage
from flashtwin.objects import CommandObject
from flashtwin.program import Compiled, compile_source


class Problem(NamedTuple):
    """What the compiler says of a source: message id, severity (0 to 99), line (from 1) and text."""

    msgid: str
    severity: int
    line: int
    text: str


UNDECLARED = "CPD0727"
"""The one error whose severity on a real system is known to be 40: docs/platform-facts.md#cl-diagnostics."""


def check_source(text: str, origin: str, image: SystemImage, release: str = "") -> list[Problem]:
    """The errors of a source for a release (VxRxMx, the system's own without); empty when it is right."""
    missing: tuple[str, ...] = image.products.get("missing_commands", ())
    return list(_checked(text, origin, tuple(own_commands(image)), missing, release or release_of(image)))


def release_of(image: SystemImage) -> str:
    """The release of a system as TGTRLS has it."""
    version, release = str(image.products.get("release", "7.4")).split(".")[:2]
    return f"V{version}R{release}M0"


# A world is built many times from the same sources: in a campaign of faults, and in tests.
@lru_cache(maxsize=500)
def _checked(
    text: str, origin: str, own: tuple[CommandDef, ...], missing: tuple[str, ...], release: str
) -> tuple[Problem, ...]:
    known = catalogue().with_commands(own)
    found = check_text(text, origin, catalogue=known, strict=True, release=release)
    problems = [_problem(d) for d in found if d.severity == "error"]
    if missing:
        for one in commands(parse(text, origin)[0]):
            if one.name in missing:
                line = text.count("\n", 0, one.pos) + 1
                library = one.library or "*LIBL"
                problems.append(
                    Problem("CPD0030", 30, line, f"Command {one.name} in library {library} not found.")
                )
    return tuple(sorted(problems, key=lambda problem: problem.line))


def _problem(found: Diagnostic) -> Problem:
    msgid = found.code if found.code.startswith("CPD") else "CPD0000"
    return Problem(msgid, 40 if msgid == UNDECLARED else 30, found.span.line, found.message)


@lru_cache(maxsize=500)
def compiled(text: str, origin: str) -> Compiled:
    """The program of a source that has no errors; never changed by who gets it."""
    source, _ = parse(text, origin)
    return compile_source(source)


def own_commands(image: SystemImage) -> list[CommandDef]:
    """The definitions of the commands in the system's libraries."""
    found: list[CommandDef] = []
    for library in image.libraries.values():
        for obj in library.objects.values():
            if isinstance(obj, CommandObject) and obj.definition is not None:
                made: UserCommand = obj.definition.value
                found.append(made.definition)
    return found
