"""The real database edge against a stand-in for pyodbc: every way in which a statement can fail."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent import futures
from types import ModuleType
from typing import Any

import pytest
from flashrt import odbc, status
from flashrt.odbc import KEYWORDS, OdbcDatabase
from flashrt.status import SidecarError


class Pyodbc(ModuleType):
    """The module, its connection and its cursor in one; `fails` says which call raises what."""

    class Error(Exception):
        """As the driver raises it: SQLSTATE, text."""

    def __init__(self) -> None:
        super().__init__("pyodbc")
        self.fails: dict[str, Exception] = {}
        self.calls: list[Any] = []
        self.rows = 1
        self.pooling = True
        self.hangs: dict[str, threading.Event] = {}
        self.hanging = threading.Event()

    def _call(self, name: str, *words: Any) -> None:
        self.calls.append((name, *words))
        if name in self.hangs:
            released = self.hangs[name]
            self.hanging.set()
            released.wait()
        if name in self.fails:
            raise self.fails[name]

    def connect(self, where: str, autocommit: bool) -> Pyodbc:
        self._call("connect", where, autocommit)
        return self

    def execute(self, sql: str, *parameters: Any) -> Pyodbc:
        self._call("execute", sql, *parameters)
        return self

    def fetchmany(self, most: int) -> list[list[Any]]:
        self._call("fetchmany")
        return [["78ABC12 ", 24]] * min(most, self.rows)

    def close(self) -> None:
        self._call("close")


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pyodbc]:
    """Installed as pyodbc, for as long as a thread of the test may still look for it."""
    made = Pyodbc()
    monkeypatch.setitem(sys.modules, "pyodbc", made)
    asked: list[Answer] = []
    monkeypatch.setattr(odbc, "Future", lambda: asked.append(Answer(made)) or asked[-1])
    yield made
    futures.wait(asked, 30)


class Answer(futures.Future):  # type: ignore[type-arg]
    """An answer whose limit passes when the driver hangs, and not before."""

    def __init__(self, driver: Pyodbc) -> None:
        super().__init__()
        self._driver = driver

    def result(self, timeout: float | None = None) -> Any:
        if self._driver.hangs and self._driver.hanging.wait(30):
            timeout = 0
        return super().result(timeout)


def test_one_connection_and_no_open_cursor(driver: Pyodbc) -> None:
    database = OdbcDatabase()
    assert database.query("SELECT 1", ["x"], limit_s=30) == [("78ABC12 ", 24)]
    assert database.query("SELECT 2", limit_s=30) == [("78ABC12 ", 24)]
    assert driver.calls == [
        ("connect", f"DSN=*LOCAL;{KEYWORDS}", True),
        ("execute", "SELECT 1", "x"),
        ("fetchmany",),
        ("close",),
        ("execute", "SELECT 2"),
        ("fetchmany",),
        ("close",),
    ]


def test_neither_the_drivers_query_time_out_nor_a_pool_is_used(driver: Pyodbc) -> None:
    """The one refuses by an estimate and asks for *JOBCTL, the other gives back what was given up."""
    OdbcDatabase().query("SELECT 1", limit_s=30)
    assert not hasattr(driver, "timeout")
    assert driver.pooling is False


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("connect", "did not let this program in within 0 s"),
        ("execute", "that begins SELECT X FROM Y within 0 s"),
        ("fetchmany", "that begins SELECT X FROM Y within 0 s"),
    ],
)
def test_what_hangs_is_left_behind(driver: Pyodbc, call: str, said: str) -> None:
    released = driver.hangs[call] = threading.Event()
    database = OdbcDatabase()
    with pytest.raises(SidecarError) as caught:
        database.query("SELECT X FROM Y", limit_s=0.4)
    assert caught.value.status == status.TIMEOUT
    assert said in caught.value.text
    del driver.hangs[call]
    assert database.query("SELECT 2", limit_s=30) == [("78ABC12 ", 24)]
    assert [name for name, *_ in driver.calls].count("connect") == 2
    released.set()


def test_an_answer_without_end_is_refused(driver: Pyodbc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odbc, "MOST_ROWS", 3)
    driver.rows = 3
    assert len(OdbcDatabase().query("SELECT X", limit_s=30)) == 3
    driver.rows = 4
    with pytest.raises(SidecarError, match="more than 3 rows"):
        OdbcDatabase().query("SELECT X", limit_s=30)


def test_behind_a_failure_the_connection_is_made_again(driver: Pyodbc) -> None:
    """Drivers say in many ways that it was lost."""
    database = OdbcDatabase()
    driver.fails["execute"] = Pyodbc.Error("HY000", "[HY000] [IBM] link failure")
    for _ in range(2):
        with pytest.raises(SidecarError, match="link failure"):
            database.query("SELECT X", limit_s=30)
    assert [name for name, *_ in driver.calls].count("connect") == 2


def test_a_mistake_of_our_own_is_not_hidden(driver: Pyodbc) -> None:
    driver.fails["execute"] = TypeError("not a pyodbc error")
    with pytest.raises(TypeError):
        OdbcDatabase().query("SELECT X", limit_s=30)


@pytest.mark.parametrize(
    ("call", "state", "expected", "said"),
    [
        ("connect", "08001", status.UNREACHABLE, "database host server"),
        ("connect", "IM002", status.UNREACHABLE, "DSN *LOCAL"),
        ("execute", "42S22", status.SYSTEM, "42S22"),
        ("execute", "HY000", status.SYSTEM, "SELECT X"),
        ("fetchmany", "08S01", status.SYSTEM, "08S01"),
    ],
)
def test_each_failure_has_its_status(driver: Pyodbc, call: str, state: str, expected: int, said: str) -> None:
    driver.fails[call] = Pyodbc.Error(state, f"[{state}] [IBM] no")
    with pytest.raises(SidecarError) as caught:
        OdbcDatabase().query("SELECT X FROM Y", limit_s=30)
    assert caught.value.status == expected
    assert said in caught.value.text


def test_without_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyodbc", None)
    with pytest.raises(SidecarError, match="python39-pyodbc") as caught:
        OdbcDatabase().query("SELECT 1", limit_s=30)
    assert caught.value.status == status.CONFIG
