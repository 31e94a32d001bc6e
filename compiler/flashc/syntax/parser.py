"""From text to syntax tree, with every independent mistake reported in one go.

The grammar is LALR(1); Lark makes its tables.  The loop over the tokens is ours, so that it can go on
behind a mistake: the unfinished statement is dropped, and reading resumes at the next place where a
statement can begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken
from lark.lexer import PatternStr
from lark.parsers.lalr_analysis import Shift

from flashc.diag import Diagnostic, Related, Span
from flashc.syntax import ast, words
from flashc.syntax.lower import lower
from flashc.syntax.source import MAX_BYTES, normalise

MAX_ERRORS = 50
"""Behind so many syntax errors the rest is noise."""

_TOP = frozenset(
    {"INCLUDE", "DEFAULTS", "SYSTEM", "CONSOLE", "ARRAY", "CLONE", "ENVIRONMENT", "COMMAND", "MAIL"}
)


_BLOCKS = _TOP - {"INCLUDE", "COMMAND", "MAIL"} | frozenset(
    {"BEFORE", "AROUND", "AFTER", "ON", "TOGETHER", "RECONFIGURE", "AFTERWARDS"}
)
"""Terminals with which a block may begin."""

_SECRETS = frozenset({"password", "passwd", "passphrase", "pwd", "secret", "token"})


class _KeepWords:
    """Tells Lark to keep the terminals that no rule uses: they divide a wrong text into words."""

    always_accept = ("COMMENT", "JUNK", "UNCLOSED")

    def process(self, stream: Any) -> Any:
        return stream


@dataclass(frozen=True, slots=True)
class _Grammar:
    lark: Lark
    keywords: dict[str, str]  # terminal -> spelling


@cache
def _grammar() -> _Grammar:
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
    return _Grammar(lark, keywords)


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


def start_run(text: str, file: str) -> tuple[Run, Any]:
    grammar = _grammar()
    interactive = grammar.lark.parse_interactive(text)
    state = interactive.parser_state
    return Run(file, grammar, interactive, state.state_stack, state.value_stack), interactive


def tokens_of(interactive: Any) -> Iterator[Token]:
    tokens: Iterator[Token] = interactive.lexer_thread.lex(interactive.parser_state)
    return tokens


def _comment(token: Token, last_line: int, file: str) -> ast.Comment:
    line, column = token.line or 1, token.column or 1
    span = Span(file, line, column, line, column + len(token))
    return ast.Comment(str(token), last_line != line, span)


def end_token(text: str, tokens: list[Token]) -> Token:
    # The end is shown behind the last word, not on an empty line after it.
    if tokens:
        last = tokens[-1]
        return Token("$END", "", len(text), last.end_line, last.end_column, last.end_line, last.end_column)
    return Token("$END", "", len(text), 1, 1, 1, 1)


@dataclass(slots=True)
class Run:
    """One parse: the tokens, Lark's stacks, and what was found wrong so far."""

    file: str
    grammar: _Grammar
    interactive: Any
    states: list[Any]
    values: list[Any]
    tokens: list[Token] = field(default_factory=list)
    comments: list[ast.Comment] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)  # positions of the `{` of incomplete blocks
    lost: set[str] = field(default_factory=set)  # kinds of top-level definitions that were dropped


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
    if complete and not dropped and not _first_on_line(run, index):
        _report_trailing(run, index, accepted - run.interactive.accepts())
        _drop_truncated(run)
    else:
        _report(run, index, run.interactive.accepts() if complete and not dropped else accepted, dropped)
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
    if token.type != "LBRACE" or behind.type == "$END":
        return False
    first = next(t for t in run.tokens if t.line == token.line)
    return behind.line == token.line or (behind.column or 1) > (first.column or 1)


def _lost_block(run: Run, dropped: list[Any], brace: Token | None) -> Token | None:
    """The first word of a dropped statement that was to begin a block, if the layout tells its lines."""
    head = _first_token(dropped[0]) if dropped else None
    if head is None or head.type not in _BLOCKS:
        return None
    if brace is None:
        return head
    around = block_head(run.values, brace)[0]
    deeper = around.line != head.line and (around.column or 1) < (head.column or 1)
    return head if deeper else None


