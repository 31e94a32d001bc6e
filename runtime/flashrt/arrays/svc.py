"""Storage Virtualize (SVC, Storwize, FlashSystem): FlashCopy consistency groups by its command line.

Every verb reads the group first and decides on its status; the change of every map's start time proves a
new copy.  Nothing is ever forced and nothing restored.  A request with a lost or late answer is followed by a
look at the state over a new connection, and is never sent twice in one call.
"""

from __future__ import annotations

from collections.abc import Callable

from flashrt.arrays.base import (
    FREE,
    MIXED,
    PREPARED,
    PREPARING,
    RELEASING,
    Checked,
    GroupState,
    Shot,
    VolumeUids,
)
from flashrt.arrays.cycle import Cycle
from flashrt.arrays.members import check_clone, host_ports, uids_of
from flashrt.arrays.svc_check import SvcMasked
from flashrt.arrays.svc_parse import (
    DELIMITER,
    age_s,
    check_reply,
    detail,
    first,
    group_state,
    has_error,
    is_conflict,
    is_done,
    lists_start_times,
    maps_of,
    message_ids,
    safe_name,
    words_of,
)
from flashrt.config import CloneConf, Config, DeviceConf
from flashrt.devices import connect_first
from flashrt.edges import Edges, OpenCommand, Reply, Session
from flashrt.result import Result
from flashrt.status import (
    NOTFOUND,
    SYSTEM,
    UNKNOWN,
    SidecarError,
)

PROBE_S = 5.0
"""How long the array may take to open a session on a connection that is there."""

GOOD, REFUSAL = Reply(0, "", ""), Reply(1, "", "CMMVC5907E")
"""An answer that says nothing is a good one; the other is that to a start while a copy is in force."""


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> Svc:
    """Connect to the first address that can be reached, by SSH or by REST."""
    if device.way == "rest":
        from flashrt.arrays.svc_rest import SvcByRest

        return SvcByRest(config, device, edges)
    return Svc(config, device, edges)


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


class Svc(Cycle):
    """A connection to an array; see `flashrt.arrays.base.ArrayDriver`."""

    LOST = ("stopped",)

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        super().__init__(config, device)
        self._edges = edges
        self._session: Session = self._connect()

    def _connect(self) -> Session:
        return connect_first(self._config, self._device, self._edges)

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    # looking

    def probe(self) -> Result:
        """The system's name, id and code level."""
        reply = self.ask(f"lssystem -delim {DELIMITER}")
        check_reply(reply, "system")
        fields = detail(reply.out)
        name, code = first(fields, "name"), first(fields, "code_level")
        if not name or not code:
            raise SidecarError(SYSTEM, f"{self._device.name} does not tell its name and code level.")
        return Result(f"{self._device.name} is {name[:40]}, code level {code[:40]}.", "OK", extra1=name[:10])

    def read(self, group: str) -> GroupState:
        """The state of a group from its detail and its maps."""
        name = safe_name(group)
        reply = self.ask(f"lsfcconsistgrp -delim {DELIMITER} {name}")
        check_reply(reply, f"consistency group {name}")
        fields = detail(reply.out)
        if first(fields, "name") != name:
            raise SidecarError(
                NOTFOUND,
                f"{self._device.name} answered for {name} with consistency group "
                f"'{first(fields, 'name')[:63]}'. Give the group's name in the spec, not its id.",
            )
        reply = self.ask(f"lsfcmap -delim {DELIMITER} -filtervalue group_name={name}")
        check_reply(reply, f"maps of consistency group {name}")
        maps = [entry for entry in maps_of(reply.out) if entry.group == name]
        if not lists_start_times(reply.out):
            maps = [entry._replace(start_time=self._start_time(entry.name)) for entry in maps]
        return group_state(fields, maps)

    def check(self, clone: CloneConf, seen_by_vios: bool = False) -> Checked:
        """The clone's groups on this array."""
        return check_clone(SvcMasked(self), self._device.name, clone, seen_by_vios)

    def uids(self, group: str) -> VolumeUids:
        """The UIDs of the group's volumes."""
        return uids_of(SvcMasked(self), self._device.name, group)

    def host_ports(self, clone: CloneConf) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """The WWPNs of the host objects of source and clone, by host."""
        return host_ports(SvcMasked(self), self._device.name, clone)

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """How full the targets' pools are."""
        from flashrt.arrays.svc_space import usage

        return usage(self, self.read(group), group, floor_percent, every_pool)

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """An open channel and the request for it."""
        if not test:
            self.ready(group, run)
        return self._shot(f"startfcconsistgrp {safe_name(group)}")

    def _shot(self, request: str) -> Shot:
        """The probe opens and closes another channel."""

        def channel() -> OpenCommand:
            return self._session.open_command(self._edges.clock.now() + PROBE_S)

        return Shot(channel(), request, lambda: channel().close(), judge, GOOD, REFUSAL)

    # parts

    def ask(self, command: str) -> Reply:
        """Run one command within the request limit."""
        return self._session.run(command, self._edges.clock.now() + self._config.limits.request_s)

    def _send(self, group: str, verb: str, done: Callable[[], bool]) -> bool:
        """Send a task once: True if it was done, False if the array saw a state conflict.

        A lost or late answer: connect anew, and True only if the state shows it done; else the error stands.
        """
        try:
            reply = self.ask(f"{verb} {safe_name(group)}")
        except SidecarError as error:
            return self.resolved(error, self._connect_anew, done)
        if is_done(reply):
            return True
        if is_conflict(reply):
            return False
        if reply.status == 0 or all(found.endswith("W") for found in message_ids(reply) or ["E"]):
            # A warning may mean done: only the state can tell.
            if done():
                return True
            if not has_error(reply):
                raise SidecarError(UNKNOWN, f"{self.title(group)}: {verb} was answered '{words_of(reply)}'.")
        check_reply(reply, f"consistency group {group}")
        return False

    def _connect_anew(self) -> None:
        self._session.close()
        self._session = self._connect()

    def _start_time(self, name: str) -> str:
        """A map's start time from its detail view, for code levels that do not list it."""
        reply = self.ask(f"lsfcmap -delim {DELIMITER} {safe_name(name)}")
        check_reply(reply, f"map {name}")
        return first(detail(reply.out), "start_time")

    def give_up(self, group: str, found: GroupState) -> bool:
        """Stop the group."""
        del found
        return self._send(group, "stopfcconsistgrp", lambda: self.read(group).word in (FREE, RELEASING))

    def get_ready(self, group: str, found: GroupState) -> bool:
        """Prepare the group: the flush begins."""
        del found
        return self._send(
            group, "prestartfcconsistgrp", lambda: self.read(group).word in (PREPARING, PREPARED)
        )

    def age(self, taken: str) -> float:
        """By the system's clock."""
        reply = self.ask("svqueryclock")
        check_reply(reply, "clock")
        return age_s(taken, reply.out)

    def is_torn(self, found: GroupState) -> bool:
        """Its maps disagree only in how far their copies have ended: stopping it makes them agree."""
        ended = {"copying", "stopping", "stopped", "idle_or_copied"}
        return found.word == MIXED and set(found.map_states) <= ended and found.state in ended

    def title(self, group: str) -> str:
        """A group in words."""
        return f"Consistency group {group} on {self._device.name}"
