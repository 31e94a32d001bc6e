"""Whether a written value is one that its parameter takes.

Reports only what is certain: a value behind a variable or an expression is left to run time, and what a
definition does not know for sure is at most a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from flashc.cl.ast import (
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
from flashc.cl.bind import Bound
from flashc.cl.catalogue import NAME_TYPES, NUMBER_TYPES, ParameterDef, catalogue
from flashc.cl.problems import Problem, nearest
from flashc.cl.tokens import is_number
from flashc.diag import Severity

_NAME = re.compile(r"[A-Z$#@\xa3\xa7][\w$#@.\xa3\xa7]*\Z|\".*\"\Z")
_MESSAGE_ID = re.compile(r"(?:MCH[0-9]{4}|(?!MCH)[A-Z$#@][A-Z0-9$#@]{2}[0-9A-F]{4})\Z")
MISSPELLED = 4  # from this length on, a value one character off a known one is taken as misspelled
_RELEASE = re.compile(r"V[0-9]R[0-9]M[0-9]\Z")
_TEXTS = frozenset({"MSG", "MSGDTA", "TEXT"})
_MESSAGE_COMMANDS = frozenset({"SNDPGMMSG", "SNDUSRMSG", "RTVMSG", "ADDMSGD", "CHGMSGD", "RMVMSGD", "MONMSG"})


@dataclass(frozen=True, slots=True)
class Declared:
    """What DCL says of a variable; `type` is *CHAR, *DEC, *LGL, *INT, *UINT or *PTR, 0 is not known."""

    name: str
    type: str
    length: int
    scale: int
    pos: int
    end: int
    storage: str = "*AUTO"


@dataclass(slots=True)
class _Check:
    """The parameter being checked."""

    bound: Bound
    parameter: ParameterDef
    declared: Mapping[str, Declared]

    @property
    def severity(self) -> Severity:
        """How sure it is that a value is wrong."""
        return "note" if self.bound.definition.unverified or self.parameter.unverified else "error"

    def problem(self, code: str, what: str, value: Value, help: str | None = None) -> Problem:
        name = f"{self.bound.definition.name} {self.parameter.keyword}"
        return Problem(code, self.severity, f"{name}: {what}", value.pos, value.end, help)

    def note(
        self, code: str, what: str, value: Value, severity: Severity, help: str | None = None
    ) -> Problem:
        name = f"{self.bound.definition.name} {self.parameter.keyword}"
        lower = "note" if self.severity == "note" else severity
        return Problem(code, lower, f"{name}: {what}", value.pos, value.end, help)


def wrong_values(bound: Bound, declared: Mapping[str, Declared]) -> list[Problem]:
    """The values of a bound command that its parameters do not take."""
    found: list[Problem] = []
    definition = bound.definition
    for keyword, value in bound.values.items():
        parameter = definition.parameter(keyword)
        assert parameter is not None
        found += _parameter(_Check(bound, parameter, declared), value)
    return found


def _parameter(check: _Check, value: Value) -> Iterable[Problem]:
    parameter = check.parameter
    if parameter.returns:
        return _returned(check, value)
    if not isinstance(value, ListValue) and parameter.minimum <= 1:
        return _one(check, parameter, value)
    return _several(check, parameter, value)


def _several(check: _Check, parameter: ParameterDef, value: Value) -> Iterator[Problem]:
    """The entries of a list."""
    entries = _entries(parameter, value)
    if len(entries) > parameter.maximum:
        if check.severity == "note":
            return  # how many values it takes is not known for sure
        if isinstance(value, ListValue) and _joined(value):
            return  # A -1: the expression of one value, written without a blank behind its sign
        many = f"takes {parameter.maximum} values" if parameter.maximum > 1 else "takes one value"
        yield check.problem("CL0209", f"{many}, {len(entries)} are written", value)
        return
    if 0 < len(entries) < parameter.minimum:
        yield check.problem("CL0213", f"needs at least {parameter.minimum} values", value)
    for entry in entries:
        if _is_single(parameter, entry) and len(entries) > 1 and entry is not value:
            assert isinstance(entry, Word)
            if entry.text not in parameter.special:
                yield check.note("CL0207", f"{entry.text} may only stand alone", entry, "error")
            continue
        yield from _one(check, parameter, entry)


def _entries(parameter: ParameterDef, value: Value) -> list[Value]:
    """The list entries of a written value: for a mixed list that is written once, the list itself."""
    if not isinstance(value, ListValue):
        return [value]
    if parameter.elements:
        if parameter.maximum > 1:
            return value.items
        only = value.items[0] if len(value.items) == 1 else value
        return [only if isinstance(only, ListValue) and not parameter.elements[0].elements else value]
    items = value.items
    while len(items) == 1 and isinstance(items[0], ListValue):
        items = items[0].items
    return items


def _joined(value: ListValue) -> bool:
    """Whether a list may be an expression: its second value is a signed number."""
    return any(isinstance(i, Word) and i.text[0] in "+-" and is_number(i.text) for i in value.items[1:])


def _is_single(parameter: ParameterDef, value: Value) -> bool:
    return isinstance(value, Word) and value.text in parameter.single


def _one(check: _Check, part: ParameterDef, value: Value) -> Iterable[Problem]:
    """One entry of a parameter, one element or one part of a qualified value."""
    while isinstance(value, ListValue) and len(value.items) == 1:
        value = value.items[0]
    if isinstance(value, Variable):
        return _elements(check, part, value) if part.elements else _variable(check, part, value)
    if isinstance(value, Word):
        text = value.text
        if text == "*N" or text == part.default or text in part.choices():
            return ()
        if text.startswith("*") and _misspelled(text, _known(part)):
            return _not_a_choice(check, part, _known(part), value)
    elif isinstance(value, Quoted) and (value.text.strip() or " ") in part.choices():
        return ()
    if part.elements:
        return _elements(check, part, value)
    if isinstance(value, Word | Quoted):
        return _constant(check, part, value)
    if isinstance(value, Qualified):
        return _qualified(check, part, value)
    if isinstance(value, ListValue):
        return _list(check, part, value)
    if isinstance(value, Command):
        if part.type in ("command_string", "any", "char"):
            return ()
        return (check.problem("CL0214", "takes no command", value),)
    return _computed(check, part, value)


def _list(check: _Check, part: ParameterDef, value: ListValue) -> Iterator[Problem]:
    if part.type not in ("any", "element_list", "command_string") and not _joined(value):
        # How many values a part of a list takes is not always known.
        what = "takes one value here, a list is written"
        yield check.note("CL0209", what, value, "error" if part.keyword else "warning")


def _misspelled(text: str, choices: tuple[str, ...]) -> bool:
    """Whether a value can only be one of some predefined values, misspelled by one character.

    A value that any other parameter of the catalogue knows is none: lists are not always complete.
    """
    if not text.startswith("*") or len(text) < MISSPELLED or nearest(text, choices) is None:
        return False
    return text not in catalogue().special_values()


def _known(part: ParameterDef) -> tuple[str, ...]:
    """The predefined values of a part, at least the one that is its default."""
    choices = part.choices()
    if choices or part.default is None or len(part.default) <= 5:
        return choices
    return (part.default,)


def _elements(check: _Check, part: ParameterDef, value: Value) -> Iterator[Problem]:
    items = value.items if isinstance(value, ListValue) else [value]
    if len(items) > len(part.elements):
        if not (isinstance(value, ListValue) and _joined(value)):
            count = len(part.elements)
            yield check.problem("CL0209", f"a list here has at most {count} values", value)
        return
    for element, item in zip(part.elements, items, strict=False):
        if element.maximum > 1 and isinstance(item, ListValue):
            for inner in item.items:
                yield from _one(check, element, inner)
        else:
            yield from _one(check, element, item)


def _variable(check: _Check, part: ParameterDef, value: Variable) -> Iterable[Problem]:
    if not part.allow_variable and part.type not in ("cl_variable_name", "cl_variable"):
        return (check.problem("CL0210", "takes no CL variable", value),)
    if part.type in NAME_TYPES or part.type == "qualified" or part.keyword in _TEXTS:
        return _no_number(check, value)
    return ()


def _computed(
    check: _Check, part: ParameterDef, value: Builtin | Operation | Unary | Hex
) -> Iterator[Problem]:
    if part.type == "pathname" and isinstance(value, Hex) and 0 in value.data:
        yield check.problem("CPD018A", "a path name cannot hold X'00'", value)
    elif part.type == "cl_variable_name" and isinstance(value, Operation | Unary):
        yield check.problem("CL0214", "a CL variable is expected", value)
    elif not part.allow_expression and isinstance(value, Operation):
        command = check.bound.definition.name
        if command not in ("IF", "WHEN", "DOWHILE", "DOUNTIL", "CHGVAR", "DOFOR"):
            yield check.note("CL0210", "takes no expression", value, "warning")


def _no_number(check: _Check, value: Value) -> Iterable[Problem]:
    """A variable where a name or a text is wanted: a number is no name."""
    variable = check.declared.get(value.name) if isinstance(value, Variable) else None
    if variable is None or variable.type not in ("*DEC", "*INT", "*UINT"):
        return ()
    return (check.problem("CPD0783", f"{variable.name} is {variable.type}, *CHAR is needed", value),)


def _qualified(check: _Check, part: ParameterDef, value: Qualified) -> Iterator[Problem]:
    if part.type == "qualified" and not part.qualifiers:
        return  # a part of a list whose own parts are not known
    if part.type == "qualified":
        if len(value.parts) > len(part.qualifiers):
            yield check.problem("CPD0049", f"takes at most {len(part.qualifiers)} parts", value)
            return
        for qualifier, name in zip(part.qualifiers, reversed(value.parts), strict=False):
            if isinstance(name, Word) and not name.text.startswith("*"):
                yield from _name_length(check, qualifier, name)
            elif qualifier.type in NAME_TYPES:
                yield from _no_number(check, name)
    elif part.type in NAME_TYPES or (part.type == "enum" and part.closed) or part.type in NUMBER_TYPES:
        yield check.problem("CPD0049", "takes no qualified value", value)


def _constant(check: _Check, part: ParameterDef, value: Word | Quoted) -> Iterable[Problem]:
    text = value.text
    kind = part.type
    if kind == "qualified":
        return _qualified_constant(check, part, value) if isinstance(value, Word) else ()
    if kind == "enum":
        return _choice(check, part, value)
    if kind in NAME_TYPES:
        return _name(check, part, value)
    if kind in NUMBER_TYPES:
        return _number(check, part, value)
    if kind in ("cl_variable_name", "cl_variable"):
        if text.startswith("*"):
            return ()
        return (check.problem("CL0214", f"{text!r} is no CL variable", value, "a variable starts with &"),)
    if kind in ("char", "pathname", "hex"):
        return _text(check, part, value)
    if kind == "date" and isinstance(value, Word) and text.startswith("*"):
        return _not_a_choice(check, part, part.choices(), value)
    return ()


def _qualified_constant(check: _Check, part: ParameterDef, value: Word) -> Iterable[Problem]:
    """An object without its library."""
    first = part.qualifiers[0] if part.qualifiers else part
    if not (value.text.startswith("*") and part.qualifiers and first.type in NAME_TYPES):
        return _name_length(check, first, value)
    if value.text == first.default or value.text in first.choices():
        return ()
    return _not_a_choice(check, part, (*part.choices(), *first.choices()), value)


def _choice(check: _Check, part: ParameterDef, value: Word | Quoted) -> Iterator[Problem]:
    """A value of a list of choices."""
    text = value.text.upper().rstrip()
    choices = part.choices()
    if not choices or text in choices:
        return
    if is_number(text) and any(is_number(c) and float(c) == float(text.replace(",", ".")) for c in choices):
        return
    if part.closed or text.startswith("*"):
        yield from _not_a_choice(check, part, choices, value)


def _not_a_choice(
    check: _Check, part: ParameterDef, choices: tuple[str, ...], value: Word | Quoted
) -> Iterator[Problem]:
    if _RELEASE.match(value.text):
        return  # each release knows others
    close = nearest(value.text.upper(), choices)
    shown = ", ".join(choices[:12]) + (" ..." if len(choices) > 12 else "")
    help = f"did you mean {close}?" if close else f"it takes {shown}" if choices else None
    what = f"{value.text} is not a value that it takes"
    if _misspelled(value.text.upper(), choices):
        yield replace(check.problem("CL0207", what, value, help), severity="error")
        return
    # What stands in a qualified name is known for sure only where its part lists values.
    named = part.type in NAME_TYPES or any(q.special for q in part.qualifiers[:1])
    sure = part.closed or (named and choices)
    yield check.note("CL0207", what, value, "error" if sure else "note", help)


def _name(check: _Check, part: ParameterDef, value: Word | Quoted) -> Iterator[Problem]:
    text = value.text
    if isinstance(value, Word) and text.startswith("*"):
        if part.keyword or part.choices():  # the special values of list parts are not always known
            yield from _not_a_choice(check, part, part.choices(), value)
        return
    if check.bound.definition.name in _MESSAGE_COMMANDS and check.parameter.keyword == "MSGID":
        if isinstance(value, Word) and not _MESSAGE_ID.match(text):
            help = "three characters and four digits, e.g. CPF9898; those of MCH are decimal"
            yield check.problem("CL0211", f"{text} is no message identifier", value, help)
        return
    yield from _name_length(check, part, value)


def _name_length(check: _Check, part: ParameterDef, value: Word | Quoted) -> Iterator[Problem]:
    text = value.text.rstrip("*") if part.type == "generic_name" else value.text
    if part.type not in NAME_TYPES:
        if part.type == "char" and part.length > 1 and len(value.text) > part.length:
            yield check.problem("CPD0074", f"{text} is longer than {part.length} characters", value)
    elif part.length and len(text.strip('"')) > part.length:
        yield check.problem("CPD0074", f"the name {text} is longer than {part.length} characters", value)
    elif isinstance(value, Word) and text and not _NAME.match(text) and text[0].isdigit():
        yield check.note("CL0201", f"{text} is no name: it starts with a digit", value, "warning")


def _number(check: _Check, part: ParameterDef, value: Word | Quoted) -> Iterator[Problem]:
    text = value.text.strip()
    if isinstance(value, Quoted):
        return
    if not is_number(text):
        if text.startswith("*") and not part.keyword and not part.choices():
            return
        close = nearest(text, part.choices())
        help = f"did you mean {close}?" if close else None
        yield check.problem("CPD0095", f"{text} is not a number", value, help)
        return
    number = float(text.replace(",", "."))
    if part.limits is not None and is_number(part.limits[0]) and is_number(part.limits[1]):
        if not float(part.limits[0]) <= number <= float(part.limits[1]):
            yield check.problem(
                "CL0208", f"{text} is not between {part.limits[0]} and {part.limits[1]}", value
            )
    elif part.relation is not None and not _related(part.relation, number):
        yield check.problem("CL0208", f"{text} is not allowed ({part.relation})", value)


def _related(relation: str, number: float) -> bool:
    op, _, bound = relation.partition(" ")
    if not is_number(bound):
        return True
    limit = float(bound)
    tests = {"GE": number >= limit, "GT": number > limit, "LE": number <= limit, "LT": number < limit}
    return tests.get(op, True)


def _text(check: _Check, part: ParameterDef, value: Word | Quoted) -> Iterator[Problem]:
    text = value.text
    if part.type == "hex" or (not part.keyword and isinstance(value, Word) and text.startswith("*")):
        return  # the special values of list parts are not always known, nor what they are mapped to
    # A length of 1 beside longer special values is the length of what they are mapped to.
    longest = max((len(c) for c in part.choices()), default=0)
    if part.length > 1 and len(text.rstrip()) > max(part.length, longest if isinstance(value, Word) else 0):
        yield check.problem("CPD0074", f"the value is longer than {part.length} characters", value)


def _returned(check: _Check, value: Value) -> Iterator[Problem]:
    """A parameter that gives a value back: a variable of the right type."""
    parameter = check.parameter
    while isinstance(value, ListValue) and len(value.items) == 1:
        value = value.items[0]
    if isinstance(value, Word) and value.text in parameter.choices():
        return
    if not isinstance(value, Variable):
        yield check.problem("CPD0783", "a CL variable is expected here", value)
        return
    variable = check.declared.get(value.name)
    if variable is None or variable.type not in ("*CHAR", "*DEC", "*LGL", "*INT", "*UINT", "*PTR"):
        return
    if parameter.type in NUMBER_TYPES and variable.type in ("*CHAR", "*LGL", "*PTR"):
        size = f"*DEC ({parameter.digits} {parameter.scale})" if parameter.digits else "a number"
        yield check.problem("CPD0783", f"{value.name} is {variable.type}, {size} is needed", value)
    elif parameter.type in ("char", "name") and variable.type not in ("*CHAR", "*LGL"):
        yield check.problem("CPD0783", f"{value.name} is {variable.type}, *CHAR is needed", value)
    elif parameter.type == "decimal" and variable.type == "*DEC" and parameter.digits:
        if (variable.length, variable.scale) != (parameter.digits, parameter.scale):
            need = f"*DEC ({parameter.digits} {parameter.scale})"
            yield check.problem("CPD0783", f"{value.name} must be {need}", value)
    elif parameter.type in ("char", "name") and 1 < variable.length < parameter.length:
        what = f"{value.name} has {variable.length} characters, {parameter.length} are returned"
        yield check.note("CPD0783", what, value, "warning")
