"""Pure FlashArray: a snapshot of a protection group is the instant, and is then put on volume after volume.

The snapshot is the one request of the window; its name, with the run's id in it, was free before, and is
recorded, so that it cannot be taken for anybody else's.  Overwriting the clone's volumes comes afterwards,
one by one, and each is recorded before and after it: between the first and the last of them the volumes do
not belong together (MIXED), and nothing may start from them.  After a lost reply the target's own snapshots
tell whether it was overwritten (docs/platform-facts.md#pure-overwrite); to do it again from the same
snapshot does no harm, for the clone is off.

Snapshots of ours are destroyed when a later run gives the copy up, and can be taken back on the array for
as long as it keeps what is destroyed.  Nothing is ever eradicated.
"""

from __future__ import annotations

from flashrt.arrays.base import (
    ACTIVE,
    EMPTY,
    FAILED,
    FREE,
    MIXED,
    PREPARED,
    TAKEN,
    Checked,
    Copy,
    GroupState,
    Lack,
    Shot,
    VolumeUids,
    demand,
    unproven,
    unused,
)
from flashrt.arrays.pure_parse import (
    REFUSAL,
    Snapshot,
    differences,
    good_answer,
    is_copy_of,
    judge_of,
    safe_name,
)
from flashrt.arrays.pure_record import ASKED, IDLE, NOTHING, SHOWN, Record, record_of, state_of
from flashrt.arrays.pure_rest import PureRest
from flashrt.arrays.pure_system import FlashArray, PureMasked
from flashrt.config import BY_HAND, CloneConf, Config, DeviceConf
from flashrt.consoles.base import Finding
from flashrt.edges import Edges
from flashrt.localtime import Clock
from flashrt.ownership import MAYBE, SENT, Claim, claims_on, read_claim, write_claim
from flashrt.result import Result
from flashrt.status import (
    AUTH,
    MISMATCH,
    PENDING,
    REFUSED,
    SPACE,
    SYSTEM,
    SidecarError,
)
from flashrt.status import FOREIGN as FOREIGN_STATUS

PRESENT_S = 120.0
"""How long one call of `present` goes on before it says PENDING, so that somebody can see how far it came."""

ERADICATED_S = 86400.0
"""How long, at least, the array keeps what an overwriting leaves of what was there before."""

DESTROYED = "destroyed"


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> Pure:
    """Connect to the first address that can be reached, and log in."""
    return Pure(config, device, edges)


