"""Fault campaigns: every kind strikes, what breaks is found and shrinks, what is sound survives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flashc.bundle import build
from flashc.check import load
from flashc.cli.campaign.at_request import GARBAGE, strike_request
from flashc.cli.campaign.campaign import Tally, campaign, fewest
from flashc.cli.campaign.choose import Choice, Night, chosen_nights, faults_of, part_of
from flashc.cli.campaign.deployed import Deployed, deployed
from flashc.cli.campaign.kinds import KINDS, Fault, faults_at
from flashc.cli.campaign.points import Place, Point, chosen
from flashc.cli.campaign.scene import Scene
from flashc.cli.stage import StageError
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from flashtwin.site_load import load_site

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def passed(what: str, times: int, side: Any = "source", job: str = "FLDDAILY") -> list[Point]:
    return [Point(Place(side, what), n, "O50", job, what.rpartition(":")[2]) for n in range(1, times + 1)]


def test_the_first_the_second_and_the_last_passage_are_points() -> None:
    points = chosen(
        [*passed("FLDDAILY:10:CALL", 1), *passed("FLDDAILY:20:CALL", 2), *passed("FLDDAILY:30:CALL", 9)]
    )
    assert [str(point).partition(":")[2] for point in points] == [
        "FLDDAILY:10:CALL#1",
        "FLDDAILY:20:CALL#1",
        "FLDDAILY:20:CALL#2",
        "FLDDAILY:30:CALL#1",
        "FLDDAILY:30:CALL#2",
        "FLDDAILY:30:CALL#9",
    ]


def test_every_kind_is_somewhere_and_a_sample_has_all_of_them_first() -> None:
    points = [
        *passed("FLDDAILY:10:CALL", 3),
        *passed("FLDDAILY:20:CHGASPACT", 3),
        *passed("FLBDAILY:10:CHGDTAARA", 3, "clone", "FLBDAILY"),
        *passed("FLBDAILY:20:STRBKUBRM", 3, "clone", "FLBDAILY"),
        *passed("FLPASE:10:QSH", 3),
        *passed("FLPASE:10:QSH", 3, "clone", "FLADAILY"),
        *passed("V7000:lsfcmap", 3, "request", "flashrt"),
        *(replace(point, in_session=True) for point in passed("PURE:GET", 3, "request", "flashrt")),
        *passed("SISTPROD_24:C6004053", 3, "boot", "SISTPROD_24"),
    ]
    nights = [("DAILY", faults) for faults in faults_of(points, "FLDDAILY", Choice())]
    assert {fault.kind for _, (fault,) in nights} == set(KINDS)
    for seed in range(3):
        taken = Counter(f.kind for _, (f,) in chosen_nights(nights, Choice(sample=len(KINDS), seed=seed)))
        assert taken == Counter(dict.fromkeys(KINDS, 1))
    assert chosen_nights(nights, Choice(sample=9, seed=1)) != chosen_nights(nights, Choice(sample=9, seed=2))
    assert chosen_nights(nights, Choice(sample=9, seed=1)) == chosen_nights(nights, Choice(sample=9, seed=1))


def test_a_sample_smaller_than_the_kinds_leaves_others_out_with_each_seed_and_takes_from_every_side() -> None:
    points = [
        *(
            Point(Place("source", f"FLDDAILY:{n}:CALL"), 1, f"O{n}", "FLDDAILY", "CALL")
            for n in range(10, 50)
        ),
        *passed("FLBDAILY:20:STRBKUBRM", 3, "clone", "FLBDAILY"),
        *passed("V7000:lsfcmap", 3, "request", "flashrt"),
        *passed("SISTPROD_24:C6004053", 3, "boot", "SISTPROD_24"),
    ]
    nights = [("DAILY", faults) for faults in faults_of(points, "FLDDAILY", Choice())]
    met: set[str] = set()
    for seed in range(120):
        taken = [fault for _, (fault,) in chosen_nights(nights, Choice(sample=8, seed=seed))]
        assert len({fault.kind for fault in taken}) == 8
        assert Counter(fault.point.place.side for fault in taken) == dict.fromkeys(
            ("source", "clone", "request", "boot"), 2
        )
        source = [fault.point.step for fault in taken if fault.point.place.side == "source"]
        assert len(set(source)) == len(source)
        met.update(fault.kind for fault in taken)
    assert met == {fault.kind for _, (fault,) in nights}


def test_the_parts_of_a_campaign_are_all_of_it_and_share_nothing() -> None:
    points = [*passed("FLDDAILY:10:CALL", 3), *passed("V7000:lsfcmap", 3, "request", "flashrt")]
    nights = [("DAILY", faults) for faults in faults_of(points, "FLDDAILY", Choice(pairs=20))]
    parts = [chosen_nights(nights, Choice(part=part_of(f"{k}/7"))) for k in range(1, 8)]
    assert sorted(map(str, (one for part in parts for one in part))) == sorted(map(str, nights))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize("text", ["", "0/3", "4/3", "1", "1/0", "a/b", "1/3/5", "-1/3", "1/99999999999"])
def test_a_part_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a part is K/N"):
        part_of(text)


def test_a_violation_of_two_faults_shrinks_to_the_one_that_shows_it() -> None:
    good, bad = (Fault("refused", point) for point in passed("FLDDAILY:10:CALL", 2))
    shown, of_both = {"broken": [{"invariant": "S1", "detail": "alone"}]}, {"broken": ["both"]}

    def play(fault: Fault) -> dict[str, Any]:
        return shown if fault is bad else {"broken": []}

    assert fewest((good, bad), of_both, play) == ((bad,), shown)
    assert fewest((good, good), of_both, play) == ((good, good), of_both)


@pytest.fixture(scope="module")
def night() -> Iterator[Deployed]:
    with world_of("nightly_brms") as world:
        yield world


@contextmanager
def world_of(example: str) -> Iterator[Deployed]:
    spec, _ = load(str(EXAMPLES / f"{example}.flash"))
    assert spec is not None
    text = (EXAMPLES / f"{example}.site.toml").read_text(encoding="utf-8")
    site = load_site(text.replace('save = "4h50m"', 'save = "50m"'))
    with deployed(spec, build(spec)[0], site) as world:
        yield world


def test_two_undisturbed_nights_have_the_same_points(night: Deployed) -> None:
    points, driver = night.points("DAILY")
    assert (points, driver) == night.points("DAILY")
    assert driver == "FLDDAILY"
    assert {"O17", "O50", "O55", "O86"} <= {point.step for point in points}
    assert {point.place.side for point in points} == {"source", "clone", "request", "boot"}


def test_a_sample_is_survived(night: Deployed) -> None:
    tally = Tally()
    campaign(night, ["DAILY"], Choice(sample=8, seed=7), tally, at_once=1)
    assert tally.violations == []
    assert (tally.injected, tally.survived) == (8, 8)
    assert sum(tally.outcomes.values()) == 8
    assert tally.as_json()["without_point"] == ["session expired"]


FOUND = (
    r"driver killed@source:FLDDAILY:\d+:RUNSQL#1",  # before the run had its row
    r"driver killed@source:FLDDAILY:\d+:ALCOBJ#1",
    r"tables cannot grow@source:FLPASE:\d+:QSH#1",  # the end could not be written, and nobody closed it
    r"carried out late@request:HMC1:LANG=C chsysstate#2",  # the clone came up behind the *ENDPRC
    r"hung to the limit@clone:FLADAILY:\d+:CPYTOSTMF#1",
    r"failed after its effect@source:FLCMD:\d+:ENDDOMSVR#1",  # ended, and taken for one that was down
    r"job killed@clone:FLEXIT:\d+:CALL#2",  # nothing told that the save had ended
    r"machine loses power@clone:FLSEND:\d+:CALL#1",  # who watches on waited for its subsystem
    r"reply lost before the effect@request:HMC1:LANG=C lssyscfg#1",  # one lost answer cost the backup
    r"no answer@request:HMC1:LANG=C chsysstate#2",  # powered on, and taken for not
    r"sidecar killed@request:V7000:lsfcmap -delim !#\d\d",  # the last, the proof, was not asked for again
    r"carried out late@request:V7000:prestartfcconsistgrp SISTPROD_24#1",  # prepared behind its undo
    r"job stands still for ten minutes@clone:FLEXIT:\d+:CHGDTAARA#1",  # the save's end was told late
    r"job stands still for ten minutes@clone:FLEXIT:\d+:SBMJOB#1",  # *ENDBKU was given up meanwhile
)
"""Faults that once showed something that did not hold; the first that fits is played."""


def test_what_campaigns_have_found_is_survived_by_nights_that_share_their_beginning(night: Deployed) -> None:
    points, driver = night.points("DAILY")
    known = [fault for point in points for fault in faults_at(point, driver)]
    wanted = [next(fault for fault in known if re.fullmatch(text, str(fault))) for text in FOUND]
    held_up = next(fault for fault in known if fault.kind == "job stands still for ten minutes")
    never = Fault("refused", Point(Place("source", "FLNONE:1:CALL"), 1, "O50", driver, "CALL"))
    pair: Night = ("DAILY", (wanted[-1], held_up))
    nights: list[Night] = [*(("DAILY", (fault,)) for fault in (*wanted, never)), pair]
    found = dict(night.play(nights, at_once=2))
    assert [found[one]["fired"] for one in nights] == [
        *([str(fault)] for fault in wanted),
        [],
        [str(held_up), str(wanted[-1])],
    ]
    assert [found[one]["broken"] for one in nights] == [[]] * len(nights)
    assert [night.play_one(one) for one in (nights[0], pair)] == [found[nights[0]], found[pair]]


def test_a_save_is_waited_for_when_summer_time_ends(night: Deployed) -> None:
    """Below the time at which the watch began: a limit of hours had passed at once."""
    points, driver = night.points("DAILY")
    known = [fault for point in points for fault in faults_at(point, driver)]
    fault = next(f for f in known if re.fullmatch(r"summer time ends@clone:FLSEND:\d+:CALL#1", str(f)))
    found = night.play_one(("DAILY", (fault,)))
    assert (found["fired"], found["result"], found["broken"]) == ([str(fault)], "completed", [])


def test_a_copy_that_was_never_put_on_its_targets_is_given_up_by_the_next_night() -> None:
    refused = Point(Place("request", "SITE:present SISTPROD_24"), 1, "O63", "FLDDAILY", "present")
    with world_of("nightly_custom") as world:
        found = world.play_one(("DAILY", (Fault("request refused", refused),)))
    assert (found["fired"], found["result"], found["broken"]) == (
        [str(Fault("request refused", refused))],
        "failed",
        [],
    )


def test_a_recovery_that_is_struck_is_survived(night: Deployed) -> None:
    """The driver dies in its window; guards and FLRCVENV, which act then, are struck in their turn."""
    points, driver = night.points("DAILY")
    window = next(point for point in points if (point.job, point.command) == (driver, "CHGASPACT"))
    tally = Tally()
    choice = Choice(sample=6, seed=3, behind=f"driver killed@{window}")
    campaign(night, ["DAILY"], choice, tally, at_once=1)
    assert tally.violations == []
    assert (tally.injected, tally.survived) == (6, 6)


def test_an_unknown_fault_is_named(night: Deployed) -> None:
    with pytest.raises(
        StageError, match=r"no such fault: refused@source:FLNONE:1:CALL#1; did you mean refused@"
    ):
        campaign(night, ["DAILY"], Choice(named=("refused@source:FLNONE:1:CALL#1",)), Tally())


def test_garbage_is_what_comes_back_whatever_the_reply_would_have_been() -> None:
    done: list[str] = []

    def effect() -> Outcome:
        done.append("taken")
        return Outcome(0, "a good answer")

    spoilt = strike_request("garbage", cast(Scene, None), cast(Request, None), Outcome(effect=effect))
    reply = spoilt.effect() if spoilt.effect is not None else None
    assert (done, reply) == (["taken"], Outcome(0, GARBAGE))


def test_what_is_refused_after_its_effect_is_carried_out() -> None:
    done: list[str] = []

    def effect() -> None:
        done.append("taken")

    server = SimpleNamespace(protocol="program", name="")
    request = cast(Request, SimpleNamespace(connection=SimpleNamespace(server=server)))
    kind = "request refused after its effect"
    struck = strike_request(kind, cast(Scene, None), request, Outcome(out="well", effect=effect))
    assert done == []
    reply = struck.effect() if struck.effect is not None else None
    assert (done, reply) == (["taken"], Outcome(1, "REFUSED text=not_possible\n"))
