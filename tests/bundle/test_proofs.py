"""What is proven of generated CL: the examples hold, and each mutant is rejected by its rule."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from bundle.mutants import MUTANTS, Mutant
from flashc.bundle.build import rendered, runbooks
from flashc.bundle.context import system_context
from flashc.bundle.proofs import RULES, Runbook, prove
from flashc.check import load
from flashc.cl.catalogue import catalogue
from flashc.cl.checker import check
from flashc.cl.parser import parse
from flashc.diag import Diagnostic

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.flash"))


_proven: set[tuple[str, Runbook | None]] = set()
"""Programs in which nothing was found, with their runbooks."""


@cache
def programs(example: str, old: str = "", new: str = "") -> dict[str, tuple[str, Runbook | None]]:
    """The CL programs of an example, of all its systems, with the runbooks of the drivers.

    `old` and `new`: what is written otherwise in its spec.
    """

    def reader(path: str) -> bytes:
        text = Path(path).read_text("utf-8")
        assert old in text or not path.endswith(f"{example}.flash")
        return text.replace(old, new, 1).encode() if old else text.encode()

    spec, problems = load(str(EXAMPLES / f"{example}.flash"), reader)
    assert spec is not None, problems
    out: dict[str, tuple[str, Runbook | None]] = {}
    for system in spec.systems:
        b = system_context(spec, system, "0" * 64)
        books = runbooks(spec, system, b)
        for name, text in rendered(b).items():
            if name.endswith(".clle"):
                out[name.removesuffix(".clle")] = (text, books.get(name.removesuffix(".clle")))
    return out


def findings(text: str, name: str, runbook: Runbook | None) -> list[Diagnostic]:
    """What is found in a program."""
    source, problems = parse(text, f"{name}.clle")
    wrong = [d for d in check(source, strict=True) if d.severity == "error"]
    return problems + wrong + prove(source, catalogue(), runbook)[0]


@pytest.mark.parametrize("example", NAMES)
def test_every_program_of_an_example_is_proven(example: str) -> None:
    """Many are the same in several examples: each is proven once."""
    for name, (text, runbook) in programs(example).items():
        if (text, runbook) not in _proven:
            assert findings(text, name, runbook) == []
            _proven.add((text, runbook))


@pytest.mark.parametrize("old", ['run "CALL WHLIB/OPENSHIFT"', 'run "CALL WHLIB/CHKORDERS"'])
def test_what_is_undone_around_the_flash_may_stand_where_nothing_undoes_it(old: str) -> None:
    text, runbook = programs("quiet", old, 'run "CALL WHLIB/BELTSTOP"')["FLDNIGHT"]
    assert findings(text, "FLDNIGHT", runbook) == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_mutant_is_rejected(mutant: Mutant) -> None:
    text, runbook = programs(mutant.example)[mutant.program]
    found = findings(mutant.edited(text), mutant.program, runbook)
    assert mutant.rule in {d.code for d in found}, found
    assert all(re.match(r"(FL9|CL0)\d+\Z", d.code) for d in found)


def test_every_rule_has_a_mutant() -> None:
    elsewhere = {"FL9001", "FL9022"}  # in test_readback, and below
    assert {mutant.rule for mutant in MUTANTS} == RULES.keys() - elsewhere
