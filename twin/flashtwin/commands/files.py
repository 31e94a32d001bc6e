"""Database files of CL: made, overridden, read record by record, copied, cleared."""

from __future__ import annotations

from flashtwin.commands import command
from flashtwin.commands.objects import library_for
from flashtwin.context import Context
from flashtwin.db2 import session
from flashtwin.errors import Escape, TwinError
from flashtwin.objects import PhysicalFile, SourceMember
from flashtwin.open_files import (
    PRINTER_OVERRIDE,
    Override,
    PrinterOverride,
    data_file,
    files_of,
    lines_of,
    member_name,
    open_for,
    overridden,
)
from flashtwin.security import give_public
from flashtwin.spooled import spool

LONGEST_RECORD = 32766
MOST_RECORDS = 13_000
"""Of a file of CRTPF that is not asked for more, SIZE(10000 1000 3).

docs/platform-facts.md#stream-files-and-records
"""


def _data(name: str, library: str) -> str:
    return f"{name:<10}{library:<10}"


def _library(ctx: Context, library: str) -> str:
    """The library that a new file goes to; CPF9810 without it, CPF9802 where nothing may be added."""
    return library_for(ctx, library).name


def _file(ctx: Context, keyword: str, authority: str = "*USE", *, follow: bool = False) -> PhysicalFile:
    """A database file named by a parameter; CPF9812 without it.  `follow`: overrides hold for it."""
    name, library = ctx.qualified(keyword)
    if follow:
        name, library, _ = overridden(ctx.job, name, library)
    if data_file(ctx.job, name, library) is None:
        raise Escape("CPF9812", _data(name, library), f"File {name} in library {library} not found.")
    return ctx.find_typed(PhysicalFile, name, library, "*FILE", authority)


@command("CRTPF", effect="disk")
def crtpf(ctx: Context) -> None:
    """A program-described file: one field with the file's name."""
    name, library = ctx.qualified("FILE", library="*CURLIB")
    length = ctx.integer("RCDLEN")
    if length is None:
        raise TwinError(
            f"the twin makes a physical file by RCDLEN only, not from DDS (CRTPF {library}/{name})"
        )
    if not 1 <= length <= LONGEST_RECORD:
        raise Escape("CPF0006", "CRTPF", f"Value {length} for parameter RCDLEN is not valid.")
    library = _library(ctx, library)
    opened = session(ctx.job)
    place = opened.library(library)
    if place is not None and (name, "*FILE") in place.objects:
        ctx.diagnostic("CPF5813", f"File {name} in library {library} already exists.", _data(name, library))
        raise Escape("CPF7302", _data(name, library), f"File {name} not created in library {library}.")
    member = ctx.text("MBR", "*FILE")
    first = name if member == "*FILE" else member
    text = ctx.text("TEXT", "*BLANK")
    text = "" if text == "*BLANK" else text
    made = opened.add_file(library, name, length, attribute="PF", text=text, described=False)
    if ctx.text("AUT", "*LIBCRTAUT") != "*LIBCRTAUT":
        give_public(ctx.image, made, ctx.text("AUT"))
    made.most = None if "*NOMAX" in ctx.items("SIZE") else MOST_RECORDS
    made.members.clear()
    if member != "*NONE":
        made.members[first] = SourceMember(first, changed=ctx.now)
        opened.create_flat(library, name, first, length)
    ctx.completion("CPC7301", f"File {name} created in library {library}.", _data(name, library))


