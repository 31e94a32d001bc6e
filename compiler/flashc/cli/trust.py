"""`flashc trust`: pin the host keys and certificates of console, array and partition."""

from __future__ import annotations

import contextlib
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
    from collections.abc import Sequence

    from flashc.bundle import Bundle
    from flashc.deploy.trust import Authorisation, Host

PUBLIC_LIMIT = 16 * 1024


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("trust", epilog="Example: flashc trust nightly.flash")(trust)


def trust(
    spec: SpecArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Pin without asking.")] = False,
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    system: SystemOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Show the host key, or the certificate, of every system that the spec names, pin them when you agree.

    Compare each fingerprint with the one that the system itself shows, on its own console.  Then the commands
    are printed that authorise the product's keys on each.

    \b
    Exit status: 0 pinned or nothing new, 1 the spec has errors, 2 not pinned yet, 3 a system could not be
    reached (the others are pinned), 4 a key is another one than pinned: nothing is pinned.
    """
    from flashc.cli.output import write_json
    from flashc.deploy.trust import authorisations, changed, pin, read_pins, survey

    bundle = bundle_for(spec, system, as_json)
    path, where = pins_path(spec, known_hosts), places(connect_map)
    with telling(as_json):
        hosts = survey(bundle, read_pins(path), where)
        if not as_json:
            _show(hosts)
        error = changed(hosts)
        if error is not None:
            raise error
        new = [host for host in hosts if host.state == "new"]
        agreed = bool(new) and may(f"Pin these {len(new)} keys in {path}?", yes)
        if agreed:
            pin(path, hosts)
        steps = authorisations(
            bundle, _public_keys(bundle, path.read_bytes(), key, where) if path.exists() else {}
        )
    missing = [host for host in hosts if host.state == "unreachable"]
    if as_json:
        write_json(
            {
                "known_hosts": str(path),
                "pinned": agreed or not new,
                "hosts": [host.as_json() for host in hosts],
                "authorise": [step.as_json() for step in steps],
            }
        )
    else:
        if agreed:
            say(f"{path}: {len(new)} keys pinned.")
        _show_steps(steps)
    if missing:
        raise typer.Exit(3)
    if new and not agreed:
        raise typer.Exit(2)


def _show(hosts: Sequence[Host]) -> None:
    for host in hosts:
        told = f"{host.key.kind} {host.key.fingerprint}" if host.key else host.error
        if host.about:
            told += f"\n{'':13}({host.about})"
        say(f"{host.state:<12} {host.target!s:<28} {host.what}\n{'':13}{told}")


def _show_steps(steps: Sequence[Authorisation]) -> None:
    say("\nThe product's keys are let in by:")
    for step in steps:
        say(f"\n  on {step.where}, as {step.who}:")
        for command in step.commands:
            say(f"    {command}")


def _public_keys(bundle: Bundle, known_hosts: bytes, key: str, where: dict[str, str]) -> dict[str, str]:
    """The public halves in the key folder, as far as the partition lets us read them."""
    from flashc.deploy import DeployError

    found: dict[str, str] = {}
    # Before the first deployment nobody may be able to log in; the commands then name the files instead.
    with contextlib.suppress(DeployError), connected(bundle.system, known_hosts, key, where) as session:
        for name in bundle.manifest["keys"]:
            data = session.read(f"{bundle.manifest['folder']}/keys/{name}.pub", PUBLIC_LIMIT)
            if data is not None:
                found[name] = data.decode("ascii", "replace")
    return found
