"""What a simulated Storage Virtualize array holds: volumes, hosts, FlashCopy mappings, consistency groups."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from flashtwin.events import Event
from flashtwin.sims.svc_options import SvcError
from flashtwin.sims.volumes import GIB as GIB
from flashtwin.sims.volumes import Host as Host
from flashtwin.sims.volumes import Pool as Pool
from flashtwin.sims.volumes import Volume as Volume
from flashtwin.sims.volumes import stock
from flashtwin.site import ArraySite, CopySite

Status = Literal["idle_or_copied", "preparing", "prepared", "copying", "stopping", "stopped", "suspended"]
GroupStatus = Literal[
    "empty", "idle_or_copied", "preparing", "prepared", "copying", "stopping", "stopped", "suspended"
]
# A group shows the state of its maps; of several the one that comes first here.
AGGREGATE: tuple[Status, ...] = (
    "suspended",
    "preparing",
    "stopping",
    "prepared",
    "stopped",
    "copying",
    "idle_or_copied",
)
ACTIVE = ("copying", "suspended", "stopping")


@dataclass(slots=True, eq=False)
class Mapping:
    """A FlashCopy mapping."""

    id: int
    name: str
    source: Volume
    target: Volume
    group: Group | None
    copy_rate: int
    clean_rate: int
    incremental: bool
    autodelete: bool
    grain: int
    status: Status
    progress_base: int
    start_time: str
    started: float | None = None
    keep_target: bool = False


@dataclass(slots=True, eq=False)
class Group:
    """A FlashCopy consistency group; its state is that of its mappings."""

    id: int
    name: str
    autodelete: bool = False
    start_time: str = ""


SnapshotState = Literal["ready", "active", "deleting", "dependent_deleting"]


@dataclass(slots=True, eq=False)
class VolumeGroup:
    """A volume group; one of thin clones has its source group, and the snapshot that each volume reads."""

    id: int
    name: str
    volumes: list[Volume]
    parent: VolumeGroup | None = None
    pairs: list[tuple[Volume, Volume]] = field(default_factory=list)
    shown: dict[str, Snapshot] = field(default_factory=dict)
    restoring: bool = False
    thin_clones: bool = False


@dataclass(slots=True, eq=False)
class Snapshot:
    """A snapshot of a volume group; `holders` are what its volumes held at its instant, by their names."""

    id: int
    name: str
    group: VolumeGroup
    state: SnapshotState
    holders: dict[str, Volume]
    at: float | None = None
    safeguarded: bool = False
    until: float | None = None
    told: list[Event] = field(default_factory=list)
    """The events of its instant, until it is known for which copy it was taken."""


T = TypeVar("T", Pool, Volume, Host, Mapping, Group, VolumeGroup)


@dataclass(slots=True)
class Relationship:
    """Remote copy of a volume, or HyperSwap: `local` where both sides are of this system.

    The master is of this system; `primary` is the side that is written to, master or aux.
    """

    name: str
    master: str
    aux: str
    primary: str = "master"
    state: str = "consistent_synchronized"
    copy_type: str = "metro"
    local: bool = False

    @property
    def both(self) -> tuple[str, str]:
        """The names of both sides."""
        return self.master, self.aux


class Model:
    """The objects of one array, by id; names are looked up as the command line does."""

    def __init__(
        self, config: ArraySite, utc_offset: str, late: Callable[[], dt.timedelta], zone: Callable[[], str]
    ) -> None:
        self.config = config
        sign = -1 if utc_offset.startswith("-") else 1
        self._offset = dt.timedelta(hours=int(utc_offset[1:3]), minutes=int(utc_offset[4:6])) * sign
        self._late = late
        self.zone = zone
        self.protection_min = int(config.facts.get("protection", "15"))
        """Minutes of volume protection; 0 where it is off."""
        self.pools: dict[int, Pool] = {}
        self.volumes: dict[int, Volume] = {}
        self.hosts: dict[int, Host] = {}
        self.maps: dict[int, Mapping] = {}
        self.groups: dict[int, Group] = {}
        self.volume_groups: dict[int, VolumeGroup] = {}
        self.snapshots: dict[int, Snapshot] = {}
        self.relationships: list[Relationship] = []
        self._fill()

    def _fill(self) -> None:
        site = self.config
        pools, volumes, hosts = stock(site)
        self.pools = dict(enumerate(pools))
        self.volumes = dict(enumerate(volumes))
        self.hosts = dict(enumerate(hosts))
        by_name = {volume.name: volume for volume in volumes}
        # Group 0 is the pseudo group of stand-alone mappings.
        for n, group in enumerate(site.groups, 1):
            self.groups[n] = Group(n, group.name, start_time=group.start_time)
        groups = {group.name: group for group in self.groups.values()}
        for n, entry in enumerate(site.all_maps()):
            self.maps[n] = Mapping(
                n, entry.name, by_name[entry.source], by_name[entry.target], groups.get(entry.group),
                entry.copy_rate, entry.clean_rate, entry.incremental, False, 256, entry.status,
                entry.progress, entry.start_time,
            )  # fmt: skip
        for n, named in enumerate(site.sets):
            self.volume_groups[n] = VolumeGroup(n, named.name, [by_name[name] for name in named.volumes])
        for copy in site.copies:
            self._clone(copy, by_name)

    def _clone(self, copy: CopySite, volumes: dict[str, Volume]) -> None:
        """The thin clones of a copy; the snapshot that they show is one of an evening before."""
        source = self.volume_group(copy.parts["source"])
        target = self.volume_group(copy.parts["target"])
        target.parent, target.thin_clones = source, True
        target.pairs = [(volumes[one], volumes[other]) for one, other in copy.pairs]
        if copy.state:
            made = self.snapshot_of(source, f"{copy.name}_first")
            made.state, made.at = "active", self.time_of(copy.taken)
            target.shown = {one.name: made for one in target.volumes}

    def snapshot_of(self, group: VolumeGroup, name: str) -> Snapshot:
        """A new snapshot of a volume group, prepared."""
        number = free_id(self.snapshots)
        tail = f"@{number}"
        holders = {
            one.name: Volume(one.id, one.name + tail, one.uid + tail, one.size, one.pool, True, True, 0, 0)
            for one in group.volumes
        }
        made = self.snapshots[number] = Snapshot(number, name, group, "ready", holders)
        return made

    # looking up: digits are an id, anything else a name

    def group(self, text: str, number: str = "5804") -> Group:
        """The consistency group of that id or name."""
        return _find(self.groups, text, number)

    def map(self, text: str, number: str = "5804") -> Mapping:
        """The mapping of that id or name."""
        return _find(self.maps, text, number)

    def volume(self, text: str, number: str = "5804") -> Volume:
        """The volume of that id, name or UID."""
        for volume in self.volumes.values():
            if volume.uid == text:
                return volume
        return _find(self.volumes, text, number)

    def host(self, text: str, number: str = "5804") -> Host:
        """The host of that id or name."""
        return _find(self.hosts, text, number)

    def pool(self, text: str, number: str = "5804") -> Pool:
        """The pool of that id or name."""
        return _find(self.pools, text, number)

    def volume_group(self, text: str, number: str = "5804") -> VolumeGroup:
        """The volume group of that id or name."""
        return _find(self.volume_groups, text, number)

    def group_of(self, volume: Volume) -> VolumeGroup | None:
        """The volume group that a volume is in."""
        return next((one for one in self.volume_groups.values() if volume in one.volumes), None)

    def role(self, user: str) -> str:
        """The role of a user; "" for an unknown one."""
        return next((one.role for one in self.config.users if one.name == user), "")

    # relations

    def maps_of(self, group: Group) -> list[Mapping]:
        """The mappings of a group, by id."""
        return [one for one in self.maps.values() if one.group is group]

    def status(self, group: Group) -> GroupStatus:
        """The state that the group shows."""
        states = {one.status for one in self.maps_of(group)}
        return next((state for state in AGGREGATE if state in states), "empty")

    def progress(self, one: Mapping, now: float) -> int:
        """Percent copied in the background; without a copy rate it stays where it is."""
        if one.status != "copying" or not one.copy_rate or one.started is None:
            return one.progress_base
        return min(100, int(100 * (now - one.started) / max(1.0, self.config.copy)))

    def dependants(self, one: Mapping, now: float) -> list[Mapping]:
        """The older active copies of the same source that read through this map's target."""
        if one.status not in ("copying", "stopping") or self.progress(one, now) == 100:
            return []
        return [
            other
            for other in self.maps.values()
            if other is not one
            and other.source is one.source
            and other.status in ("copying", "stopping")
            and self.progress(other, now) < 100
            and (other.start_time, other.id) < (one.start_time, one.id)
        ]

    def depending_on_volume(self, volume: Volume) -> list[Mapping]:
        """The active mappings that take this volume as their source."""
        return [one for one in self.maps.values() if one.source is volume and one.status in ACTIVE]

    def target_online(self, volume: Volume) -> bool:
        """Whether the volume's own data can be read: the target of a stopped map cannot."""
        own = next((one for one in self.maps.values() if one.target is volume), None)
        if own is None:
            return volume.online
        if own.status == "stopped" or (own.status == "stopping" and own.progress_base < 100):
            return False
        return volume.online and own.status != "suspended"

    def pool_free(self, pool: Pool, now: float) -> int:
        """What is left in a pool."""
        used = sum(volume.used(now) for volume in self.volumes.values() if volume.pool is pool)
        return max(0, pool.capacity - pool.other_used - used)

    def local(self, now: float) -> dt.datetime:
        """The array's clock."""
        return dt.datetime.fromtimestamp(now, dt.UTC) + self._offset + self._late()

    def stamp(self, now: float) -> str:
        """YYMMDDhhmmss on the array's clock."""
        return self.local(now).strftime("%y%m%d%H%M%S")

    def time_of(self, stamp: str) -> float:
        """The time of such a stamp, epoch seconds."""
        local = dt.datetime.strptime(stamp, "%y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        return (local - self._offset - self._late()).timestamp()


def free_id(taken: Container[int], first: int = 0) -> int:
    """The lowest id from `first` on that is free."""
    return next(n for n in itertools.count(first) if n not in taken)


def _find(objects: dict[int, T], text: str, number: str) -> T:
    if text.isdigit():
        if len(text) < 10 and int(text) in objects:
            return objects[int(text)]
    else:
        for one in objects.values():
            if one.name == text:
                return one
    raise SvcError("5753" if number == "5754" and text.isdigit() else number)
