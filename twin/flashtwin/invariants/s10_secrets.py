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

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache, partial
from itertools import chain
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from flashtwin.database import Database
from flashtwin.events import Event
from flashtwin.image import SystemImage
from flashtwin.invariants.facts import Row, RunFacts, Secret, Verdict, verdict
from flashtwin.invariants.history import credentials, image_of, transcript
from flashtwin.objects import Code, Unchanging
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

Place: TypeAlias = "tuple[Callable[[Any], str], Any]"
"""Plain data, and what says where they stand."""

UNCHANGING = (Event, Row, Unchanging)
"""What was searched once, and holds none, is not searched again."""


@dataclass(frozen=True, slots=True)
class Needle:
    """A piece of a secret in the forms in which it may be found."""

    name: str
    text: str
    forms: tuple[bytes, bytes]


@dataclass(slots=True)
class Clean:
    """What holds none of these pieces, the longest of which has so many bytes: what never changes, by its
    identity, contents of files and documents, and the history up to `last`, its event number `events`."""

    needles: tuple[Needle, ...] = ()
    longest: int = 0
    known: dict[int, Any] = field(default_factory=dict)
    contents: set[bytes] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    events: int = 0
    last: Event | None = None

    def fresh_events(self, world: World) -> list[Event]:
        """The events of the history that were not searched.  It only grows, or begins anew."""
        events = world.events.events
        if self.events and (len(events) < self.events or events[self.events - 1] is not self.last):
            self.events = 0
        return events[self.events :]

    def searched(self, events: list[Event], documents: Iterable[str]) -> None:
        """None of these holds a piece."""
        if events:
            self.events, self.last = self.events + len(events), events[-1]
        self.documents.update(documents)


_CLEAN: WeakKeyDictionary[World, Clean] = WeakKeyDictionary()


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
    clean = _CLEAN.get(world)
    if clean is None or clean.needles != needles:
        clean = _CLEAN[world] = Clean(needles, max(len(form) for needle in needles for form in needle.forms))
    found = {f"{name} appears in {where}" for where, name in _told(world, facts, clean)}
    for partition in (facts.production, facts.clone):
        image = image_of(world, partition)
        if image is not None:
            found |= {f"{name} appears in {where} of {partition}" for where, name in _disks(image, clean)}
    every = f"{len(facts.secrets)} secrets and {len(used)} credentials of sessions"
    return verdict(ID, sorted(found), f"none of {every} was found outside its place")


def _needles(secret: Secret) -> Iterator[Needle]:
    text = secret.text.strip()
    lines = [line.strip() for line in text.splitlines() if not line.startswith("-----")]
    for piece in dict.fromkeys((text, *(line for line in lines if len(line) >= SHORTEST_LINE))):
        if piece:
            forms = (piece.encode(), piece.encode("cp037", errors="replace"))
            yield Needle(secret.name, piece, forms)


def _among(places: Iterable[Place], clean: Clean) -> Iterator[tuple[str, str]]:
    """Which secret appears where.

    There is hardly ever one, and a night has a hundred thousand texts: all are searched at once, and one by
    one only where something is among them.
    """
    known = [place for place in places if id(place[1]) not in clean.known]
    fresh: dict[int, Any] = {}
    if not any(_in([value for _, value in known], clean.needles, clean.known, fresh)):
        clean.known.update(fresh)
        return
    for where, value in known:
        for name in _in(value, clean.needles):
            yield where(value), name


def _in(
    value: Any,
    needles: tuple[Needle, ...],
    clean: Mapping[int, Any] = MappingProxyType({}),
    fresh: dict[int, Any] | None = None,
) -> Iterator[str]:
    """The names of the secrets within plain data; `clean` and `fresh` as for `_texts`."""
    texts, blobs = _texts(value, clean, {} if fresh is None else fresh)
    told, raw = "\0".join(texts), b"\0".join(blobs)
    for needle in needles:
        if needle.text in told or any(form in raw for form in needle.forms):
            yield needle.name


def _told(world: World, facts: RunFacts, clean: Clean) -> Iterator[tuple[str, str]]:
    """The history, the documents and the journal."""
    events = clean.fresh_events(world)
    documents = {name: text for name, text in facts.documents.items() if text not in clean.documents}
    found = list(_among(_places(world, facts, events, documents), clean))
    if not found:
        clean.searched(events, documents.values())
    yield from found


