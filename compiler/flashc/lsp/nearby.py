"""Specs on disk that include a file.

An `include` names a file in the folder of its own file or below, so what includes a file stands in that
file's folder or in one above it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath

from flashc.check.load import Reader, read_file
from flashc.syntax.source import decode

MAX_FOLDERS = 4
"""Folders that are looked at: the file's own, and those above it."""

MAX_ENTRIES = 2000
"""Entries of a folder that are looked at."""

MAX_SPECS = 200
"""Specs of a folder that are read."""

_INCLUDE = re.compile(r'^[^\S\n]*include[^\S\n]+"([^"\n]+)"', re.MULTILINE)


def includers(file: str, top: str | None = None, reader: Reader = read_file) -> tuple[str, ...]:
    """The specs on disk that name a file in an `include`; `top` is the uppermost folder that is looked at.

    What cannot be read includes nothing.
    """
    found = []
    for folder in islice(PurePath(file).parents, MAX_FOLDERS):
        for path in islice(_specs(folder), MAX_SPECS):
            if path != file and file in _included(path, folder, reader):
                found.append(path)
        if str(folder) == top:
            break
    return tuple(found)


def _specs(folder: PurePath) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            names = [
                e.name for e in islice(entries, MAX_ENTRIES) if e.name.endswith(".flash") and e.is_file()
            ]
    except OSError:
        return
    yield from (str(folder / name) for name in sorted(names))


def _included(path: str, folder: PurePath, reader: Reader) -> set[str]:
    """The files that a spec includes, as far as its text shows it without being parsed."""
    try:
        text, _ = decode(reader(path), path)
    except OSError:
        return set()
    return {str(folder / name) for name in _INCLUDE.findall(text or "")}
