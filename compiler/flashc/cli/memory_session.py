"""A deployment's session with a partition of a twin in memory: what `flashc.deploy.ssh` is over a line."""

from __future__ import annotations

import base64
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flashtwin.gate import Gate
from flashtwin.keys import public_key
from flashtwin.memory_guest import MemoryGuest
from flashtwin.sims.server import Server

from flashc.deploy import DeployError
from flashc.deploy.hostkeys import HostKey, KnownHosts, usable
from flashc.deploy.session import OUTPUT_LIMIT, Entry, Reply
from flashc.deploy.ssh import Target, why


def open_door(gate: Gate, target: Target, user: str, pinned: KnownHosts, key: str) -> Server | None:
    """The server that would let this user in by this key; None where an SSH client would be refused.

    Then a real one must be asked, which tells why.
    """
    reach, server = gate.locate(str(target), None)
    if reach != "ok" or server is None or server.met() != "ok":
        return None
    kind, blob = public_key(server.host_key)
    shown = HostKey(kind, base64.b64decode(blob))
    known = shown in usable(pinned, target.label, https=False)
    # A key that is for one command only is no way to deploy by.
    return server if known and server.command_for(user, public_key(key)[1], "") == "" else None


class MemorySession:
    """See `flashc.deploy.session.Session`; limits are of real time, which nothing takes here."""

    def __init__(self, gate: Gate, server: Server, user: str, name: str) -> None:
        self._guest = MemoryGuest(gate, server, user)
        self._name = name

    def run(self, line: str, limit_s: float, on_line: Callable[[str], None] | None = None) -> Reply:  # noqa: ARG002
        """Run a shell line."""
        found = self._guest.run(line)
        if found is None:
            return Reply(None, "")
        out = str(found["out"]) + str(found["err"])
        if len(out) > OUTPUT_LIMIT:
            raise DeployError(f"{self._name} printed more than {OUTPUT_LIMIT} bytes for one command.")
        if on_line is not None:
            *lines, rest = out.split("\n")
            for one in (*lines, rest) if rest else lines:
                on_line(one.rstrip())
        return Reply(found["status"], out)

    def stat(self, path: str) -> Entry | None:
        """A file or folder."""
        with self._told(path):
            found = self._guest.stat(path)
        if found is None:
            return None
        return Entry(stat.S_IMODE(found.st_mode), found.st_size, stat.S_ISDIR(found.st_mode))

    def read(self, path: str, limit: int) -> bytes | None:
        """A whole stream file."""
        with self._told(path):
            data = self._guest.read(path, limit + 1)
        if data is not None and len(data) > limit:
            raise DeployError(f"{path} on {self._name} is larger than {limit} bytes; it is not what it was.")
        return data

    def write(self, path: str, data: bytes, mode: int) -> None:
        """Write a stream file."""
        temporary = f"{path}.part"
        with self._told(path):
            self._guest.write(temporary, data, mode)
            self._guest.rename(temporary, path)

    def make_folder(self, path: str, mode: int) -> None:
        """Make a folder."""
        with self._told(path):
            self._guest.make_folder(path, mode)
            self._guest.set_mode(path, mode)

    def set_mode(self, path: str, mode: int) -> None:
        """Change the permission bits."""
        with self._told(path):
            self._guest.set_mode(path, mode)

    def close(self) -> None:
        """End the connection."""
        self._guest.close()

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """An error of the system is one of the deployment."""
        try:
            yield
        except OSError as error:
            raise DeployError(f"{self._name}: {what}: {why(error)}.") from error
