"""The names of a spec: where each is defined and used; from that definition, references and rename."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flashc.check.names import kind_of
from flashc.diag import Span
from flashc.lsp.document import Document, contains
from flashc.syntax import ast
from flashc.syntax.parser import scan


@dataclass(frozen=True, slots=True)
class Name:
    """A place where a name stands; `kind` is that of what it names: system, console, array, clone …"""

    kind: str
    text: str
    span: Span
    defines: bool


class RenameError(Exception):
    """The name cannot become the new one; the text says why."""


def names(document: Document) -> list[Name]:
    """Every name of the spec and of its other files, in the order of their texts."""
    found: list[Name] = []
    for tree in document.trees:
        here: list[Name] = []
        for item in tree.items:
            if not isinstance(item, ast.MailServer | ast.Include | ast.Defaults):
                here.append(_name(kind_of(item), item.name, defines=True))
            here += _uses(item)
        found += sorted(here, key=lambda n: (n.span.line, n.span.column))
    return found


def _name(kind: str, word: ast.Word, *, defines: bool = False) -> Name:
    return Name(kind, word.text, word.span, defines)


def _uses(node: Any) -> Iterator[Name]:
    """The names that a node and what stands in it refer to."""
    if isinstance(node, ast.Clone):
        yield _name("system", node.source)
    elif isinstance(node, ast.Environment):
        yield _name("clone", node.clone)
    elif isinstance(node, ast.Partition):
        yield _name("console", node.console)
    elif isinstance(node, ast.Disks | ast.Require):
        yield _name("array", node.array)
    elif isinstance(node, ast.Standby):
        yield _name("console", node.console)
    yield from (n for text in _commands(node) if (n := _command_in(text)) is not None)
    for inner in getattr(node, "body", ()):
        yield from _uses(inner)


def _commands(node: Any) -> tuple[ast.Text, ...]:
    """The CL texts of a statement."""
    if isinstance(node, ast.Run):
        return node.command, node.undo
    if isinstance(node, ast.HoldScheduler):
        return node.command, node.proof
    return (node.command,) if isinstance(node, ast.PlainRun | ast.CloneRun | ast.Hook) else ()


def _command_in(text: ast.Text) -> Name | None:
    """The name of the command in a CL text, without its library."""
    match = re.match(r"\s*(?:[^\s/(\"]+/)?([^\s/(\"]+)", text.text)
    if match is None:
        return None
    column = text.span.column + 1 + match.start(1)
    span = Span(text.span.file, text.span.line, column, text.span.line, column + len(match[1]))
    return Name("command", match[1].upper(), span, False)


def name_at(document: Document, line: int, column: int) -> Name | None:
    """The name at a place."""
    here = (n for n in names(document) if n.span.file == document.file)
    return next((n for n in here if contains(n.span, line, column)), None)


def same(document: Document, name: Name) -> list[Name]:
    """Every place of the spec where the same thing is named."""
    return [n for n in names(document) if (n.kind, n.text) == (name.kind, name.text)]


def definition(document: Document, name: Name) -> Name | None:
    """Where the thing is defined; None if it is nowhere."""
    return next((n for n in same(document, name) if n.defines), None)


def renamed(document: Document, name: Name, new: str) -> list[Span]:
    """The places at which the new name has to be put; RenameError if it cannot be the thing's name."""
    words = scan(new)
    if len(words) != 1 or words[0].type != "NAME" or str(words[0]) != new:
        raise RenameError(f"`{new}` is no name: names are written in capitals, such as SISTPROD")
    if definition(document, name) is None:
        raise RenameError(f"{name.text} is not defined in this spec")
    taken = next((n for n in names(document) if (n.kind, n.text, n.defines) == (name.kind, new, True)), None)
    if taken is not None and new != name.text:
        raise RenameError(f"{name.kind} {new} is defined already: {taken.span.file}, line {taken.span.line}")
    return [n.span for n in same(document, name)]