class Pure:
    """A connection to an array; see `flashrt.arrays.base.ArrayDriver`."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self._config = config
        self._device = device
        self._edges = edges
        self._rest = PureRest(config, device, edges)
        self._array = FlashArray(device.name, self._rest)

    def close(self) -> None:
        """Give the session back and end the connection."""
        self._rest.close()

    # looking

    def probe(self) -> Result:
        """The array's name and version."""
        found = self._array.space()
        return Result(
            f"{self._device.name} is {found.name[:40]}, Purity {found.purity[:20]}.",
            "OK",
            extra1=found.name[:10],
        )

    def read(self, group: str, run: str = "") -> GroupState:
        """The protection group as the array has it, and the copy as far as this product has brought it.

        That of `run` where it has a claim, else the latest there is.
        """
        name = self._group(group)
        targets = [target for _, target in self._pairs(group)]
        found = self._array.protection_group(name)
        sources = self._array.members(name)
        latest = self._latest(group, run)
        record = record_of(latest[1]) if latest is not None else NOTHING
        taken = self._array.snapshots(name).get(record.snapshot)
        shown = record.shown
        if found.destroyed:
            word, state = FAILED, DESTROYED
        elif not sources:
            word, state = EMPTY, "empty"
        else:
            word, state = state_of(record, taken, len(targets))
        time = str(taken.created) if taken is not None else str(record.created)
        return GroupState(
            word,
            state,
            {target: time if target in shown else "" for target in targets},
            tuple(sources),
            tuple(targets),
            tuple(SHOWN if target in shown else IDLE for target in targets),
        )

    def status(self, group: str) -> Result:
        """The state of the protection group and of the copy."""
        return self._result(group, self.read(group))

    def copy_on(self, group: str) -> Copy:
        """The copy that the targets hold, and how old it is; both clocks count milliseconds since 1970.

        One that no run of this product has taken is as old as the last overwriting of a target; where the
        array has nothing left of that, a day at least.
        """
        if self._latest(group) is None:
            return self._unknown_copy(group)
        found = self.read(group)
        times = [int(time) for time in found.start_times.values() if time]
        if found.word not in (ACTIVE, MIXED) or not times:
            return Copy(group, "", 0.0)
        return Copy(group, f"{max(times):015d}", self._edges.clock.now() - max(times) / 1000.0)

    def _unknown_copy(self, group: str) -> Copy:
        """What was put on the targets before any run of this product."""
        targets = [target for _, target in self._pairs(group)]
        if not any(one.source for one in self._array.volumes(targets).values()):
            return Copy(group, "", 0.0)
        mark = max(self._array.mark(target) for target in targets)
        age = self._edges.clock.now() - mark / 1000.0 if mark else ERADICATED_S
        return Copy(group, f"{mark:015d}", age)

    def holds(self, group: str) -> Result:
        """HELD if the targets show the copy of the last run with a proof, and none was overwritten since."""
        found = self.read(group)
        latest = self._latest(group)
        if latest is None or not latest[1].proven:
            raise unproven(self.title(group), found)
        run, claim = latest
        record = record_of(claim)
        if found.word != ACTIVE:
            raise SidecarError(
                REFUSED,
                f"{self.title(group)} is {found.state}: the copy of run {run} is not on all of its targets.",
                found.word,
            )
        for target, (_, mark) in record.targets.items():
            if self._array.mark(target) > mark:
                raise SidecarError(
                    FOREIGN_STATUS,
                    f"Volume {target} on {self._device.name} was overwritten since run {run} presented its "
                    "copy. See who uses it.",
                    MIXED,
                )
        self._check_shown(group)
        text = f"The targets of {self.title(group)} show the copy of run {run}, snapshot {record.snapshot}."
        return Result(text, "HELD", extra1=run[:8], extra2=run[8:])

    def require(self, group: str, state: str) -> Result:
        """OK if the state is the one that is asked for."""
        found = self.read(group)
        demand(self.title(group), found, state)
        return self._result(group, found)

    def check(self, clone: CloneConf, seen_by_vios: bool = False) -> Checked:
        """The clone's protection groups on this array, their members, hosts and sizes."""
        from flashrt.arrays.members import check_clone

        masked = self._masked()
        return check_clone(masked, self._device.name, clone, seen_by_vios, self._left, self._check_pairs)

    def clock(self) -> Clock:
        """Copies go by ids and names."""
        return unused(self._device.name)

    def lacks(self, clone: CloneConf) -> list[Lack]:
        """What the clone's copies here need and the array has not."""
        from flashrt.arrays.lacks import lacks_of

        return lacks_of(self._masked(), self._device.name, clone, self.absent)

    def absent(self, group: str) -> list[Lack]:
        """The protection group, and the targets of the pairs."""
        from flashrt.arrays.lacks import GROUP, TARGET, is_there

        name, pairs = self._group(group), self._pairs(group)
        found: list[Lack] = []
        if not is_there(lambda: self._array.protection_group(name)):
            names = {"group": name, "sources": ",".join(source for source, _ in pairs)}
            found.append(Lack(GROUP, f"protection group {name}", names))
        return found + [
            Lack(TARGET, f"volume {target}", {"source": source, "target": target})
            for source, target in pairs
            if not is_there(lambda target=target: self._array.volumes([target]))  # type: ignore[misc]
        ]

    def uids(self, group: str) -> VolumeUids:
        """The UIDs of the group's volumes."""
        from flashrt.arrays.members import uids_of

        return uids_of(self._masked(), self._device.name, group)

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """Free capacity of the array, which has one pool of everything; what the copy takes of it."""
        del every_pool  # there is only one
        targets = self._array.volumes([target for _, target in self._pairs(group)])
        name = self._group(group)
        own = {record_of(claim).snapshot for _, claim in claims_on(self._config, self._device.name, group)}
        held = sum(
            one.used for one in self._array.snapshots(name).values() if one.name in own and not one.destroyed
        )
        used = sum(one.used for one in targets.values())
        array = self._array.space()
        if array.capacity <= 0:
            raise SidecarError(SYSTEM, f"{self._device.name} does not tell its capacity.")
        free = 100.0 * (array.capacity - min(array.used, array.capacity)) / array.capacity
        text = (
            f"The targets of {self.title(group)} have {used / 2**30:.0f} GiB of their own, its snapshots "
            f"hold {held / 2**30:.0f}; the array has {free:.0f} percent free"
        )
        if free < floor_percent:
            raise SidecarError(
                SPACE, f"{text}, the limit is {floor_percent:g}. Add capacity or remove data.", "SPACE"
            )
        size = sum(one.size for one in targets.values())
        return Result(
            f"{text}.", "OK", extra1=f"{100.0 * used / size if size else 0.0:.0f}", extra2=f"{free:.0f}"
        )

    def title(self, group: str) -> str:
        """A group in words."""
        return f"Protection group {self._group(group)} on {self._device.name}"

    # changing

    def release(self, group: str, run: str) -> Result:
        """Give up the copies of earlier runs: their snapshots are destroyed, the targets stay as they are."""
        found = self.read(group, run)
        if found.word in (FAILED, EMPTY):
            raise self._unfit(group, found)
        latest = self._latest(group, run)
        if latest is not None and latest[0] != run and not latest[1].proven and found.word in (TAKEN, MIXED):
            raise self._not_ours(group, found, latest[0])
        there = self._array.snapshots(self._group(group))
        kept: list[str] = []
        for _, claim in claims_on(self._config, self._device.name, group):
            record = record_of(claim)
            own = there.get(record.snapshot)
            if own is None or own.destroyed or record.created not in (0, own.created):
                continue
            if not self._array.destroy(own):
                kept.append(own.name)
        # nothing of this run is on it any more, and what earlier runs left counts no longer
        write_claim(self._config, run, self._device.name, group, Claim(MAYBE, {}, False, {}))
        result = self._result(group, self.read(group, run))._replace(word="IDLE")
        if kept:
            text = f"{result.text} The array keeps {', '.join(kept)[:120]}: it may not be destroyed."
            result = result._replace(text=text)
        return result

    def prepare(self, group: str, run: str) -> Result:
        """Nothing is asked of the array: that it could take the snapshot is proven, and its name recorded."""
        found = self.read(group, run)
        claim = self._claim(group, run)
        if found.word == PREPARED and claim is not None:
            return self._result(group, found)
        if found.word not in (FREE, PREPARED):
            raise self._unfit(group, found)
        problem = self._check_pairs(group)
        if not problem.ok:
            raise SidecarError(MISMATCH, problem.text, found.word)
        name = self._free_name(group, run)
        claim = Claim(SENT, {name: ""}, False, {})
        write_claim(self._config, run, self._device.name, group, claim)
        return self._result(group, found._replace(word=PREPARED, state="prepared"))

    def prove(self, group: str, run: str) -> Result:
        """The run's snapshot is there, and has exactly the sources of the pairs."""
        claim, record, taken = self._taken(group, run)
        sources = [source for source, _ in self._pairs(group)]
        parts = self._array.parts(taken)
        missing, extra = differences(sources, [one.source for one in parts])
        if missing or extra or any(one.destroyed for one in parts) or len(parts) != len(sources):
            which = missing or extra or [one.name for one in parts]
            raise SidecarError(
                MISMATCH,
                f"Snapshot {taken.name} on {self._device.name} has not exactly the sources of the pairs: "
                f"{', '.join(which)[:120]}. Do not start the clone.",
                MIXED,
            )
        times = {taken.name: str(taken.created)}
        copy = {**claim.copy, **times}
        write_claim(self._config, run, self._device.name, group, claim._replace(copy=copy))
        state = "presented" if len(record.shown) == len(sources) else "taken"
        return Result(
            f"{self.title(group)} has this run's snapshot {taken.name} of {len(parts)} volumes, {state}.",
            "PROVEN",
            extra1=state,
            extra2=str(taken.created // 1000),
        )

    def present(self, group: str, run: str) -> Result:
        """Overwrite each target that does not show it yet with its source's part of the run's snapshot."""
        claim, record, taken = self._taken(group, run)
        if record.created != taken.created:
            raise SidecarError(
                REFUSED, f"Run {run} has not proven snapshot {taken.name}: it is not presented.", TAKEN
            )
        end = self._edges.clock.now() + PRESENT_S
        pairs = self._pairs(group)
        parts = {one.source: one.name for one in self._array.parts(taken)}
        for source, target in pairs:
            state, mark = record.targets.get(target, ("", 0))
            if state == SHOWN:
                continue
            if self._edges.clock.now() >= end:
                return Result(
                    f"{self.title(group)}: {len(record.shown)} of {len(pairs)} targets show it; ask again.",
                    "PENDING",
                    PENDING,
                )
            before = max(mark if state else self._array.mark(target), taken.created)
            if not state or self._array.mark(target) <= before:
                if source not in parts:
                    raise SidecarError(
                        MISMATCH,
                        f"Snapshot {taken.name} on {self._device.name} has no part of {source}. Do not start "
                        "the clone.",
                        MIXED,
                    )
                claim = self._note(group, run, claim, target, ASKED, before)
                self._array.overwrite(parts[source], target, before)
            claim = self._note(group, run, claim, target, SHOWN, max(before, self._array.mark(target)))
            record = record_of(claim)
        self._check_shown(group)
        return self._result(group, self.read(group, run))._replace(word="PRESENT")

    def abort(self, group: str, run: str) -> Result:
        """Destroy a snapshot of this run that was not proven; a proven copy and others' work are left."""
        claim = self._claim(group, run)
        found = self.read(group, run)
        if claim is None or claim.proven:
            reason = "has a proven copy and is left" if claim is not None else "was not prepared by this run"
            return self._result(group, found, f"{self.title(group)} {reason}: {found.state}.")
        record = record_of(claim)
        snapshot = self._array.snapshots(self._group(group)).get(record.snapshot)
        if snapshot is not None and not snapshot.destroyed and not self._array.destroy(snapshot):
            raise SidecarError(
                AUTH,
                f"{self._device.name} does not let snapshot {snapshot.name} of run {run} be destroyed. "
                "Remove it on the array.",
                TAKEN,
            )
        if record.targets:
            # They do not belong together until a later run has overwritten all of them.
            text = (
                f"{self.title(group)}: {len(record.targets)} targets were overwritten by run {run} already."
            )
            return self._result(group, self.read(group, run), text)
        write_claim(self._config, run, self._device.name, group, Claim(MAYBE, {}, False, {}))
        return self._result(group, self.read(group, run))._replace(word="IDLE")

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """The request for the snapshot; for a test that of a name that nobody would use."""
        name = self._group(group)
        whole = f"{name}.FLCTEST"
        if not test:
            found = self.read(group, run)
            claim = self._claim(group, run)
            if found.word != PREPARED or claim is None:
                raise SidecarError(
                    REFUSED, f"{self.title(group)} is {found.state}, not prepared by run {run}.", found.word
                )
            whole = record_of(claim).snapshot
        suffix = whole.rpartition(".")[2]
        request = self._rest.open_request(
            "POST", "protection-group-snapshots", {"source_names": name}, {"suffix": suffix}
        )

        def probe() -> None:
            self._rest.prove()
            request.probe()

        return Shot(request, f"snapshot {whole}", probe, judge_of(whole), good_answer(whole), REFUSAL)

    # parts

    def _note(self, group: str, run: str, claim: Claim, target: str, state: str, mark: int) -> Claim:
        """Write down what becomes of a target, before and after."""
        claim = claim._replace(copy={**claim.copy, target: f"{state} {mark}"})
        write_claim(self._config, run, self._device.name, group, claim)
        return claim

    def _taken(self, group: str, run: str) -> tuple[Claim, Record, Snapshot]:
        claim = self._claim(group, run)
        if claim is None:
            raise SidecarError(
                REFUSED,
                f"Run {run} did not prepare {self.title(group)}: nothing can be proven of it.",
                self.read(group).word,
            )
        record = record_of(claim)
        taken = self._array.snapshots(self._group(group)).get(record.snapshot)
        if taken is None or taken.destroyed or (record.created and record.created != taken.created):
            what = (
                "is not there" if taken is None else "was destroyed" if taken.destroyed else "is another one"
            )
            raise SidecarError(
                REFUSED,
                f"Snapshot {record.snapshot} on {self._device.name} {what}: run {run} has no copy in force. "
                "Do not start the clone.",
                self.read(group).word,
            )
        return claim, record, taken

    def _free_name(self, group: str, run: str) -> str:
        """A name for the run's snapshot that no other has, also none that is destroyed."""
        name = self._group(group)
        there = self._array.snapshots(name)
        for number in range(1, 100):
            whole = f"{name}.FLC{run}{f'-{number}' if number > 1 else ''}"
            if whole not in there:
                return whole
        raise SidecarError(REFUSED, f"{self._device.name} has 99 snapshots of run {run} on {name}.")

    def _check_pairs(self, group: str) -> Finding:
        """The pairs are the members of the protection group, and each target is as large as its source."""
        pairs = self._pairs(group)
        name = self._group(group)
        missing, extra = differences([source for source, _ in pairs], self._array.members(name))
        if self._array.protection_group(name).others:
            text = f"{self.title(group)} has hosts as members: what it copies changes with them. Use volumes."
        elif missing:
            text = f"Volume {missing[0]} is no member of {self.title(group)}. Add it, or correct the pairs."
        elif extra:
            text = f"Member {extra[0]} of {self.title(group)} has no target: add its pair to the spec."
        else:
            volumes = self._array.volumes([one for pair in pairs for one in pair])
            gone = sorted(one.name for one in volumes.values() if one.destroyed)
            uneven = [t for s, t in pairs if volumes[s].size != volumes[t].size]
            if gone:
                text = (
                    f"Volume {gone[0]} on {self._device.name} is destroyed. Recover it, or correct the spec."
                )
            elif uneven:
                text = (
                    f"Target {uneven[0]} on {self._device.name} has another size than its source. Resize it."
                )
            else:
                return Finding(
                    "array.pairs", True, f"Each of the {len(pairs)} members has a target of its own size."
                )
        return Finding("array.pairs", False, text, MISMATCH)

    def _check_shown(self, group: str) -> None:
        """Every target is there, as a copy of its source."""
        pairs = self._pairs(group)
        volumes = self._array.volumes([target for _, target in pairs])
        for source, target in pairs:
            one = volumes[target]
            if one.destroyed or not is_copy_of(one.source, source):
                what = "is destroyed" if one.destroyed else f"is a copy of {one.source or 'nothing'}"
                raise SidecarError(
                    FOREIGN_STATUS,
                    f"Volume {target} on {self._device.name} {what}, not of {source}. Do not start "
                    "the clone.",
                    MIXED,
                )

    def _masked(self) -> PureMasked:
        return self._array.masked(self.title, self.read)

    def _group(self, group: str) -> str:
        return safe_name(self._config.copy(self._device.name, group).parts["group"])

    def _pairs(self, group: str) -> tuple[tuple[str, str], ...]:
        return self._config.copy(self._device.name, group).pairs

    def _claim(self, group: str, run: str) -> Claim | None:
        return read_claim(self._config, run, self._device.name, group)

    def _left(self, group: str) -> bool:
        """Whether the last run of ours has proven its copy: what there is of it may be given up."""
        latest = self._latest(group)
        return latest is not None and latest[1].proven

    def _latest(self, group: str, run: str = "") -> tuple[str, Claim] | None:
        """The claim of the run itself, else the latest: that of a run by hand where its copy is younger."""
        claims = list(claims_on(self._config, self._device.name, group))
        own = [one for one in claims if one[0] == run]
        runs = [one for one in claims if one[0] != BY_HAND]
        by_hand = [one for one in claims if one[0] == BY_HAND]
        if own or not (runs and by_hand):
            return next(iter(own or runs or by_hand), None)
        younger = record_of(by_hand[0][1]).created > record_of(runs[0][1]).created > 0
        return by_hand[0] if younger else runs[0]

    def _result(self, group: str, found: GroupState, text: str = "") -> Result:
        shown = sum(state == SHOWN for state in found.map_states)
        plain = f"{self.title(group)}: {found.state}, {shown} of {len(found.targets)} targets show the copy."
        return Result(text or plain, found.word, extra1=found.state, extra2=str(len(found.targets)))

    def _not_ours(self, group: str, found: GroupState, run: str) -> SidecarError:
        return SidecarError(
            FOREIGN_STATUS,
            f"{self.title(group)} is {found.state} by run {run}, which is not closed. FLRCVENV closes it.",
            "FOREIGN",
        )

    def _unfit(self, group: str, found: GroupState) -> SidecarError:
        why = {
            EMPTY: (MISMATCH, "has no volumes. Add the disk units of the partition to it."),
            FAILED: (REFUSED, "is destroyed. Recover it on the array."),
        }
        status, text = why.get(found.word, (REFUSED, f"is {found.state}: release it before it is prepared."))
        return SidecarError(status, f"{self.title(group)} {text}", found.word)
