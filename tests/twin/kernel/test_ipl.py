"""IPL, the start-up program, restricted state and its end, power, identity, system values, captures."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flashc.cl.parser import parse
from flashtwin.image import ScheduleEntry
from flashtwin.objects import Code, Library, Program
from flashtwin.program import compile_source
from flashtwin.site import Readings
from flashtwin.world import MemoryVolume, Partition, Profile
from kernelbench import START, Machine

Texts = Callable[[str], list[str]]


def start_up(machine: Machine, text: str) -> None:
    """Make a start-up program of the text."""
    source, problems = parse(textwrap.dedent(text), "STARTUP")
    assert not problems
    code = Code(compile_source(source))
    program = Program("APP", "STARTUP", "*PGM", "CLLE", owner="OPER", code=code, public="*USE")
    machine.image.add(program)
    machine.image.system_values["QSTRUPPGM"] = "STARTUP   APP       "


def clone_of(machine: Machine) -> Partition:
    """A second partition whose volume gets a copy of the running system."""
    clone = machine.world.add_partition(machine.partition.managed_system, 56, "CLONE")
    clone.profiles["clone"] = Profile("clone", (99,))
    clone.clock_offset = -300.0
    target = MemoryVolume("2")
    clone.volumes = [target]
    target.image = machine.world.capture(machine.partition.volumes)
    return clone


def logs(partition: Partition) -> list[str]:
    """All job log lines of a partition's ended and active jobs."""
    assert partition.os is not None
    lines = [line for record in partition.os.image.job_records for line in record.log]
    return lines + [m.line() for job in partition.os.jobs.values() for m in job.log]


REPORT = """
    PGM
    DCL VAR(&USER) TYPE(*CHAR) LEN(10)
    RTVJOBA USER(&USER)
    SNDPGMMSG MSG('start-up as' *BCAT &USER) TOPGMQ(*EXT)
    ENDPGM
"""


def test_power_on_shows_reference_codes_and_starts_what_ipl_starts(machine: Machine) -> None:
    start_up(machine, REPORT)
    clone = clone_of(machine)
    clone.power_on("clone")
    machine.run(3600)
    assert clone.refcodes[0][1].startswith("C2")
    assert clone.refcode == "00000000"
    assert clone.state == "Running"
    assert any("start-up as QPGMR" in line for line in logs(clone))
    kinds = [
        e.kind
        for e in machine.world.events.of("ipl_done", "subsystem_started", "tcp_started", system="CLONE")
    ]
    assert kinds == ["subsystem_started", "ipl_done", "subsystem_started", "tcp_started"]


def test_strtcp_attribute_no_starts_no_tcp(machine: Machine) -> None:
    machine.image.ipl_attributes["STRTCP"] = "*NO"
    clone = clone_of(machine)
    clone.power_on("clone")
    machine.run(3600)
    assert not list(machine.world.events.of("tcp_started", system="CLONE"))


SLOW = """
    PGM
    DLYJOB DLY(600)
    ENDPGM
"""
BEHIND = Readings(qsyswrk_beside_startup=False, strtcp_beside_startup=False)


def begun(machine: Machine) -> list[str]:
    """Subsystems, TCP/IP and ends of jobs of the clone, in their order."""
    events = machine.world.events.of("subsystem_started", "tcp_started", "job_ended", system="CLONE")
    return [str(e.facts.get("subsystem", e.kind)) for e in events]


def test_qsyswrk_and_tcp_start_behind_the_start_up_program_on_the_milder_side(machine: Machine) -> None:
    machine.world.readings = BEHIND
    start_up(machine, SLOW)
    clone = clone_of(machine)
    clone.power_on("clone")
    machine.run(4000)
    assert begun(machine)[-4:] == ["QCTL", "job_ended", "QSYSWRK", "tcp_started"]


@pytest.mark.parametrize("program", ["*NONE", "NOSUCH    APP       "])
def test_without_a_start_up_program_nothing_is_waited_for(machine: Machine, program: str) -> None:
    machine.world.readings = BEHIND
    machine.image.system_values["QSTRUPPGM"] = program
    clone = clone_of(machine)
    clone.power_on("clone")
    machine.run(4000)
    assert begun(machine)[-2:] == ["QSYSWRK", "tcp_started"]


