"""The checkers read what simulated systems really write: real commands on the site of the example."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from flashtwin.baseline import grant_commands
from flashtwin.build import build_world
from flashtwin.events import Event
from flashtwin.gate import Gate
from flashtwin.invariants import CHECKERS
from flashtwin.invariants.facts import Identity, Limits, RunFacts
from flashtwin.invariants.s11_ipl import ipls
from flashtwin.scheduler import Signal, Wait, sleep
from flashtwin.sims.server import Exchange
from flashtwin.site import InterfaceSite, ProgramSite, Site
from flashtwin.site_load import read_site
from flashtwin.world import World

GROUP = "SISTPROD_24"
SUSPEND = "CHGASPACT ASPDEV(*SYSBAS) OPTION(*SUSPEND) SSPTIMO(60) SSPTIMOACN(*END)"
RESUME = "CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME)"
HOLD, RELEASE = "HLDJOB JOB(141601/QUSRSSH/CPY)", "RLSJOB JOB(141601/QUSRSSH/CPY)"
ORDER = (HOLD, SUSPEND, "DLYJOB DLY(5)", RESUME, RELEASE)


@pytest.fixture
def site(root: Path) -> Site:
    site = read_site(root / "examples" / "nightly_brms.site.toml")
    # Ten minutes before these nights, so that no time but theirs goes by.
    return dataclasses.replace(site, clock=dataclasses.replace(site.clock, start="2026-11-18T20:30:00"))


def night(site: Site, folder: Path, *commands: str) -> World:
    """A world in which a job of the product runs these commands as one program, from 20:40 on."""
    program = ProgramSite(name="NIGHT", library="BCKFLASHP", lasts=0, commands=commands)
    system = dataclasses.replace(site.systems[0], programs=(*site.systems[0].programs, program))
    world = build_world(dataclasses.replace(site, systems=(system,)), folder)
    if world.scheduler.external is None:
        Gate(world.scheduler)
    production = world.partition("SISTPROD").os
    assert production is not None
    grant_commands(production.image, "FLASHC")
    start = world.now + 600
    call = "CALL PGM(BCKFLASHP/NIGHT)"
    world.scheduler.at(
        start, lambda: production.work.submit(call, "FLDAILY", "FLASHC", ("QBATCH", "QGPL"), {})
    )
    return world


def facts(world: World) -> RunFacts:
    """What is declared of that night."""
    return RunFacts(
        run="20261118204000",
        begin=world.now,
        production="SISTPROD",
        clone="SISTPROD_24",
        identities=(Identity("78ABC12", 24),),
        users=("FLASHC",),
        libraries=("BCKFLASHP", "BCKFLASHG"),
        limits=Limits(quiesce_s=60, resume_s=30, guard_margin_s=20),
        groups=(("V7000", GROUP),),
        named_jobs=("QUSRSSH/CPY",),
        production_vlans=(1,),
        utc_offset_s=3600,
    )


def ask(world: World, at: float, system: str, command: str) -> None:
    """A request to a simulated system `at` seconds after the begin, as the gate carries it out."""
    gate = world.scheduler.external
    assert isinstance(gate, Gate)
    simulator = world.arrays.get(system) or world.consoles[system]

    def body() -> Generator[Wait, Signal | None, None]:
        exchange = Exchange(world.now, system, "flashc", command)
        gate.transcript.append(exchange)
        outcome = simulator.handle("flashc", command)
        if isinstance(outcome, Generator):
            outcome = yield from outcome
        yield from sleep(world.scheduler, outcome.duration_s)
        reply = outcome if outcome.effect is None else outcome.effect() or outcome
        exchange.answered_at, exchange.ending = world.now, "reply"
        exchange.status, exchange.out, exchange.err = reply.status, reply.out, reply.err

    world.scheduler.at(world.now + at, lambda: world.scheduler.spawn(command, body()))


def prepare(world: World) -> None:
    """The clone is ended, the group is stopped and prepared, all of it is looked at; then the trigger."""
    partition = "-m Server-9009-42A-SN78ABC12 --filter lpar_ids=56 -F name,state"
    ask(world, 10, "HMC1", f"chsysstate -m Server-9009-42A-SN78ABC12 -r lpar -o shutdown --immed -n {GROUP}")
    ask(world, 300, "V7000", f"stopfcconsistgrp {GROUP}")
    ask(world, 400, "V7000", f"prestartfcconsistgrp {GROUP}")
    ask(world, 500, "V7000", f"lsfcconsistgrp -delim : {GROUP}")
    ask(world, 550, "HMC1", f"lssyscfg -r lpar {partition}")
    ask(world, 604, "V7000", f"startfcconsistgrp {GROUP}")


def judged(world: World, declared: RunFacts, *ids: str) -> dict[str, str]:
    """The details of the broken ones."""
    world.scheduler.run(until=declared.begin + 900)
    verdicts = [CHECKERS[id](world, declared) for id in ids]
    return {v.id: v.detail for v in verdicts if not v.held}


def test_a_good_window(site: Site, tmp_path: Path) -> None:
    world = night(site, tmp_path / "world", *ORDER)
    declared = facts(world)
    prepare(world)
    assert judged(world, declared, "S1", "S2", "S3", "S4", "S5", "S8", "S12", "S13") == {}
    assert [e["group"] for e in world.events.of("flash")] == [GROUP]
    assert CHECKERS["S1"](world, declared).detail.startswith("production was held 8.2 s from 20:40:00")
    assert CHECKERS["S5"](world, declared).detail.startswith("1 change on SISTPROD undone")


BROKEN: dict[str, tuple[tuple[str, ...], Callable[[World], None], str]] = {
    "S1": (tuple(c.replace("DLY(5)", "DLY(120)") for c in ORDER), prepare, "held 123.2 s"),
    "S2": ((HOLD, RELEASE), prepare, "while production was not suspended"),
    "S5": (tuple(c for c in ORDER if c != RELEASE), prepare, "job 141601/QUSRSSH/CPY is held since"),
    "S13": (("HLDJOB JOB(141377/ANNA/ORDERS)", *ORDER), prepare, "HLDJOB 141377/ANNA/ORDERS"),
}


@pytest.mark.parametrize("id", BROKEN)
def test_broken_commands(id: str, site: Site, tmp_path: Path) -> None:
    commands, requests, says = BROKEN[id]
    world = night(site, tmp_path / "world", *commands)
    declared = facts(world)
    requests(world)
    assert says in judged(world, declared, id)[id]


def test_a_group_that_is_not_prepared_by_this_run(site: Site, tmp_path: Path) -> None:
    world = night(site, tmp_path / "world", *ORDER)
    declared = facts(world)
    ask(world, 300, "V7000", f"stopfcconsistgrp {GROUP}")
    ask(world, 604, "V7000", f"startfcconsistgrp -prep {GROUP}")
    found = judged(world, declared, "S2")["S2"]
    assert "while SISTPROD_24 was Error" in found
    assert "not prepared, when the trigger was sent" in found


def test_the_clone_starts_on_a_flash_that_nobody_looked_at(site: Site, tmp_path: Path) -> None:
    world = night(site, tmp_path / "world", *ORDER)
    declared = facts(world)
    prepare(world)
    ask(world, 640, "HMC1", f"chsysstate -m Server-9009-42A-SN78ABC12 -r lpar -o on -n {GROUP} -f clone")
    assert "had not been asked for the start times" in judged(world, declared, "S3")["S3"]


def ipl_of(site: Site, folder: Path) -> tuple[Event, ...]:
    """A normal IPL of production on a site."""
    world = build_world(site, folder)
    partition = world.partition("SISTPROD")
    partition.power_off("shutdown-immed")
    world.scheduler.run(until=world.now + 60)
    partition.power_on("default")
    world.scheduler.run(until=world.now + 3600)
    (found,) = ipls(world.events.events, "SISTPROD")
    return found


def test_an_ipl_that_starts_more_than_before(site: Site, tmp_path: Path) -> None:
    before = ipl_of(site, tmp_path / "before")
    assert {"QCTL", "QSYSWRK"} <= {e["subsystem"] for e in before if e.kind == "subsystem_started"}
    system = site.systems[0]
    address = InterfaceSite(address="192.168.99.15", line="ETHCLONE", autostart=True, active=False)
    others = tuple(i for i in system.interfaces if i.address != "192.168.99.15")
    changed = dataclasses.replace(system, interfaces=(*others, address))
    after = ipl_of(dataclasses.replace(site, systems=(changed,)), tmp_path / "after")
    world = build_world(site, tmp_path / "world")
    same, more = (dataclasses.replace(facts(world), ipl_before=before, ipl_after=e) for e in (before, after))
    assert CHECKERS["S11"](world, same).held
    verdict = CHECKERS["S11"](world, more)
    assert (verdict.held, "interface 192.168.99.15 started, which did not before" in verdict.detail) == (
        False,
        True,
    )


def test_a_clone_without_a_guard_goes_on_as_production(site: Site, tmp_path: Path) -> None:
    start = ProgramSite(name="STARTUP", library="APPLIB", commands=("STRSBS SBSD(QSYS/QBATCH)",))
    system = dataclasses.replace(
        site.systems[0], programs=(*site.systems[0].programs, start), startup_program="APPLIB/STARTUP"
    )
    world = night(dataclasses.replace(site, systems=(system,)), tmp_path / "world", *ORDER)
    declared = dataclasses.replace(facts(world), startup_program="APPLIB/STARTUP")
    prepare(world)
    ask(world, 615, "V7000", f"lsfcmap -delim : -filtervalue group_name={GROUP}")
    ask(world, 640, "HMC1", f"chsysstate -m Server-9009-42A-SN78ABC12 -r lpar -o on -n {GROUP} -f clone")
    world.scheduler.run(until=declared.begin + 3 * 3600)
    assert CHECKERS["S3"](world, declared).held
    found = CHECKERS["S4"](world, declared)
    assert not found.held
    assert "the start-up program APPLIB/STARTUP of production ran on SISTPROD_24" in found.detail
    assert "subsystem QBATCH started on SISTPROD_24" in found.detail
    assert "of schedule entry INVOICES started on SISTPROD_24" in found.detail


OLDER = "SISTPROD_1"
"""A group over the same sources whose copy is two days older than that of the night's group."""


