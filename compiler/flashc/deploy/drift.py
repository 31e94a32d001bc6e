"""What somebody has changed since the deployment: the partition against the record of what was deployed.

Unlike a plan it says nothing of a spec that has changed since.  Pure: nothing is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flashc.bundle import Bundle
from flashc.deploy.authorities import public_of
from flashc.deploy.described import Messages, defined
from flashc.deploy.facts import Facts, in_format
from flashc.deploy.hindrances import wrong_partition
from flashc.deploy.operations import Operation
from flashc.deploy.plan import plan
from flashc.deploy.record import Record
from flashc.deploy.schedule import differences
from flashc.deploy.stamps import START, Seen, stamp_of

UNTOUCHED = ("*PGM", "*CMD", "*PNLGRP", "*MSGF", "*JOBD", "*CLS", "*SBSD")
"""Types that nobody but a deployment changes: their time of change counts, of others that of creation."""

READERS = ("*FILE", "*LIB")
"""Types that the site may let somebody read: docs/watching.md#by-sql."""

EXECUTABLE = ("*PGM", "*CMD", "*SRVPGM")
"""What must not lie in the product's libraries without a deployment having made it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was deployed."""

    kind: str
    name: str
    what: str

    def as_json(self) -> dict[str, str]:
        """For tools."""
        return {"kind": self.kind, "name": self.name, "what": self.what}


@dataclass(frozen=True, slots=True)
class Drift:
    """All changes; `refused`: why nothing can be compared; `not_judged`: what has no stamp to compare with.

    `unread`: what the partition does not tell, and why.  `spec_changed`: the spec is another one than the
    deployed one, which a plan shows.
    """

    system: str
    library: str
    changes: tuple[Change, ...]
    refused: tuple[str, ...]
    not_judged: tuple[str, ...]
    unread: tuple[str, ...]
    spec_changed: bool

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        return {
            "system": self.system,
            "library": self.library,
            "drift": bool(self.changes),
            "changes": [one.as_json() for one in self.changes],
            "refused": list(self.refused),
            "not_judged": list(self.not_judged),
            "unread": list(self.unread),
            "spec_changed": self.spec_changed,
        }


def drift(
    bundle: Bundle,
    facts: Facts,
    record: Record,
    seen: Mapping[str, Seen],
    messages: Messages,
    known_hosts: bytes,
) -> Drift:
    """Compare.  `facts`, `seen` and `messages` are the partition now, `record` what the last deployment left
    there."""
    manifest = bundle.manifest
    planned = plan(bundle, facts, known_hosts)
    wrong = wrong_partition(bundle, facts)
    changes = [
        *_objects(manifest, facts, record, seen),
        *_foreign(manifest, seen),
        *_authorities(manifest, facts, seen),
        *_messages(bundle, facts, record, messages),
        *_files(facts, record),
        *_folders(planned.operations),
        *_keys(manifest, facts),
        *_schedule(manifest, facts, record),
    ]
    unread = [f"the texts of {file}: {why}" for file, why in messages.unread.items()]
    start = _start(manifest, facts)
    if start and START in record.stamps:
        changes.append(Change("system value", "QSTRUPPGM", start))
    elif start:
        unread.append(f"QSTRUPPGM is {start}, as it was at the last deployment; the officer's commands wait")
    keys = [f"{o['library']}/{o['name']} {o['type']}" for o in manifest["objects"] if o["type"] != "*AUTL"]
    return Drift(
        manifest["system"],
        manifest["library"],
        tuple(changes),
        (wrong,) if wrong else (),
        tuple(key for key in keys if key in seen and stamp_of(key) not in record.stamps),
        tuple(unread),
        record.about.get("spec_sha256") != manifest["spec_sha256"],
    )


def _objects(
    manifest: Mapping[str, Any], facts: Facts, record: Record, seen: Mapping[str, Seen]
) -> Iterator[Change]:
    """Objects that were deleted, made anew or changed."""
    for name, stamp in record.stamps.items():
        key = name.removeprefix("object ")
        if key == name:
            continue
        place, _, type_ = key.partition(" ")
        library, _, own = place.partition("/")
        if not facts.has(library, own, type_):
            yield Change("object", key, "deleted")
            continue
        now = seen.get(key)
        if now is None:
            yield Change("object", key, "there, and the profile may not read its description")
            continue
        created, _, changed = stamp.partition(" ")
        if now.created != created:
            yield Change("object", key, f"made anew by somebody, {now.created}")
        elif type_ in UNTOUCHED and library != manifest["guard_library"] and now.changed != changed:
            yield Change("object", key, f"changed by somebody, {now.changed}")


def _foreign(manifest: Mapping[str, Any], seen: Mapping[str, Seen]) -> Iterator[Change]:
    ours = {f"{o['library']}/{o['name']} {o['type']}" for o in manifest["objects"]}
    for key, now in sorted(seen.items()):
        type_ = key.rpartition(" ")[2]
        if type_ in EXECUTABLE and key not in ours:
            yield Change("object", key, f"no deployment made it; owner {now.owner}, {now.created}")


