"""Db2 of a system: the SQL session of a job on the system image's database.

Every statement is committed at once (COMMIT(*NONE)); tables in QTEMP end with the job.  A table is also a
file object, so that CHKOBJ and CL file commands see what SQL made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flashtwin.db2_sql import Rewriter, identifier
from flashtwin.db2_tables import (
    Column,
    add_padding,
    columns_of,
    create_table,
    parse_column,
    parse_columns,
    sqlite_error,
)
from flashtwin.db2_tokens import (
    Token,
    match_parenthesis,
    not_valid,
    sql_error,
    tokenize,
    with_parameters,
    without_constants,
)
from flashtwin.errors import Escape, TwinError
from flashtwin.national import as_stored
from flashtwin.objects import Library, PhysicalFile, SourceMember
from flashtwin.security import authority_of, enough, give_public
from flashtwin.values import to_ebcdic

if TYPE_CHECKING:
    from flashtwin.job import Job
    from flashtwin.os400 import OperatingSystem

# A view of the system: column names and rows, made when a statement names it.
Service = Callable[["Job"], tuple[list[str], list[tuple[Any, ...]]]]
SERVICES: dict[tuple[str, str], Service] = {}
# The same of a table function, which gets its arguments behind the job.
TableFunction = Callable[..., tuple[list[str], list[tuple[Any, ...]]]]
TABLE_FUNCTIONS: dict[tuple[str, str], TableFunction] = {}

QUERIES = ("SELECT", "VALUES", "WITH")
CHANGES = ("INSERT", "UPDATE", "DELETE")
# What Db2 can make; of these the twin makes tables, indexes and views.
_OBJECTS = (
    *("OR", "ALIAS", "FUNCTION", "INDEX", "MASK", "PERMISSION", "PROCEDURE", "SCHEMA", "SEQUENCE", "TABLE"),
    *("TRIGGER", "TYPE", "UNIQUE", "VARIABLE", "VIEW", "ENCODED", "GLOBAL", "CURSOR"),
)
_NOTHING = ("COMMENT", "GRANT", "REVOKE", "COMMIT", "ROLLBACK", "SET")
MANAGES = "*OBJOPR *OBJMGT"
"""What ALTER, LABEL, an index, a view over a table alone and what takes its place ask for."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a statement gave: rows of a query, else the number of rows that it changed."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    changed: int = 0


@dataclass(frozen=True, slots=True)
class _Form:
    """What a query or change became: the text for SQLite ("" of any other statement); which constants of the
    statement its parameters are; library and file that it changes; every name in it and the table it meant.
    A table of QTEMP is that of whoever runs it.
    """

    text: str = ""
    constants: tuple[int, ...] = ()
    changes: tuple[str, str] | None = None
    tables: tuple[tuple[tuple[str, str], str], ...] = ()


# By the statement (with marks for constants) and whether it has system naming: a night has a few dozen.
_FORMS: dict[tuple[str, bool], _Form] = {}
_FORMS_KEPT = 2000
_OF_JOB = ' \x02"'
"""The end of the name of a table in QTEMP, in a form."""


