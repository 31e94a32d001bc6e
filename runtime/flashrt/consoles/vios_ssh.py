"""A VIOS asked by SSH, as padmin: the same commands as through the console, with its own exit status.

The login shell is a restricted Korn shell, so a command is `ioscli` and its words, which no shell changes
(docs/platform-facts.md#vios-ssh).  Who answers is proven twice: by the pinned host key, and by the locations
of its virtual adapters, which hold machine serial and partition id.
"""

from __future__ import annotations

from flashrt.config import Config, DeviceConf, device_identity
from flashrt.consoles.base import Server
from flashrt.consoles.vios_parse import Adapter, plain_command
from flashrt.devices import connect_first
from flashrt.edges import Clock, Edges, Session
from flashrt.status import MISMATCH, SYSTEM, SidecarError


class Padmin:
    """A connection to a VIOS."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def run(self, server: Server, command: str, limit_s: float) -> str:
        """Run one command; what it printed.  SYSTEM: it failed.  UNKNOWN, TIMEOUT: its answer was lost."""
        reply = self._session.run(f"ioscli {plain_command(command)}", self._clock.now() + limit_s)
        if reply.status != 0:
            text = " ".join((reply.err or reply.out).split())[:300] or "it said nothing"
            raise SidecarError(
                SYSTEM,
                f"Cannot run {command} on VIOS {server.name}: {text} (exit status {reply.status}).",
            )
        return reply.out

    def close(self) -> None:
        """End the connection."""
        self._session.close()


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> Padmin:
    """Connect and log in; an error names the VIOS."""
    try:
        return Padmin(connect_first(config, device, edges), edges.clock)
    except SidecarError as error:
        raise SidecarError(error.status, f"VIOS {device.name}: {error.text}", error.word) from error


def prove(server: Server, listed: list[Adapter]) -> None:
    """MISMATCH unless every adapter that an SSH session lists, and at least one, is the server's."""
    wanted = (device_identity(server.serial), server.lpar_id)
    strange = [adapter for adapter in listed if adapter.owner != wanted]
    if not listed or strange:
        shown = f"{strange[0].name} is at {strange[0].physloc[:60]}" if strange else "it lists no adapter"
        raise SidecarError(
            MISMATCH,
            f"The address of VIOS {server.name} leads to another one, or it cannot be told: {shown}, "
            f"expected is machine {server.serial}, partition {server.lpar_id}. Nothing was done there. "
            "Correct the spec.",
        )
