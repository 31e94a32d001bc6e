"""What a partition of another country does otherwise: code pages of jobs, the decimal comma, the date.

A program's literals have the bytes of CCSID 37, in which the twin keeps the characters of CL; whoever reads
them on the system takes them for characters of the job: docs/platform-facts.md#job-code-pages,
docs/platform-facts.md#decimal-comma, docs/platform-facts.md#date-literals.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from flashc.cl.codepages import CCSIDS, decode, encode

from flashtwin.db2_tokens import not_valid
from flashtwin.errors import TwinError
from flashtwin.values import from_ebcdic, to_ebcdic

if TYPE_CHECKING:
    from flashtwin.image import SystemImage

HEX = 65535
"""CCSID(*HEX): a job without a code page of its own."""

PROGRAM = 37
"""The code page of what a program has in it, as the product's programs are compiled."""

_DEFAULTS = {
    "CAT": 284, "DAN": 277, "DES": 500, "DEU": 273, "ENB": 500, "ENG": 285, "ENP": 37, "ENU": 37, "ESP": 284,
    "FIN": 278, "FRA": 297, "FRB": 500, "FRS": 500, "HUN": 870, "ISL": 871, "ITA": 280, "ITS": 500,
    "JPN": 5026, "NLB": 500, "NLD": 37, "NON": 277, "NOR": 277, "PLK": 870, "PTB": 37, "PTG": 37, "RUS": 1025,
    "SVE": 278, "TRK": 1026,
}  # fmt: skip
"""DFTCCSID by QLANGID; of two for Japanese the one with small letters elsewhere."""
_SUBSTITUTE = b"\x3f"
# What no statement of SQL has to be looked into for: strings, names in quotes, comments.
_APART = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/)""", re.DOTALL)
_WITH_COMMA = re.compile(r"(?<![\w#@$])(\d*),(\d+)")
_NOT_VALID = re.compile(r"(?<![\w#@$])(\d+\.\d*|\.\d+|\d+,(?=\S))")


def job_ccsid(image: SystemImage, user: str) -> int:
    """The CCSID that a job of this user begins with: his profile's, else QCCSID."""
    profile = image.users.get(user)
    named = profile.ccsid if profile is not None else "*SYSVAL"
    return _number(image.system_values.get("QCCSID", str(HEX)) if named == "*SYSVAL" else named)


def named_ccsid(image: SystemImage, user: str, current: int, value: str) -> int:
    """What CCSID of SBMJOB or CHGJOB names, for a job of this user that has `current`."""
    if value in ("*CURRENT", "*SAME"):
        return current
    if value == "*USRPRF":
        return job_ccsid(image, user)
    return _number(image.system_values.get("QCCSID", str(HEX)) if value == "*SYSVAL" else value)


def _number(value: str) -> int:
    ccsid = HEX if value == "*HEX" else int(value)
    if ccsid != HEX and ccsid not in CCSIDS:
        raise TwinError(f"the twin does not know the code page of CCSID {ccsid}")
    return ccsid


def default_ccsid(image: SystemImage, ccsid: int) -> int:
    """DFTCCSID of a job that has this CCSID."""
    if ccsid != HEX:
        return ccsid
    language = image.system_values.get("QLANGID", "ENU")
    if language not in _DEFAULTS:
        raise TwinError(f"the twin does not know the default CCSID of language {language}")
    return _DEFAULTS[language]


def as_read(text: str, ccsid: int) -> str:
    """Text of a program as the system takes it in a job whose (default) CCSID this is."""
    return text if ccsid == PROGRAM else decode(to_ebcdic(text), ccsid)


def as_stored(text: str, ccsid: int) -> str:
    """Text that the system has converted to this CCSID, as a program sees its bytes."""
    return text if ccsid == PROGRAM else from_ebcdic(b"".join(_byte(one, ccsid) for one in text))


@lru_cache(maxsize=4096)
def _byte(character: str, ccsid: int) -> bytes:
    try:
        return encode(character, ccsid)
    except ValueError:
        return _SUBSTITUTE


def decimal_text(text: str, decimal_format: str) -> str:
    """A number as %CHAR gives it (with a period, without a zero before it), by QDECFMT."""
    if "." not in text or decimal_format not in ("I", "J"):
        return text
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    zero = "0" if decimal_format == "J" and digits.startswith(".") else ""
    return f"{sign}{zero}{digits.replace('.', ',')}"


def date_read(text: str, form: str) -> date:
    """A date as a command takes it, in a job's date format (*DMY, *MDY, *YMD, *JUL), with or without
    separators, its year with two or four digits; ValueError: it is none."""
    digits = "".join(one for one in text if one.isdigit())
    order = form.lstrip("*")
    short, year = (5, "%y") if order == "JUL" else (6, "%y")
    if len(digits) not in (short, short + 2):
        raise ValueError(text)
    if len(digits) > short:
        year = "%Y"
    parts = {"D": "%d", "M": "%m", "Y": year, "J": year, "U": "%j", "L": ""}
    found = datetime.strptime(digits, "".join(parts[letter] for letter in order)).date()
    # Two digits are of 1940 to 2039
    return found.replace(year=found.year - 100) if year == "%y" and found.year > 2039 else found


def with_period(sql: str) -> str:
    """A statement whose decimal point is the comma as one whose is the period; SQL0104 for a period, and for
    a comma behind a number that no blank follows."""
    parts = _APART.split(sql)
    for place in range(0, len(parts), 2):
        wrong = _NOT_VALID.search(_WITH_COMMA.sub("0", parts[place]))
        if wrong is not None:
            raise not_valid(wrong[0])
        parts[place] = _WITH_COMMA.sub(r"\1.\2", parts[place])
    return "".join(parts)
