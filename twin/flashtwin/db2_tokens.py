"""Db2 SQL cut into tokens, and the errors of its statements as the messages SQLnnnn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from flashtwin.errors import Escape

Kind = Literal["name", "quoted", "string", "number", "op", "parameter"]

# A statement of RUNSQL has at most 5000 characters, one of ODBC 2 MB; what is longer is no statement.
LONGEST = 2_097_152

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
      | (?P<hex>[XxGgBb][Xx]?'(?:[^']|'')*')
      | (?P<string>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")+")
      | (?P<number>\d+\.\d*(?:[Ee][+-]?\d+)?|\.\d+|\d+(?:[Ee][+-]?\d+)?)
      | (?P<name>[A-Za-z_@\#$][A-Za-z0-9_@\#$]*)
      | (?P<op>\|\||<>|<=|>=|!=|=>|\*\*|[-+*/(),.;=<>:?%!\[\]])""",
    re.VERBOSE | re.DOTALL,
)


_CHANGE = re.compile(r"\s*(?:INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
# A string constant; what may have a quote in it, and is none, comes before it.
_CONSTANT = re.compile(
    r"""--[^\n]*|/\*.*?\*/|"(?:[^"]|"")+"|[XxGgBb][Xx]?'(?:[^']|'')*'|'(?P<text>(?:[^']|'')*)'""", re.DOTALL
)
_MARKED = re.compile(r"'\x01(\d+)'")


@dataclass(frozen=True, slots=True)
class Token:
    """A token; names are upper case, strings without their quotes."""

    kind: Kind
    text: str

    def is_op(self, *texts: str) -> bool:
        """Whether it is one of these operators."""
        return self.kind == "op" and self.text in texts

    def is_name(self, *texts: str) -> bool:
        """Whether it is one of these words (not in quotes)."""
        return self.kind == "name" and self.text in texts


def sql_error(code: int, text: str, data: str = "") -> Escape:
    """An SQL error as its escape message: SQL0204 of code 204, SQ30080 of code 30080."""
    msgid = f"SQL{code:04d}" if code < 10000 else f"SQ{code:05d}"
    return Escape(msgid, data, text, ("QSQLMSG", "QSYS"))


def not_valid(token: str) -> Escape:
    """SQL0104: this token is not valid here."""
    return sql_error(104, f"Token {token} was not valid.", token)


def tokenize(sql: str) -> list[Token]:
    """The tokens of a statement; SQL0104 for what is none, SQL0010 for a string without an end."""
    return list(_tokens(sql))


# A statement is looked at several times on its way: what it is, what it changes, what it means.
@lru_cache(maxsize=512)
def _tokens(sql: str) -> tuple[Token, ...]:
    if len(sql) > LONGEST:
        raise sql_error(101, "SQL statement too long or complex.")
    tokens: list[Token] = []
    at = 0
    while at < len(sql):
        found = _TOKEN.match(sql, at)
        if found is None:
            if sql[at] in "'\"":
                raise sql_error(10, f"String constant beginning with {sql[at : at + 20]} not delimited.")
            raise not_valid(sql[at])
        at = found.end()
        kind, text = found.lastgroup, found.group()
        if kind == "space":
            continue
        tokens.append(_token(str(kind), text))
    return tuple(tokens)


@lru_cache(maxsize=64)
def without_constants(sql: str) -> tuple[str, tuple[str, ...]]:
    """A change of a table with marks in place of its string constants, and the constants.

    So the statements of a loop, which differ in what they write, are one text.  Another statement, and one
    whose constants may be more than values, stays as it is.
    """
    if not _CHANGE.match(sql) or "\x01" in sql or "TABLE" in sql.upper():
        return sql, ()
    constants: list[str] = []

    def mark(found: re.Match[str]) -> str:
        if found["text"] is None:
            return found[0]
        constants.append(found["text"].replace("''", "'"))
        return f"'\x01{len(constants) - 1}'"

    marked = _CONSTANT.sub(mark, sql)
    return marked, tuple(constants)


def with_parameters(rewritten: str) -> tuple[str, list[int]]:
    """A rewritten statement with a parameter in place of each mark, and which constant each of them is."""
    places: list[int] = []

    def parameter(found: re.Match[str]) -> str:
        places.append(int(found[1]))
        return "?"

    return _MARKED.sub(parameter, rewritten), places


def _token(kind: str, text: str) -> Token:
    if kind == "hex":
        digits = text[text.index("'") + 1 : -1]
        if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})*", digits):
            raise sql_error(110, f"Hexadecimal constant beginning with {digits[:20]} not valid.")
        return Token("string", bytes.fromhex(digits).decode("cp037"))
    if kind == "string":
        return Token("string", text[1:-1].replace("''", "'"))
    if kind == "quoted":
        return Token("quoted", text[1:-1].replace('""', '"'))
    if kind == "name":
        return Token("name", text.upper())
    if kind == "number":
        return Token("number", text)
    return Token("parameter" if text == "?" else "op", text)


def statements(script: str) -> list[str]:
    """The statements of a script, each without its semicolon (RUNSQLSTM); compound statements stay whole."""
    found: list[str] = []
    start = at = depth = 0
    while at < len(script):
        match = _TOKEN.match(script, at)
        if match is None:
            at += 1
            continue
        word = match.group().upper()
        if match.lastgroup == "name":
            depth += (word in ("BEGIN", "CASE")) - (word == "END" and depth > 0)
        elif word == ";" and depth == 0:
            found.append(script[start:at])
            start = match.end()
        at = match.end()
    found.append(script[start:])
    return [one.strip() for one in found if tokenize_is_something(one)]


def tokenize_is_something(text: str) -> bool:
    """Whether there is anything but blanks and comments."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup != "space":
            return True
        at = match.end()
    return False


def match_parenthesis(tokens: list[Token], start: int) -> int:
    """The place of the parenthesis that closes the one at `start`; SQL0104 without it."""
    depth = 0
    for place in range(start, len(tokens)):
        if tokens[place].is_op("("):
            depth += 1
        elif tokens[place].is_op(")"):
            depth -= 1
            if depth == 0:
                return place
    raise not_valid("<END-OF-STATEMENT>")


def split_commas(tokens: list[Token]) -> list[list[Token]]:
    """The parts between the commas of this level; no part at all for no tokens."""
    if not tokens:
        return []
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.is_op("("):
            depth += 1
        elif token.is_op(")"):
            depth -= 1
        if token.is_op(",") and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
