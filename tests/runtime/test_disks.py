"""A clone's disks as a whole: several arrays as one, and generations of which the oldest is used."""

from __future__ import annotations

import pytest
from flashrt import status

from .fakes import HANG, LOST_AFTER, RUN, Called, FakeSvc, Reply, World

DAY = ("261120060000", "261121060000", "261119060000")
"""Start times of three generations; the array's clock shows 21 November, 20:37:12."""


def everywhere(world: World, act: str, *more: str, run: str = RUN) -> Called:
    return world.call("array", "ALL", act, "--run", run, *more)


def tasks(svc: FakeSvc) -> list[str]:
    return [command for command in svc.log if not command.startswith(("ls", "svquery"))]


CYCLE = ["stopfcconsistgrp", "prestartfcconsistgrp", "startfcconsistgrp"]


def test_a_cycle_on_two_arrays(world: World) -> None:
    other = world.second_array()
    for act, word in (
        ("release", "STOPPED"),
        ("prepare", "PREPARED"),
        ("trigger", "FIRED"),
        ("prove", "PROVEN"),
    ):
        called = everywhere(world, act)
        assert (called.status, called.word) == (0, word), called.text
    for svc in (world.svc, other):
        assert tasks(svc) == [f"{verb} SISTPROD_24" for verb in CYCLE]
    assert "on V7000" in called.text
    assert "on V5000" in called.text
    assert "left" in everywhere(world, "abort").text


def test_two_groups_on_one_array(world: World) -> None:
    world.svc.add("SISTPROD_24B", "MORE")
    world.data["clones"]["SISTPROD_24"]["disks"].append({"group": "SISTPROD_24B", "array": "V7000"})
    world.save()
    for act in ("release", "prepare", "trigger", "prove"):
        assert world.array(act).status == 0
    for verb in CYCLE:
        assert {f"{verb} SISTPROD_24", f"{verb} SISTPROD_24B"} <= set(tasks(world.svc))
    # By hand one of them can be named.
    assert "SISTPROD_24B" not in world.array("status", "--group", "SISTPROD_24").text
    assert world.array("status", "--group", "SISTPROD_1").status == status.NOTFOUND


def test_nothing_is_given_up_while_an_array_is_away(world: World) -> None:
    world.second_array()
    del world.network.devices["10.1.0.30:22"]
    for act in ("release", "prepare", "trigger", "prove"):
        assert everywhere(world, act).status == status.UNREACHABLE
    assert tasks(world.svc) == []


def test_one_pending_group_keeps_all_waiting(world: World) -> None:
    other = world.second_array()
    for svc in (world.svc, other):
        svc.set("stopped")
    other.flush_ends = "later"
    called = everywhere(world, "prepare")
    assert (called.status, called.word) == (status.PENDING, "PENDING")
    other.set("prepared")
    assert everywhere(world, "prepare").word == "PREPARED"
    assert len(tasks(world.svc)) == 1


def test_what_is_proven_on_one_array_only_is_not_kept(world: World) -> None:
    other = world.second_array()
    for act in ("release", "prepare"):
        everywhere(world, act)
    other.say("startfc", Reply(1, "", "CMMVC5919E I/O group offline.\n"))
    called = everywhere(world, "trigger")
    assert called.status == status.REFUSED
    assert "startfcconsistgrp SISTPROD_24" in called.text
    assert everywhere(world, "prove").status == status.REFUSED
    assert everywhere(world, "abort").status == 0
    assert {world.svc.groups["SISTPROD_24"], other.groups["SISTPROD_24"]} == {"stopped"}


@pytest.mark.parametrize("away", ["10.1.0.20:22", "10.1.0.30:22"])
def test_an_abort_tries_every_array(world: World, away: str) -> None:
    other = world.second_array()
    for act in ("release", "prepare"):
        everywhere(world, act)
    device = world.network.devices.pop(away)
    assert everywhere(world, "abort").status == status.UNREACHABLE
    states = {world.svc.groups["SISTPROD_24"], other.groups["SISTPROD_24"]}
    assert states == {"stopped", "prepared"}
    world.network.devices[away] = device
    assert everywhere(world, "abort").status == 0
    assert {world.svc.groups["SISTPROD_24"], other.groups["SISTPROD_24"]} == {"stopped"}


