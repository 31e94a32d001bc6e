"""A part of a spec put into the right spec of tests/specs, in place of what is said there."""

from __future__ import annotations

from typing import Any

from flashc.check.names import kind_of
from flashc.syntax import ast, parse

from lang.spec_chunks import SPECS

_HEADS = {
    "system": "system A {",
    "console": "console A is hmc {",
    "array": "array A is svc {",
    "clone": "clone A of B {",
    "environment": "environment A on B {",
}


def composed(place: str, part: str) -> str:
    """base.flash with a part of a block, or of the file (`file`), instead of its own.

    In a block the statements that begin with the same words are replaced; in the file the definitions of
    the same kind and name.
    """
    base = (SPECS / "base.flash").read_text("utf-8")
    if place == "file":
        items = _items(part)
        gone = {_key(item) for item in items}
        return _without(base, [i for i in _items(base) if _key(i) in gone]) + part
    (head,) = _items(f"{_HEADS[place]}\n{part}\n}}")
    firsts = {_first_word(f"{_HEADS[place]}\n{part}", s) for s in head.body}
    block = next(i for i in _items(base) if kind_of(i) == place)
    text = _without(base, [s for s in block.body if _first_word(base, s) in firsts])
    block = next(i for i in _items(text) if kind_of(i) == place)
    lines = text.split("\n")
    return "\n".join([*lines[: block.span.end_line - 1], part, *lines[block.span.end_line - 1 :]])


def _items(text: str) -> tuple[Any, ...]:
    tree, problems = parse(text, "part")
    assert tree is not None
    assert not problems, problems
    return tree.items


def _key(item: Any) -> tuple[str, str]:
    return kind_of(item), "" if isinstance(item, ast.MailServer) else item.name.text


def _first_word(text: str, statement: Any) -> str:
    return text.split("\n")[statement.span.line - 1][statement.span.column - 1 :].split()[0]


def _without(text: str, nodes: list[Any]) -> str:
    """The text without the lines of some nodes, each of which has lines of its own."""
    gone = {line for n in nodes for line in range(n.span.line, n.span.end_line + 1)}
    return "\n".join(line for number, line in enumerate(text.split("\n"), 1) if number not in gone)
