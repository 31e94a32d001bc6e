"""The TCP/IP of a running system: which lines are varied on and which interfaces are active.

An interface can be active only on a line whose VLAN the partition's profile has an adapter for.
docs/platform-facts.md#tcpip
"""

from __future__ import annotations

import ipaddress
from collections.abc import Generator
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from flashtwin.errors import Escape
from flashtwin.image import LineDescription, TcpInterface
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

    def has_adapter(self, line: LineDescription) -> bool:
        """Whether the partition has a virtual Ethernet adapter on the line's VLAN."""
        partition = self._os.partition
        profile = partition.profiles.get(partition.curr_profile)
        if profile is None or line.vlan is None:
            return True
        return line.vlan in profile.vlans

    def vary_on_at_ipl(self) -> None:
        """Lines with ONLINE(*YES) come up with the IPL where their adapter exists."""
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
            vlan=line.vlan if line else interface.vlan,
            by=by,
        )
        self.changed.fire()

    def deactivate(self, address: str, by: str = "") -> None:
        """End an interface; `by` is the job that asked for it."""
        interface = self.interfaces.pop(address, None)
        if interface is not None:
            line = self._os.image.lines.get(interface.line)
            vlan = line.vlan if line else interface.vlan
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

        An interface leads to its own subnet.  Everything else goes by the default route, which belongs to
        interfaces that start by themselves (AUTOSTART(*YES)): a private link has none.  Without the stack
        none leads anywhere; by the milder reading those do whose lines are varied on.
        """
        active = list(self.interfaces.values())
        if not self.started:
            if self._os.world.readings.clone_ssh_needs_tcp:
                return False
            active = [one for one in self._os.image.interfaces.values() if one.line in self.lines]
        if any(interface.autostart for interface in active):
            return True
        try:
            target = _address(host)
            return any(target in _subnet(f"{interface.address}/{interface.mask}") for interface in active)
        except ValueError:
            return False


# The programs of a night ask for the same few addresses again and again.
_address = lru_cache(maxsize=256)(ipaddress.ip_address)
_subnet = lru_cache(maxsize=256)(partial(ipaddress.ip_network, strict=False))
