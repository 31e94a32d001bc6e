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

    In a block the statements of the same kind are replaced; in the file the definitions of the same kind
    and name.
    """
    base = (SPECS / "base.flash").read_text("utf-8")
    if "keep snapshot" in part or (place == "clone" and '" or "' in part):
        base = _put(base, "environment", "on clone none")  # generations are of copies that nobody starts
    return _put(base, place, part)


def _put(base: str, place: str, part: str) -> str:
    if place == "file":
        items = _items(part)
        gone = {_key(item) for item in items}
        return _without(base, [i for i in _items(base) if _key(i) in gone]) + part
    (head,) = _items(f"{_HEADS[place]}\n{part}\n}}")
    kinds = {_kind(s) for s in head.body}
    if "started" in kinds:
        kinds |= {"every", "ondate", "excepton"}  # nothing else starts it
    operations = {type(s) for s in head.body} & {ast.OnCloneNone, ast.OnCloneSave21, ast.OnCloneUser}
    if operations:
        kinds.add("afterwards")  # maintenance is BRMS's
    if ast.OnCloneNone in operations:
        kinds |= {"boot", "leave"}  # there is no clone to start
    block = next(i for i in _items(base) if kind_of(i) == place)
    text = _without(base, [s for s in block.body if _kind(s) in kinds])
    block = next(i for i in _items(text) if kind_of(i) == place)
    lines = text.split("\n")
    return "\n".join([*lines[: block.span.end_line - 1], part, *lines[block.span.end_line - 1 :]])


def _items(text: str) -> tuple[Any, ...]:
    tree, problems = parse(text, "part")
    assert tree is not None
    assert not problems, problems
    return tree.items


def _key(item: Any) -> tuple[str, str]:
    name = getattr(item, "name", None)
    return kind_of(item), name.text if isinstance(name, ast.Word) else ""


def _kind(statement: Any) -> str:
    """What a block has one of: the operations are one kind, commands are told apart by when they run."""
    if isinstance(statement, ast.OnCloneNone | ast.OnCloneBrms | ast.OnCloneSave21 | ast.OnCloneUser):
        return "on clone"
    return statement.when if isinstance(statement, ast.Runs) else kind_of(statement)


def _without(text: str, nodes: list[Any]) -> str:
    """The text without the lines of some nodes, each of which has lines of its own."""
    gone = {line for n in nodes for line in range(n.span.line, n.span.end_line + 1)}
    return "\n".join(line for number, line in enumerate(text.split("\n"), 1) if number not in gone)
