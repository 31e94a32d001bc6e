"""`flashc remove`: take the product off the partition again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flashc.cli.partition import (
    JsonOption,
    KeyOption,
    KnownHostsOption,
    MapOption,
    SpecArgument,
    SystemOption,
    bundle_for,
    connected,
    may,
    pins_path,
    places,
    say,
    telling,
)

if TYPE_CHECKING:
    from flashc.deploy import DeployResult


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("remove")(remove)


def remove(
    spec: SpecArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    history: Annotated[
        bool, typer.Option("--history", help="Remove the journal's tables and the library too.")
    ] = False,
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    system: SystemOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Show what would be removed, ask, and do exactly that.

    While QSTRUPPGM names the start-up guard only schedule entries are removed, and the command is printed
    by which the security officer puts the previous program back. Run it again then: it reads that first.

    \b
    Examples:
      flashc remove nightly.flash
      flashc remove nightly.flash --history

    Exit status: 0 done or nothing there, 1 the spec has errors, 2 not done because you did not agree, or the
    officer's command is waited for, 3 the partition could not be reached or a command on it failed, 4 refused
    for safety.
    """
    from flashc.cli.output import write_json
    from flashc.cli.plan import show
    from flashc.deploy import DeployResult, execute
    from flashc.deploy.facts import gather
    from flashc.deploy.record import Record
    from flashc.deploy.removal import removal
    from flashc.deploy.trust import pins_bytes

    bundle = bundle_for(spec, system, as_json)
    where = places(connect_map)
    agreed = True
    with telling(as_json):
        pins = pins_bytes(pins_path(spec, known_hosts))
        with connected(bundle.system, pins, key, where) as session:
            facts = gather(bundle, session)
            found = removal(bundle, facts, history=history)
            if not as_json:
                show(found, f"{bundle.system.name} ({bundle.system.host})")
            result = DeployResult(found)
            if found.operations and not found.refused:
                agreed = may(f"Remove this from {bundle.system.name}?", yes)
            if agreed:
                result = execute(bundle, session, found, facts.record or Record(found.library))
    if as_json:
        write_json(result.as_json())
    else:
        _tell(result, bundle.system.user)
    raise typer.Exit(_status(result, agreed))


def _status(result: DeployResult, agreed: bool) -> int:
    if result.plan.refused:
        return 4
    if not agreed:
        return 2
    if not result.complete:
        return 3
    return 2 if result.plan.officer else 0


def _tell(result: DeployResult, user: str) -> None:
    if result.plan.refused:
        typer.echo("flashc: nothing was removed; see what is marked refused.", err=True)
        return
    failure = result.failure
    if failure is not None:
        told = "; ".join(str(m) for m in failure.messages[-2:])
        typer.echo(f"flashc: {failure.operation.name} failed: {failure.command}: {told}", err=True)
        typer.echo("flashc: put it right and run flashc remove again.", err=True)
    elif result.done:
        say(f"\n{len(result.done)} done on {result.plan.system}.")
    if result.plan.officer:
        say("\nThe security officer enters, then run flashc remove again:")
        for command in result.plan.officer:
            say(f"  {command}")
    if result.plan.revoked and result.failure is None:
        say("\nWhat the security officer once gave for it, and may take back unless something else needs it:")
        for command in result.plan.revoked:
            say(f"  {command}")
        say(f"What else the profile has: DSPUSRPRF USRPRF({user}) TYPE(*OBJAUT)")
