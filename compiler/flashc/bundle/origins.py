"""From a line of generated CL back to the line of the spec that asked for it.

A program of an environment is made of sections, each with its step code in a comment.  Above a subroutine it
is followed by the place in the spec, for whoever reads the program; the bundle has the same places for tools,
so that an error that the compiler on the partition finds is shown where it can be put right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from flashc.bundle.render import comment_text
from flashc.check.model import Environment
from flashc.diag import Span

Origins = tuple[tuple[int, Span], ...]
"""For one source: from which line on (counted from 1) it comes from which place; ascending."""

_SECTION = re.compile(r"/\* ([CO][0-9]{2})(?![0-9A-Z])")
_SUBROUTINE = re.compile(r"\s+SUBR\s+SUBR\(([A-Z0-9]+)\)")

_CLONE_STEPS = ("O10", "O17", "O18", "O40", "O41", "O67", "O80", "O82", "O83", "O86", "O92")
_COPY_STEPS = ("O48", "O49", "O51", "O52", "O55", "O61", "O63")
_WORK_STEPS = (
    *("O65", "O85", "O87", "O88", "O89"),
    *("C04", "C15", "C18", "C20", "C26", "C28", "C30", "C36", "C40", "C45"),
)
_LINK_STEPS = ("O68", "O95", "C47")


def places(e: Environment, context: Mapping[str, Any]) -> dict[str, Span]:
    """The place of each subroutine or step code that comes from something narrower than the environment.

    `context` is what the templates see of it: the subroutines of what stands around the flash.
    """
    clone = e.clone
    found = dict.fromkeys(_CLONE_STEPS, clone.span) | dict.fromkeys(_WORK_STEPS, e.operation.span)
    found |= dict.fromkeys(_COPY_STEPS, clone.disks[0].span) | {"O50": e.quiesce.span}
    if clone.link:
        found |= dict.fromkeys(_LINK_STEPS, clone.link.span)
    if e.reconfigure:
        found |= {f"C{number}": e.reconfigure.span for number in range(51, 60)}
    for seen, item in zip(context["around"], e.around, strict=True):
        found[seen["subr"]] = item.span
    for seen, required in zip(context["requires"], e.requires, strict=True):
        found[f"O24{seen['suffix']}"] = required.span
    runs = {
        "before": e.runs.before,
        "after_flash": e.runs.after_flash,
        "afterwards": e.runs.afterwards,
        "on_failure": e.runs.on_failure,
    }
    for when, commands in runs.items():
        for seen, command in zip(context[when], commands, strict=True):
            found[seen["subr"]] = command.span
    return found


def marked(text: str, known: Mapping[str, Span], otherwise: Span) -> tuple[str, Origins]:
    """A program with the place in the spec above the subroutine of each step, and the places by line."""
    out: list[str] = []
    origins = [(1, otherwise)]
    lines = [*text.splitlines(), ""]
    section = ""
    for line, following in pairwise(lines):
        out.append(line)
        if not line.startswith("/* "):
            continue
        if found := _SECTION.match(line):
            section = found[1]
        if following.startswith("/*"):
            continue
        subroutine = _SUBROUTINE.match(following)
        span = known.get(subroutine[1] if subroutine else section) or known.get(section, otherwise)
        if section and subroutine:
            name = comment_text(PurePath(span.file).name, 40)
            out.append(f"/*      {name} line {span.line} */")
        if span != origins[-1][1]:
            origins.append((len(out), span))
        section = ""
    return "\n".join(out) + "\n", tuple(origins)


def place_of(origins: Origins, line: int) -> Span | None:
    """Where a line comes from; None for a source that no single place of the spec has asked for."""
    found = None
    for first, span in origins:
        if first > line:
            break
        found = span
    return found
