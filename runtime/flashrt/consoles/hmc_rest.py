"""HMC by REST: partitions powered on and off by jobs, over HTTPS with a user's password.

Facts: docs/platform-facts.md#hmc-rest.  A call logs in, and gives its session back at the end: a console has
few.  A request that is refused for its session was not carried out, and is sent once more behind a new
log-in; nothing else is repeated.  Before anything else is done, machine and partition are read and compared
with the declaration, as by the command line.
"""

from __future__ import annotations

import contextlib
import math
import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from flashrt.config import CloneConf, Config, DeviceConf, device_identity
from flashrt.consoles.base import (
    IPL_SOURCE,
    OFF,
    STOPPING,
    Finding,
    PartitionState,
    Server,
    refuse_blind,
    refuse_source,
    title,
)
from flashrt.consoles.hmc_parse import check_reply, message_ids, refcode_of, word_of
from flashrt.consoles.hmc_xml import (
    DONE,
    GOING_ON,
    Job,
    Resource,
    error_text,
    is_uuid,
    job_of,
    job_request,
    logon,
    other_network,
    parse,
    profile_vlans,
    resources,
    said,
    unseen_network,
)
from flashrt.consoles.isolation import judge_network
from flashrt.devices import opened_rest_first
from flashrt.edges import Edges, Endpoint, Reply
from flashrt.http1 import HttpReply, path_of
from flashrt.keyfiles import read_password
from flashrt.result import plain
from flashrt.status import (
    AUTH,
    CONFIG,
    MISMATCH,
    NOTFOUND,
    REFUSED,
    SYSTEM,
    UNKNOWN,
    UNREACHABLE,
    SidecarError,
)

if TYPE_CHECKING:
    from flashrt.https import RestSession

UOM = ("rest", "api", "uom")
LOGON = path_of("rest", "api", "web", "Logon")
SESSION = "X-API-Session"
UOM_TYPE = "application/vnd.ibm.powervm.uom+xml; type="
WEB_TYPE = "application/vnd.ibm.powervm.web+xml; type="

LOGOFF_S = 5.0
JOB_S = 12.0
"""How long a job is looked at: it refuses at once.  What goes on shows in the partition's state."""
POLL_S = 2.0


def open_rest(config: Config, device: DeviceConf, edges: Edges, clone: CloneConf) -> HmcRest:
    """A session with the first console that can be reached and has a connection to the clone's machine."""

    def seeing(one: DeviceConf, rest: RestSession, endpoint: Endpoint) -> HmcRest:
        driver = HmcRest(config, one, rest, edges)
        try:
            refuse_blind(endpoint, clone.managed_system, driver.machine_state(clone))
        except BaseException:
            driver.close()
            raise
        return driver

    return opened_rest_first(config, device, edges, seeing)


