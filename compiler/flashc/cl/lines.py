"""Filling lines of CL: a statement as nested parts, broken at blanks and continued with `+`.

A part that fits stays whole; one that does not is opened, and what is in it goes on two columns further in.
Inside a literal a line is broken only where CL joins it exactly: `+` drops the blanks that begin the next
line, so that line begins with a character that is no blank.  docs/platform-facts.md#cl-lexical
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from flashc.cl.tokens import CODE_PAGES, PRECEDENCE, SYMBOLS

HANG = 2
"""Columns that the inside of a broken part stands further in."""

NEEDED = 36
"""Columns that a continued line has at least."""

_SIGN = 2  # columns of the blank and the continuation sign
_ENOUGH = 20  # columns that make it worth while to begin a long literal on a line


class Code(NamedTuple):
    """A token.  `kind` is word, command, keyword (or built-in function), operator, prefix (an operator of one
    operand, a prompt sign), or the parenthesis or the slash of a qualified name itself."""

    kind: str
    text: str


@dataclass(slots=True)
class Remark:
    """A comment inside a statement.

    `alone`: it begins its line.  `ends`: its author ended the line behind it; where a statement takes more
    than one line, all its comments do.
    """

    text: str
    alone: bool
    ends: bool


@dataclass(slots=True)
class Group:
    """Parts between `opening` (KEYWORD(, %SST(, an operator and its blank ...) and `closing`.

    `flat` is the length of all of it on one line, -1 if it cannot stand on one.
    """

    opening: str
    parts: list[Node]
    closing: str
    flat: int
    command: bool = False  # the opening ends with the name of a command


Node: TypeAlias = str | Group | Remark
Token: TypeAlias = Code | Remark


def group(opening: str, parts: list[Node], closing: str, *, command: bool = False) -> Group:
    """A group and its length on one line."""
    flat = len(opening) + len(closing) + max(0, len(parts) - 1)
    for part in parts:
        length = length_of(part)
        if length < 0:
            return Group(opening, parts, closing, -1, command)
        flat += length
    return Group(opening, parts, closing, flat, command)


def length_of(part: Node) -> int:
    """The length of a part on one line, -1 if it cannot stand on one."""
    if isinstance(part, str):
        return len(part)
    if isinstance(part, Group):
        return part.flat
    return -1


def _text(part: Node | Code) -> str:
    """A part on one line."""
    if isinstance(part, str):
        return part
    if isinstance(part, Remark | Code):
        return part.text
    return part.opening + " ".join(map(_text, part.parts)) + part.closing


# ---- from tokens to parts ----------------------------------------------------------------------------


def parts_of(tokens: Iterable[Token]) -> list[Node]:
    """The parts that the tokens of a statement make."""
    return _parts(iter(tokens))


def _parts(tokens: Iterator[Token]) -> list[Node]:
    """The parts up to the next closing parenthesis, or to the end."""
    items: list[Node | Code] = []  # operators stay tokens until all is read
    before = ""  # what the next part begins with
    for token in tokens:
        if isinstance(token, Remark):
            items.append(token)
            continue
        kind, text = token
        if kind == ")":
            break
        if kind == "operator":
            items.append(token)
        elif kind == "/":
            before = _text(items.pop()) + "/"
        elif kind in ("prefix", "keyword"):
            before += text
        elif kind == "command":
            items.append(_command(before + text, _parts(tokens)))
            before = ""
            break
        else:
            items.append(_behind(before, text) if kind == "word" else _bracket(f"{before}(", _parts(tokens)))
            before = ""
    if before:
        items.append(before)
    nodes = [item for item in items if not isinstance(item, Code)]
    if len(nodes) == len(items):
        return nodes
    if any(isinstance(item, Remark) for item in items):
        return [item.text if isinstance(item, Code) else item for item in items]
    values = _values(items)
    return _chain(values[0]) if len(values) == 1 else [_whole(value) for value in values]


def _bracket(opening: str, parts: list[Node]) -> Node:
    """What stands in parentheses, with what stands before them."""
    if not parts:
        return f"{opening})"
    only = parts[0] if len(parts) == 1 else None
    if isinstance(only, str) and (len(only) < _ENOUGH or not only.startswith("'")):
        return f"{opening}{only})"
    if isinstance(only, Group) and only.command:
        return group(opening + only.opening, only.parts, ")", command=True)
    return group(opening, parts, ")")


def _command(name: str, parameters: list[Node]) -> Node:
    return group(f"{name} ", parameters, "", command=True) if parameters else name


def _values(items: list[Node | Code]) -> list[list[Node | Code]]:
    """Values that stand beside each other, each as operands with operators between them."""
    values: list[list[Node | Code]] = []
    for item in items:
        if values and (isinstance(item, Code) or isinstance(values[-1][-1], Code)):
            values[-1].append(item)
        else:
            values.append([item])
    return values


def _whole(value: list[Node | Code]) -> Node:
    if len(value) == 1:
        only = value[0]
        return only.text if isinstance(only, Code) else only
    return group("", _chain(value), "")


def _chain(value: list[Node | Code]) -> list[Node]:
    """An expression, parted in front of those of its operators that bind least."""
    least = min((_level(item) for item in value if isinstance(item, Code)), default=0)
    parts: list[Node] = []
    operator = ""
    chunk: list[Node | Code] = []
    for item in value:
        if isinstance(item, Code) and _level(item) == least and chunk:
            parts.append(_behind(operator, _whole(chunk)))
            operator, chunk = f"{item.text} ", []
        else:
            chunk.append(item)
    if chunk:
        parts.append(_behind(operator, _whole(chunk)))
    return parts


def _level(operator: Code) -> int:
    text = operator.text
    return PRECEDENCE.get(text) or PRECEDENCE[SYMBOLS[text.translate(CODE_PAGES)]]


def _behind(operator: str, node: Node) -> Node:
    """A part with the operator in front of it."""
    if not operator or isinstance(node, Remark):
        return node
    if isinstance(node, Group):
        return group(operator + node.opening, node.parts, node.closing, command=node.command)
    if node.startswith("'") and len(node) >= _ENOUGH:
        return group(operator, [node], "")
    return operator + node


# ---- from parts to lines -----------------------------------------------------------------------------


def _broken(part: Node) -> bool:
    """Whether the author of a comment in it began or ended a line with it."""
    if isinstance(part, Group):
        return part.flat < 0 and any(map(_broken, part.parts))
    return isinstance(part, Remark) and (part.alone or part.ends)


class Lines:
    """The lines of one statement, begun with `start`, continued from column `indent` (0 is the first) on."""

    def __init__(self, start: str, indent: int, width: int) -> None:
        self._done: list[str] = []
        self._line = start
        self._indent = indent
        self._width = width
        self._begun = False  # something stands on the line that a blank must follow
        self._ends = False  # a comment ended the line
        self._spread = False  # a part that took several lines ended on this one

    def of(self, parts: list[Node]) -> list[str]:
        """All lines, for the parameters of the statement."""
        flat = self._line + " ".join(map(_text, parts))
        if len(flat) <= self._width and "\n" not in flat and not any(_broken(part) for part in parts):
            return [flat]
        self._fill(parts, self._indent, 0)
        return [*self._done, self._line]

    def _fill(self, parts: list[Node], indent: int, tail: int) -> None:
        """Put parts on the lines; `tail` columns must be free behind the last one."""
        for number, part in enumerate(parts):
            behind = tail if number == len(parts) - 1 else _SIGN
            if self._ends or self._spread:
                self._next(indent)
            length = length_of(part)
            if length >= 0 and self._column() + self._begun + length + behind <= self._width:
                self._put(_text(part))
            elif isinstance(part, Remark):
                self._remark(part, indent)
            elif length >= 0 and self._begun and indent + length + behind <= self._width:
                self._next(indent)
                self._put(_text(part))
            elif isinstance(part, Group):
                self._open(part, indent, behind)
            else:
                self._long(part, indent, behind)

    def _open(self, part: Group, indent: int, tail: int) -> None:
        """A part that does not fit on a line: begin it here or on a line of its own."""
        if self._begun and not self._begins_here(part, indent):
            self._next(indent)
        self._put(part.opening)
        self._begun = False
        inner = indent + HANG if part.closing else indent
        lines = len(self._done)
        self._fill(part.parts, min(inner, self._limit()), tail + len(part.closing))
        if self._ends and part.closing:
            self._next(indent)
        self._line += part.closing
        self._begun = True
        self._spread = bool(part.closing) and len(self._done) > lines

    def _begins_here(self, part: Group, indent: int) -> bool:
        """Whether to begin a part on this line: only if that spares a line."""
        if part.command:
            return False
        first = length_of(part.parts[0]) if part.parts else 0
        room = self._width - self._column() - 1
        if part.flat < 0 or first < 0 or len(part.opening) + first + _SIGN > room:
            return False
        inside = self._width - min(indent + HANG, self._limit()) - _SIGN
        here = max(0, part.flat - room)
        fresh = max(0, part.flat - (self._width - indent))
        return -(-here // inside) < 1 - (-fresh // inside)

    def _long(self, word: str, indent: int, tail: int) -> None:
        """A word that does not fit on a line behind the indentation."""
        if word.startswith("'"):
            self._literal(word, indent, tail)
            return
        if self._column() > self._outdented(word, indent, tail):
            self._next(self._outdented(word, indent, tail))
        self._put(word)

    def _outdented(self, word: str, indent: int, tail: int) -> int:
        """Where a line must begin so that the word fits on it; the indentation if no place is enough."""
        place = self._width - len(word) - tail
        return min(place, indent) if place > 0 else indent

    def _literal(self, rest: str, indent: int, tail: int) -> None:
        """A literal, broken behind blanks; where it has none, on a line further out, or anywhere."""
        room = self._width - self._column() - self._begun - 1
        good = _cut(rest, self._width - indent - 1)
        if not good and (place := self._outdented(rest, indent, tail)) < indent:
            self._next(place)
        elif room < _ENOUGH or (good and not _cut(rest, room)):
            self._next(indent)
        self._put("")
        while self._column() + len(rest) + tail > self._width:
            room = self._width - self._column() - 1
            cut = _cut(rest, room) or _hard_cut(rest, room)
            if not cut:
                break
            self._done.append(f"{self._line}{rest[:cut]}+")
            self._line = " " * indent
            rest = rest[cut:]
        self._line += rest

    def _remark(self, remark: Remark, indent: int) -> None:
        long = self._column() + 1 + len(remark.text) + _SIGN > self._width
        if (remark.alone or long) and self._line.strip():
            self._next(indent)
        self._put(remark.text)
        self._ends = True

    def _put(self, text: str) -> None:
        self._line += f" {text}" if self._begun else text
        self._begun = True

    def _next(self, indent: int) -> None:
        if line := self._line.rstrip():
            self._done.append(f"{line} +")
        self._line = " " * indent
        self._begun = self._ends = self._spread = False

    def _column(self) -> int:
        return len(self._line) - self._line.rfind("\n") - 1

    def _limit(self) -> int:
        """The column that continued lines begin in at most, so that something fits on them."""
        return self._width - NEEDED


def _cut(literal: str, room: int) -> int:
    """A good place to break a literal in its first `room` characters; 0 if there is none.

    Behind the blank before a word, else behind a slash.
    """
    at = room
    while (at := literal.rfind(" ", 2, at)) > 0:
        if literal[at + 1] not in " \t'":
            return at + 1
    slash = literal.rfind("/", 2, room) + 1
    return slash if literal[slash] not in " \t'" else 0


def _hard_cut(literal: str, room: int) -> int:
    """The last place where a literal can be broken at all: before no blank, beside no apostrophe; else 0."""
    for at in range(min(room, len(literal) - 1), 1, -1):
        if literal[at] not in " \t'" and literal[at - 1] != "'":
            return at
    return 0
