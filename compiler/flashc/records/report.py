"""The report of a run: what somebody wants to keep of a night, as data for text, page and tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flashc.records.history import RunView, StepView, steps
from flashc.records.model import Delivered, Row
from flashc.runbook.messages import MESSAGES

SAVED_CODES = ("C20", "C21", "C22", "C23", "C24", "C25", "C26", "C30", "C36")
"""The clone's steps that tell what was saved or done, and how it ended."""

KNOWN_HERE = "O88"
"""The step by which production's BRMS knows what the clone has written."""

_SAVES = (
    "Production's objects keep their save dates: SAVCHGOBJ with REFDATE(*SAVLIB) and APYJRNCHG from "
    "*LASTSAVE on production do not know of this save.",
    "What was open at the flash (transactions, files in the middle of a change) is in the copy as it was; "
    "the start of the clone rolled open transactions back before anything was saved.",
)

LIMITS: Mapping[str, tuple[str, ...]] = {
    "none": (
        "Nothing was saved: the copy stays on the disks of the clone until a later run gives it up.",
        "It is as production was at the flash, as after a failure of power: an IPL comes before its use.",
    ),
    "brms": (
        *_SAVES,
        "Volumes on a virtual device lie on the clone's own disks and are gone with the next copy.",
    ),
    "save21": (
        *_SAVES,
        "BRMS on production knows nothing of its volumes: note them where you keep them.",
    ),
    "user": (
        "What the site's commands did on the clone happened there alone; only the files that the spec brings "
        "home are here.",
        _SAVES[0],
    ),
}
"""What a clone's work does not do, by operation: docs/after-a-save.md, docs/platform-facts.md#save-dates."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the run's notes, with its cause and what to do."""

    msgid: str
    code: str
    text: str
    cause: str
    recovery: str

    def as_json(self) -> dict[str, str]:
        """For tools."""
        return {
            "msgid": self.msgid,
            "code": self.code,
            "text": self.text,
            "cause": self.cause,
            "recovery": self.recovery,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """One run.  `invariants` are those of a rehearsal (id, held, detail); elsewhere nobody judges them."""

    system: str
    run: RunView
    saved: tuple[StepView, ...]
    messages: tuple[Told, ...]
    limits: tuple[str, ...]
    known_here: bool
    steps: tuple[StepView, ...]
    files: tuple[Delivered, ...]
    invariants: tuple[tuple[str, bool, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The document of `flashc report --json`."""
        return {
            **self.run.as_json(),
            "system": self.system,
            "clock": f"local time of {self.system}",
            "saved": [one.as_json() for one in self.saved],
            "known_to_brms": self.known_here,
            "does_not": list(self.limits),
            "messages": [one.as_json() for one in self.messages],
            "steps": [one.as_json() for one in self.steps],
            "files": [one.as_json() for one in self.files],
            "invariants": [{"id": i, "held": held, "detail": text} for i, held, text in self.invariants],
        }


def report(
    system: str,
    run: RunView,
    rows: Sequence[Row],
    files: Sequence[Delivered],
    invariants: Sequence[Mapping[str, Any]] = (),
) -> Report:
    """The report of a run by all rows of its journal."""
    shown = steps(rows)
    flashed = any(one.code == "O55" and one.kind == "result" for one in shown)
    return Report(
        system=system,
        run=run,
        saved=tuple(s for s in shown if s.side == "clone" and s.code in SAVED_CODES and s.kind == "result"),
        messages=_messages(shown),
        limits=LIMITS.get(run.operation, ()) if flashed else (),
        known_here=any(s.code == KNOWN_HERE and s.kind == "result" for s in shown),
        steps=shown,
        files=tuple(files),
        invariants=tuple((str(i["id"]), bool(i["held"]), str(i["detail"])) for i in invariants),
    )


_HELP = {message.id: message for message in MESSAGES}


def _messages(shown: Sequence[StepView]) -> tuple[Told, ...]:
    """The notes of the run, each message once: what went wrong, why, and what to do."""
    found: dict[str, Told] = {}
    for one in shown:
        message = _HELP.get(one.msgid)
        if one.kind == "note" and message is not None and one.msgid not in found:
            found[one.msgid] = Told(one.msgid, one.code, one.text, message.cause, message.recovery)
    return tuple(found.values())
