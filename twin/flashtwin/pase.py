"""PASE programs of a partition: the sidecar's zipapp, started for each call as the site's Python would be.

Three modes, one behaviour (a test compares their transcripts); `gate.mode` chooses:

process   a fresh Python process runs the zipapp; SSH is real (the demonstration)
thread    the same `main` in a thread of this process; SSH is real (rehearsals)
memory    the same `main` in a greenlet, and all connections are in memory (fault campaigns)
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flashtwin import sockets as _sockets  # noqa: F401 - registers the procedures that talk to a sidecar
from flashtwin.errors import TwinError
from flashtwin.externals import Link, Mode, Services
from flashtwin.gate import Gate, gate_of
from flashtwin.ifs import is_closed_to
from flashtwin.links import Entry, Full, GreenletLink, LocalCalls, ProcessLink, ThreadLink, nowhere
from flashtwin.pase_launch import make_edges
from flashtwin.scheduler import Signal, Wait

if TYPE_CHECKING:
    from flashtwin.job import Job
    from flashtwin.os400 import OperatingSystem

RECORD_LENGTH = 512
"""Columns of the sidecar's result record."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a PASE program ended.  A signal is 128 and its number, as a shell says it."""

    status: int
    out: str = ""
    err: str = ""


def host_path(ifs: Path, path: str) -> str:
    """Where an absolute path of the IFS lies on this machine; dots do not lead out of it."""
    return str(ifs) + os.path.normpath("/" + path.lstrip("/"))


def run_captured(
    system: OperatingSystem,
    job: Job,
    argv: Sequence[str],
    env: Mapping[str, str],
    cwd: str = "/",
    *,
    threads: bool = True,
) -> Generator[Wait, Signal | None, Finished]:
    """Run a PASE program for a job.  Closing the generator kills the program.

    `argv[0]` is a Python, `argv[1]` a zipapp in the IFS.  Without `threads` its process may start none, which
    is what every connection begins with (docs/platform-facts.md#threads).
    """
    if len(argv) < 2 or "python" not in os.path.basename(argv[0]) or not argv[1].endswith(".pyz"):
        raise TwinError(f"the twin runs only Python zipapps in PASE, not: {' '.join(argv)[:100]}")
    gate, ifs = gate_of(system.world.scheduler), system.image.ifs
    zipapp = host_path(ifs, argv[1])
    if not os.path.isfile(zipapp):
        yield Wait((), system.world.now + system.world.costs.qsh)
        text = f"{argv[0]}: can't open file '{argv[1]}': [Errno 2] No such file or directory\n"
        return Finished(2, "", text)
    if is_closed_to(system.image, job.user, argv[1]):
        yield Wait((), system.world.now + system.world.costs.qsh)
        return Finished(2, "", f"{argv[0]}: can't open file '{argv[1]}': [Errno 13] Permission denied\n")
    if not threads:
        yield Wait((), system.world.now + system.world.costs.python)
        return Finished(1, "", "RuntimeError: can't start new thread\n")
    mapped = [_mapped(ifs, word) for word in argv[2:]]
    from flashtwin.pase_services import PartitionServices

    services = PartitionServices(system, job)
    image = system.image
    link = _start(
        gate, zipapp, mapped, env, host_path(ifs, cwd), str(ifs), lambda: str(ifs) if image.ifs_full else ""
    )
    name = f"{job.qualified} {os.path.basename(argv[1])} {' '.join(argv[2:5])}"
    call = yield from run_link(gate, name, link, services, system.world.costs.python)
    _hide_folder(ifs, mapped)
    texts = [str(call[stream]).replace(str(ifs), "") for stream in ("out", "err")]
    return Finished(int(call["status"]), texts[0], texts[1])


def run_link(
    gate: Gate, name: str, link: Link, services: Services, start_s: float
) -> Generator[Wait, Signal | None, dict[str, Any]]:
    """Charge the start of Python, then drive the external side to its end; the call by which it ended."""
    try:
        yield Wait((), gate.scheduler.now + start_s)
    except GeneratorExit:
        link.kill()
        raise
    call: dict[str, Any] = yield from gate.external(name, link, services)
    return call


def _start(
    gate: Gate, zipapp: str, argv: list[str], env: Mapping[str, str], cwd: str, root: str, full: Full
) -> Link:
    if gate.mode == "process":
        folder = cwd if os.path.isdir(cwd) else os.path.dirname(zipapp)
        return ProcessLink(zipapp, argv, env, folder, root, full())
    entry: Entry = gate.entry or sidecar_main()
    return local_link(gate.mode, entry, argv, root, full)


def local_link(mode: Mode, entry: Entry, argv: Sequence[str], root: str = "", full: Full = nowhere) -> Link:
    """The way to a sidecar that runs in this process; `root` is the folder of the IFS."""
    if mode == "memory":
        return GreenletLink(entry, argv, partial(make_memory_edges, root=root), full)
    return ThreadLink(entry, argv, partial(make_edges, root=root), full)


def sidecar_main() -> Entry:
    """The sidecar's entry point, as installed beside the twin."""
    from flashrt.main import main

    return main


def load_sidecar() -> None:
    """Load every module of the sidecar now, so that processes forked off this one need not."""
    import flashrt

    for module in pkgutil.walk_packages(flashrt.__path__, "flashrt."):
        if not module.name.endswith(".__main__"):
            importlib.import_module(module.name)


def make_memory_edges(calls: LocalCalls, root: str) -> Any:
    """The edges with connections in memory."""
    from flashtwin.pase_memory import MemoryNetwork

    edges = make_edges(calls, root)
    return edges._replace(network=MemoryNetwork(calls, edges.clock))


def _mapped(ifs: Path, word: str) -> str:
    """An argument with an absolute path of the IFS in it, as the program must see it here."""
    option, equals, value = word.partition("=")
    if equals and option.startswith("--") and value.startswith("/"):
        return f"{option}={host_path(ifs, value)}"
    return host_path(ifs, word) if word.startswith("/") else word


def _hide_folder(ifs: Path, argv: list[str]) -> None:
    """Take this machine's folder out of the result record: a path in a text is one of the IFS."""
    places = [argv[i + 1] for i, word in enumerate(argv[:-1]) if word == "--result"]
    places += [word.partition("=")[2] for word in argv if word.startswith("--result=")]
    for place in places:
        file = Path(place)
        if not file.is_file():
            continue
        text = file.read_bytes()
        shown = text.replace(str(ifs).encode(), b"")
        if shown != text:
            file.write_bytes(shown.rstrip(b"\n").ljust(RECORD_LENGTH) + b"\n")
