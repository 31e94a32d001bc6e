"""The inbox of production: an SFTP server that opens this one folder, for whoever has the delivery's key.

sshd starts it as the one command of that key (`flashc trust` prints the line), on standard input and output.
sshd's own server of files would open everything that the product's profile may reach, this program too.
SFTP version 3 (draft-ietf-secsh-filexfer-02) as far as a clone needs it: it writes signs of life and the
files of runs that production has begun, reads what it is asked for, and removes nothing.  Links are not
followed and not made.  Whoever has the key, a clone that was taken over among them, fills no more of
production's disks than deliveries may have: a folder's bytes and entries are limited, and so are the folders.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import select
import stat
import struct
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from flashrt.beat import BEAT_LIMIT, sign_of
from flashrt.config import RUN_ID, Config
from flashrt.result import Result
from flashrt.status import CONFIG, SidecarError

VERSION = 3
PACKET_LIMIT = 256 * 1024 + 1024
"""Bytes of a packet; clients send blocks of 32 KiB, some of 256 KiB."""

BLOCK = 256 * 1024
MOST_OPEN = 64
TAKES_S = 14 * 86400.0
"""So long after production has last written into the folder of a run its delivery is taken."""

COUNT_AGAIN = 16 * 1024 * 1024
"""Bytes that a session writes into a folder until it looks again at what all sessions have written."""

IDLE_S = 900.0
"""A client that asks for nothing for so long has gone, whatever its connection looks like."""

INIT, OPEN, CLOSE, READ, WRITE, LSTAT, FSTAT, SETSTAT, FSETSTAT = 1, 3, 4, 5, 6, 7, 8, 9, 10
OPENDIR, READDIR = 11, 12
MKDIR, REALPATH, STAT, RENAME, EXTENDED = 14, 16, 17, 18, 200
GREETING, STATUS, HANDLE, DATA, NAME, ATTRS = 2, 101, 102, 103, 104, 105
OK, END, NO_SUCH_FILE, DENIED, FAILURE, BAD_MESSAGE, UNSUPPORTED = 0, 1, 2, 3, 4, 5, 8
FOR_READING, FOR_WRITING, CREATE, TRUNCATE, EXCLUSIVE = 1, 2, 8, 16, 32
SIZE, OWNER, MODE, TIMES = 1, 2, 4, 8
POSIX_RENAME = b"posix-rename@openssh.com"

WORDS = {
    OK: "done",
    END: "no more",
    NO_SUCH_FILE: "no such file",
    DENIED: "this key opens the inbox only, and changes there what a run brings",
    FAILURE: "failed",
    BAD_MESSAGE: "not understood",
    UNSUPPORTED: "not offered here",
}

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | os.O_NONBLOCK
"""Beside the look at the file itself: nothing but SFTP writes here, and SFTP makes no link and no pipe."""

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}\Z")


class _Refused(Exception):
    """A request that is answered by this status."""

    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(text or WORDS[status])
        self.status = status


class Reader:
    """The parts of a packet, one after the other; what is not there is a bad message."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def _take(self, size: int) -> bytes:
        part = self._data[self._at : self._at + size]
        if len(part) != size:
            raise _Refused(BAD_MESSAGE)
        self._at += size
        return part

    def byte(self) -> int:
        return self._take(1)[0]

    def int32(self) -> int:
        return int(struct.unpack(">I", self._take(4))[0])

    def int64(self) -> int:
        return int(struct.unpack(">Q", self._take(8))[0])

    def string(self) -> bytes:
        return self._take(self.int32())

    def path(self) -> str:
        """A path; one that is no ASCII is none of ours."""
        try:
            return self.string().decode("ascii")
        except UnicodeDecodeError as error:
            raise _Refused(DENIED) from error


class Place(NamedTuple):
    """A path in the inbox: where it is, and the names below the inbox that lead there (none, one or two)."""

    path: str
    names: tuple[str, ...]

    @property
    def folder(self) -> str:
        return os.path.dirname(self.path)


