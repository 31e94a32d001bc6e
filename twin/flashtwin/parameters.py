"""Parameter values of a command as its handler sees them, and the command as text again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from flashc.cl import ast

from flashtwin.expressions import compile_value
from flashtwin.values import NUMBERS, CLValue, char_of, display

if TYPE_CHECKING:
    from flashtwin.interp import Activation

Parameter: TypeAlias = "Callable[[Activation], Any]"

Text: TypeAlias = "Callable[[Activation], str]"


def compile_parameter(value: ast.Value) -> Parameter:
    """What gives a written value: text for names, strings and characters, int or Decimal for numeric
    variables, a tuple in definition order (object, library) for a qualified one, a list for a list."""
    if isinstance(value, ast.Word | ast.Quoted):
        text = value.text
        return lambda _act: text
    if isinstance(value, ast.Qualified):
        parts = [compile_parameter(part) for part in reversed(value.parts)]
        names = tuple(part.text for part in reversed(value.parts) if isinstance(part, ast.Word))
        if len(names) == len(parts):
            return lambda _act: names
        return lambda act: tuple(_name(part(act)) for part in parts)
    if isinstance(value, ast.ListValue):
        items = [compile_parameter(item) for item in value.items]
        return lambda act: [item(act) for item in items]
    if isinstance(value, ast.Command):
        return compile_text(value)
    if isinstance(value, ast.Hex):
        shown = display(value.data)
        return lambda _act: shown
    expression = compile_value(value)

    def run(act: Activation) -> Any:
        result = expression(act)
        if isinstance(result, (bytes, bool)):
            return display(result)
        return result

    return run


def _name(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def compile_text(command: ast.Command) -> Text:
    """What gives the command as one line, its variables and expressions replaced by constants.

    This is what SBMJOB stores: trailing blanks of a character variable are lost, as on the system.
    """
    name = f"{command.library}/{command.name}" if command.library else command.name
    return _joined([_constant(name), *map(_argument, command.args)], " ")


def _constant(text: str) -> Text:
    return lambda _act: text


def _joined(parts: list[Text], between: str) -> Text:
    return lambda act: between.join([part(act) for part in parts])


def _argument(argument: ast.Argument) -> Text:
    text, keyword = _value_text(argument.value), argument.keyword
    if keyword is None:
        return text
    if isinstance(argument.value, ast.ListValue):
        # The parentheses of a list of several values are those of its parameter.
        return lambda act: f"{keyword}{text(act)}"
    return lambda act: f"{keyword}({text(act)})"


def _value_text(value: ast.Value) -> Text:
    """A value as CL text in which nothing is variable."""
    if isinstance(value, ast.Word):
        return _constant(value.text)
    if isinstance(value, ast.Quoted):
        return _constant(quote(value.text))
    if isinstance(value, ast.Hex):
        return _constant(f"X'{value.data.hex().upper()}'")
    if isinstance(value, ast.Qualified):
        return _joined([_plain(part) for part in value.parts], "/")
    if isinstance(value, ast.ListValue):
        items = _joined([_value_text(item) for item in value.items], " ")
        return lambda act: f"({items(act)})"
    if isinstance(value, ast.Command):
        return compile_text(value)
    expression = compile_value(value)
    return lambda act: _result_text(expression(act))


def _result_text(result: CLValue) -> str:
    if isinstance(result, bytes):
        return quote(display(result))
    if isinstance(result, bool):
        return f"'{display(result)}'"
    return char_of(result) if isinstance(result, NUMBERS) else "*NULL"


def _plain(part: ast.Value) -> Text:
    value = compile_parameter(part)
    return lambda act: _name(value(act))


def quote(text: str) -> str:
    """A character string constant."""
    return "'" + text.replace("'", "''") + "'"
