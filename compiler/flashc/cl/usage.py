"""What single commands demand beyond their definitions: CALL, CALLPRC, CALLSUBR, DOFOR, commands to submit.

docs/platform-facts.md#cl-declarations, #cl-control-flow and #call-literals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flashc.cl.ast import Builtin, Command, ListValue, Operation, Quoted, Unary, Value, Variable, Word
from flashc.cl.bind import Bound
from flashc.cl.catalogue import Catalogue
from flashc.cl.problems import Problem
from flashc.cl.tokens import COMMAND_PARAMETERS, is_number, small
from flashc.cl.values import Declared

MAX_DIGITS = 10  # integer digits of a decimal constant that CALL passes as (15 5)
TYPED_PARAMETERS = {"CALL": "V7R4M0", "CALLPRC": "V7R5M0"}
"""The first release in which PARM takes an expression or says the type of a constant."""
_LENGTHS = {
    "*DEC": (1, 24),
    "*CHAR": (1, 32767),
    "*LGL": (1, 1),
    "*INT": (2, 8),
    "*UINT": (2, 8),
    "*FLT": (4, 8),
}
_PROGRAM = frozenset({"*BPGM", "*IPGM", "*BMOD", "*IMOD", "*BREXX", "*IREXX"})
_INTEGERS = frozenset({"*INT", "*UINT"})
_NUMBERS = _INTEGERS | {"*DEC"}
# Commands whose command parameter runs elsewhere, not in this program.
_SUBMITTING = frozenset(COMMAND_PARAMETERS) - {"IF", "ELSE", "WHEN", "OTHERWISE", "MONMSG"}


def usage_problems(
    bound: Bound, declared: Mapping[str, Declared], release: str | None, catalogue: Catalogue
) -> Iterator[Problem]:
    """What is wrong with the use of a bound command; nothing for most commands."""
    name = bound.definition.name
    if name in TYPED_PARAMETERS:
        yield from _parameters(bound, release)
    elif name == "CALLSUBR":
        yield from _return_value(bound, declared)
    elif name == "DOFOR":
        yield from _loop(bound, declared)
    elif name in _SUBMITTING:
        yield from _submitted(bound, catalogue)


def _parameters(bound: Bound, release: str | None) -> Iterator[Problem]:
    """PARM of CALL and CALLPRC: decimal constants, and what only newer releases take."""
    value = bound.values.get("PARM")
    if value is None:
        return
    typed = 1 if bound.definition.name == "CALL" else 2
    old = release is not None and release < TYPED_PARAMETERS[bound.definition.name]
    for entry in value.items if isinstance(value, ListValue) else [value]:
        parts = entry.items if isinstance(entry, ListValue) else [entry]
        what = parts[0] if parts else None
        kind = parts[typed] if len(parts) > typed else None
        if old and (kind is not None or isinstance(what, Operation | Unary | Builtin)):
            since = TYPED_PARAMETERS[bound.definition.name]
            subject = "a type" if kind is not None else "an expression"
            message = (
                f"{bound.definition.name} PARM takes {subject} from {since} on, the release is {release}"
            )
            yield Problem("CL0216", "error", message, entry.pos, entry.end)
        if isinstance(kind, ListValue):
            yield from _passed_type(bound, kind)
        elif isinstance(what, Word) and bound.definition.name == "CALL":
            yield from _decimal(what)


def _decimal(value: Word) -> Iterator[Problem]:
    """A decimal constant is passed with 15 digits, 5 of them decimals."""
    whole = value.text.lstrip("+-").replace(",", ".").partition(".")[0].lstrip("0")
    if is_number(value.text) and len(whole) > MAX_DIGITS:
        message = f"CALL PARM: {value.text} has more than {MAX_DIGITS} digits before the decimal mark"
        yield Problem("CPD0095", "error", message, value.pos, value.end, "pass a *DEC variable")


def _passed_type(bound: Bound, kind: ListValue) -> Iterator[Problem]:
    """The type that a constant is passed as: (*DEC 15 5)."""
    numbers = [small(i.text) for i in kind.items[1:] if isinstance(i, Word) and i.text.isdecimal()]
    first = kind.items[0] if kind.items else None
    limits = _LENGTHS.get(first.text) if isinstance(first, Word) else None
    if limits is None or not numbers or len(numbers) != len(kind.items) - 1:
        return
    scale = numbers[1] if len(numbers) > 1 else 0
    assert isinstance(first, Word)
    if first.text == "*DEC" and (scale > 9 or scale > numbers[0]):
        message = f"{bound.definition.name} PARM: a *DEC has at most 9 decimals"
    elif not limits[0] <= numbers[0] <= limits[1]:
        message = f"{bound.definition.name} PARM: the length of a {first.text} is {limits[0]} to {limits[1]}"
    else:
        return
    yield Problem("CL0208", "error", message, kind.pos, kind.end)


def _return_value(bound: Bound, declared: Mapping[str, Declared]) -> Iterator[Problem]:
    """CALLSUBR RTNVAL: a *INT of four bytes."""
    value = bound.values.get("RTNVAL")
    variable = declared.get(value.name) if isinstance(value, Variable) else None
    if variable is None or not variable.type or (variable.type, variable.length) == ("*INT", 4):
        return
    assert value is not None
    message = f"CALLSUBR RTNVAL: {variable.name} must be *INT with LEN(4)"
    yield Problem("CPD0783", "error", message, value.pos, value.end)


def _loop(bound: Bound, declared: Mapping[str, Declared]) -> Iterator[Problem]:
    """DOFOR: an integer variable, numbers as its limits."""
    for keyword, types in (("VAR", _INTEGERS), ("FROM", _NUMBERS), ("TO", _NUMBERS)):
        value = bound.values.get(keyword)
        what = _no_number(value, declared, types) if value is not None else ""
        if what and value is not None:
            need = "a *INT or *UINT variable" if keyword == "VAR" else "a number"
            message = f"DOFOR {keyword}: {what} is not {need}"
            yield Problem("CL0407", "error", message, value.pos, value.end)


def _no_number(value: Value, declared: Mapping[str, Declared], types: frozenset[str]) -> str:
    """What stands where a number is wanted, or an empty text."""
    if isinstance(value, Quoted):
        return f"'{value.text}'"
    variable = declared.get(value.name) if isinstance(value, Variable) else None
    return variable.name if variable is not None and variable.type and variable.type not in types else ""


def _submitted(bound: Bound, catalogue: Catalogue) -> Iterator[Problem]:
    """A command that only a program can run does not run in another job by itself."""
    for argument in bound.command.args:
        inner = argument.value
        if not isinstance(inner, Command):
            continue
        definition = catalogue.get(inner.name)
        if definition is not None and definition.allowed <= _PROGRAM:
            message = f"{inner.name} runs in programs only, {bound.definition.name} cannot run it"
            yield Problem("CPD0031", "error", message, inner.pos, inner.name_end)
