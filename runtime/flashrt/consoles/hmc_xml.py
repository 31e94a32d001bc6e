"""The documents of an HMC's REST interface, read and written.  Pure functions.

An answer is an Atom entry, or a feed of entries, whose content is one element of the kind that was asked for
(docs/platform-facts.md#hmc-rest).  It comes from outside: size, depth and number of elements have limits, and
a document type, with which an entity could be defined, is refused.  Only the local names of elements count.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from xml.sax.saxutils import escape

from flashrt.consoles.isolation import is_storage
from flashrt.status import SYSTEM, SidecarError

DEPTH_LIMIT = 64
ELEMENT_LIMIT = 200_000

WEB = "http://www.ibm.com/xmlns/systems/power/firmware/web/mc/2012_10/"

DONE = ("COMPLETED_OK", "COMPLETED_WITH_WARNINGS", "COMPLETED")
GOING_ON = ("NOT_STARTED", "RUNNING")
FAILED = (
    "COMPLETED_WITH_ERROR",
    "FAILED_TO_START",
    "FAILED_BEFORE_COMPLETION",
    "FAILED_BEFORE_COMPLETION_RETRY",
    "CANCELED_BEFORE_START",
    "CANCELED_WHILE_RUNNING",
)
ERRORS = ("ErrorData", "result", "detailedStatus", "ExceptionText")
"""Where a job tells its error; the first that says something counts most."""

NO_NETWORK = ("ProfileVirtualSCSI", "ProfileVirtualFibreChannel", "ProfileVirtualSerial")
"""How the names of a profile's virtual adapters begin that are no network."""
PROFILE_PARTS = ("IOConfigurationInstance", "ProcessorAttributes", "ProfileMemory", "AssociatedPartition")
IO_PARTS = ("ProfileIOSlots", "ProfileVirtualIOAdapters", "TaggedIO")
"""Of a profile, and of its input and output, the parts with parts of their own that are known."""
CHANNELS = ("ChannelAdapter", "HostChannelAdapters", "EthernetAdapter", "HostEthernetAdapters")
"""Adapters of a machine whose logical ports REST does not show in a profile."""

_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
_JOB = re.compile(r"[0-9]{1,20}\Z")
_VLAN = re.compile(r"[0-9]{1,4}\Z")


class Resource(NamedTuple):
    """One object: its UUID, "" where the answer has none, and its element."""

    uuid: str
    element: Element


class Job(NamedTuple):
    """A job as it stands: its number, its status, its error ("" for none)."""

    number: str
    status: str
    error: str


class _Refused(Exception):
    """A document that is not read on."""


def parse(body: bytes) -> Element:
    """The root of a document, its names without their namespaces.  SYSTEM if it is none, or too much."""
    try:
        return _Builder().read(body)
    except (expat.ExpatError, _Refused, ValueError, AssertionError) as error:
        raise SidecarError(
            SYSTEM, f"The console's answer is not XML ({str(error)[:80]}). Check what listens at its address."
        ) from error


