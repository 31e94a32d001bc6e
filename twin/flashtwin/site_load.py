"""Reads a site file: TOML text to a `Site`, with every problem named in one go.

The tables and keys of the file are the fields of the dataclasses in `flashtwin.site`; the dataclasses are
the only description of the format.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
import types
import typing
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from flashtwin.site import SignedDuration, Site
from flashtwin.site_check import check_site

LARGEST_FILE = 2_000_000
LONGEST_TEXT = 5000
LONGEST_LIST = 10_000
LONGEST_DURATION = 31 * 86400.0

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(-?)((?:[0-9]{1,9}(?:\.[0-9]{1,3})?(?:ms|[smhd]))+)")
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|[smhd])")


class SiteError(Exception):
    """The site file cannot be used; `problems` has one sentence for each reason, in file order."""

    def __init__(self, file: str, problems: Iterable[str]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{file}: {problem}" for problem in self.problems))


def read_site(path: Path) -> Site:
    """The site of a file; SiteError when it cannot be read or is wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise SiteError(str(path), [f"cannot be read: {error.strerror or error}"]) from error
    if len(data) > LARGEST_FILE:
        raise SiteError(
            str(path), [f"is larger than {LARGEST_FILE} bytes; a site file is a few hundred lines"]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SiteError(str(path), [f"is not UTF-8 text (byte {error.start}); save it as UTF-8"]) from error
    return load_site(text, str(path))


def load_site(text: str, file: str = "site file") -> Site:
    """The site that the TOML text describes; SiteError with every problem when it is wrong."""
    try:
        # A site file saved on Windows has CR LF, which TOML takes as line ends.
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SiteError(file, [f"is not valid TOML: {error or 'nested too deeply'}"]) from error
    reader = _Reader()
    site = reader.record(Site, table, "")
    if reader.problems:
        raise SiteError(file, reader.problems)
    assert isinstance(site, Site)
    problems = check_site(site)
    if problems:
        raise SiteError(file, problems)
    return site


def seconds(text: str) -> float | None:
    """The seconds of a duration like "4h50m" or "300ms"; None when it is not one."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    total = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(match[2]))
    return -total if match[1] else total


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` for the known name that is most like this one, else the list of them."""
    names = list(known)
    close = difflib.get_close_matches(name.lower(), [one.lower() for one in names], n=1)
    if close:
        match = next(one for one in names if one.lower() == close[0])
        return f'; did you mean "{match}"?'
    return "; known are " + ", ".join(names) if names else ""


class _Reader:
    """Decodes values by the declared types of the fields, and collects the problems."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def record(self, cls: type, value: Any, where: str) -> Any:
        """A dataclass from a table; None after a problem."""
        if not isinstance(value, dict):
            return self._wrong(where, "a table", value)
        fields = {field.name: field for field in dataclasses.fields(cls)}
        hints = typing.get_type_hints(cls, include_extras=True)
        found = len(self.problems)
        for key in value:
            if key not in fields:
                self._problem(where, f'unknown key "{key}"' + nearest(key, fields))
        arguments: dict[str, Any] = {}
        for name, field in fields.items():
            if name in value:
                arguments[name] = self.value(hints[name], value[name], f"{where}.{name}" if where else name)
            elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                self._problem(where, f'missing key "{name}"')
        return cls(**arguments) if len(self.problems) == found else None

    def value(self, hint: Any, value: Any, where: str) -> Any:
        """A value of the hinted type; None after a problem."""
        origin = get_origin(hint)
        if origin is typing.Annotated:
            return self._duration(value, where, SignedDuration in hint.__metadata__)
        if origin is Literal:
            return self._word(value, where, get_args(hint))
        if origin is tuple:
            return self._list(get_args(hint)[0], value, where)
        if origin is dict:
            return self._texts(value, where)
        if origin is types.UnionType:
            return self.value(get_args(hint)[0], value, where)
        if dataclasses.is_dataclass(hint) and isinstance(hint, type):
            return self.record(hint, value, where)
        return self._plain(hint, value, where)

    def _plain(self, hint: Any, value: Any, where: str) -> Any:
        names = {str: "text in quotes", int: "a whole number", bool: "true or false"}
        if type(value) is not hint:
            return self._wrong(where, names[hint], value)
        if hint is str and (len(value) > LONGEST_TEXT or any(ord(one) < 32 for one in value)):
            return self._problem(where, f"text must have no control characters and at most {LONGEST_TEXT}")
        return value

    def _duration(self, value: Any, where: str, signed: bool) -> Any:
        example = 'a duration in quotes such as "30s", "4h50m" or "300ms"'
        amount = seconds(value) if isinstance(value, str) else None
        if amount is None:
            return self._wrong(where, example, value)
        if (amount < 0 and not signed) or abs(amount) > LONGEST_DURATION:
            return self._problem(where, f'"{value}" is out of range; at most 31d, and not negative')
        return amount

    def _word(self, value: Any, where: str, words: tuple[str, ...]) -> Any:
        if not isinstance(value, str):
            return self._wrong(where, "one of " + ", ".join(words), value)
        if value not in words:
            return self._problem(where, f'"{value}" is not one of the values' + nearest(value, words))
        return value

    def _list(self, hint: Any, value: Any, where: str) -> Any:
        if not isinstance(value, list):
            return self._wrong(where, "a list", value)
        if len(value) > LONGEST_LIST:
            return self._problem(where, f"has more than {LONGEST_LIST} entries")
        return tuple(self.value(hint, one, f"{where}[{_label(one, n)}]") for n, one in enumerate(value, 1))

    def _texts(self, value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            return self._wrong(where, "a table", value)
        return {key: self._plain(str, one, f"{where}.{key}") for key, one in value.items()}

    def _wrong(self, where: str, expected: str, value: Any) -> None:
        self._problem(where, f"expected {expected}, found {_shown(value)}")

    def _problem(self, where: str, text: str) -> None:
        self.problems.append(f"{where}: {text}" if where else text)


def _label(value: Any, number: int) -> str:
    name = value.get("name") if isinstance(value, dict) else None
    return f'"{name}"' if isinstance(name, str) and len(name) <= 60 else str(number)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'the text "{value}"' if len(value) <= 40 else "a long text"
    if isinstance(value, (int, float)):
        return f"the number {value}"[:60]
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "a table"
    return "a date or time"
