"""A real OpenSSH server on loopback for the systems tests: `sshd -i` for each connection, as inetd starts it.

It takes the port that the listener here has got, so no port is guessed and nothing is waited for.  The user
who runs the tests logs in; commands go to that user's shell, SFTP to sshd's own server.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

from flashrt.edges import Credentials, Endpoint, SshNetwork, SystemClock
from flashrt.keyfiles import host_label

from .ssh_server import make_key

PRIVILEGE_SEPARATION = Path("/run/sshd")
"""What sshd wants to find when root starts it; Debian's unit makes it, and a container has no unit."""

PLACES = ("/usr/sbin/sshd", "/usr/local/sbin/sshd")


def find_sshd() -> str:
    """The server's program; an error names the package."""
    found = shutil.which("sshd") or next((place for place in PLACES if os.access(place, os.X_OK)), None)
    assert found, "install openssh-server"
    return found


class OpenSshServer:
    """One server; `options` are lines of its sshd_config, `line` what stands before the key that may log in.

    It has a host key of each kind, as every real one has; `fresh` ones are no other server's.
    """

    KINDS = ("ed25519", "ecdsa", "rsa")

    def __init__(
        self, folder: Path, *, options: str = "", kind: str = "ed25519", line: str = "", fresh: bool = False
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.user = getpass.getuser()
        self.key = folder / "keys" / "key"
        make_key(self.key, kind)
        self.host_keys = {}
        for one in self.KINDS:
            place = folder / "host" / one
            place.parent.mkdir(exist_ok=True)
            private, self.host_keys[one] = _host_key(one, fresh=fresh)
            place.write_bytes(private)
            place.chmod(0o600)
        (folder / "authorized_keys").write_text(f"{line} {public(self.key)}\n".lstrip())
        self._conf = folder / "sshd_config"
        self._conf.write_text(
            # The first of several lines counts, so those of a test come first.
            f"{options}\n"
            + "".join(f"HostKey {folder}/host/{one}\n" for one in self.KINDS)
            + f"AuthorizedKeysFile {folder}/authorized_keys\n"
            "StrictModes no\n"  # pytest's folders lie below /tmp, which everybody may write to
            "PasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\nPidFile none\n"
            "PermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n"
        )
        if os.geteuid() == 0:
            PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
        self._program = find_sshd()
        self._running: list[subprocess.Popen[bytes]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                with sock, open(self.folder / "sshd.log", "ab") as log:
                    command = [self._program, "-i", "-e", "-f", str(self._conf)]
                    self._running.append(subprocess.Popen(command, stdin=sock, stdout=sock, stderr=log))

    def log(self) -> str:
        """What the server has said so far."""
        return (self.folder / "sshd.log").read_text(errors="replace")

    def close(self) -> None:
        """End the server and every connection to it."""
        # A thread that waits in accept() keeps a listener that is only closed, and takes the next client.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._listener.close()
        for one in self._running:
            one.kill()
            one.wait(10)


_HOST_KEYS: dict[str, tuple[bytes, str]] = {}


def _host_key(kind: str, *, fresh: bool) -> tuple[bytes, str]:
    """Private and public host key: the same for all servers of a process, as making one takes a second."""
    if fresh or kind not in _HOST_KEYS:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "keys" / kind
            make_key(place, kind)
            made = place.read_bytes(), public(place)
        if fresh:
            return made
        _HOST_KEYS[kind] = made
    return _HOST_KEYS[kind]


def public(private: Path) -> str:
    """The public key of a key file, as it stands in known_hosts and authorized_keys: kind and key."""
    done = subprocess.run(
        ["ssh-keygen", "-y", "-f", str(private)], check=True, timeout=30, stdout=subprocess.PIPE
    )
    return " ".join(done.stdout.decode().split()[:2])


class OpenSshSite:
    """The server, declared at `ARRAY` and pinned there by its host keys of `pinned` kinds."""

    ARRAY = Endpoint("10.1.0.20", 22)
    LIMIT_S = 60.0

    def __init__(self, folder: Path, *, pinned: tuple[str, ...] = ("ed25519",), **server: Any) -> None:
        self.folder = folder
        self.server = OpenSshServer(folder / "server", **server)
        self.known_hosts = folder / "known_hosts"
        self.pin(*(self.server.host_keys[one] for one in pinned))
        self.clock = SystemClock()
        self.place = Endpoint("127.0.0.1", self.server.port)
        self.credentials = Credentials(self.server.user, str(self.server.key))

    def pin(self, *keys: str) -> None:
        """Pin these keys and no other."""
        label = host_label(self.ARRAY.host, self.ARRAY.port)
        self.known_hosts.write_text("".join(f"{label} {key}\n" for key in keys))

    def soon(self) -> float:
        return self.clock.now() + self.LIMIT_S

    def connect(self) -> Any:
        network = SshNetwork(self.clock, lambda _endpoint: self.place)
        return network.connect(self.ARRAY, self.credentials, str(self.known_hosts), self.soon())
