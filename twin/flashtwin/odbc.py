"""SQL of programs outside of CL: the *LOCAL connection through the database host server.

docs/platform-facts.md#odbc: it needs the host servers, so it does not work on a clone that starts none.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

from flashtwin.db2 import QUERIES, Session, session
from flashtwin.db2_tokens import tokenize
from flashtwin.errors import Escape
from flashtwin.job import BATCH
from flashtwin.scheduler import Signal, Wait, sleep

if TYPE_CHECKING:
    from flashtwin.os400 import OperatingSystem

DATABASE_SERVER = "*DATABASE"
_SUBSYSTEMS = ("QSERVER", "QUSRWRK")


def reachable(system: OperatingSystem) -> bool:
    """Whether the database host server answers: TCP/IP and its subsystems are up; a clone must have
    started the server itself."""
    if not system.network.started or any(name not in system.work.subsystems for name in _SUBSYSTEMS):
        return False
    is_copy = system.image.captured_at is not None
    return (
        not (is_copy and system.world.readings.clone_odbc_down) or DATABASE_SERVER in system.network.servers
    )


def statement(
    system: OperatingSystem, user: str, sql: str, parameters: Sequence[Any], limit_s: float
) -> Generator[Wait, Signal | None, dict[str, Any]]:
    """Run one statement: {"rows": [...]}, or {"failed": "unreachable" | "system" | "timeout", "text"}."""
    deadline = system.world.now + limit_s
    yield from sleep(system.world.scheduler, min(limit_s, system.world.costs.odbc))
    if not reachable(system):
        return {"failed": "unreachable", "text": "08001: the database host server does not answer"}
    if system.suspension.blocks and _changes(sql):
        blocked = system.spawn("SQL change", system.change(None, "SQL of an ODBC connection"))
        yield Wait((blocked.done,), deadline)
        if not blocked.ended:
            blocked.kill()
            return {"failed": "timeout", "text": f"no answer within {limit_s:g} seconds"}
    job = system.new_job("QZDASOINIT", user, BATCH)
    try:
        return _run(session(job), sql, parameters)
    except Escape as escape:
        return {"failed": "system", "text": f"{escape.msgid}: {escape.text}"}
    finally:
        # A prestart job serves on: it leaves no trace but the end of what it held.
        job.end_outside()
        system.jobs.pop(job.number, None)


def _changes(sql: str) -> bool:
    try:
        tokens = tokenize(sql)
    except Escape:
        return False
    return bool(tokens) and tokens[0].text not in QUERIES


def _run(opened: Session, sql: str, parameters: Sequence[Any]) -> dict[str, Any]:
    result = opened.run(sql, parameters)
    return {"rows": [list(row) for row in result.rows]}
