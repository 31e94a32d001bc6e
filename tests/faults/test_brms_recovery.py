"""What becomes of BRMS when a night goes wrong: each row of the recovery table as a night.

The table: docs/when-it-failed.md#brms-situation-by-situation.  Rows that other files play:

| row | file: test |
|---|---|
| aborted after *STRPRC | test_killed_jobs: after I O65, I O49, I O55; test_ends: test_ended_at |
| start of the clone unanswered | test_killed_jobs: test_a_start_whose_answer_was_lost_... |
| one of several groups failed | test_control_groups: test_behind_a_group_that_fails_... |
| nobody watches the clone | test_killed_jobs: test_a_clone_that_nobody_watches_is_watched_on |
| FLENDPRC fails | test_not_taken_for_done: test_brms_stays_in_its_state_... |
| *STRPRC by an unknown hand, or refused | below; test_refused_nights: test_brms_in_use_by_... |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.runs import Run
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.gate import gate_of
from flashtwin.installed import conditions
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import HELD_JOB, JOBS, Change, Played, kill_at, played
from test_killed_jobs import at_rest, clone_off, holds, tells_the_truth
from test_starts import goes_on


def states(night: Played, system: str = "SISTPROD") -> list[str]:
    """What BRMS on a system was put to, in order."""
    return [str(event["state"]) for event in night.stage.world.events.of("brms_state", system=system)]


def restores(night: Played) -> list[int]:
    """For each restore of QUSRBRM on production, how many objects were not restored."""
    found = night.stage.world.events.of("qusrbrm_restored", system="SISTPROD")
    return [int(event["not_restored"]) for event in found]


def written(night: Played) -> set[str]:
    """The volumes that the clone has written."""
    return {str(e["volume"]) for e in night.stage.world.events.of("tape_written", system="SISTPROD_24")}


def known(night: Played) -> set[str]:
    """The volumes that BRMS on production will not write over."""
    return {one.id for one in night.brms().volumes.values() if one.status == "*ACT"}


def notes(run: Run, code: str) -> str:
    """What the run notes of a step, with message ids."""
    return " ".join(f"{s.msgid} {s.text}" for s in run.steps if s.code == code and s.kind == "note")


def operator(night: Played) -> str:
    """Everything on QSYSOPR of production."""
    return "\n".join(f"{m.msgid} {m.text}" for m in night.stage.system.operator_queue().messages)


def next_night_is_good(night: Played) -> None:
    """Nothing stands in the way of the next run, and its tapes are new ones."""
    run = night.next_night()
    assert run.good, (run.detail, run.broken)


def answers(stage: Stage, words: str, outcome: Outcome) -> None:
    """Requests with these words get this answer and have no effect."""

    def alter(asked: Request, usual: Outcome) -> Outcome:
        return outcome if words in asked.command else usual

    gate_of(stage.world.scheduler).alter.append(alter)


def on_command(stage: Stage, here: Callable[[Any], bool], act: Callable[[Any], None]) -> None:
    """Something happens when a command comes by."""

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if here(context):
            act(context)
        return go()

    stage.world.around_command = around


def refuse(_context: Any) -> None:
    raise Escape("CPF9898", "", "Not tonight.")


# -- the flash failed after *STRPRC: *ENDPRC, no restore -------------------------------------------


def test_the_flash_failed() -> None:
    def prepare(stage: Stage) -> None:
        answers(stage, "startfcconsistgrp", Outcome(status=1, err="CMMVC5804E refused\n"))

    with played(prepare=prepare) as night:
        tells_the_truth(night, night.run, "FAILED")
        holds(night.run)
        at_rest(night)
        assert states(night) == ["*STRPRC", "*ENDPRC"]
        assert restores(night) == []
        assert "FLE0021" not in notes(night.run, "O89")
        assert "FLE0056" in " ".join(m[0] for m in night.recover("*CONTINUE").messages)
        gate_of(night.stage.world.scheduler).alter.clear()
        next_night_is_good(night)


# -- *STRPRC was refused: nothing reads whether it is in force all the same ------------------------


def asks_for_strprc(context: Any) -> bool:
    return context.command.name == "INZBRM" and context.text("STATE") == "*STRPRC"


def proposed(night: Played) -> list[str]:
    """The message ids that FLRCVENV OPTION(*CHECK) ends with."""
    return [m[0] for m in night.recover("*CHECK").messages]


def somebody_looks(night: Played) -> None:
    """The run says that it needs somebody, who is told how to go on; BRMS is left as it is."""
    assert (night.run.result, night.record) == ("failed", "CLOSE")
    assert "FLE0235" in notes(night.run, "O89")
    assert "NEEDSYOU" in operator(night)
    holds(night.judged())
    assert {"FLL0107", "FLL0108"} <= set(proposed(night))
    assert night.next_night().result == "refused"
    assert not night.recover("*UNDO").ok
    assert night.brms().state == "*STRPRC"


@pytest.mark.parametrize("keeps_open", [False, True], ids=["closes its files", "keeps its files open"])
def test_refused_behind_its_effect(keeps_open: bool) -> None:
    """Production is in it by this run, and INZBRM has failed: ended by whoever sees that nobody else is.

    BRMS may still have its files open in the job that has asked it: that is not somebody else at work.
    """
    seen: list[str] = []

    def prepare(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            if not asks_for_strprc(context):
                return go()
            seen.append(context.act.name)
            return refused(context, go(), behind_its_effect=len(seen) == 1)

        stage.world.around_command = around

    def refused(context: Any, steps: Any, *, behind_its_effect: bool) -> Any:
        try:
            yield from steps
        finally:
            if keeps_open:
                context.job.resources["brms"] = "files of QUSRBRM"
        if behind_its_effect:
            raise Escape("CPF9899", "", "Failed behind its effect.")

    with played(prepare=prepare) as night:
        assert seen[0] == "FLCMD"
        somebody_looks(night)
        assert night.stage.command("QSECOFR", "INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC)").ok
        assert night.recover("*UNDO").ok
        at_rest(night)
        next_night_is_good(night)


def test_somebody_else_has_begun_it() -> None:
    """His clone may be writing: not even the recovery ends it."""
    with played(changes=[("[systems.brms]\n", '[systems.brms]\nstate = "*STRPRC"\n')]) as night:
        somebody_looks(night)
        assert night.recover("*CLOSE").ok
        assert night.record == "CLOSED"
        assert states(night) == []
        assert night.brms().state == "*STRPRC"


def test_refused_while_brms_is_at_work() -> None:
    """The work ends while the run is undone: then it is granted and ended, and nobody is needed."""
    seen: list[str] = []

    def prepare(stage: Stage) -> None:
        at_work = next(iter(stage.system.jobs.values()))

        def begin(context: Any) -> None:
            if not seen:
                at_work.resources.update(brms="save")
                stage.world.scheduler.at(stage.world.now + 120, lambda: at_work.resources.pop("brms"))
            seen.append(context.act.name)

        on_command(stage, asks_for_strprc, begin)

    with played(prepare=prepare) as night:
        tells_the_truth(night, night.run, "FAILED")
        assert "FLE0013" in notes(night.run, "O65")
        holds(night.run)
        at_rest(night)
        assert states(night) == ["*STRPRC", "*ENDPRC"]
        next_night_is_good(night)


def _somebody_works(stage: Stage, *, behind_its_effect: bool) -> None:
    """A job works in BRMS from the first *STRPRC on, for hours; that one is refused for it, or has failed."""
    at_work = next(iter(stage.system.jobs.values()))
    seen: list[str] = []

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if not asks_for_strprc(context) or seen:
            return go()
        seen.append(context.act.name)
        return _begin(go)

    def _begin(go: Callable[[], Any]) -> Any:
        if behind_its_effect:
            yield from go()
        at_work.resources.update(brms="display")
        if behind_its_effect:
            raise Escape("CPF9899", "", "Failed behind its effect.")
        yield from go()

    stage.world.around_command = around


@pytest.mark.parametrize("in_force", [False, True], ids=["not in force", "in force"])
def test_refused_while_brms_is_at_work_for_hours(in_force: bool) -> None:
    """That may be why, or it is in force all the same: nobody calls it ended before that job has."""
    with played(prepare=lambda stage: _somebody_works(stage, behind_its_effect=in_force)) as night:
        assert (night.run.result, night.record) == ("failed", "CLOSE")
        at_work = next(job for job in night.stage.system.jobs.values() if "brms" in job.resources)
        assert "FLE0235" in notes(night.run, "O89")
        assert at_work.qualified in notes(night.run, "O89")
        assert not night.stage.system.jobs[HELD_JOB].held
        assert states(night) == ["*STRPRC"] * in_force
        del at_work.resources["brms"]
        if in_force:
            assert not night.recover("*UNDO").ok
            assert night.stage.command("QSECOFR", "INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC)").ok
        assert night.recover("*UNDO").ok
        at_rest(night)
        assert night.brms().state == "*NONE"
        night.stage.world.around_command = None
        next_night_is_good(night)


def test_refused_for_a_moment() -> None:
    """It is granted when the run is undone, and ended with it: so it was not in force."""
    seen: list[str] = []

    def prepare(stage: Stage) -> None:
        on_command(
            stage,
            lambda context: asks_for_strprc(context) and not seen,
            once,
        )

    def once(context: Any) -> None:
        seen.append("refused")
        refuse(context)

    with played(prepare=prepare) as night:
        tells_the_truth(night, night.run, "FAILED")
        holds(night.run)
        at_rest(night)
        assert states(night) == ["*STRPRC", "*ENDPRC"]
        next_night_is_good(night)


# -- everybody dies behind *ENDPRC: it is noted before, and the recovery asks for it again ----------


def test_everybody_dies_behind_endprc() -> None:
    def ended(context: Any) -> bool:
        last = list(context.world.events.of("brms_state", system="SISTPROD"))[-1:]
        return context.act.name == "FLENDPRC" and [str(e["state"]) for e in last] == ["*ENDPRC"]

    with played(prepare=lambda stage: kill_at(stage, JOBS, ended, before=True)) as night:
        assert night.history() == ("OPEN", "")
        assert night.recover("*UNATTEND").ok
        world = night.stage.world
        world.scheduler.run(until=world.now + 3600)
        run = night.judged()
        holds(run)
        at_rest(night)
        assert states(night) == ["*STRPRC", "*ENDPRC", "*STRPRC", "*ENDPRC"]


# -- the clone did not come up, or did not begin to save: *ENDPRC, no restore -----------------------

STUCK: Change = ('{ code = "C9002AA1", lasts = "10m" }', '{ code = "C9002AA1", lasts = "40h" }')


def test_the_clone_did_not_come_up() -> None:
    """Nobody proves from outside that it will never save: production waits in *STRPRC until it is off."""
    with played(changes=(STUCK,)) as night:
        assert "FLE0030" in notes(night.run, "O82")
        assert "FLE0020" in notes(night.run, "O89")
        assert night.history() == ("OPEN", "")
        assert states(night) == ["*STRPRC"]
        holds(night.run)
        assert not night.recover("*UNDO").ok
        assert states(night) == ["*STRPRC"]
        clone_off(night.stage)
        assert night.recover("*UNDO").ok
        run = night.judged()
        tells_the_truth(night, run, "FAILED")
        holds(run)
        at_rest(night)
        assert states(night) == ["*STRPRC", "*ENDPRC"]
        assert restores(night) == []


def test_the_clone_was_not_started() -> None:
    def prepare(stage: Stage) -> None:
        answers(stage, " -o on ", Outcome(status=1, err="HSCL0000 refused\n"))

    with played(prepare=prepare) as night:
        assert "FLE0027" in notes(night.run, "O70")
        assert "FLE0021" in notes(night.run, "O89")
        tells_the_truth(night, night.run, "FAILED")
        holds(night.run)
        at_rest(night)
        assert states(night) == ["*STRPRC", "*ENDPRC"]
        assert restores(night) == []
        gate_of(night.stage.world.scheduler).alter.clear()
        next_night_is_good(night)


def test_the_clone_was_refused_its_save() -> None:
    """It tells so, and brings no history: as it runs on, production waits until it is off."""

    def prepare(stage: Stage) -> None:
        on_command(
            stage,
            lambda c: c.command.name == "INZBRM" and c.text("STATE") == "*STRBKU",
            refuse,
        )

    with played(prepare=prepare) as night:
        assert states(night, "SISTPROD_24") == []
        assert "FLE0061" in notes(night.run, "C15")
        assert "FLE0034" in notes(night.run, "O87")
        assert states(night) == ["*STRPRC"]
        holds(night.run)
        clone_off(night.stage)
        assert night.recover("*UNDO").ok
        tells_the_truth(night, night.judged(), "FAILED")
        holds(night.judged())
        at_rest(night)
        assert restores(night) == []
        night.stage.world.around_command = None
        next_night_is_good(night)


# -- the save failed half-way and tapes were written: its history comes home all the same -----------


def test_the_save_failed_behind_its_first_tape() -> None:
    def prepare(stage: Stage) -> None:
        conditions(stage.world).save_fails_at = "*ALLDLO"

    with played(prepare=prepare) as night:
        run = night.run
        tells_the_truth(night, run, "FAILED")
        holds(run)
        at_rest(night)
        assert states(night, "SISTPROD_24") == ["*STRBKU", "*ENDBKU"]
        assert states(night) == ["*STRPRC", "*ENDPRC"]
        assert restores(night) == [0]
        assert written(night)
        assert written(night) <= known(night)
        assert "FLE0033" in notes(run, "O85")
        assert "O85 FLE0033" in operator(night)
        conditions(night.stage.world).save_fails_at = ""
        tapes = written(night)
        next_night_is_good(night)
        # What the failed save has written is not written over as if it were free.
        later = [str(e["volume"]) for e in night.stage.world.events.of("tape_written")][len(tapes) :]
        assert later
        assert not tapes & set(later)


# -- the clone is dead and its history lost: *ENDPRC, and its volumes are named ---------------------


def dies_saving(stage: Stage) -> None:
    """The clone loses its power when it has written its second tape."""
    killed: list[str] = []
    clone = stage.world.partition("SISTPROD_24")

    def look() -> None:
        volumes = list(stage.world.events.of("tape_written", system="SISTPROD_24"))
        if len(volumes) >= 2 and not killed:
            killed.append("clone")
            clone.power_off("shutdown-immed")
        if not killed:
            stage.world.scheduler.at(stage.world.now + 60, look)

    stage.world.scheduler.at(stage.world.now + 60, look)


def test_the_clone_died_and_its_history_is_lost() -> None:
    with played(prepare=dies_saving) as night:
        run = night.run
        assert "FLE0029" in notes(run, "O82")
        assert len(written(night)) == 2
        tells_the_truth(night, run, "FAILED")
        holds(run)
        at_rest(night)
        assert states(night) == ["*STRPRC", "*ENDPRC"]
        assert restores(night) == []
        assert not written(night) & known(night)
        said = notes(run, "O89")
        assert "FLE0021" in said
        assert all(volume in said for volume in written(night))
        assert "FLE0021" in operator(night)
        next_night_is_good(night)


# -- the restore failed: production's own copy back, *STRPRC stays, somebody is told ----------------


def in_use(stage: Stage) -> None:
    conditions(stage.world).qusrbrm_in_use = True


def in_use_at_first(stage: Stage) -> None:
    """Who holds QUSRBRM, whom nobody sees, lets it go behind the three tries of the first restore."""
    in_use(stage)
    seen: list[str] = []

    def act(_context: Any) -> None:
        seen.append("RSTLIB")
        conditions(stage.world).qusrbrm_in_use = len(seen) < 4

    on_command(stage, lambda c: c.command.name == "RSTLIB", act)


def test_the_restore_failed() -> None:
    with played(prepare=in_use_at_first) as night:
        run = night.run
        assert own_back(night) == 1
        assert states(night) == ["*STRPRC"]
        assert "FLE0036" in notes(run, "O88")
        assert "FLE0045" in notes(run, "O89")
        assert "NEEDSYOU" in operator(night)
        assert night.history() == ("OPEN", "")
        holds(run)
        assert not night.stage.command("FLASHC", "QBRM/STRMNTBRM").ok
        goes_on(night, "O86")
        run = night.judged()
        tells_the_truth(night, run, "COMPLETED")
        holds(run)
        at_rest(night)
        assert written(night) <= known(night)
        next_night_is_good(night)


# -- found in *STRPRC at the start of a new run: decided from the run's own journal ------------------


def test_left_in_strprc_by_the_run_before() -> None:
    with played(prepare=in_use) as night:
        assert states(night) == ["*STRPRC"]
        refused = night.next_night()
        assert refused.result == "refused"
        assert "FLE0051" in refused.detail
        assert states(night) == ["*STRPRC"]
        assert not refused.windows


def own_back(night: Played) -> int:
    """How often production's own QUSRBRM, as kept in this run, was restored completely."""
    world = night.stage.world
    offset = world.partition("SISTPROD").clock_offset
    kept = [e.time + offset for e in world.events.of("qusrbrm_saved", system="SISTPROD")]
    found = world.events.of("qusrbrm_restored", system="SISTPROD")
    return sum(
        not e["not_restored"] and any(abs(float(e["saved_at"]) - at) <= 1 for at in kept) for e in found
    )


