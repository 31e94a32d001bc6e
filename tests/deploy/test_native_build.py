"""FLBUILD, the program that makes everything by hand, in the twin: as a deployment does, from any state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from deploybench import bundle_of
from flashc.bundle import Bundle
from flashc.check import load
from flashc.cl.parser import parse
from flashc.cli import staging
from flashc.cli.rehearsing import rehearse
from flashc.cli.stage import Stage, run_command
from flashtwin.build import build_world
from flashtwin.job import INTERACTIVE
from flashtwin.objects import Code, DataArea, Library, Program, SourceMember
from flashtwin.os400 import CommandResult, OperatingSystem
from flashtwin.program import compile_source
from flashtwin.scheduler import Signal, Wait
from flashtwin.site import Site
from flashtwin.site_load import load_site
from flashtwin.site_network import pinned_keys
from flashtwin.world import World
from test_twin import Bench

LIB, LIBG, FROM = "BCKFLASHP", "BCKFLASHPG", "/tmp/flashc"

BY_HAND = """
             PGM
             DLTF FILE(QTEMP/FLLINES)
             MONMSG CPF2105
             CRTSRCPF FILE(QTEMP/FLLINES) RCDLEN(2012) MBR(FLLINES) CCSID(37)
{compile}
             CALL PGM(QTEMP/FLBUILD) PARM('/tmp/flashc' '{guard}')
             MONMSG CPF0000 EXEC(SNDPGMMSG MSGID(CPF9898) MSGF(QSYS/QCPFMSG) +
                          MSGDTA('It failed') MSGTYPE(*ESCAPE))
             ENDPGM
"""
"""The commands of the program's header, in one job."""

FROM_STREAM = "             CRTBNDCL PGM(QTEMP/FLBUILD) SRCSTMF('/tmp/flashc/FLBUILD.clle')"
FROM_MEMBER = """
             DLTF FILE(QTEMP/QCLSRC)
             MONMSG CPF2105
             CRTSRCPF FILE(QTEMP/QCLSRC) CCSID(37)
             CPYFRMSTMF FROMSTMF('/tmp/flashc/FLBUILD.clle') +
                          TOMBR('/QSYS.LIB/QTEMP.LIB/QCLSRC.FILE/FLBUILD.MBR') +
                          STMFCCSID(1208)
             CHGPFM FILE(QTEMP/QCLSRC) MBR(FLBUILD) SRCTYPE(CLLE)
             CRTBNDCL PGM(QTEMP/FLBUILD) SRCFILE(QTEMP/QCLSRC)
"""


def put(system: OperatingSystem, bundle: Bundle, known_hosts: bytes) -> None:
    """The bundle's files on the partition, as an administrator uploads them."""
    folder = system.image.ifs / FROM.lstrip("/")
    for name, data in {**bundle.files, "conf/known_hosts": known_hosts}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def build(
    world: World, system: OperatingSystem, user: str = "QSECOFR", guard: str = "*KEEP"
) -> CommandResult:
    """Run it by hand."""
    by_hand(system, user, guard)
    return run_command(world, system, user, "CALL PGM(QGPL/BYHAND)")


def log(system: OperatingSystem) -> str:
    """The job log of the last job."""
    return " ".join(" ".join(system.image.job_records[-1].log).split())


def by_hand(system: OperatingSystem, user: str, guard: str) -> None:
    """A program of somebody's own with the commands that he would enter."""
    old = system.image.products["release"] == "7.3"
    text = BY_HAND.format(guard=guard, compile=FROM_MEMBER if old else FROM_STREAM)
    made = Program("QGPL", "BYHAND", "*PGM", "CLLE", owner=user, code=Code(compile_source(parse(text)[0])))
    made.public = "*USE"
    system.image.add(made)


@pytest.fixture(scope="module")
def site(root: Path) -> Site:
    """The site of the example."""
    return load_site((root / "examples/nightly_brms.site.toml").read_text())


@pytest.fixture
def world(site: Site, tmp_path: Path) -> World:
    """An empty partition."""
    return build_world(site, tmp_path / "world")


@pytest.fixture
def system(world: World, bundle: Bundle, site: Site) -> OperatingSystem:
    """Production with the bundle's files on it."""
    system = world.partition("SISTPROD").os
    assert system is not None
    put(system, bundle, pinned_keys(site).encode())
    return system


def snapshot(system: OperatingSystem) -> dict[str, Any]:
    """What there is of the product, without times: objects with owner, authorities and contents; files."""
    image = system.image
    made = {f"QSYS/{name} *LIB": shown(image.libraries[name]) for name in (LIB, LIBG)}
    made[f"QSYS/{LIB} *AUTL"] = shown(image.find("QSYS", LIB, "*AUTL"))
    for library in (LIB, LIBG):
        for obj in image.libraries[library].objects.values():
            made[f"{library}/{obj.name} {obj.type}"] = shown(obj)
    folder = image.ifs / "flashc/BCKFLASHP"
    for path in [folder, *folder.iterdir(), *(folder / "bin").iterdir(), *(folder / "conf").iterdir()]:
        if path.name != "manifest.json":  # the record of deployments
            made[str(path.relative_to(folder))] = (
                oct(path.stat().st_mode),
                path.is_file() and path.read_bytes(),
            )
    return made


