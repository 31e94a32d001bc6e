"""S10: no password or key appears in a spec, bundle, CL source, job log, process argument, report or journal.

Looks for the secrets that the site has placed, whole and line by line, in ASCII and in EBCDIC: in every event
(commands, messages, process arguments), in the requests and replies of the transcript, in the documents
that leave the compiler, and on the disks of production and clone: objects with their sources, messages,
data areas and queues, job logs, spooled files, history, SQL tables, IFS files outside `keys/`.

Cannot see a secret that was changed before it was shown (encoded, cut to pieces), nor the memory of a job.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flashtwin.image import SystemImage
from flashtwin.invariants.facts import RunFacts, Secret, Verdict, verdict
from flashtwin.invariants.history import image_of, transcript
from flashtwin.objects import Code
from flashtwin.world import World

ID = "S10"
# Shorter lines of a key are no secret: they would be found anywhere.
SHORTEST_LINE = 16
CHUNK = 1 << 20
# Where the platform and the product keep secrets by design.
KEPT = {"password"}
KEY_FOLDERS = {"keys", ".ssh"}


@dataclass(frozen=True, slots=True)
class Needle:
    """A piece of a secret in the forms in which it may be found."""

    name: str
    text: str
    forms: tuple[bytes, ...]


def check(world: World, facts: RunFacts) -> Verdict:
    """Look for every secret everywhere."""
    needles = tuple(needle for secret in facts.secrets for needle in _needles(secret))
    if not needles:
        return Verdict(ID, False, "the site has placed no secret: nothing could be found, nothing is proven")
    found = {f"{name} appears in {where}" for where, name in _told(world, facts, needles)}
    for partition in (facts.production, facts.clone):
        image = image_of(world, partition)
        if image is not None:
            found |= {f"{name} appears in {where} of {partition}" for where, name in _disks(image, needles)}
    return verdict(ID, sorted(found), f"none of {len(facts.secrets)} secrets was found outside its place")


def _needles(secret: Secret) -> Iterator[Needle]:
    text = secret.text.strip()
    lines = [line.strip() for line in text.splitlines() if not line.startswith("-----")]
    for piece in {text, *(line for line in lines if len(line) >= SHORTEST_LINE)}:
        if piece:
            forms = (piece.encode(), piece.encode("cp037", errors="replace"))
            yield Needle(secret.name, piece, forms)


def _in(value: Any, needles: tuple[Needle, ...]) -> Iterator[str]:
    """The names of the secrets within plain data."""
    shortest = _shortest(needles)
    for text in _values(value):
        if len(text) < shortest:
            continue
        for needle in needles:
            if isinstance(text, str):
                if needle.text in text:
                    yield needle.name
            elif any(form in text for form in needle.forms):
                yield needle.name


@lru_cache(maxsize=8)
def _shortest(needles: tuple[Needle, ...]) -> int:
    """What is shorter holds no secret; most texts of a history are."""
    return min(len(needle.text) for needle in needles)


def _told(world: World, facts: RunFacts, needles: tuple[Needle, ...]) -> Iterator[tuple[str, str]]:
    """Where in the history, the documents and the journal which secret appears."""
    for event in world.events.events:
        for name in _in(event.facts, needles):
            yield f"the event {event.kind} of {event.system} at {facts.clock(event.time)}", name
    for exchange in transcript(world):
        for name in _in((exchange.request, exchange.out, exchange.err), needles):
            yield f"a request to {exchange.system} at {facts.clock(exchange.at)}", name
    for document, text in facts.documents.items():
        for name in _in(text, needles):
            yield document, name
    for row in facts.journal:
        for name in _in(row.text, needles):
            yield f"journal row {row.side} {row.seq}", name


def _values(value: Any) -> Iterator[str | bytes]:
    """Every text within plain data."""
    if isinstance(value, str | bytes):
        yield value
    elif isinstance(value, bytearray):
        yield bytes(value)
    elif isinstance(value, Code):
        yield value.source
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _values(key)
            yield from _values(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _values(inner)
    elif is_dataclass(value):
        for part in fields(value):
            if part.name not in KEPT:
                yield from _values(getattr(value, part.name))


def _disks(image: SystemImage, needles: tuple[Needle, ...]) -> Iterator[tuple[str, str]]:
    for part in fields(image):
        if part.name == "libraries":
            for library in image.libraries.values():
                for item in library.objects.values():
                    for name in _in(item, needles):
                        yield f"object {item.library}/{item.name} {item.type}", name
        elif part.name not in ("ifs", "database"):
            for name in _in(getattr(image, part.name), needles):
                yield part.name.replace("_", " "), name
    for path in sorted(image.ifs.rglob("*")):
        inside = path.relative_to(image.ifs)
        if path.is_file() and not KEY_FOLDERS.intersection(inside.parts[:-1]):
            for name in _in_file(path, needles):
                yield f"file /{inside}", name
    yield from _in_tables(image.database, needles)


def _in_file(path: Path, needles: tuple[Needle, ...]) -> set[str]:
    found: set[str] = set()
    overlap = max(len(form) for needle in needles for form in needle.forms)
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(_in(tail + chunk, needles))
            tail = chunk[-overlap:]
    return found


def _in_tables(database: Path, needles: tuple[Needle, ...]) -> Iterator[tuple[str, str]]:
    if not database.exists():
        return
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        tables = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            quoted = '"' + table.replace('"', '""') + '"'
            for row in connection.execute(f"SELECT * FROM {quoted}"):
                for name in _in(row, needles):
                    yield f"SQL table {table}", name
    finally:
        connection.close()
