"""Expressions: built-in functions, variables used, and types where they are certain.

Operators and types: docs/platform-facts.md#cl-expressions.  A type that is not certain (field variables
of files, unquoted words, special values) is unknown, and an unknown type never gives a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flashc.cl.ast import (
    Argument,
    Builtin,
    Command,
    Hex,
    ListValue,
    Operation,
    Qualified,
    Quoted,
    Unary,
    Value,
    Variable,
    Word,
)
from flashc.cl.declarations import INTEGERS
from flashc.cl.problems import Problem, nearest
from flashc.cl.tokens import WORD_OPERATORS, is_number, small
from flashc.cl.values import Declared
from flashc.diag import Severity

CHARACTER, NUMBER, LOGICAL, POINTER = "character", "number", "logical", "pointer"
_TYPES = {
    "*CHAR": CHARACTER,
    "*DEC": NUMBER,
    "*INT": NUMBER,
    "*UINT": NUMBER,
    "*LGL": LOGICAL,
    "*PTR": POINTER,
}
_RELATIONS = frozenset({"*EQ", "*NE", "*GT", "*LT", "*GE", "*LE", "*NG", "*NL"})
_JOINS = frozenset({"*CAT", "*BCAT", "*TCAT"})
# What CHGVAR does not convert, from and to.
_NOT_ASSIGNED = frozenset(
    {
        (NUMBER, LOGICAL),
        (LOGICAL, NUMBER),
        *((POINTER, other) for other in (CHARACTER, NUMBER, LOGICAL)),
        *((other, POINTER) for other in (CHARACTER, NUMBER, LOGICAL)),
    }
)


@dataclass(frozen=True, slots=True)
class BuiltinRule:
    """Arguments of a built-in function (at least, at most), its result, and its first release."""

    least: int
    most: int
    result: str | None
    since: str


_SST = BuiltinRule(3, 3, CHARACTER, "V1R1M0")
_BIN = BuiltinRule(1, 3, NUMBER, "V1R1M0")
_TRIM = BuiltinRule(1, 2, CHARACTER, "V7R1M0")
_SCAN = BuiltinRule(2, 3, NUMBER, "V7R1M0")
_INT = BuiltinRule(1, 1, NUMBER, "V7R2M0")
BUILTINS: dict[str, BuiltinRule] = {
    "%SST": _SST,
    "%SUBSTRING": _SST,
    "%BIN": _BIN,
    "%BINARY": _BIN,
    "%SWITCH": BuiltinRule(1, 1, LOGICAL, "V1R1M0"),
    "%ADDRESS": BuiltinRule(1, 1, POINTER, "V5R4M0"),
    "%ADDR": BuiltinRule(1, 1, POINTER, "V5R4M0"),
    "%OFFSET": BuiltinRule(1, 1, NUMBER, "V5R4M0"),
    "%OFS": BuiltinRule(1, 1, NUMBER, "V5R4M0"),
    "%CHECK": _SCAN,
    "%CHECKR": _SCAN,
    "%SCAN": _SCAN,
    "%TRIM": _TRIM,
    "%TRIML": _TRIM,
    "%TRIMR": _TRIM,
    "%CHAR": BuiltinRule(1, 1, CHARACTER, "V7R2M0"),
    "%DEC": BuiltinRule(1, 3, NUMBER, "V7R2M0"),
    "%INT": _INT,
    "%UINT": _INT,
    "%UNS": _INT,
    "%LEN": _INT,
    "%SIZE": _INT,
    "%LOWER": BuiltinRule(1, 2, CHARACTER, "V7R2M0"),
    "%UPPER": BuiltinRule(1, 2, CHARACTER, "V7R2M0"),
    "%PARMS": BuiltinRule(0, 0, NUMBER, "V7R3M0"),
}


_OF_VARIABLES = frozenset(
    {"%SST", "%SUBSTRING", "%BIN", "%BINARY", "%ADDRESS", "%ADDR", "%OFFSET", "%OFS", "%SIZE", "%TRIM"}
    | {"%TRIML", "%TRIMR"}
)
NUMERIC = frozenset({"*DEC", "*INT", "*UINT"})
PLAIN = (Word, Quoted, Variable, Hex)
"""Values with nothing inside them that could be wrong."""


def variables(value: Value) -> Iterator[Variable]:
    """The variables of a value and of all values inside it, those of nested commands too."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Command):
            for argument in current.args:
                if isinstance(argument.value, Variable):
                    yield argument.value
                elif not isinstance(argument.value, PLAIN):
                    waiting.append(argument.value)
            continue
        match current:
            case Variable():
                yield current
            case Builtin(args=items) | Qualified(parts=items) | ListValue(items=items):
                waiting.extend(items)
            case Operation(left=left, right=right):
                waiting += (left, right)
            case Unary(operand=operand):
                waiting.append(operand)


