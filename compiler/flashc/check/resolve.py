"""From the syntax tree to the resolved spec: names become references, values get their meaning.

A part that is wrong is noted and becomes None; what refers to it is then silent, so that one mistake is
one message.  A block that could not be read completely is not asked for missing parts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from flashc.check import model
from flashc.check.clone import resolve_clone
from flashc.check.environment import resolve_environment
from flashc.check.findings import Findings
from flashc.check.names import Block, Names, kind_of
from flashc.check.site import (
    SourceReader,
    resolve_array,
    resolve_command,
    resolve_console,
    resolve_mail_server,
    resolve_system,
    with_standbys,
)
from flashc.diag import Span
from flashc.syntax import ast
from flashc.syntax.words import shown

T = TypeVar("T")

Definition: TypeAlias = (
    "ast.System | ast.Console | ast.Array | ast.MailServer | ast.Command | ast.Clone | ast.Environment"
)


def resolve(files: tuple[ast.File, ...], text: str, found: Findings, read_source: SourceReader) -> model.Spec:
    """The resolved spec of a main file and those that it includes; where an error was noted, of what
    could be resolved.
    """
    names = Names(found, files)
    items: list[Definition] = []
    for item in (i for file in files for i in file.items):
        if isinstance(item, ast.Include | ast.Defaults):
            continue
        if isinstance(item, ast.MailServer) or names.declare(kind_of(item), item):
            items.append(item)
    for file in files:
        _one_defaults(found, file)

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
    consoles = with_standbys(names, [i for i in items if isinstance(i, ast.Console)], consoles)
    arrays = all_of(ast.Array, resolve_array)
    servers = [i for i in items if isinstance(i, ast.MailServer)]
    for second in servers[1:]:
        message = "`mail server` stands twice in the spec"
        found.both("FL3002", second.span, message, servers[0].span, "the first one")
    mail_servers = all_of(ast.MailServer, resolve_mail_server)
    clones = all_of(ast.Clone, resolve_clone)
    environments = all_of(ast.Environment, resolve_environment)
    commands = all_of(ast.Command, lambda n, i: resolve_command(n, i, read_source))
    _mail_needs_server(names, items)
    _unused(names, items)
    if not environments and not any(isinstance(i, ast.Environment) for i in items) and not names.lost:
        start = Span(files[0].name, 1, 1, 1, 1)
        found.add("FL3003", start, "the spec has no environment: there is nothing to run")
    server = mail_servers[0] if mail_servers else None
    return model.Spec(files[0].name, text, systems, consoles, arrays, clones, environments, commands, server)


# ---- what concerns the file as a whole --------------------------------------------------------------


def _one_defaults(found: Findings, file: ast.File) -> None:
    defaults = [i for i in file.items if isinstance(i, ast.Defaults)]
    for other in defaults[1:]:
        found.both(
            "FL3002", other.span, "`defaults` stands twice in a file", defaults[0].span, "the first one"
        )
    for node in defaults[:1]:
        block = Block(found, node, "`defaults`")
        block.one(ast.Previous, "previous", required=False)
        block.one(ast.Quiesce, "quiesce", required=False)
        block.one(ast.Resume, "resume", required=False)
        block.one(ast.Boot, "boot", required=False)
        block.one(ast.Leave, "leave", required=False)
        block.one(ast.KeepRuns, "keep runs", required=False)


def _mails(names: Names, items: list[Definition]) -> list[ast.Mail]:
    blocks: list[ast.Environment | ast.Defaults] = [i for i in items if isinstance(i, ast.Environment)]
    blocks += [i for file in names.files for i in file.items if isinstance(i, ast.Defaults)]
    return [s for block in blocks for s in block.body if isinstance(s, ast.Mail)]


def _mail_needs_server(names: Names, items: list[Definition]) -> None:
    if not names.lost.isdisjoint({"mail", ast.ANY_KIND}) or any(isinstance(i, ast.MailServer) for i in items):
        return
    for mail in _mails(names, items)[:1]:
        names.found.add("FL3060", mail.span, "mail is to be sent, but the spec names no mail server")


def _unused(names: Names, items: list[Definition]) -> None:
    """Warn of definitions of the main file that nothing refers to, unless something that may refer to them
    is lost.  An included file may define what only other specs use.
    """
    if names.lost or any(getattr(i, "incomplete", False) for file in names.files for i in file.items):
        return
    mails = _mails(names, items)
    for item in items:
        if item.span.file != names.files[0].name:
            continue
        if isinstance(item, ast.MailServer):
            if not mails:
                names.found.add("FL2007", item.span, "the mail server is not used: no environment sends mail")
        elif isinstance(item, ast.Environment) or kind_of(item) in names.unknown:
            continue  # the unknown name may be this one, misspelt
        elif (kind_of(item), item.name.text) not in names.used:
            message = f"{kind_of(item)} {shown(item.name.text)} is not used"
            names.found.add("FL2007", item.name.span, message)
