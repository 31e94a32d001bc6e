"""TLS certificates made from a text: the same world shows the same ones, and no file has a secret.

Each is signed by itself with an Ed25519 key that follows from the text, as an appliance makes one for itself.
Validity runs from 2000 to 9999, so neither the world's time nor this machine's has a say; what is too old or
not yet valid is no question of a pinned certificate anyway.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import ssl
import tempfile
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


def _key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"flashtwin tls:" + seed.encode()).digest())


@lru_cache(maxsize=256)
def certificate(seed: str) -> bytes:
    """The certificate of this seed, DER.  Ed25519 signs without chance, so the bytes are always the same."""
    key = _key(seed)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "management system")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16], "big") >> 1 or 1)
        .not_valid_before(datetime.datetime(2000, 1, 1))
        .not_valid_after(datetime.datetime(9999, 12, 31, 23, 59, 59))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, None)
    )
    return made.public_bytes(Encoding.DER)


@lru_cache(maxsize=64)
def server_context(seed: str) -> ssl.SSLContext:
    """TLS 1.2 or later with the certificate of this seed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # No tickets: nothing then comes after the handshake but what was asked for.
    context.num_tickets = 0
    secret = _key(seed).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # The ssl module reads certificates from files only.
    with tempfile.NamedTemporaryFile() as file:
        file.write(secret + ssl.DER_cert_to_PEM_cert(certificate(seed)).encode("ascii"))
        file.flush()
        context.load_cert_chain(file.name)
    return context


def certificate_line(host: str, port: int, seed: str) -> str:
    """The known_hosts line that pins the certificate of this seed."""
    label = host if port == 22 else f"[{host}]:{port}"
    return f"{label} x509 {base64.b64encode(certificate(seed)).decode('ascii')}\n"
