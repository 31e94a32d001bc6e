"""What a simulated Storage Virtualize array holds: volumes, hosts, FlashCopy mappings, consistency groups."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Container
from dataclasses import dataclass
from typing import Literal, TypeVar

from flashtwin.sims.svc_options import SvcError
from flashtwin.sims.volumes import GIB as GIB
from flashtwin.sims.volumes import Host as Host
from flashtwin.sims.volumes import Pool as Pool
from flashtwin.sims.volumes import Volume as Volume
from flashtwin.sims.volumes import stock
from flashtwin.site import ArraySite

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


T = TypeVar("T", Pool, Volume, Host, Mapping, Group)


class Model:
    """The objects of one array, by id; names are looked up as the command line does."""

    def __init__(self, config: ArraySite, utc_offset: str) -> None:
        self.config = config
        sign = -1 if utc_offset.startswith("-") else 1
        self.zone = {"+00:00": "UTC", "+01:00": "CET", "+02:00": "CEST"}.get(utc_offset, f"UTC{utc_offset}")
        self.offset = dt.timedelta(hours=int(utc_offset[1:3]), minutes=int(utc_offset[4:6])) * sign
        self.pools: dict[int, Pool] = {}
        self.volumes: dict[int, Volume] = {}
        self.hosts: dict[int, Host] = {}
        self.maps: dict[int, Mapping] = {}
        self.groups: dict[int, Group] = {}
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
        return dt.datetime.fromtimestamp(now, dt.UTC) + self.offset

    def stamp(self, now: float) -> str:
        """YYMMDDhhmmss on the array's clock."""
        return self.local(now).strftime("%y%m%d%H%M%S")

    def time_of(self, stamp: str) -> float:
        """The time of such a stamp, epoch seconds."""
        local = dt.datetime.strptime(stamp, "%y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        return (local - self.offset).timestamp()


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
