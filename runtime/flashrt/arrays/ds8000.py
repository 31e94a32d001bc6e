"""DS8000: FlashCopy by pairs of volumes, through the REST interface of its management console.

There is no group and no prepare: a run makes the relations anew each time, all pairs in one request that
freezes their sources, so that they are one instant.  A thaw for every logical subsystem follows whatever came
of it, on a connection of its own; one with nothing frozen does nothing.  A relation shows no time: that there
was none when the run was prepared, and there is one now, proves the copy, pair by pair.

Nothing is forced, nothing reversed, and no relation of other pairs is touched.
"""

from __future__ import annotations

from flashrt.arrays.base import (
    ACTIVE,
    FAILED,
    FOREIGN,
    FREE,
    MIXED,
    Checked,
    Copy,
    GroupState,
    Shot,
    Thaw,
    VolumeUids,
)
from flashrt.arrays.cycle import Cycle
from flashrt.arrays.ds8000_check import Ds8000Masked, check_pairs, usage
from flashrt.arrays.ds8000_parse import (
    AUTH_CODES,
    NONE,
    Relation,
    all_done,
    envelope,
    judge_pairs,
    relations,
)
from flashrt.arrays.ds8000_rest import FLASH, MOST_AT_ONCE, THAW, Console, flash_body, thaw_body
from flashrt.arrays.members import check_clone, host_ports, uids_of
from flashrt.config import CloneConf, Config, DeviceConf
from flashrt.edges import Edges, OpenCommand, Reply
from flashrt.ownership import last_proven, write_claim
from flashrt.result import Result
from flashrt.status import AUTH, NOTFOUND, REFUSED, UNKNOWN, SidecarError
from flashrt.status import FOREIGN as FOREIGN_STATUS

BUSY = 429
"""Asked too often: nothing was done."""

UNKNOWN_AGE = "0"
"""In place of the time of a copy that no run of this product has proven: the oldest, and not old enough."""

GOOD = Reply(0, '{"server":{"status":"ok","code":"CMUC00183I","message":""}}', "")
REFUSAL = Reply(401, "", '{"server":{"status":"failed","code":"BE7A001B","message":""}}')


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> Ds8000:
    """Connect to the first address that can be reached, and log in."""
    return Ds8000(config, device, edges)


