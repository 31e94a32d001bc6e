"""The real database edge against a stand-in for pyodbc: every way in which a statement can fail."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from flashrt import status
from flashrt.edges import OdbcDatabase
from flashrt.status import SidecarError


class Pyodbc(ModuleType):
    """The module, its connection and its cursor in one; `fails` says which call raises what."""

    class Error(Exception):
        """As the driver raises it: SQLSTATE, text."""

    def __init__(self) -> None:
        super().__init__("pyodbc")
        self.fails: dict[str, Exception] = {}
        self.calls: list[Any] = []
        self.timeout = 0

    def _call(self, name: str, *words: Any) -> None:
        self.calls.append((name, *words))
        if name in self.fails:
            raise self.fails[name]

    def connect(self, where: str, autocommit: bool, timeout: int) -> Pyodbc:
        self._call("connect", where, autocommit, timeout)
        return self

    def execute(self, sql: str, *parameters: Any) -> Pyodbc:
        self._call("execute", sql, self.timeout, *parameters)
        return self

    def fetchall(self) -> list[list[Any]]:
        self._call("fetchall")
        return [["78ABC12 ", 24]]

    def close(self) -> None:
        self._call("close")


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Pyodbc:
    """Installed as pyodbc."""
    made = Pyodbc()
    monkeypatch.setitem(sys.modules, "pyodbc", made)
    return made


def test_one_connection_and_no_open_cursor(driver: Pyodbc) -> None:
    database = OdbcDatabase()
    assert database.query("SELECT 1", ["x"], limit_s=30) == [("78ABC12 ", 24)]
    database.execute("DELETE", limit_s=0.2)
    assert driver.calls == [
        ("connect", "DSN=*LOCAL", True, 30),
        ("execute", "SELECT 1", 30, "x"),
        ("fetchall",),
        ("close",),
        ("execute", "DELETE", 1),
        ("close",),
    ]


@pytest.mark.parametrize(
    ("call", "state", "expected", "said"),
    [
        ("connect", "08001", status.UNREACHABLE, "database host server"),
        ("connect", "IM002", status.UNREACHABLE, "DSN *LOCAL"),
        ("execute", "42S22", status.SYSTEM, "42S22"),
        ("execute", "HYT00", status.TIMEOUT, "SELECT X"),
        ("fetchall", "HYT01", status.TIMEOUT, "SELECT X"),
        ("fetchall", "08S01", status.SYSTEM, "08S01"),
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