@command("CLRPFM", effect="disk")
def clrpfm(ctx: Context) -> None:
    """Remove all records of a member; CPF3142 no file, CPF3141 no member."""
    name, library = ctx.qualified("FILE")
    name, library, _ = overridden(ctx.job, name, library)
    found = data_file(ctx.job, name, library)
    if found is None:
        raise Escape("CPF3142", _data(name, library), f"File {name} in library {library} not found.")
    ctx.find(name, library, "*FILE", "*OBJOPR *OBJMGT *DLT")
    member = member_name(found, ctx.text("MBR", "*FIRST"))
    if not member:
        raise Escape("CPF3141", _data(name, library), f"Member {ctx.text('MBR', '*FIRST')} not found.")
    if found.attribute == "PF-SRC":
        found.members[member].lines.clear()
    else:
        session(ctx.job).clear(found.library, found.name, member)
    ctx.completion("CPC3101", f"Member {member} file {found.name} in {found.library} cleared.")


@command("OVRDBF", effect="none")
def ovrdbf(ctx: Context) -> None:
    """Override a file for this call level and those below it."""
    name = ctx.text("FILE")
    file, library = ctx.qualified("TOFILE", "*FILE")
    act = ctx.job.root if ctx.text("OVRSCOPE", "*ACTGRPDFN") == "*JOB" else ctx.act
    files = files_of(ctx.job)
    files.overrides = [one for one in files.overrides if not (one.act is act and one.name == name)]
    secure = ctx.text("SECURE", "*NO") == "*YES"
    files.overrides.append(Override(act, name, file, library, ctx.text("MBR", "*FIRST"), secure))


@command("OVRPRTF", effect="none")
def ovrprtf(ctx: Context) -> None:
    """Another name for all spooled files of the job; or one file's name and HOLD, for this call level."""
    name, scope = ctx.text("FILE"), ctx.text("OVRSCOPE", "*ACTGRPDFN")
    if (name, scope) == ("*PRTF", "*JOB"):
        ctx.job.resources[PRINTER_OVERRIDE] = ctx.text("SPLFNAME")
        return
    if name == "*PRTF" or scope == "*JOB":
        raise TwinError("the twin overrides all printer files of a job, or one of a call level: OVRPRTF")
    files = files_of(ctx.job)
    files.printers = [one for one in files.printers if not (one.act is ctx.act and one.name == name)]
    spooled = ctx.text("SPLFNAME", "*FILE")
    held = ctx.text("HOLD", "*NO") == "*YES"
    files.printers.append(PrinterOverride(ctx.act, name, "" if spooled == "*FILE" else spooled, held))


@command("DLTOVR", effect="none")
def dltovr(ctx: Context) -> None:
    """End overrides of this call level, or of all printer files of the job; CPF9841 when there is none."""
    if ctx.text("LVL", "*ACTGRPDFN") == "*JOB":
        if ctx.items("FILE") != ["*PRTF"]:
            raise TwinError("the twin ends overrides of a job for all printer files only: DLTOVR FILE(*PRTF)")
        if ctx.job.resources.pop(PRINTER_OVERRIDE, None) is None:
            raise Escape("CPF9841", "*PRTF", "Override not found at specified level for file *PRTF.")
        return
    files = files_of(ctx.job)
    for name in [str(one) for one in ctx.items("FILE")]:
        gone = [one for one in files.overrides if one.act is ctx.act and name in ("*ALL", one.name)]
        if not gone and name != "*ALL":
            raise Escape("CPF9841", name, f"Override not found at specified level for file {name}.")
        files.overrides = [one for one in files.overrides if one not in gone]


@command("RCVF", effect="none")
def rcvf(ctx: Context) -> None:
    """The next record into the program's variables; CPF0864 at the end of the file."""
    identifier = ctx.text("OPNID", "*NONE")
    compiled = ctx.act.compiled
    declared = [] if compiled is None else [one for one in compiled.files if one.identifier == identifier]
    if not declared:
        raise TwinError(f"program {ctx.act.name} reads a file (OPNID {identifier}) that it does not declare")
    one = declared[0]
    opened = open_for(ctx.act, one.name, one.library, identifier)
    if opened.next >= len(opened.records):
        raise Escape("CPF0864", _data(one.name, one.library), f"End of file detected for file {one.name}.")
    before = "&" if identifier == "*NONE" else f"&{identifier}_"
    fields = opened.records[opened.next]
    opened.next += 1
    # A program-described file has one field; the program knows it by the name of the file that it declares.
    if len(fields) == 1 and before + fields[0][0] not in ctx.act.cells:
        ctx.act.cells[before + one.name].set(fields[0][1])
        return
    for name, value in fields:
        cell = ctx.act.cells.get(before + name)
        if cell is None:
            raise Escape("CPF4131", _data(one.name, one.library), f"Level check on file {one.name}.")
        cell.set(value)