def shown(obj: Any) -> dict[str, Any]:
    return {f.name: value(getattr(obj, f.name)) for f in fields(obj) if f.name not in TIMES} | (
        {"objects": None} if isinstance(obj, Library) else {}
    )


TIMES = ("created", "changed", "saved", "objects")


def value(found: Any) -> Any:
    """A field's value as far as it is the object's own."""
    if isinstance(found, Code):
        return found.source
    if isinstance(found, dict) and any(isinstance(one, SourceMember) for one in found.values()):
        return {name: (one.source_type, one.lines) for name, one in found.items()}
    return found


@pytest.fixture(scope="module")
def deployed(root: Path, tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[dict[str, Any]]:
    """What a deployment makes of the same bundle."""
    bench = Bench(
        root, tmp_path_factory.mktemp("deployed"), (root / "examples/nightly_brms.site.toml").read_text()
    )
    try:
        bench.pins.write_text(pinned_keys(site))
        assert bench.flashc("deploy", "--yes") == 0
        yield snapshot(bench.system)
    finally:
        bench.gate.close()


@pytest.mark.parametrize("user", ["QSECOFR", "FLASHC"])
def test_by_hand_makes_what_a_deployment_makes(
    world: World, system: OperatingSystem, deployed: dict[str, Any], user: str
) -> None:
    result = build(world, system, user)
    assert result.ok, result.messages
    found = snapshot(system)
    assert sorted(found) == sorted(deployed)
    assert {k: v for k, v in found.items() if v != deployed[k]} == {}


def test_twice_is_as_good_as_once_and_data_stays(world: World, system: OperatingSystem) -> None:
    assert build(world, system).ok
    image = system.image
    area = image.find(LIBG, "FLT0056", "*DTAARA")
    assert isinstance(area, DataArea)
    area.value = b"\xc1" * 256
    driver, guard = image.find(LIB, "FLDDAILY", "*PGM"), image.find(LIBG, "FLBOOT", "*PGM")
    before = snapshot(system)
    assert build(world, system).ok
    assert snapshot(system) == before
    assert image.find(LIB, "FLDDAILY", "*PGM") is not driver
    assert image.find(LIBG, "FLBOOT", "*PGM") is guard
    assert build(world, system, guard="*GUARD").ok
    assert image.find(LIBG, "FLBOOT", "*PGM") is not guard
    assert area.value == b"\xc1" * 256


def test_it_tells_what_is_left_and_touches_neither_schedule_nor_start_up(
    world: World, system: OperatingSystem, bundle: Bundle
) -> None:
    image = system.image
    entries, start = list(image.schedule), image.system_values["QSTRUPPGM"]
    assert build(world, system).ok
    for command in bundle.manifest["officer"]:
        assert command in log(system)
    assert bundle.manifest["environments"][0]["schedule_commands"][0] in log(system)
    assert (list(image.schedule), image.system_values["QSTRUPPGM"]) == (entries, start)


def test_on_7_3_everything_goes_through_members(world: World, site: Site, example: str) -> None:
    system = world.partition("SISTPROD").os
    assert system is not None
    system.image.products["release"] = "7.3"
    older = bundle_of(example.replace("release   7.4", "release   7.3"))
    put(system, older, pinned_keys(site).encode())
    assert build(world, system).ok, log(system)
    found = snapshot(system)
    assert f"{LIB}/QCLSRC *FILE" in found
    wanted = {f"{o['library']}/{o['name']} {o['type']}" for o in older.manifest["objects"]}
    assert wanted <= set(found)


def test_any_number_of_environments_fits_into_the_program(bundle: Bundle, example: str) -> None:
    at = example.index("environment DAILY")
    second = example[at:].replace("DAILY", "SECOND").replace("20:35", "03:35")
    monitors = [one.files["FLBUILD.clle"].count(b"MONMSG") for one in (bundle, bundle_of(example + second))]
    assert monitors[0] == monitors[1] < 1000


def test_what_could_not_be_made_is_named(world: World, system: OperatingSystem) -> None:
    source = system.image.ifs / FROM.lstrip("/") / "FLREAD.clle"
    right = source.read_text()
    source.write_text("             PGM\n             CHGVAR VAR(&NONE) VALUE(1)\n             ENDPGM\n")
    assert not build(world, system).ok
    assert "Not made: FLREAD. What a compiler found is in EVFEVENT" in log(system)
    assert f"{LIB}/FLREAD *PGM: CPF0820 Program FLREAD not created." in log(system)
    # the programs that do not need it are made all the same
    assert system.image.find(LIB, "FLDDAILY", "*PGM") is not None
    assert system.image.find(LIB, "FLREAD", "*PGM") is None
    source.write_text(right)
    assert build(world, system).ok


def test_nothing_is_changed_on_another_machine_or_while_a_run_is_open(
    world: World, system: OperatingSystem
) -> None:
    source = system.image.ifs / FROM.lstrip("/") / "FLBUILD.clle"
    right = source.read_text()
    source.write_text(right.replace("*NE '78ABC12'", "*NE '0000000'"))
    assert not build(world, system).ok
    assert "Machine 78ABC12 is not one that the spec names" in log(system)
    assert LIB not in system.image.libraries
    source.write_text(right)
    assert build(world, system).ok
    area = system.image.find(LIB, "FLR0056", "*DTAARA")
    assert isinstance(area, DataArea)
    area.value = f"{'20261118203500':24}{'WATCH':10}".ljust(256).encode("cp037")
    driver = system.image.find(LIB, "FLDDAILY", "*PGM")
    assert not build(world, system).ok
    assert "A run is open on clone SISTPROD_24" in log(system)
    assert system.image.find(LIB, "FLDDAILY", "*PGM") is driver


def test_nothing_is_changed_while_a_run_of_another_spec_is_at_work(
    world: World, system: OperatingSystem
) -> None:
    """Its clone is none of this bundle's, so no record is looked at; its lock is."""
    assert build(world, system).ok
    driver = system.image.find(LIB, "FLDDAILY", "*PGM")
    job = system.new_job("FLDOTHER", "FLASHC", INTERACTIVE)
    lock = f"ALCOBJ OBJ(({LIB}/FLKWIN *DTAARA *EXCL)) WAIT(0)"
    task = job.task = world.scheduler.spawn("a run", job.perform(lock))
    world.scheduler.run(until=world.now + 60, stop=task_ended(task))
    assert task.result
    assert not build(world, system).ok
    assert "A run is at work" in log(system)
    assert system.image.find(LIB, "FLDDAILY", "*PGM") is driver
    system.work.kill(job, 50)
    assert build(world, system).ok


class Interrupter:
    """Ends the job behind the change with a number; `seen`: all changes of the last run, by their names."""

    def __init__(self, world: World, system: OperatingSystem) -> None:
        self.system = system
        self.behind: int | None = None
        self.seen: list[str] = []
        world.around_command = self.around

    def around(self, context: Any, go: Callable[[], Any]) -> Any:
        if context.act.name != "FLBUILD" or context.registered.effect == "none":
            return go()
        self.seen.append(context.command.name)
        return self.end(context, go) if len(self.seen) == self.behind else go()

    def end(self, context: Any, go: Callable[[], Any]) -> Iterator[Wait]:
        result = go()
        if result is not None:
            yield from result
        self.system.work.kill(context.job, 50)
        yield Wait((Signal("nothing"),))  # a job that is gone takes no further step


def test_interrupted_anywhere_it_goes_on(
    site: Site, tmp_path: Path, bundle: Bundle, deployed: dict[str, Any]
) -> None:
    """Ended behind the first and the last change of each kind, one after the other on one partition."""
    whole: list[str] = []
    points: list[int] = []
    for name in ("whole", "interrupted"):
        world = build_world(site, tmp_path / name)
        system = world.partition("SISTPROD").os
        assert system is not None
        put(system, bundle, pinned_keys(site).encode())
        interrupter = Interrupter(world, system)
        if name == "whole":
            assert build(world, system).ok
            whole = list(interrupter.seen)
            places = {kind: [n for n, one in enumerate(whole, 1) if one == kind] for kind in set(whole)}
            points = sorted({n for found in places.values() for n in (found[0], found[-1])})
    for behind in points:
        interrupter.seen.clear()
        interrupter.behind = behind
        task = world.scheduler.spawn("by hand", system.run_command("QSECOFR", "CALL PGM(QGPL/BYHAND)"))
        by_hand(system, "QSECOFR", "*KEEP")
        world.scheduler.run(until=world.now + 900, stop=task_ended(task))
        assert task.ended
    interrupter.behind = None
    assert build(world, system).ok
    assert snapshot(system) == deployed


def task_ended(task: Any) -> Callable[[], bool]:
    return lambda: bool(task.ended)


def test_a_night_runs_after_an_installation_by_hand(
    root: Path, bundle: Bundle, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def installed(stage: Stage, _progress: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            put(stage.system, stage.bundle, pinned_keys(stage.site).encode())
            assert build(stage.world, stage.system).ok
            stage.officer_todo = tuple(stage.bundle.manifest["officer"])
            stage.waiting = ("FLDDAILY",)
        else:
            for command in stage.bundle.manifest["environments"][0]["schedule_commands"]:
                assert stage.command("FLASHC", command).ok
            stage.waiting = ()

    monkeypatch.setattr(staging, "install", installed)
    spec, problems = load(str(root / "examples/nightly_brms.flash"))
    assert spec is not None, problems
    played = rehearse(spec, bundle, site, mode="memory")
    assert calls == 2
    (run,) = played.runs
    assert run.result == "completed", run.detail
    assert all(one.held for one in run.invariants)
