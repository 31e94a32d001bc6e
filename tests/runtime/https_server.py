"""A small HTTPS server on loopback for the tests: scripted bytes for each request, its own certificate."""

from __future__ import annotations

import base64
import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flashrt.keyfiles import host_label

from .ssh_server import until

Handler = Callable[[bytes], "bytes | None"]
"""Bytes of a request to bytes of the reply; None: no reply; b"": the connection is closed."""

DAY = datetime.timedelta(days=1)


def make_certificate(
    folder: Path,
    name: str,
    signer: tuple[Any, Any] | None = None,
    age: int = 10,
    life: int = 3650,
    authority: bool = False,
) -> tuple[Any, Any]:
    """Write NAME.pem (key and certificate for 127.0.0.1); `age` and `life` in days.  Key and certificate.

    What nobody else signed is an authority, and what is said to be one.
    """
    authority = authority or signer is None
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime.datetime.now(datetime.timezone.utc) - age * DAY  # noqa: UP017 - Python 3.9
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer[1].subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + life * DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((signer[0] if signer else key).public_key()),
            critical=False,
        )
        .add_extension(
            x509.KeyUsage(True, False, False, False, False, authority, authority, False, False),
            critical=True,
        )
        .sign(signer[0] if signer else key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / f"{name}.pem").write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return key, made


def der(certificate: Any) -> bytes:
    """The certificate's bytes."""
    data: bytes = certificate.public_bytes(serialization.Encoding.DER)
    return data


def pin(port: int, certificate: bytes, mark: str = "") -> str:
    """The known_hosts line for 127.0.0.1 at this port."""
    kind = f"x509 {base64.b64encode(certificate).decode()}"
    return f"{mark} {host_label('127.0.0.1', port)} {kind}\n".lstrip()


class HttpsServer:
    """The server; `handler` gives the bytes of each reply.  `requests` is what has come."""

    def __init__(self, pem: Path, handler: Handler, versions: Any = None) -> None:
        self.handler = handler
        self.requests: list[bytes] = []
        self.connections = 0
        self.greeted = 0
        self.silent = False
        self.goodbye = True
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if versions is not None:
            self._context.maximum_version = versions
        self._context.load_cert_chain(str(pem))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[Any] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            if not self.silent:
                threading.Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, plain: socket.socket) -> None:
        # A client that does not like us, or has enough, goes away.
        with contextlib.suppress(OSError, ValueError):
            try:
                sock = self._context.wrap_socket(plain, server_side=True)
                self._open.append(sock)
            finally:
                self.greeted += 1
            while True:
                request = self._read(sock)
                if not request:
                    break
                self.requests.append(request)
                reply = self.handler(request)
                if reply is None:
                    continue
                if not reply:
                    break
                sock.sendall(reply)
                if b"connection: close" in reply.lower() or not reply.startswith(b"HTTP/1.1"):
                    break
            if self.goodbye:
                sock.unwrap()
            sock.close()

    def _read(self, sock: Any) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            block = sock.recv(65536)
            if not block:
                return b""
            data += block
        head, _, body = data.partition(b"\r\n\r\n")
        length = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        size = int(length[0].split(b":")[1]) if length else 0
        while len(body) < size:
            body += sock.recv(65536)
        return head + b"\r\n\r\n" + body

    def drop(self) -> None:
        """Cut every connection as a broken line does; a client may be done with its hand-shake before us."""
        until(lambda: self.greeted == self.connections)
        self._cut()

    def _cut(self) -> None:
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if not self.silent:
            until(lambda: self.greeted == self.connections)
        self._cut()
        for sock in self._open:
            sock.close()
