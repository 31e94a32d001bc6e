"""A simulated VMAX or PowerMax behind Unisphere's REST interface: SnapVX snapshots of storage groups.

By SYMCLI it is `flashtwin.sims.symcli`.  Requests, replies and rules: docs/platform-facts.md#powermax.  A
snapshot of a storage group is one instant of all its volumes; a link shows it on another group, nocopy or
copied; relink shows another instant there.  Snapshots of one name are told apart by a snapshot id, or on
older systems by a generation, which is 0 for the newest and moves with each new one.  Changes take effect at
the reply.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flashtwin.events import Event
from flashtwin.keys import secret_text
from flashtwin.sims.array import Array, belongs_to
from flashtwin.sims.http import HttpCall, HttpOutcome, https_server, json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Server
from flashtwin.sims.symcli import Symcli
from flashtwin.sims.volumes import GIB, Volume
from flashtwin.site import ArraySite, ArrayUser

if TYPE_CHECKING:
    from flashtwin.gate import Gate
    from flashtwin.world import World

READ_ONLY = ("Monitor", "Service")
MOST_SNAPSHOTS = 256
VIEW_MOST = 61
"""Characters of the name of a masking view, of 64, beside its ending."""
"""Snapshots that one source may have."""

REDUCED = 6079
"""The first code of arrays (PowerMaxOS 10) whose pools tell what data take before and after reduction."""

LISTS_SINCE = (10, 1)
"""The first Unisphere that lists objects with the members that one asks for."""

PAGE = 1000
"""Entries of the first page of a long list."""

_READING = re.compile(r"GET /univmax/restapi/\d+/replication/.*/snapshot/|/\S*/symsnapvx .* list ")


class RestError(Exception):
    """The request is refused: HTTP status and message."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Srdf:
    """The pair of a volume in SRDF: its side here, state and mode of the pair, what a host may do here."""

    side: str = "R2"
    state: str = "Synchronized"
    mode: str = "Synchronous"
    status: str = "Ready"


@dataclass(slots=True)
class Link:
    """A storage group that shows a snapshot; `defined` is when its definition is complete."""

    pairs: list[tuple[Volume, Volume]]
    copied: bool
    defined: float


@dataclass(slots=True, eq=False)
class Snapshot:
    """One instant of a storage group: what each of its volumes held, and where it is linked."""

    name: str
    number: int
    at: float
    holders: dict[str, Volume]
    links: dict[str, Link] = field(default_factory=dict)
    state: tuple[str, ...] = ("Established",)
    told: list[Event] = field(default_factory=list)
    """The events of its instant, until it is known for which copy it was taken."""


