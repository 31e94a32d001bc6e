"""What `trust`, `plan` and `deploy` share: bundle, pinned keys, connection, how errors are told."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flashc.bundle import Bundle
    from flashc.check.model import System
    from flashc.deploy.ssh import SshSession

MAP_LIMIT = 1024 * 1024
MAP_VARIABLE = "FLASHC_CONNECT"

SpecArgument = Annotated[str, typer.Argument(help="The main .flash file.", metavar="SPEC")]
SystemOption = Annotated[str, typer.Option("--system", help="The system, when the spec has several.")]
KnownHostsOption = Annotated[
    Path | None,
    typer.Option("--known-hosts", metavar="FILE", help="Pinned host keys; by default beside the spec."),
]
KeyOption = Annotated[
    str, typer.Option("--key", metavar="FILE", help="Private key to log in with; else the agent's, ~/.ssh.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
GuardOption = Annotated[
    bool, typer.Option("--guard", help="Make the start-up guard anew where it has changed.")
]
# For test networks and jump hosts: the addresses of a spec are those of the production network, from
# elsewhere they may be reached by forwarded ports only.  Host keys stay those of the spec's addresses.
MapOption = Annotated[
    Path | None,
    typer.Option("--connect-map", metavar="FILE", hidden=True, envvar=MAP_VARIABLE),
]


def bundle_for(spec: str, system: str, as_json: bool) -> Bundle:
    """The bundle of the spec's system; a wrong spec ends with status 1."""
    from flashc.cli.bundles import built

    return built(spec, system, as_json)[0]


def pins_path(spec: str, given: Path | None) -> Path:
    """The known_hosts file: nightly.flash has nightly.known_hosts beside it."""
    return given if given is not None else Path(spec).with_suffix(".known_hosts")


def places(path: Path | None) -> dict[str, str]:
    """The address map {"host:port": "host:port"}; wrong usage (64) when the file is none."""
    if path is None:
        return {}
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(MAP_LIMIT))
        if not isinstance(found, dict) or not all(isinstance(v, str) and ":" in v for v in found.values()):
            raise ValueError("not an object of host:port texts")
    except (OSError, ValueError) as error:
        typer.echo(f"flashc: {path} is no address map: {error}", err=True)
        raise typer.Exit(64) from None
    return found


@contextlib.contextmanager
def telling(as_json: bool) -> Iterator[None]:
    """A DeployError becomes its text on stderr, a document with --json, and its exit status."""
    from flashc.cli.output import harmless, write_json
    from flashc.deploy import DeployError

    try:
        yield
    except DeployError as error:
        print(harmless(f"flashc: {error.text}"), file=sys.stderr)
        if as_json:
            write_json({"error": {"status": error.status, "message": error.text}})
        raise typer.Exit(error.status) from None


@contextlib.contextmanager
def connected(system: System, known_hosts: bytes, key: str, where: dict[str, str]) -> Iterator[SshSession]:
    """A session with the partition, closed at the end."""
    from flashc.deploy.hostkeys import parse
    from flashc.deploy.ssh import Target, connect

    known = parse(known_hosts.decode("utf-8", "replace"))
    target = Target(system.host, system.port)
    session = connect(target, system.user, known, key_file=key, places=where)
    try:
        yield session
    finally:
        session.close()


def may(question: str, yes: bool) -> bool:
    """Whether the person agrees; without a terminal only --yes does."""
    if yes:
        return True
    if not sys.stdin.isatty():
        typer.echo("flashc: nothing was done: there is nobody to ask. Agree with --yes.", err=True)
        return False
    return typer.confirm(question, err=True)


def say(text: str = "") -> None:
    """A line of the result."""
    from flashc.cli.output import harmless

    print(harmless(text))
