"""CL source files as text: encodings, fixed-length records, sequence numbers, limits.

UTF-8 and UTF-16 with or without a mark, Windows-1252, EBCDIC (recognised by its blanks and line ends),
and source members copied as records of 80, 92 or 112 bytes without line ends.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from pathlib import Path

LIMIT = 20 * 1024 * 1024
RECORDS = (92, 112, 80)
_SEQUENCE = re.compile(r"(?:\d{4}\.\d\d\s|\d{6}\s{6}|\d{12}|\d{6}(?=\s{6}))", re.ASCII)


class Unreadable(Exception):
    """A file that is no CL source; its text says why and what to do."""


def read_source(path: Path) -> str:
    """The text of a source file, with sequence numbers blanked.  Raises Unreadable."""
    return without_sequence_numbers(decode(read_bytes(path)))


def read_bytes(path: Path) -> bytes:
    """The bytes of a source file.  Raises Unreadable."""
    try:
        if path.is_dir():
            raise Unreadable("it is a folder without files named *.clle, *.clp, *.cl or *.cmd")
        size = path.stat().st_size
        if size > LIMIT:
            raise Unreadable(f"it has {size} bytes, more than the limit of {LIMIT}")
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as problem:
        raise Unreadable(f"{problem.strerror or problem}: check the name and the permissions") from problem
    if len(data) > LIMIT:
        raise Unreadable(f"it has more than the limit of {LIMIT} bytes")
    return data


def decode(data: bytes) -> str:
    """Text from the bytes of a source.  Raises Unreadable for what is no text."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if is_ebcdic(data):
        return _from_ebcdic(data)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if text.count("\0") > len(text) // 10:
        raise Unreadable("it holds binary data: a CL source as text is expected")
    return text if "\n" in text else _split(text.replace("\r", "\n"))


def decode_exactly(data: bytes) -> tuple[str, str]:
    """The text of a source with its line ends and its mark, and the encoding that makes it these bytes again.

    Raises Unreadable for what could not be written back as it was: EBCDIC, records, sequence numbers.
    """
    if is_ebcdic(data):
        raise Unreadable("it is EBCDIC: convert it to UTF-8 first, e.g. by CPYTOSTMF with STMFCCSID(1208)")
    marks = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    encodings = (marks[data[:2]],) if data[:2] in marks else ("utf-8", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise Unreadable("it holds binary data: a CL source as text is expected")
        if "\n" not in text and ("\r" in text or _split(text) != text):
            raise Unreadable("its records have no line ends: convert it to a text file with lines first")
        if without_sequence_numbers(text) != text:
            raise Unreadable("its lines begin with sequence numbers: remove them first")
        return text, encoding
    raise Unreadable("it is neither UTF-8 nor Windows-1252")


def is_ebcdic(data: bytes) -> bool:
    """Whether bytes are EBCDIC text: blanks are X'40', letters and digits X'C1' and up, few X'20'."""
    sample = data[:65536]
    counts = Counter(sample)
    blanks = counts[0x40]
    if len(sample) < 8 or not blanks or counts[0x20] * 10 >= blanks:
        return False
    high = sum(n for byte, n in counts.items() if 0x81 <= byte <= 0xF9)
    return high * 2 >= len(sample) - blanks


def _from_ebcdic(data: bytes) -> str:
    # X'25' is the line feed and X'15' the new line of EBCDIC; the codec gives other control characters.
    text = data.decode("cp037")
    text = text.replace("\x85", "\n")
    return text if "\n" in text else _split(text)


def _split(text: str) -> str:
    """Records without line ends as lines; text of another length stays what it is."""
    if "\n" in text:
        return text
    for size in RECORDS:
        if len(text) > size and len(text) % size == 0 and _looks_like_records(text, size):
            return "\n".join(text[i : i + size].rstrip() for i in range(0, len(text), size)) + "\n"
    return text


def _looks_like_records(text: str, size: int) -> bool:
    """Whether most records begin with a sequence number or end with a blank."""
    starts = range(0, len(text), size)
    good = 0
    for at in starts:
        record = text[at : at + size]
        good += record[:6].isdecimal() if size != 80 else record[-1:] == " "
    return good * 10 >= len(starts) * 8


def without_sequence_numbers(text: str) -> str:
    """The text with the sequence numbers (and dates) in front of its lines made blanks."""
    lines = text.split("\n")
    filled = [line for line in lines if line.strip()]
    numbered = sum(1 for line in filled if _SEQUENCE.match(line))
    if len(filled) < 2 or numbered * 10 < len(filled) * 9:
        return text
    return "\n".join(_SEQUENCE.sub(lambda m: " " * len(m[0]), line, count=1) for line in lines)
