"""What happened in a world, in order: the record that invariant checkers read.

It holds facts (a flash was taken, a job ended), never what the product says about them.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One fact.  `time` is epoch seconds of the world's clock, `system` the partition, console or array."""

    time: float
    kind: str
    system: str
    facts: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.facts[name]

    def get(self, name: str, default: Any = None) -> Any:
        """A fact by its name, or the default."""
        return self.facts.get(name, default)


class EventLog:
    """Appends events with the clock's time; `listeners` are called for each (live views, fault points)."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.events: list[Event] = []
        # Checkers ask for a few kinds, again and again, of histories of a week.
        self._of_kind: dict[str, list[tuple[int, Event]]] = {}
        self.listeners: list[Callable[[Event], None]] = []

    def log(self, kind: str, system: str, **facts: Any) -> Event:
        """Record that this happened now."""
        event = Event(self._clock(), kind, system, facts)
        self._of_kind.setdefault(kind, []).append((len(self.events), event))
        self.events.append(event)
        for listener in tuple(self.listeners):
            listener(event)
        return event

    def of(self, *kinds: str, system: str | None = None) -> Iterator[Event]:
        """The events of these kinds, in order, of one system or of all."""
        found = [self._of_kind[kind] for kind in set(kinds) if kind in self._of_kind]
        for _, event in heapq.merge(*found, key=itemgetter(0)) if len(found) > 1 else chain(*found):
            if system is None or event.system == system:
                yield event

    def latest(self, kind: str, system: str, since: float, until: float) -> Iterator[Event]:
        """The events of a kind and a system between two times (both within), the last one first."""
        found = self._of_kind.get(kind, [])
        # Time never goes back.
        for place in range(bisect_right(found, until, key=lambda one: one[1].time) - 1, -1, -1):
            event = found[place][1]
            if event.time < since:
                return
            if event.system == system:
                yield event

    def forget(self) -> None:
        """Drop all events: a history begins."""
        self.events.clear()
        self._of_kind.clear()

    def lines(self) -> list[str]:
        """One line an event: equal lists mean equal histories."""
        return [
            f"{e.time:.3f} {e.system} {e.kind} "
            + " ".join(f"{name}={value!r}" for name, value in sorted(e.facts.items()))
            for e in self.events
        ]
