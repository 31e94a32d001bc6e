"""No text, whatever it holds, ends in a traceback, and none takes long."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from flashc.check import load
from flashc.diag import Diagnostic, render
from flashc.syntax import parse
from flashc.syntax.parser import MAX_ERRORS
from flashc.syntax.source import MAX_BYTES, normalise
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lang.spec_chunks import pairs, right_specs

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = (ROOT / "examples" / "nightly_brms.flash").read_text("utf-8")
EXAMPLES = [path.read_text("utf-8") for path in sorted((ROOT / "examples").rglob("*.flash"))]
MUTATED = int(os.environ.get("FLASHC_MUTATED_SPECS", "500"))
"""How many specs with accidents are tried; continuous integration tries more."""
ODD = ('"', "{", "}", "#", "/", ",", "*", "\0", "é", "12:99", "99999999999")
WORDS = [*sorted(set(" ".join(right_specs().values()).split())), *ODD]


def checked(data: bytes) -> list[Diagnostic]:
    """The diagnostics of some bytes; every one must be fit to be shown.  Files that they name are empty."""
    spec, problems = load("x.flash", lambda path: data if path == "x.flash" else b"")
    assert (spec is None) == any(p.severity == "error" for p in problems)
    text = normalise(data.decode("utf-8", "replace"))
    lines = text.split("\n")
    for problem in problems:
        span = problem.span
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 2
        assert (span.line, span.column) <= (span.end_line, span.end_column)
        assert problem.message.isprintable()
        assert render(problem, {"x.flash": text})
    return problems


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["HLDJOBQ", "HLDJOBSCDE", "ENDSBS", "VRYCFG", "QSYS/ENDSBS", "SBMJOB CMD(HLDJOBQ"]),
    st.lists(
        st.sampled_from(["A", "*OFF", "/", "(", ")", " ", "'", "&V", "%SST", "JOBQ", "*N", "1"]), max_size=9
    ),
)
@example("HLDJOBQ", list(" A/B/C"))
@example("HLDJOBQ", list(" JOBQ(A/B/C)"))
def test_commands_of_the_site_with_accidents(name: str, rest: list[str]) -> None:
    item = "hold job QUSRSSH/CPY"
    assert item in EXAMPLE
    run = f'{item}\n        run "{name}{"".join(rest)}" undo "CALL A/B"'
    checked(EXAMPLE.replace(item, run).encode())


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text(text: str) -> None:
    checked(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes(data: bytes) -> None:
    checked(data)


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", "\n", "\n    ", ""])), max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_words(parts: list[tuple[str, str]]) -> None:
    checked("".join(word + blank for word, blank in parts).encode())


def mutated(text: str, choice: random.Random) -> str:
    """The text with one to four small accidents."""
    for _ in range(choice.randint(1, 4)):
        kind = choice.randrange(6)
        at, to = sorted(choice.randrange(len(text) + 1) for _ in range(2))
        lines = text.split("\n")
        line = choice.randrange(len(lines))
        if kind == 0:
            text = text[:at] + text[min(to, at + 12) :]
        elif kind == 1:
            text = text[:at] + choice.choice(WORDS) + text[at:]
        elif kind == 2:
            text = "\n".join(lines[:line] + lines[line + 1 :])
        elif kind == 3:
            text = "\n".join(lines[: line + 1] + lines[line:])
        elif kind == 4:
            words = lines[line].split(" ")
            choice.shuffle(words)
            text = "\n".join([*lines[:line], " ".join(words), *lines[line + 1 :]])
        else:
            text = text[:at] + text[at : at + 20].swapcase() + text[at + 20 :]
        if not text:
            return EXAMPLE
    return text


def test_mutated_specs() -> None:
    """Accidents in every example and in specs that between them hold every construct."""
    choice = random.Random(20261121)
    sources = [*EXAMPLES, *right_specs().values(), *(pair.right.text for pair in pairs())]
    texts = (mutated(sources[number % len(sources)], choice) for number in range(MUTATED))
    wrong = sum(bool(checked(text.encode())) for text in texts)
    assert wrong > MUTATED * 0.8  # the accidents are real ones


@pytest.mark.parametrize(
    "text",
    [
        "{" * 200_000,
        "}" * 50_000,
        "environment A on B { around flash { " * 20_000,
        '"' * 100_000,
        "#" * 1_000_000,
        "A" * 1_000_000,
        "9" * 100_000,
        "system " * 100_000,
        "system A {" + " host" * 100_000,
        " \t\r\n" * 200_000,
        "mail server " * 50_000,
        "every " + "mon " * 100_000,
        "console A is hmc { address " + '"a" or ' * 50_000,
    ],
    ids=lambda t: t[:12],
)
def test_large_and_deep(text: str) -> None:
    assert len(checked(text.encode())) <= MAX_ERRORS + 10


def test_five_megabytes_are_refused_at_once() -> None:
    problems = checked(b"# comment\n" * 500_000)
    assert [p.code for p in problems] == ["FL1009"]
    tree, problems = parse("x" * (MAX_BYTES + 1), "x")
    assert tree is None
    assert [p.code for p in problems] == ["FL1009"]


def test_line_ends_byte_order_mark_and_tabs_make_no_difference() -> None:
    plain, problems = load("x.flash", lambda _: EXAMPLE.encode())
    assert problems == []
    for variant in ("\ufeff" + EXAMPLE, EXAMPLE.replace("\n", "\r\n"), EXAMPLE.replace("\n", "\r")):
        assert load("x.flash", lambda _, v=variant: v.encode()) == (plain, [])
    tabbed, problems = load("x.flash", lambda _: EXAMPLE.replace("    ", "\t").encode())
    assert problems == []
    assert tabbed is not None
    assert plain is not None
    assert tabbed.environments[0].name == plain.environments[0].name


def test_positions_with_windows_line_ends_are_those_of_the_line() -> None:
    text = EXAMPLE.replace("release   7.4", "release   7.2").replace("\n", "\r\n")
    problems = checked(text.encode())
    assert [(p.code, p.span.line, p.span.column) for p in problems] == [("FL3005", 8, 15)]


def test_nul_is_an_error_that_names_it() -> None:
    problems = checked(EXAMPLE.replace("system SISTPROD", "system SIST\0PROD").encode())
    assert problems[0].code == "FL1003"
    assert "\\u0000" in problems[0].message


def test_errors_stop_at_the_limit() -> None:
    problems = checked(b"oops\n" * 1000)
    assert len(problems) == MAX_ERRORS
    assert problems[-1].code == "FL1010"
