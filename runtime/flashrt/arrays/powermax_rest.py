"""VMAX and PowerMax: requests to Unisphere's REST interface (docs/platform-facts.md#powermax).

Each request says who it is from; there is no session to lose.  The version in the paths is that of the
Unisphere that answers, and the array is the one that the spec names by its serial number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flashrt.arrays.base import GroupState, Shot
from flashrt.arrays.powermax_parse import Snapshot, free_percent, listed_volume, snapshot, texts
from flashrt.arrays.powermax_system import Mirror, Space, Volume
from flashrt.config import Config, DeviceConf
from flashrt.devices import connect_rest
from flashrt.edges import Edges, Reply
from flashrt.http1 import HttpReply, basic, path_of
from flashrt.https import AWAY
from flashrt.keyfiles import read_password
from flashrt.localtime import Look
from flashrt.result import plain
from flashrt.status import AUTH, NOTFOUND, REFUSED, SYSTEM, TIMEOUT, UNKNOWN, SidecarError

ROOT = ("univmax", "restapi")
IDS_SINCE = (5978, 669, 669)
"""The level of the array's code from which on a snapshot has an id; Unisphere must be 9.2 or newer."""

LISTS_SINCE = (10, 1)
"""The version of Unisphere from which on it lists volumes with what is asked for of them."""

LISTED = ("univmax", "rest", "v1", "systems")

MOST = 100_000
"""Volumes of one list; an array has fewer."""

FEW = 8
"""So many volumes are asked for one by one; of more a list is asked for, where there is one."""

SHOWN = (
    "id",
    "emulation",
    "status",
    "wwn",
    "snapvx_source",
    "snapvx_target",
    "cap_cyl",
    "cap_gb",
    "storage_groups",
    "num_of_rdf_infos",
)
"""What is read of a volume in a list: one without all of it is asked for itself."""

SELECTED = (
    *SHOWN,
    "storage_groups.id",
    "rdf_infos",
    "rdf_infos.local_rdf_group",
    "effective_wwn",
    "effective_used_capacity_gb",
)

PROVISIONING = "sloprovisioning"
NO_POOL = "NONE"
"""In place of the pool of a storage group that names none."""
RDF_KEYS = ("volumeRdfTypes", "states", "modes")
BUSY = 429
GOOD = Reply(0, '{"name":"FLASHC","state":["Established"]}', "")
REFUSAL = Reply(401, "", "Unauthorized")

_VERSION = re.compile(r"[A-Z]?(\d{1,2})\.(\d{1,2})\.")
_CODE = re.compile(r"(\d{1,5})\.(\d{1,5})(?:\.(\d{1,5}))?")


