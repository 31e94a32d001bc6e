"""Messages: types, RCVMSG, percolation of escapes, MONMSG, inquiries, message files and queues."""

from __future__ import annotations

from collections.abc import Callable

from flashtwin.objects import MessageQueue
from kernelbench import Machine

Texts = Callable[[str], list[str]]

FAILS = """
    PGM
    SNDPGMMSG MSGID(CPF9898) MSGF(QCPFMSG) MSGDTA('inner trouble') MSGTYPE(*ESCAPE)
    ENDPGM
"""


def test_command_level_monitor_comes_before_program_level(texts: Texts) -> None:
    assert texts(
        """
        PGM
        MONMSG MSGID(CPF0000) EXEC(GOTO CMDLBL(ERROR))
        CHKOBJ OBJ(APP/NOTHERE) OBJTYPE(*DTAARA)
        MONMSG MSGID(CPF9801) EXEC(SNDPGMMSG MSG('command level'))
        CHKOBJ OBJ(APP/NOTHERE) OBJTYPE(*DTAARA)
        MONMSG MSGID(CPF9802) EXEC(SNDPGMMSG MSG('wrong id'))
        SNDPGMMSG MSG('not reached')
 ERROR: SNDPGMMSG MSG('program level')
        ENDPGM
        """
    ) == ["command level", "program level"]


def test_monmsg_chain_runs_the_first_that_matches(texts: Texts) -> None:
    assert texts(
        """
        PGM
        CHKOBJ OBJ(APP/NOTHERE) OBJTYPE(*DTAARA)
        MONMSG MSGID(CPF9802) EXEC(DO)
        SNDPGMMSG MSG('no')
        ENDDO
        MONMSG MSGID(CPF9800) EXEC(DO)
        SNDPGMMSG MSG('generic')
        ENDDO
        MONMSG MSGID(CPF0000) EXEC(DO)
        SNDPGMMSG MSG('too late')
        ENDDO
        SNDPGMMSG MSG('after')
        ENDPGM
        """
    ) == ["generic", "after"]


