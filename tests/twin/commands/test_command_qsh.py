"""QSH and QP2SHELL2: starting a sidecar from CL and learning how it ended."""

from __future__ import annotations

from typing import Any

import pytest
from commandbench import LIBRARY, Bench
from flashtwin.commands.qsh import arguments
from flashtwin.gate import gate_of

ZIPAPP = f"/flashc/{LIBRARY}/bin/flashrt.pyz"
CALL = f"/QOpenSys/pkgs/bin/python3.9 {ZIPAPP} console state --result /flashc/{LIBRARY}/runs/answer"

CALLER = f"""
PGM
DCL VAR(&DTA) TYPE(*CHAR) LEN(100)
DCL VAR(&STATUS) TYPE(*INT) LEN(4) STG(*DEFINED) DEFVAR(&DTA 1)
DCL VAR(&RC) TYPE(*DEC) LEN(5 0) VALUE(0)
DCL VAR(&TEXT) TYPE(*CHAR) LEN(5)
ADDENVVAR ENVVAR(QIBM_QSH_CMD_ESCAPE_MSG) VALUE('Y') REPLACE(*YES)
ADDENVVAR ENVVAR(QIBM_QSH_CMD_OUTPUT) VALUE('FILE=/flashc/{LIBRARY}/runs/out') REPLACE(*YES)
ADDENVVAR ENVVAR(QIBM_MULTI_THREADED) VALUE('Y') REPLACE(*YES)
QSH CMD('{CALL}')
MONMSG MSGID(QSH0005) EXEC(DO)
  RCVMSG MSGTYPE(*EXCP) MSGDTA(&DTA)
  CHGVAR VAR(&RC) VALUE(&STATUS)
ENDDO
MONMSG MSGID(QSH0000) EXEC(CHGVAR VAR(&RC) VALUE(35))
CHGVAR VAR(&TEXT) VALUE(&RC)
SNDPGMMSG MSG(&TEXT) TOPGMQ(*SAME) MSGTYPE(*INFO)
ENDPGM
"""


@pytest.fixture
def sidecar(bench: Bench) -> list[list[str]]:
    """A sidecar that ends with the status in `ends`; its arguments."""
    gate, seen = gate_of(bench.world.scheduler), []
    place = bench.image.ifs / ZIPAPP.lstrip("/")
    place.parent.mkdir(parents=True)
    place.write_bytes(b"")

    def main(argv: list[str], _edges: Any) -> int:
        seen.append(argv)
        return int(bench.image.environment.get("ENDS", "0"))

    gate.mode, gate.entry = "thread", main
    return seen


@pytest.mark.parametrize(
    ("ends", "seen"), [("0", "00000"), ("22", "00022"), ("30", "00030"), ("137", "00035")]
)
def test_the_exit_status_reaches_the_program(
    bench: Bench, sidecar: list[list[str]], ends: str, seen: str
) -> None:
    bench.image.environment["ENDS"] = ends
    start = bench.world.now
    assert bench.said(CALLER) == [seen]
    # Paths of the IFS are those of this system's folder.
    assert sidecar[0][:2] == ["console", "state"]
    assert sidecar[0][3] == str(bench.image.ifs / f"flashc/{LIBRARY}/runs/answer")
    job = bench.image.job_records[-1]
    assert job.ended - start >= bench.world.costs.qsh + bench.world.costs.python


def test_without_a_zipapp_python_ends_with_an_error(bench: Bench) -> None:
    gate_of(bench.world.scheduler).mode = "thread"
    assert bench.said(CALLER) == ["00002"]
    out = bench.image.ifs / f"flashc/{LIBRARY}/runs/out"
    assert b"can't open file" in out.read_bytes()


def test_without_the_variable_for_threads_qsh_starts_a_program_that_can_connect_to_nothing(
    bench: Bench, sidecar: list[list[str]]
) -> None:
    assert bench.said(CALLER.replace("VALUE('Y') REPLACE(*YES)\nQSH", "VALUE('N') REPLACE(*YES)\nQSH")) == [
        "00001"
    ]
    assert sidecar == []


def test_a_program_that_takes_the_place_of_the_shell_has_no_threads_by_the_variable(
    bench: Bench, sidecar: list[list[str]]
) -> None:
    assert bench.said(CALLER.replace(f"QSH CMD('{CALL}')", f"QSH CMD('exec {CALL}')")) == ["00001"]
    assert sidecar == []


def test_a_good_end_is_a_completion_message(bench: Bench, sidecar: list[list[str]]) -> None:
    bench.image.environment.update(ENDS="22", QIBM_MULTI_THREADED="Y")
    done = bench.run(f"QSH CMD('{CALL}')")
    assert (done.ids("*COMP"), done.escape) == (["QSH0005"], "")
    assert len(sidecar) == 1


def test_what_is_work_for_a_shell_goes_to_the_shell(bench: Bench) -> None:
    place = bench.image.ifs / "tmp" / "old"
    place.write_text("x")
    assert bench.run("QSH CMD('rm -f /tmp/old && echo done')").escape == ""
    assert not place.exists()
    assert bench.run("STRQSH CMD(*NONE)").escape == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("python3.9 /a/b.pyz x 'y z'", ["python3.9", "/a/b.pyz", "x", "y z"]),
        ("exec /q/python3.13 a.pyz", ["/q/python3.13", "a.pyz"]),
        ('/QOpenSys/usr/bin/sh -c "python3.9 a.pyz b"', ["python3.9", "a.pyz", "b"]),
        ("python3.9 a.pyz > /tmp/x", []),
        ("touch /tmp/x", []),
        ("python3.9 'open", []),
        ("", []),
    ],
)
def test_which_lines_start_a_program_of_the_job(line: str, words: list[str]) -> None:
    assert arguments(line) == words


ARM = f"""
PGM
DCL VAR(&PATH) TYPE(*CHAR) LEN(60)
DCL VAR(&NUL) TYPE(*CHAR) LEN(1) VALUE(X'00')
CHGVAR VAR(&PATH) VALUE('/QOpenSys/pkgs/bin/python3.9' *TCAT &NUL)
CALL PGM(QSYS/QP2SHELL2) PARM(&PATH '{ZIPAPP}' 'arm' '--run' '20261118203500')
ENDPGM
"""


@pytest.mark.parametrize(
    ("threads", "seen"), [("*YES", [["arm", "--run", "20261118203500"]]), ("*NO", []), ("*JOBD", [])]
)
def test_qp2shell2_runs_in_the_job_which_must_have_threads_to_connect_to_anything(
    bench: Bench, sidecar: list[list[str]], threads: str, seen: list[list[str]]
) -> None:
    bench.image.environment["ENDS"] = "22"
    bench.program("ARM", ARM)
    bench.run(f"SBMJOB CMD(CALL PGM({LIBRARY}/ARM)) JOBQ({LIBRARY}/FREE) ALWMLTTHD({threads})")
    assert bench.image.job_records[-1].end_code == 0
    assert sidecar == seen


def test_a_shell_does_not_start_while_the_system_is_suspended(bench: Bench, sidecar: list[list[str]]) -> None:
    job = bench.os.new_job("BUSY", "FLASHC")
    job.environment["QIBM_MULTI_THREADED"] = "Y"
    bench.suspend()
    task = bench.os.spawn("qsh", job.perform(f"QSH CMD('{CALL}')"))
    bench.go(30)
    assert sidecar == []
    bench.resume()
    bench.go(30)
    assert task.ended
    assert len(sidecar) == 1