class PowerMax(Array):
    """An array with its storage groups.

    Facts of the site: `serial`; `version` of Unisphere (V10.0.0.5) and `ucode` of the array (5978.711.711),
    which decide how a snapshot is named and, from 6079 on, how a pool is shown; `define` seconds that a link
    takes (10); `relink` "refused" where it does not work; `per_second` limits the requests of a second;
    `reserved` is the percentage of the pool that no snapshot gets (10); `srp` what a storage group says of
    its pool (SRP_1; None where the group names none).  From V10.1 on Unisphere lists volumes with what is
    asked for of them.

    `parents` are storage groups by a group that is in them: a masking view is of the outer one then, and the
    volumes say that they are in the inner one.  `host_groups` are the hosts of a group, which masking views
    have in their place.  `knows` is what is told of a storage group without snapshots: of which no document
    tells (404; nothing; list).
    """

    keeps = True

    def __init__(self, world: World, config: ArraySite) -> None:
        super().__init__(world, config)
        facts = config.facts
        self.serial = facts.get("serial", "000197900123")
        self.version = facts.get("version", "V10.0.0.5")
        self.ucode = facts.get("ucode", "5978.711.711")
        self.define = float(facts.get("define", "10"))
        self.relinks = facts.get("relink", "") != "refused"
        major, minor = self.version.lstrip("V").split(".")[:2]
        self.api = f"{major}{minor}"
        code = tuple(int(part) for part in self.ucode.split("."))
        self.lists = (int(major), int(minor)) >= LISTS_SINCE
        self.by_id = int(self.api) >= 92 and code >= (5978, 669, 669)
        self._per_second = int(facts.get("per_second", "0"))
        self._recent: deque[float] = deque()
        for volume in self.volumes.values():
            # What a host sees: company, serial number, "S" and the five digits of the volume as characters.
            digits = volume.name.rjust(5, "0")[-5:].encode("ascii").hex().upper()
            volume.uid = f"60000970{self.serial}53{digits}"
        self.groups = {one.name: [self.volumes[name] for name in one.volumes] for one in config.sets}
        self.knows = "404"
        self.reserved = int(facts.get("reserved", "10"))
        self.srp = facts.get("srp", "SRP_1")
        self.parents: dict[str, str] = {}
        self.host_groups: dict[str, list[str]] = {}
        self.tells_reserve = facts.get("reserve", "told") == "told"
        self.mirrored: dict[str, Srdf] = {}
        self.native: dict[str, str] = {}
        """Of volumes that show hosts another identifier than their own (SRDF/Metro): their own."""
        self.emulation = dict.fromkeys(self.volumes, "FBA")
        self.snapshots: dict[str, list[Snapshot]] = {name: [] for name in self.groups}
        self._count = 0
        self._iterators: dict[str, list[dict[str, str]]] = {}
        for copy in config.copies:
            if copy.state:
                source, target = copy.parts["source"], copy.parts["target"]
                made = self._snapshot(source, copy.parts["snapshot"], self.began(copy.name) or world.now)
                made.links[target] = Link(_matched(self.groups[source], self.groups[target]), False, made.at)

    def server(self, gate: Gate) -> Server:
        """What answers at its addresses: Unisphere where a user has a password, else a host with SYMCLI."""
        del gate
        if any(user.secrets for user in self.config.users):
            return https_server(self.name, self.answer)
        return Server(self.name, Symcli(self).handle, self.accepts)

    def starts(self, request: str, group: str) -> bool:
        """Whether a request takes the snapshot that a group is to show."""
        copy = next((one for one in self.config.copies if one.name == group), None)
        if copy is None:
            return False
        if " establish" in request:
            words = request.split()
            return {copy.parts["source"], copy.parts["snapshot"]} <= set(words)
        path = f"/replication/symmetrix/{self.serial}/storagegroup/{copy.parts['source']}/snapshot "
        return request.startswith("POST ") and path in request and f'"{copy.parts["snapshot"]}"' in request

    def reads(self, request: str) -> bool:
        """Whether a request asks for snapshots."""
        return bool(_READING.match(request))

    def answer(self, call: HttpCall) -> Outcome:
        """What Unisphere does with a request.  Never raises for any request."""
        if self.config.reach == "hang":
            return HttpOutcome(None, duration_s=self.config.answer, hang=True)
        if self._too_many():
            return HttpOutcome(429, headers={"Retry-After": "1"}, duration_s=0.1)
        try:
            user = self._log_in(call)
            return self._answer(call, user)
        except RestError as error:
            return self._logged(call, _failed(error, self.config.answer))

    def _log_in(self, call: HttpCall) -> ArrayUser:
        """Each request says who it is from."""
        kind, _, given = call.headers.get("authorization", "").partition(" ")
        try:
            name, _, password = base64.b64decode(given, validate=True).decode("utf-8").partition(":")
        except ValueError:
            name, password = "", ""
        user = self.users.get(name)
        good = user is not None and password in {secret_text(one) for one in user.secrets}
        if kind != "Basic" or user is None or not good or user.expired or call.refused:
            raise RestError(401, "Unauthorized")
        call.log_in(user.name)
        return user

    def _too_many(self) -> bool:
        if not self._per_second:
            return False
        now = self.world.now
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        self._recent.append(now)
        return len(self._recent) > self._per_second

    def _answer(self, call: HttpCall, user: ArrayUser) -> Outcome:
        where = call.segments
        if where == ("univmax", "rest", "v1", "systems", self.serial, "volumes") and self.lists:
            return self._told({"volumes": self._selected(call)})
        if where[:2] != ("univmax", "restapi"):
            raise RestError(404, "Not found")
        where = where[2:]
        if where == ("version",):
            return self._told({"version": self.version, "api_version": self.api})
        if where[:2] == ("common", "Iterator") and where[3:] == ("page",) and call.method == "GET":
            return self._told(self._page(where[2], call.query))
        if len(where) < 2 or where[0] != self.api:
            raise RestError(404, f"Version {where[0] if where else ''} is not supported")
        if call.method != "GET" and user.role in READ_ONLY:
            raise RestError(403, "User does not have the role for this operation")
        kind, rest = where[1], where[2:]
        if rest[:1] == ("symmetrix",) and rest[1:2] != (self.serial,):
            raise RestError(404, "Cannot find the array")
        if kind == "system" and len(rest) == 2 and call.method == "GET":
            model = {"symmetrixId": self.serial, "model": "PowerMax_2000", "ucode": self.ucode, "local": True}
            return self._told(model)
        if kind == "sloprovisioning" and call.method == "GET":
            return self._told(self._provisioning(rest[2:], call.query))
        if kind == "replication" and rest[2:3] == ("storagegroup",) and rest[4:] == ("rdf_group", "12"):
            return self._told(self._srdf(rest[3]))
        if kind == "replication" and rest[2:3] == ("storagegroup",):
            return self._replication(call, rest[3:], user.name)
        raise RestError(404, "Not found")

    def _srdf(self, name: str) -> dict[str, Any]:
        """What a storage group is in its one SRDF group."""
        pairs = [self.mirrored[one.name] for one in self._group(name) if one.name in self.mirrored]
        if not pairs:
            raise RestError(404, f"Storage group {name} is not in SRDF group 12")
        return {
            "symmetrixId": self.serial,
            "storageGroupName": name,
            "rdfGroupNumber": 12,
            "volumeRdfTypes": sorted({one.side for one in pairs}),
            "states": sorted({one.state for one in pairs}),
            "modes": sorted({one.mode for one in pairs}),
            "largerRdfSides": ["Equal"],
        }

    # provisioning

    def _provisioning(self, where: Sequence[str], query: dict[str, str]) -> dict[str, Any]:
        kind = where[0] if where else ""
        name = where[1] if len(where) > 1 else ""
        if not kind:
            return {"symmetrixId": self.serial, "ucode": self.ucode, "default_fba_srp": "SRP_1"}
        if kind == "storagegroup" and not name:
            return {"storageGroupId": [*self.groups, *dict.fromkeys(self.parents.values())]}
        if kind == "storagegroup":
            return self._storage_group(name)
        if kind == "volume" and not name:
            return self._listed(query)
        if kind == "volume":
            return self._volume(name)
        if kind == "maskingview":
            return self._view(name)
        if kind == "host" and name in self.hosts:
            own = [view for view, (of, _, _) in self.views().items() if of == name]
            views = [] if self._host_group_of(name) else own
            initiators = list(self.hosts[name].wwpns)
            return {"hostId": name, "type": "Fibre", "initiator": initiators, "maskingview": views}
        if kind == "hostgroup" and name in self.host_groups:
            inside = self.host_groups[name]
            return {
                "hostGroupId": name,
                "host": [{"hostId": one, "initiator": list(self.hosts[one].wwpns)} for one in inside],
                "maskingview": [view for view, (of, _, _) in self.views().items() if of in inside],
            }
        if kind == "srp":
            return self._resource_pool(name)
        raise RestError(404, f"Cannot find {kind} {name}")

    def _storage_group(self, name: str) -> dict[str, Any]:
        children = [child for child, parent in self.parents.items() if parent == name]
        volumes = [] if children else self._group(name)
        parent = self.parents.get(name)
        found: dict[str, Any] = {
            "storageGroupId": name,
            "srp": self.srp,
            "num_of_vols": len(volumes),
            "cap_gb": sum(volume.size for volume in volumes) / GIB,
            "type": "Parent" if children else "Child" if parent else "Standalone",
        }
        if parent:
            found["parent_storage_group"] = [parent]
        if children:
            found["child_storage_group"] = children
        views = [view for view, (_, group, _) in self.views().items() if self._masked(group) == name]
        return {**found, **({"maskingview": views} if views else {})}

    def _masked(self, group: str) -> str:
        """The storage group that a masking view has for this one: the one that it is in, or itself."""
        return self.parents.get(group, group)

    def _host_group_of(self, host: str) -> str:
        return next((name for name, hosts in self.host_groups.items() if host in hosts), "")

    def _listed(self, query: dict[str, str]) -> dict[str, Any]:
        if query.get("storageGroupId") in self.parents.values():
            query = {"storageGroupId": ""}  # what is in the groups inside is not said of the outer one
        inside = self._group(query["storageGroupId"]) if query.get("storageGroupId") else []
        volumes = inside if "storageGroupId" in query else self.disks()
        names = [{"volumeId": volume.name} for volume in volumes]
        page = {"result": names[:PAGE], "from": 1, "to": min(PAGE, len(names))}
        number = f"{len(self._iterators) + 1}_0"
        self._iterators[number] = names
        return {
            "resultList": page,
            "id": number,
            "count": len(names),
            "maxPageSize": PAGE,
            "expirationTime": 0,
        }

    def _page(self, number: str, query: dict[str, str]) -> dict[str, Any]:
        """A further page of a list: of its rows from 1 on, and no more of them than a page has."""
        first, last = (int(query[key]) if query.get(key, "").isdigit() else 0 for key in ("from", "to"))
        names = self._iterators.get(number)
        if names is None:
            raise RestError(404, f"Cannot find iterator {number}")
        if not 1 <= first <= last <= len(names) or last - first >= PAGE:
            raise RestError(400, "The range is not valid")
        return {"result": names[first - 1 : last], "from": first, "to": last}

    def _volume(self, name: str) -> dict[str, Any]:
        one = self.volumes.get(name)
        if one is None:
            raise RestError(404, f"Cannot find volume {name}")
        links = [
            pair for _, snapshot in self._all() for link in snapshot.links.values() for pair in link.pairs
        ]
        groups = [group for group, volumes in self.every_group().items() if one in volumes]
        found: dict[str, Any] = {
            "volumeId": name,
            "type": "TDEV",
            "emulation": self.emulation[name],
            "cap_gb": one.size / GIB,
            "cap_cyl": one.size // (15 * 128 * 1024),
            "status": "Ready" if one.online else "Not Ready",
            "allocated_percent": 100 * one.used(self.world.now) // one.size,
            "snapvx_target": str(any(one is target for _, target in links)).lower(),
            "snapvx_source": str(any(name in found.holders for _, found in self._all())).lower(),
            "wwn": self.native.get(name, one.uid),
            "effective_wwn": one.uid,
            "has_effective_wwn": name in self.native,
            "num_of_storage_groups": len(groups),
            "storageGroupId": groups,
        }
        if name in self.mirrored:
            found["rdfGroupId"] = [{"rdf_group_number": 12, "label": "DR"}]
            found["status"] = self.mirrored[name].status
        return found

    def _selected(self, call: HttpCall) -> list[dict[str, Any]]:
        """The volumes of a storage group, each with the members that are asked for and nothing else."""
        filtered = re.fullmatch(r"storage_groups\.id eq (\S{1,64})", call.query.get("filter", ""))
        if call.method != "GET" or filtered is None:
            raise RestError(400, "The filter is not valid")
        wanted = call.query.get("select", "id").split(",")
        rows = [self._row(one) for one in self.every_group().get(filtered[1], [])]
        for name in wanted:
            if rows and name.partition(".")[0] not in rows[0]:
                raise RestError(400, f"{name} is no attribute of volumes")
        found = []
        for row in rows:
            found.append({name.partition(".")[0]: row[name.partition(".")[0]] for name in wanted})
        return found

    def _row(self, one: Volume) -> dict[str, Any]:
        """A volume as the newer lists show it."""
        told, size = self._volume(one.name), one.size / GIB
        groups = [{"id": name} for name in told["storageGroupId"]]
        remote = [{"local_rdf_group": {"id": "12"}}] if one.name in self.mirrored else []
        return {
            "id": one.name,
            "type": "TDEV",
            "emulation": told["emulation"],
            "status": told["status"],
            "wwn": told["wwn"],
            "effective_wwn": told["effective_wwn"],
            "snapvx_source": told["snapvx_source"] == "true",
            "snapvx_target": told["snapvx_target"] == "true",
            "storage_groups": groups,
            "num_of_storage_groups": len(groups),
            "rdf_infos": remote,
            "num_of_rdf_infos": len(remote),
            "cap_cyl": float(told["cap_cyl"]),
            "cap_gb": size,
            "effective_used_capacity_gb": round(one.used(self.world.now) / GIB, 2),
        }

    def _view(self, name: str) -> dict[str, Any]:
        if name not in self.views():
            raise RestError(404, f"Cannot find masking view {name}")
        host, group, _ = self.views()[name]
        together = self._host_group_of(host)
        of = {"hostGroupId": together} if together else {"hostId": host}
        return {"maskingViewId": name, **of, "portGroupId": "PG1", "storageGroupId": self._masked(group)}

    def views(self) -> dict[str, tuple[str, str, list[Volume]]]:
        """Masking views: host, storage group, volumes.  What a host sees beside whole groups has its own."""
        views: dict[str, tuple[str, str, list[Volume]]] = {}
        for host in self.hosts.values():
            rest = list(host.volumes)
            for group, volumes in self.groups.items():
                if volumes and all(one in host.volumes for one in volumes):
                    views[f"{host.name}_{group}"[:VIEW_MOST] + "_MV"] = (host.name, group, volumes)
                    rest = [one for one in rest if one not in volumes]
            if rest:
                views[f"{host.name}_MORE_MV"] = (host.name, f"{host.name}_MORE", rest)
        return views

    def _resource_pool(self, name: str) -> dict[str, Any]:
        if name != "SRP_1":
            raise RestError(404, f"Cannot find srp {name}")
        capacity = sum(pool.capacity for pool in self.pools.values())
        used = sum(pool.other_used for pool in self.pools.values())
        used += sum(volume.used(self.world.now) for volume in self.volumes.values())
        tib = 1024 * GIB
        total, taken = round(capacity / tib, 2), round(used / tib, 2)
        shown: dict[str, Any] = {"srpId": name, "emulation": "FBA", "reserved_cap_percent": self.reserved}
        if int(self.ucode.split(".")[0]) < REDUCED:
            shown["srp_capacity"] = {
                "usable_used_tb": taken,
                "usable_total_tb": total,
                "effective_used_capacity_percent": 100 * used // capacity,
            }
            return shown
        physical = {"used_tb": taken, "total_tb": total, "free_tb": round(total - taken, 2)}
        shown["fba_srp_capacity"] = {
            "provisioned": {"effective_capacity_tb": 3 * total, "provisioned_percent": 14.0},
            "effective": {"used_tb": taken, "total_tb": 3 * total, "physical_capacity": physical},
        }
        return shown

    # replication

    def _replication(self, call: HttpCall, where: Sequence[str], user: str) -> Outcome:
        """storagegroup/{sg}/snapshot[/{name}[/snapid|generation[/{number}]]]"""
        if len(where) < 2 or where[1] != "snapshot":
            raise RestError(404, "Not found")
        group = where[0]
        volumes = self._group(group)
        mine = self.snapshots.setdefault(group, [])
        if len(where) == 2 and call.method == "GET":
            if not mine and self.knows == "404":
                raise RestError(404, f"Storage group {group} is not replicated")
            found = list(dict.fromkeys(one.name for one in mine))
            return self._told({"name": found} if mine or self.knows == "list" else {})
        if len(where) == 2 and call.method == "POST":
            return self._establish(call, group, volumes, user)
        style = "snapid" if self.by_id else "generation"
        named = [one for one in reversed(mine) if len(where) > 2 and one.name == where[2]]
        if len(where) < 4 or not named or where[3] not in ("snapid", "generation"):
            raise RestError(404, f"Cannot find the snapshot of storage group {group}")
        if where[3] == "snapid" and style != "snapid":
            raise RestError(404, "Not found")
        if len(where) == 4 and call.method == "GET":
            if where[3] == "snapid":
                return self._told({"name": where[2], "snapids": [one.number for one in named]})
            return self._told({"name": where[2], "generations": list(range(len(named)))})
        one = self._chosen(named, where[3], where[4] if len(where) == 5 else "")
        if call.method == "GET":
            return self._told(self._details(one, named.index(one), where[3]))
        if call.method == "PUT":
            return self._modify(call, group, one)
        if call.method == "DELETE":
            return self._done(call, lambda: self.terminate(group, one))
        raise RestError(405, "Method not allowed")

    def _chosen(self, named: Sequence[Snapshot], style: str, number: str) -> Snapshot:
        for place, one in enumerate(named):
            if number == str(one.number if style == "snapid" else place):
                return one
        raise RestError(404, f"Cannot find {style} {number}")

    def _details(self, one: Snapshot, generation: int, style: str) -> dict[str, Any]:
        sources = [{"name": name, "capacity": 547, "capacity_gb": 300.0} for name in one.holders]
        linked = [
            {
                "name": group,
                "source_volume_name": source.name,
                "linked_volume_name": target.name,
                "linkedCreationTimestamp": self._stamp(link.defined - self.define),
                "tracks": 8205,
                "trackSize": 131072,
                "percentageCopied": 100 if link.copied else 0,
                "defined": self.world.now >= link.defined,
                "background_define_in_progress": self.world.now < link.defined,
            }
            for group, link in one.links.items()
            for source, target in link.pairs
        ]
        found: dict[str, Any] = {
            "name": one.name,
            "generation": generation,
            "state": list(one.state),
            "timestamp": self._stamp(one.at),
            "timestamp_utc": int(one.at * 1000),
            "num_storage_group_volumes": len(one.holders),
            "num_source_volumes": len(one.holders),
            "tracks": 0,
            "non_shared_tracks": 0,
            "linked_storage_group_names": list(one.links),
        }
        if style == "snapid":
            found |= {"snapid": one.number, "linked": bool(linked), "expired": False, "restored": False}
            found |= {"source_volume": sources} | ({"linked_storage_group": linked} if linked else {})
        else:
            found |= {"isLinked": bool(linked), "isExpired": False, "isRestored": False}
            found |= {"sourceVolume": sources} | ({"linkedStorageGroup": linked} if linked else {})
            del found["timestamp_utc"]
        return found

    def _establish(self, call: HttpCall, group: str, volumes: Sequence[Volume], user: str) -> Outcome:
        asked = call.json()
        name = asked.get("snapshotName") if isinstance(asked, dict) else None
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", name):
            raise RestError(400, "snapshotName is not valid")
        if not volumes:
            raise RestError(409, f"Storage group {group} has no volumes")

        def act() -> Outcome:
            made = self.take_snapshot(group, name, user)
            return json_outcome(self._details(made, 0, "snapid" if self.by_id else "generation"), 201)

        return self._done(call, act)

    def take_snapshot(self, group: str, name: str, user: str) -> Snapshot:
        """The instant of a storage group."""
        volumes = self.groups[group]
        if len(self.snapshots.setdefault(group, [])) >= MOST_SNAPSHOTS:
            raise RestError(409, "The maximum number of snapshots is reached")
        made = self._snapshot(group, name, self.world.now)
        whole = self.world.copies.take([(one, made.holders[one.name]) for one in volumes])
        copies = self._copies_for(group, name)
        if copies:
            targets = self.groups[self._parts(copies[0])["target"]]
            flash = self.world.events.log(
                "flash",
                self.name,
                group=copies[0],
                copies=copies,
                maps=tuple(one.name for one in volumes),
                by=user,
                sources=tuple(one.uid for one in volumes),
                targets=tuple(one.uid for one in targets),
                whole=whole,
            )
            made.told = [flash, self.show(copies[0], "established", "TAKEN", copies=copies)]
        return made

    def _snapshot(self, group: str, name: str, at: float) -> Snapshot:
        self._count += 1
        tail = f"@{self._count}"
        holders = {
            one.name: Volume(one.id, one.name + tail, one.uid + tail, one.size, one.pool, True, True, 0, 0)
            for one in self.groups[group]
        }
        made = Snapshot(name, 118749976833 + self._count * 65536, at, holders)
        self.snapshots[group].append(made)
        return made

    def _modify(self, call: HttpCall, group: str, one: Snapshot) -> Outcome:
        asked = call.json()
        action = str(asked.get("action", "")) if isinstance(asked, dict) else ""
        options = asked.get(action.lower()) if isinstance(asked, dict) else None
        if action not in ("Link", "Relink", "Unlink") or not isinstance(options, dict):
            raise RestError(400, f"Action {action} is not valid")
        style = "storage_group_name" if self.by_id else f"{action.lower()}StorageGroupName"
        target = options.get(style)
        if not isinstance(target, str):
            raise RestError(400, f"{style} is missing")
        self._group(target)
        acts: dict[str, Callable[[], None]] = {
            "Link": lambda: self.link(group, one, target, bool(options.get("copy"))),
            "Relink": lambda: self.relink(group, one, target, bool(options.get("copy"))),
            "Unlink": lambda: self.unlink(group, one, target),
        }
        return self._done(call, acts[action])

    def link(self, group: str, one: Snapshot, target: str, copied: bool) -> None:
        """Show a snapshot on a storage group that shows none."""
        volumes = self.groups[target]
        sources = [self.volumes[name] for name in one.holders]
        pairs = _matched(sources, volumes)
        if len(pairs) != max(len(sources), len(volumes)):
            raise RestError(409, "The volumes of the link storage group do not match the snapshot")
        if any(self._linked(volume) for volume in volumes) or any(
            one.name in self.mirrored for one in volumes
        ):
            raise RestError(409, "A device is already linked, or in remote replication")
        one.links[target] = Link(pairs, copied, self.world.now + self.define)
        for source, volume in pairs:
            self.world.copies.put(one.holders[source.name], volume)
            volume.since, volume.written = self.world.now, 0
        self.world.overwritten(volumes)
        for copy in self.config.copies:
            if copy.parts.get("target") == target and copy.parts.get("source") == group:
                belongs_to(one.told, copy.name, volumes)
                self.presented(copy.name, "linked")

    def relink(self, group: str, one: Snapshot, target: str, copied: bool) -> None:
        """Show another snapshot of the same storage group."""
        if not self.relinks:
            raise RestError(409, "The relink cannot be completed for a device")
        before = next((found for found in self.snapshots[group] if target in found.links), None)
        if before is None:
            raise RestError(409, f"Storage group {target} is not linked")
        old = before.links.pop(target)
        try:
            self.link(group, one, target, copied)
        except RestError:
            before.links[target] = old
            raise

    def unlink(self, group: str, one: Snapshot, target: str) -> None:
        """Show it no more."""
        link = one.links.pop(target, None)
        if link is None:
            raise RestError(409, f"Storage group {target} is not linked to this snapshot")
        if not link.copied:
            self.lose([volume for _, volume in link.pairs])
        for copy in self.config.copies:
            if copy.parts.get("target") == target and copy.parts.get("source") == group:
                self.show(copy.name, "unlinked", "FREE")

    def terminate(self, group: str, one: Snapshot) -> Outcome | None:
        """Remove a snapshot."""
        if one.links:
            raise RestError(409, "The snapshot is linked")
        mine = self.snapshots[group]
        if one in mine:
            newest = mine[-1] is one
            mine.remove(one)
            for copy in self.config.copies if newest else ():
                if (copy.parts.get("source"), copy.parts.get("snapshot")) == (group, one.name):
                    shown = any(copy.parts["target"] in other.links for other in mine)
                    self.show(copy.name, *(("linked", "ACTIVE") if shown else ("unlinked", "FREE")))
        return HttpOutcome(204)

    # helpers

    def _group(self, name: str) -> list[Volume]:
        found = self.every_group().get(name)
        if found is None:
            raise RestError(404, f"Cannot find storage group {name}")
        return found

    def every_group(self) -> dict[str, list[Volume]]:
        """All storage groups, also those that only a masking view has."""
        more = {group: volumes for _, group, volumes in self.views().values() if group not in self.groups}
        return {**self.groups, **more}

    def _parts(self, copy: str) -> dict[str, str]:
        return next(one.parts for one in self.config.copies if one.name == copy)

    def _copies_for(self, group: str, name: str) -> tuple[str, ...]:
        """The copies of the site that a new snapshot may be for, that which shows the oldest first."""
        shown = {
            target: one.at for one in self.snapshots[group] for target in one.links
        }  # by target group, the instant that it shows
        copies = [
            one
            for one in self.config.copies
            if one.parts.get("source") == group and one.parts.get("snapshot") == name
        ]
        return tuple(one.name for one in sorted(copies, key=lambda one: shown.get(one.parts["target"], 0.0)))

    def _all(self) -> list[tuple[str, Snapshot]]:
        return [(group, one) for group, found in self.snapshots.items() for one in found]

    def _linked(self, volume: Volume) -> bool:
        return any(
            volume is target
            for _, one in self._all()
            for link in one.links.values()
            for _, target in link.pairs
        )

    def _stamp(self, at: float) -> str:
        return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%H:%M:%S %a, %d %b %Y +0000")

    def _told(self, document: object) -> Outcome:
        return json_outcome(document, duration_s=self.config.answer)

    def _done(self, call: HttpCall, act: Callable[[], Outcome | None]) -> Outcome:
        def effect() -> Outcome | None:
            try:
                return act()
            except RestError as error:
                return _failed(error, 0.0)

        return self._logged(call, json_outcome({}, duration_s=self.config.answer, effect=effect))

    def _logged(self, call: HttpCall, outcome: HttpOutcome) -> Outcome:
        inner, user = outcome.effect, call.connection.user

        def effect() -> Outcome | None:
            changed = inner() if inner is not None else None
            self.command(user, f"{call.method} {call.path}", (changed or outcome).status or 0)
            return changed

        return HttpOutcome(outcome.status, outcome.out, duration_s=outcome.duration_s, effect=effect)


def _failed(error: RestError, seconds: float) -> HttpOutcome:
    return json_outcome({"message": str(error)}, error.status, duration_s=seconds)


def _matched(sources: Sequence[Volume], targets: Sequence[Volume]) -> list[tuple[Volume, Volume]]:
    """Each source with a target of its size, as far as there are any.

    Without `exact` two groups are pools that are paired by best match: their orders mean nothing.  Here the
    last target that fits is taken, so that nobody relies on the first.
    """
    left = list(targets)
    pairs: list[tuple[Volume, Volume]] = []
    for source in sources:
        target = next((one for one in reversed(left) if one.size == source.size), None)
        if target is not None:
            left.remove(target)
            pairs.append((source, target))
    return pairs
