"""The FlashCopy states of the simulated array over virtual time, and what lies on the targets."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from flashtwin.image import SystemImage
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.svc import Svc
from flashtwin.world import World

Send = Callable[..., Outcome]
G = "SISTPROD_24"


@pytest.fixture
def status(svc: Send) -> Callable[[str], str]:
    """The group's status as listed."""
    return lambda group=G: svc(f"lsfcconsistgrp -nohdr -delim : -filtervalue name={group}").out.split(":")[2]


def force(world: World, group: str, status: str) -> None:
    """Put a group's mappings into a state."""
    model = world.arrays["V7000"].model
    for one in model.maps_of(model.group(group)):
        one.status = status


TABLE = {
    #                 prestart, start, stop, delete a map, modify a map; "" is accepted
    "preparing": ("5901", "5906", "5911", "5896", "5913"),
    "prepared": ("5902", "", "", "5897", "5914"),
    "copying": ("5903", "5907", "", "5898", "5915"),
    "stopped": ("", "5908", "5912", "5899", ""),
    "suspended": ("5904", "5909", "", "5900", "5916"),
    "idle_or_copied": ("", "5905", "5910", "", ""),
}
COMMANDS = (
    f"prestartfcconsistgrp {G}",
    f"startfcconsistgrp {G}",
    f"stopfcconsistgrp {G}",
    "rmfcmap fcmap0",
    "chfcmap -consistgrp 0 fcmap0",
)


@pytest.mark.parametrize(
    ("state", "command", "number"),
    [
        (state, command, number)
        for state, row in TABLE.items()
        for command, number in zip(COMMANDS, row, strict=True)
    ],
)
def test_every_command_in_every_state(svc: Send, world: World, state: str, command: str, number: str) -> None:
    force(world, G, state)
    reply = svc(command)
    if number:
        assert (reply.status, reply.out) == (1, "")
        assert reply.err.startswith(f"CMMVC{number}E ")
    else:
        assert (reply.status, reply.out, reply.err) == (0, "", "")


def test_the_flash_cycle(
    svc: Send, world: World, image: SystemImage, status: Callable[..., str], tmp_path: object
) -> None:
    del tmp_path
    scheduler, array = world.scheduler, world.arrays["V7000"]
    targets = [one.target for one in array.model.maps_of(array.model.group(G))]
    old = dataclasses.replace(image)
    for volume in targets:
        volume.image = old
    assert svc(f"stopfcconsistgrp {G}").status == 0
    assert status() == "stopped"
    assert all(volume.image is None for volume in targets)
    assert ":offline:" in svc("lsvdisk -delim : -filtervalue name=SISTP24_D1").out
    assert svc(f"prestartfcconsistgrp {G}").status == 0
    prepared_at = scheduler.now + 12
    assert status() == "preparing"
    assert svc(f"startfcconsistgrp {G}").err.startswith("CMMVC5906E ")
    scheduler.run(until=prepared_at)
    assert status() == "prepared"
    (image.ifs / "written").write_text("before the flash")
    assert svc(f"startfcconsistgrp {G}").status == 0
    (image.ifs / "written").write_text("after the flash")
    assert status() == "copying"
    copies = {id(volume.image) for volume in targets}
    assert len(copies) == 1
    taken = targets[0].image
    assert taken is not None
    assert taken is not image
    assert (taken.ifs / "written").read_text() == "before the flash"
    scheduler.run(until=scheduler.now + 86_400)
    assert status() == "copying"
    (flash,) = world.events.of("flash")
    assert (flash["group"], flash["by"], flash["whole"]) == (G, "flashc", True)
    assert flash["maps"] == ("fcmap0", "fcmap1", "fcmap2", "fcmap3")
    assert [event["state"] for event in world.events.of("group_state")] == [
        "stopped",
        "preparing",
        "prepared",
        "copying",
    ]


