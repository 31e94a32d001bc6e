"""Right specs in any layout: their words apart by any blanks, line ends and comments."""

from __future__ import annotations

import dataclasses
from typing import Any

from flashc.check import load
from flashc.diag import Span
from flashc.syntax.parser import scan
from hypothesis import strategies as st
from lang.spec_chunks import pairs, right_specs

SOURCES = sorted({*right_specs().values(), *(pair.right.text for pair in pairs())})
"""Specs without an error that between them hold every construct."""

QUIET = "CMD PROMPT('Quiet')\nPARM KWD(MODE) TYPE(*CHAR) LEN(4)\n"
_COMMENT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)
_GAP = st.one_of(
    st.sampled_from([" ", "\n", "  ", "\n\n\n", "\t", "\n    "]),
    _COMMENT.map(lambda text: f" #{text}\n"),
    _COMMENT.map(lambda text: f"\n  #{text}\n"),
)


@st.composite
def laid_out(draw: st.DrawFn) -> str:
    """A right spec in a random layout with random comments at some of its words."""
    words = [str(t) for t in scan(draw(st.sampled_from(SOURCES))) if t.type != "COMMENT"]
    odd = draw(st.dictionaries(st.integers(0, len(words) - 1), _GAP, max_size=25))
    usual = draw(st.sampled_from([" ", "\n", "  "]))
    return "".join(odd.get(number, usual) + word for number, word in enumerate(words)) + draw(_GAP)


def meaning(text: str) -> Any:
    """What a spec says, without where and how it says it."""
    files = {"x.flash": text, "appquiet.cmd": QUIET, "parts/empty.flash": ""}
    spec, problems = load("x.flash", lambda path: files[path].encode("utf-8"))
    assert spec is not None, problems
    return plain(dataclasses.replace(spec, text=""))


def plain(value: Any) -> Any:
    """A part of a resolved spec without the places at which it was written."""
    if isinstance(value, Span):
        return None
    if dataclasses.is_dataclass(value):
        return (type(value), *(plain(getattr(value, f.name)) for f in dataclasses.fields(value)))
    return [plain(v) for v in value] if isinstance(value, tuple) else value
