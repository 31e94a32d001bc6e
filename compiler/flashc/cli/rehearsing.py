"""A rehearsal: the real bundle on a simulated site, started by its job scheduler, and judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flashtwin.gate import Mode
from flashtwin.site import Site

from flashc.bundle import Bundle
from flashc.check.model import Spec
from flashc.cli.ipl_compare import compare_ipl
from flashc.cli.judging import report_of
from flashc.cli.keeping import keep_stage
from flashc.cli.playing import Night, Started
from flashc.cli.run_facts import Ipl
from flashc.cli.runs import Run
from flashc.cli.scratch import scratch_folder
from flashc.cli.stage import Observer, Stage
from flashc.cli.staging import set_up


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was rehearsed, and how each run went."""

    spec: str
    site: str
    seed: int
    runs: tuple[Run, ...]

    @property
    def good(self) -> bool:
        """Whether every run completed and every invariant held; a rehearsal without a run is none."""
        return bool(self.runs) and all(run.good for run in self.runs)

    def as_json(self) -> dict[str, Any]:
        """The document of `flashc rehearse --json`."""
        return {
            "spec": self.spec,
            "site": self.site,
            "seed": self.seed,
            "runs": [run.as_json() for run in self.runs],
        }


def rehearse(
    spec: Spec,
    bundle: Bundle,
    site: Site,
    *,
    told: str = "",
    environment: str = "",
    mode: Mode = "thread",
    keep: Path | None = None,
    seed: int = 0,
    observer: Observer | None = None,
    before_night: Callable[[Stage], None] | None = None,
) -> Rehearsal:
    """Rehearse the runs of one environment, or of all over one week.

    `keep` is an empty folder that gets the world and its records.  `before_night` is called when everything
    is deployed.  Raises StageError when the site cannot take the bundle.
    """
    seen = observer or Observer()
    with scratch_folder("flashc-") as scratch:
        folder = (keep or Path(scratch)) / "world"
        folder.mkdir(parents=True)
        stage = set_up(spec, bundle, site, folder, mode, seen)
        try:
            ipl = Ipl() if stage.refused else compare_ipl(stage, Path(scratch) / "ipl")
            if before_night is not None:
                before_night(stage)
            seen.begin("night")
            night = Night(stage, environment)
            found: list[Run] = []

            def judge(run: Started) -> None:
                found.append(report_of(stage, run, night.runs, ipl))

            if stage.refused:
                for run in night.runs:
                    run.ended = run.due
                    judge(run)
            else:
                night.play(seen, judge)
            seen.begin("over")
            runs = tuple(found)
            rehearsal = Rehearsal(_name(spec.file), told, seed, runs)
            if keep is not None:
                keep_stage(stage, rehearsal.as_json(), keep)
            return rehearsal
        finally:
            stage.close()


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
