"""Ed25519 keys made from a text: the same world has the same keys, and making one costs nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_ssh_private_key,
)


def _key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"flashtwin:" + seed.encode()).digest())


@lru_cache(maxsize=256)
def private_key(seed: str) -> str:
    """The private key file in OpenSSH's format, without a passphrase.

    The file has a random check number, so two files of one key differ; the key itself does not.
    """
    return _key(seed).private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode("ascii")


@lru_cache(maxsize=256)
def public_key(seed: str) -> tuple[str, str]:
    """The public key as OpenSSH writes it: its type and the base64 blob."""
    words = (
        _key(seed).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii").split()
    )
    return words[0], words[1]


def secret_text(seed: str) -> str:
    """The password or token that a file of this name holds, on production as on the device that takes it."""
    return f"Pw1-{hashlib.sha256(b'flashtwin secret:' + seed.encode()).hexdigest()[:24]}"


def public_of_file(path: str) -> str:
    """The base64 blob of the public half of a private key file in OpenSSH's or PEM format."""
    return _public_of(Path(path).read_bytes())


@lru_cache(maxsize=256)
def _public_of(data: bytes) -> str:
    load = load_ssh_private_key if b"BEGIN OPENSSH" in data[:64] else load_pem_private_key
    public = load(data, password=None).public_key()
    if not isinstance(public, Ed25519PublicKey | RSAPublicKey | EllipticCurvePublicKey):
        raise ValueError("a key of another kind than SSH uses")
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii").split()[1]


def fingerprint(blob: str) -> str:
    """The SHA-256 fingerprint of a public key's base64 blob, as OpenSSH prints it."""
    digest = hashlib.sha256(base64.b64decode(blob)).digest()
    return "SHA256:" + base64.b64encode(digest).decode("ascii").rstrip("=")


def known_hosts_line(host: str, port: int, seed: str) -> str:
    """The known_hosts line that pins the host key of this seed."""
    label = host if port == 22 else f"[{host}]:{port}"
    return f"{label} {' '.join(public_key(seed))}\n"
