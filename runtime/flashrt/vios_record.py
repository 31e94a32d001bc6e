"""How a clone's disks were mapped on its VIOS, kept while they are not: runs/vios.<CLONE>.json.

Written before the first device is removed.  It outlives the run: where a run could not put the mapping back,
the next one, or somebody by hand, still can.
"""

from __future__ import annotations

import json
import os
from typing import NamedTuple

from flashrt.config import Config
from flashrt.result import write_file
from flashrt.status import CONFIG, SidecarError

FIELDS = ("uid", "vhost", "physloc", "vtd", "hdisk", "lun")


class Device(NamedTuple):
    """One virtual target device: the volume's UID, its adapter with location, its name, disk and LUN."""

    uid: str
    vhost: str
    physloc: str
    vtd: str
    hdisk: str
    lun: str


class Record(NamedTuple):
    """The mapping of a clone, by VIOS, and the run that took it down."""

    run: str
    servers: dict[str, tuple[Device, ...]]


def read_record(config: Config, clone: str) -> Record | None:
    """The record of a clone, None if nothing was ever unmapped."""
    path = _path(config, clone)
    try:
        with open(path, "rb") as file:
            entry = json.loads(file.read(1024 * 1024).decode("ascii"))
        servers = {
            str(name): tuple(Device(*(_text(device[field]) for field in FIELDS)) for device in devices)
            for name, devices in entry["servers"].items()
        }
        return Record(_text(entry["run"]), servers)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SidecarError(
            CONFIG,
            f"The record {path} cannot be read. Map the clone's disks on its VIOS by hand, then remove the "
            "file.",
        ) from error


def write_record(config: Config, clone: str, record: Record) -> None:
    """Keep the record of a clone, in place of an older one."""
    entry = {
        "run": record.run,
        "servers": {
            name: [device._asdict() for device in devices] for name, devices in record.servers.items()
        },
    }
    data = (json.dumps(entry, indent=1, sort_keys=True) + "\n").encode("ascii")
    write_file(_path(config, clone), data, 0o660)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _path(config: Config, clone: str) -> str:
    return os.path.join(config.runs_folder, f"vios.{clone}.json")
