"""Hitachi VSP: a Thin Image snapshot group in consistency group mode, split at the instant.

The administrator has made the pairs once, each with its fixed secondary volume.  To prepare means to resync
the group: its pairs go back to PAIR, and what the secondary volumes held is given up.  The one request of
the window splits the group; each pair shows the time of its split then.  A change is a job: its reply waits
for the job's end, and what had not ended is unknown.

Pairs are never deleted, nothing is restored to a primary volume, and no other snapshot of it is touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flashrt.arrays.base import (
    ACTIVE,
    FAILED,
    FREE,
    MIXED,
    PREPARED,
    PREPARING,
    RELEASING,
    Checked,
    GroupState,
    Lack,
    Shot,
    VolumeUids,
)
from flashrt.arrays.cycle import Cycle
from flashrt.arrays.hitachi_parse import (
    GOOD,
    KINDS,
    REFUSAL,
    Device,
    Pair,
    age_s,
    device,
    group_state,
    judge,
    mirror,
    number,
    pairs_of,
    pool,
    safe_name,
    split_at,
    text,
    uid,
    wwn,
)
from flashrt.arrays.hitachi_rest import HitachiRest
from flashrt.config import CloneConf, Config, DeviceConf
from flashrt.consoles.base import Finding
from flashrt.edges import Edges
from flashrt.localtime import Look
from flashrt.ownership import claims_on, write_claim
from flashrt.result import Result
from flashrt.status import FOREIGN as FOREIGN_STATUS
from flashrt.status import MISMATCH, NOTFOUND, SPACE, SidecarError

FULL_PERCENT = 1.0
"""A pool with less than that free has nothing to give any more."""

LISTED = 100
"""Devices that are asked for in one request."""

LOCK_S = 10.0
"""How long a lock of somebody else's is waited for before the next try."""


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> Hitachi:
    """Connect to the first address that can be reached, and log in."""
    return Hitachi(config, device, edges)


