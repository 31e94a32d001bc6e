"""What this run asked of the arrays: runs/<RUN>/array.json.

Written before a request is sent, so that a later call knows whether a prepared group is this run's own work,
and from which start times a new copy can be told.  Where a run has the choice between generations, the file
says which group it chose: "chosen", by array and first group.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import NamedTuple

from flashrt.config import RUN_ID, Config, DisksConf
from flashrt.localtime import Look
from flashrt.result import write_file
from flashrt.status import CONFIG, SidecarError

CHOSEN = "chosen"
SENT = "sent"
MAYBE = "maybe"
"""The prepare was answered well, or its answer is not known."""


class Claim(NamedTuple):
    """This run's hold on a group: how its prepare went, start times before it, whether the copy is proven.

    `copy` are the start times of the copy when it was proven: what tells it from every other.  `look` and
    `proof` are looks at the clock that those times are told by, where it tells: when the start times were
    read, and when the copy was proven.
    """

    prepare: str
    start_times: dict[str, str]
    proven: bool
    copy: dict[str, str]
    look: Look | None = None
    proof: Look | None = None


def read_claim(config: Config, run: str, array: str, group: str) -> Claim | None:
    """The claim of a run on a group, None if it never asked for anything."""
    entry = _read(_path(config, run)).get(f"{array}/{group}")
    if not isinstance(entry, dict):
        return None
    times, copy = entry.get("start_times"), entry.get("copy", {})
    if not isinstance(times, dict) or not isinstance(copy, dict) or entry.get("prepare") not in (SENT, MAYBE):
        raise _broken(_path(config, run))
    look, proof = (_look(entry.get(key), config, run) for key in ("look", "proof"))
    return Claim(str(entry["prepare"]), _texts(times), entry.get("proven") is True, _texts(copy), look, proof)


def claims_on(config: Config, array: str, group: str) -> Iterator[tuple[str, Claim]]:
    """The runs that have a claim on a group, and their claims: the last first, one by hand before all."""
    try:
        runs = sorted((name for name in os.listdir(config.runs_folder) if RUN_ID.match(name)), reverse=True)
    except OSError as error:
        raise SidecarError(CONFIG, f"The folder {config.runs_folder} cannot be read: {error}.") from error
    for run in runs:
        claim = read_claim(config, run, array, group)
        if claim is not None:
            yield run, claim


def last_proven(config: Config, array: str, group: str) -> tuple[str, Claim] | None:
    """The last run that has proven a copy on a group, and its claim."""
    return next((one for one in claims_on(config, array, group) if one[1].proven), None)


def write_claim(config: Config, run: str, array: str, group: str, claim: Claim | None) -> None:
    """Record or, with None, give up the claim."""
    path = _path(config, run)
    entries = _read(path)
    if claim is None:
        entries.pop(f"{array}/{group}", None)
    else:
        entries[f"{array}/{group}"] = claim._asdict()
    _write(path, entries)


def mark_proven(config: Config, run: str, array: str, group: str) -> None:
    """Say that the copy on a group is proven: it is not stopped by an undo any more."""
    claim = read_claim(config, run, array, group)
    if claim is not None:
        write_claim(config, run, array, group, claim._replace(proven=True))


def read_choice(config: Config, run: str, disks: DisksConf) -> str | None:
    """The group that a run uses; None while it has not chosen between several."""
    if len(disks.groups) == 1:
        return disks.groups[0]
    path = _path(config, run)
    chosen = _read(path).get(CHOSEN, {})
    group = chosen.get(disks.key) if isinstance(chosen, dict) else ""
    if group is not None and group not in disks.groups:
        raise _broken(path)
    return group


def write_choice(config: Config, run: str, disks: DisksConf, group: str) -> None:
    """Record which of several groups the run uses."""
    path = _path(config, run)
    entries = _read(path)
    chosen = entries.get(CHOSEN, {})
    if not isinstance(chosen, dict):
        raise _broken(path)
    entries[CHOSEN] = {**chosen, disks.key: group}
    _write(path, entries)


def _look(value: object, config: Config, run: str) -> Look | None:
    """A look as recorded; None where there was none, as in what older releases have written."""
    if value is None:
        return None
    times, zone = (value[:2], value[2:]) if isinstance(value, list) else ([], [])
    numbers = len(times) == 2 and all(type(one) in (int, float) for one in times)
    # earlier records have no name of a zone
    if not numbers or len(zone) > 1 or not all(isinstance(one, str) for one in zone):
        raise _broken(_path(config, run))
    return Look(float(times[0]), float(times[1]), *zone)


def _texts(values: dict[object, object]) -> dict[str, str]:
    return {str(name): str(value) for name, value in values.items()}


def _path(config: Config, run: str) -> str:
    return os.path.join(config.run_folder(run), "array.json")


def _write(path: str, entries: dict[str, object]) -> None:
    write_file(path, (json.dumps(entries, indent=1, sort_keys=True) + "\n").encode("ascii"), 0o660)


def _read(path: str) -> dict[str, object]:
    try:
        with open(path, "rb") as file:
            entries = json.loads(file.read(1024 * 1024).decode("ascii"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _broken(path) from error
    if not isinstance(entries, dict):
        raise _broken(path)
    return entries


def _broken(path: str) -> SidecarError:
    return SidecarError(
        CONFIG,
        f"The record {path} cannot be read. Look at the group's state on the array, then remove the file.",
    )
