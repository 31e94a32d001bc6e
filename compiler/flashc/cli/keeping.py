"""What `rehearse --keep DIR` leaves behind: the world, its events, job logs, records and transcript.

`records.json` is what `flashc history`, `log`, `status` and `report` read with --world DIR.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flashtwin.image import SystemImage
from flashtwin.invariants.history import transcript
from flashtwin.job import Job
from flashtwin.objects import DataArea
from flashtwin.values import from_ebcdic

from flashc.cli.playing import rows
from flashc.cli.stage import Stage
from flashc.records import product_of
from flashc.records.kept import FILE, REHEARSAL
from flashc.records.kept import document as kept_document


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
    _json(folder / FILE, _records(stage, folder))
    logs = folder / "joblogs"
    logs.mkdir()
    for partition in stage.world.partitions():
        image = partition.os.image if partition.os is not None else partition.boot_image()
        if image is not None:
            jobs = partition.os.jobs.values() if partition.os is not None else ()
            (logs / f"{partition.name}.txt").write_text(job_logs(image, jobs), encoding="utf-8")
    _json(folder / REHEARSAL, document)


def _records(stage: Stage, folder: Path) -> dict[str, Any]:
    """What the product has written down on production, as the partition itself would tell it."""
    product = product_of(stage.spec, stage.bundle.system)
    image, running = stage.image, stage.production.os
    areas = {}
    for clone in product.clones:
        for library, name in ((product.library, clone.record), (product.guard_library, clone.ticket)):
            area = image.find(library, name, "*DTAARA")
            if isinstance(area, DataArea) and isinstance(area.value, bytes):
                areas[f"{library}/{name}"] = from_ebcdic(area.value).rstrip()
    held = running.locks.held if running is not None else []
    inbox = image.ifs / product.folder.lstrip("/") / "inbox"
    return kept_document(
        product,
        clock=stage.local(stage.world.now).strftime("%Y%m%d%H%M%S%f"),
        tables={
            "FLRUN": rows(stage, "FLRUN", "RUN"),
            "FLJRN": rows(stage, "FLJRN", "RUN, SIDE DESC, SEQ"),
            "FLLCK": rows(stage, "FLLCK", "NAME"),
        },
        areas=areas,
        holders=[
            (lock.key[1], lock.job.qualified)
            for lock in held
            if lock.key[0] == product.library and lock.key[2] == "*DTAARA"
        ],
        inbox=inbox.relative_to(folder).as_posix(),
    )


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