def test_cpf0000_does_not_take_mch(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&N) TYPE(*INT)
        DCL VAR(&Z) TYPE(*INT)
        CHGVAR VAR(&N) VALUE(1 / &Z)
        MONMSG MSGID(CPF0000) EXEC(SNDPGMMSG MSG('function check taken'))
        CHGVAR VAR(&N) VALUE(1 / &Z)
        MONMSG MSGID(MCH1211) EXEC(SNDPGMMSG MSG('divide'))
        ENDPGM
        """
    ) == ["function check taken", "divide"]


def test_compare_data(texts: Texts) -> None:
    assert texts(
        """
        PGM
        SNDPGMMSG MSGID(CPF9898) MSGF(QCPFMSG) MSGDTA('RED apple') TOPGMQ(*SAME) MSGTYPE(*ESCAPE)
        MONMSG MSGID(CPF9898) CMPDTA('GREEN') EXEC(SNDPGMMSG MSG('green'))
        MONMSG MSGID(CPF9898) CMPDTA('RED') EXEC(SNDPGMMSG MSG('red'))
        ENDPGM
        """
    ) == ["red"]


def test_escape_percolates_to_the_caller_that_monitors(machine: Machine, texts: Texts) -> None:
    machine.program("DEEP", FAILS)
    machine.program("MIDDLE", "PGM\nCALL PGM(DEEP)\nSNDPGMMSG MSG('never') TOPGMQ(*EXT)\nENDPGM\n")
    assert texts(
        """
        PGM
        DCL VAR(&ID) TYPE(*CHAR) LEN(7)
        DCL VAR(&TEXT) TYPE(*CHAR) LEN(60)
        DCL VAR(&TYPE) TYPE(*CHAR) LEN(2)
        CALL PGM(MIDDLE)
        MONMSG MSGID(CPF9898) EXEC(DO)
        RCVMSG MSGTYPE(*EXCP) MSG(&TEXT) MSGID(&ID) RTNTYPE(&TYPE)
        SNDPGMMSG MSG(&ID *BCAT &TYPE *BCAT &TEXT)
        ENDDO
        ENDPGM
        """
    ) == ["CPF9898 15 inner trouble."]


def test_function_check_goes_to_the_failing_program_first(machine: Machine, texts: Texts) -> None:
    machine.program(
        "MIDDLE",
        """
        PGM
        CHKOBJ OBJ(APP/NOTHERE) OBJTYPE(*DTAARA)
        MONMSG MSGID(CPF9999) EXEC(SNDPGMMSG MSG('function check') TOPGMQ(*EXT))
        ENDPGM
        """,
    )
    assert texts(
        """
        PGM
        CALL PGM(MIDDLE)
        SNDPGMMSG MSG('back')
        CALL PGM(MIDDLE)
        MONMSG MSGID(CPF9801) EXEC(SNDPGMMSG MSG('caller first'))
        ENDPGM
        """
    ) == ["function check", "back", "caller first"]


def test_unmonitored_escape_with_default_reply_ends_the_job_abnormally(machine: Machine) -> None:
    machine.program("MAIN", "PGM\nCHKOBJ OBJ(APP/NOTHERE) OBJTYPE(*DTAARA)\nENDPGM\n")
    job = machine.submit("CALL PGM(APP/MAIN)", inquiry_reply="*DFT")
    machine.run(60)
    assert machine.end_code(job) == 20
    ids = [line[:7] for line in machine.log(job)]
    assert [i for i in ids if i.startswith("CP")] == ["CPF9801", "CPF9999", "CPA0702"]


def test_unmonitored_escape_with_required_reply_waits_for_the_operator(machine: Machine) -> None:
    machine.program(
        "MAIN", "PGM\nCHKOBJ OBJ(APP/NOTHERE) OBJTYPE(*DTAARA)\nSNDPGMMSG MSG('went on')\nENDPGM\n"
    )
    job = machine.submit("CALL PGM(APP/MAIN)", inquiry_reply="*RQD")
    machine.run(3600)
    assert machine.job(job).status == "MSGW"
    queue = machine.os.operator_queue()
    inquiry = next(m for m in queue.messages if m.type == "*INQ")
    assert (inquiry.msgid, inquiry.sender_job) == ("CPA0702", job)
    machine.os.reply(queue, inquiry, "I")
    machine.run(60)
    assert machine.end_code(job) == 0
    assert any("went on" in line for line in machine.log(job))


def test_escape_sent_to_the_request_processor_ends_the_job_without_an_inquiry(machine: Machine) -> None:
    machine.program("MAIN", FAILS)
    job = machine.submit("CALL PGM(APP/MAIN)", inquiry_reply="*RQD")
    machine.run(60)
    assert machine.end_code(job) == 20
    assert not machine.os.operator_queue().messages


def test_control_boundary_turns_an_escape_into_cee9901(machine: Machine, texts: Texts) -> None:
    machine.program(
        "MIDDLE",
        """
        PGM
        DCLPRCOPT DFTACTGRP(*NO) ACTGRP(*NEW)
        CHKOBJ OBJ(APP/NOTHERE) OBJTYPE(*DTAARA)
        ENDPGM
        """,
    )
    assert texts(
        """
        PGM
        CALL PGM(MIDDLE)
        MONMSG MSGID(CPF9801) EXEC(SNDPGMMSG MSG('original'))
        MONMSG MSGID(CEE9901) EXEC(SNDPGMMSG MSG('application error'))
        ENDPGM
        """
    ) == ["application error"]


def test_the_default_activation_group_called_from_another_is_bounded_too(
    machine: Machine, texts: Texts
) -> None:
    machine.program("INNER", "PGM\nCHKOBJ OBJ(APP/NOTHERE) OBJTYPE(*DTAARA)\nENDPGM\n")
    assert texts(
        """
        PGM
        DCLPRCOPT DFTACTGRP(*NO) ACTGRP(*NEW)
        CALL PGM(INNER)
        MONMSG MSGID(CPF9801) EXEC(SNDPGMMSG MSG('original'))
        MONMSG MSGID(CEE9901) EXEC(SNDPGMMSG MSG('application error'))
        ENDPGM
        """
    ) == ["application error"]


def test_rcvmsg_orders_and_return_types(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&T) TYPE(*CHAR) LEN(30)
        DCL VAR(&K) TYPE(*CHAR) LEN(4)
        DCL VAR(&R) TYPE(*CHAR) LEN(2)
        SNDPGMMSG MSG('info') TOPGMQ(*SAME)
        SNDPGMMSG MSG('diag one') TOPGMQ(*SAME) MSGTYPE(*DIAG)
        SNDPGMMSG MSG('diag two') TOPGMQ(*SAME) MSGTYPE(*DIAG) KEYVAR(&K)
        SNDPGMMSG MSG('done') TOPGMQ(*SAME) MSGTYPE(*COMP)
        RCVMSG MSGTYPE(*COMP) MSG(&T) RTNTYPE(&R)
        SNDPGMMSG MSG(&R *BCAT &T)
        RCVMSG MSGKEY(&K) RMV(*NO) MSG(&T) RTNTYPE(&R)
        SNDPGMMSG MSG(&R *BCAT &T)
        RCVMSG MSGTYPE(*DIAG) MSG(&T) RTNTYPE(&R)
        SNDPGMMSG MSG(&R *BCAT &T)
        RCVMSG MSGTYPE(*LAST) MSG(&T)
        SNDPGMMSG MSG(&T)
        RCVMSG MSG(&T) RTNTYPE(&R)
        SNDPGMMSG MSG(&R *BCAT &T)
        RCVMSG MSG(&T) RTNTYPE(&R)
        IF COND(&T *EQ ' ' *AND &R *EQ ' ') THEN(SNDPGMMSG MSG('empty'))
        ENDPGM
        """
    ) == ["info", "01 done", "02 diag two", "02 diag one", "diag two", "04 info", "empty"]


