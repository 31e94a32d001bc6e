"""Commands made by CRTCMD as they are entered: checker, dependencies, authority, help; and CRTPNLGRP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from kernelbench import Machine

Texts = Callable[[str], list[str]]

COMMAND = """
             CMD        PROMPT('Say') MAXPOS(2) VLDCKR(APP/VLD) MSGF(APP/OWN)
             PARM       KWD(WORD) TYPE(*CHAR) LEN(8) MIN(1) PROMPT('Word')
             PARM       KWD(TO) TYPE(*CHAR) LEN(6) RSTD(*YES) DFT(*) +
                          VALUES(* *STMF) PROMPT('To')
             PARM       KWD(FILE) TYPE(*PNAME) LEN(20) CASE(*MIXED) +
                          PMTCTL(STMF) PROMPT('File')
             PARM       KWD(CODES) TYPE(*CHAR) LEN(3) DFT(*NONE) +
                          SNGVAL((*NONE '')) MAX(3) PROMPT('Codes')
             DEP        CTL(&TO *EQ *STMF) PARM((FILE)) NBRTRUE(*EQ 1) +
                          MSGID(OWN0001)
 STMF:       PMTCTL     CTL(TO) COND((*EQ *STMF))
"""

CPP = """
    PGM PARM(&WORD &TO &FILE &CODES)
    DCL VAR(&WORD) TYPE(*CHAR) LEN(8)
    DCL VAR(&TO) TYPE(*CHAR) LEN(6)
    DCL VAR(&FILE) TYPE(*CHAR) LEN(20)
    DCL VAR(&CODES) TYPE(*CHAR) LEN(11)
    DCL VAR(&OUT) TYPE(*CHAR) LEN(60)
    DCL VAR(&COUNT) TYPE(*INT) LEN(4)
    CHGVAR VAR(&COUNT) VALUE(%BIN(&CODES 1 2))
    CHGVAR VAR(&OUT) VALUE(&WORD *TCAT '|' *CAT &TO *TCAT '|' *CAT &FILE *TCAT '|' *CAT +
                     %CHAR(&COUNT))
    SNDPGMMSG MSG(&OUT) TOPGMQ(*EXT)
    ENDPGM
"""

CHECKER = """
    PGM PARM(&WORD &TO &FILE &CODES)
    DCL VAR(&WORD) TYPE(*CHAR) LEN(8)
    DCL VAR(&TO) TYPE(*CHAR) LEN(6)
    DCL VAR(&FILE) TYPE(*CHAR) LEN(20)
    DCL VAR(&CODES) TYPE(*CHAR) LEN(11)
    IF COND(&WORD *EQ 'FIE') THEN(DO)
       SNDPGMMSG MSGID(CPD0006) MSGF(QSYS/QCPFMSG) MSGDTA('0000No such word here') +
                 MSGTYPE(*DIAG)
       SNDPGMMSG MSGID(CPF0002) MSGF(QSYS/QCPFMSG) MSGTYPE(*ESCAPE)
    ENDDO
    IF COND(&WORD *EQ 'CRASH') THEN(SNDPGMMSG MSGID(CPF9898) MSGF(QSYS/QCPFMSG) +
                 MSGDTA('Broken') MSGTYPE(*ESCAPE))
    ENDPGM
"""

HELP = """:PNLGRP.
:HELP NAME='SAY'.
Say - Help
:P.Says a word.
:EHELP.
:EPNLGRP.
"""


@pytest.fixture
def say(machine: Machine) -> Machine:
    """A system with the command APP/SAY."""
    (machine.image.ifs / "tmp" / "say.cmd").write_text(COMMAND)
    machine.program("CPP", CPP)
    machine.program("VLD", CHECKER)
    log = machine.call(
        "PGM\nCRTMSGF MSGF(APP/OWN)\n"
        "ADDMSGD MSGID(OWN0001) MSGF(APP/OWN) MSG('A stream file needs its path')\n"
        "CRTCMD CMD(APP/SAY) PGM(APP/CPP) SRCSTMF('/tmp/say.cmd') AUT(*EXCLUDE)\nENDPGM\n"
    )
    assert any("CPC0201" in line for line in log), log
    return machine


def entered(
    machine: Machine, command: str, user: str = "OPER", **attributes: object
) -> tuple[int, list[str]]:
    """Enter a command: the end code of its job, and what was said."""
    job = machine.submit(command, user=user, **attributes)
    machine.run(60)
    return machine.end_code(job), machine.log(job)


@pytest.mark.parametrize(
    ("command", "passed"),
    [
        ("APP/SAY HELLO", "HELLO|*||1"),
        ("APP/SAY WORD(hello)", "HELLO|*||1"),
        ("APP/SAY 'hello' *STMF FILE('/tmp/a')", "hello|*STMF|/tmp/a|1"),
        ("SAY TO(*) CODES(A B C) WORD(A)", "A|*||3"),
        ("APP/SAY WORD(X) CODES(O40)", "X|*||1"),
    ],
)
def test_what_is_entered_reaches_the_program(say: Machine, command: str, passed: str) -> None:
    code, log = entered(say, command)
    assert code == 0, log
    assert any(line.endswith(passed) for line in log), log


@pytest.mark.parametrize(
    ("command", "msgid", "text"),
    [
        ("APP/SAY", "CPD0071", ""),
        ("APP/SAY A B", "CPD0084", ""),
        ("APP/SAY A * '/tmp/a'", "CPD0000", ""),
        ("APP/SAY WORD(A) WORDS(B)", "CPD0043", ""),
        ("APP/SAY WORD(ABCDEFGHI)", "CPD0074", ""),
        ("APP/SAY A CODES(A B C D)", "CPD0000", ""),
        ("APP/SAY A *STMF", "OWN0001", "A stream file needs its path"),
        ("APP/SAY FIE", "CPD0006", "No such word here"),
        ("APP/SAY CRASH", "CPF9898", "Broken"),
    ],
)
def test_what_is_entered_wrongly_is_refused(say: Machine, command: str, msgid: str, text: str) -> None:
    code, log = entered(say, command)
    assert code == 20
    assert any(line.startswith(msgid) and text in line for line in log), log
    assert any(line.startswith("CPF0006") for line in log)
    assert not any("|" in line for line in log)


@pytest.mark.usefixtures("say")
def test_a_value_in_a_variable_is_held_to_the_definition(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&TO) TYPE(*CHAR) LEN(6) VALUE('*PRINT')
        APP/SAY WORD(A) TO(&TO)
        MONMSG MSGID(CPF0006) EXEC(SNDPGMMSG MSG('refused'))
        CHGVAR VAR(&TO) VALUE('*')
        APP/SAY WORD(A) TO(&TO)
        APP/SAY WORD(FIE)
        MONMSG MSGID(CPF0006) EXEC(SNDPGMMSG MSG('refused by its checker'))
        ENDPGM
        """
    ) == ["refused", "A|*||1", "refused by its checker"]


