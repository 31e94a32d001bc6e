"""Objects, authorities, data areas, data queues, sources, user-defined commands, user spaces, APIs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flashtwin.errors import TwinError
from flashtwin.objects import DataQueue, PhysicalFile
from kernelbench import Machine

Texts = Callable[[str], list[str]]


def test_data_areas(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&C) TYPE(*CHAR) LEN(10)
        DCL VAR(&N) TYPE(*DEC) LEN(7 2)
        DCL VAR(&L) TYPE(*LGL)
        DCL VAR(&AT) TYPE(*INT) VALUE(3)
        CRTDTAARA DTAARA(APP/C) TYPE(*CHAR) LEN(10) VALUE('abcdefghij')
        CRTDTAARA DTAARA(APP/N) TYPE(*DEC) LEN(7 2) VALUE(12.5)
        CRTDTAARA DTAARA(APP/L) TYPE(*LGL) VALUE('1')
        CRTDTAARA DTAARA(APP/L) TYPE(*LGL)
        MONMSG MSGID(CPF1023) EXEC(SNDPGMMSG MSG('exists'))
        CHGDTAARA DTAARA(APP/C (&AT 2)) VALUE('XYZ')
        MONMSG MSGID(CPF1020) EXEC(SNDPGMMSG MSG('too long'))
        CHGDTAARA DTAARA(APP/C (&AT 2)) VALUE('XY')
        RTVDTAARA DTAARA(APP/C (2 4)) RTNVAR(&C)
        SNDPGMMSG MSG(&C)
        RTVDTAARA DTAARA(APP/N) RTNVAR(&N)
        SNDPGMMSG MSG(%CHAR(&N))
        RTVDTAARA DTAARA(APP/L) RTNVAR(&L)
        IF COND(&L) THEN(SNDPGMMSG MSG('true'))
        RTVDTAARA DTAARA(APP/C (8 9)) RTNVAR(&C)
        MONMSG MSGID(CPF1089) EXEC(SNDPGMMSG MSG('too far'))
        RTVDTAARA DTAARA(APP/C (11 1)) RTNVAR(&C)
        MONMSG MSGID(CPF1088) EXEC(SNDPGMMSG MSG('outside'))
        RTVDTAARA DTAARA(APP/NONE) RTNVAR(&C)
        MONMSG MSGID(CPF1015) EXEC(SNDPGMMSG MSG('not there'))
        DLTDTAARA DTAARA(APP/C)
        DLTDTAARA DTAARA(APP/C)
        MONMSG MSGID(CPF2105) EXEC(SNDPGMMSG MSG('gone'))
        ENDPGM
        """
    ) == ["exists", "too long", "bXYe", "12.50", "true", "too far", "outside", "not there", "gone"]


def test_keyed_data_queue_by_key_with_a_time_out(machine: Machine, texts: Texts) -> None:
    machine.program(
        "SENDER",
        """
        PGM
        DCL VAR(&LEN) TYPE(*DEC) LEN(5 0) VALUE(5)
        DCL VAR(&KLEN) TYPE(*DEC) LEN(3 0) VALUE(4)
        DLYJOB DLY(7)
        CALL PGM(QSNDDTAQ) PARM('Q' 'APP' &LEN 'third' &KLEN 'KEY2')
        ENDPGM
        """,
    )
    assert texts(
        """
        PGM
        DCL VAR(&LEN) TYPE(*DEC) LEN(5 0) VALUE(5)
        DCL VAR(&KLEN) TYPE(*DEC) LEN(3 0) VALUE(4)
        DCL VAR(&WAIT) TYPE(*DEC) LEN(5 0) VALUE(0)
        DCL VAR(&KEY) TYPE(*CHAR) LEN(4) VALUE('KEY2')
        DCL VAR(&DATA) TYPE(*CHAR) LEN(20)
        CRTDTAQ DTAQ(APP/Q) TYPE(*STD) MAXLEN(20) SEQ(*KEYED) KEYLEN(4)
        CALL PGM(QSNDDTAQ) PARM('Q' 'APP' &LEN 'first' &KLEN 'KEY1')
        CALL PGM(QSNDDTAQ) PARM('Q' 'APP' &LEN 'secnd' &KLEN 'KEY2')
        CALL PGM(QRCVDTAQ) PARM('Q' 'APP' &LEN &DATA &WAIT 'EQ' &KLEN &KEY)
        SNDPGMMSG MSG(&DATA)
        CALL PGM(QRCVDTAQ) PARM('Q' 'APP' &LEN &DATA &WAIT 'EQ' &KLEN &KEY)
        IF COND(&LEN *EQ 0) THEN(SNDPGMMSG MSG('none'))
        SBMJOB CMD(CALL PGM(APP/SENDER)) JOB(SENDER) JOBQ(APP/FREE)
        CHGVAR VAR(&WAIT) VALUE(5)
        CALL PGM(QRCVDTAQ) PARM('Q' 'APP' &LEN &DATA &WAIT 'EQ' &KLEN &KEY)
        IF COND(&LEN *EQ 0) THEN(SNDPGMMSG MSG('timed out'))
        CHGVAR VAR(&WAIT) VALUE(60)
        CALL PGM(QRCVDTAQ) PARM('Q' 'APP' &LEN &DATA &WAIT 'EQ' &KLEN &KEY)
        SNDPGMMSG MSG(&DATA)
        CHGVAR VAR(&KEY) VALUE('KEY0')
        CALL PGM(QRCVDTAQ) PARM('Q' 'APP' &LEN &DATA &WAIT 'GT' &KLEN &KEY)
        SNDPGMMSG MSG(&KEY *BCAT &DATA)
        ENDPGM
        """
    ) == ["secnd", "none", "timed out", "third", "KEY1 first"]


