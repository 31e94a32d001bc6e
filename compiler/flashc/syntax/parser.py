"""From text to syntax tree, with every independent mistake reported in one go.

The grammar is LALR(1); Lark makes its tables.  The loop over the tokens is ours, so that it can go on
behind a mistake: the unfinished statement is dropped, and reading resumes at the next place where a
statement can begin.
"""

from __future__ import annotations

from typing import Any

from lark import Token, Tree
from lark.exceptions import UnexpectedToken
from lark.parsers.lalr_analysis import Shift

from flashc.diag import Diagnostic, Related, Span
from flashc.syntax import ast, words
from flashc.syntax.lower import lower
from flashc.syntax.mistakes import MAX_ERRORS, report, report_trailing
from flashc.syntax.source import MAX_BYTES, normalise
from flashc.syntax.stack import (
    TOP,
    Run,
    block_head,
    end_token,
    first_on_line,
    first_token,
    innermost_brace,
    is_list,
    last_statement,
    last_token,
    span,
    start_run,
    tokens_of,
)

_BLOCKS = TOP - {"INCLUDE", "COMMAND", "MAIL"} | frozenset(
    {"BEFORE", "AROUND", "AFTER", "ON", "TOGETHER", "RECONFIGURE", "AFTERWARDS"}
)
"""Terminals with which a block may begin."""


def parse(text: str, file: str) -> tuple[ast.File | None, list[Diagnostic]]:
    """The syntax tree of a spec and what is wrong with its syntax.

    The tree holds everything that could be understood; it is None only for a text that is not read at
    all because of its size.
    """
    if len(text) > MAX_BYTES:
        message = f"the text has more than {MAX_BYTES // 1_000_000} million characters and is not read"
        return None, [Diagnostic("FL1009", "error", message, Span(file, 1, 1, 1, 1))]
    text = normalise(text)
    run, interactive = start_run(text, file)
    last_line = 0
    for token in tokens_of(interactive):
        if token.type == "COMMENT":
            run.comments.append(_comment(token, last_line, file))
        else:
            run.tokens.append(token)
        last_line = token.line or 0
    run.tokens.append(end_token(text, run.tokens))
    tree = _feed_all(run)
    return lower(tree, file, tuple(run.comments), run.broken, frozenset(run.lost)), run.problems


def scan(text: str) -> list[Token]:
    """The words of a text in order, comments among them, whether or not they make a spec."""
    return list(tokens_of(start_run(normalise(text), "")[1]))


def _comment(token: Token, last_line: int, file: str) -> ast.Comment:
    line, column = token.line or 1, token.column or 1
    span = Span(file, line, column, line, column + len(token))
    return ast.Comment(str(token), last_line != line, span)


def _feed_all(run: Run) -> Tree[Token]:
    """Feed the tokens to the LALR automaton; returns the tree of all that was understood."""
    feed = run.interactive.parser_state.feed_token
    tokens = run.tokens
    index, last = 0, len(tokens) - 1
    while True:
        try:
            while index < last:
                feed(tokens[index])
                index += 1
            tree: Tree[Token] = feed(tokens[last], True)
            return tree
        except UnexpectedToken:
            index = recover(run, index)
            if len(run.problems) >= MAX_ERRORS:
                index = _give_up(run, last)


# ---- going on behind a mistake ----------------------------------------------------------------------


def recover(run: Run, index: int) -> int:
    """Report the mistake at a token, drop the unfinished statement; returns where reading goes on."""
    token = run.tokens[index]
    accepted: set[str] = run.interactive.accepts()
    complete = not _at_list(run) and reduce_complete(run)
    dropped = _drop_unfinished(run)
    brace = innermost_brace(run.values)
    if not dropped and brace is not None and _opens_definition(run, index):
        return _close_blocks(run, index)
    if complete and not dropped and not first_on_line(run, index):
        report_trailing(run, index, accepted - run.interactive.accepts())
        _drop_truncated(run)
    else:
        report(run, index, run.interactive.accepts() if complete and not dropped else accepted, dropped)
    if brace is None:
        run.lost.add(_lost_kind(run, dropped[0] if dropped else token))
    else:
        run.broken.add(brace.start_pos or 0)
    if token.type == "$END" and brace is None:
        return index
    again = dropped or _begins_lines(run, index)
    return _resume_at(run, index if again else index + 1, brace, _lost_block(run, dropped, brace))


def _begins_lines(run: Run, index: int) -> bool:
    """Whether a `{` that cannot stand there has words of its own behind it, which belong to the mistake."""
    token, behind = run.tokens[index], run.tokens[min(index + 1, len(run.tokens) - 1)]
    if token.type != "LBRACE" or behind.type == "$END" or run.tokens[index - 1].type == "LBRACE":
        return False  # one that stands there twice is closed once
    first = next(t for t in run.tokens if t.line == token.line)
    return behind.line == token.line or (behind.column or 1) > (first.column or 1)


