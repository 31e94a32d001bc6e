"""The rules between the parameters of a command: its DEP statements.

A rule is reported only when it is broken whatever the unknown values (variables, values that the command
maps to others) turn out to be: each condition is true, false or unknown.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from flashc.cl.ast import ListValue, Qualified, Quoted, Value, Word
from flashc.cl.bind import Bound
from flashc.cl.catalogue import CommandDef, Condition, Dependency
from flashc.cl.problems import Problem
from flashc.cl.tokens import is_number
from flashc.diag import Severity

_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "EQ": operator.eq,
    "NE": operator.ne,
}
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "EQ": operator.eq,
    "NE": operator.ne,
    "GT": operator.gt,
    "GE": operator.ge,
    "LT": operator.lt,
    "LE": operator.le,
}
# What special values are mapped to (of one command alone: with its name), where the rules compare with
# that and their meaning is known: from the same rule of another command that writes the special value, from
# the message, or because the defaults alone would break the rule otherwise.
_MAPPED = {
    ("OUTPUT", "N"): "*OUTFILE",
    ("CLEAR", "A"): "*ALL",
    ("CLEAR", "B"): "*BYKEY",
    ("CLEAR", "K"): "*KEEPUNANS",
    ("SEQ", "K"): "*KEYED",
    ("TYPE", "S"): "*STD",
    ("TYPE", "R"): "*DDM",
    ("FILETYPE", "D"): "*DATA",
    ("FILETYPE", "S"): "*SRC",
    ("CTLCHAR", "F"): "*FCFC",
    ("MBROPT", "A"): "*ADD",
    ("DETAIL", "N"): "*NAME",
    ("DETAIL", "T"): "*TEXTATR",
    ("SYSTEM", "L"): "*LCL",
    ("SYSTEM", "R"): "*RMT",
    ("DFTACTGRP", "1"): "*YES",
    ("ALLOCATE", "I"): "*YES",
    ("SIZE", "0"): "*NOMAX",
    ("SAVCHGOBJ OUTPUT", "N"): "*NONE",
    ("OUTPUT", "F"): "*OUTFILE",
    ("OUTPUT", "3"): "*OUTFILE",
    ("OUTPUT", "*NONE"): "*OUTFILE",
    ("OUTPUT", "L"): "*PRINT",
    ("INFTYPE", "E"): "*ERR",
    ("SAVACT", "R"): "*SYNCLIB",
    ("SELECT", "U"): "*USRSPC",
    ("TGTRLS", "C"): "*CURRENT",
    ("REFDATE", "0000000"): "*SAVLIB",
    ("REFTIME", "000000"): "*NONE",
    ("EXPDATE", "0000000"): "*NONE",
    ("TYPE", "F"): "*DSPF",
    ("TYPE", "P"): "*PGM",
    ("TYPE", "U"): "*UIM",
    ("AUTTYPE", "O"): "*OBJECT",
    ("AUTTYPE", "A"): "*ALL",
    ("DEV", "*RET"): "*RETAIL",
    ("DEV", "*FIN"): "*FINANCE",
    ("CONTIG", "C"): "*YES",
    ("JDFTVAL", "J"): "*NO",
    ("LOCK", "5"): "*EXCL",
    ("SRCOPT", "S"): "*SAME",
    ("PRTSEQ", "N"): "*NEXT",
    **{(keyword, "-1"): "*SAME" for keyword in ("EXCHTYPE", "COPIES", "FILESEP", "MULTIUP")},
    **{(keyword, "*"): "*SAME" for keyword in ("CODE", "ALIGN", "PRTQLTY", "FORMFEED", "DUPLEX")},
    **{(keyword, "*"): "*SAME" for keyword in ("SCHEDULE", "OUTPTY")},
    **{
        ("RESTART", "-10"): "*SAME",
        ("DRAWER", "0"): "*SAME",
        ("DRAWER", "-4"): "*FORMDF",
        ("AFPCHARS", "*SAM"): "*SAME",
    },
}
SEVERAL = "( )"  # a list: no value that stands alone
_BLANKS = re.compile(r"X'(?:40)+'|\*BLANKS?|' '")


def broken_rules(bound: Bound, wrong: frozenset[str] = frozenset()) -> list[Problem]:
    """The rules of the definition that the written values certainly break.

    Of the parameters that are `wrong` by themselves it is known only that they are written.
    """
    found: list[Problem] = []
    definition = bound.definition
    for rule in definition.dependencies:
        if rule.when is not None and holds(rule.when, bound, wrong) is not True:
            continue
        results = [holds(condition, bound, wrong) for condition in rule.conditions]
        true, unknown = results.count(True), results.count(None)
        test = _ORDER[rule.operator]
        if test(true, rule.count) or any(test(true + more + 1, rule.count) for more in range(unknown)):
            continue
        severity: Severity = "note" if definition.unverified else "error"
        message = f"{definition.name}: {_sentence(rule)}"
        found.append(Problem(rule.message, severity, message, bound.command.pos, bound.command.name_end))
    return found


def unread(definition: CommandDef) -> list[tuple[str, str]]:
    """Parameters and the values that rules compare them with, of which it is not known which special value
    they stand for: nothing is said where such a special value is written."""
    found: list[tuple[str, str]] = []
    for rule in definition.dependencies:
        for condition in (*([rule.when] if rule.when else []), *rule.conditions):
            parameter = definition.parameter(condition.keyword)
            value = condition.value
            if condition.operator is None or parameter is None or definition.parameter(value) is not None:
                continue
            choices = parameter.choices()
            if value == "X''" or _BLANKS.fullmatch(value):
                continue
            plain = not value.startswith(("*", "X'")) and parameter.type not in ("enum", "date", "time")
            if (
                choices
                and not plain
                and _special(definition, condition.keyword, value, choices) not in choices
            ):
                found.append((condition.keyword, value))
    return list(dict.fromkeys(found))


def holds(condition: Condition, bound: Bound, wrong: frozenset[str] = frozenset()) -> bool | None:
    """Whether a condition is true; None when that cannot be known from the source."""
    if condition.operator is None and condition.keyword in bound.values:
        return True
    if bound.definition.parameter(condition.keyword) is None:
        return None
    if condition.operator is None:
        return False
    if wrong and not wrong.isdisjoint((condition.keyword, condition.value)):
        return None
    left = _text(condition.keyword, bound)
    right: str | None = condition.value
    if bound.definition.parameter(condition.value) is not None:
        right = _text(condition.value, bound)
    if left is None or right is None:
        return None
    return _compared(condition, left, right, bound)


def _compared(condition: Condition, left: str, right: str, bound: Bound) -> bool | None:
    op = condition.operator
    assert op is not None
    parameter = bound.definition.parameter(condition.keyword)
    assert parameter is not None
    if left == SEVERAL:
        alone = right in parameter.single and right not in parameter.special
        return op == "NE" if alone and op in _COMPARE else None
    if left.startswith("*"):
        right = _special(bound.definition, condition.keyword, right, parameter.choices())
    if is_number(left) and is_number(right):
        return _ORDER[op](float(left.replace(",", ".")), float(right.replace(",", ".")))
    if op not in _COMPARE:
        return None
    if right == "X''":
        return _COMPARE[op](left, "''")
    if _BLANKS.fullmatch(right):
        return _COMPARE[op](left.strip(" '") == "", True) if left != "''" else None
    if left == "":
        return op == "NE"
    mapped = left.startswith("*") and (
        not right.startswith("*") or (left != right and right not in parameter.choices())
    )
    return None if mapped else _COMPARE[op](left, right)


def _special(definition: CommandDef, keyword: str, value: str, choices: tuple[str, ...]) -> str:
    """The special value that is mapped to `value`, or `value` itself where none is known to be."""
    own, usual = _MAPPED.get((f"{definition.name} {keyword}", value), ""), _MAPPED.get((keyword, value), "")
    for special in (value, own, usual, f"*{value}"):
        if special in choices:
            return special
    answers = [c for c in choices if c.startswith(f"*{value}")]
    return answers[0] if answers in (["*YES"], ["*NO"]) else value


def _text(keyword: str, bound: Bound) -> str | None:
    """What the parameter holds, as text: its value, its default, or '' for nothing."""
    value: Value | None = bound.values.get(keyword)
    if value is None:
        return _default(keyword, bound)
    if isinstance(value, ListValue) and len(value.items) == 1:
        value = value.items[0]
    if isinstance(value, ListValue) and len(value.items) > 1:
        return SEVERAL
    if isinstance(value, Word):
        return value.text
    if isinstance(value, Quoted):
        return value.text.rstrip() or ("''" if not value.text else "' '")
    if isinstance(value, Qualified) and all(isinstance(p, Word) for p in value.parts):
        last = value.parts[-1]
        assert isinstance(last, Word)
        return last.text
    return None


def _default(keyword: str, bound: Bound) -> str:
    """The default of a parameter: its own, or that of its first part."""
    parameter = bound.definition.parameter(keyword)
    assert parameter is not None
    parts = parameter.elements or parameter.qualifiers
    if parameter.default is None and parts:
        return parts[0].default or ""
    return parameter.default or ""


def _sentence(rule: Dependency) -> str:
    names = list(dict.fromkeys(c.keyword for c in rule.conditions))
    when = "" if rule.when is None else f" with {_shown(rule.when)}"
    if rule.operator == "EQ" and rule.count == 0:
        return f"not allowed{when}: " + ", ".join(_shown(c) for c in rule.conditions)
    if rule.operator == "EQ" and rule.count == len(rule.conditions):
        return f"required{when}: " + ", ".join(_shown(c) for c in rule.conditions)
    one_of = len(names) == 1 and all(c.operator == "EQ" for c in rule.conditions)
    if one_of and rule.count == 1 and rule.operator in ("EQ", "GE"):
        return f"{names[0]} must be {' or '.join(c.value for c in rule.conditions)}{when}"
    together = " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"
    if len(names) == 1:
        return f"{together} does not go{when}" if when else f"this value of {together} is not allowed"
    return f"the parameters {together} do not go together{when}"


def _shown(condition: Condition) -> str:
    if condition.operator is None:
        return condition.keyword
    words = {"EQ": "", "NE": "not ", "GT": "over ", "GE": "at least ", "LT": "under ", "LE": "at most "}
    return f"{condition.keyword}({words[condition.operator]}{condition.value})"
