"""Plans: what is missing is made, what is right stays alone, what is not ours is not touched."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from deploybench import FOLDER, LIB, LIBG, SEEN, bundle_of, deployed_facts, empty_facts, entry_of, pins_for
from flashc.bundle import Bundle
from flashc.cl.checker import check_text
from flashc.cl.codepages import encode
from flashc.deploy.facts import Facts, in_format
from flashc.deploy.operations import Plan
from flashc.deploy.plan import plan
from flashc.deploy.record import Record
from flashc.deploy.schedule import over, schedule_operations
from flashc.deploy.session import Entry
from flashc.runbook.messages import MESSAGES

ROOT = Path(__file__).resolve().parents[2]


def planned(bundle: Bundle, facts: Facts, *, guard: bool = False) -> Plan:
    return plan(bundle, facts, pins_for(bundle), guard=guard)


def texts(found: Plan) -> str:
    return "\n".join(f.text for f in found.findings)


def test_a_first_deployment_makes_everything_in_an_order_that_works(bundle: Bundle) -> None:
    found = planned(bundle, empty_facts(bundle))
    names = [one.name for one in found.operations]
    assert {one.act for one in found.operations} == {"create"}
    assert not found.refused
    for before, after in (
        (FOLDER, f"{FOLDER}/src"),
        (f"{FOLDER}/conf", f"{FOLDER}/conf/sidecar.json"),
        (f"QSYS/{LIB} *LIB", f"{LIB}/FLJRNL *PGM"),
        (f"{LIBG}/FLIDENT *PGM", f"{LIB}/FLSTRENV *PGM"),
        (f"{LIB}/FLSTRENV *PGM", f"{LIB}/FLSTRENV *CMD"),
        (f"{LIB}/FLMSGEN *MSGF", f"{LIB}/FLMSGEN"),
    ):
        assert names.index(before) < names.index(after)
    assert found.operations[-1].kind == "schedule"
    made = {one.folder for one in found.operations if one.folder}
    assert (f"{FOLDER}/keys", 0o700) in made


def test_every_command_of_a_plan_is_right(bundle: Bundle) -> None:
    found = planned(bundle, empty_facts(bundle))
    commands = [
        text for one in found.operations for c in one.commands for text in (c.text, c.otherwise) if text
    ]
    commands += found.officer
    assert len(commands) > 250
    # in a program a request needs no more than its continuation
    source = (
        "PGM\n"
        + "\n".join(c.replace("ENV(DAILY)", "") for c in commands if "FLSTRENV ENV" not in c)
        + "\nENDPGM\n"
    )
    assert [d for d in check_text(source, "plan", strict=True) if d.severity == "error"] == []


def test_scripts_of_several_tables_run_once(bundle: Bundle) -> None:
    found = planned(bundle, empty_facts(bundle))
    scripts = [c.text for one in found.operations for c in one.commands if "RUNSQLSTM" in c.text]
    assert [text.partition("SRCSTMF('")[2].partition("'")[0] for text in scripts] == [
        f"{FOLDER}/src/{name}.sql" for name in ("FLTABLES", "FLVRUN", "FLVLOG")
    ]
    uploads = [u.path for one in found.operations for u in one.uploads]
    assert f"{FOLDER}/src/FLTABLES.sql" in uploads


def test_a_view_is_made_anew_when_it_says_something_else_and_a_table_never_is(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    files = {
        name: data.replace(b"FLE0039", b"FLE0000") + b"-- \n" if name.endswith(".sql") else data
        for name, data in bundle.files.items()
    }
    (one, two) = planned(replace(bundle, files=files), facts).operations
    assert [(x.kind, x.name, x.act, x.why) for x in (one, two)] == [
        ("view", f"{LIB}/FLVRUN *FILE", "change", "its source has changed"),
        ("view", f"{LIB}/FLVLOG *FILE", "change", "its source has changed"),
    ]
    assert [c.text.partition(" ")[0] for c in one.commands] == ["RUNSQLSTM"]


def test_a_table_that_is_missing_alone_is_made_by_the_script(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    facts = replace(
        facts, objects={**facts.objects, LIB: (facts.objects[LIB] or frozenset()) - {"FLRUN.FILE"}}
    )
    (one,) = planned(bundle, facts).operations
    assert one.name == f"{LIB}/FLRUN *FILE"
    assert [c.name for c in one.commands] == ["RUNSQLSTM", "CHKOBJ"]
    assert one.uploads


def test_nothing_to_do_is_no_change(bundle: Bundle) -> None:
    found = planned(bundle, deployed_facts(bundle))
    assert found.operations == ()
    assert found.findings == ()
    assert found.officer == ()


def test_a_changed_spec_makes_programs_anew_and_leaves_data_and_schedule_alone(
    bundle: Bundle, example: str
) -> None:
    other = bundle_of(example.replace("resume within 30s", "resume within 20s"))
    found = planned(other, deployed_facts(bundle))
    assert {one.kind for one in found.operations} <= {"program", "command", "file"}
    driver = next(one for one in found.operations if one.name == f"{LIB}/FLDDAILY *PGM")
    assert driver.act == "change"
    assert driver.why == "its source has changed"
    assert [c.name for c in driver.commands] == ["CRTBNDCL", "CHGPGM"]
    assert not any(one.name.startswith(LIBG) for one in found.operations)


def test_without_srcstmf_a_source_goes_through_a_member(example: str) -> None:
    found = planned(bundle_of(example.replace("release   7.4", "release   7.3")), empty_facts(bundle_of()))
    names = [one.name for one in found.operations]
    assert names.index(f"{LIB}/QCLSRC *FILE") < names.index(f"{LIB}/FLJRNL *PGM")
    file = next(one for one in found.operations if one.name == f"{LIB}/QCLSRC *FILE")
    assert "RCDLEN(92) CCSID(37) " in file.commands[0].text
    program = next(one for one in found.operations if one.name == f"{LIB}/FLDDAILY *PGM")
    assert [c.name for c in program.commands] == ["CPYFRMSTMF", "CHGPFM", "CRTBNDCL", "CHGPGM"]
    assert "STMFCCSID(1208) DBFCCSID(*FILE)" in program.commands[0].text
    assert "SRCSTMF" not in " ".join(
        c.text for one in found.operations for c in one.commands if "CRT" in c.name
    )


def test_a_changed_guard_waits_for_the_option_and_then_for_a_new_report(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    assert facts.record is not None
    made = {**facts.record.made, f"{LIBG}/FLBOOT *PGM": "another"}
    facts = replace(facts, record=replace(facts.record, made=made))
    quiet = planned(bundle, facts)
    assert quiet.operations == ()
    assert "FLBOOT *PGM has changed" in texts(quiet)
    loud = planned(bundle, facts, guard=True)
    assert [one.name for one in loud.operations] == [f"{LIBG}/FLBOOT *PGM", f"{LIBG}/FLBOOTRPT *DTAARA"]
    assert any(c.startswith("SBMJOB") for c in loud.officer)
    assert not any("QSTRUPPGM" in c for c in loud.officer)


def test_a_guard_without_a_record_is_left_alone(bundle: Bundle) -> None:
    found = planned(bundle, replace(deployed_facts(bundle), record=None))
    assert not any(one.name.startswith(LIBG) for one in found.operations)
    assert "FLBOOT *PGM is there, made from what is unknown" in texts(found)
    loud = planned(bundle, replace(deployed_facts(bundle), record=None), guard=True)
    assert f"{LIBG}/FLBOOT *PGM" in [one.name for one in loud.operations]


def test_a_new_ticket_asks_for_its_authorities_and_a_new_report(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    without = (facts.objects[LIBG] or frozenset()) - {"FLT0056.DTAARA"}
    found = planned(bundle, replace(facts, objects={**facts.objects, LIBG: without}))
    names = [f"{LIBG}/FLT0056 *DTAARA", f"{LIBG}/FLBOOTRPT *DTAARA"]
    assert [one.name for one in found.operations] == names
    assert any("FLT0056" in command for command in found.officer)


def test_the_guard_is_made_where_it_is_missing(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    gone = (facts.objects[LIBG] or frozenset()) - {"FLIDENT.PGM"}
    found = planned(bundle, replace(facts, objects={**facts.objects, LIBG: gone}))
    assert f"{LIBG}/FLIDENT *PGM" in [one.name for one in found.operations]


def test_the_previous_start_up_program_is_recorded_before_the_officer_changes_it(bundle: Bundle) -> None:
    facts = replace(deployed_facts(bundle), start_program="MYSTRUP   QGPL")
    found = planned(bundle, facts)
    (one,) = found.operations
    assert (
        one.commands[0].text == f"QSYS/CHGDTAARA DTAARA({LIBG}/FLPRVSTR *ALL) VALUE('MYSTRUP   QGPL      ')"
    )
    assert found.officer == (f"CHGSYSVAL SYSVAL(QSTRUPPGM) VALUE('FLBOOT {LIBG}')",)


def test_a_system_without_a_start_up_program_is_recorded_as_such(bundle: Bundle) -> None:
    (one,) = planned(bundle, replace(deployed_facts(bundle), start_program="*NONE")).operations
    assert one.commands[0].text.endswith("VALUE('*NONE               ')")
    assert b"IF         COND(&PGM *EQ '*NONE') THEN(RTNSUBR)" in bundle.files["FLBOOT.clle"]


def test_without_a_report_of_the_guard_the_officer_has_all_to_do(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    wrong = {**facts.areas, f"{LIBG}/FLBOOTRPT": "P" + "SITE".ljust(10) + "FLASHC".ljust(10)}
    found = planned(bundle, replace(facts, areas=wrong))
    assert any(c.startswith("SBMJOB") for c in found.officer)
    assert any("QPMLPMGT" in c for c in found.officer)


def test_folders_open_to_others_are_closed(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    facts = replace(facts, folders={**facts.folders, f"{FOLDER}/keys": Entry(0o755, 0, True)})
    (one,) = planned(bundle, facts).operations
    assert (one.act, one.folder) == ("change", (f"{FOLDER}/keys", 0o700))
    assert "0755" in one.why


def test_keys_are_reported_and_never_uploaded(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    facts = replace(
        facts, keys={**facts.keys, "hmc1_ed25519": None, "v7000_ed25519": Entry(0o640, 400, False)}
    )
    found = planned(bundle, facts)
    assert found.operations == ()
    assert f"{FOLDER}/keys/hmc1_ed25519 is missing" in texts(found)
    assert "v7000_ed25519 can be read by others (mode 0640)" in texts(found)
    first = planned(bundle, empty_facts(bundle))
    assert not any("/keys/" in u.path for one in first.operations for u in one.uploads)


def test_a_library_with_objects_of_others_is_refused(bundle: Bundle) -> None:
    facts = replace(empty_facts(bundle), objects={LIB: frozenset({"PAYROLL.PGM", "FLJRNL.PGM"}), LIBG: None})
    found = planned(bundle, facts)
    assert "PAYROLL.PGM" in found.refused[0].text
    assert "FLJRNL" not in found.refused[0].text


def test_objects_that_others_added_later_are_left_alone(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    more = (facts.objects[LIB] or frozenset()) | {"MYEXIT.PGM"}
    assert planned(bundle, replace(facts, objects={**facts.objects, LIB: more})).operations == ()


@pytest.mark.parametrize(
    ("serial", "lpar_id", "severity"),
    [
        ("78ABC12", 56, "refused"),
        ("99XYZ99", 24, "refused"),
        ("", None, "refused"),
        ("78ABC12", None, "attention"),
    ],
)
def test_only_production_is_deployed_to(
    bundle: Bundle, serial: str, lpar_id: int | None, severity: str
) -> None:
    found = planned(bundle, replace(deployed_facts(bundle), serial=serial, lpar_id=lpar_id))
    (finding,) = found.findings
    assert finding.severity == severity
    assert "serial 78ABC12 partition 24" in finding.text


@pytest.mark.parametrize(
    ("serial", "lpar_id", "report", "made"),
    [
        ("78ABC12", 24, "", True),
        ("78ABC12", None, SEEN, True),
        ("78ABC12", None, "", False),
        ("78ABC12", None, "C" + SEEN[1:], False),
        ("78ABC12", None, SEEN.replace("QPGMR ", "FLASHC"), False),
        # What the id says is not overruled by a report, which a copy of the disks has as well.
        ("78ABC12", 56, SEEN, False),
        ("", None, SEEN, False),
    ],
)
def test_entries_are_made_only_on_proven_production(
    bundle: Bundle, serial: str, lpar_id: int | None, report: str, made: bool
) -> None:
    facts = replace(empty_facts(bundle), serial=serial, lpar_id=lpar_id)
    found = planned(bundle, replace(facts, areas={f"{LIBG}/FLBOOTRPT": report}))
    entries = [one.name for one in found.operations if one.kind == "schedule"]
    name = "FLDDAILY at 20:35:00"
    assert (entries, [one.name for one in found.waiting]) == (([name], []) if made else ([], [name]))
    assert not any("JOBSCDE" in c.text for one in found.operations for c in one.commands) or made


def test_entries_that_wait_are_told_with_what_to_do(bundle: Bundle) -> None:
    found = planned(bundle, replace(empty_facts(bundle), lpar_id=None))
    assert not found.refused
    assert "Schedule entries follow (FLDDAILY at 20:35:00)" in texts(found)
    assert "Enter the officer's commands, then deploy again." in texts(found)
    assert any("QPMLPMGT" in command for command in found.officer)
    assert [one["name"] for one in found.as_json()["waiting"]] == ["FLDDAILY at 20:35:00"]


def test_entries_are_changed_only_on_proven_production_and_removed_anywhere(bundle: Bundle) -> None:
    changed = entry_of(schedule_command(bundle), time="213000")
    old = entry_of(schedule_command(bundle), 13, name="FLDOLD", text="flashc OLD 0123456789abcdef")
    facts = deployed_facts(bundle)
    unseen = {**facts.areas, f"{LIBG}/FLBOOTRPT": ""}
    found = planned(bundle, replace(facts, entries=(changed, old), areas=unseen, lpar_id=None))
    assert [(one.act, one.name) for one in found.operations] == [("remove", "FLDOLD 000013")]
    assert [(one.act, one.name) for one in found.waiting] == [("change", "FLDDAILY 000012")]


def test_entries_that_are_right_do_not_wait(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    found = planned(bundle, replace(facts, areas={**facts.areas, f"{LIBG}/FLBOOTRPT": ""}, lpar_id=None))
    assert (found.operations, found.waiting) == ((), ())
    assert "Schedule entries follow" not in texts(found)


def test_an_open_run_refuses(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    opened = f"20261118203500{'DAILY':<10}SAVING"
    found = planned(bundle, replace(facts, areas={**facts.areas, f"{LIB}/FLR0056": opened}))
    assert "20261118203500" in found.refused[0].text
    assert "FLRCVENV" in found.refused[0].text


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (Record("OTHERLIB", {}, {"system": "SISTPROD"}), "belongs to library OTHERLIB"),
        (Record(LIB, {}, {"system": "SISTTEST"}), "deployed for system SISTTEST"),
    ],
)
def test_the_folder_of_another_installation_is_refused(bundle: Bundle, record: Record, says: str) -> None:
    found = planned(bundle, replace(deployed_facts(bundle), record=record))
    assert says in found.refused[0].text


def test_host_keys_that_are_not_pinned_refuse(bundle: Bundle) -> None:
    found = plan(bundle, deployed_facts(bundle), b"10.1.0.10 ssh-ed25519 AAAA\n")
    assert "array V7000 (10.1.0.20:22)" in found.refused[0].text
    assert "console HMC1 (10.1.0.10" not in found.refused[0].text


def test_programs_of_an_environment_that_is_gone_are_removed(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    assert facts.record is not None
    made = {**facts.record.made, f"{LIB}/FLDOLD *PGM": "x", f"{LIB}/FLBOLD *PGM": "y"}
    there = (facts.objects[LIB] or frozenset()) | {"FLDOLD.PGM"}
    facts = replace(facts, record=replace(facts.record, made=made), objects={**facts.objects, LIB: there})
    found = {one.name: one for one in planned(bundle, facts).operations}
    assert found[f"{LIB}/FLDOLD *PGM"].commands[0].text == f"QSYS/DLTPGM PGM({LIB}/FLDOLD)"
    assert found[f"{LIB}/FLBOLD *PGM"].commands == ()
    assert found[f"{LIB}/FLBOLD *PGM"].made == {f"{LIB}/FLBOLD *PGM": ""}


def test_an_object_whose_making_was_interrupted_is_made_anew(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    assert facts.record is not None
    made = {k: v for k, v in facts.record.made.items() if k != f"{LIB}/FLASHC *SBSD"}
    (one,) = planned(bundle, replace(facts, record=replace(facts.record, made=made))).operations
    assert [c.name for c in one.commands][:2] == ["DLTSBSD", "CRTSBSD"]


def test_only_changed_messages_are_changed(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    assert facts.record is not None
    made = {**facts.record.made, f"{LIB}/FLMSGEN FLO0055": "another"}
    (one,) = planned(bundle, replace(facts, record=replace(facts.record, made=made))).operations
    (command,) = one.commands
    assert command.text.startswith("ADDMSGD MSGID(FLO0055)")
    assert command.otherwise.startswith("CHGMSGD MSGID(FLO0055)")


@pytest.mark.parametrize(
    ("language", "file", "ccsid", "text"),
    [
        ("spanish", "FLMSGES", 284, "Copia preparada: &1"),
        ("french", "FLMSGFR", 297, "Copie préparée : &1"),
    ],
)
def test_texts_that_are_not_7_bit_are_sent_as_bytes_of_their_code_page(
    language: str, file: str, ccsid: int, text: str
) -> None:
    spec = (ROOT / "examples/nightly_brms.flash").read_text(encoding="utf-8")
    bundle = bundle_of(spec.replace("library   BCKFLASHP", f"library BCKFLASHP\n    language {language}"))
    found = planned(bundle, empty_facts(bundle))
    (made,) = (c.text for one in found.operations for c in one.commands if c.name == "CRTMSGF")
    assert made == f"CRTMSGF MSGF({LIB}/{file}) TEXT('Messages ({language})') CCSID(*MSGD) AUT({LIB})"
    sent = [c.text for one in found.operations for c in one.commands if c.name == "ADDMSGD"]
    assert len(sent) == len(MESSAGES)
    assert all(line.isascii() and line.endswith(f" CCSID({ccsid})") for line in sent)
    (line,) = (line for line in sent if "FLO0049" in line)
    assert f" MSG(X'{encode(text, ccsid).hex().upper()}') SECLVL(X'" in line
    assert f"MSG('{text}')" in bundle.files[f"{file}.msgf"].decode("utf-8")


# -- the job schedule --------------------------------------------------------------------------------


def schedule_command(bundle: Bundle) -> str:
    command: str = bundle.manifest["environments"][0]["schedule_commands"][0]
    return command


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"time": "213000"}, "time 21:30:00 instead of 20:35:00"),
        ({"days": frozenset({"MON"})}, "days MON instead of every day"),
        ({"recovery": "SBMRLS"}, "recovery *SBMRLS instead of *NOSBM"),
        ({"command": "DLTLIB LIB(X)"}, "command DLTLIB"),
    ],
)
def test_an_entry_changed_by_hand_is_put_right_under_its_number(
    bundle: Bundle, changes: dict[str, Any], says: str
) -> None:
    entry = entry_of(schedule_command(bundle), **changes)
    (one,) = planned(bundle, replace(deployed_facts(bundle), entries=(entry,))).operations
    assert one.act == "change"
    assert "changed by hand" in one.why
    assert says in one.why
    assert one.commands[0].text.startswith("QSYS/CHGJOBSCDE JOB(FLDDAILY) ENTRYNBR(000012) CMD(")


def test_days_written_one_by_one_are_every_day(bundle: Bundle) -> None:
    week = frozenset({"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"})
    entry = entry_of(schedule_command(bundle), days=week)
    assert planned(bundle, replace(deployed_facts(bundle), entries=(entry,))).operations == ()


def test_a_new_time_keeps_the_entry_and_its_hold(bundle: Bundle, example: str) -> None:
    other = bundle_of(example.replace("20:35", "21:00"))
    facts = replace(deployed_facts(bundle), entries=(entry_of(schedule_command(bundle), held=True),))
    found = planned(other, facts)
    changed = [one for one in found.operations if one.kind == "schedule"]
    assert [one.act for one in changed] == ["change"]
    assert "SCDTIME('210000')" in changed[0].commands[0].text
    assert "is held and stays so" in texts(found)


def test_an_entry_that_is_not_in_the_spec_is_removed_only_when_it_is_ours(bundle: Bundle) -> None:
    ours = entry_of(schedule_command(bundle), 12)
    old = entry_of(schedule_command(bundle), 13, name="FLDOLD", text="flashc OLD 0123456789abcdef")
    elsewhere = replace(old, number="000014", library="OTHERLIB", command="OTHERLIB/FLSTRENV ENV(OLD)")
    found = planned(bundle, replace(deployed_facts(bundle), entries=(ours, old, elsewhere)))
    (one,) = found.operations
    assert one.commands[0].text == "QSYS/RMVJOBSCDE JOB(FLDOLD) ENTRYNBR(000013)"


def test_an_unmarked_entry_that_starts_an_environment_refuses(bundle: Bundle) -> None:
    strange = entry_of(schedule_command(bundle), text="my own entry", library="QGPL")
    found = planned(bundle, replace(deployed_facts(bundle), entries=(strange,)))
    assert "RMVJOBSCDE JOB(FLDDAILY) ENTRYNBR(000012)" in found.refused[0].text


DATED = f"ADDJOBSCDE JOB(FLDDAILY) CMD({LIB}/FLSTRENV ENV(DAILY)) FRQ(*ONCE) SCDDATE('2026-12-31') "


@pytest.mark.parametrize(
    ("date_format", "written"),
    [("DMY", "31122026"), ("MDY", "12312026"), ("YMD", "20261231"), ("JUL", "2026365")],
)
def test_a_date_is_written_as_the_partition_takes_it(date_format: str, written: str) -> None:
    assert f"SCDDATE('{written}')" in in_format(DATED, date_format)


def test_a_single_start_is_made_until_its_time_has_passed(bundle: Bundle) -> None:
    command = DATED + "SCDDAY(*NONE) SCDTIME('180000') TEXT('flashc DAILY 0123456789abcdef')"
    manifest = {**bundle.manifest, "environments": [{"name": "DAILY", "schedule_commands": [command]}]}
    facts = replace(empty_facts(bundle), date_format="DMY", now="202612311759")
    (made,), _ = schedule_operations(manifest, facts)
    assert "SCDDATE('31122026')" in made.commands[0].text
    assert over(manifest, facts.now) == []
    assert schedule_operations(manifest, replace(facts, now="202612311800")) == ([], [])
    assert over(manifest, "202612311800") == ["DAILY"]


def test_a_plan_says_of_an_environment_that_every_date_has_passed(bundle: Bundle) -> None:
    late = replace(empty_facts(bundle), now="202612311800")
    assert not any("starts no more" in one.text for one in plan(bundle, late, b"").findings)
    command = DATED + "SCDDAY(*NONE) SCDTIME('180000') TEXT('flashc DAILY 0123456789abcdef')"
    [daily] = bundle.manifest["environments"]
    old = replace(
        bundle, manifest={**bundle.manifest, "environments": [{**daily, "schedule_commands": [command]}]}
    )
    said = [one for one in plan(old, late, b"").findings if "starts no more" in one.text]
    assert [(one.severity, one.text[:32]) for one in said] == [
        ("attention", "DAILY starts no more: every date")
    ]


def test_every_object_is_closed_to_the_public(bundle: Bundle) -> None:
    """AUT(*EXCLUDE), or the operators' list, which is closed itself; tables get CRTAUT of their library."""
    tables = {"FLJRN", "FLRUN", "FLLCK", "FLRST"}
    for one in bundle.manifest["objects"]:
        made = " ".join(one["create"])
        if one["name"] in tables or "RUNSQLSTM" in made:
            continue
        assert re.search(rf" AUT\((\*EXCLUDE|{LIB})\)", made), one
    for name in (LIB, LIBG):
        library = next(o for o in bundle.manifest["objects"] if o["name"] == name and o["type"] == "*LIB")
        assert "CRTAUT(*EXCLUDE)" in library["create"][0]
    assert f"CRTAUTL AUTL({LIB})" in str(bundle.manifest["objects"])


