"""Storage Virtualize: its volumes and host objects (docs/platform-facts.md#svc-membership)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from flashrt.arrays.base import GroupState
from flashrt.arrays.svc_parse import DELIMITER, check_reply, detail, every, table, told_name
from flashrt.edges import Reply


class Asked(Protocol):
    """What a check asks of an array."""

    def title(self, group: str) -> str:
        """A group in words."""

    def read(self, group: str) -> GroupState:
        """The state of a group."""

    def ask(self, command: str) -> Reply:
        """The answer to a command."""


class SvcMasked:
    """Volumes and host objects of one system; see `flashrt.arrays.members.Masked`.

    The mappings of all hosts come in one list, since a partition may have hundreds of volumes
    (docs/platform-facts.md#one-volume-at-a-time).
    """

    def __init__(self, array: Asked) -> None:
        self._array = array
        self._mappings: list[tuple[str, str]] | None = None
        self.title = array.title
        self.read = array.read

    def hosts_of(self, volume: str) -> set[str]:
        """The host objects that a volume is mapped to."""
        return {host for host, mapped in self._mapped() if mapped == volume}

    def volumes_of(self, host: str) -> set[str]:
        """The volumes that are mapped to a host object."""
        return {volume for name, volume in self._mapped() if name == host}

    def ports_of(self, host: str) -> list[str]:
        """The WWPNs of a host object."""
        reply = self._array.ask(f"lshost -delim {DELIMITER} {told_name(host)}")
        check_reply(reply, f"host {host}")
        return every(detail(reply.out), "WWPN")

    def uids_of(self, volumes: Sequence[str]) -> dict[str, str]:
        """The UIDs of all volumes, by name."""
        del volumes
        rows = self._table(f"lsvdisk -delim {DELIMITER}", "volumes", "name", "vdisk_UID")
        return {row["name"]: row["vdisk_UID"].upper() for row in rows}

    def _mapped(self) -> list[tuple[str, str]]:
        """Host and volume of every mapping."""
        if self._mappings is None:
            rows = self._table(f"lshostvdiskmap -delim {DELIMITER}", "mappings", "name", "vdisk_name")
            self._mappings = [(row["name"], row["vdisk_name"]) for row in rows]
        return self._mappings

    def _table(self, command: str, what: str, *columns: str) -> list[dict[str, str]]:
        reply = self._array.ask(command)
        check_reply(reply, what)
        return table(reply.out, columns)