def builtin_problems(
    argument: Argument, declared: Mapping[str, Declared], release: str | None
) -> Iterator[Problem]:
    """What is wrong with the built-in functions of a parameter (not of a command inside it)."""
    waiting: list[tuple[Value, bool]] = [(argument.value, False)]
    while waiting:
        value, inside = waiting.pop()
        match value:
            case Builtin(args=items):
                yield from _builtin(value, inside, declared, release)
                waiting.extend((i, True) for i in items)
            case Qualified(parts=items) | ListValue(items=items):
                waiting.extend((i, inside) for i in items)
            case Operation(left=left, right=right):
                waiting += ((left, inside), (right, inside))
            case Unary(operand=operand):
                waiting.append((operand, inside))


def _builtin(
    value: Builtin, inside: bool, declared: Mapping[str, Declared], release: str | None
) -> Iterator[Problem]:
    rule = BUILTINS.get(value.name)
    if rule is None:
        yield Problem("CL0404", "error", f"{value.name} is no built-in function", value.pos, value.end)
        return
    if inside:
        help = "put the inner result into a variable first"
        message = f"{value.name} stands inside another built-in function"
        yield Problem("CPD0181", "error", message, value.pos, value.end, help)
    if not rule.least <= len(value.args) <= rule.most:
        takes = str(rule.least) if rule.least == rule.most else f"{rule.least} to {rule.most}"
        message = f"{value.name} takes {takes} arguments, {len(value.args)} are written"
        yield Problem("CL0405", "error", message, value.pos, value.end)
    else:
        yield from _arguments(value, declared)
    first = value.args[0] if value.args else None
    if value.name in _OF_VARIABLES and isinstance(first, Word) and not first.text.startswith("*"):
        message = f"{value.name} takes a variable, {first.text} is a constant"
        yield Problem("CL0407", "error", message, first.pos, first.end, "a variable starts with &")
    if release is not None and release < rule.since:
        message = f"{value.name} exists from {rule.since} on, the release is {release}"
        yield Problem("CL0406", "error", message, value.pos, value.end)


# The types that the arguments of a built-in function have; the rest are numbers.
_CHAR, _ANY = frozenset({"*CHAR"}), frozenset({"*CHAR", "*LGL", "*DEC", "*INT", "*UINT"})
_ARGUMENTS: dict[str, tuple[frozenset[str], ...]] = {
    "%SST": (frozenset({"*CHAR", "*LGL"}), NUMERIC, NUMERIC),
    "%BIN": (_CHAR, NUMERIC, NUMERIC),
    "%OFFSET": (frozenset({"*PTR"}),),
    "%CHECK": (_CHAR, _CHAR, NUMERIC),
    "%SCAN": (_CHAR, _CHAR, NUMERIC),
    "%TRIM": (_CHAR, _CHAR),
    "%CHAR": (frozenset({"*LGL", "*DEC", "*INT", "*UINT"}),),
    "%DEC": (_ANY, NUMERIC, NUMERIC),
    "%INT": (_ANY,),
    "%UPPER": (_CHAR, NUMERIC),
}
_SAME = {"%SUBSTRING": "%SST", "%BINARY": "%BIN", "%OFS": "%OFFSET", "%CHECKR": "%CHECK", "%LOWER": "%UPPER"}
_SAME |= {"%TRIML": "%TRIM", "%TRIMR": "%TRIM", "%UINT": "%INT", "%UNS": "%INT"}
_SWITCHES = re.compile(r"[01X]{8}\Z")


