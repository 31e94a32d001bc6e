"""The contents of a library as a save puts them into a save file, and back.

QUSRBRM holds more than its objects: the data of BRMS (`flashtwin.records.BrmsData`) and its log are saved and
restored with it, as one, so that what comes back is what was saved.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from flashc.cl.definition import definition_from_source
from flashc.cl.parser import parse

from flashtwin.db2 import Session
from flashtwin.db2_tables import Column, create_table
from flashtwin.definition import UserCommand, forms_of
from flashtwin.errors import Escape
from flashtwin.image import SystemImage
from flashtwin.locks import Locks
from flashtwin.objects import Code, CommandObject, Library, Object, PhysicalFile, Program, SaveFile
from flashtwin.program import compile_source

BRMS_LIBRARY = "QUSRBRM"
# The files of QUSRBRM that a save counts: media, history, log, control groups, policies and theirs.
BRMS_FILES = (
    *("QA1AMM", "QA1AHS", "QA1ALG", "QA1ACG", "QA1ADV", "QA1AMP", "QA1ANET", "QA1ASL"),
    *("QA1ASM", "QA1ASP", "QA1ATI", "QA1AVM", "QA1AXM", "QA1A1AR", "QA1A1MV", "QA1A1RM"),
)

RESTORES = "restores QUSRBRM"
"""What a job has, among its resources, while it does."""


@dataclass(slots=True)
class Restored:
    """How a restore went: what is in use is not restored, nor what another owner's object stands for."""

    restored: list[str] = field(default_factory=list)
    in_use: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many objects were not restored."""
        return len(self.in_use) + len(self.differing)


def save_into(
    target: SaveFile,
    library: Library,
    chosen: list[Object],
    opened: Session,
    image: SystemImage,
    now: float,
    *,
    written: tuple[str, ...] = (),
) -> int:
    """Fill a save file with these objects of a library; the number of objects saved.

    `written` are the files of QUSRBRM that somebody writes: without them it has no data of BRMS.
    """
    target.saved_library = library.name
    target.contents = copy.deepcopy(chosen)
    target.facts = {"saved_at": now, "system": image.network_attributes.get("SYSNAME", image.name)}
    tables = {one.name: _table(opened, one) for one in chosen if _has_table(one)}
    if tables:
        target.facts["tables"] = tables
    count = len(chosen)
    if library.name == BRMS_LIBRARY:
        if not written:
            target.facts["brms"] = copy.deepcopy(image.products.get("brms"))
            target.facts["brms_log"] = list(image.products.get("brms_log", []))
        count += len(BRMS_FILES) - len(written)
    target.facts["count"] = count
    target.changed = now
    for one in chosen:
        one.saved = now
    return count


def _has_table(one: Object) -> bool:
    return isinstance(one, PhysicalFile) and one.attribute == "PF"


def _table(opened: Session, file: Object) -> dict[str, Any]:
    assert isinstance(file, PhysicalFile)
    members = {}
    for member in file.members:
        columns = opened.columns(file.library, file.name, member)
        table = opened.sqlite_name(file.library, file.name, member)
        rows = opened.connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
        schema, inside = table.split(".", 1)
        keys = opened.connection.execute(f"PRAGMA {schema}.table_info({inside})").fetchall()
        key = [name for _, name, *_, place in sorted(keys, key=lambda row: row[-1]) if place]
        members[member] = {"columns": columns, "rows": [tuple(row) for row in rows], "key": key}
    return members


def check_readable(source: SaveFile, library: str) -> None:
    """CPF3707 for an empty save file, CPF3794 for a damaged one, CPF3780 for another library's."""
    if "damaged" in source.facts:
        raise Escape(
            "CPF3794", "", "Save or restore operation ended unsuccessfully: the save file is damaged."
        )
    if not source.facts:
        raise Escape(
            "CPF3707",
            f"{source.name:<10}{source.library:<10}",
            f"Save file {source.name} in {source.library} contains no data.",
        )
    if source.saved_library != library:
        raise Escape("CPF3780", f"{library:<10}", f"File for library {library} not found in the save file.")


def restore_from(
    source: SaveFile,
    target: str,
    opened: Session,
    image: SystemImage,
    locks: Locks,
    in_use: str,
    now: float,
    *,
    differing: bool,
) -> Restored:
    """Put the contents of a save file into library `target`; `in_use` says why QUSRBRM's data is held,
    `differing` whether objects of others are replaced (docs/platform-facts.md#restore-with-differences).
    """
    result = Restored()
    place = image.libraries.setdefault(target, Library("QSYS", target, "*LIB"))
    for one in source.contents:
        if locks.holders((target, one.name, one.type)):
            result.in_use.append(one.name)
            continue
        there = place.objects.get((one.name, one.type))
        differs = there is not None and (there.owner, there.secured_by) != (one.owner, one.secured_by)
        if differs and not differing:
            result.differing.append(one.name)
            continue
        made = _usable(copy.deepcopy(one))
        made.library, made.restored = target, now
        # Owner and authorities stay those of what is replaced; private ones are not saved with an object.
        made.private = {}
        if there is not None:
            made.owner, made.public, made.private = there.owner, there.public, dict(there.private)
            made.secured_by = there.secured_by
        elif made.owner not in image.users:
            made.owner = "QDFTOWN"
        place.objects[(made.name, made.type)] = made
        if one.name in source.facts.get("tables", {}):
            _restore_table(opened, target, one.name, source.facts["tables"][one.name])
        result.restored.append(one.name)
    if target == BRMS_LIBRARY and "brms" in source.facts:
        if in_use:
            # Files that are held stay as they were; the others are the saved ones: neither one nor the other.
            result.in_use.extend(BRMS_FILES[:3])
            result.restored.extend(BRMS_FILES[3:])
        else:
            image.products["brms"] = copy.deepcopy(source.facts["brms"])
            image.products["brms_log"] = list(source.facts.get("brms_log", []))
            result.restored.extend(BRMS_FILES)
    return result


def _usable(one: Object) -> Object:
    """An object whose code came as its source only (through a stream file) gets it compiled again."""
    if isinstance(one, Program) and one.code is not None and one.code.value is None:
        source, _ = parse(one.code.source, one.name)
        one.code = Code(compile_source(source), one.code.source)
    if isinstance(one, CommandObject) and one.definition is not None and one.definition.value is None:
        definition, _ = definition_from_source(one.definition.source, one.name)
        if definition is None:
            raise Escape("CPF3731", f"{one.name:<10}", f"Cannot use object {one.name} type *CMD.")
        text = one.definition.source
        one.definition = Code(UserCommand(definition, forms_of(text)), text)
    return one


def _restore_table(opened: Session, library: str, name: str, members: dict[str, Any]) -> None:
    for member, saved in members.items():
        table = opened.sqlite_name(library, name, member)
        schema, inside = table.split(".", 1)
        opened.connection.execute(f"DROP TABLE IF EXISTS {table}")
        columns: list[Column] = saved["columns"]
        key = ", ".join(saved["key"])
        create_table(
            opened.connection, schema, inside.strip('"'), columns, [f"PRIMARY KEY ({key})"] if key else []
        )
        marks = ", ".join("?" * len(columns))
        opened.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", saved["rows"])
