"""The commands that make what a copy needs on its array, from once.toml: for the docs, and for doctor."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_NAME = re.compile(r"\$(?:\{([a-z]+)\}|([a-z]+))")


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that the sidecar found missing: a word for it, what it is, the names that it knows."""

    what: str
    text: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Make:
    """A command, and the lacks that it makes up for."""

    line: str
    for_lacks: tuple[str, ...]
    later: bool = False

    def with_names(self, names: Mapping[str, str]) -> str:
        """The command; a name that nobody has told stands in angle brackets."""

        def name(found: re.Match[str]) -> str:
            key = found[1] or found[2]
            return names.get(key) or f"<{key}>"

        return _NAME.sub(name, self.line)


@dataclass(frozen=True, slots=True)
class Once:
    """What is made once for the copies of a family's phrase."""

    copies: str
    example: Mapping[str, str]
    make: tuple[Make, ...]
    target: str = ""

    def shown(self) -> tuple[str, ...]:
        """All commands, with the names of the example."""
        return tuple(one.with_names(self.example) for one in self.make if not one.later)

    def missing(
        self, lacks: Iterable[Lack], usual: Mapping[str, str], said: Mapping[str, str]
    ) -> tuple[str, ...]:
        """The commands for some lacks, each once, in the order in which they must be given.

        `said` are names of the spec, `usual` stand where neither it nor the array has told one.
        """
        told = [
            (place, one.with_names({**usual, **self._new_target(lack), **lack.names, **said}))
            for lack in lacks
            for place, one in enumerate(self.make)
            if lack.what in one.for_lacks
        ]
        return tuple(dict.fromkeys(line for _, line in sorted(told, key=lambda one: one[0])))

    def _new_target(self, lack: Lack) -> dict[str, str]:
        """A name for the target of a volume that has none, where it is for whoever makes it to choose."""
        if not self.target or not {"copy", "volume"} <= set(lack.names):
            return {}
        return {"target": Make(self.target, ()).with_names(lack.names)}


@cache
def read_once() -> dict[str, Once]:
    """The entries of once.toml by family and phrase."""
    text = files("flashc.deploy").joinpath("once.toml").read_text(encoding="utf-8")
    return {one.copies: one for one in map(_once, tomllib.loads(text)["once"])}


def _once(entry: Mapping[str, Any]) -> Once:
    return Once(
        entry["copies"],
        entry["example"],
        tuple(Make(one["line"], tuple(one["for"]), one.get("later", False)) for one in entry["make"]),
        entry.get("target", ""),
    )
