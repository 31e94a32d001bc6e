"""A simulated management console that is asked by REST: `HmcRest.answer(call)` answers one request.

Written from docs/platform-facts.md#hmc-rest: objects are Atom entries and feeds, short listings JSON, a
change of a partition's state is a job that runs the command line underneath, and a refusal of that is an
answer with status 200 whose job has failed.

What a request does is what the command does (`flashtwin.sims.hmc_power`).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from flashtwin.sims import hmc_listing as listing
from flashtwin.sims import hmc_power
from flashtwin.sims.hmc import CHANGING_ROLES, Hmc
from flashtwin.sims.hmc_options import HmcError
from flashtwin.sims.http import HttpCall, HttpOutcome, described, https_server
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.server import Server
from flashtwin.sims.vios import Vios
from flashtwin.site import ConsoleSite, ConsoleUser

if TYPE_CHECKING:
    from flashtwin.gate import Gate
    from flashtwin.world import ManagedSystem, Partition, Profile, World

MOST_SESSIONS = 100
SESSION_S = 7200.0
"""Sessions at a time, and how long one lives unused, seconds: the first is our own choice."""

JOB_S = 2.0
"""How long a job takes to run its command: our own choice."""

ATOM = "http://www.w3.org/2005/Atom"
UOM = "http://www.ibm.com/xmlns/systems/power/firmware/uom/mc/2012_10/"
WEB = "http://www.ibm.com/xmlns/systems/power/firmware/web/mc/2012_10/"
META = "<Metadata><Atom/></Metadata>"
STATES = {"Migrating - Running": "migrating running", "Migrating - Not Activated": "migrating not active"}
"""States that REST spells otherwise than in small letters."""
TYPES = {"os400": "OS400", "aixlinux": "AIX/Linux", "vioserver": "Virtual IO Server"}


class RestError(Exception):
    """A request that the console refuses: HTTP status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Session:
    """A session: its user, and when it was used last."""

    user: ConsoleUser
    used: float


@dataclass(slots=True)
class Job:
    """A job: what it was asked to do, how it stands, and its results."""

    number: int
    target: str
    operation: str
    parameters: dict[str, str]
    status: str = "NOT_STARTED"
    results: dict[str, str] = field(default_factory=dict)


