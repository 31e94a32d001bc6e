"""The messages in every language: the same ids and variables, texts that fit and that the code page has."""

from __future__ import annotations

import re

import pytest
from flashc.cl.codepages import decode, encode
from flashc.runbook.messages import ERRORS, LANGUAGES, MESSAGES, STEPS, Language, step_message_id

OTHERS = [one for one in LANGUAGES.values() if one.texts]
SAME = {"&1"}
"""Texts that are the same in every language."""
VARIANT = set('`$@#[]{}\\^~|!"')


def _ids(language: Language) -> set[str]:
    return {key if key.startswith("FL") else step_message_id(key) for key in language.texts}


@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.name)
def test_every_message_is_translated(language: Language) -> None:
    wanted = {m.id for m in MESSAGES}
    missing, extra = sorted(wanted - _ids(language)), sorted(_ids(language) - wanted)
    assert not missing, f"without text and help in {language.name} (runbook/messages_*.py): {missing}"
    assert not extra, f"translated into {language.name}, but no message: {extra}"


@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.name)
def test_every_translation_is_one(language: Language) -> None:
    english = {m.id: m for m in MESSAGES}
    for one in language.messages():
        assert one.text not in (english[one.id].text, "") or one.text in SAME, f"{one.id} is not translated"
        assert one.help not in (english[one.id].help, ""), f"the help of {one.id} is not translated"
        assert one.severity == english[one.id].severity


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda one: one.name)
def test_every_text_fits_a_message_description(language: Language) -> None:
    english = {m.id: m for m in MESSAGES}
    for one in language.messages():
        variables = re.findall(r"&\d", one.text)
        assert variables == re.findall(r"&\d", english[one.id].text), f"{one.id}: other variables"
        assert "&" not in one.help, one.id
        assert len(one.text) <= 132, f"{one.id} has {len(one.text)} characters"
        assert len(one.help) <= 3000, one.id
        assert one.help.endswith("."), f"{one.id}: the help is no sentence"
        for text in (one.text, one.help):
            assert not set(text) & VARIANT, f"{one.id}: characters that other code pages have elsewhere"
            page = language.ccsid or 37
            assert decode(encode(text, page), page) == text
            assert language.ccsid or text.isascii(), one.id


def test_ids_are_unique() -> None:
    assert len({m.id for m in (*STEPS, *ERRORS)}) == len(MESSAGES)


@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.name)
def test_no_translation_was_copied_from_another_message(language: Language) -> None:
    english = {m.id: m.text for m in MESSAGES}
    meant: dict[str, str] = {}
    for one in language.messages():
        assert meant.setdefault(one.text, english[one.id]) == english[one.id], one.id
