"""CALL, CALLPRC, DLYJOB and what programs need of their own job's call stack."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import timedelta
from decimal import Decimal
from types import GeneratorType
from typing import TYPE_CHECKING, Any, TypeAlias

from flashc.cl import ast

from flashtwin.commands import PROCEDURES, command
from flashtwin.context import Context, ProcedureCall
from flashtwin.errors import Escape, TwinError
from flashtwin.expressions import compile_value, number_or_none
from flashtwin.scheduler import Signal, Wait
from flashtwin.values import Cell, Storage

if TYPE_CHECKING:
    from flashtwin.interp import Activation

Argument: TypeAlias = "Callable[[Activation], Cell]"


@command("CALL", effect="none")
def call(ctx: Context) -> Any:
    """Constants are passed as CALL passes them: characters padded to 32 bytes, numbers packed (15 5)."""
    arguments = ctx.statement.made("PARM", _arguments) or []
    act = ctx.act
    cells = [act.cells[one] if one.__class__ is str else one(act) for one in arguments]
    return ctx.os.call(act, ctx.qualified("PGM"), cells)


def _arguments(written: ast.Value) -> list[Any]:
    """What is passed: the name of a variable, or what gives the cell of another value."""
    return [item.name if isinstance(item, ast.Variable) else _argument(item) for item in _listed(written)]


def _listed(written: ast.Value | None) -> list[ast.Value]:
    if written is None:
        return []
    return written.items if isinstance(written, ast.ListValue) else [written]


def _argument(value: ast.Value) -> Argument:
    if (
        isinstance(value, ast.ListValue)
        and len(value.items) == 2
        and isinstance(value.items[1], ast.ListValue)
    ):
        return _typed(value.items[0], value.items[1])
    number = number_or_none(value.text) if isinstance(value, ast.Word) else None
    if number is not None:
        return _number(number)
    evaluate = compile_value(value)

    def pass_value(act: Activation) -> Cell:
        result = evaluate(act)
        if isinstance(result, bytes):
            cell = Cell("*CHAR", max(32, len(result)))
            cell.put(result)
            return cell
        cell = Cell("*LGL", 1) if isinstance(result, bool) else Cell("*DEC", 15, 5)
        cell.set(result)
        return cell

    return pass_value


def _number(number: int | Decimal) -> Argument:
    if not -(10**10) < number < 10**10:
        return _refused(number)
    made = Cell("*DEC", 15, 5)
    made.set(number)
    data = made.raw()
    return lambda _act: Cell("*DEC", 15, 5, Storage(data))


def _refused(number: int | Decimal) -> Argument:
    def refuse(_act: Activation) -> Cell:
        raise Escape("CPD0095", str(number), f"Number {number} in CALL has more than 10 integer digits.")

    return refuse


def _typed(value: ast.Value, kind: ast.ListValue) -> Argument:
    words = [item.text for item in kind.items if isinstance(item, ast.Word)]
    length = int(words[1]) if len(words) > 1 else {"*CHAR": 32, "*DEC": 15, "*LGL": 1}.get(words[0], 4)
    decimals = int(words[2]) if len(words) > 2 else 0
    evaluate = compile_value(value)

    def pass_value(act: Activation) -> Cell:
        cell = Cell(words[0], length, decimals)
        cell.set(evaluate(act))
        return cell

    return pass_value


@command("CALLPRC", effect="none")
def callprc(ctx: Context) -> Generator[Wait, Signal | None, None]:
    """Call a procedure: cells by reference, values as cells of their own, None for *OMIT."""
    name = ctx.text("PRC")
    found = PROCEDURES.get(name)
    if found is None:
        raise TwinError(f"the twin does not model the procedure {name} (job {ctx.job.qualified})")
    written = ctx.bound.get("PARM")
    items = _listed(written)
    # PARM((&A *BYVAL)) alone is one parameter with its way of passing, not two parameters.
    if len(items) == 2 and isinstance(items[1], ast.Word) and items[1].text in ("*BYVAL", "*BYREF"):
        items = [ast.ListValue(items, 0, 0)]
    result: Any = found(ProcedureCall(ctx.act, name, [_passed(ctx, item) for item in items]))
    if result.__class__ is GeneratorType:
        result = yield from result
    target = ctx.variable("RTNVAL") if ctx.text("RTNVAL", "*NONE") != "*NONE" or ctx.given("RTNVAL") else None
    if target is not None and result is not None:
        target.set(result)


def _passed(ctx: Context, item: ast.Value) -> Cell | None:
    by_value = False
    if isinstance(item, ast.ListValue):
        by_value = any(isinstance(part, ast.Word) and part.text == "*BYVAL" for part in item.items[1:])
        item = item.items[0]
    if isinstance(item, ast.Word) and item.text == "*OMIT":
        return None
    if isinstance(item, ast.Variable):
        cell = ctx.act.cells[item.name]
        if not by_value:
            return cell
        copy = Cell(cell.type, cell.length, cell.decimals)
        if cell.type == "*PTR":
            copy.set(cell.get())
        else:
            copy.put(cell.raw())
        return copy
    value = compile_value(item)(ctx.act)
    if isinstance(value, bytes):
        constant = Cell("*CHAR", max(1, len(value)))
    elif isinstance(value, bool):
        constant = Cell("*LGL", 1)
    else:
        constant = Cell("*INT", 4)
    constant.set(value)
    return constant


@command("DLYJOB", effect="none")
def dlyjob(ctx: Context) -> Generator[Wait, Signal | None, None]:
    """Wait for DLY seconds, or until RSMTIME (tomorrow when it is past)."""
    resume = ctx.text("RSMTIME", "*")
    if resume.startswith("*"):
        yield from ctx.sleep(float(ctx.integer("DLY", 0)))
        return
    clock = resume.replace(":", "").replace(".", "").ljust(6, "0")
    now = ctx.os.local()
    due = now.replace(hour=int(clock[:2]), minute=int(clock[2:4]), second=int(clock[4:6]), microsecond=0)
    if due <= now:
        due += timedelta(days=1)
    yield from ctx.sleep((due - now).total_seconds())


@command("RCLRSC", effect="none")
def nothing(_ctx: Context) -> None:
    """Nothing that the twin keeps changes by it."""
