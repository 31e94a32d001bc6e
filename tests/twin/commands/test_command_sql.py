"""SQL on the simulated system: what CL programs of the product do with it, and how it refuses."""

from __future__ import annotations

import pytest
from commandbench import LIBRARY, Bench
from flashtwin import odbc
from flashtwin.db2 import session
from flashtwin.db2_functions import add
from flashtwin.db2_tokens import statements
from flashtwin.errors import Escape, TwinError

DDL = """
-- The product's journal
CREATE TABLE BCKFLASHP.FLJRN (
    RUN CHAR(14) NOT NULL,
    SIDE CHAR(1) NOT NULL,
    SEQ INTEGER NOT NULL,
    TS CHAR(26) NOT NULL,
    KIND CHAR(1) NOT NULL,
    CODE CHAR(3) NOT NULL,
    MSGID CHAR(7) NOT NULL,
    TXT VARCHAR(400) NOT NULL,
    PRIMARY KEY (RUN, SIDE, SEQ)
);
CREATE INDEX BCKFLASHP.FLJRN1 ON BCKFLASHP.FLJRN (RUN, KIND);
LABEL ON TABLE BCKFLASHP.FLJRN IS 'Journal of flashc';
"""


@pytest.fixture
def journal(bench: Bench) -> Bench:
    """A bench whose library has the journal, made by RUNSQLSTM."""
    place = bench.image.ifs / "flashc" / LIBRARY / "tables.sql"
    place.write_text(DDL, encoding="utf-8")
    done = bench.run(f"RUNSQLSTM SRCSTMF('/flashc/{LIBRARY}/tables.sql') COMMIT(*NONE) NAMING(*SQL)")
    assert done.end_code == 0, done.messages
    return bench


def run(bench: Bench, sql: str, *, commit: str = "*NONE") -> str:
    """RUNSQL of a statement: "" or the id of its escape."""
    quoted = sql.replace("'", "''")
    return bench.run(f"RUNSQL SQL('{quoted}') COMMIT({commit}) NAMING(*SQL)", seconds=60).escape


def rows(bench: Bench, sql: str) -> list[tuple[object, ...]]:
    """The rows of a query, as a job of the product sees them."""
    job = bench.os.new_job("QUERY", "FLASHC")
    try:
        return list(session(job).run(sql).rows)
    finally:
        job.end_outside()
        bench.os.jobs.pop(job.number)


INSERT = (
    "INSERT INTO BCKFLASHP.FLJRN (RUN, SIDE, SEQ, TS, KIND, CODE, MSGID, TXT) SELECT '20261118203500', 'S', "
    "COALESCE(MAX(SEQ), 0) + 1, '2026-11-18-20.35.00.000000', 'I', 'O5', 'FLO0055', 'it''s' FROM "
    "BCKFLASHP.FLJRN WHERE RUN = '20261118203500' AND SIDE = 'S'"
)


def test_rows_number_themselves_and_char_columns_keep_their_blanks(journal: Bench) -> None:
    assert run(journal, INSERT) == ""
    assert run(journal, INSERT) == ""
    found = rows(journal, "SELECT SEQ, CODE CONCAT MSGID, TXT FROM BCKFLASHP.FLJRN ORDER BY SEQ")
    assert found == [(1, "O5 FLO0055", "it's"), (2, "O5 FLO0055", "it's")]
    # A comparison does not see the trailing blanks.
    assert rows(journal, "SELECT COUNT(*) FROM BCKFLASHP.FLJRN WHERE CODE = 'O5'") == [(2,)]


