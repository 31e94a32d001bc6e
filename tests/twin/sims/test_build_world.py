"""A world that is built from a site: what is on its disks, what runs, and a copy that starts from them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flashtwin.build import build_world, disk_units
from flashtwin.errors import TwinError
from flashtwin.image import SystemImage
from flashtwin.objects import Program, SubsystemDescription
from flashtwin.os400 import OperatingSystem
from flashtwin.records import BrmsData
from flashtwin.sims.outcome import Outcome
from flashtwin.site import JobSite, ProgramSite, Site, SystemSite
from flashtwin.site_load import read_site
from flashtwin.world import World


@pytest.fixture
def night(root: Path) -> Site:
    return read_site(root / "examples" / "nightly_brms.site.toml")


def running(world: World, name: str) -> OperatingSystem:
    system = world.partition(name).os
    assert system is not None
    return system


def with_system(site: Site, **changes: object) -> Site:
    return dataclasses.replace(site, systems=(dataclasses.replace(site.systems[0], **changes),))  # type: ignore[arg-type]


def test_production_runs_as_the_site_says(night: Site, tmp_path: Path) -> None:
    world = build_world(night, tmp_path)
    system = running(world, "SISTPROD")
    jobs = {job.qualified: job for job in system.jobs.values()}
    assert jobs["141601/QUSRSSH/CPY"].subsystem == "QUSRWRK"
    assert jobs["141377/ANNA/ORDERS"].type == "I"
    assert "DOMINO" in system.work.subsystems
    assert list(system.network.interfaces) == ["10.1.0.5"]
    assert system.image.interfaces["192.168.99.16"].vlan == 99
    assert system.image.system_values["QSRLNBR"] == "78ABC12"
    assert system.image.system_values["QSTRUPPGM"] == "QSTRUP    QSYS      "
    assert system.image.network_attributes["SYSNAME"] == "SISTPROD"
    assert system.local().isoformat() == "2026-11-18T20:00:00+01:00"
    assert system.next_number() == "141651"
    assert world.partition("SISTPROD").refcode == "00000000"
    assert list(world.events.of("job_started")) == []


def test_the_disks_hold_the_products(night: Site, tmp_path: Path) -> None:
    world = build_world(night, tmp_path)
    image = running(world, "SISTPROD").image
    brms = image.products["brms"]
    assert isinstance(brms, BrmsData)
    assert (brms.state, list(brms.control_groups)) == ("*NONE", ["SAV21"])
    assert [volume.id for volume in brms.volumes.values() if volume.status == "*EXP"] == [
        "BRM001",
        "BRM002",
        "BRM003",
        "BRM004",
        "BRM005",
    ]
    assert image.products["domino"]["DOMINO02"].started
    assert image.devices["TAPMLB01"].category == "*TAPMLB"
    assert image.devices["TAP01"].status == "VARIED OFF"
    assert sorted(world.devices["TS4300"].cartridges) == [f"BRM00{n}" for n in range(1, 7)]
    assert isinstance(image.find("QSYS", "QCTL", "*SBSD"), SubsystemDescription)
    assert image.users["FLASHC"].authorities == ("*JOBCTL", "*SAVSYS", "*IOSYSCFG")


def test_last_night_s_clone_still_runs_on_its_own_disks(night: Site, tmp_path: Path) -> None:
    world = build_world(night, tmp_path)
    source, clone = world.partition("SISTPROD"), world.partition("SISTPROD_24")
    system = running(world, "SISTPROD_24")
    assert (clone.state, clone.curr_profile) == ("Running", "clone")
    assert system.image is not running(world, "SISTPROD").image
    assert system.network.interfaces == {}
    assert all(entry.held for entry in system.image.schedule)
    assert round(system.clock() - world.now) == -240
    assert [unit.uid for unit in disk_units(clone)] == [volume.uid for volume in clone.volumes]
    assert not {unit.uid for unit in disk_units(clone)} & {unit.uid for unit in disk_units(source)}


def test_an_internal_disk_is_seen_as_such(night: Site, tmp_path: Path) -> None:
    parts = tuple(
        dataclasses.replace(one, internal_disks=1) if one.id == 24 else one for one in night.partitions
    )
    world = build_world(dataclasses.replace(night, partitions=parts), tmp_path)
    units = disk_units(world.partition("SISTPROD"))
    assert [unit.internal for unit in units] == [False, False, False, False, True]
    assert units[4].uid == ""


def test_the_site_s_programs_are_real_cl(night: Site, tmp_path: Path) -> None:
    programs = (
        ProgramSite(library="APPLIB", name="QUIET", lasts=5.0),
        ProgramSite(library="APPLIB", name="BROKEN", lasts=0.0, escape="CPF9898"),
    )
    world = build_world(with_system(night, programs=programs), tmp_path)
    system = running(world, "SISTPROD")
    assert isinstance(system.image.find("APPLIB", "QUIET", "*PGM"), Program)
    results = []
    for name in ("QUIET", "BROKEN"):
        task = world.scheduler.spawn(name, system.call_program("ANNA", "APPLIB", name))
        begin = world.now
        world.scheduler.run(stop=lambda task=task: task.ended)
        results.append((task.result.ok, int(world.now - begin)))
    assert results == [(True, 5), (False, 0)]


def test_a_program_that_is_not_cl_is_an_error_of_the_site(night: Site, tmp_path: Path) -> None:
    site = with_system(night, programs=(ProgramSite(library="APPLIB", name="X", commands=("IF (",)),))
    with pytest.raises(TwinError, match="APPLIB/X is not valid CL"):
        build_world(site, tmp_path)


def test_a_long_transaction_holds_up_the_suspend(night: Site, tmp_path: Path) -> None:
    job = JobSite(name="BATCH1", user="ANNA", subsystem="QBATCH", long_transaction=120.0)
    world = build_world(with_system(night, jobs=(job,)), tmp_path)
    (found,) = (one for one in running(world, "SISTPROD").jobs.values() if one.name == "BATCH1")
    assert found.uncommitted
    assert found.transaction_until == world.now + 120.0


def test_states_without_a_system(night: Site, tmp_path: Path) -> None:
    parts = (
        night.partitions[0],
        dataclasses.replace(night.partitions[1], state="Not Activated"),
        dataclasses.replace(
            night.partitions[1], id=7, name="AIX", env="aixlinux", array="", host="", copy_of=""
        ),
        dataclasses.replace(night.partitions[1], id=8, name="STUCK", state="Error", refcode="B6000255"),
    )
    world = build_world(dataclasses.replace(night, partitions=parts), tmp_path)
    shown = [(one.name, one.state, one.refcode, one.os is not None) for one in world.partitions()]
    assert shown == [
        ("AIX", "Running", "00000000", False),
        ("STUCK", "Error", "B6000255", False),
        ("SISTPROD", "Running", "00000000", True),
        ("SISTPROD_24", "Not Activated", "", False),
    ]


def send(world: World, where: object, line: str) -> str:
    answer = where.handle("flashc", line)  # type: ignore[attr-defined]
    assert isinstance(answer, Outcome)
    world.scheduler.run(until=world.now + answer.duration_s)
    changed = answer.effect() if answer.effect is not None else None
    return (changed or answer).err + (changed or answer).out


def test_a_copy_of_running_production_starts_on_the_clone(night: Site, tmp_path: Path) -> None:
    world = build_world(night, tmp_path)
    hmc, svc = world.consoles["HMC1"], world.arrays["V7000"]
    source, clone = running(world, "SISTPROD"), world.partition("SISTPROD_24")
    machine = "-m Server-9009-42A-SN78ABC12 -r lpar"
    assert send(world, hmc, f"chsysstate {machine} -o osshutdown --immed --id 56") == ""
    world.scheduler.run(until=world.now + 120)
    assert clone.state == "Not Activated"
    assert send(world, svc, "stopfcconsistgrp SISTPROD_24") == ""
    assert send(world, svc, "prestartfcconsistgrp SISTPROD_24") == ""
    world.scheduler.run(until=world.now + 15)
    (source.image.ifs / "tmp" / "mark").write_text("in the image")
    assert send(world, svc, "startfcconsistgrp SISTPROD_24") == ""
    assert send(world, hmc, f"chsysstate {machine} -o on -n SISTPROD_24 -f clone -k norm") == ""
    world.scheduler.run(until=world.now + 1800, stop=lambda: clone.os is not None)
    booted = running(world, "SISTPROD_24")
    assert (booted.image.ifs / "tmp" / "mark").read_text() == "in the image"
    assert booted.image is not source.image
    assert isinstance(booted.image, SystemImage)
    assert [job for job in booted.jobs.values() if job.name == "CPY"] == []
    assert (clone.state, clone.refcode) == ("Running", "00000000")
    assert running(world, "SISTPROD") is source


def test_two_worlds_of_one_site_have_the_same_history(night: Site, tmp_path: Path) -> None:
    def history(folder: Path) -> list[str]:
        world = build_world(night, folder)
        world.scheduler.run(until=world.now + 4 * 3600)
        return world.events.lines()

    first, second = history(tmp_path / "a"), history(tmp_path / "b")
    assert first == second
    assert len(first) > 3


def test_a_system_needs_no_more_than_its_partition() -> None:
    assert SystemSite(partition="P").all_subsystems()[0].name == "QCTL"
