"""Replies of a FlashArray, as it gives them and as it never should."""

from __future__ import annotations

from typing import Any

import pytest
from flashrt.arrays.pure_parse import (
    REFUSAL,
    Snapshot,
    Volume,
    best_version,
    good_answer,
    is_copy_of,
    is_refusal,
    items_of,
    judge_of,
    next_page,
    ports,
    safe_name,
    snapshot,
    space,
    uid,
    volume,
    words_of,
)
from flashrt.arrays.pure_record import NOTHING, Record, record_of
from flashrt.edges import Reply
from flashrt.ownership import SENT, Claim
from flashrt.status import AUTH, CONFIG, SYSTEM, UNKNOWN, SidecarError

VOLUME: dict[str, Any] = {
    "id": "d1f3", "name": "SISTP24-D1", "serial": "4F7CD0A28D3E4A3C00011010", "provisioned": 322122547200,
    "created": 1700000000000, "destroyed": False, "subtype": "regular",
    "source": {"id": "aa", "name": "SISTPROD-D1"}, "space": {"total_physical": 7, "total_used": 9},
}  # fmt: skip
ERROR = '{"errors":[{"context":"SISTPROD","message":"Protection group does not exist."}]}'


def test_a_volume_and_what_a_host_sees_it_by() -> None:
    found = volume(VOLUME)
    assert found == Volume("SISTP24-D1", "4F7CD0A28D3E4A3C00011010", 322122547200, "SISTPROD-D1", False, 9)
    assert uid(found) == "624A93704F7CD0A28D3E4A3C00011010"
    assert volume({**VOLUME, "source": {}, "space": {"total_physical": 7}})[3:] == ("", False, 7)
    assert volume({**VOLUME, "source": None, "space": None}).used == 0


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""}, {"name": 7}, {"serial": None}, {"provisioned": "300G"}, {"provisioned": True},
        {"provisioned": -1}, {"destroyed": "no"}, {"source": "SISTPROD-D1"}, {"source": {"name": 7}},
        {"space": {"total_used": "9"}},
    ],
)  # fmt: skip
def test_a_member_that_cannot_be_read_is_not_guessed(change: dict[str, Any]) -> None:
    with pytest.raises(SidecarError) as error:
        volume({**VOLUME, **change})
    assert error.value.status == SYSTEM


def test_a_serial_number_of_another_length_is_none() -> None:
    with pytest.raises(SidecarError):
        uid(volume({**VOLUME, "serial": "4F7C"}))


def test_a_snapshot() -> None:
    item = {"name": "PG.S", "source": {"name": "PG"}, "created": 1700000000123, "destroyed": True}
    assert snapshot(item) == Snapshot("PG.S", "PG", 1700000000123, True, 0)


def test_an_array_that_does_not_say_what_is_in_use_is_not_taken_for_empty() -> None:
    item = {"name": "FA1", "version": "6.4.10", "capacity": 1000, "space": {"total_physical": 400}}
    assert space(item).used == 400
    assert space({**item, "space": {"total_physical": None, "total_used": 300}}).used == 300
    for nothing in (None, {}, {"total_physical": None, "total_used": None}):
        with pytest.raises(SidecarError):
            space({**item, "space": nothing})


@pytest.mark.parametrize(
    ("offered", "spoken"),
    [
        (["1.19", "2.0", "2.2", "2.26", "2.30"], "2.26"),
        (["2.0", "2.1"], "2.1"),
        (["2.36", "2.40", "3.1"], "2.36"),
    ],
)
def test_the_version_to_speak(offered: list[str], spoken: str) -> None:
    assert best_version({"version": offered}) == spoken


@pytest.mark.parametrize(
    "document", [{"version": ["1.19"]}, {"version": "2.0"}, {}, [], None, {"version": [2.0]}]
)
def test_no_version_to_speak(document: Any) -> None:
    with pytest.raises(SidecarError):
        best_version(document)


