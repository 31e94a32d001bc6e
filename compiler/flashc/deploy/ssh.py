"""A session over SSH by paramiko: pinned host key, public key log-in, a limit on every step."""

from __future__ import annotations

import contextlib
import logging
import socket
import stat
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import paramiko

from flashc.deploy.errors import REFUSED, DeployError
from flashc.deploy.hostkeys import HostKey, KnownHosts, label, usable
from flashc.deploy.session import OUTPUT_LIMIT, Entry, Reply

# What paramiko logs of a broken connection is in our error already; without a handler it would go to stderr.
logging.getLogger("paramiko").addHandler(logging.NullHandler())

CONNECT_S = 20.0
LOG_IN_S = 60.0
"""How long a server may take to let us in: it may look up the name of our address first."""

FILE_S = 120.0
BLOCK = 32 * 1024
"""Bytes that one request of SFTP reads.  Only larger files are asked for ahead: paramiko does so in a thread,
which ends with a traceback on stderr where the connection ends beside it."""

MOST_KEYS = 6
"""Keys that are tried; servers end the connection after some."""

Places = Mapping[str, str]
"""Where an address is really reached, "host:port" -> "host:port".  A spec names the addresses of the
production network; from a test network or through a jump host's forwarded ports they are elsewhere.  Host
keys are always those pinned for the address in the spec."""


@dataclass(frozen=True, slots=True)
class Target:
    """An SSH server as the spec names it."""

    host: str
    port: int

    @property
    def label(self) -> str:
        """Its name in known_hosts."""
        return label(self.host, self.port)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def open_transport(
    target: Target, places: Places, pinned: Sequence[HostKey] = (), limit_s: float = CONNECT_S
) -> paramiko.Transport:
    """Connect and shake hands, not yet logged in; of `pinned` keys, ask for keys of their types only."""
    host, _, port = places.get(str(target), str(target)).rpartition(":")
    try:
        sock = socket.create_connection((host, int(port)), timeout=limit_s)
    except (OSError, ValueError) as error:
        raise DeployError(
            f"{target} cannot be reached: {why(error)}. Is it on, and does the network let SSH through?"
        ) from error
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    transport: paramiko.Transport | None = None
    try:
        transport = paramiko.Transport(sock)
        transport.daemon = True
        transport.banner_timeout, transport.auth_timeout = limit_s, LOG_IN_S
        if pinned:
            _want_types(transport, pinned)
        transport.start_client(timeout=limit_s)
        if not transport.initial_kex_done:  # paramiko returns in silence when its limit has passed
            raise paramiko.SSHException(f"no handshake within {limit_s:g} s")
    except (paramiko.SSHException, OSError, EOFError) as error:
        if transport is not None:
            transport.close()
        sock.close()
        raise DeployError(f"{target} answers, but no SSH connection came about: {why(error)}.") from error
    return transport


def shown_key(transport: paramiko.Transport) -> HostKey:
    """The host key that the server showed and proved to have."""
    key = transport.get_remote_server_key()
    return HostKey(key.get_name(), key.asbytes())


def connect(
    target: Target,
    user: str,
    known: KnownHosts,
    *,
    key_file: str = "",
    places: Places | None = None,
    limit_s: float = CONNECT_S,
) -> SshSession:
    """Log in.  DeployError: not reached, log-in refused (3); host key unknown or changed (4)."""
    pinned = usable(known, target.label, https=False)
    if not pinned:
        raise DeployError(
            f"No host key of {target.label} is pinned. Run flashc trust and compare the fingerprint with the "
            "system's own.",
            REFUSED,
        )
    transport = open_transport(target, places or {}, pinned, limit_s)
    try:
        check_key(target, pinned, shown_key(transport))
        _log_in(transport, target, user, key_file)
    except BaseException:
        transport.close()
        raise
    return SshSession(transport, str(target))