class Inbox:
    """The folder and what may be done in it; every refusal is an OSError or a `_Refused`.

    CONFIG: the configuration has no deliveries.
    """

    def __init__(self, config: Config) -> None:
        if config.delivery is None:
            raise SidecarError(CONFIG, "sidecar.json: no clone has a link, so there is no inbox.")
        self.folder = os.path.normpath(config.delivery.inbox)
        self._runs = config.runs_folder
        self._signs = {sign_of(clone) for clone in config.clones.values()}
        # A file that is sent once more lies there twice until it is whole, as NAME and NAME.HASH.part.
        self._most_bytes = 2 * config.limits.delivery_bytes
        self._most_entries = 2 * config.limits.delivery_files + 10
        self._allowed: dict[str, int] = {}

    def place(self, path: str) -> Place:
        """The place of a client's path, which is absolute or relative to the inbox; DENIED outside of it."""
        full = os.path.normpath(os.path.join(self.folder, path))
        if full == self.folder:
            return Place(full, ())
        if not full.startswith(self.folder + "/"):
            raise _Refused(DENIED)
        names = tuple(full[len(self.folder) + 1 :].split("/"))
        if len(names) > 2 or not all(_NAME.match(name) for name in names):
            raise _Refused(DENIED)
        if len(names) == 2 and os.path.islink(os.path.dirname(full)):
            raise _Refused(DENIED)
        return Place(full, names)

    def changed(self, path: str) -> Place:
        """The same for what a clone may make, write or rename: a sign of life, or a file of a run."""
        place = self.place(path)
        if len(place.names) == 2:
            self._need_begun(place.names[0])
        elif not place.names or place.names[0].removesuffix(".part") not in self._signs:
            raise _Refused(DENIED)
        return place

    def _need_begun(self, run: str) -> None:
        """Whether production has begun this run, or this request, and not long ago: it has a folder of it."""
        if not RUN_ID.match(run):
            raise _Refused(DENIED)
        try:
            found = os.lstat(os.path.join(self._runs, run))
        except FileNotFoundError as error:
            raise _Refused(DENIED, f"production has begun no run {run}") from error
        if time.time() - found.st_mtime > TAKES_S:
            raise _Refused(DENIED, f"run {run} is too long ago for a delivery")

    def attributes(self, path: str) -> os.stat_result:
        found = os.lstat(self.place(path).path)
        if stat.S_ISLNK(found.st_mode):
            raise _Refused(DENIED)
        return found

    def open(self, path: str, wanted: int) -> int:
        """A descriptor; a file that is made is readable by the product's profile only."""
        if not wanted & FOR_WRITING:
            self.attributes(path)
            return os.open(self.place(path).path, os.O_RDONLY | _NO_LINK)
        place = self.changed(path)
        if os.path.islink(place.path):
            raise _Refused(DENIED)
        flags = os.O_RDWR if wanted & FOR_READING else os.O_WRONLY
        if wanted & CREATE:
            flags |= os.O_CREAT
            if len(place.names) == 2 and not os.path.lexists(place.path):
                self._need_entry(place.folder)
        # Not O_APPEND: clients name the place of each block, and a system that appends would not look at it.
        for asked, flag in ((TRUNCATE, os.O_TRUNC), (EXCLUSIVE, os.O_EXCL)):
            if wanted & asked:
                flags |= flag
        return os.open(place.path, flags | _NO_LINK, 0o600)

    def write(self, place: Place, descriptor: int, offset: int, data: bytes) -> None:
        self._need_bytes(place, descriptor, offset + len(data))
        os.lseek(descriptor, offset, os.SEEK_SET)
        while data:
            data = data[os.write(descriptor, data) :]

    def cut(self, place: Place, descriptor: int, size: int) -> None:
        self._need_bytes(place, descriptor, size)
        os.ftruncate(descriptor, size)

    def _need_bytes(self, place: Place, descriptor: int, size: int) -> None:
        """Whether an open file may have this size, beside what else lies in its folder."""
        if len(place.names) == 1:
            if size > BEAT_LIMIT:
                raise _Refused(FAILURE, f"a sign of life has no more than {BEAT_LIMIT} bytes")
            return
        grows = max(0, size - os.fstat(descriptor).st_size)
        if grows > self._allowed.get(place.folder, 0):
            room = self._most_bytes - _bytes_of(place.folder)
            if grows > room:
                raise _Refused(FAILURE, f"a run brings no more than {self._most_bytes} bytes")
            self._allowed[place.folder] = max(grows, min(room, COUNT_AGAIN))
        if grows:
            self._allowed[place.folder] -= grows

    def make_folder(self, path: str) -> None:
        place = self.place(path)
        if len(place.names) != 1:
            raise _Refused(DENIED)
        self._need_begun(place.names[0])
        os.mkdir(place.path, 0o700)

    def rename(self, old: str, new: str, *, replace: bool) -> None:
        """Within one folder; a folder keeps its name."""
        source, target = self.changed(old), self.changed(new)
        if source.folder != target.folder:
            raise _Refused(DENIED)
        if not stat.S_ISREG(self.attributes(old).st_mode):
            raise _Refused(DENIED)
        if not replace and os.path.lexists(target.path):
            raise _Refused(FAILURE, "there is a file of this name")
        os.replace(source.path, target.path)

    def names(self, path: str) -> list[str]:
        return sorted(os.listdir(self.place(path).path))

    def _need_entry(self, folder: str) -> None:
        if len(os.listdir(folder)) >= self._most_entries:
            raise _Refused(FAILURE, f"a run brings no more than {self._most_entries} files")