@command("CLOSE", effect="none")
def close(ctx: Context) -> None:
    """Close a file that RCVF opened: the next RCVF begins again."""
    identifier = ctx.text("OPNID", "*NONE")
    files = files_of(ctx.job)
    files.open = [one for one in files.open if not (one.act is ctx.act and one.identifier == identifier)]


@command("CPYF", effect="disk")
def cpyf(ctx: Context) -> None:
    """Copy records; CPF2817 when the copy does not come about, its reason before it."""
    source = _file(ctx, "FROMFILE", follow=True)
    name, library, _ = overridden(ctx.job, *ctx.qualified("TOFILE"))
    target = data_file(ctx.job, name, library)
    opened = session(ctx.job)
    member = member_name(source, ctx.text("FROMMBR", "*FIRST"))
    if not member:
        _copy_failed(ctx, "CPF2869", f"File {source.name} has no such member.")
    lines = lines_of(opened, source, member)
    if not lines:
        _copy_failed(ctx, "CPF2859", f"Member {member} of file {source.name} has no records.")
    printer = ctx.os.find_object(ctx.job, name, library, "*FILE")
    if printer is not None and printer.attribute == "PRTF":
        spool(ctx, name, [line.rstrip() for line in lines])
        ctx.completion("CPC2955", f"{len(lines)} records copied from member {member} of {source.name}.")
        return
    if target is not None:
        # Who replaces the records clears the member, which is more than adding some.
        replaces = ctx.text("MBROPT", "*NONE") == "*REPLACE"
        ctx.find(
            target.name, target.library, "*FILE", "*OBJOPR *OBJMGT *ADD *DLT" if replaces else "*OBJOPR *ADD"
        )
    if target is not None and _described(ctx, source, member) and ctx.text("CRTFILE", "*NO") == "*NO":
        count = _copy_rows(ctx, source, member, target)
        ctx.completion("CPC2955", f"{count} records copied from member {member} of {source.name}.")
        return
    if ctx.given("INCREL"):
        raise TwinError("the twin selects records by INCREL only where fields are known: an SQL table")
    if target is None:
        if ctx.text("CRTFILE", "*NO") != "*YES":
            _copy_failed(ctx, "CPF2802", f"File {name} in library {library} not found and not created.")
        library = _library(ctx, library)
        length = source.record_length
        target = opened.add_file(library, name, length, attribute="PF", described=source.described)
        target.members.clear()
    wanted = ctx.text("TOMBR", "*FIRST")
    wanted = member if wanted == "*FROMMBR" else wanted
    inside = member_name(target, wanted)
    if not inside:
        inside = target.name if wanted.startswith("*") else wanted
        target.members[inside] = SourceMember(inside, changed=ctx.now)
        if target.attribute != "PF-SRC":
            opened.create_flat(target.library, target.name, inside, target.record_length)
    option = ctx.text("MBROPT", "*NONE")
    if option == "*NONE" and lines_of(opened, target, inside):
        _copy_failed(
            ctx, "CPF2873", "MBROPT(*ADD) or MBROPT(*REPLACE) is needed for a member that has records."
        )
    store(ctx, target, inside, lines, replace=option == "*REPLACE")
    ctx.completion("CPC2955", f"{len(lines)} records copied from member {member} of {source.name}.")


def _described(ctx: Context, found: PhysicalFile, member: str) -> bool:
    """Whether the file has fields: an SQL table."""
    opened = session(ctx.job)
    return found.attribute != "PF-SRC" and len(opened.columns(found.library, found.name, member)) > 1


