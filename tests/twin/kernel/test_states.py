"""QSPRJOBQ, QWDRSBSD and QWCLSCDE: where a program finds a state."""

from __future__ import annotations

import pytest
from flashtwin.image import ScheduleEntry
from kernelbench import Machine

RECEIVER = "DCL VAR(&R) TYPE(*CHAR) LEN(80)\nDCL VAR(&L) TYPE(*INT) LEN(4) VALUE(80)\n"
ERROR = "DCL VAR(&E) TYPE(*CHAR) LEN(8) VALUE(X'0000000000000000')\n"


def asked(machine: Machine, api: str, form: str, name: str, offset: int) -> str:
    """The ten characters behind the offset of the answer, or the id of the error."""
    log = machine.call(
        f"PGM\n{RECEIVER}{ERROR}DCL VAR(&F) TYPE(*CHAR) LEN(8) VALUE('{form}')\n"
        f"DCL VAR(&N) TYPE(*CHAR) LEN(20) VALUE('{name}')\n"
        f"CALL PGM(QSYS/{api}) PARM(&R &L &F &N &E)\n"
        f"SNDPGMMSG MSG('state' *BCAT %SST(&R {offset + 1} 10)) TOPGMQ(*EXT)\nENDPGM\n"
    )
    told = [line.partition("state ")[2].strip() for line in log if "state " in line]
    return told[0] if told else next(word for line in log for word in line.split() if word[:3] == "CPF")


def test_a_job_queue_is_held_or_released(machine: Machine) -> None:
    def ask() -> str:
        return asked(machine, "QSPRJOBQ", "JOBQ0100", f"{'QBATCH':<10}QGPL", 52)

    assert ask() == "RELEASED"
    machine.call("PGM\nHLDJOBQ JOBQ(QGPL/QBATCH)\nENDPGM\n")
    assert ask() == "HELD"


def test_a_subsystem_is_active_or_not(machine: Machine) -> None:
    def ask() -> str:
        return asked(machine, "QWDRSBSD", "SBSI0100", f"{'QSPL':<10}QSYS", 28)

    machine.os.work.start_by_name("QSPL")
    assert ask() == "*ACTIVE"
    machine.call("PGM\nENDSBS SBS(QSPL) OPTION(*IMMED)\nDLYJOB DLY(60)\nENDPGM\n")
    assert ask() == "*INACTIVE"


@pytest.mark.parametrize(
    ("api", "form", "error"),
    [
        ("QSPRJOBQ", "JOBQ0100", "CPF3307"),
        ("QWDRSBSD", "SBSI0100", "CPF1605"),
        ("QSPRJOBQ", "JOBQ9999", "CPF3C21"),
    ],
)
def test_what_is_not_there_is_an_error(machine: Machine, api: str, form: str, error: str) -> None:
    assert asked(machine, api, form, f"{'NOSUCH':<10}QGPL", 28) == error


def test_schedule_entries_are_listed_with_state_and_next_date(machine: Machine) -> None:
    entry = ScheduleEntry(
        name="NIGHT", number=7, command="DLYJOB DLY(1)", days=("*ALL",), time="230000", held=True
    )
    machine.os.image.schedule.append(entry)
    machine.os.schedule.plan(entry)
    due = machine.os.local(entry.next_run)
    log = machine.call(
        "PGM\nDCL VAR(&S) TYPE(*CHAR) LEN(20) VALUE('LIST      QTEMP')\n"
        "DCL VAR(&A) TYPE(*CHAR) LEN(10) VALUE('LIST')\nDCL VAR(&Z) TYPE(*INT) LEN(4) VALUE(4096)\n"
        "DCL VAR(&I) TYPE(*CHAR) LEN(1) VALUE(X'00')\nDCL VAR(&U) TYPE(*CHAR) LEN(10) VALUE('*ALL')\n"
        "DCL VAR(&T) TYPE(*CHAR) LEN(50) VALUE('L')\nDCL VAR(&F) TYPE(*CHAR) LEN(8) VALUE('SCDL0100')\n"
        "DCL VAR(&N) TYPE(*CHAR) LEN(10) VALUE('NIGHT')\nDCL VAR(&H) TYPE(*CHAR) LEN(16) VALUE(' ')\n"
        "DCL VAR(&P) TYPE(*INT) LEN(4) VALUE(125)\nDCL VAR(&B) TYPE(*INT) LEN(4) VALUE(16)\n"
        "DCL VAR(&D) TYPE(*CHAR) LEN(16)\nDCL VAR(&X) TYPE(*CHAR) LEN(316)\n"
        + ERROR
        + "CALL PGM(QSYS/QUSCRTUS) PARM(&S &A &Z &I &U &T)\n"
        "CALL PGM(QSYS/QWCLSCDE) PARM(&S &F &N &H &E)\n"
        "CALL PGM(QSYS/QUSRTVUS) PARM(&S &P &B &D)\nCHGVAR VAR(&P) VALUE(%BIN(&D 1 4) + 1)\n"
        "CHGVAR VAR(&B) VALUE(316)\nCALL PGM(QSYS/QUSRTVUS) PARM(&S &P &B &X)\n"
        "SNDPGMMSG MSG('found' *BCAT %SST(&X 12 6) *BCAT %SST(&X 102 6) *BCAT %SST(&X 178 7) *BCAT "
        "%SST(&X 188 3)) TOPGMQ(*EXT)\nENDPGM\n"
    )
    assert any(f"found 000007 230000 1{due:%y%m%d} HLD" in line for line in log), log
