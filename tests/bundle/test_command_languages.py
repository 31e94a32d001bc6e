"""Prompts and help panels in every language: complete, within their limits, and of the same commands."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from command_places import places
from flashc.bundle.build import rendered
from flashc.bundle.context import system_context
from flashc.check.load import load
from flashc.check.model import Language as Written
from flashc.cl.codepages import decode, encode
from flashc.cl.definition import definition_from_source
from flashc.cl.uim import check_panel_group
from flashc.runbook.commands import commands
from flashc.runbook.messages import LANGUAGES, Language
from flashc.runbook.objects import objects
from flashc.runbook.steps import PHASES

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path.name for path in (ROOT / "examples").glob("*.flash"))
OTHERS = [one for one in LANGUAGES.values() if one.name != "english"]
ENGLISH = places(LANGUAGES["english"].commands)

SAME = {
    "Clone": {"french"},
    "Section": {"french"},
    "Partition {label}.": {"french"},
    "Date, *AVAIL": {"french"},
    "*ALL, *FILE, *PGM...": {"french", "spanish"},
}
"""Texts that are the same in another language."""
NAMES = re.compile(r"\*[A-Z]+|\b[A-Z][A-Z0-9_]{2,}(?:\([^)]*\))*|\bO\d\d\b|(?<= )\*(?= )|\{\w+\}")
"""What no language changes: special values, keywords with their values, commands, ids, variables."""
TERMS = {"STREAM"}
"""Words in capitals that IBM i has in some languages only."""
SENTENCES = ("help", "values", "examples")


@cache
def context(example: str, language: str) -> dict[str, Any]:
    spec, problems = load(ROOT / "examples" / example)
    assert spec is not None, problems
    b = system_context(spec, spec.systems[0], "0" * 64)
    return {**b, "language": language, "message_file": LANGUAGES[language].message_file}


@cache
def sources(example: str, language: str) -> dict[str, str]:
    made = rendered(context(example, language))
    return {name: text for name, text in made.items() if name.endswith((".cmd", ".pnlgrp"))}


def test_a_spec_may_name_every_language_that_there_is() -> None:
    assert set(get_args(Written)) == set(LANGUAGES)
    assert len({one.code for one in LANGUAGES.values()}) == len(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.name)
def test_every_prompt_and_help_text_is_translated(language: Language) -> None:
    found = places(language.commands)
    assert sorted(set(ENGLISH) - set(found)) == [], f"not in runbook/commands_*.py in {language.name}"
    assert sorted(set(found) - set(ENGLISH)) == [], f"in {language.name} only"
    untouched = [
        place
        for place, text in found.items()
        if text == ENGLISH[place] and language.name not in SAME.get(text, set())
    ]
    assert untouched == []


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda one: one.name)
def test_names_and_values_are_the_same_in_every_language(language: Language) -> None:
    for place, text in places(language.commands).items():
        if place.endswith("/RUN choice"):
            continue  # *LAST and how a date is written
        found = set(NAMES.findall(text)) - TERMS
        assert found == set(NAMES.findall(ENGLISH[place])), place


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda one: one.name)
def test_prompts_and_help_texts_keep_their_limits(language: Language) -> None:
    page = language.ccsid or 37
    for place, text in places(language.commands).items():
        assert decode(encode(text, page), page) == text, f"{place}: not in the code page of {language.name}"
        assert language.ccsid or text.isascii(), place
        assert text == " ".join(text.split()), f"{place}: blanks"
        what = place.split(" ")[1]
        if what in ("prompt", "choice"):
            assert len(text.format(least=60, most=14400)) <= 30, f"{place}: {len(text)} characters"
            assert not text.endswith(".") or text.endswith("..."), place
        if what in SENTENCES:
            assert text.endswith("."), f"{place}: no sentence"


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda one: one.name)
def test_no_text_is_for_nothing(language: Language) -> None:
    """Each command, parameter and value that has a text is there in a spec, and each example is shown."""
    made: dict[str, set[str]] = {}
    systems = [context(example, language.name) for example in EXAMPLES]
    points = [{"code": code} for code in PHASES]
    systems.append({**systems[0], "environments": [{**systems[0]["environments"][0], "restarts": points}]})
    for b in systems:
        for c in commands(b):
            said = {*c.help, *(one.help for one in c.examples)}
            for p in c.parameters:
                said |= {f"{p.keyword} {choice.value}" for choice in p.choices} | {p.keyword, *p.help}
            made.setdefault(c.name, set()).update(said)
    texts = language.commands.commands
    assert list(made) == list(texts)
    for name, text in texts.items():
        wanted = {*text.examples, *text.parameters}
        wanted |= {f"{k} {v}" for k, p in text.parameters.items() for v in p.values}
        assert wanted <= made[name], wanted - made[name]


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.name)
def test_a_command_takes_the_same_in_every_language(language: Language, example: str) -> None:
    english = sources(example, "english")
    for name, text in sources(example, language.name).items():
        if not name.endswith(".cmd"):
            continue
        made, problems = definition_from_source(text, name.removesuffix(".cmd"))
        assert not problems, name
        assert made == definition_from_source(english[name], name.removesuffix(".cmd"))[0], name


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.name)
def test_a_help_panel_is_laid_out_the_same_in_every_language(language: Language, example: str) -> None:
    english = sources(example, "english")
    for name, text in sources(example, language.name).items():
        if not name.endswith(".pnlgrp"):
            continue
        group, problems = check_panel_group(text, name)
        assert not problems, name
        assert group is not None
        assert all(len(line) <= 80 for line in text.splitlines()), name
        assert _tags(text) == _tags(english[name]), name
        values = r":PK(?: DEF)?\.(.*):EPK|:DT\.(.*)|:HELP NAME='(.*)'"
        assert re.findall(values, text) == re.findall(values, english[name]), name


def _tags(panel: str) -> list[str]:
    return re.findall(r":[A-Z]+[0-9]?\b", panel)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda one: one.name)
def test_commands_and_panels_are_made_in_the_code_page_of_the_language(language: Language) -> None:
    b = context("nightly_brms.flash", language.name)
    made = {o.name: o.create[0] for o in objects(b) if o.name.startswith(("QCMDSRC", "QPNLSRC"))}
    assert list(made) == [language.source_file("QCMDSRC"), language.source_file("QPNLSRC")]
    assert all(f"CCSID({language.ccsid or 37})" in one for one in made.values())
    for o in objects(b):
        if o.type in ("*CMD", "*PNLGRP"):
            file = language.source_file("QCMDSRC" if o.type == "*CMD" else "QPNLSRC")
            copy, _, compile = o.create
            assert f"/{file}.FILE/{o.name}.MBR" in copy
            assert f"SRCFILE({b['library']}/{file})" in compile


def test_each_language_has_source_files_of_its_own() -> None:
    """A source file keeps the code page that it was made with, so another language takes another file."""
    assert len({one.source_file("QPNLSRC") for one in LANGUAGES.values()}) == len(LANGUAGES)
