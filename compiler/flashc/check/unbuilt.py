"""What the language can say and this version cannot build yet: an error, never a silent omission."""

from __future__ import annotations

from flashc.check import model
from flashc.check.findings import Findings
from flashc.diag import Span


def not_yet(spec: model.Spec, found: Findings) -> None:
    """Note every construct that has no programs yet."""

    def no(span: Span, what: str) -> None:
        found.add("FL3099", span, f"{what} cannot be built by this version of flashc")

    for system in spec.systems:
        if system.language != "english":
            no(system.span, f"`language {system.language}`")
