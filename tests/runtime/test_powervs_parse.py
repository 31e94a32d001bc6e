"""What Power Virtual Server tells, read: words for what is known, UNKNOWN for the rest."""

from __future__ import annotations

from typing import Any

import pytest
from flashrt.arrays.base import FAILED, FREE, PREPARED, PREPARING, RELEASING, TAKEN, UNKNOWN
from flashrt.arrays.powervs_parse import (
    REFUSAL,
    capacity,
    clones,
    good_answer,
    is_clone,
    judge_start,
    judge_taken,
    request,
    uid,
    volume,
)
from flashrt.consoles.powervs import word_of
from flashrt.edges import Reply
from flashrt.powervs_rest import cloud_instance, is_refusal, words_of
from flashrt.status import SidecarError

ID = "368f1669-1e0c-500c-aed7-530e69813123"


def told(status: str, action: str = "prepare", percent: object = 100) -> dict[str, Any]:
    return {
        "volumesCloneID": ID,
        "name": "S-20261118203500",
        "status": status,
        "action": action,
        "percentComplete": percent,
    }


@pytest.mark.parametrize(
    ("status", "action", "percent", "word", "ended"),
    [
        ("prepared", "prepare", 100, PREPARED, False),
        ("available", "start", 100, TAKEN, False),
        ("completed", "execute", 100, TAKEN, True),
        ("cancelling", "cancel", 10, RELEASING, False),
        ("cancelled", "cancel", 100, FREE, True),
        ("failed", "execute", 40, FAILED, True),
        ("preparing", "prepare", 10, PREPARING, False),
        ("running", "start", 0, PREPARING, False),
        ("running", "execute", 50, TAKEN, False),
        ("running", "execute", 100, UNKNOWN, False),
        ("sleeping", "dream", 10, UNKNOWN, False),
        ("sleeping", "prepare", "half", UNKNOWN, False),
        ("sleeping", "prepare", True, UNKNOWN, False),
    ],
)
def test_what_a_request_is_on_the_way_to(
    status: str, action: str, percent: object, word: str, ended: bool
) -> None:
    one = request(told(status, action, percent))
    assert (one.word, one.ended) == (word, ended)


@pytest.mark.parametrize("lacking", ["volumesCloneID", "name", "status"])
def test_a_request_without_what_it_must_have(lacking: str) -> None:
    with pytest.raises(SidecarError):
        request({key: value for key, value in told("prepared").items() if key != lacking})


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("clone-SISTPROD24-40711-1", True),
        ("clone-SISTPROD24-40711-12", True),
        ("clone-SISTPROD24-4071-1", False),
        ("clone-SISTPROD24-40711", False),
        ("clone-SISTPROD245-40711-1", False),
        ("clone-sistprod24-40711-1", False),
        ("keep-clone-SISTPROD24-40711-1", False),
        ("clone-SISTPROD24-40711-1 old", False),
        ("clone-SISTPROD24-40711-1\n", False),
    ],
)
def test_the_name_of_a_clone(name: str, ours: bool) -> None:
    assert is_clone(name, "SISTPROD24") is ours


def test_the_start_counts_only_when_the_state_says_so() -> None:
    start, taken = judge_start(ID), judge_taken(ID)
    assert (start(good_answer(ID)), taken(good_answer(ID))) == (None, None)
    going = Reply(0, good_answer(ID).out.replace("available", "starting").replace("100", "10"), "")
    assert start(going) is None
    late = taken(going)
    assert late is not None
    assert "not done yet" in late.text
    other = good_answer(ID.replace("3", "4"))
    assert start(other) is not None
    assert taken(other) is not None
    refused = start(REFUSAL)
    assert refused is not None
    assert refused.word == "REFUSED"
    for unclear in (Reply(502, "", "<html>Bad Gateway</html>"), Reply(0, "", ""), Reply(0, "[]", "")):
        error = start(unclear)
        assert error is not None, unclear
        assert error.word != "REFUSED", unclear


def test_a_source_with_two_clones_is_none() -> None:
    pair = {"source": {"volumeID": "a"}, "clone": {"volumeID": "b", "name": "n"}}
    assert clones({"clonedVolumes": [pair]}) == {"a": ("b", "n")}
    for wrong in ({}, {"clonedVolumes": [pair, pair]}, {"clonedVolumes": [{"source": "a", "clone": "b"}]}):
        with pytest.raises(SidecarError):
            clones(wrong)


def test_an_id_that_would_be_another_path_is_refused() -> None:
    item = {"volumeID": "../x", "name": "n", "size": 1}
    with pytest.raises(SidecarError):
        volume(item)
    one = volume({**item, "volumeID": "x", "wwn": "6005076810" + "0" * 22})
    assert len(uid(one)) == 32
    with pytest.raises(SidecarError):
        uid(one._replace(uid="5005"))


@pytest.mark.parametrize("wrong", [{}, {"totalCapacity": 0, "maxAllocationSize": 1}, {"totalCapacity": "9"}])
def test_a_pool_that_does_not_tell_its_size(wrong: dict[str, object]) -> None:
    assert capacity({"totalCapacity": 10, "maxAllocationSize": 4}) == (10.0, 4.0)
    with pytest.raises(SidecarError):
        capacity(wrong)


@pytest.mark.parametrize(
    ("status", "task", "word"),
    [
        ("SHUTOFF", "", "OFF"),
        ("SHUTOFF", "none", "OFF"),
        ("SHUTOFF", "powering-on", "STARTING"),
        ("SHUTOFF", "resizing", "OTHER"),
        ("shutoff", "", "OTHER"),
        ("ACTIVE", "", "RUNNING"),
        ("ACTIVE", "powering-off", "STOPPING"),
        ("ERROR", "", "OTHER"),
        ("STOPPED", "", "OTHER"),
    ],
)
def test_off_is_one_word_without_a_task(status: str, task: str, word: str) -> None:
    assert word_of(status, task) == word


def test_the_workspace_is_a_part_of_its_crn() -> None:
    assert cloud_instance("crn:v1:bluemix:public:power-iaas:us-east:a/1:5d0f::") == "5d0f"
    for wrong in ("crn:v1", "crn:v1:bluemix:public:is:us-east:a/1:5d0f::", "crn:v1:b:p:power-iaas:u:a/1:::"):
        with pytest.raises(SidecarError):
            cloud_instance(wrong)


def test_only_the_service_itself_refuses() -> None:
    own = '{"code":409,"error":"conflict","description":"in use\\u0007"}'
    assert (is_refusal(409, own), words_of(409, own)) == (True, "in use")
    assert not is_refusal(409, "<html>no</html>")
    assert not is_refusal(502, own)
    assert is_refusal(429, "")
