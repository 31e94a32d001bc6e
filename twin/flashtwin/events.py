"""What happened in a world, in order: the record that invariant checkers read.

It holds facts (a flash was taken, a job ended), never what the product says about them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from math import inf
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

    def of(
        self, *kinds: str, system: str | None = None, since: float = -inf, until: float = inf
    ) -> Iterator[Event]:
        """The events of these kinds, in order, of one system or of all, between two times (both within)."""
        found = [self._between(kind, since, until) for kind in set(kinds)]
        for _, event in sorted(chain(*found), key=itemgetter(0)) if len(found) != 1 else found[0]:
            if system is None or event.system == system:
                yield event

    def before(self, event: Event, kind: str, within_s: float) -> Iterator[Event]:
        """The events of a kind on the same system that came before one, the last one first.

        What came at the same time counts by its place in the record.
        """
        same = self._between(event.kind, event.time, event.time)
        place = next(number for number, one in same if one is event)
        for number, one in reversed(self._between(kind, event.time - within_s, event.time)):
            if number < place and one.system == event.system:
                yield one

    def _between(self, kind: str, since: float, until: float) -> list[tuple[int, Event]]:
        """The numbered events of a kind between two times.  Time never goes back."""
        found = self._of_kind.get(kind, [])
        first = 0 if since == -inf else bisect_left(found, since, key=_time)
        return found[first : bisect_right(found, until, key=_time)]

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


def _time(numbered: tuple[int, Event]) -> float:
    return numbered[1].time
