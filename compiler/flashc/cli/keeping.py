"""What `rehearse --keep DIR` leaves behind: the world, its events, job logs, journal and transcript."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flashtwin.image import SystemImage
from flashtwin.invariants.history import transcript
from flashtwin.job import Job

from flashc.cli.playing import rows
from flashc.cli.stage import Stage

MARK = "rehearsal.json"
"""The file by which a kept rehearsal is known."""


def usable(folder: Path) -> str:
    """Why a folder cannot be used for --keep; "" when it can."""
    if not folder.exists():
        return ""
    if not folder.is_dir():
        return f"{folder} is a file; name a folder that is empty or does not exist"
    if any(folder.iterdir()):
        return f"{folder} is not empty; name a folder that is empty or does not exist"
    return ""


def keep_stage(stage: Stage, document: dict[str, Any], folder: Path) -> None:
    """Write the records of a rehearsal beside its world."""
    _lines(folder / "events.jsonl", (_event(e) for e in stage.world.events.events))
    _lines(folder / "transcript.jsonl", (dataclasses.asdict(e) for e in transcript(stage.world)))
    tables = {
        name: rows(stage, name, order) for name, order in (("FLJRN", "RUN, SIDE DESC, SEQ"), ("FLRUN", "RUN"))
    }
    _json(folder / "journal.json", tables)
    logs = folder / "joblogs"
    logs.mkdir()
    for partition in stage.world.partitions():
        image = partition.os.image if partition.os is not None else partition.boot_image()
        if image is not None:
            jobs = partition.os.jobs.values() if partition.os is not None else ()
            (logs / f"{partition.name}.txt").write_text(job_logs(image, jobs), encoding="utf-8")
    _json(folder / MARK, document)


def job_logs(image: SystemImage, jobs: Iterable[Job] = (), name: str = "") -> str:
    """The logs of ended jobs and of those that still run, one after the other; only of one name if given."""
    out: list[str] = []
    for record in image.job_records:
        if name in ("", record.name):
            out.append(f"{record.number}/{record.user}/{record.name} ended, code {record.end_code}")
            out += [f"    {line}" for line in record.log]
    for job in jobs:
        if name in ("", job.name):
            out.append(f"{job.qualified} active")
            out += [f"    {m.msgid or '       '} {m.type:<10} {m.text}" for m in job.log]
    return "\n".join(out) + "\n"


def _event(event: Any) -> dict[str, Any]:
    return {"time": event.time, "kind": event.kind, "system": event.system, **event.facts}


def _lines(path: Path, values: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for value in values:
            file.write(json.dumps(value, default=str, sort_keys=True) + "\n")


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, default=str) + "\n", encoding="utf-8")
