"""What can stand at a place of a text that is being written, for editors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lark import Token
from lark.exceptions import UnexpectedToken

from flashc.syntax.mistakes import MAX_ERRORS
from flashc.syntax.parser import recover, reduce_complete
from flashc.syntax.source import normalise
from flashc.syntax.stack import (
    Run,
    all_tokens,
    block_head,
    end_token,
    innermost_brace,
    is_list,
    start_run,
    tokens_of,
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What can stand at a place: terminals, the spelling of those that are keywords, and where that is.

    `starters` are the terminals that can follow once the statement before the place is finished; there are
    none where it needs more words.  `block` holds the words before the `{` of the innermost open block,
    `statement` those of the statement before the place.
    """

    terminals: frozenset[str]
    starters: frozenset[str]
    keywords: dict[str, str]
    block: tuple[str, ...]
    statement: tuple[Token, ...]


def expected_at(text: str) -> Expected:
    """What can stand behind a text that may be wrong before and is not complete."""
    text = normalise(text)
    run, interactive = start_run(text, "")
    run.tokens = [t for t in tokens_of(interactive) if t.type != "COMMENT"]
    run.tokens.append(end_token(text, run.tokens))
    _feed_before_end(run)
    brace = innermost_brace(run.values)
    block = block_head(run.values, brace) if brace is not None else []
    terminals = frozenset(run.interactive.accepts())
    keywords = {t: run.grammar.keywords[t] for t in terminals if t in run.grammar.keywords}
    statement = tuple(t for value in _open_statement(run.values) for t in all_tokens(value))
    finished = reduce_complete(run)
    starters = frozenset(run.interactive.accepts()) if finished else frozenset()
    return Expected(terminals, starters, keywords, tuple(str(t) for t in block), statement)


def _feed_before_end(run: Run) -> None:
    """Feed every token but the end."""
    feed = run.interactive.parser_state.feed_token
    index, last = 0, len(run.tokens) - 1
    while index < last and len(run.problems) < MAX_ERRORS:
        try:
            feed(run.tokens[index])
            index += 1
        except UnexpectedToken:
            index = recover(run, index)


def _open_statement(values: list[Any]) -> list[Any]:
    """The parts of the statement at the top of the stack, from its first word."""
    start = len(values)
    while start > 0 and not is_list(values[start - 1]):
        start -= 1
    return values[start:]
