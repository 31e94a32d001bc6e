"""What a workspace of Power Virtual Server shows of a copy: instances, volumes, requests, our record of it.

What is attached to the clone's instance decides, then the request of the record, then requests of others.
Nothing here changes anything.
"""

from __future__ import annotations

import re
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
    GroupState,
)
from flashrt.arrays.base import UNKNOWN as UNKNOWN_STATE
from flashrt.arrays.powervs_parse import Request, Volume, clones, is_clone, request, series, volume
from flashrt.config import BY_HAND, Config, DeviceConf
from flashrt.consoles.base import Finding
from flashrt.ownership import MAYBE, Claim, claims_on
from flashrt.powervs_rest import Instance, PowerVsRest, items_of
from flashrt.status import MISMATCH, SYSTEM, SidecarError

LEAST = 2
"""Volumes that the service clones together at least."""

VOLUMES, REQUESTS, INSTANCES = "volumes", "volumes-clone", "pvm-instances"

CLONE = "clone "
"""Before the id of a clone in a claim."""


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


class Workspace:
    """One that is looked at."""

    def __init__(self, config: Config, device: DeviceConf, rest: PowerVsRest) -> None:
        self._config = config
        self._device = device
        self._rest = rest

    def title(self, group: str) -> str:
        """A copy in words."""
        return f"Clone {self.base(group)} of the volumes of {self.source(group)} on {self._device.name}"

    def look(self, group: str, run: str = "") -> Sight:
        """All of a copy at once; MISMATCH where source and clone are one instance."""
        clone, _ = self._config.clone_of(self._device.name, group)
        listed = self._rest.instances()
        source = self._rest.instance(self.source(group), listed)
        target = self._rest.instance(clone.partition, listed)
        if source.id == target.id:
            raise SidecarError(
                MISMATCH, f"Instance {source.name} is source and clone. Nothing was done. Correct the spec."
            )
        sources, attached = self.volumes_on(source), self.volumes_on(target)
        requests = self.requests(group)
        run, claim = self._latest(group, run, requests)
        return Sight(
            source._replace(volumes=tuple(one.id for one in sources)),
            target,
            sources,
            attached,
            requests,
            run,
            record_of(claim),
            claim is not None and is_unanswered(claim),
        )

    def state_of(self, group: str, sight: Sight, run: str) -> GroupState:
        """What was seen, as a state of the group, for this run ("" for none)."""
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
        strange = [one.name for one in sight.attached if not is_clone(one.name, self.base(group))]
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
        unanswered = [one for one in claims if is_unanswered(one[1])]
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

    def recorded(self, group: str, sight: Sight) -> set[str]:
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

    def clones_of(self, group: str, sight: Sight, one: Request) -> dict[str, str]:
        """The clones of a completed request by their sources, which are exactly the recorded ones."""
        made = clones(self._rest.read(REQUESTS, one.id, version="v2"))
        wrong = [name for _, name in made.values() if not is_clone(name, self.base(group))]
        if set(made) != set(sight.record.sources) or wrong or len(set(made.values())) != len(made):
            raise SidecarError(
                MISMATCH,
                f"{self.title(group)}: request {one.name} made {len(made)} volumes of "
                f"{len(sight.record.sources)}{', ' + wrong[0][:40] if wrong else ''}. Do not start the "
                "clone.",
                MIXED,
            )
        return {source: clone for source, (clone, _) in made.items()}

    def check_sources(self, group: str) -> Finding:
        """The volumes of production can be cloned together: two or more, in one pool, all in use."""
        sight = self.look(group)
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

    def requests(self, group: str) -> dict[str, Request]:
        """The requests with a name such as runs give, by their names.  SYSTEM where a name is there twice."""
        ours = re.compile(rf"{re.escape(self.base(group))}-(?:[0-9]{{14}}|{BY_HAND})(?:-[0-9]{{1,2}})?\Z")
        items = items_of(self._rest.read(REQUESTS, version="v2"), "volumesClone")
        own = [one for one in map(request, items) if ours.match(one.name)]
        found = {one.name: one for one in own}
        if len(found) != len(own):
            raise SidecarError(
                SYSTEM, f"{self._device.name} tells two requests of one name. See the workspace."
            )
        return found

    def volumes(self) -> dict[str, Volume]:
        """All volumes of the workspace, by id."""
        found = [volume(item) for item in items_of(self._rest.read(VOLUMES), "volumes")]
        return {one.id: one for one in found}

    def volumes_on(self, instance: Instance) -> tuple[Volume, ...]:
        """The volumes of an instance."""
        items = items_of(self._rest.read(INSTANCES, instance.id, VOLUMES), "volumes")
        return tuple(volume(item) for item in items)

    def volume(self, wanted: str) -> Volume:
        """A volume by its id."""
        return volume(self._rest.read(VOLUMES, wanted))

    def boot_of(self, instance: Instance) -> str:
        """The id of an instance's boot volume, "" without one."""
        return next((one.id for one in self.volumes_on(instance) if one.boot), "")

    def source(self, group: str) -> str:
        """The name of production's instance."""
        return self._config.copy(self._device.name, group).parts["instance"]

    def base(self, group: str) -> str:
        """What the names of requests and clones begin with."""
        return self._config.copy(self._device.name, group).parts["name"]


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


def is_unanswered(claim: Claim) -> bool:
    """Whether nothing shows that the request of a claim was ever carried out; what was proven was."""
    record = record_of(claim)
    return claim.prepare == MAYBE and bool(record.request) and not record.id and not claim.proven


def _is_open(one: Request | None) -> bool:
    return one is not None and not one.ended


def is_late(sight: Sight) -> bool:
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
