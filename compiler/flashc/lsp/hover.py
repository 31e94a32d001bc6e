"""Hover: the problems at a place with the pages of their rules, what a name names, what a statement says."""

from __future__ import annotations

from flashc.check.names import block_of
from flashc.check.rules import RULES
from flashc.diag import Diagnostic, Span
from flashc.lsp.document import Document, contains, nodes_at
from flashc.lsp.names import definition, name_at
from flashc.lsp.pages import page

LONGEST_EXCERPT = 12
"""Lines of a definition that are shown."""


def hover(document: Document, line: int, column: int) -> tuple[str, Span] | None:
    """Markdown about the word at a place, and where that word stands; None where there is nothing to say."""
    parts = [_problem(p) for p in document.problems if _here(document, p, line, column)]
    word = document.word_at(line, column)
    if word is None or word.type == "COMMENT":
        if not parts:
            return None
        span = Span(document.file, line, column, line, column)
        return "\n\n---\n\n".join(parts), span
    name = name_at(document, line, column)
    if name is not None:
        found = definition(document, name)
        if found is not None:
            parts.append(f"**{name.kind} {name.text}**\n\n{_excerpt(document, found.span)}")
    elif word.type not in ("STRING", "UNCLOSED", "JUNK"):
        about = _statement_page(document, line, column)
        if about:
            parts.append(about)
    if not parts:
        return None
    span = Span(document.file, word.line or 1, word.column or 1, word.end_line or 1, word.end_column or 1)
    return "\n\n---\n\n".join(parts), span


def _here(document: Document, problem: Diagnostic, line: int, column: int) -> bool:
    return problem.span.file == document.file and contains(problem.span, line, column)


def _problem(problem: Diagnostic) -> str:
    """A problem with what its rule says, as `flashc explain` does."""
    text = f"**{problem.code}** {problem.message}"
    if problem.help:
        text += f"\n\n{problem.help}"
    rule = RULES.get(problem.code)
    if rule is not None:
        text += f"\n\n*{rule.title}.* {rule.why}"
        if rule.right:
            text += f"\n\nRight:\n```flash\n{rule.right}\n```"
    return text


def _excerpt(document: Document, name: Span) -> str:
    """The lines of the definition whose name stands at a place."""
    tree = next(tree for tree in document.trees if tree.name == name.file)
    node = next(iter(nodes_at(tree, name.line, name.column)))
    lines = list(document.lines_of(name.file))[node.span.line - 1 : node.span.end_line]
    if len(lines) > LONGEST_EXCERPT:
        lines = [*lines[: LONGEST_EXCERPT - 1], "    …"]
    return "```flash\n" + "\n".join(lines) + "\n```"


def _statement_page(document: Document, line: int, column: int) -> str | None:
    """The page of the innermost statement at a place."""
    nodes = nodes_at(document.tree, line, column)
    if not nodes:
        return None
    words = document.words_of(nodes[-1].span)
    block = block_of(nodes[-2]) if len(nodes) > 1 else "file"
    return page(block, [str(w) for w in words])
