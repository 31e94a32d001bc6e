"""Making a fault happen when the night comes to its point, and removing its cause afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flashtwin.context import Context
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Request
from flashtwin.world import Partition

from flashc.check.model import Environment
from flashc.cli.campaign.at_boot import strike_boot
from flashc.cli.campaign.at_request import strike_request
from flashc.cli.campaign.at_statement import strike_statement
from flashc.cli.campaign.kinds import Fault
from flashc.cli.campaign.points import Point, watch
from flashc.cli.campaign.scene import Scene
from flashc.cli.stage import Stage


class Injection:
    """The faults of one night.  `fired` are those that have happened; a fault happens once."""

    def __init__(self, stage: Stage, environment: Environment, faults: tuple[Fault, ...]) -> None:
        self._scene = Scene(stage, environment)
        self._waiting = {(fault.point.place, fault.point.number): fault for fault in faults}
        self.fired: list[Fault] = []
        self._end = watch(stage, self._statement, self._request, self._boot)

    def remove(self) -> None:
        """The cause is gone: what was away is there again, what hangs is ended as an operator would."""
        self._end()
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
        fault = self._waiting.pop((point.place, point.number), None) if self._waiting else None
        if fault is not None:
            self.fired.append(fault)
        return fault
