"""Every wrong spec gives exactly its diagnostics, and the nearest right text none."""

from __future__ import annotations

import re

import pytest
from flashc.check import load
from flashc.check.rules import RULES
from flashc.diag import Diagnostic

from lang.spec_chunks import Half, Pair, pairs

PAIRS = pairs()
# Rules about the file, not about its lines; tested in test_load.py.
OF_THE_FILE = {"FL1003", "FL1009", "FL1010", "FL1011", "FL1012"}


def read(text: str) -> list[Diagnostic]:
    """The diagnostics of a text that lies beside one command source and one file to include."""
    files = {
        "spec.flash": text,
        "appquiet.cmd": "CMD PROMPT('Quiet')\nPARM KWD(MODE) TYPE(*CHAR) LEN(4)\n",
        "parts/empty.flash": "# nothing\n",
    }

    def reader(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(2, "No such file or directory")
        return files[path].encode()

    spec, problems = load("spec.flash", reader)
    assert (spec is None) == any(p.severity == "error" for p in problems)
    return problems


def differences(half: Half, problems: list[Diagnostic]) -> list[str]:
    """What was expected and did not come, and what came unexpected."""
    left = list(problems)
    wrong = []
    for expected in half.expected:
        for problem in left:
            said = f"{problem.code}: {problem.message}"
            if problem.span.line == expected.line and re.search(expected.pattern, said):
                left.remove(problem)
                if expected.help and not re.search(expected.help, problem.help or ""):
                    wrong.append(f"line {expected.line}: help is {problem.help!r}")
                break
        else:
            wrong.append(f"line {expected.line}: missing {expected.pattern!r}")
    return wrong + [f"line {p.span.line}: extra {p.code}: {p.message}" for p in left]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p.file}: {p.title}")
def test_pair(pair: Pair) -> None:
    assert differences(pair.bad, read(pair.bad.text)) == []
    assert pair.bad.expected, "a wrong text without an expected diagnostic"
    problems = read(pair.right.text)
    assert differences(pair.right, problems) == []
    assert all(p.severity != "error" for p in problems)


def test_every_rule_has_a_wrong_text() -> None:
    told = {p.code for pair in PAIRS for p in read(pair.bad.text)}
    assert set(RULES) - told == OF_THE_FILE


def test_every_right_text_differs_from_its_wrong_one_in_few_lines() -> None:
    """Nearest means near: a pair differs by some lines, not by another spec."""
    for pair in PAIRS:
        bad, right = set(pair.bad.text.splitlines()), set(pair.right.text.splitlines())
        assert len(bad ^ right) <= 12 or "nothing to run" in pair.title, pair.title
