"""The pages tell the truth about the code: anchors, links, tables, commands, specs, dependencies."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from flashc.check.load import load
from flashc.cli.main import build_app
from flashc.runbook import messages
from flashc.syntax import parse
from flashrt import status
from flashtwin.site import Readings
from lang.spec_parts import composed

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
FACTS = ROOT / "docs" / "platform-facts.md"
CODE = ("compiler", "runtime", "twin", "templates_cl", "grammar", "examples", "tests", "bench", "editors")

_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```([a-z]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CITED = re.compile(r"docs/([a-z-]+\.md)(?:#([A-Za-z0-9-]+))?((?:,? and #[a-z0-9-]+)*)")
SURE = ("documented", "seen in working code", "inferred", "from memory", "open", "our own choice")


def _prose(text: str) -> str:
    return _FENCE.sub("", text)


def _anchors(page: Path) -> set[str]:
    """The anchors of a page as GitHub makes them from its headings."""
    found: set[str] = set()
    for heading in _HEADING.findall(_prose(page.read_text(encoding="utf-8"))):
        base = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        slug, number = base, 0
        while slug in found:
            number += 1
            slug = f"{base}-{number}"
        found.add(slug)
    return found


def _texts() -> list[tuple[Path, str]]:
    out = []
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in (
                ".py",
                ".j2",
                ".lark",
                ".flash",
                ".toml",
                ".yaml",
                ".md",
                ".sql",
            ):
                out.append((path, path.read_text(encoding="utf-8", errors="replace")))
    return out


def _cited() -> list[tuple[str, str, str]]:
    """File, page and anchor ("" for the whole page) of every page that the code cites."""
    out = []
    for path, text in _texts():
        if path == Path(__file__).resolve():
            continue
        for page, anchor, more in _CITED.findall(text):
            where = str(path.relative_to(ROOT))
            out.append((where, page, anchor))
            out += [(where, page, name) for name in re.findall(r"#([a-z0-9-]+)", more)]
    return out


def _tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_tables", ROOT / "docs" / "make_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_cited_page_and_anchor_exists() -> None:
    cited = _cited()
    assert len(cited) > 40
    missing = [
        (where, page, anchor)
        for where, page, anchor in cited
        if not (ROOT / "docs" / page).is_file() or (anchor and anchor not in _anchors(ROOT / "docs" / page))
    ]
    assert not missing


def test_every_fact_says_how_sure_it_is_and_what_follows() -> None:
    facts = re.split(r"^### ", FACTS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert len(facts) > 50
    for fact in facts:
        title = fact.splitlines()[0]
        for part in ("Source:", "Sure:", "If wrong:", "Check:"):
            assert len(re.findall(rf"^- {part}\s+\S", fact, re.MULTILINE)) == 1, f"{title}: {part}"
        sure = re.search(r"^- Sure:\s+([^.;(,]+)", fact, re.MULTILINE)
        assert sure is not None
        assert sure[1].strip().startswith(SURE), f"{title}: {sure[1]}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_resolves(page: Path) -> None:
    for groups in _LINK.findall(_prose(page.read_text(encoding="utf-8"))):
        target = groups[0] or groups[1]
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        if anchor:
            assert anchor in _anchors(file), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_named_in_code_style_exists(page: Path) -> None:
    tops = "compiler|runtime|twin|templates_cl|grammar|examples|tests|bench|docs|editors"
    for name in re.findall(rf"`((?:{tops})/[\w./-]+)`", page.read_text(encoding="utf-8")):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_tables_are_those_of_the_code(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert _tables().made(text) == text, "run docs/make_tables.py"


def test_every_step_failure_and_status_is_explained() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for message in messages.MESSAGES:
        assert f"| {message.id} |" in text, message.id
    for number, name in status.NAMES.items():
        assert re.search(rf"^\| {number} \| {name}", text, re.MULTILINE), name


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(d for extra in project["optional-dependencies"].values() for d in extra),
    ]
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for requirement in wanted:
        name = re.split(r"[<>=!~\[ ;]", requirement)[0]
        assert re.search(rf"^\| {re.escape(name)} \|", page, re.MULTILINE), name


def test_every_reading_is_explained_and_those_without_a_switch_are_named() -> None:
    page = (ROOT / "docs" / "twin.md").read_text(encoding="utf-8")
    read = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "twin").rglob("*.py"))
        if path.name != "site.py"
    )
    told = re.search(r"^These have no milder side yet[^:]*: (.*)\.$", page, re.MULTILINE)
    unread = set(re.findall(r"`(\w+)`", told[1])) if told else set()
    for field in dataclasses.fields(Readings):
        assert page.count(f"`{field.name}`") >= 2, field.name
        assert (f"readings.{field.name}" not in read) == (field.name in unread), field.name


_FLASH = re.compile(r"^(?:<!-- in (\w+) -->\n\n)?```flash\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _snippets() -> list[tuple[str, str, str]]:
    """Page and number, place (a block, `file`, or "" for a whole spec) and text of every spec shown.

    Of `syntax` only the words are right: a family in it may have no driver yet.
    """
    return [
        (f"{page.name}:{number}", place, body)
        for page in PAGES
        for number, (place, body) in enumerate(_FLASH.findall(page.read_text(encoding="utf-8")), 1)
    ]


@pytest.mark.parametrize(
    ("where", "place", "text"), _snippets(), ids=lambda value: value if len(value) < 40 else ""
)
def test_every_spec_shown_is_right(where: str, place: str, text: str) -> None:
    if place == "syntax":
        assert parse(text, "main.flash")[1] == [], where
        return
    whole = composed(place, text) if place else text

    def reader(path: str) -> bytes:
        if path == "main.flash":
            return whole.encode()
        return b"CMD" if path.endswith(".cmd") else b"# included"

    spec, problems = load("main.flash", reader)
    # A definition that is shown by itself is used by nobody.
    assert not [p for p in problems if not (place == "file" and p.code == "FL2007")], where
    assert spec is not None


def test_every_construct_of_the_grammar_is_shown() -> None:
    """Each word of the language stands in a snippet of the language's page."""
    keywords = set(
        re.findall(r'"([a-z_0-9]+)"', (ROOT / "grammar" / "flash.lark").read_text(encoding="utf-8"))
    )
    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    shown = {word for _, body in _FLASH.findall(page) for word in re.findall(r"[a-z_0-9]+", body)}
    shown_by_others = {"mon", "tue", "wed", "thu", "fri", "english", "french"}
    assert len(keywords) > 60
    assert keywords - shown_by_others <= shown


