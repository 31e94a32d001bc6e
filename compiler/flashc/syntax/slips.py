"""How a word of others was meant: 8pm, mon-fri, V7R4M0, 1h30m, `//` for a comment, `schedule` for `every`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence, Set

from lark import Token

_COMMENT = re.compile(r"//|/\*|--")
_QUOTES = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a'`\u00b4"
_TIME = re.compile(r"([0-9]{1,2})(?:[.:hH]?([0-9]{2})|[hH])?([aApP][mM]|[hH])?")
_VERSION = re.compile(r"[vV]?([0-9])[rR.]([0-9])(?:[mM.]?[0-9])?")
_SERIAL = re.compile(r"[0-9A-Z]{5,10}")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_MIXED = re.compile(r"([0-9]{1,4})([dhm])([0-9]{1,2})([hms]?)")
_DECIMAL = re.compile(r"([0-9]{1,4})[.,]([0-9]{1,2})([dhm])")
_DAY = r"(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?"
_DAYS = re.compile(rf"{_DAY}(?:-{_DAY})?", re.IGNORECASE)
_JOB = re.compile(r"[0-9]{6}/([A-Z$#@][A-Z0-9$#@_.]*/[A-Z$#@][A-Z0-9$#@_.]*)")
_MERGE = re.compile(r"<{7}|={7}|>{7}")
_DEVICES = ("tape", "device", "dev", "tapedrive", "unit")
_ENDS = ("LBRACE", "RBRACE", "STRING", "UNCLOSED", "LIMIT", "$END")
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKEND = ("weekend", "weekends")
_COUNTED = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth"}
_SMALLER = {"d": ("h", 24), "h": ("m", 60), "m": ("s", 60)}

_STATEMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "file": {
        "array": ("storage", "san", "flashsystem"),
        "console": ("hmc",),
        "clone": ("partition", "lpar", "target"),
        "environment": ("job", "plan", "schedule", "backup", "every"),
        "include": ("import", "use"),
        "mail": ("email", "smtp", "notify"),
        "system": ("source", "production"),
    },
    "system": {
        "host": ("address", "hostname", "ip", "name", "profile", "user"),
        "identity": ("lpar", "model", "partition", "serial"),
        "independent": ("asp", "iasp"),
        "release": ("os", "version"),
    },
    "clone": {
        "disks": ("array", "copy", "group", "source", "storage"),
        "link": ("address", "host", "interface", "ip", "line"),
        "network": ("isolate", "isolated"),
        "partition": ("console", "hmc", "id", "lpar", "profile", "server"),
        "previous": ("end", "shutdown", "stop"),
        "volumes": ("vios",),
    },
    "environment": {
        "around": ("end", "hold", "stop", "vary"),
        "afterwards": ("cleanup", "finally", "maintenance"),
        "boot": ("ipl",),
        "before": ("check", "pre", "prepare"),
        "every": ("at", "cron", "daily", "date", "days", "schedule", "start", "time", "weekly", "when"),
        "keep": ("retain", "retention"),
        "mail": ("alert", "email", "notify", "report"),
        "on": ("backup", "brms", "clone", "save", "work"),
        "quiesce": ("chgaspact", "freeze", "suspend"),
    },
}
"""By block, what a statement's first word is called elsewhere."""


_SHOWN_AS = {"Ñ": "#", "Æ": "#", "Ä": "#", "Å": "$", "Ø": "@", "Ö": "@", "§": "@", "à": "@"}
"""What displays of other countries show in names: docs/platform-facts.md#names-in-other-code-pages"""

_POUND = "\xa3"
"""The pound sign, which is one or the other."""


_LETTERS = "A name has only A to Z, 0 to 9, `$`, `@`, `#`, `_` and `.`, and begins with no digit."
_NAME = re.compile(r"[A-Z$@][A-Z0-9$@#_.]*\Z")

UNDOING = frozenset({"activate", "release", "resume", "restart", "rls", "start", "str"})
"""How others begin a line that takes back what a block `around flash` does."""


def statement(block: str, word: str) -> str:
    """The first word of the statement that a word of others means in a block; "" for none that is known."""
    known = _STATEMENTS.get(block, {}).items()
    return next((first for first, others in known if word.lower() in others), "")