_RELATIONS = {"*EQ": "=", "*NE": "<>", "*GT": ">", "*GE": ">=", "*LT": "<", "*LE": "<="}


def _copy_rows(ctx: Context, source: PhysicalFile, member: str, target: PhysicalFile) -> int:
    """Rows of a table into another, field by field of the same name; those that INCREL wants."""
    options = {str(one) for one in ctx.items("FMTOPT")}
    opened = session(ctx.job)
    inside = member_name(target, ctx.text("TOMBR", "*FIRST"))
    mine = [c.name for c in opened.columns(source.library, source.name, member)]
    theirs = [c.name for c in opened.columns(target.library, target.name, inside)]
    if mine != theirs and not options >= {"*MAP", "*DROP"}:
        raise TwinError("the twin copies between tables of other fields by FMTOPT(*MAP *DROP) only")
    table = opened.sqlite_name(target.library, target.name, inside)
    option = ctx.text("MBROPT", "*NONE")
    if option == "*NONE":
        _copy_failed(ctx, "CPF2873", "MBROPT(*ADD) or MBROPT(*REPLACE) is needed.")
    if option == "*REPLACE":
        opened.clear(target.library, target.name, inside)
    words, values = [], []
    for link, name, relation, value in [[str(part) for part in one] for one in ctx.items("INCREL")]:
        if name not in mine:
            _copy_failed(ctx, "CPF2906", f"Field {name} is not in file {source.name}.")
        words.append(f"{'' if link == '*IF' else link.lstrip('*')} RTRIM({name}) {_RELATIONS[relation]} ?")
        values.append(value.rstrip())
    names = ", ".join(name for name in mine if name in theirs)
    where = f" WHERE {' '.join(words)}" if words else ""
    rows = opened.sqlite_name(source.library, source.name, member)
    sql = f"INSERT INTO {table} ({names}) SELECT {names} FROM {rows}{where} ORDER BY rowid"
    return opened.connection.execute(sql, values).rowcount


@command("RTVMBRD", effect="none")
def rtvmbrd(ctx: Context) -> None:
    """How many records a member has; CPF3019 without one."""
    found = _file(ctx, "FILE", "*OBJOPR")
    member = member_name(found, ctx.text("MBR", "*FIRST"))
    if not member:
        raise Escape("CPF3019", _data(found.name, found.library), f"File {found.name} has no member.")
    ctx.set_return("RTNMBR", member)
    ctx.set_return("NBRCURRCD", len(lines_of(session(ctx.job), found, member)))
    for keyword in ctx.bound:
        if keyword not in ("FILE", "MBR", "RTNMBR", "NBRCURRCD"):
            raise TwinError(f"the twin does not retrieve {keyword} of a member")


def _copy_failed(ctx: Context, msgid: str, text: str) -> None:
    ctx.diagnostic(msgid, text)
    raise Escape("CPF2817", "", "Copy command ended because of error.")


def store(ctx: Context, target: PhysicalFile, member: str, lines: list[str], *, replace: bool) -> None:
    """Write records into a member, in place of those that it has or behind them."""
    if target.attribute == "PF-SRC":
        width = max(1, target.record_length - 12)
        kept = [] if replace else target.members[member].lines
        target.members[member].lines = kept + [line[:width].rstrip() for line in lines]
        target.members[member].changed = ctx.now
        return
    opened = session(ctx.job)
    if replace:
        opened.clear(target.library, target.name, member)
    there = 0 if target.most is None else len(lines_of(opened, target, member))
    if target.most is not None and there + len(lines) > target.most:
        # CPA5305 is answered by its default, C, in a job of ours; what fits is there
        opened.append(target.library, target.name, member, lines[: target.most - there])
        raise Escape("CPF5018", target.name, f"Maximum file size reached for member {member}.")
    opened.append(target.library, target.name, member, lines)
