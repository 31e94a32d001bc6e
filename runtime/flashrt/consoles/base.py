"""What a console driver does, whatever the console: look, ask for the end, power on.

Every driver obeys one guard rail: it acts only on a declared clone whose id and name belong together on the
managed system, and never on a partition that is one of the source's own identities.
"""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple, Protocol

from flashrt.config import CloneConf, Config, Identity, device_identity
from flashrt.edges import Edges, Endpoint
from flashrt.families import CONSOLES
from flashrt.status import REFUSED, UNREACHABLE, SidecarError

OFF = "OFF"
RUNNING = "RUNNING"
STARTING = "STARTING"
STOPPING = "STOPPING"
OTHER = "OTHER"
"""The words for a partition's state.  Only OFF means that nothing of it runs."""


class PartitionState(NamedTuple):
    """A partition as the console shows it: word, the console's own state, reference code.

    `serial` is the serial number that its system shows; `machine` that of the managed system, "" where it is
    the same.
    """

    word: str
    state: str
    refcode: str
    serial: str
    machine: str = ""


class Finding(NamedTuple):
    """One answer of a check: what was looked at, whether it is as it must be, what was found and what to do.

    `status` is the exit status that a finding which is not good leads to.  `attention`: it keeps no run from
    its start, and somebody should know it; above all what could not be looked at.
    """

    id: str
    ok: bool
    text: str
    status: int = REFUSED
    attention: bool = False


class Server(NamedTuple):
    """A VIOS that was proven to be one of the clone's: name, partition id on the clone's machine.

    `serial` is the machine's, "" where the console hands the commands on and so knows the server itself.
    """

    name: str
    lpar_id: int
    serial: str = ""


IPL_SOURCE = "b"
"""From where every clone is started: its disks, with all fixes of the Licensed Internal Code.  A partition
keeps what an earlier start has said, and after an installation that is other media
(docs/platform-facts.md#ipl-source)."""


class ConsoleDriver(Protocol):
    """A console, connected as long as a call lasts."""

    def state(self, clone: CloneConf) -> PartitionState:
        """The state and the latest reference code."""

    def off(self, clone: CloneConf, immediate: bool) -> PartitionState:
        """Ask for the end, in order or immediately; the state read before (OFF: nothing was asked)."""

    def on(self, clone: CloneConf, keylock: str = "norm") -> PartitionState:
        """Power on by the declared profile, from IPL_SOURCE; REFUSED unless the state is OFF.

        `keylock`: norm or manual.
        """

    def check(self, clone: CloneConf) -> list[Finding]:
        """Managed system, partition, profile and network of the clone against the declaration."""

    def worldwide_names(self, clone: CloneConf, lpar_id: int) -> list[str] | None:
        """The WWPNs of a partition on the clone's machine; None if the console does not tell."""

    def server(self, clone: CloneConf, name: str, by_ssh: bool = False) -> Server:
        """A declared VIOS of the clone, proven to be one that runs and can be asked.

        `by_ssh`: the console need not be able to; it says which server the SSH session has to belong to.
        """

    def on_server(self, clone: CloneConf, server: Server, command: str, limit_s: float) -> str:
        """Run one command on a VIOS; what it printed.  SYSTEM: it failed; UNREACHABLE: nothing was sent."""

    def client_of(self, clone: CloneConf, slot: tuple[int, int]) -> int:
        """The partition that the virtual SCSI server adapter in a slot is for; 0 for any or none."""

    def close(self) -> None:
        """End the connection."""


def refuse_source(clone: CloneConf, serial: str, identities: tuple[Identity, ...], virtual: str = "") -> None:
    """REFUSED if the partition is the source itself, by id and one of its serial numbers."""
    own = {device_identity(one) for one in (serial, virtual) if one}
    for identity in identities:
        if device_identity(identity.serial) in own and identity.lpar == clone.lpar_id:
            raise SidecarError(
                REFUSED,
                f"Partition {clone.lpar_id} on machine {serial} is production itself, not a clone. Nothing "
                "was sent. Correct the partition of the clone in the spec.",
            )


def title(clone: CloneConf) -> str:
    """A partition as the journal names it."""
    return f"LPAR id {clone.lpar_id} {clone.partition}"


BLIND = ("no connection", "pending authentication", "failed authentication", "version mismatch", "incomplete")
"""How the states of a managed system begin that tell of the console's own connection to it, not of the
machine: another console of the pair may see it all the same (docs/platform-facts.md#hmc)."""


def refuse_blind(endpoint: Endpoint, machine: str, state: str) -> None:
    """UNREACHABLE where a console has no connection to the machine."""
    if state.lower().startswith(BLIND):
        raise SidecarError(
            UNREACHABLE,
            f"The console at {endpoint} answers, but shows managed system {machine} as {state}: it cannot "
            "manage it. See its connection to the service processor.",
        )


def open_console(config: Config, clone: CloneConf, edges: Edges) -> ConsoleDriver:
    """The driver of a clone's console, by its family, logged in.

    Of several consoles the first that can be reached and has a connection to the clone's machine.
    """
    device = config.console(clone.console)
    module = import_module(CONSOLES[device.family].module)
    driver: ConsoleDriver = module.open_driver(config, device, edges, clone)
    return driver
