"""`flashc calendar`: the planned runs of a spec for some days, for people, tools and calendars."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flashc.cli.partition import JsonOption, SpecArgument

if TYPE_CHECKING:
    from flashc.check.model import Environment, Spec
    from flashc.runbook.starts import Start

DEFAULT_DAYS = 31
MOST_DAYS = 3660
WRONG_USAGE = 64


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("calendar")(calendar)


def calendar(
    spec: SpecArgument,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="For how many days.")] = DEFAULT_DAYS,
    since: Annotated[
        str, typer.Option("--from", metavar="DATE", help="The first day; default today.", show_default=False)
    ] = "",
    environment: Annotated[str, typer.Option(help="Only this environment.")] = "",
    ical: Annotated[
        Path | None, typer.Option("--ical", metavar="PATH", help="Write an iCalendar file there.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show when the schedules of a spec start their runs; dates that are left out are shown as such.

    Times are local times of the production partition.  What was asked for since (FLSTRENV SKIP, an entry that
    is held) is known on the partition only: FLDSPENV, flashc drift.

    \b
    Examples:
      flashc calendar nightly.flash
      flashc calendar nightly.flash --from 2026-12-01 --days 62 --json
      flashc calendar nightly.flash --days 366 --ical backups.ics

    Exit status: 0, 1 the spec has errors, 3 the file could not be written, 64 wrong usage.
    """
    from flashc.cli.bundles import loaded
    from flashc.cli.output import show, write_json
    from flashc.cli.reading import stop

    first = _first(since, as_json)
    checked, diagnostics, texts = loaded(spec, as_json)
    if not as_json:
        show(diagnostics, texts)
    names = [e.name for e in checked.environments]
    if environment and environment not in names:
        stop(f"no environment {environment} in the spec; it has {', '.join(names)}", as_json)
    wanted = [e for e in checked.environments if environment in ("", e.name)]
    found = planned(wanted, first, days)
    if ical is not None:
        try:
            ical.write_bytes(icalendar(checked, found, dt.datetime.now(dt.UTC)).encode("utf-8"))
        except OSError as error:
            stop(f"{ical}: {error.strerror or error}", as_json, 3)
    if as_json:
        write_json(_document(wanted, found, first, days))
    elif ical is None:
        _show(wanted, found, first, days)
    else:
        typer.echo(f"{ical}: {sum(not one.omitted for one in found)} runs")


def _first(text: str, as_json: bool) -> dt.date:
    from flashc.cli.reading import stop

    try:
        return dt.date.fromisoformat(text) if text else dt.datetime.now().astimezone().date()
    except ValueError:
        stop(f"no date: {text}; write it as 2026-12-01", as_json)


def planned(environments: list[Environment], first: dt.date, days: int) -> list[Start]:
    """All starts of the days, by time."""
    from flashc.runbook.starts import starts

    begin = dt.datetime.combine(first, dt.time())
    end = begin + dt.timedelta(days=days)
    return sorted((s for e in environments for s in starts(e, begin, end)), key=lambda s: s.time)


def _document(wanted: list[Environment], found: list[Start], first: dt.date, days: int) -> dict[str, Any]:
    return {
        "from": first.isoformat(),
        "days": days,
        "clock": "local time of each system",
        "runs": [
            {
                "time": one.time.isoformat(timespec="seconds"),
                "environment": one.environment.name,
                "system": one.environment.clone.source.name,
                "clone": one.environment.clone.name,
                "operation": one.environment.operation.kind,
                "omitted": one.omitted,
            }
            for one in found
        ],
        "not_scheduled": [
            {"environment": e.name, "started_by": e.started_by} for e in wanted if e.started_by is not None
        ],
    }


def _show(wanted: list[Environment], found: list[Start], first: dt.date, days: int) -> None:
    from flashc.bundle.context import summary
    from flashc.cli.partition import say

    end = first + dt.timedelta(days=days - 1)
    say(f"Planned runs, {first.isoformat()} to {end.isoformat()}, local times of production")
    if not found:
        say("  none")
    for one in found:
        e = one.environment
        told = "left out, as the spec says" if one.omitted else summary(e)
        say(f"  {one.time.strftime('%a %Y-%m-%d %H:%M')}  {e.name:<10}  {told}")
    for e in wanted:
        if e.started_by is not None:
            who = "by hand" if e.started_by == "hand" else f"by scheduler {e.started_by}"
            say(f"  {e.name} is started {who}: it is in no schedule of the partition")


def icalendar(spec: Spec, found: list[Start], now: dt.datetime) -> str:
    """The runs as RFC 5545 has them; floating times, which a calendar shows as they stand.

    The id of an event is the same each time, so that importing again changes events and adds none.
    """
    from flashc.bundle.context import summary
    from flashc.cli.runbook_view import held_at_most

    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//flashc//calendar//EN", "METHOD:PUBLISH"]
    for one in found:
        if one.omitted:
            continue
        e = one.environment
        system = e.clone.source.name
        begin = one.time.strftime("%Y%m%dT%H%M%S")
        uid = hashlib.sha256(f"{system} {e.name} {begin}".encode()).hexdigest()[:32]
        held = "; ".join(f"{seconds} s, ended by {who}" for who, seconds in held_at_most(e))
        about = f"{summary(e)}\nProduction {system} is held at most {held}.\nSpec {Path(spec.file).name}."
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}@flashc",
            f"DTSTAMP:{now.strftime('%Y%m%dT%H%M%SZ')}",
            f"DTSTART:{begin}",
            f"SUMMARY:{_escaped(f'{e.name} on {system}')}",
            f"DESCRIPTION:{_escaped(about)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str, limit: int = 75) -> list[str]:
    """A content line in parts of at most 75 octets; those behind the first begin with a blank."""
    parts: list[str] = []
    current = ""
    for letter in line:
        if len((current + letter).encode("utf-8")) > limit:
            parts.append(current)
            current = " "
        current += letter
    return [*parts, current]
