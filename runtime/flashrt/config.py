"""The sidecar's configuration: conf/sidecar.json of the bundle, read, checked, made into records.

Layout below the product's folder (`/flashc/<LIB>/`): `conf/sidecar.json`, `conf/known_hosts`, `keys/<name>`,
`inbox/<RUN>/`, `runs/<RUN>/`.  `--config` names the `conf` folder.

The file, JSON in UTF-8 of at most 1 MB.  Members that are not named here are tolerated; a missing or wrong
one is an error that names it.  (?) may be left out; its default is behind `=`.

    version       1
    system        name, library, identities: [{serial, lpar}, ...]        at least one pair: the source
    clones        {NAME: {partition, lpar_id, managed_system, console, profile, network_isolated,
                          disks: [{groups or group, array, source_hosts(?)=[], clone_hosts(?)=[],
                                   copies(?): {GROUP: {kind, parts: {}, pairs(?): [[SOURCE, TARGET]]}}}],
                          free_percent(?)=checks.min_free_percent,
                          link(?)=null: {source, clone, vlan(?)=null},
                          vios(?)=[]: names of the VIOS partitions that the disks come through,
                          own_network(?)=false: the clone lives on, on VLANs that are not production's}}
    consoles      {NAME: {family: "hmc", way(?)="ssh", addresses: ["host:port", ...], user, key, facts(?)={},
                          standby(?)="": the console to use where none of the addresses can be reached}}
    arrays        {NAME: {family: "svc", way(?)="ssh", addresses: ["host:port", ...], user, key, facts(?)={}}}
    servers(?)    {"VIOS on MANAGED SYSTEM": {family: "vios", addresses: ["host:port"], user, key}}
                  a VIOS that is asked by SSH; one that does not stand here is asked through the console
    mail(?)       {server: "host:port", from, to: {"start"|"flash"|"failure"|"end": [address, ...]}}
    delivery(?)   {port, user, key, inbox}         where clones send to: the source, by its end of their link
    limits(?)     connect_s=15 request_s=20 trigger_s=8 sql_s=30 mail_s=30 transfer_s=3600 check_s=1800
                  vios_request_s=60 (one command on a VIOS) vios_s=900 (one vios call)
                  delivery_files=500 delivery_bytes=8589934592
    checks(?)     release="", min_free_percent=10, independent_asps=[], disk_types=[...] (types that are
                  volumes of an array), accepted_ptfs=[], accepted_autostart=[] ("*ALL" accepts any),
                  window_s=0 (how long BRMS must stay unused from now on), delivery_mb=1024,
                  brms=true (the run uses BRMS, so no job may be at work in it, and its log is readable),
                  control_groups=[] (those that the clone saves),
                  environments={}: {NAME: {held_jobs=[]: USER/NAME of those held around the flash,
                                           locks=[]: [{object, what}, ...] that a run takes,
                                           held_queues=[]: LIBRARY/NAME, as the jobs,
                                           libraries=[]: of tapes, that the clone saves to}}

`key` names the file in keys/ that holds the credential of the way: an SSH key, a password, a token; with a
way that needs none, `addresses`, `user` and `key` are empty.  Families, their ways and facts, the kinds of
copies and their parts: `flashrt.families`.

Each entry of `disks` is a part of the partition's disk units.  One with several `groups` has generations:
each of them copies the same volumes, and a run uses the one whose copy is the oldest.  A group is what takes
a copy of several volumes at one instant, whatever its array calls it; what is to be said of it beside its
name stands in `copies`.  With `free_percent`
the pools of all targets must have that much free; without, only pools of thin targets are looked at.

Hosts without a port get 22 (25 for mail).  `source_hosts` and `clone_hosts` are the host objects of the two
partitions on the array; without them they are found from the volumes' own mappings.
"""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from flashrt.edges import Credentials, Endpoint
from flashrt.families import ARRAYS, CONSOLES, SERVERS, CopyShape, Family
from flashrt.status import CONFIG, NOTFOUND, SidecarError

FILE_LIMIT = 1024 * 1024
TEXT_LIMIT = 255
ALL = "ALL"
"""In place of an array's name on the command line: every array of the clone."""

