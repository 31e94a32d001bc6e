"""Golden files of every diagnostic as people read it, and the JSON form that tools read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flashc.check import load
from flashc.check.rules import RULES
from flashc.diag import render
from pytest_regressions.file_regression import FileRegressionFixture

from lang.spec_chunks import pairs


@pytest.mark.parametrize("file", ["syntax", "names", "site", "environment", "operations"])
def test_rendered(file: str, file_regression: FileRegressionFixture) -> None:
    parts = []
    for pair in pairs():
        if pair.file == f"{file}.flash":
            text = pair.bad.text
            _, problems = load("spec.flash", _only(text))
            shown = "\n\n".join(render(p, {"spec.flash": text}) for p in problems)
            parts.append(f"=== {pair.title}\n{shown}\n")
    file_regression.check("\n".join(parts), extension=".txt", encoding="utf-8")


def _only(text: str):  # type: ignore[no-untyped-def]
    def reader(path: str) -> bytes:
        if path == "parts/empty.flash":
            return b"# nothing"
        if path != "spec.flash":
            raise FileNotFoundError(2, "No such file or directory")
        return text.encode()

    return reader


def test_json_form() -> None:
    text = next(p.bad.text for p in pairs() if p.title == "two consoles of one name")
    _, problems = load("spec.flash", _only(text))
    document = json.loads(json.dumps(problems[0].as_json()))
    assert document == {
        "code": "FL2002",
        "severity": "error",
        "message": "console HMC1 is defined twice",
        "file": "spec.flash",
        "line": 43,
        "column": 9,
        "end_line": 43,
        "end_column": 13,
        "help": "Rename one of them, or remove it.",
        "related": [
            {
                "file": "spec.flash",
                "line": 8,
                "column": 9,
                "end_line": 8,
                "end_column": 13,
                "message": "it was first defined here",
            }
        ],
    }


def test_the_codes_of_the_source_are_those_of_the_table(root: Path) -> None:
    used: set[str] = set()
    for folder in ("syntax", "check"):
        for path in (root / "compiler" / "flashc" / folder).glob("*.py"):
            if path.name != "rules.py":
                used |= set(re.findall(r'"(FL\d{4})"', path.read_text("utf-8")))
    assert used == set(RULES)


def test_every_rule_is_explained() -> None:
    for rule in RULES.values():
        assert rule.title
        assert rule.title[0].isupper() or rule.title.startswith("`")
        assert not rule.title.endswith(".")
        assert rule.why.endswith(".")
        assert rule.help
        assert bool(rule.wrong) == bool(rule.right)
