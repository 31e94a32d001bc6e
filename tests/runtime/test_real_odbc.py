"""SQL through a real driver manager and driver: pyodbc, unixODBC, psqlodbc and a PostgreSQL server.

The other tests of SQL have a stand-in for pyodbc, or rows in its place.  Here the sidecar's own statements
are asked of tables with the columns and types of the services that they read.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from flashrt import queries, status
from flashrt.odbc import OdbcDatabase
from flashrt.status import SidecarError

from .fakes import World
from .postgres_server import DSN, SILENT, PostgresServer

pytestmark = pytest.mark.systems

TABLES = """
CREATE SCHEMA QSYS2;
CREATE SCHEMA QUSRBRM;
CREATE SCHEMA BCKFLASHP;
CREATE TABLE QSYS2.SYSTEM_STATUS_INFO (SERIAL_NUMBER CHAR(8), PARTITION_ID INTEGER);
CREATE TABLE QSYS2.SYSDISKSTAT (UNIT_NUMBER SMALLINT, ASP_NUMBER SMALLINT, DISK_TYPE VARCHAR(4),
  DISK_MODEL VARCHAR(4), RESOURCE_NAME VARCHAR(10), SERIAL_NUMBER VARCHAR(15));
CREATE TABLE QSYS2.ASP_INFO (ASP_NUMBER INTEGER, ASP_STATE VARCHAR(10), ASP_TYPE VARCHAR(9),
  DEVICE_DESCRIPTION_NAME VARCHAR(10), TOTAL_CAPACITY BIGINT, TOTAL_CAPACITY_AVAILABLE BIGINT);
CREATE TABLE QSYS2.PTF_INFO (PTF_IDENTIFIER VARCHAR(7), PTF_PRODUCT_ID VARCHAR(7),
  PTF_IPL_ACTION VARCHAR(19));
CREATE TABLE QSYS2.SYSTEM_VALUE_INFO (SYSTEM_VALUE_NAME VARCHAR(10), CURRENT_NUMERIC_VALUE BIGINT,
  CURRENT_CHARACTER_VALUE VARCHAR(1280));
CREATE TABLE QSYS2.NETSTAT_INTERFACE_INFO (INTERNET_ADDRESS VARCHAR(45), LINE_DESCRIPTION VARCHAR(10),
  INTERFACE_STATUS VARCHAR(12), AUTOSTART VARCHAR(3));
CREATE TABLE QSYS2.AUTOSTART_JOB_INFO (SUBSYSTEM_DESCRIPTION_LIBRARY VARCHAR(10),
  SUBSYSTEM_DESCRIPTION VARCHAR(10), AUTOSTART_JOB_NAME VARCHAR(10));
CREATE TABLE QSYS2.SCHEDULED_JOB_INFO (SCHEDULED_JOB_NAME VARCHAR(10), SCHEDULED_TIME TIME,
  SCHEDULED_DAYS VARCHAR(34), STATUS VARCHAR(9), COMMAND_STRING VARCHAR(512));
CREATE TABLE QSYS2.JOB_QUEUE_INFO (JOB_QUEUE_LIBRARY VARCHAR(10), JOB_QUEUE_NAME VARCHAR(10),
  SUBSYSTEM_NAME VARCHAR(10), NUMBER_OF_JOBS INTEGER, JOB_QUEUE_STATUS VARCHAR(8));
CREATE TABLE QSYS2.OBJECT_LOCK_INFO (JOB_NAME VARCHAR(28), SYSTEM_OBJECT_SCHEMA VARCHAR(10),
  SYSTEM_OBJECT_NAME VARCHAR(10), OBJECT_TYPE VARCHAR(8), LOCK_STATE VARCHAR(7));
CREATE TABLE QSYS2.DB_TRANSACTION_INFO (JOB_NAME VARCHAR(28), LOCAL_CHANGES_PENDING VARCHAR(3));
CREATE TABLE QSYS2.MEDIA_LIBRARY_INFO (DEVICE_NAME VARCHAR(10), RESOURCE_NAME VARCHAR(10),
  RESOURCE_ALLOCATION_STATUS VARCHAR(13));
