"""One suite for every array driver that is offered: what a run may count on, whatever the array.

Each case plays in a world of its own.  What came of it is data (`matrix.json`), compared at the end and shown
in docs/arrays.md; --force-regen writes it anew.
"""

from __future__ import annotations

import dataclasses
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import summer
from adapters import ADAPTERS, Adapter
from damage import Damager
from flashrt import status
from flashtwin.site import Site

from bench import NEXT, Bench, Make

MATRIX = Path(__file__).with_name("matrix.json")
Play = Callable[[Adapter, Make], None]
RESULTS: dict[str, dict[str, str]] = {}
CASES: dict[str, Play] = {}
UNDECIDED = (status.TIMEOUT, status.UNKNOWN, status.UNREACHABLE, status.SYSTEM, status.REFUSED)
ACCIDENTS = 4
"""So many requests of a call have their answer damaged."""

VERBS = ("release", "prepare", "trigger", "prove", "abort")
HOSTILE = (
    "A;B",
    "$(reboot)",
    "`id`",
    "-force",
    "A B",
    "a'b",
    'a"b',
    "../../x",
    "a\nb",
    "A&B",
    "ü",
    "A" * 300,
    "",
)


def case(name: str) -> Callable[[Play], Play]:
    """Enter a case under the name that the matrix shows."""

    def enter(play: Play) -> Play:
        CASES[name] = play
        return play

    return enter


def bench_of(adapter: Adapter, make: Make, **changes: Any) -> Bench:
    """A bench of the family, its site as the adapter wants it."""
    bench = make(adapter.example, site=changes.pop("site", adapter.site), spec=adapter.SPEC, **changes)
    bench.changing = tuple(adapter.CHANGES.values())
    return bench


# ---- the life of a copy ----------------------------------------------------------------------------------


