"""NovaLink: partitions powered by `pvmctl`, by SSH on the partition that manages the machine from within.

What pvmctl answers is known in part (docs/platform-facts.md#novalink).  So nothing is asked by a default
listing, whose columns are cut, but by named properties, and whatever cannot be read is no proof: neither
that a partition is off, nor that it is the declared one, nor that it has no network.

NovaLink manages the machine that it runs on, so the machine's serial is that of its own partition.  It knows
no profiles: a partition starts as it is configured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from flashrt.config import CloneConf, Config, DeviceConf, Identity, LimitsConf, device_identity
from flashrt.consoles.base import (
    IPL_SOURCE,
    OFF,
    Finding,
    PartitionState,
    Server,
    refuse_source,
    title,
)
from flashrt.consoles.hmc_parse import lines_of, refcode_of, word_of
from flashrt.consoles.isolation import is_storage, judge_network
from flashrt.devices import connect_first
from flashrt.edges import Clock, Edges, Reply, Session
from flashrt.status import CONFIG, MISMATCH, NOTFOUND, REFUSED, SYSTEM, UNREACHABLE, SidecarError

PARTITION = ("id", "state", "env", "keylock_pos", "desig_ipl_src", "ref_code", "name")
SERVER = ("id", "state", "name")
ADAPTER = ("pvid", "tagged_vlans")
SLOT = ("part_id", "drc_name", "description")
"""Properties of a listing.  What may hold any text stands last."""

OTHER_NETWORK = (("vnic", "VirtualNICDedicated.slot"), ("ethlp", "SRIOVEthernetLogicalPort.loc_code"))
"""Adapters beside the virtual Ethernet ones, and a property of theirs: any line is one."""

LISTED_MAX = 20_000
POWER_S = 60.0
"""pvmctl answers when the power job has ended."""

STATE_IDS = ("PVME04000005", "PVME01050901", "PVME01042026")
"""Off already, on already."""

_MESSAGE_ID = re.compile(r"\bPVME[0-9A-F]{8}(?:-[0-9]+)?\b")
_SERIAL = re.compile(r"IBM,[0-9A-Z]{2}([0-9A-Z]{7})\Z")
_TYPE = re.compile(r"IBM,([0-9A-Z]{4}-[0-9A-Z]{3})\Z")
_VLANS = re.compile(r"[\[\]0-9, ]*\Z")


class Machine(NamedTuple):
    """The machine that NovaLink runs on, by type, model and serial, and the id of NovaLink's partition."""

    name: str
    serial: str
    own_id: int


def open_driver(config: Config, device: DeviceConf, edges: Edges, clone: CloneConf) -> NovaLink:
    """Connect to the first address that can be reached: it is a partition of the clone's machine."""
    del clone
    session = connect_first(config, device, edges)
    return NovaLink(session, edges.clock, config.limits, config.system.identities)


def records(text: str, names: Sequence[str]) -> list[dict[str, str]]:
    """The lines `name=value, …` of a listing by properties.

    SYSTEM unless each line has each property once, in whatever order: a value that looks like another
    property, or a text between the lines, is not guessed at.
    """
    labels = re.compile(rf"(?:^|,\s*)(?:[A-Za-z]+\.)?({'|'.join(names)})=")
    found = []
    lines = lines_of(text)
    if len(lines) > LISTED_MAX:
        raise SidecarError(SYSTEM, f"NovaLink listed more than {LISTED_MAX} lines. Check its level.")
    for line in lines:
        before, *parts = labels.split(line)
        if before or sorted(parts[::2]) != sorted(names):
            raise SidecarError(SYSTEM, f"NovaLink's answer cannot be read: {line[:80]!r}. Check its level.")
        found.append({name: parts[2 * at + 1].strip() for at, name in enumerate(parts[::2])})
    return found


