"""DSCLI: what it writes, as records, and what the answer to a flash means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flashrt.arrays.ds8000_script import Dscli, details, judge, messages, sequence, table
from flashrt.config import Config, DeviceConf, parse_config
from flashrt.edges import Edges, Endpoint, Reply, SystemClock
from flashrt.programs import SitePrograms
from flashrt.status import AUTH, KEY, SYSTEM, UNKNOWN, SidecarError

from tests.runtime.fakes import FakeClock, FakeDatabase, FakeNetwork, configuration

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
    [
        "",
        "No Flash Copy found",
        "====\n",
        "ID|State\n====\n1|2|3\n",
        "ID|ID\n====\n1|2\n",
        "ID|State\n====\n",
        "\0\x01",
    ],
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


STAND_IN = """#!/bin/sh
# Speaks as dscli does: a prompt behind every answer, errors on the other output.
case "$*" in *nobody*) echo "CMUN00006E dscli: Authentication failure"; exit 5;; esac
echo "Date/Time: today IBM DSCLI Version: 7.8.57.1 DS: IBM.2107-75ABC11"
printf 'dscli> '
while read -r verb rest; do
  echo "$verb $rest" >> "$0.log"
  case $verb in
    lssi) printf 'Name|ID|Model|WWNN\\n====\\nbox|IBM.2107-75ABC11|984|500507630AFFC29F\\n' ;;
    lsflash) echo "CMUC00234I lsflash: No Flash Copy found." ;;
    mkflash) echo "CMUC00137I mkflash: FlashCopy pair 1000:1100 successfully created." ;;
    unfreezeflash) echo "CMUC00172I unfreezeflash: FlashCopy consistency group: successfully reset." ;;
    rmflash) echo "CMUN03041E rmflash: 1000:1100: no relationship" >&2 ;;
    die) exit 3 ;;
  esac
  printf 'dscli> '
done
"""


@pytest.fixture
def open_session(tmp_path: Path) -> Callable[..., Dscli]:
    """dscli in its stand-in, driven through real pipes."""
    program = tmp_path / "dscli"
    program.write_text(STAND_IN)
    program.chmod(0o755)
    for name in ("conf", "keys"):
        (tmp_path / name).mkdir(mode=0o700)
    key = tmp_path / "keys" / "pw"
    key.write_text("of dscli's own form")

    def made(user: str = "flashc", mode: int = 0o600) -> Dscli:
        key.chmod(mode)
        facts = {"image": "IBM.2107-75ABC11", "program": str(program)}
        addresses = (Endpoint("10.1.0.30", 1751), Endpoint("10.1.0.31", 1751))
        device = DeviceConf("WEST", "ds8000", "script", addresses, user, "pw", "", facts)
        clock = FakeClock()
        edges = Edges(SystemClock(), FakeNetwork(clock), FakeDatabase(), SitePrograms())
        config: Config = parse_config(str(tmp_path / "conf"), configuration())
        return Dscli(config, device, edges)

    return made


def test_flash_and_thaw_go_out_as_one_write_to_a_session_that_waits(
    open_session: Callable[..., Dscli], tmp_path: Path
) -> None:
    dscli = open_session()
    assert (dscli.wwnn, dscli.relations(["1100"], ["1000"])) == ("500507630AFFC29F", {"1100": []})
    shot = dscli.shot([("1000", "1100")], ["10"], again=False, run="20261118203500")
    shot.probe()
    shot.channel.send(shot.request)
    clock = SystemClock()
    assert clock.wait(shot.channel, clock.now() + 20.0)
    assert shot.judge(shot.channel.reply()) is None
    assert shot.thaw is not None
    shot.thaw.channel.send(shot.thaw.request)
    assert clock.wait(shot.thaw.channel, clock.now() + 20.0)
    assert shot.thaw.judge(shot.thaw.channel.reply()) is None
    dscli.close()
    lines = (tmp_path / "dscli.log").read_text().splitlines()
    flash = "mkflash -dev IBM.2107-75ABC11 -freeze -persist -nocp -tgtse -seqnum 81FC 1000:1100"
    assert lines[-3:] == [flash, *["unfreezeflash -dev IBM.2107-75ABC11 10"] * 2]


def test_what_it_says_on_the_other_output_counts(open_session: Callable[..., Dscli]) -> None:
    dscli = open_session()
    with pytest.raises(SidecarError, match="CMUN03041E") as raised:
        dscli.end(["1000:1100"], release=False)
    assert raised.value.status == UNKNOWN
    dscli.close()


def test_a_log_in_that_fails_and_a_file_that_others_may_read(open_session: Callable[..., Dscli]) -> None:
    with pytest.raises(SidecarError, match="CMUN00006E") as raised:
        open_session(user="nobody")
    assert raised.value.status == AUTH
    with pytest.raises(SidecarError) as raised:
        open_session(mode=0o644)
    assert raised.value.status == KEY


def test_the_number_of_a_run() -> None:
    """Another one for each minute within the day that a change of zone may be mistaken for; never none."""
    runs = [
        f"202611{day}{hour:02d}{minute:02d}59"
        for day in (18, 19)
        for hour in range(24)
        for minute in range(60)
    ]
    numbers = [sequence(run) for run in runs]
    assert len(set(numbers)) == len(runs)
    assert all(len(one) == 4 and int(one, 16) for one in numbers)
    assert sequence("BYHAND") == "0001"