def test_clearing_a_key_leaves_the_others(machine: Machine) -> None:
    machine.call(
        """
        PGM
        DCL VAR(&LEN) TYPE(*DEC) LEN(5 0) VALUE(1)
        DCL VAR(&KLEN) TYPE(*DEC) LEN(3 0) VALUE(2)
        CRTDTAQ DTAQ(APP/Q) TYPE(*STD) MAXLEN(20) SEQ(*KEYED) KEYLEN(2)
        CALL PGM(QSNDDTAQ) PARM('Q' 'APP' &LEN 'a' &KLEN 'K1')
        CALL PGM(QSNDDTAQ) PARM('Q' 'APP' &LEN 'b' &KLEN 'K2')
        CALL PGM(QCLRDTAQ) PARM('Q' 'APP' 'EQ' &KLEN 'K1')
        ENDPGM
        """
    )
    queue = machine.image.find("APP", "Q", "*DTAQ")
    assert isinstance(queue, DataQueue)
    assert [entry.data for entry in queue.entries] == ["b".encode("cp037")]


def test_authority_owner_private_public_and_group(machine: Machine) -> None:
    machine.call(
        """
        PGM
        CRTDTAARA DTAARA(APP/SECRET) TYPE(*CHAR) AUT(*EXCLUDE)
        CRTDTAARA DTAARA(APP/READ) TYPE(*CHAR) AUT(*USE)
        ENDPGM
        """
    )
    reader = """
        PGM
        DCL VAR(&C) TYPE(*CHAR) LEN(32)
        RTVDTAARA DTAARA(APP/SECRET) RTNVAR(&C)
        MONMSG MSGID(CPF1016) EXEC(SNDPGMMSG MSG('no secret') TOPGMQ(*EXT))
        RTVDTAARA DTAARA(APP/READ) RTNVAR(&C)
        CHGDTAARA DTAARA(APP/READ) VALUE('x')
        MONMSG MSGID(CPF1018) EXEC(SNDPGMMSG MSG('read only') TOPGMQ(*EXT))
        ENDPGM
    """
    assert [x[26:] for x in machine.call(reader, user="PLAIN") if x.startswith("*NONE")] == [
        "no secret",
        "read only",
    ]
    machine.call("PGM\nGRTOBJAUT OBJ(APP/SECRET) OBJTYPE(*DTAARA) USER(PLAIN) AUT(*USE)\nENDPGM\n")
    assert [x[26:] for x in machine.call(reader, user="PLAIN") if x.startswith("*NONE")] == ["read only"]