@pytest.mark.parametrize(
    ("sql", "msgid"),
    [
        ("INSERT INTO BCKFLASHP.NOTHERE VALUES (1)", "SQL0204"),
        ("INSERT INTO NOLIB.FLJRN VALUES (1)", "SQL0204"),
        ("INSERT INTO BCKFLASHP.FLJRN (RUN) VALUES ('20261118203500')", "SQL0407"),
        ("INSERT INTO BCKFLASHP.FLJRN VALUES (1, 2)", "SQL0117"),
        ("UPDATE BCKFLASHP.FLJRN SET KIND = 'XX'", "SQL0404"),
        ("UPDATE BCKFLASHP.FLJRN SET SEQ = 'abc'", "SQL0420"),
        ("UPDATE BCKFLASHP.FLJRN SET NOCOLUMN = 1", "SQL0206"),
        ("INSERT INTO BCKFLASHP.FLJRN SELECT * FROM BCKFLASHP.FLJRN", "SQL0803"),
        ("INSERT INTO BCKFLASHP.FLJRN SELEC 1", "SQL0104"),
        ("DELETE BCKFLASHP.FLJRN WHERE TXT = 'open", "SQL0010"),
        ("INVENT TABLE", "SQL0104"),
        ("SELECT RUN FROM BCKFLASHP.FLJRN", "SQL0084"),
        ("CREATE TABLE BCKFLASHP.FLJRN (A INTEGER)", "SQL0601"),
        ("DROP TABLE BCKFLASHP.NOTHERE", "SQL0204"),
    ],
)
def test_what_is_wrong_has_the_id_of_db2(journal: Bench, sql: str, msgid: str) -> None:
    assert run(journal, INSERT) == ""
    assert run(journal, sql) == msgid


def test_a_change_under_commitment_control_fails_as_nothing_is_journaled(journal: Bench) -> None:
    assert run(journal, INSERT, commit="*CHG") == "SQL7008"
    assert run(journal, INSERT, commit="*NONE") == ""


def test_a_table_that_cannot_grow_is_not_changed(journal: Bench) -> None:
    assert run(journal, INSERT) == ""
    journal.image.tables_full = True
    assert run(journal, INSERT) == "SQL0904"
    assert run(journal, "DELETE FROM BCKFLASHP.FLJRN") == "SQL0904"
    journal.image.tables_full = False
    assert run(journal, INSERT) == ""


def test_a_table_is_a_file_object_until_it_is_dropped(journal: Bench) -> None:
    assert journal.run("CHKOBJ OBJ(BCKFLASHP/FLJRN) OBJTYPE(*FILE)").escape == ""
    assert run(journal, "DROP TABLE BCKFLASHP.FLJRN") == ""
    assert journal.run("CHKOBJ OBJ(BCKFLASHP/FLJRN) OBJTYPE(*FILE)").escape == "CPF9801"
    assert run(journal, INSERT) == "SQL0204"


def test_replacing_a_table_keeps_its_rows(journal: Bench) -> None:
    assert run(journal, INSERT) == ""
    sql = "CREATE OR REPLACE TABLE BCKFLASHP.FLJRN (RUN CHAR(14) NOT NULL, TXT VARCHAR(400), MORE INTEGER)"
    assert run(journal, sql) == ""
    assert rows(journal, "SELECT RUN, TXT, MORE FROM BCKFLASHP.FLJRN") == [("20261118203500", "it's", None)]


def test_the_open_undo_is_found_by_the_statement_of_the_product(journal: Bench) -> None:
    job = journal.os.new_job("UNDO", "FLASHC")
    sql = session(job)
    for kind, msgid in (("A", "FLU0001"), ("A", "FLU0002"), ("Z", "FLU0002"), ("B", "FLU0003")):
        sql.run(INSERT.replace("'I'", f"'{kind}'").replace("FLO0055", msgid))
    sql.create_flat("QTEMP", "FLRSLT", "FLRSLT", 512)
    sql.add_file("QTEMP", "FLRSLT", 512, attribute="PF")
    sql.run(
        "INSERT INTO QTEMP.FLRSLT SELECT U.CODE CONCAT U.MSGID CONCAT U.TXT FROM BCKFLASHP.FLJRN U WHERE "
        "U.RUN = '20261118203500' AND U.SIDE = 'S' AND U.SEQ = (SELECT MAX(O.SEQ) FROM BCKFLASHP.FLJRN O "
        "WHERE O.RUN = U.RUN AND O.SIDE = U.SIDE AND O.KIND = 'A' AND NOT EXISTS (SELECT 1 FROM "
        "BCKFLASHP.FLJRN Z WHERE Z.RUN = O.RUN AND Z.SIDE = O.SIDE AND Z.MSGID = O.MSGID AND Z.KIND IN "
        "('Z','X')))"
    )
    assert [one.rstrip() for one in sql.records("QTEMP", "FLRSLT")] == ["O5 FLU0001it's"]
    assert len(sql.records("QTEMP", "FLRSLT")[0]) == 512


