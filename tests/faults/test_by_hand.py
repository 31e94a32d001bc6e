"""A clone ended, started and released by an operator's commands: on its proven copy, and no run meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flashc.cli.judging import judge_by_hand
from flashc.cli.playing import rows
from flashc.cli.stage import Stage, run_command
from flashc.runbook.steps import by_hand_steps
from flashtwin.baseline import add_user
from flashtwin.externals import External
from flashtwin.gate import Reach, gate_of
from flashtwin.job import INTERACTIVE
from flashtwin.objects import DataArea, MessageQueue
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from flashtwin.world import Partition
from nights import VIOS_SITE, VIOS_SPEC, Change, Edit, Played, SignedOn, example, is_row, kill_call, played
from test_displays import Session
from test_generations import GENERATIONS, NEWER
from test_vios_nights import devices
from works import BRMS, MAINTENANCE

LIB = "BCKFLASHP"
OPERATOR = "OPER"
BY_HAND = by_hand_steps(example()[0].clones[0])
SNAPSHOT: tuple[Change, ...] = (
    (BRMS, "    on clone none\n"),
    MAINTENANCE,
    ("    boot within 90m\n", ""),
    ("    leave clone running\n", ""),
)
"""The example's night as a safety snapshot: its clone is off, its copy proven."""


def clone_of(stage: Stage) -> Partition:
    return stage.world.partition("SISTPROD_24")


@contextmanager
def snapshot(*more: Change, changes: Sequence[Change] = (), edits: Sequence[Edit] = ()) -> Iterator[Played]:
    """Behind a night that took a safety snapshot, with an operator who may use the commands."""
    with played(edits, changes, spec=(*SNAPSHOT, *more)) as night:
        assert night.run.result == "completed", night.run.detail
        allow(night.stage)
        yield night


def allow(stage: Stage) -> None:
    """The security officer makes the operator a member of the list."""
    add_user(stage.system.image, OPERATOR)
    assert stage.command("QSECOFR", f"ADDAUTLE AUTL({LIB}) USER({OPERATOR}) AUT(*USE)").ok


def entered(stage: Stage, command: str) -> tuple[bool, str]:
    """A command of the operator: whether it ended well, and what was said."""
    job = stage.system.new_job("QPADEV0003", OPERATOR, INTERACTIVE)
    world = stage.world
    task = job.task = world.scheduler.spawn("the operator's session", job.perform(f"{LIB}/{command}"))
    world.scheduler.run(until=world.now + 600, stop=lambda: task.ended)
    assert task.ended, command
    said = " ".join(f"{m.msgid} {m.text}" for m in job.root.queue)
    stage.system.jobs.pop(job.number, None)
    return bool(task.result), said


def enter(stage: Stage, command: str) -> tuple[bool, str]:
    """The same, and what it submitted is waited for."""
    ok, said = entered(stage, command)
    world = stage.world
    if ok:
        before = of_the_run(stage)
        world.scheduler.run(until=world.now + 5)
        world.scheduler.run(until=world.now + 3 * 3600, stop=lambda: not acting(stage))
        assert not acting(stage)
        run, _, state, _ = last_run(stage)
        if state == "CLOSED":
            # The request has rows of its own, and the record is the last run's again.
            assert of_the_run(stage) == before
            verdict = judge_by_hand(stage, stage.spec.environments[0], run)
            assert verdict.held, verdict.detail
    return ok, said


def of_the_run(stage: Stage) -> str:
    """What the record of the clone has of the last run: that run, its environment, how far it came.

    Not the job that had it last.
    """
    text = record(stage)
    return text[:35] + text[36:40] + text[66:110]


def acting(stage: Stage) -> list[str]:
    return [job.qualified for job in stage.system.jobs.values() if job.name == "FLC0056"]


def told(stage: Stage) -> str:
    """The last message that the operator got."""
    queue = stage.system.image.find("QUSRSYS", OPERATOR, "*MSGQ")
    assert isinstance(queue, MessageQueue)
    return f"{queue.messages[-1].msgid} {queue.messages[-1].text}"


def last_run(stage: Stage) -> tuple[str, str, str, str]:
    """Run, environment, state and result of the last row of FLRUN."""
    row = rows(stage, "FLRUN", "RUN")[-1]
    return tuple(str(one or "").strip() for one in row[:4])  # type: ignore[return-value]