def test_adopted_authority_reaches_called_programs_but_not_submitted_jobs(machine: Machine) -> None:
    machine.call("PGM\nCRTDTAARA DTAARA(APP/SECRET) TYPE(*CHAR) AUT(*EXCLUDE)\nENDPGM\n")
    text = """
        PGM
        DCL VAR(&C) TYPE(*CHAR) LEN(32)
        RTVDTAARA DTAARA(APP/SECRET) RTNVAR(&C)
        MONMSG MSGID(CPF1016) EXEC(DO)
        SNDPGMMSG MSG('denied') TOPGMQ(*EXT)
        RETURN
        ENDDO
        SNDPGMMSG MSG('read') TOPGMQ(*EXT)
        ENDPGM
    """
    machine.program("READER", text)
    machine.program(
        "FRONT",
        "PGM\nCALL PGM(APP/READER)\nSBMJOB CMD(CALL PGM(APP/READER)) JOB(CHILD) JOBQ(APP/FREE)\nENDPGM\n",
        adopts=True,
    )
    job = machine.submit("CALL PGM(APP/FRONT)", user="PLAIN")
    machine.run(60)
    assert any("read" in line for line in machine.log(job))
    child = next(e["job"] for e in machine.world.events.of("job_ended") if "CHILD" in e["job"])
    assert any("denied" in line for line in machine.log(child))


def test_crtbndcl_from_a_member_and_from_a_stream_file(machine: Machine, texts: Texts) -> None:
    (machine.image.ifs / "tmp" / "two.clle").write_text("PGM\nSNDPGMMSG MSG('two')\nENDPGM\n")
    (machine.image.ifs / "tmp" / "bad.clle").write_text("PGM\nHLDJOB JBO(X)\nSTRANGECMD\nENDPGM\n")
    machine.call(
        "PGM\nCRTSRCPF FILE(APP/QCLSRC) RCDLEN(112)\nADDPFM FILE(APP/QCLSRC) MBR(ONE) SRCTYPE(CLLE)\nENDPGM\n"
    )
    file = machine.image.find("APP", "QCLSRC", "*FILE")
    assert isinstance(file, PhysicalFile)
    file.members["ONE"].lines = ["PGM", "SNDPGMMSG MSG('one')", "ENDPGM"]
    assert texts(
        """
        PGM
        DCL VAR(&TEXT) TYPE(*CHAR) LEN(100)
        CRTBNDCL PGM(APP/ONE) SRCFILE(APP/QCLSRC) SRCMBR(ONE)
        CRTBNDCL PGM(APP/TWO) SRCSTMF('/tmp/two.clle') USRPRF(*OWNER)
        CALL PGM(APP/ONE)
        RCVMSG MSGTYPE(*INFO) MSG(&TEXT)
        CALL PGM(APP/TWO)
        RCVMSG MSGTYPE(*INFO) MSG(&TEXT)
        CRTBNDCL PGM(APP/BAD) SRCSTMF('/tmp/bad.clle')
        MONMSG MSGID(CPF0000) EXEC(SNDPGMMSG MSG('not created'))
        RCVMSG MSGTYPE(*DIAG) MSG(&TEXT)
        SNDPGMMSG MSG(&TEXT)
        CRTBNDCL PGM(APP/BAD) SRCSTMF('/tmp/none.clle')
        MONMSG MSGID(CPF0000) EXEC(SNDPGMMSG MSG('no source'))
        ENDPGM
        """
    ) == [
        "one",
        "two",
        "not created",
        "/tmp/bad.clle line 2: HLDJOB: the parameter JOB is required",
        "no source",
    ]
    made = machine.image.find("APP", "TWO", "*PGM")
    assert made is not None
    assert made.adopts  # type: ignore[attr-defined]
    assert machine.image.find("APP", "BAD", "*PGM") is None


COMMAND = """
             CMD        PROMPT('Start environment')
             PARM       KWD(ENV) TYPE(*NAME) LEN(10) MIN(1) PROMPT('Environment')
             PARM       KWD(OPTION) TYPE(*CHAR) LEN(8) RSTD(*YES) DFT(*RUN) +
                          SPCVAL((*RUN R) (*CHECK C)) PROMPT('Option')
             PARM       KWD(LIMIT) TYPE(*INT4) DFT(30) RANGE(1 999) PROMPT('Limit')
             PARM       KWD(OBJ) TYPE(QOBJ) PROMPT('Object')
             PARM       KWD(TEXTS) TYPE(*CHAR) LEN(5) MAX(3) PROMPT('Texts')
             PARM       KWD(PAIR) TYPE(EPAIR) PROMPT('Pair')
 QOBJ:       QUAL       TYPE(*NAME) LEN(10) DFT(NONE)
             QUAL       TYPE(*NAME) LEN(10) DFT(*LIBL) SPCVAL((*LIBL)) PROMPT('Library')
 EPAIR:      ELEM       TYPE(*CHAR) LEN(3) DFT(ABC)
             ELEM       TYPE(*INT2) DFT(7)
             DEP        CTL(&OPTION *EQ C) PARM((LIMIT)) NBRTRUE(*EQ 0)
"""