def test_lists_and_pages() -> None:
    assert items_of({"items": [VOLUME]}) == [VOLUME]
    assert next_page({"items": [], "more_items_remaining": False, "continuation_token": "x"}) == ""
    assert next_page({"items": [], "more_items_remaining": True, "continuation_token": "x"}) == "x"
    for broken in ({}, {"items": None}, {"items": ["x"]}, [], None, "x"):
        with pytest.raises(SidecarError):
            items_of(broken)
    with pytest.raises(SidecarError):
        next_page({"more_items_remaining": True, "continuation_token": None})


def test_ports_of_a_host() -> None:
    assert ports({"name": "H", "wwns": ["C0:50:76:08:2D:18:00:10"]}) == ["C05076082D180010"]
    assert ports({"name": "H"}) == []
    for broken in (["x"], "C05076082D180010", ["C0507608"]):
        with pytest.raises(SidecarError):
            ports({"name": "H", "wwns": broken})


@pytest.mark.parametrize("name", ["a,b", "a&b", "a'b", "a*", "", "-a", "a b", "a\nb", "x" * 128, "ä"])
def test_names_that_could_be_read_as_something_else(name: str) -> None:
    with pytest.raises(SidecarError) as error:
        safe_name(name)
    assert error.value.status == CONFIG


@pytest.mark.parametrize("name", ["SISTPROD-D1", "pod::vol_1", "vg/vol"])
def test_names(name: str) -> None:
    assert safe_name(name) == name


def test_what_an_answer_to_the_trigger_means() -> None:
    judge = judge_of("PG.FLC1")
    assert judge(good_answer("PG.FLC1")) is None
    refused = judge(REFUSAL)
    assert refused is not None
    assert (refused.word, refused.status) == ("REFUSED", SYSTEM)
    for reply, word, status in [
        (good_answer("PG.FLC2"), "UNKNOWN", UNKNOWN),
        (Reply(0, '{"items":[]}', ""), "UNKNOWN", UNKNOWN),
        (Reply(0, "<html>", ""), "UNKNOWN", UNKNOWN),
        (Reply(0, good_answer("PG.FLC1").out.replace("false", "true"), ""), "UNKNOWN", UNKNOWN),
        (Reply(500, "", ERROR), "UNKNOWN", UNKNOWN),
        (Reply(400, "", "<html>proxy"), "UNKNOWN", UNKNOWN),
        (Reply(401, "", '{"errors":[{"message":"x"}]}'), "REFUSED", AUTH),
        (Reply(429, "", ""), "REFUSED", SYSTEM),
        (Reply(302, "", ERROR), "UNKNOWN", UNKNOWN),
    ]:
        found = judge(reply)
        assert found is not None
        assert (found.word, found.status) == (word, status), reply


def test_what_a_refusal_says() -> None:
    assert words_of(400, ERROR) == "Protection group does not exist. (SISTPROD)"
    assert words_of(503, "") == "HTTP status 503"
    assert is_refusal(400, ERROR)
    assert not is_refusal(400, '{"errors":[]}')
    assert not is_refusal(503, ERROR)


def test_what_a_run_has_written_down() -> None:
    copy = {"PG.S": "1700000000123", "T1": "shown 5", "T2": "asked 7", "T3": "strange"}
    claim = Claim(SENT, {"PG.S": ""}, True, copy)
    found = record_of(claim)
    assert found == Record("PG.S", 1700000000123, {"T1": ("shown", 5), "T2": ("asked", 7)})
    assert found.shown == ["T1"]
    assert record_of(Claim(SENT, {}, False, {})) == NOTHING


@pytest.mark.parametrize(
    ("shown", "source", "same"),
    [
        ("D1", "D1", True),
        ("D10", "D1", False),
        ("PG.FLC1.D1", "D1", True),
        ("PG.FLC1.D10", "D1", False),
        ("POD::D1", "POD::D1", True),
        ("POD::D1", "D1", False),
        ("POD::PG.FLC1.D1", "POD::D1", True),
        ("POD::PG.FLC1.POD::D1", "POD::D1", True),
        ("POD2::PG.FLC1.D1", "POD::D1", False),
        ("PG.FLC1.VG/D1", "VG/D1", True),
        ("", "D1", False),
    ],
)
def test_what_a_volume_is_a_copy_of(shown: str, source: str, same: bool) -> None:
    assert is_copy_of(shown, source) is same
