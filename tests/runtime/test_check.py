"""The pre-checks: each site that differs from the spec is named, and nothing is changed."""

from __future__ import annotations

import calendar
import json
from collections.abc import Callable
from typing import Any

import pytest
from flashrt import status
from flashrt.check_partition import offset_seconds, runs_within
from flashrt.status import SidecarError

from .fakes import DELIVERY_KEY, DELIVERY_LINE, HANG, Reply, World


def run_check(world: World) -> Any:
    return world.call("check", "--clone", "SISTPROD_24", "--report", str(world.folder / "report"))


LOOKS = ("ls", "svqueryclock")


def right_clock(world: World) -> None:
    """The array's clock, 20:37:12, is that of a zone an hour ahead of UTC."""
    world.clock.time = calendar.timegm((2026, 11, 21, 19, 37, 12))


def test_all_good(world: World) -> None:
    right_clock(world)
    called = run_check(world)
    assert (called.status, called.word) == (0, "OK"), (world.folder / "report").read_text()
    report = (world.folder / "report").read_text().splitlines()
    assert len(report) == int(called.extra1)
    wants_a_look = [line for line in report if not line.startswith("OK ")]
    assert [line.split()[:2] for line in wants_a_look] == [
        ["AT", "sql.brmsmedia:"],
        ["AT", "sql.brmsdisks:"],
        ["AT", "sql.brmsactions:"],
        ["AT", "sql.others:"],
    ]
    assert any("array.trigger: Armed for a test and disarmed" in line for line in report)
    assert not any("chsysstate" in command for command in world.hmc.log)
    assert all(command.startswith(LOOKS) for command in world.svc.log)
    assert "as many as the group" in "\n".join(report)


def _group_gone(world: World) -> None:
    del world.svc.groups["SISTPROD_24"]


def _unit_missing(world: World) -> None:
    world.svc.hosts["SISTPROD"].append("PROD_4")


def _unit_extra(world: World) -> None:
    world.svc.maps.append(
        dict(world.svc.maps[0], name="fcmap4", source_vdisk_name="PAY_1", target_vdisk_name="CLONE_4")
    )
    world.svc.hosts["PAYROLL"] = ["PAY_1", "PAY_2", "PAY_3"]
    world.svc.hosts["CLONEHOST"].append("CLONE_4")
    world.svc.ports["PAYROLL"] = ["C05076000021"]


def _unit_unmapped(world: World) -> None:
    world.svc.hosts["SISTPROD"].remove("PROD_3")


def _other_count(world: World) -> None:
    world.database.rows["SYSDISKSTAT"] = [(n, 1, "2145", "050", f"DMP{n}", f"Y{n}") for n in range(1, 6)]


def _target_shared(world: World) -> None:
    world.svc.hosts["PAYROLL"] = ["CLONE_2", "PAY_2", "PAY_3"]
    world.svc.ports["PAYROLL"] = ["C05076000021"]


def _target_at_source(world: World) -> None:
    world.svc.hosts["SISTPROD"].append("CLONE_2")


def _clone_sees_production(world: World) -> None:
    world.svc.hosts["CLONEHOST"].append("PAY_1")


def _target_unmapped(world: World) -> None:
    world.svc.hosts["CLONEHOST"].remove("CLONE_1")


def _foreign_port(world: World) -> None:
    world.svc.ports["CLONEHOST"] = ["C05076000001"]


def _internal_disk(world: World) -> None:
    world.database.rows["SYSDISKSTAT"][2] = (2, 1, "59C9", "099", "DD002", "Y2")


def _pool_full(world: World) -> None:
    world.svc.pool_free = "20.00GB"


def _independent_pool(world: World) -> None:
    world.database.rows["ASP_INFO"].append((33, "AVAILABLE", "PRIMARY", "PAYIASP", 100, 50))


def _named_pool_off(world: World) -> None:
    world.database.rows["ASP_INFO"].append((33, "VARIED OFF", "PRIMARY", "HRIASP", 100, 50))
    world.data["checks"].update(independent_asps=["HRIASP"])
    world.save()


def _no_room(world: World) -> None:
    world.database.rows["ASP_INFO"] = [(1, "NONE", "SYSTEM", None, 3_000_000, 100)]


def _ptf(world: World) -> None:
    world.database.rows["PTF_INFO"] = [("SI99999", "5770SS1", "TEMPORARILY APPLIED")]


