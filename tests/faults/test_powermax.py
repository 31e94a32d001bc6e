"""Nights on a PowerMax: one snapshot, linked when production runs again; whose a snapshot is, is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.gate import gate_of
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.powermax import Link, PowerMax, Snapshot, Srdf
from flashtwin.sims.server import Request
from nights import Change, Played, played

NAME = "nightly_powermax"
BASE = "/univmax/restapi/100/replication/symmetrix/000197900123/storagegroup/SISTPROD/snapshot"
FLASH = f"POST {BASE} "
CHANGE = f"PUT {BASE}/FLASHC/"
OLDER: Change = (
    'version = "V10.0.0.5", ucode = "5978.711.711"',
    'version = "V9.1.0.12", ucode = "5977.1131.1131"',
)
NO_RELINK: Change = ('ucode = "5978.711.711"', 'ucode = "5978.711.711", relink = "refused"')
Alter = Callable[[Request, Outcome], Outcome]


def array(stage: Stage) -> PowerMax:
    """The simulated array."""
    found = stage.world.arrays["PMAX"]
    assert isinstance(found, PowerMax)
    return found


def altered(change: Alter) -> Callable[[Stage], None]:
    """Change what becomes of requests, once the night has begun."""

    def prepare(stage: Stage) -> None:
        gate_of(stage.world.scheduler).alter.append(change)

    return prepare


def of(beginning: str, **fields: Any) -> Alter:
    """The first request that begins so ends otherwise."""
    hit: list[str] = []

    def change(request: Request, outcome: Outcome) -> Outcome:
        if hit or not request.command.startswith(beginning):
            return outcome
        hit.append(request.command)
        return replace(outcome, **fields)

    return change


def asked(night: Played, beginning: str) -> list[str]:
    """The requests of the night that begin so."""
    transcript = gate_of(night.stage.world.scheduler).transcript
    return [one.request for one in transcript if one.request.startswith(beginning)]


def shown(stage: Stage) -> list[int]:
    """The snapshots that the clone's storage group shows."""
    return [one.number for one in array(stage).snapshots["SISTPROD"] if "SISTPROD_24" in one.links]


def numbers(stage: Stage) -> list[int]:
    """All snapshots of production's storage group, the oldest first."""
    return [one.number for one in array(stage).snapshots["SISTPROD"]]


def clone_was_started(night: Played) -> bool:
    """Whether the clone partition was started in the night."""
    events = night.stage.world.events.of("partition_power", system="SISTPROD_24")
    return any(event["state"] == "Starting" for event in events)


def completed(night: Played) -> None:
    """The run is completed and every invariant holds."""
    assert night.run.result == "completed", night.run.detail
    assert [verdict for verdict in night.run.invariants if not verdict.held] == []


@pytest.mark.parametrize("changes", [(), (OLDER,)], ids=["snapshot ids", "generations"])
def test_two_nights_relink_and_terminate_what_is_recorded(changes: tuple[Change, ...]) -> None:
    """Last evening's snapshot is not of this product: it stays.  That of the first night goes."""
    with played(changes=changes, name=NAME) as night:
        completed(night)
        before, first = numbers(night.stage)
        assert shown(night.stage) == [first]
        (relinked,) = asked(night, "PUT ")
        assert '"action":"Relink"' in relinked
        run = night.next_night()
        assert run.result == "completed", run.detail
        assert [verdict for verdict in run.invariants if not verdict.held] == []
        assert numbers(night.stage)[:2] == [before, first]
        last = numbers(night.stage)[-1]
        assert shown(night.stage) == [last]
        assert night.next_night().result == "completed"
        # The third night has given up the first one's, and nobody else's.
        assert first not in numbers(night.stage)
        assert before in numbers(night.stage)
        assert len(asked(night, "DELETE ")) == 1


