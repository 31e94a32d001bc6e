"""Storage Virtualize (SVC, Storwize, FlashSystem): FlashCopy consistency groups over SSH.

Every verb reads the group first and decides on its status; the change of every map's start time proves a
new copy.  Nothing is ever forced and nothing restored.  A request with a lost or late answer is followed by a
look at the state over a new connection, and is never sent twice in one call.
"""

from __future__ import annotations

from collections.abc import Callable

from flashrt.arrays.base import (
    ACTIVE,
    EMPTY,
    FAILED,
    FOREIGN,
    FREE,
    MIXED,
    PREPARED,
    PREPARING,
    RELEASING,
    Checked,
    Copy,
    GroupState,
    Shot,
    VolumeUids,
)
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
from flashrt.ownership import MAYBE, SENT, Claim, last_proven, read_claim, write_claim
from flashrt.result import Result
from flashrt.status import FOREIGN as FOREIGN_STATUS
from flashrt.status import (
    MISMATCH,
    NOTFOUND,
    PENDING,
    REFUSED,
    SYSTEM,
    TIMEOUT,
    UNKNOWN,
    SidecarError,
)

OWN_WORDS = {"idle_or_copied": "IDLE", "stopped": "STOPPED"}
PROBE_S = 5.0
"""How long the array may take to open a session on a connection that is there."""

ROUNDS = 3
"""How often a verb reads the state again after a conflict before it gives up."""


GOOD, REFUSAL = Reply(0, "", ""), Reply(1, "", "CMMVC5907E")
"""An answer that says nothing is a good one; the other is that to a start while a copy is in force."""


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> Svc:
    """Connect to the first address that can be reached."""
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


