"""The check that a compile makes of a CL source, by the checker of the CL toolkit.

Commands that the system has (made by CRTCMD, or the site's own) count as known.
"""

from __future__ import annotations

from flashc.cl.catalogue import CommandDef, catalogue
from flashc.cl.checker import check_text

from flashtwin.definition import UserCommand
from flashtwin.image import SystemImage
from flashtwin.objects import CommandObject


def check_source(text: str, origin: str, image: SystemImage) -> list[tuple[str, str]]:
    """The errors of a source as (message id, text); empty when it can be compiled."""
    known = catalogue().with_commands(own_commands(image))
    return [
        (d.code if d.code.startswith("CPD") else "CPD0000", f"{origin} line {d.span.line}: {d.message}")
        for d in check_text(text, origin, catalogue=known, strict=True)
        if d.severity == "error"
    ]


def own_commands(image: SystemImage) -> list[CommandDef]:
    """The definitions of the commands in the system's libraries."""
    found: list[CommandDef] = []
    for library in image.libraries.values():
        for obj in library.objects.values():
            if isinstance(obj, CommandObject) and obj.definition is not None:
                made: UserCommand = obj.definition.value
                found.append(made.definition)
    return found
