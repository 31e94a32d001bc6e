"""The job scheduler: weekly entries, several of one name, holding, recovery, local time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flashtwin.image import ScheduleEntry
from flashtwin.jobschedule import next_run
from kernelbench import START, Machine

Texts = Callable[[str], list[str]]
ADD = (
    "ADDJOBSCDE JOB({}) CMD({}) FRQ(*WEEKLY) SCDDATE(*NONE) SCDDAY({}) SCDTIME({}) RCYACN({}) JOBQ(APP/FREE)"
)


def submits(machine: Machine) -> list[tuple[str, float]]:
    return [(e["entry"], e.time - START) for e in machine.world.events.of("scheduled_submit")]


def test_daily_entry_is_submitted_in_local_time_every_day(machine: Machine) -> None:
    machine.program("NIGHT", "PGM\nENDPGM\n")
    command = ADD.format("NIGHT", "CALL PGM(APP/NIGHT)", "*ALL", "203500", "*NOSBM")
    machine.call(f"PGM\n{command}\nENDPGM\n", seconds=10)
    machine.run(2 * 86400)
    assert submits(machine) == [("NIGHT", 300.0), ("NIGHT", 86700.0)]
    started = [e for e in machine.world.events.of("job_started") if e["job"].endswith("/NIGHT")]
    assert len(started) == 2
    assert started[0]["user"] == "OPER"


def test_weekly_entry_on_some_days(machine: Machine) -> None:
    # The world starts on a Wednesday evening.
    command = ADD.format("WEEK", "DLYJOB DLY(1)", "*THU *SAT", "010000", "*NOSBM")
    machine.call(f"PGM\n{command}\nENDPGM\n", seconds=10)
    machine.run(8 * 86400)
    days = [datetime.fromtimestamp(START + at, UTC).strftime("%a") for _, at in submits(machine)]
    assert days == ["Thu", "Sat", "Thu"]


def test_entries_of_one_name_need_their_number(machine: Machine, texts: Texts) -> None:
    first = ADD.format("SAME", "DLYJOB DLY(1)", "*ALL", "230000", "*NOSBM")
    second = ADD.format("SAME", "DLYJOB DLY(2)", "*ALL", "233000", "*SBMRLS")
    assert texts(
        f"""
        PGM
        {first}
        {second}
        HLDJOBSCDE JOB(SAME)
        MONMSG MSGID(CPF0000) EXEC(SNDPGMMSG MSG('which one'))
        HLDJOBSCDE JOB(SAME) ENTRYNBR(000001)
        RMVJOBSCDE JOB(NONE)
        MONMSG MSGID(CPF0000) EXEC(SNDPGMMSG MSG('no such entry'))
        ENDPGM
        """
    ) == ["which one", "no such entry"]
    machine.run(86400)
    assert [at for _, at in submits(machine)] == [3 * 3600.0]
    held = [(e.number, e.held) for e in machine.image.schedule]
    assert held == [(1, True), (2, False)]


def test_a_released_entry_waits_for_its_next_date(machine: Machine) -> None:
    command = ADD.format("LATE", "DLYJOB DLY(1)", "*ALL", "210000", "*SBMRLS")
    machine.call(f"PGM\n{command}\nHLDJOBSCDE JOB(LATE)\nENDPGM\n", seconds=3600)
    machine.call("PGM\nRLSJOBSCDE JOB(LATE)\nENDPGM\n", seconds=3600)
    assert submits(machine) == []
    machine.run(86400)
    assert len(submits(machine)) == 1


@pytest.mark.parametrize(("recovery", "expected"), [("*SBMRLS", 1), ("*NOSBM", 0), ("*SBMHLD", 1)])
def test_entry_that_comes_due_in_restricted_state(machine: Machine, recovery: str, expected: int) -> None:
    machine.program("SAVE", "PGM\nENDSBS SBS(*ALL) OPTION(*IMMED)\nDLYJOB DLY(1200)\nENDPGM\n")
    machine.program("DUE", "PGM\nENDPGM\n")
    command = ADD.format("DUE", "CALL PGM(APP/DUE)", "*ALL", "204500", recovery)
    machine.call(f"PGM\n{command}\nENDPGM\n", seconds=10)
    machine.os.submit("CALL PGM(APP/SAVE)", name="SAVE", user="OPER", queue=("QCTL", "QSYS"))
    machine.run(3600)
    left = next(machine.world.events.of("restricted_left"))
    assert len(submits(machine)) == expected
    assert all(START + at >= left.time for _, at in submits(machine))
    started = [e for e in machine.world.events.of("job_started") if e["job"].endswith("/DUE")]
    assert len(started) == (1 if recovery == "*SBMRLS" else 0)


def test_only_ones_own_entries_without_job_control(machine: Machine) -> None:
    command = ADD.format("MINE", "DLYJOB DLY(1)", "*ALL", "230000", "*NOSBM")
    machine.call(f"PGM\n{command}\nENDPGM\n", seconds=10)
    log = machine.call("PGM\nHLDJOBSCDE JOB(MINE)\nENDPGM\n", user="PLAIN", seconds=10)
    assert any("CPF1645" in line for line in log)


def test_a_date_that_is_past_is_never_due() -> None:
    entry = ScheduleEntry("ONCE", 1, "X", frequency="*ONCE", date="20261101", time="100000")
    assert next_run(entry, datetime(2026, 11, 18, tzinfo=UTC)) is None
    later = next_run(entry, datetime(2026, 10, 18, tzinfo=UTC))
    assert later == datetime(2026, 11, 1, 10, tzinfo=UTC)


def test_a_changed_clock_moves_what_is_due(machine: Machine) -> None:
    command = ADD.format("NIGHT", "DLYJOB DLY(1)", "*ALL", "220000", "*NOSBM")
    machine.call(f"PGM\n{command}\nCHGSYSVAL SYSVAL(QTIME) VALUE('215900')\nENDPGM\n", seconds=300)
    assert [round(at) for _, at in submits(machine)] == [60]
    machine.call("PGM\nCHGSYSVAL SYSVAL(QTIME) VALUE('250000')\nENDPGM\n", seconds=10)
    assert machine.os.local().hour == 22
    machine.call("PGM\nCHGSYSVAL SYSVAL(QDATE) VALUE('241226')\nENDPGM\n", seconds=10)
    assert machine.os.local().strftime("%Y-%m-%d") == "2026-12-24"
