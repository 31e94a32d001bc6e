"""Storage Virtualize (SVC, Storwize, FlashSystem), by its command line: copies of two kinds.

A consistency group (`svc_groups`), or the snapshot of a volume group that thin clones show (`svc_snapshots`).
Which one a copy is, the configuration says; all else of a system is the same for both.
"""

from __future__ import annotations

from flashrt.arrays.base import Checked, Copy, GroupState, Lack, Shot, VolumeUids
from flashrt.arrays.members import check_clone, uids_of
from flashrt.arrays.svc_check import SvcMasked
from flashrt.arrays.svc_groups import ConsistencyGroups, SvcCycle
from flashrt.arrays.svc_line import SshLine, SvcLine
from flashrt.arrays.svc_parse import DELIMITER, check_reply, detail, first
from flashrt.config import CloneConf, Config, DeviceConf
from flashrt.edges import Edges, Reply
from flashrt.localtime import Clock
from flashrt.result import Result
from flashrt.status import SYSTEM, SidecarError


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> Svc:
    """Connect to the first address that can be reached, by SSH or by REST."""
    if device.way == "rest":
        from flashrt.arrays.svc_rest import RestLine

        return Svc(RestLine(config, device, edges))
    return Svc(SshLine(config, device, edges))


class Svc:
    """A connection to an array; see `flashrt.arrays.base.ArrayDriver`."""

    def __init__(self, line: SvcLine) -> None:
        self._line = line
        self._name = line.device.name
        self._groups = ConsistencyGroups(line)
        self._snapshots: SvcCycle | None = None

    def close(self) -> None:
        """End the connection."""
        self._line.close()

    # the system

    def ask(self, command: str) -> Reply:
        """The answer to a command."""
        return self._line.ask(command)

    def probe(self) -> Result:
        """The system's name, id and code level."""
        reply = self.ask(f"lssystem -delim {DELIMITER}")
        check_reply(reply, "system")
        fields = detail(reply.out)
        name, code = first(fields, "name"), first(fields, "code_level")
        if not name or not code:
            raise SidecarError(SYSTEM, f"{self._name} does not tell its name and code level.")
        return Result(f"{self._name} is {name[:40]}, code level {code[:40]}.", "OK", extra1=name[:10])

    def check(self, clone: CloneConf, seen_by_vios: bool = False) -> Checked:
        """The clone's groups on this array."""

        def is_left(group: str) -> bool:
            return self._of(group).is_left(group, self.read(group))

        found = check_clone(SvcMasked(self), self._name, clone, seen_by_vios, is_left)
        own = [group for disks in clone.disks if disks.array == self._name for group in disks.groups]
        if any(self._is_snapshot(group) for group in own):
            from flashrt.arrays.svc_protection import look

            found.findings.append(look(self._name, self))
        if found.sources is not None:
            from flashrt.arrays.svc_mirrors import look as look_at_mirrors
            from flashrt.arrays.svc_sizes import look as look_at_sizes
            from flashrt.arrays.svc_sizes import volumes_of

            states = {group: self.read(group) for group in own}
            sources, targets = (
                [v for one in states.values() for v in getattr(one, key)] for key in ("sources", "targets")
            )
            volumes = volumes_of(self)
            sizes = [look_at_sizes(self.title(group), volumes, one) for group, one in states.items()]
            found.findings.extend([*sizes, *look_at_mirrors(self._name, self, volumes, sources, targets)])
        return found

    def clock(self) -> Clock:
        """Start times of both kinds of copies are the system's local time."""
        return self._groups.clock()

    def lacks(self, clone: CloneConf) -> list[Lack]:
        """What the clone's copies here need and the array has not."""
        from flashrt.arrays.lacks import lacks_of

        return lacks_of(SvcMasked(self), self._name, clone, lambda group: self._of(group).absent(group))

    def uids(self, group: str) -> VolumeUids:
        """The UIDs of the group's volumes."""
        return uids_of(SvcMasked(self), self._name, group)

    # the copies

    def title(self, group: str) -> str:
        """A group in words."""
        return self._of(group).title(group)

    def read(self, group: str) -> GroupState:
        """The state of a group."""
        return self._of(group).read(group)

    def status(self, group: str) -> Result:
        """The state of the group."""
        return self._of(group).status(group)

    def copy_on(self, group: str) -> Copy:
        """The copy that a group holds, and how old it is by the array's own clock."""
        return self._of(group).copy_on(group)

    def holds(self, group: str) -> Result:
        """HELD if the group holds the copy that a run of ours has proven last."""
        return self._of(group).holds(group)

    def require(self, group: str, state: str) -> Result:
        """OK if a consistency group, the clone's or any other, has the status that the spec requires."""
        return self._groups.require(group, state)

    def release(self, group: str, run: str) -> Result:
        """Bring the group to where it can be prepared."""
        return self._of(group).release(group, run)

    def prepare(self, group: str, run: str) -> Result:
        """Prepare the group."""
        return self._of(group).prepare(group, run)

    def present(self, group: str, run: str) -> Result:
        """Put the instant that this run took on the targets."""
        return self._of(group).present(group, run)

    def prove(self, group: str, run: str) -> Result:
        """Prove that every part of the copy was taken anew since the prepare, and is whole."""
        return self._of(group).prove(group, run)

    def abort(self, group: str, run: str) -> Result:
        """Undo what this run did, as long as its copy is not proven."""
        return self._of(group).abort(group, run)

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """How full the pools are that a copy takes space in."""
        return self._of(group).usage(group, floor_percent, every_pool)

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """An open channel and the request for it."""
        return self._of(group).arm(group, run, test)

    def _of(self, group: str) -> SvcCycle:
        """What drives a group: the configuration says more of the snapshots of volume groups than a name."""
        if not self._is_snapshot(group):
            return self._groups
        if self._snapshots is None:
            from flashrt.arrays.svc_snapshots import VolumeGroups

            self._snapshots = VolumeGroups(self._line)
        return self._snapshots

    def _is_snapshot(self, group: str) -> bool:
        """Whether a copy is a snapshot that thin clones show, and not a consistency group."""
        declared = self._line.config.copy_of(self._name, group)
        return declared is not None and declared.kind != "group"
