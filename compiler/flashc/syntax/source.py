"""Source texts: from the bytes of a file to the text whose lines and columns the diagnostics count."""

from __future__ import annotations

import codecs
import re

from flashc.diag import Diagnostic, Span

MAX_BYTES = 4_000_000
"""Largest spec that is read.  A thousand environments are about 0.7 MB."""

# Characters that str.splitlines() takes for line ends but no editor shows as such.
_OTHER_LINE_ENDS = re.compile("[\v\f\x1c\x1d\x1e\x85\u2028\u2029]")


def normalise(text: str) -> str:
    """The text with `\\n` line ends, without byte order mark.  Idempotent; keeps lines and columns."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _OTHER_LINE_ENDS.sub(" ", text)


def decode(data: bytes, file: str) -> tuple[str | None, list[Diagnostic]]:
    """The text of a file's bytes, or the reason why it has none: too large, or not UTF-8."""
    start = Span(file, 1, 1, 1, 1)
    if len(data) > MAX_BYTES:
        message = f"the file has more than {MAX_BYTES // 1_000_000} MB and is not read"
        return None, [
            Diagnostic("FL1009", "error", message, start, "A spec is a short text: is this the right file?")
        ]
    if _is_utf16(data):
        message = "the file is UTF-16 (`Unicode` of Windows), not UTF-8"
        return None, [Diagnostic("FL1012", "error", message, start, "Save the file with the encoding UTF-8.")]
    try:
        return normalise(data.decode("utf-8")), []
    except UnicodeDecodeError as error:
        before = normalise(data[: error.start].decode("utf-8"))
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        message = f"the file is not UTF-8: byte {data[error.start]:#04x} at offset {error.start}"
        span = Span(file, line, column, line, column + 1)
        return None, [Diagnostic("FL1012", "error", message, span, "Save the file with the encoding UTF-8.")]


def shown(data: bytes) -> str:
    """A file's text as well as it can be shown beside a message."""
    return normalise(data.decode("utf-16" if _is_utf16(data) else "utf-8", "replace"))


def _is_utf16(data: bytes) -> bool:
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
