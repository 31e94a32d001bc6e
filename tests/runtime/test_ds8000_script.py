"""DSCLI: what it writes, as records, and what the answer to a flash means."""

from __future__ import annotations

import pytest
from flashrt.arrays.ds8000_script import details, judge, messages, table
from flashrt.edges import Reply
from flashrt.status import SYSTEM, UNKNOWN, SidecarError

PAIRS = ("1000:1100", "1001:1101")
FIRST = "CMUC00137I mkflash: FlashCopy pair 1000:1100 successfully created."
SECOND = "CMUC00137I mkflash: FlashCopy pair IBM.2107-75ABC11/1001:1101 successfully created."
THAWED = "CMUC00172I unfreezeflash: FlashCopy consistency group for logical subsystem 10: successfully reset."
FAILED = "CMUN03044E mkflash: 1001:1101: Copy Services operation failure: already a target"


def test_every_pair_and_the_thaw_must_be_confirmed() -> None:
    assert judge(Reply(0, f"{FIRST}\n{SECOND}\n{THAWED}\n", ""), "mkflash", PAIRS) is None
    assert judge(Reply(0, THAWED, ""), "mkflash", ()) is None


@pytest.mark.parametrize(
    "reply",
    [
        Reply(0, f"{FIRST}\n{SECOND}\n", ""),
        Reply(0, f"{FIRST}\n{THAWED}\n", ""),
        Reply(0, f"{FIRST}\n{FIRST}\n{THAWED}\n", ""),
        Reply(0, f"{FIRST}\n{FAILED}\n{THAWED}\n", ""),
        Reply(0, f"{FIRST}\n{SECOND}\n{THAWED}\n{FAILED}\n", ""),
        Reply(0, f"{FIRST.replace('I mk', 'W mk')}\n{SECOND}\n{THAWED}\n", ""),
        Reply(0, f"{FIRST.replace('mkflash', 'rmflash')}\n{SECOND}\n{THAWED}\n", ""),
        Reply(134, f"{FIRST}\n{SECOND}\n{THAWED}\n", ""),
        Reply(0, "", ""),
    ],
)
def test_anything_else_is_unknown(reply: Reply) -> None:
    error = judge(reply, "mkflash", PAIRS)
    assert error is not None
    assert error.status == UNKNOWN


def test_messages_are_told_by_severity() -> None:
    assert messages(f"Date/Time: today\n{FIRST}\n\n{FAILED}\n") == [("I", FIRST), ("E", FAILED)]


def test_a_list_is_read_by_its_header() -> None:
    said = "Command:lssi\nName|ID|cap (2^30B)\n==========\nbox |IBM.2107-75ABC11| 1.0\n\n"
    assert table(said) == [{"Name": "box", "ID": "IBM.2107-75ABC11", "cap (2^30B)": "1.0"}]
    assert table("CMUC00234I lsflash: No Flash Copy found.\n") == []


@pytest.mark.parametrize(
    "said",
    ["", "No Flash Copy found", "====\n", "ID|State\n====\n1|2|3\n", "ID|ID\n====\n1|2\n", "\0\x01"],
)
def test_what_is_no_list_is_an_error_and_never_an_empty_one(said: str) -> None:
    with pytest.raises(SidecarError) as raised:
        table(said)
    assert raised.value.status == SYSTEM


@pytest.mark.parametrize(
    "said",
    [
        "Name                       vol\nID                         1100\ncap (MiB)                  67296\n",
        "Name|vol\nID|1100\ncap (MiB)|67296\n",
        "Name|ID|cap (MiB)\n======\nvol|1100|67296\n",
    ],
)
def test_details_are_read_in_any_of_their_forms(said: str) -> None:
    assert details(said) == {"Name": "vol", "ID": "1100", "cap (MiB)": "67296"}
