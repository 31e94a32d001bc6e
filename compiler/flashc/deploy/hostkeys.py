"""Pinned SSH host keys and certificates: reading and writing a known_hosts file, fingerprints.

One line a key: `host type key`, or `[host]:port type key` where the port is not 22.  The type of an HTTPS
server's certificate is x509.  A line may begin with a mark, @revoked or @cert-authority.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

FILE_LIMIT = 1024 * 1024

CERTIFICATE = "x509"
AUTHORITY = "@cert-authority"
"""The mark of a certificate whose owner answers for those of servers."""

MARKS = (AUTHORITY, "@revoked")


@dataclass(frozen=True, slots=True)
class HostKey:
    """A host's public key: its type as SSH names it, and the key blob; or a certificate (DER)."""

    kind: str
    blob: bytes
    mark: str = ""

    @property
    def fingerprint(self) -> str:
        """SHA-256, as OpenSSH prints it; that of a certificate as browsers and openssl print it."""
        if self.kind == CERTIFICATE:
            return hashlib.sha256(self.blob).digest().hex(":").upper()
        digest = base64.b64encode(hashlib.sha256(self.blob).digest()).decode("ascii")
        return f"SHA256:{digest.rstrip('=')}"


KnownHosts = dict[str, tuple[HostKey, ...]]
"""Pinned keys by label; a host may have several."""


def usable(known: KnownHosts, name: str, *, https: bool) -> tuple[HostKey, ...]:
    """The keys pinned for SSH, or the certificates and authorities for HTTPS; none that is revoked.

    An authority counts only where no certificate itself is pinned, as for the sidecar.
    """
    pins = [key for key in known.get(name, ()) if (key.kind == CERTIFICATE) == https]
    revoked = {key.blob for key in pins if key.mark == "@revoked"}
    left = [key for key in pins if key.blob not in revoked]
    exact = [key for key in left if not key.mark]
    return tuple(exact or (key for key in left if https and key.mark == AUTHORITY))


def label(host: str, port: int) -> str:
    """How a known_hosts file names an address."""
    return host if port == 22 else f"[{host}]:{port}"


def parse(text: str) -> KnownHosts:
    """The keys of a known_hosts file, with their marks; comments and lines that are none are passed over."""
    found: KnownHosts = {}
    for line in text[:FILE_LIMIT].splitlines():
        words = line.split()
        mark = words.pop(0) if words and words[0] in MARKS else ""
        if len(words) < 3 or words[0].startswith(("#", "@", "|")):
            continue
        try:
            key = HostKey(words[1], base64.b64decode(words[2], validate=True), mark)
        except (binascii.Error, ValueError):
            continue
        for name in words[0].split(","):
            found[name] = (*found.get(name, ()), key)
    return found


def text_of(known: Mapping[str, tuple[HostKey, ...]]) -> str:
    """A known_hosts file; the same keys give the same bytes."""
    lines = [
        f"{key.mark} {name} {key.kind} {base64.b64encode(key.blob).decode('ascii')}\n".lstrip()
        for name, keys in sorted(known.items())
        for key in keys
    ]
    return "".join(lines)
