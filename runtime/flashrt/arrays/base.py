"""What an array driver does, whatever the array, and the words for a group's state.

A *group* is what takes a copy of several volumes at one instant: a consistency group, a storage group, a
list of pairs.  It goes by the name that the spec gives it; what else is to be said of it is in
`Config.copy` (docs/add-an-array.md).

    FREE       may be prepared: idle, copied or stopped
    ACTIVE     a copy is in force: targets belong to it
    TAKEN      the instant is taken, the targets do not show it yet: to be presented
    RELEASING  on its way to FREE
    PREPARING  on its way to PREPARED
    PREPARED   the trigger may be sent
    SPACE      the copy is lost, or about to be: there was no room for what it has to keep
    FAILED     the array has lost touch with it
    EMPTY      nothing to copy
    FOREIGN    used for something else: a restore, remote copy
    MIXED      its parts are in different states
    UNKNOWN    a state that this driver does not know

UNKNOWN is never FREE: nothing is done to a group in a state that nobody knows.  Decisions are taken on the
state read, never on a message id.  A request whose answer was lost or late has an unknown result: the state
is read before anything is repeated.  Nothing that destroys what is not a run's own copy is ever sent: no
force, no restore, no reverse.  Whose a copy is, is recorded (`flashrt.ownership`).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, Protocol

from flashrt.config import CloneConf, Config
from flashrt.consoles.base import Finding
from flashrt.edges import Edges, OpenCommand, Reply
from flashrt.families import ARRAYS
from flashrt.localtime import UNUSED, Clock
from flashrt.result import Result
from flashrt.status import FOREIGN as FOREIGN_STATUS
from flashrt.status import REFUSED, SidecarError

FREE = "FREE"
ACTIVE = "ACTIVE"
RELEASING = "RELEASING"
PREPARING = "PREPARING"
PREPARED = "PREPARED"
TAKEN = "TAKEN"
SPACE = "SPACE"
FAILED = "FAILED"
EMPTY = "EMPTY"
FOREIGN = "FOREIGN"
MIXED = "MIXED"
UNKNOWN = "UNKNOWN"


class GroupState(NamedTuple):
    """A consistency group as read: word, the array's own state, the start time of every map by name."""

    word: str
    state: str
    start_times: dict[str, str]
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    map_states: tuple[str, ...]


class VolumeUids(NamedTuple):
    """The volumes of a group: names by UID, as a VIOS or a partition sees them."""

    sources: dict[str, str]
    targets: dict[str, str]


UNKNOWN_AGE = "0"
"""In place of the time of a copy that no run of this product has proven: the oldest, and not old enough."""


class Copy(NamedTuple):
    """The copy that a group holds: when it was taken by the array's clock ("" if there is none), its age."""

    group: str
    taken: str
    age_s: float


class HostPorts(NamedTuple):
    """The WWPNs of the host objects of source and clone, by host."""

    source: dict[str, list[str]]
    clone: dict[str, list[str]]


class Checked(NamedTuple):
    """What the check of an array found, how many volumes of the source its groups copy (None: unread), and
    the ports of the hosts that see them (None where the volumes or their hosts could not be read).
    """

    findings: list[Finding]
    sources: int | None
    ports: HostPorts | None = None


class Lack(NamedTuple):
    """Something that a copy needs and the array has not: a word for it (`flashrt.arrays.lacks`), what it is,
    and the names that the commands need which make it.
    """

    what: str
    text: str
    names: dict[str, str]


class Shot(NamedTuple):
    """One request of the armed trigger: its open channel, its text, a proof that the array answers.

    `probe` raises SidecarError when the connection has ended; it sends no command.  `judge` says what an
    answer means: None for a copy that was surely taken, else status, word and text.  `good` and `refusal` are
    two answers that it must tell apart; judging them before the window loads all that judging needs.

    `thaw` is a request of its own that lets go of what the first one holds.  It is sent whatever became of
    the first; a copy counts only if both were answered well.
    """

    channel: OpenCommand
    request: str
    probe: Callable[[], None]
    judge: Callable[[Reply], SidecarError | None]
    good: Reply
    refusal: Reply
    thaw: Thaw | None = None