def test_the_oldest_generation_is_used(world: World) -> None:
    world.generations(*DAY)
    assert "SNAP_3" in everywhere(world, "release").text
    # The choice stays, whatever the start times say later.
    for act in ("release", "prepare", "trigger", "prove"):
        called = everywhere(world, act)
        assert called.status == 0, called.text
        assert "SNAP_3" in called.text
        assert "SNAP_1" not in called.text
    assert {command.split()[1] for command in tasks(world.svc)} == {"SNAP_3"}
    # The next run takes the one that is the oldest now.
    assert "SNAP_1" in everywhere(world, "release", run="20261122203500").text


@pytest.mark.parametrize(
    ("started", "used"),
    [
        (("261120060000", "", "261119060000"), "SNAP_2"),
        (("", "", ""), "SNAP_1"),
        (("261121203000", "261121203001", "261121203002"), "SNAP_1"),
    ],
)
def test_a_generation_that_holds_no_copy_comes_first(
    world: World, started: tuple[str, ...], used: str
) -> None:
    world.generations(*started)
    assert used in everywhere(world, "release").text


def test_a_stopped_generation_holds_no_copy(world: World) -> None:
    world.generations(*DAY)
    world.svc.set("stopped", "SNAP_2")
    assert "SNAP_2" in everywhere(world, "release", "--keep", "43200").text
    assert tasks(world.svc) == []


def test_a_young_generation_is_kept(world: World) -> None:
    world.generations("261121090000", "261121084000", "261121120000")
    called = everywhere(world, "release", "--keep", "43200")
    assert (called.status, called.word) == (status.YOUNG, "YOUNG")
    assert "SNAP_2" in called.text
    assert "11 h 57 min" in called.text
    assert tasks(world.svc) == []
    assert everywhere(world, "release", "--keep", "43000").status == 0


def test_one_group_is_kept_as_well(world: World) -> None:
    world.svc.now = "261121084026"
    assert everywhere(world, "release", "--keep", "43200").status == status.YOUNG
    world.svc.now = "261121084027"
    assert everywhere(world, "release", "--keep", "43200").status == 0


@pytest.mark.parametrize(
    "said", ["", "yesterday", "Sat Foo 21 20:37:12 CET 2026", "Sat Nov 31 20:37:12 CET 2026"]
)
def test_a_copy_of_unknown_age_is_not_given_up(world: World, said: str) -> None:
    world.generations(*DAY)
    world.svc.says["svqueryclock"] = [Reply(0, f"{said}\n", "")] * 3
    assert everywhere(world, "release").status == status.SYSTEM
    assert tasks(world.svc) == []


def test_without_a_choice_nothing_is_done(world: World) -> None:
    world.generations(*DAY)
    for act in ("prepare", "trigger", "prove"):
        called = everywhere(world, act)
        assert called.status == status.REFUSED
        assert "Release first" in called.text
    assert everywhere(world, "abort").status == 0
    called = everywhere(world, "status")
    assert all(f"SNAP_{n}" in called.text for n in (1, 2, 3))
    assert tasks(world.svc) == []


@pytest.mark.parametrize("how", [HANG, LOST_AFTER])
def test_the_choice_outlives_a_release_that_failed(world: World, how: str) -> None:
    world.generations(*DAY)
    world.svc.say("stopfc", how)
    everywhere(world, "release")
    assert "SNAP_3" in everywhere(world, "release").text


def test_a_choice_that_is_none_of_the_groups_is_told(world: World) -> None:
    world.generations(*DAY)
    folder = world.folder / "runs" / RUN
    folder.mkdir()
    for content in ('{"chosen": 1}', '{"chosen": {"V7000/SNAP_1": "OTHER"}}'):
        (folder / "array.json").write_text(content)
        called = everywhere(world, "prepare")
        assert called.status == status.CONFIG
        assert "array.json" in called.text


def test_check_counts_the_volumes_of_all_arrays(world: World) -> None:
    world.second_array()
    assert everywhere(world, "check").status == 0
    world.database.rows["SYSDISKSTAT"].append((7, 1, "2145", "050", "DMP007", "Y7"))
    called = everywhere(world, "check")
    assert called.status == status.MISMATCH
    assert "7 disk units" in called.text
    assert "copy 6" in called.text
    # One array alone cannot be compared with them.
    assert world.array("check").status == 0


