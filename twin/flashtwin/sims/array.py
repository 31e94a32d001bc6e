"""What every simulated storage system is, whatever its family, and the families that there are.

A family is one class here, chosen by the word in the site.  It keeps to these rules, so that the rest of the
twin need not know it:

* what it holds comes from its `ArraySite` (pools, volumes, hosts: `flashtwin.sims.volumes.stock`);
* a copy is taken by `Array.take`, at the instant at which the real one takes it, and contents that targets
  lose otherwise go by `Array.lose`; nothing else touches `Volume.image`;
* each change of the state of a group is told by `Array.show`, in the words FREE, PREPARING, PREPARED, TAKEN,
  MIXED, ACTIVE, RELEASING, LOST beside the family's own, and each request that changes something is an event
  `array_command`;
* requests, durations, limits and error texts are those of the vendor's pages, never of our driver.

A *group* is what the spec's name for a copy stands for: a consistency group, a storage group, a list of
pairs.  Its name in events is that of the site (`CopySite.name`, `GroupSite.name`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from flashtwin.events import Event
from flashtwin.sims.server import Server
from flashtwin.sims.volumes import Host, Volume, stock
from flashtwin.site import ArraySite, ArrayUser

if TYPE_CHECKING:
    from flashtwin.gate import Gate
    from flashtwin.world import World


class Simulated(Protocol):
    """What the twin asks of a simulated storage system."""

    name: str
    config: ArraySite
    users: dict[str, ArrayUser]
    prepares: bool
    """Whether a group must be prepared before its instant can be taken."""
    makes: bool
    """Whether targets are made by the copy itself, and are attached to the clone afterwards."""
    keeps: bool
    """Whether the next instant can be taken while targets show the last copy, or while one waits unshown."""

    def starts(self, request: str, group: str) -> bool:
        """Whether a request, as the transcript has it, takes the instant of a group."""

    def reads(self, request: str) -> bool:
        """Whether a request asks for the state of groups."""

    def authorise(self, user: str, line: str) -> None:
        """Accept a public key line for a user; KeyError for an unknown user."""

    def server(self, gate: Gate) -> Server:
        """What answers at its addresses."""

    def disks(self) -> Iterable[Volume]:
        """All its volumes."""

    def host(self, name: str) -> Host:
        """A host object; KeyError where there is none of that name."""

    def members(self, group: str) -> list[tuple[Volume, Volume]]:
        """Sources and targets that a group copies, as it is now."""

    def began(self, group: str) -> float | None:
        """When the copy was taken that a group held as the evening began; None where it held none."""


def belongs_to(told: list[Event], copy: str, targets: Iterable[Volume]) -> None:
    """For which copy an instant was held is known when it is put on targets.

    `told` are the events of the instant.  Until then they name in `copies` all that it may be for, since
    several clones, or generations, may copy the same sources; their `group` is the first of these.
    """
    for event in told:
        event.facts["group"] = copy
        event.facts.pop("copies", None)
        if "targets" in event.facts:
            event.facts["targets"] = tuple(volume.uid for volume in targets)
    told.clear()


class Array:
    """The common part of the simulators; a family adds `starts`, `reads` and `server`."""

    prepares = False
    makes = False
    keeps = False

    def __init__(self, world: World, config: ArraySite) -> None:
        self.world = world
        self.config = config
        self.name = config.name
        self.users: dict[str, ArrayUser] = {user.name: user for user in config.users}
        self.keys: dict[str, list[str]] = {user.name: [] for user in config.users}
        pools, volumes, hosts = stock(config)
        self.pools = {pool.name: pool for pool in pools}
        self.volumes = {volume.name: volume for volume in volumes}
        self.hosts = {host.name: host for host in hosts}
        self.pairs: dict[str, list[tuple[Volume, Volume]]] = {
            copy.name: [(self.volumes[source], self.volumes[target]) for source, target in copy.pairs]
            for copy in config.copies
        }

    def accepts(self, user: str, key: str) -> bool:
        """Whether a public key (the base64 field of its line) may log in as this user."""
        account = self.users.get(user)
        if account is None or account.expired:
            return False
        return any(key in line.split() for line in self.keys[user])

    def authorise(self, user: str, line: str) -> None:
        """Accept a public key line for a user."""
        if line not in self.keys[user]:
            self.keys[user].append(line)

    def disks(self) -> Iterable[Volume]:
        """All its volumes."""
        return self.volumes.values()

    def host(self, name: str) -> Host:
        """A host object."""
        return self.hosts[name]

    def members(self, group: str) -> list[tuple[Volume, Volume]]:
        """Sources and targets that a group copies."""
        return self.pairs[group]

    def began(self, group: str) -> float | None:
        """When the copy was taken that a group held as the evening began."""
        for copy in self.config.copies:
            if copy.name == group and copy.taken:
                return self.time_of(copy.taken)
        return None

    # for the families

    def take(self, group: str, pairs: Sequence[tuple[Volume, Volume]], user: str) -> None:
        """The instant: every target of the pairs holds what its source holds now.

        A family whose targets show it later takes it on volumes of its own (`hidden`), and copies from those.
        """
        whole = self.world.copies.take(pairs)
        now = self.world.now
        for _, target in pairs:
            target.since, target.written = now, 0
        self.world.events.log(
            "flash",
            self.name,
            group=group,
            maps=tuple(target.name for _, target in pairs),
            by=user,
            sources=tuple(source.uid for source, _ in pairs),
            targets=tuple(target.uid for _, target in pairs),
            whole=whole,
        )
        self.world.overwritten([target for _, target in pairs])

    def put(self, holder: Volume, target: Volume) -> None:
        """Put what an earlier instant kept on a target."""
        self.world.copies.put(holder, target)
        target.since, target.written = self.world.now, 0
        self.world.overwritten([target])

    def presented(self, group: str, state: str) -> None:
        """The last target of a group shows the instant now."""
        self.world.events.log("presented", self.name, group=group)
        self.show(group, state, "ACTIVE")

    def lose(self, volumes: Sequence[Volume]) -> None:
        """The contents of these volumes are gone."""
        for volume in volumes:
            volume.image, volume.since, volume.written = None, None, 0
        self.world.overwritten(volumes)

    def show(self, group: str, state: str, word: str, **more: Any) -> Event:
        """Tell a group's state: the family's own, and what it means (see above)."""
        return self.world.events.log("group_state", self.name, group=group, state=state, word=word, **more)

    def command(self, user: str, text: str, status: int) -> None:
        """Tell of a request that changes something, and how it was answered."""
        self.world.events.log("array_command", self.name, text=text, rc=status, user=user)

    @property
    def zone_name(self) -> str:
        """The name of the array's time zone, as it is now."""
        return self.world.zone_name(self.config.utc_offset or self.world.site.clock.utc_offset)

    @property
    def offset(self) -> dt.timedelta:
        """The array's clock against UTC."""
        text = self.config.utc_offset or self.world.site.clock.utc_offset
        sign = -1 if text.startswith("-") else 1
        zone = dt.timedelta(hours=int(text[1:3]), minutes=int(text[4:6])) * sign
        return zone + self.world.shown_late(self.name)

    def time_of(self, stamp: str) -> float:
        """The time of a stamp YYMMDDhhmmss on the array's clock, epoch seconds."""
        local = dt.datetime.strptime(stamp, "%y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        return (local - self.offset).timestamp()