class HmcRest(Hmc):
    """A console with its users and their passwords; `sriov_mode` is that of the machines' SR-IOV adapters."""

    def __init__(self, world: World, config: ConsoleSite) -> None:
        super().__init__(world, config)
        self.sessions: dict[str, Session] = {}
        self.jobs: dict[int, Job] = {}
        self.sriov_mode = "Dedicated"
        self._made = 0
        self._numbers = itertools.count(1787837921266)

    # what the twin asks

    def server(self, gate: Gate) -> Server:
        """What answers at its addresses: HTTPS."""
        del gate
        return https_server(self.name, self.answer)

    def reads(self, request: str) -> bool:
        """Whether a request asks for a partition with its state."""
        words = request.split()
        parts = words[1].strip("/").split("/") if len(words) > 1 else []
        return words[:1] == ["GET"] and parts[2:4] == ["uom", "LogicalPartition"] and len(parts) == 5

    def changed_by(self, request: str) -> str | None:
        """The id of the partition that a request changes: None if it changes none, "" unknown."""
        words = request.split()
        parts = words[1].strip("/").split("/") if len(words) > 1 else []
        if words[:1] == ["GET"] or parts[2:4] != ["uom", "LogicalPartition"]:
            return None
        known = {uuid_of(one): one for machine in self._machines() for one in machine.partitions.values()}
        found = known.get(parts[4]) if len(parts) > 4 else None
        return str(found.lpar_id) if found is not None else ""

    # requests

    def answer(self, call: HttpCall) -> Outcome:
        """What the console does with a request.  Never raises for any request."""
        if self.config.reach == "hang":
            return HttpOutcome(None, duration_s=self.config.answer, hang=True)
        try:
            return self._routed(call)
        except RestError as error:
            return self._error(call, error)

    def _routed(self, call: HttpCall) -> Outcome:
        segments = call.segments
        if segments[:2] != ("rest", "api"):
            return self._reply("<html><body>Not Found</body></html>", 404, "text/html")
        if segments[2:] == ("web", "Logon") and call.method == "PUT":
            return self._logon(call)
        token = call.headers.get("x-api-session", "")
        user = self._session(call, token)
        call.log_in(user.name)
        if segments[2:] == ("web", "Logon") and call.method == "DELETE":
            del self.sessions[token]
            return self._reply("", 204, "text/plain")
        if segments[2:3] != ("uom",):
            raise _unknown()
        path = segments[3:]
        if path[:1] == ("jobs",) and len(path) == 2:
            return self._job(call, path[1])
        if call.method == "PUT" and len(path) == 4 and path[0] == "LogicalPartition" and path[2] == "do":
            return self._do(call, user, path[1], path[3])
        if call.method != "GET":
            raise RestError(405, "REST0011 The HTTP method is not supported.")
        return self._read(call, user, path)

    def _logon(self, call: HttpCall) -> Outcome:
        request = _document(call, "LogonRequest")
        name, password = request.findtext("UserID") or "", request.findtext("Password") or ""
        user = self.users.get(name)
        if user is None or user.expired or call.refused or password not in self.keys[name]:
            raise RestError(401, "REST0050 The user name or password is not valid.")
        self._forget()
        if len(self.sessions) >= MOST_SESSIONS:
            raise RestError(403, "REST0051 The maximum number of sessions was reached.")
        self._made += 1
        token = hashlib.sha256(f"{self.name} session {self._made}".encode()).hexdigest()
        self.sessions[token] = Session(user, self.world.now)
        call.log_in(name)
        # The token comes on lines of its own.
        text = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<LogonResponse xmlns="{WEB}" '
            f'schemaVersion="V1_0">\n{META}\n<X-API-Session kxe="false" kb="ROR">\n{token}\n'
            "</X-API-Session>\n</LogonResponse>\n"
        )
        return self._reply(text, 200, "application/vnd.ibm.powervm.web+xml; type=LogonResponse")

    def _session(self, call: HttpCall, token: str) -> ConsoleUser:
        self._forget()
        session = self.sessions.get(token)
        if session is None or session.user.expired or call.refused:
            raise RestError(401, "REST0052 The session is not valid or has expired.")
        session.used = self.world.now
        return session.user

    def _forget(self) -> None:
        now = self.world.now
        self.sessions = {key: one for key, one in self.sessions.items() if one.used + SESSION_S > now}

    # reading

    def _read(self, call: HttpCall, user: ConsoleUser, path: tuple[str, ...]) -> Outcome:
        if path == ("ManagedSystem", "quick", "All"):
            return self._quick(call, [_quick_machine(one, self.shown(one)) for one in self._machines()])
        if len(path) == 2 and path[0] == "ManagedSystem":
            machine = self._machine_of(path[1])
            return self._entry(call, "ManagedSystem", uuid_of(machine), self._machine_element(machine))
        if len(path) == 5 and path[0] == "ManagedSystem" and path[3:] == ("quick", "All"):
            servers = {"LogicalPartition": False, "VirtualIOServer": True}
            if path[2] not in servers:
                raise _unknown()
            machine = self._machine_of(path[1])
            rows = [
                _quick_partition(one)
                for one in self._visible(user, machine)
                if (one.env == "vioserver") == servers[path[2]]
            ]
            return self._quick(call, rows)
        if len(path) < 2 or path[0] != "LogicalPartition":
            raise _unknown()
        partition = self._partition_of(user, path[1])
        if len(path) == 2:
            return self._entry(call, "LogicalPartition", path[1], self._partition_element(partition))
        if path[2:] == ("quick", "PartitionState"):
            return self._quick(call, _state(partition))
        feeds = {
            "LogicalPartitionProfile": _profiles,
            "VirtualFibreChannelClientAdapter": _fibre,
            "VirtualSCSIClientAdapter": _scsi,
        }
        if len(path) != 3 or path[2] not in feeds:
            raise _unknown()
        return self._feed(call, path[2], list(feeds[path[2]](self, partition)))

    def _machine_of(self, name: str) -> ManagedSystem:
        machine = next((one for one in self._machines() if uuid_of(one) == name.lower()), None)
        if machine is None:
            raise _unknown()
        return machine

    def _partition_of(self, user: ConsoleUser, name: str) -> Partition:
        """VIOS are another kind of object."""
        for machine in self._machines():
            for one in self._visible(user, machine):
                if uuid_of(one).lower() == name.lower() and one.env != "vioserver":
                    return one
        raise _unknown()

    def starts_alone(self, partition: Partition) -> set[str]:
        """The profiles of a partition with which it starts when its machine does."""
        site = self._site(partition)
        return {one.name for one in site.profiles if one.auto_start} if site is not None else set()

    def _machine_element(self, machine: ManagedSystem) -> str:
        adapter = (
            f'<IOAdapterChoice>{META}<SRIOVAdapter schemaVersion="V1_0">{META}'
            f"{_leaf('AdapterID', '553713696')}{_leaf('Description', 'PCIe3 4-port 10GbE SR Adapter')}"
            f"{_leaf('AdapterMode', self.sriov_mode)}</SRIOVAdapter></IOAdapterChoice>"
        )
        return (
            f'<AssociatedSystemIOConfiguration schemaVersion="V1_0">{META}{_leaf("AvailableWWPNs", "65536")}'
            f"<IOSlots>{META}</IOSlots><SRIOVAdapters>{META}{adapter}</SRIOVAdapters>"
            "</AssociatedSystemIOConfiguration>"
            f'<MachineTypeModelAndSerialNumber schemaVersion="V1_0">{META}'
            f"{_leaf('MachineType', machine.type_model.partition('-')[0])}"
            f"{_leaf('Model', machine.type_model.partition('-')[2])}{_leaf('SerialNumber', machine.serial)}"
            f"</MachineTypeModelAndSerialNumber>{_leaf('State', self.shown(machine).lower())}"
            f"{_leaf('SystemName', machine.name)}"
        )

    def _partition_element(self, partition: Partition) -> str:
        own = uuid_of(partition)
        profile = listing.default_profile(partition, self._site(partition))
        at = f"{self._at()}/LogicalPartition/{own}"
        return (
            _leaf("DefaultProfileName", profile)
            + _leaf("CurrentProfileSync", "Disabled")
            + _leaf("IsOperationInProgress", "false")
            + _leaf("KeylockPosition", "manual" if partition.keylock == "manual" else "normal")
            + _leaf("PartitionID", str(partition.lpar_id))
            + f'<PartitionIOConfiguration schemaVersion="V1_0">{META}{_leaf("MaximumVirtualIOSlots", "64")}'
            + f'<ProfileIOSlots schemaVersion="V1_0">{META}</ProfileIOSlots></PartitionIOConfiguration>'
            + _leaf("PartitionName", partition.name)
            + "<PartitionProfiles>"
            + "".join(
                f"<link href={quoteattr(f'{at}/LogicalPartitionProfile/{uuid_of(partition, name)}')} "
                'rel="related"/>'
                for name in partition.profiles
            )
            + "</PartitionProfiles>"
            + _leaf("PartitionState", _state(partition))
            + _leaf("PartitionType", TYPES[partition.env])
            + _leaf("PartitionUUID", own)
            + _leaf("ResourceMonitoringControlState", "none")
            + '<AssociatedManagedSystem kb="CUD" kxe="false" href='
            + quoteattr(f"{self._at()}/ManagedSystem/{uuid_of(partition.managed_system)}")
            + ' rel="related"/>'
            + _leaf("ReferenceCode", _shown(partition))
            + _leaf("LastActivatedProfile", partition.curr_profile)
            + _leaf("SystemName", partition.managed_system.name)
            + _leaf("PowerOnWithHypervisor", "true" if partition.auto_start else "false")
        )

    # changes

    def _do(self, call: HttpCall, user: ConsoleUser, target: str, operation: str) -> Outcome:
        partition = self._partition_of(user, target)
        if operation not in ("PowerOn", "PowerOff"):
            raise RestError(400, "REST000B The URL presented to the REST Web Services is not valid.")
        kind = call.headers.get("content-type", "").replace(" ", "")
        if kind != "application/vnd.ibm.powervm.web+xml;type=JobRequest":
            raise RestError(415, "REST0012 The media type is not supported.")
        if user.role not in CHANGING_ROLES:
            raise RestError(403, "HSCL350B The user does not have the appropriate authority.")
        request = _document(call, "JobRequest")
        if request.findtext("RequestedOperation/OperationName") != operation:
            raise RestError(400, "REST0001 The request is not valid: OperationName.")
        parameters = {
            one.findtext("ParameterName") or "": one.findtext("ParameterValue") or ""
            for one in request.findall("JobParameters/JobParameter")
        }
        job = Job(next(self._numbers), target, operation, parameters)

        def effect() -> None:
            self.jobs[job.number] = job
            self.world.scheduler.at(self.world.now + JOB_S, lambda: self._run_job(job, partition))

        outcome = self._entry(call, "JobResponse", "", _job_element(job), WEB)
        return HttpOutcome(
            200, outcome.out, duration_s=self.config.answer, effect=effect, headers=outcome.headers
        )

    def _run_job(self, job: Job, partition: Partition) -> None:
        machine = partition.managed_system
        try:
            change = hmc_power.change(_words(job, partition), lambda _name: self._operating(machine.name))
            change.check()
        except HmcError as error:
            job.status = "COMPLETED_WITH_ERROR"
            job.results = {"returnCode": "1", "result": error.text + "\n"}
        else:
            change.act()
            job.status, job.results = "COMPLETED_OK", {"returnCode": "0", "result": ""}
        text = f"{job.operation} {partition.name} {job.results['result']}".strip()
        self.world.events.log("hmc_job", self.name, text=text, rc=int(job.results["returnCode"]))

    def _job(self, call: HttpCall, name: str) -> Outcome:
        if not name.isdecimal():
            raise RestError(400, "REST000B The URL presented to the REST Web Services is not valid.")
        job = self.jobs.get(int(name))
        if job is None or (call.method == "DELETE" and job.status in ("NOT_STARTED", "RUNNING")):
            raise RestError(404, "REST0005 No such Job")
        if call.method == "DELETE":
            del self.jobs[job.number]
            return self._reply("", 204, "text/plain")
        return self._entry(call, "JobResponse", "", _job_element(job), WEB)

    # answers

    def _at(self) -> str:
        return f"https://{self.config.addresses[0].removesuffix(':443')}:443/rest/api/uom"

    def _quick(self, call: HttpCall, document: object) -> HttpOutcome:
        if not {"*/*", "application/json"} & set(_accepted(call)):
            return self._reply("", 406, "text/html")
        return self._reply(json.dumps(document), 200, "application/json")

    def _entry(self, call: HttpCall, kind: str, own: str, inner: str, space: str = UOM) -> HttpOutcome:
        if not _takes(call, kind):
            return self._reply("<html><body>Console Internal Error</body></html>", 406, "text/html")
        body = _entry(kind, own, inner, space).replace("<entry>", f'<entry xmlns="{ATOM}">', 1)
        media = "uom" if space == UOM else "web"
        return self._reply(body, 200, f"application/vnd.ibm.powervm.{media}+xml; type={kind}")

    def _feed(self, call: HttpCall, kind: str, objects: list[tuple[str, str]]) -> HttpOutcome:
        if not _takes(call, kind):
            return self._reply("<html><body>Console Internal Error</body></html>", 406, "text/html")
        if not objects:
            return self._reply("", 204, "text/plain")
        entries = "\n".join(_entry(kind, own, inner, UOM) for own, inner in objects)
        head = f'<feed xmlns="{ATOM}"><id>{uuid.uuid5(uuid.NAMESPACE_OID, kind)}</id>'
        text = f"\n{head}\n<generator>IBM Power Systems Management Console</generator>\n{entries}\n</feed>\n"
        return self._reply(text, 200, f"application/vnd.ibm.powervm.uom+xml; type={kind}")

    def _error(self, call: HttpCall, error: RestError) -> HttpOutcome:
        inner = (
            _leaf("HTTPStatus", str(error.status))
            + _leaf("RequestURI", call.path)
            + _leaf("ReasonCode", "Unknown internal error.")
            + _leaf("Message", str(error))
        )
        body = _entry("HttpErrorResponse", "", inner, WEB).replace("<entry>", f'<entry xmlns="{ATOM}">', 1)
        return self._reply(body, error.status, "application/atom+xml")

    def _reply(self, text: str, status: int, kind: str) -> HttpOutcome:
        return HttpOutcome(status, text, duration_s=self.config.answer, headers={"Content-Type": kind})


