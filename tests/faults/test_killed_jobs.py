"""Jobs and calls of a run are killed at a step: production goes on, nothing stays held, history is true."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flashc.cli.playing import rows
from flashc.cli.runs import Run
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.gate import Reach, gate_of
from flashtwin.invariants.history import windows
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import HELD_JOB, Edit, Played, SignedOn, is_request, is_row, kill_at, kill_call, played

DRIVER = ("driver",)
DRIVER_AND_A = ("driver", "guard A")
ARMED = ("armed sidecar",)


@dataclass(frozen=True, slots=True)
class Kill:
    """Which jobs are killed, at which row (kind and code) or request, and the result of the run after it.

    `result` is that of table FLRUN: "" for a run that is left open for FLRCVENV.
    """

    parts: tuple[str, ...]
    at: str
    result: str
    before: bool = False

    def here(self, context: Any) -> bool:
        """Whether this command is the place."""
        if self.at.startswith("*"):
            return is_request(context, self.at)
        return is_row(context, *self.at.split())

    @property
    def name(self) -> str:
        """As the test is called."""
        return f"{' and '.join(self.parts)} {'before' if self.before else 'after'} {self.at}"


KILLS = (
    Kill(DRIVER, "I O65", "FAILED"),
    Kill(DRIVER, "I O49", "FAILED"),
    Kill(DRIVER, "A O77", "FAILED"),
    Kill(DRIVER, "R O22", "FAILED"),
    Kill(DRIVER, "I O55", "FAILED"),
    Kill(DRIVER, "*SUSPEND", "FAILED"),
    Kill(DRIVER, "*RESUME", "FAILED", before=True),
    Kill(DRIVER, "R O60", "FAILED"),
    Kill(DRIVER, "Z O77", "FAILED"),
    Kill(DRIVER, "I O70", "FAILED"),
    Kill(DRIVER, "R O83", "COMPLETED"),
    Kill(DRIVER, "I O88", "COMPLETED"),
    Kill(DRIVER, "R O96", "FAILED"),
    Kill(("guard A", "guard B", "armed sidecar"), "R O52", "COMPLETED"),
    Kill(("guard A",), "*SUSPEND", "FAILED"),
    Kill(("guard B",), "*RESUME", "FAILED", before=True),
    Kill(ARMED, "*SUSPEND", "FAILED"),
    Kill(DRIVER_AND_A, "*SUSPEND", ""),
    Kill(DRIVER_AND_A, "R O22", ""),
    Kill(("driver", "guard B"), "*RESUME", "FAILED", before=True),
    Kill(("guard A", "guard B"), "*SUSPEND", "FAILED"),
)


@dataclass(frozen=True, slots=True)
class Call:
    """Which one-shot call of the sidecar is killed: at its begin, or when this request has arrived."""

    words: str
    request: str
    result: str


CALLS = (
    Call("check --clone", "", "COMPLETED"),
    Call("console off", "chsysstate", "COMPLETED"),
    Call("array ALL", "stopfcconsistgrp", "COMPLETED"),
    Call("arm --clone", "", "COMPLETED"),
    Call("arm --clone", "startfcconsistgrp", "FAILED"),
    Call("deliver send", "", "COMPLETED"),
)


def at_rest(night: Played) -> None:
    """Production is as before: resumed, nothing held or ended, BRMS in no process, nothing open."""
    assert night.record == "CLOSED"
    system = night.stage.system
    assert not system.suspension.blocks
    assert not system.jobs[HELD_JOB].held
    changes = [
        event.kind
        for event in night.stage.world.events.of("domino_ended", "domino_started", system="SISTPROD")
    ]
    assert changes[-1:] in ([], ["domino_started"])
    assert night.brms().state == "*NONE"


def holds(run: Run) -> None:
    """Every invariant in this run."""
    assert [f"{one.id} {one.detail}" for one in run.broken] == []


def tells_the_truth(night: Played, run: Run, result: str) -> None:
    """The history shows this result, and "completed" only of a run that is."""
    assert night.history() == (("CLOSED", result) if result else ("OPEN", "")), run.detail
    assert (run.result == "completed") == (result == "COMPLETED")
    if result == "COMPLETED":
        codes = {step.code for step in run.steps if step.kind == "result"}
        assert {"O55", "O61", "C30", "O86", "O88", "O89", "M01"} <= codes


@pytest.mark.parametrize("kill", KILLS, ids=lambda kill: kill.name)
def test_a_killed_job(kill: Kill) -> None:
    killed: list[list[str]] = []
    with played(
        prepare=lambda stage: killed.append(kill_at(stage, kill.parts, kill.here, before=kill.before))
    ) as night:
        assert killed == [["place", *kill.parts]]
        assert not night.stage.system.suspension.blocks
        tells_the_truth(night, night.run, kill.result)
        holds(night.run)
        if not kill.result:
            # Nobody is left to recover: the operator enters it.
            recovered = night.recover("*UNDO")
            assert recovered.ok, recovered.messages
            run = night.judged()
            tells_the_truth(night, run, "FAILED")
            holds(run)
        at_rest(night)
        again = [step.text for step in night.run.steps if step.msgid == "FLO0161"]
        assert len(again) == (len(kill.parts) if kill.at == "R O52" else 0), again


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.words} {call.request}".strip())
def test_a_killed_call(call: Call) -> None:
    killed: list[list[str]] = []
    with played(prepare=lambda stage: killed.append(kill_call(stage, call.words, call.request))) as night:
        assert [len(names) for names in killed] == [1]
        tells_the_truth(night, night.run, call.result)
        holds(night.run)
        at_rest(night)


def reach(stage: Stage, how: Reach) -> None:
    """Both addresses of the console from now on."""
    for address in ("10.1.0.10:22", "10.1.0.11:22"):
        gate_of(stage.world.scheduler).routes[address].reach = how


def clone_off(stage: Stage) -> None:
    clone = stage.world.partition("SISTPROD_24")
    clone.power_off("shutdown-immed")
    stage.world.scheduler.run(until=stage.world.now + 600, stop=lambda: clone.state == "Not Activated")
    assert clone.state == "Not Activated"


def test_a_start_whose_answer_was_lost_stays_open_until_the_clone_is_off() -> None:
    """The clone may be writing: production stays in *STRPRC, and the run says that it needs somebody.

    No console answers any more, else its state would tell.
    """

    def prepare(stage: Stage) -> None:
        kill_call(stage, "console on", "chsysstate")
        gate = gate_of(stage.world.scheduler)

        def away(request: Request, outcome: Outcome) -> Outcome:
            if "chsysstate" in request.command and "-o on" in request.command:
                reach(stage, "down")
            return outcome

        gate.alter.append(away)

    with played(prepare=prepare) as night:
        assert (night.record, night.brms_state()) == ("CLOSE", "*STRPRC")
        assert "it needs you" in night.run.detail
        holds(night.run)
        reach(night.stage, "ok")
        assert not night.recover("*UNDO").ok
        assert night.brms_state() == "*STRPRC"
        clone_off(night.stage)
        assert night.recover("*UNDO").ok
        run = night.judged()
        tells_the_truth(night, run, "FAILED")
        holds(run)
        at_rest(night)


def test_a_clone_that_nobody_watches_is_watched_on() -> None:
    """Driver and guard A die while the clone saves: FLRCVENV *CONTINUE brings the night home."""
    with played(
        prepare=lambda stage: _ignored(kill_at(stage, DRIVER_AND_A, lambda c: is_row(c, "R", "O83")))
    ) as night:
        assert night.record == "WATCH"
        night.stage.world.around_command = _results_in_use
        told = [f"{msgid} {text}" for msgid, text, *_ in night.recover("*CHECK").messages]
        for table in ("FLLCK", "FLJRN"):
            assert f"FLL0106 What else is open is not known, nobody could read {table}." in told
        assert not [line for line in told if line.startswith(("FLL0091", "FLL0093"))]
        night.stage.world.around_command = None
        told = [f"{msgid} {text}" for msgid, text, *_ in night.recover("*CHECK").messages]
        run = night.started
        for line in (
            f"FLE0057 Open: {run.run} DAILY WATCH",
            "FLL0082 Production is not suspended by this run.",
            "FLL0089 CLONE SISTPROD_24 MAY STILL BE WRITING: it was started by this run, no end of its work "
            "is known.",
            f"FLL0091 Lock left behind by a job that is gone: tape TAPMLB01, {run.driver}",
            "FLL0093 To be undone: CALL PGM(BCKFLASHP/FLBACK) "
            f"PARM('{run.run}' 'LINK' ' ' ' ' '192.168.99.15')",
            "FLL0094 The console says: LPAR id 56 SISTPROD_24 state: Running",
        ):
            assert line in told
        assert any(line.startswith("FLL0095 The array says: Consistency group SISTPROD_24") for line in told)
        assert told[-1].startswith("FLL0099 Continue, the flash is good")
        assert night.recover("*CONTINUE").ok
        world = night.stage.world
        world.scheduler.run(until=world.now + 4 * 3600, stop=lambda: night.record == "CLOSED")
        world.scheduler.run(until=world.now + 900)
        run = night.judged()
        tells_the_truth(night, run, "COMPLETED")
        holds(run)
        at_rest(night)


@pytest.mark.parametrize(
    "here",
    [lambda c: is_request(c, "*SUSPEND"), lambda c: is_row(c, "R", "O35")],
    ids=["in the window", "before it"],
)
def test_the_night_after_a_recovered_failure_completes(here: Callable[[Any], bool]) -> None:
    with played(prepare=lambda stage: _ignored(kill_at(stage, DRIVER, here))) as night:
        assert night.history() == ("CLOSED", "FAILED")
        run = night.next_night()
        assert run.good, (run.detail, run.broken)
        assert run.start.day == 19


def test_where_even_data_queues_block_a_guard_resumes() -> None:
    """Nothing that may block stands before the RESUME of a guard; the copy that was not asked for is none."""
    blocking = ("[durations]\n", "[readings]\ndata_queues_wait_while_suspended = true\n\n[durations]\n")
    with played((), (blocking,)) as night:
        run = night.judged()
        assert (run.result, [one.id for one in run.broken]) == ("failed", [])
        assert night.history() == ("CLOSED", "FAILED")
        (window,) = windows(night.stage.world, night.stage.production.name)
        assert "FLGRDA" in window.ended_by


def test_a_ticket_that_is_in_use_behind_the_window_is_closed_a_little_later() -> None:
    """Nothing that was read in the window is lost by it."""
    first = (
        "/* First thing: production is no clone */\n"
        "                   QSYS/CHGDTAARA DTAARA(BCKFLASHPG/FLT0056 (1 10))"
    )
    with played([Edit("FLDDAILY.clle", first, first.replace("FLT0056", "FLTNONE"))]) as night:
        assert (night.run.result, [one.id for one in night.run.broken]) == ("completed", [])
        assert night.ticket == "CLOSED"


def test_all_dead_in_the_window_is_ended_by_hand_from_any_session() -> None:
    """The limit of S1 that docs/safety.md names: driver and both guards are gone while production waits."""
    sessions: list[SignedOn] = []

    def prepare(stage: Stage) -> None:
        sessions.append(SignedOn(stage))
        kill_at(stage, ("driver", "guard A", "guard B"), lambda c: is_request(c, "*SUSPEND"))

    with played(prepare=prepare) as night:
        assert night.stage.system.suspension.blocks
        assert night.history() == ("OPEN", "")
        verdict = {one.id: one for one in night.run.invariants}["S1"]
        assert not verdict.held
        (session,) = sessions
        ended, said = session.enter("BCKFLASHP/FLRCVENV ENV(DAILY) OPTION(*CHECK)")
        assert ended, said
        assert said_of(said) == [
            f"FLE0130 Open, and production may be suspended: {night.started.run} DAILY WINDOW",
            f"FLL0080 Its driver is gone: {night.started.driver}",
            "FLL0083 PRODUCTION MAY BE SUSPENDED, and no guard of the run is left to resume it.",
            "FLL0086 BRMS is in *STRPRC by this run: use no BRMS on production.",
            "FLL0087 Clone SISTPROD_24 was not started by this run.",
            "FLL0090 Locks, undo, console and array are read once production is resumed: reading could wait.",
            "FLL0098 Undo now, it resumes production before anything else: FLRCVENV ENV(DAILY) OPTION(*UNDO)",
        ]
        assert night.stage.system.suspension.blocks
        ended, said = session.enter("BCKFLASHP/FLRCVENV ENV(DAILY) OPTION(*UNDO)")
        assert ended, said
        # Twice is as good as once.
        asked = len(night.stage.world.events.events)
        ended, said = session.enter("BCKFLASHP/FLRCVENV ENV(DAILY) OPTION(*UNDO)")
        assert (ended, said_of(said)[-1]) == (True, "FLE0056 Nothing is open for DAILY")
        done = {event.kind for event in night.stage.world.events.events[asked:]}
        assert not done & {"resumed", "brms_state", "job_released", "domino_started", "flash"}
        run = night.judged()
        tells_the_truth(night, run, "FAILED")
        assert [one.id for one in run.broken] == ["S1"]
        at_rest(night)


def test_all_dead_behind_the_resume_is_not_called_suspended() -> None:
    """The ticket tells that RESUME was granted: what is open can be read, and nobody is to hurry."""
    parts = ("driver", "guard A", "guard B")
    with played(
        prepare=lambda stage: _ignored(kill_at(stage, parts, lambda c: is_row(c, "R", "O60")))
    ) as night:
        assert (night.record, night.ticket) == ("WINDOW", "CLOSED")
        told = [f"{msgid} {text}" for msgid, text, *_ in night.recover("*CHECK").messages]
        assert f"FLE0057 Open: {night.started.run} DAILY WINDOW" in told
        assert "FLL0082 Production is not suspended by this run." in told
        undo = "QSYS/RLSJOB JOB(141601/QUSRSSH/CPY)"
        assert f"FLL0093 To be undone: {undo}" in told
        assert told[-1].startswith("FLL0102 Undo, no restart point is left")
        # What is undone while the journal is locked leaves its mark in the queue of rows that wait
        [duty] = [
            row for row in rows(night.stage, "FLJRN", "SEQ") if row[4] == "A" and str(row[7]).strip() == undo
        ]
        mark = f"{night.started.run}S2026-11-18-20.45.00.000000Z{duty[5]}{duty[6]}{undo}"
        assert night.stage.command("FLASHC", undo).ok
        assert night.stage.command("FLASHC", f"SNDMSG MSG('{mark}') TOMSGQ(BCKFLASHP/FLMSGQ)").ok
        told = [f"{msgid} {text}" for msgid, text, *_ in night.recover("*CHECK").messages]
        assert f"FLL0109 Undone already, only its row in the journal is still to be written: {undo}" in told
        assert f"FLL0093 To be undone: {undo}" not in told
        assert night.recover("*UNDO").ok
        at_rest(night)


def _results_in_use(context: Any, go: Callable[[], Any]) -> Any:
    """The table of results cannot be cleared."""
    if context.command.name == "RUNSQL" and context.text("SQL") == "DELETE FROM QTEMP.FLRSLT":
        raise Escape("SQL0913", "", "Row or object in use.")
    return go()


def said_of(text: str) -> list[str]:
    """The messages of the product in what was said, each for itself; the words of CL in between left out."""
    found = re.findall(r"(FL[EL][0-9]{4} .*?)(?= (?:FL[EL]|CPF|CPC|CPI|SQL|BRM)[0-9A-F]{4} |$)", text)
    return [one.strip() for one in found]


def _ignored(_killed: list[str]) -> None:
    """What was killed is seen by what it leads to."""
