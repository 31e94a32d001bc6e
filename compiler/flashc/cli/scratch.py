"""Where the worlds of rehearsals lie while they are played."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

_MEMORY = Path("/dev/shm")
"""A file system in memory, on Linux.  Nothing of a world need outlive its rehearsal."""

ROOM = 512 << 20
"""Bytes that must be free in it; a world takes a few millions, a container may allow 64."""


def scratch_parent() -> str | None:
    """The folder in which scratch folders are made; None for the usual one, which TMPDIR may name.

    In memory the sidecar's fsync, which a partition needs, costs nothing.
    """
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return None
    return str(_MEMORY) if shutil.disk_usage(_MEMORY).free >= ROOM else None


def scratch_folder(prefix: str) -> AbstractContextManager[str]:
    """A folder of its own that goes when the context ends."""
    return tempfile.TemporaryDirectory(prefix=prefix, dir=scratch_parent())
