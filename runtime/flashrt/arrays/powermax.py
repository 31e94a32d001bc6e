"""VMAX and PowerMax: SnapVX snapshots of a storage group, linked to the clone's storage group.

By Unisphere's REST interface, or by SYMCLI on a host that has it.

The instant is a snapshot of the source group; the targets show it when the target group is linked to it,
which is an act of its own, after production runs again.  Until then the target group shows the last copy, so
nothing is given up before.  A run's own snapshot is the one that was not there when it was prepared; it is
recorded, and only recorded ones are ever terminated.  Nothing is forced or restored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flashrt.arrays.base import (
    ACTIVE,
    FAILED,
    FOREIGN,
    FREE,
    MIXED,
    SPACE,
    TAKEN,
    Checked,
    Copy,
    GroupState,
    Lack,
    Shot,
    VolumeUids,
    unproven,
)
from flashrt.arrays.cycle import Cycle
from flashrt.arrays.members import Masked, check_clone, uids_of
from flashrt.arrays.powermax_check import check_groups, usage
from flashrt.arrays.powermax_parse import Snapshot, judge_group, shows
from flashrt.arrays.powermax_system import System
from flashrt.config import CloneConf, Config, DeviceConf
from flashrt.edges import Edges
from flashrt.localtime import Look
from flashrt.ownership import Claim, claims_on, last_proven, write_claim
from flashrt.result import Result
from flashrt.status import AUTH, MISMATCH, NOTFOUND, PENDING, REFUSED, SYSTEM, SidecarError
from flashrt.status import FOREIGN as FOREIGN_STATUS
from flashrt.status import SPACE as SPACE_STATUS

FULL_PERCENT = 1.0
"""A pool with less than that left for snapshots has nothing to give them: capacities are rounded."""

FAILED_STATE = "failed"


class Parts:
    """The names in a copy's phrase: the group of the sources, the snapshot, the group that shows it."""

    def __init__(self, parts: dict[str, str]) -> None:
        self.source = parts["source"]
        self.snapshot = parts["snapshot"]
        self.target = parts["target"]


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> PowerMax:
    """Connect to the first address that can be reached."""
    if device.way == "ssh":
        from flashrt.arrays.powermax_ssh import Symcli

        return PowerMax(config, device, Symcli(config, device, edges))
    from flashrt.arrays.powermax_rest import Unisphere

    return PowerMax(config, device, Unisphere(config, device, edges))


