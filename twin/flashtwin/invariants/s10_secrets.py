"""S10: no password or key appears in a spec, bundle, CL source, job log, process argument, report or journal.

Looks for the secrets that the site has placed (private keys, passwords, API tokens), whole and line by line,
and for everything by which a request over HTTPS proved whose it was (tokens of sessions, passwords, the
Authorization field), in ASCII and in EBCDIC: in every event (commands, messages, process arguments, mails),
in the requests and replies of the transcript, in the documents that leave the compiler, and on the disks of
production and clone: objects with their sources, messages, data areas and queues, job logs, spooled files,
history, SQL tables, IFS files outside `keys/`.

Cannot see a secret that was changed before it was shown (encoded, cut to pieces), nor the memory of a job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeAlias

from flashtwin.database import Database
from flashtwin.events import Event
from flashtwin.image import SystemImage
from flashtwin.invariants.facts import Row, RunFacts, Secret, Verdict, verdict
from flashtwin.invariants.history import credentials, image_of, transcript
from flashtwin.objects import Code
from flashtwin.sims.server import Exchange
from flashtwin.world import World

ID = "S10"
# Shorter lines of a key are no secret: they would be found anywhere.
SHORTEST_LINE = 16
# The same of what a request brings to prove whose it is.
SHORTEST_CREDENTIAL = 8
CHUNK = 1 << 20
# Where the platform and the product keep secrets by design.
KEPT = {"password"}
KEY_FOLDERS = {"keys", ".ssh"}

Place: TypeAlias = "tuple[Callable[[], str], Any]"
"""Plain data, and what says where they stand."""


@dataclass(frozen=True, slots=True)
class Needle:
    """A piece of a secret in the forms in which it may be found."""

    name: str
    text: str
    forms: tuple[bytes, ...]


def check(world: World, facts: RunFacts) -> Verdict:
    """Look for every secret everywhere."""
    if not facts.secrets:
        return Verdict(ID, False, "the site has placed no secret: nothing could be found, nothing is proven")
    placed = {secret.text.strip() for secret in facts.secrets}
    used = [
        Secret(name, text)
        for text, name in credentials(world).items()
        if len(text) >= SHORTEST_CREDENTIAL and text not in placed
    ]
    needles = tuple(needle for secret in (*facts.secrets, *used) for needle in _needles(secret))
    found = {f"{name} appears in {where}" for where, name in _among(_told(world, facts), needles)}
    for partition in (facts.production, facts.clone):
        image = image_of(world, partition)
        if image is not None:
            found |= {f"{name} appears in {where} of {partition}" for where, name in _disks(image, needles)}
    every = f"{len(facts.secrets)} secrets and {len(used)} credentials of sessions"
    return verdict(ID, sorted(found), f"none of {every} was found outside its place")


def _needles(secret: Secret) -> Iterator[Needle]:
    text = secret.text.strip()
    lines = [line.strip() for line in text.splitlines() if not line.startswith("-----")]
    for piece in {text, *(line for line in lines if len(line) >= SHORTEST_LINE)}:
        if piece:
            forms = (piece.encode(), piece.encode("cp037", errors="replace"))
            yield Needle(secret.name, piece, forms)


def _among(places: Iterable[Place], needles: tuple[Needle, ...]) -> Iterator[tuple[str, str]]:
    """Which secret appears where.

    There is hardly ever one, and a night has a hundred thousand texts: all are searched at once, and one by
    one only where something is among them.
    """
    known = list(places)
    if not any(_in([value for _, value in known], needles)):
        return
    for where, value in known:
        for name in _in(value, needles):
            yield where(), name


def _in(value: Any, needles: tuple[Needle, ...]) -> Iterator[str]:
    """The names of the secrets within plain data."""
    texts, blobs = _texts(value)
    told, raw = "\0".join(texts), b"\0".join(blobs)
    for needle in needles:
        if needle.text in told or any(form in raw for form in needle.forms):
            yield needle.name


def _told(world: World, facts: RunFacts) -> Iterator[Place]:
    """The history, the documents and the journal."""
    for event in world.events.events:
        yield partial(_event, facts, event), event.facts
    for exchange in transcript(world):
        yield partial(_request, facts, exchange), (exchange.request, exchange.out, exchange.err)
    for document, text in facts.documents.items():
        yield partial(str, document), text
    for row in facts.journal:
        yield partial(_row, row), row.text


def _event(facts: RunFacts, event: Event) -> str:
    return f"the event {event.kind} of {event.system} at {facts.clock(event.time)}"


def _request(facts: RunFacts, exchange: Exchange) -> str:
    return f"a request to {exchange.system} at {facts.clock(exchange.at)}"


def _row(row: Row) -> str:
    return f"journal row {row.side} {row.seq}"


def _texts(value: Any) -> tuple[list[str], list[bytes]]:
    """Every text within plain data, as characters and as bytes."""
    texts: list[str] = []
    blobs: list[bytes] = []
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, bytes | bytearray):
            blobs.append(bytes(one))
        elif isinstance(one, int | float | None):
            continue
        elif isinstance(one, Code):
            texts.append(one.source)
        elif isinstance(one, Mapping):
            left.extend(one.keys())
            left.extend(one.values())
        elif isinstance(one, list | tuple | set | frozenset):
            left.extend(one)
        elif is_dataclass(one):
            left.extend(getattr(one, name) for name in _parts(one.__class__))
    return texts, blobs


@lru_cache(maxsize=256)
def _parts(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that may hold what nobody is to see."""
    return tuple(part.name for part in fields(kind) if part.name not in KEPT)


def _disks(image: SystemImage, needles: tuple[Needle, ...]) -> Iterator[tuple[str, str]]:
    yield from _among(_objects(image), needles)
    for path in sorted(image.ifs.rglob("*")):
        inside = path.relative_to(image.ifs)
        if path.is_file() and not KEY_FOLDERS.intersection(inside.parts[:-1]):
            for name in _in_file(path, needles):
                yield f"file /{inside}", name
    yield from _in_tables(image.database, needles)


def _objects(image: SystemImage) -> Iterator[Place]:
    for part in fields(image):
        if part.name == "libraries":
            for library in image.libraries.values():
                for item in library.objects.values():
                    yield partial("object {0.library}/{0.name} {0.type}".format, item), item
        elif part.name not in ("ifs", "database"):
            yield partial(str, part.name.replace("_", " ")), getattr(image, part.name)


def _in_file(path: Path, needles: tuple[Needle, ...]) -> set[str]:
    found: set[str] = set()
    overlap = max(len(form) for needle in needles for form in needle.forms)
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(_in(tail + chunk, needles))
            tail = chunk[-overlap:]
    return found


def _in_tables(database: Database, needles: tuple[Needle, ...]) -> Iterator[tuple[str, str]]:
    connection = database.connection
    tables = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        quoted = '"' + table.replace('"', '""') + '"'
        for name in _in(connection.execute(f"SELECT * FROM main.{quoted}").fetchall(), needles):
            yield f"SQL table {table}", name