def _attended(world: World) -> None:
    world.database.rows["'QIPLTYPE'"] = [("1",)]


def _link_starts(world: World) -> None:
    world.database.rows["NETSTAT_INTERFACE_INFO"] = [("192.168.099.015", "ETHCLONE", "ACTIVE", "YES")]


def _link_gone(world: World) -> None:
    world.database.rows["NETSTAT_INTERFACE_INFO"] = []


def _brms_scheduled(world: World) -> None:
    row = ("MNTBRM", "22:00:00", "*ALL", "SCHEDULED", "QSYS/STRMNTBRM")
    world.database.rows["SCHEDULED_JOB_INFO"] = [row]


def _brms_at_work(world: World) -> None:
    world.database.rows["OBJECT_LOCK_INFO"] += [
        ("141702/BACKUPS/MNTBRM", "QA1AHS", "*FILE", "*SHRUPD"),
        ("141702/BACKUPS/MNTBRM", "QA1AMM", "*FILE", "*EXCLRD"),
        ("141999/QSECOFR/QPADEV0001", "QA1AMM", "*FILE", "*SHRUPD"),
    ]


def _brms_without_sql(world: World) -> None:
    failed = SidecarError(status.SYSTEM, "SQL failed: BRMS_LOG_INFO in QUSRBRM type *FILE not found.")
    world.database.rows["BRMS_LOG_INFO"] = failed


def _machine_down(world: World) -> None:
    world.hmc.machine = world.hmc.machine.replace("Operating", "Recovery")


def _machine_gone(world: World) -> None:
    world.hmc.machine = ""


def _wrong_name(world: World) -> None:
    world.hmc.partitions[56][0] = "OTHER"


def _not_os400(world: World) -> None:
    world.hmc.partitions[56][2] = "aixlinux"


def _starts_itself(world: World) -> None:
    world.hmc.partitions[56][6] = "1"


def _profile_gone(world: World) -> None:
    world.hmc.profile = ""


def _profile_starts(world: World) -> None:
    world.hmc.profile = world.hmc.profile.replace("auto_start=0", "auto_start=1")


def _production_vlan(world: World) -> None:
    adapters = "4/0/99//0/0/ETHERNET0//all/none,5/0/10//0/0/ETHERNET0//all/none"
    world.hmc.profile = f'name=clone,auto_start=0,"virtual_eth_adapters={adapters}"'


def _tagged_vlan(world: World) -> None:
    world.hmc.profile = 'name=clone,"virtual_eth_adapters=""4/1/99/10,11/0/0"""'


def _vnic(world: World) -> None:
    world.hmc.profile = world.hmc.profile.replace("vnic_adapters=none", "vnic_adapters=slot_num=5")


def _network_unknown(world: World) -> None:
    world.hmc.profile = "name=clone,auto_start=0"


def _physical_ethernet(world: World) -> None:
    world.hmc.profile = world.hmc.profile.replace("io_slots=none", "io_slots=21010021/none/1")
    world.hmc.say("LANG=C lshwres -r io", Reply(0, '21010021,"4-Port 10GbE Ethernet"\n', ""))


def _group_prepared(world: World) -> None:
    world.svc.set("prepared")


def _array_hangs(world: World) -> None:
    world.svc.say("lsfcconsistgrp", HANG)


def _array_away(world: World) -> None:
    world.svc.connect_error = SidecarError(status.UNREACHABLE, "V7000 cannot be reached.")


def _console_key(world: World) -> None:
    world.hmc.connect_error = SidecarError(status.HOSTKEY, "another host key")


def _no_sql(world: World) -> None:
    world.database.rows["SYSDISKSTAT"] = SidecarError(status.UNREACHABLE, "no database")


