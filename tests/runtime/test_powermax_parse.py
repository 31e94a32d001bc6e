"""VMAX and PowerMax: answers of newer and older releases as records, and what a target group shows."""

from __future__ import annotations

from typing import Any

import pytest
from flashrt.arrays import powermax_parse as parse
from flashrt.arrays.base import ACTIVE, EMPTY, FAILED, FOREIGN, FREE, MIXED, UNKNOWN
from flashrt.arrays.powermax_parse import Linked, Snapshot
from flashrt.arrays.powermax_rest import GOOD, REFUSAL, judge
from flashrt.edges import Reply
from flashrt.status import AUTH, REFUSED, SYSTEM, SidecarError
from flashrt.status import UNKNOWN as UNKNOWN_STATUS

NEW: dict[str, Any] = {
    "name": "FLASHC",
    "snapid": 186124647681,
    "linked": True,
    "linked_storage_group": [
        {"name": "TGT", "source_volume_name": "00205", "linked_volume_name": "00206", "defined": False}
    ],
    "source_volume": [{"capacity": 547, "capacity_gb": 1.0, "name": "00205"}],
    "state": ["Established"],
    "timestamp": "10:58:56 Tue, 09 Jul 2024 +0000",
    "timestamp_utc": 1720522736000,
}
OLD: dict[str, Any] = {
    "name": "FLASHC",
    "generation": 0,
    "isLinked": True,
    "linkedStorageGroup": [{"name": "TGT", "sourceVolumeName": "00205", "linkedVolumeName": "00206"}],
    "sourceVolume": [{"name": "00205"}],
    "state": ["Established"],
    "timestamp": "11:58:56 Tue, 09 Jul 2024 IST +0100",
}


def test_both_forms_of_a_snapshot() -> None:
    assert parse.snapshot(NEW, "186124647681") == Snapshot(
        "186124647681",
        "186124647681",
        1720522736,
        ("established",),
        ("00205",),
        (Linked("TGT", "00205", "00206", False),),
    )
    assert parse.snapshot(OLD, "0") == Snapshot(
        "0", "1720522736", 1720522736, ("established",), ("00205",), (Linked("TGT", "00205", "00206", True),)
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"timestamp": "", "timestamp_utc": 0},
        {"state": "Established"},
        {"linked_storage_group": {}, "source_volume": {"a": 1}},
    ],
)
def test_a_snapshot_that_cannot_be_read_is_an_error(changed: dict[str, Any]) -> None:
    with pytest.raises(SidecarError) as error:
        parse.snapshot({**NEW, **changed}, "1")
    assert error.value.status == SYSTEM


@pytest.mark.parametrize(
    "stamp", ["", "yesterday", "10:58:56 Tue, 09 Foo 2024 +0000", "10:58 Tue, 09 Jul 2024"]
)
def test_a_time_that_is_none(stamp: str) -> None:
    assert parse.seconds(stamp) == 0


def one(ident: str, *targets: str, state: str = "established", group: str = "TGT") -> Snapshot:
    sources = {"21": "11", "22": "12"}
    links = tuple(Linked(group, sources.get(target, "x"), target, True) for target in targets)
    return Snapshot(ident, ident, 7, (state,), ("11", "12"), links)


@pytest.mark.parametrize(
    ("snapshots", "busy", "word"),
    [
        ([], [], FREE),
        ([one("1")], [], FREE),
        ([one("1", "21", "22")], ["21", "22"], ACTIVE),
        ([one("1", "21", "22"), one("2")], ["21", "22"], ACTIVE),
        ([one("1", "21")], ["21"], MIXED),
        ([one("1", "21"), one("2", "22")], ["21", "22"], MIXED),
        ([one("1", "21", "22"), one("2", "22")], ["21", "22"], MIXED),
        ([one("1", "21", "22", group="OTHER")], ["21"], FOREIGN),
        ([], ["22"], FOREIGN),
        ([one("1", "21")], ["21", "22"], FOREIGN),
        ([one("1", "21", "22", state="failed")], ["21", "22"], FAILED),
        ([one("1", "21", "22", state="restored")], ["21", "22"], FOREIGN),
        ([one("1", "21", "22", state="quantum")], ["21", "22"], UNKNOWN),
    ],
)
def test_what_a_target_group_shows(snapshots: list[Snapshot], busy: list[str], word: str) -> None:
    found = parse.judge_group(["11", "12"], ["21", "22"], "TGT", snapshots, busy)
    assert found.word == word
    assert set(found.start_times) == {snapshot.ident for snapshot in snapshots}


def test_a_group_without_volumes_is_empty() -> None:
    assert parse.judge_group([], ["21"], "TGT", [], []).word == EMPTY
    assert parse.judge_group(["11"], [], "TGT", [], []).word == EMPTY


@pytest.mark.parametrize(
    ("reply", "status", "word"),
    [
        (GOOD, None, ""),
        (REFUSAL, AUTH, "REFUSED"),
        (Reply(403, "", ""), AUTH, "REFUSED"),
        (Reply(429, "", ""), REFUSED, "REFUSED"),
        (Reply(0, "", ""), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(0, "<html>", ""), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(0, '{"message":"failed"}', ""), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(409, "", '{"message":"too many"}'), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(500, "", ""), UNKNOWN_STATUS, "UNKNOWN"),
    ],
)
def test_what_an_answer_to_the_request_means(reply: Reply, status: int | None, word: str) -> None:
    found = judge(reply)
    assert (found.status if found else None, found.word if found else "") == (status, word)
