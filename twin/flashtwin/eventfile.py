"""The event file of the compilers, EVFEVENT: one member for each object, made anew by each compile.

A record is words with one blank between them, the first its type; the CL compiler tells lines and no columns,
and the length of a text as 116.  docs/platform-facts.md#event-file
"""

from __future__ import annotations

from collections.abc import Sequence

from flashtwin.context import Context
from flashtwin.db2 import session
from flashtwin.objects import PhysicalFile, SourceMember
from flashtwin.sourcecheck import Problem

FILE = "EVFEVENT"
LENGTH = 300
TEXT = 116


def write_events(ctx: Context, library: str, member: str, source: str, problems: Sequence[Problem]) -> None:
    """Write the member of a compile: where the source is, and what was found in it."""
    stamp = ctx.os.local(ctx.now).strftime("%Y%m%d%H%M%S")
    lines = [
        f"TIMESTAMP  0 {stamp}",
        "PROCESSOR  0 000 1",
        f"FILEID     0 001 000000 {len(source):03d} {source} {stamp} 0",
        *(_error(one) for one in problems),
        "FILEEND    0 001 000000",
    ]
    opened = session(ctx.job)
    found = ctx.os.find_object(ctx.job, FILE, library, "*FILE")
    if found is None:
        found = opened.add_file(library, FILE, LENGTH, attribute="PF", described=False)
        found.members.clear()
    assert isinstance(found, PhysicalFile)
    if member not in found.members:
        found.members[member] = SourceMember(member, changed=ctx.now)
        opened.create_flat(library, FILE, member, LENGTH)
    opened.clear(library, FILE, member)
    opened.append(library, FILE, member, lines)


def _error(one: Problem) -> str:
    letter = "I" if one.severity < 10 else "W" if one.severity < 20 else "E" if one.severity < 30 else "S"
    place = f"{one.line:06d} {one.line:06d} 000 {one.line:06d} 000"
    return f"ERROR      0 001 1 {place} {one.msgid} {letter} {one.severity:02d} {TEXT:03d} {one.text}"
