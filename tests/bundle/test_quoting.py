"""User text in CL: quoted by one function, and no text of a spec changes the structure of a program."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from flashc.bundle.build import rendered
from flashc.bundle.context import system_context
from flashc.bundle.proofs.known import text_of
from flashc.bundle.render import render
from flashc.check import load
from flashc.check.model import Spec
from flashc.cl.ast import Command, Value
from flashc.cl.checker import commands
from flashc.cl.flow import argument
from flashc.cl.parser import parse
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
FREE = re.compile(r"\{\{(?:(?!\}\}).)*(?:\.(?:command|undo|text)\b|\bpath\b)(?:(?!\}\}).)*\}\}")
"""What of a spec may be any text: commands, their undos, paths."""

PLACES = {
    "around": 'around flash {{ run "{}" undo "CALL APPLIB/UNDO" }}',
    "undo": 'around flash {{ run "CALL APPLIB/DO" undo "{}" }}',
    "before": 'before {{ run "{}" }}',
    "after flash": 'after flash {{ run "{}" }}',
    "afterwards": 'afterwards {{ run "{}" }}',
    "on failure": 'on failure {{ run "{}" }}',
}


OTHERS = frozenset({"command.pnlgrp.j2", "command.cmd.j2", "flbuild.clle.j2"})
"""Of our own commands and objects, where a spec has no word."""


def test_free_text_reaches_cl_through_quote_or_comment_only() -> None:
    wrong, right = [], 0
    for path in sorted((ROOT / "templates_cl").rglob("*.j2")):
        for hit in FREE.finditer(path.read_text(encoding="utf-8")) if path.name not in OTHERS else ():
            if re.search(r"\|\s*(q|comment|clip)\b|\bsite\(", hit[0]) or hit[0] == GROUP:
                right += 1
            else:
                wrong.append(f"{path.name} {hit[0]}")
    assert wrong == []
    assert right > 10


GROUP = "{{ one.text }}"
"""A control group's name: the checker takes it as a name only."""


@cache
def _base() -> str:
    text = (ROOT / "examples" / "nightly_brms.flash").read_text(encoding="utf-8")
    start = text.index("    around flash {")
    return text[:start] + "    @@\n" + text[text.index("    }\n", start) + 6 :]


def spec_with(place: str, text: str) -> Spec | None:
    """The example with a command at a place; None where the checker refuses it."""
    source = _base().replace("@@", PLACES[place].format(text.replace('"', '""')))
    return load("x.flash", lambda _: source.encode("utf-8"))[0]


def programs_of(spec: Spec) -> dict[str, str]:
    """The programs of an environment, where its commands are."""
    b = system_context(spec, spec.systems[0], "0" * 64)
    (e,) = b["environments"]
    out = {"driver": render("driver.clle.j2", b=b, e=e)}
    if e["failure_program"]:
        out["failure"] = render("onfailure.clle.j2", b=b, e=e)
    return out


def shape(text: str) -> list[tuple[str, tuple[str | None, ...]]]:
    """Commands and their keywords, in order."""
    source, problems = parse(text, "x")
    assert problems == []
    return [(command.name, tuple(a.keyword for a in command.args)) for command in commands(source)]


def values(text: str) -> list[str]:
    """The values of all CHGVAR, literals joined."""
    out = []
    for command in commands(parse(text, "x")[0]):
        if command.name == "CHGVAR":
            value: Value | Command | None = argument(command, "VALUE", 1)
            out.append(text_of(value))
    return out


AWKWARD = (
    "CALL APPLIB/X PARM('it''s')",
    "CALL APPLIB/X PARM('*/ /* a')",
    "CALL APPLIB/X PARM('&RUN + - ''')",
    "CALL APPLIB/X PARM('" + "ends in a sign + " * 18 + "')",
    "CALL APPLIB/X PARM('" + "'''' " * 60 + "')",
    "CALL APPLIB/X PARM('[]{}!|^~$#@')",
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", AWKWARD)
def test_an_awkward_text_is_carried_as_it_is(place: str, text: str) -> None:
    plain = spec_with(place, "CALL APPLIB/X")
    spec = spec_with(place, text)
    assert plain is not None
    assert spec is not None
    expected = {name: shape(program) for name, program in programs_of(plain).items()}
    made = programs_of(spec)
    assert {name: shape(program) for name, program in made.items()} == expected
    assert any(text in values(program) for program in made.values())


@settings(max_examples=25, deadline=None)
@given(
    place=st.sampled_from(sorted(PLACES)),
    text=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=330),
)
def test_no_text_changes_the_structure(place: str, text: str) -> None:
    command = f"CALL APPLIB/X {text}".rstrip()
    spec = spec_with(place, command)
    if spec is None:  # the checker refuses it: a secret, or too long
        return
    plain = spec_with(place, "CALL APPLIB/X")
    assert plain is not None
    made = programs_of(spec)
    assert {n: shape(p) for n, p in made.items()} == {n: shape(p) for n, p in programs_of(plain).items()}
    assert any(command in values(program) for program in made.values())


@pytest.mark.parametrize("character", ["\u00e9", "\u20ac", "\t", "\u00a0", "\x7f", "\u4e2d"])
@pytest.mark.parametrize("place", PLACES)
def test_a_character_that_cl_may_not_carry_is_refused(place: str, character: str) -> None:
    assert spec_with(place, f"CALL APPLIB/X PARM('{character}')") is None


def test_every_line_stays_within_the_member(root: Path) -> None:
    spec, _ = load(str(root / "examples" / "quiet.flash"))
    assert spec is not None
    for text in rendered(system_context(spec, spec.systems[0], "0" * 64)).values():
        assert max(map(len, text.splitlines())) <= 80
