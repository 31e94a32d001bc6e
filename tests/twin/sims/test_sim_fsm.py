"""The simulated Flex System Manager: everything behind `smcli`, and what the judges of a night read of it."""

from __future__ import annotations

import dataclasses

import pytest
from flashtwin.sims.fsm import Fsm
from flashtwin.sims.outcome import Outcome
from flashtwin.world import World

M = "-m Server-9009-42A-SN78ABC12"
LIST = f"lssyscfg -r lpar {M} --filter lpar_ids=56 -F name,state"
ON = f"chsysstate {M} -r lpar -o on --id 56 -f clone"


@pytest.fixture
def fsm(world: World) -> Fsm:
    (console,) = world.site.consoles
    return Fsm(world, dataclasses.replace(console, family="fsm"))


def said(outcome: Outcome) -> tuple[int | None, str]:
    return outcome.status, outcome.out + outcome.err


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        (f"LANG=C smcli {LIST}", (0, "SISTPROD_24,Not Activated\n")),
        (LIST, (127, "rbash: lssyscfg: command not found\n")),
        ("smcli", (1, "smcli: no command was given\n")),
        (f"smcli -user flashc -pw secret {LIST}", (1, "smcli: -user is not offered to this user\n")),
        ("smcli mkauthkeys -a key", (1, "smcli: mkauthkeys is not a command\n")),
        (f"smcli smcli {LIST}", (1, "smcli: smcli is not a command\n")),
        (
            f"smcli chsysstate {M} -r lpar -o on --id 24 -f default",
            (1, "HSCL3681 Partition 24 cannot be activated since it is not in the Not Activated state.\n"),
        ),
    ],
)
def test_replies(fsm: Fsm, line: str, reply: tuple[int, str]) -> None:
    assert said(fsm.handle("flashc", line)) == reply


def test_what_a_request_does(fsm: Fsm) -> None:
    """Without the prefix it is no command of an FSM, and does nothing."""
    assert fsm.reads(f"LANG=C smcli {LIST}")
    assert not fsm.reads(LIST)
    assert not fsm.reads(f"smcli {ON}")
    assert fsm.changed_by(f"LANG=C smcli {ON}") == "56"
    assert fsm.changed_by(f"smcli chsysstate {M} -r lpar -o osshutdown -n SISTPROD") == "SISTPROD"
    assert fsm.changed_by(f"smcli chsysstate {M} -r lpar -o on --all") == ""
    assert fsm.changed_by(ON) is None
    assert fsm.changed_by(f"smcli {LIST}") is None
