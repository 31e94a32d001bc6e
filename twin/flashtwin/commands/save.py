"""Saves and restores: save files, libraries, objects; the parts of a full save to tape.

Completion and "not all" messages: docs/platform-facts.md#save-messages.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Generator, Iterable

from flashtwin.commands import command
from flashtwin.commands.objects import library_for
from flashtwin.context import Context
from flashtwin.db2 import session
from flashtwin.errors import Escape, TwinError
from flashtwin.ifs import host_path, member_of, not_found, read_bytes, write_bytes
from flashtwin.installed import conditions
from flashtwin.job import Job
from flashtwin.library_save import (
    BRMS_FILES,
    BRMS_LIBRARY,
    RESTORES,
    Restored,
    check_readable,
    restore_from,
    save_into,
)
from flashtwin.media import MOUNTED, device, give_back, reserve, volumes_for, write_through
from flashtwin.objects import Library, Object, SaveFile
from flashtwin.records import BrmsData
from flashtwin.scheduler import Signal, Wait
from flashtwin.security import has_authority, has_special, require_authority
from flashtwin.spooled import spool

Waiting = Generator[Wait, Signal | None, None]


def _data(name: str, library: str) -> str:
    return f"{name:<10}{library:<10}"


# -- save files ----------------------------------------------------------------------------------------


@command("CRTSAVF", effect="disk")
def crtsavf(ctx: Context) -> None:
    """Make a save file; CPF7302 when there is a file of that name."""
    name, library = ctx.qualified("FILE", library="*CURLIB")
    if library in ("*CURLIB", "*LIBL"):
        library = ctx.job.current_library or "QGPL"
    place = library_for(ctx, library)
    if (name, "*FILE") in place.objects:
        ctx.diagnostic("CPF5813", f"File {name} in library {library} already exists.", _data(name, library))
        raise Escape("CPF7302", _data(name, library), f"File {name} not created in library {library}.")
    text = ctx.text("TEXT", "*BLANK")
    place.objects[(name, "*FILE")] = SaveFile(
        library,
        name,
        "*FILE",
        "SAVF",
        "" if text == "*BLANK" else text,
        owner=ctx.job.user,
        created=ctx.now,
        changed=ctx.now,
    )
    ctx.completion("CPC7301", f"File {name} created in library {library}.", _data(name, library))


def _save_file(ctx: Context, keyword: str, authority: str) -> SaveFile:
    """A save file: CPF9812 without it, CPF3782 for another file, CPF3812 while another job uses it."""
    name, library = ctx.qualified(keyword)
    found = ctx.os.find_object(ctx.job, name, library, "*FILE")
    if found is None:
        raise Escape("CPF9812", _data(name, library), f"File {name} in library {library} not found.")
    if not isinstance(found, SaveFile):
        raise Escape("CPF3782", _data(name, library), f"File {name} in {library} not a save file.")
    ctx.find(name, library, "*FILE", authority)
    if not ctx.os.locks.free_for(ctx.job, (found.library, found.name, "*FILE"), "*EXCL"):
        raise Escape("CPF3812", _data(name, library), f"Save file {name} in {library} in use.")
    return found


@command("CLRSAVF", effect="disk")
def clrsavf(ctx: Context) -> None:
    """Empty a save file."""
    found = _save_file(ctx, "FILE", "*OBJOPR *OBJMGT")
    found.saved_library, found.contents, found.facts = "", [], {}
    found.changed = ctx.now
    ctx.completion("CPC3725", f"Save file {found.name} in {found.library} cleared.")


@command("DSPSAVF", effect="disk")
def dspsavf(ctx: Context) -> None:
    """List a save file (OUTPUT(*PRINT))."""
    found = _save_file(ctx, "FILE", "*USE")
    check_readable(found, found.saved_library)
    lines = [
        f"Library saved . . : {found.saved_library}",
        f"Objects saved . . : {found.facts.get('count', 0)}",
    ]
    lines += [f"{one.name:<10} {one.type:<8} {one.attribute:<10}" for one in found.contents]
    spool(ctx, "QPSAVOBJ", lines)


# -- libraries and objects into save files ---------------------------------------------------------------


def _omitted(ctx: Context) -> list[tuple[str, str]]:
    """OMITOBJ as pairs of name pattern and type; *ALL JRN entries leave journals out."""
    pairs = []
    for one in ctx.items("OMITOBJ"):
        parts = one if isinstance(one, list) else [one]
        name = parts[0][0] if isinstance(parts[0], tuple) else str(parts[0])
        kind = str(parts[1]) if len(parts) > 1 else "*ALL"
        pairs.append(("*" if name == "*ALL" else name, kind))
    return pairs


def _chosen(objects: Iterable[Object], omitted: list[tuple[str, str]]) -> list[Object]:
    return [
        one
        for one in objects
        if not any(
            fnmatch.fnmatchcase(one.name, name) and kind in ("*ALL", one.type) for name, kind in omitted
        )
    ]


def _library(ctx: Context, name: str) -> Library:
    found = ctx.os.find_object(ctx.job, name, "", "*LIB")
    if not isinstance(found, Library):
        raise Escape("CPF3781", f"{name:<10}", f"Library {name} not found.")
    ctx.find(name, "QSYS", "*LIB", "*USE")
    return found


@command("SAVLIB", effect="disk")
def savlib(ctx: Context) -> Waiting:
    """Save libraries: one into a save file, or any number to tape."""
    names = [str(one) for one in ctx.items("LIB")]
    if ctx.text("DEV") != "*SAVF":
        yield from _to_tape(ctx, "SAVLIB", names, restricted=any(one in ("*NONSYS", "*ALL") for one in names))
        return
    if len(names) != 1 or names[0].startswith("*"):
        raise Escape("CPF3789", "", "Only one library allowed with a save file.")
    library = _library(ctx, names[0])
    target = _save_file(ctx, "SAVF", "*USE *ADD")
    _must_be_empty(ctx, target)
    if library.name == BRMS_LIBRARY:
        yield from ctx.sleep(ctx.world.durations.save_qusrbrm)
    else:
        yield from ctx.sleep(min(60.0, 0.1 * len(library.objects) + 1.0))
    yield from ctx.change("save file")
    free, skipped = _savable(ctx, _chosen(library.objects.values(), _omitted(ctx)))
    written = BRMS_FILES[:3] if _written(ctx, library.name) else ()
    for name in written:
        ctx.diagnostic("CPF3770", f"Object {name} type *FILE not saved: in use.")
    skipped += written
    count = save_into(target, library, free, session(ctx.job), ctx.image, ctx.now, written=written)
    if library.name == BRMS_LIBRARY:
        brms = target.facts.get("brms")
        generation = brms.generation if brms else 0
        ctx.os.log("qusrbrm_saved", objects=count, generation=generation, job=ctx.job.qualified)
    _saved(ctx, library.name, count, skipped)


def _must_be_empty(ctx: Context, target: SaveFile) -> None:
    if target.facts and ctx.text("CLEAR", "*NONE") == "*NONE":
        # CPA4067 asks whether to clear it; in batch its default reply cancels.
        raise Escape(
            "CPF3795",
            _data(target.name, target.library),
            f"Save file {target.name} contains data: not saved.",
        )


def _savable(ctx: Context, objects: list[Object]) -> tuple[list[Object], list[str]]:
    """Objects that can be saved, and the names of those in use or closed to who has no *SAVSYS."""
    free, skipped = [], []
    may_save_all = has_special(ctx.job, "*SAVSYS")
    for one in objects:
        if not may_save_all and not has_authority(ctx.job, one, "*OBJEXIST"):
            ctx.diagnostic("CPF3768", f"Object {one.name} type {one.type} not saved: not authorized.")
            skipped.append(one.name)
        elif ctx.os.locks.free_for(ctx.job, (one.library, one.name, one.type), "*SHRRD"):
            free.append(one)
        else:
            ctx.diagnostic("CPF3770", f"Object {one.name} type {one.type} not saved: in use.")
            skipped.append(one.name)
    return free, skipped


def _saved(ctx: Context, library: str, count: int, skipped: list[str]) -> None:
    if skipped:
        raise Escape(
            "CPF3701",
            f"{library:<10}",
            f"{count} objects saved; {len(skipped)} not saved from library {library}.",
        )
    ctx.completion("CPC3722", f"{count} objects saved from library {library}.", f"{count:010d}{library:<10}")


@command("SAVOBJ", effect="disk")
def savobj(ctx: Context) -> Waiting:
    """Save objects of one library into a save file."""
    names = [str(one) for one in ctx.items("OBJ")]
    libraries = [str(one) for one in ctx.items("LIB")]
    if ctx.text("DEV") != "*SAVF":
        yield from _to_tape(ctx, "SAVOBJ", libraries, restricted=False)
        return
    if len(libraries) != 1:
        raise Escape("CPF3747", "", "Object names not allowed with more than one library.")
    library, target = _library(ctx, libraries[0]), _save_file(ctx, "SAVF", "*USE *ADD")
    _must_be_empty(ctx, target)
    kinds = [str(one) for one in ctx.items("OBJTYPE")] or ["*ALL"]
    wanted = [
        one
        for one in library.objects.values()
        if any(_generic(name, one.name) for name in names) and ("*ALL" in kinds or one.type in kinds)
    ]
    if not wanted:
        raise Escape("CPF3770", f"{library.name:<10}", f"No objects saved from library {library.name}.")
    yield from ctx.sleep(1.0)
    yield from ctx.change("save file")
    free, skipped = _savable(ctx, wanted)
    count = save_into(target, library, free, session(ctx.job), ctx.image, ctx.now)
    _saved(ctx, library.name, count, skipped)


def _generic(pattern: str, name: str) -> bool:
    return pattern == "*ALL" or fnmatch.fnmatchcase(name, pattern)


# -- restore -------------------------------------------------------------------------------------------


@command("RSTLIB", effect="disk")
def rstlib(ctx: Context) -> Waiting:
    """Restore a library from a save file; CPF3773 when something was in use and is not restored."""
    saved = ctx.text("SAVLIB")
    if ctx.text("DEV") != "*SAVF":
        raise TwinError("the twin restores libraries from save files only")
    differing = _may_differ(ctx)
    source = _save_file(ctx, "SAVF", "*USE")
    check_readable(source, saved)
    target = ctx.text("RSTLIB", "*SAVLIB")
    target = saved if target == "*SAVLIB" else target
    _may_restore(ctx, target)
    if target == BRMS_LIBRARY:
        yield from _restore_of_brms(ctx, source, saved, differing=differing)
        return
    yield from ctx.sleep(1.0)
    yield from ctx.change("restore")
    result = restore_from(
        source, target, session(ctx.job), ctx.image, ctx.os.locks, "", ctx.now, differing=differing
    )
    _restored(ctx, source, saved, target, result)


def _restore_of_brms(ctx: Context, source: SaveFile, saved: str, *, differing: bool) -> Waiting:
    """File by file, for its time: who is ended in it, or shares it with another, leaves a part of each."""
    others = _restoring(ctx)
    ctx.os.log("qusrbrm_restore_began", job=ctx.job.qualified, beside=tuple(one.qualified for one in others))
    _tear(ctx)
    ctx.job.resources[RESTORES] = source.name
    try:
        yield from ctx.sleep(ctx.world.durations.restore_qusrbrm)
        yield from ctx.change("restore")
    finally:
        ctx.job.resources.pop(RESTORES, None)
    held = _held(ctx, BRMS_LIBRARY) or "".join(one.qualified for one in [*others, *_restoring(ctx)])
    result = restore_from(
        source, BRMS_LIBRARY, session(ctx.job), ctx.image, ctx.os.locks, held, ctx.now, differing=differing
    )
    if result.refused:
        _tear(ctx)
    _restored(ctx, source, saved, BRMS_LIBRARY, result)


def _restoring(ctx: Context) -> list[Job]:
    """Other jobs that restore QUSRBRM right now."""
    return [job for job in ctx.os.jobs.values() if job is not ctx.job and RESTORES in job.resources]


def _tear(ctx: Context) -> None:
    brms = ctx.image.products.get("brms")
    if isinstance(brms, BrmsData):
        brms.torn = True


def _may_restore(ctx: Context, library: str) -> None:
    """CPF9802 without *SAVSYS and without authority to all that a restore replaces in the library."""
    found = ctx.image.libraries.get(library)
    if found is not None and not has_special(ctx.job, "*SAVSYS"):
        require_authority(ctx.job, found, "*READ *ADD *EXECUTE")
        for obj in found.objects.values():
            require_authority(ctx.job, obj, "*OBJEXIST")


def _may_differ(ctx: Context) -> bool:
    """Whether differences are allowed; CPF222E without *ALLOBJ where they are to be
    (docs/platform-facts.md#restore-with-differences)."""
    if [str(one) for one in ctx.items("ALWOBJDIF")] in ([], ["*NONE"]):
        return False
    ctx.needs("*ALLOBJ")
    return True


def _written(ctx: Context, library: str) -> str:
    """Who has files of QUSRBRM open for update: they are neither saved nor restored meanwhile.

    Its network's jobs for good, until the subsystem has ended: docs/platform-facts.md#brms-in-use.
    """
    if library != BRMS_LIBRARY:
        return ""
    if "Q1ABRMNET" in ctx.os.work.subsystems:
        return "Q1ABRMNET"
    users = [job.qualified for job in ctx.os.jobs.values() if job is not ctx.job and "brms" in job.resources]
    return users[0] if users else ""


def _held(ctx: Context, library: str) -> str:
    """Who has files of QUSRBRM allocated, if only to read: they are not restored meanwhile."""
    if library != BRMS_LIBRARY:
        return ""
    readers = [
        lock.job.qualified
        for lock in ctx.os.locks.held
        if lock.key[0] == library and lock.key[1] in BRMS_FILES and lock.job is not ctx.job
    ]
    unseen = ["another job"] if conditions(ctx.world).qusrbrm_in_use else []
    return _written(ctx, library) or "".join([*readers, *unseen][:1])


def _restored(ctx: Context, source: SaveFile, saved: str, target: str, result: Restored) -> None:
    if target == BRMS_LIBRARY:
        brms = ctx.image.products.get("brms")
        ctx.os.log(
            "qusrbrm_restored",
            job=ctx.job.qualified,
            objects=len(result.restored),
            not_restored=result.refused,
            generation=brms.generation if brms else 0,
            saved_at=source.facts.get("saved_at"),
            state=brms.state if brms else "",
        )
    for name in result.in_use:
        ctx.diagnostic("CPF3761", f"Object {name} in {target} in use: not restored.")
    if result.refused:
        raise Escape(
            "CPF3773",
            f"{len(result.restored):010d}{result.refused:010d}{target:<10}",
            f"{len(result.restored)} objects restored. {result.refused} not restored to {target}.",
        )
    ctx.completion(
        "CPC3703",
        f"{len(result.restored)} objects restored from {saved} to {target}.",
        f"{len(result.restored):010d}{saved:<10}{target:<10}",
    )


@command("RSTOBJ", effect="disk")
def rstobj(ctx: Context) -> Waiting:
    """Restore objects of one library from a save file; CPF9810 where the library to restore to is missing."""
    differing = _may_differ(ctx)
    saved = ctx.text("SAVLIB")
    source = _save_file(ctx, "SAVF", "*USE")
    check_readable(source, saved)
    target = ctx.text("RSTLIB", "*SAVLIB")
    target = saved if target == "*SAVLIB" else target
    if target not in ctx.image.libraries:
        raise Escape("CPF9810", f"{target:<10}", f"Library {target} not found.")
    names = [str(one) for one in ctx.items("OBJ")]
    kinds = [str(one) for one in ctx.items("OBJTYPE")] or ["*ALL"]
    part = SaveFile(source.library, source.name, "*FILE", "SAVF", saved_library=saved)
    part.contents = [
        one
        for one in source.contents
        if any(_generic(name, one.name) for name in names) and ("*ALL" in kinds or one.type in kinds)
    ]
    if not part.contents:
        raise Escape("CPF3770", f"{saved:<10}", f"No objects restored for library {saved}.")
    part.facts = {"tables": source.facts.get("tables", {})}
    _may_restore(ctx, target)
    yield from ctx.sleep(1.0)
    yield from ctx.change("restore")
    result = restore_from(
        part, target, session(ctx.job), ctx.image, ctx.os.locks, "", ctx.now, differing=differing
    )
    _restored(ctx, part, saved, target, result)


# -- saves to tape ---------------------------------------------------------------------------------------


def _to_tape(ctx: Context, what: str, names: list[str], *, restricted: bool, name: str = "") -> Waiting:
    """A save to tape: the device, restricted state where it needs one, its share of the site's figure."""
    ctx.needs("*SAVSYS")
    if restricted and not ctx.os.work.restricted:
        raise Escape("CPF3785", "", "Not all subsystems ended: the save needs restricted state.")
    name = name or ctx.text("DEV")
    device(ctx.os, name)
    library = reserve(ctx.os, name)
    durations, fault = ctx.world.durations, conditions(ctx.world)
    seconds = durations.save / 4 if restricted or what != "SAVLIB" else durations.save_item
    used: list[str] = []
    result = "ended"
    try:
        wanted = [str(one).rstrip() for one in ctx.items("VOL")] or [MOUNTED]
        cartridges = volumes_for(ctx.job, name, library, wanted)
        fails = fault.save_fails_at in (what, *names)
        before = ctx.world.now
        yield from write_through(
            ctx.os,
            library,
            cartridges,
            f"{what} {' '.join(names)}".strip(),
            seconds / 2 if fails else seconds,
            ctx.text("CLEAR", "*NONE"),
        )
        used = [one.id for one in cartridges if any(at >= before for _, _, at in one.written)]
        if fails:
            raise Escape("CPF3794", "", f"Save or restore operation {what} ended unsuccessfully.")
        result = "exceptions" if fault.save_exceptions else "completed"
    except Escape:
        result = "failed"
        raise
    finally:
        give_back(ctx.os, library)
        if not ctx.os.destroyed:
            if ctx.text("ENDOPT", "*REWIND") == "*UNLOAD":
                library.mounted.pop(ctx.os.partition.name, None)
            ctx.os.log("tape_save", what=what, objects=tuple(names), volumes=tuple(used), result=result)
    if ctx.text("OUTPUT", "*NONE") == "*PRINT":
        spool(ctx, "QPSAVOBJ", [f"{what} {' '.join(names)} on {' '.join(used)}: {result}"])
    if result == "exceptions":
        raise Escape(_LEFT_OUT.get(what, "CPF3777"), "", f"{what}: some objects were not saved.")
    ctx.completion(
        "CPC3701", f"{what} {' '.join(names)} completed.".replace("  ", " "), f"{'':125}{name:<10}"
    )


# What a save that has left something out ends with; the others take that of libraries.
_LEFT_OUT = {"SAV": "CPF3837", "SAVDLO": "CPF906B"}


@command("SAVSYS", "SAVSYSINF", effect="disk")
def savsys(ctx: Context) -> Waiting:
    """System data; needs restricted state (SAVSYSINF does not)."""
    yield from _to_tape(ctx, ctx.command.name, [], restricted=ctx.command.name == "SAVSYS")


@command("SAVDLO", "SAVSECDTA", "SAVCFG", "SAV", effect="disk")
def savdlo(ctx: Context) -> Waiting:
    """Documents, security data, configuration, stream files: to tape."""
    name = ctx.command.name
    if name == "SAV" and ctx.text("DEV").upper().endswith(".FILE"):
        yield from _stream_files(ctx)
        return
    device_name = _device_of_path(ctx) if name == "SAV" else ctx.text("DEV")
    chosen = [*ctx.items("DLO"), *ctx.items("FLR"), *ctx.items("OBJ")]
    what = [" ".join(map(str, one)) if isinstance(one, list) else str(one) for one in chosen]
    yield from _to_tape(ctx, name, what, restricted=False, name=device_name)


def _save_file_of_path(ctx: Context) -> SaveFile:
    """The save file that DEV names by its path."""
    place = member_of(ctx.text("DEV"))
    found = ctx.os.find_object(ctx.job, place.file, place.library, "*FILE")
    if not isinstance(found, SaveFile):
        raise not_found(ctx.text("DEV"))
    return found


def _paths(ctx: Context) -> list[list[str]]:
    """OBJ as lists of path, *INCLUDE or *OMIT, and for RST the new name."""
    return [[str(part) for part in (one if isinstance(one, list) else [one])] for one in ctx.items("OBJ")]


def _stream_files(ctx: Context) -> Waiting:
    """SAV of stream files into a save file; CPFA0A9 for one that is not there."""
    target = _save_file_of_path(ctx)
    _must_be_empty(ctx, target)
    yield from ctx.sleep(1.0)
    yield from ctx.change("save file")
    found = {one[0]: read_bytes(ctx.image, one[0]) for one in _paths(ctx)}
    target.contents, target.saved_library = [], ""
    target.facts = {"saved_at": ctx.now, "streams": found, "count": len(found)}
    target.changed = ctx.now
    ctx.completion("CPC370E", f"{len(found)} objects saved.")


@command("RST", effect="disk")
def rst(ctx: Context) -> Waiting:
    """Stream files from a save file, under their own or new names; OPTION(*NEW) leaves what is there.

    docs/platform-facts.md#restore-under-another-name
    """
    _may_differ(ctx)
    source = _save_file_of_path(ctx)
    check_readable(source, source.saved_library)
    saved: dict[str, bytes] = source.facts.get("streams", {})
    yield from ctx.sleep(1.0)
    yield from ctx.change("restore")
    left_out = 0
    for path, *more in _paths(ctx):
        to = more[1] if len(more) > 1 and more[1] != "*SAME" else path
        if path not in saved:
            raise Escape("CPF3780", path, f"Object {path} not found in the save file.")
        if not host_path(ctx.image, to).parent.is_dir():
            raise not_found(to)
        if host_path(ctx.image, to).exists() and ctx.text("OPTION", "*ALL") == "*NEW":
            left_out += 1
            continue
        write_bytes(ctx.image, to, saved[path], replace=True, append=False)
    if left_out:
        raise Escape("CPF383E", "", f"{len(saved) - left_out} objects restored. {left_out} not restored.")
    ctx.completion("CPC370F", f"{len(saved)} objects restored.")


def _device_of_path(ctx: Context) -> str:
    path = ctx.text("DEV")
    name = path.rsplit("/", 1)[-1].removesuffix(".DEVD")
    if not path.upper().startswith("/QSYS.LIB/") or not path.upper().endswith(".DEVD"):
        raise Escape("CPFA0A9", path, f"Object not found. Object is {path}.")
    return name.upper()
