"""A world with everything deployed, off which nights are forked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from flashtwin.invariants import s10_secrets
from flashtwin.invariants.facts import Said
from flashtwin.pase import load_sidecar
from flashtwin.site import Site

from flashc.bundle import Bundle
from flashc.check.model import Spec
from flashc.cli import playing
from flashc.cli.campaign.choose import Night
from flashc.cli.campaign.forked import Branch, each
from flashc.cli.campaign.kinds import Fault
from flashc.cli.campaign.night import disturbed, recovery, undisturbed
from flashc.cli.campaign.points import Place, Point
from flashc.cli.ipl_compare import compare_ipl
from flashc.cli.run_facts import Ipl, facts_of
from flashc.cli.scratch import scratch_folder
from flashc.cli.stage import Stage, StageError
from flashc.cli.staging import set_up


class Deployed:
    """The world before its night; it stays as it is, nights are played by children."""

    def __init__(self, stage: Stage, ipl: Ipl, base: Path) -> None:
        self._stage = stage
        self._ipl = ipl
        self._base = base

    def points(self, environment: str) -> tuple[list[Point], str]:
        """The points of an undisturbed night, and the name of its driver's job.

        StageError when the night is not good without a fault.
        """

        def play(_branch: Branch) -> Any:
            self._begin()
            points, driver, ending = undisturbed(self._stage, environment, self._ipl)
            return {"points": [_packed(point) for point in points], "driver": driver, **ending.as_json()}

        [(_, found)] = each([None], play, self._base, 1)
        if "error" in found:
            raise StageError(f"the night of {environment} without a fault: {found['error']}", 5)
        if found["result"] != "completed" or found["broken"]:
            raise StageError(f"the night of {environment} without a fault is not good: rehearse it first", 5)
        return [_unpacked(packed) for packed in found["points"]], found["driver"]

    def recovery(self, environment: str, behind: Fault) -> list[Point]:
        """The points of production behind this fault, recovery by hand included."""

        def play(_branch: Branch) -> Any:
            self._begin()
            return [_packed(point) for point in recovery(self._stage, environment, self._ipl, behind)]

        [(_, found)] = each([None], play, self._base, 1)
        if "error" in found:
            raise StageError(f"the night of {environment} with {behind}: {found['error']}", 5)
        return [_unpacked(packed) for packed in found]

    def play(
        self, nights: Sequence[Night], at_once: int, behind: Fault | None = None
    ) -> Iterator[tuple[Night, Any]]:
        """Each night and what became of it (`Ending` as JSON, or {"error": text}), as they end."""
        for environment in dict.fromkeys(night[0] for night in nights):
            own = [night for night in nights if night[0] == environment]
            yield from each(own, partial(self._disturbed, environment, own, behind), self._base, at_once)

    def play_one(self, night: Night, behind: Fault | None = None) -> Any:
        """What becomes of one night."""
        [(_, found)] = self.play([night], 1, behind)
        return found

    def _disturbed(
        self, environment: str, nights: Sequence[Night], behind: Fault | None, branch: Branch
    ) -> Any:
        self._begin()
        faults = [night[1] for night in nights]
        return disturbed(self._stage, environment, self._ipl, faults, branch, behind).as_json()

    def _begin(self) -> None:
        """A forked world goes on by itself: own servers and files."""
        self._stage.gate.forked()


@contextmanager
def deployed(spec: Spec, bundle: Bundle, site: Site) -> Iterator[Deployed]:
    """Build and deploy, in memory; StageError when the site cannot take the bundle.

    The world's folder is relative to the working directory: a child works in a copy of it.
    """
    with scratch_folder("flashc-campaign-") as scratch:
        base = Path(scratch) / "base"
        (base / "world").mkdir(parents=True)
        with chdir(base):
            stage = set_up(spec, bundle, site, Path("world"), "memory")
        try:
            if stage.refused:
                raise StageError(stage.refused)
            with chdir(base):
                ipl = compare_ipl(stage, Path(scratch) / "ipl")
            load_sidecar()
            with chdir(base):
                _read_once(stage, ipl)
            yield Deployed(stage, ipl, base)
        finally:
            stage.close()


def _read_once(stage: Stage, ipl: Ipl) -> None:
    """Look for secrets in what is deployed: in no night it has to be read again (`s10_secrets.Clean`)."""
    for run in {run.environment.name: run for run in playing.Night(stage).runs}.values():
        s10_secrets.check(stage.world, facts_of(stage, run, Said(), (), (), ipl))


def _packed(point: Point) -> list[Any]:
    return [
        point.place.side, point.place.what, point.number, point.step, point.job, point.command, point.changes,
        point.phase, point.in_session,
    ]  # fmt: skip


def _unpacked(packed: list[Any]) -> Point:
    side, what, *rest = packed
    return Point(Place(side, what), *rest)
