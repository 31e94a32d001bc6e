"""RUNSQL and RUNSQLSTM.  Errors and commitment control: docs/platform-facts.md#runsql."""

from __future__ import annotations

from collections.abc import Generator

from flashtwin import db2_services
from flashtwin.commands import command
from flashtwin.context import Context
from flashtwin.db2 import CHANGES, QUERIES, Result, session
from flashtwin.db2_tokens import Token, sql_error, statements, tokenize, without_constants
from flashtwin.errors import Escape
from flashtwin.ifs import read_text
from flashtwin.national import as_read, with_period
from flashtwin.objects import PhysicalFile
from flashtwin.scheduler import Signal, Wait

Waiting = Generator[Wait, Signal | None, None]
LONGEST_STATEMENT = 5000
SERVICES = db2_services.NAMES
"""The services that statements can name."""


def _is_query(tokens: list[Token]) -> bool:
    return bool(tokens) and tokens[0].kind == "name" and tokens[0].text in QUERIES


@command("RUNSQL", effect="disk")
def runsql(ctx: Context) -> Waiting:
    """Run one statement that gives no rows; SQL0913 when its table stays locked by another job, SQL0100 when
    it finds no row to change."""
    sql = as_read(ctx.text("SQL"), ctx.job.default_ccsid)
    if len(sql) > LONGEST_STATEMENT:
        raise Escape("CPF0006", "RUNSQL", "Value for parameter SQL is longer than 5000 characters.")
    sql = _with_period(ctx, sql)
    if _is_query(tokenize(without_constants(sql)[0])):
        raise sql_error(84, "SQL statement not allowed.")
    yield from _allocated(ctx, sql)
    result = _run(ctx, sql)
    verb = sql.split(maxsplit=1)[0].upper() if sql.strip() else ""
    if verb in CHANGES and not result.changed and ctx.world.readings.runsql_ends_without_rows:
        raise sql_error(100, f"Row not found for {verb}.", verb)


def _with_period(ctx: Context, sql: str) -> str:
    """The statement as DECMPT says that it is to be read (docs/platform-facts.md#decimal-comma)."""
    mark = ctx.text("DECMPT", "*JOB")
    comma = mark == "*COMMA" or (mark != "*PERIOD" and ctx.job.decimal_format != " ")
    return with_period(sql) if comma else sql


def _allocated(ctx: Context, sql: str) -> Waiting:
    """A change of rows does not wait for a table that another job has; one of the table itself waits as long
    as its job waits for anything (docs/platform-facts.md#alter-table).
    """
    table = session(ctx.job).locked_table(sql, system_naming=ctx.text("NAMING", "*SYS") == "*SYS")
    if table is None:
        return
    library, name, state = table
    locks, deadline = ctx.os.locks, ctx.world.now + (ctx.job.default_wait if state == "*EXCL" else 0)
    while not locks.free_for(ctx.job, (library, name, "*FILE"), state):
        if (yield Wait((locks.released,), deadline)) is None:
            raise sql_error(913, f"Row or object {name} in {library} type *FILE in use.", name)


def _run(ctx: Context, sql: str) -> Result:
    return session(ctx.job).run(
        sql,
        system_naming=ctx.text("NAMING", "*SYS") == "*SYS",
        commit=_commit(ctx.text("COMMIT", "*CHG")),
    )


def _commit(value: str) -> str:
    return "*NONE" if value in ("*NONE", "*NC") else value


@command("RUNSQLSTM", effect="disk")
def runsqlstm(ctx: Context) -> None:
    """Run the statements of a stream file or a source member; SQL9010 at the first beyond ERRLVL."""
    level = ctx.integer("ERRLVL", 10)
    for sql in statements(_script(ctx)):
        try:
            plain = _with_period(ctx, sql)
            if _is_query(tokenize(plain)):
                raise sql_error(84, "SQL statement not allowed.")
            _run(ctx, plain)
        except Escape as escape:
            ctx.diagnostic(escape.msgid, escape.text, escape.data)
            if level < 30:
                raise Escape("SQL9010", "", "RUNSQLSTM command failed.", ("QSQLMSG", "QSYS")) from escape


def _script(ctx: Context) -> str:
    if ctx.given("SRCSTMF"):
        return read_text(ctx.image, ctx.path("SRCSTMF"))
    name, library = ctx.qualified("SRCFILE")
    found = ctx.find_typed(PhysicalFile, name, library, "*FILE")
    member = found.members.get(ctx.text("SRCMBR", "*FIRST"))
    if member is None:
        raise Escape("CPF9815", ctx.text("SRCMBR"), f"Member {ctx.text('SRCMBR')} file {name} not found.")
    return "\n".join(member.lines)
