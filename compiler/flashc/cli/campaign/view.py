"""A campaign on a terminal: how far it is, and what it found."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from flashc.cli.campaign.campaign import Tally
from flashc.cli.journal_view import console
from flashc.cli.output import harmless


class Progress:
    """A bar on stderr while nights are played; nothing where nobody looks."""

    def __init__(self, shown: bool) -> None:
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console(sys.stderr),
            disable=not shown,
            transient=True,
        )
        self._task = self._bar.add_task("deploying", total=None)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, tally: Tally, left: int) -> None:
        """So much is done and left."""
        done = tally.injected + tally.unfired
        text = f"nights with a fault, {len(tally.violations)} violations"
        self._bar.update(self._task, description=text, completed=done, total=done + left)


def show_tally(tally: Tally, spec: str, asked: str) -> None:
    """Counts by kind and outcome, then each violation with the command line that shows it again.

    `asked` are the options of the site that were given, each behind a blank.
    """
    out = console()
    out.print(f"{tally.points} points, {tally.injected} faults injected, {tally.survived} survived")
    if tally.unfired:
        out.print(
            f"{tally.unfired} more did not fire, because the night went another way; they are not counted"
        )
    table = Table(box=None, pad_edge=False)
    table.add_column("kind of fault")
    table.add_column("injected", justify="right")
    for kind, count in sorted(tally.by_kind.items()):
        table.add_row(kind, str(count))
    out.print(table)
    if tally.without_point:
        out.print("no point in these nights: " + ", ".join(tally.without_point), highlight=False)
    out.print("runs: " + ", ".join(f"{count} {result}" for result, count in sorted(tally.outcomes.items())))
    promised = tally.promised
    out.print(
        f"{tally.outcomes['completed']} of {tally.injected} runs completed though disturbed; "
        f"{promised['completed']} had to, {promised['not completed']} must not"
    )
    for one in tally.violations:
        out.print()
        out.print(f"{one.invariant}: {harmless(one.detail)}", style="red", highlight=False)
        named = " ".join(f"--fault '{fault}'" for fault in one.faults)
        out.print(
            f"  flashc rehearse {spec}{asked} --environment {one.environment} --faults {named}",
            highlight=False,
            soft_wrap=True,
        )