def journal(stage: Stage) -> list[str]:
    """CODE KIND of the last run's rows, in their order."""
    run = last_run(stage)[0]
    return [f"{r[5]} {r[4]}" for r in rows(stage, "FLJRN", "SEQ") if str(r[0]).strip() == run]


def results(stage: Stage) -> list[str]:
    """The codes of the last run's good rows."""
    return [row.split()[0] for row in journal(stage) if row.endswith(" R")]


def group_of(stage: Stage, name: str = "SISTPROD_24") -> str:
    model = stage.world.arrays["V7000"].model
    return model.status(model.group(name))


def test_a_snapshot_is_started_ended_and_released_and_the_next_night_runs() -> None:
    with snapshot() as night:
        stage, clone = night.stage, clone_of(night.stage)
        assert clone.state == "Not Activated"
        ok, said = enter(stage, "FLSTRCLN CLONE(SISTPROD_24) REASON('it''s needed')")
        assert ok, said
        assert "FLE0207" in said
        assert told(stage).startswith("FLE0208"), told(stage)
        stage.world.scheduler.run(until=stage.world.now + 900)
        assert (clone.state, clone.keylock, clone.refcode) == ("Starting", "manual", "A6005008")
        assert last_run(stage)[1:] == ("*STRCLN", "CLOSED", "COMPLETED")
        assert results(stage) == [step.code for step in BY_HAND["FLSTRCLN"]]
        first = next(r for r in rows(stage, "FLJRN", "SEQ") if str(r[0]).strip() == last_run(stage)[0])
        assert "OPER it's needed" in str(first[7])

        # It waits at its console, where no operating system can be asked to end.
        ok, said = enter(stage, "FLENDCLN")
        assert "FLE0202" in told(stage)
        assert last_run(stage)[1:] == ("*ENDCLN", "CLOSED", "REFUSED")
        ok, said = enter(stage, "FLRLSCLN")
        assert "FLE0009" in told(stage)
        ok, said = enter(stage, "FLENDCLN OPTION(*IMMED)")
        assert ok, said
        assert clone.state == "Not Activated"
        assert last_run(stage)[1:] == ("*ENDCLN", "CLOSED", "COMPLETED")
        assert results(stage) == [step.code for step in BY_HAND["FLENDCLN"]]
        asked = Session(stage).show("FLDSPHST ENV(*BYHAND)")
        assert (asked.count("*STRCLN"), asked.count("*ENDCLN"), asked.count("DAILY")) == (1, 2, 0), asked

        # By itself it comes up in safe mode: the copy has no ticket.
        assert enter(stage, "FLSTRCLN MODE(*NORMAL)")[0]
        world = stage.world
        world.scheduler.run(until=world.now + 3600)
        assert clone.os is not None
        assert clone.state == "Running"
        queue = clone.os.image.find("QSYS", "QSYSOPR", "*MSGQ")
        assert isinstance(queue, MessageQueue)
        assert "Safe mode" in " ".join(message.text for message in queue.messages)
        assert enter(stage, "FLSTRCLN")[0]
        assert "FLE0202" in told(stage)
        assert enter(stage, "FLENDCLN DELAY(3600)")[0]
        assert clone.state == "Not Activated", told(stage)

        assert group_of(stage) in ("copying", "idle_or_copied")
        assert enter(stage, "FLRLSCLN")[0]
        assert "FLE0208" in told(stage)
        assert results(stage) == [step.code for step in BY_HAND["FLRLSCLN"]]
        assert group_of(stage) == "stopped"
        assert enter(stage, "FLSTRCLN")[0]
        assert "FLE0206" in told(stage)
        assert clone.state == "Not Activated"

        run = night.next_night()
        assert run.result == "completed", run.detail
        assert [verdict for verdict in run.invariants if not verdict.held] == []