def test_expressions_of_db2(bench: Bench) -> None:
    found = rows(
        bench,
        "SELECT CAST(7 AS CHAR(3)) CONCAT '!', SUBSTR('ABCDE', 2, 3), RTRIM('A  '), DIGITS(12), "
        "CAST(SUBSTR('0000000042', 1, 10) AS INTEGER), LOCATE('C', 'ABC'), TRIM(TRAILING 'X' FROM 'AXX'), "
        "VALUE(NULL, 'B'), VARCHAR_FORMAT('2026-11-18-20.35.00.000000', 'YYYYMMDDHH24MISS') "
        "FROM SYSIBM.SYSDUMMY1 WITH UR",
    )
    assert found == [("7  !", "BCD", "A", "0000000012", 42, 3, "A", "B", "20261118203500")]


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("SELECT COUNT(*) FROM BCKFLASHP.FLJRN WHERE FLJRN.SEQ = 2", [(1,)]),
        ("SELECT BCKFLASHP.FLJRN.SEQ FROM BCKFLASHP.FLJRN ORDER BY SEQ DESC FETCH FIRST ROW ONLY", [(3,)]),
        (
            "SELECT SEQ FROM BCKFLASHP.FLJRN FETCH FIRST 2 ROWS ONLY OPTIMIZE FOR 2 ROWS",
            [(1,), (2,)],
        ),
        ("WITH X AS (SELECT MAX(SEQ) M FROM BCKFLASHP.FLJRN) SELECT M + 1 FROM X FOR READ ONLY", [(4,)]),
        ("SELECT A.SEQ FROM BCKFLASHP.FLJRN A, BCKFLASHP.FLJRN B WHERE A.SEQ = B.SEQ + 2", [(3,)]),
        (
            "SELECT A.SEQ FROM BCKFLASHP.FLJRN A JOIN BCKFLASHP.FLJRN B ON A.SEQ = B.SEQ + 2 WHERE 1 = 1",
            [(3,)],
        ),
        (
            "SELECT CASE WHEN SEQ != 1 THEN 'B' ELSE 'A' END FROM BCKFLASHP.FLJRN WHERE SEQ IN (1, 2)",
            [("A",), ("B",)],
        ),
        ("SELECT SEQ FROM BCKFLASHP.FLJRN WHERE TXT LIKE 'IT%'", []),
        ("SELECT SEQ FROM BCKFLASHP.FLJRN WHERE NULLIF(SEQ, 1) IS NOT DISTINCT FROM NULL", [(1,)]),
        (
            "SELECT(V.SEQ) FROM (SELECT SEQ, ROW_NUMBER() OVER(ORDER BY SEQ DESC) AS N FROM "
            "BCKFLASHP.FLJRN) V WHERE (V.N <= 2) ORDER BY 1",
            [(2,), (3,)],
        ),
        ("VALUES(1)", [(1,)]),
        # a text has the bytes of the job's code page, unless it is cast to another
        ("VALUES(HEX('az'))", [("81A9",)]),
        ("VALUES(HEX(CAST('az' AS VARCHAR(10) CCSID 1208)))", [("617A",)]),
    ],
)
def test_queries(journal: Bench, sql: str, wanted: list[tuple[object, ...]]) -> None:
    for _ in range(3):
        assert run(journal, INSERT) == ""
    assert rows(journal, sql) == wanted


