"""Every message that a program sends has data of exactly the length that its description says.

What is missing shows as *N on a partition (docs/platform-facts.md#message-files), and nobody sees it before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flashc.bundle import build
from flashc.check.load import load
from flashc.cl.ast import (
    Builtin,
    Command,
    ListValue,
    Operation,
    Qualified,
    Quoted,
    Source,
    Value,
    Variable,
    Word,
)
from flashc.cl.parser import parse
from flashc.runbook.messages import MESSAGES, WHOLE

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.flash"))
FIELDS = {m.id: sum(m.fields) for m in MESSAGES}
OF_THE_SYSTEM = {"CPF0002", "CPF2469"}
"""How a validity checker refuses; and that a message of ours could not be sent."""


def programs(path: Path) -> Iterator[Source]:
    spec, problems = load(path)
    assert spec is not None, problems
    for system in spec.systems:
        for name, data in build(spec, system)[0].files.items():
            # FLBUILD runs before there is a message file
            if name.endswith(".clle") and name != "FLBUILD.clle":
                source, wrong = parse(data.decode("ascii"), name)
                assert not wrong
                yield source


def _all(command: Command) -> Iterator[Command]:
    yield command
    for argument in command.args:
        if isinstance(argument.value, Command):
            yield from _all(argument.value)


def _commands(source: Source) -> Iterator[Command]:
    for statement in source.statements:
        if statement.command is not None:
            yield from _all(statement.command)


def _number(value: Value | None) -> int:
    assert isinstance(value, Word), value
    return int(value.text)


def _lengths(source: Source) -> dict[str, int]:
    out = {}
    for command in _commands(source):
        name, length = command.arg("VAR"), command.arg("LEN")
        if command.name == "DCL" and isinstance(name, Variable) and length is not None:
            out[name.name] = _number(length.items[0] if isinstance(length, ListValue) else length)
    return out


def _length(value: Value | None, variables: dict[str, int]) -> int | None:
    """How many characters an expression always has; None where that depends on what they are."""
    match value:
        case Variable():
            return variables[value.name]
        case Quoted():
            return len(value.text)
        case Builtin(name="%SST"):
            return _number(value.args[2])
        case Operation(op="*CAT"):
            left, right = _length(value.left, variables), _length(value.right, variables)
            return None if left is None or right is None else left + right
        case _:
            return None


def _is_ours(command: Command) -> bool:
    msgid = command.arg("MSGID")
    of_the_system = isinstance(msgid, Word) and msgid.text in OF_THE_SYSTEM
    file = command.arg("MSGF")
    goes_on = isinstance(file, Qualified) and isinstance(
        file.parts[-1], Variable
    )  # as it came, from any file
    return command.name == "SNDPGMMSG" and msgid is not None and not of_the_system and not goes_on


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_message_data_are_as_long_as_the_description_says(path: Path) -> None:
    sent = 0
    for source in programs(path):
        variables = _lengths(source)
        for command in _commands(source):
            if not _is_ours(command):
                continue
            sent += 1
            msgid = command.arg("MSGID")
            wanted = FIELDS[msgid.text] if isinstance(msgid, Word) else sum(WHOLE)
            place = f"{source.file} line {source.place(command.pos)[0]}"
            assert _length(command.arg("MSGDTA"), variables) == wanted, place
    assert sent > 20


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_message_is_the_free_text_of_the_system(path: Path) -> None:
    """CPF9898 would be English on every partition, and a monitor could not tell two of them apart."""
    for source in programs(path):
        for command in _commands(source):
            if command.name == "SNDPGMMSG":
                assert not re.search(r"CPF989[78]", source.text[command.pos : command.end]), source.file
