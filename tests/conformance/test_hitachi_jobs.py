"""Hitachi VSP: a change is a job, and what tells of it may be gone before it ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flashrt import status
from flashtwin.sims.http import HttpOutcome, json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.site import Site

from bench import Bench, Make

JOB = r"^GET .*/jobs/[0-9]+"


def slow(site: Site) -> Site:
    """An array whose jobs last for longer than a reply waits for them."""
    return replace(site, arrays=tuple(replace(one, answer=17.0) for one in site.arrays))


@pytest.fixture
def bench(make: Make) -> Bench:
    made = make("nightly_hitachi.flash", site=slow)
    made.changing = (r"^POST .*/actions/",)
    return made


def test_a_job_that_lasts_is_looked_at(bench: Bench) -> None:
    assert bench("release").status == 0
    assert bench.until("prepare").word == "PREPARED"
    assert len(bench.changes()) == 1
    assert any("/jobs/" in one.request for one in bench.asked())


@pytest.mark.parametrize(
    "reply",
    [
        json_outcome({"messageId": "KART30013-E", "message": "The specified object does not exist."}, 404),
        HttpOutcome(500, "<html>Internal Server Error</html>", headers={"Content-Type": "text/html"}),
        json_outcome({"messageId": "KART00003-E", "message": "The REST API server is busy."}, 503),
        HttpOutcome(200, ""),
        json_outcome([]),
    ],
    ids=["other controller", "restarting", "busy", "blank", "no job"],
)
def test_a_job_that_nothing_tells_of_is_seen_in_the_pairs(reply: Outcome, bench: Bench) -> None:
    """The controllers' servers do not know each other's jobs, and a server may restart."""
    bench.answer(JOB, reply, times=99)
    assert bench("release").status == 0
    said = bench("prepare")
    assert said.status in (0, status.PENDING, status.UNKNOWN), said
    assert bench.until("prepare").word == "PREPARED"
    assert len(bench.changes()) == 1


@pytest.mark.parametrize("reply", [HttpOutcome(200, ""), HttpOutcome(202, "<html>"), json_outcome([], 202)])
def test_a_change_that_is_answered_with_nothing_is_seen_in_the_pairs(
    reply: HttpOutcome, bench: Bench
) -> None:
    bench.fault(r"^POST .*/actions/resync/", status=reply.status, out=reply.out, effect=None)
    assert bench("release").status == 0
    said = bench("prepare")
    assert said.status in (0, status.PENDING, status.UNKNOWN), said
    assert bench.until("prepare").word == "PREPARED"
    assert len(bench.changes()) == 1
