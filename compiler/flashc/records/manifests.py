"""The manifests of a delivery, read as what somebody else has sent."""

from __future__ import annotations

import json
import re

from flashc.deploy.errors import DeployError
from flashc.records.model import Delivered

MANIFEST_LIMIT = 16 * 1024 * 1024
MANIFESTS = (("early.json", "early"), ("manifest.json", "final"))
"""The manifests of a delivery, and what each is of; a later one names the files of an earlier one again."""

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_HASH = re.compile(r"[0-9a-f]{64}")


def read_manifest(data: bytes, stage: str) -> tuple[Delivered, ...]:
    """The files that a manifest names.  DeployError where it is none, or names what no delivery may."""
    try:
        files = json.loads(data)["files"]
        return tuple(_entry(one["name"], one["size"], one["sha256"], stage) for one in files)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DeployError(f"The manifest of the delivery ({stage}) cannot be read: {error}") from error


def _entry(name: object, size: object, sha256: object, stage: str) -> Delivered:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"a file's name: {name!r}"[:120])
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ValueError(f"the size of {name}")
    if not isinstance(sha256, str) or not _HASH.fullmatch(sha256):
        raise ValueError(f"the hash of {name}")
    return Delivered(name, size, sha256, stage)