def _unknown() -> RestError:
    return RestError(
        404,
        "REST029B The URL presented to the Management Console REST Web Services is not valid. The supplied "
        "URI does not identify a known resource.",
    )


def _document(call: HttpCall, kind: str) -> ElementTree.Element:
    """The body of a request, without namespaces."""
    try:
        root = ElementTree.fromstring(call.body)
    except ElementTree.ParseError as error:
        raise RestError(400, f"REST0001 The request is not valid: {error}") from error
    for one in root.iter():
        one.tag = one.tag.rpartition("}")[2]
    if root.tag != kind or root.get("schemaVersion") is None:
        raise RestError(400, f"REST0001 The request is not valid: {described(call)[:80]}")
    return root


def _accepted(call: HttpCall) -> Iterator[str]:
    for one in call.headers.get("accept", "*/*").split(","):
        yield one.replace(" ", "")


def _takes(call: HttpCall, kind: str) -> bool:
    good = {"*/*", "application/atom+xml"}
    good |= {f"application/vnd.ibm.powervm.{space}+xml;type={kind}" for space in ("uom", "web")}
    return bool(good & set(_accepted(call)))


def _entry(kind: str, own: str, inner: str, space: str) -> str:
    shown = own or str(uuid.uuid5(uuid.NAMESPACE_OID, inner))
    atom = (
        f"<Atom><AtomID>{own}</AtomID><AtomCreated>1790742874666</AtomCreated></Atom>" if own else "<Atom/>"
    )
    media = "uom" if space == UOM else "web"
    return (
        f"<entry>\n<id>{shown}</id>\n<title>{kind}</title>\n"
        "<author><name>IBM Power Systems Management Console</name></author>\n"
        f'<content type="application/vnd.ibm.powervm.{media}+xml; type={kind}">\n'
        f'<{kind}:{kind} xmlns:{kind}="{space}" xmlns="{space}" schemaVersion="V1_0">\n'
        f"<Metadata>{atom}</Metadata>\n{inner}\n</{kind}:{kind}>\n</content>\n</entry>"
    )


