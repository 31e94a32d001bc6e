"""CHGASPACT: reaching the suspended state, what waits in it, who ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flashtwin.installed import vary_on_asps
from flashtwin.objects import DataArea, DataQueue
from flashtwin.records import IndependentAsp
from kernelbench import Machine

Texts = Callable[[str], list[str]]

SUSPEND = "CHGASPACT ASPDEV(*SYSBAS) OPTION(*SUSPEND) SSPTIMO(60) SSPTIMOACN(*END)"
RESUME = "CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME)"


def kinds(machine: Machine, *names: str) -> list[str]:
    return [e.kind for e in machine.world.events.of(*names)]


WINDOW = ("suspend_requested", "suspended", "suspend_failed", "resumed", "resume_refused")


def test_suspend_takes_the_sites_time_and_says_so(machine: Machine) -> None:
    log = machine.call(
        f"PGM\nCHGASPACT ASPDEV(*SYSBAS) OPTION(*FRCWRT)\n{SUSPEND}\nDLYJOB DLY(2)\n{RESUME}\nENDPGM\n"
    )
    events = {e.kind: e for e in machine.world.events.of("flush", *WINDOW)}
    assert events["suspended"].time - events["suspend_requested"].time == machine.world.durations.suspend
    assert events["suspended"]["result"] == "full"
    assert events["resumed"]["was"] == "suspended"
    assert any("Suspend for ASP *SYSBAS was successful" in line for line in log)
    assert any("Resume for ASP *SYSBAS was successful" in line for line in log)


def test_a_job_with_special_authority_only(machine: Machine) -> None:
    machine.call(f"PGM\n{SUSPEND}\nENDPGM\n", user="PLAIN")
    assert not kinds(machine, *WINDOW)


def test_long_transaction_with_end_leaves_nothing_suspended(machine: Machine, texts: Texts) -> None:
    machine.program("LONG", "PGM\nDLYJOB DLY(5000)\nENDPGM\n")
    job = machine.submit("CALL PGM(APP/LONG)", name="LONG")
    machine.run(5)
    machine.job(job).transaction_until = machine.world.now + 1000
    assert texts(
        f"""
        PGM
        {SUSPEND}
        MONMSG MSGID(CPF0000) EXEC(SNDPGMMSG MSG('not reached'))
        CRTDTAARA DTAARA(APP/AFTER) TYPE(*CHAR)
        SNDPGMMSG MSG('free')
        ENDPGM
        """
    ) == ["not reached", "free"]
    failed = next(machine.world.events.of("suspend_failed"))
    assert failed["seconds"] == 60


def test_long_transaction_with_cont_is_partial(machine: Machine) -> None:
    machine.program("LONG", "PGM\nDLYJOB DLY(5000)\nENDPGM\n")
    job = machine.submit("CALL PGM(APP/LONG)", name="LONG")
    machine.run(5)
    machine.job(job).transaction_until = machine.world.now + 1000
    machine.call(f"PGM\n{SUSPEND.replace('*END', '*CONT')}\n{RESUME}\nENDPGM\n")
    assert next(machine.world.events.of("suspended"))["result"] == "partial"


@pytest.mark.parametrize(
    "change",
    [
        "CRTDTAARA DTAARA(APP/NEW) TYPE(*CHAR)",
        "SBMJOB CMD(DLYJOB DLY(1)) JOB(CHILD) JOBQ(APP/FREE)",
        "SNDMSG MSG('hello') TOUSR(OPER)",
        "SNDPGMMSG MSG('hello') TOMSGQ(*SYSOPR)",
        "ADDJOBSCDE JOB(X) CMD(DLYJOB DLY(1)) FRQ(*WEEKLY) SCDDATE(*NONE) SCDDAY(*ALL)",
    ],
)
def test_a_change_waits_for_the_resume(machine: Machine, change: str) -> None:
    machine.program("GUARD", f"PGM\nDLYJOB DLY(40)\n{RESUME}\nENDPGM\n")
    machine.submit("CALL PGM(APP/GUARD)", name="GUARD")
    machine.run(1)
    machine.call(f"PGM\n{SUSPEND}\n{change}\nSNDPGMMSG MSG('went on')\nENDPGM\n")
    blocked = next(machine.world.events.of("blocked"))
    resumed = next(machine.world.events.of("resumed"))
    assert blocked["job"].endswith("TEST")
    assert resumed["job"].endswith("GUARD")
    ended = next(e for e in machine.world.events.of("job_ended") if e["job"].endswith("TEST"))
    assert ended.time >= resumed.time


def test_what_is_allowed_in_the_window(machine: Machine) -> None:
    machine.image.add(DataQueue("APP", "Q", "*DTAQ", max_length=10))
    machine.image.add(DataArea("APP", "A", "*DTAARA", length=10, value=b"\x40" * 10))
    machine.call(
        f"""
        PGM
        DCL VAR(&LEN) TYPE(*DEC) LEN(5 0) VALUE(4)
        DCL VAR(&DATA) TYPE(*CHAR) LEN(10) VALUE('HELD')
        DCL VAR(&A) TYPE(*CHAR) LEN(10)
        {SUSPEND}
        CALL PGM(QSNDDTAQ) PARM('Q' 'APP' &LEN &DATA)
        CHGDTAARA DTAARA(APP/A (1 4)) VALUE('seen')
        RTVDTAARA DTAARA(APP/A) RTNVAR(&A)
        RTVJOBA JOB(&A)
        {RESUME}
        ENDPGM
        """
    )
    assert not kinds(machine, "blocked")
    assert kinds(machine, "suspended", "resumed") == ["suspended", "resumed"]


def test_job_start_waits_while_suspended(machine: Machine) -> None:
    machine.program("WINDOW", f"PGM\n{SUSPEND}\nDLYJOB DLY(30)\n{RESUME}\nENDPGM\n")
    machine.program("QUICK", "PGM\nENDPGM\n")
    machine.submit("CALL PGM(APP/WINDOW)", name="WINDOW")
    machine.run(10)
    job = machine.submit("CALL PGM(APP/QUICK)", name="QUICK")
    machine.run(100)
    started = next(e for e in machine.world.events.of("job_started") if e["job"] == job)
    assert started.time >= next(machine.world.events.of("resumed")).time


def test_resume_is_refused_while_the_suspend_runs(machine: Machine) -> None:
    machine.program(
        "RESUMER",
        f"""
        PGM
        DLYJOB DLY(11)
        {RESUME}
        MONMSG MSGID(CPF0000) EXEC(SNDPGMMSG MSG('refused') TOPGMQ(*EXT))
        DLYJOB DLY(5)
        {RESUME}
        SNDPGMMSG MSG('resumed') TOPGMQ(*EXT)
        ENDPGM
        """,
    )
    machine.program("DRIVER", f"PGM\nDLYJOB DLY(10)\n{SUSPEND}\nDLYJOB DLY(600)\nENDPGM\n")
    job = machine.submit("CALL PGM(APP/RESUMER)", name="RESUMER")
    machine.submit("CALL PGM(APP/DRIVER)", name="DRIVER")
    machine.run(60)
    assert [line[26:] for line in machine.log(job) if line.startswith("*NONE")] == ["refused", "resumed"]
    assert kinds(machine, *WINDOW) == ["suspend_requested", "resume_refused", "suspended", "resumed"]


def test_a_killed_driver_leaves_the_system_suspended(machine: Machine) -> None:
    machine.program("DRIVER", f"PGM\n{SUSPEND}\nDLYJOB DLY(600)\n{RESUME}\nENDPGM\n")
    job = machine.submit("CALL PGM(APP/DRIVER)", name="DRIVER")
    machine.run(1)
    machine.os.work.kill(machine.job(job), 50)
    machine.run(100)
    assert machine.os.suspension.state == "suspended"
    machine.call(f"PGM\n{RESUME}\nENDPGM\n")
    # The job of the guard could not even start: only a job that ran before can resume.
    assert machine.os.suspension.state == "suspended"


def test_guard_with_a_data_queue_resumes_when_the_driver_is_silent(machine: Machine) -> None:
    machine.image.add(DataQueue("APP", "GRD", "*DTAQ", max_length=10, sequence="*KEYED", key_length=14))
    guard = """
        PGM
        DCL VAR(&LEN) TYPE(*DEC) LEN(5 0)
        DCL VAR(&DATA) TYPE(*CHAR) LEN(10)
        DCL VAR(&WAIT) TYPE(*DEC) LEN(5 0) VALUE(-1)
        DCL VAR(&KLEN) TYPE(*DEC) LEN(3 0) VALUE(14)
        DCL VAR(&KEY) TYPE(*CHAR) LEN(14) VALUE('20261118203500')
        DOWHILE COND('1')
        CALL PGM(QRCVDTAQ) PARM('GRD' 'APP' &LEN &DATA &WAIT 'EQ' &KLEN &KEY)
        IF COND(&LEN *EQ 0) THEN(DO)
        CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME)
        SNDPGMMSG MSG('guard resumed') TOPGMQ(*EXT)
        RETURN
        ENDDO
        IF COND(%SST(&DATA 1 7) *EQ 'REQUEST') THEN(CHGVAR VAR(&WAIT) VALUE(65))
        IF COND(%SST(&DATA 1 4) *EQ 'HELD') THEN(CHGVAR VAR(&WAIT) VALUE(30))
        IF COND(%SST(&DATA 1 4) *EQ 'DONE') THEN(RETURN)
        ENDDO
        ENDPGM
    """
    driver = f"""
        PGM
        DCL VAR(&LEN) TYPE(*DEC) LEN(5 0) VALUE(10)
        DCL VAR(&DATA) TYPE(*CHAR) LEN(10) VALUE('REQUEST')
        DCL VAR(&KLEN) TYPE(*DEC) LEN(3 0) VALUE(14)
        DCL VAR(&KEY) TYPE(*CHAR) LEN(14) VALUE('20261118203500')
        CALL PGM(QSNDDTAQ) PARM('GRD' 'APP' &LEN &DATA &KLEN &KEY)
        {SUSPEND}
        CHGVAR VAR(&DATA) VALUE('HELD')
        CALL PGM(QSNDDTAQ) PARM('GRD' 'APP' &LEN &DATA &KLEN &KEY)
        CRTDTAARA DTAARA(APP/BLOCKS) TYPE(*CHAR)
        {RESUME}
        ENDPGM
    """
    machine.program("GUARD", guard)
    machine.program("DRIVER", driver)
    machine.submit("CALL PGM(APP/GUARD)", name="GUARD")
    machine.run(1)
    machine.submit("CALL PGM(APP/DRIVER)", name="DRIVER")
    machine.run(200)
    suspended, resumed = (next(machine.world.events.of(k)) for k in ("suspended", "resumed"))
    assert resumed["job"].endswith("GUARD")
    assert 30 <= resumed.time - suspended.time < 31


@pytest.mark.parametrize("blocks", [True, False])
def test_whether_the_ifs_waits_is_a_reading(machine: Machine, blocks: bool) -> None:
    machine.world.readings = replace(machine.world.readings, ifs_blocks_while_suspended=blocks)
    machine.program("GUARD", f"PGM\nDLYJOB DLY(40)\n{RESUME}\nENDPGM\n")
    machine.submit("CALL PGM(APP/GUARD)", name="GUARD")
    machine.run(1)
    machine.call(f"PGM\n{SUSPEND}\nCRTDIR DIR('/tmp/new')\nENDPGM\n")
    assert [e["what"] for e in machine.world.events.of("blocked")][:1] == (
        ["CRTDIR"] if blocks else ["job end"]
    )


def test_a_resume_of_a_system_that_goes_on_changes_nothing(machine: Machine) -> None:
    log = machine.call(f"PGM\n{RESUME}\nENDPGM\n")
    assert any("Resume for ASP *SYSBAS was successful" in line for line in log)
    assert kinds(machine, "resumed", "resume_idle") == ["resume_idle"]


def with_asps(machine: Machine, **available: bool) -> None:
    machine.os.image.products["iasps"] = {
        name: IndependentAsp(name=name, available=on) for name, on in available.items()
    }
    vary_on_asps(machine.os)


def of_asp(command: str, asp: str) -> str:
    return command.replace("*SYSBAS", asp)


def test_each_asp_has_a_state_of_its_own(machine: Machine) -> None:
    with_asps(machine, PAYIASP=True)
    machine.call(f"PGM\n{of_asp(SUSPEND, 'PAYIASP')}\n{SUSPEND}\n{RESUME}\nDLYJOB DLY(5)\nENDPGM\n")
    assert [(e.kind, e["asp"]) for e in machine.world.events.of(*WINDOW)] == [
        ("suspend_requested", "PAYIASP"),
        ("suspended", "PAYIASP"),
        ("suspend_requested", "*SYSBAS"),
        ("suspended", "*SYSBAS"),
        ("resumed", "*SYSBAS"),
    ]
    assert machine.os.suspended_asps == ("PAYIASP",)


def test_a_transaction_holds_up_its_own_asp_only(machine: Machine) -> None:
    with_asps(machine, PAYIASP=True)
    job = machine.job(machine.submit("DLYJOB DLY(900)"))
    job.transaction_until, job.transaction_asp = machine.world.now + 1000, "PAYIASP"
    machine.call(f"PGM\n{SUSPEND}\n{of_asp(SUSPEND, 'PAYIASP')}\nMONMSG CPF0000\n{RESUME}\nENDPGM\n")
    assert [e["asp"] for e in machine.world.events.of("suspended")] == ["*SYSBAS"]
    assert [e["asp"] for e in machine.world.events.of("suspend_failed")] == ["PAYIASP"]


@pytest.mark.parametrize(("asps", "msgid"), [({}, "CPF9814"), ({"PAYIASP": False}, "CPFB717")])
def test_an_asp_must_be_there_and_available(machine: Machine, asps: dict[str, bool], msgid: str) -> None:
    with_asps(machine, **asps)
    log = machine.call(f"PGM\n{of_asp(SUSPEND, 'PAYIASP')}\nENDPGM\n")
    assert any(msgid in line for line in log)
    assert not kinds(machine, *WINDOW)
