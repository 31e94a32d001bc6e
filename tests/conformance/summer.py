"""Summer time begins or ends around the copy of a run: what must be true of any array.

Every clock in the machine room goes `seconds` ahead; the simulators show what was stamped before in the new
time (docs/platform-facts.md#local-times).
"""

from __future__ import annotations

from bench import NEXT, RUN, Bench


def later(bench: Bench, seconds: float) -> None:
    """Let time go by."""
    bench.world.scheduler.run(until=bench.world.now + seconds)


def after_the_copy(bench: Bench, seconds: float) -> None:
    """The copy is still the run's own, its undo leaves it, and the next run takes another."""
    bench.flash()
    later(bench, 7200.0)
    bench.world.set_summer(seconds)
    held, changed = bench.images(), len(bench.changes())
    assert bench("holds").word == "HELD", bench("holds")
    assert bench.until("abort").status == 0
    assert (bench.images(), len(bench.changes())) == (held, changed)
    later(bench, 79200.0)
    bench.run = NEXT
    bench.flash()
    assert bench.has_new_copy(held)
    assert NEXT[:8] in bench("holds").text


def after_the_prepare(bench: Bench, seconds: float) -> None:
    """What is flashed then is the run's own copy."""
    before = bench.images()
    bench.ready()
    bench.world.set_summer(seconds)
    assert bench.until("prepare").word == "PREPARED"
    assert bench("trigger").word == "FIRED"
    assert bench("prove").word == "PROVEN"
    if bench.disks.phrase.presents:
        assert bench.until("present").word == "PRESENT"
    assert bench.has_new_copy(before)
    assert bench("holds").word == "HELD"


def after_the_flash(bench: Bench, seconds: float) -> None:
    """The copy is proven in one zone, presented and held in another."""
    bench.ready()
    assert bench("trigger").word == "FIRED"
    bench.world.set_summer(seconds)
    assert bench("prove").word == "PROVEN"
    bench.world.set_summer(0.0)
    if bench.disks.phrase.presents:
        assert bench.until("present").word == "PRESENT"
    assert bench("holds").word == "HELD"


def without_a_trigger(bench: Bench, seconds: float, later_s: float = 1800.0) -> None:
    """What is there is no new copy by being shown at another time, on the first night or later; an undo
    leaves it.
    """
    bench.ready()
    bench.world.set_summer(seconds)
    assert bench("prove").status not in (0, 30)
    assert bench.until("abort").status == 0
    assert bench.flashes() == 0
    bench.world.set_summer(0.0)
    for run, wait_s in ((RUN, later_s), (NEXT, 79200.0)):
        bench.run = run
        bench.flash()
        later(bench, wait_s)
        bench.run = run[:-1] + "5"
        bench.ready()
        held, word = bench.images(), bench("status").word
        bench.world.set_summer(seconds)
        assert bench("prove").status not in (0, 30)
        assert bench.until("abort").status == 0
        assert bench.images() == held
        if word == "ACTIVE":
            assert bench("holds").word == "HELD"
        bench.world.set_summer(0.0)
