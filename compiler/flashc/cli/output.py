"""How results and diagnostics reach people and tools: text on stderr, one JSON document on stdout."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TextIO

from flashc.diag import Diagnostic, render

if TYPE_CHECKING:
    from rich.text import Text

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
_HEAD = re.compile(r"(?P<place>.*?): (?P<severity>error|warning|note) (?P<code>[A-Z0-9]+): (?P<message>.*)")
_UNDERLINE = re.compile(r" +\| +\^+\Z")
_GUTTER = re.compile(r"( +[0-9]+ \| )(.*)")


def harmless(text: str) -> str:
    """The text with control characters replaced one for one, so that a terminal obeys none of them."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def show(diagnostics: list[Diagnostic], texts: Mapping[str, str], stream: TextIO | None = None) -> None:
    """Write diagnostics for people, with colour if the stream is a terminal.

    `texts` maps file names to contents, for the excerpts.
    """
    out = stream or sys.stderr
    safe = {name: harmless(text) for name, text in texts.items()}
    # A line that holds a secret is named and not shown: what is on stderr may end in a log.
    blocks = [harmless(render(d, {} if d.code == "FL3050" else safe)) for d in diagnostics]
    if not blocks:
        return
    if not _colourful(out):
        out.write("\n\n".join(blocks) + "\n")
        return
    from rich.console import Console

    console = Console(file=out, highlight=False, soft_wrap=True)
    for index, block in enumerate(blocks):
        if index:
            console.print()
        console.print(coloured(block, diagnostics[index].severity))


def _colourful(stream: TextIO) -> bool:
    import os

    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def coloured(block: str, severity: str) -> Text:
    """The lines of a rendered diagnostic with their styles."""
    from rich.text import Text

    style = _STYLES[severity]
    text = Text()
    for number, line in enumerate(block.split("\n")):
        if number:
            text.append("\n")
        head = _HEAD.fullmatch(line) if number == 0 else None
        gutter = _GUTTER.fullmatch(line)
        if head:
            text.append(f"{head['place']}: ", "bold")
            text.append(f"{head['severity']} {head['code']}", style)
            text.append(f": {head['message']}", "bold")
        elif _UNDERLINE.fullmatch(line):
            text.append(line, style)
        elif gutter:
            text.append(gutter[1], "blue")
            text.append(gutter[2])
        elif line.startswith("  help: "):
            text.append("  help: ", "bold green")
            text.append(line[8:])
        else:
            text.append(line, "dim" if number else "")
    return text


def summary(diagnostics: list[Diagnostic]) -> str:
    """`2 errors, 1 warning`; `no problems` if there are none."""
    counts = []
    for severity in ("error", "warning", "note"):
        number = sum(d.severity == severity for d in diagnostics)
        if number:
            counts.append(f"{number} {severity}{'s' if number > 1 else ''}")
    return ", ".join(counts) or "no problems"


def write_json(document: dict[str, Any]) -> None:
    """Write the one JSON document of a command to stdout, in 7-bit characters."""
    json.dump(document, sys.stdout, indent=2)
    sys.stdout.write("\n")
