"""Control flow, expressions, conversions and storage of CL programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from kernelbench import Machine

Texts = Callable[[str], list[str]]


def test_if_else_and_nesting(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&N) TYPE(*INT) VALUE(2)
        IF COND(&N *EQ 1) THEN(SNDPGMMSG MSG('one'))
        ELSE CMD(IF COND(&N *EQ 2) THEN(DO))
        SNDPGMMSG MSG('two')
        ENDDO
        ELSE CMD(SNDPGMMSG MSG('other'))
        IF COND(&N *EQ 2) THEN(IF COND(&N *EQ 3) THEN(SNDPGMMSG MSG('never')))
        ELSE CMD(SNDPGMMSG MSG('inner else'))
        ENDPGM
        """
    ) == ["two", "inner else"]


def test_loops(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&I) TYPE(*INT)
        DCL VAR(&J) TYPE(*INT)
        DCL VAR(&T) TYPE(*CHAR) LEN(40)
 OUTER: DOFOR VAR(&I) FROM(1) TO(5)
        IF COND(&I *EQ 2) THEN(ITERATE)
        DOFOR VAR(&J) FROM(3) TO(1) BY(-1)
        IF COND(&I *EQ 4) THEN(LEAVE CMDLBL(OUTER))
        CHGVAR VAR(&T) VALUE(&T *TCAT %CHAR(&I) *CAT %CHAR(&J) *CAT ',')
        ENDDO
        ENDDO
        SNDPGMMSG MSG(&T)
        SNDPGMMSG MSG(%CHAR(&I))
        DOWHILE COND(&I *GT 0)
        CHGVAR VAR(&I) VALUE(&I - 1)
        ENDDO
        DOUNTIL COND(&I *GE 3)
        CHGVAR VAR(&I) VALUE(&I + 1)
        ENDDO
        SNDPGMMSG MSG(%CHAR(&I))
        DOFOR VAR(&J) FROM(1) TO(3)
        ENDDO
        SNDPGMMSG MSG(%CHAR(&J))
        ENDPGM
        """
    ) == ["13,12,11,33,32,31,", "4", "3", "4"]


def test_select_and_subroutines(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&K) TYPE(*CHAR) LEN(3) VALUE('B')
        DCL VAR(&RC) TYPE(*INT) LEN(4)
        SELECT
        WHEN COND(&K *EQ 'A') THEN(SNDPGMMSG MSG('a'))
        WHEN COND(&K *EQ 'B') THEN(DO)
        CALLSUBR SUBR(WORK) RTNVAL(&RC)
        SNDPGMMSG MSG('back' *BCAT %CHAR(&RC))
        ENDDO
        OTHERWISE CMD(SNDPGMMSG MSG('none'))
        ENDSELECT
        GOTO CMDLBL(END)
        SNDPGMMSG MSG('skipped')
   END: RETURN
        SUBR SUBR(WORK)
        SNDPGMMSG MSG('in')
        IF COND(&K *EQ 'B') THEN(RTNSUBR RTNVAL(7))
        SNDPGMMSG MSG('not here')
        ENDSUBR
        ENDPGM
        """
    ) == ["in", "back 7"]


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("'abc' *BCAT 'd'", "abc d"),
        ("%TRIM(&PAD) *CAT '!'", "x y!"),
        ("%SST(&ABC 2 2)", "BC"),
        ("%UPPER(&LOW)", "HELLO"),
        ("%CHAR(&NEG)", "-12.50"),
        ("%CHAR(&SMALL)", ".05"),
    ],
)
def test_character_expressions(texts: Texts, expression: str, result: str) -> None:
    assert texts(
        f"""
        PGM
        DCL VAR(&PAD) TYPE(*CHAR) LEN(9) VALUE('  x y  ')
        DCL VAR(&ABC) TYPE(*CHAR) LEN(5) VALUE('ABCDE')
        DCL VAR(&LOW) TYPE(*CHAR) LEN(5) VALUE('hello')
        DCL VAR(&NEG) TYPE(*DEC) LEN(7 2) VALUE(-12.5)
        DCL VAR(&SMALL) TYPE(*DEC) LEN(7 2) VALUE(0.05)
        SNDPGMMSG MSG({expression})
        ENDPGM
        """
    ) == [result]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        # EBCDIC order: lower case before upper case before digits.
        ("'a' *LT 'A'", True),
        ("'Z' *LT '0'", True),
        ("'ab' *EQ 'ab   '", True),
        ("&N *GT 2 *AND *NOT (&N *EQ 4)", True),
        ("&N * 2 + 1 *EQ 7", True),
        ("&N / 2 *EQ 1.5", True),
        ("%SCAN('C' &ABC) *EQ 3", True),
        ("%CHECK('ABC' &ABC) *EQ 4", True),
        ("%LEN(&N) *EQ 5 *AND %SIZE(&N) *EQ 3", True),
        ("%BIN(&BIN 1 4) *EQ 258", True),
        ("%INT(&DIGITS) *EQ 42", True),
        ("&FLAG", False),
    ],
)
def test_conditions(texts: Texts, condition: str, holds: bool) -> None:
    assert texts(
        f"""
        PGM
        DCL VAR(&N) TYPE(*DEC) LEN(5 0) VALUE(3)
        DCL VAR(&ABC) TYPE(*CHAR) LEN(5) VALUE('ABCDE')
        DCL VAR(&BIN) TYPE(*CHAR) LEN(4) VALUE(X'00000102')
        DCL VAR(&DIGITS) TYPE(*CHAR) LEN(5) VALUE('42')
        DCL VAR(&FLAG) TYPE(*LGL)
        IF COND({condition}) THEN(SNDPGMMSG MSG('yes'))
        ELSE CMD(SNDPGMMSG MSG('no'))
        ENDPGM
        """
    ) == ["yes" if holds else "no"]