def test_every_command_shown_exists() -> None:
    from flashc.cli.main import build_app
    from typer.main import get_command

    top = get_command(build_app())
    known = top.commands  # type: ignore[attr-defined]
    shown = 0
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        lines = [
            line for kind, body in _FENCE.findall(text) if kind in ("", "sh") for line in body.splitlines()
        ]
        # in running text a command is one that has an argument: `flashc check F`, not the module `flashc.cl`
        lines += re.findall(r"`(flashc [a-z][^`\n]*)`", _prose(text))
        for line in lines:
            match = re.match(r"\s*(?:\$ )?(?:\S*/)?flashc ([a-z]+)(?: ([a-z]+))?(.*)", line)
            if match is None:
                continue
            shown += 1
            assert match[1] in known, f"{page.name}: {line}"
            inner = getattr(known[match[1]], "commands", None)
            command = known[match[1]] if inner is None else inner[match[2]]
            options = {name for parameter in command.params for name in parameter.opts}
            for option in re.findall(r"(?<= )--?[a-z][a-z-]*", match[3] + " " + (match[2] or "")):
                assert option in options | {"--help", "-h"}, f"{page.name}: {line}"
    assert shown > 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_are_plain(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "\t" not in text
    assert "/" + "work/" not in text
    for line in text.splitlines():
        assert line == line.rstrip(), line


def test_the_readme_has_a_line_for_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    names = set(_commands(typer.main.get_command(build_app())))
    assert {"check", "cl fmt", "twin serve"} <= names
    for name in names:
        assert re.search(rf"^\| `flashc {name}[ `]", text, re.MULTILINE), name


def _commands(group: Any, above: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}"
