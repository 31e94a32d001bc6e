"""Qshell called from PASE: `qsh -c 'LINE'`, with its utility `db2`; and the listing of libraries by `ls`.

docs/platform-facts.md#qshell-db2: `db2 "SELECT ..."` prints headings, a line of hyphens, the rows in columns
and a last line that says how many there are.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from flashtwin.db2 import Result
from flashtwin.db2 import session as sql_session
from flashtwin.errors import Escape
from flashtwin.job import BATCH
from flashtwin.pase_utilities import UTILITIES, Session, Text
from flashtwin.scheduler import Signal, Wait
from flashtwin.security import authority_of

if TYPE_CHECKING:
    from flashtwin.objects import Library

Steps = Generator[Wait, Signal | None, Any]

IN_QSHELL = "FLASHTWIN_QSHELL"


def _qsh(session: Session, words: list[str]) -> Steps:
    """Run a line in Qshell; without -c it would read its input, and there is none."""
    from flashtwin.pase_shell import run_line

    if len(words) != 3 or words[1] != "-c":
        return Text(2, "", "qsh: the twin knows qsh -c 'line' only\n")
    yield Wait((), session.system.world.now + session.system.world.costs.qsh)
    environment = {**session.environment, IN_QSHELL: "1"}
    status, out, err = yield from run_line(session.system, session.user, words[2], environment)
    return Text(status, out, err)


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


def _listed(library: Library) -> list[str]:
    return sorted(f"{obj.name}.{obj.type.lstrip('*')}" for obj in library.objects.values())


def _ls(session: Session, words: list[str]) -> Steps:
    """A library's objects by their names in /QSYS.LIB; everything else as `ls` does."""
    paths = [word for word in words[1:] if not word.startswith("-")]
    if len(paths) != 1 or not paths[0].upper().startswith("/QSYS.LIB/"):
        return (yield from _plain_ls(session, words))
    name = paths[0].rpartition("/")[2].upper().removesuffix(".LIB")
    image = session.system.image
    library = image.libraries.get(name)
    if library is None or paths[0].upper() != f"/QSYS.LIB/{name}.LIB":
        return Text(2, "", f"ls: {paths[0]}: No such file or directory\n")
    if authority_of(image, session.user, library) == "*EXCLUDE":
        return Text(2, "", f"ls: {paths[0]}: Permission denied\n")
    return Text(0, "".join(f"{one}\n" for one in _listed(library)))


_plain_ls = UTILITIES["ls"]
UTILITIES.update(qsh=_qsh, db2=_db2, ls=_ls)