LIST_LIMIT = 256
WINDOW_LIMIT_S = 366 * 86400
PAIR_LIMIT = 4096
SSH, SCRIPT = "ssh", "script"
"""Ways: the usual one, and that of a command here, which may need no address, user or credential."""
PHASES = ("attention", "refused", "failure", "completed", "save", "boot", "flash", "start", "end")
"""Occasions of a mail; of several at once the first of this list is the mail's subject."""
EXTERNAL_DISK_TYPES = ("2107", "2145", "2810", "6B22", "6B25")
"""Disk types of array volumes: DS8000, Storage Virtualize, XIV, virtual SCSI with 512 and 4096 bytes."""

Item = TypeVar("Item")

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,63}\Z")
_FILE = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")
"""A file of the key folder."""
_OBJECT = re.compile(r"[A-Z$@#][A-Z0-9$@#_.]{0,9}\Z")
"""A name of IBM i."""
_CONSOLE_NAME = re.compile(r"[A-Za-z0-9_.:*@#+/^ -]{1,63}\Z")
_PROFILE_NAME = re.compile(r"[A-Za-z0-9_.:*@#+/^ -]{0,63}\Z")
"""Empty where the console knows no profiles."""
_SERVER_NAME = re.compile(r"[A-Za-z0-9_.:*@#+/^ -]{1,130}\Z")
_GROUP_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}\Z")
_COPY_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/@-]{0,254}\Z")
_KIND = re.compile(r"[a-z ]{1,31}\Z")
_HOST = re.compile(r"[A-Za-z0-9_.:-]{1,255}\Z")
_USER = re.compile(r"[A-Za-z0-9_.@$#-]{1,64}\Z")
_ANY_USER = re.compile(r"[A-Za-z0-9_.@$#-]{0,64}\Z")
"""A token says whose it is: no user stands beside it."""
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]\\@]{1,64}@[A-Za-z0-9.-]{1,255}\Z")
_THING = re.compile(r"[ -~]{1,80}\Z")
_PATH = re.compile(r"/[A-Za-z0-9_./-]{1,200}\Z")
_SERIAL = re.compile(r"[A-Za-z0-9-]{1,16}\Z")
BY_HAND = "BYHAND"
RUN_ID = re.compile(rf"(?:[0-9]{{14}}|{BY_HAND})\Z")
"""A run's id; BYHAND where somebody calls without one."""


class Identity(NamedTuple):
    """Machine serial number and partition id of the source."""

    serial: str
    lpar: int


class SystemConf(NamedTuple):
    """The production partition."""

    name: str
    library: str
    identities: tuple[Identity, ...]


class CopyConf(NamedTuple):
    """What is to be said of a copy beside its name: its kind, the names in it, its pairs of volumes.

    The kinds of a family, and what each has: `flashrt.families`.
    """

    kind: str
    parts: dict[str, str]
    pairs: tuple[tuple[str, str], ...]


class DisksConf(NamedTuple):
    """Groups on an array, and the host objects of both partitions if they are given.

    Of several groups a run uses one: they are generations of the same volumes.  `copies` has those of which
    more is to be said than the name.
    """

    groups: tuple[str, ...]
    array: str
    source_hosts: tuple[str, ...]
    clone_hosts: tuple[str, ...]
    copies: dict[str, CopyConf]

    @property
    def key(self) -> str:
        """What tells this entry from the clone's others."""
        return f"{self.array}/{self.groups[0]}"


class LinkConf(NamedTuple):
    """The private network of source and clone."""

    source: str
    clone: str
    vlan: int | None


class CloneConf(NamedTuple):
    """A declared clone: the only partition that may be ended or started."""

    name: str
    partition: str
    lpar_id: int
    managed_system: str
    console: str
    profile: str
    disks: tuple[DisksConf, ...]
    network_isolated: bool
    link: LinkConf | None
    vios: tuple[str, ...]
    free_percent: float | None
    own_network: bool

    @property
    def arrays(self) -> tuple[str, ...]:
        """The arrays of its disks, each once, in the order of the disks."""
        return tuple(dict.fromkeys(disks.array for disks in self.disks))


class DeviceConf(NamedTuple):
    """A console or an array: where it is, who logs in, and the console that stands in for it.

    `way` is by what it is driven; `key` the file of the credential; `facts` what the family has to know.
    """

    name: str
    family: str
    way: str
    addresses: tuple[Endpoint, ...]
    user: str
    key: str
    standby: str
    facts: dict[str, str]