def _bytes_of(folder: str) -> int:
    return sum(os.lstat(os.path.join(folder, name)).st_size for name in os.listdir(folder))


class _Open(NamedTuple):
    """An open file or folder: its descriptor, or the names that are still to be listed."""

    place: Place
    descriptor: int
    names: list[str]


class Server:
    """One client's session: packets in, packets out."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._open: dict[bytes, _Open] = {}
        self._made = 0
        self._acts: dict[int, Callable[[Reader], bytes]] = {
            OPEN: self._open_file,
            CLOSE: self._close,
            READ: self._read,
            WRITE: self._write,
            LSTAT: self._stat,
            STAT: self._stat,
            FSTAT: self._fstat,
            SETSTAT: self._set,
            FSETSTAT: self._set_open,
            OPENDIR: self._open_folder,
            READDIR: self._list,
            MKDIR: self._make_folder,
            REALPATH: self._real_path,
            RENAME: lambda parts: self._rename(parts, replace=False),
            EXTENDED: self._extended,
        }

    def answer(self, packet: bytes) -> bytes:
        """The answer to one packet, without its length."""
        parts = Reader(packet)
        kind = parts.byte()
        if kind == INIT:
            return bytes([GREETING]) + _int(VERSION) + _string(POSIX_RENAME) + _string(b"1")
        number = parts.int32()
        try:
            act = self._acts.get(kind)
            if act is None:
                raise _Refused(UNSUPPORTED)
            answer = act(parts)
        except _Refused as refused:
            answer = _status(refused.status, str(refused))
        except OSError as error:
            answer = _status(_status_of(error), os.strerror(error.errno) if error.errno else "failed")
        return answer[:1] + _int(number) + answer[1:]

    def close(self) -> None:
        """Close what the client has left open."""
        for one in self._open.values():
            if one.descriptor >= 0:
                with contextlib.suppress(OSError):
                    os.close(one.descriptor)
        self._open.clear()

    def _handle(self, made: _Open) -> bytes:
        self._made += 1
        name = b"%d" % self._made
        self._open[name] = made
        return bytes([HANDLE]) + _string(name)

    def _need_handle(self) -> None:
        if len(self._open) >= MOST_OPEN:
            raise _Refused(FAILURE, "too many open files")

    def _file(self, parts: Reader, *, folder: bool = False) -> _Open:
        found = self._open.get(parts.string())
        if found is None or (found.descriptor < 0) != folder:
            raise _Refused(FAILURE, "no such handle")
        return found

    def _open_file(self, parts: Reader) -> bytes:
        path, wanted = parts.path(), parts.int32()
        self._need_handle()
        descriptor = self._inbox.open(path, wanted)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise _Refused(DENIED)
        return self._handle(_Open(self._inbox.place(path), descriptor, []))

    def _open_folder(self, parts: Reader) -> bytes:
        path = parts.path()
        self._need_handle()
        return self._handle(_Open(self._inbox.place(path), -1, self._inbox.names(path)))

    def _close(self, parts: Reader) -> bytes:
        found = self._open.pop(parts.string(), None)
        if found is None:
            raise _Refused(FAILURE, "no such handle")
        if found.descriptor >= 0:
            os.close(found.descriptor)
        return _status(OK)

    def _read(self, parts: Reader) -> bytes:
        found, offset, size = self._file(parts), parts.int64(), parts.int32()
        os.lseek(found.descriptor, min(offset, 2**62), os.SEEK_SET)
        data = os.read(found.descriptor, min(size, BLOCK))
        if not data:
            raise _Refused(END)
        return bytes([DATA]) + _string(data)

    def _write(self, parts: Reader) -> bytes:
        found, offset, data = self._file(parts), parts.int64(), parts.string()
        self._inbox.write(found.place, found.descriptor, offset, data)
        return _status(OK)

    def _stat(self, parts: Reader) -> bytes:
        return bytes([ATTRS]) + _attributes(self._inbox.attributes(parts.path()))

    def _fstat(self, parts: Reader) -> bytes:
        return bytes([ATTRS]) + _attributes(os.fstat(self._file(parts).descriptor))

    def _set(self, parts: Reader) -> bytes:
        """Modes and times are not the client's to say, but to ask for them is no error (`chmod`)."""
        place = self._inbox.place(parts.path())
        os.lstat(place.path)
        if parts.int32() & SIZE:
            raise _Refused(DENIED)
        return _status(OK)

    def _set_open(self, parts: Reader) -> bytes:
        found = self._file(parts)
        if parts.int32() & SIZE:
            self._inbox.cut(found.place, found.descriptor, parts.int64())
        return _status(OK)

    def _list(self, parts: Reader) -> bytes:
        found = self._file(parts, folder=True)
        if not found.names:
            raise _Refused(END)
        told = []
        for name in found.names[:100]:
            with contextlib.suppress(OSError, _Refused):  # it has gone meanwhile, or is nothing of ours
                told.append((name, self._inbox.attributes(os.path.join(found.place.path, name))))
        del found.names[:100]
        return bytes([NAME]) + _int(len(told)) + b"".join(_entry(*one) for one in told)

    def _make_folder(self, parts: Reader) -> bytes:
        self._inbox.make_folder(parts.path())
        return _status(OK)

    def _real_path(self, parts: Reader) -> bytes:
        place = self._inbox.place(parts.path())
        return bytes([NAME]) + _int(1) + _string(place.path.encode("ascii")) * 2 + _int(0)

    def _rename(self, parts: Reader, *, replace: bool) -> bytes:
        self._inbox.rename(parts.path(), parts.path(), replace=replace)
        return _status(OK)

    def _extended(self, parts: Reader) -> bytes:
        if parts.string() != POSIX_RENAME:
            raise _Refused(UNSUPPORTED)
        return self._rename(parts, replace=True)