def test_nobody_enters_a_command_without_authority(say: Machine) -> None:
    code, log = entered(say, "APP/SAY HELLO", user="PLAIN")
    assert code == 20
    assert any(line.startswith("CPD0032") for line in log), log


def test_where_a_command_may_be_entered(say: Machine) -> None:
    say.program("INNER", "PGM\nAPP/INSIDE WORD(A)\nENDPGM\n".replace("APP/INSIDE", "APP/SAY"))
    (say.image.ifs / "tmp" / "inside.cmd").write_text(COMMAND.replace("MAXPOS(2)", "ALLOW(*BPGM *IPGM)"))
    say.call("PGM\nCRTCMD CMD(APP/SAY) PGM(APP/CPP) SRCSTMF('/tmp/inside.cmd')\nENDPGM\n")
    code, log = entered(say, "APP/SAY WORD(A)")
    assert code == 20
    assert any(line.startswith("CPD0031") for line in log), log
    code, log = entered(say, "CALL PGM(APP/INNER)")
    assert code == 0, log


def test_a_panel_group_is_made_from_its_source(machine: Machine, texts: Texts) -> None:
    (machine.image.ifs / "tmp" / "say.cmd").write_text(
        "             CMD        PROMPT('Say') HLPPNLGRP(APP/SAY) HLPID(*CMD)\n"
    )
    machine.program("CPP", "PGM\nENDPGM\n")
    machine.call("PGM\nCRTSRCPF FILE(APP/QPNLSRC)\nADDPFM FILE(APP/QPNLSRC) MBR(SAY)\nENDPGM\n", name="SRC")
    source = machine.image.libraries["APP"].objects[("QPNLSRC", "*FILE")].members["SAY"]  # type: ignore[attr-defined]
    create = (
        "PGM\nCRTPNLGRP PNLGRP(APP/SAY) SRCFILE(APP/QPNLSRC)\n"
        "MONMSG MSGID(CPF5A02) EXEC(SNDPGMMSG MSG('no panel'))\n"
        "CRTCMD CMD(APP/SAY) PGM(APP/CPP) SRCSTMF('/tmp/say.cmd')\n"
        "MONMSG MSGID(CPF0201) EXEC(SNDPGMMSG MSG('no command'))\n"
        "CHKOBJ OBJ(APP/SAY) OBJTYPE(*CMD)\n"
        "MONMSG MSGID(CPF9801) EXEC(RETURN)\nSNDPGMMSG MSG('made')\nENDPGM\n"
    )
    source.lines[:] = HELP.replace(":EHELP.\n", "").splitlines()
    assert texts(create) == ["no panel", "no command"]
    source.lines[:] = HELP.replace("'SAY'", "'OTHER'").splitlines()
    assert texts(create) == ["no command"]
    source.lines[:] = HELP.splitlines()
    assert texts(create) == ["made"]


def test_help_is_named_whole(machine: Machine, texts: Texts) -> None:
    (machine.image.ifs / "tmp" / "say.cmd").write_text("             CMD        PROMPT('Say') HLPID(*CMD)\n")
    assert texts(
        """
        PGM
        CRTCMD CMD(APP/SAY) PGM(APP/CPP) SRCSTMF('/tmp/say.cmd')
        MONMSG MSGID(CPF0201) EXEC(SNDPGMMSG MSG('not created'))
        ENDPGM
        """
    ) == ["not created"]
