"""The grammar of HMC commands: options, filters, attribute lists, and how rows are printed.

Formats: docs/platform-facts.md#hmc-output (captured output of V10R3 and V11R2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

NO_RESULTS = "No results were found.\n"
MAXIMUM_FILTER_VALUES = 500
_ATTRIBUTE = re.compile(r"[A-Za-z0-9_]+")


class HmcError(Exception):
    """A command that the HMC refuses: the text goes to stdout, the exit status is 1."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def invalid(*parameters: str) -> HmcError:
    """The sentence without a message id that names missing or wrong parameters."""
    return HmcError(
        "The command entered is either missing a required parameter or a parameter value is invalid. "
        f"The parameters that are missing or have an invalid value are {','.join(parameters)}. "
        "Please check your entry and retry the command."
    )


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a command line; a flag's value is an empty text."""

    values: Mapping[str, str]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str) -> str | None:
        """The value of an option, None when it was not given."""
        return self.values.get(name)

    def need(self, name: str) -> str:
        """The value of an option that must be there and not be empty."""
        value = self.values.get(name)
        if not value:
            raise invalid(name)
        return value


def options(words: Sequence[str], valued: Iterable[str], flags: Iterable[str], optional: str = "") -> Options:
    """Reads the words behind the command name.

    `valued` options need a value, `flags` take none, `optional` (-F) takes one unless an option follows.
    """
    valued, flags = frozenset(valued), frozenset(flags)
    found: dict[str, str] = {}
    rest = list(words)
    while rest:
        name = rest.pop(0)
        if name in found or not (name in valued or name in flags or (optional and name == optional)):
            raise invalid(name)
        if name in flags:
            found[name] = ""
        elif rest and not rest[0].startswith("-"):
            found[name] = rest.pop(0)
        elif name == optional:
            found[name] = ""
        else:
            raise invalid(name)
    return Options(found)


def filters(text: str | None, known: Iterable[str]) -> dict[str, list[str]]:
    """The filter names with their values: `a=1,b=2`, or `"a=1,2","b=3"` where values are lists."""
    if text is None:
        return {}
    result: dict[str, list[str]] = {}
    known = frozenset(known)
    for pair in split_csv(text):
        name, equals, value = pair.partition("=")
        values = [part for part in value.split(",") if part]
        if not equals or name not in known or name in result or not values:
            raise invalid("--filter")
        if len(values) > MAXIMUM_FILTER_VALUES:
            raise invalid("--filter")
        result[name] = values
    return result


def split_csv(text: str) -> list[str]:
    """The fields of one line of comma-separated values with double quotes; HmcError on an open quote."""
    fields: list[str] = []
    field: list[str] = []
    quoted = False
    at = 0
    while at < len(text):
        char = text[at]
        if char == '"' and quoted and text.startswith('""', at):
            field.append('"')
            at += 1
        elif char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            fields.append("".join(field))
            field = []
        else:
            field.append(char)
        at += 1
    if quoted:
        raise invalid("--filter")
    return [*fields, "".join(field)]


def attributes(text: str, known: Sequence[str]) -> tuple[list[str], str]:
    """The attributes of -F and the delimiter that the caller put between them; all for an empty -F."""
    if not text:
        return list(known), ","
    names = _ATTRIBUTE.findall(text)
    between = set(_ATTRIBUTE.split(text.strip())[1:-1])
    if not names or len(between) > 1 or any(len(one) != 1 for one in between):
        raise invalid("-F")
    if not (_ATTRIBUTE.match(text) and re.search(r"[A-Za-z0-9_]$", text)):
        raise invalid("-F")
    wrong = [name for name in names if name not in known]
    if wrong:
        raise HmcError(
            f"An invalid attribute was entered for the -F parameter. The attributes that are not valid are "
            f"{','.join(wrong)}. Please check your entry and retry the command."
        )
    return names, between.pop() if between else ","


def show(rows: Sequence[Mapping[str, str]], opts: Options, known: Sequence[str]) -> str:
    """The rows as the options ask: name=value pairs, or the values of -F with or without --header."""
    if "--header" in opts and "-F" not in opts:
        raise invalid("--header")
    wanted = opts.get("-F")
    if wanted is None:
        lines = [
            ",".join(quoted(f"{name}={row[name]}", ",") for name in known if name in row) for row in rows
        ]
        return "".join(line + "\n" for line in lines) or NO_RESULTS
    names, delimiter = attributes(wanted, known)
    if not rows:
        return NO_RESULTS
    lines = [delimiter.join(names)] if "--header" in opts else []
    # An attribute that an object has not is printed as null.
    lines += [delimiter.join(quoted(row.get(name, "null"), delimiter) for name in names) for row in rows]
    return "".join(line + "\n" for line in lines)


def quoted(value: str, delimiter: str) -> str:
    """The value, in quotes with inner quotes doubled when it holds the delimiter or a quote."""
    if delimiter in value or '"' in value:
        return '"' + value.replace('"', '""') + '"'
    return value
