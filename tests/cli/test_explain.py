"""`flashc explain`: the runbook of a spec, and the pages of codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flashc.check import load
from flashc.cli.main import run
from flashc.cli.runbook_view import starts
from flashc.runbook.messages import ERRORS, STEPS
from flashc.runbook.steps import steps
from lang.spec_chunks import right_specs
from pytest_regressions.file_regression import FileRegressionFixture

EXAMPLE = "examples/nightly_brms.flash"


def test_the_runbook_of_the_night_is_the_accepted_one(
    root: Path, capsys: pytest.CaptureFixture[str], file_regression: FileRegressionFixture
) -> None:
    assert run(["explain", str(root / EXAMPLE)]) == 0
    file_regression.check(capsys.readouterr().out, extension=".txt")


def test_json_holds_the_steps_in_order_with_their_undo(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", str(root / EXAMPLE), "--environment", "DAILY", "--json"]) == 0
    (environment,) = json.loads(capsys.readouterr().out)["environments"]
    codes = [s["code"] for s in environment["steps"]]
    assert (
        codes.index("O65") < codes.index("O50") < codes.index("O55") < codes.index("O60") < codes.index("O70")
    )
    assert {s["code"]: s["undo"] for s in environment["steps"]}["O35"] == "O75"
    window = environment["window"]
    assert window["array_request_seconds"] < window["driver_waits_seconds"] < window["resume_within_seconds"]


def test_each_step_says_what_happens_when_it_fails(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", str(root / EXAMPLE)]) == 0
    shown = [line.strip() for line in capsys.readouterr().out.splitlines()]
    spec, _ = load(str(root / EXAMPLE))
    assert spec is not None
    for step in steps(spec.environments[0]):
        line = next(line for line in shown if f"{step.code}  {step.text}".rstrip() in line)
        number = re.search(r"\(\d+\)", line)
        assert number, line
        assert f"{number[0]} {step.on_failure}" in shown


def test_commands_of_a_run_that_fails_and_tries_are_told(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (root / EXAMPLE).read_text(encoding="utf-8")
    text = text.replace("within 60s otherwise abort", "within 60s retries 2 otherwise flush only")
    after = "    afterwards maintenance"
    text = text.replace(after, f'    on failure {{ run "CALL APPLIB/ALARM" within 2m }}\n{after}')
    spec = tmp_path / "x.flash"
    spec.write_text(text, encoding="utf-8")
    assert run(["explain", str(spec)]) == 0
    shown = capsys.readouterr().out
    assert "O94  Command on failure: CALL APPLIB/ALARM" in shown.split("does not complete", 1)[1]
    assert "up to 3 times" in shown
    assert "the copy is taken all the same" in shown
    assert run(["explain", str(spec), "--json"]) == 0
    (environment,) = json.loads(capsys.readouterr().out)["environments"]
    assert [step["code"] for step in environment["failure_steps"]] == ["O94"]
    assert run(["explain", str(spec), "--html"]) == 0
    assert "Command on failure: CALL APPLIB/ALARM" in capsys.readouterr().out


def test_when_an_environment_starts() -> None:
    told = {}
    for text in right_specs().values():
        spec, problems = load("x.flash", lambda _, text=text: text.encode())  # type: ignore[misc]
        assert spec is not None, problems
        told |= {e.name: starts(e) for e in spec.environments}
    assert told["DAILY"] == ["Starts every day at 20:35 by the native job scheduler."]
    assert told["TEST"] == [
        "Starts on the first SUN of each month at 06:00 by the native job scheduler.",
        "Starts on 2026-12-31 at 18:00 by the native job scheduler.",
        "Not on 2026-11-01, 2026-12-06.",
    ]
    assert told["FULL"] == ["Started by scheduler IWS: FLSTRENV ENV(FULL) SCHEDULED(*YES) WAIT(*YES)."]
    assert told["SNAP"] == ["Started by hand: FLSTRENV ENV(SNAP)."]


@pytest.mark.parametrize("code", ["O55", "o55", "999", "C40", "FLE0023", "FL3023", "CL0203"])
def test_each_kind_of_code_has_a_page(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", code]) == 0
    assert len(capsys.readouterr().out) > 20


def test_every_message_fits_a_message_description() -> None:
    for message in (*STEPS, *ERRORS):
        assert len(message.text) <= 132, message.id
        assert message.text.isascii()
        assert message.help.isascii()
        assert message.help.endswith("."), message.id
        assert message.text.count("&1") <= 1


def test_message_ids_are_unique_and_well_formed() -> None:
    ids = [m.id for m in (*STEPS, *ERRORS)]
    assert len(ids) == len(set(ids))
    assert all(len(i) == 7 and all(c in "0123456789ABCDEF" for c in i[3:]) for i in ids)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["explain", "X99"], 64),
        (["explain", "nowhere.flash"], 1),
        (["explain"], 64),
        (["explain", "O55", "--html"], 64),
        (["explain", "nowhere.flash", "--html", "--json"], 64),
        (["explain", "nowhere.flash", "-o", "page.html"], 64),
        (["explain", "nowhere.flash", "--html"], 1),
    ],
)
def test_wrong_calls_say_so(arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == status
    assert capsys.readouterr().err


def test_an_unknown_environment_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", str(root / EXAMPLE), "--environment", "NIGHTLY"]) == 64
    assert "DAILY" in capsys.readouterr().err
