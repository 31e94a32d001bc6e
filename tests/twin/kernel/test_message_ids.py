"""Escapes of the handlers are ones that the documentation lists for their commands."""

from __future__ import annotations

import ast
import inspect
import textwrap

import pytest
from flashc.cl.catalogue import catalogue
from flashtwin import commands

commands.load()
# Escapes that every command can end with: analysis of the command, object and authority look-up.
COMMON = {
    "CPF0001",
    "CPF0006",
    "CPF222E",
    "CPF9801",
    "CPF9802",
    "CPF9810",
    "CPF9812",
    "CPF9815",
    "CPF9820",
    "CPF9870",
}
KERNEL = {
    "apis",
    "control",
    "dataqueues",
    "jobs",
    "message_files",
    "messages",
    "objects",
    "scheduler",
    "security",
    "sources",
}
KERNEL |= {"subsystems", "system"}
DOCUMENTED = [
    name
    for name in sorted(commands.COMMANDS)
    if (made := catalogue().get(name)) is not None
    and made.messages_complete
    and made.messages
    and commands.COMMANDS[name].handler.__module__.rpartition(".")[2] in KERNEL
]


def raised_by(handler: object) -> set[str]:
    """The message ids that stand literally in raise Escape("...") of a handler."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(handler)))  # type: ignore[arg-type]
    return {
        node.exc.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and node.exc.args
        and isinstance(node.exc.args[0], ast.Constant)
        and isinstance(node.exc.args[0].value, str)
    }


@pytest.mark.parametrize("name", DOCUMENTED)
def test_escapes_are_documented(name: str) -> None:
    made = catalogue().get(name)
    assert made is not None
    unknown = {
        msgid
        for msgid in raised_by(commands.COMMANDS[name].handler) - COMMON
        if msgid.startswith("CPF") and msgid not in made.messages
    }
    assert not unknown


def test_the_test_sees_something() -> None:
    assert len(DOCUMENTED) > 20
    assert sum(len(raised_by(commands.COMMANDS[name].handler)) for name in DOCUMENTED) > 20
