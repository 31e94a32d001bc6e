"""Every generated source is checked before it leaves the compiler, each different text once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flashc.bundle import BuildError, Bundle, build, readback
from flashc.bundle.readback import read_back
from flashc.check import load
from flashc.check.model import Spec

EXAMPLE = "examples/nightly_brms.flash"
BuiltAlone = tuple[Mapping[str, bytes], dict[bytes, Any]]


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins as a new process does."""
    monkeypatch.setattr(readback, "_right", {})


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the sources that are checked from now on."""
    names: list[str] = []
    read = readback._read

    def noted(text: str, name: str, *more: Any) -> Any:
        names.append(name)
        return read(text, name, *more)

    monkeypatch.setattr(readback, "_read", noted)
    return names


@pytest.fixture
def example(root: Path) -> str:
    """The text of the example."""
    return (root / EXAMPLE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def built_alone(root: Path) -> BuiltAlone:
    """The files of the example, built by a process that knows of no other; what it remembers then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readback, "_right", {})
        files = bundle_of((root / EXAMPLE).read_text(encoding="utf-8")).files
        return files, dict(readback._right)


def spec_of(text: str, **commands: str) -> Spec:
    """The spec of a text; `commands` are the sources of the definitions that it names, by file."""
    data = {"nightly.flash": text} | {f"{name}.cmd": source for name, source in commands.items()}
    spec, problems = load("nightly.flash", lambda path: data[path].encode("utf-8"))
    assert spec is not None, problems
    return spec


def bundle_of(text: str) -> Bundle:
    """The bundle of a text."""
    return build(spec_of(text))[0]


def test_an_unchanged_spec_is_built_again_without_a_second_check(example: str, checked: list[str]) -> None:
    first = bundle_of(example)
    assert sorted(checked) == sorted(n for n in first.files if n.endswith((".clle", ".cmd", ".pnlgrp")))
    checked.clear()
    assert bundle_of(example).files == first.files
    assert checked == []


@pytest.mark.parametrize(
    ("old", "new", "file"),
    [
        ("SAV21 library", "SAV22 library", "FLBDAILY.clle"),
        ("every day at 20:35", "every day at 20:36", "manifest.json"),
        ("quiesce within 60s", "quiesce within 61s", "FLDDAILY.clle"),
        ("hold job QUSRSSH/CPY", "hold job QUSRSSH/CPZ", "FLDDAILY.clle"),
        ("BCKFLASHP", "BCKFLASHR", "FLJRNL.clle"),
        ("10.1.0.20", "10.1.0.21", "conf/sidecar.json"),
        ("# Nightly save", "# Weekly save", "FLDDAILY.clle"),
    ],
)
def test_a_changed_spec_never_gets_what_another_one_got(
    example: str, built_alone: BuiltAlone, old: str, new: str, file: str
) -> None:
    before, found_right = built_alone
    assert old in example
    changed = example.replace(old, new)
    alone = bundle_of(changed).files
    readback._right.clear()
    readback._right.update(found_right)
    assert bundle_of(changed).files == alone
    assert bundle_of(example).files == before
    assert alone[file] != before[file]


def test_a_wrong_source_is_reported_every_time(example: str) -> None:
    spec = spec_of(example)
    sources = {"RIGHT.clle": "PGM\nENDPGM\n", "WRONG.clle": "PGM\nENDDO\nENDPGM\n"}
    for _ in range(2):
        with pytest.raises(BuildError) as error:
            read_back(sources, spec)
        assert [d.span.file for d in error.value.diagnostics] == ["WRONG.clle"]


def test_a_long_or_foreign_line_is_reported_every_time(example: str) -> None:
    spec = spec_of(example)
    for text in (f"PGM\n/*{'-' * 80}*/\nENDPGM\n", "PGM\n/* \xe9 */\nENDPGM\n"):
        for _ in range(2):
            with pytest.raises(BuildError) as error:
                read_back({"WRONG.clle": text}, spec)
            assert [d.code for d in error.value.diagnostics] == ["FL9001"]


def test_a_source_is_checked_again_against_other_commands_of_the_site(example: str) -> None:
    spec = example + '\ncommand TELLOPS from "tellops.cmd"\n'
    sources = {"CALLER.clle": "PGM\n*LIBL/TELLOPS TEXT('DONE')\nENDPGM\n"}
    definition = "CMD PROMPT('Tell')\nPARM KWD({}) TYPE(*CHAR) LEN(10)\n"
    read_back(sources, spec_of(spec, tellops=definition.format("TEXT")))
    with pytest.raises(BuildError):
        read_back(sources, spec_of(spec, tellops=definition.format("WORDS")))
    with pytest.raises(BuildError):
        read_back(sources, spec_of(example))
    read_back(sources, spec_of(spec, tellops=definition.format("TEXT")))


def test_a_source_is_checked_against_the_release_of_its_system(example: str) -> None:
    sources = {"MAKER.clle": "PGM\nQSYS/CRTBNDCL PGM(A/B) SRCSTMF('/b')\nENDPGM\n"}
    assert "release   7.4" in example
    read_back(sources, spec_of(example))
    with pytest.raises(BuildError) as error:
        read_back(sources, spec_of(example.replace("release   7.4", "release   7.3")))
    assert [d.code for d in error.value.diagnostics] == ["CL0216"]


def test_what_is_remembered_has_a_bound(
    example: str, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readback, "REMEMBERED", 3)
    spec = spec_of(example)
    for number in range(5):
        read_back({f"P{number}.clle": f"PGM\n/* {number} */\nENDPGM\n"}, spec)
    assert len(readback._right) == 3
    checked.clear()
    read_back({"P4.clle": "PGM\n/* 4 */\nENDPGM\n", "P0.clle": "PGM\n/* 0 */\nENDPGM\n"}, spec)
    assert checked == ["P0.clle"]
