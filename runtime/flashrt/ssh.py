"""SSH by paramiko, 2.7.2 to 5.x: strict host keys, one private key, a limit on every step.

The TCP connection is made first and the server's greeting awaited through the clock; from then on hand-shake
and log-in have a limit of their own.  Where paramiko is missing, or too old or too new for
the server, the OpenSSH client does the same (`flashrt.ssh_openssh`).
"""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import time
import warnings
from types import ModuleType
from typing import Any

from flashrt.edges import (
    LOG_IN_S,
    OUTPUT_LIMIT,
    SETTLE_S,
    Clock,
    Credentials,
    Endpoint,
    OpenCommand,
    RemoteFiles,
    Reply,
    Session,
    await_banner,
    dial_tcp,
)
from flashrt.keyfiles import PinnedKey, check_host_key, check_key_file, host_label, key_kind, pinned_keys
from flashrt.ssh_errors import auth_refused, lost, no_answer, too_much
from flashrt.status import KEY, UNREACHABLE, SidecarError

# What paramiko logs of a broken connection is in our error already; without a handler it would go to stderr.
logging.getLogger("paramiko").addHandler(logging.NullHandler())

RSA_SHA2_SINCE = (2, 9)
"""paramiko before 2.9 signs RSA only with SHA-1, which newer servers refuse."""


def connect(
    clock: Clock,
    endpoint: Endpoint,
    place: Endpoint,
    credentials: Credentials,
    known_hosts: str,
    deadline: float,
) -> Session:
    """Log in at `place`, which is where `endpoint` really is; see `flashrt.edges.Network.connect`."""
    check_key_file(credentials.key_file)
    kind = key_kind(credentials.key_file)
    pinned = pinned_keys(known_hosts, endpoint.host, endpoint.port)
    paramiko = load_paramiko()
    if paramiko is None or (kind == "ssh-rsa" and version_of(paramiko) < RSA_SHA2_SINCE):
        return _openssh(clock, endpoint, place, credentials, known_hosts, deadline)
    sock = dial_tcp(place, deadline - clock.now())
    await_banner(clock, sock, endpoint, deadline)
    try:
        transport = _log_in(paramiko, sock, endpoint, credentials, pinned, kind)
    except _NoCommonAlgorithm:
        return _openssh(clock, endpoint, place, credentials, known_hosts, deadline)
    return ParamikoSession(clock, transport, sock, endpoint)


def load_paramiko() -> ModuleType | None:
    """The module, or None where it is missing or broken."""
    try:
        with warnings.catch_warnings():
            # Old paramiko on newer cryptography announces ciphers that will be dropped; we use none of them.
            warnings.simplefilter("ignore")
            import paramiko
    except (ImportError, AttributeError):
        return None
    return paramiko


def version_of(paramiko: ModuleType) -> tuple[int, ...]:
    """Major and minor of paramiko's version."""
    parts = str(getattr(paramiko, "__version__", "0")).split(".")[:2]
    return tuple(int(part) if part.isdecimal() else 0 for part in parts)


class _NoCommonAlgorithm(Exception):
    """Client and server have no key exchange, cipher or key type in common."""


def _openssh(
    clock: Clock,
    endpoint: Endpoint,
    place: Endpoint,
    credentials: Credentials,
    known_hosts: str,
    deadline: float,
) -> Session:
    from flashrt.ssh_openssh import connect as connect_openssh

    return connect_openssh(clock, endpoint, place, credentials, known_hosts, deadline)