class _Builder:
    """A tree out of what expat reports."""

    def __init__(self) -> None:
        self._tree = TreeBuilder()
        self._depth = 0
        self._count = 0

    def read(self, body: bytes) -> Element:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._tree.data
        parser.Parse(body, True)
        return self._tree.close()

    def _doctype(self, *_declaration: object) -> None:
        raise _Refused("it has a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > DEPTH_LIMIT or self._count > ELEMENT_LIMIT:
            raise _Refused("it has too many elements")
        self._tree.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._tree.end(_local(name))


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def resources(root: Element, kind: str) -> list[Resource]:
    """The objects of a kind in an entry or a feed, or the root itself.  SYSTEM if it is another document."""
    if root.tag == kind:
        return [Resource(_uuid_of(root, ""), root)]
    if root.tag not in ("entry", "feed"):
        raise SidecarError(SYSTEM, f"The console answered with {root.tag[:40]}, not with {kind}.")
    found = []
    for entry in [root] if root.tag == "entry" else root.findall("entry"):
        inner = entry.find(f"content/{kind}")
        if inner is None:
            raise SidecarError(SYSTEM, f"The console answered with something else than {kind}.")
        found.append(Resource(_uuid_of(inner, entry.findtext("id") or ""), inner))
    return found


def _uuid_of(element: Element, outer: str) -> str:
    text = (element.findtext("Metadata/Atom/AtomID") or outer).strip()
    return text if is_uuid(text) else ""


def is_uuid(text: str) -> bool:
    """Whether a text may stand in a path as a UUID."""
    return bool(_UUID.match(text))


def said(element: Element, path: str) -> str:
    """The text at a path below, "" where there is none."""
    return (element.findtext(path) or "").strip()


def error_text(body: bytes, plain: str) -> str:
    """What an answer that is no good one says: the message of the console's error, else its text."""
    try:
        (found,) = resources(parse(body), "HttpErrorResponse")
    except (SidecarError, ValueError):
        return plain
    return said(found.element, "Message") or said(found.element, "ReasonCode") or plain


# ---- the profile of a partition and its network


def profile_vlans(profile: Element) -> list[int] | None:
    """The VLANs of a profile's virtual Ethernet adapters; None where it does not show its adapters.

    Port VLAN and additional ones of every adapter; SYSTEM if an adapter cannot be read.
    """
    listed = profile.find("IOConfigurationInstance/ProfileVirtualIOAdapters")
    if listed is None:
        return None
    found: list[int] = []
    for adapter in listed.iter("ProfileClientNetworkAdapter"):
        tagged = re.split(r"[ ,]+", said(adapter, "TaggedVLANIDs"))
        ids = [said(adapter, "PortVLANID"), *(one for one in tagged if one)]
        if not all(_VLAN.match(one) for one in ids):
            raise SidecarError(
                SYSTEM, f"The network adapter with VLAN '{' '.join(ids)[:60]}' of the profile cannot be read."
            )
        found += [int(one) for one in ids if int(one) not in found]
    return found


def other_network(profile: Element) -> list[str]:
    """What else of a profile may be a network: slots that are no storage, and whatever is not known."""
    found = [part.tag for part in profile if _holds(part) and part.tag not in PROFILE_PARTS]
    found += [
        part.tag
        for part in profile.findall("IOConfigurationInstance/*")
        if _holds(part) and part.tag not in IO_PARTS
    ]
    for slot in profile.findall("IOConfigurationInstance/ProfileIOSlots/ProfileIOSlot"):
        description = said(slot, "AssociatedIOSlot/Description")
        if not is_storage(description):
            found.append(f"slot {description[:40] or 'without a description'}")
    for group in profile.findall("IOConfigurationInstance/ProfileVirtualIOAdapters/*"):
        for adapter in group:
            name = adapter.tag
            if name != "ProfileClientNetworkAdapter" and not name.startswith(NO_NETWORK) and _holds(adapter):
                found.append(name)
    return [name for name in dict.fromkeys(found) if name != "Metadata"]


def unseen_network(machine: Element) -> list[str]:
    """What of a machine gives its partitions networks that REST does not show in a profile.

    Logical ports of SR-IOV adapters, and the vNICs that stand on them, are in a profile by the command line
    and in nothing that is known of REST; a machine with no such adapter in shared mode has none to give.
    """
    io = machine.find("AssociatedSystemIOConfiguration")
    adapters = io.find("SRIOVAdapters") if io is not None else None
    if io is None or adapters is None:
        return ["SR-IOV adapters that it does not show"]
    shared = [one for one in adapters.iter("SRIOVAdapter") if said(one, "AdapterMode") != "Dedicated"]
    found = ["an SR-IOV adapter in shared mode"] if shared else []
    return found + [name for name in CHANNELS for part in io.findall(name) if _holds(part)]


def _holds(part: Element) -> bool:
    """Whether an element has parts of its own beside its metadata."""
    return any(child.tag != "Metadata" for child in part)


# ---- requests and jobs


def logon(user: str, password: str) -> bytes:
    """The request for a session."""
    return (
        f'<LogonRequest xmlns="{WEB}" schemaVersion="V1_0"><Metadata><Atom/></Metadata>'
        f"<UserID>{escape(user)}</UserID><Password>{escape(password)}</Password></LogonRequest>"
    ).encode()


def job_request(operation: str, parameters: dict[str, str]) -> bytes:
    """The request for an operation on a partition."""
    head = "<Metadata><Atom/></Metadata>"
    given = "".join(
        f'<JobParameter schemaVersion="V1_0">{head}<ParameterName>{escape(name)}</ParameterName>'
        f"<ParameterValue>{escape(value)}</ParameterValue></JobParameter>"
        for name, value in parameters.items()
    )
    return (
        f'<JobRequest xmlns="{WEB}" schemaVersion="V1_0">{head}'
        f'<RequestedOperation schemaVersion="V1_0">{head}<OperationName>{operation}</OperationName>'
        "<GroupName>LogicalPartition</GroupName><ProgressType>DISCRETE</ProgressType></RequestedOperation>"
        f'<JobParameters schemaVersion="V1_0">{head}{given}</JobParameters></JobRequest>'
    ).encode()


def job_of(body: bytes) -> Job:
    """A job out of the answer to its request, or to a look at it.  SYSTEM if it is none.

    A job that failed is an answer with HTTP status 200.  Its error is the underlying command's text, with its
    ids; a return code that is not 0 is an error whatever the status.
    """
    found = resources(parse(body), "JobResponse")
    number = said(found[0].element, "JobID") if found else ""
    if len(found) != 1 or not _JOB.match(number):
        raise SidecarError(SYSTEM, "The console answered a request without a job.")
    element = found[0].element
    results = {
        said(one, "ParameterName"): said(one, "ParameterValue")
        for one in element.findall("Results/JobParameter")
    }
    status = said(element, "Status")
    error = next((results[name] for name in ERRORS if results.get(name)), "")
    error = error or said(element, "ResponseException/Message")
    failed = status in FAILED or results.get("returnCode", "0") not in ("0", "")
    return Job(number, status, (error or f"job {number} is {status}") if failed else "")
