"""One parse: Lark's tables, the words of the text, and what stands on the stacks of the automaton."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Tree
from lark.lexer import PatternStr

from flashc.diag import Diagnostic, Span
from flashc.syntax import ast

TOP = frozenset(
    {"INCLUDE", "DEFAULTS", "SYSTEM", "CONSOLE", "ARRAY", "CLONE", "ENVIRONMENT", "COMMAND", "MAIL"}
)
"""Terminals with which a definition at the top of a file begins."""


class _KeepWords:
    """Tells Lark to keep the terminals that no rule uses: they divide a wrong text into words."""

    always_accept = ("COMMENT", "JUNK", "UNCLOSED")

    def process(self, stream: Any) -> Any:
        return stream


@dataclass(frozen=True, slots=True)
class Grammar:
    lark: Lark
    keywords: dict[str, str]  # terminal -> spelling


@cache
def grammar() -> Grammar:
    text = files("flashc.grammar").joinpath("flash.lark").read_text("utf-8")
    kept = text.replace("%ignore COMMENT\n", "")  # the tree keeps the comments
    lark = Lark(
        kept,
        parser="lalr",
        lexer="basic",
        keep_all_tokens=True,
        maybe_placeholders=False,
        postlex=_KeepWords(),
    )
    keywords = {t.name: t.pattern.value for t in lark.terminals if isinstance(t.pattern, PatternStr)}
    return Grammar(lark, keywords)


@dataclass(slots=True)
class Run:
    """One parse: the tokens, Lark's stacks, and what was found wrong so far."""

    file: str
    grammar: Grammar
    interactive: Any
    states: list[Any]
    values: list[Any]
    tokens: list[Token] = field(default_factory=list)
    comments: list[ast.Comment] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)  # positions of the `{` of incomplete blocks
    lost: set[str] = field(default_factory=set)  # kinds of top-level definitions that were dropped


def start_run(text: str, file: str) -> tuple[Run, Any]:
    tables = grammar()
    interactive = tables.lark.parse_interactive(text)
    state = interactive.parser_state
    return Run(file, tables, interactive, state.state_stack, state.value_stack), interactive


def tokens_of(interactive: Any) -> Iterator[Token]:
    tokens: Iterator[Token] = interactive.lexer_thread.lex(interactive.parser_state)
    return tokens


def end_token(text: str, tokens: list[Token]) -> Token:
    # The end is shown behind the last word, not on an empty line after it.
    if tokens:
        last = tokens[-1]
        return Token("$END", "", len(text), last.end_line, last.end_column, last.end_line, last.end_column)
    return Token("$END", "", len(text), 1, 1, 1, 1)


# ---- reading the stacks ------------------------------------------------------------------------------


def is_list(value: Any) -> bool:
    """Whether a statement can begin behind this value of the stack."""
    if isinstance(value, Token):
        return value.type == "LBRACE"
    return isinstance(value, Tree) and value.data.startswith("_") and value.data.endswith("_body")


def innermost_brace(values: list[Any]) -> Token | None:
    return next((v for v in reversed(values) if isinstance(v, Token) and v.type == "LBRACE"), None)


def block_head(values: list[Any], brace: Token) -> list[Token]:
    """The words before a block's `{`."""
    end = next(i for i, v in enumerate(values) if v is brace)
    start = end
    while start > 0 and not is_list(values[start - 1]):
        start -= 1
    return [first_token(v) for v in values[start:end]]


def last_statement(run: Run) -> Any | None:
    """The statement that was read last in the innermost block."""
    found = run.values[-1].children if run.values and isinstance(run.values[-1], Tree) else []
    return found[-1] if found else None


def first_token(value: Any) -> Token:
    while isinstance(value, Tree):
        value = value.children[0]
    assert isinstance(value, Token)
    return value


def last_token(value: Any) -> Token:
    while isinstance(value, Tree):
        value = value.children[-1]
    assert isinstance(value, Token)
    return value


def all_tokens(value: Any) -> list[Token]:
    """The tokens of a value of the stack."""
    if isinstance(value, Tree):
        return [t for child in value.children for t in all_tokens(child)]
    return [value] if isinstance(value, Token) else []


def first_on_line(run: Run, index: int) -> bool:
    return index == 0 or run.tokens[index - 1].end_line != run.tokens[index].line


def span(file: str, first: Token, last: Token) -> Span:
    return Span(file, first.line or 1, first.column or 1, last.end_line or 1, last.end_column or 1)