CPP = """
    PGM PARM(&ENV &OPTION &LIMIT &OBJ &TEXTS &PAIR)
    DCL VAR(&ENV) TYPE(*CHAR) LEN(10)
    DCL VAR(&OPTION) TYPE(*CHAR) LEN(8)
    DCL VAR(&LIMIT) TYPE(*INT) LEN(4)
    DCL VAR(&OBJ) TYPE(*CHAR) LEN(20)
    DCL VAR(&TEXTS) TYPE(*CHAR) LEN(17)
    DCL VAR(&PAIR) TYPE(*CHAR) LEN(7)
    DCL VAR(&OUT) TYPE(*CHAR) LEN(80)
    CHGVAR VAR(&OUT) VALUE(&ENV *TCAT '|' *CAT &OPTION *TCAT '|' *CAT %CHAR(&LIMIT))
    CHGVAR VAR(&OUT) VALUE(&OUT *TCAT '|' *CAT %SST(&OBJ 1 10) *TCAT '/' *CAT %SST(&OBJ 11 10))
    CHGVAR VAR(&OUT) VALUE(&OUT *TCAT '|' *CAT %CHAR(&LIMIT))
    SNDPGMMSG MSG(&OUT) TOPGMQ(*EXT)
    CHGVAR VAR(&OUT) VALUE(%SST(&PAIR 3 3))
    IF COND(%BIN(&TEXTS 1 2) *EQ 2) THEN(CHGVAR VAR(&OUT) VALUE(&OUT *TCAT %SST(&TEXTS 3 10)))
    IF COND(%BIN(&PAIR 6 2) *EQ 7) THEN(CHGVAR VAR(&OUT) VALUE(&OUT *TCAT '|seven'))
    SNDPGMMSG MSG(&OUT) TOPGMQ(*EXT)
    ENDPGM
"""


def define(machine: Machine) -> None:
    (machine.image.ifs / "tmp" / "flstrenv.cmd").write_text(COMMAND)
    machine.program("CPP", CPP)
    log = machine.call("PGM\nCRTCMD CMD(APP/STRNIGHT) PGM(APP/CPP) SRCSTMF('/tmp/flstrenv.cmd')\nENDPGM\n")
    assert any("CPC0201" in line for line in log), log


def test_a_command_of_ones_own_passes_what_its_program_declares(machine: Machine, texts: Texts) -> None:
    define(machine)
    assert texts(
        """
        PGM
        APP/STRNIGHT ENV(DAILY) OBJ(QGPL/THING) TEXTS('one' 'two')
        APP/STRNIGHT ENV(DAILY) OPTION(*CHECK) PAIR(XYZ 9)
        ENDPGM
        """
    ) == ["DAILY|R|30|THING/QGPL|30", "ABCone  two|seven", "DAILY|C|30|NONE/*LIBL|30", "XYZ"]


def test_a_command_of_ones_own_refuses_what_its_definition_does(machine: Machine) -> None:
    define(machine)
    for request, msgid in (
        ("APP/STRNIGHT", "CPD0071"),
        ("APP/STRNIGHT ENV(DAILY) OPTION(*STOP)", "CPD0084"),
        ("APP/STRNIGHT ENV(DAILYDAILY1)", "CPD0074"),
        ("APP/STRNIGHT ENV(DAILY) LIMIT(1000)", "CPD0085"),
        ("APP/STRNIGHT ENV(DAILY) LIMIT(five)", "CPD0095"),
        ("APP/STRNIGHT ENV(DAILY) TEXTS('a' 'b' 'c' 'd')", "CPD0000"),
        ("APP/STRNIGHT ENV(DAILY) OPTON(*RUN)", "CPD0043"),
    ):
        job = machine.submit(request)
        machine.run(30)
        log = machine.log(job)
        assert machine.end_code(job) == 20
        assert any(line.startswith(msgid) for line in log), log
        assert any(line.startswith("CPF0006") for line in log)