def test_own_copy_cannot_be_put_back_either() -> None:
    """Half of the one, half of the other: BRMS is not ended upon that, and it is said."""
    with played(prepare=in_use) as night:
        assert "FLE0047" in notes(night.run, "O88")
        assert "FLE0036" not in notes(night.run, "O88")
        assert "O88 FLE0047" in operator(night)
        clone_off(night.stage)
        # Still in use: even with the clone off and its history given up, not upon half a library.
        assert not night.recover("*UNDO").ok
        assert states(night) == ["*STRPRC"]
        conditions(night.stage.world).qusrbrm_in_use = False
        assert night.recover("*UNDO").ok
        assert own_back(night) == 1
        run = night.judged()
        tells_the_truth(night, run, "FAILED")
        holds(run)
        at_rest(night)
        assert "FLE0021" in notes(run, "O89")
        next_night_is_good(night)


def test_all_dead_in_the_restore() -> None:
    """Nobody knows how much of it is restored: what is given up is given up upon production's own."""

    def prepare(stage: Stage) -> None:
        kill_at(stage, ("driver", "guard A", "command"), lambda c: c.command.name == "RSTLIB")

    with played(prepare=prepare) as night:
        assert states(night) == ["*STRPRC"]
        assert night.history() == ("OPEN", "")
        assert "FLL0110" in proposed(night)
        assert not night.recover("*UNDO").ok
        clone_off(night.stage)
        assert night.recover("*UNDO").ok
        assert own_back(night) == 1
        run = night.judged()
        tells_the_truth(night, run, "FAILED")
        holds(run)
        at_rest(night)
        assert "FLE0021" in notes(run, "O89")
