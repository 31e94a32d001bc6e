"""The example's site with the clone's disks behind two VIOS, and a second console."""

from __future__ import annotations

from dataclasses import replace

from flashtwin.site import AdapterSite, ConsoleUser, HostSite, PartitionSite, Site, TargetSite

VOLUMES = tuple(f"SISTP24_D{n}" for n in range(1, 5))
MACHINE = "Server-9009-42A-SN78ABC12"


def through_vios(site: Site) -> Site:
    """The same site with VIOS1, VIOS2 and HMC2."""
    array = site.arrays[0]
    hosts = (
        array.hosts[0],
        HostSite(name="VIOS1", wwpns=("10000090FA000001",), volumes=VOLUMES),
        HostSite(name="VIOS2", wwpns=("10000090FA000002",), volumes=VOLUMES[::-1]),
    )
    users = (ConsoleUser(name="flashc", keys=("hmc1_ed25519",)),)
    return replace(
        site,
        arrays=(replace(array, hosts=hosts),),
        partitions=(
            site.partitions[0],
            replace(site.partitions[1], array="", host=""),
            *(server(name, lpar_id) for lpar_id, name in enumerate(("VIOS1", "VIOS2"), 1)),
        ),
        consoles=(
            site.consoles[0],
            replace(site.consoles[0], name="HMC2", addresses=("10.1.0.12",), users=users),
        ),
    )


def server(name: str, lpar_id: int) -> PartitionSite:
    """A VIOS that maps every volume of the clone."""
    devices = tuple(TargetSite(name=f"clone_d{n}", volume=volume) for n, volume in enumerate(VOLUMES, 1))
    adapter = AdapterSite(name="vhost0", slot=10, client=56, client_slot=9 + lpar_id, devices=devices)
    return PartitionSite(
        id=lpar_id,
        name=name,
        managed_system=MACHINE,
        env="vioserver",
        array="V7000",
        host=name,
        adapters=(adapter, AdapterSite(name="vhost1", slot=11, client=24)),
    )