class Ds8000(Cycle):
    """A connection to a storage system; see `flashrt.arrays.base.ArrayDriver`."""

    PART = "pair"
    READY = (FREE,)
    LOST = (NONE,)

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        super().__init__(config, device)
        self._edges = edges
        self._console = Console(config, device, edges)

    def close(self) -> None:
        """End the connection."""
        self._console.close()

    # looking

    def probe(self) -> Result:
        """The storage image and its release."""
        image = self._device.facts["image"]
        release = self._console.release[:20] or "unknown"
        text = f"{self._device.name} is storage image {image}, release {release}."
        return Result(text, "OK", extra1=image[-10:])

    def title(self, group: str) -> str:
        """A copy in words."""
        return f"Copy {group} on {self._device.name}"

    def read(self, group: str) -> GroupState:
        """The state of a copy from the relations of every target, each asked for itself."""
        pairs = self._pairs(group)
        return judge_pairs(pairs, {target: self._relations(target) for _, target in pairs})

    def copy_on(self, group: str) -> Copy:
        """The copy in force, and how old it is by this product's own record: the array tells no time."""
        found = self.read(group)
        if found.word == FREE:
            return Copy(group, "", 0.0)
        known = last_proven(self._config, self._device.name, group)
        taken = max(known[1].copy.values(), default="") if known else ""
        if found.word != ACTIVE or not taken.isdigit():
            return Copy(group, UNKNOWN_AGE, 0.0)
        return Copy(group, taken, max(0.0, self._edges.clock.now() - float(taken)))

    def holds(self, group: str) -> Result:
        """HELD if every pair has its relation, and they are those of the last run with a proof."""
        found = self.read(group)
        known = last_proven(self._config, self._device.name, group)
        if known is None:
            raise SidecarError(
                FOREIGN_STATUS,
                f"{self.title(group)} is {found.state}; no run of this product has a proof of its copy. "
                "Nothing is done with it.",
                found.word,
            )
        run, claim = known
        if found.word != ACTIVE or set(found.start_times) != set(claim.copy):
            raise SidecarError(
                REFUSED,
                f"{self.title(group)} is {found.state}: the copy of run {run}, {len(claim.copy)} pairs, is "
                "not in force.",
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
        return Checked(
            [*found.findings, *check_pairs(self._console, self._device.name, pairs)], found.sources
        )

    def host_ports(self, clone: CloneConf) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """The WWPNs of the hosts of source and clone, by host."""
        return host_ports(self._masked(), self._device.name, clone)

    def uids(self, group: str) -> VolumeUids:
        """The UIDs of the pairs' volumes."""
        return uids_of(self._masked(), self._device.name, group)

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """How full the targets' pools are."""
        targets = [target for _, target in self._pairs(group)]
        return usage(self._console, targets, group, floor_percent, every_pool)

    # changing

    def prove(self, group: str, run: str) -> Result:
        """Every pair has the relation that it did not have when this run was prepared."""
        super().prove(group, run)
        claim = self.claim(group, run)
        assert claim is not None
        # The array tells no time: the record does.
        copy = dict.fromkeys(claim.copy, str(int(self._edges.clock.now())))
        write_claim(self._config, run, self._device.name, group, claim._replace(copy=copy))
        text = f"{self.title(group)} holds this run's copy: {len(copy)} pairs, each verified."
        return Result(text, "PROVEN", extra1=ACTIVE, extra2=str(len(copy)))

    def abort(self, group: str, run: str) -> Result:
        """Thaw, and end what this run made without proof; a proven copy and others' work are left."""
        claim = self.claim(group, run)
        if claim is not None and not claim.proven:
            self._console.thaw(self._lss(group))
        return super().abort(group, run)

    def give_up(self, group: str, found: GroupState) -> bool:
        """End the relations of the pairs, and no others."""
        del group
        ids = [one.id for target in found.targets for one in self._relations(target)]
        mine = [name for name in ids if name in found.start_times]
        for place in range(0, len(mine), MOST_AT_ONCE):
            self._end(mine[place : place + MOST_AT_ONCE])
        return True

    def is_torn(self, found: GroupState) -> bool:
        """Some pairs have their relation, some have none or one that failed: all may be ended."""
        return found.word in (MIXED, FAILED)

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """The flash and its thaw, each rendered and waiting on an open connection of its own."""
        pairs, lss = self._pairs(group), self._lss(group)
        if not test:
            self.ready(group, run)
        flash = self._console.open(FLASH, flash_body(pairs))
        thaw = self._console.open(THAW, thaw_body(lss))
        return Shot(
            flash,
            f"POST {FLASH} {' '.join(':'.join(pair) for pair in pairs)}",
            lambda: self._answers(flash, thaw),
            lambda reply: judge(reply, len(pairs)),
            GOOD if len(pairs) == 1 else _good(len(pairs)),
            REFUSAL,
            Thaw(thaw, f"POST {THAW} {' '.join(lss)}", lambda reply: judge(reply, 0)),
        )

    # parts

    def _answers(self, *channels: OpenCommand) -> None:
        """The channels are open, and the token is still good: asking keeps it alive."""
        for channel in channels:
            if channel.poll(0.0):
                raise SidecarError(
                    REFUSED, f"{self._device.name} has ended the connection; nothing was sent. Try again."
                )
        self._console.get("systems")

    def _end(self, ids: list[str]) -> None:
        """End relations; those that are gone already are no error."""
        try:
            self._console.delete(ids)
        except SidecarError as error:
            if error.status != NOTFOUND:
                self.resolved(error, self._console.again, lambda: not self._left(ids))
            elif self._left(ids):
                raise

    def _left(self, ids: list[str]) -> set[str]:
        """Those of the relations that are still there."""
        return {one.id for name in ids for one in self._relations(name.partition(":")[2])} & set(ids)

    def _relations(self, volume: str) -> list[Relation]:
        return relations(self._console.get("volumes", volume, "flashcopy"))

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
        return Ds8000Masked(self._console, volumes, self.title, self.read)

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


def judge(reply: Reply, count: int) -> SidecarError | None:
    """What an answer means: None when every pair was surely done.

    Only what is refused before anything is looked at is a clean refusal; of anything else nothing is known.
    """
    found = envelope(reply.out or reply.err)
    bad = all_done(found, count) if found is not None else "an answer that cannot be read"
    if reply.status == 0 and not bad:
        return None
    if reply.status in (401, 403) or (found is not None and not found.good and found.code in AUTH_CODES):
        return SidecarError(AUTH, bad or "not authorised", "REFUSED")
    if reply.status == BUSY:
        return SidecarError(REFUSED, "asked too often", "REFUSED")
    return SidecarError(UNKNOWN, bad or f"answered with {reply.status}")


def _good(count: int) -> Reply:
    part = '{"server":{"status":"ok","code":"","message":""}}'
    return Reply(0, GOOD.out[:-1] + f',"responses":[{",".join([part] * count)}]' + "}", "")
