"""What is open now, and what FLRCVENV or the operator would do about it; nothing is changed.

The conditions of a proposal are those of the programs that act: FLRCVENV, FLRESTRT, FLENDPRC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flashc.records.history import StepView, stamp, steps
from flashc.records.model import CloneRecord, EnvironmentFacts, Holder, Lock, Now, Product, Row

CLONE_CODES = ("O10", "O15", "O17", "O70", "O80", "O82", "O83", "O84", "O85", "O91", "O92")
"""Steps whose rows tell what the console said of the clone."""

ARRAY_CODES = ("O24", "O30", "O48", "O49", "O51", "O55", "O61", "O63")
"""Steps whose rows tell what the array said."""

UNATTENDED_CONTINUE = ("WATCH", "HOME")
"""The phases from which FLRCVENV OPTION(*UNATTEND) goes on with a run; from all others it undoes."""

GUARD_AREAS = ("FLKWINA", "FLKWINB")
"""A guard holds its own until it has seen that production was resumed, or has resumed it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do about an open run: the command, and why that and nothing else.

    `act`: wait, continue, undo or close.
    """

    act: str
    command: str
    why: str

    def as_json(self) -> dict[str, str]:
        """For tools."""
        return {"act": self.act, "command": self.command, "why": self.why}


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that is not closed.  `alive`: its job holds its locks; `needs_you`: it has said so itself."""

    record: CloneRecord
    alive: bool
    last: StepView | None
    not_undone: tuple[str, ...]
    needs_you: bool
    proposal: Proposal

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        r = self.record
        return {
            "run": r.run,
            "environment": r.environment,
            "clone": r.clone.name,
            "phase": r.phase,
            "job": r.job,
            "alive": self.alive,
            "needs_you": self.needs_you,
            "last_step": self.last.as_json() if self.last else None,
            "not_undone": list(self.not_undone),
            "proposal": self.proposal.as_json(),
        }


@dataclass(frozen=True, slots=True)
class CloneNow:
    """What is known of a clone: states as they were last read, by the run that last used it."""

    record: CloneRecord
    console: StepView | None
    array: StepView | None

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        r = self.record
        return {
            "clone": r.clone.name,
            "last_run": r.run or None,
            "may_be_writing": r.may_write,
            "handed_over": r.handed_over,
            "ticket": r.ticket_stage or None,
            "may_act_since": r.may_act_since or None,
            "console": self.console.as_json() if self.console else None,
            "array": self.array.as_json() if self.array else None,
        }


@dataclass(frozen=True, slots=True)
class Status:
    """All of it.  `suspended`: production may be; no service of the system tells (docs: suspended)."""

    system: str
    clock: dt.datetime
    identity_told: bool
    suspended: bool
    brms: str
    """`*STRPRC` with the run that holds it, or "" for none that a run of ours has begun."""
    open: tuple[OpenRun, ...]
    clones: tuple[CloneNow, ...]
    locks: tuple[Lock, ...]
    holders: tuple[Holder, ...]

    def as_json(self) -> dict[str, Any]:
        """The document of `flashc status --json`."""
        alive = {holder.job for holder in self.holders}
        return {
            "system": self.system,
            "clock": stamp(self.clock),
            "identity_told": self.identity_told,
            "production_may_be_suspended": self.suspended,
            "brms_in_strprc": self.brms or None,
            "open": [one.as_json() for one in self.open],
            "clones": [one.as_json() for one in self.clones],
            "locks": [
                {"name": one.name, "run": one.run, "job": one.job, "alive": one.job in alive}
                for one in self.locks
            ],
            "object_locks": [{"area": one.area, "job": one.job} for one in self.holders],
        }


def status(product: Product, now: Now, rows: Sequence[Row]) -> Status:
    """What is open; `rows` are the journal of the runs that the records name."""
    alive = {holder.job for holder in now.holders}
    opened = [record for record in now.records if record.open]
    strprc = next((record.run for record in now.records if record.strprc), "")
    return Status(
        system=product.system,
        clock=now.clock,
        identity_told=now.identity_told,
        suspended=any(record.in_window for record in opened),
        brms=strprc,
        open=tuple(
            _open(product, record, record.job in alive, _guarded(now, record), rows) for record in opened
        ),
        clones=tuple(_clone(record, rows) for record in now.records),
        locks=now.locks,
        holders=now.holders,
    )


def _guarded(now: Now, record: CloneRecord) -> bool:
    return record.in_window and any(holder.area in GUARD_AREAS for holder in now.holders)


