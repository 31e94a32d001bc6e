"""Showing a rehearsed run: the log of both partitions, the timeline, the verdict and the invariants."""

from __future__ import annotations

import sys
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flashc.cli.output import harmless
from flashc.cli.runs import Run, Suspended
from flashc.records.history import StepView

HEAD = "  time          source  clone"
BAR = 48
"""Characters of a timeline's bar."""

RESULT_STYLES = {"completed": "bold green", "failed": "bold red", "refused": "bold yellow"}
PARTS = (("quiesce", "yellow"), ("hold", "red"), ("resume", "cyan"))


def console(stream: TextIO | None = None) -> Console:
    """A console that has colours only on a terminal, and breaks no lines elsewhere."""
    out = stream or sys.stdout
    return Console(file=out, highlight=False, soft_wrap=not out.isatty())


def show_run(run: Run, out: Console) -> None:
    """All of it: log, timeline, verdict, invariants."""
    show_log(run, out)
    out.print()
    show_timeline(run, out)
    out.print()
    show_verdict(run, out)
    out.print()
    show_invariants(run, out)


def show_log(run: Run, out: Console) -> None:
    """Both partitions in the source's clock: a column of codes each, the clone's lines indented."""
    out.print(Text(f"Log of {run.environment}, both partitions, on the source's clock", "bold"))
    if not run.steps:
        out.print("  nothing was written to the journal")
        return
    out.print(Text(HEAD, "dim"))
    day = None
    for step in run.steps:
        if step.time.date() != day:
            day = step.time.date()
            out.print(Text(f"  {day.isoformat()}", "dim"))
        _line(step, out)


def _line(step: StepView, out: Console) -> None:
    clone = step.side == "clone"
    at = f"  {step.time.strftime('%H:%M:%S')}.{step.time.microsecond // 100000}    "
    codes = Text.assemble(
        at, (f"{'' if clone else step.code:<8}{step.code if clone else '':<9}", _style(step))
    )
    text = Text("    " if clone else "")
    text.append(harmless(step.text), "" if step.kind == "result" else _style(step))
    if step.kind == "note" and step.msgid:
        text.append(f"  {step.msgid}", "dim")
    if not out.is_terminal:
        out.print(Text.assemble(codes, text))
        return
    # On a terminal a long text goes on below its own beginning.
    grid = Table.grid()
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(codes, text)
    out.print(grid)


def _style(step: StepView) -> str:
    if step.kind == "unknown":
        return "bold magenta"
    if step.kind == "note":
        return "red"
    return "cyan" if step.side == "clone" else "bold"


def show_timeline(run: Run, out: Console) -> None:
    """The whole run as one bar with its marks, then each suspended window larger."""
    out.print(Text("Timeline", "bold"))
    end = run.end or (run.steps[-1].time if run.steps else run.start)
    length = max((end - run.start).total_seconds(), 1.0)
    marks = _marks(run)
    bar = ["-"] * BAR
    for step, letter in marks:
        at = max(0, int((step.time - run.start).total_seconds() / length * (BAR - 1)))
        # Marks of nearly the same time stand side by side.
        free = [n for n in (*range(at, BAR), *range(BAR)) if bar[n] == "-"]
        bar[free[0]] = letter
    out.print(f"  {run.start.strftime('%H:%M')} |{''.join(bar)}| {end.strftime('%H:%M')}")
    for step, letter in marks:
        out.print(f"    {letter}  {step.time.strftime('%H:%M:%S')}  {step.code}  {harmless(_short(step))}")
    for window in run.windows:
        _window(window, out)
    if not run.windows:
        out.print("  production was never suspended")


def _marks(run: Run) -> list[tuple[StepView, str]]:
    """The first good row of the steps that divide a night; of the ends of saves the last one."""
    found = []
    for code, letter in (("O65", "B"), ("O55", "F"), ("O70", "P"), ("O83", "R"), ("C30", "S"), ("O85", "D")):
        rows = [s for s in run.steps if s.code == code and s.kind == "result"]
        if rows:
            found.append((rows[-1 if code == "C30" else 0], letter))
    return found


def _short(step: StepView) -> str:
    return step.text if len(step.text) <= 70 else f"{step.text[:69]}…"


def _window(window: Suspended, out: Console) -> None:
    lengths = (window.quiesce, window.hold, window.resume)
    total = max(sum(lengths), 0.001)
    text = Text("  suspended |")
    for (name, style), seconds in zip(PARTS, lengths, strict=True):
        width = max(1 if seconds else 0, round(seconds / total * BAR))
        text.append(name[0] * width, style)
        text.append("|")
    out.print(text)
    said = " | ".join(f"{name} {s:.1f} s" for (name, _), s in zip(PARTS, lengths, strict=True))
    what = window.ending or "not resumed"
    out.print(
        f"    from {window.requested.strftime('%H:%M:%S')}: {window.seconds:.1f} s = {said}; "
        f"{what}{f' by {window.by}' if window.by else ''}"
    )


def show_verdict(run: Run, out: Console) -> None:
    """The result in one line, and why where it is not good."""
    text = Text.assemble(("Verdict    ", "bold"))
    text.append(run.result.upper(), RESULT_STYLES[run.result])
    text.append(f"  {run.environment} of {run.start.strftime('%a %d %b %H:%M')}, operation {run.operation}")
    text.append(f", production held {run.suspended_seconds:.1f} s, {run.sidecar_calls} sidecar calls")
    out.print(text)
    if run.detail:
        out.print(Text(f"           {harmless(run.detail)}", RESULT_STYLES[run.result]))


def show_invariants(run: Run, out: Console) -> None:
    """Each with what was seen."""
    out.print(Text("Invariants", "bold"))
    for one in run.invariants:
        text = Text(f"  {one.id:<4}")
        text.append("held  " if one.held else "BROKEN", "green" if one.held else "bold red")
        text.append(f"  {harmless(one.detail)}")
        out.print(text)
    for expected in run.expectations:
        text = Text("  expect ")
        text.append("as expected" if expected.held else "NOT MET", "green" if expected.held else "bold red")
        text.append(f"  {expected.text}: {expected.detail}")
        out.print(text)
