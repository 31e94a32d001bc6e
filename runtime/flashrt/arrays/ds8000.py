"""DS8000: FlashCopy by pairs of volumes, by the REST interface of its management console or by DSCLI.

There is no group and no prepare: a run makes the relations anew each time, all pairs in one request that
freezes their sources, so that they are one instant.  A thaw for every logical subsystem follows whatever came
of it, on a connection of its own; one with nothing frozen does nothing.  That a pair had no relation when the
run was prepared, and has one now, proves its copy; where the system says when it took a copy, another time
does.

By DSCLI a spec may say two things more.  `refresh "incremental"`: the relations record what changes, stay,
and are refreshed in the next window, so nothing is given up before.  `release "space"`: with a relation goes
the space of a thin target.

Nothing is forced, nothing reversed, and no relation of other pairs is touched.
"""

from __future__ import annotations

from collections.abc import Iterable

from flashrt.arrays.base import (
    ACTIVE,
    FAILED,
    FOREIGN,
    FREE,
    MIXED,
    UNKNOWN_AGE,
    Checked,
    Copy,
    GroupState,
    Lack,
    Shot,
    VolumeUids,
    unproven,
)
from flashrt.arrays.cycle import Cycle
from flashrt.arrays.ds8000_check import Ds8000Masked, check_pairs, check_sources, usage
from flashrt.arrays.ds8000_parse import MADE, NONE, Relation, judge_pairs, number_of, synced_at
from flashrt.arrays.ds8000_system import System
from flashrt.arrays.members import check_clone, uids_of
from flashrt.config import CloneConf, Config, DeviceConf
from flashrt.edges import Edges
from flashrt.localtime import Look
from flashrt.ownership import last_proven, write_claim
from flashrt.result import Result
from flashrt.status import FOREIGN as FOREIGN_STATUS
from flashrt.status import NOTFOUND, PENDING, REFUSED, SidecarError

RELEASED = 2.0**30
"""Bytes that a thin volume may keep when its space was given back: one large extent."""


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> Ds8000:
    """Connect to the first address that can be reached, and log in."""
    if device.way == "script":
        from flashrt.arrays.ds8000_script import Dscli

        return Ds8000(config, device, edges, Dscli(config, device, edges))
    from flashrt.arrays.ds8000_rest import Console

    return Ds8000(config, device, edges, Console(config, device, edges))


