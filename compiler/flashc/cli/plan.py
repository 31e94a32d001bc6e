"""`flashc plan`: what a deployment would change on the partition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flashc.cli.partition import (
    GuardOption,
    JsonOption,
    KeyOption,
    KnownHostsOption,
    MapOption,
    SpecArgument,
    SystemOption,
    bundle_for,
    connected,
    pins_path,
    places,
    say,
    telling,
)

if TYPE_CHECKING:
    from flashc.deploy import Plan

SIGNS = {"create": "+", "change": "~", "remove": "-"}


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("plan")(plan)


def plan(
    spec: SpecArgument,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 2 when something would change.")
    ] = False,
    guard: GuardOption = False,
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    system: SystemOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Compare the spec's bundle with the partition and show what a deployment would do, and why.

    Nothing is changed.

    \b
    Examples:
      flashc plan nightly.flash
      flashc plan nightly.flash --detailed-exitcode

    Exit status: 0, 1 the spec has errors, 2 changes pending (--detailed-exitcode), 3 the partition could not
    be reached or read, 4 a deployment would be refused.
    """
    from flashc.cli.output import write_json
    from flashc.deploy.facts import gather
    from flashc.deploy.plan import plan as make_plan
    from flashc.deploy.trust import pins_bytes

    bundle = bundle_for(spec, system, as_json)
    where = places(connect_map)
    with telling(as_json):
        pins = pins_bytes(pins_path(spec, known_hosts))
        with connected(bundle.system, pins, key, where) as session:
            found = make_plan(bundle, gather(bundle, session), pins, guard=guard)
    if as_json:
        write_json(found.as_json())
    else:
        show(found, f"{bundle.system.name} ({bundle.system.host})")
        show_officer(found)
    if found.refused:
        raise typer.Exit(4)
    if detailed_exitcode and found.operations:
        raise typer.Exit(2)


def show(found: Plan, where: str) -> None:
    """The plan for people."""
    say(f"{where}, library {found.library}")
    for one in found.operations:
        say(f"  {SIGNS[one.act]} {one.kind:<10} {one.name:<39} {one.why}")
    counts = [
        f"{number} to {act}" for act in SIGNS if (number := sum(one.act == act for one in found.operations))
    ]
    say(f"{', '.join(counts)}." if counts else "no change")
    for finding in found.findings:
        say(f"{finding.severity}: {finding.text}")


def show_officer(found: Plan) -> None:
    """What the security officer still has to enter, and what the next deployment does then."""
    if found.officer:
        say("\nThe security officer enters, once, after the deployment:")
        for command in found.officer:
            say(f"  {command}")
    if found.waiting:
        entries = ", ".join(one.name for one in found.waiting)
        say(f"\nThen run flashc deploy again: schedule entries follow ({entries}).")
