"""Families whose targets show the instant by a request of its own: a step between the proof and the clone."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flashc.bundle import build
from flashc.check import families
from flashc.check.load import load
from flashc.runbook.steps import steps

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "nightly_brms.flash"


def _presenting(family: families.Family) -> families.Family:
    phrases = tuple(dataclasses.replace(phrase, presents=True) for phrase in family.phrases)
    return dataclasses.replace(family, phrases=phrases)


def test_the_copy_is_put_on_the_disks_when_production_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(families, "FAMILIES", tuple(_presenting(one) for one in families.FAMILIES))
    spec, problems = load(EXAMPLE)
    assert spec is not None
    assert not problems
    codes = [step.code for step in steps(spec.environments[0])]
    assert codes.index("O61") < codes.index("O77") < codes.index("O63") < codes.index("O70")
    driver = build(spec)[0].files["FLDDAILY.clle"].decode("ascii")
    assert "'array ALL present --clone'" in driver


def test_others_have_no_such_step() -> None:
    spec, _ = load(EXAMPLE)
    assert spec is not None
    assert "O63" not in [step.code for step in steps(spec.environments[0])]
    assert b"present --clone" not in build(spec)[0].files["FLDDAILY.clle"]