def _leaf(name: str, text: str) -> str:
    return f'<{name} kb="ROR" kxe="false">{escape(text)}</{name}>'


def uuid_of(one: Any, profile: str = "") -> str:
    """The UUID of a machine (small letters), a partition (capitals) or a profile of one."""
    if not hasattr(one, "lpar_id"):
        return str(uuid.uuid5(uuid.NAMESPACE_OID, one.serial))
    name = f"{one.managed_system.serial}-{one.lpar_id}"
    if profile:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{name}-{profile}"))
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name)).upper()


def _state(partition: Partition) -> str:
    if partition.managed_system.state in listing.WITHOUT_PARTITION_STATES:
        return "not available"
    return STATES.get(partition.state, partition.state.lower())


def _shown(partition: Partition) -> str:
    code = partition.refcode
    return listing.with_partition(code, partition.lpar_id) if code else ""


def _quick_machine(machine: ManagedSystem, state: str) -> dict[str, object]:
    return {
        "ConfigurableSystemProcessorUnits": 1e1,
        "SystemName": machine.name,
        "UUID": uuid_of(machine),
        "MTMS": f"{machine.type_model}*{machine.serial}",
        "StateDetail": "",
        "SystemLocation": None,
        "State": state.lower(),
        "IsClassicHMCManagement": "true",
        "ReferenceCode": " ",
    }


