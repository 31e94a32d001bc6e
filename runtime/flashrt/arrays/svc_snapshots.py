"""Storage Virtualize: snapshots of a volume group, shown by the thin clones in another.

A snapshot is prepared while production runs (its objects are made), triggered in the window (the instant),
and afterwards the thin clones are refreshed from it: volumes, their UIDs and mappings stay.  So the clone
shows the last copy until then, and nothing of it must be given up before.  A snapshot has the run's id in its
name, which was free; only those that are recorded, proven, and shown by nothing are ever removed, and none
that the array has to keep.  Production's volumes are never restored.
"""

from __future__ import annotations

from flashrt.arrays.base import (
    ACTIVE,
    FAILED,
    FOREIGN,
    FREE,
    MIXED,
    PREPARED,
    SPACE,
    TAKEN,
    GroupState,
    Lack,
    Shot,
)
from flashrt.arrays.svc_groups import SvcCycle
from flashrt.arrays.svc_parse import DELIMITER, check_reply, detail, first, safe_name
from flashrt.arrays.svc_space import is_full, usage
from flashrt.arrays.svc_volumes import (
    GOING,
    OFFLINE,
    READY,
    RESTORING,
    TORN,
    TRIGGERED,
    UNLIKE,
    Seen,
    Snapshot,
    judge,
    members_of,
    shown_by,
    snapshots_of,
)
from flashrt.ownership import Claim, claims_on
from flashrt.result import Result
from flashrt.status import FOREIGN as FOREIGN_STATUS
from flashrt.status import MISMATCH, NOTFOUND, PENDING, REFUSED, SidecarError

WHY = {
    RESTORING: "is being restored. Leave it, or see who does it.",
    UNLIKE: "has not exactly one thin clone of each volume. Make it anew; see docs/arrays.md.",
    OFFLINE: "has a volume that is offline. See the array's event log.",
    "mixed": "shows several snapshots, not all of this product. See who uses it; refresh it by hand.",
}


