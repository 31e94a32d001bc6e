"""The network of a site: servers for its consoles, arrays, VIOS, partitions and mail relay.

``open_network(world)`` makes the world's gate.  Addresses are those that the spec and the site write; where
each leads at this moment is the gate's business (`Gate.locate`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from flashtwin.certificates import certificate_line
from flashtwin.externals import Mode, Reach, Route
from flashtwin.gate import Gate
from flashtwin.keys import known_hosts_line, public_key
from flashtwin.sims.http import shared
from flashtwin.sims.partition_ssh import PartitionDoor, authorise
from flashtwin.sims.powervs_cloud import IAM
from flashtwin.sims.server import Server
from flashtwin.sims.smtp import Mail, MailRelay
from flashtwin.sims.vios import Vios
from flashtwin.site import ArraySite, ConsoleSite, Site
from flashtwin.site_check import split_address
from flashtwin.world import World

MAIL_PORT = 25
SSH_PORT = 22


def open_network(world: World, mode: Mode = "process") -> Gate:
    """The gate of a world that `build_world` made, with a server at each address of its site.

    `mode` says how sidecars run.  Except in memory, `world.addresses` then maps "host:port" to loopback
    ports.
    """
    gate = Gate(world.scheduler)
    gate.mode = mode
    site: Site = world.site
    for console in site.consoles:
        _publish(gate, console, world.consoles[console.name].server(gate))
    for array in site.arrays:
        server = world.arrays[array.name].server(gate)
        server.drops_late = not world.readings.late_trigger_flashes
        _publish(gate, array, server)
    for partition in site.partitions:
        vios = world.partition(partition.name).vios
        if isinstance(vios, Vios) and partition.addresses:
            shell = vios.server()
            for address in partition.addresses:
                host, port = split_address(address)
                gate.publish(f"{host}:{port}", shell)
    for server in {id(route.server): route.server for route in gate.routes.values()}.values():
        server.login_s = world.costs.ssh_login
    _partitions(world, gate)
    _mail(world, gate)
    if mode != "memory":
        world.addresses.update({address: gate.listen_at(address) for address in gate.routes})
    return gate


def places(gate: Gate) -> dict[str, str]:
    """Where each address of the site is reached on this machine, both as "host:port".

    For clients that dial themselves, such as a deployment; it listens there from now on, in every mode.
    """
    return {address: f"127.0.0.1:{gate.listen_at(address)}" for address in gate.routes}


def pinned_keys(site: Site) -> str:
    """A known_hosts file with the host keys that were pinned when all was well.

    A console or array whose key the site calls changed shows another one than this.
    """
    lines = []
    devices: list[ConsoleSite | ArraySite] = [*site.consoles, *site.arrays]
    for device in devices:
        # one that takes passwords or tokens is asked by HTTPS, and is known by its certificate
        by_rest = any(user.secrets for user in device.users)
        pin = certificate_line if by_rest else known_hosts_line
        places = (*device.addresses, *tokens_of(device))
        lines += [pin(*split_address(address), device.name) for address in places]
    for partition in site.partitions:
        if partition.env == "vioserver":
            lines += [known_hosts_line(*split_address(one), partition.name) for one in partition.addresses]
        contents = site.system(partition.name)
        if contents is None:
            continue
        hosts = [split_address(address) for address in partition.addresses]
        hosts += [(interface.address, SSH_PORT) for interface in contents.interfaces]
        lines += [known_hosts_line(host, port, f"sshd {partition.name}") for host, port in hosts]
    return "".join(dict.fromkeys(lines))


def _publish(gate: Gate, one: ConsoleSite | ArraySite, server: Server) -> None:
    if program := one.facts.get("program"):
        gate.programs[program] = server
    if one.host_key == "changed":
        server.host_key = f"{one.name} changed"
    for address in one.addresses:
        # A console that hangs lets us in and does not answer; an address that is unreachable is silent.
        reach: Reach = "hang" if address in one.unreachable else "down" if one.reach == "down" else "ok"
        _place(gate, address, server, reach)
    for address in tokens_of(one):
        _place(gate, address, server, "ok")


def _place(gate: Gate, address: str, server: Server, reach: Reach) -> None:
    """Let a server answer at an address, beside another one that is there already."""
    host, port = split_address(address)
    there = gate.routes.get(f"{host}:{port}")
    if there is not None:
        server, reach = shared(there.server, server), there.reach if reach == "ok" else reach
    gate.publish(f"{host}:{port}", server, reach)


def tokens_of(one: ConsoleSite | ArraySite) -> tuple[str, ...]:
    """Where a device's tokens come from, if not from itself."""
    return (f"{one.facts.get('iam', IAM)}:443",) if one.family == "powervs" else ()


def _partitions(world: World, gate: Gate) -> None:
    site: Site = world.site
    interfaces: list[str] = []
    for one in site.partitions:
        for address in one.addresses if one.env != "vioserver" else ():
            host, port = split_address(address)
            _door(gate, PartitionDoor(world, gate, host, world.partition(one.name)), f"{host}:{port}")
    for contents in site.systems:
        interfaces += [interface.address for interface in contents.interfaces]
        image = world.partition(contents.partition).boot_image()
        if image is None:
            continue
        for user in contents.users:
            for name in user.keys:
                authorise(image, user.name, " ".join(public_key(name)))
    for host in dict.fromkeys(interfaces):
        _door(gate, PartitionDoor(world, gate, host), f"{host}:{SSH_PORT}")
    gate.unknown = lambda address: _interface(world, gate, address)


def _interface(world: World, gate: Gate, address: str) -> Route | None:
    """An interface that was added since the evening began."""
    host, _, port = address.rpartition(":")
    if port != str(SSH_PORT) or not re.fullmatch(r"[0-9.]+", host) or not _is_active(world, host):
        return None
    return _door(gate, PartitionDoor(world, gate, host), address)


def _is_active(world: World, host: str) -> bool:
    return any(p.os is not None and host in p.os.network.interfaces for p in world.partitions())


def _door(gate: Gate, door: PartitionDoor, address: str) -> Route:
    return gate.publish(address, door.server, guard=door.guard)


def _mail(world: World, gate: Gate) -> None:
    site: Site = world.site
    if not site.mail.addresses:
        return
    relay = MailRelay(gate, "mail relay", world.costs.smtp, lambda mail: _told(world, mail))
    for address in site.mail.addresses:
        host, _, port = address.partition(":")
        gate.publish(f"{host}:{port or MAIL_PORT}", relay.server, site.mail.reach)


def _told(world: World, mail: Mail) -> None:
    """A mail as an event; its phase is in the message id (RUN.PHASE.TIME@DOMAIN)."""
    ids: Iterable[str] = (value for name, value in mail.headers if name.lower() == "message-id")
    parts = next(iter(ids), "").strip("<>").split(".")
    run, phase = parts[:2] if len(parts) > 2 else ("", "")
    world.events.log(
        "mail", "mail relay", to=mail.recipients, subject=mail.subject, run=run, phase=phase, text=mail.text
    )