def test_check_looks_at_every_generation(world: World) -> None:
    world.generations(*DAY)
    assert everywhere(world, "check").status == 0
    world.svc.hosts["SISTPROD"].append("T2_1")
    assert "T2_1" in everywhere(world, "check").text
    world.svc.hosts["SISTPROD"].remove("T2_1")
    gone = next(entry for entry in world.svc.maps if entry["target_vdisk_name"] == "T3_2")
    world.svc.maps.remove(gone)
    called = everywhere(world, "check")
    assert called.status == status.MISMATCH
    assert "SNAP_3" in called.text
    assert "PROD_2" in called.text


def test_check_refuses_where_every_copy_must_be_kept(world: World) -> None:
    world.hmc.partitions[56][3] = "Not Activated"
    world.generations("261121090000", "261121084000")
    words = ("check", "--clone", "SISTPROD_24", "--run", RUN)
    assert "SNAP_2" not in world.call(*words).text
    called = world.call(*words, "--keep", "43200")
    assert (called.status, called.word) == (status.YOUNG, "FINDINGS")
    assert "SNAP_2" in called.text
    assert not (world.folder / "runs" / RUN / "array.json").exists()


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "1e9"])
def test_limits_that_are_none(world: World, seconds: str) -> None:
    assert everywhere(world, "release", f"--keep={seconds}").status == status.CONFIG


def test_free_capacity_of_the_clone(world: World) -> None:
    assert everywhere(world, "usage").extra2 == "39"
    world.data["clones"]["SISTPROD_24"]["free_percent"] = 40
    world.save()
    called = everywhere(world, "usage")
    assert called.status == status.SPACE
    assert "the limit is 40" in called.text


def test_a_named_limit_holds_for_fully_allocated_targets(world: World) -> None:
    world.data["clones"]["SISTPROD_24"]["free_percent"] = 40
    world.save()
    world.svc.says["lssevdiskcopy"] = [Reply(0, "", "")] * 3
    assert everywhere(world, "usage").status == status.SPACE
    rows = "".join(f"CLONE_{n}!many\n" for n in (1, 2, 3))
    world.svc.say("lsvdisk -delim !", Reply(0, f"name!mdisk_grp_name\n{rows}", ""))
    world.svc.say(
        "lsvdisk -delim !",
        *[
            Reply(0, f"name!CLONE_{n}\nmdisk_grp_name!many\n\ncopy_id!0\nmdisk_grp_name!POOL0\n", "")
            for n in (1, 2, 3)
        ],
    )
    assert everywhere(world, "usage").status == status.SPACE
    world.svc.say("lsvdisk", Reply(0, "name!mdisk_grp_name\nCLONE_1!POOL0\n", ""))
    assert everywhere(world, "usage").status == status.SYSTEM


def test_no_array_is_called_all(world: World) -> None:
    world.data["arrays"]["ALL"] = world.data["arrays"]["V7000"]
    world.save()
    assert everywhere(world, "status").status == status.CONFIG


def test_every_generation_is_looked_at_before_one_is_given_up(world: World) -> None:
    world.generations(*DAY)
    for act in ("release", "prepare", "trigger", "prove"):
        assert everywhere(world, act).status == 0
    assert everywhere(world, "holds").status == 0  # that of the run's choice
    sent = tasks(world.svc)
    called = everywhere(world, "release", "--own", "--every", run="20261122203500")
    assert called.status == status.FOREIGN
    assert tasks(world.svc) == sent
    called = everywhere(world, "release", "--own", "--group", "SNAP_3", run="20261122203500")
    assert (called.status, called.word) == (0, "STOPPED"), called.text
    assert tasks(world.svc) == [*sent, "stopfcconsistgrp SNAP_3"]


def test_copies_of_several_runs_are_not_one(world: World) -> None:
    other = world.second_array()
    for act in ("release", "prepare", "trigger", "prove"):
        assert everywhere(world, act).status == 0
    assert everywhere(world, "holds").word == "HELD"
    other.now = "261122203712"
    later = "20261122203500"
    for act in ("release", "prepare", "trigger", "prove"):
        assert world.call("array", "V5000", act, "--run", later).status == 0
    called = everywhere(world, "holds")
    assert (called.status, called.word) == (status.MISMATCH, "MIXED")
