"""Tables of Db2 as SQLite tables: column types, checks, padding, and the errors of both.

A CHAR column keeps its trailing blanks (a trigger pads), compares without them (collation RTRIM), and takes
nothing that is too long (SQL0404).
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from flashtwin.db2_sql import identifier, literal
from flashtwin.db2_tokens import Token, match_parenthesis, not_valid, split_commas, sql_error
from flashtwin.errors import Escape, TwinError

_INTEGERS = frozenset(["SMALLINT", "INTEGER", "INT", "BIGINT"])
_NUMBERS = frozenset(["DECIMAL", "DEC", "NUMERIC", "FLOAT", "REAL", "DOUBLE", "DECFLOAT"])
_TIMES = {"TIMESTAMP": 26, "DATE": 10, "TIME": 8}
_LONGEST_CHAR = 32765
_LONGEST_VARCHAR = 32739


@dataclass(frozen=True, slots=True)
class Column:
    """A column: type CHAR, VARCHAR, INTEGER, NUMERIC, TIMESTAMP, DATE, TIME or CLOB; `size` in characters."""

    name: str
    type: str
    size: int = 0
    scale: int = 0
    required: bool = False
    default: str | None = None
    key: str = ""

    @property
    def width(self) -> int:
        """The bytes that it takes in a record."""
        if self.type == "VARCHAR":
            return self.size + 2
        return self.size or {"INTEGER": 4, "NUMERIC": 8, "CLOB": 16}.get(self.type, 0)

    def definition(self) -> str:
        """The column of the SQLite table."""
        name = identifier(Token("name", self.name))
        parts = [name, self._type(), self._check(name)]
        if self.required:
            parts.append("NOT NULL")
        if self.default is not None:
            parts.append(f"DEFAULT {self.default}")
        return " ".join(part for part in [*parts, self.key] if part)

    def _type(self) -> str:
        if self.type in ("CHAR", "VARCHAR"):
            return f"{self.type}({self.size}) COLLATE RTRIM"
        if self.type == "NUMERIC":
            return f"NUMERIC({self.size},{self.scale})"
        return "TEXT" if self.type == "CLOB" else self.type

    def _check(self, name: str) -> str:
        if self.type in ("CHAR", "VARCHAR"):
            return f'CONSTRAINT "SQL0404" CHECK (LENGTH(RTRIM({name})) <= {self.size})'
        if self.type in ("INTEGER", "NUMERIC"):
            return f"CONSTRAINT \"SQL0420\" CHECK (TYPEOF({name}) IN ('integer', 'real', 'null'))"
        return ""


def columns_of(connection: sqlite3.Connection, schema: str, table: str) -> list[Column]:
    """The columns of an existing table."""
    found = []
    for _, name, type_, required, default, _key in connection.execute(
        f"PRAGMA {schema}.table_info({_quoted(table)})"
    ):
        match = re.match(r"([A-Z]+)(?:\((\d+)(?:,(\d+))?\))?", type_)
        assert match is not None
        kind = "CLOB" if match[1] == "TEXT" else match[1]
        size = int(match[2] or _TIMES.get(kind, 0))
        found.append(Column(name, kind, size, int(match[3] or 0), bool(required), default))
    return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# -- CREATE TABLE --------------------------------------------------------------------------------------


def parse_columns(tokens: list[Token]) -> tuple[list[Column], list[str]]:
    """The columns and the table constraints between the parentheses of a CREATE TABLE."""
    columns: list[Column] = []
    constraints: list[str] = []
    for part in split_commas(tokens):
        if not part:
            raise not_valid(",")
        if part[0].is_name("PRIMARY", "UNIQUE", "CONSTRAINT", "CHECK", "FOREIGN"):
            constraints.append(_constraint(part))
        else:
            columns.append(parse_column(part))
    names = [column.name for column in columns]
    for name in names:
        if names.count(name) > 1:
            raise sql_error(612, f"{name} is a duplicate column name.", name)
    return columns, constraints


def _constraint(part: list[Token]) -> str:
    if part[0].is_name("CONSTRAINT"):
        part = part[2:]
    kind = next((n for n, token in enumerate(part) if token.is_op("(")), 0)
    words = " ".join(token.text for token in part[:kind])
    if words not in ("PRIMARY KEY", "UNIQUE"):
        raise TwinError(f"the twin's SQL has no constraint {words or part[0].text}")
    close = match_parenthesis(part, kind)
    names = [identifier(one[0]) for one in split_commas(part[kind + 1 : close])]
    return f"{words} ({', '.join(names)})"


def parse_column(part: list[Token]) -> Column:
    """One column definition."""
    if len(part) < 2 or part[0].kind not in ("name", "quoted"):
        raise not_valid(part[0].text if part else "<END-OF-STATEMENT>")
    name, at = part[0].text, 1
    if part[at].is_name("FOR"):
        # FOR COLUMN sysname: the column's short name
        at += 3 if part[at + 1].is_name("COLUMN") else 2
    kind, size, scale, at = _type(part, at)
    required, default, key = False, None, ""
    while at < len(part):
        word = part[at].text
        following = part[at + 1].text if at + 1 < len(part) else ""
        if (word, following) == ("NOT", "NULL"):
            required, at = True, at + 2
        elif (word, following) in (("WITH", "DEFAULT"), ("NOT", "HIDDEN")) or word == "DEFAULT":
            at += 1 + (word != "DEFAULT")
            default, at = _default(part, at, kind)
        elif (word, following) == ("PRIMARY", "KEY"):
            key, at = "PRIMARY KEY", at + 2
        elif word == "UNIQUE":
            key, at = "UNIQUE", at + 1
        elif word == "CCSID":
            at += 2
        elif word == "FOR" and following in ("BIT", "SBCS", "MIXED"):
            at += 3
        else:
            raise TwinError(f"the twin's SQL does not know {word} {following} of column {name}")
    return Column(name, kind, size, scale, required or key == "PRIMARY KEY", default, key)


def _type(part: list[Token], at: int) -> tuple[str, int, int, int]:
    kind = part[at].text
    at += 1
    if at < len(part) and part[at].is_name("VARYING"):
        kind, at = "VARCHAR", at + 1
    numbers: list[int] = []
    if at < len(part) and part[at].is_op("("):
        close = match_parenthesis(part, at)
        numbers = [int(token.text) for token in part[at + 1 : close] if token.text.isdigit()]
        at = close + 1
    first = numbers[0] if numbers else 0
    if kind in ("CHAR", "CHARACTER"):
        return "CHAR", _limited(first or 1, _LONGEST_CHAR), 0, at
    if kind == "VARCHAR":
        return "VARCHAR", _limited(first, _LONGEST_VARCHAR), 0, at
    if kind in _INTEGERS:
        return "INTEGER", 0, 0, at
    if kind in _NUMBERS:
        return "NUMERIC", first or 5, numbers[1] if len(numbers) > 1 else 0, at
    if kind in _TIMES:
        return kind, _TIMES[kind], 0, at
    if kind == "CLOB":
        return "CLOB", 0, 0, at
    raise sql_error(204, f"{kind} in *LIBL type *SQLUDT not found.", kind)


def _limited(size: int, longest: int) -> int:
    if not 1 <= size <= longest:
        raise sql_error(604, "Attributes of column not valid.")
    return size


def _default(part: list[Token], at: int, kind: str) -> tuple[str, int]:
    if at < len(part):
        token = part[at]
        if token.kind == "string":
            return literal(token.text), at + 1
        if token.kind == "number":
            return token.text, at + 1
        if token.is_op("-"):
            return "-" + part[at + 1].text, at + 2
        if token.is_name("NULL"):
            return "NULL", at + 1
        if token.is_name("CURRENT_TIMESTAMP"):
            return "(FL_NOW('TIMESTAMP'))", at + 1
        if token.is_name("CURRENT") and at + 1 < len(part):
            return f"(FL_NOW({literal(part[at + 1].text)}))", at + 2
    if kind in _TIMES:
        return f"(FL_NOW({literal(kind)}))", at
    return ("0" if kind in ("INTEGER", "NUMERIC") else "''"), at


def create_table(
    connection: sqlite3.Connection, schema: str, table: str, columns: list[Column], constraints: list[str]
) -> None:
    """Make the table with its padding triggers; `schema` is main or qtemp."""
    parts = [column.definition() for column in columns] + constraints
    connection.execute(f"CREATE TABLE {schema}.{_quoted(table)} ({', '.join(parts)})")
    add_padding(connection, schema, table, columns)


def add_padding(connection: sqlite3.Connection, schema: str, table: str, columns: list[Column]) -> None:
    """CHAR columns hold their trailing blanks."""
    chars = [column for column in columns if column.type == "CHAR" and column.size > 1]
    if not chars:
        return
    names = [identifier(Token("name", column.name)) for column in chars]
    short = " OR ".join(
        f"LENGTH(NEW.{name}) <> {column.size}" for name, column in zip(names, chars, strict=True)
    )
    sets = ", ".join(
        f"{name} = SUBSTR({name} || {literal(' ' * column.size)}, 1, {column.size})"
        for name, column in zip(names, chars, strict=True)
    )
    for event in ("INSERT", "UPDATE"):
        trigger = f"{schema}.{_quoted(f'{table} {event}')}"
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        connection.execute(
            f"CREATE TRIGGER {trigger} AFTER {event} ON {_quoted(table)} WHEN {short} "
            f"BEGIN UPDATE {_quoted(table)} SET {sets} WHERE rowid = NEW.rowid; END"
        )


# -- errors --------------------------------------------------------------------------------------------


def sqlite_error(error: sqlite3.Error, table: str = "") -> Escape:
    """What Db2 says where SQLite said this."""
    text = str(error)
    named = re.search(r"CHECK constraint failed: SQL(\d{4})", text)
    if named:
        codes = {404: "Value too long for a column.", 420: "Character in CAST argument not valid."}
        return sql_error(int(named[1]), codes[int(named[1])])
    if "UNIQUE constraint failed" in text:
        return sql_error(803, "Duplicate key value specified.")
    if "NOT NULL constraint failed" in text:
        column = text.rsplit(".", 1)[-1]
        return sql_error(407, f"Null values not allowed in column or variable {column}.", column)
    column_missing = re.search(r"no such column: (\S+)|has no column named (\S+)", text)
    if column_missing:
        column = (column_missing[1] or column_missing[2]).strip('[]"')
        return sql_error(206, f"Column or global variable {column.rsplit('.', 1)[-1]} not found.", column)
    if re.search(r"values? (were|for)|values for \d+ columns|do not have the same number", text):
        return sql_error(117, "Statement contains wrong number of values.")
    syntax = re.search(r'near "(.*?)": syntax error', text, re.DOTALL)
    if syntax or "incomplete input" in text:
        return sql_error(104, f"Token {syntax[1] if syntax else '<END-OF-STATEMENT>'} was not valid.")
    if "wrong number of arguments" in text:
        return sql_error(170, "Number of arguments for function not valid.")
    if "ambiguous column" in text:
        return sql_error(203, "Name is ambiguous.")
    if "user-defined function raised exception" in text:
        return sql_error(180, "Syntax for string representation of datetime or number value not valid.")
    if "database or disk is full" in text:
        return sql_error(904, "Resource limit exceeded.")
    raise TwinError(f"the twin's SQL cannot say what Db2 would answer: {text} {table}".rstrip()) from error
