"""SYMCLI: documents as records, and what the answer to an establish means."""

from __future__ import annotations

import pytest
from flashrt.about import about
from flashrt.arrays.powermax_ssh import GOOD, REFUSAL, Node, Symcli, judge, parse
from flashrt.edges import Reply
from flashrt.status import REFUSED, SYSTEM, UNKNOWN, SidecarError

from tests.runtime.fakes import World


def test_a_document_is_read_by_paths() -> None:
    text = """<?xml version="1.0" standalone="yes" ?>
    <SymCLI_ML><SG><Snapvx>
      <Snapshot><source>00101</source><link>No</link></Snapshot>
      <Snapshot><source>00102</source><link> Yes
      </link><note>a &amp; b</note></Snapshot>
    </Snapvx></SG></SymCLI_ML>
    """
    rows = parse(text).all("SG/Snapvx/Snapshot")
    assert [row.need("source") for row in rows] == ["00101", "00102"]
    assert (rows[1].get("link"), rows[1].get("note"), rows[0].get("note")) == ("Yes", "a & b", "")
    with pytest.raises(SidecarError) as raised:
        rows[0].need("note")
    assert raised.value.status == SYSTEM


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Symmetrix ID: 000197900123",
        "<html/>",
        "<SymCLI_ML><a></SymCLI_ML>",
        "<SymCLI_ML/><SymCLI_ML/>",
        '<!DOCTYPE a [<!ENTITY b "c">]><SymCLI_ML>&b;</SymCLI_ML>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><SymCLI_ML/>',
        "<SymCLI_ML>" + "<a>" * 20 + "</a>" * 20 + "</SymCLI_ML>",
        "<SymCLI_ML>" + "<a/>" * 200_001 + "</SymCLI_ML>",
        "<SymCLI_ML>\0</SymCLI_ML>",
    ],
    ids=["empty", "text", "html", "open", "two", "entity", "external", "deep", "large", "null"],
)
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(SidecarError) as raised:
        parse(text)
    assert raised.value.status == SYSTEM


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (GOOD, None),
        (REFUSAL, REFUSED),
        (Reply(126, "", "permission denied"), REFUSED),
        (Reply(1, "", "The operation failed"), UNKNOWN),
        (Reply(3, "", "locked"), UNKNOWN),
    ],
)
def test_only_a_status_of_0_is_a_copy(reply: Reply, status: int | None) -> None:
    found = judge(reply)
    assert (found.status if found else None) == status


def test_the_folder_of_symcli_is_on_another_host_and_not_looked_at(world: World) -> None:
    pmax = {
        "family": "powermax",
        "way": "ssh",
        "addresses": ["10.1.0.41:22"],
        "user": "flashc",
        "key": "array1_ed25519",
        "facts": {"serial": "000197900123", "program": "/nowhere/symcli/bin"},
    }
    world.data["arrays"]["PMAX"] = pmax
    world.save()
    details = about(world.config, world.edges).details
    assert details is not None
    assert details["programs"] == "none"


def test_volumes_of_a_storage_group_are_shown_by_one_list() -> None:
    """Hundreds of volumes would be hundreds of requests; one that its list leaves out is asked for itself."""
    device = "<Device><Dev_Info><dev_name>{0}</dev_name></Dev_Info><Product><wwn>{1}</wwn></Product></Device>"
    known = {name: device.format(name, f"6{name}") for name in ("00101", "00102", "00103")}
    asked: list[str] = []

    class Told(Symcli):
        """With a session that knows these volumes."""

        def __init__(self) -> None:
            self.serial = "000197900123"
            self._names = {"SISTPROD": ["00101", "00102", "00103"], "OTHER": ["00900"]}

        def _xml(self, command: str) -> Node:
            asked.append(command.partition("-sid 000197900123 ")[2])
            rows = [known["00101"], known["00102"].replace("wwn", "none")]
            if " show " in command:
                rows = [known[command[-5:]]]
            return parse(f"<SymCLI_ML><Symmetrix>{''.join(rows)}</Symmetrix></SymCLI_ML>")

    symcli = Told()
    found = symcli.details(["00101", "00102", "00103"])
    assert {one.get("Dev_Info/dev_name"): one.get("Product/wwn") for one in found} == {
        name: f"6{name}" for name in known
    }
    assert asked == ["list -sg SISTPROD -v", "show 00102", "show 00103"]