@pytest.mark.parametrize(
    ("change", "expected", "named"),
    [
        (_group_gone, status.NOTFOUND, "SISTPROD_24"),
        (_unit_missing, status.MISMATCH, "PROD_4"),
        (_unit_extra, status.MISMATCH, "PAY_1"),
        (_unit_unmapped, status.MISMATCH, "PROD_3"),
        (_other_count, status.MISMATCH, "5 disk units"),
        (_target_shared, status.MISMATCH, "CLONE_2"),
        (_target_at_source, status.MISMATCH, "CLONE_2"),
        (_clone_sees_production, status.MISMATCH, "PAY_1"),
        (_target_unmapped, status.MISMATCH, "CLONE_1"),
        (_foreign_port, status.MISMATCH, "C05076000001"),
        (_internal_disk, status.MISMATCH, "DD002"),
        (_pool_full, status.SPACE, "POOL0"),
        (_independent_pool, status.REFUSED, "PAYIASP"),
        (_named_pool_off, status.REFUSED, "HRIASP, which the spec names, is not available"),
        (_no_room, status.SPACE, "100 MB"),
        (_ptf, status.REFUSED, "SI99999"),
        (_attended, status.REFUSED, "QIPLTYPE"),
        (_link_starts, status.REFUSED, "192.168.99.15"),
        (_link_gone, status.MISMATCH, "192.168.99.15"),
        (_brms_scheduled, status.REFUSED, "MNTBRM"),
        (
            _brms_at_work,
            status.REFUSED,
            "141702/BACKUPS/MNTBRM holds QUSRBRM *FILE QA1AHS with *SHRUPD (2 jobs",
        ),
        (_brms_without_sql, status.SYSTEM, "INZBRM OPTION(*SQLSRVINZ)"),
        (_machine_down, status.REFUSED, "Recovery"),
        (_machine_gone, status.NOTFOUND, "Server-9009-42A-SN78ABC12"),
        (_wrong_name, status.MISMATCH, "OTHER"),
        (_not_os400, status.MISMATCH, "aixlinux"),
        (_starts_itself, status.REFUSED, "auto_start=1"),
        (_profile_gone, status.NOTFOUND, "clone"),
        (_profile_starts, status.REFUSED, "auto_start=1"),
        (_production_vlan, status.MISMATCH, "VLAN 10"),
        (_tagged_vlan, status.MISMATCH, "VLAN 10, 11"),
        (_vnic, status.MISMATCH, "vnic_adapters"),
        (_network_unknown, status.MISMATCH, "network"),
        (_physical_ethernet, status.MISMATCH, "21010021"),
        (_group_prepared, status.FOREIGN, "prepared"),
        (_array_hangs, status.TIMEOUT, "lsfcconsistgrp"),
        (_array_away, status.UNREACHABLE, "V7000"),
        (_console_key, status.HOSTKEY, "host key"),
        (_no_sql, status.UNREACHABLE, "database"),
    ],
)
def test_each_difference_is_named(
    world: World, change: Callable[[World], None], expected: int, named: str
) -> None:
    change(world)
    called = run_check(world)
    report = (world.folder / "report").read_text()
    bad = [line for line in report.splitlines() if line.startswith("NO ")]
    assert called.status == expected, report
    assert any(named in line for line in bad), report
    assert named in called.text
    assert int(called.extra2) == len(bad)
    assert not any("chsysstate" in command for command in world.hmc.log)
    assert all(command.startswith(LOOKS) for command in world.svc.log)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Sat Nov 21 20:41:12 CET 2026\n", "UTC+01:00, +240 s. No time zone"),
        ("Thu Nov 26 20:37:12 CET 2026\n", "121 hours ahead"),
        ("CMMVC6253E\n", "The clock of V7000, by which copies are told apart, is not shown. Let"),
        (None, "The clock of V7000 was not looked at: "),
    ],
)
def test_a_clock_that_cannot_be_relied_on_keeps_no_run_from_its_start(
    world: World, said: str | None, told: str
) -> None:
    right_clock(world)
    world.svc.says["svqueryclock"] = [HANG if said is None else Reply(0, said, "")]
    called = run_check(world)
    assert (called.status, called.word) == (0, "OK")
    (line,) = [one for one in (world.folder / "report").read_text().splitlines() if "array.clock: " in one]
    assert line.startswith("AT ")
    assert told in line


def test_many_findings_are_all_made(world: World) -> None:
    for change in (_profile_gone, _unit_missing, _ptf, _attended):
        change(world)
    called = run_check(world)
    assert called.status == status.NOTFOUND
    assert called.extra2 == "4"
    assert "(3 more)" in called.text


def test_storage_adapters_are_no_network(world: World) -> None:
    world.hmc.profile = world.hmc.profile.replace("io_slots=none", "io_slots=21010022/none/1")
    world.hmc.say("LANG=C lshwres -r io", Reply(0, '21010022,"Quad 8 Gigabit Fibre Channel Adapter"\n', ""))
    assert run_check(world).status == 0