def test_the_start_time_changes_at_the_start_only_and_stays_after_a_stop(svc: Send, world: World) -> None:
    def start_times() -> set[str]:
        group = svc(f"lsfcconsistgrp -nohdr -delim : {G}").out.splitlines()[4]
        rows = svc(f"lsfcmap -nohdr -delim : -filtervalue group_name={G}").out.splitlines()
        return {group, *(row.split(":")[16] for row in rows)}

    assert start_times() == {"261117204027"}
    svc(f"stopfcconsistgrp {G}")
    svc(f"prestartfcconsistgrp {G}")
    world.scheduler.run(until=world.scheduler.now + 12)
    assert start_times() == {"261117204027"}
    svc(f"startfcconsistgrp {G}")
    # 20:00:00, seven replies of a second each, and the flush.
    assert start_times() == {"261118200019"}
    svc(f"stopfcconsistgrp {G}")
    assert start_times() == {"261118200019"}


def test_a_prepare_discards_the_old_copy_at_once_and_stops_a_system_that_runs_from_it(
    svc: Send, world: World, image: SystemImage
) -> None:
    clone = world.partition(G)
    for volume in clone.volumes:
        volume.image = image
    clone.curr_profile, clone.state = "clone", "Running"
    clone.boot(image)
    force(world, G, "idle_or_copied")
    svc(f"prestartfcconsistgrp {G}")
    assert all(volume.image is None for volume in clone.volumes)
    assert (clone.state, clone.refcode) == ("Error", "B6000103")


def test_the_milder_reading_keeps_the_old_copy_until_the_start(
    svc: Send, world: World, image: SystemImage
) -> None:
    world.readings = dataclasses.replace(world.readings, prepare_discards_target=False)
    volumes = world.partition(G).volumes
    for volume in volumes:
        volume.image = image
    force(world, G, "idle_or_copied")
    svc(f"prestartfcconsistgrp {G}")
    assert all(volume.image is image for volume in volumes)


def test_a_flush_that_fails_ends_in_stopped_and_is_in_the_event_log(world: World, send: Send) -> None:
    config = dataclasses.replace(world.arrays["V7000"].config, flush_fails=True)
    array = world.arrays["V7000"] = Svc(world, config)
    send(array, f"stopfcconsistgrp {G}")
    send(array, f"prestartfcconsistgrp {G}")
    world.scheduler.run(until=world.scheduler.now + 12)
    assert f":{G}:stopped:" in send(array, "lsfcconsistgrp -delim :").out
    assert send(array, "lseventlog -delim : -nohdr").out == (
        f"100:261118200014:fc_consist_grp:1:{G}::alert:no:050010:1850:FlashCopy prepare failed: cache flush\n"
    )
    assert send(array, "lseventlog -delim ! 100").out.startswith("sequence_number!100\n")


def test_a_stop_while_preparing_is_refused_and_a_stop_when_prepared_ends_the_copy(
    svc: Send, world: World, status: Callable[..., str]
) -> None:
    svc(f"stopfcconsistgrp {G}")
    svc(f"prestartfcconsistgrp {G}")
    assert svc(f"stopfcconsistgrp {G}").err.startswith("CMMVC5911E ")
    world.scheduler.run(until=world.scheduler.now + 12)
    assert svc(f"stopfcconsistgrp {G}").status == 0
    world.scheduler.run(until=world.scheduler.now + 100)
    assert status() == "stopped"


def test_a_background_copy_reaches_idle_or_copied(
    svc: Send, world: World, status: Callable[..., str]
) -> None:
    group = "SISTPROD_1"
    svc(f"prestartfcconsistgrp {group}")
    world.scheduler.run(until=world.scheduler.now + 12)
    svc(f"startfcconsistgrp {group}")
    start = world.scheduler.now
    world.scheduler.run(until=start + 3600)
    assert status(group) == "copying"
    assert svc("lsfcmapprogress -nohdr -delim : fcmap4").out == "4:50\n"
    world.scheduler.run(until=start + 7200)
    assert status(group) == "idle_or_copied"
    assert svc("lsfcmapprogress -nohdr -delim : fcmap4").out == "4:100\n"
    assert ":online:" in svc("lsvdisk -delim : -filtervalue name=SISTP1_D1").out
    assert svc(f"stopfcconsistgrp {group}").err.startswith("CMMVC5910E ")


