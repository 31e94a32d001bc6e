"""Identity first: what acts on a console or an array runs on production only, else it connects nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from flashrt import queries, status
from flashrt.identity import changes_something, prove_production
from flashrt.main import ARRAY_ACTS
from flashrt.status import CONFIG, SYSTEM, TIMEOUT, UNREACHABLE, SidecarError

from .fakes import RUN, World

CLONE = ("--clone", "SISTPROD_24", "--run", RUN)
ACTING = [
    ("console", "off"),
    ("console", "off", "--immediate"),
    ("console", "on"),
    ("array", "V7000", "release"),
    ("array", "V7000", "prepare"),
    ("array", "V7000", "trigger"),
    ("array", "V7000", "present"),
    ("array", "V7000", "abort"),
    ("arm", "--deadline", "60"),
    ("arm", "--deadline", "60", "--test"),
]
READING = [
    ("console", "state"),
    ("array", "V7000", "probe"),
    ("array", "V7000", "status"),
    ("array", "V7000", "check"),
    ("array", "V7000", "holds"),
    ("array", "V7000", "prove"),
    ("array", "V7000", "usage"),
    ("array", "V7000", "require", "--group", "SISTPROD_24", "--state", "copying"),
    ("array", "V7000", "lacks"),
    ("array", "V7000", "clock"),
    ("watch",),
]
ODBC_MISSING = SidecarError(CONFIG, "SQL cannot be used here: No module named 'pyodbc'.")
HOST_SERVER_DOWN = SidecarError(UNREACHABLE, "The database of this partition cannot be reached by ODBC.")


def show(world: World, rows: Any) -> None:
    """What SYSTEM_STATUS_INFO answers."""
    world.database.rows["SYSTEM_STATUS_INFO"] = rows


@pytest.mark.parametrize("words", ACTING, ids=" ".join)
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("78ABC12", 56)], "partition 56 of machine 78ABC12, which is not SISTPROD"),
        ([("78XYZ99", 24)], "partition 24 of machine 78XYZ99, which is not SISTPROD"),
        (HOST_SERVER_DOWN, "SQL did not answer"),
        ([("78ABC12", None)], "GRTOBJAUT OBJ(QSYS/QPMLPMGT)"),
    ],
)
def test_what_acts_is_refused_off_production(
    world: World, words: tuple[str, ...], rows: Any, said: str
) -> None:
    show(world, rows)
    called = world.call(*words, *CLONE)
    assert (called.status, called.word) == (status.REFUSED, "REFUSED")
    assert called.text.startswith("Nothing was sent: ")
    assert said in called.text
    assert world.network.connects == []


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_what_reads_needs_no_proof(world: World, words: tuple[str, ...]) -> None:
    show(world, HOST_SERVER_DOWN)
    called = world.call(*words, *CLONE)
    assert "Nothing was sent" not in called.text
    assert world.network.connects != []
    assert queries.IDENTITY not in world.database.asked


def test_every_act_of_an_array_is_one_or_the_other() -> None:
    tried = {words[2] for words in [*ACTING, *READING] if words[0] == "array"}
    assert tried == set(ARRAY_ACTS)
    assert all(changes_something("array", words[2]) for words in ACTING if words[0] == "array")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "one row"),
        ([("78ABC12", 24), ("78ABC12", 24)], "one row"),
        ([("78ABC12",)], "one row"),
        ([(None, 24)], "no serial number"),
        ([("  ", 24)], "no serial number"),
        ([("78ABC12", "")], "no partition id"),
        ([("78ABC12", -1)], "no partition id"),
        ([("78ABC12", "\u00b2")], "no partition id"),
        ([("78ABC12", "9" * 5000)], "no partition id"),
        ([("78ABC12", 999_999_999)], "not SISTPROD"),
        (ODBC_MISSING, "pyodbc"),
        (SidecarError(SYSTEM, "SQL failed: SQL0206 column SERIAL_NUMBER not found."), "SQL0206"),
        (SidecarError(TIMEOUT, "SQL failed: HYT00."), "HYT00"),
    ],
)
def test_what_cannot_be_read_is_refused(world: World, rows: Any, said: str) -> None:
    show(world, rows)
    with pytest.raises(SidecarError) as caught:
        prove_production(world.config, world.edges)
    assert caught.value.status == status.REFUSED
    assert said in caught.value.text
    assert len(caught.value.text) <= 472 - 100


def test_one_statement_proves_any_declared_pair(world: World) -> None:
    world.data["system"]["identities"] = [{"serial": "78abc12", "lpar": 24}, {"serial": "78DR001", "lpar": 3}]
    world.save()
    for rows in ([("78ABC12 ", 24)], [("78DR001", "3")]):
        show(world, rows)
        world.database.asked.clear()
        assert world.call("console", "off", *CLONE).word == "ASKED"
        assert world.database.asked == [queries.IDENTITY]
    # Serial and id count as a pair only.
    show(world, [("78DR001", 24)])
    assert world.call("console", "off", *CLONE).status == status.REFUSED


def test_a_refused_trigger_leaves_its_reason_for_the_driver(world: World) -> None:
    show(world, [("78ABC12", 56)])
    world.call("arm", "--deadline", "60", *CLONE)
    folder = world.folder / "runs" / RUN
    assert (folder / "armed.failed").read_text().startswith("20REFUSED")
    assert not (folder / "armed").exists()


def test_the_checks_say_early_what_would_be_refused_later(world: World) -> None:
    show(world, [("78ABC12", None)])
    called = world.call("check", *CLONE)
    assert called.status == status.REFUSED
    assert "QPMLPMGT" in called.text


ARRAY_BY_HAND = ("array", "V7000", "release", "--clone", "SISTPROD_24")


def test_a_call_by_hand_on_a_workstation_is_not_asked(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    show(world, ODBC_MISSING)
    world.edges = world.edges._replace(partition=False)
    assert world.call(*ARRAY_BY_HAND).status == 0
    assert "identity is not asked" in capsys.readouterr().err


def test_a_call_of_a_run_is_asked_everywhere(world: World) -> None:
    show(world, ODBC_MISSING)
    world.edges = world.edges._replace(partition=False)
    assert world.call(*ARRAY_BY_HAND, "--run", RUN).status == status.REFUSED


def test_a_call_by_hand_on_a_partition_is_asked(world: World) -> None:
    show(world, ODBC_MISSING)
    assert world.call(*ARRAY_BY_HAND).status == status.REFUSED
