"""What is proven of the generated programs at every build, from their text alone.

No way leads from SUSPEND past RESUME (`window`), nothing is done before a program knows where it runs
(`identity`), the steps are the runbook's (`steps`), and each command has its library, its MONMSG and its
limit (`form`).  A finding is a defect of flashc and stops the build.  docs/safety.md#proven-at-every-build
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flashc.bundle.proofs import form, identity, steps, window
from flashc.bundle.proofs.identity import Asked
from flashc.bundle.proofs.known import constant, facts_of, parameter
from flashc.bundle.proofs.rules import RULES, Finding, diagnostic
from flashc.bundle.proofs.steps import StepOf
from flashc.cl.ast import Source
from flashc.cl.catalogue import Catalogue
from flashc.cl.flow import argument, flow
from flashc.diag import Diagnostic, Span

__all__ = ["RULES", "Asked", "Runbook", "StepOf", "prove", "prove_together"]


@dataclass(frozen=True, slots=True)
class Runbook:
    """The steps of a driver, and the codes of those that other programs do."""

    steps: tuple[StepOf, ...]
    elsewhere: frozenset[str]


def prove(
    source: Source, catalogue: Catalogue, runbook: Runbook | None = None
) -> tuple[list[Diagnostic], Asked]:
    """What is wrong with one program, and what it finds out of where it runs.

    `runbook` is given for a driver.
    """
    name = source.file.partition(".")[0]
    program = flow(source)
    declared = _declared(source)
    facts = facts_of(program)
    found: list[Finding] = list(form.form(facts, declared, catalogue))
    unknown, asked = identity.identity(program, facts, name)
    found += unknown
    options = {fact.option for fact in facts.values()}
    if "*SUSPEND" in options:
        found += window.driver(program, facts, declared)
    elif name.startswith("FLGRD"):
        found += window.guard(program, facts, declared)
    elif "*RESUME" in options:
        found += window.recovery(program, facts, declared)
    if name == window.COUNTS:
        found += window.computes(facts)
    if runbook is not None:
        found += steps.steps(program, facts, declared, runbook.steps, runbook.elsewhere)
    first: dict[tuple[str, str, int], Finding] = {}
    for one in found:
        first.setdefault((one.code, one.message, one.command.pos), one)
    diagnostics = [diagnostic(one, program) for one in first.values()]
    program.forget()
    return diagnostics, asked


def prove_together(programs: dict[str, Asked], entries: Iterable[str]) -> list[Diagnostic]:
    """What is wrong between the programs of a system; `entries` are started by a command or the system."""
    out = []
    for name, by in identity.reached(programs, entries):
        message = f"{name} is started by {by}: {RULES['FL9022']}"
        out.append(Diagnostic("FL9022", "error", message, Span(f"{name}.clle", 1, 1, 1, 1)))
    return out


def _declared(source: Source) -> dict[str, str]:
    """The initial values of the variables."""
    out = {}
    for statement in source.statements:
        command = statement.command
        if command is not None and command.name == "DCL":
            value = constant(argument(command, "VALUE", 9))
            if value is not None:
                out[parameter(command, "VAR", 0)] = value
    return out
