"""What is refused or away for a while, and is tried again before it costs the night."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flashc.cli.playing import rows
from flashc.cli.stage import Stage
from flashtwin.errors import Escape
from flashtwin.gate import gate_of
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import HELD_JOB, played
from test_commands_without_undo import SPEC, site, started
from test_control_groups import GROUPS, SEQUENCE, on_clone

ARRAY = "10.1.0.20:22"
LINK = "192.168.99.15:22"
AWAY_S = 600.0


def refuse_once(stage: Stage, places: dict[tuple[str, str], int], refused: list[tuple[str, str]]) -> None:
    """The command of a program with these words is refused at its passage of this number."""
    passed = dict.fromkeys(places, 0)

    def around(context: Any, go: Callable[[], Any]) -> Any:
        for (program, words), number in places.items():
            command = f"{context.command.name} {context.text('PGM', '') or context.text('JOB', '')}"
            if context.act.name == program and words in command:
                passed[program, words] += 1
                if passed[program, words] == number:
                    refused.append((program, words))
                    raise Escape("CPF9803", "", "Cannot allocate object.")
        return go()

    stage.world.around_command = around


def test_what_is_in_use_for_a_moment_is_tried_again() -> None:
    places = {
        ("FLUNDO", "CALL BCKFLASHPG/FLIDENT"): 1,
        ("FLBOOTA", "SBMJOB FLADAILY"): 1,
        ("FLIMPORT", "CALL BCKFLASHP/FLREAD"): 2,
    }
    refused: list[tuple[str, str]] = []
    with played(prepare=lambda stage: refuse_once(stage, places, refused)) as night:
        assert refused == list(places)
        assert night.run.good, (night.run.detail, night.run.broken)


def test_an_array_that_is_away_at_the_proof_holds_production_for_minutes_only() -> None:
    given_back: list[float] = []
    since: list[float] = []

    def prepare(stage: Stage) -> None:
        gate = gate_of(stage.world.scheduler)
        route = gate.routes[ARRAY]

        def back() -> None:
            route.reach = "ok"

        def away(_request: Request, outcome: Outcome) -> Outcome:
            if not since and any("prove" in external.name for external in gate.externals):
                since.append(stage.world.now)
                route.reach = "down"
                gate.cut(route.server)
                stage.world.scheduler.at(stage.world.now + AWAY_S, back)
            return outcome

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.command.name == "RLSJOB" and since and stage.system.jobs[HELD_JOB].held:
                given_back.append(stage.world.now - since[0])
            return go()

        gate.alter.append(away)
        stage.world.around_command = around

    with played(prepare=prepare) as night:
        assert night.run.good, (night.run.detail, night.run.broken)
        assert [seconds < 400 for seconds in given_back] == [True]
        rows = [(step.kind, step.code) for step in night.run.steps]
        assert rows.index(("result", "O77")) < rows.index(("result", "O61"))


def test_a_clone_that_no_order_reaches_is_ended_by_force_in_the_time_that_it_had() -> None:
    """Its console refuses every end in order: that it was asked for again is no reason to wait twice."""
    asked: list[tuple[str, float]] = []

    def prepare(stage: Stage) -> None:
        def refuse(request: Request, outcome: Outcome) -> Outcome:
            if "-o osshutdown" in request.command:
                asked.append(("in order", stage.world.now))
                return replace(outcome, status=1, out="HSCL0000 The partition does not answer.", effect=None)
            if "-o shutdown --immed" in request.command:
                asked.append(("by force", stage.world.now))
            return outcome

        gate_of(stage.world.scheduler).alter.append(refuse)

    with played(prepare=prepare) as night:
        assert night.run.good, (night.run.detail, night.run.broken)
        assert {how for how, _ in asked[:-1]} == {"in order"}
        assert asked[-1][0] == "by force"
        assert 600 <= asked[-1][1] - asked[0][1] < 720


def refuse(stage: Stage, command: str, words: str, times: int) -> None:
    """The first `times` commands of the driver with these words are refused."""
    left = [times]

    def around(context: Any, go: Callable[[], Any]) -> Any:
        if context.act.name == "FLDDAILY" and context.command.name == command and left[0]:
            text = f"{context.text('PGM', '')} {context.text('DTAARA', '')} {context.text('OBJ', '')}"
            if words in text:
                left[0] -= 1
                raise Escape("CPF9803", "", "Cannot allocate object.")
        return go()

    stage.world.around_command = around


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("ALCOBJ", "FLKWIN"),
        ("RTVDTAARA", "FLR0056"),
        ("CHGDTAARA", "FLR0056"),
        ("DLCOBJ", "FLKWINB"),
        ("CALL", "QCLRDTAQ"),
        ("CALL", "FLHANDED"),
        ("CALL", "FLCHECK"),
        ("CALL", "FLPASE"),
    ],
)
def test_before_anything_is_changed_one_refusal_costs_nothing(command: str, words: str) -> None:
    with played(prepare=lambda stage: refuse(stage, command, words, 1)) as night:
        assert night.run.good, (night.run.detail, night.run.broken)
        assert [step.msgid for step in night.run.steps].count("FLO0193") == 1
        assert night.next_night().good


def test_a_second_refusal_refuses_the_run() -> None:
    with played(prepare=lambda stage: refuse(stage, "CALL", "FLCHECK", 2)) as night:
        assert (night.run.result, night.run.broken) == ("refused", ())
        assert "FLE0040" in night.run.detail
        assert night.next_night().good


def test_what_the_site_does_before_the_run_is_not_done_twice_for_that() -> None:
    refused: list[str] = []

    def prepare(stage: Stage) -> None:
        def around(context: Any, go: Callable[[], Any]) -> Any:
            journal = context.command.name == "CALL" and "FLJRNL" in context.text("PGM", "")
            if journal and context.act.name == "FLDDAILY" and started(stage, "B1") and not refused:
                refused.append(context.act.name)
                raise Escape("CPF9803", "", "Cannot allocate object.")
            return go()

        stage.world.around_command = around

    with played(changes=site(), spec=SPEC, prepare=prepare) as night:
        assert refused
        assert not night.run.good
        assert started(night.stage, "B1") == 1


def test_a_link_that_is_up_already_is_found_up_whatever_its_message_says() -> None:
    def start(stage: Stage) -> None:
        assert stage.command("FLASHC", "STRTCPIFC INTNETADR('192.168.99.15')").ok

    with played(prepare=start) as night:
        assert night.run.good, (night.run.detail, night.run.broken)
        assert any("FLO0168" in row for row in rows(night.stage, "FLJRN", "SIDE, SEQ"))


def test_the_first_sign_of_a_clone_is_sent_again() -> None:
    """Not restricted, it is known to be up by its early delivery alone, whatever it saves meanwhile."""
    since: list[float] = []

    def prepare(stage: Stage) -> None:
        gate = gate_of(stage.world.scheduler)
        link = gate.routes[LINK]

        def back() -> None:
            link.reach = "ok"

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.command.name == "INZBRM" and "*STRBKU" in context.command_text() and not since:
                since.append(stage.world.now)
                link.reach = "down"
                gate.cut(link.server)
                stage.world.scheduler.at(stage.world.now + AWAY_S, back)
            return go()

        stage.world.around_command = around

    spec = (*on_clone(SEQUENCE), ("boot within 90m", "boot within 45m"))
    with played(changes=GROUPS, spec=spec, prepare=prepare) as night:
        assert since
        assert night.run.good, (night.run.detail, night.run.broken)
