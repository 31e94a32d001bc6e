"""The simulated volume groups: states of snapshots, what a refresh does, who may, from which code level."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flashtwin.build import build_machines
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.svc import Svc
from flashtwin.site import ArrayUser
from flashtwin.site_load import read_site
from flashtwin.world import World

LIST = "lsvolumegroupsnapshot -delim : -nohdr -filtervalue name="
REFRESH = "refreshfromsnapshot -volumegroup SISTPROD_24 -fromsnapshotid 0"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build_machines(read_site(Path("examples/nightly_svc_snapshot.site.toml")), tmp_path / "world")


def sent(array: Svc, line: str, user: str = "flashc") -> Outcome:
    """What a line is answered, at the time of its answer."""
    scheduler = array.world.scheduler
    found = array.handle(user, line)
    if not isinstance(found, Outcome):
        task = scheduler.spawn("request", found)
        scheduler.run(stop=lambda: task.ended)
        found = task.result
        assert isinstance(found, Outcome)
    scheduler.run(until=scheduler.now + found.duration_s)
    return (found.effect() if found.effect else None) or found


def good(array: Svc, line: str) -> str:
    """What a line prints that is obeyed."""
    found = sent(array, line)
    assert (found.status, found.err) == (0, ""), line
    return found.out


def state(array: Svc, name: str) -> str:
    """The state of a snapshot; "" for one that is gone."""
    line = sent(array, LIST + name).out.strip()
    return line.split(":")[5] if line else ""


def array_of(world: World, **changes: object) -> Svc:
    """The array, with another configuration where one is given."""
    old = world.arrays["FS7300"]
    assert isinstance(old, Svc)
    return Svc(world, dataclasses.replace(old.config, **changes)) if changes else old  # type: ignore[arg-type]


def test_a_snapshot_is_prepared_triggered_shown_and_removed(world: World) -> None:
    array = array_of(world)
    made = "Snapshot, id [1], successfully created or triggered\n"
    assert good(array, "addsnapshot -volumegroup SISTPROD -name S1 -prepare") == made
    assert state(array, "S1") == "ready"
    began = world.now
    assert good(array, "addsnapshot -trigger S1 -volumegroup SISTPROD") == made
    assert world.now - began >= 2.0
    assert state(array, "S1") == "active"
    assert (
        good(array, "refreshfromsnapshot -volumegroup SISTPROD_24 -snapshot S1 -fromsourcegroup SISTPROD")
        == ""
    )
    shown = good(array, "lsvolumepopulation -delim : -nohdr").splitlines()
    assert [row.split(":")[7] for row in shown] == ["S1"] * 4
    assert good(array, "rmsnapshot -snapshot S1 -volumegroup SISTPROD") == ""
    assert state(array, "S1") == "dependent_deleting"
    good(array, REFRESH)
    assert state(array, "S1") == ""


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("addsnapshot -volumegroup NONE -name S1 -prepare", "5804"),
        ("addsnapshot -name S1 -prepare", "5707"),
        ("addsnapshot -volumegroup SISTPROD -name SISTPROD_24_first -prepare", "6035"),
        ("addsnapshot -volumegroup SISTPROD -name 1S -prepare", "6527"),
        ("addsnapshot -trigger SISTPROD_24_first -volumegroup SISTPROD", "5767"),
        ("addsnapshot -trigger NONE -volumegroup SISTPROD", "9755"),
        ("rmsnapshot -snapshot NONE -volumegroup SISTPROD", "9755"),
        ("rmsnapshot -snapshot SISTPROD_24_first", "5707"),
        ("refreshfromsnapshot -volumegroup SISTPROD -fromsnapshotid 0", "5767"),
        ("refreshfromsnapshot -snapshot SISTPROD_24_first -fromsourcegroup SISTPROD", "5707"),
    ],
)
def test_what_is_refused(world: World, line: str, number: str) -> None:
    found = sent(array_of(world), line)
    assert (found.status, f"CMMVC{number}E" in found.err) == (1, True), found.err


def test_a_copy_operator_may_not(world: World) -> None:
    array = array_of(world, users=(ArrayUser(name="flashc", role="CopyOperator"),))
    assert "CMMVC6253E" in sent(array, "addsnapshot -volumegroup SISTPROD -name S1 -prepare").err


def test_older_levels_do_not_refresh(world: World) -> None:
    array = array_of(world, code_level="8.6.0.3 (build 167.20.2403110921000)")
    found = sent(array, REFRESH)
    assert "CMMVC7205E" in found.err


def test_what_was_used_a_short_while_ago_is_not_overwritten(world: World) -> None:
    """Volume protection, which new systems have: a thin clone is refreshed 15 minutes after its last use."""
    array, partition = array_of(world), world.partition("SISTPROD_24")
    scheduler = world.scheduler
    partition.power_on("clone")
    assert "CMMVC1035E" in sent(array, REFRESH).err
    partition.power_off("shutdown-immed")
    scheduler.run(stop=lambda: partition.state == "Not Activated")
    scheduler.run(until=scheduler.now + 890)
    assert "CMMVC1035E" in sent(array, REFRESH).err
    scheduler.run(until=scheduler.now + 10)
    good(array, REFRESH)


def test_a_system_without_volume_protection_refreshes_at_once(world: World) -> None:
    array = array_of(world, facts={"protection": "0"})
    partition = world.partition("SISTPROD_24")
    partition.power_on("clone")
    partition.lose_power()
    good(array, REFRESH)