def test_chgvar_conversions(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&C6) TYPE(*CHAR) LEN(6)
        DCL VAR(&N) TYPE(*DEC) LEN(5 2) VALUE(-1.5)
        DCL VAR(&I) TYPE(*INT)
        DCL VAR(&L) TYPE(*LGL)
        CHGVAR VAR(&C6) VALUE(&N)
        SNDPGMMSG MSG(&C6)
        CHGVAR VAR(&I) VALUE('  17 ')
        CHGVAR VAR(&C6) VALUE(&I)
        SNDPGMMSG MSG(&C6)
        CHGVAR VAR(%SST(&C6 2 3)) VALUE('abcdef')
        SNDPGMMSG MSG(&C6)
        CHGVAR VAR(&L) VALUE('1')
        CHGVAR VAR(&C6) VALUE(&L)
        SNDPGMMSG MSG(&C6)
        CHGVAR VAR(%BIN(&C6 1 2)) VALUE(-2)
        IF COND(%SST(&C6 1 2) *EQ X'FFFE') THEN(SNDPGMMSG MSG('binary'))
        ENDPGM
        """
    ) == ["-01.50", "000017", "0abc17", "1", "binary"]


@pytest.mark.parametrize(
    ("statement", "msgid"),
    [
        ("CHGVAR VAR(&N) VALUE(&BIG)", "MCH1210"),
        ("CHGVAR VAR(&N) VALUE(&TEXT)", "CPF0818"),
        ("CHGVAR VAR(&N) VALUE(&N / &ZERO)", "MCH1211"),
        ("CHGVAR VAR(&T2) VALUE(&BIG)", "MCH1210"),
        ("CHGVAR VAR(&TEXT) VALUE(%SST(&TEXT &AT 5))", "MCH0603"),
        ("CHGVAR VAR(&BASED) VALUE('x')", "MCH3601"),
        ("CHGVAR VAR(&BIG) VALUE(&PACKED)", "MCH1202"),
    ],
)
def test_run_time_errors(texts: Texts, statement: str, msgid: str) -> None:
    assert texts(
        f"""
        PGM
        DCL VAR(&N) TYPE(*DEC) LEN(3 0)
        DCL VAR(&ZERO) TYPE(*DEC) LEN(3 0)
        DCL VAR(&BIG) TYPE(*DEC) LEN(7 0) VALUE(1234567)
        DCL VAR(&T2) TYPE(*CHAR) LEN(2)
        DCL VAR(&TEXT) TYPE(*CHAR) LEN(8) VALUE('letters')
        DCL VAR(&AT) TYPE(*INT) VALUE(6)
        DCL VAR(&P) TYPE(*PTR)
        DCL VAR(&BASED) TYPE(*CHAR) LEN(4) STG(*BASED) BASPTR(&P)
        DCL VAR(&PACKED) TYPE(*DEC) LEN(7 0) STG(*DEFINED) DEFVAR(&TEXT 1)
        DCL VAR(&ID) TYPE(*CHAR) LEN(7)
        {statement}
        MONMSG MSGID(CPF0000 MCH0000) EXEC(DO)
        RCVMSG MSGTYPE(*EXCP) MSGID(&ID)
        SNDPGMMSG MSG(&ID)
        ENDDO
        ENDPGM
        """
    ) == [msgid]


def test_defined_based_and_pointers(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&ALL) TYPE(*CHAR) LEN(10) VALUE('ABCDEFGHIJ')
        DCL VAR(&PART) TYPE(*CHAR) LEN(3) STG(*DEFINED) DEFVAR(&ALL 4)
        DCL VAR(&P) TYPE(*PTR) ADDRESS(&ALL 0)
        DCL VAR(&VIEW) TYPE(*CHAR) LEN(2) STG(*BASED) BASPTR(&P)
        CHGVAR VAR(&PART) VALUE('xyz')
        SNDPGMMSG MSG(&ALL)
        CHGVAR VAR(%OFFSET(&P)) VALUE(%OFFSET(&P) + 8)
        SNDPGMMSG MSG(&VIEW)
        CHGVAR VAR(&VIEW) VALUE('!!')
        CHGVAR VAR(&P) VALUE(%ADDRESS(&PART))
        SNDPGMMSG MSG(&VIEW)
        SNDPGMMSG MSG(&ALL)
        IF COND(&P *NE *NULL) THEN(SNDPGMMSG MSG('set'))
        ENDPGM
        """
    ) == ["ABCxyzGHIJ", "IJ", "xy", "ABCxyzGH!!", "set"]


