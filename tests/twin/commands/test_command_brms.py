"""BRMS: the FlashCopy states, saves and their results, maintenance, and QUSRBRM on its way home."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from commandbench import LIBRARY, Bench
from flashrt import queries
from flashtwin import archive, odbc
from flashtwin.db2 import session
from flashtwin.installed import conditions, installed
from flashtwin.objects import JobQueue, SaveFile
from flashtwin.records import BrmsAfterActions, BrmsControlGroup
from flashtwin.sims.tape import MediaLibrary

STATE = "QBRM/INZBRM OPTION(*FLASHCOPY) STATE({})"


def state(bench: Bench, wanted: str) -> str:
    """Ask for a state: "" or the id of the escape."""
    return bench.run(STATE.format(wanted), seconds=120).escape


def hardware(bench: Bench) -> MediaLibrary:
    """The tape library in the machine room."""
    found = bench.world.devices["TS4300"]
    assert isinstance(found, MediaLibrary)
    return found


def small_group(bench: Bench, **facts: object) -> None:
    """A control group that needs no restricted state."""
    group = BrmsControlGroup(name="DAILY", items=("*EXIT", "APPLIB", "QGPL", "*EXIT"), restricted=False)
    bench.brms.control_groups["DAILY"] = replace(group, **{"volumes_needed": 1, **facts})  # type: ignore[arg-type]


def library_on(bench: Bench) -> None:
    """The tape library is varied on."""
    assert bench.run("VRYCFG CFGOBJ(TAPMLB01) CFGTYPE(*DEV) STATUS(*ON)").escape == ""


# -- states ----------------------------------------------------------------------------------------------


def test_the_states_of_a_night_take_their_time(bench: Bench) -> None:
    times = []
    for wanted in ("*STRPRC", "*STRBKU", "*ENDBKU", "*ENDPRC"):
        before = bench.world.now
        number = bench.start(STATE.format(wanted))
        bench.world.scheduler.run(before + 600, stop=lambda n=number: bench.jobs[n].end_code is not None)
        times.append(round(bench.world.now - before))
        assert bench.done(number).end_code == 0
    assert times == [68, 37, 72, 3]
    assert [one["state"] for one in bench.events("brms_state")] == [
        "*STRPRC",
        "*STRBKU",
        "*ENDBKU",
        "*ENDPRC",
    ]
    assert bench.brms.state == "*NONE"


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("*STRPRC", "*STRPRC"),
        ("*STRBKU", "*STRPRC"),
        ("*NONE", "*ENDBKU"),
        ("*STRPRC", "*ENDBKU"),
        ("*NONE", "*ENDPRC"),
        ("*STRBKU", "*ENDPRC"),
        ("*STRBKU", "*STRBKU"),
    ],
)
def test_a_state_is_refused_from_a_wrong_one(bench: Bench, before: str, wanted: str) -> None:
    bench.brms.state = before  # type: ignore[assignment]
    assert state(bench, wanted) == "BRM4001"
    assert bench.brms.state == before
    assert bench.events("brms_state") == []


def test_a_state_is_refused_while_brms_is_active(bench: Bench) -> None:
    bench.start("STRMNTBRM")
    bench.go(10)
    assert state(bench, "*STRPRC") == "BRM4001"
    bench.go(600)
    assert state(bench, "*STRPRC") == ""


def network_ended(bench: Bench) -> None:
    """Q1ABRMNET, which is active wherever BRMS is, has ended."""
    assert "Q1ABRMNET" in bench.os.work.subsystems
    assert bench.run("ENDSBS SBS(Q1ABRMNET) OPTION(*IMMED)").escape == ""
    assert "Q1ABRMNET" not in bench.os.work.subsystems


def test_the_end_of_the_process_starts_the_network_subsystem(bench: Bench) -> None:
    assert state(bench, "*STRPRC") == ""
    network_ended(bench)
    assert state(bench, "*ENDPRC") == ""
    assert "Q1ABRMNET" in bench.os.work.subsystems


# -- locks ------------------------------------------------------------------------------------------------


def holders(bench: Bench) -> set[str]:
    """Who holds objects of QUSRBRM, as the pre-check asks; by job name."""
    task = bench.os.spawn("odbc", odbc.statement(bench.os, "FLASHC", queries.BRMS_LOCKS, (), 30.0))
    bench.go(5)
    assert task.ended
    return {str(row[0]).rpartition("/")[2] for row in task.result["rows"]}


def test_brms_at_work_holds_files_of_its_library(bench: Bench) -> None:
    network_ended(bench)
    assert holders(bench) == set()
    work = bench.os.spawn("maintenance", bench.os.run_command("QPGMR", "STRMNTBRM"))
    bench.go(10)
    assert holders(bench) == {"QP0ZSPWP"}
    bench.go(600)
    assert work.ended
    assert holders(bench) == set()
    small_group(bench)
    library_on(bench)
    bench.os.spawn("backup", bench.os.run_command("QPGMR", "STRBKUBRM CTLGRP(DAILY) SBMJOB(*NO)"))
    bench.go(10)
    assert holders(bench) == {"QP0ZSPWP"}


def test_the_network_subsystem_holds_them_for_good(bench: Bench) -> None:
    assert holders(bench) == {"Q1ABRMNET"}
    network_ended(bench)
    assert holders(bench) == set()


def test_allocated_objects_show_who_holds_them_and_how(bench: Bench) -> None:
    assert bench.run("CRTDTAARA DTAARA(QGPL/BUSY) TYPE(*CHAR) LEN(1)").escape == ""
    job = bench.os.new_job("HOLDER", "QPGMR")
    bench.os.locks.take(job, ("QGPL", "BUSY", "*DTAARA"), "*EXCL")
    sql = (
        "SELECT SYSTEM_OBJECT_NAME, OBJECT_TYPE, LOCK_STATE, LOCK_STATUS, JOB_NAME FROM "
        "QSYS2.OBJECT_LOCK_INFO WHERE SYSTEM_OBJECT_SCHEMA = 'QGPL'"
    )
    task = bench.os.spawn("odbc", odbc.statement(bench.os, "FLASHC", sql, (), 30.0))
    bench.go(5)
    assert task.result["rows"] == [["BUSY", "*DTAARA", "*EXCL", "HELD", job.qualified]]


# -- maintenance -----------------------------------------------------------------------------------------


def test_maintenance_with_and_without_movement(bench: Bench) -> None:
    assert bench.run("STRMNTBRM MOVMED(*NO)").escape == ""
    assert bench.run("STRMNTBRM").escape == ""
    assert [one["movement"] for one in bench.events("maintenance_run")] == [False, True]


def test_maintenance_expires_what_is_past_its_retention(bench: Bench) -> None:
    small_group(bench)
    library_on(bench)
    assert bench.run("STRBKUBRM CTLGRP(DAILY) SBMJOB(*NO)").escape == ""
    assert bench.run("STRMNTBRM EXPMED(*NO)").escape == ""
    assert bench.brms.volumes["BRM006"].status == "*ACT"
    assert bench.run("STRMNTBRM").escape == ""
    # Tonight's volume is kept; those of which no save is known any more are free.
    assert [one.id for one in bench.brms.volumes.values() if one.status == "*ACT"] == ["BRM001"]
    bench.go(24 * 3600)
    assert bench.run("STRMNTBRM").escape == ""
    assert bench.events("maintenance_run")[-1]["expired"] == ("BRM001",)


def test_maintenance_is_refused_in_flashcopy_state_and_beside_itself(bench: Bench) -> None:
    assert state(bench, "*STRPRC") == ""
    assert bench.run("STRMNTBRM").escape == "BRM4001"
    assert state(bench, "*ENDPRC") == ""
    bench.start("STRMNTBRM")
    bench.go(5)
    assert bench.run("STRMNTBRM").escape == "BRM4001"


# -- saves -----------------------------------------------------------------------------------------------


def test_a_small_group_writes_its_tape_its_history_and_its_log(bench: Bench) -> None:
    small_group(bench)
    library_on(bench)
    done = bench.run("STRBKUBRM CTLGRP(DAILY) SBMJOB(*NO)")
    assert done.escape == "", done.messages
    assert [one["volume"] for one in bench.events("tape_written")] == ["BRM001"]
    assert bench.brms.volumes["BRM001"].status == "*ACT"
    assert [one.item for one in bench.brms.history] == ["APPLIB", "QGPL"]
    assert hardware(bench).cartridges["BRM001"].written[0][0] == "SISTPROD"
    assert hardware(bench).reservations == []
    save = bench.events("brms_save")[0]
    assert (save["volumes"], save["result"]) == (("BRM001",), "completed")
    job = bench.os.new_job("QUERY", "FLASHC")
    rows = session(job).run(
        "SELECT MESSAGE_ID, CONTROL_GROUP FROM QUSRBRM.BRMS_LOG_INFO ORDER BY MESSAGE_TIMESTAMP"
    )
    assert rows.rows == (("BRM1380", "DAILY"), ("BRM1049", "DAILY"))


def test_a_submitted_group_runs_by_itself(bench: Bench) -> None:
    small_group(bench)
    library_on(bench)
    done = bench.run("STRBKUBRM CTLGRP(DAILY) SBMJOB(*YES)")
    assert "CPC1221" in done.ids("*COMP")
    assert bench.events("brms_save")[0]["result"] == "completed"


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        ("off", "CPF3767"),
        ("reserved", "BRM1033"),
        ("media", "BRM415A"),
        ("missing", "BRM415A"),
        ("half", "CPF3794"),
    ],
)
def test_a_save_that_fails_says_why_and_what_it_wrote(bench: Bench, why: str, reason: str) -> None:
    small_group(bench)
    if why != "off":
        library_on(bench)
    if why == "reserved":
        hardware(bench).reservations = ["OTHER", "SISTPROD_24"]
    if why == "media":
        for name, volume in bench.brms.volumes.items():
            bench.brms.volumes[name] = replace(volume, status="*ACT")
    if why == "missing":
        hardware(bench).cartridges = {"BRM006": hardware(bench).cartridges["BRM006"]}
    if why == "half":
        conditions(bench.world).save_fails_at = "QGPL"
    done = bench.run("STRBKUBRM CTLGRP(DAILY) SBMJOB(*NO)")
    assert done.escape == "BRM1820"
    save = bench.events("brms_save")[0]
    assert save["result"] == "failed"
    assert save["volumes"] == (("BRM001",) if why == "half" else ())
    assert [row[1] for row in bench.brms.log if row[1] == reason] == [reason]
    assert [row[1] for row in bench.brms.log][-1] == "BRM1820"
    assert [one.msgid for one in bench.os.operator_queue().messages] == ["BRM1820"]


def test_media_that_are_missing_are_asked_for(bench: Bench) -> None:
    small_group(bench, volumes_needed=9)
    library_on(bench)
    number = bench.start("STRBKUBRM CTLGRP(DAILY) SBMJOB(*NO)")
    job = bench.jobs[number]
    job.inquiry_reply = "*RQD"
    bench.go(24 * 3600)
    queue = bench.os.operator_queue()
    assert (job.status, [one.msgid for one in queue.messages]) == ("MSGW", ["BRM415A"])
    bench.os.reply(queue, queue.messages[0], "C")
    bench.go(60)
    assert bench.done(number).escape == "BRM1820"


def test_a_save_with_exceptions_is_not_a_good_one(bench: Bench) -> None:
    small_group(bench)
    library_on(bench)
    conditions(bench.world).save_exceptions = True
    assert bench.run("STRBKUBRM CTLGRP(DAILY) SBMJOB(*NO)").escape == "BRM10A1"
    assert bench.events("brms_save")[0]["result"] == "exceptions"


@pytest.mark.parametrize(
    ("command", "msgid"),
    [
        ("STRBKUBRM CTLGRP(NOGROUP) SBMJOB(*NO)", "BRM1134"),
        ("STRBKUBRM CTLGRP(SAV21) SBMJOB(*NO)", "BRM4001"),
        ("STRBKUBRM CTLGRP(SAV21) SBMJOB(*YES)", "BRM4001"),
    ],
)
def test_saves_that_are_refused(bench: Bench, command: str, msgid: str) -> None:
    assert bench.run(command).escape == msgid


def test_no_save_on_production_in_flashcopy_state(bench: Bench) -> None:
    small_group(bench)
    library_on(bench)
    assert state(bench, "*STRPRC") == ""
    assert bench.run("STRBKUBRM CTLGRP(DAILY) SBMJOB(*NO)").escape == "BRM4001"
    assert bench.events("tape_written") == []


def test_the_policy_may_forbid_batch_restricted_state(bench: Bench) -> None:
    bench.brms.batch_allowed = False
    assert bench.run("STRBKUBRM CTLGRP(SAV21) SBMJOB(*CTLSBS)").escape == "BRM4001"


def exits(bench: Bench) -> None:
    """SAV21 with *EXIT commands that leave a trace."""
    assert bench.run(f"CRTDTAARA DTAARA({LIBRARY}/X) TYPE(*CHAR) LEN(10)").escape == ""
    group = bench.brms.control_groups["SAV21"]
    begin, end = (f"CHGDTAARA DTAARA({LIBRARY}/X) VALUE('{word}')" for word in ("BEGIN", "END"))
    bench.brms.control_groups["SAV21"] = replace(group, exits=(begin, end))


def test_a_restricted_save_ends_everything_else_and_brings_it_back(bench: Bench) -> None:
    exits(bench)
    library_on(bench)
    start = bench.world.now
    other = bench.start("DLYJOB DLY(30000)")
    assert bench.run("STRBKUBRM CTLGRP(SAV21) SBMJOB(*CTLSBS)", seconds=300).escape == ""
    assert bench.os.work.restricted
    assert bench.os.partition.refcode == "A9003C70"
    assert bench.done(other).end_code == 50
    assert not bench.os.network.started
    bench.go(6 * 3600)
    save = bench.events("brms_save")[0]
    assert save["result"] == "completed"
    assert 17400 <= save.time - start <= 17600
    assert save["volumes"] == ("BRM001", "BRM002")
    written = bench.events("tape_written")
    assert written[1].time - written[0].time >= 3000
    assert not bench.os.work.restricted
    area = bench.image.find(LIBRARY, "X", "*DTAARA")
    assert area is not None
    assert area.value.startswith("END".encode("cp037"))  # type: ignore[attr-defined]


def test_the_limit_of_restricted_state_ends_the_save(bench: Bench) -> None:
    library_on(bench)
    bench.brms.restricted_limit_min = 60
    assert bench.run("STRBKUBRM CTLGRP(SAV21) SBMJOB(*CTLSBS)", seconds=3 * 3600).escape == ""
    assert not bench.os.work.restricted
    save = bench.events("brms_save")[0]
    assert (save["result"], save["volumes"]) == ("ended", ("BRM001",))
    assert hardware(bench).reservations == []


def test_the_actions_behind_a_group(bench: Bench) -> None:
    library_on(bench)
    queue = bench.image.find("QGPL", "QBATCH", "*JOBQ")
    assert isinstance(queue, JobQueue)
    queue.held = True
    after = BrmsAfterActions(release_job_queues=True, start_tcp_servers=True)
    bench.brms.control_groups["SAV21"] = replace(bench.brms.control_groups["SAV21"], after=after)
    assert bench.run("STRBKUBRM CTLGRP(SAV21) SBMJOB(*CTLSBS)", seconds=6 * 3600).escape == ""
    assert [one["by"] for one in bench.events("job_queue_released")] == ["BRMS"]
    assert bench.os.network.started


def test_power_lost_in_a_save_leaves_the_drive_reserved(bench: Bench) -> None:
    small_group(bench)
    library_on(bench)
    bench.start("STRBKUBRM CTLGRP(DAILY) SBMJOB(*NO)")
    bench.go(15)
    bench.os.partition.pull_power()
    assert hardware(bench).reservations == ["SISTPROD"]
    assert bench.events("brms_save") == []


# -- QUSRBRM ---------------------------------------------------------------------------------------------

SAVE = f"SAVLIB LIB(QUSRBRM) DEV(*SAVF) SAVF({LIBRARY}/FLQBRM) OMITOBJ((*ALL *JRN) (*ALL *JRNRCV))"
RESTORE = f"RSTLIB SAVLIB(QUSRBRM) DEV(*SAVF) SAVF({LIBRARY}/FLQBRM) MBROPT(*ALL) ALWOBJDIF(*NONE)"
STREAM = f"/flashc/{LIBRARY}/runs/qusrbrm.savf"
MEMBER = f"/QSYS.LIB/{LIBRARY}.LIB/FLQBRM.FILE"


def save_file(bench: Bench) -> SaveFile:
    """The save file."""
    found = bench.image.find(LIBRARY, "FLQBRM", "*FILE")
    assert isinstance(found, SaveFile)
    return found


def travelled(bench: Bench) -> None:
    """QUSRBRM with the history of a save is saved and lies in the stream file; production has gone on."""
    small_group(bench)
    library_on(bench)
    assert bench.run("STRBKUBRM CTLGRP(DAILY) SBMJOB(*NO)").escape == ""
    assert bench.run(f"CRTSAVF FILE({LIBRARY}/FLQBRM)").escape == ""
    network_ended(bench)
    assert bench.run(SAVE).escape == ""
    assert bench.run(f"CPYTOSTMF FROMMBR('{MEMBER}') TOSTMF('{STREAM}') CVTDTA(*NONE)").escape == ""
    assert bench.run(f"CLRSAVF FILE({LIBRARY}/FLQBRM)").escape == ""


def back(bench: Bench) -> str:
    """The stream file into the save file."""
    copy_back = f"CPYFRMSTMF FROMSTMF('{STREAM}') TOMBR('{MEMBER}') MBROPT(*REPLACE) CVTDTA(*NONE)"
    return bench.run(copy_back).escape


def test_the_history_comes_home_as_it_was_saved(bench: Bench) -> None:
    travelled(bench)
    wanted = copy.deepcopy(bench.brms)
    bench.brms.history.clear()
    bench.brms.volumes.clear()
    assert back(bench) == ""
    done = bench.run(RESTORE)
    assert done.escape == "", done.messages
    assert bench.brms == wanted
    assert done.text_of("CPC3703") == "16 objects restored from QUSRBRM to QUSRBRM."
    restored = bench.events("qusrbrm_restored")[0]
    assert (restored["objects"], restored["not_restored"]) == (16, 0)
    assert restored["generation"] == bench.events("qusrbrm_saved")[0]["generation"]


def test_what_uses_qusrbrm_makes_a_partial_restore(bench: Bench) -> None:
    travelled(bench)
    bench.os.work.start_by_name("Q1ABRMNET", "QBRM")
    history = list(bench.brms.history)
    bench.brms.history.clear()
    assert back(bench) == ""
    done = bench.run(RESTORE)
    assert done.escape == "CPF3773"
    assert "13 objects restored. 3 not restored" in done.text_of("CPF3773")
    assert bench.brms.history == []
    assert bench.run("ENDSBS SBS(Q1ABRMNET) OPTION(*IMMED)").escape == ""
    assert bench.run(RESTORE).escape == ""
    assert bench.brms.history == history


def test_what_writes_qusrbrm_makes_a_partial_save(bench: Bench) -> None:
    assert bench.run(f"CRTSAVF FILE({LIBRARY}/FLQBRM)").escape == ""
    done = bench.run(SAVE)
    assert done.escape == "CPF3701"
    assert "13 objects saved; 3 not saved" in done.text_of("CPF3701")
    assert bench.run(f"CLRSAVF FILE({LIBRARY}/FLQBRM)").escape == ""
    # ENDSBS comes back before its jobs have ended.
    number = bench.start("ENDSBS SBS(Q1ABRMNET) OPTION(*IMMED)")
    bench.go(1)
    assert bench.done(number).escape == ""
    number = bench.start(SAVE)
    bench.go(25)
    assert bench.done(number).escape == "CPF3701"
    assert bench.run(f"CLRSAVF FILE({LIBRARY}/FLQBRM)").escape == ""
    assert bench.run(SAVE).escape == ""


def test_a_damaged_stream_is_no_history(bench: Bench) -> None:
    travelled(bench)
    place = bench.image.ifs / STREAM.lstrip("/")
    data = bytearray(place.read_bytes())
    assert len(data) % archive.RECORD == 0
    data[600] ^= 1
    place.write_bytes(data)
    before = copy.deepcopy(bench.brms)
    assert back(bench) == ""
    assert bench.run(RESTORE).escape == "CPF3794"
    assert bench.brms == before
    place.write_bytes(data[:700])
    assert back(bench) == "CPFA095"


@pytest.mark.parametrize(
    ("command", "msgid"),
    [
        (RESTORE, "CPF3707"),
        (RESTORE.replace("*NONE)", "*ALL)"), "CPF222E"),
        (RESTORE.replace("FLQBRM", "NOFILE"), "CPF9812"),
        (RESTORE.replace("FLQBRM)", "FLDATA)"), "CPF3782"),
        (SAVE.replace("QUSRBRM", "NOLIB"), "CPF3781"),
        (SAVE.replace("FLQBRM", "NOFILE"), "CPF9812"),
        (f"CRTSAVF FILE({LIBRARY}/FLQBRM)", "CPF7302"),
        (f"CLRSAVF FILE({LIBRARY}/FLDATA)", "CPF3782"),
        (f"DSPSAVF FILE({LIBRARY}/FLQBRM) OUTPUT(*PRINT)", "CPF3707"),
        (f"CPYTOSTMF FROMMBR('{MEMBER}') TOSTMF('{STREAM}')", "CPFA095"),
        (f"SAVOBJ OBJ(NONE) LIB({LIBRARY}) DEV(*SAVF) SAVF({LIBRARY}/FLQBRM)", "CPF3770"),
        ("SAVLIB LIB(*NONSYS) DEV(TAPMLB01)", "CPF3785"),
        ("SAVLIB LIB(APPLIB) DEV(TAPMLB01)", "CPF3767"),
        ("SAVLIB LIB(APPLIB) DEV(NOTAPE)", "CPF9814"),
        ("SAVSYS DEV(TAPMLB01)", "CPF3785"),
    ],
)
def test_saves_and_restores_that_are_refused(bench: Bench, command: str, msgid: str) -> None:
    assert bench.run(f"CRTSAVF FILE({LIBRARY}/FLQBRM)").escape == ""
    assert bench.run(f"CRTPF FILE({LIBRARY}/FLDATA) RCDLEN(80)").escape == ""
    assert bench.run(command).escape == msgid


def test_a_save_file_in_use_is_not_touched(bench: Bench) -> None:
    assert bench.run(f"CRTSAVF FILE({LIBRARY}/FLQBRM)").escape == ""
    holder = bench.os.new_job("HOLDER", "FLASHC")
    bench.os.locks.take(holder, (LIBRARY, "FLQBRM", "*FILE"), "*EXCL")
    assert bench.run(SAVE).escape == "CPF3812"


def test_a_library_with_tables_and_areas_comes_back(bench: Bench) -> None:
    assert bench.run("CRTLIB LIB(TRY)").escape == ""
    for sql in (
        "CREATE TABLE TRY.T (A CHAR(3) NOT NULL, B INTEGER, PRIMARY KEY (A))",
        "INSERT INTO TRY.T VALUES(''X'',1)",
    ):
        assert bench.run(f"RUNSQL SQL('{sql}') COMMIT(*NONE) NAMING(*SQL)").escape == ""
    assert bench.run("CRTDTAARA DTAARA(TRY/AREA) TYPE(*CHAR) LEN(5) VALUE('hello')").escape == ""
    assert bench.run(f"CRTSAVF FILE({LIBRARY}/FLQBRM)").escape == ""
    assert bench.run(f"SAVLIB LIB(TRY) DEV(*SAVF) SAVF({LIBRARY}/FLQBRM)").escape == ""
    assert bench.run(f"SAVLIB LIB(TRY) DEV(*SAVF) SAVF({LIBRARY}/FLQBRM)").escape == "CPF3795"
    assert archive.unpack(archive.pack(save_file(bench)), fresh := SaveFile(LIBRARY, "F", "*FILE")) is None
    assert fresh.contents == save_file(bench).contents
    assert fresh.facts == save_file(bench).facts
    done = bench.run(f"RSTLIB SAVLIB(TRY) DEV(*SAVF) SAVF({LIBRARY}/FLQBRM) RSTLIB(TRY2)")
    assert done.escape == "", done.messages
    again = "RUNSQL SQL('INSERT INTO TRY2.T VALUES(''X'',2)') COMMIT(*NONE) NAMING(*SQL)"
    assert bench.run(again).escape == "SQL0803"
    assert bench.run("CHKOBJ OBJ(TRY2/AREA) OBJTYPE(*DTAARA)").escape == ""


def test_a_restore_brings_no_private_authority_and_changes_none(bench: Bench) -> None:
    for command in (
        "CRTLIB LIB(TRY)",
        "CRTLIB LIB(TRY2)",
        "CRTDTAARA DTAARA(TRY/AREA) TYPE(*CHAR) LEN(5) AUT(*USE)",
        "CRTDTAARA DTAARA(TRY/OTHER) TYPE(*CHAR) LEN(5)",
        f"CRTSAVF FILE({LIBRARY}/FLQBRM)",
        "GRTOBJAUT OBJ(TRY/AREA) OBJTYPE(*DTAARA) USER(QPGMR) AUT(*ALL)",
        f"SAVLIB LIB(TRY) DEV(*SAVF) SAVF({LIBRARY}/FLQBRM)",
        "GRTOBJAUT OBJ(TRY/AREA) OBJTYPE(*DTAARA) USER(QTCP) AUT(*CHANGE)",
        "RVKOBJAUT OBJ(TRY/AREA) OBJTYPE(*DTAARA) USER(QPGMR) AUT(*ALL)",
    ):
        assert bench.run(command).escape == "", command
    there = bench.image.find("TRY", "AREA", "*DTAARA")
    assert there is not None
    owner = there.owner
    restore = f"RSTLIB SAVLIB(TRY) DEV(*SAVF) SAVF({LIBRARY}/FLQBRM)"
    assert bench.run(restore).escape == ""
    again = bench.image.find("TRY", "AREA", "*DTAARA")
    assert again is not None
    assert (again.owner, again.public, again.private) == (owner, "*USE", {"QTCP": "*CHANGE"})
    assert bench.run(f"{restore} RSTLIB(TRY2)").escape == ""
    new = bench.image.find("TRY2", "AREA", "*DTAARA")
    assert new is not None
    assert (new.owner, new.public, new.private) == (owner, "*USE", {})
    # over another owner's object nothing is restored
    new.owner = "QTCP"
    done = bench.run(f"{restore} RSTLIB(TRY2)")
    assert done.escape == "CPF3773"
    assert "1 objects restored. 1 not restored" in done.text_of("CPF3773")
    assert bench.run(f"{restore} RSTLIB(TRY2) ALWOBJDIF(*ALL)", user="QSECOFR").escape == ""
    new = bench.image.find("TRY2", "AREA", "*DTAARA")
    assert new is not None
    assert (new.owner, new.private) == ("QTCP", {})
    # an owner who is gone
    del bench.image.libraries["TRY2"].objects["AREA", "*DTAARA"], bench.image.users[owner]
    assert bench.run(f"{restore} RSTLIB(TRY2)", user="QSECOFR").escape == ""
    found = bench.image.find("TRY2", "AREA", "*DTAARA")
    assert found is not None
    assert found.owner == "QDFTOWN"


def test_a_program_that_came_by_a_stream_file_runs_again(bench: Bench) -> None:
    source = "PGM\nSNDPGMMSG MSG('HERE') TOPGMQ(*EXT) MSGTYPE(*INFO)\nENDPGM\n"
    (bench.image.ifs / "tmp" / "p.clle").write_text(source)
    (bench.image.ifs / "tmp" / "c.cmd").write_text("CMD PROMPT('Try')\n")
    for command in (
        "CRTLIB LIB(TRY)",
        "CRTBNDCL PGM(TRY/P) SRCSTMF('/tmp/p.clle')",
        "CRTCMD CMD(TRY/FLTRY) PGM(TRY/P) SRCSTMF('/tmp/c.cmd')",
        f"CRTSAVF FILE({LIBRARY}/FLQBRM)",
        f"SAVLIB LIB(TRY) DEV(*SAVF) SAVF({LIBRARY}/FLQBRM)",
        f"CPYTOSTMF FROMMBR('{MEMBER}') TOSTMF('{STREAM}') CVTDTA(*NONE)",
        "DLTLIB LIB(TRY)",
    ):
        assert bench.run(command).escape == "", command
    assert back(bench) == ""
    assert bench.run(f"RSTLIB SAVLIB(TRY) DEV(*SAVF) SAVF({LIBRARY}/FLQBRM)").escape == ""
    assert bench.run("CALL PGM(TRY/P)").escape == ""
    assert bench.run("TRY/FLTRY").escape == ""


def test_the_last_exit_may_come_after_the_start_up_job(bench: Bench) -> None:
    exits(bench)
    library_on(bench)
    conditions(bench.world).last_exit_after = 5.0
    assert bench.run("STRBKUBRM CTLGRP(SAV21) SBMJOB(*CTLSBS)", seconds=6 * 3600).escape == ""
    left = bench.events("restricted_left")[0].time
    ended = [one.time for one in bench.events("command") if "VALUE('END')" in one["text"]]
    assert ended == [left + 5.0]


def test_a_full_save_to_tape_by_its_parts(bench: Bench) -> None:
    library_on(bench)
    installed(bench.os)
    bench.program(
        "FULL",
        """
        PGM
        ENDSBS SBS(*ALL) OPTION(*IMMED)
        DLYJOB DLY(60)
        SAVSYS DEV(TAPMLB01) VOL(BRM001)
        SAVLIB LIB(*NONSYS) DEV(TAPMLB01) VOL(BRM001)
        SAVDLO DLO(*ALL) FLR(*ANY) DEV(TAPMLB01) VOL(BRM001)
        SAV DEV('/QSYS.LIB/TAPMLB01.DEVD') OBJ(('/*') ('/QSYS.LIB' *OMIT)) VOL(BRM001)
        ENDPGM
        """,
    )
    done = bench.run(f"CALL PGM({LIBRARY}/FULL)", queue="QCTL", seconds=6 * 3600)
    assert done.end_code == 0, done.messages
    assert [one["what"] for one in bench.events("tape_save")] == ["SAVSYS", "SAVLIB", "SAVDLO", "SAV"]


# -- a restore that is not carried through ---------------------------------------------------------------


def home(bench: Bench) -> None:
    """QUSRBRM of a save is in the save file."""
    travelled(bench)
    assert back(bench) == ""


def test_a_restore_that_is_ended_leaves_a_part_of_each(bench: Bench) -> None:
    home(bench)
    number = bench.start(RESTORE)
    bench.go(5)
    bench.os.work.kill(bench.jobs[number], 50)
    assert bench.brms.torn
    assert bench.run(RESTORE).escape == ""
    assert not bench.brms.torn


def test_so_does_one_that_leaves_files_out(bench: Bench) -> None:
    home(bench)
    bench.os.work.start_by_name("Q1ABRMNET", "QBRM")
    assert bench.run(RESTORE).escape == "CPF3773"
    assert bench.brms.torn


def test_and_two_at_once(bench: Bench) -> None:
    home(bench)
    first = bench.start(RESTORE)
    bench.go(5)
    assert bench.run(RESTORE).escape == "CPF3773"
    assert bench.done(first).escape == "CPF3773"
    assert bench.brms.torn
    first_began, second_began = bench.events("qusrbrm_restore_began")
    assert (first_began["beside"], second_began["beside"]) == ((), (bench.done(first).job,))