def test_exceptions_are_received_newest_first(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&ID) TYPE(*CHAR) LEN(7)
        CHKOBJ OBJ(APP/NOTHERE) OBJTYPE(*DTAARA)
        MONMSG MSGID(CPF0000)
        CHKOBJ OBJ(NOLIB/X) OBJTYPE(*DTAARA)
        MONMSG MSGID(CPF0000)
        RCVMSG MSGTYPE(*EXCP) MSGID(&ID)
        SNDPGMMSG MSG(&ID)
        RCVMSG MSGTYPE(*EXCP) MSGID(&ID)
        SNDPGMMSG MSG(&ID)
        ENDPGM
        """
    ) == ["CPF9810", "CPF9801"]


def test_status_messages_are_dropped_unless_monitored(texts: Texts) -> None:
    assert texts(
        """
        PGM
        SNDPGMMSG MSGID(CPF9898) MSGF(QCPFMSG) MSGDTA('busy') TOPGMQ(*EXT) MSGTYPE(*STATUS)
        SNDPGMMSG MSGID(CPF9898) MSGF(QCPFMSG) MSGDTA('busy') TOPGMQ(*SAME) MSGTYPE(*STATUS)
        SNDPGMMSG MSG('went on')
        SNDPGMMSG MSGID(CPF9898) MSGF(QCPFMSG) MSGDTA('busy') TOPGMQ(*SAME) MSGTYPE(*STATUS)
        MONMSG MSGID(CPF9898) EXEC(SNDPGMMSG MSG('taken'))
        ENDPGM
        """
    ) == ["went on", "taken"]


def test_message_files_with_fields(texts: Texts) -> None:
    assert texts(
        """
        PGM
        DCL VAR(&DTA) TYPE(*CHAR) LEN(20)
        DCL VAR(&TEXT) TYPE(*CHAR) LEN(60)
        CRTMSGF MSGF(APP/MSGS)
        ADDMSGD MSGID(APP0001) MSGF(APP/MSGS) MSG('Run &1 took &2 s, rc &3') SEV(30) +
          FMT((*CHAR 10) (*BIN 4) (*DEC 5 2))
        CHGVAR VAR(&DTA) VALUE('NIGHT')
        CHGVAR VAR(%BIN(&DTA 11 4)) VALUE(95)
        CHGVAR VAR(%SST(&DTA 15 3)) VALUE(X'00125F')
        SNDPGMMSG MSGID(APP0001) MSGF(APP/MSGS) MSGDTA(&DTA) TOPGMQ(*SAME)
        RCVMSG MSGTYPE(*LAST) MSG(&TEXT)
        SNDPGMMSG MSG(&TEXT)
        ADDMSGD MSGID(APP0001) MSGF(APP/MSGS) MSG('again')
        MONMSG MSGID(CPF2412) EXEC(SNDPGMMSG MSG('exists'))
        SNDPGMMSG MSGID(APP0002) MSGF(APP/MSGS)
        MONMSG MSGID(CPF2469) EXEC(SNDPGMMSG MSG('no such id'))
        SNDPGMMSG MSGID(APP0002) MSGF(APP/NOFILE)
        MONMSG MSGID(CPF2469) EXEC(SNDPGMMSG MSG('no such file'))
        ENDPGM
        """
    ) == ["Run NIGHT took 95 s, rc 1.25", "exists", "no such id", "no such file"]


def test_message_queues_wait_wrap_and_fill(machine: Machine, texts: Texts) -> None:
    machine.program("LATER", "PGM\nDLYJOB DLY(30)\nSNDPGMMSG MSG('late') TOMSGQ(APP/Q)\nENDPGM\n")
    assert texts(
        """
        PGM
        DCL VAR(&TEXT) TYPE(*CHAR) LEN(20)
        DCL VAR(&BEFORE) TYPE(*CHAR) LEN(6)
        DCL VAR(&AFTER) TYPE(*CHAR) LEN(6)
        CRTMSGQ MSGQ(APP/Q)
        SBMJOB CMD(CALL PGM(APP/LATER)) JOB(LATER) JOBQ(APP/FREE)
        RCVMSG MSGQ(APP/Q) WAIT(10) MSG(&TEXT)
        IF COND(&TEXT *EQ ' ') THEN(SNDPGMMSG MSG('nothing yet'))
        RCVMSG MSGQ(APP/Q) WAIT(*MAX) MSG(&TEXT)
        SNDPGMMSG MSG(&TEXT)
        ENDPGM
        """
    ) == ["nothing yet", "late"]
    queue = machine.os.image.find("APP", "Q", "*MSGQ")
    assert isinstance(queue, MessageQueue)
    queue.size = 2
    full = """
        PGM
        DCL VAR(&I) TYPE(*INT)
        DOFOR VAR(&I) FROM(1) TO(3)
        SNDPGMMSG MSG(%CHAR(&I)) TOMSGQ(APP/Q)
        MONMSG MSGID(CPF2460) EXEC(SNDPGMMSG MSG('full'))
        ENDDO
        ENDPGM
        """
    assert texts(full) == ["full"]
    assert [m.text for m in queue.messages] == ["1", "2"]
    queue.when_full = "*WRAP"
    assert texts(full) == []
    assert [m.text for m in queue.messages] == ["2", "3"]


def test_standard_error_handler_forwards_diagnostics_and_the_escape(machine: Machine, texts: Texts) -> None:
    machine.program(
        "WORKER",
        """
        PGM
        DCL VAR(&FAILING) TYPE(*LGL)
        DCL VAR(&ID) TYPE(*CHAR) LEN(7)
        DCL VAR(&DTA) TYPE(*CHAR) LEN(512)
        DCL VAR(&F) TYPE(*CHAR) LEN(10)
        DCL VAR(&LIB) TYPE(*CHAR) LEN(10)
        MONMSG MSGID(CPF0000 MCH0000) EXEC(GOTO CMDLBL(ERROR))
        CALL PGM(NOPROGRAM)
        RETURN
 ERROR: IF COND(&FAILING) THEN(RETURN)
        CHGVAR VAR(&FAILING) VALUE('1')
  MORE: RCVMSG MSGTYPE(*DIAG) MSGDTA(&DTA) MSGID(&ID) MSGF(&F) SNDMSGFLIB(&LIB)
        IF COND(&ID *NE ' ') THEN(DO)
        SNDPGMMSG MSGID(&ID) MSGF(&LIB/&F) MSGDTA(&DTA) MSGTYPE(*DIAG)
        GOTO CMDLBL(MORE)
        ENDDO
        RCVMSG MSGTYPE(*EXCP) MSGDTA(&DTA) MSGID(&ID) MSGF(&F) SNDMSGFLIB(&LIB)
        SNDPGMMSG MSGID(&ID) MSGF(&LIB/&F) MSGDTA(&DTA) MSGTYPE(*ESCAPE)
        ENDPGM
        """,
    )
    assert texts(
        """
        PGM
        DCL VAR(&ID) TYPE(*CHAR) LEN(7)
        CALL PGM(WORKER)
        MONMSG MSGID(CPF0000) EXEC(DO)
        RCVMSG MSGTYPE(*EXCP) MSGID(&ID)
        SNDPGMMSG MSG(&ID)
        RCVMSG MSGTYPE(*DIAG) MSGID(&ID)
        SNDPGMMSG MSG(&ID)
        ENDDO
        ENDPGM
        """
    ) == ["CPF0001", "CPD0170"]