def test_a_start_up_program_that_a_restricted_save_ends_starts_nothing_behind_it(machine: Machine) -> None:
    machine.world.readings = BEHIND
    start_up(machine, "PGM\nDLYJOB DLY(5000)\nENDPGM\n")
    machine.program("SAVE", RESTRICTED)
    clone = clone_of(machine)
    clone.power_on("clone")
    machine.run(3600)
    assert clone.os is not None
    clone.os.submit("CALL PGM(APP/SAVE)", name="SAVE", user="OPER", queue=("QCTL", "QSYS"))
    machine.run(120)
    assert clone.os.work.restricted
    assert "QSYSWRK" not in begun(machine)
    machine.run(7200)
    assert not clone.os.work.restricted
    assert begun(machine).count("QSYSWRK") == 1


def test_missing_start_up_program_leaves_the_job_with_an_error(machine: Machine) -> None:
    machine.image.system_values["QSTRUPPGM"] = "NOTHERE   APP       "
    clone = clone_of(machine)
    clone.power_on("clone")
    machine.run(3600)
    assert any("CPD0170" in line for line in logs(clone))
    assert list(machine.world.events.of("startup_failed", system="CLONE"))


def test_start_up_program_that_qpgmr_may_not_use(machine: Machine) -> None:
    start_up(machine, REPORT)
    program = machine.image.find("APP", "STARTUP", "*PGM")
    assert program is not None
    program.public = "*EXCLUDE"
    clone = clone_of(machine)
    clone.power_on("clone")
    machine.run(3600)
    assert not any("start-up as" in line for line in logs(clone))
    assert any("CPF9802" in line for line in logs(clone))


def test_identity_differs_while_everything_else_is_copied(machine: Machine) -> None:
    start_up(
        machine,
        """
        PGM
        DCL VAR(&BUF) TYPE(*CHAR) LEN(300)
        DCL VAR(&LEN) TYPE(*INT) LEN(4) VALUE(300)
        DCL VAR(&ONE) TYPE(*INT) LEN(4) VALUE(1)
        DCL VAR(&RC) TYPE(*INT) LEN(4)
        DCL VAR(&ID) TYPE(*INT) LEN(4) STG(*DEFINED) DEFVAR(&BUF 41)
        DCL VAR(&SERIAL) TYPE(*CHAR) LEN(8)
        DCL VAR(&NAME) TYPE(*CHAR) LEN(8)
        RTVSYSVAL SYSVAL(QSRLNBR) RTNVAR(&SERIAL)
        RTVNETA SYSNAME(&NAME)
        CALLPRC PRC('dlpar_get_info') PARM((&BUF) (&ONE *BYVAL) (&LEN *BYVAL)) RTNVAL(&RC)
        SNDPGMMSG MSG(&NAME *BCAT &SERIAL *BCAT %CHAR(&ID) *BCAT %CHAR(&RC)) TOPGMQ(*EXT)
        ENDPGM
        """,
    )
    guarded = machine.image.find("QSYS", "QPMLPMGT", "*SRVPGM")
    assert guarded is not None
    guarded.private["QPGMR"] = "*USE"
    clone = clone_of(machine)
    clone.power_on("clone")
    machine.run(3600)
    assert any("SISTPROD 78ABC12 56 300" in line for line in logs(clone))
    del guarded.private["QPGMR"]
    again = machine.world.capture(machine.partition.volumes)
    clone.power_off("shutdown-immed")
    machine.run(600)
    clone.volumes[0].image = again
    clone.power_on("clone")
    machine.run(3600)
    assert any(line.endswith(" -1") for line in logs(clone))


