"""Libraries and objects: create, check, delete, duplicate, data areas, locks, user spaces."""

from __future__ import annotations

import copy
from collections.abc import Generator
from decimal import Decimal
from typing import Any

from flashc.cl.catalogue import catalogue

from flashtwin.commands import command
from flashtwin.context import Context, as_qualified
from flashtwin.errors import Escape
from flashtwin.objects import DataArea, Library, Object
from flashtwin.scheduler import Signal, Wait
from flashtwin.security import give_public, require_authority
from flashtwin.values import Cell, to_number

Waiting = Generator[Wait, Signal | None, None]


def library_for(ctx: Context, name: str) -> Library:
    """The library that a new object goes into."""
    if name == "QTEMP":
        return ctx.job.qtemp
    if name in ("*CURLIB", "*LIBL"):
        name = ctx.job.current_library or "QGPL"
    found = ctx.image.libraries.get(name)
    if found is None:
        raise Escape("CPF9810", f"{name:<10}", f"Library {name} not found.")
    require_authority(ctx.job, found, "*READ *ADD *EXECUTE")
    return found


def create(ctx: Context, obj: Object, msgid: str, text: str, *, replace: bool = False) -> Object:
    """Put a new object into its library, owned by the job's user; CPF9870 when it exists."""
    library = library_for(ctx, obj.library)
    key = (obj.name, obj.type)
    if key in library.objects and replace:
        require_authority(ctx.job, library.objects[key], "*OBJMGT *OBJEXIST *READ")
    if key in library.objects and not replace:
        data = f"{obj.name:<10}{library.name:<10}{obj.type.lstrip('*'):<10}"
        raise Escape(
            "CPF9870", data, f"Object {obj.name} type {obj.type} already exists in library {library.name}."
        )
    text_value = ctx.text("TEXT", "*BLANK")
    authority = ctx.text("AUT", "*LIBCRTAUT")
    obj.library, obj.owner = library.name, ctx.job.user
    obj.text = "" if text_value.startswith("*") else text_value
    if authority == "*LIBCRTAUT":
        authority = library.for_new if library.for_new != "*SYSVAL" else obj.public
    give_public(ctx.image, obj, authority)
    obj.created = obj.changed = ctx.now
    library.objects[key] = obj
    ctx.completion(msgid, text)
    return obj


@command("CRTLIB", effect="disk")
def crtlib(ctx: Context) -> None:
    """Create a library; CPF2111 when it exists."""
    name = ctx.text("LIB")
    if name in ctx.image.libraries:
        raise Escape("CPF2111", f"{name:<10}", f"Library {name} already exists.")
    library = Library("QSYS", name, "*LIB", ctx.text("TYPE", "*PROD").lstrip("*"), owner=ctx.job.user)
    authority = ctx.text("AUT", "*LIBCRTAUT")
    if authority != "*LIBCRTAUT":
        give_public(ctx.image, library, authority)
    library.for_new = ctx.text("CRTAUT", "*SYSVAL")
    library.text = "" if ctx.text("TEXT", "*BLANK").startswith("*") else ctx.text("TEXT")
    library.created = ctx.now
    ctx.image.libraries[name] = library
    ctx.completion("CPC2102", f"Library {name} created.")


@command("CHGLIB", "CHGOBJD", effect="disk")
def chgobjd(ctx: Context) -> None:
    """Change the text of a library or object."""
    if ctx.command.name == "CHGLIB":
        found = ctx.find(ctx.text("LIB"), "QSYS", "*LIB", "*OBJMGT")
    else:
        name, library = ctx.qualified("OBJ")
        type_ = ctx.text("OBJTYPE")
        found = ctx.find(name, library, type_, "*OBJOPR *OBJMGT" if type_ == "*FILE" else "*OBJMGT")
    text = ctx.text("TEXT", "*SAME")
    if text != "*SAME":
        found.text = "" if text == "*BLANK" else text


@command("DLTLIB", effect="disk")
def dltlib(ctx: Context) -> None:
    """Delete a library with its objects."""
    library = ctx.find_typed(Library, ctx.text("LIB"), "QSYS", "*LIB", "*USE *OBJEXIST")
    for obj in library.objects.values():
        require_authority(ctx.job, obj, "*OBJEXIST")
    del ctx.image.libraries[library.name]
    ctx.completion("CPC2194", f"Library {library.name} deleted.")


