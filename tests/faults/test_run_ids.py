"""Entries of the same minute start in the same second: each run has an id of its own all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flashtwin.errors import Escape
from nights import SignedOn, staged


def test_three_runs_that_start_in_one_second_have_three_ids() -> None:
    with staged() as stage:
        world, system = stage.world, stage.system
        tasks = []
        for number in range(3):
            job = system.new_job(f"START{number}", "FLASHC")
            command = "CALL PGM(BCKFLASHP/FLNEWRUN) PARM('              ')"
            job.task = world.scheduler.spawn(job.name, job.perform(command))
            tasks.append(job.task)
        world.scheduler.run(until=world.now + 60, stop=lambda: all(task.ended for task in tasks))
        assert [task.result for task in tasks] == [True, True, True]
        texts = [str(event["text"]) for event in world.events.of("command")]
        ids = [text for text in texts if "CHGDTAARA" in text and "FLRUNID" in text]
        assert len(ids) == len(set(ids)) == 3, ids


def test_the_hour_that_comes_twice_gives_no_id_a_second_time() -> None:
    """Another run lies between, so that the last id alone does not tell."""
    with staged() as stage:

        def new() -> str:
            stage.command("FLASHC", "CALL PGM(BCKFLASHP/FLNEWRUN) PARM('              ')")
            texts = [str(event["text"]) for event in stage.world.events.of("command")]
            last = [text for text in texts if "CHGDTAARA" in text and "FLRUNID" in text][-1]
            return last.rpartition("VALUE('")[2][:14]

        begin, first = stage.world.now, new()
        stage.command(
            "FLASHC",
            "RUNSQL SQL('INSERT INTO BCKFLASHP.FLJRN (RUN, SIDE, SEQ, TS, KIND, CODE, MSGID, TXT) VALUES("
            f"''{first}'', ''S'', 1, CURRENT TIMESTAMP, ''R'', ''O01'', ''FLO0001'', '' '')') COMMIT(*NONE)",
        )
        stage.world.scheduler.run(until=begin + 900)
        between = new()
        partition = stage.production
        partition.set_clock(partition.clock_offset - (stage.world.now - begin))
        again = new()
        assert len({first, between, again}) == 3
        assert again[:12] == first[:12]


def test_only_where_the_clock_was_put_back_somebody_must_know_the_runs_before() -> None:
    """A journal that cannot be read: a greater id than all is nobody's, any other may be somebody's."""
    with staged() as stage:

        def unread(context: Any, go: Callable[[], Any]) -> Any:
            if context.command.name == "RUNSQL":
                raise Escape("SQL0551", "", "Not authorized to object FLJRN.")
            return go()

        def new() -> bool:
            return stage.command("FLASHC", "CALL PGM(BCKFLASHP/FLNEWRUN) PARM('              ')").ok

        stage.world.around_command = unread
        begin = stage.world.now
        assert new()
        stage.world.scheduler.run(until=begin + 900)
        assert new()
        partition = stage.production
        partition.set_clock(partition.clock_offset - (stage.world.now - begin) + 60)
        assert not new()
        stage.world.around_command = None
        assert new()


def test_a_session_that_gets_no_id_keeps_nobody_from_one() -> None:
    """What is refused once leaves the ids free: the session goes on, and its locks with it."""
    with staged() as stage:
        refused: list[str] = []

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.act.name == "FLNEWRUN" and context.command.name == "RTVDTAARA" and not refused:
                refused.append(context.command.name)
                raise Escape("CPF9803", "", "Cannot allocate object FLRUNID.")
            return go()

        stage.world.around_command = around
        ok, said = SignedOn(stage).enter("BCKFLASHP/FLSTRENV DAILY")
        assert not ok
        assert "CPF9803" in said
        assert not stage.system.locks.held
        assert stage.command("FLASHC", "BCKFLASHP/FLSTRENV ENV(DAILY)").ok
