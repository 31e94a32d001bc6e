"""FLBUILD: the program that makes all objects by hand, from the list that a deployment works through as well.

docs/install.md says when to use it; it needs nothing of the product but the files of the bundle.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flashc.bundle.render import render
from flashc.cl.codepages import encode
from flashc.runbook.objects import (
    MEMBERS,
    ObjectDef,
    objects,
    officer_commands,
    reads_stream_file,
    schedule_commands,
    source_file,
)
from flashc.runbook.tables import add_column, may_be_added

NAME = "FLBUILD"
TEXTS = "FLTEXTS.txt"
"""The descriptions of the system's message file, in lines that no code page can spoil."""

LONGEST_TEXT = 1980
"""Characters of one line of it; the file that the program reads it from has records of 2012."""

FOLDERS = ("", "/bin", "/conf", "/inbox", "/keys", "/runs", "/src")
FILES = (
    ("bin/flashrt.pyz", "bin", 819),
    ("conf/sidecar.json", "conf", 1208),
    ("conf/known_hosts", "conf", 1208),
    *((f"*.{kind}", "src", 1208) for kind in ("clle", "cmd", "pnlgrp", "sql")),
)
"""What is copied to where, and the CCSID that it is tagged with."""

_SECTIONS = (
    ("BASE", "Authorization list of the operators, libraries", ("*AUTL", "*LIB")),
    ("DATA", "What holds data: made once", ("*DTAARA", "*DTAQ", "*MSGQ")),
    (
        "WORK",
        "Job queues, class, job description, subsystems with their routing",
        ("*JOBQ", "*CLS", "*JOBD", "*SBSD"),
    ),
    ("FILES", "Files, tables, and views of them", ("*FILE",)),
    ("MSGFILE", "Message file", ("*MSGF",)),
    ("PROGRAMS", "Programs, each after those that it needs to be compiled", ("*PGM",)),
    ("PANELS", "Help panels", ("*PNLGRP",)),
    ("COMMANDS", "Commands", ("*CMD",)),
)

_DELETE = {"*SBSD": "DLTSBSD SBSD({})"}
_ERRORS = {"*FILE": "CPF0000 SQL0000"}
_TITLE = re.compile(r"(?<= TEXT\()'(?:[^']|'')*'")


@dataclass(frozen=True, slots=True)
class _Made:
    """What the template sees of one object: its own commands, or the subroutine that makes its like."""

    library: str
    name: str
    type: str
    commands: tuple[str, ...]
    delete: str
    errors: str
    added: tuple[str, ...] = ()
    """Commands that add a column to a table which is there already."""
    always: bool = False
    """Made anew each time: it has a source, and holds no data."""
    listed: bool = False
    """The operators' list says who may use it."""
    maker: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Maker:
    """A subroutine that makes an object by its name: what differs between those of a kind is in variables.

    `kept`: made where it is missing only; else it is compiled from member or stream file of `source_type`.

    A program has 1,000 MONMSG at most (docs/platform-facts.md#cl-monmsg), a spec any number of environments.
    """

    name: str
    library: str
    type: str
    commands: tuple[str, ...]
    source_type: str
    file: str
    guard: bool
    kept: bool
    listed: bool


def native_build(b: Mapping[str, Any]) -> str:
    """The source of FLBUILD for one system."""
    makers: dict[tuple[str, ...], _Maker] = {}
    made = [_made(b, o, makers) for o in objects(b)]
    known = {type_ for _, _, types in _SECTIONS for type_ in types}
    assert {o.type for o in made} <= known, "an object has no section in FLBUILD"
    schedule = [command for e in b["environments"] for command in schedule_commands(b, e)]
    return render(
        "flbuild.clle.j2",
        b=b,
        how=_how(b),
        folders=[b["folder"] + name for name in FOLDERS],
        files=FILES,
        serials=list(dict.fromkeys(i["serial"] for i in b["identities"])),
        sections=[
            {"name": name, "title": title, "objects": [o for o in made if o.type in types]}
            for name, title, types in _SECTIONS
        ],
        makers=makers.values(),
        longer=[o for o in objects(b) if o.length],
        officer=officer_commands(b),
        schedule=schedule,
    )


