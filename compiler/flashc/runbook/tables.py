"""The product's tables: their columns, of which CREATE TABLE, ALTER TABLE and the displays' copies are made.

They hold the site's history, so a table is made once; a column that a later version needs is added to it.
A column keeps its name and its type for good; the next one goes to the end, and may be null: docs/upgrade.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the text of its object, its columns as CREATE TABLE has them, and the columns of its key."""

    name: str
    label: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


TABLES = (
    Table(
        "FLJRN",
        "Journal: intents and results of every step",
        (
            "RUN CHAR(14) NOT NULL", "SIDE CHAR(1) NOT NULL", "SEQ INTEGER NOT NULL", "TS CHAR(26) NOT NULL",
            "KIND CHAR(1) NOT NULL", "CODE CHAR(3) NOT NULL", "MSGID CHAR(7) NOT NULL",
            "TXT VARCHAR(400) NOT NULL",
        ),
        ("RUN", "SIDE", "SEQ"),
    ),
    Table(
        "FLRUN",
        "Runs, their state, result and times",
        (
            "RUN CHAR(14) NOT NULL", "ENV CHAR(10) NOT NULL", "STATE CHAR(10) NOT NULL",
            "RESULT VARCHAR(10) NOT NULL", "STARTED CHAR(14) NOT NULL", "ENDED CHAR(14)",
            "SUSPENDED DECIMAL(9, 3)", "QUIESCE DECIMAL(9, 3)", "HOLD DECIMAL(9, 3)", "RESUME DECIMAL(9, 3)",
            "CLKOFF INTEGER",
        ),
        ("RUN",),
    ),
    Table(
        "FLLCK",
        "Locks: which run has what",
        ("NAME VARCHAR(80) NOT NULL", "RUN CHAR(14) NOT NULL", "JOB CHAR(26) NOT NULL"),
        ("NAME",),
    ),
)  # fmt: skip


def column_name(column: str) -> str:
    """The name of a column, from its definition."""
    return column.partition(" ")[0]


def may_be_added(column: str) -> bool:
    """Whether a table that is there can get the column: the rows that it has need a value for it."""
    return "NOT NULL" not in column or "DEFAULT" in column


def add_column(library: str, table: str, column: str) -> str:
    """The CL command that adds a column to a table which is there: docs/platform-facts.md#alter-table."""
    sql = f"ALTER TABLE {library}.{table} ADD COLUMN {column}".replace("'", "''")
    return f"RUNSQL SQL('{sql}') COMMIT(*NONE) NAMING(*SQL)"
