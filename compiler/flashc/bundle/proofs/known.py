"""What is known of the variables of a generated program on a way through it: constants, and what tests say.

`fact_of` reads of a command, once, what the proofs go by.  Only the names that a proof follows are known;
anything else is None, which is any value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import ge, gt, le, lt
from typing import TypeAlias

from flashc.cl.ast import (
    Builtin,
    Command,
    ListValue,
    Operation,
    Qualified,
    Quoted,
    Unary,
    Value,
    Variable,
    Word,
)
from flashc.cl.flow import Flow, Node, argument
from flashc.cl.parser import parse

Values: TypeAlias = tuple[str | None, ...]
"""Of the names that are followed, in their order."""

_LESS: dict[str, Callable[[int, int], bool]] = {"*LT": lt, "*LE": le, "*GT": gt, "*GE": ge}

POSITIVE = "&>0"
"""What is known of a number behind a test that it is not 0 or less."""

READS = frozenset({"QSNDDTAQ", "send"})
"""Programs and procedures that change no variable which a proof follows."""

_TESTS = frozenset({"IF", "WHEN", "DOWHILE", "DOUNTIL"})
_JOINS = {"*CAT": "", "*BCAT": " ", "*TCAT": ""}


def text_of(value: Value | None) -> str:
    """A value as text, its variables by their names: 'A(' *CAT &B *CAT ')' is A(&B)."""
    if isinstance(value, Quoted | Word):
        return value.text
    if isinstance(value, Variable):
        return value.name
    if isinstance(value, Operation) and value.op in _JOINS:
        left, right = text_of(value.left), text_of(value.right)
        if value.op != "*CAT":
            left = left.rstrip()
        return left + (_JOINS[value.op] if left else "") + right
    if isinstance(value, Operation):
        return f"{text_of(value.left)} {value.op} {text_of(value.right)}"
    if isinstance(value, Builtin):
        return f"{value.name}({' '.join(text_of(one) for one in value.args)})"
    if isinstance(value, Qualified):
        return "/".join(text_of(one) for one in value.parts)
    if isinstance(value, ListValue):
        return " ".join(text_of(one) for one in value.items)
    if isinstance(value, Unary):
        return f"{value.op}{text_of(value.operand)}"
    return ""


def parameter(command: Command, keyword: str, place: int = -1) -> str:
    """A parameter as text; "" where it is not written."""
    return text_of(argument(command, keyword, place))


def called(command: Command) -> str:
    """The program of a CALL without its library, the procedure of a CALLPRC; "" of anything else."""
    if command.name == "CALL":
        return parameter(command, "PGM", 0).rpartition("/")[2]
    return parameter(command, "PRC", 0) if command.name == "CALLPRC" else ""


def passed(command: Command) -> list[str]:
    """What a CALL passes, as text."""
    value = argument(command, "PARM", 1)
    items = value.items if isinstance(value, ListValue) else [] if value is None else [value]
    return [text_of(item) for item in items]


def constant(value: Value | None) -> str | None:
    """The value of a constant without its trailing blanks; None of anything else."""
    if isinstance(value, Quoted):
        return value.text.rstrip()
    if isinstance(value, Unary) and value.op in "+-":
        return text_of(value)
    return value.text if isinstance(value, Word) else None


@dataclass(slots=True)
class Fact:
    """A command as the proofs read it.

    `name` is the program or procedure of a call, else the command; `option` is of CHGASPACT, with its ASP;
    `sets` the variable of CHGVAR (or the part of one, %SST(&A 1 2)), `value` what it becomes, `loses` the
    variables that may become anything; `condition` is compiled.
    """

    command: Command
    name: str
    option: str = ""
    asp: str = ""
    sets: str = ""
    value: str | None = None
    loses: tuple[str, ...] = ()
    condition: Condition | None = None


Facts: TypeAlias = dict[Node, Fact]


def facts_of(program: Flow) -> Facts:
    """The facts of all commands of a program."""
    return {node: fact_of(node.command) for node in program.nodes if node.command is not None}


def fact_of(command: Command) -> Fact:
    """What a command is to the proofs."""
    name = command.name
    if name == "CHGVAR":
        target = argument(command, "VAR", 0)
        value = _kept(argument(command, "VALUE", 1))
        if isinstance(target, Variable):
            return Fact(command, name, sets=target.name, value=value)
        sets = text_of(target)
        changed = target.args[:1] if isinstance(target, Builtin) else []
        return Fact(command, name, sets=sets, value=value, loses=tuple(text_of(one) for one in changed))
    if name in _TESTS:
        return Fact(command, name, condition=_compiled(argument(command, "COND", 0)))
    name = called(command) or name
    if name == "CHGASPACT":
        return Fact(command, name, parameter(command, "OPTION"), parameter(command, "ASPDEV"))
    if name in READS:
        return Fact(command, name)
    loses: tuple[str, ...] = ()
    for one in command.args:
        if isinstance(one.value, Variable | ListValue | Qualified):
            loses += _variables(one.value)
    return Fact(command, name, loses=loses)


def _variables(value: Value | None) -> tuple[str, ...]:
    if isinstance(value, Variable):
        return (value.name,)
    items = value.items if isinstance(value, ListValue) else ()
    if isinstance(value, Qualified):
        items = value.parts
    elif isinstance(value, Builtin):
        items = value.args
    return tuple(name for item in items for name in _variables(item))


def _kept(value: Value | None) -> str | None:
    """What is kept of an assigned value: a constant, or a text with the names of variables in it."""
    if isinstance(value, Operation) and value.op in _JOINS:
        return text_of(value)
    return constant(value)


# -- conditions ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Condition:
    """*NOT, *AND, *OR of conditions, or `name` compared with the constant `value`; "" is not understood."""

    op: str
    name: str = ""
    value: str = ""
    left: Condition | None = None
    right: Condition | None = None


_ANY = Condition("")


def _compiled(value: Value | None) -> Condition:
    if isinstance(value, Unary) and value.op == "*NOT":
        return Condition("*NOT", left=_compiled(value.operand))
    if isinstance(value, Variable):
        return Condition("*EQ", value.name, "1")
    if not isinstance(value, Operation):
        return _ANY
    if value.op in ("*AND", "*OR"):
        return Condition(value.op, left=_compiled(value.left), right=_compiled(value.right))
    wanted = constant(value.right)
    if wanted is None or (value.op not in ("*EQ", "*NE") and value.op not in _LESS):
        return _ANY
    return Condition(value.op, text_of(value.left), wanted)


class Known:
    """The names that a proof follows, and how commands and tests change what is known of them.

    `flags` are the logical ones among them: what is not '1' is '0'.
    """

    def __init__(self, *names: str, flags: frozenset[str] = frozenset()) -> None:
        self.names = names
        self.flags = flags
        self.places = {name: place for place, name in enumerate(names)}
        self.nothing: Values = (None,) * len(names)
        self.parts = [name for name in names if name[0] == "%"]

    def get(self, values: Values, name: str) -> str | None:
        return values[self.places[name]]

    def put(self, values: Values, name: str, value: str | None) -> Values:
        place = self.places[name]
        if values[place] == value:
            return values
        return (*values[:place], value, *values[place + 1 :])

    def initial(self, declared: dict[str, str]) -> Values:
        """At the start of a program: what DCL gives them."""
        return tuple(declared.get(name) for name in self.names)

    def concerns(self, fact: Fact) -> bool:
        """Whether a command or test may change what is known."""
        if fact.condition is not None:
            return self._about(fact.condition)
        if fact.sets in self.places or any(name in self.places for name in fact.loses):
            return True
        return any(name in part for part in self.parts for name in (fact.sets, *fact.loses) if name)

    def _about(self, condition: Condition) -> bool:
        inner = [one for one in (condition.left, condition.right) if one is not None]
        return condition.name in self.places or any(map(self._about, inner))

    def after(self, values: Values, fact: Fact) -> Values:
        """Behind a command: CHGVAR of a constant is known, whatever else may change a variable is not."""
        if fact.sets in self.places:
            values = self.put(values, fact.sets, fact.value)
        for name in fact.loses:
            if name in self.places:
                values = self.put(values, name, None)
        for part in self.parts:  # %SST(&REPLY 35 5), when &REPLY is changed
            if values[self.places[part]] is not None and any(
                f"({name} " in part for name in (fact.sets, *fact.loses)
            ):
                values = self.put(values, part, None)
        return values

    def sides(self, values: Values, fact: Fact) -> tuple[Values | None, Values | None]:
        """What is known where a test holds and where it does not; None where that cannot be."""
        if fact.condition is None:
            return values, values
        return self.when(values, fact.condition, True), self.when(values, fact.condition, False)

    def when(self, values: Values, condition: Condition, holds: bool) -> Values | None:
        """What is known where a condition holds, or does not; None where that cannot be."""
        op = condition.op
        if op in ("*EQ", "*NE"):
            if condition.name not in self.places:
                return values
            return self._is(values, condition.name, condition.value, holds == (op == "*EQ"))
        if op == "*NOT":
            assert condition.left is not None
            return self.when(values, condition.left, not holds)
        if op in ("*AND", "*OR"):
            return self._both(values, condition, holds)
        if op in _LESS and condition.name in self.places:
            return self._ordered(values, condition, holds)
        return values

    def _both(self, values: Values, condition: Condition, holds: bool) -> Values | None:
        left, right = condition.left, condition.right
        assert left is not None
        assert right is not None
        if (condition.op == "*AND") == holds:  # both sides are so
            first = self.when(values, left, holds)
            return None if first is None else self.when(first, right, holds)
        one, other = self.when(values, left, holds), self.when(values, right, holds)
        if one is None or other is None:
            return other if one is None else one
        if one == other:
            return one
        return tuple(a if a == b else None for a, b in zip(one, other, strict=True))

    def _ordered(self, values: Values, condition: Condition, holds: bool) -> Values | None:
        known = values[self.places[condition.name]]
        if known is None:
            more = not holds and (condition.op, condition.value) == ("*LE", "0")
            return self.put(values, condition.name, POSITIVE) if more else values
        try:
            return values if _LESS[condition.op](int(known), int(condition.value)) == holds else None
        except ValueError:  # not numbers
            return values

    def _is(self, values: Values, name: str, wanted: str, equal: bool) -> Values | None:
        known = values[self.places[name]]
        if known is not None and "&" not in known:
            return values if (known == wanted) == equal else None
        if equal:
            return self.put(values, name, wanted)
        if name in self.flags:
            return self.put(values, name, "0" if wanted == "1" else "1")
        return values


@cache
def as_command(text: str) -> Command | None:
    """A text as the command that it is; None of one that is none."""
    source, problems = parse(text + "\n")
    commands = [s.command for s in source.statements if s.command is not None]
    return commands[0] if len(commands) == 1 and not problems else None
