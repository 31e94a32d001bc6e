"""`flashc check --sarif`: the structure that SARIF 2.1.0 demands, and the places of the problems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flashc.check.rules import RULES
from flashc.cli.main import run
from flashc.cli.sarif import sarif
from flashc.diag import Diagnostic, Related, Span

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / "examples" / "nightly_brms.flash").read_text("utf-8")


def assert_sarif(log: dict[str, Any]) -> dict[str, Any]:
    """Holds what the schema of SARIF 2.1.0 demands of the objects that flashc writes; returns the run."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    assert len(log["runs"]) == 1
    (one,) = log["runs"]
    driver = one["tool"]["driver"]
    assert driver["name"] == "flashc"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    assert one["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    for rule in driver["rules"]:
        assert all(isinstance(rule[k]["text"], str) for k in ("shortDescription", "fullDescription"))
        assert rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error")
    for result in one["results"]:
        assert result["level"] in ("none", "note", "warning", "error")
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"]
        for location in [*result["locations"], *result.get("relatedLocations", [])]:
            place = location["physicalLocation"]
            assert " " not in place["artifactLocation"]["uri"]
            assert "\\" not in place["artifactLocation"]["uri"]
            region = place["region"]
            assert all(region[k] >= 1 for k in ("startLine", "startColumn", "endLine", "endColumn"))
            assert (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"])
        numbers = [location["id"] for location in result.get("relatedLocations", [])]
        assert len(set(numbers)) == len(numbers)
    found: dict[str, Any] = one
    return found


def test_every_rule_has_an_entry() -> None:
    span = Span("a.flash", 2, 3, 2, 9)
    log = sarif([Diagnostic(r.code, r.severity, r.title, span) for r in RULES.values()], "1.0")
    assert [rule["id"] for rule in assert_sarif(log)["tool"]["driver"]["rules"]] == sorted(RULES)


def test_names_of_files_are_uris() -> None:
    span = Span("specs of ops/n\u00e4chtlich.flash", 1, 1, 1, 4)
    related = (Related(Span("/srv/my specs/a.flash", 3, 1, 3, 2), "there"),)
    (result,) = assert_sarif(sarif([Diagnostic("FL2002", "error", "twice", span, None, related)], "1"))[
        "results"
    ]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "specs%20of%20ops/n%C3%A4chtlich.flash"
    other = result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert other == "file:///srv/my%20specs/a.flash"


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wrong.flash").write_text(EXAMPLE.replace("7.4", "7.2"), "utf-8")
    Path("good.flash").write_text(EXAMPLE, "utf-8")
    assert run(["check", "wrong.flash", "good.flash", "--sarif", "out.sarif", "--json"]) == 1
    assert len(json.loads(capsys.readouterr().out)["diagnostics"]) == 1
    (result,) = assert_sarif(json.loads(Path("out.sarif").read_text("utf-8")))["results"]
    assert (result["ruleId"], result["level"]) == ("FL3005", "error")
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "wrong.flash"},
        "region": {"startLine": 8, "startColumn": 15, "endLine": 8, "endColumn": 18},
    }
    assert run(["check", "good.flash", "--sarif", "out.sarif"]) == 0
    assert assert_sarif(json.loads(Path("out.sarif").read_text("utf-8")))["results"] == []
    assert run(["check", "good.flash", "--sarif", "no/such/folder/out.sarif"]) == 64