def _places(
    world: World, facts: RunFacts, events: list[Event], documents: Mapping[str, str]
) -> Iterator[Place]:
    an_event, a_request = partial(_event, facts), partial(_request, facts)
    yield from ((an_event, event) for event in events)
    yield from ((a_request, exchange) for exchange in transcript(world))
    for document, text in documents.items():
        yield _named(str(document)), text
    for row in facts.journal:
        yield _row, row


def _named(text: str) -> Callable[[Any], str]:
    return lambda _value: text


def _event(facts: RunFacts, event: Event) -> str:
    return f"the event {event.kind} of {event.system} at {facts.clock(event.time)}"


def _request(facts: RunFacts, exchange: Exchange) -> str:
    return f"a request to {exchange.system} at {facts.clock(exchange.at)}"


def _row(row: Row) -> str:
    return f"journal row {row.side} {row.seq}"


def _texts(value: Any, clean: Mapping[int, Any], fresh: dict[int, Any]) -> tuple[list[str], list[bytes]]:
    """Every text within plain data, as characters and as bytes.

    What is in `clean` is left out; what never changes and is not in it is put into `fresh`.
    """
    texts: list[str] = []
    blobs: list[bytes] = []
    left = [value]
    while left:
        one = left.pop()
        kind = one.__class__
        if kind is str:
            texts.append(one)
            continue
        unchanging, inside = _reader(kind)
        if unchanging:
            if id(one) in clean:
                continue
            fresh[id(one)] = one
        if inside is bytes:
            blobs.append(bytes(one))
        elif inside is not None:
            left.extend(inside(one))
    return texts, blobs


def _characters(text: str) -> tuple[str]:
    return (str(text),)


def _source(code: Code) -> tuple[str]:
    return (code.source,)


def _items(mapping: Mapping[Any, Any]) -> Iterable[Any]:
    return chain(mapping.keys(), mapping.values())


@lru_cache(maxsize=512)
def _reader(kind: type) -> tuple[bool, Callable[[Any], Iterable[Any]] | None]:
    """Whether things of this class never change, and what gives their parts; None without any."""
    inside: Callable[[Any], Iterable[Any]] | None = None
    if issubclass(kind, str):
        inside = _characters
    elif issubclass(kind, bytes | bytearray):
        inside = bytes
    elif issubclass(kind, Code):
        inside = _source
    elif issubclass(kind, Mapping):
        inside = _items
    elif issubclass(kind, list | tuple | set | frozenset):
        inside = iter
    elif is_dataclass(kind):
        parts = _parts(kind)
        read = attrgetter(*parts)
        inside = read if len(parts) > 1 else lambda one: (read(one),)
    return issubclass(kind, UNCHANGING), inside


@lru_cache(maxsize=256)
def _parts(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that may hold what nobody is to see."""
    return tuple(part.name for part in fields(kind) if part.name not in KEPT)


def _disks(image: SystemImage, clean: Clean) -> Iterator[tuple[str, str]]:
    yield from _among(chain(_objects(image), _tables(image.database)), clean)
    root = str(image.ifs)
    for path in _files(root):
        for name in _in_file(path, clean):
            yield f"file {path.removeprefix(root)}", name


def _files(folder: str) -> Iterator[str]:
    """The files under a folder but those of folders for keys."""
    with os.scandir(folder) as inside:
        for one in inside:
            if one.is_file():
                yield one.path
            elif one.is_dir(follow_symlinks=False) and one.name not in KEY_FOLDERS:
                yield from _files(one.path)


def _objects(image: SystemImage) -> Iterator[Place]:
    for part in fields(image):
        if part.name == "libraries":
            for library in image.libraries.values():
                for item in library.objects.values():
                    yield "object {0.library}/{0.name} {0.type}".format, item
        elif part.name not in ("ifs", "database"):
            yield _named(part.name.replace("_", " ")), getattr(image, part.name)


def _in_file(path: str, clean: Clean) -> set[str]:
    found: set[str] = set()
    tail = b""
    with open(path, "rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            part = tail + chunk
            if part not in clean.contents:
                names = {n.name for n in clean.needles if n.forms[0] in part or n.forms[1] in part}
                if not names:
                    clean.contents.add(part)
                found |= names
            tail = chunk[-clean.longest :]
    return found


def _tables(database: Database) -> Iterator[Place]:
    connection = database.connection
    tables = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        quoted = '"' + table.replace('"', '""') + '"'
        yield _named(f"SQL table {table}"), connection.execute(f"SELECT * FROM main.{quoted}").fetchall()