def test_ports_that_nobody_shows_are_not_compared(world: World) -> None:
    world.hmc.say("LANG=C lshwres -r virtualio", *[Reply(0, "No results were found.\n", "")] * 2)
    assert run_check(world).status == 0
    assert "not compared" in (world.folder / "report").read_text()


def test_a_network_that_is_not_isolated_is_looked_at(world: World) -> None:
    world.data["clones"]["SISTPROD_24"]["network_isolated"] = False
    world.save()
    _production_vlan(world)
    called = run_check(world)
    assert called.status == status.REFUSED
    assert "QSYSWRKJOB" in called.text
    world.data["checks"]["accepted_autostart"] = ["QSYSWRKJOB"]
    world.save()
    assert run_check(world).status == 0
    world.database.rows["JOB_QUEUE_INFO"] = [
        ("QGPL", "QBATCH", "QBATCH", 7, "RELEASED"),
        ("QGPL", "QOLD", None, 3, "RELEASED"),
    ]
    called = run_check(world)
    assert called.status == status.REFUSED
    assert "QGPL/QBATCH" in called.text


def test_batch_jobs_that_an_ipl_starts_by_itself_are_told(world: World) -> None:
    """The copy has them too, and they run beside the save, however isolated the clone is."""

    def remarks() -> str:
        report = world.folder / "report"
        which = ("--clone", "SISTPROD_24", "--environment", "DAILY", "--report", str(report))
        assert world.call("check", *which).status == 0
        return "".join(line for line in report.read_text().splitlines() if line.startswith("AT sql.startup"))

    small = [("QGPL", "QBATCH", "QBASE", 0, "RELEASED"), ("QGPL", "QS36MRT", "QBASE", 0, "RELEASED")]
    world.database.rows["'QCTLSBSD'"] = [("QSYS/QBASE",)]
    world.database.rows["JOB_QUEUE_INFO"] = small
    assert "0 jobs wait on job queue QGPL/QBATCH of subsystem QBASE" in remarks()
    assert "(hold job queue QGPL/QBATCH)" in remarks()
    world.database.rows["JOB_QUEUE_INFO"] = small[1:]
    assert remarks() == ""
    world.database.rows["JOB_QUEUE_INFO"] = [
        ("APPLIB", "NIGHT", "QSYSWRK", 3, "RELEASED"),
        ("APPLIB", "HELDQ", "QSYSWRK", 3, "HELD"),
    ]
    assert "3 jobs wait on job queue APPLIB/NIGHT of subsystem QSYSWRK" in remarks()
    assert "HELDQ" not in remarks()
    world.data["checks"].update(environments={"DAILY": {"held_queues": ["APPLIB/NIGHT"]}})
    world.save()
    assert remarks() == ""


def test_declared_exceptions(world: World) -> None:
    _ptf(world)
    _independent_pool(world)
    world.data["checks"].update(accepted_ptfs=["SI99999"], independent_asps=["PAYIASP"])
    world.save()
    assert run_check(world).status == 0


def test_brms_is_not_looked_at_where_the_run_does_not_use_it(world: World) -> None:
    _brms_at_work(world)
    world.data["checks"]["brms"] = False
    world.save()
    world.database.asked.clear()
    assert run_check(world).status == 0
    assert not any("OBJECT_LOCK_INFO" in sql for sql in world.database.asked)


def test_a_control_group_that_the_log_never_saw_is_said_and_not_refused(world: World) -> None:
    world.data["checks"]["control_groups"] = ["SAV21", "SAV12", "NEW"]
    world.save()
    called = run_check(world)
    assert called.status == 0
    assert "never seen control group SAV12, NEW: new, or see WRKCTLGBRM" in called.text


def test_the_network_jobs_of_brms_are_no_work(world: World) -> None:
    for name in ("QSYS/Q1ABRMNET", "QBRMS/QBRMNET", "QBRMS/QBRMSYNC", "QBRMS/QNMAPINGD", "QBRMS/Q1ACPDST"):
        world.database.rows["OBJECT_LOCK_INFO"] = [(f"100007/{name}", "QA1AHS", "*FILE", "*SHRUPD")]
        assert run_check(world).status == 0, name
    world.database.rows["OBJECT_LOCK_INFO"] = [("100007/QBRMNET/STRANGER", "QA1AHS", "*FILE", "*SHRUPD")]
    assert run_check(world).status == status.REFUSED


