"""What a check found: problems collected in order, each by the code of its rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flashc.check.rules import RULES
from flashc.diag import Diagnostic, Related, Span
from flashc.syntax.words import shown


@dataclass(slots=True)
class Findings:
    """The problems found so far.  Severity and usual help come from the rule."""

    problems: list[Diagnostic] = field(default_factory=list)

    def add(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        help: str | None = None,
        related: tuple[Related, ...] = (),
    ) -> None:
        """Note that the rule `code` is broken at a place; `help` replaces the rule's own help."""
        rule = RULES[code]
        self.problems.append(Diagnostic(code, rule.severity, message, span, help or rule.help, related))

    def once(self, things: Iterable[tuple[str, Span]], where: str = "") -> None:
        """Note each thing, told in full, that was said before, with the place of the first."""
        first: dict[str, Span] = {}
        for thing, span in things:
            other = first.setdefault(thing, span)
            if other is not span:
                self.both("FL3002", span, f"{shown(thing, 80)} stands twice{where}", other, "the first one")

    def both(self, code: str, span: Span, message: str, other: Span, what: str) -> None:
        """Note a conflict of two places."""
        self.add(code, span, message, related=(Related(other, what),))


def head(span: Span) -> Span:
    """The beginning of a block, as its place."""
    return Span(span.file, span.line, span.column, span.line, span.column + 1)
