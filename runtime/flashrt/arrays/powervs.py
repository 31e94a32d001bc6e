"""Power Virtual Server: volumes are cloned to new volumes, which are attached to the clone's instance.

A volumes-clone request is prepared while production runs, started in the window, and executed afterwards;
then the clone's instance gets the new volumes in place of those of the last copy.  No volume is ever
overwritten, so what decides is which volumes are attached (docs/platform-facts.md#powervs-clone).

The request of a run bears its id in the name, and is recorded before it is made.  Of its clones each is
recorded before it is attached.  A release detaches from the clone's instance what has the name of our
clones.  It deletes volumes only where the spec says `release "volumes"`, and only those that the record of
a run of ours has, that bear such a name, and that are attached to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from flashrt.arrays.base import (
    ACTIVE,
    EMPTY,
    FAILED,
    FOREIGN,
    FREE,
    MIXED,
    PREPARED,
    PREPARING,
    RELEASING,
    TAKEN,
    Checked,
    Copy,
    GroupState,
    Lack,
    Shot,
    Thaw,
    VolumeUids,
    demand,
    unproven,
)
from flashrt.arrays.base import UNKNOWN as UNKNOWN_STATE
from flashrt.arrays.powervs_parse import (
    REFUSAL,
    Request,
    Volume,
    capacity,
    clones,
    good_answer,
    is_clone,
    judge_start,
    judge_taken,
    pool_name,
    request,
    series,
    uid,
    volume,
)
from flashrt.config import BY_HAND, CloneConf, Config, DeviceConf
from flashrt.consoles.base import OFF, Finding
from flashrt.consoles.powervs import refuse_names, word_of
from flashrt.edges import Edges
from flashrt.ownership import MAYBE, SENT, Claim, claims_on, read_claim, write_claim
from flashrt.powervs_rest import Instance, PowerVsRest, items_of
from flashrt.result import Result
from flashrt.status import FOREIGN as FOREIGN_STATUS
from flashrt.status import (
    MISMATCH,
    PENDING,
    REFUSED,
    SPACE,
    SYSTEM,
    TIMEOUT,
    UNKNOWN,
    SidecarError,
)

LEAST = 2
"""Volumes that the service clones together at least."""

STEPS = 6
"""Requests of one call that change something, before it says PENDING."""

VOLUMES, REQUESTS, INSTANCES = "volumes", "volumes-clone", "pvm-instances"
CANCELLABLE = ("prepared", "available")
"""The statuses in which a request is cancelled without force."""

CLONE = "clone "
"""Before the id of a clone in a claim."""

NO_REQUEST = "00000000-0000-0000-0000-000000000000"
"""The request of an armed trigger that is only a test; nothing is sent for it."""


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> PowerVs:
    """Connect to the service, with a token."""
    return PowerVs(config, device, edges)


class Record(NamedTuple):
    """What a run has written down: name and id of its request, what that copies, its clones.

    `taken` is when the instant was seen, by this partition's clock (0: not yet); there is no id before.
    `proven`: the run counts on it.
    """

    request: str
    sources: tuple[str, ...]
    id: str
    taken: float
    clones: tuple[str, ...]
    proven: bool


NOTHING = Record("", (), "", 0.0, (), False)


class Sight(NamedTuple):
    """All that is looked at: both instances, their volumes, our requests, the record and whose it is.

    `unanswered`: the prepare of the record's run was, and nothing else shows that it was carried out.
    """

    source: Instance
    target: Instance
    sources: tuple[Volume, ...]
    attached: tuple[Volume, ...]
    requests: dict[str, Request]
    run: str
    record: Record
    unanswered: bool

    @property
    def request(self) -> Request | None:
        """That of the record."""
        return self.requests.get(self.record.request)


class PowerVs:
    """A connection to the workspace; see `flashrt.arrays.base.ArrayDriver`."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self._config = config
        self._device = device
        self._edges = edges
        self._rest = PowerVsRest(config, device, edges)
        self._names: dict[str, str] = {}
        self._deletes = device.facts.get("release") == "volumes"

    def close(self) -> None:
        """End the connection."""
        self._rest.close()

    # looking

    def probe(self) -> Result:
        """The workspace's name."""
        name = self._rest.workspace()
        return Result(f"{self._device.name} is workspace {name[:60]}.", "OK", extra1=name[:10])

    def read(self, group: str, run: str = "") -> GroupState:
        """The instances, their volumes, and the request of the run, or of the latest that has a claim."""
        return self._read(group, self._look(group, run), run)

    def status(self, group: str) -> Result:
        """The state of the copy."""
        return self._result(group, self.read(group))

    def copy_on(self, group: str) -> Copy:
        """The copy that the clone's instance has, and how old it is by this partition's clock."""
        sight = self._look(group)
        found = self._read(group, sight, "")
        if found.word not in (ACTIVE, MIXED) or not sight.record.proven:
            return Copy(group, "", 0.0)
        taken = sight.record.taken
        return Copy(group, f"{int(taken):012d}", self._edges.clock.now() - taken)

    def holds(self, group: str) -> Result:
        """HELD if exactly the clones of the last run with a proof are attached to the clone's instance."""
        sight = self._look(group)
        found = self._read(group, sight, "")
        if not sight.record.proven:
            raise unproven(self.title(group), found)
        if found.word != ACTIVE or set(found.targets) != set(sight.record.clones):
            raise SidecarError(
                REFUSED,
                f"{self.title(group)} is {found.state}: the copy of run {sight.run} is not what the clone's "
                "instance has.",
                found.word,
            )
        text = f"{self.title(group)}: the clone's instance has the copy of run {sight.run}."
        return Result(text, "HELD", extra1=sight.run[:8], extra2=sight.run[8:])

    def require(self, group: str, state: str) -> Result:
        """OK if the state is the one that is asked for."""
        found = self.read(group)
        demand(self.title(group), found, state)
        return self._result(group, found)

    def check(self, clone: CloneConf, seen_by_vios: bool = False) -> Checked:
        """The instances, their volumes, and whether these can be cloned together."""
        from flashrt.arrays.members import check_clone

        return check_clone(self, self._device.name, clone, seen_by_vios, self._left, self._check_sources)

    def lacks(self, clone: CloneConf) -> list[Lack]:
        """The clone's instance, where it is not there; volumes are made anew each night."""
        from flashrt.arrays.lacks import HOST

        if clone.partition in {one.name for one in self._rest.instances()}:
            return []
        return [Lack(HOST, f"instance {clone.partition} of the clone", {"host": clone.partition})]

    def uids(self, group: str) -> VolumeUids:
        """The UIDs of the volumes."""
        from flashrt.arrays.members import uids_of

        return uids_of(self, self._device.name, group)

    def host_ports(self, clone: CloneConf) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Nothing: the service tells no ports."""
        del clone
        return {}, {}

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """Free capacity of the pool, which must have room for one more set of clones."""
        del every_pool  # source and clones are in one
        sight = self._look(group)
        if not sight.sources:
            raise self._unfit(group, self._read(group, sight, ""))
        pool = pool_name(sight.sources[0].pool)
        total, room = capacity(self._rest.read("storage-capacity", "storage-pools", pool))
        size = sum(one.size for one in sight.sources)
        deletes = self._deletes and {one.id for one in sight.attached} <= self._recorded(group, sight)
        needed = 0.0 if sight.attached and deletes else size
        free = 100.0 * min(room, total) / total
        text = (
            f"{self.title(group)} has {size:.0f} GiB; pool {pool} has {room:.0f} GiB free, {free:.0f} percent"
        )
        if free < floor_percent or room < needed:
            raise SidecarError(
                SPACE,
                f"{text}, the limit is {floor_percent:g}, the clones need {needed:.0f}. Delete volumes.",
                "SPACE",
            )
        return Result(f"{text}.", "OK", extra1="100", extra2=f"{free:.0f}")

    # for the check of members (`flashrt.arrays.members`)

    def title(self, group: str) -> str:
        """A copy in words."""
        return f"Clone {self._base(group)} of the volumes of {self._source(group)} on {self._device.name}"

    def hosts_of(self, volume: str) -> set[str]:
        """The instances that a volume is attached to."""
        if not self._names:
            self._names = {one.id: one.name for one in self._rest.instances()}
        names = self._names
        return {names.get(user, user) for user in self._volume(volume).users}

    def volumes_of(self, host: str) -> set[str]:
        """The volumes that are attached to an instance."""
        return set(self._rest.instance(host).volumes)

    def ports_of(self, host: str) -> list[str]:
        """The service tells none."""
        del host
        return []

    def every_uid(self) -> dict[str, str]:
        """The UIDs of all volumes, by id."""
        return {one.id: uid(one) for one in self._volumes().values()}

    # changing

    def release(self, group: str, run: str) -> Result:
        """Take the last copy off the clone's instance; delete it where the spec says so and it is ours."""
        for _ in range(STEPS):
            sight = self._look(group, run)
            found = self._read(group, sight, run)
            if found.word in (EMPTY, FOREIGN, FAILED, UNKNOWN_STATE):
                raise self._unfit(group, found)
            if found.word == RELEASING:
                return self._pending(group, found)
            theirs = sight.run != run and not sight.record.proven and not _is_late(sight)
            if theirs and found.word in (PREPARING, PREPARED, TAKEN):
                raise self._not_ours(group, found, sight.run)
            if found.word == PREPARING:
                return self._pending(group, found)
            one = sight.request
            if one is not None and not one.ended:
                if one.status not in CANCELLABLE:
                    return self._pending(group, found)
                self._cancel(group, one)
            elif sight.attached:
                self._detach(group, sight)
            else:
                return self._freed(group, run, sight)
        return self._pending(group, self.read(group, run))

    def _freed(self, group: str, run: str, sight: Sight) -> Result:
        """Nothing is attached any more: what earlier runs left may go, and this run begins anew."""
        kept = self._give_up_volumes(group, sight)
        write_claim(self._config, run, self._device.name, group, None)
        result = self._result(group, self.read(group, run))._replace(word="IDLE")
        more = f" {kept} volumes of earlier copies are kept." if kept else ""
        return result._replace(text=result.text + more)

    def prepare(self, group: str, run: str) -> Result:
        """Make the run's request, which prepares itself; its name is recorded before."""
        sight = self._look(group, run)
        found = self._read(group, sight, run)
        claim = self._claim(group, run)
        if found.word in (PREPARING, PREPARED, TAKEN) and (claim is None or sight.run != run):
            raise self._not_ours(group, found, sight.run)
        if claim is not None and _is_late(sight):
            # it is there, though it was not answered: from now on it is this run's, and no other gives it up
            write_claim(self._config, run, self._device.name, group, claim._replace(prepare=SENT))
        if found.word == PREPARED:
            return self._result(group, found)
        if found.word == PREPARING:
            return self._pending(group, found)
        if found.word != FREE:
            raise self._unfit(group, found)
        if claim is not None and sight.request is not None:
            raise SidecarError(
                SYSTEM,
                f"{self.title(group)} was asked to prepare, and the request is {sight.request.status}: "
                f"{sight.request.failure or 'no reason told'}. See the workspace.",
                FAILED,
            )
        problem = self._check_sources(group)
        if not problem.ok:
            raise SidecarError(MISMATCH, problem.text, found.word)
        name = self._free_name(group, run, sight)
        sources = sight.source.volumes
        made = Claim(MAYBE, {name: ",".join(sources)}, False, {})
        write_claim(self._config, run, self._device.name, group, made)
        self._send(
            ("POST", "v2", REQUESTS),
            {"name": name, "volumeIDs": list(sources)},
            lambda: name in self._requests(group),
        )
        write_claim(self._config, run, self._device.name, group, made._replace(prepare=SENT))
        found = self.read(group, run)
        return self._result(group, found) if found.word == PREPARED else self._pending(group, found)

    def prove(self, group: str, run: str) -> Result:
        """The run's request has been started, and copies exactly what production has now."""
        claim, sight = self._own(group, run)
        one = self._started(group, run, sight)
        if set(sight.record.sources) != set(sight.source.volumes):
            raise SidecarError(
                MISMATCH,
                f"The volumes of instance {sight.source.name} changed since the prepare. Do not start the "
                "clone.",
                MIXED,
            )
        taken = sight.record.taken or self._edges.clock.now()
        copy = {**claim.copy, sight.record.request: f"{one.id} {taken:.0f}"}
        write_claim(self._config, run, self._device.name, group, claim._replace(copy=copy))
        return Result(
            f"{self.title(group)} has this run's copy of {len(sight.record.sources)} volumes: "
            f"{sight.record.request}, {one.status}.",
            "PROVEN",
            extra1=one.status,
            extra2=f"{int(taken)}",
        )

    def present(self, group: str, run: str) -> Result:
        """Make volumes of the instant, attach them to the clone's instance, and set its boot volume."""
        for _ in range(STEPS):
            claim, sight = self._own(group, run)
            one = self._started(group, run, sight)
            if not sight.record.taken:
                raise SidecarError(
                    REFUSED, f"Run {run} has not proven {sight.record.request}: it is not presented.", TAKEN
                )
            if one.status == "available":
                self._make_volumes(group, one)
            if not one.ended:
                break
            made = self._clones_of(group, sight, one)
            if set(sight.record.clones) != set(made.values()):
                copy = {**claim.copy, **{source: f"{CLONE}{made[source]}" for source in made}}
                write_claim(self._config, run, self._device.name, group, claim._replace(copy=copy))
            attached = {each.id for each in sight.attached}
            if attached - set(made.values()):
                raise self._unfit(group, self._read(group, sight, run))
            missing = sorted(set(made.values()) - attached)
            if missing:
                self._attach(group, sight, missing)
                break
            wanted = next((made[each.id] for each in sight.sources if each.boot and each.id in made), "")
            if not wanted:
                raise SidecarError(MISMATCH, f"Instance {sight.source.name} shows no boot volume.", MIXED)
            if self._boot_of(sight.target) == wanted:
                return self._result(group, self._read(group, sight, run))._replace(word="PRESENT")
            self._set_boot(sight.target, wanted)
        return self._pending(group, self.read(group, run))

    def abort(self, group: str, run: str) -> Result:
        """Cancel what this run prepared or started without proof; a proven copy and others' work are left."""
        claim = self._claim(group, run)
        for _ in range(STEPS):
            sight = self._look(group, run)
            found = self._read(group, sight, run)
            if claim is None or claim.proven:
                reason = (
                    "has a proven copy and is left" if claim is not None else "was not prepared by this run"
                )
                return self._result(group, found, f"{self.title(group)} {reason}: {found.state}.")
            one = sight.request
            if one is None or one.ended:
                if one is not None or claim.prepare == SENT:
                    write_claim(self._config, run, self._device.name, group, None)
                # else it may still be carried out: `_is_late` knows it then
                return self._result(group, self.read(group, run))._replace(word="IDLE")
            if one.status not in CANCELLABLE:
                break
            self._cancel(group, one)
        return self._pending(group, self.read(group, run))

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """The start of the run's request, and right behind it the question whether it is done."""
        wanted = NO_REQUEST
        if not test:
            sight = self._look(group, run)
            found = self._read(group, sight, run)
            if found.word != PREPARED or self._claim(group, run) is None or sight.request is None:
                raise SidecarError(
                    REFUSED, f"{self.title(group)} is {found.state}, not prepared by run {run}.", found.word
                )
            wanted = sight.request.id
        start = self._rest.open_request("POST", "v2", REQUESTS, wanted, "start")
        look = self._rest.open_request("GET", "v2", REQUESTS, wanted)

        def probe() -> None:
            self._rest.prove()
            start.probe()
            look.probe()

        return Shot(
            start,
            f"start of volumes-clone {wanted}",
            probe,
            judge_start(wanted),
            good_answer(wanted),
            REFUSAL,
            Thaw(look, f"state of volumes-clone {wanted}", judge_taken(wanted)),
        )

    # steps

    def _detach(self, group: str, sight: Sight) -> None:
        """Take our clones off the clone's instance."""
        self._may_change(group, sight)
        ids = [one.id for one in sight.attached]
        self._send(
            ("DELETE", "v2", INSTANCES, sight.target.id, VOLUMES),
            {"volumeIDs": ids, "detachPrimaryBootVolume": True},
            lambda: all(self._volume(one).state in ("detaching", "available") for one in ids),
        )

    def _attach(self, group: str, sight: Sight, missing: list[str]) -> bool:
        """Attach clones to the clone's instance; False while that goes on already."""
        self._may_change(group, sight)
        if any(self._volume(one).state != "available" for one in missing):
            return False
        self._send(
            ("POST", "v2", INSTANCES, sight.target.id, VOLUMES),
            {"volumeIDs": missing},
            lambda: all(self._volume(one).state != "available" for one in missing),
        )
        return True

    def _may_change(self, group: str, sight: Sight) -> None:
        """REFUSED unless the clone's instance is not production, and is off."""
        clone, _ = self._config.clone_of(self._device.name, group)
        refuse_names(self._config, clone)
        found = sight.target
        if word_of(found.status, found.task) != OFF:
            raise SidecarError(
                REFUSED,
                f"Instance {found.name} is {found.status} {found.task}".rstrip()
                + ", not off: its volumes are left. See what runs there.",
                UNKNOWN_STATE,
            )

    def _make_volumes(self, group: str, one: Request) -> None:
        self._send(
            ("POST", "v2", REQUESTS, one.id, "execute"),
            {"name": self._base(group)},
            lambda: self._status(group, one.name) != "available",
        )

    def _set_boot(self, target: Instance, wanted: str) -> None:
        self._send(
            ("PUT", "v1", INSTANCES, target.id, VOLUMES, wanted, "setboot"),
            None,
            lambda: self._boot_of(target) == wanted,
        )

    def _cancel(self, group: str, one: Request) -> None:
        self._send(
            ("POST", "v2", REQUESTS, one.id, "cancel"),
            {"force": False},
            lambda: self._status(group, one.name) not in CANCELLABLE,
        )

    def _give_up_volumes(self, group: str, sight: Sight) -> int:
        """Delete the volumes that runs of ours have made, where the spec allows it.

        How many are kept of all that have the name of our clones, and are attached to nothing.
        """
        own, base, kept = self._recorded(group, sight), self._base(group), 0
        for one in self._volumes().values():
            if one.users or one.id in sight.source.volumes or not is_clone(one.name, base):
                continue
            if self._deletes and one.id in own and one.state == "available":
                self._delete(one.id)
            else:
                kept += 1
        return kept

    def _delete(self, wanted: str) -> None:
        self._send(("DELETE", "v1", VOLUMES, wanted), None, lambda: wanted not in self._volumes())

    def _send(self, words: tuple[str, ...], body: object, done: Callable[[], bool]) -> None:
        """Send a change once; a lost or late reply is no error where the state shows that it was done."""
        method, version, *segments = words
        try:
            self._rest.change(method, *segments, body=body, version=version)
        except SidecarError as error:
            if error.status not in (TIMEOUT, UNKNOWN):
                raise
            try:
                self._rest.reconnect()
                shown = done()
            except SidecarError:
                raise error from None
            if not shown:
                raise

    # parts

    def _look(self, group: str, run: str = "") -> Sight:
        clone, _ = self._config.clone_of(self._device.name, group)
        listed = self._rest.instances()
        source = self._rest.instance(self._source(group), listed)
        target = self._rest.instance(clone.partition, listed)
        if source.id == target.id:
            raise SidecarError(
                MISMATCH, f"Instance {source.name} is source and clone. Nothing was done. Correct the spec."
            )
        sources, attached = self._volumes_on(source), self._volumes_on(target)
        requests = self._requests(group)
        run, claim = self._latest(group, run, requests)
        return Sight(
            source._replace(volumes=tuple(one.id for one in sources)),
            target,
            sources,
            attached,
            requests,
            run,
            record_of(claim),
            claim is not None and _is_unanswered(claim),
        )

    def _read(self, group: str, sight: Sight, run: str) -> GroupState:
        word, state = self._word(group, sight, run)
        targets = tuple(one.id for one in sight.attached) if word in (ACTIVE, MIXED) else ()
        taken = f"{sight.record.taken:.0f}" if sight.record.taken else ""
        return GroupState(
            word,
            state,
            {one: taken if one in sight.record.clones else "" for one in targets},
            sight.source.volumes,
            targets,
            tuple(one.state for one in sight.attached),
        )

    def _word(self, group: str, sight: Sight, run: str) -> tuple[str, str]:
        """Word and state.  What is attached decides, and the request of the record; then others' requests."""
        own = sight.request
        others = [one for one in sight.requests.values() if one is not own and not one.ended]
        both = set(sight.source.volumes) & {one.id for one in sight.attached}
        if both:
            raise SidecarError(
                MISMATCH,
                f"Volume {min(both)} on {self._device.name} is attached to both instances. Detach it from "
                "one.",
                MIXED,
            )
        for one in (*([own] if own else []), *others):
            if one.word == UNKNOWN_STATE:
                return UNKNOWN_STATE, one.status
        strange = [one.name for one in sight.attached if not is_clone(one.name, self._base(group))]
        if strange:
            return FOREIGN, f"with {strange[0][:40]} attached"
        if others:
            return FOREIGN, f"{others[0].status} by others"
        if not sight.source.volumes:
            return EMPTY, "empty"
        failed = [one.name for one in sight.sources if one.state == "error"]
        if failed:
            return FAILED, f"with {failed[0][:40]} in error"
        if own is not None and not own.ended:
            return own.word, own.status
        if sight.attached:
            return _attached(sight)
        if own is not None and own.word == TAKEN and sight.run == run:
            return TAKEN, "cloned"
        return FREE, "idle"

    def _latest(self, group: str, run: str, requests: dict[str, Request]) -> tuple[str, Claim | None]:
        """The claim of the run itself, else the latest: that of a run by hand where its copy is younger.

        One whose request was never answered goes before all while that is there, and else counts for nothing.
        """
        claims = list(claims_on(self._config, self._device.name, group))
        own = [one for one in claims if one[0] == run]
        unanswered = [one for one in claims if _is_unanswered(one[1])]
        late = [one for one in unanswered if _is_open(requests.get(record_of(one[1]).request))]
        if late and not own:
            return late[0]
        claims = [one for one in claims if one in own or one not in unanswered]
        runs = [one for one in claims if one[0] != BY_HAND]
        by_hand = [one for one in claims if one[0] == BY_HAND]
        if not own and runs and by_hand:
            younger = record_of(by_hand[0][1]).taken > record_of(runs[0][1]).taken > 0
            return by_hand[0] if younger else runs[0]
        return next(iter(own or runs or by_hand), ("", None))

    def _recorded(self, group: str, sight: Sight) -> set[str]:
        """The clones that any run of ours has recorded, or whose request it has: it ended in between."""
        found: set[str] = set()
        for _, claim in claims_on(self._config, self._device.name, group):
            record = record_of(claim)
            one = sight.requests.get(record.request)
            if not record.clones and one is not None and one.status == "completed" and one.id == record.id:
                made = clones(self._rest.read(REQUESTS, one.id, version="v2"))
                found |= {clone for clone, _ in made.values()}
            found |= set(record.clones)
        return found

    def _left(self, group: str) -> bool:
        """Whether what there is may be given up.

        The last run of ours has proven it, or its request came when the run had been undone.
        """
        sight = self._look(group)
        return sight.record.proven or _is_late(sight)

    def _own(self, group: str, run: str) -> tuple[Claim, Sight]:
        claim = self._claim(group, run)
        if claim is None:
            raise SidecarError(
                REFUSED,
                f"Run {run} did not prepare {self.title(group)}: nothing can be proven of it.",
                self.read(group).word,
            )
        return claim, self._look(group, run)

    def _started(self, group: str, run: str, sight: Sight) -> Request:
        """The run's request, whose instant is taken, and is the one that was proven if one was."""
        one = sight.request
        if one is None or one.word != TAKEN or (sight.record.id and one.id != sight.record.id):
            what = "is not there" if one is None else f"is {one.status} {one.failure}".rstrip()
            raise SidecarError(
                REFUSED,
                f"{self.title(group)}: request {sight.record.request} {what}: run {run} has no copy in "
                "force. Do not start the clone.",
                self._read(group, sight, run).word,
            )
        return one

    def _clones_of(self, group: str, sight: Sight, one: Request) -> dict[str, str]:
        """The clones of a completed request by their sources, which are exactly the recorded ones."""
        made = clones(self._rest.read(REQUESTS, one.id, version="v2"))
        wrong = [name for _, name in made.values() if not is_clone(name, self._base(group))]
        if set(made) != set(sight.record.sources) or wrong or len(set(made.values())) != len(made):
            raise SidecarError(
                MISMATCH,
                f"{self.title(group)}: request {one.name} made {len(made)} volumes of "
                f"{len(sight.record.sources)}{', ' + wrong[0][:40] if wrong else ''}. Do not start the "
                "clone.",
                MIXED,
            )
        return {source: clone for source, (clone, _) in made.items()}

    def _check_sources(self, group: str) -> Finding:
        """The volumes of production can be cloned together: two or more, in one pool, all in use."""
        sight = self._look(group)
        pools = sorted({one.pool for one in sight.sources})
        idle = [one.name for one in sight.sources if one.state != "in-use"]
        if len(sight.sources) < LEAST:
            text = f"Instance {sight.source.name} has one volume only, the service clones two or more."
        elif len(pools) > 1:
            text = f"The volumes of instance {sight.source.name} are in pools {', '.join(pools)[:80]}."
        elif idle:
            text = f"Volume {idle[0]} of instance {sight.source.name} is not in use."
        elif not any(one.boot for one in sight.sources):
            text = f"Instance {sight.source.name} shows no boot volume."
        else:
            good = f"The {len(sight.sources)} volumes of instance {sight.source.name} can be cloned together."
            return Finding("array.pairs", True, good)
        return Finding("array.pairs", False, f"{text} See the workspace.", MISMATCH)

    def _requests(self, group: str) -> dict[str, Request]:
        """The requests with a name such as runs give, by their names.  SYSTEM where a name is there twice."""
        ours = re.compile(rf"{re.escape(self._base(group))}-(?:[0-9]{{14}}|{BY_HAND})(?:-[0-9]{{1,2}})?\Z")
        items = items_of(self._rest.read(REQUESTS, version="v2"), "volumesClone")
        own = [one for one in map(request, items) if ours.match(one.name)]
        found = {one.name: one for one in own}
        if len(found) != len(own):
            raise SidecarError(
                SYSTEM, f"{self._device.name} tells two requests of one name. See the workspace."
            )
        return found

    def _status(self, group: str, name: str) -> str:
        found = self._requests(group).get(name)
        return found.status if found is not None else ""

    def _free_name(self, group: str, run: str, sight: Sight) -> str:
        """A name for the run's request that no other has."""
        for number in range(1, 100):
            name = f"{self._base(group)}-{run}{f'-{number}' if number > 1 else ''}"
            if name not in sight.requests:
                return name
        raise SidecarError(REFUSED, f"{self._device.name} has 99 requests of run {run} for {group}.")

    def _volumes(self) -> dict[str, Volume]:
        """All volumes of the workspace, by id."""
        found = [volume(item) for item in items_of(self._rest.read(VOLUMES), "volumes")]
        return {one.id: one for one in found}

    def _volumes_on(self, instance: Instance) -> tuple[Volume, ...]:
        """The volumes of an instance."""
        items = items_of(self._rest.read(INSTANCES, instance.id, VOLUMES), "volumes")
        return tuple(volume(item) for item in items)

    def _volume(self, wanted: str) -> Volume:
        return volume(self._rest.read(VOLUMES, wanted))

    def _boot_of(self, instance: Instance) -> str:
        """The id of an instance's boot volume, "" without one."""
        return next((one.id for one in self._volumes_on(instance) if one.boot), "")

    def _source(self, group: str) -> str:
        return self._config.copy(self._device.name, group).parts["instance"]

    def _base(self, group: str) -> str:
        return self._config.copy(self._device.name, group).parts["name"]

    def _claim(self, group: str, run: str) -> Claim | None:
        return read_claim(self._config, run, self._device.name, group)

    def _result(self, group: str, found: GroupState, text: str = "") -> Result:
        plain = f"{self.title(group)}: {found.state}, {len(found.targets)} volumes attached."
        return Result(text or plain, found.word, extra1=found.state[:10], extra2=str(len(found.targets)))

    def _pending(self, group: str, found: GroupState) -> Result:
        result = self._result(group, found, f"{self.title(group)} is {found.state}; ask again.")
        return result._replace(word="PENDING", status=PENDING)

    def _not_ours(self, group: str, found: GroupState, run: str) -> SidecarError:
        return SidecarError(
            FOREIGN_STATUS,
            f"{self.title(group)} is {found.state} by run {run or 'of others'}, which is not closed. "
            "FLRCVENV closes a run of ours.",
            FOREIGN,
        )

    def _unfit(self, group: str, found: GroupState) -> SidecarError:
        why = {
            EMPTY: (MISMATCH, "has no volumes to copy. See the instance of production."),
            FAILED: (REFUSED, f"cannot be taken {found.state}. See the workspace."),
            FOREIGN: (
                FOREIGN_STATUS,
                f"is {found.state}: not ours. See whose it is; nothing was done with it.",
            ),
            UNKNOWN_STATE: (SYSTEM, f"has the unknown status {found.state}. See the workspace."),
        }
        status, text = why.get(found.word, (REFUSED, f"is {found.state}: release it before it is prepared."))
        return SidecarError(status, f"{self.title(group)} {text}", found.word)


