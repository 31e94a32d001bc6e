"""FLSTRENV beyond a plain start: skipping a scheduled run, a reason, waiting for the end, restart points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.playing import rows
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.gate import gate_of
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import Change, Played, SignedOn, is_row, job_of, kill_at, played, staged
from test_commands_without_undo import SPEC as RUNS
from test_commands_without_undo import site as with_programs
from test_commands_without_undo import started
from test_killed_jobs import DRIVER_AND_A, at_rest, holds, tells_the_truth
from works import program, programs, user

FLSTRENV = "BCKFLASHP/FLSTRENV ENV(DAILY)"


def enter(stage: Stage, command: str) -> list[str]:
    """What a command says that is entered at production."""
    return [f"{msgid} {text}" for msgid, text in stage.command("FLASHC", command).messages]


def refused_once(stage: Stage, name: str) -> None:
    """The first command of this name on production ends with an error."""
    seen: list[str] = []

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if context.command.name == name and context.os is stage.system and not seen:
            seen.append(name)
            raise Escape("CPF9898", "", "Not tonight.")
        return go()

    stage.world.around_command = around


def end_at(stage: Stage, kind: str, code: str) -> None:
    """FLENDENV is entered half a minute after this row of the journal."""

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if is_row(context, kind, code):
            stage.world.around_command = None
            stage.world.scheduler.at(
                stage.world.now + 30,
                lambda: stage.system.submit(
                    "BCKFLASHP/FLENDENV ENV(DAILY)", user="FLASHC", queue=("QUSRNOMAX", "QSYS")
                ),
            )
        return go()

    stage.world.around_command = around


def goes_on(night: Played, point: str) -> None:
    """Restart at this point, and let the clock go on until the run is closed and at rest."""
    world = night.stage.world
    world.around_command = None
    said = enter(night.stage, f"{FLSTRENV} RESTART({point}) REASON('repaired')")
    assert "FLE0053" in " ".join(said), said
    # The record is closed already where the run was: until the driver has opened it, it says nothing.
    world.scheduler.run(until=world.now + 60)
    world.scheduler.run(
        until=world.now + 6 * 3600,
        stop=lambda: night.record == "CLOSED" and not job_of(night.stage, "driver"),
    )
    world.scheduler.run(until=world.now + 900)


def o01(night: Played) -> list[str]:
    """Who started the run, and each time it went on."""
    return [step.text for step in night.judged().steps if step.code == "O01"]


# -- skip, reason ----------------------------------------------------------------------------------


def test_the_next_scheduled_run_is_skipped_once_and_the_history_says_so() -> None:
    with played() as night:
        assert enter(night.stage, f"{FLSTRENV} SKIP(*YES) REASON('It''s month end')")[0].startswith("FLE0157")
        skipped = night.next_night()
        assert (skipped.result, skipped.run) == ("refused", "")
        assert "Not run, as asked: DAILY" in skipped.detail
        assert "It's month end" in skipped.detail
        assert "FLASHC" in skipped.detail
        last = rows(night.stage, "FLRUN", "RUN")[-1]
        assert [str(value).strip() for value in last[1:4]] == ["DAILY", "CLOSED", "SKIPPED"]
        notes = [str(row[7]) for row in rows(night.stage, "FLJRN", "RUN, SIDE, SEQ") if row[5] == "O03"]
        assert notes == [skipped.detail.removeprefix("FLO0003 ")]
        assert night.next_night().result == "completed"


def back_before_its_start(night: Played) -> None:
    """The clock of production is put back to a minute before the schedule started the run."""
    world, partition = night.stage.world, night.stage.production
    partition.set_clock(partition.clock_offset - (world.now - night.started.due) - 60)


@pytest.mark.parametrize("within", [False, True])
def test_a_start_that_comes_twice_is_one_start(within: bool) -> None:
    """As in the hour that comes twice when summer time ends: the night has its save, and keeps it.

    The clock is put back behind the run, or `within` it: then the run ended before it began.
    """

    def put_back(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            if is_row(context, "R", "O83"):
                stage.world.around_command = None
                stage.production.set_clock(stage.production.clock_offset - 4 * 3600)
            return go()

        stage.world.around_command = around

    with played(prepare=put_back if within else None) as night:
        assert night.run.result == "completed"
        first = night.started.run
        if not within:
            back_before_its_start(night)
        again = night.next_night()
        assert (again.result, again.run) == ("refused", "")
        assert f"FLO0192 Not run, this start has come before: DAILY {first}" in again.detail
        assert [str(row[3]).strip() for row in rows(night.stage, "FLRUN", "RUN")] == ["COMPLETED", "SKIPPED"]
        assert night.next_night().result == "completed"


@pytest.mark.parametrize("result", ["REFUSED", "SKIPPED"])
def test_a_start_that_came_to_nothing_may_come_again(result: str) -> None:
    with played() as night:
        sql = f"UPDATE BCKFLASHP.FLRUN SET RESULT = ''{result}''"
        assert night.stage.command("FLASHC", f"RUNSQL SQL('{sql}') COMMIT(*NONE)").ok
        back_before_its_start(night)
        assert night.next_night().result == "completed"


def test_where_nobody_knows_whether_a_start_has_come_before_the_night_is_not_left_out() -> None:
    with played() as night:
        back_before_its_start(night)
        asked: list[str] = []

        def unread(context: Any, go: Callable[[], Any]) -> Any:
            if context.command.name == "RUNSQL" and "MIN(RUN)" in context.text("SQL"):
                asked.append(context.text("SQL"))
                raise Escape("SQL0551", "", "Not authorized to object FLRUN.")
            return go()

        night.stage.world.around_command = unread
        assert night.next_night().result == "completed"
        assert asked


def test_a_skip_is_taken_back_and_a_run_by_hand_does_not_use_it_up() -> None:
    with staged() as stage:
        enter(stage, f"{FLSTRENV} SKIP(*YES)")
        by_hand = SignedOn(stage).enter(f"{FLSTRENV} WAIT(*YES)", 8 * 3600)
        assert by_hand[0], by_hand
        # The scheduled one came while it ran, and was the one that was skipped.
        assert [str(row[3]).strip() for row in rows(stage, "FLRUN", "RUN")] == ["COMPLETED", "SKIPPED"]
        enter(stage, f"{FLSTRENV} SKIP(*YES)")
        enter(stage, f"{FLSTRENV} SKIP(*CANCEL)")
        assert "FLE0053" in enter(stage, f"{FLSTRENV} SCHEDULED(*YES)")[-1]


@pytest.mark.parametrize(
    "reason",
    ["It's the month's end", "'; DELETE FROM BCKFLASHP.FLJRN --", "a *CAT b + /* c */ (d)", "'" * 60],
)
def test_a_reason_stands_in_the_journal_as_it_was_written(reason: str) -> None:
    quoted = reason.replace("'", "''")
    with staged() as stage:
        enter(stage, f"{FLSTRENV} REASON('{quoted}')")
        stage.world.scheduler.run(until=stage.world.now + 60)
        (row,) = [row for row in rows(stage, "FLJRN", "SEQ") if row[5] == "O01"]
        assert str(row[7]).endswith(f" {reason}")
        assert "FLASHC" in str(row[7])


@pytest.mark.parametrize(
    "more", ["SKIP(*YES) WAIT(*YES)", "SKIP(*YES) RESTART(O80)", "RESTART(O80) SCHEDULED(*YES)"]
)
def test_parameters_that_exclude_each_other(more: str) -> None:
    with staged() as stage:
        assert "FLE0162" in enter(stage, f"{FLSTRENV} {more}")[0]
        assert not rows(stage, "FLJRN", "SEQ")


# -- wait ------------------------------------------------------------------------------------------


def test_wait_ends_with_the_run() -> None:
    with staged() as stage:
        begun = stage.world.now
        ok, said = SignedOn(stage).enter(f"{FLSTRENV} WAIT(*YES)", 8 * 3600)
        assert ok
        assert "FLE0159 Run completed: DAILY" in said
        assert stage.world.now - begun > 3600
        # Nothing of the run holds anything any more: what a scheduler starts next finds no lock.
        assert "FLE0053" in enter(stage, FLSTRENV)[-1]


def test_wait_ends_with_the_drivers_escape() -> None:
    with staged() as stage:
        refused_once(stage, "HLDJOB")
        ok, said = SignedOn(stage).enter(f"{FLSTRENV} WAIT(*YES)", 8 * 3600)
        assert not ok
        assert "FLE0122 Run not completed: DAILY FAILED O22 FLE0017" in said
        logs = [line for job in stage.image.job_records if job.name == "FLDDAILY" for line in job.log]
        assert any(line.startswith("FLE0122 Escape") for line in logs)


def test_wait_sees_that_driver_and_guard_died() -> None:
    with staged() as stage:
        killed = kill_at(stage, DRIVER_AND_A, lambda c: is_row(c, "R", "O83"))
        ok, said = SignedOn(stage).enter(f"{FLSTRENV} WAIT(*YES)", 8 * 3600)
        assert killed
        assert not ok
        assert "FLE0160" in said


def test_wait_sees_a_run_that_guard_a_closed() -> None:
    with staged() as stage:
        kill_at(stage, ["driver"], lambda c: is_row(c, "R", "O22"))
        ok, said = SignedOn(stage).enter(f"{FLSTRENV} WAIT(*YES)", 8 * 3600)
        assert not ok
        assert "FLE0122 Run not completed: DAILY FAILED FLRCVENV" in said


# -- restart ---------------------------------------------------------------------------------------


def test_watched_on_after_flendenv_while_it_saved() -> None:
    with played(prepare=lambda stage: end_at(stage, "R", "O83")) as night:
        assert night.history() == ("OPEN", "")
        assert night.brms_state() == "*STRPRC"
        goes_on(night, "O80")
        run = night.judged()
        tells_the_truth(night, run, "COMPLETED")
        holds(run)
        at_rest(night)
        assert [("RESTART(O80) repaired" in text) for text in o01(night)] == [False, True]


def test_the_history_is_taken_over_again_after_a_restore_that_failed() -> None:
    with played(prepare=lambda stage: refused_once(stage, "RSTLIB")) as night:
        assert night.history() == ("OPEN", "")
        goes_on(night, "O86")
        run = night.judged()
        tells_the_truth(night, run, "COMPLETED")
        holds(run)
        at_rest(night)


def test_the_clone_is_powered_on_after_all_and_what_stood_around_the_flash_is_given_back() -> None:
    """Driver and guard A die right behind the proof: nothing is undone yet, and the flash is good."""
    with played(prepare=lambda stage: _kill(stage, "R", "O61")) as night:
        assert night.record == "PROVE"
        assert "FLE0152" in enter(night.stage, f"{FLSTRENV} RESTART(O80)")[-1]
        goes_on(night, "O70")
        run = night.judged()
        tells_the_truth(night, run, "COMPLETED")
        holds(run)
        at_rest(night)


def _kill(stage: Stage, kind: str, code: str) -> None:
    kill_at(stage, DRIVER_AND_A, lambda c: is_row(c, kind, code))


MAINTENANCE_FAILS: Callable[[Stage], None] = lambda stage: refused_once(stage, "STRMNTBRM")  # noqa: E731


def test_after_steps_go_on_where_they_failed() -> None:
    with played(prepare=MAINTENANCE_FAILS) as night:
        assert night.history() == ("CLOSED", "FAILED")
        goes_on(night, "O96")
        run = night.judged()
        tells_the_truth(night, run, "COMPLETED")
        holds(run)
        at_rest(night)


def test_what_is_done_of_the_after_steps_is_not_done_again() -> None:
    def fails(stage: Stage) -> None:
        seen: list[str] = []

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if is_row(context, "R", "M01"):
                seen.append("maintained")
            if len(seen) == 1 and context.command.name == "SBMJOB" and context.act.name == "FLLIMIT":
                seen.append("refused")
                raise Escape("CPF9898", "", "Not tonight.")
            return go()

        stage.world.around_command = around

    with played((), with_programs(), spec=RUNS, prepare=fails) as night:
        assert night.history() == ("CLOSED", "FAILED")
        maintained = len(list(night.stage.world.events.of("maintenance_run", system="SISTPROD")))
        goes_on(night, "O96")
        tells_the_truth(night, night.judged(), "COMPLETED")
        assert len(list(night.stage.world.events.of("maintenance_run", system="SISTPROD"))) == maintained == 1
        assert (started(night.stage, "A1"), started(night.stage, "E1")) == (1, 1)


def no_power_on(stage: Stage, refusals: list[str]) -> None:
    """The console refuses the power-on, at every call until somebody clears what it has refused."""
    gate = gate_of(stage.world.scheduler)

    def refuse(asked: Request, outcome: Outcome) -> Outcome:
        if "-o on " not in asked.command:
            return outcome
        if refused and not refusals:
            gate.alter.remove(refuse)
            return outcome
        refused.append(asked.command)
        refusals.append(asked.command)
        return Outcome(1, err="HSCL0FFF The operation could not be performed.\n")

    refused: list[str] = []
    gate.alter.append(refuse)


def test_a_closed_run_without_brms_is_opened_again_and_its_clone_started() -> None:
    """The console refused the power-on; the run was undone and closed, but the flash is as good as before."""

    spec = user('run "CALL APPLIB/ONE" within 1h')
    site: tuple[Change, ...] = (programs(program("ONE", "20m")),)
    refusals: list[str] = []
    with played((), site, spec=spec, prepare=lambda stage: no_power_on(stage, refusals)) as night:
        assert night.history() == ("CLOSED", "FAILED")
        assert len(refusals) > 20  # a quarter of an hour long
        refusals.clear()
        goes_on(night, "O70")
        run = night.judged()
        assert night.history() == ("CLOSED", "COMPLETED")
        assert run.result == "completed"
        holds(run)
        assert started(night.stage, "ONE") == 0  # on production; the clone ran it
        ended = list(night.stage.world.events.of("interface_ended", system="SISTPROD"))
        assert len(ended) == 2  # the link of each try


def test_a_restart_point_that_is_not_possible_is_refused_with_those_that_are() -> None:
    with played(prepare=lambda stage: refused_once(stage, "HLDJOB")) as night:
        for point in ("O70", "O80", "O86", "O96"):
            said = enter(night.stage, f"{FLSTRENV} RESTART({point})")[-1]
            assert said.startswith("FLE0151")
            assert f"{point}, DAILY {night.started.run}, RESTART(*NONE)" in said
        assert enter(night.stage, f"{FLSTRENV} RESTART(O55)")[0].startswith(("FLE0150", "CPD"))
        assert [step.code for step in night.judged().steps].count("O01") == 1


def test_brms_that_left_its_state_is_no_base_for_a_restart() -> None:
    with played(prepare=lambda stage: no_power_on(stage, [])) as night:
        if night.history() != ("CLOSED", "FAILED"):
            night.recover("*UNDO")
        assert night.history() == ("CLOSED", "FAILED")
        said = enter(night.stage, f"{FLSTRENV} RESTART(O70)")[-1]
        assert said.startswith("FLE0153")
        assert said.endswith("RESTART(*NONE)")


def test_a_ticket_that_is_too_old_and_a_driver_that_lives() -> None:
    with played(prepare=lambda stage: end_at(stage, "R", "O83")) as night:
        world = night.stage.world
        world.scheduler.run(until=world.now + 5 * 3600)
        said = enter(night.stage, f"{FLSTRENV} RESTART(O70)")[-1]
        assert said.startswith("FLE0154")
        assert said.endswith("RESTART(O80 O86)")
        assert enter(night.stage, f"{FLSTRENV} RESTART(O96)")[-1].startswith("FLE0155")
        # With the delivery here FLRCVENV names the last of them, as a command that can be entered.
        for home, named in (("1", True), ("0", False)):
            change = f"CHGDTAARA DTAARA(BCKFLASHP/FLR0056 (106 1)) VALUE('{home}')"
            assert night.stage.command("FLASHC", change).ok
            assert night.recover("*CHECK").messages[-1][1].endswith("RESTART(O86)") == named
        world.around_command = None
        enter(night.stage, f"{FLSTRENV} RESTART(O80)")
        world.scheduler.run(until=world.now + 30)
        assert enter(night.stage, f"{FLSTRENV} RESTART(O80)")[-1].startswith("FLE0058")


def test_a_run_that_completed_has_nothing_to_go_on_with() -> None:
    with played() as night:
        assert enter(night.stage, f"{FLSTRENV} RESTART(O96)")[-1].startswith("FLE0156")
        assert not night.recover("*CONTINUE").messages[-1][0].startswith("FLE015")


def test_what_was_undone_while_its_driver_waited_for_its_queue_is_not_gone_on_with() -> None:
    with played(prepare=lambda stage: end_at(stage, "R", "O83")) as night:
        world = night.stage.world
        world.around_command = None
        enter(night.stage, "HLDJOBQ JOBQ(BCKFLASHP/FLASHC)")
        assert "FLE0053" in " ".join(enter(night.stage, f"{FLSTRENV} RESTART(O80)"))
        world.partition("SISTPROD_24").power_off("shutdown-immed")
        world.scheduler.run(until=world.now + 900)
        night.recover("*UNDO")
        assert night.history() == ("CLOSED", "FAILED")
        written = rows(night.stage, "FLJRN", "SIDE, SEQ")
        enter(night.stage, "RLSJOBQ JOBQ(BCKFLASHP/FLASHC)")
        world.scheduler.run(until=world.now + 3600)
        assert night.history() == ("CLOSED", "FAILED")
        added = [row for row in rows(night.stage, "FLJRN", "SIDE, SEQ") if row not in written]
        assert [str(row[5]).strip() for row in added] == ["O01"]  # who asked for it