def _lost_block(run: Run, dropped: list[Any], brace: Token | None) -> Token | None:
    """The first word of a dropped statement that was to begin a block, if the layout tells its lines."""
    head = first_token(dropped[0]) if dropped else None
    if head is None or head.type not in _BLOCKS:
        return None
    if brace is None:
        return head
    around = block_head(run.values, brace)[0]
    deeper = around.line != head.line and (around.column or 1) < (head.column or 1)
    return head if deeper else None


def _lost_kind(run: Run, value: Any) -> str:
    """Which kind of definition was meant by one that could not be read; `ANY_KIND` if that cannot be told."""
    word = str(first_token(value))
    kinds = [run.grammar.keywords[t] for t in sorted(TOP)]
    inside = words.example_with("file", word, kinds)
    return words.nearest(word, kinds) or (inside.split()[0] if inside else ast.ANY_KIND)


def _at_list(run: Run) -> bool:
    return not run.values or is_list(run.values[-1])


def reduce_complete(run: Run) -> bool:
    """Finish the statement on the stack if it needs no more words; whether it is finished now."""
    conf = run.interactive.parser_state.parse_conf
    while not _at_list(run):
        rules = {rule for action, rule in run.interactive.choices().values() if action is not Shift}
        if len(rules) != 1:
            return False
        rule = rules.pop()
        size = len(rule.expansion)
        parts = run.values[-size:]
        del run.values[-size:], run.states[-size:]
        run.values.append(conf.callbacks[rule](parts))
        run.states.append(conf.states[run.states[-1]][rule.origin.name][1])
    return True


def _drop_unfinished(run: Run) -> list[Any]:
    """Take the unfinished statement off the stacks; returns its parts."""
    dropped: list[Any] = []
    while not _at_list(run):
        dropped.insert(0, run.values.pop())
        run.states.pop()
    return dropped


def _drop_truncated(run: Run) -> None:
    """Take off the statement that the trailing word belonged to: half of it would mislead the checks."""
    statement = last_statement(run)
    if statement is not None and last_token(statement).type != "RBRACE":
        dropped = run.values[-1].children.pop()
        if innermost_brace(run.values) is None:
            run.lost.add(_lost_kind(run, dropped))


def _opens_definition(run: Run, index: int) -> bool:
    """Whether the token begins a top-level definition (or ends the file) although a block is open."""
    token = run.tokens[index]
    if token.type == "$END":
        return True
    return token.type in TOP and token.column == 1 and first_on_line(run, index)


def _close_blocks(run: Run, index: int) -> int:
    """Report the blocks that were never closed, close them, and go on with the token."""
    token = run.tokens[index]
    previous = run.tokens[index - 1]
    while (brace := innermost_brace(run.values)) is not None:
        head = block_head(run.values, brace)
        place = span(run.file, head[0], head[-1])
        block = " ".join(str(t) for t in head)
        found = "the file ends" if token.type == "$END" else f"`{words.shown(token)}` begins"
        related = (Related(span(run.file, token, token), f"{found} here, before the block was closed"),)
        message = f"the block `{words.shown(block)}` is not closed"
        run.problems.append(
            Diagnostic("FL1004", "error", message, place, "Add the missing `}` at its end.", related)
        )
        _close_block(run, brace, previous)
    return index


def _close_block(run: Run, brace: Token, previous: Token) -> None:
    """Close the innermost block behind a token, although its `}` is not there."""
    run.broken.add(brace.start_pos or 0)
    run.interactive.parser_state.feed_token(Token.new_borrow_pos("RBRACE", "}", previous))
    reduce_complete(run)


def _give_up(run: Run, last: int) -> int:
    """Close what is open and go on at the end of the file; what stands between may hold anything."""
    _drop_unfinished(run)
    while (brace := innermost_brace(run.values)) is not None:
        _close_block(run, brace, run.tokens[last])
    run.lost.update(run.grammar.keywords[t] for t in TOP)
    return last


def _resume_at(run: Run, index: int, brace: Token | None, lost: Token | None) -> int:
    """The next token at which a statement of the current list can begin, or its block ends.

    What stands deeper than the first word of a lost block is taken as its lines, and a `}` below it as its
    end, although its `{` was not read.
    """
    choices = run.interactive.choices()
    tokens = run.tokens
    depth = 0
    line = brace.line if brace is not None and brace.line == tokens[max(index - 1, 0)].line else None
    while tokens[index].type != "$END":
        kind = tokens[index].type
        starts_line = first_on_line(run, index)
        column = tokens[index].column or 1
        if starts_line and kind in TOP and column == 1:
            return index
        if kind == "LBRACE":
            depth += 1
            if lost is not None and lost.line == tokens[index].line:
                lost = None  # its end is found by counting
        elif kind == "RBRACE" and depth > 0:
            depth -= 1
        elif kind == "RBRACE":
            ends_lost = lost is not None and (
                column == lost.column if starts_line else lost.line == tokens[index].line
            )
            return index if brace is not None and not ends_lost else index + 1
        elif lost is not None and starts_line and column > (lost.column or 1):
            pass
        elif depth == 0 and kind in choices and (starts_line or tokens[index].line == line):
            return index
        elif depth == 0 and kind == "WORD" and starts_line:
            return index  # an unknown statement: told by itself
        index += 1
    return index