@dataclass(slots=True)
class Session:
    """The SQL of one job.  `commit` other than *NONE refuses changes of tables, as none is journaled."""

    job: Job

    @property
    def connection(self) -> sqlite3.Connection:
        """Where the job's next statement runs."""
        database = self.job.os.image.database
        database.caller = self
        return database.connection

    def now(self) -> str:
        """The system's clock as a timestamp of Db2."""
        return stamp(self.job.os)

    def user(self) -> str:
        """Who runs the statements."""
        return self.job.user

    def as_bytes(self, text: str) -> bytes:
        """A text in the code page of the job."""
        return to_ebcdic(as_stored(text, self.job.default_ccsid))

    def close(self) -> None:
        """The job ends, and what it has in QTEMP with it."""
        for one in list(self.job.qtemp.objects.values()):
            if isinstance(one, PhysicalFile):
                self.delete_file("QTEMP", one.name)

    # -- running -----------------------------------------------------------------------------------

    def run(
        self, sql: str, parameters: Sequence[Any] = (), *, system_naming: bool = False, commit: str = "*NONE"
    ) -> Result:
        """Run one statement; errors are escapes SQLnnnn."""
        sql = sql.strip().rstrip(";")
        marked, constants = (sql, ()) if parameters else without_constants(sql)
        try:
            form = self._form(marked, system_naming)
        except Escape:
            # What is wrong is said in the statement's own words.
            form, constants = self._form(sql, system_naming), ()
        values = [constants[place] for place in form.constants] if constants else parameters
        try:
            if form.changes:
                return self._change(form, values, commit)
            if form.text:
                return self._query(form, values)
            self._define(*self._parsed(sql, system_naming))
        except sqlite3.Error as error:
            raise sqlite_error(error, sql) from error
        return Result()

    def _parsed(self, sql: str, system_naming: bool) -> tuple[str, list[Token], Rewriter]:
        tokens = tokenize(sql)
        if not tokens:
            raise not_valid("<END-OF-STATEMENT>")
        verb = tokens[0].text if tokens[0].kind == "name" else ""
        return (
            verb,
            tokens,
            Rewriter(lambda schema, name: self.resolve(schema, name, system_naming), slash=system_naming),
        )

    def _form(self, sql: str, system_naming: bool) -> _Form:
        """The form of a statement, the known one as long as its names mean the same tables to this job.

        They are looked for each time: a table may be gone or not be the user's to use, a view of the system
        tells what is true now.
        """
        form = _FORMS.get((sql, system_naming))
        if form is None or any(
            self.resolve(*name, system_naming) != self._own(table) for name, table in form.tables
        ):
            if len(_FORMS) >= _FORMS_KEPT:
                _FORMS.clear()
            form = _FORMS[(sql, system_naming)] = self._made_form(sql, system_naming)
        return form

    def _made_form(self, sql: str, system_naming: bool) -> _Form:
        verb, tokens, rewriter = self._parsed(sql, system_naming)
        if verb not in QUERIES and verb not in CHANGES:
            return _Form()
        tables: dict[tuple[str, str], str] = {}

        def resolve(schema: str, name: str) -> str:
            table = rewriter.resolve(schema, name)
            if table.startswith("qtemp."):
                table = table.replace(f' {self.job.number}"', _OF_JOB)
            tables[(schema, name)] = table
            return table

        recording = Rewriter(resolve, rewriter.slash)
        changes = None
        if verb in CHANGES:
            if len(tokens) < 2:
                raise not_valid("<END-OF-STATEMENT>")
            at = 2 if tokens[1].is_name("INTO", "FROM") else 1
            inside, own, _ = recording.table(tokens, at)
            changes = inside.split('"')[1].split(".")[0], own
        text, constants = with_parameters(recording.query(tokens))
        return _Form(text, tuple(constants), changes, tuple(tables.items()))

    def _own(self, text: str) -> str:
        """A table or the text of a form with the tables of this job's QTEMP."""
        return text.replace(_OF_JOB, f' {self.job.number}"')

    def _query(self, form: _Form, parameters: Sequence[Any]) -> Result:
        cursor = self.connection.execute(self._own(form.text), tuple(parameters))
        columns = tuple(one[0] for one in cursor.description)
        return Result(columns, tuple(cursor.fetchall()))

    def _change(self, form: _Form, parameters: Sequence[Any], commit: str) -> Result:
        assert form.changes is not None
        library, own = form.changes
        if commit != "*NONE" and self.job.os.world.readings.runsql_needs_commit_none:
            raise sql_error(7008, f"{own} in {library} not valid for operation.", own)
        if library != "QTEMP" and self.job.os.image.tables_full:
            raise sql_error(904, "Resource limit exceeded.")
        changed = self.file(library, own)
        if changed is not None:
            self._may_use(changed, "*CHANGE")
        cursor = self.connection.execute(self._own(form.text), tuple(parameters))
        return Result(changed=max(0, cursor.rowcount))

    def locked_table(self, sql: str, *, system_naming: bool = False) -> tuple[str, str, str] | None:
        """Library, file and lock state of what an INSERT, UPDATE, DELETE or ALTER TABLE changes, or None."""
        tokens = tokenize(without_constants(sql)[0])
        if len(tokens) < 2 or not tokens[0].is_name("INSERT", "UPDATE", "DELETE", "ALTER"):
            return None
        rewriter = Rewriter(
            lambda schema, name: self.resolve(schema, name, system_naming), slash=system_naming
        )
        found, own, _ = rewriter.table(tokens, 2 if tokens[1].is_name("INTO", "FROM", "TABLE") else 1)
        state = "*EXCL" if tokens[0].is_name("ALTER") else "*SHRUPD"
        return found.split('"')[1].split(".")[0], own, state

    # -- names -------------------------------------------------------------------------------------

    def resolve(self, schema: str, name: str, system_naming: bool) -> str:
        """The SQLite name of a table or view; SQL0204 when there is none."""
        key = ("QTEMP" if schema == "SESSION" else schema, name)
        function, _, arguments = name.partition("(")
        if arguments and (key[0], function) in TABLE_FUNCTIONS:
            given = [one for one in arguments[:-1].split(",") if one]
            return self._filled(*key, *TABLE_FUNCTIONS[(key[0], function)](self.job, *given))
        if key in SERVICES:
            return self._service(*key)
        for library in self._libraries(key[0], system_naming):
            found = self.file(library, name)
            if found is not None:
                self._may_use(found, "*USE")
                return self.sqlite_name(library, name)
            if (library == "QSYS2" or library == "SYSIBM") and (library, name) in SERVICES:
                return self._service(library, name)
        where = key[0] or ("*LIBL" if system_naming else self.job.user)
        if key[0] and key[0] not in ("QTEMP", "QSYS2", "SYSTOOLS", "SYSIBM") and self.library(key[0]) is None:
            raise sql_error(204, f"{where} in *N type *SCHEMA not found.", where)
        if key[0] in ("QSYS2", "SYSTOOLS", "SYSIBM", "SYSIBMADM"):
            raise TwinError(f"the twin does not model the SQL service {key[0]}.{name}")
        raise sql_error(204, f"{name} in {where} type *FILE not found.", name)

    def _libraries(self, schema: str, system_naming: bool) -> list[str]:
        if schema:
            return [schema]
        return self.job.libraries() if system_naming else [self.job.user]

    def _may_use(self, found: PhysicalFile, wanted: str) -> None:
        """SQL0551 without the user's own authority to a table: dynamic SQL takes nothing of what programs
        adopt (docs/platform-facts.md#adopted-authority)."""
        image, library = self.job.os.image, self.library(found.library)
        if found.library == "QTEMP":
            return
        for below in found.based_on:
            table = self.file(*below)
            if table is not None and wanted in ("*USE", "*CHANGE"):
                self._may_use(table, wanted)
        for one, need in ((library, "*EXECUTE"), (found, wanted)):
            if one is not None and not enough(authority_of(image, self.job.user, one), need):
                text = f"Not authorized to object {found.name} in {found.library} type *FILE."
                raise sql_error(551, text, found.name)

    def _may_define(self, library: str, managed: PhysicalFile | None) -> None:
        """SQL0552 without *ADD to the library of something new, SQL0551 without the management of what it
        replaces or indexes (docs/platform-facts.md#authority)."""
        if managed is not None:
            self._may_use(managed, MANAGES)
        found = self.library(library)
        assert found is not None
        allowed = library == "QTEMP" or enough(
            authority_of(self.job.os.image, self.job.user, found), "*ADD *EXECUTE"
        )
        if not allowed:
            raise sql_error(552, f"Not authorized to create in {library}.", library)

    def library(self, name: str) -> Library | None:
        """A library; QTEMP is the job's."""
        return self.job.qtemp if name == "QTEMP" else self.job.os.image.libraries.get(name)

    def file(self, library: str, name: str) -> PhysicalFile | None:
        """The file object of a table."""
        lib = self.library(library)
        found = lib.objects.get((name, "*FILE")) if lib is not None else None
        return found if isinstance(found, PhysicalFile) and found.attribute != "PF-SRC" else None

    def sqlite_name(self, library: str, name: str, member: str = "") -> str:
        """The table of a member (of the file's own name by default)."""
        inside = f"{library}.{name}" + (f"/{member}" if member and member != name else "")
        return f'qtemp."{inside} {self.job.number}"' if library == "QTEMP" else f'main."{inside}"'

    def _service(self, schema: str, name: str) -> str:
        """A view of the system, filled with what is true now."""
        return self._filled(schema, name, *SERVICES[(schema, name)](self.job))

    def _filled(self, schema: str, name: str, columns: list[str], rows: list[tuple[Any, ...]]) -> str:
        table = f'temp."{schema}.{name}"'
        if columns == self.job.os.image.database.views.get(table):
            self.connection.execute(f"DELETE FROM {table}")
        else:
            names = ", ".join(identifier(Token("name", column)) + " COLLATE RTRIM" for column in columns)
            self.connection.execute(f"DROP TABLE IF EXISTS {table}")
            self.connection.execute(f"CREATE TABLE {table} ({names})")
            self.job.os.image.database.views[table] = columns
        marks = ", ".join("?" * len(columns))
        self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        return table

    # -- definitions ---------------------------------------------------------------------------------

    def _define(self, verb: str, tokens: list[Token], rewriter: Rewriter) -> None:
        if verb in _NOTHING:
            return
        words = [token.text for token in tokens[:5]]
        if verb == "CREATE":
            replace = words[1:3] == ["OR", "REPLACE"]
            at = 3 if replace else 1
            kind = tokens[at].text if at < len(tokens) else ""
            if kind == "UNIQUE":
                at, kind = at + 1, "UNIQUE INDEX"
            if kind == "TABLE":
                return self._create_table(tokens, at + 1, replace, rewriter)
            if kind in ("INDEX", "UNIQUE INDEX"):
                return self._create_index(tokens, at + 1, kind, rewriter)
            if kind == "VIEW":
                return self._create_view(tokens, at + 1, replace, rewriter)
        elif verb == "DECLARE" and words[1:4] == ["GLOBAL", "TEMPORARY", "TABLE"]:
            return self._create_table(tokens, 4, False, rewriter)
        elif verb == "LABEL":
            return self._label(tokens, rewriter)
        elif verb == "DROP":
            return self._drop(tokens, rewriter)
        elif verb == "ALTER" and words[1:2] == ["TABLE"]:
            return self._alter(tokens, rewriter)
        known = (
            "CREATE",
            "DECLARE",
            "DROP",
            "ALTER",
            "CALL",
            "MERGE",
            "LOCK",
            "BEGIN",
            "TRUNCATE",
            "RENAME",
            "OPEN",
        )
        made = words[1] if len(words) > 1 else ""
        if verb in known and (verb not in ("CREATE", "ALTER", "DECLARE") or made in _OBJECTS):
            raise TwinError(f"the twin's SQL does not have {' '.join(words[:3])}")
        raise not_valid(made if verb in known else verb or tokens[0].text)

    def _target(self, tokens: list[Token], at: int, rewriter: Rewriter) -> tuple[str, str, int]:
        """LIB.NAME of something to be made: the library must exist."""
        separators = (".", "/") if rewriter.slash else (".",)
        if at >= len(tokens) or tokens[at].kind not in ("name", "quoted"):
            raise not_valid(tokens[at].text if at < len(tokens) else "<END-OF-STATEMENT>")
        if at + 2 < len(tokens) and tokens[at + 1].is_op(*separators):
            library, name, at = tokens[at].text, tokens[at + 2].text, at + 3
        else:
            library = (self.job.current_library or "QGPL") if rewriter.slash else self.job.user
            name, at = tokens[at].text, at + 1
        library = "QTEMP" if library == "SESSION" else library
        if self.library(library) is None:
            raise sql_error(204, f"{library} in *N type *LIB not found.", library)
        return library, name, at

    def _create_table(self, tokens: list[Token], at: int, replace: bool, rewriter: Rewriter) -> None:
        library, name, at = self._target(tokens, at, rewriter)
        if at + 2 < len(tokens) and tokens[at].is_name("FOR"):
            at += 3
        existing = self.file(library, name)
        if existing is not None and not replace:
            raise sql_error(601, f"{name} in {library} type *FILE already exists.", name)
        self._may_define(library, existing)
        if at >= len(tokens) or not tokens[at].is_op("("):
            raise TwinError(
                f"the twin's SQL makes a table from its columns only (CREATE TABLE {library}.{name})"
            )
        close = match_parenthesis(tokens, at)
        columns, constraints = parse_columns(tokens[at + 1 : close])
        table = self.sqlite_name(library, name)
        schema, inside = table.split(".", 1)
        kept: list[dict[str, Any]] = []
        if existing is not None:
            kept = self._keep(library, name)
        self.connection.execute(f"DROP TABLE IF EXISTS {table}")
        create_table(self.connection, schema, inside.strip('"'), columns, constraints)
        self._fill(library, name, columns, kept)
        if existing is None:
            self.add_file(library, name, sum(column.width for column in columns), attribute="PF")

    def _keep(self, library: str, name: str) -> list[dict[str, Any]]:
        cursor = self.connection.execute(f"SELECT * FROM {self.sqlite_name(library, name)} ORDER BY rowid")
        names = [one[0] for one in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _fill(self, library: str, name: str, columns: list[Column], rows: list[dict[str, Any]]) -> None:
        # CREATE OR REPLACE TABLE preserves the rows: columns that both have.
        for row in rows:
            shared = [column.name for column in columns if column.name in row]
            if shared:
                names = ", ".join(identifier(Token("name", one)) for one in shared)
                marks = ", ".join("?" * len(shared))
                self.connection.execute(
                    f"INSERT INTO {self.sqlite_name(library, name)} ({names}) VALUES ({marks})",
                    tuple(row[one] for one in shared),
                )

    def add_file(
        self, library: str, name: str, length: int, *, attribute: str, text: str = "", described: bool = True
    ) -> PhysicalFile:
        """The file object of a new table, with its one member."""
        now = self.job.os.clock()
        lib = self.library(library)
        assert lib is not None
        made = PhysicalFile(
            library,
            name,
            "*FILE",
            attribute,
            text,
            owner=self.job.user,
            created=now,
            changed=now,
            record_length=length,
            described=described,
            members={name: SourceMember(name, changed=now)},
        )
        if lib.for_new != "*SYSVAL":
            give_public(self.job.os.image, made, lib.for_new)
        lib.objects[(name, "*FILE")] = made
        return made

    def _label(self, tokens: list[Token], rewriter: Rewriter) -> None:
        """LABEL ON TABLE: the text of the object, also of a view.  A column's has no effect here."""
        if not tokens[2:3] or not tokens[1].is_name("ON"):
            raise not_valid(tokens[1].text if tokens[1:] else "<END-OF-STATEMENT>")
        if not tokens[2].is_name("TABLE"):
            return
        library, name, at = self._target(tokens, 3, rewriter)
        found = self.file(library, name)
        if found is None:
            raise sql_error(204, f"{name} in {library} type *FILE not found.", name)
        self._may_use(found, MANAGES)
        if not (tokens[at + 1 :] and tokens[at].is_name("IS") and tokens[at + 1].kind == "string"):
            raise not_valid(tokens[at].text if tokens[at:] else "<END-OF-STATEMENT>")
        found.text = tokens[at + 1].text[:50]

    def _create_index(self, tokens: list[Token], at: int, kind: str, rewriter: Rewriter) -> None:
        library, name, at = self._target(tokens, at, rewriter)
        if not tokens[at : at + 1] or not tokens[at].is_name("ON"):
            raise not_valid(tokens[at].text if at < len(tokens) else "<END-OF-STATEMENT>")
        table, _, at = rewriter.table(tokens, at + 1)
        if table.startswith(("temp.", "qtemp.")):
            raise TwinError("the twin's SQL has no index in QTEMP")
        if self.file(library, name) is not None:
            raise sql_error(601, f"{name} in {library} type *FILE already exists.", name)
        self._may_define(library, self.file(*_library_and_name(table)))
        close = match_parenthesis(tokens, at)
        columns = rewriter.expression(tokens[at + 1 : close])
        inside = table.split(".", 1)[1]
        self.connection.execute(f'CREATE {kind} "{library}.{name}" ON {inside} ({columns})')
        self.add_file(library, name, 0, attribute="LF")

    def _create_view(self, tokens: list[Token], at: int, replace: bool, rewriter: Rewriter) -> None:
        library, name, at = self._target(tokens, at, rewriter)
        existing = self.file(library, name)
        if existing is not None and not replace:
            raise sql_error(601, f"{name} in {library} type *FILE already exists.", name)
        self._may_define(library, existing)
        names = ""
        if at < len(tokens) and tokens[at].is_op("("):
            close = match_parenthesis(tokens, at)
            names = f"({rewriter.expression(tokens[at + 1 : close])}) "
            at = close + 1
        if not (at < len(tokens) and tokens[at].is_name("AS")):
            raise not_valid(tokens[at].text if at < len(tokens) else "<END-OF-STATEMENT>")
        read: list[str] = []

        def resolve(schema: str, own: str) -> str:
            read.append(rewriter.resolve(schema, own))
            return read[-1]

        query = Rewriter(resolve, rewriter.slash).query(tokens[at + 1 :])
        if "temp." in query:
            raise TwinError("the twin's SQL has no view of a service or of a table in QTEMP")
        below = tuple(_library_and_name(one) for one in dict.fromkeys(read))
        only = self.file(*below[0]) if len(below) == 1 else None
        if only is not None:
            self._may_use(only, MANAGES)
        inside = f'"{library}.{name}"'
        self.connection.execute(f"DROP VIEW IF EXISTS {inside}")
        self.connection.execute(f"CREATE VIEW {inside} {names}AS {query.replace('main.', '')}")
        made = existing or self.add_file(library, name, 0, attribute="LF")
        made.based_on = below

    def _drop(self, tokens: list[Token], rewriter: Rewriter) -> None:
        kind = tokens[1].text if len(tokens) > 1 else ""
        if kind not in ("TABLE", "VIEW", "INDEX"):
            raise TwinError(f"the twin's SQL does not have DROP {kind}")
        at = 4 if tokens[2:4] and [token.text for token in tokens[2:4]] == ["IF", "EXISTS"] else 2
        library, name, _ = self._target(tokens, at, rewriter)
        found = self.file(library, name)
        if found is None:
            if at == 4:
                return
            raise sql_error(204, f"{name} in {library} type *FILE not found.", name)
        self._may_use(found, "*OBJOPR *OBJEXIST")
        self.delete_file(library, name)

    def delete_file(self, library: str, name: str) -> None:
        """A file goes: its object and the tables of its members."""
        lib, found = self.library(library), self.file(library, name)
        if lib is None or found is None:
            return
        schema = "qtemp" if library == "QTEMP" else "main"
        kinds = dict(
            self.connection.execute(f"SELECT name, type FROM {schema}.sqlite_master WHERE type <> 'trigger'")
        )
        for member in found.members:
            inside = self.sqlite_name(library, name, member).split(".", 1)[1].strip('"')
            if inside in kinds:
                self.connection.execute(f'DROP {kinds[inside]} {schema}."{inside}"')
        del lib.objects[(name, "*FILE")]

    def _alter(self, tokens: list[Token], rewriter: Rewriter) -> None:
        library, name, at = self._target(tokens, 2, rewriter)
        found = self.file(library, name)
        if found is None:
            raise sql_error(204, f"{name} in {library} type *FILE not found.", name)
        self._may_use(found, MANAGES)
        if not (at < len(tokens) and tokens[at].is_name("ADD")):
            raise TwinError("the twin's SQL alters a table by ADD COLUMN only")
        at += 2 if tokens[at + 1].is_name("COLUMN") else 1
        column = parse_column(tokens[at:])
        table = self.sqlite_name(library, name)
        schema, inside = table.split(".", 1)
        existing = columns_of(self.connection, schema, inside.strip('"'))
        if any(one.name == column.name for one in existing):
            raise sql_error(612, f"{column.name} is a duplicate column name.", column.name)
        self.connection.execute(f"ALTER TABLE {table} ADD COLUMN {column.definition()}")
        add_padding(self.connection, schema, inside.strip('"'), [*existing, column])
        found.record_length += column.width

    # -- records (CL files) ----------------------------------------------------------------------------

    def create_flat(self, library: str, name: str, member: str, length: int) -> None:
        """The table of a member of a program-described file: one field, named as the file."""
        schema, inside = self.sqlite_name(library, name, member).split(".", 1)
        inside = inside.strip('"')
        self.connection.execute(f'DROP TABLE IF EXISTS {schema}."{inside}"')
        create_table(self.connection, schema, inside, [Column(name, "CHAR", length)], [])

    def ensure(self, library: str, name: str, member: str = "") -> None:
        """The table of a member that was added without SQL (ADDPFM)."""
        schema, inside = self.sqlite_name(library, name, member).split(".", 1)
        found = self.file(library, name)
        known = f"SELECT 1 FROM {schema}.sqlite_master WHERE name = ?"
        if found is None or self.connection.execute(known, (inside.strip('"'),)).fetchone():
            return
        self.create_flat(library, name, member, found.record_length)

    def records(self, library: str, name: str, member: str = "") -> list[str]:
        """The records of a member as text, in arrival order."""
        table = self.sqlite_name(library, name, member)
        columns = self.columns(library, name, member)
        rows = self.connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
        return [
            "".join(_field(column, value) for column, value in zip(columns, row, strict=True)) for row in rows
        ]

    def columns(self, library: str, name: str, member: str = "") -> list[Column]:
        """The columns of a member's table."""
        table = self.sqlite_name(library, name, member)
        schema, inside = table.split(".", 1)
        known = self.job.os.image.database.columns
        version = f"PRAGMA {schema}.schema_version"
        if table not in known or known[table][0] != self.connection.execute(version).fetchone():
            self.ensure(library, name, member)
            found = columns_of(self.connection, schema, inside.strip('"'))
            known[table] = self.connection.execute(version).fetchone(), found
        return known[table][1]

    def column_names(self, library: str, name: str) -> list[str]:
        """The names of the columns of a table or view that SQL made; none of another file."""
        schema, inside = self.sqlite_name(library, name).split(".", 1)
        return [one[1] for one in self.connection.execute(f"PRAGMA {schema}.table_info({inside})")]

    def clear(self, library: str, name: str, member: str = "") -> None:
        """Remove all records of a member."""
        self.ensure(library, name, member)
        self.connection.execute(f"DELETE FROM {self.sqlite_name(library, name, member)}")

    def append(self, library: str, name: str, member: str, lines: Sequence[str]) -> None:
        """Add records to a member of a program-described file; what is too long is cut."""
        columns = self.columns(library, name, member)
        if len(columns) != 1:
            raise TwinError(f"the twin writes text only into files with one field, not into {library}/{name}")
        size = columns[0].size
        self.connection.executemany(
            f"INSERT INTO {self.sqlite_name(library, name, member)} VALUES (?)",
            [(line[:size],) for line in lines],
        )


def _library_and_name(sqlite_name: str) -> tuple[str, str]:
    library, _, name = sqlite_name.split('"')[1].partition(".")
    return library, name


def _field(column: Column, value: Any) -> str:
    text = "" if value is None else str(value)
    if column.type in ("INTEGER", "NUMERIC"):
        return text.rjust(column.width, "0")
    return text.ljust(column.size)


def session(job: Job) -> Session:
    """The SQL session of a job, opened when it is first needed and closed when the job ends."""
    known = job.resources.get("db2")
    if isinstance(known, Session):
        return known
    made = job.resources["db2"] = Session(job)
    job.on_end.append(made.close)
    return made


def stamp(system: OperatingSystem, at: float | None = None) -> str:
    """A time of the system's own clock (now by default) as a local timestamp of Db2."""
    return system.local(at).strftime("%Y-%m-%d-%H.%M.%S.%f")


__all__ = ["SERVICES", "Escape", "Result", "Session", "session", "stamp"]
