"""The listings of a simulated array.

Columns: docs/platform-facts.md#svc-listings.  Levels add columns; a reader goes by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from flashtwin.sims.svc_columns import (
    DEPENDENT_COLUMNS,
    EVENT_COLUMNS,
    GROUP_COLUMNS,
    HOST_COLUMNS,
    HOST_VOLUME_COLUMNS,
    MAP_COLUMNS,
    POOL_COLUMNS,
    RELATIONSHIP_COLUMNS,
    THIN_COLUMNS,
    VOLUME_COLUMNS,
    VOLUME_HOST_COLUMNS,
)
from flashtwin.sims.svc_model import Group, Host, Mapping, Model, Pool, Volume
from flashtwin.sims.svc_options import Call, SvcError, capacity, concise, detail, list_call

Pairs = list[tuple[str, str] | None]

IO_GROUP = {"IO_group_id": "0", "IO_group_name": "io_grp0"}
NO_CLUSTER = {"host_cluster_id": "", "host_cluster_name": "", "protocol": "scsi"}
# A thin volume has allocated this much more than is written, at least one extent.
EXTENT = 1024**3


class Listings:
    """Answers the ls* commands of one array from its model."""

    def __init__(
        self, model: Model, now: Callable[[], float], events: Callable[[], Sequence[tuple[float, str]]]
    ) -> None:
        self.model = model
        self.now = now
        self.events = events
        self.commands: dict[str, Callable[[Sequence[str]], str]] = {
            "lsfcconsistgrp": self.groups,
            "lsfcmap": self.maps,
            "lsfcmapprogress": self.progress,
            "lsfcmapdependentmaps": self.dependants,
            "lsvdiskdependentmaps": self.volume_dependants,
            "lsvdiskfcmappings": self.volume_maps,
            "lsvdisk": self.volumes,
            "lsrcrelationship": self.relationships,
            "lssevdiskcopy": self.thin_copies,
            "lsvdiskhostmap": self.volume_hosts,
            "lshostvdiskmap": self.host_volumes,
            "lshost": self.hosts,
            "lsmdiskgrp": self.pools,
            "lssystem": self.system,
            "lseventlog": self.event_log,
            "svqueryclock": self.clock,
        }

    # FlashCopy

    def groups(self, words: Sequence[str]) -> str:
        """lsfcconsistgrp"""
        found = list_call(words)
        if not found.objects:
            return concise([self._group(one) for one in self.model.groups.values()], found, GROUP_COLUMNS)
        group = self.model.group(found.object(), "5754")
        row = self._group(group)
        pairs: Pairs = [
            *((key, row[key]) for key in ("id", "name", "status")),
            ("autodelete", _switch(group.autodelete)),
            *((key, row[key]) for key in ("start_time", "owner_id", "owner_name")),
        ]
        for one in self.model.maps_of(group):
            pairs += [("FC_mapping_id", str(one.id)), ("FC_mapping_name", one.name)]
        return detail(pairs, found)

    def _group(self, group: Group) -> dict[str, str]:
        return {
            "id": str(group.id),
            "name": group.name,
            "status": self.model.status(group),
            "start_time": group.start_time,
            "owner_id": "",
            "owner_name": "",
        }

    def maps(self, words: Sequence[str]) -> str:
        """lsfcmap"""
        found = list_call(words, flags=("-showhidden",))
        if not found.objects:
            return concise([self._map(one) for one in self.model.maps.values()], found, MAP_COLUMNS)
        one = self.model.map(found.object(), "5754")
        row = self._map(one)
        more = {
            "dependent_mappings": str(len(self.model.dependants(one, self.now()))),
            "autodelete": _switch(one.autodelete),
            "clean_rate": str(one.clean_rate),
            "difference": "100" if not one.start_time else "0",
            "grain_size": str(one.grain),
            **IO_GROUP,
            "keep_target": _yes(one.keep_target),
            "type": "generic",
            "restore_progress": "0",
            "fc_controlled": "no",
            "owner_id": "",
            "owner_name": "",
        }
        order = [*MAP_COLUMNS[:10], *MAP_COLUMNS[10:]]
        return detail([(key, row[key]) for key in order] + list(more.items()), found)

    def _map(self, one: Mapping) -> dict[str, str]:
        group = one.group
        return {
            "id": str(one.id),
            "name": one.name,
            "source_vdisk_id": str(one.source.id),
            "source_vdisk_name": one.source.name,
            "target_vdisk_id": str(one.target.id),
            "target_vdisk_name": one.target.name,
            "group_id": str(group.id) if group is not None else "",
            "group_name": group.name if group is not None else "",
            "status": one.status,
            "progress": str(self.model.progress(one, self.now())),
            "copy_rate": str(one.copy_rate),
            "clean_progress": "0" if one.status == "stopping" else "100",
            "incremental": _switch(one.incremental),
            "partner_FC_id": "",
            "partner_FC_name": "",
            "restoring": "no",
            "start_time": one.start_time,
            "rc_controlled": "no",
            "size_mismatch": _yes(one.source.size != one.target.size),
        }

    def progress(self, words: Sequence[str]) -> str:
        """lsfcmapprogress"""
        found = list_call(words)
        one = self.model.map(found.object(), "5754")
        row = {"id": str(one.id), "progress": str(self.model.progress(one, self.now()))}
        return concise([row], found, ("id", "progress"))

    def dependants(self, words: Sequence[str]) -> str:
        """lsfcmapdependentmaps"""
        found = list_call(words)
        one = self.model.map(found.object(), "5754")
        return _names(self.model.dependants(one, self.now()), found)

    def volume_dependants(self, words: Sequence[str]) -> str:
        """lsvdiskdependentmaps"""
        found = list_call(words)
        return _names(self.model.depending_on_volume(self.model.volume(found.object(), "5754")), found)

    def volume_maps(self, words: Sequence[str]) -> str:
        """lsvdiskfcmappings"""
        found = list_call(words)
        return _names(self._maps_with(self.model.volume(found.object(), "5754")), found)

    def _maps_with(self, volume: Volume) -> list[Mapping]:
        return [one for one in self.model.maps.values() if volume in (one.source, one.target)]

    # volumes

    def volumes(self, words: Sequence[str]) -> str:
        """lsvdisk"""
        found = list_call(words)
        if not found.objects:
            rows = [self._volume(one, found) for one in self.model.volumes.values()]
            return concise(rows, found, VOLUME_COLUMNS)
        volume = self.model.volume(found.object(), "5754")
        row = self._volume(volume, found)
        head: Pairs = [(key, row[key]) for key in VOLUME_COLUMNS[:9]]
        head += [("formatted", "yes"), ("formatting", "no"), ("mdisk_id", ""), ("mdisk_name", "")]
        head += [(key, row[key]) for key in VOLUME_COLUMNS[9:14]]
        head += [("preferred_node_id", "1"), ("cache", "readwrite"), ("udid", "")]
        head += [(key, row[key]) for key in VOLUME_COLUMNS[14:] if key != "formatting"]
        return detail([*head, None, *self._copy(volume, found)], found)

    def _volume(self, volume: Volume, found: Call) -> dict[str, str]:
        maps = self._maps_with(volume)
        many = len(maps) > 1
        group = self.model.group_of(volume)
        return {
            "id": str(volume.id),
            "name": volume.name,
            **IO_GROUP,
            "status": "online" if self.model.target_online(volume) else "offline",
            "mdisk_grp_id": str(volume.pool.id),
            "mdisk_grp_name": volume.pool.name,
            "capacity": capacity(volume.size, found),
            "type": "striped",
            "FC_id": "many" if many else str(maps[0].id) if maps else "",
            "FC_name": "many" if many else maps[0].name if maps else "",
            "RC_id": self._relationship(volume)[0],
            "RC_name": self._relationship(volume)[1],
            "vdisk_UID": volume.uid,
            "fc_map_count": str(len(maps)),
            "copy_count": "1",
            "fast_write_state": "empty" if any(one.status == "prepared" for one in maps) else "not_empty",
            "se_copy_count": "1" if volume.thin else "0",
            "RC_change": "no",
            "compressed_copy_count": "0",
            "parent_mdisk_grp_id": str(volume.pool.id),
            "parent_mdisk_grp_name": volume.pool.name,
            "owner_id": "",
            "owner_name": "",
            "formatting": "no",
            "encrypt": "no",
            "volume_id": str(volume.id),
            "volume_name": volume.name,
            "function": "",
            "protocol": "scsi",
            "volume_group_id": str(group.id) if group is not None else "",
            "volume_group_name": group.name if group is not None else "",
        }

    def _relationship(self, volume: Volume) -> tuple[str, str]:
        """Id and name of the relationship that a volume of this system is in."""
        for number, one in enumerate(self.model.relationships):
            if volume.name in (one.master, one.aux if one.local else ""):
                return str(number), one.name
        return "", ""

    def relationships(self, words: Sequence[str]) -> str:
        """lsrcrelationship"""
        found = list_call(words)
        here = self.model.config
        rows = []
        for number, one in enumerate(self.model.relationships):
            there = (here.id, here.name) if one.local else ("0000020420C00ABC", "ELSEWHERE")
            ids = [
                str(next((v.id for v in self.model.volumes.values() if v.name == name), 0))
                for name in one.both
            ]
            values = [
                *(str(number), one.name, here.id, here.name, ids[0], one.master, *there, ids[1], one.aux),
                *(one.primary, "", "", one.state, "50", "100", one.copy_type, "", ""),
            ]
            rows.append(dict(zip(RELATIONSHIP_COLUMNS, values, strict=True)))
        return concise(rows, found, RELATIONSHIP_COLUMNS)

    def _copy(self, volume: Volume, found: Call) -> Pairs:
        """The section of a volume's only copy; its keys repeat those of the volume."""
        row = self._thin(volume, found)
        return [
            ("copy_id", "0"),
            ("status", "online" if self.model.target_online(volume) else "offline"),
            ("sync", "yes"),
            ("auto_delete", "no"),
            ("primary", "yes"),
            ("mdisk_grp_id", str(volume.pool.id)),
            ("mdisk_grp_name", volume.pool.name),
            ("type", "striped"),
            ("mdisk_id", ""),
            ("mdisk_name", ""),
            ("fast_write_state", "empty"),
            *((key, row[key]) for key in THIN_COLUMNS[6:13]),
            ("se_copy", _yes(volume.thin)),
            ("easy_tier", "on"),
            ("easy_tier_status", "balanced"),
            ("tier", "tier0_flash"),
            ("tier_capacity", row["real_capacity"]),
            ("tier", "tier_enterprise"),
            ("tier_capacity", capacity(0, found)),
            ("compressed_copy", "no"),
            ("encrypt", "no"),
        ]

    def _thin(self, volume: Volume, found: Call) -> dict[str, str]:
        used = volume.used(self.now())
        real = volume.size if not volume.thin else min(volume.size, used + EXTENT)
        return {
            "vdisk_id": str(volume.id),
            "vdisk_name": volume.name,
            "copy_id": "0",
            "mdisk_grp_id": str(volume.pool.id),
            "mdisk_grp_name": volume.pool.name,
            "capacity": capacity(volume.size, found),
            "used_capacity": capacity(used, found),
            "real_capacity": capacity(real, found),
            "free_capacity": capacity(real - used, found),
            "overallocation": str(volume.size * 100 // real),
            "autoexpand": _switch(volume.autoexpand) if volume.thin else "",
            "warning": "80" if volume.thin else "",
            "grainsize": "256" if volume.thin else "",
            "se_copy": _yes(volume.thin),
            "compressed_copy": "no",
        }

    def thin_copies(self, words: Sequence[str]) -> str:
        """lssevdiskcopy"""
        found = list_call(words, valued=("-copy",))
        chosen: Iterable[Volume] = self.model.volumes.values()
        if found.objects:
            chosen = [self.model.volume(found.object(), "5754")]
        return concise([self._thin(one, found) for one in chosen if one.thin], found, THIN_COLUMNS)

    # hosts

    def volume_hosts(self, words: Sequence[str]) -> str:
        """lsvdiskhostmap"""
        found = list_call(words)
        volume = self.model.volume(found.object(), "5754")
        rows = [
            {
                "id": str(volume.id),
                "name": volume.name,
                "SCSI_id": str(host.volumes.index(volume)),
                "host_id": str(host.id),
                "host_name": host.name,
                "vdisk_UID": volume.uid,
                **IO_GROUP,
                "mapping_type": "private",
                **NO_CLUSTER,
            }
            for host in self.model.hosts.values()
            if volume in host.volumes
        ]
        return concise(rows, found, VOLUME_HOST_COLUMNS)

    def host_volumes(self, words: Sequence[str]) -> str:
        """lshostvdiskmap"""
        found = list_call(words)
        hosts = [self.model.host(found.object(), "5754")] if found.objects else self.model.hosts.values()
        rows = [
            {
                "id": str(host.id),
                "name": host.name,
                "SCSI_id": str(place),
                "vdisk_id": str(volume.id),
                "vdisk_name": volume.name,
                "vdisk_UID": volume.uid,
                **IO_GROUP,
                "mapping_type": "private",
                **NO_CLUSTER,
            }
            for host in hosts
            for place, volume in enumerate(host.volumes)
        ]
        return concise(rows, found, HOST_VOLUME_COLUMNS)

    def hosts(self, words: Sequence[str]) -> str:
        """lshost"""
        found = list_call(words)
        if not found.objects:
            return concise([_host(one) for one in self.model.hosts.values()], found, HOST_COLUMNS)
        host = self.model.host(found.object(), "5754")
        row = _host(host)
        pairs: Pairs = [(key, row[key]) for key in HOST_COLUMNS[:3]]
        pairs += [("type", "generic"), ("mask", "1" * 64)]
        pairs += [(key, row[key]) for key in HOST_COLUMNS[3:]]
        for wwpn in host.wwpns:
            pairs += [("WWPN", wwpn), ("node_logged_in_count", "2"), ("state", "active")]
        return detail(pairs, found)

    # the system

    def pools(self, words: Sequence[str]) -> str:
        """lsmdiskgrp"""
        found = list_call(words)
        if not found.objects:
            return concise([self._pool(one, found) for one in self.model.pools.values()], found, POOL_COLUMNS)
        pool = self.model.pool(found.object(), "5754")
        row = self._pool(pool, found)
        # The drives hold data as if it did not compress: the harsher reading.
        left = max(0, pool.physical - (pool.capacity - self.model.pool_free(pool, self.now())))
        return detail(
            [
                *((key, row[key]) for key in POOL_COLUMNS),
                ("parent_mdisk_grp_id", str(pool.id)),
                ("parent_mdisk_grp_name", pool.name),
                ("physical_capacity", capacity(pool.physical, found)),
                ("physical_free_capacity", capacity(left, found)),
            ],
            found,
        )

    def _pool(self, pool: Pool, found: Call) -> dict[str, str]:
        inside = [volume for volume in self.model.volumes.values() if volume.pool is pool]
        virtual = sum(volume.size for volume in inside) + pool.other_used
        free = self.model.pool_free(pool, self.now())
        return {
            "id": str(pool.id),
            "name": pool.name,
            "status": "online",
            "mdisk_count": "4",
            "vdisk_count": str(len(inside)),
            "capacity": capacity(pool.capacity, found),
            "extent_size": "1024",
            "free_capacity": capacity(free, found),
            "virtual_capacity": capacity(virtual, found),
            "used_capacity": capacity(pool.capacity - free, found),
            "real_capacity": capacity(pool.capacity - free, found),
            "overallocation": str(virtual * 100 // max(1, pool.capacity)),
            "warning": str(pool.warning),
            "easy_tier": "auto",
            "easy_tier_status": "balanced",
            "type": "parent",
            "data_reduction": "no",
        }

    def system(self, words: Sequence[str]) -> str:
        """lssystem"""
        found = list_call(words)
        if found.objects:
            raise SvcError("5709", found.objects[0])
        config = self.model.config
        total = sum(pool.capacity for pool in self.model.pools.values())
        free = sum(self.model.pool_free(pool, self.now()) for pool in self.model.pools.values())
        pairs: Pairs = [
            ("id", config.id),
            ("name", config.name),
            ("location", "local"),
            ("partnership", ""),
            ("total_mdisk_capacity", capacity(total, found)),
            ("space_in_mdisk_grps", capacity(total, found)),
            ("space_allocated_to_vdisks", capacity(total - free, found)),
            ("total_free_space", capacity(free, found)),
            ("total_used_capacity", capacity(total - free, found)),
            ("code_level", config.code_level),
            ("console_IP", f"{config.addresses[0].partition(':')[0]}:443"),
            ("topology", "standard"),
            ("topology_status", ""),
            ("vdisk_protection_time", str(self.model.protection_min or 15)),
            ("vdisk_protection_enabled", "yes" if self.model.protection_min else "no"),
            ("tier", "tier0_flash"),
            ("tier_capacity", capacity(total, found)),
            ("tier_free_capacity", capacity(free, found)),
            ("tier", "tier_enterprise"),
            ("tier_capacity", capacity(0, found)),
            ("tier_free_capacity", capacity(0, found)),
        ]
        return detail(pairs, found)

    def clock(self, words: Sequence[str]) -> str:
        """svqueryclock: one line as of `date`, in the array's local time."""
        if words:
            raise SvcError("5709", words[0])
        now = self.model.local(self.now())
        return f"{now:%a %b} {now.day:2} {now:%H:%M:%S} {self.model.zone()} {now:%Y}\n"

    def event_log(self, words: Sequence[str]) -> str:
        """lseventlog"""
        choices = ("-alert", "-message", "-monitoring", "-expired", "-fixed", "-config", "-count", "-order")
        found = list_call(words, valued=choices)
        rows = [
            {
                "sequence_number": str(100 + n),
                "last_timestamp": self.model.stamp(time),
                "object_type": "fc_consist_grp",
                "object_id": next((str(g.id) for g in self.model.groups.values() if g.name == name), ""),
                "object_name": name,
                "copy_id": "",
                "status": "alert",
                "fixed": "no",
                "event_id": "050010",
                "error_code": "1850",
                "description": "FlashCopy prepare failed: cache flush",
            }
            for n, (time, name) in enumerate(self.events())
        ]
        if not found.objects:
            count = found.number("-count", 1, 8000, 8000)
            return concise(rows[::-1][:count], found, EVENT_COLUMNS)
        for row in rows:
            if row["sequence_number"] == found.object():
                return detail(list(row.items()), found)
        raise SvcError("5754")


def _host(host: Host) -> dict[str, str]:
    return {
        "id": str(host.id),
        "name": host.name,
        "port_count": str(len(host.wwpns)),
        "iogrp_count": "4",
        "status": "online",
        "site_id": "",
        "site_name": "",
        **NO_CLUSTER,
    }


def _names(maps: Iterable[Mapping], found: Call) -> str:
    return concise([{"fc_id": str(one.id), "fc_name": one.name} for one in maps], found, DEPENDENT_COLUMNS)


def _switch(value: bool) -> str:
    return "on" if value else "off"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
