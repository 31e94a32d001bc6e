"""The clone's disks on its VIOS: taken away before the copy, put back after it, looked at.

What belongs to the clone is decided by volume UID: the targets of its groups on the array, against the
devices of the clone's virtual SCSI adapters on every VIOS.  hdisk numbers may change, names of devices are
the administrator's own, so both are remembered and used again, and proven by UID
(docs/platform-facts.md#vios-mapping).  Nothing is ever forced.
"""

from __future__ import annotations

from collections.abc import Callable

from flashrt.arrays.base import VolumeUids, open_array
from flashrt.config import CloneConf, Config
from flashrt.consoles.base import OFF, Finding, PartitionState, Server, open_console, title
from flashrt.consoles.vios_parse import (
    AVAILABLE,
    Adapter,
    adapters,
    attribute,
    device_name,
    disks,
    is_disk,
    is_other_disk,
    uid_in,
)
from flashrt.consoles.vios_ssh import Padmin, open_driver, prove
from flashrt.edges import Edges
from flashrt.result import Result
from flashrt.status import CONFIG, MISMATCH, NOTFOUND, REFUSED, SYSTEM, TIMEOUT, UNKNOWN, SidecarError
from flashrt.vios_record import Device, Record, read_record, write_record

BY_HAND = "BYHAND"


def unmap(config: Config, clone: CloneConf, run: str, edges: Edges) -> Result:
    """UNMAPPED: no VIOS presents a target any more, and how each was mapped is on record."""
    targets = _uids(config, clone, edges).targets
    console = Console(config, clone, edges, config.limits.vios_s)
    try:
        state = console.state()
        if state.word != OFF:
            raise SidecarError(
                REFUSED,
                f"{title(clone)} is {state.state}, not off: its disks are not taken away. End it first.",
                state.word,
            )
        servers = [console.server(name) for name in clone.vios]
        present = {server.name: console.presented(server, targets) for server in servers}
        record = Record(run, _plan(config, clone, present, targets))
        write_record(config, clone.name, record)
        for server in servers:
            for device in present[server.name]:
                console.remove(server, device)
        for server in servers:
            left = console.presented(server, targets)
            if left:
                raise SidecarError(
                    SYSTEM, f"VIOS {server.name} still has {left[0].vtd} on {left[0].vhost}. See the VIOS."
                )
    finally:
        console.close()
    count = sum(len(devices) for devices in present.values())
    text = f"{_volumes(targets)} of clone {clone.name} unmapped on {', '.join(clone.vios)}, {count} devices"
    return Result(f"{text} removed.", "UNMAPPED", extra1=str(len(targets)), extra2=str(count))


def restore(config: Config, clone: CloneConf, run: str, edges: Edges) -> Result:
    """MAPPED: every VIOS presents what is on record, by UID.  NONE: this run has taken nothing away."""
    _need_servers(clone)
    record = read_record(config, clone.name)
    if record is None or run not in (record.run, BY_HAND):
        if run == BY_HAND:
            raise _never_mapped(clone, "any VIOS")
        return Result(f"Run {run} has unmapped nothing of clone {clone.name}.", "NONE")
    console = Console(config, clone, edges, config.limits.vios_s)
    failed: list[SidecarError] = []
    made = 0
    try:
        console.state()
        for name in clone.vios:
            # One VIOS that is away is no reason to leave the other one's work undone.
            try:
                made += _restore_on(console, name, record.servers.get(name, ()))
            except SidecarError as error:
                if error.status in (TIMEOUT, UNKNOWN):
                    raise
                failed.append(error)
    finally:
        console.close()
    if failed:
        raise failed[0]
    count = max(len(devices) for devices in record.servers.values())
    text = (
        f"{count} volumes of clone {clone.name} are mapped on {', '.join(clone.vios)}, {made} devices made."
    )
    return Result(text, "MAPPED", extra1=str(count), extra2=str(made))


def status(config: Config, clone: CloneConf, edges: Edges) -> Result:
    """MAPPED, UNMAPPED or PARTIAL: what every VIOS presents to the clone of its targets."""
    targets = _uids(config, clone, edges).targets
    console = Console(config, clone, edges, config.limits.check_s)
    try:
        console.state()
        seen = {name: len(console.presented(console.server(name), targets)) for name in clone.vios}
    finally:
        console.close()
    word = "MAPPED" if all(count == len(targets) for count in seen.values()) else "PARTIAL"
    if not any(seen.values()):
        word = "UNMAPPED"
    shown = "; ".join(f"VIOS {name}: {count} of {len(targets)} volumes" for name, count in seen.items())
    return Result(f"{shown} mapped to {title(clone)}.", word, extra1=str(sum(seen.values())))


