"""What is said of a mistake in the syntax: its message, its place, and how it was probably meant."""

from __future__ import annotations

from functools import cache
from typing import Any

from lark import Token

from flashc.diag import Diagnostic, Related, Span
from flashc.syntax import slips, words
from flashc.syntax.stack import (
    Run,
    all_tokens,
    block_head,
    first_on_line,
    first_token,
    grammar,
    innermost_brace,
    last_statement,
    span,
)

MAX_ERRORS = 50
"""Behind so many syntax errors the rest is noise."""

_GUESSED = frozenset({"FL1001", "FL1006", "FL1007"})
"""The diagnostics whose help is a guess at what was meant."""

_SECRETS = frozenset({"password", "passwd", "passphrase", "pwd", "secret", "token"})


def report(run: Run, index: int, accepted: set[str], dropped: list[Any]) -> None:
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
            Related(span(run.file, head[0], head[-1]), f"in the block `{block_text}`, which begins here"),
        )
    begin = [str(t) for part in dropped for t in all_tokens(part)]
    going_on = words.example_going_on(block, begin, str(token)) if begin else None
    written = _like_this(going_on) or _written(run, *dropped)
    first = first_token(dropped[0]).type if dropped else ""
    unit = slips.usual_unit(written)
    code, message, help_text = _explain(run, index, accepted, first, block, unit)
    if code in _GUESSED:
        likely = slips.meant(run.tokens, index, accepted, _spellings(run, accepted))
        help_text = likely or (None if going_on else help_text)
    if dropped and place.line != token.line:  # the end of the statement is missing
        previous = run.tokens[index - 1].type
        wanted = words.expected(accepted, run.grammar.keywords, first, previous)
        code, message, help_text = "FL1001", f"expected {wanted} here", None
    if written and (help_text is None or "`" not in help_text):
        help_text = f"{help_text + ' ' if help_text else ''}{written}"
    run.problems.append(Diagnostic(code, "error", message, place, help_text, related))


def report_trailing(run: Run, index: int, more: set[str]) -> None:
    """Add the diagnostic for a word behind a statement that is complete without it."""
    token = run.tokens[index]
    text = words.shown(token)
    keywords = run.grammar.keywords
    wanted = words.expected(more, keywords, more="the next statement")
    wanted = f"expected {wanted}" if wanted else "the statement is complete here"
    likely = slips.meant(run.tokens, index, more, _spellings(run, more))
    near = words.nearest(str(token), _spellings(run, more))
    help_text = likely or (f"Did you mean `{near}`?" if near else None)
    code, message = "FL1001", f"{wanted}, found `{text}`"
    if _is_secret(token):
        code, message, help_text = _no_secret(text)
    help_text = help_text or _written(run, last_statement(run))
    run.problems.append(Diagnostic(code, "error", message, span(run.file, token, token), help_text))


def _spellings(run: Run, terminals: set[str]) -> list[str]:
    """The words of the language among some terminals."""
    return [run.grammar.keywords[t] for t in sorted(terminals) if t in run.grammar.keywords]


def _written(run: Run, *parts: Any) -> str | None:
    """Help: how the statement of some parts is written in the innermost block."""
    brace = innermost_brace(run.values)
    head = block_head(run.values, brace) if brace is not None else []
    block = words.block_name([str(t) for t in head])
    return _like_this(words.example(block, [str(t) for part in parts for t in all_tokens(part)]))


def _like_this(sample: str | None) -> str | None:
    return f"It is written like this: {sample}" if sample else None


def _explain(
    run: Run, index: int, accepted: set[str], first: str, block: str, unit: str
) -> tuple[str, str, str | None]:
    """Code, message and help for the token that could not stand there.

    `first` is the terminal with which the unfinished statement begins, if there is one; `unit` is that in
    which its limit is usually given.
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
    if not unfinished and _is_secret(token):
        return _no_secret(text)
    if not unfinished and (token.type in ("WORD", "NAME", "JUNK") or str(token).isidentifier()):
        return _unknown_statement(run, token, accepted, block, wanted)
    if token.type == "WORD" and "NAME" in accepted and not _keyword_meant(token, accepted, keywords):
        capitals = f"Names are written in capitals: `{text.upper()}`."
        if "-" in token:
            capitals = "Names are written in capitals; `-` stands in no name."
        return "FL1007", f"expected {wanted}, found `{text}`", capitals
    if token.type in ("INT", "CODE", "WORD", "JUNK", "VERSION", "TIME") and "LIMIT" in accepted:
        return "FL1008", f"expected {wanted}, found `{text}`", slips.limit(run.tokens, index, unit)
    help_text = None
    if token.type == "WORD" or token.type in keywords:
        # A word of the language was rarely mistyped to be another one.
        cutoff = 0.6 if token.type == "WORD" else 0.75
        near = words.nearest(str(token), [keywords[t] for t in accepted if t in keywords], cutoff)
        help_text = f"Did you mean `{near}`?" if near else None
    if help_text is None and accepted == {"STRING"} and token.type not in keywords:
        language = {terminal for terminal, word in keywords.items() if word.isalpha()}
        quoted = words.shown(slips.in_quotes(run.tokens, index, language), 60)
        help_text = f'Write it in quotes: `"{quoted}"`.'
    return "FL1001", f"expected {wanted}, found `{text}`", help_text


def _is_secret(token: Token) -> bool:
    return str(token).lower() in _SECRETS


def _no_secret(text: str) -> tuple[str, str, str]:
    return "FL3050", f"`{text}`: a spec holds no secret", 'Name a key file instead: key "hmc1_ed25519".'


def _keyword_meant(token: Token, accepted: set[str], keywords: dict[str, str]) -> bool:
    return words.nearest(str(token), [keywords[t] for t in accepted if t in keywords]) is not None


def _unknown_statement(
    run: Run, token: Token, accepted: set[str], block: str, wanted: str
) -> tuple[str, str, str | None]:
    text = words.shown(token)
    where = "at the top of a file" if block == "file" else f"in a block `{block}`"
    starters = [run.grammar.keywords[t] for t in accepted if t in run.grammar.keywords]
    near = words.nearest(str(token), starters)
    elsewhere = [f"`{b}`" for b in _blocks_of().get(token.type, ()) if b != block]
    if (meant := slips.statement(block, str(token))) in starters:
        help_text: str | None = f"It is written like this: {words.example(block, [meant])}"
    elif block == "around flash" and text in slips.UNDOING:
        help_text = "What stands in this block is undone by itself, right after the resume."
    elif near and not elsewhere:
        help_text = f"Did you mean `{near}`?"
    elif inside := words.example_with(block, str(token), starters):
        help_text = f"It is written like this: {inside}"
    else:
        help_text = f"`{text}` stands in a block {' or '.join(elsewhere)}." if elsewhere else None
    return "FL1006", f"`{text}` is not known {where}; expected {wanted}", help_text


@cache
def _blocks_of() -> dict[str, list[str]]:
    """In which blocks a statement stands that begins with a terminal, told by the grammar's rules."""
    rules: dict[str, list[Any]] = {}
    for rule in grammar().lark.rules:
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


def _place(run: Run, index: int, unfinished: bool) -> Span:
    """The token; or, where a statement lacks its end, the place behind its last word."""
    token = run.tokens[index]
    if index and (token.type == "$END" or (unfinished and first_on_line(run, index))):
        last = run.tokens[index - 1]
        line, column = last.end_line or 1, last.end_column or 1
        return Span(run.file, line, column, line, column + 1)
    return span(run.file, token, token)