def _arguments(value: Builtin, declared: Mapping[str, Declared]) -> Iterator[Problem]:
    """The arguments of a built-in function: types of variables, and constants that cannot be right."""
    name = _SAME.get(value.name, value.name)
    for needed, item in zip(_ARGUMENTS.get(name, ()), value.args, strict=False):
        variable = declared.get(item.name) if isinstance(item, Variable) else None
        if variable is not None and variable.type and variable.type not in needed:
            message = (
                f"{value.name}: {variable.name} is {variable.type}, it takes {' or '.join(sorted(needed))}"
            )
            yield Problem("CL0407", "error", message, item.pos, item.end)
    if name == "%SWITCH":
        mask = value.args[0]
        if isinstance(mask, Word | Quoted) and not _SWITCHES.match(mask.text):
            message = "the mask of %SWITCH has eight characters 0, 1 or X"
            yield Problem("CL0408", "error", message, mask.pos, mask.end)
    elif name in ("%SST", "%BIN"):
        yield from _piece(value, name, declared)


def _piece(value: Builtin, name: str, declared: Mapping[str, Declared]) -> Iterator[Problem]:
    """The part of a variable that %SST or %BIN takes lies inside it; %BIN takes two or four bytes."""
    base = value.args[0]
    variable = declared.get(base.name) if isinstance(base, Variable) else None
    room = variable.length if variable is not None else 0
    numbers = [small(i.text) if isinstance(i, Word) and i.text.isdecimal() else None for i in value.args[1:]]
    start, size = [*numbers, None, None][:2]
    if name == "%BIN" and (size if len(value.args) > 1 else room or None) not in (2, 4, None):
        yield Problem("CL0408", "error", "%BIN takes 2 or 4 bytes", value.pos, value.end)
    elif start == 0 or size == 0 or (room and (start or 1) + (size or 1) - 1 > room):
        message = f"{value.name} takes a part that is not inside its variable"
        yield Problem("CL0408", "warning", message, value.pos, value.end)


@dataclass(slots=True)
class _Types:
    """The types of an expression and what does not fit in it."""

    declared: Mapping[str, Declared]
    problems: list[Problem]

    def of(self, value: Value) -> str | None:
        """The type of a value, or None when it is not certain."""
        while isinstance(value, ListValue) and len(value.items) == 1:
            value = value.items[0]
        match value:
            case Quoted(text=text):
                return None if text in ("0", "1") else CHARACTER
            case Hex():
                return CHARACTER
            case Word(text=text):
                return NUMBER if is_number(text) else None
            case Variable(name=name):
                variable = self.declared.get(name)
                return None if variable is None else _TYPES.get(variable.type)
            case Builtin(name=name):
                rule = BUILTINS.get(name)
                return None if rule is None else rule.result
            case Unary(op="*NOT", operand=operand):
                if isinstance(operand, ListValue) and len(operand.items) > 1:
                    self.values(operand)
                self.need(operand, LOGICAL, "*NOT")
                return LOGICAL
            case Unary(operand=operand):
                self.need(operand, NUMBER, "a sign")
                return NUMBER
            case Operation():
                return self.operation(value)
        return None

    def operation(self, value: Operation) -> str:
        op = value.op
        for side in (value.left, value.right):
            if isinstance(side, ListValue) and len(side.items) > 1:
                self.values(side)
        if op in _RELATIONS:
            left, right = self.of(value.left), self.of(value.right)
            if LOGICAL in (left, right) and any(_is_bit(side) for side in (value.left, value.right)):
                return LOGICAL  # &FLAG = 1 without quotes is seen in use
            if left is not None and right is not None and left != right:
                self.wrong(value, f"a {left} cannot be compared with a {right}")
            elif POINTER in (left, right) and op not in ("*EQ", "*NE"):
                self.wrong(value, f"pointers are compared with *EQ and *NE only, not with {op}")
            return LOGICAL
        if op in _JOINS:
            for side in (value.left, value.right):
                if not (isinstance(side, Word) and is_number(side.text)):
                    self.need(side, CHARACTER, op, "warning")
            return CHARACTER
        need = LOGICAL if op in ("*AND", "*OR") else NUMBER
        self.need(value.left, need, op)
        self.need(value.right, need, op)
        return need

    def values(self, value: ListValue) -> None:
        """Report an operand of several values: an operator is misspelled or missing between them."""
        signed = any(isinstance(i, Word) and i.text[0] in "+-" for i in value.items[1:])
        if signed and len(value.items) == 2:
            return  # A -1 without a blank behind the sign
        second = value.items[1]
        close = nearest(second.text, list(WORD_OPERATORS)) if isinstance(second, Word) else None
        help = f"did you mean {close}?" if close else None
        message = "an operator is missing between the values of an operand"
        self.problems.append(Problem("CL0110", "error", message, second.pos, second.end, help))

    def need(self, value: Value, kind: str, op: str, severity: Severity = "error") -> None:
        """Check an operand of an operator that takes one type."""
        found = self.of(value)
        if found is None:
            if kind == NUMBER and isinstance(value, Quoted):
                self.wrong(value, f"{op} takes a number, this is a character")
        elif found != kind and not (kind == CHARACTER and found == LOGICAL):
            self.wrong(value, f"{op} takes a {kind}, this is a {found}", severity)

    def wrong(self, value: Value, message: str, severity: Severity = "error") -> None:
        self.problems.append(Problem("CL0401", severity, message, value.pos, value.end))