def _quick_partition(partition: Partition) -> dict[str, object]:
    vios = partition.vios
    return {
        "PartitionType": TYPES[partition.env],
        "PartitionName": partition.name,
        "PartitionID": partition.lpar_id,
        "PartitionState": _state(partition),
        "RMCState": vios.rmc_state if isinstance(vios, Vios) else "none",
        "CurrentProcessingUnits": 0.1,
        "ReferenceCode": _shown(partition),
        "UUID": uuid_of(partition),
    }


def _profiles(console: HmcRest, partition: Partition) -> Iterator[tuple[str, str]]:
    automatic = console.starts_alone(partition)
    for profile in partition.profiles.values():
        inner = (
            _leaf("AffinityGroupID", "none")
            + _leaf("AssignAllResources", "false")
            + _leaf("AutoStart", "true" if profile.name in automatic else "false")
            + _leaf("BootMode", "Normal")
            + f'<IOConfigurationInstance schemaVersion="V1_0">{META}{_leaf("MaximumVirtualIOSlots", "64")}'
            + f'<ProfileIOSlots schemaVersion="V1_0">{META}</ProfileIOSlots>'
            + f'<ProfileVirtualIOAdapters schemaVersion="V1_0">{META}{_virtual(partition, profile)}'
            + f"</ProfileVirtualIOAdapters>{_leaf('VirtualOpticonnectPool', 'false')}"
            + "</IOConfigurationInstance>"
            + f'<ProcessorAttributes schemaVersion="V1_0">{META}{_leaf("HasDedicatedProcessors", "false")}'
            + "</ProcessorAttributes>"
            + f'<ProfileMemory schemaVersion="V1_0">{META}{_leaf("DesiredMemory", "16384")}</ProfileMemory>'
            + _leaf("ProfileName", profile.name)
            + _leaf("ProfileType", "REG_LPAR_PROFILE_TYPE")
        )
        yield uuid_of(partition, profile.name), inner