def test_system_naming_has_slashes_and_the_library_list(journal: Bench) -> None:
    assert run(journal, INSERT) == ""
    none = journal.run("RUNSQL SQL('DELETE FROM BCKFLASHP/FLJRN WHERE SEQ = 9') COMMIT(*NONE)")
    assert none.escape == "SQL0100"
    assert journal.run("RUNSQL SQL('DELETE FROM FLJRN') COMMIT(*NONE)").escape == ""
    assert rows(journal, "SELECT * FROM BCKFLASHP.FLJRN") == []
    # Under SQL names a table without a library is one of the user's own.
    assert run(journal, "DELETE FROM FLJRN") == "SQL0204"


@pytest.mark.parametrize(
    ("value", "number", "unit", "wanted"),
    [
        ("2026-01-31-00.00.00.000000", 1, "MONTH", "2026-02-28-00.00.00.000000"),
        ("2028-02-29", 1, "YEAR", "2029-02-28"),
        ("2026-12-31-23.59.59.000000", 1, "SECOND", "2027-01-01-00.00.00.000000"),
        ("2026-12-15", -12, "MONTH", "2025-12-15"),
        (None, 1, "DAY", None),
    ],
)
def test_labelled_durations(value: str | None, number: int, unit: str, wanted: str | None) -> None:
    assert add(value, number, unit) == wanted


def test_the_clock_of_sql_is_the_systems_local_time(bench: Bench) -> None:
    found = rows(
        bench, "SELECT CURRENT TIMESTAMP, CURRENT TIMESTAMP - 2 HOURS, CURRENT DATE FROM SYSIBM.SYSDUMMY1"
    )
    assert found == [("2026-11-18-20.00.00.000000", "2026-11-18-18.00.00.000000", "2026-11-18")]


def test_what_the_twin_does_not_know_of_sql_is_said_aloud(bench: Bench) -> None:
    for sql in (
        "SELECT SOUNDEX('A') FROM SYSIBM.SYSDUMMY1",
        "SELECT * FROM TABLE(QSYS2.JOBLOG_INFO('123456/A/B')) X",
        "SELECT * FROM QSYS2.NO_SUCH_SERVICE",
        "MERGE INTO BCKFLASHP.FLJRN",
    ):
        with pytest.raises(TwinError):
            rows(bench, sql)


def test_qtemp_belongs_to_its_job(journal: Bench) -> None:
    done = journal.call(
        """
        PGM
        CRTPF FILE(QTEMP/FLRSLT) RCDLEN(512)
        RUNSQL SQL('INSERT INTO QTEMP.FLRSLT VALUES(''A'')') COMMIT(*NONE) NAMING(*SQL)
        ENDPGM
        """
    )
    assert done.end_code == 0, done.messages
    assert run(journal, "INSERT INTO QTEMP.FLRSLT VALUES('B')") == "SQL0204"
    inside = journal.image.database.connection.execute("SELECT name FROM qtemp.sqlite_master")
    assert inside.fetchall() == []


def test_a_script_stops_at_its_first_error(bench: Bench) -> None:
    place = bench.image.ifs / "flashc" / LIBRARY / "bad.sql"
    place.write_text(
        "CREATE TABLE BCKFLASHP.ONE (A INTEGER); CREATE TABEL X; CREATE TABLE BCKFLASHP.TWO (A INT);"
    )
    done = bench.run(f"RUNSQLSTM SRCSTMF('/flashc/{LIBRARY}/bad.sql') COMMIT(*NONE)")
    assert done.ids("*DIAG", "*ESCAPE") == ["SQL0104", "SQL9010"]
    assert (("ONE", "*FILE") in bench.image.libraries[LIBRARY].objects) is True
    assert (("TWO", "*FILE") in bench.image.libraries[LIBRARY].objects) is False


