"""Db2 of this partition through pyodbc and the data source *LOCAL: SELECTs, each within a limit.

The driver has no limit that could be used: its query time-out refuses by an estimate, and it has none for a
log-in or for a server that hangs (docs/platform-facts.md#odbc-limits).  So another thread asks, and what has
not answered in time is left behind with its connection.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from concurrent import futures
from concurrent.futures import Future
from typing import Any, NamedTuple

from flashrt.status import CONFIG, SYSTEM, TIMEOUT, UNREACHABLE, SidecarError

KEYWORDS = "CMT=0;CONNTYPE=2;NAM=0;CCSID=1208;TRANSLATE=1"
"""Whatever the site's data source says: no commitment control, SELECT only, names as LIBRARY.NAME, UTF-8, and
text without a code page as text (docs/platform-facts.md#odbc-keywords)."""

MOST_ROWS = 100_000
"""Rows of one answer; more is an error.  The longest that are asked for have one for each path of a disk
unit, or for each lock."""


class OdbcDatabase:
    """The database of this partition; see `flashrt.edges.Database`."""

    def __init__(self, dsn: str = "*LOCAL") -> None:
        self._dsn = dsn
        self._session: _Session | None = None

    def query(self, sql: str, parameters: Sequence[object] = (), *, limit_s: float) -> list[tuple]:  # type: ignore[type-arg]
        """All rows of a SELECT."""
        session = self._session = self._session or _Session(self._dsn)
        asked = session.ask(sql, parameters)
        try:
            return asked.outcome.result(limit_s)
        except futures.TimeoutError:
            self._session = None
            raise SidecarError(TIMEOUT, f"{session.what_it_does(asked)} within {limit_s:.0f} s.") from None


class _Asked(NamedTuple):
    sql: str
    parameters: Sequence[object]
    outcome: Future[list[tuple]]  # type: ignore[type-arg]


class _Session:
    """A thread with a connection that no other thread uses."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connected = False
        self._questions: queue.SimpleQueue[_Asked] = queue.SimpleQueue()
        # A daemon, so that the process ends whatever this thread waits for.
        threading.Thread(target=self._serve, name="odbc", daemon=True).start()

    def ask(self, sql: str, parameters: Sequence[object]) -> _Asked:
        asked = _Asked(sql, parameters, Future())
        self._questions.put(asked)
        return asked

    def what_it_does(self, asked: _Asked) -> str:
        """The beginning of a sentence that says what has not ended."""
        if not self._connected:
            return "The database host server (QZDASOINIT in QUSRWRK) did not let this program in"
        return f"SQL did not answer the statement that begins {asked.sql[:60]}"

    def _serve(self) -> None:
        connection: Any = None
        while True:
            asked = self._questions.get()
            try:
                connection = connection or _connect(self._dsn)
                self._connected = True
                asked.outcome.set_result(_select(connection, asked))
            except BaseException as error:  # noqa: BLE001 - it is raised where the statement was asked for
                # It may be the connection that failed; each driver has states of its own to say so.
                connection, self._connected = None, False
                asked.outcome.set_exception(error)


def _connect(dsn: str) -> Any:
    try:
        import pyodbc
    except ImportError as error:
        raise SidecarError(
            CONFIG,
            f"SQL cannot be used here: {error}. Install the RPMs python39-pyodbc and ibm-iaccess.",
        ) from error
    pyodbc.pooling = False  # a pool would give back the connection that has just been given up
    try:
        return pyodbc.connect(f"DSN={dsn};{KEYWORDS}", autocommit=True)
    except pyodbc.Error as error:
        raise SidecarError(
            UNREACHABLE,
            f"The database of this partition cannot be reached by ODBC ({_reason(error)}). "
            "Check that the database host server runs and that the DSN *LOCAL exists.",
        ) from error


def _select(connection: Any, asked: _Asked) -> list[tuple]:  # type: ignore[type-arg]
    import pyodbc

    try:
        cursor = connection.execute(asked.sql, *asked.parameters)
        # A fetch may fail, too.  The cursor is closed at once: none stays open on production's tables.
        try:
            rows = [tuple(row) for row in cursor.fetchmany(MOST_ROWS + 1)]
        finally:
            cursor.close()
    except pyodbc.Error as error:
        raise SidecarError(
            SYSTEM, f"SQL failed: {_reason(error)}. The statement began: {asked.sql[:60]}."
        ) from error
    if len(rows) > MOST_ROWS:
        raise SidecarError(
            SYSTEM, f"SQL gave more than {MOST_ROWS} rows. The statement began: {asked.sql[:60]}."
        )
    return rows


def _reason(error: Exception) -> str:
    """The driver's own sentence, on one line and short."""
    return " ".join(str(error.args[-1] if error.args else error).split())[:200]
