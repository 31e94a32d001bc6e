"""Binding: which parameter each written value belongs to.

Positional and keyword values are mapped to the keywords of a command definition.  The interpreter runs
from what is bound; the checker reports `problems`.  What a value may be is checked in `values`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flashc.cl.ast import Argument, Command, ListValue, Source, Value, Word
from flashc.cl.catalogue import CommandDef
from flashc.cl.problems import Problem, nearest
from flashc.diag import Diagnostic, Severity


@dataclass(slots=True)
class Bound:
    """A command with its values by keyword: only those that were written (*N and KWD() are not)."""

    command: Command
    definition: CommandDef
    values: dict[str, Value] = field(default_factory=dict)
    arguments: dict[str, Argument] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def default(self, keyword: str) -> str | None:
        """The default of a parameter as its definition writes it, or None."""
        parameter = self.definition.parameter(keyword)
        return None if parameter is None else parameter.default

    def diagnostics(self, source: Source) -> list[Diagnostic]:
        """The problems as diagnostics of a source."""
        return [problem.at(source) for problem in self.problems]


def bind(command: Command, definition: CommandDef) -> Bound:
    """Map the arguments of a command to its definition; never raises, see `Bound.problems`."""
    bound = Bound(command, definition)
    places = definition.positional()
    keyword_seen = False
    apart: Argument | None = None  # the parenthesis of a keyword that a blank parts from it
    for index, argument in enumerate(command.args):
        if argument is apart:
            continue
        if argument.keyword is None and (
            keyword_seen or index + 1 >= len(places) or _named_as_its_place(bound, index, places)
        ):
            apart = _parted(bound, index)
            if apart is not None:
                keyword_seen = True
                continue
        if argument.keyword is not None:
            keyword_seen = True
            _keyword(bound, argument)
            continue
        if keyword_seen:
            _report(
                bound,
                "CL0205",
                f"{definition.name}: a value without its keyword stands after a keyword",
                argument,
                "write the keyword, or a continuation sign is missing in the line before",
            )
        elif index < len(places):
            _put(bound, places[index], argument)
        else:
            _too_many(bound, argument, len(places))
    if not command.broken:
        _missing(bound)
    return bound


def _named_as_its_place(bound: Bound, index: int, places: tuple[str, ...]) -> bool:
    """Whether a positional value is the keyword of its own place: OBJ (X).  CALL PGM (X) calls PGM."""
    word = bound.command.args[index].value
    return isinstance(word, Word) and word.text == places[index] and bound.definition.name != "CALL"


def _parted(bound: Bound, index: int) -> Argument | None:
    """A keyword with a blank before its parenthesis, KWD (VALUE): report it and bind it; its value."""
    args = bound.command.args
    word = args[index].value
    if not isinstance(word, Word) or bound.definition.parameter(word.text) is None:
        return None
    following = args[index + 1] if index + 1 < len(args) else None
    if following is None or following.keyword is not None:
        return None
    if following.pos == following.value.pos and not isinstance(following.value, ListValue):
        return None  # not in parentheses
    help = f"write {word.text}(...) without a blank"
    message = f"{bound.definition.name}: {word.text} must touch its parenthesis"
    _report(bound, "CL0215", message, args[index], help)
    if word.text not in bound.arguments:
        _put(bound, word.text, following)
    return following


def _keyword(bound: Bound, argument: Argument) -> None:
    keyword = argument.keyword
    assert keyword is not None
    definition = bound.definition
    if definition.parameter(keyword) is None:
        sure = definition.complete and not definition.unverified
        severity: Severity = "error" if sure else "note"
        close = nearest(keyword, [p.keyword for p in definition.parameters])
        if close is not None and severity == "note":
            severity = "error" if _misspelled(bound, keyword, close) else "warning"
        help = f"did you mean {close}?" if close else None
        message = f"{definition.name} has no parameter {keyword}"
        if not sure:
            message += " in the catalogue, where its definition is not complete"
        end = argument.keyword_end or argument.end
        bound.problems.append(Problem("CPD0043", severity, message, argument.pos, end, help))
        return
    if keyword in bound.arguments:
        _report(bound, "CL0204", f"{definition.name}: {keyword} is written twice", argument, None)
        return
    _put(bound, keyword, argument)


def _misspelled(bound: Bound, keyword: str, close: str) -> bool:
    """Whether an unknown keyword of an incomplete definition can only be a known one, misspelled."""
    if any(a.keyword == close for a in bound.command.args):
        return False
    parameter = bound.definition.parameter(close)
    return len(keyword) >= 4 or (parameter is not None and parameter.required)


def _put(bound: Bound, keyword: str, argument: Argument) -> None:
    bound.arguments[keyword] = argument
    value = argument.value
    if isinstance(value, Word) and value.text == "*N":
        return
    if isinstance(value, ListValue) and not value.items:
        return
    bound.values[keyword] = value


def _too_many(bound: Bound, argument: Argument, count: int) -> None:
    definition = bound.definition
    if definition.unverified or (not definition.complete and not count):
        return
    takes = f"takes {count} value{'s' if count != 1 else ''} without keyword"
    _report(
        bound,
        "CL0206",
        f"{definition.name} {takes}",
        argument,
        "write the keyword in front of the value",
    )


def _missing(bound: Bound) -> None:
    definition = bound.definition
    for parameter in definition.required():
        if parameter.keyword not in bound.values:
            severity: Severity = "note" if definition.unverified or parameter.unverified else "error"
            command = bound.command
            bound.problems.append(
                Problem(
                    "CL0203",
                    severity,
                    f"{definition.name}: the parameter {parameter.keyword} is required",
                    command.pos,
                    command.name_end,
                )
            )


def _report(bound: Bound, code: str, message: str, argument: Argument, help: str | None) -> None:
    severity: Severity = "error"
    if code == "CL0206" and bound.definition.unverified:
        severity = "note"
    bound.problems.append(Problem(code, severity, message, argument.pos, argument.end, help))
