"""Source files and what is made from them: CRTSRCPF, ADDPFM, RMVM, CRTBNDCL, CRTPNLGRP, CRTCMD.

A source comes from a member or, with SRCSTMF, from a stream file.  A program with any error is not
created (docs/platform-facts.md#cl-compile).
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from flashc.cl import uim
from flashc.cl.definition import definition_from_source

from flashtwin.commands import command
from flashtwin.commands.objects import create, library_for
from flashtwin.context import Context
from flashtwin.definition import UserCommand, forms_of, options_of
from flashtwin.errors import Escape, TwinError
from flashtwin.eventfile import write_events
from flashtwin.ifs import is_closed_to
from flashtwin.national import HEX, as_stored
from flashtwin.objects import Code, CommandObject, PanelGroup, PhysicalFile, Program, SourceMember
from flashtwin.scheduler import Signal, Wait
from flashtwin.security import has_authority, owns, require_authority
from flashtwin.sourcecheck import Problem, compile_text

Waiting = Generator[Wait, Signal | None, None]
COMPILE_SECONDS = 0.2
STREAM_SOURCES = (7, 4)
"""The release from which SRCSTMF exists: docs/platform-facts.md#cl-compile."""
_OPTIONS = ("USRPRF", "DFTACTGRP", "ACTGRP")


@command("CRTSRCPF", effect="disk")
def crtsrcpf(ctx: Context) -> None:
    """Create a source physical file, with a member when MBR is given."""
    name, library = ctx.qualified("FILE", library="*CURLIB")
    file = PhysicalFile(library, name, "*FILE", "PF-SRC", record_length=ctx.integer("RCDLEN", 92))
    member = ctx.text("MBR", "*NONE")
    if member != "*NONE":
        member = name if member == "*FILE" else member
        file.members[member] = SourceMember(member)
    if (name, "*FILE") in ctx.image.libraries.get(library, ctx.job.qtemp).objects:
        ctx.diagnostic("CPF5813", f"File {name} in library {library} already exists.")
        raise Escape("CPF7302", f"{name:<10}{library:<10}", f"File {name} not created in library {library}.")
    create(ctx, file, "CPC7301", f"File {name} created in library {library}.")


@command("ADDPFM", effect="disk")
def addpfm(ctx: Context) -> None:
    """Add a member; CPF7306 when it exists."""
    file, member = _file(ctx), ctx.text("MBR")
    if member in file.members:
        ctx.diagnostic("CPF5812", f"Member {member} already exists in file {file.name}.")
        raise Escape(
            "CPF7306", f"{member:<10}{file.name:<10}", f"Member {member} not added to file {file.name}."
        )
    kind = ctx.text("SRCTYPE", "*NONE")
    text = ctx.text("TEXT", "*BLANK")
    file.members[member] = SourceMember(
        member, "" if kind == "*NONE" else kind, "" if text == "*BLANK" else text
    )


@command("CHGPFM", effect="disk")
def chgpfm(ctx: Context) -> None:
    """Change a member's source type and text."""
    member = _member(_file(ctx), ctx.text("MBR", "*FIRST"))
    if ctx.text("SRCTYPE", "*SAME") != "*SAME":
        member.source_type = ctx.text("SRCTYPE")
    if ctx.text("TEXT", "*SAME") != "*SAME":
        member.text = ctx.text("TEXT")


@command("RMVM", effect="disk")
def rmvm(ctx: Context) -> None:
    """Remove a member."""
    file, member = _file(ctx, "*OBJOPR *OBJEXIST"), ctx.text("MBR")
    if file.members.pop(member, None) is None:
        raise Escape(
            "CPF7310", f"{member:<10}{file.name:<10}", f"Member {member} not removed from file {file.name}."
        )


def _file(ctx: Context, authority: str = "*OBJOPR *OBJMGT") -> PhysicalFile:
    name, library = ctx.qualified("FILE")
    return ctx.find_typed(PhysicalFile, name, library, "*FILE", authority)


def _member(file: PhysicalFile, name: str) -> SourceMember:
    if name == "*FIRST" and file.members:
        return next(iter(file.members.values()))
    if name not in file.members:
        raise Escape("CPF9815", f"{name:<10}{file.name:<10}", f"Member {name} of file {file.name} not found.")
    return file.members[name]


def _source(
    ctx: Context, default_file: str, name: str, member_default: str, types: tuple[str, ...] = ()
) -> tuple[str, str]:
    """The source text and its name; a member must have one of `types`, where some are named.

    docs/platform-facts.md#cl-compile
    """
    if ctx.given("SRCSTMF"):
        if _release(ctx) < STREAM_SOURCES:
            refused(ctx, "CPD0043", "Keyword SRCSTMF not valid for this command.")
        if ctx.given("SRCFILE") or ctx.given("SRCMBR"):
            refused(ctx, "CPD5D11", "SRCSTMF is not allowed with SRCFILE or SRCMBR.")
        path = ctx.path("SRCSTMF")
        return as_stored(stream_file(ctx, path), ctx.job.default_ccsid), path
    file_name, library = ctx.qualified("SRCFILE", default_file)
    file = ctx.find_typed(PhysicalFile, file_name, library, "*FILE")
    member = ctx.text("SRCMBR", member_default)
    found = _member(file, name if member == member_default else member)
    if types and found.source_type not in types:
        _not_created(ctx, name, f"{file.library}/{file.name}({found.name})", [])
    width = file.record_length - 12
    # A job without a CCSID reads a source as it is stored, the product's as those of CCSID 37
    read = "\n".join(line[:width] for line in found.lines) + "\n"
    text = read if ctx.job.ccsid == HEX else as_stored(read, ctx.job.ccsid)
    return text, f"{file.library}/{file.name}({found.name})"