def _virtual(partition: Partition, profile: Profile) -> str:
    """The virtual adapters of a profile."""
    rows = [
        ("ProfileClientNetworkAdapter", {"VirtualSlotNumber": listing.FIRST_SLOT + n, "PortVLANID": vlan,
         "TaggedVLANSupported": "false", "VirtualSwitchName": "ETHERNET0(Default)"})
        for n, vlan in enumerate(profile.vlans)
    ]  # fmt: skip
    rows += [
        ("ProfileVirtualFibreChannelClientAdapter", {"VirtualSlotNumber": row["slot_num"],
         "AdapterType": "Client"})
        for row in listing.fibre_rows(partition)
    ]  # fmt: skip
    rows += [
        ("ProfileVirtualSCSIClientAdapter", {"VirtualSlotNumber": row["slot_num"], "AdapterType": "Client",
         "RemoteSlotNumber": row["remote_slot_num"], "RemotePartitionID": row["remote_lpar_id"]})
        for row in listing.scsi_rows(partition)
    ]  # fmt: skip
    return "".join(
        f'<ProfileVirtualIOAdapterSubclass><{kind} schemaVersion="V1_0">{META}'
        + "".join(_leaf(name, str(value)) for name, value in values.items())
        + f"</{kind}></ProfileVirtualIOAdapterSubclass>"
        for kind, values in rows
    )


