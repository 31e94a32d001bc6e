"""From the syntax tree to the resolved spec: names become references, values get their meaning.

A part that is wrong is noted and becomes None; what refers to it is then silent, so that one mistake is
one message.  A block that could not be read completely is not asked for missing parts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flashc.check import model
from flashc.check.clone import resolve_clone
from flashc.check.environment import resolve_environment
from flashc.check.findings import Findings
from flashc.check.names import Names, kind_of
from flashc.check.site import (
    SourceReader,
    resolve_array,
    resolve_command,
    resolve_console,
    resolve_mail_server,
    resolve_system,
)
from flashc.diag import Span
from flashc.syntax import ast
from flashc.syntax.words import shown

T = TypeVar("T")


def resolve(file: ast.File, text: str, found: Findings, read_source: SourceReader) -> model.Spec:
    """The resolved spec; where an error was noted, of what could be resolved."""
    names = Names(found, file)
    items = [i for i in file.items if isinstance(i, ast.MailServer) or names.declare(kind_of(i), i)]

    def all_of(node: type[T], make: Callable[[Names, T], Any]) -> tuple[Any, ...]:
        made = []
        for item in items:
            if isinstance(item, node):
                value = make(names, item)
                if value is not None:
                    made.append(value)
                    if not isinstance(item, ast.MailServer):
                        names.resolved.setdefault(kind_of(item), {})[value.name] = value
        return tuple(made)

    systems = all_of(ast.System, resolve_system)
    consoles = all_of(ast.Console, resolve_console)
    arrays = all_of(ast.Array, resolve_array)
    servers = [i for i in items if isinstance(i, ast.MailServer)]
    for second in servers[1:]:
        message = "`mail server` stands twice in the spec"
        found.both("FL3002", second.span, message, servers[0].span, "the first one")
    mail_servers = all_of(ast.MailServer, resolve_mail_server)
    clones = all_of(ast.Clone, resolve_clone)
    environments = all_of(ast.Environment, resolve_environment)
    commands = all_of(ast.Command, lambda n, i: resolve_command(n, i, read_source))
    _mail_needs_server(found, file, items)
    _unused(names, items)
    if not environments and not any(isinstance(i, ast.Environment) for i in items) and not file.lost:
        start = Span(file.name, 1, 1, 1, 1)
        found.add("FL3003", start, "the spec has no environment: there is nothing to run")
    server = mail_servers[0] if mail_servers else None
    return model.Spec(file.name, text, systems, consoles, arrays, clones, environments, commands, server)


# ---- what concerns the file as a whole --------------------------------------------------------------


def _mail_needs_server(found: Findings, file: ast.File, items: list[ast.Item]) -> None:
    if "mail" in file.lost or any(isinstance(i, ast.MailServer) for i in items):
        return
    for item in items:
        if isinstance(item, ast.Environment):
            for mail in (s for s in item.body if isinstance(s, ast.Mail)):
                found.add("FL3060", mail.span, "mail is to be sent, but the spec names no mail server")
                return


def _unused(names: Names, items: list[ast.Item]) -> None:
    """Warn of definitions that nothing refers to, unless something that may refer to them is lost."""
    if names.file.lost or any(getattr(i, "incomplete", False) for i in items):
        return
    mails = any(isinstance(s, ast.Mail) for i in items if isinstance(i, ast.Environment) for s in i.body)
    for item in items:
        if isinstance(item, ast.MailServer):
            if not mails:
                names.found.add("FL2007", item.span, "the mail server is not used: no environment sends mail")
        elif isinstance(item, ast.Environment) or kind_of(item) in names.unknown:
            continue  # the unknown name may be this one, misspelt
        elif (kind_of(item), item.name.text) not in names.used:
            message = f"{kind_of(item)} {shown(item.name.text)} is not used"
            names.found.add("FL2007", item.name.span, message)