def test_locks_that_are_of_no_job_are_no_work(world: World) -> None:
    world.database.rows["OBJECT_LOCK_INFO"] = [
        (name, "QA1AHS", "*FILE", "*EXCL") for name in ("MACHINE", None)
    ]
    assert run_check(world).status == 0


def test_declared_hosts(world: World) -> None:
    disks = world.data["clones"]["SISTPROD_24"]["disks"][0]
    disks.update(source_hosts=["SISTPROD"], clone_hosts=["CLONEHOST"])
    world.save()
    assert run_check(world).status == 0
    disks.update(clone_hosts=["ANOTHER"])
    world.save()
    assert run_check(world).status == status.MISMATCH


def held(world: World) -> None:
    world.data["checks"].update(environments={"DAILY": {"held_jobs": ["QUSRSSH/CPY"]}, "OTHER": {}})
    world.save()


def look(world: World, environment: str) -> tuple[int, str]:
    called = world.call(
        "check",
        "--clone",
        "SISTPROD_24",
        "--environment",
        environment,
        "--report",
        str(world.folder / "report"),
    )
    lines = (world.folder / "report").read_text().splitlines()
    return called.status, next(line for line in lines if "sql.commit" in line)


def test_uncommitted_changes_of_a_job_to_be_held(world: World) -> None:
    held(world)
    assert look(world, "DAILY") == (0, "OK sql.commit: No uncommitted changes of QUSRSSH/CPY.")
    world.database.rows["DB_TRANSACTION_INFO"] += [("141601/QUSRSSH/CPY", "YES")]
    code, line = look(world, "DAILY")
    assert code == status.REFUSED
    assert line.startswith("NO sql.commit: Job 141601/QUSRSSH/CPY has uncommitted changes")
    assert look(world, "OTHER") == (0, "OK sql.commit: The run holds no job.")


def test_transactions_that_cannot_be_read_want_attention(world: World) -> None:
    held(world)
    world.database.rows["DB_TRANSACTION_INFO"] = SidecarError(status.SYSTEM, "SQL failed: SQL0204.")
    code, line = look(world, "DAILY")
    assert code == 0
    assert line.startswith("AT sql.commit: Whether QUSRSSH/CPY have uncommitted changes is not known")


LOCKS = [
    {"object": "FLK001", "what": "clone SISTPROD_24"},
    {"object": "FLKWIN", "what": "suspend window"},
    {"object": "FLKWINA", "what": "suspend window"},
]
RUN, DRIVER = "20261121203500", f"{'FLDDAILY':10}{'FLASHC':10}141700"


def looked_at_locks(world: World, *words: str) -> tuple[int, list[str]]:
    """Status, and what is said of the locks."""
    world.data["checks"].update(environments={"DAILY": {"locks": LOCKS}})
    world.save()
    report = world.folder / "report"
    which = ("--clone", "SISTPROD_24", "--environment", "DAILY", "--report", str(report))
    called = world.call("check", *which, *words)
    return called.status, [line for line in report.read_text().splitlines() if "sql.locks" in line]


def test_nobody_has_what_a_run_needs(world: World) -> None:
    world.database.rows["'*DTAARA'"] = [("FLK002", "141700/FLASHC/FLDOTHER"), ("FLR0056", "1/A/B")]
    good = "OK sql.locks: Nobody holds clone SISTPROD_24, suspend window."
    assert looked_at_locks(world) == (0, [good])


def test_the_job_that_has_it_is_named_with_its_run(world: World) -> None:
    world.database.rows[".FLLCK"] = [
        ("clone SISTPROD_24", RUN, DRIVER),
        ("suspend window", RUN, DRIVER),
        ("tape TAPMLB01", RUN, DRIVER),
    ]
    world.database.rows["'*DTAARA'"] = [
        ("FLK001", "141700/FLASHC/FLDDAILY"),
        ("FLKWIN", "141700/FLASHC/FLDDAILY"),
        ("FLKWINA", "141701/FLASHC/FLGRDA"),
    ]
    code, lines = looked_at_locks(world)
    assert code == status.REFUSED
    assert [line.partition(". ")[0] for line in lines] == [
        f"NO sql.locks: Job 141700/FLASHC/FLDDAILY, run {RUN}, holds clone SISTPROD_24, suspend window",
        "NO sql.locks: Job 141701/FLASHC/FLGRDA holds suspend window",
    ]


