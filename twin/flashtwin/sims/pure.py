"""A simulated Pure FlashArray: `Pure.answer(call)` answers one request to its REST interface, version 2.

Paths, parameters and fields: docs/platform-facts.md#pure-rest.  A list is asked for by names, by what it
belongs to, or by a filter on the name; an unknown name is an error of the whole request.  Changes take effect
at the reply.  The site's `sets` are its protection groups.
"""

from __future__ import annotations

import fnmatch
import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from flashtwin.sims.array import Array, belongs_to
from flashtwin.sims.http import HttpCall, HttpOutcome, https_server, json_outcome
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.pure_model import (
    ERADICATE_S,
    Disk,
    Group,
    GroupSnapshot,
    Perishable,
    PureError,
    Snapshot,
    lasting,
    lasts,
)
from flashtwin.sims.server import Server
from flashtwin.sims.volumes import Host
from flashtwin.site import ArraySite, ArrayUser

if TYPE_CHECKING:
    from flashtwin.gate import Gate
    from flashtwin.world import World

Item: TypeAlias = "dict[str, Any]"

VERSIONS = ("1.19", "2.0", "2.2", "2.26")
LISTED = frozenset(
    ("limit", "offset", "continuation_token", "sort", "total_item_count", "total_only", "filter")
)
"""Query parameters of every list."""

READERS = ("Monitor", "Service")
"""Roles of the site that are read-only users here."""

