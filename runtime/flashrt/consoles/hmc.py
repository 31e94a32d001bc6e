"""HMC: partitions powered on and off by its command line over SSH.

Each call is one connection.  The next address is tried only when a connection cannot be made, or the console
has none to the machine itself: every other answer, even a refusal, is the same from both consoles of a pair.
Before anything else is done, machine and partition are read and compared with the declaration.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import NamedTuple

from flashrt.config import CloneConf, Config, DeviceConf, Identity, LimitsConf, device_identity
from flashrt.consoles.base import (
    IPL_SOURCE,
    OFF,
    STOPPING,
    ConsoleDriver,
    Finding,
    PartitionState,
    Server,
    refuse_blind,
    refuse_source,
    title,
)
from flashrt.consoles.hmc_parse import (
    check_reply,
    csv_rows,
    elements,
    is_empty,
    latest_refcode,
    pairs,
    table,
    vlans,
    word_of,
)
from flashrt.consoles.isolation import is_storage, judge_network
from flashrt.consoles.vios_parse import command_text
from flashrt.devices import opened_first
from flashrt.edges import Clock, Edges, Endpoint, Reply, Session
from flashrt.status import CONFIG, MISMATCH, NOTFOUND, REFUSED, SYSTEM, UNREACHABLE, SidecarError

SYSTEM_COLUMNS = ("name", "type_model", "serial_num", "state")
PARTITION_COLUMNS = ("name", "lpar_id", "lpar_env", "state", "curr_profile", "default_profile", "auto_start")
SERVER_COLUMNS = ("name", "lpar_id", "lpar_env", "state", "rmc_state")
VIRTUAL_SERIAL = "virtual_serial_num"
"""Of a partition that has one; consoles before V9R2M950 do not know it, so all attributes are asked for:
docs/platform-facts.md#virtual-serial-numbers."""
OTHER_NETWORK = ("vnic_adapters", "sriov_eth_logical_ports", "hca_adapters", "lhea_logical_ports")
"""Attributes of a profile that may give the partition a network beside its virtual Ethernet adapters."""

_PLAIN = re.compile(r"[A-Za-z0-9_.-]+\Z")


class Machine(NamedTuple):
    """A managed system as the HMC shows it."""

    name: str
    type_model: str
    serial: str
    state: str


def open_driver(config: Config, device: DeviceConf, edges: Edges, clone: CloneConf) -> ConsoleDriver:
    """Connect to the first console that can be reached and sees the clone's machine, by SSH or by REST."""
    if device.way == "rest":
        from flashrt.consoles.hmc_rest import open_rest

        return open_rest(config, device, edges, clone)
    return open_ssh(Hmc, config, device, edges, clone)


def open_ssh(
    kind: type[Hmc], config: Config, device: DeviceConf, edges: Edges, clone: CloneConf
) -> ConsoleDriver:
    """The same by SSH, for each kind of console that speaks as an HMC does."""

    def seeing(session: Session, endpoint: Endpoint) -> Hmc:
        driver = kind(session, edges.clock, config.limits, config.system.identities)
        machine = driver.machine(clone)
        refuse_blind(endpoint, machine.name, machine.state)
        return driver

    return opened_first(config, device, edges, seeing)


def quote(name: str) -> str:
    """A name as one word of the HMC's shell."""
    return name if _PLAIN.match(name) else shlex.quote(name)


def _virtual_serial(row: Mapping[str, str]) -> str:
    found = row.get(VIRTUAL_SERIAL, "")
    return "" if found.lower() in ("none", "null") else found


def _state(machine: Machine, row: Mapping[str, str], refcode: str = "") -> PartitionState:
    serial = _virtual_serial(row) or machine.serial
    return PartitionState(word_of(row["state"]), row["state"], refcode, serial, machine.serial)