def _log_in(
    paramiko: Any,
    sock: socket.socket,
    endpoint: Endpoint,
    credentials: Credentials,
    pinned: list[PinnedKey],
    kind: str,
) -> Any:
    """Hand-shake, host key, public key; the transport, or a SidecarError with the socket closed."""
    label = host_label(endpoint.host, endpoint.port)
    end = time.monotonic() + LOG_IN_S
    key = _load_key(paramiko, credentials.key_file, kind)
    transport: Any = None
    try:
        transport = paramiko.Transport(sock)
        transport.daemon = True
        transport.banner_timeout = transport.handshake_timeout = LOG_IN_S
        _offer_pinned_types(transport, pinned)
        transport.start_client(timeout=LOG_IN_S)
        check_host_key(label, pinned, transport.get_remote_server_key().asbytes())
        transport.auth_timeout = max(1.0, end - time.monotonic())
        transport.auth_publickey(credentials.user, key)
        if not transport.is_authenticated():
            raise paramiko.AuthenticationException("more than a key is asked for")
    except SidecarError:
        _shut(transport, sock)
        raise
    except Exception as error:
        # Whatever a broken peer provokes in the library ends here.
        alive = transport is not None and transport.is_active()
        _shut(transport, sock)
        raise _log_in_error(paramiko, error, alive, endpoint, credentials) from error
    return transport


def _log_in_error(
    paramiko: Any, error: Exception, alive: bool, endpoint: Endpoint, credentials: Credentials
) -> Exception:
    """What a failed hand-shake means.  A server that hangs up during the log-in has not refused it."""
    text = " ".join(str(error).split())[:160] or type(error).__name__
    refused = isinstance(error, paramiko.AuthenticationException)
    if (
        refused
        and "timeout" not in text.lower()
        and "shut down" not in text
        and (alive or text.endswith("type"))
    ):
        return auth_refused(endpoint, credentials)
    if "ncompatible" in type(error).__name__ or "Incompatible ssh" in text:
        return _NoCommonAlgorithm(text)
    return SidecarError(
        UNREACHABLE,
        f"{endpoint} ended the connection during the log-in ({text}). It may be out of sessions, or "
        "restarting.",
    )


def _offer_pinned_types(transport: Any, pinned: list[PinnedKey]) -> None:
    """Ask for host keys of the pinned types only, else the server may show another one that is right too."""
    options = transport.get_security_options()
    wanted: list[str] = []
    for key in pinned:
        names = ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] if key.kind == "ssh-rsa" else [key.kind]
        wanted += [name for name in names if name in options.key_types and name not in wanted]
    if not wanted:
        raise _NoCommonAlgorithm(f"no support for host keys of type {pinned[0].kind}")
    options.key_types = wanted


def _load_key(paramiko: Any, path: str, kind: str) -> Any:
    if kind == "ssh-ed25519":
        maker = paramiko.Ed25519Key
    elif kind == "ssh-rsa":
        maker = paramiko.RSAKey
    else:
        maker = paramiko.ECDSAKey
    try:
        return maker.from_private_key_file(path)
    except Exception as error:
        raise SidecarError(
            KEY,
            f"The key file {path} cannot be used ({type(error).__name__}). Make a new one: ssh-keygen -t "
            "ed25519.",
        ) from error


def _shut(transport: Any, sock: socket.socket) -> None:
    with contextlib.suppress(OSError, EOFError):
        if transport is not None:
            transport.close()
    sock.close()


class ParamikoSession:
    """One authenticated connection."""

    def __init__(self, clock: Clock, transport: Any, sock: socket.socket, endpoint: Endpoint) -> None:
        self._clock = clock
        self._transport = transport
        self._sock = sock
        self._endpoint = endpoint
        self._ports = (int(sock.getsockname()[1]), int(sock.getpeername()[1]))

    def run(self, command: str, deadline: float) -> Reply:
        """Run one command on a channel of its own."""
        channel = self.open_command(deadline)
        try:
            channel.send(command)
            if not (self._clock.wait(channel, deadline) and channel.poll(SETTLE_S)):
                raise no_answer(self._endpoint, command)
            reply = channel.reply()
        finally:
            channel.close()
        if reply.status is None:
            raise lost(self._endpoint, command)
        return reply

    def open_command(self, deadline: float) -> OpenCommand:
        """Open a session channel; a refusal or an ended connection is UNREACHABLE: nothing was sent."""
        limit_s = min(max(1.0, deadline - self._clock.now()), 60.0)
        try:
            channel = self._transport.open_session(timeout=limit_s)
            # The descriptor is made now: later, nothing may be opened.
            descriptor = channel.fileno()
        except Exception as error:
            text = " ".join(str(error).split())[:120] or type(error).__name__
            raise SidecarError(
                UNREACHABLE, f"{self._endpoint} opens no session ({text}). It may be out of sessions."
            ) from error
        return ParamikoCommand(self._transport, channel, descriptor, self._ports, self._endpoint)

    def files(self, deadline: float) -> RemoteFiles:
        """Start SFTP."""
        from flashrt.ssh_files import ParamikoFiles

        return ParamikoFiles.start(self._transport, self._endpoint, max(1.0, deadline - self._clock.now()))

    def close(self) -> None:
        """End the connection."""
        _shut(self._transport, self._sock)


