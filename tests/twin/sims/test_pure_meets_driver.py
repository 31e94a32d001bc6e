"""The Pure driver against the simulated FlashArray: its life cycle, and what may go wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flashtwin.sims.outcome import Outcome
from flashtwin.sims.pure import Pure
from flashtwin.site_load import read_site
from flashtwin.world import World
from rest_wires import RUN, Sidecar, lose

SOURCES = [f"SISTPROD-D{n}" for n in range(1, 5)]
TARGETS = [f"SISTP24-D{n}" for n in range(1, 5)]
COPY = "SISTPROD:SISTP24-D1"
SNAPSHOT = f"SISTPROD.FLC{RUN}"
TRIGGER = "POST /api/2.26/protection-group-snapshots"
OVERWRITE = "POST /api/2.26/volumes"
DESTROY = "PATCH /api/2.26/protection-group-snapshots"


def configuration(**changes: Any) -> dict[str, Any]:
    """What the compiler writes for the example."""
    pairs = [list(pair) for pair in zip(SOURCES, TARGETS, strict=True)]
    copies = {COPY: {"kind": "protection group", "parts": {"group": "SISTPROD"}, "pairs": pairs}}
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
                "disks": [{"groups": [COPY], "array": "FA1", "copies": copies}],
                "network_isolated": True,
            }
        },
        "consoles": {
            "HMC1": {"family": "hmc", "addresses": ["10.1.0.10:22"], "user": "flashc", "key": "hmc1"}
        },
        "arrays": {
            "FA1": {"family": "pure", "way": "rest", "addresses": ["10.1.0.20:443"], "key": "fa1_token"}
        },
        "limits": {"connect_s": 15, "request_s": 20, "trigger_s": 8},
        "checks": {"release": "7.4", "min_free_percent": 10, **changes},
    }  # fmt: skip


@pytest.fixture
def sidecar(root: Path, tmp_path: Path) -> Sidecar:
    made = Sidecar(read_site(root / "examples" / "nightly_pure.site.toml"), tmp_path, configuration())
    made.off()
    return made


@pytest.fixture
def array(sidecar: Sidecar) -> Pure:
    found = sidecar.world.arrays["FA1"]
    assert isinstance(found, Pure)
    return found


def taken(sidecar: Sidecar) -> None:
    """Up to the snapshot, proven."""
    assert sidecar("release").word == "IDLE"
    assert sidecar("prepare").word == "PREPARED"
    assert sidecar("trigger").word == "FIRED"
    assert sidecar("prove").word == "PROVEN"


def is_whole(world: World) -> bool:
    return world.partition("SISTPROD_24").boot_image() is not None


def test_a_whole_night(sidecar: Sidecar, array: Pure) -> None:
    before = [volume.image for volume in sidecar.world.partition("SISTPROD_24").volumes]
    assert sidecar("probe").extra1 == "FA1"
    assert sidecar("check").status == 0
    assert sidecar("status").word == "FREE"
    taken(sidecar)
    # The instant is held; the clone's volumes are as they were.
    assert [volume.image for volume in sidecar.world.partition("SISTPROD_24").volumes] == before
    assert (sidecar("status").word, sidecar("status").extra1) == ("TAKEN", "taken")
    assert sidecar("present").word == "PRESENT"
    assert sidecar("status").word == "ACTIVE"
    assert is_whole(sidecar.world)
    assert sidecar("holds").extra1 + sidecar("holds").extra2 == RUN
    assert sidecar("usage").status == 0
    # One request in the window, one for each volume afterwards, none that eradicates.
    assert len(sidecar.sent(TRIGGER)) == 1
    assert len(sidecar.sent(OVERWRITE)) == 4
    assert not sidecar.sent("DELETE")
    (flash,) = sidecar.world.events.of("flash")
    assert (flash["group"], flash["whole"]) == (COPY, True)
    # No session is left behind.
    assert array.sessions == {}


def test_the_next_run_gives_the_copy_up_and_nothing_else(sidecar: Sidecar, array: Pure) -> None:
    stranger = array._snapshot(array.groups["SISTPROD"], "hourly-1", "somebody")
    taken(sidecar)
    assert sidecar("present").word == "PRESENT"
    assert sidecar("release", run="20261119203500").word == "IDLE"
    gone = {one.name: one.destroyed is not None for one in array.group_snapshots}
    assert gone == {"SISTPROD.hourly-1": False, SNAPSHOT: True}
    assert stranger.destroyed is None
    # The targets do not need the snapshot, but nobody answers for them any more.
    assert sidecar("status").word == "FREE"
    assert sidecar("holds").status == 33
    assert sidecar("prepare", run="20261119203500").word == "PREPARED"


@pytest.mark.parametrize("when", ["before", "after", "hang"])
def test_a_lost_reply_to_an_overwriting_is_answered_by_the_state(sidecar: Sidecar, when: str) -> None:
    taken(sidecar)
    sidecar.wires.alter.append(lose(OVERWRITE, when))
    said = sidecar("present")
    if when == "before":
        assert (said.status, sidecar("status").word) == (35, "MIXED")
        said = sidecar("present")
    assert said.word == "PRESENT"
    # What had been done was not done again.
    assert len(sidecar.sent(OVERWRITE)) == (5 if when == "before" else 4)
    assert is_whole(sidecar.world)


def test_half_of_the_volumes_are_overwritten_and_the_line_is_cut(sidecar: Sidecar) -> None:
    taken(sidecar)
    sidecar.wires.alter.append(lose(f"{OVERWRITE}?names=SISTP24-D3", "before"))
    assert sidecar("present").status == 35
    said = sidecar("status")
    assert (said.word, said.extra1) == ("MIXED", "half prese")
    assert "2 of 4 targets" in said.text
    assert not is_whole(sidecar.world)
    assert sidecar("holds").status == 20
    # Asked again, it goes on where it came to.
    assert sidecar("present").word == "PRESENT"
    assert [text.split("names=")[1].split("&")[0] for text in sidecar.sent(OVERWRITE)] == [
        "SISTP24-D1", "SISTP24-D2", "SISTP24-D3", "SISTP24-D3", "SISTP24-D4"
    ]  # fmt: skip
    assert is_whole(sidecar.world)


@pytest.mark.parametrize(("when", "there"), [("before", False), ("after", True), ("hang", True)])
def test_a_lost_reply_to_the_trigger_is_no_copy(
    sidecar: Sidecar, array: Pure, when: str, there: bool
) -> None:
    sidecar("release")
    sidecar("prepare")
    sidecar.wires.alter.append(lose(TRIGGER, when))
    assert sidecar("trigger").word == ("TIMEOUT" if when == "hang" else "UNKNOWN")
    assert (SNAPSHOT in [one.name for one in array.group_snapshots]) is there
    # The undo looks, and destroys what is there; nobody's targets were touched.
    assert sidecar("abort").word == "IDLE"
    assert sidecar("abort").word == "IDLE"
    assert all(one.destroyed is not None for one in array.group_snapshots)
    assert not sidecar.sent(OVERWRITE)
    assert sidecar("prove").status == 20
    # The name is used up, also destroyed: the next try takes another.
    assert sidecar("prepare").word == "PREPARED"
    assert sidecar("trigger").word == "FIRED"
    assert sidecar("prove").word == "PROVEN"
    assert sidecar("abort").word == "TAKEN"


def test_a_volume_more_or_less_in_the_group(sidecar: Sidecar, array: Pure) -> None:
    extra = array.disks_by_name["SISTP24-D4"]
    array.groups["SISTPROD"].disks.append(extra)
    assert sidecar("check").status == 22
    sidecar("release")
    assert sidecar("prepare").status == 22
    array.groups["SISTPROD"].disks.remove(extra)
    assert sidecar("prepare").word == "PREPARED"
    # Put in behind the prepare: the snapshot has one too many, and is no proof.
    array.groups["SISTPROD"].disks.append(extra)
    assert sidecar("trigger").word == "FIRED"
    assert sidecar("prove").status == 22
    array.groups["SISTPROD"].disks.clear()
    assert sidecar("status").word == "EMPTY"


@pytest.mark.parametrize(
    ("broken", "status"),
    [
        (lambda a: a.groups.clear(), 21),
        (lambda a: setattr(a.groups["SISTPROD"], "destroyed", a.world.now), 20),
        (lambda a: setattr(a.groups["SISTPROD"], "hosts", 1), 22),
        (lambda a: a.disks_by_name.pop("SISTP24-D2"), 21),
        (lambda a: setattr(a.disks_by_name["SISTP24-D2"], "destroyed", a.world.now), 22),
        (lambda a: setattr(a.disks_by_name["SISTP24-D2"].volume, "size", 1), 22),
        (lambda a: setattr(a, "keys", {"flashc": []}), 24),
        (lambda a: a.users.update(flashc=replace(a.users["flashc"], expired=True)), 24),
    ],
)
def test_what_forbids_the_prepare(
    sidecar: Sidecar, array: Pure, broken: Callable[[Pure], Any], status: int
) -> None:
    broken(array)
    said = sidecar("prepare")
    assert said.status == status, said.text
    assert sidecar("check").status != 0
    assert not sidecar.sent("PATCH") + sidecar.sent(TRIGGER)


def test_a_read_only_user_changes_nothing(sidecar: Sidecar, array: Pure) -> None:
    array.users["flashc"] = replace(array.users["flashc"], role="Monitor")
    assert sidecar("prepare").word == "PREPARED"
    assert sidecar("trigger").status == 24
    assert not array.group_snapshots


def test_the_array_is_full(sidecar: Sidecar, array: Pure) -> None:
    sidecar("prepare")
    array.pools["array"].capacity = array.used()
    assert sidecar("usage").status == 34
    said = sidecar("trigger")
    assert (said.status, "out of space" in said.text) == (27, True)
    assert sidecar("status").word == "PREPARED"


def test_a_session_that_ends_is_made_anew_and_nothing_is_done_twice(sidecar: Sidecar, array: Pure) -> None:
    taken(sidecar)

    def forget(text: str, outcome: Outcome) -> Outcome:
        # Behind each overwriting the controllers change places and know no session any more.
        if text.startswith(OVERWRITE):
            array.sessions.clear()
        return outcome

    sidecar.wires.alter.append(forget)
    assert sidecar("present").word == "PRESENT"
    assert len(sidecar.sent(OVERWRITE)) == 4
    assert len(array.group_snapshots) == 1


def test_too_many_requests_are_asked_again_later(sidecar: Sidecar, array: Pure) -> None:
    array.per_second = 2
    taken(sidecar)
    assert sidecar("present").word == "PRESENT"


def test_long_lists_come_in_pages(sidecar: Sidecar, array: Pure) -> None:
    array.page = 1
    taken(sidecar)
    assert sidecar("present").word == "PRESENT"
    assert sidecar("check").status == 0


@pytest.mark.parametrize("tells_hosts", [True, False])
def test_hosts_that_see_their_volumes_as_a_group(sidecar: Sidecar, array: Pure, tells_hosts: bool) -> None:
    """As a pair of VIOS does."""
    array.host_groups = {"SOURCES": ["SISTPROD"], "CLONES": ["SISTPROD-24"]}
    array.tells_hosts = tells_hosts
    said = sidecar("check")
    assert said.status == 0, said
    array.hosts["SISTPROD"].volumes.pop()
    assert sidecar("check").status == 22


@pytest.mark.parametrize("refusal", [400, 403, 409])
def test_an_array_that_keeps_its_snapshots(sidecar: Sidecar, array: Pure, refusal: int) -> None:
    taken(sidecar)
    sidecar("present")
    array.safe_mode, array.lock_status = True, refusal
    said = sidecar("release", run="20261119203500")
    assert (said.word, SNAPSHOT in said.text) == ("IDLE", True)
    assert sidecar("prepare", run="20261119203500").word == "PREPARED"
    sidecar("trigger", run="20261119203500")
    # What cannot be taken back is said; the run's undo has failed.
    assert sidecar("abort", run="20261119203500").status == 24


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_reply_to_the_destroying(sidecar: Sidecar, when: str) -> None:
    taken(sidecar)
    sidecar("present")
    sidecar.wires.alter.append(lose(DESTROY, when))
    said = sidecar("release", run="20261119203500")
    assert said.status == (35 if when == "before" else 0)
    assert sidecar("release", run="20261119203500").word == "IDLE"
    assert len(sidecar.sent(DESTROY)) == (2 if when == "before" else 1)


def test_somebody_overwrites_a_volume_of_the_copy(sidecar: Sidecar, array: Pure) -> None:
    taken(sidecar)
    sidecar("present")
    other = array._snapshot(array.groups["SISTPROD"], "hourly-1", "somebody")
    array._overwrite(array.disks_by_name["SISTP24-D2"], other.parts[1])
    assert (sidecar("holds").status, sidecar("holds").word) == (33, "MIXED")
    assert not is_whole(sidecar.world)


def test_a_run_that_is_not_closed_is_left_alone(sidecar: Sidecar) -> None:
    sidecar("release")
    sidecar("prepare")
    sidecar("trigger")
    said = sidecar("release", run="20261119203500")
    assert (said.status, said.word) == (33, "FOREIGN")
    assert not sidecar.sent(DESTROY)
    assert sidecar("abort", run="20261119203500").status == 0
    assert not sidecar.sent(DESTROY)


def test_secrets_are_in_no_request_text(sidecar: Sidecar, array: Pure) -> None:
    taken(sidecar)
    token = array.keys["flashc"][0]
    assert not [text for text in sidecar.wires.asked if token in text]
    assert not [
        path for path in (sidecar.folder / "runs").rglob("*") if path.is_file() and token in path.read_text()
    ]
