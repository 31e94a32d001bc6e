"""What a compiler on the partition found: the event file, and from its lines back to the spec.

OPTION(*EVENTF) leaves member OBJECT in file EVFEVENT of the object's library:
docs/platform-facts.md#event-file
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flashc.bundle import Bundle
from flashc.bundle.origins import place_of
from flashc.deploy.command import Command, cl
from flashc.diag import Diagnostic, Related, Severity, Span

NOT_CREATED = frozenset({"CPF0801", "CPF0815", "CPF0820"})
"""Escapes of a compile that has read the source; any other failure leaves the events of an older one."""

LIMIT = 1024 * 1024
ERROR = 20
"""The severity from which a finding is an error."""

_ERROR = re.compile(
    r"ERROR +\d+ +\d+ +\d +\d+ +(?P<line>\d+) +\d+ +\d+ +\d+"
    r" +(?P<id>[A-Z][A-Z0-9]{2}[0-9A-F]{4}) +[A-Z] +(?P<severity>\d+) +\d+ (?P<text>.*)"
)


@dataclass(frozen=True, slots=True)
class Event:
    """One finding of a compiler: `line` of the source, from 1 (0: of none)."""

    id: str
    severity: int
    line: int
    text: str


def copy_events(library: str, name: str, path: str) -> Command:
    """The command that copies the events of an object into a stream file, UTF-8."""
    member = f"/QSYS.LIB/{library}.LIB/EVFEVENT.FILE/{name}.MBR"
    return Command(
        f"QSYS/CPYTOSTMF FROMMBR({cl(member)}) TOSTMF({cl(path)}) STMFOPT(*REPLACE) STMFCCSID(1208) "
        "DBFCCSID(37)"
    )


def read_events(data: bytes) -> list[Event]:
    """The errors of an event file; those below an error only where there is no error."""
    found = (_ERROR.match(line) for line in data.decode("utf-8", "replace").splitlines())
    events = [
        Event(one["id"], int(one["severity"]), int(one["line"]), one["text"].rstrip()) for one in found if one
    ]
    errors = [one for one in events if one.severity >= ERROR]
    return errors or events


def diagnostics(bundle: Bundle, source: str, events: list[Event]) -> Iterator[Diagnostic]:
    """The events at their place in the spec, with the generated line; at that line where there is none."""
    lines = bundle.files[source].decode("utf-8").splitlines()
    for one in events:
        text = lines[one.line - 1] if 1 <= one.line <= len(lines) else ""
        indent = len(text) - len(text.lstrip())
        generated = Span(source, max(1, one.line), indent + 1, max(1, one.line), max(len(text), 1) + 1)
        place = place_of(bundle.origins.get(source, ()), one.line)
        severity: Severity = "error" if one.severity >= ERROR else "warning"
        if place is None:
            yield Diagnostic(one.id, severity, one.text, generated)
        else:
            related = (Related(generated, "the generated line"),)
            yield Diagnostic(one.id, severity, one.text, place, related=related)