def _fibre(console: HmcRest, partition: Partition) -> Iterator[tuple[str, str]]:
    del console
    for row in listing.fibre_rows(partition):
        inner = (
            _leaf("AdapterType", "Client")
            + _leaf("LocalPartitionID", row["lpar_id"])
            + _leaf("VirtualSlotNumber", row["slot_num"])
            + _leaf("ConnectingPartitionID", row["remote_lpar_id"])
            + _leaf("ConnectingVirtualSlotNumber", row["remote_slot_num"])
            + _leaf("WWPNs", row["wwpns"].replace(",", " "))
        )
        yield uuid_of(partition, f"fc {row['slot_num']}"), inner


def _scsi(console: HmcRest, partition: Partition) -> Iterator[tuple[str, str]]:
    del console
    for row in listing.scsi_rows(partition):
        inner = (
            _leaf("AdapterType", "Client")
            + _leaf("LocalPartitionID", row["lpar_id"])
            + _leaf("VirtualSlotNumber", row["slot_num"])
            + _leaf("RemoteLogicalPartitionID", row["remote_lpar_id"])
            + _leaf("RemoteSlotNumber", row["remote_slot_num"])
        )
        yield uuid_of(partition, f"scsi {row['slot_num']}"), inner


def _words(job: Job, partition: Partition) -> list[str]:
    """The words of the command that a job runs."""
    given = dict(job.parameters)
    words = ["-m", partition.managed_system.name, "-r", "lpar", "--id", str(partition.lpar_id)]
    if job.operation == "PowerOn":
        profile = given.pop("LogicalPartitionProfile", "")
        name = next(
            (one for one in partition.profiles if uuid_of(partition, one) == profile.lower()), profile
        )
        words += ["-o", "on", "-f", name or partition.curr_profile or "none"]
        if "keylock" in given:
            words += ["-k", given.pop("keylock")]
        for flag in ("force", "novsi"):
            words += [f"--{flag}"] if given.pop(flag, "false") == "true" else []
        for option, key in (("-b", "bootmode"), ("-i", "iIPLsource")):
            words += [option, given.pop(key)] if key in given else []
    else:
        words += ["-o", given.pop("operation", "shutdown")]
        for flag, option in (("immediate", "--immed"), ("restart", "--restart")):
            words += [option] if given.pop(flag, "false") == "true" else []
    if given:
        raise HmcError(f"REST0001 The job parameter {next(iter(given))} is not known.")
    return words


def _job_element(job: Job) -> str:
    parameters = "".join(_parameter(name, value) for name, value in job.parameters.items())
    results = "".join(_parameter(name, value) for name, value in job.results.items())
    return (
        f'<RequestURL kb="ROR" kxe="false" href="LogicalPartition/{escape(job.target)}/do/{job.operation}" '
        f'rel="via"/>{_leaf("TargetUuid", job.target)}{_leaf("JobID", str(job.number))}'
        f"{_leaf('TimeStarted', '0')}{_leaf('TimeCompleted', '0')}{_leaf('Status', job.status)}"
        f'<JobRequestInstance schemaVersion="V1_0">{META}<RequestedOperation schemaVersion="V1_0">{META}'
        f"{_leaf('OperationName', job.operation)}{_leaf('GroupName', 'LogicalPartition')}"
        "</RequestedOperation>"
        f'<JobParameters schemaVersion="V1_0">{META}{parameters}</JobParameters></JobRequestInstance>'
        f'<Progress schemaVersion="V1_0">{META}</Progress>'
        f'<Results schemaVersion="V1_0">{META}{results}</Results>'
    )


def _parameter(name: str, value: str) -> str:
    return (
        f'<JobParameter schemaVersion="V1_0">{META}{_leaf("ParameterName", name)}'
        f"{_leaf('ParameterValue', value)}</JobParameter>"
    )
