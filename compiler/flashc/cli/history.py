"""`flashc history`: the runs of a system, how they ended, and how long production was held."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from flashc.cli.partition import JsonOption, KeyOption, KnownHostsOption, MapOption
from flashc.cli.reading import EnvironmentOption, SpecOption, SystemOption, WorldOption

if TYPE_CHECKING:
    from flashc.records import Place
    from flashc.records.history import RunView
    from flashc.records.model import RunRow

DEFAULT_RUNS = 20
BY_HAND = "*BYHAND"
"""In place of an environment: what was asked of clones by hand, as FLDSPHST has it."""


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("history")(history)


def history(
    spec: SpecOption = "",
    system: SystemOption = "",
    world: WorldOption = None,
    environment: EnvironmentOption = "",
    result: Annotated[
        str,
        typer.Option(help="Only runs that are: completed, failed, refused, skipped, open, needs-you."),
    ] = "",
    since: Annotated[str, typer.Option(metavar="DATE", help="Only runs that started then or later.")] = "",
    last: Annotated[int, typer.Option(min=0, metavar="N", help="At most so many; 0: all.")] = DEFAULT_RUNS,
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Show the runs, the newest first: outcome, start and end, how long production was held, volumes.

    Nothing is changed on the partition.  Times are of its own clock.

    \b
    Examples:
      flashc history nightly.flash
      flashc history nightly.flash --result failed --since 2026-11-01
      flashc history nightly.flash --environment '*BYHAND'
      flashc history --system SISTPROD --json
      flashc history --world night

    Exit status: 0, 1 the spec has errors, 3 the records could not be read, 4 it is not production, 64 wrong
    usage.
    """
    from flashc.cli.output import write_json
    from flashc.cli.reading import opened, stop
    from flashc.records.history import OUTCOMES

    wanted = result.replace("-", " ")
    if wanted and wanted not in OUTCOMES:
        stop(
            f"no such result: {result}; they are {', '.join(o.replace(' ', '-') for o in OUTCOMES)}", as_json
        )
    first = _date(since, as_json)
    with opened(spec, system, world, known_hosts, key, connect_map, as_json) as place:
        rows = [r for r in place.runs() if _of(r, environment) and _late(r, first)]
        found = _views(place, rows, wanted, last)
        name = place.product.system
    if as_json:
        write_json({"system": name, "clock": f"local time of {name}", "runs": [r.as_json() for r in found]})
    else:
        _show(name, found)


def _date(text: str, as_json: bool) -> dt.date | None:
    from flashc.cli.reading import stop

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        stop(f"no date: {text}; write it as 2026-11-18", as_json)


def _of(row: RunRow, environment: str) -> bool:
    return environment in ("", row.environment) or (
        environment == BY_HAND and row.environment.startswith("*")
    )


def _late(row: RunRow, first: dt.date | None) -> bool:
    return first is None or (row.started is not None and row.started.date() >= first)


def _views(place: Place, rows: list[RunRow], result: str, last: int) -> list[RunView]:
    """The runs that are wanted.  What they are called takes their journal where they are not closed."""
    from flashc.cli.reading import view_of

    if not result and last:
        rows = rows[:last]
    notable = place.notable(rows[-1].run) if rows else ()
    found = [view_of(place, row, notable) for row in rows]
    kept = [one for one in found if result in ("", one.outcome)]
    return kept[:last] if last else kept


def _show(system: str, found: list[RunView]) -> None:
    from flashc.cli.partition import say
    from flashc.cli.reading import clock, length, window

    say(f"History of {system}, local times there")
    if not found:
        say("  no run")
        return
    say(f"  {'run':<14}  {'environment':<11} {'started':<19}  {'ended':<8}  {'took':>6}  result")
    for run in found:
        started, ended = clock(run.started), clock(run.ended, day=False)
        line = f"  {run.run:<14}  {run.environment:<11} {started:<19}  {ended:<8}  {length(run.took_s):>6}"
        say(f"{line}  {run.outcome.upper()}")
        for text in _details(run, window(run)):
            say(f"{'':<18}{text}")


def _details(run: RunView, held: str) -> list[str]:
    found = [f"held {held}"] if held else []
    found += list(run.verdicts)
    found += [run.detail] if run.detail else []
    for text, named in (("written", run.volumes.written), ("perhaps written", run.volumes.may_be_written)):
        found += [f"volumes {text}: {' '.join(named)}"] if named else []
    return [*found, *([run.space] if run.space else [])]
