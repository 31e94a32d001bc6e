"""The documents of an HMC's REST interface: what is read of them, and what is refused."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from flashrt.consoles import hmc_xml
from flashrt.status import SYSTEM, SidecarError

NS = 'xmlns:{0}="http://www.ibm.com/x/" xmlns="http://www.ibm.com/x/"'
META = "<Metadata><Atom/></Metadata>"
UUID = "0000000C-ABCD-4EF0-8ABC-00000000000C"


def entry(kind: str, inner: str, own: str = UUID) -> str:
    atom = f"<Metadata><Atom><AtomID>{own}</AtomID></Atom></Metadata>"
    content = f"<{kind}:{kind} {NS.format(kind)}>{atom}{inner}</{kind}:{kind}>"
    return f"<entry><id>1</id><content>{content}</content></entry>"


def atom(text: str) -> bytes:
    return text.replace("<entry>", '<entry xmlns="http://www.w3.org/2005/Atom">', 1).encode()


def refused(body: bytes) -> str:
    with pytest.raises(SidecarError) as caught:
        hmc_xml.parse(body)
    assert caught.value.status == SYSTEM
    return caught.value.text


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>', "it has a document type"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "it has a document type"),
        (b"<a>&b;</a>", "undefined entity"),
        (b"<a>" * 70 + b"</a>" * 70, "it has too many elements"),
        (b"<a>" + b"<b/>" * (hmc_xml.ELEMENT_LIMIT + 1) + b"</a>", "it has too many elements"),
        ('<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16"), "it has a document type"),
        (b"\0\1\2binary", "not well-formed"),
        (b"", "no element found"),
        (b"<a>", "no element found"),
    ],
)
def test_what_is_not_read(body: bytes, why: str) -> None:
    assert why in refused(body)


def test_entries_and_feeds() -> None:
    one = entry("LogicalPartition", "<PartitionState kb='ROO'>not activated</PartitionState>")
    (found,) = hmc_xml.resources(hmc_xml.parse(atom(one)), "LogicalPartition")
    assert (found.uuid, hmc_xml.said(found.element, "PartitionState")) == (UUID, "not activated")
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{one}{one}</feed>'.encode()
    assert len(hmc_xml.resources(hmc_xml.parse(feed), "LogicalPartition")) == 2
    for kind, text in (("ManagedSystem", feed), ("LogicalPartition", b"<html/>")):
        with pytest.raises(SidecarError):
            hmc_xml.resources(hmc_xml.parse(text), kind)
    path = entry("LogicalPartition", "", "../../ManagedSystem")
    assert hmc_xml.resources(hmc_xml.parse(atom(path)), "LogicalPartition")[0].uuid == ""


def profile(adapters: str = "", slots: str = "", more: str = "", outside: str = "") -> Element:
    text = (
        f"<LogicalPartitionProfile>{META}<AutoStart>false</AutoStart><IOConfigurationInstance>{META}"
        f"<MaximumVirtualIOSlots>64</MaximumVirtualIOSlots><ProfileIOSlots>{META}{slots}</ProfileIOSlots>"
        f"<ProfileVirtualIOAdapters>{META}{adapters}</ProfileVirtualIOAdapters>{more}"
        "<VirtualOpticonnectPool>false</VirtualOpticonnectPool></IOConfigurationInstance>"
        f"<ProfileMemory>{META}<DesiredMemory>1</DesiredMemory></ProfileMemory>{outside}"
        "</LogicalPartitionProfile>"
    )
    return hmc_xml.parse(text.encode())


def adapter(kind: str, inner: str) -> str:
    return (
        f"<ProfileVirtualIOAdapterSubclass><{kind}>{META}<VirtualSlotNumber>2</VirtualSlotNumber>{inner}"
        f"</{kind}></ProfileVirtualIOAdapterSubclass>"
    )


def ethernet(port: str, tagged: str = "") -> str:
    return adapter(
        "ProfileClientNetworkAdapter",
        f"<PortVLANID>{port}</PortVLANID><TaggedVLANIDs>{tagged}</TaggedVLANIDs>",
    )


@pytest.mark.parametrize(
    ("adapters", "vlans"),
    [
        ("", []),
        (ethernet("99"), [99]),
        (ethernet("99", "1 2"), [99, 1, 2]),
        (ethernet("99", "1,2") + ethernet("3"), [99, 1, 2, 3]),
        (adapter("ProfileVirtualSCSIClientAdapter", ""), []),
    ],
)
def test_the_vlans_of_a_profile(adapters: str, vlans: list[int]) -> None:
    assert hmc_xml.profile_vlans(profile(adapters)) == vlans
    assert hmc_xml.other_network(profile(adapters)) == []


@pytest.mark.parametrize("port", ["", "any", "99999", "1 2"])
def test_an_adapter_that_cannot_be_read(port: str) -> None:
    with pytest.raises(SidecarError):
        hmc_xml.profile_vlans(profile(ethernet(port)))


def test_a_profile_that_does_not_show_its_adapters() -> None:
    assert hmc_xml.profile_vlans(hmc_xml.parse(b"<LogicalPartitionProfile/>")) is None


def slot(description: str) -> str:
    inner = f"<AssociatedIOSlot><Description>{description}</Description></AssociatedIOSlot>"
    return f"<ProfileIOSlot>{META}{inner}</ProfileIOSlot>"


@pytest.mark.parametrize(
    ("made", "other"),
    [
        (profile(slots=slot("8 Gigabit PCI Express Dual Port Fibre Channel Adapter")), []),
        (profile(slots=slot("PCIe3 4-port 10GbE SR Adapter")), ["slot PCIe3 4-port 10GbE SR Adapter"]),
        (profile(slots=slot("")), ["slot without a description"]),
        (profile(adapter("ProfileVirtualNIC", "")), ["ProfileVirtualNIC"]),
        (profile(more=f"<HostChannelAdapters>{META}<link/></HostChannelAdapters>"), ["HostChannelAdapters"]),
        (profile(more=f"<HostChannelAdapters>{META}</HostChannelAdapters>"), []),
        (profile(more="<TaggedIO><LoadSource>20</LoadSource></TaggedIO>"), []),
        (profile(outside="<SRIOVEthernetLogicalPorts><link/></SRIOVEthernetLogicalPorts>"),
         ["SRIOVEthernetLogicalPorts"]),
    ],
)  # fmt: skip
def test_what_else_may_be_a_network(made: Element, other: list[str]) -> None:
    assert hmc_xml.other_network(made) == other


@pytest.mark.parametrize(
    ("io", "unseen"),
    [
        ("", ["SR-IOV adapters that it does not show"]),
        ("<SRIOVAdapters/>", []),
        (
            "<SRIOVAdapters><IOAdapterChoice><SRIOVAdapter><AdapterMode>Dedicated</AdapterMode></SRIOVAdapter>"
            "</IOAdapterChoice></SRIOVAdapters>",
            [],
        ),
        (
            "<SRIOVAdapters><IOAdapterChoice><SRIOVAdapter><AdapterMode>unknown</AdapterMode></SRIOVAdapter>"
            "</IOAdapterChoice></SRIOVAdapters>",
            ["an SR-IOV adapter in shared mode"],
        ),
        ("<SRIOVAdapters/><EthernetAdapter><link/></EthernetAdapter>", ["EthernetAdapter"]),
    ],
)
def test_networks_of_a_machine_that_no_profile_shows(io: str, unseen: list[str]) -> None:
    part = "AssociatedSystemIOConfiguration"
    machine = hmc_xml.parse(f"<ManagedSystem><{part}>{io}</{part}></ManagedSystem>".encode())
    assert hmc_xml.unseen_network(machine) == unseen
    assert hmc_xml.unseen_network(hmc_xml.parse(b"<ManagedSystem/>")) != []


def parameter(name: str, value: str) -> str:
    return (
        f"<JobParameter><ParameterName>{name}</ParameterName><ParameterValue>{value}</ParameterValue>"
        "</JobParameter>"
    )


@pytest.mark.parametrize(
    ("status", "results", "error"),
    [
        ("NOT_STARTED", "", ""),
        ("COMPLETED_OK", parameter("returnCode", "0") + parameter("result", "fine"), ""),
        ("COMPLETED_OK", parameter("returnCode", "1") + parameter("result", "HSCL3681 no\n"), "HSCL3681 no"),
        ("COMPLETED_WITH_ERROR", parameter("result", "HSCL127D: HSCL1288 x"), "HSCL127D: HSCL1288 x"),
        ("COMPLETED_WITH_ERROR", parameter("result", "x") + parameter("ErrorData", "not on"), "not on"),
        ("FAILED_TO_START", "", "job 17 is FAILED_TO_START"),
        ("CANCELED_WHILE_RUNNING", "", "job 17 is CANCELED_WHILE_RUNNING"),
        ("SLEEPING", "", ""),
    ],
)
def test_jobs(status: str, results: str, error: str) -> None:
    inner = f"<JobID>17</JobID><Status>{status}</Status><Results>{META}{results}</Results>"
    assert hmc_xml.job_of(atom(entry("JobResponse", inner))) == hmc_xml.Job("17", status, error)


@pytest.mark.parametrize("number", ["", "../1", "a"])
def test_an_answer_without_a_job(number: str) -> None:
    with pytest.raises(SidecarError):
        hmc_xml.job_of(atom(entry("JobResponse", f"<JobID>{number}</JobID><Status>RUNNING</Status>")))


def test_requests_cannot_be_broken_out_of() -> None:
    root = hmc_xml.parse(hmc_xml.logon("a</UserID>", "<&>"))
    assert (hmc_xml.said(root, "UserID"), hmc_xml.said(root, "Password")) == ("a</UserID>", "<&>")
    root = hmc_xml.parse(hmc_xml.job_request("PowerOn", {"keylock": "<norm>"}))
    assert hmc_xml.said(root, "JobParameters/JobParameter/ParameterValue") == "<norm>"


def test_what_an_error_says() -> None:
    found = entry("HttpErrorResponse", "<HTTPStatus>404</HTTPStatus><Message>REST029B no</Message>")
    assert hmc_xml.error_text(atom(found), "") == "REST029B no"
    assert hmc_xml.error_text(b"<html>Bad Gateway</html>", "Bad Gateway") == "Bad Gateway"