class VolumeGroups(SvcCycle):
    """The snapshots of the volume groups of a system."""

    PART = "volume"
    BEGIN = (FREE, ACTIVE)
    READY = (PREPARED,)
    LOST = (TORN,)

    def title(self, group: str) -> str:
        """A copy in words."""
        return f"Volume group {group} on {self._device.name}"

    def fails(self, found: GroupState) -> str:
        """What stands in the way."""
        return WHY.get(found.state, "") if found.word in (FOREIGN, FAILED, MIXED) else ""

    # looking

    def read(self, group: str) -> GroupState:
        """What the thin clones show, and how far the last run of ours has come."""
        seen = self._seen(group)
        runs = [run for run, _ in self._claims(group)]
        found = judge(seen, _name(runs[0]) if runs else "", [_name(run) for run in runs])
        if found.state != OFFLINE:
            return found
        # Without a place for what it has written itself a thin clone goes offline, and production does not.
        lost = [one.name for one in seen.targets if not one.online]
        return found._replace(word=SPACE) if is_full(self, lost) else found

    def absent(self, group: str) -> list[Lack]:
        """The volume group of the sources, and that of the thin clones."""
        from flashrt.arrays.lacks import SOURCES, TARGETS, is_there

        source, target = self._parts(group)
        names = {"source": source, "target": target}
        return [
            Lack(what, f"volume group {name} {of}", names)
            for what, name, of in (
                (SOURCES, source, "of the source's volumes"),
                (TARGETS, target, "of thin clones"),
            )
            if not is_there(lambda name=name: self._details(name))  # type: ignore[misc]
        ]

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """How full the pools are: what a snapshot keeps lies in the pools of its sources."""
        del every_pool
        found = self.read(group)
        return usage(self, group, found.targets, floor_percent, (*found.sources, *found.targets))

    # changing

    def release(self, group: str, run: str) -> Result:
        """Remove what earlier runs took and nothing shows any more; what the thin clones show stays."""
        self._fit(group)
        kept = self._clear(group, run)
        result = super().release(group, run)
        if kept:
            text = f"{result.text} The array keeps {', '.join(kept)[:120]}: it is not removed."
            result = result._replace(text=text)
        return result

    def prepare(self, group: str, run: str) -> Result:
        """Make the objects of the run's snapshot."""
        source = self._parts(group)[0]
        if self.claim(group, run) is None and _name(run) in self._snapshots(source):
            raise SidecarError(
                FOREIGN_STATUS,
                f"Volume group {source} on {self._device.name} has a snapshot {_name(run)} already, and run "
                f"{run} has none on record. See whose it is.",
                FOREIGN,
            )
        return super().prepare(group, run)

    def prove(self, group: str, run: str) -> Result:
        """The run's snapshot is taken, and has every volume that the group has."""
        own = self._snapshots(self._parts(group)[0]).get(_name(run))
        if self.claim(group, run) is not None and (own is None or own.state != TRIGGERED):
            raise self._no_copy(group, self.read(group), run)
        if own is not None and own.state == TRIGGERED and not own.whole:
            raise SidecarError(
                MISMATCH,
                f"Snapshot {own.name} of {self.title(group)} has not every volume of the group. Do not start "
                "the clone.",
                MIXED,
            )
        return super().prove(group, run)

    def present(self, group: str, run: str) -> Result:
        """Refresh the thin clones from the run's snapshot."""
        claim, found = self.claim(group, run), self.read(group)
        if claim is None or not claim.copy:
            raise SidecarError(REFUSED, f"Run {run} has no proof of {self.title(group)}.", found.word)
        if found.word not in (TAKEN, ACTIVE):
            raise self.unfit(group, found)
        if not self.same_copy(found.start_times, claim.copy, claim.proof):
            raise SidecarError(
                FOREIGN_STATUS,
                f"{self.title(group)} shows another copy than that of run {run}. See who uses it.",
                FOREIGN,
            )
        if found.word == TAKEN:
            source, target = self._parts(group)
            self.send(
                group,
                f"refreshfromsnapshot -volumegroup {target} -snapshot {_name(run)} -fromsourcegroup {source}",
                lambda: self.read(group).word == ACTIVE,
            )
            found = self.read(group)
        if found.word == ACTIVE:
            return self.told(group, found)._replace(word="PRESENT")
        return Result(f"{self.title(group)} is being refreshed; ask again.", "PENDING", PENDING)

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """An open channel and the request for the instant."""
        if not test:
            self.ready(group, run)
        return self._line.shot(f"addsnapshot -trigger {_name(run)} -volumegroup {self._parts(group)[0]}")

    def get_ready(self, group: str, found: GroupState, run: str) -> bool:
        """Prepare the run's snapshot."""
        del found
        source = self._parts(group)[0]
        return self.send(
            group,
            f"addsnapshot -volumegroup {source} -name {_name(run)} -prepare",
            lambda: self._state_of(source, run) == READY,
        )

    def give_up(self, group: str, found: GroupState, run: str) -> bool:
        """Remove the run's own snapshot, which has no proof."""
        del found
        source = self._parts(group)[0]
        own = self._snapshots(source).get(_name(run))
        return own is None or own.state in GOING or self._remove(group, own)

    # parts

    def _parts(self, group: str) -> tuple[str, str]:
        """The volume group of the sources, and that of the thin clones."""
        parts = self._config.copy(self._device.name, group).parts
        return safe_name(parts["source"]), safe_name(parts["target"])

    def _claims(self, group: str) -> list[tuple[str, Claim]]:
        return list(claims_on(self._config, self._device.name, group))

    def _seen(self, group: str) -> Seen:
        source, target = self._parts(group)
        return Seen(
            self._details(source),
            self._details(target),
            members_of(self._listed("lsvdisk", source), source),
            members_of(self._listed("lsvdisk", target), target),
            self._snapshots(source),
            shown_by(self._listed("lsvolumepopulation", target), target),
        )

    def _details(self, name: str) -> list[tuple[str, str]]:
        reply = self.ask(f"lsvolumegroup -delim {DELIMITER} {name}")
        check_reply(reply, f"volume group {name}")
        fields = detail(reply.out)
        if first(fields, "name") != name:
            raise SidecarError(
                NOTFOUND,
                f"{self._device.name} answered for {name} with volume group '{first(fields, 'name')[:63]}'.",
            )
        return fields

    def _listed(self, command: str, group: str) -> str:
        reply = self.ask(f"{command} -delim {DELIMITER} -filtervalue volume_group_name={group}")
        check_reply(reply, f"volume group {group}")
        return reply.out

    def _snapshots(self, source: str) -> dict[str, Snapshot]:
        return snapshots_of(self._listed("lsvolumegroupsnapshot", source), source)

    def _state_of(self, source: str, run: str) -> str:
        own = self._snapshots(source).get(_name(run))
        return own.state if own is not None else ""

    def _fit(self, group: str) -> None:
        """Nothing is removed beside a group that a run must leave alone."""
        found = self.read(group)
        if found.word not in (FREE, ACTIVE, PREPARED, TAKEN):
            raise self.unfit(group, found)

    def _clear(self, group: str, run: str) -> list[str]:
        """Remove the recorded snapshots of earlier proven runs; the names of those that the array keeps."""
        seen = self._seen(group)
        shown = {one.snapshot for one in seen.shown}
        kept: list[str] = []
        for name, claim in self._claims(group):
            own = seen.snapshots.get(_name(name))
            if name == run or own is None or own.name in shown or own.state != TRIGGERED:
                continue
            if not claim.proven or not claim.copy:
                continue
            if not all(self.is_same(own.time, time, claim.proof) for time in claim.copy.values()):
                continue
            if own.kept:
                kept.append(own.name)
            else:
                self._remove(group, own)
        return kept

    def _remove(self, group: str, own: Snapshot) -> bool:
        source = self._parts(group)[0]

        def gone() -> bool:
            found = self._snapshots(source).get(own.name)
            return found is None or found.state in GOING

        return self.send(group, f"rmsnapshot -snapshot {own.name} -volumegroup {source}", gone)


def _name(run: str) -> str:
    """The name of a run's snapshot."""
    return f"FLC{run}"