def test_a_snapshot_takes_productions_place() -> None:
    """Production is off before the clone has its network: docs/clone-by-hand.md."""
    with snapshot() as night:
        stage, clone = night.stage, clone_of(night.stage)
        world, production = stage.world, stage.production
        assert enter(stage, "FLSTRCLN MODE(*NORMAL) REASON('production is lost')")[0]
        world.scheduler.run(until=world.now + 3600)
        assert clone.os is not None
        assert clone.os.network.interfaces == {}  # safe mode

        production.power_off("shutdown-immed")
        world.scheduler.run(until=world.now + 600)
        assert production.state == "Not Activated"
        assert production.os is None
        clone.profiles[clone.curr_profile].vlans = production.profiles[production.curr_profile].vlans
        first = len(list(world.events.of("program_started", system=clone.name)))
        done = run_command(world, clone.os, "QSECOFR", "CALL BCKFLASHPG/FLBOOT ('*SITE')")
        assert done.ok, done.messages
        started = list(world.events.of("program_started", system=clone.name))[first:]
        contents = stage.site.system(production.name)
        assert contents is not None
        assert str(started[-1]["program"]) == contents.startup_program
        assert run_command(world, clone.os, "QSECOFR", "STRTCP").ok
        world.scheduler.run(until=world.now + 3600)
        assert set(clone.os.network.interfaces) == {"10.1.0.5"}
        # Safe mode is over; nothing of the product acts before its identity is declared.
        for command in ("FLSTRENV ENV(DAILY)", "FLCHKENV ENV(DAILY)", "FLRLSCLN"):
            said = run_command(world, clone.os, "FLASHC", f"{LIB}/{command}")
            assert not said.ok
            assert "FLE0001" in str(said.messages)
        assert group_of(stage) in ("copying", "idle_or_copied")


def test_what_is_not_proven_is_not_started_and_not_given_up() -> None:
    with snapshot() as night:
        stage, clone = night.stage, clone_of(night.stage)
        # Somebody gives the profile an adapter in a network of production.
        profile = clone.profiles["clone"]
        clone.profiles["clone"] = replace(profile, vlans=(*profile.vlans, 1))
        assert enter(stage, "FLSTRCLN")[0]
        assert "FLE0007" in told(stage)
        assert "VLAN 1" in told(stage)
        clone.profiles["clone"] = profile

        # The copy still holds a ticket: written by a run that never heard of the end of its work.
        mark(stage, 140, "W20261119000000000000" + "00009999")
        assert enter(stage, "FLSTRCLN")[0]
        assert "FLE0203" in told(stage)
        mark(stage, 140, "W20200101000000000000" + "00000059")  # long ago

        # Somebody took another copy on the group, by hand.
        model = stage.world.arrays["V7000"].model
        for one in model.maps_of(model.group("SISTPROD_24")):
            one.start_time = "261119050000"
        for command in ("FLSTRCLN", "FLRLSCLN"):
            assert enter(stage, command)[0]
            assert "another copy than that of run" in told(stage)
            assert last_run(stage)[3] == "REFUSED"
        assert clone.state == "Not Activated"
        assert group_of(stage) == "copying"

        # Handed over: nobody but its owner.
        mark(stage, 111, "H20261119000000000000" + "00000000")
        for command in ("FLENDCLN", "FLRLSCLN"):
            assert enter(stage, command)[0]
            assert "FLE0090" in told(stage)
            assert last_run(stage)[3] == "REFUSED"
        assert stage.command("FLASHC", f"{LIB}/FLRCVENV ENV(DAILY) OPTION(*GIVENBACK)").ok
        assert night.next_night().result == "completed"


def mark(stage: Stage, column: int, text: str) -> None:
    """Change the record of the clone."""
    change = f"CHGDTAARA DTAARA({LIB}/FLR0056 ({column} {len(text)})) VALUE('{text}')"
    assert stage.command("FLASHC", change).ok


def test_a_clone_that_may_be_saving_is_ended_only_when_that_is_said() -> None:
    with snapshot() as night:
        stage, clone = night.stage, clone_of(night.stage)
        assert enter(stage, "FLSTRCLN MODE(*NORMAL)")[0]
        stage.world.scheduler.run(until=stage.world.now + 3600)
        mark(stage, 140, "W20261119000000000000" + "00009999")
        for how in ("", "OPTION(*IMMED)"):
            assert enter(stage, f"FLENDCLN {how}")[0]
            assert "FLE0201" in told(stage)
            assert clone.state == "Running"
        ok, said = enter(stage, "FLENDCLN SAVING(*END)")
        assert not ok
        assert "FLE0211" in said
        assert enter(stage, "FLENDCLN OPTION(*IMMED) SAVING(*END)")[0]
        assert clone.state == "Not Activated"
        # A request of which the journal does not say what it did would be seen.
        run = last_run(stage)[0]
        change = f"UPDATE {LIB}.FLJRN SET CODE = ''O15'' WHERE CODE = ''O17'' AND RUN = ''{run}''"
        assert stage.command("FLASHC", f"RUNSQL SQL('{change}') COMMIT(*NONE) NAMING(*SQL)").ok
        verdict = judge_by_hand(stage, stage.spec.environments[0], run)
        assert (verdict.held, "'clone off'" in verdict.detail) == (False, True)
        texts = [str(r[7]) for r in rows(stage, "FLJRN", "SEQ") if str(r[0]).strip() == last_run(stage)[0]]
        assert any("may have written" in text for text in texts)


