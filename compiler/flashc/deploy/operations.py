"""The parts of a plan: operations, findings, and the plan itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flashc.deploy.command import Command

Act = Literal["create", "change", "remove"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A stream file; `text`: tagged as UTF-8 (CCSID 1208), else 819, which nobody converts."""

    path: str
    data: bytes = field(repr=False)
    mode: int = 0o600
    text: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to do.  `made` goes into the record when it is done; an empty digest takes an entry out."""

    kind: str
    name: str
    act: Act
    why: str
    commands: tuple[Command, ...] = ()
    uploads: tuple[Upload, ...] = ()
    folder: tuple[str, int] | None = None
    made: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For tools; no command shows a secret."""
        return {
            "kind": self.kind,
            "name": self.name,
            "act": self.act,
            "why": self.why,
            "commands": [command.shown for command in self.commands],
            "uploads": [upload.path for upload in self.uploads],
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know.  `refused`: nothing is done before it is put right; `attention`: for a person."""

    severity: Literal["refused", "attention"]
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deployment would do.

    `officer`: what the security officer still has to enter.  `waiting`: schedule entries that a later
    deployment makes, when the partition has proven to be production.  `revoked`: commands that take back
    what the officer once gave, for whoever wants to.
    """

    system: str
    library: str
    operations: tuple[Operation, ...]
    findings: tuple[Finding, ...]
    officer: tuple[str, ...]
    waiting: tuple[Operation, ...] = ()
    revoked: tuple[str, ...] = ()

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Why nothing may be done."""
        return tuple(f for f in self.findings if f.severity == "refused")

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        return {
            "system": self.system,
            "library": self.library,
            "pending": bool(self.operations),
            "operations": [one.as_json() for one in self.operations],
            "findings": [{"severity": f.severity, "text": f.text} for f in self.findings],
            "officer": list(self.officer),
            "waiting": [one.as_json() for one in self.waiting],
            "revoked": list(self.revoked),
        }
