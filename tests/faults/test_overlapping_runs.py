"""Two runs that share a clone: the second is refused; without the locks S8 says what both used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flashc.cli.stage import Stage
from flashtwin.events import Event
from flashtwin.job import INTERACTIVE, Job
from flashtwin.scheduler import Wait
from nights import Change, Edit, Played, is_row, kill_at, played

LATE = """\
environment LATE on SISTPROD_24 {
    every wed at 20:50
    around flash { hold job QUSRSSH/CPY }
    quiesce within 60s otherwise abort
    resume within 30s
    on clone brms { group SAV21 library TAPMLB01 restricted within 8h }
    leave clone running
}

"""
DAILY = "environment DAILY on SISTPROD_24 {\n    every day at 20:35\n"
BOTH: tuple[Change, ...] = ((DAILY, LATE + DAILY.replace("day", "wed", 1)),)

RUN_IS_OPEN = "IF         COND(*NOT &LOCKED *AND &OUTCOME *NE 'CLOSED') THEN(DO)"
STARTED_BESIDE = "IF         COND(%SST(&STATE 25 10) *NE 'CLOSED') THEN(DO)"
ROW_IS_THERE = """\
                MONMSG     MSGID(SQL0000 CPF0000) EXEC(DO)
                   CHGVAR     VAR(&CODE) VALUE('O02')
                   CHGVAR     VAR(&MSGID) VALUE('FLE0005')
                   CHGVAR     VAR(&DTA) VALUE(&TEXT)
                   CALLSUBR   SUBR(FAIL)
                ENDDO
"""
NEVER = "IF         COND('0') THEN(DO)"
AGAIN = "who is gone is started again */\n"
THERE = (f"{AGAIN}             CALLSUBR   SUBR(GUARDSUP)\n", AGAIN)
"""A lock that others may have as well does not tell whether a guard lives."""
BRMS = "             IF         COND(&OK) THEN(CALLSUBR SUBR(O65))\n"
NO_LOCKS = (
    *(
        edit
        for driver in ("FLDDAILY.clle", "FLDLATE.clle")
        for edit in (
            Edit(driver, "*DTAARA *EXCL)", "*DTAARA *SHRRD)", 22),
            Edit(driver, *THERE),
            Edit(driver, RUN_IS_OPEN, NEVER),
            Edit(driver, ROW_IS_THERE, "             MONMSG     MSGID(SQL0000 CPF0000)\n"),
        )
    ),
    Edit("FLGRDA.clle", "FLKWINA *DTAARA *EXCL", "FLKWINA *DTAARA *SHRRD", 2),
    Edit("FLGRDB.clle", "FLKWINB *DTAARA *EXCL", "FLKWINB *DTAARA *SHRRD", 2),
    Edit("FLSTRENV.clle", STARTED_BESIDE, NEVER),
    # BRMS refuses a second *STRPRC by itself.
    Edit("FLDLATE.clle", BRMS, ""),
)


def test_the_second_run_is_refused() -> None:
    with played(spec=BOTH) as night:
        daily, late = night.runs
        assert daily.good, daily.detail
        assert (late.environment, late.result) == ("LATE", "refused")
        assert "FLE0051" in late.detail
        assert [f"{one.id} {one.detail}" for one in late.broken] == []


def test_without_locks_both_use_what_is_one_runs() -> None:
    with played(NO_LOCKS, spec=BOTH) as night:
        overlaps = [one for run in night.runs for one in run.invariants if one.id == "S8"]
    assert [one.held for one in overlaps] == [False, False]
    for one in overlaps:
        assert "both used brms SISTPROD, clone SISTPROD_24, group V7000 SISTPROD_24" in one.detail


WATCH = "                WHEN       COND(&PHASE *EQ 'WATCH') THEN(DO)\n"
GIVEN_BACK = Edit(
    "FLDDAILY.clle",
    WATCH,
    f"""{WATCH}\
                   CALLSUBR   SUBR(CLOSED)
                   QSYS/DLCOBJ OBJ((BCKFLASHP/FLK001 *DTAARA *EXCL) +
                                  (BCKFLASHP/FLKBRM *DTAARA *EXCL) +
                                  (BCKFLASHP/FLK002 *DTAARA *EXCL) +
                                  (BCKFLASHP/FLK003 *DTAARA *EXCL) +
                                  (BCKFLASHP/FLK004 *DTAARA *EXCL))
