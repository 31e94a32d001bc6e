"""The whole night is the same whichever way the sidecar runs, and leaves nothing behind."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from flashc.bundle import Bundle, build
from flashc.check import load, read_file
from flashc.check.model import Spec
from flashc.cli.rehearsing import rehearse
from flashc.cli.stage import Stage
from flashtwin.site_load import load_site
from netbench import MODES


@pytest.fixture(scope="module")
def nightly(root: Path) -> tuple[Spec, Bundle]:
    """The example's spec and bundle."""
    spec, _ = load(str(root / "examples/nightly_brms.flash"), read_file)
    assert spec is not None
    bundle, _ = build(spec, spec.systems[0])
    return spec, bundle


def play(root: Path, nightly: tuple[Spec, Bundle], mode: Any) -> tuple[Any, list[Any], list[str]]:
    """One rehearsal: its document, what went over the wires, what happened."""
    site = load_site((root / "examples/nightly_brms.site.toml").read_text())
    stages: list[Stage] = []
    rehearsal = rehearse(*nightly, site, mode=mode, before_night=stages.append)
    gate, world = stages[0].gate, stages[0].world
    wires = [
        (e.at, e.answered_at, e.system, e.user, e.request, e.status, e.out, e.err) for e in gate.transcript
    ]
    return rehearsal.as_json(), wires, world.events.lines()


def left_open(known: set[threading.Thread]) -> int:
    """Open descriptors, once the threads that are not known have ended."""
    for thread in set(threading.enumerate()) - known:
        thread.join(30.0)
        assert not thread.is_alive(), thread.name
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


def test_a_night_is_the_same_in_every_mode(root: Path, nightly: tuple[Spec, Bundle]) -> None:
    known = set(threading.enumerate())
    document, wires, events = play(root, nightly, MODES[0])
    descriptors = left_open(known)
    assert document["runs"][0]["result"] == "completed"
    assert len(wires) > 100
    for mode in MODES[1:]:
        again = play(root, nightly, mode)
        assert again[2] == events
        assert again[1] == wires
        assert again[0] == document
        assert left_open(known) <= descriptors
