"""Who operates the partition enters the product's commands, and has nothing else of it; a stranger has none.

What is submitted for an operator runs under the product's profile: docs/operators.md.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flashc.cli.stage import Stage
from flashtwin.baseline import add_user
from flashtwin.job import INTERACTIVE
from flashtwin.objects import CommandObject, Program
from nights import job_of, staged

OPERATOR, STRANGER = "OPER", "GUEST"
LIB = "BCKFLASHP"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged() as stage:
        for user in (OPERATOR, STRANGER):
            add_user(stage.system.image, user)
        made = stage.command("QSECOFR", f"ADDAUTLE AUTL({LIB}) USER({OPERATOR}) AUT(*USE)")
        assert made.ok, made.messages
        yield stage


def entered(stage: Stage, user: str, command: str) -> tuple[bool, str]:
    """A command of a user's session: whether it ended well, and what was said."""
    job = stage.system.new_job("QPADEV0002", user, INTERACTIVE)
    # somebody who looks for a way in puts his own library first
    job.library_list, job.current_library = ["QGPL", "QTEMP"], "QGPL"
    world = stage.world
    task = job.task = world.scheduler.spawn(f"session of {user}", job.perform(command))
    world.scheduler.run(until=world.now + 900, stop=lambda: task.ended)
    assert task.ended, command
    said = " ".join(f"{m.msgid} {m.text}" for m in job.root.queue)
    stage.system.jobs.pop(job.number, None)
    return bool(task.result), said


def test_an_operator_starts_and_ends_a_run_under_the_profile_of_the_product(stage: Stage) -> None:
    ok, said = entered(stage, OPERATOR, f"{LIB}/FLSTRENV ENV(DAILY)")
    assert ok, said
    assert "FLE0053" in said
    world = stage.world
    world.scheduler.run(until=world.now + 120, stop=lambda: job_of(stage, "driver") is not None)
    driver = job_of(stage, "driver")
    assert driver is not None
    assert driver.user == "FLASHC"
    # Nothing of the session that submitted it came along.
    assert driver.current_library == ""
    world.scheduler.run(until=world.now + 120, stop=lambda: job_of(stage, "guard A") is not None)
    ok, said = entered(stage, OPERATOR, f"{LIB}/FLENDENV ENV(DAILY)")
    assert ok, said
    world.scheduler.run(until=world.now + 1800, stop=lambda: job_of(stage, "driver") is None)
    assert job_of(stage, "driver") is None


def _driver(stage: Stage):  # type: ignore[no-untyped-def]
    return next((job for job in stage.system.jobs.values() if job.name == "FLDDAILY"), None)


INNER = [
    f"CALL PGM({LIB}/FLPASE) PARM('console off' X'00000F' ' ')",
    f"CALL PGM({LIB}/FLUNDO) PARM('20261118203500' 'A' X'00000F' ' ')",
    f"CALL PGM({LIB}/FLDDAILY) PARM('20261118203500' 'PREPARE')",
    f"CALL PGM({LIB}G/FLBOOTA) PARM('START' 'FLT0056')",
    f"CHGDTAARA DTAARA({LIB}/FLR0056 (25 10)) VALUE('CLOSED')",
    f"CHGDTAARA DTAARA({LIB}G/FLT0056 (1 10)) VALUE('NEW')",
    f"RUNSQL SQL('DELETE FROM {LIB}.FLJRN') COMMIT(*NONE) NAMING(*SQL)",
    f"RUNSQL SQL('CREATE VIEW QTEMP.V AS SELECT * FROM {LIB}.FLRUN') COMMIT(*NONE) NAMING(*SQL)",
    f"SBMJOB CMD(CALL PGM(QSYS/QCMD)) JOBD({LIB}/FLASHC) USER(*JOBD)",
    "SBMJOB CMD(CALL PGM(QSYS/QCMD)) JOBD(QGPL/QBATCH) USER(FLASHC)",
    f"SBMJOB CMD(CALL PGM(QSYS/QCMD)) JOBD(QGPL/QBATCH) JOBQ({LIB}/FLASHC)",
    f"ADDAUTLE AUTL({LIB}) USER(GUEST) AUT(*USE)",
    f"GRTOBJAUT OBJ({LIB}/FLPASE) OBJTYPE(*PGM) USER(OPER) AUT(*USE)",
    f"CRTBNDCL PGM({LIB}/FLSTRENV) SRCSTMF('/flashc/{LIB}/src/FLSTRENV.clle')",
    f"CRTBNDCL PGM(QGPL/FLPASE) SRCSTMF('/flashc/{LIB}/src/FLPASE.clle')",
    f"CRTDTAARA DTAARA({LIB}/MINE) TYPE(*CHAR) LEN(10)",
    f"CPYFRMSTMF FROMSTMF('/flashc/{LIB}/conf/sidecar.json') TOMBR('/QSYS.LIB/QGPL.LIB/X.FILE/X.MBR')",
    f"CPYFRMSTMF FROMSTMF('/flashc/{LIB}/keys/hmc1_ed25519') TOMBR('/QSYS.LIB/QGPL.LIB/X.FILE/X.MBR')",
]


@pytest.mark.parametrize("user", [OPERATOR, STRANGER])
def test_nobody_else_reaches_what_is_inside(stage: Stage, user: str) -> None:
    for command in INNER:
        ok, said = entered(stage, user, command)
        assert not ok, f"{user} may: {command}"
        assert any(one in said for one in REFUSED), f"{command}: {said}"
    _, said = entered(
        stage,
        user,
        f"QSH CMD('exec /QOpenSys/pkgs/bin/python3.9 /flashc/{LIB}/bin/flashrt.pyz console off')",
    )
    assert "exit status 2" in said, said
    events = [str(event["job"]) for event in stage.world.events.of("program_started")]
    assert not [job for job in events if f"/{user}/" in job]


REFUSED = (
    *("CPF9802", "CPF9820", "CPF1338", "CPF1016", "CPF1018", "CPF2283", "CPFA09C", "SQL0551"),
    *("CPF2217", "Not authorized"),
)


def test_a_stranger_can_use_no_command(stage: Stage) -> None:
    for command in ("FLSTRENV ENV(DAILY)", "FLENDENV ENV(DAILY)", "FLCHKENV ENV(DAILY)"):
        ok, said = entered(stage, STRANGER, f"{LIB}/{command}")
        assert not ok
        assert "CPD0032" in said


def test_only_commands_of_operators_lend_authority(stage: Stage) -> None:
    library = stage.system.image.libraries[LIB]
    adopting = {one.name for one in library.objects.values() if isinstance(one, Program) and one.adopts}
    listed = {name for (name, kind), one in library.objects.items() if kind == "*PGM" and one.secured_by}
    fronts = [one for one in library.objects.values() if isinstance(one, CommandObject) and one.secured_by]
    assert adopting == {one.name for one in fronts}
    assert listed == adopting | {one.checker[0] for one in fronts if one.checker[0]}
    assert {"FLSTRENV", "FLENDENV"} <= adopting
    closed = ("*EXCLUDE", "*AUTL")
    assert [key for key, one in library.objects.items() if one.public not in closed] == []
