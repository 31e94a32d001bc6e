"""The bundle: the same spec gives the same bytes; every generated source is as it was read and accepted."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from pathlib import Path

import pytest
from flashc.bundle import Bundle, build
from flashc.bundle.context import BRMS_NETWORK_JOBS, system_context
from flashc.bundle.render import WIDTH, comment_text, quote, render
from flashc.check import load
from flashc.cl.ast import Quoted
from flashc.cl.checker import check_text
from flashc.cl.parser import parse
from flashc.runbook.steps import steps
from flashrt.check_partition import _NETWORK_JOBS
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_regressions.file_regression import FileRegressionFixture

EXAMPLE = "examples/nightly_brms.flash"


def bundle_of(path: Path) -> Bundle:
    """The bundle of a spec that is right."""
    spec, diagnostics = load(str(path))
    assert spec is not None, diagnostics
    bundle, _ = build(spec)
    return bundle


@pytest.fixture(scope="module")
def bundle(root: Path) -> Bundle:
    """The bundle of the nightly example."""
    return bundle_of(root / EXAMPLE)


def _sources() -> list[str]:
    return sorted(bundle_of(Path(__file__).resolve().parents[2] / EXAMPLE).files)


@pytest.mark.parametrize(
    "name", [n for n in _sources() if n.endswith((".clle", ".cmd", ".pnlgrp", ".sql", ".msgf"))]
)
def test_a_generated_source_is_the_accepted_one(
    name: str, bundle: Bundle, file_regression: FileRegressionFixture
) -> None:
    stem, _, kind = name.rpartition(".")
    file_regression.check(
        bundle.files[name].decode("utf-8"), basename=f"{stem}_{kind}", extension=".txt", encoding="utf-8"
    )


def test_the_same_spec_gives_the_same_bytes_from_any_folder(
    root: Path, bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "elsewhere" / "nightly_brms.flash"
    copy.parent.mkdir()
    copy.write_bytes((root / EXAMPLE).read_bytes())
    monkeypatch.chdir(tmp_path)
    relative = bundle_of(Path(os.path.relpath(copy, tmp_path)))
    assert relative.files == bundle.files


def test_a_spec_with_windows_line_ends_builds_the_same_programs(
    root: Path, bundle: Bundle, tmp_path: Path
) -> None:
    copy = tmp_path / "nightly_brms.flash"
    copy.write_bytes((root / EXAMPLE).read_bytes().replace(b"\n", b"\r\n"))
    assert bundle_of(copy).files["FLDDAILY.clle"] == bundle.files["FLDDAILY.clle"]


def test_the_manifest_names_every_file_with_its_hash(bundle: Bundle) -> None:
    import hashlib

    manifest = json.loads(bundle.files["manifest.json"])
    others = {n: hashlib.sha256(d).hexdigest() for n, d in bundle.files.items() if n != "manifest.json"}
    assert manifest["files"] == others


def test_sources_are_seven_bit_and_narrow(bundle: Bundle) -> None:
    for name, data in bundle.files.items():
        if name.endswith((".clle", ".cmd")):
            lines = data.decode("ascii").splitlines()
            assert max(map(len, lines)) <= WIDTH, name


def test_every_source_object_of_the_manifest_is_in_the_bundle(bundle: Bundle) -> None:
    sources = {o["source"] for o in bundle.manifest["objects"] if o["source"]}
    assert sources <= set(bundle.files)
    spare = {"FLMSGES.msgf", "FLMSGFR.msgf"}  # the system's language is English
    spare.add("FLBUILD.clle")  # makes the others, by hand
    programs = {n for n in bundle.files if n.endswith((".clle", ".cmd", ".msgf"))} - spare
    assert programs == {s for s in sources if s.endswith((".clle", ".cmd", ".msgf"))}


def test_object_names_fit_and_are_unique(bundle: Bundle) -> None:
    seen = set()
    for one in bundle.manifest["objects"]:
        key = (one["library"], one["name"], one["type"])
        assert len(one["name"]) <= 10
        assert key not in seen
        seen.add(key)


def test_the_zipapp_is_sorted_dated_and_holds_the_sidecar_only(bundle: Bundle) -> None:
    archive = zipfile.ZipFile(io.BytesIO(bundle.files["bin/flashrt.pyz"]))
    names = archive.namelist()
    assert names == sorted(names)
    assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert all(n == "__main__.py" or n.startswith("flashrt/") for n in names)
    # It opens the standard files first: a job that was started by QP2SHELL2 has none.
    assert b"flashrt.start" in archive.read("__main__.py")


def test_the_configuration_holds_no_secret_and_every_clone(bundle: Bundle) -> None:
    config = json.loads(bundle.files["conf/sidecar.json"])
    assert set(config["clones"]) == {"SISTPROD_24"}
    assert "password" not in bundle.files["conf/sidecar.json"].decode().lower()


def test_every_step_of_the_runbook_is_in_a_generated_program(root: Path, bundle: Bundle) -> None:
    spec, _ = load(str(root / EXAMPLE))
    assert spec is not None
    programs = "".join(d.decode("ascii") for n, d in bundle.files.items() if n.endswith(".clle"))
    messages = bundle.files["FLMSGEN.msgf"].decode("ascii")
    for step in steps(spec.environments[0]):
        assert re.search(rf"'{step.code}'", programs), f"step {step.code} is in no program"
        number = "FL90999" if step.code == "999" else f"FL{step.code[0]}00{step.code[1:]}"
        assert f"MSGID({number})" in messages, f"step {step.code} has no message"


WORKS = {
    "save21 to volumes": 'save21 { save to library TAPMLB01 volumes "A00001" and "A00002" within 8h }',
    "save21 to a category": "save21 { save to library TAPMLB01 category NIGHTLY within 8h }",
    "save21 to a drive": "save21 { save to drive TAP01 within 8h }",
    "save21 to an image catalog": "save21 { save to virtual tape VRT01 catalog NIGHT within 8h }",
    "user": """user {
        use save file APPLIB/NIGHT
        use library TAPMLB01 category NIGHTLY
        use optical OPT01 catalog IMAGES
        run "CALL APPLIB/REPORT PARM('it''s' '/* & */')" within 1h accept APP0001, CPF9898 expect CPC3722
        together {
            run "CALL APPLIB/A" within 1h
            run "CALL APPLIB/B" within 2h expect CPF1111, CPF2222, CPF3333
        }
        bring "/reports/x$y#1.csv"
    }""",
}


def work_of(root: Path, folder: Path, work: str) -> Path:
    """The example with this work on its clone."""
    text = (root / EXAMPLE).read_text()
    brms = text[text.index("    on clone brms {") : text.index("    boot within")]
    path = folder / "x.flash"
    text = text.replace(brms, f"    on clone {work}\n")
    path.write_text(text.replace("    afterwards maintenance brms without movement\n", ""))
    return path


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_each_kind_of_work_has_its_steps_in_a_program(root: Path, tmp_path: Path, work: str) -> None:
    path = work_of(root, tmp_path, work)
    spec, _ = load(str(path))
    assert spec is not None
    bundle = bundle_of(path)
    programs = "".join(d.decode("ascii") for n, d in bundle.files.items() if n.endswith("DAILY.clle"))
    shared = ("FLSTRENV", "FLSEND", "FLIMPORT")
    programs += "".join(bundle.files[f"{name}.clle"].decode("ascii") for name in shared)
    codes = [step.code for step in steps(spec.environments[0])]
    for code in codes:
        assert re.search(rf"'{code}'", programs), f"step {code} is in no program"
    undone = {step.undo for step in steps(spec.environments[0]) if step.undo}
    assert undone - set(codes) <= {"O51"}
    assert "QBRM/" not in programs
    assert "FLKBRM" not in programs
    assert any(o["name"] == "FLWDAILY" for o in bundle.manifest["objects"])


@pytest.mark.parametrize("work", [v for n, v in WORKS.items() if n != "user"])
def test_the_commands_that_a_save_is_made_of_are_right(root: Path, tmp_path: Path, work: str) -> None:
    spec, _ = load(str(work_of(root, tmp_path, work)))
    assert spec is not None
    (environment,) = system_context(spec, spec.systems[0], "0" * 64)["environments"]
    volumes = environment["volume_list"] or "*MOUNTED"
    for save in environment["saves"]:
        command = " +\n ".join([*save["parts"], f"VOL({volumes})"])
        found = check_text(f"PGM\n{command}\nENDPGM\n", "x", strict=True)
        assert [d.message for d in found if d.severity == "error"] == []


def test_every_undo_of_the_runbook_is_a_step_of_it(root: Path) -> None:
    spec, _ = load(str(root / EXAMPLE))
    assert spec is not None
    codes = {s.code for s in steps(spec.environments[0])}
    undone = {s.undo for s in steps(spec.environments[0]) if s.undo}
    assert undone - codes <= {"O51"}  # the group is stopped again only where the flash is not proven


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_no_text_changes_the_structure_of_a_program(text: str) -> None:
    source, problems = parse(f"PGM\nCHGVAR VAR(&A) VALUE({quote(text)})\nENDPGM\n")
    assert problems == []
    assert [s.command.name for s in source.statements if s.command] == ["PGM", "CHGVAR", "ENDPGM"]
    command = source.statements[1].command
    assert command is not None
    assert isinstance(command.arg("VALUE"), Quoted)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_no_text_ends_a_comment(text: str) -> None:
    source, problems = parse(f"PGM\n/* {comment_text(text)} */\nENDPGM\n")
    assert problems == []
    assert len(source.statements) == 2


AWKWARD = [
    'run "CALL APPLIB/QUIET" undo "CALL APPLIB/UNQUIET"',
    """run "CALL APPLIB/QUIET PARM('it''s' 'a */ b')" undo "CALL APPLIB/UNQUIET" """,
    f"""run "CALL APPLIB/QUIET PARM('{"long " * 30}')" undo "CALL APPLIB/UNQUIET" """,
]


def test_no_program_asks_and_waits(bundle: Bundle) -> None:
    """docs/messages.md says why: a human answers by a command, with his own authority."""
    for name, data in bundle.files.items():
        if name.endswith(".clle"):
            text = " ".join(data.decode("ascii").replace("+\n", " ").split())
            assert "MSGTYPE(*INQ)" not in text, name
            assert "SNDUSRMSG" not in text, name


@pytest.mark.parametrize("item", AWKWARD)
def test_a_user_command_builds_a_program_that_checks(root: Path, tmp_path: Path, item: str) -> None:
    text = (root / EXAMPLE).read_text().replace("hold job QUSRSSH/CPY", item)
    path = tmp_path / "x.flash"
    path.write_text(text)
    source = bundle_of(path).files["FLDDAILY.clle"].decode("ascii")
    assert [d for d in check_text(source, "x", strict=True) if d.severity == "error"] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("otherwise abort", "retries 2 otherwise abort"),
        ("otherwise abort", "otherwise continue partial"),
        ("otherwise abort", "otherwise flush only"),
        ("leave clone running", "leave clone off"),
        ("afterwards maintenance brms without movement", ""),
        ("afterwards maintenance brms without movement", "afterwards maintenance brms with movement"),
        (" restricted within 8h", " within 8h"),
        ("previous  ended within 10m then immediately", "previous immediately"),
        ("        set QINACTITV *NONE\n", ""),
        ('require group "SISTPROD_1" on V7000 idle_or_copied', ""),
    ],
)
def test_each_variant_of_the_language_builds(root: Path, tmp_path: Path, old: str, new: str) -> None:
    text = (root / EXAMPLE).read_text()
    assert old in text
    path = tmp_path / "x.flash"
    path.write_text(text.replace(old, new))
    assert bundle_of(path).files["FLDDAILY.clle"]


def test_a_line_is_folded_at_a_blank_and_a_long_literal_is_joined() -> None:
    long_line = render("flsecs.clle.j2", b=_small())
    assert max(map(len, long_line.splitlines())) <= WIDTH


def _small() -> dict[str, object]:
    return {"library": "L" * 10, "guard_library": "G" * 10, "spec_file": "x" * 90, "spec_hash": "0" * 16}


def test_no_program_of_an_environment_is_called_like_one_that_every_system_has(
    root: Path, tmp_path: Path
) -> None:
    text = (root / "examples" / "nightly_brms.flash").read_text(encoding="utf-8")
    for name in ("GE", "OOT", "NDJOB", "BORT"):  # FLAGE, FLBOOT, FLFNDJOB and FLABORT are there already
        file = tmp_path / "spec.flash"
        file.write_text(text.replace("environment DAILY", f"environment {name}"), encoding="utf-8")
        spec, problems = load(str(file))
        assert spec is not None, problems
        objects = [(o["library"], o["name"], o["type"]) for o in build(spec)[0].manifest["objects"]]
        assert len(objects) == len(set(objects))
        assert len({(one, kind) for _, one, kind in objects if kind == "*PGM"}) == sum(
            kind == "*PGM" for *_, kind in objects
        )


def test_what_brms_has_for_good_is_the_same_for_the_programs_and_the_sidecar() -> None:
    assert set(BRMS_NETWORK_JOBS) == _NETWORK_JOBS
