"""The SSH server of IBM i partitions: commands by PASE's shell, SFTP on the IFS, keys from authorized_keys.

It answers only while the system runs with TCP/IP and the server SSHD, at interfaces that are active.  An
address is answered by the partition that has it active now: after a copy two systems have the same one
configured.
docs/platform-facts.md#sshd
"""

from __future__ import annotations

import errno
import os
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from flashtwin.errors import Escape
from flashtwin.externals import Reach, Services
from flashtwin.gate import Gate
from flashtwin.ifs import host_path, owners
from flashtwin.pase_services import FAILED
from flashtwin.pase_shell import run_line
from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.authorized_keys import let_in
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Mode, Server

if TYPE_CHECKING:
    from flashtwin.image import SystemImage
    from flashtwin.os400 import OperatingSystem
    from flashtwin.world import Partition, World

Steps = Generator[Wait, Signal | None, Any]

SERVER = "*SSHD"
KEYS_LIMIT = 64 * 1024
SHORT_NAME = 8
SHORT_NAMES_ONLY = ("7.3",)
"""Releases whose PASE knows no longer name of a profile."""


class PartitionDoor:
    """One address of partitions: port 22 of an interface, or a name that belongs to one partition.

    `home` is the partition of a name; an interface's address is answered by who has it active.
    """

    def __init__(self, world: World, gate: Gate, host: str, home: Partition | None = None) -> None:
        self._world = world
        self._gate = gate
        self._host = host
        self._home = home
        self.server = Server(
            home.name if home is not None else host,
            self._handle,
            lambda user, key: self._admits(user, key, "") is not None,
            self._admits,
            login_s=world.costs.ssh_login,
            host_key=f"sshd {home.name}" if home is not None else "",
        )
        self.server.files = self
        self.server.meets = self._meets
        self._watched: OperatingSystem | None = None

    # ---- who answers

    def system(self) -> OperatingSystem | None:
        """The system that has this address active, whether its server runs or not."""
        partitions = [self._home] if self._home is not None else self._world.partitions()
        for partition in partitions:
            system = partition.os
            if system is not None and not system.destroyed and self._is_up(system):
                return system
        return None

    def _is_up(self, system: OperatingSystem) -> bool:
        if self._home is not None:
            return any(one.autostart for one in system.network.interfaces.values())
        return self._host in system.network.interfaces

    def guard(self, caller: Services | None) -> Reach:
        """How the address answers a sidecar of a partition, or a guest on the production network."""
        system = self.system()
        if system is None:
            return "hang"
        if caller is None and not self._on_production(system):
            return "hang"
        if not system.network.started or SERVER not in system.network.servers:
            return "down"
        self._watch(system)
        self.server.host_key = f"sshd {self._identity(system)}"
        return "ok"

    def _meets(self) -> Mode:
        """How a connection is met that came by the loopback port itself."""
        system = self.system()
        if system is None:
            return "silent"
        if not system.network.started or SERVER not in system.network.servers:
            return "dropped"
        self._watch(system)
        return "ok"

    def _on_production(self, system: OperatingSystem) -> bool:
        """A guest reaches what has a default route; a private link has none."""
        interface = system.network.interfaces.get(self._host)
        return interface is None or interface.autostart

    def _identity(self, system: OperatingSystem) -> str:
        """Whose host key the system shows: it is on its disks, so a copy shows its source's."""
        return str(system.image.products.get("sshd", {}).get("host", system.image.name))

    def _watch(self, system: OperatingSystem) -> None:
        """Cut the connections when the system that answers them goes away."""

        def watch() -> Steps:
            while self.system() is system and SERVER in system.network.servers:
                yield Wait((system.partition.changed, system.network.changed))
            self._watched = None
            self._gate.cut(self.server)

        if self._watched is not system:
            self._watched = system
            self._world.scheduler.spawn(f"sshd {self._host}", watch())

    # ---- log-in, commands

    def _admits(self, user: str, key: str, origin: str) -> str | None:
        system = self.system()
        if system is None:
            return None
        profile = system.image.users.get(user.upper())
        if profile is None or profile.status != "*ENABLED" or not knows_name(system, user):
            return None
        rule = let_in(authorized_keys(system, user.upper()), key, origin)
        return rule.command if rule is not None else None

    def _handle(self, user: str, command: str) -> Steps:
        system = self.system()
        if system is None:
            return Outcome(lost="before", duration_s=0.0)
        yield from system.change(None, "job start for SSH")
        task = system.spawn(f"ssh {command[:40]}", run_line(system, user.upper(), command, {}))
        yield Wait((task.done,))
        if system.destroyed:
            return Outcome(lost="after", duration_s=0.0)
        status, out, err = task.result or (FAILED, "", "CPF1241: Job ended abnormally.\n")
        return Outcome(status, out, err, 0.0)

    # ---- files (`flashtwin.sims.server.FileService`)

    @property
    def removes(self) -> bool:
        """sshd's own server of files does whatever the user may."""
        return True

    def resolve(self, user: str, path: str, *, write: bool) -> str:
        """The IFS path on this machine.  Nothing can be written while the system is suspended."""
        system = self.system()
        if system is None:
            raise ConnectionResetError(errno.ECONNRESET, "the system is gone")
        if write and system.suspension.blocks:
            raise BlockingIOError(errno.EAGAIN, "the file system is suspended")
        if write and system.image.ifs_full:
            raise OSError(errno.ENOSPC, "no space is left")
        absolute = path if path.startswith("/") else f"/home/{user.upper()}/{path}"
        try:
            return str(host_path(system.image, os.path.normpath(absolute)))
        except Escape as escape:
            raise OSError(errno.EINVAL, escape.text) from escape

    def now(self) -> float:
        """The clock of the system; of one that is gone nobody asks."""
        system = self.system()
        return system.clock() if system is not None else self._world.now

    def done(self, user: str, act: str, path: str) -> None:
        """A file came, went or got another name: a fact of the world."""
        system = self.system()
        if system is not None:
            if act == "make_folder":
                owners(system.image)[os.path.normpath(path)] = user.upper()
            system.log("file", act=act, path=path, user=user.upper())