class PowerMax(Cycle):
    """A connection to an array; see `flashrt.arrays.base.ArrayDriver`."""

    PART = "snapshot"
    BEGIN = (FREE, ACTIVE)
    READY = (FREE, ACTIVE)

    def __init__(self, config: Config, device: DeviceConf, system: System) -> None:
        super().__init__(config, device)
        self._system = system
        self.CLOCK, self.SHOWN_BY = system.clock

    def close(self) -> None:
        """End the connection."""
        self._system.close()

    # looking

    def probe(self) -> Result:
        """The array's serial number and its level."""
        one = self._system
        text = f"{self._device.name} is array {one.serial}, {one.level}."
        return Result(text, "OK", extra1=one.serial[-10:])

    def title(self, group: str) -> str:
        """A copy in words."""
        return f"Storage group {group} on {self._device.name}"

    def read(self, group: str) -> GroupState:
        """What the target group shows."""
        return self._read(group, self._snapshots(group))

    def instant(self, stamp: str) -> float | None:
        """What tells one snapshot from another may be a local time."""
        return self._system.instant(stamp)

    def look(self) -> Look | None:
        """By the clock that such times are told by."""
        return self._system.look()

    def same_copy(self, shown: dict[str, str], recorded: dict[str, str], then: Look | None) -> bool:
        """Whether these are the snapshots that were recorded, by what tells one from another."""
        return len(shown) == len(recorded) and all(self._is_among(one, recorded, then) for one in shown)

    def copy_on(self, group: str) -> Copy:
        """The instant that the target group shows, by the array's clock."""
        shown = shows(self._snapshots(group), self._parts(group).target)
        if not shown:
            return Copy(group, "", 0.0)
        one = max(shown, key=lambda one: one.taken)
        age_s = self._system.age(one.taken)
        known = last_proven(self._config, self._device.name, group)
        if known is not None and self._is_among(one.ident, known[1].copy, known[1].proof):
            age_s = self.aged(age_s, one.ident, next(iter(known[1].copy)), known[1].proof)
        return Copy(group, str(one.taken), max(0.0, age_s))

    def holds(self, group: str) -> Result:
        """HELD if the target group shows the snapshot of the last run with a proof."""
        found = self.read(group)
        known = last_proven(self._config, self._device.name, group)
        if known is None:
            raise unproven(self.title(group), found)
        run, claim = known
        shown = {one.ident: "" for one in shows(self._snapshots(group), self._parts(group).target)}
        if found.word != ACTIVE or not self.same_copy(shown, claim.copy, claim.proof):
            raise SidecarError(
                FOREIGN_STATUS if found.word == ACTIVE else REFUSED,
                f"{self.title(group)} is {found.state}, and does not show the copy of run {run}. See who "
                "uses it.",
                found.word,
            )
        text = f"{self.title(group)} shows the copy of run {run}."
        return Result(text, "HELD", extra1=run[:8], extra2=run[8:])

    def check(self, clone: CloneConf, seen_by_vios: bool = False) -> Checked:
        """The clone's storage groups here, their volumes, hosts and remote copy."""
        found = check_clone(self._masked(), self._device.name, clone, seen_by_vios)
        groups = [
            group for disks in clone.disks if disks.array == self._device.name for group in disks.groups
        ]
        pairs = [(self._parts(group).source, self._parts(group).target) for group in groups]
        fit = check_groups(self._system, self._device.name, pairs)
        return found._replace(findings=[*found.findings, *fit])

    def lacks(self, clone: CloneConf) -> list[Lack]:
        """What the clone's copies here need and the array has not."""
        from flashrt.arrays.lacks import lacks_of

        return lacks_of(self._masked(), self._device.name, clone, self.absent)

    def absent(self, group: str) -> list[Lack]:
        """The storage group of the sources, and that of the targets."""
        from flashrt.arrays.lacks import SOURCES, TARGETS

        parts = self._parts(group)
        names = {"source": parts.source, "target": parts.target}
        return [
            Lack(what, f"storage group {name}", names)
            for what, name in ((SOURCES, parts.source), (TARGETS, parts.target))
            if not self._system.has_group(name)
        ]

    def uids(self, group: str) -> VolumeUids:
        """The UIDs of the groups' volumes."""
        return uids_of(self._masked(), self._device.name, group)

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """How full the storage resource pool of the target group is."""
        del every_pool
        return usage(self._system, self._parts(group).target, floor_percent)

    def is_full(self, group: str, found: GroupState) -> bool:
        """The pool has nothing left for snapshots: what they had to keep had no room, and they failed."""
        del found
        return self._system.space(self._parts(group).target).free_percent < FULL_PERCENT

    # changing

    def release(self, group: str, run: str) -> Result:
        """Terminate recorded snapshots that nothing shows any more; what the target group shows stays."""
        found = self.read(group)
        if found.word == MIXED or (found.word == FAILED and self._shows_ours(group)):
            self._unlink_all(group)
            found = self.read(group)
        if found.word not in self.BEGIN:
            raise self.unfit(group, found)
        self._clear(group, run)
        write_claim(self._config, run, self._device.name, group, None)
        return self.told(group, found)._replace(word="IDLE")

    def prove(self, group: str, run: str) -> Result:
        """There is one snapshot more than when this run was prepared, and it has all of the sources."""
        one = self._own(group, run)
        claim = self.claim(group, run)
        assert claim is not None
        look = self._looked()
        sources = set(self._system.names(self._parts(group).source))
        if FAILED_STATE in one.states and self.is_full(group, self.read(group)):
            raise SidecarError(
                SPACE_STATUS,
                f"Snapshot {one.ident} of {self.title(group)} failed: it ran out of space. Add capacity to "
                "its pool. Do not start the clone.",
                SPACE,
            )
        if set(one.sources) != sources or FAILED_STATE in one.states:
            raise SidecarError(
                MISMATCH,
                f"Snapshot {one.ident} of {self.title(group)} has {len(one.sources)} of {len(sources)} "
                f"volumes, state {', '.join(one.states)}. Do not start the clone.",
                MIXED,
            )
        copy = {one.ident: str(one.taken)}
        write_claim(self._config, run, self._device.name, group, claim._replace(copy=copy, proof=look))
        text = f"{self.title(group)} has this run's snapshot {one.ident} of {len(sources)} volumes."
        return Result(text, "PROVEN", extra1=TAKEN, extra2=str(one.taken)[:10])

    def present(self, group: str, run: str) -> Result:
        """Link the target group to this run's snapshot, or relink it from the one that it shows."""
        claim = self.claim(group, run)
        one = self._own(group, run)
        if claim is None or not self.same_copy({one.ident: ""}, claim.copy, claim.proof):
            raise SidecarError(
                REFUSED, f"Run {run} has no proof of {self.title(group)}. Nothing was linked.", TAKEN
            )
        if not self._shown(group, one.ident):
            self._show(group, one)
        shown, defined = self._progress(group, one.ident)
        if not shown or not defined:
            text = f"{self.title(group)} is being linked to snapshot {one.ident}; ask again."
            return Result(text, "PENDING", PENDING)
        text = f"{self.title(group)} shows this run's snapshot {one.ident}, every volume of it."
        return Result(text, "PRESENT", extra1=ACTIVE)

    def abort(self, group: str, run: str) -> Result:
        """Unlink and terminate a snapshot of this run that was not proven; a proven copy is left."""
        claim = self.claim(group, run)
        found = self.read(group)
        if claim is None or claim.proven:
            reason = (
                "shows a proven copy and is left" if claim is not None else "was not prepared by this run"
            )
            return self.told(group, found, f"{self.title(group)} {reason}: {found.state}.")
        new = self._new(group, claim)
        if len(new) > 1:
            raise self._several(group, new)
        for one in new:
            if shows([one], self._parts(group).target):
                self._link("Unlink", group, one)
            self._terminate(group, one)
        write_claim(self._config, run, self._device.name, group, None)
        return self.told(group, self.read(group))._replace(word="IDLE")

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """The request for the snapshot, rendered and waiting on an open connection."""
        parts = self._parts(group)
        if not test:
            self.ready(group, run)
        return self._system.shot(parts.source, parts.snapshot)

    # parts

    def _read(self, group: str, snapshots: list[Snapshot]) -> GroupState:
        parts = self._parts(group)
        targets = self._system.names(parts.target)
        own = {link.target for one in snapshots for link in one.links if link.group == parts.target}
        free = [name for name in targets if name not in own]
        busy = self._system.busy(parts.target, free) if free else []
        return judge_group(self._system.names(parts.source), targets, parts.target, snapshots, busy)

    def _snapshots(self, group: str) -> list[Snapshot]:
        parts = self._parts(group)
        return self._system.snapshots(parts.source, parts.snapshot, parts.target)

    def _new(self, group: str, claim: Claim) -> list[Snapshot]:
        """The snapshots that were surely not there when the claim was made.

        Where there are more than then, so many are, whatever their times say: generations are in order.
        """
        found = self._snapshots(group)
        more = len(found) - len(claim.start_times)
        return [
            one
            for one in found
            if (self._system.generations and int(one.number) < more)
            or all(self.is_new(one.ident, known, claim.look) for known in claim.start_times)
        ]

    def _own(self, group: str, run: str) -> Snapshot:
        """This run's snapshot."""
        claim = self.claim(group, run)
        if claim is None:
            raise SidecarError(
                REFUSED, f"Run {run} did not prepare {self.title(group)}: nothing can be proven."
            )
        new = self._new(group, claim)
        if claim.copy:
            new = [one for one in new if self._is_among(one.ident, claim.copy, claim.proof)]
        if not new:
            raise SidecarError(
                REFUSED, f"{self.title(group)} has no snapshot of run {run}. Do not start the clone.", FREE
            )
        if len(new) > 1:
            raise self._several(group, new)
        return new[0]

    def _is_among(self, ident: str, recorded: Iterable[str], then: Look | None) -> bool:
        """Whether a snapshot is one of those that were recorded."""
        return any(self.is_same(ident, one, then) for one in recorded)

    def _several(self, group: str, new: list[Snapshot]) -> SidecarError:
        names = ", ".join(one.ident for one in new)
        return SidecarError(
            FOREIGN_STATUS,
            f"{self.title(group)} has {len(new)} snapshots more than when the run was prepared ({names}): "
            "somebody else takes snapshots of that name. Which is this run's is not known.",
            FOREIGN,
        )

    def _shown(self, group: str, ident: str) -> bool:
        return self._progress(group, ident)[0]

    def _progress(self, group: str, ident: str) -> tuple[bool, bool]:
        """Whether the target group shows a snapshot with every volume, and whether each can be used."""
        snapshots = self._snapshots(group)
        found = self._read(group, snapshots)
        target = self._parts(group).target
        links = [
            link for one in snapshots if one.ident == ident for link in one.links if link.group == target
        ]
        whole = found.word == ACTIVE and bool(links)
        return whole, whole and all(link.defined for link in links)

    def _show(self, group: str, one: Snapshot) -> None:
        """Relink where another snapshot is shown; where the array refuses that, unlink and link."""
        found = self.read(group)
        if found.word not in (FREE, ACTIVE, MIXED):
            raise self.unfit(group, found)
        if found.word == ACTIVE:
            try:
                self._link("Relink", group, one)
                return
            except SidecarError as error:
                if error.status != SYSTEM:
                    raise
        self._unlink_all(group)
        self._link("Link", group, one)

    def _shows_ours(self, group: str) -> bool:
        """Whether all that the target group shows was taken by runs of ours."""
        claims = [claim for _, claim in claims_on(self._config, self._device.name, group)]
        shown = shows(self._snapshots(group), self._parts(group).target)
        return all(any(self._is_among(s.ident, one.copy, one.proof) for one in claims) for s in shown)

    def _unlink_all(self, group: str) -> None:
        """The target group shows nothing any more; the snapshots stay."""
        for one in shows(self._snapshots(group), self._parts(group).target):
            self._link("Unlink", group, one)

    def _link(self, action: str, group: str, one: Snapshot) -> None:
        """Send one of the three once, with the number that the snapshot has now."""
        parts = self._parts(group)
        number = next((now.number for now in self._snapshots(group) if now.ident == one.ident), None)
        if number is None:
            raise SidecarError(NOTFOUND, f"Snapshot {one.ident} of {self.title(group)} is gone.")
        self._send(
            lambda: self._system.link(action, parts.source, parts.snapshot, number, parts.target),
            lambda: (action != "Unlink") == self._links(group, one.ident),
        )

    def _links(self, group: str, ident: str) -> bool:
        """Whether the target group shows (a part of) a snapshot."""
        shown = shows(self._snapshots(group), self._parts(group).target)
        return any(one.ident == ident for one in shown)

    def _clear(self, group: str, run: str) -> None:
        """Terminate what runs of this product have taken and nobody shows: the last proven one stays."""
        claims = list(claims_on(self._config, self._device.name, group))
        mine = [claim for name, claim in claims if name != run]
        known = last_proven(self._config, self._device.name, group)
        for one in self._snapshots(group):
            last = known is not None and self._is_among(one.ident, known[1].copy, known[1].proof)
            ours = any(self._is_among(one.ident, claim.copy, claim.proof) for claim in mine)
            if ours and not last and not one.links:
                self._terminate(group, one)

    def _terminate(self, group: str, one: Snapshot) -> None:
        parts = self._parts(group)
        number = next((now.number for now in self._snapshots(group) if now.ident == one.ident), None)
        if number is None:
            return
        self._send(
            lambda: self._system.terminate(parts.source, parts.snapshot, number),
            lambda: all(now.ident != one.ident for now in self._snapshots(group)),
        )

    def _send(self, act: Callable[[], None], done: Callable[[], bool]) -> None:
        """Send a change once; after a lost or late answer the state tells."""
        try:
            act()
        except SidecarError as error:
            if error.status in (AUTH, NOTFOUND, SYSTEM):
                raise
            self.resolved(error, self._system.again, done)

    def _masked(self) -> Masked:
        return self._system.masked(self.title, self.read)

    def _parts(self, group: str) -> Parts:
        return Parts(self._config.copy(self._device.name, group).parts)

    def told(self, group: str, found: GroupState, text: str = "") -> Result:
        """The state of a copy as a result."""
        count = f"{len(found.targets)} volumes, {found.state}, {len(found.start_times)} snapshots"
        plain = f"{self.title(group)}: {count}."
        return Result(text or plain, found.word, extra1=found.word, extra2=str(len(found.targets)))

    def fails(self, found: GroupState) -> str:
        """What stands in the way."""
        why = {
            FAILED: "shows a snapshot that failed. See the array.",
            MIXED: "does not show one snapshot with all of its volumes. See the array.",
            FOREIGN: "has volumes that show something else than this snapshot. Find out whose it is; nothing "
            "was changed.",
        }
        return why.get(found.word, "")
