"""Reading a partition: every answer that it may give, in any language, whole or not."""

from __future__ import annotations

import pytest
from deploybench import FOLDER, LIB, LIBG, FakePartition
from flashc.bundle import Bundle
from flashc.deploy import DeployError
from flashc.deploy.facts import FACTS_S, entry_facts, facts_line, gather
from flashc.deploy.record import Record, write_record

CLOCK = {
    "QDATFMT": "DMY",
    "QCENTURY": "1",
    "QYEAR": "26",
    "QMONTH": "11",
    "QDAY": "18",
    "QHOUR": "20",
    "QMINUTE": "05",
}
SQL = [
    "==sql",
    "",
    "00001",
    "-" * 40,
    "FL>V>QSTRUPPGM>QSTRUP    QSYS" + " " * 20,
    "FL>V>QSRLNBR>78ABC12 ",
    *(f"FL>V>{name}>{value}" for name, value in CLOCK.items()),
    "FL>V>",
    "  3 RECORD(S) SELECTED.",
    "FL>P>24",
    f"FL>A>{LIB}/FLR0056>256>{'':24}CLOSED",
    "FL>A>",
    f"FL>C>{LIB}/FLLCK>NAME",
    f"FL>C>{LIB}/FLLCK>RUN   ",
    "FL>C>",
    f"FL>S>FLDDAILY>12>20.35.00>*MON, *TUE>WEEKLY>*NOSBM>HELD>{LIB}>flashc DAILY 0123456789abcdef>"
    f"{LIB}/FLSTRENV ENV(DAILY)   ",
    "FL>S>",
    f"FL>U>{LIB}/FLRUN *FILE>*USE>",
    f"FL>U>{LIB}/FLSTRENV *PGM>*AUTL>{LIB} ",
]


def printed(library: list[str], guard: list[str], sql: list[str] | None = None) -> FakePartition:
    lines = [f"==library {LIB}", *library, f"==library {LIBG}", *guard, *(SQL if sql is None else sql)]
    return FakePartition(answer="\r\n".join(lines) + "\n")


MISSING = ["CPF9801: El objeto BCKFLASHP de la biblioteca QSYS no se ha encontrado."]


def test_names_rows_and_entries_are_read(bundle: Bundle) -> None:
    there = ["FLJRNL.PGM", "FLASHC.JOBQ", "ls: a warning of some kind", "==listed"]
    facts = gather(bundle, printed(there, MISSING))
    assert facts.objects == {LIB: frozenset({"FLJRNL.PGM", "FLASHC.JOBQ"}), LIBG: None}
    assert facts.has(LIB, "FLASHC", "*JOBQ")
    assert not facts.has(LIB, "FLASHC", "*SBSD")
    assert facts.has("QSYS", LIB, "*LIB")
    assert not facts.has("QSYS", LIBG, "*LIB")
    assert facts.start_program == "QSTRUP    QSYS"
    assert (facts.serial, facts.lpar_id) == ("78ABC12", 24)
    assert facts.public == {f"{LIB}/FLRUN *FILE": ("*USE", ""), f"{LIB}/FLSTRENV *PGM": ("*AUTL", LIB)}
    assert facts.areas[f"{LIB}/FLR0056"][24:30] == "CLOSED"
    assert facts.lengths == {f"{LIB}/FLR0056": 256}
    assert facts.columns == {f"{LIB}/FLLCK": {"NAME", "RUN"}}
    (entry,) = facts.entries
    assert (entry.number, entry.time, entry.recovery, entry.held) == ("000012", "203500", "NOSBM", True)
    assert entry.days == {"MON", "TUE"}
    assert entry.command == f"{LIB}/FLSTRENV ENV(DAILY)"
    assert facts.record is None
    assert (facts.date_format, facts.now) == ("DMY", "202611182005")


def test_an_empty_library_is_no_missing_one(bundle: Bundle) -> None:
    assert gather(bundle, printed(["==listed"], ["==listed"])).objects == {
        LIB: frozenset(),
        LIBG: frozenset(),
    }


@pytest.mark.parametrize(
    ("library", "status", "says"),
    [
        (["CPF9802: Not authorized to object BCKFLASHP in QSYS."], 4, "belongs to somebody else"),
        (["sh: /QOpenSys/usr/bin/system: not found"], 3, "Is this partition an IBM i"),
        (["FLJRNL.PGM"], 3, "cannot be read"),
        ([], 3, "no answer"),
    ],
)
def test_a_library_that_cannot_be_read_stops(
    bundle: Bundle, library: list[str], status: int, says: str
) -> None:
    with pytest.raises(DeployError, match=says) as caught:
        gather(bundle, printed(library, MISSING))
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("end", "what"), [("FL>V>", "system values"), ("FL>C>", "columns"), ("FL>S>", "job schedule")]
)
def test_sql_that_does_not_end_is_no_empty_answer(bundle: Bundle, end: str, what: str) -> None:
    rows = [line for line in SQL if line != end] + [" **** CLI ERROR *****", "NATIVE ERROR CODE: -551"]
    with pytest.raises(DeployError, match=f"{what}.*-551"):
        gather(bundle, printed(MISSING, MISSING, rows))


def test_a_release_that_does_not_tell_the_partition_id_is_read_all_the_same(bundle: Bundle) -> None:
    rows = [line for line in SQL if not line.startswith("FL>P>")] + ["SQLSTATE: 42703"]
    assert gather(bundle, printed(MISSING, MISSING, rows)).lpar_id is None


def test_an_entry_that_cannot_be_read_stops(bundle: Bundle) -> None:
    with pytest.raises(DeployError, match="cannot be read"):
        gather(bundle, printed(MISSING, MISSING, [*SQL, "FL>S>FLDDAILY>x>20.35.00"]))


def test_one_line_asks_for_everything() -> None:
    line = facts_line((LIB, LIBG))
    assert line.count("/QOpenSys/usr/bin/qsh -c ") == 1
    assert f"/QOpenSys/usr/bin/ls /QSYS.LIB/{LIBG}.LIB" in line
    assert "\n" not in line
    assert FACTS_S <= 300


def test_the_record_and_the_files_of_a_run_are_read(bundle: Bundle) -> None:
    partition = printed(["==listed"], MISSING)
    partition.files = {
        f"{FOLDER}/manifest.json": (write_record(Record(LIB, {"X": "1"}, {"system": "SISTPROD"})), 0o600),
        f"{FOLDER}/conf/sidecar.json": (b"{}", 0o600),
        f"{FOLDER}/keys/hmc1_ed25519": (b"key", 0o644),
    }
    facts = gather(bundle, partition)
    assert facts.record == Record(LIB, {"X": "1"}, {"system": "SISTPROD"})
    assert facts.files["conf/known_hosts"] is None
    assert (facts.files["conf/sidecar.json"] or "").startswith("44136fa355b3678a")
    key = facts.keys["hmc1_ed25519"]
    assert key is not None
    assert key.mode == 0o644


def test_a_schedule_command_says_what_it_asks_for(bundle: Bundle) -> None:
    asked = entry_facts(bundle.manifest["environments"][0]["schedule_commands"][0])
    assert asked["name"] == "FLDDAILY"
    assert asked["time"] == "203500"
    assert asked["days"] == {"ALL"}
    assert asked["text"].startswith("flashc DAILY ")
    assert len(asked["text"]) <= 50
