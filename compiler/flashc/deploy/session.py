"""What a deployment needs of a partition: run a shell line, read and write stream files.

`flashc.deploy.ssh` does it over one SSH connection; tests use a fake.  Every call is bounded, in time and
in what it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from flashc.deploy.command import Command, Message, messages
from flashc.deploy.errors import DeployError

OUTPUT_LIMIT = 8 * 1024 * 1024
"""Bytes that one line may print; a compiler listing has some hundred thousand."""

KEPT_LINES = 400
"""Lines of a failed command that are kept."""

MARK = "==flashc "


@dataclass(frozen=True, slots=True)
class Reply:
    """What a shell line printed, and its exit status; None where the connection ended before."""

    status: int | None
    out: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A stream file or folder: its permission bits, and its size in bytes."""

    mode: int
    size: int
    is_folder: bool


class Session(Protocol):
    """One open connection to a partition.  All raise DeployError (status 3) when it cannot be used."""

    def run(self, line: str, limit_s: float, on_line: Callable[[str], None] | None = None) -> Reply:
        """Run a shell line; `on_line` gets each line of output as it comes."""

    def stat(self, path: str) -> Entry | None:
        """A file or folder; None where there is none."""

    def read(self, path: str, limit: int) -> bytes | None:
        """A whole stream file; None where there is none."""

    def write(self, path: str, data: bytes, mode: int) -> None:
        """Write a stream file under a temporary name, and give it its name when it is whole."""

    def make_folder(self, path: str, mode: int) -> None:
        """Make a folder."""

    def set_mode(self, path: str, mode: int) -> None:
        """Change the permission bits."""


@dataclass(slots=True)
class Progress:
    """How far a list of commands got: how many ended well, and what the next one said when it did not."""

    done: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def messages(self) -> list[Message]:
        """The messages of the command that failed."""
        return messages(self.lines)


def run_commands(
    session: Session,
    commands: Sequence[Command],
    limit_s: float,
    on_done: Callable[[int], None] | None = None,
) -> Progress:
    """Run CL commands in one exec, one after the other, and stop at the first that fails.

    Each `system` starts a job on the partition, so its cost is the partition's; the round trip is paid once.
    """
    progress = Progress()

    def take(line: str) -> None:
        if line == f"{MARK}{progress.done}":
            progress.done += 1
            progress.lines.clear()
            if on_done is not None:
                on_done(progress.done)
        elif len(progress.lines) < KEPT_LINES:
            progress.lines.append(line)
        else:
            # The end of a listing says why.
            progress.lines[KEPT_LINES // 2 :] = [*progress.lines[KEPT_LINES // 2 + 1 :], line]

    steps = (f"{c.shell()} && echo '{MARK}{n}' || exit 255" for n, c in enumerate(commands))
    reply = session.run("; ".join(steps), limit_s, take)
    if reply.status is None:
        what = commands[min(progress.done, len(commands) - 1)].shown
        raise DeployError(
            f"The connection ended while this ran: {what[:200]}. What it did is unknown; run the deployment "
            "again, it looks first."
        )
    if progress.done < len(commands) and not progress.lines:
        progress.lines.append(f"the shell ended with status {reply.status} and no message")
    return progress
