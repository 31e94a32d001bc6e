"""Commands made by CRTCMD: from the written values to the parameters of the command processing program.

What is passed for each type, list and qualified name: docs/platform-facts.md#cl-command-definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flashc.cl import ast
from flashc.cl.catalogue import CommandDef, ParameterDef

from flashtwin.binding import analyse
from flashtwin.errors import Escape
from flashtwin.expressions import compile_value
from flashtwin.objects import CommandObject
from flashtwin.parameters import evaluate
from flashtwin.values import Cell, packed, to_ebcdic

if TYPE_CHECKING:
    from flashtwin.interp import Activation


@dataclass(frozen=True, slots=True)
class UserCommand:
    """A command definition and what its special values stand for: (keyword, value) -> value passed."""

    definition: CommandDef
    mapped: dict[tuple[str, str], str]


def parameters_of(act: Activation, command: ast.Command, obj: CommandObject) -> list[Cell]:
    """The parameters that the command processing program gets, in the order of the definition."""
    assert obj.definition is not None
    made: UserCommand = obj.definition.value
    values = analyse(command, made.definition).values
    return [_parameter(act, made, one, values.get(one.keyword)) for one in made.definition.parameters]


def _parameter(act: Activation, made: UserCommand, one: ParameterDef, written: ast.Value | None) -> Cell:
    if one.returns and isinstance(written, ast.Variable):
        return act.cells[written.name]
    data = b"".join(_encode(act, made, one, written))
    cell = Cell("*CHAR", max(1, len(data)))
    cell.put(data)
    return cell


def _encode(act: Activation, made: UserCommand, one: ParameterDef, written: ast.Value | None) -> list[bytes]:
    value: Any = None if written is None else evaluate(act, written)
    if written is None and one.constant is not None:
        value = one.constant
    if value is None:
        value = one.default
    if one.maximum > 1:
        items = value if isinstance(value, list) else [] if value is None else [value]
        if one.maximum < len(items):
            raise Escape("CPF0006", made.definition.name, f"Too many values for parameter {one.keyword}.")
        encoded = [_single(made, one, item) for item in items]
        return [len(items).to_bytes(2, "big"), *encoded]
    while isinstance(value, list) and len(value) == 1 and not one.elements:
        value = value[0]
    if isinstance(written, ast.Variable | ast.Builtin | ast.Operation) and one.type == "char":
        raw = compile_value(written)(act)
        if isinstance(raw, bytes):
            return [raw[: one.length].ljust(one.length, b"\x40")]
    return [_single(made, one, value)]


def _single(made: UserCommand, one: ParameterDef, value: Any) -> bytes:
    if one.qualifiers:
        parts = value if isinstance(value, tuple) else (value,)
        out = b""
        for place, part in enumerate(one.qualifiers):
            given = parts[place] if place < len(parts) else None
            # A special value stands in the first part; the others are blank then.
            special = place > 0 and isinstance(parts[0], str) and parts[0] in one.choices()
            out += _single(made, part, "" if special else part.default if given is None else given)
        return out
    if one.elements:
        items = value if isinstance(value, list) else [] if value is None else [value]
        out = len(one.elements).to_bytes(2, "big")
        for place, element in enumerate(one.elements):
            given = items[place] if place < len(items) else None
            out += _single(made, element, element.default if given is None else given)
        return out
    text = "" if value is None else value if isinstance(value, str) else str(value)
    text = made.mapped.get((one.keyword, text), text)
    return _scalar(made, one, text)


def _scalar(made: UserCommand, one: ParameterDef, text: str) -> bytes:
    if one.type == "decimal":
        number = Decimal(text or "0").scaleb(one.scale)
        digits = one.digits or one.length or 15
        if number != number.to_integral_value() or abs(number) >= Decimal(10) ** digits:
            raise Escape(
                "CPF0006", made.definition.name, f"Value {text} for parameter {one.keyword} is not valid."
            )
        return packed(int(number), digits)
    if one.type in ("integer", "unsigned_integer"):
        size = one.length if one.length in (2, 4) else 4
        return int(text or "0").to_bytes(size, "big", signed=one.type == "integer")
    length = {"date": 7, "time": 6, "logical": 1}.get(one.type, one.length or 10)
    data = to_ebcdic(text)
    if len(data) > length:
        raise Escape(
            "CPF0006", made.definition.name, f"Value {text} for parameter {one.keyword} is too long."
        )
    return data.ljust(length, b"\x40")
