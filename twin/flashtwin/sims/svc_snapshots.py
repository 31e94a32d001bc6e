"""The volume groups of a simulated Storage Virtualize array: snapshots, and thin clones that show them.

Written from docs/platform-facts.md#svc-snapshots and docs/platform-facts.md#volume-protection.  A snapshot is
taken at once, or prepared and triggered; a refresh lets the volumes of a group of thin clones read from
another one, and what they had is lost: refused as long as a partition uses one of them, and for the time of
volume protection behind it.  One that is removed while thin clones read from it stays until none does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import TYPE_CHECKING

from flashtwin.scheduler import Signal, Wait
from flashtwin.sims.array import belongs_to
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.svc_columns import POPULATION_COLUMNS, SNAPSHOT_COLUMNS, VOLUME_GROUP_COLUMNS
from flashtwin.sims.svc_model import Model, Snapshot, Volume, VolumeGroup
from flashtwin.sims.svc_options import Call, SvcError, call, capacity, concise, detail, list_call

if TYPE_CHECKING:
    from flashtwin.events import Event
    from flashtwin.world import World

ROLES = ("Administrator", "SecurityAdmin", "RestrictedAdmin")
"""Who may take, remove and show snapshots; that CopyOperator may is not written anywhere."""

REMOVES_SAFEGUARDED = ("SecurityAdmin",)
REFRESHES_FROM = (8, 6, 2)
"""The first code level with refreshfromsnapshot."""

MOST_SNAPSHOTS = 256
DAY = 86400.0
_NAME = re.compile(r"[A-Za-z_]([A-Za-z0-9_. -]{0,61}[A-Za-z0-9_.-])?")

Effect = Callable[[Callable[[], None], Callable[[], None], str], Outcome]
Body = Generator[Wait, Signal | None, Outcome]


class Snapshots:
    """What volume groups can do on one array.

    Facts of the site: `trigger` and `refresh`, how many seconds each takes before it is answered (2, 5), and
    `protection`, the minutes of volume protection (15), 0 where it is off.
    """

    def __init__(self, world: World, model: Model, name: str, effect: Effect) -> None:
        self.world = world
        self.model = model
        self.name = name
        self._effect = effect
        facts = model.config.facts
        self._trigger_s = float(facts.get("trigger", "2"))
        self._refresh_s = float(facts.get("refresh", "5"))
        self.changes: dict[str, Callable[[str, Sequence[str]], Outcome | Body]] = {
            "addsnapshot": self._add,
            "rmsnapshot": self._remove,
            "refreshfromsnapshot": self._refresh,
        }
        self.listings: dict[str, Callable[[Sequence[str]], str]] = {
            "lsvolumegroup": self.groups,
            "lsvolumegroupsnapshot": self.snapshots,
            "lsvolumepopulation": self.population,
        }

    # what the twin asks

    def parts(self, copy: str) -> tuple[VolumeGroup, VolumeGroup] | None:
        """The volume group of the sources and that of the thin clones, if a copy of the site is of these."""
        found = next((one for one in self.model.config.copies if one.name == copy), None)
        if found is None:
            return None
        return self.model.volume_group(found.parts["source"]), self.model.volume_group(found.parts["target"])

    def starts(self, request: str, copy: str) -> bool:
        """Whether a request triggers a snapshot that a copy is to show."""
        found = self.parts(copy)
        if found is None:
            return False
        name = rf"(?<![\w.-]){re.escape(found[0].name)}(?![\w.-])"
        return bool(
            re.search(r"(^|[\s/])addsnapshot\b", request)
            and re.search(r"-trigger\b|\"trigger\"", request)
            and re.search(name, request)
        )

    # taking

    def _add(self, user: str, words: Sequence[str]) -> Outcome | Body:
        self._may(user)
        valued = (
            "-volumegroup",
            "-name",
            "-pool",
            "-retentiondays",
            "-retentionminutes",
            "-trigger",
            "-triggerid",
        )
        found = call(words, valued, ("-prepare", "-ignorelegacy", "-safeguarded"))
        if found.objects:
            raise SvcError("5709", found.objects[0])
        if "-trigger" in found or "-triggerid" in found:
            return self._slow(self._trigger_s, lambda: self._triggered(user, found))
        if "-volumegroup" not in found:
            raise SvcError("5707", "-volumegroup")
        group = self.model.volume_group(found.get("-volumegroup"))
        name = found.get("-name", f"snapshot{len(self.model.snapshots)}")
        prepared = "-prepare" in found
        if prepared:
            return self._added(user, group, name, found)
        return self._slow(self._trigger_s, lambda: self._added(user, group, name, found))

    def _added(self, user: str, group: VolumeGroup, name: str, found: Call) -> Outcome:
        def check() -> None:
            if not _NAME.fullmatch(name):
                raise SvcError("6527")
            if any(one.name == name for one in self._of(group)):
                raise SvcError("6035")
            if not group.volumes or len(self._of(group)) >= MOST_SNAPSHOTS:
                raise SvcError("5767")
            maps = self.model.maps.values()
            if any(one.target in group.volumes for one in maps):
                raise SvcError("5767")
            if any(one.source in group.volumes for one in maps) and "-ignorelegacy" not in found:
                raise SvcError("5767")

        def act() -> None:
            made = self.model.snapshot_of(group, name)
            made.safeguarded = "-safeguarded" in found
            days = found.number("-retentiondays", 1, 365, 0)
            if days:
                made.until = self.world.now + days * DAY
            if "-prepare" in found:
                made.told = self._show(group, "ready", "PREPARED")
            else:
                self._take(made, user)

        number = min(n for n in range(len(self.model.snapshots) + 1) if n not in self.model.snapshots)
        return self._effect(check, act, f"Snapshot, id [{number}], successfully created or triggered\n")

    def _triggered(self, user: str, found: Call) -> Outcome:
        one = self._chosen(found, "-trigger", "-triggerid", "-volumegroup")

        def check() -> None:
            if one.state != "ready" or one not in self.model.snapshots.values():
                raise SvcError("5767")

        text = f"Snapshot, id [{one.id}], successfully created or triggered\n"
        return self._effect(check, lambda: self._take(one, user), text)

    def _take(self, one: Snapshot, user: str) -> None:
        """The instant of all volumes of the group."""
        one.state, one.at = "active", self.world.now
        sources = [volume for volume in one.group.volumes if volume.name in one.holders]
        whole = self.world.copies.take([(volume, one.holders[volume.name]) for volume in sources])
        copies = self._copies_for(one.group)
        if copies:
            targets = self.model.volume_group(self._target_of(copies[0])).volumes
            flash = self.world.events.log(
                "flash",
                self.name,
                group=copies[0],
                copies=copies,
                maps=tuple(volume.name for volume in sources),
                by=user,
                sources=tuple(volume.uid for volume in sources),
                targets=tuple(volume.uid for volume in targets),
                whole=whole,
            )
            one.told += [flash, self._said(copies, "active", "TAKEN")]

    # removing and showing

    def _remove(self, user: str, words: Sequence[str]) -> Outcome:
        role = self._may(user)
        found = call(words, ("-snapshot", "-volumegroup", "-snapshotid"))
        one = self._chosen(found, "-snapshot", "-snapshotid", "-volumegroup")

        def check() -> None:
            if one.safeguarded and role not in REMOVES_SAFEGUARDED:
                raise SvcError("6253")

        def act() -> None:
            unseen = one.state == "ready" or not self._readers(one)
            word = "FREE" if one.state in ("ready", "active") and not self._readers(one) else ""
            one.state = "dependent_deleting"
            if unseen:
                self.model.snapshots.pop(one.id, None)
            if word:
                self._show(one.group, "removed", word)

        return self._effect(check, act, "")

    def _refresh(self, user: str, words: Sequence[str]) -> Outcome | Body:
        self._may(user)
        level = re.match(r"(\d+)\.(\d+)\.(\d+)", self.model.config.code_level)
        if level is None or tuple(int(part) for part in level.groups()) < REFRESHES_FROM:
            raise SvcError("7205")
        found = call(words, ("-volumegroup", "-snapshot", "-fromsourcegroup", "-fromsnapshotid"))
        if "-volumegroup" not in found:
            raise SvcError("5707", "-volumegroup")
        target = self.model.volume_group(found.get("-volumegroup"))
        one = self._chosen(found, "-snapshot", "-fromsnapshotid", "-fromsourcegroup")

        def check() -> None:
            if not target.thin_clones or one.group is not target.parent or one.state != "active":
                raise SvcError("5767")
            if {source.name for source, _ in target.pairs} != set(one.holders):
                raise SvcError("5767")
            if any(self._is_protected(volume) for volume in target.volumes):
                raise SvcError("1035")

        check()
        return self._slow(self._refresh_s, lambda: self._effect(check, lambda: self._put(one, target), ""))

    def _is_protected(self, volume: Volume) -> bool:
        """Whether a partition uses a volume, or did so within the time of volume protection.

        A VIOS that runs uses what it has open, not each volume that its host object sees.
        """
        since = self.world.now - 60.0 * self.model.protection_min
        if not self.model.protection_min:
            return False
        for partition in self.world.partitions():
            seen = partition.volumes if partition.vios is None else partition.vios.open_volumes()
            off = partition.state == "Not Activated" and self._off_since(partition.name) <= since
            if not off and any(one.uid == volume.uid for one in seen):
                return True
        return False

    def _off_since(self, partition: str) -> float:
        """When a partition that is off went off; long ago where it was off from the beginning."""
        events = self.world.events.of("partition_power", system=partition)
        return max((one.time for one in events if one["state"] == "Not Activated"), default=float("-inf"))

    def _put(self, one: Snapshot, target: VolumeGroup) -> None:
        for source, volume in target.pairs:
            self.world.copies.put(one.holders[source.name], volume)
            volume.since, volume.written = self.world.now, 0
        target.shown = {volume.name: one for volume in target.volumes}
        self.world.overwritten(target.volumes)
        for number, other in list(self.model.snapshots.items()):
            if other.state == "dependent_deleting" and not self._readers(other):
                del self.model.snapshots[number]
        for copy in self.model.config.copies:
            if copy.parts.get("target") == target.name:
                belongs_to(one.told, copy.name, target.volumes)
                self.world.events.log("presented", self.name, group=copy.name)
                self._said((copy.name,), "active", "ACTIVE")

    # listings

    def groups(self, words: Sequence[str]) -> str:
        """lsvolumegroup"""
        found = list_call(words)
        rows = [self._group(one, found) for one in self.model.volume_groups.values()]
        if not found.objects:
            return concise(rows, found, VOLUME_GROUP_COLUMNS)
        row = self._group(self.model.volume_group(found.object(), "5754"), found)
        return detail([(key, row[key]) for key in VOLUME_GROUP_COLUMNS], found)

    def _group(self, one: VolumeGroup, found: Call) -> dict[str, str]:
        shown = next(iter(one.shown.values()), None)
        own = self._of(one)
        return dict.fromkeys(VOLUME_GROUP_COLUMNS, "") | {
            "id": str(one.id),
            "name": one.name,
            "volume_count": str(len(one.volumes)),
            "volume_group_type": "thinclone" if one.thin_clones else "",
            "uid": str(one.id + 70),
            "source_volume_group_id": str(one.parent.id) if one.parent else "",
            "source_volume_group_name": one.parent.name if one.parent else "",
            "parent_uid": str(one.parent.id + 70) if one.parent else "",
            "source_snapshot_id": str(shown.id) if shown else "",
            "source_snapshot": shown.name if shown else "",
            "snapshot_count": str(len(own)),
            "protection_provisioned_capacity": capacity(self._provisioned(own), found),
            "protection_written_capacity": capacity(0, found),
            "safeguarded_snapshot_count": str(sum(snapshot.safeguarded for snapshot in own)),
            "ignore_user_flash_copy_maps": "no",
            "restore_in_progress": "yes" if one.restoring else "no",
        }

    def snapshots(self, words: Sequence[str]) -> str:
        """lsvolumegroupsnapshot"""
        found = list_call(words, valued=("-volumegroup", "-snapshot", "-parentuid"))
        own = [
            one
            for one in self.model.snapshots.values()
            if found.get("-volumegroup", one.group.name) == one.group.name
            and found.get("-snapshot", one.name) == one.name
        ]
        return concise([self._snapshot(one, found) for one in own], found, SNAPSHOT_COLUMNS)

    def _snapshot(self, one: Snapshot, found: Call) -> dict[str, str]:
        return dict.fromkeys(SNAPSHOT_COLUMNS, "") | {
            "id": str(one.id),
            "name": one.name,
            "volume_group_id": str(one.group.id),
            "volume_group_name": one.group.name,
            "time": self.model.stamp(one.at) if one.at is not None else "",
            "state": one.state,
            "matches_group": "yes" if set(one.holders) == {v.name for v in one.group.volumes} else "no",
            "parent_uid": str(one.group.id + 70),
            "expiration_time": self.model.stamp(one.until) if one.until is not None else "",
            "protection_provisioned_capacity": capacity(self._provisioned([one]), found),
            "protection_written_capacity": capacity(0, found),
            "auto_snapshot": "no",
            "safeguarded": "yes" if one.safeguarded else "no",
        }

    def population(self, words: Sequence[str]) -> str:
        """lsvolumepopulation"""
        found = list_call(words)
        rows = [
            dict.fromkeys(POPULATION_COLUMNS, "")
            | {
                "volume_id": str(volume.id),
                "volume_name": volume.name,
                "volume_group_id": str(group.id),
                "volume_group_name": group.name,
                "type": "thinclone",
                "source_volume_id": str(source.id),
                "source_volume_name": source.name,
                "source_snapshot": group.shown[volume.name].name if volume.name in group.shown else "",
                "start_time": self.model.stamp(volume.since) if volume.since is not None else "",
            }
            for group in self.model.volume_groups.values()
            if group.thin_clones
            for source, volume in group.pairs
        ]
        return concise(rows, found, POPULATION_COLUMNS)

    # helpers

    def _may(self, user: str) -> str:
        role = self.model.role(user)
        if role not in ROLES:
            raise SvcError("6253")
        return role

    def _of(self, group: VolumeGroup) -> list[Snapshot]:
        return [one for one in self.model.snapshots.values() if one.group is group]

    def _readers(self, one: Snapshot) -> list[VolumeGroup]:
        return [group for group in self.model.volume_groups.values() if one in group.shown.values()]

    def _chosen(self, found: Call, by_name: str, by_id: str, within: str) -> Snapshot:
        """The snapshot that a command names: by its name and its group, or by its id."""
        if by_id in found:
            for number, one in self.model.snapshots.items():
                if str(number) == found.get(by_id):
                    return one
            raise SvcError("9755")
        if by_name not in found or within not in found:
            raise SvcError("5707", by_name if by_name not in found else within)
        group = self.model.volume_group(found.get(within))
        for one in self._of(group):
            if one.name == found.get(by_name):
                return one
        raise SvcError("9755")

    def _copies_for(self, group: VolumeGroup) -> tuple[str, ...]:
        """The copies of the site that a snapshot may be for, that which shows the oldest first."""
        own = [copy.name for copy in self.model.config.copies if copy.parts.get("source") == group.name]

        def shows(copy: str) -> float:
            shown = self.model.volume_group(self._target_of(copy)).shown.values()
            return min((one.at or 0.0 for one in shown), default=0.0)

        return tuple(sorted(own, key=shows))

    def _target_of(self, copy: str) -> str:
        return next(one.parts["target"] for one in self.model.config.copies if one.name == copy)

    def _show(self, group: VolumeGroup, state: str, word: str) -> list[Event]:
        copies = self._copies_for(group)
        return [self._said(copies, state, word)] if copies else []

    def _said(self, copies: tuple[str, ...], state: str, word: str) -> Event:
        """Tell the state of a copy, or of all that it may be of."""
        more = {"copies": copies} if len(copies) > 1 else {}
        return self.world.events.log(
            "group_state", self.name, group=copies[0], state=state, word=word, **more
        )

    def _slow(self, seconds: float, last: Callable[[], Outcome]) -> Body:
        """Something that takes its time; what is then is decided at its end."""
        until = self.world.now + seconds
        while self.world.now < until:
            yield Wait((), until)
        try:
            return last()
        except SvcError as error:
            return Outcome(1, err=f"{error}\n")

    @staticmethod
    def _provisioned(own: Iterable[Snapshot]) -> int:
        return sum(volume.size for one in own for volume in one.holders.values())