def test_a_script_is_cut_at_its_semicolons_only() -> None:
    assert statements("A 'x;y' ; -- c;\n B /* ; */ ;; ") == ["A 'x;y'", "-- c;\n B /* ; */"]


def test_no_row_waits_for_a_table_that_another_job_has(journal: Bench) -> None:
    """A table made by SQL has the file wait *IMMED."""
    journal.os.locks.take(journal.os.new_job("HOLDER", "FLASHC"), (LIBRARY, "FLJRN", "*FILE"), "*EXCL")
    number = journal.start("RUNSQL SQL('DELETE FROM BCKFLASHP.FLJRN') COMMIT(*NONE) NAMING(*SQL)")
    journal.go(1)
    assert journal.done(number).escape == "SQL0913"


def test_a_new_column_waits_for_the_table_as_long_as_its_job_waits_for_anything(journal: Bench) -> None:
    statement = "RUNSQL SQL('ALTER TABLE BCKFLASHP.FLJRN ADD COLUMN X INTEGER') COMMIT(*NONE) NAMING(*SQL)"
    holder = journal.os.new_job("HOLDER", "FLASHC")
    journal.os.locks.take(holder, (LIBRARY, "FLJRN", "*FILE"), "*EXCL")
    number = journal.start(statement)
    journal.go(29)
    assert journal.done(number).end_code is None
    journal.os.locks.end_of(holder)
    journal.go(1)
    assert journal.done(number).end_code == 0
    journal.os.locks.take(holder, (LIBRARY, "FLJRN", "*FILE"), "*EXCL")
    number = journal.start(statement)
    journal.go(31)
    assert journal.done(number).escape == "SQL0913"


def test_changes_wait_while_the_system_is_suspended(journal: Bench) -> None:
    job = journal.os.new_job("BUSY", "FLASHC")
    journal.suspend()
    task = journal.os.spawn(
        "insert", job.perform("RUNSQL SQL('" + INSERT.replace("'", "''") + "') COMMIT(*NONE) NAMING(*SQL)")
    )
    journal.go(60)
    assert not task.ended
    journal.resume()
    assert task.ended
    assert rows(journal, "SELECT COUNT(*) FROM BCKFLASHP.FLJRN") == [(1,)]


# -- the services, and programs outside of CL ------------------------------------------------------------


def ask(
    bench: Bench, sql: str, *parameters: object, limit: float = 30.0, seconds: float = 60.0
) -> dict[str, object]:
    """One statement over ODBC."""
    task = bench.os.spawn("odbc", odbc.statement(bench.os, "FLASHC", sql, parameters, limit))
    bench.go(seconds)
    assert task.ended
    answer: dict[str, object] = task.result
    return answer


def test_every_query_of_the_sidecar_is_answered(bench: Bench) -> None:
    from flashrt import queries

    for sql in queries.ALL:
        assert "rows" in ask(bench, sql, *["BCKFLASHP"] * sql.count("?")), sql


def test_services_show_the_running_system(bench: Bench) -> None:
    units = ask(bench, "SELECT UNIT_NUMBER, SERIAL_NUMBER FROM QSYS2.SYSDISKSTAT")["rows"]
    assert units == [[n, v.uid[-10:]] for n, v in enumerate(bench.os.partition.volumes, 1)]
    sql = (
        "SELECT INTERNET_ADDRESS, INTERFACE_STATUS FROM QSYS2.NETSTAT_INTERFACE_INFO WHERE AUTOSTART = 'YES'"
    )
    assert ask(bench, sql)["rows"] == [["127.0.0.1", "ACTIVE"], ["::1", "ACTIVE"], ["10.1.0.5", "ACTIVE"]]
    sql = "SELECT CURRENT_CHARACTER_VALUE FROM QSYS2.SYSTEM_VALUE_INFO WHERE SYSTEM_VALUE_NAME = 'QSRLNBR'"
    assert ask(bench, sql)["rows"] == [["78ABC12"]]
    sql = "SELECT SUBSYSTEM_NAME FROM QSYS2.JOB_QUEUE_INFO WHERE JOB_QUEUE_NAME = 'FREE'"
    assert ask(bench, sql)["rows"] == [["QBATCH"]]
    sql = "SELECT COMMAND_STRING, STATUS FROM QSYS2.SCHEDULED_JOB_INFO WHERE SCHEDULED_JOB_NAME = 'INVOICES'"
    assert ask(bench, sql)["rows"] == [["CALL PGM(APPLIB/INVOICES)", "SCHEDULED"]]


