"""`flashc log`: the steps of one run on both partitions, and the files that its clone delivered."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flashc.cli.partition import JsonOption, KeyOption, KnownHostsOption, MapOption
from flashc.cli.reading import EnvironmentOption, SystemOption, WordsOption, WorldOption

if TYPE_CHECKING:
    from flashc.records.history import RunView, StepView
    from flashc.records.model import Delivered

Side = Literal["both", "source", "clone"]


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("log")(log)


def log(
    words: WordsOption = None,
    system: SystemOption = "",
    world: WorldOption = None,
    environment: EnvironmentOption = "",
    side: Annotated[Side, typer.Option(help="Whose steps.")] = "both",
    file: Annotated[
        str, typer.Option("--file", metavar="NAME", help="Show a delivered file instead, e.g. qhst.txt.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="With --file: write it there, byte for byte.")
    ] = None,
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Show what happened in a run, step by step, the clone's steps in a column of their own.

    Behind the steps stand the files that the clone delivered: its history log, job logs, listings.

    \b
    Examples:
      flashc log nightly.flash
      flashc log nightly.flash 20261118203500 --side clone
      flashc log --system SISTPROD --file qhst.txt
      flashc log --world night --json

    Exit status: 0, 1 the spec has errors, 3 the records or the file could not be read, 4 it is not
    production, 64 wrong usage.
    """
    from flashc.cli.output import write_json
    from flashc.cli.reading import chosen_run, opened, spec_and_run, stop, view_of
    from flashc.deploy import DeployError
    from flashc.records.history import steps

    spec, run = spec_and_run(words, as_json)
    if (out is not None or as_json) and bool(file) != (out is not None):
        stop("--out goes with --file; a file is not shown as JSON, write it with --out", as_json)
    with opened(spec, system, world, known_hosts, key, connect_map, as_json) as place:
        row = chosen_run(place, run, environment, as_json)
        files = place.delivered(row.run)
        if file:
            data = place.read(row.run, file) if file in [one.name for one in files] else None
            if data is None:
                named = ", ".join(one.name for one in files) or "nothing"
                raise DeployError(f"Run {row.run} has no delivered file {file}; the clone delivered {named}.")
        else:
            rows = place.journal([row.run])
            seen = view_of(place, row, rows)
    if file:
        _give(data or b"", out)
        return
    shown = [one for one in steps(rows) if side in ("both", one.side)]
    if as_json:
        found = seen.as_json()
        found["clock"] = f"local time of {place.product.system}"
        found["steps"] = [one.as_json() for one in shown]
        found["files"] = [one.as_json() for one in files]
        write_json(found)
    else:
        _show(seen, shown, files)


def _give(data: bytes, out: Path | None) -> None:
    """A delivered file: to a path as it is, to the screen without what a terminal would obey."""
    from flashc.cli.output import harmless
    from flashc.cli.reading import stop

    if out is None:
        sys.stdout.write(harmless(data.decode("utf-8", "replace")))
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        stop(f"{out}: {error.strerror or error}", False, 3)


def _show(run: RunView, shown: list[StepView], files: tuple[Delivered, ...]) -> None:
    from flashc.cli.partition import say
    from flashc.cli.reading import clock, window

    say(f"Run {run.run} of {run.environment}, {clock(run.started)} to {clock(run.ended)}")
    say("  time         source  clone")
    day = None
    for step in shown:
        if step.time.date() != day:
            day = step.time.date()
            say(f"  {day.isoformat()}")
        say(line(step))
    held = window(run)
    say(f"{run.outcome.upper()}{f', production held {held}' if held else ''}")
    if run.detail:
        say(f"  {run.detail}")
    if files:
        say("Delivered by the clone (--file NAME shows one):")
        for one in files:
            say(f"  {one.name:<32} {one.size:>12} bytes{'  (early)' if one.stage == 'early' else ''}")


def line(step: StepView) -> str:
    """A step: production's codes in the first column, the clone's in the second."""
    clone = step.side == "clone"
    codes = f"{'' if clone else step.code:<8}{step.code if clone else '':<7}"
    text = step.text if step.kind != "unknown" else f"begun, how it ended is not known: {step.text}"
    note = f"  {step.msgid}" if step.kind == "note" else ""
    return f"  {step.time.strftime('%H:%M:%S')}.{step.time.microsecond // 100000}   {codes}{text}{note}"