class Hmc:
    """A connection to an HMC; see `flashrt.consoles.base.ConsoleDriver`.

    `PREFIX` is what a console of its kind wants before the name of each command (`flashrt.consoles.fsm`).
    """

    PREFIX = ""

    def __init__(
        self, session: Session, clock: Clock, limits: LimitsConf, identities: tuple[Identity, ...]
    ) -> None:
        self._session = session
        self._clock = clock
        self._limits = limits
        self._identities = identities
        self._seen: dict[str, Machine] = {}

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def state(self, clone: CloneConf) -> PartitionState:
        """The state and the latest reference code."""
        machine, row = self._identify(clone)
        return _state(machine, row, self._refcode(clone))

    def off(self, clone: CloneConf, immediate: bool) -> PartitionState:
        """Ask for the end unless it is off, or ending in order already.

        In order is the operating system's own shutdown; immediately is the panel's hard stop.
        """
        machine, row = self._identify(clone)
        found = _state(machine, row)
        if found.word == OFF or (found.word == STOPPING and not immediate):
            return found
        how = "shutdown --immed" if immediate else "osshutdown"
        reply = self._run(
            f"chsysstate -m {quote(clone.managed_system)} -r lpar -o {how} --id {clone.lpar_id}"
        )
        check_reply(reply, f"end partition {clone.lpar_id} {clone.partition}")
        return found

    def on(self, clone: CloneConf, keylock: str = "norm") -> PartitionState:
        """Power on by profile; keylock `manual`: the IPL waits for somebody at the system console."""
        machine, row = self._identify(clone)
        word = word_of(row["state"])
        if word != OFF:
            raise SidecarError(
                REFUSED,
                f"{title(clone)} is {row['state']}, not off, and was not powered on. See what runs there.",
                word,
            )
        reply = self._run(
            f"chsysstate -m {quote(clone.managed_system)} -r lpar -o on --id {clone.lpar_id} "
            f"-f {quote(clone.profile)} -k {'manual' if keylock == 'manual' else 'norm'} -i {IPL_SOURCE}"
        )
        check_reply(reply, f"power on partition {clone.lpar_id} {clone.partition} by profile {clone.profile}")
        return _state(machine, row)

    def check(self, clone: CloneConf) -> list[Finding]:
        """Machine, partition, profile, network.  Each finding stands for itself; none hides a later one."""
        machine, row = self._identify(clone)
        found = [
            Finding(
                "console.machine",
                machine.state.lower() == "operating",
                f"Managed system {machine.name} ({machine.serial}) is {machine.state}"
                + (
                    "."
                    if machine.state.lower() == "operating"
                    else "; it must be Operating. See the console."
                ),
            ),
            Finding("console.partition", True, f"{title(clone)} state: {row['state']}"),
            Finding(
                "console.environment",
                row["lpar_env"] == "os400",
                f"{title(clone)} has environment {row['lpar_env']}"
                + ("." if row["lpar_env"] == "os400" else "; a clone of IBM i has os400. Correct the spec."),
                MISMATCH,
            ),
            Finding(
                "console.autostart",
                row["auto_start"] in ("0", ""),
                f"{title(clone)} has auto_start={row['auto_start'] or '0'}"
                + (
                    "."
                    if row["auto_start"] in ("0", "")
                    else "; a clone must not start by itself. Set it to 0."
                ),
            ),
        ]
        return found + self._check_profile(clone)

    def worldwide_names(self, clone: CloneConf, lpar_id: int) -> list[str] | None:
        """The WWPNs of a partition's virtual Fibre Channel adapters; None if the HMC does not tell."""
        reply = self._run(
            f"lshwres -r virtualio --rsubtype fc --level lpar -m {quote(clone.managed_system)} "
            f"--filter lpar_ids={lpar_id} -F lpar_id,wwpns"
        )
        if reply.status != 0:
            return None
        names: list[str] = []
        for row in csv_rows(reply.out):
            if len(row) >= 2 and row[0].strip() == str(lpar_id):
                names += [
                    name.strip().upper() for field in row[1:] for name in field.split(",") if name.strip()
                ]
        return names

    def server(self, clone: CloneConf, name: str, by_ssh: bool = False) -> Server:
        """A declared VIOS of the clone: on the clone's machine, a VIOS, running, with RMC unless by SSH."""
        if name not in clone.vios:
            raise SidecarError(CONFIG, f"{name[:40]} is no VIOS of clone {clone.name}. Nothing was sent.")
        reply = self._run(
            f"lssyscfg -r lpar -m {quote(clone.managed_system)} --filter {quote(f'lpar_names={name}')} "
            f"-F {','.join(SERVER_COLUMNS)}"
        )
        what = f"VIOS {name} on {clone.managed_system}"
        check_reply(reply, what)
        rows = [] if is_empty(reply) else table(reply.out, SERVER_COLUMNS)
        row = next((row for row in rows if row["name"] == name and row["lpar_id"].isdecimal()), None)
        if row is None:
            raise SidecarError(NOTFOUND, f"There is no {what}. Correct the spec.")
        if row["lpar_env"] != "vioserver":
            raise SidecarError(
                MISMATCH,
                f"Partition {name} on {clone.managed_system} is no VIOS, its environment is "
                f"{row['lpar_env']}. Nothing was done to it. Correct the spec.",
            )
        if by_ssh:
            if row["state"].lower() != "running":
                raise SidecarError(UNREACHABLE, f"VIOS {name} is {row['state']}. See the VIOS.")
            return Server(name, int(row["lpar_id"]), self.machine(clone).serial)
        if row["state"].lower() != "running" or row["rmc_state"].lower() != "active":
            raise SidecarError(
                UNREACHABLE,
                f"VIOS {name} is {row['state']}, its RMC connection to the console {row['rmc_state']}. "
                "Both must be up: see the VIOS and its network.",
            )
        return Server(name, int(row["lpar_id"]))

    def on_server(self, clone: CloneConf, server: Server, command: str, limit_s: float) -> str:
        """Run a command on a VIOS over RMC (viosvrcmd)."""
        line = f"viosvrcmd -m {quote(clone.managed_system)} --id {server.lpar_id} -c {command_text(command)}"
        reply = self._run(line, limit_s)
        check_reply(reply, f"run {command} on VIOS {server.name}")
        return reply.out

    def client_of(self, clone: CloneConf, slot: tuple[int, int]) -> int:
        """The client partition of a virtual SCSI server adapter, by the HMC's own configuration."""
        reply = self._run(
            f"lshwres -r virtualio --rsubtype scsi --level lpar -m {quote(clone.managed_system)} "
            f"--filter lpar_ids={slot[0]} -F lpar_id,slot_num,adapter_type,remote_lpar_id"
        )
        check_reply(reply, f"virtual SCSI adapters of partition {slot[0]}")
        for row in csv_rows(reply.out):
            if [field.strip() for field in row[:3]] == [str(slot[0]), str(slot[1]), "server"]:
                return int(row[3]) if len(row) > 3 and row[3].strip().isdecimal() else 0
        return 0

    def _check_profile(self, clone: CloneConf) -> list[Finding]:
        reply = self._run(
            f"lssyscfg -r prof -m {quote(clone.managed_system)} "
            f"--filter lpar_ids={clone.lpar_id},profile_names={quote(clone.profile)}"
        )
        rows = [] if is_empty(reply) else self._rows_or_none(reply)
        named = [row for row in rows or [] if row.get("name") == clone.profile]
        if not named:
            why = (
                f"Profile {clone.profile} of {title(clone)} is not on the console. Make it, or correct "
                "the spec."
            )
            return [Finding("console.profile", False, why, NOTFOUND)]
        found = [Finding("console.profile", True, f"Profile {clone.profile} of {title(clone)} is there.")]
        start = named[0].get("auto_start", "0")
        if start not in ("0", ""):
            why = (
                f"Profile {clone.profile} has auto_start={start}: the clone would start with the machine. "
                "Set it to 0."
            )
            found.append(Finding("console.autostart", False, why))
        if clone.network_isolated:
            found.append(self._check_network(clone, named[0]))
        return found

    def _rows_or_none(self, reply: Reply) -> list[dict[str, str]] | None:
        try:
            check_reply(reply, "list the profile")
        except SidecarError as error:
            if error.status == NOTFOUND:
                return None
            raise
        return pairs(reply.out)

    def _check_network(self, clone: CloneConf, profile: dict[str, str]) -> Finding:
        adapters = profile.get("virtual_eth_adapters")
        other = [name for name in OTHER_NETWORK if elements(profile.get(name, "none"))]
        other += self._network_slots(clone, elements(profile.get("io_slots", "none")))
        found = None if adapters is None else vlans(adapters)
        return judge_network(clone, found, other, self._production_vlans)

    def _production_vlans(self) -> set[int] | None:
        """The VLANs of all profiles of production; None where the HMC does not show them."""
        reply = self._run(f"lssyscfg -r sys -F {','.join(SYSTEM_COLUMNS)}")
        check_reply(reply, "list the managed systems")
        machines = {
            device_identity(row["serial_num"]): row["name"] for row in table(reply.out, SYSTEM_COLUMNS)
        }
        found: set[int] = set()
        shown = False
        for identity in self._identities:
            machine = machines.get(device_identity(identity.serial))
            if machine is None:
                continue
            reply = self._run(f"lssyscfg -r prof -m {quote(machine)} --filter lpar_ids={identity.lpar}")
            rows = [] if is_empty(reply) else self._rows_or_none(reply) or []
            for row in rows:
                if "virtual_eth_adapters" not in row:
                    return None
                shown = True
                found.update(vlans(row["virtual_eth_adapters"]))
        return found if shown else None

    def _network_slots(self, clone: CloneConf, slots: list[str]) -> list[str]:
        """The physical slots of a profile whose adapters are not known to be storage."""
        if not slots:
            return []
        reply = self._run(
            f"lshwres -r io --rsubtype slot -m {quote(clone.managed_system)} -F drc_index,description"
        )
        check_reply(reply, "list the I/O slots")
        storage = {
            row[0].strip().upper() for row in csv_rows(reply.out) if len(row) == 2 and is_storage(row[1])
        }
        indexes = [slot.split("/")[0].strip().upper() for slot in slots]
        return [f"slot {index}" for index in indexes if index not in storage]

    def _identify(self, clone: CloneConf) -> tuple[Machine, dict[str, str]]:
        """The machine and the partition, after the guard rail: nothing is done to a partition not proven."""
        machine = self.machine(clone)
        refuse_source(clone, machine.serial, self._identities)
        row = self._partition(clone)
        refuse_source(clone, machine.serial, self._identities, _virtual_serial(row))
        return machine, row

    def machine(self, clone: CloneConf) -> Machine:
        """The clone's managed system, as it was shown first: a connection lasts for one call."""
        if clone.managed_system not in self._seen:
            self._seen[clone.managed_system] = self._read_machine(clone)
        return self._seen[clone.managed_system]

    def _read_machine(self, clone: CloneConf) -> Machine:
        name = quote(clone.managed_system)
        reply = self._run(f"lssyscfg -r sys -m {name} -F {','.join(SYSTEM_COLUMNS)}")
        check_reply(reply, f"managed system {clone.managed_system}")
        rows = [] if is_empty(reply) else table(reply.out, SYSTEM_COLUMNS)
        named = [
            row
            for row in rows
            if clone.managed_system in (row["name"], f"{row['type_model']}*{row['serial_num']}")
        ]
        if not named:
            raise SidecarError(
                NOTFOUND,
                f"Managed system {clone.managed_system} is not on this console. Correct the spec or the "
                "console.",
            )
        row = named[0]
        if not device_identity(row["serial_num"]):
            raise SidecarError(
                SYSTEM, f"The console shows no serial number of {clone.managed_system}. Check its state."
            )
        return Machine(row["name"], row["type_model"], row["serial_num"], row["state"])

    def _partition(self, clone: CloneConf) -> dict[str, str]:
        reply = self._run(
            f"lssyscfg -r lpar -m {quote(clone.managed_system)} --filter lpar_ids={clone.lpar_id}"
        )
        what = f"partition {clone.lpar_id} on {clone.managed_system}"
        check_reply(reply, what)
        rows = [] if is_empty(reply) else pairs(reply.out)
        for row in rows:
            missing = [name for name in PARTITION_COLUMNS if name not in row]
            if missing:
                raise SidecarError(
                    SYSTEM, f"The console's answer for {what} has no {missing[0]}. Check its level."
                )
        named = [row for row in rows if row["lpar_id"] == str(clone.lpar_id)]
        if not named:
            raise SidecarError(NOTFOUND, f"There is no {what}. Correct the spec.")
        if named[0]["name"] != clone.partition:
            raise SidecarError(
                MISMATCH,
                f"Partition {clone.lpar_id} on {clone.managed_system} is named {named[0]['name'][:40]}, "
                f"declared is {clone.partition}. Nothing was done to it. Correct the id or the name in the "
                "spec.",
            )
        return named[0]

    def _refcode(self, clone: CloneConf) -> str:
        """The latest reference code, "" where the HMC shows none."""
        reply = self._run(
            f"lsrefcode -r lpar -m {quote(clone.managed_system)} --filter lpar_ids={clone.lpar_id} -n 1 "
            "-F lpar_id,time_stamp,refcode"
        )
        # Some levels answer with an error where there is no code: that must not hide the state.
        return latest_refcode(reply.out, clone.lpar_id) if reply.status == 0 else ""

    def _run(self, command: str, limit_s: float | None = None) -> Reply:
        """Run a command in English: the console's language would otherwise be the operator's."""
        limit_s = self._limits.request_s if limit_s is None else limit_s
        return self._session.run(f"LANG=C {self.PREFIX}{command}", self._clock.now() + limit_s)