def _open(product: Product, record: CloneRecord, alive: bool, guarded: bool, rows: Sequence[Row]) -> OpenRun:
    mine = [row for row in rows if row.run == record.run]
    shown = [one for one in steps(mine) if one.side == "source"]
    said = [row.text for row in mine if row.code == "O99" and row.kind == "R"]
    needs_you = bool(said) and "NEEDSYOU" in said[-1]
    environment = product.environment(record.environment)
    left = _not_undone(mine)
    return OpenRun(
        record=record,
        alive=alive,
        last=shown[-1] if shown else None,
        not_undone=left,
        needs_you=needs_you,
        proposal=propose(record, environment, alive=alive, guarded=guarded, left=bool(left)),
    )


def _not_undone(rows: Sequence[Row]) -> tuple[str, ...]:
    """The duties of undoing that nothing has fulfilled, the last one first: as FLUNDO looks for them."""
    done = [row for row in rows if row.side == "source" and row.kind == "Z"]
    duties = [
        row
        for row in rows
        if row.side == "source"
        and row.kind in "AB"
        and not any(z.msgid == row.msgid and z.seq > row.seq for z in done)
    ]
    return tuple(row.text for row in sorted(duties, key=lambda row: -row.seq))


def _clone(record: CloneRecord, rows: Sequence[Row]) -> CloneNow:
    shown = [one for one in steps([row for row in rows if row.run == record.run]) if one.kind != "unknown"]
    return CloneNow(
        record,
        next((one for one in reversed(shown) if one.code in CLONE_CODES), None),
        next((one for one in reversed(shown) if one.code in ARRAY_CODES), None),
    )


def propose(
    record: CloneRecord,
    environment: EnvironmentFacts | None,
    *,
    alive: bool,
    guarded: bool = False,
    left: bool = True,
) -> Proposal:
    """What to do about an open run, as FLRCVENV OPTION(*CHECK) says it.

    `guarded`: a guard is still at its window; `left`: something of it is to be undone.
    """
    name = record.environment
    if environment is None and not name:
        return Proposal("undo", "FLRCVENV", "the record names no environment")
    if alive:
        if record.in_window:
            why = "the driver is in its window; two guards end it if the driver does not"
        else:
            why = "the driver is alive and goes on by itself; FLENDENV ends it in order, with all its undos"
        return Proposal("wait", f"FLENDENV ENV({name})", why)
    undo = f"FLRCVENV ENV({name}) OPTION(*UNDO)"
    if guarded:
        why = "the driver died in its window; a guard of the run is there and resumes production"
        return Proposal("wait", f"FLRCVENV ENV({name})", why)
    if record.in_window:
        why = "the driver died in its window: production may be suspended. *UNDO resumes first of all"
        return Proposal("undo", undo, f"{why}; CHGASPACT ASPDEV(*SYSBAS) OPTION(*RESUME) does it at once")
    point, against = restart_point(record, environment)
    if point == "O80" and record.may_write:
        if record.phase in UNATTENDED_CONTINUE:
            why = "the flash is good and the clone works on it: the run is watched on"
        else:
            why = "the clone was started on a good flash and may still be writing: it is watched on"
        return Proposal("continue", f"FLRCVENV ENV({name}) OPTION(*CONTINUE)", why)
    if point:
        command = f"FLSTRENV ENV({name}) RESTART({point})"
        return Proposal("continue", command, "its cause repaired, the run may go on at this step")
    if not left and not record.strprc:
        return Proposal("close", undo, f"it cannot go on ({against}) and nothing of it is left to undo")
    why = f"it cannot go on ({against}): what it changed is undone and the run is closed"
    if record.strprc and record.may_write:
        why += "; BRMS leaves *STRPRC only with the clone proven off, so end the clone first"
    if record.strprc_refused:
        why += (
            "; BRMS refused *STRPRC and may be in it: see DSPLOGBRM. Where nobody else has begun it, enter "
            "INZBRM OPTION(*FLASHCOPY) STATE(*ENDPRC) first; OPTION(*CLOSE) leaves somebody else's as it is"
        )
    return Proposal("undo", undo, why)


def restart_point(record: CloneRecord, environment: EnvironmentFacts | None) -> tuple[str, str]:
    """The step at which the run may go in again, or "" and why at none: as FLRESTRT looks at it.

    What it proves besides (the age of the ticket, the hashes of the delivery) the run proves itself.
    """
    if environment is None:
        return "", "the spec has no such environment any more"
    if not record.proven:
        return "", "its flash is not proven"
    brms_open = not environment.brms or record.strprc or record.restored
    if environment.starts_clone and not (record.home and (not environment.brms or record.restored)):
        if not brms_open:
            return "", "BRMS has left *STRPRC"
        if record.home:
            return "O86", ""
        if record.started:
            return "O80", ""
        return "O70", ""
    if environment.brms and record.strprc:
        return ("O86", "") if record.home else ("", "BRMS is in *STRPRC and no delivery is here")
    if not environment.after_point:
        return "", "nothing of it is left to do"
    return environment.after_point, ""
