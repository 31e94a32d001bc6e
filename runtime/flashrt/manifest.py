"""The manifest of a delivery: which files, how large, with what SHA-256; and reading one that may be hostile.

A final delivery is described by `manifest.json`, which arrives last; what is sent before a long save is
described by `early.json`.  JSON: {"version": 1, "run", "stage", "packed_at", "files": [{"name", "size",
"sha256"}, ...]}; `packed_at` is epoch seconds of the clone's clock.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from typing import NamedTuple

from flashrt.config import LimitsConf
from flashrt.status import BADDELIVERY, NOTYET, SidecarError

FINAL = "manifest.json"
EARLY = "early.json"
VERSION = 1
"""The format that is written and read; another one comes from another version of the product."""
MANIFEST_LIMIT = 16 * 1024 * 1024
BLOCK = 1024 * 1024
MOST_DIGITS = 30
LAST_TIME = 253402300799

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")


class Entry(NamedTuple):
    """A file of a delivery."""

    name: str
    size: int
    sha256: str


class Manifest(NamedTuple):
    """A delivery as it was packed."""

    run: str
    stage: str
    packed_at: float
    files: tuple[Entry, ...]

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(entry.size for entry in self.files)


def file_name(stage: str) -> str:
    """The manifest's name for a stage."""
    return FINAL if stage == "final" else EARLY


def encode(manifest: Manifest) -> bytes:
    """The manifest's file."""
    facts = {
        "version": VERSION,
        "run": manifest.run,
        "stage": manifest.stage,
        "packed_at": manifest.packed_at,
        "files": [entry._asdict() for entry in manifest.files],
    }
    return (json.dumps(facts, indent=1, sort_keys=True) + "\n").encode("ascii")


def read_manifest(path: str, run: str, limits: LimitsConf) -> Manifest:
    """Read and check a manifest.  NOTYET if there is none, BADDELIVERY if it is wrong in any way."""
    if not os.path.lexists(path):
        raise SidecarError(NOTYET, f"There is no {os.path.basename(path)} of run {run} yet.", "NOTYET")
    _plain_file(path, os.path.basename(path))
    with open(path, "rb") as file:
        data = file.read(MANIFEST_LIMIT + 1)
    if len(data) > MANIFEST_LIMIT:
        raise bad(run, f"its manifest has more than {MANIFEST_LIMIT} bytes")
    try:
        facts = json.loads(data.decode("ascii"), parse_int=_integer, parse_constant=_no_number)
        if facts["version"] != VERSION:
            raise another_version(run, facts["version"])
        manifest = Manifest(
            str(facts["run"]),
            str(facts["stage"]),
            _time(facts["packed_at"]),
            tuple(_entry(run, entry) for entry in facts["files"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise bad(run, f"its manifest cannot be read ({type(error).__name__})") from error
    if manifest.run != run:
        raise bad(run, f"its manifest is of run {manifest.run[:20]!r}")
    names = [entry.name for entry in manifest.files]
    if len(set(names)) != len(names):
        raise bad(run, "its manifest names a file twice")
    check_limits(manifest, limits)
    return manifest


def check_limits(manifest: Manifest, limits: LimitsConf) -> None:
    """BADDELIVERY if there are too many files or bytes."""
    if len(manifest.files) > limits.delivery_files:
        raise bad(manifest.run, f"it has {len(manifest.files)} files, the limit is {limits.delivery_files}")
    if manifest.bytes > limits.delivery_bytes:
        raise bad(manifest.run, f"it has {manifest.bytes} bytes, the limit is {limits.delivery_bytes}")


def check_name(run: str, name: str) -> None:
    """BADDELIVERY unless a name is a plain file name of ours to carry."""
    if not _NAME.match(name) or name in (FINAL, EARLY) or name.endswith((".part", ".tmp")):
        raise bad(run, f"the file name {name[:40]!r} is not allowed")


def check_file(folder: str, run: str, entry: Entry, content: bool) -> None:
    """BADDELIVERY unless the file is there, plain, of the right size and (with `content`) the right hash."""
    path = os.path.join(folder, entry.name)
    found = _plain_file(path, entry.name)
    if found.st_size != entry.size:
        raise bad(run, f"{entry.name} has {found.st_size} bytes, the manifest says {entry.size}")
    if content and digest(path) != entry.sha256:
        # What is there with the right size is not sent again.
        raise bad(run, f"{entry.name} is not what was sent: its SHA-256 differs; remove it from the inbox")


def digest(path: str) -> str:
    """SHA-256 of a file."""
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            block = file.read(BLOCK)
            if not block:
                return sha.hexdigest()
            sha.update(block)


def bad(run: str, why: str) -> SidecarError:
    """The error of a delivery that is not taken."""
    return SidecarError(
        BADDELIVERY, f"The delivery of run {run} is not taken: {why}. Have it sent again.", "BADDELIVER"
    )


def another_version(run: str, found: object) -> SidecarError:
    """The error of a delivery of a clone whose copy has another version of the product."""
    return SidecarError(
        BADDELIVERY,
        f"The delivery of run {run} is not taken: it has format {str(found)[:10]}, and this side reads "
        f"{VERSION}. The clone's copy has another version of flashc than production; nothing was taken over.",
        "BADDELIVER",
    )


def _plain_file(path: str, name: str) -> os.stat_result:
    try:
        found = os.lstat(path)
    except OSError as error:
        raise SidecarError(
            BADDELIVERY, f"The delivery lacks {name}. Have it sent again.", "BADDELIVER"
        ) from error
    if not stat.S_ISREG(found.st_mode):
        raise SidecarError(
            BADDELIVERY, f"{name} in the delivery is not a plain file. See who wrote to the inbox."
        )
    return found


def _integer(digits: str) -> int:
    """Python needs the square of the digits' number to read them; older ones have no limit of their own."""
    if len(digits) > MOST_DIGITS:
        raise ValueError("digits")
    return int(digits)


def _no_number(name: str) -> float:
    raise ValueError(name)


def _time(value: object) -> float:
    """Epoch seconds up to the end of the year 9999, which everything that shows a time can show."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= LAST_TIME:
        raise ValueError("time")
    return float(value)


def _entry(run: str, facts: object) -> Entry:
    if not isinstance(facts, dict):
        raise TypeError("no object")
    name, size, sha256 = facts["name"], facts["size"], facts["sha256"]
    if not isinstance(name, str) or not isinstance(sha256, str) or not _HASH.match(sha256):
        raise ValueError("name or hash")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise ValueError("size")
    check_name(run, name)
    return Entry(name, size, sha256)
