"""Whether a site makes sense in itself: names that are used exist, and what must differ does.

A site that differs from a spec is how a rehearsal shows the night's refusals, so nothing here compares
the two.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from flashtwin.site import ARRAY_FAMILIES, ArraySite, MapSite, PartitionSite, Site, SystemSite, VolumeSite

_REFCODE = re.compile(r"[0-9A-F]{8}")
_WWPN = re.compile(r"[0-9A-F]{16}")
_UID = re.compile(r"[0-9A-F]{32}")
_OFFSET = re.compile(r"[+-](?:0[0-9]|1[0-4]):[0-5][0-9]")
_OBJECT = re.compile(r"[A-Z$#@][A-Z0-9$#@_.]{0,9}")
_STAMP = re.compile(r"[0-9]{12}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]")
_ADDRESS = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?")


def check_site(site: Site) -> list[str]:
    """One sentence for each thing that does not fit together, in the order of the file."""
    return [
        *_clock(site),
        *_machines(site),
        *_partitions(site),
        *_consoles(site),
        *(problem for array in site.arrays for problem in _array(array)),
        *_unique("volume UID", (volume.uid for array in site.arrays for volume in array.all_volumes())),
        *_systems(site),
        *_addresses(site),
    ]


def arrays_of(site: Site, one: PartitionSite) -> list[str]:
    """The arrays that a partition's disks are on: the one it names, or all that have its host object."""
    if one.array:
        return [one.array]
    return [a.name for a in site.arrays if one.host and any(host.name == one.host for host in a.hosts)]


def split_address(address: str) -> tuple[str, int]:
    """Host and TCP port of "host" or "host:port" (22)."""
    host, _, port = address.partition(":")
    return host, int(port) if port else 22


