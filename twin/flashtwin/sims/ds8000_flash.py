"""FlashCopy of a simulated DS8000: relations between volumes, and writes that wait during a freeze.

Rules: docs/platform-facts.md#ds8000 and #dscli.  Where one is not known the harsher is taken: a list of pairs
is not done all or nothing, and a volume that is a target already is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from flashtwin.scheduler import Timer
from flashtwin.sims.array import Array
from flashtwin.sims.volumes import Pool, Volume
from flashtwin.site import ArraySite

if TYPE_CHECKING:
    from flashtwin.world import World

BETWEEN_LSS_S = 0.2
"""Without a freeze each LSS is copied at an instant of its own, so long after the one before."""

FAILURE = "CMUN03044E"
"""A failure of copy services: the shape of the id; which number belongs to which reason is not known."""

MOST_TARGETS = 12
"""Relations that one source may have."""


SITE_STATES = {"active": "valid"}
"""How a copy that a site calls active is shown here."""


class DsError(Exception):
    """The system refuses: HTTP status, the id in server.code, the reason."""

    def __init__(self, status: int, code: str, text: str) -> None:
        self.status = status
        self.code = code
        super().__init__(text)


@dataclass(slots=True, eq=False)
class Relation:
    """A FlashCopy relation; `group` is the copy it belongs to, `since` the time of its last copy.

    `sequence` is the number that who asked for that copy has given it, 0 for none.
    """

    source: Volume
    target: Volume
    group: str
    persistent: bool
    recording: bool
    background: bool
    since: float
    state: str = "valid"
    sequence: int = 0

    @property
    def id(self) -> str:
        """SSSS:TTTT"""
        return f"{self.source.name}:{self.target.name}"


@dataclass(slots=True)
class Mirror:
    """Remote copy of a volume; `primary`: it is written from here to `other` elsewhere."""

    volume: Volume
    other: str
    primary: bool
    state: str
    kind: str = "metromirror"


@dataclass(slots=True)
class Held:
    """Writes to the frozen sources of an LSS wait until the thaw, or until its timer runs out."""

    volumes: list[Volume] = field(default_factory=list)
    timer: Timer | None = None


class DsFlash(Array):
    """The volumes of one system and what FlashCopy does to them.

    A volume's name is its number: four hexadecimal digits, of which the first two are its LSS.  Facts of the
    site: `image`, and `busy_timeout`, the seconds for which frozen writes wait without a thaw (60).  `clean`
    of the site is how long the release of a target's space takes.
    """

    def __init__(self, world: World, config: ArraySite) -> None:
        super().__init__(world, config)
        self.image = config.facts.get("image", "IBM.2107-75ABC11").removeprefix("IBM.")
        self.wwnn = f"500507630{int(self.image[-7:], 36) % 16**7:07X}"
        for volume in self.volumes.values():
            # What a host sees: NAA 6, the node name, the number of the volume.
            volume.uid = f"6{self.wwnn[1:]}{volume.name:0>16}"
        self.busy_timeout = float(config.facts.get("busy_timeout", "60"))
        self.mirrors: list[Mirror] = []
        self.relations: dict[str, Relation] = {}
        self.releasing: set[str] = set()
        """Targets whose space is being given back: no copy is taken onto them until that has ended."""
        self.held: dict[str, Held] = {}
        for copy in config.copies:
            for source, target in self.pairs[copy.name] if copy.state else ():
                state = SITE_STATES.get(copy.state, copy.state)
                since = self.began(copy.name) or world.now
                one = Relation(source, target, copy.name, True, False, False, since, state)
                self.relations[one.id] = one

    # looking

    def volume(self, number: str) -> Volume:
        """The volume of that number; DsError for an unknown one."""
        found = self.volumes.get(number.upper())
        if found is None:
            raise DsError(404, "CMUN00101E", f"Volume {number} was not found.")
        return found

    def relations_of(self, volume: Volume) -> list[Relation]:
        """The relations that a volume is in, as source or target."""
        return [one for one in self.relations.values() if volume in (one.source, one.target)]

    def space_left(self, pool: Pool) -> int:
        """What is left in a pool, bytes."""
        used = sum(volume.used(self.world.now) for volume in self.volumes.values() if volume.pool is pool)
        return max(0, pool.capacity - pool.other_used - used)

    def copied(self, relation: Relation) -> bool:
        """Whether the background copy has come to its end."""
        return relation.background and self.world.now - relation.since >= self.config.copy

    # changing

    def fitting(self, source: str, target: str, options: frozenset[str]) -> tuple[Volume, Volume]:
        """The two volumes, if a relation between them may be established now; DsError if not."""
        one, other = self.volume(source), self.volume(target)
        relations = self.relations.values()
        why = ""
        if one is other or one.size != other.size:
            why = "the volumes do not fit each other"
        elif any(found.target is one or other in (found.source, found.target) for found in relations):
            why = "a volume is in a relationship already"
        elif sum(found.source is one for found in relations) >= MOST_TARGETS:
            why = "too many relationships on the source"
        elif "record_changes" in options and any(
            found.source is one and found.recording for found in relations
        ):
            why = "another relationship of the source records changes"
        elif other.thin and "permit_space_efficient_target" not in options:
            why = "the target is space efficient"
        elif any(mirror.volume is other for mirror in self.mirrors):
            why = "the target is in remote copy"
        elif other.name in self.releasing:
            why = "the space of the target is being released"
        elif other.thin and not self.space_left(other.pool):
            why = "no space is left for the target"
        elif not (one.online and other.online):
            why = "a volume is not accessible"
        if why:
            text = f"mkflash: {source}:{target}: Copy Services operation failure: {why}"
            raise DsError(500, FAILURE, text)
        return one, other

    def refreshing(self, source: str, target: str) -> tuple[Volume, Volume]:
        """The two volumes, if the relation that they have may be refreshed now; DsError if not."""
        one, other = self.volume(source), self.volume(target)
        found = self.relations.get(f"{one.name}:{other.name}")
        why = ""
        if found is None:
            why = "the volumes are in no relationship"
        elif not (found.recording and found.persistent):
            why = "changes are not recorded"
        elif found.background and not self.copied(found):
            why = "the background copy has not ended"
        elif found.state not in ("valid", "validation_required"):
            why = "the relationship is not valid"
        elif not (one.online and other.online):
            why = "a volume is not accessible"
        if why:
            text = f"resyncflash: {source}:{target}: Copy Services operation failure: {why}"
            raise DsError(500, FAILURE, text)
        return one, other

    def establish(
        self, pairs: Sequence[tuple[Volume, Volume]], options: frozenset[str], user: str, sequence: int = 0
    ) -> None:
        """Copy: frozen at one instant, and writes to the sources wait; else LSS after LSS."""
        group = self.group_of(pairs)
        parts: dict[str, list[tuple[Volume, Volume]]] = {}
        for pair in pairs:
            lss = "" if "freeze_consistency" in options else pair[0].name[:2]
            parts.setdefault(lss, []).append(pair)
        if "freeze_consistency" in options:
            self._freeze([source for source, _ in pairs])
        for place, part in enumerate(parts.values()):
            if place == 0:
                self._copy(group, part, options, user, sequence)
            else:
                act = partial(self._copy, group, part, options, user, sequence)
                self.world.scheduler.at(self.world.now + place * BETWEEN_LSS_S, act)

    def _copy(
        self,
        group: str,
        part: Sequence[tuple[Volume, Volume]],
        options: frozenset[str],
        user: str,
        sequence: int,
    ) -> None:
        for source, target in part:
            one = Relation(
                source, target, group, "persistent" in options, "record_changes" in options,
                "no_background_copy" not in options, self.world.now, sequence=sequence,
            )  # fmt: skip
            self.relations[one.id] = one
        self.take(group, part, user)
        self.show(group, "valid", "ACTIVE")

    def group_of(self, pairs: Sequence[tuple[Volume, Volume]]) -> str:
        """The site's name of a copy of these pairs; one that it does not know goes by its first pair."""
        for name, known in self.pairs.items():
            if pairs[0] in known:
                return name
        name = f"{pairs[0][0].name}:{pairs[0][1].name}"
        self.pairs[name] = list(pairs)
        return name

    def withdraw(self, relations: Iterable[Relation], release: bool = False) -> None:
        """End relations.  A target that was not copied whole has lost its contents, and holds its space.

        With `release` a thin target has lost its contents in any case, and its space after a while.
        """
        lost: list[Volume] = []
        relations = list(relations)
        used = {one.target.name: one.target.used(self.world.now) for one in relations}
        groups: dict[str, None] = {}
        for one in relations:
            self.relations.pop(one.id, None)
            groups[one.group] = None
            if not self.copied(one) or (release and one.target.thin):
                lost.append(one.target)
        self.lose(lost)
        for target in lost:
            target.written = used[target.name]
            if release and target.thin:
                self.releasing.add(target.name)
                self.world.scheduler.at(self.world.now + self.config.clean, partial(self._released, target))
        for group in groups:
            if not any(one.group == group for one in self.relations.values()):
                self.show(group, "none", "FREE")

    def _released(self, target: Volume) -> None:
        target.written = 0
        self.releasing.discard(target.name)

    def thaw(self, lss: Iterable[str]) -> None:
        """Let the held writes go; an LSS with nothing frozen is fine."""
        for one in lss:
            self._let_go(one.upper(), "thaw")

    def _freeze(self, sources: Sequence[Volume]) -> None:
        for lss in dict.fromkeys(source.name[:2] for source in sources):
            held = self.held.setdefault(lss, Held())
            held.volumes += [source for source in sources if source.name[:2] == lss]
            if held.timer is not None:
                held.timer.cancel()
            held.timer = self.world.scheduler.at(
                self.world.now + self.busy_timeout, partial(self._let_go, lss, "timer")
            )
            volumes = tuple(volume.uid for volume in held.volumes)
            self.world.events.log("writes_held", self.name, lss=lss, volumes=volumes)

    def _let_go(self, lss: str, how: str) -> None:
        held = self.held.pop(lss, None)
        if held is None:
            return
        if held.timer is not None:
            held.timer.cancel()
        self.world.events.log("writes_released", self.name, lss=lss, how=how)