@command("CLRLIB", effect="disk")
def clrlib(ctx: Context) -> None:
    """Delete the objects of a library."""
    name = ctx.text("LIB")
    library = ctx.job.qtemp if name == "QTEMP" else ctx.find_typed(Library, name, "QSYS", "*LIB")
    for obj in library.objects.values():
        require_authority(ctx.job, obj, "*OBJEXIST")
    library.objects.clear()


def _is_system_command(ctx: Context, name: str, library: str) -> bool:
    """A command of the system or of a licensed program that is installed; the public may use it."""
    home = "QBRM" if name.endswith("BRM") else "QSYS"
    missing: tuple[str, ...] = ctx.image.products.get("missing_commands", ())
    return catalogue().get(name) is not None and name not in missing and library in (home, "*LIBL")


@command("CHKOBJ", effect="none")
def chkobj(ctx: Context) -> None:
    """Escape CPF9801 (object), CPF9810 (library), CPF9815 (member), CPF9802 (authority)."""
    name, library = ctx.qualified("OBJ")
    type_ = ctx.text("OBJTYPE")
    authorities = [str(item) for item in ctx.items("AUT") if item != "*NONE"]
    if (
        library not in ("*LIBL", "*CURLIB", "QTEMP")
        and library not in ctx.image.libraries
        and type_ != "*LIB"
    ):
        raise Escape("CPF9810", f"{library:<10}", f"Library {library} not found.")
    found = ctx.os.find_object(ctx.job, name, library, type_)
    if found is None and type_ == "*PGM":
        from flashtwin.commands import PROGRAMS

        if (name, "QSYS" if library == "*LIBL" else library) in PROGRAMS:
            return
    if found is None and type_ == "*CMD" and _is_system_command(ctx, name, library):
        return
    if found is None and type_ == "*USRPRF" and name in ctx.image.users:
        return
    if found is None:
        data = f"{name:<10}{library:<10}{type_.lstrip('*'):<10}"
        raise Escape("CPF9801", data, f"Object {name} in library {library} not found.")
    for authority in authorities:
        require_authority(ctx.job, found, authority)
    member = ctx.text("MBR", "*NONE")
    if member != "*NONE":
        members = getattr(found, "members", {})
        if member not in members and not (member == "*FIRST" and members):
            raise Escape(
                "CPF9815",
                f"{member:<10}{name:<10}{library:<10}",
                f"Member {member} of file {name} not found.",
            )


_DELETES = {
    "DLTDTAARA": ("DTAARA", "*DTAARA"),
    "DLTDTAQ": ("DTAQ", "*DTAQ"),
    "DLTMSGQ": ("MSGQ", "*MSGQ"),
    "DLTMSGF": ("MSGF", "*MSGF"),
    "DLTPGM": ("PGM", "*PGM"),
    "DLTCMD": ("CMD", "*CMD"),
    "DLTF": ("FILE", "*FILE"),
    "DLTJOBD": ("JOBD", "*JOBD"),
    "DLTJOBQ": ("JOBQ", "*JOBQ"),
    "DLTSBSD": ("SBSD", "*SBSD"),
    "DLTCLS": ("CLS", "*CLS"),
    "DLTUSRSPC": ("USRSPC", "*USRSPC"),
}


_TO_DELETE = {
    "*FILE": "*OBJOPR *OBJEXIST",
    "*MSGQ": "*USE *OBJEXIST *DLT",
    "*SBSD": "*OBJOPR *OBJEXIST",
}
"""What deleting asks for where *OBJEXIST alone does not do: docs/platform-facts.md#single-authorities."""


