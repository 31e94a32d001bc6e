"""The result of a call: the record that CL reads, the line for people, the document for tools.

The record is one line of 512 7-bit characters and a line feed, written to a temporary name and renamed, so
that a reader sees all of it or nothing:

    1-2  exit status   3-12 word   13-20 reference code   21-30 extra1   31-40 extra2   41-512 text
"""

from __future__ import annotations

import json
import os
from contextvars import ContextVar
from typing import Any, NamedTuple

from flashrt.status import CONFIG, OK, SidecarError

RECORD_LENGTH = 512

SHORTEST_SECRET = 8
"""A shorter text would be found in names and numbers that are none."""

_SECRETS: ContextVar[tuple[str, ...]] = ContextVar("secrets")
"""What logs this call in somewhere: passwords and tokens that it has read or was given."""


class Result(NamedTuple):
    """What a verb found or did."""

    text: str
    word: str = "OK"
    status: int = OK
    refcode: str = ""
    extra1: str = ""
    extra2: str = ""
    details: dict[str, Any] | None = None


def forget_secrets() -> None:
    """A call begins: it knows no secret yet."""
    _SECRETS.set(())


def keep_secret(text: str) -> None:
    """From now on no text of this call shows this password or token, whoever quotes it."""
    known = _SECRETS.get(())
    if len(text) >= SHORTEST_SECRET and text not in known:
        _SECRETS.set((*known, text))


def without_secrets(text: str) -> str:
    """A text in which a device may quote what we have sent, without the secrets of this call."""
    for secret in _SECRETS.get(()):
        text = text.replace(secret, "***")
    return text


def plain(text: str) -> str:
    """A text on one line in printable 7-bit characters: CL, EBCDIC and the job log can show nothing else.

    Without the secrets of this call.
    """
    shown = without_secrets(text)
    if shown.isascii() and shown.isprintable():
        return " ".join(shown.split())
    return " ".join("".join(c if " " <= c <= "~" else "?" if c > "~" else " " for c in shown).split())


def record(result: Result) -> str:
    """The record of a result."""
    columns = [
        f"{result.status:02d}",
        f"{plain(result.word)[:10]:<10}",
        f"{plain(result.refcode)[:8]:<8}",
        f"{plain(result.extra1)[:10]:<10}",
        f"{plain(result.extra2)[:10]:<10}",
        plain(result.text)[: RECORD_LENGTH - 40],
    ]
    return "".join(columns).ljust(RECORD_LENGTH) + "\n"


def write_record(path: str, result: Result) -> None:
    """Write the record to a file, all at once."""
    write_file(path, record(result).encode("ascii"), 0o660)


def write_file(path: str, data: bytes, mode: int) -> None:
    """Write a file under a temporary name, make it durable, rename it."""
    temporary = f"{path}.tmp"
    try:
        descriptor = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), mode
        )
        with os.fdopen(descriptor, "wb") as file:
            os.chmod(temporary, mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise SidecarError(
            CONFIG, f"The file {path} cannot be written: {error.strerror}. Check its folder and authorities."
        ) from error


def document(result: Result) -> str:
    """The result as JSON."""
    facts: dict[str, Any] = {
        "status": result.status,
        "word": result.word,
        "refcode": result.refcode,
        "extra1": result.extra1,
        "extra2": result.extra2,
        "text": result.text,
    }
    if result.details is not None:
        facts["details"] = result.details
    return without_secrets(json.dumps(facts, indent=2, sort_keys=True))