class Hitachi(Cycle):
    """A connection to an array; see `flashrt.arrays.base.ArrayDriver`."""

    PART = "pair"
    BEGIN = (FREE, ACTIVE)
    CLOCK = "The clock of {}"

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        super().__init__(config, device)
        self._edges = edges
        self._rest = HitachiRest(config, device, edges)
        self._devices: dict[str, dict[str, Any]] = {}

    def close(self) -> None:
        """Give the session back and end the connection."""
        self._rest.close()

    # looking

    def probe(self) -> Result:
        """The array's model, serial number and microcode."""
        found = self._rest.get()
        if text(found, "storageDeviceId") != self._device.facts["serial"]:
            raise SidecarError(MISMATCH, f"{self._device.name} is another array than the spec says.")
        level = str(found.get("dkcMicroVersion") or "unknown")[:20]
        name = text(found, "model")
        return Result(f"{self._device.name} is a {name[:30]}, microcode {level}.", "OK", extra1=name[:10])

    def read(self, group: str) -> GroupState:
        """The state of the snapshot group from its pairs, and whether a run of ours has claimed it."""
        latest = next(iter(claims_on(self._config, self._device.name, group)), None)
        return group_state(self._snapshots(group), latest is not None and not latest[1].proven)

    def check(self, clone: CloneConf, seen_by_vios: bool = False) -> Checked:
        """The clone's snapshot groups on this array, their members, hosts and sizes."""
        from flashrt.arrays.members import check_clone

        def is_left(group: str) -> bool:
            return self.is_left(group, self.read(group))

        found = check_clone(self, self._device.name, clone, seen_by_vios, is_left, self._check_pairs)
        if found.sources is not None:
            own = [
                group for disks in clone.disks if disks.array == self._device.name for group in disks.groups
            ]
            found.findings.extend(self._check_mirrors([pair for group in own for pair in self._pairs(group)]))
        return found

    def lacks(self, clone: CloneConf) -> list[Lack]:
        """What the clone's copies here need and the array has not."""
        from flashrt.arrays.lacks import lacks_of

        return lacks_of(self, self._device.name, clone, self.absent)

    def absent(self, group: str) -> list[Lack]:
        """Pairs of the snapshot group, and their devices."""
        from flashrt.arrays.lacks import PART, TARGET

        name = self._group(group)
        there = {(one.source, one.target) for one in self._snapshots(group)}
        found: list[Lack] = []
        for source, target in self._pairs(group):
            names = {"group": name, "source": source, "target": target}
            if not self._is_defined(target):
                found.append(Lack(TARGET, f"device {target}", names))
            if (source, target) not in there:
                found.append(Lack(PART, f"the pair {source} to {target} of snapshot group {name}", names))
        return found

    def uids(self, group: str) -> VolumeUids:
        """The UIDs of the group's volumes."""
        from flashrt.arrays.members import uids_of

        return uids_of(self, self._device.name, group)

    def is_full(self, group: str, found: GroupState) -> bool:
        """A pool of its pairs has less than a percent left: they went to PSUE."""
        del found
        places = {one.pool for one in self._snapshots(group)}
        return any(pool(self._rest.get("pools", str(place))).free < FULL_PERCENT for place in places)

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """Free capacity of the pools that keep the snapshots of the group."""
        del every_pool  # the pools of the snapshots are those that grow
        pairs = self._snapshots(group)
        if not pairs:
            raise SidecarError(NOTFOUND, f"{self.title(group)} has no pairs. Make them on the array.")
        used = sum(self._device_of(one.target).used for one in pairs if one.target)
        pools = [pool(self._rest.get("pools", str(place))) for place in sorted({one.pool for one in pairs})]
        name, worst, what = min(pools, key=lambda one: one.free)
        gib = used * 512 / 2**30
        room = f"pool {name} has {worst:.0f} percent {what}"
        said = f"The targets of {self.title(group)} have {gib:.0f} GiB; {room}"
        if worst < floor_percent:
            raise SidecarError(
                SPACE, f"{said}, the limit is {floor_percent:g}. Add capacity or remove data.", "SPACE"
            )
        return Result(f"{said}.", "OK", extra1=f"{gib:.0f}", extra2=f"{worst:.0f}")

    def age(self, taken: str) -> float:
        """How old a copy is at least: split times are local, and their zone is not told."""
        return age_s(taken, self._edges.clock.now())

    def aged(self, age_s: float, shown: str, recorded: str, then: Look | None) -> float:
        """Of a copy of ours by our own time, which was kept when it was proven."""
        del shown, recorded
        return age_s if then is None else max(age_s, self._edges.clock.now() - then.utc)

    def instant(self, stamp: str) -> float | None:
        """Split times are told in the local time of a clock that the array does not show."""
        return split_at(stamp)

    def title(self, group: str) -> str:
        """A group in words."""
        return f"Snapshot group {self._group(group)} on {self._device.name}"

    def fails(self, found: GroupState) -> str:
        """Why a group in an unfit state is so."""
        if found.word == FAILED:
            return "has pairs in PSUE: their copy is lost. See the pool's capacity and the array's log."
        if found.word == MIXED and len(found.targets) < len(found.sources):
            return "has a pair without a secondary volume. Assign it on the array."
        return ""

    # for the check of members (`flashrt.arrays.members`)

    def hosts_of(self, volume: str) -> set[str]:
        """The host groups, by name, that a device is mapped to."""
        return {name for _, _, name in self._device_of(volume).hosts}

    def volumes_of(self, host: str) -> set[str]:
        """The devices that are mapped to the host groups of a name, on any port."""
        found: set[str] = set()
        for port, place in self._host_groups(host):
            luns = self._rest.listed("luns", portId=port, hostGroupNumber=str(place))
            found |= {str(number(row, "ldevId")) for row in luns}
        return found

    def ports_of(self, host: str) -> list[str]:
        """The WWPNs in the host groups of a name, on any port."""
        found: list[str] = []
        for port, place in self._host_groups(host):
            found += map(wwn, self._rest.listed("host-wwns", portId=port, hostGroupNumber=str(place)))
        return list(dict.fromkeys(found))

    def uids_of(self, volumes: Sequence[str]) -> dict[str, str]:
        """The UIDs of these devices, by number; a list of all would end at 16384, of up to 65280."""
        found = [self._device_of(name) for name in sorted(set(volumes), key=int)]
        return {one.name: uid(one) for one in found if uid(one)}

    # changing

    def get_ready(self, group: str, found: GroupState, run: str) -> bool:
        """Resync the group: its last copy is given up, and its pairs wait for the split."""
        del run
        problem = self._check_pairs(group)
        if not problem.ok:
            raise SidecarError(MISMATCH, problem.text, found.word)
        if found.word == FREE:
            return True
        return self._resync(group)

    def give_up(self, group: str, found: GroupState, run: str) -> bool:
        """Resync the group, where any of its pairs is split."""
        del run
        if found.word in (PREPARED, PREPARING):
            return True
        return self._resync(group)

    def prove(self, group: str, run: str) -> Result:
        """As it is done for all.  No zone comes with a split time, so our own time is kept beside it."""
        said = super().prove(group, run)
        claim = self.claim(group, run)
        assert claim is not None
        shown = self.instant(max(claim.copy.values()))
        if shown is not None:
            look = Look(self._edges.clock.now(), shown)
            write_claim(self._config, run, self._device.name, group, claim._replace(proof=look))
        return said

    def abort(self, group: str, run: str) -> Result:
        """A copy of this run without a proof is given up; pairs that wait for a split do no harm."""
        claim = self.claim(group, run)
        found = self.read(group)
        if claim is None or claim.proven:
            return super().abort(group, run)
        split = found.word == ACTIVE and not self.is_untouched(found, claim)
        if split or self.is_torn(found):
            for _ in range(3):
                if self._resync(group):
                    break
            else:
                raise self.unfit(group, found)
        write_claim(self._config, run, self._device.name, group, None)
        return self.told(group, self.read(group))._replace(word="IDLE")

    def is_torn(self, found: GroupState) -> bool:
        """Some pairs are split and some are not: a resync makes them agree."""
        known = {"pair", "pful", "psus", "pfus", "copy"}
        whole = len(found.targets) == len(found.sources)
        return found.word == MIXED and whole and set(found.map_states) <= known

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """The request that splits the group, on a connection of its own."""
        if not test:
            self.ready(group, run)
        name = self._group(group)
        request = self._rest.open_request("snapshot-groups", name, "actions", "split")

        def probe() -> None:
            # what is split already would be answered as if it had been split now
            held = group_state(pairs_of(self._rest.prove("snapshot-groups", name)), claimed=True)
            if not test and held.word not in self.READY:
                raise self.not_ready(group, held)
            request.probe()

        return Shot(request, f"split {name}", probe, judge, GOOD, REFUSAL)

    # parts

    def _resync(self, group: str) -> bool:
        """Send it once; a lost or late reply is no error where the pairs show that it was done."""

        def done() -> bool:
            return self.read(group).word in (FREE, PREPARED, PREPARING, RELEASING)

        try:
            taken = self._rest.invoke("snapshot-groups", self._group(group), "actions", "resync")
        except SidecarError as error:
            return self.resolved(error, self._rest.reconnect, done)
        if not taken:
            self._edges.clock.sleep(LOCK_S)
        return taken

    def _check_pairs(self, group: str) -> Finding:
        """The pairs are those of the spec, split at one instant; each target is as large as its source."""
        wanted = set(self._pairs(group))
        found = self._snapshots(group)
        there = {(one.source, one.target) for one in found}
        if missing := sorted(wanted - there):
            what = f"{missing[0][0]} to {missing[0][1]}"
            problem = f"Pair {what} is not in {self.title(group)}. Make it on the array, or correct the spec."
        elif extra := sorted(there - wanted):
            what = f"{extra[0][0]} to {extra[0][1] or 'nothing'}"
            problem = f"{self.title(group)} has the pair {what}, which the spec has not. Correct either."
        elif not all(one.consistent for one in found):
            problem = f"{self.title(group)} is not in consistency group mode. Make it anew with CTG mode."
        else:
            problem = self._check_sizes(group)
        if problem:
            return Finding("array.pairs", False, problem, MISMATCH)
        return Finding("array.pairs", True, f"{self.title(group)} has the {len(found)} pairs of the spec.")

    def _check_mirrors(self, pairs: Sequence[tuple[str, str]]) -> list[Finding]:
        """No source in remote copy may be older than production's data, and no target be in remote copy."""
        sources, targets = ({pair[side] for pair in pairs} for side in (0, 1))
        mirrored = {one for one in sources | targets if self._device_of(one).mirrored}
        if not mirrored:
            return []
        rows = [row for kind in KINDS for row in self._rest.listed("remote-copypairs", replicationType=kind)]
        known = {one.device: one for one in map(mirror, rows) if one.device in mirrored}
        where = f"on {self._device.name} is in remote copy"
        for target in sorted(mirrored & targets):
            text = f"Target {target} {where}. Take it out, or choose another target."
            return [Finding("array.mirrors", False, text, FOREIGN_STATUS)]
        for source in sorted(mirrored & sources):
            one = known.get(source)
            if one is None or not one.current:
                said = (
                    f"{one.kind}, as its secondary side, status {one.status}" if one else "of a kind unknown"
                )
                text = f"Source {source} {where}, {said}: what it holds may be older than production's data. "
                text += "Copy the side that is written to."
                return [Finding("array.mirrors", False, text, MISMATCH)]
        text = f"Source {min(mirrored)} {where}, and holds what production writes."
        return [Finding("array.mirrors", True, text)]

    def _check_sizes(self, group: str) -> str:
        for source, target in self._pairs(group):
            one, other = self._device_of(source), self._device_of(target)
            if one.blocks != other.blocks:
                return f"Devices {source} and {target} on {self._device.name} differ in size."
            for each in (one, other):
                if each.status != "NML":
                    return f"Device {each.name} on {self._device.name} has status {each.status}, not NML."
        return ""

    def _snapshots(self, group: str) -> list[Pair]:
        """The pairs of a snapshot group; none where there is no such group."""
        name = self._group(group)
        known = [text(row, "snapshotGroupName") for row in self._rest.listed("snapshot-groups")]
        if name not in known:
            return []
        return pairs_of(self._rest.get("snapshot-groups", name))

    def _device_of(self, name: str) -> Device:
        """A device as it is first seen: its size, its state and its host groups stay while a call lasts.

        The devices with the next numbers come along: one a request would be hundreds of requests.
        """
        if name not in self._devices:
            listed = self._rest.listed("ldevs", headLdevId=name, ldevOption="defined", count=str(LISTED))
            for row in listed:
                self._devices.setdefault(str(number(row, "ldevId")), row)
        if name not in self._devices:
            self._devices[name] = self._rest.get("ldevs", name)
        return device(self._devices[name])

    def _is_defined(self, name: str) -> bool:
        try:
            return str(self._rest.get("ldevs", name).get("emulationType", "")) != "NOT DEFINED"
        except SidecarError as error:
            if error.status != NOTFOUND:
                raise
            return False

    def _host_groups(self, host: str) -> list[tuple[str, int]]:
        found = self._rest.listed("host-groups")
        return [
            (text(row, "portId"), number(row, "hostGroupNumber"))
            for row in found
            if text(row, "hostGroupName") == host
        ]

    def _group(self, group: str) -> str:
        return safe_name(self._config.copy(self._device.name, group).parts["group"])

    def _pairs(self, group: str) -> tuple[tuple[str, str], ...]:
        return self._config.copy(self._device.name, group).pairs
