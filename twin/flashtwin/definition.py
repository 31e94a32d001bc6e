"""Commands made by CRTCMD: from the written values to the parameters of the command processing program.

What is passed for each type, list and qualified name: docs/platform-facts.md#cl-command-definition.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from flashc.cl import ast
from flashc.cl.catalogue import CommandDef
from flashc.cl.parser import parse

from flashtwin.binding import Refused, analyse
from flashtwin.errors import Escape, TwinError
from flashtwin.expressions import compile_value
from flashtwin.national import date_read
from flashtwin.objects import CommandObject
from flashtwin.parameters import compile_parameter
from flashtwin.values import Cell, packed, to_ebcdic

if TYPE_CHECKING:
    from flashtwin.interp import Activation

_LENGTHS = {
    "*CHAR": 32,
    "*LGL": 1,
    "*NAME": 10,
    "*SNAME": 10,
    "*CNAME": 10,
    "*GENERIC": 10,
    "*PNAME": 32,
    "*VARNAME": 11,
    "*CMDSTR": 256,
    "*CMD": 256,
    "*HEX": 1,
    "*DATE": 7,
    "*TIME": 6,
}
_INTEGERS = {"*INT2": 2, "*INT4": 4, "*UINT2": 2, "*UINT4": 4}


@dataclass(frozen=True, slots=True)
class Form:
    """How one PARM, QUAL or ELEM is passed.  `kind` is its TYPE, or QUAL or ELEM for a group with `parts`;
    `mapped` are special values that stand for another value; `closed`: none but its `choices` is taken."""

    keyword: str
    kind: str
    length: int = 0
    decimals: int = 0
    maximum: int = 1
    varying: bool = False
    default: str | None = None
    constant: str | None = None
    returns: bool = False
    special: frozenset[str] = frozenset()
    choices: frozenset[str] = frozenset()
    closed: bool = False
    limits: tuple[str, ...] = ()
    mapped: dict[str, str] = field(default_factory=dict)
    parts: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True)
class UserCommand:
    """A command definition, and how each of its parameters is passed, in order."""

    definition: CommandDef
    forms: dict[str, Form]


def forms_of(text: str) -> dict[str, Form]:
    """The forms of a command definition source that has no errors, by keyword."""
    source, _ = parse(text, "<definition>")
    groups: dict[str, list[ast.Command]] = {}
    parms: list[ast.Command] = []
    label = ""
    for statement in source.statements:
        command = statement.command
        if command is None:
            continue
        if command.name == "PARM":
            parms.append(command)
        elif command.name in ("QUAL", "ELEM"):
            label = statement.labels[0].name if statement.labels else label
            groups.setdefault(label, []).append(command)
    return {_word(command, "KWD"): _form(command, groups) for command in parms}


def _form(command: ast.Command, groups: dict[str, list[ast.Command]]) -> Form:
    kind = _word(command, "TYPE")
    lengths = [int(t) for t in _texts(command, "LEN") if t.isdecimal()]
    parts: tuple[Form, ...] = ()
    if kind in groups:
        parts = tuple(_form(part, groups) for part in groups[kind])
        kind = groups[kind][0].name
    elif kind == "*DEC":
        lengths = lengths or [15, 5]
    elif kind not in _LENGTHS and kind not in _INTEGERS and kind not in ("*NULL", "*ZEROELEM"):
        raise TwinError(f"the twin does not pass command parameters of the type {kind}")
    mapped = dict(_pairs(command, "SPCVAL") + _pairs(command, "SNGVAL"))
    most = _word(command, "MAX")
    special = [*_firsts(command, "SPCVAL"), *_firsts(command, "SNGVAL")]
    return Form(
        _word(command, "KWD") if command.name == "PARM" else "",
        kind,
        lengths[0] if lengths else _LENGTHS.get(kind, 0),
        lengths[1] if len(lengths) > 1 else 0,
        int(most) if most.isdecimal() else 1,
        "*YES" in _texts(command, "VARY"),
        next(iter(_texts(command, "DFT")), None),
        next(iter(_texts(command, "CONSTANT")), None),
        "*YES" in _texts(command, "RTNVAL"),
        frozenset(special),
        frozenset([*_texts(command, "VALUES"), *special]),
        "*YES" in _texts(command, "RSTD"),
        tuple(_texts(command, "RANGE")),
        mapped,
        parts,
    )


_PLACES = {"PARM": ("KWD", "TYPE", "LEN"), "QUAL": ("TYPE", "LEN"), "ELEM": ("TYPE", "LEN")}


def _argument(command: ast.Command, keyword: str) -> ast.Value | None:
    places = iter(_PLACES[command.name])
    for argument in command.args:
        if (argument.keyword or next(places, "")) == keyword:
            return argument.value
    return None


def _listed(command: ast.Command, keyword: str) -> list[ast.Value]:
    value = _argument(command, keyword)
    if value is None:
        return []
    return value.items if isinstance(value, ast.ListValue) else [value]


def _constant(value: ast.Value) -> str:
    if isinstance(value, ast.Hex):
        return value.data.decode("cp037")
    return value.text if isinstance(value, ast.Word | ast.Quoted) else ""


def _texts(command: ast.Command, keyword: str) -> list[str]:
    return [_constant(item) for item in _listed(command, keyword)]


def _word(command: ast.Command, keyword: str) -> str:
    return next(iter(_texts(command, keyword)), "")


def _entries(command: ast.Command, keyword: str) -> list[list[ast.Value]]:
    items = _listed(command, keyword)
    return [item.items if isinstance(item, ast.ListValue) else [item] for item in items]


def _firsts(command: ast.Command, keyword: str) -> list[str]:
    return [_constant(entry[0]) for entry in _entries(command, keyword) if entry]


def _pairs(command: ast.Command, keyword: str) -> list[tuple[str, str]]:
    return [(_constant(e[0]), _constant(e[1])) for e in _entries(command, keyword) if len(e) == 2]


# -- passing -----------------------------------------------------------------------------------------


def parameters_of(act: Activation, command: ast.Command, obj: CommandObject) -> list[Cell]:
    """The parameters that the command processing program gets, in the order of the definition.

    Refused: the command has errors, each with its id and text, those of DEP from the command's own file.
    """
    assert obj.definition is not None
    made: UserCommand = obj.definition.value
    try:
        values = analyse(command, made.definition).values
    except Refused as refused:
        refused.problems = [(msgid, _own_text(act, obj, msgid) or text) for msgid, text in refused.problems]
        raise
    return [_parameter(act, form, values.get(keyword)) for keyword, form in made.forms.items()]


def _own_text(act: Activation, obj: CommandObject, msgid: str) -> str:
    """The text of a message of the command's message file; CPD ids are the system's."""
    if msgid.startswith("CPD"):
        return ""
    return act.job.text_of(act.job.describe(msgid, obj.messages), b"")


def options_of(text: str) -> dict[str, tuple[str, ...]]:
    """What the CMD statement of a definition source says; of a qualified name (object, library)."""
    source, _ = parse(text, "<definition>")
    found = next(s.command for s in source.statements if s.command is not None and s.command.name == "CMD")
    return {one.keyword: _words(one.value) for one in found.args if one.keyword is not None}


def _words(value: ast.Value) -> tuple[str, ...]:
    if isinstance(value, ast.Qualified):
        return tuple(_constant(part) for part in reversed(value.parts))
    if isinstance(value, ast.ListValue):
        return tuple(_constant(item) for item in value.items)
    return (_constant(value),)


def _parameter(act: Activation, form: Form, written: ast.Value | None) -> Cell:
    if form.returns and isinstance(written, ast.Variable):
        return act.cells[written.name]
    data = _whole(act, form, written)
    cell = Cell("*CHAR", max(1, len(data)))
    cell.put(data)
    return cell


def _whole(act: Activation, form: Form, written: ast.Value | None) -> bytes:
    value: Any = form.constant if written is None else compile_parameter(written)(act)
    if value is None:
        value = form.default
    if form.maximum > 1:
        items = value if isinstance(value, list) else [] if value is None else [value]
        return len(items).to_bytes(2, "big") + b"".join(_one(act, form, item) for item in items)
    if isinstance(written, ast.Variable | ast.Builtin | ast.Operation) and form.kind == "*CHAR":
        raw = compile_value(written)(act)
        if isinstance(raw, bytes) and from_constant(raw) not in form.mapped:
            _take(form, from_constant(raw))
            return _sized(form, raw[: form.length] if not raw[form.length :].strip(b"\x40") else raw)
    while isinstance(value, list) and len(value) == 1 and form.kind != "ELEM":
        value = value[0]
    return _one(act, form, value)


def from_constant(raw: bytes) -> str:
    """Bytes as the text that special values are compared with."""
    return raw.decode("cp037").rstrip()


def _one(act: Activation, form: Form, value: Any) -> bytes:
    if form.kind == "QUAL":
        return _qualified(act, form, value)
    if form.kind == "ELEM":
        items = value if isinstance(value, list) else [] if value is None else [value]
        parts = [_part(act, part, items[i] if i < len(items) else None) for i, part in enumerate(form.parts)]
        return len(form.parts).to_bytes(2, "big") + b"".join(parts)
    return _scalar(act, form, value)


def _part(act: Activation, form: Form, value: Any) -> bytes:
    return _one(act, form, form.default if value is None else value)


def _qualified(act: Activation, form: Form, value: Any) -> bytes:
    parts = value if isinstance(value, tuple) else (value,)
    # A special value stands alone: the other parts are blank.
    alone = isinstance(parts[0], str) and parts[0] in form.special
    out = b""
    for place, part in enumerate(form.parts):
        given = parts[place] if place < len(parts) else "" if alone else None
        if place == 0 and alone:
            given = form.mapped.get(parts[0], parts[0])
        out += _part(act, part, given)
    return out


def _scalar(act: Activation, form: Form, value: Any) -> bytes:
    text = "" if value is None else value if isinstance(value, str) else str(value)
    if value is not None and text not in form.choices:
        _take(form, text)
    stands_for, text = text in form.mapped, form.mapped.get(text, text)
    try:
        if form.kind == "*DEC":
            number = Decimal(text or "0").scaleb(form.decimals)
            if number != number.to_integral_value() or abs(number) >= Decimal(10) ** form.length:
                raise _invalid(form, text)
            return packed(int(number), form.length)
        if form.kind in _INTEGERS:
            size = _INTEGERS[form.kind]
            return int(text or "0").to_bytes(size, "big", signed=not form.kind.startswith("*U"))
    except (ValueError, OverflowError, InvalidOperation):
        raise _invalid(form, text) from None
    if form.kind == "*DATE" and text and not text.startswith("*"):
        # What a special value stands for need not be a date
        text = text.rjust(form.length, "0") if stands_for else _date(act, form, text)
    if form.kind == "*TIME" and text and not text.startswith("*"):
        text = text.replace(":", "").replace(".", "").ljust(6, "0")
    return _sized(form, to_ebcdic(text))


def _sized(form: Form, data: bytes) -> bytes:
    if len(data) > form.length:
        raise _invalid(form, from_constant(data), "CPD0074")
    filled = data.ljust(form.length, b"\x40")
    return len(data).to_bytes(2, "big") + filled if form.varying else filled


def _take(form: Form, text: str) -> None:
    """Refuse a value that is none of the choices where there is nothing else, or out of its range."""
    if form.closed and text.rstrip() not in form.choices and text != form.default:
        raise _invalid(form, text)
    if form.limits and (form.kind == "*DEC" or form.kind in _INTEGERS):
        low, high = (Decimal(limit) for limit in form.limits)
        try:
            inside = low <= Decimal(text or "0") <= high
        except InvalidOperation:
            raise _invalid(form, text) from None
        if not inside:
            raise _invalid(form, text, "CPD0085")


def _invalid(form: Form, text: str, msgid: str = "CPD0084") -> Escape:
    escape = Escape("CPF0006", text, "Errors occurred in command.")
    name = f" for parameter {form.keyword}" if form.keyword else ""
    escape.problems.append((msgid, f"Value '{text.rstrip()}' not valid{name}."))
    return escape


def _date(act: Activation, form: Form, text: str) -> str:
    """A date in the job's format as CYYMMDD."""
    try:
        found = date_read(text, act.job.date_format)
    except ValueError:
        raise _invalid(form, text) from None
    return f"{found.year // 100 - 19}{found:%y%m%d}"
