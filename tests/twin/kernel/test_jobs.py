"""Jobs: queues and subsystems, holding, ending, the request text of SBMJOB, locks, environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashtwin.context import Context
from flashtwin.errors import Escape
from flashtwin.objects import JobQueue
from kernelbench import START, Machine

Texts = Callable[[str], list[str]]

WAITS = "PGM\nDLYJOB DLY(100)\nSNDPGMMSG MSG('done') TOPGMQ(*EXT)\nENDPGM\n"


def kinds(machine: Machine, *names: str) -> list[str]:
    return [f"{e.kind} {e['job'].split('/')[2]}" for e in machine.world.events.of(*names) if "job" in e.facts]


def test_a_queue_without_an_active_subsystem_runs_nothing(machine: Machine) -> None:
    machine.program("WAITS", WAITS)
    machine.image.add(JobQueue("APP", "ORPHAN", "*JOBQ"))
    machine.os.submit("CALL PGM(APP/WAITS)", name="LOST", user="OPER", queue=("ORPHAN", "APP"))
    machine.run(3600)
    assert not list(machine.world.events.of("job_started"))
    machine.call(
        """
        PGM
        CRTSBSD SBSD(APP/OURS) POOLS((1 *BASE))
        ADDJOBQE SBSD(APP/OURS) JOBQ(APP/ORPHAN) MAXACT(1) SEQNBR(10)
        ADDRTGE SBSD(APP/OURS) SEQNBR(9999) CMPVAL(*ANY) PGM(QSYS/QCMD)
        STRSBS SBSD(APP/OURS)
        ENDPGM
        """
    )
    assert "job_started LOST" in kinds(machine, "job_started")


def test_maxact_lets_the_next_job_wait(machine: Machine) -> None:
    machine.program("WAITS", WAITS)
    for name in ("FIRST", "SECOND"):
        machine.os.submit("CALL PGM(APP/WAITS)", name=name, user="OPER", queue=("QBATCH", "QGPL"))
    machine.run(600)
    assert kinds(machine, "job_started", "job_ended") == [
        "job_started FIRST",
        "job_ended FIRST",
        "job_started SECOND",
        "job_ended SECOND",
    ]


def test_sbmjob_replaces_variables_by_constants_and_loses_trailing_blanks(machine: Machine) -> None:
    machine.program(
        "CALLEE",
        """
        PGM PARM(&A &N)
        DCL VAR(&A) TYPE(*CHAR) LEN(40)
        DCL VAR(&N) TYPE(*DEC) LEN(15 5)
        SNDPGMMSG MSG(%SST(&A 1 32) *TCAT '|' *CAT %CHAR(&N)) TOPGMQ(*EXT)
        IF COND(%SST(&A 33 8) *NE ' ') THEN(SNDPGMMSG MSG('beyond 32: not mine') TOPGMQ(*EXT))
        ENDPGM
        """,
    )
    machine.call(
        """
        PGM
        DCL VAR(&A) TYPE(*CHAR) LEN(40) VALUE('it''s me')
        DCL VAR(&N) TYPE(*DEC) LEN(5 0) VALUE(7)
        SBMJOB CMD(CALL PGM(APP/CALLEE) PARM(&A &N)) JOB(CHILD) JOBQ(APP/FREE)
        ENDPGM
        """
    )
    submitted = next(e for e in machine.world.events.of("job_submitted") if "CHILD" in e["job"])
    assert submitted["command"] == "CALL PGM(APP/CALLEE) PARM('it''s me' 7)"
    log = machine.log(submitted["job"])
    assert any("it's me|7.00000" in line for line in log)
    assert any("beyond 32: not mine" in line for line in log)


def test_hold_release_and_duplicate_names(machine: Machine, texts: Texts) -> None:
    machine.program(
        "TICK", "PGM\n LOOP: DLYJOB DLY(10)\nSNDPGMMSG MSG('tick') TOPGMQ(*EXT)\nGOTO CMDLBL(LOOP)\nENDPGM\n"
    )
    first = machine.submit("CALL PGM(APP/TICK)", name="TICKER")
    machine.run(35)
    assert len([line for line in machine.log(first) if "tick" in line]) == 3
    assert texts(
        """
        PGM
        HLDJOB JOB(TICKER)
        HLDJOB JOB(TICKER)
        MONMSG MSGID(CPF1346) EXEC(SNDPGMMSG MSG('held already'))
        DLYJOB DLY(60)
        RLSJOB JOB(TICKER)
        RLSJOB JOB(TICKER)
        MONMSG MSGID(CPF1349) EXEC(SNDPGMMSG MSG('not held'))
        HLDJOB JOB(NOBODY)
        MONMSG MSGID(CPF1321) EXEC(SNDPGMMSG MSG('not found'))
        SBMJOB CMD(CALL PGM(APP/TICK)) JOB(TICKER) JOBQ(APP/FREE)
        HLDJOB JOB(OPER/TICKER)
        MONMSG MSGID(CPF1332) EXEC(SNDPGMMSG MSG('two of them'))
        ENDPGM
        """
    ) == ["held already", "not held", "not found", "two of them"]
    held = [e for e in machine.world.events.of("job_held", "job_released") if "TICKER" in e["job"]]
    assert [e.kind for e in held] == ["job_held", "job_released"]
    assert held[1].time - held[0].time == 60


def test_a_held_job_does_nothing(machine: Machine) -> None:
    machine.program(
        "TICK", "PGM\n LOOP: DLYJOB DLY(10)\nSNDPGMMSG MSG('tick') TOPGMQ(*EXT)\nGOTO CMDLBL(LOOP)\nENDPGM\n"
    )
    job = machine.submit("CALL PGM(APP/TICK)", name="TICKER")
    machine.run(5)
    machine.os.work.hold(machine.job(job))
    machine.run(1000)
    assert not [line for line in machine.log(job) if "tick" in line]
    assert machine.job(job).status == "HLD"


def test_a_killed_program_runs_nothing_more(machine: Machine) -> None:
    machine.program(
        "VICTIM",
        """
        PGM
        MONMSG MSGID(CPF0000) EXEC(GOTO CMDLBL(ERROR))
        DLYJOB DLY(100)
 ERROR: SNDPGMMSG MSG('cleanup') TOPGMQ(*EXT)
        ENDPGM
        """,
    )
    job = machine.submit("CALL PGM(APP/VICTIM)", name="VICTIM")
    machine.run(10)
    machine.call("PGM\nENDJOB JOB(VICTIM) OPTION(*IMMED)\nENDPGM\n", name="KILLER")
    assert machine.end_code(job) == 50
    assert not any("cleanup" in line for line in machine.log(job))


def test_controlled_end_gives_the_job_its_delay(machine: Machine) -> None:
    machine.program(
        "POLITE",
        """
        PGM
        DCL VAR(&END) TYPE(*CHAR) LEN(1)
  LOOP: RTVJOBA ENDSTS(&END)
        IF COND(&END *EQ '1') THEN(DO)
        SNDPGMMSG MSG('ended myself') TOPGMQ(*EXT)
        RETURN
        ENDDO
        DLYJOB DLY(5)
        GOTO CMDLBL(LOOP)
        ENDPGM
        """,
    )
    machine.program("DEAF", "PGM\nDLYJOB DLY(1000)\nENDPGM\n")
    polite, deaf = (machine.submit(f"CALL PGM(APP/{n})", name=n) for n in ("POLITE", "DEAF"))
    machine.run(12)
    start = machine.world.now
    machine.call(
        "PGM\nENDJOB JOB(POLITE) DELAY(30)\nENDJOB JOB(DEAF) DELAY(30)\nENDPGM\n", name="ENDER", seconds=100
    )
    assert any("ended myself" in line for line in machine.log(polite))
    assert machine.end_code(polite) == 10
    assert machine.end_code(deaf) == 50
    ended = {e["job"]: e.time for e in machine.world.events.of("job_ended")}
    assert ended[polite] - start < 6
    assert 30 <= ended[deaf] - start < 31


def test_locks_wait_and_end_with_their_job(machine: Machine, texts: Texts) -> None:
    machine.program("HOLDER", "PGM\nALCOBJ OBJ((APP/LOCK *DTAARA *EXCL)) WAIT(0)\nDLYJOB DLY(60)\nENDPGM\n")
    assert texts(
        """
        PGM
        CRTDTAARA DTAARA(APP/LOCK) TYPE(*CHAR) LEN(10)
        CRTDTAARA DTAARA(APP/OTHER) TYPE(*CHAR) LEN(10)
        SBMJOB CMD(CALL PGM(APP/HOLDER)) JOB(HOLDER) JOBQ(APP/FREE)
        DLYJOB DLY(5)
        ALCOBJ OBJ((APP/LOCK *DTAARA *EXCL)) WAIT(10)
        MONMSG MSGID(CPF1002) EXEC(SNDPGMMSG MSG('held by another'))
        ALCOBJ OBJ((APP/LOCK *DTAARA *EXCL) (APP/OTHER *DTAARA *EXCL)) WAIT(0)
        MONMSG MSGID(CPF1085) EXEC(SNDPGMMSG MSG('one of several'))
        ALCOBJ OBJ((APP/NOLOCK *DTAARA *EXCL)) WAIT(0)
        MONMSG MSGID(CPF1085) EXEC(SNDPGMMSG MSG('not there'))
        ALCOBJ OBJ((APP/LOCK *DTAARA *EXCL)) WAIT(100)
        SNDPGMMSG MSG('mine')
        DLCOBJ OBJ((APP/LOCK *DTAARA *EXCL))
        DLCOBJ OBJ((APP/LOCK *DTAARA *EXCL))
        MONMSG MSGID(CPF1005) EXEC(SNDPGMMSG MSG('not allocated'))
        ENDPGM
        """
    ) == ["held by another", "one of several", "not there", "mine", "not allocated"]


def test_environment_library_list_and_lda(machine: Machine) -> None:
    machine.program(
        "CHILD",
        "PGM\nDCL VAR(&L) TYPE(*CHAR) LEN(4)\nRTVDTAARA DTAARA(*LDA (1 4)) RTNVAR(&L)\n"
        "SNDPGMMSG MSG('lda' *BCAT &L) TOPGMQ(*EXT)\nDLYJOB DLY(5)\nENDPGM\n",
    )
    log = machine.call(
        """
        PGM
        ADDENVVAR ENVVAR(QIBM_QSH_CMD_ESCAPE_MSG) VALUE('Y')
        ADDENVVAR ENVVAR(QIBM_QSH_CMD_ESCAPE_MSG) VALUE('N')
        MONMSG MSGID(CPFA980) EXEC(CHGENVVAR ENVVAR(QIBM_QSH_CMD_ESCAPE_MSG) VALUE('N'))
        ADDLIBLE LIB(APP)
        MONMSG MSGID(CPF2103)
        CHGDTAARA DTAARA(*LDA (1 4)) VALUE('mine')
        SBMJOB CMD(CALL PGM(CHILD)) JOB(CHILD) JOBQ(APP/FREE) CPYENVVAR(*YES)
        DLYJOB DLY(2)
        ENDPGM
        """,
        seconds=4,
    )
    assert not any("Escape" in line and "CPF0006" in line for line in log)
    child = next(j for j in machine.os.jobs.values() if j.name == "CHILD")
    assert child.environment["QIBM_QSH_CMD_ESCAPE_MSG"] == "N"
    assert any("lda mine" in m.text for m in child.log)


def test_qtemp_belongs_to_the_job(texts: Texts) -> None:
    program = """
        PGM
        CRTDTAARA DTAARA(QTEMP/MINE) TYPE(*CHAR) LEN(10)
        MONMSG MSGID(CPF1023) EXEC(SNDPGMMSG MSG('seen before'))
        ENDPGM
    """
    assert texts(program) == []
    assert texts(program) == []


def test_dlyjob_until_a_time_of_day(machine: Machine) -> None:
    machine.call("PGM\nDLYJOB RSMTIME('204500')\nSNDPGMMSG MSG('quarter to')\nENDPGM\n", seconds=3600)
    ended = next(e for e in machine.world.events.of("job_ended") if e["job"].endswith("TEST"))
    assert ended.time - START == 900


def test_hlsjobq_stops_new_starts_only(machine: Machine, texts: Texts) -> None:
    machine.program("WAITS", WAITS)
    assert texts(
        """
        PGM
        HLDJOBQ JOBQ(QGPL/QBATCH)
        HLDJOBQ JOBQ(QGPL/QBATCH)
        MONMSG MSGID(CPF3425) EXEC(SNDPGMMSG MSG('held already'))
        SBMJOB CMD(CALL PGM(APP/WAITS)) JOB(CHILD) JOBQ(QGPL/QBATCH)
        DLYJOB DLY(300)
        RLSJOBQ JOBQ(QGPL/QBATCH)
        ENDPGM
        """
    ) == ["held already"]
    started = next(e for e in machine.world.events.of("job_started") if "CHILD" in e["job"])
    assert started.time - START >= 300


def test_system_utility_runs_each_command_in_a_job_of_its_own(machine: Machine) -> None:
    results = []

    def work() -> object:
        for text in (
            "CRTLIB LIB(NEW)",
            "CRTLIB LIB(NEW)",
            "CRTLIB LBI(X)",
            "NOSUCHCMD",
            "CRTDTAARA DTAARA(QTEMP/A) TYPE(*CHAR)",
        ):
            results.append((yield from machine.os.run_command("OPER", text)))

    machine.world.scheduler.spawn("ssh", work())  # type: ignore[arg-type]
    machine.run()
    assert [r.ok for r in results] == [True, False, False, False, True]
    assert [m[0] for m in results[0].messages] == ["CPC2102"]
    assert [m[0] for m in results[1].messages] == ["CPF2111"]
    assert results[2].messages[0][0] == "CPD0043"
    assert [m[0] for m in results[3].messages] == ["CPD0030", "CPF0006"]
    assert not [j for j in machine.os.jobs.values() if j.name == "QP0ZSPWP"]


def test_sbmjob_not_before_a_time(machine: Machine) -> None:
    machine.program("QUICK", "PGM\nENDPGM\n")
    machine.call("PGM\nSBMJOB CMD(CALL PGM(APP/QUICK)) JOB(LATER) JOBQ(APP/FREE) SCDTIME('210000')\nENDPGM\n")
    machine.run(3600)
    started = next(e for e in machine.world.events.of("job_started") if e["job"].endswith("/LATER"))
    assert started.time - START == pytest.approx(1800 + machine.world.costs.submit)


def test_commands_for_programs_only_are_refused_in_a_request(machine: Machine) -> None:
    for request in ("CHGVAR VAR(&A) VALUE(1)", "RTVJOBA JOB(&A)", "IF COND('1') THEN(DLYJOB DLY(1))"):
        job = machine.submit(request)
        machine.run(10)
        assert any(line.startswith("CPD0031") for line in machine.log(job)), machine.log(job)


def test_a_fault_takes_the_place_of_a_command(machine: Machine) -> None:
    def refuse_second(context: Context, go: Callable[[], Any]) -> Any:
        if context.command.name == "CRTDTAARA":
            result = go()
            if context.text("DTAARA").endswith("TWO"):
                raise Escape("CPF9999", "", "failed after its effect")
            return result
        return go()

    machine.world.around_command = refuse_second
    log = machine.call(
        """
        PGM
        CRTDTAARA DTAARA(APP/ONE) TYPE(*CHAR)
        CRTDTAARA DTAARA(APP/TWO) TYPE(*CHAR)
        MONMSG MSGID(CPF0000) EXEC(SNDPGMMSG MSG('seen') TOPGMQ(*EXT))
        ENDPGM
        """
    )
    assert any("seen" in line for line in log)
    assert machine.image.find("APP", "TWO", "*DTAARA") is not None


def test_power_and_subsystems_need_job_control(machine: Machine) -> None:
    for request in ("PWRDWNSYS OPTION(*IMMED) CONFIRM(*NO)", "ENDSBS SBS(QBATCH) OPTION(*IMMED)"):
        job = machine.submit(request, user="PLAIN")
        machine.run(10)
        assert any(line.startswith("CPF1038") for line in machine.log(job))
    assert machine.partition.state == "Running"


def test_a_subsystem_without_a_routing_entry_ends_its_jobs_at_once(machine: Machine) -> None:
    machine.program("WAITS", WAITS)
    machine.image.add(JobQueue("APP", "ORPHAN", "*JOBQ"))
    machine.call(
        """
        PGM
        CRTSBSD SBSD(APP/OURS) POOLS((1 *BASE))
        ADDJOBQE SBSD(APP/OURS) JOBQ(APP/ORPHAN)
        STRSBS SBSD(APP/OURS)
        SBMJOB CMD(CALL PGM(APP/WAITS)) JOB(LOST) JOBQ(APP/ORPHAN)
        ENDPGM
        """
    )
    ended = next(e for e in machine.world.events.of("job_ended") if e["job"].endswith("/LOST"))
    assert ended["code"] == 40
    assert any("no routing entry" in m.text for m in machine.os.operator_queue().messages)
