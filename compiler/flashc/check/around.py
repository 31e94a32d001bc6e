"""What is held, ended and run around the flash, each with its undo."""

from __future__ import annotations

from flashc.check import model, values
from flashc.check.commands import RUN_S, command_text
from flashc.check.names import Names
from flashc.check.reconfigure import server_name
from flashc.diag import Span
from flashc.syntax import ast
from flashc.syntax.words import shown


def resolve_around(names: Names, node: ast.Around) -> list[model.Around]:
    items: list[model.Around] = []
    first: dict[tuple[str, ...], Span] = {}
    for statement in node.body:
        item, key = _around_item(names, statement)
        earlier = first.setdefault(key, statement.span)
        if earlier is not statement.span:
            message = f"{shown(' '.join(key), 60)} stands twice in `around flash`"
            names.found.both("FL3040", statement.span, message, earlier, "the first one")
        if item is not None:
            items.append(item)
    return items


def _around_item(names: Names, node: ast.AroundStatement) -> tuple[model.Around | None, tuple[str, ...]]:
    found = names.found
    item: model.Around | None
    if isinstance(node, ast.HoldJob):
        user = values.object_name(found, node.user, "user profile")
        job = values.object_name(found, node.job, "job")
        item = model.HoldJob(user, job, node.span) if user and job else None
        return item, ("job", f"{node.user.text}/{node.job.text}")
    if isinstance(node, ast.HoldQueue):
        library = values.object_name(found, node.library, "library")
        queue = values.object_name(found, node.queue, "job queue")
        item = model.HoldQueue(library, queue, node.span) if library and queue else None
        return item, ("job queue", f"{node.library.text}/{node.queue.text}")
    if isinstance(node, ast.HoldEntry):
        entry = values.object_name(found, node.name, "schedule entry")
        item = model.HoldEntry(entry, node.span) if entry else None
        return item, ("schedule entry", node.name.text)
    if isinstance(node, ast.EndSubsystem):
        library = values.object_name(found, node.library, "library")
        name = values.object_name(found, node.name, "subsystem")
        within = values.limit(found, node.within, "the limit for the end of a subsystem", 10, 3600)
        item = model.EndSubsystem(library, name, within, node.span) if library and name and within else None
        return item, ("subsystem", f"{node.library.text}/{node.name.text}")
    if isinstance(node, ast.EndDomino):
        server = values.object_name(found, node.server, "Domino server")
        within = values.limit(found, node.within, "the limit for the end of a Domino server", 10, 3600)
        item = model.EndDomino(server, within, node.span) if server and within else None
        return item, ("domino", node.server.text)
    if isinstance(node, ast.EndServer):
        tcp = server_name(names, node.name)
        return model.EndServer(tcp, node.span) if tcp else None, ("tcp server", node.name.text)
    if isinstance(node, ast.VaryOff):
        device = values.object_name(found, node.device, "device")
        return model.VaryOff(device, node.span) if device else None, ("device", node.device.text)
    return _run(names, node), ("run", node.command.text)


def _run(names: Names, node: ast.Run) -> model.RunCommand | None:
    found = names.found
    fits = [command_text(names, text, "around the flash") for text in (node.command, node.undo)]
    within = values.limit(found, node.within, "the limit for a command", 1, 3600) if node.within else RUN_S
    if within is None or not all(fits):
        return None
    return model.RunCommand(node.command.text.strip(), node.undo.text.strip(), within, node.span)
