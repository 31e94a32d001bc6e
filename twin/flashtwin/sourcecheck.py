"""The check that a compile makes of a CL source, by the checker of the CL toolkit.

Commands that the system has (made by CRTCMD, or the site's own) count as known.
"""

from __future__ import annotations

from functools import lru_cache

from flashc.cl.catalogue import CommandDef, catalogue
from flashc.cl.checker import check_text
from flashc.cl.parser import parse

from flashtwin.definition import UserCommand
from flashtwin.image import SystemImage
from flashtwin.objects import CommandObject
from flashtwin.program import Compiled, compile_source


def check_source(text: str, origin: str, image: SystemImage) -> list[tuple[str, str]]:
    """The errors of a source as (message id, text); empty when it can be compiled."""
    return list(_checked(text, origin, tuple(own_commands(image))))


# A world is built many times from the same sources: in a campaign of faults, and in tests.
@lru_cache(maxsize=500)
def _checked(text: str, origin: str, own: tuple[CommandDef, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (d.code if d.code.startswith("CPD") else "CPD0000", f"{origin} line {d.span.line}: {d.message}")
        for d in check_text(text, origin, catalogue=catalogue().with_commands(own), strict=True)
        if d.severity == "error"
    )


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
