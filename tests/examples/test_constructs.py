"""Between them the examples use every construct of the language.

A construct is a pair of neighbours in a production of the grammar: two words, a word and the statement behind
it, a word that a statement may end with.  So each alternative is used, and each part that may be left out is
both there and not there.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flashc.check.rules import RULES
from lark import Lark
from lark.grammar import Rule

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
EDGE = "|"
Pair = tuple[str, str, str]

# What the grammar lets through so that the check can say what is missing.
REFUSED: dict[Pair, str] = {
    ("group", "NAME", EDGE): "FL3025",
    ("group", "device", EDGE): "FL3025",
    ("group", "RESTRICTED", EDGE): "FL3025",
    ("save_to", "device", EDGE): "FL3025",
    ("clone_run", "STRING", EDGE): "FL3025",
    ("clone_run", "STRING", "accept"): "FL3025",
    ("clone_run", "STRING", "wanted"): "FL3025",
    ("_setting", EDGE, "INT"): "FL3061",
    ("_setting", "INT", EDGE): "FL3061",
    ("_setting", EDGE, "STRING"): "FL3061",
    ("_setting", "STRING", EDGE): "FL3061",
    ("_save21_body", EDGE, "_save21_body"): "FL3002",
    ("_save21_body", "_save21_body", "save21_statement"): "FL3002",
    ("start", EDGE, EDGE): "FL3003",
}


# What the language has words for and no driver yet: refused, wherever it stands, until one passes its suite.
NOT_DRIVEN: dict[str, str] = {
    "volume_group_copies": "FL3102",
    "volumes_copies": "FL3004",
    "SCRIPT": "FL3004",
    "WORKSPACE": "FL3004",
    "IAM": "FL3004",
}


def _elsewhere(pair: Pair) -> bool:
    """Whether no example can have a construct: it is not driven, or it is one of generations."""
    origin, *words = pair
    if {origin, *words} & NOT_DRIVEN.keys():
        return True
    # One pair alone is a range in one logical subsystem: the night is that of two.
    if pair == ("pairs", "pair", EDGE):
        return True
    # Consoles are reached by SSH alone until another way is driven; one that knows no profiles is not either.
    if origin == "console_statement" or (origin == "partition" and pair[1:] == ("NAME", EDGE)):
        return True
    # Generations of pairs and storage groups are played by tests/faults, those of others are refused.
    return any("star" in name for name in pair) and "_copies" in origin


def _pairs(rule: Rule) -> set[Pair]:
    """The neighbours of a production; an empty block says nothing and is no construct."""
    names = [EDGE, *(symbol.name for symbol in rule.expansion), EDGE]
    origin = rule.alias or rule.origin.name
    pairs = {(origin, left, right) for left, right in pairwise(names)}
    return set() if (origin, "LBRACE", "RBRACE") in pairs else pairs


@pytest.fixture(scope="module", name="grammar")
def fixture_grammar() -> tuple[set[Pair], set[Pair]]:
    """All constructs of the grammar, and those that the examples use."""
    text = files("flashc.grammar").joinpath("flash.lark").read_text("utf-8")
    lark = Lark(text, parser="lalr", maybe_placeholders=False)
    used: set[Pair] = set()
    reductions: dict[Rule, Callable[[list[Any]], Any]] = lark.parser.parser.parser.callbacks

    def noted(rule: Rule, reduce: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
        def call(children: list[Any]) -> Any:
            used.update(_pairs(rule))
            return reduce(children)

        return call

    for rule, reduce in list(reductions.items()):
        reductions[rule] = noted(rule, reduce)
    for path in EXAMPLES.rglob("*.flash"):
        lark.parse(path.read_text(encoding="utf-8"))
    return {pair for rule in lark.rules for pair in _pairs(rule)}, used


def test_every_construct_that_can_be_right_is_used(grammar: tuple[set[Pair], set[Pair]]) -> None:
    every, used = grammar
    assert sorted(pair for pair in every - used - set(REFUSED) if not _elsewhere(pair)) == []


def test_what_is_refused_is_not_used(grammar: tuple[set[Pair], set[Pair]]) -> None:
    every, used = grammar
    assert sorted(set(REFUSED) - every) == [], "the grammar has them"
    assert sorted(set(REFUSED) & used) == []
    assert {*REFUSED.values(), *NOT_DRIVEN.values()} <= set(RULES)
