"""Db2 SQL rewritten for SQLite: names of tables, functions, special registers, clauses.

A table LIB.NAME is the SQLite table "LIB.NAME"; one in QTEMP lies in the temporary schema of the job's
connection.  What Db2 has and this does not ends the rehearsal with a TwinError, never with a wrong answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flashtwin.db2_functions import FUNCTIONS, SAME_FUNCTIONS
from flashtwin.db2_tokens import Token, match_parenthesis, not_valid, split_commas
from flashtwin.errors import TwinError

# schema ("" when not written), name -> the SQLite name; errors SQL0204.
Resolve = Callable[[str, str], str]

_CLAUSES = frozenset(
    [
        "WHERE",
        "GROUP",
        "ORDER",
        "HAVING",
        "UNION",
        "EXCEPT",
        "INTERSECT",
        "INNER",
        "LEFT",
        "RIGHT",
        "FULL",
        "CROSS",
        "JOIN",
        "ON",
        "FETCH",
        "LIMIT",
        "OFFSET",
        "FOR",
        "WITH",
        "SET",
        "VALUES",
        "SELECT",
        "USING",
        "OPTIMIZE",
        "SKIP",
        "OVERRIDING",
    ]
)
_ENDS_FROM = frozenset(
    [
        "WHERE",
        "GROUP",
        "ORDER",
        "HAVING",
        "UNION",
        "EXCEPT",
        "INTERSECT",
        "FETCH",
        "LIMIT",
        "OFFSET",
        "FOR",
        "SET",
        "SELECT",
    ]
)
_TABLE_AFTER = frozenset(["FROM", "JOIN", "INTO", "UPDATE"])
_UNITS = frozenset(["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "MICROSECOND"])
_REGISTERS = {
    ("CURRENT", "TIMESTAMP"): "FL_NOW('TIMESTAMP')",
    ("CURRENT", "DATE"): "FL_NOW('DATE')",
    ("CURRENT", "TIME"): "FL_NOW('TIME')",
    ("CURRENT", "USER"): "FL_USER()",
    ("CURRENT", "SERVER"): "FL_SERVER()",
    ("CURRENT", "SCHEMA"): "FL_USER()",
}
_ONE_WORD = {
    "CURRENT_TIMESTAMP": "FL_NOW('TIMESTAMP')",
    "CURRENT_DATE": "FL_NOW('DATE')",
    "CURRENT_TIME": "FL_NOW('TIME')",
    "CURRENT_USER": "FL_USER()",
    "SESSION_USER": "FL_USER()",
    "USER": "FL_USER()",
}
_NOT_FUNCTIONS = frozenset(
    [
        "IN",
        "EXISTS",
        "AND",
        "OR",
        "NOT",
        "ANY",
        "ALL",
        "SOME",
        "VALUES",
        "AS",
        "ON",
        "OVER",
        "BETWEEN",
        "THEN",
        "ELSE",
        "WHEN",
        "BY",
        "USING",
        "KEY",
        "SELECT",
        "FROM",
        "JOIN",
        "WHERE",
        "HAVING",
        "CASE",
    ]
)
# Words that SQLite takes for its own where Db2 takes a column of that name.
_BRACKETS = frozenset(
    [
        "INDEX",
        "GROUP",
        "ORDER",
        "ACTION",
        "TABLE",
        "KEY",
        "TRANSACTION",
        "TRIGGER",
        "ROW",
        "ROWS",
        "REPLACE",
        "REGEXP",
        "MATCH",
        "PLAN",
        "TEMP",
        "CHECK",
        "PRIMARY",
        "REFERENCES",
        "UNIQUE",
        "DEFAULT",
        "COLLATE",
        "GLOB",
        "ISNULL",
        "NOTNULL",
        "INDEXED",
        "AUTOINCREMENT",
        "COMMIT",
        "ROLLBACK",
        "DATABASE",
    ]
)


def identifier(token: Token) -> str:
    """A column or alias as SQLite must read it (never as a string)."""
    plain = token.kind == "name" and token.text not in _BRACKETS and token.text.replace("_", "A").isalnum()
    return token.text if plain else f"[{token.text}]"


def literal(text: str) -> str:
    """A string constant."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(slots=True)
