"""CL expressions and built-in functions, made into closures once and evaluated many times.

`compile_value` turns a value of the tree into a function of the activation that yields the value.
Operators, comparison rules and built-ins: docs/platform-facts.md#cl-expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from flashc.cl import ast

from flashtwin.errors import Escape, TwinError
from flashtwin.national import decimal_text
from flashtwin.values import (
    NUMBERS,
    Cell,
    CLValue,
    Pointer,
    Storage,
    char_of,
    from_ebcdic,
    to_ebcdic,
    to_number,
)

if TYPE_CHECKING:
    from flashtwin.interp import Activation

Evaluate: TypeAlias = "Callable[[Activation], CLValue]"

_RELATIONS = {"*EQ", "*NE", "*GT", "*LT", "*GE", "*LE", "*NG", "*NL"}
_CONCATENATIONS = {"*CAT", "*BCAT", "*TCAT"}
_LOGICAL = {*_RELATIONS, "*AND", "*OR", "*NOT"}


def constant(value: CLValue) -> Evaluate:
    """A function that yields this value."""
    return lambda _act: value


def number_or_none(text: str) -> int | Decimal | None:
    """The number that a word spells, None when it spells none."""
    body = text[1:] if text[:1] in "+-" else text
    plain = body.replace(",", ".", 1).replace(".", "", 1)
    if not plain or not plain.isascii() or not plain.isdigit():
        return None
    text = text.replace(",", ".")
    return Decimal(text) if "." in text else int(text)


def compile_value(value: ast.Value) -> Evaluate:
    """The evaluator of an expression; words that are neither numbers nor *NULL are characters."""
    if isinstance(value, ast.Variable):
        name = value.name
        return lambda act: act.cells[name].get()
    if isinstance(value, ast.Quoted):
        return constant(to_ebcdic(value.text))
    if isinstance(value, ast.Hex):
        return constant(value.data)
    if isinstance(value, ast.Word):
        number = number_or_none(value.text)
        if number is not None:
            return constant(number)
        return constant(None if value.text == "*NULL" else to_ebcdic(value.text))
    if isinstance(value, ast.Builtin):
        return compile_builtin(value)
    if isinstance(value, ast.Unary):
        return _unary(value)
    if isinstance(value, ast.Operation):
        return _operation(value)
    if isinstance(value, ast.ListValue) and len(value.items) == 1:
        return compile_value(value.items[0])
    raise TwinError(f"the twin cannot evaluate {type(value).__name__} as an expression")


def compile_condition(value: ast.Value) -> Callable[[Activation], bool]:
    """The evaluator of a logical expression."""
    evaluate = compile_value(value)
    if isinstance(value, ast.Operation | ast.Unary) and value.op in _LOGICAL:
        return evaluate  # type: ignore[return-value]

    def condition(act: Activation) -> bool:
        result = evaluate(act)
        if isinstance(result, bool):
            return result
        if isinstance(result, bytes) and result in (b"\xf0", b"\xf1"):
            return result == b"\xf1"
        raise Escape("CPF0818", "", "A condition is not a logical value.")

    return condition


def _unary(value: ast.Unary) -> Evaluate:
    inner = compile_value(value.operand)
    if value.op == "*NOT":
        condition = compile_condition(value.operand)
        return lambda act: not condition(act)
    if value.op == "-":
        return lambda act: -to_number(inner(act))
    return lambda act: to_number(inner(act))


def _operation(value: ast.Operation) -> Evaluate:
    op = value.op
    if op in ("*AND", "*OR"):
        a, b = compile_condition(value.left), compile_condition(value.right)
        if op == "*AND":
            return lambda act: a(act) and b(act)
        return lambda act: a(act) or b(act)
    if op in _CONCATENATIONS:
        return _concatenation(value)
    left, right = compile_value(value.left), compile_value(value.right)
    if op in ("*EQ", "*NE") and isinstance(value.right, ast.Quoted):
        return _is_text(op == "*EQ", left, to_ebcdic(value.right.text))
    if op in _RELATIONS:
        return _relation(op, left, right)
    return _arithmetic(op, left, right)


def _characters(value: CLValue) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, bool):
        return b"\xf1" if value else b"\xf0"
    raise Escape("CPF0818", "", "Operands of a concatenation must be characters.")


def _concatenation(value: ast.Operation) -> Evaluate:
    """All of a *CAT b *TCAT c ..., from left to right."""
    first: ast.Value = value
    written: list[tuple[str, bytes | Evaluate]] = []
    while isinstance(first, ast.Operation) and first.op in _CONCATENATIONS:
        right = first.right
        text = to_ebcdic(right.text) if isinstance(right, ast.Quoted) else compile_value(right)
        written.append((first.op, text))
        first = first.left
    start, following = compile_value(first), written[::-1]

    def concatenated(act: Activation) -> CLValue:
        data = _characters(start(act))
        for op, operand in following:
            if op != "*CAT":
                data = data.rstrip(b"\x40")
            if op == "*BCAT":
                data += b"\x40"
            data += operand if isinstance(operand, bytes) else _characters(operand(act))
        return data

    return concatenated


def compare(a: CLValue, b: CLValue) -> int:
    """-1, 0 or 1.  Characters compare in EBCDIC, the shorter one padded with blanks."""
    if isinstance(a, bytes) and isinstance(b, bytes):
        if len(a) < len(b):
            a = a.ljust(len(b), b"\x40")
        elif len(b) < len(a):
            b = b.ljust(len(a), b"\x40")
        return (a > b) - (a < b)
    if isinstance(a, bool) or isinstance(b, bool):
        a, b = _as_logical(a), _as_logical(b)
        return (a > b) - (a < b)
    if isinstance(a, Pointer) or isinstance(b, Pointer) or a is None or b is None:
        return 0 if a == b else 1
    if isinstance(a, bytes) or isinstance(b, bytes):
        raise Escape("CPF0818", "", "A character value is compared with a number.")
    return (a > b) - (a < b)


def _as_logical(value: CLValue) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, bytes) and value in (b"\xf0", b"\xf1"):
        return value == b"\xf1"
    raise Escape("CPF0818", "", "A logical value is compared with something else.")


def _relation(op: str, left: Evaluate, right: Evaluate) -> Evaluate:
    if op == "*EQ":
        return lambda act: compare(left(act), right(act)) == 0
    if op == "*NE":
        return lambda act: compare(left(act), right(act)) != 0
    if op == "*GT":
        return lambda act: compare(left(act), right(act)) > 0
    if op == "*LT":
        return lambda act: compare(left(act), right(act)) < 0
    if op in ("*GE", "*NL"):
        return lambda act: compare(left(act), right(act)) >= 0
    return lambda act: compare(left(act), right(act)) <= 0


def _is_text(wanted: bool, left: Evaluate, text: bytes) -> Evaluate:
    """Whether characters are a constant, or are not, as most conditions ask; blanks behind mean nothing."""
    shown = text.rstrip(b"\x40")

    def equal(act: Activation) -> CLValue:
        value = left(act)
        if value.__class__ is bytes:
            return (value.rstrip(b"\x40") == shown) is wanted
        return (compare(value, text) == 0) is wanted

    return equal


def _arithmetic(op: str, left: Evaluate, right: Evaluate) -> Evaluate:
    if op == "+":
        return lambda act: _number(left(act)) + _number(right(act))
    if op == "-":
        return lambda act: _number(left(act)) - _number(right(act))
    if op == "*":
        return lambda act: _number(left(act)) * _number(right(act))
    if op == "/":
        return lambda act: _divide(_number(left(act)), _number(right(act)))
    raise TwinError(f"the twin does not know the operator {op}")


def _number(value: CLValue) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, NUMBERS):
        raise Escape("CPF0818", "", "Operands of an arithmetic expression must be numbers.")
    return value


def _divide(a: int | Decimal, b: int | Decimal) -> int | Decimal:
    if b == 0:
        raise Escape("MCH1211", "", "Attempt made to divide by zero for fixed point operation.")
    quotient = Decimal(a) / Decimal(b)
    return int(quotient) if quotient == quotient.to_integral_value() else quotient


# -- built-in functions ------------------------------------------------------------------------------


def compile_builtin(value: ast.Builtin) -> Evaluate:
    """The evaluator of a built-in function."""
    name, args = _SAME.get(value.name, value.name), value.args
    made = _BUILTINS.get(name)
    if made is None:
        raise TwinError(f"the twin does not model the built-in function {value.name}")
    return made(args)


_SAME = {
    "%SUBSTRING": "%SST",
    "%BINARY": "%BIN",
    "%ADDR": "%ADDRESS",
    "%OFS": "%OFFSET",
    "%UNS": "%UINT",
}


def _cell(value: ast.Value) -> Callable[[Activation], Cell]:
    """The variable that an argument names; *LDA is the local data area."""
    if isinstance(value, ast.Variable):
        name = value.name
        return lambda act: act.cells[name]
    if isinstance(value, ast.Word) and value.text == "*LDA":
        return lambda act: act.job.lda
    raise TwinError("a built-in function needs a CL variable here")


def substring_of(args: list[ast.Value]) -> Callable[[Activation], Cell]:
    """The stretch of a variable that %SST names, as a cell; an escape when it runs out of the variable."""
    stretch = _stretch_of(args)

    def cell(act: Activation) -> Cell:
        storage, offset, size = stretch(act)
        return Cell("*CHAR", size, 0, storage, offset)

    return cell


def _stretch_of(args: list[ast.Value]) -> Callable[[Activation], tuple[Storage, int, int]]:
    """Storage, offset and size of what %SST names."""
    base, start, length = _cell(args[0]), _whole(args[1]), _whole(args[2])

    def stretch(act: Activation) -> tuple[Storage, int, int]:
        cell = base(act)
        at = start if start.__class__ is int else int(to_number(start(act)))
        size = length if length.__class__ is int else int(to_number(length(act)))
        if at < 1 or size < 1 or at + size - 1 > cell.size:
            raise Escape("MCH0603", "", "Range of subscript value or character string error.")
        storage, offset = cell.place()
        return storage, offset + at - 1, size

    return stretch


def _whole(value: ast.Value) -> Any:
    """A whole number that is written as such, or what evaluates it."""
    number = number_or_none(value.text) if isinstance(value, ast.Word) else None
    return number if number.__class__ is int else compile_value(value)


def binary_of(args: list[ast.Value]) -> Callable[[Activation], Cell]:
    """The bytes that %BIN names, as a signed integer cell."""
    base = _cell(args[0])
    start = compile_value(args[1]) if len(args) > 1 else None
    length = compile_value(args[2]) if len(args) > 2 else None

    def stretch(act: Activation) -> Cell:
        cell = base(act)
        at = int(to_number(start(act))) if start else 1
        size = int(to_number(length(act))) if length else cell.size
        if size not in (2, 4) or at < 1 or at + size - 1 > cell.size:
            raise Escape("MCH0603", "", "Range of subscript value or character string error.")
        storage, offset = cell.place()
        return Cell("*INT", size, 0, storage, offset + at - 1)

    return stretch


def _bin(args: list[ast.Value]) -> Evaluate:
    stretch = binary_of(args)
    return lambda act: stretch(act).get()


def _sst(args: list[ast.Value]) -> Evaluate:
    stretch = _stretch_of(args)

    def substring(act: Activation) -> CLValue:
        storage, offset, size = stretch(act)
        return bytes(storage.data[offset : offset + size])

    return substring


def _trim(sides: str) -> Callable[[list[ast.Value]], Evaluate]:
    def make(args: list[ast.Value]) -> Evaluate:
        value = compile_value(args[0])
        chars = compile_value(args[1]) if len(args) > 1 else constant(b"\x40")

        def trim(act: Activation) -> CLValue:
            data, drop = _characters(value(act)), _characters(chars(act))
            if "L" in sides:
                data = data.lstrip(drop)
            if "R" in sides:
                data = data.rstrip(drop)
            return data

        return trim

    return make


def _case(upper: bool) -> Callable[[list[ast.Value]], Evaluate]:
    def make(args: list[ast.Value]) -> Evaluate:
        value = compile_value(args[0])

        def change(act: Activation) -> CLValue:
            text = from_ebcdic(_characters(value(act)))
            return to_ebcdic(text.upper() if upper else text.lower())

        return change

    return make


def _char(args: list[ast.Value]) -> Evaluate:
    value = compile_value(args[0])

    def convert(act: Activation) -> CLValue:
        number = value(act)
        if not isinstance(number, NUMBERS):
            return number
        return to_ebcdic(decimal_text(char_of(number), act.job.decimal_format))

    return convert


def _integer(args: list[ast.Value]) -> Evaluate:
    value = compile_value(args[0])
    return lambda act: int(to_number(value(act)))


def _decimal(args: list[ast.Value]) -> Evaluate:
    value = compile_value(args[0])
    digits = compile_value(args[1]) if len(args) > 1 else constant(15)
    places = compile_value(args[2]) if len(args) > 2 else constant(0 if len(args) > 1 else 5)

    def convert(act: Activation) -> CLValue:
        number, most, decimals = Decimal(to_number(value(act))), digits(act), places(act)
        size, fraction = int(to_number(most)), int(to_number(decimals))
        number = number.quantize(Decimal(1).scaleb(-fraction), rounding=ROUND_DOWN)
        if abs(number) >= Decimal(10) ** (size - fraction):
            raise Escape("MCH1210", "", "Receiver value too small to hold result.")
        return number if fraction else int(number)

    return convert


def _scan(args: list[ast.Value]) -> Evaluate:
    wanted, source = compile_value(args[0]), compile_value(args[1])
    start = compile_value(args[2]) if len(args) > 2 else constant(1)

    def scan(act: Activation) -> CLValue:
        data = _characters(source(act))
        at = int(to_number(start(act)))
        if at < 1 or at > len(data):
            raise Escape("MCH0603", "", "Range of subscript value or character string error.")
        return data.find(_characters(wanted(act)), at - 1) + 1

    return scan


def _check(reverse: bool) -> Callable[[list[ast.Value]], Evaluate]:
    def make(args: list[ast.Value]) -> Evaluate:
        allowed, source = compile_value(args[0]), compile_value(args[1])
        start = compile_value(args[2]) if len(args) > 2 else None

        def check(act: Activation) -> CLValue:
            data, good = _characters(source(act)), _characters(allowed(act))
            at = int(to_number(start(act))) if start else (len(data) if reverse else 1)
            if at < 1 or at > len(data):
                raise Escape("MCH0603", "", "Range of subscript value or character string error.")
            places = range(at, 0, -1) if reverse else range(at, len(data) + 1)
            return next((place for place in places if data[place - 1] not in good), 0)

        return check

    return make


def _length(args: list[ast.Value]) -> Evaluate:
    cell = _cell(args[0])
    return lambda act: cell(act).length


def _size(args: list[ast.Value]) -> Evaluate:
    cell = _cell(args[0])
    return lambda act: cell(act).size


def _parms(_args: list[ast.Value]) -> Evaluate:
    return lambda act: act.parameters_passed


def _address(args: list[ast.Value]) -> Evaluate:
    cell = _cell(args[0])
    return lambda act: Pointer(*cell(act).place())


def _offset(args: list[ast.Value]) -> Evaluate:
    cell = _cell(args[0])

    def offset(act: Activation) -> CLValue:
        pointer = cell(act).get()
        if not isinstance(pointer, Pointer):
            raise Escape("MCH3601", "", "Pointer not set for location referenced.")
        return pointer.offset

    return offset


def _switch(args: list[ast.Value]) -> Evaluate:
    mask = compile_value(args[0])

    def switch(act: Activation) -> CLValue:
        text = from_ebcdic(_characters(mask(act)))
        if len(text) != 8 or any(c not in "01X" for c in text):
            raise Escape("CPF0816", text, f"%SWITCH mask {text} not valid.")
        return all(c in ("X", s) for c, s in zip(text, act.job.switches, strict=True))

    return switch


_BUILTINS: dict[str, Callable[[list[ast.Value]], Evaluate]] = {
    "%SST": _sst,
    "%BIN": _bin,
    "%TRIM": _trim("LR"),
    "%TRIML": _trim("L"),
    "%TRIMR": _trim("R"),
    "%UPPER": _case(True),
    "%LOWER": _case(False),
    "%CHAR": _char,
    "%DEC": _decimal,
    "%INT": _integer,
    "%UINT": _integer,
    "%SCAN": _scan,
    "%CHECK": _check(False),
    "%CHECKR": _check(True),
    "%LEN": _length,
    "%SIZE": _size,
    "%PARMS": _parms,
    "%ADDRESS": _address,
    "%OFFSET": _offset,
    "%SWITCH": _switch,
}
