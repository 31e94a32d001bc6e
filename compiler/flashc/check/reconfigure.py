"""A clone that lives on: what makes it another system before users and network come up."""

from __future__ import annotations

import ipaddress
import re

from flashc.check import model, values
from flashc.check.commands import command_text
from flashc.check.names import Block, Names
from flashc.syntax import ast
from flashc.syntax.words import shown

_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)\Z")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*\Z")
SERVER = re.compile(r"\*[A-Z][A-Z0-9]{1,8}\Z")


def resolve_reconfigure(names: Names, node: ast.Reconfigure) -> model.Reconfigure | None:
    found = names.found
    block = Block(found, node, "`reconfigure`")
    before = len(found.problems)
    name_node = block.one(ast.SystemName, "system")
    # A system name is a network attribute of at most eight characters: docs/platform-facts.md#system-name
    name = (
        values.object_name(found, name_node.name, "system name", longest=8, own=True) if name_node else None
    )
    domain = block.one(ast.Domain, "host", required=False)
    startup = block.one(ast.Startup, "startup", required=False)
    schedules = block.one(ast.HoldSchedules, "hold", required=False)
    expires = block.one(ast.Expires, "expires", required=False)
    host_name, domain_name = _domain(names, domain) if domain else (None, None)
    program = None
    if startup:
        library = values.object_name(found, startup.library, "library")
        pgm = values.object_name(found, startup.program, "program")
        program = (library, pgm) if library and pgm else None
    expires_s = (
        values.limit(found, expires.after, "the life of the clone", 3600, 366 * 86400) if expires else None
    )
    interfaces = [_interface(names, n) for n in node.body if isinstance(n, ast.Interface)]
    routes = [_route(names, n) for n in node.body if isinstance(n, ast.Route)]
    schedulers = [_scheduler(names, n) for n in node.body if isinstance(n, ast.HoldScheduler)]
    queues = [_queue(names, n) for n in node.body if isinstance(n, ast.HoldQueue)]
    never = [_never(names, n) for n in node.body if isinstance(n, ast.Never)]
    found.once(
        (thing, statement.span)
        for statement in node.body
        if (thing := _thing(statement)) is not None  # the others stand once anyway
    )
    if name is None or any(p.severity == "error" for p in found.problems[before:]):
        return None
    return model.Reconfigure(
        name,
        host_name,
        domain_name,
        tuple(i for i in interfaces if i),
        tuple(r for r in routes if r),
        program,
        schedules is not None,
        tuple(s for s in schedulers if s),
        tuple(q for q in queues if q),
        tuple(n for n in never if n),
        expires_s,
        node.span,
        not node.incomplete,
    )


def _thing(node: ast.ReconfigureStatement) -> str | None:
    """What a statement is about that may be given several times, each time about something else."""
    if isinstance(node, ast.Route):
        return f'route "{node.destination.text}"' if node.destination else "`route default`"
    if isinstance(node, ast.HoldScheduler):
        return f'scheduler "{node.product.text}"'
    if isinstance(node, ast.HoldQueue):
        return f"job queue {node.library.text}/{node.queue.text}"
    if isinstance(node, ast.Never):
        kind = "tcp server" if node.kind == "server" else node.kind
        library = f"{node.library.text}/" if node.library else ""
        return f"`never start {kind} {library}{node.name.text}`"
    return None


def _domain(names: Names, node: ast.Domain) -> tuple[str | None, str | None]:
    for text, pattern, what in ((node.host, _HOST_NAME, "host name"), (node.domain, _DOMAIN, "domain name")):
        if not pattern.match(text.text) or len(text.text) > 255:
            names.found.add("FL3008", text.span, f"`{shown(text.text)}` is not a {what}")
            return None, None
    return node.host.text, node.domain.text


def _interface(names: Names, node: ast.Interface) -> model.Interface | None:
    found = names.found
    address = values.ipv4(found, node.address, "an interface of the clone")
    mask = _mask(names, node.mask)
    line = values.object_name(found, node.line, "line description")
    return model.Interface(address, mask, line, node.span) if address and mask and line else None


def _route(names: Names, node: ast.Route) -> model.Route | None:
    via = values.ipv4(names.found, node.via, "the next hop of a route")
    if node.destination is None or node.mask is None:
        return model.Route(None, None, via, node.span) if via else None
    mask = _mask(names, node.mask)
    try:
        destination = str(ipaddress.IPv4Address(node.destination.text))
    except ValueError:
        message = f"`{shown(node.destination.text)}` is not an IPv4 address (the destination of a route)"
        names.found.add("FL3008", node.destination.span, message)
        return None
    return model.Route(destination, mask, via, node.span) if via and mask else None


def _mask(names: Names, text: ast.Text) -> str | None:
    try:
        return str(ipaddress.IPv4Network(f"0.0.0.0/{ipaddress.IPv4Address(text.text)}").netmask)
    except ValueError:
        message = f"`{shown(text.text)}` is not a subnet mask"
        names.found.add("FL3017", text.span, message)
        return None


def _scheduler(names: Names, node: ast.HoldScheduler) -> model.SchedulerHold | None:
    fits = [command_text(names, t, "in `reconfigure`") for t in (node.command, node.proof)]
    product = node.product.text.strip()
    if not product or len(product) > 30 or not all(" " <= c <= "~" for c in product):
        names.found.add("FL2008", node.product.span, "the name of the scheduler is empty or too long")
        return None
    if not all(fits):
        return None
    return model.SchedulerHold(product, node.command.text.strip(), node.proof.text.strip(), node.span)


def _queue(names: Names, node: ast.HoldQueue) -> model.HoldQueue | None:
    library = values.object_name(names.found, node.library, "library")
    queue = values.object_name(names.found, node.queue, "job queue")
    return model.HoldQueue(library, queue, node.span) if library and queue else None


def _never(names: Names, node: ast.Never) -> model.Never | None:
    found = names.found
    if node.kind == "server":
        name = server_name(names, node.name)
        return model.Never("server", None, name, node.span) if name else None
    library = values.object_name(found, node.library, "library") if node.library else None
    name = values.object_name(found, node.name, "subsystem" if node.library else "Domino server")
    if name is None or (node.library and library is None):
        return None
    return model.Never(node.kind, library, name, node.span)


def server_name(names: Names, word: ast.Word) -> str | None:
    """A server of STRTCPSVR, such as *FTP; *ALL and the like are no single server."""
    if SERVER.match(word.text) and word.text not in ("*ALL", "*AUTOSTART", "*NONE"):
        return word.text
    names.found.add("FL3043", word.span, f"`{shown(word.text)}` is not one TCP/IP server")
    return None
