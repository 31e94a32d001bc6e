"""What a deployment leaves on the partition about itself: `manifest.json` in the product's folder.

It says for each object, message and file which definition it was made from, so that the next plan knows
what has changed.  It is written after each batch of work: an interrupted deployment goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flashc.deploy.errors import REFUSED, DeployError

VERSION = 1
LIMIT = 4 * 1024 * 1024


@dataclass(slots=True)
class Record:
    """`made`: what was made -> digest of its definition; `about` says from what.

    `stamps`: how it looked when the deployment was complete, for `flashc.deploy.drift`.
    """

    library: str
    made: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)


def digest(*parts: str | bytes) -> str:
    """A short hash of a definition."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part.encode("utf-8") if isinstance(part, str) else part)
        found.update(b"\0")
    return found.hexdigest()[:24]


def record_path(manifest: Mapping[str, Any]) -> str:
    """Where the record lies."""
    return f"{manifest['folder']}/manifest.json"


def about(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What a record says of the bundle."""
    return {key: str(manifest[key]) for key in ("flashc", "spec", "spec_sha256", "system")}


def write_record(record: Record) -> bytes:
    """The file's bytes."""
    document = {
        "version": VERSION,
        "library": record.library,
        **record.about,
        "made": record.made,
        "stamps": record.stamps,
    }
    return (json.dumps(document, indent=1, sort_keys=True) + "\n").encode("utf-8")


def read_record(data: bytes, path: str) -> Record:
    """The record, also of an older format; DeployError (4) for a newer one, and for a file that is none.

    Neither must be taken for a first installation.
    """
    try:
        document = json.loads(data)
        version = document["version"]
        if isinstance(version, int) and version > VERSION:
            raise DeployError(
                f"{path} on the partition has format {version}, and this flashc reads up to "
                f"{VERSION}: a newer one ({document.get('flashc', '?')}) was deployed there. "
                "Deploy with that one, or a later.",
                REFUSED,
            )
        made, stamps = document["made"], document.get("stamps", {})
        if not isinstance(version, int) or not all(
            isinstance(k, str) and isinstance(v, str) for k, v in (*made.items(), *stamps.items())
        ):
            raise ValueError("no such format")
        told = {k: v for k, v in document.items() if isinstance(v, str) and k != "library"}
        return Record(str(document["library"]), dict(made), told, dict(stamps))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DeployError(
            f"{path} on the partition cannot be read as the record of an installation ({error}). If it is "
            "damaged, rename it: the next deployment makes everything anew.",
            REFUSED,
        ) from error
