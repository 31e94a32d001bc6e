"""The command catalogue: what each command takes, as data of the package.

The data come from `data/*.yaml`, packed by `flashc.cl.build_catalogue`; a definition is made into its
dataclasses when somebody asks for it, so that loading stays quick.  A definition says how sure it is:
`complete` False means that further parameters exist, `unverified` that the values rest on memory.
Meaning of the fields: docs/platform-facts.md#cl-commands.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

PACKED = "catalogue.bin"
OTHERS = "other_commands.txt"
NAME_TYPES = frozenset({"name", "simple_name", "communications_name", "generic_name"})
NUMBER_TYPES = frozenset({"integer", "unsigned_integer", "decimal"})


@dataclass(frozen=True, slots=True)
class ParameterDef:
    """A parameter, or (without a keyword) one part of a qualified value or one list element.

    `position` counts from 1, 0 is keyword only.  `maximum` is the number of list entries, `length` the
    characters of one value, `special` the predefined values beside the type, `single` those that may
    only stand alone.  `closed`: nothing but these and variables.  `limits` is inclusive.  `returns`: a
    CL variable that receives a value.
    """

    keyword: str
    type: str
    position: int = 0
    required: bool = False
    minimum: int = 0
    maximum: int = 1
    length: int = 0
    digits: int = 0
    scale: int = 0
    special: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    closed: bool = False
    limits: tuple[str, str] | None = None
    relation: str | None = None
    default: str | None = None
    allow_variable: bool = True
    allow_expression: bool = True
    returns: bool = False
    constant: str | None = None
    mixed_case: bool = False
    full: bool = False
    unverified: bool = False
    since: str | None = None
    qualifiers: tuple[ParameterDef, ...] = ()
    elements: tuple[ParameterDef, ...] = ()
    _choices: tuple[str, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_choices", self.special + self.single)

    def choices(self) -> tuple[str, ...]:
        """All predefined values."""
        return self._choices


@dataclass(frozen=True, slots=True)
class Condition:
    """KEYWORD specified (`operator` None), or KEYWORD compared with a constant or another keyword."""

    keyword: str
    operator: str | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Dependency:
    """When `when` holds (None: always), the number of true conditions must satisfy `operator` `count`."""

    when: Condition | None
    operator: str
    count: int
    conditions: tuple[Condition, ...]
    message: str


@dataclass(frozen=True, slots=True)
class CommandDef:
    """One command.  `allowed` lists where it may run (*ALL, *BPGM, *IPGM, *INTERACT, *EXEC ...).

    `prefix`: what its escapes begin with where their identifiers are not listed (BRM, TCP).
    """

    name: str
    parameters: tuple[ParameterDef, ...]
    max_positional: int = 0
    complete: bool = True
    unverified: bool = False
    allowed: frozenset[str] = frozenset({"*ALL"})
    threadsafe: str = ""
    messages: tuple[str, ...] = ()
    messages_complete: bool = False
    prefix: str = ""
    dependencies: tuple[Dependency, ...] = ()
    source: tuple[str, ...] = ()
    product: str = ""
    group: str = ""
    _by_keyword: dict[str, ParameterDef] = field(init=False, compare=False, repr=False)
    _positional: tuple[str, ...] = field(init=False, compare=False, repr=False)
    _required: tuple[ParameterDef, ...] = field(init=False, compare=False, repr=False)
    _newer: tuple[tuple[str, str], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        places = sorted((p.position, p.keyword) for p in self.parameters if p.position)
        object.__setattr__(self, "_by_keyword", {p.keyword: p for p in self.parameters})
        object.__setattr__(self, "_positional", tuple(keyword for _, keyword in places))
        object.__setattr__(self, "_required", tuple(p for p in self.parameters if p.required))
        newer = tuple((p.keyword, p.since) for p in self.parameters if p.since is not None)
        object.__setattr__(self, "_newer", newer)

    def parameter(self, keyword: str) -> ParameterDef | None:
        """The parameter with this keyword, or None."""
        return self._by_keyword.get(keyword)

    def positional(self) -> tuple[str, ...]:
        """The keywords that may be left out, in order."""
        return self._positional

    def required(self) -> tuple[ParameterDef, ...]:
        """The parameters that must be written."""
        return self._required

    def newer(self) -> tuple[tuple[str, str], ...]:
        """The keywords that came with a later release than the command, and the release (7.4)."""
        return self._newer


class Catalogue:
    """Command definitions by name; aliases (QSH for STRQSH) are found too."""

    def __init__(
        self,
        raw: Mapping[str, Any],
        extra: Mapping[str, CommandDef] | None = None,
        made: dict[str, CommandDef] | None = None,
    ) -> None:
        self._raw = raw
        # What was made of `raw` so far, by this catalogue and by those that have more commands.
        self._made: dict[str, CommandDef] = {} if made is None else made
        self._extra = dict(extra or {})
        self._special: frozenset[str] | None = None

    def get(self, name: str) -> CommandDef | None:
        """The definition of a command by its upper-case name, or None when it is not known."""
        found = self._extra.get(name) or self._made.get(name)
        if found is None:
            entry = self._raw.get(name)
            if isinstance(entry, str):  # an alias
                return self.get(entry)
            if entry is None:
                return None
            found = self._made[name] = command_from(entry)
        return found

    def names(self) -> list[str]:
        """All names, aliases included, sorted."""
        return sorted({*self._raw, *self._extra})

    def special_values(self) -> frozenset[str]:
        """Every predefined value of every parameter that the data know."""
        if self._special is None:
            self._special = frozenset(_special_values(self._raw))
        return self._special

    def with_commands(self, extra: Iterable[CommandDef]) -> Catalogue:
        """A catalogue that also has these commands; they win over those of the package."""
        return Catalogue(self._raw, {**self._extra, **{c.name: c for c in extra}}, self._made)


@cache
def catalogue() -> Catalogue:
    """The catalogue of the package."""
    packed = files("flashc.cl.data").joinpath(PACKED).read_bytes()
    return Catalogue(json.loads(zlib.decompress(packed)))


def _special_values(raw: Mapping[str, Any]) -> Iterator[str]:
    waiting = [p for entry in raw.values() if isinstance(entry, dict) for p in entry["params"]]
    while waiting:
        part = waiting.pop()
        yield from part.get("special", ())
        yield from part.get("single", ())
        waiting += part.get("qualifiers", ())
        waiting += part.get("elements", ())


@cache
def other_commands() -> frozenset[str]:
    """Names of commands of the platform that have no definition here; from general knowledge."""
    return frozenset(files("flashc.cl.data").joinpath(OTHERS).read_text(encoding="ascii").split())


def command_from(entry: Mapping[str, Any]) -> CommandDef:
    """A definition from its entry in the data."""
    return CommandDef(
        name=entry["name"],
        parameters=tuple(_parameter(p) for p in entry["params"]),
        max_positional=entry.get("max_positional", 0),
        complete=entry.get("complete", True),
        unverified=entry.get("status") == "unverified",
        allowed=frozenset(entry.get("allowed", "*ALL").split()),
        threadsafe=entry.get("threadsafe", ""),
        messages=tuple(entry.get("messages", ())),
        messages_complete=entry.get("messages_complete", False),
        prefix=entry.get("prefix", ""),
        dependencies=tuple(_dependency(d) for d in entry.get("deps", ())),
        source=tuple(entry.get("source", ())),
        product=entry.get("product", ""),
        group=entry.get("group", ""),
    )


def _parameter(p: Mapping[str, Any]) -> ParameterDef:
    limits = p.get("range")
    size = p.get("len", 0)
    required = p.get("required", False)
    return ParameterDef(
        keyword=p.get("kw", ""),
        type=p["type"],
        position=p.get("pos", 0),
        required=required,
        minimum=p.get("min", 1 if required else 0),
        maximum=p.get("max", 1),
        length=size if isinstance(size, int) else 0,
        digits=p.get("digits", 0),
        scale=p.get("scale", 0),
        special=tuple(_bare(v) for v in p.get("special", ())),
        single=tuple(_bare(v) for v in p.get("single", ())),
        closed=p.get("closed", False) and not p.get("open_list", False),
        limits=None if limits is None else (str(limits[0]), str(limits[1])),
        relation=p.get("rel"),
        default=p.get("default"),
        allow_variable=p.get("allow_var", True),
        allow_expression=p.get("expr", True),
        returns=p.get("returns", False),
        constant=p.get("constant"),
        mixed_case=p.get("case") == "mixed",
        full=p.get("full", False),
        unverified=p.get("unverified", False),
        since=p.get("since"),
        qualifiers=tuple(_parameter(q) for q in p.get("qualifiers", ())),
        elements=tuple(_parameter(e) for e in p.get("elements", ())),
    )


def _bare(value: str) -> str:
    """A predefined value without the quotes that it is written in: '/' of DATSEP."""
    if len(value) > 2 and value[0] == value[-1] == "'":
        return value[1:-1].replace("\xa0", " ")
    return value


def _dependency(d: Mapping[str, Any]) -> Dependency:
    operator, count = d["true_count"].split()
    return Dependency(
        when=None if d["when"] == "always" else _condition(d["when"]),
        operator=operator,
        count=int(count),
        conditions=tuple(_condition(c) for c in d["of"]),
        message=d["msg"],
    )


def _condition(text: str) -> Condition:
    keyword, operator, *rest = text.split(" ", 2)
    if operator == "specified":
        return Condition(keyword)
    return Condition(keyword, operator, rest[0].lstrip("&"))  # of another parameter: &TORCD
