"""`flashc status`: what is open now on a system, and what the recovery would do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from flashc.cli.partition import JsonOption, KeyOption, KnownHostsOption, MapOption
from flashc.cli.reading import SpecOption, SystemOption, WorldOption

if TYPE_CHECKING:
    from flashc.records.history import StepView
    from flashc.records.status import CloneNow, OpenRun, Status


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("status")(status)


def status(
    spec: SpecOption = "",
    system: SystemOption = "",
    world: WorldOption = None,
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Show what is open now: runs, production that may be suspended, BRMS in *STRPRC, clones, locks.

    For each open run it says what FLRCVENV would do and why.  Nothing is changed, and neither console nor
    array is asked: their states are those that the run last read.

    \b
    Examples:
      flashc status nightly.flash
      flashc status --system SISTPROD --json
      flashc status --world night

    Exit status: 0, 1 the spec has errors, 3 the partition could not be read (it may be suspended), 4 it is
    not production, 64 wrong usage.
    """
    from flashc.cli.output import write_json
    from flashc.cli.reading import opened
    from flashc.records.status import status as status_of

    with opened(spec, system, world, known_hosts, key, connect_map, as_json) as place:
        now = place.now()
        rows = place.journal([record.run for record in now.records if record.run])
        found = status_of(place.product, now, rows)
    if as_json:
        write_json(found.as_json())
    else:
        _show(found)


def _show(found: Status) -> None:
    from flashc.cli.partition import say
    from flashc.cli.reading import clock

    say(f"{found.system}, {clock(found.clock)}")
    if not found.identity_told:
        say("  the partition does not tell its id: make sure that this is production, not its clone")
    if found.suspended:
        say("  PRODUCTION MAY BE SUSPENDED: a run is in its window, or died in it")
    else:
        say("  production is not suspended by a run")
    if found.brms:
        say(f"  BRMS is in *STRPRC by run {found.brms}: use no BRMS on production")
    if not found.open:
        say("  no run is open")
    for run in found.open:
        _run(run)
    for one in found.clones:
        _clone(one)
    alive = {holder.job for holder in found.holders}
    for lock in found.locks:
        state = "active" if lock.job in alive else "not active"
        say(f"  lock {lock.name:<32} run {lock.run}, job {lock.job}, {state}")


def _run(run: OpenRun) -> None:
    from flashc.cli.partition import say

    r = run.record
    say(f"  run {r.run} of {r.environment} is open in phase {r.phase}{', it needs you' * run.needs_you}")
    say(f"    driver      {r.job or '-'}, {'active' if run.alive else 'not active'}")
    say(f"    last step   {_step(run.last)}")
    for text in run.not_undone:
        say(f"    not undone  {text}")
    say(f"    proposal    {run.proposal.command}")
    say(f"                {run.proposal.why}")


def _clone(one: CloneNow) -> None:
    from flashc.cli.partition import say

    r = one.record
    say(f"  clone {r.clone.name}: {_what(one)}")
    if r.run:
        say(f"    console last told  {_step(one.console)}")
        say(f"    array last told    {_step(one.array)}")


def _what(one: CloneNow) -> str:
    r = one.record
    if not r.run:
        return "no run has used it"
    if r.may_write:
        return f"MAY STILL BE WRITING on the copy of run {r.run}: no end of its work is known"
    if r.handed_over:
        return f"handed over after run {r.run}; no run ends it"
    if r.started:
        return f"has delivered in run {r.run}; what it does since is unknown here"
    return f"was not started by run {r.run}"


def _step(step: StepView | None) -> str:
    from flashc.cli.reading import clock

    if step is None:
        return "-"
    begun = ", begun and not ended" if step.kind == "unknown" else ""
    return f"{clock(step.time)}  {step.code} {step.text}{begun}"