def test_a_row_whose_job_has_gone_leads_to_recovery(world: World) -> None:
    world.database.rows[".FLLCK"] = [("clone SISTPROD_24", RUN, DRIVER), ("tape OTHER", RUN, DRIVER)]
    code, (line,) = looked_at_locks(world)
    assert code == status.REFUSED
    assert f"Run {RUN} left clone SISTPROD_24 locked; its job 141700/FLASHC/FLDDAILY has gone" in line
    assert "FLRCVENV" in line


def test_a_run_does_not_ask_for_its_own_locks(world: World) -> None:
    world.database.rows["'*DTAARA'"] = [("FLK001", "141700/FLASHC/FLDDAILY")]
    assert looked_at_locks(world, "--run", RUN) == (0, [])


def looked_at_tape(world: World, *libraries: str) -> str:
    """What is said of the tape libraries that the clone saves to."""
    world.data["checks"].update(environments={"DAILY": {"libraries": list(libraries)}})
    world.save()
    report = world.folder / "report"
    called = world.call("check", "--clone", "SISTPROD_24", "--environment", "DAILY", "--report", str(report))
    assert called.status == 0
    (line,) = [line for line in report.read_text().splitlines() if "sql.tape" in line]
    return line


def test_a_library_that_is_varied_off_here_is_the_clones(world: World) -> None:
    assert looked_at_tape(world) == "OK sql.tape: The run names no tape library."
    assert (
        looked_at_tape(world, "TAPMLB01") == "OK sql.tape: No drive of TAPMLB01 is allocated to this system."
    )


def test_a_drive_that_production_has_for_itself_is_told(world: World) -> None:
    world.database.rows["MEDIA_LIBRARY_INFO"] = [("TAPMLB01", "TAP01", "UNPROTECTED")]
    assert looked_at_tape(world, "TAPMLB01").startswith("OK ")
    world.database.rows["MEDIA_LIBRARY_INFO"] += [("TAPMLB01", "TAP02", "ALLOCATED")]
    said = looked_at_tape(world, "TAPMLB01", "TAPMLB03")
    assert said.startswith("AT sql.tape: Drive TAP02 of TAPMLB01 is ALLOCATED to this system")
    world.database.rows["MEDIA_LIBRARY_INFO"] = SidecarError(status.SYSTEM, "SQL0204.")
    assert looked_at_tape(world, "TAPMLB01").startswith("AT sql.tape: Whether drives of TAPMLB01")


def test_time_limit(world: World) -> None:
    world.data["limits"]["check_s"] = 10
    world.save()
    world.hmc.say("LANG=C lssyscfg -r sys", HANG)
    called = run_check(world)
    assert called.status == status.TIMEOUT
    assert "longer than 10 s" in (world.folder / "report").read_text()


def test_time_limit_within_a_part(world: World) -> None:
    """An array that answers late at every request is not asked for longer than the limit either."""
    world.data["limits"]["check_s"] = 10
    world.save()
    begun, asked, answer = world.clock.now(), [], world.svc.handle

    def slowly(command: str) -> Reply:
        asked.append(world.clock.now() - begun)
        world.clock.time += 4
        return answer(command)

    world.svc.handle = slowly  # type: ignore[method-assign]
    assert run_check(world).status == status.TIMEOUT
    assert len(asked) > 1
    assert max(asked) < 10
    assert "V7000 was not asked any more" in (world.folder / "report").read_text()