class ParamikoCommand:
    """An open session channel with one command to come, and its answer."""

    def __init__(
        self, transport: Any, channel: Any, descriptor: int, ports: tuple[int, int], endpoint: Endpoint
    ) -> None:
        self._transport = transport
        self._channel = channel
        self._descriptor = descriptor
        self._ports = ports
        self._endpoint = endpoint
        self._out = bytearray()
        self._err = bytearray()
        self._request = self._make_request()

    @property
    def local_port(self) -> int:
        """Our TCP port."""
        return self._ports[0]

    @property
    def peer_port(self) -> int:
        """The server's TCP port."""
        return self._ports[1]

    def _make_request(self) -> Any:
        """The class of paramiko's messages, looked up now: nothing is imported once the command must go."""
        from paramiko import Message

        return Message

    def send(self, command: str) -> None:
        """Send the request and do not wait for its acknowledgement.

        paramiko's own exec_command waits for that without a limit; a console that hangs would hold us.
        """
        transport = self._transport
        if self._channel.closed or not transport.is_active():
            raise SidecarError(
                UNREACHABLE, f"The connection to {self._endpoint} has ended; nothing was sent."
            )
        message = self._request()
        message.add_byte(b"\x62")  # SSH_MSG_CHANNEL_REQUEST, RFC 4254 section 6.5
        message.add_int(self._channel.remote_chanid)
        message.add_string("exec")
        message.add_boolean(True)
        message.add_string(command)
        transport._send_user_message(message)
        # No command of ours reads; one that asks "are you sure?" sees the end at once instead of hanging.
        self._channel.shutdown_write()

    def poll(self, seconds: float) -> bool:
        """True once the answer is complete, or larger than allowed, or the connection has ended."""
        end = time.monotonic() + seconds
        while True:
            self._drain()
            if self._complete():
                self._drain()
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            if self._channel.eof_received:
                self._channel.status_event.wait(min(left, 1.0))
            else:
                _select(self._descriptor, min(left, 1.0))

    def reply(self) -> Reply:
        """The answer; status None if the connection ended without one."""
        self._drain()
        if len(self._out) > OUTPUT_LIMIT or len(self._err) > OUTPUT_LIMIT:
            raise too_much(self._endpoint)
        status = self._channel.exit_status
        return Reply(status if status >= 0 else None, _text(self._out), _text(self._err))

    def close(self) -> None:
        """Give the channel up."""
        with contextlib.suppress(OSError, EOFError):
            self._channel.close()

    def _complete(self) -> bool:
        channel = self._channel
        if channel.closed or not self._transport.is_active():
            return True
        if len(self._out) > OUTPUT_LIMIT or len(self._err) > OUTPUT_LIMIT:
            return True
        return bool(channel.eof_received and channel.status_event.is_set())

    def _drain(self) -> None:
        while self._channel.recv_ready() and len(self._out) <= OUTPUT_LIMIT:
            self._out += self._channel.recv(65536)
        while self._channel.recv_stderr_ready() and len(self._err) <= OUTPUT_LIMIT:
            self._err += self._channel.recv_stderr(65536)


def _select(descriptor: int, seconds: float) -> None:
    if hasattr(select, "poll"):
        poller = select.poll()
        poller.register(descriptor, select.POLLIN)
        poller.poll(seconds * 1000.0)
    else:
        select.select([descriptor], [], [], seconds)


def _text(data: bytearray) -> str:
    """What the system wrote, with anything that is no UTF-8 replaced."""
    return bytes(data).decode("utf-8", "replace")
