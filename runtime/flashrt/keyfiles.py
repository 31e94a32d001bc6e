"""Files of keys: the pins of the other systems (conf/known_hosts), and what logs us in (keys/NAME).

Both are read here and nowhere else, because both are refused unless they are exactly as they must be: a
host key or certificate is never learned, and a private key or password that others can read is not used.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import stat
from typing import NamedTuple

from flashrt.result import keep_secret
from flashrt.status import HOSTKEY, KEY, SidecarError

FILE_LIMIT = 1024 * 1024
PASSWORD_LIMIT = 1024
TOKEN_LIMIT = 16 * 1024

CERTIFICATE = "x509"
"""In place of a key's type in a line of known_hosts: what follows is a certificate (DER), for HTTPS."""


class PinnedKey(NamedTuple):
    """One pinned host key: its type as in the file, and the key blob."""

    kind: str
    blob: bytes


class PinnedCertificates(NamedTuple):
    """What is pinned for an HTTPS server: certificates that it may show itself, or who answers for them."""

    exact: tuple[bytes, ...]
    authorities: tuple[bytes, ...]


def host_label(host: str, port: int) -> str:
    """The name of a host in a known_hosts file."""
    return host if port == 22 else f"[{host}]:{port}"


def fingerprint(blob: bytes) -> str:
    """SHA-256 fingerprint as OpenSSH prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")


def fingerprint_of_certificate(der: bytes) -> str:
    """SHA-256 fingerprint of a certificate as browsers and openssl print it."""
    digits = hashlib.sha256(der).hexdigest().upper()
    return ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))


def pinned_keys(path: str, host: str, port: int) -> list[PinnedKey]:
    """The keys pinned for a host, in the file's order.  HOSTKEY if there is none or a line revokes one.

    Several keys of one host are fine: an array's nodes may each have one.
    """
    label = host_label(host, port)
    usable = [key for mark, key in _pins(path, label) if not mark and key.kind != CERTIFICATE]
    if not usable:
        raise SidecarError(
            HOSTKEY,
            f"No host key of {label} is pinned. Run flashc trust, compare the fingerprint with the system's "
            "own, and deploy again.",
        )
    return usable


def pinned_certificates(path: str, host: str, port: int) -> PinnedCertificates:
    """The certificates pinned for an HTTPS server; HOSTKEY if there is none.

    Authorities (lines marked @cert-authority) count only where no certificate itself is pinned.
    """
    label = host_label(host, port)
    pins = [(mark, key.blob) for mark, key in _pins(path, label) if key.kind == CERTIFICATE]
    exact = tuple(blob for mark, blob in pins if not mark)
    authorities = tuple(blob for mark, blob in pins if mark == "@cert-authority")
    if not (exact or authorities):
        raise SidecarError(
            HOSTKEY,
            f"No certificate of {label} is pinned. Run flashc trust, compare the fingerprint with the "
            "system's own, and deploy again.",
        )
    return PinnedCertificates(exact, () if exact else authorities)


def check_certificate(label: str, pinned: PinnedCertificates, der: bytes) -> None:
    """HOSTKEY unless the certificate that the server showed is one of the pinned."""
    if any(hmac.compare_digest(one, der) for one in pinned.exact):
        return
    raise SidecarError(
        HOSTKEY,
        f"{label} shows the certificate {fingerprint_of_certificate(der)}, pinned is "
        f"{fingerprint_of_certificate(pinned.exact[0])}. If it was changed on purpose, run flashc trust; if "
        "not, somebody may be in between.",
    )


def _pins(path: str, label: str) -> list[tuple[str, PinnedKey]]:
    """Mark and key of each line for a host, but those that another line revokes."""
    found: list[tuple[str, PinnedKey]] = []
    for line in _lines(path):
        words = line.split()
        mark = words.pop(0) if words and words[0].startswith("@") else ""
        if len(words) < 3 or words[0].startswith("#") or not _names(words[0], label):
            continue
        try:
            found.append((mark, PinnedKey(words[1], base64.b64decode(words[2], validate=True))))
        except (binascii.Error, ValueError):
            continue
    revoked = [key.blob for mark, key in found if mark == "@revoked"]
    return [(mark, key) for mark, key in found if key.blob not in revoked]


def check_host_key(label: str, pinned: list[PinnedKey], blob: bytes) -> None:
    """HOSTKEY unless the key that the server showed is one of the pinned."""
    if any(hmac.compare_digest(key.blob, blob) for key in pinned):
        return
    raise SidecarError(
        HOSTKEY,
        f"{label} shows the host key {fingerprint(blob)}, pinned is {fingerprint(pinned[0].blob)}. If the "
        "key was changed on purpose, run flashc trust; if not, somebody may be in between.",
    )


def check_key_file(path: str) -> None:
    """KEY unless the private key is a plain file of mode 0600 (or less) in a folder of mode 0700."""
    _check_secret(path, "key", "Make it with ssh-keygen on this partition.")


def check_password_file(path: str) -> None:
    """KEY unless a password file that another program reads is as `check_key_file` wants it."""
    _check_secret(path, "password", "Make it with the program that reads it.")


def read_password(path: str) -> str:
    """The password in a file: one line of UTF-8.  KEY unless the file is as `check_key_file` wants it."""
    _check_secret(path, "password", "Write the password into it, as one line, with mode 600.")
    try:
        with open(path, "rb") as file:
            text = file.read(PASSWORD_LIMIT + 3).decode("utf-8")
    except OSError as error:
        raise SidecarError(
            KEY,
            f"The password file {path} cannot be read: {error.strerror}. It must belong to the job's user.",
        ) from error
    except UnicodeDecodeError:
        text = ""
    password = text.rstrip("\r\n")
    if not 0 < len(password) <= PASSWORD_LIMIT or not password.isprintable():
        # Raised here and not from an error that would quote the bytes.
        raise SidecarError(KEY, f"The password file {path} is not one line of text. Write it anew.")
    keep_secret(password)
    return password


def read_token(path: str) -> str:
    """What is in a file that keeps a token, "" where there is none; KEY if others can read it."""
    if not os.path.lexists(path):
        return ""
    _check_secret(path, "token", "Remove it.")
    try:
        with open(path, "rb") as file:
            return file.read(TOKEN_LIMIT).decode("ascii", "replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SidecarError(
            KEY, f"The token file {path} cannot be read: {error.strerror}. Remove it."
        ) from error


def _check_secret(path: str, what: str, cure: str) -> None:
    """KEY unless a file that logs us in is a plain one that nobody else can read."""
    try:
        entry = os.lstat(path)
        folder = os.stat(os.path.dirname(path) or ".")
    except OSError as error:
        raise SidecarError(KEY, f"The {what} file {path} cannot be read: {error.strerror}. {cure}") from error
    if not stat.S_ISREG(entry.st_mode):
        raise SidecarError(KEY, f"The {what} file {path} is not a plain file. Put the {what} itself there.")
    if os.name == "posix" and entry.st_mode & 0o077:
        raise SidecarError(
            KEY,
            f"The {what} file {path} can be read by others (mode {entry.st_mode & 0o777:04o}). chmod 600 it.",
        )
    if os.name == "posix" and folder.st_mode & 0o077:
        raise SidecarError(
            KEY,
            f"The key folder {os.path.dirname(path)} is open to others (mode {folder.st_mode & 0o777:04o}). "
            "chmod 700 it.",
        )
    if entry.st_size > FILE_LIMIT:
        raise SidecarError(KEY, f"The {what} file {path} is too large to be a {what}.")


def key_kind(path: str) -> str:
    """The type of a private key file: "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-..."; KEY if it is none.

    A file in OpenSSH's format names the type in the clear; the older PEM formats say it in the first line.
    """
    try:
        with open(path, "rb") as file:
            text = file.read(FILE_LIMIT).decode("latin-1")
    except OSError as error:
        raise SidecarError(
            KEY, f"The key file {path} cannot be read: {error.strerror}. It must belong to the job's user."
        ) from error
    head = text.lstrip()[:64]
    if "BEGIN RSA PRIVATE KEY" in head:
        return "ssh-rsa"
    if "BEGIN EC PRIVATE KEY" in head:
        return "ecdsa-sha2-nistp256"
    if "BEGIN OPENSSH PRIVATE KEY" in head:
        body = "".join(line for line in text.splitlines() if "-----" not in line)
        try:
            data = base64.b64decode(body)
        except (binascii.Error, ValueError):
            data = b""
        for kind in (
            b"ssh-ed25519",
            b"ssh-rsa",
            b"ecdsa-sha2-nistp256",
            b"ecdsa-sha2-nistp384",
            b"ecdsa-sha2-nistp521",
        ):
            if kind in data[:256]:
                if data[15:].startswith(b"\0\0\0\4none"):
                    return kind.decode("ascii")
                raise SidecarError(
                    KEY,
                    f"The key file {path} has a passphrase, and nobody is there to type it. Make one "
                    "without.",
                )
    raise SidecarError(
        KEY, f"The key file {path} holds no private key of a known type. Make one by ssh-keygen -t ed25519."
    )


def _lines(path: str) -> list[str]:
    try:
        with open(path, "rb") as file:
            return file.read(FILE_LIMIT).decode("utf-8", "replace").splitlines()
    except OSError as error:
        raise SidecarError(
            HOSTKEY, f"The pinned host keys {path} cannot be read: {error.strerror}. Deploy again."
        ) from error


def _names(field: str, label: str) -> bool:
    """Whether a first field of a line names the host: a comma list, or one hashed name."""
    if field.startswith("|1|"):
        try:
            salt, digest = (base64.b64decode(part) for part in field[3:].split("|", 1))
        except (binascii.Error, ValueError):
            return False
        return hmac.compare_digest(hmac.new(salt, label.encode("utf-8"), "sha1").digest(), digest)
    return label in field.split(",")
