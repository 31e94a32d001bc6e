"""How output becomes a spooled file of the job: its name after overrides, and whether it is held."""

from __future__ import annotations

from flashtwin.context import Context
from flashtwin.image import SpooledFile
from flashtwin.open_files import PRINTER_OVERRIDE, files_of


def spool(ctx: Context, name: str, lines: list[str]) -> SpooledFile:
    """A spooled file of the job: by the name of an override of its printer file, the outermost last, or of
    all printer files."""
    held = False
    for act in reversed(ctx.job.stack):
        for one in files_of(ctx.job).printers:
            if one.act is act and one.name == name:
                name, held = one.spooled or name, one.held
    name = str(ctx.job.resources.get(PRINTER_OVERRIDE, name))
    number = 1 + sum(1 for one in ctx.image.spooled if one.job == ctx.job.qualified)
    made = SpooledFile(name, number, ctx.job.qualified, ctx.job.user, ctx.now, lines, held)
    ctx.image.spooled.append(made)
    return made
