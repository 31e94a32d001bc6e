"""The integrated file system of an image: stream files by their path, objects of /QSYS.LIB by theirs.

A path never leads out of the image's folder.  Errors are those of the IFS commands (CPFA0A9 ...).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from flashtwin.errors import Escape
from flashtwin.image import SystemImage

LONGEST_PATH = 5000
# A stream file that a command reads whole; more is a fault of the one who made it.
LARGEST_FILE = 256 * 1024 * 1024

UTF_8 = "1208"
PASE_CCSID = "819"
"""What a stream file is tagged with that a PASE program or sshd has made: docs/platform-facts.md#sshd."""

NO_SPACE = 3404
"""The error number ENOSPC of the system."""

_LIBRARY_PATH = re.compile(
    r"/QSYS\.LIB(?:/(?P<library>[^/]+)\.LIB)?/(?P<file>[^/]+)\.(?P<type>FILE|DEVD|DTAARA|SAVF)(?:/(?P<member>[^/]+)\.MBR)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a library, or one of its members, named by its path; member "" is the file itself."""

    library: str
    file: str
    member: str = ""


def not_found(path: str) -> Escape:
    """CPFA0A9."""
    return Escape("CPFA0A9", path, f"Object not found. Object is {path}.")


def member_of(path: str) -> Member:
    """The file that a /QSYS.LIB path names; CPFA0A9 when it is no such path."""
    found = _LIBRARY_PATH.fullmatch(path)
    if found is None:
        raise not_found(path)
    return Member(
        (found["library"] or "QSYS").upper(), found["file"].upper(), (found["member"] or "").upper()
    )


def is_library_path(path: str) -> bool:
    """Whether the path is one of /QSYS.LIB."""
    return path.upper().startswith("/QSYS.LIB/")


def host_path(image: SystemImage, path: str) -> Path:
    """Where a stream file lies on this machine.

    Names compare without regard to case, as in the root file system; `.` and `..` do not lead out.
    """
    if not path or len(path) > LONGEST_PATH or "\0" in path:
        raise Escape("CPFA0A7", path[:100], "Path name too long or not valid.")
    absolute = os.path.normpath("/" + path.lstrip("/"))
    place = str(image.ifs)
    if os.path.exists(place + absolute):
        return Path(place + absolute)
    folder, name = os.path.split(absolute)
    parts = absolute.strip("/").split("/")
    if os.path.isdir(place + folder):
        place, parts = (place + folder).rstrip("/"), [name]
    for part in parts:
        following = f"{place}/{part}"
        if not os.path.exists(following) and os.path.isdir(place):
            same = [one for one in sorted(os.listdir(place)) if one.lower() == part.lower()]
            following = f"{place}/{same[0]}" if same else following
        place = following
    return Path(place)


def existing_file(image: SystemImage, path: str) -> Path:
    """A stream file that must exist; CPFA0A9, CPFA0A3 for a directory."""
    place = host_path(image, path)
    if not place.exists():
        raise not_found(path)
    if not place.is_file():
        raise Escape("CPFA0A3", path, f"Path name resolution causes looping or {path} is no stream file.")
    return place


def read_bytes(image: SystemImage, path: str) -> bytes:
    """A whole stream file."""
    place = existing_file(image, path)
    if place.stat().st_size > LARGEST_FILE:
        raise Escape("CPFA095", path, f"Object {path} not copied: it is larger than the twin reads.")
    return place.read_bytes()


def read_text(image: SystemImage, path: str) -> str:
    """A stream file of UTF-8 (or ASCII) text; a byte order mark is dropped."""
    try:
        return read_bytes(image, path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Escape("CPFA097", path, f"Object {path} not copied: conversion error.") from None


def need_room(image: SystemImage, path: str) -> None:
    """CPFA0D4 where no stream file can grow (docs/platform-facts.md#storage-used-up)."""
    if image.ifs_full:
        raise Escape("CPFA0D4", path, f"File system error occurred. Error number {NO_SPACE}.")


def write_bytes(image: SystemImage, path: str, data: bytes, *, replace: bool, append: bool = False) -> None:
    """Write a stream file; CPFA0A0 when it exists and may not be replaced, CPFA0A9 without its directory."""
    place = host_path(image, path)
    if not place.parent.is_dir():
        raise not_found(path)
    if place.is_dir():
        raise Escape("CPFA0A3", path, f"Object {path} is a directory.")
    if place.exists() and not (replace or append):
        raise Escape("CPFA0A0", path, f"Object already exists. Object is {path}.")
    need_room(image, path)
    with place.open("ab" if append else "wb") as file:
        file.write(data)


def _tags(image: SystemImage) -> dict[str, str]:
    known: dict[str, str] = image.products.setdefault("ccsid", {})
    return known


def tag(image: SystemImage, path: str, ccsid: str) -> None:
    """Say in which CCSID a stream file is."""
    _tags(image)[os.path.normpath(path)] = ccsid.lstrip("0")


def ccsid_of(image: SystemImage, path: str) -> str:
    """The CCSID that a stream file is tagged with."""
    return _tags(image).get(os.path.normpath(path), PASE_CCSID)


def owners(image: SystemImage) -> dict[str, str]:
    """Owners by path: of folders made over SFTP, and those set by CHGOWN."""
    known: dict[str, str] = image.products.setdefault("ifs_owners", {})
    return known


def is_closed_to(image: SystemImage, user: str, path: str) -> bool:
    """Whether a folder on the way to a path belongs to somebody else and lets nobody else in.

    Adopted authority does not count here (docs/platform-facts.md#authority), so the user alone is asked.
    """
    profile = image.users.get(user)
    if profile is not None and "*ALLOBJ" in profile.authorities:
        return False
    absolute = os.path.normpath("/" + path.lstrip("/"))
    for folder, owner in owners(image).items():
        if owner == user or not (absolute == folder or absolute.startswith(f"{folder}/")):
            continue
        place = host_path(image, folder)
        if place.is_dir() and not place.stat().st_mode & 0o077:
            return True
    return False
