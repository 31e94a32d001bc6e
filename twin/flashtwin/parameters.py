"""Parameter values of a command as its handler sees them, and the command as text again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from flashc.cl import ast

from flashtwin.expressions import compile_value
from flashtwin.values import char_of, display

if TYPE_CHECKING:
    from flashtwin.interp import Activation

Parameter: TypeAlias = "Callable[[Activation], Any]"

_cache: dict[int, tuple[ast.Value, Parameter]] = {}


def evaluate(act: Activation, value: ast.Value) -> Any:
    """A written value: text for names, strings and characters, int or Decimal for numeric variables, a
    tuple in definition order (object, library) for a qualified one, a list for a list."""
    known = _cache.get(id(value))
    if known is None or known[0] is not value:
        known = _cache[id(value)] = (value, _compile(value))
    return known[1](act)


def _compile(value: ast.Value) -> Parameter:
    if isinstance(value, ast.Word | ast.Quoted):
        text = value.text
        return lambda _act: text
    if isinstance(value, ast.Qualified):
        parts = [_compile(part) for part in reversed(value.parts)]
        return lambda act: tuple(_name(part(act)) for part in parts)
    if isinstance(value, ast.ListValue):
        items = [_compile(item) for item in value.items]
        return lambda act: [item(act) for item in items]
    if isinstance(value, ast.Command):
        return lambda act: command_text(act, value)
    if isinstance(value, ast.Hex):
        data = value.data
        return lambda _act: display(data)
    expression = compile_value(value)

    def run(act: Activation) -> Any:
        result = expression(act)
        if isinstance(result, bytes | bool):
            return display(result)
        return result

    return run


def _name(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def command_text(act: Activation, command: ast.Command) -> str:
    """The command as one line, its variables and expressions replaced by constants.

    This is what SBMJOB stores: trailing blanks of a character variable are lost, as on the system.
    """
    name = f"{command.library}/{command.name}" if command.library else command.name
    return " ".join([name, *(_argument(act, argument) for argument in command.args)])


def _argument(act: Activation, argument: ast.Argument) -> str:
    text = value_text(act, argument.value)
    if argument.keyword is None:
        return text
    return f"{argument.keyword}({_inside(text, argument.value)})"


def _inside(text: str, value: ast.Value) -> str:
    # The parentheses of a list of several values are those of its parameter.
    return text[1:-1] if isinstance(value, ast.ListValue) else text


def value_text(act: Activation, value: ast.Value) -> str:
    """A value as CL text in which nothing is variable."""
    if isinstance(value, ast.Word):
        return value.text
    if isinstance(value, ast.Quoted):
        return quote(value.text)
    if isinstance(value, ast.Hex):
        return f"X'{value.data.hex().upper()}'"
    if isinstance(value, ast.Qualified):
        return "/".join(_plain(act, part) for part in value.parts)
    if isinstance(value, ast.ListValue):
        return "(" + " ".join(value_text(act, item) for item in value.items) + ")"
    if isinstance(value, ast.Command):
        return command_text(act, value)
    result = compile_value(value)(act)
    if isinstance(result, bytes):
        return quote(display(result))
    if isinstance(result, bool):
        return f"'{display(result)}'"
    if result is None or (not isinstance(result, int) and not hasattr(result, "as_tuple")):
        return "*NULL"
    return char_of(result)  # type: ignore[arg-type]


def _plain(act: Activation, part: ast.Value) -> str:
    return _name(evaluate(act, part))


def quote(text: str) -> str:
    """A character string constant."""
    return "'" + text.replace("'", "''") + "'"
