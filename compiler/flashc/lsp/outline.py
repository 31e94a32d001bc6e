"""The outline of a spec: its definitions, and the statements in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flashc.check.names import kind_of
from flashc.diag import Span
from flashc.lsp.document import Document
from flashc.syntax import ast


@dataclass(frozen=True, slots=True)
class Entry:
    """A definition or statement: its title, all of it, and the part that names it."""

    title: str
    detail: str
    is_definition: bool
    span: Span
    name: Span
    inner: tuple[Entry, ...]


def outline(document: Document) -> tuple[Entry, ...]:
    """The entries of the whole spec."""
    return tuple(_entry(document, item) for item in document.tree.items)


def _entry(document: Document, node: Any) -> Entry:
    span: Span = node.span
    inner = tuple(_entry(document, statement) for statement in getattr(node, "body", ()))
    name = getattr(node, "name", None)
    if isinstance(node, ast.MailServer):
        return Entry("mail server", node.address.text, True, span, node.address.span, inner)
    if isinstance(name, ast.Word) and hasattr(node, "body"):
        return Entry(name.text, kind_of(node), True, span, name.span, inner)
    if isinstance(node, ast.Command):
        return Entry(node.name.text, "command", True, span, node.name.span, inner)
    line = document.lines[span.line - 1]
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    text = line[span.column - 1 : end].partition("{")[0].partition("#")[0]
    head, _, rest = " ".join(text.split()).partition(" ")
    last = span.column + len(text.rstrip())
    return Entry(head, rest, False, span, Span(span.file, span.line, span.column, span.line, last), inner)