def check_key(target: Target, pinned: Sequence[HostKey], shown: HostKey) -> None:
    """A changed key stops everything and names both."""
    if shown not in pinned:
        raise DeployError(
            f"{target.label} shows the host key {shown.fingerprint} ({shown.kind}), but "
            f"{pinned[0].fingerprint} ({pinned[0].kind}) is pinned. If the key was changed on purpose, take "
            "its line out of the known_hosts file and run flashc trust; if not, somebody may be in between.",
            REFUSED,
        )


def _want_types(transport: paramiko.Transport, pinned: Sequence[HostKey]) -> None:
    """Ask for keys of the pinned types, else the server may show another one that is right too."""
    options = transport.get_security_options()
    wanted: list[str] = []
    for key in pinned:
        names = ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] if key.kind == "ssh-rsa" else [key.kind]
        wanted += [name for name in names if name in options.key_types and name not in wanted]
    if wanted:
        options.key_types = wanted


def _log_in(transport: paramiko.Transport, target: Target, user: str, key_file: str) -> None:
    refused = ""
    tried = 0
    for key in _keys(key_file):
        tried += 1
        try:
            if not transport.auth_publickey(user, key):
                return
            refused = "more than a key is asked for"
        except paramiko.AuthenticationException as error:
            refused = why(error)
        except (paramiko.SSHException, OSError, EOFError) as error:
            raise DeployError(f"{target} ended the connection during the log-in: {why(error)}.") from error
        if tried == MOST_KEYS or not transport.is_active():
            break
    if not tried:
        raise DeployError(
            "There is no key to log in with: no SSH agent, nothing in ~/.ssh. Name one with --key FILE."
        )
    raise DeployError(
        f"{target} refuses the log-in of {user} ({refused}; keys tried: {tried}). Is the public key in the "
        f"authorized_keys of {user}, is the profile enabled, and is its home folder not writable by others?"
    )


def _keys(key_file: str) -> Iterator[paramiko.PKey]:
    """The named key, or those of the agent and of ~/.ssh."""
    if key_file:
        yield _key(Path(key_file))
        return
    with contextlib.suppress(paramiko.SSHException, OSError):
        # An agent that does not answer offers no keys; those in files are still there.
        yield from paramiko.Agent().get_keys()
    for name in ("id_ed25519", "id_ecdsa", "id_rsa"):
        path = Path.home() / ".ssh" / name
        if path.is_file():
            with contextlib.suppress(DeployError):  # one with a passphrase belongs into the agent
                yield _key(path)


def _key(path: Path) -> paramiko.PKey:
    try:
        key: paramiko.PKey = paramiko.PKey.from_path(path)
    except FileNotFoundError:
        raise DeployError(f"The key file {path} does not exist.") from None
    except paramiko.PasswordRequiredException:
        raise DeployError(f"The key file {path} has a passphrase. Put it into the SSH agent.") from None
    except (paramiko.SSHException, OSError, ValueError, TypeError) as error:
        if "encrypted" in str(error):
            raise DeployError(f"The key file {path} has a passphrase. Put it into the SSH agent.") from None
        raise DeployError(f"The key file {path} cannot be used: {why(error)}.") from error
    return key


def why(error: BaseException) -> str:
    """The reason in an error, on one line."""
    strerror = getattr(error, "strerror", None)
    return " ".join(str(strerror or error).split())[:200] or type(error).__name__


