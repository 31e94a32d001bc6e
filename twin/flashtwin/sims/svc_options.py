"""The grammar of Storage Virtualize commands, their message ids, and how listings are printed.

Parameters in any order, the object last; `-p=v` and `--` are understood.  Formats and ids:
docs/platform-facts.md#svc-cli.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LONGEST_PARAMETER = 128
LONGEST_LIST = 128

# What the ids mean; the wording is this simulator's own, a reader may rely on the id only.
TEXTS = {
    "1035": "A volume was used within the time of volume protection.",
    "5701": "No object was given.",
    "5703": "A value is longer than allowed.",
    "5707": "A required parameter is missing: %s.",
    "5709": "The parameter %s is not known here.",
    "5713": "Some parameters exclude each other.",
    "5738": "A parameter has too many characters.",
    "5741": "The filter value %s is not valid.",
    "5753": "The object with this id does not exist.",
    "5754": "The object does not exist, or its name is not valid.",
    "5767": "One or more parameters are not valid.",
    "5804": "The action failed because an object of the command does not exist.",
    "5895": "The group was not deleted because it holds FlashCopy mappings.",
    "5896": "The mapping was not deleted because it is being prepared.",
    "5897": "The mapping was not deleted because it is prepared.",
    "5898": "The mapping was not deleted because it is copying.",
    "5899": "The mapping was not deleted because it is stopped; the force flag is needed.",
    "5900": "The mapping was not deleted because it is suspended.",
    "5901": "The mapping or group was not prepared because it is being prepared already.",
    "5902": "The mapping or group was not prepared because it is prepared already.",
    "5903": "The mapping or group was not prepared because it is copying already.",
    "5904": "The mapping or group was not prepared because it is suspended.",
    "5905": "The mapping or group was not started because it is idle; prepare it first.",
    "5906": "The mapping or group was not started because it is still being prepared.",
    "5907": "The mapping or group was not started because it is copying already.",
    "5908": "The mapping or group was not started because it is stopped.",
    "5909": "The mapping or group was not started because it is suspended.",
    "5910": "The mapping or group was not stopped because it is idle.",
    "5911": "The mapping or group was not stopped because it is being prepared.",
    "5912": "The mapping or group was not stopped because it is stopped already.",
    "5913": "The properties were not changed because the mapping is being prepared.",
    "5914": "The properties were not changed because the mapping is prepared.",
    "5915": "The properties were not changed because the mapping is copying.",
    "5916": "The properties were not changed because the mapping is suspended.",
    "5920": "The mapping was not created because the consistency group is not idle.",
    "5921": "The mapping was not changed because the consistency group is not idle.",
    "5924": "The mapping was not created because source and target differ in size.",
    "6017": "A parameter holds characters that are not ASCII.",
    "6035": "The name exists already.",
    "6253": "The user's role is not authorised to run this command.",
    "6303": "Source and target are the same volume.",
    "6466": "A mapping of these volumes exists already.",
    "6527": "The name is not valid.",
    "9755": "The snapshot does not exist.",
    "7205": "The command is not supported here.",
}


class SvcError(Exception):
    """A refused command: one line on stderr, `CMMVCnnnnE` and a text; exit status 1."""

    def __init__(self, number: str, detail: str = "") -> None:
        text = TEXTS[number]
        super().__init__(f"CMMVC{number}E {text % detail if '%s' in text else text}")


@dataclass(frozen=True, slots=True)
class Call:
    """The parameters of a command (a flag's value is empty) and its objects."""

    values: Mapping[str, str]
    objects: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str, default: str = "") -> str:
        """A parameter's value, or the default."""
        return self.values.get(name, default)

    def number(self, name: str, lowest: int, highest: int, default: int) -> int:
        """A parameter that is a whole number in a range."""
        text = self.values.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 10 and lowest <= int(text) <= highest):
            raise SvcError("5767")
        return int(text)

    def object(self) -> str:
        """The one object that the command needs."""
        if not self.objects:
            raise SvcError("5701")
        return self.objects[0]