@command("DLTOBJ", *_DELETES, effect="disk")
def dltobj(ctx: Context) -> None:
    """Delete an object; CPF2105 when it is not there, CPF2114 while another job has it locked."""
    if ctx.command.name == "DLTOBJ":
        keyword, type_ = "OBJ", ctx.text("OBJTYPE")
    else:
        keyword, type_ = _DELETES[ctx.command.name]
    name, library = ctx.qualified(keyword)
    found = ctx.os.find_object(ctx.job, name, library, type_)
    if found is None:
        data = f"{name:<10}{library:<10}{type_.lstrip('*'):<10}"
        raise Escape("CPF2105", data, f"Object {name} in {library} type {type_} not found.")
    require_authority(ctx.job, found, _TO_DELETE.get(found.type, "*OBJEXIST"))
    if not ctx.os.locks.free_for(ctx.job, (found.library, found.name, found.type), "*EXCL"):
        raise Escape("CPF2114", name, f"Cannot allocate object {name} in {library} type {type_}.")
    home = ctx.job.qtemp if found.library == "QTEMP" else ctx.image.libraries[found.library]
    del home.objects[(found.name, found.type)]
    ctx.os.locks.gone((found.library, found.name, found.type))
    ctx.completion("CPC2191", f"Object {name} in {found.library} type {type_} deleted.")


@command("CRTDUPOBJ", effect="disk")
def crtdupobj(ctx: Context) -> None:
    """Duplicate objects into another library or under another name."""
    source_library, type_ = ctx.text("FROMLIB"), ctx.text("OBJTYPE")
    found = ctx.find(ctx.text("OBJ"), source_library, type_, "*USE *OBJMGT")
    target, new_name = ctx.text("TOLIB", "*FROMLIB"), ctx.text("NEWOBJ", "*OBJ")
    duplicate = copy.deepcopy(found)
    duplicate.library = found.library if target in ("*FROMLIB", "*SAME") else target
    duplicate.name = found.name if new_name in ("*OBJ", "*SAME") else new_name
    if ctx.text("DATA", "*NO") != "*YES" and hasattr(duplicate, "members"):
        for member in duplicate.members.values():
            member.lines.clear()
    library = library_for(ctx, duplicate.library)
    if (duplicate.name, duplicate.type) in library.objects:
        raise Escape("CPF2130", duplicate.name, "0 objects duplicated. 1 objects not duplicated.")
    duplicate.library, duplicate.owner, duplicate.created = library.name, ctx.job.user, ctx.now
    library.objects[(duplicate.name, duplicate.type)] = duplicate
    ctx.completion("CPC2130", "1 objects duplicated.")


@command("RNMOBJ", "MOVOBJ", effect="disk")
def rnmobj(ctx: Context) -> None:
    """Rename an object, or move it to another library."""
    name, library = ctx.qualified("OBJ")
    found = ctx.find(name, library, ctx.text("OBJTYPE"), "*OBJOPR *OBJMGT")
    home = library_for(ctx, found.library)
    target = home if ctx.command.name == "RNMOBJ" else library_for(ctx, ctx.text("TOLIB"))
    new = ctx.text("NEWOBJ") if ctx.command.name == "RNMOBJ" else found.name
    if (new, found.type) in target.objects:
        raise Escape("CPF2112", new, f"Object {new} in {target.name} type {found.type} already exists.")
    del home.objects[(found.name, found.type)]
    found.name, found.library = new, target.name
    target.objects[(new, found.type)] = found


def _seven(ctx: Context, time: float | None) -> str:
    """A time of an object description: CYYMMDDHHMMSS on the system's clock, blank for never."""
    if time is None:
        return ""
    stamp = ctx.os.local(time)
    return f"{stamp.year // 100 - 19}{stamp.strftime('%y%m%d%H%M%S')}"


@command("RTVOBJD", effect="none")
def rtvobjd(ctx: Context) -> None:
    """Retrieve what is known of an object."""
    name, library = ctx.qualified("OBJ")
    found = ctx.find(name, library, ctx.text("OBJTYPE"), "*USE")
    created, restored = _seven(ctx, found.created), _seven(ctx, found.restored)
    values: dict[str, Any] = {
        "RTNLIB": found.library,
        "OBJATR": found.attribute,
        "TEXT": found.text,
        "OWNER": found.owner,
        "CRTDATE": created,
        "CHGDATE": created,
        "RSTDATE": restored,
    }
    for keyword in ctx.bound:
        if keyword in ("OBJ", "OBJTYPE"):
            continue
        if keyword not in values:
            raise Escape("CPF0006", "RTVOBJD", f"The twin does not keep {keyword} of an object.")
        ctx.set_return(keyword, values[keyword])