class Presentation:
    """What the pre-checks found; `source`: the source's disks come through these VIOS, too."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.source = False


def presentation(config: Config, clone: CloneConf, source_ids: list[int], edges: Edges) -> Presentation:
    """Whether each VIOS presents exactly the targets to the clone, by UID, and the sources to the source.

    `source_ids` are the source's partition ids on the clone's machine.
    """
    uids = _uids(config, clone, edges)
    found = Presentation()
    record = read_record(config, clone.name)
    console = Console(config, clone, edges, config.limits.check_s)
    try:
        for name in clone.vios:
            try:
                server = console.server(name)
                present = console.presented(server, uids.targets)
                strange = console.strange(server, uids.targets)
            except SidecarError as error:
                found.findings.append(Finding("vios.server", False, error.text, error.status))
                continue
            known = {device.uid for device in record.servers.get(name, ())} if record else set()
            found.findings.append(_finding(clone, name, uids.targets, present, strange, known))
            if source_ids:
                found.source |= _look_at_source(console, server, source_ids, uids.sources, found.findings)
    finally:
        console.close()
    return found


def _finding(
    clone: CloneConf,
    name: str,
    targets: dict[str, str],
    present: tuple[Device, ...],
    strange: list[str],
    known: set[str],
) -> Finding:
    uids = [device.uid for device in present]
    twice = sorted({uid for uid in uids if uids.count(uid) > 1})
    missing = sorted(volume for uid, volume in targets.items() if uid not in uids)
    unknown = [
        volume for volume in missing if not any(targets[uid] == volume for uid in known & set(targets))
    ]
    title_of = f"VIOS {name}"
    if strange:
        text = f"{title_of} maps {strange[0]}, which is no target of the group, to the clone. Unmap it."
    elif twice:
        text = f"{title_of} maps volume {targets[twice[0]]} twice. Remove one of the devices."
    elif unknown:
        more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
        text = (
            f"{title_of} does not map volume {unknown[0]}{more} to {title(clone)}, and no earlier mapping is "
            "on record. Map it once by hand: mkvdev -vdev hdiskN -vadapter vhostN -dev NAME."
        )
    elif missing:
        text = f"{title_of} maps {len(present)} of {_volumes(targets)}; the others are on record."
        return Finding("vios.volumes", True, text)
    else:
        text = f"{title_of} maps exactly the {len(targets)} targets to {title(clone)}."
        return Finding("vios.volumes", True, text)
    return Finding("vios.volumes", False, text, MISMATCH)


def _look_at_source(
    console: Console, server: Server, source_ids: list[int], sources: dict[str, str], findings: list[Finding]
) -> bool:
    """Whether a VIOS has disks of the source; then they must be exactly the sources of the groups."""
    seen = console.disks_of(server, source_ids, sources)
    if not seen:
        return False
    missing = sorted(volume for uid, volume in sources.items() if uid not in seen)
    strange = sorted(seen[uid] for uid in seen if uid not in sources)
    if strange:
        text = (
            f"VIOS {server.name} maps {strange[0]} to the source, but its volume is missing in the "
            "consistency group: the clone would lack a disk unit. Add a map for it."
        )
    elif missing:
        text = (
            f"Volume {missing[0]} is an extra in the consistency group: VIOS {server.name} does not map it "
            "to the source. Take the map out of the group, or correct the mapping."
        )
    else:
        text = f"VIOS {server.name} maps exactly the {len(sources)} sources to the source."
        findings.append(Finding("vios.sources", True, text))
        return True
    findings.append(Finding("vios.sources", False, text, MISMATCH))
    return True


class Console:
    """The console of a call, and the sessions of the VIOS that are asked by SSH.

    Connected anew where an answer was lost; it has the time that the call may take.
    """

    def __init__(self, config: Config, clone: CloneConf, edges: Edges, limit_s: float) -> None:
        self._config = config
        self._clone = clone
        self._edges = edges
        self._limit_s = limit_s
        self._end = edges.clock.now() + limit_s
        self._driver = open_console(config, clone, edges)
        self._padmins: dict[str, Padmin] = {}
        self._unique_ids: dict[tuple[str, str], str] = {}
        self._disks: dict[str, list[str]] = {}
        self._adapters: dict[str, list[Adapter]] = {}
        self._clients: dict[tuple[int, int], int] = {}

    def close(self) -> None:
        """End the connections."""
        for padmin in self._padmins.values():
            padmin.close()
        self._padmins.clear()
        self._driver.close()

    def state(self) -> PartitionState:
        """The clone's state, after the guard rail: machine, id and name are the declared ones."""
        return self._driver.state(self._clone)

    def server(self, name: str) -> Server:
        """A VIOS that can be asked, by whatever way, and is the one that the console shows by that name."""
        device = self._config.server(self._clone, name)
        server = self._driver.server(self._clone, name, device is not None)
        if device is not None:
            self._listed(server)
        return server

    def own_adapters(self, server: Server) -> list[Adapter]:
        """The clone's adapters on a VIOS."""
        return self._of(server, [self._clone.lpar_id])

    def presented(self, server: Server, targets: dict[str, str]) -> tuple[Device, ...]:
        """The devices that present targets to the clone, in the order of adapters and LUNs."""
        found = []
        for adapter in self.own_adapters(server):
            for target in sorted(adapter.targets, key=lambda one: int(one.lun, 16)):
                uid = self._uid(server, target.backing, targets) if is_disk(target.backing) else ""
                if uid:
                    found.append(
                        Device(uid, adapter.name, adapter.physloc, target.vtd, target.backing, target.lun)
                    )
        return tuple(found)

    def strange(self, server: Server, targets: dict[str, str]) -> list[str]:
        """The disks of the clone's adapters that are no targets."""
        return [
            f"{target.vtd} ({target.backing})"
            for adapter in self.own_adapters(server)
            for target in adapter.targets
            if is_other_disk(target.backing)
            or (is_disk(target.backing) and not self._uid(server, target.backing, targets))
        ]

    def disks_of(self, server: Server, clients: list[int], volumes: dict[str, str]) -> dict[str, str]:
        """The disks that a VIOS maps to some clients: by UID, or by device if of no volume here."""
        found: dict[str, str] = {}
        for adapter in self._of(server, clients):
            for target in adapter.targets:
                if is_disk(target.backing):
                    shown = f"{target.vtd} ({target.backing})"
                    found[self._uid(server, target.backing, volumes) or shown] = shown
                elif is_other_disk(target.backing):
                    found[target.vtd] = f"{target.vtd} ({target.backing})"
        return found

    def unavailable(self, server: Server, devices: tuple[Device, ...]) -> list[str]:
        """The devices among these that are not available."""
        names = {device.vtd for device in devices}
        return [
            f"{target.vtd} is {target.status or 'without a status'}"
            for adapter in self.own_adapters(server)
            for target in adapter.targets
            if target.vtd in names and target.status.lower() != AVAILABLE
        ]

    def remove(self, server: Server, device: Device) -> None:
        """Remove one device; by its own name, never by the disk's, which could have others."""
        name = device_name(device.vtd)
        self._change(server, f"rmvdev -vtd {name}", lambda: name not in self._names(server))

    def make(self, server: Server, device: Device, own: list[Adapter]) -> None:
        """Make a device again: its old name, the adapter in its old slot, the disk of its UID."""
        adapter = next((one for one in own if one.physloc == device.physloc), None)
        if adapter is None:
            raise SidecarError(
                MISMATCH,
                f"VIOS {server.name} has no adapter of the clone at {device.physloc} any more, where "
                f"{device.vtd} was. Map the disks by hand.",
            )
        hdisk = self._disk(server, device)
        name = device_name(device.vtd)
        self._change(
            server,
            f"mkvdev -vdev {hdisk} -vadapter {device_name(adapter.name)} -dev {name}",
            lambda: name in self._names(server),
        )

    def _disk(self, server: Server, device: Device) -> str:
        """The disk with the UID: the remembered one, any other, or one that has to be configured first."""
        wanted = {device.uid: device.vtd}
        for configure in (False, True):
            if configure:
                self._unique_ids.clear()
                self._disks.clear()
                self._ask(server, "cfgdev")
            if server.name not in self._disks:
                listed = self._ask(server, "lsdev -type disk -field name status -fmt :")
                self._disks[server.name] = disks(listed)
            # The remembered one first: mostly it is still the one.
            for name in sorted(self._disks[server.name], key=lambda one: one != device.hdisk):
                if self._uid(server, name, wanted):
                    return device_name(name)
        raise SidecarError(
            NOTFOUND,
            f"VIOS {server.name} has no disk with UID {device.uid}, which {device.vtd} was for. See the host "
            "mapping on the array and the paths of the VIOS.",
        )

    def _names(self, server: Server) -> set[str]:
        return {target.vtd for adapter in self._listed(server) for target in adapter.targets}

    def _listed(self, server: Server) -> list[Adapter]:
        """All adapters of a VIOS, read again after each change."""
        if server.name not in self._adapters:
            listed = adapters(self._ask(server, "lsmap -all -fmt :"))
            if server.serial:
                prove(server, listed)
            self._adapters[server.name] = listed
        return self._adapters[server.name]

    def _of(self, server: Server, clients: list[int]) -> list[Adapter]:
        """The adapters of some clients; of a client not started yet, the console tells which are its."""
        found = []
        for adapter in self._listed(server):
            client = adapter.client
            if client == 0 and adapter.slot[0] == server.lpar_id:
                if adapter.slot not in self._clients:
                    self._clients[adapter.slot] = self._driver.client_of(self._clone, adapter.slot)
                client = self._clients[adapter.slot]
            if client in clients:
                found.append(adapter)
        return found

    def _uid(self, server: Server, disk: str, volumes: dict[str, str]) -> str:
        key = (server.name, disk)
        if key not in self._unique_ids:
            command = f"lsdev -dev {device_name(disk)} -attr unique_id"
            self._unique_ids[key] = attribute(self._ask(server, command))
        return uid_in(self._unique_ids[key], frozenset(volumes))

    def _ask(self, server: Server, command: str) -> str:
        if self._edges.clock.now() >= self._end:
            raise SidecarError(
                TIMEOUT,
                f"The VIOS call took longer than {self._limit_s:g} s, before {command} on {server.name}.",
            )
        limit_s = self._config.limits.vios_request_s
        device = self._config.server(self._clone, server.name)
        if device is None:
            return self._driver.on_server(self._clone, server, command, limit_s)
        if server.name not in self._padmins:
            self._padmins[server.name] = open_driver(self._config, device, self._edges)
        return self._padmins[server.name].run(server, command, limit_s)

    def _change(self, server: Server, command: str, done: Callable[[], bool]) -> None:
        """Send a change once.  If it failed or its answer was lost, the state says whether it was done."""
        self._adapters.pop(server.name, None)
        try:
            self._ask(server, command)
            return
        except SidecarError as error:
            if error.status not in (TIMEOUT, UNKNOWN, SYSTEM):
                raise
            if error.status != SYSTEM:
                self.close()
            try:
                if error.status != SYSTEM:
                    self._driver = open_console(self._config, self._clone, self._edges)
                if done():
                    return
            except SidecarError:
                raise error from None
            raise


