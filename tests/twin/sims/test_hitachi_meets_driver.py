"""The Hitachi driver against the simulated VSP: its life cycle, and what may go wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flashrt.config import read_config
from flashrt.disks import CloneDisks
from flashrt.status import SidecarError
from flashtwin.sims.hitachi import Group, Hitachi, Pair
from flashtwin.sims.http import HttpOutcome
from flashtwin.sims.outcome import Outcome
from flashtwin.site_load import read_site
from rest_wires import RUN, Sidecar, lose

COPY = "SISTPROD_24:2041"
PAIRS = [["1021", "2041"], ["1022", "2042"], ["1023", "2043"], ["1024", "2044"]]
ROOT = "/ConfigurationManager/v1/objects/storages/886000123456/snapshot-groups/SISTPROD_24/actions"
SPLIT, RESYNC = f"POST {ROOT}/split/invoke", f"POST {ROOT}/resync/invoke"
NEXT = "20261119203500"


def configuration() -> dict[str, Any]:
    """What the compiler writes for the example."""
    copies = {COPY: {"kind": "snapshot group", "parts": {"group": "SISTPROD_24"}, "pairs": PAIRS}}
    return {
        "version": 1,
        "system": {
            "name": "SISTPROD",
            "library": "BCKFLASHP",
            "identities": [{"serial": "78ABC12", "lpar": 24}],
        },
        "clones": {
            "SISTPROD_24": {
                "partition": "SISTPROD_24",
                "lpar_id": 56,
                "managed_system": "Server-9009-42A-SN78ABC12",
                "console": "HMC1",
                "profile": "clone",
                "disks": [{"groups": [COPY], "array": "VSP", "copies": copies}],
                "network_isolated": True,
            }
        },
        "consoles": {
            "HMC1": {"family": "hmc", "addresses": ["10.1.0.10:22"], "user": "flashc", "key": "hmc1"}
        },
        "arrays": {
            "VSP": {
                "family": "hitachi",
                "way": "rest",
                "addresses": ["10.1.0.20:443"],
                "user": "flashc",
                "key": "vsp_password",
                "facts": {"serial": "886000123456"},
            }
        },
        "limits": {"connect_s": 15, "request_s": 20, "trigger_s": 8},
        "checks": {"release": "7.4", "min_free_percent": 10},
    }


@pytest.fixture
def sidecar(root: Path, tmp_path: Path) -> Sidecar:
    made = Sidecar(read_site(root / "examples" / "nightly_hitachi.site.toml"), tmp_path, configuration())
    made.off()
    return made


@pytest.fixture
def array(sidecar: Sidecar) -> Hitachi:
    found = sidecar.world.arrays["VSP"]
    assert isinstance(found, Hitachi)
    return found


def statuses(array: Hitachi) -> set[str]:
    return {one.status for one in array.groups["SISTPROD_24"].pairs}


def prepared(sidecar: Sidecar, run: str = RUN) -> None:
    assert sidecar("release", run=run).word == "IDLE"
    said = sidecar("prepare", run=run)
    while said.status == 30:
        sidecar.edges.clock.sleep(5.0)
        said = sidecar("prepare", run=run)
    assert said.word == "PREPARED", said.text


def test_a_whole_night(sidecar: Sidecar, array: Hitachi) -> None:
    assert sidecar("probe").extra1 == "VSP 5200"
    assert sidecar("check").status == 0
    assert sidecar("status").word == "ACTIVE"
    # To release gives nothing up yet: that is done by the resync of the prepare.
    assert (sidecar("release").word, statuses(array)) == ("IDLE", {"PSUS"})
    prepared(sidecar)
    assert statuses(array) == {"PAIR"}
    assert sidecar("trigger").word == "FIRED"
    assert sidecar("prove").word == "PROVEN"
    assert sidecar("present").word == "PRESENT"
    assert sidecar("holds").word == "HELD"
    assert sidecar("usage").status == 0
    (flash,) = sidecar.world.events.of("flash")
    assert (flash["group"], flash["whole"]) == (COPY, True)
    assert sidecar.world.partition("SISTPROD_24").boot_image() is not None
    assert (len(sidecar.sent(SPLIT)), len(sidecar.sent(RESYNC))) == (1, 1)
    assert not [t for t in sidecar.wires.asked if t.startswith("DELETE") and "/sessions/" not in t]
    assert array.sessions == {}


@pytest.mark.parametrize("when", ["before", "after", "hang"])
def test_a_lost_reply_to_the_split_is_no_copy(sidecar: Sidecar, array: Hitachi, when: str) -> None:
    prepared(sidecar)
    sidecar.wires.alter.append(lose(SPLIT, when))
    assert sidecar("trigger").word == ("TIMEOUT" if when == "hang" else "UNKNOWN")
    assert statuses(array) == ({"PAIR"} if when == "before" else {"PSUS"})
    assert sidecar("abort").word == "IDLE"
    assert sidecar("abort").status == 0
    sidecar.edges.clock.sleep(30.0)
    assert (statuses(array), sidecar("status").word) == ({"PAIR"}, "FREE")
    assert sidecar("prove").status == 20
    prepared(sidecar)
    assert sidecar("trigger").word == "FIRED"
    assert sidecar("prove").word == "PROVEN"


def test_a_split_of_pairs_that_are_split_succeeds_and_takes_nothing(sidecar: Sidecar, array: Hitachi) -> None:
    prepared(sidecar)
    array._split(array.groups["SISTPROD_24"], "somebody")
    before = [one.split for one in array.groups["SISTPROD_24"].pairs]
    sidecar.edges.clock.sleep(60.0)
    array._split(array.groups["SISTPROD_24"], "flashc")
    assert [one.split for one in array.groups["SISTPROD_24"].pairs] == before


def test_what_somebody_else_has_split_is_seen_at_the_last_look_before_the_window(
    sidecar: Sidecar, array: Hitachi
) -> None:
    prepared(sidecar)
    config = read_config(str(sidecar.folder / "conf"))
    with CloneDisks(config, config.clone("SISTPROD_24"), RUN, sidecar.edges) as disks:
        volley = disks.volley(test=False)
        volley.probe()
        array._split(array.groups["SISTPROD_24"], "somebody")
        with pytest.raises(SidecarError, match="psus, not prepared"):
            volley.probe()
    assert not sidecar.sent(SPLIT)


def test_a_trigger_that_is_armed_for_a_test_asks_no_state(sidecar: Sidecar) -> None:
    config = read_config(str(sidecar.folder / "conf"))
    with CloneDisks(config, config.clone("SISTPROD_24"), RUN, sidecar.edges) as disks:
        disks.volley(test=True).probe()


def test_a_split_whose_job_goes_on_is_unknown(sidecar: Sidecar, array: Hitachi) -> None:
    prepared(sidecar)
    array.config = replace(array.config, answer=30.0)
    assert sidecar("trigger").word in ("TIMEOUT", "UNKNOWN")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_reply_to_the_resync_is_answered_by_the_state(
    sidecar: Sidecar, array: Hitachi, when: str
) -> None:
    sidecar("release")
    sidecar.wires.alter.append(lose(RESYNC, when))
    said = sidecar("prepare")
    if when == "before":
        # The pairs are still split: nothing was done, and the run says so.
        assert said.status == 35
    else:
        # The pairs are on their way.
        assert said.status == 30
        sidecar.edges.clock.sleep(30.0)
    assert sidecar("prepare").status in (0, 30)
    sidecar.edges.clock.sleep(30.0)
    assert sidecar("prepare").word == "PREPARED"
    assert len(sidecar.sent(RESYNC)) == (2 if when == "before" else 1)
    assert statuses(array) == {"PAIR"}


def test_some_pairs_are_split_and_some_are_not(sidecar: Sidecar, array: Hitachi) -> None:
    array.groups["SISTPROD_24"].pairs[2].status = "PAIR"
    assert sidecar("status").word == "MIXED"
    assert sidecar("holds").status == 33
    assert sidecar("prepare").status == 33
    assert not sidecar.sent(SPLIT)
    # To give it up makes them agree.
    assert sidecar("release").status in (0, 30)
    sidecar.edges.clock.sleep(30.0)
    assert statuses(array) == {"PAIR"}


@pytest.mark.parametrize(
    ("broken", "status"),
    [
        (lambda a: a.groups.clear(), 22),
        (lambda a: setattr(a.groups["SISTPROD_24"].pairs[0], "target", None), 33),
        (lambda a: setattr(a.groups["SISTPROD_24"].pairs[0], "target", a.volumes["1024"]), 22),
        (lambda a: setattr(a.groups["SISTPROD_24"], "consistent", False), 22),
        (lambda a: a.groups["SISTPROD_24"].pairs.pop(), 22),
        (lambda a: setattr(a.volumes["2042"], "size", 512), 22),
        (lambda a: setattr(a.volumes["2042"], "online", False), 22),
        (lambda a: [setattr(one, "status", "RCPY") for one in a.groups["SISTPROD_24"].pairs], 33),
        (lambda a: [setattr(one, "status", "PSUE") for one in a.groups["SISTPROD_24"].pairs], 20),
        (lambda a: [setattr(one, "status", "XXXX") for one in a.groups["SISTPROD_24"].pairs], 27),
        (lambda a: setattr(a, "keys", {"flashc": []}), 24),
        (lambda a: a.users.update(flashc=replace(a.users["flashc"], expired=True)), 24),
        (lambda a: setattr(a, "serial", "886000999999"), 27),
    ],
)
def test_what_forbids_the_prepare(
    sidecar: Sidecar, array: Hitachi, broken: Callable[[Hitachi], Any], status: int
) -> None:
    broken(array)
    said = sidecar("prepare")
    assert said.status == status, said.text
    assert sidecar("check").status != 0
    assert not sidecar.sent("POST " + ROOT)


def test_a_lock_of_somebody_elses_is_waited_for(sidecar: Sidecar, array: Hitachi) -> None:
    array.locked_by = "somebody"
    tries: list[str] = []

    def unlock(text: str, outcome: Outcome) -> Outcome:
        if text.startswith(RESYNC):
            tries.append(text)
            array.locked_by = ""
        return outcome

    sidecar.wires.alter.append(unlock)
    prepared(sidecar)
    assert len(tries) == 2


def test_a_lock_that_stays(sidecar: Sidecar, array: Hitachi) -> None:
    array.locked_by = "somebody"
    sidecar("release")
    assert sidecar("prepare").status == 20
    assert statuses(array) == {"PSUS"}
    # What was locked when the window came was not split, and that is known.
    array.locked_by = ""
    prepared(sidecar)
    array.locked_by = "somebody"
    assert sidecar("trigger").status == 27
    assert statuses(array) == {"PAIR"}


def test_a_pool_without_space(sidecar: Sidecar, array: Hitachi) -> None:
    prepared(sidecar)
    array.pools["HDP0"].capacity = array.pools["HDP0"].other_used
    assert sidecar("usage").status == 34
    assert sidecar("trigger").word == "UNKNOWN"
    assert sidecar("status").word == "SPACE"
    assert sidecar("prove").status == 34


def test_sessions(sidecar: Sidecar, array: Hitachi) -> None:
    def forget(text: str, outcome: Outcome) -> Outcome:
        # The controller restarts behind each list of groups.
        if text.startswith("GET") and text.endswith("/snapshot-groups"):
            array.sessions.clear()
        return outcome

    sidecar.wires.alter.append(forget)
    prepared(sidecar)
    assert len(sidecar.sent(RESYNC)) == 1
    sidecar.wires.alter.clear()
    for number in range(64):
        array.sessions[f"t{number}"] = next(iter(array.sessions.values()), None) or _session(array)
    assert sidecar("status").status == 27


def _session(array: Hitachi) -> Any:
    from flashtwin.sims.hitachi import Session

    return Session(1, array.users["flashc"], array.world.now + 1e6)


def test_others_snapshots_of_the_same_volumes_are_left_alone(sidecar: Sidecar, array: Hitachi) -> None:
    hourly = Group("HOURLY", [Pair(array.volumes["1021"], None, 4, "PSUS", 1.0)])
    array.groups["HOURLY"] = hourly
    prepared(sidecar)
    sidecar("trigger")
    sidecar("prove")
    assert [one.status for one in hourly.pairs] == ["PSUS"]
    assert not [text for text in sidecar.wires.asked if "HOURLY" in text]


def test_a_run_that_is_not_closed_is_left_alone(sidecar: Sidecar, array: Hitachi) -> None:
    prepared(sidecar)
    assert sidecar("release", run=NEXT).status == 33
    assert sidecar("prepare", run=NEXT).status == 33
    assert sidecar("abort", run=NEXT).status == 0
    assert sidecar("abort").word == "IDLE"
    prepared(sidecar, run=NEXT)
    assert statuses(array) == {"PAIR"}


def test_the_password_is_in_no_request_text(sidecar: Sidecar, array: Hitachi) -> None:
    prepared(sidecar)
    assert not [text for text in sidecar.wires.asked if array.keys["flashc"][0] in text]


STRANGE = [HttpOutcome(200, "<html>"), HttpOutcome(200, "{}"), HttpOutcome(500, "{}"), HttpOutcome(200, "7")]


@pytest.mark.parametrize("answer", STRANGE)
def test_an_answer_to_the_split_that_says_nothing(sidecar: Sidecar, array: Hitachi, answer: Outcome) -> None:
    prepared(sidecar)
    sidecar.wires.alter.append(lambda text, outcome: answer if text.startswith(SPLIT) else outcome)
    assert sidecar("trigger").word == "UNKNOWN"
    assert statuses(array) == {"PAIR"}
