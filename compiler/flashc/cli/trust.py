"""`flashc trust`: pin the host keys and certificates of console, array and partition."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
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
    from flashc.deploy.ssh import SshSession
    from flashc.deploy.trust import Authorisation, Host

PUBLIC_LIMIT = 16 * 1024
AUTHORITY_LIMIT = 1024 * 1024


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("trust")(trust)


def trust(
    spec: SpecArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Pin without asking.")] = False,
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    system: SystemOption = "",
    as_json: JsonOption = False,
    authority: Annotated[
        Path | None,
        typer.Option(
            "--authority",
            metavar="FILE",
            help="Certificates (PEM) of the site's authority: pinned for each HTTPS server it answers for.",
        ),
    ] = None,
    rotate: Annotated[
        str,
        typer.Option(
            "--rotate",
            metavar="DEVICE",
            help="Put a new key, password or token in place of that of this device, or of deliveries.",
        ),
    ] = "",
    connect_map: MapOption = None,
) -> None:
    """Show the host key, or the certificate, of every system that the spec names; pin them when you agree.

    Compare each fingerprint with the one that the system itself shows, on its own console.  Then the commands
    are printed that authorise the product's keys on each.

    With --rotate nothing is pinned: a new key is made on the partition and let in beside the old (by an HMC's
    own command; else an administrator enters what is shown), or a new password is asked for.  It takes the
    place of the old one when it has logged in at every address; what fails before is taken back.

    \b
    Examples:
      flashc trust nightly.flash
      flashc trust nightly.flash --rotate V7000

    Exit status: 0 pinned or nothing new, 1 the spec has errors, 2 not pinned yet, 3 a system could not be
    reached (the others are pinned), 4 a key is another one than pinned: nothing is pinned.
    """
    from flashc.cli.output import write_json
    from flashc.deploy.trust import authorisations, changed, pin, pins_bytes, read_pins, survey

    bundle = bundle_for(spec, system, as_json)
    path, where = pins_path(spec, known_hosts), places(connect_map)
    if rotate:
        with telling(as_json), connected(bundle.system, pins_bytes(path), key, where) as session:
            _rotate(bundle, session, rotate, yes, as_json)
        return
    with telling(as_json):
        hosts = survey(bundle, read_pins(path), where, _authorities(authority))
        if not as_json:
            _show(hosts)
        error = changed(path, hosts)
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
            say(f"{path}: {len(new)} keys pinned. flashc deploy brings them to the partition.")
        _show_steps(steps)
    if missing:
        raise typer.Exit(3)
    if new and not agreed:
        raise typer.Exit(2)


def _rotate(bundle: Bundle, session: SshSession, wanted: str, yes: bool, as_json: bool) -> None:
    from flashc.cli.output import write_json
    from flashc.deploy.rotate import credential_of, rotate

    credential = credential_of(bundle, wanted)
    names = [name for _, name, _ in credential.devices]

    def agree(steps: Sequence[Authorisation]) -> bool:
        _show_steps(steps)
        return may("Is the new key let in now, beside the old where the device takes two?", yes)

    secret = _new_secret(credential.name) if credential.secret else ""
    todo = rotate(bundle, session, credential, secret, agree)
    if as_json:
        write_json({"rotated": credential.name, "devices": names, "todo": list(todo)})
        return
    proven = f"proven at {', '.join(names)}" if names else "which the delivery of the next night proves"
    say(f"{credential.name}: the new one is in its place, {proven}.")
    for text in todo:
        say(f"  still to be done {text}")


def _new_secret(name: str) -> str:
    """A new password or token, typed twice; one line of the standard input where nobody types."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(
        typer.prompt(f"New password or token for {name}", hide_input=True, confirmation_prompt=True, err=True)
    )


def _authorities(path: Path | None) -> tuple[bytes, ...]:
    """What the file of --authority holds; DeployError (1) where it is none."""
    from flashc.deploy import DeployError
    from flashc.deploy.tls import read_authorities

    if path is None:
        return ()
    try:
        with path.open("rb") as file:
            return read_authorities(file.read(AUTHORITY_LIMIT))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise DeployError(f"{path} is no file of authorities: {why}.", 1) from error


def _show(hosts: Sequence[Host]) -> None:
    for host in hosts:
        told = f"{host.key.mark} {host.key.kind} {host.key.fingerprint}".strip() if host.key else host.error
        told += f"\n{'':13}takes the place of the certificate that is pinned" if host.replaces else ""
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
