"""The tables of wrong programs: bad/*.clle and *.cmd, several programs in a file.

A line `/*# name [strict] [release=V7R3M0] */` begins a program.  Behind a wrong line stands what is
expected there: `/*! CODE ... */` for errors, `/*? CODE ... */` for warnings.  The right lines that it is
replaced by follow as `/*= ... */`; without any it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BAD = Path(__file__).parent / "bad"
_HEAD = re.compile(r"/\*# (?P<name>[^*]*?)(?P<strict> strict)?(?: release=(?P<release>\w+))? \*/\n")
_MARK = re.compile(r"/?\*(?P<kind>[!?]) (?P<codes>(?:(?:C[A-Z]{1,2}|SQL|RN[FS]|LNC|QRY)[0-9A-F]{4} ?)+)")
_RIGHT = re.compile(r"/\*=(.*?) ?\*/\Z")


@dataclass(frozen=True)
class Case:
    """One wrong program of a table."""

    name: str
    text: str
    strict: bool
    release: str | None

    def expected(self) -> dict[int, list[str]]:
        """The codes beside the wrong lines, by line; those of warnings end with a question mark."""
        found: dict[int, list[str]] = {}
        for number, line in enumerate(self.text.splitlines(), 1):
            marks = [
                code + ("?" if mark["kind"] == "?" else "")
                for mark in _MARK.finditer(line)
                for code in mark["codes"].split()
            ]
            if marks:
                found[number] = sorted(marks)
        return found

    def codes(self) -> set[str]:
        """All codes that are expected somewhere."""
        return {code.rstrip("?") for codes in self.expected().values() for code in codes}

    def corrected(self) -> str:
        """The nearest right program: each wrong line replaced by the right ones under it."""
        lines = []
        for line in self.text.splitlines():
            right = _RIGHT.match(line)
            if right is not None:
                lines.append("    " + right[1])
            elif _MARK.search(line) is None:
                lines.append(line)
        return "\n".join(lines) + "\n"


def cases() -> list[Case]:
    """The programs of all tables."""
    files = sorted(f for f in BAD.iterdir() if f.suffix in (".clle", ".cmd"))
    return [case for file in files for case in _of(file)]


def _of(file: Path) -> Iterator[Case]:
    text = file.read_text(encoding="utf-8")
    heads = list(_HEAD.finditer(text))
    assert [h.start() for h in heads][:1] == [0], f"{file.name} begins with a line /*# name */"
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : following.start() if following is not None else None]
        yield Case(f"{file.stem}: {head['name']}", body, head["strict"] is not None, head["release"])
