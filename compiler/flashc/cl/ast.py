"""The tree of a CL source.

Positions are offsets into the original text (`pos` inclusive, `end` exclusive), so that the parser
stays fast; `Source.span` turns them into lines and columns when a message needs them.

A value that is written once stands here as it was written: names are folded to upper case outside
quotes, a doubled apostrophe in a string is one, continuation signs are gone.  What a name means
(object, special value, number) is decided by the parameter it stands in: see `catalogue`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TypeAlias

from flashc.diag import Span


@dataclass(slots=True)
class Word:
    """An unquoted constant, folded to upper case: NAME, *SPECIAL, 20, -1.5, ABC*, CPF0000."""

    text: str
    pos: int
    end: int


@dataclass(slots=True)
class Quoted:
    """A character string; `text` is its contents."""

    text: str
    pos: int
    end: int


@dataclass(slots=True)
class Hex:
    """A hexadecimal literal X'C1C2': raw bytes of the target's character set."""

    data: bytes
    pos: int
    end: int


@dataclass(slots=True)
class Variable:
    """A CL variable, with its ampersand, upper case: &RC."""

    name: str
    pos: int
    end: int


@dataclass(slots=True)
class Builtin:
    """A built-in function such as %SST(&A 1 10); `name` has its percent sign, upper case."""

    name: str
    args: list[Value]
    pos: int
    end: int


@dataclass(slots=True)
class Qualified:
    """Parts joined by slashes as written: LIB/OBJ, NUMBER/USER/JOB, &LIB/&OBJ."""

    parts: list[Value]
    pos: int
    end: int


@dataclass(slots=True)
class ListValue:
    """Several values in one parameter, or a parenthesised list inside one: (A B), ((X 1) (Y 2))."""

    items: list[Value]
    pos: int
    end: int


@dataclass(slots=True)
class Operation:
    """A binary operation; `op` is the word form: *AND *OR *EQ *NE *GT *LT *GE *LE *NG *NL *CAT *BCAT
    *TCAT + - * /."""

    op: str
    left: Value
    right: Value
    pos: int
    end: int


@dataclass(slots=True)
class Unary:
    """A unary operation: *NOT, + or -."""

    op: str
    operand: Value
    pos: int
    end: int


Value: TypeAlias = (
    "Word | Quoted | Hex | Variable | Builtin | Qualified | ListValue | Operation | Unary | Command"
)


@dataclass(slots=True)
class Argument:
    """One parameter as written; `keyword` is None for a positional one.

    `value` is the single value between the parentheses, a `ListValue` when there are several, and a
    `Command` where the parameter takes a command (THEN, EXEC, CMD ...).  KWD() has an empty ListValue;
    KWD((A B)) has a ListValue whose only item is the list (A B), so that it differs from KWD(A B).
    """

    keyword: str | None
    value: Value
    pos: int
    end: int
    keyword_end: int = 0


@dataclass(slots=True)
class Command:
    """A command with its parameters; `library` is the qualifier of QSYS/CHGASPACT, else None."""

    name: str
    library: str | None
    args: list[Argument]
    pos: int
    end: int
    name_end: int = 0
    broken: bool = False  # a syntax error was reported in it: some parameters may be missing

    def arg(self, keyword: str) -> Value | None:
        """The value written with this keyword, or None.  Positional parameters are not looked at."""
        for argument in self.args:
            if argument.keyword == keyword:
                return argument.value
        return None


@dataclass(slots=True)
class Label:
    """A label, without its colon, upper case."""

    name: str
    pos: int
    end: int


@dataclass(slots=True)
class Statement:
    """One logical line: labels and at most one command."""

    labels: list[Label]
    command: Command | None
    pos: int
    end: int


@dataclass(slots=True)
class Comment:
    """A comment with its delimiters."""

    text: str
    pos: int
    end: int


@dataclass(slots=True)
class Source:
    """A parsed CL source: its statements in order, its comments, and its text for positions."""

    file: str
    text: str
    statements: list[Statement]
    comments: list[Comment]
    _starts: list[int] = field(default_factory=list)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column (both from 1) of an offset into the text."""
        if not self._starts:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._starts = starts
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, pos: int, end: int) -> Span:
        """The span of a stretch of the text."""
        line, column = self.place(pos)
        end_line, end_column = self.place(max(pos, end))
        return Span(self.file, line, column, end_line, end_column)