def test_odbc_needs_the_host_server(bench: Bench) -> None:
    assert odbc.reachable(bench.os)
    bench.os.network.stop()
    assert ask(bench, "SELECT 1 FROM SYSIBM.SYSDUMMY1")["failed"] == "unreachable"


def test_a_copy_has_no_host_server_until_it_starts_one(bench: Bench) -> None:
    bench.image.captured_at = bench.world.now
    assert not odbc.reachable(bench.os)
    assert bench.run("STRHOSTSVR SERVER(*DATABASE)").escape == ""
    assert odbc.reachable(bench.os)


def test_odbc_says_what_failed_and_gives_up_in_time(journal: Bench) -> None:
    answer = ask(journal, "SELECT X FROM BCKFLASHP.FLJRN")
    assert answer["failed"] == "system"
    assert str(answer["text"]).startswith("SQL0206")
    journal.suspend()
    assert ask(journal, INSERT, limit=5.0)["failed"] == "timeout"
    assert ask(journal, "SELECT COUNT(*) FROM BCKFLASHP.FLJRN")["rows"] == [[0]]


def test_a_capture_has_its_own_tables(journal: Bench) -> None:
    assert run(journal, INSERT) == ""
    copied = journal.world.capture(journal.os.partition.volumes)
    assert copied is not None
    assert run(journal, INSERT) == ""
    counted = copied.database.connection.execute('SELECT COUNT(*) FROM "BCKFLASHP.FLJRN"')
    assert counted.fetchone() == (1,)


def test_statements_that_differ_in_their_constants_only(journal: Bench) -> None:
    """They are one text for SQLite, and each is what it says."""
    assert run(journal, 'CREATE TABLE BCKFLASHP.T (A VARCHAR(20), "B\'C" CHAR(4))') == ""
    insert = """INSERT /* isn't */ INTO BCKFLASHP.T (A, "B'C") VALUES({}, {}) -- 'x'"""
    assert [run(journal, insert.format(*pair)) for pair in (("'it''s'", "X'C1'"), ("''", "'b'"))] == ["", ""]
    assert rows(journal, "SELECT * FROM BCKFLASHP.T") == [("it's", "A   "), ("", "b   ")]
    change = """UPDATE BCKFLASHP.T SET A = A CONCAT '{}' WHERE "B'C" = '{}'"""
    assert [run(journal, change.format(*pair)) for pair in (("1", "A"), ("2", "b"), ("3", "A "))] == [""] * 3
    assert rows(journal, "SELECT A FROM BCKFLASHP.T ORDER BY A DESC") == [("it's13",), ("2",)]
    for wrong in ("'a'", "'it''s'"):
        with pytest.raises(Escape) as caught:
            rows(journal, f"DELETE FROM BCKFLASHP.T WHERE A = [{wrong}")
        assert (caught.value.msgid, caught.value.text) == ("SQL0104", "Token [ was not valid.")
    assert run(journal, insert.format("'a'", "'too long'")) == "SQL0404"


def test_a_known_statement_asks_for_its_table_and_its_authority_each_time(journal: Bench) -> None:
    assert run(journal, INSERT) == ""
    table = journal.image.find("BCKFLASHP", "FLJRN", "*FILE")
    assert table is not None
    table.owner, table.public = "QSECOFR", "*USE"
    assert run(journal, INSERT) == "SQL0551"
    table.public = "*CHANGE"
    assert run(journal, INSERT) == ""
    assert run(journal, "DROP TABLE BCKFLASHP.FLJRN") == "SQL0551"
    table.public = "*ALL"
    assert run(journal, "DROP TABLE BCKFLASHP.FLJRN") == ""
    assert run(journal, INSERT) == "SQL0204"


