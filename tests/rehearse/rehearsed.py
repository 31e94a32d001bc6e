"""Rehearsing the example on a changed site: what the tests of this folder share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from edited import edited
from flashc.bundle import Bundle, build
from flashc.check import load
from flashc.check.model import Spec
from flashc.cli.rehearsing import Rehearsal, rehearse
from flashc.cli.runs import Run
from flashc.cli.stage import Stage
from flashtwin.site import Site
from flashtwin.site_load import load_site

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
Change = tuple[str, str]


@lru_cache(maxsize=1)
def example() -> tuple[Spec, Bundle]:
    """The spec of the night and its bundle."""
    spec, problems = load(str(EXAMPLES / "nightly_brms.flash"))
    assert spec is not None, problems
    return spec, build(spec)[0]


def site(*changes: Change) -> Site:
    """The example's site with pieces of its text replaced; each must be there."""
    text = (EXAMPLES / "nightly_brms.site.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"the site file has no {old!r}"
        text = text.replace(old, new)
    return load_site(text)


def night(
    *changes: Change,
    sources: dict[str, Change] | None = None,
    mode: Literal["memory", "thread", "process"] = "memory",
    before_night: Callable[[Stage], None] | None = None,
) -> Rehearsal:
    """Rehearse the example on the changed site, with generated sources changed as well."""
    spec, bundle = example()
    files = dict(bundle.files)
    for name, (old, new) in (sources or {}).items():
        text = files[name].decode("ascii")
        files[name] = edited(name, text, old, new).encode("ascii")
    return rehearse(spec, replace(bundle, files=files), site(*changes), mode=mode, before_night=before_night)


def only(rehearsal: Rehearsal) -> Run:
    """Its one run."""
    (run,) = rehearsal.runs
    return run


def told(run: Run) -> str:
    """Why it did not complete, and all notes of the journal."""
    return "\n".join([run.detail, *(f"{s.code} {s.msgid} {s.text}" for s in run.steps if s.kind == "note")])