def test_json_has_all_findings(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.call("check", "--json")
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == 0
    assert all(finding["ok"] for finding in document["details"]["findings"])


def test_array_check_alone(world: World) -> None:
    assert world.array("check").status == 0
    _unit_missing(world)
    called = world.array("check")
    assert called.status == status.MISMATCH
    assert "PROD_4" in called.text


def test_array_check_by_hand_without_sql(world: World) -> None:
    _no_sql(world)
    called = world.array("check")
    assert called.status == 0
    assert "not counted" in called.text


@pytest.mark.parametrize(
    ("time", "days", "hours", "expected"),
    [
        ("22:00:00", "*ALL", 10, True),
        ("220000", "*ALL", 1, False),
        ("20:00:00", "*ALL", 10, False),
        ("03:00:00", "*SUN", 10, True),
        ("03:00:00", "*MON, *TUE", 10, False),
        ("03:00:00", "*MON", 40, True),
        ("05:59:00", "", 10, True),
    ],
)
def test_schedule_entries_in_the_window(time: str, days: str, hours: int, expected: bool) -> None:
    saturday_2035 = 1_795_206_900.0
    assert runs_within(time, days, saturday_2035 + 86400, hours * 3600) is expected


def test_offsets() -> None:
    assert offset_seconds("+0100") == 3600
    assert offset_seconds("-0330") == -12600
    assert offset_seconds("") == 0


def test_a_target_that_production_sees(world: World) -> None:
    _target_at_source(world)
    run_check(world)
    assert "CLONE_2 is mapped to SISTPROD, a host of the source" in (world.folder / "report").read_text()


# -- whether the clone is let in when its save is done -----------------------------------------------


def line_told(world: World) -> str:
    """What the report says of the delivery's line."""
    run_check(world)
    report = (world.folder / "report").read_text().splitlines()
    (line,) = [one for one in report if " inbox.line: " in one]
    return line


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((DELIVERY_LINE,), "OK inbox.line: The clone at 192.168.99.16 is let in to the inbox"),
        (("ssh-ed25519 AAAAother", DELIVERY_LINE), "OK "),
        ((DELIVERY_LINE.replace("192.168.99.16", "192.168.99.*"),), "OK "),
        ((DELIVERY_LINE.replace("192.168.99.16", "192.168.99.0/24"),), "OK "),
        ((DELIVERY_LINE.replace("192.168.99.16", "192.168.99.*,!192.168.99.16"),), "NO "),
        (
            (DELIVERY_LINE.replace("192.168.99.16", "192.168.99.17"),),
            "NO inbox.line: The clone at 192.168.99.16 could not log in as flashc",
        ),
        ((f"# {DELIVERY_LINE}",), "NO "),
        ((DELIVERY_LINE.replace("IDelivery", "IOther"),), "NO "),
        (("",), "NO "),
        ((f'from="192.168.99.16",command="internal-sftp" {DELIVERY_KEY}',), "AT inbox.line: The key deliver"),
        ((DELIVERY_KEY,), "AT "),
    ],
)
def test_the_line_of_deliveries_is_looked_at(world: World, lines: tuple[str, ...], told: str) -> None:
    world.lets_in(*lines)
    assert line_told(world).startswith(told)


def test_a_line_that_the_server_passes_over_refuses(world: World) -> None:
    world.home.chmod(0o775)
    assert line_told(world).startswith(f"NO inbox.line: Others may write to {world.home}, so")
    (world.home / ".ssh" / "authorized_keys").unlink()
    assert line_told(world).startswith("NO inbox.line: The clone at 192.168.99.16 could")


@pytest.mark.parametrize("missing", ["home", "view", "key", "file"])
def test_a_line_that_cannot_be_looked_at_is_told(world: World, missing: str) -> None:
    if missing == "home":
        world.database.rows["USER_INFO"] = []
    elif missing == "view":
        world.database.rows["USER_INFO"] = SidecarError(status.SYSTEM, "SQL0206: no such column.")
    elif missing == "key":
        (world.folder / "keys" / "deliver_ed25519.pub").unlink()
    else:
        file = world.home / ".ssh" / "authorized_keys"
        file.unlink()
        file.mkdir()
    told = line_told(world)
    assert told.startswith(
        "AT inbox.line: Not looked at, whether the clone is let in when its save is done: "
    )
    assert told.endswith("See flashc doctor.")


def test_a_key_that_the_clone_could_not_use_refuses(world: World) -> None:
    """It travels in the copy, and nobody can mend it there at night."""
    key = world.folder / "keys" / "deliver_ed25519"
    key.chmod(0o640)
    assert "can be read by others" in line_told(world)
    key.unlink()
    told = line_told(world)
    assert told.startswith(f"NO inbox.line: The key file {key} cannot be read: No such file")


def test_no_link_no_line(world: World) -> None:
    world.data["clones"]["SISTPROD_24"]["link"] = None
    world.save()
    assert line_told(world).startswith("OK inbox.line: The clone brings nothing over a link.")
