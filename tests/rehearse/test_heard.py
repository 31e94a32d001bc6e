"""Runs that the schedule starts while somebody else lets the clock go on are followed by their events."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from flashc.check import load
from flashc.cli.playing import Night
from flashc.cli.stage import Stage
from flashtwin.events import EventLog

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOON = dt.datetime(2026, 11, 18, 12, 0, tzinfo=dt.UTC)
DUE = NOON.replace(hour=20, minute=35).timestamp()
RUN = "20261118203500"
SUBMITTED, DRIVER, GUARD = "142197/FLASHC/FLDDAILY", "142200/FLASHC/FLDDAILY", "142201/FLASHC/FLGRDA"


class World:
    """No more of a world than a night listens to: its clock, and what happens."""

    def __init__(self) -> None:
        self.now = NOON.timestamp()
        self.events = EventLog(lambda: self.now)

    def happens(self, after: float, kind: str, **facts: Any) -> None:
        self.now = DUE + after
        self.events.log(kind, "SISTPROD", **facts)


def night_of(world: World) -> Night:
    spec, _ = load(str(EXAMPLES / "nightly_brms.flash"))
    assert spec is not None
    manifest = {"environments": [{"name": "DAILY", "program": "FLDDAILY"}], "library": "BCKFLASHP"}
    stage = SimpleNamespace(
        world=world,
        spec=spec,
        production=SimpleNamespace(name="SISTPROD"),
        bundle=SimpleNamespace(manifest=manifest, system=spec.environments[0].clone.source),
        local=lambda time: dt.datetime.fromtimestamp(time, dt.UTC),
    )
    return Night(cast(Stage, stage))


def begins(world: World, after: float) -> None:
    world.happens(
        after,
        "job_submitted",
        job=SUBMITTED,
        submitter="",
        command="BCKFLASHP/FLSTRENV ENV(DAILY)",
    )
    world.happens(
        after + 5,
        "job_submitted",
        job=DRIVER,
        submitter=SUBMITTED,
        command=f"CALL PGM(BCKFLASHP/FLDDAILY) PARM('{RUN}' 'PREPARE')",
    )
    world.happens(
        after + 9,
        "job_submitted",
        job=GUARD,
        submitter=DRIVER,
        command=f"CALL PGM(BCKFLASHP/FLGRDA) PARM('{RUN}')",
    )


def test_a_run_that_begins_meanwhile_is_followed_until_the_last_of_its_jobs_has_ended() -> None:
    world = World()
    night = night_of(world)
    with night.heard():
        begins(world, 0)
        [run] = night.runs
        assert (run.submitted, run.driver, run.run) == (SUBMITTED, DRIVER, RUN)
        assert run.jobs == [DRIVER, GUARD]
        world.happens(60, "job_ended", job=SUBMITTED)
        world.happens(600, "job_ended", job=DRIVER)
        assert not run.over
        world.happens(660, "job_ended", job=GUARD)
    assert (run.over, run.ended) == (True, DUE + 660)


def test_it_ends_where_production_loses_its_power() -> None:
    world = World()
    night = night_of(world)
    with night.heard():
        begins(world, 0)
        world.happens(60, "partition_power", state="Not Activated")
    assert night.runs[0].ended == DUE + 60


def test_what_is_submitted_before_it_is_due_is_a_run_of_its_own() -> None:
    world = World()
    night = night_of(world)
    with night.heard():
        begins(world, -3600)
    assert night.runs[0].submitted == ""
    [run] = night.meanwhile
    assert (run.driver, run.due) == (DRIVER, DUE - 3600)


def test_what_is_submitted_a_second_time_is_one_too() -> None:
    world = World()
    night = night_of(world)
    with night.heard():
        begins(world, 0)
        world.happens(
            3600,
            "job_submitted",
            job="142300/FLASHC/FLDDAILY",
            submitter="",
            command="BCKFLASHP/FLSTRENV ENV(DAILY)",
        )
        world.happens(3605, "job_ended", job="142300/FLASHC/FLDDAILY")
    assert (night.runs[0].driver, night.runs[0].over) == (DRIVER, False)
    [second] = night.meanwhile
    assert (second.driver, second.ended) == ("", DUE + 3605)


def test_what_is_submitted_behind_the_hearing_is_none_of_its() -> None:
    world = World()
    night = night_of(world)
    with night.heard():
        pass
    begins(world, 0)
    assert (night.runs[0].submitted, night.meanwhile, world.events.listeners) == ("", [], [])
