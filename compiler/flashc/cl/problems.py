"""A problem found in a tree: like a diagnostic, but with offsets, so that rules need no source text."""

from __future__ import annotations

from dataclasses import dataclass

from flashc.cl.ast import Source
from flashc.diag import Diagnostic, Severity

MAX_NAMES = 2_000
MAX_PROBLEMS = 1_000  # reported for one source


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule at the offsets `pos` to `end`."""

    code: str
    severity: Severity
    message: str
    pos: int
    end: int
    help: str | None = None

    def at(self, source: Source) -> Diagnostic:
        """The diagnostic in its source."""
        return Diagnostic(self.code, self.severity, self.message, source.span(self.pos, self.end), self.help)


def nearest(name: str, names: tuple[str, ...] | list[str]) -> str | None:
    """The only name that differs by one character (changed, added, left out, swapped), if there is one.

    Nothing is looked for among very many names: a hint is not worth the time.
    """
    if len(names) > MAX_NAMES:
        return None
    found = [other for other in names if _near(name, other)]
    return found[0] if len(found) == 1 else None


def _near(a: str, b: str) -> bool:
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < len(a) and start < len(b) and a[start] == b[start]:
        start += 1
    if len(a) == len(b):
        swapped = a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]
        return a[start + 1 :] == b[start + 1 :] or swapped
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[start + 1 :] == shorter[start:]
