"""TCP/IP configuration beside interfaces: routes, host and domain name, which servers start with the stack.

docs/platform-facts.md#tcpip-configuration.  Ids that no public page names are the twin's own choice within
the prefix TCP.
"""

from __future__ import annotations

import ipaddress

from flashtwin.commands import command
from flashtwin.commands.tcpip import SERVERS, address_of, tcp_error
from flashtwin.context import Context
from flashtwin.errors import TwinError
from flashtwin.image import TcpInterface, TcpRoute

DEFAULT_ROUTE = "*DFTROUTE"
SERVER_COMMANDS = {
    "CHGFTPA": "*FTP",
    "CHGTELNA": "*TELNET",
    "CHGSMTPA": "*SMTP",
    "CHGHTTPA": "*HTTP",
    "CHGLPDA": "*LPD",
    "CHGSNMPA": "*SNMP",
    "CHGDDMTCPA": "*DDM",
    "CHGNTPA": "*NTP",
}


def _key(ctx: Context) -> tuple[str, str, str]:
    """Destination, mask and next hop; the default route has no mask."""
    destination, mask = ctx.text("RTEDEST"), ctx.text("SUBNETMASK", "*NONE")
    if destination != DEFAULT_ROUTE:
        destination, mask = address_of(destination), address_of(mask)
    elif mask != "*NONE":
        raise tcp_error("TCP2668", "SUBNETMASK(*NONE) is required for the default route.")
    return destination, mask, address_of(ctx.text("NEXTHOP"))


@command("ADDTCPRTE", effect="disk")
def addtcprte(ctx: Context) -> None:
    """Add a route; its next hop must be on the network of a configured interface."""
    ctx.needs("*IOSYSCFG")
    destination, mask, via = _key(ctx)
    if any((r.destination, r.mask, r.via) == (destination, mask, via) for r in ctx.image.routes):
        raise tcp_error("TCP2625", f"Route to {destination} by {via} already exists.", destination)
    hop = ipaddress.IPv4Address(via)
    networks = [ipaddress.IPv4Network(f"{i.address}/{i.mask}", strict=False) for i in _plain(ctx)]
    if not any(hop in network for network in networks):
        raise tcp_error("TCP2662", f"Next hop {via} is on no network of an interface.", via)
    ctx.image.routes.append(TcpRoute(destination, mask, via))
    ctx.completion("TCP2623", f"Route to {destination} added.")


def _plain(ctx: Context) -> list[TcpInterface]:
    return [one for one in ctx.image.interfaces.values() if one.line != "*LOOPBACK"]


@command("RMVTCPRTE", effect="disk")
def rmvtcprte(ctx: Context) -> None:
    """Remove a route."""
    ctx.needs("*IOSYSCFG")
    wanted = _key(ctx)
    for route in ctx.image.routes:
        if (route.destination, route.mask, route.via) == wanted:
            ctx.image.routes.remove(route)
            ctx.completion("TCP2627", f"Route to {route.destination} removed.")
            return
    raise tcp_error("TCP2624", f"Route to {wanted[0]} not found.", wanted[0])


@command("CHGTCPDMN", effect="disk")
def chgtcpdmn(ctx: Context) -> None:
    """Change the host and domain name."""
    ctx.needs("*IOSYSCFG")
    for keyword, name in (("HOSTNAME", "host"), ("DMNNAME", "domain")):
        value = ctx.text(keyword, "*SAME")
        if value != "*SAME":
            ctx.image.tcp[name] = "" if value == "*NONE" else value
    ctx.os.log("domain_changed", host=ctx.image.tcp.get("host", ""), domain=ctx.image.tcp.get("domain", ""))


@command(*SERVER_COMMANDS, effect="disk")
def chgserver(ctx: Context) -> None:
    """Change whether a server starts with the stack; of NTP, only client and server together do not."""
    if ctx.command.name == "CHGNTPA" and ctx.text("SVRAUTOSTR", "*SAME") != ctx.text("AUTOSTART", "*SAME"):
        raise TwinError("the twin's NTP starts as client and server, or as neither")
    _autostart(ctx, SERVER_COMMANDS[ctx.command.name])


@command("CHGTCPSVR", effect="disk")
def chgtcpsvr(ctx: Context) -> None:
    """The same for any server; docs/platform-facts.md#servers-that-start-with-tcpip has what it takes."""
    ctx.needs("*ALLOBJ")
    server = ctx.text("SVRSPCVAL")
    if server not in SERVERS:
        raise tcp_error("TCP1A12", f"Server {server} is not known to this system.", server)
    _autostart(ctx, server)


def _autostart(ctx: Context, server: str) -> None:
    ctx.needs("*IOSYSCFG")
    servers = [one for one in ctx.os.network.autostart_servers() if one != server]
    wanted = ctx.text("AUTOSTART", "*SAME")
    if wanted == "*YES":
        servers.append(server)
    if wanted != "*SAME":
        ctx.image.tcp["autostart_servers"] = tuple(servers)
