"""`flashc drift`: what somebody has changed on the partition since the deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    pins_path,
    places,
    say,
    telling,
)

if TYPE_CHECKING:
    from flashc.deploy.drift import Drift


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("drift")(drift)


def drift(
    spec: SpecArgument,
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    system: SystemOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Compare the partition with what was deployed: objects, authorities, messages, files, schedule, start.

    A spec that has changed since is no drift; flashc plan shows what it would change.  Nothing is changed.

    \b
    Examples:
      flashc drift nightly.flash
      flashc drift nightly.flash --json

    Exit status: 0 all is as deployed, 1 the spec has errors, 2 something was changed, 3 the partition could
    not be reached or read, or nothing is deployed there, 4 it is another partition.
    """
    from flashc.cli.output import write_json
    from flashc.deploy import DeployError
    from flashc.deploy.described import see_messages
    from flashc.deploy.drift import drift as compare
    from flashc.deploy.facts import gather
    from flashc.deploy.stamps import see
    from flashc.deploy.trust import pins_bytes

    bundle = bundle_for(spec, system, as_json)
    where = places(connect_map)
    with telling(as_json):
        pins = pins_bytes(pins_path(spec, known_hosts))
        with connected(bundle.system, pins, key, where) as session:
            facts = gather(bundle, session)
            if facts.record is None:
                raise DeployError(f"{bundle.system.name}: nothing is deployed there, so nothing has drifted.")
            seen, messages = see(bundle.manifest, session), see_messages(bundle.manifest, session)
            found = compare(bundle, facts, facts.record, seen, messages, pins)
    if as_json:
        write_json(found.as_json())
    else:
        _show(found, bundle.system.host)
    if found.refused:
        raise typer.Exit(4)
    if found.changes:
        raise typer.Exit(2)


def _show(found: Drift, host: str) -> None:
    say(f"{found.system} ({host}), library {found.library}")
    for text in found.refused:
        say(f"refused: {text}")
    for one in found.changes:
        say(f"  {one.kind:<12} {one.name:<40} {one.what}")
    say(f"{len(found.changes)} changed since the deployment." if found.changes else "no drift")
    if found.not_judged:
        shown = ", ".join(found.not_judged[:5])
        more = f" and {len(found.not_judged) - 5} more" if len(found.not_judged) > 5 else ""
        say(f"not judged, since no deployment noted how it looked: {shown}{more}. Deploy once more.")
    for text in found.unread:
        say(f"not judged: {text}")
    if found.spec_changed:
        say("The spec has changed since the deployment: flashc plan shows what it would change.")
