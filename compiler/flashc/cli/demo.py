"""`flashc demo`: the packaged example from the build to the verdict, on a simulated site."""

from __future__ import annotations

import sys
import time
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from flashtwin.gate import Mode
    from rich.console import Console

    from flashc.bundle import Bundle
    from flashc.cli.rehearsing import Rehearsal
    from flashc.cli.stage import Observer

EXAMPLE = "nightly_brms.flash"
FAILED = 5
MOST_CALLS = 80
"""Sidecar calls that a BRMS night may take."""


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("demo")(demo)


def demo(
    mode: Annotated[
        Literal["thread", "process", "memory"], typer.Option(hidden=True, help="How the sidecar runs.")
    ] = "process",
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout.")] = False,
) -> None:
    """Show a whole night of the packaged example: build, trust, deploy, the run, the verdict.

    Nothing real is touched: partitions, console, array and tape library are simulated, the bundle, the SSH
    connections and the sidecar's processes are real.

    \b
    Examples:
      flashc demo
      flashc demo --json

    Exit status: 0 the run completed and every invariant held, 5 not.
    """
    from flashc.cli.output import write_json

    began = time.monotonic()
    with resources.as_file(resources.files("flashc.examples")) as folder:
        rehearsal = _rehearse(str(folder / EXAMPLE), mode, as_json)
    if as_json:
        write_json(rehearsal.as_json())
    else:
        _show(rehearsal, time.monotonic() - began)
    if not rehearsal.good:
        raise typer.Exit(FAILED)


def _rehearse(path: str, mode: Mode, as_json: bool) -> Rehearsal:
    from flashc.cli.bundles import bundle_of, loaded
    from flashc.cli.journal_view import console
    from flashc.cli.rehearsing import rehearse
    from flashc.cli.site_choice import choose_site

    spec, _, _ = loaded(path, as_json)
    bundle = bundle_of(spec, "")
    choice = choose_site(spec)
    out = console()
    if not as_json:
        _show_build(bundle, out)
    observer = None if as_json else _observer(out)
    return rehearse(spec, bundle, choice.site, told=EXAMPLE, mode=mode, observer=observer)


def _observer(out: Console) -> Observer:
    from flashc.cli.night_view import LineWatch, LiveWatch

    return LiveWatch(out, trust=True) if sys.stdout.isatty() else LineWatch(out, trust=True)


def _show_build(bundle: Bundle, out: Console) -> None:
    from rich.text import Text

    manifest = bundle.manifest
    objects = manifest["objects"]
    programs = [one for one in objects if one["type"] == "*PGM"]
    lines = sum(data.count(b"\n") for name, data in bundle.files.items() if name.endswith(".clle"))
    out.print(Text(f"Build: {manifest['spec']} for {manifest['system']}", "bold"))
    out.print(
        f"  {len(programs)} CL programs of {lines} lines, each parsed back and checked; "
        f"{len(objects)} objects, {len(bundle.files)} files"
    )


def _show(rehearsal: Rehearsal, seconds: float) -> None:
    from flashc.cli.journal_view import console, show_run

    out = console()
    for run in rehearsal.runs:
        out.print()
        show_run(run, out)
    calls = sum(run.sidecar_calls for run in rehearsal.runs)
    out.print()
    out.print(f"{calls} calls of the sidecar (at most {MOST_CALLS}), {seconds:.0f} s")