def _restore_on(console: Console, name: str, devices: tuple[Device, ...]) -> int:
    """Put one VIOS's devices back, in the order of their LUNs, and prove them; how many were made."""
    server = console.server(name)
    targets = {device.uid: device.vtd for device in devices}
    there = {device.uid for device in console.presented(server, targets)}
    missing = [device for device in devices if device.uid not in there]
    own = console.own_adapters(server) if missing else []
    for device in missing:
        console.make(server, device, own)
    present = console.presented(server, targets)
    problems = [f"volume {uid} is not mapped" for uid in targets if uid not in {one.uid for one in present}]
    if len(present) > len(targets):
        problems.append("a volume is mapped twice")
    problems += console.unavailable(server, present)
    if problems:
        raise SidecarError(
            SYSTEM, f"VIOS {name}: {problems[0]} after all was put back. Do not start the clone."
        )
    return len(missing)


def _plan(
    config: Config, clone: CloneConf, present: dict[str, tuple[Device, ...]], targets: dict[str, str]
) -> dict[str, tuple[Device, ...]]:
    """What is to be put back: what is there now, and what is on record of an earlier run."""
    older = read_record(config, clone.name)
    found: dict[str, tuple[Device, ...]] = {}
    for name, devices in present.items():
        known = {device.uid: device for device in (older.servers.get(name, ()) if older else ())}
        known.update({device.uid: device for device in devices})
        if len(devices) != len({device.uid for device in devices}):
            raise SidecarError(
                MISMATCH, f"VIOS {name} maps a volume twice to the clone. Remove one of the devices."
            )
        if set(targets) - set(known):
            raise _never_mapped(clone, f"VIOS {name}")
        found[name] = tuple(
            sorted(
                (known[uid] for uid in targets), key=lambda one: (one.vhost, len(one.lun), one.lun, one.vtd)
            )
        )
    return found


def _never_mapped(clone: CloneConf, where: str) -> SidecarError:
    return SidecarError(
        REFUSED,
        f"Not every target of clone {clone.name} is mapped on {where}, and no earlier mapping is on record. "
        "Map them once by hand: mkvdev -vdev hdiskN -vadapter vhostN -dev NAME.",
    )


def _uids(config: Config, clone: CloneConf, edges: Edges) -> VolumeUids:
    """The volumes of all groups of the clone, names by UID."""
    _need_servers(clone)
    sources: dict[str, str] = {}
    targets: dict[str, str] = {}
    for disks_conf in clone.disks:
        driver = open_array(config, disks_conf.array, edges)
        try:
            # Of generations the first stands for all: the clone is not started from them.
            uids = driver.uids(disks_conf.groups[0])
        finally:
            driver.close()
        sources.update(uids.sources)
        targets.update(uids.targets)
    return VolumeUids(sources, targets)


def _need_servers(clone: CloneConf) -> None:
    if not clone.vios:
        raise SidecarError(CONFIG, f"The volumes of clone {clone.name} do not come through a VIOS.")


def _volumes(targets: dict[str, str]) -> str:
    return f"{len(targets)} volumes"
