"""The runbook as one HTML document: a head, a flow picture and a table of steps for each environment.

Layout is the template `runbook.html.j2`, which escapes whatever it is given; nothing in the document is
fetched or run.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import files
from pathlib import PurePath
from typing import Any

from jinja2 import Environment as Templates
from jinja2 import StrictUndefined

from flashc.bundle.context import summary
from flashc.check.model import Environment, Spec
from flashc.cli import runbook_flow as flow
from flashc.cli.output import harmless
from flashc.cli.runbook_view import duration, held_at_most, starts, undo_of, window_told
from flashc.runbook.steps import Step, failure_steps, hook_steps, steps

OPERATIONS = {
    "none": "no work on the clone: it is not started",
    "brms": "BRMS saves on the clone",
    "save21": "the whole system is saved on the clone",
    "user": "commands of the site on the clone",
}


def html_of(spec: Spec, environment: str = "") -> str:
    """The document of a spec's environments, or of the one named."""
    templates = Templates(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("flashc.cli").joinpath("runbook.html.j2").read_text(encoding="utf-8")
    page = templates.from_string(source).render(
        spec=PurePath(spec.file).name,
        environments=[_environment(e) for e in spec.environments if environment in ("", e.name)],
        flow=flow,
    )
    # What no document may hold, escaped or not: control characters and those that turn the direction.
    return harmless(page) + "\n"


def _environment(e: Environment) -> dict[str, Any]:
    clone, runbook = e.clone, steps(e)
    codes = {step.code for step in runbook}
    return {
        "name": e.name,
        "summary": summary(e),
        "starts": starts(e),
        "expects": [x.text for x in e.expectations],
        "production": clone.source.name,
        "clone": f"{clone.name}: partition {clone.lpar_id} {clone.partition} on {clone.managed_system}",
        "clone_name": clone.name,
        "starts_clone": e.starts_clone,
        "operation": OPERATIONS[e.operation.kind],
        "operation_limit": duration(e.operation.within_s) if e.starts_clone else "",
        "held": held_at_most(e),
        "window": " ".join(window_told(e)),
        "flow": flow.flow_of(runbook),
        "steps": [_step(step, codes) for step in runbook],
        "failure_steps": [_step(step, codes) for step in failure_steps(e)],
        "hook_steps": [_step(step, codes) for step in hook_steps(e)],
    }


def _step(step: Step, codes: Collection[str]) -> dict[str, str]:
    """A row of the table."""
    return {
        "code": step.code,
        "side": step.side,
        "actor": step.actor,
        "text": step.text.strip(),
        "limit": duration(step.limit_s),
        "undo": undo_of(step, codes),
        "on_failure": step.on_failure,
    }