class Svc:
    """A connection to an array; see `flashrt.arrays.base.ArrayDriver`."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self._config = config
        self._device = device
        self._edges = edges
        self._session: Session = connect_first(config, device, edges)

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

    def status(self, group: str) -> Result:
        """The state of the group."""
        return self._result(group, self.read(group))

    def copy_on(self, group: str) -> Copy:
        """The copy that a group holds, and how old it is by the array's own clock."""
        found = self.read(group)
        times = [time for time in found.start_times.values() if time]
        if found.word not in (ACTIVE, FREE, RELEASING) or found.state == "stopped" or not times:
            # A stopped group has lost its targets, one that was never started has none yet.
            return Copy(group, "", 0.0)
        reply = self.ask("svqueryclock")
        check_reply(reply, "clock")
        return Copy(group, max(times), age_s(max(times), reply.out))

    def holds(self, group: str) -> Result:
        """HELD if the start times are those that the last run with a proof saw, and nobody stopped it."""
        found = self.read(group)
        known = last_proven(self._config, self._device.name, group)
        if known is None:
            raise SidecarError(
                FOREIGN_STATUS,
                f"{self.title(group)} has status {found.state}; no run of this product has a proof of its "
                "copy. Nothing is done with it.",
                found.word,
            )
        run, claim = known
        if found.word not in (ACTIVE, FREE) or found.state == "stopped":
            raise SidecarError(
                REFUSED,
                f"{self.title(group)} has status {found.state}: the copy of run {run} is not in force.",
                found.word,
            )
        if found.start_times != claim.copy:
            raise SidecarError(
                FOREIGN_STATUS,
                f"{self.title(group)} holds another copy than that of run {run}: its maps were started "
                "since. See who uses it.",
                found.word,
            )
        taken = max(claim.copy.values())
        text = f"{self.title(group)} holds the copy of run {run}, started {taken}, status {found.state}."
        return Result(text, "HELD", extra1=run[:8], extra2=run[8:])

    def require(self, group: str, state: str) -> Result:
        """OK if the group's own status is the one that is asked for."""
        found = self.read(group)
        if found.state != state.lower():
            raise SidecarError(
                REFUSED,
                f"{self.title(group)} has status {found.state}, the spec requires {state.lower()}. See who "
                "uses it.",
                found.word,
            )
        return self._result(group, found)

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

    # changing

    def release(self, group: str, run: str) -> Result:
        """Stop the group if a copy is in force, so that it can be prepared."""
        asked = False
        for _ in range(ROUNDS):
            found = self.read(group)
            if found.word == FREE:
                # nothing of this run is on it any more: it may be prepared anew
                write_claim(self._config, run, self._device.name, group, None)
                return self._freed(group, found)
            if found.word == RELEASING or asked:
                break
            if found.word in (PREPARING, PREPARED) and self._claim(group, run) is None:
                raise self._not_ours(group, found)
            if found.word not in (ACTIVE, PREPARING, PREPARED) and not _is_torn_copy(found):
                raise self._unfit(group, found)
            asked = self._send(group, "stopfcconsistgrp", lambda: self.read(group).word in (FREE, RELEASING))
        return self._pending(group, self.read(group))

    def prepare(self, group: str, run: str) -> Result:
        """Prepare the group; the run's claim on it is written first."""
        asked = False
        for _ in range(ROUNDS):
            found = self.read(group)
            claim = self._claim(group, run)
            if found.word in (PREPARING, PREPARED) and claim is None:
                raise self._not_ours(group, found)
            if found.word == PREPARED:
                return self._result(group, found)
            if found.word == PREPARING:
                return self._pending(group, found)
            if found.word != FREE:
                raise self._unfit(group, found)
            if claim is not None and (claim.prepare == SENT or asked):
                raise SidecarError(
                    SYSTEM,
                    f"{self.title(group)} was asked to prepare and is {found.state} now: the flush failed, "
                    "or somebody stopped it. See the array's event log.",
                    found.word,
                )
            write_claim(
                self._config, run, self._device.name, group, Claim(MAYBE, found.start_times, False, {})
            )
            asked = self._send(
                group, "prestartfcconsistgrp", lambda: self.read(group).word in (PREPARING, PREPARED)
            )
            if asked:
                claim = Claim(SENT, found.start_times, False, {})
                write_claim(self._config, run, self._device.name, group, claim)
        raise SidecarError(
            REFUSED,
            f"{self.title(group)} refuses to be prepared though its status allows it. See the array.",
            FREE,
        )

    def prove(self, group: str, run: str) -> Result:
        """Every map started anew since this run's prepare, and none stopped since."""
        claim = self._claim(group, run)
        found = self.read(group)
        if claim is None:
            raise SidecarError(
                REFUSED,
                f"Run {run} did not prepare {self.title(group)}: nothing can be proven of it.",
                found.word,
            )
        if found.word not in (ACTIVE, FREE) or found.state == "stopped":
            raise SidecarError(
                REFUSED,
                f"{self.title(group)} has status {found.state}: no copy of run {run} is in force. "
                "Do not start the clone.",
                found.word,
            )
        if set(found.start_times) != set(claim.start_times):
            raise SidecarError(
                MISMATCH,
                f"The maps of {self.title(group)} changed since the prepare. Do not start the clone.",
                MIXED,
            )
        stale = [
            name for name, time in found.start_times.items() if not time or time == claim.start_times[name]
        ]
        if stale:
            raise SidecarError(
                REFUSED,
                f"{len(stale)} of {len(found.start_times)} maps of {self.title(group)} were not started "
                f"since the prepare, first {sorted(stale)[0]}. Do not start the clone.",
                found.word,
            )
        write_claim(self._config, run, self._device.name, group, claim._replace(copy=dict(found.start_times)))
        times = sorted(found.start_times.values())
        return Result(
            f"{self.title(group)} holds this run's copy: {len(times)} maps, started {times[0]} to "
            f"{times[-1]}, status {found.state}.",
            "PROVEN",
            extra1=found.state,
            extra2=times[-1][:10],
        )

    def present(self, group: str, run: str) -> Result:
        """Nothing to do: the targets of a consistency group show the instant as soon as it is taken."""
        return self._result(group, self._taken_by(group, run))._replace(word="PRESENT")

    def abort(self, group: str, run: str) -> Result:
        """Stop what this run prepared or started without proof; a proven copy and others' work are left."""
        asked = False
        claim = self._claim(group, run)
        for _ in range(ROUNDS):
            found = self.read(group)
            if claim is not None and claim.proven and found.state == "stopped":
                # the proven copy was stopped since, by whomever: there is nothing to leave
                write_claim(self._config, run, self._device.name, group, None)
                return self._freed(group, found)
            if claim is None or claim.proven:
                reason = (
                    "holds a proven copy and is left" if claim is not None else "was not prepared by this run"
                )
                return self._result(group, found, f"{self.title(group)} {reason}: status {found.state}.")
            if found.word == FREE:
                write_claim(self._config, run, self._device.name, group, None)
                return self._freed(group, found)
            if found.word == RELEASING or asked:
                break
            if found.word not in (PREPARING, PREPARED, ACTIVE) and not _is_torn_copy(found):
                raise self._unfit(group, found)
            if found.word == ACTIVE and found.start_times == claim.start_times:
                raise self._not_ours(group, found)
            asked = self._send(group, "stopfcconsistgrp", lambda: self.read(group).word in (FREE, RELEASING))
        return self._pending(group, self.read(group))

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """An open channel and the request for it; the probe opens and closes another one."""
        if not test:
            self._prepared_by(group, run)
        request = f"startfcconsistgrp {safe_name(group)}"

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
            if error.status not in (TIMEOUT, UNKNOWN):
                raise
            self._session.close()
            try:
                self._session = connect_first(self._config, self._device, self._edges)
                shown = done()
            except SidecarError:
                raise error from None
            if shown:
                return True
            raise
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

    def _start_time(self, name: str) -> str:
        """A map's start time from its detail view, for code levels that do not list it."""
        reply = self.ask(f"lsfcmap -delim {DELIMITER} {safe_name(name)}")
        check_reply(reply, f"map {name}")
        return first(detail(reply.out), "start_time")

    def _claim(self, group: str, run: str) -> Claim | None:
        return read_claim(self._config, run, self._device.name, group)

    def _prepared_by(self, group: str, run: str) -> GroupState:
        found = self.read(group)
        if found.word != PREPARED:
            raise SidecarError(
                REFUSED,
                f"{self.title(group)} has status {found.state}, not prepared. Nothing was sent.",
                found.word,
            )
        if self._claim(group, run) is None:
            raise self._not_ours(group, found)
        return found

    def _taken_by(self, group: str, run: str) -> GroupState:
        found = self.read(group)
        if self._claim(group, run) is None:
            raise self._not_ours(group, found)
        if found.word not in (ACTIVE, FREE) or found.state == "stopped":
            raise SidecarError(
                REFUSED,
                f"{self.title(group)} has status {found.state}: no copy of run {run} is in force.",
                found.word,
            )
        return found

    def title(self, group: str) -> str:
        """A group in words."""
        return f"Consistency group {group} on {self._device.name}"

    def _result(self, group: str, found: GroupState, text: str = "") -> Result:
        times = sorted(time for time in found.start_times.values() if time)
        started = f", started {times[-1]}" if times else ", never started"
        plain = f"{self.title(group)}: status {found.state}, {len(found.start_times)} maps{started}."
        if found.word == MIXED:
            plain += f" Its maps disagree: {', '.join(sorted(set(found.map_states)))}."
        return Result(text or plain, found.word, extra1=found.state, extra2=str(len(found.start_times)))

    def _freed(self, group: str, found: GroupState) -> Result:
        return self._result(group, found)._replace(word=OWN_WORDS[found.state])

    def _pending(self, group: str, found: GroupState) -> Result:
        if found.word == FREE:
            return self._freed(group, found)
        if found.word == PREPARED:
            return self._result(group, found)
        text = f"{self.title(group)} is {found.state}; ask again."
        return self._result(group, found, text)._replace(word="PENDING", status=PENDING)

    def _not_ours(self, group: str, found: GroupState) -> SidecarError:
        return SidecarError(
            FOREIGN_STATUS,
            f"{self.title(group)} is {found.state}, but not by this run. Find out whose it is; FLRCVENV "
            "closes an old run of ours.",
            FOREIGN,
        )

    def _unfit(self, group: str, found: GroupState) -> SidecarError:
        why = {
            EMPTY: (MISMATCH, "has no maps. Add the disk units of the partition to it."),
            FAILED: (REFUSED, "is suspended: the array has lost its bitmaps for now. See its event log."),
            FOREIGN: (
                FOREIGN_STATUS,
                "is part of a restore or of remote copy. Leave it, or free it on the array.",
            ),
            MIXED: (
                FOREIGN_STATUS,
                f"has maps in states {', '.join(sorted(set(found.map_states)))}. See the array.",
            ),
            ACTIVE: (REFUSED, "is copying: it must be released before it is prepared."),
            RELEASING: (REFUSED, "is stopping: wait until it has stopped."),
        }
        status, text = why.get(found.word, (SYSTEM, f"has the unknown status {found.state}. See the array."))
        return SidecarError(status, f"{self.title(group)} {text}", found.word)


def _is_torn_copy(found: GroupState) -> bool:
    """A group whose maps disagree only in how far their copies have ended: stopping it makes them agree."""
    ended = {"copying", "stopping", "stopped", "idle_or_copied"}
    return found.word == MIXED and set(found.map_states) <= ended and found.state in ended
