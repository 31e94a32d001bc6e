"""What a clone's copies need on an array and the array has not: told for `flashc doctor`, changed by nobody.

The commands that make it are the compiler's (`flashc/deploy/once.toml`): a lack says by a word which of them,
and the names that it knows.
"""

from __future__ import annotations

from collections.abc import Callable

from flashrt.arrays.base import Lack
from flashrt.arrays.members import Masked, own_volumes
from flashrt.config import CloneConf, DisksConf
from flashrt.status import NOTFOUND, SidecarError

GROUP, SOURCES, TARGETS, PART, COUNT, TARGET, MAPPING, HOST = (
    "group",
    "sources",
    "targets",
    "part",
    "count",
    "target",
    "mapping",
    "host",
)
"""The group of a copy; those of its sources and of its targets, where they are two; the target of a volume
of the source; as many targets as there are sources; a target that the spec names; its mapping to the clone; a
host object of the clone."""

Absent = Callable[[str], list[Lack]]


def is_there(look: Callable[[], object]) -> bool:
    """Whether looking at something finds it; any other error is one."""
    try:
        look()
    except SidecarError as error:
        if error.status != NOTFOUND:
            raise
        return False
    return True


def lacks_of(array: Masked, name: str, clone: CloneConf, absent: Absent) -> list[Lack]:
    """All that is missing for the clone's copies on an array; `absent`: of what the spec names of a copy."""
    found: list[Lack] = []
    for disks in (disks for disks in clone.disks if disks.array == name):
        found += [
            Lack(HOST, f"host {host} of the clone", {"host": host})
            for host in disks.clone_hosts
            if not _is_host(array, host)
        ]
        for group in disks.groups:
            one = absent(group) or _within(array, disks, group)
            found += [lack._replace(names={"copy": group, **lack.names}) for lack in one]
    return found


def _is_host(array: Masked, host: str) -> bool:
    """Whether there is a host object of that name; some arrays tell nothing at all of one that is not."""
    ports: list[str] = []
    return is_there(lambda: ports.extend(array.ports_of(host))) and bool(ports)


def _within(array: Masked, disks: DisksConf, group: str) -> list[Lack]:
    """Volumes without a target, and targets that the clone does not see."""
    state = array.read(group)
    found = [
        Lack(PART, f"a target for volume {volume}", {"source": volume, "volume": volume, "number": "1"})
        for volume in sorted(own_volumes(array, state.sources, disks.source_hosts) - set(state.sources))
    ]
    if not state.sources and not found:
        found = [Lack(PART, f"volumes in {array.title(group)}", {})]
    if state.targets and len(state.sources) > len(state.targets):
        less = str(len(state.sources) - len(state.targets))
        text = f"targets for {less} of the {len(state.sources)} sources of {array.title(group)}"
        found.append(Lack(COUNT, text, {"number": less}))
    # of generations none is mapped: the clone is not started from them
    seen = {volume: array.hosts_of(volume) for volume in state.targets} if len(disks.groups) == 1 else {}
    every = sorted({host for hosts in seen.values() for host in hosts} | set(disks.clone_hosts))
    host = {"host": every[0]} if len(every) == 1 else {}
    return found + [
        Lack(
            MAPPING, f"a mapping of {volume} to the clone's host", {"target": volume, "clone": volume, **host}
        )
        for volume, hosts in seen.items()
        if not hosts
    ]