def _unique(what: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f'{what} "{name}" stands twice; names must differ'
        seen.add(name)


def _known(where: str, what: str, name: str, names: Sequence[str]) -> Iterator[str]:
    if name in names:
        return
    close = difflib.get_close_matches(name, names, n=1)
    hint = f'did you mean "{close[0]}"?' if close else "known: " + (", ".join(names) or "none")
    yield f'{where}: no {what} "{name}"; {hint}'


def _clock(site: Site) -> Iterator[str]:
    for key, text in (("start", site.clock.start), ("until", site.clock.until)):
        if key == "until" and not text:
            continue
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is not None:
            yield f'clock.{key}: "{text}" is not a local date and time like "2026-11-18T20:30:00"'
    if not _OFFSET.fullmatch(site.clock.utc_offset):
        yield f'clock.utc_offset: "{site.clock.utc_offset}" is not an offset like "+01:00"'


def _machines(site: Site) -> Iterator[str]:
    yield from _unique("managed system", (one.name for one in site.managed_systems))
    yield from _unique("serial number", (one.serial for one in site.managed_systems))
    for one in site.managed_systems:
        if not re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{3}", one.type_model):
            yield f'managed system "{one.name}": type_model "{one.type_model}" is not like "9009-42A"'
        if not re.fullmatch(r"[0-9A-Z]{7}", one.serial):
            yield f'managed system "{one.name}": serial "{one.serial}" is not 7 letters and digits'


def _partitions(site: Site) -> Iterator[str]:
    yield from _unique("partition", (one.name for one in site.partitions))
    yield from _unique("partition id", (f"{one.managed_system} {one.id}" for one in site.partitions))
    servers = [one.name for one in site.managed_systems]
    names = [one.name for one in site.partitions]
    for one in site.partitions:
        where = f'partition "{one.name}"'
        yield from _known(where, "managed system", one.managed_system, servers)
        if not 1 <= one.id <= 65535:
            yield f"{where}: id {one.id} is not between 1 and 65535"
        if one.virtual_serial and not re.fullmatch(r"[0-9A-Z]{7}", one.virtual_serial):
            yield f'{where}: virtual_serial "{one.virtual_serial}" is not 7 letters and digits'
        if one.copy_of:
            yield from _known(where, "partition to copy", one.copy_of, names)
        yield from _profiles(where, one)
        yield from _phases(where, [phase.code for phase in one.ipl])
        yield from _disks(site, where, one)
        yield from _adapters(site, where, one)
    yield from _phases("durations", [phase.code for phase in site.durations.ipl])


def _profiles(where: str, one: PartitionSite) -> Iterator[str]:
    profiles = [profile.name for profile in one.profiles]
    yield from _unique(f"{where}: profile", profiles)
    for name in filter(None, (one.profile, one.default_profile)):
        yield from _known(where, "profile", name, profiles)
    for profile in one.profiles:
        for vlan in profile.vlans:
            if not 1 <= vlan <= 4094:
                yield f'{where}: profile "{profile.name}" has VLAN {vlan}; VLANs are 1 to 4094'


def _phases(where: str, codes: Sequence[str]) -> Iterator[str]:
    for code in codes:
        if not _REFCODE.fullmatch(code):
            yield f'{where}: reference code "{code}" is not 8 hexadecimal digits in capitals'


def _disks(site: Site, where: str, one: PartitionSite) -> Iterator[str]:
    if not one.array and not one.host:
        return
    arrays = {array.name: array for array in site.arrays}
    if not one.array and not arrays_of(site, one):
        hosts = [host.name for array in site.arrays for host in array.hosts]
        yield from _known(where, "host object on any array", one.host, hosts)
        return
    yield from _known(where, "array", one.array or next(iter(arrays)), list(arrays))
    if one.array in arrays:
        yield from _known(
            where, f"host object on {one.array}", one.host, [h.name for h in arrays[one.array].hosts]
        )


def _adapters(site: Site, where: str, one: PartitionSite) -> Iterator[str]:
    """The adapters of a VIOS: their clients are partitions without disks of their own."""
    if one.adapters and one.env != "vioserver":
        yield f'{where}: only a VIOS (env = "vioserver") has adapters'
    if one.users and one.env != "vioserver":
        yield f'{where}: only a VIOS (env = "vioserver") has users of its own'
    yield from _unique(f"{where}: user", (user.name for user in one.users))
    yield from _unique(f"{where}: adapter", (adapter.name for adapter in one.adapters))
    yield from _unique(f"{where}: slot", (str(adapter.slot) for adapter in one.adapters))
    yield from _unique(f"{where}: device", (d.name for adapter in one.adapters for d in adapter.devices))
    own = arrays_of(site, one)
    seen = [v for a in site.arrays if a.name in own for h in a.hosts if h.name == one.host for v in h.volumes]
    beside = {p.id: p for p in site.partitions if p.managed_system == one.managed_system}
    for adapter in one.adapters:
        place = f"{where}, adapter {adapter.name}"
        client = beside.get(adapter.client)
        if not re.fullmatch(r"vhost[0-9]{1,4}", adapter.name):
            yield f'{place}: the name is not like "vhost0"'
        if client is None:
            yield f"{place}: no partition with id {adapter.client} on {one.managed_system}"
        elif adapter.devices and (client.host or client.internal_disks):
            yield f'{place}: its client "{client.name}" has disks of its own; take one of the two away'
        for device in adapter.devices:
            yield from _known(f"{place}, device {device.name}", "volume of its host", device.volume, seen)


def _consoles(site: Site) -> Iterator[str]:
    yield from _unique("console", (one.name for one in site.consoles))
    servers = [one.name for one in site.managed_systems]
    partitions = [one.name for one in site.partitions]
    for one in site.consoles:
        where = f'console "{one.name}"'
        for name in one.manages:
            yield from _known(where, "managed system", name, servers)
        yield from _unique(f"{where}: user", (user.name for user in one.users))
        for user in one.users:
            for name in user.partitions:
                yield from _known(f"{where}, user {user.name}", "partition", name, partitions)
        yield from _offset(where, one.utc_offset)
        for address in one.unreachable:
            yield from _known(where, "address", address, list(one.addresses))


def _offset(where: str, text: str) -> Iterator[str]:
    if text and not _OFFSET.fullmatch(text):
        yield f'{where}: utc_offset "{text}" is not an offset like "+01:00"'


def _array(array: ArraySite) -> Iterator[str]:
    where = f'array "{array.name}"'
    yield from _known(where, "family", array.family, list(ARRAY_FAMILIES))
    volumes = {volume.name: volume for volume in array.all_volumes()}
    pools = [pool.name for pool in array.pools]
    if not re.fullmatch(r"[0-9A-F]{16}", array.id):
        yield f'{where}: id "{array.id}" is not 16 hexadecimal digits in capitals'
    yield from _offset(where, array.utc_offset)
    yield from _unique(f"{where}: volume", (volume.name for volume in array.all_volumes()))
    yield from _unique(f"{where}: host", (host.name for host in array.hosts))
    yield from _unique(f"{where}: group", (group.name for group in array.groups))
    yield from _unique(f"{where}: user", (user.name for user in array.users))
    for volume in array.all_volumes():
        yield from _volume(where, volume, pools)
    for host in array.hosts:
        for wwpn in host.wwpns:
            if not _WWPN.fullmatch(wwpn):
                yield f'{where}: host "{host.name}" has WWPN "{wwpn}"; 16 hexadecimal digits in capitals'
        for name in host.volumes:
            yield from _known(f'{where}, host "{host.name}"', "volume", name, list(volumes))
    for address in array.unreachable:
        yield from _known(where, "address", address, list(array.addresses))
    yield from _maps(where, array, volumes)


def _volume(where: str, volume: VolumeSite, pools: Sequence[str]) -> Iterator[str]:
    yield from _known(f'{where}, volume "{volume.name}"', "pool", volume.pool, pools)
    if not _UID.fullmatch(volume.uid):
        yield f'{where}: volume "{volume.name}" has uid "{volume.uid}"; 32 hexadecimal digits in capitals'
    if not 1 <= volume.size_gib <= 262144:
        yield f'{where}: volume "{volume.name}" has {volume.size_gib} GiB; 1 to 262144'
    if not 0 <= volume.used_percent <= 100:
        yield f'{where}: volume "{volume.name}": used_percent is 0 to 100'


def _maps(where: str, array: ArraySite, volumes: dict[str, VolumeSite]) -> Iterator[str]:
    for group in array.groups:
        for pair in group.maps:
            if len(pair) != 2:
                yield f'{where}: a map of group "{group.name}" is not a pair ["source", "target"]'
    groups = [group.name for group in array.groups]
    maps = array.all_maps()
    yield from _unique(f"{where}: map", (one.name for one in maps))
    yield from _unique(f"{where}: target of a map", (one.target for one in maps))
    for one in maps:
        yield from _map(f'{where}, map "{one.name}"', one, groups, volumes)


def _map(where: str, one: MapSite, groups: Sequence[str], volumes: dict[str, VolumeSite]) -> Iterator[str]:
    if one.group:
        yield from _known(where, "group", one.group, groups)
    for name in (one.source, one.target):
        yield from _known(where, "volume", name, list(volumes))
    if one.source in volumes and one.target in volumes:
        if one.source == one.target:
            yield f"{where}: source and target are the same volume"
        elif volumes[one.source].size_gib != volumes[one.target].size_gib:
            yield f"{where}: source and target differ in size; a map needs the same"
    if not (0 <= one.copy_rate <= 150 and 0 <= one.clean_rate <= 150 and 0 <= one.progress <= 100):
        yield f"{where}: rates are 0 to 150, progress 0 to 100"
    if one.start_time and not _STAMP.fullmatch(one.start_time):
        yield f'{where}: start_time "{one.start_time}" is not YYMMDDhhmmss'


def _systems(site: Site) -> Iterator[str]:
    yield from _unique("system of partition", (one.partition for one in site.systems))
    names = [one.name for one in site.partitions]
    tapes = [one.name for one in site.tape]
    for one in site.systems:
        where = f'system "{one.partition}"'
        yield from _known("systems", "partition", one.partition, names)
        yield from _system(where, one)
        for library in one.tape_libraries:
            yield from _known(where, "tape library in [[tape]]", library.hardware, tapes)
    for tape in site.tape:
        yield from _unique(f'tape "{tape.name}": volume', tape.volumes)
        for category in tape.categories:
            for volume in category.volumes:
                yield from _known(
                    f'tape "{tape.name}", category {category.name}', "volume", volume, tape.volumes
                )


def _system(where: str, one: SystemSite) -> Iterator[str]:
    subsystems = [subsystem.name for subsystem in one.all_subsystems()]
    yield from _known(where, "subsystem", one.controlling_subsystem, subsystems)
    yield from _unique(f"{where}: line", (line.name for line in one.lines))
    yield from _unique(f"{where}: interface", (interface.address for interface in one.interfaces))
    lines = [line.name for line in one.lines]
    for interface in one.interfaces:
        yield from _known(f"{where}, interface {interface.address}", "line", interface.line, lines)
    users = [user.name for user in one.all_users()]
    for job in one.jobs:
        if not job.job_queue:
            yield from _known(f"{where}, job {job.name}", "subsystem", job.subsystem, subsystems)
        yield from _known(f"{where}, job {job.name}", "user", job.user, users)
        if not 0 <= job.number <= 999999:
            yield f"{where}: job {job.name} has number {job.number}; 1 to 999999, or 0 for the next one"
    for entry in one.schedule:
        if not _TIME.fullmatch(entry.time):
            yield f'{where}: schedule entry {entry.name}: time "{entry.time}" is not HHMMSS'
    named = [*(u.name for u in one.users), *(s.name for s in one.subsystems), *(j.name for j in one.jobs)]
    for name in (*named, *(entry.name for entry in one.schedule), *one.libraries, *lines):
        if not _OBJECT.fullmatch(name):
            yield f'{where}: "{name}" is not a name of IBM i (capitals and digits, at most 10)'


def _addresses(site: Site) -> Iterator[str]:
    everywhere = [
        *(address for one in site.consoles for address in one.addresses),
        *(address for one in site.arrays for address in one.addresses),
        *(address for one in site.partitions for address in one.addresses),
        *site.mail.addresses,
    ]
    for address in everywhere:
        if not _ADDRESS.fullmatch(address) or not 1 <= split_address(address)[1] <= 65535:
            yield f'address "{address}" is not a host name or IPv4 address with an optional port'
    # Console and array of Power Virtual Server are two doors to one workspace.
    cloud = {address for one in site.arrays if one.family == "powervs" for address in one.addresses}
    both = {a for one in site.consoles if one.family == "powervs" for a in one.addresses if a in cloud}
    yield from _unique("address", [a for a in everywhere if a not in both])