def test_a_copy_is_not_touched_by_what_happens_to_the_original(machine: Machine) -> None:
    machine.call("PGM\nCRTDTAARA DTAARA(APP/BEFORE) TYPE(*CHAR) VALUE('x')\nENDPGM\n")
    (machine.image.ifs / "tmp" / "note").write_text("before")
    clone = clone_of(machine)
    machine.call(
        "PGM\nCHGDTAARA DTAARA(APP/BEFORE) VALUE('y')\nCRTDTAARA DTAARA(APP/AFTER) TYPE(*CHAR)\nENDPGM\n"
    )
    (machine.image.ifs / "tmp" / "note").write_text("after")
    image = clone.volumes[0].image
    assert image is not None
    before = image.find("APP", "BEFORE", "*DTAARA")
    assert before is not None
    assert before.value[:1] == "x".encode("cp037")  # type: ignore[attr-defined]
    assert image.find("APP", "AFTER", "*DTAARA") is None
    assert (image.ifs / "tmp" / "note").read_text() == "before"


def test_queued_jobs_and_schedule_entries_live_on_in_the_copy(machine: Machine) -> None:
    machine.program("LATE", "PGM\nSNDPGMMSG MSG('ran on the clone') TOPGMQ(*EXT)\nENDPGM\n")
    start_up(machine, "PGM\nSTRSBS SBSD(QBATCH)\nENDPGM\n")
    machine.call(
        "PGM\nHLDJOBQ JOBQ(QGPL/QBATCH)\nSBMJOB CMD(CALL PGM(APP/LATE)) JOB(LATE) JOBQ(QGPL/QBATCH)\nENDPGM\n"
    )
    machine.call("PGM\nRLSJOBQ JOBQ(QGPL/QBATCH)\nENDPGM\n", seconds=0.05)
    clone = clone_of(machine)
    image = clone.volumes[0].image
    assert image is not None
    from flashtwin.objects import JobQueue

    queue = image.find("QGPL", "QBATCH", "*JOBQ")
    assert isinstance(queue, JobQueue)
    queue.held = False
    assert [entry.name for entry in queue.entries] == ["LATE"]
    for name, recovery in (("RELEASE", "*SBMRLS"), ("SKIP", "*NOSBM")):
        entry = ScheduleEntry(
            name, 90, "CALL PGM(APP/LATE)", days=("*ALL",), time="204000", recovery=recovery
        )
        entry.user, entry.number, entry.job_queue = "OPER", image.next_schedule, ("QBATCH", "QGPL")
        image.next_schedule += 1
        entry.next_run = START + 600 - 300
        image.schedule.append(entry)
    clone.power_on("clone")
    machine.run(4000)
    submitted = [e["entry"] for e in machine.world.events.of("scheduled_submit", system="CLONE")]
    assert submitted == ["RELEASE"]
    assert sum("ran on the clone" in line for line in logs(clone)) == 2


RESTRICTED = """
    PGM
    DCL VAR(&I) TYPE(*INT)
    ENDSBS SBS(*ALL) OPTION(*IMMED) BCHTIMLMT(60)
    DLYJOB DLY(180)
    SNDPGMMSG MSG('saved') TOPGMQ(*EXT)
    ENDPGM
"""


def test_restricted_state_kills_all_and_the_start_up_program_runs_again(machine: Machine) -> None:
    start_up(machine, REPORT)
    machine.program("SAVE", RESTRICTED)
    machine.program("LONG", "PGM\nDLYJOB DLY(5000)\nENDPGM\n")
    long = machine.submit("CALL PGM(APP/LONG)", name="LONG")
    save = machine.os.submit("CALL PGM(APP/SAVE)", name="SAVE", user="OPER", queue=("QCTL", "QSYS"))
    machine.run(120)
    assert machine.os.work.restricted
    assert machine.partition.refcode == "A9003C70"
    assert machine.end_code(long) == 50
    assert not machine.os.network.started
    machine.run(1000)
    assert any("saved" in line for line in machine.log(save))
    assert not machine.os.work.restricted
    assert machine.partition.refcode == "00000000"
    assert any("start-up as QPGMR" in line for line in logs(machine.partition))
    assert machine.os.network.started
    kinds = [e.kind for e in machine.world.events.of("restricted_entered", "restricted_left")]
    assert kinds == ["restricted_entered", "restricted_left"]