def knows_name(system: OperatingSystem, user: str) -> bool:
    """Whether PASE knows a profile by its name: up to 7.3 it has eight characters, unless a variable is N."""
    image = system.image
    if len(user) <= SHORT_NAME or str(image.products.get("release", "7.4")) not in SHORT_NAMES_ONLY:
        return True
    return image.environment.get("PASE_USRGRP_LIMITED") == "N"


def authorized_keys(system: OperatingSystem, user: str) -> list[str]:
    """The lines of the user's authorized_keys; none when the file is missing.

    None either where others may write to it, to its folder or to the home folder (StrictModes).
    """
    profile = system.image.users[user]
    home = profile.home or f"/home/{user}"
    place = host_path(system.image, f"{home}/.ssh/authorized_keys")
    try:
        if any(one.stat().st_mode & 0o022 for one in (place, place.parent, place.parent.parent)):
            return []
        if place.stat().st_size > KEYS_LIMIT:
            return []
        return place.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []


def authorise(image: SystemImage, user: str, line: str) -> None:
    """Add a public key line to a user's authorized_keys, as its owner does by hand."""
    profile = image.users[user.upper()]
    home = host_path(image, profile.home or f"/home/{user.upper()}")
    if not home.exists():
        home.mkdir(parents=True)
        home.chmod(0o755)
    folder = home / ".ssh"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / "authorized_keys"
    present = file.read_text("utf-8") if file.exists() else ""
    if line.strip() not in present.splitlines():
        file.write_text(present + line.strip() + "\n", "utf-8")
        file.chmod(0o600)
