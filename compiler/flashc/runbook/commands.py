"""The native commands of the product, as data: what each takes, says and needs.

From here come NAME.cmd and NAME.pnlgrp of the bundle, the objects that are made of them, and docs/native.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flashc.runbook.native import Command
from flashc.runbook.native_clones import end_clone, get_from_clone, release_clone, start_clone
from flashc.runbook.native_displays import (
    display_environments,
    display_history,
    display_log,
    display_status,
)
from flashc.runbook.native_runs import check_run, end_run, recover_run, start_run


def commands(b: Mapping[str, Any]) -> tuple[Command, ...]:
    """The commands of one system, from its template context (`flashc.bundle.context`)."""
    runs = (start_run(b), end_run(b), check_run(b), recover_run(b))
    clones = (end_clone(b), start_clone(b), release_clone(b), get_from_clone(b))
    displays = (display_environments(b), display_history(b), display_log(b), display_status(b))
    return (*runs, *clones, *displays)