CREATE TABLE QSYS2.USER_INFO (AUTHORIZATION_NAME VARCHAR(10), HOME_DIRECTORY VARCHAR(1024));
CREATE TABLE QUSRBRM.BRMS_LOG_INFO (CONTROL_GROUP VARCHAR(10));
CREATE TABLE BCKFLASHP.FLLCK (NAME CHAR(30), RUN CHAR(14), JOB CHAR(28));
"""
"""Tables in place of QSYS2's views: the columns that are read, as the services' pages have them."""

ROWS = """
INSERT INTO QSYS2.SYSTEM_STATUS_INFO VALUES ('78ABC12 ', 24);
INSERT INTO QSYS2.SYSDISKSTAT VALUES
  (1, 1, '2145', '050', 'DMP001', 'Y1'), (1, 1, '2145', '050', 'DMP001', 'Y1'),
  (2, 1, '2145', '050', 'DMP002', 'Y2'), (2, 1, '2145', '050', 'DMP002', 'Y2'),
  (3, 1, '2145', '050', 'DMP003', 'Y3'), (3, 1, '2145', '050', 'DMP003', 'Y3'),
  (0, 0, '2145', '050', 'DMP009', 'Y9');
INSERT INTO QSYS2.ASP_INFO VALUES (1, 'NONE', 'SYSTEM', NULL, 3000000, 900000);
INSERT INTO QSYS2.PTF_INFO VALUES ('SI00001', '5770SS1', 'NONE');
INSERT INTO QSYS2.SYSTEM_VALUE_INFO VALUES
  ('QIPLTYPE', NULL, '0'), ('QIPLDATTIM', NULL, '*NONE'), ('QUTCOFFSET', NULL, '+0100');
INSERT INTO QSYS2.NETSTAT_INTERFACE_INFO VALUES ('192.168.99.15', 'ETHCLONE', 'INACTIVE', 'NO');
INSERT INTO QSYS2.AUTOSTART_JOB_INFO VALUES ('QSYS', 'QSYSWRK', 'QSYSWRKJOB');
INSERT INTO QSYS2.SCHEDULED_JOB_INFO VALUES
  ('FLDAILY', '20:35:00', '*ALL', 'SCHEDULED', 'BCKFLASHP/FLSTRENV ENV(DAILY)');
INSERT INTO QSYS2.JOB_QUEUE_INFO VALUES ('QGPL', 'QBATCH', 'QBATCH', 0, 'RELEASED');
INSERT INTO QSYS2.OBJECT_LOCK_INFO VALUES
  ('100007/QBRMS/QBRMNET', 'QUSRBRM', 'QA1AHS', '*FILE', '*SHRUPD'),
  ('100008/QBRMS/READER', 'QUSRBRM', 'QA1AHS', '*FILE', '*SHRRD');
INSERT INTO QSYS2.DB_TRANSACTION_INFO VALUES ('100010/PAY/POST', 'YES'), ('141601/QUSRSSH/CPY', 'NO');
INSERT INTO QSYS2.MEDIA_LIBRARY_INFO VALUES ('TAPMLB01', NULL, NULL), ('TAPMLB02', 'TAP09', 'ALLOCATED');
INSERT INTO QUSRBRM.BRMS_LOG_INFO VALUES ('SAV21'), ('APPS'), ('APPS'), (NULL);
"""
"""The site of the tests' own rows (fakes.FakeDatabase)."""

LETTERS = "Nachtsicherung für Ærø, Łódź, Αθήνα, 東京 € 'x' \\ #$@"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server with the services' tables, and a table of the product."""
    with PostgresServer() as made:
        made.sql(TABLES + ROWS)
        yield made


