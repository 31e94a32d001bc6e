"""A report as text for a mail or a printer, and as one HTML page that needs nothing else."""

from __future__ import annotations

import textwrap
from importlib.resources import files
from typing import Any

from jinja2 import Environment as Templates
from jinja2 import StrictUndefined

from flashc.cli.log import line
from flashc.cli.output import harmless
from flashc.cli.reading import clock, length, window
from flashc.records.history import RunView
from flashc.records.report import Report

WIDTH = 80
PICTURE = 880
"""Units of the picture of the window."""

FILLS = {"quiesce": "#ddd", "hold": "#666", "resume": "#bbb"}


def volumes_of(report: Report) -> list[str]:
    """What is known of the volumes."""
    run = report.run
    found = run.volumes.told()
    if found:
        return found
    if report.known_here:
        return ["BRMS's history came home (O88): WRKMEDBRM on production shows what was written."]
    if run.operation in ("none", ""):
        return ["no volume was written"]
    return ["the journal names no volume; the listings that the clone delivered do"]


def html_of(report: Report) -> str:
    """The page; nothing in it is fetched or run."""
    templates = Templates(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("flashc.cli").joinpath("report.html.j2").read_text(encoding="utf-8")
    page = templates.from_string(source).render(
        system=report.system,
        run=report.run,
        window=f"In all {window(report.run)}" if report.run.suspended is not None else "",
        parts=_parts(report.run),
        saved=report.saved,
        volumes=volumes_of(report),
        limits=report.limits,
        messages=report.messages,
        invariants=report.invariants,
        steps=report.steps,
        files=report.files,
        clock=clock,
        length=length,
    )
    return harmless(page) + "\n"


def _parts(run: RunView) -> list[dict[str, Any]]:
    """The parts of the window, each at least wide enough for its name."""
    found = [(name, getattr(run, name)) for name in FILLS if getattr(run, name) is not None]
    total = sum(seconds for _, seconds in found) or 1.0
    least = 130.0
    room = PICTURE - least * len(found)
    at, parts = 10.0, []
    for name, seconds in found:
        width = least + room * seconds / total
        parts.append(
            {
                "name": name,
                "seconds": f"{seconds:.1f}",
                "fill": FILLS[name],
                "x": f"{at:.0f}",
                "width": f"{width:.0f}",
            }
        )
        at += width
    return parts


def text_of(report: Report) -> str:
    """The same in lines."""
    run = report.run
    out = [f"Run {run.run} of {run.environment} on {report.system}: {run.outcome.upper()}"]
    out += _wrapped(run.detail, "  ") if run.detail else []
    out.append(
        f"  {clock(run.started)} to {clock(run.ended)}, {length(run.took_s)} h, times of {report.system}"
    )
    out.append(f"  operation {run.operation or '-'}")
    held = window(run)
    out.append(f"  production held {held}" if held else "  production was not suspended")
    out += _wrapped(run.space, "  ") if run.space else []
    out.append("\nWhat was saved")
    out += [f"  {step.code}  {clock(step.time)}  {step.text}" for step in report.saved] or ["  nothing"]
    out.append("\nVolumes")
    for text in volumes_of(report):
        out += _wrapped(text, "  - ")
    if report.limits:
        out.append("\nWhat this does not do")
        for text in report.limits:
            out += _wrapped(text, "  - ")
    if report.messages:
        out.append("\nWhat went wrong, and what to do")
        for one in report.messages:
            out += _wrapped(f"{one.code} {one.text}", f"  {one.msgid}  ")
            out += _wrapped(f"{one.cause} {one.recovery}", " " * 11)
    if report.invariants:
        out.append("\nInvariants of the rehearsal")
        out += [f"  {i:<4}{'held  ' if held else 'BROKEN'}  {text}" for i, held, text in report.invariants]
    out.append("\nSteps\n  time         source  clone")
    day = None
    for step in report.steps:
        if step.time.date() != day:
            day = step.time.date()
            out.append(f"  {day.isoformat()}")
        out.append(line(step))
    out.append("\nDelivered by the clone")
    out += [f"  {one.name:<32} {one.size:>12} bytes" for one in report.files] or ["  nothing"]
    return harmless("\n".join(out)) + "\n"


def _wrapped(text: str, first: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
