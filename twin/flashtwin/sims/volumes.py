"""What every simulated storage system has: pools, volumes, and hosts that volumes are mapped to."""

from __future__ import annotations

from dataclasses import dataclass

from flashtwin.image import SystemImage
from flashtwin.site import ArraySite

GIB = 1024**3


@dataclass(slots=True)
class Pool:
    """A storage pool.  `physical` is what its drives hold of data that does not compress."""

    id: int
    name: str
    capacity: int
    physical: int
    other_used: int
    warning: int


@dataclass(slots=True, eq=False)
class Volume:
    """A volume.  `image` is the system (a part of) which lies on it; `written` the bytes a thin one holds.

    `grows_to` is what a thin volume has written a day after a copy, `since` when that copy was taken.
    """

    id: int
    name: str
    uid: str
    size: int
    pool: Pool
    thin: bool
    autoexpand: bool
    written: int
    grows_to: int
    online: bool = True
    since: float | None = None
    image: SystemImage | None = None

    def used(self, now: float) -> int:
        """The bytes that the volume occupies; a thin one grows after each copy."""
        if not self.thin:
            return self.size
        if self.since is None:
            return self.written
        return int(self.grows_to * min(1.0, max(0.0, now - self.since) / 86400.0))


@dataclass(slots=True)
class Host:
    """A host object: the WWPNs of a partition and the volumes mapped to it; the SCSI id is the place."""

    id: int
    name: str
    wwpns: tuple[str, ...]
    volumes: list[Volume]


def stock(site: ArraySite) -> tuple[list[Pool], list[Volume], list[Host]]:
    """The pools, volumes and hosts that a site says, each in its order."""
    pools = [
        Pool(
            n,
            pool.name,
            pool.capacity_gib * GIB,
            (pool.physical_gib or pool.capacity_gib) * GIB,
            pool.other_used_gib * GIB,
            pool.warning,
        )
        for n, pool in enumerate(site.pools)
    ]
    of_name = {pool.name: pool for pool in pools}
    volumes = []
    for n, one in enumerate(site.all_volumes()):
        size = one.size_gib * GIB
        used = size * one.used_percent // 100
        pool, online = of_name[one.pool], one.status == "online"
        volumes.append(Volume(n, one.name, one.uid, size, pool, one.thin, one.autoexpand, used, used, online))
    by_name = {volume.name: volume for volume in volumes}
    hosts = [
        Host(n, host.name, host.wwpns, [by_name[name] for name in host.volumes])
        for n, host in enumerate(site.hosts)
    ]
    return pools, volumes, hosts
