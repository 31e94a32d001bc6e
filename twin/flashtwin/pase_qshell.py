"""Qshell called from PASE: `qsh -c 'LINE'`, with its utility `db2`.

docs/platform-facts.md#qshell-db2: `db2 "SELECT ..."` prints headings, a line of hyphens, the rows in columns
and a last line that says how many there are.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from flashtwin.db2 import Result
from flashtwin.db2 import session as sql_session
from flashtwin.errors import Escape
from flashtwin.job import BATCH
from flashtwin.pase_utilities import Session, Text, utility
from flashtwin.scheduler import Signal, Wait

Steps = Generator[Wait, Signal | None, Any]

IN_QSHELL = "FLASHTWIN_QSHELL"


@utility("qsh")
def _qsh(session: Session, words: list[str]) -> Steps:
    """Run a line in Qshell; without -c it would read its input, and there is none."""
    from flashtwin.pase_shell import run_line

    if len(words) != 3 or words[1] != "-c":
        return Text(2, "", "qsh: the twin knows qsh -c 'line' only\n")
    yield Wait((), session.system.world.now + session.system.world.costs.qsh)
    environment = {**session.environment, IN_QSHELL: "1"}
    status, out, err = yield from run_line(session.system, session.user, words[2], environment)
    return Text(status, out, err)


@utility("db2")
def _db2(session: Session, words: list[str]) -> Steps:
    """Run one SQL statement and print what it gives; a utility of Qshell only."""
    yield from ()
    if IN_QSHELL not in session.environment:
        return Text(127, "", "sh: db2: not found\n")
    if len(words) != 2:
        return Text(2, "", "db2: the twin knows db2 'statement' only\n")
    job = session.system.new_job("QZSHSH", session.user, BATCH)
    try:
        return Text(0, _table(sql_session(job).run(words[1])))
    except Escape as escape:
        text = f" **** CLI ERROR *****\n{escape.msgid}: {escape.text}\n"
        return Text(1, text)
    finally:
        job.end_outside()
        session.system.jobs.pop(job.number, None)


def _table(result: Result) -> str:
    if not result.columns:
        return "DB20000I  THE SQL COMMAND COMPLETED SUCCESSFULLY.\n"
    rows = [["-" if one is None else str(one) for one in row] for row in result.rows]
    names = [name[:30] for name in result.columns]
    widths = [max(len(name), *(len(row[n]) for row in rows), 1) for n, name in enumerate(names)]
    lines = ["", " ".join(f"{name:<{width}}" for name, width in zip(names, widths, strict=True))]
    lines.append(" ".join("-" * width for width in widths))
    lines += [" ".join(f"{one:<{width}}" for one, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([*lines, "", f"  {len(rows)} RECORD(S) SELECTED.", "", ""])
