"""What the language server knows of a text: completion, hover, names, outline, places."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flashc.check.families import offered as families_of
from flashc.diag import Span
from flashc.lsp.complete import Completion, completions
from flashc.lsp.document import Document, analyse
from flashc.lsp.hover import hover
from flashc.lsp.names import RenameError, definition, name_at, renamed, same
from flashc.lsp.outline import Entry, outline
from flashc.lsp.pages import PAGES
from flashc.lsp.positions import from_units, to_units
from flashc.lsp.repair import repair
from flashc.syntax import parse
from flashc.syntax.words import EXAMPLES, lookup
from hypothesis import given, settings
from hypothesis import strategies as st

from lang_tools.layouts import SOURCES

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / "examples" / "nightly_brms.flash").read_text("utf-8")


def at(text: str) -> tuple[Document, int, int]:
    """The document of a text without its `|`, and the place where that stood."""
    before, _, after = text.partition("|")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return analyse("x.flash", before + after), line, column


def example_at(piece: str) -> tuple[Document, int, int]:
    """The example, and the place of the `|` in a piece of it."""
    assert EXAMPLE.count(piece.replace("|", "")) == 1
    return at(EXAMPLE.replace(piece.replace("|", ""), piece))


def offered(text: str) -> dict[str, Completion]:
    return {item.label: item for item in completions(*at(text)).items}


# ---- completion -------------------------------------------------------------------------------------


def test_the_top_of_a_file() -> None:
    assert set(offered("|")) == {
        "system",
        "console",
        "array",
        "mail",
        "clone",
        "environment",
        "command",
        "include",
        "defaults",
    }
    assert set(offered("system A { }\n\n  cl|")) == set(offered("|"))
    assert offered("|")["clone"].documentation.startswith("A partition that starts from the copy")


def test_the_statements_of_a_block_have_their_pages() -> None:
    found = offered("environment A on B {\n    quiesce within 60s otherwise abort\n    |\n}\n")
    assert {"every", "resume", "around", "on", "mail"} <= set(found)
    assert "within" not in found
    assert "flash" not in found
    assert all(item.documentation and item.kind == "keyword" for item in found.values())
    assert "guard jobs" in found["resume"].documentation
    assert "```flash\nresume within 30s\n```" in found["resume"].documentation
    assert "on failure, at the end" in found["mail"].documentation  # not the mail server of the top


def test_the_words_of_a_statement() -> None:
    start = "environment A on B {\n    quiesce "
    assert set(offered(start + "|\n}")) == {"within"}
    assert set(offered(start + "within 60s |")) == {"retries", "otherwise"}
    assert set(offered(start + "within 60s otherwise |")) == {"abort", "continue", "flush"}
    assert {"60s", "5m", "8h"} <= set(offered(start + "within |"))
    assert "limit" in offered(start + "within |")["60s"].detail
    brms = "environment A on B { on clone brms {\n        group X library Y "
    assert {"restricted", "within"} <= set(offered(brms + "|"))
    assert set(offered(brms + "\n        |")) == {"group", "incremental", "set", "together"}
    assert set(offered("environment A on B { on clone brms { set |")) == {"QINACTITV"}
    assert set(offered("environment A on B { on clone brms { set QINACTITV |")) == {"*NONE"}
    assert set(offered("system A { release |")) == {"7.3", "7.4", "7.5", "7.6"}
    assert {"day", "weekday", "mon", "sun"} <= set(offered("environment A on B { every |"))


@pytest.mark.parametrize(
    ("piece", "names"),
    [
        ("clone SISTPROD_24 of |SISTPROD {", {"SISTPROD"}),
        ("environment DAILY on |SISTPROD_24 {", {"SISTPROD_24"}),
        ('disks     group "SISTPROD_24" on |V7000', {"V7000"}),
        ('require group "SISTPROD_1" on |V7000', {"V7000"}),
        ("through |HMC1", {"HMC1"}),
        ("console HMC1 is |hmc", set(families_of("console"))),
        ("array V7000 is |svc", set(families_of("array"))),
    ],
)
def test_names_of_the_right_kind(piece: str, names: set[str]) -> None:
    assert {item.label for item in completions(*example_at(piece)).items} == names


def test_a_name_is_shown_with_its_definition() -> None:
    (item,) = completions(*example_at("through |HMC1")).items
    assert (item.kind, item.detail) == ("name", "console")
    assert "console HMC1 is hmc {" in item.documentation


def test_the_word_at_the_place_is_replaced_from_its_start() -> None:
    document, line, column = at("environment A on B {\n    qui|\n}")
    assert completions(document, line, column).start_column == 5


@pytest.mark.parametrize(
    "text", ["# com|ment", 'system A { host "a|b" user X }', 'system A { host "a|', "system | # x"]
)
def test_nothing_in_texts_and_comments(text: str) -> None:
    assert offered(text) == {}


def test_a_mistake_above_does_not_matter() -> None:
    found = offered("sistem X { oops }\nsystem A {\n    host 5\n    relea|\n}\nmore oops {")
    assert set(found) == {"host", "identity", "library", "release", "language", "independent"}


# ---- hover ------------------------------------------------------------------------------------------


def said(text: str) -> str:
    found = hover(*at(text))
    return found[0] if found else ""


def test_a_problem_is_shown_with_its_rule() -> None:
    text = said(EXAMPLE.replace("release   7.4", "release   7|.2"))
    assert "**FL3005** release 7.2 is not supported" in text
    assert "A release that is not supported" in text
    assert "release 7.4" in text
    assert "FL2001" in said(EXAMPLE.replace("through HMC1", "through HM|C9"))


def test_a_name_shows_its_definition_and_a_statement_its_page() -> None:
    assert hover(*example_at("on clone b|rms")) is not None
    text = (hover(*example_at("through HM|C1")) or ("",))[0]
    assert "**console HMC1**" in text
    assert 'address "10.1.0.10" or "10.1.0.11"' in text
    text, span = hover(*example_at("resume |within")) or ("", Span("", 0, 0, 0, 0))
    assert "guard jobs enforce it" in text
    assert span.end_column - span.column == len("within")
    assert "on failure, at the end" in (hover(*example_at("on start, fla|sh")) or ("",))[0]
    assert "SMTP" in (hover(*example_at("mail ser|ver")) or ("",))[0]


def test_comments_and_blanks_say_nothing() -> None:
    assert said("# a |comment") == ""
    assert said("\n|\n") == ""


# ---- names ------------------------------------------------------------------------------------------


def lines_of(document: Document, spans: list[Span]) -> list[tuple[int, str]]:
    return [(s.line, document.lines[s.line - 1][s.column - 1 : s.end_column - 1]) for s in spans]


def test_definition_and_references() -> None:
    document, line, column = example_at('require group "SISTPROD_1" on V70|00')
    name = name_at(document, line, column)
    assert name is not None
    found = definition(document, name)
    assert found is not None
    assert document.lines[found.span.line - 1].startswith("array V7000 is svc")
    assert [text for _, text in lines_of(document, [n.span for n in same(document, name)])] == ["V7000"] * 3
    assert name_at(*example_at('group "SISTPROD|_1"')) is None


def test_a_command_is_found_in_cl_texts() -> None:
    text = 'environment A on B { around flash { run "APPLIB/QUIET X(1)" undo "quiet" } }\ncommand QUI|ET'
    document, line, column = at(text)
    name = name_at(document, line, column)
    assert name is not None
    assert lines_of(document, renamed(document, name, "HUSH")) == [(1, "QUIET"), (1, "quiet"), (2, "QUIET")]


def test_rename_changes_every_place_and_nothing_else() -> None:
    document, line, column = example_at("clone SIST|PROD_24 of SISTPROD {")
    name = name_at(document, line, column)
    assert name is not None
    spans = renamed(document, name, "NIGHT")
    lines = list(document.lines)
    for span in reversed(spans):
        text = lines[span.line - 1]
        lines[span.line - 1] = text[: span.column - 1] + "NIGHT" + text[span.end_column - 1 :]
    wanted = EXAMPLE.replace("clone SISTPROD_24 of", "clone NIGHT of")
    assert "\n".join(lines) == wanted.replace("DAILY on SISTPROD_24", "DAILY on NIGHT")


@pytest.mark.parametrize("new", ["night", "TWO WORDS", "", "4NIGHT", "A{", "# X", "V7000B"])
def test_a_wrong_new_name_is_refused(new: str) -> None:
    document, line, column = at(
        EXAMPLE.replace("array V7000 is", "array V7|000 is") + "array V7000B is svc { }\n"
    )
    name = name_at(document, line, column)
    assert name is not None
    with pytest.raises(RenameError):
        renamed(document, name, new)


def test_an_undefined_name_is_not_renamed() -> None:
    document, line, column = at("clone A of NOBO|DY { }")
    name = name_at(document, line, column)
    assert name is not None
    assert definition(document, name) is None
    with pytest.raises(RenameError, match="not defined"):
        renamed(document, name, "B")


# ---- quick fixes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "proposed"),
    [
        ("through HMC1", "through HMC9", "HMC1"),
        ("release   7.4", "releas   7.4", "release"),
        ("resume within 30s", "resume within 30", "30s"),
        ("library   BCKFLASHP", "library   bckflashp", "BCKFLASHP"),
        ("console HMC1 is hmc", "console HMC1 is hcm", "hmc"),
        ('key "hmc1_ed25519"', "key hmc1_ed25519", '"hmc1_ed25519"'),
        ("otherwise abort", "otherwise abrt", "abort"),
        ("every day at 20:35", "every day at 20.35", "20:35"),
        ("every day at 20:35", "every mon-sun at 20:35", "day"),
        ("boot within 90m", "boot within 1h30m", "90m"),
        ("system SISTPROD {", 'system "SISTPROD" {', "SISTPROD"),
    ],
)
def test_a_repair_makes_the_spec_right_again(right: str, wrong: str, proposed: str) -> None:
    document = analyse("x.flash", EXAMPLE.replace(right, wrong, 1))
    found = [r for p in document.problems if (r := repair(document, p)) is not None]
    assert [r.text for r in found] == [proposed]
    lines = list(document.lines)
    span = found[0].span
    line = lines[span.line - 1]
    lines[span.line - 1] = line[: span.column - 1] + proposed + line[span.end_column - 1 :]
    assert "\n".join(lines) == EXAMPLE


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("release   7.4", "release   7.1"),  # which one is meant cannot be told
        ("    resume within 30s\n", "    resume within\n"),  # a word is missing
        ("on SISTPROD_24 {", "on SISTPROD_24"),
        ("boot within 90m", "boot within 1,5h"),  # two words
        ("every day at 20:35", "every day at 8 pm"),
    ],
)
def test_no_repair_is_guessed(right: str, wrong: str) -> None:
    document = analyse("x.flash", EXAMPLE.replace(right, wrong, 1))
    assert document.problems
    assert [r for p in document.problems if (r := repair(document, p)) is not None] == []


# ---- outline, pages, places -------------------------------------------------------------------------


def test_the_outline() -> None:
    entries = outline(analyse("x.flash", EXAMPLE))
    assert [(e.detail, e.title) for e in entries] == [
        ("system", "SISTPROD"),
        ("console", "HMC1"),
        ("array", "V7000"),
        ("10.1.0.25", "mail server"),
        ("clone", "SISTPROD_24"),
        ("environment", "DAILY"),
    ]
    inner = {e.title: e for e in entries[-1].inner}
    assert inner["every"].detail == "day at 20:35"
    assert [(e.title, e.detail) for e in inner["around"].inner] == [
        ("hold", "job QUSRSSH/CPY"),
        ("end", "domino DOMINO02 within 5m"),
    ]

    def nested(entry: Entry) -> None:
        assert (entry.span.line, entry.span.column) <= (entry.name.line, entry.name.column)
        assert (entry.name.end_line, entry.name.end_column) <= (entry.span.end_line, entry.span.end_column)
        for child in entry.inner:
            nested(child)

    for entry in entries:
        nested(entry)


def _in_its_place(block: str, statement: str) -> str:
    """A statement in the first block that takes it, or in the one named."""
    statement = statement.replace("{ … }", "{ }")
    heads = {
        "": ["", "system A {", "console A is hmc {", "clone A of B {", "environment A on B {"],
        "file": [""],
        "environment": ["environment A on B {"],
        "defaults": ["defaults {"],
        "before": ["environment A on B { before {"],
        "after flash": ["environment A on B { after flash {"],
        "afterwards": ["environment A on B { afterwards {"],
        "on failure": ["environment A on B { on failure {"],
        "on clone brms": ["environment A on B { on clone brms {"],
        "on clone user": ["environment A on B { on clone user {"],
        "reconfigure": ["environment A on B { reconfigure {"],
        "together": [f"environment A on B {{ on clone {kind} {{ together {{" for kind in ("brms", "user")],
    }
    inner = ("around flash", "on clone brms", "on clone save21", "on clone user", "reconfigure")
    heads[""] += [f"environment A on B {{ {block} {{" for block in inner]
    texts = [f"{head} {statement} {'}' * head.count('{')}" for head in heads[block]]
    return next((text for text in texts if not parse(text, "x")[1]), texts[0])


def test_every_statement_has_a_page() -> None:
    for key in EXAMPLES:
        block, _, words = key.rpartition(": ")
        assert lookup(PAGES, block, words.split()), key
        assert parse(_in_its_place(block, EXAMPLES[key]), key)[1] == [], key
    assert set(PAGES) <= set(EXAMPLES) | {"on clone brms", "together"}
    grammar = (ROOT / "grammar" / "flash.lark").read_text("utf-8")
    starts = set(re.findall(r'^(?:\w+: +|  +\| )"([a-z]+)" ', grammar, re.MULTILINE))
    assert {"system", "previous", "every", "mail"} <= starts
    # alternatives inside a statement
    values = {"abort", "continue", "flush", "day", "mon", "first", "start", "with", "accept", "category"}
    values |= {"library", "drive", "virtual", "optical", "save"}  # devices
    values |= {"pairs", "storage", "protection", "snapshot", "volume", "named"}  # copies
    assert starts - values <= {key.rpartition(": ")[2].split()[0] for key in PAGES}


@given(st.sampled_from(SOURCES), st.data())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_place_of_any_text_has_an_answer(text: str, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    document, line, column = at(text[:start] + "|" + text[min(end, start + 9) :])
    for item in completions(document, line, column).items:
        assert item.label
    hover(document, line, column)
    name_at(document, line, column)
    outline(document)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_places_are_counted_as_the_client_does(encoding: str) -> None:
    lines = ["", 'a\u00e9\U0001f600z "']
    for column in range(1, len(lines[1]) + 2):
        line, character = to_units(lines, 2, column, encoding)
        assert (line, from_units(lines, line, character, encoding)) == (1, (2, column))
    ends = {"utf-8": 10, "utf-16": 7, "utf-32": 6}
    assert to_units(lines, 2, 7, encoding) == (1, ends[encoding])
    assert from_units(lines, 1, 999, encoding) == (2, 7)
    assert from_units(lines, 9, 9, encoding) == (10, 1)
