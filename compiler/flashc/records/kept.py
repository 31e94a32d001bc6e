"""The records of a rehearsal that was kept, `rehearse --keep DIR`: the same plain data from one JSON file.

The file is written by `flashc.cli.keeping`; what clones delivered lies in the kept world beside it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flashc.deploy.errors import DeployError
from flashc.records.manifests import MANIFEST_LIMIT, MANIFESTS, read_manifest
from flashc.records.model import (
    CloneFacts,
    CloneRecord,
    Delivered,
    EnvironmentFacts,
    Holder,
    Now,
    Product,
    Row,
    RunRow,
    in_production_time,
    is_notable,
    order,
)
from flashc.records.partition import FILE_LIMIT, lock_of, moment, row_of, run_of

FILE = "records.json"
REHEARSAL = "rehearsal.json"
"""The document of the rehearsal, as `flashc rehearse --json` writes it."""
VERSION = 1


def document(
    product: Product,
    *,
    clock: str,
    tables: Mapping[str, Sequence[Sequence[object]]],
    areas: Mapping[str, str],
    holders: Sequence[tuple[str, str]],
    inbox: str,
) -> dict[str, Any]:
    """What FILE holds.

    `tables`: rows of FLRUN, FLJRN and FLLCK, columns in their order; `areas`: data areas by LIBRARY/NAME;
    `inbox`: the folder of what was delivered, relative to the file.
    """
    return {
        "version": VERSION,
        "product": asdict(product),
        "clock": clock,
        "tables": {name: [[_plain(x) for x in row] for row in rows] for name, rows in tables.items()},
        "areas": dict(areas),
        "holders": [list(one) for one in holders],
        "inbox": inbox,
    }


def _plain(value: object) -> str:
    return "" if value is None else str(value).rstrip()


class KeptPlace:
    """See `flashc.records.model.Place`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self._data = json.loads((folder / FILE).read_bytes())
            if self._data["version"] > VERSION:
                raise ValueError(f"format {self._data['version']}, and this flashc reads up to {VERSION}")
            self.product = _product(self._data["product"])
        except FileNotFoundError:
            raise DeployError(
                f"{folder} holds no records of a rehearsal ({FILE}). flashc rehearse --keep DIR writes them."
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DeployError(f"{folder / FILE} cannot be read: {error}") from error

    def _rows(self, table: str) -> list[list[str]]:
        try:
            return [[str(one) for one in row] for row in self._data["tables"][table]]
        except (KeyError, TypeError) as error:
            raise DeployError(f"{self._folder / FILE} has no table {table}") from error

    def runs(self) -> tuple[RunRow, ...]:
        """All runs, the newest first."""
        return tuple(sorted((run_of(row) for row in self._rows("FLRUN")), key=lambda r: r.run, reverse=True))

    def journal(self, runs: Sequence[str]) -> tuple[Row, ...]:
        """The rows of these runs."""
        found = (row_of(row) for row in self._rows("FLJRN"))
        offsets = {row.run: row.clock_offset_s for row in self.runs()}
        return in_production_time((row for row in found if row.run in runs), offsets)

    def notable(self, since: str) -> tuple[Row, ...]:
        """The rows that a history shows."""
        found = (row_of(row) for row in self._rows("FLJRN"))
        return tuple(sorted((row for row in found if row.run >= since and is_notable(row)), key=order))

    def now(self) -> Now:
        """What was open at the end of the rehearsal."""
        areas, product = self._data["areas"], self.product
        return Now(
            clock=moment(self._data["clock"]) or dt.datetime.min,
            records=tuple(
                CloneRecord(
                    clone,
                    areas.get(f"{product.library}/{clone.record}", ""),
                    areas.get(f"{product.guard_library}/{clone.ticket}", ""),
                )
                for clone in product.clones
            ),
            locks=tuple(lock_of(row) for row in self._rows("FLLCK")),
            holders=tuple(Holder(str(area), str(job)) for area, job in self._data["holders"]),
        )

    def delivered(self, run: str) -> tuple[Delivered, ...]:
        """What the inbox has of a run."""
        found: dict[str, Delivered] = {}
        for name, stage in MANIFESTS:
            data = self._bytes(run, name, MANIFEST_LIMIT)
            if data is not None:
                found |= {one.name: one for one in read_manifest(data, stage)}
        return tuple(found[name] for name in sorted(found))

    def read(self, run: str, name: str) -> bytes | None:
        """A delivered file."""
        return self._bytes(run, name, FILE_LIMIT)

    def invariants(self, run: str) -> list[dict[str, Any]]:
        """What the rehearsal judged of a run; nothing where its document is not there."""
        path = self._folder / REHEARSAL
        if not path.is_file():
            return []
        try:
            runs = json.loads(path.read_bytes())["runs"]
            return [one for found in runs if found["run"] == run for one in found["invariants"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DeployError(f"{path} cannot be read: {error}") from error

    def _bytes(self, run: str, name: str, limit: int) -> bytes | None:
        path = self._folder / str(self._data["inbox"]) / run / name
        if not run.isdigit() or "/" in name or name.startswith(".") or not path.is_file():
            return None
        if path.stat().st_size > limit:
            raise DeployError(f"{path} is larger than {limit} bytes.")
        return path.read_bytes()


def _product(data: Mapping[str, Any]) -> Product:
    return Product(
        system=str(data["system"]),
        library=str(data["library"]),
        guard_library=str(data["guard_library"]),
        folder=str(data["folder"]),
        identities=tuple((str(serial), int(lpar)) for serial, lpar in data["identities"]),
        clones=tuple(CloneFacts(**one) for one in data["clones"]),
        environments=tuple(EnvironmentFacts(**one) for one in data["environments"]),
    )
