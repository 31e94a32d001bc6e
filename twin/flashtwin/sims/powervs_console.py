"""The console side of a simulated workspace: instances, their actions and operations, networks.

Rules: docs/platform-facts.md#powervs-instance.  A role that may only look is a viewer of the workspace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from flashtwin.sims import powervs_cloud as cloud
from flashtwin.sims.http import HttpCall
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.powervs_cloud import CloudError, Door
from flashtwin.sims.server import Server
from flashtwin.site import ConsoleSite, ConsoleUser

if TYPE_CHECKING:
    from flashtwin.gate import Gate
    from flashtwin.world import Partition, World

VIEWERS = ("hmcviewer", "hmcpe", "hmcservicerep")
ENDS = {"stop": "osshutdown", "immediate-shutdown": "shutdown-immed"}
KNOWN_ELSEWHERE = ("hard-reboot", "soft-reboot", "reset-state", "dumprestart")
MODES = {"normal": "norm", "manual": "manual"}
SOURCES = ("a", "b", "c", "d")

_CHANGE = re.compile(r"POST /pcloud/v1/cloud-instances/[^/]+/pvm-instances/([^/]+)/(?:action|operations)\b")
_READ = re.compile(r"GET /pcloud/v1/cloud-instances/[^/]+/pvm-instances/[^/ ]+\s*\Z")


class PowerVsConsole:
    """The service as who starts and ends instances sees it."""

    OFF = "SHUTOFF"
    """Its word for an instance that is off."""

    def __init__(self, world: World, config: ConsoleSite) -> None:
        self.world = world
        self.config = config
        self.name = config.name
        self.users: dict[str, ConsoleUser] = {user.name: user for user in config.users}
        instances = "v1/pvm-instances"
        routes = (
            (f"GET {instances}", self._list),
            (rf"GET {instances}/([^/]+)", self._show),
            (rf"POST {instances}/([^/]+)/action", self._action),
            (rf"POST {instances}/([^/]+)/operations", self._operation),
            (r"GET v1/networks/([^/]+)", self._network),
        )
        self.door = Door(
            world, config.name, config.facts, self.users, routes, answer=config.answer, viewers=VIEWERS
        )
        self.door.hangs = config.reach == "hang"

    def server(self, gate: Gate) -> Server:
        """What answers at its addresses."""
        del gate
        return self.door.server()

    def authorise(self, user: str, line: str) -> None:
        """The keys of a service id are known by the names of their files."""
        del user, line

    def reads(self, request: str) -> bool:
        """Whether a request asks for instances."""
        return bool(_READ.match(request))

    def changed_by(self, request: str) -> str | None:
        """Name of the instance whose state a request changes: None if it changes none, "" unknown."""
        match = _CHANGE.match(request)
        if match is None:
            return None
        try:
            return cloud.by_id(self.world, match.group(1)).name
        except CloudError:
            return ""

    # requests

    def _list(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del call, given
        found = [cloud.reference(one) for one in self.world.partitions()]
        return self.door.told({"pvmInstances": found})

    def _show(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del call
        return self.door.told(cloud.instance(self.world, cloud.by_id(self.world, given[0])))

    def _network(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del call
        return self.door.told(cloud.network(self.world, given[0]))

    def _action(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        one = cloud.by_id(self.world, given[0])
        action = cloud.body_of(call, ("action",))["action"]
        if action in KNOWN_ELSEWHERE:
            raise CloudError(403, f"action {action} is not played here")
        if action != "start" and action not in ENDS:
            raise CloudError(400, f"action {action} is not valid")

        def check() -> None:
            if action == "start" and one.state != "Not Activated":
                raise CloudError(400, f"pvm-instance {one.name} must be in SHUTOFF state to start")
            if action == "start" and cloud.lacks_boot(self.world, one):
                raise CloudError(400, f"pvm-instance {one.name} has no boot volume")
            if action in ENDS and not _can_end(one, action):
                raise CloudError(400, f"pvm-instance {one.name} cannot be ended in its present state")

        def act() -> None:
            if action == "start":
                one.power_on(one.curr_profile or next(iter(one.profiles)), one.keylock)
            else:
                one.power_off(ENDS[action])

        return self._logged(call, self.door.done(check, act))

    def _operation(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        one = cloud.by_id(self.world, given[0])
        body = cloud.body_of(call, ("operationType", "operation"))
        operation = body["operation"]
        if body["operationType"] != "boot" or not isinstance(operation, dict):
            raise CloudError(400, "operationType is not played here")
        mode = operation.get("operatingMode", "normal")
        source = operation.get("bootMode", one.ipl_source)
        if mode not in MODES or source not in SOURCES or set(operation) - {"operatingMode", "bootMode"}:
            raise CloudError(400, "operation is not valid")

        def check() -> None:
            if one.state != "Not Activated":
                raise CloudError(400, f"pvm-instance {one.name} must be in SHUTOFF state")

        def act() -> None:
            one.keylock, one.ipl_source = MODES[mode], source

        return self._logged(call, self.door.done(check, act))

    def _logged(self, call: HttpCall, outcome: Outcome) -> Outcome:
        inner, user = outcome.effect, call.connection.user
        assert inner is not None

        def effect() -> Outcome | None:
            changed = inner()
            status = (changed or outcome).status or 0
            text = f"{call.method} {call.path} {call.body.decode('utf-8', 'replace')}"
            self.world.events.log("hmc_command", self.name, text=text, rc=status, user=user)
            return changed

        return replace(outcome, effect=effect)


def _can_end(one: Partition, action: str) -> bool:
    if action == "stop":
        return one.state == "Running" and one.os is not None
    return one.state not in ("Not Activated", "Not Available")