class MailConf(NamedTuple):
    """The relay, the sender, and who is told of which occasion, by environment."""

    server: Endpoint
    sender: str
    to: dict[str, dict[str, tuple[str, ...]]]


class DeliveryConf(NamedTuple):
    """Where clones deliver to: the source, at the source's end of each one's link."""

    port: int
    user: str
    key: str
    inbox: str


class LimitsConf(NamedTuple):
    """Limits in seconds, files and bytes."""

    connect_s: float
    request_s: float
    trigger_s: float
    sql_s: float
    mail_s: float
    transfer_s: float
    check_s: float
    vios_request_s: float
    vios_s: float
    delivery_files: int
    delivery_bytes: int


class EnvironmentConf(NamedTuple):
    """What the pre-checks look at for the runs of one environment."""

    held_jobs: tuple[str, ...]
    """USER/NAME of the jobs that are held around the flash."""
    locks: dict[str, str]
    """The lock objects of the library that a run allocates, and the thing that each stands for."""
    libraries: tuple[str, ...] = ()
    """The tape libraries that the clone saves to."""
    held_queues: tuple[str, ...] = ()
    """LIBRARY/NAME of the job queues that are held around the flash, and so in the copy."""


class ChecksConf(NamedTuple):
    """What the pre-checks accept."""

    release: str
    min_free_percent: float
    independent_asps: tuple[str, ...]
    disk_types: tuple[str, ...]
    accepted_ptfs: tuple[str, ...]
    accepted_autostart: tuple[str, ...]
    window_s: float
    delivery_mb: float
    brms: bool
    control_groups: tuple[str, ...]
    environments: dict[str, EnvironmentConf]


class Config(NamedTuple):
    """The whole configuration, and the folder that it was read from."""

    folder: str
    system: SystemConf
    clones: dict[str, CloneConf]
    consoles: dict[str, DeviceConf]
    arrays: dict[str, DeviceConf]
    servers: dict[str, DeviceConf]
    mail: MailConf | None
    delivery: DeliveryConf | None
    limits: LimitsConf
    checks: ChecksConf

    @property
    def known_hosts(self) -> str:
        """The file of pinned host keys."""
        return os.path.join(self.folder, "known_hosts")

    def key_file(self, name: str) -> str:
        """The file of a private key."""
        return self._beside("keys", name)

    def credentials(self, device: DeviceConf) -> Credentials:
        """Who logs in at a console or an array."""
        return Credentials(device.user, self.key_file(device.key))

    @property
    def runs_folder(self) -> str:
        """The folder of the runs' folders."""
        return self._beside("runs")

    def run_folder(self, run: str) -> str:
        """The folder of a run, made if need be."""
        path = os.path.join(self.runs_folder, run)
        try:
            os.makedirs(path, mode=0o770, exist_ok=True)
        except OSError as error:
            raise SidecarError(
                CONFIG, f"The run's folder {path} cannot be made: {error.strerror}. Check its authorities."
            ) from error
        return path

    def inbox_folder(self, run: str) -> str:
        """The folder in which the delivery of a run arrives; it may not exist yet."""
        return self._beside("inbox", run)

    def _beside(self, *names: str) -> str:
        """A place beside the `conf` folder; relative where that is, to go with the working directory."""
        return os.path.normpath(os.path.join(self.folder, os.pardir, *names))

    def clone(self, name: str) -> CloneConf:
        """A declared clone; the only one if no name is given."""
        return _choose(self.clones, name, "clone")

    def copy_of(self, array: str, group: str) -> CopyConf | None:
        """What is said of a copy of a declared clone; None if no clone has it."""
        found = self._disks_of(array, group)
        return None if found is None else found[1].copies.get(group, CopyConf("group", {}, ()))

    def copy(self, array: str, group: str) -> CopyConf:
        """The same; CONFIG if no clone has it."""
        return self.clone_of(array, group)[1].copies.get(group, CopyConf("group", {}, ()))

    def clone_of(self, array: str, group: str) -> tuple[CloneConf, DisksConf]:
        """The declared clone that a copy is for, and that part of its disks; CONFIG if no clone has it."""
        found = self._disks_of(array, group)
        if found is None:
            raise SidecarError(CONFIG, f"No clone is declared to have {group[:60]} on {array}. See the spec.")
        return found

    def _disks_of(self, array: str, group: str) -> tuple[CloneConf, DisksConf] | None:
        for clone in self.clones.values():
            for disks in clone.disks:
                if disks.array == array and group in disks.groups:
                    return clone, disks
        return None

    def array(self, name: str) -> DeviceConf:
        """A declared array."""
        return _choose(self.arrays, name, "array")

    def console(self, name: str) -> DeviceConf:
        """A declared console."""
        return _choose(self.consoles, name, "console")

    def server(self, clone: CloneConf, name: str) -> DeviceConf | None:
        """How a VIOS of a clone is asked by SSH; None where the console hands the commands on."""
        return self.servers.get(f"{name} on {clone.managed_system}")

    def stand_ins(self, device: DeviceConf) -> list[DeviceConf]:
        """The device itself and, one after the other, the consoles that stand in for it."""
        found = [device]
        # One more than there are shows a circle.
        while found[-1].standby and len(found) <= len(self.consoles):
            found.append(self.consoles[found[-1].standby])
        return found


