"""The shell of PASE as far as deployments and operators use it: lists of simple commands, a few utilities.

``cd D && A=b; export A; system "CL" 2>&1 || rm -f x``: commands joined by ; && and ||, quotes, variables,
output to a file or to /dev/null.  Pipes, here-documents and substitution are refused by name: nothing is run
of a line that the twin does not understand in full.  docs/platform-facts.md#pase-shell
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flashtwin import pase_qshell as _pase_qshell  # noqa: F401 - registers its utilities
from flashtwin.pase_utilities import Session, Text, Usage, utility_of
from flashtwin.scheduler import Signal, Wait

if TYPE_CHECKING:
    from flashtwin.os400 import OperatingSystem

Steps = Generator[Wait, Signal | None, Any]

LONGEST_LINE = 1024 * 1024
JOINS = (";", "&&", "||")


class NotUnderstood(Exception):
    """The line has something that the twin's shell does not do."""


@dataclass(slots=True)
class _Simple:
    """One simple command, how it is joined to the one before, and where its output goes."""

    join: str
    words: list[str] = field(default_factory=list)
    out: tuple[str, bool] | None = None
    err: str = ""


def run_line(system: OperatingSystem, user: str, line: str, environment: dict[str, str]) -> Steps:
    """Run a command line as `sh -c` does for a user; returns (status, output, errors)."""
    session = Session(system, user, environment, f"/home/{user}")
    try:
        commands = _parse(line)
    except NotUnderstood as error:
        return 2, "", f"sh: {error}\n"
    out, err, status = "", "", 0
    for one in commands:
        if (one.join == "&&" and status) or (one.join == "||" and not status):
            continue
        if session.left is not None:
            break
        text: Text = yield from _simple(session, one)
        status = text.status
        out, err = out + text.out, err + text.err
    return (status if session.left is None else session.left), out, err


def _parse(line: str) -> list[_Simple]:
    if len(line) > LONGEST_LINE:
        raise NotUnderstood(f"line longer than {LONGEST_LINE} characters")
    tokens = _tokens(line)
    commands = [_Simple(";")]
    while tokens:
        sign, text = tokens.pop(0)
        last = commands[-1]
        if not sign:
            last.words.append(text)
        elif text in JOINS:
            commands.append(_Simple(text))
        elif text in (">", ">>", ">&"):
            digit = last.words.pop() if last.words[-1:] in (["1"], ["2"]) else "1"
            if not tokens or tokens[0][0]:
                raise NotUnderstood("syntax error near `>'")
            _redirect(last, digit, text, tokens.pop(0)[1])
        else:
            raise NotUnderstood(f"'{text}' is not understood by the twin's shell")
    return [one for one in commands if one.words]


def _tokens(line: str) -> list[tuple[bool, str]]:
    """Words with their quotes on, and operators; each with whether it is an operator."""
    tokens: list[tuple[bool, str]] = []
    place = 0
    while place < len(line):
        if line[place] in " \t\r":
            place += 1
            continue
        if line[place] == "#":
            break
        found = re.compile(r"\n|;|&&|\|\||>>|>&|[|&<>()`]").match(line, place)
        if found is not None:
            tokens.append((True, found[0].replace("\n", ";")))
            place = found.end()
            continue
        word = re.compile(r"(?:'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\.|[^\s;&|<>()`'\"\\])+", re.DOTALL).match(
            line, place
        )
        if word is None:
            raise NotUnderstood("syntax error: a quote is not closed")
        if re.search(r"\$\(|`", re.sub(r"'[^']*'|\\.", "", word[0])):
            raise NotUnderstood("command substitution is not understood by the twin's shell")
        tokens.append((False, word[0]))
        place = word.end()
    return tokens


def _redirect(command: _Simple, digit: str, sign: str, target: str) -> None:
    if sign == ">&":
        if (digit, target) != ("2", "1"):
            raise NotUnderstood("of these only 2>&1 is understood")
        command.err = "1"
    elif digit == "2":
        if target != "/dev/null":
            raise NotUnderstood("errors go to /dev/null or to the output only")
        command.err = "null"
    else:
        command.out = (target, sign == ">>")


def _simple(session: Session, one: _Simple) -> Steps:
    words = [_expand(session, word) for word in one.words]
    while words and re.fullmatch(
        r"[A-Za-z_][A-Za-z0-9_]*=.*", one.words[len(one.words) - len(words)], re.DOTALL
    ):
        name, _, value = words.pop(0).partition("=")
        session.environment[name] = value
    if not words:
        return Text(0)
    program, arguments = words[0], words[1:]
    if program == "exec" and arguments:
        program, arguments = arguments[0], arguments[1:]
    utility = utility_of(program)
    if utility is None:
        return Text(127, "", f"sh: {program}: not found\n")
    yield from session.pay()
    try:
        text: Text = yield from utility(session, [program, *arguments])
    except Usage as error:
        text = Text(1, "", f"{error}\n")
    return (yield from _directed(session, one, text))


def _directed(session: Session, one: _Simple, text: Text) -> Steps:
    out, err = text.out, text.err
    if one.err == "1":
        out, err = out + err, ""
    elif one.err == "null":
        err = ""
    if one.out is None:
        return Text(text.status, out, err)
    path, append = _expand(session, one.out[0]), one.out[1]
    if path != "/dev/null":
        failed = yield from session.write(path, out, append)
        if failed:
            return Text(1, "", err + failed)
    return Text(text.status, "", err)


def _expand(session: Session, word: str) -> str:
    """Take the quotes off and put variables in; in single quotes everything stands for itself."""
    parts: list[str] = []
    place = 0
    while place < len(word):
        sign = word[place]
        if sign == "'":
            end = word.find("'", place + 1)
            end = len(word) if end < 0 else end
            parts.append(word[place + 1 : end])
            place = end + 1
        elif sign == '"':
            end = place + 1
            while end < len(word) and word[end] != '"':
                end += 2 if word[end] == "\\" else 1
            parts.append(_variables(session, re.sub(r'\\(["\\$`])', r"\1", word[place + 1 : end])))
            place = end + 1
        elif sign == "\\" and place + 1 < len(word):
            parts.append(word[place + 1])
            place += 2
        else:
            end = place
            while end < len(word) and word[end] not in "'\"\\":
                end += 1
            parts.append(_variables(session, word[place:end]))
            place = end
    return "".join(parts)


def _variables(session: Session, text: str) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        return session.home if name == "HOME" else session.environment.get(name, "")

    return re.sub(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))", value, text)
