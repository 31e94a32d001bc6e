"""Pinned SSH host keys: reading and writing a known_hosts file, fingerprints.

One line a key: `host type key`, or `[host]:port type key` where the port is not 22.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

FILE_LIMIT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class HostKey:
    """A host's public key: its type as SSH names it, and the key blob."""

    kind: str
    blob: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256, as OpenSSH prints it."""
        digest = base64.b64encode(hashlib.sha256(self.blob).digest()).decode("ascii")
        return f"SHA256:{digest.rstrip('=')}"


KnownHosts = dict[str, tuple[HostKey, ...]]
"""Pinned keys by label; a host may have several."""


def label(host: str, port: int) -> str:
    """How a known_hosts file names an address."""
    return host if port == 22 else f"[{host}]:{port}"


def parse(text: str) -> KnownHosts:
    """The keys of a known_hosts file; comments, marked lines and lines that are none are passed over."""
    found: KnownHosts = {}
    for line in text[:FILE_LIMIT].splitlines():
        words = line.split()
        if len(words) < 3 or words[0].startswith(("#", "@", "|")):
            continue
        try:
            key = HostKey(words[1], base64.b64decode(words[2], validate=True))
        except (binascii.Error, ValueError):
            continue
        for name in words[0].split(","):
            found[name] = (*found.get(name, ()), key)
    return found


def text_of(known: Mapping[str, tuple[HostKey, ...]]) -> str:
    """A known_hosts file; the same keys give the same bytes."""
    lines = [
        f"{name} {key.kind} {base64.b64encode(key.blob).decode('ascii')}\n"
        for name, keys in sorted(known.items())
        for key in keys
    ]
    return "".join(lines)
