"""Doing what a plan says: in batches, recorded after each, stopped at the first failure.

What was done is in the record, so running it again goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flashc.bundle import Bundle
from flashc.deploy.command import SETCCSID, Command, Message, sh
from flashc.deploy.errors import DeployError
from flashc.deploy.events import LIMIT as EVENT_LIMIT
from flashc.deploy.events import NOT_CREATED, copy_events, diagnostics, read_events
from flashc.deploy.facts import gather
from flashc.deploy.operations import Operation, Plan, Upload
from flashc.deploy.plan import plan as make_plan
from flashc.deploy.record import Record, about, record_path, write_record
from flashc.deploy.session import Session, run_commands
from flashc.deploy.stamps import stamp_of
from flashc.diag import Diagnostic

BATCH = 20
BATCH_CHARACTERS = 8_000
"""A batch is one argument of the partition's shell; small systems allow 24 KB for all arguments."""

COMMAND_S = 60.0
"""Limit of one command, seconds; a compile of the longest program takes a few."""

TAGGED = 40
SHOWN_LINES = 40

EVENTS = "events.evf"
"""The stream file, beside the sources, with what the last failed compile found."""


@dataclass(frozen=True, slots=True)
class Step:
    """Progress: `done` of `total` things, and what is being done."""

    done: int
    total: int
    what: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What failed: which operation and command, the messages, and what the compiler found where it compiled.

    `listing` are the last lines that the command printed, of a compile the source lines with what was found.
    """

    operation: Operation
    command: str
    messages: tuple[Message, ...]
    listing: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For tools."""
        return {
            "name": self.operation.name,
            "command": self.command,
            "messages": [{"id": m.id, "text": m.text} for m in self.messages],
            "listing": list(self.listing),
            "diagnostics": [d.as_json() for d in self.diagnostics],
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
            self.record.stamps.pop(stamp_of(key), None)
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
        found = self.found(one, progress.messages) if command.name == "CRTBNDCL" else []
        listing = _listing(self.bundle, found) if found else progress.lines[-SHOWN_LINES:]
        return Failure(one, command.shown, tuple(progress.messages), tuple(listing), tuple(found))

    def found(self, one: Operation, said: Sequence[Message]) -> list[Diagnostic]:
        """What the compiler found in the source, at its place in the spec; nothing without a compile."""
        if not any(message.id in NOT_CREATED for message in said):
            return []
        library, _, name = one.name.partition(" ")[0].partition("/")
        path = f"{self.bundle.manifest['folder']}/src/{EVENTS}"
        if self.session.run(copy_events(library, name, path).shell(), COMMAND_S).status != 0:
            return []
        data = self.session.read(path, EVENT_LIMIT)
        return list(diagnostics(self.bundle, f"{name}.clle", read_events(data or b"")))


def _listing(bundle: Bundle, found: Sequence[Diagnostic]) -> list[str]:
    """The source lines with what was found, as in the listing of a compiler."""
    out: list[str] = []
    for one in found:
        place = one.related[0].span if one.related else one.span
        lines = bundle.files[place.file].decode("utf-8").splitlines()
        if place.line <= len(lines):
            out.append(f"{place.line:>5} {lines[place.line - 1]}")
        out.append(f"* {one.code}  {one.message}")
    return out[:SHOWN_LINES]


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