def meant(tokens: Sequence[Token], index: int, accepted: Set[str], words: Collection[str] = ()) -> str | None:
    """Help for the word that cannot stand at an index, where it was probably one of the `accepted` terminals.

    `words` are those of the language that could stand there.  The last token of a text is its end.
    """
    before = tokens[index - 1].type if index else ""
    written = _written(tokens, index)
    if stray := _stray(tokens, index):
        return stray
    if "STRING" in accepted and any(quote in written for quote in _QUOTES):
        return f'A text stands in straight quotes: `"{_between_quotes(tokens, index).strip(_QUOTES)}"`.'
    if tokens[index].type == "STRING" and "NAME" in accepted:
        name = written[1:-1].upper()
        return f"A name of IBM i stands without quotes: `{name}`." if _NAME.match(name) else _LETTERS
    if tokens[index].type == "JUNK" and "NAME" in accepted and "CODE" not in accepted:
        shown = sorted(_SHOWN_AS.keys() & set(written))
        meant = "".join(_SHOWN_AS.get(one, one) for one in written)
        if _POUND in written:
            british, others = meant.replace(_POUND, "$"), meant.replace(_POUND, "#")
            return (
                f"{_LETTERS} `{_POUND}` is what British displays show for `$`, French and Italian ones for "
                f"`#`: write `{british}` or `{others}`."
            )
        return (
            f"{_LETTERS} Where displays show `{'`, `'.join(shown)}` in a name, write `{meant}`."
            if shown
            else _LETTERS
        )
    value = None
    if written.lstrip("*").lower() in words:
        value = written.lstrip("*").lower()
    elif "MON" in accepted:
        value = _days(written) or _COUNTED.get(written.lower())
    elif {"LIBRARY", "DRIVE"} <= accepted and (tokens[index].type == "NAME" or written in _DEVICES):
        name = written if tokens[index].type == "NAME" else "TAP01"
        return f"Say what it is: `library {name}` or `drive {name}`."
    elif "DATE" in accepted:
        value = _date(written)
    elif "TIME" in accepted:
        value = _time(written)
    elif "SPECIAL" in accepted and tokens[index].type == "NAME":
        value = f"*{written}"
    elif before == "TIME" and (time := _time(tokens[index - 1] + written)):
        return f"Hours are counted from 0 to 23: {time}."
    elif before == "JOB" and (job := _JOB.fullmatch(written)):
        value = job[1]
    elif "VERSION" in accepted:
        value = _version(written)
    elif "CODE" in accepted and _SERIAL.fullmatch(written.upper()):
        value = written.upper()
    return f"Write it as `{value}`." if value else None


_LIMIT = re.compile(r"\b[0-9]+([smhd])\b")


def usual_unit(sample: str | None) -> str:
    """The unit of the limit in a statement's example; seconds where there is none."""
    found = _LIMIT.search(sample or "")
    return found[1] if found else "s"


def limit(tokens: Sequence[Token], index: int, usual: str) -> str:
    """Help for the word at an index that was to be a time limit; `usual` is the unit where it has none."""
    written = _written(tokens, index)
    if stray := _stray(tokens, index):
        return stray
    if mixed := _MIXED.fullmatch(written):
        smaller, times = _SMALLER[mixed[2]]
        if mixed[4] in ("", smaller):
            return f"A limit has one unit: `{times * int(mixed[1]) + int(mixed[3])}{smaller}`."
    if (decimal := _DECIMAL.fullmatch(written)) and (whole := _in_smaller_unit(*decimal.groups())):
        return f"A limit is a whole number: `{whole}`."
    if clock := _CLOCK.fullmatch(written):
        minutes = 60 * int(clock[1]) + int(clock[2])
        return f"Write it as `{minutes // 60}h`." if minutes % 60 == 0 else f"Write it as `{minutes}m`."
    digits = written[: len(written) - len(written.lstrip("0123456789"))]
    if not digits:
        return "A limit is a number and a unit: s, m, h or d."
    behind = tokens[index + 1]
    unit = written[len(digits) :] or (
        behind if behind.type == "WORD" and behind.line == tokens[index].line else ""
    )
    if unit.lower().startswith(("ms", "mil")):
        return f"The smallest unit is a second: `{max(1, round(int(digits) / 1000))}s`."
    letter = unit[:1].lower() if unit[:1].lower() in ("s", "m", "h", "d") else ""
    return f"Give the unit: `{digits}{letter or usual}` (s, m, h or d)."