# -- data areas --------------------------------------------------------------------------------------


@command("CRTDTAARA", effect="disk")
def crtdtaara(ctx: Context) -> None:
    """Create a data area; CPF1023 when it exists."""
    name, library = ctx.qualified("DTAARA", library="*CURLIB")
    kind = ctx.text("TYPE")
    length = [int(item) for item in ctx.items("LEN") if not str(item).startswith("*")]
    defaults = {"*CHAR": (32, 0), "*DEC": (15, 5), "*LGL": (1, 0)}[kind]
    area = DataArea(library, name, "*DTAARA", kind=kind, length=length[0] if length else defaults[0])
    area.decimals = length[1] if len(length) > 1 else 0 if length else defaults[1]
    if not length and kind == "*CHAR" and ctx.given("VALUE"):
        area.length = max(1, len(ctx.raw("VALUE")))
    area.value = _initial(ctx, area)
    if (name, "*DTAARA") in library_for(ctx, library).objects:
        raise Escape("CPF1023", f"{name:<10}{library:<10}", f"Data area {name} exists in {library}.")
    create(ctx, area, "CPC0904", f"Data area {name} created in library {library}.")


def _initial(ctx: Context, area: DataArea) -> bytes | Decimal | bool:
    if area.kind == "*CHAR":
        return ctx.raw("VALUE")[: area.length].ljust(area.length, b"\x40")
    if area.kind == "*DEC":
        return Decimal(to_number(ctx.expression("VALUE"))) if ctx.given("VALUE") else Decimal(0)
    return ctx.text("VALUE", "0") == "1"


def _area(ctx: Context, authority: str) -> tuple[DataArea, int, int]:
    """The data area and the stretch of it: start from 0, length (0: all)."""
    written = ctx.value("DTAARA")
    stretch: list[Any] = []
    if isinstance(written, list):
        stretch = written[1] if len(written) > 1 and isinstance(written[1], list) else written[1:]
        written = written[0]
    name, library = as_qualified(written)
    try:
        area = ctx.find_typed(DataArea, name, library, "*DTAARA", authority)
    except Escape as error:
        if error.msgid in ("CPF9802", "CPF9820"):
            denied = "CPF1018" if authority == "*CHANGE" else "CPF1016"
            raise Escape(
                denied, f"{name:<10}{library:<10}", f"Not authorized to data area {name}."
            ) from error
        if error.msgid == "CPF9810":
            raise Escape("CPF1021", library, f"Library {library} not found for data area {name}.") from error
        raise Escape(
            "CPF1015", f"{name:<10}{library:<10}", f"Data area {name} in {library} not found."
        ) from error
    if not stretch or stretch[0] == "*ALL":
        return area, 0, 0
    start, length = int(stretch[0]), int(stretch[1])
    if area.kind == "*CHAR" and start > area.length:
        raise Escape("CPF1088", name, f"Starting position outside of data area {name}.")
    if area.kind != "*CHAR" or start < 1 or length < 1 or start + length - 1 > area.length:
        raise Escape("CPF1089", name, f"Substring specified for data area {name} not valid.")
    return area, start - 1, length


def _is_lda(ctx: Context) -> bool:
    written = ctx.value("DTAARA")
    return str(written[0] if isinstance(written, list) else written) == "*LDA"


def _lda_part(ctx: Context) -> Cell:
    written = ctx.value("DTAARA")
    stretch = written[1] if isinstance(written, list) and len(written) > 1 else None
    if not isinstance(stretch, list):
        return ctx.job.lda
    storage, offset = ctx.job.lda.place()
    return Cell("*CHAR", int(stretch[1]), 0, storage, offset + int(stretch[0]) - 1)


