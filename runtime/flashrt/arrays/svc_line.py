"""Storage Virtualize: a connection that takes its command lines; by SSH here, by REST in `svc_rest`.

What the commands are for is another matter: `svc_groups` drives consistency groups, `svc_snapshots` the
snapshots of volume groups.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from flashrt.arrays.base import Shot
from flashrt.arrays.svc_parse import check_reply, is_done, message_ids, words_of
from flashrt.config import Config, DeviceConf
from flashrt.devices import connect_first
from flashrt.edges import Edges, OpenCommand, Reply
from flashrt.status import UNKNOWN, SidecarError

PROBE_S = 5.0
"""How long the array may take to open a session on a connection that is there."""

GOOD, REFUSAL = Reply(0, "", ""), Reply(1, "", "CMMVC5907E")
"""An answer that says nothing is a good one; the other is that to a start while a copy is in force."""


class SvcLine(ABC):
    """A connection to a system, logged in."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self.config = config
        self.device = device
        self.edges = edges

    @abstractmethod
    def ask(self, command: str) -> Reply:
        """Run one command within the request limit.  TIMEOUT, UNKNOWN: nothing is known of it."""

    @abstractmethod
    def shot(self, request: str) -> Shot:
        """An open channel for the one request of the window."""

    @abstractmethod
    def again(self) -> None:
        """Connect anew."""

    @abstractmethod
    def close(self) -> None:
        """End the connection; never raises."""


class SshLine(SvcLine):
    """By SSH: each command has a channel of its own."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        super().__init__(config, device, edges)
        self._session = connect_first(config, device, edges)

    def ask(self, command: str) -> Reply:
        """Run one command."""
        return self._session.run(command, self.edges.clock.now() + self.config.limits.request_s)

    def shot(self, request: str) -> Shot:
        """The probe opens and closes another channel."""

        def channel() -> OpenCommand:
            return self._session.open_command(self.edges.clock.now() + PROBE_S)

        return Shot(channel(), request, lambda: channel().close(), judge, GOOD, REFUSAL)

    def again(self) -> None:
        """Log in once more."""
        self._session.close()
        self._session = connect_first(self.config, self.device, self.edges)

    def close(self) -> None:
        """End the session."""
        self._session.close()


def judge(reply: Reply) -> SidecarError | None:
    """What the answer to the one request means: None when the copy was surely taken.

    Whatever is no clean refusal is unknown: a copy may have been taken.
    """
    if is_done(reply):
        return None
    ids = message_ids(reply)
    if reply.status and ids and all(found.endswith("E") for found in ids):
        try:
            check_reply(reply, "trigger")
        except SidecarError as error:
            return SidecarError(error.status, words_of(reply), "REFUSED")
    return SidecarError(UNKNOWN, words_of(reply))
