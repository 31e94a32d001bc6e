"""Completion: what the grammar accepts at a place, and the names that are defined for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from flashc.check.families import offered
from flashc.check.rules import RULES
from flashc.check.site import RELEASES
from flashc.lsp.document import Document
from flashc.lsp.names import Name, names
from flashc.lsp.pages import page
from flashc.syntax.place import Expected, expected_at
from flashc.syntax.words import block_name
from flashc.syntax.words import expected as in_words

_WORD_PART = re.compile(r'[^\s"{},/#]*\Z')

_NAMED: dict[tuple[str, str], str] = {
    ("clone", "OF"): "system",
    ("environment", "ON"): "clone",
    ("partition", "THROUGH"): "console",
    ("disks", "ON"): "array",
    ("require", "ON"): "array",
    ("standby", "STANDBY"): "console",
}
"""Behind which keyword of which statement the name of which kind of definition stands."""

_VALUES: dict[str, tuple[str, ...]] = {
    "LIMIT": ("30s", "60s", "5m", "10m", "90m", "8h"),
    "TIME": ("20:35",),
    "PERCENT": ("15%",),
    "VERSION": RELEASES,
}
_SPECIALS = {
    "set": ("*NONE",),
    "end": ("*FTP", "*HTTP", "*SMTP", "*TELNET"),
    "never": ("*FTP", "*HTTP", "*SMTP", "*TELNET"),
}
"""By the first word of the statement."""
_FAMILIES = {kind: offered(kind) for kind in ("console", "array")}


@dataclass(frozen=True, slots=True)
class Completion:
    """A word that can stand at the place; `documentation` is Markdown, `detail` one line."""

    label: str
    kind: Literal["keyword", "name", "value"]
    detail: str
    documentation: str


@dataclass(frozen=True, slots=True)
class Completions:
    """What can stand at a place, and the column where the word that it replaces begins."""

    start_column: int
    items: tuple[Completion, ...]


def completions(document: Document, line: int, column: int) -> Completions:
    """What can stand at a place; nothing in texts and comments."""
    lines = document.lines
    before = lines[line - 1][: column - 1] if line <= len(lines) else ""
    part = _WORD_PART.search(before)
    start = part.start() if part else len(before)
    for word in document.words:
        inside = (word.line, word.column) < (line, column) <= (word.end_line, word.end_column)
        closed = word.type == "STRING" and (word.end_line, word.end_column) == (line, column)
        if inside and word.type in ("STRING", "UNCLOSED", "COMMENT") and not closed:
            return Completions(column, ())
    place = expected_at("\n".join([*lines[: line - 1], before[:start]]))
    fresh = not before[:start].strip()
    terminals = place.starters if fresh and place.starters else place.terminals
    items = [*_names(document, place, terminals), *_values(place, terminals), *_keywords(place, terminals)]
    return Completions(start + 1, tuple(items))


def _first(place: Expected) -> str:
    return str(place.statement[0]) if place.statement else ""


def _previous(place: Expected) -> str:
    return place.statement[-1].type if place.statement else ""


def _names(document: Document, place: Expected, terminals: frozenset[str]) -> list[Completion]:
    """The definitions that may be named here."""
    if "NAME" not in terminals:
        return []
    if _first(place) == "set":
        return [Completion("QINACTITV", "value", "system value", RULES["FL3061"].why)]
    kind = _NAMED.get((_first(place), _previous(place)))
    if kind is None:
        return []
    return [
        Completion(n.text, "name", kind, f"```flash\n{_line(document, n)}\n```")
        for n in names(document)
        if n.defines and n.kind == kind
    ]


def _line(document: Document, name: Name) -> str:
    return document.lines_of(name.span.file)[name.span.line - 1].strip()


def _values(place: Expected, terminals: frozenset[str]) -> list[Completion]:
    choices = [(t, value) for t, values in _VALUES.items() if t in terminals for value in values]
    if "SPECIAL" in terminals:
        choices += [("SPECIAL", value) for value in _SPECIALS.get(_first(place), ())]
    if "WORD" in terminals:
        choices += [("WORD", family) for family in _FAMILIES.get(_first(place), ())]
    first = place.statement[0].type if place.statement else ""
    return [Completion(v, "value", in_words({t}, {}, first, _previous(place)), "") for t, v in choices]


def _keywords(place: Expected, terminals: frozenset[str]) -> list[Completion]:
    """The words of the language, each with the page of the statement that it begins or belongs to."""
    block = block_name(place.block)
    written = [str(t) for t in place.statement]
    found = []
    for terminal in sorted(terminals & place.keywords.keys()):
        word = place.keywords[terminal]
        if not word.isidentifier():
            continue
        starts = terminal in place.starters or not place.statement
        about = page(block, [word] if starts else [*written, word])
        found.append(Completion(word, "keyword", f"in {block}" if starts else "", about or ""))
    return found