def test_start_up_again_is_a_switch(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "soft")
    machine.world.readings = Readings(startup_again_after_restricted=False)
    start_up(machine, REPORT)
    machine.program("SAVE", RESTRICTED)
    machine.os.submit("CALL PGM(APP/SAVE)", name="SAVE", user="OPER", queue=("QCTL", "QSYS"))
    machine.run(2000)
    assert list(machine.world.events.of("restricted_left"))
    assert not any("start-up as" in line for line in logs(machine.partition))


def test_only_a_job_of_the_controlling_subsystem_may_end_all(texts: Texts) -> None:
    assert texts(
        """
        PGM
        ENDSBS SBS(*ALL) OPTION(*IMMED)
        MONMSG MSGID(CPF1052) EXEC(SNDPGMMSG MSG('not from here'))
        ENDSBS SBS(NOSBS) OPTION(*IMMED)
        MONMSG MSGID(CPF1054) EXEC(SNDPGMMSG MSG('not active'))
        ENDSBS SBS(QCTL) OPTION(*IMMED)
        MONMSG MSGID(CPF1053) EXEC(SNDPGMMSG MSG('controlling'))
        STRSBS SBSD(QBATCH)
        MONMSG MSGID(CPF1010) EXEC(SNDPGMMSG MSG('active'))
        ENDPGM
        """
    ) == ["not from here", "not active", "controlling", "active"]


def test_the_batch_time_limit_ends_restricted_state(machine: Machine) -> None:
    machine.program("SAVE", RESTRICTED.replace("DLY(180)", "DLY(90000)"))
    save = machine.os.submit("CALL PGM(APP/SAVE)", name="SAVE", user="OPER", queue=("QCTL", "QSYS"))
    machine.run(2 * 3600)
    entered, left = (next(machine.world.events.of(k)) for k in ("restricted_entered", "restricted_left"))
    assert left.time - entered.time == 3600
    assert machine.end_code(save) == 50


@pytest.mark.parametrize("how", ["osshutdown", "osshutdown-immed", "shutdown", "shutdown-immed"])
def test_power_off(machine: Machine, how: str) -> None:
    machine.program("LONG", "PGM\nMONMSG MSGID(CPF0000)\nDLYJOB DLY(90000)\nENDPGM\n")
    machine.submit("CALL PGM(APP/LONG)", name="LONG")
    machine.run(5)
    machine.partition.power_off(how)
    machine.run(3000)
    assert machine.partition.state == "Not Activated"
    assert machine.partition.os is None
    states = [e["state"] for e in machine.world.events.of("partition_power")]
    assert states[-2:] == ["Shutting Down", "Not Activated"]


def test_pwrdwnsys_with_restart_starts_the_same_image_again(machine: Machine) -> None:
    start_up(machine, REPORT)
    machine.call(
        """
        PGM
        CRTDTAARA DTAARA(APP/KEPT) TYPE(*CHAR)
        PWRDWNSYS OPTION(*IMMED) RESTART(*YES) CONFIRM(*NO)
        ENDPGM
        """,
        seconds=9000,
    )
    assert machine.partition.state == "Running"
    assert machine.partition.os is not None
    assert machine.partition.os is not machine.os
    assert machine.partition.os.image.find("APP", "KEPT", "*DTAARA") is not None
    assert any("start-up as QPGMR" in line for line in logs(machine.partition))


def test_volumes_of_different_copies_do_not_boot(machine: Machine) -> None:
    clone = clone_of(machine)
    other = MemoryVolume("3", machine.world.capture(machine.partition.volumes))
    clone.volumes.append(other)
    clone.power_on("clone")
    machine.run(3600)
    assert clone.state == "Error"
    assert clone.refcode.startswith("B6")


def test_manual_ipl_waits_for_a_console(machine: Machine) -> None:
    clone = clone_of(machine)
    clone.power_on("clone", "manual")
    machine.run(36000)
    assert clone.refcode == "A6005008"
    assert clone.os is None