@case("life cycle")
def life_cycle(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    assert bench("probe").status == 0
    assert bench("check").word == "OK", bench("check").text
    assert bench("usage").status == 0
    for run in (bench.run, NEXT):
        bench.run = run
        before = bench.images()
        bench.flash()
        assert bench.has_new_copy(before)
        assert bench("status").word == "ACTIVE"
        assert bench("holds").word == "HELD"
        assert run[:8] in bench("holds").text
    assert bench.flashes() == 2


@case("armed for a test")
def armed(adapter: Adapter, make: Make) -> None:
    """The trigger's channels open, answer, and tell a good answer from a refusal; nothing is sent on them."""
    bench = bench_of(adapter, make)
    said = bench.sidecar("arm", "--deadline", "30", "--test")
    assert said.word in ("ENDED", "") or said.status == 0, said
    assert bench.flashes() == 0
    assert not [text for text in bench.changes() if re.search(adapter.CHANGES["trigger"], text)]


@case("prepared by nobody")
def prepared_by_nobody(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    for verb in ("trigger", "prove"):
        assert bench(verb).status != 0, verb
    bench.ready()
    bench.run = NEXT
    assert bench("trigger").status != 0
    assert bench("prove").status != 0
    assert bench.flashes() == 0


@case("no trigger, no proof")
def no_trigger(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    bench.ready()
    assert bench("prove").status not in (0, 30)


@case("abort before the flash")
def abort_before(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    bench.ready()
    assert bench.until("abort").status == 0
    changed = len(bench.changes())
    assert bench.until("abort").status == 0
    assert len(bench.changes()) == changed
    assert bench.flashes() == 0
    assert bench("trigger").status != 0


@case("abort without a proof")
def abort_unproven(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    bench.ready()
    assert bench("trigger").word == "FIRED"
    assert bench.until("abort").status == 0
    assert bench("prove").status not in (0, 30)
    bench.run = NEXT
    bench.flash()


@case("a proven copy is left")
def proven_is_left(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    bench.flash()
    held = bench.images()
    changed = len(bench.changes())
    assert bench.until("abort").status == 0
    assert (bench.images(), len(bench.changes())) == (held, changed)
    bench.run = NEXT
    assert bench.until("abort").status == 0
    assert (bench.images(), len(bench.changes())) == (held, changed)


@case("presented twice")
def presented_twice(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    bench.flash()
    held = bench.images()
    assert bench.until("present").word == "PRESENT"
    assert bench.images() == held


@case("prepared twice")
def prepared_twice(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    bench.ready()
    changed = len(bench.changes())
    assert bench.until("prepare").word == "PREPARED"
    assert len(bench.changes()) == changed
    assert bench("trigger").word == "FIRED"


# ---- local time ------------------------------------------------------------------------------------------


def _summer(play_one: Callable[[Bench, float], None]) -> Play:
    def play(adapter: Adapter, make: Make) -> None:
        """All clocks of the machine room go an hour ahead, or back; UTC goes on."""
        for seconds in (3600.0, -3600.0):
            play_one(bench_of(adapter, make), seconds)

    return play


CASES["summer time after the copy"] = _summer(summer.after_the_copy)
CASES["summer time after the prepare"] = _summer(summer.after_the_prepare)
CASES["summer time after the flash"] = _summer(summer.after_the_flash)
CASES["summer time, no trigger"] = _summer(summer.without_a_trigger)


# ---- states ----------------------------------------------------------------------------------------------


def _in_state(word: str) -> Play:
    def play(adapter: Adapter, make: Make) -> None:
        """Told by its word, and no verb changes anything or says that all is well."""
        for verb in ("release", "prepare", "trigger", "prove"):
            bench = bench_of(adapter, make)
            adapter.STATES[word](bench)
            assert bench("status").word == word
            changed = bench.changes()
            said = bench(verb)
            if verb == "release" and word in adapter.TORN:
                # what is left of a broken copy may be given up: then nothing is left of it
                assert said.status in (0, 30), said
                assert bench.until("release").status == 0
                assert bench("status").word == "FREE"
                continue
            assert said.status not in (0, 30), (verb, said)
            assert bench.changes() == changed, verb
        assert bench("check").status != 0

    return play


for state in ("FOREIGN", "MIXED", "UNKNOWN", "EMPTY", "FAILED", "SPACE"):
    CASES[f"state {state}"] = _in_state(state)


@case("state of somebody else's run")
def others_run(adapter: Adapter, make: Make) -> None:
    """A group that is being prepared, or is, by another: nothing is done with it."""
    for word in ("PREPARING", "PREPARED"):
        if word not in adapter.STATES:
            continue
        for verb in VERBS:
            bench = bench_of(adapter, make)
            adapter.STATES[word](bench)
            said = bench(verb)
            assert said.status != 0 or verb == "abort", (word, verb, said)
            assert bench.changes() == [], (word, verb)


# ---- answers ---------------------------------------------------------------------------------------------


@case("refusals")
def refusals(adapter: Adapter, make: Make) -> None:
    """Whatever the array says when it refuses: an error, no copy, no second request."""
    for name, reply in adapter.REFUSALS.items():
        bench = bench_of(adapter, make)
        met = bench.answer(adapter.READS, reply, times=99)
        said = bench("status")
        assert said.status not in (0, 30), (name, said)
        assert met, name
        bench = bench_of(adapter, make)
        bench.ready()
        met = bench.answer(adapter.CHANGES["trigger"], reply)
        said = bench("trigger")
        assert said.status not in (0, 30), (name, said)
        assert (len(met), bench.flashes()) == (1, 0), name
        assert bench("prove").status not in (0, 30), name


@case("answers that mean nothing")
def garbage(adapter: Adapter, make: Make) -> None:
    for number, reply in enumerate(adapter.GARBAGE):
        bench = bench_of(adapter, make)
        assert bench.answer(adapter.READS, reply, times=99) == []
        for verb in ("status", "release", "prepare"):
            said = bench(verb)
            assert said.status not in (0, 30), (number, verb, said)
            assert "Traceback" not in said.text
            assert said.word != "INTERNAL", (number, said)
        assert bench.changes() == []


@case("answers with an accident")
def damaged_answers(adapter: Adapter, make: Make) -> None:
    """Every call ends with a word or an error that was foreseen; what is proven has been taken."""
    chance = random.Random(adapter.name)
    bench = bench_of(adapter, make)
    bench.ready()
    assert bench("trigger").word == "FIRED"
    damager = Damager(bench, chance)
    for verb in ("probe", "check", "usage", "status", "holds", "prove"):
        words = ("array", "ALL", verb)
        requests = range(damager.requests(*words))
        for strike in chance.sample(requests, min(len(requests), ACCIDENTS)):
            damager.call(strike, *words)
    for verb in ("release", "prepare", "trigger"):
        for strike in range(ACCIDENTS):
            bench = bench_of(adapter, make)
            if verb == "trigger":
                bench.ready()
            damager = Damager(bench, chance)
            damager.call(strike, "array", "ALL", verb)
            if damager.call(-1, "array", "ALL", "prove").word == "PROVEN":
                assert bench.flashes() == 1


def _lost(verb: str, when: str) -> Play:
    def play(adapter: Adapter, make: Make) -> None:
        """The connection ends before or after the effect: the state decides, and nothing is done twice."""
        bench = bench_of(adapter, make)
        _up_to(bench, verb)
        before = bench.images()
        met = bench.fault(adapter.CHANGES[verb], lost=when)
        said = bench(verb)
        assert len(met) == 1
        if verb == "trigger":
            assert (said.status, said.word) == (status.UNKNOWN, "UNKNOWN"), said
            assert bench.flashes() == (1 if when == "after" else 0)
            assert bench("prove").status == 0 if when == "after" else bench("prove").status not in (0, 30)
            assert bench.until("abort").status == 0
            return
        if when == "before":
            assert said.status in UNDECIDED, said
        said = bench.until(verb)
        assert said.status == 0, said
        if verb == "present":
            assert bench.has_new_copy(before)

    return play


def _up_to(bench: Bench, verb: str) -> None:
    """What a run does before this verb."""
    if verb == "release":
        return
    assert bench.until("release").status == 0
    if verb == "prepare":
        return
    assert bench.until("prepare").word == "PREPARED"
    if verb == "present":
        assert bench("trigger").word == "FIRED"
        assert bench("prove").word == "PROVEN"


for _verb in ("release", "prepare", "trigger", "present"):
    for _when in ("before", "after"):
        CASES[f"{_verb} lost {_when}"] = _lost(_verb, _when)


@case("no answer")
def no_answer(adapter: Adapter, make: Make) -> None:
    """A request that hangs ends at its limit; the trigger within its own."""
    bench = bench_of(adapter, make)
    assert bench.fault(adapter.READS, hang=True) == []
    began = bench.world.now
    said = bench("status")
    assert said.status in (status.TIMEOUT, status.UNREACHABLE), said
    assert bench.world.now - began < 120
    bench.ready()
    bench.fault(adapter.CHANGES["trigger"], hang=True)
    began = bench.world.now
    said = bench("trigger")
    assert said.status in (status.TIMEOUT, status.UNKNOWN), said
    assert bench.world.now - began < 60


@case("slow")
def slow(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    bench.fault(adapter.READS, times=99, duration_s=6.0)
    bench.flash()


@case("token expired")
def token_expired(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    met = adapter.expire(bench)
    assert bench("status").status == 0
    assert met


@case("beyond a limit of the array")
def busy(adapter: Adapter, make: Make) -> None:
    """Too many requests or sessions: an error or a later answer, never a wrong one."""
    bench = bench_of(adapter, make)
    word = bench("status").word
    met = adapter.busy(bench)
    said = bench("status")
    assert met
    assert said.word == word if said.status == 0 else said.status in UNDECIDED, said
    assert bench("status").word == word
    bench.flash()


# ---- who answers -----------------------------------------------------------------------------------------


@case("not reachable")
def not_reachable(adapter: Adapter, make: Make) -> None:
    def down(site: Site) -> Site:
        own = adapter.site(site)
        return dataclasses.replace(
            own, arrays=tuple(dataclasses.replace(a, reach="down") for a in own.arrays)
        )

    bench = bench_of(adapter, make, site=down)
    for verb in VERBS:
        assert bench(verb).status == status.UNREACHABLE, verb
    assert [one for one in bench.asked() if not re.search(adapter.OPENS, one.request)] == []


@case("another host key or certificate")
def changed_key(adapter: Adapter, make: Make) -> None:
    def changed(site: Site) -> Site:
        own = adapter.site(site)
        arrays = tuple(dataclasses.replace(a, host_key="changed") for a in own.arrays)
        return dataclasses.replace(own, arrays=arrays)

    bench = bench_of(adapter, make, site=changed)
    for verb in VERBS:
        assert bench(verb).status == status.HOSTKEY, verb
    assert bench.changes() == []


@case("not let in")
def not_let_in(adapter: Adapter, make: Make) -> None:
    def locked(site: Site) -> Site:
        own = adapter.site(site)
        arrays = tuple(
            dataclasses.replace(a, users=tuple(dataclasses.replace(u, expired=True) for u in a.users))
            for a in own.arrays
        )
        return dataclasses.replace(own, arrays=arrays)

    bench = bench_of(adapter, make, site=locked)
    for verb in VERBS:
        assert bench(verb).status == status.AUTH, verb
    assert bench.changes() == []


# ---- what the group is made of ---------------------------------------------------------------------------


@case("names that are nearly alike")
def names_alike(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    adapter.twin_of(bench)
    before = bench.images()
    bench.flash()
    assert bench.has_new_copy(before)


@case("a volume that is not in the group")
def missing_volume(adapter: Adapter, make: Make) -> None:
    """The source sees one volume more than is copied."""
    bench = bench_of(adapter, make)
    sources = [source for source, _ in bench.array.members(bench.group)]
    own = next(host for host in adapter.stock(bench)[2] if sources[0] in host.volumes)
    own.volumes.append(adapter.spare(bench, sources[0]))
    said = bench("check")
    assert said.status == status.MISMATCH, said


@case("a target that is mapped elsewhere")
def mapped_elsewhere(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    pairs = bench.array.members(bench.group)
    own = next(host for host in adapter.stock(bench)[2] if pairs[0][0] in host.volumes)
    own.volumes.append(pairs[0][1])
    said = bench("check")
    assert said.status == status.MISMATCH, said


@case("a target that is not mapped")
def not_mapped(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    target = bench.array.members(bench.group)[0][1]
    for host in adapter.stock(bench)[2]:
        if target in host.volumes:
            host.volumes.remove(target)
    said = bench("check")
    assert said.status == status.MISMATCH, said


@case("pool full")
def pool_full(adapter: Adapter, make: Make) -> None:
    bench = bench_of(adapter, make)
    for pool in adapter.stock(bench)[0]:
        pool.other_used = pool.capacity
    said = bench("usage")
    assert (said.status, said.word) == (status.SPACE, "SPACE"), said


@case("hostile names")
def hostile_names(adapter: Adapter, make: Make) -> None:
    """A name in the configuration that a shell or a path would read its own way ends before any request."""
    for name in HOSTILE:

        def poison(conf: dict[str, Any], name: str = name) -> None:
            for disks in (disks for clone in conf["clones"].values() for disks in clone["disks"]):
                if "copies" not in disks:
                    disks["groups"] = [name]
                for copy in disks.get("copies", {}).values():
                    copy["parts"] = dict.fromkeys(copy["parts"], name)
                    if "pairs" in copy:
                        copy["pairs"][0][0] = name

        bench = bench_of(adapter, make, conf=poison)
        for verb in ("status", "release", "trigger"):
            assert bench(verb).status == status.CONFIG, (name, verb)
        assert bench.asked() == [], name


@case("nothing that destroys")
def nothing_destroys(adapter: Adapter, make: Make) -> None:
    """In a whole cycle with its undo, no request says more than it must."""
    bench = bench_of(adapter, make)
    bench.flash()
    bench.run = NEXT
    bench.ready()
    bench.until("abort")
    for exchange in bench.asked():
        assert not re.search(adapter.NEVER, exchange.request), exchange.request


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda one: one.name.replace(" ", "-"))
@pytest.mark.parametrize("name", CASES)
def test_case(adapter: Adapter, name: str, make: Make) -> None:
    row = RESULTS.setdefault(adapter.name, {})
    if name in adapter.NOT:
        row[name] = f"not: {adapter.NOT[name]}"
        return
    row[name] = "fails"
    CASES[name](adapter, make)
    row[name] = "passes"


def test_the_matrix_is_the_accepted_one(request: pytest.FixtureRequest) -> None:
    """What was played is what docs/arrays.md shows.  --force-regen writes it, when all cases were played."""
    accepted = json.loads(MATRIX.read_text("utf-8"))
    every = {one.name: set(CASES) for one in ADAPTERS}
    played = {family: set(row) for family, row in RESULTS.items()}
    if request.config.getoption("force_regen") and played == every:
        MATRIX.write_text(json.dumps(RESULTS, indent=1, ensure_ascii=False) + "\n", "utf-8")
        return
    assert {family: set(row) for family, row in accepted.items()} == every, "run with --force-regen"
    for family, row in RESULTS.items():
        for name, result in row.items():
            assert accepted[family][name] == result, (family, name)
