"""Single commands that the other tests do not reach: messages removed and resent, objects moved, users."""

from __future__ import annotations

from collections.abc import Callable

from flashtwin.baseline import add_library
from flashtwin.objects import AutostartEntry, JobDescription, MessageFile, SubsystemDescription
from kernelbench import Machine

Texts = Callable[[str], list[str]]


def test_rmvmsg_by_key_and_all(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&K) TYPE(*CHAR) LEN(4)
        DCL VAR(&T) TYPE(*CHAR) LEN(20)
        SNDPGMMSG MSG('one') TOPGMQ(*SAME) MSGTYPE(*DIAG) KEYVAR(&K)
        SNDPGMMSG MSG('two') TOPGMQ(*SAME) MSGTYPE(*DIAG)
        RMVMSG MSGKEY(&K)
        RCVMSG MSGTYPE(*DIAG) RMV(*NO) MSG(&T)
        SNDPGMMSG MSG(&T)
        RMVMSG CLEAR(*ALL)
        RCVMSG MSGTYPE(*LAST) MSG(&T)
        IF COND(&T *EQ ' ') THEN(SNDPGMMSG MSG('nothing'))
        ENDPGM
        """
    ) == ["two", "nothing"]


def test_short_error_handler_moves_and_resends(machine: Machine, texts: Texts) -> None:
    machine.program(
        "WORKER",
        """
        PGM
        MONMSG MSGID(CPF0000) EXEC(GOTO CMDLBL(ERROR))
        CALL PGM(NOPROGRAM)
        RETURN
 ERROR: CALL PGM(QMHMOVPM) PARM('    ' '*DIAG' X'00000001' '*PGMBDY' X'00000001' X'0000000000000000')
        MONMSG MSGID(CPF0000)
        CALL PGM(QMHRSNEM) PARM('    ' X'0000000000000000')
        ENDPGM
        """,
    )
    assert texts(
        """
        PGM
        DCL VAR(&ID) TYPE(*CHAR) LEN(7)
        CALL PGM(WORKER)
        MONMSG MSGID(CPF0001) EXEC(SNDPGMMSG MSG('resent'))
        RCVMSG MSGTYPE(*DIAG) MSGID(&ID)
        SNDPGMMSG MSG(&ID)
        ENDPGM
        """
    ) == ["resent", "CPD0170"]


def test_message_description_changed_and_removed(machine: Machine) -> None:
    machine.call(
        """
        PGM
        CRTMSGF MSGF(APP/F)
        ADDMSGD MSGID(APP0001) MSGF(APP/F) MSG('first') SEV(10)
        CHGMSGD MSGID(APP0001) MSGF(APP/F) MSG('changed')
        ADDMSGD MSGID(APP0002) MSGF(APP/F) MSG('second')
        RMVMSGD MSGID(APP0002) MSGF(APP/F)
        ENDPGM
        """
    )
    file = machine.image.find("APP", "F", "*MSGF")
    assert isinstance(file, MessageFile)
    assert [(d.text, d.severity) for d in file.descriptions.values()] == [("changed", 10)]


def test_a_message_text_is_converted_only_where_the_file_is_one_of_its_descriptions(texts: Texts) -> None:
    # X'6A' is n with tilde in 284 and a broken bar in 37, which is the CCSID of the job
    assert texts(
        """
        PGM
        DCL VAR(&T) TYPE(*CHAR) LEN(50)
        CRTMSGF MSGF(APP/OLD)
        CRTMSGF MSGF(APP/NEW) CCSID(*MSGD)
        ADDMSGD MSGID(APP0001) MSGF(APP/OLD) MSG(X'816A96') CCSID(284)
        ADDMSGD MSGID(APP0001) MSGF(APP/NEW) MSG(X'816A96') CCSID(284)
        RTVMSG MSGID(APP0001) MSGF(APP/OLD) MSG(&T)
        SNDPGMMSG MSG(&T)
        RTVMSG MSGID(APP0001) MSGF(APP/NEW) MSG(&T)
        SNDPGMMSG MSG(&T)
        ENDPGM
        """
    ) == ["a¦o", "año"]


def test_duplicate_rename_move_and_own(machine: Machine, texts: Texts) -> None:
    add_library(machine.image, "OTHER", public="*ALL")
    assert texts(
        """
        PGM
        DCL VAR(&OWN) TYPE(*CHAR) LEN(10)
        DCL VAR(&TXT) TYPE(*CHAR) LEN(50)
        CRTDTAARA DTAARA(APP/A) TYPE(*CHAR) LEN(3) VALUE('abc') TEXT('the first')
        CRTDUPOBJ OBJ(A) FROMLIB(APP) OBJTYPE(*DTAARA) TOLIB(OTHER) NEWOBJ(B)
        CRTDUPOBJ OBJ(A) FROMLIB(APP) OBJTYPE(*DTAARA) TOLIB(OTHER) NEWOBJ(B)
        MONMSG MSGID(CPF2130) EXEC(SNDPGMMSG MSG('exists'))
        RNMOBJ OBJ(OTHER/B) OBJTYPE(*DTAARA) NEWOBJ(C)
        MOVOBJ OBJ(OTHER/C) OBJTYPE(*DTAARA) TOLIB(APP)
        CHGOBJOWN OBJ(APP/C) OBJTYPE(*DTAARA) NEWOWN(PLAIN)
        RTVOBJD OBJ(APP/C) OBJTYPE(*DTAARA) OWNER(&OWN) TEXT(&TXT)
        SNDPGMMSG MSG(&OWN *BCAT &TXT)
        ENDPGM
        """
    ) == ["exists", "PLAIN the first"]
    found = machine.image.find("APP", "C", "*DTAARA")
    assert found is not None
    assert (found.owner, found.text) == ("PLAIN", "the first")


def test_an_object_that_another_job_holds_is_not_deleted(machine: Machine, texts: Texts) -> None:
    machine.program("HOLD", "PGM\nALCOBJ OBJ((APP/A *DTAARA *SHRRD))\nDLYJOB DLY(50)\nENDPGM\n")
    assert texts(
        """
        PGM
        CRTDTAARA DTAARA(APP/A) TYPE(*CHAR)
        SBMJOB CMD(CALL PGM(APP/HOLD)) JOB(HOLD) JOBQ(APP/FREE)
        DLYJOB DLY(5)
        DLTDTAARA DTAARA(APP/A)
        MONMSG MSGID(CPF2114) EXEC(SNDPGMMSG MSG('in use'))
        DLYJOB DLY(60)
        DLTDTAARA DTAARA(APP/A)
        SNDPGMMSG MSG('deleted')
        ENDPGM
        """
    ) == ["in use", "deleted"]


def test_a_library_that_a_user_may_not_use(machine: Machine) -> None:
    add_library(machine.image, "CLOSED", owner="OPER", public="*EXCLUDE")
    machine.call("PGM\nCRTDTAARA DTAARA(CLOSED/A) TYPE(*CHAR) AUT(*ALL)\nENDPGM\n")
    log = machine.call("PGM\nCHKOBJ OBJ(CLOSED/A) OBJTYPE(*DTAARA) AUT(*USE)\nENDPGM\n", user="PLAIN")
    assert any("CPF9820" in line for line in log)


def test_user_profiles(machine: Machine, texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&AUT) TYPE(*CHAR) LEN(100)
        CRTUSRPRF USRPRF(NEWUSER) PASSWORD(*NONE) SPCAUT(*JOBCTL)
        CRTUSRPRF USRPRF(NEWUSER) PASSWORD(*NONE)
        MONMSG MSGID(CPF2214) EXEC(SNDPGMMSG MSG('exists'))
        RTVUSRPRF USRPRF(NEWUSER) SPCAUT(&AUT)
        SNDPGMMSG MSG(&AUT)
        SBMJOB CMD(DLYJOB DLY(1)) JOB(X) JOBQ(APP/FREE) USER(NOBODY)
        MONMSG MSGID(CPF1338) EXEC(SNDPGMMSG MSG('no such user'))
        ENDPGM
        """
    ) == ["exists", "*JOBCTL", "no such user"]
    log = machine.call(
        "PGM\nSBMJOB CMD(DLYJOB DLY(1)) JOB(X) JOBQ(APP/FREE) USER(OPER)\nENDPGM\n", user="PLAIN"
    )
    assert any("CPF1338" in line for line in log)


