"""The clock: order, signals, deadlines, killing, the external gate."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from flashtwin.scheduler import Scheduler, Signal, Wait, join, sleep

Steps = Generator[Wait, Signal | None, Any]


def test_time_moves_only_when_nobody_can_run() -> None:
    clock, seen = Scheduler(100.0), []

    def work(name: str, *waits: float) -> Steps:
        for wait in waits:
            yield from sleep(clock, wait)
            seen.append((name, clock.now))

    clock.spawn("a", work("a", 2, 2))
    clock.spawn("b", work("b", 1, 3))
    clock.run()
    assert seen == [("b", 101.0), ("a", 102.0), ("b", 104.0), ("a", 104.0)]


def test_signal_wakes_waiters_in_their_order_and_deadlines_give_none() -> None:
    clock, signal, seen = Scheduler(), Signal("s"), []

    def waiter(name: str, deadline: float | None) -> Steps:
        fired = yield Wait((signal,), deadline)
        seen.append((name, fired is signal, clock.now))

    for name, deadline in (("first", None), ("second", 10.0), ("third", 2.0)):
        clock.spawn(name, waiter(name, deadline))
    clock.at(5.0, lambda: signal.fire("value"))
    clock.run()
    assert seen == [("third", False, 2.0), ("first", True, 5.0), ("second", True, 5.0)]
    assert signal.value == "value"


def test_kill_closes_the_generator_where_it_waits() -> None:
    clock, seen = Scheduler(), []

    def victim() -> Steps:
        try:
            yield from sleep(clock, 100)
            seen.append("ran on")
        finally:
            seen.append("closed")

    task = clock.spawn("victim", victim())

    def watcher() -> Steps:
        yield from join(task)
        seen.append(clock.now)

    clock.spawn("watcher", watcher())
    clock.at(7.0, task.kill)
    clock.run()
    assert seen == ["closed", 7.0]


def test_a_task_that_kills_itself_ends_at_its_next_wait() -> None:
    clock, seen = Scheduler(), []

    def work() -> Steps:
        task.kill()
        seen.append("same step")
        yield from sleep(clock, 1)
        seen.append("never")

    task = clock.spawn("work", work())
    clock.run()
    assert seen == ["same step"]
    assert task.ended


def test_an_error_of_a_task_is_not_lost() -> None:
    clock = Scheduler()

    def broken() -> Steps:
        yield from sleep(clock, 1)
        raise ValueError("broken")

    clock.spawn("broken", broken())
    with pytest.raises(ValueError, match="broken"):
        clock.run()


def test_until_and_stop() -> None:
    clock, seen = Scheduler(), []

    def work() -> Steps:
        while True:
            yield from sleep(clock, 10)
            seen.append(clock.now)

    clock.spawn("work", work())
    clock.run(until=25.0)
    assert (seen, clock.now) == ([10.0, 20.0], 25.0)
    clock.run(stop=lambda: len(seen) == 5)
    assert clock.now == 50.0


def test_a_cancelled_timer_does_nothing() -> None:
    clock, seen = Scheduler(), []
    timer = clock.at(5.0, lambda: seen.append("no"))
    clock.at(6.0, lambda: seen.append("yes"))
    timer.cancel()
    clock.run()
    assert seen == ["yes"]


def test_the_gate_settles_before_time_moves() -> None:
    clock, seen = Scheduler(), []
    signal = Signal("answer")

    class Gate:
        def settle(self) -> None:
            seen.append(clock.now)
            if len(seen) == 1:
                signal.fire()

    def work() -> Steps:
        yield Wait((signal,), 100.0)
        seen.append(-1.0)

    clock.external = Gate()
    clock.spawn("work", work())
    clock.run()
    assert seen[:2] == [0.0, -1.0]


def test_a_task_that_never_waits_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flashtwin.scheduler.STEPS_AT_ONE_INSTANT", 100)
    clock = Scheduler()

    def spin() -> Steps:
        while True:
            yield Wait((), clock.now)

    clock.spawn("spin", spin())
    with pytest.raises(RuntimeError, match="without ever waiting"):
        clock.run(until=1.0)
