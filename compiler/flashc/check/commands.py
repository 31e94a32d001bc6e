"""CL commands of the site: what can stand in a generated program, and what would break the run."""

from __future__ import annotations

from flashc.check import model, values
from flashc.check.names import Names
from flashc.syntax import ast

RUN_S = 300
"""Default limit for a user command."""

LONGEST = 400
"""Characters of a user command: what a row of the journal and an entry of the command queue hold."""


def plain_runs(names: Names, node: ast.Runs | None) -> tuple[model.PlainRun, ...]:
    """The commands of a block of commands without undo."""
    if node is None:
        return ()
    made = []
    for run in node.body:
        fits = command_text(names, run.command, f"in `{node.when}`")
        within = run_limit(names, run.within)
        if fits and within is not None:
            made.append(model.PlainRun(run.command.text.strip(), within, run.span))
    return tuple(made)


def run_limit(names: Names, node: ast.Limit | None) -> int | None:
    """The limit of a command without undo on production, seconds; None where what is given is no limit."""
    if node is None:
        return RUN_S
    return values.limit(names.found, node, "the limit for a command", 1, 4 * 3600)


def command_text(names: Names, text: ast.Text, where: str) -> bool:
    """Whether a CL command can stand in a generated program; its name counts as used."""
    found, command = names.found, text.text.strip()
    if not command or len(command) > LONGEST or not all(" " <= c <= "~" for c in command):
        message = f"the command is empty, longer than {LONGEST} characters, or not 7-bit"
        found.add("FL3042", text.span, message)
        return False
    if values.secret(found, text):
        return False
    name = command.split("(")[0].split()[0].rpartition("/")[2].upper()
    names.used.add(("command", name))
    reason = FORBIDDEN_COMMANDS.get(name)
    if reason is None and name == "ENDSBS" and "*ALL" in command.upper():
        reason = "ends every subsystem, those of the run among them"
    if reason:
        found.add("FL3041", text.span, f"{name} cannot stand {where}: it {reason}")
        return False
    return True


FORBIDDEN_COMMANDS = {
    "PWRDWNSYS": "powers the system down",
    "ENDSYS": "ends every subsystem, those of the run among them",
    "CHGASPACT": "would suspend or resume production beside the run itself",
    "INZBRM": "would change the BRMS state that the run keeps",
    "GO": "shows a menu, which a batch job cannot do",
    "SIGNOFF": "ends the session, which a batch job does not have",
}
"""Commands that would break the run from inside it, with the reason."""
