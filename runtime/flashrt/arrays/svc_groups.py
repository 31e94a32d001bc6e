"""Storage Virtualize: FlashCopy consistency groups.

Every verb reads the group first and decides on its status; the change of every map's start time proves a
new copy.  Nothing is ever forced and nothing restored.  A request with a lost or late answer is followed by a
look at the state over a new connection, and is never sent twice in one call.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from flashrt.arrays.base import FREE, MIXED, PREPARED, PREPARING, RELEASING, GroupState, Lack, Shot
from flashrt.arrays.cycle import Cycle
from flashrt.arrays.svc_line import SvcLine
from flashrt.arrays.svc_parse import (
    DELIMITER,
    age_s,
    check_reply,
    clock_at,
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
    started_at,
    told_name,
    words_of,
)
from flashrt.edges import Reply
from flashrt.localtime import Look
from flashrt.result import Result
from flashrt.status import NOTFOUND, UNKNOWN, SidecarError


class SvcCycle(Cycle):
    """The life of a copy of either kind, over one connection."""

    CLOCK = "The clock of {}"
    SHOWN_BY = "Let the product's user enter svqueryclock, and see what it answers."

    def __init__(self, line: SvcLine) -> None:
        super().__init__(line.config, line.device)
        self._line = line

    @abstractmethod
    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """How full the pools are that a copy takes space in."""

    @abstractmethod
    def arm(self, group: str, run: str, test: bool) -> Shot:
        """An open channel and the request for it."""

    @abstractmethod
    def absent(self, group: str) -> list[Lack]:
        """Of what the spec names of a copy, what is not there."""

    def ask(self, command: str) -> Reply:
        """The answer to a command."""
        return self._line.ask(command)

    def age(self, taken: str) -> float:
        """By the system's clock."""
        reply = self.ask("svqueryclock")
        check_reply(reply, "clock")
        return age_s(taken, reply.out)

    def instant(self, stamp: str) -> float | None:
        """Start times are told in the system's local time."""
        return started_at(stamp)

    def look(self) -> Look | None:
        """By the system's clock."""
        now = self._line.edges.clock.now()
        reply = self.ask("svqueryclock")
        shown = None if has_error(reply) else clock_at(reply.out)
        return None if shown is None else Look(now, *shown)

    def send(self, group: str, command: str, done: Callable[[], bool]) -> bool:
        """Send a task once: True if it was done, False if the array saw a state conflict.

        A lost or late answer: connect anew, and True only if the state shows it done; else the error stands.
        """
        try:
            reply = self.ask(command)
        except SidecarError as error:
            return self.resolved(error, self._line.again, done)
        if is_done(reply):
            return True
        if is_conflict(reply):
            return False
        if reply.status == 0 or all(found.endswith("W") for found in message_ids(reply) or ["E"]):
            # A warning may mean done: only the state can tell.
            if done():
                return True
            if not has_error(reply):
                verb = command.split()[0]
                raise SidecarError(UNKNOWN, f"{self.title(group)}: {verb} was answered '{words_of(reply)}'.")
        check_reply(reply, self.title(group))
        return False


class ConsistencyGroups(SvcCycle):
    """The consistency groups of a system."""

    LOST = ("stopped",)

    def title(self, group: str) -> str:
        """A group in words."""
        return f"Consistency group {group} on {self._device.name}"

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

    def absent(self, group: str) -> list[Lack]:
        """The group itself."""
        from flashrt.arrays.lacks import GROUP, is_there

        name = safe_name(group)

        def look() -> None:
            check_reply(self.ask(f"lsfcconsistgrp -delim {DELIMITER} {name}"), f"consistency group {name}")

        return [] if is_there(look) else [Lack(GROUP, f"consistency group {name}", {"group": name})]

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """How full the targets' pools are: those of thin ones, or of all."""
        from flashrt.arrays.svc_space import usage

        targets = self.read(group).targets
        return usage(self, group, targets, floor_percent, targets if every_pool else ())

    def is_full(self, group: str, found: GroupState) -> bool:
        """The pool of a target whose map is stopped has nothing left."""
        from flashrt.arrays.svc_space import is_full

        del group
        stopped = [one for place, one in enumerate(found.targets) if found.map_states[place] == "stopped"]
        return bool(stopped) and is_full(self, stopped)

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """An open channel and the request for it."""
        if not test:
            self.ready(group, run)
        return self._line.shot(f"startfcconsistgrp {safe_name(group)}")

    def give_up(self, group: str, found: GroupState, run: str) -> bool:
        """Stop the group."""
        del found, run
        return self._send(group, "stopfcconsistgrp", (FREE, RELEASING))

    def get_ready(self, group: str, found: GroupState, run: str) -> bool:
        """Prepare the group: the flush begins."""
        del found, run
        return self._send(group, "prestartfcconsistgrp", (PREPARING, PREPARED))

    def is_torn(self, found: GroupState) -> bool:
        """Its maps disagree only in how far their copies have ended: stopping it makes them agree."""
        ended = {"copying", "stopping", "stopped", "idle_or_copied"}
        return found.word == MIXED and set(found.map_states) <= ended and found.state in ended

    def _send(self, group: str, verb: str, words: tuple[str, ...]) -> bool:
        return self.send(group, f"{verb} {safe_name(group)}", lambda: self.read(group).word in words)

    def _start_time(self, name: str) -> str:
        """A map's start time from its detail view, for code levels that do not list it."""
        reply = self.ask(f"lsfcmap -delim {DELIMITER} {told_name(name)}")
        check_reply(reply, f"map {name}")
        return first(detail(reply.out), "start_time")