class Ds8000(Cycle):
    """A connection to a storage system; see `flashrt.arrays.base.ArrayDriver`."""

    PART = "pair"
    READY: tuple[str, ...] = (FREE,)
    LOST = (NONE,)

    def __init__(self, config: Config, device: DeviceConf, edges: Edges, system: System) -> None:
        super().__init__(config, device)
        self._edges = edges
        self._system = system
        self.CLOCK, self.SHOWN_BY = system.clock
        self._refreshes = device.facts.get("refresh") == "incremental"
        self._gives_back = device.facts.get("release") == "space"
        if self._refreshes:
            self.BEGIN = (FREE, ACTIVE)
            self.READY = self.BEGIN

    def close(self) -> None:
        """End the connection."""
        self._system.close()

    # looking

    def probe(self) -> Result:
        """The storage image and its release."""
        image = self._device.facts["image"]
        release = self._system.release[:20] or "unknown"
        text = f"{self._device.name} is storage image {image}, release {release}."
        return Result(text, "OK", extra1=image[-10:])

    def title(self, group: str) -> str:
        """A copy in words."""
        return f"Copy {group} on {self._device.name}"

    def read(self, group: str) -> GroupState:
        """The state of a copy from the relations of every target."""
        pairs = self._pairs(group)
        return judge_pairs(pairs, self._relations(f"{source}:{target}" for source, target in pairs))

    def instant(self, stamp: str) -> float | None:
        """DSCLI tells times in the local time of the system that it runs on; by REST there are none."""
        return synced_at(stamp)

    def number(self, stamp: str) -> str:
        """By DSCLI relations have the number of the run that took the copy."""
        return number_of(stamp)

    def look(self) -> Look | None:
        """By the clock that DSCLI shows when it starts."""
        return self._system.look()

    def copy_on(self, group: str) -> Copy:
        """The copy in force, and how old it is by this product's own record.

        By REST the array tells no time; by DSCLI one with a time zone that cannot be relied on.
        """
        found = self.read(group)
        if found.word == FREE:
            return Copy(group, "", 0.0)
        known = last_proven(self._config, self._device.name, group)
        taken = max(known[1].copy.values(), default="").partition(" ")[0] if known else ""
        if found.word != ACTIVE or not taken.isdigit():
            return Copy(group, UNKNOWN_AGE, 0.0)
        return Copy(group, taken, max(0.0, self._edges.clock.now() - float(taken)))

    def holds(self, group: str) -> Result:
        """HELD if every pair has its relation, and they are those of the last run with a proof."""
        found = self.read(group)
        known = last_proven(self._config, self._device.name, group)
        if known is None:
            raise unproven(self.title(group), found)
        run, claim = known
        if found.word != ACTIVE or set(found.start_times) != set(claim.copy):
            raise SidecarError(
                REFUSED,
                f"{self.title(group)} is {found.state}: the copy of run {run}, {len(claim.copy)} pairs, is "
                "not in force.",
                found.word,
            )
        proven = {pair: copy.partition(" ")[2] or MADE for pair, copy in claim.copy.items()}
        if not self.same_copy(found.start_times, proven, claim.proof):
            raise SidecarError(
                FOREIGN_STATUS,
                f"{self.title(group)} holds another copy than that of run {run}: pairs were taken since. See "
                "who uses it.",
                found.word,
            )
        text = f"{self.title(group)} holds the copy of run {run}, {len(claim.copy)} pairs, {found.state}."
        return Result(text, "HELD", extra1=run[:8], extra2=run[8:])

    def check(self, clone: CloneConf, seen_by_vios: bool = False) -> Checked:
        """The clone's pairs on this system, their volumes, hosts, and remote copy."""
        masked = self._masked()
        found = check_clone(masked, self._device.name, clone, seen_by_vios)
        own = [disks for disks in clone.disks if disks.array == self._device.name]
        pairs = [pair for disks in own for group in disks.groups for pair in self._pairs(group)]
        findings = [*found.findings, *check_pairs(self._system, self._device.name, pairs)]
        if self._refreshes:
            findings.append(check_sources(self._system, self._device.name, pairs))
        return found._replace(findings=findings)

    def lacks(self, clone: CloneConf) -> list[Lack]:
        """What the clone's copies here need and the array has not."""
        from flashrt.arrays.lacks import lacks_of

        return lacks_of(self._masked(), self._device.name, clone, self.absent)

    def absent(self, group: str) -> list[Lack]:
        """Volumes of the pairs."""
        from flashrt.arrays.lacks import TARGET, is_there

        return [
            Lack(TARGET, f"volume {target}", {"source": source, "target": target})
            for source, target in self._pairs(group)
            if not is_there(lambda target=target: self._system.volumes([target])[target])  # type: ignore[misc]
        ]

    def uids(self, group: str) -> VolumeUids:
        """The UIDs of the pairs' volumes."""
        return uids_of(self._masked(), self._device.name, group)

    def is_full(self, group: str, found: GroupState) -> bool:
        """A target says itself that it found no room."""
        del group
        return any(one.full for one in self._system.volumes(found.targets).values())

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """How full the targets' pools are."""
        targets = [target for _, target in self._pairs(group)]
        return usage(self._system, targets, group, floor_percent, every_pool)

    # changing

    def release(self, group: str, run: str) -> Result:
        """End the relations; those that the flash refreshes stay.

        Where space is given back, the targets are free when they hold none.
        """
        if self._refreshes:
            found = self.read(group)
            if found.word == ACTIVE and not all(one.recording for one in self._of(found)):
                # taken otherwise than the spec says now: what was not recorded cannot be refreshed
                self.give_up(group, found, run)
        said = super().release(group, run)
        held = self._holding_space(group) if said.status == 0 and self._gives_back else []
        if not held:
            return said
        text = f"{self.title(group)}: target {held[0]} still holds space ({len(held)} of them); ask again."
        return Result(text, "PENDING", PENDING)

    def prepare(self, group: str, run: str) -> Result:
        """Record what there is; a relation is refreshed only when its background copy has ended."""
        found = self.read(group)
        if self._refreshes and found.word == ACTIVE:
            copying = [one.id for one in self._of(found) if one.copying]
            if copying:
                text = f"{self.title(group)}: pair {copying[0]} is still being copied; ask again."
                return Result(text, "PENDING", PENDING)
        return super().prepare(group, run)

    def prove(self, group: str, run: str) -> Result:
        """Every pair has the relation, or the time, that it did not have when this run was prepared."""
        super().prove(group, run)
        claim = self.claim(group, run)
        assert claim is not None
        # The array's own time, if it tells one, is only good for comparing: ours is kept with it.
        now = int(self._edges.clock.now())
        copy = {pair: f"{now} {stamp}" for pair, stamp in claim.copy.items()}
        write_claim(self._config, run, self._device.name, group, claim._replace(copy=copy))
        text = f"{self.title(group)} holds this run's copy: {len(copy)} pairs, each verified."
        return Result(text, "PROVEN", extra1=ACTIVE, extra2=str(len(copy)))

    def abort(self, group: str, run: str) -> Result:
        """Thaw, and end what this run made without proof; a proven copy and others' work are left."""
        claim = self.claim(group, run)
        if claim is not None and not claim.proven:
            self._system.thaw(self._lss(group))
        return super().abort(group, run)

    def give_up(self, group: str, found: GroupState, run: str) -> bool:
        """End the relations of the pairs, and no others."""
        del group, run
        mine = [one.id for one in self._of(found)]
        if mine:
            self._end(mine)
        return True

    def is_torn(self, found: GroupState) -> bool:
        """Some pairs have their relation, some have none or one that failed: all may be ended."""
        return found.word in (MIXED, FAILED)

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """The flash and its thaw, ready to be sent."""
        found = self.read(group) if test else self.ready(group, run)
        again = self._refreshes and found.word == ACTIVE
        return self._system.shot(self._pairs(group), self._lss(group), again, run)

    # parts

    def _of(self, found: GroupState) -> list[Relation]:
        """The relations of the pairs themselves, as they are now."""
        seen = self._relations(found.start_times)
        return [one for target in found.targets for one in seen[target] if one.id in found.start_times]

    def _holding_space(self, group: str) -> list[str]:
        """The thin targets that hold space without a copy."""
        targets = [target for _, target in self._pairs(group)]
        if self.read(group).word != FREE:
            return []
        thin = [name for name, volume in self._system.volumes(targets).items() if volume.thin]
        return [name for name, space in self._system.space(thin).items() if space.used > RELEASED]

    def _end(self, ids: list[str]) -> None:
        """End relations; those that are gone already are no error."""
        try:
            self._system.end(ids, self._gives_back)
        except SidecarError as error:
            if error.status != NOTFOUND:
                self.resolved(error, self._system.again, lambda: not self._left(ids))
            elif self._left(ids):
                raise

    def _left(self, ids: list[str]) -> set[str]:
        """Those of the relations that are still there."""
        seen = self._relations(ids)
        return {one.id for found in seen.values() for one in found} & set(ids)

    def _relations(self, pairs: Iterable[str]) -> dict[str, list[Relation]]:
        """The relations that the targets of pairs (SSSS:TTTT) are in."""
        both = [one.partition(":") for one in pairs]
        sources, targets = (list(dict.fromkeys(one[side] for one in both)) for side in (0, 2))
        return self._system.relations(targets, sources)

    def _pairs(self, group: str) -> tuple[tuple[str, str], ...]:
        return self._config.copy(self._device.name, group).pairs

    def _lss(self, group: str) -> list[str]:
        """The logical subsystems of the sources."""
        return sorted({source[:2] for source, _ in self._pairs(group)})

    def _masked(self) -> Ds8000Masked:
        volumes = {
            volume
            for clone in self._config.clones.values()
            for disks in clone.disks
            if disks.array == self._device.name
            for copy in disks.copies.values()
            for pair in copy.pairs
            for volume in pair
        }
        return Ds8000Masked(self._system, volumes, self.title, self.read)

    def told(self, group: str, found: GroupState, text: str = "") -> Result:
        """The state of a copy as a result."""
        plain = f"{self.title(group)}: {len(found.targets)} pairs, {found.state}."
        return Result(text or plain, found.word, extra1=found.word, extra2=str(len(found.targets)))

    def fails(self, found: GroupState) -> str:
        """What stands in the way, with the first pair."""
        names = list(found.start_times)
        first = next((names[n] for n, word in enumerate(found.map_states) if word == found.word), "")
        why = {
            FAILED: f"has a copy that failed, first {first}: it must be released before it is prepared.",
            MIXED: "has a copy of some pairs only: it must be released before it is prepared.",
            FOREIGN: f"is used by something else: the target of {first} is in another relation. Find out "
            "whose it is; nothing was changed.",
            ACTIVE: "has a copy in force: it must be released before it is prepared.",
        }
        return why.get(found.word, "")