def test_no_request_while_a_run_is_open_and_no_run_while_a_request_works() -> None:
    with snapshot() as night:
        stage = night.stage
        ok, said = enter(stage, "FLENDCLN CLONE(SISTPROD_25)")
        assert not ok  # the command knows no other partition
        mark(stage, 25, "WATCH     ")
        for command in ("FLENDCLN", "FLSTRCLN", "FLRLSCLN"):
            ok, said = enter(stage, command)
            assert not ok
            assert "FLE0051" in said
        mark(stage, 25, "CLOSED    ")
        ok, said = enter(stage, "FLRLSCLN COPY('NOBODYS')")
        assert "FLE0210" in said
        somebody = SignedOn(stage)
        assert somebody.enter(f"ALCOBJ OBJ(({LIB}/FLK001 *DTAARA *EXCL))")[0]
        assert enter(stage, "FLRLSCLN")[0]
        assert "FLE0004" in told(stage)
        assert group_of(stage) != "stopped"
        assert somebody.enter(f"DLCOBJ OBJ(({LIB}/FLK001 *DTAARA *EXCL))")[0]

        # It dies in the middle: what it did is not known, and no run begins before somebody has looked.
        assert enter(stage, "FLSTRCLN MODE(*NORMAL)")[0]
        stage.world.scheduler.run(until=stage.world.now + 3600)
        before = of_the_run(stage)
        _killed_in(stage, "FLENDCLN DELAY(3600)")
        ok, said = entered(stage, "FLSTRENV ENV(DAILY)")
        assert not ok
        assert "FLE0051" in said
        assert "*ENDCLN" in said
        assert stage.command("FLASHC", f"{LIB}/FLRCVENV ENV(DAILY) OPTION(*UNDO)").ok
        assert last_run(stage)[1:] == ("*ENDCLN", "CLOSED", "FAILED")
        # The record is the last run's again, as at the end of a request.
        assert of_the_run(stage) == before
        assert any(row == "O17 N" for row in journal(stage))  # begun, and not known whether it was done
        assert night.next_night().result == "completed"


def _killed_in(stage: Stage, command: str) -> None:
    """Enter a command, and end its job as soon as it has told of what it is about to do."""
    ok, said = entered(stage, command)
    assert ok, said
    world = stage.world
    world.scheduler.run(until=world.now + 300, stop=lambda: "O17 I" in journal(stage))
    job = next(job for job in stage.system.jobs.values() if job.name == "FLC0056")
    stage.system.work.kill(job, 50)
    world.scheduler.run(until=world.now + 5)
    assert last_run(stage)[2] == "OPEN"


def test_a_console_that_is_away_is_no_answer() -> None:
    with snapshot() as night:
        stage, clone = night.stage, clone_of(night.stage)
        assert enter(stage, "FLSTRCLN MODE(*NORMAL)")[0]
        stage.world.scheduler.run(until=stage.world.now + 3600)
        routes = gate_of(stage.world.scheduler).routes
        consoles = [routes[address] for address in ("10.1.0.10:22", "10.1.0.11:22")]

        def reach(how: Reach) -> None:
            for route in consoles:
                route.reach = how

        reach("down")
        assert enter(stage, "FLENDCLN")[0]
        assert "FLE0008" in told(stage)
        assert last_run(stage)[3] == "REFUSED"
        reach("ok")

        def away(request: Request, outcome: Outcome) -> Outcome:
            if "chsysstate" in request.command:
                reach("down")
            return outcome

        gate_of(stage.world.scheduler).alter.append(away)
        # It is asked, and then nobody knows: not done, and the state is read before anything else.
        assert enter(stage, "FLENDCLN DELAY(600)")[0]
        assert last_run(stage)[3] == "FAILED"
        assert "FLE0009" in told(stage)
        gate_of(stage.world.scheduler).alter.remove(away)
        reach("ok")
        stage.world.scheduler.run(until=stage.world.now + 3600)
        assert clone.state == "Not Activated"
        assert enter(stage, "FLENDCLN")[0]
        assert "O17 R" in journal(stage)
        assert "O17 I" not in journal(stage)

        # The array: asked to stop the group, and nobody heard the answer.
        route = routes["10.1.0.20:22"]
        route.reach = "down"
        assert enter(stage, "FLRLSCLN")[0]
        assert last_run(stage)[3] == "FAILED"
        assert group_of(stage) != "stopped"
        route.reach = "ok"
        killed = kill_call(stage, "array ALL release", "stopfcconsistgrp")
        assert enter(stage, "FLRLSCLN")[0]
        assert killed
        # It is done, and nobody heard of it: the next call reads the state, and finds it so.
        assert last_run(stage)[3] == "COMPLETED"
        assert group_of(stage) == "stopped"
        assert night.next_night().result == "completed"