@pytest.fixture
def database(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> OdbcDatabase:
    """The sidecar's edge with a data source that leads to the server."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return OdbcDatabase(DSN)


def failed(database: OdbcDatabase, sql: str, limit_s: float = 30.0) -> SidecarError:
    with pytest.raises(SidecarError) as caught:
        database.query(sql, limit_s=limit_s)
    return caught.value


def test_every_statement_of_the_sidecar_is_answered(database: OdbcDatabase) -> None:
    for sql in (*queries.ALL, queries.IPL_AT, queries.lock_rows("BCKFLASHP")):
        rows = database.query(sql, ("BCKFLASHP",) * sql.count("?"), limit_s=30)
        assert isinstance(rows, list)


def test_the_checks_find_by_odbc_what_they_find_in_rows(
    server: PostgresServer, database: OdbcDatabase, world: World
) -> None:
    server.sql(f"INSERT INTO QSYS2.USER_INFO VALUES ('FLASHC', '{world.home}');")

    def findings() -> list[str]:
        answer = world.folder / "details"
        world.call("check", "--clone", "SISTPROD_24", "--report", str(answer))
        return answer.read_text(encoding="utf-8").splitlines()

    by_rows = findings()
    world.edges = world.edges._replace(database=database)
    assert findings() == by_rows
    assert len(by_rows) > 30


def test_text_comes_as_it_is(database: OdbcDatabase) -> None:
    [(text,)] = database.query("SELECT CAST(? AS VARCHAR(100))", (LETTERS,), limit_s=30)
    assert text == LETTERS
    quoted = LETTERS.replace("'", "''")
    [(text,)] = database.query(f"SELECT CAST('{quoted}' AS CHAR(100))", limit_s=30)
    assert text.rstrip() == LETTERS


def test_a_parameter_is_never_a_part_of_the_statement(database: OdbcDatabase) -> None:
    assert database.query(queries.LOCKS, ("X' OR '1' = '1",), limit_s=30) == []


def test_a_statement_that_fails_is_named_and_the_next_is_answered(database: OdbcDatabase) -> None:
    error = failed(database, "SELECT NO_SUCH FROM QSYS2.ASP_INFO")
    assert error.status == status.SYSTEM
    assert "no_such" in error.text
    assert len(error.text) < 400
    assert database.query(queries.IDENTITY, limit_s=30) == [("78ABC12 ", 24)]


def test_a_statement_that_hangs_is_left_behind(database: OdbcDatabase) -> None:
    assert failed(database, "SELECT pg_sleep(600)", 0.2).status == status.TIMEOUT
    assert database.query(queries.IDENTITY, limit_s=30) == [("78ABC12 ", 24)]


@pytest.mark.usefixtures("database")
def test_a_server_that_does_not_greet_is_left_behind() -> None:
    error = failed(OdbcDatabase(SILENT), queries.IDENTITY, 0.2)
    assert error.status == status.TIMEOUT
    assert "did not let this program in" in error.text


def test_a_process_ends_whatever_the_server_does(server: PostgresServer) -> None:
    program = (
        "from flashrt.odbc import OdbcDatabase\n"
        "from flashrt.status import SidecarError\n"
        "try:\n"
        f"    OdbcDatabase({DSN!r}).query('SELECT pg_sleep(600)', limit_s=0.2)\n"
        "except SidecarError as error:\n"
        "    raise SystemExit(error.status)\n"
    )
    environment = {**os.environ, **server.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, timeout=60, check=False)
    assert done.returncode == status.TIMEOUT


def test_a_server_that_ends_and_comes_back(server: PostgresServer, database: OdbcDatabase) -> None:
    assert database.query(queries.IDENTITY, limit_s=30)
    server.stop()
    try:
        assert failed(database, queries.IDENTITY).status == status.SYSTEM
        assert failed(database, queries.IDENTITY).status == status.UNREACHABLE
    finally:
        server.start()
    assert database.query(queries.IDENTITY, limit_s=30) == [("78ABC12 ", 24)]


@pytest.mark.usefixtures("database")
def test_without_the_data_source() -> None:
    error = failed(OdbcDatabase("*NOWHERE"), queries.IDENTITY)
    assert error.status == status.UNREACHABLE
    assert "IM002" in error.text
