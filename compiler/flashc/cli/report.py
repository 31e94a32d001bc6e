"""`flashc report`: one run as a page to keep, or as text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flashc.cli.partition import JsonOption, KeyOption, KnownHostsOption, MapOption
from flashc.cli.reading import EnvironmentOption, SystemOption, WordsOption, WorldOption

if TYPE_CHECKING:
    from flashc.records import Place


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("report")(report)


def report(
    words: WordsOption = None,
    system: SystemOption = "",
    world: WorldOption = None,
    environment: EnvironmentOption = "",
    html: Annotated[
        Path | None, typer.Option("--html", metavar="PATH", help="Write one HTML page there.")
    ] = None,
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Tell one run: verdict, window, what was saved and what that does not do, volumes, messages, steps.

    The page is one file that needs no other and prints well.  Of a rehearsal it has the invariants as well.

    \b
    Examples:
      flashc report nightly.flash
      flashc report nightly.flash 20261118203500 --html night.html
      flashc report --world night --html night.html

    Exit status: 0, 1 the spec has errors, 3 the records could not be read or the page not written, 4 it is
    not production, 64 wrong usage.
    """
    from flashc.cli.output import write_json
    from flashc.cli.reading import chosen_run, opened, spec_and_run, stop, view_of
    from flashc.cli.report_view import html_of, text_of
    from flashc.records.report import report as report_of

    spec, run = spec_and_run(words, as_json)
    with opened(spec, system, world, known_hosts, key, connect_map, as_json) as place:
        row = chosen_run(place, run, environment, as_json)
        rows = place.journal([row.run])
        seen = view_of(place, row, rows)
        found = report_of(
            place.product.system, seen, rows, place.delivered(row.run), _invariants(place, row.run)
        )
    if html is not None:
        try:
            html.write_text(html_of(found), encoding="utf-8")
        except OSError as error:
            stop(f"{html}: {error.strerror or error}", as_json, 3)
    if as_json:
        write_json(found.as_json())
    elif html is None:
        sys.stdout.write(text_of(found))
    else:
        typer.echo(f"{html}: run {row.run} of {row.environment}, {seen.outcome.upper()}")


def _invariants(place: Place, run: str) -> list[dict[str, Any]]:
    """Those of a kept rehearsal."""
    from flashc.records.kept import KeptPlace

    return place.invariants(run) if isinstance(place, KeptPlace) else []
