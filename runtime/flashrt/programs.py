"""Programs of the site, run without a shell: the real edge behind `Edges.programs`.

The arguments go to the program as they are.  What it writes may be anything, and has a limit;
the standard error of a started program is not read.  docs/platform-facts.md#pase-processes
"""

from __future__ import annotations

import os
import re
import select
import stat
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flashrt.edges import Reply, readable
from flashrt.status import CONFIG, SYSTEM, TIMEOUT, UNREACHABLE, SidecarError

if TYPE_CHECKING:
    import subprocess

ANSWER_LIMIT = 256 * 1024
"""Bytes of one answer; more is an error."""

END_S = 2.0
"""How long a program that is not needed any more may take to end by itself."""


class SitePrograms:
    """Real processes (`flashrt.edges.Programs`)."""

    def look(self, path: str) -> str:
        """The program itself, and its folder: who may write there may put another in its place."""
        folder = os.path.dirname(os.path.realpath(path))
        problem = problem_of(path)
        try:
            mode = os.stat(folder).st_mode
        except OSError as error:
            return problem or f"{folder}: {error.strerror}"
        if not problem and mode & 0o022 and not mode & stat.S_ISVTX:
            return f"others than its owner may change the folder {folder}"
        return problem

    def run(self, argv: Sequence[str], limit_s: float) -> Reply:
        """Run a program to its end."""
        check(argv)
        import subprocess

        try:
            process = subprocess.Popen(
                list(argv), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        except OSError as error:
            raise not_run(argv, error.strerror or "") from error
        with process:
            try:
                out, err = _read_both(process, argv, time.monotonic() + limit_s)
                status = process.wait(END_S)
            except subprocess.TimeoutExpired as error:
                raise no_answer(argv, limit_s) from error
            finally:
                process.kill()
        # A signal has ended it: nobody knows what it did.
        return Reply(
            status if status >= 0 else None, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")
        )

    def start(self, argv: Sequence[str], prompt: str = "") -> SiteProgram:
        """Start a program that answers line by line, or one that writes a prompt behind each answer."""
        return SiteProgram(argv, prompt)


class SiteProgram:
    """A program that runs (`flashrt.edges.StartedProgram`)."""

    local_port = 0
    peer_port = 0

    def __init__(self, argv: Sequence[str], prompt: str = "") -> None:
        check(argv)
        import subprocess

        try:
            self._process = subprocess.Popen(
                list(argv),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if prompt else subprocess.DEVNULL,
                bufsize=0,
            )
        except OSError as error:
            raise not_run(argv, error.strerror or "") from error
        self._name = argv[0]
        self._prompt = prompt
        written = re.escape(prompt.encode("ascii"))
        self._cut = re.compile(b"(?m:^|(?<=%s))%s" % (written, written))
        self._due = 1
        self._read = b""
        self._ended = False
        assert self._process.stdout is not None
        self._out = self._process.stdout.fileno()

    def send(self, command: str) -> None:
        """Write a line, or several at once."""
        if self.has_ended():
            raise SidecarError(UNREACHABLE, f"{self._name} has ended; nothing was sent.")
        self._due = command.count("\n") + 1
        assert self._process.stdin is not None
        os.write(self._process.stdin.fileno(), command.encode("ascii") + b"\n")

    def poll(self, seconds: float) -> bool:
        """Whether a line, or the end of the program's output, is there."""
        if self._is_whole():
            return True
        if readable(self._out, seconds):
            data = os.read(self._out, 4096)
            self._read += data
            self._ended = not data or len(self._read) > ANSWER_LIMIT
        return self._is_whole()

    def reply(self) -> Reply:
        """The line, or what stands before the prompt; where the program ended, its status, None for a signal.

        One that ended well without an answer has no status either.
        """
        if not self._prompt:
            line, newline, self._read = self._read.partition(b"\n")
            return Reply(0 if newline else None, line.decode("utf-8", "replace"), "")
        parts, self._read = self._parts(), b""
        whole = len(parts) > self._due
        said = b"".join(parts).decode("utf-8", "replace")
        return Reply(0 if whole else self._status(), said, "")

    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self._ended or self._process.poll() is not None

    def close(self) -> None:
        """End of its input, which ends it; one that stays is killed."""
        import subprocess

        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _is_whole(self) -> bool:
        if not self._prompt:
            return self._ended or b"\n" in self._read
        return self._ended or len(self._parts()) > self._due

    def _parts(self) -> list[bytes]:
        """What was read, cut at every prompt: one stands where a line begins, or behind another prompt."""
        return self._cut.split(self._read)

    def _status(self) -> int | None:
        """With what a program ended that has closed its output."""
        import subprocess

        try:
            status = self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            return None
        return status if status > 0 else None


def _read_both(process: subprocess.Popen[bytes], argv: Sequence[str], end: float) -> tuple[bytes, bytes]:
    """What it writes until both of its outputs end; no more than the limit is ever held."""
    import subprocess

    assert process.stdout is not None
    assert process.stderr is not None
    out, err = process.stdout.fileno(), process.stderr.fileno()
    data = {out: b"", err: b""}
    waiting = [out, err]
    while waiting:
        left = end - time.monotonic()
        ready = select.select(waiting, [], [], max(0.0, left))[0]
        if not ready:
            raise subprocess.TimeoutExpired(list(argv), left)
        for one in ready:
            block = os.read(one, 65536)
            if not block:
                waiting.remove(one)
            data[one] += block
            if len(data[one]) > ANSWER_LIMIT:
                raise SidecarError(
                    SYSTEM,
                    f"{argv[0]} wrote more than {ANSWER_LIMIT} bytes and was killed. See its contract.",
                )
    return data[out], data[err]


def check(argv: Sequence[str]) -> None:
    """CONFIG if there is no such program, or if others than its owner may change it.

    It runs with the authorities of the runs.
    """
    problem = problem_of(argv[0])
    if problem:
        raise not_run(argv, problem)


def problem_of(path: str) -> str:
    """Why a program may not be run; "" where it may."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        return error.strerror or "it cannot be looked at"
    if not stat.S_ISREG(mode) or not os.access(path, os.X_OK):
        return "it is no program, or this user may not execute it"
    return "others than its owner may change it" if mode & 0o022 else ""


def not_run(argv: Sequence[str], reason: str) -> SidecarError:
    """There is no such program, or it may not be run."""
    return SidecarError(
        CONFIG, f"{argv[0]} cannot be run: {reason}. See `program` in the spec, and its authorities."
    )


def no_answer(argv: Sequence[str], limit_s: float) -> SidecarError:
    """It was still at work when the limit passed, and was killed."""
    return SidecarError(TIMEOUT, f"{' '.join(argv[:3])} did not end within {limit_s:g} s and was killed.")
