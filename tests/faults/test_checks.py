"""FLCHKENV: every check of a run, to the end, with what was found of each, and nothing is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.ifs import read_text
from flashtwin.objects import DataArea
from nights import HELD_JOB, Change, SignedOn, is_row, kill_at, played, staged
from test_around_the_flash import KINDS, SITE, around
from test_displays import started
from test_killed_jobs import DRIVER_AND_A

FLCHKENV = "BCKFLASHP/FLCHKENV ENV(DAILY)"
OPERATOR_ENTERS: dict[str, str] = {
    "QSTRUPPGM is not the start-up guard": "CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('QSTRUP QSYS')",
    "JOBQ BCKFLASHP/FLGUARD: HELD": "HLDJOBQ JOBQ(BCKFLASHP/FLGUARD)",
    "JOBQ QSYS/QUSRNOMAX: HELD": "HLDJOBQ JOBQ(QSYS/QUSRNOMAX)",
    "QIPLTYPE is '1'": "CHGSYSVAL SYSVAL(QIPLTYPE) VALUE('1')",
    "192.168.99.15 starts by itself": "CHGTCPIFC INTNETADR('192.168.99.15') AUTOSTART(*YES)",
    "runs STRMNTBRM": "ADDJOBSCDE JOB(MNT) CMD(STRMNTBRM) FRQ(*WEEKLY) SCDDATE(*NONE) SCDDAY(*ALL) "
    "SCDTIME('220000')",
}


def asked(stage: Stage) -> tuple[bool, list[str]]:
    """Whether a run could start, and all lines."""
    result = stage.command("FLASHC", FLCHKENV)
    return result.ok, [f"{msgid} {text}" for msgid, text in result.messages]


def refused(stage: Stage) -> list[str]:
    """What is refused; the other points are looked at all the same, and counted."""
    ok, lines = asked(stage)
    bad = [line for line in lines if line.startswith("FLE0172 Refused: ")]
    warn = [line for line in lines if line.startswith("FLE0171 ")]
    assert ok is (not bad)
    assert f": DAILY, {len(bad)} / {len(warn)}: " in lines[-1]
    assert lines[-1].startswith("FLE0175" if bad else "FLE0176")
    assert len(lines) > 30
    return bad


def world_of(stage: Stage) -> dict[str, Any]:
    """What is on the disks of production, on the console and in the array."""
    image, world = stage.image, stage.world
    root = Path(image.ifs)
    files = {
        str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in root.rglob("*")
        if p.is_file()
    }
    areas = {
        f"{area.library}/{area.name}": area.value
        for library in ("BCKFLASHP", "BCKFLASHPG")
        for area in image.libraries[library].objects.values()
        if isinstance(area, DataArea)
    }
    objects = {name: sorted(map(str, library.objects)) for name, library in image.libraries.items()}
    queues = {
        name: [str(entry) for entry in queue.entries]
        for (name, kind), queue in image.libraries["BCKFLASHP"].objects.items()
        if kind == "*DTAQ"
    }
    power = {p.name: (p.state, p.curr_profile) for p in world.partitions()}
    events = [e for e in world.events.events if e.kind in CHANGES]
    return {
        "files": files,
        "areas": areas,
        "objects": objects,
        "queues": queues,
        "power": power,
        "tables": image.database.connection.serialize(),
        "values": dict(image.system_values),
        "changes": len(events),
    }


CHANGES = frozenset(
    (
        "flash",
        "partition_power",
        "brms_state",
        "suspended",
        "job_held",
        "job_released",
        "jobq_held",
        "schedule_held",
        "interface_started",
        "interface_ended",
        "subsystem_started",
        "subsystem_ended",
        "device_varied",
        "domino_ended",
    )
)


def test_nothing_is_changed_and_each_point_is_said() -> None:
    with staged() as stage:
        before = world_of(stage)
        requests = len(list(stage.world.events.of("job_submitted")))
        assert refused(stage) == []
        assert world_of(stage) == before
        assert len(list(stage.world.events.of("job_submitted"))) == requests
        lines = "\n".join(asked(stage)[1])
        for point in (
            *("IDENTITY: 78ABC12", "QSTRUPPGM: FLBOOT", "FLBOOTRPT: P", "SPCAUT: *JOBCTL", "FLR0056: "),
            *(
                "JOB QUSRSSH/CPY: 141601",
                "SISTPROD_24: *FREE",
                "Consistency group SISTPROD_1",
                "QIPLTYPE is '0'",
            ),
            *(
                "console.autostart",
                "console.network",
                "array.group",
                "array.units",
                "array.space",
                "No PTF waits",
            ),
            *("array.trigger: Armed for a test and disarmed", "sql.units", "sql.pools", "sql.interfaces"),
            *("sql.startup", "sql.brms", "sql.brmsmedia", "sql.brmsdisks", "sql.brmsactions"),
            *("sql.schedule", "sql.commit"),
        ):
            assert point in lines, point


@pytest.mark.parametrize("says", OPERATOR_ENTERS)
def test_each_point_that_somebody_changed_is_refused(says: str) -> None:
    with staged() as stage:
        entered = stage.command("QSECOFR", OPERATOR_ENTERS[says])
        assert entered.ok, entered.messages
        (bad,) = refused(stage)
        assert says in bad


def test_a_planned_start_that_the_clone_would_have_too_is_told() -> None:
    with staged() as stage:
        planned = "CHGSYSVAL SYSVAL(QIPLDATTIM) VALUE('311226 060000')"
        assert stage.command("QSECOFR", planned).ok
        assert refused(stage) == []
        assert any("QIPLDATTIM is '311226 060000'" in line for line in asked(stage)[1])


def test_an_ipl_to_restricted_state_that_the_clone_may_make_too_is_told() -> None:
    with staged() as stage:
        assert not any("STRRSTD" in line for line in asked(stage)[1])
        assert stage.command("QSECOFR", "CHGIPLA STRRSTD(*YES)").ok
        assert refused(stage) == []
        assert any("IPLA STRRSTD: 1" in line for line in asked(stage)[1])


GROUPS = (
    "CRTUSRPRF USRPRF(GRPA) PASSWORD(*NONE) SPCAUT(*JOBCTL)",
    "CRTUSRPRF USRPRF(GRPB) PASSWORD(*NONE)",
    "CRTUSRPRF USRPRF(GRPC) PASSWORD(*NONE) SPCAUT(*IOSYSCFG *SAVSYS)",
    "CHGUSRPRF USRPRF(FLASHC) SPCAUT(*NONE) GRPPRF(GRPA) SUPGRPPRF(GRPB GRPC)",
)


def test_special_authorities_may_come_from_any_group() -> None:
    with staged() as stage:
        for command in GROUPS:
            assert stage.command("QSECOFR", command).ok, command
        assert refused(stage) == []
        assert stage.command("QSECOFR", "CHGUSRPRF USRPRF(GRPC) SPCAUT(*SAVSYS)").ok
        (bad,) = refused(stage)
        assert "*IOSYSCFG" in bad
        assert "*SAVSYS" not in bad


def _open_run(stage: Stage) -> None:
    area = stage.image.find("BCKFLASHP", "FLR0056", "*DTAARA")
    assert isinstance(area, DataArea)
    assert isinstance(area.value, bytes)
    area.value = ("20261117203500DAILY     WATCH".ljust(256)).encode("cp037")


def _uncommitted(stage: Stage) -> None:
    stage.system.jobs[HELD_JOB].uncommitted = True


def _twice(stage: Stage) -> None:
    job = stage.system.new_job("CPY", "QUSRSSH", "BCH")
    assert job.qualified.endswith("/QUSRSSH/CPY")


def _lock(stage: Stage) -> None:
    ok, said = SignedOn(stage).enter("ALCOBJ OBJ((BCKFLASHP/FLK001 *DTAARA *SHRRD))")
    assert ok, said


WORLD: dict[str, Callable[[Stage], None]] = {
    "FLE0051 Run 20261117203500 of DAILY is still open": _open_run,
    "/QUSRSSH/CPY has uncommitted changes": _uncommitted,
    "FLE0016 More than one job has this name: QUSRSSH/CPY": _twice,
    "/FLASHC/QPADEV0001 holds clone SISTPROD_24. Wait for its end": _lock,
}


@pytest.mark.parametrize("says", WORLD)
def test_each_point_that_happened_is_refused(says: str) -> None:
    with staged() as stage:
        WORLD[says](stage)
        (bad,) = refused(stage)
        assert says in bad


SITES: dict[str, Change] = {
    "auto_start=1": ('id = 56\nname = "SISTPROD_24"', 'id = 56\nname = "SISTPROD_24"\nauto_start = true'),
    "FLE0012 A required group is not in its state": ('status = "idle_or_copied"', 'status = "stopped"'),
    "percent of its physical capacity free, the limit is": (
        'prepare = "12s"\n',
        'prepare = "12s"\npools = [{ physical_gib = 10500 }]\n',
    ),
}


@pytest.mark.parametrize("says", SITES)
def test_each_difference_of_the_site_is_refused(says: str) -> None:
    with staged(changes=(SITES[says],)) as stage:
        assert any(says in bad for bad in refused(stage))


def test_a_console_that_is_away_hides_nothing_else() -> None:
    with staged(
        changes=(('name = "HMC1"\n', 'name = "HMC1"\nunreachable = ["10.1.0.10", "10.1.0.11"]\n'),)
    ) as stage:
        bad = refused(stage)
        assert any("console" in line for line in bad)
        assert any("sql.ptfs" in line for line in asked(stage)[1])


def test_what_is_done_around_the_flash_is_looked_at() -> None:
    with staged(changes=SITE, spec=around(*KINDS)) as stage:
        assert stage.command("QSECOFR", "HLDJOBSCDE JOB(FLDDAILY) ENTRYNBR(*ALL)").ok
        assert refused(stage) == []
        lines = "\n".join(asked(stage)[1])
        for point in ("JOBQ QGPL/SITEQ: RELEASED", "ENTRY INVOICES: RELEASED", "SBS QGPL/REPORTS: *ACTIVE"):
            assert f"OK: {point}" in lines
        assert "DEVICE TAPMLB01: ON" in lines
        assert stage.command("QSECOFR", "HLDJOBQ JOBQ(QGPL/SITEQ)").ok
        assert refused(stage) == []
        assert "Attention: JOBQ QGPL/SITEQ: HELD" in "\n".join(asked(stage)[1])
        assert stage.command("QSECOFR", "RMVJOBSCDE JOB(INVOICES)").ok
        (bad,) = refused(stage)
        assert "FLE0174" in bad
        assert "ENTRY INVOICES: MISSING" in bad


def test_a_run_makes_the_same_checks_and_has_them_in_its_log() -> None:
    def uncommitted(stage: Stage) -> None:
        _uncommitted(stage)

    with played(prepare=uncommitted) as night:
        assert night.run.result == "refused"
        assert "O06 FLE0007 Check failed: Job 141601/QUSRSSH/CPY has uncommitted changes" in night.run.detail
        logs = [line for job in night.stage.image.job_records if job.name == "FLDDAILY" for line in job.log]
        assert any("array.trigger" in line for line in logs)


@pytest.mark.parametrize("output", ["OUTPUT(*PRINT)", "OUTPUT(*STMF) TOSTMF('/home/ops/check.txt')"])
def test_a_listing_has_what_the_messages_say(output: str) -> None:
    with staged() as stage:
        (Path(stage.image.ifs) / "home/ops").mkdir(parents=True)
        _uncommitted(stage)
        spooled = len(stage.image.spooled)
        result = stage.command("FLASHC", f"{FLCHKENV} {output}")
        assert not result.ok
        if "STMF" in output:
            text = read_text(stage.image, "/home/ops/check.txt")
        else:
            (file,) = stage.image.spooled[spooled:]
            assert file.name == "FLCHKENV"
            text = "\n".join(file.lines)
        assert text.splitlines()[0].startswith(" Checks of DAILY ")
        assert all(len(line) <= 80 for line in text.splitlines())
        words = " ".join(text.split())
        for msgid, said in result.messages:
            if msgid[:6] == "FLE017":
                assert " ".join(said.split()) in words, said
        assert "No run could start now (refused / attention): DAILY, 1 / " in words


def test_what_a_run_at_work_holds_is_named_and_left_alone() -> None:
    with staged() as stage:
        started(stage, "O84")
        held = list(stage.system.locks.held)
        bad = refused(stage)
        assert stage.system.locks.held == held
        locks = [line for line in bad if "sql.locks" in line]
        assert len(locks) == 1
        assert "/FLASHC/FLDDAILY, run 20261118203500, holds clone SISTPROD_24, BRMS state, group " in locks[0]
        assert "suspend window" not in locks[0]  # its window is over
        assert any("FLE0051" in line for line in bad)


def test_what_a_run_that_died_has_left_locked_is_named() -> None:
    with played(
        prepare=lambda stage: kill_at(stage, DRIVER_AND_A, lambda c: is_row(c, "R", "O83")) and None
    ) as night:
        bad = refused(night.stage)
        assert any("FLE0051" in line for line in bad)
        (left,) = (line for line in bad if "sql.locks" in line)
        assert "Run 20261118203500 left clone SISTPROD_24, " in left
        assert "locked; its job " in left
        assert "Enter FLRCVENV" in left
