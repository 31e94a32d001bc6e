"""What a running system does for the PASE programs of its jobs: its clock, SQL, CL commands, its routes."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from flashtwin import odbc
from flashtwin.externals import Reach
from flashtwin.os400 import CommandResult
from flashtwin.scheduler import Signal, Wait

if TYPE_CHECKING:
    from flashtwin.job import Job
    from flashtwin.os400 import OperatingSystem

Steps = Generator[Wait, Signal | None, Any]

FAILED = 255
"""Exit status of the `system` utility when the command ended with an escape message."""


class PartitionServices:
    """The services for one job (`flashtwin.gate.Services`)."""

    def __init__(self, system: OperatingSystem, job: Job) -> None:
        self._system = system
        self._job = job

    @property
    def home(self) -> object:
        """The running system."""
        return self._system

    def now(self) -> float:
        """The system's own clock."""
        return self._system.clock()

    def sql(self, statement: str, parameters: list[Any], limit_s: float) -> Steps:
        """One statement through the database host server."""
        answer: dict[str, Any] = yield from odbc.statement(
            self._system, self._job.user, statement, parameters, limit_s
        )
        return answer

    def reach(self, address: str) -> Reach:
        """Whether a packet to "host:port" leaves this system: its interfaces decide."""
        return "ok" if self._system.network.leads_to(address.rpartition(":")[0]) else "down"

    def origin(self, host: str) -> str:
        """The address of the interface by which a connection leaves this system."""
        return self._system.network.origin_for(host)


def printed(result: CommandResult) -> tuple[int, str, str]:
    """Status and output of the `system` utility: messages on stdout, on stderr when the command failed.

    docs/platform-facts.md#pase-system-utility
    """
    lines = "".join(f"{msgid}: {text}\n" if msgid else f"{text}\n" for msgid, text in result.messages)
    return (0, lines, "") if result.ok else (FAILED, "", lines)
