"""`flashc export`: the runs and their state for other monitors."""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from flashc.cli.partition import JsonOption, KeyOption, KnownHostsOption, MapOption
from flashc.cli.reading import EnvironmentOption, SpecOption, SystemOption, WorldOption

Format = Literal["csv", "json", "prometheus", "nagios", "prtg"]
_AGE = re.compile(r"(\d{1,4})([mhd])")
_UNIT_S = {"m": 60, "h": 3600, "d": 86400}


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("export")(export)


def export(
    spec: SpecOption = "",
    system: SystemOption = "",
    world: WorldOption = None,
    environment: EnvironmentOption = "",
    format_: Annotated[Format, typer.Option("--format", help="Who reads it.")] = "json",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="Write it there, all at once.")
    ] = None,
    max_age: Annotated[
        str, typer.Option("--max-age", metavar="AGE", help="nagios, prtg: a good run must be younger.")
    ] = "26h",
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Give runs and state to other monitors: all runs (csv, json), or what is now (prometheus, nagios, prtg).

    Records are read as by flashc history; neither console nor array is asked.

    \b
    Examples:
      flashc export nightly.flash --format csv --out runs.csv
      flashc export nightly.flash --format prometheus --out /var/lib/node_exporter/flashc.prom
      flashc export nightly.flash --format nagios --max-age 26h

    Exit status: 0, 1 the spec has errors, 3 the records could not be read, 4 it is not production, 64 wrong
    usage. With --format nagios that of a plugin: 0 OK, 1 a warning, 2 critical, 3 unknown.
    """
    from flashc.cli.output import harmless
    from flashc.cli.reading import opened, stop, view_of
    from flashc.records import export as to
    from flashc.records.status import status

    limit = _AGE.fullmatch(max_age)
    if limit is None:
        stop(f"no age: {max_age}; write it as 26h, 90m or 2d", as_json)
    if as_json and format_ != "json":
        stop("--json is --format json", as_json)
    max_age_s = float(int(limit[1]) * _UNIT_S[limit[2]])
    try:
        with opened(spec, system, world, known_hosts, key, connect_map, as_json) as place:
            rows = [row for row in place.runs() if environment in ("", row.environment)]
            notable = place.notable(rows[-1].run) if rows else ()
            runs = [view_of(place, row, notable) for row in rows]
            now = place.now()
            journal = place.journal([record.run for record in now.records if record.open])
            seen = status(place.product, now, journal)
            names = [e.name for e in place.product.environments if environment in ("", e.name)]
    except typer.Exit as gone:
        if format_ == "nagios" and gone.exit_code:
            sys.stdout.write("FLASHC UNKNOWN the records could not be read\n")
            raise typer.Exit(3) from None
        raise
    found = to.states(names, runs, seen)
    ends = 0
    if format_ == "csv":
        text = to.csv_of(runs)
    elif format_ == "prometheus":
        text = to.prometheus_of(found, seen, dt.datetime.now(dt.UTC))
    elif format_ == "nagios":
        ends, text = to.nagios_of(found, seen, max_age_s)
        text += "\n"
    elif format_ == "prtg":
        text = to.prtg_of(found, seen, max_age_s)
    else:
        import json

        document = {"runs": [run.as_json() for run in runs], "status": seen.as_json()}
        text = json.dumps(document, indent=2) + "\n"
    if out is None:
        sys.stdout.write(harmless(text))
    else:
        try:
            _write(out, text)
        except OSError as error:
            stop(f"{out}: {error.strerror or error}", as_json, 3)
    if ends:
        raise typer.Exit(ends)


def _write(path: Path, text: str) -> None:
    """Under a temporary name in the same folder first: whoever reads it gets all of it, or the older one."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)
