"""Declarations: what DCL declares, and the rules of types, lengths and initial values.

docs/platform-facts.md#cl-declarations
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flashc.cl.ast import Command, Hex, ListValue, Quoted, Value, Variable, Word
from flashc.cl.bind import Bound
from flashc.cl.problems import Problem
from flashc.cl.tokens import is_number, small
from flashc.cl.values import Declared
from flashc.diag import Severity

_VARIABLE = re.compile(r"&[^\W\d_][\w$#@\xa3\xa7]*\Z|&[$#@\xa3\xa7][\w$#@\xa3\xa7]*\Z")
_DEFAULT_LENGTHS = {"*CHAR": 32, "*DEC": 15, "*LGL": 1, "*INT": 4, "*UINT": 4, "*PTR": 16}
MAX_OFFSET = 32766  # of ADDRESS; the definition of DCL refuses more
INTEGERS = {
    ("*INT", 2): (-(2**15), 2**15 - 1),
    ("*INT", 4): (-(2**31), 2**31 - 1),
    ("*INT", 8): (-(2**63), 2**63 - 1),
    ("*UINT", 2): (0, 2**16 - 1),
    ("*UINT", 4): (0, 2**32 - 1),
    ("*UINT", 8): (0, 2**64 - 1),
}


def declared_by(bound: Bound) -> Declared | None:
    """The variable that a DCL declares, or None when it names none."""
    variable = bound.values.get("VAR")
    if not isinstance(variable, Variable):
        return None
    kind = bound.values.get("TYPE")
    type_name = kind.text if isinstance(kind, Word) else ""
    length, scale = _lengths(bound.values.get("LEN"))
    if not length:
        value = bound.values.get("VALUE")
        length = _DEFAULT_LENGTHS.get(type_name, 0)
        scale = 5 if type_name == "*DEC" else 0
        if type_name == "*CHAR" and isinstance(value, Quoted | Word):
            length = max(1, len(value.text))
        elif type_name == "*CHAR" and isinstance(value, Hex):
            length = len(value.data)
    storage = bound.values.get("STG")
    stored = storage.text if isinstance(storage, Word) else "*AUTO"
    return Declared(variable.name, type_name, length, scale, variable.pos, variable.end, stored)


def declaration_problems(bound: Bound, variable: Declared) -> Iterator[Problem]:
    """What is wrong with one DCL on its own."""
    value = bound.values["VAR"]
    if len(variable.name) > 11 or not _VARIABLE.match(variable.name):
        message = f"{variable.name}: & and 1 to 10 characters, the first a letter"
        yield Problem("CL0201", "error", message, value.pos, value.end)
    size = bound.values.get("LEN")
    if size is not None:
        yield from _length(variable, size)
    initial = bound.values.get("VALUE")
    if initial is not None:
        yield from _initial(variable, initial, size is not None)


def relation_problems(bound: Bound, declared: Mapping[str, Declared]) -> Iterator[Problem]:
    """DEFVAR and BASPTR: the variables they name."""
    defined = bound.values.get("DEFVAR")
    pieces = defined.items if isinstance(defined, ListValue) else [] if defined is None else [defined]
    while len(pieces) == 1 and isinstance(pieces[0], ListValue):
        pieces = pieces[0].items
    own = declared_by(bound)
    if pieces and isinstance(pieces[0], Variable) and own is not None:
        base = declared.get(pieces[0].name)
        start = pieces[1] if len(pieces) > 1 else None
        offset = small(start.text) if isinstance(start, Word) and start.text.isdecimal() else 1
        size, room = storage_bytes(own), storage_bytes(base) if base is not None else 0
        if base is not None and base.name == own.name:
            message = f"{own.name} cannot be defined on itself"
            yield Problem("CL0402", "error", message, pieces[0].pos, pieces[0].end)
        elif base is not None and size and room and offset - 1 + size > room:
            message = f"{own.name} runs past the end of {base.name} ({room} bytes)"
            yield Problem("CL0402", "error", message, pieces[0].pos, pieces[-1].end)
    yield from _address(bound, declared)
    pointer = bound.values.get("BASPTR")
    if isinstance(pointer, Variable):
        target = declared.get(pointer.name)
        if target is not None and target.type not in ("*PTR", ""):
            message = f"{pointer.name} is {target.type}, BASPTR needs a *PTR variable"
            yield Problem("CL0407", "error", message, pointer.pos, pointer.end)


def storage_bytes(variable: Declared) -> int:
    """How many bytes a variable takes, 0 where that is not known: two digits of a *DEC share a byte."""
    return variable.length // 2 + 1 if variable.type == "*DEC" and variable.length else variable.length


def _address(bound: Bound, declared: Mapping[str, Declared]) -> Iterator[Problem]:
    """ADDRESS: its offset lies inside the variable."""
    value = bound.values.get("ADDRESS")
    pieces = value.items if isinstance(value, ListValue) else []
    while len(pieces) == 1 and isinstance(pieces[0], ListValue):
        pieces = pieces[0].items
    if len(pieces) != 2 or not isinstance(pieces[0], Variable) or not isinstance(pieces[1], Word):
        return
    target = declared.get(pieces[0].name)
    room = storage_bytes(target) if target is not None else 0
    if room and pieces[1].text.isdecimal() and room <= small(pieces[1].text) <= MAX_OFFSET:
        message = f"the offset lies behind the end of {pieces[0].name} ({room} bytes)"
        yield Problem("CL0402", "error", message, pieces[1].pos, pieces[1].end)


def parameter_problems(
    command: Command, declared: Mapping[str, Declared], values: Mapping[str, Value]
) -> Iterator[Problem]:
    """PGM PARM: a parameter has no initial value; `values` are the VALUEs by variable."""
    for argument in command.args:
        items = argument.value.items if isinstance(argument.value, ListValue) else [argument.value]
        seen: set[str] = set()
        for item in items:
            if not isinstance(item, Variable):
                continue
            if item.name in seen:
                message = f"{item.name} stands twice in PARM"
                yield Problem("CL0303", "warning", message, item.pos, item.end)
            seen.add(item.name)
            initial = values.get(item.name)
            if initial is not None and item.name in declared:
                message = f"{item.name} is a parameter of the program and cannot have a VALUE"
                yield Problem("CPD0702", "error", message, initial.pos, initial.end)


def _lengths(value: Value | None) -> tuple[int, int]:
    items = value.items if isinstance(value, ListValue) else [] if value is None else [value]
    while len(items) == 1 and isinstance(items[0], ListValue):
        items = items[0].items
    numbers = [small(i.text) for i in items if isinstance(i, Word) and i.text.isdecimal()]
    if not numbers or len(numbers) != len(items):
        return 0, 0
    return numbers[0], numbers[1] if len(numbers) > 1 else 0


def _length(variable: Declared, size: Value) -> Iterator[Problem]:
    length, scale = _lengths(size)
    kind = variable.type
    if not length:
        return
    possible = True
    if kind == "*CHAR":
        possible, allowed = length <= 32767 and not scale, "1 to 32767"
    elif kind == "*DEC":
        possible, allowed = (
            length <= 15 and scale <= 9 and scale <= length,
            "up to 15 digits, 9 of them decimals",
        )
    elif kind == "*LGL":
        possible, allowed = length == 1 and not scale, "1"
    elif kind in ("*INT", "*UINT"):
        possible, allowed = length in (2, 4, 8) and not scale, "2, 4 or 8"
    else:
        return
    if not possible:
        message = f"the length of a {kind} variable is {allowed}"
        yield Problem("CL0402", "error", message, size.pos, size.end)


def _initial(variable: Declared, value: Value, sized: bool) -> Iterator[Problem]:
    kind = variable.type
    text = value.text if isinstance(value, Word | Quoted) else None
    if text is None:
        return
    wrong = ""
    severity: Severity = "error"
    if kind == "*LGL" and text not in ("0", "1"):
        wrong = "the value of a *LGL variable is '0' or '1'"
    elif kind == "*CHAR" and sized and len(text) > variable.length:
        wrong = f"the value has {len(text)} characters, the variable {variable.length}"
        severity = "warning"
    elif kind in ("*DEC", "*INT", "*UINT") and not is_number(text.strip()):
        wrong = f"the value of a {kind} variable is a number without quotes"
    elif kind == "*DEC":
        whole = text.strip().lstrip("+-").replace(",", ".").partition(".")[0]
        if len(whole.lstrip("0")) > variable.length - variable.scale:
            wrong = f"{text} does not fit in {variable.length} digits with {variable.scale} decimals"
    elif (kind, variable.length) in INTEGERS:
        low, high = INTEGERS[kind, variable.length]
        if not low <= float(text.replace(",", ".")) <= high:
            wrong = f"{text} is not between {low} and {high}"
    if wrong:
        yield Problem("CL0403", severity, wrong, value.pos, value.end)
