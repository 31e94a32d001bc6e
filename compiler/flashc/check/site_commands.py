"""User commands against the catalogue of CL commands, at the release of their system."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from flashc.check import model
from flashc.check.findings import Findings
from flashc.cl.catalogue import Catalogue, catalogue
from flashc.cl.checker import check_text
from flashc.cl.definition import definition_from_source
from flashc.diag import Span

UNKNOWN = "CL0202"
"""What the checker of CL says of a command that it does not know, with the one that is nearest."""

MISSING = "CL0203"
"""What it says of a required parameter that is not there: often another one stands there, misspelt."""


def check_commands(spec: model.Spec, found: Findings) -> None:
    """Note what is wrong with a command of the spec.  What the catalogue does not know is the site's own."""
    known = _catalogue(spec)
    own = {command.name for command in spec.commands}
    for environment in spec.environments:
        release = f"V{environment.clone.source.release.replace('.', 'R')}M0"
        for command, span in _commands(environment):
            told = _problem(command, release) if known is None else _checked(command, release, known)
            code, wrong, help_text = told
            name = _name(command)
            if code == "FL3046":
                wrong = wrong.removeprefix(name).removeprefix(":").strip()
                found.add(code, span, f"`{name}`: {wrong}", help=help_text)
            elif code and name not in own:
                found.add(code, span, f"`{name}` is no command of IBM; {wrong}")


def _catalogue(spec: model.Spec) -> Catalogue | None:
    """IBM's commands and those that the spec declares; None for IBM's alone."""
    declared = []
    for command in spec.commands:
        definition = definition_from_source(command.source, command.name)[0] if command.source else None
        if definition is not None:
            declared.append(definition)
    return catalogue().with_commands(declared) if declared else None


@lru_cache(maxsize=4096)
def _problem(command: str, release: str) -> tuple[str, str, str | None]:
    return _checked(command, release, catalogue())


def _checked(command: str, release: str, known: Catalogue) -> tuple[str, str, str | None]:
    """The rule that a command breaks, how, and what was meant; "" where it is right, or the site's own."""
    text = f"             PGM\n             {command}\n             ENDPGM\n"
    told = check_text(text, "command", catalogue=known, release=release)
    errors = [d for d in told if d.severity == "error"]
    if errors:
        error = min(errors, key=lambda one: one.code == MISSING)
        meant = error.help
        return "FL3046", f"{error.message} ({error.code})", meant and meant[0].upper() + meant[1:]
    near = next((d.help for d in told if d.code == UNKNOWN and d.help), "")
    return ("FL3047", near, None) if near else ("", "", None)


def _name(command: str) -> str:
    return command.split("(")[0].split()[0][:30]


def _commands(e: model.Environment) -> Iterator[tuple[str, Span]]:
    for item in e.around:
        if isinstance(item, model.RunCommand):
            yield item.command, item.span
            yield item.undo, item.span
    for run in (*e.runs.before, *e.runs.after_flash, *e.runs.afterwards, *e.runs.on_failure):
        yield run.command, run.span
    for hook in e.hooks:
        yield hook.command, hook.span
    if isinstance(e.operation, model.UserOperation):
        for stage in e.operation.stages:
            for command in stage:
                yield command.command, command.span
    if e.reconfigure:
        for scheduler in e.reconfigure.schedulers:
            yield scheduler.command, scheduler.span
            yield scheduler.proof, scheduler.span
