"""The certificate that an HTTPS server shows, for a person to compare; nothing is asked of the server."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from flashc.deploy.errors import DeployError
from flashc.deploy.hostkeys import AUTHORITY, CERTIFICATE, HostKey
from flashc.deploy.ssh import CONNECT_S, Places, Target, why


def shown_certificate(target: Target, places: Places, limit_s: float = CONNECT_S) -> HostKey:
    """The certificate that the server shows, and proves to have the key of.  DeployError: not reached."""
    return _shake_hands(target, places, _context(()), limit_s)


def is_vouched_for(
    target: Target, places: Places, pinned: Sequence[HostKey], limit_s: float = CONNECT_S
) -> bool:
    """Whether a pinned authority answers for what the server shows: chain, name and dates."""
    authorities = [key.blob for key in pinned if key.mark == AUTHORITY]
    if not authorities:
        return False
    try:
        _shake_hands(target, places, _context(authorities), limit_s)
    except DeployError as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            return False
        raise
    return True


def authority_of(
    target: Target, places: Places, known: Sequence[bytes] = (), limit_s: float = CONNECT_S
) -> HostKey | None:
    """Which authority answers for what the server shows, of these or of those that this machine trusts.

    None for none.
    """
    known = known or ssl.create_default_context().get_ca_certs(binary_form=True)
    found = which_answers(
        known,
        lambda some: is_vouched_for(
            target, places, [HostKey(CERTIFICATE, one, AUTHORITY) for one in some], limit_s
        ),
    )
    return HostKey(CERTIFICATE, found, AUTHORITY) if found else None


def read_authorities(data: bytes) -> tuple[bytes, ...]:
    """The certificates (DER) of a PEM file, all of them authorities; ValueError says what else it holds."""
    try:
        found = x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise ValueError("it holds no certificate in PEM form") from error
    for one in found:
        try:
            signs = one.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        except (x509.ExtensionNotFound, ValueError):
            signs = False
        if not signs:
            name = about(HostKey(CERTIFICATE, one.public_bytes(Encoding.DER)))
            raise ValueError(f"{name or 'a certificate in it'} is a server's own, not an authority's")
    return tuple(one.public_bytes(Encoding.DER) for one in found)


def which_answers(known: Sequence[bytes], answer: Callable[[Sequence[bytes]], bool]) -> bytes | None:
    """The one of many that answers by itself, found by halves; `answer` says whether one of some does."""
    if not known or not answer(known):
        return None
    while len(known) > 1:
        half = known[: len(known) // 2]
        known = half if answer(half) else known[len(half) :]
    return known[0] if answer(known) else None


def about(certificate: HostKey) -> str:
    """Whose it says it is, and until when, for the person who compares; "" where it cannot be read."""
    try:
        read = x509.load_der_x509_certificate(certificate.blob)
        names = read.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        until = f"{read.not_valid_after_utc:%Y-%m-%d}"
    except ValueError:
        return ""
    name = "".join(c for c in str(names[0].value)[:60] if c.isprintable()) if names else "no name"
    return f"{name}, valid until {until}"


def _context(authorities: Sequence[bytes]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # As the sidecar does: an authority that was pinned need not be a root.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if not authorities:
        # What is shown is only looked at, by a person.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    for one in authorities:
        context.load_verify_locations(cadata=one)
    return context


def _shake_hands(target: Target, places: Places, context: ssl.SSLContext, limit_s: float) -> HostKey:
    host, _, port = places.get(str(target), str(target)).rpartition(":")
    try:
        plain = socket.create_connection((host, int(port)), timeout=limit_s)
    except (OSError, ValueError) as error:
        raise DeployError(
            f"{target} cannot be reached: {why(error)}. Is it on, and does the network let HTTPS through?"
        ) from error
    try:
        sock = context.wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
    except (OSError, ValueError) as error:
        plain.close()
        raise DeployError(f"{target} cannot be asked by TLS: {why(error)}.") from error
    # The limit of a socket is one of each wait; a server that dribbles is cut off.
    limit = threading.Timer(limit_s, _cut, (sock,))
    limit.daemon = True
    limit.start()
    try:
        sock.do_handshake()
        return HostKey(CERTIFICATE, sock.getpeercert(binary_form=True) or b"")
    except (OSError, ValueError) as error:
        raise DeployError(f"{target} answers, but no TLS connection came about: {why(error)}.") from error
    finally:
        limit.cancel()
        sock.close()


def _cut(sock: ssl.SSLSocket) -> None:
    """End a connection under the hands of who waits for it."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