def test_a_job_that_ends_itself_runs_nothing_more(machine: Machine) -> None:
    log = machine.call("PGM\nENDJOB JOB(*) OPTION(*IMMED)\nSNDPGMMSG MSG('never') TOPGMQ(*EXT)\nENDPGM\n")
    assert not any("never" in line for line in log)


def test_autostart_jobs_start_with_their_subsystem(machine: Machine) -> None:
    machine.program("AUTO", "PGM\nSNDPGMMSG MSG('started by itself') TOMSGQ(*SYSOPR)\nENDPGM\n")
    described = SubsystemDescription("APP", "OURS", "*SBSD")
    machine.image.add(JobDescription("APP", "AUTOJ", "*JOBD", user="OPER", request="CALL PGM(APP/AUTO)"))
    described.autostart.append(AutostartEntry("AUTOJOB", ("AUTOJ", "APP")))
    machine.image.add(described)
    routing = "ADDRTGE SBSD(APP/OURS) SEQNBR(9999) CMPVAL(*ANY) PGM(QSYS/QCMD)"
    machine.call(f"PGM\n{routing}\nSTRSBS SBSD(APP/OURS)\nENDPGM\n")
    assert any("started by itself" in m.text for m in machine.os.operator_queue().messages)
    started = next(e for e in machine.world.events.of("job_started") if e["job"].endswith("/AUTOJOB"))
    assert (started["user"], started["subsystem"]) == ("OPER", "OURS")


def test_network_and_ipl_attributes(machine: Machine, texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&NAME) TYPE(*CHAR) LEN(8)
        RTVNETA SYSNAME(&NAME)
        SNDPGMMSG MSG(&NAME)
        CHGIPLA STRTCP(*NO)
        ENDPGM
        """
    ) == ["SISTPROD"]
    assert machine.image.ipl_attributes["STRTCP"] == "*NO"
