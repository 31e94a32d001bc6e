"""The examples: formatted, right, built, and rehearsed on their sites."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from flashc.check import load
from flashc.check.model import Spec
from flashc.cli.bundles import bundle_of
from flashc.cli.main import run as flashc
from flashc.cli.rehearsing import Rehearsal, rehearse
from flashc.cli.runs import Run
from flashc.cli.site_choice import choose_site

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FILES = sorted(EXAMPLES.glob("*.flash"))
RUNS = {
    "allday": {"WORKING": 12, "WEEKEND": 2, "MONTHLY": 2, "YEAREND": 3, "BYHAND": 1},
    "anonymise": {"ANONYM": 1},
    "company": {"LONNIGHT": 1, "MADNIGHT": 1, "PARNIGHT": 1},
    "nightly_brms": {"DAILY": 1},
    "nightly_custom": {"DAILY": 1},
    "nightly_ds8000": {"DAILY": 1},
    "nightly_dscli": {"DAILY": 1},
    "nightly_powermax": {"DAILY": 1},
    "nightly_symcli": {"DAILY": 1},
    "nightly_fsm": {"DAILY": 1},
    "nightly_hitachi": {"DAILY": 1},
    "nightly_hmc_rest": {"DAILY": 1},
    "nightly_novalink": {"DAILY": 1},
    "nightly_powervs": {"DAILY": 1},
    "nightly_pure": {"DAILY": 1},
    "nightly_svc_snapshot": {"DAILY": 1},
    "quiet": {"NIGHT": 2, "RELEASE": 1},
    "tapes": dict.fromkeys(("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"), 1),
    "twosite": {"EVENING": 1},
    "week": {"DAILY": 7, "TEST": 1, "SNAP": 14, "FULL": 1},
}
# Every kind of device is shown, those that no backup should lie on among them.
WARNED = {"tapes": ["FL3118 TAPVRT01", "FL3118 OPTVRT02"]}


def _spec(name: str) -> Spec:
    spec, problems = load(str(EXAMPLES / f"{name}.flash"))
    assert [f"{p.code} {p.message.split()[4]}" for p in problems] == WARNED.get(name, [])
    assert spec is not None
    return spec


def _rehearsals(name: str) -> tuple[Rehearsal, ...]:
    """One for each system of the spec."""
    spec = _spec(name)
    choice = choose_site(spec)
    assert choice.file, f"{name} has no site file"
    systems = dict.fromkeys(e.clone.source.name for e in spec.environments)
    return tuple(rehearse(spec, bundle_of(spec, one), choice.site, mode="memory") for one in systems)


def _told(run: Run) -> str:
    notes = [f"{step.code} {step.msgid} {step.text}" for step in run.steps if step.kind == "note"]
    expected = [f"expected {one.text}: {one.detail}" for one in run.expectations if not one.held]
    return "\n".join(
        [f"{run.environment} {run.result} {run.detail}", *notes, *map(str, run.broken), *expected]
    )


def test_the_formatter_changes_none_of_them() -> None:
    every = [str(path) for path in sorted(EXAMPLES.rglob("*.flash"))]
    assert len(every) > len(FILES), "the parts belong to them"
    assert flashc(["fmt", "--check", *every]) == 0


def test_each_is_rehearsed() -> None:
    assert sorted(RUNS) == [path.stem for path in FILES]


@pytest.mark.parametrize("name", sorted(RUNS))
def test_each_says_first_what_it_is_for(name: str) -> None:
    assert (EXAMPLES / f"{name}.flash").read_text(encoding="utf-8").startswith("# ")
    assert (EXAMPLES / f"{name}.site.toml").read_text(encoding="utf-8").startswith("# The site of ")


@pytest.mark.parametrize("name", sorted(RUNS))
def test_all_runs_complete_and_every_invariant_holds(name: str) -> None:
    runs = [run for one in _rehearsals(name) for run in one.runs]
    assert Counter(run.environment for run in runs) == RUNS[name]
    assert [_told(run) for run in runs if not run.good] == []


def test_readme_has_every_example(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert [p.name for p in FILES if f"](examples/{p.name})" not in readme] == []
