"""The functions of Db2 that SQLite does not have, registered on each connection."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

FORM = "%Y-%m-%d-%H.%M.%S.%f"
_FORMATS = (
    ("YYYY", "%Y"),
    ("MM", "%m"),
    ("DD", "%d"),
    ("HH24", "%H"),
    ("MI", "%M"),
    ("SS", "%S"),
    ("NNNNNN", "%f"),
)

# Functions whose name or meaning differs from SQLite's; the others below are the same.
FUNCTIONS = {
    "CHAR": "FL_CHAR",
    "VARCHAR": "FL_VARCHAR",
    "SUBSTR": "FL_SUBSTR",
    "SUBSTRING": "FL_SUBSTR",
    "LENGTH": "LENGTH",
    "CHARACTER_LENGTH": "LENGTH",
    "CONCAT": "FL_CONCAT",
    "VALUE": "COALESCE",
    "IFNULL": "COALESCE",
    "NOW": "FL_NOW",
    "TIMESTAMP": "FL_TIMESTAMP",
    "DATE": "FL_DATE",
    "TIME": "FL_TIME",
    "STRIP": "TRIM",
    "UCASE": "UPPER",
    "LCASE": "LOWER",
    "POSSTR": "INSTR",
    "LOCATE": "FL_LOCATE",
    "DIGITS": "FL_DIGITS",
    "DAYS": "FL_DAYS",
    "MIDNIGHT_SECONDS": "FL_MIDNIGHT_SECONDS",
    "INTEGER": "FL_INTEGER",
    "INT": "FL_INTEGER",
    "BIGINT": "FL_INTEGER",
    "SMALLINT": "FL_INTEGER",
    "LEFT": "FL_LEFT",
    "RIGHT": "FL_RIGHT",
    "LPAD": "FL_LPAD",
    "RPAD": "FL_RPAD",
    "REPEAT": "FL_REPEAT",
    "VARCHAR_FORMAT": "FL_FORMAT",
    "TO_CHAR": "FL_FORMAT",
    "TIMESTAMP_FORMAT": "FL_TIMESTAMP",
    "TO_TIMESTAMP": "FL_TIMESTAMP",
}
SAME_FUNCTIONS = frozenset(
    [
        "COALESCE",
        "MAX",
        "MIN",
        "SUM",
        "AVG",
        "COUNT",
        "RTRIM",
        "LTRIM",
        "TRIM",
        "UPPER",
        "LOWER",
        "ABS",
        "ROUND",
        "REPLACE",
        "NULLIF",
        "HEX",
        "ROW_NUMBER",
        "RANK",
    ]
)


class Failed(Exception):
    """A value that a function does not take; SQLite reports it as an error of the function."""


def _text(value: Any) -> str:
    return (
        value
        if isinstance(value, str)
        else format(value, "f").rstrip("0").rstrip(".")
        if isinstance(value, float)
        else str(value)
    )


def char(value: Any, size: Any = None) -> str | None:
    """CHAR(x, n): cut or padded with blanks."""
    if value is None:
        return None
    text = _text(value)
    return text if size is None else text[: int(size)].ljust(int(size))


def varchar(value: Any, size: Any = None) -> str | None:
    """VARCHAR(x, n)."""
    if value is None:
        return None
    text = _text(value)
    return text if size is None else text[: int(size)]


def substr(value: Any, start: Any, length: Any = None) -> str | None:
    """SUBSTR(x, start, length)."""
    if value is None or start is None:
        return None
    text, first = _text(value), int(start) - 1
    if first < 0:
        raise Failed("SUBSTR starts before the string")
    return text[first:] if length is None else text[first : first + int(length)].ljust(0)


def parse(value: Any) -> datetime | None:
    """A timestamp in any of the forms that Db2 takes."""
    if value is None:
        return None
    digits = re.sub(r"\D", "", str(value))
    if len(digits) < 8:
        raise Failed(f"{value} is no timestamp")
    digits = digits[:20].ljust(14, "0")
    return datetime.strptime(digits[:14] + digits[14:].ljust(6, "0"), "%Y%m%d%H%M%S%f")


def timestamp(value: Any, *_format: Any) -> str | None:
    """TIMESTAMP(x)."""
    time = parse(value)
    return None if time is None else time.strftime(FORM)


def date(value: Any) -> str | None:
    """DATE(x)."""
    time = parse(value)
    return None if time is None else time.strftime("%Y-%m-%d")


def time_of_day(value: Any) -> str | None:
    """TIME(x)."""
    time = parse(value)
    return None if time is None else time.strftime("%H.%M.%S")


def days(value: Any) -> int | None:
    """DAYS(x): the number of days from 0001-01-01, which is 1."""
    time = parse(value)
    return None if time is None else time.toordinal()


def midnight_seconds(value: Any) -> int | None:
    """MIDNIGHT_SECONDS(x): seconds since the day began."""
    time = parse(value)
    return None if time is None else time.hour * 3600 + time.minute * 60 + time.second


def add(value: Any, number: Any, unit: str) -> str | None:
    """A timestamp plus or minus a labelled duration."""
    time = parse(value)
    if time is None or number is None:
        return None
    amount = int(number)
    if unit in ("YEAR", "MONTH"):
        months = time.year * 12 + time.month - 1 + amount * (12 if unit == "YEAR" else 1)
        year, month = divmod(months, 12)
        moved = time.replace(year=year, month=month + 1, day=min(time.day, _days(year, month + 1)))
    else:
        moved = time + timedelta(**{unit.lower() + "s": amount})
    return moved.strftime(FORM if len(str(value)) > 10 else "%Y-%m-%d")


def _days(year: int, month: int) -> int:
    following = datetime(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def formatted(value: Any, form: Any) -> str | None:
    """VARCHAR_FORMAT(timestamp, format)."""
    time = parse(value)
    if time is None or form is None:
        return None
    pattern = str(form)
    for name, directive in _FORMATS:
        pattern = pattern.replace(name, directive)
    return time.strftime(pattern)


def integer(value: Any) -> int | None:
    """INTEGER(x)."""
    return None if value is None else int(float(str(value).strip()))


def pad(value: Any, size: Any, fill: Any, left: bool) -> str | None:
    """LPAD and RPAD."""
    if value is None:
        return None
    text, width, with_ = _text(value), int(size), str(fill) or " "
    missing = (with_ * width)[: max(0, width - len(text))]
    return (missing + text if left else text + missing)[:width]


def concatenated(first: Any, second: Any) -> str | None:
    """CONCAT(a, b)."""
    return None if first is None or second is None else _text(first) + _text(second)


def digits(value: Any) -> str | None:
    """DIGITS(integer): ten digits."""
    return None if value is None else f"{abs(int(value)):010d}"


def register(
    connection: sqlite3.Connection,
    now: Callable[[], str],
    user: Callable[[], str],
    as_bytes: Callable[[str], bytes],
) -> None:
    """Make the functions known to a connection.

    `now` is the system's clock as a timestamp, `as_bytes` gives a text the code page of the job.
    """

    def current(kind: str = "TIMESTAMP") -> str:
        moment = now()
        return {"DATE": moment[:10], "TIME": moment[11:19]}.get(kind, moment)

    plain: dict[str, Callable[..., Any]] = {
        "FL_NOW": current,
        "FL_USER": user,
        "FL_SERVER": lambda: "*LOCAL",
        "FL_CHAR": char,
        "FL_VARCHAR": varchar,
        "FL_SUBSTR": substr,
        "FL_CONCAT": concatenated,
        "FL_TIMESTAMP": timestamp,
        "FL_DATE": date,
        "FL_TIME": time_of_day,
        "FL_DAYS": days,
        "FL_MIDNIGHT_SECONDS": midnight_seconds,
        "FL_ADD": add,
        "FL_FORMAT": formatted,
        "FL_INTEGER": integer,
        "FL_DIGITS": digits,
        # a text that is not cast to UTF-8 has the bytes of the job's code page
        "FL_HEX": lambda text: None if text is None else as_bytes(_text(text)).hex().upper(),
        "FL_LEFT": lambda text, size: None if text is None else _text(text)[: int(size)].ljust(int(size)),
        "FL_RIGHT": lambda text, size: (
            None if text is None else _text(text)[-int(size) :] if int(size) else ""
        ),
        "FL_LPAD": lambda text, size, fill=" ": pad(text, size, fill, True),
        "FL_RPAD": lambda text, size, fill=" ": pad(text, size, fill, False),
        "FL_REPEAT": lambda text, times: None if text is None else _text(text) * int(times),
        "FL_LOCATE": lambda what, text, start=1: (
            None if text is None else _text(text).find(str(what), int(start) - 1) + 1
        ),
    }
    for name, function in plain.items():
        connection.create_function(name, -1, function)
