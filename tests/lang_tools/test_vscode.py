"""The VS Code extension: its files fit together, its grammar knows every word, its snippets are right."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from flashc.syntax import parse
from flashc.syntax.format import format_text
from lang.spec_parts import composed

ROOT = Path(__file__).resolve().parents[2]
DEFINITIONS = {"system", "console", "array", "mail server", "clone", "environment", "defaults", "include"}
FOLDER = ROOT / "editors" / "vscode"


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


def test_the_parts_fit_together() -> None:
    package = read("package.json")
    contributes = package["contributes"]
    (language,) = contributes["languages"]
    (grammar,) = contributes["grammars"]
    (snippets,) = contributes["snippets"]
    assert language["extensions"] == [".flash"]
    assert grammar["language"] == snippets["language"] == language["id"]
    for name in (language["configuration"], grammar["path"], snippets["path"], package["main"]):
        assert (FOLDER / name).is_file()
    assert read(grammar["path"])["scopeName"] == grammar["scopeName"]
    code = (FOLDER / package["main"]).read_text("utf-8")
    assert {*re.findall(r'require\("([^"/]+)', code)} == {"vscode", *package["dependencies"]}
    (setting,) = contributes["configuration"]["properties"]
    section, key = setting.split(".")
    assert f'getConfiguration("{section}").get("{key}"' in code
    assert f'language: "{language["id"]}"' in code
    assert re.fullmatch(read("language-configuration.json")["wordPattern"], "SISTPROD_24")


def test_the_grammar_knows_every_word_of_the_language_and_no_other() -> None:
    keywords = set(re.findall(r'"([a-z_0-9]+)"', (ROOT / "grammar" / "flash.lark").read_text("utf-8")))
    patterns = read("syntaxes/flash.tmLanguage.json")["repository"]["words"]["patterns"]
    known = [
        word
        for p in patterns
        for group in re.findall(r"\(([a-z_0-9|]+)\)", p["match"])
        for word in group.split("|")
    ]
    assert sorted(known) == sorted(keywords)


def test_snippets_are_right_and_in_canonical_layout() -> None:
    snippets = read("snippets/flash.json")
    assert len(snippets) >= 10
    for name, snippet in snippets.items():
        text = "\n".join(snippet["body"]) + "\n"
        stops = [int(n) for n in re.findall(r"\$\{(\d+)", text)]
        assert stops == list(range(1, len(stops) + 1)), name
        text = re.sub(r"\$\{\d+\|([^,|]+)[^}]*\}", r"\1", re.sub(r"\$\{\d+:([^}]*)\}", r"\1", text))
        assert snippet["prefix"] == name
        assert text.startswith(name), name
        if name == "run":
            text = f"around flash {{\n    {text}}}\n"
        inner = name not in DEFINITIONS
        whole = composed("environment" if inner else "file", text)
        assert parse(whole, name)[1] == [], name
        if not inner:
            assert format_text(text, name) == (text, []), name