def test_the_generation_with_the_oldest_copy_is_to_be_used(site: Site, tmp_path: Path) -> None:
    world = night(site, tmp_path / "world", *ORDER)
    declared = dataclasses.replace(
        facts(world),
        groups=(("V7000", GROUP), ("V7000", OLDER)),
        generations=(("V7000", (GROUP, OLDER)),),
    )
    prepare(world)
    found = judged(world, declared, "S2", "S3")
    assert found == {"S2": f"{GROUP} was given up, though the copy on {OLDER} is older"}


def test_a_copy_that_must_be_kept(site: Site, tmp_path: Path) -> None:
    world = night(site, tmp_path / "world", *ORDER)
    declared = facts(world)
    prepare(world)
    # Taken on the evening before at 20:40:27, given up at 20:40:05.
    assert judged(world, dataclasses.replace(declared, keep_s=86000.0), "S2") == {}
    found = judged(world, dataclasses.replace(declared, keep_s=86400.0), "S2")
    assert found == {"S2": f"the copy on {GROUP} was given up when it was 86378 s old"}


def test_flashes_of_two_windows_are_no_copy(site: Site, tmp_path: Path) -> None:
    twice = (HOLD, SUSPEND, "DLYJOB DLY(5)", RESUME, "DLYJOB DLY(30)", *ORDER[1:])
    world = night(site, tmp_path / "world", *twice)
    declared = dataclasses.replace(facts(world), groups=(("V7000", GROUP), ("V7000", OLDER)))
    prepare(world)
    ask(world, 450, "V7000", f"prestartfcconsistgrp {OLDER}")
    ask(world, 642, "V7000", f"startfcconsistgrp {OLDER}")
    ask(world, 700, "V7000", f"lsfcconsistgrp -delim : {OLDER}")
    ask(world, 710, "HMC1", "chsysstate -m Server-9009-42A-SN78ABC12 -r lpar -o on --id 56 -f clone -k norm")
    assert "on flashes of different suspended windows" in judged(world, declared, "S3")["S3"]
