"""Words by which others name a statement are answered with how it is written here."""

from __future__ import annotations

import pytest
from flashc.check import load
from flashc.syntax.slips import _STATEMENTS
from flashc.syntax.words import example

HEADS = {
    "file": "",
    "system": "system SISTPROD {",
    "clone": "clone SISTPROD_24 of SISTPROD {",
    "environment": "environment DAILY on SISTPROD_24 {",
}
MEANT = [
    (block, first, word)
    for block, statements in _STATEMENTS.items()
    for first, others in statements.items()
    for word in others
]


@pytest.mark.parametrize(("block", "first", "word"), MEANT, ids=[" ".join(one) for one in MEANT])
def test_the_statement_that_was_meant_is_shown(block: str, first: str, word: str) -> None:
    text = f"{HEADS[block]}\n    {word} 1\n{'}' if HEADS[block] else ''}\n"
    _, found = load("spec.flash", lambda _path: text.encode())
    [unknown] = [one for one in found if one.code == "FL1006"]
    shown = example(block, [first])
    assert shown
    assert unknown.help == f"It is written like this: {shown}"
