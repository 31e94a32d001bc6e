"""TCP/IP configuration beside interfaces: routes, host and domain name, which servers start with the stack.

docs/platform-facts.md#tcpip-configuration.  Ids that no public page names are the twin's own choice within
the prefix TCP.
"""

from __future__ import annotations

from flashtwin.commands import command
from flashtwin.commands.tcpip import SERVERS, address_of, tcp_error
from flashtwin.context import Context
from flashtwin.errors import TwinError
from flashtwin.image import TcpRoute
from flashtwin.network import interfaces_towards

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


def _key(ctx: Context) -> tuple[str, str, str, str]:
    """Destination, mask, next hop and preferred binding interface; the default route has no mask."""
    destination, mask = ctx.text("RTEDEST"), ctx.text("SUBNETMASK", "*NONE")
    if destination != DEFAULT_ROUTE:
        destination, mask = address_of(destination), address_of(mask)
    elif mask != "*NONE":
        raise tcp_error("TCP2668", "SUBNETMASK(*NONE) is required for the default route.")
    bound = ctx.text("BINDIFC", "*NONE")
    return (
        destination,
        mask,
        address_of(ctx.text("NEXTHOP")),
        bound if bound == "*NONE" else address_of(bound),
    )


@command("ADDTCPRTE", effect="disk")
def addtcprte(ctx: Context) -> None:
    """Add a route; its next hop must be on the network of a configured interface."""
    ctx.needs("*IOSYSCFG")
    route = TcpRoute(*_key(ctx))
    if route in ctx.image.routes:
        text = f"Route to {route.destination} by {route.via} already exists."
        raise tcp_error("TCP2625", text, route.destination)
    if not interfaces_towards(ctx.image, route.via):
        raise tcp_error("TCP2662", f"Next hop {route.via} is on no network of an interface.", route.via)
    ctx.image.routes.append(route)
    ctx.completion("TCP2623", f"Route to {route.destination} added.")


@command("RMVTCPRTE", effect="disk")
def rmvtcprte(ctx: Context) -> None:
    """Remove a route."""
    ctx.needs("*IOSYSCFG")
    route = TcpRoute(*_key(ctx))
    if route not in ctx.image.routes:
        raise tcp_error("TCP2624", f"Route to {route.destination} not found.", route.destination)
    ctx.image.routes.remove(route)
    ctx.completion("TCP2627", f"Route to {route.destination} removed.")


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