def _stray(tokens: Sequence[Token], index: int) -> str | None:
    """Help for signs at an index that stand nowhere in a spec, or not so, whatever was to stand there."""
    written = _written(tokens, index)
    if _MERGE.fullmatch(written):
        return "A merge left it: keep one of both texts, and remove the three marks."
    if _COMMENT.match(written):
        return "A comment begins with `#`."
    if written in ("=", ":"):
        return f"Remove the `{written}`: a value stands behind its word."
    before = tokens[index - 1] if index else tokens[index]
    touches = before.type == "STRING" and before.end_pos == tokens[index].start_pos
    if touches and (written[0].isalnum() or written[0] in "*&/"):
        return 'A quote inside a text is doubled: `""`.'
    if written.endswith(";"):
        return "Remove the `;`: a statement ends without it."
    return None


def _written(tokens: Sequence[Token], index: int) -> str:
    """The word at an index with the words that stand behind it without a blank."""
    end = index + 1
    while tokens[end - 1].type != "$END" and tokens[end].start_pos == tokens[end - 1].end_pos:
        end += 1
    return "".join(tokens[index:end])


def _between_quotes(tokens: Sequence[Token], index: int) -> str:
    """The words of a line from an index on, up to one that ends with a quote of any kind.

    Without such a word, what stands at the index alone.
    """
    for end in range(index + 1, len(tokens)):
        if tokens[end - 1][-1:] in (*_QUOTES, '"'):
            return _with_blanks(tokens[index:end])
        if tokens[end].line != tokens[index].line:
            break
    return _written(tokens, index)


def in_quotes(tokens: Sequence[Token], index: int, words: Set[str]) -> str:
    """What was to stand in quotes from an index on: a word with what stands behind it without a blank.

    Of a CL command (behind `run`, `undo`, `by`) all up to the next one of the language's `words`.
    """
    end = index + 1
    command = index > 0 and tokens[index - 1].type in ("RUN", "UNDO", "BY")
    while tokens[end].type not in (*_ENDS, *words):
        joined = tokens[end].start_pos == tokens[end - 1].end_pos
        if not (joined or (command and tokens[end].line == tokens[index].line)):
            break
        end += 1
    return _with_blanks(tokens[index:end])


def _with_blanks(tokens: Sequence[Token]) -> str:
    """Tokens as they were written, with one blank where there were some."""
    gaps = (a.end_pos != b.start_pos for a, b in itertools.pairwise(tokens))
    return str(tokens[0]) + "".join(
        f"{' ' if gap else ''}{token}" for gap, token in zip(gaps, tokens[1:], strict=True)
    )


def _date(written: str) -> str | None:
    """A date that is written in another order; none where day and month may be meant either way."""
    if found := re.fullmatch(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})", written):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"([0-9]{1,2})([./])([0-9]{1,2})[./]([0-9]{4})", written):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] == "/":
            if day <= 12 and month <= 12 and day != month:
                return None
            if month > 12:
                day, month = month, day
    else:
        return None
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _time(written: str) -> str | None:
    found = _TIME.fullmatch(written)
    if found is None or (found[2] is None and found[3] is None and not written.lower().endswith("h")):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour}:{minute:02d}" if hour < 24 and minute < 60 else None


def _days(written: str) -> str | None:
    """A day, the weekend, or the days from one to another, which are named one by one."""
    if written.lower() in _WEEKEND:
        return "sat sun"
    found = _DAYS.fullmatch(written)
    if found is None:
        return None
    first, last = (_WEEK.index(day.lower()) for day in (found[1], found[2] or found[1]))
    days = [_WEEK[n % 7] for n in range(first, last + 1 if first <= last else last + 8)]
    return "weekday" if days == list(_WEEK[:5]) else "day" if len(days) == 7 else " ".join(days)


def _version(written: str) -> str | None:
    found = _VERSION.fullmatch(written)
    return f"{found[1]}.{found[2]}" if found else None


def _in_smaller_unit(whole: str, part: str, unit: str) -> str | None:
    smaller, times = _SMALLER[unit]
    total, rest = divmod(int(whole + part) * times, 10 ** len(part))
    return None if rest else f"{total}{smaller}"
