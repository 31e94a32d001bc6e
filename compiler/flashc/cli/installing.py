"""Deploying a bundle to the simulated production partition, by the code that a real one gets."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from flashtwin.errors import TwinError
from flashtwin.guest import run_guest
from flashtwin.keys import private_key
from flashtwin.memory_guest import run_memory_guest
from flashtwin.site_network import pinned_keys

from flashc.cli.memory_session import MemorySession, open_door
from flashc.cli.stage import Stage, StageError
from flashc.deploy import DeployError, DeployResult, Step, deploy_bundle
from flashc.deploy.hostkeys import parse
from flashc.deploy.session import Session
from flashc.deploy.ssh import connect
from flashc.deploy.trust import target_of

Progress = Callable[[int, int, str], None]

USUAL_KEY = "deploy_ed25519"
LOOPBACK = "127.0.0.1"


def install(stage: Stage, progress: Progress, *, guard: bool = False) -> None:
    """Deploy as `flashc deploy` does, with the host keys that were pinned when all was well.

    StageError says why it was refused or failed, with the exit status that `flashc deploy` would have.
    """
    pins = pinned_keys(stage.site).encode("ascii")

    def tell(step: Step) -> None:
        progress(step.done, step.total, step.what)

    try:
        result = _deployed(
            stage,
            pins,
            lambda session: deploy_bundle(
                stage.bundle, session, known_hosts=pins, progress=tell, guard=guard
            ),
        )
    except DeployError as error:
        raise StageError(error.text, error.status) from error
    stage.officer_todo = result.plan.officer
    stage.waiting = tuple(one.name for one in result.plan.waiting)
    if result.plan.refused:
        raise StageError(" ".join(f.text for f in result.plan.refused), 4)
    if result.failure is not None:
        said = "; ".join(f"{m.id} {m.text}" for m in result.failure.messages[-2:])
        raise StageError(f"{result.failure.operation.name} failed: {result.failure.command[:120]}: {said}", 3)


def _deployed(stage: Stage, pins: bytes, deploy: Callable[[Session], DeployResult]) -> DeployResult:
    """Log in and deploy: without a line where the world is in memory and would let us in, else by SSH."""
    target, user = target_of(stage.bundle), stage.bundle.manifest["user"]
    pinned, key = parse(pins.decode("ascii")), _key(stage)
    door = open_door(stage.gate, target, user, pinned, key) if stage.gate.mode == "memory" else None
    if door is not None:

        def in_memory() -> DeployResult:
            session = MemorySession(stage.gate, door, user, str(target))
            try:
                return deploy(session)
            finally:
                session.close()

        return run_memory_guest(stage.gate, "flashc deploy", in_memory)
    with tempfile.TemporaryDirectory(prefix="flashc-key-") as folder:
        key_file = Path(folder) / USUAL_KEY
        key_file.touch(mode=0o600)
        key_file.write_text(private_key(key), encoding="ascii")

        def by_ssh() -> DeployResult:
            session = connect(target, user, pinned, key_file=os.fspath(key_file), places=places(stage))
            try:
                return deploy(session)
            finally:
                session.close()

        return run_guest(stage.gate, "flashc deploy", by_ssh)


def places(stage: Stage) -> dict[str, str]:
    """Where the spec's addresses are on loopback."""
    found = {}
    for address in stage.gate.routes:
        try:
            found[address] = f"{LOOPBACK}:{stage.gate.port_of(address)}"
        except TwinError:
            continue
    return found


def _key(stage: Stage) -> str:
    """The key that the deploying user's SSH server accepts, as the site says."""
    contents = stage.site.system(stage.production.name)
    users = contents.users if contents is not None else ()
    keys = [key for user in users if user.name == stage.bundle.system.user for key in user.keys]
    return keys[0] if keys else USUAL_KEY
