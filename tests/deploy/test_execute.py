"""Carrying out: in batches, recorded, stopped at the first failure, and gone on with from there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from deploybench import FOLDER, LIB, LIBG, FakePartition, bundle_of, deployed_facts, empty_facts, pins_for
from flashc.bundle import Bundle
from flashc.deploy import DeployError, DeployResult, Step, execute
from flashc.deploy.command import Command, cl, messages, sh
from flashc.deploy.execute import BATCH, BATCH_CHARACTERS
from flashc.deploy.plan import plan
from flashc.deploy.record import Record, read_record, write_record
from flashc.deploy.session import KEPT_LINES, Reply, run_commands


def deployed(bundle: Bundle, partition: FakePartition, record: Record | None = None) -> DeployResult:
    found = plan(bundle, empty_facts(bundle), pins_for(bundle))
    return execute(bundle, partition, found, record or Record(LIB))


def test_everything_is_done_and_recorded(bundle: Bundle) -> None:
    partition, steps = FakePartition(), list[Step]()
    found = plan(bundle, empty_facts(bundle), pins_for(bundle))
    result = execute(bundle, partition, found, Record(LIB), steps.append)
    assert result.complete
    record = read_record(partition.files[f"{FOLDER}/manifest.json"][0], "manifest.json")
    facts = deployed_facts(bundle)
    assert facts.record is not None
    assert record.made == facts.record.made
    assert partition.files[f"{FOLDER}/conf/known_hosts"] == (pins_for(bundle), 0o600)
    assert partition.folders[f"{FOLDER}/keys"] == 0o700
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == steps[-1].total


def test_files_are_tagged_as_what_they_are(bundle: Bundle) -> None:
    partition = FakePartition()
    deployed(bundle, partition)
    tagged = [line for line in partition.ran if "setccsid" in line]
    assert any("1208" in line and "src/FLJRNL.clle" in line for line in tagged)
    assert [line for line in tagged if "setccsid 819" in line] == [
        f"/QOpenSys/usr/bin/setccsid 819 '{FOLDER}/bin/flashrt.pyz' 2>&1"
    ]


def test_it_stops_at_the_first_failure_and_goes_on_from_there(bundle: Bundle) -> None:
    partition = FakePartition({"CRTDTAQ DTAQ(BCKFLASHP/FLGRDB)": ["CPF2283: Authorization list missing."]})
    result = deployed(bundle, partition)
    assert result.failure is not None
    assert result.failure.operation.name == f"{LIB}/FLGRDB *DTAQ"
    assert [m.id for m in result.failure.messages] == ["CPF2283"]
    assert not any("FLCMDQ" in command for command in partition.ran)
    assert not result.complete
    record = read_record(partition.files[f"{FOLDER}/manifest.json"][0], "manifest.json")
    assert f"{LIB}/FLGRDA *DTAQ" in record.made
    assert f"{LIB}/FLGRDB *DTAQ" not in record.made


def test_a_compile_error_is_shown_at_its_place_in_the_spec(bundle: Bundle) -> None:
    lines = bundle.files["FLDDAILY.clle"].decode().splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "STATE(*STRPRC)" in text)
    partition = FakePartition(
        {"CRTBNDCL PGM(BCKFLASHP/FLDDAILY)": ["CPF0801: Program FLDDAILY not created."]}
    )
    partition.files[f"{FOLDER}/src/events.evf"] = (events(line), 0o600)
    failure = deployed(bundle, partition).failure
    assert failure is not None
    copied = next(text for text in partition.ran if "CPYTOSTMF" in text)
    assert "/QSYS.LIB/BCKFLASHP.LIB/EVFEVENT.FILE/FLDDAILY.MBR" in copied
    (found,) = failure.diagnostics
    assert (found.code, found.severity, found.message) == ("CPD0030", "error", "Command INZBRM not found.")
    assert Path(found.span.file).name == "nightly_brms.flash"
    assert Path(found.span.file).read_text().splitlines()[found.span.line - 1].strip() == "on clone brms {"
    assert (found.related[0].span.file, found.related[0].span.line) == ("FLDDAILY.clle", line)
    assert failure.listing == (f"{line:>5} {lines[line - 1]}", "* CPD0030  Command INZBRM not found.")
    assert failure.as_json()["diagnostics"][0]["code"] == "CPD0030"


def events(line: int) -> bytes:
    """An event file as the CL compiler writes it: a finding of severity 30, and one that is none."""
    return (
        "TIMESTAMP  0 20250315210435\r\nPROCESSOR  0 000 1\r\n"
        "FILEID     0 001 000000 039 /flashc/BCKFLASHP/src/FLDDAILY.clle 20250315210433 0\r\n"
        f"ERROR      0 001 1 {line:06d} {line:06d} 000 {line:06d} 000 CPD0030 S 30 116 "
        "Command INZBRM not found.      \r\n"
        "ERROR      0 001 1 000020 000020 000 000020 000 CPD0791 I 00 116 No labels used in program.\r\n"
        "FILEEND    0 001 000000\r\n"
    ).encode()


def test_a_compile_that_did_not_read_the_source_shows_no_older_events(bundle: Bundle) -> None:
    partition = FakePartition(
        {
            "CRTBNDCL PGM(BCKFLASHP/FLJRNL)": [
                "CPD0043: Keyword SRCSTMF not valid.",
                "CPF0006: Errors occurred.",
            ]
        }
    )
    partition.files[f"{FOLDER}/src/events.evf"] = (events(3), 0o600)
    failure = deployed(bundle, partition).failure
    assert failure is not None
    assert failure.diagnostics == ()
    assert failure.listing == ("CPD0043: Keyword SRCSTMF not valid.", "CPF0006: Errors occurred.")
    assert not any("CPYTOSTMF" in text for text in partition.ran)


def test_a_message_that_is_there_is_changed(bundle: Bundle) -> None:
    partition = FakePartition({"ADDMSGD MSGID(FLO0055)": ["CPF2412: Message ID FLO0055 already exists."]})
    assert deployed(bundle, partition).complete
    assert any(command.startswith("CHGMSGD MSGID(FLO0055)") for command in partition.ran)
    assert not any(command.startswith("CHGMSGD MSGID(FLO0017)") for command in partition.ran)


def test_a_lost_connection_says_what_is_unknown_and_keeps_what_was_recorded(bundle: Bundle) -> None:
    partition = FakePartition(lost_at="CRTMSGQ")
    with pytest.raises(DeployError, match=r"CRTMSGQ.*unknown") as caught:
        deployed(bundle, partition)
    assert caught.value.status == 3
    assert read_record(partition.files[f"{FOLDER}/manifest.json"][0], "manifest.json").library == LIB


def test_what_waits_is_not_done_and_told(bundle: Bundle) -> None:
    partition = FakePartition()
    found = plan(bundle, replace(empty_facts(bundle), lpar_id=None), pins_for(bundle))
    result = execute(bundle, partition, found, Record(LIB))
    assert result.complete
    assert not any("JOBSCDE" in command for command in partition.ran)
    told = result.as_json()
    assert [one["name"] for one in told["waiting"]] == ["FLDDAILY at 20:35:00"]
    assert "FLDDAILY at 20:35:00" not in told["done"]


def test_a_refused_plan_touches_nothing(bundle: Bundle) -> None:
    partition = FakePartition()
    found = plan(bundle, empty_facts(bundle), b"")
    result = execute(bundle, partition, found, Record(LIB))
    assert not result.complete
    assert (partition.ran, partition.files, partition.folders) == ([], {}, {})


def test_batches_are_lines_that_a_shell_takes(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    partition = FakePartition()
    original = partition.run

    def run(line: str, limit_s: float, on_line: Callable[[str], None] | None = None) -> Reply:
        lines.append(line)
        return original(line, limit_s, on_line)

    monkeypatch.setattr(partition, "run", run)
    deployed(bundle, partition)
    work = [line for line in lines if "==flashc" in line]
    assert max(line.count("exit 255") for line in work) == BATCH
    assert max(map(len, work)) < BATCH_CHARACTERS + 40 * BATCH
    assert len(work) < 60
    assert max(map(len, work)) < 12_000


def test_only_our_guard_library_is_cleared_of_its_report(bundle: Bundle) -> None:
    commands = [
        c.text for one in plan(bundle, empty_facts(bundle), pins_for(bundle)).operations for c in one.commands
    ]
    assert not any("CHGDTAARA" in text for text in commands)
    assert any(f"PGM({LIBG}/FLBOOT)" in text for text in commands)


# -- commands, quoting, messages ---------------------------------------------------------------------


def test_quotes_for_cl_and_for_the_shell() -> None:
    command = Command(f"SNDMSG MSG({cl(chr(39) + 'it' + chr(39))}) TOUSR(X)")
    assert command.text == "SNDMSG MSG('''it''') TOUSR(X)"
    assert command.shell() == (
        "/QOpenSys/usr/bin/system 'SNDMSG MSG('\\'''\\'''\\''it'\\'''\\'''\\'') TOUSR(X)' 2>&1"
    )
    assert sh("a$b`c\\") == "'a$b`c\\'"


def test_secrets_are_never_shown() -> None:
    command = Command("CHGUSRPRF USRPRF(X) PASSWORD('se''cret')", ("se'cret",))
    assert "secret" not in command.shown.replace("''", "")
    assert command.shown == "CHGUSRPRF USRPRF(X) PASSWORD('***')"


@pytest.mark.parametrize("text", ["CRTLIB LIB(X)\nDLTLIB LIB(Y)", "CRTLIB LIB(\u00c4)", "X" * 6001, "A\0B"])
def test_what_cannot_be_sent_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="CL command"):
        Command(text)


def test_messages_are_known_by_their_id_in_any_language() -> None:
    lines = [
        "CPF2111: La biblioteca X ya existe.",
        "just text",
        "  SQL0601: X in Y type *FILE already exists.",
    ]
    assert [(m.id, m.text[:5]) for m in messages(lines)] == [("CPF2111", "La bi"), ("SQL0601", "X in ")]


def test_a_flood_of_lines_is_cut_to_its_begin_and_its_end() -> None:
    partition = FakePartition({"CRTLIB": [f"line {n}" for n in range(5000)]})
    progress = run_commands(partition, [Command("CRTLIB LIB(X)")], 10.0)
    assert len(progress.lines) == KEPT_LINES
    assert progress.lines[0] == "line 0"
    assert progress.lines[-1] == "line 4999"


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"version": "1", "library": "X", "made": {}}', b"\xff\xfe"]
)
def test_a_damaged_record_is_no_first_installation(data: bytes) -> None:
    with pytest.raises(DeployError, match="cannot be read as the record") as caught:
        read_record(data, "manifest.json")
    assert caught.value.status == 4


def test_a_record_of_a_newer_format_names_who_wrote_it() -> None:
    written = json.loads(write_record(Record("X", {}, {"flashc": "0.7.0"})))
    with pytest.raises(DeployError, match=r"format 2, .* up to 1: a newer one \(0\.7\.0\)") as caught:
        read_record(json.dumps({**written, "version": 2}).encode(), "manifest.json")
    assert caught.value.status == 4
    # an older one is read
    assert read_record(json.dumps({**written, "version": 0}).encode(), "manifest.json").library == "X"


def test_the_same_spec_gives_the_same_plan(example: str) -> None:
    one, two = bundle_of(example), bundle_of(example)
    assert plan(one, empty_facts(one), pins_for(one)) == plan(two, empty_facts(two), pins_for(two))
