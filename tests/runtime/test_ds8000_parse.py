"""DS8000: answers as records, and what the relations of a copy's volumes mean."""

from __future__ import annotations

import json

import pytest
from flashrt.arrays import ds8000_parse as parse
from flashrt.arrays.base import ACTIVE, FAILED, FOREIGN, FREE, MIXED, UNKNOWN
from flashrt.arrays.ds8000_parse import Relation
from flashrt.arrays.ds8000_rest import GOOD, REFUSAL, judge
from flashrt.edges import Reply
from flashrt.status import AUTH, NOTFOUND, REFUSED, SYSTEM, SidecarError
from flashrt.status import UNKNOWN as UNKNOWN_STATUS

PAIRS = (("1000", "1100"), ("1001", "1101"))
OK = {"status": "ok", "code": "", "message": "Operation done successfully."}
BAD = {"status": "failed", "code": "CMUN03044E", "message": "in a relationship already"}


def relation(source: str, target: str, state: str = "valid") -> Relation:
    return Relation(source, target, state, False)


OURS = {"1100": [relation("1000", "1100")], "1101": [relation("1001", "1101")]}


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        ({"1100": [], "1101": []}, FREE),
        (OURS, ACTIVE),
        ({**OURS, "1101": []}, MIXED),
        ({**OURS, "1101": [relation("1001", "1101", "validation_required")]}, ACTIVE),
        ({**OURS, "1101": [relation("1001", "1101", "invalid")]}, FAILED),
        ({**OURS, "1101": [relation("1001", "1101", "")]}, UNKNOWN),
        ({**OURS, "1101": [relation("1001", "1101", "quantum")]}, UNKNOWN),
        ({"1100": [], "1101": [relation("1001", "1101", "quantum")]}, UNKNOWN),
        ({**OURS, "1101": [relation("1002", "1101")]}, FOREIGN),
        ({**OURS, "1101": [relation("1101", "1400")]}, FOREIGN),
        ({**OURS, "1101": [relation("1001", "1101"), relation("1101", "1400")]}, FOREIGN),
        # the sources of two pairs exchanged: each target has a relation, and neither is the declared one
        ({"1100": [relation("1001", "1100")], "1101": [relation("1000", "1101")]}, FOREIGN),
    ],
)
def test_the_word_of_a_copy_is_decided_on_every_pair(seen: dict[str, list[Relation]], word: str) -> None:
    found = parse.judge_pairs(PAIRS, seen)
    assert found.word == word
    assert (found.sources, found.targets) == (("1000", "1001"), ("1100", "1101"))
    assert len(found.map_states) == 2


def answer(**more: object) -> str:
    return json.dumps({"server": OK, **more})


@pytest.mark.parametrize(
    ("reply", "status", "word"),
    [
        (Reply(0, answer(responses=[{"server": OK}, {"server": OK}]), ""), None, ""),
        (Reply(0, answer(responses=[{"server": OK}, {"server": BAD}]), ""), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(0, answer(responses=[{"server": OK}]), ""), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(0, answer(), ""), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(0, json.dumps({"server": BAD}), ""), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(0, "", ""), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(0, "<html>", ""), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(0, "[" * 100000, ""), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(500, "", json.dumps({"server": BAD})), UNKNOWN_STATUS, "UNKNOWN"),
        (Reply(401, "", json.dumps({"server": {**BAD, "code": "BE7A001B"}})), AUTH, "REFUSED"),
        (Reply(403, "", "no"), AUTH, "REFUSED"),
        (Reply(429, "", ""), REFUSED, "REFUSED"),
        (Reply(503, "", "busy"), UNKNOWN_STATUS, "UNKNOWN"),
    ],
)
def test_only_an_answer_that_says_so_of_each_pair_is_a_good_one(
    reply: Reply, status: int | None, word: str
) -> None:
    found = judge(reply, 2)
    assert (found.status if found else None, found.word if found else "") == (status, word)


def test_the_samples_that_are_judged_before_the_window() -> None:
    assert judge(GOOD, 1) is None
    assert judge(GOOD, 0) is None
    assert judge(REFUSAL, 1) is not None


def test_one_pair_is_answered_without_a_list() -> None:
    assert judge(Reply(0, answer(link={"rel": "self"}), ""), 1) is None


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"server":"ok"}', '{"server":{},"responses":[1]}'])
def test_what_is_no_answer_of_this_interface(text: str) -> None:
    assert parse.envelope(text) is None


def test_relations_in_both_forms_of_the_interface() -> None:
    old = {
        "sourcevolume": {"id": "1000"},
        "targetvolume": {"id": "1100"},
        "state": "Valid",
        "recording": "enabled",
    }
    new = {"source_volume": {"id": "10a0"}, "target_volume": {"name": "11a0"}, "state": "valid"}
    found = parse.envelope(answer(data={"flashcopy": [old, new]}))
    assert found is not None
    assert parse.relations(parse.rows(found, "flashcopy")) == [
        Relation("1000", "1100", "valid", True),
        Relation("10A0", "11A0", "valid", False),
    ]


@pytest.mark.parametrize(
    "data", [{}, {"flashcopy": {}}, {"flashcopy": [1]}, {"flashcopy": [{"state": "valid"}]}]
)
def test_relations_that_cannot_be_read_are_an_error(data: object) -> None:
    found = parse.envelope(answer(data=data))
    assert found is not None
    with pytest.raises(SidecarError) as error:
        parse.relations(parse.rows(found, "flashcopy"))
    assert error.value.status == SYSTEM


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, "BE7A0027", AUTH),
        (500, "BE7A001A", AUTH),
        (404, "CMUN00101E", NOTFOUND),
        (500, "CMUN03044E", SYSTEM),
    ],
)
def test_refusals(status: int, code: str, expected: int) -> None:
    found = parse.envelope(json.dumps({"server": {**BAD, "code": code}}))
    assert parse.refused(status, found, "GET /x", "DS8900").status == expected


def test_a_long_number_is_read_at_once() -> None:
    found = parse.envelope('{"server":{"status":"ok"},"data":{"n":' + "9" * 1_000_000 + "}}")
    assert found is not None
    assert found.good
