"""The storage side of a simulated workspace of Power Virtual Server: volumes, their clones, attachments.

Requests, replies and rules: docs/platform-facts.md#powervs-clone.  A volumes-clone request goes through
prepare, start and execute; start is the instant of all its volumes, execute makes new volumes of it.  No
volume is ever overwritten: the new ones are attached to an instance that is off, and one of them is made its
boot volume.  What takes time does so after the reply.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flashtwin.sims import powervs_cloud as cloud
from flashtwin.sims.array import Array
from flashtwin.sims.http import HttpCall
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.powervs_cloud import CloudError, Door, body_of
from flashtwin.sims.server import Server
from flashtwin.sims.volumes import GIB, Host, Volume
from flashtwin.site import ARRAY_FAMILIES, ArraySite, CopySite

if TYPE_CHECKING:
    from flashtwin.gate import Gate
    from flashtwin.world import Partition, World

VIEWERS = ("Monitor", "Service")
LEAST = 2
"""Volumes that a volumes-clone request must have."""

NAME = 20
"""Characters of the base name that the names of several clones keep."""

EXECUTE_S = 60.0
ATTACH_S = 20.0
DETACH_S = 15.0
CANCEL_S = 10.0
"""What these take behind their reply: our own choice."""

_READING = re.compile(r"GET /pcloud/v2/cloud-instances/[^/]+/volumes-clone")
_START = re.compile(r"POST /pcloud/v2/cloud-instances/[^/]+/volumes-clone/([^/]+)/start")


@dataclass(slots=True, eq=False)
class Request:
    """A volumes-clone request: its volumes, how far it is, and what its clones are to be."""

    id: str
    name: str
    volumes: list[Volume]
    status: str
    action: str
    percent: int
    created: float
    updated: float
    failure: str = ""
    clones: list[Volume] = field(default_factory=list)
    shown: bool = False
    """Whether the clones are volumes of the workspace: after execute."""


class PowerVs(Array):
    """The service as who copies volumes sees it.  The site's hosts are instances by their names.

    `fails` is why the next action of a request fails, "" for none.
    """

    prepares = True

    makes = True

    def __init__(self, world: World, config: ArraySite) -> None:
        super().__init__(world, config)
        self.fails = ""
        self.states: dict[str, str] = {}
        self.deleted: list[Volume] = []
        self.boot = {host.name: host.volumes[0] for host in self.hosts.values() if host.volumes}
        self.requests: list[Request] = []
        self._count = 0
        for copy in config.copies:
            if copy.state:
                self._from_before(copy)
        volumes, instances, clones = "v1/volumes", "v1/pvm-instances", "v2/volumes-clone"
        routes = (
            (f"GET {instances}", self._instances),
            (rf"GET {instances}/([^/]+)", self._instance),
            (rf"GET {instances}/([^/]+)/volumes", self._attached),
            (rf"PUT {instances}/([^/]+)/volumes/([^/]+)/setboot", self._set_boot),
            (r"POST v2/pvm-instances/([^/]+)/volumes", self._attach),
            (r"DELETE v2/pvm-instances/([^/]+)/volumes", self._detach),
            (f"GET {volumes}", self._list),
            (rf"GET {volumes}/([^/]+)", self._show),
            (rf"DELETE {volumes}/([^/]+)", self._delete),
            (r"GET v1/storage-capacity/storage-pools/([^/]+)", self._capacity),
            (f"GET {clones}", self._requests),
            (f"POST {clones}", self._prepare),
            (rf"GET {clones}/([^/]+)", self._request),
            (rf"DELETE {clones}/([^/]+)", self._forget),
            (rf"POST {clones}/([^/]+)/start", self._start),
            (rf"POST {clones}/([^/]+)/execute", self._execute),
            (rf"POST {clones}/([^/]+)/cancel", self._cancel),
        )
        self.door = Door(
            world, config.name, config.facts, self.users, routes, answer=config.answer, viewers=VIEWERS
        )
        self.door.hangs = config.reach == "hang"

    def _from_before(self, copy: CopySite) -> None:
        """A request of an evening before, with its clones."""
        at = self.began(copy.name) or self.world.now
        made = self._new(
            f"{copy.parts['name']}-before", [self.volumes[source] for source, _ in copy.pairs], at
        )
        made.status, made.action, made.percent, made.shown = "completed", "execute", 100, True
        made.clones = [self.volumes[target] for _, target in copy.pairs]

    # what the twin asks

    def server(self, gate: Gate) -> Server:
        """What answers at its addresses."""
        del gate
        return self.door.server()

    def starts(self, request: str, group: str) -> bool:
        """Whether a request takes the instant of a copy."""
        match = _START.match(request)
        one = next((one for one in self.requests if match and one.id == match.group(1)), None)
        return one is not None and self._copy_of(one) == group

    def reads(self, request: str) -> bool:
        """Whether a request asks for volumes-clone requests."""
        return bool(_READING.match(request))

    def members(self, group: str) -> list[tuple[Volume, Volume]]:
        """The volumes of the last request of a copy that was executed, and their clones."""
        own = [one for one in self.requests if one.shown and one.clones and self._copy_of(one) == group]
        return list(zip(own[-1].volumes, own[-1].clones, strict=True)) if own else []

    # instances and volumes

    def _instances(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del call, given
        found = [cloud.reference(one) for one in self.world.partitions()]
        return self.door.told({"pvmInstances": found})

    def _instance(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del call
        return self.door.told(cloud.instance(self.world, cloud.by_id(self.world, given[0])))

    def _attached(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del call
        host = self._host_of(cloud.by_id(self.world, given[0]))
        found = [
            {**self._described(one), "bootVolume": self.boot.get(host.name) is one} for one in host.volumes
        ]
        return self.door.told({"volumes": found})

    def _list(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del call, given
        return self.door.told({"volumes": [self._described(one) for one in self.volumes.values()]})

    def _show(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del call
        return self.door.told(self._described(self._volume(given[0])))

    def _described(self, one: Volume) -> dict[str, Any]:
        users = [cloud.instance_id(p) for p in self.world.partitions() if one in self._host_of(p).volumes]
        state = self.states.get(one.uid) or ("in-use" if users else "available")
        return {
            "volumeID": cloud.volume_id(one.uid),
            "name": one.name,
            "wwn": one.uid,
            "size": one.size / GIB,
            "state": state if one.online else "error",
            "pvmInstanceIDs": users,
            "volumePool": one.pool.name,
            "diskType": "tier1",
            "bootable": one in self.boot.values(),
            "shareable": False,
            "creationDate": cloud.stamp(self.world.now - 86400.0),
            "lastUpdateDate": cloud.stamp(self.world.now),
        }

    def _capacity(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del call
        if given[0] not in self.pools:
            raise CloudError(404, f"storage pool {given[0]} does not exist")
        pool = self.pools[given[0]]
        used = pool.other_used + sum(one.size for one in self.volumes.values() if one.pool is pool)
        free = max(0, pool.capacity - used)
        capacity = {"poolName": pool.name, "storageType": "tier1"}
        sizes = {"totalCapacity": pool.capacity // GIB, "maxAllocationSize": free // GIB}
        return self.door.told({**capacity, **sizes})

    def _attach(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        partition = cloud.by_id(self.world, given[0])
        host = self._host_of(partition)
        wanted = [self._volume(one) for one in body_of(call, ("volumeIDs",))["volumeIDs"]]

        def check() -> None:
            self._must_be_off(partition)
            for one in wanted:
                if self._described(one)["state"] != "available":
                    raise CloudError(409, f"volume {one.name} is not available")

        def done() -> None:
            for one in wanted:
                self.states.pop(one.uid, None)
            host.volumes += wanted
            partition.volumes += wanted
            self._came(host)

        def act() -> dict[str, Any]:
            for one in wanted:
                self.states[one.uid] = "attaching"
            self._later(ATTACH_S, done)
            return {"summary": f"{len(wanted)} volumes are being attached"}

        return self._change(call, check, act, 202)

    def _detach(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        partition = cloud.by_id(self.world, given[0])
        host = self._host_of(partition)
        asked = body_of(call, (), ("volumeIDs", "detachAllVolumes", "detachPrimaryBootVolume"))
        whole = bool(asked.get("detachAllVolumes"))
        wanted = list(host.volumes) if whole else [self._volume(one) for one in asked.get("volumeIDs", [])]

        def check() -> None:
            self._must_be_off(partition)
            if not wanted or not all(one in host.volumes for one in wanted):
                raise CloudError(400, "a volume is not attached to the pvm-instance")
            if self.boot.get(host.name) in wanted and not asked.get("detachPrimaryBootVolume"):
                raise CloudError(400, "the primary boot volume is not detached without being asked for")

        def done() -> None:
            for one in wanted:
                if one in host.volumes:
                    host.volumes.remove(one)
                self.states.pop(one.uid, None)
            partition.volumes[:] = [one for one in partition.volumes if one not in wanted]
            if self.boot.get(host.name) in wanted:
                del self.boot[host.name]
            for copy in self.config.copies:
                if any(one in [target for _, target in self.members(copy.name)] for one in wanted):
                    self.show(copy.name, "detached", "FREE")

        def act() -> dict[str, Any]:
            for one in wanted:
                self.states[one.uid] = "detaching"
            self._later(DETACH_S, done)
            return {"summary": f"{len(wanted)} volumes are being detached"}

        return self._change(call, check, act, 202)

    def _set_boot(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        host, one = self._host_of(cloud.by_id(self.world, given[0])), self._volume(given[1])

        def check() -> None:
            if one not in host.volumes:
                raise CloudError(400, f"volume {one.name} is not attached to the pvm-instance")

        def act() -> None:
            self.boot[host.name] = one
            self._came(host)

        return self._change(call, check, act)

    def _came(self, host: Host) -> None:
        """All clones are attached to the instance, and it can be started from them."""
        for copy in self.config.copies:
            clones = [target for _, target in self.members(copy.name)]
            if clones and all(one in host.volumes for one in clones) and self.boot.get(host.name) in clones:
                self.presented(copy.name, "attached")

    def _delete(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        one = self._volume(given[0])

        def check() -> None:
            self._volume(given[0])
            if self._described(one)["state"] not in ("available", "error"):
                raise CloudError(409, f"volume {one.name} is attached")

        def act() -> None:
            self.volumes = {name: volume for name, volume in self.volumes.items() if volume is not one}
            self.deleted.append(one)
            self.lose([one])

        return self._change(call, check, act)

    # volumes-clone requests

    def _requests(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del call, given
        return self.door.told({"volumesClone": [self._told(one) for one in self.requests]})

    def _request(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del call
        one = self._by_id(given[0])
        pairs = zip(one.volumes, one.clones, strict=True) if one.shown else ()
        clones = [{"source": _info(source), "clone": _info(target)} for source, target in pairs]
        return self.door.told({**self._told(one), **({"clonedVolumes": clones} if clones else {})})

    def _told(self, one: Request) -> dict[str, Any]:
        return {
            "volumesCloneID": one.id,
            "name": one.name,
            "status": one.status,
            "action": one.action,
            "percentComplete": one.percent,
            "creationDate": cloud.stamp(one.created),
            "lastUpdateDate": cloud.stamp(one.updated),
            **({"failureMessage": one.failure} if one.failure else {}),
        }

    def _prepare(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        del given
        asked = body_of(call, ("name", "volumeIDs"))
        wanted = [self._volume(one) for one in asked["volumeIDs"]]

        def check() -> None:
            if any(one.name == asked["name"] for one in self.requests):
                raise CloudError(409, f"a volumes-clone request with the name {asked['name']} exists")
            if len(wanted) < LEAST or len(set(map(id, wanted))) != len(wanted):
                raise CloudError(400, "at least two volumes are required")
            states = [self._described(one)["state"] for one in wanted]
            if "in-use" not in states or "error" in states or len({id(one.pool) for one in wanted}) > 1:
                raise CloudError(400, "the volumes cannot be cloned together")

        def act() -> dict[str, Any]:
            one = self._new(asked["name"], wanted, self.world.now)
            self._show_state(one, "preparing", "PREPARING")
            self._go(one, "prepare", self.config.prepare, "prepared", "PREPARED")
            return self._told(one)

        return self._change(call, check, act, 202)

    def _start(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        one = self._by_id(given[0])
        user = call.connection.user

        def check() -> None:
            if one.status != "prepared":
                raise CloudError(409, f"the volumes-clone request is {one.status}, not prepared")

        def act() -> dict[str, Any]:
            one.status, one.action, one.percent, one.updated = "available", "start", 100, self.world.now
            one.clones = [self._clone(source, n) for n, source in enumerate(one.volumes, 1)]
            pairs = list(zip(one.volumes, one.clones, strict=True))
            copy = self._copy_of(one)
            if copy:
                self.take(copy, pairs, user)
                self._show_state(one, "available", "TAKEN")
            else:
                self.world.copies.take(pairs)
            return self._told(one)

        return self._change(call, check, act)

    def _execute(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        one = self._by_id(given[0])
        more = ("rollbackPrepare", "targetStorageTier", "targetReplicationEnabled")
        base = body_of(call, ("name",), more)["name"]

        def check() -> None:
            if one.status != "available":
                raise CloudError(409, f"the volumes-clone request is {one.status}, not available")

        def done() -> None:
            one.shown = True
            digits = int(one.id[:8], 16) % 90000 + 10000
            for n, target in enumerate(one.clones, 1):
                target.name = f"clone-{str(base)[:NAME]}-{digits}-{n}"
                self.volumes[target.name] = target

        def act() -> dict[str, Any]:
            self._go(one, "execute", EXECUTE_S, "completed", "TAKEN", done)
            return self._told(one)

        return self._change(call, check, act, 202)

    def _cancel(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        one = self._by_id(given[0])
        force = body_of(call, (), ("force",)).get("force", False)

        def check() -> None:
            if one.status not in ("prepared", "available") and not force:
                raise CloudError(
                    409, f"the volumes-clone request is {one.status}, it is cancelled by force only"
                )

        def done() -> None:
            self.lose(one.clones)
            one.clones = []

        def act() -> dict[str, Any]:
            one.status = "cancelling"
            self._go(one, "cancel", CANCEL_S, "cancelled", "FREE", done)
            return self._told(one)

        return self._change(call, check, act, 202)

    def _forget(self, call: HttpCall, given: Sequence[str]) -> Outcome:
        one = self._by_id(given[0])

        def check() -> None:
            if one.status not in ("completed", "cancelled", "failed"):
                raise CloudError(409, f"the volumes-clone request is {one.status}")

        def act() -> None:
            self.requests = [found for found in self.requests if found is not one]

        return self._change(call, check, act)

    # parts

    def _new(self, name: str, volumes: list[Volume], at: float) -> Request:
        self._count += 1
        made = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.name} request {self._count}"))
        one = Request(made, name, volumes, "preparing", "prepare", 0, at, at)
        self.requests.append(one)
        return one

    def _clone(self, source: Volume, n: int) -> Volume:
        """A volume that is none of the workspace's yet."""
        place = 0x10000 + self._count * 0x100 + n
        uid = f"{ARRAY_FAMILIES['powervs']}{self.config.id[-11:]}{place:012X}"
        name = f"clone of {source.name}"
        return Volume(place, name, uid, source.size, source.pool, source.thin, True, source.written, 0)

    def _go(
        self,
        one: Request,
        action: str,
        seconds: float,
        status: str,
        word: str,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        """An action that is under way from now on, and what it ends in."""
        one.action, one.percent, one.updated = action, 10, self.world.now
        if one.status not in ("preparing", "cancelling"):
            one.status = f"{action[:-1]}ing"

        def end() -> None:
            if self.fails:
                one.status, one.failure, self.fails = "failed", self.fails, ""
                self._show_state(one, "failed", "FAILED")
                return
            done()
            one.status, one.percent, one.updated = status, 100, self.world.now
            self._show_state(one, status, word)

        self._later(seconds, end)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        self.world.scheduler.at(self.world.now + seconds, act)

    def _show_state(self, one: Request, state: str, word: str) -> None:
        copy = self._copy_of(one)
        if copy:
            self.show(copy, state, word)

    def _copy_of(self, one: Request) -> str:
        """The copy of the site that a request is for, by its name."""
        for copy in self.config.copies:
            if one.name.startswith(f"{copy.parts.get('name', copy.name)}-"):
                return copy.name
        return ""

    def _by_id(self, wanted: str) -> Request:
        found = next((one for one in self.requests if one.id == wanted), None)
        if found is None:
            raise CloudError(404, f"volumes-clone request {wanted} does not exist")
        return found

    def _volume(self, wanted: object) -> Volume:
        found = next((one for one in self.volumes.values() if cloud.volume_id(one.uid) == wanted), None)
        if found is None:
            raise CloudError(404, f"volume {wanted} does not exist")
        return found

    def _host_of(self, partition: Partition) -> Host:
        return self.hosts.get(partition.host) or Host(0, partition.name, (), [])

    def _must_be_off(self, partition: Partition) -> None:
        if partition.state != "Not Activated":
            raise CloudError(409, f"pvm-instance {partition.name} must be in SHUTOFF state")

    def _change(
        self, call: HttpCall, check: Callable[[], None], act: Callable[[], object], status: int = 200
    ) -> Outcome:
        text = f"{call.method} {call.path} {call.body.decode('utf-8', 'replace')}".rstrip()
        user = call.connection.user

        def told() -> object:
            made = act()
            self.command(user, text, 0)
            return made

        try:
            return self.door.done(check, told, status)
        except CloudError as error:
            self.command(user, text, error.status)
            raise


def _info(one: Volume) -> dict[str, str]:
    return {"volumeID": cloud.volume_id(one.uid), "name": one.name}