def record_of(claim: Claim | None) -> Record:
    """What a claim says of a copy."""
    if claim is None or len(claim.start_times) != 1:
        return NOTHING
    ((name, sources),) = claim.start_times.items()
    id_, _, taken = claim.copy.get(name, "").partition(" ")
    made = tuple(said[len(CLONE) :] for said in claim.copy.values() if said.startswith(CLONE))
    return Record(
        name, tuple(sources.split(",")), id_, float(taken) if taken.isdigit() else 0.0, made, claim.proven
    )


def _is_unanswered(claim: Claim) -> bool:
    """Whether nothing shows that the request of a claim was ever carried out; what was proven was."""
    record = record_of(claim)
    return claim.prepare == MAYBE and bool(record.request) and not record.id and not claim.proven


def _is_open(one: Request | None) -> bool:
    return one is not None and not one.ended


def _is_late(sight: Sight) -> bool:
    """Whether a request that was never answered is there, and was not started."""
    one = sight.request
    return sight.unanswered and one is not None and one.word in (PREPARING, PREPARED)


def _attached(sight: Sight) -> tuple[str, str]:
    """Of clones that are attached: whether they are one whole copy, by the record or by their names."""
    names = [one.name for one in sight.attached]
    numbers = sorted(int(name.rpartition("-")[2]) for name in names)
    ids = {one.id for one in sight.attached}
    whole = len({series(name) for name in names}) == 1 and numbers == list(range(1, len(names) + 1))
    recorded = ids & set(sight.record.clones)
    if not whole or (recorded and ids != set(sight.record.clones)):
        return MIXED, "partly attached"
    if any(one.state == "detaching" for one in sight.attached):
        return RELEASING, "detaching"
    if not any(one.boot for one in sight.attached):
        return MIXED, "attached without a boot volume"
    return ACTIVE, "attached"
