"""Files of the other side by paramiko's SFTP client: sizes, folders, resumable writes, rename."""

from __future__ import annotations

import contextlib
import errno
import socket
from typing import Any

from flashrt.edges import Endpoint
from flashrt.status import SYSTEM, UNREACHABLE, SidecarError

BLOCK = 256 * 1024


class ParamikoFiles:
    """An SFTP session; see `flashrt.edges.RemoteFiles`."""

    def __init__(self, client: Any, endpoint: Endpoint) -> None:
        self._client = client
        self._endpoint = endpoint

    @classmethod
    def start(cls, transport: Any, endpoint: Endpoint, limit_s: float) -> ParamikoFiles:
        """Open the sftp subsystem; no reply may then take longer than the limit."""
        try:
            channel = transport.open_session(timeout=min(limit_s, 60.0))
            channel.settimeout(limit_s)
            channel.invoke_subsystem("sftp")
            from paramiko import SFTPClient

            client = SFTPClient(channel)
        except Exception as error:
            raise SidecarError(
                UNREACHABLE, f"{endpoint} offers no SFTP ({error}). Check the sshd configuration there."
            ) from error
        return cls(client, endpoint)

    def size(self, path: str) -> int | None:
        """Size in bytes, None if there is no such file."""
        try:
            found = self._client.stat(path).st_size
        except OSError as error:
            if error.errno == errno.ENOENT:
                return None
            raise self._failed("look at", path, error) from error
        except Exception as error:
            raise self._failed("look at", path, error) from error
        return int(found)

    def modified(self, path: str) -> int:
        """When a file was last written, by the other side's clock; an answer without it is an error."""
        try:
            found = self._client.stat(path).st_mtime
        except Exception as error:
            raise self._failed("look at", path, error) from error
        if found is None:
            raise self._failed("tell the time of", path, ValueError("no time in the answer"))
        return int(found)

    def read(self, path: str, limit: int) -> bytes | None:
        """The first bytes of a file; None if there is no such file."""
        if self.size(path) is None:
            return None
        try:
            with self._client.open(path, "rb") as file:
                return bytes(file.read(limit))
        except Exception as error:
            raise self._failed("read", path, error) from error

    def make_folder(self, path: str) -> None:
        """Make a folder; an existing one is fine."""
        if self.size(path) is not None:
            return
        try:
            self._client.mkdir(path, 0o700)
        except Exception as error:
            raise self._failed("make the folder", path, error) from error

    def write(self, local: str, remote: str, start: int) -> None:
        """Send the local file from offset `start` on."""
        try:
            with open(local, "rb") as source, self._client.open(remote, "r+b" if start else "wb") as target:
                source.seek(start)
                target.seek(start)
                target.set_pipelined(True)
                while True:
                    block = source.read(BLOCK)
                    if not block:
                        break
                    target.write(block)
        except Exception as error:
            raise self._failed("write", remote, error) from error

    def rename(self, old: str, new: str) -> None:
        """Rename, replacing."""
        try:
            self._client.posix_rename(old, new)
        except Exception as error:
            raise self._failed("rename", old, error) from error

    def close(self) -> None:
        """End the transfer session."""
        with contextlib.suppress(OSError, EOFError):
            self._client.close()

    def _failed(self, act: str, path: str, error: Exception) -> SidecarError:
        text = " ".join(str(error).split())[:120] or type(error).__name__
        # An SFTP error is an OSError; so is a closed socket, which has no number.
        lost = not isinstance(error, OSError) or isinstance(error, socket.timeout) or "closed" in text
        return SidecarError(
            UNREACHABLE if lost else SYSTEM,
            f"{self._endpoint} could not {act} {path}: {text}. What was sent is kept; call again to go on.",
        )
