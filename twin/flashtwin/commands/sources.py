"""Source files and what is made from them: CRTSRCPF, ADDPFM, RMVM, CRTBNDCL, CRTCMD.

A source comes from a member or, with SRCSTMF, from a stream file.  A program with any error is not
created (docs/platform-facts.md#cl-compile).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from flashc.cl.definition import definition_from_source

from flashtwin.commands import command
from flashtwin.commands.objects import create
from flashtwin.context import Context
from flashtwin.definition import UserCommand, forms_of
from flashtwin.errors import Escape, TwinError
from flashtwin.objects import Code, CommandObject, PhysicalFile, Program, SourceMember
from flashtwin.program import Compiled, NotCompiled
from flashtwin.scheduler import Signal, Wait
from flashtwin.sourcecheck import check_source
from flashtwin.sourcecheck import compiled as compiled_program

Waiting = Generator[Wait, Signal | None, None]
COMPILE_SECONDS = 0.2
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
    file, member = _file(ctx), ctx.text("MBR")
    if file.members.pop(member, None) is None:
        raise Escape(
            "CPF7310", f"{member:<10}{file.name:<10}", f"Member {member} not removed from file {file.name}."
        )


def _file(ctx: Context) -> PhysicalFile:
    name, library = ctx.qualified("FILE")
    return ctx.find_typed(PhysicalFile, name, library, "*FILE", "*CHANGE")


def _member(file: PhysicalFile, name: str) -> SourceMember:
    if name == "*FIRST" and file.members:
        return next(iter(file.members.values()))
    if name not in file.members:
        raise Escape("CPF9815", f"{name:<10}{file.name:<10}", f"Member {name} of file {file.name} not found.")
    return file.members[name]


def _source(ctx: Context, default_file: str, name: str, member_default: str) -> tuple[str, str]:
    """The source text and what it is called."""
    if ctx.given("SRCSTMF"):
        path = ctx.text("SRCSTMF")
        return stream_file(ctx, path), path
    file_name, library = ctx.qualified("SRCFILE", default_file)
    file = ctx.find_typed(PhysicalFile, file_name, library, "*FILE")
    member = ctx.text("SRCMBR", member_default)
    found = _member(file, name if member == member_default else member)
    width = file.record_length - 12
    return "\n".join(line[:width] for line in found.lines) + "\n", f"{file.library}/{file.name}({found.name})"


def stream_file(ctx: Context, path: str) -> str:
    """A stream file as text; CPFA0A9 when it is not there."""
    place: Path = ctx.image.ifs / path.lstrip("/")
    if not place.resolve().is_relative_to(ctx.image.ifs.resolve()) or not place.is_file():
        raise Escape("CPFA0A9", path, f"Object not found. Object is {path}.")
    return place.read_text(encoding="utf-8", errors="replace")


@command("CRTBNDCL", "CRTCLPGM", effect="disk")
def crtbndcl(ctx: Context) -> Waiting:
    """Compile a CL program; CPF0820 (CRTCLPGM: CPF0801) with its diagnostics when the source has errors."""
    name, library = ctx.qualified("PGM", library="*CURLIB")
    text, origin = _source(ctx, "QCLSRC", name, "*PGM")
    yield from ctx.sleep(COMPILE_SECONDS)
    compiled = _compile(ctx, text, origin, name)
    # What the source says by DCLPRCOPT comes before what the command says.
    options = {keyword: ctx.text(keyword) for keyword in _OPTIONS if ctx.given(keyword)} | compiled.options
    compiled = replace(compiled, options=options)
    user_profile = options.get("USRPRF", "*USER")
    made = Program(library, name, "*PGM", "CLLE", code=Code(compiled, text), adopts=user_profile == "*OWNER")
    over = ctx.text("REPLACE", "*YES") == "*YES"
    old = ctx.os.find_object(ctx.job, name, library, "*PGM")
    create(ctx, made, "CPC5D07", f"Program {name} created in library {library}.", replace=over)
    if old is not None:
        # A replaced program keeps its owner and its authorities.
        made.owner, made.public, made.private = old.owner, old.public, dict(old.private)
        made.secured_by = old.secured_by


def _compile(ctx: Context, text: str, origin: str, name: str) -> Compiled:
    problems = check_source(text, origin, ctx.image)
    if not problems:
        try:
            return compiled_program(text, origin)
        except NotCompiled as error:
            line = text.count("\n", 0, error.pos) + 1
            problems = [("CPD0000", f"{origin} line {line}: {error}")]
        except TwinError as error:
            raise TwinError(f"{origin}: {error}") from error
    for msgid, problem in problems:
        ctx.diagnostic(msgid, problem)
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
    over = ctx.text("REPLACE", "*YES") == "*YES"
    create(ctx, made, "CPC0201", f"Command {name} created in library {library}.", replace=over)
