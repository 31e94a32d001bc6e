"""The record of a world: what checkers are given of it."""

from __future__ import annotations

from flashtwin.events import EventLog


def test_events_of_kinds_stand_in_their_order_and_between_two_times() -> None:
    now = [0.0]
    log = EventLog(lambda: now[0])
    for time, kind, system in (
        (1, "a", "P"),
        (1, "b", "P"),
        (2, "a", "C"),
        (3, "b", "P"),
        (3, "a", "P"),
        (4, "c", "P"),
    ):
        now[0] = float(time)
        log.log(kind, system)

    def shown(*kinds: str, **limits: float) -> list[tuple[float, str]]:
        return [(event.time, event.kind) for event in log.of(*kinds, system="P", **limits)]

    assert shown("b", "a") == [(1, "a"), (1, "b"), (3, "b"), (3, "a")]
    assert shown("a", "b", "c", since=3, until=4) == [(3, "b"), (3, "a"), (4, "c")]
    assert shown("a", until=2.5) == [(1, "a")]
    assert shown("nothing") == shown() == []
    assert [event.time for event in log.of("a")] == [1, 2, 3]
    log.forget()
    assert shown("a") == []


def test_what_came_before_an_event_counts_by_its_place_in_the_record() -> None:
    now = [0.0]
    log = EventLog(lambda: now[0])
    for time, kind, system, name in (
        (1, "a", "P", "long ago"),
        (5, "a", "P", "first"),
        (5, "a", "C", "elsewhere"),
        (5, "a", "P", "cause"),
        (5, "b", "P", "effect"),
        (5, "a", "P", "told afterwards"),
    ):
        now[0] = float(time)
        log.log(kind, system, name=name)
    (effect,) = log.of("b")
    assert [event["name"] for event in log.before(effect, "a", 4)] == ["cause", "first", "long ago"]
    assert [event["name"] for event in log.before(effect, "a", 3)] == ["cause", "first"]