class Thaw(NamedTuple):
    """The request that ends a freeze, on a channel of its own."""

    channel: OpenCommand
    request: str
    judge: Callable[[Reply], SidecarError | None]


class ArrayDriver(Protocol):
    """An array, connected as long as a call lasts.

    Each verb gives a Result whose word CL compares; a state that forbids the act is a SidecarError.  The
    words of a state that can be prepared are IDLE and STOPPED, whatever the array calls it.
    """

    def probe(self) -> Result:
        """Which array answers: its name or serial number and its code level.  Changes nothing."""

    def status(self, group: str) -> Result:
        """The state of the group."""

    def copy_on(self, group: str) -> Copy:
        """The copy that a group holds; asked only where somebody has to choose or to wait."""

    def holds(self, group: str) -> Result:
        """HELD if the group holds the copy that a run of ours has proven last; extra1, extra2: its id."""

    def require(self, group: str, state: str) -> Result:
        """OK if a group is in a state of the array's own words, REFUSED if not."""

    def check(self, clone: CloneConf, seen_by_vios: bool = False) -> Checked:
        """The clone's groups here, their members and hosts.

        `seen_by_vios`: what the source sees was compared on its VIOS, and host mappings do not show it.
        """

    def lacks(self, clone: CloneConf) -> list[Lack]:
        """What the clone's copies here need and the array has not."""

    def clock(self) -> Clock:
        """The clock by which copies are told apart, beside ours, where that is a clock's local time."""

    def uids(self, group: str) -> VolumeUids:
        """The UIDs of the group's volumes."""

    def release(self, group: str, run: str) -> Result:
        """Bring the group to where it can be prepared: IDLE or STOPPED, or PENDING."""

    def prepare(self, group: str, run: str) -> Result:
        """Prepare the group: PREPARED, or PENDING."""

    def present(self, group: str, run: str) -> Result:
        """Put the instant that this run took on the targets: PRESENT, or PENDING.

        Where the targets show it by themselves there is nothing to do.  Asked again, it goes on.
        """

    def prove(self, group: str, run: str) -> Result:
        """Prove that every part of the copy was taken anew since the prepare, and is whole: PROVEN."""

    def abort(self, group: str, run: str) -> Result:
        """Undo what this run did, as long as its copy is not proven.  Twice is as good as once."""

    def usage(self, group: str, floor_percent: float, every_pool: bool) -> Result:
        """How full the targets are; SPACE below the floor.  `every_pool`: thick targets' pools count too."""

    def arm(self, group: str, run: str, test: bool) -> Shot:
        """An open channel and the one request to send on it; REFUSED unless prepared by this run."""

    def close(self) -> None:
        """End the connection."""


def unused(name: str) -> Clock:
    """What there is to say of the clock of an array whose copies go by ids, or by times in UTC."""
    return Clock(UNUSED, f"Copies on {name} are not told apart by the local time of a clock.")


def unproven(title: str, found: GroupState) -> SidecarError:
    """The refusal to use a copy of which no run has a proof."""
    return SidecarError(
        FOREIGN_STATUS,
        f"{title} is {found.state}; no run of this product has a proof of its copy. Nothing is done with it.",
        found.word,
    )


def demand(title: str, found: GroupState, state: str) -> None:
    """REFUSED unless a group is in this state, in the array's own words."""
    if found.state != state.lower():
        raise SidecarError(
            REFUSED,
            f"{title} is {found.state}, the spec requires {state.lower()}. See who uses it.",
            found.word,
        )


def open_array(config: Config, name: str, edges: Edges) -> ArrayDriver:
    """The driver of a declared array, by its family, logged in."""
    device = config.array(name)
    driver: ArrayDriver = import_module(ARRAYS[device.family].module).open_driver(config, device, edges)
    return driver