def test_parameters_are_passed_by_reference(machine: Machine, texts: Texts) -> None:
    machine.program(
        "CALLEE",
        """
        PGM PARM(&A &N &FLAG)
        DCL VAR(&A) TYPE(*CHAR) LEN(5)
        DCL VAR(&N) TYPE(*DEC) LEN(5 0)
        DCL VAR(&FLAG) TYPE(*LGL)
        CHGVAR VAR(&A) VALUE('hello world')
        CHGVAR VAR(&N) VALUE(&N + 1)
        CHGVAR VAR(&FLAG) VALUE('1')
        ENDPGM
        """,
    )
    assert texts(
        """
        PGM
        DCL VAR(&A) TYPE(*CHAR) LEN(10) VALUE('0123456789')
        DCL VAR(&N) TYPE(*DEC) LEN(5 0) VALUE(41)
        DCL VAR(&F) TYPE(*LGL)
        CALL PGM(CALLEE) PARM(&A &N &F)
        SNDPGMMSG MSG(&A)
        SNDPGMMSG MSG(%CHAR(&N))
        IF COND(&F) THEN(SNDPGMMSG MSG('flag'))
        ENDPGM
        """
    ) == ["hello56789", "42", "flag"]


def test_literals_are_padded_to_32_bytes_and_no_further(machine: Machine, texts: Texts) -> None:
    machine.program(
        "CALLEE",
        """
        PGM PARM(&A &N)
        DCL VAR(&A) TYPE(*CHAR) LEN(40)
        DCL VAR(&N) TYPE(*DEC) LEN(15 5)
        IF COND(%SST(&A 1 32) *EQ 'abc') THEN(SNDPGMMSG MSG('32 are mine') TOPGMQ(*EXT))
        IF COND(%SST(&A 33 8) *NE ' ') THEN(SNDPGMMSG MSG('8 are not') TOPGMQ(*EXT))
        SNDPGMMSG MSG(%CHAR(&N)) TOPGMQ(*EXT)
        ENDPGM
        """,
    )
    assert texts("PGM\nCALL PGM(CALLEE) PARM('abc' 5)\nENDPGM\n") == ["32 are mine", "8 are not", "5.00000"]


def test_a_parameter_that_was_not_passed_is_mch3601(machine: Machine, texts: Texts) -> None:
    machine.program(
        "CALLEE",
        """
        PGM PARM(&A &B)
        DCL VAR(&A) TYPE(*CHAR) LEN(5)
        DCL VAR(&B) TYPE(*CHAR) LEN(5)
        IF COND(%PARMS() *EQ 1) THEN(SNDPGMMSG MSG('one parameter') TOPGMQ(*EXT))
        CHGVAR VAR(&B) VALUE('x')
        MONMSG MSGID(MCH3601) EXEC(SNDPGMMSG MSG('no second') TOPGMQ(*EXT))
        ENDPGM
        """,
    )
    assert texts("PGM\nCALL PGM(CALLEE) PARM('abc')\nENDPGM\n") == ["one parameter", "no second"]


def test_a_loop_without_a_wait_fails_the_twin(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    from flashtwin import interp
    from flashtwin.errors import TwinError

    monkeypatch.setattr(interp, "INSTRUCTIONS_AT_ONE_INSTANT", 1000)
    machine.program("SPIN", "PGM\n LOOP: GOTO CMDLBL(LOOP)\nENDPGM\n")
    machine.submit("CALL PGM(APP/SPIN)")
    with pytest.raises(TwinError, match="loops in SPIN"):
        machine.run(60)


def test_endless_recursion_fails_the_twin(machine: Machine) -> None:
    from flashtwin.errors import TwinError

    machine.program("SELF", "PGM\nCALL PGM(APP/SELF)\nENDPGM\n")
    machine.submit("CALL PGM(APP/SELF)")
    with pytest.raises(TwinError, match="deep"):
        machine.run(10)
