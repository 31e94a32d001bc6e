"""A simulated Hitachi VSP: `Hitachi.answer(call)` answers one request to its REST interface.

Objects, jobs and states: docs/platform-facts.md#hitachi.  The site's volumes are logical devices, their names
the numbers; its `copies` are snapshot groups in consistency group mode, made by the administrator, each pair
with its secondary volume.  A change is a job: the reply waits for its end where the request says so.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

from flashtwin.sims.array import Array
from flashtwin.sims.http import HttpCall, HttpOutcome, https_server, json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Server
from flashtwin.sims.volumes import Host, Pool, Volume
from flashtwin.site import ArraySite, ArrayUser

if TYPE_CHECKING:
    from flashtwin.gate import Gate
    from flashtwin.world import World

Item: TypeAlias = "dict[str, Any]"

ROOT = ("ConfigurationManager", "v1", "objects", "storages")
READERS = ("Monitor", "Service")
MOST_SESSIONS = 64
MOST_LDEVS = 16384
BLOCK = 512
PORTS = ("CL1-A", "CL2-A")
"""Each WWPN of a host is in a host group of its name on one of these."""

PAIR, COPY, PSUS, PSUE, RCPY = "PAIR", "COPY", "PSUS", "PSUE", "RCPY"
WORDS = {PAIR: "PREPARED", COPY: "PREPARING", PSUS: "ACTIVE", PSUE: "LOST", RCPY: "FOREIGN"}
_SPLIT = re.compile(
    r"POST /ConfigurationManager/v1/objects/storages/\d+/snapshot-groups/([^/ ]+)/actions/split/"
)


class HitachiError(Exception):
    """The array refuses: HTTP status, message id, text."""

    def __init__(self, status: int, message_id: str, text: str) -> None:
        self.status = status
        self.message_id = message_id
        super().__init__(text)


@dataclass(slots=True)
class Session:
    """A session: its number and user, and when it was used last."""

    number: int
    user: ArrayUser
    used: float


@dataclass(slots=True, eq=False)
class Pair:
    """A Thin Image pair of a snapshot group; `mirror` is its MU number."""

    source: Volume
    target: Volume | None
    mirror: int
    status: str
    split: float | None = None


@dataclass(slots=True)
class Group:
    """A snapshot group; with `consistent` its pairs are split at one instant."""

    name: str
    pairs: list[Pair] = field(default_factory=list)
    consistent: bool = True


@dataclass(frozen=True, slots=True)
class Mirror:
    """A device in remote copy (TC, UR, GAD): its side here and its status."""

    device: str
    kind: str = "UR"
    side: str = "S-VOL"
    status: str = "PAIR"


class Hitachi(Array):
    """An array with its users and their passwords.

    `per_second` limits requests (0: no limit); `locked_by` is who has locked the resource group.  A pool
    suspends its pairs, where `suspends` is set, when more than `depletion` percent of it are used;
    `compression` above 1 is how much less its drives hold than it shows.
    """

    prepares = True

    def __init__(self, world: World, config: ArraySite) -> None:
        super().__init__(world, config)
        self.serial = config.facts.get("serial", "886000123456")
        self.per_second = 0
        self.locked_by = ""
        self.suspends = True
        self.depletion = 80
        self.compression = 1.0
        self.sessions: dict[str, Session] = {}
        self.jobs: dict[int, Item] = {}
        self.mirrors: list[Mirror] = []
        self._asked: deque[float] = deque()
        self._made = 0
        self.groups: dict[str, Group] = {}
        for copy in config.copies:
            name = copy.parts.get("group", copy.name)
            taken = self.time_of(copy.taken) if copy.taken else None
            status = PSUS if taken is not None else PAIR
            pairs = [Pair(s, t, 3, status, taken) for s, t in self.pairs[copy.name]]
            self.groups[name] = Group(name, pairs)

    # what the twin asks

    def server(self, gate: Gate) -> Server:
        """What answers at its addresses: HTTPS."""
        del gate
        return https_server(self.name, self.answer)

    def starts(self, request: str, group: str) -> bool:
        """Whether a request splits the snapshot group of a copy."""
        found = _SPLIT.match(request)
        return found is not None and unquote(found.group(1)) == self._group_of(group)

    def reads(self, request: str) -> bool:
        """Whether a request asks for snapshot groups."""
        return request.startswith("GET ") and "/snapshot-groups" in request

    def _group_of(self, copy: str) -> str:
        return next((one.parts.get("group", copy) for one in self.config.copies if one.name == copy), copy)

    def _copy_of(self, group: str) -> str:
        return next((c.name for c in self.config.copies if c.parts.get("group", c.name) == group), group)

    # requests

    def answer(self, call: HttpCall) -> Outcome:
        """What the array does with a request.  Never raises for any request."""
        if self.config.reach == "hang":
            return HttpOutcome(None, duration_s=self.config.answer, hang=True)
        if self._too_many():
            return self._refused(HitachiError(503, "KART00003-E", "The REST API server is busy."))
        try:
            return self._routed(call)
        except HitachiError as error:
            return self._refused(error)

    def _routed(self, call: HttpCall) -> Outcome:
        segments = call.segments
        if segments[:4] != ROOT or len(segments) < 5:
            raise HitachiError(404, "KART40042-E", "The specified resource does not exist.")
        if segments[4] != self.serial:
            raise HitachiError(404, "KART40044-E", "The storage system is not registered.")
        rest = segments[5:]
        if not rest and call.method == "GET":
            return self._reply({"storageDeviceId": self.serial, "model": "VSP 5200", "serialNumber": 23456,
                                "dkcMicroVersion": "90-09-21/00"})  # fmt: skip
        if rest == ("sessions",) and call.method == "POST":
            return self._log_in(call)
        session = self._session(call)
        call.log_in(session.user.name)
        if call.method == "DELETE" and rest == ("sessions", str(session.number)):
            self.sessions = {token: one for token, one in self.sessions.items() if one is not session}
            return self._reply({})
        if call.method == "GET":
            return self._read(rest, call.query)
        if call.method == "POST" and len(rest) == 5 and rest[0] == "snapshot-groups" and rest[4] == "invoke":
            return self._act(call, session.user, rest[1], rest[3])
        raise HitachiError(404, "KART40042-E", "The specified resource does not exist.")

    # sessions

    def _log_in(self, call: HttpCall) -> Outcome:
        given = call.headers.get("authorization", "")
        user = next(
            (
                user
                for name, user in self.users.items()
                if any(given == _basic(name, key) for key in self.keys[name])
            ),
            None,
        )
        if user is None or user.expired or call.refused:
            raise HitachiError(401, "KART40047-E", "User authentication failed.")
        self._forget()
        if len(self.sessions) >= MOST_SESSIONS:
            raise HitachiError(503, "KART40045-E", "The maximum number of sessions was reached.")
        self._made += 1
        token = hashlib.sha256(f"{self.name} session {self._made}".encode()).hexdigest()[:32]
        self.sessions[token] = Session(self._made, user, self.world.now)
        call.log_in(user.name)
        return self._reply({"token": token, "sessionId": self._made})

    def _session(self, call: HttpCall) -> Session:
        self._forget()
        token = call.headers.get("authorization", "").removeprefix("Session ")
        session = self.sessions.get(token)
        if session is None or session.user.expired or call.refused:
            raise HitachiError(401, "KART40046-E", "The session token is not valid.")
        session.used = self.world.now
        return session

    def _forget(self) -> None:
        end = self.world.now - min(300.0, self.config.token_life)
        self.sessions = {token: one for token, one in self.sessions.items() if one.used > end}

    def _too_many(self) -> bool:
        now = self.world.now
        while self._asked and self._asked[0] <= now - 1.0:
            self._asked.popleft()
        if self.per_second and len(self._asked) >= self.per_second:
            return True
        self._asked.append(now)
        return False

    # reading

    def _read(self, rest: Sequence[str], query: dict[str, str]) -> Outcome:
        if rest == ("snapshot-groups",):
            return self._listed([{"snapshotGroupName": n, "snapshotGroupId": n} for n in self.groups])
        if len(rest) == 2 and rest[0] == "snapshot-groups":
            group = self._group(rest[1])
            return self._reply({
                "snapshotGroupName": group.name, "snapshotGroupId": group.name,
                "snapshots": [self._pair(group, one) for one in group.pairs],
            })  # fmt: skip
        if rest == ("ldevs",):
            return self._ldevs(query)
        if len(rest) == 2 and rest[0] == "ldevs":
            return self._reply(self._ldev(self._volume(rest[1])))
        if rest == ("remote-copypairs",):
            return self._remote(query.get("replicationType", ""))
        if rest == ("host-groups",):
            return self._listed([
                {"portId": port, "hostGroupNumber": number, "hostGroupName": host.name}
                for host, port, number, _ in self._host_groups()
            ])  # fmt: skip
        if rest in (("luns",), ("host-wwns",)):
            return self._of_host_group(rest[0], query)
        if len(rest) == 2 and rest[0] == "pools":
            return self._pool(rest[1])
        if len(rest) == 2 and rest[0] == "jobs" and rest[1].isdigit() and int(rest[1]) in self.jobs:
            return self._reply(self.jobs[int(rest[1])])
        raise HitachiError(404, "KART30013-E", "The specified object does not exist.")

    def _group(self, name: str) -> Group:
        if name not in self.groups or not self.groups[name].pairs:
            raise HitachiError(404, "KART30013-E", "The specified object does not exist.")
        return self.groups[name]

    def _volume(self, name: str) -> Volume:
        if name not in self.volumes:
            raise HitachiError(404, "KART30013-E", "The specified object does not exist.")
        return self.volumes[name]

    def _pair(self, group: Group, one: Pair) -> Item:
        item: Item = {
            "snapshotGroupName": group.name, "primaryOrSecondary": "P-VOL", "status": one.status,
            "pvolLdevId": int(one.source.name), "muNumber": one.mirror,
            "snapshotPoolId": list(self.pools.values()).index(one.source.pool), "concordanceRate": 100,
            "isConsistencyGroup": group.consistent, "isWrittenInSvol": False, "isClone": False,
            "canCascade": False, "snapshotId": f"{one.source.name},{one.mirror}",
        }  # fmt: skip
        if one.target is not None:
            item["svolLdevId"] = int(one.target.name)
        if one.status == PSUS and one.split is not None:
            local = dt.datetime.fromtimestamp(one.split, dt.UTC) + self.offset
            item["splitTime"] = local.strftime("%Y-%m-%dT%H:%M:%S")
        return item

    def _ldev(self, one: Volume) -> Item:
        ports = [
            {"portId": port, "hostGroupNumber": number, "hostGroupName": host.name,
             "lun": host.volumes.index(one)}
            for host, port, number, _ in self._host_groups()
            if one in host.volumes
        ]  # fmt: skip
        return {
            "ldevId": int(one.name), "emulationType": "OPEN-V-CVS", "blockCapacity": one.size // BLOCK,
            "numOfUsedBlock": one.used(self.world.now) // BLOCK, "status": "NML" if one.online else "BLK",
            "naaId": one.uid.lower(), "poolId": list(self.pools.values()).index(one.pool),
            "attributes": self._attributes(one), "numOfPorts": len(ports), "ports": ports,
        }  # fmt: skip

    def _attributes(self, one: Volume) -> list[str]:
        kinds = {mirror.kind for mirror in self.mirrors if mirror.device == one.name}
        return ["CVS", "HDP", *sorted({"GAD": "GAD", "UR": "UR"}.get(kind, "HORC") for kind in kinds)]

    def _remote(self, kind: str) -> Outcome:
        if kind not in ("TC", "UR", "GAD"):
            raise HitachiError(400, "KART40038-E", "The value of a query parameter is not correct.")
        return self._listed([
            {"replicationType": kind, "ldevId": int(one.device), "remoteSerialNumber": "23457",
             "remoteStorageTypeId": "R9", "remoteLdevId": 4096, "primaryOrSecondary": one.side,
             "muNumber": 0, "status": one.status, "isSSWS": one.status == "SSWS"}
            for one in self.mirrors if one.kind == kind
        ])  # fmt: skip

    def _ldevs(self, query: dict[str, str]) -> Outcome:
        """Devices from a number on, 100 where the request does not say how many.  All of them are defined."""
        first, count = query.get("headLdevId", "0"), query.get("count", "100")
        if not first.isdigit() or not count.isdigit() or not 1 <= int(count) <= MOST_LDEVS:
            raise HitachiError(400, "KART40038-E", "The value of a query parameter is not correct.")
        found = sorted(self.volumes.values(), key=lambda one: int(one.name))
        listed = [one for one in found if int(one.name) >= int(first)][: int(count)]
        return self._listed([self._ldev(one) for one in listed])

    def _host_groups(self) -> list[tuple[Host, str, int, str]]:
        """Host, port, number and WWPN of each host group."""
        return [
            (host, PORTS[place % len(PORTS)], number, port)
            for number, host in enumerate(self.hosts.values(), 1)
            for place, port in enumerate(host.wwpns or ("",))
        ]

    def _of_host_group(self, what: str, query: dict[str, str]) -> Outcome:
        for host, port, number, wwpn in self._host_groups():
            if (port, str(number)) != (query.get("portId"), query.get("hostGroupNumber")):
                continue
            if what == "luns":
                return self._listed([{"ldevId": int(v.name), "lun": n} for n, v in enumerate(host.volumes)])
            return self._listed([{"hostWwn": wwpn.lower()}] if wwpn else [])
        raise HitachiError(400, "KART40038-E", "The port or the host group number is not correct.")

    def _pool(self, text: str) -> Outcome:
        pools = list(self.pools.values())
        if not text.isdigit() or int(text) >= len(pools):
            raise HitachiError(404, "KART30013-E", "The specified object does not exist.")
        pool = pools[int(text)]
        used = pool.other_used + sum(v.used(self.world.now) for v in self.volumes.values() if v.pool is pool)
        rate = min(100, 100 * used // pool.capacity)
        return self._reply({
            "poolId": int(text), "poolName": pool.name, "poolStatus": "POLN", "usedCapacityRate": rate,
            "totalPoolCapacity": pool.capacity // 2**20,
            "availableVolumeCapacity": max(0, pool.capacity - used) // 2**20,
            "warningThreshold": 70, "depletionThreshold": self.depletion, "suspendSnapshot": self.suspends,
            **(self._drives(pool, used) if self.compression > 1 else {}),
        })  # fmt: skip

    def _drives(self, pool: Pool, used: int) -> Item:
        """What the drives of a pool hold, which compress: here nothing that is written can be."""
        whole = int(pool.capacity / self.compression)
        return {
            "totalPhysicalCapacity": whole // 2**20,
            "usedPhysicalCapacityRate": min(100, 100 * used // whole),
            "availablePhysicalVolumeCapacity": max(0, whole - used) // 2**20,
        }

    # changing

    def _act(self, call: HttpCall, user: ArrayUser, name: str, action: str) -> Outcome:
        """A job on a snapshot group: split, or resync; others are not asked of this array."""
        group = self._group(name)
        acts: dict[str, Callable[[Group, str], None]] = {"split": self._split, "resync": self._resync}
        if user.role in READERS:
            raise HitachiError(403, "KART40048-E", "The user does not have the permission.")
        if action not in acts:
            raise HitachiError(404, "KART40042-E", "The specified action does not exist.")
        if call.body not in (b"", b"{}"):
            raise HitachiError(400, "KART40030-E", "The request body is not correct.")
        if self.locked_by:
            raise HitachiError(409, "KART40050-E", "The resource group is locked by another user.")
        number = len(self.jobs) + 1
        self.jobs[number] = self._job(number, user, "Running", "Started")
        text = f"{call.method} {call.path}"

        def run() -> None:
            try:
                acts[action](group, user.name)
            except HitachiError as error:
                self.jobs[number] = {
                    **self._job(number, user, "Completed", "Failed"), "error": self._described(error)
                }  # fmt: skip
                self.command(user.name, text, error.status)
            else:
                self.jobs[number] = {
                    **self._job(number, user, "Completed", "Succeeded"),
                    "affectedResources": [f"/ConfigurationManager/v1/objects/snapshot-groups/{name}"],
                }
                self.command(user.name, text, 0)

        wait = call.headers.get("response-max-wait", "0")
        waits = call.headers.get("response-job-status", "").startswith("Completed") and wait.isdigit()
        if not waits or int(wait) < self.config.answer:
            self.world.scheduler.at(self.world.now + self.config.answer, run)
            return json_outcome(self.jobs[number], 202, duration_s=min(0.1, self.config.answer))

        def effect() -> Outcome | None:
            run()
            return json_outcome(self.jobs[number], 202, duration_s=self.config.answer)

        return json_outcome(self.jobs[number], 202, duration_s=self.config.answer, effect=effect)

    def _split(self, group: Group, user: str) -> None:
        """Pairs that are split already are left as they are, and the job succeeds."""
        wrong = [one.status for one in group.pairs if one.status not in (PAIR, PSUS)]
        if wrong:
            raise HitachiError(500, "KART30000-E", f"2E13/9700: pair status is {wrong[0]}")
        whole = [one for one in group.pairs if one.status == PAIR]
        if not whole:
            return
        if self.world.now and any(self._full(one) for one in whole):
            for one in whole:
                one.status = PSUE
            self.show(self._copy_of(group.name), "psue", "LOST")
            raise HitachiError(500, "KART30000-E", "2E30/0007: the pool has no space left")
        pairs = [(one.source, one.target) for one in whole if one.target is not None]
        if group.consistent:
            self.take(self._copy_of(group.name), pairs, user)
        else:
            # Without the mode each pair has an instant of its own.
            for pair in pairs:
                self.take(self._copy_of(group.name), [pair], user)
        for one in whole:
            one.status, one.split = PSUS, self.world.now
        self.show(self._copy_of(group.name), "psus", "ACTIVE")

    def _full(self, one: Pair) -> bool:
        pool = one.source.pool
        used = sum(v.used(self.world.now) for v in self.volumes.values() if v.pool is pool)
        most = min(self.depletion / 100.0 if self.suspends else 1.0, 1.0 / self.compression)
        return pool.other_used + used >= pool.capacity * most

    def _resync(self, group: Group, user: str) -> None:
        """The snapshot is given up: secondary volumes are lost until the next split.

        Only pairs that are split or suspended are brought back; the others are left as they are, and the job
        succeeds.
        """
        del user
        again = [one for one in group.pairs if one.status in (PSUS, PSUE)]
        if not again:
            return
        self.lose([one.target for one in again if one.target is not None])
        for one in again:
            one.status, one.split = COPY, None
        self.show(self._copy_of(group.name), "copy", "PREPARING")

        def paired() -> None:
            for one in again:
                if one.status == COPY:
                    one.status = PAIR
            self.show(self._copy_of(group.name), "pair", "PREPARED")

        self.world.scheduler.at(self.world.now + self.config.prepare, paired)

    # helpers

    def _job(self, number: int, user: ArrayUser, status: str, state: str) -> Item:
        return {"jobId": number, "userId": user.name, "status": status, "state": state,
                "affectedResources": []}  # fmt: skip

    def _listed(self, items: list[Item]) -> Outcome:
        return self._reply({"data": items})

    def _reply(self, document: Item) -> Outcome:
        return json_outcome(document, duration_s=self.config.answer)

    def _refused(self, error: HitachiError) -> Outcome:
        return json_outcome(self._described(error), error.status, duration_s=self.config.answer)

    def _described(self, error: HitachiError) -> Item:
        return {"errorSource": "/ConfigurationManager", "message": str(error), "messageId": error.message_id,
                "cause": "", "solution": ""}  # fmt: skip


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