_SUFFIX = re.compile(r"(?=.*[A-Za-z-])[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_BY_NAME = re.compile(r"name='([A-Za-z0-9:/_.*-]+)'")
_TRIGGER = re.compile(r"POST /api/2\.\d+/protection-group-snapshots\?(?:[^ ]*&)?source_names=([^ &]+)")


@dataclass(slots=True)
class Session:
    """A session: its user, and when it was used last."""

    user: ArrayUser
    used: float


@dataclass(frozen=True, slots=True)
class Route:
    """What answers a method of a path: the parameters it takes, and the function."""

    takes: frozenset[str]
    act: Callable[[HttpCall, ArrayUser], Outcome]


class Pure(Array):
    """An array with its users and their API tokens.

    `per_second`, `most_sessions`, `page` and `most_snapshots` limit requests, sessions, the items of a reply
    and the snapshots of a volume; 0: no limit.  With `safe_mode` nothing is destroyed before its time: it
    is refused with `lock_status`, of which no document tells.

    The hosts in `host_groups` see their volumes together; whether a connection of a group tells the hosts
    (`tells_hosts`) no document says either: without it there is one for the group, and none by a host's name.
    """

    def __init__(self, world: World, config: ArraySite) -> None:
        super().__init__(world, config)
        self.per_second = 0
        self.most_sessions = 0
        self.page = 1000
        self.most_snapshots = 500
        self.safe_mode = False
        self.lock_status = 403
        self.host_groups: dict[str, list[str]] = {}
        self.tells_hosts = False
        self.sessions: dict[str, Session] = {}
        self._asked: deque[float] = deque()
        self._made = 0
        begun = world.now - 365 * 86400.0
        self.disks_by_name = {name: Disk(one, self._id(), begun) for name, one in self.volumes.items()}
        for copy in config.copies:
            for source, target in copy.pairs if copy.taken else ():
                self.disks_by_name[target].source = self.disks_by_name[source]
        self.groups = {
            one.name: Group(one.name, [self.disks_by_name[name] for name in one.volumes])
            for one in config.sets
        }
        self.snapshots: list[Snapshot] = []
        self.group_snapshots: list[GroupSnapshot] = []
        self._shown: dict[str, dict[str, GroupSnapshot]] = {copy.name: {} for copy in config.copies}
        self._routes = self._all_routes()

    def _all_routes(self) -> dict[tuple[str, str], Route]:
        names = frozenset(("names", "ids"))
        gone = names | {"destroyed"}
        taken = frozenset(
            ("source_names", "apply_retention", "for_replication", "replicate", "replicate_now")
        )
        return {
            ("GET", "arrays"): Route(names, self._array),
            ("GET", "volumes"): Route(gone, self._volumes),
            ("POST", "volumes"): Route(names | {"overwrite"}, self._copy_volume),
            ("GET", "volume-snapshots"): Route(gone | {"source_names", "source_ids"}, self._snapshots),
            ("GET", "protection-groups"): Route(gone, self._groups),
            ("GET", "protection-groups/volumes"): Route(
                frozenset(("group_names", "member_names")), self._group_volumes
            ),
            ("GET", "protection-group-snapshots"): Route(gone | {"source_names"}, self._group_snapshots),
            ("POST", "protection-group-snapshots"): Route(taken, self._take),
            ("PATCH", "protection-group-snapshots"): Route(names, self._destroy),
            ("DELETE", "protection-group-snapshots"): Route(names, self._eradicate),
            ("GET", "connections"): Route(
                frozenset(("volume_names", "host_names", "host_group_names")), self._connections
            ),
            ("GET", "hosts"): Route(names, self._hosts),
            ("GET", "host-groups/hosts"): Route(frozenset(("group_names", "member_names")), self._grouped),
        }

    # what the twin asks

    def server(self, gate: Gate) -> Server:
        """What answers at its addresses: HTTPS."""
        del gate
        return https_server(self.name, self.answer)

    def starts(self, request: str, group: str) -> bool:
        """Whether a request takes the snapshot that a copy is made of."""
        found = _TRIGGER.match(request)
        return found is not None and found.group(1) == self._group_of(group)

    def reads(self, request: str) -> bool:
        """Whether a request asks for protection groups or their snapshots."""
        return bool(re.match(r"GET /api/2\.\d+/protection-group", request))

    def _group_of(self, copy: str) -> str:
        return next((one.parts.get("group", "") for one in self.config.copies if one.name == copy), "")

    def _copies_of(self, group: str) -> list[str]:
        return [one.name for one in self.config.copies if one.parts.get("group") == group]

    def _copies_for(self, group: str) -> list[str]:
        """The copies of the site that a snapshot may be for, that which shows the oldest first."""

        def shows(copy: str) -> float:
            shown = [one.created for one in self._shown[copy].values()]
            return min(shown) if shown else self.began(copy) or 0.0

        return sorted(self._copies_of(group), key=shows)

    # requests

    def answer(self, call: HttpCall) -> Outcome:
        """What the array does with a request.  Never raises for any request."""
        if self.config.reach == "hang":
            return HttpOutcome(None, duration_s=self.config.answer, hang=True)
        if self._too_many():
            return HttpOutcome(429, headers={"Retry-After": "1"}, duration_s=self.config.answer)
        try:
            return self._routed(call)
        except PureError as error:
            return self._refused(error)

    def _routed(self, call: HttpCall) -> Outcome:
        segments = call.segments
        if segments == ("api", "api_version"):
            return self._reply({"version": list(VERSIONS)})
        if len(segments) < 3 or segments[0] != "api":
            raise PureError("Resource does not exist.", call.path, 404)
        if segments[1] not in VERSIONS or not segments[1].startswith("2."):
            raise PureError("API version is not supported.", segments[1], 404)
        resource = "/".join(segments[2:])
        if resource == "login" and call.method == "POST":
            return self._log_in(call)
        session = self._session(call)
        call.log_in(session.user.name)
        if resource == "logout" and call.method == "POST":
            self.sessions = {token: one for token, one in self.sessions.items() if one is not session}
            return self._reply({})
        route = self._routes.get((call.method, resource))
        if route is None:
            known = any(path == resource for _, path in self._routes)
            message, status = ("Method is not allowed.", 405) if known else ("Resource does not exist.", 404)
            raise PureError(message, resource, status)
        allowed = route.takes | (LISTED if call.method == "GET" else frozenset())
        if strange := sorted(set(call.query) - allowed):
            raise PureError("Invalid query parameter.", strange[0])
        if call.method != "GET" and session.user.role in READERS:
            raise PureError("Operation not permitted.", session.user.name, 403)
        return route.act(call, session.user)

    # sessions

    def _log_in(self, call: HttpCall) -> Outcome:
        given = call.headers.get("api-token", "")
        user = next((user for name, user in self.users.items() if given and given in self.keys[name]), None)
        if user is None or user.expired or call.refused:
            raise PureError("API token is invalid.", "", 401)
        self._forget()
        if self.most_sessions and len(self.sessions) >= self.most_sessions:
            raise PureError("Too many sessions.", user.name, 503)
        self._made += 1
        token = hashlib.sha256(f"{self.name} session {self._made}".encode()).hexdigest()[:36]
        self.sessions[token] = Session(user, self.world.now)
        call.log_in(user.name)
        return self._reply({"items": [{"username": user.name}]}, {"x-auth-token": token})

    def _session(self, call: HttpCall) -> Session:
        self._forget()
        session = self.sessions.get(call.headers.get("x-auth-token", ""))
        if session is None or session.user.expired or call.refused:
            raise PureError("Session is not valid.", "", 401)
        session.used = self.world.now
        return session

    def _forget(self) -> None:
        """A session ends when it has not been used for so long."""
        end = self.world.now - self.config.token_life
        self.sessions = {token: one for token, one in self.sessions.items() if one.used > end}

    def _too_many(self) -> bool:
        now = self.world.now
        while self._asked and self._asked[0] <= now - 1.0:
            self._asked.popleft()
        if self.per_second and len(self._asked) >= self.per_second:
            return True
        self._asked.append(now)
        return False

    # lists

    def _array(self, call: HttpCall, user: ArrayUser) -> Outcome:
        del call, user
        used = self.used()
        item = {
            "id": self.config.id,
            "name": self.name,
            "os": "Purity//FA",
            "version": "6.4.10",
            "capacity": sum(pool.capacity for pool in self.pools.values()),
            "space": {"total_physical": used, "total_used": used},
            "parity": 1.0,
        }
        return self._items([item])

    def used(self) -> int:
        """The bytes in use of the whole array."""
        now = self.world.now
        return (
            sum(pool.other_used for pool in self.pools.values())
            + sum(one.volume.used(now) for one in lasting(self.disks_by_name.values(), now))
            + sum(one.held(now) for one in lasting(self.snapshots, now))
        )

    def _volumes(self, call: HttpCall, user: ArrayUser) -> Outcome:
        del user
        found = self._named(call, lasting(self.disks_by_name.values(), self.world.now), self._disk)
        return self._listed(call, [self._volume(one) for one in found])

    def _disk(self, name: str) -> Disk:
        found = self.disks_by_name.get(name)
        if found is None or not lasts(found, self.world.now):
            raise PureError("Volume does not exist.", name)
        return found

    def _volume(self, one: Disk) -> Item:
        used = one.volume.used(self.world.now)
        return {
            "id": one.id,
            "name": one.name,
            "serial": one.serial,
            "provisioned": one.volume.size,
            "created": _ms(one.created),
            "subtype": "regular",
            "source": {"id": one.source.id, "name": one.source.name} if one.source is not None else {},
            "connection_count": len(self._hosts_of(one)),
            "promotion_status": "promoted",
            "requested_promotion_state": "promoted",
            "host_encryption_key_status": "none",
            "space": {"unique": used, "snapshots": 0, "total_physical": used, "total_used": used},
            "pod": {},
            "volume_group": {},
            "qos": {},
            **self._going(one),
        }

    def _hosts_of(self, one: Disk) -> list[Host]:
        return [host for host in self.hosts.values() if one.volume in host.volumes]

    def _snapshots(self, call: HttpCall, user: ArrayUser) -> Outcome:
        del user
        now = self.world.now
        there = lasting(self.snapshots, now)
        if "source_names" in call.query:
            sources = [self._disk(name) for name in _list(call.query["source_names"])]
            there = [one for one in there if one.disk in sources]
        by_name = {one.name: one for one in there}

        def known(name: str) -> Snapshot:
            if name not in by_name:
                raise PureError("No such volume or snapshot.", name)
            return by_name[name]

        items = [
            {
                "id": one.id,
                "name": one.name,
                "suffix": one.suffix,
                "created": _ms(one.created),
                "provisioned": one.size,
                "source": {"id": one.disk.id, "name": one.disk.name},
                "space": {"snapshots": one.held(now), "total_physical": one.held(now)},
                "pod": {},
                "volume_group": {},
                **self._going(one),
            }
            for one in self._named(call, there, known)
        ]
        return self._listed(call, items)

    def _groups(self, call: HttpCall, user: ArrayUser) -> Outcome:
        del user
        items = [
            {
                "name": one.name,
                "is_local": True,
                "source": {"name": self.name},
                "pod": {},
                "volume_count": len(one.disks),
                "host_count": one.hosts,
                "host_group_count": 0,
                "target_count": 0,
                **self._going(one),
            }
            for one in self._named(call, lasting(self.groups.values(), self.world.now), self._group)
        ]
        return self._listed(call, items)

    def _group(self, name: str) -> Group:
        found = self.groups.get(name)
        if found is None or not lasts(found, self.world.now):
            raise PureError("Protection group does not exist.", name)
        return found

    def _group_volumes(self, call: HttpCall, user: ArrayUser) -> Outcome:
        del user
        groups = [self._group(name) for name in _list(call.query.get("group_names", ""))]
        items = [
            {"group": {"name": group.name}, "member": {"id": one.id, "name": one.name}}
            for group in groups or lasting(self.groups.values(), self.world.now)
            for one in group.disks
        ]
        return self._listed(call, items)

    def _group_snapshots(self, call: HttpCall, user: ArrayUser) -> Outcome:
        del user
        there = lasting(self.group_snapshots, self.world.now)
        if "source_names" in call.query:
            groups = [self._group(name) for name in _list(call.query["source_names"])]
            there = [one for one in there if one.group in groups]
        found = self._named(call, there, self._group_snapshot)
        return self._listed(call, [self._described(one) for one in found])

    def _group_snapshot(self, name: str) -> GroupSnapshot:
        for one in lasting(self.group_snapshots, self.world.now):
            if one.name == name:
                return one
        raise PureError("Protection group snapshot does not exist.", name)

    def _described(self, one: GroupSnapshot) -> Item:
        held = sum(part.held(self.world.now) for part in one.parts)
        return {
            "name": one.name,
            "suffix": one.suffix,
            "created": _ms(one.created),
            "pod": {},
            "source": {"name": one.group.name},
            "space": {"snapshots": held, "total_physical": held},
            **self._going(one),
        }

    def _connections(self, call: HttpCall, user: ArrayUser) -> Outcome:
        del user
        wanted = [self._disk(name).volume for name in _list(call.query.get("volume_names", ""))]
        hosts = [self._host(name) for name in _list(call.query.get("host_names", ""))]
        groups = _list(call.query.get("host_group_names", ""))
        if strange := sorted(set(groups) - set(self.host_groups)):
            raise PureError("Host group does not exist.", strange[0])
        items: list[Item] = []
        for host in hosts or self.hosts.values():
            group = self._group_of_host(host)
            first = bool(group) and host.name == self.host_groups[group][0]
            if (groups and group not in groups) or (group and not self.tells_hosts and (hosts or not first)):
                continue
            items += [
                {
                    "volume": {"id": self.disks_by_name[volume.name].id, "name": volume.name},
                    "host": {"name": host.name} if not group or self.tells_hosts else {},
                    "host_group": {"name": group} if group else {},
                    "lun": lun,
                    "protocol_endpoint": {},
                }
                for lun, volume in enumerate(host.volumes, 1)
                if not wanted or volume in wanted
            ]
        return self._listed(call, items)

    def _group_of_host(self, host: Host) -> str:
        return next((name for name, inside in self.host_groups.items() if host.name in inside), "")

    def _grouped(self, call: HttpCall, user: ArrayUser) -> Outcome:
        del user
        wanted = _list(call.query.get("group_names", ""))
        if strange := sorted(set(wanted) - set(self.host_groups)):
            raise PureError("Host group does not exist.", strange[0])
        items = [
            {"group": {"name": group}, "member": {"name": host}}
            for group in wanted or self.host_groups
            for host in self.host_groups[group]
        ]
        return self._listed(call, items)

    def _host(self, name: str) -> Host:
        if name not in self.hosts:
            raise PureError("Host does not exist.", name)
        return self.hosts[name]

    def _hosts(self, call: HttpCall, user: ArrayUser) -> Outcome:
        del user
        items = [
            {
                "name": one.name,
                "wwns": [_colons(port) for port in one.wwpns],
                "iqns": [],
                "nqns": [],
                "is_local": True,
                "connection_count": len(one.volumes),
                "host_group": {"name": self._group_of_host(one)} if self._group_of_host(one) else {},
                "personality": "",
            }
            for one in self._named(call, self.hosts.values(), self._host)
        ]
        return self._listed(call, items)

    # the instant

    def _take(self, call: HttpCall, user: ArrayUser) -> Outcome:
        names = _list(call.query.get("source_names", ""))
        body = _body(call, ("suffix", "destroyed", "pod", "tags"), needed=False)
        if len(names) != 1:
            raise PureError("One protection group must be given.", "source_names")
        group = self._group(names[0])
        suffix = body.get("suffix", str(len(self.group_snapshots) + 1))
        if not isinstance(suffix, str) or ("suffix" in body and not _SUFFIX.fullmatch(suffix)):
            raise PureError("Invalid suffix.", str(suffix)[:63])
        return self._change(
            call,
            user,
            lambda: self._can_snapshot(group, suffix),
            lambda: [self._described(self._snapshot(group, suffix, user.name))],
        )

    def _can_snapshot(self, group: Group, suffix: str) -> None:
        now = self.world.now
        name = f"{group.name}.{suffix}"
        there = lasting(self.snapshots, now)
        if group.destroyed is not None:
            raise PureError("Protection group has been destroyed.", group.name)
        if any(one.name == name for one in lasting(self.group_snapshots, now)):
            raise PureError("Protection group snapshot already exists.", name)
        if not group.disks:
            raise PureError("Protection group has no members.", group.name)
        if self.used() >= sum(pool.capacity for pool in self.pools.values()):
            raise PureError("Array is out of space.", name)
        for disk in group.disks:
            if self.most_snapshots and sum(one.disk is disk for one in there) >= self.most_snapshots:
                raise PureError("Snapshot limit reached.", disk.name)

    def _snapshot(self, group: Group, suffix: str, user: str) -> GroupSnapshot:
        """Every member's contents are held as they are now, and nothing else changes."""
        made = GroupSnapshot(f"{group.name}.{suffix}", suffix, group, self.world.now)
        for disk in group.disks:
            # In a pod the name of the group says the pod, and that of the volume not once more.
            one = self._hold(disk, f"{made.name}.{disk.name.rpartition('::')[2]}", suffix)
            one.group = made
            made.parts.append(one)
        self.group_snapshots.append(made)
        whole = self.world.copies.take([(one.disk.volume, one) for one in made.parts])
        copies = self._copies_for(group.name)
        copy = next(iter(copies), "")
        targets = {s.uid: t.uid for s, t in self.pairs.get(copy, [])}
        flash = self.world.events.log(
            "flash",
            self.name,
            group=copy or group.name,
            copies=tuple(copies),
            maps=tuple(one.name for one in made.parts),
            by=user,
            sources=tuple(one.uid for one in made.parts),
            targets=tuple(targets[one.uid] for one in made.parts if one.uid in targets),
            whole=whole,
        )
        if copy:
            made.told = [flash, self.show(copy, "taken", "TAKEN", copies=tuple(copies))]
        return made

    def _hold(self, disk: Disk, name: str, suffix: str) -> Snapshot:
        one = Snapshot(self._id(), name, suffix, disk.volume.uid, disk, disk.volume.size, self.world.now)
        self.snapshots.append(one)
        return one

    # on the targets

    def _copy_volume(self, call: HttpCall, user: ArrayUser) -> Outcome:
        names = _list(call.query.get("names", ""))
        body = _body(call, ("source", "provisioned", "pod", "qos", "destroyed", "volume_group", "subtype"))
        reference = body.get("source")
        if len(names) != 1 or not isinstance(reference, dict) or not isinstance(reference.get("name"), str):
            raise PureError("One volume and its source must be given.", "names")
        target = self.disks_by_name.get(names[0])
        if target is None or not lasts(target, self.world.now):
            # To make volumes is the administrator's work: this array has those of its site.
            raise PureError("Operation not permitted.", names[0], 403)
        if call.query.get("overwrite", "false") != "true":
            raise PureError("Volume already exists.", names[0])
        there = lasting(self.snapshots, self.world.now)
        source = next((one for one in there if one.name == reference["name"]), None)
        if source is None:
            raise PureError("No such volume or snapshot.", reference["name"])
        held, disk = source, target

        def check() -> None:
            if disk.destroyed is not None:
                raise PureError("Volume has been destroyed.", disk.name)
            if held.destroyed is not None:
                raise PureError("Source snapshot has been destroyed.", held.name)

        def act() -> list[Item]:
            self._overwrite(disk, held)
            return [self._volume(disk)]

        return self._change(call, user, check, act)

    def _overwrite(self, target: Disk, source: Snapshot) -> None:
        """The source's contents on the target; what was there can be taken back for a time."""
        now = self.world.now
        number = str(len(self.snapshots) + 1)
        before = self._hold(target, f"{target.name}.{number}", number)
        before.image, before.destroyed = target.volume.image, now
        target.volume.size, target.source = source.size, source.disk
        target.volume.since, target.volume.written = now, 0
        self.world.copies.put(source, target.volume)
        self.world.overwritten([target.volume])
        if source.group is None:
            return
        for copy in self._copies_of(source.group.group.name):
            targets = [one.name for _, one in self.pairs[copy]]
            if target.name in targets:
                belongs_to(source.group.told, copy, [one for _, one in self.pairs[copy]])
                self._shown[copy][target.name] = source.group
                whole = all(self._shown[copy].get(name) is source.group for name in targets)
                if whole:
                    self.presented(copy, "presented")
                else:
                    self.show(copy, "half presented", "MIXED")

    # giving up

    def _destroy(self, call: HttpCall, user: ArrayUser) -> Outcome:
        body = _body(call, ("destroyed", "name", "replicate"))
        found = [self._group_snapshot(name) for name in _list(call.query.get("names", ""))]
        if not found or not isinstance(body.get("destroyed"), bool):
            raise PureError("Names and `destroyed` must be given.", "names")
        back = not body["destroyed"]

        def check() -> None:
            if self.safe_mode and not back:
                raise PureError("Retention lock is enabled.", found[0].name, self.lock_status)

        def act() -> list[Item]:
            for one in found:
                one.destroyed = None if back else self.world.now
                for part in one.parts:
                    part.destroyed = one.destroyed
                for copy in self._copies_of(one.group.name):
                    if not back and (not self._shown[copy] or one in self._shown[copy].values()):
                        self.show(copy, "idle", "FREE")
            return [self._described(one) for one in found]

        return self._change(call, user, check, act)

    def _eradicate(self, call: HttpCall, user: ArrayUser) -> Outcome:
        found = [self._group_snapshot(name) for name in _list(call.query.get("names", ""))]
        if not found:
            raise PureError("Names must be given.", "names")

        def check() -> None:
            for one in found:
                if one.destroyed is None:
                    raise PureError("Protection group snapshot has not been destroyed.", one.name)

        def act() -> list[Item]:
            for one in found:
                self.group_snapshots.remove(one)
                self.snapshots = [part for part in self.snapshots if part.group is not one]
            return []

        return self._change(call, user, check, act)

    # helpers

    def _change(
        self, call: HttpCall, user: ArrayUser, check: Callable[[], None], act: Callable[[], list[Item]]
    ) -> Outcome:
        """A change that was possible at the request: done at the reply if it still is."""
        query = "&".join(f"{name}={value}" for name, value in call.query.items())
        text = f"{call.method} {call.path}?{query} {call.body.decode('utf-8', 'replace')}".rstrip()
        try:
            check()
        except PureError as error:
            self.command(user.name, text, error.status)
            raise

        def effect() -> Outcome | None:
            try:
                check()
            except PureError as error:
                self.command(user.name, text, error.status)
                return self._refused(error)
            items = act()
            self.command(user.name, text, 0)
            return self._items(items)

        return self._items([], effect=effect)

    def _named(self, call: HttpCall, ones: Iterable[Any], known: Callable[[str], Any]) -> list[Any]:
        """Those that are asked for by name, in that order; else all that the filter leaves."""
        if "ids" in call.query:
            raise PureError("Invalid query parameter.", "ids")
        if "names" in call.query:
            return [known(name) for name in _list(call.query["names"])]
        pattern = "*"
        if "filter" in call.query:
            by_name = _BY_NAME.fullmatch(call.query["filter"])
            if by_name is None:
                raise PureError("Invalid filter.", call.query["filter"][:60])
            pattern = by_name.group(1)
        return [one for one in ones if fnmatch.fnmatchcase(one.name, pattern)]

    def _listed(self, call: HttpCall, items: Sequence[Item]) -> Outcome:
        """A page of a list; the next one is asked for by its token."""
        wanted = call.query.get("destroyed", "")
        if wanted:
            items = [one for one in items if one.get("destroyed") is (wanted == "true")]
        start, limit = call.query.get("continuation_token", "0"), call.query.get("limit", str(self.page))
        if not start.isdigit() or not limit.isdigit():
            raise PureError("Invalid continuation token or limit.", "limit")
        end = int(start) + min(int(limit), self.page)
        return self._items(items[int(start) : end], token=str(end) if end < len(items) else None)

    def _items(
        self,
        items: Sequence[Item],
        *,
        token: str | None = None,
        effect: Callable[[], Outcome | None] | None = None,
    ) -> Outcome:
        document = {
            "items": list(items),
            "more_items_remaining": token is not None,
            "continuation_token": token,
        }
        return json_outcome(document, duration_s=self.config.answer, effect=effect)

    def _reply(self, document: Item, headers: dict[str, str] | None = None) -> Outcome:
        return json_outcome(document, headers=headers or {}, duration_s=self.config.answer)

    def _refused(self, error: PureError) -> Outcome:
        document = {"errors": [{"message": str(error), "context": error.context}]}
        return json_outcome(document, error.status, duration_s=self.config.answer)

    def _going(self, one: Perishable) -> Item:
        """Whether it was destroyed, and how long it can be taken back."""
        if one.destroyed is None:
            return {"destroyed": False}
        return {"destroyed": True, "time_remaining": _ms(one.destroyed + ERADICATE_S - self.world.now)}

    def _id(self) -> str:
        self._made += 1
        return f"{self._made:08x}-9c1d-4b6e-a2f0-{self.config.id[-12:]}"


def _ms(at: float) -> int:
    return int(at * 1000)


def _list(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _body(call: HttpCall, takes: tuple[str, ...], needed: bool = True) -> Item:
    """The JSON object of a request; PureError if it is none, or has a member that it may not have."""
    if not call.body and not needed:
        return {}
    found = call.json()
    if not isinstance(found, dict):
        raise PureError("Request body is not valid JSON.")
    if strange := sorted(set(found) - set(takes)):
        raise PureError("Invalid field.", strange[0])
    return found


def _colons(port: str) -> str:
    """A WWPN as the array writes it."""
    return ":".join(port[at : at + 2] for at in range(0, len(port), 2))
