"""The TCP/IP of a running system: which lines are varied on and which interfaces are active.

An interface can be active only on a line whose resource is a port of the partition: the system names the
ports that it finds, and keeps the names by their place (docs/platform-facts.md#resource-names, #tcpip).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Generator
from functools import lru_cache
from typing import TYPE_CHECKING

from flashtwin.errors import Escape
from flashtwin.image import LineDescription, SystemImage, TcpInterface
from flashtwin.scheduler import Signal, Wait, sleep
from flashtwin.site_system import USUAL_SERVERS

if TYPE_CHECKING:
    from flashtwin.os400 import OperatingSystem


class Network:
    """Active interfaces by address, lines that are varied on, and the servers that run."""

    def __init__(self, system: OperatingSystem) -> None:
        self._os = system
        self.started = False
        self.interfaces: dict[str, TcpInterface] = {}
        self.lines: set[str] = set()
        self.servers: set[str] = set()
        self.changed = Signal("network")

    def detect(self) -> None:
        """Name the ports of the partition that the system has not seen before.

        A port keeps the name of a line that was made for it.  The adapter of another partition is another
        port, though it is on the same VLAN: it has a name of its own.  Lines whose interfaces start by
        themselves are the exception, and the harsher one: production's own come up wherever their VLAN is.
        """
        image, here = self._os.image, self._here
        automatic = {one.line for one in image.interfaces.values() if one.autostart}
        elsewhere = {vlan for *_, vlan in image.ports}
        for vlan in self._vlans():
            if (*here, vlan) in image.ports:
                continue
            made = next((one for one in image.lines.values() if one.vlan == vlan), None)
            kept = made is not None and (
                vlan not in elsewhere
                or made.name in automatic
                or not self._os.world.readings.other_partition_other_ports
            )
            image.ports[(*here, vlan)] = made.resource if made is not None and kept else self._new_name()

    def _new_name(self) -> str:
        known = {*self._os.image.ports.values(), *(one.resource for one in self._os.image.lines.values())}
        return next(name for n in range(1, 100) if (name := f"CMN{n:02d}") not in known)

    @property
    def _here(self) -> tuple[str, int]:
        return self._os.partition.managed_system.serial, self._os.partition.lpar_id

    def _vlans(self) -> tuple[int, ...]:
        profile = self._os.partition.profiles.get(self._os.partition.curr_profile)
        return profile.vlans if profile is not None else ()

    def _ports(self) -> dict[int, str]:
        """The ports that the partition has now, by VLAN; one added while the system runs is found."""
        self.detect()
        return {vlan: self._os.image.ports[(*self._here, vlan)] for vlan in self._vlans()}

    def is_there(self, port: str) -> bool:
        """Whether a port that the system knows is one of this partition, now."""
        return port in self._ports().values()

    def vlan_of(self, line: LineDescription) -> int | None:
        """The VLAN that a line is on: that of its port."""
        found = [vlan for vlan, port in self._ports().items() if port == line.resource]
        return line.vlan if line.vlan in found or not found else found[0]

    def has_adapter(self, line: LineDescription) -> bool:
        """Whether the partition has the port that the line names."""
        partition = self._os.partition
        if line.vlan is None or partition.curr_profile not in partition.profiles:
            return True
        return self.is_there(line.resource)

    def vary_on_at_ipl(self) -> None:
        """The hardware is detected; lines with ONLINE(*YES) come up where their adapter exists."""
        self.detect()
        for line in self._os.image.lines.values():
            if line.online and self.has_adapter(line):
                self.lines.add(line.name)

    def start(self, *, interfaces: bool = True, servers: bool = True) -> Generator[Wait, Signal | None, None]:
        """STRTCP: the stack, then the interfaces with AUTOSTART(*YES), then the servers."""
        yield from sleep(self._os.world.scheduler, self._os.world.durations.start_tcp)
        self.start_now(interfaces=interfaces, servers=servers)

    def start_now(self, *, interfaces: bool = True, servers: bool = True) -> None:
        """The end of STRTCP."""
        if not self.started:
            self.started = True
            self._os.log("tcp_started", interfaces=interfaces, servers=servers)
        if interfaces:
            for interface in self._os.image.interfaces.values():
                if interface.autostart and interface.address not in self.interfaces:
                    line = self._os.image.lines.get(interface.line)
                    if line is None or self.has_adapter(line):
                        self.activate(interface)
        if servers and not self._os.work.restricted:
            for server in self.autostart_servers():
                self.start_server(server)

    def autostart_servers(self) -> tuple[str, ...]:
        """The servers that start with the stack."""
        return tuple(self._os.image.tcp.get("autostart_servers", USUAL_SERVERS))

    def activate(self, interface: TcpInterface, by: str = "") -> None:
        """Make an interface active; its line is varied on with it.  `by` is the job that asked for it."""
        line = self._os.image.lines.get(interface.line)
        if line is not None:
            if not self.has_adapter(line):
                raise Escape(
                    "TCP2665",
                    interface.address,
                    f"Interface {interface.address} not started: line {line.name} failed.",
                )
            self.lines.add(line.name)
        self.interfaces[interface.address] = interface
        self._os.log(
            "interface_started",
            address=interface.address,
            vlan=self.vlan_of(line) if line else interface.vlan,
            by=by,
        )
        self.changed.fire()

    def deactivate(self, address: str, by: str = "") -> None:
        """End an interface; `by` is the job that asked for it."""
        interface = self.interfaces.pop(address, None)
        if interface is not None:
            line = self._os.image.lines.get(interface.line)
            vlan = self.vlan_of(line) if line else interface.vlan
            self._os.log("interface_ended", address=address, vlan=vlan, by=by)
            self.changed.fire()

    def start_server(self, server: str, by: str = "") -> None:
        """Start a TCP/IP server.  `by`: the job that asked."""
        if server not in self.servers:
            self.servers.add(server)
            self._os.log("server_started", server=server, by=by)
            self.changed.fire()

    def end_server(self, server: str, by: str = "") -> None:
        """End a TCP/IP server; its connections are cut."""
        if server in self.servers:
            self.servers.discard(server)
            self._os.log("server_ended", server=server, by=by)
            self.changed.fire()

    def stop(self) -> None:
        """ENDTCP: servers, interfaces, the stack."""
        for server in sorted(self.servers):
            self.end_server(server)
        for address in list(self.interfaces):
            self.deactivate(address)
        if self.started:
            self.started = False
            self._os.log("tcp_ended")
            self.changed.fire()

    def leads_to(self, host: str) -> bool:
        """Whether an active interface leads to a host.

        An interface leads to its own subnet, on the VLAN of its line.  Everything else goes by the default
        route, which belongs to interfaces that start by themselves (AUTOSTART(*YES)): a private link has
        none.  Without the stack none leads anywhere; by the milder reading those do whose lines are on.
        """
        active = list(self.interfaces.values())
        if not self.started:
            if self._os.world.readings.clone_ssh_needs_tcp:
                return False
            active = [one for one in self._os.image.interfaces.values() if one.line in self.lines]
        if any(interface.autostart for interface in active):
            return True
        there = self._vlan_at(host)
        vlans = map(self._vlan_under, _near(active, host))
        return any(None in (there, vlan) or vlan == there for vlan in vlans)

    def origin_for(self, host: str) -> str:
        """The address that a connection to a host comes from: that of the interface by which it leaves.

        An interface to the host's subnet, else one of the default route; "" where none is active.
        """
        active = list(self.interfaces.values())
        by_route = [one for one in active if one.autostart]
        return next((one.address for one in (*_near(active, host), *by_route)), "")

    def _vlan_under(self, interface: TcpInterface) -> int | None:
        line = self._os.image.lines.get(interface.line)
        return self.vlan_of(line) if line is not None else interface.vlan

    def _vlan_at(self, host: str) -> int | None:
        """The VLAN on which another partition answers by an address; None where none is known."""
        for partition in self._os.world.partitions():
            network = partition.os.network if partition.os is not None else None
            if network is not None and network is not self and host in network.interfaces:
                return network._vlan_under(network.interfaces[host])
        return None


# The programs of a night ask for the same few addresses again and again.
def _near(active: list[TcpInterface], host: str) -> list[TcpInterface]:
    """The interfaces to the subnet of a host; none for a name."""
    try:
        target = _address(host)
    except ValueError:
        return []
    return [one for one in active if (subnet := subnet_of(one.address, one.mask)) and target in subnet]


_address = lru_cache(maxsize=256)(ipaddress.ip_address)


@lru_cache(maxsize=256)
def subnet_of(address: str, mask: str) -> ipaddress.IPv4Network | None:
    """The network of an interface; None where its address is none of IPv4."""
    try:
        return ipaddress.IPv4Network(f"{address}/{mask}", strict=False)
    except ValueError:
        return None


def interfaces_towards(image: SystemImage, hop: str) -> list[str]:
    """The addresses of the interfaces on whose network this next hop is; the loopback is none."""
    target = ipaddress.IPv4Address(hop)
    return [
        one.address
        for one in image.interfaces.values()
        if one.line != "*LOOPBACK" and (subnet := subnet_of(one.address, one.mask)) and target in subnet
    ]
