"""Native commands: their data, and the definition sources that are made of them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flashc.bundle.build import rendered
from flashc.bundle.context import system_context
from flashc.bundle.render import render, word
from flashc.check.load import load
from flashc.cl.catalogue import CommandDef
from flashc.cl.definition import definition_from_source
from flashc.cl.uim import check_panel_group
from flashc.runbook.commands import commands
from flashc.runbook.messages import LANGUAGES, MESSAGES
from flashc.runbook.native import Choice, Command, Condition, Dependency, Example, Parameter
from flashc.runbook.objects import BY_HAND, objects, programs

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path.name for path in (ROOT / "examples").glob("*.flash"))


@cache
def context(example: str) -> dict[str, Any]:
    spec, problems = load(ROOT / "examples" / example)
    assert spec is not None, problems
    return system_context(spec, spec.systems[0], "0" * 64)


def definition(command: Command) -> CommandDef:
    text = render("command.cmd.j2", b=context("nightly_brms.flash"), c=command)
    made, problems = definition_from_source(text, command.name)
    assert made is not None, problems
    assert not problems
    return made


@pytest.mark.parametrize("example", EXAMPLES)
def test_commands_keep_the_limits_of_their_definitions(example: str) -> None:
    b = context(example)
    known = {message.id for message in MESSAGES}
    for command in commands(b):
        assert len(command.prompt) <= 30
        assert command.name in programs(b)
        assert command.help
        assert command.examples
        keywords = [p.keyword for p in command.parameters]
        assert len(set(keywords)) == len(keywords)
        assert command.positional <= len(keywords)
        assert set(command.messages) | {d.message for d in command.dependencies} <= known
        for p in command.parameters:
            assert len(p.keyword) <= 10
            assert len(p.prompt) <= 30
            assert len(p.choice) <= 30
            assert p.help
            assert not (p.required and p.default)
            assert len(p.values) <= 300
            assert not p.default or p.default in {c.value for c in p.choices} or not p.values


def test_the_environments_of_the_spec_are_the_values_of_env() -> None:
    for command in commands(context("week.flash")):
        if command.name in BY_HAND:
            continue
        env = definition(command).parameter("ENV")
        assert env is not None
        assert env.closed
        names = tuple(e["name"] for e in context("week.flash")["environments"])
        # a display shows all of them where none is named, the history also what belongs to none
        more = ("*ALL", "*BYHAND") if command.name == "FLDSPHST" else ("*ALL",)
        assert (env.required, env.special) in ((True, names), (False, (*names, *more)))


SAMPLE = Command(
    "FLSAMPLE",
    "A sample's prompt",
    ("Does nothing.",),
    (
        Parameter("ENV", "Environment", ("Which.",), "*NAME", "10", required=True),
        Parameter(
            "OUTPUT",
            "Output",
            ("Where to.",),
            length="6",
            default="*",
            values=(Choice("*", "Here."), Choice("*STMF", "A file.")),
        ),
        Parameter(
            "TOSTMF",
            "Stream file",
            ("Its path.",),
            "*PNAME",
            "500",
            mixed_case=True,
            varying=True,
            prompted_when=Condition("OUTPUT", "*EQ", "*STMF"),
        ),
        Parameter(
            "SKIP",
            "Left out",
            ("Steps.",),
            length="3",
            choice="Code of a step",
            default="*NONE",
            single=(Choice("*NONE", "Nothing.", "''"),),
            maximum=5,
        ),
        Parameter(
            "HOURS",
            "Hours",
            ("How long.",),
            "*DEC",
            "3 0",
            default="*MAX",
            special=(Choice("*MAX", "A day.", "24"),),
            limits=("1", "24"),
        ),
    ),
    (Example("FLSAMPLE ENV(A)", "Nothing."),),
    (),
    positional=2,
    dependencies=(
        Dependency(Condition("OUTPUT", "*EQ", "*STMF"), (Condition("TOSTMF"),), "FLE0049"),
        Dependency(None, (Condition("TOSTMF"), Condition("SKIP")), "FLE0049", "*LE 1"),
    ),
    checker="FLVLD",
    allowed=("*IPGM", "*INTERACT"),
)


@pytest.mark.parametrize("text", ["*CHECK", "*", "SISTPROD_24", "O40", "''", "' '"])
def test_a_word_stands_as_it_is(text: str) -> None:
    assert word(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [("Prod 24", "'Prod 24'"), ("prod", "'prod'"), ("it's", "'it''s'"), (" ", "' '"), ("A)", "'A)'")],
)
def test_what_is_no_word_is_quoted(text: str, written: str) -> None:
    assert word(text) == written


def test_a_definition_says_all_that_its_data_say() -> None:
    made = definition(SAMPLE)
    assert made.max_positional == 2
    assert made.allowed == {"*IPGM", "*INTERACT"}
    output, path, skip, hours = made.parameters[1:]
    assert (output.special, output.default, output.closed) == (("*", "*STMF"), "*", True)
    assert (path.type, path.length, path.mixed_case) == ("pathname", 500, True)
    assert (skip.maximum, skip.single, skip.default) == (5, ("*NONE",), "*NONE")
    assert (hours.digits, hours.scale, hours.limits, hours.special) == (3, 0, ("1", "24"), ("*MAX",))
    first, second = made.dependencies
    assert first.when is not None
    assert (first.when.keyword, first.when.value, first.count) == ("OUTPUT", "*STMF", 1)
    assert (second.when, second.operator, second.count) == (None, "LE", 1)


def test_the_source_of_a_definition() -> None:
    text = render("command.cmd.j2", b=context("nightly_brms.flash"), c=SAMPLE)
    assert "PROMPT('A sample''s prompt')" in text
    assert "PMTCTL(PMT1)" in text
    assert "PMT1:       PMTCTL     CTL(OUTPUT) COND((*EQ *STMF))" in text
    assert "VLDCKR(BCKFLASHP/FLVLD)" in text
    assert all(len(line) <= 80 and line.isascii() for line in text.splitlines())


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_command_and_parameter_has_its_help(example: str) -> None:
    sources = rendered(context(example))
    for command in commands(context(example)):
        group, problems = check_panel_group(sources[f"{command.name}.pnlgrp"], command.name)
        assert not problems
        assert group is not None
        wanted = [command.name, *(f"{command.name}/{p.keyword}" for p in command.parameters)]
        assert list(group.modules) == [
            *wanted,
            f"{command.name}/COMMAND/EXAMPLES",
            f"{command.name}/ERROR/MESSAGES",
        ]


def test_help_texts_are_text() -> None:
    awkward = ("A & B: :HP2.not bold:EHP2. &amp. 100%", ".starts with a period", "'quoted' " * 30)
    command = replace(
        SAMPLE, help=awkward, parameters=tuple(replace(p, help=awkward) for p in SAMPLE.parameters)
    )
    panel = LANGUAGES["english"].commands.panel
    text = render("command.pnlgrp.j2", b=context("nightly_brms.flash"), c=command, messages=(), panel=panel)
    group, problems = check_panel_group(text, "t")
    assert not problems
    assert group is not None
    assert all(len(line) <= 80 for line in text.splitlines())


def test_messages_are_named_in_the_language_of_the_system() -> None:
    b = {**context("nightly_brms.flash"), "language": "french", "message_file": "FLMSGFR"}
    texts = {m.id: m.text for m in LANGUAGES["french"].messages()}
    assert texts["FLE0052"].partition("&")[0].rstrip(" :") in rendered(b)["FLSTRENV.pnlgrp"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_object_says_what_it_is(example: str) -> None:
    for one in objects(context(example)):
        texts = re.findall(r"TEXT\((?:'((?:[^']|'')+)'|(\*CMDPMT))\)", " ".join(one.create))
        made_by_script = "RUNSQLSTM" in one.create[0]
        assert texts or made_by_script, one.name
        assert all(len(text.replace("''", "'")) <= 50 for text, _ in texts), one.name


def test_an_end_in_order_is_offered_where_a_console_can_ask_for_one() -> None:
    both, hard = context("nightly_brms.flash"), context("nightly_novalink.flash")
    ended = next(c for c in commands(hard) if c.name == "FLENDCLN")
    assert [p.keyword for p in ended.parameters] == ["CLONE", "OPTION", "SAVING", "WAIT", "REASON"]
    option = ended.parameters[1]
    assert option.required
    assert [choice.value for choice in option.values] == ["*IMMED"]
    mixed = {**both, "by_hand": both["by_hand"] + hard["by_hand"]}
    ended = next(c for c in commands(mixed) if c.name == "FLENDCLN")
    assert "The console of SISTPROD_24 asks no system to end: *IMMED only." in ended.parameters[1].help
    assert "FLE0227" in ended.messages
    text = render("clonecmd.clle.j2", b=mixed, name="FLENDCLN", title="", titles={})
    assert text.count("FLE0227") == 1
