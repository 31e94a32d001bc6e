"""Commands as the system analyses them: values by keyword, or the diagnostics that refuse a command.

The definitions are those of the catalogue; what a compile would have refused is refused again here, as
a command may also come as text (SBMJOB, QCMDEXC, the `system` utility).
"""

from __future__ import annotations

from flashc.cl import ast
from flashc.cl.bind import Bound
from flashc.cl.bind import bind as bind_command
from flashc.cl.catalogue import CommandDef, catalogue
from flashc.cl.deps import broken_rules
from flashc.cl.values import wrong_values

from flashtwin.errors import Escape, TwinError

PLATFORM_IDS = {"CL0203": "CPD0071", "CL0207": "CPD0084", "CL0208": "CPD0085"}
"""IBM's ids for findings that the checker names by codes of its own; CPD0000: that id is not known."""


class Refused(Escape):
    """CPF0006: the command has errors; each is a diagnostic that precedes it."""

    def __init__(self, name: str, problems: list[tuple[str, str]]) -> None:
        super().__init__("CPF0006", name, f"Errors occurred in command {name}.")
        self.problems = [
            (PLATFORM_IDS.get(code, "CPD0000") if code.startswith("CL") else code, text)
            for code, text in problems
        ]


def is_known(name: str) -> bool:
    """Whether the catalogue has the command."""
    return catalogue().get(name) is not None


def definition_of(name: str) -> CommandDef:
    """The definition of a command that the twin has a handler for."""
    found = catalogue().get(name)
    if found is None:
        raise TwinError(f"the command {name} has a handler in the twin but is not in the catalogue")
    return found


def analysed(command: ast.Command) -> Bound:
    """The command with its values by keyword; Refused when it has errors."""
    return analyse(command, definition_of(command.name))


def analyse(command: ast.Command, definition: CommandDef) -> Bound:
    """Like `analysed`, by a given definition (a command made by CRTCMD)."""
    bound = bind_command(command, definition)
    problems = [*bound.problems, *wrong_values(bound, {}), *broken_rules(bound)]
    errors = [p for p in problems if p.severity == "error"]
    if errors or command.broken:
        raise Refused(command.name, [(p.code, p.message) for p in errors])
    return bound


def bind(command: ast.Command) -> dict[str, ast.Value]:
    """The written values by keyword; Refused when the command has errors."""
    return written(analysed(command))


def written(bound: Bound) -> dict[str, ast.Value]:
    """The written values by keyword; of a command that the catalogue knows in part also those it lacks."""
    if bound.definition.complete:
        return bound.values
    unknown = {
        one.keyword: one.value
        for one in bound.command.args
        if one.keyword is not None and bound.definition.parameter(one.keyword) is None
    }
    return {**bound.values, **unknown} if unknown else bound.values