class SshSession:
    """See `flashc.deploy.session.Session`."""

    def __init__(self, transport: paramiko.Transport, name: str) -> None:
        self._transport = transport
        self._name = name
        self._files: paramiko.SFTPClient | None = None

    def run(self, line: str, limit_s: float, on_line: Callable[[str], None] | None = None) -> Reply:
        """Run a shell line."""
        with self._bounded(limit_s, "run a command"):
            channel = self._transport.open_session(timeout=limit_s)
            channel.set_combine_stderr(True)
            channel.exec_command(line)
            channel.shutdown_write()  # a command that asks sees the end at once instead of hanging
            data = bytearray()
            rest = ""
            while part := channel.recv(65536):
                data += part
                if len(data) > OUTPUT_LIMIT:
                    raise DeployError(f"{self._name} printed more than {OUTPUT_LIMIT} bytes for one command.")
                if on_line is not None:
                    *lines, rest = (rest + part.decode("utf-8", "replace")).split("\n")
                    for one in lines:
                        on_line(one.rstrip())
            if on_line is not None and rest:
                on_line(rest.rstrip())
            status = channel.recv_exit_status()
            channel.close()
        return Reply(status if status >= 0 else None, data.decode("utf-8", "replace"))

    def stat(self, path: str) -> Entry | None:
        """A file or folder."""
        with self._bounded(FILE_S, path):
            try:
                found = self._sftp().stat(path)
            except FileNotFoundError:
                return None
        mode = found.st_mode or 0
        return Entry(stat.S_IMODE(mode), found.st_size or 0, stat.S_ISDIR(mode))

    def read(self, path: str, limit: int) -> bytes | None:
        """A whole stream file."""
        with self._bounded(FILE_S, path):
            try:
                with self._sftp().open(path, "rb") as file:
                    size = file.stat().st_size or 0
                    if size > BLOCK:
                        file.prefetch(min(size, limit + 1))
                    data: bytes = file.read(limit + 1)
            except FileNotFoundError:
                return None
        if len(data) > limit:
            raise DeployError(f"{path} on {self._name} is larger than {limit} bytes; it is not what it was.")
        return data

    def write(self, path: str, data: bytes, mode: int) -> None:
        """Write a stream file."""
        temporary = f"{path}.part"
        with self._bounded(FILE_S, path):
            files = self._sftp()
            with files.open(temporary, "wb") as file:
                file.chmod(mode)
                file.set_pipelined(True)
                file.write(data)
            written = files.stat(temporary).st_size
            if written != len(data):
                raise DeployError(f"{path} on {self._name}: {written} of {len(data)} bytes arrived.")
            try:
                files.posix_rename(temporary, path)
            except OSError:
                # A server without that extension renames only to a name that is free.
                with contextlib.suppress(FileNotFoundError):
                    files.remove(path)
                files.rename(temporary, path)

    def make_folder(self, path: str, mode: int) -> None:
        """Make a folder."""
        with self._bounded(FILE_S, path):
            self._sftp().mkdir(path, mode)
            # What a server takes off the mode by its umask is put back.
            self._sftp().chmod(path, mode)

    def set_mode(self, path: str, mode: int) -> None:
        """Change the permission bits."""
        with self._bounded(FILE_S, path):
            self._sftp().chmod(path, mode)

    def close(self) -> None:
        """End the connection."""
        self._transport.close()

    def _sftp(self) -> paramiko.SFTPClient:
        if self._files is None:
            self._files = paramiko.SFTPClient.from_transport(self._transport)
            if self._files is None:
                raise DeployError(f"{self._name} offers no SFTP. Is the SFTP subsystem in its sshd_config?")
        return self._files

    @contextlib.contextmanager
    def _bounded(self, limit_s: float, what: str) -> Iterator[None]:
        """End the connection when the limit passes: then nothing in paramiko waits any longer."""
        over = threading.Event()

        def stop() -> None:
            over.set()
            self._transport.close()

        timer = threading.Timer(limit_s, stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        except DeployError:
            raise
        except PermissionError as error:
            raise DeployError(
                f"{self._name}: {what} may not be used by this profile. Let the security officer make it, or "
                "give it to the profile (CHGOWN)."
            ) from error
        except (paramiko.SSHException, OSError, EOFError) as error:
            if over.is_set():
                raise DeployError(f"{self._name} did not answer within {limit_s:g} s ({what}).") from error
            raise DeployError(f"{self._name}: {what}: {why(error)}.") from error
        finally:
            timer.cancel()
        if over.is_set():
            raise DeployError(f"{self._name} did not answer within {limit_s:g} s ({what}).")
