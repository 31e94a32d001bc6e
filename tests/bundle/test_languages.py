"""The messages in every language: the same ids and variables, texts that fit and that the code page has."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from command_places import places, unit
from flashc.cl.codepages import decode, encode
from flashc.runbook.messages import (
    ERRORS,
    LANGUAGES,
    MESSAGES,
    STEPS,
    WORDS,
    Language,
    step_message_id,
)

OTHERS = [one for one in LANGUAGES.values() if one.name != "english"]
SAME = {"&1"}
"""Texts that are the same in every language."""
VARIANT = set('`$@#[]{}\\^~|!"')
WHOSE = Path(__file__).with_name("translated.json")
"""For each language and message, command or parameter: digests of the English and of the translation, as they
belong together."""


def _ids(language: Language) -> set[str]:
    return {key if key.startswith("FL") else step_message_id(key) for key in language.texts}


@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.name)
def test_every_message_is_translated(language: Language) -> None:
    wanted = {m.id for m in MESSAGES}
    missing, extra = sorted(wanted - _ids(language)), sorted(_ids(language) - wanted)
    assert not missing, f"without texts in {language.name} (runbook/messages_*.py): {missing}"
    assert not extra, f"translated into {language.name}, but no message: {extra}"


@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.name)
def test_every_translation_is_one(language: Language) -> None:
    english = {m.id: m for m in MESSAGES}
    for one in language.messages():
        assert one.text not in (english[one.id].text, "") or one.text in SAME or one.id.startswith("FLL"), (
            f"{one.id} is not translated"
        )
        assert one.cause not in (english[one.id].cause, ""), f"the cause of {one.id} is not translated"
        assert one.recovery not in (english[one.id].recovery, ""), f"the recovery of {one.id} is not"
        assert (one.severity, one.fields) == (english[one.id].severity, english[one.id].fields)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda one: one.name)
def test_every_text_fits_a_message_description(language: Language) -> None:
    english = {m.id: m for m in MESSAGES}
    for one in language.messages():
        variables = re.findall(r"&\d", one.text)
        assert sorted(variables) == sorted(re.findall(r"&\d", english[one.id].text)), f"{one.id}: others"
        for part in (one.cause, one.recovery):
            assert all(int(n) <= len(one.fields) for n in re.findall(r"&(\d)", part)), one.id
            assert not re.search(r"&\D", part), f"{one.id}: a control of its own"
            assert part.endswith((".", ")")), f"{one.id}: no sentence: {part}"
        assert len(one.text) <= 132, f"{one.id} has {len(one.text)} characters"
        assert len(language.second_level(one)) <= 3000, one.id
        for text in (one.text, language.second_level(one)):
            assert not set(text) & VARIANT, f"{one.id}: characters that other code pages have elsewhere"
            page = language.ccsid or 37
            assert decode(encode(text, page), page) == text
            assert language.ccsid or text.isascii(), one.id


def test_ids_are_unique() -> None:
    assert len({m.id for m in (*STEPS, *ERRORS, *WORDS)}) == len(MESSAGES)


def _digests(language: Language) -> dict[str, str]:
    """Of each message, and of the prompts and help of each command and parameter."""
    said: dict[str, list[str]] = {m.id: [m.text, m.cause, m.recovery] for m in language.messages()}
    for place, text in places(language.commands).items():
        said.setdefault(unit(place), []).append(text)
    return {key: hashlib.sha256("|".join(texts).encode()).hexdigest()[:8] for key, texts in said.items()}


@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.name)
def test_a_translation_follows_its_english(language: Language, request: pytest.FixtureRequest) -> None:
    """A changed English text is translated anew.  --force-regen notes translations that were touched too.

    Where a translation is right as it stands, take its entry out of translated.json and regenerate.
    """
    known = json.loads(WHOSE.read_text(encoding="utf-8"))
    english = _digests(LANGUAGES["english"])
    now = {key: [english[key], digest] for key, digest in _digests(language).items()}
    before = known.get(language.name, {})
    stale = [i for i, (e, t) in now.items() if i in before and e != before[i][0] and t == before[i][1]]
    assert not stale, f"English changed, not the {language.name} text: {stale}"
    if request.config.getoption("force_regen"):
        known[language.name] = now
        WHOSE.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    else:
        assert now == before, "run this test with --force-regen and look at what changed in translated.json"


@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.name)
def test_no_translation_was_copied_from_another_message(language: Language) -> None:
    english = {m.id: m.text for m in MESSAGES}
    meant: dict[str, str] = {}
    for one in language.messages():
        assert meant.setdefault(one.text, english[one.id]) == english[one.id], one.id
