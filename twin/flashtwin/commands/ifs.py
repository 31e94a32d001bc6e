"""Stream files and directories: copying to and from members and save files, links, attributes, authority."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
from pathlib import Path

from flashc.cl.codepages import CCSIDS, decode

from flashtwin import archive
from flashtwin.commands import command
from flashtwin.commands.files import LONGEST_RECORD, store
from flashtwin.context import Context
from flashtwin.db2 import session
from flashtwin.errors import Escape
from flashtwin.ifs import (
    PASE_CCSID,
    UTF_8,
    Member,
    ccsid_of,
    existing_file,
    host_path,
    is_closed_to,
    is_library_path,
    member_of,
    need_room,
    not_found,
    owners,
    read_bytes,
    tag,
    write_bytes,
)
from flashtwin.national import PROGRAM, as_read, as_stored
from flashtwin.objects import PhysicalFile, SaveFile, SourceMember
from flashtwin.open_files import lines_of, member_name
from flashtwin.security import has_authority
from flashtwin.values import to_ebcdic

_LINE_ENDS = {"*CRLF": "\r\n", "*LF": "\n", "*CR": "\r", "*LFCR": "\n\r"}
_RIGHTS = {"*NONE": 0, "*EXCLUDE": 0, "*R": 4, "*RX": 5, "*RW": 6, "*RWX": 7, "*X": 1, "*W": 2}


@command("CPYFRMSTMF", effect="ifs")
def cpyfrmstmf(ctx: Context) -> None:
    """A stream file into a member, or byte by byte into a save file."""
    path = ctx.path("FROMSTMF")
    place = member_of(ctx.path("TOMBR"))
    _must_be_open(ctx, path)
    data = read_bytes(ctx.image, path)
    replaces = ctx.text("MBROPT", "*NONE") == "*REPLACE"
    found = _found(ctx, place, ctx.text("TOMBR"), "*OBJOPR *OBJMGT *ADD *DLT" if replaces else "*OBJOPR *ADD")
    if isinstance(found, SaveFile):
        _fill_save_file(ctx, found, path, data)
    elif isinstance(found, PhysicalFile):
        _fill_member(ctx, found, place, path, data)
    else:
        raise Escape("CPFA095", path, f"Stream file {path} not copied: the target is no file.")
    ctx.completion("CPCA082", f"Object copied. Stream file {path}.")


def _must_be_open(ctx: Context, path: str) -> None:
    """CPFA09C where a folder on the way lets nobody else in."""
    if is_closed_to(ctx.image, ctx.job.user, path):
        raise Escape("CPFA09C", path, f"Not authorized to object. Object is {path}.")


def _found(ctx: Context, place: Member, path: str, authority: str) -> object:
    if place.library != "QTEMP" and place.library not in ctx.image.libraries:
        raise not_found(path)
    found = ctx.os.find_object(ctx.job, place.file, place.library, "*FILE")
    if found is None:
        raise not_found(path)
    if not has_authority(ctx.job, found, authority):
        raise Escape("CPFA09C", path, f"Not authorized to object. Object is {path}.")
    return found


def _fill_save_file(ctx: Context, found: SaveFile, path: str, data: bytes) -> None:
    if (found.contents or found.facts) and ctx.text("MBROPT", "*NONE") != "*REPLACE":
        raise Escape("CPFA097", path, f"Object not copied: save file {found.name} is not empty.")
    if len(data) % archive.RECORD:
        raise Escape("CPFA095", path, f"Stream file {path} not copied: its size is not that of a save file.")
    found.saved_library, found.contents, found.facts = "", [], {}
    try:
        archive.unpack(data, found)
    except archive.Damaged as error:
        # The records are there; what reads them as a save file finds out.
        found.contents, found.facts = [], {"damaged": str(error)}
    found.changed = ctx.now


def _need_ccsid(ctx: Context, found: PhysicalFile, path: str) -> None:
    """CPFA097 where records are to be converted whose file has no CCSID, and the command gives none
    (docs/platform-facts.md#files-without-ccsid)."""
    if found.described or ctx.text("DBFCCSID", "*FILE") != "*FILE" or ctx.text("CVTDTA", "*AUTO") == "*NONE":
        return
    ctx.diagnostic("CPDA08C", "Database file CCSID is 65535.")
    raise Escape("CPFA097", path, f"Object not copied. Object is {path}.")


def _fill_member(ctx: Context, found: PhysicalFile, place: Member, path: str, data: bytes) -> None:
    _need_ccsid(ctx, found, path)
    ccsid = ctx.text("STMFCCSID", ctx.text("STMFCODPAG", "*STMF"))
    lines = _lines(data, ccsid_of(ctx.image, path) if ccsid == "*STMF" else ccsid, path)
    member = place.member or found.name
    option = ctx.text("MBROPT", "*NONE")
    opened = session(ctx.job)
    if member not in found.members:
        found.members[member] = SourceMember(member, changed=ctx.now)
        if found.attribute != "PF-SRC":
            opened.create_flat(found.library, found.name, member, found.record_length)
    elif option == "*NONE" and lines_of(opened, found, member):
        raise Escape("CPFA097", path, f"Object not copied: member {member} is not empty.")
    stored = [as_stored(line, _records_ccsid(ctx, found)) for line in lines]
    store(ctx, found, member, stored, replace=option == "*REPLACE")


def _lines(data: bytes, ccsid: str, path: str) -> list[str]:
    if _is_ebcdic(ccsid):
        text = decode(data, int(ccsid))
    elif ccsid == UTF_8:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Escape("CPFA097", path, f"Object not copied. Object is {path}.") from None
    else:
        text = data.decode("latin-1")
    lines = re.split(r"\r\n|\n|\r", text)
    if not lines[-1]:
        lines.pop()
    if any(len(line) > LONGEST_RECORD for line in lines):
        raise Escape("CPFA095", path, f"Stream file {path} not copied: a line is too long.")
    return lines


def _is_ebcdic(ccsid: str) -> bool:
    return ccsid.isdigit() and int(ccsid) in CCSIDS


def _records_ccsid(ctx: Context, found: PhysicalFile) -> int:
    """In which code page the records are that are copied.  Those of a file that has a CCSID of its own are
    kept as characters, as every job gets them converted."""
    named = ctx.text("DBFCCSID", "*FILE")
    return PROGRAM if found.described or named == "*FILE" else int(named)


@command("CPYTOSTMF", effect="ifs")
def cpytostmf(ctx: Context) -> None:
    """A member or a save file into a stream file."""
    place = member_of(ctx.path("FROMMBR"))
    path = ctx.path("TOSTMF")
    found = _found(ctx, place, ctx.text("FROMMBR"), "*USE")
    _must_be_open(ctx, path)
    if isinstance(found, SaveFile):
        data = archive.pack(found)
        if not data:
            raise Escape("CPFA095", path, f"Save file {found.name} not copied: it contains no data.")
    elif isinstance(found, PhysicalFile):
        member = member_name(found, place.member or "*FIRST")
        if not member:
            raise not_found(ctx.text("FROMMBR"))
        _need_ccsid(ctx, found, ctx.text("FROMMBR"))
        lines = lines_of(session(ctx.job), found, member)
        data = _stream(ctx, [as_read(line, _records_ccsid(ctx, found)) for line in lines])
    else:
        raise Escape("CPFA095", path, f"Object {place.file} not copied: it is no member and no save file.")
    option = ctx.text("STMFOPT", "*NONE")
    write_bytes(ctx.image, path, data, replace=option == "*REPLACE", append=option == "*ADD")
    tag(ctx.image, path, ctx.text("STMFCCSID", PASE_CCSID))
    ctx.completion("CPCA083", f"Object copied. Stream file {path}.")


def _stream(ctx: Context, lines: list[str]) -> bytes:
    end_of_line = ctx.text("ENDLINFMT", "*CRLF")
    fixed = end_of_line == "*FIXED"
    text = "".join(line if fixed else line.rstrip() + _LINE_ENDS.get(end_of_line, "\r\n") for line in lines)
    ccsid = ctx.text("STMFCCSID", ctx.text("STMFCODPAG", "*DBFCCSID"))
    if ctx.text("CVTDTA", "*AUTO") == "*NONE" or ccsid in ("*DBFCCSID", "*DBF"):
        return to_ebcdic(text)
    if _is_ebcdic(ccsid):
        return to_ebcdic(as_stored(text, int(ccsid)))
    return text.encode("ascii" if ccsid == "*PCASCII" else "utf-8", "replace")


# -- links and directories -----------------------------------------------------------------------------


def _matching(ctx: Context, path: str) -> list[Path]:
    """The objects that a path with * and ? in its last part names, in the order of their names."""
    if "*" not in os.path.basename(path) and "?" not in os.path.basename(path):
        place = host_path(ctx.image, path)
        return [place] if place.exists() or place.is_symlink() else []
    folder = host_path(ctx.image, os.path.dirname(path) or "/")
    if not folder.is_dir():
        return []
    pattern = os.path.basename(path).lower()
    return [folder / name for name in sorted(os.listdir(folder)) if fnmatch.fnmatch(name.lower(), pattern)]


def _path(ctx: Context, keyword: str = "OBJ") -> str:
    path = ctx.path(keyword)
    if not path.startswith("/"):
        path = f"/home/{ctx.job.user}/{path}"
    _must_be_open(ctx, path)
    return path


@command("RMVLNK", "DEL", "ERASE", effect="ifs")
def rmvlnk(ctx: Context) -> None:
    """Remove links; CPFA0A9 when there is none of that name, CPFA093 when no name matches."""
    path = _path(ctx, "OBJLNK")
    if is_library_path(path):
        raise Escape("CPFA0B1", path, f"Requested operation not allowed for {path}.")
    found = _matching(ctx, path)
    if not found:
        if "*" in path or "?" in path:
            raise Escape("CPFA093", path, f"Name matching pattern not found. Pattern is {path}.")
        raise not_found(path)
    for place in found:
        if place.is_dir() and not place.is_symlink():
            raise Escape("CPFA0B2", path, f"Object {path} is a directory: not all objects processed.")
        place.unlink()
    ctx.completion("CPCA082", f"{len(found)} object links removed.")


@command("CRTDIR", "MKDIR", "MD", effect="ifs")
def crtdir(ctx: Context) -> None:
    """Make a directory; CPFA0A0 when it is there."""
    path = _path(ctx, "DIR")
    place = host_path(ctx.image, path)
    if place.exists():
        raise Escape("CPFA0A0", path, f"Object already exists. Object is {path}.")
    if not place.parent.is_dir():
        raise not_found(path)
    need_room(ctx.image, path)
    place.mkdir()
    if ctx.text("DTAAUT", "*INDIR") in ("*EXCLUDE", "*NONE"):
        place.chmod(0o700)
    ctx.completion("CPCA081", f"Directory {path} created.")


@command("RMVDIR", "RMDIR", "RD", effect="ifs")
def rmvdir(ctx: Context) -> None:
    """Remove a directory; CPFA0A9 without it, CPFA0B2 when it is not empty."""
    path = _path(ctx, "DIR")
    place = host_path(ctx.image, path)
    if not place.is_dir() or place == ctx.image.ifs:
        raise not_found(path)
    if ctx.text("SUBTREE", "*NONE") == "*ALL":
        shutil.rmtree(place)
    elif any(place.iterdir()):
        raise Escape("CPFA0B2", path, f"Directory {path} is not empty.")
    else:
        place.rmdir()
    ctx.completion("CPCA081", f"Directory {path} removed.")


@command("CHGATR", effect="ifs")
def chgatr(ctx: Context) -> None:
    """The CCSID of objects; other attributes are accepted.  The object must exist."""
    found = _matching(ctx, _path(ctx))
    if not found:
        raise not_found(_path(ctx))
    if ctx.text("ATR") == "*CCSID":
        for place in found:
            tag(ctx.image, "/" + str(place.relative_to(ctx.image.ifs)), ctx.text("VALUE"))
    ctx.completion("CPCA087", "Attributes changed.")


@command("CHGAUT", effect="ifs")
def chgaut(ctx: Context) -> None:
    """Authority of *PUBLIC as the mode of the file: DTAAUT(*NONE) or (*EXCLUDE) leaves only the owner."""
    path = _path(ctx)
    found = _matching(ctx, path)
    if not found:
        raise not_found(path)
    users, data = [str(one) for one in ctx.items("USER")], ctx.text("DTAAUT", "*SAME")
    for place in found:
        if "*PUBLIC" in users and data != "*SAME":
            place.chmod(_mode(place, data))
    ctx.completion("CPCA087", f"Authority changed for {len(found)} objects.")


def _mode(place: Path, data: str) -> int:
    owner = place.stat().st_mode & 0o700
    bits = _RIGHTS.get(data, 0o4)
    return owner | bits << 3 | bits


@command("CHGOWN", effect="ifs")
def chgown(ctx: Context) -> None:
    """The owner of an object; CPF2204 when the profile does not exist."""
    path, owner = _path(ctx), ctx.text("NEWOWN")
    found = _matching(ctx, path)
    if not found:
        raise not_found(path)
    if owner not in ctx.image.users:
        raise Escape("CPF2204", f"{owner:<10}", f"User profile {owner} not found.")
    for place in found:
        owners(ctx.image)["/" + str(place.relative_to(ctx.image.ifs))] = owner
    ctx.completion("CPCA086", f"Ownership of {path} changed.")


@command("CPY", "COPY", effect="ifs")
def cpy(ctx: Context) -> None:
    """Copy a stream file, or into a directory all that a pattern names; CPFA093 when none does."""
    path, target = _path(ctx), ctx.path("TODIR", "") or ctx.path("TOOBJ", "")
    _must_be_open(ctx, target)
    found = _matching(ctx, path)
    if not found and ("*" in path or "?" in path):
        raise Escape("CPFA093", path, f"Name matching pattern not found. Pattern is {path}.")
    place = host_path(ctx.image, target)
    for source in found or [existing_file(ctx.image, path)]:
        into = place / source.name if place.is_dir() else place
        if into.exists() and ctx.text("REPLACE", "*NO") != "*YES":
            raise Escape("CPFA0A0", target, f"Object already exists. Object is {target}.")
        if not into.parent.is_dir():
            raise not_found(target)
        need_room(ctx.image, target)
        shutil.copy2(source, into)
        whence, to = (f"/{one.relative_to(ctx.image.ifs)}" for one in (source, into))
        tag(ctx.image, to, ccsid_of(ctx.image, whence))
    ctx.completion("CPCA085", f"{len(found) or 1} objects copied.")
