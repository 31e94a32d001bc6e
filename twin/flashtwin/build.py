"""Builds a world from a site: machines, arrays, consoles, disks, and the systems that run in the evening."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flashtwin.base_image import base_image
from flashtwin.evening import add_programs, after_a_run, bring_up
from flashtwin.image import SystemImage
from flashtwin.keys import public_key, secret_text
from flashtwin.records import DiskUnit
from flashtwin.sims import families
from flashtwin.sims.tape import Cartridge, MediaLibrary
from flashtwin.sims.vios import Vios
from flashtwin.sims.volumes import Volume
from flashtwin.site import ClockSite, PartitionSite, Site
from flashtwin.site_check import arrays_of
from flashtwin.world import MemoryVolume, Partition, Profile, World


def build_world(site: Site, folder: Path) -> World:
    """The world of a site at the start of its clock; `folder` gets its files and must be empty."""
    world = build_machines(site, folder)
    _disks(site, world)
    # A client finds its disks only where its VIOS run already.
    for one in sorted(site.partitions, key=lambda one: one.env != "vioserver"):
        _state(site, world.partition(one.name), one)
    # How the evening came about is no part of what happens in it.
    world.events.forget()
    return world


def build_machines(site: Site, folder: Path) -> World:
    """Machines, partitions, arrays, consoles and tape libraries, with nothing on the disks yet."""
    world = World(
        folder,
        start=start_of(site.clock),
        durations=site.durations,
        costs=site.costs,
        readings=site.readings,
        site=site,
    )
    for managed in site.managed_systems:
        machine = world.add_system(managed.name, managed.type_model, managed.serial)
        machine.state = managed.state
    for array in site.arrays:
        world.arrays[array.name] = families.array(world, array)
    for one in site.partitions:
        _partition(world, one)
    for one in site.partitions:
        if one.env == "vioserver":
            _server(world, one)
    for console in site.consoles:
        world.consoles[console.name] = families.console(world, console)
    for tape in site.tape:
        cartridges = {name: Cartridge(name) for name in tape.volumes}
        library = world.devices[tape.name] = MediaLibrary(tape.name, tape.drives, cartridges)
        library.holds_s = tape.holds
        library.categories = {category.name: category.volumes for category in tape.categories}
        if tape.reserved_by:
            library.reservations.append(tape.reserved_by)
    if site.officer.authorise_keys:
        _authorise(world)
    return world


def start_of(clock: ClockSite) -> float:
    """Where the clock starts, epoch seconds."""
    return dt.datetime.fromisoformat(clock.start + clock.utc_offset).timestamp()


def disk_units(partition: Partition) -> tuple[DiskUnit, ...]:
    """The disk units that the partition sees: those mapped to it, and internal ones."""
    units = []
    for number, volume in enumerate(partition.seen(), 1):
        internal = not isinstance(volume, Volume)
        units.append(
            DiskUnit(
                unit=number,
                resource=f"DMP{number:03d}" if not internal else f"DD{number:03d}",
                serial=volume.uid[-10:],
                uid="" if internal else volume.uid,
                internal=internal,
            )
        )
    return tuple(units)


def _partition(world: World, one: PartitionSite) -> None:
    partition = world.add_partition(world.managed_systems[one.managed_system], one.id, one.name)
    partition.env = one.env
    partition.virtual_serial = one.virtual_serial
    partition.profiles = {profile.name: Profile(profile.name, profile.vlans) for profile in one.profiles}
    partition.auto_start = one.auto_start
    partition.keylock = one.keylock
    partition.ipl_source = one.ipl_source
    partition.clock_offset = one.clock_skew
    partition.slow_end = one.slow_end
    if one.ipl:
        partition.ipl_phases = one.ipl
    if one.host:
        partition.host = one.host
        for array in arrays_of(world.site, one):
            host = world.arrays[array].host(one.host)
            partition.wwpns = tuple(dict.fromkeys((*partition.wwpns, *host.wwpns)))
            partition.volumes += host.volumes
    for number in range(one.internal_disks):
        partition.volumes.append(MemoryVolume(f"INTERNAL{one.id:05d}{number:03d}"))


def _server(world: World, one: PartitionSite) -> None:
    """A VIOS with its adapters; its clients' disks are the volumes behind its devices."""
    partition = world.partition(one.name)
    if not one.internal_disks:
        # Its own system is on a disk of its own.
        partition.volumes.append(MemoryVolume(f"INTERNAL{one.id:05d}000"))
    server = Vios(partition, one)
    partition.vios = server
    for client in partition.managed_system.partitions.values():
        known = {volume.uid for volume in client.volumes}
        for adapter in server.adapters:
            if adapter.client == client.lpar_id:
                volumes = [device.disk.volume for device in adapter.devices]
                client.volumes += [volume for volume in volumes if volume.uid not in known]
                client.behind_vios |= {volume.uid for volume in volumes}


def _authorise(world: World) -> None:
    """The administrators have put keys and passwords on console and array; a file's name is its seed."""
    for one in (*world.consoles.values(), *world.arrays.values()):
        for user in one.users.values():
            for name in user.keys:
                one.authorise(user.name, " ".join(public_key(name)))
            for name in user.secrets:
                one.authorise(user.name, secret_text(name))
    site: Site = world.site
    for partition in site.partitions:
        server = world.partition(partition.name).vios
        if isinstance(server, Vios):
            for each in partition.users:
                for name in each.keys:
                    server.authorise(each.name, " ".join(public_key(name)))


def _disks(site: Site, world: World) -> None:
    for contents in site.systems:
        folder = world.folder / "systems" / contents.partition
        image = base_image(contents.partition, contents, folder, site.clock)
        add_programs(image, contents)
        partition = world.partition(contents.partition)
        if not partition.volumes:
            # A partition whose disks the site says nothing of has one of its own.
            partition.volumes.append(MemoryVolume(f"INTERNAL{partition.lpar_id:05d}000"))
        _put(partition, image)
    for one in site.partitions:
        if one.copy_of and site.system(one.name) is None:
            _copy(world, one)


def _put(partition: Partition, image: SystemImage) -> None:
    for volume in partition.volumes:
        volume.image = image


def _copy(world: World, one: PartitionSite) -> None:
    source, target = world.partition(one.copy_of), world.partition(one.name)
    captured = world.capture(source.volumes)
    if captured is not None:
        _put(target, captured)


def _state(site: Site, partition: Partition, one: PartitionSite) -> None:
    """Bring the partition to the state in which the evening finds it, without a sign of how it got there."""
    if one.state == "Not Activated":
        return
    partition.curr_profile = one.profile or one.default_profile or next(iter(partition.profiles))
    image = partition.boot_image()
    if one.state == "Running" and one.refcode == "00000000" and image is not None and one.env == "os400":
        system = partition.boot(image, at_once=True)
        contents = site.system(one.name)
        if contents is not None:
            bring_up(system, contents)
        else:
            after_a_run(system)
        return
    partition.show(one.refcode)
    partition.state = one.state
