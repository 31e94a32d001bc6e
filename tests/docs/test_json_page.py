"""docs/json.md names the fields of the documents that programs read, no more and no fewer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flashc.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
SPEC = str(ROOT / "examples" / "nightly_brms.flash")
PAGE = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")


def named(command: str) -> set[str]:
    """The fields that the page has in the block of a command."""
    section = PAGE.split(f"## flashc {command}\n")[1].split("\n## ")[0]
    block = re.search(r"```text\n(.*?)```", section, re.DOTALL)
    assert block
    return {line.split()[0] for line in block[1].splitlines()}


def fields(value: Any, stop: set[str], path: str = "") -> set[str]:
    """Where values stand in a document; what `stop` names is not looked into."""
    if path in stop or not isinstance(value, dict | list) or not value:
        return {path + "[]" if isinstance(value, list) and not path.endswith("[]") else path}
    if isinstance(value, list):
        return set().union(*(fields(one, stop, f"{path}[]") for one in value))
    return set().union(
        *(fields(one, stop, f"{path}.{name}" if path else name) for name, one in value.items())
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("json") / "night"
    assert run(["rehearse", SPEC, "--mode", "memory", "--keep", str(folder), "--json"]) == 0
    return str(folder)


def document(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert run([*words, "--json"]) in (0, 1)
    return json.loads(capsys.readouterr().out)


RUN = {name.removeprefix("runs[].") for name in named("history") if name.startswith("runs[].")}


@pytest.mark.parametrize(
    ("command", "beside"),
    [
        ("history", set()),
        ("status", set()),
        ("log", {*RUN, "clock"}),
        ("report", {*RUN, "clock", *named("log")}),
    ],
)
def test_what_is_read_of_runs(
    world: str, capsys: pytest.CaptureFixture[str], command: str, beside: set[str]
) -> None:
    expected = named(command) | beside
    assert fields(document(capsys, command, "--world", world), expected) == expected


def test_an_export_has_runs_and_status(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    exported = document(capsys, "export", "--world", world)
    assert set(exported) == {"runs", "status"}
    runs = {name for name in named("history") if name.startswith("runs[]")}
    assert fields({"runs": exported["runs"]}, runs) == runs
    assert fields(exported["status"], named("status")) == named("status")


def test_a_rehearsal_and_a_calendar(capsys: pytest.CaptureFixture[str]) -> None:
    played = document(capsys, "rehearse", SPEC, "--mode", "memory")
    assert fields(played, named("rehearse")) == named("rehearse")
    shown = document(capsys, "calendar", SPEC, "--days", "1")
    assert fields(shown, named("calendar")) == named("calendar")


def test_what_is_wrong_with_a_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "wrong.flash"
    file.write_text("system A {\n}\nsystem A {\n}\n", encoding="utf-8")
    assert fields(document(capsys, "check", str(file)), named("check")) >= named("check")
