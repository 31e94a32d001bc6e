"""Serving a simulated site to clients of other processes: its clock goes with the real one, or faster."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flashtwin.gate import Gate
from flashtwin.keys import private_key, secret_text
from flashtwin.site import Site
from flashtwin.site_network import pinned_keys
from flashtwin.site_system import DEFAULT_USERS
from flashtwin.world import World

from flashc.cli.installing import LOOPBACK

SLICE_S = 0.05
"""Real seconds between two looks at what has arrived, at most."""


OFFICER = "QSECOFR"
OFFICERS_KEY = "officer_ed25519"


def with_officer(site: Site) -> Site:
    """The site with a key for its security officer, whose commands somebody has to enter here."""
    usual = next(user for user in DEFAULT_USERS if user.name == OFFICER)
    officer = replace(usual, keys=(OFFICERS_KEY,))
    return replace(
        site,
        systems=tuple(
            system
            if any(user.name == OFFICER for user in system.users)
            else replace(system, users=(*system.users, officer))
            for system in site.systems
        ),
    )


def serve(world: World, gate: Gate, over: Callable[[], bool], speed: float = 1.0) -> None:
    """Answer whoever connects until `over()`; a real second is `speed` seconds of the world."""
    world.by_hand = True
    began, first = time.monotonic(), world.now
    while not over():
        gate.await_report(over, SLICE_S)
        gate.take()
        world.scheduler.run(until=max(world.now, first + (time.monotonic() - began) * speed))


def ports(gate: Gate) -> dict[str, str]:
    """Each address of the site and where it is on loopback."""
    return {address: f"{LOOPBACK}:{gate.port_of(address)}" for address in gate.routes}


def write_access(site: Site, gate: Gate, folder: Path) -> None:
    """What a client needs: connect.json (address map), known_hosts, and the private keys that are let in."""
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    keys.chmod(0o700)
    _write(folder / "connect.json", json.dumps(ports(gate), indent=2) + "\n")
    _write(folder / "known_hosts", pinned_keys(site))
    for name in keys_of(site):
        _write(keys / name, private_key(name))
    users = [user for console in site.consoles for user in console.users]
    secrets = [name for user in users for name in user.secrets]
    secrets += [name for array in site.arrays for user in array.users for name in user.secrets]
    for name in dict.fromkeys(secrets):
        _write(keys / name, secret_text(name) + "\n")


def keys_of(site: Site) -> list[str]:
    """Names of all keys that consoles, arrays, VIOS and systems of the site let in."""
    names = [name for one in site.consoles for user in one.users for name in user.keys]
    names += [name for one in site.arrays for user in one.users for name in user.keys]
    names += [name for one in site.partitions for user in one.users for name in user.keys]
    names += [name for system in site.systems for user in system.users for name in user.keys]
    return list(dict.fromkeys(names))


def _write(path: Path, text: str) -> None:
    """A file that only its owner reads."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