def test_a_stop_hands_over_to_older_copies_first(svc: Send, world: World, status: Callable[..., str]) -> None:
    force(world, "SISTPROD_1", "copying")
    model = world.arrays["V7000"].model
    for one in model.maps_of(model.group("SISTPROD_1")):
        one.progress_base, one.copy_rate = 10, 0
    # SISTPROD_1 is older, so it reads through the targets of SISTPROD_24.
    assert svc("lsfcmapdependentmaps -delim : fcmap0").out == "fc_id:fc_name\n4:fcmap4\n"
    assert svc(f"stopfcconsistgrp {G}").status == 0
    assert status() == "stopping"
    assert svc(f"prestartfcconsistgrp {G}").err.startswith("CMMVC5903E ")
    assert svc(f"stopfcconsistgrp {G}").status == 0
    world.scheduler.run(until=world.scheduler.now + 30)
    assert (status(), status("SISTPROD_1")) == ("stopped", "copying")


def test_a_forced_stop_takes_the_older_copies_with_it(
    svc: Send, world: World, status: Callable[..., str], image: SystemImage
) -> None:
    force(world, "SISTPROD_1", "copying")
    model = world.arrays["V7000"].model
    others = model.maps_of(model.group("SISTPROD_1"))
    for one in others:
        one.progress_base, one.copy_rate, one.target.image = 10, 0, image
    assert svc(f"stopfcconsistgrp -force {G}").status == 0
    assert (status(), status("SISTPROD_1")) == ("stopped", "stopped")
    assert all(one.target.image is None for one in others)


def test_split_is_for_complete_copies_only(svc: Send) -> None:
    assert svc(f"stopfcconsistgrp -split {G}").err.startswith("CMMVC5767E ")


def test_a_target_that_is_the_source_of_an_active_copy_must_not_be_prepared_over(
    svc: Send, world: World
) -> None:
    assert svc("mkfcmap -source SISTP24_D1 -target SISTPROD_D1 -name back -copyrate 0").status == 0
    world.arrays["V7000"].model.map("back").status = "copying"
    svc(f"stopfcconsistgrp {G}")
    assert svc(f"prestartfcconsistgrp {G}").err.startswith("CMMVC5903E ")
    assert svc(f"prestartfcconsistgrp -restore {G}").status == 0


def test_prepare_and_start_in_one_command_is_answered_after_the_flush(
    svc: Send, world: World, image: SystemImage, status: Callable[..., str]
) -> None:
    svc(f"stopfcconsistgrp {G}")
    begin = world.scheduler.now
    assert svc(f"startfcconsistgrp -prep {G}").status == 0
    assert world.scheduler.now - begin == 13.0
    assert status() == "copying"
    assert world.partition(G).volumes[0].image is not None
    assert svc(f"startfcconsistgrp -prep {G}").err.startswith("CMMVC5903E ")
    assert image.captured_at is None


def test_prep_after_an_explicit_prepare_fails(svc: Send, world: World) -> None:
    svc(f"stopfcconsistgrp {G}")
    svc(f"prestartfcconsistgrp {G}")
    world.scheduler.run(until=world.scheduler.now + 12)
    assert svc(f"startfcconsistgrp -prep {G}").err.startswith("CMMVC5902E ")


def test_prep_whose_flush_fails_starts_nothing(world: World, send: Send) -> None:
    config = dataclasses.replace(world.arrays["V7000"].config, flush_fails=True)
    array = world.arrays["V7000"] = Svc(world, config)
    send(array, f"stopfcconsistgrp {G}")
    assert send(array, f"startfcconsistgrp -prep {G}").err.startswith("CMMVC5908E ")
    assert not list(world.events.of("flash"))


