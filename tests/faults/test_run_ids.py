"""Entries of the same minute start in the same second: each run has an id of its own all the same."""

from __future__ import annotations

from nights import staged


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