class Rewriter:
    """Rewrites one statement; `slash` allows LIB/TABLE (NAMING(*SYS))."""

    resolve: Resolve
    slash: bool = False
    common: set[str] = field(default_factory=set)

    def query(self, tokens: list[Token]) -> str:
        """A whole statement or subselect: the tables of its FROM clauses are resolved."""
        return _Level(self, _without_functions(_without_tail(tokens)), True).run()

    def expression(self, tokens: list[Token]) -> str:
        """An expression (or a subselect)."""
        starts = bool(tokens) and tokens[0].is_name("SELECT", "WITH")
        return self.query(tokens) if starts else _Level(self, tokens, False).run()

    def table(self, tokens: list[Token], place: int) -> tuple[str, str, int]:
        """The table named at `place`: SQLite name, its own name, the place behind it."""
        first = tokens[place]
        place += 1
        separators = (".", "/") if self.slash else (".",)
        if place + 1 < len(tokens) and tokens[place].is_op(*separators):
            second = tokens[place + 1]
            if second.kind not in ("name", "quoted"):
                raise not_valid(second.text)
            return self.resolve(first.text, second.text), second.text, place + 2
        if first.text in self.common:
            return identifier(first), first.text, place
        return self.resolve("", first.text), first.text, place


def _without_functions(tokens: list[Token]) -> list[Token]:
    """TABLE(SCHEMA.FUNCTION('A', 'B')) as a table whose name has the arguments: FUNCTION(A,B)."""
    made: list[Token] = []
    place = 0
    while place < len(tokens):
        part = tokens[place : place + 6]
        texts = [token.text for token in part]
        if texts[:2] == ["TABLE", "("] and texts[3:4] == ["."] and texts[5:6] == ["("]:
            close = match_parenthesis(tokens, place + 5)
            arguments = split_commas(tokens[place + 6 : close])
            if any(len(one) != 1 or one[0].kind != "string" for one in arguments):
                raise TwinError(f"the twin's SQL gives constants to a table function only: {texts[4]}")
            name = f"{texts[4]}({','.join(one[0].text for one in arguments)})"
            made += [*part[2:4], replace(part[4], text=name)]
            place = close + 2
        else:
            made.append(tokens[place])
            place += 1
    return made


def _without_tail(tokens: list[Token]) -> list[Token]:
    """Without what only says how to read: isolation, FOR READ ONLY, OPTIMIZE FOR, SKIP LOCKED DATA."""
    tokens = list(tokens)
    while True:
        words = [token.text for token in tokens[-4:]]
        if words[-2:-1] == ["WITH"] and words[-1] in ("NC", "UR", "CS", "RS", "RR"):
            del tokens[-2:]
        elif words[-3:] in (["FOR", "READ", "ONLY"], ["FOR", "FETCH", "ONLY"], ["SKIP", "LOCKED", "DATA"]):
            del tokens[-3:]
        elif words[:2] == ["OPTIMIZE", "FOR"] and words[-1] in ("ROW", "ROWS"):
            del tokens[-4:]
        else:
            return tokens


