"""Doing what a plan says: in batches, recorded after each, stopped at the first failure.

What was done is in the record, so running it again goes on where it stopped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flashc.bundle import Bundle
from flashc.deploy.command import SETCCSID, Command, Message, sh
from flashc.deploy.errors import DeployError
from flashc.deploy.facts import gather
from flashc.deploy.operations import Operation, Plan, Upload
from flashc.deploy.plan import plan as make_plan
from flashc.deploy.record import Record, about, record_path, write_record
from flashc.deploy.session import Session, run_commands

BATCH = 20
BATCH_CHARACTERS = 8_000
"""A batch is one argument of the partition's shell; small systems allow 24 KB for all arguments."""

COMMAND_S = 60.0
"""Limit of one command, seconds; a compile of the longest program takes a few."""

TAGGED = 40
SHOWN_LINES = 40

_LISTED = re.compile(r"\*\s*CP[DF][0-9A-F]{4}\s+[0-9]{1,2}\b|^\s*[A-Z]{3}[0-9A-F]{4}: ")


@dataclass(frozen=True, slots=True)
class Step:
    """Progress: `done` of `total` things, and what is being done."""

    done: int
    total: int
    what: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What failed: which operation and command, the messages, and the compiler's lines where it compiled."""

    operation: Operation
    command: str
    messages: tuple[Message, ...]
    listing: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        return {
            "name": self.operation.name,
            "command": self.command,
            "messages": [{"id": m.id, "text": m.text} for m in self.messages],
            "listing": list(self.listing),
        }


@dataclass(frozen=True, slots=True)
class DeployResult:
    """What a deployment did.  Nothing was touched when `plan.refused` has something."""

    plan: Plan
    done: tuple[Operation, ...] = ()
    failure: Failure | None = None

    @property
    def complete(self) -> bool:
        """Everything that the plan says is done."""
        return not self.plan.refused and self.failure is None and len(self.done) == len(self.plan.operations)

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        return {
            **self.plan.as_json(),
            "done": [one.name for one in self.done],
            "complete": self.complete,
            "failure": self.failure.as_json() if self.failure else None,
        }


Report = Callable[[Step], None]


def deploy_bundle(
    bundle: Bundle,
    session: Session,
    *,
    known_hosts: bytes,
    guard: bool = False,
    progress: Report | None = None,
) -> DeployResult:
    """Read the partition, plan, and do it.  DeployError where the partition cannot be read or reached."""
    facts = gather(bundle, session)
    found = make_plan(bundle, facts, known_hosts, guard=guard)
    record = facts.record or Record(bundle.manifest["library"])
    return execute(bundle, session, found, record, progress)


def execute(
    bundle: Bundle, session: Session, found: Plan, record: Record, progress: Report | None = None
) -> DeployResult:
    """Do what the plan says, unless it refuses."""
    if found.refused or not found.operations:
        return DeployResult(found)
    return _Run(bundle, session, found, record, progress or (lambda _step: None)).run()


@dataclass(slots=True)
class _Run:
    """One deployment at work."""

    bundle: Bundle
    session: Session
    plan: Plan
    record: Record
    report: Report
    done: list[Operation] = field(default_factory=list)
    steps: int = 0

    def run(self) -> DeployResult:
        """All of it, or up to the first failure."""
        self.record.about = about(self.bundle.manifest)
        for one in self.plan.operations:
            if one.folder is not None:
                self.make_folder(*one.folder, make=one.act == "create")
                self.finish(one, one.name)
        # From here on the product's folder exists, so that the record of an interrupted start has its place.
        self.save()
        self.upload([u for one in self.plan.operations for u in one.uploads])
        failure = None
        for batch in _batches([one for one in self.plan.operations if one.folder is None]):
            failure = self.batch(batch)
            self.save()
            if failure is not None:
                break
        return DeployResult(self.plan, tuple(self.done), failure)

    def make_folder(self, path: str, mode: int, *, make: bool) -> None:
        if make:
            self.session.make_folder(path, mode)
        else:
            self.session.set_mode(path, mode)

    def finish(self, one: Operation, what: str) -> None:
        for key, value in one.made.items():
            if value:
                self.record.made[key] = value
            else:
                self.record.made.pop(key, None)
        self.done.append(one)
        self.tell(what)

    def tell(self, what: str) -> None:
        self.steps += 1
        total = sum(max(1, len(one.commands)) + len(one.uploads) for one in self.plan.operations)
        self.report(Step(min(self.steps, total), total, what))

    def save(self) -> None:
        self.session.write(record_path(self.bundle.manifest), write_record(self.record), 0o600)

    def upload(self, uploads: Sequence[Upload]) -> None:
        """Write the files, then tag them: an upload has the tag of the shell, an old file keeps its own."""
        for one in uploads:
            self.session.write(one.path, one.data, one.mode)
            self.tell(one.path)
        for ccsid, text in (("1208", True), ("819", False)):
            paths = [sh(one.path) for one in uploads if one.text is text]
            for start in range(0, len(paths), TAGGED):
                line = f"{SETCCSID} {ccsid} {' '.join(paths[start : start + TAGGED])} 2>&1"
                reply = self.session.run(line, COMMAND_S)
                if reply.status != 0:
                    raise DeployError(
                        f"Files could not be tagged with CCSID {ccsid}: {reply.out.strip()[:300]}"
                    )

    def batch(self, batch: list[tuple[Operation, Command | None]]) -> Failure | None:
        """Run the commands of a batch; an operation is done with its last one."""
        steps = [(one, command) for one, command in batch if command is not None]
        ends = {id(one) for one, _ in batch}

        def advance(count: int) -> None:
            one, command = steps[count - 1]
            if id(one) in ends and command is one.commands[-1]:
                self.finish(one, one.name)
            else:
                self.tell(one.name)

        for one, command in batch:
            if command is None:
                self.finish(one, one.name)
        if not steps:
            return None
        commands = [command for _, command in steps]
        progress = run_commands(self.session, commands, COMMAND_S * len(commands), advance)
        if progress.done == len(commands):
            return None
        one, command = steps[progress.done]
        listing = self.listing(command) if command.name == "CRTBNDCL" else progress.lines[-SHOWN_LINES:]
        return Failure(one, command.shown, tuple(progress.messages), tuple(listing))

    def listing(self, command: Command) -> list[str]:
        """Compile once more, now with the listing: each of its diagnostics with the source line above it."""
        kept: list[str] = []
        source = ""

        def take(line: str) -> None:
            nonlocal source
            if _LISTED.search(line):
                kept.extend([source, line] if source else [line])
                del kept[SHOWN_LINES:]
                source = ""
            elif line.strip():
                source = line

        text = command.text.replace(" OUTPUT(*NONE)", " OUTPUT(*PRINT)")
        self.session.run(Command(text).shell(), COMMAND_S, take)
        return kept


def _batches(operations: Sequence[Operation]) -> Iterator[list[tuple[Operation, Command | None]]]:
    """Commands of all operations in order, in lines that a shell takes; without any it is a step."""
    batch: list[tuple[Operation, Command | None]] = []
    size = 0
    for one in operations:
        for command in one.commands or (None,):
            length = len(command.shell()) if command is not None else 0
            if batch and (len(batch) == BATCH or size + length > BATCH_CHARACTERS):
                yield batch
                batch, size = [], 0
            batch.append((one, command))
            size += length
    if batch:
        yield batch
