"""What the tests of deployments share: the example's bundle, a deployed partition, a fake session."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flashc.bundle import Bundle, build
from flashc.check import load, read_file
from flashc.cli import installing, staging
from flashc.cli.rehearsing import rehearse
from flashc.cli.runs import Run
from flashc.cli.stage import Stage
from flashc.deploy.facts import RUN_FILES, Facts, ScheduleEntry, entry_facts, folder_paths
from flashc.deploy.hostkeys import HostKey, label, text_of
from flashc.deploy.plan import endpoints, plan
from flashc.deploy.record import Record
from flashc.deploy.session import Entry, Reply
from flashc.runbook.tables import TABLES, column_name
from flashtwin.site_load import load_site

LIB, LIBG, FOLDER = "BCKFLASHP", "BCKFLASHPG", "/flashc/BCKFLASHP"
SEEN = "P" + "SITE".ljust(10) + "QPGMR".ljust(10) + "20261118203000"


def bundle_of(text: str | None = None, spec: str = "examples/nightly_brms.flash") -> Bundle:
    """The bundle of the example, or of a changed text of it."""
    checked, problems = load(spec, read_file if text is None else lambda _path: text.encode())
    assert checked is not None, problems
    return build(checked)[0]


def pins_for(bundle: Bundle) -> bytes:
    """A known_hosts file with a key for everything that a run meets."""
    known = {}
    for address in endpoints(bundle):
        host, _, port = address.rpartition(":")
        known[label(host, int(port))] = (HostKey("ssh-ed25519", address.encode()),)
    return text_of(known).encode()


def empty_facts(bundle: Bundle) -> Facts:
    """A partition on which nothing of ours is."""
    return Facts(
        serial="78ABC12",
        lpar_id=24,
        objects={LIB: None, LIBG: None},
        start_program="QSTRUP    QSYS",
        areas={},
        entries=(),
        folders=dict.fromkeys(folder_paths(FOLDER)),
        keys=dict.fromkeys(bundle.manifest["keys"]),
        files=dict.fromkeys(RUN_FILES),
        record=None,
        date_format="DMY",
        now="202611182000",
    )


def deployed_facts(bundle: Bundle) -> Facts:
    """The partition after a deployment of this bundle, the officer's work done."""
    pins = pins_for(bundle)
    first = plan(bundle, empty_facts(bundle), pins)
    made = {key: value for one in first.operations for key, value in one.made.items()}
    names: dict[str, set[str]] = {LIB: set(), LIBG: set()}
    for one in bundle.manifest["objects"]:
        if one["library"] in names:
            names[one["library"]].add(f"{one['name']}.{one['type'].lstrip('*')}")
    files = {n: pins if n == "conf/known_hosts" else bundle.files[n] for n in RUN_FILES}
    return Facts(
        serial="78ABC12",
        lpar_id=24,
        objects={name: frozenset(found) for name, found in names.items()},
        lists=frozenset({LIB}),
        start_program=f"FLBOOT    {LIBG}",
        areas={
            f"{LIB}/FLR0056": f"{'':24}CLOSED",
            f"{LIBG}/FLBOOTRPT": SEEN,
            f"{LIBG}/FLPRVSTR": "QSTRUP    QSYS",
        },
        lengths={
            f"{o['library']}/{o['name']}": o["length"] for o in bundle.manifest["objects"] if o["length"]
        },
        columns={f"{LIB}/{one.name}": frozenset(map(column_name, one.columns)) for one in TABLES},
        entries=tuple(entry_of(c, n) for n, c in enumerate(_schedule(bundle), 12)),
        folders={p: Entry(0o755 if p == "/flashc" else 0o700, 0, True) for p in folder_paths(FOLDER)},
        keys={name: Entry(0o600, 400, False) for name in bundle.manifest["keys"]},
        files={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        record=Record(LIB, made, {"system": "SISTPROD"}),
        date_format="DMY",
        now="202611182000",
    )


def _schedule(bundle: Bundle) -> list[str]:
    return [c for e in bundle.manifest["environments"] for c in e["schedule_commands"]]


def night_behind(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    bundle: Bundle,
    earlier: Bundle,
    between: Callable[[Stage], None] = lambda _stage: None,
) -> Run:
    """The run of the example's night where another bundle was deployed first; `between` comes behind that."""
    first = True

    def installed(stage: Stage, progress: Any) -> None:
        nonlocal first
        if first:
            first, now, stage.bundle = False, stage.bundle, earlier
            installing.install(stage, progress)
            between(stage)
            stage.bundle = now
        installing.install(stage, progress)

    monkeypatch.setattr(staging, "install", installed)
    spec, problems = load(str(root / "examples/nightly_brms.flash"))
    assert spec is not None, problems
    site = load_site((root / "examples/nightly_brms.site.toml").read_text())
    (run,) = rehearse(spec, bundle, site, mode="memory").runs
    return run


def entry_of(added: str, number: int = 12, **changes: Any) -> ScheduleEntry:
    """The entry that an ADDJOBSCDE of the bundle makes."""
    wanted = entry_facts(added)
    del wanted["date"]
    environment = wanted["text"].split()[1]
    made = ScheduleEntry(
        number=f"{number:06d}",
        held=False,
        library=LIB,
        command=f"{LIB}/FLSTRENV ENV({environment})",
        **wanted,
    )
    return replace(made, **changes)


@dataclass
class FakePartition:
    """A session that takes every command, except those that it is told to fail."""

    fails: dict[str, list[str]] = field(default_factory=dict)
    """What a command that contains this text prints when it fails."""
    lost_at: str = ""
    answer: str = ""
    ran: list[str] = field(default_factory=list)
    files: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)

    def run(self, line: str, limit_s: float, on_line: Callable[[str], None] | None = None) -> Reply:
        """Only the lines of `run_commands`: each step, then its mark."""
        assert limit_s > 0
        if on_line is None:
            self.ran.append(line)
            return Reply(0, self.answer)
        for step in re.split(r"(?<=\|\| exit 255)(?:; |$)", line):
            if not step:
                continue
            commands = [
                x.replace("'\\''", "'") for x in re.findall(r"bin/system '((?:[^']|'\\'')*)' 2>&1", step)
            ]
            if self.lost_at and self.lost_at in commands[0]:
                return Reply(None, "")
            for command in commands:
                self.ran.append(command)
                printed = next((out for part, out in self.fails.items() if part in command), None)
                for text in printed or []:
                    on_line(text)
                if printed is None:
                    break
            if printed is not None:
                return Reply(255, "")
            mark = re.search(r"echo '(==flashc \d+)'", step)
            assert mark is not None
            on_line(mark[1])
        return Reply(0, "")

    def stat(self, path: str) -> Entry | None:
        if path in self.folders:
            return Entry(self.folders[path], 0, True)
        found = self.files.get(path)
        return Entry(found[1], len(found[0]), False) if found else None

    def read(self, path: str, limit: int) -> bytes | None:
        assert limit > 0
        found = self.files.get(path)
        return found[0] if found else None

    def write(self, path: str, data: bytes, mode: int) -> None:
        self.files[path] = (data, mode)

    def make_folder(self, path: str, mode: int) -> None:
        assert path not in self.folders
        self.folders[path] = mode

    def set_mode(self, path: str, mode: int) -> None:
        self.folders[path] = mode
