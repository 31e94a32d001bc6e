"""Playing many nights that begin alike: a process plays what they share and forks where one of them parts.

A child gets the world of its parent as it is at that statement, with a copy of the folder in which the world
keeps its files; the folder is a relative path, so the child finds its own in its own working directory.  In
memory no thread of the world runs (`flashtwin.gate`), so nothing is lost by forking.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from flashtwin.errors import TwinError

from flashc.cli.scratch import scratch_folder

T = TypeVar("T")

Branch = Callable[[int], bool]
"""Forks the process for the task of this number: True in the child, False in the one that goes on."""

LIMIT_S = 600.0
"""Real seconds that one night with its recovery may take."""

READ = 1 << 20
DIED = {"error": "the process of this night died"}


def available() -> bool:
    """Whether this machine can fork (Windows cannot)."""
    return hasattr(os, "fork")


def each(
    tasks: Sequence[T], play: Callable[[Branch], Any], base: Path, at_once: int
) -> Iterator[tuple[T, Any]]:
    """Call `play` in a process of its own, the trunk; (task, result) as they come, in no order.

    What `play` returns in a child that it forked for a task is the result of that task; what it returns in
    the trunk is the result of all tasks for which nothing was forked.  Where there are none the trunk ends at
    its last fork.  `base` is the folder of which the trunk gets a copy as its working directory, each child a
    copy of the trunk's at that moment.  Results go through JSON; one that breaks or takes too long gives
    {"error": text}.  `at_once` of them run side by side.
    """
    with scratch_folder("flashc-nights-") as scratch:
        reader, writer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            os.setpgid(0, 0)
            _Trunk(writer, len(tasks), Path(scratch), at_once).live(play, base)
        os.close(writer)
        left = set(range(len(tasks)))
        try:
            with os.fdopen(reader, "rb") as lines:
                for line in lines:
                    number, result = json.loads(line)
                    left.discard(number)
                    yield tasks[number], result
        finally:
            for kill in (os.killpg, os.kill):  # it may have died before it had a group of its own
                with suppress(ProcessLookupError, PermissionError):
                    kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    for number in left:
        yield tasks[number], DIED


@dataclass(slots=True)
class _Child:
    pid: int
    number: int
    folder: Path
    data: bytearray = field(default_factory=bytearray)


class _Trunk:
    """The process that plays what is shared; after a fork also the child, which has one task and no children.

    `left` are the tasks whose result this process's own will be, written to `writer`, a line each.
    """

    def __init__(self, writer: int, tasks: int, scratch: Path, at_once: int) -> None:
        self._writer = writer
        self._left = set(range(tasks))
        self._scratch = scratch
        self._at_once = at_once
        self._running: dict[int, _Child] = {}

    def live(self, play: Callable[[Branch], Any], base: Path) -> NoReturn:
        """Play to the end, here and in all children."""
        status = 1
        try:
            folder = self._scratch / "trunk"
            shutil.copytree(base, folder, symlinks=True)
            self._go_on(folder)
            try:
                result = play(self.branch)
            except Exception as error:  # noqa: BLE001 - a night that breaks the twin is a finding of the campaign
                result = {"error": f"{type(error).__name__}: {error}"}
            self._await_less(than=1)
            for number in sorted(self._left):
                self._tell(number, result)
            status = 0
        finally:
            os._exit(status)

    def branch(self, number: int) -> bool:
        """Fork for a task; go on when fewer than `at_once` run beside this process."""
        if threading.active_count() > 1:
            raise TwinError(f"a thread would be lost by a fork: {threading.enumerate()[1].name}")
        folder = self._scratch / str(number)
        shutil.copytree(".", folder, symlinks=True)
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            for descriptor in (reader, self._writer, *self._running):
                os.close(descriptor)
            self._writer, self._left, self._running = writer, {number}, {}
            self._go_on(folder)
            return True
        os.close(writer)
        self._running[reader] = _Child(pid, number, folder)
        self._left.discard(number)
        if not self._left:
            self._await_less(than=1)
            os._exit(0)
        self._await_less(than=self._at_once)
        return False

    def _go_on(self, folder: Path) -> None:
        """Work in this folder from now on, for a limited time."""
        gc.disable()  # a night leaves few cycles behind, and to look for them copies what is shared
        os.chdir(folder)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, LIMIT_S)

    def _await_less(self, than: int) -> None:
        """Hand on what children say until fewer than this run; each of them has its own limit."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        while len(self._running) >= than:
            with selectors.DefaultSelector() as chooser:
                for reader in self._running:
                    chooser.register(reader, selectors.EVENT_READ)
                for key, _ in chooser.select(LIMIT_S):
                    self._hear(key.fd)
        signal.setitimer(signal.ITIMER_REAL, LIMIT_S)

    def _hear(self, reader: int) -> None:
        child = self._running[reader]
        block = os.read(reader, READ)
        child.data += block
        if block:
            return
        del self._running[reader]
        os.close(reader)
        _, status = os.waitpid(child.pid, 0)
        shutil.rmtree(child.folder, ignore_errors=True)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
            self._tell(child.number, {"error": f"no end within {LIMIT_S:.0f} s of real time"})
        elif not child.data.endswith(b"\n"):
            self._tell(child.number, DIED)
        else:
            self._write(child.data)

    def _tell(self, number: int, result: Any) -> None:
        self._write(json.dumps([number, result]).encode() + b"\n")

    def _write(self, data: bytes | bytearray) -> None:
        with os.fdopen(self._writer, "wb", closefd=False) as pipe:
            pipe.write(data)