def refused(ctx: Context, msgid: str, text: str) -> NoReturn:
    """A command whose parameters are not possible: the diagnostic, and escape CPF0006."""
    ctx.diagnostic(msgid, text)
    raise Escape("CPF0006", ctx.command.name, "Errors occurred in command.")


def _release(ctx: Context) -> tuple[int, ...]:
    return tuple(int(part) for part in str(ctx.image.products.get("release", "7.4")).split("."))


def _target_release(ctx: Context) -> str:
    """TGTRLS as VxRxMx, "" for the system's own: the one before, or one that is written and not later."""
    wanted = ctx.text("TGTRLS", "*CURRENT")
    version, release = _release(ctx)[:2]
    if wanted == "*PRV":
        return f"V{version}R{release - 1}M0"
    found = re.fullmatch(r"V(\d)R(\d)M\d", wanted)
    if wanted != "*CURRENT" and (found is None or (int(found[1]), int(found[2])) > (version, release)):
        refused(ctx, "CPD0084", f"'{wanted}' not valid for parameter TGTRLS.")
    return "" if wanted == "*CURRENT" else wanted


def stream_file(ctx: Context, path: str) -> str:
    """A stream file as text; CPFA0A9 when it is not there, CPFA09C when it is closed to the user."""
    if is_closed_to(ctx.image, ctx.job.user, path):
        raise Escape("CPFA09C", path, f"Not authorized to object. Object is {path}.")
    place: Path = ctx.image.ifs / path.lstrip("/")
    if not place.resolve().is_relative_to(ctx.image.ifs.resolve()) or not place.is_file():
        raise Escape("CPFA0A9", path, f"Object not found. Object is {path}.")
    return place.read_text(encoding="utf-8", errors="replace")


@command("CRTBNDCL", "CRTCLPGM", effect="disk")
def crtbndcl(ctx: Context) -> Waiting:
    """Compile a CL program; CPF0820 (CRTCLPGM: CPF0801) with its diagnostics when the source has errors."""
    name, library = ctx.qualified("PGM", library="*CURLIB")
    release = _target_release(ctx)
    text, origin = _source(ctx, "QCLSRC", name, "*PGM", types=("CLLE", "CLP"))
    yield from ctx.sleep(COMPILE_SECONDS)
    problems, code = compile_text(text, origin, ctx.image, release)
    into = library_for(ctx, library).name
    if "*EVENTF" in ctx.items("OPTION"):
        write_events(ctx, into, name, origin, problems)
    if code is None:
        _not_created(ctx, name, origin, problems)
    compiled = code
    # What the source says by DCLPRCOPT comes before what the command says.
    options = {keyword: ctx.text(keyword) for keyword in _OPTIONS if ctx.given(keyword)} | compiled.options
    compiled = replace(compiled, options=options)
    user_profile = options.get("USRPRF", "*USER")
    made = Program(library, name, "*PGM", "CLLE", code=Code(compiled, text), adopts=user_profile == "*OWNER")
    made.no_adopted = not _may_take_adopted(ctx)
    over = ctx.text("REPLACE", "*YES") == "*YES"
    old = ctx.os.find_object(ctx.job, name, library, "*PGM")
    create(ctx, made, "CPC5D07", f"Program {name} created in library {library}.", replace=over)
    if old is not None:
        # A replaced program keeps its owner, its authorities, and what it adopts and takes, whatever is asked
        # for: docs/platform-facts.md#replaced-programs
        made.owner, made.public, made.private = old.owner, old.public, dict(old.private)
        made.secured_by = old.secured_by
        if isinstance(old, Program):
            made.adopts, made.no_adopted = old.adopts, old.no_adopted


def _may_take_adopted(ctx: Context) -> bool:
    """Whether programs of this user may take what their callers adopt: system value QUSEADPAUT."""
    named = str(ctx.image.system_values.get("QUSEADPAUT", "*NONE")).strip()
    found = ctx.image.find("QSYS", named, "*AUTL")
    return named == "*NONE" or (found is not None and has_authority(ctx.job, found, "*USE"))


def _not_created(ctx: Context, name: str, origin: str, problems: list[Problem]) -> NoReturn:
    for one in problems:
        ctx.diagnostic(one.msgid, f"{origin} line {one.line}: {one.text}")
    msgid = "CPF0820" if ctx.command.name == "CRTBNDCL" else "CPF0801"
    raise Escape(msgid, f"{name:<10}", f"Program {name} not created.")