def _is_bit(value: Value) -> bool:
    return isinstance(value, Word) and value.text in ("0", "1")


def condition_problems(value: Value, declared: Mapping[str, Declared]) -> list[Problem]:
    """What is wrong with a condition: its types, and that it is a logical value."""
    types = _Types(declared, [])
    found = types.of(value)
    if found is not None and found != LOGICAL:
        types.wrong(value, f"a condition is a logical value, this is a {found}")
    return types.problems


def expression_problems(value: Value, declared: Mapping[str, Declared]) -> list[Problem]:
    """What is wrong with the types of an expression whatever its result is."""
    types = _Types(declared, [])
    types.of(value)
    return types.problems


def assignment_problems(target: Value, value: Value, declared: Mapping[str, Declared]) -> list[Problem]:
    """What is wrong with CHGVAR: the value's types, and a constant that cannot be in the target."""
    types = _Types(declared, [])
    found = types.of(value)
    variable = declared.get(target.name) if isinstance(target, Variable) else None
    if variable is None:
        return types.problems
    kind = _TYPES.get(variable.type)
    what = ""
    if isinstance(value, Word | Quoted):
        what = _constant_misfit(variable, value)
    elif found is not None and (found, kind) in _NOT_ASSIGNED:
        what = f"{variable.name} is {variable.type}, a {found} does not fit"
    if what:
        types.problems.append(Problem("CL0407", "error", what, value.pos, value.end))
    return types.problems


def _constant_misfit(variable: Declared, value: Word | Quoted) -> str:
    """Why a constant cannot be in a variable, or an empty text."""
    name, kind, text = variable.name, _TYPES.get(variable.type), value.text
    if kind == LOGICAL and text not in ("0", "1") and not text.startswith("*"):
        return f"{name} is *LGL: only '0' and '1' fit"
    if kind == POINTER and text != "*NULL":
        return f"{name} is *PTR: a pointer or *NULL fits"
    if kind != NUMBER:
        return ""
    if not is_number(text.strip()):
        return f"{name} is {variable.type}: {text!r} is no number" if isinstance(value, Quoted) else ""
    whole = text.strip().lstrip("+-").replace(",", ".").partition(".")[0].lstrip("0")
    if variable.type == "*DEC":
        fits = not variable.length or len(whole) <= variable.length - variable.scale
        return "" if fits else f"{text} has more digits than {name}"
    limits = INTEGERS.get((variable.type, variable.length))
    if limits is None or limits[0] <= (-1 if text.strip()[0] == "-" else 1) * int(whole or "0") <= limits[1]:
        return ""
    return f"{text} is not between {limits[0]} and {limits[1]}, what {name} holds"
