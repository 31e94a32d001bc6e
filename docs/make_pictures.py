"""Rehearses the example and puts what it shows into README.md and docs/images/night.svg.

Breaks the example as well, and puts what `flashc check` says of it into docs/images/mistakes.svg.

    .venv/bin/python docs/make_pictures.py

The texts stand in README.md between `<!-- shown: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from flashc.check.load import load
from flashc.cli.bundles import bundle_of
from flashc.cli.journal_view import show_invariants, show_log, show_timeline, show_verdict
from flashc.cli.output import coloured
from flashc.cli.rehearsing import rehearse
from flashc.cli.runs import Run
from flashc.cli.site_choice import choose_site
from flashc.diag import render
from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
SPEC = ROOT / "examples" / "nightly_brms.flash"
IMAGES = ROOT / "docs" / "images"
COLUMNS = 132
LEFT_OUT = ("O05", "O10", "O15", "O24", "O30", "O40", "O48")
"""Steps that the excerpt of the evening does without."""

MISTAKES = (
    ('"SISTPROD_24" on V7000', '"SISTPROD_24" on V700'),
    ("hold job QUSRSSH/CPY", "hold job QUSRSSH-CPY"),
    ("resume within 30s", "resume within 30m"),
)
"""What somebody may have written in place of the example's."""

_BLOCK = re.compile(r"(<!-- shown: ([a-z]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def night() -> Run:
    """The run of the example, rehearsed in memory."""
    spec, problems = load(SPEC)
    assert spec is not None, problems
    found = rehearse(spec, bundle_of(spec, ""), choose_site(spec).site, told=SPEC.name, mode="memory")
    assert found.good
    return found.runs[0]


def _plain() -> Console:
    return Console(file=io.StringIO(), width=COLUMNS, soft_wrap=True, highlight=False, record=True)


def evening(run: Run) -> str:
    """The log up to the end of the undo around the flash."""
    out = _plain()
    show_log(run, out)
    lines = out.export_text().splitlines()
    kept = [line for line in lines if line[16:19].strip() not in LEFT_OUT]
    last = next(at for at, line in enumerate(kept) if line[16:19] == "O77")
    return "\n".join(line.rstrip() for line in kept[: last + 1])


def end(run: Run) -> str:
    """Timeline, verdict, invariants."""
    out = _plain()
    _show_end(run, out)
    return "\n".join(line.rstrip() for line in out.export_text().strip("\n").splitlines())


def _show_end(run: Run, out: Console) -> None:
    show_timeline(run, out)
    out.print()
    show_verdict(run, out)
    out.print()
    show_invariants(run, out)


def night_picture(run: Run) -> str:
    """The same end as a picture of a terminal."""
    out = _terminal(COLUMNS)
    _show_end(run, out)
    return _drawn(out, "flashc demo", "night")


def mistakes_picture() -> str:
    """What is said of the example with mistakes in it."""
    text = SPEC.read_text(encoding="utf-8")
    for right, wrong in MISTAKES:
        assert right in text, right
        text = text.replace(right, wrong)
    spec, problems = load(SPEC.name, lambda _name: text.encode())
    assert spec is None
    assert len(problems) == len(MISTAKES)
    out = _terminal(112)
    for index, one in enumerate(problems):
        if index:
            out.print()
        out.print(coloured(render(one, {SPEC.name: text}), one.severity))
    return _drawn(out, f"flashc check {SPEC.name}", "mistakes")


def _terminal(columns: int) -> Console:
    return Console(file=io.StringIO(), width=columns, record=True, force_terminal=True, highlight=False)


def _drawn(out: Console, title: str, name: str) -> str:
    """A picture without anything that a reader would have to fetch."""
    drawn = out.export_svg(title=title, unique_id=name)
    drawn = re.sub(r"@font-face \{.*?\}\n", "", drawn, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def main() -> int:
    """Rehearse, write."""
    run = night()
    shown = {"evening": evening(run), "end": end(run)}
    page = ROOT / "README.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(
        _BLOCK.sub(lambda m: f"{m[1]}\n```text\n{shown[m[2]]}\n```\n\n{m[4]}", text), encoding="utf-8"
    )
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / "night.svg").write_text(night_picture(run), encoding="utf-8")
    (IMAGES / "mistakes.svg").write_text(mistakes_picture(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
