"""What the templates see of what is done around the flash, and of the commands that a run gives."""

from __future__ import annotations

from typing import Any

from flashc.check.model import (
    Around,
    EndDomino,
    EndServer,
    EndSubsystem,
    HoldEntry,
    HoldJob,
    HoldQueue,
    PlainRun,
    VaryOff,
)

READS_STATE = ("hold_queue", "hold_entry", "end_subsystem", "vary_off")
"""What is around the flash and has a state before that FLSTATE reads."""


def around_context(item: Around, number: int) -> dict[str, Any]:
    """What the part `around_KIND.j2` sees of one statement: its kind, subroutine, and the undo's id."""
    kind, code, facts = _around_kind(item)
    return {"kind": kind, "subr": f"{code}X{number}", "undo_id": f"FLU1{number:03d}", **facts}


def _around_kind(item: Around) -> tuple[str, str, dict[str, Any]]:
    if isinstance(item, HoldQueue):
        return "hold_queue", "O20", {"library": item.library, "queue": item.queue}
    if isinstance(item, HoldEntry):
        return "hold_entry", "O21", {"name": item.name}
    if isinstance(item, HoldJob):
        return "hold_job", "O22", {"user": item.user, "job": item.job}
    if isinstance(item, EndDomino):
        return "end_domino", "O35", {"server": item.server, "within_s": item.within_s}
    if isinstance(item, EndSubsystem):
        facts = {"library": item.library, "name": item.name, "within_s": item.within_s}
        return "end_subsystem", "O36", facts
    if isinstance(item, EndServer):
        return "end_server", "O37", {"name": item.name}
    if isinstance(item, VaryOff):
        return "vary_off", "O39", {"device": item.device}
    return "run", "O38", {"command": item.command, "undo": item.undo, "within_s": item.within_s}


def runs_context(runs: tuple[PlainRun, ...], code: str) -> list[dict[str, Any]]:
    return [
        {"subr": f"{code}X{number}", "command": run.command, "within_s": run.within_s}
        for number, run in enumerate(runs, 1)
    ]