@command("CHGDTAARA", effect="memory")
def chgdtaara(ctx: Context) -> Waiting:
    """Change a data area or a stretch of it; waits for a job that has it locked, as long as it may."""
    if _is_lda(ctx):
        _lda_part(ctx).set(ctx.raw("VALUE"))
        return
    area, start, length = _area(ctx, "*CHANGE")
    yield from _unlocked(ctx, area, "*SHRUPD")
    if area.kind == "*CHAR":
        data = ctx.raw("VALUE")
        size = length or area.length
        if len(data.rstrip(b"\x40")) > size:
            raise Escape("CPF1020", area.name, f"Value is too long for data area {area.name}.")
        assert isinstance(area.value, bytes)
        area.value = area.value[:start] + data[:size].ljust(size, b"\x40") + area.value[start + size :]
    elif area.kind == "*DEC":
        area.value = Decimal(to_number(ctx.expression("VALUE")))
    else:
        area.value = ctx.text("VALUE") == "1"
    area.changed = ctx.now


def _unlocked(ctx: Context, obj: Object, state: str) -> Waiting:
    key = (obj.library, obj.name, obj.type)
    deadline = ctx.world.now + ctx.job.default_wait
    while not ctx.os.locks.free_for(ctx.job, key, state):
        if ctx.world.now >= deadline:
            raise Escape(
                "CPF1063", obj.name, f"Cannot allocate data area {obj.name} in library {obj.library}."
            )
        yield Wait((ctx.os.locks.released,), deadline)


@command("RTVDTAARA", effect="none")
def rtvdtaara(ctx: Context) -> Waiting:
    """Retrieve a data area or a stretch of it."""
    cell = ctx.variable("RTNVAR")
    assert cell is not None
    if _is_lda(ctx):
        cell.set(_lda_part(ctx).get())
        return
    area, start, length = _area(ctx, "*USE")
    yield from _unlocked(ctx, area, "*SHRRD")
    if isinstance(area.value, bytes):
        data = area.value[start : start + (length or area.length)]
        if cell.type == "*CHAR" and cell.length < len(data):
            raise Escape("CPF0811", area.name, f"RTNVAR is too short for data area {area.name}.")
        cell.set(data)
    else:
        cell.set(area.value)


# -- locks -------------------------------------------------------------------------------------------


def _wanted(ctx: Context) -> list[tuple[tuple[str, str, str], str]]:
    items = ctx.items("OBJ")
    if items and not isinstance(items[0], list):
        items = [items]
    wanted = []
    for item in items:
        name, library = as_qualified(item[0])
        type_, state = str(item[1]), str(item[2])
        found = ctx.find(name, library, type_)
        wanted.append(((found.library, found.name, found.type), state))
    return wanted


@command("ALCOBJ", effect="none")
def alcobj(ctx: Context) -> Waiting:
    """Allocate objects, all or none: CPF1002 when one cannot be had within WAIT seconds, CPF1085 when one of
    several cannot, or is not there (docs/platform-facts.md#locks)."""
    try:
        wanted = _wanted(ctx)
    except Escape as missing:
        ctx.diagnostic(missing.msgid, missing.text, missing.data)
        raise Escape("CPF1085", "", "Objects not allocated.") from missing
    deadline = ctx.world.now + (ctx.integer("WAIT", ctx.job.default_wait))
    locks = ctx.os.locks
    while not all(locks.free_for(ctx.job, key, state) for key, state in wanted):
        if ctx.world.now >= deadline:
            if len(wanted) > 1:
                raise Escape("CPF1085", "", "Objects not allocated.")
            raise Escape("CPF1002", wanted[0][0][1], f"Cannot allocate object {wanted[0][0][1]}.")
        yield Wait((locks.released,), deadline)
    for key, state in wanted:
        locks.take(ctx.job, key, state)
        ctx.os.log("object_locked", object="/".join(key[:2]), state=state, job=ctx.job.qualified)


@command("DLCOBJ", effect="none")
def dlcobj(ctx: Context) -> None:
    """Give locks back; CPF1005 when the job does not hold one."""
    for key, state in _wanted(ctx):
        if not ctx.os.locks.give_back(ctx.job, key, state):
            raise Escape("CPF1005", key[1], f"Objects not deallocated: {key[1]} is not allocated {state}.")
        ctx.os.log("object_unlocked", object="/".join(key[:2]), state=state, job=ctx.job.qualified)
