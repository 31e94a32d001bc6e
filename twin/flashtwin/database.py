"""The SQL tables of a system's disks: an SQLite database in memory, with one connection for all its jobs.

In memory, so that a copy of the disks is a copy of its pages, and a process forked off a world owns what it
got.  One connection, so that what SQLite has compiled serves every job.  No statement stays open: all rows
are read at once, and each change is committed when it is done.  What is in the connection's temporary schema
is gone with the power: the tables of QTEMP and the views of the system.
"""

from __future__ import annotations

import sqlite3
from typing import Protocol

from flashtwin import db2_functions

# More than the statements of a night differ.
_COMPILED = 1024


class Caller(Protocol):
    """Whose statement is run."""

    def now(self) -> str:
        """The clock of its system as a timestamp of Db2."""

    def user(self) -> str:
        """The user profile of its job."""


class Database:
    """The tables of one system.  `caller` must be set before a statement asks for the time or the user."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False, cached_statements=_COMPILED
        )
        self.caller: Caller | None = None
        self.connection.execute("PRAGMA case_sensitive_like=ON")
        # A temporary table in a file would be one file for all processes that are forked off.
        self.connection.execute("PRAGMA temp_store=MEMORY")
        db2_functions.register(self.connection, lambda: self._caller().now(), lambda: self._caller().user())

    def _caller(self) -> Caller:
        assert self.caller is not None
        return self.caller

    def __deepcopy__(self, memo: dict[int, object]) -> Database:
        made = memo[id(self)] = Database()
        self.connection.backup(made.connection)
        return made

    def __del__(self) -> None:
        self.connection.close()