def serve(config: Config, source: int = 0, target: int = 1) -> Result:
    """Answer what comes by descriptor `source` until it ends, or nothing has come for IDLE_S.

    CONFIG: the configuration has no deliveries, or the inbox is missing.
    """
    inbox = Inbox(config)
    if not os.path.isdir(inbox.folder):
        raise SidecarError(CONFIG, f"There is no folder {inbox.folder}. Deploy again.")
    server = Server(inbox)
    packets = 0
    try:
        while True:
            packet = _packet(source)
            if packet is None:
                break
            answer = server.answer(packet)
            _send(target, _int(len(answer)) + answer)
            packets += 1
    except _Refused as broken:
        return Result(f"The client was cut off: {broken}.", "ENDED", extra1=str(packets))
    except OSError:
        pass  # the client has gone; what it had sent is written
    finally:
        server.close()
    return Result(f"{packets} requests answered.", "ENDED", extra1=str(packets))


def _packet(source: int) -> bytes | None:
    """The next packet; None at the end of the input.  `_Refused`: it is too long, or does not come."""
    head = _exactly(source, 4)
    if head is None:
        return None
    size = struct.unpack(">I", head)[0]
    if not 1 <= size <= PACKET_LIMIT:
        raise _Refused(BAD_MESSAGE, "a packet of a size that none has")
    return _exactly(source, size)


def _exactly(source: int, size: int) -> bytes | None:
    data = bytearray()
    end = time.monotonic() + IDLE_S
    while len(data) < size:
        left = end - time.monotonic()
        if left <= 0 or not select.select([source], [], [], left)[0]:
            raise _Refused(FAILURE, f"nothing came for {IDLE_S:.0f} s")
        part = os.read(source, min(size - len(data), BLOCK))
        if not part:
            return None
        data += part
    return bytes(data)


def _send(target: int, data: bytes) -> None:
    end = time.monotonic() + IDLE_S
    while data:
        left = end - time.monotonic()
        if left <= 0 or not select.select([], [target], [], left)[1]:
            raise _Refused(FAILURE, f"nothing was taken for {IDLE_S:.0f} s")
        # More at once than there is room for would block, without a limit.
        data = data[os.write(target, data[: select.PIPE_BUF]) :]


def _int(number: int) -> bytes:
    return struct.pack(">I", number)


def _string(data: bytes) -> bytes:
    return _int(len(data)) + data


def _status(status: int, text: str = "") -> bytes:
    words = (text or WORDS[status]).encode("ascii", "replace")
    return bytes([STATUS]) + _int(status) + _string(words) + _string(b"en")


def _status_of(error: OSError) -> int:
    if error.errno == errno.ENOENT:
        return NO_SUCH_FILE
    return DENIED if error.errno in (errno.EACCES, errno.EPERM, errno.ELOOP) else FAILURE


def _attributes(found: os.stat_result) -> bytes:
    known: tuple[Any, ...] = (
        SIZE | OWNER | MODE | TIMES,
        found.st_size,
        found.st_uid & 0xFFFFFFFF,
        found.st_gid & 0xFFFFFFFF,
        found.st_mode,
        int(found.st_atime) & 0xFFFFFFFF,
        int(found.st_mtime) & 0xFFFFFFFF,
    )
    return struct.pack(">IQIIIII", *known)


def _entry(name: str, found: os.stat_result) -> bytes:
    """A line of a listing; clients show the second string as it is."""
    when = time.strftime("%b %d %H:%M", time.gmtime(found.st_mtime))
    line = f"{stat.filemode(found.st_mode)} 1 {found.st_uid} {found.st_gid} {found.st_size} {when} {name}"
    return _string(name.encode("ascii")) + _string(line.encode("ascii")) + _attributes(found)
