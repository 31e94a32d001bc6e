"""What is held, ended and run around the flash, each with its undo."""

from __future__ import annotations

from flashc.check import model, values
from flashc.check.names import Names
from flashc.diag import Span
from flashc.syntax import ast
from flashc.syntax.words import shown

RUN_S = 300
"""Default limit for a user command."""


def resolve_around(names: Names, node: ast.Around) -> list[model.Around]:
    items: list[model.Around] = []
    first: dict[tuple[str, ...], Span] = {}
    for statement in node.body:
        item, key = _around_item(names, statement)
        earlier = first.setdefault(key, statement.span)
        if earlier is not statement.span:
            message = f"{' '.join(key)[:60]} stands twice in `around flash`"
            names.found.both("FL3040", statement.span, message, earlier, "the first one")
        if item is not None:
            items.append(item)
    return items


def _around_item(names: Names, node: ast.AroundStatement) -> tuple[model.Around | None, tuple[str, ...]]:
    found = names.found
    if isinstance(node, ast.HoldJob):
        user = values.object_name(found, node.user, "user profile")
        job = values.object_name(found, node.job, "job")
        item = model.HoldJob(user, job, node.span) if user and job else None
        return item, ("job", f"{shown(node.user.text)}/{shown(node.job.text)}")
    if isinstance(node, ast.EndDomino):
        server = values.object_name(found, node.server, "Domino server")
        within = values.limit(found, node.within, "the limit for the end of a Domino server", 10, 3600)
        domino = model.EndDomino(server, within, node.span) if server and within else None
        return domino, ("domino", shown(node.server.text))
    return _run(names, node), ("run", shown(node.command.text))


def _run(names: Names, node: ast.Run) -> model.RunCommand | None:
    found = names.found
    fits = [_command_text(names, text) for text in (node.command, node.undo)]
    within = values.limit(found, node.within, "the limit for a command", 1, 3600) if node.within else RUN_S
    if within is None or not all(fits):
        return None
    return model.RunCommand(node.command.text.strip(), node.undo.text.strip(), within, node.span)


def _command_text(names: Names, text: ast.Text) -> bool:
    """Whether a CL command can stand in a generated program; its name counts as used."""
    found, command = names.found, text.text.strip()
    if not command or len(command) > 2000 or not all(" " <= c <= "~" for c in command):
        message = "the command is empty, longer than 2000 characters, or holds other than 7-bit characters"
        found.add("FL3042", text.span, message)
        return False
    if values.secret(found, text):
        return False
    name = command.split("(")[0].split()[0].rpartition("/")[2].upper()
    names.used.add(("command", name))
    reason = FORBIDDEN_COMMANDS.get(name)
    if reason is None and name == "ENDSBS" and "*ALL" in command.upper():
        reason = "ends every subsystem, the guards of the suspended window among them"
    if reason:
        found.add("FL3041", text.span, f"{name} cannot stand around the flash: it {reason}")
        return False
    return True


FORBIDDEN_COMMANDS = {
    "PWRDWNSYS": "powers production down",
    "ENDSYS": "ends every subsystem, the guards of the suspended window among them",
    "CHGASPACT": "would suspend or resume production beside the run itself",
    "INZBRM": "would change the BRMS state that the run keeps",
    "GO": "shows a menu, which a batch job cannot do",
    "SIGNOFF": "ends the session, which a batch job does not have",
}
"""Commands that would break the run from inside it, with the reason."""