def _how(b: Mapping[str, Any]) -> list[str]:
    """How the program itself is compiled, for its header."""
    if reads_stream_file(b, "*PGM"):
        return ["  CRTBNDCL PGM(QTEMP/FLBUILD) SRCSTMF('/tmp/flashc/FLBUILD.clle')"]
    return [
        "  CRTSRCPF FILE(QTEMP/QCLSRC) CCSID(37)",
        "  CPYFRMSTMF FROMSTMF('/tmp/flashc/FLBUILD.clle')",
        "    TOMBR('/QSYS.LIB/QTEMP.LIB/QCLSRC.FILE/FLBUILD.MBR')",
        "    STMFCCSID(1208)",
        "  CHGPFM FILE(QTEMP/QCLSRC) MBR(FLBUILD) SRCTYPE(CLLE)",
        "  CRTBNDCL PGM(QTEMP/FLBUILD) SRCFILE(QTEMP/QCLSRC)",
    ]


def _made(b: Mapping[str, Any], o: ObjectDef, makers: dict[tuple[str, ...], _Maker]) -> _Made:
    commands = (*o.create, *o.after)
    delete = _DELETE.get(o.type, "").format(f"{o.library}/{o.name}")
    errors = _ERRORS.get(o.type, "CPF0000")
    listed = any(f" AUT({b['library']})" in one for one in o.create)
    if o.type not in (*MEMBERS, "*DTAARA"):
        anew = o.type == "*FILE" and o.source is not None
        added = tuple(add_column(o.library, o.name, one) for one in o.columns if may_be_added(one))
        return _Made(o.library, o.name, o.type, commands, delete, errors, added, anew, listed)
    _, kind = MEMBERS.get(o.type, ("", ""))
    file = source_file(b, o.type)[0] if kind else ""
    path = f"'{b['folder']}/src/{o.source}'"
    member = f"'/QSYS.LIB/{b['library']}.LIB/{file}.FILE/{o.name}.MBR'"
    alike = tuple(_alike(one, o.name, path, member) for one in commands)
    if alike not in makers:
        guard = o.library == b["guard_library"]
        name = f"MAKE{len(makers) + 1}"
        makers[alike] = _Maker(name, o.library, o.type, alike, kind.lower(), file, guard, not kind, listed)
    title = next((found[0] for one in commands if (found := _TITLE.search(one))), "' '")
    return _Made(o.library, o.name, o.type, (), delete, errors, maker=makers[alike].name, title=title)


def _alike(command: str, name: str, path: str, member: str) -> str:
    """A command with variables for what belongs to one object alone."""
    command = _TITLE.sub("&TITLE", command.replace(path, "&PATH").replace(member, "&MEMBER"))
    return re.sub(rf"(?<=[/(]){re.escape(name)}(?=\))", "&OBJ", command)


_CCSID = re.compile(r" CCSID\((\d+)\)$")
_TEXT = re.compile(r"(?<=VL\(|SG\()'((?:[^']|'')*)'")
_DOUBLED = "''"


def sendable(line: str) -> str:
    """An ADDMSGD whose texts no shell and no job can spoil: hexadecimal, in the CCSID that it names.

    Without a CCSID it is 7-bit and stays as it is.  docs/platform-facts.md#message-files
    """
    tag = _CCSID.search(line)
    if tag is None:
        return line
    ccsid = int(tag[1])

    def hexadecimal(found: re.Match[str]) -> str:
        return f"X'{encode(found[1].replace(_DOUBLED, _DOUBLED[0]), ccsid).hex().upper()}'"

    return _TEXT.sub(hexadecimal, line)


def message_lines(message_file: str) -> str:
    """The message file's commands, one a line, as FLBUILD reads them."""
    lines = [sendable(line) for line in message_file.splitlines()]
    assert all(line.isascii() and len(line) <= LONGEST_TEXT for line in lines), "a message is too long"
    return "".join(f"{line}\n" for line in lines)
