"""DCL: what a program declares, and the making of its variables when it is called.

Storage rules (automatic, defined over another variable, based on a pointer): docs/platform-facts.md#cl-dcl.
"""

from __future__ import annotations

from dataclasses import dataclass

from flashc.cl import ast

from flashtwin.expressions import compile_value
from flashtwin.values import Cell, CLValue, Pointer, Storage


@dataclass(frozen=True, slots=True)
class Declaration:
    """One DCL; `initial` is what it holds when its program is called.

    `over` is the variable and position (from 1) of STG(*DEFINED), `based` the pointer of STG(*BASED),
    `address` the variable and offset of ADDRESS.
    """

    name: str
    type: str
    length: int
    decimals: int
    initial: bytes = b""
    over: tuple[str, int] | None = None
    based: str = ""
    address: tuple[str, int] | None = None


_DEFAULT_LENGTH = {"*CHAR": (32, 0), "*DEC": (15, 5), "*LGL": (1, 0), "*INT": (4, 0), "*UINT": (4, 0)}


def declaration(bound: dict[str, ast.Value]) -> Declaration:
    """The meaning of a DCL command with these values."""
    name, kind = bound["VAR"], bound["TYPE"]
    assert isinstance(name, ast.Variable)
    assert isinstance(kind, ast.Word)
    value = bound.get("VALUE")
    initial: CLValue = compile_value(value)(None) if value is not None else None  # type: ignore[arg-type]
    length, decimals = _length(kind.text, bound.get("LEN"), initial if value is not None else None)
    over, address = _place(bound.get("DEFVAR")), _place(bound.get("ADDRESS"))
    pointer = bound.get("BASPTR")
    cell = Cell(kind.text, length, decimals)
    if value is not None:
        cell.set(initial)
    return Declaration(
        name.name,
        kind.text,
        length,
        decimals,
        cell.raw(),
        (over[0], over[1] if over[1] is not None else 1) if over else None,
        pointer.name if isinstance(pointer, ast.Variable) else "",
        (address[0], address[1] or 0) if address else None,
    )


def _length(kind: str, value: ast.Value | None, initial: CLValue) -> tuple[int, int]:
    if kind == "*PTR":
        return 16, 0
    items = value.items if isinstance(value, ast.ListValue) else [value] if value is not None else []
    numbers = [int(item.text) for item in items if isinstance(item, ast.Word)]
    if numbers:
        return numbers[0], numbers[1] if len(numbers) > 1 else 0
    if kind == "*CHAR" and isinstance(initial, bytes):
        return max(1, len(initial)), 0
    return _DEFAULT_LENGTH[kind]


def _place(value: ast.Value | None) -> tuple[str, int | None] | None:
    while isinstance(value, ast.ListValue) and len(value.items) == 1:
        value = value.items[0]
    if isinstance(value, ast.Variable):
        return value.name, None
    if isinstance(value, ast.ListValue) and isinstance(value.items[0], ast.Variable):
        position = value.items[1]
        assert isinstance(position, ast.Word)
        return value.items[0].name, int(position.text)
    return None


def make_cells(declarations: list[Declaration], passed: dict[str, Cell]) -> dict[str, Cell]:
    """The variables of one call; `passed` are the parameters, already in place of their declarations."""
    cells = dict(passed)
    for one in declarations:
        if one.over is None and not one.based and one.name not in cells:
            cells[one.name] = Cell(one.type, one.length, one.decimals, Storage(one.initial))
    for one in declarations:
        if one.over is not None:
            storage, offset = cells[one.over[0]].place()
            cells[one.name] = Cell(one.type, one.length, one.decimals, storage, offset + one.over[1] - 1)
        elif one.based:
            cell = cells[one.name] = Cell(one.type, one.length, one.decimals)
            cell.based_on(cells[one.based])
    for one in declarations:
        if one.address is not None:
            storage, offset = cells[one.address[0]].place()
            cells[one.name].set(Pointer(storage, offset + one.address[1]))
    return cells
