"""The SQL tables of a system's disks: an SQLite database in memory, with one connection for all its jobs.

In memory, so that a copy of the disks is a copy of its pages, and a process forked off a world owns what it
got.  One connection, so that what SQLite has compiled serves every job.  No statement stays open: all rows
are read at once, and each change is committed when it is done.  Beside the disks (schema main) are the tables
of all jobs' QTEMP (qtemp) and the views of the system (temp); no copy has them.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Protocol
from weakref import proxy

from flashtwin import db2_functions

# More than the statements of a night differ.
_COMPILED = 1024


class Caller(Protocol):
    """Whose statement is run."""

    def now(self) -> str:
        """The clock of its system as a timestamp of Db2."""

    def user(self) -> str:
        """The user profile of its job."""

    def as_bytes(self, text: str) -> bytes:
        """A text in the code page of its job."""


class Database:
    """The tables of one system.  `caller` must be set before a statement asks for the time or the user;
    `views` are the views of the system that have a table by now, with its columns; `columns` are those of
    a table as they were when its schema had this version."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False, cached_statements=_COMPILED
        )
        self.caller: Caller | None = None
        self.views: dict[str, list[str]] = {}
        self.columns: dict[str, tuple[tuple[int], list[Any]]] = {}
        self.connection.execute("PRAGMA case_sensitive_like=ON")
        # A temporary table in a file would be one file for all processes that are forked off.
        self.connection.execute("PRAGMA temp_store=MEMORY")
        # A change of the schema temp makes SQLite compile everything again, one of an attached one does not.
        self.connection.execute("ATTACH ':memory:' AS qtemp")
        # SQLite's hold on its functions is one that the collector of cycles does not see.
        me = proxy(self)
        db2_functions.register(
            self.connection,
            lambda: me._caller().now(),
            lambda: me._caller().user(),
            lambda text: me._caller().as_bytes(text),
        )

    def _caller(self) -> Caller:
        assert self.caller is not None
        return self.caller

    def __deepcopy__(self, memo: dict[int, object]) -> Database:
        made = memo[id(self)] = Database()
        self.connection.backup(made.connection)
        return made

    def __del__(self) -> None:
        self.connection.close()