class HmcRest:
    """A session with an HMC; see `flashrt.consoles.base.ConsoleDriver`."""

    def __init__(self, config: Config, device: DeviceConf, rest: RestSession, edges: Edges) -> None:
        self._config = config
        self._edges = edges
        self._identities = config.system.identities
        self._machines: list[dict[str, Any]] = []
        self._device, self._rest = device, rest
        self._rest.headers["X-Audit-Memento"] = "flashc"
        try:
            self._log_in()
        except BaseException:
            self._rest.close()
            raise

    def close(self) -> None:
        """Give the session back and end the connection; never raises."""
        self._rest.until = math.inf
        if SESSION in self._rest.headers:
            with contextlib.suppress(SidecarError):
                self._rest.call("DELETE", LOGON, self._edges.clock.now() + LOGOFF_S)
        self._rest.close()

    def machine_state(self, clone: CloneConf) -> str:
        """The state of the clone's managed system, as this console shows it."""
        return _text(self._machine(clone), "State")

    # what a run asks

    def state(self, clone: CloneConf) -> PartitionState:
        """The state and the latest reference code."""
        machine, partition = self._identify(clone)
        return self._state_of(machine, partition)

    def off(self, clone: CloneConf, immediate: bool) -> PartitionState:
        """Ask for the end unless it is off, or ending in order already.

        In order is the operating system's own shutdown; immediately is the panel's hard stop.
        """
        machine, partition = self._identify(clone)
        found = self._state_of(machine, partition)._replace(refcode="")
        if found.word == OFF or (found.word == STOPPING and not immediate):
            return found
        self._run_job(
            partition.uuid,
            "PowerOff",
            {
                "operation": "shutdown" if immediate else "osshutdown",
                "immediate": "true" if immediate else "false",
                "restart": "false",
            },
            f"end partition {clone.lpar_id} {clone.partition}",
        )
        return found

    def on(self, clone: CloneConf, keylock: str = "norm") -> PartitionState:
        """Power on by profile; keylock `manual`: the IPL waits for somebody at the system console."""
        machine, partition = self._identify(clone)
        found = self._state_of(machine, partition)._replace(refcode="")
        if found.word != OFF:
            raise SidecarError(
                REFUSED,
                f"{title(clone)} is {found.state}, not off, and was not powered on. See what runs there.",
                found.word,
            )
        profile = self._profile(clone, partition)
        if profile is None or not profile.uuid:
            raise SidecarError(NOTFOUND, _no_profile(clone))
        self._run_job(
            partition.uuid,
            "PowerOn",
            {
                "force": "false",
                "novsi": "true",
                "LogicalPartitionProfile": profile.uuid,
                "keylock": "manual" if keylock == "manual" else "norm",
                "iIPLsource": IPL_SOURCE,
            },
            f"power on partition {clone.lpar_id} {clone.partition} by profile {clone.profile}",
        )
        return found

    def check(self, clone: CloneConf) -> list[Finding]:
        """Machine, partition, profile, network.  Each finding stands for itself; none hides a later one."""
        machine, partition = self._identify(clone)
        operating = _text(machine, "State").lower() == "operating"
        kind = said(partition.element, "PartitionType")
        starts = [said(partition.element, name) for name in ("PowerOnWithHypervisor", "AutoStart")]
        alone = "true" in starts or not starts[0]
        found = [
            Finding(
                "console.machine",
                operating,
                f"Managed system {_text(machine, 'SystemName')} ({_serial(machine)}) is "
                f"{_text(machine, 'State')}"
                + ("." if operating else "; it must be operating. See the console."),
            ),
            Finding(
                "console.partition",
                True,
                f"{title(clone)} state: {said(partition.element, 'PartitionState')}",
            ),
            Finding(
                "console.environment",
                kind == "OS400",
                f"{title(clone)} has type {kind}"
                + ("." if kind == "OS400" else "; a clone of IBM i has OS400. Correct the spec."),
                MISMATCH,
            ),
            Finding(
                "console.autostart",
                not alone,
                f"{title(clone)} has PowerOnWithHypervisor={starts[0] or 'not shown'}"
                + ("; a clone must not start by itself. Set it to false." if alone else "."),
            ),
        ]
        return found + self._check_profile(clone, machine, partition)

    def worldwide_names(self, clone: CloneConf, lpar_id: int) -> list[str] | None:
        """The WWPNs of a partition's virtual Fibre Channel adapters; None if the console does not tell."""
        machine = self._machine(clone)
        row = self._row(machine, lpar_id)
        if row is None:
            return None
        try:
            adapters = self._feed("VirtualFibreChannelClientAdapter", _uuid(row))
        except SidecarError as error:
            if error.status in (AUTH, NOTFOUND, SYSTEM):
                return None
            raise
        return [name.upper() for one in adapters for name in said(one.element, "WWPNs").split()]

    def server(self, clone: CloneConf, name: str, by_ssh: bool = False) -> Server:
        """A declared VIOS of the clone that runs; it is asked by SSH, as REST hands no commands on."""
        if name not in clone.vios:
            raise SidecarError(CONFIG, f"{name[:40]} is no VIOS of clone {clone.name}. Nothing was sent.")
        if not by_ssh:
            raise _by_ssh_only(name)
        machine = self._machine(clone)
        path = (*UOM, "ManagedSystem", _uuid(machine), "VirtualIOServer", "quick", "All")
        row = next((one for one in self._rows(path) if _text(one, "PartitionName") == name), None)
        if row is None:
            raise SidecarError(
                NOTFOUND, f"There is no VIOS {name} on {clone.managed_system}. Correct the spec."
            )
        if _text(row, "PartitionState").lower() != "running":
            raise SidecarError(UNREACHABLE, f"VIOS {name} is {_text(row, 'PartitionState')}. See the VIOS.")
        return Server(name, _number(row, "PartitionID"), _serial(machine))

    def on_server(self, clone: CloneConf, server: Server, command: str, limit_s: float) -> str:
        """REST hands no commands on: CONFIG."""
        del clone, command, limit_s
        raise _by_ssh_only(server.name)

    def client_of(self, clone: CloneConf, slot: tuple[int, int]) -> int:
        """Which of the clone and production, on the clone's machine, has its adapter at a VIOS's slot."""
        machine = self._machine(clone)
        serial = device_identity(_serial(machine))
        ids = [one.lpar for one in self._identities if device_identity(one.serial) == serial]
        for lpar_id in (clone.lpar_id, *ids):
            row = self._row(machine, lpar_id)
            for one in self._feed("VirtualSCSIClientAdapter", _uuid(row)) if row is not None else ():
                remote = [said(one.element, key) for key in ("RemoteLogicalPartitionID", "RemoteSlotNumber")]
                if remote == [str(part) for part in slot]:
                    return lpar_id
        return 0

    # profile and network

    def _profile(self, clone: CloneConf, partition: Resource) -> Resource | None:
        listed = self._feed("LogicalPartitionProfile", partition.uuid)
        return next((one for one in listed if said(one.element, "ProfileName") == clone.profile), None)

    def _check_profile(self, clone: CloneConf, machine: dict[str, Any], partition: Resource) -> list[Finding]:
        profile = self._profile(clone, partition)
        if profile is None:
            return [Finding("console.profile", False, _no_profile(clone), NOTFOUND)]
        found = [Finding("console.profile", True, f"Profile {clone.profile} of {title(clone)} is there.")]
        start = said(profile.element, "AutoStart")
        if start != "false":
            why = (
                f"Profile {clone.profile} has AutoStart={start or 'not shown'}: the clone would start with "
                "the machine. Set it to false."
            )
            found.append(Finding("console.autostart", False, why))
        if clone.network_isolated:
            found.append(self._check_network(clone, machine, profile.element))
        return found

    def _check_network(self, clone: CloneConf, machine: dict[str, Any], profile: Element) -> Finding:
        unseen = unseen_network(self._one("ManagedSystem", _uuid(machine)).element)
        if unseen:
            text = (
                f"Managed system {_text(machine, 'SystemName')} has {', '.join(unseen)}: REST does not show "
                f"whether profile {clone.profile} has a port on it, so it cannot be proven isolated. Use the "
                "console's way ssh."
            )
            return Finding("console.network", False, text, MISMATCH)
        return judge_network(clone, profile_vlans(profile), other_network(profile), self._production_vlans)

    def _production_vlans(self) -> set[int] | None:
        """The VLANs of all profiles of production; None where the console does not show them."""
        found: set[int] = set()
        shown = False
        for identity in self._identities:
            serial = device_identity(identity.serial)
            for machine in self._listed_machines():
                row = (
                    self._row(machine, identity.lpar) if device_identity(_serial(machine)) == serial else None
                )
                for profile in self._feed("LogicalPartitionProfile", _uuid(row)) if row is not None else ():
                    ids = profile_vlans(profile.element)
                    if ids is None:
                        return None
                    shown = True
                    found.update(ids)
        return found if shown else None

    # who is who

    def _identify(self, clone: CloneConf) -> tuple[dict[str, Any], Resource]:
        """The machine and the partition, after the guard rail: nothing is done to a partition not proven."""
        machine = self._machine(clone)
        refuse_source(clone, _serial(machine), self._identities)
        row = self._row(machine, clone.lpar_id)
        if row is None:
            raise SidecarError(
                NOTFOUND,
                f"There is no partition {clone.lpar_id} on {clone.managed_system}. Correct the spec.",
            )
        partition = self._one("LogicalPartition", _uuid(row))
        shown = said(partition.element, "PartitionName")
        if shown != clone.partition:
            raise SidecarError(
                MISMATCH,
                f"Partition {clone.lpar_id} on {clone.managed_system} is named {shown[:40]}, declared is "
                f"{clone.partition}. Nothing was done to it. Correct the id or the name in the spec.",
            )
        home = partition.element.find("AssociatedManagedSystem")
        at = (home.get("href", "") if home is not None else "").rstrip("/").rpartition("/")[2]
        same = said(partition.element, "PartitionID") == str(clone.lpar_id)
        if not same or at.lower() != _uuid(machine).lower() or partition.uuid.lower() != _uuid(row).lower():
            raise SidecarError(
                SYSTEM,
                f"The console contradicts itself about partition {clone.lpar_id} on {clone.managed_system}. "
                "Nothing was done to it. Check its state.",
            )
        return machine, partition

    def _machine(self, clone: CloneConf) -> dict[str, Any]:
        named = [
            one
            for one in self._listed_machines()
            if clone.managed_system in (_text(one, "SystemName"), _text(one, "MTMS"))
        ]
        if not named:
            raise SidecarError(
                NOTFOUND,
                f"Managed system {clone.managed_system} is not on this console. Correct the spec or the "
                "console.",
            )
        if len(named) > 1:
            raise SidecarError(
                MISMATCH,
                f"{len(named)} managed systems of this console are called {clone.managed_system}. Write "
                "type-model*serial in the spec.",
            )
        if not device_identity(_serial(named[0])):
            raise SidecarError(
                SYSTEM, f"The console shows no serial number of {clone.managed_system}. Check its state."
            )
        return named[0]

    def _listed_machines(self) -> list[dict[str, Any]]:
        if not self._machines:
            self._machines = self._rows((*UOM, "ManagedSystem", "quick", "All"))
        return self._machines

    def _row(self, machine: dict[str, Any], lpar_id: int) -> dict[str, Any] | None:
        """The partition of this id on a machine; SYSTEM if there are two."""
        path = (*UOM, "ManagedSystem", _uuid(machine), "LogicalPartition", "quick", "All")
        found = [one for one in self._rows(path) if _number(one, "PartitionID") == lpar_id]
        if len(found) > 1:
            raise SidecarError(SYSTEM, f"The console shows two partitions with id {lpar_id} on one machine.")
        return found[0] if found else None

    def _state_of(self, machine: dict[str, Any], partition: Resource) -> PartitionState:
        state = said(partition.element, "PartitionState")
        code = refcode_of(said(partition.element, "ReferenceCode"))
        return PartitionState(word_of(state), state, code, _serial(machine))

    # requests

    def _log_in(self) -> None:
        credentials = self._config.credentials(self._device)
        self._rest.headers.pop(SESSION, None)
        reply = self._rest.call(
            "PUT",
            LOGON,
            self._deadline(),
            headers={"Content-Type": f"{WEB_TYPE}LogonRequest", "Accept": f"{WEB_TYPE}LogonResponse"},
            body=logon(credentials.user, read_password(credentials.key_file)),
        )
        if not reply.good:
            raise SidecarError(
                AUTH if reply.status in (401, 403) else SYSTEM,
                f"{self._device.name} gave {credentials.user} no session: {_words(reply)}. Check the user, "
                "its password file, and that REST is allowed to it.",
            )
        (found,) = resources(parse(reply.body), "LogonResponse")
        token = "".join(said(found.element, SESSION).split())
        if not token:
            raise SidecarError(SYSTEM, f"{self._device.name} answered the log-in without a session.")
        self._rest.headers[SESSION] = token

    def _call(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> HttpReply:
        reply = self._rest.call(method, path, self._deadline(), headers=headers, body=body)
        if reply.status == 401:
            self._log_in()
            reply = self._rest.call(method, path, self._deadline(), headers=headers, body=body)
        return reply

    def _get(self, path: tuple[str, ...], accept: str) -> HttpReply:
        reply = self._call("GET", path_of(*path), {"Accept": accept})
        if not reply.good:
            raise _error(reply, f"read {'/'.join(path[3:])[:60]}")
        return reply

    def _rows(self, path: tuple[str, ...]) -> list[dict[str, Any]]:
        """The rows of a short listing; none where the console says that it has no content."""
        reply = self._get(path, "*/*")
        if reply.status == 204:
            return []
        document = reply.json()
        if not isinstance(document, list) or not all(isinstance(row, dict) for row in document):
            raise SidecarError(
                SYSTEM, f"The console's answer to {'/'.join(path[3:])[:60]} is no list. Check its level."
            )
        return document

    def _one(self, kind: str, uuid: str) -> Resource:
        reply = self._get((*UOM, kind, uuid), UOM_TYPE + kind)
        found = resources(parse(reply.body), kind)
        if len(found) != 1:
            raise SidecarError(
                SYSTEM, f"The console answered with {len(found)} objects where one was asked for."
            )
        return found[0]

    def _feed(self, kind: str, partition: str) -> list[Resource]:
        """What a partition has of a kind."""
        reply = self._get((*UOM, "LogicalPartition", partition, kind), UOM_TYPE + kind)
        return [] if reply.status == 204 else resources(parse(reply.body), kind)

    def _run_job(self, partition: str, operation: str, parameters: dict[str, str], what: str) -> None:
        """Send a change once, and look at its job for a while: it may fail in an answer with status 200.

        UNKNOWN: whether it was done is not known.
        """
        reply = self._call(
            "PUT",
            path_of(*UOM, "LogicalPartition", partition, "do", operation),
            {"Content-Type": f"{WEB_TYPE}JobRequest", "Accept": "application/atom+xml"},
            job_request(operation, parameters),
        )
        if not reply.good:
            error = _error(reply, what)
            if reply.status >= 500 and not message_ids(error.text):
                raise SidecarError(UNKNOWN, f"{error.text} Whether it was done is unknown: read the state.")
            raise error
        try:
            job = self._watched(job_of(reply.body))
        except SidecarError as error:
            raise SidecarError(
                UNKNOWN,
                f"What became of the request to {what} is unknown: {error.text} Read the state.",
            ) from error
        if job.error:
            check_reply(Reply(1, job.error, ""), what)
        if job.status not in (*DONE, *GOING_ON):
            raise SidecarError(
                UNKNOWN, f"Job {job.number} to {what} is {job.status[:40] or 'nowhere'}: read the state."
            )

    def _watched(self, job: Job) -> Job:
        """The job when it has ended, or after a while; an ended one is taken off the console's list."""
        path = path_of(*UOM, "jobs", job.number)
        end = self._edges.clock.now() + JOB_S
        while job.status in GOING_ON and self._edges.clock.now() < end:
            self._edges.clock.sleep(POLL_S)
            reply = self._call("GET", path, {"Accept": "application/atom+xml"})
            if not reply.good:
                raise _error(reply, f"look at job {job.number}")
            job = job_of(reply.body)
        if job.status not in GOING_ON:
            with contextlib.suppress(SidecarError):
                self._call("DELETE", path, {"Accept": "application/atom+xml"})
        return job

    def _deadline(self) -> float:
        return self._edges.clock.now() + self._config.limits.request_s


def _words(reply: HttpReply) -> str:
    return plain(error_text(reply.body, reply.words))[:160].rstrip(" .") or f"HTTP status {reply.status}"


def _error(reply: HttpReply, what: str) -> SidecarError:
    """What a refusal means: by its message ids where it has any, else by its HTTP status."""
    text = _words(reply)
    if message_ids(text):
        try:
            check_reply(Reply(1, text, ""), what)
        except SidecarError as error:
            return error
    if reply.status in (401, 403):
        return SidecarError(
            AUTH,
            f"The console's user may not {what}: {text} ({reply.status}). Give its role the task on the "
            "clone.",
        )
    status = NOTFOUND if reply.status == 404 else SYSTEM
    return SidecarError(status, f"The console failed to {what}: {text} ({reply.status}). Look it up there.")


def _by_ssh_only(name: str) -> SidecarError:
    return SidecarError(
        CONFIG,
        f"The console's REST interface hands no commands on to VIOS {name}. Give the VIOS an address, "
        "a user and a key in the spec, so that it is asked by SSH, or use the console's way ssh.",
    )


def _no_profile(clone: CloneConf) -> str:
    return f"Profile {clone.profile} of {title(clone)} is not on the console. Make it, or correct the spec."


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""


def _number(row: dict[str, Any], key: str) -> int:
    """A whole number of a listing, 0 where it is none: no partition has that id."""
    value = str(row.get(key))
    return int(value) if re.match(r"[0-9]{1,9}\Z", value) else 0


def _uuid(row: dict[str, Any]) -> str:
    uuid = _text(row, "UUID")
    if not is_uuid(uuid):
        raise SidecarError(SYSTEM, "The console shows an object without a UUID. Check its level.")
    return uuid


def _serial(machine: dict[str, Any]) -> str:
    return _text(machine, "MTMS").partition("*")[2]
