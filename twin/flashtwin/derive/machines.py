"""The managed systems and partitions of a derived site."""

from __future__ import annotations

import re
from dataclasses import replace

from flashtwin.derive.arrays import arrays_of, host_name, is_mapped, mapped_to
from flashtwin.derive.needs import CloneNeed, SiteNeeds, SystemNeed
from flashtwin.site import AdapterSite, ManagedSystemSite, PartitionSite, ProfileSite, TargetSite, ViosUser

_BY_SERIAL = re.compile(r"([0-9A-Z]{4}-[0-9A-Z]{3})\*([0-9A-Z]{7})")
PRODUCTION_VLAN = 1
OWN_VLAN = 201


def managed_systems(needs: SiteNeeds) -> tuple[ManagedSystemSite, ...]:
    found: dict[str, str] = {}
    for system in needs.systems:
        found.setdefault(_server_of(needs, system), system.serial)
    for clone in needs.clones:
        if clone.managed_system not in found:
            found[clone.managed_system] = _serial_in(clone.managed_system) or f"78D{len(found):04d}"
    # A workspace of a cloud is the first one.
    cloud = {one.name for one in needs.consoles if one.family == "powervs"}
    first = {one.managed_system for one in needs.clones if one.console in cloud}
    return tuple(
        ManagedSystemSite(name=name, type_model=_type_model(name), serial=serial)
        for name, serial in sorted(found.items(), key=lambda one: one[0] not in first)
    )


def _server_of(needs: SiteNeeds, system: SystemNeed) -> str:
    """The managed system of a production partition: that of its first clone, whose serial it then has.

    A machine that its name says to be another is not production's.
    """
    for clone in needs.clones:
        if clone.system == system.name and _serial_in(clone.managed_system) in ("", system.serial):
            return clone.managed_system
    return f"Server-{system.serial}"


def _serial_in(name: str) -> str:
    """The serial number in TTTT-MMM*xxxxxxx, "" in any other name."""
    match = _BY_SERIAL.fullmatch(name)
    return match[2] if match else ""


def _type_model(name: str) -> str:
    """The type and model in TTTT-MMM*xxxxxxx, or an HMC's default name Server-TTTT-MMM-SNxxxxxxx."""
    if match := _BY_SERIAL.fullmatch(name):
        return match[1]
    parts = name.split("-")
    usual = len(parts) == 4 and len(parts[1]) == 4 and len(parts[2]) == 3
    return f"{parts[1]}-{parts[2]}" if usual else "9009-42A"


def partitions(needs: SiteNeeds) -> tuple[PartitionSite, ...]:
    made: list[PartitionSite] = []
    for system in needs.systems:
        links = [one.link.vlan for one in needs.clones if one.system == system.name and one.link is not None]
        made.append(
            PartitionSite(
                id=system.lpar_id,
                name=system.name,
                managed_system=_server_of(needs, system),
                profiles=(ProfileSite(name="default", vlans=(PRODUCTION_VLAN, *dict.fromkeys(links))),),
                profile="default",
                host=host_name(system.name) if arrays_of(needs, system.name) else "",
                addresses=(f"{system.host}:{system.port}",),
            )
        )
    names = {one.name for one in made}
    # There the console tells nothing of the machine, and who is who by this number.
    cloud = {one.name for one in needs.consoles if one.family == "powervs"}
    for clone in needs.clones:
        if clone.partition in names:
            continue
        names.add(clone.partition)
        made.append(
            PartitionSite(
                id=clone.lpar_id,
                name=clone.partition,
                managed_system=clone.managed_system,
                profiles=(ProfileSite(name=clone.profile, vlans=_vlans(needs, clone)),),
                profile=clone.profile,
                host=host_name(clone.partition) if is_mapped(clone) and not clone.vios else "",
                copy_of=clone.system if is_mapped(clone) else "",
                virtual_serial=f"7V{clone.lpar_id:05d}" if clone.console in cloud else "",
                state="Running" if is_mapped(clone) else "Not Activated",
                clock_skew=-240.0,
            )
        )
    return (*made, *_servers(needs, made))


def _vlans(needs: SiteNeeds, clone: CloneNeed) -> tuple[int, ...]:
    own = own_vlans(needs)
    return (*((clone.link.vlan,) if clone.link else ()), *(own[line] for line in clone.lines))


def own_vlans(needs: SiteNeeds) -> dict[str, int]:
    """A VLAN for each line of a clone's own network, on which production is not at home."""
    lines = dict.fromkeys(line for clone in needs.clones for line in clone.lines)
    return {line: OWN_VLAN + number for number, line in enumerate(lines)}


def _servers(needs: SiteNeeds, made: list[PartitionSite]) -> list[PartitionSite]:
    """The VIOS of each machine, with an adapter for each of its clients."""
    found: dict[tuple[str, str], PartitionSite] = {}
    for clone in needs.clones:
        for name in clone.vios:
            machine = clone.managed_system
            access = next((one for one in clone.vios_access if one.name == name), None)
            taken = {one.id for one in (*made, *found.values()) if one.managed_system == machine}
            server = found.get((machine, name)) or PartitionSite(
                id=next(n for n in range(1, 65536) if n not in taken),
                name=name,
                managed_system=machine,
                env="vioserver",
                host=host_name(name) if mapped_to(needs, clone) else "",
            )
            if access is not None:
                users = (ViosUser(name=access.user, keys=(access.key,)),)
                server = replace(server, addresses=(access.address,), users=users)
            at = len(server.adapters)
            devices = tuple(
                TargetSite(name=f"c{clone.lpar_id}_d{n}", volume=volume)
                for n, volume in enumerate(mapped_to(needs, clone), 1)
            )
            adapter = AdapterSite(
                name=f"vhost{at}",
                slot=10 + at,
                client=clone.lpar_id,
                client_slot=10 + clone.vios.index(name),
                devices=devices,
            )
            found[machine, name] = replace(server, adapters=(*server.adapters, adapter))
    return list(found.values())
