"""A call of the sidecar that leaves no record: nothing is known of it, so the state is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from boots import LIB
from flashc.cli.stage import Stage
from flashtwin.commands.qsh import report
from flashtwin.gate import gate_of
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from nights import played, staged
from test_by_hand import enter, results, snapshot
from test_unknown_answers import heard

ON = "chsysstate -m Server-9009-42A-SN78ABC12 -r lpar -o on"
CALLS = f"""
PGM
DCL VAR(&VERB) TYPE(*CHAR) LEN(300) VALUE('about')
DCL VAR(&RC) TYPE(*DEC) LEN(5 0)
DCL VAR(&RECORD) TYPE(*CHAR) LEN(512)
CALL PGM({LIB}/FLPASE) PARM(&VERB &RC &RECORD)
SNDPGMMSG MSG(%CHAR(&RC) *BCAT %SST(&RECORD 41 60))
ENDPGM
"""


@pytest.mark.parametrize("status", [0, 1, 2, 20, 28, 50, 126, 127, 137])
def test_whatever_the_shell_says_without_a_record_nothing_is_known(status: int) -> None:
    with staged() as stage:

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.command.name == "QSH":
                report(context, status, True)
                return None
            return go()

        stage.world.around_command = around
        how = {0: "no status", 137: "QSH0006"}.get(status, f"exit status {status}")
        assert heard(stage, stage.system, CALLS) == [f"35 The sidecar gave no answer, {how}: unknown"]


@pytest.mark.parametrize(("status", "rc"), [(0, "0"), (23, "23"), (1, "35"), (137, "35")])
def test_with_a_record_only_a_status_of_the_sidecar_counts(status: int, rc: str) -> None:
    """The interpreter broke when all was done: what the record says may be true, and is looked at again."""
    with staged() as stage:

        def around(context: Any, go: Callable[[], Any]) -> Any:
            if context.command.name != "QSH":
                return go()
            return then(context, go())

        def then(context: Any, steps: Any) -> Any:
            yield from steps
            report(context, status, True)

        stage.world.around_command = around
        assert heard(stage, stage.system, CALLS)[0].split()[0] == rc


def no_room_behind(stage: Stage, words: str, struck: list[str]) -> None:
    """The file system is full when the console has done this, once; a minute later there is room again."""
    image = stage.system.image

    def room() -> None:
        image.ifs_full = False

    def full(request: Request, outcome: Outcome) -> Outcome:
        if words in request.command and not struck:
            struck.append(request.command)
            image.ifs_full = True
            stage.world.scheduler.at(stage.world.now + outcome.duration_s + 20, room)
        return outcome

    gate_of(stage.world.scheduler).alter.append(full)


def test_a_start_whose_record_finds_no_room_is_no_refusal() -> None:
    struck: list[str] = []
    with played(prepare=lambda stage: no_room_behind(stage, ON, struck)) as night:
        assert len(struck) == 1
        assert night.run.good, (night.run.detail, night.run.broken)


def test_a_clone_started_by_hand_whose_record_finds_no_room_is_seen_running() -> None:
    struck: list[str] = []
    with snapshot() as night:
        no_room_behind(night.stage, ON, struck)
        ok, said = enter(night.stage, "FLSTRCLN MODE(*NORMAL)")
        assert ok, said
        assert len(struck) == 1
        assert results(night.stage)[-4:] == ["O70", "O90", "O99", "999"]
