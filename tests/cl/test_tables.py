"""Each rule of the checker: a wrong program beside its nearest right one; no rule without one."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import flashc.cl
import pytest
from flashc.cl.catalogue import catalogue
from flashc.cl.checker import check_text
from flashc.cl.codes import OWN
from flashc.cl.definition import definition_from_source
from flashc.cl.tokens import MAX_GROUPS, MAX_OPERATIONS, MAX_STATEMENT, MAX_STRING
from flashc.diag import Diagnostic
from wrong_programs import Case, cases

CASES = cases()
ELSEWHERE = {
    "CL0001": "tests/cl/test_command.py: a file that cannot be read",
    "CL0003": "tests/cl/test_format.py: a layout that says something else",
    "CL0112": "a sign at the very end, below",
    "CL0213": "a command of the user that takes two values at least, below",
}
"""Codes that a table cannot show, and where they are tested."""


def problems(text: str, case: Case) -> list[Diagnostic]:
    found = check_text(text, "t.clle", strict=case.strict, release=case.release)
    return [d for d in found if d.severity != "note"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_each_wrong_line_is_found_and_nothing_else(case: Case) -> None:
    found = defaultdict(list)
    for problem in problems(case.text, case):
        found[problem.span.line].append(problem.code + ("?" if problem.severity == "warning" else ""))
    assert {line: sorted(codes) for line, codes in found.items()} == case.expected()


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_nearest_right_program_passes(case: Case) -> None:
    assert case.expected()
    found = problems(case.corrected(), case)
    assert [(d.span.line, d.code, d.message) for d in found] == []


def program(body: str) -> str:
    return f"PGM\nDCL VAR(&L) TYPE(*LGL)\nDCL VAR(&N) TYPE(*DEC) LEN(9 0)\n{body}ENDPGM\n"


def nested(opening: str, closing: str, times: int) -> str:
    return program(opening * times + closing * times)


SUM = "CHGVAR VAR(&N) VALUE({})\n"
WATCH = "MONMSG MSGID(CPF0001)\n"
# Limits: the text of a size, the size that is still right, the code of one more.
LIMITS = {
    "CL0106": (lambda n: program(f"IF COND({'(' * n}&L{')' * n}) THEN(RETURN)\n"), MAX_GROUPS),
    "CL0108": (lambda n: program(f"CALL PGM(A) PARM({'1 ' * 60}{' ' * (n - 138)})\n"), MAX_STATEMENT),
    "CL0109": (lambda n: program(SUM.format("1" + " + 1" * n)), MAX_OPERATIONS),
    "CL0114": (lambda n: program(f"CALL PGM(A) PARM('{'x' * n}')\n"), MAX_STRING),
    "CL0315 DO": (lambda n: nested("DO\n", "ENDDO\n", n), 25),
    "CL0315 SELECT": (
        lambda n: nested("SELECT\nWHEN COND(&L) THEN(RETURN)\nOTHERWISE CMD(DO)\n", "ENDDO\nENDSELECT\n", n),
        25,
    ),
    "CL0315 IF": (lambda n: program("IF COND(&L) THEN(" * n + "RETURN" + ")" * n + "\n"), 10),
    "CL0319 for one command": (lambda n: program("CALL PGM(A)\n" + WATCH * n), 100),
    "CL0319 for the program": (lambda n: program(WATCH * n + "RETURN\n"), 100),
    "CL0319 in a program": (lambda n: program("CALL PGM(A)\n" * 1 + f"{WATCH}CALL PGM(B)\n" * n), 1000),
    "CL0319 ids": (lambda n: program(f"CALL PGM(A)\nMONMSG MSGID({'CPF0001 ' * n})\n"), 50),
    "CL0209 parameters": (lambda n: program(f"CALL PGM(A) PARM({'1 ' * n})\n"), 255),
    "CL0209 files": (lambda n: "PGM\n" + "".join(f"DCLF FILE(F) OPNID(A{i})\n" for i in range(n)), 5),
    "CPD0074 CHGVAR": (lambda n: program(f"CHGVAR VAR(%SST(*LDA 1 9)) VALUE('{'x' * n}')\n"), 2000),
    "CPD0074 SNDPGMMSG": (lambda n: program(f"SNDPGMMSG MSG('{'x' * n}')\n"), 3000),
    "CPD0074 SNDUSRMSG": (lambda n: program(f"SNDUSRMSG MSG('{'x' * n}')\n"), 512),
    "CL0002": (lambda n: program("NOWHERE\n" * 0 + "CALL\n" * n), 1000),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_where_it_should_be(name: str) -> None:
    code = name.split()[0]
    text, limit = LIMITS[name]
    assert code not in {d.code for d in check_text(text(limit))}
    assert code in {d.code for d in check_text(text(limit + 1))}


def test_every_code_of_the_checker_has_a_wrong_program() -> None:
    named = re.compile(r'"(C(?:PD|L)[0-9][0-9A-F]{3})"')
    folder = Path(flashc.cl.__file__).parent
    used = {c for file in folder.glob("*.py") for c in named.findall(file.read_text(encoding="utf-8"))}
    assert used >= set(OWN)
    used = {code for code in used if not code.startswith("CL05")}  # panel groups: test_uim.py
    covered = {c for case in CASES for c in case.codes()} | {n.split()[0] for n in LIMITS} | set(ELSEWHERE)
    assert used - covered == set()


def test_every_rule_between_parameters_has_a_wrong_command() -> None:
    every = catalogue()
    sure = [d for n in every.names() if (d := every.get(n)) is not None and not d.unverified]
    rules = {rule.message for definition in sure for rule in definition.dependencies}
    covered = {c for case in CASES for c in case.codes()}
    assert rules - covered == UNSEEN


def test_a_continuation_sign_at_the_end_of_a_source() -> None:
    right = "PGM\nCALL PGM(A)\nENDPGM\n"
    assert check_text(right) == []
    for sign in ("+", "-", "+\n\n"):
        (found,) = check_text(right.removesuffix("\n") + " " + sign)
        assert (found.code, found.span.line) == ("CL0112", 3)


def test_a_command_of_the_user_that_takes_two_values_at_least() -> None:
    definition, problems = definition_from_source("CMD\nPARM KWD(A) TYPE(*CHAR) MIN(2) MAX(3)\n", "OWNCMD")
    assert definition is not None
    assert not problems
    own = catalogue().with_commands([definition])
    assert [d.code for d in check_text("OWNCMD A(1)\n", catalogue=own)] == ["CL0213"]
    assert check_text("OWNCMD A(1 2)\n", catalogue=own) == []


_UNSEEN = """
CPD05A0 CPD0918 CPD0977 CPD3121 CPD3303
CPD333D CPD3354 CPD33BE CPD7306 CPD7330 CPD7333 CPD7341 CPD7342 CPD7343
CPD734A QRY2278 RNS9326 RNS9332 RNS9333 RNS9335 RNS9337 RNS9342
"""
UNSEEN = frozenset(_UNSEEN.split())
"""Rules on what special values are mapped to, which the published definitions do not tell: nothing is said
of them (docs/cl-check.md)."""
