"""Message descriptions: as a bundle defines them, and as they are on the partition.

Read by view QSYS2.MESSAGE_FILE_DATA, which a partition may lack: docs/platform-facts.md#message-descriptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flashc.bundle import Bundle
from flashc.deploy import sql
from flashc.deploy.record import digest
from flashc.deploy.session import Session

READ_S = 120.0
_TEXT = r"'((?:[^']|'')*)'"
_DEFINED = re.compile(
    rf"ADDMSGD MSGID\((\w{{7}})\) MSGF\((\w+/\w+)\) MSG\({_TEXT}\) SECLVL\({_TEXT}\) SEV\((\d+)\)"
)
_LAYOUT = re.compile(r"&[NPB](?= |$)|\s+")


@dataclass(frozen=True, slots=True)
class Described:
    """A message description; the second-level text without its line breaks, which a view may leave out."""

    text: str
    second: str
    severity: int


@dataclass(frozen=True, slots=True)
class Messages:
    """The descriptions of the product's message files, by LIBRARY/FILE ID; `unread`: why of a file nothing
    is known."""

    seen: Mapping[str, Described]
    unread: Mapping[str, str]


def files(manifest: Mapping[str, Any]) -> list[str]:
    """The message files that a deployment fills, as LIBRARY/FILE."""
    filled = (one for one in manifest["objects"] if one["type"] == "*MSGF" and one["source"])
    return [f"{one['library']}/{one['name']}" for one in filled]


def defined(bundle: Bundle) -> Iterator[tuple[str, str, Described]]:
    """Each description of the bundle: LIBRARY/FILE ID, the digest of its definition, what it says."""
    for one in bundle.manifest["objects"]:
        if one["type"] != "*MSGF" or not one["source"]:
            continue
        for line in bundle.files[one["source"]].decode("utf-8").splitlines():
            if found := _DEFINED.match(line):
                text, second = (found[number].replace("''", "'") for number in (3, 4))
                described = Described(text.rstrip(), _plain(second), int(found[5]))
                yield f"{found[2]} {found[1]}", digest(line), described


def see_messages(manifest: Mapping[str, Any], session: Session) -> Messages:
    """What the partition says of them now."""
    queries = {}
    for file in files(manifest):
        library, name = (sql.quoted(part) for part in file.split("/"))
        fields = ["MESSAGE_ID", "MESSAGE_TEXT", "MESSAGE_SECOND_LEVEL_TEXT", sql.number("SEVERITY")]
        where = f"MESSAGE_FILE_LIBRARY = {library} AND MESSAGE_FILE = {name}"
        queries[file] = sql.select("X", fields, f"FROM QSYS2.MESSAGE_FILE_DATA WHERE {where}")
    rows, unread = sql.ask_each(session, queries, READ_S)
    seen = {
        f"{file} {msgid}": Described(text, _plain(second), int(severity or 0))
        for file, found in rows.items()
        for msgid, text, second, severity in found
    }
    return Messages(seen, unread)


def _plain(text: str) -> str:
    return " ".join(_LAYOUT.sub(" ", text).split())
