"""Making a fault happen when the night comes to its point, and removing its cause afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flashtwin.context import Context
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from flashtwin.world import Partition

from flashc.check.model import Environment
from flashc.cli.campaign.at_boot import strike_boot
from flashc.cli.campaign.at_request import strike_request
from flashc.cli.campaign.at_statement import strike_statement
from flashc.cli.campaign.forked import Branch
from flashc.cli.campaign.kinds import Fault
from flashc.cli.campaign.points import Place, Point, watch
from flashc.cli.campaign.scene import Scene
from flashc.cli.stage import Stage


class Injection:
    """The faults of many nights that begin alike, each of which parts where the first of its faults strikes.

    `fired` are those that have happened here; a fault happens once.  `behind` strikes in every night, before
    any of theirs, and `passed` are the points since then, as long as the nights share one process.
    """

    def __init__(
        self,
        stage: Stage,
        environment: Environment,
        nights: Sequence[tuple[Fault, ...]],
        branch: Branch,
        behind: Fault | None = None,
    ) -> None:
        self._scene = Scene(stage, environment)
        self._branch = branch
        self._nights = dict(enumerate(nights))
        self._at: dict[tuple[Place, int], list[int]] = {}
        """The nights that wait for a passage, as long as they share one process."""
        for number, night in self._nights.items():
            for fault in night:
                self._at.setdefault((fault.point.place, fault.point.number), []).append(number)
        self._own: dict[tuple[Place, int], Fault] = {}
        """The faults of the night that this process plays alone."""
        self._behind = behind
        self.passed: list[Point] = []
        self.fired: list[Fault] = []
        self._end = watch(stage, self._statement, self._request, self._boot)

    def remove(self) -> None:
        """The cause is gone: what was away is there again, what hangs is ended as an operator would."""
        self._end()
        self.mend()

    def mend(self) -> None:
        """The same of the faults so far; those that wait may still strike."""
        self._scene.restore()

    def _statement(self, point: Point, context: Context, go: Callable[[], Any]) -> Any:
        fault = self._strikes(point)
        return go() if fault is None else strike_statement(fault.kind, self._scene, context, go)

    def _request(self, point: Point, request: Request, outcome: Outcome) -> Outcome:
        fault = self._strikes(point)
        return outcome if fault is None else strike_request(fault.kind, self._scene, request, outcome)

    def _boot(self, point: Point, partition: Partition) -> Any:
        fault = self._strikes(point)
        return None if fault is None else strike_boot(fault.kind, self._scene, partition)

    def _strikes(self, point: Point) -> Fault | None:
        passage = (point.place, point.number)
        if self._behind is not None:
            if passage != (self._behind.point.place, self._behind.point.number):
                return None
            first, self._behind = self._behind, None
            return first
        if not self._own:
            self.passed.append(point)
        if not self._at and not self._own:
            return None
        for number in self._at.pop(passage, ()):
            night = self._nights.pop(number, None)
            if night is not None and self._branch(number):
                self._at.clear()
                self._own = {(fault.point.place, fault.point.number): fault for fault in night}
                break
        fault = self._own.pop(passage, None)
        if fault is not None:
            self.fired.append(fault)
            if not self._own:
                self._end()  # nothing else will strike
        return fault
