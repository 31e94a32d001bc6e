"""How the product looked when a deployment was complete: stamps in its record, which drift compares with now.

Of an object it is when it was created and last changed, of a file its SHA-256, of a schedule entry that it
was made, of QSTRUPPGM that it named the guard.  What the deployment did not touch keeps its older stamp.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flashc.bundle import Bundle
from flashc.deploy import sql
from flashc.deploy.errors import DeployError
from flashc.deploy.facts import RUN_FILES, entry_facts
from flashc.deploy.operations import Plan
from flashc.deploy.record import Record, record_path, write_record
from flashc.deploy.session import Session

READ_S = 120.0
START = "value QSTRUPPGM"
"""Stamped when a deployment has found that production starts by the guard."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An object as it is: owner, times of the partition's clock, and who has which authority to it.

    `authorities`: by user, *PUBLIC among them; `secured_by` is its authorization list.
    """

    owner: str
    created: str
    changed: str
    authorities: Mapping[str, str]
    secured_by: str


def see(manifest: Mapping[str, Any], session: Session) -> dict[str, Seen]:
    """The objects of both libraries, by LIBRARY/NAME *TYPE, and the libraries themselves."""
    homes = (manifest["library"], manifest["guard_library"])
    both = ", ".join(sql.quoted(one) for one in homes)
    privileges = sql.select(
        "A",
        [
            "SYSTEM_OBJECT_SCHEMA",
            "SYSTEM_OBJECT_NAME",
            "OBJECT_TYPE",
            "AUTHORIZATION_NAME",
            "OBJECT_AUTHORITY",
            "AUTHORIZATION_LIST",
        ],
        f"FROM QSYS2.OBJECT_PRIVILEGES WHERE SYSTEM_OBJECT_SCHEMA IN ({both}) OR "
        f"(SYSTEM_OBJECT_SCHEMA = 'QSYS' AND OBJECT_TYPE = '*LIB' AND SYSTEM_OBJECT_NAME IN ({both}))",
    )
    asked = {
        "O": ("the objects", _objects("O", homes[0], homes[0], "*ALL")),
        "P": ("the guard's objects", _objects("P", homes[1], homes[1], "*ALL")),
        "L": ("the library", _objects("L", "QSYS", homes[0], "*LIB")),
        "M": ("the guard's library", _objects("M", "QSYS", homes[1], "*LIB")),
        "A": ("the authorities", privileges),
    }
    told = sql.ask(session, asked, READ_S)
    given: dict[str, dict[str, str]] = {}
    lists: dict[str, str] = {}
    for home, name, type_, user, what, by in told["A"]:
        key = f"{home}/{name} {type_}"
        given.setdefault(key, {})[user] = what
        lists[key] = by
    found = {}
    for home, name, type_, owner, created, changed in (row for kind in "OPLM" for row in told[kind]):
        key = f"{home}/{name} {type_}"
        found[key] = Seen(owner, created, changed, given.get(key, {}), lists.get(key, ""))
    return found


def _objects(kind: str, library: str, asked: str, types: str) -> str:
    times = [f"CAST({column} AS VARCHAR(26))" for column in ("OBJCREATED", "CHANGE_TIMESTAMP")]
    columns = [sql.quoted(library), "OBJNAME", "OBJTYPE", "OBJOWNER", *times]
    function = f"QSYS2.OBJECT_STATISTICS({sql.quoted(asked)}, {sql.quoted(types)})"
    return sql.select(kind, columns, f"FROM TABLE({function}) X")


def stamp_of(key: str) -> str:
    """The name of an object's stamp, from its name in the record; a message belongs to its file."""
    place, _, rest = key.partition(" ")
    return f"object {place} {rest if rest.startswith('*') else '*MSGF'}"


def note_stamps(bundle: Bundle, session: Session, plan: Plan, record: Record, known_hosts: bytes) -> None:
    """Write into the record how everything looks now; DeployError when that cannot be read."""
    manifest = bundle.manifest
    before = dict(record.stamps)
    keys = [f"{o['library']}/{o['name']} {o['type']}" for o in manifest["objects"]]
    if any(stamp_of(key) not in record.stamps for key in keys if not key.endswith("*AUTL")):
        try:
            seen = see(manifest, session)
        except DeployError as error:
            raise DeployError(
                f"Everything is deployed; how it looks could not be noted for flashc drift: {error.text}"
            ) from error
        for key in keys:
            if key in seen:
                record.stamps.setdefault(stamp_of(key), f"{seen[key].created} {seen[key].changed}")
    waiting = {entry_facts(command.text)["text"] for one in plan.waiting for command in one.commands}
    kept = {name: value for name, value in record.stamps.items() if name.startswith("object ")}
    for name in RUN_FILES:
        data = known_hosts if name == "conf/known_hosts" else bundle.files[name]
        kept[f"file {name}"] = hashlib.sha256(data).hexdigest()
    for environment in manifest["environments"]:
        for command in environment["schedule_commands"]:
            text = entry_facts(command)["text"]
            if text not in waiting:
                kept[f"entry {text}"] = "made"
    if START in before or not any("SYSVAL(QSTRUPPGM)" in command for command in plan.officer):
        kept[START] = "FLBOOT"
    record.stamps = kept
    if record.stamps != before:
        session.write(record_path(manifest), write_record(record), 0o600)
