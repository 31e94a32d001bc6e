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

from collections.abc import Callable, Sequence

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
    unused,
)
from flashrt.arrays.base import UNKNOWN as UNKNOWN_STATE
from flashrt.arrays.powervs_parse import (
    REFUSAL,
    Request,
    capacity,
    good_answer,
    is_clone,
    judge_start,
    judge_taken,
    pool_name,
    uid,
)
from flashrt.arrays.powervs_workspace import (
    CLONE,
    INSTANCES,
    REQUESTS,
    VOLUMES,
    Sight,
    Workspace,
    is_late,
)
from flashrt.config import CloneConf, Config, DeviceConf
from flashrt.consoles.base import OFF
from flashrt.consoles.powervs import refuse_names, word_of
from flashrt.edges import Edges
from flashrt.localtime import Clock
from flashrt.ownership import MAYBE, SENT, Claim, read_claim, write_claim
from flashrt.powervs_rest import Instance, PowerVsRest
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

STEPS = 6
"""Requests of one call that change something, before it says PENDING."""

CANCELLABLE = ("prepared", "available")
"""The statuses in which a request is cancelled without force."""

NO_REQUEST = "00000000-0000-0000-0000-000000000000"
"""The request of an armed trigger that is only a test; nothing is sent for it."""


def open_driver(config: Config, device: DeviceConf, edges: Edges) -> PowerVs:
    """Connect to the service, with a token."""
    return PowerVs(config, device, edges)


