"""What VIOS commands print, read."""

from __future__ import annotations

import pytest
from flashrt.consoles.vios_parse import (
    Target,
    adapters,
    attribute,
    command_text,
    disks,
    is_disk,
    is_other_disk,
    uid_in,
)
from flashrt.status import SidecarError

UID = "600507680282861D88000000000000DA"


def test_lsmap_has_any_number_of_groups_on_a_line() -> None:
    text = (
        "vhost0:U8233.E8B.10001EP-V1-C10:0x00000038:vtscsi0:Available:0x8100000000000000:hdisk4:"
        "U78A0.001.DNWHYB9-P1-C2-T1-W500507680B-L1000000000000:false:vtscsi1:Defined:0x8200000000000000:"
        "hdisk5: :false\r\n"
        "vhost1:U8233.E8B.10001EP-V1-C11:0x00000000: : : : : : \n"
    )
    first, second = adapters(text)
    assert (first.name, first.client, first.slot) == ("vhost0", 56, (1, 10))
    assert first.targets == (
        Target("vtscsi0", "Available", "0x8100000000000000", "hdisk4"),
        Target("vtscsi1", "Defined", "0x8200000000000000", "hdisk5"),
    )
    assert (second.client, second.targets) == (0, ())


def test_lsmap_with_nothing_to_list() -> None:
    assert adapters("") == []
    assert adapters("There are no server adapters.\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "vhost0:loc:0x0000003g: : : : : : \n",
        "vhost0:loc\n",
        "vhost0:loc:0x00000038:vtscsi0:0x8100000000000000:hdisk4:loc\n",
        "vhost0:loc:0x00000038:vtscsi0:Available:hdisk4:0x81:loc:false\n",
        "vhost0:loc:0x00000038: : : : : : \0\n",
    ],
)
def test_lsmap_that_cannot_be_read_is_no_mapping(text: str) -> None:
    with pytest.raises(SidecarError):
        adapters(text)


def test_attribute_stands_behind_its_heading() -> None:
    assert attribute("value\n\nno_reserve\n") == "no_reserve"
    assert attribute(f"33213{UID}04214503IBMfcp\n") == f"33213{UID}04214503IBMfcp"
    with pytest.raises(SidecarError):
        attribute("value\n\n")


def test_uid_in_the_unique_id() -> None:
    assert uid_in(f"33213{UID}04214503IBMfcp", frozenset((UID, "6" * 32))) == UID
    assert uid_in(f"33213{UID.lower()}04214503IBMfcp", frozenset((UID,))) == UID
    assert uid_in("2411A0000", frozenset((UID,))) == ""


def test_disks_that_are_available() -> None:
    text = "hdisk0:Available\nhdisk1:Defined\ncd0:Available\nhdiskpower7:Available\n"
    assert disks(text) == ["hdisk0", "hdiskpower7"]


def test_what_may_be_a_disk() -> None:
    assert is_disk("hdisk12")
    assert not is_disk("clonelv")
    assert is_other_disk("clonelv")
    for backing in ("", "cd0", "rmt1", "/var/vio/VMLibrary/i.iso", "hdisk2"):
        assert not is_other_disk(backing)


@pytest.mark.parametrize("command", ['lsmap "', "lsmap $X", "lsmap `id`", "lsmap; id", "lsmap\n", "", "a'b"])
def test_nothing_that_a_shell_reads_is_sent(command: str) -> None:
    with pytest.raises(SidecarError):
        command_text(command)