def read_config(folder: str) -> Config:
    """Read and check `sidecar.json` of a `conf` folder.  CONFIG names what is missing or wrong."""
    path = os.path.join(folder, "sidecar.json")
    try:
        with open(path, "rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except OSError as error:
        raise SidecarError(
            CONFIG,
            f"The configuration {path} cannot be read: {error.strerror}. Give --config, or deploy again.",
        ) from error
    if len(data) > FILE_LIMIT:
        raise SidecarError(CONFIG, f"The configuration {path} is larger than 1 MB. Deploy again.")
    try:
        return _decoded(folder, data)
    except (ValueError, RecursionError) as error:
        raise SidecarError(
            CONFIG, f"The configuration {path} is not JSON ({str(error)[:80]}). Deploy again."
        ) from error


@functools.lru_cache(maxsize=4)  # many calls of a rehearsal are made in one process
def _decoded(folder: str, data: bytes) -> Config:
    return parse_config(folder, json.loads(data.decode("utf-8")))


def parse_config(folder: str, data: object) -> Config:
    """Make the records from the decoded file."""
    top = _Part("sidecar.json", data)
    version = top.number("version", 1, 1000)
    if version != 1:
        raise SidecarError(
            CONFIG,
            f"sidecar.json has version {version:g}, this sidecar reads 1. Deploy both from one bundle.",
        )
    system = top.part("system")
    consoles = top.table("consoles", _console)
    arrays = top.table("arrays", _array)
    servers = top.table("servers", _server, _SERVER_NAME) if top.has("servers") else {}
    clones = top.table("clones", lambda name, part: _clone(name, part, arrays))
    identities = tuple(
        Identity(entry.text("serial", _SERIAL).upper(), int(entry.number("lpar", 1, 65535)))
        for entry in system.parts("identities")
    )
    if not identities:
        raise system.wrong("identities", "names no pair of serial and lpar")
    config = Config(
        folder=folder,
        system=SystemConf(system.text("name", _NAME), system.text("library", _NAME), identities),
        clones=clones,
        consoles=consoles,
        arrays=arrays,
        servers=servers,
        mail=_mail(top.part("mail")) if top.has("mail") else None,
        delivery=_delivery(top.part("delivery")) if top.has("delivery") else None,
        limits=_limits(top.part("limits", {})),
        checks=_checks(top.part("checks", {})),
    )
    _check_references(config)
    return config


def device_identity(serial: str) -> str:
    """A machine serial in the form in which two of them are compared: the system value pads with blanks."""
    return serial.strip().upper()


def _check_references(config: Config) -> None:
    if ALL in config.arrays:
        raise SidecarError(CONFIG, f"sidecar.json: no array can be called {ALL}: it means every array.")
    for clone in config.clones.values():
        if clone.console not in config.consoles:
            raise SidecarError(
                CONFIG, f"sidecar.json: clone {clone.name} names console {clone.console}, not there."
            )
        if not clone.profile and CONSOLES[config.consoles[clone.console].family].profiles:
            raise SidecarError(CONFIG, f"sidecar.json: clone {clone.name} names no profile. Deploy again.")
        for disks in clone.disks:
            if disks.array not in config.arrays:
                raise SidecarError(
                    CONFIG, f"sidecar.json: clone {clone.name} names array {disks.array}, not there."
                )
    for console in config.consoles.values():
        if console.standby and console.standby not in config.consoles:
            raise SidecarError(
                CONFIG, f"sidecar.json: console {console.name} names standby {console.standby}, not there."
            )
    for console in config.consoles.values():
        seen = [one.name for one in config.stand_ins(console)]
        if len(set(seen)) != len(seen):
            raise SidecarError(
                CONFIG, f"sidecar.json: console {console.name} is in the end its own standby. Deploy again."
            )


def _console(name: str, part: _Part) -> DeviceConf:
    standby = part.text("standby", _NAME) if part.has("standby") else ""
    return _device(name, part, CONSOLES)._replace(standby=standby)


def _array(name: str, part: _Part) -> DeviceConf:
    return _device(name, part, ARRAYS)


def _server(name: str, part: _Part) -> DeviceConf:
    return _device(name, part, SERVERS)


def _device(name: str, part: _Part, families: dict[str, Family]) -> DeviceConf:
    """A device; CONFIG if its family, its way, or a fact is not what this sidecar knows."""
    written = part.text("family", _NAME)
    family = families.get(written)
    if family is None:
        raise part.wrong("family", f"is {written}; this sidecar knows {', '.join(families)}")
    way = part.text("way", _NAME, SSH)
    if way not in family.ways:
        raise part.wrong("way", f"is {way}; this sidecar drives {written} by {', '.join(family.ways)}")
    remote = way != SCRIPT or bool(part.texts("addresses", _HOST, ()))
    addresses = tuple(part.endpoint_of(text, 22) for text in part.texts("addresses", _HOST, ()))
    if not addresses and way != SCRIPT:
        raise part.wrong("addresses", "names no address")
    facts = part.part("facts", {})
    told = {key: facts.text(key, re.compile(pattern)) for key, pattern in family.facts.items()}
    told.update({key: facts.text(key, re.compile(p)) for key, p in family.optional.items() if facts.has(key)})
    return DeviceConf(
        name,
        written,
        way,
        addresses,
        part.text("user", _ANY_USER, "") if remote else "",
        part.text("key", _FILE) if remote else "",
        "",
        told,
    )


def _clone(name: str, part: _Part, arrays: dict[str, DeviceConf]) -> CloneConf:
    link = None
    if part.has("link"):
        entry = part.part("link")
        vlan = int(entry.number("vlan", 0, 4094)) if entry.has("vlan") else None
        link = LinkConf(entry.text("source", _HOST), entry.text("clone", _HOST), vlan)
    disks = tuple(_disks(entry, arrays) for entry in part.parts("disks"))
    if not disks:
        raise part.wrong("disks", "names no group")
    vios = part.texts("vios", _CONSOLE_NAME, ())
    if len(set(vios)) != len(vios):
        raise part.wrong("vios", "names a VIOS twice")
    named = [(entry.array, group) for entry in disks for group in entry.groups]
    if len(set(named)) != len(named):
        raise part.wrong("disks", "names a group twice")
    return CloneConf(
        name=name,
        partition=part.text("partition", _CONSOLE_NAME),
        lpar_id=int(part.number("lpar_id", 1, 65535)),
        managed_system=part.text("managed_system", _CONSOLE_NAME),
        console=part.text("console", _NAME),
        profile=part.text("profile", _PROFILE_NAME),
        disks=disks,
        network_isolated=part.flag("network_isolated"),
        link=link,
        vios=vios,
        free_percent=part.number("free_percent", 0, 100) if part.has("free_percent") else None,
        own_network=part.flag("own_network", False),
    )


def _disks(part: _Part, arrays: dict[str, DeviceConf]) -> DisksConf:
    names = _COPY_NAME if part.has("copies") else _GROUP_NAME
    groups = part.texts("groups", names) if part.has("groups") else (part.text("group", names),)
    if not groups:
        raise part.wrong("groups", "names no group")
    array = part.text("array", _NAME)
    copies: dict[str, CopyConf] = {}
    if array in arrays and part.has("copies"):
        kinds = ARRAYS[arrays[array].family].copies
        copies = part.table("copies", lambda _, one: _copy(one, kinds), _COPY_NAME)
    if array in arrays and set(copies) != set(groups) and "group" not in ARRAYS[arrays[array].family].copies:
        raise part.wrong("copies", f"must say what each group is on {array}")
    return DisksConf(
        groups,
        array,
        part.texts("source_hosts", _NAME, ()),
        part.texts("clone_hosts", _NAME, ()),
        copies,
    )


def _copy(part: _Part, kinds: dict[str, CopyShape]) -> CopyConf:
    kind = part.text("kind", _KIND)
    if kind not in kinds:
        raise part.wrong("kind", f"is {kind}; known are {', '.join(kinds)}")
    shape = kinds[kind]
    written = part.part("parts", {})
    parts = {key: written.text(key, re.compile(pattern)) for key, pattern in shape.parts.items()}
    pairs = part.pairs("pairs", re.compile(shape.pair)) if shape.pair else ()
    return CopyConf(kind, parts, pairs)


def _mail(part: _Part) -> MailConf:
    to = part.table("to", _recipients)
    return MailConf(part.endpoint_of(part.text("server", _HOST), 25), part.text("from", _ADDRESS), to)


def _recipients(_name: str, part: _Part) -> dict[str, tuple[str, ...]]:
    """Who is told of which occasion of an environment's runs."""
    return {phase: part.texts(phase, _ADDRESS) for phase in PHASES if part.has(phase)}


def _delivery(part: _Part) -> DeliveryConf:
    port = int(part.number("port", 1, 65535))
    inbox = part.text("inbox", _PATH)
    if ".." in inbox.split("/"):
        raise part.wrong("inbox", "must not contain '..'")
    return DeliveryConf(port, part.text("user", _USER), part.text("key", _FILE), inbox.rstrip("/"))


def _limits(part: _Part) -> LimitsConf:
    return LimitsConf(
        connect_s=part.number("connect_s", 1, 600, 15),
        request_s=part.number("request_s", 1, 3600, 20),
        trigger_s=part.number("trigger_s", 0.5, 600, 8),
        sql_s=part.number("sql_s", 1, 3600, 30),
        mail_s=part.number("mail_s", 1, 3600, 30),
        transfer_s=part.number("transfer_s", 1, 86400, 3600),
        check_s=part.number("check_s", 1, 3600, 1800),
        vios_request_s=part.number("vios_request_s", 1, 3600, 60),
        vios_s=part.number("vios_s", 1, 7200, 900),
        delivery_files=int(part.number("delivery_files", 1, 100000, 500)),
        delivery_bytes=int(part.number("delivery_bytes", 1, 2**50, 8 * 2**30)),
    )


def _checks(part: _Part) -> ChecksConf:
    return ChecksConf(
        release=part.text("release", re.compile(r"[0-9A-Z.]{0,10}\Z"), ""),
        min_free_percent=part.number("min_free_percent", 0, 100, 10),
        independent_asps=part.texts("independent_asps", _OBJECT, ()),
        disk_types=part.texts("disk_types", _NAME, EXTERNAL_DISK_TYPES),
        accepted_ptfs=part.texts("accepted_ptfs", _NAME, ()),
        accepted_autostart=part.texts("accepted_autostart", re.compile(r"[A-Z0-9$#@_*/.]{1,21}\Z"), ()),
        window_s=part.number("window_s", 0, WINDOW_LIMIT_S, 0),
        delivery_mb=part.number("delivery_mb", 0, 2**30, 1024),
        brms=part.flag("brms", True),
        control_groups=part.texts("control_groups", _OBJECT, ()),
        environments=part.table("environments", _environment) if part.has("environments") else {},
    )


def _environment(_name: str, part: _Part) -> EnvironmentConf:
    job = re.compile(r"[A-Z0-9$#@_.]{1,10}/[A-Z0-9$#@_.]{1,10}\Z")
    return EnvironmentConf(
        held_jobs=part.texts("held_jobs", job, ()),
        locks={
            one.text("object", re.compile(r"FLK[A-Z0-9]{1,7}\Z")): one.text("what", _THING)
            for one in (part.parts("locks") if part.has("locks") else [])
        },
        libraries=part.texts("libraries", _OBJECT, ()),
        held_queues=part.texts("held_queues", job, ()),
    )


def _choose(table: dict[str, Item], name: str, what: str) -> Item:
    if not name and len(table) == 1:
        return next(iter(table.values()))
    if name in table:
        return table[name]
    known = ", ".join(sorted(table)) or "none"
    if not name:
        raise SidecarError(CONFIG, f"Say which {what}: --{what} one of {known}.")
    raise SidecarError(NOTFOUND, f"No {what} '{name[:40]}' is declared; declared: {known[:120]}.")


class _Part:
    """One object of the file, with the path that its errors name."""

    def __init__(self, path: str, data: object) -> None:
        if not isinstance(data, dict):
            raise SidecarError(
                CONFIG, f"{path} must be an object, it is {type(data).__name__}. Deploy again."
            )
        self._path = path
        self._data: dict[str, object] = data

    def wrong(self, key: str, why: str) -> SidecarError:
        """The error that names a member."""
        return SidecarError(CONFIG, f"{self._path}: {key} {why}. Build the bundle again and deploy it.")

    def has(self, key: str) -> bool:
        """Whether a member is there and not null."""
        return self._data.get(key) is not None

    def _get(self, key: str, default: object) -> object:
        value = self._data.get(key)
        if value is not None:
            return value
        if default is None:
            raise self.wrong(key, "is missing")
        return default

    def text(self, key: str, pattern: re.Pattern[str], default: str | None = None) -> str:
        """A text of the pattern."""
        value = self._get(key, default)
        if not isinstance(value, str) or len(value) > TEXT_LIMIT or not pattern.match(value):
            raise self.wrong(key, f"has a value that is not allowed: {str(value)[:40]!r}")
        return value

    def texts(
        self, key: str, pattern: re.Pattern[str], default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """A list of texts of the pattern."""
        value = self._get(key, default)
        if not isinstance(value, (list, tuple)) or len(value) > LIST_LIMIT:
            raise self.wrong(key, f"must be a list of at most {LIST_LIMIT} texts")
        for item in value:
            if not isinstance(item, str) or len(item) > TEXT_LIMIT or not pattern.match(item):
                raise self.wrong(key, f"has a value that is not allowed: {str(item)[:40]!r}")
        return tuple(value)

    def number(self, key: str, least: float, most: float, default: float | None = None) -> float:
        """A number in a range."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            raise self.wrong(key, f"must be a number from {least:g} to {most:g}, it is {str(value)[:40]}")
        return value

    def pairs(self, key: str, pattern: re.Pattern[str]) -> tuple[tuple[str, str], ...]:
        """A list of pairs of texts of the pattern, at least one; no text stands in it twice."""
        value = self._get(key, None)
        if not isinstance(value, list) or not 0 < len(value) <= PAIR_LIMIT:
            raise self.wrong(key, f"must be a list of 1 to {PAIR_LIMIT} pairs")
        made: list[tuple[str, str]] = []
        for pair in value:
            good = isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair)
            if not good or not all(len(one) <= TEXT_LIMIT and pattern.match(one) for one in pair):
                raise self.wrong(key, f"has a value that is not allowed: {str(pair)[:40]!r}")
            made.append((pair[0], pair[1]))
        used = [one for pair in made for one in pair]
        if len(set(used)) != len(used):
            raise self.wrong(key, "names a volume twice")
        return tuple(made)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def part(self, key: str, default: dict[str, Any] | None = None) -> _Part:
        """An object."""
        return _Part(f"{self._path}: {key}", self._get(key, default))

    def parts(self, key: str) -> list[_Part]:
        """A list of objects."""
        value = self._get(key, None)
        if not isinstance(value, list) or len(value) > LIST_LIMIT:
            raise self.wrong(key, f"must be a list of at most {LIST_LIMIT} objects")
        return [_Part(f"{self._path}: {key}[{index}]", item) for index, item in enumerate(value)]

    def table(
        self, key: str, make: Callable[[str, _Part], Item], names: re.Pattern[str] = _NAME
    ) -> dict[str, Item]:
        """Named objects."""
        part = self.part(key)
        if len(part._data) > LIST_LIMIT:
            raise self.wrong(key, f"has more than {LIST_LIMIT} members")
        found: dict[str, Item] = {}
        for name, value in part._data.items():
            if not names.match(name):
                raise self.wrong(key, f"has a name that is not allowed: {name[:40]!r}")
            found[name] = make(name, _Part(f"{self._path}: {key}.{name}", value))
        return found

    def endpoint_of(self, text: str, default_port: int) -> Endpoint:
        """Host and port of "host", "host:port", "[v6]:port" (without the brackets only with a port)."""
        host, colon, port = text.rpartition(":")
        if not colon:
            return Endpoint(text, default_port)
        if not re.match(r"[0-9]{1,5}\Z", port) or not 1 <= int(port) <= 65535 or not host:
            raise self.wrong("address", f"has no valid port: {text[:40]!r}")
        return Endpoint(host, int(port))