def call(words: Sequence[str], valued: Iterable[str] = (), flags: Iterable[str] = ()) -> Call:
    """Reads the words behind the command name; SvcError when they do not fit."""
    valued, flags = frozenset(valued), frozenset(flags)
    values: dict[str, str] = {}
    objects: list[str] = []
    rest = list(words)
    ended = False
    while rest:
        word = _checked(rest.pop(0))
        if ended or not word.startswith("-") or word == "-":
            objects.append(word)
            continue
        if word == "--":
            ended = True
            continue
        name, equals, value = word.partition("=")
        if name not in valued and name not in flags:
            raise SvcError("5709", name)
        if name in values:
            raise SvcError("5713")
        if name in flags:
            if equals:
                raise SvcError("5767")
            values[name] = ""
            continue
        if not equals:
            if not rest:
                raise SvcError("5707", name)
            value = _checked(rest.pop(0))
        values[name] = value
    if len(objects) > 1:
        raise SvcError("5709", objects[1])
    return Call(values, tuple(objects))


def _checked(word: str) -> str:
    if not word.isascii():
        raise SvcError("6017")
    # A filter may join several pairs; each of them has the limit.
    if any(len(part) > LONGEST_PARAMETER for part in word.split(":")):
        raise SvcError("5738")
    if word.count(":") >= LONGEST_LIST:
        raise SvcError("5703")
    return word


LIST_VALUED = ("-delim", "-filtervalue", "-unit")
LIST_FLAGS = ("-nohdr", "-bytes")


def list_call(words: Sequence[str], valued: Iterable[str] = (), flags: Iterable[str] = ()) -> Call:
    """A listing's parameters: what every listing takes and its own."""
    found = call(words, (*LIST_VALUED, *valued), (*LIST_FLAGS, *flags))
    if "-delim" in found and len(found.get("-delim")) != 1:
        raise SvcError("5767")
    if found.objects and "-filtervalue" in found:
        raise SvcError("5713")
    if found.get("-unit") not in ("", "b", "kb", "mb", "gb", "tb", "pb"):
        raise SvcError("5767")
    return found


Row = Mapping[str, str]


def filtered(rows: Sequence[Row], found: Call, columns: Sequence[str]) -> list[Row]:
    """The rows that fit -filtervalue (several joined by ':', `*` as wildcard)."""
    text = found.get("-filtervalue")
    if "-filtervalue" not in found:
        return list(rows)
    wanted: list[tuple[str, str]] = []
    for pair in text.split(":"):
        name, equals, value = pair.partition("=")
        if not equals or name not in columns or not value:
            raise SvcError("5741", pair)
        wanted.append((name, value.replace("[", "[[]").replace("?", "[?]")))
    return [row for row in rows if all(fnmatch.fnmatchcase(row[name], value) for name, value in wanted)]


def concise(rows: Sequence[Row], found: Call, columns: Sequence[str]) -> str:
    """A table: delimited and unpadded with -delim, else columns aligned with blanks; nothing for no rows."""
    rows = filtered(rows, found, columns)
    if not rows:
        return ""
    lines = [[row[name] for name in columns] for row in rows]
    if "-nohdr" not in found:
        lines.insert(0, list(columns))
    if "-delim" in found:
        return "".join(found.get("-delim").join(line) + "\n" for line in lines)
    widths = [max(len(line[n]) for line in lines) for n in range(len(columns))]
    padded = [
        " ".join(value.ljust(width) for value, width in zip(line, widths, strict=True)) for line in lines
    ]
    return "".join(line + "\n" for line in padded)


def detail(pairs: Iterable[tuple[str, str] | None], found: Call) -> str:
    """One `key value` a line; keys may repeat; None makes the empty line between sections."""
    delimiter = found.get("-delim", " ")
    if "-nohdr" in found:
        return "".join("\n" if pair is None else f"{pair[1]}\n" for pair in pairs)
    return "".join("\n" if pair is None else f"{pair[0]}{delimiter}{pair[1]}\n" for pair in pairs)


def capacity(size: int, found: Call) -> str:
    """A number of bytes: exact with -bytes, else with two decimals and a unit."""
    if "-bytes" in found or found.get("-unit") == "b":
        return str(size)
    fixed = found.get("-unit").upper()
    amount = float(size)
    for unit in ("KB", "MB", "GB", "TB", "PB"):
        amount /= 1024
        if unit == fixed or (not fixed and unit != "KB" and (amount < 1024 or unit == "PB")):
            return f"{amount:.2f}{unit}"
    raise AssertionError("every unit that is accepted is in the list")