def test_a_copy_that_is_off_starts_by_itself_when_its_source_had_planned_to(
    machine: Machine,
) -> None:
    planned = machine.os.local() + timedelta(hours=5)
    machine.call(f"PGM\nCHGSYSVAL SYSVAL(QIPLDATTIM) VALUE('{planned:%d%m%y %H%M%S}')\nENDPGM")
    clone = clone_of(machine)
    clone.power_on("clone")
    machine.run(3600)
    clone.power_off("osshutdown-immed")
    machine.run(3600)
    assert clone.state == "Not Activated"
    machine.run(4 * 3600)
    assert clone.state == "Running"
    assert len(list(machine.world.events.of("starts_by_itself", system="CLONE"))) == 1
    assert machine.os.planned_start() is None  # it is past: a later end is followed by no start
    clone.power_off("osshutdown-immed")
    machine.run(24 * 3600)
    assert clone.state == "Not Activated"


def test_overwriting_the_disks_of_a_running_partition_stops_it(machine: Machine) -> None:
    clone = clone_of(machine)
    clone.power_on("clone")
    machine.run(3600)
    machine.world.overwritten(clone.volumes)
    assert clone.state == "Error"


def test_each_system_has_its_own_clock_and_values(texts: Texts) -> None:
    program = """
        PGM
        DCL VAR(&DATE) TYPE(*CHAR) LEN(6)
        DCL VAR(&TIME) TYPE(*CHAR) LEN(9)
        DCL VAR(&PGM) TYPE(*CHAR) LEN(20)
        DCL VAR(&SHORT) TYPE(*CHAR) LEN(2)
        DCL VAR(&STAMP) TYPE(*CHAR) LEN(17)
        DCL VAR(&IN) TYPE(*CHAR) LEN(17)
        RTVSYSVAL SYSVAL(QDATE) RTNVAR(&DATE)
        RTVSYSVAL SYSVAL(QTIME) RTNVAR(&TIME)
        RTVSYSVAL SYSVAL(QSTRUPPGM) RTNVAR(&PGM)
        CALL PGM(QWCCVTDT) PARM('*CURRENT' &IN '*YYMD' &STAMP X'0000000000000000')
        SNDPGMMSG MSG(&DATE *BCAT %SST(&TIME 1 4) *BCAT &PGM *BCAT %SST(&STAMP 1 12))
        RTVSYSVAL SYSVAL(QSTRUPPGM) RTNVAR(&SHORT)
        MONMSG MSGID(CPF1095) EXEC(SNDPGMMSG MSG('too short'))
        CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('FLGUARD APP')
        RTVSYSVAL SYSVAL(QSTRUPPGM) RTNVAR(&PGM)
        SNDPGMMSG MSG(&PGM)
        ENDPGM
    """
    assert texts(program) == [
        "181126 2030 QSTRUP    QSYS 202611182030",
        "too short",
        "FLGUARD   APP",
    ]


def test_changing_the_start_up_program_needs_allobj(machine: Machine) -> None:
    log = machine.call("PGM\nCHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('X APP')\nENDPGM\n", user="QPGMR")
    assert any("CPF1831" in line for line in log)
    assert machine.image.system_values["QSTRUPPGM"].split() == ["QSTRUP", "QSYS"]


def test_libraries_are_deep_copied(machine: Machine) -> None:
    clone = clone_of(machine)
    image = clone.volumes[0].image
    assert image is not None
    assert isinstance(image.libraries["APP"], Library)
    assert image.libraries["APP"] is not machine.image.libraries["APP"]


def test_power_down_in_restricted_state_does_not_start_anything(machine: Machine) -> None:
    start_up(machine, REPORT)
    text = RESTRICTED.replace("SNDPGMMSG MSG('saved') TOPGMQ(*EXT)", "PWRDWNSYS OPTION(*IMMED) CONFIRM(*NO)")
    machine.program("SAVE", text)
    machine.os.submit("CALL PGM(APP/SAVE)", name="SAVE", user="OPER", queue=("QCTL", "QSYS"))
    machine.run(3600)
    assert machine.partition.state == "Not Activated"
    assert list(machine.world.events.of("restricted_entered"))
    assert not list(machine.world.events.of("restricted_left"))
    assert not any("start-up as" in line for record in machine.image.job_records for line in record.log)
