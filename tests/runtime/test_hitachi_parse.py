"""Replies of a Hitachi VSP, as it gives them and as it never should."""

from __future__ import annotations

from typing import Any

import pytest
from flashrt.arrays.hitachi_parse import (
    GOOD,
    REFUSAL,
    Pair,
    age_s,
    device,
    group_state,
    is_locked,
    is_refusal,
    job_state,
    judge,
    pair,
    rows,
    safe_name,
    uid,
    words_of,
    wwn,
)
from flashrt.edges import Reply
from flashrt.status import AUTH, CONFIG, SYSTEM, UNKNOWN, SidecarError

PAIR: dict[str, Any] = {
    "snapshotGroupName": "SISTPROD_24", "primaryOrSecondary": "P-VOL", "status": "PSUS", "pvolLdevId": 1021,
    "muNumber": 3, "svolLdevId": 2041, "snapshotPoolId": 13, "concordanceRate": 100,
    "isConsistencyGroup": True, "splitTime": "2026-11-18T20:44:43", "snapshotId": "1021,3",
}  # fmt: skip
LDEV: dict[str, Any] = {
    "ldevId": 2041, "blockCapacity": 629145600, "numOfUsedBlock": 1024, "status": "NML",
    "naaId": "60060e8012a00500504011a000000400",
    "ports": [{"portId": "CL1-A", "hostGroupNumber": 2, "hostGroupName": "SISTPROD_24", "lun": 0}],
}  # fmt: skip
ERROR = '{"errorSource":"/x","messageId":"KART40050-E","message":"The resource is locked.","cause":""}'


def test_a_pair() -> None:
    assert pair(PAIR) == Pair("1021", "2041", "PSUS", "2026-11-18T20:44:43", 13, True)
    alone = {key: value for key, value in PAIR.items() if key not in ("svolLdevId", "splitTime")}
    assert pair({**alone, "isConsistencyGroup": None})[1:] == ("", "PSUS", "", 13, False)
    for change in ({"status": ""}, {"pvolLdevId": "1021"}, {"svolLdevId": True}, {"snapshotPoolId": -1}):
        with pytest.raises(SidecarError):
            pair({**PAIR, **change})


def test_a_device() -> None:
    found = device(LDEV)
    assert (found.blocks, found.used, found.status) == (629145600, 1024, "NML")
    assert found.hosts == (("CL1-A", 2, "SISTPROD_24"),)
    assert uid(found) == "60060E8012A00500504011A000000400"
    bare = device({"ldevId": 1, "blockCapacity": 5})
    assert (bare.hosts, uid(bare)) == ((), "")
    with pytest.raises(SidecarError):
        device({**LDEV, "ports": "CL1-A"})


@pytest.mark.parametrize(
    ("statuses", "claimed", "word"),
    [
        (["PAIR", "PAIR"], False, "FREE"),
        (["PAIR", "PFUL"], True, "PREPARED"),
        (["PSUS", "PFUS"], True, "ACTIVE"),
        (["COPY", "PAIR"], True, "PREPARING"),
        (["COPY", "COPY"], False, "RELEASING"),
        (["PSUS", "PAIR"], True, "MIXED"),
        (["PSUS", "PSUE"], False, "FAILED"),
        (["PSUS", "RCPY"], False, "FOREIGN"),
        (["SMPP"], False, "RELEASING"),
        (["PSUS", "NEW"], False, "UNKNOWN"),
        ([], False, "EMPTY"),
    ],
)
def test_states(statuses: list[str], claimed: bool, word: str) -> None:
    pairs = [Pair(str(n), str(n + 100), status, "t", 0, True) for n, status in enumerate(statuses)]
    found = group_state(pairs, claimed)
    assert found.word == word
    assert [bool(time) for time in found.start_times.values()] == [s in ("PSUS", "PFUS") for s in statuses]


def test_a_pair_without_a_secondary_volume_is_no_copy() -> None:
    found = group_state([Pair("1", "2", "PSUS", "t", 0, True), Pair("3", "", "PSUS", "t", 0, True)], False)
    assert (found.word, found.targets) == ("MIXED", ("2",))


def test_what_an_answer_to_the_split_means() -> None:
    assert judge(GOOD) is None
    for reply, word, status in [
        (REFUSAL, "REFUSED", SYSTEM),
        (Reply(401, "", '{"messageId":"KART40046-E"}'), "REFUSED", AUTH),
        (Reply(409, "", ERROR), "REFUSED", SYSTEM),
        (Reply(0, '{"jobId":1,"status":"Running","state":"Started"}', ""), "UNKNOWN", UNKNOWN),
        (
            Reply(0, '{"jobId":1,"status":"Completed","state":"Failed","error":{"x":1}}', ""),
            "UNKNOWN",
            UNKNOWN,
        ),
        (Reply(0, '{"status":"Completed","state":"Succeeded"}', ""), "UNKNOWN", UNKNOWN),
        (Reply(0, "", ""), "UNKNOWN", UNKNOWN),
        (Reply(503, "", ERROR), "UNKNOWN", UNKNOWN),
        (Reply(412, "", "<html>"), "UNKNOWN", UNKNOWN),
    ]:
        found = judge(reply)
        assert found is not None
        assert (found.word, found.status) == (word, status), reply


def test_jobs_and_refusals() -> None:
    assert job_state({"jobId": 7, "status": "Running", "state": "Queued"}) == (7, False, "")
    assert job_state({"jobId": 7, "status": "Completed", "state": "Failed"}) == (7, True, "Failed")
    assert words_of(409, ERROR) == "KART40050-E The resource is locked."
    assert words_of(500, "") == "HTTP status 500"
    assert is_locked(ERROR)
    assert is_refusal(409, ERROR)
    assert not is_refusal(409, "{}")
    assert not is_refusal(503, ERROR)
    for broken in ({}, {"data": None}, {"data": [1]}, []):
        with pytest.raises(SidecarError):
            rows(broken)


def test_the_age_of_a_copy_is_never_more_than_it_is() -> None:
    # 2026-11-18T20:44:43 in any zone is at least this old at noon UTC of the 20th.
    assert age_s("2026-11-18T20:44:43", 1795176000.0) == pytest.approx(39.255 * 3600 - 12 * 3600, abs=10)
    assert age_s("2026-11-18T20:44:43", 1795034683.0) == 0.0
    with pytest.raises(SidecarError):
        age_s("yesterday", 0.0)


def test_names_and_ports() -> None:
    assert safe_name("SISTPROD_24") == "SISTPROD_24"
    for name in ("", "a/b", "a b", "x" * 33, "a?b"):
        with pytest.raises(SidecarError) as error:
            safe_name(name)
        assert error.value.status == CONFIG
    assert wwn({"hostWwn": "c05076082d180010"}) == "C05076082D180010"
    with pytest.raises(SidecarError):
        wwn({"hostWwn": "c0507608"})