class PowerVs:
    """A connection to the workspace; see `flashrt.arrays.base.ArrayDriver`."""

    def __init__(self, config: Config, device: DeviceConf, edges: Edges) -> None:
        self._config = config
        self._device = device
        self._edges = edges
        self._rest = PowerVsRest(config, device, edges)
        self._seen = Workspace(config, device, self._rest)
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
        return self._seen.state_of(group, self._seen.look(group, run), run)

    def status(self, group: str) -> Result:
        """The state of the copy."""
        return self._result(group, self.read(group))

    def copy_on(self, group: str) -> Copy:
        """The copy that the clone's instance has, and how old it is by this partition's clock."""
        sight = self._seen.look(group)
        found = self._seen.state_of(group, sight, "")
        if found.word not in (ACTIVE, MIXED) or not sight.record.proven:
            return Copy(group, "", 0.0)
        taken = sight.record.taken
        return Copy(group, f"{int(taken):012d}", self._edges.clock.now() - taken)

    def holds(self, group: str) -> Result:
        """HELD if exactly the clones of the last run with a proof are attached to the clone's instance."""
        sight = self._seen.look(group)
        found = self._seen.state_of(group, sight, "")
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

        return check_clone(self, self._device.name, clone, seen_by_vios, self._left, self._seen.check_sources)

    def clock(self) -> Clock:
        """Copies go by ids and names."""
        return unused(self._device.name)

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

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """Free capacity of the pool, which must have room for one more set of clones."""
        del every_pool  # source and clones are in one
        sight = self._seen.look(group)
        if not sight.sources:
            raise self._unfit(group, self._seen.state_of(group, sight, ""))
        pool = pool_name(sight.sources[0].pool)
        total, room = capacity(self._rest.read("storage-capacity", "storage-pools", pool))
        size = sum(one.size for one in sight.sources)
        deletes = self._deletes and {one.id for one in sight.attached} <= self._seen.recorded(group, sight)
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
        return self._seen.title(group)

    def hosts_of(self, volume: str) -> set[str]:
        """The instances that a volume is attached to."""
        if not self._names:
            self._names = {one.id: one.name for one in self._rest.instances()}
        names = self._names
        return {names.get(user, user) for user in self._seen.volume(volume).users}

    def volumes_of(self, host: str) -> set[str]:
        """The volumes that are attached to an instance."""
        return set(self._rest.instance(host).volumes)

    def ports_of(self, host: str) -> list[str]:
        """The service tells none."""
        del host
        return []

    def uids_of(self, volumes: Sequence[str]) -> dict[str, str]:
        """The UIDs of all volumes, by id."""
        del volumes
        return {one.id: uid(one) for one in self._seen.volumes().values()}

    # changing

    def release(self, group: str, run: str) -> Result:
        """Take the last copy off the clone's instance; delete it where the spec says so and it is ours."""
        for _ in range(STEPS):
            sight = self._seen.look(group, run)
            found = self._seen.state_of(group, sight, run)
            if found.word in (EMPTY, FOREIGN, FAILED, UNKNOWN_STATE):
                raise self._unfit(group, found)
            if found.word == RELEASING:
                return self._pending(group, found)
            theirs = sight.run != run and not sight.record.proven and not is_late(sight)
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
        sight = self._seen.look(group, run)
        found = self._seen.state_of(group, sight, run)
        claim = self._claim(group, run)
        if found.word in (PREPARING, PREPARED, TAKEN) and (claim is None or sight.run != run):
            raise self._not_ours(group, found, sight.run)
        if claim is not None and is_late(sight):
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
        problem = self._seen.check_sources(group)
        if not problem.ok:
            raise SidecarError(MISMATCH, problem.text, found.word)
        name = self._free_name(group, run, sight)
        sources = sight.source.volumes
        made = Claim(MAYBE, {name: ",".join(sources)}, False, {})
        write_claim(self._config, run, self._device.name, group, made)
        self._send(
            ("POST", "v2", REQUESTS),
            {"name": name, "volumeIDs": list(sources)},
            lambda: name in self._seen.requests(group),
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
            made = self._seen.clones_of(group, sight, one)
            if set(sight.record.clones) != set(made.values()):
                copy = {**claim.copy, **{source: f"{CLONE}{made[source]}" for source in made}}
                write_claim(self._config, run, self._device.name, group, claim._replace(copy=copy))
            attached = {each.id for each in sight.attached}
            if attached - set(made.values()):
                raise self._unfit(group, self._seen.state_of(group, sight, run))
            missing = sorted(set(made.values()) - attached)
            if missing:
                self._attach(group, sight, missing)
                break
            wanted = next((made[each.id] for each in sight.sources if each.boot and each.id in made), "")
            if not wanted:
                raise SidecarError(MISMATCH, f"Instance {sight.source.name} shows no boot volume.", MIXED)
            if self._seen.boot_of(sight.target) == wanted:
                return self._result(group, self._seen.state_of(group, sight, run))._replace(word="PRESENT")
            self._set_boot(sight.target, wanted)
        return self._pending(group, self.read(group, run))

    def abort(self, group: str, run: str) -> Result:
        """Cancel what this run prepared or started without proof; a proven copy and others' work are left."""
        claim = self._claim(group, run)
        for _ in range(STEPS):
            sight = self._seen.look(group, run)
            found = self._seen.state_of(group, sight, run)
            if claim is None or claim.proven:
                reason = (
                    "has a proven copy and is left" if claim is not None else "was not prepared by this run"
                )
                return self._result(group, found, f"{self.title(group)} {reason}: {found.state}.")
            one = sight.request
            if one is None or one.ended:
                if one is not None or claim.prepare == SENT:
                    write_claim(self._config, run, self._device.name, group, None)
                # else it may still be carried out: `is_late` knows it then
                return self._result(group, self.read(group, run))._replace(word="IDLE")
            if one.status not in CANCELLABLE:
                break
            self._cancel(group, one)
        return self._pending(group, self.read(group, run))

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """The start of the run's request, and right behind it the question whether it is done."""
        wanted = NO_REQUEST
        if not test:
            sight = self._seen.look(group, run)
            found = self._seen.state_of(group, sight, run)
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
            lambda: all(self._seen.volume(one).state in ("detaching", "available") for one in ids),
        )

    def _attach(self, group: str, sight: Sight, missing: list[str]) -> bool:
        """Attach clones to the clone's instance; False while that goes on already."""
        self._may_change(group, sight)
        if any(self._seen.volume(one).state != "available" for one in missing):
            return False
        self._send(
            ("POST", "v2", INSTANCES, sight.target.id, VOLUMES),
            {"volumeIDs": missing},
            lambda: all(self._seen.volume(one).state != "available" for one in missing),
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
            {"name": self._seen.base(group)},
            lambda: self._status(group, one.name) != "available",
        )

    def _set_boot(self, target: Instance, wanted: str) -> None:
        self._send(
            ("PUT", "v1", INSTANCES, target.id, VOLUMES, wanted, "setboot"),
            None,
            lambda: self._seen.boot_of(target) == wanted,
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
        own, base, kept = self._seen.recorded(group, sight), self._seen.base(group), 0
        for one in self._seen.volumes().values():
            if one.users or one.id in sight.source.volumes or not is_clone(one.name, base):
                continue
            if self._deletes and one.id in own and one.state == "available":
                self._delete(one.id)
            else:
                kept += 1
        return kept

    def _delete(self, wanted: str) -> None:
        self._send(("DELETE", "v1", VOLUMES, wanted), None, lambda: wanted not in self._seen.volumes())

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

    def _left(self, group: str) -> bool:
        """Whether what there is may be given up.

        The last run of ours has proven it, or its request came when the run had been undone.
        """
        sight = self._seen.look(group)
        return sight.record.proven or is_late(sight)

    def _own(self, group: str, run: str) -> tuple[Claim, Sight]:
        claim = self._claim(group, run)
        if claim is None:
            raise SidecarError(
                REFUSED,
                f"Run {run} did not prepare {self.title(group)}: nothing can be proven of it.",
                self.read(group).word,
            )
        return claim, self._seen.look(group, run)

    def _started(self, group: str, run: str, sight: Sight) -> Request:
        """The run's request, whose instant is taken, and is the one that was proven if one was."""
        one = sight.request
        if one is None or one.word != TAKEN or (sight.record.id and one.id != sight.record.id):
            what = "is not there" if one is None else f"is {one.status} {one.failure}".rstrip()
            raise SidecarError(
                REFUSED,
                f"{self.title(group)}: request {sight.record.request} {what}: run {run} has no copy in "
                "force. Do not start the clone.",
                self._seen.state_of(group, sight, run).word,
            )
        return one

    def _status(self, group: str, name: str) -> str:
        found = self._seen.requests(group).get(name)
        return found.status if found is not None else ""

    def _free_name(self, group: str, run: str, sight: Sight) -> str:
        """A name for the run's request that no other has."""
        for number in range(1, 100):
            name = f"{self._seen.base(group)}-{run}{f'-{number}' if number > 1 else ''}"
            if name not in sight.requests:
                return name
        raise SidecarError(REFUSED, f"{self._device.name} has 99 requests of run {run} for {group}.")

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