def _lost_kind(run: Run, value: Any) -> str:
    """Which kind of definition was meant by one that could not be read; `?` if that cannot be told."""
    word = str(_first_token(value))
    kinds = [run.grammar.keywords[t] for t in sorted(_TOP)]
    inside = words.example_with("file", word, kinds)
    return words.nearest(word, kinds) or (inside.split()[0] if inside else "?")


def is_list(value: Any) -> bool:
    """Whether a statement can begin behind this value of the stack."""
    if isinstance(value, Token):
        return value.type == "LBRACE"
    return isinstance(value, Tree) and value.data.startswith("_") and value.data.endswith("_body")


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
    statement = _last_statement(run)
    if statement is not None and _last_token(statement).type != "RBRACE":
        dropped = run.values[-1].children.pop()
        if innermost_brace(run.values) is None:
            run.lost.add(_lost_kind(run, dropped))


def _last_statement(run: Run) -> Any | None:
    """The statement that was read last in the innermost block."""
    found = run.values[-1].children if run.values and isinstance(run.values[-1], Tree) else []
    return found[-1] if found else None


def innermost_brace(values: list[Any]) -> Token | None:
    return next((v for v in reversed(values) if isinstance(v, Token) and v.type == "LBRACE"), None)


def _opens_definition(run: Run, index: int) -> bool:
    """Whether the token begins a top-level definition (or ends the file) although a block is open."""
    token = run.tokens[index]
    if token.type == "$END":
        return True
    return token.type in _TOP and token.column == 1 and _first_on_line(run, index)


def _first_on_line(run: Run, index: int) -> bool:
    return index == 0 or run.tokens[index - 1].end_line != run.tokens[index].line


