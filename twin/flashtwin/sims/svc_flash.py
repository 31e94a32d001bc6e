"""The FlashCopy state machine of a simulated array: prepare, start, stop, and what happens by itself.

States, transitions and the ids for a command in the wrong state: docs/platform-facts.md#svc-states.  A
change comes in two parts: a check when the command arrives, and an effect at its reply, which checks again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flashtwin.scheduler import Signal, Timer
from flashtwin.sims.svc_model import Group as Group
from flashtwin.sims.svc_model import GroupStatus, Mapping, Model, Status, Volume
from flashtwin.sims.svc_options import SvcError

if TYPE_CHECKING:
    from flashtwin.world import World

CANNOT_PREPARE: dict[GroupStatus, str] = {
    "empty": "5804",
    "preparing": "5901",
    "prepared": "5902",
    "copying": "5903",
    "stopping": "5903",
    "suspended": "5904",
}
CANNOT_START: dict[GroupStatus, str] = {
    "empty": "5804",
    "idle_or_copied": "5905",
    "preparing": "5906",
    "copying": "5907",
    "stopping": "5907",
    "stopped": "5908",
    "suspended": "5909",
}
CANNOT_STOP: dict[GroupStatus, str] = {
    "empty": "5804",
    "idle_or_copied": "5910",
    "preparing": "5911",
    "stopped": "5912",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """What is prepared, started and stopped together: a consistency group, or a mapping without one."""

    name: str
    maps: Callable[[], Sequence[Mapping]]
    group: Group | None

    @property
    def key(self) -> str:
        """Group and mapping names may be alike."""
        return f"{'group' if self.group is not None else 'map'} {self.name}"


class Flash:
    """Drives the mappings of one array; `changed` fires at each change of a state."""

    def __init__(self, world: World, model: Model, array: str) -> None:
        self.world = world
        self.model = model
        self.array = array
        self.changed = Signal(f"FlashCopy state of {array}")
        self.flush_failures: list[tuple[float, str]] = []
        self._timers: dict[str, Timer] = {}
        for group in model.groups.values():
            self._carry_on(self.of_group(group))
        for one in model.maps.values():
            if one.group is None:
                self._carry_on(self.of_map(one))

    def of_group(self, group: Group) -> Unit:
        """The unit of a group."""
        return Unit(group.name, lambda: self.model.maps_of(group), group)

    def of_map(self, one: Mapping) -> Unit:
        """The unit of a mapping that is in no group; one in a group is driven through the group."""
        if one.group is not None:
            raise SvcError("5767")
        return Unit(one.name, lambda: (one,), None)

    def status(self, unit: Unit) -> GroupStatus:
        """The state that the unit shows."""
        return self.model.status(unit.group) if unit.group is not None else unit.maps()[0].status

    # checks

    def can_prepare(self, unit: Unit, restore: bool = False) -> None:
        """SvcError unless the unit may be prepared now."""
        self._refuse(unit, CANNOT_PREPARE)
        targets_busy = any(self.model.depending_on_volume(one.target) for one in unit.maps())
        if targets_busy and not restore:
            raise SvcError("5903")

    def can_start(self, unit: Unit) -> None:
        """SvcError unless the unit is prepared."""
        self._refuse(unit, CANNOT_START)

    def can_stop(self, unit: Unit, split: bool) -> None:
        """SvcError unless the unit may be stopped now."""
        self._refuse(unit, CANNOT_STOP)
        now = self.world.scheduler.now
        if split and any(self.model.progress(one, now) < 100 for one in unit.maps()):
            raise SvcError("5767")

    def _refuse(self, unit: Unit, table: dict[GroupStatus, str]) -> None:
        number = table.get(self.status(unit))
        if number is not None:
            raise SvcError(number)

    # effects

    def prepare(self, unit: Unit) -> None:
        """Flush the sources' cache and throw away the targets': the old copy is gone from here on."""
        if self.world.readings.prepare_discards_target:
            self._discard([one.target for one in unit.maps()])
        self._enter(unit, "preparing")
        self._at(unit, self.model.config.prepare, lambda: self._flushed(unit))

    def _flushed(self, unit: Unit) -> None:
        if self.model.config.flush_fails:
            self.flush_failures.append((self.world.scheduler.now, unit.name))
            self._discard([one.target for one in unit.maps()])
            self._enter(unit, "stopped")
        else:
            self._enter(unit, "prepared")

    def start(self, unit: Unit, user: str) -> None:
        """The point in time: every target holds what its source holds now."""
        now = self.world.scheduler.now
        maps = list(unit.maps())
        whole = self.world.copies.take([(one.source, one.target) for one in maps])
        stamp = self.model.stamp(now)
        if unit.group is not None:
            unit.group.start_time = stamp
        for one in maps:
            one.start_time, one.started, one.progress_base = stamp, now, 0
            one.target.since, one.target.written = now, 0
        self.world.events.log(
            "flash",
            self.array,
            group=unit.name,
            maps=tuple(one.name for one in maps),
            by=user,
            sources=tuple(one.source.uid for one in maps),
            targets=tuple(one.target.uid for one in maps),
            whole=whole,
        )
        self.world.overwritten([one.target for one in maps])
        self._enter(unit, "copying")
        if any(one.copy_rate for one in maps):
            self._at(unit, self.model.config.copy, lambda: self._copied(unit))

    def _copied(self, unit: Unit) -> None:
        for one in unit.maps():
            if one.copy_rate and one.status == "copying":
                one.progress_base = 100
                one.status = "idle_or_copied"
        self._shown(unit)

    def stop(self, unit: Unit, force: bool) -> None:
        """Stop; where other copies read through a target, their data is handed over first (stopping)."""
        now = self.world.scheduler.now
        dependants = [other for one in unit.maps() for other in self.model.dependants(one, now)]
        outside = [other for other in dependants if other not in unit.maps()]
        if force:
            for other in outside:
                self.stop(self._unit_of(other), force=True)
        elif self.status(unit) == "stopping":
            return
        elif outside:
            for one in unit.maps():
                one.progress_base = self.model.progress(one, now)
            self._enter(unit, "stopping")
            self._at(unit, self.model.config.clean, lambda: self._stopped(unit))
            return
        self._stopped(unit)

    def _unit_of(self, one: Mapping) -> Unit:
        return self.of_group(one.group) if one.group is not None else self.of_map(one)

    def _stopped(self, unit: Unit) -> None:
        now = self.world.scheduler.now
        self._cancel(unit)
        lost = []
        for one in unit.maps():
            progress = self.model.progress(one, now)
            one.progress_base = progress
            # A prepared target has lost its data whatever had been copied to it before.
            if progress == 100 and one.status in ("copying", "stopping", "idle_or_copied"):
                one.status = "idle_or_copied"
            else:
                one.status = "stopped"
                lost.append(one.target)
        self._discard(lost)
        self._shown(unit)

    # helpers

    def _carry_on(self, unit: Unit) -> None:
        """What an array in the middle of something does next, when the world begins."""
        status = self.status(unit)
        for one in unit.maps():
            if one.status == "copying":
                done = one.progress_base / 100 * self.model.config.copy
                one.started = self.world.scheduler.now - done
        if status == "preparing":
            self._at(unit, self.model.config.prepare, lambda: self._flushed(unit))
        elif status == "copying" and any(one.copy_rate for one in unit.maps()):
            left = max(100 - one.progress_base for one in unit.maps()) / 100 * self.model.config.copy
            self._at(unit, left, lambda: self._copied(unit))

    def _discard(self, volumes: Sequence[Volume]) -> None:
        for volume in volumes:
            volume.image, volume.since, volume.written = None, None, 0
        self.world.overwritten(volumes)

    def _enter(self, unit: Unit, status: Status) -> None:
        self._cancel(unit)
        for one in unit.maps():
            one.status = status
        self._shown(unit)

    def _shown(self, unit: Unit) -> None:
        status = self.status(unit)
        kind = "group_state" if unit.group is not None else "map_state"
        self.world.events.log(kind, self.array, group=unit.name, state=status)
        self.changed.fire((unit.key, status))

    def _at(self, unit: Unit, seconds: float, action: Callable[[], None]) -> None:
        self._timers[unit.key] = self.world.scheduler.at(self.world.scheduler.now + seconds, action)

    def _cancel(self, unit: Unit) -> None:
        timer = self._timers.pop(unit.key, None)
        if timer is not None:
            timer.cancel()