def test_a_group_without_one_of_the_disks_leaves_nothing_that_starts(
    svc: Send, world: World, image: SystemImage
) -> None:
    svc(f"stopfcconsistgrp {G}")
    assert svc("chfcmap -consistgrp 0 fcmap3").status == 0
    svc(f"prestartfcconsistgrp {G}")
    world.scheduler.run(until=world.scheduler.now + 12)
    svc(f"startfcconsistgrp {G}")
    (flash,) = world.events.of("flash")
    assert flash["whole"] is False
    clone = world.partition(G)
    assert clone.boot_image() is None
    clone.power_on("clone")
    world.scheduler.run(until=world.scheduler.now + 3600)
    assert (clone.state, clone.refcode[:2]) == ("Error", "B6")
    assert image.name == "SISTPROD"


def test_an_internal_disk_of_the_system_is_missing_on_every_copy(
    world: World, send: Send, image: SystemImage
) -> None:
    site = world.site
    parts = tuple(
        dataclasses.replace(one, internal_disks=1) if one.name == "SISTPROD" else one
        for one in site.partitions
    )
    world.site = dataclasses.replace(site, partitions=parts)
    array = world.arrays["V7000"]
    send(array, f"stopfcconsistgrp {G}")
    send(array, f"startfcconsistgrp -prep {G}")
    (flash,) = world.events.of("flash")
    assert flash["whole"] is False
    assert world.partition(G).boot_image() is None
    assert image.name == "SISTPROD"


def test_an_effect_that_became_impossible_before_the_reply_is_refused(world: World) -> None:
    array = world.arrays["V7000"]
    first, second = (array.handle("flashc", f"stopfcconsistgrp {G}") for _ in range(2))
    assert first.effect() is None
    refused = second.effect()
    assert (refused.status, refused.err[:10]) == (1, "CMMVC5912E")


def test_a_copy_taken_before_the_clock_began_goes_on(world: World, send: Send) -> None:
    site = world.arrays["V7000"].config
    groups = tuple(
        dataclasses.replace(one, status="copying", progress=50) if one.name == "SISTPROD_1" else one
        for one in site.groups
    )
    array = world.arrays["V7000"] = Svc(world, dataclasses.replace(site, groups=groups))
    assert send(array, "lsfcmapprogress -nohdr -delim : fcmap4").out == "4:50\n"
    world.scheduler.run(until=world.scheduler.now + 3600)
    assert ":SISTPROD_1:idle_or_copied:" in send(array, "lsfcconsistgrp -delim :").out


def test_a_thin_target_fills_up_after_a_copy(svc: Send, world: World, image: SystemImage) -> None:
    def used() -> str:
        row = svc("lssevdiskcopy -nohdr -delim , SISTP24_D1").out
        return row.split(",")[6]

    svc(f"stopfcconsistgrp {G}")
    svc(f"startfcconsistgrp -prep {G}")
    assert used().endswith("MB")
    world.scheduler.run(until=world.scheduler.now + 43_199)
    assert used() == "18.00GB"
    assert image.name == "SISTPROD"


def test_a_mapping_without_a_group_is_driven_alone(svc: Send, world: World, image: SystemImage) -> None:
    svc(f"stopfcconsistgrp {G}")
    svc("chfcmap -consistgrp 0 fcmap0")
    assert svc("prestartfcmap fcmap0").status == 0
    world.scheduler.run(until=world.scheduler.now + 12)
    assert svc("startfcmap fcmap0").status == 0
    assert "status:copying" in svc("lsfcmap -delim : fcmap0").out
    assert svc("stopfcmap fcmap0").status == 0
    assert svc("rmfcmap fcmap0").err.startswith("CMMVC5899E ")
    assert svc("rmfcmap -force fcmap0").status == 0
    assert image.name == "SISTPROD"
