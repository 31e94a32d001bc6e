"""The lines of a site's program: what is one of the contract, and what an answer to FIRE means."""

from __future__ import annotations

import pytest
from flashrt.arrays.custom import judge, readiness, words_of
from flashrt.edges import Reply
from flashrt.status import AUTH, OK, REFUSED, SYSTEM, UNKNOWN, UNREACHABLE, SidecarError


@pytest.mark.parametrize(
    ("line", "word", "fields"),
    [
        ("DONE\n", "DONE", {}),
        ("OK name=VSP5000 level=93-06", "OK", {"name": "VSP5000", "level": "93-06"}),
        (
            "ACTIVE copy=17 age=60 sources=6005,6006 targets=6007,6008\n",
            "ACTIVE",
            {"copy": "17", "age": "60", "sources": "6005,6006", "targets": "6007,6008"},
        ),
        ("REFUSED text=a=b;c", "REFUSED", {"text": "a=b;c"}),
        ("SLEEPING", "SLEEPING", {}),
    ],
)
def test_lines_of_the_contract(line: str, word: str, fields: dict[str, str]) -> None:
    assert words_of(line, "state") == (word, fields)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "active",
        "ACTIVE  copy=1",
        "ACTIVE copy=",
        "ACTIVE copy",
        "ACTIVE =1",
        "ACTIVE copy=1 copy=2",
        "ACTIVE Copy=1",
        "ACTIVE copy=\u00fc",
        "ACTIVE copy=1\tage=2",
        "ACTIVE\r\n",
        " ACTIVE",
        "DONE\nDONE\n",
        "A" * 21,
        "\0\1",
    ],
)
def test_lines_that_are_none(line: str) -> None:
    with pytest.raises(SidecarError) as raised:
        words_of(line, "state")
    assert raised.value.status == SYSTEM


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(0, "FIRED", ""), None),
        (Reply(0, "FIRED copy=18\n", ""), None),
        (Reply(0, "REFUSED text=not_prepared", ""), REFUSED),
        (Reply(1, "REFUSED", ""), REFUSED),
        (Reply(1, "FIRED", ""), UNKNOWN),
        (Reply(None, "FIRED", ""), UNKNOWN),
        (Reply(0, "FIRED copy", ""), UNKNOWN),
        (Reply(0, "fired", ""), UNKNOWN),
        (Reply(0, "DONE", ""), UNKNOWN),
        (Reply(0, "", ""), UNKNOWN),
        (Reply(None, "", ""), UNKNOWN),
        (Reply(0, "FIRED\nREFUSED", ""), UNKNOWN),
    ],
)
def test_only_a_clean_answer_to_fire_counts(reply: Reply, status: int | None) -> None:
    error = judge(reply)
    assert (error.status if error is not None else None) == status


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(0, "READY\n", ""), OK),
        (Reply(0, "REFUSED text=no", ""), REFUSED),
        (Reply(1, "", ""), REFUSED),
        (Reply(4, "who?", ""), AUTH),
        (Reply(77, "READY", ""), SYSTEM),
        (Reply(None, "", ""), UNREACHABLE),
        (Reply(0, "", ""), UNREACHABLE),
    ],
)
def test_a_program_that_ends_without_a_word_can_be_armed_again(reply: Reply, status: int) -> None:
    assert readiness(reply) == status