class Unisphere:
    """A connection, and how snapshots are named there: `style` is snapid or generation."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self.clock = ("", "")
        self._config = config
        self._device = device
        self._edges = edges
        self.serial = device.facts["serial"]
        self._rest = connect_rest(config, device, edges)
        self.api = ""
        self.version = ""
        self.code = ""
        self.style = "snapid"
        self._lists = False
        self._rows: dict[str, dict[str, Any]] = {}
        self._names: dict[str, list[str]] = {}
        self._group_of: dict[str, str] = {}
        try:
            self._log_in()
            self._identify()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the connection."""
        self._rest.close()

    def again(self) -> None:
        """Connect anew, after an answer that did not come."""
        self._rest.close()
        self._rest = connect_rest(self._config, self._device, self._edges)
        self._log_in()

    def get(self, *segments: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What it says of an object of the array."""
        kind, *rest = segments
        return self._document("GET", (self.api, kind, "symmetrix", self.serial, *rest), query, None)

    @property
    def generations(self) -> bool:
        """By the older style; an id is never given again."""
        return self.style == "generation"

    @property
    def level(self) -> str:
        """Code level of the array, version of Unisphere."""
        return f"code {self.code[:20]}, Unisphere {self.version[:20]}"

    def volumes(self, group: str) -> list[Volume]:
        """The volumes of a storage group, where they were not asked for yet."""
        return [_volume(self.volume(name)) for name in self.names(group)]

    def mirrors(self, group: str) -> list[Mirror]:
        """By the SRDF groups that its volumes are in: of each, what the storage group is there."""
        listed = [self.volume(name).get("rdfGroupId") or [] for name in self.names(group)]
        if not all(isinstance(one, dict) for rows in listed for one in rows):
            raise SidecarError(SYSTEM, f"{self._device.name} does not list the SRDF groups of {group}.")
        found = []
        for number in sorted({str(one.get("rdf_group_number", "")) for rows in listed for one in rows}):
            row = self.get("replication", "storagegroup", group, "rdf_group", number)
            sides, states, modes = (texts(row.get(key, []), key) for key in RDF_KEYS)
            mode = modes[0] if len(set(modes)) == 1 else ", ".join(modes)
            found += [Mirror(f"SRDF group {number}", side, tuple(states), mode) for side in sides or [""]]
        return found

    def busy(self, group: str, volumes: Sequence[str]) -> list[str]:
        """Those that a list does not show as free are asked for themselves."""
        listed = self._listed(group) if len(volumes) > FEW else {}
        asked = [name for name in volumes if _uses(listed.get(name, {}), "snapvx_target") is not False]
        rows = {name: self.volume(name, anew=True) for name in asked}
        return [name for name, row in rows.items() if _uses(row, "snapvx_target")]

    def volume(self, name: str, anew: bool = False) -> dict[str, Any]:
        """What Unisphere says of a volume; as it was last seen on this connection, or anew.

        With it come, where there is such a list, the others of its storage group.
        """
        group = self._group_of.get(name, "")
        if not anew and name not in self._rows and len(self._names.get(group, ())) > FEW:
            self._rows.update(self._listed(group))
        if anew or name not in self._rows:
            self._rows[name] = self.get(PROVISIONING, "volume", name)
        return self._rows[name]

    def instant(self, ident: str) -> float | None:
        """Snapshots go by ids, or by times in UTC."""
        del ident
        return None

    def look(self) -> Look | None:
        """Not needed."""
        return None

    def has_group(self, group: str) -> bool:
        """Asked by its name."""
        try:
            self.get(PROVISIONING, "storagegroup", group)
        except SidecarError as error:
            if error.status != NOTFOUND:
                raise
            return False
        return True

    def names(self, group: str) -> list[str]:
        """The numbers of the volumes of a storage group."""
        listed = self._every(self.get(PROVISIONING, "volume", query={"storageGroupId": group}), group)
        names = [str(one.get("volumeId", "")) for one in listed]
        self._names[group] = names
        self._group_of.update(dict.fromkeys(names, group))
        return names

    def _every(self, found: dict[str, Any], group: str) -> list[dict[str, Any]]:
        """All of a list: its first page comes with it, the others are asked for (1000 volumes a page)."""
        count, listed = found.get("count"), _page(found.get("resultList"))
        if not isinstance(count, int) or listed is None or count > MOST:
            raise SidecarError(SYSTEM, f"{self._device.name} does not list the volumes of {group}.")
        size = len(listed)
        while len(listed) < count:
            where = ("common", "Iterator", str(found.get("id") or "none"), "page")
            query = {"from": str(len(listed) + 1), "to": str(min(count, len(listed) + size))}
            more = None
            try:
                more = _page(self._document("GET", where, query, None)) if size else None
            except SidecarError as error:
                # A list that is not gone on with for a while ends: from its beginning it is there again.
                if error.status != NOTFOUND:
                    raise
            if not more:
                raise SidecarError(
                    SYSTEM, f"{self._device.name} lists {len(listed)} of the {count} volumes of {group}."
                )
            listed += more
        if len(listed) != count:
            raise SidecarError(SYSTEM, f"Storage group {group} has {count} volumes, listed {len(listed)}.")
        return listed

    def snapshots(self, group: str, name: str, target: str) -> list[Snapshot]:
        """The snapshots of a name that a storage group has; each tells all of its links."""
        del target
        if name not in self._snapshot_names(group):
            return []
        where = ("replication", "storagegroup", group, "snapshot", name, self.style)
        listed = self.get(*where)
        numbers = texts(listed.get(f"{self.style}s"), "snapshots")
        return [snapshot(self.get(*where, number), number) for number in numbers]

    def _snapshot_names(self, group: str) -> list[str]:
        """The names of the snapshots of a storage group; one that never had any may not be known there.

        So that no other failure is taken for that, a volume of the group must say the same.
        """
        try:
            known = self.get("replication", "storagegroup", group, "snapshot")
        except SidecarError as error:
            if error.status != NOTFOUND or not self.has_group(group):
                raise
            flags = [self.volume(one, anew=True).get("snapvx_source") for one in self.names(group)[:1]]
            if [str(one).lower() for one in flags] != ["false"]:
                raise
            return []
        return texts(known.get("name", []), "snapshots")

    def link(self, action: str, group: str, name: str, number: str, target: str) -> None:
        """Link, Relink or Unlink a storage group.  Nothing is copied, and nothing forced."""
        key = "storage_group_name" if self.style == "snapid" else f"{action.lower()}StorageGroupName"
        options: dict[str, Any] = {key: target, "force": False}
        if action != "Unlink":
            options["copy"] = False
        self._document(
            "PUT", self._of(group, name, number), None, {"action": action, action.lower(): options}
        )

    def terminate(self, group: str, name: str, number: str) -> None:
        """Remove a snapshot; one that is linked is refused by the array."""
        self._ask("DELETE", self._of(group, name, number), None, None)

    def age(self, taken: int) -> float:
        """Times are told in UTC."""
        return self._edges.clock.now() - taken

    def space(self, group: str) -> Space:
        """The storage resource pool of a storage group; of one that names none the array's own."""
        pool = str(self.get(PROVISIONING, "storagegroup", group).get("srp", ""))
        if pool.upper() in ("", NO_POOL):
            pool = str(self.get(PROVISIONING).get("default_fba_srp", ""))
        shown = self.get(PROVISIONING, "srp", pool) if pool else {}
        free, kept = free_percent(shown), shown.get("reserved_cap_percent")
        if free is None or not isinstance(kept, (int, float)):
            raise SidecarError(
                SYSTEM, f"The array does not show the capacity of pool {pool[:40]} of {group}."
            )
        shares = [self._share(name) for name in self.names(group)]
        taken = [float(one) for one in shares if isinstance(one, (int, float))]
        return Space(pool, max(0.0, free - kept), sum(taken) / len(taken) if taken else 0.0, float(kept))

    def _share(self, name: str) -> Any:
        """How full a volume is, percent; what a list does not tell of it, it says itself."""
        row = self.volume(name)
        return row["allocated_percent"] if "allocated_percent" in row else self._alone(name)

    def _alone(self, name: str) -> Any:
        return self.volume(name, anew=True).get("allocated_percent")

    def _listed(self, group: str) -> dict[str, dict[str, Any]]:
        """The volumes of a storage group by one request, as each of them would tell it.

        Only those of which all is told; none where Unisphere has no such list, or not in time
        (docs/platform-facts.md#powermax-lists).  One that failed is not asked for again.
        """
        if not self._lists:
            return {}
        where = path_of(*LISTED, self.serial, "volumes")
        query = {"select": ",".join(SELECTED), "filter": f"storage_groups.id eq {group}"}
        deadline = self._edges.clock.now() + self._config.limits.request_s
        rows: Any = None
        try:
            reply = self._rest.call("GET", where, deadline, query=query)
            document = reply.json() if reply.good else None
            rows = document.get("volumes") if isinstance(document, dict) else None
        except SidecarError as error:
            if error.status not in (SYSTEM, TIMEOUT, UNKNOWN):
                raise
            if error.status != SYSTEM and self._edges.clock.now() < self._edges.until:
                self.again()
        if not isinstance(rows, list):
            self._lists = False
            return {}
        told = [listed_volume(row, SHOWN) for row in rows if isinstance(row, dict)]
        return {str(row["volumeId"]): row for row in told if row is not None}

    def masked(self, title: Callable[[str], str], read: Callable[[str], GroupState]) -> UnisphereMasked:
        """By the masking views of the storage groups."""
        return UnisphereMasked(self, title, read)

    def shot(self, group: str, name: str) -> Shot:
        """Rendered, and waiting on an open connection."""
        deadline = self._edges.clock.now() + self._config.limits.connect_s
        path = self.path(group)
        channel = self._rest.open_request("POST", path, deadline, body={"snapshotName": name})

        def probe() -> None:
            self.get(PROVISIONING, "storagegroup", group)

        return Shot(channel, f"POST {path} {name}", probe, judge, GOOD, REFUSAL)

    def path(self, group: str) -> str:
        """Where the snapshots of a storage group are."""
        where = (self.api, "replication", "symmetrix", self.serial, "storagegroup", group, "snapshot")
        return path_of(*ROOT, *where)

    def _of(self, group: str, name: str, number: str) -> tuple[str, ...]:
        where = ("replication", "symmetrix", self.serial, "storagegroup", group, "snapshot", name)
        return (self.api, *where, self.style, number)

    def _document(
        self, method: str, segments: Sequence[str], query: Mapping[str, str] | None, body: object
    ) -> dict[str, Any]:
        reply = self._ask(method, segments, query, body)
        found: Any = None
        try:
            found = reply.json()
        except SidecarError as error:
            if method == "GET":
                raise
            raise SidecarError(UNKNOWN, f"{self._device.name}: {method}: {error.text}") from error
        if not isinstance(found, dict):
            status = SYSTEM if method == "GET" else UNKNOWN
            raise SidecarError(status, f"{self._device.name} answers with no object. Check its release.")
        return found

    def _ask(
        self, method: str, segments: Sequence[str], query: Mapping[str, str] | None, body: object
    ) -> HttpReply:
        path = path_of(*ROOT, *segments)
        deadline = self._edges.clock.now() + self._config.limits.request_s
        reply = self._rest.call(method, path, deadline, query=query, body=body)
        if reply.good:
            return reply
        what = f"{self._device.name} answered {reply.status} to {method} {path[-80:]}: {message(reply.text)}"
        if reply.status in (401, 403):
            raise SidecarError(AUTH, f"{what} Check the user, its role and the password file.")
        if method != "GET" and (reply.status in AWAY or (reply.status >= 500 and not _told(reply.text))):
            # Not Unisphere's own words: what is in between has not waited for them.
            raise SidecarError(UNKNOWN, f"{what} Read the state.")
        raise SidecarError(NOTFOUND if reply.status == 404 else SYSTEM, what)

    def _log_in(self) -> None:
        password = read_password(self._config.key_file(self._device.key))
        self._rest.headers["Authorization"] = basic(self._device.user, password)

    def _identify(self) -> None:
        """The version for the paths; the array; how its snapshots are named."""
        self.version = str(self._document("GET", ("version",), None, None).get("version", ""))
        found = _VERSION.match(self.version)
        if found is None:
            raise SidecarError(SYSTEM, f"{self._device.name} tells no version of Unisphere.")
        self.api = found[1] + found[2]
        array = self._document("GET", (self.api, "system", "symmetrix", self.serial), None, None)
        self.code = str(array.get("ucode") or array.get("microcode") or "")
        code = _CODE.match(self.code)
        level = tuple(int(part or 0) for part in code.groups()) if code else (0, 0, 0)
        self._lists = (int(found[1]), int(found[2])) >= LISTS_SINCE
        newer = (int(found[1]), int(found[2])) >= (9, 2)
        self.style = "snapid" if newer and level >= IDS_SINCE else "generation"


def _page(found: object) -> list[dict[str, Any]] | None:
    """The rows of a page; None where it has none that can be read."""
    rows = found.get("result") if isinstance(found, dict) else None
    return rows if isinstance(rows, list) and all(isinstance(one, dict) for one in rows) else None


def _told(text: str) -> str:
    """The message in a refusal; "" where it has none."""
    found = re.search(r'"message"\s*:\s*"([^"]{1,160})', text)
    return found[1] if found else ""


def message(text: str) -> str:
    """What a refusal says of its reason."""
    return plain(_told(text) or text)[:160] or "no reason"


def judge(reply: Reply) -> SidecarError | None:
    """What the answer to the one request means: None when the snapshot was surely taken."""
    if reply.status == 0 and reply.out.lstrip().startswith("{") and '"message"' not in reply.out[:200]:
        return None
    said = message(reply.out or reply.err)
    if reply.status in (401, 403):
        return SidecarError(AUTH, said, "REFUSED")
    if reply.status == BUSY:
        return SidecarError(REFUSED, "asked too often", "REFUSED")
    return SidecarError(UNKNOWN, said)


def _uses(row: dict[str, Any], flag: str) -> bool | None:
    """Whether a volume has a flag; None where it is not said."""
    return None if row.get(flag) is None else str(row[flag]).lower() == "true"


def _volume(row: dict[str, Any]) -> Volume:
    return Volume(
        str(row.get("volumeId", "")),
        _size(row.get("cap_cyl")),
        str(row.get("emulation")),
        str(row.get("status", "Ready")),
        bool(row.get("rdfGroupId")),
    )


def _size(cylinders: object) -> str:
    """A list has cylinders with a decimal point."""
    return f"{cylinders:.10g}" if isinstance(cylinders, float) else str(cylinders)


class UnisphereMasked:
    """Volumes, storage groups and masking views; see `flashrt.arrays.members.Masked`."""

    def __init__(
        self, unisphere: Unisphere, title: Callable[[str], str], read: Callable[[str], GroupState]
    ) -> None:
        self._unisphere = unisphere
        self.title = title
        self.read = read
        self._views: dict[str, tuple[str, str]] = {}
        self._groups: dict[str, dict[str, Any]] = {}
        self._hosts: dict[str, dict[str, Any]] = {}
        self._members: dict[str, set[str]] = {}

    def hosts_of(self, volume: str) -> set[str]:
        """The hosts that see a volume: those of the masking views of its storage groups and their parents."""
        groups = texts(self._unisphere.volume(volume).get("storageGroupId", []), "storage groups")
        every = {*groups, *(parent for group in groups for parent in self._others(group, "parent"))}
        return {self._view(view)[0] for group in sorted(every) for view in self._views_of(group)}

    def volumes_of(self, host: str) -> set[str]:
        """The volumes that a host sees."""
        found = self._host(host)
        groups = {self._view(view)[1] for view in texts(found.get("maskingview", []), "masking views")}
        every = {*groups, *(child for group in groups for child in self._others(group, "child"))}
        return {volume for group in sorted(every) for volume in self._of_group(group)}

    def ports_of(self, host: str) -> list[str]:
        """The WWPNs of a host, or of all in a host group."""
        found = self._host(host)
        of = found.get("host", [])
        if not isinstance(of, list) or not all(isinstance(one, dict) for one in of):
            raise SidecarError(SYSTEM, f"Host group {host[:40]} does not list its hosts.")
        return [wwpn for one in (found, *of) for wwpn in texts(one.get("initiator", []), "initiators")]

    def uids_of(self, volumes: Sequence[str]) -> dict[str, str]:
        """What a host sees of these volumes: not their own identifier where SRDF/Metro gave them another."""
        rows = {volume: self._unisphere.volume(volume) for volume in volumes}
        found = {name: str(row.get("effective_wwn") or row.get("wwn") or "") for name, row in rows.items()}
        return {volume: uid.upper() for volume, uid in found.items() if uid}

    def _host(self, name: str) -> dict[str, Any]:
        """A host or, since a masking view may have either, a host group."""
        if name not in self._hosts:
            try:
                self._hosts[name] = self._unisphere.get(PROVISIONING, "host", name)
            except SidecarError as error:
                if error.status != NOTFOUND:
                    raise
                self._hosts[name] = self._unisphere.get(PROVISIONING, "hostgroup", name)
        return self._hosts[name]

    def _others(self, group: str, what: str) -> list[str]:
        """The groups that a storage group is in (`parent`), or that are in it (`child`)."""
        return texts(self._group(group).get(f"{what}_storage_group", []), "storage groups")

    def _group(self, name: str) -> dict[str, Any]:
        if name not in self._groups:
            self._groups[name] = self._unisphere.get(PROVISIONING, "storagegroup", name)
        return self._groups[name]

    def _of_group(self, group: str) -> set[str]:
        if group not in self._members:
            self._members[group] = set(self._unisphere.names(group))
        return self._members[group]

    def _views_of(self, group: str) -> list[str]:
        return texts(self._group(group).get("maskingview", []), "masking views")

    def _view(self, name: str) -> tuple[str, str]:
        """Host (or host group) and storage group of a masking view."""
        if name not in self._views:
            found = self._unisphere.get(PROVISIONING, "maskingview", name)
            host = found.get("hostId") or found.get("hostGroupId")
            group = found.get("storageGroupId")
            if not host or not group:
                raise SidecarError(SYSTEM, f"Masking view {name[:40]} shows no host or no storage group.")
            self._views[name] = (str(host), str(group))
        return self._views[name]
