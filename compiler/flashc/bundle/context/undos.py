"""How long undos may take: those that may hang have a limit each, the rest share one."""

from __future__ import annotations

from collections.abc import Sequence

from flashc.check.model import EndDomino, Environment, RunCommand
from flashc.runbook.limits import (
    DEVICE_BACK_S,
    DOMINO_PAUSE_S,
    DOMINO_TRIES,
    ENDPRC_S,
    PREPARE_S,
    SUBSYSTEM_BACK_S,
    UNDO_S,
    UNDOING_S,
    VIOS_S,
)

DAY_S = 24 * 3600
"""More than this nothing is waited for: limits have five digits in a program."""


def undo_limits_s(environments: Sequence[Environment]) -> dict[str, int]:
    """How long an undo may take that may hang, by its step; others change a state and are done at once."""
    of_the_site = [
        i.within_s for e in environments for i in e.around if isinstance(i, (EndDomino, RunCommand))
    ]
    longest = max([UNDO_S, *of_the_site])
    return {
        "O51": PREPARE_S,
        "O67": 2 * VIOS_S,
        "O72": DEVICE_BACK_S,
        "O73": UNDO_S,
        "O74": SUBSYSTEM_BACK_S,
        "O75": longest,
        "O76": longest,
        "O89": ENDPRC_S,
        "O95": UNDO_S,
    }


def undoing_s(codes: Sequence[str | None], limits: dict[str, int]) -> int:
    """How long these undos may take together, with all that have no limit of their own."""
    ending = DOMINO_TRIES * DOMINO_PAUSE_S * codes.count("O75")
    return min(UNDOING_S + ending + sum(limits.get(code or "", 0) for code in codes), DAY_S)