def test_where_relink_is_refused_the_group_is_unlinked_and_linked() -> None:
    with played(changes=(NO_RELINK,), name=NAME) as night:
        completed(night)
        actions = [text.rpartition('"action":"')[2].partition('"')[0] for text in asked(night, "PUT ")]
        assert actions == ["Relink", "Unlink", "Link"]


@pytest.mark.parametrize("fields", [{"lost": "after"}, {"lost": "before"}, {"hang": True}])
def test_a_snapshot_whose_answer_is_lost_makes_no_clone(fields: dict[str, Any]) -> None:
    with played(name=NAME, prepare=altered(of(FLASH, **fields))) as night:
        assert night.run.result == "failed"
        assert [verdict for verdict in night.run.invariants if not verdict.held] == []
        assert not clone_was_started(night)
        # What was taken is terminated by the undo; what the clone shows is as it was.
        assert numbers(night.stage) == shown(night.stage)
        assert len(asked(night, FLASH)) == 1


@pytest.mark.parametrize("lost", ["after", "before"])
def test_a_link_whose_answer_is_lost_is_looked_at_first(lost: str) -> None:
    with played(name=NAME, prepare=altered(of(CHANGE, lost=lost))) as night:
        if lost == "after":
            completed(night)
            assert len(asked(night, CHANGE)) == 1
        assert [verdict for verdict in night.run.invariants if not verdict.held] == []


def foreign(stage: Stage) -> None:
    """The clone's storage group shows another snapshot than ours."""
    pmax = array(stage)
    (ours,) = pmax.snapshots["SISTPROD"]
    link = ours.links.pop("SISTPROD_24")
    theirs = Snapshot("THEIRS", 1, 0.0, dict(ours.holders))
    theirs.links["SISTPROD_24"] = Link(link.pairs, False, 0.0)
    pmax.snapshots["SISTPROD"].append(theirs)


def failed(stage: Stage) -> None:
    """The snapshot that the clone's storage group shows has failed."""
    array(stage).snapshots["SISTPROD"][0].state = ("Failed",)


def half(stage: Stage) -> None:
    """The clone's storage group lacks a volume of those that are linked."""
    pmax = array(stage)
    pmax.groups["SISTPROD_24"] = pmax.groups["SISTPROD_24"][:3]


def mirrored(stage: Stage) -> None:
    """A target is in remote copy."""
    array(stage).mirrored["00203"] = Srdf()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (foreign, "FOREIGN"),
        (failed, "FAILED"),
        (half, "MIXED"),
        (mirrored, "volume 00203 of SISTPROD_24 is in remote copy"),
    ],
)
def test_what_is_refused_before_anything_is_touched(spoil: Callable[[Stage], None], says: str) -> None:
    with played(name=NAME, prepare=spoil) as night:
        assert night.run.result == "refused", night.run.detail
        told = night.run.detail + " ".join(step.text for step in night.run.steps)
        assert says in told
        assert not asked(night, "PUT ")
        assert not asked(night, "POST ")
        assert [verdict for verdict in night.run.invariants if not verdict.held] == []


def test_somebody_elses_snapshot_of_that_name_makes_the_copy_unknown() -> None:
    """Two more than when the run was prepared: which is ours is not known, and neither is touched."""

    def change(request: Request, outcome: Outcome) -> Outcome:
        if request.command.startswith(FLASH) and not hit:
            hit.append("")
            pmax = array(stages[0])
            theirs = pmax._snapshot("SISTPROD", "FLASHC", pmax.world.now)
            assert theirs.number
        return outcome

    hit: list[str] = []
    stages: list[Stage] = []

    def prepare(stage: Stage) -> None:
        stages.append(stage)
        gate_of(stage.world.scheduler).alter.append(change)

    with played(name=NAME, prepare=prepare) as night:
        assert night.run.result == "failed"
        assert not clone_was_started(night)
        assert len(numbers(night.stage)) == 3
        assert not asked(night, "DELETE ")
        assert [verdict for verdict in night.run.invariants if not verdict.held] == []