@command("CRTCMD", effect="disk")
def crtcmd(ctx: Context) -> None:
    """Create a command from its definition; CPF0201 when the definition has errors."""
    name, library = ctx.qualified("CMD", library="*CURLIB")
    text, origin = _source(ctx, "QCMDSRC", name, "*CMD")
    definition, diagnostics = definition_from_source(text, name)
    if definition is None:
        for one in diagnostics:
            ctx.diagnostic("CPD0200", f"{origin} line {one.span.line}: {one.message}")
        raise Escape("CPF0201", f"{name:<10}", f"Command {name} not created in library {library}.")
    made = CommandObject(
        library,
        name,
        "*CMD",
        definition=Code(UserCommand(definition, forms_of(text)), text),
        program=ctx.qualified("PGM"),
    )
    _complete(ctx, made, options_of(text))
    over = ctx.text("REPLACE", "*YES") == "*YES"
    create(ctx, made, "CPC0201", f"Command {name} created in library {library}.", replace=over)


def _complete(ctx: Context, made: CommandObject, options: dict[str, tuple[str, ...]]) -> None:
    """What the CMD statement says, or else CRTCMD, of messages, checker and help; CPF0201 where its help
    is not there: docs/platform-facts.md#help-panel-groups."""

    def named(keyword: str, default: str) -> tuple[str, str]:
        if keyword in options:
            name, *library = options[keyword]
            return name, library[0] if library else "*LIBL"
        return ctx.qualified(keyword, default)

    made.messages = named("MSGF", "QCPFMSG")
    checker, panel = named("VLDCKR", "*NONE"), named("HLPPNLGRP", "*NONE")
    made.checker = ("", "*LIBL") if checker[0] == "*NONE" else checker
    help_id = options["HLPID"][0] if "HLPID" in options else ctx.text("HLPID", "*NONE")
    if (panel[0] == "*NONE") != (help_id == "*NONE"):
        ctx.diagnostic("CPD6274", "HLPPNLGRP and HLPID are specified together.")
        raise Escape("CPF0201", f"{made.name:<10}", f"Command {made.name} not created in {made.library}.")
    if panel[0] == "*NONE":
        return
    made.help, made.help_id = panel, made.name if help_id == "*CMD" else help_id
    found = ctx.os.find_object(ctx.job, *panel, "*PNLGRP")
    modules = found.code.value.modules if isinstance(found, PanelGroup) and found.code else {}
    if made.help_id not in modules:
        ctx.diagnostic("CPD0000", f"Help module {made.help_id} not found in {panel[1]}/{panel[0]}.")
        raise Escape("CPF0201", f"{made.name:<10}", f"Command {made.name} not created in {made.library}.")


@command("CRTPNLGRP", effect="disk")
def crtpnlgrp(ctx: Context) -> None:
    """Create a panel group from its source; CPF5A02 when the source has errors."""
    name, library = ctx.qualified("PNLGRP", library="*CURLIB")
    text, origin = _source(ctx, "QPNLSRC", name, "*PNLGRP")
    group, diagnostics = uim.check_panel_group(text, origin)
    if group is None:
        for one in diagnostics:
            ctx.diagnostic("CPD0000", f"{origin} line {one.span.line}: {one.message}")
        raise Escape("CPF5A02", f"{name:<10}{library:<10}", f"Panel group {name} not created in {library}.")
    made = PanelGroup(library, name, "*PNLGRP", code=Code(group, text))
    over = ctx.text("REPLACE", "*YES") == "*YES"
    create(ctx, made, "CPC5A02", f"Panel group {name} created in {library}.", replace=over)


@command("CHGPGM", effect="disk")
def chgpgm(ctx: Context) -> None:
    """Whether a program adopts (USRPRF), and whether it takes what its callers adopt (USEADPAUT)."""
    name, library = ctx.qualified("PGM")
    found = ctx.find_typed(Program, name, library, "*PGM", "*USE *OBJMGT")
    for keyword in ctx.bound:
        if keyword not in ("PGM", "USEADPAUT", "USRPRF"):
            raise TwinError(f"the twin does not change {keyword} of a program")
    takes, adopts = ctx.text("USEADPAUT", "*SAME"), ctx.text("USRPRF", "*SAME")
    if (takes, adopts) != ("*SAME", "*SAME"):
        # By its owner, or by *ALLOBJ with *SECADM, who may change what else the library holds.
        if not owns(ctx.job, found):
            ctx.needs("*ALLOBJ", "CPF9802")
            ctx.needs("*SECADM", "CPF9802")
        require_authority(ctx.job, ctx.image.libraries[found.library], "*USE *ADD *DLT")
        found.no_adopted = found.no_adopted if takes == "*SAME" else takes == "*NO"
        found.adopts = found.adopts if adopts == "*SAME" else adopts == "*OWNER"
    ctx.completion("CPC0904", f"Program {name} in library {library} changed.")
