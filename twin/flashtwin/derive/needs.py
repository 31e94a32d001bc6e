"""What a spec needs of a site, as plain facts: the compiler hands them over (`flashtwin.derive.site`)."""

from __future__ import annotations

from dataclasses import dataclass

from flashtwin.site import ConsoleFamily, GroupStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemNeed:
    """A production partition: where it is, and who deploys and runs there."""

    name: str
    host: str
    port: int = 22
    user: str
    serial: str
    lpar_id: int
    library: str = ""
    release: str = "7.4"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleNeed:
    """A console: its family, its addresses ("host:port"), user and the file of its credential.

    `credential` says what that is: key, password, token or none; `facts` what the family has to know.
    """

    name: str
    addresses: tuple[str, ...]
    user: str
    key: str
    family: ConsoleFamily = "hmc"
    credential: str = "key"
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayNeed:
    """An array, with the same of it as of a console."""

    name: str
    addresses: tuple[str, ...]
    user: str
    key: str
    family: str = "svc"
    credential: str = "key"
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyNeed:
    """What a clone's copy is made of that is no consistency group; `name` is that of its group."""

    array: str
    name: str
    kind: str
    parts: tuple[tuple[str, str], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkNeed:
    """The private network between a source and its clone."""

    source: str
    clone: str
    line: str
    vlan: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ViosNeed:
    """How a VIOS is asked by SSH: its address, the user and the file of the key."""

    name: str
    address: str
    user: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneNeed:
    """A clone: its partition, the consistency groups (array, generations) that copy its source, its VIOS."""

    name: str
    system: str
    lpar_id: int
    partition: str
    managed_system: str
    console: str
    profile: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    link: LinkNeed | None = None
    vios: tuple[str, ...] = ()
    vios_access: tuple[ViosNeed, ...] = ()
    copies: tuple[CopyNeed, ...] = ()
    free_percent: int = 0
    """What must be free of the pool of its targets."""
    keeps_s: int = 0
    """How old its copy must be before a run may give it up."""
    lines: tuple[str, ...] = ()
    """Line descriptions of the network that it has for itself when it lives on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupNeed:
    """A further group that a run requires in a state."""

    array: str
    group: str
    status: GroupStatus = "idle_or_copied"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobNeed:
    """A job that a run holds."""

    system: str
    user: str
    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNeed:
    """A job queue that a run holds."""

    system: str
    library: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsystemNeed:
    """A subsystem that a run ends."""

    system: str
    library: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrmsNeed:
    """A BRMS control group that is saved on a clone of the system.

    `device` is that of its media class, "" where BRMS saves into save files; `restricted` a group of the
    whole system that ends all subsystems.
    """

    system: str
    group: str
    device: str
    restricted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceNeed:
    """A device that work on a clone of the system saves to.

    `kind` is library, drive, virtual tape or optical; `catalog` the image catalog of a virtual device.
    """

    system: str
    kind: str
    name: str
    catalog: str = ""
    sequential: bool = False
    volumes: tuple[str, ...] = ()
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNeeds:
    """All that a spec's runs look for.

    `domino` and `servers` (TCP/IP) are (system, server), `entries` (system, job schedule entry), `asps`
    (system, independent ASP), `devices` (system, device that is varied on); `programs` are (system, library,
    program) that user commands call, `commands` (system, library, command, keywords) those that the catalogue
    does not know; `says` are these and a message that is expected of them; `libraries` are
    (system, library); `files` are (system, path) that are brought home from a clone; `mail` is the relay's
    "host:port", empty for none; `start` the local time at which the clock starts; `at_most` how many seconds
    a duration (`flashtwin.site.Durations`; ipl: all its phases together), a program of the site ("program")
    and the answer of a storage system ("answer") may last by the limits of the spec.
    """

    systems: tuple[SystemNeed, ...]
    consoles: tuple[ConsoleNeed, ...]
    arrays: tuple[ArrayNeed, ...]
    clones: tuple[CloneNeed, ...]
    requires: tuple[GroupNeed, ...] = ()
    jobs: tuple[JobNeed, ...] = ()
    domino: tuple[tuple[str, str], ...] = ()
    queues: tuple[QueueNeed, ...] = ()
    entries: tuple[tuple[str, str], ...] = ()
    subsystems: tuple[SubsystemNeed, ...] = ()
    servers: tuple[tuple[str, str], ...] = ()
    devices: tuple[tuple[str, str], ...] = ()
    asps: tuple[tuple[str, str], ...] = ()
    programs: tuple[tuple[str, str, str], ...] = ()
    commands: tuple[tuple[str, str, str, tuple[str, ...]], ...] = ()
    says: tuple[tuple[str, str, str, str], ...] = ()
    libraries: tuple[tuple[str, str], ...] = ()
    brms: tuple[BrmsNeed, ...] = ()
    media: tuple[DeviceNeed, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    mail: str = ""
    start: str = "2026-11-18T20:30:00"
    utc_offset: str = "+01:00"
    at_most: tuple[tuple[str, float], ...] = ()


def keys_of(one: ConsoleNeed | ArrayNeed) -> tuple[str, ...]:
    return (one.key,) if one.credential == "key" else ()


def secrets_of(one: ConsoleNeed | ArrayNeed) -> tuple[str, ...]:
    return (one.key,) if one.credential in ("password", "token") else ()
