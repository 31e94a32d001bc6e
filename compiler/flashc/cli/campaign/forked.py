"""Playing many nights side by side, each in a process forked off one in which everything is deployed.

A child gets the world of its parent as it was, with a copy of the folder in which the world keeps its files;
the folder is a relative path, so the child finds its own in its own working directory.  Between two nights
no thread of the world runs, so nothing is lost by forking.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from flashc.cli.scratch import scratch_parent

T = TypeVar("T")

LIMIT_S = 600.0
"""Real seconds that one night with its recovery may take."""

READ = 1 << 20


def available() -> bool:
    """Whether this machine can fork (Windows cannot)."""
    return hasattr(os, "fork")


@dataclass(slots=True)
class _Child:
    pid: int
    folder: Path
    task: Any
    end: float
    data: bytearray = field(default_factory=bytearray)


def each(
    tasks: Iterable[T],
    work: Callable[[T], Any],
    base: Path,
    at_once: int,
) -> Iterator[tuple[T, Any]]:
    """Call `work` with each task in a child of its own; (task, result) as they come, in no order.

    `base` is the folder that each child gets a copy of as its working directory.  The result goes through
    JSON; a child that breaks or takes too long gives {"error": text}.
    """
    waiting = iter(tasks)
    running: dict[int, _Child] = {}
    chooser = selectors.DefaultSelector()
    gc.collect()
    gc.freeze()
    try:
        more = True
        while more or running:
            while more and len(running) < at_once:
                try:
                    task = next(waiting)
                except StopIteration:
                    more = False
                    break
                reader, child = _start(task, work, base)
                running[reader] = child
                chooser.register(reader, selectors.EVENT_READ)
            for key, _ in chooser.select(1.0):
                child = running[key.fd]
                block = os.read(key.fd, READ)
                child.data += block
                if not block:
                    yield child.task, _end(chooser, running, key.fd)
            for reader in [fd for fd, child in running.items() if time.monotonic() > child.end]:
                os.kill(running[reader].pid, signal.SIGKILL)
                task = running[reader].task
                _end(chooser, running, reader)
                yield task, {"error": f"no end within {LIMIT_S:.0f} s of real time"}
    finally:
        gc.unfreeze()
        for reader in list(running):
            os.kill(running[reader].pid, signal.SIGKILL)
            _end(chooser, running, reader)
        chooser.close()


def _start(task: Any, work: Callable[[Any], Any], base: Path) -> tuple[int, _Child]:
    folder = Path(tempfile.mkdtemp(prefix="flashc-night-", dir=scratch_parent()))
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(reader)
            shutil.copytree(base, folder, symlinks=True, dirs_exist_ok=True)
            os.chdir(folder)
            try:
                result = work(task)
            except Exception as error:  # noqa: BLE001 - a night that breaks the twin is a finding of the campaign
                result = {"error": f"{type(error).__name__}: {error}"}
            with os.fdopen(writer, "wb") as out:
                out.write(json.dumps(result).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    return reader, _Child(pid, folder, task, time.monotonic() + LIMIT_S)


def _end(chooser: selectors.BaseSelector, running: dict[int, _Child], reader: int) -> Any:
    child = running.pop(reader)
    chooser.unregister(reader)
    os.close(reader)
    os.waitpid(child.pid, 0)
    shutil.rmtree(child.folder, ignore_errors=True)
    try:
        return json.loads(bytes(child.data))
    except ValueError:
        return {"error": "the process of this night died"}
