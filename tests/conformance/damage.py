"""Answers of a device with one accident in them: what a proxy, a new release or a bad line makes of them."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from collections.abc import Iterator
from typing import Any

from flashtwin.sims.http import HttpOutcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request

from bench import Bench, Said

VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 10**40, 1.5, float("nan"), "", "x", "\0", "9" * 400, "2026-13-45T99:99:99Z",
    [], {}, [None], ["x"], {"a": 1},
)  # fmt: skip
"""What stands where another value is expected."""

PIECES = ("\0", '"', ",", "!", "=", ":", "\n", " ", "-", "9" * 30, "<", "é", "[", "{")
"""What stands where nothing was."""

EXITS = (1, 2, 12, 127, 255)
REPLIES = (200, 202, 301, 401, 404, 429, 500, 599)
DEEP = 3
"""Of a list so many elements are damaged."""


class Damager:
    """Calls the sidecar on a bench and damages one answer of the bench's device."""

    def __init__(self, bench: Bench, chance: random.Random) -> None:
        self._bench = bench
        self._chance = chance
        self._strike = -1
        self._asked = 0
        self._what = ""
        bench.gate.alter.append(self._alter)

    def requests(self, *words: str) -> int:
        """How many requests a call makes; none of its answers is damaged."""
        self.call(-1, *words)
        return self._asked

    def call(self, strike: int, *words: str) -> Said:
        """A call of which the answer to request `strike` (from 0) is damaged: it ends as foreseen."""
        self._strike, self._asked, self._what = strike, 0, ""
        said = self._bench.sidecar(*words)
        assert said.word != "INTERNAL", (words, self._what, said)
        assert "Traceback" not in said.out, (words, self._what, said)
        return said

    def _alter(self, request: Request, outcome: Outcome) -> Outcome:
        if request.connection.server.name != self._bench.device:
            return outcome
        self._asked += 1
        if self._asked - 1 != self._strike:
            return outcome
        made = damaged(outcome, self._chance)
        self._what = f"{request.command[:80]} -> {made.status} {made.out[:300]!r}"
        return made


def damaged(outcome: Outcome, chance: random.Random) -> Outcome:
    """The same answer with one accident: a value, a name, a line, a few characters, or its status."""
    if chance.random() < 0.05:
        return dataclasses.replace(
            outcome, status=chance.choice(REPLIES if isinstance(outcome, HttpOutcome) else EXITS)
        )
    document = _document(outcome.out)
    if document is not None and chance.random() < 0.85:
        return dataclasses.replace(outcome, out=json.dumps(_other(document, chance)))
    return dataclasses.replace(outcome, out=_garbled(outcome.out, chance))


def _document(text: str) -> Any:
    if not re.match(r"\s*[\[{]", text):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _places(document: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    if isinstance(document, dict):
        for key, value in document.items():
            yield from _places(value, (*place, key))
    elif isinstance(document, list):
        for number, value in enumerate(document[:DEEP]):
            yield from _places(value, (*place, number))


def _other(document: Any, chance: random.Random) -> Any:
    place = chance.choice(list(_places(document)))
    if not place:
        return chance.choice(VALUES)
    holder = document
    for key in place[:-1]:
        holder = holder[key]
    value, way = holder[place[-1]], chance.random()
    if way < 0.25:
        del holder[place[-1]]
    elif way < 0.35 and isinstance(holder, list):
        holder.append(value)
    elif way < 0.5 and isinstance(value, str):
        holder[place[-1]] = chance.choice((value[:-1], f"{value}x"))
    else:
        holder[place[-1]] = chance.choice(VALUES)
    return document


def _garbled(text: str, chance: random.Random) -> str:
    if not text:
        return chance.choice(PIECES)
    start, way = chance.randrange(len(text)), chance.random()
    end = start + chance.choice((1, 1, 2, 5, 20))
    if way < 0.3:
        return text[:start] + text[end:]
    if way < 0.5:
        return text[:start] + chance.choice(PIECES) + text[end:]
    if way < 0.6:
        return text[:start]
    lines = text.splitlines(keepends=True)
    number = chance.randrange(len(lines))
    if way < 0.75:
        return "".join(lines[:number] + lines[number + 1 :])
    if way < 0.9:
        return "".join(lines[: number + 1] + lines[number:])
    return "".join(chance.sample(lines, len(lines)))