class _Level:
    """One level of parentheses."""

    def __init__(self, rewriter: Rewriter, tokens: list[Token], is_query: bool) -> None:
        self.rewriter = rewriter
        self.tokens = tokens
        self.is_query = is_query
        self.out: list[str] = []
        self.at = 0
        self.table_next = False
        self.in_from = False
        self.may_alias = True

    def peek(self, ahead: int = 0) -> Token:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else Token("op", "")

    def run(self) -> str:
        if self.is_query and self.peek().is_name("WITH"):
            self._common_tables()
        while self.at < len(self.tokens):
            self._step()
        return " ".join(self.out)

    def _common_tables(self) -> None:
        # Names of common table expressions hide tables; their bodies are rewritten on the way.
        for place, token in enumerate(self.tokens[:-2]):
            if (
                token.kind == "name"
                and self.tokens[place + 1].is_name("AS")
                and self.tokens[place + 2].is_op("(")
            ):
                self.rewriter.common.add(token.text)

    def _step(self) -> None:
        token = self.peek()
        if self.table_next and self._table():
            return
        if token.kind == "string":
            self._push(literal(token.text))
        elif token.kind == "number" or token.kind == "parameter":
            self._push(token.text)
        elif token.kind == "quoted":
            self._push(identifier(token))
        elif token.kind == "op":
            self._operator(token)
        else:
            self._word(token)

    def _push(self, text: str, tokens: int = 1) -> None:
        self.out.append(text)
        self.at += tokens

    # -- tables ----------------------------------------------------------------------------------

    def _table(self) -> bool:
        token = self.peek()
        if token.is_op("(") or token.is_name("LATERAL"):
            self.table_next = False
            return False
        if token.is_name("TABLE") and self.peek(1).is_op("("):
            raise TwinError(
                f"the twin's SQL has no table functions ({self.peek(2).text}); use a view of the same service"
            )
        if token.kind not in ("name", "quoted"):
            raise not_valid(token.text or "<END-OF-STATEMENT>")
        name, own, self.at = self.rewriter.table(self.tokens, self.at)
        self.table_next = False
        self.out.append(name)
        if not self.may_alias:
            return True
        following = self.peek()
        if following.is_name("AS"):
            return True
        if following.kind == "quoted" or (following.kind == "name" and following.text not in _CLAUSES):
            return True
        if name != own:
            # So that NAME.COLUMN means what it means in Db2.
            self.out.append(f"AS {identifier(Token('name', own))}")
        return True

    # -- operators and words -----------------------------------------------------------------------

    def _operator(self, token: Token) -> None:
        if token.text == "(":
            close = match_parenthesis(self.tokens, self.at)
            inner = self.tokens[self.at + 1 : close]
            self._push(f"({self.rewriter.expression(inner)})", close + 1 - self.at)
        elif token.text == ",":
            self.table_next = self.in_from
            self._push(",")
        elif token.text in ("+", "-") and self._duration(token.text):
            return
        elif token.text in (":", "[", "]", ";", "=>", "!"):
            raise not_valid(token.text)
        else:
            self._push("<>" if token.text == "!=" else token.text)

    def _duration(self, sign: str) -> bool:
        """CURRENT TIMESTAMP - 2 HOURS: the value before, the number or column, the unit."""
        amount = [self.peek(1)]
        if amount[0].kind == "name" and self.peek(2).is_op("."):
            amount += [self.peek(2), self.peek(3)]
        unit = self.peek(len(amount) + 1)
        if (
            amount[0].kind not in ("number", "parameter", "name")
            or unit.kind != "name"
            or unit.text.rstrip("S") not in _UNITS
        ):
            return False
        start = self._last_value()
        value = " ".join(self.out[start:])
        del self.out[start:]
        number = self.rewriter.expression(amount)
        unit_name = literal(unit.text.rstrip("S"))
        self._push(f"FL_ADD({value}, {sign}{number}, {unit_name})", len(amount) + 2)
        return True

    def _last_value(self) -> int:
        if not self.out:
            raise not_valid("+")
        return len(self.out) - 1

    def _word(self, token: Token) -> None:
        following = self.peek(1)
        if (token.text, following.text) in _REGISTERS:
            self._push(_REGISTERS[(token.text, following.text)], 2)
        elif following.is_op("(") and token.text not in _NOT_FUNCTIONS:
            self._function(token)
        elif following.is_op(".") and self.peek(2).kind in ("name", "quoted"):
            self._qualified(token)
        elif token.text in _ONE_WORD:
            self._push(_ONE_WORD[token.text])
        elif token.text == "CONCAT":
            self._push("||")
        elif token.text == "FETCH" and self.is_query:
            self._fetch()
        elif token.text == "IS" and self.peek(1).is_name("DISTINCT"):
            self._push("IS NOT", 3)
        elif token.text == "IS" and self.peek(1).is_name("NOT") and self.peek(2).is_name("DISTINCT"):
            self._push("IS", 4)
        else:
            self._plain(token)

    def _plain(self, token: Token) -> None:
        text = token.text
        if self.is_query:
            if text in _TABLE_AFTER and not (text == "UPDATE" and self.out and self.out[-1] == "FOR"):
                self.table_next = True
                self.may_alias = text != "INTO"
                self.in_from = text == "FROM" or self.in_from
            elif text in _ENDS_FROM:
                self.in_from = False
        keyword = text in _CLAUSES or text in _TABLE_AFTER or text in _KEYWORDS
        self._push(text if keyword else identifier(token))

    def _qualified(self, token: Token) -> None:
        names = [token]
        self.at += 1
        while self.peek().is_op(".") and (self.peek(1).kind in ("name", "quoted") or self.peek(1).is_op("*")):
            names.append(self.peek(1))
            self.at += 2
        last = names[-1]
        column = "*" if last.is_op("*") else identifier(last)
        # LIB.TABLE.COLUMN: the table's own name is its alias.
        self.out.append(f"{identifier(names[-2])}.{column}")

    def _fetch(self) -> None:
        # FETCH FIRST n ROWS ONLY, FETCH FIRST ROW ONLY
        place = self.at + 2
        count = "1"
        if place < len(self.tokens) and self.tokens[place].kind in ("number", "parameter"):
            count = self.tokens[place].text
            place += 1
        words = [token.text for token in self.tokens[place : place + 2]]
        if len(words) < 2 or words[0] not in ("ROW", "ROWS") or words[1] != "ONLY":
            raise not_valid(words[0] if words else "<END-OF-STATEMENT>")
        self.out.append(f"LIMIT {count}")
        self.at = place + 2

    # -- functions -------------------------------------------------------------------------------

    def _function(self, token: Token) -> None:
        close = match_parenthesis(self.tokens, self.at + 1)
        inner = self.tokens[self.at + 2 : close]
        length = close + 1 - self.at
        name = token.text
        if name == "CAST":
            self._push(self._cast(inner), length)
        elif name in ("TRIM", "STRIP") and any(part.is_name("FROM") for part in inner):
            self._push(self._trim(inner), length)
        elif name in FUNCTIONS or name in SAME_FUNCTIONS:
            arguments = [self.rewriter.expression(_argument(part)) for part in split_commas(inner)]
            function = FUNCTIONS.get(name, name)
            if name == "HEX" and not any(part.is_name("CCSID") for part in inner):
                function = "FL_HEX"
            self._push(f"{function}({', '.join(arguments)})", length)
        else:
            raise TwinError(f"the twin's SQL does not have the function {name}")

    def _cast(self, inner: list[Token]) -> str:
        place = next((n for n in range(len(inner) - 1, 0, -1) if inner[n].is_name("AS")), 0)
        if place == 0 or place + 1 >= len(inner):
            raise not_valid("<END-OF-STATEMENT>")
        value = self.rewriter.expression(inner[:place])
        kind, rest = inner[place + 1].text, inner[place + 2 :]
        size = next((part.text for part in rest if part.kind == "number"), "")
        if kind in ("CHAR", "CHARACTER") and not any(part.is_name("VARYING") for part in rest):
            return f"FL_CHAR({value}, {size or '1'})"
        if kind in ("VARCHAR", "CHARACTER", "CLOB"):
            return f"FL_VARCHAR({value}, {size})" if size else f"FL_VARCHAR({value})"
        if kind in ("INTEGER", "INT", "BIGINT", "SMALLINT"):
            return f"FL_INTEGER({value})"
        if kind in ("DECIMAL", "DEC", "NUMERIC", "DOUBLE", "REAL", "FLOAT"):
            # What has decimals is divided with them
            whole = kind in ("DECIMAL", "DEC", "NUMERIC") and sum(part.kind == "number" for part in rest) < 2
            return f"CAST({value} AS {'NUMERIC' if whole else 'REAL'})"
        if kind in ("TIMESTAMP", "DATE", "TIME"):
            return f"FL_{kind}({value})"
        raise TwinError(f"the twin's SQL does not cast to {kind}")

    def _trim(self, inner: list[Token]) -> str:
        place = next(n for n, part in enumerate(inner) if part.is_name("FROM"))
        how = inner[0].text if inner[0].is_name("BOTH", "LEADING", "TRAILING", "B", "L", "T") else "BOTH"
        function = {"L": "LTRIM", "T": "RTRIM"}.get(how[0], "TRIM")
        what = inner[1 if inner[0].kind == "name" else 0 : place]
        arguments = [self.rewriter.expression(inner[place + 1 :])]
        if what:
            arguments.append(self.rewriter.expression(what))
        return f"{function}({', '.join(arguments)})"


def _argument(tokens: list[Token]) -> list[Token]:
    if any(token.is_op("=>") for token in tokens):
        raise TwinError("the twin's SQL has no named arguments")
    return tokens


_KEYWORDS = frozenset(
    [
        "AND",
        "OR",
        "NOT",
        "NULL",
        "IS",
        "IN",
        "EXISTS",
        "BETWEEN",
        "LIKE",
        "ESCAPE",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "AS",
        "ASC",
        "DESC",
        "DISTINCT",
        "ALL",
        "BY",
        "OVER",
        "PARTITION",
        "INSERT",
        "DELETE",
        "OUTER",
        "DEFAULT",
        "NULLS",
        "FIRST",
        "LAST",
        "RECURSIVE",
    ]
)
