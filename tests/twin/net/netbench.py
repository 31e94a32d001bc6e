"""A small world for the network of the twin: a console-like server, a partition's services, three modes."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flashrt
from flashtwin.externals import Link, Reach, Steps
from flashtwin.gate import Gate
from flashtwin.links import ProcessLink
from flashtwin.pase import local_link, run_link
from flashtwin.scheduler import Scheduler, Task, Wait
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Server
from tests_sidecar import main

START = 1_700_000_000.0
MODES = ("process", "thread", "memory")


class FakeServices:
    """A partition whose clock is five minutes fast."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.home: object = self
        self.seen: dict[str, Reach] = {}

    def now(self) -> float:
        return self.scheduler.now + 300.0

    def sql(self, statement: str, parameters: list[Any], limit_s: float) -> Steps:  # noqa: ARG002
        yield Wait((), self.scheduler.now + 1.0)
        if "MISSING" in statement:
            return {"failed": "system", "text": "SQL0204 MISSING in QSYS2 type *FILE not found."}
        return {"rows": [[statement, *parameters]]}

    def reach(self, address: str) -> Reach:
        return self.seen.get(address, "ok")

    def origin(self, host: str) -> str:  # noqa: ARG002
        return "10.1.0.1"


@dataclass
class Bench:
    """A scheduler with its gate, one simulated console V at 10.1.0.20, and a folder like the product's."""

    folder: Path
    gate: Gate
    services: FakeServices
    server: Server
    answers: dict[str, Outcome] = field(default_factory=dict)
    zipapp: Path = Path()
    full: bool = False
    """No file of the folder can grow."""

    @property
    def scheduler(self) -> Scheduler:
        return self.gate.scheduler

    def start(self, mode: str, *argv: str, name: str = "sidecar") -> Task:
        """Start the test's sidecar (its `main` in `sidecar_script.py`) in this mode."""
        words = [*argv, "--folder", str(self.folder)]
        return self.scheduler.spawn(
            name, run_link(self.gate, name, self.link(mode, words), self.services, 4.0)
        )

    def link(self, mode: str, words: list[str]) -> Link:
        """The link of one sidecar."""
        if mode == "process":
            return ProcessLink(str(self.zipapp), words, {}, str(self.folder), full=self._full())
        return local_link("memory" if mode == "memory" else "thread", main, words, full=self._full)

    def _full(self) -> str:
        return str(self.folder) if self.full else ""

    def run(self, mode: str, *argv: str) -> dict[str, Any]:
        """Run one sidecar to its end; its last call, and `at`, the virtual seconds since the start."""
        task = self.start(mode, *argv)
        self.scheduler.run()
        assert task.ended
        return {**task.result, "at": self.scheduler.now - START}

    def said(self) -> list[tuple[float, str, str, str]]:
        """The transcript in short: seconds, request, output, ending."""
        return [(e.at - START, e.request, e.out, e.ending) for e in self.gate.transcript]


class Files:
    """Shows one folder by SFTP."""

    def __init__(self, root: Path, acts: list[tuple[str, str]]) -> None:
        self._root = root
        self._acts = acts

    @property
    def removes(self) -> bool:
        return True

    def resolve(self, user: str, path: str, *, write: bool) -> str:  # noqa: ARG002
        if write and path.startswith("/locked"):
            raise PermissionError(13, "Permission denied")
        return str(self._root) + os.path.normpath("/" + path)

    def now(self) -> float:
        return START

    def done(self, user: str, act: str, path: str) -> None:  # noqa: ARG002
        self._acts.append((act, path))


def make_zipapp(folder: Path) -> Path:
    """The real flashrt with the test's sidecar as its main, packed as the bundle packs it."""
    target = folder / "flashrt.pyz"
    package = Path(flashrt.__file__).parent
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(package.rglob("*.py")):
            if file.name != "main.py":
                packed.write(file, f"flashrt/{file.relative_to(package)}")
        packed.write(Path(__file__).parent / "tests_sidecar.py", "flashrt/main.py")
    return target