_GRANT = re.compile(r"GRTOBJAUT OBJ\((\S+?)\) OBJTYPE\((\*\w+)\) USER\((\S+?)\) AUT\((\*\w+)\)")


def _authorities(manifest: Mapping[str, Any], facts: Facts, seen: Mapping[str, Seen]) -> Iterator[Change]:
    """Owner, public and private authorities other than the deployment and the officer's commands give."""
    user = manifest["user"]
    granted: dict[str, dict[str, str]] = {}
    commands = [*manifest["officer"], *(text for o in manifest["objects"] for text in o["after"])]
    for found in (_GRANT.match(text.removeprefix("QSYS/")) for text in commands):
        if found:
            granted.setdefault(f"{found[1]} {found[2]}", {})[found[3]] = found[4]
    for one in manifest["objects"]:
        key = f"{one['library']}/{one['name']} {one['type']}"
        now = seen.get(key)
        if now is None or one["type"] == "*AUTL" or not facts.has(one["library"], one["name"], one["type"]):
            continue
        if now.owner != user:
            yield Change("owner", key, f"{now.owner} instead of {user}")
        public, by_list = public_of(one)
        wanted = {user: "*ALL", **granted.get(key, {}), "*PUBLIC": public}
        for who, what in sorted(now.authorities.items()):
            if who == now.owner:
                continue
            if who not in wanted and what == "*USE" and one["type"] in READERS:
                continue
            if who not in wanted:
                yield Change("authority", key, f"{who} has {what}, which nobody deployed")
            elif what != wanted[who]:
                yield Change("authority", key, f"{who} has {what} instead of {wanted[who]}")
        if now.secured_by != by_list:
            what = f"secured by {now.secured_by or 'no list'} instead of {by_list or 'none'}"
            yield Change("authority", key, what)


def _messages(bundle: Bundle, facts: Facts, record: Record, messages: Messages) -> Iterator[Change]:
    """Descriptions changed, deleted or added; those that this flashc defines otherwise are for a plan."""
    ours = set()
    for key, made, wanted in defined(bundle):
        ours.add(key)
        file = key.partition(" ")[0]
        library, _, name = file.partition("/")
        if file in messages.unread or not facts.has(library, name, "*MSGF") or record.made.get(key) != made:
            continue
        now = messages.seen.get(key)
        if now is None:
            yield Change("message", key, "deleted")
            continue
        if (now.text, now.second) != (wanted.text, wanted.second):
            yield Change("message", key, "its text was changed")
        if now.severity != wanted.severity:
            yield Change("message", key, f"severity {now.severity} instead of {wanted.severity}")
    for key in sorted(messages.seen):
        if key not in ours and key not in record.made:
            yield Change("message", key, "no deployment made it")


def _files(facts: Facts, record: Record) -> Iterator[Change]:
    for name, stamp in record.stamps.items():
        path = name.removeprefix("file ")
        if path != name and facts.files.get(path) != stamp:
            gone = facts.files.get(path) is None
            yield Change("file", path, "deleted" if gone else "its contents were changed")


def _folders(operations: tuple[Operation, ...]) -> Iterator[Change]:
    for one in operations:
        if one.kind == "folder":
            yield Change("folder", one.name, one.why)


def _keys(manifest: Mapping[str, Any], facts: Facts) -> Iterator[Change]:
    for name, found in facts.keys.items():
        if found is not None and found.mode & 0o077:
            path = f"{manifest['folder']}/keys/{name}"
            yield Change("key", path, f"can be read by others (mode {found.mode:04o})")


def _schedule(manifest: Mapping[str, Any], facts: Facts, record: Record) -> Iterator[Change]:
    """Entries that were removed, changed, held, or made a second time."""
    commands = [
        in_format(command, facts.date_format)
        for environment in manifest["environments"]
        for command in environment["schedule_commands"]
    ]
    for name in record.stamps:
        text = name.removeprefix("entry ")
        if text == name:
            continue
        wanted = next((c for c in commands if f"TEXT('{text}')" in c), "")
        found = [e for e in facts.entries if e.text == text and e.library == manifest["library"]]
        if not found:
            if "FRQ(*ONCE)" not in wanted:  # a single start is gone when it has been
                yield Change("schedule", text, "removed")
            continue
        for entry in found:
            told = f"{entry.name} {entry.number}"
            if entry.held:
                yield Change("schedule", told, "held")
            for what in differences(entry, wanted) if wanted else ():
                yield Change("schedule", told, what)
    for entry in facts.entries:
        if f"entry {entry.text}" not in record.stamps or entry.library != manifest["library"]:
            yield Change("schedule", f"{entry.name} {entry.number}", "no deployment made it")


def _start(manifest: Mapping[str, Any], facts: Facts) -> str:
    """What QSTRUPPGM is instead of the guard; "" where it is the guard."""
    ours = f"{manifest['guard_library']}/FLBOOT"
    current = "/".join(reversed(facts.start_program.split()))
    return "" if current == ours else f"{current or 'not read'} instead of {ours}"
