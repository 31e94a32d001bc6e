"""The life of a group, the same for every family: release, prepare, prove, abort, and whose a copy is.

A family gives what it reads and sends: `read`, `title`, `give_up`, and `get_ready` where there is a state
that must be reached before the instant.  Every verb reads the group first and decides on its word.  A request
is sent once in a call; if its answer was lost, or the array saw a conflict, the state is read again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
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
    SPACE,
    TAKEN,
    Copy,
    GroupState,
    demand,
    unproven,
    unused,
)
from flashrt.config import Config, DeviceConf
from flashrt.localtime import HIDDEN, UNSEEN, Clock, Look, aged, by_zone, checked, is_new, is_same
from flashrt.ownership import MAYBE, SENT, Claim, claims_on, last_proven, read_claim, write_claim
from flashrt.result import Result
from flashrt.status import FOREIGN as FOREIGN_STATUS
from flashrt.status import MISMATCH, PENDING, REFUSED, SYSTEM, TIMEOUT, UNKNOWN, SidecarError
from flashrt.status import SPACE as SPACE_STATUS

BLIND = (
    "Leave its zone as it is while a copy is kept: after another change than summer time the copy is not "
    "known as the run's own. One that somebody else takes at half an hour, one hour or two from it, to the "
    "second, is."
)
"""What it means that a clock is not seen (docs/safety.md#faults)."""

ROUNDS = 3
"""How often a verb reads the state again after a conflict before it gives up."""


class Cycle(ABC):
    """What the drivers have in common.  `GroupState.start_times` tells one copy from another, part by part:
    the start time of a map, the id of a snapshot; "" where there is none.

    Of a time that is told in some clock's local time, equality says too little (`flashrt.localtime`).  Two
    questions stand for it.  `is_same`: is this the copy that was recorded?  A wrong yes would take a
    stranger's copy for ours.  `is_new`: is this surely a later copy?  A wrong yes would prove, or give up, an
    old one.
    """

    PART = "map"
    """What a group is made of, in texts."""

    BEGIN: tuple[str, ...] = (FREE,)
    """The words of the states from which a prepare may begin, and which a release aims at.

    With ACTIVE among them the last copy needs not be given up before the next one is taken.
    """

    READY: tuple[str, ...] = (PREPARED,)
    """The words of the states in which the trigger may be sent.

    Without PREPARED there is nothing to reach: `prepare` then only records the run's claim, and `get_ready`
    is never asked.
    """

    LOST: tuple[str, ...] = ()
    """The array's words for a free group whose last copy was given up unfinished: its targets are lost."""

    CLOCK = ""
    """The clock whose local time tells copies apart, as a sentence begins, the array as {}; "" where none."""

    SHOWN_BY = ""
    """What must be so for that clock to be seen, as a request to do it; "" where nothing shows it."""

    def __init__(self, config: Config, device: DeviceConf) -> None:
        self._config = config
        self._device = device
        self._looks: list[Look | None] = []

    # what a family gives

    @abstractmethod
    def read(self, group: str) -> GroupState:
        """The state of a group."""

    @abstractmethod
    def title(self, group: str) -> str:
        """A group in words, as a sentence begins: its kind, its name, the array."""

    def age(self, taken: str) -> float:
        """How old a copy is by the array's own clock; asked only where one must be chosen or kept."""
        raise SidecarError(SYSTEM, f"{self._device.name} does not tell how old the copy of {taken} is.")

    def instant(self, stamp: str) -> float | None:
        """The seconds of a time that some clock's local time tells, as if it were UTC; None for others."""
        del stamp
        return None

    def number(self, stamp: str) -> str:
        """What numbers a copy beside its time, so that two numbers are two copies; "" where nothing does.

        0 is the number of a copy that nobody has numbered.
        """
        del stamp
        return ""

    def look(self) -> Look | None:
        """A look at the clock by which such times are told; None where it cannot be seen."""
        return None

    def give_up(self, group: str, found: GroupState, run: str) -> bool:
        """Send what gives the copy up: True if it was done, False if the array saw a state conflict."""
        del run
        raise self.unfit(group, found)

    def get_ready(self, group: str, found: GroupState, run: str) -> bool:
        """Send what prepares the group: True if it was done, False if the array saw a state conflict.

        Where there is no state to be reached there is nothing to do.
        """
        del group, found, run
        return True

    def is_full(self, group: str, found: GroupState) -> bool:
        """Whether the array shows that it was for want of space; asked only of a copy that is lost."""
        del group, found
        return False

    def fails(self, found: GroupState) -> str:
        """Why a group in an unfit state is so, where the family has more to say than its word; else ""."""
        del found
        return ""

    # looking

    def status(self, group: str) -> Result:
        """The state of the group; SPACE for a copy that was lost because there was no room for it."""
        return self.told(group, self._seen_through(group, self.read(group)))

    def copy_on(self, group: str) -> Copy:
        """The copy that a group holds, and how old it is by the array's own clock."""
        found = self.read(group)
        times = [time for time in found.start_times.values() if time]
        if found.word not in (ACTIVE, FREE, RELEASING) or found.state in self.LOST or not times:
            # A stopped group has lost its targets, one that was never started has none yet.
            return Copy(group, "", 0.0)
        newest = max(found.start_times, key=lambda part: found.start_times[part])
        taken = found.start_times[newest]
        age_s = self.age(taken)
        known = last_proven(self._config, self._device.name, group)
        if known is not None and self.same_copy(found.start_times, known[1].copy, known[1].proof):
            age_s = self.aged(age_s, taken, known[1].copy[newest], known[1].proof)
        return Copy(group, taken, age_s)

    def holds(self, group: str) -> Result:
        """HELD if the start times are those that the last run with a proof saw, and nobody stopped it."""
        found = self.read(group)
        known = last_proven(self._config, self._device.name, group)
        if known is None:
            raise unproven(self.title(group), found)
        run, claim = known
        if not self._in_force(found):
            raise SidecarError(
                REFUSED,
                f"{self.title(group)} has status {found.state}: the copy of run {run} is not in force.",
                found.word,
            )
        if not self.same_copy(found.start_times, claim.copy, claim.proof):
            raise SidecarError(
                FOREIGN_STATUS,
                f"{self.title(group)} holds another copy than that of run {run}: its {self.PART}s were "
                "started since. See who uses it.",
                found.word,
            )
        taken = max(claim.copy.values())
        text = f"{self.title(group)} holds the copy of run {run}, started {taken}, status {found.state}."
        return Result(text, "HELD", extra1=run[:8], extra2=run[8:])

    def clock(self) -> Clock:
        """The clock by which copies are told apart, beside ours."""
        if not self.CLOCK:
            return unused(self._device.name)
        title, look = self.CLOCK.format(self._device.name), self._looked()
        if look is not None:
            return checked(title, look)
        seen = f"{title}, by which copies are told apart, is not shown."
        return (
            Clock(UNSEEN, seen, f"{self.SHOWN_BY} {BLIND}") if self.SHOWN_BY else Clock(HIDDEN, seen, BLIND)
        )

    def require(self, group: str, state: str) -> Result:
        """OK if the group's own status is the one that is asked for."""
        found = self.read(group)
        demand(self.title(group), found, state)
        return self.told(group, found)

    # changing

    def release(self, group: str, run: str) -> Result:
        """Give the copy up if one is in force, so that the group can be prepared."""
        asked = False
        for _ in range(ROUNDS):
            found = self.read(group)
            if found.word in self.BEGIN:
                # nothing of this run is on it any more: it may be prepared anew
                write_claim(self._config, run, self._device.name, group, None)
                return self._freed(group, found)
            if found.word == RELEASING or asked:
                break
            theirs = self.claim(group, run) is None and not self.is_left(group, found)
            if found.word in (PREPARING, PREPARED, TAKEN) and theirs:
                raise self.not_ours(group, found)
            if not self._can_be_given_up(found):
                raise self.unfit(group, found)
            asked = self.give_up(group, found, run)
        return self._pending(group, self.read(group))

    def prepare(self, group: str, run: str) -> Result:
        """Prepare the group; the run's claim on it is written first."""
        asked = False
        for _ in range(ROUNDS):
            found = self.read(group)
            claim = self.claim(group, run)
            if found.word in (PREPARING, PREPARED, TAKEN) and claim is None:
                late = self._unanswered(group, found)
                if late is None:
                    raise self.not_ours(group, found)
                # carried out behind this run's release: it is what this run asks for
                claim = late._replace(prepare=SENT)
                write_claim(self._config, run, self._device.name, group, claim)
            if found.word == PREPARED:
                if claim is not None and found.start_times != claim.start_times:
                    # where a prepared group shows no times, nothing can be taken for a new one
                    claim = claim._replace(start_times=found.start_times, look=self._looked())
                    write_claim(self._config, run, self._device.name, group, claim)
                return self.told(group, found)
            if found.word == PREPARING:
                return self._pending(group, found)
            if found.word not in self.BEGIN:
                raise self.unfit(group, found)
            if PREPARED not in self.READY:
                made = Claim(SENT, found.start_times, False, {}, self._looked())
                write_claim(self._config, run, self._device.name, group, made)
                return self.told(group, found)._replace(word=PREPARED)
            if claim is not None and (claim.prepare == SENT or asked):
                raise SidecarError(
                    SYSTEM,
                    f"{self.title(group)} was asked to prepare and is {found.state} now: the flush failed, "
                    "or somebody stopped it. See the array's event log.",
                    found.word,
                )
            claim = Claim(MAYBE, found.start_times, False, {}, self._looked())
            write_claim(self._config, run, self._device.name, group, claim)
            asked = self.get_ready(group, found, run)
            if asked:
                claim = claim._replace(prepare=SENT)
                write_claim(self._config, run, self._device.name, group, claim)
        raise SidecarError(
            REFUSED,
            f"{self.title(group)} refuses to be prepared though its status allows it. See the array.",
            FREE,
        )

    def present(self, group: str, run: str) -> Result:
        """Nothing to do: the targets show the instant as soon as it is taken."""
        found = self.read(group)
        if self.claim(group, run) is None:
            raise self.not_ours(group, found)
        if found.word == TAKEN or not self._in_force(found):
            raise self._no_copy(group, found, run)
        return self.told(group, found)._replace(word="PRESENT")

    def prove(self, group: str, run: str) -> Result:
        """Every part started anew since this run's prepare, and none stopped since."""
        claim = self.claim(group, run)
        found = self.read(group)
        if claim is None:
            raise SidecarError(
                REFUSED,
                f"Run {run} did not prepare {self.title(group)}: nothing can be proven of it.",
                found.word,
            )
        if not self._in_force(found):
            raise self._no_copy(group, found, run)
        if set(found.start_times) != set(claim.start_times):
            raise SidecarError(
                MISMATCH,
                f"The {self.PART}s of {self.title(group)} changed since the prepare. Do not start the clone.",
                MIXED,
            )
        stale = [
            name
            for name, time in found.start_times.items()
            if not self.is_new(time, claim.start_times[name], claim.look)
        ]
        if stale:
            raise SidecarError(
                REFUSED,
                f"{len(stale)} of {len(found.start_times)} {self.PART}s of {self.title(group)} were not "
                f"started since the prepare, first {sorted(stale)[0]}. Do not start the clone.",
                found.word,
            )
        claim = claim._replace(copy=dict(found.start_times), proof=self._looked())
        write_claim(self._config, run, self._device.name, group, claim)
        times = sorted(found.start_times.values())
        return Result(
            f"{self.title(group)} holds this run's copy: {len(times)} {self.PART}s, started {times[0]} to "
            f"{times[-1]}, status {found.state}.",
            "PROVEN",
            extra1=found.state,
            extra2=times[-1][:10],
        )

    def abort(self, group: str, run: str) -> Result:
        """Stop what this run prepared or started without proof; a proven copy and others' work are left."""
        asked = False
        claim = self.claim(group, run)
        for _ in range(ROUNDS):
            found = self.read(group)
            if claim is not None and claim.proven and found.state in self.LOST:
                # the proven copy was stopped since, by whomever: there is nothing to leave
                write_claim(self._config, run, self._device.name, group, None)
                return self._freed(group, found)
            if claim is None or claim.proven:
                reason = (
                    "holds a proven copy and is left" if claim is not None else "was not prepared by this run"
                )
                return self.told(group, found, f"{self.title(group)} {reason}: status {found.state}.")
            if found.word == FREE or (found.word in self.BEGIN and self.is_untouched(found, claim)):
                if claim.prepare == SENT:
                    write_claim(self._config, run, self._device.name, group, None)
                # else it may still be carried out: `is_left` knows it then
                return self._freed(group, found)
            if found.word == RELEASING or asked:
                break
            if found.word not in (PREPARING, PREPARED, TAKEN) and not self._can_be_given_up(found):
                raise self.unfit(group, found)
            if found.word == ACTIVE and self.is_untouched(found, claim):
                raise self.not_ours(group, found)
            asked = self.give_up(group, found, run)
        return self._pending(group, self.read(group))

    # parts

    def claim(self, group: str, run: str) -> Claim | None:
        """What this run asked of the group."""
        return read_claim(self._config, run, self._device.name, group)

    def is_same(self, shown: str, recorded: str, then: Look | None) -> bool:
        """Whether what is shown of a part is the copy that was recorded, `then` the look of that time."""
        if shown == recorded:
            return True
        at, before = self.instant(shown), self.instant(recorded)
        if at is None or before is None or self._renumbered(shown, recorded):
            return False
        if at == before:
            return True
        return by_zone(at - before) and is_same(at - before, then, self._looked())

    def is_new(self, shown: str, recorded: str, then: Look | None) -> bool:
        """Whether what is shown of a part is surely a later copy than that which was recorded."""
        if not shown or shown == recorded:
            return False
        at, before = self.instant(shown), self.instant(recorded)
        if at is None or before is None or (self._renumbered(shown, recorded) and self.number(shown) != "0"):
            return True
        return is_new(at - before, at, then, self._looked() if by_zone(at - before) else None)

    def aged(self, age_s: float, shown: str, recorded: str, then: Look | None) -> float:
        """The age of a copy of ours, without what its zone has moved since it was recorded."""
        at, before = self.instant(shown), self.instant(recorded)
        if at is None or before is None:
            return age_s
        return aged(age_s, at - before, then, self._looked())

    def _renumbered(self, shown: str, recorded: str) -> bool:
        """Whether both copies have a number, and not the same."""
        one, other = self.number(shown), self.number(recorded)
        return bool(one and other) and one != other

    def same_copy(self, shown: dict[str, str], recorded: dict[str, str], then: Look | None) -> bool:
        """Whether every part shows the copy that was recorded of it."""
        return set(shown) == set(recorded) and all(
            self.is_same(time, recorded[name], then) for name, time in shown.items()
        )

    def is_untouched(self, found: GroupState, claim: Claim) -> bool:
        """Whether nothing was surely taken since the claim was made: there is nothing to undo."""
        old = claim.start_times
        return set(found.start_times) == set(old) and all(
            time == old[name] or (time and not self.is_new(time, old[name], claim.look))
            for name, time in found.start_times.items()
        )

    def _looked(self) -> Look | None:
        """One look is enough for a call."""
        if not self._looks:
            self._looks.append(self.look())
        return self._looks[0]

    def ready(self, group: str, run: str) -> GroupState:
        """The state of a group that this run has prepared; REFUSED if it is not ready for the trigger."""
        found = self.read(group)
        if found.word not in self.READY:
            raise self.not_ready(group, found)
        claim = self.claim(group, run)
        if claim is None:
            raise self.not_ours(group, found)
        if PREPARED not in self.READY and not self.same_copy(
            found.start_times, claim.start_times, claim.look
        ):
            raise SidecarError(
                REFUSED,
                f"{self.title(group)} was used since run {run} prepared it. Nothing was sent.",
                found.word,
            )
        return found

    def not_ready(self, group: str, found: GroupState) -> SidecarError:
        """The group is not in a state in which the trigger may be sent."""
        return SidecarError(
            REFUSED,
            f"{self.title(group)} has status {found.state}, not prepared. Nothing was sent.",
            found.word,
        )

    def told(self, group: str, found: GroupState, text: str = "") -> Result:
        """The state of a group as a result."""
        times = sorted(time for time in found.start_times.values() if time)
        started = f", started {times[-1]}" if times else ", never started"
        plain = f"{self.title(group)}: status {found.state}, {len(found.start_times)} {self.PART}s{started}."
        if found.word == MIXED:
            plain += f" Its {self.PART}s disagree: {', '.join(sorted(set(found.map_states)))}."
        return Result(text or plain, found.word, extra1=found.state, extra2=str(len(found.start_times)))

    def not_ours(self, group: str, found: GroupState) -> SidecarError:
        """The group is somebody else's."""
        return SidecarError(
            FOREIGN_STATUS,
            f"{self.title(group)} is {found.state}, but not by this run. Find out whose it is; FLRCVENV "
            "closes an old run of ours.",
            FOREIGN,
        )

    def unfit(self, group: str, found: GroupState) -> SidecarError:
        """Nothing can be done with a group in this state."""
        why = {
            EMPTY: (MISMATCH, f"has no {self.PART}s. Add the disk units of the partition to it."),
            FAILED: (REFUSED, "is suspended: the array has lost its bitmaps for now. See its event log."),
            FOREIGN: (
                FOREIGN_STATUS,
                "is part of a restore or of remote copy. Leave it, or free it on the array.",
            ),
            MIXED: (
                FOREIGN_STATUS,
                f"has {self.PART}s in states {', '.join(sorted(set(found.map_states)))}. See the array.",
            ),
            ACTIVE: (REFUSED, "is copying: it must be released before it is prepared."),
            RELEASING: (REFUSED, "is stopping: wait until it has stopped."),
            SPACE: (SPACE_STATUS, "ran out of space: its copy is lost. Add capacity to the pool."),
            TAKEN: (REFUSED, "holds an instant that was never put on its targets."),
        }
        status, text = why.get(found.word, (SYSTEM, f"has the unknown status {found.state}. See the array."))
        return SidecarError(status, f"{self.title(group)} {self.fails(found) or text}", found.word)

    def resolved(self, error: SidecarError, connect: Callable[[], None], done: Callable[[], bool]) -> bool:
        """After a request whose answer was lost or late: connect anew, and True if the state shows it done.

        Else the error stands.
        """
        if error.status not in (TIMEOUT, UNKNOWN):
            raise error
        try:
            connect()
            shown = done()
        except SidecarError:
            raise error from None
        if not shown:
            raise error
        return True

    def is_left(self, group: str, found: GroupState) -> bool:
        """Whether a run of ours left it so, and it may be given up.

        It proved a copy and could not put it on its targets; or its prepare was never answered, and was
        carried out when the run had been undone.
        """
        if found.word in (PREPARING, PREPARED):
            return self._unanswered(group, found) is not None
        known = last_proven(self._config, self._device.name, group)
        if found.word != TAKEN or known is None:
            return False
        return self.same_copy(found.start_times, known[1].copy, known[1].proof)

    def _unanswered(self, group: str, found: GroupState) -> Claim | None:
        """The claim of the last run, if its prepare was never answered and may have led to this state."""
        last = next(claims_on(self._config, self._device.name, group), None)
        if found.word not in (PREPARING, PREPARED) or last is None or last[1].prepare != MAYBE:
            return None
        return None if self._started(found, last[1]) else last[1]

    def _started(self, found: GroupState, claim: Claim) -> bool:
        """Whether a part was started since the claim was made; one that is prepared may show no time."""
        return any(
            time and not self.is_same(time, claim.start_times.get(name, ""), claim.look)
            for name, time in found.start_times.items()
        )

    def _in_force(self, found: GroupState) -> bool:
        return found.word in (ACTIVE, FREE, TAKEN) and found.state not in self.LOST

    def _seen_through(self, group: str, found: GroupState) -> GroupState:
        """The same; SPACE where the copy is lost and the array shows that there was no room for it."""
        lost = found.word in (FAILED, MIXED) or found.state in self.LOST
        return found._replace(word=SPACE) if lost and self.is_full(group, found) else found

    def _no_copy(self, group: str, found: GroupState, run: str) -> SidecarError:
        found = self._seen_through(group, found)
        why = " It ran out of space: add capacity to its pool." if found.word == SPACE else ""
        return SidecarError(
            SPACE_STATUS if found.word == SPACE else REFUSED,
            f"{self.title(group)} has status {found.state}: no copy of run {run} is in force.{why} "
            "Do not start the clone.",
            found.word,
        )

    def _can_be_given_up(self, found: GroupState) -> bool:
        return found.word in (ACTIVE, PREPARING, PREPARED, TAKEN, SPACE) or self.is_torn(found)

    def is_torn(self, found: GroupState) -> bool:
        """A group that is MIXED in a way that giving it up makes whole."""
        del found
        return False

    def _freed(self, group: str, found: GroupState) -> Result:
        return self.told(group, found)._replace(word="STOPPED" if found.state in self.LOST else "IDLE")

    def _pending(self, group: str, found: GroupState) -> Result:
        if found.word in self.BEGIN:
            return self._freed(group, found)
        if found.word == PREPARED:
            return self.told(group, found)
        text = f"{self.title(group)} is {found.state}; ask again."
        return self.told(group, found, text)._replace(word="PENDING", status=PENDING)
