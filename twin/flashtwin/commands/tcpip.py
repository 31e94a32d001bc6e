"""TCP/IP: the stack, interfaces, servers, and their configuration.

Their escapes have the prefix TCP, which CPF0000 does not monitor.  Ids that no public page names are the
twin's own choice within that prefix; programs monitor TCP0000 (docs/platform-facts.md#tcpip).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Generator

from flashtwin.commands import command
from flashtwin.context import Context
from flashtwin.errors import Escape
from flashtwin.image import TcpInterface
from flashtwin.network import interfaces_towards
from flashtwin.odbc import DATABASE_SERVER
from flashtwin.scheduler import Signal, Wait

ALREADY_ACTIVE = "TCP1A04"
NOT_ACTIVE = "TCP1A06"
RESTRICTED = "TCP1A87"
NO_INTERFACE = "TCP2649"
BAD_ADDRESS = "TCP1901"
DYNAMIC = ("*IP4DHCP", "*IP6SAC")
"""Interfaces that get their address; they are named with their line."""
# No page has an id for either of these, so no program may look for one.
INTERFACE_ACTIVE = "TCP1BF1"
INTERFACE_INACTIVE = "TCP1BF2"
STARTED = "TCP1B05"
ENDED = "TCP1B65"

SERVERS = (
    "*BOOTP", "*DBG", "*DDM", "*DHCP", "*DIRSRV", "*DLFM", "*DNS", "*DOMINO", "*EDRSQL", "*FTP", "*HTTP",
    "*HOD", "*IAS", "*INETD", "*LPD", "*MGTC", "*NETSVR", "*NSLD", "*NTP", "*ODPA", "*OMPROUTED", "*ONDMD",
    "*POP", "*QOS", "*REXEC", "*ROUTED", "*SLP", "*SMTP", "*SNMP", "*SRVSPTPRX", "*SSHD", "*TCM", "*TELNET",
    "*TFTP", "*VPN", "*WEBFACING",
)  # fmt: skip
HOST_SERVERS = ("*CENTRAL", DATABASE_SERVER, "*DTAQ", "*FILE", "*NETPRT", "*RMTCMD", "*SIGNON", "*SVRMAP")

_TCP_FILE = ("QTCPMSG", "QTCP")


def tcp_error(msgid: str, text: str, data: str = "") -> Escape:
    """An escape of TCP/IP."""
    return Escape(msgid, data, text, _TCP_FILE)


@command("STRTCP", effect="memory")
def strtcp(ctx: Context) -> Generator[Wait, Signal | None, None]:
    """Start the stack, and with *YES interfaces and servers; TCP1A04 when it is up."""
    ctx.needs("*IOSYSCFG")
    interfaces, servers = ctx.text("STRIFC", "*YES") == "*YES", ctx.text("STRSVR", "*YES") == "*YES"
    if ctx.os.network.started:
        raise tcp_error(ALREADY_ACTIVE, "TCP/IP currently active.")
    if ctx.os.work.restricted and servers:
        raise tcp_error(RESTRICTED, "Command not allowed: the system is in restricted state.")
    yield from ctx.os.network.start(interfaces=interfaces, servers=servers)
    ctx.completion("TCP1A01", "TCP/IP started.")


@command("ENDTCP", effect="memory")
def endtcp(ctx: Context) -> Generator[Wait, Signal | None, None]:
    """End servers, interfaces and the stack; *CNTRLD lets connections end for DELAY seconds."""
    ctx.needs("*IOSYSCFG")
    if not ctx.os.network.started:
        raise tcp_error(NOT_ACTIVE, "TCP/IP not currently active.")
    if ctx.text("OPTION", "*CNTRLD") == "*CNTRLD":
        yield from ctx.sleep(float(ctx.integer("DELAY", 30)))
    ctx.os.network.stop()
    ctx.completion("TCP1A02", "TCP/IP ended.")


def _configured(ctx: Context) -> TcpInterface:
    """The interface that the command names by address or alias."""
    wanted = ctx.text("INTNETADR", "")
    if wanted in DYNAMIC:
        found = ctx.image.interfaces.get(wanted)
        if found is None or ctx.text("LIND", "") != found.line:
            raise tcp_error(NO_INTERFACE, f"Interface entry {wanted} not found on this line.", wanted)
        return found
    if not wanted:
        alias = ctx.text("ALIASNAME", "")
        found = next((one for one in ctx.image.interfaces.values() if alias and one.alias == alias), None)
        if found is None:
            raise tcp_error(NO_INTERFACE, f"No interface has the alias name {alias}.", alias)
        return found
    found = ctx.image.interfaces.get(wanted if ":" in wanted else address_of(wanted))
    if found is None:
        raise tcp_error(NO_INTERFACE, f"Interface entry {wanted} not found.", wanted)
    return found


def address_of(text: str) -> str:
    """An IPv4 address in its usual form."""
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise tcp_error(BAD_ADDRESS, f"Internet address {text} not valid.", text) from None


@command("STRTCPIFC", effect="memory")
def strtcpifc(ctx: Context) -> Generator[Wait, Signal | None, None]:
    """Start an interface; TCP2665 when its line has no adapter on this partition."""
    ctx.needs("*IOSYSCFG")
    interface, network = _configured(ctx), ctx.os.network
    if not network.started:
        raise tcp_error(NOT_ACTIVE, "TCP/IP not currently active.")
    if interface.address in network.interfaces:
        raise tcp_error(INTERFACE_ACTIVE, f"Interface {interface.address} already active.", interface.address)
    if interface.line not in ctx.image.lines:
        raise tcp_error(
            "TCP2665", f"Interface {interface.address} not started: line {interface.line} not found."
        )
    yield from ctx.sleep(ctx.world.durations.start_interface)
    network.activate(interface, ctx.job.qualified)
    ctx.completion(STARTED, f"Interface {interface.address} started.")


@command("ENDTCPIFC", effect="memory")
def endtcpifc(ctx: Context) -> None:
    """End an interface; others on its line stay."""
    ctx.needs("*IOSYSCFG")
    interface, network = _configured(ctx), ctx.os.network
    if interface.address not in network.interfaces:
        raise tcp_error(INTERFACE_INACTIVE, f"Interface {interface.address} not active.", interface.address)
    network.deactivate(interface.address, ctx.job.qualified)
    ctx.completion(ENDED, f"Interface {interface.address} ended.")


@command("ADDTCPIFC", effect="disk")
def addtcpifc(ctx: Context) -> None:
    """Add an interface to the configuration."""
    ctx.needs("*IOSYSCFG")
    address, line = address_of(ctx.text("INTNETADR")), ctx.text("LIND")
    if address in ctx.image.interfaces:
        raise tcp_error("TCP2635", f"Interface {address} already exists.", address)
    described = ctx.image.lines.get(line)
    if described is None and line != "*LOOPBACK":
        raise tcp_error("TCP2634", f"Line description {line} not found.", line)
    ctx.image.interfaces[address] = TcpInterface(
        address,
        line,
        ctx.text("SUBNETMASK", "255.255.255.0"),
        ctx.text("AUTOSTART", "*YES") == "*YES",
        ctx.text("ALIASNAME", "*NONE").strip("*"),
        described.vlan if described else None,
    )
    ctx.completion("TCP2633", f"Interface {address} added.")


@command("CHGTCPIFC", effect="disk")
def chgtcpifc(ctx: Context) -> None:
    """Change whether an interface starts with the stack."""
    ctx.needs("*IOSYSCFG")
    interface = _configured(ctx)
    if ctx.given("AUTOSTART") and ctx.text("AUTOSTART") != "*SAME":
        interface.autostart = ctx.text("AUTOSTART") == "*YES"
    ctx.completion("TCP2641", f"Interface {interface.address} changed.")


@command("RMVTCPIFC", effect="disk")
def rmvtcpifc(ctx: Context) -> None:
    """Remove an interface that is not active."""
    ctx.needs("*IOSYSCFG")
    interface = _configured(ctx)
    if interface.address in ctx.os.network.interfaces:
        raise tcp_error(
            "TCP2644", f"Interface {interface.address} is active: not removed.", interface.address
        )
    _refuse_needed(ctx, interface)
    del ctx.image.interfaces[interface.address]
    ctx.completion("TCP2645", f"Interface {interface.address} removed.")


def _refuse_needed(ctx: Context, interface: TcpInterface) -> None:
    """An interface stays while a route has its next hop on no other network."""
    for route in ctx.image.routes:
        by = interfaces_towards(ctx.image, route.via)
        if by == [interface.address]:
            text = f"Interface {interface.address} is used by the route to {route.destination}."
            raise tcp_error("TCP2646", text, interface.address)


# -- servers -------------------------------------------------------------------------------------------


def _servers(ctx: Context, known: tuple[str, ...]) -> list[str]:
    wanted = [str(one) for one in ctx.items("SERVER")] or ["*ALL"]
    for one in wanted:
        if one not in (*known, "*ALL", "*AUTOSTART"):
            raise tcp_error("TCP1A12", f"Server {one} is not known to this system.", one)
    if "*AUTOSTART" in wanted:
        return list(ctx.os.network.autostart_servers())
    return list(known) if "*ALL" in wanted else wanted


@command("STRTCPSVR", effect="memory")
def strtcpsvr(ctx: Context) -> None:
    """Start servers; refused in restricted state and without the stack."""
    if ctx.os.work.restricted:
        raise tcp_error(RESTRICTED, "Command not allowed: the system is in restricted state.")
    if not ctx.os.network.started:
        raise tcp_error(NOT_ACTIVE, "TCP/IP not currently active.")
    for server in _servers(ctx, SERVERS):
        if server in ctx.os.network.servers:
            ctx.diagnostic("TCP1A30", f"Server {server} already active.")
        else:
            ctx.os.network.start_server(server, ctx.job.qualified)
    ctx.completion("TCP1A08", "Servers started.")


@command("ENDTCPSVR", effect="memory")
def endtcpsvr(ctx: Context) -> None:
    """End servers; an inactive one gives a diagnostic only."""
    if ctx.os.work.restricted:
        raise tcp_error(RESTRICTED, "Command not allowed: the system is in restricted state.")
    for server in _servers(ctx, SERVERS):
        if server in ctx.os.network.servers:
            ctx.os.network.end_server(server, ctx.job.qualified)
        else:
            ctx.diagnostic("TCP1A31", f"Server {server} not active.")
    ctx.completion("TCP1A09", "Servers ended.")


@command("STRHOSTSVR", effect="memory")
def strhostsvr(ctx: Context) -> None:
    """Start host servers; CPF3E30-like diagnostics for those that run."""
    for server in _servers(ctx, HOST_SERVERS):
        ctx.os.network.start_server(server, ctx.job.qualified)
    ctx.completion("PWS3006", "Host servers started.")


@command("ENDHOSTSVR", effect="memory")
def endhostsvr(ctx: Context) -> None:
    """End host servers."""
    for server in _servers(ctx, HOST_SERVERS):
        ctx.os.network.end_server(server, ctx.job.qualified)
    ctx.completion("PWS3007", "Host servers ended.")


@command("VFYTCPCNN", "PING", effect="memory")
def vfytcpcnn(ctx: Context) -> Generator[Wait, Signal | None, None]:
    """Packets to an address; with MSGMODE(* *ESCAPE) TCP3210 where none comes back.

    docs/platform-facts.md#vfytcpcnn
    """
    if not ctx.os.network.started:
        raise tcp_error("TCP3423", "TCP/IP not currently active.")
    target = ctx.text("RMTSYS")
    count, wait = ctx.integer("NBRPKT", 5), ctx.integer("WAITTIME", 1)
    answers = ctx.os.network.leads_to(target) and any(
        partition.os is not None and partition.os is not ctx.os and target in partition.os.network.interfaces
        for partition in ctx.world.partitions()
    )
    yield from ctx.sleep(float(count - 1 if answers else count * wait))
    mode = [str(one) for one in ctx.items("MSGMODE")]
    share = "100" if answers else "0"
    text = f"Connection verification statistics: {count if answers else 0} of {count} successful ({share}%)."
    if not answers and mode[1:] == ["*ESCAPE"]:
        raise tcp_error("TCP3210", text)
    ctx.completion("TCP3210", text)