VIEW = (
    "CREATE OR REPLACE VIEW BCKFLASHP.LATE (RUN, LATER, DAYS, SECONDS) AS SELECT J.RUN, TIMESTAMP(J.TS) + "
    "J.SEQ SECONDS, DAYS(TIMESTAMP(J.TS)) - DAYS(DATE('2026-11-01')), MIDNIGHT_SECONDS(TIMESTAMP(J.TS)) FROM "
    "BCKFLASHP.FLJRN J"
)


def test_a_view_follows_its_table(journal: Bench) -> None:
    assert run(journal, VIEW) == ""
    assert run(journal, "LABEL ON TABLE BCKFLASHP.LATE IS 'What is late'") == ""
    made = journal.os.image.find("BCKFLASHP", "LATE", "*FILE")
    assert made is not None
    assert (made.text, made.attribute) == ("What is late", "LF")
    assert rows(journal, "SELECT * FROM BCKFLASHP.LATE") == []
    assert run(journal, INSERT) == ""
    ((_, later, days, seconds),) = rows(journal, "SELECT * FROM BCKFLASHP.LATE")
    ((stamp, seq),) = rows(journal, "SELECT TS, SEQ FROM BCKFLASHP.FLJRN")
    assert later == rows(journal, f"SELECT TIMESTAMP('{stamp}') + {seq} SECONDS FROM SYSIBM.SYSDUMMY1")[0][0]
    assert days == int(str(stamp)[8:10]) - 1
    hours, minutes, rest = str(stamp)[11:19].split(".")
    assert seconds == int(hours) * 3600 + int(minutes) * 60 + int(rest)
    assert run(journal, VIEW) == ""
    assert journal.os.image.find("BCKFLASHP", "LATE", "*FILE") is made


def grant(bench: Bench, what: str, authority: str = "*USE") -> str:
    """The security officer gives ANNA an authority to an object; the message id of an error."""
    return bench.run(f"GRTOBJAUT {what} USER(ANNA) AUT({authority})", user="QSECOFR").escape


def test_a_view_gives_nobody_its_table(journal: Bench) -> None:
    assert run(journal, VIEW) == ""
    assert grant(journal, "OBJ(BCKFLASHP/FLJRN) OBJTYPE(*FILE)", "*EXCLUDE") == ""
    for what, type_ in (("BCKFLASHP", "*LIB"), ("BCKFLASHP/LATE", "*FILE")):
        place = what if "/" in what else f"QSYS/{what}"
        assert grant(journal, f"OBJ({place}) OBJTYPE({type_})") == ""
    job = journal.os.new_job("QUERY", "ANNA")
    with pytest.raises(Escape, match="FLJRN"):
        session(job).run("SELECT * FROM BCKFLASHP.LATE")
    assert grant(journal, "OBJ(BCKFLASHP/FLJRN) OBJTYPE(*FILE)") == ""
    assert session(job).run("SELECT * FROM BCKFLASHP.LATE").rows == ()


def test_errors_of_the_text_itself() -> None:
    from flashtwin.db2_tokens import tokenize

    with pytest.raises(Escape, match="SQL0110"):
        tokenize("SELECT X'4G'")
    with pytest.raises(Escape, match="SQL0101"):
        tokenize("x" * 3_000_000)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM BCKFLASHP.FLJRN",
        "UPDATE BCKFLASHP.FLJRN SET KIND = 'Z'",
        "INSERT INTO BCKFLASHP.FLJRN SELECT * FROM BCKFLASHP.FLJRN WHERE SEQ = 0",
    ],
)
def test_a_statement_that_finds_no_row_ends_with_sql0100(journal: Bench, sql: str) -> None:
    assert run(journal, sql) == "SQL0100"