""",
)


def test_a_run_that_is_closed_while_its_clone_works_leaves_it_to_the_next() -> None:
    with played([GIVEN_BACK], spec=BOTH) as night:
        details = [one.detail for run in night.runs for one in run.invariants if one.id == "S8"]
    assert all("both used brms SISTPROD, clone SISTPROD_24" in detail for detail in details), details


SNAPS = """\
clone SNAPS of SISTPROD {
    partition 57 "SISTPROD_57" on "Server-9009-42A-SN78ABC12" through HMC1 profile "clone"
    disks group "SNAP_1" on V7000
    network isolated
}

environment SNAP on SNAPS {
    every wed at 21:20
    quiesce within 60s otherwise abort
    resume within 30s
    on clone none
}

"""
BESIDE: tuple[Change, ...] = ((DAILY, SNAPS + DAILY.replace("day", "wed", 1)),)
SNAP_SITE: tuple[Change, ...] = (
    (
        "[[consoles]]",
        """[[partitions]]
id = 57
name = "SISTPROD_57"
managed_system = "Server-9009-42A-SN78ABC12"
profiles = [{ name = "clone", vlans = [] }]
profile = "clone"
array = "V7000"
host = "SISTPROD_57"
state = "Not Activated"

[[consoles]]""",
    ),
    (
        """    { name = "SISTP1_D",""",
        """    { name = "SNAP1_D", count = 4, size_gib = 300, thin = true, used_percent = 5 },
    { name = "SISTP1_D",""",
    ),
    (
        """    { name = "SISTPROD_24", wwpns""",
        """    { name = "SISTPROD_57", wwpns = ["C050760000390000", "C050760000390001"], volumes = \
["SNAP1_D1", "SNAP1_D2", "SNAP1_D3", "SNAP1_D4"] },
    { name = "SISTPROD_24", wwpns""",
    ),
    (
        """[[tape]]""",
        """[[arrays.groups]]
name = "SNAP_1"
status = "idle_or_copied"
maps = [["SISTPROD_D1", "SNAP1_D1"], ["SISTPROD_D2", "SNAP1_D2"], ["SISTPROD_D3", "SNAP1_D3"], \
["SISTPROD_D4", "SNAP1_D4"]]

[[tape]]""",
    ),
)


def driver_of(stage: Stage, name: str) -> Job | None:
    """The active job of this name."""
    return next((job for job in stage.system.jobs.values() if job.name == name), None)


def _beside(*edits: Edit) -> Played:
    """A run dies while another one holds production, and somebody recovers it before that is over."""

    def prepare(stage: Stage) -> None:
        operator = stage.system.new_job("QPADEV0001", "FLASHC", INTERACTIVE)
        command = "BCKFLASHP/FLRCVENV ENV(DAILY) OPTION(*UNATTEND)"

        def look(event: Event) -> None:
            if event.kind == "suspended" and driver_of(stage, "FLDSNAP") is not None:
                driver = driver_of(stage, "FLDDAILY")
                assert driver is not None
                stage.system.work.kill(driver, 50)
                operator.task = stage.world.scheduler.spawn("a session", operator.perform(command))

        stage.world.events.listeners.append(look)

    with played(
        edits,
        spec=BESIDE,
        changes=SNAP_SITE,
        prepare=prepare,
    ) as night:
        return night


def test_a_recovery_leaves_the_window_of_another_run_alone() -> None:
    night = _beside()
    assert [(run.environment, run.result) for run in night.runs] == [
        ("DAILY", "completed"),
        ("SNAP", "completed"),
    ]
    assert [f"{one.id} {one.detail}" for run in night.runs for one in run.broken] == []
    assert _resumed_by(night) == ["FLDDAILY", "FLDSNAP"]


def test_a_recovery_that_always_resumes_spoils_the_copy_of_another_run() -> None:
    night = _beside(Edit("FLRCVENV.clle", "COND(&PHASE *NE 'WINDOW')", "COND('0')"))
    assert "QPADEV0001" in _resumed_by(night)
    (snap,) = (run for run in night.runs if run.environment == "SNAP")
    assert [one.id for one in snap.broken] == ["S7"]


EARLY: tuple[Change, ...] = tuple((old, new.replace("21:20", "20:42")) for old, new in BESIDE)
NO_WINDOW_LOCK = (
    *(
        edit
        for driver in ("FLDDAILY.clle", "FLDSNAP.clle")
        for edit in (
            Edit(driver, "FLKWIN *DTAARA *EXCL) +", "FLKWIN *DTAARA *SHRRD) +"),
            Edit(driver, "FLKWINA *DTAARA *EXCL)", "FLKWINA *DTAARA *SHRRD)", 4),
            Edit(driver, "FLKWINB *DTAARA *EXCL)", "FLKWINB *DTAARA *SHRRD)", 4),
            Edit(driver, *THERE),
            Edit(driver, ROW_IS_THERE, "             MONMSG     MSGID(SQL0000 CPF0000)\n"),
        )
    ),
    *NO_LOCKS[-4:-2],
)


def test_a_window_that_nobody_locks_is_entered_by_two() -> None:
    def prepare(stage: Stage) -> None:
        """The small run is slow, and asks for its suspend when the other has reached its own."""
        events, system = stage.world.events, stage.production.name

        def late(go: Callable[[], Any]) -> Any:
            while not list(events.of("suspended", system=system)):
                yield Wait(deadline=stage.world.now + 0.2)
            yield from go() or ()

        def around(context: Any, go: Callable[[], Any]) -> Any:
            suspends = context.command.name == "CHGASPACT" and context.text("OPTION") == "*SUSPEND"
            return late(go) if suspends and context.job.name == "FLDSNAP" else go()

        stage.world.around_command = around

    with played(NO_WINDOW_LOCK, spec=EARLY, changes=SNAP_SITE, prepare=prepare) as night:
        details = [one.detail for run in night.runs for one in run.invariants if one.id == "S8"]
    # The system refuses it; what was asked for resumes production under the other run all the same.
    assert "OPTION(*SUSPEND)" in "".join(details), details
    assert "OPTION(*RESUME)' at" in "".join(details), details


def _resumed_by(night: Played) -> list[str]:
    events = night.stage.world.events.of("resumed", system=night.stage.production.name)
    return [str(event["job"]).rpartition("/")[2] for event in events]


def test_a_run_is_recovered_for_its_own_environment() -> None:
    """Another one of the same clone has other commands on failure, hooks and mails."""
    alarm = "    leave clone running\n}\n\nenvironment DAILY"
    late = 'on failure { run "CALL PGM(APPLIB/INVOICES)" }\n'
    spec = (*BOTH, (alarm, alarm.replace("}\n", f"    {late}}}\n", 1)))
    with played(spec=spec, prepare=_all_die) as night:
        assert night.record == "PREPARE"
        entered = "BCKFLASHP/FLRCVENV ENV(LATE) OPTION(*UNDO)"
        done = night.stage.command("FLASHC", entered)
        assert not done.ok
        assert done.messages[-1][0] == "FLE0051"
        assert night.recover("*UNDO").ok
        events = night.stage.world.events.of("program_started", system=night.stage.production.name)
        assert "APPLIB/INVOICES" not in [event["program"] for event in events]


def _all_die(stage: Stage) -> None:
    kill_at(stage, ["driver", "guard A"], lambda context: is_row(context, "R", "O22"))
