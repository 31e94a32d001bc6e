"""Runs as a reader wants them: the true outcome, how long production was held, verdicts, volumes, steps."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flashc.records.model import (
    LEFT,
    MAY_BE_WRITTEN,
    MOVEMENT,
    OUT,
    SPACE,
    WRITTEN,
    EnvironmentFacts,
    Row,
    RunRow,
)

OUTCOMES = ("completed", "failed", "refused", "skipped", "needs you", "open")
"""What a run can be.  `needs you` and `open` are not closed: the first has said so itself."""

ASIDE = ("FLE0039",)
"""Notes that decide nothing: a mail that was not sent."""

_OPERATION = re.compile(r"\*(NONE|BRMS|SAVE21|USER)\b")
_VOLUME = re.compile(r"[A-Z0-9$#@]{1,6}")


@dataclass(frozen=True, slots=True)
class Volumes:
    """What the journal says of volumes.

    `out` go out now and are in again before the next run; `left` is how many expired ones BRMS has for the
    next save; `movement` says where to see which media move.
    """

    written: tuple[str, ...] = ()
    may_be_written: tuple[str, ...] = ()
    out: tuple[str, ...] = ()
    left: int | None = None
    movement: str = ""

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        return {
            "written": list(self.written),
            "may_be_written": list(self.may_be_written),
            "out": list(self.out),
            "expired_left": self.left,
            "movement": self.movement or None,
        }

    def told(self) -> list[str]:
        """The same in sentences."""
        found = [f"written by the clone: {' '.join(self.written)}"] if self.written else []
        if self.may_be_written:
            named = " ".join(self.may_be_written)
            found.append(f"perhaps written by the clone, and not known to BRMS on production: {named}")
        found += [f"to go out now, to be in again before the next run: {' '.join(self.out)}"] * bool(self.out)
        found += [] if self.left is None else [f"expired volumes left for the next save: {self.left}"]
        return [*found, *([self.movement] if self.movement else [])]


@dataclass(frozen=True, slots=True)
class RunView:
    """One run.  `detail` is why it did not complete, `space` what the copies took before this one."""

    run: str
    environment: str
    operation: str
    outcome: str
    detail: str
    started: dt.datetime | None
    ended: dt.datetime | None
    suspended: float | None
    quiesce: float | None
    hold: float | None
    resume: float | None
    verdicts: tuple[str, ...]
    volumes: Volumes
    space: str = ""

    @property
    def took_s(self) -> float | None:
        """From the start to the end, seconds."""
        if self.started is None or self.ended is None:
            return None
        return (self.ended - self.started).total_seconds()

    def as_json(self) -> dict[str, Any]:
        """The run in the words of `flashc rehearse --json`; times without an offset, see the document."""
        return {
            "run": self.run,
            "environment": self.environment,
            "operation": self.operation,
            "result": self.outcome,
            "detail": self.detail,
            "start": stamp(self.started),
            "end": stamp(self.ended),
            "seconds": self.took_s,
            "suspended_seconds": self.suspended,
            "suspended": {"quiesce": self.quiesce, "hold": self.hold, "resume": self.resume},
            "verdicts": list(self.verdicts),
            "volumes": self.volumes.as_json(),
            "space": self.space or None,
        }


def stamp(time: dt.datetime | None) -> str | None:
    """ISO 8601 to the millisecond, with the offset where the time has one."""
    return time.isoformat(timespec="milliseconds") if time else None


def view(row: RunRow, rows: Sequence[Row], environment: EnvironmentFacts | None) -> RunView:
    """A run by its row and the notable rows of its journal."""
    mine = [one for one in rows if one.run == row.run]
    return RunView(
        run=row.run,
        environment=row.environment,
        operation=_operation(mine) or (environment.operation if environment else ""),
        outcome=_outcome(row, mine),
        detail=_detail(row, mine),
        started=row.started,
        ended=row.ended,
        suspended=row.suspended,
        quiesce=row.quiesce,
        hold=row.hold,
        resume=row.resume,
        verdicts=tuple(one.text for one in mine if one.code == "C36" and one.kind == "R"),
        volumes=_volumes(mine),
        space=next((one.text for one in reversed(mine) if one.msgid == SPACE), ""),
    )


def _operation(rows: Iterable[Row]) -> str:
    """What step O05 says that the run is; the special value is the same in every language."""
    for row in rows:
        found = _OPERATION.search(row.text) if row.code == "O05" else None
        if found:
            return found[1].lower()
    return ""


def _results(rows: Iterable[Row]) -> list[str]:
    return [row.text for row in rows if row.code == "O99" and row.kind == "R"]


def _outcome(row: RunRow, rows: Sequence[Row]) -> str:
    if row.state == "OPEN":
        said = _results(rows)
        return "needs you" if said and "NEEDSYOU" in said[-1] else "open"
    return row.result.lower() if row.result.lower() in OUTCOMES else row.result


def _detail(row: RunRow, rows: Sequence[Row]) -> str:
    """The first error of the run, which is why it did not complete; else what its result says."""
    if row.result == "COMPLETED":
        return ""
    for one in rows:
        if one.kind == "N" and one.msgid.startswith("FLE") and one.msgid not in ASIDE:
            return f"{one.code} {one.msgid} {one.text}"
    said = _results(rows)
    return said[-1] if said else ""


def _volumes(rows: Sequence[Row]) -> Volumes:
    left = [row.text for row in rows if row.msgid == LEFT]
    number = re.search(r"(\d+)\s*\Z", left[-1]) if left else None
    return Volumes(
        written=_named(rows, WRITTEN),
        may_be_written=_named(rows, MAY_BE_WRITTEN),
        out=_named(rows, OUT),
        left=int(number[1]) if number else None,
        movement=next((row.text for row in reversed(rows) if row.msgid in MOVEMENT), ""),
    )


def _named(rows: Iterable[Row], msgid: str) -> tuple[str, ...]:
    """The volumes behind the colon of a message; what is no volume is where to look for them."""
    words = [
        word
        for row in rows
        if row.msgid == msgid
        for word in row.text.rpartition(":")[2].replace(",", " ").split()
    ]
    return tuple(dict.fromkeys(word for word in words if _VOLUME.fullmatch(word)))


@dataclass(frozen=True, slots=True)
class StepView:
    """A row of the journal that a reader sees.  `side`: source or clone.

    `kind`: result, note, or unknown for an act that was begun and of which nothing more was written.
    """

    code: str
    side: str
    time: dt.datetime
    kind: str
    msgid: str
    text: str

    def as_json(self) -> dict[str, Any]:
        """The step in the words of the stable interface."""
        return {
            "code": self.code,
            "side": self.side,
            "time": stamp(self.time),
            "kind": self.kind,
            "msgid": self.msgid,
            "text": self.text,
        }


def steps(rows: Sequence[Row]) -> tuple[StepView, ...]:
    """Results and notes in the order of the rows; of what was begun only that which has no end."""
    answered: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.kind in "RN":
            key = (row.side, row.code)
            answered[key] = max(answered.get(key, 0), row.seq)
    found = []
    for row in rows:
        kind = {"R": "result", "N": "note"}.get(row.kind, "")
        if row.kind == "I" and answered.get((row.side, row.code), 0) < row.seq:
            kind = "unknown"
        if kind:
            found.append(StepView(row.code, row.side, row.time, kind, row.msgid, row.text))
    return tuple(found)
