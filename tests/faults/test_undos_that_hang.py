"""An undo that hangs, of whatever: a recovery that nobody watches ends, and keeps nothing else held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flashc.cli.stage import Stage
from flashtwin.scheduler import Signal, Wait
from nights import HELD_JOB, VIOS_SITE, VIOS_SPEC, Change, SignedOn, is_row, kill_at, played
from test_around_the_flash import AS_BEFORE, SITE, around, state, text_of
from test_brms_recovery import clone_off, own_back, states
from test_killed_jobs import at_rest

Here = Callable[[Any], bool]


def for_ever() -> Any:
    """A command that never comes back."""
    yield Wait((Signal("nothing"),))


def hang(stage: Stage, here: Here) -> list[str]:
    """Each such command of production never comes back; the list fills with their jobs."""
    hung: list[str] = []
    before = stage.world.around_command

    def around_it(context: Any, go: Callable[[], Any]) -> Any:
        if context.os is stage.system and here(context):
            hung.append(context.job.qualified)
            return for_ever()
        return before(context, go) if before is not None else go()

    stage.world.around_command = around_it
    return hung


def calls(program: str) -> Here:
    """What a program asks the sidecar for."""
    return lambda c: c.command.name == "QSH" and program in [act.name for act in c.job.stack]


def ends_brms(context: Any) -> bool:
    """*ENDPRC."""
    return context.command.name == "INZBRM" and context.text("STATE") == "*ENDPRC"


@pytest.mark.parametrize(
    ("row", "here", "undo", "spec", "changes"),
    [
        ("O65", ends_brms, "O89", (), ()),
        ("O49", calls("FLABORT"), "O51", (), ()),
        ("O18", calls("FLVMAP"), "O67", (VIOS_SPEC,), VIOS_SITE),
        (
            "O39",
            lambda c: c.command.name == "VRYCFG" and c.text("STATUS") == "*ON",
            "O72",
            around("vary off device TAPMLB01"),
            SITE,
        ),
        ("O37", lambda c: c.command.name == "STRTCPSVR", "O73", around("end tcp server *FTP"), SITE),
        (
            "O36",
            lambda c: c.command.name == "STRSBS" and c.act.name == "FLBACK",
            "O74",
            around("end subsystem QGPL/REPORTS within 1m"),
            SITE,
        ),
    ],
    ids=["INZBRM", "stop of the copy", "VIOS", "device", "server", "subsystem"],
)
def test_guard_a_is_not_held_by_an_undo(
    row: str, here: Here, undo: str, spec: tuple[Change, ...], changes: tuple[Change, ...]
) -> None:
    """Nobody looks after guard A: its recovery says what is not undone, and has undone the rest."""
    hung: list[list[str]] = []

    def prepare(stage: Stage) -> None:
        kill_at(stage, ["driver"], lambda c: is_row(c, "R", row))
        hung.append(hang(stage, here))

    with played((), changes, spec=spec, prepare=prepare) as night:
        assert hung[0]
        assert f"{undo} FLE0003" in " ".join(f"{s.code} {s.msgid}" for s in night.run.steps)
        assert "UNKNOWN" in text_of(night.run, undo)
        assert night.history() == ("OPEN", "")
        assert not night.stage.system.jobs[HELD_JOB].held
        assert "FLGRDA" not in [job.name for job in night.stage.system.jobs.values()]
        told = [m.msgid for m in night.stage.system.operator_queue().messages]
        assert told.count("FLE0059") == 1
        night.stage.world.around_command = None
        assert night.recover("*UNDO").ok
        assert night.history() == ("CLOSED", "FAILED")
        at_rest(night)
        if changes is SITE:
            assert state(night.stage) == AS_BEFORE


def test_a_restore_of_qusrbrm_that_hangs_ends_no_recovery() -> None:
    def prepare(stage: Stage) -> None:
        kill_at(stage, ("driver", "guard A", "command"), lambda c: c.command.name == "RSTLIB")

    with played(prepare=prepare) as night:
        clone_off(night.stage)
        hung = hang(night.stage, lambda c: c.command.name == "RSTLIB")
        undo = "BCKFLASHP/FLRCVENV ENV(DAILY) OPTION(*UNDO)"
        ok, said = SignedOn(night.stage).enter(undo, within_s=3 * 3600)
        assert hung
        assert not ok
        assert "FLE0059" in said
        assert states(night) == ["*STRPRC"]
        assert not night.stage.system.locks.held
        night.stage.world.around_command = None
        assert night.recover("*UNDO").ok
        assert own_back(night) == 1
        at_rest(night)
