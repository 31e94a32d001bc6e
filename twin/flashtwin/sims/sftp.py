"""SFTP on a simulated system: the files of its `FileService`, while the client holds the baton."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import paramiko
from paramiko import SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface
from paramiko.sftp import SFTP_FAILURE, SFTP_OK, SFTP_OP_UNSUPPORTED

from flashtwin.sims.server import Connection, FileService

if TYPE_CHECKING:
    from flashtwin.gate import Gate

SAFE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_EXCL | os.O_APPEND


class FileSession(SFTPServer):
    """The subsystem: paramiko makes one for each client that asks for SFTP."""

    def __init__(
        self,
        channel: paramiko.Channel,
        name: str,
        server: paramiko.ServerInterface,
        connection: Connection,
        gate: Gate,
    ) -> None:
        super().__init__(channel, name, server, _Files, connection, gate)


class _Files(SFTPServerInterface):
    """The requests.  Each is answered by an SFTP status; what was done is noted for the world."""

    def __init__(self, server: paramiko.ServerInterface, connection: Connection, gate: Gate) -> None:
        super().__init__(server)
        self._connection = connection
        self._gate = gate

    @property
    def _files(self) -> FileService:
        files = self._connection.files
        if files is None:
            raise FileNotFoundError(errno.ENOENT, "no files here")
        return files

    def _place(self, path: str, *, write: bool = False) -> str:
        return self._files.resolve(self._connection.user, path, write=write)

    def note(self, act: str, path: str) -> None:
        """Tell the world, on its own thread, before the client learns that it is done."""
        connection = self._connection
        self._gate.note(lambda: self._gate.file_done(connection.server, connection.user, act, path))

    def stamp(self, place: str) -> None:
        """A file that was written has the time of the system's own clock, which stands still meanwhile."""
        now = self._files.now()
        os.utime(place, (now, now))

    def affords(self, size: int) -> int:
        """How many bytes still arrive."""
        return self._connection.server.affords(size)

    def break_line(self) -> None:
        """The line to the client is gone."""
        self._connection.wire.close()

    def canonicalize(self, path: str) -> str:
        """Absolute, without dots."""
        return os.path.normpath("/" + path)

    def stat(self, path: str) -> SFTPAttributes | int:
        """Attributes of a file or folder."""
        try:
            return SFTPAttributes.from_stat(os.stat(self._place(path)))
        except OSError as error:
            return _status(error)

    def lstat(self, path: str) -> SFTPAttributes | int:
        """Attributes, of a link itself."""
        try:
            return SFTPAttributes.from_stat(os.lstat(self._place(path)))
        except OSError as error:
            return _status(error)

    def list_folder(self, path: str) -> list[SFTPAttributes] | int:
        """A folder's entries."""
        try:
            place = self._place(path)
            return [
                SFTPAttributes.from_stat(os.lstat(os.path.join(place, name)), name)
                for name in sorted(os.listdir(place))
            ]
        except OSError as error:
            return _status(error)

    def open(self, path: str, flags: int, attr: SFTPAttributes) -> SFTPHandle | int:
        """Open a file; a new one gets the mode that the client asks for."""
        write = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
        try:
            place = self._place(path, write=write)
            mode = attr.st_mode if attr.st_mode is not None else 0o644
            descriptor = os.open(place, flags & SAFE_FLAGS, mode & 0o777)
            return _OpenFile(self, (path, place), descriptor, flags, write)
        except OSError as error:
            return _status(error)

    def remove(self, path: str) -> int:
        """Delete a file."""
        return self._do("remove", path, os.remove)

    def rmdir(self, path: str) -> int:
        """Delete an empty folder."""
        return self._do("remove", path, os.rmdir)

    def mkdir(self, path: str, attr: SFTPAttributes) -> int:
        """Make a folder."""
        mode = attr.st_mode if attr.st_mode is not None else 0o755
        return self._do("make_folder", path, lambda place: os.mkdir(place, mode & 0o777))

    def chattr(self, path: str, attr: SFTPAttributes) -> int:
        """Mode, times and size."""
        return self._do("change", path, lambda place: SFTPServer.set_file_attr(place, attr))

    def rename(self, oldpath: str, newpath: str) -> int:
        """Rename; refused where the new name exists, as SFTP version 3 says."""
        return self._rename(oldpath, newpath, replace=False)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        """Rename, replacing."""
        return self._rename(oldpath, newpath, replace=True)

    def _rename(self, old: str, new: str, *, replace: bool) -> int:
        try:
            target = self._place(new, write=True)
            if not replace and os.path.lexists(target):
                return SFTP_FAILURE
            os.replace(self._place(old, write=True), target)
        except OSError as error:
            return _status(error)
        self.note("rename", f"{old} {new}")
        return SFTP_OK

    def _do(self, act: str, path: str, action: Any) -> int:
        if act == "remove" and not self._files.removes:
            return SFTP_OP_UNSUPPORTED
        try:
            action(self._place(path, write=True))
        except OSError as error:
            return _status(error)
        self.note(act, path)
        return SFTP_OK

    def symlink(self, target_path: str, path: str) -> int:  # noqa: ARG002
        """No links: a path must stay inside the folder."""
        return SFTP_OP_UNSUPPORTED


class _OpenFile(SFTPHandle):
    """An open file; its writing is told when it is closed."""

    def __init__(
        self, files: _Files, names: tuple[str, str], descriptor: int, flags: int, write: bool
    ) -> None:
        super().__init__(flags)
        path, self._place = names
        self._files = files
        mode = "r+b" if flags & os.O_RDWR else "wb" if write else "rb"
        self._file = os.fdopen(descriptor, mode, buffering=0)
        self.readfile = self.writefile = self._file
        self._report: Callable[[], None] = (lambda: self._written(path)) if write else (lambda: None)

    def write(self, offset: int, data: Any) -> int:
        """Write what arrives; the rest is lost with the line."""
        arrives = self._files.affords(len(data))
        status = int(super().write(offset, data[:arrives]))
        if arrives < len(data):
            self._files.break_line()
            return SFTP_FAILURE
        return status

    def stat(self) -> SFTPAttributes | int:
        """Attributes of the open file."""
        try:
            return SFTPAttributes.from_stat(os.fstat(self._file.fileno()))
        except OSError as error:
            return _status(error)

    def chattr(self, attr: SFTPAttributes) -> int:
        """Size, mode and times of the open file."""
        with contextlib.suppress(OSError):
            SFTPServer.set_file_attr(self._place, attr)
            return SFTP_OK
        return SFTP_FAILURE

    def close(self) -> None:
        """Close; the file is complete now, or as complete as it gets."""
        if not self._file.closed:
            self._file.close()
            self._report()

    def _written(self, path: str) -> None:
        self._files.stamp(self._place)
        self._files.note("write", path)


def _status(error: OSError) -> int:
    """An errno as an SFTP status."""
    return int(SFTPServer.convert_errno(error.errno or errno.EIO))