def test_generations_are_given_up_one_by_one_and_not_before_their_time() -> None:
    keep: Change = ("resume within 30s", "resume within 30s\n    keep snapshot 20h")
    with played(changes=NEWER, spec=(*GENERATIONS, keep)) as night:
        stage = night.stage
        assert night.run.result == "completed", night.run.detail
        allow(stage)
        assert enter(stage, "FLSTRCLN")[0]
        assert "FLE0205" in told(stage)
        # That on SISTPROD_1 was taken by nobody of ours, that on SISTPROD_24 is kept.
        assert enter(stage, "FLRLSCLN COPY(SISTPROD_1)")[0]
        assert "no run of this product has a proof" in told(stage) or "old; the spec keeps" in told(stage)
        assert enter(stage, "FLRLSCLN COPY(SISTPROD_24)")[0]
        assert "the spec keeps each for 20 h" in told(stage)
        assert group_of(stage) != "stopped"
        assert enter(stage, "FLRLSCLN COPY(SISTPROD_24) KEEP(*RELEASE)")[0]
        assert last_run(stage)[3] == "COMPLETED"
        assert group_of(stage) == "stopped"
        assert group_of(stage, "SISTPROD_1") == "idle_or_copied"
        # All: nothing is given up where one of them is not ours.
        assert enter(stage, "FLRLSCLN COPY(*ALL) KEEP(*RELEASE)")[0]
        assert "no run of this product has a proof" in told(stage)


def test_disks_behind_vios_are_taken_away_with_the_copy_and_come_back() -> None:
    with snapshot(VIOS_SPEC, changes=VIOS_SITE) as night:
        stage = night.stage
        assert enter(stage, "FLRLSCLN")[0]
        assert last_run(stage)[3] == "COMPLETED", told(stage)
        assert group_of(stage) == "stopped"
        assert devices(night, "VIOS1") == []
        assert night.next_night().result == "completed"
        assert len(devices(night, "VIOS1")) == 4

        # Where the copy cannot be given up they come back at once.
        route = gate_of(stage.world.scheduler).routes["10.1.0.20:22"]

        def away(external: External, _call: dict[str, object]) -> None:
            route.reach = "down" if "array ALL release" in external.name else "ok"

        gate_of(stage.world.scheduler).on_call.append(away)
        assert enter(stage, "FLRLSCLN")[0]
        assert last_run(stage)[3] == "FAILED"
        assert len(devices(night, "VIOS1")) == len(devices(night, "VIOS2")) == 4
        gate_of(stage.world.scheduler).on_call.remove(away)
        assert enter(stage, "FLSTRCLN")[0]
        assert last_run(stage)[3] == "COMPLETED", told(stage)


def test_a_run_says_until_when_its_copy_may_act() -> None:
    seen: list[str] = []

    def prepare(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.os is stage.system and is_row(context, "R", "O80"):
                seen.append(record(stage)[139:168])
            return go()

        stage.world.around_command = around

    with played(changes=(), prepare=prepare) as night:
        assert night.run.result == "completed"
        (held,) = seen
        assert (held[0], held[21:]) == ("W", "00000779")
        assert record(night.stage)[139:168].strip() == ""
        # The clone of a save was left on: it has delivered, and may be ended.
        allow(night.stage)
        assert enter(night.stage, "FLENDCLN")[0]
        assert clone_of(night.stage).state == "Not Activated"


def record(stage: Stage) -> str:
    area = stage.system.image.find(LIB, "FLR0056", "*DTAARA")
    assert isinstance(area, DataArea)
    assert isinstance(area.value, bytes)
    return area.value.decode("cp037")
