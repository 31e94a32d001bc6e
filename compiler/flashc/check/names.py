"""Names and blocks of a spec: what is defined, referred to, given twice, or missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from flashc.check.findings import Findings
from flashc.diag import Span
from flashc.syntax import ast
from flashc.syntax.words import EXAMPLES, example, nearest, shown

T = TypeVar("T")


KINDS = frozenset({"system", "console", "array", "clone", "environment", "command", "mail"})
"""The kinds of definitions."""


def kind_of(item: object) -> str:
    return type(item).__name__.lower()


def block_of(node: object) -> str:
    """What the block of a definition or statement is called, as by `flashc.syntax.words.block_name`."""
    return node.when if isinstance(node, ast.Runs) else _BLOCKS.get(type(node)) or kind_of(node)


_BLOCKS: dict[type, str] = {
    ast.Around: "around flash",
    ast.OnCloneBrms: "on clone brms",
    ast.OnCloneSave21: "on clone save21",
    ast.OnCloneUser: "on clone user",
    ast.GroupsTogether: "together",
    ast.RunsTogether: "together",
}


@dataclass(slots=True)
class Names:
    """The definitions of a file by kind and name, and which of them were used."""

    found: Findings
    files: tuple[ast.File, ...]
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    resolved: dict[str, dict[str, Any]] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)  # kinds to which an unknown name referred
    defaults: dict[str, ast.Defaults | None] = field(default_factory=dict)  # by file, once they are asked for

    @property
    def lost(self) -> frozenset[str]:
        """Kinds of definition of which at least one could not be read, in any file; maybe `ANY_KIND`."""
        return frozenset().union(*(file.lost for file in self.files))

    def defaults_for(self, node: Any) -> ast.Defaults | None:
        """The defaults of the file in which a definition stands; incomplete if they could not be read."""
        if not self.defaults:
            self.defaults.update((file.name, _defaults_of(file)) for file in self.files)
        return self.defaults.get(node.span.file)

    def declare(self, kind: str, node: Any) -> bool:
        """Enter a definition; a second one of the same name is noted and refused."""
        name = node.name.text
        first = self.nodes.setdefault(kind, {}).setdefault(name, node)
        if first is node:
            return True
        message = f"{kind} {shown(name)} is defined twice"
        self.found.both("FL2002", node.name.span, message, first.name.span, "it was first defined here")
        return False

    def refer(self, kind: str, word: ast.Word) -> Any | None:
        """What a name refers to; None if it is unknown (then noted) or its definition is wrong."""
        self.used.add((kind, word.text))
        if word.text in self.nodes.get(kind, {}):
            return self.resolved.get(kind, {}).get(word.text)
        self.unknown.add(kind)
        if self.lost.isdisjoint({kind, ast.ANY_KIND}):
            known = list(self.nodes.get(kind, {}))
            near = nearest(word.text, known)
            if near:
                help_text = f"Did you mean `{near}`?"
            elif known:
                help_text = f"Known: {', '.join(known[:8])}."
            else:
                help_text = f"Define it: {EXAMPLES[kind]}"
            self.found.add("FL2001", word.span, f"no {kind} is called `{shown(word.text)}`", help=help_text)
        return None


def _defaults_of(file: ast.File) -> ast.Defaults | None:
    found = next((i for i in file.items if isinstance(i, ast.Defaults)), None)
    if found is None and "defaults" in file.lost:
        place = Span(file.name, 1, 1, 1, 1)
        return ast.Defaults((), True, place)
    return found


@dataclass(slots=True)
class Block:
    """The statements of a block by type; notes what is given twice and what is missing."""

    found: Findings
    node: Any
    title: str
    defaults: ast.Defaults | None = None
    """Statements of the file's `defaults`, used where the block has none of their kind."""

    def one(self, kind: type[T], word: str, *, required: bool = True) -> T | None:
        """The only statement of a type."""
        statements = [s for s in self.node.body if isinstance(s, kind)]
        for other in statements[1:]:
            message = f"`{word}` stands twice in {self.title}"
            self.found.both("FL3002", _span(other), message, _span(statements[0]), "the first one")
        if statements:
            return statements[0]
        defaults = self.all_of(kind)
        if not defaults and required:
            self.missing(word)
        return defaults[0] if defaults else None

    def all_of(self, kind: type[T]) -> list[T]:
        """The statements of a type; where there are none, those of the file's `defaults`."""
        own = [s for s in self.node.body if isinstance(s, kind)]
        if own or self.defaults is None:
            return own
        return [s for s in self.defaults.body if isinstance(s, kind)]

    def several(self, kind: type[T], word: str) -> list[T]:
        """All statements of a type, at least one."""
        statements = [s for s in self.node.body if isinstance(s, kind)]
        if not statements:
            self.missing(word)
        return statements

    def missing(self, word: str) -> None:
        """Note that a required statement is missing, unless the block could not be read completely."""
        if not self.node.incomplete and not (self.defaults and self.defaults.incomplete):
            span = self.node.name.span if hasattr(self.node, "name") else _first_line(self.node.span)
            line = example(block_of(self.node), word.split())
            message = f"{self.title} has no `{word}`"
            self.found.add("FL3001", span, message, help=f"Add a line such as: {line}")


def _span(statement: Any) -> Span:
    span: Span = statement.span
    return span


def _first_line(span: Span) -> Span:
    return Span(span.file, span.line, span.column, span.line, span.column + 1)