def test_definition_with_an_error_makes_no_command(machine: Machine, texts: Texts) -> None:
    (machine.image.ifs / "tmp" / "bad.cmd").write_text("PARM KWD(X) TYPE(*NAME)\n")
    assert texts(
        """
        PGM
        CRTCMD CMD(APP/BAD) PGM(APP/CPP) SRCSTMF('/tmp/bad.cmd')
        MONMSG MSGID(CPF0201) EXEC(SNDPGMMSG MSG('not created'))
        ENDPGM
        """
    ) == ["not created"]


def test_a_command_that_the_twin_does_not_model_fails_the_rehearsal(machine: Machine) -> None:
    machine.submit("WRKACTJOB")
    with pytest.raises(TwinError, match="does not model the command WRKACTJOB"):
        machine.run(30)


def test_qcmdexc_runs_in_the_callers_name(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&CMD) TYPE(*CHAR) LEN(60) VALUE('CRTDTAARA DTAARA(APP/NEW) TYPE(*CHAR)')
        DCL VAR(&LEN) TYPE(*DEC) LEN(15 5) VALUE(60)
        CALL PGM(QCMDEXC) PARM(&CMD &LEN)
        CHKOBJ OBJ(APP/NEW) OBJTYPE(*DTAARA)
        CALL PGM(QCMDEXC) PARM(&CMD &LEN)
        MONMSG MSGID(CPF1023) EXEC(SNDPGMMSG MSG('exists'))
        CHGVAR VAR(&CMD) VALUE('CRTDTAARA DTARA(X)')
        CALL PGM(QCMDEXC) PARM(&CMD &LEN)
        MONMSG MSGID(CPF0006) EXEC(SNDPGMMSG MSG('refused'))
        ENDPGM
        """
    ) == ["exists", "refused"]


def test_list_of_jobs_in_a_user_space(machine: Machine, texts: Texts) -> None:
    machine.program("WAITS", "PGM\nDLYJOB DLY(500)\nENDPGM\n")
    jobs = [machine.submit("CALL PGM(APP/WAITS)", name="COPY", user=user) for user in ("PLAIN", "OPER")]
    machine.run(5)
    assert texts(
        """
        PGM
        DCL VAR(&SPC) TYPE(*CHAR) LEN(20) VALUE('LIST      QTEMP')
        DCL VAR(&SIZE) TYPE(*INT) VALUE(4096)
        DCL VAR(&ERR) TYPE(*CHAR) LEN(8) VALUE(X'0000000000000000')
        DCL VAR(&JOB) TYPE(*CHAR) LEN(26) VALUE('COPY      PLAIN     *ALL')
        DCL VAR(&HDR) TYPE(*CHAR) LEN(16)
        DCL VAR(&ENTRY) TYPE(*CHAR) LEN(56)
        DCL VAR(&POS) TYPE(*INT) VALUE(125)
        DCL VAR(&LEN) TYPE(*INT) VALUE(16)
        CALL PGM(QUSCRTUS) PARM(&SPC 'LIST' &SIZE X'00' '*ALL' 'text' '*YES' &ERR)
        CALL PGM(QUSLJOB) PARM(&SPC 'JOBL0100' &JOB '*ACTIVE' &ERR)
        CALL PGM(QUSRTVUS) PARM(&SPC &POS &LEN &HDR)
        CHGVAR VAR(&POS) VALUE(%BIN(&HDR 1 4) + 1)
        CHGVAR VAR(&LEN) VALUE(%BIN(&HDR 13 4))
        CALL PGM(QUSRTVUS) PARM(&SPC &POS &LEN &ENTRY)
        SNDPGMMSG MSG(%SST(&ENTRY 21 6) *CAT '/' *CAT %SST(&ENTRY 11 10) *TCAT '/' *CAT &ENTRY)
        ENDPGM
        """
    )[0].startswith(jobs[0])


def test_two_worlds_have_equal_histories(tmp_path_factory: pytest.TempPathFactory) -> None:
    def history() -> list[str]:
        machine = Machine(tmp_path_factory.mktemp("world") / "w")
        machine.program(
            "TICK",
            "PGM\nDCL VAR(&I) TYPE(*INT)\nDOFOR VAR(&I) FROM(1) TO(20)\nDLYJOB DLY(3)\n"
            "SNDPGMMSG MSG(%CHAR(&I)) TOMSGQ(*SYSOPR)\nENDDO\nENDPGM\n",
        )
        for number in range(5):
            machine.submit("CALL PGM(APP/TICK)", name=f"TICK{number}")
        machine.run(500)
        return machine.world.events.lines()

    first, second = history(), history()
    assert first == second
    assert len(first) > 100