def _close_blocks(run: Run, index: int) -> int:
    """Report the blocks that were never closed, close them, and go on with the token."""
    token = run.tokens[index]
    previous = run.tokens[index - 1]
    while (brace := innermost_brace(run.values)) is not None:
        head = block_head(run.values, brace)
        span = _span(run.file, head[0], head[-1])
        block = " ".join(str(t) for t in head)
        found = "the file ends" if token.type == "$END" else f"`{words.shown(token)}` begins"
        related = (Related(_span(run.file, token, token), f"{found} here, before the block was closed"),)
        message = f"the block `{words.shown(block)}` is not closed"
        run.problems.append(
            Diagnostic("FL1004", "error", message, span, "Add the missing `}` at its end.", related)
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
    run.lost.update(run.grammar.keywords[t] for t in _TOP)
    return last


def _resume_at(run: Run, index: int, brace: Token | None, lost: Token | None) -> int:
    """The next token at which a statement of the current list can begin, or its block ends.

    What stands deeper than the first word of a lost block is taken as its lines, and a `}` below it as its
    end, although its `{` was not read.
    """
    choices = run.interactive.choices()
    tokens = run.tokens
    depth = 0
    one_line = brace is not None and brace.line == tokens[max(index - 1, 0)].line
    while tokens[index].type != "$END":
        kind = tokens[index].type
        starts_line = _first_on_line(run, index)
        column = tokens[index].column or 1
        if starts_line and kind in _TOP and column == 1:
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
        elif depth == 0 and kind in choices and (starts_line or one_line):
            return index
        elif depth == 0 and kind == "WORD" and starts_line:
            return index  # an unknown statement: told by itself
        index += 1
    return index


# ---- saying what is wrong ---------------------------------------------------------------------------


def _report(run: Run, index: int, accepted: set[str], dropped: list[Any]) -> None:
    """Add the diagnostic for the unexpected token, in whose place `accepted` could have stood."""
    place = _place(run, index, bool(dropped))
    if len(run.problems) == MAX_ERRORS - 1:
        message = f"more than {MAX_ERRORS - 1} syntax errors; the rest of the file was not looked at"
        run.problems.append(Diagnostic("FL1010", "error", message, place))
        return
    token = run.tokens[index]
    brace = innermost_brace(run.values)
    head = block_head(run.values, brace) if brace is not None else []
    block = words.block_name(head)
    related: tuple[Related, ...] = ()
    if head and head[0].line != token.line:
        block_text = words.shown(" ".join(str(t) for t in head))
        related = (
            Related(_span(run.file, head[0], head[-1]), f"in the block `{block_text}`, which begins here"),
        )
    written = _written(run, *dropped)
    first = _first_token(dropped[0]).type if dropped else ""
    code, message, help_text = _explain(run, index, accepted, first, block)
    if dropped and place.line != token.line:  # the end of the statement is missing
        previous = run.tokens[index - 1].type
        wanted = words.expected(accepted, run.grammar.keywords, first, previous)
        code, message, help_text = "FL1001", f"expected {wanted} here", None
    if written and (help_text is None or "`" not in help_text):
        help_text = f"{help_text + ' ' if help_text else ''}{written}"
    run.problems.append(Diagnostic(code, "error", message, place, help_text, related))


def _report_trailing(run: Run, index: int, more: set[str]) -> None:
    """Add the diagnostic for a word behind a statement that is complete without it."""
    token = run.tokens[index]
    text = words.shown(token)
    keywords = run.grammar.keywords
    wanted = words.expected(more, keywords, more="the next statement")
    wanted = f"expected {wanted}" if wanted else "the statement is complete here"
    near = words.nearest(str(token), [keywords[t] for t in more if t in keywords])
    help_text = f"Did you mean `{near}`?" if near else _written(run, _last_statement(run))
    message = f"{wanted}, found `{text}`"
    run.problems.append(Diagnostic("FL1001", "error", message, _span(run.file, token, token), help_text))


def _written(run: Run, *parts: Any) -> str | None:
    """Help: how the statement of some parts is written in the innermost block."""
    brace = innermost_brace(run.values)
    head = block_head(run.values, brace) if brace is not None else []
    block = words.block_name([str(t) for t in head])
    sample = words.example(block, [str(t) for part in parts for t in all_tokens(part)])
    return f"It is written like this: {sample}" if sample else None


def _explain(run: Run, index: int, accepted: set[str], first: str, block: str) -> tuple[str, str, str | None]:
    """Code, message and help for the token that could not stand there.

    `first` is the terminal with which the unfinished statement begins, if there is one.
    """
    token = run.tokens[index]
    keywords = run.grammar.keywords
    unfinished = bool(first)
    previous = run.tokens[index - 1].type if index and unfinished else ""
    wanted = words.expected(accepted, keywords, first, previous)
    text = words.shown(token)
    if token.type == "UNCLOSED":
        return (
            "FL1002",
            "the text is not closed: its second quote is missing on this line",
            ('Close it with `"`; a quote inside a text is doubled (`""`).'),
        )
    if token.type == "RBRACE" and not unfinished and block == "file":
        return (
            "FL1005",
            "`}` closes no block",
            "Remove it, or look for a block above that was closed too early.",
        )
    if token.type == "$END":
        return "FL1001", f"expected {wanted}, but the file ends here", None
    if token.type == "JUNK" and not token.isprintable():
        return "FL1003", f"`{text}` holds a character that is not a text character", "Remove it."
    before = run.tokens[index - 1] if index else token
    if accepted == {"FILE"} and previous in ("PASSWORD", "TOKEN"):
        # `password "…"` asks for what a spec never has; the text itself stays out of the message
        message = f"`{before}`: a spec holds no secret"
        return "FL3050", message, "Name the file that holds it."
    if not unfinished and str(token).lower() in _SECRETS:
        message = f"`{text}`: a spec holds no secret"
        return "FL3050", message, 'Name a key file instead: key "hmc1_ed25519".'
    if not unfinished and (token.type in ("WORD", "NAME", "JUNK") or str(token).isidentifier()):
        return _unknown_statement(run, token, accepted, block, wanted)
    if token.type == "WORD" and "NAME" in accepted and not _keyword_meant(token, accepted, keywords):
        capitals = f"Names are written in capitals: `{text.upper()}`."
        if "-" in token:
            capitals = "Names are written in capitals; `-` stands in no name."
        return "FL1007", f"expected {wanted}, found `{text}`", capitals
    if token.type in ("INT", "CODE", "WORD", "JUNK", "VERSION", "TIME") and "LIMIT" in accepted:
        return "FL1008", f"expected {wanted}, found `{text}`", _limit_help(str(token))
    help_text = None
    if token.type == "WORD":
        near = words.nearest(str(token), [keywords[t] for t in accepted if t in keywords])
        help_text = f"Did you mean `{near}`?" if near else None
    if help_text is None and accepted == {"STRING"} and token.type not in keywords:
        help_text = f'Write it in quotes: `"{text}"`.'
    return "FL1001", f"expected {wanted}, found `{text}`", help_text


def _keyword_meant(token: Token, accepted: set[str], keywords: dict[str, str]) -> bool:
    return words.nearest(str(token), [keywords[t] for t in accepted if t in keywords]) is not None


def _unknown_statement(
    run: Run, token: Token, accepted: set[str], block: str, wanted: str
) -> tuple[str, str, str | None]:
    text = words.shown(token)
    where = "at the top of a file" if block == "file" else f"in a block `{block}`"
    starters = [run.grammar.keywords[t] for t in accepted if t in run.grammar.keywords]
    near = words.nearest(str(token), starters)
    if near:
        help_text: str | None = f"Did you mean `{near}`?"
    elif inside := words.example_with(block, str(token), starters):
        help_text = f"It is written like this: {inside}"
    else:
        homes = [f"`{b}`" for b in _blocks_of().get(token.type, ()) if b != block]
        help_text = f"`{text}` stands in a block {' or '.join(homes)}." if homes else None
    return "FL1006", f"`{text}` is not known {where}; expected {wanted}", help_text


@cache
def _blocks_of() -> dict[str, list[str]]:
    """In which blocks a statement stands that begins with a terminal, told by the grammar's rules."""
    rules: dict[str, list[Any]] = {}
    for rule in _grammar().lark.rules:
        rules.setdefault(rule.origin.name, []).append(rule.expansion)
    found: dict[str, list[str]] = {}
    for statement, block in words.BLOCKS.items():
        waiting = [statement]
        while waiting:
            for expansion in rules[waiting.pop()]:
                if not expansion[0].is_term:
                    waiting.append(expansion[0].name)
                elif block not in found.setdefault(expansion[0].name, []):
                    found[expansion[0].name].append(block)
    return found


def _limit_help(text: str) -> str:
    digits = text[: len(text) - len(text.lstrip("0123456789"))]
    if not digits:
        return "A limit is a number and a unit: s, m, h or d."
    unit = text[len(digits) : len(digits) + 1].lower()
    return f"Give the unit: `{digits}{unit if unit in 'smhd' and unit else 's'}` (s, m, h or d)."


# ---- places -----------------------------------------------------------------------------------------


def _first_token(value: Any) -> Token:
    while isinstance(value, Tree):
        value = value.children[0]
    assert isinstance(value, Token)
    return value


def all_tokens(value: Any) -> list[Token]:
    """The tokens of a value of the stack."""
    if isinstance(value, Tree):
        return [t for child in value.children for t in all_tokens(child)]
    return [value] if isinstance(value, Token) else []


def _last_token(value: Any) -> Token:
    while isinstance(value, Tree):
        value = value.children[-1]
    assert isinstance(value, Token)
    return value


def block_head(values: list[Any], brace: Token) -> list[Token]:
    """The words before a block's `{`."""
    end = next(i for i, v in enumerate(values) if v is brace)
    start = end
    while start > 0 and not is_list(values[start - 1]):
        start -= 1
    return [_first_token(v) for v in values[start:end]]


def _place(run: Run, index: int, unfinished: bool) -> Span:
    """The token; or, where a statement lacks its end, the place behind its last word."""
    token = run.tokens[index]
    if index and (token.type == "$END" or (unfinished and _first_on_line(run, index))):
        last = run.tokens[index - 1]
        line, column = last.end_line or 1, last.end_column or 1
        return Span(run.file, line, column, line, column + 1)
    return _span(run.file, token, token)


def _span(file: str, first: Token, last: Token) -> Span:
    return Span(file, first.line or 1, first.column or 1, last.end_line or 1, last.end_column or 1)