def authorities(found: Plan) -> dict[str, list[str]]:
    return {x.name: [c.text for c in x.commands] for x in found.operations if x.kind == "authority"}


def test_the_public_gets_what_the_version_says_also_of_what_was_replaced(bundle: Bundle) -> None:
    facts = deployed_facts(bundle)
    assert facts.record is not None
    made = {**facts.record.made, f"{LIB}/FLSTRENV *PGM": "another"}
    public = {
        f"QSYS/{LIB} *LIB": ("*AUTL", LIB),
        f"{LIB}/FLSTRENV *PGM": ("*EXCLUDE", ""),
        f"{LIB}/FLUNDO *PGM": ("*AUTL", LIB),
        f"{LIB}/FLRUN *FILE": ("*USE", ""),
        f"{LIB}/FLJRN *FILE": ("*EXCLUDE", ""),
    }
    facts = replace(facts, public=public, record=replace(facts.record, made=made))
    found = planned(bundle, facts)
    assert authorities(found) == {
        f"{LIB}/FLSTRENV *PGM": [
            f"QSYS/GRTOBJAUT OBJ({LIB}/FLSTRENV) OBJTYPE(*PGM) AUTL({LIB})",
            f"QSYS/GRTOBJAUT OBJ({LIB}/FLSTRENV) OBJTYPE(*PGM) USER(*PUBLIC) AUT(*AUTL)",
        ],
        f"{LIB}/FLUNDO *PGM": [
            f"QSYS/RVKOBJAUT OBJ({LIB}/FLUNDO) OBJTYPE(*PGM) AUTL({LIB})",
            f"QSYS/GRTOBJAUT OBJ({LIB}/FLUNDO) OBJTYPE(*PGM) USER(*PUBLIC) AUT(*EXCLUDE)",
        ],
        f"{LIB}/FLRUN *FILE": [f"QSYS/GRTOBJAUT OBJ({LIB}/FLRUN) OBJTYPE(*FILE) USER(*PUBLIC) AUT(*EXCLUDE)"],
    }
    names = [(x.kind, x.name) for x in found.operations]
    assert names.index(("program", f"{LIB}/FLSTRENV *PGM")) < names.index(
        ("authority", f"{LIB}/FLSTRENV *PGM")
    )
    # what the record knows of a definition stays as it is behind the compile
    record = {key: value for one in found.operations for key, value in one.made.items()}
    assert record[f"{LIB}/FLSTRENV *PGM"] != "another"
    assert record[f"{LIB}/FLRUN *FILE"] == made[f"{LIB}/FLRUN *FILE"]


def test_where_authorities_are_not_told_nothing_is_done_about_them(bundle: Bundle) -> None:
    assert authorities(planned(bundle, deployed_facts(bundle))) == {}
