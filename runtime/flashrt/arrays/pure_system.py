"""Pure FlashArray: what the driver asks of an array, and what of it is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flashrt.arrays.base import GroupState
from flashrt.arrays.pure_parse import (
    Group,
    Snapshot,
    Space,
    Volume,
    group,
    ports,
    referred,
    safe_name,
    snapshot,
    space,
    uid,
    volume,
)
from flashrt.arrays.pure_rest import PureRest
from flashrt.status import AUTH, NOTFOUND, SYSTEM, TIMEOUT, UNKNOWN, SidecarError

NAMES = 50
"""Volumes that are asked for in one request."""


class FlashArray:
    """One array, logged in by `rest`; `name` is that of the spec, for messages."""

    def __init__(self, name: str, rest: PureRest) -> None:
        self._name = name
        self._rest = rest

    # looking

    def volumes(self, names: list[str]) -> dict[str, Volume]:
        """Volumes by name; NOTFOUND where one is missing."""
        found: dict[str, Volume] = {}
        for at in range(0, len(names), NAMES):
            part = ",".join(safe_name(name) for name in names[at : at + NAMES])
            found.update((one.name, one) for one in map(volume, self._rest.items("volumes", names=part)))
        missing = [name for name in names if name not in found]
        if missing:
            raise SidecarError(NOTFOUND, f"{self._name} has no volume {missing[0]}. Correct the spec.")
        return found

    def protection_group(self, name: str) -> Group:
        """The group of this name; NOTFOUND without one."""
        found = [group(item) for item in self._rest.items("protection-groups", filter=f"name='{name}'")]
        if [one.name for one in found] != [name]:
            raise SidecarError(
                NOTFOUND, f"{self._name} has no protection group {name}. Correct the spec, or make it."
            )
        return found[0]

    def members(self, name: str) -> list[str]:
        """The volumes of a protection group."""
        return sorted(
            referred(item, "member")
            for item in self._rest.items("protection-groups/volumes", group_names=name)
        )

    def snapshots(self, name: str) -> dict[str, Snapshot]:
        """The snapshots of a protection group, destroyed or not, by name."""
        found = [snapshot(i) for i in self._rest.items("protection-group-snapshots", source_names=name)]
        return {one.name: one for one in found}

    def parts(self, of: Snapshot) -> list[Snapshot]:
        """The snapshots of the single volumes that a protection group's snapshot has."""
        return [snapshot(i) for i in self._rest.items("volume-snapshots", filter=f"name='{of.name}.*'")]

    def space(self) -> Space:
        """The array itself: its name and version, and its one pool of everything."""
        found = [space(item) for item in self._rest.items("arrays")]
        if len(found) != 1:
            raise SidecarError(SYSTEM, f"{self._name} does not tell which array it is.")
        return found[0]

    def mark(self, target: str) -> int:
        """The creation time of the newest snapshot that an overwriting has left on a volume; 0 without one.

        An overwriting keeps what was there before as a snapshot that is destroyed from the beginning.
        """
        found = [snapshot(i) for i in self._rest.items("volume-snapshots", source_names=safe_name(target))]
        return max((one.created for one in found if one.destroyed), default=0)

    def masked(self, title: Callable[[str], str], read: Callable[[str], GroupState]) -> PureMasked:
        """Volumes and hosts, as the checks of every family ask for them."""
        return PureMasked(self._rest, title, read)

    # changing

    def overwrite(self, source: str, target: str, before: int) -> None:
        """Send the request once; a lost or late reply is no error where the target shows that it was done."""
        try:
            done = self._rest.change(
                "POST",
                "volumes",
                {"names": safe_name(target), "overwrite": "true"},
                {"source": {"name": source}},
            )
        except SidecarError as error:
            if error.status not in (TIMEOUT, UNKNOWN):
                raise
            try:
                self._rest.reconnect()
                shown = self.mark(target) > before
            except SidecarError:
                raise error from None
            if shown:
                return
            raise
        if [item.get("name") for item in done] != [target]:
            raise SidecarError(
                UNKNOWN, f"{self._name} answered to the overwriting of {target} with another volume."
            )

    def destroy(self, one: Snapshot) -> bool:
        """Destroy a snapshot of ours; False where the array refuses it.

        Which status SafeMode and retention locks have is not known: any refusal is one, and nothing more.
        """
        try:
            self._rest.change("PATCH", "protection-group-snapshots", {"names": one.name}, {"destroyed": True})
        except SidecarError as error:
            if error.status in (AUTH, SYSTEM):
                return False
            if error.status not in (TIMEOUT, UNKNOWN):
                raise
            try:
                self._rest.reconnect()
                found = self.snapshots(one.source).get(one.name)
            except SidecarError:
                raise error from None
            if found is not None and not found.destroyed:
                raise
        return True


class PureMasked:
    """Volumes and the hosts they are connected to; see `flashrt.arrays.members.Masked`."""

    def __init__(
        self, rest: PureRest, title: Callable[[str], str], read: Callable[[str], GroupState]
    ) -> None:
        self._rest = rest
        self.title = title
        self.read = read
        self._hosts: dict[str, list[dict[str, Any]]] = {}
        self._connections: list[tuple[str, set[str]]] | None = None

    def hosts_of(self, volume: str) -> set[str]:
        """The hosts that a volume is connected to, by itself or with a host group."""
        return {host for connected, hosts in self._connected() for host in hosts if connected == volume}

    def volumes_of(self, host: str) -> set[str]:
        """The volumes that are connected to a host, or to the host group that it is in."""
        return {volume for volume, hosts in self._connected() if host in hosts}

    def ports_of(self, host: str) -> list[str]:
        """The WWPNs of a host."""
        return [port for item in self._host(host) for port in ports(item)]

    def uids_of(self, volumes: Sequence[str]) -> dict[str, str]:
        """The UIDs of all volumes, by name."""
        del volumes
        found = [volume(item) for item in self._rest.items("volumes", destroyed="false")]
        return {one.name: uid(one) for one in found}

    def _host(self, name: str) -> list[dict[str, Any]]:
        if name not in self._hosts:
            self._hosts[name] = self._rest.items("hosts", names=safe_name(name))
        return self._hosts[name]

    def _connected(self) -> list[tuple[str, set[str]]]:
        """Each volume's connections with their hosts, from the lists of all: one volume a request would be
        hundreds (docs/platform-facts.md#one-volume-at-a-time).

        A connection to a host group may be told without its hosts.
        """
        if self._connections is None:
            inside: dict[str, set[str]] = {}
            for item in self._rest.items("host-groups/hosts"):
                inside.setdefault(referred(item, "group"), set()).add(referred(item, "member"))
            self._connections = []
            for item in self._rest.items("connections"):
                host, group = referred(item, "host"), referred(item, "host_group")
                hosts = {host} if host else inside.get(group, set())
                self._connections.append((referred(item, "volume"), hosts))
        return self._connections