def check_reply(reply: Reply, what: str) -> None:
    """An error for an exit status that is not 0, and for a message id whatever the status is."""
    text = f"{reply.out} {reply.err}"
    ids = _MESSAGE_ID.findall(text[:65536])
    if reply.status == 0 and not ids:
        return
    said = " ".join(text.split())[:200] or f"exit status {reply.status}"
    if any(one.split("-")[0] in STATE_IDS for one in ids):
        raise SidecarError(
            REFUSED, f"NovaLink refused to {what} in the present state: {said}. Read the state again."
        )
    raise SidecarError(SYSTEM, f"NovaLink failed to {what}: {said}. Look it up there.")


class NovaLink:
    """A connection to a NovaLink partition; see `flashrt.consoles.base.ConsoleDriver`."""

    def __init__(
        self, session: Session, clock: Clock, limits: LimitsConf, identities: tuple[Identity, ...]
    ) -> None:
        self._session = session
        self._clock = clock
        self._limits = limits
        self._identities = identities

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def state(self, clone: CloneConf) -> PartitionState:
        """The state and the reference code, both of one listing."""
        machine, row = self._identify(clone)
        return _state(machine, row)

    def off(self, clone: CloneConf, immediate: bool) -> PartitionState:
        """End it at once unless it is off.

        In order is refused: without `--hard` pvmctl is free to go from one kind of end to a harder one by
        itself, so nobody could say what was asked.
        """
        machine, row = self._identify(clone)
        found = _state(machine, row)
        if found.word == OFF:
            return found
        if not immediate:
            raise SidecarError(
                REFUSED,
                f"NovaLink ends {title(clone)} only at once, not in order. Nothing was sent. End its system "
                "with PWRDWNSYS there, or end it immediately.",
                found.word,
            )
        reply = self._pvmctl(f"lpar power-off -i id={clone.lpar_id} --hard", POWER_S)
        check_reply(reply, f"end partition {clone.lpar_id} {clone.partition}")
        return found

    def on(self, clone: CloneConf, keylock: str = "norm") -> PartitionState:
        """Power on as configured; keylock `manual`: the IPL waits for somebody at the system console.

        Keylock and IPL source are properties of the partition, so they are set, and read again, before the
        power.
        """
        machine, row = self._identify(clone)
        found = self._must_be_off(clone, machine, row)
        for key, name, wanted in (
            ("keylock_pos", "keylock", "manual" if keylock == "manual" else "normal"),
            ("desig_ipl_src", "IPL source", IPL_SOURCE),
        ):
            if row[key] == wanted:
                continue
            reply = self._pvmctl(
                f"lpar update -i id={clone.lpar_id} --set-fields LogicalPartition.{key}={wanted}"
            )
            check_reply(reply, f"set the {name} of partition {clone.lpar_id} {clone.partition}")
            machine, row = self._identify(clone)
            found = self._must_be_off(clone, machine, row)
            if row[key] != wanted:
                raise SidecarError(
                    SYSTEM,
                    f"{title(clone)} has {name} {row[key][:20]} after it was set to {wanted}, and was not "
                    "powered on. Set it on NovaLink.",
                )
        reply = self._pvmctl(f"lpar power-on -i id={clone.lpar_id}", POWER_S)
        check_reply(reply, f"power on partition {clone.lpar_id} {clone.partition}")
        return found

    def check(self, clone: CloneConf) -> list[Finding]:
        """Machine, partition, network.  Each finding stands for itself; none hides a later one."""
        machine, row = self._identify(clone)
        found = [
            Finding("console.machine", True, f"NovaLink runs on managed system {machine.name}."),
            Finding("console.partition", True, f"{title(clone)} state: {row['state']}"),
            Finding(
                "console.environment",
                row["env"] == "OS400",
                f"{title(clone)} has environment {row['env'][:20]}"
                + ("." if row["env"] == "OS400" else "; a clone of IBM i has OS400. Correct the spec."),
                MISMATCH,
            ),
            Finding(
                "console.autostart",
                True,
                f"NovaLink does not show whether {title(clone)} starts with its machine. It must not: see it "
                "where the partition was made.",
                attention=True,
            ),
        ]
        if clone.network_isolated:
            found.append(self._network_finding(clone, machine))
        return found

    def worldwide_names(self, clone: CloneConf, lpar_id: int) -> list[str] | None:
        """Not told: which property of a mapping is whose name was not found."""
        del clone, lpar_id
        return None

    def server(self, clone: CloneConf, name: str, by_ssh: bool = False) -> Server:
        """A declared VIOS of the clone: on the clone's machine, a VIOS, running; only to be asked by SSH."""
        if name not in clone.vios:
            raise SidecarError(CONFIG, f"{name[:40]} is no VIOS of clone {clone.name}. Nothing was sent.")
        if not by_ssh:
            raise _hands_nothing_on(name)
        machine = self._machine(clone)
        what = f"VIOS {name} on {machine.name}"
        rows = [row for row in self._listed("vios", "VirtualIOServer", SERVER) if row["name"] == name]
        if len(rows) != 1 or not rows[0]["id"].isdecimal():
            raise SidecarError(NOTFOUND, f"There is no {what}. Correct the spec.")
        if rows[0]["state"].lower() != "running":
            raise SidecarError(UNREACHABLE, f"VIOS {name} is {rows[0]['state'][:40]}. See the VIOS.")
        return Server(name, int(rows[0]["id"]), machine.serial)

    def on_server(self, clone: CloneConf, server: Server, command: str, limit_s: float) -> str:
        """Nothing is handed on to a VIOS."""
        del clone, command, limit_s
        raise _hands_nothing_on(server.name)

    def client_of(self, clone: CloneConf, slot: tuple[int, int]) -> int:
        """Not told, so the adapter may be for any partition."""
        del clone, slot
        return 0

    def _network_finding(self, clone: CloneConf, machine: Machine) -> Finding:
        try:
            found = self._vlans(clone.lpar_id) if self._shows_vlans(machine) else None
            other = self._other_network(clone.lpar_id)
            return judge_network(clone, found, other, lambda: self._production_vlans(machine))
        except SidecarError as error:
            text = f"{title(clone)} cannot be proven isolated. {error.text}"
            return Finding("console.network", False, text, error.status)

    def _shows_vlans(self, machine: Machine) -> bool:
        """Whether the listing shows anything: NovaLink's own partition has an adapter."""
        return bool(self._vlans(machine.own_id))

    def _vlans(self, lpar_id: int) -> list[int]:
        found: list[int] = []
        for row in self._listed("vea", "ClientNetworkAdapter", ADAPTER, lpar_id):
            if not row["pvid"].isdecimal() or not _VLANS.match(row["tagged_vlans"]):
                raise SidecarError(SYSTEM, f"The VLANs {row} of partition {lpar_id} cannot be read.")
            ids = [int(row["pvid"]), *(int(one) for one in re.findall(r"[0-9]+", row["tagged_vlans"]))]
            found += [one for one in ids if one not in found]
        return found

    def _other_network(self, lpar_id: int) -> list[str]:
        """What else may be a network: its adapters by SR-IOV, and its slots not known to be storage."""
        found = []
        for kind, shown in OTHER_NETWORK:
            reply = self._pvmctl(f"{kind} list -p id={lpar_id} -d {shown}")
            check_reply(reply, f"list {kind} of partition {lpar_id}")
            found += [f"{kind} {line[:40]}" for line in lines_of(f"{reply.out}\n{reply.err}")]
        slots = self._listed("ioslot", "IOSlot", SLOT)
        if not slots:
            raise SidecarError(SYSTEM, "NovaLink shows no I/O slot at all. Check its level.")
        return found + [
            f"slot {row['drc_name'][:40]}"
            for row in slots
            if row["part_id"] == str(lpar_id) and not is_storage(row["description"])
        ]

    def _production_vlans(self, machine: Machine) -> set[int] | None:
        """The VLANs of production where it is on this machine; None elsewhere, where they are not shown."""
        here = [
            one.lpar
            for one in self._identities
            if device_identity(one.serial) == device_identity(machine.serial)
        ]
        return {vlan for lpar_id in here for vlan in self._vlans(lpar_id)} or None

    def _must_be_off(self, clone: CloneConf, machine: Machine, row: dict[str, str]) -> PartitionState:
        found = _state(machine, row)
        if found.word != OFF:
            raise SidecarError(
                REFUSED,
                f"{title(clone)} is {found.state}, not off, and was not powered on. See what runs there.",
                found.word,
            )
        return found

    def _identify(self, clone: CloneConf) -> tuple[Machine, dict[str, str]]:
        """The machine and the partition, after the guard rail: nothing is done to a partition not proven."""
        machine = self._machine(clone)
        refuse_source(clone, machine.serial, self._identities)
        what = f"partition {clone.lpar_id} on {machine.name}"
        rows = self._listed("lpar", "LogicalPartition", PARTITION)
        named = [row for row in rows if row["id"] == str(clone.lpar_id)]
        if not named:
            raise SidecarError(
                NOTFOUND if rows else SYSTEM, f"There is no {what}. Correct the spec, or see NovaLink."
            )
        if len(named) > 1:
            raise SidecarError(SYSTEM, f"NovaLink shows {what} twice. Check its level.")
        if named[0]["name"] != clone.partition:
            raise SidecarError(
                MISMATCH,
                f"Partition {clone.lpar_id} on {machine.name} is named {named[0]['name'][:40]}, declared is "
                f"{clone.partition}. Nothing was done to it. Correct the id or the name in the spec.",
            )
        return machine, named[0]

    def _machine(self, clone: CloneConf) -> Machine:
        """The machine that NovaLink runs on, which must be the clone's."""
        reply = self._run("cat /proc/ppc64/lparcfg", self._limits.request_s)
        check_reply(reply, "show its machine")
        lines = [line.partition("=") for line in lines_of(reply.out)]
        told = {name: [value for one, _, value in lines if one == name] for name, _, _ in lines}
        kind = _TYPE.match(_only(told, "system_type"))
        serial = _SERIAL.match(_only(told, "serial_number"))
        own = _only(told, "partition_id")
        if kind is None or serial is None or not own.isdecimal():
            raise SidecarError(
                SYSTEM,
                "NovaLink's partition does not show type, serial number and its id in /proc/ppc64/lparcfg. "
                "Check what listens at its address.",
            )
        name = f"{kind.group(1)}*{serial.group(1)}"
        if clone.managed_system != name:
            raise SidecarError(
                MISMATCH,
                f"NovaLink runs on {name}, declared is {clone.managed_system}. Nothing was done. Name the "
                "machine by type, model and serial, or correct the console.",
            )
        return Machine(name, serial.group(1), int(own))

    def _listed(
        self, kind: str, schema: str, names: tuple[str, ...], lpar_id: int | None = None
    ) -> list[dict[str, str]]:
        """All objects of a kind, or those of a partition, by properties."""
        of = "" if lpar_id is None else f" -p id={lpar_id}"
        reply = self._pvmctl(f"{kind} list{of} -d {' '.join(f'{schema}.{name}' for name in names)}")
        check_reply(reply, f"list {kind}")
        return records(reply.out, names)

    def _pvmctl(self, words: str, limit_s: float | None = None) -> Reply:
        """Run pvmctl in English, with a terminal that it can ask for its width."""
        limit_s = self._limits.request_s if limit_s is None else limit_s
        return self._run(f"TERM=xterm LANG=C pvmctl {words}", limit_s)

    def _run(self, command: str, limit_s: float) -> Reply:
        return self._session.run(command, self._clock.now() + limit_s)


def _state(machine: Machine, row: dict[str, str]) -> PartitionState:
    return PartitionState(
        word_of(row["state"]), row["state"][:40], refcode_of(row["ref_code"]), machine.serial
    )


def _only(told: dict[str, list[str]], name: str) -> str:
    """The one value of a name, "" if there are several or none."""
    values = told.get(name, [])
    return values[0].strip() if len(values) == 1 else ""


def _hands_nothing_on(name: str) -> SidecarError:
    return SidecarError(
        CONFIG, f"NovaLink hands no commands on to VIOS {name}. Write its address, user and key in the spec."
    )
