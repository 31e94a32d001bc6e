"""Worlds that are deployed once for many tests: each goes on in a process of its own, forked off behind it.

Its hooks are those of a folder's conftest.  A test that asks for a world in its own body waits from there on,
in this process, until its child has come to its end and has told how; this process keeps the world as it was
deployed, for the next test.
"""

from __future__ import annotations

import gc
import os
import selectors
import shutil
import signal
import sys
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

import pytest
from flashc.cli.scratch import scratch_folder
from flashc.cli.stage import Stage

KEPT = 3
"""How many worlds a process keeps; the one that was used last longest goes."""

LIMIT_S = 600.0
"""Real seconds that the rest of a test may take."""


class _Elsewhere(BaseException):
    """The rest of this test was played by a child; `failure` is what the child says, "" if it passed."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


@dataclass(slots=True)
class _World:
    stage: Stage
    folder: TemporaryDirectory[str]
    used: bool = False

    @property
    def files(self) -> Path:
        return Path(self.folder.name) / "world"

    @property
    def as_deployed(self) -> Path:
        return Path(self.folder.name) / "as deployed"

    def close(self) -> None:
        self.stage.close()
        self.folder.cleanup()


_worlds: OrderedDict[Hashable, _World] = OrderedDict()
_in_test = False
_told: list[int] = []
"""The pipe to which this process says how its test has ended, if it is a child."""


def _may_go_elsewhere() -> bool:
    """Whether it is the body of a test that asks, and not the second time; no fixture, which others share."""
    return _in_test and not _told and hasattr(os, "fork")


@contextmanager
def deployed_once(key: Hashable, set_up: Callable[[Path], Stage]) -> Iterator[Stage]:
    """The stage that `set_up` makes in a folder, made once for all who give the same key.

    The test goes on in a child.  A fixture, and a test that asks again, get one of their own.
    """
    if not _may_go_elsewhere():
        with scratch_folder("flashc-test-") as folder:
            files = Path(folder) / "world"
            files.mkdir()
            stage = set_up(files)
            try:
                yield stage
            finally:
                stage.close()
        return
    world = _worlds.get(key) or _made(key, set_up)
    _worlds.move_to_end(key)
    if world.used:
        shutil.rmtree(world.files)
        shutil.copytree(world.as_deployed, world.files, symlinks=True)
    world.used = True
    _go_elsewhere()
    world.stage.gate.forked()
    try:
        yield world.stage
    finally:
        world.stage.close()


def _made(key: Hashable, set_up: Callable[[Path], Stage]) -> _World:
    while len(_worlds) >= KEPT:
        _worlds.popitem(last=False)[1].close()
    folder = scratch_folder("flashc-test-")
    assert isinstance(folder, TemporaryDirectory)
    files = Path(folder.name) / "world"
    files.mkdir()
    try:
        world = _worlds[key] = _World(set_up(files), folder)
    except BaseException:
        folder.cleanup()
        raise
    shutil.copytree(files, world.as_deployed, symlinks=True)
    return world


def _go_elsewhere() -> None:
    """Go on in a child; in this process the test is over when the child is."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _told.append(writer)
        gc.freeze()  # the collector leaves alone what is shared with the parent
        return
    os.close(writer)
    try:
        said = _heard(reader)
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if not said:
        said = f"its process died, or did not end within {LIMIT_S:.0f} s"
    raise _Elsewhere(said.removeprefix("passed"))


def _heard(reader: int) -> str:
    """What the child says before it ends; "" if that takes too long."""
    said = bytearray()
    with selectors.DefaultSelector() as chooser:
        chooser.register(reader, selectors.EVENT_READ)
        while chooser.select(LIMIT_S):
            block = os.read(reader, 1 << 16)
            if not block:
                return said.decode("utf-8", "replace")
            said += block
    return ""


def _end(said: str) -> NoReturn:
    """End this process, which is a child; its parent hears what it says."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        with os.fdopen(_told[0], "wb") as pipe:
            pipe.write(said.encode("utf-8", "replace"))
    finally:
        os._exit(0)


@pytest.hookimpl(hookwrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    global _in_test
    _in_test = True
    outcome: Any = yield
    _in_test = False
    found = outcome.excinfo
    if _told:
        _end(_text(pyfuncitem, found) if found else "passed")
    if found and isinstance(found[1], _Elsewhere):
        if found[1].failure:
            outcome.force_exception(pytest.fail.Exception(found[1].failure, pytrace=False))
        else:
            outcome.force_result(True)


def _text(item: pytest.Function, found: Any) -> str:
    try:
        return str(item.repr_failure(pytest.ExceptionInfo.from_exc_info(found)))
    except Exception:  # noqa: BLE001 - a failure is told, even where it cannot be shown as pytest does
        return "".join(traceback.format_exception(*found))


def pytest_sessionfinish() -> None:
    while _worlds:
        _worlds.popitem()[1].close()
