"""A command as it is run: what can be known of it before it runs is found out once, however often it runs.

A program keeps one of these for each command in it, `flashtwin.requests` one for each text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flashc.cl import ast
from flashc.cl.bind import Bound

from flashtwin.binding import bind, written
from flashtwin.commands import COMMANDS, Registered, load
from flashtwin.expressions import Evaluate, compile_value
from flashtwin.parameters import Parameter, Text, compile_parameter, compile_text
from flashtwin.unmodelled import refuse_unmodelled

T = TypeVar("T")


class Statement:
    """One command; `registered` is its handler, None where CRTCMD made the command or nobody handles it."""

    __slots__ = ("_made", "_text", "_values", "_written", "command", "parameters", "registered")

    def __init__(self, command: ast.Command, bound: Bound | None = None) -> None:
        self.command = command
        self.registered = _registered(command)
        # By a check without errors, where one was made.
        self._written = None if bound is None else written(bound)
        self._values: dict[str, ast.Value] | None = None
        self._made: dict[tuple[str, Callable[[ast.Value], Any]], Any] = {}
        # By keyword, those that were asked for.
        self.parameters: dict[str, Parameter | None] = {}
        self._text: Text | None = None

    @property
    def values(self) -> dict[str, ast.Value]:
        """The written values by keyword; Refused for one with errors, TwinError for one not modelled."""
        values = self._values
        if values is None:
            values = bind(self.command) if self._written is None else self._written
            if self.registered is not None:
                refuse_unmodelled(self.registered, values)
            self._values = values
        return values

    @property
    def text(self) -> Text:
        """What gives the command as one line, its variables replaced by their values."""
        if self._text is None:
            self._text = compile_text(self.command)
        return self._text

    def parameter(self, keyword: str) -> Parameter | None:
        """Make what gives the value as a handler sees it for `parameters`, None when it is not written."""
        written = self.values.get(keyword)
        made = self.parameters[keyword] = None if written is None else compile_parameter(written)
        return made

    def expression(self, keyword: str) -> Evaluate | None:
        """What gives the value as CL evaluates it, None when it is not written."""
        return self.made(keyword, compile_value)

    def made(self, keyword: str, make: Callable[[ast.Value], T]) -> T | None:
        """What `make` makes of a written value, once; None when it is not written."""
        try:
            return self._made[keyword, make]  # type: ignore[no-any-return]
        except KeyError:
            written = self.values.get(keyword)
            result = self._made[keyword, make] = None if written is None else make(written)
            return result


def _registered(command: ast.Command) -> Registered | None:
    load()
    found = COMMANDS.get(command.name)
    if found is None or command.library in (None, "QSYS", "*LIBL", "*NLVLIBL", found.library):
        return found
    return None
